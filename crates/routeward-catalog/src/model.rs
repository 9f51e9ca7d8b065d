//! Models: what frameworks and libraries mean, as data.

/// All models, ready for look-up.
#[derive(Clone, Default, Debug, serde::Serialize, serde::Deserialize)]
pub struct Models {}

/// A model file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is not TOML, or has a key that no row knows.
    #[error("{path}: {message}")]
    Syntax {
        /// The model file.
        path: String,
        /// What is wrong and where.
        message: String,
    },
}

impl Models {
    /// Reads model files, given as path and text.
    pub fn parse(_files: &[(&str, &str)]) -> Result<Self, ModelError> {
        Ok(Self::default())
    }
}
