//! Constraints of Composer ("Versions and constraints").

use super::comparator::{Op, Style};
use super::npm::hyphen;
use super::{clauses, dotted, one_of};
use crate::Ecosystem;
use crate::set::VersionSet;

const STYLE: Style = Style {
    ecosystem: Ecosystem::Packagist,
    is_range_when_short: false,
    alone: Op::Exact,
    tilde: Op::Pessimistic,
    least_numbers: 3,
    lowest: |numbers| format!("{}-dev", dotted(numbers)),
};

pub(super) fn read(text: &str) -> Option<VersionSet> {
    // Branches are no versions, and what they are called here is said for others.
    let is_branch = text.contains("dev-") || text.contains("-dev") || text.contains(" as ");
    if is_branch {
        return None;
    }
    one_of(text.split("||").flat_map(|part| part.split('|')), |alternative| {
        let alternative = alternative.trim();
        if alternative.is_empty() {
            return None;
        }
        hyphen(&STYLE, alternative).or_else(|| STYLE.all_of(clauses(alternative).iter().map(|it| stable(it))))
    })
}

/// A constraint without the stability that it is content with.
fn stable(clause: &str) -> &str {
    let clause = clause.split(['@', '#']).next().unwrap_or(clause);
    if clause.is_empty() { "*" } else { clause }
}
