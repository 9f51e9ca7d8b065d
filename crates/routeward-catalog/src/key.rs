//! What only the program may know: where a call takes a key, a password or a token of its own.

use serde::{Deserialize, Serialize};

use crate::model::{When, one_or_many, one_or_many_conditions};

/// A call that is given something by which the program proves itself, or by which it knows what it has made itself.
/// A text of the source that reaches it is known to all who read the source.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeyRow {
    /// What is matched; `path=` is the assignment of a member, as for misuses.
    #[serde(default, deserialize_with = "one_or_many")]
    pub call: Vec<String>,
    /// The versions of the package that the row holds for.
    #[serde(default)]
    pub version: String,
    /// The lint that tells of it, where it is not the one for all keys.
    #[serde(default)]
    pub lint: String,
    /// The key: access paths, separated by ` | `, each of which counts.
    pub arg: String,
    /// What it is, as a noun: `the key that signs tokens`.
    pub what: String,
    /// Where it is sent, as an access path: what only this machine is told opens nothing elsewhere.
    #[serde(default)]
    pub host: String,
    /// Conditions on the call.
    #[serde(default, deserialize_with = "one_or_many_conditions")]
    pub when: Vec<When>,
    /// The severity, where it is lower than that of the lint.
    #[serde(default)]
    pub at_most: String,
}
