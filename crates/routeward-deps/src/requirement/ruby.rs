//! Requirements of RubyGems (`Gem::Requirement`).

use super::clauses;
use super::comparator::{Op, Style};
use crate::Ecosystem;
use crate::set::VersionSet;

const STYLE: Style = Style {
    ecosystem: Ecosystem::RubyGems,
    is_range_when_short: false,
    alone: Op::Exact,
    tilde: Op::Pessimistic,
    least_numbers: 1,
    lowest,
};

/// A version with a word comes before the release, and upper case comes first.
fn lowest(numbers: &[u64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    format!("{}.A", numbers.join("."))
}

pub(super) fn read(text: &str) -> Option<VersionSet> {
    if text.is_empty() {
        return None;
    }
    STYLE.all_of(clauses(text).iter())
}
