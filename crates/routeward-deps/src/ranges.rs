//! What manifests let in where nothing says what is installed, and what is known against those versions.

use std::collections::BTreeMap;

use crate::advisory::{first_free, fixes};
use crate::repository::most_needed;
use crate::set::Cut;
use crate::{
    About, Advisory, Dependencies, Ecosystem, End, FileKind, Origin, Scope, Use, Version, VersionSet,
    admitted,
};

/// How much of what a requirement lets in has a weakness. Nothing tells which versions were published, but those that
/// advisories and requirements name were.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Answer {
    /// Every version has one.
    Every,
    /// The newest versions have one, and one of these is known to be there: it, or a later one, is installed.
    Newest,
    /// Some have one, and a later one is known that has none.
    Older,
    /// Some have one, and whether there is one without is not known.
    Unknown,
}

/// A requirement that lets in versions with a weakness.
#[derive(Clone, Debug)]
pub struct Admitted<'r> {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The name as it is written first.
    pub name: &'r str,
    /// What is let in, as it is written.
    pub requirement: &'r str,
    /// Where it is asked for, in order of file and place; never empty.
    pub uses: Vec<Use<'r>>,
    /// What is told of it.
    pub about: About,
    /// How much of it has a weakness, or another thing that this is about.
    pub answer: Answer,
    /// What is known against it, the worst first: against each version, or the newest, or some, as the answer says.
    pub advisories: Vec<Advisory>,
    /// The lowest version against which nothing is known, above those that the answer is about.
    pub fixed: Option<String>,
}

impl Admitted<'_> {
    /// When it is needed: the most needed of all uses.
    pub fn scope(&self) -> Scope {
        most_needed(&self.uses)
    }
}

impl Dependencies {
    /// The requirements of manifests that let in versions of which something is known, in order of ecosystem, name and
    /// requirement, for each thing of which lints tell in the order of [`About`]. Left out are those whose version is
    /// fixed by a lockfile, or by what another file of the folder pins.
    pub fn ranges(&self) -> Vec<Admitted<'_>> {
        let locks = self.locks();
        let mut all: BTreeMap<(Ecosystem, String, &str), Vec<Use<'_>>> = BTreeMap::new();
        for listed in self.files().iter().filter(|listed| listed.listing.kind == FileKind::Manifest) {
            for (id, dependency) in (0..).zip(&listed.listing.dependencies) {
                let is_range = dependency.version.is_none() && !dependency.requirement.is_empty();
                if is_range && dependency.origin == Origin::Registry && !locks.fix(listed, &dependency.name) {
                    let name = dependency.ecosystem.fold(&dependency.name);
                    let key = (dependency.ecosystem, name, dependency.requirement.as_str());
                    all.entry(key).or_default().push(Use { listed, id });
                }
            }
        }
        let mut ranges = Vec::new();
        for ((ecosystem, folded, requirement), uses) in all {
            let known = self.advisories().of(ecosystem, &folded);
            let set = if known.is_empty() { None } else { admitted(ecosystem, requirement) };
            let Some(set) = set else { continue };
            let name = uses[0].dependency().name.as_str();
            for about in About::ALL {
                let known = known.iter().filter(|advisory| About::of(advisory.kind) == Some(about));
                let Some((answer, advisories, fixed)) = judge(ecosystem, &set, known.cloned().collect())
                else {
                    continue;
                };
                let uses = uses.clone();
                ranges.push(Admitted {
                    ecosystem,
                    name,
                    requirement,
                    uses,
                    about,
                    answer,
                    advisories,
                    fixed,
                });
            }
        }
        ranges
    }
}

/// Compares what is let in with what is known; none where nothing of it is let in.
fn judge(
    ecosystem: Ecosystem,
    set: &VersionSet,
    known: Vec<Advisory>,
) -> Option<(Answer, Vec<Advisory>, Option<String>)> {
    let affected: Vec<VersionSet> = known.iter().map(Advisory::affected).collect();
    let all = affected.iter().fold(VersionSet::default(), |all, one| all.or(one));
    if set.and(&all).is_empty() {
        return None;
    }
    let free = set.without(&all);
    let top = free.last().map_or_else(|| set.clone(), |cut| set.behind(cut));
    let (answer, told, from) = if free.is_empty() {
        (Answer::Every, set.clone(), first_of(set))
    } else if let Some(newest) = witness(ecosystem, set, &top, &known) {
        (Answer::Newest, VersionSet::only(newest.clone()), Some(newest))
    } else {
        let is_known = fixes(&known).any(|text| free.contains(&Version::new(ecosystem, text)));
        (if is_known { Answer::Older } else { Answer::Unknown }, set.and(&all), first_of(set))
    };
    let from = from.unwrap_or_else(|| Version::new(ecosystem, "0"));
    let fixed = first_free(ecosystem, &known, &from).map(str::to_owned);
    let holds = |one: &VersionSet| match answer {
        // No single one may be known against all of it.
        Answer::Every => set.is_within(one),
        _ => !told.and(one).is_empty(),
    };
    let is_told: Vec<bool> = affected.iter().map(holds).collect();
    let has_one = is_told.contains(&true);
    let overlaps = affected.iter().map(|one| !set.and(one).is_empty());
    let advisories = known.into_iter().zip(is_told.iter().zip(overlaps));
    let advisories = advisories.filter(|(_, (told, overlaps))| if has_one { **told } else { *overlaps });
    Some((answer, advisories.map(|(advisory, _)| advisory).collect(), fixed))
}

/// The version that a set begins with, if it is in it.
fn first_of(set: &VersionSet) -> Option<Version> {
    match set.first() {
        Some(Cut::At(version, false)) => Some(version.clone()),
        _ => None,
    }
}

/// A version of `top` that is surely there: somebody has named it.
fn witness(ecosystem: Ecosystem, set: &VersionSet, top: &VersionSet, known: &[Advisory]) -> Option<Version> {
    let ranges = known.iter().flat_map(|advisory| &advisory.ranges);
    let named = ranges.flat_map(|range| {
        let last = match &range.end {
            End::LastAffected(last) => Some(last),
            _ => None,
        };
        range.introduced.iter().chain(last)
    });
    let named = named.chain(known.iter().flat_map(|advisory| &advisory.versions));
    let named = named.map(|text| Version::new(ecosystem, text));
    let last = match set.last() {
        Some(Cut::At(version, true)) => Some(version.clone()),
        _ => None,
    };
    named.chain(first_of(set)).chain(last).filter(|version| top.contains(version)).max()
}

#[cfg(test)]
mod tests {
    use routeward_base::Date;

    use super::*;
    use crate::{Kind, Range};

    fn advisory(affected: &str) -> Advisory {
        let ranges = affected.split(" | ").map(|text| {
            let (introduced, end) = text.split_once("..").expect("a range");
            let end = match end.strip_prefix('=') {
                Some(last) => End::LastAffected(last.to_owned()),
                None if end.is_empty() => End::Open,
                None => End::Fixed(end.to_owned()),
            };
            Range { introduced: Some(introduced.to_owned()).filter(|text| !text.is_empty()), end }
        });
        Advisory {
            ecosystem: Ecosystem::Npm,
            package: "acme".to_owned(),
            ids: vec![affected.to_owned()],
            kind: Kind::Vulnerability,
            severity: None,
            cwe: Vec::new(),
            summary: String::new(),
            ranges: ranges.collect(),
            versions: Vec::new(),
            symbols: Vec::new(),
            modified: Date::default(),
        }
    }

    fn check(requirement: &str, affected: &[&str], expected: Option<(Answer, &[&str], &str)>) {
        let set = admitted(Ecosystem::Npm, requirement).expect(requirement);
        let found = judge(Ecosystem::Npm, &set, affected.iter().map(|text| advisory(text)).collect());
        let found = found.map(|(answer, told, fixed)| {
            (answer, told.iter().map(|it| it.id().to_owned()).collect::<Vec<_>>(), fixed.unwrap_or_default())
        });
        let expected = expected.map(|(answer, told, fixed)| {
            (answer, told.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>(), fixed.to_owned())
        });
        assert_eq!(found, expected, "`{requirement}` against {affected:?}");
    }

    #[test]
    fn what_is_let_in_is_compared_with_what_is_known() {
        use Answer::{Every, Newest, Older, Unknown};
        check("~4.16.0", &["..4.17.21"], Some((Every, &["..4.17.21"], "4.17.21")));
        check("^4.16.0", &["..4.17.21"], Some((Older, &["..4.17.21"], "4.17.21")));
        check("^5.0.0", &["..4.17.21"], None);
        // Together they leave nothing; each of them alone does.
        check("^1.0.0", &["..1.5.0", "1.5.0..2.1.0"], Some((Every, &["..1.5.0", "1.5.0..2.1.0"], "2.1.0")));
        check("<5", &["4.0.0..5.1.0"], Some((Newest, &["4.0.0..5.1.0"], "5.1.0")));
        check("^1.0.0", &["..1.2.0", "1.5.0..2.0.1"], Some((Newest, &["1.5.0..2.0.1"], "2.0.1")));
        // Nothing without it is known, nor that there is nothing.
        check("^1.0.0", &["..=1.4.0"], Some((Unknown, &["..=1.4.0"], "")));
        check("^1.0.0", &[".."], Some((Every, &[".."], "")));
        check(">=1.0.0", &["..1.2.0"], Some((Older, &["..1.2.0"], "1.2.0")));
        check("1.0.0 - 1.1.0", &["1.1.0..1.2.0"], Some((Newest, &["1.1.0..1.2.0"], "1.2.0")));
    }
}
