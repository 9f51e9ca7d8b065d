//! From the paths a user names to the root of the scan, the folders to read, and what to report on.

use std::path::{Component, Path, PathBuf};

use crate::config::{Config, ConfigError, FILE_NAME};
use crate::walk::{Folder, join, reason, relative};

/// Files that mark the folder of a program.
const MARKERS: &[&str] = &[FILE_NAME, "package.json", "deno.json", "deno.jsonc", ".git"];

/// What a scan is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// Absolute. All paths in results are relative to it.
    pub root: PathBuf,
    /// What is read.
    pub folders: Vec<Folder>,
    /// Files and folders whose findings are reported; empty text stands for the root.
    pub focus: Vec<String>,
}

/// A path that cannot be scanned.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ScopeError {
    /// Nothing is there.
    #[error("there is no file or folder `{path}`")]
    Missing {
        /// As the user wrote it.
        path: String,
    },
    /// It has a name that cannot be printed.
    #[error("the path `{path}` is not UTF-8")]
    NotUtf8 {
        /// As well as it can be shown.
        path: String,
    },
    /// It lies outside of the given root.
    #[error("`{path}` is not in the root `{root}`")]
    Outside {
        /// As the user wrote it.
        path: String,
        /// The root.
        root: String,
    },
}

impl Scope {
    /// The scope of `paths`, as seen from the folder `current`. Without `root`, results are relative to
    /// `current` if that holds all paths, and to the nearest folder that does otherwise. For a file, the
    /// program around it is read, up to the nearest folder with a manifest; without one, only its
    /// neighbourhood.
    pub fn new(current: &Path, root: Option<&Path>, paths: &[PathBuf]) -> Result<Self, ScopeError> {
        let here = absolute(current, Path::new(""));
        let fixed = root.map(|root| absolute(current, root));
        if let (Some(fixed), Some(root)) = (&fixed, root)
            && !fixed.is_dir()
        {
            return Err(ScopeError::Missing { path: root.display().to_string() });
        }
        let default = [PathBuf::from(".")];
        let named = match (paths, &fixed) {
            ([], Some(fixed)) => std::slice::from_ref(fixed),
            ([], None) => &default[..],
            _ => paths,
        };
        let found: Vec<PathBuf> = named.iter().map(|path| absolute(current, path)).collect();
        for (path, named) in found.iter().zip(named) {
            if !path.exists() {
                return Err(ScopeError::Missing { path: named.display().to_string() });
            }
        }
        let root = match &fixed {
            Some(fixed) => fixed.clone(),
            None if found.iter().all(|path| path.starts_with(&here)) => here,
            None => common_folder(&found),
        };
        let mut scope = Self { root, folders: Vec::new(), focus: Vec::new() };
        for (path, named) in found.iter().zip(named) {
            scope.add(path, named)?;
        }
        scope.folders.sort_by(|a, b| (&a.path, a.max_depth).cmp(&(&b.path, b.max_depth)));
        scope.folders.dedup();
        scope.focus.sort();
        scope.focus.dedup();
        Ok(scope)
    }

    fn add(&mut self, path: &Path, named: &Path) -> Result<(), ScopeError> {
        let named = || named.display().to_string();
        if !path.starts_with(&self.root) {
            return Err(ScopeError::Outside { path: named(), root: self.root.display().to_string() });
        }
        let below = relative(&self.root, path).ok_or_else(|| ScopeError::NotUtf8 { path: named() })?;
        self.focus.push(below.clone());
        if path.is_dir() {
            self.folders.push(Folder { path: below, max_depth: None });
            return Ok(());
        }
        let parent = path.parent().unwrap_or(&self.root);
        let program = parent
            .ancestors()
            .take_while(|folder| folder.starts_with(&self.root))
            .find(|folder| MARKERS.iter().any(|marker| folder.join(marker).exists()));
        let folder = relative(&self.root, program.unwrap_or(parent)).unwrap_or_default();
        self.folders.push(Folder { path: folder, max_depth: if program.is_some() { None } else { Some(2) } });
        Ok(())
    }

    /// Reads the nearest configuration, from the root of the scan upwards; the default if there is none.
    /// `lints` are the ids that exist.
    pub fn config(&self, current: &Path, lints: &[&str]) -> Result<Config, ConfigError> {
        let Some(folder) = self.root.ancestors().find(|folder| folder.join(FILE_NAME).is_file()) else {
            return Ok(Config::default());
        };
        let path = folder.join(FILE_NAME);
        let prefix = relative(folder, &self.root).unwrap_or_default();
        read_config(&path, current, &prefix, lints)
    }

    /// Reads the configuration `path`. Its patterns are relative to its folder if that holds the root of the
    /// scan, and to the root otherwise.
    pub fn config_at(&self, path: &Path, current: &Path, lints: &[&str]) -> Result<Config, ConfigError> {
        let path = absolute(current, path);
        let folder = path.parent().unwrap_or(&path);
        let prefix = self.root.strip_prefix(folder).ok().and_then(|_| relative(folder, &self.root));
        read_config(&path, current, &prefix.unwrap_or_default(), lints)
    }
}

fn read_config(path: &Path, current: &Path, prefix: &str, lints: &[&str]) -> Result<Config, ConfigError> {
    let shown = path.strip_prefix(current).unwrap_or(path).display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|error| ConfigError::Read { path: shown.clone(), message: reason(&error) })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| ConfigError::Read { path: shown.clone(), message: "it is not UTF-8".to_owned() })?;
    let mut config = Config::parse(&shown, &text, lints)?;
    prefix.clone_into(&mut config.root_prefix);
    Ok(config)
}

/// True if `path` is one of `focus` or lies below one.
pub(crate) fn is_in_focus(focus: &[String], path: &str) -> bool {
    let is_entry = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('!'));
    let is_in = |folder: &String| path == folder || path.starts_with(&join(folder, "")) || is_entry(folder);
    focus.iter().any(|folder| folder.is_empty() || is_in(folder))
}

/// Without `.` and `..`. Links are kept: results speak of the paths the user knows.
fn absolute(current: &Path, path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in current.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

fn common_folder(paths: &[PathBuf]) -> PathBuf {
    let folder = |path: &PathBuf| -> PathBuf {
        if path.is_dir() { path.clone() } else { path.parent().unwrap_or(path).to_path_buf() }
    };
    let mut common = paths.first().map(folder).unwrap_or_default();
    for path in paths {
        while !path.starts_with(&common) && common.pop() {}
    }
    common
}
