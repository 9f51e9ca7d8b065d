//! Advisories are imported from files and told of with their age.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use expect_test::{Expect, expect};

use crate::{stderr, stdout, write};

const RECORD: &str = r#"{"id": "PYSEC-2024-1", "modified": "2024-02-29T10:00:00Z", "affected": [
    {"package": {"ecosystem": "PyPI", "name": "acme"}, "versions": ["1.0"]}]}"#;

fn run(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_routeward"));
    command.arg("advisories").args(args).current_dir(dir);
    command.env("ROUTEWARD_ADVISORY_DB", "cache/own.idx").output().expect("the binary runs")
}

/// Without the lines about what is built in, which change with it, and without ages.
fn check(dir: &Path, args: &[&str], expected: &Expect) {
    let output = run(dir, args);
    let code = output.status.code().unwrap_or(-1);
    let lines = stdout(&output) + &stderr(&output);
    let lines =
        lines.lines().filter(|line| !line.contains(" routeward ")).map(|line| match line.find(", ") {
            Some(at) if line.starts_with("  ") => &line[..at],
            _ => line,
        });
    let text: Vec<&str> = lines.collect();
    expected.assert_eq(&format!("exit {code}\n{}\n", text.join("\n")));
}

#[test]
fn records_are_imported_and_what_cannot_be_is_left_as_it_was() {
    let dir = tempfile::tempdir().expect("a folder");
    let status = |expected: &Expect| check(dir.path(), &["status"], expected);
    status(&expect![[r#"
        exit 0
        nothing is imported; `routeward advisories update` fetches what there is
        built in, for packages that APIs are often made with
        covered in part: crates.io, npm, PyPI, Go, Maven, NuGet, Packagist, RubyGems
        not covered: Hex, Pub
    "#]]);
    write(dir.path(), "osv/PyPI/1.json", RECORD);
    write(dir.path(), "osv/PyPI/2.json", "{}");
    write(dir.path(), "osv/readme.txt", "no record");
    check(
        dir.path(),
        &["import", "osv"],
        &expect![[r#"
            exit 0
            1 records: 1 advisories for 1 packages
            written to cache/own.idx
            left out osv/PyPI/2.json: missing field `id` at line 1 column 2
            1 of 2 records could not be read
        "#]],
    );
    let imported = expect![[r#"
        exit 0
        imported, in cache/own.idx
          PyPI       PYSEC            1  2024-02-29
        built in, for packages that APIs are often made with
        covered in part: crates.io, npm, Go, Maven, NuGet, Packagist, RubyGems
        not covered: Hex, Pub
    "#]];
    status(&imported);
    write(dir.path(), "broken.zip", "no archive");
    write(dir.path(), "other/2.json", "{}");
    for (path, message) in [
        ("broken.zip", "cannot read broken.zip: it cannot be read as a ZIP archive"),
        ("missing", "cannot read missing"),
        ("other", "no OSV record was found; what was imported before stays as it is"),
    ] {
        let output = run(dir.path(), &["import", path]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
        status(&imported);
    }
    let files: Vec<_> = fs::read_dir(dir.path().join("cache")).expect("a folder").flatten().collect();
    assert_eq!(files.len(), 1, "nothing half-written is left");
}

#[test]
fn a_damaged_index_is_no_index() {
    let dir = tempfile::tempdir().expect("a folder");
    write(dir.path(), "1.json", RECORD);
    assert!(run(dir.path(), &["import", "1.json"]).status.success());
    let path = dir.path().join("cache/own.idx");
    let mut bytes = fs::read(&path).expect("it is there");
    bytes[60] ^= 1;
    fs::write(&path, bytes).expect("written");
    check(
        dir.path(),
        &["status"],
        &expect![[r#"
            exit 2
            error: cannot use cache/own.idx; remove it, or import again with `routeward advisories import`: its checksum does not hold; it was damaged
        "#]],
    );
}
