//! Bytes that are no index any more.

use std::panic::catch_unwind;

use routeward_deps::{Ecosystem, Index, IndexError, Version};

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
        "its layout has the number 9, this program reads 1; import the advisories again",
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
