//! `composer.json` and `composer.lock`.

use routeward_base::FxHashMap;
use routeward_formats::{Format, Node};

use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{DependencyId, Origin, Project, Purpose, Scope};

/// PHP itself, its extensions and libraries have names without a vendor.
fn is_package(name: &str) -> bool {
    name.contains('/')
}

/// Reads `composer.json`.
pub(crate) fn manifest(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Json);
    let Some(root) = document.root() else { return };
    project(cx, root);
    for (list, scope) in [("require", Scope::Runtime), ("require-dev", Scope::Development)] {
        for (key, value) in root.get(list).map(Node::entries).unwrap_or_default() {
            let Some((name, text)) = key.scalar().zip(value.scalar()).filter(|(name, _)| is_package(name))
            else {
                continue;
            };
            let mut dependency = cx.named(name, key);
            (dependency.scope, dependency.is_direct) = (scope, Some(true));
            dependency.version_place = cx.inner(value, text);
            dependency.version = exact(text).map(str::to_owned);
            if dependency.version.is_none() {
                text.clone_into(&mut dependency.requirement);
            }
            cx.add(dependency);
        }
    }
    cx.run_on_key("php", root.get("require").and_then(|list| list.get("php")));
}

fn project(cx: &mut Cx<'_>, root: Node<'_>) {
    let purpose = match root.get("type").and_then(Node::text) {
        Some("project") => Purpose::Application,
        Some(_) => Purpose::Library,
        None => Purpose::Unknown,
    };
    let name = root.get("name").and_then(Node::text).map(str::to_owned);
    cx.listing.project = Project { name, purpose, has_locks: true };
    // A list, or a map by names.
    let named = root.get("repositories").map(Node::entries).unwrap_or_default();
    let urls = named.into_iter().filter_map(|(_, repository)| repository.get("url"));
    urls.chain(root.each(&["repositories", "url"])).for_each(|url| cx.registry(url));
    let Some(config) = root.get("config") else { return };
    for (key, value) in [("secure-http", false), ("disable-tls", true)] {
        if let Some(node) = config.get(key).filter(|node| node.truth() == Some(value)) {
            cx.unverified("", node.span());
        }
    }
}

/// The version of `1.2.3`, which lets in nothing else.
fn exact(text: &str) -> Option<&str> {
    let bare = text.trim().trim_start_matches('=').trim();
    let number = bare.strip_prefix('v').unwrap_or(bare);
    let core = number.split('-').next().unwrap_or(number);
    let is_exact = core.split('.').count() >= 3
        && core.split('.').all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()))
        && !number.contains([' ', '|', ',', '*']);
    is_exact.then_some(bare)
}

/// Reads `composer.lock`.
pub(crate) fn lock(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Json);
    let Some(root) = document.root().filter(|root| root.get("packages").is_some()) else {
        return cx.foreign();
    };
    let mut index: FxHashMap<String, DependencyId> = FxHashMap::default();
    let mut all: Vec<(DependencyId, Node<'_>)> = Vec::new();
    for (list, scope) in [("packages", Scope::Runtime), ("packages-dev", Scope::Development)] {
        for node in root.get(list).into_iter().flat_map(Node::items) {
            let Some((key, name)) = node.get("name").and_then(|node| Some((node, node.text()?))) else {
                continue;
            };
            let mut dependency = cx.named(name, key);
            dependency.scope = scope;
            dependency.origin = origin(node);
            if let Some((node, version)) = node.get("version").and_then(|node| Some((node, node.scalar()?))) {
                dependency.version = Some(version.to_owned());
                dependency.version_place = cx.inner(node, version);
            }
            let digits = node.get("dist").and_then(|node| node.get("shasum")).and_then(Node::text);
            dependency.integrity = digits.map(|digits| format!("sha1:{digits}")).unwrap_or_default();
            let id = cx.add(dependency);
            index.insert(cx.ecosystem.fold(name), id);
            all.push((id, node));
        }
    }
    let mut graph = Graph::default();
    for (id, node) in all {
        for (name, _) in node.get("require").map(Node::entries).unwrap_or_default() {
            if let Some(child) = name.scalar().and_then(|name| index.get(&cx.ecosystem.fold(name))) {
                graph.edge(id, *child, Scope::Runtime);
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Nothing);
}

/// What the registry lists tells where to notify it, and is loaded from repositories nevertheless.
fn origin(node: Node<'_>) -> Origin {
    let text = |part: &str, key: &str| node.get(part).and_then(|part| part.get(key)).and_then(Node::text);
    if text("dist", "type") == Some("path") {
        return Origin::Path;
    }
    let notified = node.get("notification-url").and_then(Node::text);
    if let Some(url) = notified {
        let is_public =
            ["https://packagist.org/", "https://repo.packagist.org/"].iter().any(|it| url.starts_with(it));
        return if is_public { Origin::Registry } else { Origin::Url(url.to_owned()) };
    }
    match (text("source", "type"), text("source", "url")) {
        (Some("git"), Some(url)) => Origin::Git {
            url: url.to_owned(),
            revision: text("source", "reference").unwrap_or("").to_owned(),
        },
        _ => text("dist", "url").map_or(Origin::Registry, |url| Origin::Url(url.to_owned())),
    }
}
