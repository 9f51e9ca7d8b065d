//! Which endpoints depend on which advisory: a table for people, and all that is known for scripts.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use routeward_deps::Advisory;
use routeward_diag::Severity;
use routeward_endpoints::Endpoint;
use routeward_engine::{Known, ReachLevel, Reached, Report};
use serde_json::{Value, json};

use crate::clean;
use crate::endpoints::{escape, markdown_code};
use crate::json::place;
use crate::style::{Look, first_of};

pub(crate) const HEADER: [&str; 5] = ["advisory", "severity", "package", "reach", "endpoints"];
/// So many endpoints are named.
const SHOWN: usize = 3;

/// An advisory that endpoints depend on.
struct Row<'r> {
    known: &'r Known,
    advisory: &'r Advisory,
    reached: &'r Reached,
}

/// All of them, the worst first.
fn rows(report: &Report) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = each(report).filter(|row| row.reached.level.is_reached()).collect();
    rows.retain(|row| !row.reached.endpoints.is_empty());
    rows.sort_by_key(|row| std::cmp::Reverse(row.advisory.severity));
    rows
}

fn each(report: &Report) -> impl Iterator<Item = Row<'_>> {
    report.reaches.all().iter().flat_map(|known| {
        known.advisories.iter().map(move |(advisory, reached)| Row { known, advisory, reached })
    })
}

impl Row<'_> {
    /// What stands in the columns, made fit for a terminal.
    fn cells(&self, report: &Report) -> [String; HEADER.len()] {
        let endpoints = endpoints(report, self.reached);
        let all = report.inventory.endpoints.len();
        let shown = match endpoints.len() {
            number if number == all && number > SHOWN => format!("all {number}"),
            _ => first_of(endpoints.iter().map(|it| it.title()), SHOWN),
        };
        let cells = [
            self.advisory.id().to_owned(),
            severity(self.advisory.severity).to_owned(),
            format!("{} {}", self.known.name, self.known.version),
            self.reached.level.word().to_owned(),
            shown,
        ];
        cells.map(|cell| clean::line(&cell))
    }
}

fn severity(severity: Option<Severity>) -> &'static str {
    severity.map_or("-", Severity::name)
}

fn endpoints<'r>(report: &'r Report, reached: &Reached) -> Vec<&'r Endpoint> {
    reached.endpoints.iter().filter_map(|at| report.inventory.endpoints.get(*at)).collect()
}

/// Writes the table, fitted to the width of the look, and a line of totals.
pub fn table(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report);
    if !rows.is_empty() {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled)
            .force_no_tty();
        if let Some(width) = look.width {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        }
        table.set_header(HEADER);
        table.add_rows(rows.iter().map(|row| row.cells(report)));
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        for (line, at) in table.lines().zip(0..) {
            let line = line.trim_end();
            writeln!(out, "{}", if at == 0 { look.bold(line) } else { line.to_owned() })?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", totals(report, &rows))
}

/// `2 advisories are about what requests reach, 1 about what none is seen to reach`.
fn totals(report: &Report, rows: &[Row<'_>]) -> String {
    let verb = |number: usize| match number {
        1 => "1 advisory is".to_owned(),
        number => format!("{number} advisories are"),
    };
    let reached = format!("{} about what requests reach", verb(rows.len()));
    match each(report).count() - rows.len() {
        0 => reached,
        others => format!("{reached}, {others} about what none is seen to reach"),
    }
}

/// Writes the table as Markdown.
pub fn markdown(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report);
    writeln!(out, "\n| {} |", HEADER.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(HEADER.len()))?;
    for row in &rows {
        let [id, severity, package, reach, endpoints] = row.cells(report);
        let [id, package, endpoints] = [id, package, endpoints].map(|text| markdown_code(&text));
        writeln!(out, "| {id} | {severity} | {package} | {reach} | {endpoints} |")?;
    }
    writeln!(out, "\n{}", totals(report, &rows))
}

/// The table as a part of a page.
pub(crate) fn html(report: &Report) -> String {
    let rows = rows(report);
    let mut page =
        format!("<h2>Advisories</h2>\n<p>{}</p>\n<table>\n<thead><tr>", escape(&totals(report, &rows)));
    page.extend(HEADER.map(|title| format!("<th>{title}</th>")));
    page.push_str("</tr></thead>\n");
    for row in &rows {
        let cells = row.cells(report).map(|cell| format!("<td>{}</td>", escape(&cell)));
        page.extend(["<tbody><tr>", &cells.concat(), "</tr></tbody>\n"]);
    }
    page + "</table>\n"
}

/// All advisories of the packages of the repository, also those that no endpoint is seen to depend on.
pub(crate) fn json(report: &Report) -> Value {
    each(report).map(|row| row_json(report, &row)).collect()
}

fn row_json(report: &Report, row: &Row<'_>) -> Value {
    let Row { known, advisory, reached } = row;
    let called = match &reached.level {
        ReachLevel::Called(path) | ReachLevel::CalledWithInput(path) => Some(path),
        _ => None,
    };
    let reason = match &reached.level {
        ReachLevel::Unknown(why) => Some(why),
        _ => None,
    };
    let endpoints = endpoints(report, reached).into_iter();
    json!({
        "id": advisory.id(),
        "aliases": advisory.aliases(),
        "kind": advisory.kind.name(),
        "severity": advisory.severity.map(Severity::name),
        "ecosystem": known.ecosystem.name(),
        "package": known.name,
        "version": known.version,
        "reach": reached.level.word(),
        "reason": reason,
        "called": called,
        "place": reached.place.map(|at| place(report, at)),
        "endpoints": endpoints.map(|it| json!({ "method": it.method, "path": it.path })).collect::<Vec<_>>(),
    })
}
