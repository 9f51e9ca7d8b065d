//! Who asks for what: parents, whether the repository asks itself, and when a package is needed.

use crate::{Dependency, DependencyId, Listing, Origin, Scope};

/// What a file says about who asks for what, while it is read.
#[derive(Default)]
pub(crate) struct Graph {
    roots: Vec<(DependencyId, Scope)>,
    /// Parent, child, and when the child is needed where the parent is.
    edges: Vec<(DependencyId, DependencyId, Scope)>,
}

/// What a file tells about a graph beside its edges.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// What the repository asks for itself: scopes follow from it.
    Roots,
    /// That, and the scope of each package.
    RootsAndScopes,
    /// Not that: a package that nothing asks for must be asked for by the repository.
    Nothing,
}

impl Graph {
    /// The repository asks for a package.
    pub(crate) fn root(&mut self, id: DependencyId, scope: Scope) {
        self.roots.push((id, scope));
    }

    /// A package asks for another.
    pub(crate) fn edge(&mut self, parent: DependencyId, child: DependencyId, scope: Scope) {
        if parent != child {
            self.edges.push((parent, child, scope));
        }
    }

    /// The same graph in an order in which it can be walked.
    pub(crate) fn sorted(mut self) -> Self {
        self.edges.sort_unstable();
        self
    }

    /// Writes it into the listing. Cost: that of sorting the edges.
    pub(crate) fn settle(mut self, listing: &mut Listing, told: Told) {
        let dependencies = &mut listing.dependencies;
        self.edges.sort_unstable();
        // Of two edges between the same packages the one that is needed most comes first.
        self.edges.dedup_by_key(|(parent, child, _)| (*parent, *child));
        for (parent, child, _) in &self.edges {
            dependencies[*child as usize].parents.push(*parent);
        }
        for dependency in dependencies.iter_mut() {
            dependency.is_direct = match (told, dependency.parents.is_empty()) {
                // The repository's own code is asked for by it.
                _ if dependency.origin == Origin::Path => Some(true),
                (Told::Nothing, true) => Some(true),
                (Told::Nothing, false) => None,
                // Nobody asks for it: it is left over, or what asks is not in the file.
                (_, true) => None,
                (_, false) => Some(false),
            };
        }
        for (root, _) in &self.roots {
            dependencies[*root as usize].is_direct = Some(true);
        }
        if told == Told::Nothing && !listing.tells_scopes {
            let ids = (0..).zip(dependencies.iter());
            let asked = ids.filter(|(_, dependency)| dependency.parents.is_empty());
            self.roots.extend(asked.map(|(id, dependency)| (id, dependency.scope)));
            self.spread(dependencies);
        }
        if told == Told::Roots {
            self.spread(dependencies);
        }
    }

    /// A package is needed whenever something on a way to it is: the way on which it is needed most counts.
    pub(crate) fn spread(&self, dependencies: &mut [Dependency]) {
        const SCOPES: [Scope; 3] = [Scope::Runtime, Scope::Optional, Scope::Development];
        let mut open: [Vec<DependencyId>; 3] =
            SCOPES.map(|scope| self.roots.iter().filter(|(_, of)| *of == scope).map(|(id, _)| *id).collect());
        let mut is_reached = vec![false; dependencies.len()];
        for level in 0..SCOPES.len() {
            while let Some(id) = open[level].pop() {
                if std::mem::replace(&mut is_reached[id as usize], true) {
                    continue;
                }
                dependencies[id as usize].scope = SCOPES[level];
                let start = self.edges.partition_point(|(parent, ..)| *parent < id);
                let children = self.edges[start..].iter().take_while(|(parent, ..)| *parent == id);
                for (_, child, scope) in children {
                    open[level.max(*scope as usize)].push(*child);
                }
            }
        }
    }
}
