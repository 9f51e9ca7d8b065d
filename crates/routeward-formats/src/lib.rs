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
mod dockerfile;
mod document;
mod dotenv;
mod ini;
mod json;
mod lower;
mod node;
mod properties;
mod scalar;
pub mod template;
mod toml;
mod xml;
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
    /// TOML 1.0. A header and a dotted key open a map for each of their parts.
    Toml,
    /// The `.properties` of Java: one flat map.
    Properties,
    /// Assignments to variables of an environment, as tools and shells read them: one flat map.
    Dotenv,
    /// Sections of names and values, in the dialects of Python, PHP, Git and many servers.
    Ini,
    /// XML without what its entities stand for. An element is an entry: a text if it holds nothing else, or else a map
    /// with its attributes (`@name`), elements and texts (`#text`) in order.
    Xml,
    /// Instructions that build an image: a list with a map of one entry for each. The value is a map for `ENV`, `ARG` and
    /// `LABEL`, and for all others what stands behind the word, with continued lines joined.
    Dockerfile,
}

impl Format {
    /// The format of a file, by its name.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        if let Some(format) = Self::of_whole_name(&name) {
            return Some(format);
        }
        let (_, ending) = name.rsplit_once('.')?;
        match ending {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" | "jsonc" | "json5" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            "properties" => Some(Self::Properties),
            "env" => Some(Self::Dotenv),
            "ini" | "cfg" => Some(Self::Ini),
            "xml" | "config" => Some(Self::Xml),
            "dockerfile" | "containerfile" => Some(Self::Dockerfile),
            _ => None,
        }
    }

    /// What a file holds whose name says it as a whole, or by its beginning.
    fn of_whole_name(name: &str) -> Option<Self> {
        const CODE: &[&str] =
            &["js", "mjs", "cjs", "ts", "py", "rb", "php", "go", "json", "yaml", "yml", "md"];
        let is_code = name.rsplit_once('.').is_some_and(|(_, ending)| CODE.contains(&ending));
        let is =
            |word: &str| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        match () {
            () if is_code => None,
            () if is(".env") || name == ".envrc" => Some(Self::Dotenv),
            () if is("dockerfile") || is("containerfile") => Some(Self::Dockerfile),
            () => None,
        }
    }

    /// The format of a file whose name says little, by how it begins: a `.conf` may be anything. Looks at the first lines.
    pub fn of_content(path: &str, text: &str) -> Option<Self> {
        let known = Self::of(path);
        let is_open = known.is_none() && path.to_ascii_lowercase().ends_with(".conf");
        // What is called a configuration may be XML or a file of sections.
        if known == Some(Self::Xml) && !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
            return ini::is_likely(text).then_some(Self::Ini);
        }
        known.or_else(|| (is_open && ini::is_likely(text)).then_some(Self::Ini))
    }

    /// API descriptions and templates of functions are written in it.
    pub fn is_of_descriptions(self) -> bool {
        matches!(self, Self::Yaml | Self::Json)
    }
}

/// Reads a text. Cost: linear in the text; the tree takes about as many bytes as the text does.
pub fn read(format: Format, text: &str) -> Read {
    match format {
        Format::Yaml => yaml::read(text),
        Format::Json => json::read(text),
        Format::Toml => toml::read(text),
        Format::Properties => properties::read(text),
        Format::Dotenv => dotenv::read(text),
        Format::Ini => ini::read(text),
        Format::Xml => xml::read(text),
        Format::Dockerfile => dockerfile::read(text),
    }
}

/// Where a text begins, behind the mark of its encoding.
fn beginning(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// The offset of the first character from an offset on that is none of those.
fn skip(text: &str, at: usize, is: impl Fn(char) -> bool) -> usize {
    text.len() - text[at..].trim_start_matches(is).len()
}

/// The offset of the next line, from the end of one.
fn next_line(text: &str, end: usize) -> usize {
    text[end..].find('\n').map_or(text.len(), |len| end + len + 1)
}

/// The bytes from an offset up to the end of its line, without the line break.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let line = rest.split('\n').next().unwrap_or("");
    at + line.strip_suffix('\r').unwrap_or(line).len()
}
