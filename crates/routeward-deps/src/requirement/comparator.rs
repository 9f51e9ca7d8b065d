//! One operator and a version: `^1.2`, `>= 1.0.0`, `1.2.x`.

use crate::requirement::from_to;
use crate::set::{Cut, VersionSet};
use crate::{Ecosystem, Version};

/// What stands in front of a version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Op {
    Exact,
    Not,
    Above,
    AtLeast,
    Below,
    AtMost,
    /// The first number that is not zero stays.
    Caret,
    /// The second number stays: `~1.2.3` ends before `1.3`, `~1` before `2`.
    Tilde,
    /// The number before the last stays: `~> 1.2` ends before `2`.
    Pessimistic,
}

/// How operators are spelled; of those that begin alike the longest comes first.
const OPERATORS: &[(&str, Op)] = &[
    ("==", Op::Exact),
    ("=", Op::Exact),
    ("!=", Op::Not),
    ("<>", Op::Not),
    (">=", Op::AtLeast),
    (">", Op::Above),
    ("<=", Op::AtMost),
    ("<", Op::Below),
    ("^", Op::Caret),
    ("~>", Op::Tilde),
    ("~", Op::Tilde),
];

/// What ecosystems mean differently.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) ecosystem: Ecosystem,
    /// A version with fewer numbers than three stands for all that begin so, not for the one with zeros.
    pub(super) is_range_when_short: bool,
    /// What a version alone means.
    pub(super) alone: Op,
    /// What a tilde means.
    pub(super) tilde: Op,
    /// How many numbers versions have at least: others follow as zeros.
    pub(super) least_numbers: usize,
    /// The first of all versions with these numbers.
    pub(super) lowest: fn(&[u64]) -> String,
}

impl Style {
    /// What all clauses let in; none where one is not understood.
    pub(super) fn all_of<S: AsRef<str>>(&self, mut clauses: impl Iterator<Item = S>) -> Option<VersionSet> {
        clauses.try_fold(VersionSet::all(), |all, clause| Some(all.and(&self.clause(clause.as_ref())?)))
    }

    /// An operator with a version.
    pub(super) fn clause(&self, text: &str) -> Option<VersionSet> {
        let (op, version) = OPERATORS
            .iter()
            .find_map(|(mark, op)| Some((*op, text.strip_prefix(mark)?)))
            .unwrap_or((self.alone, text));
        let op = if op == Op::Tilde { self.tilde } else { op };
        self.compare(op, version.trim())
    }

    /// The versions that stand in that relation to a version.
    pub(super) fn compare(&self, op: Op, text: &str) -> Option<VersionSet> {
        let partial = Partial::read(text)?;
        let numbers = &partial.numbers;
        if numbers.is_empty() {
            // `*`, whatever stands before it; nothing is below all versions.
            let is_none = matches!(op, Op::Above | Op::Below | Op::Not);
            return Some(if is_none { VersionSet::default() } else { VersionSet::all() });
        }
        let is_short = self.is_range_when_short && numbers.len() < 3 && !partial.is_full;
        let version = |text: &str| Version::new(self.ecosystem, text);
        let first = partial.first(self.least_numbers);
        let up_to =
            |index: usize| Some(from_to(self.ecosystem, &first, &(self.lowest)(&bumped(numbers, index)?)));
        if partial.is_wild || is_short {
            let last = numbers.len() - 1;
            let (low, high) = ((self.lowest)(numbers), (self.lowest)(&bumped(numbers, last)?));
            let low =
                if partial.is_wild && !self.is_range_when_short { version(&low) } else { version(&first) };
            let (low, high) = (Cut::before(low), Cut::before(version(&high)));
            match op {
                Op::Exact => return Some(VersionSet::between(low, high)),
                Op::Not => return Some(VersionSet::all().without(&VersionSet::between(low, high))),
                Op::Above => return Some(VersionSet::between(high, Cut::End)),
                Op::AtMost => return Some(VersionSet::between(Cut::Start, high)),
                Op::AtLeast | Op::Below | Op::Caret | Op::Tilde | Op::Pessimistic => {}
            }
        }
        let cut = Cut::before(version(&first));
        Some(match op {
            Op::Exact => VersionSet::only(version(&first)),
            Op::Not => VersionSet::all().without(&VersionSet::only(version(&first))),
            Op::Above => VersionSet::between(Cut::after(version(&first)), Cut::End),
            Op::AtLeast => VersionSet::between(cut, Cut::End),
            Op::Below if partial.is_full => VersionSet::between(Cut::Start, cut),
            // What comes before a release is not meant by those who want something older.
            Op::Below => VersionSet::between(Cut::Start, Cut::before(version(&(self.lowest)(numbers)))),
            Op::AtMost => VersionSet::between(Cut::Start, Cut::after(version(&first))),
            Op::Caret => up_to(numbers.iter().position(|number| *number != 0).unwrap_or(numbers.len() - 1))?,
            Op::Tilde => up_to((numbers.len() - 1).min(1))?,
            Op::Pessimistic => up_to(numbers.len().saturating_sub(2))?,
        })
    }
}

/// A version of which some numbers may be left open.
struct Partial<'t> {
    text: &'t str,
    /// Those in front of what is left open.
    numbers: Vec<u64>,
    /// What is left open is marked.
    is_wild: bool,
    /// Something follows the numbers.
    is_full: bool,
}

impl<'t> Partial<'t> {
    /// None for what begins with no number.
    fn read(text: &'t str) -> Option<Self> {
        let text = text.strip_prefix(['v', 'V', '=']).unwrap_or(text).trim();
        let is_wildcard = |part: &str| matches!(part, "*" | "x" | "X");
        let end = text.find(|c: char| !(c.is_ascii_digit() || ".*xX".contains(c))).unwrap_or(text.len());
        let (core, rest) = text.split_at(end);
        let mut numbers = Vec::new();
        let mut is_wild = false;
        for part in core.split('.') {
            if is_wildcard(part) {
                is_wild = true;
            } else if is_wild {
                return None;
            } else {
                numbers.push(part.parse().ok()?);
            }
        }
        let is_epoch = rest.starts_with('!');
        let is_read = !is_epoch && (!is_wild || rest.is_empty());
        is_read.then_some(Self { text, numbers, is_wild, is_full: !rest.is_empty() })
    }

    /// The version itself, or the release with which it begins, with so many numbers at least.
    fn first(&self, least: usize) -> String {
        if self.is_full {
            return self.text.to_owned();
        }
        let mut numbers: Vec<String> = self.numbers.iter().map(u64::to_string).collect();
        numbers.resize(numbers.len().max(least), "0".to_owned());
        numbers.join(".")
    }
}

/// The numbers up to one, which is one more; none where it has no successor.
pub(super) fn bumped(numbers: &[u64], at: usize) -> Option<Vec<u64>> {
    let mut bumped = numbers.get(..=at)?.to_vec();
    let last = bumped.last_mut()?;
    *last = last.checked_add(1)?;
    Some(bumped)
}
