//! Calls: functions of the program, methods, construction, and code that cannot be seen.

use std::borrow::Cow;
use std::rc::Rc;

use routeward_base::FileId;
use routeward_diag::Place;
use routeward_ir::{FuncId, Passing, Pat};

use crate::eval::{Activation, Cx, Evaluator, Path, Unbidden, meet};
use crate::fact::{FactKind, FactSet};
use crate::heap::{ADDRESS, OWN_PREFIX, Object, VERSION};
use crate::modelled::Site;
use crate::taint::{Taint, Via};
use crate::value::{ClassValueId, Closure, FrameId, ObjId, Shape, Tags, Value};
use crate::{Sym, lexicon};

impl<'p> Evaluator<'p> {
    /// Calls a value.
    pub(crate) fn call(&mut self, function: &Value, this: &Value, args: &[Value], place: Place) -> Value {
        self.note_outlined_call(function, args, place);
        match &function.shape {
            Shape::Closure(id) => {
                let Closure { file, func, env, this: bound, given, .. } = self.closure_of(*id).clone();
                let all_args;
                let mut args = args;
                if let Some(given) = given {
                    all_args = [&given, args].concat();
                    args = &all_args;
                }
                let is_explicit = self.module(file).functions[func].flags.explicit_this;
                // What a class holds as a method without being written in one takes the receiver as its first argument.
                let mut with_receiver = Vec::new();
                let (bound, args) = match bound {
                    Some(bound) if !is_explicit && self.module(file).semantics.classes_are_callable => {
                        with_receiver.push(bound);
                        with_receiver.extend_from_slice(args);
                        (None, with_receiver.as_slice())
                    }
                    bound => (bound, args),
                };
                let this = match bound {
                    Some(bound) => bound,
                    // The receiver was bound when the function was read, or there is none.
                    None if is_explicit => Value::UNDEFINED,
                    None => this.clone(),
                };
                let home = match args.first().filter(|_| is_explicit && this.is_nullish()) {
                    Some(first) => self.home_of(first),
                    None => self.home_of(&this),
                };
                self.call_places.push(place);
                let handed = self.handed(file, func, args, place);
                let result = self.call_in(file, func, env, this, &handed, home);
                self.call_places.pop();
                result
            }
            Shape::Class(_) if self.module(self.cx.file).semantics.classes_are_callable => {
                self.construct(function, args, place)
            }
            Shape::External(path) => self.call_path(*path, None, args, place, function.taint()),
            Shape::Method(object, path) => {
                let this = Value::object(*object);
                self.call_path(*path, Some(&this), args, place, function.taint())
            }
            Shape::Object(_) if self.settle(function, args.first().cloned().unwrap_or(Value::UNDEFINED)) => {
                Value::UNDEFINED
            }
            Shape::Object(id) if self.operator_of(*id).is_some() => {
                let Some((file, func, env)) = self.operator_of(*id) else { return Value::UNKNOWN };
                let home = self.home_of(function);
                self.call_in(file, func, env, function.clone(), args, home)
            }
            Shape::Object(id) => match self.heap.objects[*id].ty {
                Some(ty) => self.call_object(*id, ty, function, args, place),
                // `session()`: what gives the session stands for it.
                None if function.tags().contains(Tags::SESSION) => function.clone(),
                None => self.opaque_call(function, args, place, None),
            },
            Shape::Union(values) => {
                let values: Vec<Value> = values.iter().filter(|value| !value.is_nullish()).cloned().collect();
                if values.len() == 1 {
                    return self.call(&values[0], this, args, place);
                }
                if values.len() > Value::WIDTH {
                    return self.call_each(&values, this, args, place);
                }
                let mut result: Option<Value> = None;
                for value in values {
                    let called = self.fork(
                        &Value::UNKNOWN,
                        place,
                        |inner| inner.call(&value, this, args, place),
                        |_| Value::UNKNOWN,
                    );
                    result = Some(result.map_or(called.clone(), |known| known.join(&called)));
                }
                result.unwrap_or(Value::UNKNOWN)
            }
            // `@transaction()`, where that is a generator which runs around what it is given.
            Shape::Undefined if self.module(self.cx.file).semantics.classes_are_callable => match args {
                [Value { shape: Shape::Closure(_), .. }] => args[0].clone(),
                _ => self.opaque_call(function, args, place, None),
            },
            _ => self.opaque_call(function, args, place, None),
        }
    }

    /// Arguments on their way into a function.
    fn handed<'v>(
        &mut self,
        file: FileId,
        func: FuncId,
        args: &'v [Value],
        place: Place,
    ) -> Cow<'v, [Value]> {
        if !args.iter().any(|arg| arg.taint().is_of_client()) {
            return Cow::Borrowed(args);
        }
        let name = self.module(file).functions[func].name;
        let name = name.map_or_else(|| self.symbols.sym("a function"), |name| self.sym(file, name));
        args.iter().map(|arg| self.stepped(arg.clone(), Via::Argument(name), place)).collect()
    }

    pub(crate) fn operator_of(&mut self, id: crate::ObjId) -> Option<(FileId, FuncId, FrameId)> {
        match self.heap.objects[id].class.as_ref()?.shape {
            Shape::Class(class) => self.call_operator(class),
            _ => None,
        }
    }

    /// The class whose `super` a method sees.
    fn home_of(&self, this: &Value) -> Option<ClassValueId> {
        if let Shape::Class(class) = this.shape {
            return Some(class);
        }
        let Shape::Object(id) = this.shape else { return None };
        match self.heap.objects[id].class.as_ref()?.shape {
            Shape::Class(class) => Some(class),
            _ => None,
        }
    }

    /// Runs a function of the program.
    pub(crate) fn call_in(
        &mut self,
        file: FileId,
        func: FuncId,
        env: FrameId,
        this: Value,
        args: &[Value],
        home: Option<ClassValueId>,
    ) -> Value {
        let code = &self.module(file).functions[func];
        let place = self.shown(Place { file, span: code.name_span });
        let nested =
            self.activations.iter().filter(|active| (active.file, active.func) == (file, func)).count();
        if nested >= 2 || self.activations.len() >= self.budget.calls {
            if nested < 2 {
                self.cut(place, "the call is nested too deeply");
            }
            let taint = args.iter().fold(Taint::default(), |taint, arg| taint | self.taint_here(arg));
            return Value::UNKNOWN.tagged(taint & (Tags::REQUEST | Tags::CREDENTIAL));
        }
        self.calls_seen.insert((file, func));
        if self.run.is_some() || self.under_way.is_none() {
            self.calls_bidden.insert((file, func));
        }
        // A receiver that is a parameter like any other.
        let mut with_receiver = Vec::new();
        let (mut this, mut args) = (this, args);
        if code.flags.explicit_this {
            if !matches!(this.shape, Shape::Undefined) {
                with_receiver.push(this.clone());
                with_receiver.extend_from_slice(args);
                args = &with_receiver;
            } else if code.class.is_some() {
                this = args.first().cloned().unwrap_or(Value::UNDEFINED);
            }
        }
        let frame = self.new_frame(file, func, Some(env), this.clone());
        self.heap.frames[frame].home = home;
        let outside = self.enter_outline(file);
        let outer = std::mem::replace(&mut self.cx, Cx { file, frame });
        let entry = self.path.clone();
        self.activations.push(Activation { file, func, returns: Vec::new() });
        let jumps = self.enter_function();
        if let Some(slot) = self.modules[file].own_slots.get(&func).copied() {
            let itself = Closure { file, func, env, this: None, same_scope: false, given: None };
            let itself = Value::new(Shape::Closure(self.heap.closures.push(itself)));
            self.declare(slot, itself);
        }
        self.bind_params(file, func, &this, args, place);
        self.exec_block(code.body);
        self.leave_function(jumps);
        self.cx = outer;
        self.outlines.outside = outside;
        self.heap.leave(frame);
        let mut returns = self.activations.pop().map(|active| active.returns).unwrap_or_default();
        if self.path.is_live {
            let path = self.path.clone();
            returns.push((Value::UNDEFINED, path));
        }
        if let Some(watched) = &mut self.watched
            && watched.depth == self.activations.len()
        {
            watched.returns.extend(returns.iter().cloned());
        }
        self.returned(&entry, returns)
    }

    fn bind_params(&mut self, file: FileId, func: FuncId, this: &Value, args: &[Value], place: Place) {
        let params = &self.module(file).functions[func].params;
        let (positional, keywords) = self.split_keywords(args);
        if let Some(slot) = self.module(file).functions[func].arguments {
            let all = self.heap.array(positional.to_vec(), false, None);
            self.declare(slot, all);
        }
        let mut at = 0;
        for param in params {
            let value = if param.by == Passing::Name && param.is_rest {
                self.remaining_keywords(file, func, keywords)
            } else if param.is_rest {
                // Inputs that a framework passes by whatever names there are take no positions.
                let may_be_more = |id| self.heap.objects[id].is_open && self.heap.objects[id].input.is_none();
                let is_open = keywords.is_some_and(may_be_more);
                self.heap.array(positional.get(at..).unwrap_or(&[]).to_vec(), is_open, None)
            } else if let Some(value) = positional.get(at).filter(|_| param.by != Passing::Name) {
                at += 1;
                value.clone()
            } else {
                self.keyword(file, param, keywords, place)
            };
            let value = self.typed(value, param.ty, place);
            if let Some(field) = param.field {
                let field = self.sym(file, field);
                self.set(this, field, value.clone(), place);
            }
            self.bind(param.pat, value, true);
        }
    }

    /// The arguments by position, and those by name.
    pub(crate) fn split_keywords<'v>(&self, args: &'v [Value]) -> (&'v [Value], Option<ObjId>) {
        match args.split_last() {
            Some((Value { shape: Shape::Object(id), .. }, rest)) if self.heap.objects[*id].is_keywords => {
                (rest, Some(*id))
            }
            _ => (args, None),
        }
    }

    /// The name of a parameter that is a plain variable.
    pub(crate) fn param_name(&self, file: FileId, pat: routeward_ir::PatId) -> Option<Sym> {
        let module = self.module(file);
        match module.patterns[pat] {
            Pat::Slot(slot) => Some(self.sym(file, module.slots[slot].name)),
            Pat::Default { pat, .. } => self.param_name(file, pat),
            _ => None,
        }
    }

    /// What is passed for a parameter by its name.
    fn keyword(
        &mut self,
        file: FileId,
        param: &routeward_ir::Param,
        from: Option<ObjId>,
        place: Place,
    ) -> Value {
        let Some(id) = from else { return Value::UNDEFINED };
        let name = self.param_name(file, param.pat).filter(|_| param.by != Passing::Position);
        let Some(name) = name else { return Value::UNDEFINED };
        if let Some(value) = self.heap.objects[id].field(name) {
            return value.clone();
        }
        // More names than are known were passed.
        if self.heap.objects[id].is_open {
            self.get(&Value::object(id), name, place)
        } else {
            Value::UNDEFINED
        }
    }

    /// What is passed by names that no parameter has.
    fn remaining_keywords(&mut self, file: FileId, func: FuncId, from: Option<ObjId>) -> Value {
        let mut object = crate::heap::Object::new(None);
        if let Some(id) = from {
            let known: Vec<Sym> = self.module(file).functions[func]
                .params
                .iter()
                .filter(|param| !param.is_rest && param.by != Passing::Position)
                .filter_map(|param| self.param_name(file, param.pat))
                .collect();
            object = crate::heap::Object { is_keywords: false, ..self.heap.objects[id].clone() };
            object.fields.retain(|(name, _)| !known.contains(name));
        }
        Value::object(self.heap.object(object))
    }

    /// One value and one path from all returns: what is truthy only on some of them proves what held there.
    fn returned(&mut self, entry: &Path, returns: Vec<(Value, Path)>) -> Value {
        let mut returns = returns.into_iter();
        let Some((value, path)) = returns.next() else {
            self.path = entry.clone();
            self.path.is_live = false;
            return Value::UNKNOWN;
        };
        let rest: Vec<(Value, Path)> = returns.collect();
        if rest.is_empty() {
            self.path = Path { is_live: true, ..path };
            return value;
        }
        let with_facts = |value: Value, path: &Path| {
            let facts = path.facts.minus(&entry.facts);
            value.when_truthy(&facts).when_falsy(&facts)
        };
        let mut joined = with_facts(value, &path);
        let mut all = path;
        for (value, path) in rest {
            joined = joined.join(&with_facts(value, &path));
            all = meet(&all, &path);
        }
        self.path = Path { is_live: true, ..all };
        joined
    }

    /// `object.name(args)`.
    pub(crate) fn call_method(&mut self, object: &Value, name: Sym, args: &[Value], place: Place) -> Value {
        if let Some(op) = self.continuation_op(object, name)
            && let Some(result) = self.builtin(op, Some(object), args, place)
        {
            return result;
        }
        match &object.shape {
            Shape::Union(values) => {
                let values: Vec<Value> = values.iter().filter(|value| !value.is_nullish()).cloned().collect();
                // Facts and place in the request are notes on the whole, not on the alternatives.
                if values.len() == 1 {
                    let one = Value { shape: values[0].shape.clone(), meta: object.meta.clone() };
                    return self.call_method(&one, name, args, place);
                }
                if values.iter().all(|value| {
                    matches!(
                        value.shape,
                        Shape::Str(_) | Shape::Text(_) | Shape::Unknown | Shape::Bool(_) | Shape::Number(_)
                    )
                }) {
                    let one = Value { shape: Shape::Unknown, meta: object.meta.clone() };
                    return self.call_method(&one, name, args, place);
                }
                let mut result: Option<Value> = None;
                for value in values {
                    let called = self.call_method(&value, name, args, place);
                    result = Some(result.map_or(called.clone(), |known| known.join(&called)));
                }
                return result.unwrap_or(Value::UNKNOWN);
            }
            Shape::External(path) => {
                let function = self.symbols.sym("Function");
                let path = self.symbols.join(*path, name);
                if let Some(function) = self.outlined(path) {
                    return self.call(&function, &Value::UNDEFINED, args, place);
                }
                let applies = self.builtin_op(self.symbols.join(function, name));
                if let Some(op) = applies.filter(|_| self.index.rows(path, &self.symbols).is_empty())
                    && let Some(result) = self.builtin(op, Some(object), args, place)
                {
                    return result;
                }
                return self.call_path(path, Some(object), args, place, object.taint());
            }
            Shape::Object(id) => {
                let id = *id;
                // `{"get": "list"}.get(key)`: an entry of that name is no method.
                let own = self.heap.objects[id].field(name).is_some_and(is_callable)
                    || self.heap.objects[id].class.is_some();
                if !own && let Some(ty) = self.heap.objects[id].ty {
                    let path = self.symbols.join(ty, name);
                    return self.call_path(path, Some(object), args, place, object.taint());
                }
                if !own && self.heap.objects[id].items.is_some() {
                    return self.call_builtin("Array", object, name, args, place);
                }
                // A part of the request is read by a method: `form.get('name')`.
                let any = self.symbols.join(self.symbols.sym("*"), name);
                if !own
                    && self.heap.objects[id].input.is_some()
                    && let Some(op) = self.builtin_op(any)
                    && let Some(result) = self.builtin(op, Some(object), args, place)
                {
                    return result;
                }
            }
            Shape::Str(_) | Shape::Text(_) => return self.call_builtin("String", object, name, args, place),
            Shape::Regex(..) => return self.call_builtin("RegExp", object, name, args, place),
            Shape::Closure(_) => {
                let own = self.get(object, name, place);
                if own.is_nullish() {
                    return self.call_builtin("Function", object, name, args, place);
                }
                return self.call(&own, object, args, place);
            }
            Shape::Class(class) => {
                let class = *class;
                let statics = self.heap.classes[class].statics;
                if self.heap.objects[statics].field(name).is_none()
                    && self.attribute(class, name, None).is_none()
                    && let Some(Value { shape: Shape::External(path), .. }) = self.method(class, name, true)
                {
                    return self.call_path(path, Some(object), args, place, object.taint());
                }
            }
            Shape::Undefined | Shape::Null => return Value::UNKNOWN,
            Shape::Method(..) => return self.call_builtin("Function", object, name, args, place),
            Shape::Unknown if object.tags() == Tags::ENVIRONMENT => {
                if let Some(settings) = object.meta.as_ref().and_then(|meta| meta.origin) {
                    let path = self.symbols.join(settings, name);
                    if self.has_otherwise(path) {
                        return self.call_path(path, Some(object), args, place, object.taint());
                    }
                    self.note_misuse(Site { path, this: Some(object), args, place });
                }
                return self.call_builtin("*", object, name, args, place);
            }
            _ => return self.call_builtin("*", object, name, args, place),
        }
        let method = self.get(object, name, place);
        match method.shape {
            Shape::Unknown | Shape::Undefined => self.call_builtin("*", object, name, args, place),
            _ if !is_callable(&method) => self.call_builtin("*", object, name, args, place),
            Shape::External(path) => self.call_path(path, Some(object), args, place, object.taint()),
            _ => self.call(&method, object, args, place),
        }
    }

    /// Waiting is transparent, so whatever stands for an awaited value can be continued.
    fn continuation_op(&self, object: &Value, name: Sym) -> Option<&'p str> {
        let own = matches!(object.shape, Shape::Object(id) if self.heap.objects[id].field(name).is_some());
        let any = self.symbols.join(self.symbols.sym("*"), name);
        let op = if own { None } else { self.builtin_op(any) };
        op.filter(|op| matches!(*op, "then" | "catch" | "finally"))
    }

    /// A method known to the evaluator, or a call that cannot be seen.
    fn call_builtin(&mut self, kind: &str, this: &Value, name: Sym, args: &[Value], place: Place) -> Value {
        for kind in [kind, "*"] {
            let kind = self.symbols.sym(kind);
            let path = self.symbols.join(kind, name);
            if let Some(op) = self.builtin_op(path)
                && let Some(result) = self.builtin(op, Some(this), args, place)
            {
                return result;
            }
        }
        if let Some(value) = self.call_anyones(this, name, args, place) {
            return value;
        }
        let of_row = this.tags().contains(Tags::WHOLE).then(|| self.row_method(this, name));
        let name = self.symbols.text(name);
        self.opaque_call(of_row.as_ref().unwrap_or(this), args, place, Some(&name))
    }

    /// A method that models know by its name alone: to give an object of a type, to ask what the caller may do, or to do
    /// something to the world with a part of the request.
    fn call_anyones(&mut self, this: &Value, name: Sym, args: &[Value], place: Place) -> Option<Value> {
        let path = self.symbols.join(self.symbols.sym("*"), name);
        let rows = self.index.rows(path, &self.symbols);
        if rows.iter().any(|matched| matches!(matched.row, crate::index::Row::Guard(_))) {
            return Some(self.call_path(path, Some(this), args, place, this.taint()));
        }
        if this.tags().intersects(Tags::REQUEST) {
            for matched in rows.iter() {
                if let crate::index::Row::Sink(row) = matched.row {
                    self.sink(row, Site { path, this: Some(this), args, place });
                }
            }
            return None;
        }
        let ty = self.index.made_by(path, &self.symbols)?;
        Some(self.opaque_object(ty, args, place))
    }

    /// Constructs an instance.
    pub(crate) fn construct(&mut self, class: &Value, args: &[Value], place: Place) -> Value {
        match &class.shape {
            Shape::Class(_) | Shape::Closure(_) => {
                let mut object = Object::new(Some(place));
                object.class = Some(class.clone());
                if let Some(ty) = self.external_base(class) {
                    // An instance of a class that derives from a modelled type is a value of that type.
                    object.ty = Some(self.index.made_by(ty, &self.symbols).unwrap_or(ty));
                    object.args = args.into();
                }
                let this = Value::object(self.heap.object(object));
                let live = self.path.clone();
                let outer = self.unbased.replace(this.clone());
                self.initialise(class, &this, args, place);
                // No constructor of the program says what that of the library is given.
                if std::mem::replace(&mut self.unbased, outer).is_some()
                    && let Some(path) = self.external_base(class)
                {
                    self.construct_base(path, &this, args, place);
                }
                self.fill_by_name(class, &this, args);
                if !self.path.is_live {
                    self.path = live;
                }
                this
            }
            Shape::External(path) => self.construct_path(*path, args, place),
            // A class that a call of a library has made: `const User = model('User', schema)`.
            Shape::Object(id) if self.heap.objects[*id].ty.is_some() => {
                let ty = self.heap.objects[*id].ty.unwrap_or(Sym(0));
                let path = self.symbols.join(ty, self.symbols.sym("new"));
                self.construct_path(path, args, place)
            }
            Shape::Union(values) => match values
                .iter()
                .find(|value| !matches!(value.shape, Shape::Unknown) && !value.is_nullish())
            {
                Some(class) => {
                    let class = class.clone();
                    self.construct(&class, args, place)
                }
                None => self.opaque_call(class, args, place, None),
            },
            _ => self.opaque_call(class, args, place, None),
        }
    }

    /// An instance of a class without a constructor of its own, which a library gives one: what is passed by names
    /// becomes its members.
    fn fill_by_name(&mut self, class: &Value, this: &Value, args: &[Value]) {
        let (Shape::Class(class), Shape::Object(id)) = (&class.shape, &this.shape) else { return };
        if let (_, Some(keywords)) = self.split_keywords(args)
            && self.constructor_of(*class).is_none()
        {
            self.spread_into(*id, &Value::object(keywords));
        }
    }

    /// The first constructor of a class in the order in which members are looked up.
    pub(crate) fn constructor_of(&self, class: ClassValueId) -> Option<(FileId, FuncId, FrameId)> {
        self.heap.classes[class].lineage.iter().find_map(|class| {
            let Shape::Class(class) = class.shape else { return None };
            let crate::value::ClassValue { file, class, env, .. } = self.heap.classes[class];
            Some((file, self.module(file).classes[class].constructor?, env))
        })
    }

    pub(crate) fn external_base(&self, class: &Value) -> Option<Sym> {
        let mut next = class.clone();
        for _ in 0..16 {
            match next.shape {
                Shape::Class(class) => next = self.heap.classes[class].base.clone()?,
                Shape::External(path) => return Some(path),
                Shape::Object(id) => return self.heap.objects[id].ty,
                _ => return None,
            }
        }
        None
    }

    /// A call into code that is not seen: functions given to it may be called with anything, and the result comes
    /// from everything given.
    pub(crate) fn opaque_call(
        &mut self,
        function: &Value,
        args: &[Value],
        place: Place,
        name: Option<&str>,
    ) -> Value {
        self.note_unseen(name.unwrap_or(""), args, place);
        self.unseen_sinks(name.unwrap_or(""), args, place);
        let taint = args.iter().fold(function.taint(), |taint, arg| taint | self.deep_taint(arg, 2));
        let result = self.opaque_result(function, args, taint, place, name);
        let asked = if function.tags().intersects(Tags::REQUEST) {
            FactSet::default()
        } else {
            self.asked(name.unwrap_or("a function"), args, place)
        };
        self.aside(|inner| {
            inner.assume(&asked);
            for arg in args {
                inner.call_back(arg, taint, place);
            }
        });
        // What code throws for a credential it does not accept is caught.
        if self.is_trying() && name.is_none_or(lexicon::is_guard) {
            self.assume(&asked);
        }
        result.when_truthy(&asked)
    }

    /// What holds where code that is not seen has accepted what the request presents, other than what the caller
    /// chooses freely.
    pub(crate) fn asked(&mut self, name: &str, args: &[Value], place: Place) -> FactSet {
        const PRESENTED: Tags = Tags::HEADER.union(Tags::COOKIE).union(Tags::CREDENTIAL);
        if self.run.is_none() || lexicon::believes(name) {
            return FactSet::default();
        }
        let presents = |value: &Value| {
            let tags = self.deep_taint(value, 2).tags;
            let is_request = matches!(value.shape, Shape::Object(id) if self.runs.stands_for_request(id));
            (is_request || tags.intersects(PRESENTED)) && !tags.intersects(Tags::PRINCIPAL | Tags::INPUT)
        };
        if !args.iter().any(presents) {
            return FactSet::default();
        }
        let about = self.symbols.sym(name);
        self.fact(FactKind::Unseen(about), place, "may verify the caller", about)
    }

    /// Calls a function that was handed to unseen code.
    pub(crate) fn call_back(&mut self, callback: &Value, taint: Taint, place: Place) {
        if let Shape::Object(id) = callback.shape
            && self.heap.objects[id].is_keywords
        {
            let values: Vec<Value> =
                self.heap.objects[id].fields.iter().map(|(_, value)| value.clone()).collect();
            for value in values {
                self.call_back(&value, taint, place);
            }
            return;
        }
        if let Shape::Object(id) = callback.shape
            && taint.is_of_client()
            && self.heap.objects[id].ty.is_none()
        {
            // `answers.subscribe({ next: (answer) => … })`
            let fields = self.heap.objects[id].fields.iter();
            let functions = fields.filter(|(_, member)| matches!(member.shape, Shape::Closure(_)));
            let functions: Vec<Value> = functions.map(|(_, member)| member.clone()).collect();
            for function in &functions {
                self.call_back(function, taint, place);
            }
        }
        let Shape::Closure(id) = callback.shape else {
            self.settle(callback, Value::UNKNOWN.tagged(taint));
            return;
        };
        let Closure { file, func, .. } = *self.closure_of(id);
        let params = self.callback_args(file, func, taint);
        self.unbidden(Unbidden::Callback, |this| {
            this.aside(|this| this.call(callback, &Value::UNDEFINED, &params, place))
        });
    }

    /// What unseen code passes to a function: an error where the parameter's name says so, else something that
    /// comes from what the code was given.
    pub(crate) fn callback_args(&mut self, file: FileId, func: FuncId, taint: Taint) -> Vec<Value> {
        let module = self.module(file);
        let known = Tags::REQUEST | Tags::PRINCIPAL | Tags::ROW | Tags::FREE_TEXT | Tags::CREDENTIAL;
        let carried = taint & known;
        let unseen = if carried.is_of_others() { Tags::UNSEEN } else { Tags::empty() };
        let carried = carried | unseen;
        let value = |pat| match &module.patterns[pat] {
            Pat::Slot(slot) if lexicon::is_error(module.text(module.slots[*slot].name)) => {
                Value::UNKNOWN.tagged(Tags::ERROR)
            }
            _ => Value::UNKNOWN.tagged(carried),
        };
        module.functions[func].params.iter().map(|param| value(param.pat)).collect()
    }

    fn opaque_result(
        &mut self,
        function: &Value,
        args: &[Value],
        taint: Taint,
        place: Place,
        name: Option<&str>,
    ) -> Value {
        let input = function.input().filter(|_| args.iter().all(|arg| arg.tags().is_empty()));
        let unseen = if taint.is_of_others() { Tags::UNSEEN } else { Tags::empty() };
        // What is made of a row is not all of it; a row's own methods are told apart by their names.
        let mut lost = Tags::SESSION | Tags::SECRET;
        lost.set(Tags::WHOLE, !function.tags().contains(Tags::WHOLE));
        let mut result = Value::UNKNOWN.tagged(taint & lost.complement() | unseen);
        if let Some(meta) = &function.meta {
            let (truthy, row) = (meta.truthy.clone(), meta.row);
            result = result.when_truthy(&truthy).noted(|note| note.row = row);
        }
        result = result.noted(|meta| meta.input = input);
        // Handing the credential to code that is not seen may verify it.
        let hands_credential = args
            .iter()
            .any(|arg| arg.tags().contains(Tags::CREDENTIAL) && !arg.tags().contains(Tags::PRINCIPAL));
        let is_lookup = name.is_some_and(lexicon::is_lookup) && !function.tags().intersects(Tags::REQUEST);
        // `sessions.find(token)`, `sessions.findUnique({ where: { token } })`
        let is_found_by = |arg: &Value| {
            let tags = self.deep_taint(arg, 3).tags;
            tags.contains(Tags::CREDENTIAL) && !tags.intersects(Tags::INPUT | Tags::PRINCIPAL | Tags::MIXED)
        };
        if is_lookup && args.first().is_some_and(is_found_by) && args.iter().all(is_found_by) {
            // There is something only for a credential that the server has issued.
            let found = self.found_by_credential(place);
            return result.tagged(found.taint()).when_truthy(&found.truthy());
        }
        if hands_credential && name.is_none_or(lexicon::is_guard) {
            let about = self.symbols.sym(name.unwrap_or("a function"));
            let opaque = self.fact(crate::FactKind::Opaque(about), place, "may verify the credential", about);
            result = result.when_truthy(&opaque);
        }
        result
    }

    /// An object that a call or construction of unmodelled code gives, named by its path.
    pub(crate) fn opaque_object(&mut self, ty: Sym, args: &[Value], place: Place) -> Value {
        let mut object = Object::new(Some(place));
        object.ty = Some(ty);
        object.args = Rc::from(args);
        object.fields = self.own_fields(ty, args);
        Value::object(self.heap.object(object))
    }

    /// The hidden members of a scope that its construction decides.
    pub(crate) fn own_fields(&mut self, ty: Sym, args: &[Value]) -> Vec<(Sym, Value)> {
        let mut fields = Vec::new();
        let rows = self.index.lineage(ty, &self.symbols);
        let prefix = rows.iter().find_map(|row| row.prefix.as_deref());
        let address = rows.iter().find_map(|row| row.address.as_deref());
        let version = rows.iter().map(|row| row.version.as_str()).find(|access| !access.is_empty());
        for (name, access) in [(OWN_PREFIX, prefix), (ADDRESS, address), (VERSION, version)] {
            let path = access.and_then(|access| self.access_text(access, None, args));
            let is_path = |path: &Value| {
                !path.is_nullish()
                    && !matches!(path.shape, Shape::Object(_) | Shape::Closure(_) | Shape::External(_))
            };
            fields.extend(path.filter(is_path).map(|path| (self.symbols.sym(name), path)));
        }
        fields
    }
}

/// False for values that can be no function.
fn is_callable(value: &Value) -> bool {
    !matches!(value.shape, Shape::Str(_) | Shape::Text(_) | Shape::Number(_) | Shape::Bool(_) | Shape::Null)
}
