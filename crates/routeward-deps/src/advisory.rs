//! What is known to be wrong with versions of a package, as plain data, and which versions that is.

mod merge;
mod range;

use routeward_base::Date;
use routeward_diag::Severity;

use crate::set::VersionSet;
use crate::{Ecosystem, Version};

pub(crate) use merge::merged;
pub use range::{End, Range};
pub(crate) use range::{fixed_above, normalized};

/// What an advisory says about a package. In order of weight: of two that are joined, the first counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// The package does harm on purpose.
    Malicious,
    /// Others can make it do harm.
    Vulnerability,
    /// It can break the guarantees of its language, used as it is meant to be.
    Unsound,
    /// Nobody looks after it any more.
    Unmaintained,
    /// Something else that its users should know.
    Notice,
}

/// What advisories of several kinds have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum About {
    /// The package does harm on purpose.
    Harm,
    /// It has a weakness, for which there may be an update.
    Weakness,
    /// Nobody looks after it any more.
    Neglect,
}

impl About {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Harm, Self::Weakness, Self::Neglect];

    /// What an advisory of a kind is about; none where it only says something.
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Malicious => Some(Self::Harm),
            Kind::Vulnerability | Kind::Unsound => Some(Self::Weakness),
            Kind::Unmaintained => Some(Self::Neglect),
            Kind::Notice => None,
        }
    }
}

impl Kind {
    /// All of them, in order.
    pub const ALL: [Self; 5] =
        [Self::Malicious, Self::Vulnerability, Self::Unsound, Self::Unmaintained, Self::Notice];

    /// The lower-case name in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Malicious => "malicious",
            Self::Vulnerability => "vulnerability",
            Self::Unsound => "unsound",
            Self::Unmaintained => "unmaintained",
            Self::Notice => "notice",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The names in one module that the weakness is in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Symbols {
    /// As it is imported: a Go package, a crate, a module.
    pub module: String,
    /// Functions and methods, as the language writes them from the module on; all of the module where there are none.
    pub names: Vec<String>,
}

/// One weakness of one package.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Advisory {
    /// The ecosystem of the package.
    pub ecosystem: Ecosystem,
    /// The package's folded name, see [`Ecosystem::fold`].
    pub package: String,
    /// The names of the weakness, the one to show first. Never empty.
    pub ids: Vec<String>,
    /// What it says.
    pub kind: Kind,
    /// How bad it is, where somebody has said so.
    pub severity: Option<Severity>,
    /// Numbers of the Common Weakness Enumeration, ascending.
    pub cwe: Vec<u32>,
    /// One line without control characters; may be empty.
    pub summary: String,
    /// The versions that it is about: disjoint and ascending. Without any of these and those beside them it was withdrawn.
    pub ranges: Vec<Range<String>>,
    /// Versions beside those, as written.
    pub versions: Vec<String>,
    /// What of the package it is in, where that is known; ascending.
    pub symbols: Vec<Symbols>,
    /// When it was last changed.
    pub modified: Date,
}

impl Advisory {
    /// Says that nothing holds any more of what was said under some names.
    pub(crate) fn withdrawn(ecosystem: Ecosystem, package: String, ids: Vec<String>, modified: Date) -> Self {
        Self {
            ecosystem,
            package,
            ids,
            kind: Kind::Notice,
            severity: None,
            cwe: Vec::new(),
            summary: String::new(),
            ranges: Vec::new(),
            versions: Vec::new(),
            symbols: Vec::new(),
            modified,
        }
    }

    /// True if nothing holds any more of what it said.
    pub fn is_withdrawn(&self) -> bool {
        self.ranges.is_empty() && self.versions.is_empty()
    }

    /// The name to show.
    pub fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }

    /// Its other names.
    pub fn aliases(&self) -> &[String] {
        self.ids.get(1..).unwrap_or_default()
    }

    /// True if the weakness is in this version (OSV schema, "Evaluation"). The version is one of the same ecosystem.
    pub fn affects(&self, version: &Version) -> bool {
        self.ranges.iter().any(|range| range.as_ref().contains(self.ecosystem, version))
            || self.versions.iter().any(|other| Version::new(self.ecosystem, other) == *version)
    }

    /// The versions that the weakness is in.
    pub(crate) fn affected(&self) -> VersionSet {
        let read = |text: &String| Version::new(self.ecosystem, text);
        let ranges = self.ranges.iter().map(|range| {
            let range = Range { introduced: range.introduced.as_ref().map(read), end: range.end.map(read) };
            VersionSet::of_range(&range)
        });
        let versions = self.versions.iter().map(|text| VersionSet::only(read(text)));
        ranges.chain(versions).fold(VersionSet::default(), |all, one| all.or(&one))
    }

    /// The lowest later version of those that are said to be the first without it.
    pub fn fixed_above(&self, version: &Version) -> Option<&str> {
        fixed_above(self.ecosystem, &self.ranges.iter().map(Range::as_ref), version)
    }
}

/// The lowest version from one on against which none of these is known; none where something has no remedy yet, or
/// nothing is known against that one.
pub(crate) fn first_free<'a>(ecosystem: Ecosystem, known: &'a [Advisory], from: &Version) -> Option<&'a str> {
    let (mut version, mut fixed) = (from.clone(), None);
    // Each step leaves one advisory behind for good, so there are no more steps than advisories.
    for _ in 0..=known.len() {
        let Some(open) = known.iter().find(|advisory| advisory.affects(&version)) else {
            return fixed;
        };
        let next = open.fixed_above(&version)?;
        (version, fixed) = (Version::new(ecosystem, next), Some(next));
    }
    None
}

/// What of several names of one weakness is shown first: the one most widely known.
pub(crate) fn id_rank(id: &str) -> u8 {
    match id.split('-').next() {
        Some("CVE") => 0,
        Some("GHSA") => 1,
        Some("PYSEC" | "RUSTSEC" | "GO" | "MAL") => 2,
        _ => 3,
    }
}

/// The versions that are said to be the first without a weakness.
pub(crate) fn fixes(known: &[Advisory]) -> impl Iterator<Item = &str> {
    known.iter().flat_map(|advisory| &advisory.ranges).filter_map(|range| match &range.end {
        End::Fixed(text) => Some(text.as_str()),
        _ => None,
    })
}
