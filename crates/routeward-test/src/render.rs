//! Findings and endpoints as text, in the form that the blocks of suites hold.

use routeward_base::{Column, Span};
use routeward_endpoints::{Authn, Endpoint, Tri};
use routeward_engine::{Report, Triaged};

/// The columns of an `endpoints` block.
pub(crate) const HEADER: [&str; 7] = ["method", "path", "auth", "role", "scope", "validated", "limited"];

/// One line for each finding that nobody suppressed.
pub(crate) fn findings(report: &Report) -> String {
    report.active().map(|triaged| finding(report, triaged) + "\n").collect()
}

/// `path:line:column: severity[lint] message`.
pub(crate) fn finding(report: &Report, triaged: &Triaged) -> String {
    let finding = &triaged.finding;
    let Span { start, .. } = finding.primary.place.span;
    let place = report.source(finding.primary.place.file).map_or(String::new(), |source| {
        let position = source.position(start, Column::Char);
        format!("{}:{}:{}", source.path, position.line, position.column)
    });
    format!("{place}: {}[{}] {}", finding.severity.name(), finding.lint, finding.message)
}

/// The endpoint table: a line each, the columns aligned.
pub(crate) fn endpoints(report: &Report) -> String {
    let rows = report.inventory.endpoints.iter().map(row);
    let rows: Vec<_> = std::iter::once(HEADER.map(str::to_owned)).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; HEADER.len()] = std::array::from_fn(width);
    let line = |row: &[String; HEADER.len()]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join(" ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

fn row(endpoint: &Endpoint) -> [String; HEADER.len()] {
    let method = if endpoint.method.is_empty() { "-" } else { &endpoint.method };
    [
        method,
        &endpoint.path,
        authn(endpoint.authenticated.value),
        tri(endpoint.role_checked.value),
        tri(endpoint.object_scoped.value),
        tri(endpoint.validated.value),
        tri(endpoint.rate_limited.value),
    ]
    .map(str::to_owned)
}

fn authn(verdict: Authn) -> &'static str {
    match verdict {
        Authn::Required => "required",
        Authn::Optional => "optional",
        Authn::Open => "open",
        Authn::Denied => "denied",
        Authn::Unknown => "?",
    }
}

fn tri(verdict: Tri) -> &'static str {
    match verdict {
        Tri::Yes => "yes",
        Tri::No => "no",
        Tri::NotApplicable => "-",
        Tri::Unknown => "?",
    }
}
