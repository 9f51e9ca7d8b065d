//! Functions that nothing in the program calls: factories of applications, called by whoever starts the server.
//!
//! Those that speak to a framework themselves go first, so that what they register is found whatever the others cost.

use routeward_base::{FileId, FxHashMap, FxHashSet, Idx, Span};
use routeward_diag::Place;
use routeward_ir::{Expr, FuncId, Key, MemberKind, Module, Role, SlotId};

use crate::eval::{Evaluator, Unbidden};
use crate::heap::Loc;
use crate::value::{ClassValueId, Shape, Value};

impl Evaluator<'_> {
    /// Calls the functions that the files export and that nothing has called, and makes instances of the classes.
    pub(crate) fn call_uncalled(&mut self, files: &[FileId]) {
        let is_source =
            |this: &Self, file: FileId| this.is_loaded(file) && this.program.units[file].role == Role::Source;
        let files: Vec<FileId> = files.iter().copied().filter(|file| is_source(self, *file)).collect();
        for file in &files {
            let builders = self.builders(*file);
            if !builders.is_empty() {
                self.call_exports(*file, Some(&builders));
                self.sweep();
            }
        }
        for file in files {
            self.call_exports(file, None);
            self.sweep();
        }
    }

    /// The functions of a file whose own code names something of a framework.
    fn builders(&mut self, file: FileId) -> FxHashSet<FuncId> {
        let module = self.module(file);
        let mut known: FxHashMap<SlotId, bool> = FxHashMap::default();
        let mut named: Vec<Span> = Vec::new();
        for (expr, span) in module.exprs.iter().zip(&module.expr_spans) {
            let Expr::Local(slot) = *expr else { continue };
            if module.slots[slot].func != Module::TOP {
                continue;
            }
            let serves = match known.get(&slot) {
                Some(serves) => *serves,
                None => self.names_framework(file, slot),
            };
            known.insert(slot, serves);
            if serves {
                named.push(*span);
            }
        }
        let functions = module.functions.iter_enumerated().filter(|(id, function)| {
            let has = |span: &Span| function.span.contains(*span);
            *id != Module::TOP && named.iter().any(has)
        });
        functions.map(|(id, _)| id).collect()
    }

    fn names_framework(&mut self, file: FileId, slot: SlotId) -> bool {
        match self.top_slot(file, slot).shape {
            Shape::External(path) => {
                let path = self.symbols.text(path);
                self.is_api_package(&path)
            }
            _ => false,
        }
    }

    fn call_exports(&mut self, file: FileId, only: Option<&FxHashSet<FuncId>>) {
        let exports = self.namespace(file);
        let mut candidates = vec![exports.clone()];
        if let Shape::Object(id) = exports.shape {
            candidates.extend(self.heap.objects[id].fields.iter().map(|(_, value)| value.clone()));
        }
        for value in candidates {
            match value.shape {
                Shape::Closure(_) => self.call_if_uncalled(&value, &Value::UNDEFINED, file, only),
                Shape::Class(id) if self.heap.classes[id].file == file => self.use_class(id, &value, only),
                _ => {}
            }
        }
    }

    fn call_if_uncalled(
        &mut self,
        value: &Value,
        this: &Value,
        file: FileId,
        only: Option<&FxHashSet<FuncId>>,
    ) {
        let Shape::Closure(id) = value.shape else { return };
        let (home, func) = (self.closure_of(id).file, self.closure_of(id).func);
        let is_meant = only.is_none_or(|only| only.contains(&func));
        if home == file && is_meant && !self.calls_seen.contains(&(home, func)) {
            let place = self.place_of(value);
            let args = self.callback_args(home, func, crate::Taint::default());
            self.suppose(|inner| inner.call(value, this, &args, place));
        }
    }

    /// Calls the methods of a class that nothing has called, on the class and on an instance made for it. What a
    /// framework makes and calls itself is left to the rows that say so.
    fn use_class(&mut self, id: ClassValueId, class: &Value, only: Option<&FxHashSet<FuncId>>) {
        let file = self.heap.classes[id].file;
        let code = &self.module(file).classes[self.heap.classes[id].class];
        let is_decorated = |member: &routeward_ir::Member| !member.decorators.is_empty();
        if !code.decorators.is_empty() || code.members.iter().any(is_decorated) {
            return;
        }
        let mut instance = None;
        for member in &code.members {
            let (Key::Name(name), MemberKind::Method(func)) = (member.key, member.kind) else { continue };
            let is_meant = only.is_none_or(|only| only.contains(&func));
            if !is_meant || self.calls_seen.contains(&(file, func)) {
                continue;
            }
            let place = Place { file, span: member.name_span };
            let name = self.sym(file, name);
            let Some(method) = self.method(id, name, member.is_static) else { continue };
            let this = if member.is_static {
                class.clone()
            } else {
                instance.get_or_insert_with(|| self.supposed(class, place)).clone()
            };
            self.call_if_uncalled(&method, &this, file, only);
        }
    }

    /// Runs code that nothing in the program runs: what it writes into objects that were there before is forgotten,
    /// since nobody knows whether and when it happens.
    pub(crate) fn suppose<R>(&mut self, run: impl FnOnce(&mut Self) -> R) -> R {
        let first_new = self.heap.objects.len();
        let mark = self.heap.mark();
        let result = self.unbidden(Unbidden::Uncalled, |inner| inner.aside(run));
        let mut delta = self.heap.take(mark);
        delta.retain(|(loc, _)| match loc {
            Loc::Field(object, _) | Loc::Item(object, _) => object.raw() as usize >= first_new,
            Loc::Slot(..) | Loc::Overlay(..) => true,
        });
        self.heap.apply(&delta);
        result
    }

    /// An instance of a class that nothing in the program makes.
    pub(crate) fn supposed(&mut self, class: &Value, place: Place) -> Value {
        self.suppose(|inner| {
            let args = inner.supposed_args(class, place);
            inner.construct(class, &args, place)
        })
    }

    /// What a constructor may be given, as the types of its parameters say it.
    pub(crate) fn supposed_args(&mut self, class: &Value, place: Place) -> Vec<Value> {
        let Shape::Class(id) = class.shape else { return vec![Value::UNKNOWN; 8] };
        let Some((file, func, _)) = self.constructor_of(id) else { return vec![Value::UNKNOWN; 8] };
        let code = &self.module(file).functions[func];
        let params = code.params.iter().skip(usize::from(code.flags.explicit_this));
        let types: Vec<_> = params.map(|param| param.ty).collect();
        let mut args = Vec::new();
        for ty in types {
            let token = ty.map_or(Value::UNKNOWN, |ty| self.resolve_type(file, ty));
            args.push(self.put_in(&token, place));
        }
        args
    }
}
