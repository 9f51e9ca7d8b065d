//! Reads what a git repository holds: what is staged, what was committed, and every content that files ever had.
//!
//! Only objects, references and the index are read. Configuration outside of the repository is not looked at, and
//! nothing that a repository names (hooks, filters, credential helpers, monitors) is run: the library that reads it is
//! built without what could. Paths are relative to the folder that was asked about; what lies outside of it is left out.

mod history;
mod snapshot;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use gix::bstr::ByteSlice;

pub use history::History;
pub use snapshot::Snapshot;

/// A repository, or something in it, that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// Its files are broken, or of a kind that is not known.
    #[error("the git repository cannot be read: {0}")]
    Unreadable(String),
    /// A range of commits that means nothing here.
    #[error(
        "`{range}` names no commits of this repository (write ranges as git does: `main..HEAD`, `v1.0..`)"
    )]
    Range {
        /// As the user wrote it.
        range: String,
    },
    /// A tree that says it holds more files than any repository does.
    #[error("a tree in the git repository has more than {0} files")]
    TooMany(usize),
}

impl GitError {
    fn unreadable(error: impl std::fmt::Display) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// A repository, as seen from a folder in its work tree.
pub struct Repository {
    handles: Handles,
    /// The path from the root of the work tree to that folder; empty if it is the root.
    prefix: String,
}

impl Repository {
    /// The repository whose work tree holds the folder; nothing if there is none.
    pub fn around(folder: &Path) -> Result<Option<Self>, GitError> {
        let folder = folder.canonicalize().map_err(GitError::unreadable)?;
        let Some(top) = folder.ancestors().find(|folder| folder.join(".git").exists()) else {
            return Ok(None);
        };
        let options = gix::open::Options::isolated();
        let repository = gix::ThreadSafeRepository::open_opts(top, options).map_err(GitError::unreadable)?;
        let below = folder.strip_prefix(top).unwrap_or(Path::new(""));
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        let prefix = parts.ok_or_else(|| GitError::Unreadable("its path is not UTF-8".to_owned()))?.join("/");
        Ok(Some(Self { handles: Handles::new(repository), prefix }))
    }

    /// The paths of the files that git holds, as the next commit would.
    pub fn tracked(&self) -> Result<BTreeSet<String>, GitError> {
        self.indexed(|path, _| path)
    }

    /// The files that the next commit would hold.
    pub fn staged(&self) -> Result<Snapshot, GitError> {
        Ok(Snapshot::new(self.handles.again(), self.indexed(|path, id| (path, id))?))
    }

    /// What is made of the files in the index.
    fn indexed<T, C: FromIterator<T>>(
        &self,
        make: impl Fn(String, gix::ObjectId) -> T,
    ) -> Result<C, GitError> {
        self.handles.with(|repository| {
            let index = repository.index_or_empty().map_err(GitError::unreadable)?;
            let is_file = |mode| {
                matches!(mode, gix::index::entry::Mode::FILE | gix::index::entry::Mode::FILE_EXECUTABLE)
            };
            // Of a conflict, the own side: without one, the only content.
            let is_meant =
                |entry: &&gix::index::Entry| is_file(entry.mode) && matches!(entry.stage_raw(), 0 | 2);
            let entries = index.entries().iter().filter(is_meant);
            Ok(entries.filter_map(|entry| Some(make(self.below(entry.path(&index))?, entry.id))).collect())
        })
    }

    /// The files that the current commit holds; none before the first commit.
    pub fn committed(&self) -> Result<Snapshot, GitError> {
        let files = self.handles.with(|repository| -> Result<Vec<_>, GitError> {
            history::files(repository, self.current(repository)?)
        })?;
        Ok(Snapshot::new(self.handles.again(), files))
    }

    /// Every content that files had in commits of a range, as git writes it (`main..HEAD`, `v1.0..`); in all commits
    /// that branches, tags and the current commit reach if there is none.
    ///
    /// Cost: each commit and each tree is read once, however many commits share it.
    pub fn history(&self, range: Option<&str>) -> Result<History, GitError> {
        History::new(self, range)
    }

    /// The tree of the folder in the current commit; none before the first commit.
    fn current(&self, repository: &gix::Repository) -> Result<Option<gix::ObjectId>, GitError> {
        let tree = repository.head_tree_id_or_empty().map_err(GitError::unreadable)?;
        self.inner(repository, tree.detach())
    }

    /// The tree of the folder in that of the work tree.
    fn inner(
        &self,
        repository: &gix::Repository,
        mut tree: gix::ObjectId,
    ) -> Result<Option<gix::ObjectId>, GitError> {
        for name in self.prefix.split('/').filter(|name| !name.is_empty()) {
            let entries = history::entries(repository, tree)?;
            let inner = entries.into_iter().find(|entry| entry.name == name && entry.is_folder());
            let Some(inner) = inner else { return Ok(None) };
            tree = inner.id;
        }
        Ok(Some(tree))
    }

    /// A path relative to the folder; nothing if it lies outside, or is no text.
    fn below(&self, path: &gix::bstr::BStr) -> Option<String> {
        let path = path.to_str().ok()?;
        if self.prefix.is_empty() {
            return Some(path.to_owned());
        }
        path.strip_prefix(&self.prefix)?.strip_prefix('/').map(str::to_owned)
    }
}

/// Handles to a repository: each has caches of its own and serves one thread at a time.
struct Handles {
    repository: gix::ThreadSafeRepository,
    idle: Mutex<Vec<gix::Repository>>,
}

impl Handles {
    fn new(repository: gix::ThreadSafeRepository) -> Self {
        Self { repository, idle: Mutex::default() }
    }

    fn again(&self) -> Self {
        Self::new(self.repository.clone())
    }

    fn with<T>(&self, work: impl FnOnce(&gix::Repository) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let repository = idle.unwrap_or_else(|| self.repository.to_thread_local());
        let result = work(&repository);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(repository);
        result
    }

    /// The bytes of an object.
    fn read(&self, id: gix::ObjectId) -> std::io::Result<Vec<u8>> {
        let read =
            |repository: &gix::Repository| repository.find_object(id).map(|object| object.detach().data);
        self.with(read).map_err(|error| std::io::Error::other(error.to_string()))
    }

    /// How many bytes an object has.
    fn size(&self, id: gix::ObjectId) -> Option<u64> {
        self.with(|repository| repository.find_header(id).ok().map(|header| header.size()))
    }
}

#[cfg(test)]
mod tests;
