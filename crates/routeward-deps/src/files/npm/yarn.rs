//! `yarn.lock`: the own notation of version 1, and the YAML of later ones.

use std::borrow::Cow;

use routeward_base::{FxHashMap, FxHashSet};
use routeward_formats::{Format, Node};

use super::spec::{self, Spec, split};
use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, DependencyId, Origin, Scope};

/// Reads it.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let is_yaml = cx.text.lines().any(|line| line.starts_with("__metadata:"));
    cx.listing.tells_scopes = false;
    if is_yaml { berry(cx) } else { classic(cx) }
}

/// An entry of version 1 while its lines are read.
struct Entry<'t> {
    id: DependencyId,
    /// The list that is open: `dependencies:` or `optionalDependencies:`.
    list: Option<Scope>,
    asks: Vec<(&'t str, &'t str, Scope)>,
}

fn classic(cx: &mut Cx<'_>) {
    let mut index: FxHashMap<(&str, &str), DependencyId> = FxHashMap::default();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let text = cx.text;
    let mut strange = None;
    for line in text.lines() {
        let body = line.trim();
        match line.len() - line.trim_start().len() {
            _ if body.is_empty() || body.starts_with('#') => {}
            0 => {
                let Some(keys) = body.strip_suffix(':') else {
                    strange = strange.or(Some(body));
                    continue;
                };
                let keys: Vec<(&str, &str)> =
                    keys.split(',').map(|key| split(key.trim().trim_matches('"'))).collect();
                let Some((name, range)) = keys.first().copied() else { continue };
                let spec = Spec::new(range);
                let name = spec.name.unwrap_or(name);
                let mut dependency = Dependency::new(cx.ecosystem, name, cx.place(name));
                dependency.requirement = ranges(keys.iter().map(|(_, range)| *range));
                dependency.origin = spec.origin;
                let id = cx.add(dependency);
                index.extend(keys.into_iter().map(|key| (key, id)));
                entries.push(Entry { id, list: None, asks: Vec::new() });
            }
            indent => match entries.last_mut() {
                Some(entry) => field(cx, entry, indent, body),
                None => strange = strange.or(Some(body)),
            },
        }
    }
    if let Some(line) = strange {
        cx.fault(
            cx.place(line),
            "the line belongs to no package",
            "resolve what was merged by hand, and install again",
        );
    }
    let mut graph = Graph::default();
    for entry in &entries {
        for (name, range, scope) in &entry.asks {
            if let Some(child) = index.get(&(*name, *range)) {
                graph.edge(entry.id, *child, *scope);
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Nothing);
}

/// The ranges of specifiers, with those left out that are none.
fn ranges<'t>(specifiers: impl Iterator<Item = &'t str>) -> String {
    let ranges: Vec<&str> =
        specifiers.map(|text| Spec::new(text).range).filter(|it| !it.is_empty()).collect();
    ranges.join(", ")
}

/// A line inside of an entry.
fn field<'t>(cx: &mut Cx<'t>, entry: &mut Entry<'t>, indent: usize, body: &'t str) {
    let (key, value) = pair(body);
    if indent > 2 {
        if let Some(scope) = entry.list {
            entry.asks.push((key, value, scope));
        }
        return;
    }
    entry.list = match key {
        "dependencies:" => Some(Scope::Runtime),
        "optionalDependencies:" => Some(Scope::Optional),
        _ => None,
    };
    let place = cx.place(value);
    let dependency = &mut cx.listing.dependencies[entry.id as usize];
    match key {
        "integrity" => value.clone_into(&mut dependency.integrity),
        "version" => (dependency.version, dependency.version_place) = (Some(value.to_owned()), place),
        "resolved" if dependency.origin == Origin::Registry => {
            dependency.origin = spec::resolved(value.split('#').next().unwrap_or(value));
        }
        "resolved" => {
            // The revision that a branch stood for.
            if let (Origin::Git { revision, .. }, Some((_, held))) =
                (&mut dependency.origin, value.split_once('#'))
            {
                held.clone_into(revision);
            } else if let Origin::Git { .. } = spec::resolved(value) {
                dependency.origin = spec::resolved(value);
            }
        }
        _ => {}
    }
}

/// A word and what follows it, each without quotation marks.
fn pair(body: &str) -> (&str, &str) {
    let (key, value) = match body.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        Some(pair) => pair,
        None => body.split_once(' ').unwrap_or((body, "")),
    };
    (key, value.trim().trim_matches('"'))
}

fn berry(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Yaml);
    let Some(root) = document.root().filter(|node| node.is_map()) else { return cx.foreign() };
    let mut index: FxHashMap<&str, DependencyId> = FxHashMap::default();
    let mut entries: Vec<(DependencyId, Node<'_>)> = Vec::new();
    for (key, value) in root.entries() {
        let Some(text) = key.scalar().filter(|text| *text != "__metadata" && value.is_map()) else {
            continue;
        };
        let id = cx.add(package(cx, text, key, value));
        index.extend(text.split(',').map(|descriptor| (descriptor.trim(), id)));
        entries.push((id, value));
    }
    let mut graph = Graph::default();
    for (id, value) in entries {
        let is_own = value.get("linkType").and_then(Node::text) == Some("soft");
        let meta = value.get("dependenciesMeta").map(Node::entries).unwrap_or_default();
        let is_optional = |meta: &Node<'_>| meta.get("optional").and_then(Node::truth) == Some(true);
        let optional: FxHashSet<&str> =
            meta.iter().filter(|(_, meta)| is_optional(meta)).filter_map(|(key, _)| key.scalar()).collect();
        for (name, range) in value.get("dependencies").map(Node::entries).unwrap_or_default() {
            let Some((name, range)) = name.scalar().zip(range.scalar()) else { continue };
            let Some(child) = descriptors(name, range).iter().find_map(|key| index.get(key.as_ref())) else {
                continue;
            };
            let scope = if optional.contains(name) { Scope::Optional } else { Scope::Runtime };
            graph.edge(id, *child, scope);
            is_own.then(|| graph.root(*child, scope));
        }
        is_own.then(|| graph.root(id, Scope::Runtime));
    }
    graph.settle(&mut cx.listing, Told::Roots);
}

/// How what is asked for may be written as a key.
fn descriptors<'a>(name: &str, range: &str) -> [Cow<'a, str>; 2] {
    [format!("{name}@{range}").into(), format!("{name}@npm:{range}").into()]
}

/// A package by its resolution: `name@npm:1.0.0`, `name@workspace:folder`, `name@patch:…`, `name@https://…`.
fn package(cx: &Cx<'_>, text: &str, key: Node<'_>, value: Node<'_>) -> Dependency {
    let resolution = value.get("resolution").and_then(Node::text).unwrap_or(text);
    let (name, reference) = split(resolution);
    let mut dependency = cx.named(name, key);
    dependency.requirement = ranges(text.split(',').map(|descriptor| split(descriptor.trim()).1));
    let is_folder = ["workspace:", "link:", "portal:", "file:"].iter().any(|it| reference.starts_with(it));
    dependency.origin = match reference.split_once(':') {
        _ if is_folder => Origin::Path,
        Some(("npm" | "patch", _)) => archive(reference),
        _ => Spec::new(reference).origin,
    };
    if let Origin::Git { revision, .. } = &mut dependency.origin {
        let commit = revision.split('&').find_map(|part| part.strip_prefix("commit="));
        *revision = commit.map_or_else(|| revision.clone(), str::to_owned);
    }
    if let Some((node, version)) = value.get("version").and_then(|node| Some((node, node.scalar()?))) {
        // What stands in the repository has no version of its own.
        if !(is_folder && version == "0.0.0-use.local") {
            dependency.version = Some(version.to_owned());
            dependency.version_place = cx.inner(node, version);
        }
    }
    dependency
}

/// Another registry is written behind the version (`npm:1.0.0::__archiveUrl=…`), with its marks escaped.
fn archive(reference: &str) -> Origin {
    match reference.split_once("__archiveUrl=") {
        Some((_, url)) => spec::resolved(&super::unescaped(url)),
        None => Origin::Registry,
    }
}
