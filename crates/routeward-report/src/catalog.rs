//! The catalogue for people: the list of lints, and the text of one.

use std::io::{self, Write};

use anstyle::AnsiColor;
use routeward_catalog::{Audience, LintMeta};
use serde_json::{Value, json};

use crate::style::Look;
use crate::text::wrap;

/// Writes one line a lint.
pub fn lints_table(lints: &[LintMeta], look: Look, out: &mut dyn Write) -> io::Result<()> {
    let widest = lints.iter().map(|lint| lint.id.len()).max().unwrap_or(0);
    for lint in lints {
        let severity = look.severity(lint.severity, format!("{:8}", lint.severity.name()));
        let off = if lint.audience == Audience::Nursery { " (nursery: off)" } else { "" };
        writeln!(out, "{:widest$}  {severity}  {}{off}", lint.id, lint.name)?;
    }
    Ok(())
}

/// Writes the lints as a JSON array.
pub fn lints_json(lints: &[LintMeta], out: &mut dyn Write) -> io::Result<()> {
    let lints: Vec<Value> = lints
        .iter()
        .map(|lint| {
            json!({
                "id": lint.id,
                "family": lint.family,
                "name": lint.name,
                "summary": lint.summary,
                "severity": lint.severity.name(),
                "confidence": lint.confidence.name(),
                "category": lint.category,
                "since": lint.since,
                "cwe": lint.cwe,
                "owasp_api": lint.owasp_api,
                "languages": lint.languages,
                "nursery": lint.audience == Audience::Nursery,
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &lints)?;
    writeln!(out)
}

/// Writes the text of a lint, its Markdown drawn for a terminal.
pub fn explain(lint: &LintMeta, look: Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", look.bold(&lint.name))?;
    let cwes: Vec<String> = lint.cwe.iter().map(|cwe| format!("CWE-{cwe}")).collect();
    let classes: Vec<String> = cwes.into_iter().chain(lint.owasp_api.iter().cloned()).collect();
    writeln!(
        out,
        "{} · severity {} · confidence {} · {}\n",
        lint.id,
        look.severity(lint.severity, lint.severity.name()),
        lint.confidence.name(),
        classes.join(" · ")
    )?;
    let mut in_code = false;
    let mut paragraph = String::new();
    for line in lint.body.trim().lines() {
        let is_text =
            !in_code && !line.is_empty() && !["#", "```", "|"].iter().any(|mark| line.starts_with(mark));
        let begins_item = line.starts_with("- ") && !paragraph.is_empty();
        if is_text && !begins_item {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim());
            continue;
        }
        flush(&mut paragraph, look, out)?;
        if is_text {
            paragraph.push_str(line.trim());
        } else if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            let indent = if line.is_empty() { "" } else { "    " };
            writeln!(out, "{indent}{}", look.color(AnsiColor::Cyan, line))?;
        } else if let Some(title) = line.strip_prefix('#') {
            writeln!(out, "{}", look.bold(title.trim_start_matches('#').trim()))?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    flush(&mut paragraph, look, out)
}

fn flush(paragraph: &mut String, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if paragraph.is_empty() {
        return Ok(());
    }
    for line in wrap(paragraph, look.width) {
        writeln!(out, "{line}")?;
    }
    paragraph.clear();
    Ok(())
}
