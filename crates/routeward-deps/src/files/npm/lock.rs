//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3: packages by folder.

use routeward_base::Span;
use routeward_formats::{Format, Node};

use super::nest::{Nest, Place};
use super::spec::{self, Spec};
use super::{LEVELS, LISTS};
use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, Origin, Scope};

const FOLDER: &str = "node_modules/";

/// Reads it.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Json);
    let Some(root) = document.root() else { return };
    if let Some(packages) = root.get("packages").filter(|node| node.is_map()) {
        by_folder(cx, packages);
    } else if let Some(tree) = root.get("dependencies").filter(|node| node.is_map()) {
        nested(cx, tree);
    } else if root.get("lockfileVersion").is_none() {
        cx.foreign();
    }
}

/// Versions 2 and 3: a flat map of folders.
fn by_folder(cx: &mut Cx<'_>, packages: Node<'_>) {
    let mut nest = Nest::new();
    let mut graph = Graph::default();
    let mut asking: Vec<(Option<u32>, Place, Node<'_>)> = Vec::new();
    let mut links: Vec<(Place, &str, u32)> = Vec::new();
    for (key, value) in packages.entries() {
        let Some(folder) = key.scalar().filter(|_| value.is_map()) else { continue };
        let place = place(&mut nest, folder);
        if folder.is_empty() {
            asking.push((None, place, value));
            continue;
        }
        let id = cx.add(package(cx, folder, key, value));
        cx.fetched(value.get("resolved"), value.get("integrity"));
        nest.put(place, id);
        if value.get("link").and_then(Node::truth) == Some(true) {
            links.push((place, value.get("resolved").and_then(Node::text).unwrap_or(""), id));
        } else {
            asking.push((Some(id), place, value));
        }
    }
    linked(&mut nest, &mut graph, &links);
    for (id, place, value) in asking {
        // A folder of the repository asks as the repository does, also for what is only developed with.
        let is_own = id.is_none_or(|id| cx.listing.dependencies[id as usize].origin == Origin::Path);
        for (list, scope) in LISTS.iter().filter(|(list, _)| is_own || *list != "devDependencies") {
            for (name, _) in value.get(list).map(Node::entries).unwrap_or_default() {
                let child = name.scalar().and_then(|name| nest.find(place, name));
                if let Some(child) = child {
                    is_own.then(|| graph.root(child, *scope));
                    if let Some(id) = id {
                        graph.edge(id, child, *scope);
                    }
                }
            }
        }
    }
    cut(cx, &nest);
    graph.settle(&mut cx.listing, Told::RootsAndScopes);
}

/// The packages that links lead to are the repository's own; a link asks for what it leads to.
fn linked<'t>(nest: &mut Nest<'t>, graph: &mut Graph, links: &[(Place, &'t str, u32)]) {
    for (_, target, id) in links {
        let place = place(nest, target);
        if let Some(own) = nest.package(place) {
            graph.edge(*id, own, Scope::Runtime);
            graph.root(own, Scope::Runtime);
        }
    }
}

/// The folder of a path: `packages/a/node_modules/b`.
fn place<'t>(nest: &mut Nest<'t>, path: &'t str) -> Place {
    let mut place = Nest::ROOT;
    let mut rest = path;
    if !rest.starts_with(FOLDER) && !rest.is_empty() {
        let end = rest.find("/node_modules/").unwrap_or(rest.len());
        place = nest.own(&rest[..end]);
        rest = rest[end..].trim_start_matches('/');
    }
    while let Some(inner) = rest.strip_prefix(FOLDER) {
        let end = inner.find("/node_modules/").unwrap_or(inner.len());
        place = nest.folder(place, &inner[..end]);
        rest = inner[end..].trim_start_matches('/');
    }
    place
}

fn package(cx: &Cx<'_>, folder: &str, key: Node<'_>, value: Node<'_>) -> Dependency {
    let (is_foreign, installed) = match folder.rfind(FOLDER) {
        Some(at) => (true, &folder[at + FOLDER.len()..]),
        None => (false, folder.rsplit('/').next().unwrap_or(folder)),
    };
    let text = |name: &str| value.get(name).and_then(Node::text);
    let mut dependency = cx.named(text("name").unwrap_or(installed), key);
    if let Some(at) = key.span().of(cx.text).rfind(installed) {
        let start = key.span().start + at as u32;
        dependency.place = Span::new(start, start + installed.len() as u32);
    }
    let is_link = value.get("link").and_then(Node::truth) == Some(true);
    dependency.origin = match text("resolved") {
        _ if is_link || !is_foreign => Origin::Path,
        Some(resolved) => spec::resolved(resolved),
        None => Origin::Registry,
    };
    version(cx, &mut dependency, value);
    text("integrity").unwrap_or_default().clone_into(&mut dependency.integrity);
    dependency.scope = scope(value);
    dependency.withdrawn = text("deprecated").map(str::to_owned);
    dependency
}

fn version(cx: &Cx<'_>, dependency: &mut Dependency, value: Node<'_>) {
    let Some((node, version)) = value.get("version").and_then(|node| Some((node, node.text()?))) else {
        return;
    };
    let spec = Spec::new(version);
    if let Some(real) = spec.name {
        real.clone_into(&mut dependency.name);
    }
    if spec.origin != Origin::Registry {
        dependency.origin = spec.origin;
    }
    if !spec.range.is_empty() {
        dependency.version = Some(spec.range.to_owned());
        dependency.version_place = cx.inner(node, spec.range);
    }
}

/// As npm marks them: `devOptional` is asked for by both, so an optional dependency of what runs.
fn scope(value: Node<'_>) -> Scope {
    let is = |mark: &str| value.get(mark).and_then(Node::truth) == Some(true);
    match () {
        () if is("dev") => Scope::Development,
        () if is("optional") || is("devOptional") || is("peer") => Scope::Optional,
        () => Scope::Runtime,
    }
}

/// Version 1: a tree of packages.
fn nested(cx: &mut Cx<'_>, tree: Node<'_>) {
    let mut nest = Nest::new();
    let mut graph = Graph::default();
    let mut asking: Vec<(u32, Place, Node<'_>)> = Vec::new();
    let mut open = vec![(Nest::ROOT, tree)];
    let mut next = 0;
    while let Some((parent, map)) = open.get(next).copied() {
        next += 1;
        for (key, value) in map.entries() {
            let Some(name) = key.scalar().filter(|_| value.is_map()) else { continue };
            let place = nest.folder(parent, name);
            let mut dependency = cx.named(name, key);
            if let Some(resolved) = value.get("resolved").and_then(Node::text) {
                dependency.origin = spec::resolved(resolved);
            }
            version(cx, &mut dependency, value);
            let integrity = value.get("integrity").and_then(Node::text);
            integrity.unwrap_or_default().clone_into(&mut dependency.integrity);
            dependency.scope = scope(value);
            let id = cx.add(dependency);
            cx.fetched(value.get("resolved"), value.get("integrity"));
            nest.put(place, id);
            asking.push((id, place, value));
            open.extend(value.get("dependencies").map(|map| (place, map)));
        }
    }
    for (id, place, value) in asking {
        for (name, _) in value.get("requires").map(Node::entries).unwrap_or_default() {
            if let Some(child) = name.scalar().and_then(|name| nest.find(place, name)) {
                graph.edge(id, child, Scope::Runtime);
            }
        }
    }
    cut(cx, &nest);
    graph.settle(&mut cx.listing, Told::Nothing);
}

/// Tells that something is nested too deep.
pub(super) fn cut(cx: &mut Cx<'_>, nest: &Nest<'_>) {
    if nest.is_cut {
        let message =
            format!("packages are nested in more than {LEVELS} folders: who asks for them is not told");
        cx.fault(Span::new(0, 0), message, "install the packages again, so that they are laid out flat");
    }
}
