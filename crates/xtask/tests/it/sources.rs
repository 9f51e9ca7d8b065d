//! What sources may not name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::files;

/// Crates that know frameworks by their models only.
const NEUTRAL: &[&str] = &[
    "routeward-flow",
    "routeward-endpoints",
    "routeward-lints",
    "routeward-engine",
    "routeward-ir",
    "routeward-formats",
];
/// Crates that stand below the engine: what they compute is a function of what they are given.
const PURE: &[&str] = &[
    "routeward-base",
    "routeward-diag",
    "routeward-ir",
    "routeward-formats",
    "routeward-syntax",
    "routeward-catalog",
    "routeward-flow",
    "routeward-endpoints",
    "routeward-lints",
    "routeward-deps",
    "routeward-secrets",
    "routeward-settings",
];
/// The one door to files.
const DOOR: &str = "routeward-base/src/fs.rs";
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::time",
    "std::thread",
    "println!",
    "eprintln!",
    "print!",
    "dbg!",
];

/// Names of models that are words of their own: a protocol, a form of token, and the web.
const ORDINARY: &[&str] = &["graphql", "jwt", "web"];

/// A framework is data. A text that is the name of a modelled package shows that Rust knows one.
#[test]
fn frameworks_are_named_in_models_only() {
    let packages = packages();
    assert!(packages.contains("express"), "the packages of the models can be read");
    let mut wrong = Vec::new();
    for name in NEUTRAL {
        for (path, code) in sources(name) {
            for literal in literals(&code) {
                if packages.contains(literal) && !ORDINARY.contains(&literal) {
                    wrong.push(format!("{path}: \"{literal}\""));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn below_the_engine_nothing_touches_the_outside() {
    let languages = files("crates", &["src/lib.rs"]);
    let languages =
        languages.iter().filter_map(|path| path.to_str()?.split("crates/").nth(1)?.split('/').next());
    let languages = languages.filter(|name| name.starts_with("routeward-lang-"));
    let mut wrong = Vec::new();
    for name in PURE.iter().copied().chain(languages) {
        for (path, code) in sources(name) {
            if path.ends_with(DOOR) {
                continue;
            }
            for (number, line) in (1..).zip(code.lines()) {
                let is_code = !line.trim_start().starts_with("//");
                let grouped = line.trim_start().strip_prefix("use std::{").is_some_and(|list| {
                    list.split([',', '}', ':'])
                        .any(|part| OUTSIDE.contains(&format!("std::{}", part.trim()).as_str()))
                });
                if is_code && (grouped || OUTSIDE.iter().any(|word| holds(line, word))) {
                    wrong.push(format!("{path}:{number}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What reaches other machines, but for the door and the command that opens it.
#[test]
fn the_network_has_one_door() {
    const DOOR: &str = "routeward-fetch/";
    // Starts servers to compare with, and is not a part of what users get.
    const BUILD: &str = "crates/xtask/";
    const OPENS: &str = "routeward/src/advisories/update.rs";
    let mut opened = Vec::new();
    let mut wrong = Vec::new();
    for path in files("crates", &[".rs"]) {
        let name = path.display().to_string();
        if name.contains(DOOR) || name.contains(BUILD) || is_test(&path) {
            continue;
        }
        let code = fs::read_to_string(&path).expect("readable");
        let lines = (1..).zip(code.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, line) in lines {
            if holds(line, "routeward_fetch") {
                opened.push(name.clone());
            }
            let words = ["std::net", "TcpStream", "UdpSocket", "UnixStream", "ureq::", "rustls::"];
            if words.iter().any(|word| holds(line, word)) {
                wrong.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    opened.dedup();
    assert!(matches!(&opened[..], [only] if only.ends_with(OPENS)), "{opened:?}");
}

/// Every file says what it is about, and nothing is silenced without a reason.
#[test]
fn files_say_their_subject() {
    for path in files("crates", &[".rs"]) {
        let code = fs::read_to_string(&path).expect("readable");
        assert!(code.starts_with("//!"), "{} does not begin with //!", path.display());
    }
}

/// True if the word stands in the line, not as a part of a longer one.
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// The package names that models speak of: `package = "…"`.
fn packages() -> BTreeSet<String> {
    let mut packages = BTreeSet::new();
    for path in files("lints/models", &[".toml"]) {
        let text = fs::read_to_string(&path).expect("readable");
        for line in text.lines() {
            if let Some((_, name)) = line.split_once('=').filter(|(key, _)| key.trim() == "package") {
                packages.insert(name.trim().trim_matches('"').to_owned());
            }
        }
    }
    packages
}

/// The sources of a crate without its tests.
fn sources(name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in files(&format!("crates/{name}/src"), &[".rs"]) {
        if is_test(&path) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("readable");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let code = code.split("#[cfg(test)]\n#[expect").next().unwrap_or_default();
        found.push((path.display().to_string(), code.to_owned()));
    }
    assert!(!found.is_empty(), "{name} has sources");
    found
}

fn is_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs") || path.iter().any(|part| part == "tests")
}

/// The plain texts of a source file. Comments are skipped by line, which is enough for this code.
fn literals(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        found.extend(line.split('"').skip(1).step_by(2));
    }
    found
}
