//! Requirements of Hex (`Version` of Elixir).

use super::comparator::{Op, Style};
use super::{clauses, lowest_semver, one_of};
use crate::Ecosystem;
use crate::set::VersionSet;

const STYLE: Style = Style {
    ecosystem: Ecosystem::Hex,
    is_range_when_short: false,
    alone: Op::Exact,
    tilde: Op::Pessimistic,
    least_numbers: 3,
    lowest: lowest_semver,
};

/// `~> 1.2 and != 1.3.0 or == 2.0.0`: `and` binds more.
pub(super) fn read(text: &str) -> Option<VersionSet> {
    if text.is_empty() {
        return None;
    }
    one_of(text.split(" or "), |all| {
        let clauses = all.split(" and ").flat_map(clauses);
        STYLE.all_of(clauses)
    })
}
