//! Comments addressed to this tool: `routeward: ignore[lint] reason`, `routeward: public reason`.

use std::ops::RangeInclusive;

use routeward_base::{Date, FileId, LineTable, Span};
use routeward_catalog::{Hint, suggest};
use routeward_diag::Place;
use routeward_endpoints::Declaration;
use routeward_ir::{Comment, Module};

use crate::problem::{Problem, ProblemKind};

/// A suppression in a source file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Suppression {
    pub(crate) place: Place,
    /// The line of the comment.
    pub(crate) line: u32,
    pub(crate) lints: Vec<String>,
    pub(crate) reason: String,
    pub(crate) until: Option<Date>,
    pub(crate) reach: Reach,
}

/// The lines that a comment speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Reach {
    /// Statements that begin on one of these lines.
    Below(RangeInclusive<u32>),
    /// Statements that hold this line: the comment stands behind code.
    Beside(u32),
    /// Statements that begin on one of these lines, between two marks or in the whole file.
    Region(RangeInclusive<u32>),
}

impl Reach {
    /// True if it speaks of a statement on these lines.
    pub(crate) fn covers(&self, first: u32, last: u32) -> bool {
        match self {
            Self::Below(lines) | Self::Region(lines) => lines.contains(&first),
            Self::Beside(line) => (first..=last).contains(line),
        }
    }
}

/// What the comments of one file say.
#[derive(Default)]
pub(crate) struct Comments {
    pub(crate) suppressions: Vec<Suppression>,
    pub(crate) declarations: Vec<(Declaration, Reach)>,
    pub(crate) problems: Vec<Problem>,
}

const INSTRUCTIONS: &[&str] = &["ignore", "ignore-file", "ignore-begin", "ignore-end", "public"];

/// Reads the comments of one file. `lints` are the ids that exist, `today` decides about expiry.
pub(crate) fn read_comments(
    file: FileId,
    path: &str,
    text: &str,
    table: &LineTable,
    module: &Module,
    lints: &[&str],
    today: Option<Date>,
) -> Comments {
    let mut reader = Reader {
        file,
        path,
        text,
        table,
        module,
        lints,
        today,
        found: Comments::default(),
        open: Vec::new(),
    };
    for comment in &module.comments {
        for line in comment.text.lines() {
            let line = line.trim_start().trim_start_matches('*').trim();
            if let Some(instruction) = line.strip_prefix(Comment::MARK) {
                reader.instruction(instruction.trim(), comment.span);
            }
        }
    }
    for left in std::mem::take(&mut reader.open) {
        reader.refuse(left.line, "`ignore-begin` without an `ignore-end`", "add `routeward: ignore-end`");
    }
    reader.found
}

struct Reader<'a> {
    file: FileId,
    path: &'a str,
    text: &'a str,
    table: &'a LineTable,
    module: &'a Module,
    lints: &'a [&'a str],
    today: Option<Date>,
    found: Comments,
    open: Vec<Suppression>,
}

impl Reader<'_> {
    fn instruction(&mut self, text: &str, span: Span) {
        let line = self.table.line(span.start);
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        match word {
            "public" => self.public(rest, span),
            "ignore-end" => self.close(line),
            "ignore" => {
                let reach = self.reach(span);
                if let Some(suppression) = self.suppression(rest, span, reach) {
                    self.found.suppressions.push(suppression);
                }
            }
            "ignore-file" => {
                let reach = Reach::Region(1..=self.table.lines());
                if let Some(suppression) = self.suppression(rest, span, reach) {
                    self.found.suppressions.push(suppression);
                }
            }
            "ignore-begin" => {
                let reach = Reach::Region(line..=self.table.lines());
                if let Some(suppression) = self.suppression(rest, span, reach) {
                    self.open.push(suppression);
                }
            }
            other => {
                let hint = Hint(suggest(other, INSTRUCTIONS.iter().copied()));
                let message = format!("unknown instruction `{other}`{hint}");
                self.refuse(line, message, format!("write one of: {}", INSTRUCTIONS.join(", ")));
            }
        }
    }

    fn close(&mut self, line: u32) {
        match self.open.pop() {
            Some(mut begun) => {
                begun.reach = Reach::Region(begun.line..=line);
                self.found.suppressions.push(begun);
            }
            None => self.refuse(line, "`ignore-end` without an `ignore-begin`", "remove it"),
        }
    }

    fn suppression(&mut self, rest: &str, span: Span, reach: Reach) -> Option<Suppression> {
        let line = self.table.line(span.start);
        let form = "write `routeward: ignore[LINT] REASON`";
        let Some((ids, reason)) = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'))
        else {
            self.refuse(line, "a suppression must name its lints in brackets", form);
            return None;
        };
        let ids: Vec<String> =
            ids.split(',').map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect();
        if ids.is_empty() {
            self.refuse(line, "a suppression must name its lints in brackets", form);
            return None;
        }
        let unknown: Vec<&String> = ids.iter().filter(|id| !self.lints.contains(&id.as_str())).collect();
        let messages: Vec<String> = unknown
            .iter()
            .map(|id| format!("unknown lint `{id}`{}", Hint(suggest(id, self.lints.iter().copied()))))
            .collect();
        for message in &messages {
            self.refuse(line, message, "`routeward lints` shows all lints");
        }
        let (reason, until) = self.reason(reason, line)?;
        if reason.is_empty() {
            self.refuse(
                line,
                "a suppression needs a reason",
                "say why the finding is accepted, after the brackets",
            );
            return None;
        }
        if let (Some(until), Some(today)) = (until, self.today)
            && until < today
        {
            self.refuse(line, format!("the suppression expired on {until}"), "remove it, or decide anew");
            return None;
        }
        let lints: Vec<String> = ids.into_iter().filter(|id| self.lints.contains(&id.as_str())).collect();
        let place = Place { file: self.file, span };
        (!lints.is_empty()).then_some(Suppression { place, line, lints, reason, until, reach })
    }

    /// The text without its `until=…`, and that date. A wrong date is refused.
    fn reason(&mut self, text: &str, line: u32) -> Option<(String, Option<Date>)> {
        let text = text.trim_start_matches([' ', '\t', ':', '-', '–', '—']);
        let mut until = None;
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let Some(date) = word.strip_prefix("until=") else {
                words.push(word);
                continue;
            };
            until = Date::parse(date.trim_end_matches([',', '.', ';']));
            if until.is_none() {
                self.refuse(line, format!("`{date}` is no date"), "write it as until=YYYY-MM-DD");
                return None;
            }
        }
        Some((words.join(" "), until))
    }

    fn public(&mut self, reason: &str, span: Span) {
        let line = self.table.line(span.start);
        let Some((reason, _)) = self.reason(reason, line) else { return };
        if reason.is_empty() {
            self.refuse(line, "`public` needs a reason", "say why everybody may use the endpoint");
            return;
        }
        let place = Place { file: self.file, span };
        let reach = self.reach(span);
        let declaration = Declaration { reason, owner: None, pattern: None, place: Some(place) };
        self.found.declarations.push((declaration, reach));
    }

    /// Behind code the comment is about that line, otherwise about the next line of code; if decorators
    /// begin there, about everything down to the name they decorate.
    fn reach(&self, span: Span) -> Reach {
        let line = self.table.line(span.start);
        let before = self.text[..span.start as usize].rsplit('\n').next().unwrap_or("").trim();
        if !matches!(before, "" | "{" | "*") {
            return Reach::Beside(line);
        }
        let mut first = self.table.line(span.end().saturating_sub(1).max(span.start)) + 1;
        while first <= self.table.lines()
            && is_passed_over(self.table.line_span(self.text, first).of(self.text))
        {
            first += 1;
        }
        Reach::Below(first..=self.decorated(first).unwrap_or(first))
    }

    fn decorated(&self, line: u32) -> Option<u32> {
        let functions =
            self.module.functions.iter().map(|function| (&function.decorators, function.name_span));
        let classes = self.module.classes.iter().map(|class| (&class.decorators, class.name_span));
        let begins = |decorators: &Vec<routeward_ir::ExprId>| {
            let first = decorators.first().and_then(|first| self.module.expr_spans.get(*first));
            first.is_some_and(|span| self.table.line(span.start) == line)
        };
        functions
            .chain(classes)
            .find(|(decorators, _)| begins(decorators))
            .map(|(_, name)| self.table.line(name.start))
    }

    fn refuse(&mut self, line: u32, message: impl Into<String>, remedy: impl Into<String>) {
        self.found
            .problems
            .push(Problem::new(self.path, ProblemKind::Suppression, message, remedy).at_line(line));
    }
}

/// Blank lines and lines of a comment.
fn is_passed_over(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || ["//", "/*", "*/", "* ", "# "].iter().any(|mark| line.starts_with(mark)) || line == "*"
}
