//! Dependencies between the crates of the workspace point down one list.

use std::collections::{BTreeMap, BTreeSet};
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
    "routeward-fetch",
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

/// Libraries that other machines are reached with.
const NETWORK: &[&str] = &[
    "async-std",
    "attohttpc",
    "curl",
    "h2",
    "hyper",
    "isahc",
    "minreq",
    "mio",
    "native-tls",
    "openssl",
    "quinn",
    "reqwest",
    "rustls",
    "smol",
    "socket2",
    "tiny_http",
    "tokio",
    "tungstenite",
    "ureq",
    "ureq-proto",
];
/// The one door to the network, and what may open it.
const DOOR: &str = "routeward-fetch";
const OPENS: &str = "routeward";

/// Whatever crate depends on what, the way to a library of the network leads through the door.
#[test]
fn the_network_is_reached_through_one_door() {
    let metadata = metadata(&["--filter-platform", &host()]);
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let mut uses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
        let needed = node["deps"].as_array().into_iter().flatten().filter(|dependency| {
            let kinds = dependency["dep_kinds"].as_array();
            kinds.into_iter().flatten().any(|kind| kind["kind"] != "dev")
        });
        uses.insert(text(&node["id"]), needed.map(|dependency| text(&dependency["pkg"])).collect());
    }
    let members: Vec<&str> =
        metadata["workspace_members"].as_array().into_iter().flatten().map(text).collect();
    assert!(members.len() > 10 && uses.len() > 100, "the graph is there");
    let door = members.iter().find(|id| names[*id] == DOOR).expect("the door is there");
    let users: Vec<&str> = members.iter().filter(|id| uses[*id].contains(door)).map(|id| names[id]).collect();
    assert_eq!(users, [OPENS]);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = members.iter().copied().filter(|id| id != door).collect();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(uses[id].iter().copied().filter(|id| id != door));
        }
    }
    let reached: Vec<&str> = seen.iter().map(|id| names[id]).filter(|name| NETWORK.contains(name)).collect();
    assert!(reached.is_empty(), "reached without the door: {}", reached.join(", "));
    // What could speak git with others is there without the half that connects.
    let nodes = metadata["resolve"]["nodes"].as_array().into_iter().flatten();
    let speaks = nodes.filter(|node| names[text(&node["id"])] == "gix-transport");
    let features = speaks.flat_map(|node| node["features"].as_array().into_iter().flatten()).map(text);
    let connects: Vec<&str> = features.filter(|feature| feature.contains("client")).collect();
    assert!(connects.is_empty(), "git reaches the network: {}", connects.join(", "));
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn packages() -> Vec<Value> {
    metadata(&["--no-deps"])["packages"].as_array().expect("packages").clone()
}

fn metadata(args: &[&str]) -> Value {
    let output = cargo(&[&["metadata", "--offline", "--format-version", "1"], args].concat());
    serde_json::from_str(&output).expect("JSON")
}

/// The platform that this is built for: libraries of others may not have been downloaded.
fn host() -> String {
    let version = cargo(&["-vV"]);
    version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo knows it").to_owned()
}

fn cargo(args: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(args).current_dir(root()).output().expect("cargo runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}
