//! Ranges of versions: what the events of an OSV range come down to.

use std::cmp::Ordering;

use crate::{Ecosystem, Version};

/// Versions from one to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Range<S> {
    /// The first version with the weakness; `None` for all from the beginning.
    pub introduced: Option<S>,
    /// Where it ends.
    pub end: End<S>,
}

/// The end of a range.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum End<S> {
    /// Every later version is in it, as far as is known.
    Open,
    /// The first version without the weakness.
    Fixed(S),
    /// The last version with it.
    LastAffected(S),
    /// The first version that nothing is said about.
    Limit(S),
}

impl<S> End<S> {
    /// The version that it names.
    pub fn version(&self) -> Option<&S> {
        match self {
            Self::Open => None,
            Self::Fixed(version) | Self::LastAffected(version) | Self::Limit(version) => Some(version),
        }
    }

    /// The same with what a function makes of the version.
    pub(crate) fn map<'a, T>(&'a self, to: impl FnOnce(&'a S) -> T) -> End<T> {
        match self {
            Self::Open => End::Open,
            Self::Fixed(version) => End::Fixed(to(version)),
            Self::LastAffected(version) => End::LastAffected(to(version)),
            Self::Limit(version) => End::Limit(to(version)),
        }
    }
}

impl Range<String> {
    /// The same, borrowed.
    pub fn as_ref(&self) -> Range<&str> {
        Range { introduced: self.introduced.as_deref(), end: self.end.map(String::as_str) }
    }
}

impl Range<&str> {
    /// The same with its own texts.
    pub(crate) fn to_owned(self) -> Range<String> {
        Range { introduced: self.introduced.map(str::to_owned), end: self.end.map(|text| (*text).to_owned()) }
    }

    /// True if the version is in it.
    pub(crate) fn contains(self, ecosystem: Ecosystem, version: &Version) -> bool {
        let read = |text: &str| Version::new(ecosystem, text);
        self.introduced.is_none_or(|first| read(first) <= *version)
            && match self.end {
                End::Open => true,
                End::Fixed(end) | End::Limit(end) => *version < read(end),
                End::LastAffected(last) => *version <= read(last),
            }
    }
}

/// The lowest version above this one that ends a range by fixing it and is in no other.
pub(crate) fn fixed_above<'a>(
    ecosystem: Ecosystem,
    ranges: &(impl Iterator<Item = Range<&'a str>> + Clone),
    version: &Version,
) -> Option<&'a str> {
    let fixed = ranges.clone().filter_map(|range| match range.end {
        End::Fixed(text) => Some((Version::new(ecosystem, text), text)),
        _ => None,
    });
    fixed
        .filter(|(fixed, _)| fixed > version && !ranges.clone().any(|range| range.contains(ecosystem, fixed)))
        .min_by(|left, right| left.0.cmp(&right.0))
        .map(|(_, text)| text)
}

/// Where a range begins and ends, to be compared.
struct Bounds {
    first: Option<Version>,
    end: End<Version>,
    range: Range<String>,
}

/// Sorts ranges and joins those that meet. What is in them stays the same; of several ends the furthest remains.
pub(crate) fn normalized(ecosystem: Ecosystem, ranges: Vec<Range<String>>) -> Vec<Range<String>> {
    let read = |text: &String| Version::new(ecosystem, text);
    let mut all: Vec<Bounds> = ranges
        .into_iter()
        .map(|range| Bounds { first: range.introduced.as_ref().map(read), end: range.end.map(read), range })
        .filter(|bounds| !bounds.is_empty())
        .collect();
    // The text decides last, so that the order of records does not matter.
    all.sort_by(|a, b| a.first.cmp(&b.first).then_with(|| a.range.cmp(&b.range)));
    let mut joined: Vec<Bounds> = Vec::new();
    for next in all {
        match joined.last_mut() {
            Some(last) if last.meets(&next) => {
                if reach(&last.end, &next.end).is_lt() {
                    last.end = next.end;
                    last.range.end = next.range.end;
                }
            }
            _ => joined.push(next),
        }
    }
    joined.into_iter().map(|bounds| bounds.range).collect()
}

impl Bounds {
    /// No version is in it.
    fn is_empty(&self) -> bool {
        self.first.as_ref().is_some_and(|first| match &self.end {
            End::Open => false,
            End::Fixed(end) | End::Limit(end) => first >= end,
            End::LastAffected(last) => first > last,
        })
    }

    /// Nothing is between the two, of which the other begins later.
    fn meets(&self, later: &Self) -> bool {
        match (self.end.version(), &later.first) {
            (Some(end), Some(first)) => first <= end,
            _ => true,
        }
    }
}

/// Which of two ends is further. Of those at one version, the last that is affected is furthest, and a fix says more
/// than a limit.
fn reach(left: &End<Version>, right: &End<Version>) -> Ordering {
    let rank = |end: &End<Version>| match end {
        End::Limit(_) => 0,
        End::Fixed(_) => 1,
        End::LastAffected(_) => 2,
        End::Open => 3,
    };
    match (left.version(), right.version()) {
        (Some(a), Some(b)) => a.cmp(b).then_with(|| rank(left).cmp(&rank(right))),
        _ => rank(left).cmp(&rank(right)),
    }
}
