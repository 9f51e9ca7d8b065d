//! `bun.lock`: packages by the path of names on which they are asked for.

use routeward_base::Span;
use routeward_formats::{Format, Node};

use super::LISTS;
use super::nest::{Nest, Place};
use super::spec::{self, Spec, split};
use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, DependencyId, Origin, Scope};

/// Reads it.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Json);
    let Some(root) = document.root() else { return };
    let (Some(packages), Some(workspaces)) = (root.get("packages"), root.get("workspaces")) else {
        return cx.foreign();
    };
    let mut nest = Nest::new();
    let mut graph = Graph::default();
    let mut asking: Vec<(DependencyId, Place, Node<'_>)> = Vec::new();
    for (key, value) in packages.entries() {
        let parts: Vec<Node<'_>> = value.items().collect();
        let (Some(path), Some(first)) = (key.text(), parts.first()) else { continue };
        let place = place(&mut nest, path);
        let mut dependency = package(cx, path, *first, parts.get(1).copied(), key);
        let integrity = parts.last().and_then(|part| part.text()).filter(|text| text.starts_with("sha"));
        integrity.unwrap_or_default().clone_into(&mut dependency.integrity);
        let id = cx.add(dependency);
        nest.put(place, id);
        asking.extend(parts.iter().find(|part| part.is_map()).map(|map| (id, place, *map)));
    }
    for (id, place, map) in asking {
        for (list, scope) in LISTS.iter().filter(|(list, _)| *list != "devDependencies") {
            for (name, _) in map.get(list).map(Node::entries).unwrap_or_default() {
                if let Some(child) = name.text().and_then(|name| nest.find(place, name)) {
                    graph.edge(id, child, *scope);
                }
            }
        }
    }
    own(&nest, &mut graph, workspaces);
    super::lock::cut(cx, &nest);
    graph.settle(&mut cx.listing, Told::Roots);
}

/// What the folders of the repository ask for.
fn own(nest: &Nest<'_>, graph: &mut Graph, workspaces: Node<'_>) {
    for (_, folder) in workspaces.entries() {
        let name = folder.get("name").and_then(Node::text).unwrap_or("");
        let package = nest.child(Nest::ROOT, name);
        let place = package.unwrap_or(Nest::ROOT);
        for (list, scope) in LISTS {
            for (name, _) in folder.get(list).map(Node::entries).unwrap_or_default() {
                if let Some(child) = name.text().and_then(|name| nest.find(place, name)) {
                    graph.root(child, *scope);
                    if let Some(id) = package.and_then(|place| nest.package(place)) {
                        graph.edge(id, child, *scope);
                    }
                }
            }
        }
    }
}

/// The place of a path of names: `a/@scope/b`.
fn place<'t>(nest: &mut Nest<'t>, path: &'t str) -> Place {
    let mut place = Nest::ROOT;
    let mut rest = path;
    while !rest.is_empty() {
        let from = if rest.starts_with('@') { rest.find('/').map_or(rest.len(), |at| at + 1) } else { 0 };
        let end = rest[from..].find('/').map_or(rest.len(), |at| from + at);
        place = nest.folder(place, &rest[..end]);
        rest = rest.get(end + 1..).unwrap_or("");
    }
    place
}

fn package(cx: &Cx<'_>, path: &str, first: Node<'_>, second: Option<Node<'_>>, key: Node<'_>) -> Dependency {
    let (name, reference) = split(first.text().unwrap_or(path));
    let mut dependency = Dependency::new(cx.ecosystem, name, Span::default());
    let origin = Spec::new(reference).origin;
    let is_own = reference.starts_with("workspace:") || reference.starts_with("link:");
    let registry = second.and_then(Node::text).unwrap_or("");
    dependency.origin = match origin {
        _ if is_own => Origin::Path,
        Origin::Registry => spec::resolved(registry),
        origin => origin,
    };
    dependency.place = if first.text().is_some() { cx.inner(first, name) } else { key.span() };
    dependency.version_place = cx.inner(first, reference);
    if dependency.origin == Origin::Registry || matches!(dependency.origin, Origin::Url(_)) {
        let is_version = reference.starts_with(|c: char| c.is_ascii_digit());
        dependency.version = is_version.then(|| reference.to_owned());
    }
    dependency.scope = Scope::Runtime;
    dependency
}
