//! Findings for people, and the lines around them.

use std::io::{self, Write};
use std::time::Duration;

use anstyle::AnsiColor;
use routeward_base::Column;
use routeward_diag::Severity;
use routeward_engine::{Level, Problem, ProblemKind, Report, Status, Triaged};

use crate::clean;
use crate::frame::{Frames, places_left_out, steps_left_out};
use crate::style::{Look, count, first_of};

/// Writes every active finding with its code, steps, notes and help.
pub fn full(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut frames = Frames::new(report, look);
    for triaged in report.active() {
        one(triaged, &mut frames, look, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes one finding as [`full`] does, also if it is suppressed.
pub fn finding(report: &Report, triaged: &Triaged, look: Look, out: &mut dyn Write) -> io::Result<()> {
    one(triaged, &mut Frames::new(report, look), look, out)
}

fn one(triaged: &Triaged, frames: &mut Frames<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let finding = &triaged.finding;
    let tag = look.severity(finding.severity, format!("{}[{}]", finding.severity.name(), finding.lint));
    let message = clean::line(&finding.message);
    writeln!(out, "{tag}{}", look.bold(format!(": {message}")))?;
    out.write_all(frames.draw(finding).as_bytes())?;
    let left_out = steps_left_out(finding);
    if left_out > 0 {
        remark("note", &format!("{} left out", count(left_out, "more step")), look, out)?;
    }
    let left_out = places_left_out(finding);
    if left_out > 0 {
        remark("note", &format!("it stands in {}", count(left_out, "more place")), look, out)?;
    }
    for note in &finding.notes {
        remark("note", note, look, out)?;
    }
    if let Some(help) = &finding.help {
        remark("help", help, look, out)?;
    }
    if let Some(fix) = &finding.fix {
        remark("fix", &fix.title, look, out)?;
    }
    if let Status::Suppressed { reason, place, .. } = &triaged.status {
        remark("suppressed", &format!("{reason} ({place})"), look, out)?;
    }
    remark("more", &format!("routeward explain {}", finding.lint), look, out)
}

/// `  = note: text`, wrapped with a hanging indent.
fn remark(word: &str, text: &str, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let text = clean::line(text);
    let indent = word.len() + 6;
    let lines = wrap(&text, look.width.map(|width| width.saturating_sub(indent).max(20)));
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            writeln!(out, "  {} {}: {line}", look.color(AnsiColor::Blue, "="), look.bold(word))?;
        } else {
            writeln!(out, "{:indent$}{line}", "")?;
        }
    }
    Ok(())
}

/// Lines of at most `width` characters, broken at blanks.
pub(crate) fn wrap(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_owned()] };
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let len = word.chars().count();
        if used > 0 && used + 1 + len > width {
            lines.push(String::new());
            used = 0;
        }
        let line = lines.len() - 1;
        if used > 0 {
            lines[line].push(' ');
            used += 1;
        }
        lines[line].push_str(word);
        used += len;
    }
    lines
}

/// Writes one line a finding: `path:line:col: severity[lint] message`.
pub fn concise(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for triaged in report.active() {
        let finding = &triaged.finding;
        let place = finding.primary.place;
        let (path, at) = match report.source(place.file) {
            Some(source) => (clean::line(&source.path), source.position(place.span.start, Column::Char)),
            None => continue,
        };
        let tag = look.severity(finding.severity, format!("{}[{}]", finding.severity.name(), finding.lint));
        writeln!(
            out,
            "{}:{}:{}: {tag} {}",
            look.bold(path),
            at.line,
            at.column,
            clean::line(&finding.message)
        )?;
    }
    Ok(())
}

/// The last line of a check: what was found in what. `elapsed` is left out where output must not depend on time.
pub fn summary(report: &Report, elapsed: Option<Duration>, look: Look) -> String {
    let total = report.active().count();
    let counts: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (severity, report.count(severity)))
        .filter(|(_, number)| *number > 0)
        .map(|(severity, number)| look.severity(severity, format!("{number} {}", severity.name())))
        .collect();
    let found = match total {
        0 => look.paint(AnsiColor::Green.on_default().bold(), "no findings"),
        _ => format!("{} ({})", look.bold(count(total, "finding")), counts.join(", ")),
    };
    let errors = report.problems.iter().filter(|problem| problem.kind.level() == Level::Error).count();
    let found = match errors {
        0 => found,
        _ => {
            format!("{found} and {}", look.paint(AnsiColor::Red.on_default().bold(), count(errors, "error")))
        }
    };
    let suppressed = report.findings.len() - total;
    let suppressed = if suppressed > 0 { format!(", {suppressed} suppressed") } else { String::new() };
    let files = report.statistics.files();
    let searched = match report.statistics.revisions {
        Some(revisions) => format!("{}, {}", count(files, "content"), count(revisions, "commit")),
        None => {
            format!("{}, {}", count(files, "file"), count(report.inventory.endpoints.len(), "endpoint"))
        }
    };
    let time = elapsed.map(|time| format!(", {}", seconds(time))).unwrap_or_default();
    format!("{found}{suppressed} in {searched}{time}")
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// How many problems of one kind are told one by one.
const SHOWN_OF_A_KIND: usize = 3;

/// Writes what could not be done or is not accepted. Without `all`, remarks are left out and long lists cut.
pub fn problems(problems: &[Problem], all: bool, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut kinds: Vec<ProblemKind> = problems.iter().map(|problem| problem.kind).collect();
    kinds.sort_by_key(|kind| (kind.level(), *kind));
    kinds.dedup();
    for kind in kinds {
        let of_kind: Vec<&Problem> = problems.iter().filter(|problem| problem.kind == kind).collect();
        if kind.level() == Level::Note && !all {
            continue;
        }
        let is_cut = !all && kind.level() != Level::Error && of_kind.len() > SHOWN_OF_A_KIND;
        for problem in of_kind.iter().take(if is_cut { SHOWN_OF_A_KIND } else { usize::MAX }) {
            self::problem(problem, look, out)?;
        }
        if is_cut {
            let left_out = of_kind.len() - SHOWN_OF_A_KIND;
            writeln!(
                out,
                "{} {} ({}); -v shows all",
                level(kind.level(), look),
                count(left_out, "more file"),
                kind.name()
            )?;
        }
    }
    Ok(())
}

fn problem(problem: &Problem, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let place = if problem.path.is_empty() {
        String::new()
    } else {
        format!("{}: ", look.bold(clean::line(&problem.place())))
    };
    let (message, remedy) = (clean::line(&problem.message), clean::line(&problem.remedy));
    writeln!(
        out,
        "{} {place}{message} {}",
        level(problem.kind.level(), look),
        look.dim(format!("({remedy})"))
    )
}

fn level(level: Level, look: Look) -> String {
    let color = match level {
        Level::Error => AnsiColor::Red,
        Level::Warning => AnsiColor::Yellow,
        Level::Note => AnsiColor::Blue,
    };
    look.paint(color.on_default().bold(), format!("{}:", level.name()))
}

/// Writes counts of what was looked at, how long it took, and what was not understood.
pub fn statistics(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let statistics = &report.statistics;
    let [sources, tests, generated] = statistics.files_by_role;
    writeln!(
        out,
        "files       {} ({sources} source, {tests} test, {generated} generated) of {} seen",
        statistics.files(),
        statistics.files_seen
    )?;
    writeln!(
        out,
        "code        {} lines, {} bytes, {} functions, {} nodes",
        statistics.lines, statistics.bytes, statistics.functions, statistics.nodes
    )?;
    writeln!(out, "imports     {} lead to files that are not there", statistics.missing_imports)?;
    if !statistics.excluded.is_empty() {
        let paths = statistics.excluded.iter().map(|path| clean::line(path));
        writeln!(out, "left out    {}", first_of(paths, 8))?;
    }
    let not_understood: usize = statistics.not_understood.iter().map(|(_, number)| number).sum();
    writeln!(out, "unknown     {not_understood} constructs")?;
    for (kind, number) in statistics.not_understood.iter().take(10) {
        writeln!(out, "            {number:>6} {}", clean::line(kind))?;
    }
    for (phase, time) in &report.timings {
        writeln!(out, "time        {:>8.1} ms {phase}", time.as_secs_f64() * 1000.0)?;
    }
    Ok(())
}
