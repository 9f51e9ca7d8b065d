//! Files that say where package managers take packages from.

use routeward_formats::{Format, Node};

use super::Cx;
use super::gradle::repositories;
use super::python::project::registries;
use super::tree::Pieces;

/// Reads `.npmrc` (`registry=…`, `@scope:registry=…`) and `.yarnrc` of Yarn 1 (`registry "…"`).
pub(super) fn npm(cx: &mut Cx<'_>) {
    let text = cx.text;
    for line in text.lines().map(|line| bare(line).trim()) {
        let Some((key, value)) = line.split_once(['=', ' ']) else { continue };
        let (key, value) = (key.trim().trim_matches('"'), value.trim_matches(['=', ' ', '"', '\'']));
        match key.rsplit(':').next().unwrap_or(key) {
            "registry" => cx.address(value, cx.place(value)),
            "strict-ssl" if value == "false" => cx.unverified("", cx.place(value)),
            _ => {}
        }
    }
}

/// A line without a comment, which begins the line or stands apart from what is before it.
fn bare(line: &str) -> &str {
    let marks = line.match_indices(['#', ';']).map(|(at, _)| at);
    let is_comment = |at: &usize| line[..*at].is_empty() || line[..*at].ends_with([' ', '\t']);
    marks.into_iter().find(is_comment).map_or(line, |at| &line[..at])
}

/// Reads `.yarnrc.yml`.
pub(super) fn yarn(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Yaml);
    let Some(root) = document.root() else { return };
    let scopes = root.get("npmScopes").map(Node::entries).unwrap_or_default();
    let scopes = scopes.into_iter().map(|(_, scope)| scope);
    for registry in scopes.chain([root]).filter_map(|node| node.get("npmRegistryServer")) {
        cx.registry(registry);
    }
    if let Some(node) = root.get("enableStrictSsl").filter(|node| node.truth() == Some(false)) {
        cx.unverified("", node.span());
    }
}

/// Reads `pip.conf`: the value of a key may go on in lines that are indented.
pub(super) fn pip(cx: &mut Cx<'_>) {
    let text = cx.text;
    let mut open = "";
    for line in text.lines().map(bare).filter(|line| !line.trim_start().starts_with('[')) {
        let goes_on = line.starts_with([' ', '\t']);
        let (key, value) = match line.split_once(['=', ':']).filter(|_| !goes_on) {
            Some((key, value)) => (key.trim(), value),
            None => (open, line),
        };
        open = key;
        for word in value.split_whitespace() {
            match key {
                "index-url" | "find-links" => cx.address(word, cx.place(word)),
                "extra-index-url" => cx.beside(word, cx.place(word)),
                "trusted-host" => cx.unverified(word, cx.place(word)),
                _ => {}
            }
        }
    }
}

/// Reads `uv.toml`.
pub(super) fn uv(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    if let Some(root) = document.root() {
        registries(cx, &Pieces::from(root));
    }
}

/// Reads `.cargo/config.toml`.
pub(super) fn cargo(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root().map(Pieces::from) else { return };
    for (table, key) in [("registries", "index"), ("source", "registry")] {
        for (_, registry) in root.at(&[table]).entries() {
            let Some((node, url)) = registry.get(key).and_then(|node| Some((node, node.text()?))) else {
                continue;
            };
            cx.address(url.strip_prefix("sparse+").unwrap_or(url), node.span());
        }
    }
}

/// Reads `nuget.config`.
pub(super) fn nuget(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Xml);
    let Some(root) = document.root().and_then(|root| root.get("configuration")) else { return cx.foreign() };
    for source in root.each(&["packageSources", "add", "@value"]) {
        cx.registry(source);
    }
}

/// Reads `settings.gradle`.
pub(super) fn gradle(cx: &mut Cx<'_>) {
    repositories(cx);
}
