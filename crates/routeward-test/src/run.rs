//! Runs the cases of a suite and compares.

use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use routeward_base::Memory;
use routeward_catalog::{Catalog, Hint};
use routeward_diag::Severity;
use routeward_engine::{ProblemKind, Report, Triaged, scan_memory};
use routeward_secrets::{Random, sample};

use crate::Failure;
use crate::expectation::Expectation;
use crate::render;
use crate::suite::{Case, File, Output, Suite};

/// What running a suite gave.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) failures: Vec<Failure>,
    /// The blocks to rewrite, in order.
    pub(crate) edits: Vec<(Range<usize>, String)>,
}

/// Runs the cases whose `path: title` holds `filter`. Blocks of output that differ are failures, or edits if they
/// are to be blessed.
pub(crate) fn run(suite: &Suite<'_>, filter: &str, is_blessing: bool) -> Outcome {
    let mut outcome = Outcome::default();
    for case in &suite.cases {
        if format!("{}: {}", suite.name, case.title).contains(filter) {
            Runner { suite, case, is_blessing, outcome: &mut outcome }.run();
        }
    }
    outcome
}

/// The text with the edits made; `None` if there are none.
pub(crate) fn rewrite(text: &str, edits: Vec<(Range<usize>, String)>) -> Option<String> {
    let mut rewritten = text.to_owned();
    let is_changed = !edits.is_empty();
    edits.into_iter().rev().for_each(|(range, new)| rewritten.replace_range(range, &new));
    is_changed.then_some(rewritten)
}

/// One case under way.
struct Runner<'r, 't> {
    suite: &'r Suite<'t>,
    case: &'r Case<'t>,
    is_blessing: bool,
    outcome: &'r mut Outcome,
}

impl<'t> Runner<'_, 't> {
    fn run(&mut self) {
        let lints = self.lints();
        let mut memory = Memory::new();
        for file in &self.case.files {
            match with_tokens(file.text) {
                Ok(text) => memory.insert(file.path, text),
                Err(message) => self.fail(file.line, message),
            }
        }
        let ids: Vec<_> = lints.iter().copied().collect();
        match catch_unwind(AssertUnwindSafe(|| scan_memory(&memory, &ids))) {
            Ok(report) => self.compare(&report, &lints),
            Err(_) => self.fail(self.case.files.first().map_or(1, |file| file.line), "the scan panicked"),
        }
    }

    /// The suite's own lint and those that the case names. One that does not exist is a failure.
    fn lints(&mut self) -> BTreeSet<&'t str> {
        let case = self.case;
        let mut lints: BTreeSet<&'t str> = self.suite.lint.into_iter().collect();
        for file in &case.files {
            for expectation in &file.expectations {
                let line = file.line + expectation.line - 1;
                match expectation.lint {
                    Some(id) if Catalog::embedded().lint(id).is_none() => {
                        let hint = Catalog::embedded().suggest(id);
                        self.fail(line, format!("there is no lint `{id}`{}", Hint(hint)));
                    }
                    Some(id) => {
                        lints.insert(id);
                    }
                    None if self.suite.lint.is_none() => {
                        self.fail(line, "this suite has no lint of its own: name one");
                    }
                    None => {}
                }
            }
        }
        lints
    }

    fn compare(&mut self, report: &Report, lints: &BTreeSet<&str>) {
        self.report_problems(report);
        // Without lints, all of them ran.
        let of_interest = |it: &&Triaged| lints.contains(it.finding.lint);
        let mut left: Vec<_> = report.active().filter(of_interest).collect();
        let case = self.case;
        for file in &case.files {
            self.take_expected(report, file, &mut left);
        }
        for triaged in left {
            self.report_unexpected(report, triaged);
        }
        self.compare_rendered(report);
    }

    /// Takes out of `left` what the file's comments say, and reports what is not there.
    fn take_expected<'f>(&mut self, report: &'f Report, file: &File<'t>, left: &mut Vec<&'f Triaged>) {
        for expectation in &file.expectations {
            let found = left.iter().position(|triaged| {
                line_of(report, triaged) == Some((file.path, expectation.line))
                    && self.is_expected(expectation, triaged)
            });
            match found {
                Some(index) => {
                    left.remove(index);
                }
                None => self.report_missing(file, expectation),
            }
        }
    }

    fn is_expected(&self, expectation: &Expectation<'_>, triaged: &Triaged) -> bool {
        let finding = &triaged.finding;
        expectation.lint.or(self.suite.lint) == Some(finding.lint)
            && expectation.is_info == (finding.severity == Severity::Info)
            && expectation.part.is_none_or(|part| finding.message.contains(part))
    }

    fn report_missing(&mut self, file: &File<'_>, expectation: &Expectation<'_>) {
        let word = if expectation.is_info { "an info" } else { "a finding" };
        let lint = expectation.lint.or(self.suite.lint).unwrap_or_default();
        let part = expectation.part.map_or(String::new(), |part| format!(" with \"{part}\""));
        let place = format!("{}:{}", file.path, expectation.line);
        let message = format!("{place}: expected {word} of {lint}{part}, there is none");
        self.fail(file.line + expectation.line - 1, with_code(message, file, expectation.line));
    }

    fn report_unexpected(&mut self, report: &Report, triaged: &Triaged) {
        let found = format!("did not expect {}", render::finding(report, triaged));
        let place = line_of(report, triaged);
        let file = place.and_then(|(path, _)| self.case.files.iter().find(|file| file.path == path));
        match (file, place) {
            (Some(file), Some((_, line))) => self.fail(file.line + line - 1, with_code(found, file, line)),
            _ => self.fail(1, found),
        }
    }

    /// A case must be readable throughout: what was not understood proves nothing.
    fn report_problems(&mut self, report: &Report) {
        let is_fatal = |kind: ProblemKind| kind.is_incomplete() || kind == ProblemKind::Configuration;
        for problem in report.problems.iter().filter(|problem| is_fatal(problem.kind)) {
            let file = self.case.files.iter().find(|file| file.path == problem.path);
            let line = file.map_or(1, |file| file.line + problem.line.unwrap_or(1) - 1);
            self.fail(line, format!("{}: {}", problem.place(), problem.message));
        }
    }

    fn compare_rendered(&mut self, report: &Report) {
        let case = self.case;
        for block in &case.rendered {
            let found = match block.output {
                Output::Findings => render::findings(report),
                Output::Endpoints => render::endpoints(report),
            };
            let difference = difference(block.text, &found);
            if difference.is_empty() {
                continue;
            }
            if self.is_blessing {
                self.outcome.edits.push((block.range.clone(), found));
            } else {
                self.fail(block.line, format!("the block differs (BLESS=1 rewrites it)\n{difference}"));
            }
        }
    }

    fn fail(&mut self, line: u32, message: impl Into<String>) {
        let (suite, section) = (self.suite.name.to_owned(), self.case.title.to_owned());
        self.outcome.failures.push(Failure { suite, line, section, message: message.into() });
    }
}

/// The text with `«ID»` replaced by a token of that format, made up here: no token stands in a case. Two of one format
/// are the same unless a number tells them apart, as in `«ID#2»`.
fn with_tokens(text: &str) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('«') {
        let (name, after) = after.split_once('»').ok_or("a `«` has no `»`")?;
        let (id, number) = name.split_once('#').unwrap_or((name, "1"));
        let row = Catalog::tokens().row(id).ok_or_else(|| format!("there is no format `{id}`"))?;
        let number: u64 = number.parse().map_err(|_| format!("`{number}` in `{name}` is no number"))?;
        filled.push_str(before);
        let token = sample(row, &mut Random(number));
        filled.push_str(&token.ok_or_else(|| format!("`{id}` has no example"))?);
        rest = after;
    }
    Ok(filled + rest)
}

/// The file and line of a finding.
fn line_of<'f>(report: &'f Report, triaged: &Triaged) -> Option<(&'f str, u32)> {
    let place = triaged.finding.primary.place;
    let source = report.source(place.file)?;
    Some((&source.path, source.lines.line(place.span.start)))
}

/// The message with the line of code below it.
fn with_code(message: String, file: &File<'_>, line: u32) -> String {
    match file.text.lines().nth(line as usize - 1) {
        Some(code) => format!("{message}\n| {}", code.trim()),
        None => message,
    }
}

/// The lines that only one of the texts has, as `- expected` and `+ found`. White space within a line and the
/// header of a table do not count.
fn difference(expected: &str, found: &str) -> String {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let header = render::HEADER.join(" ");
    let rows = |text: &str| -> Vec<String> {
        text.lines().map(words).filter(|line| !line.is_empty() && *line != header).collect()
    };
    let (expected, mut left) = (rows(expected), rows(found));
    if expected == left {
        return String::new();
    }
    let mut lines = Vec::new();
    for row in expected {
        match left.iter().position(|other| *other == row) {
            Some(index) => {
                left.remove(index);
            }
            None => lines.push(format!("- {row}")),
        }
    }
    lines.extend(left.into_iter().map(|row| format!("+ {row}")));
    if lines.is_empty() { "the order of the lines".to_owned() } else { lines.join("\n") }
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const NAME: &str = "lints/auth/missing-auth-guard/cases/x.md";

    fn check(text: &str, expect: &Expect) {
        let suite = Suite::parse(NAME, text).expect("the suite can be read");
        let failures = run(&suite, "", false).failures;
        let shown: Vec<_> = failures.iter().map(ToString::to_string).collect();
        expect.assert_eq(&(shown.join("\n") + "\n"));
    }

    #[test]
    fn failures_say_what_is_missing() {
        check(
            "# A\n```js\n\nlet x = 1; // info: \"y\"\n```\n",
            &expect![[r#"
            lints/auth/missing-auth-guard/cases/x.md:4: A
                main.js:2: expected an info of missing-auth-guard with "y", there is none
                | let x = 1; // info: "y"
        "#]],
        );
        check(
            "# A\n```js\nf(); // error: missing-auth-gard\n```\n",
            &expect![[r#"
            lints/auth/missing-auth-guard/cases/x.md:3: A
                there is no lint `missing-auth-gard`, did you mean `missing-auth-guard`?
            lints/auth/missing-auth-guard/cases/x.md:3: A
                main.js:1: expected a finding of missing-auth-gard, there is none
                | f(); // error: missing-auth-gard
        "#]],
        );
        check(
            "# A\n```js\nlet = 1 +;\n```\n",
            &expect![[r#"
            lints/auth/missing-auth-guard/cases/x.md:3: A
                main.js:1: was read in part: unexpected `+`
        "#]],
        );
        check(
            "# A\n```js\nf();\n```\n```endpoints\nGET /gone open - - - -\n```\n",
            &expect![[r#"
            lints/auth/missing-auth-guard/cases/x.md:6: A
                the block differs (BLESS=1 rewrites it)
                - GET /gone open - - - -
        "#]],
        );
    }

    #[test]
    fn output_is_blessed() {
        let text = "# A\n```js\nf();\n```\n```endpoints\nGET /gone open - - - -\n```\nEnd.\n";
        let outcome = run(&Suite::parse(NAME, text).expect("the suite can be read"), "", true);
        assert_eq!(outcome.failures, []);
        let blessed = rewrite(text, outcome.edits).expect("the table has changed");
        assert!(
            blessed.ends_with("```endpoints\nmethod path auth role scope validated limited\n```\nEnd.\n")
        );
        let again = run(&Suite::parse(NAME, &blessed).expect("the suite can be read"), "", true);
        assert_eq!(again.edits, []);
    }

    #[test]
    fn a_filter_chooses_sections() {
        let text = "# A\n```js\nf(); // error\n```\n# B\n```js\nf(); // error\n```\n";
        let suite = Suite::parse(NAME, text).expect("the suite can be read");
        let titles = |filter| {
            run(&suite, filter, false).failures.into_iter().map(|failure| failure.section).collect::<Vec<_>>()
        };
        assert_eq!(titles("x.md: B"), ["B"]);
        assert_eq!(titles(""), ["A", "B"]);
    }

    #[test]
    fn differences_are_lines() {
        assert_eq!(difference("method path auth role scope validated limited\nGET  /a\n", "GET /a\n"), "");
        assert_eq!(difference("GET /a\nGET /b\n", "GET /b\nGET /c\n"), "- GET /a\n+ GET /c");
        assert_eq!(difference("a\nb\n", "b\na\n"), "the order of the lines");
    }

    #[test]
    fn edits_are_made_in_place() {
        assert_eq!(rewrite("abc", vec![(0..1, "xx".to_owned()), (2..3, String::new())]).unwrap(), "xxb");
        assert_eq!(rewrite("abc", Vec::new()), None);
    }
}
