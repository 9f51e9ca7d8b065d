//! `pom.xml`: what one file says. Parents and lists of versions (`import`) that stand elsewhere are named as packages,
//! and what is resolved with them has no version here.

use routeward_base::{FxHashMap, FxHashSet, Span};
use routeward_formats::{Format, Node};

use super::properties::{Marks, Properties};
use crate::files::Cx;
use crate::{Dependency, Scope};

const MARKS: Marks = Marks { open: "${", close: "}" };

/// What a project file says beside its dependencies.
struct Project {
    properties: Properties,
    /// Versions and scopes by `group:artifact`.
    managed: FxHashMap<String, (Dependency, Option<String>)>,
}

/// Reads it.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Xml);
    let Some(root) = document.root().and_then(|root| root.get("project")) else { return cx.foreign() };
    let mut project = Project { properties: properties(cx, root), managed: FxHashMap::default() };
    parent(cx, root, &project);
    // What a profile says holds where the profile does; the project's own counts first.
    let profiles = root.each(&["profiles", "profile"]);
    let parts: Vec<Node<'_>> = [root].into_iter().chain(profiles).collect();
    for list in
        [&["repositories", "repository", "url"][..], &["pluginRepositories", "pluginRepository", "url"]]
    {
        parts.iter().flat_map(|part| part.each(list)).for_each(|url| cx.registry(url));
    }
    let mut managed = Vec::new();
    for node in
        parts.iter().flat_map(|part| part.each(&["dependencyManagement", "dependencies", "dependency"]))
    {
        let Some(dependency) = package(cx, node, &project) else { continue };
        let scope = text(node, "scope", &project);
        if scope.as_deref() != Some("import") {
            project.managed.entry(dependency.name.clone()).or_insert((dependency.clone(), scope));
        }
        managed.push(dependency);
    }
    let mut used = FxHashSet::default();
    for node in parts.iter().flat_map(|part| part.each(&["dependencies", "dependency"])) {
        let Some(mut dependency) = package(cx, node, &project) else { continue };
        inherit(&mut dependency, node, &project);
        dependency.is_direct = Some(true);
        used.insert(dependency.name.clone());
        cx.add(dependency);
    }
    for dependency in managed.into_iter().filter(|dependency| !used.contains(&dependency.name)) {
        cx.add(dependency);
    }
}

/// The project's own properties, and those that stand for its own coordinates.
fn properties(cx: &Cx<'_>, root: Node<'_>) -> Properties {
    let mut properties = Properties::default();
    let parent = root.get("parent");
    for (name, is_inherited) in [("groupId", true), ("version", true), ("artifactId", false)] {
        let inherited = parent.and_then(|parent| parent.get(name));
        for (prefix, node) in [
            ("parent.", inherited),
            ("project.parent.", inherited),
            ("project.", root.get(name).or(inherited.filter(|_| is_inherited))),
            ("pom.", root.get(name).or(inherited.filter(|_| is_inherited))),
        ] {
            if let Some((node, value)) = node.and_then(|node| Some((node, node.scalar()?))) {
                properties.set(&format!("{prefix}{name}"), value, cx.inner(node, value));
            }
        }
    }
    for map in root.each(&["properties"]) {
        for (key, value) in map.written() {
            if let Some((name, text)) = key.scalar().zip(value.scalar()) {
                properties.set(name, text, cx.inner(value, text));
            }
        }
    }
    properties
}

/// The project that this one takes its settings from: a package of the registry, or one beside this.
fn parent(cx: &mut Cx<'_>, root: Node<'_>, project: &Project) {
    if let Some(mut dependency) = root.get("parent").and_then(|node| package(cx, node, project)) {
        dependency.scope = Scope::Development;
        cx.add(dependency);
    }
}

fn text(node: Node<'_>, key: &str, project: &Project) -> Option<String> {
    let (text, _) = project.properties.resolve(node.get(key)?.scalar()?, MARKS)?;
    Some(text)
}

/// A package by its coordinates; none where a name stands for what is not known.
fn package(cx: &Cx<'_>, node: Node<'_>, project: &Project) -> Option<Dependency> {
    let artifact = node.get("artifactId")?;
    let name = format!("{}:{}", text(node, "groupId", project)?, text(node, "artifactId", project)?);
    let mut dependency = Dependency::new(cx.ecosystem, &name, artifact.span());
    if let Some((node, written)) = node.get("version").and_then(|node| Some((node, node.scalar()?))) {
        dependency.version_place = node.span();
        // What a name stands for that is not known here is no version.
        if let Some((version, place)) = project.properties.resolve(written, MARKS) {
            dependency.version_place = place.unwrap_or(dependency.version_place);
            put(&mut dependency, version);
        }
    }
    dependency.scope = scope(text(node, "scope", project).as_deref());
    if text(node, "optional", project).as_deref() == Some("true") {
        dependency.scope = dependency.scope.max(Scope::Optional);
    }
    Some(dependency)
}

/// A version, or a list of ranges; `[1.0]` lets in one. Names that stand for ranges of versions let in any.
pub(super) fn put(dependency: &mut Dependency, text: String) {
    let one =
        text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|text| !text.contains(','));
    let is_open =
        text.ends_with('+') || matches!(text.as_str(), "LATEST" | "RELEASE") || text.contains("latest.");
    if text.is_empty() {
    } else if let Some(one) = one {
        dependency.version = Some(one.trim().to_owned());
    } else if text.contains(['[', '(', ']', ')', ',']) || is_open {
        dependency.requirement = text;
    } else {
        dependency.version = Some(text);
    }
}

fn scope(name: Option<&str>) -> Scope {
    match name {
        Some("test" | "import") => Scope::Development,
        _ => Scope::Runtime,
    }
}

/// What is managed in the same file gives what is not said.
fn inherit(dependency: &mut Dependency, node: Node<'_>, project: &Project) {
    let Some((managed, said)) = project.managed.get(&dependency.name) else { return };
    if node.get("version").is_none() {
        dependency.version.clone_from(&managed.version);
        dependency.requirement.clone_from(&managed.requirement);
        dependency.version_place = managed.version_place;
    }
    if node.get("scope").is_none() && said.is_some() {
        dependency.scope = dependency.scope.max(managed.scope);
    }
}

/// The coordinates of a text, `group:artifact:version`, with places.
pub(super) fn coordinates(cx: &Cx<'_>, text: &str, span: Span) -> Option<Dependency> {
    // A classifier and a kind of file may follow.
    let mut parts = text.split('@').next()?.split(':');
    let (group, artifact) = (parts.next()?.trim(), parts.next()?.trim());
    let is_word = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    if !is_word(group) || !is_word(artifact) {
        return None;
    }
    let mut dependency = Dependency::new(cx.ecosystem, &format!("{group}:{artifact}"), span);
    if let Some(version) = parts.next().map(str::trim).filter(|version| !version.is_empty()) {
        let at = span.of(cx.text).find(version).unwrap_or(0) as u32;
        dependency.version_place = Span::new(span.start + at, span.start + at + version.len() as u32);
        put(&mut dependency, version.to_owned());
    }
    Some(dependency)
}
