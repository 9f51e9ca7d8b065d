//! Steps of others in workflows that are named by something that their owner can move.

use std::collections::{BTreeMap, BTreeSet};

use routeward_deps::{Dependencies, Dependency, Ecosystem, Origin};
use routeward_diag::{Place, Severity};

use crate::{Check, Cx, Lint, Packages, story};

pub(crate) const LINT: Lint = Lint { id: "unpinned-action", check: Check::Packages(check) };

/// Who runs the workflows, too: what they move they could change anyway.
const HOSTS: &[&str] = &["actions", "github"];
/// So many are named one by one.
const SHOWN: usize = 6;
const LABEL: &str = "it is used here";

/// What a revision is by its form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A commit, which stays what it is.
    Commit,
    /// The name of a version: `v4`, `1.2.0`.
    Version,
    /// Another name, such as that of a branch.
    Name,
}

fn check(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    let owners = owners(packages.dependencies);
    let mut branches: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    let mut versions: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for listed in packages.dependencies.files() {
        for dependency in &listed.listing.dependencies {
            let Some(revision) = revision(dependency) else { continue };
            let owner = dependency.name.split('/').next().unwrap_or("").to_ascii_lowercase();
            let form = form(revision);
            if form == Form::Commit || owners.contains(&owner) || HOSTS.contains(&owner.as_str()) {
                continue;
            }
            let group = if form == Form::Version { &mut versions } else { &mut branches };
            let name = format!("{}@{revision}", dependency.name);
            let place = Place { file: listed.file, span: dependency.version_place };
            group.entry(name).or_default().push(place);
        }
    }
    for (name, places) in branches {
        let message = format!("`{name}` runs whatever its branch holds at that time");
        cx.report_once(&places, LABEL, message, name);
    }
    // One remark on all of them: they are pinned with one tool, too.
    let places: BTreeSet<Place> = versions.values().flatten().copied().collect();
    let places: Vec<Place> = places.into_iter().collect();
    let names: Vec<&str> = versions.keys().map(String::as_str).collect();
    let message = match names.as_slice() {
        [name] => format!("`{name}` runs whatever its tag stands for at that time"),
        names => format!("{} actions of others run whatever their tags stand for at that time", names.len()),
    };
    let Some(finding) = cx.report_once(&places, LABEL, message, "tags".to_owned()) else { return };
    story::at_most(finding, Severity::Low);
    if names.len() > 1 {
        finding.notes.push(story::list_of(&names, SHOWN));
    }
}

/// Where a step is taken from.
fn revision(dependency: &Dependency) -> Option<&str> {
    match &dependency.origin {
        Origin::Git { revision, .. } if dependency.ecosystem == Ecosystem::Action => Some(revision),
        _ => None,
    }
}

fn form(revision: &str) -> Form {
    let is_hash = matches!(revision.len(), 40 | 64) && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = revision.trim_start_matches('v');
    if is_hash {
        Form::Commit
    } else if number.starts_with(|c: char| c.is_ascii_digit()) {
        Form::Version
    } else {
        Form::Name
    }
}

/// Who keeps this repository, as far as its manifests say so.
fn owners(dependencies: &Dependencies) -> BTreeSet<String> {
    dependencies.files().iter().filter_map(|listed| listed.listing.owner.clone()).collect()
}
