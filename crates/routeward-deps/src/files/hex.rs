//! `mix.lock`: a map of Elixir, one package a line.

use routeward_base::FxHashMap;

use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, DependencyId, Origin, Scope};

/// Reads it.
pub(crate) fn lock(cx: &mut Cx<'_>) {
    cx.listing.tells_scopes = false;
    let text = cx.text;
    let mut index: FxHashMap<&str, DependencyId> = FxHashMap::default();
    let mut all: Vec<(DependencyId, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        let body = line.trim();
        let Some((name, value)) = body.strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
            if !matches!(body, "" | "%{" | "}" | "%{}") && !body.starts_with('#') {
                cx.fault(cx.place(body), "the line is no package", "run `mix deps.get`");
            }
            continue;
        };
        let value = value.trim_start_matches([':', ' ', '=', '>']);
        if let Some(dependency) = package(cx, name, value) {
            let id = cx.add(dependency);
            index.insert(name, id);
            all.push((id, asked(value)));
        } else {
            cx.fault(cx.place(body), "the line is no package", "run `mix deps.get`");
        }
    }
    let mut graph = Graph::default();
    for (id, asked) in all {
        for name in asked {
            if let Some(child) = index.get(name) {
                graph.edge(id, *child, Scope::Runtime);
            }
        }
    }
    graph.settle(&mut cx.listing, Told::Nothing);
}

/// `{:hex, :name, "1.0.0", …, "hexpm", …}`, `{:git, "address", "revision", […]}`.
fn package(cx: &Cx<'_>, name: &str, value: &str) -> Option<Dependency> {
    let mut dependency = Dependency::new(cx.ecosystem, name, cx.place(name));
    let rest = value.strip_prefix('{')?;
    let mut texts = rest.split('"').skip(1).step_by(2);
    if let Some(rest) = rest.strip_prefix(":hex") {
        let (before, _) = rest.split_once('"')?;
        let real = before.trim_matches([',', ' ']).trim_start_matches(':');
        if !real.is_empty() && real != name {
            real.clone_into(&mut dependency.name);
            dependency.place = cx.place(real);
        }
        let version = texts.next()?;
        dependency.version = Some(version.to_owned());
        dependency.version_place = cx.place(version);
        if let Some(registry) = registry(rest).filter(|name| *name != "hexpm") {
            dependency.origin = Origin::Url(registry.to_owned());
        }
        return Some(dependency);
    }
    if rest.starts_with(":git") {
        let (url, revision) = (texts.next()?, texts.next().unwrap_or(""));
        dependency.version_place = cx.place(revision);
        dependency.origin = Origin::Git { url: url.to_owned(), revision: revision.to_owned() };
        return Some(dependency);
    }
    rest.starts_with(":path").then_some(Dependency { origin: Origin::Path, ..dependency })
}

/// The repository of a package stands behind the list of what it asks for.
fn registry(rest: &str) -> Option<&str> {
    let (_, behind) = rest.rsplit_once(']')?;
    behind.split('"').nth(1)
}

/// What a package asks for: `{:name, "~> 1.0", [hex: :name, repo: "hexpm", optional: false]}`. What is optional is not
/// installed for it: something else asks for that, too, where it is there.
fn asked(value: &str) -> Vec<&str> {
    let tuples = value.split("{:").skip(2);
    tuples
        .filter_map(|tuple| {
            let name = tuple.split([',', '}']).next()?.trim_matches(['"', ' ']);
            let own = tuple.split('}').next().unwrap_or(tuple);
            (!own.contains("optional: true")).then_some(name)
        })
        .collect()
}
