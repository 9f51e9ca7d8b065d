//! Reads what a repository depends on, and compares it with advisories.

mod ecosystem;
mod version;

pub use ecosystem::Ecosystem;
pub use version::Version;
