//! Findings as SARIF 2.1.0, within the limits of code scanning services.

use std::collections::BTreeMap;
use std::io::{self, Write};

use routeward_base::{Column, FxHashMap, split_revision};
use routeward_catalog::LintMeta;
use routeward_diag::{Confidence, Finding, Fix, Label, Place, Severity};
use routeward_engine::{Level, Problem, Report, Status, Triaged};
use serde_json::{Value, json};

/// Services refuse files with more.
const MAX_RESULTS: usize = 25_000;
/// Services show no more of one result.
const MAX_RELATED: usize = 100;
const MAX_PLACES: usize = 1_000;
const MAX_STEPS: usize = 1_000;
const MAX_TAGS: usize = 10;
const MAX_TEXT: usize = 1_000;
const HOME: &str = "https://github.com/routeward/routeward";

/// Writes all findings, suppressed ones with their justification. `lints` describes them.
pub fn sarif(report: &Report, lints: &[LintMeta], out: &mut dyn Write) -> io::Result<()> {
    let mut index: FxHashMap<String, usize> =
        lints.iter().enumerate().map(|(index, lint)| (lint.id.clone(), index)).collect();
    let mut kept: Vec<&Triaged> = report.findings.iter().collect();
    let left_out = kept.len().saturating_sub(MAX_RESULTS);
    if left_out > 0 {
        // A stable sort: the order within a severity stays that of the report.
        kept.sort_by_key(|triaged| std::cmp::Reverse((triaged.is_active(), triaged.finding.severity)));
        kept.truncate(MAX_RESULTS);
    }
    let mut rules: Vec<Value> = lints.iter().map(rule).collect();
    let variants: BTreeMap<String, &Finding> =
        kept.iter().filter_map(|triaged| Some((variant_id(&triaged.finding)?, &triaged.finding))).collect();
    for (id, finding) in variants {
        let Some(lint) = index.get(finding.lint).and_then(|at| lints.get(*at)) else { continue };
        index.insert(id.clone(), rules.len());
        rules.push(variant(lint, &id));
    }
    let results: Vec<Value> = kept.iter().map(|triaged| result(report, triaged, &index)).collect();
    let mut notifications: Vec<Value> = report.problems.iter().map(notification).collect();
    if left_out > 0 {
        let text = format!(
            "{left_out} findings of the lowest severity were left out: the format holds {MAX_RESULTS}"
        );
        notifications.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "routeward",
                "informationUri": HOME,
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "automationDetails": { "id": "routeward/" },
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "the root of the scan" } } },
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn rule(lint: &LintMeta) -> Value {
    let mut tags = vec!["security".to_owned()];
    let owasp = lint.owasp_api.iter().map(|item| format!("OWASP-{item}"));
    for cwe in &lint.cwe {
        tags.push(format!("external/cwe/cwe-{cwe:03}"));
        tags.push(format!("CWE-{cwe}"));
    }
    tags.extend(owasp);
    tags.truncate(MAX_TAGS);
    let summary = clip(&lint.summary, &lint.name);
    json!({
        "id": lint.id,
        "name": pascal_case(&lint.id),
        "shortDescription": { "text": clip(&lint.name, &lint.id) },
        "fullDescription": { "text": summary },
        "help": { "text": summary, "markdown": or(&lint.body, &summary) },
        "helpUri": format!("{HOME}/tree/main/lints/{}/{}/lint.md", lint.family, lint.id),
        "defaultConfiguration": { "level": level(lint.severity) },
        "properties": {
            "tags": tags,
            "category": lint.category,
            "precision": precision(lint.confidence),
            "problem.severity": problem_severity(lint.severity),
            "security-severity": security_severity(lint.severity),
        },
    })
}

/// The id of what the finding is one of, below that of its lint (SARIF §3.5.4, hierarchical strings).
fn variant_id(finding: &Finding) -> Option<String> {
    (!finding.variant.is_empty()).then(|| format!("{}/{}", finding.lint, finding.variant))
}

/// A rule for one of the things that a lint tells of: services know rules by their whole id only.
fn variant(lint: &LintMeta, id: &str) -> Value {
    let mut rule = rule(lint);
    rule["id"] = json!(id);
    rule["name"] = json!(pascal_case(&id.replace('/', "-")));
    rule
}

fn result(report: &Report, triaged: &Triaged, index: &FxHashMap<String, usize>) -> Value {
    let finding = &triaged.finding;
    let rule_id = variant_id(finding).unwrap_or_else(|| finding.lint.to_owned());
    // All places of a result have to be changed to be rid of it (SARIF §3.27.12).
    let places = [finding.primary.place].into_iter().chain(finding.also.iter().copied()).take(MAX_PLACES);
    let mut result = json!({
        "ruleId": rule_id,
        "kind": "fail",
        "level": level(finding.severity),
        "message": { "text": message(finding) },
        "locations": places.map(|place| location(report, place)).collect::<Vec<_>>(),
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:{}", triaged.fingerprint.0, triaged.ordinal + 1),
            "routeward/v1": triaged.fingerprint.0,
        },
        "properties": {
            "severity": finding.severity.name(),
            "confidence": finding.confidence.name(),
        },
    });
    if let Some(index) = index.get(&rule_id) {
        result["ruleIndex"] = json!(index);
    }
    if let Some(endpoint) = &finding.endpoint {
        result["properties"]["endpoint"] = json!(endpoint);
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().take(MAX_RELATED).enumerate();
        result["relatedLocations"] = related
            .map(|(id, label)| {
                let mut location = labelled(report, label);
                location["id"] = json!(id + 1);
                location
            })
            .collect();
    }
    if !finding.steps.is_empty() {
        let steps: Vec<Value> = finding
            .steps
            .iter()
            .take(MAX_STEPS)
            .map(|label| json!({ "location": labelled(report, label) }))
            .collect();
        result["codeFlows"] = json!([{ "threadFlows": [{ "locations": steps }] }]);
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([self::fix(report, fix)]);
    }
    if let Status::Suppressed { reason, is_in_source, .. } = &triaged.status {
        let kind = if *is_in_source { "inSource" } else { "external" };
        result["suppressions"] =
            json!([{ "kind": kind, "status": "accepted", "justification": or(reason, "-") }]);
    }
    result
}

/// The message with notes and help, since services show nothing else of a result.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    let more = finding.notes.iter().chain(&finding.help);
    for line in more {
        text.push('\n');
        text.push_str(line);
    }
    // `[text](1)` would be read as a link to a related location.
    or(&text.replace("](", "] ("), finding.lint)
}

fn location(report: &Report, place: Place) -> Value {
    let Some(source) = report.source(place.file) else { return json!({}) };
    json!({ "physicalLocation": { "artifactLocation": artifact(&source.path), "region": region(report, place) } })
}

fn labelled(report: &Report, label: &Label) -> Value {
    let mut value = location(report, label.place);
    if !label.text.is_empty() {
        value["message"] = json!({ "text": label.text.replace("](", "] (") });
    }
    value
}

fn region(report: &Report, place: Place) -> Value {
    let Some(source) = report.source(place.file) else { return json!({}) };
    let start = source.position(place.span.start, Column::Utf16);
    let end = source.position(place.span.end(), Column::Utf16);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// Of a version that a file had, the file: no address leads to the version itself.
fn artifact(path: &str) -> Value {
    let (_, path) = split_revision(path);
    json!({ "uri": encode(path), "uriBaseId": "%SRCROOT%" })
}

fn fix(report: &Report, fix: &Fix) -> Value {
    let changes: Vec<Value> = fix
        .edits
        .iter()
        .filter_map(|edit| {
            let source = report.source(edit.place.file)?;
            let replacement = json!({
                "deletedRegion": region(report, edit.place),
                "insertedContent": { "text": edit.text },
            });
            Some(json!({ "artifactLocation": artifact(&source.path), "replacements": [replacement] }))
        })
        .collect();
    json!({ "description": { "text": or(&fix.title, "fix") }, "artifactChanges": changes })
}

fn notification(problem: &Problem) -> Value {
    let level = match problem.kind.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let mut value = json!({
        "level": level,
        "message": { "text": format!("{} ({})", problem.message, problem.remedy) },
        "properties": { "kind": problem.kind.name() },
    });
    if !problem.path.is_empty() {
        let mut location = json!({ "physicalLocation": { "artifactLocation": artifact(&problem.path) } });
        if let Some(line) = problem.line {
            location["physicalLocation"]["region"] = json!({ "startLine": line });
        }
        value["locations"] = json!([location]);
    }
    value
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match level(severity) {
        "note" => "recommendation",
        other => other,
    }
}

/// The middle of the range that services read as that severity.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.5",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "very-high",
        Confidence::Medium => "high",
        Confidence::Low => "medium",
    }
}

/// `missing-auth-guard` as `MissingAuthGuard`.
fn pascal_case(id: &str) -> String {
    let mut out = String::new();
    for word in id.split('-') {
        let mut chars = word.chars();
        out.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// At most [`MAX_TEXT`] characters of `text`, or of `other` where it is empty: empty texts are refused.
fn clip(text: &str, other: &str) -> String {
    or(text, other).chars().take(MAX_TEXT).collect()
}

fn or(text: &str, other: &str) -> String {
    if text.trim().is_empty() { other.to_owned() } else { text.to_owned() }
}

/// A path as a relative URI reference (RFC 3986 §3.3): everything but unreserved characters and `/` is escaped.
fn encode(path: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char);
            }
            byte => {
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
    out
}
