//! Reads what a repository depends on, and compares it with advisories.

mod dependency;
mod ecosystem;
mod version;

pub use dependency::{Dependency, DependencyId, Fault, FileKind, Listing, Origin, Scope};
pub use ecosystem::Ecosystem;
pub use version::Version;
