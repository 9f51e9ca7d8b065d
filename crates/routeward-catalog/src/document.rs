//! Rows about documents: which files that are no code a program reads.

use serde::{Deserialize, Serialize};

/// Documents that are read besides code: API descriptions and templates. A file is one if it has one of the names, or
/// one of the keys at its top, and the row counts.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DocumentRow {
    /// The row counts where code of the repository imports one of these packages; if there are none, where there is code
    /// in the language of the models.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Names of files; any if there are none. `*` at the beginning stands for any text.
    #[serde(default)]
    pub names: Vec<String>,
    /// Keys at the top, one of which such a document has.
    pub keys: Vec<String>,
    /// A key anywhere in it whose value may lead to a file that belongs to it: a path, from the file on, in front of a
    /// `#`.
    #[serde(default)]
    pub reference: String,
    /// The path of a function in an outline, which is called with each such document when programs start: the document
    /// is what starts them.
    #[serde(default)]
    pub start: String,
}

impl DocumentRow {
    /// True if a file of this name may be one.
    pub fn fits_name(&self, name: &str) -> bool {
        self.names.is_empty()
            || self.names.iter().any(|known| match known.strip_prefix('*') {
                Some(ending) => name.ends_with(ending),
                None => name == known,
            })
    }
}
