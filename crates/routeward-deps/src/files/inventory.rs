//! Inventories of parts: CycloneDX as JSON and XML, SPDX as JSON. What a part is tells its package URL.

use routeward_base::{FxHashMap, FxHashSet};
use routeward_formats::{Format, Node};

use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, DependencyId, Ecosystem, Origin, Scope};

/// Reads an inventory in JSON.
pub(crate) fn json(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Json);
    let Some(root) = document.root() else { return };
    if root.get("bomFormat").is_some() || root.get("components").is_some() {
        cyclone(cx, root, CycloneKeys { reference: "bom-ref", list: "components", item: "" });
    } else if root.get("spdxVersion").is_some() {
        spdx(cx, root);
    } else {
        cx.foreign();
    }
}

/// Reads an inventory in XML.
pub(crate) fn xml(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Xml);
    let Some(root) = document.root().and_then(|root| root.get("bom")) else { return cx.foreign() };
    cyclone(cx, root, CycloneKeys { reference: "@bom-ref", list: "components", item: "component" });
}

/// How the two notations differ.
#[derive(Clone, Copy)]
struct CycloneKeys {
    reference: &'static str,
    list: &'static str,
    item: &'static str,
}

impl CycloneKeys {
    fn items(self, node: Node<'_>) -> Vec<Node<'_>> {
        if self.item.is_empty() {
            return node.get(self.list).into_iter().flat_map(Node::items).collect();
        }
        node.each(&[self.list, self.item])
    }
}

fn cyclone(cx: &mut Cx<'_>, root: Node<'_>, keys: CycloneKeys) {
    let mut index: FxHashMap<&str, DependencyId> = FxHashMap::default();
    // Parts hold parts; those of a part follow it.
    let mut open: Vec<Node<'_>> = keys.items(root).into_iter().rev().collect();
    while let Some(node) = open.pop() {
        open.extend(keys.items(node).into_iter().rev());
        let Some(purl) = node.get("purl") else { continue };
        let Some(mut dependency) = purl.text().and_then(|text| packaged(cx, purl, text)) else { continue };
        if let Some((node, version)) = node.get("version").and_then(|node| Some((node, node.scalar()?)))
            && dependency.version.is_none()
        {
            dependency.version = Some(version.to_owned()).filter(|version| !version.is_empty());
            dependency.version_place = cx.inner(node, version);
        }
        dependency.scope = match node.get("scope").and_then(Node::text) {
            Some("optional") => Scope::Optional,
            Some("excluded") => Scope::Development,
            _ => Scope::Runtime,
        };
        let id = cx.add(dependency);
        index.extend(node.get(keys.reference).and_then(Node::text).map(|key| (key, id)));
    }
    asked(cx, root, keys, &index);
}

/// Who asks for what, if the inventory says so.
fn asked(cx: &mut Cx<'_>, root: Node<'_>, keys: CycloneKeys, index: &FxHashMap<&str, DependencyId>) {
    let own =
        root.get("metadata").and_then(|node| node.get("component")).and_then(|node| node.get(keys.reference));
    let own = own.and_then(Node::text);
    let mut graph = Graph::default();
    let mut told = Told::Nothing;
    let is_json = keys.item.is_empty();
    let all = if is_json {
        root.get("dependencies").into_iter().flat_map(Node::items).collect()
    } else {
        root.each(&["dependencies", "dependency"])
    };
    let is_empty = all.is_empty();
    for node in all {
        let parent = node.get(if is_json { "ref" } else { "@ref" }).and_then(Node::text);
        let children = if is_json {
            node.get("dependsOn").into_iter().flat_map(Node::items).collect()
        } else {
            node.each(&["dependency", "@ref"])
        };
        for child in children.into_iter().filter_map(Node::text).filter_map(|child| index.get(child)) {
            if parent.is_some() && parent == own {
                graph.root(*child, Scope::Runtime);
                told = Told::RootsAndScopes;
            }
            if let Some(parent) = parent.and_then(|parent| index.get(parent)) {
                graph.edge(*parent, *child, Scope::Runtime);
            }
        }
    }
    if !is_empty {
        graph.settle(&mut cx.listing, told);
    }
}

fn spdx(cx: &mut Cx<'_>, root: Node<'_>) {
    let mut index: FxHashMap<&str, DependencyId> = FxHashMap::default();
    for node in root.get("packages").into_iter().flat_map(Node::items) {
        let purl = node
            .get("externalRefs")
            .into_iter()
            .flat_map(Node::items)
            .find(|reference| reference.get("referenceType").and_then(Node::text) == Some("purl"));
        let Some(purl) = purl.and_then(|reference| reference.get("referenceLocator")) else { continue };
        let Some(mut dependency) = purl.text().and_then(|text| packaged(cx, purl, text)) else { continue };
        if let Some((node, version)) = node.get("versionInfo").and_then(|node| Some((node, node.text()?)))
            && dependency.version.is_none()
        {
            dependency.version = Some(version.to_owned()).filter(|version| !version.is_empty());
            dependency.version_place = cx.inner(node, version);
        }
        let id = cx.add(dependency);
        index.extend(node.get("SPDXID").and_then(Node::text).map(|key| (key, id)));
    }
    let described = described(root);
    let mut graph = Graph::default();
    let (mut has_edges, mut told) = (false, Told::Nothing);
    for node in root.get("relationships").into_iter().flat_map(Node::items) {
        let text = |key: &str| node.get(key).and_then(Node::text).unwrap_or("");
        let (left, right) = (text("spdxElementId"), text("relatedSpdxElement"));
        let kind = text("relationshipType");
        let (parent, child) = if kind.ends_with("DEPENDENCY_OF") { (right, left) } else { (left, right) };
        let is_asked = kind == "DEPENDS_ON" || kind.ends_with("DEPENDENCY_OF");
        let Some(child) = index.get(child).filter(|_| is_asked) else { continue };
        if let Some(parent) = index.get(parent) {
            has_edges = true;
            graph.edge(*parent, *child, scope(kind));
        } else if described.contains(parent) {
            (has_edges, told) = (true, Told::Roots);
            graph.root(*child, scope(kind));
        }
    }
    if has_edges {
        graph.settle(&mut cx.listing, told);
    }
}

/// What a document is about: the repository itself.
fn described(root: Node<'_>) -> FxHashSet<&str> {
    let listed = root.get("documentDescribes").into_iter().flat_map(Node::items).filter_map(Node::text);
    let related = root.get("relationships").into_iter().flat_map(Node::items).filter_map(|node| {
        let text = |key: &str| node.get(key).and_then(Node::text);
        match text("relationshipType")? {
            "DESCRIBES" => text("relatedSpdxElement"),
            "DESCRIBED_BY" => text("spdxElementId"),
            _ => None,
        }
    });
    listed.chain(related).collect()
}

/// When a package is needed that another asks for in this way.
fn scope(relationship: &str) -> Scope {
    match relationship {
        "OPTIONAL_DEPENDENCY_OF" => Scope::Optional,
        "DEV_DEPENDENCY_OF" | "TEST_DEPENDENCY_OF" | "BUILD_DEPENDENCY_OF" => Scope::Development,
        _ => Scope::Runtime,
    }
}

/// A package by its URL: `pkg:type/namespace/name@version?qualifiers#subpath` (package-url specification). None for
/// types that are no ecosystem here.
fn packaged(cx: &Cx<'_>, node: Node<'_>, text: &str) -> Option<Dependency> {
    let rest = text.strip_prefix("pkg:")?.trim_start_matches('/');
    let (rest, more) = rest.split_once(['?', '#']).unwrap_or((rest, ""));
    let (kind, rest) = rest.split_once('/')?;
    let ecosystem =
        Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem.purl_type().eq_ignore_ascii_case(kind))?;
    // The mark of a scope is escaped, but not by all tools.
    let (path, version) = match rest.rfind('@').filter(|at| *at > 0) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, ""),
    };
    let mut name = unescaped(path.trim_matches('/'));
    if ecosystem == Ecosystem::Maven {
        name = name.rsplit_once('/').map(|(group, artifact)| format!("{group}:{artifact}"))?;
    }
    let mut dependency = Dependency::new(ecosystem, &name, cx.inner(node, path));
    if !version.is_empty() {
        dependency.version = Some(unescaped(version));
        dependency.version_place = cx.inner(node, version);
    }
    let repository = more.split(['&', '#']).find_map(|part| part.strip_prefix("vcs_url="));
    if let Some(repository) = repository.map(unescaped) {
        let address = repository.strip_prefix("git+").unwrap_or(&repository);
        // A name in front of the host ends in the same mark.
        let held = address.rsplit_once('@').filter(|(_, revision)| !revision.contains('/'));
        let (url, revision) = held.unwrap_or((address, ""));
        dependency.origin = Origin::Git { url: url.to_owned(), revision: revision.to_owned() };
    }
    Some(dependency)
}

/// A text with `%40` and the like resolved.
pub(crate) fn unescaped(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let code = behind.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(byte);
            rest = &behind[2..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
