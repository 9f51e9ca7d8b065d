//! The lockfiles of whole repositories, against all records one by one: run where `ROUTEWARD_REPOSITORIES` names a
//! folder with a repository in each folder of it, beside the exports that `exports.rs` finds.
//!
//! Nothing is shared with what is tested but the reading of lockfiles and the order of versions, which have tests of
//! their own: records are read as JSON, those that share a name are put together by comparing all with all, and each
//! version is looked at in the words of the schema.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use routeward_base::{FileId, Idx};
use routeward_deps::{Advisories, Dependencies, Ecosystem, Import, Index, Listed, kind_of, read};
use serde_json::{Value, json};

use crate::exports::{archives, records};
use crate::reference::{is_vulnerable, list, text};

const VARIABLE: &str = "ROUTEWARD_REPOSITORIES";

/// A package, its version, and the first of the names of a weakness in order.
type Told = (Ecosystem, String, String, String);

#[test]
fn repositories_are_told_what_the_records_say() {
    let Some(folder) = env::var_os(VARIABLE).map(PathBuf::from) else {
        eprintln!("skipped: {VARIABLE} names no folder");
        return;
    };
    let Some(archives) = archives() else { return };
    let mut import = Import::default();
    let mut all = Vec::new();
    for record in records(&archives) {
        import.add_record("", record.to_string().as_bytes());
        all.push(record);
    }
    let reference = Reference::new(all);
    let advisories = Arc::new(Advisories::new(Some(Index::open(import.finish().bytes).expect("an index"))));
    let mut repositories: Vec<PathBuf> =
        fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    repositories.sort();
    let (mut packages, mut found, mut with_packages) = (0, BTreeMap::<Ecosystem, (u32, u32)>::new(), 0);
    for repository in &repositories {
        let dependencies = Dependencies::new(listed(repository), Arc::clone(&advisories));
        let (mut expected, mut actual): (BTreeSet<Told>, BTreeSet<Told>) = Default::default();
        let listed = dependencies.packages();
        with_packages += u32::from(!listed.is_empty());
        for package in &listed {
            packages += 1;
            found.entry(package.ecosystem).or_default().0 += 1;
            let name = package.ecosystem.fold(package.name);
            let told =
                |id: &str| (package.ecosystem, name.clone(), package.version.to_owned(), id.to_owned());
            expected.extend(
                reference.against(package.ecosystem, &name, package.version).iter().map(|id| told(id)),
            );
            actual.extend(package.advisories.iter().filter_map(|it| it.ids.iter().min()).map(|id| told(id)));
        }
        for (ecosystem, ..) in &actual {
            found.entry(*ecosystem).or_default().1 += 1;
        }
        let (missing, more): (Vec<_>, Vec<_>) =
            (expected.difference(&actual).collect(), actual.difference(&expected).collect());
        assert!(
            missing.is_empty() && more.is_empty(),
            "{}: missing {missing:#?}, more {more:#?}",
            repository.display()
        );
    }
    eprintln!("{with_packages} repositories, {packages} packages: {found:#?}");
    assert!(packages > 0, "no package was found");
}

/// The files of a repository that list dependencies.
fn listed(repository: &Path) -> Vec<Listed> {
    let (mut open, mut paths) = (vec![repository.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(kind) if kind.is_file() => paths.push(entry.path()),
                _ => {}
            }
        }
    }
    paths.sort();
    let listed = |(raw, path): (u32, &PathBuf)| {
        let relative = path.strip_prefix(repository).ok()?.to_str()?.to_owned();
        kind_of(&relative)?;
        let bytes = fs::read(path).ok()?;
        let listing = read(&relative, &String::from_utf8_lossy(&bytes))?;
        Some(Listed { file: FileId::new(raw), path: relative, listing, beside: Vec::new() })
    };
    (0..).zip(&paths).filter_map(listed).collect()
}

/// All records, and the facts of `lints/advisories` written as such.
struct Reference {
    /// By package: records that tell of it, imported ones first.
    by_package: BTreeMap<(Ecosystem, String), Vec<(bool, Value)>>,
}

impl Reference {
    fn new(records: Vec<Value>) -> Self {
        let mut by_package: BTreeMap<(Ecosystem, String), Vec<(bool, Value)>> = BTreeMap::new();
        let facts = facts().into_iter().map(|record| (true, record));
        for (is_fact, record) in records.into_iter().map(|record| (false, record)).chain(facts) {
            let mut keys = BTreeSet::new();
            for affected in list(&record["affected"]) {
                let package = &affected["package"];
                if let Some(ecosystem) = Ecosystem::from_name(text(&package["ecosystem"])) {
                    keys.insert((ecosystem, ecosystem.fold(text(&package["name"]))));
                }
            }
            for key in keys {
                by_package.entry(key).or_default().push((is_fact, record.clone()));
            }
        }
        Self { by_package }
    }

    /// The first name of each weakness that some record says to be in a version.
    fn against(&self, ecosystem: Ecosystem, name: &str, version: &str) -> BTreeSet<String> {
        let Some(records) = self.by_package.get(&(ecosystem, name.to_owned())) else {
            return BTreeSet::new();
        };
        let imported: BTreeSet<&str> =
            records.iter().filter(|(is_fact, _)| !is_fact).flat_map(|(_, record)| names(record)).collect();
        // What was imported is believed before what is built in.
        let believed: Vec<&Value> = records
            .iter()
            .filter(|(is_fact, record)| !is_fact || names(record).iter().all(|id| !imported.contains(id)))
            .map(|(_, record)| record)
            .collect();
        let said = believed.iter().filter(|record| is_vulnerable(record, ecosystem, name, version));
        said.map(|record| first_name(record, &believed, ecosystem, name)).collect()
    }
}

/// The first in order of all names that a record shares with others about the package, and these with others.
fn first_name(record: &Value, all: &[&Value], ecosystem: Ecosystem, name: &str) -> String {
    let mut group: BTreeSet<&str> = names(record).into_iter().collect();
    loop {
        let before = group.len();
        for other in all.iter().filter(|other| says_something(other, ecosystem, name)) {
            if names(other).iter().any(|id| group.contains(id)) {
                group.extend(names(other));
            }
        }
        if group.len() == before {
            return group.first().copied().unwrap_or_default().to_owned();
        }
    }
}

/// A record that was withdrawn, or names no version of the package, joins nothing.
fn says_something(record: &Value, ecosystem: Ecosystem, name: &str) -> bool {
    record["withdrawn"].is_null()
        && list(&record["affected"]).iter().any(|affected| {
            let package = &affected["package"];
            let ranges = list(&affected["ranges"]).iter();
            Ecosystem::from_name(text(&package["ecosystem"])) == Some(ecosystem)
                && ecosystem.fold(text(&package["name"])) == name
                && (!list(&affected["versions"]).is_empty()
                    || ranges
                        .clone()
                        .any(|range| range["type"] != "GIT" && !list(&range["events"]).is_empty()))
        })
}

fn names(record: &Value) -> Vec<&str> {
    std::iter::once(&record["id"]).chain(list(&record["aliases"])).map(text).collect()
}

fn facts() -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/advisories");
    let mut all = Vec::new();
    for ecosystem in Ecosystem::ALL {
        let path = format!("{folder}/{}.toml", ecosystem.name().to_ascii_lowercase());
        let Ok(written) = fs::read_to_string(path) else { continue };
        let table: toml::Table = toml::from_str(&written).expect("TOML");
        for fact in table["advisory"].as_array().into_iter().flatten() {
            let said = |key: &str| fact.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
            let texts = |key: &str| -> Vec<String> {
                said(key).iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
            };
            let ranges: Vec<Value> = texts("affected").iter().map(|range| events(range)).collect();
            all.push(json!({
                "id": fact["id"].as_str(),
                "aliases": texts("aliases"),
                "affected": [{
                    "package": { "ecosystem": ecosystem.name(), "name": fact["package"].as_str() },
                    "ranges": ranges,
                }],
            }));
        }
    }
    all
}

/// `>= 1.0, < 2.0` as events.
fn events(range: &str) -> Value {
    let mut events = vec![json!({ "introduced": "0" })];
    for part in range.split(", ").filter(|part| *part != "*") {
        match part.split_once(' ') {
            Some((">=", version)) => events[0] = json!({ "introduced": version }),
            Some(("<", version)) => events.push(json!({ "fixed": version })),
            Some(("<=", version)) => events.push(json!({ "last_affected": version })),
            _ => panic!("{range}"),
        }
    }
    json!({ "type": "ECOSYSTEM", "events": events })
}
