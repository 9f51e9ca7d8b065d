//! What a repository depends on as a whole: the packages of all its files, with what is known against them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, OnceLock};

use routeward_base::{FileId, FxHashSet};
use routeward_diag::Place;

use crate::advisory::{first_free, fixes};
use crate::files::ecosystem_of;
use crate::files::join::share;
use crate::locks::Locks;
use crate::{
    About, Advisories, Advisory, Dependency, DependencyId, Ecosystem, FileKind, Listing, Origin, Scope,
    Version,
};

/// Words of folders that hold no program of the repository, but something to try it, to look at, or to begin with.
const ASIDE: &[&str] = &[
    "bench",
    "benchmark",
    "benchmarks",
    "boilerplate",
    "demo",
    "demos",
    "devcontainer",
    "doc",
    "docs",
    "e2e",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "playground",
    "sample",
    "samples",
    "sandbox",
    "scaffold",
    "spec",
    "starter",
    "template",
    "templates",
    "test",
    "testdata",
    "testing",
    "tests",
    "tutorial",
    "tutorials",
];

/// A file that lists dependencies.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The file.
    pub file: FileId,
    /// Its path.
    pub path: String,
    /// What it says.
    pub listing: Listing,
    /// The names of what lies in its folder, also where ignore files leave it out. Only asked for of manifests.
    pub beside: Vec<String>,
}

impl Listed {
    /// Whose packages it lists; none for lists of any.
    pub fn ecosystem(&self) -> Option<Ecosystem> {
        ecosystem_of(&self.path)
    }

    /// The other one lies in its folder, or below.
    pub fn holds(&self, other: &Self) -> bool {
        self.ecosystem() == other.ecosystem() && is_below(other.folder(), self.folder())
    }

    /// It lies among examples, tests or templates.
    pub fn is_aside(&self) -> bool {
        let is_word = |word: &str| ASIDE.contains(&word.to_ascii_lowercase().as_str());
        self.folder().split(['/', '-', '_', '.']).any(is_word)
    }

    /// The folder that it is in.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// A place where a package is listed.
#[derive(Clone, Copy, Debug)]
pub struct Use<'r> {
    /// The file.
    pub listed: &'r Listed,
    /// The package in it.
    pub id: DependencyId,
}

impl<'r> Use<'r> {
    /// What is listed.
    pub fn dependency(self) -> &'r Dependency {
        &self.listed.listing.dependencies[self.id as usize]
    }

    /// Where the version stands, or the name where there is none.
    pub fn place(self) -> Place {
        let dependency = self.dependency();
        let span = if dependency.version_place.len > 0 { dependency.version_place } else { dependency.place };
        Place { file: self.listed.file, span }
    }

    /// The shortest way from a package that the repository asks for itself to this one, both included. Cost: linear in
    /// the listing.
    pub fn way(self) -> Vec<&'r Dependency> {
        let all = &self.listed.listing.dependencies;
        let mut work = VecDeque::from([self.id]);
        let mut seen: FxHashSet<DependencyId> = work.iter().copied().collect();
        let mut below: BTreeMap<DependencyId, DependencyId> = BTreeMap::new();
        while let Some(id) = work.pop_front() {
            let Some(dependency) = all.get(id as usize) else { continue };
            if dependency.is_direct == Some(true) || dependency.origin == Origin::Path {
                let mut way = vec![dependency];
                let mut at = id;
                while let Some(next) = below.get(&at) {
                    way.extend(all.get(*next as usize));
                    at = *next;
                }
                return way;
            }
            for parent in &dependency.parents {
                if seen.insert(*parent) {
                    below.insert(*parent, id);
                    work.push_back(*parent);
                }
            }
        }
        vec![self.dependency()]
    }
}

/// A package in one version, wherever it is listed.
#[derive(Clone, Debug)]
pub struct Package<'r> {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The name as it is written first.
    pub name: &'r str,
    /// The version as it is written first.
    pub version: &'r str,
    /// Where it is listed, in order of file and place; never empty.
    pub uses: Vec<Use<'r>>,
    /// What is known against that version, the worst first.
    pub advisories: Vec<Advisory>,
    /// What is known against any version.
    known: Vec<Advisory>,
}

impl Package<'_> {
    /// What is known of that version of such a thing, the worst first.
    pub fn known(&self, about: About) -> impl Iterator<Item = &Advisory> {
        self.advisories.iter().filter(move |advisory| About::of(advisory.kind) == Some(about))
    }

    /// When it is needed: the most needed of all uses.
    pub fn scope(&self) -> Scope {
        most_needed(&self.uses)
    }

    /// The lowest later version against which nothing is known; none where something has no remedy yet.
    pub fn fixed(&self) -> Option<&str> {
        first_free(self.ecosystem, &self.known, &Version::new(self.ecosystem, self.version))
    }

    /// The versions that are known to have mended a weakness of any other, the oldest first.
    pub fn fixes(&self) -> Vec<&str> {
        let mut all: Vec<&str> = fixes(&self.known).collect();
        all.sort_by_cached_key(|text| Version::new(self.ecosystem, text));
        all
    }
}

pub(crate) fn most_needed(uses: &[Use<'_>]) -> Scope {
    uses.iter().map(|it| it.dependency().scope).min().unwrap_or(Scope::Runtime)
}

/// The files of a repository that list dependencies, and what is known about packages.
pub struct Dependencies {
    files: Vec<Listed>,
    advisories: Arc<Advisories>,
    locks: OnceLock<Locks>,
}

impl Dependencies {
    /// Takes files. What manifests say of a lockfile is joined with it.
    pub fn new(files: Vec<Listed>, advisories: Arc<Advisories>) -> Self {
        let (mut locks, mut files): (Vec<Listed>, Vec<Listed>) =
            files.into_iter().partition(|listed| listed.listing.kind == FileKind::Lock);
        share(&mut files);
        let folders: Vec<_> = locks.iter().map(|lock| (lock.ecosystem(), lock.folder().to_owned())).collect();
        for (lock, (ecosystem, folder)) in locks.iter_mut().zip(&folders) {
            let is_nearer = |manifest: &Listed| {
                let nearer = |(of, other): &(_, String)| of == ecosystem && other.len() > folder.len();
                folders.iter().filter(|it| nearer(it)).any(|(_, other)| is_below(manifest.folder(), other))
            };
            let manifests = files.iter().filter(|listed| {
                listed.listing.kind == FileKind::Manifest
                    && listed.ecosystem() == *ecosystem
                    && is_below(listed.folder(), folder)
                    && !is_nearer(listed)
            });
            let manifests: Vec<&Listing> = manifests.map(|listed| &listed.listing).collect();
            lock.listing.join(&manifests);
        }
        files.append(&mut locks);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files, advisories, locks: OnceLock::new() }
    }

    /// The files, in order of path.
    pub fn files(&self) -> &[Listed] {
        &self.files
    }

    pub(crate) fn advisories(&self) -> &Advisories {
        &self.advisories
    }

    /// What says which versions are installed, found out when it is asked for first.
    pub(crate) fn locks(&self) -> &Locks {
        self.locks.get_or_init(|| Locks::new(&self.files))
    }

    /// The packages whose version is said, in order of ecosystem, name and version. What a manifest pins counts where no
    /// lockfile of its folder or one above says what is installed.
    pub fn packages(&self) -> Vec<Package<'_>> {
        let mut all: BTreeMap<(Ecosystem, String, Version), Package<'_>> = BTreeMap::new();
        for mention in self.uses() {
            let dependency = mention.dependency();
            let Some(version) = &dependency.version else { continue };
            if !matches!(dependency.origin, Origin::Registry | Origin::Url(_)) {
                continue;
            }
            let ecosystem = dependency.ecosystem;
            let key = (ecosystem, ecosystem.fold(&dependency.name), Version::new(ecosystem, version));
            let package = all.entry(key).or_insert_with(|| Package {
                ecosystem,
                name: &dependency.name,
                version,
                uses: Vec::new(),
                advisories: Vec::new(),
                known: Vec::new(),
            });
            package.uses.push(mention);
        }
        let mut packages: Vec<Package<'_>> = Vec::new();
        for ((ecosystem, folded, version), mut package) in all {
            let known = self.advisories.of(ecosystem, &folded);
            package.advisories = known.iter().filter(|it| it.affects(&version)).cloned().collect();
            package.known = known;
            packages.push(package);
        }
        packages
    }

    /// All that is listed, in order of file and place, but for what lockfiles of the same folder or one above say better:
    /// what manifests ask for, and the packages of the same name in inventories, which tell of what was made before.
    pub(crate) fn uses(&self) -> impl Iterator<Item = Use<'_>> {
        let mut names: BTreeMap<(Ecosystem, String), BTreeSet<&str>> = BTreeMap::new();
        let mut folders: BTreeMap<Ecosystem, BTreeSet<&str>> = BTreeMap::new();
        let has_inventory = self.files.iter().any(|listed| listed.listing.kind == FileKind::Inventory);
        for lock in self.files.iter().filter(|listed| listed.listing.kind == FileKind::Lock) {
            for dependency in &lock.listing.dependencies {
                folders.entry(dependency.ecosystem).or_default().insert(lock.folder());
                if has_inventory {
                    let name = dependency.ecosystem.fold(&dependency.name);
                    names.entry((dependency.ecosystem, name)).or_default().insert(lock.folder());
                }
            }
        }
        let covers = |folders: Option<&BTreeSet<&str>>, listed: &Listed| {
            folders.into_iter().flatten().any(|folder| is_below(listed.folder(), folder))
        };
        let is_locked = move |listed: &Listed, dependency: &Dependency| match listed.listing.kind {
            FileKind::Lock | FileKind::Settings | FileKind::Platform => false,
            FileKind::Manifest => covers(folders.get(&dependency.ecosystem), listed),
            FileKind::Inventory => {
                let name = dependency.ecosystem.fold(&dependency.name);
                covers(names.get(&(dependency.ecosystem, name)), listed)
            }
        };
        self.files.iter().flat_map(move |listed| {
            let all = (0..).zip(&listed.listing.dependencies);
            let kept = all.filter(|(_, dependency)| !is_locked(listed, dependency));
            kept.map(|(id, _)| Use { listed, id }).collect::<Vec<_>>()
        })
    }
}

/// True for the folder itself, too.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
