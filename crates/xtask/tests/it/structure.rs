//! Dependencies between the crates of the workspace point down one list.

use std::process::Command;

use serde_json::Value;

use crate::root;

/// A crate may use those below it only. Parser crates, named `routeward-lang-*`, stand between the two halves.
const ABOVE: &[&str] = &[
    "xtask",
    "routeward",
    "routeward-lsp",
    "routeward-test",
    "routeward-report",
    "routeward-git",
    "routeward-engine",
    "routeward-lints",
    "routeward-endpoints",
    "routeward-flow",
    "routeward-deps",
    "routeward-secrets",
    "routeward-settings",
];
const BELOW: &[&str] = &[
    "routeward-formats",
    "routeward-syntax",
    "routeward-catalog",
    "routeward-ir",
    "routeward-diag",
    "routeward-base",
];
/// Stands below whatever it is used by: for tests only.
const FOR_TESTS: &str = "routeward-test";

fn height(name: &str) -> Option<usize> {
    if name.starts_with("routeward-lang-") {
        return Some(BELOW.len());
    }
    let from_bottom = |list: &[&str]| list.iter().rev().position(|other| *other == name);
    from_bottom(BELOW).or_else(|| Some(from_bottom(ABOVE)? + BELOW.len() + 1))
}

#[test]
fn dependencies_point_down() {
    let mut wrong = Vec::new();
    for package in packages() {
        let name = text(&package["name"]);
        let Some(own) = height(name) else {
            wrong.push(format!("{name}: has no place in the list of this test"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // Those from this workspace have a path.
            if dependency["path"].is_null() {
                continue;
            }
            let (other, kind) = (text(&dependency["name"]), dependency["kind"].as_str());
            if other == FOR_TESTS && kind == Some("dev") {
                continue;
            }
            if other == FOR_TESTS || height(other).is_none_or(|other| other >= own) {
                wrong.push(format!("{name} uses {other}, which is not below it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Adapters to a language know the IR and their grammar, and nothing of what is made of it.
#[test]
fn grammars_are_known_to_parser_crates_only() {
    for package in packages() {
        let name = text(&package["name"]);
        let is_adapter = name.starts_with("routeward-lang-") || name == "routeward-syntax";
        let grammars = package["dependencies"].as_array().into_iter().flatten();
        let grammars = grammars.filter(|it| text(&it["name"]).starts_with("tree-sitter")).count();
        assert!(is_adapter || grammars == 0, "{name} knows a grammar");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn packages() -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}
