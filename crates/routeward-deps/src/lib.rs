//! Reads what a repository depends on, and compares it with advisories.

mod advisories;
mod advisory;
mod dependency;
mod ecosystem;
mod edit;
mod embedded;
mod files;
mod import;
mod index;
mod lifetime;
#[cfg(test)]
mod list;
mod locks;
mod parts;
mod projects;
mod purl;
mod ranges;
mod repository;
mod requirement;
mod set;
mod version;

pub use advisories::{Advisories, Cover};
pub use advisory::{About, Advisory, End, Kind, Range, Symbols};
pub use dependency::{
    Dependency, DependencyId, FileKind, Listing, Origin, Project, Purpose, Reference, Runtime, Scope, Source,
    Supply,
};
pub use ecosystem::Ecosystem;
pub use files::{ecosystem_of, ecosystems, kind_of, read};
pub use import::{Broken, Import, ImportError, Imported};
pub use index::{Coverage, Found, Index, IndexError, Record};
pub use lifetime::{Cycle, Ending, Life, Lifetimes, Product};
pub use parts::Part;
pub use projects::{Hold, Manifest};
pub use purl::{purl, without_credentials};
pub use ranges::{Admitted, Answer};
pub use repository::{Dependencies, Listed, Package, Use};
pub use requirement::admitted;
pub use set::VersionSet;
pub use version::Version;
