//! Packages in folders of packages: which one a name means is told by where it is asked for.

use routeward_base::FxHashMap;

use crate::DependencyId;

/// How many folders are looked through for a package at most.
pub(crate) const LEVELS: usize = 64;

/// Stands for the folder around those of the repository.
const OWN: usize = usize::MAX;

/// A folder.
struct Folder {
    parent: usize,
    depth: usize,
    package: Option<DependencyId>,
}

/// All folders; the first one is the repository.
pub(crate) struct Nest<'t> {
    folders: Vec<Folder>,
    children: FxHashMap<(usize, &'t str), usize>,
    /// Something was not found as it stands too deep.
    pub(crate) is_cut: bool,
}

/// What a name means at a place.
pub(crate) type Place = usize;

impl<'t> Nest<'t> {
    /// The repository, with nothing in it.
    pub(crate) const ROOT: Place = 0;

    pub(crate) fn new() -> Self {
        let root = Folder { parent: 0, depth: 0, package: None };
        Self { folders: vec![root], children: FxHashMap::default(), is_cut: false }
    }

    /// The folder of a name in another, made if it is not there.
    pub(crate) fn folder(&mut self, parent: Place, name: &'t str) -> Place {
        let depth = self.folders[parent].depth + 1;
        self.is_cut |= depth > LEVELS;
        *self.children.entry((parent, name)).or_insert_with(|| {
            self.folders.push(Folder { parent, depth, package: None });
            self.folders.len() - 1
        })
    }

    /// A folder of the repository, which is no package's name in the folder around it.
    pub(crate) fn own(&mut self, path: &'t str) -> Place {
        *self.children.entry((OWN, path)).or_insert_with(|| {
            self.folders.push(Folder { parent: Self::ROOT, depth: 1, package: None });
            self.folders.len() - 1
        })
    }

    /// Says which package stands in a folder.
    pub(crate) fn put(&mut self, place: Place, package: DependencyId) {
        self.folders[place].package = Some(package);
    }

    /// The package that stands in a folder itself.
    pub(crate) fn package(&self, place: Place) -> Option<DependencyId> {
        self.folders[place].package
    }

    /// The folder of a name in another, if there is one.
    pub(crate) fn child(&self, parent: Place, name: &str) -> Option<Place> {
        self.children.get(&(parent, name)).copied()
    }

    /// The package that a name means in a folder: what stands in it, or in the nearest around it.
    pub(crate) fn find(&self, from: Place, name: &str) -> Option<DependencyId> {
        let mut place = from;
        for _ in 0..=LEVELS {
            let child = self.children.get(&(place, name));
            if let Some(package) = child.and_then(|child| self.folders[*child].package) {
                return Some(package);
            }
            if place == Self::ROOT {
                break;
            }
            place = self.folders[place].parent;
        }
        None
    }
}
