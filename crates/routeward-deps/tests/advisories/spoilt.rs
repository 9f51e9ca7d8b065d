//! Bytes that are no index any more.

use std::io::{Cursor, Write};
use std::panic::catch_unwind;

use routeward_deps::{Ecosystem, Import, ImportError, Index, IndexError, Version};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::import;

fn bytes() -> Vec<u8> {
    let record = |number: u32| {
        format!(
            r#"{{"id": "GO-2024-{number:04}", "aliases": ["CVE-2024-000{number}", "GHSA-2222-3333-444{number}", "ACME-{number}"],
            "modified": "2024-01-0{number}T00:00:00Z", "summary": "The same for all",
            "affected": [{{"package": {{"ecosystem": "Go", "name": "acme.io/v{}"}}, "versions": ["7.0.0"],
                "ranges": [{{"type": "SEMVER", "events": [{{"introduced": "1.0.0"}}, {{"fixed": "1.2.0"}}]}}],
                "ecosystem_specific": {{"imports": [{{"path": "acme.io", "symbols": ["Serve", "Stop"]}}]}}}}]}}"#,
            number % 3
        )
    };
    let records: Vec<String> = (1..=6).map(record).collect();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    import(&records).bytes
}

/// Reads all that an index says.
fn read_all(index: &Index) {
    let version = Version::new(Ecosystem::Go, "1.1.0");
    for (ecosystem, package, found) in index.iter() {
        for record in found {
            let _ = (record.affects(&version), record.fixed_above(&version), record.read(package));
        }
        let _ = index.find(ecosystem, package).count();
    }
    let _ = index.coverage();
}

/// Each byte of the body is changed in several ways, with a checksum that holds: nothing panics and all comes to an end.
#[test]
fn a_changed_index_is_refused_or_read_without_panic() {
    let good = bytes();
    let body = good.len() - blake3::OUT_LEN;
    read_all(&Index::open(good.clone()).expect("it is good"));
    for at in 0..body {
        for change in [1, 2, 0x40, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= change;
            assert!(Index::open(bytes.clone()).is_err(), "byte {at} changed, checksum as it was");
            let checksum = blake3::hash(&bytes[..body]);
            bytes[body..].copy_from_slice(checksum.as_bytes());
            let result = catch_unwind(|| Index::open(bytes).iter().for_each(read_all));
            assert!(result.is_ok(), "byte {at} ^ {change:#x} panics");
        }
    }
}

#[test]
fn a_part_of_an_index_is_refused() {
    let good = bytes();
    for length in 0..good.len() {
        assert!(Index::open(good[..length].to_vec()).is_err(), "the first {length} bytes");
    }
    let longer = [good.as_slice(), &[0]].concat();
    assert!(matches!(Index::open(longer), Err(IndexError::Length { .. })));
}

#[test]
fn an_error_says_what_is_wrong() {
    let check = |change: &dyn Fn(&mut Vec<u8>), expected: &str| {
        let mut bytes = bytes();
        change(&mut bytes);
        assert_eq!(
            Index::open(bytes).map_err(|error| error.to_string()).expect_err("it is refused"),
            expected
        );
    };
    check(&|bytes| bytes.clear(), "it is no index of advisories");
    check(
        &|bytes| bytes[8] = 9,
        "its layout has the number 9, this program reads 1; a later version wrote it",
    );
    check(
        &|bytes| bytes[8] = 0,
        "its layout has the number 0, this program reads 1; import the advisories again",
    );
    check(
        &|bytes| bytes.truncate(100),
        &format!(
            "it is 100 bytes long where {} are expected; it was not written or copied completely",
            bytes().len()
        ),
    );
    check(&|bytes| bytes[150] ^= 1, "its checksum does not hold; it was damaged");
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

fn record(id: &str) -> String {
    format!(
        r#"{{"id": "{id}", "modified": "2024-01-01T00:00:00Z", "affected": [{{"package": {{"ecosystem": "npm",
        "name": "acme"}}, "versions": ["1.0.0"]}}]}}"#
    )
}

/// How many records of an archive can be used, and what is said of the others.
fn check_archive(files: &[(&str, &[u8])], usable: u32, reasons: &[&str]) {
    let mut import = Import::default();
    import.add_archive("a.zip", Cursor::new(archive(files))).expect("an archive");
    let count = import.usable().0;
    let imported = import.finish();
    let said: Vec<&str> = imported.named.iter().map(|broken| broken.reason.as_str()).collect();
    assert_eq!((count, said), (usable, reasons.to_vec()));
}

#[test]
fn an_archive_that_was_made_to_do_harm_does_none() {
    let good = record("ACME-1");
    // No file is written, so its name does not matter.
    check_archive(
        &[("../../evil.json", good.as_bytes()), ("/etc/evil.json", good.as_bytes()), ("a/", b"")],
        2,
        &[],
    );
    let large = format!("{{\"id\": \"{}\"", " ".repeat(17 * 1024 * 1024));
    check_archive(
        &[("1.json", large.as_bytes()), ("2.json", good.as_bytes())],
        1,
        &["it is larger than 16777216 bytes"],
    );
    let many = format!("[{}]", vec![good.as_str(); 10_000].join(","));
    check_archive(
        &[("all.json", many.as_bytes()), ("deep.json", "[".repeat(100_000).as_bytes()), ("no.json", b"\xff")],
        0,
        &["it is no JSON object", "it is no JSON object", "it is no JSON object"],
    );
    // A record that says of no version that it is affected affects none.
    let bare = r#"{"id": "ACME-2", "modified": "x", "affected": [{"package": {"ecosystem": "npm", "name": "acme"}},
        {"package": {"ecosystem": "npm", "name": "acme"}, "ranges": [{"type": "SEMVER"}], "versions": []}]}"#;
    check_archive(&[("1.json", bare.as_bytes())], 1, &[]);

    let zeros = vec![b' '; 15 * 1024 * 1024];
    let names: Vec<String> = (0..6).map(|number| format!("{number}.json")).collect();
    let bomb: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let bomb = archive(&bomb);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let result = Import::default().add_archive("bomb.zip", Cursor::new(bomb));
    assert!(matches!(result, Err(ImportError::Growth)), "{result:?}");
}

#[test]
fn many_records_of_one_package_are_kept_and_copies_are_not() {
    let records: Vec<String> = (0..10_000).map(|number| record(&format!("ACME-{}", number / 2))).collect();
    let all: Vec<&str> = records.iter().map(String::as_str).collect();
    let index = Index::open(import(&all).bytes).expect("it can be read");
    assert_eq!((index.packages(), index.advisories()), (1, 5_000));
    assert_eq!(index.find(Ecosystem::Npm, "acme").count(), 5_000);
}
