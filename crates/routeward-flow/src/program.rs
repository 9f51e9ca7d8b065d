//! Which files are the starts of programs, and in what order they are run.

use routeward_base::{FileId, FxHashSet, Idx};
use routeward_catalog::Models;
use routeward_ir::{Program, Role, Target};

use crate::eval::Evaluator;

/// Evaluates the start-up code of every program in `program`. Never fails; what was not followed is listed in
/// [`Evaluator::incomplete`].
pub fn evaluate<'p>(program: &'p Program<'p>, models: &'p Models) -> Evaluator<'p> {
    let mut evaluator = Evaluator::new(program, models);
    let graph = Graph::new(program, &evaluator);
    for file in graph.starts(program) {
        evaluator.load(file);
    }
    evaluator
}

/// Who imports whom, and which files are part of an API.
struct Graph {
    imports: Vec<Vec<FileId>>,
    is_imported: Vec<bool>,
    /// The file itself imports a package that serves requests.
    speaks: Vec<bool>,
}

impl Graph {
    fn new(program: &Program<'_>, evaluator: &Evaluator<'_>) -> Self {
        let count = program.units.len();
        let mut graph = Self { imports: vec![Vec::new(); count], is_imported: vec![false; count], speaks: vec![false; count] };
        for (file, unit) in program.units.iter_enumerated() {
            for (id, target) in unit.targets.iter_enumerated() {
                match target {
                    Target::File(target) if unit.role == Role::Source && *target != file => {
                        graph.imports[file.raw() as usize].push(*target);
                        graph.is_imported[target.raw() as usize] = true;
                    }
                    Target::Package(package) if !unit.module.imports[id].type_only => {
                        graph.speaks[file.raw() as usize] |= evaluator.is_api_package(package);
                    }
                    _ => {}
                }
            }
        }
        graph
    }

    /// Files to run, in order: those that manifests name, those that nothing imports, then what is left of those
    /// that speak to a framework. Only files that lead to a framework are run at all.
    fn starts(&self, program: &Program<'_>) -> Vec<FileId> {
        let leads = self.leads_to_framework();
        let is_source = |file: FileId| program.units[file].role == Role::Source && leads[file.raw() as usize];
        let named = program.entries.iter().copied().filter(|file| is_source(*file));
        let all = || (0..program.units.len() as u32).map(FileId).filter(|file| is_source(*file));
        let roots = all().filter(|file| !self.is_imported[file.raw() as usize]);
        let rest = all().filter(|file| self.speaks[file.raw() as usize]);
        let mut seen = FxHashSet::default();
        named.chain(roots).chain(rest).filter(|file| seen.insert(*file)).collect()
    }

    /// For each file, whether it or anything it imports speaks to a framework.
    fn leads_to_framework(&self) -> Vec<bool> {
        let mut importers: Vec<Vec<u32>> = vec![Vec::new(); self.imports.len()];
        for (file, targets) in self.imports.iter().enumerate() {
            for target in targets {
                importers[target.raw() as usize].push(file as u32);
            }
        }
        let mut leads = self.speaks.clone();
        let mut work: Vec<u32> = (0..leads.len() as u32).filter(|i| leads[*i as usize]).collect();
        while let Some(file) = work.pop() {
            for importer in &importers[file as usize] {
                if !std::mem::replace(&mut leads[*importer as usize], true) {
                    work.push(*importer);
                }
            }
        }
        leads
    }
}

impl Evaluator<'_> {
    /// True if a package, or the package of a path below it, serves requests.
    fn is_api_package(&self, package: &str) -> bool {
        let mut segments = package.split('/');
        let depth = if package.starts_with('@') { 2 } else { 1 };
        let name: Vec<&str> = segments.by_ref().take(depth).collect();
        self.index.packages.contains(package) || self.index.packages.contains(name.join("/").as_str())
    }
}
