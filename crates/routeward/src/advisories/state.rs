//! What an update remembers for the next one: which files it took, and when it last asked for them.
//!
//! It lies beside the index and names it, so that it counts for no other one: where it is lost or belongs to another
//! index all is fetched again, and nothing else happens.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use routeward_base::Date;
use routeward_deps::{Ecosystem, Index};
use serde::{Deserialize, Serialize};

/// What was taken of an ecosystem.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Export {
    /// Where it was.
    pub(crate) address: String,
    /// What the server tells it from others by.
    pub(crate) etag: Option<String>,
    /// The day on which it was last seen to be what the server has.
    pub(crate) checked: String,
}

/// All that was taken for an index.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct State {
    /// The checksum of the index.
    index: String,
    /// By the name of the ecosystem.
    pub(crate) exports: BTreeMap<String, Export>,
}

impl State {
    /// What was taken for this index; empty where nothing is known.
    pub(crate) fn of(target: &Path, index: &Index) -> Self {
        let read = || serde_json::from_slice::<Self>(&fs::read(beside(target)).ok()?).ok();
        read().filter(|state| state.index == index.name()).unwrap_or_default()
    }

    /// The ecosystems by the day on which they were last seen to be up to date, the newest first.
    pub(crate) fn checked(&self) -> Vec<(Date, Vec<Ecosystem>)> {
        let mut days: BTreeMap<Date, Vec<Ecosystem>> = BTreeMap::new();
        for ecosystem in Ecosystem::ALL {
            if let Some(date) = self.exports.get(ecosystem.name()).and_then(|it| Date::parse(&it.checked)) {
                days.entry(date).or_default().push(ecosystem);
            }
        }
        days.into_iter().rev().collect()
    }

    /// The same for another index.
    pub(crate) fn for_index(self, index: &Index) -> Self {
        Self { index: index.name(), ..self }
    }

    /// Writes it beside the index; removes it where there is nothing to remember.
    pub(crate) fn write(&self, target: &Path) -> Result<()> {
        let path = beside(target);
        let cannot = || format!("cannot write {}", path.display());
        if self.exports.is_empty() {
            return match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).with_context(cannot),
                _ => Ok(()),
            };
        }
        let mut text = serde_json::to_vec_pretty(self).with_context(cannot)?;
        text.push(b'\n');
        super::replace(&path, &text).with_context(cannot)
    }
}

fn beside(target: &Path) -> PathBuf {
    let mut name = OsString::from(target);
    name.push(".state.json");
    PathBuf::from(name)
}
