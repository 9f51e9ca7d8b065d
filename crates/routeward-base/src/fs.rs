//! The one door to the file system: everything below `routeward-engine` reads through [`FileSystem`].

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

/// Files addressed by `/`-separated paths relative to the root of the scan.
pub trait FileSystem: Sync {
    /// The bytes of a file.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
    /// True if a file (not a directory) is there.
    fn is_file(&self, path: &str) -> bool;
    /// The names of the entries of a directory, sorted; empty where there is none.
    fn list(&self, dir: &str) -> Vec<String>;
    /// How many bytes a file has, if that can be told without reading it.
    fn size(&self, path: &str) -> Option<u64>;
    /// The name of the root folder, where it has one that means something.
    fn name(&self) -> Option<String> {
        None
    }
}

/// Files under a directory on disk.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// Opens `root`, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The absolute or relative path of a file of this root.
    pub fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(path) }
    }
}

impl FileSystem for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.path(path))
    }

    fn is_file(&self, path: &str) -> bool {
        self.path(path).is_file()
    }

    fn list(&self, dir: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(dir)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn size(&self, path: &str) -> Option<u64> {
        std::fs::metadata(self.path(path)).ok().map(|metadata| metadata.len())
    }

    fn name(&self) -> Option<String> {
        let root = std::fs::canonicalize(&self.root).ok()?;
        root.file_name()?.to_str().map(str::to_owned)
    }
}

/// Files in memory, for tests and editor buffers.
#[derive(Clone, Default, Debug)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    name: Option<String>,
}

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the root folder a name.
    pub fn set_name(&mut self, name: &str) {
        self.name = Some(name.to_owned());
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(normalise_path(path), bytes.into());
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

impl FileSystem for Memory {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn list(&self, dir: &str) -> Vec<String> {
        let prefix = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let below = self.files.keys().filter_map(|path| path.strip_prefix(&prefix));
        let names: BTreeSet<&str> = below.filter_map(|rest| rest.split('/').next()).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.files.get(path).map(|bytes| bytes.len() as u64)
    }

    fn name(&self) -> Option<String> {
        self.name.clone()
    }
}

/// Resolves `.` and `..` and doubled slashes by text alone. A `..` above the root is dropped: no path made
/// here leaves the scanned tree.
pub fn normalise_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_never_leave_the_root() {
        assert_eq!(normalise_path("./a/../../b//c\\d/."), "b/c/d");
        assert_eq!(normalise_path("../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn memory_lists_like_a_directory() {
        let mut files = Memory::new();
        files.insert("src/a.js", "1");
        files.insert("src/lib/b.js", "2");
        assert_eq!(files.list("src"), ["a.js", "lib"]);
        assert_eq!(files.list(""), ["src"]);
        assert!(files.is_file("src/a.js") && !files.is_file("src"));
    }
}
