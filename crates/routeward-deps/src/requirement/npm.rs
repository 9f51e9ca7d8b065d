//! Ranges of npm (`node-semver`, "Ranges").

use super::comparator::{Op, Style};
use super::{clauses, lowest_semver, one_of};
use crate::Ecosystem;
use crate::set::VersionSet;

const STYLE: Style = Style {
    ecosystem: Ecosystem::Npm,
    is_range_when_short: true,
    alone: Op::Exact,
    tilde: Op::Tilde,
    least_numbers: 1,
    lowest: lowest_semver,
};

pub(super) fn read(text: &str) -> Option<VersionSet> {
    one_of(text.split("||"), |alternative| hyphen(&STYLE, alternative).or_else(|| all_of(alternative)))
}

fn all_of(text: &str) -> Option<VersionSet> {
    if text.contains(',') {
        return None;
    }
    STYLE.all_of(clauses(text).iter())
}

/// `1.2 - 2.3`: what is short at the end stands for all that begin so.
pub(super) fn hyphen(style: &Style, text: &str) -> Option<VersionSet> {
    let (first, last) = text.trim().split_once(" - ")?;
    let style = Style { is_range_when_short: true, ..*style };
    Some(style.compare(Op::AtLeast, first.trim())?.and(&style.compare(Op::AtMost, last.trim())?))
}
