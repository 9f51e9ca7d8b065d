//! How packages are asked for: without a lockfile, without a version, from where nobody vouches for them, or in versions
//! that were taken back.

use std::collections::BTreeMap;

use routeward_base::FileId;
use routeward_deps::{FileKind, Hold, Listed, Manifest, Origin, Purpose, Scope, Source, Supply, Use};
use routeward_diag::{Finding, Label, Place, Severity};

use crate::{Check, Cx, Lint, Packages, story};

/// An application whose versions nothing holds.
pub(crate) const UNLOCKED: Lint = Lint { id: "missing-lockfile", check: Check::Packages(check_unlocked) };
/// Whatever is newest is installed.
pub(crate) const LOOSE: Lint = Lint { id: "unpinned-dependency", check: Check::Packages(check_loose) };
/// Others may put something in its place on the way.
pub(crate) const SOURCE: Lint = Lint { id: "insecure-registry-source", check: Check::Packages(check_source) };
/// Who published it has taken it back.
pub(crate) const WITHDRAWN: Lint = Lint { id: "yanked-dependency", check: Check::Packages(check_withdrawn) };

/// So many names are told.
const SHOWN: usize = 4;

fn check_unlocked(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    let mut told: Vec<Manifest<'_>> = Vec::new();
    let mut manifests = packages.dependencies.manifests();
    manifests.sort_by_key(|manifest| manifest.listed.path.matches('/').count());
    for manifest in manifests {
        let listed = manifest.listed;
        let is_open = !manifest.is_locked && listed.listing.project.has_locks;
        let Some(first) = manifest.asked().next() else { continue };
        if !is_open || manifest.purpose != Purpose::Application {
            continue;
        }
        // One lockfile serves what lies below.
        if told.iter().any(|above| above.listed.holds(listed)) {
            continue;
        }
        told.push(manifest);
        let count = manifest.asked().count();
        let (name, packages) = (file_name(listed), counted(count, "package"));
        let message =
            format!("`{name}` asks for {packages}, and no lockfile says which versions are installed");
        let finding = cx.report_with_prose(Label::new(named(&first), "the first of them"), message);
        finding.anchor = format!("no lockfile for {name}");
        if let Some(lock) = manifest.ignored_lock() {
            finding
                .notes
                .push(format!("`{lock}` lies beside it, but ignore files keep it out of the repository"));
        }
    }
}

/// Where a package is named.
fn named(it: &Use<'_>) -> Place {
    Place { file: it.listed.file, span: it.dependency().place }
}

fn check_loose(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    let mut files: BTreeMap<FileId, Vec<(Use<'_>, Hold)>> = BTreeMap::new();
    for (it, hold) in packages.dependencies.loose() {
        files.entry(it.listed.file).or_default().push((it, hold));
    }
    for all in files.into_values() {
        let any: Vec<Use<'_>> =
            all.iter().filter(|(_, hold)| *hold == Hold::None).map(|(it, _)| *it).collect();
        let is_any = !any.is_empty();
        let uses = if is_any { any } else { all.into_iter().map(|(it, _)| it).collect() };
        let [first, rest @ ..] = uses.as_slice() else { continue };
        let names: Vec<&str> = uses.iter().map(|it| it.dependency().name.as_str()).collect();
        let what = if is_any {
            "asked for in whatever version is newest"
        } else {
            "asked for in a choice of versions"
        };
        let verb = if uses.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} {what}", story::list_of(&names, SHOWN));
        let finding = cx.report_with_prose(Label::new(named(first), "the first of them"), message);
        finding.anchor = format!("unpinned in {}", file_name(first.listed));
        let others = rest.iter().take(SHOWN);
        finding.related = others.map(|it| Label::new(named(it), "so is this")).collect();
        if !is_any {
            story::at_most(finding, Severity::Info);
        }
    }
}

fn check_source(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    for listed in packages.dependencies.files() {
        let sources = &listed.listing.sources;
        for source in sources {
            // A lockfile names its registry for each package.
            let is_first =
                sources.iter().find(|other| other.supply == source.supply && other.host == source.host)
                    == Some(source);
            if is_first && !listed.is_aside() {
                supplied(listed, source, cx);
            }
        }
    }
    for it in packages.dependencies.moving() {
        moved(it, cx);
    }
}

fn supplied(listed: &Listed, source: &Source, cx: &mut Cx<'_>) {
    let host = &source.host;
    let place = Place { file: listed.file, span: source.place };
    let from = if host.is_empty() { "registries".to_owned() } else { format!("`{host}`") };
    let (message, label) = match source.supply {
        Supply::Plain => {
            (format!("packages come from {from} over a connection that is not encrypted"), "from there")
        }
        Supply::Unverified => {
            (format!("packages come from {from} whose certificate is not checked"), "switched off here")
        }
        Supply::Beside { is_held: true } => return,
        Supply::Beside { is_held: false } => {
            let message =
                format!("whoever has the newer version serves a package: {from} or the public registry");
            let finding = report(cx, place, "beside the public one", message, host);
            let most = if source.is_own { Severity::Low } else { Severity::Info };
            story::at_most(finding, most);
            if !source.is_own {
                finding.notes.push("whether it holds packages of your own is not known".to_owned());
            }
            let help = "take all packages from one registry that passes the public ones on, or hold each by its hash";
            finding.help = Some(help.to_owned());
            return;
        }
    };
    let finding = report(cx, place, label, message, host);
    // Who listens in a network of one's own is fewer.
    if source.is_own || listed.listing.kind == FileKind::Lock {
        story::at_most(finding, Severity::Low);
    }
}

/// A package from a repository of code that is not held to a revision.
fn moved(it: Use<'_>, cx: &mut Cx<'_>) {
    let dependency = it.dependency();
    let Origin::Git { revision, .. } = &dependency.origin else { return };
    let branch = if revision.is_empty() { "its default branch".to_owned() } else { format!("`{revision}`") };
    let message =
        format!("`{}` is whatever {branch} of a repository holds when it is installed", dependency.name);
    let finding = report(cx, it.place(), "it is asked for here", message, &dependency.name);
    story::at_most(finding, Severity::Low);
    finding.help = Some("name the commit, or keep a lockfile with the code".to_owned());
}

fn report<'c>(
    cx: &'c mut Cx<'_>,
    place: Place,
    label: &str,
    message: String,
    anchor: &str,
) -> &'c mut Finding {
    let finding = cx.report_with_prose(Label::new(place, label), message);
    anchor.clone_into(&mut finding.anchor);
    finding
}

fn check_withdrawn(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    let mut names: BTreeMap<(FileId, String), Vec<Use<'_>>> = BTreeMap::new();
    for it in packages.dependencies.withdrawn() {
        let dependency = it.dependency();
        if dependency.scope == Scope::Runtime {
            let name = dependency.ecosystem.fold(&dependency.name);
            names.entry((it.listed.file, name)).or_default().push(it);
        }
    }
    for uses in names.into_values() {
        let Some(first) = uses.first() else { continue };
        let dependency = first.dependency();
        let mut versions: Vec<&str> =
            uses.iter().filter_map(|it| it.dependency().version.as_deref()).collect();
        versions.dedup();
        let (name, versions) = (&dependency.name, versions.join(", "));
        let message = format!("`{name}` {versions} is marked as deprecated by who published it");
        let places: Vec<Place> = uses.iter().map(|it| it.place()).collect();
        let Some(finding) = cx.report_once(&places, "it is listed here", message, name.clone()) else {
            continue;
        };
        let words =
            dependency.withdrawn.as_deref().unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            finding.notes.push(format!("they say: {}", shortened(&words)));
        }
    }
}

/// As much of a text as fits into a note.
fn shortened(text: &str) -> String {
    const MOST: usize = 160;
    if text.chars().count() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST).chain(['…']).collect()
    }
}

fn file_name(listed: &Listed) -> &str {
    listed.path.rsplit('/').next().unwrap_or(&listed.path)
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
