//! Files of Python's tools.

pub(crate) mod lock;
pub(crate) mod pipfile;
pub(crate) mod project;
pub(crate) mod requirements;
mod specifier;
