//! Lints as the catalogue describes them.

/// Who should see a lint's findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub enum Audience {
    /// Everybody.
    Regular,
    /// Off in gates: new, or of interest to auditors only.
    Nursery,
}

/// A lint as its folder describes it.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct LintMeta {
    /// The folder's name.
    pub id: String,
}

/// A lint folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LintError {}
