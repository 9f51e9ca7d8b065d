//! `tsconfig.json` and `jsconfig.json`: aliases of specifiers and where the build writes.

use std::sync::Arc;

use super::Problems;
use super::jsonc::{self, Json};
use super::manifest::MAX_PATTERNS;
use super::paths::{best_match, file_name, join, parent};
use routeward_base::{FileSystem, FxHashMap};

/// A configuration with what it inherits.
#[derive(Clone, Default, Debug)]
pub(super) struct Config {
    pub(super) dir: String,
    base_url: Option<Place>,
    paths: Option<Arc<Paths>>,
    out_dir: Option<Place>,
    declaration_dir: Option<Place>,
    root_dir: Option<Place>,
    root_dirs: Vec<Place>,
    /// Configurations named by `references`, which are not inherited.
    references: Vec<String>,
}

/// A path in a configuration, relative to the file that holds it, not to the file that inherits it.
#[derive(Clone, Debug)]
struct Place {
    dir: String,
    path: String,
}

#[derive(Debug)]
struct Paths {
    dir: String,
    rows: Vec<(String, Vec<String>)>,
}

/// Finds the file that an `extends` names.
pub(super) type Extends<'a> = dyn Fn(&str, &str) -> Option<String> + 'a;

/// Longer chains of `extends` are cut.
const MAX_EXTENDS: u32 = 16;

impl Config {
    /// Candidates for a bare specifier, best first, as paths without regard to extensions.
    /// `baseUrl` is asked only where `with_base_url` says so.
    pub(super) fn candidates(&self, specifier: &str, with_base_url: bool) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(paths) = &self.paths {
            let rows = paths.rows.iter().map(|(pattern, targets)| (pattern.as_str(), (pattern, targets)));
            let matching = best_match(rows, specifier)
                .filter(|((pattern, _), _)| with_base_url || pattern.as_str() != "*");
            let base = self.base_url.as_ref().and_then(|place| self.place(place));
            let base = base.as_deref().unwrap_or(&paths.dir);
            for target in matching.iter().flat_map(|((_, targets), _)| targets.iter()) {
                let star = matching.as_ref().map_or("", |(_, star)| star);
                let target = target.replacen('*', star, 1);
                found.extend(self.place(&Place { dir: base.to_owned(), path: target }));
            }
        }
        if with_base_url && let Some(base) = self.base_url.as_ref().and_then(|place| self.place(place)) {
            found.extend(join(&base, specifier));
        }
        found
    }

    /// True if the configuration can change what a bare specifier means.
    pub(super) fn has_aliases(&self) -> bool {
        self.paths.is_some() || self.base_url.is_some()
    }

    /// Directories that the build writes, each with the directories it may have read, likeliest first.
    pub(super) fn outputs(&self) -> Vec<(String, Vec<String>)> {
        let roots: Vec<String> = [
            self.root_dir.as_ref().and_then(|place| self.place(place)),
            Some(self.dir.clone()),
            join(&self.dir, "src"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let written = [&self.out_dir, &self.declaration_dir].into_iter().flatten();
        let written = written.filter_map(|place| self.place(place)).filter(|out| !roots.contains(out));
        written.map(|out| (out, roots.clone())).collect()
    }

    /// Directories that are one at run time (`rootDirs`).
    pub(super) fn root_dirs(&self) -> impl Iterator<Item = String> {
        self.root_dirs.iter().filter_map(|place| self.place(place))
    }

    /// `${configDir}` is the directory of the configuration that is in use, whoever wrote it.
    fn place(&self, place: &Place) -> Option<String> {
        match place.path.strip_prefix("${configDir}") {
            Some(rest) => join(&self.dir, rest),
            None => join(&place.dir, &place.path),
        }
    }

    fn inherit(&mut self, base: &Self) {
        let over = |own: &mut Option<Place>, base: &Option<Place>| {
            if base.is_some() {
                own.clone_from(base);
            }
        };
        over(&mut self.base_url, &base.base_url);
        over(&mut self.out_dir, &base.out_dir);
        over(&mut self.declaration_dir, &base.declaration_dir);
        over(&mut self.root_dir, &base.root_dir);
        if base.paths.is_some() {
            self.paths.clone_from(&base.paths);
        }
        if !base.root_dirs.is_empty() {
            self.root_dirs.clone_from(&base.root_dirs);
        }
    }
}

/// Reads configurations, each file once.
pub(super) struct Reader<'a> {
    pub(super) fs: &'a dyn FileSystem,
    pub(super) extends: &'a Extends<'a>,
    pub(super) read: FxHashMap<String, Option<Arc<Config>>>,
    pub(super) problems: &'a mut Problems,
}

impl Reader<'_> {
    /// The configuration at `path` with all it inherits; none where it is not JSON.
    pub(super) fn load(&mut self, path: &str) -> Option<Arc<Config>> {
        self.load_at(path, 0)
    }

    fn load_at(&mut self, path: &str, depth: u32) -> Option<Arc<Config>> {
        if let Some(known) = self.read.get(path) {
            return known.clone();
        }
        // A file that extends itself finds itself absent.
        self.read.insert(path.to_owned(), None);
        let text = super::read_text(self.fs, path, super::MAX_MANIFEST, self.problems)?;
        let json = match jsonc::parse(&text) {
            Ok(json) => json,
            Err(message) => {
                self.problems.push((path.to_owned(), message));
                return None;
            }
        };
        let mut config = Config { dir: parent(path).to_owned(), ..Config::default() };
        for base in json.get("extends").into_iter().flat_map(Json::texts) {
            let base = (self.extends)(path, base).filter(|_| depth < MAX_EXTENDS);
            if let Some(base) = base.and_then(|base| self.load_at(&base, depth + 1)) {
                config.inherit(&base);
            }
        }
        config.inherit(&own(path, &json));
        config.references = references(path, &json, self.extends);
        let config = Arc::new(config);
        self.read.insert(path.to_owned(), Some(Arc::clone(&config)));
        Some(config)
    }

    /// The configuration and those it refers to, in order, each once.
    pub(super) fn load_project(&mut self, path: &str) -> Vec<Arc<Config>> {
        let mut pending = vec![path.to_owned()];
        let mut seen = pending.clone();
        let mut found = Vec::new();
        while let Some(path) = pending.pop() {
            let Some(config) = self.load(&path) else { continue };
            for reference in config.references.iter().rev() {
                // References to other directories are that directory's own configuration.
                if parent(reference) == config.dir && !seen.contains(reference) {
                    seen.push(reference.clone());
                    pending.push(reference.clone());
                }
            }
            found.push(config);
        }
        found
    }
}

fn own(path: &str, json: &Json) -> Config {
    let dir = parent(path).to_owned();
    let options = json.get("compilerOptions");
    let located = |text: &str| Place { dir: dir.clone(), path: text.to_owned() };
    let place = |key: &str| options?.text(key).map(located);
    let rows = options.and_then(|options| options.get("paths")).map(|paths| {
        let row = |(pattern, targets): &(_, Json)| -> (String, Vec<String>) {
            (String::from(AsRef::<str>::as_ref(pattern)), targets.texts().map(str::to_owned).collect())
        };
        paths.members().iter().take(MAX_PATTERNS).map(row).collect()
    });
    let root_dirs = options.and_then(|options| options.get("rootDirs"));
    Config {
        base_url: place("baseUrl"),
        out_dir: place("outDir"),
        declaration_dir: place("declarationDir"),
        root_dir: place("rootDir"),
        root_dirs: root_dirs.into_iter().flat_map(Json::texts).map(located).collect(),
        paths: rows.map(|rows| Arc::new(Paths { dir: dir.clone(), rows })),
        references: Vec::new(),
        dir,
    }
}

fn references(path: &str, json: &Json, extends: &Extends) -> Vec<String> {
    let items = json.get("references").map(Json::items).unwrap_or_default();
    let paths = items.iter().filter_map(|item| item.text("path"));
    let relative =
        paths.map(|text| if text.starts_with('.') { text.to_owned() } else { format!("./{text}") });
    relative.filter_map(|text| extends(path, &text)).collect()
}

/// True for a file that an editor or the compiler would take for a configuration.
pub(super) fn is_config(path: &str) -> bool {
    let stem = file_name(path).strip_suffix(".json");
    stem.is_some_and(|stem| stem.starts_with("tsconfig") || stem.starts_with("jsconfig"))
}
