//! `package.json`.

use routeward_base::FxHashSet;
use routeward_formats::{Format, Node};

use super::LISTS;
use super::spec::Spec;
use crate::files::Cx;
use crate::{Dependency, Project, Purpose};

/// Reads it. What npm overrides is a requirement, too, but of nothing that is known here.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Json);
    let Some(root) = document.root() else { return };
    cx.listing.project = project(root);
    let optional = root.get("optionalDependencies").map(Node::entries).unwrap_or_default();
    let optional: FxHashSet<&str> = optional.iter().filter_map(|(key, _)| key.scalar()).collect();
    for (list, scope) in LISTS {
        for (key, value) in root.get(list).map(Node::entries).unwrap_or_default() {
            let Some((name, spec)) = key.scalar().zip(value.text()) else { continue };
            // What is optional is listed as a dependency, too, by tools that do not know the difference.
            if *list == "dependencies" && optional.contains(name) {
                continue;
            }
            let mut dependency = asked(cx, name, spec, (key, value));
            dependency.scope = *scope;
            cx.add(dependency);
        }
    }
    // Bun keeps catalogs in the manifest of the workspace.
    for holder in [Some(root), root.get("workspaces")].into_iter().flatten() {
        catalogs(cx, holder);
    }
    cx.run_on_key("node", root.get("engines").and_then(|engines| engines.get("node")));
    let repository = root.get("repository");
    let address = repository.and_then(|node| node.text().or_else(|| node.get("url")?.text()));
    // `acme/shop` alone is on GitHub, too (npm documentation, "repository").
    match address {
        Some(short) if short.matches('/').count() == 1 && !short.contains(':') => {
            cx.home(&format!("github:{short}"));
        }
        Some(address) => cx.home(address),
        None => {}
    }
}

/// Reads `pnpm-workspace.yaml`, which holds versions for the manifests of a workspace.
pub(crate) fn workspace(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Yaml);
    if let Some(root) = document.root() {
        catalogs(cx, root);
    }
}

/// Versions of packages that manifests ask for by `catalog:` or `catalog:NAME`.
fn catalogs(cx: &mut Cx<'_>, holder: Node<'_>) {
    let named = holder.get("catalogs").map(Node::entries).unwrap_or_default();
    let all = holder.get("catalog").into_iter().chain(named.into_iter().map(|(_, catalog)| catalog));
    for (key, value) in all.flat_map(Node::entries) {
        let Some((name, spec)) = key.scalar().zip(value.scalar()) else { continue };
        let mut dependency = asked(cx, name, spec, (key, value));
        dependency.is_direct = None;
        cx.add(dependency);
    }
}

/// What is published for others says what of it they may use.
fn project(root: Node<'_>) -> Project {
    const PUBLISHED: &[&str] =
        &["publishConfig", "files", "exports", "module", "types", "typings", "bin", "peerDependencies"];
    let is_private = root.get("private").and_then(Node::truth) == Some(true);
    let is_published = PUBLISHED.iter().any(|key| root.get(key).is_some());
    let is_started = root.get("scripts").is_some_and(|scripts| scripts.get("start").is_some());
    let purpose = match () {
        () if is_published && !is_private => Purpose::Library,
        () if is_private || is_started => Purpose::Application,
        () => Purpose::Unknown,
    };
    Project { name: root.get("name").and_then(Node::text).map(str::to_owned), purpose, has_locks: true }
}

/// A package with a specifier, as the repository asks for it.
fn asked(cx: &Cx<'_>, name: &str, text: &str, (key, value): (Node<'_>, Node<'_>)) -> Dependency {
    let spec = Spec::new(text);
    let mut dependency = cx.named(name, key);
    if let Some(real) = spec.name {
        real.clone_into(&mut dependency.name);
        dependency.place = cx.inner(value, real);
    }
    dependency.version_place = cx.inner(value, if spec.range.is_empty() { text } else { spec.range });
    dependency.is_direct = Some(true);
    dependency.version = spec.exact().map(str::to_owned);
    if dependency.version.is_none() {
        spec.range.clone_into(&mut dependency.requirement);
    }
    dependency.origin = spec.origin;
    dependency
}
