//! `package.json`: what a package is called, what it needs, and which files it offers.

use super::jsonc::Json;
use super::paths::{best_match, parent};
use super::{lock::Catalogs, version};

/// More patterns than this in one table are dropped: each lookup reads the whole table.
pub(super) const MAX_PATTERNS: usize = 4096;

/// A `package.json` of the scanned repository.
#[derive(Clone, Default, Debug)]
pub struct Manifest {
    /// Its path.
    pub path: String,
    /// Its directory; the root is `""`.
    pub dir: String,
    /// The name of the package.
    pub name: Option<String>,
    /// Its own version.
    pub version: Option<String>,
    /// All dependencies: runtime ones first, then optional, peer and development ones, each in file order.
    pub dependencies: Vec<Dependency>,
    /// Fields that name the file behind the bare package name, best first.
    pub(super) mains: Vec<String>,
    pub(super) bins: Vec<String>,
    pub(super) scripts: Vec<(String, String)>,
    pub(super) exports: Subpaths,
    pub(super) imports: Subpaths,
    /// Prefix of a specifier and the directory it means, as the package `module-alias` has it.
    pub(super) aliases: Vec<(String, String)>,
    /// Globs of the packages below, if this is the root of a workspace.
    pub(super) workspaces: Vec<String>,
    pub(super) catalogs: Catalogs,
}

/// One entry of a table of dependencies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// The name that code imports.
    pub name: String,
    /// The range as written; `catalog:` is replaced by what the catalogue of the workspace says.
    pub range: String,
    /// The table it stands in.
    pub scope: Scope,
}

/// What a dependency is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// `dependencies`.
    Runtime,
    /// `optionalDependencies`.
    Optional,
    /// `peerDependencies`.
    Peer,
    /// `devDependencies`.
    Dev,
}

impl Manifest {
    pub(super) fn new(path: &str, json: &Json) -> Self {
        let owned = |key: &str| json.text(key).filter(|text| !text.is_empty()).map(str::to_owned);
        let strings = |value: Option<&Json>| -> Vec<(String, String)> {
            value
                .into_iter()
                .flat_map(Json::strings)
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .collect()
        };
        let workspaces = json.get("workspaces");
        let globs = workspaces.map(|value| value.get("packages").unwrap_or(value));
        let bins = json.get("bin").into_iter().flat_map(|bin| {
            bin.as_str().into_iter().chain(bin.strings().map(|(_, path)| path)).map(str::to_owned)
        });
        Self {
            path: path.to_owned(),
            dir: parent(path).to_owned(),
            name: owned("name"),
            version: owned("version"),
            dependencies: dependencies(json),
            mains: ["source", "main", "module", "types", "typings"].into_iter().filter_map(owned).collect(),
            bins: bins.collect(),
            scripts: strings(json.get("scripts")),
            exports: json.get("exports").map(Subpaths::new).unwrap_or_default(),
            imports: json.get("imports").map(Subpaths::new).unwrap_or_default(),
            aliases: strings(json.get("_moduleAliases")),
            workspaces: globs.into_iter().flat_map(Json::texts).map(str::to_owned).collect(),
            catalogs: workspaces.map(Catalogs::from_json).unwrap_or_default(),
        }
    }

    /// The range that the manifest gives for a package, runtime tables first.
    pub(super) fn range(&self, package: &str) -> Option<&str> {
        self.dependencies.iter().find(|it| it.name == package).map(|it| it.range.as_str())
    }

    /// The name under which the manifest installs `package`, where that is another one.
    pub(super) fn alias_of(&self, package: &str) -> Option<&str> {
        let aliased = self
            .dependencies
            .iter()
            .find(|it| it.name != package && version::alias(&it.range) == Some(package));
        aliased.map(|it| it.name.as_str())
    }
}

fn dependencies(json: &Json) -> Vec<Dependency> {
    let tables = [
        ("dependencies", Scope::Runtime),
        ("optionalDependencies", Scope::Optional),
        ("peerDependencies", Scope::Peer),
        ("devDependencies", Scope::Dev),
    ];
    let rows = tables.into_iter().flat_map(|(key, scope)| {
        let rows = json.get(key).into_iter().flat_map(Json::strings);
        rows.map(move |(name, range)| Dependency { name: name.to_owned(), range: range.to_owned(), scope })
    });
    rows.collect()
}

/// The table `exports` or `imports`, flattened: a pattern and all targets under any condition.
#[derive(Clone, Default, Debug)]
pub(super) struct Subpaths {
    rows: Vec<(String, Vec<Target>)>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Target {
    rank: Rank,
    path: String,
}

/// How well the conditions on the way to a target fit code that runs on a server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Rank {
    Runtime,
    /// `browser` and its like.
    Elsewhere,
    Types,
}

impl Subpaths {
    fn new(json: &Json) -> Self {
        let is_table = json.members().iter().any(|(key, _)| key.starts_with(['.', '#']));
        let mut rows = Vec::new();
        if is_table {
            for (pattern, value) in json.members().iter().take(MAX_PATTERNS) {
                // `"./lib/": "./src/"` is the former way to write `"./lib/*": "./src/*"`.
                let star = if pattern.ends_with('/') { "*" } else { "" };
                rows.push((format!("{pattern}{star}"), targets(value, star)));
            }
        } else {
            rows.push((".".to_owned(), targets(json, "")));
        }
        Self { rows }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What `key` (`.`, `./x`, `#x`) may mean, best first: paths from `./`, or specifiers of packages.
    pub(super) fn targets(&self, key: &str) -> Vec<String> {
        let rows = self.rows.iter().map(|(pattern, targets)| (pattern.as_str(), targets));
        let Some((targets, star)) = best_match(rows, key) else { return Vec::new() };
        targets.iter().map(|target| target.path.replace('*', star)).collect()
    }
}

fn targets(json: &Json, suffix: &str) -> Vec<Target> {
    let mut found = Vec::new();
    collect_targets(json, Rank::Runtime, suffix, &mut found);
    // Stable: within a rank the order of the file counts.
    found.sort_by_key(|target| target.rank);
    found
}

fn collect_targets(json: &Json, rank: Rank, suffix: &str, found: &mut Vec<Target>) {
    if let Some(path) = json.as_str() {
        found.push(Target { rank, path: format!("{path}{suffix}") });
    }
    for item in json.items() {
        collect_targets(item, rank, suffix, found);
    }
    for (condition, value) in json.members() {
        let own = match condition.as_ref() {
            "browser" | "worker" | "workerd" | "edge-light" | "react-native" | "react-server"
            | "electron" => Rank::Elsewhere,
            types if types == "types" || types.starts_with("types@") => Rank::Types,
            _ => Rank::Runtime,
        };
        collect_targets(value, rank.max(own), suffix, found);
    }
}
