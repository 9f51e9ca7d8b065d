//! Which lockfile says what is installed for a manifest.

use routeward_base::{FxHashMap, FxHashSet};

use crate::repository::is_below;
use crate::{Ecosystem, FileKind, Listed, Origin};

/// What says which versions are installed.
pub(crate) struct Locks {
    read: Vec<Lock>,
    /// Where manifests pin a version: the folders, by name.
    pinned: FxHashMap<(Ecosystem, String), Vec<String>>,
    /// Folders with a lockfile that is not read.
    others: Vec<(Ecosystem, String)>,
}

struct Lock {
    ecosystem: Option<Ecosystem>,
    folder: String,
    /// What it lists.
    names: FxHashSet<(Ecosystem, String)>,
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

impl Locks {
    /// Cost: linear in the files.
    pub(crate) fn new(files: &[Listed]) -> Self {
        let (mut read, mut others) = (Vec::new(), Vec::new());
        let mut pinned: FxHashMap<_, Vec<String>> = FxHashMap::default();
        for listed in files {
            let dependencies = listed.listing.dependencies.iter();
            let key = |name: &str, ecosystem: Ecosystem| (ecosystem, ecosystem.fold(name));
            match listed.listing.kind {
                FileKind::Lock => {
                    let names = dependencies.map(|it| key(&it.name, it.ecosystem)).collect();
                    let (ecosystem, folder) = (listed.ecosystem(), listed.folder().to_owned());
                    read.push(Lock { ecosystem, folder, names });
                }
                FileKind::Manifest => {
                    for dependency in dependencies.filter(|dependency| dependency.version.is_some()) {
                        let folders = pinned.entry(key(&dependency.name, dependency.ecosystem)).or_default();
                        folders.push(listed.folder().to_owned());
                    }
                }
                FileKind::Inventory | FileKind::Settings | FileKind::Platform => {}
            }
            let beside = OTHERS.iter().filter(|(_, name)| listed.beside.iter().any(|other| other == name));
            others.extend(beside.map(|(ecosystem, _)| (*ecosystem, listed.folder().to_owned())));
        }
        Self { read, pinned, others }
    }

    /// A lockfile that is read says what is installed for a manifest: one in its folder, or one above that lists most of
    /// what the manifest asks for. Others that are above belong to something else.
    fn is_read(&self, manifest: &Listed) -> bool {
        let asked: Vec<(Ecosystem, String)> = manifest
            .listing
            .dependencies
            .iter()
            .filter(|dependency| dependency.origin == Origin::Registry)
            .map(|dependency| (dependency.ecosystem, dependency.ecosystem.fold(&dependency.name)))
            .collect();
        let ecosystem = manifest.ecosystem();
        self.read.iter().any(|lock| {
            lock.ecosystem == ecosystem
                && is_below(manifest.folder(), &lock.folder)
                && (manifest.folder() == lock.folder
                    || asked.iter().filter(|name| lock.names.contains(*name)).count() * 2 >= asked.len())
        })
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
        others.any(|(_, folder)| is_below(manifest.folder(), folder)) || self.is_read(manifest)
    }
}
