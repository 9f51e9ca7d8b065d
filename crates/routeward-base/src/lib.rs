//! Files, positions, ranges, interned names and typed indices: the words that every other crate speaks.
//!
//! Nothing here knows a language, a framework or a lint, and nothing here touches the operating system
//! except [`Disk`], which only `routeward-engine` and the command line construct.

mod date;
mod fs;
mod index;
mod names;
mod text;
mod version;

pub use date::Date;
pub use fs::{Disk, FileSystem, Memory, normalise_path};
pub use index::{Arena, Idx, IndexVec, Range32};
pub use names::{Name, NameTable};
pub use text::{Column, LineTable, Position, Span};
pub use version::{Version, Versions, in_revision, split_revision};

index_type! {
    /// A file of the scanned repository. Ids are given in path order, so comparing ids compares paths.
    pub struct FileId;
}

/// The map used everywhere in memory. Its iteration order must never reach an output.
pub type FxHashMap<K, V> = rustc_hash::FxHashMap<K, V>;
/// The set used everywhere in memory. Its iteration order must never reach an output.
pub type FxHashSet<K> = rustc_hash::FxHashSet<K>;
