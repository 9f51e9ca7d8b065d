//! The files of one state of a repository.

use std::collections::BTreeMap;
use std::io;

use gix::ObjectId;
use routeward_base::FileSystem;

use crate::Handles;

/// Files as git holds them. Links and submodules are none.
pub struct Snapshot {
    handles: Handles,
    files: BTreeMap<String, ObjectId>,
    /// The names in each folder, sorted.
    folders: BTreeMap<String, Vec<String>>,
}

impl Snapshot {
    pub(crate) fn new(handles: Handles, files: Vec<(String, ObjectId)>) -> Self {
        let files: BTreeMap<String, ObjectId> = files.into_iter().collect();
        let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in files.keys() {
            let mut path = path.as_str();
            loop {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                let is_known = folders.contains_key(folder);
                let names = folders.entry(folder.to_owned()).or_default();
                names.push(name.to_owned());
                if is_known || folder.is_empty() {
                    break;
                }
                path = folder;
            }
        }
        for names in folders.values_mut() {
            names.sort_unstable();
            names.dedup();
        }
        Self { handles, files, folders }
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The files that are new or have another content than in `before`, sorted.
    pub fn changed_since(&self, before: &Self) -> Vec<String> {
        let is_changed = |(path, id): &(&String, &ObjectId)| before.files.get(*path) != Some(*id);
        self.files.iter().filter(is_changed).map(|(path, _)| path.clone()).collect()
    }
}

impl FileSystem for Snapshot {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let id = self.files.get(path).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        self.handles.read(*id)
    }

    fn is_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn list(&self, dir: &str) -> Vec<String> {
        self.folders.get(dir).cloned().unwrap_or_default()
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.handles.size(*self.files.get(path)?)
    }
}
