//! One weakness has several names, and several databases tell of it: what is about the same one becomes one advisory.

use std::collections::{BTreeMap, BTreeSet};

use super::{Advisory, Symbols, id_rank, normalized};
use crate::Version;

/// Joins advisories about the same package that share a name, or share one with others that do. Of records with the
/// same first id the one that was changed last counts. The order of what is given does not matter.
pub(crate) fn merged(mut advisories: Vec<Advisory>) -> Vec<Advisory> {
    let key = |advisory: &Advisory| (advisory.ecosystem, advisory.package.clone());
    advisories
        .sort_by(|a, b| (a.ecosystem, &a.package).cmp(&(b.ecosystem, &b.package)).then_with(|| newest(a, b)));
    let mut joined = Vec::with_capacity(advisories.len());
    let mut rest = advisories.into_iter().peekable();
    while let Some(first) = rest.next() {
        let package = key(&first);
        let mut group = vec![first];
        while let Some(next) = rest.next_if(|next| (next.ecosystem, &next.package) == (package.0, &package.1))
        {
            if group.last().is_none_or(|last| last.id() != next.id()) {
                group.push(next);
            }
        }
        let (gone, live) = group.into_iter().partition(Advisory::is_withdrawn);
        let start = joined.len();
        joined.extend(groups(live).into_iter().map(join));
        let said: BTreeSet<&String> = joined[start..].iter().flat_map(|it: &Advisory| &it.ids).collect();
        let gone = withdrawn(gone, &said);
        joined.extend(gone);
    }
    joined
}

/// Makes one of all that were withdrawn, under those of their names that nothing else has.
fn withdrawn(gone: Vec<Advisory>, said: &BTreeSet<&String>) -> Option<Advisory> {
    let mut all = gone.into_iter().reduce(|mut all, other| {
        all.ids.extend(other.ids);
        all.modified = all.modified.max(other.modified);
        all
    })?;
    all.ids.retain(|id| !said.contains(id));
    Some(tidied(all)).filter(|all| !all.ids.is_empty())
}

/// Puts records of one id side by side, the newest first.
fn newest(a: &Advisory, b: &Advisory) -> std::cmp::Ordering {
    a.id().cmp(b.id()).then_with(|| b.modified.cmp(&a.modified)).then_with(|| a.cmp(b))
}

/// Divides the advisories of a package into those that are connected by names.
fn groups(advisories: Vec<Advisory>) -> Vec<Vec<Advisory>> {
    let mut parents: Vec<usize> = (0..advisories.len()).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, advisory) in advisories.iter().enumerate() {
        for id in &advisory.ids {
            let other = *first.entry(id).or_insert(at);
            let (a, b) = (root(&mut parents, other), root(&mut parents, at));
            parents[a.max(b)] = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Vec<Advisory>> = BTreeMap::new();
    for (at, advisory) in advisories.into_iter().enumerate() {
        groups.entry(root(&mut parents, at)).or_default().push(advisory);
    }
    groups.into_values().collect()
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

/// Makes one of several that are about one weakness: a version is affected if any of them says so.
fn join(mut group: Vec<Advisory>) -> Advisory {
    // Whose id is known best is first asked for words.
    group.sort_by(|a, b| (id_rank(a.id()), a.id()).cmp(&(id_rank(b.id()), b.id())));
    let mut group = group.into_iter();
    let Some(mut joined) = group.next() else { unreachable!("a group has a member") };
    for other in group {
        joined.ids.extend(other.ids);
        joined.kind = joined.kind.min(other.kind);
        joined.severity = joined.severity.max(other.severity);
        joined.cwe.extend(other.cwe);
        if joined.summary.is_empty() {
            joined.summary = other.summary;
        }
        joined.ranges.extend(other.ranges);
        joined.versions.extend(other.versions);
        joined.symbols.extend(other.symbols);
        joined.modified = joined.modified.max(other.modified);
    }
    tidied(joined)
}

/// Sorts what has no order of its own, and drops what is said twice.
fn tidied(mut advisory: Advisory) -> Advisory {
    let ecosystem = advisory.ecosystem;
    advisory.ids.sort_by(|a, b| (id_rank(a), a).cmp(&(id_rank(b), b)));
    advisory.ids.dedup();
    advisory.cwe.sort_unstable();
    advisory.cwe.dedup();
    advisory.ranges = normalized(ecosystem, advisory.ranges);
    let ranges = &advisory.ranges;
    let mut versions: Vec<(Version, String)> =
        advisory.versions.into_iter().map(|text| (Version::new(ecosystem, &text), text)).collect();
    // Most databases list all versions that are in the ranges, too.
    versions.retain(|(version, _)| !ranges.iter().any(|range| range.as_ref().contains(ecosystem, version)));
    versions.sort();
    versions.dedup_by(|a, b| a.0 == b.0);
    advisory.versions = versions.into_iter().map(|(_, text)| text).collect();
    advisory.symbols = united(advisory.symbols);
    advisory
}

fn united(symbols: Vec<Symbols>) -> Vec<Symbols> {
    let mut modules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for Symbols { module, names } in symbols {
        // All of a module, if one of them says so.
        match modules.get_mut(&module) {
            None => drop(modules.insert(module, names)),
            Some(known) if known.is_empty() || names.is_empty() => known.clear(),
            Some(known) => known.extend(names),
        }
    }
    let tidy = |(module, mut names): (String, Vec<String>)| {
        names.sort();
        names.dedup();
        Symbols { module, names }
    };
    modules.into_iter().map(tidy).collect()
}
