//! Lock files: the exact versions that npm, Yarn, pnpm and Bun installed.

use std::sync::{Mutex, OnceLock, PoisonError};

use routeward_base::FxHashMap;

use super::jsonc::{self, Json};
use super::paths::{ancestors, below, join};
use super::{version, yaml};

/// The names of lock files, the one that wins in a directory with several first.
pub(super) const NAMES: [&str; 5] =
    ["npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/// A lock file, parsed when it is first asked.
pub(super) struct LockFile {
    name: &'static str,
    dir: String,
    /// Taken when parsed.
    text: Mutex<String>,
    lock: OnceLock<Lock>,
}

/// What a lock file says.
#[derive(Default)]
struct Lock {
    /// By directory relative to the lock file and name: what stands in the `node_modules` of the directory.
    installed: FxHashMap<String, FxHashMap<String, String>>,
    /// By name: pairs of a range, or `""` where the file does not say, and the version chosen for it.
    chosen: FxHashMap<String, Vec<(String, String)>>,
}

impl LockFile {
    pub(super) fn new(name: &'static str, dir: &str, text: String) -> Self {
        Self { name, dir: dir.to_owned(), text: Mutex::new(text), lock: OnceLock::new() }
    }

    /// The version of `package` that code in `dir` gets; `range` is what its manifest asks for.
    /// The first call parses the file.
    pub(super) fn version(&self, dir: &str, package: &str, range: Option<&str>) -> Option<String> {
        let lock = self.lock.get_or_init(|| {
            let mut text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
            parse(self.name, &std::mem::take(&mut *text))
        });
        let dir = below(dir, &self.dir)?;
        let installed = ancestors(dir).find_map(|dir| lock.installed.get(dir)?.get(package));
        installed
            .or_else(|| lock.chosen(package, range))
            .or_else(|| lock.installed_anywhere(package))
            .cloned()
    }
}

impl Lock {
    fn install(&mut self, dir: &str, name: &str, version: &str) {
        if let Some(version) = version::exact(version) {
            let packages = self.installed.entry(dir.to_owned()).or_default();
            packages.insert(name.to_owned(), version.to_owned());
        }
    }

    fn choose(&mut self, name: &str, range: &str, version: &str) {
        if let Some(version) = version::exact(version) {
            let chosen = self.chosen.entry(name.to_owned()).or_default();
            chosen.push((range.to_owned(), version.to_owned()));
        }
    }

    /// What code gets that imports without declaring, where all that declare have the same version.
    fn installed_anywhere(&self, package: &str) -> Option<&String> {
        let mut versions = self.installed.values().filter_map(|packages| packages.get(package));
        let first = versions.next()?;
        versions.all(|version| version == first).then_some(first)
    }

    /// The version for the range, or the only version there is.
    fn chosen(&self, package: &str, range: Option<&str>) -> Option<&String> {
        let chosen = self.chosen.get(package)?;
        let asked = chosen.iter().find(|(known, _)| range == Some(known));
        let (_, first) = chosen.first()?;
        let only = chosen.iter().all(|(_, version)| version == first).then_some(first);
        asked.map(|(_, version)| version).or(only)
    }
}

fn parse(name: &str, text: &str) -> Lock {
    match name {
        "pnpm-lock.yaml" => pnpm(text),
        "yarn.lock" => yarn(text),
        "bun.lock" => jsonc::parse(text).map(|json| bun(&json)).unwrap_or_default(),
        _ => {
            let keep = |depth, name: &str| match depth {
                1 => matches!(name, "dependencies" | "packages"),
                2 => true,
                _ => name == "version",
            };
            jsonc::parse_some(text, keep).map(|json| npm(&json)).unwrap_or_default()
        }
    }
}

fn npm(json: &Json) -> Lock {
    let mut lock = Lock::default();
    // Version 1 knows one directory; version 2 repeats it for old clients.
    for (name, entry) in json.get("dependencies").map(Json::members).unwrap_or_default() {
        let version = entry.text("version").unwrap_or("");
        let version = if version.starts_with("npm:") { version.rsplit('@').next() } else { Some(version) };
        lock.install("", name, version.unwrap_or(""));
    }
    for (path, entry) in json.get("packages").map(Json::members).unwrap_or_default() {
        let Some(at) = path.find("node_modules/") else { continue };
        let name = &path[at + "node_modules/".len()..];
        // `node_modules/a/node_modules/b` is what a dependency gets, not the repository.
        if !name.contains("node_modules/") {
            lock.install(path[..at].trim_end_matches('/'), name, entry.text("version").unwrap_or(""));
        }
    }
    lock
}

/// ```text
/// "@babel/core@^7.0.0", "@babel/core@^7.1.0":     # berry: "express@npm:^4.17.1, express@npm:^4.18.0":
///   version "7.2.0"                               #   version: 4.18.2
/// ```
fn yarn(text: &str) -> Lock {
    let mut lock = Lock::default();
    let mut header = "";
    for line in text.lines() {
        if !line.starts_with([' ', '\t', '#']) && !line.trim().is_empty() {
            header = line.trim_end().trim_end_matches(':');
        } else if let Some(version) = line.trim_start().strip_prefix("version") {
            let version = version.trim_start_matches(':').trim().trim_matches('"');
            for descriptor in std::mem::take(&mut header).split(',') {
                let descriptor = descriptor.trim().trim_matches('"');
                let Some(at) = descriptor.get(1..).and_then(|rest| rest.find('@')) else { continue };
                let (name, range) = (&descriptor[..=at], &descriptor[at + 2..]);
                lock.choose(name, plain_range(range), version);
            }
        }
    }
    lock
}

/// Berry writes `npm:` before ranges of which the manifest has none.
fn plain_range(range: &str) -> &str {
    if version::alias(range).is_some() { range } else { range.strip_prefix("npm:").unwrap_or(range) }
}

fn pnpm(text: &str) -> Lock {
    let mut lock = Lock::default();
    yaml::lines(text, |line| {
        match line.path.as_slice() {
            ["importers", dir, table, name] | ["importers", dir, table, name, "version"]
                if is_table(table) =>
            {
                if let Some(dir) = join("", dir) {
                    lock.install(&dir, name, pnpm_version(line.value));
                }
            }
            [table, name] | [table, name, "version"] if is_table(table) => {
                lock.install("", name, pnpm_version(line.value));
            }
            // `/express/4.18.2:`, `/express@4.18.2(peer@1):`, `express@4.18.2:`
            ["packages", key] => {
                let key = key.trim_start_matches('/');
                let scope = if key.starts_with('@') { key.find('/').map_or(0, |at| at + 1) } else { 0 };
                if let Some(at) = key[scope..].find(['@', '/']).map(|at| at + scope) {
                    lock.choose(&key[..at], "", pnpm_version(&key[at + 1..]));
                }
            }
            _ => {}
        }
        // What stands below a package, and how the installed ones are wired, is most of the file.
        !matches!(line.path.as_slice(), ["packages", _] | ["snapshots"])
    });
    lock
}

fn is_table(key: &str) -> bool {
    matches!(key, "dependencies" | "devDependencies" | "optionalDependencies")
}

/// `4.18.2`, `4.18.2_peer@1`, `4.18.2(peer@1)`; for an alias `/lodash/4.17.21` or `lodash@4.17.21`.
fn pnpm_version(text: &str) -> &str {
    let text = text.split('(').next().unwrap_or(text);
    let is_version = text.starts_with(|ch: char| ch.is_ascii_digit());
    let text = if is_version { text } else { text.rsplit(['/', '@']).next().unwrap_or(text) };
    text.split('_').next().unwrap_or(text)
}

fn bun(json: &Json) -> Lock {
    let mut lock = Lock::default();
    let workspaces = json.get("workspaces").map(Json::members).unwrap_or_default();
    let dirs: FxHashMap<&str, &str> =
        workspaces.iter().filter_map(|(dir, entry)| Some((entry.text("name")?, dir.as_ref()))).collect();
    for (key, entry) in json.get("packages").map(Json::members).unwrap_or_default() {
        // `["express@4.18.2", "", {...}, "sha512-..."]`
        let id = entry.items().first().and_then(Json::as_str).unwrap_or("");
        let version = id.rsplit('@').next().unwrap_or("");
        let name_at = key.rfind('/').map_or(0, |last| {
            let scope = key[..last].rfind('/').map_or(0, |at| at + 1);
            if key[scope..].starts_with('@') { scope } else { last + 1 }
        });
        let (owner, name) = key.split_at(name_at);
        // Below a name stands what that package gets: of interest only for one of the repository.
        match (owner.trim_end_matches('/'), name) {
            ("", name) => lock.install("", name, version),
            (owner, name) => {
                if let Some(dir) = dirs.get(owner) {
                    lock.install(dir, name, version);
                }
            }
        }
    }
    lock
}

/// Ranges that the packages of a workspace share: `catalog:` and `catalog:name`.
#[derive(Clone, Default, Debug)]
pub(super) struct Catalogs {
    /// By name of the catalogue (`""` for the default) and name of the package.
    ranges: FxHashMap<(String, String), String>,
}

impl Catalogs {
    /// The `workspaces` of a manifest, as Bun has it.
    pub(super) fn from_json(json: &Json) -> Self {
        let mut found = Self::default();
        let named = json.get("catalogs").map(Json::members).unwrap_or_default();
        let named = named.iter().map(|(name, table)| (name.as_ref(), table));
        for (catalog, table) in json.get("catalog").map(|table| ("", table)).into_iter().chain(named) {
            for (package, range) in table.strings() {
                found.insert(catalog, package, range);
            }
        }
        found
    }

    pub(super) fn insert(&mut self, catalog: &str, package: &str, range: &str) {
        let catalog = if catalog == "default" { "" } else { catalog };
        self.ranges.insert((catalog.to_owned(), package.to_owned()), range.to_owned());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The range that `catalog:` or `catalog:name` stands for.
    pub(super) fn range(&self, package: &str, range: &str) -> Option<&String> {
        let catalog = range.strip_prefix("catalog:")?.trim();
        let catalog = if catalog == "default" { "" } else { catalog };
        self.ranges.get(&(catalog.to_owned(), package.to_owned()))
    }
}

/// The globs and catalogues of a `pnpm-workspace.yaml`.
pub(super) fn pnpm_workspace(text: &str) -> (Vec<String>, Catalogs) {
    let mut globs = Vec::new();
    let mut catalogs = Catalogs::default();
    yaml::lines(text, |line| {
        match line.path.as_slice() {
            ["packages", "-"] => globs.push(line.value.to_owned()),
            ["packages"] => globs.extend(yaml::flow_items(line.value).map(str::to_owned)),
            ["catalog", package] => catalogs.insert("", package, line.value),
            ["catalogs", catalog, package] => catalogs.insert(catalog, package, line.value),
            _ => {}
        }
        true
    });
    (globs, catalogs)
}
