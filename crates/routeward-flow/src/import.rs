//! Values across files: imports and exports.

use routeward_base::FileId;
use routeward_diag::Place;
use routeward_ir::{Export, ImportId, ImportKind, Imported, SlotId, Target};

use crate::Sym;
use crate::eval::{Cx, Evaluator};
use crate::index::Row;
use crate::modelled::Site;
use crate::value::{Shape, Value};

/// The path of what loads a module whose name is computed, for rows about it.
const LOADS: &str = "import()";

impl Evaluator<'_> {
    /// The value bound by an import declaration, read when it is used.
    pub(crate) fn import_slot(&mut self, file: FileId, slot: SlotId) -> Value {
        self.prepare(file);
        let Some((import, imported)) = self.modules[file].imported.get(&slot).copied() else {
            return Value::UNKNOWN;
        };
        // Modules that take a name from each other.
        if self.importing.contains(&(file, slot)) {
            return Value::UNKNOWN;
        }
        self.importing.push((file, slot));
        let value = self.imported(file, import, imported);
        self.importing.pop();
        value
    }

    fn imported(&mut self, file: FileId, import: ImportId, imported: Imported) -> Value {
        match self.program.units[file].targets.get(import).cloned() {
            Some(Target::Missing) => self.fallback(file, import, imported).unwrap_or(Value::UNKNOWN),
            Some(Target::File(target)) => {
                self.load(target);
                match imported {
                    Imported::Namespace => self.namespace(target),
                    Imported::Default => {
                        let name = self.symbols.sym("default");
                        // A module that assigns its exports as a whole has no other default.
                        self.export(target, name, 0).unwrap_or_else(|| self.modules[target].exports.clone())
                    }
                    Imported::Named(name) => {
                        // A package that takes a module of its own: the name is what is being bound.
                        if target == file
                            && let Some(found) = self.fallback(file, import, imported)
                        {
                            return found;
                        }
                        let exported = self.sym(file, name);
                        match self.export(target, exported, 0) {
                            Some(value) if !matches!(value.shape, Shape::Undefined) => value,
                            other => {
                                let found = self.fallback(file, import, imported);
                                found.or(other).unwrap_or(Value::UNKNOWN)
                            }
                        }
                    }
                }
            }
            Some(Target::Package(_)) if self.has_fallback(file, import, imported) => {
                self.fallback(file, import, imported).unwrap_or(Value::UNKNOWN)
            }
            Some(Target::Package(package)) => {
                let path = self.symbols.sym(&package);
                let place = Place { file, span: self.module(file).imports[import].span };
                match imported {
                    Imported::Default | Imported::Namespace => self.external(path, place),
                    Imported::Named(name) => {
                        let name = self.sym(file, name);
                        let path = if self.symbols.with(name, |text| text == "default") {
                            path
                        } else {
                            self.symbols.join(path, name)
                        };
                        self.external(path, place)
                    }
                }
            }
            _ => Value::UNKNOWN,
        }
    }

    /// True if the name may mean a module of the repository.
    fn has_fallback(&self, file: FileId, import: ImportId, imported: Imported) -> bool {
        let bindings = &self.module(file).imports[import].bindings;
        let fallback = bindings.iter().find(|binding| binding.imported == imported);
        let fallback = fallback.and_then(|binding| binding.fallback);
        let target = fallback.and_then(|fallback| self.program.units[file].targets.get(fallback));
        matches!(target, Some(Target::File(_)))
    }

    /// The module that a name means which the other module does not export.
    fn fallback(&mut self, file: FileId, import: ImportId, imported: Imported) -> Option<Value> {
        let bindings = &self.module(file).imports[import].bindings;
        let fallback = bindings.iter().find(|binding| binding.imported == imported)?.fallback?;
        match self.program.units[file].targets.get(fallback)? {
            Target::File(target) => {
                let target = *target;
                self.load(target);
                Some(self.namespace(target))
            }
            _ => None,
        }
    }

    /// Runs the other module of an import statement that stands where it is executed.
    pub(crate) fn run_import(&mut self, import: ImportId) {
        let file = self.cx.file;
        if self.module(file).imports[import].kind != ImportKind::InPlace {
            self.imported_module(file, import);
            return;
        }
        if let Some(Target::File(target)) = self.program.units[file].targets.get(import) {
            let target = *target;
            self.load(target);
        }
        // A name that the other module does not have is a module of its own, and runs now.
        let bindings: Vec<(Option<ImportId>, Imported)> = self.module(file).imports[import]
            .bindings
            .iter()
            .map(|binding| (binding.fallback, binding.imported))
            .collect();
        for (fallback, imported) in bindings {
            let Some(fallback) = fallback else { continue };
            let Some(Target::File(inner)) = self.program.units[file].targets.get(fallback).cloned() else {
                continue;
            };
            let has_own = match (self.program.units[file].targets.get(import), imported) {
                (Some(Target::File(target)), Imported::Named(name)) => {
                    let (target, name) = (*target, self.sym(file, name));
                    self.declares(target, name)
                }
                _ => false,
            };
            if !has_own {
                self.load(inner);
            }
        }
    }

    /// True if a file binds the name itself.
    fn declares(&mut self, file: FileId, name: Sym) -> bool {
        self.prepare(file);
        let exports = &self.module(file).exports;
        exports
            .iter()
            .any(|export| matches!(export, Export::Slot { name: own, .. } if self.sym(file, *own) == name))
    }

    /// A name that the file takes from a module whose names it takes all.
    pub(crate) fn opened(&mut self, file: FileId, name: Sym) -> Option<Value> {
        let opened = &self.module(file).opened;
        for import in opened {
            if let Some(Target::File(target)) = self.program.units[file].targets.get(*import) {
                let target = *target;
                self.load(target);
                let found = self.export(target, name, 0);
                if let Some(found) = found.filter(|found| !matches!(found.shape, Shape::Undefined)) {
                    return Some(found);
                }
            }
        }
        if opened.is_empty() || !self.index.rows(name, &self.symbols).is_empty() {
            return None;
        }
        // A library that is opened may have it.
        opened.iter().find_map(|import| match self.program.units[file].targets.get(*import) {
            Some(Target::Package(package)) => {
                let path = self.symbols.join(self.symbols.sym(package), name);
                let is_known = !self.index.rows(path, &self.symbols).is_empty()
                    || self.index.made_by(path, &self.symbols).is_some();
                is_known.then(|| Value::new(Shape::External(path)))
            }
            _ => None,
        })
    }

    /// The value of a module as a call or dynamic import gives it.
    pub(crate) fn imported_module(&mut self, file: FileId, import: ImportId) -> Value {
        let kind = self.module(file).imports[import].kind;
        let is_dynamic = matches!(kind, ImportKind::Dynamic | ImportKind::InPlace);
        match self.program.units[file].targets.get(import).cloned() {
            Some(target) => self.target_value(file, &target, is_dynamic),
            None => Value::UNKNOWN,
        }
    }

    /// A module whose name was evaluated.
    pub(crate) fn computed_module(&mut self, name: &Value, place: Place) -> Value {
        let path = self.symbols.sym(LOADS);
        let args = std::slice::from_ref(name);
        for matched in self.index.rows(path, &self.symbols).iter() {
            if let Row::Sink(row) = matched.row {
                self.sink(row, Site { this: None, args, path, place });
            }
        }
        let file = self.speaking_file();
        let Shape::Str(name) = name.shape else {
            let chosen = self.chosen_module(name);
            if chosen.is_none() {
                let begins = self.beginning(name).map(|(start, _)| start).unwrap_or_default();
                self.loads_unknown.insert((place, begins));
            }
            return chosen.unwrap_or(Value::UNKNOWN);
        };
        let target = (self.program.resolve)(file, &self.relative(file, &self.symbols.text(name)));
        self.target_value(file, &target, false)
    }

    /// A path of the repository as seen from a file; any other name as it is.
    fn relative(&self, file: FileId, name: &str) -> String {
        let Some(path) = name.strip_prefix('/') else { return name.to_owned() };
        let depth = self.program.units[file].path.matches('/').count();
        format!("./{}{path}", "../".repeat(depth))
    }

    /// The module in a file of the repository, by its path.
    pub(crate) fn module_at(&mut self, path: &str) -> Value {
        let file = self.cx.file;
        let target = (self.program.resolve)(file, &self.relative(file, &format!("/{path}")));
        self.target_value(file, &target, false)
    }

    fn target_value(&mut self, file: FileId, target: &Target, is_dynamic: bool) -> Value {
        match target {
            Target::File(target) => {
                self.load(*target);
                if is_dynamic || !self.module(*target).exports.is_empty() {
                    return self.namespace(*target);
                }
                self.modules[*target].exports.clone()
            }
            Target::Package(package) => {
                let path = self.symbols.sym(package);
                self.external(path, Place { file, span: routeward_base::Span::default() })
            }
            Target::Missing => Value::UNKNOWN,
        }
    }

    /// All exports as one object: the object the module assigns to, completed by its declared exports.
    pub(crate) fn namespace(&mut self, file: FileId) -> Value {
        let exports = self.modules[file].exports.clone();
        let Shape::Object(id) = exports.shape else { return exports };
        for export in &self.module(file).exports {
            match *export {
                Export::Slot { name, slot }
                    if self.module(file).slots[slot].kind != routeward_ir::SlotKind::Import =>
                {
                    let name = self.sym(file, name);
                    let Some(frame) = self.modules[file].frame else { continue };
                    let outer = std::mem::replace(&mut self.cx, Cx { file, frame });
                    let value = self.read_local(slot);
                    self.cx = outer;
                    if let Some(value) = value {
                        self.heap.write(crate::heap::Loc::Field(id, name), Some(value));
                    }
                }
                // A name that will be imported further down.
                Export::Slot { .. } if self.is_running(file) => {}
                Export::Slot { name, .. } | Export::From { name, .. } => {
                    let name = self.sym(file, name);
                    if let Some(value) = self.export(file, name, 0) {
                        self.heap.write(crate::heap::Loc::Field(id, name), Some(value));
                    }
                }
                Export::All { import } => {
                    if let Some(Target::File(target)) = self.program.units[file].targets.get(import).cloned()
                        && target != file
                        && !self.namespaces.contains(&target)
                    {
                        self.namespaces.push(target);
                        self.load(target);
                        let all = self.namespace(target);
                        self.namespaces.pop();
                        self.spread_into(id, &all);
                    }
                }
            }
        }
        exports
    }

    /// An export by name.
    pub(crate) fn export(&mut self, file: FileId, name: Sym, depth: u32) -> Option<Value> {
        if depth > 32 {
            return None;
        }
        self.prepare(file);
        for export in &self.module(file).exports {
            match *export {
                Export::Slot { name: exported, slot } if self.sym(file, exported) == name => {
                    let frame = self.modules[file].frame?;
                    if self.module(file).slots[slot].kind == routeward_ir::SlotKind::Import {
                        return Some(self.import_slot(file, slot));
                    }
                    let outer = std::mem::replace(&mut self.cx, Cx { file, frame });
                    let value = self.read_local(slot);
                    self.cx = outer;
                    return value;
                }
                Export::From { name: exported, import, imported } if self.sym(file, exported) == name => {
                    return Some(self.imported(file, import, imported));
                }
                _ => {}
            }
        }
        if let Shape::Object(id) = self.modules[file].exports.shape
            && let Some(value) = self.heap.objects[id].field(name)
        {
            return Some(value.clone());
        }
        if let Shape::External(_) | Shape::Closure(_) | Shape::Class(_) = self.modules[file].exports.shape {
            let exports = self.modules[file].exports.clone();
            if self.symbols.with(name, |text| text != "default") {
                return Some(self.get(&exports, name, Place { file, span: routeward_base::Span::default() }));
            }
        }
        for export in &self.module(file).exports {
            let Export::All { import } = *export else { continue };
            match self.program.units[file].targets.get(import).cloned() {
                Some(Target::File(target)) => {
                    self.load(target);
                    if let Some(value) = self.export(target, name, depth + 1) {
                        return Some(value);
                    }
                }
                Some(Target::Package(package)) => {
                    let path = self.symbols.sym(&package);
                    return Some(Value::new(Shape::External(self.symbols.join(path, name))));
                }
                _ => {}
            }
        }
        None
    }
}
