//! Requirements of RubyGems (`Gem::Requirement`).

use super::comparator::{Op, Style};
use super::{clauses, dotted};
use crate::Ecosystem;
use crate::set::VersionSet;

const STYLE: Style = Style {
    ecosystem: Ecosystem::RubyGems,
    is_range_when_short: false,
    alone: Op::Exact,
    tilde: Op::Pessimistic,
    least_numbers: 1,
    // A version with a word comes before the release, and upper case comes first.
    lowest: |numbers| format!("{}.A", dotted(numbers)),
};

pub(super) fn read(text: &str) -> Option<VersionSet> {
    if text.is_empty() {
        return None;
    }
    STYLE.all_of(clauses(text).iter())
}
