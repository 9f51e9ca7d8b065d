//! Views: functions that a library makes of a class, and functions that decorators of a library make of another one.
//! A view answers by the method of a new instance that is named as the request's method.

use routeward_catalog::{GuardRow, Holds, SourceKind, ViewRow};
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::fact::FactKind;
use crate::heap::Loc;
use crate::index::Row;
use crate::modelled::{MAKER, Site};
use crate::value::{ClassValueId, ObjId, Shape, Value};

/// The hidden member of a class that lists the decorators which stand in front of its methods, innermost first.
const DECORATORS: &str = "$decorators";

/// The member of a view that holds the table of its methods.
const ACTIONS: &str = "$actions";
/// The member of a view that holds the function it stands for.
const SHOWN: &str = "$shown";
/// The member of a view that holds what becomes members of its instances.
const INITIAL: &str = "$initial";

impl<'p> Evaluator<'p> {
    /// The view that a call makes of a class, inside of the functions that the class says wrap it.
    pub(crate) fn make_view(&mut self, row: &'p ViewRow, site: Site<'_>) -> Option<Value> {
        let found = self.access(&row.class, site);
        let (given, id) = found.into_iter().find_map(|value| {
            let id = self.answering_class(row, &value)?;
            Some((value, id))
        })?;
        let suffix =
            if row.suffix.is_empty() { None } else { self.access(&row.suffix, site).into_iter().next() };
        let ty = self.symbols.call(site.path);
        let parts = [Value::new(Shape::Class(id)), given, suffix.unwrap_or(Value::UNDEFINED)];
        let mut view = self.opaque_object(ty, &parts, site.place);
        for (name, access) in [(ACTIONS, &row.actions), (INITIAL, &row.initial)] {
            let found = if access.is_empty() { None } else { self.access(access, site).into_iter().next() };
            if let (Shape::Object(view), Some(found)) =
                (&view.shape, found.filter(|found| !found.is_nullish()))
            {
                let name = self.symbols.sym(name);
                self.heap.write(Loc::Field(*view, name), Some(found));
            }
        }
        for decorator in self.listed(id, &row.decorators, "") {
            view = self.call(&decorator, &Value::UNDEFINED, &[view], site.place);
        }
        Some(view)
    }

    /// The class whose methods answer, where a value is such a class or, if the row says so, an instance of one.
    fn answering_class(&self, row: &ViewRow, value: &Value) -> Option<ClassValueId> {
        match value.shape {
            Shape::Class(id) if !row.by_instance => Some(id),
            Shape::Object(id) if row.by_instance => match self.heap.objects[id].class {
                Some(Value { shape: Shape::Class(class), .. }) => Some(class),
                _ => None,
            },
            _ => None,
        }
    }

    /// The view that the `view` row of `path` makes of a class, or of an instance, for a registration with `args`; the
    /// value itself where there is no such row.
    pub(crate) fn view_of_class(&mut self, path: &str, value: &Value, args: &[Value], place: Place) -> Value {
        let path = self.symbols.sym(path);
        let site = Site { path, this: Some(value), args, place };
        let rows = self.index.rows(path, &self.symbols);
        let row = rows.iter().find_map(|matched| match matched.row {
            Row::View(row) => Some(row),
            _ => None,
        });
        row.and_then(|row| self.make_view(row, site)).unwrap_or_else(|| value.clone())
    }

    /// The name of the method by which a view answers requests of a method.
    fn answering_name(&self, row: &ViewRow, view: ObjId, verb: &str) -> String {
        let name = if row.names.is_empty() {
            verb.to_owned()
        } else {
            row.names.replace('$', verb).replace('%', &verb.to_uppercase())
        };
        match self.heap.objects[view].args.get(2).map(|suffix| &suffix.shape) {
            Some(Shape::Str(suffix)) => format!("{name}_{}", self.symbols.text(*suffix)),
            _ => name,
        }
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
        if !row.answers.is_empty() {
            return Some(self.answered_methods(row, id, class));
        }
        if self.member_of(class, &row.dispatch).is_some() {
            let methods: Vec<String> = self
                .listed(class, &row.methods, "")
                .iter()
                .filter_map(|method| match method.shape {
                    Shape::Str(text) => Some(self.symbols.text(text).to_uppercase()),
                    _ => None,
                })
                .collect();
            let has_own = row.verbs.iter().any(|verb| {
                let name = self.answering_name(row, id, verb);
                self.member_of(class, &name).is_some()
            });
            if !methods.is_empty() || !has_own {
                return Some(if methods.is_empty() { vec!["GET".to_owned()] } else { methods });
            }
        }
        let has = |this: &mut Self, verb: &String| {
            let name = this.answering_name(row, id, verb);
            this.member_of(class, &name).is_some()
        };
        let verbs = row.verbs.iter().filter(|verb| has(self, verb));
        Some(verbs.map(|verb| verb.to_uppercase()).collect())
    }

    /// The methods of requests that a view answers whose class calls the method for a request by itself.
    fn answered_methods(&mut self, row: &'p ViewRow, view: ObjId, class: ClassValueId) -> Vec<String> {
        let upper = |names: Vec<String>| names.iter().map(|name| name.to_uppercase()).collect::<Vec<_>>();
        let only: Vec<String> =
            self.listed(class, &row.only, "").iter().filter_map(|name| self.word_of(name)).collect();
        let is_allowed =
            |verb: &str| only.is_empty() || only.iter().any(|known| known.eq_ignore_ascii_case(verb));
        if let Some(actions) = self.view_member(view, ACTIONS) {
            let names = self.known_keys(&actions).unwrap_or_default();
            let names: Vec<String> = names.iter().filter_map(|name| self.word_of(name)).collect();
            return upper(names.into_iter().filter(|verb| is_allowed(verb)).collect());
        }
        let verbs = row.verbs.iter().filter(|verb| is_allowed(verb));
        let own: Vec<String> = verbs.filter(|verb| self.member_of(class, verb).is_some()).cloned().collect();
        if own.is_empty() { vec!["ANY".to_owned()] } else { upper(own) }
    }

    fn word_of(&self, value: &Value) -> Option<String> {
        match value.shape {
            Shape::Str(text) => Some(self.symbols.text(text)),
            _ => None,
        }
    }

    /// What was said when a view was made.
    fn view_member(&self, view: ObjId, name: &str) -> Option<Value> {
        self.heap.objects[view].field(self.symbols.sym(name)).cloned()
    }

    /// The name of the method of its class by which a view answers requests of a method.
    fn action_name(&mut self, view: ObjId, method: &str) -> String {
        let verb = method.to_lowercase();
        let Some(actions) = self.view_member(view, ACTIONS) else { return verb };
        let key = self.symbols.sym(&verb);
        let place = self.place_of(&actions);
        let named = self.get(&actions, key, place);
        self.word_of(&named).unwrap_or(verb)
    }

    /// A view that stands for a function, whose name and place people know.
    pub(crate) fn shown_as(&mut self, view: &Value, function: &Value) -> Option<Value> {
        let Shape::Object(id) = view.shape else { return None };
        let name = self.symbols.sym(SHOWN);
        self.heap.write(Loc::Field(id, name), Some(function.clone()));
        Some(view.clone())
    }

    /// The function that a view stands for.
    pub(crate) fn shown_function(&self, value: &Value) -> Option<Value> {
        let Shape::Object(id) = self.innermost(value).shape else { return None };
        self.view_member(id, SHOWN)
    }

    /// The method of a class that answers requests of a method, with the class, where `value` is a view of it.
    pub fn view_method(&mut self, value: &Value, method: &str) -> Option<(Value, Value)> {
        let Shape::Object(id) = self.innermost(value).shape else { return None };
        let (row, class) = self.view_of_object(id)?;
        if self.view_member(id, SHOWN).is_some() {
            return None;
        }
        let verb = if row.answers.is_empty() {
            self.answering_name(row, id, &method.to_lowercase())
        } else {
            self.action_name(id, method)
        };
        let function = self
            .member_of(class, &verb)
            .or_else(|| self.member_of(class, &row.dispatch))
            .or_else(|| self.member_of(class, &row.answers))?;
        Some((Value::new(Shape::Class(class)), function))
    }

    /// The whole code of the function that answers requests of a method, inside of those that wrap it.
    pub fn extent(&mut self, value: &Value, method: &str) -> Option<Place> {
        let function = match self.view_method(value, method) {
            Some((_, function)) => function,
            None => value.clone(),
        };
        let function = self.shown_function(&function).unwrap_or(function);
        let Shape::Closure(id) = self.innermost(&function).shape else { return None };
        let closure = self.closure_of(id);
        let span = self.module(closure.file).functions[closure.func].span;
        Some(Place { file: closure.file, span })
    }

    /// Answers the request under way by the method of a new instance.
    pub(crate) fn answer_by_view(
        &mut self,
        (view, row, class): (ObjId, &'p ViewRow, ClassValueId),
        args: &[Value],
        place: Place,
    ) -> Value {
        let Shape::Str(method) = self.request_line_value(SourceKind::Method).shape else {
            return Value::UNKNOWN;
        };
        let verb = self.symbols.text(method).to_lowercase();
        self.assume_unseen_bases(row, class, place);
        let instance = match self.heap.objects[view].args.get(1) {
            Some(instance) if row.by_instance => instance.clone(),
            _ => self.construct(&Value::new(Shape::Class(class)), &[], place),
        };
        if !row.answers.is_empty() {
            return self.answer_through(row, view, &instance, args, place);
        }
        if !self.pass_before(row, class, &instance, place) {
            return Value::UNDEFINED;
        }
        let name = match self.member_of(class, &row.dispatch) {
            Some(_) => row.dispatch.clone(),
            None => self.answering_name(row, view, &verb),
        };
        let name = self.symbols.sym(&name);
        let Some(function) = self.attribute(class, name, Some(&instance)) else { return Value::UNKNOWN };
        let mut function = self.with_receiver(function, &instance);
        for decorator in self.listed(class, &row.method_decorators, &verb) {
            function = self.call(&decorator, &Value::UNDEFINED, &[function], place);
        }
        for decorator in self.listed(class, DECORATORS, "") {
            function = self.call(&decorator, &Value::UNDEFINED, &[function], place);
        }
        self.call(&function, &instance, args, place)
    }

    /// Runs what a view runs before it answers; false if that has answered, or thrown, on every way.
    fn pass_before(&mut self, row: &ViewRow, class: ClassValueId, instance: &Value, place: Place) -> bool {
        for name in &row.before {
            let name = self.symbols.sym(name);
            let Some(function) = self.attribute(class, name, Some(instance)) else { continue };
            self.call(&function, instance, &[], place);
            // A way on which an answer was given goes no further.
            self.path.facts = self.path.open.clone();
            if !self.path.is_live || self.path.facts.has(FactKind::Answered) {
                return false;
            }
        }
        true
    }

    /// Whether a method of a view passes the guard that asks its receiver who the caller is; `None` where the receiver
    /// is not known, or does not say by code of the program.
    pub(crate) fn asked_of_receiver(&mut self, row: &GuardRow, site: Site<'_>) -> Option<bool> {
        let wrapped = self.access(&row.wraps, site).into_iter().next()?;
        let Shape::Closure(id) = self.innermost(&wrapped).shape else { return None };
        let this = self.closure_of(id).this.clone()?;
        let name = self.symbols.sym(&row.asks);
        let caller = self.get(&this, name, site.place);
        if matches!(caller.shape, Shape::External(_)) || self.is_of_unseen_code(&caller) {
            return None;
        }
        Some(self.refuse_unless(&caller, site.place))
    }

    /// Answers by the method of an instance that all requests go through.
    fn answer_through(
        &mut self,
        row: &'p ViewRow,
        view: ObjId,
        instance: &Value,
        args: &[Value],
        place: Place,
    ) -> Value {
        let Shape::Object(id) = instance.shape else { return Value::UNKNOWN };
        if let Some(initial) = self.view_member(view, INITIAL) {
            self.spread_into(id, &initial);
        }
        if let Some(actions) = self.view_member(view, ACTIONS) {
            let name = self.symbols.sym(&row.actions_into);
            self.heap.write(Loc::Field(id, name), Some(actions));
        }
        let name = self.symbols.sym(&row.answers);
        self.call_method(instance, name, args, place)
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
    pub(crate) fn with_receiver(&mut self, function: Value, instance: &Value) -> Value {
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

    /// What the constructor of a library does with an instance of a class that derives from its own.
    pub(crate) fn construct_base(&mut self, path: Sym, this: &Value, args: &[Value], place: Place) {
        let Shape::Object(id) = this.shape else { return };
        let ty = self.index.made_by(path, &self.symbols).unwrap_or(path);
        self.heap.objects[id].args = args.into();
        for (name, value) in self.own_fields(ty, args) {
            self.heap.write(Loc::Field(id, name), Some(value));
        }
        let rows = self.index.rows(path, &self.symbols);
        let site = Site { path, this: None, args, place };
        for matched in rows.iter() {
            match matched.row {
                Row::Attach(row) if !row.gives.is_empty() => {
                    self.attach_made(row, matched.package, this, site);
                }
                Row::Attach(row) if row.scope == "return" => {
                    let outer = self.making.replace(this.clone());
                    self.attach(row, matched.package, site);
                    self.making = outer;
                }
                // A server that is given what answers.
                Row::Endpoint(row) if row.scope == "return" && self.is_given(&row.chain, site) => {
                    let outer = self.making.replace(this.clone());
                    self.endpoint(row, matched.package, site);
                    self.making = outer;
                }
                _ => {}
            }
        }
    }

    /// One of the arguments is there.
    fn is_given(&mut self, accesses: &[String], site: Site<'_>) -> bool {
        accesses.iter().any(|access| self.access(access, site).iter().any(|value| !value.is_nullish()))
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

    /// Notes a decorator of a library that a class is given to: it stands in front of each method by which a view of
    /// the class answers. The class stays what it is.
    pub(crate) fn decorates_class(&mut self, ty: Sym, decorator: &Value, args: &[Value]) -> bool {
        let [Value { shape: Shape::Class(class), .. }] = args else { return false };
        let rows = self.index.rows(ty, &self.symbols);
        if !rows.iter().any(|matched| matches!(matched.row, Row::Combine(_))) {
            return rows.is_empty() && self.leaves_class(ty);
        }
        let statics = self.heap.classes[*class].statics;
        let name = self.symbols.sym(DECORATORS);
        let mut all = self.listed(*class, DECORATORS, "");
        all.push(decorator.clone());
        let all = self.heap.array(all, false, None);
        self.heap.write(Loc::Field(statics, name), Some(all));
        true
    }

    /// True for a decorator of a library without a model that goes by no name of a guard: `@library.documented(…)`. As
    /// one of a function, it is taken to hand requests on.
    fn leaves_class(&self, ty: Sym) -> bool {
        if !self.module(self.cx.file).semantics.classes_are_callable || self.index.types.contains_key(&ty) {
            return false;
        }
        self.symbols.with(ty, |made| {
            let maker = made.strip_suffix("()");
            let is_made = maker.is_some_and(|maker| !maker.ends_with("()"));
            is_made && !crate::lexicon::is_guard(made)
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
