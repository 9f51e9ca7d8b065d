//! Sets of versions: which are let in, which have a weakness. A set is a list of cuts between versions.

use std::cmp::Ordering;

use crate::Version;
use crate::advisory::{End, Range};

/// A point between versions: everything is on one side of it or on the other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Cut {
    /// In front of all versions.
    Start,
    /// Beside a version: behind it if that is said, else in front of it.
    At(Version, bool),
    /// Behind all versions.
    End,
}

impl Cut {
    pub(crate) fn before(version: Version) -> Self {
        Self::At(version, false)
    }

    pub(crate) fn after(version: Version) -> Self {
        Self::At(version, true)
    }
}

/// Versions of one ecosystem, as disjoint pieces.
///
/// The cuts ascend strictly: at the first a piece begins, at the second it ends, and so on. So every set is written in
/// one way only. Nothing is known of which versions were published: between two different cuts there may be one.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct VersionSet(Vec<Cut>);

impl VersionSet {
    /// Every version.
    pub(crate) fn all() -> Self {
        Self::between(Cut::Start, Cut::End)
    }

    /// What lies between two cuts; nothing where they are in the wrong order.
    pub(crate) fn between(first: Cut, last: Cut) -> Self {
        Self(if first < last { vec![first, last] } else { Vec::new() })
    }

    /// One version.
    pub(crate) fn only(version: Version) -> Self {
        Self::between(Cut::before(version.clone()), Cut::after(version))
    }

    /// The versions of a range of an advisory.
    pub(crate) fn of_range(range: &Range<Version>) -> Self {
        let first = range.introduced.clone().map_or(Cut::Start, Cut::before);
        let last = match &range.end {
            End::Open => Cut::End,
            End::Fixed(end) | End::Limit(end) => Cut::before(end.clone()),
            End::LastAffected(last) => Cut::after(last.clone()),
        };
        Self::between(first, last)
    }

    /// True if the version is in it.
    pub fn contains(&self, version: &Version) -> bool {
        let at = Cut::before(version.clone());
        self.0.partition_point(|cut| *cut <= at) % 2 == 1
    }

    /// No version is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every version is in it.
    pub fn is_all(&self) -> bool {
        *self == Self::all()
    }

    /// Everything that is in the other, too.
    pub fn is_within(&self, other: &Self) -> bool {
        self.without(other).is_empty()
    }

    /// What is in one of them.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.combined(other, |left, right| left || right)
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.combined(other, |left, right| left && right)
    }

    /// What is in this one only.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.combined(other, |left, right| left && !right)
    }

    /// Where it begins; none for the empty set.
    pub(crate) fn first(&self) -> Option<&Cut> {
        self.0.first()
    }

    /// Where it ends; none for the empty set.
    pub(crate) fn last(&self) -> Option<&Cut> {
        self.0.last()
    }

    /// What of it lies behind a cut.
    pub(crate) fn behind(&self, cut: &Cut) -> Self {
        self.and(&Self::between(cut.clone(), Cut::End))
    }

    /// One sweep over the cuts of both. `is_in` must not hold of what is in neither.
    fn combined(&self, other: &Self, is_in: impl Fn(bool, bool) -> bool) -> Self {
        let (mut left, mut right) = (self.0.as_slice(), other.0.as_slice());
        let (mut in_left, mut in_right) = (false, false);
        let mut cuts: Vec<Cut> = Vec::new();
        loop {
            let order = match (left.first(), right.first()) {
                (None, None) => return Self(cuts),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) => one.cmp(other),
            };
            let cut = if order.is_le() { &left[0] } else { &right[0] };
            if order.is_le() {
                (in_left, left) = (!in_left, &left[1..]);
            }
            if order.is_ge() {
                (in_right, right) = (!in_right, &right[1..]);
            }
            // A cut counts where it makes a difference: pieces that meet become one.
            if is_in(in_left, in_right) == cuts.len().is_multiple_of(2) {
                cuts.push(cut.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ecosystem;

    /// Numbers that look random and are the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % limit
        }
    }

    fn versions() -> Vec<Version> {
        let numbers = (0..3).flat_map(|major| (0..3).map(move |minor| format!("{major}.{minor}.0")));
        let texts = numbers.flat_map(|text| [format!("{text}-0"), format!("{text}-rc.1"), text]);
        texts.map(|text| Version::new(Ecosystem::Npm, &text)).collect()
    }

    fn some_set(dice: &mut Dice, versions: &[Version]) -> VersionSet {
        let cut = |dice: &mut Dice| match dice.below(versions.len() + 2) {
            0 => Cut::Start,
            1 => Cut::End,
            at => Cut::At(versions[at - 2].clone(), dice.below(2) == 1),
        };
        let pieces = (0..dice.below(4)).map(|_| VersionSet::between(cut(dice), cut(dice)));
        pieces.fold(VersionSet::default(), |all, piece| all.or(&piece))
    }

    #[test]
    fn the_algebra_is_that_of_its_members() {
        let versions = versions();
        let mut dice = Dice(1);
        for _ in 0..2000 {
            let (a, b) = (some_set(&mut dice, &versions), some_set(&mut dice, &versions));
            let (or, and, without) = (a.or(&b), a.and(&b), a.without(&b));
            for version in &versions {
                let (in_a, in_b) = (a.contains(version), b.contains(version));
                assert_eq!(or.contains(version), in_a || in_b, "{version:?} in {a:?} or {b:?}");
                assert_eq!(and.contains(version), in_a && in_b, "{version:?} in {a:?} and {b:?}");
                assert_eq!(without.contains(version), in_a && !in_b, "{version:?} in {a:?} without {b:?}");
                assert!(!a.is_within(&b) || !in_a || in_b, "{version:?}: {a:?} within {b:?}");
            }
            for set in [&or, &and, &without] {
                assert!(set.0.is_sorted_by(|one, next| one < next) && set.0.len() % 2 == 0, "{set:?}");
            }
            assert_eq!(and.or(&without), a);
            assert_eq!(or, b.or(&a));
        }
    }
}
