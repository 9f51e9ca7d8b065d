//! Interned strings. A [`Name`] means something only together with the table that made it.

use std::hash::{BuildHasher, BuildHasherDefault};

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use crate::{Idx, index_type};

index_type! {
    /// A string of one [`NameTable`].
    pub struct Name;
}

/// Strings, each stored once, one behind the other: a name costs its text and about ten bytes. Lookup by text is a
/// hash, by name an index. At most 4 GiB of text.
#[derive(Clone, Default, Debug)]
pub struct NameTable {
    all: String,
    /// Where each name ends in `all`; it begins where the one before ends.
    ends: Vec<u32>,
    by_text: HashTable<Name>,
}

fn hash(text: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(text)
}

/// The text of a name; a function, so that the table can be changed while it looks.
fn text_of<'t>(all: &'t str, ends: &[u32], name: Name) -> &'t str {
    let at = name.raw() as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &all[start as usize..ends[at] as usize]
}

impl NameTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of `text`, added if it is new.
    pub fn intern(&mut self, text: &str) -> Name {
        let Self { all, ends, by_text } = self;
        let hash_of = hash(text);
        if let Some(name) = by_text.find(hash_of, |name| text_of(all, ends, *name) == text) {
            return *name;
        }
        let name = Name::new(ends.len() as u32);
        all.push_str(text);
        ends.push(all.len() as u32);
        by_text.insert_unique(hash_of, name, |name| hash(text_of(all, ends, *name)));
        name
    }

    /// The name of `text`, if it was interned.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.by_text.find(hash(text), |name| self.text(*name) == text).copied()
    }

    /// The text of a name of this table.
    pub fn text(&self, name: Name) -> &str {
        text_of(&self.all, &self.ends, name)
    }

    /// The texts of all names, in the order in which they were interned.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len() as u32).map(|name| self.text(Name::new(name)))
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if nothing was interned.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_name_however_many_there_are() {
        let mut names = NameTable::new();
        let made: Vec<Name> = (0..1000).map(|i| names.intern(&i.to_string())).collect();
        let empty = names.intern("");
        for (i, name) in made.iter().enumerate() {
            let text = i.to_string();
            assert_eq!((names.intern(&text), names.find(&text)), (*name, Some(*name)));
            assert_eq!(names.text(*name), text);
        }
        assert_eq!((names.text(empty), names.find(""), names.find("none")), ("", Some(empty), None));
        assert_eq!(names.len(), 1001);
    }
}
