//! Fragments: functions that nothing registers, run by what their parameters say that they are.
//!
//! `module.exports.show = function (req, res) { res.send(req.query.name); }` in a library, or in a program of which the
//! part that mounts it is not there.

use routeward_base::{FileId, FxHashMap, FxHashSet};
use routeward_catalog::FragmentRow;
use routeward_diag::Place;
use routeward_ir::{Expr, FuncId, Key, Module, Pat, PatId, Role, SlotId, Stmt, Target};

use crate::eval::{Evaluator, Unbidden};
use crate::value::{Closure, Shape, Value};

/// The names of the members that the code of a file takes of each slot.
type Taken<'m> = FxHashMap<SlotId, Vec<&'m str>>;

impl<'p> Evaluator<'p> {
    /// Runs each fragment that nothing else has called, on a request that nothing has touched. What of the client's
    /// reaches sinks there is of no endpoint. Costs a look at the parameters of all functions, and a run of each
    /// fragment.
    pub(crate) fn run_fragments(&mut self) {
        let units = self.program.units.iter_enumerated();
        let of_language =
            units.filter(|(_, unit)| unit.role == Role::Source && unit.language == self.language);
        let files: Vec<FileId> = of_language.map(|(file, _)| file).collect();
        let targets = self.program.units.iter().flat_map(|unit| &unit.targets);
        let imported: FxHashSet<FileId> = targets
            .filter_map(|target| match target {
                Target::File(file) => Some(*file),
                _ => None,
            })
            .collect();
        for file in files {
            let fragments = self.fragments(file);
            if fragments.is_empty() {
                continue;
            }
            self.load_aside(file);
            let is_detached = !imported.contains(&file);
            for (func, row) in fragments {
                if !self.calls_bidden.contains(&(file, func)) && self.is_exported_as(file, func, row) {
                    self.run_fragment(file, func, row, is_detached);
                    self.sweep();
                }
            }
        }
    }

    /// Runs the top-level code of a file that nothing has loaded.
    pub(crate) fn load_aside(&mut self, file: FileId) {
        if !self.is_loaded(file) {
            let steps = self.budget.chain_item;
            self.within(steps, |inner| {
                inner.unbidden(Unbidden::Uncalled, |inner| inner.aside(|inner| inner.load(file)));
            });
            self.sweep();
        }
    }

    /// A function of a file that nobody calls, with an instance made for it where it is a member of a class.
    pub(crate) fn unregistered(&mut self, file: FileId, func: FuncId) -> Option<Value> {
        let frame = self.modules[file].frame?;
        let code = &self.module(file).functions[func];
        let place = Place { file, span: code.name_span };
        // A receiver would be the first of the arguments.
        let is_bound = code.class.is_some() || !code.flags.explicit_this;
        let class = code.class.and_then(|class| self.class_at(file, class));
        let this = class.map_or(Value::UNKNOWN, |class| self.supposed(&class, place));
        let this = is_bound.then_some(this);
        let closure = Closure { file, func, env: frame, this, same_scope: false, given: None };
        Some(Value::new(Shape::Closure(self.heap.closures.push(closure))))
    }

    fn run_fragment(&mut self, file: FileId, func: FuncId, row: &FragmentRow, is_detached: bool) {
        let Some(function) = self.unregistered(file, func) else { return };
        let state = self.fresh_state();
        let entry = self.symbols.sym(&row.entry);
        let (_, outcome) = self.run_link(state, &function, entry);
        for flow in &outcome.flows {
            self.flows[*flow].is_detached = is_detached;
        }
        self.loose_flows.extend(&outcome.flows);
    }

    /// The functions of a file whose parameters say what they are.
    fn fragments(&self, file: FileId) -> Vec<(FuncId, &'p FragmentRow)> {
        let module = self.module(file);
        let mut taken = None;
        let mut found = Vec::new();
        for (func, code) in module.functions.iter_enumerated().filter(|(func, _)| *func != Module::TOP) {
            let params =
                code.params.iter().skip(usize::from(code.flags.explicit_this && code.class.is_some()));
            let slots: Vec<Option<SlotId>> = params.map(|param| slot_of(module, param.pat)).collect();
            let mut named =
                self.index.fragments.iter().filter(|row| are_named(module, &slots, row)).peekable();
            if named.peek().is_none() {
                continue;
            }
            let taken = taken.get_or_insert_with(|| members_taken(module));
            let row = named.find(|row| are_used(&slots, row, taken));
            found.extend(row.map(|row| (func, *row)));
        }
        found
    }

    fn is_exported_as(&mut self, file: FileId, func: FuncId, row: &FragmentRow) -> bool {
        if row.exported.is_empty() {
            return true;
        }
        let Shape::Object(exports) = self.namespace(file).shape else { return false };
        row.exported.iter().any(|name| {
            let value = self.heap.objects[exports].field(self.symbols.sym(name));
            matches!(value.map(|value| &value.shape), Some(Shape::Closure(id))
                if self.closure_of(*id).file == file && self.closure_of(*id).func == func)
        })
    }
}

fn slot_of(module: &Module, pat: PatId) -> Option<SlotId> {
    match module.patterns[pat] {
        Pat::Slot(slot) => Some(slot),
        Pat::Default { pat, .. } => slot_of(module, pat),
        _ => None,
    }
}

fn are_named(module: &Module, slots: &[Option<SlotId>], row: &FragmentRow) -> bool {
    let fits = |(param, slot): (&routeward_catalog::FragmentParam, &Option<SlotId>)| {
        slot.is_some_and(|slot| param.fits_name(module.text(module.slots[slot].name)))
    };
    slots.len() >= row.params.len() && row.params.iter().zip(slots).all(fits)
}

/// The code takes of no parameter what it does not have, and of one what tells it.
fn are_used(slots: &[Option<SlotId>], row: &FragmentRow, taken: &Taken<'_>) -> bool {
    let told = |(param, slot): (&routeward_catalog::FragmentParam, &Option<SlotId>)| {
        let members = slot.and_then(|slot| taken.get(&slot))?;
        param.is_told_by(members.iter().copied())
    };
    let told: Vec<bool> = row.params.iter().zip(slots).filter_map(told).collect();
    told.iter().all(|told| *told) && !(told.is_empty() && row.exported.is_empty())
}

/// `request.body`, `request["body"]`, `const { body } = request`
fn members_taken(module: &Module) -> Taken<'_> {
    let mut taken = Taken::default();
    let slot_at = |expr| match module.exprs[expr] {
        Expr::Local(slot) => Some(slot),
        _ => None,
    };
    for expr in &module.exprs {
        let (object, name) = match *expr {
            Expr::Member { object, name, .. } => (object, name),
            Expr::Index { object, index, .. } => match module.exprs[index] {
                Expr::Str(name) => (object, name),
                _ => continue,
            },
            _ => continue,
        };
        if let Some(slot) = slot_at(object) {
            taken.entry(slot).or_default().push(module.text(name));
        }
    }
    for stmt in &module.stmts {
        let Stmt::Declare { pat, init: Some(init), .. } = *stmt else { continue };
        if let (Pat::Object { props, .. }, Some(slot)) = (&module.patterns[pat], slot_at(init)) {
            let names = props.iter().filter_map(|(key, _)| match key {
                Key::Name(name) => Some(module.text(*name)),
                Key::Expr(_) => None,
            });
            taken.entry(slot).or_default().extend(names);
        }
    }
    taken
}
