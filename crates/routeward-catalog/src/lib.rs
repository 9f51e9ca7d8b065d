//! Loads and checks the catalogue of lints and models.
//!
//! The build script reads `lints/` with the modules of this crate and embeds the result, so that nothing is
//! parsed when the program starts.

mod document;
mod fragment;
mod key;
mod lint;
pub mod markdown;
mod model;
mod provision;
mod setting;
mod suggest;
mod template;
mod token;
mod unseen;
mod within;

use std::sync::LazyLock;

pub use document::DocumentRow;
pub use fragment::{FragmentParam, FragmentRow};
pub use key::KeyRow;
pub use lint::{Audience, CATEGORIES, LintError, LintMeta};
pub use model::*;
pub use provision::{Provision, ProvisionRow};
pub use setting::{
    CommandRow, CopiedRow, FileNames, NameRow, SettingFile, SettingRole, SettingRows, SettingView, StoreRow,
    ValueRow,
};
pub use suggest::{Hint, suggest};
pub use template::{RenderRow, TemplateMark, TemplatePart, TemplateRow, TemplateWord};
pub use token::{Allowed, Checksum, IdentifierRow, PlaceholderRow, Requires, Target, TokenRow, Tokens};
pub use unseen::UnseenRow;
pub use within::{is_one_of, is_within, modules_around};

/// The catalogue that is compiled into the binary.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// All lints, by id.
    pub lints: Vec<LintMeta>,
    /// All models.
    pub models: Models,
}

impl Catalog {
    /// The embedded catalogue. The first call decodes it (far below a millisecond); later calls are free.
    pub fn embedded() -> &'static Self {
        static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
            let blob = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.postcard"));
            let (lints, models) =
                postcard::from_bytes(blob).expect("the build script encoded these very types");
            Catalog { lints, models }
        });
        &CATALOG
    }

    /// The embedded formats of keys and tokens, apart from the rest: only who looks for them pays for them.
    pub fn tokens() -> &'static Tokens {
        static TOKENS: LazyLock<Tokens> = LazyLock::new(|| {
            let blob = include_bytes!(concat!(env!("OUT_DIR"), "/tokens.postcard"));
            postcard::from_bytes(blob).expect("the build script encoded this very type")
        });
        &TOKENS
    }

    /// What is known of the settings of programs, apart from the rest as well.
    pub fn settings() -> &'static SettingRows {
        static SETTINGS: LazyLock<SettingRows> = LazyLock::new(|| {
            let blob = include_bytes!(concat!(env!("OUT_DIR"), "/settings.postcard"));
            postcard::from_bytes(blob).expect("the build script encoded this very type")
        });
        &SETTINGS
    }

    /// The lint of that id.
    pub fn lint(&self, id: &str) -> Option<&LintMeta> {
        let index = self.lints.binary_search_by(|lint| lint.id.as_str().cmp(id)).ok()?;
        self.lints.get(index)
    }

    /// The id that a mistyped one is most likely meant to be.
    pub fn suggest(&self, id: &str) -> Option<&str> {
        suggest(id, self.lints.iter().map(|lint| lint.id.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_are_found_by_id_and_by_nearly_their_id() {
        let catalog = Catalog::embedded();
        assert!(catalog.lints.is_sorted_by(|a, b| a.id < b.id));
        for lint in &catalog.lints {
            assert_eq!(catalog.lint(&lint.id), Some(lint));
        }
        assert_eq!(catalog.lint("missing-auth"), None);
        assert_eq!(catalog.suggest("mising-auth-gaurd"), Some("missing-auth-guard"));
        assert_eq!(catalog.suggest("something-else"), None);
    }
}
