//! What manifests tell that a lockfile does not: what the repository asks for itself, and when it needs that.

use routeward_base::FxHashMap;

use super::graph::Graph;
use crate::repository::is_below;
use crate::{Dependency, DependencyId, Ecosystem, FileKind, Listed, Listing, Origin, Scope};

/// How many pairs of what is asked for and what is installed under one name are compared; where there are more, each is
/// taken to be asked for.
const PAIRS: usize = 256;

/// Versions that one manifest keeps for those below it are needed when these need them.
pub(crate) fn share(files: &mut [Listed]) {
    let is_kept = |it: &Dependency| it.is_direct.is_none() && it.origin == Origin::Registry;
    let is_asked =
        |it: &&Dependency| it.is_direct == Some(true) && it.version.is_none() && it.requirement.is_empty();
    let is_manifest = |listed: &&Listed| listed.listing.kind == FileKind::Manifest;
    if !files.iter().filter(is_manifest).flat_map(|listed| &listed.listing.dependencies).any(is_kept) {
        return;
    }
    let mut asked: FxHashMap<(Ecosystem, String), Vec<(String, Scope)>> = FxHashMap::default();
    for listed in files.iter().filter(is_manifest) {
        for it in listed.listing.dependencies.iter().filter(is_asked) {
            let key = (it.ecosystem, it.ecosystem.fold(&it.name));
            asked.entry(key).or_default().push((listed.folder().to_owned(), it.scope));
        }
    }
    for listed in files.iter_mut().filter(|listed| is_manifest(&&**listed)) {
        let folder = listed.folder().to_owned();
        for it in listed.listing.dependencies.iter_mut().filter(|it| is_kept(it)) {
            let asks = asked.get(&(it.ecosystem, it.ecosystem.fold(&it.name)));
            let below = asks.into_iter().flatten().filter(|(asking, _)| is_below(asking, &folder));
            it.scope = below.map(|(_, scope)| *scope).min().unwrap_or(it.scope);
        }
    }
}

impl Listing {
    /// Puts into a lockfile what all manifests that share it say: packages that they ask for are direct, others are not,
    /// and where the lockfile tells no scopes these follow from those of the manifests.
    pub fn join(&mut self, manifests: &[&Listing]) {
        let mut asked: FxHashMap<(Ecosystem, String), Vec<&Dependency>> = FxHashMap::default();
        for dependency in manifests.iter().flat_map(|manifest| &manifest.dependencies) {
            if dependency.is_direct == Some(true) {
                let name = dependency.ecosystem.fold(&dependency.name);
                asked.entry((dependency.ecosystem, name)).or_default().push(dependency);
            }
        }
        if asked.is_empty() {
            return;
        }
        let mut installed: FxHashMap<(Ecosystem, String), Vec<DependencyId>> = FxHashMap::default();
        for (id, dependency) in (0..).zip(&self.dependencies) {
            let name = dependency.ecosystem.fold(&dependency.name);
            installed.entry((dependency.ecosystem, name)).or_default().push(id);
        }
        let mut roots: Vec<Option<Scope>> = vec![None; self.dependencies.len()];
        for (key, ids) in installed {
            for (id, scope) in asked.get(&key).into_iter().flat_map(|asks| self.meant(&ids, asks)) {
                let root = &mut roots[id as usize];
                *root = Some(root.map_or(scope, |before| before.min(scope)));
            }
        }
        self.mark(&roots);
    }

    /// Which of the packages of one name are meant: those of the only version that is let in, or those that the lockfile
    /// says were installed for that, or for the repository; all, if none of this is told.
    fn meant(&self, ids: &[DependencyId], asks: &[&Dependency]) -> Vec<(DependencyId, Scope)> {
        let needed = asks.iter().map(|ask| ask.scope).min().unwrap_or(Scope::Runtime);
        if let [only] = ids {
            return vec![(*only, needed)];
        }
        let own: Vec<DependencyId> = ids.iter().copied().filter(|id| self.is_for_repository(*id)).collect();
        let told = if own.is_empty() { ids } else { &own };
        let all = |scope: Scope| told.iter().map(move |id| (*id, scope));
        if ids.len() * asks.len() > PAIRS {
            return all(needed).collect();
        }
        let mut meant = Vec::new();
        for ask in asks {
            let wanted = ask.version.as_deref().unwrap_or(&ask.requirement);
            let is_meant = |id: &&DependencyId| {
                let package = &self.dependencies[**id as usize];
                package.version.as_deref() == Some(wanted)
                    || package.requirement.split(", ").any(|range| !range.is_empty() && range == wanted)
            };
            let found: Vec<_> = ids.iter().filter(is_meant).map(|id| (*id, ask.scope)).collect();
            if found.is_empty() {
                meant.extend(all(ask.scope));
            } else {
                meant.extend(found);
            }
        }
        meant
    }

    /// The lockfile says that the repository asks for the package, or that one of its own packages does.
    fn is_for_repository(&self, id: DependencyId) -> bool {
        let package = &self.dependencies[id as usize];
        let mut parents = package.parents.iter().map(|id| &self.dependencies[*id as usize]);
        package.is_direct == Some(true) || parents.any(|parent| parent.origin == Origin::Path)
    }

    fn mark(&mut self, roots: &[Option<Scope>]) {
        let mut graph = Graph::default();
        for (id, root) in (0..).zip(roots) {
            let dependency = &mut self.dependencies[id as usize];
            if root.is_some() {
                dependency.is_direct = Some(true);
            }
            dependency.is_direct = dependency.is_direct.or(Some(false));
            if dependency.is_direct == Some(true) {
                graph.root(id, root.unwrap_or(dependency.scope));
            }
        }
        if self.tells_scopes {
            return;
        }
        for (child, dependency) in (0..).zip(&self.dependencies) {
            for parent in &dependency.parents {
                let asking = &self.dependencies[*parent as usize];
                // What the repository's own packages ask for is told by their manifests.
                if asking.origin != Origin::Path {
                    let is_less = dependency.scope > asking.scope;
                    graph.edge(*parent, child, if is_less { dependency.scope } else { Scope::Runtime });
                }
            }
        }
        graph.sorted().spread(&mut self.dependencies);
        self.tells_scopes = true;
    }
}
