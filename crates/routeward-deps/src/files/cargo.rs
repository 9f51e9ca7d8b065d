//! `Cargo.toml` and `Cargo.lock`.

use routeward_base::{FxHashMap, FxHashSet};
use routeward_formats::{Format, Node};

use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::files::tree::{Pieces, tables};
use crate::{Dependency, DependencyId, Origin, Project, Purpose, Scope};

/// Tables of dependencies.
const TABLES: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("dev-dependencies", Scope::Development),
    ("dev_dependencies", Scope::Development),
    ("build-dependencies", Scope::Development),
    ("build_dependencies", Scope::Development),
];

/// Reads `Cargo.toml`.
pub(crate) fn manifest(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root().map(Pieces::from) else { return };
    cx.listing.project = project(&root);
    for package in [&["package"][..], &["workspace", "package"]] {
        if let Some(address) = root.at(package).text("repository") {
            cx.home(address);
        }
    }
    let shared = root.at(&["workspace", "dependencies"]).entries();
    let shared: FxHashMap<&str, (Node<'_>, Pieces<'_>)> =
        shared.into_iter().filter_map(|(key, value)| Some((key.scalar()?, (key, value)))).collect();
    let targets = root.at(&["target"]).entries().into_iter().map(|(_, target)| target);
    let mut used: FxHashSet<&str> = FxHashSet::default();
    for place in [root.clone()].into_iter().chain(targets) {
        for (table, scope) in TABLES {
            for (key, value) in place.at(&[table]).entries() {
                let Some(name) = key.scalar() else { continue };
                let inherited = value.is("workspace").then(|| shared.get(name)).flatten();
                inherited.is_some().then(|| used.insert(name));
                let said = inherited.map_or(&value, |(_, value)| value);
                let mut dependency = asked(cx, name, key, said);
                dependency.scope = if value.is("optional") { (*scope).max(Scope::Optional) } else { *scope };
                dependency.is_direct = Some(true);
                cx.add(dependency);
            }
        }
    }
    let mut shared: Vec<_> = shared.into_values().collect();
    shared.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in &shared {
        // Members of the workspace may ask for it.
        let name = key.scalar().unwrap_or("");
        if !used.contains(name) {
            let dependency = asked(cx, name, *key, value);
            cx.add(dependency);
        }
    }
}

fn project(root: &Pieces<'_>) -> Project {
    let package = root.at(&["package"]);
    let has = |key: &str| !root.at(&[key]).0.is_empty();
    let is_kept = package.get("publish").and_then(Node::truth) == Some(false);
    let purpose = match () {
        () if has("lib") => Purpose::Library,
        () if has("bin") || is_kept => Purpose::Application,
        () => Purpose::Unknown,
    };
    Project { name: package.text("name").map(str::to_owned), purpose, has_locks: true }
}

/// `name = "1"`, or a table with `version`, `package`, and where it is taken from.
fn asked(cx: &Cx<'_>, name: &str, key: Node<'_>, value: &Pieces<'_>) -> Dependency {
    let mut dependency = cx.named(name, key);
    if let Some((node, real)) = value.get("package").and_then(|node| Some((node, node.text()?))) {
        real.clone_into(&mut dependency.name);
        dependency.place = cx.inner(node, real);
    }
    let version = value.value().filter(|node| node.text().is_some()).or_else(|| value.get("version"));
    if let Some((node, text)) = version.and_then(|node| Some((node, node.text()?))) {
        dependency.version = text.strip_prefix('=').map(|text| text.trim().to_owned());
        dependency.version =
            dependency.version.filter(|version| version.split('.').count() > 2 && !version.contains(','));
        if dependency.version.is_none() {
            text.clone_into(&mut dependency.requirement);
        }
        dependency.version_place = cx.inner(node, text);
    }
    dependency.origin = match (value.text("git"), value.text("path"), value.text("registry-index")) {
        (Some(url), ..) => {
            let revision = ["rev", "tag", "branch"].iter().find_map(|key| value.text(key)).unwrap_or("");
            Origin::Git { url: url.to_owned(), revision: revision.to_owned() }
        }
        (_, Some(_), _) => Origin::Path,
        (.., Some(url)) => Origin::Url(url.to_owned()),
        // The address of a registry stands in the configuration of Cargo.
        _ => value.text("registry").map_or(Origin::Registry, |name| Origin::Url(name.to_owned())),
    };
    dependency
}

/// Reads `Cargo.lock`, versions 1 to 4. It does not tell what is needed only for tests, builds or features.
pub(crate) fn lock(cx: &mut Cx<'_>) {
    cx.listing.tells_scopes = false;
    let document = cx.document(Format::Toml);
    let Some(root) = document.root() else { return };
    let mut index: FxHashMap<String, DependencyId> = FxHashMap::default();
    let mut all: Vec<(DependencyId, Pieces<'_>)> = Vec::new();
    let first = root.each(&["root"]).into_iter().map(Pieces::from);
    for table in first.chain(tables(root, "package")) {
        let (Some(name), Some(version)) = (table.get("name"), table.get("version")) else { continue };
        let (Some(called), Some(said)) = (name.text(), version.scalar()) else { continue };
        let mut dependency = cx.named(called, name);
        dependency.version = Some(said.to_owned());
        dependency.version_place = cx.inner(version, said);
        let source = table.text("source");
        dependency.origin = source.map_or(Origin::Path, origin);
        dependency.integrity =
            table.text("checksum").map(|digits| format!("sha256:{digits}")).unwrap_or_default();
        let id = cx.add(dependency);
        // A dependency names as much of this as is needed to tell it from others.
        index.insert(format!("{called} {said} ({})", source.unwrap_or("")), id);
        index.insert(format!("{called} {said}"), id);
        index.insert(called.to_owned(), id);
        all.push((id, table));
    }
    let mut graph = Graph::default();
    for (id, table) in all {
        let is_own = cx.listing.dependencies[id as usize].origin == Origin::Path;
        is_own.then(|| graph.root(id, Scope::Runtime));
        for asked in table.at(&["dependencies"]).items().filter_map(Node::text) {
            let short = || asked.split_once(" (").and_then(|(short, _)| index.get(short));
            if let Some(child) = index.get(asked).or_else(short) {
                graph.edge(id, *child, Scope::Runtime);
                is_own.then(|| graph.root(*child, Scope::Runtime));
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Roots);
}

/// `registry+https://…`, `sparse+https://…`, `git+https://…?tag=…#commit`.
fn origin(source: &str) -> Origin {
    const REGISTRIES: &[&str] = &[
        "https://github.com/rust-lang/crates.io-index",
        "https://index.crates.io/",
        "https://index.crates.io",
    ];
    let (kind, url) = source.split_once('+').unwrap_or(("", source));
    match kind {
        "git" => {
            let (url, revision) = url.split_once('#').unwrap_or((url, ""));
            let url = url.split('?').next().unwrap_or(url);
            Origin::Git { url: url.to_owned(), revision: revision.to_owned() }
        }
        _ if REGISTRIES.contains(&url) => Origin::Registry,
        _ => Origin::Url(url.to_owned()),
    }
}
