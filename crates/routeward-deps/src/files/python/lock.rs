//! `poetry.lock`, `uv.lock`, `pdm.lock` and `pylock.toml`: lists of tables.

use routeward_base::FxHashMap;
use routeward_formats::{Format, Node};

use super::project::origin;
use super::specifier::Specifier;
use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::files::tree::{Pieces, tables};
use crate::{Dependency, DependencyId, Ecosystem, Origin, Scope};

/// Packages by folded name and, where there are several of a name, by version.
#[derive(Default)]
struct Index {
    names: FxHashMap<String, DependencyId>,
    versions: FxHashMap<(String, String), DependencyId>,
}

impl Index {
    fn insert(&mut self, dependency: &Dependency, id: DependencyId) {
        let name = Ecosystem::PyPi.fold(&dependency.name);
        if let Some(version) = &dependency.version {
            self.versions.insert((name.clone(), version.clone()), id);
        }
        self.names.entry(name).or_insert(id);
    }

    fn find(&self, name: &str, version: Option<&str>) -> Option<DependencyId> {
        let name = Ecosystem::PyPi.fold(name);
        match version.and_then(|version| self.versions.get(&(name.clone(), version.to_owned()))) {
            Some(id) => Some(*id),
            None => self.names.get(&name).copied(),
        }
    }
}

/// The packages of a list, added.
fn packages<'d>(cx: &mut Cx<'_>, root: Node<'d>, key: &str) -> (Index, Vec<(DependencyId, Pieces<'d>)>) {
    let mut index = Index::default();
    let mut all = Vec::new();
    for table in tables(root, key) {
        let Some((node, name)) = table.get("name").and_then(|node| Some((node, node.text()?))) else {
            continue;
        };
        let mut dependency = cx.named(name, node);
        if let Some((node, version)) = table.get("version").and_then(|node| Some((node, node.scalar()?))) {
            dependency.version = Some(version.to_owned());
            dependency.version_place = cx.inner(node, version);
        }
        let id = cx.add(dependency);
        index.insert(&cx.listing.dependencies[id as usize], id);
        all.push((id, table));
    }
    if all.is_empty() && root.written().next().is_none() {
        cx.foreign();
    }
    (index, all)
}

/// Reads `poetry.lock`.
pub(crate) fn poetry(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root() else { return };
    let (index, all) = packages(cx, root, "package");
    let mut graph = Graph::default();
    // Those of some years tell neither.
    cx.listing.tells_scopes =
        all.iter().any(|(_, table)| table.get("category").is_some() || table.get("groups").is_some());
    for (id, table) in all {
        let dependency = &mut cx.listing.dependencies[id as usize];
        dependency.scope = poetry_scope(&table);
        if let Some(source) = source(&table) {
            dependency.origin = source;
        }
        for (name, value) in table.at(&["dependencies"]).entries() {
            let scope = if value.is("optional") { Scope::Optional } else { Scope::Runtime };
            if let Some(child) = name.scalar().and_then(|name| index.find(name, None)) {
                graph.edge(id, child, scope);
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Nothing);
}

/// Older files tell a category, newer ones groups.
fn poetry_scope(table: &Pieces<'_>) -> Scope {
    let groups: Vec<&str> = table.at(&["groups"]).items().filter_map(Node::text).collect();
    let is_developed =
        table.text("category") == Some("dev") || (!groups.is_empty() && !groups.contains(&"main"));
    match () {
        () if is_developed => Scope::Development,
        () if table.is("optional") => Scope::Optional,
        () => Scope::Runtime,
    }
}

/// The source of a package in `poetry.lock`.
fn source(table: &Pieces<'_>) -> Option<Origin> {
    let source = table.at(&["source"]);
    let url = source.text("url")?.to_owned();
    Some(match source.text("type")? {
        "git" => {
            let revision = source.text("resolved_reference").or_else(|| source.text("reference"));
            Origin::Git { url, revision: revision.unwrap_or("").to_owned() }
        }
        "directory" | "file" => Origin::Path,
        _ if is_registry(&url) => Origin::Registry,
        _ => Origin::Url(url),
    })
}

fn is_registry(url: &str) -> bool {
    ["https://pypi.org/", "https://pypi.python.org/", "https://files.pythonhosted.org/"]
        .iter()
        .any(|known| url.starts_with(known))
        || url == "https://pypi.org"
}

/// Reads `uv.lock`.
pub(crate) fn uv(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root() else { return };
    let (index, all) = packages(cx, root, "package");
    for (id, table) in &all {
        cx.listing.dependencies[*id as usize].origin = uv_origin(&table.at(&["source"]));
    }
    let mut graph = Graph::default();
    for (id, table) in &all {
        let is_own = cx.listing.dependencies[*id as usize].origin == Origin::Path;
        is_own.then(|| graph.root(*id, Scope::Runtime));
        let extras = table.at(&["optional-dependencies"]).entries();
        let groups = table.at(&["dev-dependencies"]).entries();
        let lists = [(table.at(&["dependencies"]), Scope::Runtime)]
            .into_iter()
            .chain(extras.into_iter().map(|(_, list)| (list, Scope::Optional)))
            .chain(groups.into_iter().map(|(_, list)| (list, Scope::Development)));
        for (list, scope) in lists {
            for asked in list.items() {
                let Some(name) = asked.get("name").and_then(Node::text) else { continue };
                let version = asked.get("version").and_then(Node::text);
                let Some(child) = index.find(name, version) else { continue };
                graph.edge(*id, child, scope);
                is_own.then(|| graph.root(child, scope));
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Roots);
}

/// `{ registry = "…" }`, `{ git = "…?rev=…#commit" }`, `{ editable = "." }`.
fn uv_origin(source: &Pieces<'_>) -> Origin {
    if let Some(url) = source.text("git") {
        let (url, revision) = url.split_once('#').unwrap_or((url, ""));
        let url = url.split('?').next().unwrap_or(url);
        return Origin::Git { url: url.to_owned(), revision: revision.to_owned() };
    }
    if let Some(url) = source.text("registry") {
        return if is_registry(url) { Origin::Registry } else { Origin::Url(url.to_owned()) };
    }
    origin(source).unwrap_or(Origin::Registry)
}

/// Reads `pdm.lock`.
pub(crate) fn pdm(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root() else { return };
    let (index, all) = packages(cx, root, "package");
    let mut graph = Graph::default();
    cx.listing.tells_scopes = all.iter().any(|(_, table)| table.get("groups").is_some());
    for (id, table) in all {
        let groups: Vec<&str> = table.at(&["groups"]).items().filter_map(Node::text).collect();
        let dependency = &mut cx.listing.dependencies[id as usize];
        dependency.origin = origin(&table).unwrap_or(Origin::Registry);
        if !groups.is_empty() && !groups.contains(&"default") {
            let is_dev = groups
                .iter()
                .any(|group| matches!(*group, "dev" | "test" | "tests" | "lint" | "doc" | "docs"));
            dependency.scope = if is_dev { Scope::Development } else { Scope::Optional };
        }
        for asked in table.at(&["dependencies"]).items() {
            let child = asked.text().and_then(Specifier::new).and_then(|asked| index.find(asked.name, None));
            if let Some(child) = child {
                graph.edge(id, child, Scope::Runtime);
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Nothing);
}

/// Reads `pylock.toml` (PEP 751).
pub(crate) fn pylock(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root() else { return };
    cx.listing.tells_scopes = false;
    let (index, all) = packages(cx, root, "packages");
    let mut graph = Graph::default();
    for (id, table) in all {
        let vcs = table.at(&["vcs"]);
        let archive = table.at(&["archive"]);
        let dependency = &mut cx.listing.dependencies[id as usize];
        if let Some(url) = vcs.text("url") {
            let revision = vcs.text("commit-id").or_else(|| vcs.text("requested-revision")).unwrap_or("");
            dependency.origin = Origin::Git { url: url.to_owned(), revision: revision.to_owned() };
        } else if !table.at(&["directory"]).0.is_empty() {
            dependency.origin = Origin::Path;
        } else if !archive.0.is_empty() {
            let url = archive.text("url").map(|url| Origin::Url(url.to_owned()));
            dependency.origin = url.unwrap_or(Origin::Path);
        } else if let Some(url) = table.text("index").filter(|url| !is_registry(url)) {
            dependency.origin = Origin::Url(url.to_owned());
        }
        for asked in table.at(&["dependencies"]).items() {
            let Some(name) = asked.get("name").and_then(Node::text) else { continue };
            if let Some(child) = index.find(name, asked.get("version").and_then(Node::text)) {
                graph.edge(id, child, Scope::Runtime);
            }
        }
    }
    // The file need not say who asks for what.
    graph.settle(&mut cx.listing, Told::Nothing);
    if cx.listing.dependencies.iter().all(|dependency| dependency.parents.is_empty()) {
        for dependency in &mut cx.listing.dependencies {
            dependency.is_direct = None;
        }
    }
}
