//! What an import means: files, packages and versions, found as the interpreter and its installers find them, from
//! the files of the repository alone. Installed packages are never read.
//!
//! Which folders the interpreter searches is not written down anywhere. Taken are, in order: the folder that holds
//! the importing file's outermost package, the folders of projects above it, each with its `src`, the other folders
//! above it, and the other projects of the repository. The folders of the last two kinds are searched by some programs
//! only, so a module that merely lies there does not stand in for a distribution of its name.

mod manifest;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use routeward_base::{FileSystem, FxHashMap, FxHashSet};
use routeward_ir::Resolution;

use self::manifest::{Packages, normal, read};

/// Modules of the language's own library that repositories like to have files of the same name for.
const STANDARD: &[&str] = &[
    "abc",
    "argparse",
    "ast",
    "asyncio",
    "base64",
    "calendar",
    "cmd",
    "code",
    "collections",
    "concurrent",
    "configparser",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "email",
    "enum",
    "errno",
    "functools",
    "glob",
    "hashlib",
    "hmac",
    "html",
    "http",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "logging",
    "math",
    "mimetypes",
    "multiprocessing",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "platform",
    "queue",
    "random",
    "re",
    "secrets",
    "select",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "sqlite3",
    "ssl",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "traceback",
    "types",
    "typing",
    "unittest",
    "urllib",
    "uuid",
    "warnings",
    "weakref",
    "xml",
    "zipfile",
    "zlib",
];
/// Files that make their folder a project.
const MARKS: &[&str] =
    &["pyproject.toml", "setup.py", "setup.cfg", "manage.py", "requirements.txt", "Pipfile", "tox.ini"];
/// Files that start a program by convention, where they stand in a project's folder or one below.
const STARTS: &[&str] = &[
    "manage.py",
    "wsgi.py",
    "asgi.py",
    "main.py",
    "app.py",
    "application.py",
    "run.py",
    "server.py",
    "__main__.py",
];

/// Resolves imports of a repository of Python.
///
/// A value is a function of the files given: nothing is read after construction, and any input gives an answer.
pub struct Resolver {
    files: FxHashSet<Box<str>>,
    /// Folders that hold code, at any depth.
    folders: FxHashSet<Box<str>>,
    /// Folders of projects, sorted; the root is always one.
    projects: Vec<String>,
    /// A file in the root makes it a project.
    root_is_marked: bool,
    /// Folders that hold files of code themselves.
    scripts: FxHashSet<Box<str>>,
    /// Names of distributions that some manifest of the repository asks for.
    wanted: FxHashSet<Box<str>>,
    /// What manifests and lock files of a folder say.
    packages: FxHashMap<String, Packages>,
    /// The name of the package that the root itself is.
    root_package: Option<String>,
    starts: Vec<String>,
}

impl Resolver {
    /// Reads what decides about imports and versions among `files`, which are all paths of the scan, sorted and
    /// relative to the root.
    pub fn new(fs: &dyn FileSystem, files: &[String]) -> Self {
        let mut resolver = Self {
            files: files.iter().filter(|path| is_code(path)).map(|path| path.as_str().into()).collect(),
            folders: FxHashSet::default(),
            projects: Vec::new(),
            root_is_marked: false,
            scripts: FxHashSet::default(),
            wanted: FxHashSet::default(),
            packages: FxHashMap::default(),
            root_package: None,
            starts: Vec::new(),
        };
        resolver.root_package = resolver.files.contains("__init__.py").then(|| fs.name()).flatten();
        let mut projects = BTreeSet::from([String::new()]);
        for path in files {
            let (folder, name) = split(path);
            if MARKS.contains(&name) {
                projects.insert(folder.to_owned());
                resolver.root_is_marked |= folder.is_empty();
            }
            if is_code(path) {
                resolver.scripts.insert(folder.into());
                for folder in ancestors(folder) {
                    if !resolver.folders.insert(folder.into()) {
                        break;
                    }
                }
            }
            if let Some(packages) = read(fs, path, name) {
                let names = packages.locked.keys().chain(packages.lowest.keys());
                resolver.wanted.extend(names.map(|name| name.as_str().into()));
                resolver.packages.entry(folder.to_owned()).or_default().extend(packages);
            }
        }
        resolver.projects = projects.into_iter().collect();
        let is_start = |path: &&String| {
            let (folder, name) = split(path);
            STARTS.contains(&name)
                && (resolver.projects.iter().any(|project| project == folder)
                    || resolver.projects.iter().any(|project| project == split(folder).0))
        };
        resolver.starts = files.iter().filter(is_start).cloned().collect();
        resolver
    }

    /// The meaning of `specifier` (`a.b`, `.a`, `..`) in the file `from`. Takes a few hash look-ups.
    pub fn resolve(&self, from: &str, specifier: &str) -> Resolution {
        let rest = specifier.trim_start_matches('.');
        let dots = specifier.len() - rest.len();
        if dots > 0 {
            let folder = split(from).0;
            let Some(base) = ancestors(folder).nth(dots - 1) else { return Resolution::Missing };
            return self.module(base, rest).map_or(Resolution::Missing, Resolution::File);
        }
        let top = rest.split('.').next().unwrap_or("");
        if top.is_empty() {
            return Resolution::Missing;
        }
        if STANDARD.contains(&top) {
            return Resolution::Package(rest.to_owned());
        }
        // The folder above the root is searched by what uses the package that the root is.
        if self.root_package.as_deref() == Some(top) {
            let inner = rest.split_once('.').map_or("", |(_, inner)| inner);
            return self.module("", inner).map_or(Resolution::Missing, Resolution::File);
        }
        let mut is_own = false;
        for (folder, is_sure) in self.searched(from) {
            if !self.has(&folder, top) || !is_sure && !self.may_share(from, &folder, rest) {
                continue;
            }
            // A program may lie in a folder that is called as what it needs.
            if self.needs(&join(&folder, top), top) {
                continue;
            }
            let is_package = self.has_file(&folder, top);
            // A folder that merely has the name of a dependency is none.
            if !is_package && self.is_dependency(from, top) {
                continue;
            }
            match self.module(&folder, rest) {
                Some(path) => return Resolution::File(path),
                // A folder without code of its own may merely be called so.
                None => is_own |= is_package,
            }
            if is_package {
                break;
            }
        }
        if is_own { Resolution::Missing } else { Resolution::Package(rest.to_owned()) }
    }

    /// The exact version of the package that holds the module `package`, as the file `from` gets it: what the
    /// nearest lock file says, else the lowest version that the nearest manifest allows. `None` where neither knows.
    pub fn package_version(&self, from: &str, package: &str) -> Option<String> {
        let name = normal(package.split('.').next().unwrap_or(package));
        let near = || ancestors(split(from).0).filter_map(|folder| self.packages.get(folder));
        let locked = near().find_map(|packages| packages.locked.get(&name));
        locked.or_else(|| near().find_map(|packages| packages.lowest.get(&name)?.as_ref())).cloned()
    }

    /// Files that start a program by convention, sorted.
    pub fn entries(&self) -> &[String] {
        &self.starts
    }

    /// True if a manifest in the folder asks for the distribution.
    fn needs(&self, folder: &str, module: &str) -> bool {
        let name = normal(module);
        self.packages.get(folder).is_some_and(|packages| {
            packages.locked.contains_key(&name) || packages.lowest.contains_key(&name)
        })
    }

    fn is_dependency(&self, from: &str, module: &str) -> bool {
        let name = normal(module);
        ancestors(split(from).0)
            .filter_map(|folder| self.packages.get(folder))
            .any(|packages| packages.locked.contains_key(&name) || packages.lowest.contains_key(&name))
    }

    /// The folders that are searched for a module, best first, and whether that is sure; some come twice.
    fn searched(&self, from: &str) -> Vec<(String, bool)> {
        let folder = split(from).0;
        let outermost = ancestors(folder)
            .find(|folder| !self.files.contains(join(folder, "__init__.py").as_str()))
            .unwrap_or("");
        let mut folders = vec![(outermost.to_owned(), true)];
        let above: Vec<&str> = ancestors(folder).collect();
        for project in above.iter().filter(|folder| self.is_marked(folder)) {
            folders.extend([((*project).to_owned(), true), (join(project, "src"), true)]);
        }
        // A script sees its neighbours; code of a package does not.
        folders.extend(
            above
                .iter()
                .filter(|folder| !self.files.contains(join(folder, "__init__.py").as_str()))
                .map(|folder| ((*folder).to_owned(), false)),
        );
        // A package is searched by nobody, whatever lies in it besides.
        let is_package = |folder: &str| self.files.contains(join(folder, "__init__.py").as_str());
        for project in self.projects.iter().filter(|project| !is_package(project)) {
            folders.extend([(project.clone(), false), (join(project, "src"), false)]);
        }
        folders
    }

    /// True for a folder that a file makes a project.
    fn is_marked(&self, folder: &str) -> bool {
        if folder.is_empty() {
            self.root_is_marked
        } else {
            self.projects.iter().any(|known| known == folder)
        }
    }

    /// Whether the file `from` may get the module `rest` from a folder that its program need not search.
    fn may_share(&self, from: &str, folder: &str, rest: &str) -> bool {
        let top = rest.split('.').next().unwrap_or(rest);
        let place = join(folder, top);
        if from.strip_prefix(place.as_str()).is_some_and(|below| below.starts_with('/')) {
            return true;
        }
        let project = folder.strip_suffix("src").map_or(folder, |above| above.trim_end_matches('/'));
        !self.wanted.contains(normal(top).as_str())
            && (self.is_marked(project) || self.scripts.contains(folder) || rest.contains('.'))
    }

    fn has_file(&self, folder: &str, name: &str) -> bool {
        let path = join(folder, name);
        self.files.contains(format!("{path}.py").as_str())
            || self.files.contains(format!("{path}/__init__.py").as_str())
    }

    fn has(&self, folder: &str, name: &str) -> bool {
        self.has_file(folder, name) || self.folders.contains(join(folder, name).as_str())
    }

    /// The file of the module `name` below a folder.
    fn module(&self, folder: &str, name: &str) -> Option<String> {
        let path = if name.is_empty() { folder.to_owned() } else { join(folder, &name.replace('.', "/")) };
        let file = format!("{path}.py");
        let package = join(&path, "__init__.py");
        [package, file].into_iter().find(|path| self.files.contains(path.as_str()))
    }
}

fn is_code(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "py")
}

/// Folder and name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The folder, and those above it up to the root.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| split(folder).0))
}
