//! What a repository is made of: each package once, whatever files list it, with what asks for what.

use std::collections::{BTreeMap, BTreeSet};

use routeward_base::{FileId, FxHashMap};

use crate::repository::Use;
use crate::{Dependencies, Dependency, DependencyId, Ecosystem, Origin, Scope, Version};

/// A package that a repository depends on.
#[derive(Clone, Debug)]
pub struct Part<'r> {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The name as it is written first.
    pub name: &'r str,
    /// The version as it is written first; none where only a choice of versions is known.
    pub version: Option<&'r str>,
    /// Where it is taken from.
    pub origin: &'r Origin,
    /// When it is needed: the most needed of all that list it.
    pub scope: Scope,
    /// What its archive is recognised by, as lockfiles write it; see [`Dependency::integrity`].
    pub integrity: BTreeSet<&'r str>,
    /// The files that list it, in order of path.
    pub files: BTreeSet<&'r str>,
    /// The repository itself asks for it, or it is not known who does.
    pub is_direct: bool,
    /// What it asks for, by its place among the parts.
    pub asks: BTreeSet<usize>,
}

/// What makes two mentions of a package the same. A commit is a version of its own.
type Key<'r> = (Ecosystem, String, Option<Version>, Option<&'r Origin>);

fn key(dependency: &Dependency) -> Key<'_> {
    let ecosystem = dependency.ecosystem;
    let version = dependency.version.as_deref().map(|version| Version::new(ecosystem, version));
    let commit = Some(&dependency.origin).filter(|origin| matches!(origin, Origin::Git { .. }));
    (ecosystem, ecosystem.fold(&dependency.name), version, commit)
}

impl Dependencies {
    /// All packages but the repository's own, in order of ecosystem, name and version.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut mentions: BTreeMap<Key<'_>, Vec<Use<'_>>> = BTreeMap::new();
        for mention in self.uses().filter(|it| it.dependency().origin != Origin::Path) {
            mentions.entry(key(mention.dependency())).or_default().push(mention);
        }
        let index: BTreeMap<&Key<'_>, usize> = mentions.keys().zip(0..).collect();
        let places =
            || (0..).zip(mentions.values()).flat_map(|(at, uses)| uses.iter().map(move |it| (at, it)));
        let known: FxHashMap<(FileId, DependencyId), usize> =
            places().map(|(at, it)| ((it.listed.file, it.id), at)).collect();
        let mut parts: Vec<Part<'_>> = mentions.values().filter_map(|uses| part(uses)).collect();
        for (child, mention) in places() {
            let all = &mention.listed.listing.dependencies;
            for id in &mention.dependency().parents {
                let Some(parent) = all.get(*id as usize) else { continue };
                if parent.origin == Origin::Path {
                    parts[child].is_direct = true;
                    continue;
                }
                // What does not count here may be listed elsewhere.
                let asking = known.get(&(mention.listed.file, *id)).or_else(|| index.get(&key(parent)));
                if let Some(asking) = asking.filter(|asking| **asking != child) {
                    parts[*asking].asks.insert(child);
                }
            }
        }
        let asked: BTreeSet<usize> = parts.iter().flat_map(|part| part.asks.iter().copied()).collect();
        for (at, part) in parts.iter_mut().enumerate() {
            part.is_direct |= !asked.contains(&at);
        }
        parts
    }
}

fn part<'r>(uses: &[Use<'r>]) -> Option<Part<'r>> {
    let first = uses.first()?.dependency();
    let all = || uses.iter().map(|it| it.dependency());
    Some(Part {
        ecosystem: first.ecosystem,
        name: &first.name,
        version: first.version.as_deref(),
        origin: &first.origin,
        scope: all().map(|it| it.scope).min().unwrap_or(Scope::Runtime),
        integrity: all().map(|it| it.integrity.as_str()).filter(|text| !text.is_empty()).collect(),
        files: uses.iter().map(|it| it.listed.path.as_str()).collect(),
        is_direct: all().any(|it| it.is_direct == Some(true)),
        asks: BTreeSet::new(),
    })
}
