//! Loads and checks the catalogue of lints and models.

mod lint;
mod model;

pub use lint::{Audience, LintError, LintMeta};
pub use model::{ModelError, Models};

/// The catalogue that is compiled into the binary.
pub struct Catalog {
    /// All lints, by id.
    pub lints: Vec<LintMeta>,
    /// All models.
    pub models: Models,
}
