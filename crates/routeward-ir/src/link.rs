//! A whole program: lowered files and what their imports lead to.

use routeward_base::{FileId, IndexVec};

use crate::{ImportId, Module};

/// What an import leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A file of this repository.
    File(FileId),
    /// A module of a dependency, as its users name it: `express`, `@scope/name`, `name/sub/path`.
    Package(String),
    /// A file or package that is not there.
    Missing,
}

/// What a resolver of a language makes of the name of a module.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Resolution {
    /// A file of the repository: its path with `/`, relative to the root.
    File(String),
    /// A module from elsewhere, as [`Target::Package`] has it. What only says where the module comes from, such as
    /// `node:`, is removed, and an alias in a manifest is replaced by the name in the registry.
    Package(String),
    /// A name that can only mean a file of the repository, and no such file is there.
    Missing,
}

/// Shows a path, a package in brackets, or `missing`.
impl std::fmt::Display for Resolution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "{path}"),
            Self::Package(name) => write!(f, "<{name}>"),
            Self::Missing => write!(f, "missing"),
        }
    }
}

/// What a file is for. Code of every role is lowered; only [`Role::Source`] is evaluated from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Part of a program.
    Source,
    /// Tests and what only tests use.
    Test,
    /// Written by a tool, minified or vendored.
    Generated,
    /// No code: an API description or a template, whose module only exports what it says.
    Document,
    /// No code: names and values that code may read from a file, whose module only exports what it says.
    Data,
    /// No code by itself: a template of pages, whose module exports a function of what it is filled with.
    Template,
    /// No file of the repository: what a model tells of a library in the library's own language.
    Outline,
}

/// A lowered file in its program.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Path relative to the root of the scan, with `/`.
    pub path: String,
    /// The language's name as models spell it, such as `javascript`.
    pub language: &'static str,
    /// The lowered file.
    pub module: Module,
    /// What each import leads to.
    pub targets: IndexVec<ImportId, Target>,
    /// What the file is for.
    pub role: Role,
}

/// Resolves a module name as an import in the file would.
pub type Resolve<'a> = Box<dyn Fn(FileId, &str) -> Target + Sync + 'a>;
/// The version of a package that the file sees; `None` if nothing says it.
pub type Version<'a> = Box<dyn Fn(FileId, &str) -> Option<String> + Sync + 'a>;
/// The paths directly below a directory of the repository, sorted.
pub type List<'a> = Box<dyn Fn(&str) -> Vec<String> + Sync + 'a>;

/// Everything that was lowered, in path order.
pub struct Program<'a> {
    /// The files.
    pub units: IndexVec<FileId, Unit>,
    /// Resolves a module name that is known only after evaluation, as an import in `FileId` would.
    pub resolve: Resolve<'a>,
    /// The version of a package that `FileId` sees, as the lock file (or else the manifest) says.
    pub version: Version<'a>,
    /// The paths directly below a directory of the repository, sorted; for code that loads its own folders.
    pub list: List<'a>,
    /// Files that a manifest or convention names as the start of a program.
    pub entries: Vec<FileId>,
    /// Packages and modules of which somebody asks what is called, as code imports them.
    pub watched: Vec<String>,
}
