//! `pyproject.toml`: the project's own table, groups, and what Poetry, PDM and uv add.

use routeward_base::{FxHashMap, Span};
use routeward_formats::{Format, Node};

use super::specifier::{Specifier, address, versions};
use crate::files::Cx;
use crate::files::tree::Pieces;
use crate::{Dependency, Ecosystem, Origin, Project, Purpose, Scope};

/// Reads it.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root().map(Pieces::from) else { return };
    cx.listing.project = project(&root);
    for place in [&["tool", "uv"][..], &["tool", "poetry"], &["tool", "pdm"]] {
        registries(cx, &root.at(place));
    }
    let sources = root.at(&["tool", "uv", "sources"]).index();
    listed(cx, &root.at(&["project", "dependencies"]), Scope::Runtime, &sources);
    for (_, list) in root.at(&["project", "optional-dependencies"]).entries() {
        listed(cx, &list, Scope::Optional, &sources);
    }
    for groups in [&["dependency-groups"][..], &["tool", "pdm", "dev-dependencies"]] {
        for (_, list) in root.at(groups).entries() {
            listed(cx, &list, Scope::Development, &sources);
        }
    }
    for list in [&["tool", "uv", "dev-dependencies"][..], &["build-system", "requires"]] {
        listed(cx, &root.at(list), Scope::Development, &sources);
    }
    poetry(cx, &root.at(&["tool", "poetry"]));
    cx.run_on_key("python", root.at(&["project"]).get("requires-python"));
    cx.run_on_key("python", root.at(&["tool", "poetry", "dependencies"]).get("python"));
    for place in [&["project", "urls"][..], &["tool", "poetry"]] {
        for (_, value) in root.at(place).entries() {
            if let Some(address) =
                value.value().and_then(Node::text).filter(|text| text.contains("github.com/"))
            {
                cx.home(address);
            }
        }
    }
}

fn project(root: &Pieces<'_>) -> Project {
    let (own, tool) = (root.at(&["project"]), root.at(&["tool"]));
    let (poetry, uv) = (tool.at(&["poetry"]), tool.at(&["uv"]));
    let has = |table: &Pieces<'_>, key: &str| table.get(key).is_some();
    let says = |table: &Pieces<'_>, key: &str| table.get(key).and_then(Node::truth);
    let is_kept = says(&poetry, "package-mode") == Some(false) || says(&uv, "package") == Some(false);
    let is_published = [&own, &poetry].iter().any(|table| has(table, "classifiers"));
    let purpose = match () {
        () if is_kept => Purpose::Application,
        () if is_published || has(&poetry, "packages") => Purpose::Library,
        () => Purpose::Unknown,
    };
    let name = own.text("name").or_else(|| poetry.text("name"));
    let has_locks = ["poetry", "uv", "pdm"].iter().any(|name| has(&tool, name));
    Project { name: name.map(str::to_owned), purpose, has_locks }
}

/// Where a tool takes packages from: `[[source]]` of Poetry and PDM, `[[index]]` of uv.
pub(in crate::files) fn registries(cx: &mut Cx<'_>, tool: &Pieces<'_>) {
    for table in ["source", "index"].iter().flat_map(|list| tool.at(&[list]).items().collect::<Vec<_>>()) {
        let Some(url) = table.get("url") else { continue };
        cx.registry(url);
        if table.get("verify_ssl").and_then(Node::truth) == Some(false) {
            cx.unverified(url.text().unwrap_or(""), url.span());
        }
    }
    tool.get("index-url").into_iter().for_each(|url| cx.registry(url));
    for host in tool.at(&["allow-insecure-host"]).items() {
        cx.unverified(host.text().unwrap_or(""), host.span());
    }
}

/// A list of specifiers.
fn listed(cx: &mut Cx<'_>, list: &Pieces<'_>, scope: Scope, sources: &FxHashMap<&str, Pieces<'_>>) {
    for node in list.items() {
        let Some(text) = node.text() else { continue };
        let Some(specifier) = Specifier::new(text) else {
            cx.fault(node.span(), "it is no requirement", "write a name, and which versions are let in");
            continue;
        };
        let mut dependency = specifier.dependency(cx);
        dependency.place = cx.inner(node, specifier.name);
        let version = if specifier.address.is_empty() { specifier.versions } else { specifier.address };
        let end = dependency.place.end();
        dependency.version_place =
            if version.is_empty() { Span::new(end, end) } else { cx.inner(node, version) };
        dependency.scope = scope;
        dependency.is_direct = Some(true);
        if let Some(source) = sources.get(specifier.name) {
            dependency.origin = origin(source).unwrap_or(dependency.origin);
        }
        cx.add(dependency);
    }
}

/// What a table says about where a package comes from.
pub(super) fn origin(table: &Pieces<'_>) -> Option<Origin> {
    if let Some(url) = table.text("git") {
        let revision = ["rev", "revision", "ref", "tag", "branch"].iter().find_map(|key| table.text(key));
        let url = url.strip_prefix("git+").unwrap_or(url).to_owned();
        return Some(Origin::Git { url, revision: revision.unwrap_or("").to_owned() });
    }
    if table.is("workspace")
        || ["path", "editable", "virtual", "directory"].iter().any(|key| table.text(key).is_some())
    {
        return Some(Origin::Path);
    }
    ["url", "file"].iter().find_map(|key| table.text(key)).map(address)
}

/// The tables of Poetry, in which names are keys.
fn poetry(cx: &mut Cx<'_>, root: &Pieces<'_>) {
    named(cx, &root.at(&["dependencies"]), Scope::Runtime);
    named(cx, &root.at(&["dev-dependencies"]), Scope::Development);
    for (name, group) in root.at(&["group"]).entries() {
        let scope = if name.scalar() == Some("main") { Scope::Runtime } else { Scope::Development };
        named(cx, &group.at(&["dependencies"]), scope);
    }
}

/// A table in which names are keys, and values are versions, tables, or lists of tables for different systems.
pub(super) fn named(cx: &mut Cx<'_>, table: &Pieces<'_>, scope: Scope) {
    for (key, value) in table.entries() {
        let Some(name) = key.scalar() else { continue };
        // The interpreter stands among the packages.
        if name.eq_ignore_ascii_case("python") {
            continue;
        }
        let choices: Vec<Pieces<'_>> = match value.value() {
            Some(list) if list.is_list() => list.items().map(Pieces::from).collect(),
            _ => vec![value],
        };
        for choice in choices {
            let dependency = keyed(cx, name, key, &choice, scope);
            cx.add(dependency);
        }
    }
}

fn keyed(cx: &Cx<'_>, name: &str, key: Node<'_>, value: &Pieces<'_>, scope: Scope) -> Dependency {
    let mut dependency = Dependency::new(Ecosystem::PyPi, name, cx.inner(key, name));
    (dependency.scope, dependency.is_direct) = (scope, Some(true));
    let said = value.value().filter(|node| node.text().is_some()).or_else(|| value.get("version"));
    if let Some((node, text)) = said.and_then(|node| Some((node, node.text()?))) {
        versions(&mut dependency, text);
        // Poetry takes a version alone for that version.
        let is_version =
            text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(['*', ',', ' ', '|', '<']);
        if is_version {
            dependency.version = Some(std::mem::take(&mut dependency.requirement));
        }
        dependency.version_place = cx.inner(node, text);
    }
    if value.is("optional") {
        dependency.scope = dependency.scope.max(Scope::Optional);
    }
    dependency.origin = origin(value).unwrap_or(dependency.origin);
    dependency
}
