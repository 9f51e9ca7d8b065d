//! Specifiers of Python (PEP 440, "Version specifiers"), and what Poetry adds to them: carets, tildes, alternatives.

use std::str::FromStr;

use pep440_rs::Version as Read;

use super::comparator::{Op, Style, bumped};
use super::{clauses, dotted, from_to, one_of};
use crate::set::{Cut, VersionSet};
use crate::{Ecosystem, Version};

const STYLE: Style = Style {
    ecosystem: Ecosystem::PyPi,
    is_range_when_short: false,
    alone: Op::Exact,
    tilde: Op::Tilde,
    least_numbers: 1,
    lowest: |numbers| lowest(0, numbers),
};

/// More than any number that is written.
const LAST: u64 = u64::MAX;

pub(super) fn read(text: &str) -> Option<VersionSet> {
    let bare = text.trim().trim_start_matches('(').trim_end_matches(')');
    one_of(bare.split("||").flat_map(|part| part.split('|')), |alternative| {
        clauses(alternative)
            .iter()
            .try_fold(VersionSet::all(), |all, clause| Some(all.and(&self::clause(clause)?)))
    })
}

/// The first of all versions with these numbers.
fn lowest(epoch: u64, numbers: &[u64]) -> String {
    format!("{epoch}!{}.dev0", dotted(numbers))
}

fn clause(text: &str) -> Option<VersionSet> {
    let operators = ["===", "~=", "==", "!=", "<=", ">=", "<", ">"];
    let found = operators.iter().find_map(|mark| Some((*mark, text.strip_prefix(mark)?.trim())));
    match found {
        Some((mark @ ("==" | "!="), version)) if version.ends_with(".*") => {
            let all = beginning(version.strip_suffix(".*")?)?;
            Some(if mark == "==" { all } else { VersionSet::all().without(&all) })
        }
        Some((mark, version)) => compare(mark, version),
        None => match text.strip_suffix(".*") {
            Some(version) if !text.starts_with(['^', '~']) => beginning(version),
            _ if text.starts_with(['^', '~', '*']) => STYLE.clause(text),
            _ => compare("==", text),
        },
    }
}

/// `1.2.*`.
fn beginning(text: &str) -> Option<VersionSet> {
    let version = Read::from_str(text).ok()?;
    let numbers = version.release();
    up_to(&version, &lowest(version.epoch(), numbers), numbers.len().checked_sub(1)?)
}

/// From a version on, as long as the numbers up to one stay.
fn up_to(version: &Read, first: &str, at: usize) -> Option<VersionSet> {
    let end = lowest(version.epoch(), &bumped(version.release(), at)?);
    Some(from_to(Ecosystem::PyPi, first, &end))
}

fn compare(mark: &str, text: &str) -> Option<VersionSet> {
    let read = Read::from_str(text).ok();
    let version = |text: &str| Version::new(Ecosystem::PyPi, text);
    if mark == "===" {
        return Some(VersionSet::only(version(text)));
    }
    let read = read?;
    let first = Cut::before(version(text));
    // Builds of a version are that version, unless one of them is named.
    let last = if read.is_local() {
        Cut::after(version(text))
    } else {
        Cut::after(version(&format!("{text}+{LAST}")))
    };
    let is_release = !read.any_prerelease() && !read.is_post() && !read.is_local();
    let one = || VersionSet::between(first.clone(), last.clone());
    Some(match mark {
        "~=" => up_to(&read, text, read.release().len().checked_sub(2)?)?,
        "==" => one(),
        "!=" => VersionSet::all().without(&one()),
        "<=" => VersionSet::between(Cut::Start, last),
        ">=" => VersionSet::between(first, Cut::End),
        // What comes before a release is not older than it, nor is a correction of a release newer.
        "<" if is_release => {
            let lowest = version(&lowest(read.epoch(), read.release()));
            VersionSet::between(Cut::Start, Cut::before(lowest))
        }
        "<" => VersionSet::between(Cut::Start, first),
        _ if read.is_post() => VersionSet::between(last, Cut::End),
        _ => {
            let release = read.only_release().to_string();
            let corrections = [format!("{release}.post0.dev0"), format!("{release}.post{LAST}+{LAST}")];
            let [first, end] = corrections.map(|text| version(&text));
            let corrections = VersionSet::between(Cut::before(first), Cut::after(end));
            VersionSet::between(last, Cut::End).without(&corrections)
        }
    })
}
