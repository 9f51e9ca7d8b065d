//! Rows about fragments: functions that nothing registers, and that say themselves what they are.

use serde::{Deserialize, Serialize};

/// A function that nothing in the program calls or registers, but whose parameters say by their names, and by what the
/// code takes from them, what it would be given: a handler of a library, or of a program of which only a part is there.
/// It is run as an element of a chain; no endpoint comes of it, and what is found in it is told of the code.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FragmentRow {
    /// The entry that says how such a function is called.
    pub entry: String,
    /// The parameters that it has at least, in order; the receiver is none of them.
    pub params: Vec<FragmentParam>,
    /// The names under which its file exports it. Where there are none it may stand anywhere, and the code must take one
    /// of the members that `params` name.
    #[serde(default)]
    pub exported: Vec<String>,
}

/// How a parameter of a fragment is known.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FragmentParam {
    /// Its names, without underscores in front; any if there are none.
    #[serde(default)]
    pub names: Vec<String>,
    /// Members that tell what it is. Code that takes members of the parameter, but none of these, means something else.
    #[serde(default)]
    pub members: Vec<String>,
}

impl FragmentParam {
    /// True if a parameter may have this name.
    pub fn fits_name(&self, name: &str) -> bool {
        let name = name.trim_start_matches('_');
        self.names.is_empty() || self.names.iter().any(|known| known == name)
    }

    /// Whether the members that code takes of the parameter tell that it is this one; `None` where they tell nothing.
    pub fn is_told_by<'t>(&self, taken: impl IntoIterator<Item = &'t str>) -> Option<bool> {
        let mut is_this = None;
        for member in taken {
            let fits = self.members.iter().any(|known| known == member);
            is_this = Some(is_this == Some(true) || fits);
        }
        is_this.filter(|_| !self.members.is_empty())
    }
}
