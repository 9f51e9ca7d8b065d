//! The proof table for people: terminal, Markdown, one HTML file.

use std::fmt::Write as _;
use std::io::{self, Write};

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, presets};
use routeward_diag::Place;
use routeward_endpoints::{Authn, Endpoint, Tri};
use routeward_engine::Report;

use crate::clean;
use crate::endpoints_advisories;
use crate::endpoints_json::{authn_word, errors_word, is_guard, kind_word, tri_word};
use crate::style::{Look, count};

const HEADER: [&str; 8] = ["method", "path", "auth", "role", "scope", "validated", "limited", "handler"];

/// The word for who gets in; an open endpoint that is declared so is `public`.
fn auth(endpoint: &Endpoint) -> &'static str {
    match (endpoint.authenticated.value, &endpoint.declared_public) {
        (Authn::Open | Authn::Optional, Some(_)) => "public",
        (value, _) => authn_word(value),
    }
}

fn method(endpoint: &Endpoint) -> &str {
    if endpoint.method.is_empty() { "-" } else { &endpoint.method }
}

fn handler(report: &Report, endpoint: &Endpoint) -> String {
    let place = clean::line(&report.show_place(endpoint.handler.place.unwrap_or(endpoint.place)));
    match endpoint.handler.name.as_str() {
        "" | "<anonymous>" => place,
        name => format!("{} {place}", clean::line(name)),
    }
}

fn verdicts(endpoint: &Endpoint) -> [Tri; 4] {
    [
        endpoint.role_checked.value,
        endpoint.object_scoped.value,
        endpoint.validated.value,
        endpoint.rate_limited.value,
    ]
}

/// Blanks between two columns.
const GAP: u16 = 2;

/// Writes the table, fitted to the width of the look, and a line of totals. Where a row has no room for its
/// handler, that stands below the path.
pub fn table(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if !report.inventory.endpoints.is_empty() {
        let mut table = columns(report, look, false);
        if let Some(width) = look.width {
            let widths = table.column_max_content_widths();
            let natural = widths.iter().map(|width| usize::from(width + GAP)).sum::<usize>();
            if natural > width + usize::from(GAP) {
                table = columns(report, look, true);
                table.set_content_arrangement(ContentArrangement::Dynamic);
                table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
            }
        }
        for line in table.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", totals(report))
}

fn columns(report: &Report, look: Look, is_narrow: bool) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    if look.color {
        table.enforce_styling();
    }
    let columns = if is_narrow { HEADER.len() - 1 } else { HEADER.len() };
    table.set_header(HEADER[..columns].iter().map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    for endpoint in &report.inventory.endpoints {
        table.add_row(cells(report, endpoint, is_narrow));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, GAP));
        if index != 1 && is_narrow {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

fn cells(report: &Report, endpoint: &Endpoint, is_narrow: bool) -> Vec<Cell> {
    let (path, handler) = (clean::line(&endpoint.path), handler(report, endpoint));
    let path = if is_narrow { format!("{path}\n{handler}") } else { path };
    let color = match auth(endpoint) {
        "required" | "denied" => Color::DarkGreen,
        "open" => Color::DarkRed,
        _ => Color::DarkYellow,
    };
    let mut cells =
        vec![Cell::new(clean::line(method(endpoint))), Cell::new(path), Cell::new(auth(endpoint)).fg(color)];
    cells.extend(verdicts(endpoint).map(|verdict| match verdict {
        Tri::Yes => Cell::new(tri_word(verdict)).fg(Color::DarkGreen),
        Tri::Unknown => Cell::new(tri_word(verdict)).fg(Color::DarkYellow),
        Tri::No | Tri::NotApplicable => Cell::new(tri_word(verdict)),
    }));
    if !is_narrow {
        cells.push(Cell::new(handler));
    }
    cells
}

/// `31 endpoints: 20 required, 9 open, 2 unknown`.
fn totals(report: &Report) -> String {
    let endpoints = &report.inventory.endpoints;
    let words = ["required", "optional", "open", "public", "denied", "unknown"];
    let counts: Vec<String> = words
        .into_iter()
        .map(|word| (word, endpoints.iter().filter(|endpoint| auth(endpoint) == word).count()))
        .filter(|(_, number)| *number > 0)
        .map(|(word, number)| format!("{number} {word}"))
        .collect();
    let total = count(endpoints.len(), "endpoint");
    if counts.is_empty() { total } else { format!("{total}: {}", counts.join(", ")) }
}

/// Writes the table as Markdown.
pub fn markdown(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| {} |", HEADER.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(HEADER.len()))?;
    for endpoint in &report.inventory.endpoints {
        let [role, scope, validated, limited] = verdicts(endpoint).map(tri_word);
        writeln!(
            out,
            "| {} | {} | {} | {role} | {scope} | {validated} | {limited} | {} |",
            markdown_code(method(endpoint)),
            markdown_code(&endpoint.path),
            auth(endpoint),
            markdown_code(&handler(report, endpoint)),
        )?;
    }
    writeln!(out, "\n{}", totals(report))
}

/// Text of the repository as inline code, which cannot leave its cell.
pub(crate) fn markdown_code(text: &str) -> String {
    format!("`{}`", clean::line(text).replace('`', "'").replace('|', "\\|"))
}

/// Writes one self-contained page: no network, no script but the filter's. On demand with the advisories that endpoints
/// depend on.
pub fn html(report: &Report, with_advisories: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = String::new();
    for endpoint in &report.inventory.endpoints {
        html_row(report, endpoint, &mut rows);
    }
    let advisories = if with_advisories { endpoints_advisories::html(report) } else { String::new() };
    let page = include_str!("endpoints.html")
        .replace("{totals}", &escape(&totals(report)))
        .replace("{rows}", &rows)
        .replace("{advisories}", &advisories);
    out.write_all(page.as_bytes())
}

fn html_row(report: &Report, endpoint: &Endpoint, out: &mut String) {
    let word = auth(endpoint);
    let _ = write!(
        out,
        "<tbody><tr><td>{}</td><td><details><summary><code>{}</code></summary>{}</details></td><td class=\"{word}\">{word}</td>",
        escape(method(endpoint)),
        escape(&endpoint.path),
        html_proof(report, endpoint),
    );
    for verdict in verdicts(endpoint).map(tri_word) {
        let class = if verdict == "-" { "none" } else { verdict };
        let _ = write!(out, "<td class=\"{class}\">{verdict}</td>");
    }
    let _ = writeln!(out, "<td><code>{}</code></td></tr></tbody>", escape(&handler(report, endpoint)));
}

/// What runs, in order, and why each verdict is what it is.
fn html_proof(report: &Report, endpoint: &Endpoint) -> String {
    let mut out = String::from("<ol>");
    let shown = |place: Place| escape(&report.show_place(place));
    for item in &endpoint.chain {
        let class = if is_guard(item.kind) { " class=\"guard\"" } else { "" };
        let note = if item.note.is_empty() { String::new() } else { format!(": {}", escape(&item.note)) };
        let _ = write!(
            out,
            "<li{class}><code>{}</code> ({}) {}{note}</li>",
            escape(&item.name),
            kind_word(item.kind),
            shown(item.place)
        );
    }
    out.push_str("</ol><ul>");
    for item in &endpoint.ineffective {
        let _ = write!(
            out,
            "<li>never runs before the handler: <code>{}</code> {}: {}</li>",
            escape(&item.name),
            shown(item.place),
            escape(&item.note)
        );
    }
    if let Some(declaration) = &endpoint.declared_public {
        let _ = write!(out, "<li>public on purpose: {}</li>", escape(&declaration.reason));
    }
    let _ = write!(out, "<li>errors: {}</li>", errors_word(endpoint.errors.value));
    let reasons = [
        ("auth", &endpoint.authenticated.reason),
        ("role", &endpoint.role_checked.reason),
        ("scope", &endpoint.object_scoped.reason),
        ("validated", &endpoint.validated.reason),
        ("limited", &endpoint.rate_limited.reason),
    ];
    for (column, reason) in reasons {
        if let Some(reason) = reason {
            let _ = write!(out, "<li>{column}: {}</li>", escape(reason));
        }
    }
    out.push_str("</ul>");
    out
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in clean::line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // The page's own marks are replaced after this text is in it.
            '{' => out.push_str("&#123;"),
            c => out.push(c),
        }
    }
    out
}
