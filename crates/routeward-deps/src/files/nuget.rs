//! `packages.lock.json`, project files with `PackageReference`, `Directory.Packages.props` and `packages.config`.

use routeward_base::FxHashMap;
use routeward_formats::{Format, Node};

use super::properties::{Marks, Properties};
use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, DependencyId, Origin, Scope};

const MARKS: Marks = Marks { open: "$(", close: ")" };

/// Reads `packages.lock.json`: packages by framework; what several share is one.
pub(crate) fn lock(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Json);
    let Some(frameworks) = document.root().and_then(|root| root.get("dependencies")) else {
        return cx.foreign();
    };
    cx.listing.tells_scopes = false;
    let mut known: FxHashMap<(String, String), DependencyId> = FxHashMap::default();
    let mut graph = Graph::default();
    for (_, packages) in frameworks.entries() {
        let mut index: FxHashMap<String, DependencyId> = FxHashMap::default();
        let packages = packages.entries();
        for (key, value) in &packages {
            let Some(name) = key.scalar() else { continue };
            let kind = value.get("type").and_then(Node::text).unwrap_or("");
            let version = value.get("resolved").and_then(|node| Some((node, node.text()?)));
            let folded = cx.ecosystem.fold(name);
            let id = (folded.clone(), version.map_or("", |(_, version)| version).to_owned());
            let id = *known.entry(id).or_insert_with(|| {
                let mut dependency = cx.named(name, *key);
                if let Some((node, version)) = version {
                    dependency.version = Some(version.to_owned());
                    dependency.version_place = cx.inner(node, version);
                }
                let content = value.get("contentHash").and_then(Node::text);
                dependency.integrity = content.map(|hash| format!("sha512-{hash}")).unwrap_or_default();
                if kind == "Project" {
                    dependency.origin = Origin::Path;
                }
                cx.listing.dependencies.push(dependency);
                cx.listing.dependencies.len() as DependencyId - 1
            });
            index.insert(folded, id);
            matches!(kind, "Direct" | "Project").then(|| graph.root(id, Scope::Runtime));
        }
        for (key, value) in packages {
            let Some(parent) = key.scalar().and_then(|name| index.get(&cx.ecosystem.fold(name))) else {
                continue;
            };
            for (name, _) in value.get("dependencies").map(Node::entries).unwrap_or_default() {
                if let Some(child) = name.scalar().and_then(|name| index.get(&cx.ecosystem.fold(name))) {
                    graph.edge(*parent, *child, Scope::Runtime);
                }
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Roots);
}

/// Reads a project file, or one that holds versions for several.
pub(crate) fn project(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Xml);
    let Some(root) = document.root().and_then(|root| root.get("Project")) else { return cx.foreign() };
    let mut properties = Properties::default();
    for (key, value) in root.each(&["PropertyGroup"]).iter().flat_map(|group| group.written()) {
        let said = value.scalar().map(|text| (value, text));
        let said = said.or_else(|| value.get("#text").and_then(|node| Some((node, node.scalar()?))));
        if let Some((name, (node, text))) = key.scalar().zip(said) {
            properties.set(name, text, cx.inner(node, text));
        }
    }
    frameworks(cx, root);
    // A version that stands elsewhere is known by the name alone (`PackageVersion`).
    for (element, is_asked) in
        [("PackageReference", true), ("GlobalPackageReference", true), ("PackageVersion", false)]
    {
        for node in root.each(&["ItemGroup", element]) {
            let Some(mut dependency) = reference(cx, node, &properties) else { continue };
            dependency.is_direct = is_asked.then_some(true);
            if element == "GlobalPackageReference" {
                dependency.scope = Scope::Development;
            }
            cx.add(dependency);
        }
    }
}

/// What a program runs on: `net8.0`, `netcoreapp3.1`; one that it can be built for is enough. A library names the oldest
/// that it runs on.
fn frameworks(cx: &mut Cx<'_>, root: Node<'_>) {
    let sdk = root.get("@Sdk").and_then(Node::scalar).unwrap_or("");
    let group = |key: &str| root.each(&["PropertyGroup", key]).first().copied();
    let is_program = ["Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker"].contains(&sdk)
        || group("OutputType").and_then(Node::scalar).is_some_and(|output| {
            output.eq_ignore_ascii_case("exe") || output.eq_ignore_ascii_case("winexe")
        });
    let Some((node, text)) = ["TargetFramework", "TargetFrameworks"]
        .iter()
        .find_map(|key| group(key).and_then(|node| Some((node, node.scalar()?))))
        .filter(|_| is_program)
    else {
        return;
    };
    let version = |name: &str| {
        let version = name.strip_prefix("netcoreapp").or_else(|| name.strip_prefix("net"))?;
        let version = version.split('-').next()?;
        version.contains('.').then(|| version.to_owned())
    };
    let all: Option<Vec<String>> = text.split(';').map(|name| version(name.trim())).collect();
    if let Some(all) = all {
        cx.run_on("dotnet", &all.join(" | "), cx.inner(node, text));
    }
}

/// `Include` and `Version`, the latter as an attribute or an element.
fn reference(cx: &Cx<'_>, node: Node<'_>, properties: &Properties) -> Option<Dependency> {
    let named = ["@Include", "@Update"].iter().find_map(|key| node.get(key))?;
    let mut dependency = cx.named(named.scalar()?, named);
    let version =
        ["@VersionOverride", "@Version", "VersionOverride", "Version"].iter().find_map(|key| node.get(key));
    if let Some((version, written)) = version.and_then(|node| Some((node, node.scalar()?))) {
        dependency.version_place = cx.inner(version, written);
        // What a name stands for that is not known here is no version.
        if let Some((text, place)) = properties.resolve(written, MARKS) {
            dependency.version_place = place.unwrap_or(dependency.version_place);
            put(&mut dependency, &text);
        }
    }
    let private =
        ["@PrivateAssets", "PrivateAssets"].iter().find_map(|key| node.get(key)).and_then(Node::scalar);
    if private.is_some_and(|assets| assets.eq_ignore_ascii_case("all")) {
        dependency.scope = Scope::Development;
    }
    Some(dependency)
}

/// The lowest version that is let in is installed: `1.0` means that and later, `[1.0]` only that.
fn put(dependency: &mut Dependency, text: &str) {
    let one =
        text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|text| !text.contains(','));
    let version = one.unwrap_or(text).trim();
    if version.contains(['[', '(', ',', '*']) || version.is_empty() {
        text.clone_into(&mut dependency.requirement);
    } else {
        dependency.version = Some(version.to_owned());
    }
}

/// Reads `packages.config`, which holds all that is installed.
pub(crate) fn config(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Xml);
    let Some(root) = document.root().and_then(|root| root.get("packages")) else { return cx.foreign() };
    for node in root.each(&["package"]) {
        let Some((id, name)) = node.get("@id").and_then(|node| Some((node, node.scalar()?))) else {
            continue;
        };
        let mut dependency = cx.named(name, id);
        if let Some((node, version)) = node.get("@version").and_then(|node| Some((node, node.scalar()?))) {
            dependency.version = Some(version.to_owned());
            dependency.version_place = cx.inner(node, version);
        }
        if node.get("@developmentDependency").and_then(Node::scalar) == Some("true") {
            dependency.scope = Scope::Development;
        }
        cx.add(dependency);
    }
}
