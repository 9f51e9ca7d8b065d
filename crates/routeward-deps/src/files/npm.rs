//! Files of npm, Yarn, pnpm and Bun.

pub(crate) mod bun;
pub(crate) mod lock;
pub(crate) mod manifest;
mod nest;
pub(crate) mod pnpm;
mod spec;
pub(crate) mod yarn;

pub(crate) use nest::LEVELS;

use crate::Scope;
use crate::files::inventory::unescaped;

/// The lists of a package, and when what is in them is needed where the package is.
const LISTS: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("peerDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
];
