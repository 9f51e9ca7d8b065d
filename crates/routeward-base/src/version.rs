//! The door to what files held before: a history of versions, read through [`Versions`].

use std::io;

/// What a file held at some time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Version<'v> {
    /// Its path, relative to the root of the scan.
    pub path: &'v str,
    /// What brought it: the beginning of a commit's name.
    pub revision: &'v str,
    /// When that was, in seconds since 1970, by the clock of who made it.
    pub seconds: i64,
    /// The file holds it now, or another one does.
    pub is_current: bool,
}

/// Versions of files, from the oldest to the newest; each content once.
pub trait Versions: Sync {
    /// How many there are.
    fn len(&self) -> usize;
    /// There are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// How many revisions were looked at for them.
    fn revisions(&self) -> usize;
    /// Older revisions are not at hand.
    fn is_cut(&self) -> bool;
    /// What is known about one.
    fn version(&self, index: usize) -> Version<'_>;
    /// How many bytes one has, if that can be told without reading it.
    fn size(&self, index: usize) -> Option<u64>;
    /// The bytes of one.
    fn read(&self, index: usize) -> io::Result<Vec<u8>>;
}

/// What stands between a revision and a path, as git writes it.
const MARK: char = ':';

/// The name of a version in results, `REVISION:PATH`.
pub fn in_revision(revision: &str, path: &str) -> String {
    format!("{revision}{MARK}{path}")
}

/// The revision and the path of such a name; no revision in the path of a file that is there.
pub fn split_revision(path: &str) -> (Option<&str>, &str) {
    match path.split_once(MARK) {
        Some((revision, path)) if is_revision(revision) => (Some(revision), path),
        _ => (None, path),
    }
}

fn is_revision(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_versions_have_a_revision() {
        assert_eq!(split_revision("0a1b2c3d4e5f:src/a.js"), (Some("0a1b2c3d4e5f"), "src/a.js"));
        assert_eq!(split_revision("src/a.js"), (None, "src/a.js"));
        assert_eq!(split_revision("a:b/c.js"), (None, "a:b/c.js"));
        assert_eq!(split_revision(&in_revision("0123456789ab", "x")), (Some("0123456789ab"), "x"));
    }
}
