//! Versions, in the order that each ecosystem gives them.
//!
//! A version is read once into a key that compares in time linear in its length. Every text is a version: what an
//! ecosystem would refuse has a place in the order, too, mostly where its own tools had it before they became strict.

mod composer;
mod maven;
mod nuget;
mod number;
mod pypi;
mod ruby;
mod semver;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use crate::Ecosystem;

/// A version of a package. Versions of different ecosystems have no meaningful order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version(Key);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Key {
    Semver(semver::Key),
    Maven(maven::Key),
    NuGet(nuget::Key),
    PyPi(pypi::Key),
    Ruby(ruby::Key),
    Composer(composer::Key),
}

impl Version {
    /// Reads a version. Never fails.
    pub fn new(ecosystem: Ecosystem, text: &str) -> Self {
        let text = text.trim();
        Self(match ecosystem {
            Ecosystem::Cargo
            | Ecosystem::Npm
            | Ecosystem::Go
            | Ecosystem::Hex
            | Ecosystem::Image
            | Ecosystem::Action => Key::Semver(semver::Key::new(text)),
            Ecosystem::Pub => Key::Semver(semver::Key::with_build(text)),
            Ecosystem::Maven => Key::Maven(maven::Key::new(text)),
            Ecosystem::NuGet => Key::NuGet(nuget::Key::new(text)),
            Ecosystem::PyPi => Key::PyPi(pypi::Key::new(text)),
            Ecosystem::RubyGems => Key::Ruby(ruby::Key::new(text)),
            Ecosystem::Packagist => Key::Composer(composer::Key::new(text)),
        })
    }

    /// Compares two versions as text.
    pub fn compare(ecosystem: Ecosystem, left: &str, right: &str) -> Ordering {
        Self::new(ecosystem, left).cmp(&Self::new(ecosystem, right))
    }
}
