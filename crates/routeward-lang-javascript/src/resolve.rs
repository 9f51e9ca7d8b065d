//! What an import means: files, packages and versions, found as Node, TypeScript and bundlers find them, from
//! the files of the repository alone. Installed dependencies are never read.
//!
//! Where those tools disagree, the file that exists wins; where several exist, source wins over what the build
//! writes, and code over declarations.

mod deno;
mod entries;
mod jsonc;
mod lock;
mod manifest;
mod paths;
mod tsconfig;
mod version;
mod yaml;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use routeward_base::{FileSystem, FxHashMap, FxHashSet};
use routeward_ir::Resolution;

use self::entries::Start;
use self::lock::{Catalogs, LockFile};
pub use self::manifest::{Dependency, Manifest, Scope};
use self::paths::{ancestors, below, file_name, join, parent, split_package};
use self::tsconfig::Config;

/// Paths of files that could not be read as what their name says, with the reason.
pub(crate) type Problems = Vec<(String, String)>;

/// Larger manifests and configurations are taken as absent, in bytes.
const MAX_MANIFEST: usize = 4 << 20;
/// Larger lock files are taken as absent, in bytes.
const MAX_LOCK: usize = 64 << 20;

/// Extensions of code, in the order in which they are tried.
const CODE: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];
/// What may be appended to a specifier.
const APPENDED: [&str; 9] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
const INDEX: [&str; 9] = [
    "/index.ts",
    "/index.tsx",
    "/index.mts",
    "/index.cts",
    "/index.js",
    "/index.jsx",
    "/index.mjs",
    "/index.cjs",
    "/index.json",
];
/// Tried when there is no code.
const DECLARATIONS: [&str; 4] = [".d.ts", ".d.mts", ".d.cts", "/index.d.ts"];

/// Directories that builds write by convention, directly in a package.
const OUTPUTS: [&str; 9] = ["dist", "build", "lib", "out", "output", "es", "esm", "cjs", "umd"];

/// The modules of Node that need no `node:` before them.
const BUILTINS: [&str; 42] = [
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Resolves imports of a repository of JavaScript and TypeScript.
///
/// A value is a function of the files given: nothing is read after construction, and any input gives an
/// answer. Construction reads each manifest, configuration and lock file once.
pub struct Resolver {
    files: FxHashSet<Box<str>>,
    manifests: Vec<Manifest>,
    manifest_by_dir: FxHashMap<String, usize>,
    manifests_by_name: FxHashMap<String, Vec<usize>>,
    /// For each manifest the one at the root of its workspace.
    workspace_of: Vec<Option<usize>>,
    /// Names of packages of this repository that a manifest asks for in a version that is not here.
    disputed: FxHashSet<String>,
    /// Configurations by directory, the one that an editor would take first, with whether it governs the
    /// directory or merely stands there.
    configs: FxHashMap<String, Vec<(Arc<Config>, bool)>>,
    /// Directories that builds write, with the directories they read.
    outputs: FxHashMap<String, Vec<String>>,
    locks: FxHashMap<String, Vec<LockFile>>,
    /// Import maps by the directory of their configuration.
    import_maps: FxHashMap<String, deno::ImportMap>,
    starts: Vec<Start>,
    problems: Problems,
}

impl Resolver {
    /// Reads what decides about imports among `files`, which are all paths of the scan, sorted and relative to
    /// the root. What stands in `node_modules` is left alone.
    pub fn new(fs: &dyn FileSystem, files: &[String]) -> Self {
        let mut resolver = Self {
            files: files.iter().map(|path| path.as_str().into()).collect(),
            manifests: Vec::new(),
            manifest_by_dir: FxHashMap::default(),
            manifests_by_name: FxHashMap::default(),
            workspace_of: Vec::new(),
            disputed: FxHashSet::default(),
            configs: FxHashMap::default(),
            outputs: FxHashMap::default(),
            locks: FxHashMap::default(),
            import_maps: FxHashMap::default(),
            starts: Vec::new(),
            problems: Vec::new(),
        };
        let own: Vec<&str> = files.iter().map(String::as_str).filter(|path| !is_dependency(path)).collect();
        resolver.read_manifests(fs, &own);
        resolver.link_workspaces(fs, &own);
        resolver.read_configs(fs, &own);
        resolver.read_locks(fs, &own);
        resolver.read_import_maps(fs, &own);
        resolver.problems.sort();
        resolver
    }

    /// The meaning of `specifier` in the file `from`. Takes a few hash lookups and does not touch files.
    pub fn resolve(&self, from: &str, specifier: &str) -> Resolution {
        // Bundlers: `style!./a.css`, `./a.svg?raw`.
        let specifier = specifier.rsplit('!').next().unwrap_or(specifier);
        let specifier = specifier.split('?').next().unwrap_or(specifier);
        if specifier.is_empty() {
            return Resolution::Missing;
        }
        match self.mapped(from, specifier) {
            Some(target) if target.starts_with('/') => {
                let found = self.probe(target.trim_start_matches('/'), is_typescript(from));
                found.map_or(Resolution::Missing, Resolution::File)
            }
            Some(target) => self.resolve_plain(from, &target),
            None => self.resolve_plain(from, specifier),
        }
    }

    /// By the nearest import map that speaks of the specifier.
    fn mapped(&self, from: &str, specifier: &str) -> Option<String> {
        if self.import_maps.is_empty() || specifier.starts_with('.') {
            return None;
        }
        ancestors(parent(from)).find_map(|dir| self.import_maps.get(dir)?.target(specifier))
    }

    /// As [`Self::resolve`], without import maps.
    fn resolve_plain(&self, from: &str, specifier: &str) -> Resolution {
        if let Some(builtin) = specifier.strip_prefix("node:") {
            return Resolution::Package(builtin.to_owned());
        }
        if let Some(place) =
            specifier.strip_prefix("https://").filter(|place| place.starts_with("deno.land/x/"))
        {
            // `https://deno.land/x/name@v1.2.3/mod.ts`: the package by its name, apart from those of registries.
            let name = place["deno.land/x/".len()..].split(['/', '@']).next().unwrap_or(place);
            return Resolution::Package(format!("deno/x/{name}"));
        }
        if let Some(package) = specifier.strip_prefix("npm:").or_else(|| specifier.strip_prefix("jsr:")) {
            return Resolution::Package(without_version(package));
        }
        if specifier.contains(':') {
            // `https://…`, `bun:test`, `virtual:x`
            return Resolution::Package(specifier.to_owned());
        }
        let found =
            if matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../")
            {
                self.relative(from, specifier)
            } else if let Some(path) = specifier.strip_prefix('/') {
                self.below_root(from, path)
            } else {
                return self.bare(from, specifier);
            };
        found.map_or(Resolution::Missing, Resolution::File)
    }

    /// The exact version of `package` (a name, or a name with a path in it) that the file `from` gets: what
    /// the nearest lock file says, else the lowest version that the nearest manifest allows. None where
    /// neither knows: `*`, tags, places on the web. The first question to a lock file parses it.
    pub fn package_version(&self, from: &str, package: &str) -> Option<String> {
        let dir = parent(from);
        let mapped = ancestors(dir).find_map(|dir| self.import_maps.get(dir)?.version(package));
        if mapped.is_some() {
            return mapped;
        }
        let (package, _) = split_package(package);
        let asked = self.manifests_above(dir).find_map(|manifest| {
            let name = manifest.range(package).map(|range| (package, range));
            name.or_else(|| {
                let name = manifest.alias_of(package)?;
                Some((name, manifest.range(name)?))
            })
        });
        let (name, range) = asked.map_or((package, None), |(name, range)| (name, Some(range)));
        let locks = ancestors(dir).filter_map(|dir| self.locks.get(dir)).flatten();
        let locked = locks.into_iter().find_map(|lock| lock.version(dir, name, range));
        locked.or_else(|| version::lowest(range?))
    }

    /// All manifests, sorted by path.
    pub fn manifests(&self) -> &[Manifest] {
        &self.manifests
    }

    /// The manifest of the package that the file belongs to.
    pub fn manifest_of(&self, path: &str) -> Option<&Manifest> {
        self.manifests_above(parent(path)).next()
    }

    /// Files that were taken as absent, with the reason, sorted. Lock files are not among them, since they may
    /// never be parsed.
    pub fn problems(&self) -> &[(String, String)] {
        &self.problems
    }

    fn manifests_above<'a, 'd>(&'a self, dir: &'d str) -> impl Iterator<Item = &'a Manifest> + use<'a, 'd> {
        ancestors(dir).filter_map(|dir| self.manifest_in(dir))
    }

    fn manifest_in(&self, dir: &str) -> Option<&Manifest> {
        self.manifest_by_dir.get(dir).map(|at| &self.manifests[*at])
    }
}

/// What a specifier can mean, one function a kind.
impl Resolver {
    fn relative(&self, from: &str, specifier: &str) -> Option<String> {
        let prefer_typescript = is_typescript(from);
        let path = join(parent(from), specifier)?;
        if specifier.ends_with('/') || matches!(file_name(specifier), "." | "..") {
            return self.directory(&path).or_else(|| self.source_of(&path));
        }
        self.probe(&path, prefer_typescript)
            .or_else(|| self.in_root_dirs(from, &path))
            .or_else(|| self.source_of(&path))
    }

    /// With `rootDirs`, a file may stand beside another in a different directory.
    fn in_root_dirs(&self, from: &str, path: &str) -> Option<String> {
        let config = ancestors(parent(from)).find_map(|dir| self.configs.get(dir)?.first())?;
        let roots: Vec<String> = config.0.root_dirs().collect();
        let rest = roots.iter().find_map(|root| below(path, root))?;
        roots.iter().filter_map(|root| join(root, rest)).find_map(|path| self.probe(&path, true))
    }

    /// `/x` counts from the package, as development servers have it, or from the repository.
    fn below_root(&self, from: &str, path: &str) -> Option<String> {
        let package = self.manifest_of(from).map_or("", |manifest| manifest.dir.as_str());
        [package, ""].into_iter().filter_map(|dir| join(dir, path)).find_map(|path| self.probe(&path, false))
    }

    fn bare(&self, from: &str, specifier: &str) -> Resolution {
        if let Some(path) = self.aliased(from, specifier) {
            return Resolution::File(path);
        }
        if specifier.starts_with('#') {
            return self.imported(from, specifier);
        }
        let specifier = specifier.trim_end_matches('/');
        let (package, subpath) = split_package(specifier);
        if BUILTINS.contains(&package) {
            return Resolution::Package(specifier.to_owned());
        }
        if let Some(path) =
            self.local(from, package).and_then(|manifest| self.package_file(manifest, subpath))
        {
            return Resolution::File(path);
        }
        if let Some(path) = self.conventional(from, specifier) {
            return Resolution::File(path);
        }
        // `@/x` and `~/x` cannot name packages.
        if package.starts_with("@/") || matches!(package, "@" | "@@" | "~" | "~~") {
            return Resolution::Missing;
        }
        let declared = self.manifests_above(parent(from)).find_map(|manifest| manifest.range(package));
        match declared.and_then(version::alias) {
            Some(name) => Resolution::Package(name.to_owned() + &specifier[package.len()..]),
            None => Resolution::Package(specifier.to_owned()),
        }
    }

    /// By `paths` and `baseUrl`: the nearest directory with a configuration counts in full, those above it
    /// only with `paths`, for tools that are told of one configuration for all packages.
    fn aliased(&self, from: &str, specifier: &str) -> Option<String> {
        let prefer_typescript = is_typescript(from);
        let mut is_nearest = true;
        for dir in ancestors(parent(from)) {
            let Some(configs) = self.configs.get(dir) else { continue };
            for (config, governs) in configs.iter().filter(|(config, _)| config.has_aliases()) {
                let existing = config
                    .candidates(specifier, is_nearest && *governs)
                    .iter()
                    .find_map(|path| self.probe(path, prefer_typescript));
                let built =
                    || config.candidates(specifier, false).iter().find_map(|path| self.source_of(path));
                if let Some(path) = existing.or_else(built) {
                    return Some(path);
                }
            }
            is_nearest &= !configs.iter().any(|(_, governs)| *governs);
        }
        None
    }

    /// `#x`, by `imports` of the manifest.
    fn imported(&self, from: &str, specifier: &str) -> Resolution {
        let mut above = self.manifests_above(parent(from));
        let Some(manifest) = above.find(|manifest| !manifest.imports.is_empty()) else {
            return Resolution::Missing;
        };
        let targets = manifest.imports.targets(specifier);
        let local = targets.iter().filter(|target| target.starts_with('.'));
        if let Some(path) = self.offered(manifest, local.map(String::as_str)) {
            return Resolution::File(path);
        }
        let package = targets.iter().find(|target| !target.starts_with(['.', '#', '/']));
        package.map_or(Resolution::Missing, |package| match package.strip_prefix("node:") {
            Some(builtin) => Resolution::Package(builtin.to_owned()),
            None => self.bare(from, package),
        })
    }

    /// What no configuration says but bundlers are told so often: `@/x`, `~/x`, `src/x`; and `module-alias`.
    fn conventional(&self, from: &str, specifier: &str) -> Option<String> {
        let prefer_typescript = is_typescript(from);
        for manifest in self.manifests_above(parent(from)) {
            let told = manifest.aliases.iter().filter_map(|(prefix, target)| {
                let rest = specifier.strip_prefix(prefix.as_str())?;
                (rest.is_empty() || rest.starts_with('/'))
                    .then(|| join(&manifest.dir, &format!("{target}/{rest}")))?
            });
            if let Some(path) =
                told.into_iter().find_map(|path| self.existing_or_source(&path, prefer_typescript))
            {
                return Some(path);
            }
        }
        let stripped = ["@/", "~/", "~~/", "@@/"].iter().find_map(|prefix| specifier.strip_prefix(prefix));
        let tails = match stripped {
            Some(rest) => vec![format!("src/{rest}"), rest.to_owned(), format!("app/{rest}")],
            None if specifier.starts_with("src/") => vec![specifier.to_owned()],
            None => return None,
        };
        let dir = parent(from);
        let mut dirs: Vec<&str> = self.manifests_above(dir).map(|manifest| manifest.dir.as_str()).collect();
        if dirs.is_empty() {
            // Without any manifest, the nearest directory that has the file.
            dirs.extend(ancestors(dir));
        }
        let mut paths = dirs.into_iter().flat_map(|dir| tails.iter().filter_map(move |tail| join(dir, tail)));
        paths.find_map(|path| self.probe(&path, prefer_typescript))
    }

    fn existing_or_source(&self, path: &str, prefer_typescript: bool) -> Option<String> {
        self.probe(path, prefer_typescript).or_else(|| self.source_of(path))
    }
}

/// Packages of the repository.
impl Resolver {
    /// The package of this repository that `name` means in the file `from`, if it does not mean one from a
    /// registry that happens to be called the same.
    fn local(&self, from: &str, name: &str) -> Option<&Manifest> {
        let dir = parent(from);
        let asked = self.manifests_above(dir).find_map(|it| Some((it, it.range(name)?)));
        if let Some((manifest, range)) = asked
            && let Some(path) = ["file:", "link:", "portal:"].iter().find_map(|it| range.strip_prefix(it))
            && let Some(target) = join(&manifest.dir, path).and_then(|dir| self.manifest_in(&dir))
        {
            return Some(target);
        }
        let own = ancestors(dir).find_map(|dir| self.manifest_by_dir.get(dir)).copied();
        let workspace = own.and_then(|own| self.workspace_of[own]);
        let candidates = self.manifests_by_name.get(name)?.iter().copied();
        let closeness = |at: usize| {
            let manifest = &self.manifests[at];
            let is_same_workspace = workspace.is_some() && self.workspace_of[at] == workspace;
            let is_meant = match asked {
                Some((_, range)) => {
                    version::allows(range, manifest.version.as_deref())
                        || (manifest.version.is_none() && is_same_workspace)
                }
                // `npm init` names a package after its folder, so that a folder of examples for a
                // framework has the framework's name.
                None => {
                    own == Some(at)
                        || is_same_workspace
                        || name.starts_with('@')
                        || !self.disputed.contains(name)
                }
            };
            let shared = ancestors(dir).find(|dir| below(&manifest.dir, dir).is_some()).map_or(0, str::len);
            is_meant.then_some((own == Some(at), is_same_workspace, shared))
        };
        let ranked = candidates.filter_map(|at| Some((closeness(at)?, at)));
        let best = ranked.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(_, at)| &self.manifests[at])
    }

    /// The file behind `subpath` (`""` for the package itself) of a package of this repository.
    fn package_file(&self, manifest: &Manifest, subpath: &str) -> Option<String> {
        let key = if subpath.is_empty() { ".".to_owned() } else { format!("./{subpath}") };
        let targets = manifest.exports.targets(&key);
        let offered = self.offered(manifest, targets.iter().map(String::as_str));
        if subpath.is_empty() {
            return offered
                .or_else(|| self.directory(&manifest.dir))
                .or_else(|| self.probe(&join(&manifest.dir, "src/index")?, true))
                .or_else(|| self.probe(&join(&manifest.dir, "lib/index")?, true));
        }
        let path = join(&manifest.dir, subpath)?;
        offered
            .or_else(|| self.existing_or_source(&path, false))
            .or_else(|| self.probe(&join(&manifest.dir, &format!("src/{subpath}"))?, true))
    }

    /// The first of several targets that is code or was built from code, else a declaration.
    fn offered<'a>(&self, manifest: &Manifest, targets: impl Iterator<Item = &'a str>) -> Option<String> {
        let paths: Vec<String> = targets.filter_map(|target| join(&manifest.dir, target)).collect();
        let code = paths.iter().filter(|path| !is_declaration(path));
        let existing = code.into_iter().find_map(|path| self.code(path)).map(|path| self.written(path));
        let existing = existing.or_else(|| paths.iter().find_map(|path| self.source_of(path)));
        existing.or_else(|| paths.iter().find_map(|path| self.probe(path, false)))
    }
}

/// Paths that exist.
impl Resolver {
    fn is_file(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// The file or directory that `path` without regard to extensions means.
    fn probe(&self, path: &str, prefer_typescript: bool) -> Option<String> {
        let swapped = || self.typescript_of(path);
        let exact = || self.is_file(path).then(|| path.to_owned());
        let written = if prefer_typescript { swapped().or_else(exact) } else { exact().or_else(swapped) };
        written
            .or_else(|| self.first(path, &APPENDED))
            .or_else(|| self.directory(path))
            .or_else(|| self.first(stem(path).unwrap_or(path), &DECLARATIONS))
            .or_else(|| self.first(path, &DECLARATIONS))
    }

    /// As [`Self::probe`], without directories and declarations.
    fn code(&self, path: &str) -> Option<String> {
        let exact = self.is_file(path).then(|| path.to_owned());
        exact.or_else(|| self.typescript_of(path)).or_else(|| self.first(path, &APPENDED))
    }

    /// The source that the compiler turns into the path: `x.js` is written for `x.ts` or `x.tsx`.
    fn typescript_of(&self, path: &str) -> Option<String> {
        let (stem, extension) = path.rsplit_once('.')?;
        let sources: &[&str] = match extension {
            "js" => &[".ts", ".tsx"],
            "jsx" => &[".tsx"],
            "mjs" => &[".mts"],
            "cjs" => &[".cts"],
            _ => return None,
        };
        self.first(stem, sources)
    }

    fn directory(&self, dir: &str) -> Option<String> {
        let mains = self.manifest_in(dir).into_iter().flat_map(|manifest| &manifest.mains);
        let paths: Vec<String> =
            mains.filter_map(|main| join(dir, main)).filter(|path| path != dir).collect();
        let code = paths.iter().filter(|path| !is_declaration(path));
        code.into_iter()
            .find_map(|path| self.code(path).or_else(|| self.index(path)))
            .map(|path| self.written(path))
            .or_else(|| paths.iter().find_map(|path| self.source_of(path)))
            .or_else(|| self.index(dir))
            .or_else(|| paths.into_iter().find(|path| self.is_file(path)))
    }

    fn index(&self, dir: &str) -> Option<String> {
        let found = self.first(dir, &INDEX)?;
        Some(found.trim_start_matches('/').to_owned())
    }

    /// The first of `path` + suffix that is a file.
    fn first(&self, path: &str, suffixes: &[&str]) -> Option<String> {
        let mut candidate = String::with_capacity(path.len() + 12);
        candidate.push_str(path);
        let found = suffixes.iter().find(|suffix| {
            candidate.truncate(path.len());
            candidate.push_str(suffix);
            // In the root, `/index.ts` is `index.ts`.
            self.is_file(candidate.trim_start_matches('/'))
        });
        found.is_some().then_some(candidate)
    }

    /// The path, or the TypeScript that it was built from, where both are in the repository.
    fn written(&self, path: String) -> String {
        let source = if is_typescript(&path) { None } else { self.source_of(&path) };
        source.filter(|source| is_typescript(source)).unwrap_or(path)
    }

    /// The source of a file that the build writes: by `outDir` and `rootDir`
    /// where a configuration has them, else by convention.
    fn source_of(&self, path: &str) -> Option<String> {
        let told = ancestors(path).find_map(|out| {
            let rest = below(path, out)?;
            self.outputs.get(out)?.iter().filter_map(|root| join(root, rest)).find_map(|it| self.source(&it))
        });
        told.or_else(|| self.conventional_source_of(path))
    }

    /// `dist/x.js`, `dist/esm/x.js` and `lib/x.js` are made of `src/x.ts`; in a repository with one output for
    /// all, `dist/apps/api/main.js` of `apps/api/src/main.ts`.
    fn conventional_source_of(&self, path: &str) -> Option<String> {
        let package = self.manifests_above(parent(path)).next().map_or("", |manifest| manifest.dir.as_str());
        let mut rest = below(path, package)?;
        while let Some((first, inner)) =
            rest.split_once('/').or(Some((rest, ""))).filter(|(it, _)| OUTPUTS.contains(it))
        {
            rest = inner;
            let (dir, name) = rest.rsplit_once('/').unwrap_or(("", rest));
            let places = [
                format!("src/{rest}"),
                format!("source/{rest}"),
                rest.to_owned(),
                format!("lib/{rest}"),
                format!("{dir}/src/{name}"),
            ];
            let paths = places.iter().filter_map(|place| join(package, place));
            if let Some(found) = paths.into_iter().filter(|it| it != path).find_map(|it| self.source(&it)) {
                return Some(found);
            }
            if first.is_empty() || rest.is_empty() {
                break;
            }
        }
        None
    }

    /// Code with the stem of `path`, whatever the build called its output.
    fn source(&self, path: &str) -> Option<String> {
        let code = &APPENDED[..CODE.len()];
        let Some(stem) = stem(path) else {
            return self.first(path, code).or_else(|| self.index(path));
        };
        // `index.cjs.js`, `index.min.js`
        let bare =
            [".cjs", ".esm", ".umd", ".min", ".es", ".bundle"].iter().find_map(|it| stem.strip_suffix(it));
        self.first(stem, code).or_else(|| self.first(bare?, code))
    }
}

/// Reading.
impl Resolver {
    fn read_manifests(&mut self, fs: &dyn FileSystem, files: &[&str]) {
        for path in files {
            let is_manifest = file_name(path) == "package.json";
            if !is_manifest && !entries::is_json_start(path) && !entries::is_command_file(path) {
                continue;
            }
            let Some(text) = read_text(fs, path, MAX_MANIFEST, &mut self.problems) else { continue };
            if entries::is_command_file(path) {
                self.starts.extend(entries::command_starts(path, &text));
                continue;
            }
            match jsonc::parse(&text) {
                Ok(json) if is_manifest => {
                    let manifest = Manifest::new(path, &json);
                    self.starts.extend(entries::manifest_starts(&manifest));
                    self.manifests.push(manifest);
                }
                Ok(json) => self.starts.extend(entries::json_starts(path, &json)),
                Err(message) => self.problems.push(((*path).to_owned(), message)),
            }
        }
        self.manifests.sort_by(|a, b| a.path.cmp(&b.path));
        for (at, manifest) in self.manifests.iter().enumerate() {
            self.manifest_by_dir.insert(manifest.dir.clone(), at);
            if let Some(name) = &manifest.name {
                self.manifests_by_name.entry(name.clone()).or_default().push(at);
            }
        }
    }

    fn link_workspaces(&mut self, fs: &dyn FileSystem, files: &[&str]) {
        // By directory: the globs and catalogues of the files beside a manifest.
        let mut roots: FxHashMap<String, (Vec<String>, Catalogs)> = FxHashMap::default();
        for manifest in
            self.manifests.iter().filter(|it| !it.workspaces.is_empty() || !it.catalogs.is_empty())
        {
            roots.insert(manifest.dir.clone(), (manifest.workspaces.clone(), manifest.catalogs.clone()));
        }
        for path in files {
            let is_pnpm = file_name(path) == "pnpm-workspace.yaml";
            if !is_pnpm && file_name(path) != "lerna.json" {
                continue;
            }
            let Some(text) = read_text(fs, path, MAX_MANIFEST, &mut self.problems) else { continue };
            let (globs, catalogs) =
                if is_pnpm { lock::pnpm_workspace(&text) } else { (lerna_globs(&text), Catalogs::default()) };
            let root = roots.entry(parent(path).to_owned()).or_default();
            root.0.extend(globs);
            if !catalogs.is_empty() {
                root.1 = catalogs;
            }
        }
        self.workspace_of = self.manifests.iter().map(|it| self.workspace_root(&it.dir, &roots)).collect();
        for manifest in &mut self.manifests {
            let catalogs =
                ancestors(&manifest.dir).filter_map(|dir| Some(&roots.get(dir)?.1)).find(|it| !it.is_empty());
            let Some(catalogs) = catalogs else { continue };
            for dependency in &mut manifest.dependencies {
                if let Some(range) = catalogs.range(&dependency.name, &dependency.range) {
                    dependency.range.clone_from(range);
                }
            }
        }
        let dependencies = self.manifests.iter().flat_map(|manifest| &manifest.dependencies);
        let disputed = dependencies.filter(|it| {
            let locals = self.manifests_by_name.get(&it.name).into_iter().flatten();
            let mut versions = locals.map(|at| self.manifests[*at].version.as_deref());
            versions.any(|version| !version::allows(&it.range, version))
        });
        self.disputed = disputed.map(|it| it.name.clone()).collect();
    }

    /// The manifest at the root of the workspace that the package in `dir` belongs to.
    fn workspace_root(&self, dir: &str, roots: &FxHashMap<String, (Vec<String>, Catalogs)>) -> Option<usize> {
        ancestors(dir).find_map(|root| {
            let (globs, _) = roots.get(root).filter(|(globs, _)| !globs.is_empty())?;
            let relative = below(dir, root)?;
            let is_excluded = globs
                .iter()
                .any(|glob| glob.strip_prefix('!').is_some_and(|glob| paths::is_glob_match(glob, relative)));
            let is_member =
                relative.is_empty() || globs.iter().any(|glob| paths::is_glob_match(glob, relative));
            (is_member && !is_excluded).then(|| self.manifest_by_dir.get(root).copied())?
        })
    }

    fn read_configs(&mut self, fs: &dyn FileSystem, files: &[&str]) {
        let mut problems = std::mem::take(&mut self.problems);
        let mut configs: FxHashMap<String, Vec<(Arc<Config>, bool)>> = FxHashMap::default();
        let mut outputs: FxHashMap<String, Vec<String>> = FxHashMap::default();
        let extends = |from: &str, specifier: &str| self.config_file(from, specifier);
        let mut reader =
            tsconfig::Reader { fs, extends: &extends, read: FxHashMap::default(), problems: &mut problems };
        let mut found: Vec<&str> = files.iter().copied().filter(|path| tsconfig::is_config(path)).collect();
        let precedence = |path: &str| match file_name(path) {
            "tsconfig.json" => 0,
            "jsconfig.json" => 1,
            _ => 2,
        };
        found.sort_by_key(|path| (parent(path), precedence(path), *path));
        for path in found {
            let governs = precedence(path) < 2;
            let project =
                if governs { reader.load_project(path) } else { reader.load(path).into_iter().collect() };
            for config in project {
                for (out, roots) in config.outputs() {
                    let known = outputs.entry(out).or_default();
                    for root in roots {
                        if !known.contains(&root) && known.len() < 64 {
                            known.push(root);
                        }
                    }
                }
                configs.entry(parent(path).to_owned()).or_default().push((config, governs));
            }
        }
        self.configs = configs;
        self.outputs = outputs;
        self.problems = problems;
    }

    /// The file that `extends` or `references` names: relative, or in a package of this repository.
    fn config_file(&self, from: &str, specifier: &str) -> Option<String> {
        let base = if specifier.starts_with('.') {
            join(parent(from), specifier)?
        } else {
            let (package, subpath) = split_package(specifier);
            join(&self.local(from, package)?.dir, subpath)?
        };
        let exact = self.is_file(&base).then(|| base.clone());
        let found = exact.or_else(|| self.first(&base, &[".json", "/tsconfig.json"]))?;
        Some(found.trim_start_matches('/').to_owned())
    }

    fn read_import_maps(&mut self, fs: &dyn FileSystem, files: &[&str]) {
        for path in files.iter().filter(|path| deno::is_config(path)) {
            if let Some(map) = deno::ImportMap::read(fs, path, &mut self.problems) {
                self.import_maps.insert(parent(path).to_owned(), map);
            }
        }
    }

    fn read_locks(&mut self, fs: &dyn FileSystem, files: &[&str]) {
        let precedence = |path: &str| lock::NAMES.iter().position(|name| *name == file_name(path));
        let mut found: Vec<(usize, &str)> =
            files.iter().filter_map(|path| Some((precedence(path)?, *path))).collect();
        found.sort_unstable();
        for (at, path) in found {
            if let Some(text) = read_text(fs, path, MAX_LOCK, &mut self.problems) {
                let locks = self.locks.entry(parent(path).to_owned()).or_default();
                locks.push(LockFile::new(lock::NAMES[at], parent(path), text));
            }
        }
    }
}

fn lerna_globs(text: &str) -> Vec<String> {
    let json = jsonc::parse(text).ok();
    let packages = json.as_ref().and_then(|json| json.get("packages"));
    packages.into_iter().flat_map(jsonc::Json::texts).map(str::to_owned).collect()
}

/// The text of a file of at most `limit` bytes; what is no UTF-8 is replaced.
fn read_text(fs: &dyn FileSystem, path: &str, limit: usize, problems: &mut Problems) -> Option<String> {
    let bytes = match fs.read(path) {
        Ok(bytes) if bytes.len() <= limit => bytes,
        Ok(_) => {
            problems.push((path.to_owned(), "too large".to_owned()));
            return None;
        }
        Err(error) => {
            problems.push((path.to_owned(), error.to_string()));
            return None;
        }
    };
    Some(
        String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

/// `express@4.18.2/lib` is `express/lib`.
fn without_version(specifier: &str) -> String {
    let (package, subpath) = split_package(specifier.trim_start_matches('/'));
    let end = package.get(1..).and_then(|rest| rest.find('@')).map_or(package.len(), |at| at + 1);
    let slash = if subpath.is_empty() { "" } else { "/" };
    format!("{}{slash}{subpath}", &package[..end])
}

fn is_dependency(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "node_modules" | "bower_components"))
}

fn is_typescript(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "ts" | "tsx" | "mts" | "cts"))
}

fn is_declaration(path: &str) -> bool {
    [".d.ts", ".d.mts", ".d.cts"].iter().any(|ending| path.ends_with(ending))
}

/// The path without its extension, if it has one of code or declarations.
fn stem(path: &str) -> Option<&str> {
    let (stem, extension) = path.rsplit_once('.')?;
    CODE.contains(&extension).then(|| stem.strip_suffix(".d").unwrap_or(stem))
}
