//! Rows about templates: how an engine writes them, and the calls that fill them.

use serde::{Deserialize, Serialize};

use crate::model::one_or_many;

/// How an engine writes templates. A template becomes a function of what it is filled with: an output calls
/// `NAME.raw` or `NAME.escaped` with the value, a filter or a helper `f` is `NAME.f`, and a file that is included is
/// `NAME.include` of its name and what it sees. Other rows say what these mean.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TemplateRow {
    /// The first part of the paths of what a template calls.
    pub name: String,
    /// Endings of files, without the dot.
    pub endings: Vec<String>,
    /// The row counts where code of the repository imports one of these packages; if there are none, where there is
    /// code in the language of the models.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Folders that names of templates begin in, as seen from the file that speaks or from a folder above.
    #[serde(default)]
    pub folders: Vec<String>,
    /// What stands between the text.
    pub marks: Vec<TemplateMark>,
    /// A setting may switch the escaping off: what is escaped is looked at, too.
    #[serde(default)]
    pub may_not_escape: bool,
    /// `value | filter(argument)` and `value | filter:argument`.
    #[serde(default)]
    pub filters: bool,
    /// Filters that make a value be put out as it is.
    #[serde(default)]
    pub raw_filters: Vec<String>,
    /// A helper and its arguments stand in a row, with blanks between them.
    #[serde(default)]
    pub spaced: bool,
    /// What the element of a loop does not have is looked for outside of the loop.
    #[serde(default)]
    pub looks_out: bool,
    /// A line whose first word is one of `words` is a statement, and holds for the lines that are indented more.
    #[serde(default)]
    pub by_lines: bool,
    /// The word that closes a statement; `*` stands for the word that opened it. Without one, braces do.
    #[serde(default)]
    pub closed_by: String,
    /// What statements do, by their first words; `#` stands for all that begin with it.
    #[serde(default)]
    pub words: std::collections::BTreeMap<String, TemplateWord>,
}

/// Something in a template that is no text.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TemplateMark {
    /// What it begins with.
    pub open: String,
    /// What it ends with.
    pub close: String,
    /// So many bytes at the end of `open` belong to what stands in it.
    #[serde(default)]
    pub keeps: usize,
    /// What it is.
    pub is: TemplatePart,
}

/// What stands between two marks of a template.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplatePart {
    /// A value that is put out as it is.
    Raw,
    /// A value that is put out escaped.
    #[default]
    Escaped,
    /// A statement, known by its first word.
    Statement,
    /// Code of the language that the engine is written in.
    Code,
    /// Nothing.
    Comment,
    /// A value that is put out as it is, behind the name of an element or of an attribute.
    Assigned,
}

/// What a statement of a template does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateWord {
    /// `for x in xs`: a loop that names the element.
    For,
    /// `each xs`, `each xs as |x|`: a loop whose element is what names are looked up in.
    Each,
    /// `with x`: names are looked up in the value.
    Within,
    /// `with a=b`, `with b as a`: a name, until it is closed.
    With,
    /// `set a = b`: a name.
    Set,
    /// Another template in this place.
    Include,
    /// `autoescape false`: whether values are escaped, until it is closed.
    Escape,
    /// Text without any marks, until it is closed.
    Verbatim,
    /// A value that is put out as it is.
    Raw,
    /// `macro f(a)`: names of which nothing is known, until it is closed.
    Macro,
    /// Something that is closed.
    Open,
}

impl TemplateRow {
    /// True if a file of this name may be such a template.
    pub fn fits_name(&self, name: &str) -> bool {
        self.endings.iter().any(|ending| {
            name.strip_suffix(ending.as_str()).is_some_and(|stem| stem.len() > 1 && stem.ends_with('.'))
        })
    }
}

/// A call that fills a template.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RenderRow {
    /// What is matched.
    #[serde(deserialize_with = "one_or_many")]
    pub call: Vec<String>,
    /// The versions of the package that the row holds for.
    #[serde(default)]
    pub version: String,
    /// The template's name: the first of these access paths that is a constant text.
    #[serde(deserialize_with = "one_or_many")]
    pub view: Vec<String>,
    /// Objects whose members the template sees; of two that have a member, the later one counts.
    #[serde(deserialize_with = "one_or_many")]
    pub context: Vec<String>,
}
