//! Values across files: imports and exports.

use routeward_base::FileId;
use routeward_diag::Place;
use routeward_ir::{Export, ImportId, ImportKind, Imported, SlotId, Target};

use crate::Sym;
use crate::eval::{Cx, Evaluator};
use crate::value::{Shape, Value};

impl Evaluator<'_> {
    /// The value bound by an import declaration, read when it is used.
    pub(crate) fn import_slot(&mut self, file: FileId, slot: SlotId) -> Value {
        self.prepare(file);
        match self.modules[file].imported.get(&slot).copied() {
            Some((import, imported)) => self.imported(file, import, imported),
            None => Value::UNKNOWN,
        }
    }

    fn imported(&mut self, file: FileId, import: ImportId, imported: Imported) -> Value {
        match self.program.units[file].targets.get(import).cloned() {
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
                        let name = self.sym(file, name);
                        self.export(target, name, 0).unwrap_or(Value::UNKNOWN)
                    }
                }
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

    /// The value of a module as a call or dynamic import gives it.
    pub(crate) fn imported_module(&mut self, file: FileId, import: ImportId) -> Value {
        let is_dynamic = self.module(file).imports[import].kind == ImportKind::Dynamic;
        match self.program.units[file].targets.get(import).cloned() {
            Some(target) => self.target_value(file, &target, is_dynamic),
            None => Value::UNKNOWN,
        }
    }

    /// A module whose name was evaluated.
    pub(crate) fn computed_module(&mut self, name: &Value, _place: Place) -> Value {
        let file = self.cx.file;
        let Shape::Str(name) = name.shape else { return Value::UNKNOWN };
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
