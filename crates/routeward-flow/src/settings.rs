//! Settings of programs whose frameworks read them from a module that the program names.
//!
//! The module's name stands in code that starts the program, in front of the framework's own: it is what an environment
//! variable is set to. Several such files may name several modules, for development and for the servers; the module of
//! the deployed program counts. Where no code names one, a module that defines what only settings define is taken.

use routeward_base::{FileId, FxHashMap, Span};
use routeward_catalog::SettingsRow;
use routeward_diag::Place;
use routeward_ir::{Expr, Role, Target};

use crate::Sym;
use crate::eval::Evaluator;
use crate::place::folder;
use crate::value::{Shape, Value};

/// Programs with settings.
#[derive(Default)]
pub(crate) struct Projects<'r> {
    all: Vec<Project<'r>>,
    /// There are some.
    exist: bool,
    /// The position of the project that a file belongs to.
    of_file: FxHashMap<FileId, Option<usize>>,
}

/// A program and its settings.
#[derive(Clone)]
struct Project<'r> {
    row: &'r SettingsRow,
    /// The module of the settings.
    file: FileId,
    /// The folder of the program.
    root: String,
}

/// A module that may hold the settings of a program.
struct Candidate {
    file: FileId,
    root: String,
    /// How good a choice it is; less is better.
    rank: usize,
}

impl<'p> Evaluator<'p> {
    /// Finds the settings of all programs. Before anything is evaluated.
    pub(crate) fn find_projects(&mut self) {
        let rows: Vec<&'p SettingsRow> = self.index.settings.clone();
        for row in rows {
            let mut candidates = self.named_settings(row);
            let marked = self.marked_settings(row);
            // Before any of them is evaluated: what is off in a deployed program is off for them already.
            self.projects.exist |= !candidates.is_empty() || !marked.is_empty();
            let known: Vec<String> = candidates.iter().map(|candidate| candidate.root.clone()).collect();
            let marked = self.with_roots(row, marked);
            candidates.extend(marked.into_iter().filter(|other| !known.contains(&other.root)));
            candidates.sort_by(|a, b| (&a.root, a.rank, a.file).cmp(&(&b.root, b.rank, b.file)));
            let mut taken: Vec<(String, Option<String>)> = Vec::new();
            for candidate in candidates {
                let file = self.deployed_settings(row, candidate.file);
                let key = (candidate.root.clone(), self.marker_text(row, file));
                if !taken.contains(&key) {
                    taken.push(key);
                    self.projects.all.push(Project { row, file, root: candidate.root });
                }
            }
        }
    }

    /// The modules of settings, each with where it says that it is one.
    pub(crate) fn settings_modules(&self) -> Vec<(&'p SettingsRow, FileId, Place)> {
        let module = |project: &Project<'p>| {
            let span = self.marker_span(project.row, project.file);
            (project.row, project.file, Place { file: project.file, span })
        };
        self.projects.all.iter().map(module).collect()
    }

    /// Starts the programs that are served by their settings alone.
    pub(crate) fn start_projects(&mut self) {
        for project in self.projects.all.clone() {
            let path = self.symbols.sym(&project.row.start);
            let Some(start) = self.outlined(path) else { continue };
            let place = Place { file: project.file, span: self.marker_span(project.row, project.file) };
            self.load(project.file);
            self.call(&start, &Value::UNDEFINED, &[], place);
        }
    }

    /// The modules that code sets the variable to.
    fn named_settings(&self, row: &SettingsRow) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for (file, unit) in self.program.units.iter_enumerated() {
            if unit.language != self.language || unit.role != Role::Source {
                continue;
            }
            let module = &unit.module;
            if module.names.find(&row.variable).is_none() {
                continue;
            }
            for expr in &module.exprs {
                let Expr::Call { args, .. } = *expr else { continue };
                let [first, second, ..] = args.of(&module.arg_pool) else { continue };
                let (Expr::Str(variable), Expr::Str(name)) =
                    (&module.exprs[first.value], &module.exprs[second.value])
                else {
                    continue;
                };
                if module.text(*variable) != row.variable {
                    continue;
                }
                let name = module.text(*name);
                let Target::File(target) = (self.program.resolve)(file, name) else { continue };
                if found.iter().any(|known| known.file == target) {
                    continue;
                }
                let stem = stem(&unit.path);
                let rank = row.gateways.iter().position(|gateway| *gateway == stem);
                let root = root_of(&self.program.units[target].path, name);
                found.push(Candidate { file: target, root, rank: rank.unwrap_or(row.gateways.len()) });
            }
        }
        found
    }

    /// The modules that define what only settings define; the roots of their programs are not known yet.
    fn marked_settings(&self, row: &SettingsRow) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for (file, unit) in self.program.units.iter_enumerated() {
            let is_own = unit.language == self.language && unit.role == Role::Source;
            if is_own && self.own_slot(file, &row.marker).is_some() {
                let stem = stem(&unit.path);
                let is_deployed = row.deployed.iter().any(|word| word == stem);
                found.push(Candidate { file, root: String::new(), rank: 100 + usize::from(!is_deployed) });
            }
        }
        found
    }

    /// The candidates with the folders from which what their markers name is found.
    fn with_roots(&mut self, row: &SettingsRow, mut found: Vec<Candidate>) -> Vec<Candidate> {
        for candidate in &mut found {
            let folder = folder(&self.program.units[candidate.file].path).to_owned();
            let text = self.marker_text(row, candidate.file).unwrap_or_default();
            let path = text.replace('.', "/");
            let has = |root: &str| {
                let at = if root.is_empty() { path.clone() } else { format!("{root}/{path}") };
                self.program.units.iter().any(|unit| {
                    unit.path.strip_prefix(at.as_str()).is_some_and(|rest| rest.starts_with(['.', '/']))
                })
            };
            let above = std::iter::successors(Some(folder.as_str()), |path| {
                (!path.is_empty()).then(|| crate::place::folder(path))
            });
            let root = above.into_iter().find(|root| has(root)).unwrap_or(folder.as_str()).to_owned();
            candidate.root = root;
        }
        found
    }

    /// The settings beside others that hold for the deployed program; the others themselves where there are none.
    fn deployed_settings(&self, row: &SettingsRow, file: FileId) -> FileId {
        let path = &self.program.units[file].path;
        let is_deployed = |path: &str| {
            let stem = stem(path);
            row.deployed.iter().any(|word| stem == word || stem.ends_with(&format!("_{word}")))
        };
        if is_deployed(path) || !row.varied.iter().any(|word| stem(path).contains(word.as_str())) {
            return file;
        }
        let beside = |unit: &routeward_ir::Unit| {
            unit.language == self.language
                && unit.role == Role::Source
                && folder(&unit.path) == folder(path)
                && is_deployed(&unit.path)
        };
        let found = self.program.units.iter_enumerated().find(|(_, unit)| beside(unit));
        found.map_or(file, |(file, _)| file)
    }

    fn marker_text(&mut self, row: &SettingsRow, file: FileId) -> Option<String> {
        self.load(file);
        let name = self.symbols.sym(&row.marker);
        match self.member_of_module(file, name)?.shape {
            Shape::Str(text) => Some(self.symbols.text(text)),
            _ => None,
        }
    }

    /// Where a file defines the marker.
    fn marker_span(&self, row: &SettingsRow, file: FileId) -> Span {
        let module = &self.program.units[file].module;
        let slot = module.slots.iter().find(|slot| module.text(slot.name) == row.marker);
        slot.map_or_else(Span::default, |slot| slot.span)
    }

    /// The value of a setting that a path names, for the code under way.
    pub(crate) fn setting_at(&mut self, path: Sym) -> Option<Value> {
        if self.projects.all.is_empty() {
            return None;
        }
        let text = self.symbols.text(path);
        let (object, name) = text.rsplit_once('.')?;
        let row =
            self.index.settings.iter().copied().find(|row| row.call.iter().any(|call| call == object))?;
        let project = self.project_of(self.speaking_file())?;
        let name = self.symbols.sym(name);
        self.load(self.projects.all[project].file);
        if let Some(value) = self.member_of_module(self.projects.all[project].file, name) {
            return Some(self.deployed_value(name, value));
        }
        let defaults = self.symbols.sym(&row.defaults);
        let defaults = self.outlined(defaults)?;
        let Shape::Object(id) = defaults.shape else { return None };
        self.heap.objects[id].field(name).cloned()
    }

    /// The value of a name at the top of a module, where it is a setting that is off in a deployed program.
    pub(crate) fn deployed_value(&self, name: Sym, value: Value) -> Value {
        let is_off =
            |row: &&'p SettingsRow| self.symbols.with(name, |name| row.off.iter().any(|off| off == name));
        let is_open = matches!(value.shape, Shape::Unknown | Shape::Union(_));
        if is_open && self.projects.exist && self.index.settings.iter().any(is_off) {
            return Value::bool(false);
        }
        value
    }

    /// The project that a file belongs to: the one whose settings lie nearest.
    fn project_of(&mut self, file: FileId) -> Option<usize> {
        if let Some(known) = self.projects.of_file.get(&file) {
            return *known;
        }
        let path = &self.program.units[file].path;
        let shared = |project: &Project<'_>| {
            let settings = &self.program.units[project.file].path;
            let common = settings.split('/').zip(path.split('/')).take_while(|(a, b)| a == b).count();
            let root = &project.root;
            let is_in =
                root.is_empty() || path.strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('/'));
            is_in.then_some(common)
        };
        let ranked =
            self.projects.all.iter().enumerate().filter_map(|(i, project)| Some((i, shared(project)?)));
        let best = ranked.max_by_key(|(i, common)| (*common, usize::MAX - i)).map(|(i, _)| i);
        self.projects.of_file.insert(file, best);
        best
    }
}

/// The name of a file without its ending; of a package's file that of the package.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    if stem == "__init__" { folder(path).rsplit('/').next().unwrap_or("") } else { stem }
}

/// The folder from which a dotted name leads to a file.
fn root_of(path: &str, name: &str) -> String {
    let depth = name.split('.').count();
    let is_package = path.ends_with("/__init__.py");
    let up = depth + usize::from(is_package);
    let mut root = path;
    for _ in 0..up {
        root = folder(root);
    }
    root.to_owned()
}
