//! Runs literate Markdown suites: each section with code blocks is one test, each block a file.
//!
//! - A block after a line `` `src/auth.js`: `` is that file; without a name its language gives one (`js` is
//!   `main.js`), and a block of another language is an illustration. The blocks of a section form one small
//!   repository.
//! - A comment `// error` (or `# error`, `-- error`, `<!-- error -->`) says that the suite's lint finds something
//!   on its line; `// error: other-lint "part of the message"` names another lint and a part of its message, either
//!   alone if need be; `// info` is for findings of severity info. Where nothing is said, nothing may be found.
//! - A block `findings` holds the findings as they are rendered, a block `endpoints` the endpoint table. Both are
//!   rewritten if the environment has `BLESS=1`.
//! - In a `lint.md` the sections `Bad` and `Good` are the tests: the first has findings, the second none.
//! - `«ID»` stands for a text with a token of that format of `lints/models/secrets`, made up when the suite runs;
//!   `«ID#2»` for another one.
//! - A suite runs its own lint, and in a section the lints that are named there.

mod expectation;
mod render;
#[cfg(test)]
mod robust;
mod run;
mod suite;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// What differs between a suite and what was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The suite's path, as it was given.
    pub suite: String,
    /// The line of the suite, from 1.
    pub line: u32,
    /// The section's title; empty if the suite as a whole cannot be used.
    pub section: String,
    /// What is the case.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}\n    {}",
            self.suite,
            self.line,
            self.section,
            self.message.replace('\n', "\n    ")
        )
    }
}

/// Runs the suite in the file `path`. With `BLESS=1` its blocks `findings` and `endpoints` are rewritten.
pub fn run_suite(path: &Path) -> Vec<Failure> {
    let name = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => run_text(path, &name, &text, ""),
        Err(error) => vec![unusable(name, format!("cannot be read: {error}"))],
    }
}

/// Runs every suite below `lints`: each lint's `lint.md` and `cases/*.md`, and the `*.md` of the models. If the
/// environment has `SUITE=text`, only the sections whose `path: title` holds that text.
pub fn run_all(lints: &Path) -> Vec<Failure> {
    let filter = std::env::var("SUITE").unwrap_or_default();
    let mut failures = Vec::new();
    for path in suites(lints) {
        let name = path.strip_prefix(lints.parent().unwrap_or(lints)).unwrap_or(&path).display().to_string();
        match fs::read_to_string(&path) {
            Ok(text) => failures.extend(run_text(&path, &name, &text, &filter)),
            Err(error) => failures.push(unusable(name, format!("cannot be read: {error}"))),
        }
    }
    failures
}

/// The suites below `dir`, sorted.
pub fn suites(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(suites(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn run_text(path: &Path, name: &str, text: &str, filter: &str) -> Vec<Failure> {
    let suite = match suite::Suite::parse(name, text) {
        Ok(suite) => suite,
        Err(failures) => return failures,
    };
    let is_blessing = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    let outcome = run::run(&suite, filter, is_blessing);
    let mut failures = outcome.failures;
    if let Some(blessed) = run::rewrite(text, outcome.edits)
        && let Err(error) = fs::write(path, blessed)
    {
        failures.push(unusable(name.to_owned(), format!("cannot be written: {error}")));
    }
    failures
}

fn unusable(suite: String, message: String) -> Failure {
    Failure { suite, line: 1, section: String::new(), message }
}
