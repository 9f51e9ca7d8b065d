//! Reads configuration, API descriptions and templates of functions into one document tree, whatever they are written in;
//! [`template`] reads templates of pages.
//!
//! [`read`] never fails and never panics: what is wrong with a text is told beside the tree, with its place and what to
//! do about it, and [`Document::is_whole`] says whether something may be missing. The tree does not know what the
//! document is about; what `openapi` or `Resources` mean is told elsewhere.
//!
//! [`lower()`] makes a module of a document, for code that reads the file.
//!
//! Aliases of YAML are kept as references to earlier nodes, so that a tree is never larger than its text, however many
//! times an anchor is used; readers of a [`Node`] see what the alias stands for. A format is one file here, which tells
//! the builder what it meets in order.

mod build;
mod document;
mod json;
mod lower;
mod node;
mod scalar;
pub mod template;
mod yaml;

pub use document::{Document, Fault, NodeId, Read};
pub use lower::lower;
pub use node::{Kind, Node};

/// How a document is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// YAML 1.2 with the merge keys of YAML 1.1: one or more documents in a file.
    Yaml,
    /// JSON, with the comments and trailing commas of JSONC and what JSON5 adds.
    Json,
}

impl Format {
    /// The format of a file, by the ending of its path.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (_, ending) = name.rsplit_once('.')?;
        let is = |known: &[&str]| known.iter().any(|it| ending.eq_ignore_ascii_case(it));
        match () {
            () if is(&["yaml", "yml"]) => Some(Self::Yaml),
            () if is(&["json", "jsonc", "json5"]) => Some(Self::Json),
            () => None,
        }
    }
}

/// Reads a text. Cost: linear in the text; the tree takes about as many bytes as the text does.
pub fn read(format: Format, text: &str) -> Read {
    match format {
        Format::Yaml => yaml::read(text),
        Format::Json => json::read(text),
    }
}
