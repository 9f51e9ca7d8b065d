//! A suite as its Markdown says it.

use std::collections::BTreeSet;
use std::ops::Range;

use routeward_catalog::markdown::{self, Block, Section};

use crate::Failure;
use crate::expectation::{Expectation, expectations};

/// A Markdown file of cases.
#[derive(Debug)]
pub(crate) struct Suite<'t> {
    pub(crate) name: &'t str,
    /// The lint it is about; the suites of models have none.
    pub(crate) lint: Option<&'t str>,
    pub(crate) cases: Vec<Case<'t>>,
}

/// A section: a small repository and what is found in it.
#[derive(Debug)]
pub(crate) struct Case<'t> {
    pub(crate) title: &'t str,
    pub(crate) files: Vec<File<'t>>,
    pub(crate) rendered: Vec<Rendered<'t>>,
}

/// A file of the repository.
#[derive(Debug)]
pub(crate) struct File<'t> {
    pub(crate) path: &'t str,
    pub(crate) text: &'t str,
    /// The line of the suite that holds the file's first line.
    pub(crate) line: u32,
    pub(crate) expectations: Vec<Expectation<'t>>,
}

/// A block that holds output.
#[derive(Debug)]
pub(crate) struct Rendered<'t> {
    pub(crate) output: Output,
    pub(crate) text: &'t str,
    pub(crate) line: u32,
    /// Its bytes in the suite.
    pub(crate) range: Range<usize>,
}

/// What a block holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Output {
    /// The findings.
    Findings,
    /// The endpoint table.
    Endpoints,
}

/// What a section is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Test,
    Bad,
    Good,
    Prose,
}

impl<'t> Suite<'t> {
    /// Reads the suite `name` (a path, for messages and to know the lint).
    pub(crate) fn parse(name: &'t str, text: &'t str) -> Result<Self, Vec<Failure>> {
        let start = markdown::front_matter(text).map_or(0, |(_, body)| body);
        let is_documentation = name == "lint.md" || name.ends_with("/lint.md");
        let mut purpose = if is_documentation { Purpose::Prose } else { Purpose::Test };
        let mut suite = Self { name, lint: lint_of(name), cases: Vec::new() };
        let mut failures = Vec::new();
        for section in markdown::sections(text, start) {
            if is_documentation && section.level <= 2 {
                purpose = purpose_of(section.title);
            }
            if purpose != Purpose::Prose && !section.blocks.is_empty() {
                match Case::parse(&section, purpose) {
                    Ok(case) => suite.cases.push(case),
                    Err((line, message)) => {
                        let section = section.title.to_owned();
                        failures.push(Failure { suite: name.to_owned(), line, section, message });
                    }
                }
            }
        }
        suite.cases.retain(|case| !case.files.is_empty());
        if failures.is_empty() { Ok(suite) } else { Err(failures) }
    }
}

impl<'t> Case<'t> {
    fn parse(section: &Section<'t>, purpose: Purpose) -> Result<Self, (u32, String)> {
        let mut case = Self { title: section.title, files: Vec::new(), rendered: Vec::new() };
        let mut paths = BTreeSet::new();
        for block in &section.blocks {
            if let Some(output) = output_of(block) {
                let Block { text, line, ref range, .. } = *block;
                case.rendered.push(Rendered { output, text, line, range: range.clone() });
            } else if let Some(path) = block.name.or_else(|| default_name(block.info)) {
                if !paths.insert(path) {
                    return Err((block.line, format!("a second file `{path}`: give it a name")));
                }
                case.files.push(File::parse(path, block)?);
            }
        }
        let expected = case.files.iter().any(|file| !file.expectations.is_empty());
        match purpose {
            Purpose::Bad if !expected => Err((section.line, "the bad example has no `// error`".to_owned())),
            Purpose::Good if expected => Err((section.line, "the good example expects a finding".to_owned())),
            _ if case.files.is_empty() && !case.rendered.is_empty() => {
                Err((section.line, "there is output to check, but no file".to_owned()))
            }
            _ => Ok(case),
        }
    }
}

impl<'t> File<'t> {
    fn parse(path: &'t str, block: &Block<'t>) -> Result<Self, (u32, String)> {
        let expectations = expectations(block.text).map_err(|line| {
            (
                block.line + line - 1,
                "an expectation is `// error`, `// error: lint \"part of the message\"`".to_owned(),
            )
        })?;
        Ok(Self { path, text: block.text, line: block.line, expectations })
    }
}

fn purpose_of(title: &str) -> Purpose {
    match title {
        "Bad" => Purpose::Bad,
        "Good" => Purpose::Good,
        _ => Purpose::Prose,
    }
}

fn output_of(block: &Block<'_>) -> Option<Output> {
    match block.info {
        "findings" => Some(Output::Findings),
        "endpoints" => Some(Output::Endpoints),
        _ => None,
    }
}

/// `lints/auth/missing-auth-guard/cases/express.md` is about `missing-auth-guard`.
fn lint_of(name: &str) -> Option<&str> {
    let mut parts = name.rsplit('/');
    let (last, folder) = (parts.next()?, parts.next()?);
    match (last, folder) {
        ("lint.md", id) => Some(id),
        (_, "cases") => parts.next(),
        _ => None,
    }
}

/// The file that a block without a name is, by its language.
fn default_name(info: &str) -> Option<&'static str> {
    Some(match info.split_whitespace().next()? {
        "js" | "javascript" => "main.js",
        "jsx" => "main.jsx",
        "mjs" => "main.mjs",
        "cjs" => "main.cjs",
        "ts" | "typescript" => "main.ts",
        "tsx" => "main.tsx",
        "py" | "python" => "main.py",
        "java" => "Main.java",
        "go" => "main.go",
        "rs" | "rust" => "main.rs",
        _ => return None,
    })
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use std::fmt::Write;

    fn check(name: &str, text: &str, expect: &Expect) {
        let mut shown = String::new();
        match Suite::parse(name, text) {
            Ok(suite) => {
                let _ = writeln!(shown, "lint {:?}", suite.lint);
                for case in &suite.cases {
                    let _ = writeln!(shown, "{}", case.title);
                    for file in &case.files {
                        let lines: Vec<_> = file.expectations.iter().map(|it| it.line).collect();
                        let _ = writeln!(shown, "  {} at {}: {lines:?}", file.path, file.line);
                    }
                    for it in &case.rendered {
                        let _ = writeln!(shown, "  {:?} at {}: {:?}", it.output, it.line, it.text);
                    }
                }
            }
            Err(failures) => failures.iter().for_each(|it| writeln!(shown, "{it}").unwrap_or(())),
        }
        expect.assert_eq(&shown);
    }

    #[test]
    fn blocks_of_a_section_form_a_repository() {
        check(
            "lints/auth/no-guard/cases/x.md",
            "# Title\nProse.\n## One\n```js\nf(); // error\n```\n`package.json`:\n```json\n{}\n```\n```sh\nls\n```\n\
             ```endpoints\nGET /\n```\n## Two\n`src/a.ts`:\n\n```\ng();\n```\n",
            &expect![[r#"
                lint Some("no-guard")
                One
                  main.js at 5: [1]
                  package.json at 9: []
                  Endpoints at 15: "GET /\n"
                Two
                  src/a.ts at 21: []
            "#]],
        );
    }

    #[test]
    fn documentation_has_bad_and_good() {
        check(
            "lints/auth/no-guard/lint.md",
            "+++\nname = \"x\"\n+++\nSummary.\n## Bad\n```js\nf(); // error\n```\n### Also\n```py\nf() # error\n```\n## Good\n\
             ```js\ng();\n```\n## How to fix\n```js\nf(); // error\n```\n",
            &expect![[r#"
                lint Some("no-guard")
                Bad
                  main.js at 7: [1]
                Also
                  main.py at 11: [1]
                Good
                  main.js at 15: []
            "#]],
        );
        check(
            "lints/auth/no-guard/lint.md",
            "## Bad\n```js\nf();\n```\n## Good\n```js\ng(); // info\n```\n",
            &expect![[r#"
                lints/auth/no-guard/lint.md:1: Bad
                    the bad example has no `// error`
                lints/auth/no-guard/lint.md:5: Good
                    the good example expects a finding
            "#]],
        );
    }

    #[test]
    fn mistakes_name_their_line() {
        check(
            "lints/models/javascript/x.md",
            "# A\n```js\n```\n```js\n```\n# B\n```endpoints\n```\n# C\n```py\n\nf() # error: 'x'\n```\n",
            &expect![[r#"
                lints/models/javascript/x.md:5: A
                    a second file `main.js`: give it a name
                lints/models/javascript/x.md:6: B
                    there is output to check, but no file
                lints/models/javascript/x.md:12: C
                    an expectation is `// error`, `// error: lint "part of the message"`
            "#]],
        );
    }
}
