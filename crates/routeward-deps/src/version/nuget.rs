//! Versions of NuGet: semantic versions with up to four numbers, in which case does not count
//! (NuGet documentation, "Package versioning").

use super::semver;

/// A version in lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Key(semver::Key);

impl Key {
    pub(crate) fn new(text: &str) -> Self {
        Self(semver::Key::new(&text.to_ascii_lowercase()))
    }
}
