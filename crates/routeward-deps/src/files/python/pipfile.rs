//! `Pipfile` and `Pipfile.lock`.

use routeward_formats::{Format, Node};

use super::project::{named, origin, registries};
use super::specifier::versions;
use crate::files::Cx;
use crate::files::tree::Pieces;
use crate::{Project, Purpose, Scope};

/// Tables that list no packages.
const OTHER: &[&str] = &["source", "requires", "pipenv", "scripts", "_meta"];

/// Reads `Pipfile`.
pub(crate) fn manifest(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root().map(Pieces::from) else { return };
    cx.listing.project = Project { name: None, purpose: Purpose::Application, has_locks: true };
    registries(cx, &root);
    for (key, table) in root.entries() {
        match key.scalar() {
            Some("packages") => named(cx, &table, Scope::Runtime),
            Some(other) if !OTHER.contains(&other) => named(cx, &table, Scope::Development),
            _ => {}
        }
    }
    for key in ["python_full_version", "python_version"] {
        cx.run_on_key("python", root.at(&["requires"]).get(key));
    }
}

/// Reads `Pipfile.lock`, which does not tell who asks for what.
pub(crate) fn lock(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Json);
    let Some(root) = document.root().filter(|root| root.is_map()) else { return cx.foreign() };
    for (key, table) in root.entries() {
        let scope = match key.scalar() {
            Some("default") => Scope::Runtime,
            Some(other) if !OTHER.contains(&other) => Scope::Development,
            _ => continue,
        };
        for (key, value) in table.entries() {
            let Some(name) = key.scalar() else { continue };
            let mut dependency = cx.named(name, key);
            dependency.scope = scope;
            if let Some((node, text)) = value.get("version").and_then(|node| Some((node, node.text()?))) {
                versions(&mut dependency, text);
                let version = dependency.version.clone().unwrap_or_else(|| text.to_owned());
                dependency.version_place = cx.inner(node, &version);
            }
            // What the index says is a name of a source, and most say it.
            let table = Pieces::from(value);
            dependency.origin = origin(&table).unwrap_or(dependency.origin);
            if value.get("index").and_then(Node::text).is_some() {
                dependency.is_direct = Some(true);
            }
            cx.add(dependency);
        }
    }
}
