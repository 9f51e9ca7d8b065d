//! Which lockfile says what is installed for a manifest.

use routeward_base::{FxHashMap, FxHashSet};

use crate::repository::is_below;
use crate::{Ecosystem, FileKind, Listed, Origin};

/// What says which versions are installed.
pub(crate) struct Locks<'r> {
    /// Lockfiles, each with the names that it lists.
    read: Vec<(&'r Listed, FxHashSet<(Ecosystem, String)>)>,
    /// Where manifests pin a version: the folders, by name.
    pinned: FxHashMap<(Ecosystem, String), Vec<&'r str>>,
    /// Folders with a lockfile that is not read.
    others: Vec<(Ecosystem, &'r str)>,
}

/// Lockfiles that say nothing here, as they are no text or belong to tools of few.
const OTHERS: &[(Ecosystem, &str)] = &[
    (Ecosystem::Npm, "bun.lockb"),
    (Ecosystem::Npm, "deno.lock"),
    (Ecosystem::Npm, "shrinkwrap.yaml"),
    (Ecosystem::PyPi, "conda-lock.yml"),
    (Ecosystem::PyPi, "pixi.lock"),
    (Ecosystem::PyPi, "requirements.lock"),
];

impl<'r> Locks<'r> {
    /// Cost: linear in the files.
    pub(crate) fn new(files: &'r [Listed]) -> Self {
        let (mut read, mut others) = (Vec::new(), Vec::new());
        let mut pinned: FxHashMap<_, Vec<&str>> = FxHashMap::default();
        for listed in files {
            let dependencies = listed.listing.dependencies.iter();
            let key = |name: &str, ecosystem: Ecosystem| (ecosystem, ecosystem.fold(name));
            match listed.listing.kind {
                FileKind::Lock => {
                    read.push((listed, dependencies.map(|it| key(&it.name, it.ecosystem)).collect()));
                }
                FileKind::Manifest => {
                    for dependency in dependencies.filter(|dependency| dependency.version.is_some()) {
                        let folders = pinned.entry(key(&dependency.name, dependency.ecosystem)).or_default();
                        folders.push(listed.folder());
                    }
                }
                FileKind::Inventory | FileKind::Settings | FileKind::Platform => {}
            }
            let beside = OTHERS.iter().filter(|(_, name)| listed.beside.iter().any(|other| other == name));
            others.extend(beside.map(|(ecosystem, _)| (*ecosystem, listed.folder())));
        }
        Self { read, pinned, others }
    }

    /// The lockfile that says what is installed for a manifest: one in its folder, or one above that lists most of what
    /// the manifest asks for. Others that are above belong to something else.
    fn of(&self, manifest: &Listed) -> Option<&'r Listed> {
        let asked: Vec<(Ecosystem, String)> = manifest
            .listing
            .dependencies
            .iter()
            .filter(|dependency| dependency.origin == Origin::Registry)
            .map(|dependency| (dependency.ecosystem, dependency.ecosystem.fold(&dependency.name)))
            .collect();
        let ecosystem = manifest.ecosystem();
        let fits = |(lock, names): &&(&Listed, FxHashSet<(Ecosystem, String)>)| {
            lock.ecosystem() == ecosystem
                && is_below(manifest.folder(), lock.folder())
                && (manifest.folder() == lock.folder()
                    || asked.iter().filter(|name| names.contains(*name)).count() * 2 >= asked.len())
        };
        self.read.iter().find(fits).map(|(lock, _)| *lock)
    }

    /// A lockfile says what is installed for the manifest, or a file of its folder, or of one above, pins the package.
    pub(crate) fn fix(&self, manifest: &Listed, name: &str) -> bool {
        let Some(ecosystem) = manifest.ecosystem() else { return false };
        let folders = self.pinned.get(&(ecosystem, ecosystem.fold(name)));
        folders.into_iter().flatten().any(|folder| is_below(manifest.folder(), folder)) || self.has(manifest)
    }

    /// Some lockfile says what is installed for the manifest.
    pub(crate) fn has(&self, manifest: &Listed) -> bool {
        let mut others = self.others.iter().filter(|(ecosystem, _)| Some(*ecosystem) == manifest.ecosystem());
        others.any(|(_, folder)| is_below(manifest.folder(), folder)) || self.of(manifest).is_some()
    }
}
