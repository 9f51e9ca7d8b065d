//! Reads what configuration gives to programs, and tells which of it is secret and known to everybody.
//!
//! Which files are configuration, which names say that their value is secret, and which values are none, is said by rows
//! of the catalogue. Files are known by their names; each kind has a view that lists its settings with their places.
//! Where a value is kept elsewhere (`${…}`, a store for secrets, what is encrypted) there is no setting.

mod cluster;
mod compose;
mod files;
mod image;
mod judge;
mod name;
mod plain;
mod reader;
mod value;

#[cfg(test)]
mod tests;

use routeward_base::{FileId, Span};
use routeward_catalog::NameRow;

pub use reader::{MOST, Reader};

/// What is given, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum View {
    /// Assignments to an environment.
    Environment,
    /// Instructions that build an image.
    Image,
    /// What containers of one machine are given.
    Compose,
    /// What the steps of a build are given.
    Workflow,
    /// What a cluster runs.
    Manifest,
    /// What a program reads by paths.
    Configuration,
    /// Nothing: the file opens something by itself.
    Store,
}

/// What stands around a setting, where that matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Around {
    /// Nothing of the kind.
    Open,
    /// Nobody outside of the network of the containers reaches what it opens.
    Inner,
    /// A document whose purpose are secrets.
    Secrets,
    /// A stage that the image is made of.
    Stage,
    /// An argument of the build of such a stage.
    Argument,
    /// A stage that only serves the build.
    Passing,
}

/// How easily a value is guessed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strength<'m> {
    /// It is tried first, and why.
    Weak(&'m str),
    /// It has fewer bytes than its purpose needs, which is so many.
    Short(usize),
    /// Nothing speaks against it but where it stands.
    Likely,
}

/// A name with the value that it is given. What the value is, stands in the text only.
#[derive(Clone, Debug)]
pub struct Setting<'m> {
    /// The name, as the program reads it: `JWT_SECRET`, `spring.datasource.password`.
    pub name: String,
    /// The variable that the value only stands in for: `NAME` of `${NAME:-value}`.
    pub variable: Option<String>,
    /// Where the value stands, without quotation marks.
    pub span: Span,
    /// What the name says that it is, if it says that it is secret.
    pub role: Option<&'m NameRow>,
    /// How easily it is guessed.
    pub strength: Strength<'m>,
    /// What stands around it.
    pub around: Around,
    /// The same for equal values of a file.
    pub same: u64,
}

/// Something in the instructions of an image that should not be in it.
#[derive(Clone, Debug)]
pub struct Leak<'m> {
    /// What it is, as a noun.
    pub what: &'m str,
    /// How it gets there.
    pub how: LeakKind,
    /// Where.
    pub span: Span,
    /// What it is about, such as the name of a file or an argument.
    pub name: String,
    /// The stage that it stands in: [`Around::Stage`] or [`Around::Passing`].
    pub around: Around,
}

/// How something gets into an image.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeakKind {
    /// A file is copied.
    Copied,
    /// A command holds it; the place is that of the value.
    Command,
    /// An argument is asked for by its name.
    Asked,
}

/// What a file of configuration says.
#[derive(Clone, Debug)]
pub struct Configuration<'m> {
    /// What is given, and how.
    pub view: View,
    /// The settings, in order of place.
    pub settings: Vec<Setting<'m>>,
    /// What else gets into an image, in order of place.
    pub leaks: Vec<Leak<'m>>,
    /// What the file opens by itself, as a noun, and where the credential stands.
    pub store: Option<(&'m str, Span)>,
    /// It is there to be copied and filled in.
    pub is_specimen: bool,
    /// It serves where the program is made.
    pub is_development: bool,
    /// There are more settings than are looked at.
    pub is_cut: bool,
}

/// A configuration with what the scan knows of its file.
#[derive(Clone, Debug)]
pub struct Configured<'m, D> {
    /// The file.
    pub file: FileId,
    /// Its name, for people.
    pub name: String,
    /// What it says.
    pub configuration: Configuration<'m>,
    /// What stands against all that stands in the file.
    pub doubt: Option<D>,
    /// What stands against what only serves the program itself.
    pub own_doubt: Option<D>,
    /// Where values stand that other lints tell of by what they look like, in order.
    pub told: Vec<Span>,
    /// It is kept under version control; `None` if that is not known.
    pub is_tracked: Option<bool>,
}
