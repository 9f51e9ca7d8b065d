//! What a file says that a repository depends on.

use routeward_base::Span;
use routeward_formats::Fault;

use crate::Ecosystem;

/// When a package is needed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// Where the program runs.
    Runtime,
    /// Where the program runs, if somebody asks for it: extras, features, optional and peer dependencies.
    Optional,
    /// Where the program is made, tested or built.
    Development,
}

/// Where a package is taken from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Origin {
    /// The registry of the ecosystem.
    Registry,
    /// Another registry, or an archive, by its address.
    Url(String),
    /// A git repository by its address, with the revision that it is held to: a commit, or a branch or tag that may move.
    Git {
        /// The address.
        url: String,
        /// As written; empty for the default branch.
        revision: String,
    },
    /// A folder of the same repository: it is no foreign code.
    Path,
}

/// The index of a dependency in its listing.
pub type DependencyId = u32;

/// A package that a file names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The name as it is written; see [`Ecosystem::fold`].
    pub name: String,
    /// The version that is installed, where the file says exactly that.
    pub version: Option<String>,
    /// The versions that are let in, as written; empty where only a version is said. In a lockfile that names packages by
    /// what was asked for, these are all ranges that led to it, with `, ` between them.
    pub requirement: String,
    /// Where it is taken from.
    pub origin: Origin,
    /// When it is needed; the most needed of several.
    pub scope: Scope,
    /// The repository itself asks for it. `None` where the file does not tell.
    pub is_direct: Option<bool>,
    /// What in this listing asks for it: the way up from here leads to what the repository asks for itself.
    pub parents: Vec<DependencyId>,
    /// What its archive is recognised by: `sha512-BASE64` (Subresource Integrity) or `sha256:HEX`, several with spaces
    /// between them; empty where the file does not tell it of one archive.
    pub integrity: String,
    /// Where it is named.
    pub place: Span,
    /// The version or requirement, as it would be edited; empty at the name where there is none.
    pub version_place: Span,
    /// Who published this version has taken it back, with these words; in lockfiles that say so.
    pub withdrawn: Option<String>,
}

impl Dependency {
    /// A package of the registry that is named at a place, and nothing else is known.
    pub(crate) fn new(ecosystem: Ecosystem, name: &str, place: Span) -> Self {
        Self {
            ecosystem,
            name: name.to_owned(),
            version: None,
            requirement: String::new(),
            origin: Origin::Registry,
            scope: Scope::Runtime,
            is_direct: None,
            parents: Vec::new(),
            integrity: String::new(),
            place,
            version_place: Span::new(place.end(), place.end()),
            withdrawn: None,
        }
    }
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FileKind {
    /// It says which versions are let in: `package.json`, `pyproject.toml`.
    Manifest,
    /// It says which versions are installed: `package-lock.json`, `poetry.lock`.
    Lock,
    /// It lists the parts of something that is already made: `CycloneDX`, SPDX.
    Inventory,
    /// It says where packages come from: `.npmrc`, `pip.conf`.
    Settings,
    /// It says what programs run on, or are built and deployed with: `Dockerfile`, `compose.yaml`, workflows, `.nvmrc`.
    Platform,
}

/// What is made of a project.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub enum Purpose {
    /// It is run: whoever builds it decides about versions.
    Application,
    /// It is used by others, who decide about versions.
    Library,
    /// The file does not tell.
    #[default]
    Unknown,
}

/// What a manifest says about the project that it belongs to.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Project {
    /// Its name as a package.
    pub name: Option<String>,
    /// What is made of it.
    pub purpose: Purpose,
    /// The package manager that the file is for writes a lockfile.
    pub has_locks: bool,
}

/// How packages come to the machine that installs them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Supply {
    /// From a registry, over a connection that is not encrypted.
    Plain,
    /// From a registry beside the public one: whichever has the newer version.
    Beside {
        /// Every package is compared with a checksum.
        is_held: bool,
    },
    /// From a registry whose certificate is not checked.
    Unverified,
}

/// A place from which packages come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// How they come.
    pub supply: Supply,
    /// Scheme and host, without credentials; empty for every registry.
    pub host: String,
    /// The address holds credentials, or names that stand for something: it is not for everybody.
    pub is_own: bool,
    /// Where it is said.
    pub place: Span,
}

/// Another file that belongs to this one: `-r base.txt`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The file, as written: beside this one.
    pub path: String,
    /// It only says which versions are let in of what is asked for elsewhere: `-c limits.txt`.
    pub is_constraint: bool,
    /// Where it is named.
    pub place: Span,
}

/// What a file says that a program runs on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Runtime {
    /// As files of versions name it: `node`, `python`.
    pub name: String,
    /// A version, or which are let in; as written.
    pub said: String,
    /// Where that stands.
    pub place: Span,
}

/// What a file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// What the file is.
    pub kind: FileKind,
    /// In the order of the file.
    pub dependencies: Vec<Dependency>,
    /// What the program runs on, in order.
    pub runtimes: Vec<Runtime>,
    /// Who keeps the repository on GitHub, where the file tells its address.
    pub owner: Option<String>,
    /// Files that belong to it, in order.
    pub references: Vec<Reference>,
    /// Where packages come from, as far as that matters, in order.
    pub sources: Vec<Source>,
    /// The project, in manifests.
    pub project: Project,
    /// Scopes are those of the file. Where this is false all that is developed with counts as [`Scope::Runtime`], until
    /// manifests tell it; see [`Listing::join`].
    pub tells_scopes: bool,
    /// In order of place. Where there are any, a dependency may be missing.
    pub faults: Vec<Fault>,
}
