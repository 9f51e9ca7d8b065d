//! Rows about calls of code that is not seen: what they are given may say what they do.

use serde::{Deserialize, Serialize};

use crate::model::SinkKind;

/// A call of code that is not seen whose name and argument tell that it is a sink: `store.run("SELECT …")`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UnseenRow {
    /// What a client can do who chooses the argument.
    pub kind: SinkKind,
    /// The names of such calls: of the function or method alone.
    pub names: Vec<String>,
    /// The argument.
    pub arg: String,
    /// What a text begins with, in lower case and with single spaces, and a value of the client's stands further behind.
    #[serde(default)]
    pub begins: Vec<String>,
    /// Where no beginnings are named: it is an object that the code writes down, without these members, in which
    /// something of the client's that may be an object stands.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// That is no proof: other code is called so, too.
    #[serde(default)]
    pub unsure: bool,
}
