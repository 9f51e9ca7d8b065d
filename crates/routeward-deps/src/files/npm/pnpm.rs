//! `pnpm-lock.yaml`, versions 5 to 9: what each folder of the repository asks for, and packages by name and version, in
//! the later ones with a second list that says who asks for what.

use routeward_base::{FxHashMap, FxHashSet};
use routeward_formats::{Format, Node};

use super::spec::{Spec, split};
use super::{LISTS, spec};
use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, DependencyId, Origin};

/// Packages by their keys, with and without the packages beside which they are installed.
type Index<'d> = FxHashMap<&'d str, DependencyId>;

/// Reads it.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Yaml);
    // Newer ones hold a first document about the package manager itself.
    let Some(root) = document.roots().last().filter(|node| node.get("lockfileVersion").is_some()) else {
        return cx.foreign();
    };
    let mut index = Index::default();
    let mut asking: Vec<(DependencyId, Node<'_>)> = Vec::new();
    for list in ["packages", "snapshots"] {
        for (key, value) in root.get(list).map(Node::entries).unwrap_or_default() {
            let Some(text) = key.scalar() else { continue };
            let bare = bare(text);
            let id = match index.get(bare) {
                Some(id) => *id,
                None => cx.add(package(cx, bare, key, value)),
            };
            index.insert(bare, id);
            index.insert(text, id);
            asking.push((id, value));
        }
    }
    let mut graph = Graph::default();
    for (id, value) in asking {
        for (list, scope) in
            LISTS.iter().filter(|(list, _)| matches!(*list, "dependencies" | "optionalDependencies"))
        {
            for (name, reference) in value.get(list).map(Node::entries).unwrap_or_default() {
                if let Some(child) = find(&index, name, reference) {
                    graph.edge(id, child, *scope);
                }
            }
        }
    }
    let folders = root.get("importers").map(Node::entries).unwrap_or_default();
    let folders = folders.into_iter().map(|(_, folder)| folder);
    let mut links = FxHashSet::default();
    for folder in folders.chain([root]) {
        for (list, scope) in LISTS {
            for (name, value) in folder.get(list).map(Node::entries).unwrap_or_default() {
                let reference = value.get("version").unwrap_or(value);
                if let Some(child) = find(&index, name, reference) {
                    graph.root(child, *scope);
                } else if let Some(link) = link(cx, name, reference)
                    && links.insert(link.name.clone())
                {
                    let id = cx.add(Dependency { scope: *scope, ..link });
                    graph.root(id, *scope);
                }
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Roots);
}

/// A folder of the repository that another asks for.
fn link(cx: &Cx<'_>, name: Node<'_>, reference: Node<'_>) -> Option<Dependency> {
    let folder = reference.scalar()?.strip_prefix("link:")?;
    let mut dependency = cx.named(name.scalar()?, name);
    dependency.version_place = cx.inner(reference, folder);
    dependency.origin = Origin::Path;
    Some(dependency)
}

/// What a name and what stands behind it mean: a version, the key of a package, or an address.
fn find(index: &Index<'_>, name: Node<'_>, reference: Node<'_>) -> Option<DependencyId> {
    let (name, reference) = name.scalar().zip(reference.scalar())?;
    let keys = [
        format!("{name}@{reference}"),
        format!("/{name}@{reference}"),
        format!("/{name}/{reference}"),
        format!("/{reference}"),
    ];
    let whole = keys.iter().map(String::as_str).chain([reference]).find_map(|key| index.get(key));
    let beside = || keys.iter().map(String::as_str).chain([reference]).find_map(|key| index.get(bare(key)));
    whole.copied().or_else(|| beside().copied())
}

/// A key without the packages beside which the package is installed: `a@1.0.0(b@2.0.0)`, `/a/1.0.0_b@2.0.0`.
fn bare(key: &str) -> &str {
    let key = key.split('(').next().unwrap_or(key);
    // Before version 6 the last part is the version, in which no underscore stands.
    let version = key.rfind('/').map_or(0, |at| at + 1);
    let is_old = key.starts_with('/') && key[version..].starts_with(|c: char| c.is_ascii_digit());
    let version = if is_old { version } else { return key };
    key[version..].find('_').map_or(key, |at| &key[..version + at])
}

fn package(cx: &Cx<'_>, bare: &str, key: Node<'_>, value: Node<'_>) -> Dependency {
    let text = |name: &str| value.get(name).and_then(Node::scalar);
    let (name, reference) = parts(bare);
    let mut dependency = cx.named(text("name").unwrap_or(name), key);
    let resolution = value.get("resolution");
    let told = |name: &str| resolution.and_then(|node| node.get(name)).and_then(Node::text);
    dependency.origin = match (told("tarball"), told("repo"), told("directory")) {
        (_, Some(url), _) => {
            Origin::Git { url: url.to_owned(), revision: told("commit").unwrap_or("").to_owned() }
        }
        (Some(url), ..) => spec::resolved(url),
        (_, _, Some(_)) => Origin::Path,
        _ => Spec::new(reference).origin,
    };
    told("integrity").unwrap_or_default().clone_into(&mut dependency.integrity);
    dependency.withdrawn = text("deprecated").map(str::to_owned);
    let is_version = reference.starts_with(|c: char| c.is_ascii_digit());
    let version = text("version").or_else(|| is_version.then_some(reference));
    if let Some(version) = version {
        dependency.version = Some(version.to_owned());
        let said = value.get("version").filter(|node| node.scalar().is_some());
        dependency.version_place = cx.inner(said.unwrap_or(key), version);
    }
    dependency
}

/// Name and version of a key: `/name/1.0.0`, `/name@1.0.0`, `name@1.0.0`, `name@https://…`.
fn parts(bare: &str) -> (&str, &str) {
    let Some(old) = bare.strip_prefix('/') else { return split(bare) };
    match split(old) {
        (name, version) if !name.is_empty() && !version.is_empty() => (name, version),
        _ => old.rsplit_once('/').unwrap_or((old, "")),
    }
}
