//! Calls of code that is not seen but modelled: each row kind's meaning.

use routeward_catalog::{
    AttachRow, CallbackRow, EffectRow, EndpointRow, Gives, GuardKind, GuardRow, Holds, Provision, Reach,
    ResourceRow, ResponderRow, SubRow, ValidatorRow, When,
};
use routeward_diag::Place;
use routeward_ir::RegexFlags;

use crate::access::{Access, Root, Step};
use crate::column::{subject_in, verb_in};
use crate::eval::Evaluator;
use crate::event::{Event, EventKind, Link, Made};
use crate::fact::{FactKind, FactSet};
use crate::heap::{Loc, Object};
use crate::index::{Matched, Row};
use crate::member::input_kind;
use crate::run::EffectRecord;
use crate::value::{Closure, EffectId, InputPath, ObjId, Shape, Tags, Value};
use crate::{Sym, Taint, lexicon};

/// A call of modelled code.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub path: Sym,
    pub this: Option<&'a Value>,
    pub args: &'a [Value],
    pub place: Place,
}

impl<'p> Evaluator<'p> {
    /// Calls something of a dependency.
    pub(crate) fn call_path(
        &mut self,
        path: Sym,
        this: Option<&Value>,
        args: &[Value],
        place: Place,
        tags: Taint,
    ) -> Value {
        let site = Site { path, this, args, place };
        self.note_misuse(site);
        self.note_use(site);
        if let Some(Value { shape: Shape::Object(receiver), .. }) = this {
            self.note_delegated(*receiver);
        }
        let rows = self.index.rows(path, &self.symbols);
        let mut result: Option<Value> = None;
        let outer = self.making.take();
        for matched in rows.iter() {
            if self.version_fits(matched.package, matched.version)
                && let Some(value) = self.apply(matched, site)
                && result.is_none()
            {
                result = Some(value);
                if matches!(matched.row, Row::Service(_)) {
                    break;
                }
            }
            if !self.path.is_live {
                break;
            }
        }
        self.making = outer;
        if !self.path.is_live {
            return Value::UNKNOWN;
        }
        if let Some(result) = result {
            return result;
        }
        if let Some(this) = this
            && self.is_fluent(this, path)
        {
            for arg in args {
                self.call_back(arg, Taint::default(), place);
            }
            return this.clone();
        }
        if let Some(ty) = self.index.made_by(path, &self.symbols) {
            return self.opaque_object(ty, args, place);
        }
        // The callback of a middleware runs when the middleware does, not when it is made.
        let waits = |matched: &Matched<'_>| matches!(matched.row, Row::Guard(row) if row.holds == Holds::Middleware && !row.callback.is_empty());
        if rows.iter().any(waits) {
            let ty = self.symbols.call(path);
            return self.opaque_object(ty, args, place);
        }
        // An operation that says nothing of these arguments leaves the code unknown.
        let says_nothing = |matched: &Matched<'_>| {
            matches!(
                matched.row,
                Row::Builtin(_) | Row::Sink(_) | Row::Sanitizer(_) | Row::Propagator(_) | Row::Render(_)
            )
        };
        let is_unknown = rows.iter().all(says_nothing);
        self.unmodelled(site, tags, is_unknown)
    }

    fn is_fluent(&self, this: &Value, path: Sym) -> bool {
        let Shape::Object(id) = this.shape else { return false };
        let Some(ty) = self.heap.objects[id].ty else { return false };
        let name = self.symbols.text(path);
        let name = name.rsplit('.').next().unwrap_or("");
        let rows = self.index.lineage(ty, &self.symbols);
        rows.iter().any(|row| row.fluent.iter().any(|method| method == name || method == "*"))
    }

    /// Code of a dependency without a row that gives a result: it passes on what it is given.
    fn unmodelled(&mut self, site: Site<'_>, tags: Taint, is_unknown: bool) -> Value {
        let name = self.symbols.text(site.path);
        let given = site.args.iter().fold(tags, |taint, arg| taint | self.deep_taint(arg, 2));
        let hands_on = site.args.iter().find(|arg| self.is_continuation(arg)).cloned();
        if let Some(next) = hands_on {
            if is_unknown {
                self.library_middleware(&name, &next, site.place);
            } else {
                self.call(&next, &Value::UNDEFINED, &[], site.place);
            }
            return Value::UNKNOWN;
        }
        // What a modelled call makes keeps its identity and arguments; of unmodelled code only its origin is known.
        let carries = given
            .tags
            .intersects(Tags::REQUEST | Tags::PRINCIPAL | Tags::ROW | Tags::ERROR | Tags::CREDENTIAL);
        if is_unknown && carries {
            let last = name.rsplit('.').next().unwrap_or(&name).to_owned();
            let function = Value::UNKNOWN.tagged(tags);
            let function = match site.this {
                Some(this) if this.meta.is_some() => Value { shape: Shape::Unknown, meta: this.meta.clone() },
                _ => function,
            };
            return self.opaque_call(&function, site.args, site.place, Some(&last));
        }
        if is_unknown {
            self.note_unseen(&name, site.args, site.place);
        }
        let opaque = self.may_verify(&name, is_unknown, site.place);
        let asked = if is_unknown { self.asked(&name, site.args, site.place) } else { FactSet::default() };
        self.aside(|inner| {
            inner.assume(&opaque);
            inner.assume(&asked);
            for arg in site.args {
                inner.call_back(arg, given, site.place);
            }
        });
        let ty = self.symbols.call(site.path);
        if let Some(ty) = self.index.made_by(ty, &self.symbols) {
            return self.opaque_object(ty, site.args, site.place);
        }
        let given = self.opaque_object(ty, site.args, site.place);
        given.tagged(tags & Tags::RANDOM).when_truthy(&asked)
    }

    /// What unseen code may have made sure of before it calls back, if its name is that of a guard.
    fn may_verify(&mut self, name: &str, is_unknown: bool, place: Place) -> FactSet {
        if self.run.is_none() || !is_unknown || !lexicon::is_guard(name) {
            return FactSet::default();
        }
        let about = self.symbols.sym(name);
        self.fact(FactKind::Opaque(about), place, "may verify the caller", about)
    }

    /// A middleware of a dependency without a model: it is taken to hand the request on. If its name is that of a
    /// guard, whether it refuses anybody is not known.
    fn library_middleware(&mut self, name: &str, next: &Value, place: Place) {
        self.note_provision(Provision::Anything, place);
        if lexicon::is_guard(name) {
            let about = self.symbols.sym(name);
            let opaque = self.fact(FactKind::Opaque(about), place, "may verify the caller", about);
            self.assume(&opaque);
        }
        self.call(next, &Value::UNDEFINED, &[], place);
    }

    pub(crate) fn is_continuation(&self, value: &Value) -> bool {
        let ty = match value.shape {
            Shape::Object(id) => self.heap.objects[id].ty,
            Shape::External(path) => Some(path),
            _ => None,
        };
        let Some(ty) = ty else { return false };
        self.index.rows(ty, &self.symbols).iter().any(|matched| matches!(matched.row, Row::Continue(_)))
    }

    /// Constructs something of a dependency.
    pub(crate) fn construct_path(&mut self, path: Sym, args: &[Value], place: Place) -> Value {
        let site = Site { path, this: None, args, place };
        self.note_misuse(site);
        self.note_use(site);
        let mut result = None;
        for matched in self.index.rows(path, &self.symbols).iter() {
            if self.version_fits(matched.package, matched.version) {
                let value = self.apply(matched, site);
                result = result.or(value);
            }
        }
        if let Some(result) = result {
            return result;
        }
        for arg in args {
            self.call_back(arg, Taint::default(), place);
        }
        let ty = self.index.made_by(path, &self.symbols).unwrap_or(path);
        let tags = args.iter().fold(Taint::default(), |taint, arg| taint | self.deep_taint(arg, 2));
        let object = self.opaque_object(ty, args, place);
        object.tagged(tags & (Tags::ERROR | Tags::REQUEST | Tags::RANDOM))
    }

    /// Calls an object of a modelled type, or the result of a call, as a function.
    pub(crate) fn call_object(
        &mut self,
        id: ObjId,
        ty: Sym,
        function: &Value,
        args: &[Value],
        place: Place,
    ) -> Value {
        let text = self.symbols.text(ty);
        self.note_delegated(id);
        if self.index.is_decoration(ty, &self.symbols) {
            return self.decoration(ty, Some(function), args, place);
        }
        if let Some(made) = self
            .index
            .made_by(self.symbols.call(ty), &self.symbols)
            .filter(|_| self.index.types.contains_key(&ty))
        {
            let made = self.opaque_object(made, args, place);
            if let Shape::Object(made) = made.shape {
                let name = self.symbols.sym(MAKER);
                self.heap.write(Loc::Field(made, name), Some(function.clone()));
            }
            return made;
        }
        if let Some((row, class)) = self.view_of_object(id) {
            return self.answer_by_view((id, row, class), args, place);
        }
        if self.decorates_class(ty, function, args) {
            return args[0].clone();
        }
        // What the result of a call does when it is called: `library.decorator()`. With a function in place of its
        // settings, `library.decorator` has wrapped that, if it is known to take one.
        let is_wrapper = self.is_wrappable(function) && self.wraps_itself(ty);
        if !is_wrapper && text.ends_with("()") && !self.index.rows(ty, &self.symbols).is_empty() {
            let result = self.call_path(ty, Some(function), args, place, function.taint());
            self.note_maker(&result, ty, function);
            return result;
        }
        let Some(maker) = text.strip_suffix("()") else {
            let rows = self.index.rows(ty, &self.symbols);
            let is_middleware = rows.is_empty() || rows.iter().any(|matched| is_middleware(matched.row));
            if is_middleware && self.index.types.contains_key(&ty) {
                return self.made_middleware(id, ty, function, args, place);
            }
            return self.call_path(ty, Some(function), args, place, function.taint());
        };
        let maker = self.symbols.sym(maker);
        self.made_middleware(id, maker, function, args, place)
    }

    /// A function that a modelled call has made is called, most often with request, response and continuation.
    fn made_middleware(
        &mut self,
        id: ObjId,
        maker: Sym,
        function: &Value,
        args: &[Value],
        place: Place,
    ) -> Value {
        let made_with: std::rc::Rc<[Value]> = self.heap.objects[id].args.clone();
        let made_at = self.heap.objects[id].place.unwrap_or(place);
        // `library.decorator(setting)(function)`: the settings belong to the decorator.
        let decorator = self.heap.objects[id].field(self.symbols.sym(MAKER)).cloned();
        let site = Site { path: maker, this: decorator.as_ref(), args: &made_with, place: made_at };
        let next = args.iter().find(|arg| self.is_continuation(arg)).cloned();
        let rows = self.index.rows(maker, &self.symbols);
        let path_of = rows.iter().find_map(|matched| match matched.row {
            Row::Builtin(row) => row.op.strip_prefix("covers-path "),
            _ => None,
        });
        if let Some(path) = path_of {
            let called = Site { args, ..site };
            let path = self.access(path, called).into_iter().next().unwrap_or(Value::UNKNOWN);
            let patterns = made_with.first().cloned().unwrap_or(Value::UNKNOWN);
            return self.covers_path(&patterns, &path);
        }
        if let Some(result) = self.call_wrapped(&rows, site, args) {
            return result;
        }
        let mut is_known = false;
        let mut hands_on = true;
        let mut passed = None;
        for matched in rows.iter() {
            if !self.version_fits(matched.package, matched.version) {
                continue;
            }
            match matched.row {
                Row::Guard(row) if row.holds == Holds::Middleware => {
                    is_known = true;
                    hands_on &= self.guard_middleware(row, site, args);
                }
                Row::Limiter(row)
                    if row.holds == Holds::Middleware && self.holds_when(row.when.as_ref(), site) =>
                {
                    is_known = true;
                    let limited =
                        self.fact(FactKind::Limited, made_at, "limits how often it is called", maker);
                    self.assume(&limited);
                }
                Row::Validator(row) if row.holds == Holds::Middleware => {
                    is_known = true;
                    if self.holds_when(row.when.as_ref(), site) {
                        self.validator_middleware(row, site);
                    }
                    if row.gives_checked {
                        passed = Some(self.pristine_checked(row, site));
                    }
                }
                Row::Neutral(_) => is_known = true,
                Row::Combine(row) => {
                    is_known = true;
                    hands_on &= self.combined(row, site, args);
                }
                Row::Verdict(row) => {
                    is_known = true;
                    if self.holds_when(row.when.as_ref(), site) {
                        return Value::bool(true);
                    }
                }
                Row::Derive(row) => {
                    is_known = true;
                    self.derive(row, site);
                }
                Row::Responder(row) => {
                    is_known = true;
                    hands_on = false;
                    self.respond(row, site);
                }
                _ => {}
            }
        }
        let Some(next) = next else {
            // What a decorator makes of a function: one that is not seen may do anything before it calls the function.
            let decorates = hands_on && self.module(self.cx.file).semantics.classes_are_callable;
            let wrapped = made_with.iter().find(|value| self.is_wrappable(value)).cloned();
            if let Some(wrapped) = wrapped.filter(|_| decorates) {
                let name = self.symbols.text(maker);
                let opaque = self.may_verify(&name, !is_known, made_at);
                self.assume(&opaque);
                let (positional, _) = self.split_keywords(args);
                let at = positional.len();
                let mut args = args.to_vec();
                args.splice(at..at, passed);
                return self.call(&wrapped, &Value::UNDEFINED, &args, place);
            }
            if is_known && self.module(self.cx.file).semantics.classes_are_callable {
                return Value::UNDEFINED;
            }
            // Not called as a middleware: an unseen function.
            return if is_known { Value::UNKNOWN } else { self.opaque_call(function, args, place, None) };
        };
        if is_known {
            if hands_on {
                self.call(&next, &Value::UNDEFINED, &[], made_at);
            }
        } else {
            let name = self.symbols.text(maker);
            self.library_middleware(&name, &next, made_at);
        }
        Value::UNKNOWN
    }

    /// What a middleware that a library makes tells clients about errors.
    pub fn leak_of_link(&mut self, value: &Value) -> Option<String> {
        let (path, args, place) = match &value.shape {
            Shape::Object(id) => {
                let object = &self.heap.objects[*id];
                let text = self.symbols.text(object.ty?);
                let maker = self.symbols.sym(text.strip_suffix("()").unwrap_or(&text));
                (maker, object.args.clone(), object.place)
            }
            Shape::External(path) => (*path, std::rc::Rc::from([]), None),
            _ => return None,
        };
        let place = place.unwrap_or(Place { file: self.cx.file, span: routeward_base::Span::default() });
        let site = Site { path, this: None, args: &args, place };
        let rows = self.index.rows(path, &self.symbols);
        rows.iter().find_map(|matched| match matched.row {
            Row::Leak(row) if self.holds_when(row.when.as_ref(), site) => Some(row.tells.clone()),
            _ => None,
        })
    }

    /// Calls the function inside of a wrapper of a library: behind the wrapper's guard, or with other arguments.
    fn call_wrapped(&mut self, rows: &[Matched<'p>], site: Site<'_>, args: &[Value]) -> Option<Value> {
        for matched in rows {
            if !self.version_fits(matched.package, matched.version) {
                continue;
            }
            let called = match matched.row {
                Row::Guard(row) if !row.wraps.is_empty() && row.holds == Holds::Middleware => {
                    if !self.guard_middleware(row, site, args) || !self.path.is_live {
                        return Some(Value::UNKNOWN);
                    }
                    let wrapped =
                        self.access(&row.wraps, site).into_iter().find(|value| self.is_wrappable(value));
                    wrapped.map(|wrapped| self.call(&wrapped, &Value::UNDEFINED, args, site.place))
                }
                Row::Wrapper(row) if !row.passes.is_empty() => {
                    let wrapped = self
                        .access(&row.wraps, site)
                        .into_iter()
                        .find(|value| matches!(value.shape, Shape::Closure(_)));
                    let passed: Vec<Value> =
                        row.passes.iter().map(|pass| self.passed(pass, site, args)).collect();
                    wrapped.map(|wrapped| self.call(&wrapped, &Value::UNDEFINED, &passed, site.place))
                }
                _ => continue,
            };
            return Some(called.unwrap_or(Value::UNDEFINED));
        }
        None
    }

    fn passed(&mut self, pass: &str, site: Site<'_>, args: &[Value]) -> Value {
        if pass.starts_with("arg[") {
            return self.access(pass, Site { args, ..site }).into_iter().next().unwrap_or(Value::UNDEFINED);
        }
        match pass.strip_prefix("path:") {
            Some(path) => {
                let path = self.symbols.sym(path);
                self.external(path, site.place)
            }
            None => self.pristine(pass),
        }
    }

    fn guard_middleware(&mut self, row: &GuardRow, site: Site<'_>, args: &[Value]) -> bool {
        if site.args.len() < row.min_args {
            return true;
        }
        let is_optional =
            row.is_optional || row.optional_when.iter().any(|when| self.holds_when(Some(when), site));
        if !row.denied_when_random.is_empty() {
            let secret = self.access(&row.denied_when_random, site);
            if secret.iter().any(|value| value.tags().contains(Tags::RANDOM)) {
                let about = site.path;
                let denied = self.fact(
                    FactKind::Authn,
                    site.place,
                    "refuses everybody: its key is made at random",
                    about,
                );
                self.assume(&denied);
                self.refuse(site.place, Tags::empty());
                if let Some(run) = &mut self.run {
                    run.outcome.denies = Some(site.place);
                }
                return false;
            }
        }
        let mut facts = self.guard_facts(row, site, "verifies the caller");
        if !row.decided_by.is_empty()
            && let Some(decides) = self
                .access(&row.decided_by, site)
                .into_iter()
                .find(|value| matches!(value.shape, Shape::Closure(_)))
        {
            let given: Vec<Value> = row.decided_with.iter().map(|ty| self.pristine(ty)).collect();
            let verdict = self.call(&decides, &Value::UNDEFINED, &given, site.place);
            self.path.is_live = true;
            if !self.refuse_unless(&verdict, site.place) {
                return false;
            }
            facts = FactSet::default();
        }
        if !row.asks.is_empty() {
            match self.asked_of_receiver(row, site) {
                Some(true) => facts = FactSet::default(),
                Some(false) => return false,
                None => {}
            }
        }
        if !row.callback.is_empty() {
            let callbacks = self.access(&row.callback, site);
            if let Some(callback) = callbacks.iter().find(|value| matches!(value.shape, Shape::Closure(_))) {
                self.guard_callback(row, callback, &facts, site.place);
                return false;
            }
        }
        let except = !row.except.is_empty() && !self.access(&row.except, site).is_empty();
        if is_optional {
            if let Some(run) = &mut self.run {
                run.saw_authn = true;
                run.outcome.sets_caller = true;
            }
        } else if except {
            let about = site.path;
            let opaque = self.fact(FactKind::Opaque(about), site.place, "lets some paths pass", about);
            self.assume(&opaque);
        } else {
            self.assume(&facts);
        }
        let left_in = match row.sets_on.as_str() {
            "" => args.first().cloned(),
            ty => Some(self.pristine(ty)),
        };
        for name in &row.sets {
            let caller = Value::UNKNOWN.tagged(Tags::PRINCIPAL).when_truthy(&facts);
            let name = self.symbols.sym(name);
            if let Some(request) = &left_in {
                self.set(request, name, caller, site.place);
            }
        }
        true
    }

    /// What a guard leaves in the request, where the row names the request's type.
    fn leave_caller(&mut self, row: &GuardRow, caller: &Value, place: Place) {
        if row.sets_on.is_empty() {
            return;
        }
        let request = self.pristine(&row.sets_on);
        for name in &row.sets {
            let name = self.symbols.sym(name);
            self.set(&request, name, caller.clone(), place);
        }
    }

    /// A guard whose verdict a method of the receiver gives: it knows from its arguments whether the check succeeded.
    fn guard_hook(&mut self, row: &GuardRow, facts: &FactSet, site: Site<'_>) -> Option<Value> {
        let this = site.this.filter(|_| !row.hook.is_empty())?;
        let Shape::Object(id) = this.shape else { return None };
        let Some(Value { shape: Shape::Class(class), .. }) = self.heap.objects[id].class.clone() else {
            return None;
        };
        let name = self.symbols.sym(&row.hook);
        let method =
            self.method(class, name, false).filter(|method| matches!(method.shape, Shape::Closure(_)))?;
        let count = self.declared_params(&method).unwrap_or(0).max(row.callback_value.unwrap_or(0) + 1);
        let args: Vec<Value> = (0..count)
            .map(|i| match Some(i) {
                i if i == row.callback_error => Value::UNKNOWN.tagged(Tags::ERROR).when_falsy(facts),
                i if i == row.callback_value => Value::UNKNOWN.tagged(Tags::PRINCIPAL).when_truthy(facts),
                _ => Value::UNKNOWN,
            })
            .collect();
        if let Some(run) = &mut self.run {
            run.saw_authn = true;
            run.outcome.saw_credential = true;
        }
        Some(self.call(&method, this, &args, site.place))
    }

    fn guard_facts(&mut self, row: &GuardRow, site: Site<'_>, phrase: &'static str) -> FactSet {
        let asks_role = row.role_when.iter().any(|when| self.holds_when(Some(when), site));
        let mut fact = |kind| self.fact(kind, site.place, phrase, site.path);
        match row.kind {
            GuardKind::Authn if asks_role => fact(FactKind::Authn).union(&fact(FactKind::Role(0))),
            GuardKind::Authn => fact(FactKind::Authn),
            GuardKind::Role => fact(FactKind::Authn).union(&fact(FactKind::Role(0))),
            GuardKind::Csrf => fact(FactKind::Csrf),
            GuardKind::Signature => fact(FactKind::Signature),
            GuardKind::Address => fact(FactKind::Address),
            // Who knows the password is the caller it belongs to, but that is for the handler to conclude.
            GuardKind::Password => FactSet::default(),
        }
    }

    /// Calls a guard's callback: it knows that the check has succeeded from its parameters.
    fn guard_callback(&mut self, row: &GuardRow, callback: &Value, facts: &FactSet, place: Place) {
        let count = self.declared_params(callback).unwrap_or(0).max(row.callback_value.unwrap_or(0) + 1);
        let args: Vec<Value> = (0..count)
            .map(|i| {
                if Some(i) == row.callback_error {
                    Value::UNKNOWN.tagged(Tags::ERROR).when_falsy(facts)
                } else if Some(i) == row.callback_value {
                    Value::UNKNOWN.tagged(Tags::PRINCIPAL).when_truthy(facts)
                } else {
                    Value::UNKNOWN
                }
            })
            .collect();
        self.aside(|this| this.call(callback, &Value::UNDEFINED, &args, place));
    }

    fn validator_middleware(&mut self, row: &ValidatorRow, site: Site<'_>) {
        for part in row.from.split_whitespace() {
            let path = match part.split_once(':') {
                Some(("keys", access)) => {
                    let keys = self
                        .access_text(access, site.this, site.args)
                        .and_then(|value| self.known_keys(&value))
                        .unwrap_or_default();
                    let keys: Vec<Sym> = keys.iter().filter_map(|key| self.as_key(key)).collect();
                    for key in keys {
                        if let Some(kind) = self.symbols.with(key, input_kind) {
                            self.assume_checked(row, kind, site);
                        }
                    }
                    continue;
                }
                Some((kind, access)) => {
                    let Some(name) = self.access(access, site).first().and_then(|value| self.as_key(value))
                    else {
                        continue;
                    };
                    format!("{kind}.{}", self.symbols.text(name))
                }
                None if matches!(part, "body" | "query" | "path" | "header") => part.to_owned(),
                None => {
                    let access = part;
                    let Some(name) =
                        self.access_text(access, site.this, site.args).and_then(|value| self.as_key(&value))
                    else {
                        continue;
                    };
                    let name = self.symbols.text(name);
                    // Which part a schema by name is for is said by the maker's own name.
                    let maker = self.symbols.text(site.path);
                    match maker.rsplit('.').next() {
                        Some(part @ ("body" | "query" | "param" | "header" | "cookie")) => {
                            format!("{}.{name}", if part == "param" { "path" } else { part })
                        }
                        _ => input_kind(&name).map_or(name.clone(), str::to_owned),
                    }
                }
            };
            self.assume_checked(row, &path, site);
        }
    }

    /// The checked input that a decorator passes on.
    fn pristine_checked(&mut self, row: &ValidatorRow, site: Site<'_>) -> Value {
        let words = row.from.split_whitespace().rev();
        let kinds: Vec<String> = words
            .filter_map(|word| {
                if let Root::Constant(kind) = Access::parse(word).root {
                    return Some(kind);
                }
                let name = self.access(word, site).first().and_then(|value| self.as_key(value))?;
                Some(self.symbols.text(name))
            })
            .collect();
        let kind = kinds.iter().find_map(|kind| input_kind(kind)).unwrap_or("body");
        let kind = self.symbols.sym(kind);
        self.checked_source(kind, site.place)
    }

    fn assume_checked(&mut self, row: &ValidatorRow, path: &str, site: Site<'_>) {
        let path = self.symbols.sym(path);
        let disc = if row.collected_by.is_empty() { 0 } else { PENDING };
        let fact = self.fact(FactKind::Validated(path, disc), site.place, "is checked", path);
        self.assume(&fact);
    }

    // ---------------------------------------------------------------------------------------- rows

    /// Applies a row to a call; the value of the call, if the row gives one.
    pub(crate) fn apply(&mut self, matched: &Matched<'p>, site: Site<'_>) -> Option<Value> {
        match matched.row {
            Row::Endpoint(row) if !row.address.is_empty() => {
                self.wait_for_address(row, matched.package, site)
            }
            Row::Endpoint(row) => self.endpoint(row, matched.package, site),
            Row::Address(row) => {
                self.name_address(row, site);
                None
            }
            Row::Scan(row) => {
                self.note_scan(row, matched.package, site);
                None
            }
            Row::Attach(row) => self.attach(row, matched.package, site),
            Row::Sub(row) => self.sub(row, site),
            Row::Plugin(row) => Some(self.plugin(row, matched.package, site)),
            Row::Resource(row) => self.resource(row, matched.package, site),
            Row::Service(row) => self.service(row, matched.package, site),
            Row::Around(row) => self.around(row, site),
            Row::State(row) => {
                for (name, access) in &row.set {
                    if let Some(value) = self.access(access, site).into_iter().next() {
                        self.states.insert((matched.package.to_owned(), name.clone()), value);
                    }
                }
                None
            }
            Row::Source(row) => {
                let read = self.source_value(row, site.this, site.args, site.path, site.place);
                Some(self.or_otherwise(row, read, site))
            }
            Row::Responder(row) if row.sets_type.is_empty() && !self.holds_when(row.when.as_ref(), site) => {
                None
            }
            Row::Responder(row) => Some(self.respond(row, site)),
            Row::Continue(row) => {
                self.go_on(row, site);
                Some(match row.gives.as_str() {
                    "" => Value::UNKNOWN,
                    ty => Value::object(self.object_of_type(ty, site.place)),
                })
            }
            Row::Guard(row) => self.guard(row, site),
            Row::Limiter(row) => match row.holds {
                Holds::NormalReturn | Holds::AsMiddleware
                    if self.holds_when(row.when.as_ref(), site) && !self.is_marked(&row.unless) =>
                {
                    let limited =
                        self.fact(FactKind::Limited, site.place, "limits how often it is called", site.path);
                    self.assume(&limited);
                    None
                }
                Holds::Success | Holds::Truthy if self.holds_when(row.when.as_ref(), site) => {
                    let limited =
                        self.fact(FactKind::Limited, site.place, "limits how often it is called", site.path);
                    Some(if row.holds == Holds::Truthy {
                        Value::UNKNOWN.when_truthy(&limited)
                    } else {
                        self.success(&limited, &Value::UNKNOWN, site.place)
                    })
                }
                _ => None,
            },
            Row::Validator(row) => self.validate(row, site),
            Row::Effect(row) => Some(self.effect(row, site)),
            Row::Callback(row) => Some(self.callback(row, site)),
            Row::Sink(row) => {
                self.sink(row, site);
                None
            }
            Row::Sanitizer(row) => self.sanitize(row, site),
            Row::Propagator(row) => self.propagate(row, site),
            Row::Record(row) => {
                self.define_record(row, site);
                None
            }
            Row::Render(row) => {
                self.render(row, site);
                None
            }
            Row::Builtin(row) => self.builtin(&row.op, site.this, site.args, site.place),
            Row::Tree(row) => self.tree(row, matched.package, site),
            Row::Step(row) => self.step_on(row, site),
            Row::Serve(row) => {
                self.serve_by_hand(row, matched.package, site);
                None
            }
            Row::Wrapper(row) if !row.passes.is_empty() => None,
            Row::Wrapper(row) => {
                let wrapped = self.access(&row.wraps, site).into_iter().next()?;
                Some(if row.same_scope { self.in_same_scope(&wrapped) } else { wrapped })
            }
            Row::Bind(row) => {
                self.note_provider(row, site);
                Some(self.decoration(site.path, site.this, site.args, site.place))
            }
            Row::Controller(_) | Row::Action(_) | Row::Decorate(_) | Row::Container(_) | Row::Inject(_) => {
                Some(self.decoration(site.path, site.this, site.args, site.place))
            }
            Row::Option(row) => {
                self.set_options(row, site);
                site.this.cloned()
            }
            Row::Middleware(row) => Some(self.register_middleware(row, site)),
            Row::Group(row) => Some(self.group(row, site)),
            Row::Wrap(row) => self.wrap(row, site),
            Row::Metadata(row) => Some(self.look_up_metadata(row, site)),
            Row::View(row) => self.make_view(row, site),
            _ => None,
        }
    }

    fn in_same_scope(&mut self, value: &Value) -> Value {
        let Shape::Closure(id) = value.shape else { return value.clone() };
        let closure = Closure { same_scope: true, ..self.closure_of(id).clone() };
        Value::new(Shape::Closure(self.heap.closures.push(closure)))
    }

    /// The scope that a registration on `this` is for, and the path in front of it.
    pub(crate) fn scope_of(&self, this: Option<&Value>) -> Option<(ObjId, Option<Value>)> {
        let Shape::Object(id) = this?.shape else { return None };
        match self.heap.objects[id].part_of.as_deref() {
            Some((scope, prefix)) => Some((*scope, Some(prefix.clone()))),
            None => Some((id, None)),
        }
    }

    pub(crate) fn prefixed(&mut self, prefix: Option<&Value>, path: &Value) -> Value {
        let Some(prefix) = prefix else { return path.clone() };
        if path.is_nullish() {
            return prefix.clone();
        }
        let slash = Value::str(self.symbols.sym("/"));
        self.concat_values(&[prefix.clone(), slash, path.clone()])
    }

    pub(crate) fn entry_of(&self, scope: ObjId, row: Option<&String>) -> Option<Sym> {
        if let Some(entry) = row {
            return Some(self.symbols.sym(entry));
        }
        let ty = self.heap.objects[scope].ty?;
        let rows = self.index.lineage(ty, &self.symbols);
        rows.iter().find_map(|row| row.entry.as_ref()).map(|entry| self.symbols.sym(entry))
    }

    pub(crate) fn emit(
        &mut self,
        scope: ObjId,
        kind: EventKind,
        package: &str,
        entry: Option<Sym>,
        place: Place,
    ) {
        if self.run.is_none() {
            let conditions = self.shared_conditions();
            self.record(scope, kind, package, entry, place, conditions);
        }
    }

    /// One call for each of the values at `items`, as its first argument or, where they are lists, with their elements
    /// as arguments; none if the path is empty.
    fn calls_for_each(
        &mut self,
        items: &str,
        are_lists: bool,
        site: Site<'_>,
    ) -> Option<Vec<(Vec<Value>, Place)>> {
        if items.is_empty() {
            return None;
        }
        let found = self.access(items, site);
        let place_of = |this: &Self, item: &Value| match item.shape {
            Shape::Object(id) => this.heap.objects[id].place.unwrap_or(site.place),
            _ => site.place,
        };
        if are_lists {
            let lists =
                found.iter().filter_map(|item| Some((self.known_elements(item)?, place_of(self, item))));
            return Some(lists.collect());
        }
        let calls = self.flat(found).into_iter().map(|item| {
            let place = place_of(self, &item);
            let rest = site.args.iter().skip(1).cloned();
            (std::iter::once(item).chain(rest).collect(), place)
        });
        Some(calls.collect())
    }

    fn record(
        &mut self,
        scope: ObjId,
        kind: EventKind,
        package: &str,
        entry: Option<Sym>,
        place: Place,
        conditions: std::rc::Rc<[(Place, bool)]>,
    ) {
        let package = package.to_owned();
        let (subject, limits) = (None, None);
        self.events.push(Event {
            scope,
            kind,
            place,
            conditions,
            package,
            entry,
            subject,
            limits,
            handler_name: None,
        });
    }

    pub(crate) fn endpoint(&mut self, row: &EndpointRow, package: &str, site: Site<'_>) -> Option<Value> {
        if !self.holds_when(row.when.as_ref(), site) {
            return None;
        }
        if let Some(calls) = self.calls_for_each(&row.items, row.item_lists, site) {
            let row = EndpointRow { items: String::new(), ..row.clone() };
            let made = (row.scope == "return").then(|| self.made_scope(site));
            for (args, place) in calls {
                self.endpoint(&row, package, Site { args: &args, place, ..site });
            }
            return made.or_else(|| site.this.cloned());
        }
        if row.each
            && let Some((first, rest)) = site.args.split_first()
            && let Some(elements) = self.known_elements(first)
        {
            for element in elements {
                let place = match element.shape {
                    Shape::Object(id) => self.heap.objects[id].place.unwrap_or(site.place),
                    _ => site.place,
                };
                let args: Vec<Value> = std::iter::once(element).chain(rest.iter().cloned()).collect();
                self.endpoint(row, package, Site { args: &args, place, ..site });
            }
            return site.this.cloned();
        }
        let is_named =
            row.name_first && site.args.len() > 2 && site.args[..2].iter().all(|arg| self.is_path_like(arg));
        let site = if is_named { Site { args: &site.args[1..], ..site } } else { site };
        if site.args.len() < row.min_args {
            return None;
        }
        let made = (row.scope == "return").then(|| self.made_scope(site));
        let (scope, prefix) = self.scope_of(made.as_ref().or(site.this))?;
        let paths = match row.path.as_str() {
            "" => vec![prefix.unwrap_or_else(|| Value::str(self.symbols.sym("")))],
            access => {
                let mut paths = self.access(access, site);
                if Access::parse(access).is_optional {
                    paths.retain(|path| self.is_path_like(path));
                    if paths.is_empty() {
                        paths.push(Value::str(self.symbols.sym("")));
                    }
                }
                self.flat(paths).iter().map(|path| self.prefixed(prefix.as_ref(), path)).collect()
            }
        };
        let mut chain = Vec::new();
        for access in &row.chain {
            for (value, place) in self.access_with_places(access, site) {
                let method = if row.method_name.is_empty() {
                    None
                } else {
                    self.named_method(&value, &row.method_name, place)
                };
                if let Some(method) = method {
                    chain.push(Link { value: method, place, entry: None });
                } else if !value.is_nullish() && !self.is_path_like(&value) {
                    self.add_links(&value, &row.options, place, &mut chain);
                }
            }
        }
        self.wrap_handler(row, &mut chain, site);
        self.add_implied(row, site, &mut chain);
        let given_back = chain.last().filter(|_| row.gives_chain).map(|link| link.value.clone()).or(made);
        let methods = self.methods_of_chain(row, &mut chain, site);
        let mut schemas = Vec::new();
        for (part, access) in &row.schemas {
            if self.access(access, site).iter().any(|value| !value.is_nullish()) {
                schemas.push((part.clone(), site.place));
            }
        }
        let scope = self.inner_scope(&row.into, scope, &mut Vec::new(), Reach::Later, package, site);
        let entry = self.entry_of(scope, row.entry.as_ref());
        let made = if row.chain.is_empty() {
            let name = self.symbols.text(site.path);
            Some(Made { name: name.rsplit('.').next().unwrap_or(&name).to_owned(), ..Made::default() })
        } else {
            self.named_handler(row, &chain, site)
        };
        let (first, place) = (self.events.len(), self.registration_place(site.place));
        let mut by_method = Vec::new();
        if let Some(last) = chain.last().filter(|_| row.by_methods) {
            by_method = self.answering_methods(&last.value, last.place);
        }
        for (method, link) in &by_method {
            let mut chain = chain.clone();
            chain.pop();
            chain.push(link.clone());
            let (methods, paths, schemas) = (vec![method.clone()], paths.clone(), schemas.clone());
            let kind = EventKind::Route { methods, paths, chain, made: None, schemas };
            self.emit(scope, kind, package, entry, place);
        }
        if by_method.is_empty() {
            let kind = EventKind::Route { methods, paths, chain, made, schemas };
            self.emit(scope, kind, package, entry, place);
        }
        if !row.gives.is_empty() {
            return Some(self.part_since(first, Vec::new(), &row.gives, place));
        }
        given_back.or_else(|| site.this.cloned())
    }

    /// Puts what functions make of a handler in its place.
    fn wrap_handler(&mut self, row: &EndpointRow, chain: &mut [Link], site: Site<'_>) {
        let Some(last) = chain.last_mut().filter(|_| !row.wrapped_by.is_empty()) else { return };
        let found = self.access(&row.wrapped_by, site);
        for wrapper in self.flat(found).iter().rev().filter(|wrapper| !wrapper.is_nullish()) {
            let handler = std::mem::replace(&mut last.value, Value::UNKNOWN);
            last.value = self.call(wrapper, &Value::UNDEFINED, &[handler], site.place);
        }
    }

    /// A handler that is given as a text, which the framework reads.
    fn named_handler(&mut self, row: &EndpointRow, chain: &[Link], site: Site<'_>) -> Option<Made> {
        let access = row.chain.last().filter(|_| row.by_name && chain.is_empty())?;
        let Shape::Str(name) = self.access(access, site).into_iter().next()?.shape else { return None };
        Some(Made { name: self.symbols.text(name), ..Made::default() })
    }

    /// The methods of a class that are named like HTTP methods, each with the name.
    fn answering_methods(&mut self, class: &Value, place: Place) -> Vec<(String, Link)> {
        const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "options", "head"];
        let Shape::Class(id) = class.shape else { return Vec::new() };
        let mut methods = Vec::new();
        for method in METHODS {
            let name = self.symbols.sym(method);
            let is_own =
                self.method(id, name, false).is_some_and(|value| matches!(value.shape, Shape::Closure(_)));
            if is_own {
                let instance = self.instance(class, place);
                let value = self.get(&instance, name, place);
                methods.push((method.to_uppercase(), Link { value, place, entry: None }));
            }
        }
        methods
    }

    /// What settings of the endpoint say besides naming functions.
    fn add_implied(&mut self, row: &EndpointRow, site: Site<'_>, chain: &mut Vec<Link>) {
        for implied in &row.implies {
            let Some(setting) = self.access(&implied.arg, site).into_iter().find(|value| !value.is_nullish())
            else {
                continue;
            };
            if !implied.lifts.is_empty() {
                let path = self.symbols.sym(&implied.lifts);
                self.lifted.push((site.place, path));
            }
            if implied.call.is_empty() || self.truth(&setting) == crate::Truth::Falsy {
                continue;
            }
            let path = self.symbols.sym(&implied.call);
            let ty = self.symbols.call(path);
            let value = self.opaque_object(ty, std::slice::from_ref(&setting), site.place);
            let entry = (!implied.entry.is_empty()).then(|| self.symbols.sym(&implied.entry));
            chain.insert(0, Link { value, place: site.place, entry });
        }
    }

    /// True if a library's function in a chain does not run for the registration at `place`.
    pub fn is_lifted(&self, place: Place, value: &Value) -> bool {
        let ty = match value.shape {
            Shape::Object(id) => self.heap.objects[id].ty,
            Shape::Method(_, path) => Some(self.symbols.call(path)),
            _ => None,
        };
        let Some(ty) = ty else { return false };
        self.lifted.iter().any(|(at, path)| *at == place && self.symbols.call(*path) == ty)
    }

    /// The requests' methods that a registration is for: those of its view, where the chain ends in one.
    fn methods_of_chain(&mut self, row: &EndpointRow, chain: &mut [Link], site: Site<'_>) -> Vec<String> {
        if !row.view.is_empty() {
            let is_class = |link: &&mut Link| matches!(link.value.shape, Shape::Class(_) | Shape::Object(_));
            for link in chain.iter_mut().filter(is_class) {
                link.value = self.view_of_class(&row.view, &link.value, site.args, link.place);
            }
        }
        let own = match chain.last().map(|link| link.value.clone()) {
            Some(last) => self.view_methods(&last),
            None => None,
        };
        let Some(own) = own else { return self.methods(&row.method, site) };
        let given = row.method.split(" | ").next().unwrap_or("");
        if !matches!(Access::parse(given).root, Root::Constant(_)) {
            let given = self.access(given, site);
            if given.iter().any(|value| !value.is_nullish()) {
                let given = self.methods(&row.method, site);
                return own.into_iter().filter(|method| given.contains(method)).collect();
            }
        }
        own
    }

    fn methods(&mut self, method: &str, site: Site<'_>) -> Vec<String> {
        if method == "$name" {
            let path = self.symbols.text(site.path);
            let name = path.rsplit('.').next().unwrap_or("").trim_end_matches("()");
            let name = match name {
                "del" => "delete",
                "opts" => "options",
                name => name,
            };
            return vec![if name == "all" { "ANY".to_owned() } else { name.to_uppercase() }];
        }
        let values = self.access(method, site);
        let values = self.flat(values);
        let values: Vec<Value> =
            if values.is_empty() { vec![Value::str(self.symbols.sym(method))] } else { values };
        let upper = |this: &Self, sym| match this.symbols.text(sym).to_uppercase().as_str() {
            "*" | "ALL" => "ANY".to_owned(),
            other => other.to_owned(),
        };
        values
            .iter()
            .flat_map(Value::alternatives)
            .filter_map(|value| match value.shape {
                Shape::Str(sym) => Some(upper(self, sym)),
                _ => None,
            })
            .collect()
    }

    /// Arrays flattened to any depth.
    pub(crate) fn flat(&self, values: Vec<Value>) -> Vec<Value> {
        let mut flat = Vec::new();
        for value in values {
            match self.elements_perhaps(&value.present()) {
                Some(items) if value.may_be_missing() => {
                    flat.extend(self.flat(items).into_iter().map(|item| item.tagged(Tags::PERHAPS)));
                }
                Some(items) => flat.extend(self.flat(items)),
                None => flat.push(value),
            }
        }
        flat
    }

    pub(crate) fn add_links(
        &mut self,
        value: &Value,
        options: &[String],
        place: Place,
        chain: &mut Vec<Link>,
    ) {
        for value in self.flat(vec![value.clone()]) {
            let is_perhaps = value.may_be_missing();
            let value = value.present();
            if let Shape::Object(id) = value.shape
                && self.heap.objects[id].ty.is_none()
                && self.heap.objects[id].class.is_none()
                && !options.is_empty()
            {
                for option in options {
                    let name = self.symbols.sym(option);
                    let member = self.get(&value, name, place);
                    if !member.is_nullish() && !matches!(member.shape, Shape::Unknown) {
                        self.add_links(&member, &[], place, chain);
                    }
                }
            } else {
                let value = self.behind_mark(&value, place).unwrap_or(value);
                let value = self.made_of_class(&value, place).unwrap_or(value);
                let value = if is_perhaps { value.tagged(Tags::PERHAPS) } else { value };
                chain.push(Link { value, place, entry: None });
            }
        }
    }

    pub(crate) fn is_path_like(&self, value: &Value) -> bool {
        match &value.shape {
            Shape::Str(_) | Shape::Text(_) | Shape::Regex(..) => true,
            // `app.use(process.env.PREFIX, guard)`: a setting is text, never a function.
            Shape::Unknown => value.tags().contains(Tags::ENVIRONMENT),
            Shape::Union(values) => values.iter().all(|value| self.is_path_like(value)),
            Shape::Object(_) => self
                .known_elements(value)
                .is_some_and(|items| !items.is_empty() && items.iter().all(|item| self.is_path_like(item))),
            _ => false,
        }
    }

    pub(crate) fn attach(&mut self, row: &AttachRow, package: &str, site: Site<'_>) -> Option<Value> {
        if let Some(calls) = self.calls_for_each(&row.items, false, site) {
            let row = AttachRow { items: String::new(), ..row.clone() };
            for (args, place) in calls {
                self.attach(&row, package, Site { args: &args, place, ..site });
            }
            return site.this.cloned();
        }
        if !row.gives.is_empty() {
            let gives = self.symbols.sym(&row.gives);
            let scope = self.opaque_object(gives, site.args, site.place);
            self.attach_made(row, package, &scope, site);
            return Some(scope);
        }
        let made = (row.scope == "return").then(|| self.made_scope(site));
        let on = match row.scope.as_str() {
            "" => site.this.cloned(),
            "return" => made.clone(),
            access => self.access(access, site).into_iter().next(),
        };
        let (scope, prefix) = self.scope_of(on.as_ref())?;
        if !self.holds_when(row.when.as_ref(), site) {
            return site.this.cloned();
        }
        let mut paths = Vec::new();
        if !row.path.is_empty() {
            let found = self.access(&row.path, site);
            let is_optional = Access::parse(&row.path).is_optional;
            let found: Vec<Value> =
                found.into_iter().filter(|value| !is_optional || self.is_path_like(value)).collect();
            paths = self.flat(found).iter().map(|path| self.prefixed(prefix.as_ref(), path)).collect();
        }
        if paths.is_empty() && row.is_exact {
            let any = Value::str(self.symbols.sym("*"));
            paths.push(self.prefixed(prefix.as_ref(), &any));
        } else if paths.is_empty()
            && let Some(prefix) = prefix
        {
            paths.push(prefix);
        }
        let mut chain = Vec::new();
        for access in &row.chain {
            let values = match access.as_str() {
                // What the call makes is itself the function: its rows say what it does.
                "return" if made.is_none() => {
                    let ty = self.symbols.call(site.path);
                    vec![(self.opaque_object(ty, site.args, site.place), site.place)]
                }
                access => self.access_with_places(access, site),
            };
            for (value, place) in values {
                if row.is_lazy {
                    let modules: Vec<Value> =
                        self.flat(vec![value]).iter().map(|value| self.module_of(value, place)).collect();
                    chain.extend(modules.into_iter().map(|value| Link { value, place, entry: None }));
                } else if !value.is_nullish() && !self.is_path_like(&value) {
                    self.add_links(&value, &[], place, &mut chain);
                }
            }
        }
        // `hook("before")` is given no function yet.
        if row.gives_chain && chain.is_empty() {
            return None;
        }
        let given_back = chain.first().filter(|_| row.gives_chain).map(|link| link.value.clone());
        if row.replaces_prefix && !paths.is_empty() {
            self.drop_prefixes(&chain);
        }
        if !chain.is_empty() {
            let scope = self.inner_scope(&row.into, scope, &mut paths, row.reach, package, site);
            let entry = self.entry_of(scope, row.entry.as_ref());
            let kind = EventKind::Attach { paths, chain, reach: row.reach, is_exact: row.is_exact };
            if row.serves && self.served.is_some() {
                self.record(scope, kind, package, entry, site.place, Vec::new().into());
            } else {
                self.emit(scope, kind, package, entry, site.place);
            }
        }
        if row.serves && self.run.is_some() {
            self.hand_to(scope, site.path, site.place);
        }
        given_back.or(made).or_else(|| site.this.cloned())
    }

    /// Attaches a scope that the call has made.
    pub(crate) fn attach_made(&mut self, row: &AttachRow, package: &str, made: &Value, site: Site<'_>) {
        let on = self.access(&row.scope, site).into_iter().next();
        let Some((scope, prefix)) = self.scope_of(on.as_ref()) else { return };
        let chain = vec![Link { value: made.clone(), place: site.place, entry: None }];
        let paths = prefix.into_iter().collect();
        let kind = EventKind::Attach { paths, chain, reach: row.reach, is_exact: false };
        let entry = self.entry_of(scope, row.entry.as_ref());
        self.emit(scope, kind, package, entry, site.place);
    }

    /// The scope that a call itself makes.
    fn made_scope(&mut self, site: Site<'_>) -> Value {
        if let Some(made) = &self.making {
            return made.clone();
        }
        let ty = self.index.made_by(site.path, &self.symbols).unwrap_or_else(|| self.symbols.call(site.path));
        let made = self.opaque_object(ty, site.args, site.place);
        self.making = Some(made.clone());
        made
    }

    /// A new scope of the type `into`, mounted in `scope` at `paths`, which are taken; `scope` itself if there is no
    /// type.
    fn inner_scope(
        &mut self,
        into: &str,
        scope: ObjId,
        paths: &mut Vec<Value>,
        reach: Reach,
        package: &str,
        site: Site<'_>,
    ) -> ObjId {
        if into.is_empty() {
            return scope;
        }
        let made = self.made_with(site.this);
        let settings = if made.is_empty() { site.args } else { &made };
        let made = self.opaque_object(self.symbols.sym(into), settings, site.place);
        let Shape::Object(inner) = made.shape else { return scope };
        let chain = vec![Link { value: made, place: site.place, entry: None }];
        let kind = EventKind::Attach { paths: std::mem::take(paths), chain, reach, is_exact: false };
        let entry = self.entry_of(scope, None);
        self.emit(scope, kind, package, entry, site.place);
        inner
    }

    /// Scopes that are mounted at a path that stands in place of their own.
    fn drop_prefixes(&mut self, chain: &[Link]) {
        let name = self.symbols.sym(crate::heap::OWN_PREFIX);
        for link in chain {
            if let Shape::Object(id) = link.value.shape {
                self.heap.write(Loc::Field(id, name), Some(Value::UNDEFINED));
            }
        }
    }

    fn sub(&mut self, row: &SubRow, site: Site<'_>) -> Option<Value> {
        let on = match row.scope.as_str() {
            "" => site.this.cloned(),
            access => self.access(access, site).into_iter().next(),
        };
        let (scope, outer) = self.scope_of(on.as_ref())?;
        let path =
            if row.prefix.is_empty() { None } else { self.access(&row.prefix, site).into_iter().next() };
        let prefix = self.prefixed(outer.as_ref(), &path.unwrap_or(Value::UNDEFINED));
        let mut object = Object::new(Some(site.place));
        object.ty = Some(self.symbols.sym(&row.r#type));
        object.part_of = Some(std::rc::Rc::new((scope, prefix)));
        object.args = site.args.into();
        let part = Value::object(self.heap.object(object));
        if let Some(body) = &row.body {
            for body in self.access(body, site) {
                self.call(&body, &Value::UNDEFINED, std::slice::from_ref(&part), site.place);
            }
        }
        Some(part)
    }

    fn plugin(&mut self, row: &routeward_catalog::PluginRow, package: &str, site: Site<'_>) -> Value {
        let this = match row.scope.as_str() {
            "" => site.this.cloned(),
            access => self.access(access, site).into_iter().next(),
        };
        let this = this.unwrap_or(Value::UNKNOWN);
        let site = Site { this: Some(&this), ..site };
        let Some((scope, outer_prefix)) = self.scope_of(site.this) else { return this };
        if !row.folder.is_empty() {
            self.plugins_in(row, package, site);
            return this;
        }
        if row.each
            && let Some((first, rest)) = site.args.split_first()
            && let Some(elements) = self.known_elements(first)
        {
            for element in elements {
                let args: Vec<Value> = std::iter::once(element).chain(rest.iter().cloned()).collect();
                self.plugin(row, package, Site { args: &args, ..site });
            }
            return this;
        }
        let plugin = self.access(&row.plugin, site).into_iter().next().unwrap_or(Value::UNKNOWN);
        // `include("package.module")`
        let plugin = match plugin.shape {
            Shape::Str(_) if !row.unwrap.is_empty() => {
                let own = self.symbols.sym(&row.own_name);
                let is_own = !row.own_name.is_empty() && self.external(own, site.place).shape == plugin.shape;
                if is_own {
                    self.namespace(site.place.file)
                } else {
                    self.computed_module(&plugin, site.place)
                }
            }
            _ => plugin,
        };
        let plugin = self.default_of(plugin, site.place);
        let plugin = self.unwrapped(plugin, &row.unwrap, site.place);
        self.plug(row, package, &plugin, None, &this, (scope, outer_prefix), site)
    }

    /// Calls one plugin, at a path of its own or that of the call.
    #[expect(clippy::too_many_arguments, reason = "the parts of one call")]
    fn plug(
        &mut self,
        row: &routeward_catalog::PluginRow,
        package: &str,
        plugin: &Value,
        at: Option<Value>,
        this: &Value,
        (scope, outer_prefix): (ObjId, Option<Value>),
        site: Site<'_>,
    ) -> Value {
        let this = this.clone();
        let pass: Vec<Value> = row
            .pass
            .iter()
            .map(|access| self.access(access, site).into_iter().next().unwrap_or(Value::UNDEFINED))
            .collect();
        // Plugins of libraries are made for the scope that registers them.
        let same_scope = row.same_scope
            || matches!(plugin.shape, Shape::External(_))
            || matches!(plugin.shape, Shape::Closure(id) if self.closure_of(id).same_scope);
        let prefix = if row.prefix.is_empty() {
            None
        } else {
            self.access(&row.prefix, site).into_iter().find(|value| !value.is_nullish())
        };
        let prefix = match (prefix, at) {
            (Some(prefix), Some(at)) => Some(self.prefixed(Some(&prefix), &at)),
            (prefix, at) => prefix.or(at),
        };
        let child = if same_scope && (prefix.is_none() || !row.same_scope) {
            this.clone()
        } else if same_scope {
            let mut object = Object::new(Some(site.place));
            object.ty = Some(self.symbols.sym(&row.r#type));
            let prefix = prefix.unwrap_or(Value::UNDEFINED);
            object.part_of = Some(std::rc::Rc::new((scope, self.prefixed(outer_prefix.as_ref(), &prefix))));
            Value::object(self.heap.object(object))
        } else {
            let mut object = Object::new(Some(site.place));
            object.ty = Some(self.symbols.sym(&row.r#type));
            // What the parent was decorated with is seen by the child.
            object.fields.clone_from(&self.heap.objects[scope].fields);
            let child = Value::object(self.heap.object(object));
            let paths = prefix.into_iter().collect();
            let chain = vec![Link { value: child.clone(), place: site.place, entry: None }];
            let kind = EventKind::Attach { paths, chain, reach: Reach::Later, is_exact: false };
            let entry = self.entry_of(scope, None);
            self.emit(scope, kind, package, entry, site.place);
            child
        };
        if let Shape::Object(id) = plugin.shape
            && self.scope_kind(id).is_some()
        {
            let chain = vec![Link { value: plugin.clone(), place: site.place, entry: None }];
            let kind = EventKind::Attach { paths: Vec::new(), chain, reach: Reach::Later, is_exact: false };
            let entry = self.entry_of(scope, None);
            self.emit(scope, kind, package, entry, site.place);
            return this;
        }
        let mut args = vec![child.clone()];
        args.extend(pass);
        self.call(plugin, &child, &args, site.place);
        this
    }

    /// The plugins that the files of a folder are.
    fn plugins_in(&mut self, row: &routeward_catalog::PluginRow, package: &str, site: Site<'_>) {
        let Some(Shape::Str(folder)) =
            self.access(&row.folder, site).into_iter().next().map(|value| value.shape)
        else {
            return;
        };
        let folder = routeward_base::normalise_path(&self.symbols.text(folder));
        let is_flat = row.flat_when.as_ref().is_some_and(|when| self.holds_when(Some(when), site));
        let mut work = vec![(folder, String::new())];
        while let Some((folder, at)) = work.pop() {
            let mut names = (self.program.list)(&folder);
            names.truncate(512);
            let is_code = |name: &String| {
                let name = name.rsplit('/').next().unwrap_or(name);
                let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
                matches!(extension, "js" | "ts" | "mjs" | "cjs" | "mts" | "cts")
                    .then(|| stem.to_owned())
                    .filter(|stem| !stem.contains('.'))
            };
            let has_index = names.iter().filter_map(is_code).any(|stem| stem == "index");
            for name in names {
                let last = name.rsplit('/').next().unwrap_or(&name).to_owned();
                let path = if name.contains('/') { name.clone() } else { format!("{folder}/{name}") };
                match is_code(&name) {
                    Some(stem) if has_index && stem != "index" => {}
                    Some(_) => {
                        let module = self.module_at(&path);
                        self.plugin_file(row, package, module, &at, site);
                    }
                    None if last.contains('.') || path.matches('/').count() > 16 => {}
                    None => {
                        let segment = last.strip_prefix('_').map_or(last.clone(), |name| format!(":{name}"));
                        work.push((path, if is_flat { at.clone() } else { format!("{at}/{segment}") }));
                    }
                }
            }
        }
    }

    fn plugin_file(
        &mut self,
        row: &routeward_catalog::PluginRow,
        package: &str,
        module: Value,
        at: &str,
        site: Site<'_>,
    ) {
        let own = |this: &mut Self, name: &str| {
            let name = this.symbols.sym(name);
            let value = this.get(&module, name, site.place);
            this.is_path_like(&value).then_some(value)
        };
        let at = if let Some(path) = own(self, "prefixOverride") {
            Some(path)
        } else {
            let folder = Value::str(self.symbols.sym(at));
            match own(self, "autoPrefix") {
                Some(path) => Some(self.prefixed(Some(&folder), &path)),
                None => (!at.is_empty()).then_some(folder),
            }
        };
        let plugin = self.default_of(module, site.place);
        let this = site.this.cloned().unwrap_or(Value::UNKNOWN);
        if let (Some(place), Shape::Closure(_)) = (self.scope_of(site.this), &plugin.shape) {
            self.plug(row, package, &plugin, at, &this, place, site);
        }
    }

    /// The function of a plugin that is given as an object.
    fn unwrapped(&mut self, mut plugin: Value, members: &[String], place: Place) -> Value {
        for _ in 0..4 {
            let Shape::Object(_) = plugin.shape else { break };
            let inner = members.iter().find_map(|name| {
                let name = self.symbols.sym(name);
                let member = self.get(&plugin, name, place);
                (!member.is_nullish() && !matches!(member.shape, Shape::Unknown)).then_some(member)
            });
            match inner {
                Some(inner) => plugin = self.default_of(inner, place),
                None => break,
            }
        }
        plugin
    }

    /// The default export where a whole module stands for it.
    pub(crate) fn default_of(&mut self, value: Value, place: Place) -> Value {
        let Shape::Object(id) = value.shape else { return value };
        if self.heap.objects[id].ty.is_some() {
            return value;
        }
        let name = self.symbols.sym("default");
        let default = self.get(&value, name, place);
        if default.is_nullish() { value } else { default }
    }

    fn resource(&mut self, row: &ResourceRow, package: &str, site: Site<'_>) -> Option<Value> {
        let made = (row.scope == "return").then(|| self.made_scope(site));
        let scope = made.clone().or_else(|| self.access_in(&row.scope, package, site).into_iter().next());
        let (scope, prefix) = self.scope_of(scope.as_ref())?;
        let (first, mut names) = (self.events.len(), Vec::new());
        let privileges = self.written_privileges(&row.rows, &row.unset, site);
        let rows =
            self.access(&row.rows, site).iter().find_map(|class| self.name_of(class)).unwrap_or_default();
        for route in &row.routes {
            if !route.needs.is_empty() {
                let has = self.access(&route.needs, site).iter().any(|value| !value.is_nullish());
                if !has {
                    continue;
                }
            }
            for path in self.joined_template(&route.path, site) {
                if path.is_nullish() {
                    continue;
                }
                let path = if row.parent.is_empty() { path } else { self.nested(&row.parent, &path) };
                let path = if route.suffix.is_empty() {
                    path
                } else {
                    let suffix = self.suffix_of(&route.suffix, &path);
                    self.concat_values(&[path, suffix])
                };
                let path = self.prefixed(prefix.as_ref(), &path);
                let mut chain = self.resource_handler(row, route, site);
                let made = chain.is_empty().then(|| Made {
                    name: route.handler.clone(),
                    effect: route.effect.clone(),
                    rows: rows.clone(),
                    privileges: privileges.clone(),
                });
                let mut before = Vec::new();
                for access in &route.before {
                    let values = self.access(access, site);
                    before.extend(self.flat(values).into_iter().filter(|value| !value.is_nullish()));
                }
                let link = |value| Link { value, place: site.place, entry: None };
                chain.splice(0..0, before.into_iter().map(link));
                names.push((self.events.len(), route.handler.clone()));
                let kind = EventKind::Route {
                    methods: vec![route.method.clone()],
                    paths: vec![path],
                    chain,
                    made,
                    schemas: Vec::new(),
                };
                let entry = self.entry_of(scope, None);
                self.emit(scope, kind, package, entry, site.place);
            }
        }
        let part = (!row.gives.is_empty()).then(|| self.part_since(first, names, &row.gives, site.place));
        part.or(made)
    }

    /// The template of a resource's endpoint, from one access path or from several that are a segment each.
    fn joined_template(&mut self, path: &str, site: Site<'_>) -> Vec<Value> {
        if !path.contains(" + ") {
            return self.access(path, site);
        }
        let slash = Value::str(self.symbols.sym("/"));
        let mut parts = Vec::new();
        for access in path.split(" + ") {
            let segment = self.access(access, site).into_iter().next().unwrap_or(Value::UNKNOWN);
            let segment = match segment.shape {
                Shape::Str(text) => {
                    let text = self.symbols.text(text);
                    Value::str(self.symbols.sym(text.trim_matches('/')))
                }
                _ => segment,
            };
            let is_empty =
                matches!(segment.shape, Shape::Str(text) if self.symbols.with(text, str::is_empty));
            if !is_empty {
                parts.extend([slash.clone(), segment]);
            }
        }
        vec![self.concat_values(&parts)]
    }

    /// What is put behind the template, with the template's last segment for `$`.
    fn suffix_of(&self, suffix: &str, path: &Value) -> Value {
        let last = match &path.shape {
            Shape::Str(text) => self.symbols.text(*text),
            _ => String::new(),
        };
        let last = last.rsplit('/').next().unwrap_or("");
        Value::str(self.symbols.sym(&suffix.replace('$', last)))
    }

    fn go_on(&mut self, row: &routeward_catalog::ContinueRow, site: Site<'_>) {
        if !row.fills.is_empty() {
            for value in self.access(&row.fills, site) {
                self.fill(&row.into, &value, site.place);
            }
        }
        let error =
            if row.error.is_empty() { None } else { self.access(&row.error, site).into_iter().next() };
        match error {
            Some(value) if !value.is_nullish() => {
                let is_skip = matches!(value.shape, Shape::Str(sym) if row.skip.iter().any(|skip| *skip == self.symbols.text(sym)));
                if is_skip {
                    self.skip(site.place);
                } else {
                    let tags = self.deep_taint(&value, 1).tags;
                    self.refuse(site.place, tags);
                }
            }
            _ => self.hand_on(site.place),
        }
        self.be_done(site.path, site.place);
    }

    /// This path has done with the request: reaching the end of the function says nothing more.
    pub(crate) fn be_done(&mut self, about: Sym, place: Place) {
        let done = self.fact(FactKind::Answered, place, "is done", about);
        self.assume(&done);
    }

    fn guard(&mut self, row: &GuardRow, site: Site<'_>) -> Option<Value> {
        if site.args.len() < row.min_args {
            return None;
        }
        if row.kind == GuardKind::Password {
            if !self.compares_token(site) {
                self.note_password(site.place);
            }
            // A password that comes with every request, in place of a token.
            let is_credential =
                |arg: &Value| arg.tags().contains(Tags::CREDENTIAL) && !arg.tags().contains(Tags::PRINCIPAL);
            if site.args.iter().any(is_credential) {
                let verified =
                    self.fact(FactKind::Authn, site.place, "compares the caller's password", site.path);
                return Some(Value::UNKNOWN.when_truthy(&verified));
            }
            // Whether it fits is not known; without a callback that is all that the call gives.
            let tells_callback = site.args.iter().any(|arg| matches!(arg.shape, Shape::Closure(_)));
            return (!tells_callback).then_some(Value::UNKNOWN);
        }
        // `auth(handler)` gives the handler, `auth()` the caller.
        if !row.wraps.is_empty() && row.holds != Holds::Middleware {
            let wrapped = self
                .access(&row.wraps, site)
                .into_iter()
                .find(|value| matches!(value.shape, Shape::Closure(_)));
            if wrapped.is_some() {
                return wrapped;
            }
        }
        let facts = self.guard_facts(row, site, "verifies the caller");
        let caller = match row.gives {
            Gives::Principal => Value::UNKNOWN.tagged(Tags::PRINCIPAL),
            Gives::Nothing => Value::UNKNOWN,
        };
        let is_optional =
            row.is_optional || row.optional_when.iter().any(|when| self.holds_when(Some(when), site));
        if is_optional {
            let caller = if row.sets_on.is_empty() {
                caller
            } else {
                caller.tagged(Tags::PRINCIPAL).when_truthy(&facts)
            };
            self.leave_caller(row, &caller, site.place);
            return matches!(row.holds, Holds::NormalReturn | Holds::Truthy).then_some(caller);
        }
        if !row.except_patterns.is_empty() && row.holds == Holds::AsMiddleware {
            self.guard_unless_path(row, &facts, site);
            return None;
        }
        if let Some(caller) = self.guard_hook(row, &facts, site) {
            self.leave_caller(row, &caller.tagged(Tags::PRINCIPAL), site.place);
            return Some(Value::bool(true));
        }
        if !row.callback.is_empty() && !matches!(row.holds, Holds::Middleware) {
            let callbacks = self.access(&row.callback, site);
            if let Some(callback) = callbacks.iter().find(|value| matches!(value.shape, Shape::Closure(_))) {
                let callback = callback.clone();
                self.guard_callback(row, &callback, &facts, site.place);
                return Some(Value::UNKNOWN);
            }
        }
        match row.holds {
            Holds::NormalReturn | Holds::Callback => {
                self.assume(&facts);
                let left = Value::UNKNOWN.tagged(Tags::PRINCIPAL).when_truthy(&facts);
                self.leave_caller(row, &left, site.place);
                Some(caller.when_truthy(&facts))
            }
            Holds::AsMiddleware => {
                self.assume(&facts);
                None
            }
            Holds::Truthy | Holds::Success => Some(caller.when_truthy(&facts)),
            Holds::Middleware | Holds::Empty => None,
        }
    }

    /// Assumes what a guard makes sure of, except for the paths that it lets pass.
    fn guard_unless_path(&mut self, row: &GuardRow, facts: &FactSet, site: Site<'_>) {
        let found = self.access(&row.except_patterns, site);
        let patterns: Vec<Value> = self
            .flat(found)
            .into_iter()
            .map(|value| match value.shape {
                Shape::Str(text) => Value::new(Shape::Regex(text, RegexFlags::default())),
                _ => value,
            })
            .collect();
        let covered = if patterns.is_empty() {
            Value::bool(false)
        } else {
            let patterns = self.heap.array(patterns, false, None);
            let path = self.request_line_value(routeward_catalog::SourceKind::Url);
            self.covers_path(&patterns, &path)
        };
        let left = Value::UNKNOWN.tagged(Tags::PRINCIPAL).when_truthy(facts);
        self.fork(
            &covered,
            site.place,
            |_| Value::UNDEFINED,
            |inner| {
                inner.assume(facts);
                inner.leave_caller(row, &left, site.place);
                Value::UNDEFINED
            },
        );
    }

    fn validate(&mut self, row: &ValidatorRow, site: Site<'_>) -> Option<Value> {
        let mut facts = FactSet::default();
        let mut checked = Value::UNKNOWN.tagged(Tags::CHECKED);
        if !row.schema.is_empty()
            && !self.access(&row.schema, site).iter().any(|class| self.is_constrained(class))
        {
            let given = self.access(&row.from, site).into_iter().next().unwrap_or(Value::UNDEFINED);
            return Some(if row.holds == Holds::NormalReturn { given } else { Value::UNKNOWN });
        }
        if !row.from.is_empty() && !matches!(row.holds, Holds::Middleware) {
            for value in self.access(&row.from, site) {
                for input in self.inputs_of(&value, 3) {
                    facts = facts.union(&self.fact(
                        FactKind::Validated(input.path, 0),
                        site.place,
                        "is checked",
                        input.path,
                    ));
                }
                checked = checked.tagged(self.taint_here(&value) & Tags::REQUEST);
                let input = value.input();
                checked = checked.noted(|meta| meta.input = input);
            }
        }
        match row.holds {
            Holds::NormalReturn => {
                self.assume(&facts);
                match row.gives_checked {
                    true => Some(checked),
                    // A function that an input passes gives it back.
                    false if !row.schema.is_empty() => self.access(&row.from, site).into_iter().next(),
                    false => None,
                }
            }
            Holds::Truthy => Some(Value::UNKNOWN.when_truthy(&facts)),
            Holds::Success => Some(self.success(&facts, &checked, site.place)),
            Holds::Empty => Some(self.error_list(&facts, site.place)),
            Holds::AsMiddleware => {
                self.validator_middleware(row, site);
                None
            }
            Holds::Middleware | Holds::Callback => None,
        }
    }

    /// A result that says whether a check has succeeded, and holds the checked value or the errors.
    fn success(&mut self, facts: &FactSet, checked: &Value, place: Place) -> Value {
        let mut object = Object::new(Some(place));
        object.is_open = true;
        let id = self.heap.object(object);
        let members: [(&[&str], Value); 3] = [
            (&["success", "ok", "isValid"], Value::UNKNOWN.when_truthy(facts)),
            (&["error", "errors", "issues"], Value::UNKNOWN.when_falsy(facts)),
            (&["data", "value", "output"], checked.clone()),
        ];
        for (names, value) in members {
            for name in names {
                let name = self.symbols.sym(name);
                self.heap.write(Loc::Field(id, name), Some(value.clone()));
            }
        }
        Value::object(id)
    }

    /// The inputs that a value consists of.
    pub(crate) fn inputs_of(&self, value: &Value, depth: u32) -> Vec<InputPath> {
        let mut inputs: Vec<InputPath> = value.input().into_iter().collect();
        if depth == 0 || !inputs.is_empty() && !matches!(value.shape, Shape::Object(_)) {
            return inputs;
        }
        match &value.shape {
            Shape::Object(id) => {
                let object = &self.heap.objects[*id];
                for member in
                    object.fields.iter().map(|(_, value)| value).chain(object.items.iter().flatten()).take(64)
                {
                    inputs.extend(self.inputs_of(member, depth - 1));
                }
                inputs.extend(object.input.filter(|input| value.input() != Some(*input)));
            }
            Shape::Union(values) => {
                for value in values.iter() {
                    inputs.extend(self.inputs_of(value, depth - 1));
                }
            }
            _ => {}
        }
        let mut unique: Vec<InputPath> = Vec::new();
        for input in inputs {
            if !unique.contains(&input) {
                unique.push(input);
            }
        }
        unique
    }

    fn respond(&mut self, row: &ResponderRow, site: Site<'_>) -> Value {
        let this = site.this.cloned().unwrap_or(Value::UNKNOWN);
        let key = self.symbols.sym("$status");
        let number = |value: &Value| match value.shape {
            Shape::Number(number) => Some(number as u16),
            _ => None,
        };
        if !row.sets_type.is_empty() {
            let said = self.access(&row.sets_type, site).into_iter().next();
            if let (Shape::Object(id), Some(said)) = (&this.shape, said)
                && self.holds_when(row.when.as_ref(), site)
            {
                let key = self.symbols.sym(SAID_TYPE);
                self.heap.write(Loc::Field(*id, key), Some(said));
            }
            return this;
        }
        if !row.sets_status.is_empty() {
            let status = self.access(&row.sets_status, site).into_iter().next().unwrap_or(Value::UNKNOWN);
            if let Shape::Object(id) = this.shape {
                let is_value = self.heap.objects[id].field(self.symbols.sym("$answer")).is_some();
                if !is_value {
                    self.path.status = Some(number(&status));
                }
                self.heap.write(Loc::Field(id, key), Some(status.clone()));
            }
            if row.status.is_empty() {
                return this;
            }
            self.amend_answer(number(&status));
        }
        let status = if let Ok(status) = row.status.parse::<u16>() {
            Some(status)
        } else {
            let given =
                if row.status.is_empty() { None } else { self.access(&row.status, site).into_iter().next() };
            let set = match this.shape {
                Shape::Object(id) => self.heap.objects[id].field(key).cloned(),
                _ => None,
            };
            match given.filter(|value| !value.is_nullish()).or(set) {
                Some(value) => number(&value),
                None => Some(200),
            }
        };
        // A file chosen by the request is no constant.
        let chosen = site
            .args
            .first()
            .filter(|arg| row.redirect.is_empty() && arg.tags().intersects(Tags::REQUEST))
            .cloned();
        let body = if row.body.is_empty() {
            chosen.filter(|_| row.status.is_empty()).unwrap_or(Value::UNDEFINED)
        } else {
            self.access(&row.body, site).into_iter().next().unwrap_or(Value::UNDEFINED)
        };
        let said = self.said(&body);
        let is_page = row.is_view && !self.deep_taint(&body, 4).tags.intersects(crate::run::TOLD);
        let body = if is_page { Value::UNDEFINED } else { body };
        let body = if row.is_view { self.viewed(body) } else { body };
        if row.is_value {
            // A method of an object that the run was given may build on what was set there before.
            let of_object = matches!(site.this.map(|this| &this.shape), Some(Shape::Object(_)));
            if row.goes_on || !of_object {
                return self.verdict_value(row.goes_on, status, !row.redirect.is_empty(), body, site.place);
            }
            return self.answer_value(row, status, body, site);
        }
        let before = row.is_part.then(|| self.path.clone());
        self.answer(site.place, status, &body, !row.redirect.is_empty());
        self.amend_said(said);
        if let Some(before) = before {
            self.path.facts = before.facts;
        }
        if row.ends {
            let error = Value::UNKNOWN;
            self.throw(&error, site.place);
        }
        this
    }

    /// An answer that counts when it is returned.
    fn answer_value(
        &mut self,
        row: &ResponderRow,
        status: Option<u16>,
        body: Value,
        site: Site<'_>,
    ) -> Value {
        let ty = self.index.made_by(site.path, &self.symbols).unwrap_or_else(|| self.symbols.call(site.path));
        let value = self.opaque_object(ty, site.args, site.place);
        if let Shape::Object(id) = value.shape {
            let mut members = vec![("$answer", if body.is_nullish() { Value::UNKNOWN } else { body })];
            if !row.status.is_empty() {
                members.push((
                    "$status",
                    status.map_or(Value::UNKNOWN, |status| Value::new(Shape::Number(f64::from(status)))),
                ));
            }
            if !row.redirect.is_empty() {
                members.push(("$redirect", Value::bool(true)));
            }
            for (name, member) in members {
                let name = self.symbols.sym(name);
                self.heap.write(Loc::Field(id, name), Some(member));
            }
        }
        value
    }

    fn callback(&mut self, row: &CallbackRow, site: Site<'_>) -> Value {
        let is_meant = !row.callback.is_empty() && self.holds_when(row.when.as_ref(), site);
        let callback = if is_meant { self.access(&row.callback, site).into_iter().next() } else { None };
        let mut result = Value::UNKNOWN;
        if let Some(callback) = callback.filter(|value| matches!(value.shape, Shape::Closure(_))) {
            let args: Vec<Value> = row.params.iter().map(|ty| self.param_of(ty, site)).collect();
            let returned = self.aside(|this| this.call(&callback, &Value::UNDEFINED, &args, site.place));
            result = returned;
        }
        if row.gives.is_empty() { result } else { self.param_of(&row.gives, site) }
    }

    fn param_of(&mut self, ty: &str, site: Site<'_>) -> Value {
        match ty {
            "" => Value::UNKNOWN,
            "error" => Value::UNKNOWN.tagged(Tags::ERROR),
            "body" | "archive" => self.handed_in(ty, site.place),
            ty => {
                let ty = self.symbols.sym(ty);
                self.opaque_object(ty, &[], site.place)
            }
        }
    }

    fn effect(&mut self, row: &EffectRow, site: Site<'_>) -> Value {
        let (mut chosen, mut names, mut filter_tags) = (Vec::new(), Vec::new(), Tags::empty());
        let mut filter_names = Vec::new();
        let named = row.by_name.then(|| self.symbols.with(site.path, subject_in)).flatten();
        let target = named.unwrap_or_else(|| self.target_name(site));
        let verb = self.verb_of(row, site);
        let creates = row.creates || verb == "insert";
        let is_write =
            row.write || matches!(verb.as_str(), "insert" | "update" | "delete" | "replace" | "merge");
        for access in &row.filter {
            for value in self.access(access, site) {
                if is_write && !creates {
                    self.chosen_before(&value, 3, &mut chosen, &mut filter_tags);
                }
                // What is passed by name to a change may choose rows or be stored in them.
                if let (Shape::Object(id), false) = (&value.shape, row.by_name && is_write) {
                    let id = *id;
                    filter_names.extend(
                        self.heap.objects[id].fields.iter().map(|(name, _)| self.symbols.text(*name)),
                    );
                }
                self.filter_leaves(&value, None, 4, &mut chosen, &mut names, &mut filter_tags);
            }
        }
        let (mut stored, mut whole, mut values) = (Vec::new(), None, Vec::new());
        for access in &row.values {
            for value in self.access(access, site) {
                whole = whole.or_else(|| self.whole_input(&value));
                stored.extend(self.inputs_of(&value, 3));
                values.push(value);
            }
        }
        if creates {
            self.note_seeded(&values, site.place);
        }
        let by_caller = filter_tags.contains(Tags::PRINCIPAL);
        // What the caller chooses among rows of theirs is not the caller.
        let of_caller = if chosen.is_empty() { filter_tags & Tags::PRINCIPAL } else { Tags::empty() };
        let record = EffectRecord {
            columns: self.columns_of(&values, &target),
            target,
            is_write,
            creates,
            place: site.place,
            chosen_by: chosen,
            chosen_names: names,
            filter_names,
            by_caller,
            stored,
            by_parsed: filter_tags.contains(Tags::PARSED),
            stores_whole: whole,
            asks: site.args.iter().chain(site.this).filter_map(|value| value.meta.as_ref()?.row).collect(),
        };
        let id = self.effects.push(record);
        self.note_effect(id, site.place);
        self.note_columns(id, row, site);
        let mut result =
            Value::UNKNOWN.tagged(Tags::ROW | Tags::WHOLE | of_caller).noted(|meta| meta.row = Some(id));
        if self.run.is_some() && !row.write {
            let asked = self.effects[id].asks.iter().copied().chain([id]).collect::<Vec<EffectId>>();
            for id in asked {
                let none = self.fact(FactKind::Free(id), site.place, "gives nobody else's row", site.path);
                result = result.when_falsy(&none);
            }
        }
        if filter_tags.contains(Tags::CREDENTIAL) && !filter_tags.intersects(Tags::PRINCIPAL | Tags::MIXED) {
            result = self.found_by_credential(site.place).tagged(Tags::ROW);
        }
        if !row.callback.is_empty()
            && let Some(callback) = self
                .access(&row.callback, site)
                .into_iter()
                .find(|value| matches!(value.shape, Shape::Closure(_)))
        {
            let args = [Value::UNKNOWN.tagged(Tags::ERROR), result.clone()];
            self.aside(|this| this.call(&callback, &Value::UNDEFINED, &args, site.place));
        }
        if !row.gives.is_empty() {
            let ty = self.symbols.sym(&row.gives);
            let meta = result.meta.clone();
            result = self.opaque_object(ty, site.args, site.place);
            result.meta = meta;
        }
        result
    }

    /// The part of the request that a value is, or that an object literal spreads, if nothing has checked it.
    pub(crate) fn whole_input(&self, value: &Value) -> Option<InputPath> {
        let spread = match value.shape {
            Shape::Object(id) => self.heap.objects[id].input,
            _ => None,
        };
        let input = value.input().or(spread).filter(|input| self.is_whole(*input));
        input.filter(|_| !value.tags().contains(Tags::CHECKED))
    }

    /// The first word of a statement's text.
    fn verb_of(&mut self, row: &EffectRow, site: Site<'_>) -> String {
        if row.by_name {
            return self.symbols.with(site.path, verb_in).to_owned();
        }
        if row.statement.is_empty() {
            return String::new();
        }
        let text = match self.access(&row.statement, site).first().map(|value| &value.shape) {
            Some(Shape::Str(sym)) => self.symbols.text(*sym),
            Some(Shape::Text(pieces)) => match pieces.first() {
                Some(crate::value::Piece::Text(sym)) => self.symbols.text(*sym),
                _ => String::new(),
            },
            _ => String::new(),
        };
        text.split_whitespace().next().unwrap_or("").to_lowercase()
    }

    /// True if the input is a part of the request, or the object directly below it, rather than one field.
    fn is_whole(&self, input: InputPath) -> bool {
        self.symbols.with(input.path, |path| !path.contains('.'))
    }

    fn filter_leaves(
        &self,
        value: &Value,
        name: Option<Sym>,
        depth: u32,
        chosen: &mut Vec<InputPath>,
        names: &mut Vec<String>,
        tags: &mut Tags,
    ) {
        *tags |= value.tags() & (Tags::PRINCIPAL | Tags::CREDENTIAL | Tags::PARSED);
        // Read from a credential that was verified: not for the caller to choose.
        if value.truthy().has(FactKind::Authn) {
            *tags |= Tags::PRINCIPAL;
            return;
        }
        if value.tags().contains(Tags::PRINCIPAL) && !matches!(value.shape, Shape::Object(_)) {
            return;
        }
        if let Some(input) = value.input()
            && value.tags().intersects(Tags::INPUT)
            && !value.tags().contains(Tags::PRINCIPAL)
        {
            if !chosen.contains(&input) {
                chosen.push(input);
            }
            names.extend(name.map(|name| self.symbols.text(name)));
            if !matches!(value.shape, Shape::Object(_)) {
                return;
            }
        } else if value.input().is_none()
            && value.tags().intersects(Tags::INPUT)
            && !value.tags().contains(Tags::PRINCIPAL)
        {
            // Computed from an input: which one is not kept.
            let part = value.tags() & Tags::INPUT;
            let word = if part.contains(Tags::PATH) {
                "path"
            } else if part.contains(Tags::BODY) {
                "body"
            } else {
                "query"
            };
            let input = InputPath { part, path: self.symbols.sym(word) };
            if !chosen.contains(&input) {
                chosen.push(input);
            }
            names.extend(name.map(|name| self.symbols.text(name)));
        }
        if depth == 0 {
            return;
        }
        match &value.shape {
            Shape::Object(id) => {
                let object = &self.heap.objects[*id];
                for (name, member) in &object.fields {
                    self.filter_leaves(member, Some(*name), depth - 1, chosen, names, tags);
                }
                for item in object.items.iter().flatten() {
                    self.filter_leaves(item, name, depth - 1, chosen, names, tags);
                }
            }
            Shape::Union(values) => {
                for value in values.iter() {
                    self.filter_leaves(value, name, depth - 1, chosen, names, tags);
                }
            }
            _ => {}
        }
    }

    fn target_name(&self, site: Site<'_>) -> String {
        // `mongoose.model("Order", schema)`
        if let Some(Shape::Object(id)) = site.this.map(|this| &this.shape)
            && let Some(Shape::Str(name)) = self.heap.objects[*id].args.first().map(|arg| &arg.shape)
        {
            return self.symbols.text(*name);
        }
        if let Some(Shape::Class(class)) = site.this.map(|this| &this.shape) {
            let class = &self.heap.classes[*class];
            let module = self.module(class.file);
            module.classes[class.class]
                .name
                .map_or_else(|| "data".to_owned(), |name| module.text(name).to_owned())
        } else {
            if let Some(Value { shape: Shape::Object(id), .. }) = site.this
                && let Some(Value { shape: Shape::Str(name), .. }) =
                    self.heap.objects[*id].field(self.symbols.sym(ELEMENT))
            {
                return self.symbols.text(*name);
            }
            if self.is_outline(self.cx.file) {
                return self.target_of_args(site.args);
            }
            let path = self.symbols.text(site.path);
            let segments: Vec<&str> = path.split('.').collect();
            let owner = segments.len().checked_sub(2).map_or("data", |i| segments[i]);
            owner.trim_end_matches("()").to_owned()
        }
    }

    /// A member of a modelled object is written.
    pub(crate) fn write_of_type(&mut self, path: Sym, this: &Value, new: &Value, place: Place) {
        let text = format!("{}=", self.symbols.text(path));
        let path = self.symbols.sym(&text);
        self.note_misuse(Site { path, this: Some(this), args: std::slice::from_ref(new), place });
        for matched in self.index.rows(path, &self.symbols).iter() {
            if self.version_fits(matched.package, matched.version) {
                let args = [new.clone()];
                let site = Site { path, this: Some(this), args: &args, place };
                if let Row::Responder(row) = matched.row {
                    self.respond(row, site);
                }
            }
        }
    }

    // ---------------------------------------------------------------------------------------- access paths

    pub(crate) fn access(&mut self, text: &str, site: Site<'_>) -> Vec<Value> {
        self.access_in(text, "", site)
    }

    fn access_in(&mut self, text: &str, package: &str, site: Site<'_>) -> Vec<Value> {
        if text.contains(" | ") {
            let mut found = Vec::new();
            for alternative in text.split(" | ") {
                found = self.access_in(alternative, package, site);
                if found.iter().any(|value| !value.is_nullish()) {
                    break;
                }
            }
            return found;
        }
        let access = Access::parse(text);
        let (positional, keywords) = self.split_keywords(site.args);
        let site = Site { args: positional, ..site };
        let mut values: Vec<Value> = match access.root {
            Root::Named(name) => self.named_argument(keywords, &name),
            Root::AllNamed => keywords.map(Value::object).into_iter().collect(),
            Root::MadeNamed(name) => {
                let made = self.made_with(site.this);
                let keywords = self.split_keywords(&made).1;
                self.named_argument(keywords, &name)
            }
            Root::Arg(i) if i < 0 => site
                .args
                .len()
                .checked_sub(i.unsigned_abs() as usize)
                .and_then(|i| site.args.get(i))
                .cloned()
                .into_iter()
                .collect(),
            Root::Arg(i) => site.args.get(i as usize).cloned().into_iter().collect(),
            Root::Args(from, left_out) => {
                let end = site.args.len().saturating_sub(left_out);
                site.args.get(from.min(end)..end).unwrap_or(&[]).to_vec()
            }
            Root::This => site.this.cloned().into_iter().collect(),
            Root::Return => Vec::new(),
            Root::Made(which) => {
                let made = self.made_with(site.this);
                let made = self.split_keywords(&made).0;
                match which {
                    Some(i) => made.get(i).cloned().into_iter().collect(),
                    None => made.to_vec(),
                }
            }
            Root::Site(ty) => self.site_around(site.place.file, &ty).into_iter().map(Value::object).collect(),
            Root::State(name) => {
                let (package, name) = name.split_once('/').unwrap_or((package, &name));
                let key = (package.to_owned(), name.to_owned());
                self.states.get(&key).cloned().into_iter().collect()
            }
            Root::Constant(text) => match text.strip_prefix("path:") {
                Some(path) => {
                    let path = self.symbols.sym(path);
                    vec![self.external(path, site.place)]
                }
                None => vec![Value::str(self.symbols.sym(&text))],
            },
        };
        for step in &access.steps {
            values =
                values.into_iter().flat_map(|value| self.access_step(&value, step, site.place)).collect();
        }
        values
    }

    /// The arguments of the call that gave a value.
    fn made_with(&self, this: Option<&Value>) -> std::rc::Rc<[Value]> {
        match this.map(|this| &this.shape) {
            Some(Shape::Object(id)) => self.heap.objects[*id].args.clone(),
            _ => std::rc::Rc::from([]),
        }
    }

    /// An argument that is passed by name, if it is.
    fn named_argument(&mut self, keywords: Option<ObjId>, name: &str) -> Vec<Value> {
        let name = self.symbols.sym(name);
        let object = keywords.map(|id| &self.heap.objects[id]);
        object.and_then(|object| object.field(name)).cloned().into_iter().collect()
    }

    fn access_step(&mut self, value: &Value, step: &Step, place: Place) -> Vec<Value> {
        match step {
            // A setting that may be a word or an object has no members where it is a word.
            Step::Member(_)
                if matches!(
                    value.shape,
                    Shape::Str(_) | Shape::Text(_) | Shape::Number(_) | Shape::Bool(_)
                ) =>
            {
                vec![Value::UNDEFINED]
            }
            Step::Member(name) => {
                let name = self.symbols.sym(name);
                vec![self.get(value, name, place)]
            }
            Step::Item(i) => {
                let index = Value::new(Shape::Number(*i as f64));
                vec![self.get_index(value, &index, place)]
            }
            // All that is passed by name.
            Step::Each if matches!(value.shape, Shape::Object(id) if self.heap.objects[id].is_keywords) => {
                let Shape::Object(id) = value.shape else { return Vec::new() };
                self.heap.objects[id].fields.iter().map(|(_, value)| value.clone()).collect()
            }
            Step::Each => self.known_elements(value).unwrap_or_default(),
        }
    }

    pub(crate) fn access_text(&mut self, text: &str, this: Option<&Value>, args: &[Value]) -> Option<Value> {
        let place = Place { file: self.cx.file, span: routeward_base::Span::default() };
        let path = self.symbols.sym(text);
        self.access(text, Site { path, this, args, place }).into_iter().next()
    }

    /// Whether a row's condition on an argument, or on one of several, holds for sure.
    pub(crate) fn holds_when(&mut self, when: Option<&When>, site: Site<'_>) -> bool {
        let Some(when) = when else { return true };
        // What is not known is taken not to be one of the values that a row leaves out.
        self.condition(when, site).unwrap_or(!when.is_not.is_empty())
    }
}

/// The hidden member of a response that names the type it was said to have.
pub(crate) const SAID_TYPE: &str = "$type";
/// The hidden member that names the type argument of an object's declared type: `Repository<User>`.
pub(crate) const ELEMENT: &str = "$element";
/// The hidden member of what the result of a call was called to make: that result.
pub(crate) const MAKER: &str = "$maker";
/// True if the row says what a function that the call makes does with a request.
fn is_middleware(row: Row<'_>) -> bool {
    match row {
        Row::Guard(row) => row.holds == Holds::Middleware,
        Row::Limiter(row) => row.holds == Holds::Middleware,
        Row::Validator(row) => row.holds == Holds::Middleware,
        _ => false,
    }
}

/// Marks an input whose check is collected and has yet to be acted on.
pub const PENDING: u32 = u32::MAX - 1;
