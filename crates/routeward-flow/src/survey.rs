//! A look at the code that no endpoint and no start-up reaches, for calls that are wrong wherever they stand.
//!
//! It comes after everything else: what this code would register is forgotten. Only files that mention something a
//! row of misuses is about are looked at.

use routeward_base::{FileId, FxHashSet};
use routeward_diag::Place;
use routeward_ir::{Expr, Module, Role, Target};

use crate::Taint;
use crate::eval::{Evaluator, Unbidden};
use crate::value::{Closure, Shape, Value};

impl Evaluator<'_> {
    /// Runs what has not run yet in files that may misuse something: the top-level code of those that nothing has
    /// loaded, and each function that nothing has called, with arguments that are not known. What it registers and
    /// where it is cut short is forgotten, since no endpoint depends on it.
    pub fn survey(&mut self) {
        let concerned = self.concerned();
        let (events, notes) = (self.events.len(), self.incomplete.len());
        for file in &concerned {
            if !self.is_loaded(*file) {
                self.unbidden(Unbidden::Uncalled, |inner| inner.aside(|inner| inner.load(*file)));
            }
        }
        for file in &concerned {
            self.call_rest(*file);
        }
        self.events.truncate(events);
        self.incomplete.truncate(notes);
    }

    /// The files of the program in the language that name something a row is about.
    fn concerned(&self) -> Vec<FileId> {
        let heads: FxHashSet<&str> = self.index.misused().iter().map(|path| head(path)).collect();
        let units = self.program.units.iter_enumerated();
        let of_language =
            units.filter(|(_, unit)| unit.role == Role::Source && unit.language == self.language);
        let files = of_language.filter(|(_, unit)| {
            let imports = unit.targets.iter_enumerated().any(|(id, target)| match target {
                Target::Package(package) => {
                    let is_known = heads.contains(package.as_str()) || heads.contains(head(package));
                    is_known && !unit.module.imports[id].type_only
                }
                _ => false,
            });
            imports || self.names_misused(&unit.module, &heads)
        });
        files.map(|(file, _)| file).collect()
    }

    /// True if the code uses a global name that a row is about, with the member that the row is about.
    fn names_misused(&self, module: &Module, heads: &FxHashSet<&str>) -> bool {
        let global = |expr: &Expr| match expr {
            Expr::Global(name) => Some(module.text(*name)).filter(|name| heads.contains(name)),
            _ => None,
        };
        let globals: FxHashSet<&str> = module.exprs.iter().filter_map(global).collect();
        if globals.is_empty() {
            return false;
        }
        let names: FxHashSet<&str> =
            (0..module.names.len() as u32).map(|i| module.text(routeward_base::Name(i))).collect();
        self.index.misused().iter().any(|path| {
            globals.contains(head(path))
                && path.trim_end_matches('=').rsplit('.').next().is_some_and(|last| names.contains(last))
        })
    }

    fn call_rest(&mut self, file: FileId) {
        let module = self.module(file);
        let Some(frame) = self.modules[file].frame else { return };
        for (func, code) in module.functions.iter_enumerated() {
            if func == Module::TOP || self.calls_seen.contains(&(file, func)) {
                continue;
            }
            let place = Place { file, span: code.name_span };
            let this = code.class.and_then(|class| self.class_at(file, class));
            let this = this.map_or(Value::UNKNOWN, |class| self.supposed(&class, place));
            let closure =
                Closure { file, func, env: frame, this: Some(this), same_scope: false, given: None };
            let value = Value::new(Shape::Closure(self.heap.closures.push(closure)));
            let args = self.callback_args(file, func, Taint::default());
            self.call_unseen(&value, &args, place);
        }
    }

    fn call_unseen(&mut self, value: &Value, args: &[Value], place: Place) {
        self.suppose(|inner| {
            inner.path.is_live = true;
            inner.call(
                value,
                &Value::UNDEFINED,
                args,
                Place { span: routeward_base::Span::default(), ..place },
            )
        });
    }
}

fn head(path: &str) -> &str {
    path.split(['.', '/', '=']).next().unwrap_or(path)
}
