//! All that is known: several indexes, of which the first to name a weakness is believed.

use std::collections::BTreeSet;

use crate::{Advisory, Coverage, Ecosystem, Index, Version};

/// How much is known of an ecosystem.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cover {
    /// Nothing.
    None,
    /// Of some packages: that nothing is known of one says nothing.
    Part,
    /// All that some source has.
    Whole,
}

/// Indexes in the order in which they are believed.
#[derive(Clone, Debug)]
pub struct Advisories(Vec<Index>);

impl Advisories {
    /// What was imported, if anything was, and behind it what is a part of the program.
    pub fn new(imported: Option<Index>) -> Self {
        Self(imported.into_iter().chain([Index::embedded()]).collect())
    }

    /// All advisories for a package, the worst first. What an earlier index says of a weakness, also that it is none,
    /// holds against later ones.
    pub fn of(&self, ecosystem: Ecosystem, name: &str) -> Vec<Advisory> {
        let folded = ecosystem.fold(name);
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut all = Vec::new();
        for index in &self.0 {
            let mut own = Vec::new();
            for record in index.find(ecosystem, &folded) {
                let ids = record.ids();
                if !record.is_withdrawn() && ids.iter().all(|id| !known.contains(id)) {
                    all.extend(record.read(&folded));
                }
                own.extend(ids);
            }
            known.extend(own);
        }
        all.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.ids.cmp(&b.ids)));
        all
    }

    /// The advisories for a version of a package, the worst first: what an earlier index says, also that the version is
    /// free of it, holds against later ones.
    pub fn affecting(&self, ecosystem: Ecosystem, name: &str, version: &Version) -> Vec<Advisory> {
        let all = self.of(ecosystem, name).into_iter();
        all.filter(|advisory| advisory.affects(version)).collect()
    }

    /// How much is known of an ecosystem.
    pub fn cover(&self, ecosystem: Ecosystem) -> Cover {
        let sources = self.coverage(ecosystem);
        match sources.iter().map(|part| part.is_whole).max() {
            None => Cover::None,
            Some(false) => Cover::Part,
            Some(true) => Cover::Whole,
        }
    }

    /// What is known of an ecosystem, and as of when.
    pub fn coverage(&self, ecosystem: Ecosystem) -> Vec<Coverage> {
        let all = self.0.iter().flat_map(Index::coverage);
        all.filter(|part| part.ecosystem == ecosystem).collect()
    }
}
