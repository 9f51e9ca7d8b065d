//! Outlines: libraries that models tell in the library's own language.
//!
//! A path of a library that an outline has is the value that the outline gives it. The code of an outline runs like
//! that of the program, but nothing that it does is shown there: what it registers, proves or answers stands where the
//! program has called it.

use routeward_base::{FileId, FxHashMap};
use routeward_diag::Place;
use routeward_ir::{Export, Role, SlotId, SlotKind};

use crate::Sym;
use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::value::{Shape, Value};

/// The outlines of a program.
pub(crate) struct Outlines {
    by_package: FxHashMap<String, FileId>,
    /// What is known of paths.
    found: FxHashMap<Sym, Option<(FileId, Sym)>>,
    /// The call of the program that led into an outline.
    pub(crate) outside: Place,
}

impl Default for Outlines {
    fn default() -> Self {
        Self {
            by_package: FxHashMap::default(),
            found: FxHashMap::default(),
            outside: crate::declared::NOWHERE,
        }
    }
}

impl Outlines {
    /// Finds the outlines of a language among the units of a program.
    pub(crate) fn new(program: &routeward_ir::Program<'_>, language: &str) -> Self {
        let own = program.units.iter_enumerated();
        let own = own.filter(|(_, unit)| unit.role == Role::Outline && unit.language == language);
        let by_package = own.map(|(file, unit)| (package_of(&unit.path).to_owned(), file)).collect();
        Self { by_package, ..Self::default() }
    }
}

/// The package that an outline is of, by the path of its unit: `<package>`.
fn package_of(path: &str) -> &str {
    path.trim_start_matches('<').trim_end_matches('>')
}

impl Evaluator<'_> {
    /// True for the code of an outline.
    pub(crate) fn is_outline(&self, file: FileId) -> bool {
        self.program.units[file].role == Role::Outline
    }

    /// A place of the program: for code of an outline the call that led there.
    pub(crate) fn shown(&self, place: Place) -> Place {
        if self.is_outline(place.file) { self.outlines.outside } else { place }
    }

    /// The file of the program on whose behalf code runs.
    pub(crate) fn speaking_file(&self) -> FileId {
        if self.is_outline(self.cx.file) { self.outlines.outside.file } else { self.cx.file }
    }

    /// A place of the program calls into code of a file: where that is an outline, the place stands for it. Gives what
    /// to go back to.
    pub(crate) fn enter_outline(&mut self, file: FileId) -> Place {
        let outer = self.outlines.outside;
        if self.is_outline(file)
            && let Some(place) = self.call_places.last().filter(|place| !self.is_outline(place.file))
        {
            self.outlines.outside = *place;
        }
        outer
    }

    /// What the stored data is called that an outline reads or writes: it is given a class or a query.
    pub(crate) fn target_of_args(&self, args: &[Value]) -> String {
        let known =
            args.iter().find_map(|arg| match (arg.meta.as_ref().and_then(|meta| meta.row), &arg.shape) {
                (Some(row), _) => Some(self.effects[row].target.clone()),
                (None, Shape::Class(_)) => self.name_of(arg),
                _ => None,
            });
        known.unwrap_or_else(|| "data".to_owned())
    }

    /// What the program calls of an outline may be misused like anything else of a library. It is known by the package
    /// and the names of the outline, whichever module the program has taken it from.
    pub(crate) fn note_outlined_call(&mut self, function: &Value, args: &[Value], place: Place) {
        if self.outlines.by_package.is_empty() || self.is_outline(self.cx.file) {
            return;
        }
        let (file, class, name) = match function.shape {
            Shape::Class(id) => (self.heap.classes[id].file, Some(self.heap.classes[id].class), None),
            Shape::Closure(id) => {
                let closure = self.closure_of(id);
                let code = &self.module(closure.file).functions[closure.func];
                (closure.file, code.class, code.name)
            }
            _ => return,
        };
        if !self.is_outline(file) {
            return;
        }
        let module = self.module(file);
        let class = class.and_then(|class| module.classes[class].name);
        let names = [class, name].into_iter().flatten().map(|name| module.text(name));
        let package = package_of(&self.program.units[file].path);
        let path = names.fold(package.to_owned(), |path, name| format!("{path}.{name}"));
        let path = self.symbols.sym(&path);
        self.note_misuse(Site { path, this: None, args, place });
    }

    /// What an outline says that a path is.
    pub(crate) fn outlined(&mut self, path: Sym) -> Option<Value> {
        if self.outlines.by_package.is_empty() {
            return None;
        }
        let found = if let Some(found) = self.outlines.found.get(&path) {
            *found
        } else {
            let found = self.find_outlined(path);
            self.outlines.found.insert(path, found);
            found
        };
        let (file, name) = found?;
        self.load(file);
        self.export(file, name, 0).filter(|value| !matches!(value.shape, Shape::Undefined))
    }

    /// The outline of the nearest package around a path that has a name of its own for it.
    fn find_outlined(&self, path: Sym) -> Option<(FileId, Sym)> {
        let text = self.symbols.text(path);
        let (mut package, name) = text.rsplit_once('.')?;
        loop {
            if let Some(file) = self.outlines.by_package.get(package).copied()
                && self.own_slot(file, name).is_some()
            {
                return Some((file, self.symbols.sym(name)));
            }
            package = package.rsplit_once('.')?.0;
        }
    }

    /// What a file binds a name to at its top, other than by taking it from elsewhere.
    pub(crate) fn own_slot(&self, file: FileId, name: &str) -> Option<SlotId> {
        let module = &self.program.units[file].module;
        module.exports.iter().find_map(|export| match *export {
            Export::Slot { name: own, slot } if module.text(own) == name => {
                (module.slots[slot].kind != SlotKind::Import).then_some(slot)
            }
            _ => None,
        })
    }

    /// The value that a dotted name of a module and what is in it stands for: `package.module.Class.method`.
    pub(crate) fn named_by_path(&mut self, text: &str) -> Value {
        let from = self.speaking_file();
        let mut place = Place { file: from, span: routeward_base::Span::default() };
        for (at, _) in text.rmatch_indices('.') {
            match (self.program.resolve)(from, &text[..at]) {
                routeward_ir::Target::File(target) => {
                    self.load(target);
                    let mut names = text[at + 1..].split('.');
                    let name = self.symbols.sym(names.next().unwrap_or_default());
                    let Some(mut value) = self.member_of_module(target, name) else { break };
                    place.file = target;
                    for name in names {
                        let name = self.symbols.sym(name);
                        value = self.get(&value, name, place);
                    }
                    return value;
                }
                routeward_ir::Target::Package(_) => {
                    let path = self.symbols.sym(text);
                    return self.external(path, place);
                }
                routeward_ir::Target::Missing => {}
            }
        }
        match (self.program.resolve)(from, text) {
            routeward_ir::Target::File(target) => {
                self.load(target);
                self.namespace(target)
            }
            _ => Value::UNKNOWN,
        }
    }

    /// What a module has under a name, be it its own or opened.
    pub(crate) fn member_of_module(&mut self, file: FileId, name: Sym) -> Option<Value> {
        let own = self.export(file, name, 0).filter(|value| !matches!(value.shape, Shape::Undefined));
        own.or_else(|| self.opened(file, name))
    }
}
