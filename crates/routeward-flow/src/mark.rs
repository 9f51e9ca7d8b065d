//! Decorators as values: what they are made of, what they store, and what they say of the members of a class.
//!
//! A decorator is evaluated as the expression it is, in the environment of its class, once.

use std::rc::Rc;

use routeward_base::FileId;
use routeward_catalog::{ActionRow, ControllerRow, MetadataRow, Says};
use routeward_diag::Place;
use routeward_ir::{ExprId, FuncId, MemberKind};

use crate::Sym;
use crate::eval::{Cx, Evaluator, Path};
use crate::event::{Subject, SubjectId};
use crate::heap::Object;
use crate::index::Row;
use crate::modelled::Site;
use crate::sweep::{Live, Trace};
use crate::value::{ClassValueId, Closure, FrameId, Shape, Truth, Value};

/// A decorator as it was applied.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// What was applied.
    pub path: Sym,
    /// What made the decorator, if a call of a dependency did.
    pub maker: Option<Value>,
    /// With what.
    pub args: Rc<[Value]>,
    /// The expression.
    pub place: Place,
}

impl Trace for Mark {
    fn trace(&self, live: &mut Live) {
        let Self { path: _, maker, args, place: _ } = self;
        maker.trace(live);
        args.trace(live);
    }
}

impl<'p> Evaluator<'p> {
    /// The value of applying a decorator that a model knows.
    pub(crate) fn decoration(
        &mut self,
        path: Sym,
        maker: Option<&Value>,
        args: &[Value],
        place: Place,
    ) -> Value {
        let mut object = Object::new(Some(place));
        object.ty = Some(self.symbols.call(path));
        object.args = args.into();
        if let Some(maker) = maker {
            object.fields.push((self.symbols.sym(MAKER), maker.clone()));
        }
        Value::object(self.heap.object(object))
    }

    /// The decorators of a declaration, outermost first.
    pub(crate) fn marks(&mut self, file: FileId, env: FrameId, decorators: &[ExprId]) -> Vec<Mark> {
        let mut all = Vec::new();
        for expr in decorators {
            let key = (file, *expr, env);
            let known = self.declarations.marks.get(&key).cloned();
            let marks = known.unwrap_or_else(|| {
                let value = self.eval_in(file, env, *expr);
                let place = Place { file, span: self.module(file).expr_spans[*expr] };
                let mut marks = Vec::new();
                self.collect_marks(&value, place, 0, &mut marks);
                let marks: Rc<[Mark]> = marks.into();
                self.declarations.marks.insert(key, marks.clone());
                marks
            });
            all.extend(marks.iter().cloned());
        }
        all
    }

    /// Evaluates an expression of a class's or parameter's declaration, outside of any run: what it makes stays.
    pub(crate) fn eval_in(&mut self, file: FileId, env: FrameId, expr: ExprId) -> Value {
        let outer = std::mem::replace(&mut self.cx, Cx { file, frame: env });
        let path = std::mem::replace(&mut self.path, Path { is_live: true, ..Path::default() });
        let run = self.run.take();
        let since = self.heap.stand();
        let value = self.eval(expr);
        self.heap.settle_since(since);
        (self.cx, self.path, self.run) = (outer, path, run);
        value
    }

    pub(crate) fn collect_marks(&mut self, value: &Value, place: Place, depth: u32, marks: &mut Vec<Mark>) {
        for value in value.alternatives() {
            let mark = match value.shape {
                Shape::External(path) => Mark { path, maker: None, args: Rc::from([]), place },
                Shape::Object(id) => {
                    let Some(ty) = self.heap.objects[id].ty else { continue };
                    let text = self.symbols.text(ty);
                    let Some(path) = text.strip_suffix("()") else { continue };
                    let maker = self.heap.objects[id].field(self.symbols.sym(MAKER)).cloned();
                    Mark {
                        path: self.symbols.sym(path),
                        maker,
                        args: self.heap.objects[id].args.clone(),
                        place,
                    }
                }
                _ => continue,
            };
            let rows = self.index.rows(mark.path, &self.symbols);
            let all = rows.iter().find_map(|matched| match matched.row {
                Row::Decorate(row) if row.says == Some(Says::All) => Some(row),
                _ => None,
            });
            match all {
                Some(row) if depth < 8 => {
                    let parts = self.mark_access(&mark, &row.chain);
                    for part in self.flat(parts) {
                        self.collect_marks(&part, place, depth + 1, marks);
                    }
                }
                _ => marks.push(mark),
            }
        }
    }

    pub(crate) fn mark_access(&mut self, mark: &Mark, access: &str) -> Vec<Value> {
        // What the decorator makes is itself the function: its rows say what it does.
        if access == "return" {
            let ty = self.symbols.call(mark.path);
            return vec![self.opaque_object(ty, &mark.args, mark.place)];
        }
        let site = Site { path: mark.path, this: mark.maker.as_ref(), args: &mark.args, place: mark.place };
        self.access(access, site)
    }

    /// The rows that speak of a decorator, with the package of each.
    pub(crate) fn mark_rows(&mut self, mark: &Mark) -> Vec<(Row<'p>, &'p str)> {
        let rows = self.index.rows(mark.path, &self.symbols);
        let mut fitting = Vec::new();
        for matched in rows.iter() {
            if self.version_fits(matched.package, matched.version) {
                fitting.push((matched.row, matched.package));
            }
        }
        fitting
    }

    /// The class and those it derives from.
    pub(crate) fn bases(&self, class: ClassValueId) -> Vec<ClassValueId> {
        let mut classes = vec![class];
        while let Some(last) = classes.last()
            && classes.len() < 16
        {
            match self.heap.classes[*last].base.as_ref().map(|base| &base.shape) {
                Some(Shape::Class(base)) if !classes.contains(base) => classes.push(*base),
                _ => break,
            }
        }
        classes
    }

    pub(crate) fn class_marks(&mut self, class: ClassValueId) -> Vec<Mark> {
        let (file, code, env) = self.class_code(class);
        let decorators = self.module(file).classes[code].decorators.clone();
        self.marks(file, env, &decorators)
    }

    pub(crate) fn class_code(&self, class: ClassValueId) -> (FileId, routeward_ir::ClassId, FrameId) {
        let value = &self.heap.classes[class];
        (value.file, value.class, value.env)
    }

    pub(crate) fn method_marks(&mut self, file: FileId, env: FrameId, func: FuncId) -> Vec<Mark> {
        let decorators = self.module(file).functions[func].decorators.clone();
        self.marks(file, env, &decorators)
    }

    pub(crate) fn is_controller(&mut self, class: ClassValueId) -> bool {
        let (file, code, _) = self.class_code(class);
        let module = self.module(file);
        let class_of = &module.classes[code];
        let is_marked = |func: FuncId| !module.functions[func].decorators.is_empty();
        let mut methods = class_of.members.iter().filter_map(method_code);
        let has_any = !class_of.decorators.is_empty() || methods.any(is_marked);
        has_any
            && self.program.units[file].role == routeward_ir::Role::Source
            && self.controller_row(class).is_some()
    }

    /// The row that makes a class a controller, and the decorator; inherited from a base class where it has none.
    pub(crate) fn controller_row(
        &mut self,
        class: ClassValueId,
    ) -> Option<(&'p ControllerRow, &'p str, Mark)> {
        for class in self.bases(class) {
            for mark in self.class_marks(class) {
                for (row, package) in self.mark_rows(&mark) {
                    if let Row::Controller(row) = row {
                        return Some((row, package, mark));
                    }
                }
            }
        }
        self.row_of_methods(class)
    }

    /// The row that methods of a class without a decorator of its own ask for.
    fn row_of_methods(&mut self, class: ClassValueId) -> Option<(&'p ControllerRow, &'p str, Mark)> {
        let (file, code, env) = self.class_code(class);
        let methods: Vec<FuncId> =
            self.module(file).classes[code].members.iter().filter_map(method_code).collect();
        for mark in
            methods.into_iter().flat_map(|func| self.method_marks(file, env, func)).collect::<Vec<_>>()
        {
            for (row, _) in self.mark_rows(&mark) {
                let Row::Action(ActionRow { controller, .. }) = row else { continue };
                if controller.is_empty() {
                    continue;
                }
                let mark = Mark {
                    path: self.symbols.sym(controller),
                    maker: None,
                    args: Rc::from([]),
                    place: mark.place,
                };
                let found = self.mark_rows(&mark).into_iter().find_map(|(row, package)| match row {
                    Row::Controller(row) => Some((row, package)),
                    _ => None,
                });
                if let Some((row, package)) = found {
                    return Some((row, package, mark));
                }
            }
        }
        None
    }

    /// The endpoint being judged.
    pub(crate) fn current_subject(&self) -> Option<Subject> {
        self.declarations.current.map(|id| self.declarations.subjects[id].clone())
    }

    /// Sets the endpoint that what runs next is run for.
    pub fn judge_subject(&mut self, subject: Option<SubjectId>) {
        self.declarations.current = subject;
    }

    /// Sets the names of the parameters in the template of the endpoint that what runs next is run for.
    pub fn judge_template(&mut self, names: &[String]) {
        self.declarations.template = names.iter().map(|name| self.symbols.sym(name)).collect();
    }

    /// An endpoint that decorators declare.
    pub fn subject(&self, id: SubjectId) -> &Subject {
        &self.declarations.subjects[id]
    }

    pub(crate) fn look_up_metadata(&mut self, row: &MetadataRow, site: Site<'_>) -> Value {
        let Some(key) = self.access(&row.key, site).into_iter().next() else { return Value::UNKNOWN };
        let targets = self.access(&row.targets, site);
        let targets = self.flat(targets);
        let mut merged = Vec::new();
        for target in &targets {
            if !matches!(target.shape, Shape::Closure(_) | Shape::Class(_)) {
                return Value::UNKNOWN;
            }
            match self.stored(target, &key) {
                Some(value) if row.is_merged => {
                    merged.extend(self.known_elements(&value).unwrap_or_else(|| vec![value]));
                }
                Some(value) => return value,
                None => {}
            }
        }
        if row.is_merged { self.heap.array(merged, false, Some(site.place)) } else { Value::UNDEFINED }
    }

    /// What the decorators of a function or class have stored under a key.
    pub(crate) fn stored(&mut self, target: &Value, key: &Value) -> Option<Value> {
        let marks = match target.shape {
            Shape::Closure(id) => {
                let Closure { file, func, env, .. } = *self.closure_of(id);
                self.method_marks(file, env, func)
            }
            Shape::Class(class) => {
                let classes = self.bases(class);
                classes.into_iter().flat_map(|class| self.class_marks(class)).collect()
            }
            _ => return None,
        };
        for mark in marks {
            for (row, _) in self.mark_rows(&mark) {
                let Row::Decorate(row) = row else { continue };
                let Some((name, values)) = row.metadata.split_first() else { continue };
                let is_key =
                    self.mark_access(&mark, name).first().is_some_and(|known| known.shape == key.shape);
                if !is_key {
                    continue;
                }
                for access in values {
                    if access == "true" {
                        return Some(Value::bool(true));
                    }
                    let found = self.mark_access(&mark, access);
                    if let Some(value) = found.into_iter().find(|value| !value.is_nullish()) {
                        return Some(value);
                    }
                }
            }
        }
        None
    }

    /// True if the endpoint being judged carries something truthy under a key.
    pub(crate) fn is_marked(&mut self, key: &str) -> bool {
        let Some(subject) = self.current_subject().filter(|_| !key.is_empty()) else { return false };
        let key = Value::str(self.symbols.sym(key));
        let found = self.stored(&subject.handler, &key).or_else(|| self.stored(&subject.class, &key));
        found.is_some_and(|value| self.truth(&value) == Truth::Truthy)
    }

    /// True if members of a class say what they have to satisfy.
    pub(crate) fn is_constrained(&mut self, class: &Value) -> bool {
        let id = match class.shape {
            Shape::Class(id) => id,
            Shape::Object(id) => match self.heap.objects[id].class.clone() {
                Some(class) => return self.is_constrained(&class),
                None => return false,
            },
            _ => return false,
        };
        if let Some(known) = self.declarations.constrained.get(&id) {
            return *known;
        }
        let mut is_constrained = false;
        for class in self.bases(id) {
            let (file, code, env) = self.class_code(class);
            for member in &self.module(file).classes[code].members {
                let marks = self.marks(file, env, &member.decorators);
                is_constrained |= marks.iter().any(|mark| self.says_constraint(mark.path));
            }
            let base = self.heap.classes[class].base.as_ref().and_then(|base| match base.shape {
                Shape::External(path) => Some(path),
                Shape::Object(id) => self.heap.objects[id].ty,
                _ => None,
            });
            is_constrained |= base.is_some_and(|base| self.says_constraint(base));
        }
        self.declarations.constrained.insert(id, is_constrained);
        is_constrained
    }

    pub(crate) fn says_constraint(&self, path: Sym) -> bool {
        self.says(path, Says::Constraint)
    }

    pub(crate) fn says(&self, path: Sym, what: Says) -> bool {
        let says = |row: &Row<'_>| matches!(row, Row::Decorate(row) if row.says == Some(what));
        self.index.rows(path, &self.symbols).iter().any(|matched| says(&matched.row))
    }
}

/// The hidden member by which a decorator knows the object that made it.
const MAKER: &str = "$maker";

fn method_code(member: &routeward_ir::Member) -> Option<FuncId> {
    match member.kind {
        MemberKind::Method(func) => Some(func),
        _ => None,
    }
}
