//! Which files of a tree are looked at.
//!
//! `.gitignore` and `.routewardignore` are honoured, hidden files are walked, links are not followed, and what
//! package managers and build tools put into a tree is left out by name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};
use routeward_base::FileSystem;

use crate::config::Config;
use crate::problem::{Problem, ProblemKind};
use crate::role::folders_of;

/// The ignore file of this tool, in any folder.
const IGNORE_FILE: &str = ".routewardignore";
/// Folders that hold other people's code or a tool's output, wherever they are.
const FOREIGN: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "bower_components",
    "jspm_packages",
    ".yarn",
    ".pnpm-store",
    ".next",
    ".nuxt",
    ".output",
    ".svelte-kit",
    ".turbo",
    ".parcel-cache",
    ".venv",
    "venv",
    "virtualenv",
    ".tox",
    ".nox",
    ".eggs",
    ".mypy_cache",
    ".pytest_cache",
    "__pycache__",
    "site-packages",
];
/// Folders that are foreign below one of [`ASSETS`] or at the root of the scan: elsewhere these are words of
/// the trade, such as the vendors of a market place.
const VENDORED: &[&str] = &["vendor", "vendors", "third_party", "third-party"];
const ASSETS: &[&str] =
    &["public", "static", "assets", "www", "dist", "js", "lib", "libs", "scripts", "client"];

/// A folder to walk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folder {
    /// Relative to the root of the scan; empty for the root itself.
    pub path: String,
    /// How many levels below it are read; all of them if `None`.
    pub max_depth: Option<usize>,
}

impl Folder {
    /// The root of the scan with everything below.
    pub fn root() -> Self {
        Self { path: String::new(), max_depth: None }
    }
}

/// Where the files come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tree {
    /// A folder on disk, walked in parallel and with its ignore files. The file system given to the scan must
    /// have the same root.
    Disk(PathBuf),
    /// Whatever the file system lists.
    Listed,
}

/// What a walk found.
#[derive(Default)]
pub(crate) struct Walked {
    /// Paths relative to the root, sorted, each once.
    pub(crate) files: Vec<String>,
    /// What could not be read.
    pub(crate) problems: Vec<Problem>,
    /// Folders that were left out as foreign code, sorted.
    pub(crate) excluded: Vec<String>,
}

/// A set of gitignore patterns, relative to the configuration's folder.
pub(crate) struct Patterns {
    matcher: Gitignore,
    prefix: String,
}

impl Patterns {
    /// `prefix` is the path from the configuration's folder to the root of the scan. Patterns that are not
    /// valid were refused by [`check_glob`] and are skipped.
    pub(crate) fn new<'a>(patterns: impl IntoIterator<Item = &'a str>, prefix: &str) -> Self {
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            let _ = builder.add_line(None, pattern);
        }
        Self { matcher: builder.build().unwrap_or_else(|_| Gitignore::empty()), prefix: prefix.to_owned() }
    }

    /// True if the path or a folder above it is meant.
    pub(crate) fn matches(&self, path: &str, is_dir: bool) -> bool {
        if self.matcher.is_empty() || path.is_empty() {
            return false;
        }
        let path = join(&self.prefix, path);
        self.matcher.matched_path_or_any_parents(path, is_dir).is_ignore()
    }
}

/// Says what is wrong with a gitignore pattern.
pub(crate) fn check_glob(pattern: &str) -> Result<(), String> {
    let mut builder = GitignoreBuilder::new("");
    match builder.add_line(None, pattern) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("`{pattern}` is no valid pattern: {error}")),
    }
}

/// Which files and folders are looked at, by their paths.
pub(crate) struct Filter {
    exclude: Patterns,
    include: Patterns,
    excluded: Mutex<Vec<String>>,
}

impl Filter {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            exclude: Patterns::new(config.exclude.iter().map(String::as_str), &config.root_prefix),
            include: Patterns::new(config.include.iter().map(String::as_str), &config.root_prefix),
            excluded: Mutex::default(),
        }
    }

    /// True for a file that a walk would find.
    pub(crate) fn reaches(&self, path: &str) -> bool {
        folders_of(path).all(|folder| self.admits(folder, true)) && self.admits(path, false)
    }

    fn admits(&self, path: &str, is_dir: bool) -> bool {
        if self.exclude.matches(path, is_dir) {
            return false;
        }
        if !(is_dir && is_foreign(path)) || self.include.matches(path, true) {
            return true;
        }
        if path.rsplit('/').next() != Some(".git") {
            lock(&self.excluded).push(path.to_owned());
        }
        false
    }
}

fn is_foreign(path: &str) -> bool {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = above.rsplit('/').next().unwrap_or("");
    FOREIGN.contains(&name) || (VENDORED.contains(&name) && (above.is_empty() || ASSETS.contains(&parent)))
}

/// Lists the files of `folders`. Costs one directory read a folder and no read of any source file.
pub(crate) fn walk(tree: &Tree, fs: &dyn FileSystem, folders: &[Folder], config: &Config) -> Walked {
    let filter = Filter::new(config);
    let mut walked = Walked::default();
    for folder in folders {
        match tree {
            Tree::Disk(root) => {
                walk_disk(root, folder, &filter, true, &mut walked);
                for pattern in &config.include {
                    walk_included(root, pattern, folder, config, &filter, &mut walked);
                }
            }
            Tree::Listed => {
                let depth = folder.max_depth.unwrap_or(usize::MAX);
                walk_listed(fs, &folder.path, depth, &filter, &mut Ignored::default(), &mut walked);
            }
        }
    }
    walked.files.sort();
    walked.files.dedup();
    walked.problems.sort();
    walked.problems.dedup();
    walked.excluded = std::mem::take(&mut *lock(&filter.excluded));
    walked.excluded.sort();
    walked.excluded.dedup();
    walked
}

fn walk_listed(
    fs: &dyn FileSystem,
    dir: &str,
    depth: usize,
    filter: &Filter,
    ignored: &mut Ignored,
    walked: &mut Walked,
) {
    let above = ignored.0.len();
    ignored.enter(fs, dir);
    for name in fs.list(dir) {
        let path = join(dir, &name);
        if fs.is_file(&path) {
            if filter.admits(&path, false) && !ignored.has(&path, false) {
                walked.files.push(path);
            }
        } else if depth > 1 && filter.admits(&path, true) && !ignored.has(&path, true) {
            walk_listed(fs, &path, depth - 1, filter, ignored, walked);
        }
    }
    ignored.0.truncate(above);
}

/// What the ignore files of this tool leave out, by the folders that they stand in, the outermost first.
#[derive(Default)]
struct Ignored(Vec<(String, Gitignore)>);

impl Ignored {
    /// Reads the ignore file of a folder.
    fn enter(&mut self, fs: &dyn FileSystem, folder: &str) {
        let path = join(folder, IGNORE_FILE);
        if let Some(bytes) = fs.is_file(&path).then(|| fs.read(&path)).and_then(Result::ok) {
            let mut builder = GitignoreBuilder::new("");
            for line in String::from_utf8_lossy(&bytes).lines() {
                let _ = builder.add_line(None, line);
            }
            self.0.extend(builder.build().ok().map(|patterns| (folder.to_owned(), patterns)));
        }
    }

    /// True if a file or folder is left out by the innermost file that speaks of it.
    fn has(&self, path: &str, is_dir: bool) -> bool {
        let decided = self.0.iter().rev().find_map(|(folder, patterns)| {
            let found = patterns.matched_path_or_any_parents(strip_folder(path, folder)?, is_dir);
            (!found.is_none()).then(|| found.is_ignore())
        });
        decided.unwrap_or(false)
    }
}

/// Adds the files of `tracked` in `folders` that an ignore file of git's names: the repository holds them all the same.
pub(crate) fn add_tracked(
    walked: &mut Walked,
    tracked: &BTreeSet<String>,
    fs: &dyn FileSystem,
    folders: &[Folder],
    config: &Config,
) {
    let filter = Filter::new(config);
    let is_asked = |path: &str| {
        folders.iter().any(|folder| {
            let below = strip_folder(path, &folder.path);
            below.is_some_and(|below| folder.max_depth.is_none_or(|most| below.split('/').count() <= most))
        })
    };
    let is_ignored = |path: &str| {
        let mut ignored = Ignored::default();
        ignored.enter(fs, "");
        folders_of(path).for_each(|folder| ignored.enter(fs, folder));
        folders_of(path).any(|folder| ignored.has(folder, true)) || ignored.has(path, false)
    };
    let is_missed = |path: &&String| {
        walked.files.binary_search(path).is_err()
            && is_asked(path)
            && filter.reaches(path)
            && fs.is_file(path)
            && !is_ignored(path)
    };
    let missed: Vec<String> = tracked.iter().filter(is_missed).cloned().collect();
    walked.files.extend(missed);
    walked.files.sort();
}

/// Reads what a pattern of `include` names, past the ignore files. Only the part of the pattern before its
/// first wildcard says where to look.
fn walk_included(
    root: &Path,
    pattern: &str,
    folder: &Folder,
    config: &Config,
    filter: &Filter,
    walked: &mut Walked,
) {
    let literal = pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '!', '\\']));
    let below = routeward_base::normalise_path(&literal.collect::<Vec<_>>().join("/"));
    let Some(start) = strip_folder(&below, &config.root_prefix) else { return };
    let start = if strip_folder(start, &folder.path).is_some() { start } else { folder.path.as_str() };
    let start =
        if root.join(start).is_dir() { start } else { start.rsplit_once('/').map_or("", |(dir, _)| dir) };
    let from = walked.files.len();
    let inner = Folder { path: start.to_owned(), max_depth: folder.max_depth };
    walk_disk(root, &inner, filter, false, walked);
    let found = walked.files.split_off(from);
    walked.files.extend(found.into_iter().filter(|path| filter.include.matches(path, false)));
}

/// `path` relative to `folder`, if it lies in it.
pub(crate) fn strip_folder<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

fn walk_disk(root: &Path, folder: &Folder, filter: &Filter, use_ignore_files: bool, walked: &mut Walked) {
    let start = if folder.path.is_empty() { root.to_path_buf() } else { root.join(&folder.path) };
    let found: Mutex<(Vec<String>, Vec<Problem>)> = Mutex::default();
    let mut builder = WalkBuilder::new(&start);
    builder
        .hidden(false)
        .require_git(false)
        .git_ignore(use_ignore_files)
        .parents(use_ignore_files)
        .git_global(false)
        .git_exclude(false)
        .ignore(false)
        .follow_links(false)
        .max_depth(folder.max_depth)
        .threads(usize::from(folder.max_depth.is_some()));
    if use_ignore_files {
        builder.add_custom_ignore_filename(IGNORE_FILE);
    }
    builder.build_parallel().run(|| {
        Box::new(|entry| match entry {
            Ok(entry) => visit(root, &entry, filter, &found),
            Err(error) => {
                lock(&found).1.extend(walk_problem(root, &error));
                WalkState::Continue
            }
        })
    });
    let (files, problems) = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    walked.files.extend(files);
    walked.problems.extend(problems);
}

fn visit(
    root: &Path,
    entry: &DirEntry,
    filter: &Filter,
    found: &Mutex<(Vec<String>, Vec<Problem>)>,
) -> WalkState {
    let Some(kind) = entry.file_type() else { return WalkState::Continue };
    let Some(path) = relative(root, entry.path()) else {
        let shown = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy();
        let problem =
            Problem::new(&shown, ProblemKind::Unreadable, "has a name that is not UTF-8", "rename it");
        lock(found).1.push(problem);
        return WalkState::Skip;
    };
    if kind.is_dir() {
        return if path.is_empty() || filter.admits(&path, true) {
            WalkState::Continue
        } else {
            WalkState::Skip
        };
    }
    if kind.is_file() && filter.admits(&path, false) {
        lock(found).0.push(path);
    }
    WalkState::Continue
}

fn walk_problem(root: &Path, error: &ignore::Error) -> Option<Problem> {
    fn unwrap<'a>(error: &'a ignore::Error, path: Option<&'a Path>) -> (Option<&'a Path>, String) {
        match error {
            ignore::Error::WithPath { path, err } => unwrap(err, Some(path)),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                unwrap(err, path)
            }
            ignore::Error::Io(io) => (path, reason(io)),
            other => (path, other.to_string()),
        }
    }
    let (path, reason) = unwrap(error, None);
    let path = path?;
    let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    Some(Problem::new(
        &shown,
        ProblemKind::Unreadable,
        format!("cannot be read: {reason}"),
        "check its permissions, or list it under `exclude` in routeward.toml",
    ))
}

/// The words of an input or output error without the system's number.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// The path below `root` with `/`; `None` if it is not UTF-8.
pub(crate) fn relative(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

pub(crate) fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
