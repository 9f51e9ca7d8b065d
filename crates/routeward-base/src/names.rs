//! Interned strings. A [`Name`] means something only together with the table that made it.

use crate::{FxHashMap, Idx, index_type};

index_type! {
    /// A string of one [`NameTable`].
    pub struct Name;
}

/// Strings, each stored once. Lookup by text is a hash, by name an index.
#[derive(Clone, Default, Debug)]
pub struct NameTable {
    texts: Vec<Box<str>>,
    by_text: FxHashMap<Box<str>, Name>,
}

impl NameTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of `text`, added if it is new.
    pub fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.by_text.get(text) {
            return *name;
        }
        let name = Name::new(self.texts.len() as u32);
        self.texts.push(text.into());
        self.by_text.insert(text.into(), name);
        name
    }

    /// The name of `text`, if it was interned.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.by_text.get(text).copied()
    }

    /// The text of a name of this table.
    pub fn text(&self, name: Name) -> &str {
        &self.texts[name.raw() as usize]
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// True if nothing was interned.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}
