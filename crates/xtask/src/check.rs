//! `ci` and `bless`: what must hold before a change is merged.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{cargo, root, sh};

/// Format, clippy, documentation, tests. All of them run, whatever fails, and the total of the tests comes last. What
/// is checked about the catalogue and about the shape of the workspace are tests.
pub(crate) fn ci() -> Result<()> {
    let doc = ["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"];
    let steps = [
        ("format", sh(cargo().args(["fmt", "--all", "--check"]))),
        ("clippy", sh(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))),
        ("documentation", sh(cargo().args(doc).env("RUSTDOCFLAGS", "-D warnings"))),
    ];
    let failed: Vec<_> = steps.iter().filter(|(_, result)| result.is_err()).map(|(name, _)| *name).collect();
    let totals = tests()?;
    println!("\n{}", totals.line());
    if !failed.is_empty() {
        println!("FAILED before the tests: {}", failed.join(", "));
    }
    if !failed.is_empty() || !totals.are_good() {
        std::process::exit(1);
    }
    Ok(())
}

/// The sums over all test binaries.
#[derive(Default)]
struct Totals {
    passed: u32,
    failed: u32,
    ignored: u32,
    /// A test binary could not be built or died.
    is_broken: bool,
}

impl Totals {
    /// Adds `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split("; ") {
            let mut words = part.split_whitespace();
            let (Some(Ok(number)), Some(what)) = (words.next().map(str::parse::<u32>), words.next()) else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    fn are_good(&self) -> bool {
        self.failed == 0 && self.passed > 0 && !self.is_broken
    }

    fn line(&self) -> String {
        let word = if self.are_good() { "ok" } else { "FAILED" };
        let Self { passed, failed, ignored, .. } = self;
        format!("test result: {word}. {passed} passed; {failed} failed; {ignored} ignored; in all crates")
    }
}

/// Runs all tests, shows what they print, and counts.
fn tests() -> Result<Totals> {
    eprintln!("$ cargo test --workspace --no-fail-fast");
    let mut child = cargo().args(["test", "--workspace", "--no-fail-fast"]).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("the output of the tests")?;
    let mut totals = Totals::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        totals.add(&line);
    }
    totals.is_broken = !child.wait()?.success();
    Ok(totals)
}

/// Writes what is found now into the blocks of the suites (`BLESS`) and into the snapshots (`UPDATE_EXPECT`).
pub(crate) fn bless() -> Result<()> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).env("BLESS", "1").env("UPDATE_EXPECT", "1");
    let result = sh(&mut command);
    sh(Command::new("git").current_dir(root()).args(["--no-pager", "diff", "--stat"]))?;
    if result.is_err() {
        bail!("what is still red cannot be blessed: it is not output");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_summed() {
        let mut totals = Totals::default();
        totals.add("running 4 tests");
        totals.add(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s",
        );
        totals.add("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(totals.line(), "test result: FAILED. 4 passed; 2 failed; 1 ignored; in all crates");
    }
}
