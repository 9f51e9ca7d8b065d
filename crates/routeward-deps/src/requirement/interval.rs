//! Intervals of Maven, Gradle and NuGet (`[1.0,2.0)`), and versions that are left open at the end (`1.+`, `1.*`).

use crate::set::{Cut, VersionSet};
use crate::{Ecosystem, Version};

use super::comparator::bumped;
use super::from_to;

pub(super) fn read(ecosystem: Ecosystem, text: &str) -> Option<VersionSet> {
    if matches!(text, "LATEST" | "RELEASE") || text.starts_with("latest.") {
        return Some(VersionSet::all());
    }
    match text.find(['+', '*']) {
        Some(at) => open(ecosystem, &text[..at], &text[at + 1..]),
        None => intervals(ecosystem, text),
    }
}

/// `1.2.+`, `1.2.*`: all that begin with these numbers.
fn open(ecosystem: Ecosystem, before: &str, behind: &str) -> Option<VersionSet> {
    let numbers = before.strip_suffix('.').unwrap_or(before);
    // `*-*` and `1.*-*` let in what comes before releases, too.
    if !matches!(behind, "" | "-*") || (before.is_empty() != numbers.is_empty()) {
        return None;
    }
    if numbers.is_empty() {
        return Some(VersionSet::all());
    }
    let parsed: Vec<u64> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let end: Vec<String> = bumped(&parsed, parsed.len() - 1)?.iter().map(u64::to_string).collect();
    Some(from_to(ecosystem, numbers, &end.join(".")))
}

/// Intervals with commas between them: any of them.
fn intervals(ecosystem: Ecosystem, text: &str) -> Option<VersionSet> {
    let mut all = VersionSet::default();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let opening = rest.chars().next().filter(|mark| "[(]".contains(*mark))?;
        let inner = &rest[1..];
        let end = inner.find(['[', ']', ')'])?;
        let (is_closed, behind) = (inner[end..].starts_with(']'), &inner[end + 1..]);
        all = all.or(&interval(ecosystem, opening == '[', &inner[..end], is_closed)?);
        rest = behind.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    (!text.is_empty()).then_some(all)
}

fn interval(ecosystem: Ecosystem, has_first: bool, inner: &str, has_last: bool) -> Option<VersionSet> {
    let version = |text: &str| Version::new(ecosystem, text);
    let Some((first, last)) = inner.split_once(',') else {
        let is_one = has_first && has_last && !inner.trim().is_empty();
        return is_one.then(|| VersionSet::only(version(inner)));
    };
    let (first, last) = (first.trim(), last.trim());
    if last.contains(',') {
        return None;
    }
    let low = if first.is_empty() { Cut::Start } else { Cut::At(version(first), !has_first) };
    let high = if last.is_empty() { Cut::End } else { Cut::At(version(last), has_last) };
    Some(VersionSet::between(low, high))
}
