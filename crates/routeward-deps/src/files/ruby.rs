//! `Gemfile` and `gems.rb` as far as they are lines of literals, `Gemfile.lock` and `gems.locked`.

use routeward_base::{FxHashMap, Span};

use crate::files::Cx;
use crate::files::gradle::quoted;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, DependencyId, Origin, Project, Purpose, Scope};

/// Reads what is asked for: `gem "name", "~> 1.0"`, groups around it, and where it comes from.
pub(crate) fn manifest(cx: &mut Cx<'_>) {
    cx.listing.project = Project { name: None, purpose: Purpose::Application, has_locks: true };
    let text = cx.text;
    let mut groups: Vec<Scope> = Vec::new();
    for line in text.lines() {
        let code = line.split('#').next().unwrap_or(line).trim();
        let (word, rest) = code.split_once([' ', '(']).unwrap_or((code, ""));
        let scope = groups.last().copied().unwrap_or(Scope::Runtime);
        match word {
            "gem" => {
                if let Some(dependency) = asked(cx, rest, scope) {
                    cx.add(dependency);
                }
            }
            "source" => {
                if let [url, ..] = quoted(rest).as_slice() {
                    cx.address(url, cx.place(url));
                }
            }
            // What is published keeps no lockfile.
            "gemspec" => cx.listing.project.purpose = Purpose::Library,
            "end" => drop(groups.pop()),
            _ => {}
        }
        if code.ends_with(" do") || code.contains(" do |") || matches!(word, "if" | "unless") {
            let is_developed = word == "group" && !rest.contains("production") && !rest.contains("default");
            groups.push(if is_developed { Scope::Development } else { scope });
        }
    }
}

fn asked(cx: &Cx<'_>, rest: &str, scope: Scope) -> Option<Dependency> {
    // Options follow requirements: `git: "…"`, `:path => "…"`.
    let end = rest.find(": ").or_else(|| rest.find("=>")).unwrap_or(rest.len());
    let head = rest[..end].rfind(',').filter(|_| end < rest.len()).map_or(rest, |at| &rest[..at]);
    let texts = quoted(head);
    let (name, versions) = texts.split_first()?;
    let mut dependency = Dependency::new(cx.ecosystem, name, cx.place(name));
    (dependency.scope, dependency.is_direct) = (scope, Some(true));
    dependency.requirement = versions.join(", ");
    if let (Some(first), Some(last)) = (versions.first(), versions.last()) {
        let (first, last) = (cx.place(first), cx.place(last));
        dependency.version_place = Span::new(first.start, last.end());
    }
    let options = &rest[head.len()..];
    let option = |key: &str| {
        let (_, behind) =
            options.split_once(&format!("{key}:")).or_else(|| options.split_once(&format!(":{key} =>")))?;
        quoted(behind).first().copied()
    };
    let git = option("git").map(str::to_owned);
    let git = git.or_else(|| option("github").map(|name| format!("https://github.com/{name}")));
    if let Some(url) = git {
        let revision = ["ref", "tag", "branch"].iter().find_map(|key| option(key)).unwrap_or("");
        dependency.origin = Origin::Git { url, revision: revision.to_owned() };
    } else if option("path").is_some() {
        dependency.origin = Origin::Path;
    } else if let Some(url) = option("source") {
        dependency.origin = Origin::Url(url.to_owned());
    }
    Some(dependency)
}

/// Reads it. It tells what the repository asks for, but not for when.
pub(crate) fn lock(cx: &mut Cx<'_>) {
    cx.listing.tells_scopes = false;
    let text = cx.text;
    let mut section = "";
    let mut source = Source::default();
    let mut index: FxHashMap<&str, DependencyId> = FxHashMap::default();
    let mut versions: FxHashMap<(&str, String), DependencyId> = FxHashMap::default();
    let mut last: Option<DependencyId> = None;
    let mut asks: Vec<(DependencyId, &str)> = Vec::new();
    let mut direct: Vec<&str> = Vec::new();
    for line in text.lines() {
        let body = line.trim();
        let indent = line.len() - line.trim_start().len();
        match (section, indent) {
            _ if body.is_empty() => {}
            (_, 0) => {
                (section, source, last) = (body, Source::default(), None);
                let is_conflict = ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| body.starts_with(mark));
                if is_conflict {
                    cx.fault(cx.place(body), "a merge was left unfinished", "resolve it, and install again");
                }
            }
            ("GEM" | "GIT" | "PATH" | "PLUGIN SOURCE", 2) => {
                source.field(body);
                if let Some(url) = body.strip_prefix("remote: ").filter(|_| section == "GEM") {
                    cx.address(url, cx.place(url));
                }
            }
            ("GEM" | "GIT" | "PATH" | "PLUGIN SOURCE", 4) => {
                let dependency = package(cx, body, source.origin(section));
                let key = (name(body), dependency.version.clone().unwrap_or_default());
                // One package may be there for several systems.
                let id = *versions.entry(key).or_insert_with(|| {
                    cx.listing.dependencies.push(dependency);
                    cx.listing.dependencies.len() as DependencyId - 1
                });
                index.insert(name(body), id);
                last = Some(id);
            }
            ("GEM" | "GIT" | "PATH" | "PLUGIN SOURCE", 6) => asks.extend(last.map(|last| (last, name(body)))),
            ("RUBY VERSION", _) => {
                let version = body.strip_prefix("ruby ").unwrap_or("");
                cx.run_on("ruby", version, cx.place(body));
            }
            ("DEPENDENCIES", _) => direct.push(name(body).trim_end_matches('!')),
            _ => {}
        }
    }
    let mut graph = Graph::default();
    for (parent, name) in asks {
        if let Some(child) = index.get(name) {
            graph.edge(parent, *child, Scope::Runtime);
        }
    }
    for name in &direct {
        if let Some(id) = index.get(name) {
            graph.root(*id, Scope::Runtime);
        }
    }
    graph.settle(&mut cx.listing, if direct.is_empty() { Told::Nothing } else { Told::Roots });
}

/// What a section says about where its packages come from.
#[derive(Default)]
struct Source<'t> {
    remote: &'t str,
    revision: &'t str,
}

impl<'t> Source<'t> {
    fn field(&mut self, body: &'t str) {
        match body.split_once(": ") {
            Some(("remote", value)) if self.remote.is_empty() => self.remote = value,
            Some(("revision", value)) => self.revision = value,
            _ => {}
        }
    }

    fn origin(&self, section: &str) -> Origin {
        match section {
            "GIT" => Origin::Git { url: self.remote.to_owned(), revision: self.revision.to_owned() },
            "PATH" => Origin::Path,
            _ if self.remote.is_empty() || self.remote.trim_end_matches('/') == "https://rubygems.org" => {
                Origin::Registry
            }
            _ => Origin::Url(self.remote.to_owned()),
        }
    }
}

fn name(body: &str) -> &str {
    body.split([' ', '(']).next().unwrap_or(body)
}

/// `name (1.2.3)`, or `name (1.2.3-x86_64-linux)` for one system.
fn package(cx: &Cx<'_>, body: &str, origin: Origin) -> Dependency {
    let mut dependency = Dependency::new(cx.ecosystem, name(body), cx.place(name(body)));
    dependency.origin = origin;
    let version = body.split_once('(').and_then(|(_, rest)| rest.split([')', '-']).next()).map(str::trim);
    if let Some(version) = version.filter(|version| !version.is_empty()) {
        dependency.version = Some(version.to_owned());
        dependency.version_place = cx.place(version);
    }
    dependency
}
