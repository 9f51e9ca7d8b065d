//! A look at the code that no endpoint and no start-up reaches, for calls that are wrong wherever they stand.
//!
//! It comes after everything else: what this code would register is forgotten. Only files that mention something a
//! row of misuses is about are looked at.

use routeward_base::{FileId, FxHashSet};
use routeward_diag::Place;
use routeward_ir::{Expr, ImportId, Module, Role, SlotId, Target, Unit};

use crate::Taint;
use crate::eval::Evaluator;
use crate::value::Value;

impl Evaluator<'_> {
    /// Runs what has not run yet in files that may misuse something: the top-level code of those that nothing has
    /// loaded, and each function that nothing has called, with arguments that are not known. What it registers and
    /// where it is cut short is forgotten, since no endpoint depends on it.
    pub fn survey(&mut self) {
        self.is_surveying = true;
        self.look_at_settings();
        self.note_mentions();
        let mut paths = self.index.misused();
        paths.extend(self.index.sources_at_hand(&self.symbols));
        let misused = Misused::of(paths);
        let concerned = self.concerned(&misused);
        let (events, notes) = (self.events.len(), self.incomplete.len());
        for file in &concerned {
            self.load_aside(*file);
        }
        self.run_fragments();
        for file in &concerned {
            self.call_rest(*file, &misused);
        }
        self.events.truncate(events);
        self.incomplete.truncate(notes);
    }

    /// The files of the program in the language that name something a row is about.
    fn concerned(&self, misused: &Misused<'_>) -> Vec<FileId> {
        let units = self.program.units.iter_enumerated();
        let of_language =
            units.filter(|(_, unit)| unit.role == Role::Source && unit.language == self.language);
        let files = of_language.filter(|(_, unit)| {
            let imports = (0..unit.module.imports.len() as u32)
                .map(ImportId)
                .any(|import| !unit.module.imports[import].type_only && misused.is_imported(unit, import));
            imports || misused.is_named_in(&unit.module)
        });
        files.map(|(file, _)| file).collect()
    }

    fn call_rest(&mut self, file: FileId, misused: &Misused<'_>) {
        let module = self.module(file);
        let calls = misused.calls_in(&self.program.units[file]);
        for (func, code) in module.functions.iter_enumerated() {
            let begin = calls.partition_point(|end| *end <= code.span.start);
            let tells = calls.get(begin).is_some_and(|end| *end <= code.span.end());
            if func == Module::TOP || !tells || self.calls_seen.contains(&(file, func)) {
                continue;
            }
            let place = Place { file, span: code.name_span };
            let Some(value) = self.unregistered(file, func) else { return };
            let args = self.callback_args(file, func, Taint::default());
            self.call_unseen(&value, &args, place);
            self.sweep();
        }
    }

    fn call_unseen(&mut self, value: &Value, args: &[Value], place: Place) {
        let nowhere = Place { span: routeward_base::Span::default(), ..place };
        self.within(self.budget.chain_item, |inner| {
            inner.suppose(|inner| {
                inner.path.is_live = true;
                inner.call(value, &Value::UNDEFINED, args, nowhere)
            })
        });
    }
}

/// What the rows of misuses are about, by name.
struct Misused<'m> {
    paths: Vec<&'m str>,
    /// Packages and global names.
    heads: FxHashSet<&'m str>,
    /// Calls and members.
    tails: FxHashSet<&'m str>,
}

impl<'m> Misused<'m> {
    fn of(paths: Vec<&'m str>) -> Self {
        let heads = paths.iter().map(|path| head(path)).collect();
        let tails = paths.iter().map(|path| tail(path)).collect();
        Self { paths, heads, tails }
    }

    /// True if an import is one of a package that a row is about.
    fn is_imported(&self, unit: &Unit, import: ImportId) -> bool {
        match unit.targets.get(import) {
            Some(Target::Package(package)) => {
                self.heads.contains(package.as_str()) || self.heads.contains(head(package))
            }
            _ => false,
        }
    }

    /// True if the code uses a global name that a row is about, with the member that the row is about.
    fn is_named_in(&self, module: &Module) -> bool {
        let global = |expr: &Expr| match expr {
            Expr::Global(name) => Some(module.text(*name)).filter(|name| self.heads.contains(name)),
            _ => None,
        };
        let globals: FxHashSet<&str> = module.exprs.iter().filter_map(global).collect();
        if globals.is_empty() {
            return false;
        }
        let names: FxHashSet<&str> =
            (0..module.names.len() as u32).map(|i| module.text(routeward_base::Name(i))).collect();
        self.paths.iter().any(|path| globals.contains(head(path)) && names.contains(tail(path)))
    }

    /// Where the code calls or writes something by a name that a row is about, in order; only functions with such a
    /// place are run.
    fn calls_in(&self, unit: &Unit) -> Vec<u32> {
        let module = &unit.module;
        let imported: FxHashSet<SlotId> = module
            .imports
            .iter_enumerated()
            .filter(|(id, _)| self.is_imported(unit, *id))
            .flat_map(|(_, import)| &import.bindings)
            .map(|binding| binding.slot)
            .collect();
        let tells = |expr: &Expr| match *expr {
            Expr::Member { name, .. } | Expr::Global(name) | Expr::Str(name) => {
                self.tails.contains(module.text(name))
            }
            // It may have another name here than where it is from.
            Expr::Local(slot) => {
                imported.contains(&slot) || self.tails.contains(module.text(module.slots[slot].name))
            }
            _ => false,
        };
        let places = module.exprs.iter_enumerated().filter(|(_, expr)| tells(expr));
        let mut ends: Vec<u32> = places.map(|(id, _)| module.expr_spans[id].end()).collect();
        ends.sort_unstable();
        ends
    }
}

/// The package or global name that a path begins with: `@scope/name` of `@scope/name.Client.get`.
fn head(path: &str) -> &str {
    let scope = if path.starts_with('@') { path.find('/').map_or(0, |at| at + 1) } else { 0 };
    let end = path[scope..].find(['.', '/', '=']).map_or(path.len(), |at| at + scope);
    &path[..end]
}

/// The last name of a path: that of the call or member that a row is about.
fn tail(path: &str) -> &str {
    path.trim_end_matches('=').rsplit(['.', '/']).next().unwrap_or(path)
}
