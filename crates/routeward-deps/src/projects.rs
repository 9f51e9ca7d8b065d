//! The manifests of what is run or published: what of them is held to versions.

use routeward_base::FxHashSet;

use crate::files::kind_of;
use crate::{
    Dependencies, Dependency, DependencyId, Ecosystem, FileKind, Listed, Origin, Purpose, Scope, Use,
    VersionSet, admitted,
};

/// Names of files that say how something is run elsewhere.
const DEPLOYED: &[&str] = &[
    "dockerfile",
    "procfile",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "app.yaml",
];

/// A manifest of a project.
#[derive(Clone, Copy, Debug)]
pub struct Manifest<'r> {
    /// The file.
    pub listed: &'r Listed,
    /// What is made of the project, by all that lies beside it.
    pub purpose: Purpose,
    /// Some lockfile says what is installed.
    pub is_locked: bool,
}

impl<'r> Manifest<'r> {
    /// A lockfile that lies in its folder, but is none of the files of the repository.
    pub fn ignored_lock(&self) -> Option<&'r str> {
        let names = self.listed.beside.iter().map(String::as_str);
        let mut locks = names.filter(|name| kind_of(name) == Some(FileKind::Lock));
        locks.find(|name| crate::files::ecosystem_of(name) == self.listed.ecosystem())
    }

    /// What it asks for from registries, to run, and no lockfile holds to a version.
    pub fn asked(&self) -> impl Iterator<Item = Use<'r>> {
        let listed = self.listed;
        let all = (0..).zip(&listed.listing.dependencies);
        let asked = all.filter(|(_, it)| {
            it.scope == Scope::Runtime && it.origin == Origin::Registry && it.is_direct != Some(false)
        });
        asked.map(move |(id, _): (DependencyId, _)| Use { listed, id })
    }
}

/// How a package is held to versions where no lockfile does it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hold {
    /// Whatever is newest is installed.
    None,
    /// Whatever is newest of some is installed.
    Range,
}

impl Dependencies {
    /// The manifests of projects, in order of path. Those that lie aside, as examples and tests do, are left out.
    pub fn manifests(&self) -> Vec<Manifest<'_>> {
        let locks = self.locks();
        let all = self.files().iter().filter(|listed| listed.listing.kind == FileKind::Manifest);
        let all = all.filter(|listed| !listed.is_aside());
        all.map(|listed| Manifest { listed, purpose: purpose(listed), is_locked: locks.has(listed) })
            .collect()
    }

    /// What manifests of programs ask for without saying which version, or with a choice where no lockfile is made.
    pub fn loose(&self) -> Vec<(Use<'_>, Hold)> {
        let locks = self.locks();
        let projects = self.files().iter().filter_map(|listed| listed.listing.project.name.as_deref());
        let own: FxHashSet<&str> = projects.collect();
        let open = self.manifests().into_iter().filter(|manifest| !manifest.is_locked);
        let open = open.filter(|manifest| manifest.purpose == Purpose::Application);
        open.flat_map(|manifest| manifest.asked().collect::<Vec<_>>())
            .filter(|it| {
                let name = it.dependency().name.as_str();
                !own.contains(name) && !locks.fix(it.listed, name)
            })
            .filter_map(|it| Some((it, hold(it.dependency(), it.listed)?)))
            .collect()
    }

    /// Packages of lockfiles that were taken back by who published them, as far as the repository asks for them itself.
    pub fn withdrawn(&self) -> Vec<Use<'_>> {
        let locks = self.files().iter().filter(|listed| listed.listing.kind == FileKind::Lock);
        let all = locks.flat_map(|listed| {
            (0..).zip(&listed.listing.dependencies).map(move |(id, it)| (it, Use { listed, id }))
        });
        let found = all.filter(|(it, _)| it.withdrawn.is_some() && it.is_direct == Some(true));
        found.map(|(_, it)| it).collect()
    }

    /// Packages that manifests take from a branch of a repository of code, while no lockfile says of which commit.
    pub fn moving(&self) -> Vec<Use<'_>> {
        let open = self.manifests().into_iter().filter(|manifest| !manifest.is_locked);
        let all = open.flat_map(|manifest| {
            let listed = manifest.listed;
            (0..).zip(&listed.listing.dependencies).map(move |(id, it)| (it, Use { listed, id }))
        });
        let all = all.filter(|(it, _)| it.scope == Scope::Runtime);
        all.filter(|(it, _)| matches!(&it.origin, Origin::Git { revision, .. } if is_branch(revision)))
            .map(|(_, it)| it)
            .collect()
    }

    /// What the file belongs to is used by others, or lies aside: what it lets in is decided elsewhere.
    pub fn is_published(&self, listed: &Listed) -> bool {
        listed.is_aside() || purpose(listed) == Purpose::Library
    }
}

/// How a manifest holds a package that no lockfile holds; none where it does, or where that is said elsewhere.
fn hold(dependency: &Dependency, listed: &Listed) -> Option<Hold> {
    if dependency.version.is_some() {
        return None;
    }
    let is_list = is_requirements(listed);
    let text = dependency.requirement.as_str();
    if text.is_empty() {
        // Other manifests leave it out where another file says it.
        return (is_list || dependency.ecosystem == Ecosystem::RubyGems).then_some(Hold::None);
    }
    let is_name = matches!(text, "latest" | "next" | "@stable" | "@dev");
    let is_any = admitted(dependency.ecosystem, text).as_ref().is_some_and(VersionSet::is_all);
    match () {
        () if is_name || is_any => Some(Hold::None),
        () if is_list => Some(Hold::Range),
        () => None,
    }
}

/// A list of requirements for pip, which makes no lockfile.
fn is_requirements(listed: &Listed) -> bool {
    let is_list = [".txt", ".in"].iter().any(|ending| listed.path.ends_with(ending));
    is_list && listed.ecosystem() == Some(Ecosystem::PyPi)
}

fn purpose(listed: &Listed) -> Purpose {
    let has = |known: &[&str]| {
        listed.beside.iter().any(|name| {
            let name = name.to_ascii_lowercase();
            known
                .iter()
                .any(|known| name == *known || name.strip_prefix(known).is_some_and(|it| it.starts_with('.')))
        })
    };
    match listed.listing.project.purpose {
        // What is packaged says it where the package is described.
        Purpose::Unknown if is_requirements(listed) && has(&["setup.py"]) => Purpose::Library,
        Purpose::Unknown if is_requirements(listed) || has(DEPLOYED) => Purpose::Application,
        purpose => purpose,
    }
}

/// Neither a commit nor the name of a version, which seldom move.
fn is_branch(revision: &str) -> bool {
    let revision = revision.strip_prefix("commit=").unwrap_or(revision);
    let is_commit = revision.len() >= 7 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_version = revision.contains('.') && revision.contains(|c: char| c.is_ascii_digit());
    !is_commit && !is_version || revision.starts_with("semver:")
}
