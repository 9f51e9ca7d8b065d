//! Findings as JSON. Keys are only ever added; what breaks a reader raises `version`.

use std::io::{self, Write};

use routeward_base::Column;
use routeward_diag::{Edit, Finding, Label, Place};
use routeward_engine::{Report, Status, Triaged};
use serde_json::{Value, json};

use crate::endpoints_json;

/// The version of the form.
pub const VERSION: u32 = 1;

/// Writes findings, problems and, if asked for, endpoints.
pub fn findings(report: &Report, with_endpoints: bool, out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<Value> = report.findings.iter().map(|triaged| finding(report, triaged)).collect();
    let mut document = json!({
        "version": VERSION,
        "tool": { "name": "routeward", "version": env!("CARGO_PKG_VERSION") },
        "gate": { "severity": report.gate.severity.name(), "confidence": report.gate.confidence.name() },
        "failed": report.is_failed(),
        "incomplete": report.is_incomplete(),
        "files": report.statistics.files(),
        "findings": findings,
        "problems": problems(report),
    });
    if with_endpoints {
        document["endpoints"] = endpoints_json::document(report)["endpoints"].take();
    }
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

pub(crate) fn problems(report: &Report) -> Vec<Value> {
    let problem = |problem: &routeward_engine::Problem| {
        json!({
            "level": problem.kind.level().name(),
            "kind": problem.kind.name(),
            "path": problem.path,
            "line": problem.line,
            "message": problem.message,
            "remedy": problem.remedy,
        })
    };
    report.problems.iter().map(problem).collect()
}

fn finding(report: &Report, triaged: &Triaged) -> Value {
    let Finding { primary, also, variant, related, steps, notes, help, fix, endpoint, .. } = &triaged.finding;
    let labels = |labels: &[Label]| -> Vec<Value> { labels.iter().map(|item| label(report, item)).collect() };
    let fix = fix.as_ref().map(|fix| {
        let edits: Vec<Value> = fix.edits.iter().map(|edit| self::edit(report, edit)).collect();
        json!({ "title": fix.title, "safe": fix.is_safe, "edits": edits })
    });
    let (status, suppression) = match &triaged.status {
        Status::Gating => ("gating", Value::Null),
        Status::BelowGate => ("below-gate", Value::Null),
        Status::Suppressed { reason, place, is_in_source } => {
            ("suppressed", json!({ "reason": reason, "place": place, "inSource": is_in_source }))
        }
    };
    json!({
        "lint": triaged.finding.lint,
        "variant": (!variant.is_empty()).then_some(variant),
        "severity": triaged.finding.severity.name(),
        "confidence": triaged.finding.confidence.name(),
        "message": triaged.finding.message,
        "fingerprint": triaged.fingerprint.0,
        "status": status,
        "suppression": suppression,
        "endpoint": endpoint,
        "location": label(report, primary),
        "also": also.iter().map(|also| place(report, *also)).collect::<Vec<_>>(),
        "related": labels(related),
        "steps": labels(steps),
        "notes": notes,
        "help": help,
        "fix": fix,
    })
}

fn edit(report: &Report, edit: &Edit) -> Value {
    json!({ "location": place(report, edit.place), "text": edit.text })
}

pub(crate) fn label(report: &Report, label: &Label) -> Value {
    let mut value = place(report, label.place);
    value["text"] = json!(label.text);
    value
}

/// Lines and columns from 1, columns in characters.
pub(crate) fn place(report: &Report, place: Place) -> Value {
    let Some(source) = report.source(place.file) else { return json!({}) };
    let start = source.position(place.span.start, Column::Char);
    let end = source.position(place.span.end(), Column::Char);
    json!({
        "path": source.path,
        "line": start.line,
        "column": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}
