//! Views: functions that a library makes of a class, and functions that decorators of a library make of another one.
//! A view answers by the method of a new instance that is named as the request's method.

use routeward_catalog::{Holds, SourceKind, ViewRow};
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::fact::FactKind;
use crate::heap::Loc;
use crate::index::Row;
use crate::modelled::{MAKER, Site};
use crate::value::{ClassValueId, ObjId, Shape, Value};

impl<'p> Evaluator<'p> {
    /// The view that a call makes of a class, inside of the functions that the class says wrap it.
    pub(crate) fn make_view(&mut self, row: &'p ViewRow, site: Site<'_>) -> Option<Value> {
        let found = self.access(&row.class, site);
        let class = found.into_iter().find(|value| matches!(value.shape, Shape::Class(_)))?;
        let Shape::Class(id) = class.shape else { return None };
        let ty = self.symbols.call(site.path);
        let mut view = self.opaque_object(ty, &[class], site.place);
        for decorator in self.listed(id, &row.decorators, "") {
            view = self.call(&decorator, &Value::UNDEFINED, &[view], site.place);
        }
        Some(view)
    }

    /// The view that the `view` row of `path` makes of a class; the class itself where there is no such row.
    pub(crate) fn view_of_class(&mut self, path: &str, class: &Value, place: Place) -> Value {
        let path = self.symbols.sym(path);
        let site = Site { path, this: Some(class), args: &[], place };
        let rows = self.index.rows(path, &self.symbols);
        let row = rows.iter().find_map(|matched| match matched.row {
            Row::View(row) => Some(row),
            _ => None,
        });
        row.and_then(|row| self.make_view(row, site)).unwrap_or_else(|| class.clone())
    }

    /// The row and class of an object that is a view.
    pub(crate) fn view_of_object(&self, id: ObjId) -> Option<(&'p ViewRow, ClassValueId)> {
        let object = &self.heap.objects[id];
        let Some(Value { shape: Shape::Class(class), .. }) = object.args.first() else { return None };
        let text = self.symbols.text(object.ty?);
        let path = self.symbols.sym(text.strip_suffix("()")?);
        let rows = self.index.rows(path, &self.symbols);
        rows.iter().find_map(|matched| match matched.row {
            Row::View(row) => Some((row, *class)),
            _ => None,
        })
    }

    /// The methods of requests that a view answers; `None` for what is no view.
    pub(crate) fn view_methods(&mut self, value: &Value) -> Option<Vec<String>> {
        let Shape::Object(id) = self.innermost(value).shape else { return None };
        let (row, class) = self.view_of_object(id)?;
        if self.member_of(class, &row.dispatch).is_some() {
            let methods: Vec<String> = self
                .listed(class, &row.methods, "")
                .iter()
                .filter_map(|method| match method.shape {
                    Shape::Str(text) => Some(self.symbols.text(text).to_uppercase()),
                    _ => None,
                })
                .collect();
            let has_own = row.verbs.iter().any(|verb| self.member_of(class, verb).is_some());
            if !methods.is_empty() || !has_own {
                return Some(if methods.is_empty() { vec!["GET".to_owned()] } else { methods });
            }
        }
        let has = |this: &mut Self, verb: &String| this.member_of(class, verb).is_some();
        let verbs = row.verbs.iter().filter(|verb| has(self, verb));
        Some(verbs.map(|verb| verb.to_uppercase()).collect())
    }

    /// The method of a class that answers requests of a method, with the class, where `value` is a view of it.
    pub fn view_method(&mut self, value: &Value, method: &str) -> Option<(Value, Value)> {
        let Shape::Object(id) = self.innermost(value).shape else { return None };
        let (row, class) = self.view_of_object(id)?;
        let verb = method.to_lowercase();
        let function = self.member_of(class, &verb).or_else(|| self.member_of(class, &row.dispatch))?;
        Some((Value::new(Shape::Class(class)), function))
    }

    /// The whole code of the function that answers requests of a method, inside of those that wrap it.
    pub fn extent(&mut self, value: &Value, method: &str) -> Option<Place> {
        let function = match self.view_method(value, method) {
            Some((_, function)) => function,
            None => value.clone(),
        };
        let Shape::Closure(id) = self.innermost(&function).shape else { return None };
        let closure = self.closure_of(id);
        let span = self.module(closure.file).functions[closure.func].span;
        Some(Place { file: closure.file, span })
    }

    /// Answers the request under way by the method of a new instance.
    pub(crate) fn answer_by_view(
        &mut self,
        row: &'p ViewRow,
        class: ClassValueId,
        args: &[Value],
        place: Place,
    ) -> Value {
        let Shape::Str(method) = self.request_line_value(SourceKind::Method).shape else {
            return Value::UNKNOWN;
        };
        let verb = self.symbols.text(method).to_lowercase();
        self.assume_unseen_bases(row, class, place);
        let instance = self.construct(&Value::new(Shape::Class(class)), &[], place);
        let name = match self.member_of(class, &row.dispatch) {
            Some(_) => row.dispatch.clone(),
            None => verb.clone(),
        };
        let name = self.symbols.sym(&name);
        let Some(function) = self.attribute(class, name, Some(&instance)) else { return Value::UNKNOWN };
        let mut function = self.with_receiver(function, &instance);
        for decorator in self.listed(class, &row.method_decorators, &verb) {
            function = self.call(&decorator, &Value::UNDEFINED, &[function], place);
        }
        self.call(&function, &instance, args, place)
    }

    /// A base class that is not seen may verify the caller before it calls a method.
    fn assume_unseen_bases(&mut self, row: &'p ViewRow, class: ClassValueId, place: Place) {
        let makes = row.call.first().and_then(|path| path.rsplit('.').next()).unwrap_or("");
        let makes = self.symbols.sym(makes);
        let lineage = self.heap.classes[class].lineage.clone();
        for base in lineage.iter() {
            let about = match base.shape {
                Shape::Class(_) => continue,
                Shape::External(path) => {
                    let rows = self.index.rows(self.symbols.join(path, makes), &self.symbols);
                    let is_view = rows.iter().any(|matched| matches!(matched.row, Row::View(_)));
                    let is_plain = self.symbols.with(path, |path| {
                        !path.contains('.') || path.starts_with("abc.") || path.starts_with("typing.")
                    });
                    if is_view || is_plain {
                        continue;
                    }
                    path
                }
                _ => self.symbols.sym("a base class"),
            };
            let opaque = self.fact(FactKind::Opaque(about), place, "may verify the caller", about);
            self.assume(&opaque);
        }
    }

    /// What a decorator of a library has made of a method gets the instance as its first argument.
    fn with_receiver(&mut self, function: Value, instance: &Value) -> Value {
        let Shape::Object(id) = function.shape else { return function };
        let wrapped = self.heap.objects[id].args.clone();
        let bound: Vec<Value> = wrapped
            .iter()
            .map(|value| match value.shape {
                Shape::Closure(_) => self.bound_to(value.clone(), Some(instance)),
                Shape::Object(_) if self.is_wrappable(value) => self.with_receiver(value.clone(), instance),
                _ => value.clone(),
            })
            .collect();
        let mut object = self.heap.objects[id].clone();
        object.args = bound.into();
        Value { shape: Shape::Object(self.heap.object(object)), meta: function.meta }
    }

    /// A member that the program's classes define.
    fn member_of(&mut self, class: ClassValueId, name: &str) -> Option<Value> {
        if name.is_empty() {
            return None;
        }
        let name = self.symbols.sym(name);
        self.attribute(class, name, None).filter(|value| !value.is_nullish())
    }

    /// What a member of a class lists, or lists for a verb.
    fn listed(&mut self, class: ClassValueId, name: &str, verb: &str) -> Vec<Value> {
        let Some(list) = self.member_of(class, name) else { return Vec::new() };
        if let Some(elements) = self.known_elements(&list) {
            return elements;
        }
        if verb.is_empty() || self.known_keys(&list).is_none() {
            return Vec::new();
        }
        let verb = self.symbols.sym(verb);
        let place = self.place_of(&list);
        let own = self.get(&list, verb, place);
        self.known_elements(&own).unwrap_or_else(|| if own.is_nullish() { Vec::new() } else { vec![own] })
    }

    /// Attaches an instance of a class that derives from a scope of a library, as its construction would.
    pub(crate) fn attach_instance(&mut self, class: &Value, this: &Value, args: &[Value], place: Place) {
        let Some(path) = self.external_base(class) else { return };
        let rows = self.index.rows(path, &self.symbols);
        for matched in rows.iter() {
            if let Row::Attach(row) = matched.row
                && !row.gives.is_empty()
            {
                let site = Site { path, this: None, args, place };
                self.attach_made(row, matched.package, this, site);
            }
        }
    }

    /// A function, or what stands for one: the things that decorators are given.
    pub(crate) fn is_wrappable(&self, value: &Value) -> bool {
        match value.shape {
            Shape::Closure(_) => true,
            Shape::Object(id) => {
                let object = &self.heap.objects[id];
                let is_made = object.class.is_none()
                    && object.ty.is_some_and(|ty| self.symbols.with(ty, |text| text.ends_with("()")));
                is_made
                    && (self.view_of_object(id).is_some()
                        || object.args.iter().any(|inner| self.is_wrappable(inner)))
            }
            _ => false,
        }
    }

    /// True for what a call gives whose own rows say what it does with a function.
    pub(crate) fn wraps_itself(&self, made: Sym) -> bool {
        let text = self.symbols.text(made);
        let Some(path) = text.strip_suffix("()") else { return false };
        let rows = self.index.rows(self.symbols.sym(path), &self.symbols);
        rows.iter().any(|matched| match matched.row {
            Row::Guard(row) => row.holds == Holds::Middleware,
            Row::Limiter(row) => row.holds == Holds::Middleware,
            Row::Validator(row) => row.holds == Holds::Middleware,
            Row::Wrapper(_) => true,
            _ => false,
        })
    }

    /// Remembers which value was called to make another one.
    pub(crate) fn note_maker(&mut self, made: &Value, by: Sym, maker: &Value) {
        let Shape::Object(id) = made.shape else { return };
        if self.heap.objects[id].ty == Some(self.symbols.call(by)) {
            let name = self.symbols.sym(MAKER);
            self.heap.write(Loc::Field(id, name), Some(maker.clone()));
        }
    }
}
