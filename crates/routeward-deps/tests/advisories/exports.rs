//! Whole exports, where they lie beside the repository: in `../shared/advisories` or in the folder that
//! `ROUTEWARD_ADVISORIES` names. No test needs them.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use routeward_deps::{Ecosystem, Import, Index, Version};
use serde_json::Value;
use zip::ZipArchive;

use crate::reference::{is_vulnerable, list, text};

/// The archives, unless there are none.
pub(crate) fn archives() -> Option<Vec<PathBuf>> {
    let named = env::var_os("ROUTEWARD_ADVISORIES").map(PathBuf::from);
    let folder =
        named.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/advisories").into());
    let Ok(entries) = folder.read_dir() else {
        eprintln!("skipped: there is no folder {}", folder.display());
        return None;
    };
    let mut all: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    all.retain(|path| path.extension().is_some_and(|extension| extension == "zip"));
    all.sort();
    Some(all)
}

/// All records of some archives.
pub(crate) fn records(archives: &[PathBuf]) -> Vec<Value> {
    let mut all = Vec::new();
    for path in archives {
        let mut archive = ZipArchive::new(File::open(path).expect("readable")).expect("an archive");
        for at in 0..archive.len() {
            let mut json = Vec::new();
            archive.by_index(at).expect("a file").read_to_end(&mut json).expect("readable");
            all.push(serde_json::from_slice(&json).expect("a record"));
        }
    }
    all
}

/// Compares the index with the plain reading of the records: at each version that is named anywhere for a package, the
/// index finds the same ids.
#[test]
fn the_index_says_what_the_records_say() {
    let Some(archives) = archives() else { return };
    let mut import = Import::default();
    // Records by package, and the versions that they name.
    let mut packages: BTreeMap<(Ecosystem, String), (Vec<Value>, BTreeSet<String>)> = BTreeMap::new();
    for record in records(&archives) {
        import.add_record("", record.to_string().as_bytes());
        for affected in list(&record["affected"]) {
            let package = &affected["package"];
            let Some(ecosystem) = Ecosystem::from_name(text(&package["ecosystem"])) else { continue };
            let key = (ecosystem, ecosystem.fold(text(&package["name"])));
            let (records, versions) = packages.entry(key).or_default();
            if records.last().is_none_or(|last| last["id"] != record["id"]) {
                records.push(record.clone());
            }
            let ranges = list(&affected["ranges"]).iter().filter(|range| range["type"] != "GIT");
            let events = ranges.flat_map(|range| list(&range["events"])).filter_map(Value::as_object);
            versions.extend(events.flat_map(|event| event.values()).map(|it| text(it).to_owned()));
            versions.extend(list(&affected["versions"]).iter().map(|it| text(it).to_owned()));
        }
    }
    let index = Index::open(import.finish().bytes).expect("it can be read");
    let mut pairs = 0;
    for ((ecosystem, name), (records, versions)) in &packages {
        // Of the longest lists every so many.
        for version in versions.iter().step_by(versions.len().div_ceil(12)) {
            pairs += 1;
            let expected: BTreeSet<&str> = records
                .iter()
                .filter(|record| is_vulnerable(record, *ecosystem, name, version))
                .map(|record| text(&record["id"]))
                .collect();
            let parsed = Version::new(*ecosystem, version);
            let found: Vec<String> = index
                .find(*ecosystem, name)
                .filter(|record| record.affects(&parsed))
                .flat_map(routeward_deps::Record::ids)
                .collect();
            let known: BTreeSet<&str> = records.iter().map(|record| text(&record["id"])).collect();
            let actual: BTreeSet<&str> =
                found.iter().map(String::as_str).filter(|id| known.contains(id)).collect();
            // Of joined records one says it for all, so others may be found besides, but none of them is missing.
            assert!(expected.is_subset(&actual), "{name} {version}: {expected:?} against {actual:?}");
            for id in actual.difference(&expected) {
                let group = found.iter().any(|other| expected.contains(other.as_str()));
                assert!(group, "{name} {version}: {id} is not said by any record");
            }
        }
    }
    assert!(pairs > 5_000, "{pairs} pairs were compared");
}

/// How large the index is and how long it takes: figures to read with `--nocapture`, and bounds that hold anyhow.
#[test]
fn the_index_is_small() {
    let Some(archives) = archives() else { return };
    let start = Instant::now();
    let mut import = Import::default();
    for path in archives {
        import.add_archive("", File::open(path).expect("readable")).expect("an archive");
    }
    let imported = import.finish();
    let (records, size) = (imported.records, imported.bytes.len());
    eprintln!("import: {:?}, {size} bytes, {} a record", start.elapsed(), size / records.max(1));
    assert_eq!((imported.broken, imported.named), (0, Vec::new()));
    assert!(size <= records * 130, "{size} bytes for {records} records");
    let start = Instant::now();
    let index = Index::open(imported.bytes).expect("it can be read");
    eprintln!("open: {:?}", start.elapsed());
    let start = Instant::now();
    let names: Vec<(Ecosystem, &str)> = index.iter().map(|(ecosystem, name, _)| (ecosystem, name)).collect();
    let live = names.iter().flat_map(|(ecosystem, name)| index.find(*ecosystem, name));
    let found = live.filter(|record| !record.is_withdrawn()).count();
    eprintln!("look up: {} packages, {found} advisories: {:?}", names.len(), start.elapsed());
    assert_eq!(found, index.advisories());
    for part in index.coverage() {
        eprintln!("{part:?}");
    }
}
