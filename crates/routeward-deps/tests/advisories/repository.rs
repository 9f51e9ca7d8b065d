//! What a repository depends on, against what is known: which version counts, how it gets there, and what would do.

use std::fmt::Write as _;
use std::sync::Arc;

use expect_test::{Expect, expect};
use routeward_base::{FileId, Idx};
use routeward_deps::{Advisories, Advisory, Dependencies, Listed, read};

use crate::{import, open};

/// Records as `ID PACKAGE FIXED…`: each interval begins at once behind the one before it, the first at zero.
fn records(ecosystem: &str, lines: &[&str]) -> Vec<String> {
    let record = |line: &&str| {
        let mut words = line.split(' ');
        let (id, package) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let ranges: Vec<String> = words
            .map(|range| {
                let (from, to) = range.split_once("..").unwrap_or(("0", range));
                format!(
                    r#"{{"type": "ECOSYSTEM", "events": [{{"introduced": "{from}"}}, {{"fixed": "{to}"}}]}}"#
                )
            })
            .collect();
        format!(
            r#"{{"id": "{id}", "modified": "2026-01-02T00:00:00Z", "affected": [{{"package": {{"ecosystem": "{ecosystem}", "name": "{package}"}}, "ranges": [{}]}}]}}"#,
            ranges.join(", ")
        )
    };
    lines.iter().map(record).collect()
}

/// Shows the packages of which something is known.
fn check(ecosystem: &str, known: &[&str], files: &[(&str, &str)], expected: &Expect) {
    let all = records(ecosystem, known);
    let texts: Vec<&str> = all.iter().map(String::as_str).collect();
    let listed = |(raw, (path, text)): (usize, &(&str, &str))| Listed {
        file: FileId::new(raw as u32),
        path: (*path).to_owned(),
        listing: read(path, text).expect("it lists dependencies"),
        beside: Vec::new(),
    };
    let files_listed = files.iter().enumerate().map(listed).collect();
    let advisories = Advisories::new(Some(open(import(&texts))));
    let dependencies = Dependencies::new(files_listed, Arc::new(advisories));
    let mut shown = String::new();
    for package in dependencies.packages().iter().filter(|package| !package.advisories.is_empty()) {
        let ids: Vec<&str> = package.advisories.iter().map(Advisory::id).collect();
        let fixed = package.fixed().unwrap_or("nothing");
        let _ = writeln!(shown, "{} {}: {}; {fixed} would do", package.name, package.version, ids.join(", "));
        for it in &package.uses {
            let way: Vec<&str> = it.way().iter().map(|dependency| dependency.name.as_str()).collect();
            let said = it.place().span.of(files[it.listed.file.raw() as usize].1);
            let _ =
                writeln!(shown, "  {} `{said}` {:?} by {}", it.listed.path, package.scope(), way.join(" > "));
        }
    }
    expected.assert_eq(&shown);
}

const LOCK: &str = r#"{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "frame": "^1.0.0" }, "devDependencies": { "probe": "1.0.0" } },
    "node_modules/frame": { "version": "1.2.0", "dependencies": { "parts": "^2.0.0" } },
    "node_modules/parts": { "version": "2.0.0", "dependencies": { "bolt": "*" } },
    "node_modules/bolt": { "version": "0.9.0" },
    "node_modules/probe": { "version": "1.0.0", "dev": true }
  }
}"#;
const MANIFEST: &str = r#"{ "dependencies": { "frame": "1.0.0" } }"#;

#[test]
fn what_is_installed_counts_and_the_way_there_is_told() {
    let known =
        ["A-1 bolt 0.9.1", "A-2 bolt 0.9.1..1.1.0", "A-3 probe 2.0.0", "A-4 frame 1.1.0", "A-5 other 9.0.0"];
    check(
        "npm",
        &known,
        &[("package-lock.json", LOCK), ("package.json", MANIFEST)],
        &expect![[r#"
        bolt 0.9.0: A-1; 1.1.0 would do
          package-lock.json `0.9.0` Runtime by frame > parts > bolt
        probe 1.0.0: A-3; 2.0.0 would do
          package-lock.json `1.0.0` Development by probe
    "#]],
    );
}

#[test]
fn what_a_manifest_pins_counts_where_nothing_is_locked() {
    let known = ["A-4 frame 1.1.0"];
    check(
        "npm",
        &known,
        &[("app/package.json", MANIFEST)],
        &expect![[r#"
        frame 1.0.0: A-4; 1.1.0 would do
          app/package.json `1.0.0` Runtime by frame
    "#]],
    );
    check("npm", &known, &[("app/package.json", MANIFEST), ("package-lock.json", LOCK)], &expect![[""]]);
    check(
        "npm",
        &known,
        &[("application/package.json", MANIFEST), ("app/package-lock.json", LOCK)],
        &expect![[r#"
            frame 1.0.0: A-4; 1.1.0 would do
              application/package.json `1.0.0` Runtime by frame
        "#]],
    );
}

#[test]
fn one_version_is_told_once_with_all_its_places() {
    let known = ["P-1 some-thing 2.0", "P-2 some-thing 1.5..3.0"];
    let files = [
        ("a/requirements.txt", "Some_Thing==1.6\n"),
        ("b/requirements.txt", "# needed\nsome.thing == 1.6.0\n"),
    ];
    check(
        "PyPI",
        &known,
        &files,
        &expect![[r#"
        Some_Thing 1.6: P-1, P-2; 3.0 would do
          a/requirements.txt `1.6` Runtime by Some_Thing
          b/requirements.txt `1.6.0` Runtime by some.thing
    "#]],
    );
}

/// What a catalog holds is needed when those who ask for it by the catalog need it.
#[test]
fn versions_are_kept_for_the_manifests_below() {
    let known = ["A-1 bolt 0.9.1", "A-2 nut 2.0.0", "A-3 pin 2.0.0"];
    let catalogs = "catalog:\n  bolt: 0.9.0\n  nut: 1.0.0\ncatalogs:\n  old:\n    pin: 1.0.0\n";
    let library = r#"{ "devDependencies": { "bolt": "catalog:", "nut": "catalog:", "pin": "catalog:old" } }"#;
    let service = r#"{ "dependencies": { "nut": "catalog:" } }"#;
    check(
        "npm",
        &known,
        &[
            ("pnpm-workspace.yaml", catalogs),
            ("packages/lib/package.json", library),
            ("packages/api/package.json", service),
        ],
        &expect![[r#"
            bolt 0.9.0: A-1; 0.9.1 would do
              pnpm-workspace.yaml `0.9.0` Development by bolt
            nut 1.0.0: A-2; 2.0.0 would do
              pnpm-workspace.yaml `1.0.0` Runtime by nut
            pin 1.0.0: A-3; 2.0.0 would do
              pnpm-workspace.yaml `1.0.0` Development by pin
        "#]],
    );
}

#[test]
fn a_way_ends_where_packages_ask_for_each_other() {
    let lock = r#"{"packages": {
        "node_modules/a": { "version": "1.0.0", "dependencies": { "b": "1" } },
        "node_modules/b": { "version": "1.0.0", "dependencies": { "a": "1", "b": "1" } }
    }}"#;
    let known = ["A-1 a 2.0.0"];
    check(
        "npm",
        &known,
        &[("package-lock.json", lock)],
        &expect![[r#"
        a 1.0.0: A-1; 2.0.0 would do
          package-lock.json `1.0.0` Runtime by a
    "#]],
    );
    let pnpm = "lockfileVersion: '9.0'\nimporters:\n  .: {}\npackages:\n  a@1.0.0: {}\n  b@1.0.0: {}\nsnapshots:\n  \
                a@1.0.0:\n    dependencies:\n      b: 1.0.0\n  b@1.0.0:\n    dependencies:\n      a: 1.0.0\n";
    check(
        "npm",
        &known,
        &[("pnpm-lock.yaml", pnpm)],
        &expect![[r#"
        a 1.0.0: A-1; 2.0.0 would do
          pnpm-lock.yaml `1.0.0` Runtime by a
    "#]],
    );
    let cargo = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
                 dependencies = [\"b\"]\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"a\"]\n\
                 source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    check(
        "crates.io",
        &known,
        &[("Cargo.lock", cargo), ("Cargo.toml", "[dependencies]\n")],
        &expect![[r#"
        a 1.0.0: A-1; 2.0.0 would do
          Cargo.lock `1.0.0` Runtime by a
    "#]],
    );
}

/// A lockfile of another ecosystem in between is not the lockfile of a manifest.
#[test]
fn manifests_belong_to_the_lockfile_of_their_own_ecosystem() {
    let known = ["A-1 bolt 0.9.1"];
    let yarn = "bolt@^0.9.0:\n  version \"0.9.0\"\n";
    let manifest = r#"{ "devDependencies": { "bolt": "^0.9.0" } }"#;
    let poetry = "[[package]]\nname = \"acme\"\nversion = \"1.0\"\n";
    check(
        "npm",
        &known,
        &[("yarn.lock", yarn), ("api/package.json", manifest), ("api/poetry.lock", poetry)],
        &expect![[r#"
            bolt 0.9.0: A-1; 0.9.1 would do
              yarn.lock `0.9.0` Development by bolt
        "#]],
    );
}
