//! `routeward internal`: what the project's own measurements ask for; no part of the interface.

use std::cmp::Ordering;
use std::io::{self, BufRead};

use anyhow::{Context, Result};
use routeward_deps::{Ecosystem, Version};
use serde::Deserialize;

use crate::CLEAN;
use crate::args::InternalCommand;
use crate::output::write_stdout;

/// Two versions to compare. Ecosystems go by their names in OSV records, in any case, or as `semver`.
#[derive(Deserialize)]
struct Pair {
    eco: String,
    a: String,
    b: String,
}

pub(crate) fn run(command: &InternalCommand) -> Result<u8> {
    match command {
        InternalCommand::CompareVersions => compare_versions(),
    }
}

/// Answers each line of JSON with `<`, `=` or `>`, and with `?` for an ecosystem that is not known.
fn compare_versions() -> Result<u8> {
    let mut answers = String::new();
    for line in io::stdin().lock().lines() {
        let pair: Pair =
            serde_json::from_str(&line?).context("each line holds `eco`, `a` and `b` as JSON")?;
        let ecosystem = match pair.eco.as_str() {
            "semver" => Some(Ecosystem::Npm),
            name => Ecosystem::from_name(name),
        };
        let order = ecosystem.map(|ecosystem| Version::compare(ecosystem, &pair.a, &pair.b));
        answers.push_str(match order {
            Some(Ordering::Less) => "<\n",
            Some(Ordering::Equal) => "=\n",
            Some(Ordering::Greater) => ">\n",
            None => "?\n",
        });
    }
    write_stdout(|out| out.write_all(answers.as_bytes()))?;
    Ok(CLEAN)
}
