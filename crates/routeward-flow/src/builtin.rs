//! Operations that models bind to the functions of a language's own library.

use routeward_catalog::SinkKind;
use routeward_diag::Place;
use routeward_ir::RegexFlags;

use crate::eval::{Deferred, Evaluator};
use crate::fact::{FactKind, FactSet, HOLDS};
use crate::heap::{Loc, Object};
use crate::index::Row;
use crate::modelled::PENDING;
use crate::pattern::Pattern;
use crate::place::folder;
use crate::run::EffectRecord;
use crate::taint::{SinkKinds, Via};
use crate::value::{Closure, ObjId, Piece, Shape, Tags, Value};
use crate::{Sym, Truth};

/// The type of what a deferred continuation will give.
const DEFERRED: &str = "$deferred";
/// The types of the functions that settle a promise.
const RESOLVE: &str = "$resolve";
const REJECT: &str = "$reject";

/// What a [`FactKind::Validated`] is about that says: the result of all checks was asked for.
pub const COLLECTED: &str = "$collected";

impl<'p> Evaluator<'p> {
    /// The operation bound to a path.
    pub(crate) fn builtin_op(&self, path: Sym) -> Option<&'p str> {
        self.index.rows(path, &self.symbols).iter().find_map(|matched| match matched.row {
            Row::Builtin(row) => Some(row.op.as_str()),
            _ => None,
        })
    }

    /// Applies an operation; `None` where it says nothing about these arguments.
    pub(crate) fn builtin(
        &mut self,
        op: &str,
        this: Option<&Value>,
        args: &[Value],
        place: Place,
    ) -> Option<Value> {
        let unknown = Value::UNKNOWN;
        let this = this.unwrap_or(&unknown);
        // Operations speak of positions.
        let (args, keywords) = self.split_keywords(args);
        let first = args.first().unwrap_or(&Value::UNDEFINED);
        self.note_slow(op, this, first, place);
        Some(match op {
            // `dict(a=1)`, `dict(other, b=2)`
            "record" => {
                let id = self.heap.object(Object::new(Some(place)));
                for source in args.iter().cloned().chain(keywords.map(Value::object)) {
                    self.spread_into(id, &source);
                }
                Value::object(id)
            }
            // `", ".join(list)`
            "joins" => {
                let items = self.known_elements(first)?;
                self.concat_with(this, &items)
            }
            "extend" => {
                if let Some(items) = self.known_elements(first) {
                    self.push(this, &items);
                } else if let Shape::Object(id) = this.shape {
                    self.heap.objects[id].is_open = true;
                }
                Value::UNDEFINED
            }
            "pairs" => self.entries(this, place)?,
            "own-keys" => self.collection(self.known_keys(this), this, place),
            "own-values" => self.collection(self.field_values(this), this, place),
            "numbered" => {
                let items = self.known_elements(first)?;
                let pairs: Vec<Value> = items
                    .into_iter()
                    .enumerate()
                    .map(|(i, item)| {
                        let index = Value::new(Shape::Number(i as f64));
                        self.heap.array(vec![index, item], false, Some(place))
                    })
                    .collect();
                self.heap.array(pairs, false, Some(place))
            }
            "map-over" => self.each(args.get(1).unwrap_or(&unknown), first, place, true),
            "type-of" => self.type_of(first, args.get(1), place)?,
            "member" => {
                let Some(key) = self.as_key(args.get(1)?) else {
                    return self.chosen_member(first, args.get(1)?, place);
                };
                let found = self.get(first, key, place);
                match args.get(2) {
                    Some(otherwise) if found.is_nullish() => otherwise.clone(),
                    _ => found,
                }
            }
            "member-or-set" => self.member_or_set(this, args, place)?,
            "set-member" => {
                let key = self.as_key(args.get(1)?)?;
                self.set(first, key, args.get(2).cloned().unwrap_or(Value::UNKNOWN), place);
                Value::UNDEFINED
            }
            "module" => self.computed_module(first, place),
            "named-by-path" => match first.shape {
                Shape::Str(text) => {
                    let text = self.symbols.text(text);
                    self.named_by_path(&text)
                }
                _ => return Some(first.clone()),
            },
            "has-member" => {
                let key = self.as_key(args.get(1)?)?;
                let found = self.get(first, key, place);
                match found.shape {
                    Shape::Undefined | Shape::Null => Value::bool(false),
                    Shape::Unknown | Shape::External(_) => Value::UNKNOWN,
                    _ => Value::bool(true),
                }
            }
            "document" => self.document(first, args.get(1..).unwrap_or(&[]), place),
            "data-in" if matches!(first.shape, Shape::Object(_)) => self.data_in(first)?,
            "data-in" => return None,
            "data-of" => self.data_in(first)?,
            "exported" => self.exported_by_name(first, args.get(1).unwrap_or(&unknown)),
            "follow" => self.followed(first, args.get(1).unwrap_or(&unknown)),
            "instance-of" => self.instance_of(first, args.get(1)?).unwrap_or(Value::UNKNOWN),
            "subclass-of" => self.subclass_of(first, args.get(1)?).unwrap_or(Value::UNKNOWN),
            "surely" => Value::bool(self.truth(first) == Truth::Truthy),
            "is-text" => Value::bool(matches!(first.shape, Shape::Str(_) | Shape::Text(_))),
            "is-seen" => Value::bool(matches!(first.shape, Shape::Closure(_) | Shape::Class(_))),
            "is-known" => Value::bool(match first.shape {
                Shape::Object(id) => self.heap.objects[id].ty.is_none() && !self.heap.objects[id].is_open,
                Shape::Unknown | Shape::External(_) | Shape::Union(_) | Shape::Undefined => false,
                _ => true,
            }),
            "name-of" => {
                let name = self.name_of(first)?;
                Value::str(self.symbols.sym(&name))
            }
            "members" => self.class_members(first, place)?,
            "statics" => self.class_statics(first, place)?,
            "camel-case" => self.camel_case(first),
            "any-of" => self.any_of(first),
            "all-of" => self.all_of(first),
            "injected" => self.put_in(first, place),
            "is-class" => Value::bool(matches!(first.shape, Shape::Class(_))),
            "shown-as" => self.shown_as(first, args.get(1)?)?,
            "refusals" => {
                let refusals = self.run.as_ref().map_or(0, |run| run.outcome.refusals.len());
                Value::new(Shape::Number(refusals as f64))
            }
            "unseen" => {
                let about = first.clone();
                let about = match about.shape {
                    Shape::Str(text) => text,
                    _ => self.symbols.sym("a guard"),
                };
                let opaque = self.fact(FactKind::Opaque(about), place, "may verify the caller", about);
                self.assume(&opaque);
                Value::UNDEFINED
            }
            "regex-template" => self.regex_template(first),
            "member-or" => {
                let key = self.as_key(first)?;
                let of_request = this.input().is_some() || this.tags().contains(Tags::SESSION);
                let is_known = matches!(this.shape, Shape::Object(id)
                    if self.heap.objects[id].ty.is_none() || self.runs.stands_for_request(id));
                if !of_request && !is_known {
                    // `parse_qs(text).get("name")`: a part of what the client sent.
                    let is_sent = matches!(this.shape, Shape::Unknown) && this.taint().is_of_client();
                    return is_sent.then(|| Self::part(this));
                }
                let found = self.get(this, key, place);
                match args.get(1) {
                    Some(otherwise) if found.is_nullish() => otherwise.clone(),
                    _ => found,
                }
            }
            "each" => self.each(this, first, place, false),
            "map" => self.each(this, first, place, true),
            "filter" => {
                if let Some(kept) = self.elements_that(this, first, place) {
                    return Some(self.heap.array(kept, false, Some(place)).tagged(this.taint()));
                }
                self.each(this, first, place, false);
                let element = self.element_of(this);
                self.heap.array(vec![element], true, Some(place)).tagged(this.taint())
            }
            // `sessions.find(token)` is a store's own method.
            "find" if first.tags().contains(Tags::CREDENTIAL) => return None,
            "find" => {
                if self.request_line.as_ref().is_some_and(|line| line.is_sample)
                    && let Some(found) = self.elements_that(this, first, place)
                {
                    return Some(found.into_iter().next().unwrap_or(Value::UNDEFINED));
                }
                if self.holds_for_none(this, first, place) {
                    return Some(Value::UNDEFINED);
                }
                let element = self.element_of(this);
                let found = self.call_aside(first, std::slice::from_ref(&element), place);
                let proves = found.truthy();
                element.join(&Value::UNDEFINED).when_truthy(&proves)
            }
            "some" | "every" => return Some(self.quantify(op == "every", this, first, place)),
            "reduce" => self.reduce(this, args, place),
            "concat" => self.concat_arrays(this, args, place)?,
            "push" | "unshift" => self.push(this, args),
            "slice" if matches!(first.shape, Shape::Number(from) if from >= 0.0) && args.len() == 1 => {
                let (Some(items), Shape::Number(from)) = (self.known_elements(this), &first.shape) else {
                    return Some(this.clone());
                };
                self.heap.array(items.into_iter().skip(*from as usize).collect(), false, Some(place))
            }
            "slice" | "reverse" | "sort" | "flat" | "copy" => this.clone(),
            "join" => self.join_array(this, first)?,
            "starts-with" => self.starts_with(this, first, place),
            "ends-with" => self.ends_with(this, first, place),
            "includes" => self.includes(this, first, place),
            "includes-second" => self.includes(first, args.get(1).unwrap_or(&Value::UNDEFINED), place),
            "index-of" => self.item_index(this, first)?,
            "keys" => self.collection(self.known_keys(first), first, place),
            "values" => self.collection(self.field_values(first), first, place),
            "entries" => self.entries(first, place)?,
            "from" => first.clone(),
            "assign" => self.assign_all(args),
            "identity" => first.clone(),
            "result" => self.call(first, &Value::UNDEFINED, &[], place),
            "as-class" => self.as_class(first, args.get(1).unwrap_or(&Value::UNKNOWN), place),
            "this" => this.clone(),
            "then" => self.then(this, args, place),
            "catch" => {
                self.call_aside(first, &[Value::UNKNOWN.tagged(Tags::ERROR)], place);
                this.clone()
            }
            "finally" => {
                self.call_aside(first, &[], place);
                this.clone()
            }
            "promise" => self.promise(first, place),
            "all" => first.clone(),
            "call" => {
                let (receiver, rest) =
                    args.split_first().map_or((Value::UNDEFINED, &[][..]), |(a, b)| (a.clone(), b));
                self.call_on(this, &receiver, rest, place)
            }
            "apply" => {
                let rest = self.spread_out(this, args.get(1));
                self.call_on(this, first, &rest, place)
            }
            "bind" => self.bind_function(this, args),
            "later" => {
                self.aside(|inner| inner.call(first, &Value::UNDEFINED, &[], place));
                Value::UNKNOWN
            }
            "exit" => {
                self.path.is_live = false;
                Value::UNKNOWN
            }
            "test" if let Some(fits) = self.fits_sample(this, first, place) => Value::bool(fits),
            "tested" if let Some(found) = self.matched(first, this, place) => found,
            "executed" => return self.matched(this, first, place),
            "regex" => match first.shape {
                Shape::Str(text) => {
                    let flags = match args.get(1).map(|flags| &flags.shape) {
                        Some(Shape::Str(flags)) => self.symbols.with(*flags, RegexFlags::parse),
                        _ => RegexFlags::default(),
                    };
                    Value::new(Shape::Regex(text, flags))
                }
                Shape::Regex(..) => first.clone(),
                _ => return None,
            },
            "map-of" => return self.new_map(first, place),
            "map-get" | "map-set" | "map-has" => return self.map_op(op, this, args, place),
            // `answers.pipe(map(f), take(1))` puts functions behind each other.
            "pipe" if args.len() > 1 && !self.is_plain_object(&args[1]) => return None,
            "pipe" => return self.piped(args.first().unwrap_or(&Value::UNDEFINED), place),
            "respond-with" => {
                if !self.give_verdicts(first).is_empty() {
                    self.answer(place, None, first, false);
                }
                Value::UNDEFINED
            }
            "decoded" => match first.shape {
                Shape::Str(_) => first.clone(),
                _ => Self::same_input(first),
            },
            "test" => {
                let expected = self.expected(this, first, place);
                let found = self.path_matches(this, first, place);
                found.unwrap_or_else(|| self.matches(first, place)).when_truthy(&expected)
            }
            "tested" => {
                let expected = self.expected(first, this, place);
                let found = self.path_matches(first, this, place);
                found.unwrap_or_else(|| self.matches(this, place)).when_truthy(&expected)
            }
            "entry" => {
                let key = self.as_key(first).filter(|_| this.input().is_some())?;
                self.get(this, key, place)
            }
            "number" => {
                let input = first.input();
                Value::UNKNOWN.tagged(first.taint() | Tags::NUMBER).noted(|meta| meta.input = input)
            }
            "is-valid" => self.valid(first, place),
            "is-invalid" => {
                let valid = self.valid(first, place);
                Value::UNKNOWN.when_falsy(&valid.truthy())
            }
            "row-write" => match self.take_members(this, args, keywords) {
                Some(done) => done,
                None => self.write_row(this, args, place)?,
            },
            "random" => Value::UNKNOWN.tagged(Tags::RANDOM),
            "text" => self.text_of(this),
            "lower" | "upper" => match this.shape {
                Shape::Str(sym) => {
                    let text = self.symbols.text(sym);
                    let text = if op == "lower" { text.to_lowercase() } else { text.to_uppercase() };
                    Value { shape: Shape::Str(self.symbols.sym(&text)), meta: this.meta.clone() }
                }
                _ => Self::same_input(this),
            },
            "part" => Self::part(this),
            "formatted" => self.formatted(this, args, keywords, place),
            "replaced" => {
                let instead = args.get(1).unwrap_or(&Value::UNDEFINED);
                let text = self.scrubbed(this, first, instead);
                if instead.taint().is_of_client() { self.stepped(text, Via::Text, place) } else { text }
            }
            "as-text" => match first.shape {
                Shape::Unknown | Shape::Object(_) => Self::part(first),
                _ => first.clone(),
            },
            _ if let Some(op) = op.strip_prefix("text ") => return self.text_op(op, this, args, place),
            "dirname" => match first.shape {
                Shape::Str(sym) => {
                    let text = self.symbols.text(sym);
                    Value::str(self.symbols.sym(folder(&text)))
                }
                _ => Self::same_input(first),
            },
            "path-resolve" if first.taint().is_of_client() => {
                let about = self.symbols.sym("resolve");
                self.stepped(Self::part(first), Via::Operation(about), place)
            }
            "path-resolve" => first.clone(),
            op if op.starts_with("address-parts ") => {
                self.address_parts(first, op.trim_start_matches("address-parts "), place)?
            }
            "address-replace" => self.with_address_parts(this, keywords, place)?,
            "address-joined" => self.joined_address(if args.is_empty() { this } else { first }, place)?,
            "path-join" => {
                let path = self.join_paths(args);
                let about = self.symbols.sym("join");
                self.stepped(path, Via::Operation(about), place)
            }
            "list-files" => self.list_files(first, place)?,
            "define" => {
                if let (Shape::Object(_), Some(key)) =
                    (&first.shape, args.get(1).and_then(|key| self.as_key(key)))
                {
                    let name = self.symbols.sym("value");
                    let value = args.get(2).map_or(Value::UNKNOWN, |options| self.get(options, name, place));
                    self.set(first, key, value, place);
                }
                first.clone()
            }
            "decorate" => {
                if let Some(key) = self.as_key(first) {
                    let value = args.get(1).cloned().unwrap_or(Value::UNDEFINED);
                    self.set(this, key, value, place);
                }
                this.clone()
            }
            "recall" => match (self.as_key(first), &this.shape) {
                (Some(key), Shape::Object(id)) => {
                    self.heap.objects[*id].field(key).cloned().unwrap_or(Value::UNKNOWN)
                }
                _ => Value::UNKNOWN,
            },
            "list" => self.heap.array(args.to_vec(), false, Some(place)),
            op if op.starts_with("is-a ") => {
                let wanted = self.symbols.sym(op.trim_start_matches("is-a "));
                Value::bool(
                    matches!(first.shape, Shape::Object(id) if self.heap.objects[id].ty == Some(wanted)),
                )
            }
            op if op.starts_with("shared ") => {
                let path = self.symbols.sym(op.trim_start_matches("shared "));
                self.external(path, place)
            }
            "class-defaults" => self.note_defaults(this, first),
            "prefix" => {
                if let Shape::Object(id) = this.shape {
                    let name = self.symbols.sym(crate::heap::OWN_PREFIX);
                    self.heap.write(Loc::Field(id, name), Some(first.clone()));
                }
                this.clone()
            }
            "assert" => {
                self.assume(&first.truthy());
                if self.truth(first) == crate::Truth::Falsy {
                    self.throw(&Value::UNKNOWN, place);
                }
                Value::UNKNOWN
            }
            "empty-collection" => self.heap.array(Vec::new(), true, Some(place)),
            "collected" => self.collected(),
            "collected-list" => {
                let facts = self.pending(place);
                self.error_list(&facts, place)
            }
            "collected-empty" => {
                let facts = self.pending(place);
                Value::UNKNOWN.when_truthy(&facts)
            }
            "collected-throw" => {
                let facts = self.pending(place);
                self.assume(&facts);
                Value::UNKNOWN
            }
            _ => {
                let ty = op.strip_prefix("shared ")?;
                let is_of_request = args.iter().any(|arg| arg.tags().intersects(Tags::REQUEST));
                return is_of_request.then(|| self.pristine(ty));
            }
        })
    }

    /// `isinstance(value, classes)`, where it is known.
    fn instance_of(&mut self, value: &Value, classes: &Value) -> Option<Value> {
        let wanted = self.known_elements(classes).unwrap_or_else(|| vec![classes.clone()]);
        let lineage = match value.shape {
            Shape::Object(id) => match self.heap.objects[id].class.as_ref().map(|class| &class.shape) {
                Some(Shape::Class(class)) => self.heap.classes[*class].lineage.to_vec(),
                _ => Vec::new(),
            },
            // A parameter that is declared as a text is given no object of a library.
            Shape::Unknown if self.is_declared_text(value) => {
                let is_of_library = |class: &Value| matches!(class.shape, Shape::External(path) if self.symbols.with(path, |name| name.contains('.')));
                return wanted.iter().all(is_of_library).then(|| Value::bool(false));
            }
            Shape::Unknown | Shape::External(_) | Shape::Union(_) => return None,
            _ => Vec::new(),
        };
        let is_list = matches!(value.shape, Shape::Object(id) if self.heap.objects[id].items.is_some());
        // The members of an enumeration are known by their values only.
        let is_constant = matches!(value.shape, Shape::Str(_) | Shape::Number(_));
        let mut is_sure = true;
        for class in wanted {
            let fits = match class.shape {
                Shape::External(path) => {
                    let name = self.symbols.text(path);
                    match (name.as_str(), &value.shape) {
                        ("str", Shape::Str(_) | Shape::Text(_)) | ("bool", Shape::Bool(_)) => true,
                        ("int" | "float", Shape::Number(_)) => true,
                        ("list" | "tuple", Shape::Object(_)) => is_list,
                        _ if !name.contains('.') => false,
                        _ => {
                            is_sure &= !(matches!(value.shape, Shape::Object(_)) || is_constant) || is_list;
                            lineage.contains(&class)
                        }
                    }
                }
                Shape::Class(id) if is_constant => {
                    let fits = self.lists_member(id, value);
                    is_sure &= fits.is_some();
                    fits.unwrap_or(false)
                }
                _ => lineage.contains(&class),
            };
            if fits {
                return Some(Value::bool(true));
            }
        }
        is_sure.then(|| Value::bool(false))
    }

    /// The members that a class itself is given values for, as a record.
    fn class_statics(&mut self, class: &Value, place: Place) -> Option<Value> {
        let Shape::Class(id) = class.shape else { return None };
        let statics = self.heap.classes[id].statics;
        let mut object = Object::new(Some(place));
        object.fields.clone_from(&self.heap.objects[statics].fields);
        Some(Value::object(self.heap.object(object)))
    }

    /// The functions that a class has, also those of the classes it derives from: a list of pairs of name and function.
    fn class_members(&mut self, class: &Value, place: Place) -> Option<Value> {
        let Shape::Class(id) = class.shape else { return None };
        let lineage = self.heap.classes[id].lineage.clone();
        let mut names: Vec<Sym> = Vec::new();
        for class in lineage.iter() {
            let Shape::Class(class) = class.shape else { continue };
            let crate::value::ClassValue { file, class, statics, .. } = self.heap.classes[class];
            let methods =
                self.module(file).classes[class].members.iter().filter_map(|member| match member.key {
                    routeward_ir::Key::Name(name) => Some(name),
                    routeward_ir::Key::Expr(_) => None,
                });
            let methods: Vec<Sym> = methods.map(|name| self.sym(file, name)).collect();
            let fields = self.heap.objects[statics].fields.iter().map(|(name, _)| *name);
            for name in methods.into_iter().chain(fields) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let mut pairs = Vec::new();
        for name in names {
            let Some(value) = self.attribute(id, name, None) else { continue };
            if matches!(value.shape, Shape::Closure(_) | Shape::Object(_)) {
                let pair = vec![Value::str(name), value];
                pairs.push(self.heap.array(pair, false, Some(place)));
            }
        }
        Some(self.heap.array(pairs, false, Some(place)))
    }

    /// `issubclass(value, class)`, where it is known.
    fn subclass_of(&mut self, value: &Value, class: &Value) -> Option<Value> {
        let Shape::Class(id) = value.shape else { return None };
        let lineage = self.heap.classes[id].lineage.clone();
        let is_known = lineage.iter().all(|class| matches!(class.shape, Shape::Class(_)));
        let wanted = self.known_elements(class).unwrap_or_else(|| vec![class.clone()]);
        let found = wanted.iter().any(|class| lineage.contains(class));
        (found || is_known).then(|| Value::bool(found))
    }

    /// The class of an instance.
    fn type_of(&mut self, value: &Value, second: Option<&Value>, _place: Place) -> Option<Value> {
        let Shape::Object(id) = value.shape else { return None };
        second.is_none().then(|| self.heap.objects[id].class.clone())?
    }

    fn call_aside(&mut self, function: &Value, args: &[Value], place: Place) -> Value {
        let function = function.clone();
        self.aside(|this| this.call(&function, &Value::UNDEFINED, args, place))
    }

    pub(crate) fn each(&mut self, this: &Value, function: &Value, place: Place, keeps: bool) -> Value {
        let function = function.clone();
        match self.known_elements(this) {
            Some(items) if items.len() <= self.budget.rounds => {
                let mut results = Vec::with_capacity(items.len());
                for (i, item) in items.into_iter().enumerate() {
                    let index = Value::new(Shape::Number(i as f64));
                    results.push(self.aside(|inner| {
                        inner.call(&function, &Value::UNDEFINED, &[item, index, this.clone()], place)
                    }));
                }
                if keeps { self.heap.array(results, false, Some(place)) } else { Value::UNDEFINED }
            }
            _ => {
                let element = self.element_of(this);
                let result = self.call_aside(&function, &[element, Value::UNKNOWN], place);
                if keeps {
                    self.heap.array(vec![result], true, Some(place)).tagged(this.taint())
                } else {
                    Value::UNDEFINED
                }
            }
        }
    }

    /// An input seen as an instance of a class.
    fn as_class(&mut self, class: &Value, value: &Value, place: Place) -> Value {
        let mut object = Object::new(Some(place));
        object.class = Some(class.clone()).filter(|class| matches!(class.shape, Shape::Class(_)));
        (object.input, object.taint, object.is_open) = (value.input(), self.taint_here(value), true);
        let input = value.input();
        Value::object(self.heap.object(object)).tagged(value.taint()).noted(|meta| meta.input = input)
    }

    /// True if a test is known to fail for every element of a known list.
    fn holds_for_none(&mut self, this: &Value, function: &Value, place: Place) -> bool {
        let Some(items) = self.known_elements(this).filter(|items| items.len() <= 16) else { return false };
        items.into_iter().all(|item| {
            let result = self.call_aside(function, &[item], place);
            self.truth(&result) == Truth::Falsy
        })
    }

    /// `every` proves its test for all elements, `some` disproves it for all.
    fn quantify(&mut self, is_every: bool, this: &Value, function: &Value, place: Place) -> Value {
        if !is_every && self.holds_for_none(this, function, place) {
            return Value::bool(false);
        }
        let items = self.known_elements(this).unwrap_or_else(|| vec![self.element_of(this)]);
        let mut facts: Option<FactSet> = None;
        // What one of several tests proves, whichever of them holds.
        let mut either: Option<FactSet> = None;
        for item in items.into_iter().take(32) {
            let result = self.call_aside(function, &[item], place);
            either = Some(either.map_or_else(|| result.truthy(), |facts| facts.intersect(&result.truthy())));
            let proven = if is_every { result.truthy() } else { result.falsy() };
            facts = Some(facts.map_or(proven.clone(), |facts| facts.union(&proven)));
        }
        let facts = facts.unwrap_or_default();
        if is_every {
            return Value::UNKNOWN.when_truthy(&facts);
        }
        Value::UNKNOWN.when_falsy(&facts).when_truthy(&either.unwrap_or_default())
    }

    fn reduce(&mut self, this: &Value, args: &[Value], place: Place) -> Value {
        let function = args.first().cloned().unwrap_or(Value::UNKNOWN);
        let Some(items) = self.known_elements(this) else {
            let element = self.element_of(this);
            let start = args.get(1).cloned().unwrap_or_else(|| element.clone());
            return self.call_aside(&function, &[start, element], place);
        };
        let mut items = items.into_iter();
        let Some(mut acc) = args.get(1).cloned().or_else(|| items.next()) else { return Value::UNDEFINED };
        for item in items.take(self.budget.rounds) {
            acc = self.call_aside(&function, &[acc, item], place);
        }
        acc
    }

    fn concat_arrays(&mut self, this: &Value, args: &[Value], place: Place) -> Option<Value> {
        let mut items = self.known_elements(this)?;
        for arg in args {
            match self.known_elements(arg) {
                Some(more) => items.extend(more),
                None => items.push(arg.clone()),
            }
        }
        Some(self.heap.array(items, false, Some(place)))
    }

    fn push(&mut self, this: &Value, args: &[Value]) -> Value {
        if let Shape::Object(id) = this.shape {
            for arg in args {
                let len = self.heap.objects[id].items.as_ref().map_or(0, Vec::len);
                self.heap.write(Loc::Item(id, len as u32), Some(arg.clone()));
            }
        }
        Value::UNKNOWN.tagged(Tags::NUMBER)
    }

    fn join_array(&mut self, this: &Value, separator: &Value) -> Option<Value> {
        let items = self.known_elements(this)?;
        let separator =
            if separator.is_nullish() { Value::str(self.symbols.sym(",")) } else { separator.clone() };
        Some(self.concat_with(&separator, &items))
    }

    /// An input, or the caller's role, that is in a list the caller does not choose.
    pub(crate) fn includes(&mut self, this: &Value, wanted: &Value, place: Place) -> Value {
        if let Some(known) = self.path_in(this, wanted, place) {
            return known;
        }
        if let Some(items) = self.known_elements(this).filter(|items| items.len() <= 64) {
            let equal: Option<Vec<bool>> =
                items.iter().map(|item| self.known_equal(item, wanted, false)).collect();
            if let Some(equal) = equal {
                return Value::bool(equal.contains(&true));
            }
        }
        // `path.includes('..')` finds what leads out of a folder.
        if matches!(wanted.shape, Shape::Str(text) if self.symbols.with(text, |text| text == ".." || text == "../"))
        {
            let inside = self.bounded(this, SinkKind::Path.into(), place);
            return Value::UNKNOWN.when_falsy(&inside);
        }
        let mut facts = wanted.truthy();
        // `caller.roles.includes('admin')`
        if this.tags().contains(Tags::PRINCIPAL) {
            facts = facts.union(&this.truthy());
        }
        if this.tags().intersects(Tags::REQUEST) {
            facts = FactSet::default();
        } else {
            facts = facts.union(&self.checked_against(wanted, this, place));
        }
        if wanted.tags().contains(Tags::PRINCIPAL) && this.tags().contains(Tags::ROW)
            || this.tags().contains(Tags::PRINCIPAL) && wanted.tags().intersects(Tags::INPUT)
        {
            let about = self.symbols.sym("owner");
            facts = facts.union(&self.fact(FactKind::Owner, place, "is compared with the caller", about));
        }
        Value::UNKNOWN.when_truthy(&facts)
    }

    /// Where a known element stands in a known list.
    fn item_index(&self, this: &Value, wanted: &Value) -> Option<Value> {
        let items = self.known_elements(this).filter(|items| items.len() <= 64)?;
        for (i, item) in items.iter().enumerate() {
            if self.known_equal(item, wanted, false)? {
                return Some(Value::new(Shape::Number(i as f64)));
            }
        }
        Some(Value::new(Shape::Number(-1.0)))
    }

    fn collection(&mut self, items: Option<Vec<Value>>, of: &Value, place: Place) -> Value {
        match items {
            Some(items) => self.heap.array(items, false, Some(place)),
            None => Value::UNKNOWN.tagged(of.taint()),
        }
    }

    fn field_values(&self, value: &Value) -> Option<Vec<Value>> {
        let Shape::Object(id) = value.shape else { return None };
        let object = &self.heap.objects[id];
        (!object.is_open).then(|| match &object.items {
            Some(items) => items.clone(),
            None => object.fields.iter().map(|(_, value)| value.clone()).collect(),
        })
    }

    fn entries(&mut self, value: &Value, place: Place) -> Option<Value> {
        let (keys, values) = (self.known_keys(value)?, self.field_values(value)?);
        let pairs = keys.into_iter().zip(values);
        let pairs: Vec<Value> =
            pairs.map(|(key, value)| self.heap.array(vec![key, value], false, Some(place))).collect();
        Some(self.heap.array(pairs, false, Some(place)))
    }

    /// `record.update(more, name=value)`: a plain record takes the members of what it is given.
    fn take_members(&mut self, this: &Value, args: &[Value], keywords: Option<ObjId>) -> Option<Value> {
        let Shape::Object(id) = this.shape else { return None };
        let object = &self.heap.objects[id];
        if object.ty.is_some() || object.class.is_some() || object.items.is_some() || object.input.is_some() {
            return None;
        }
        for source in args.iter().cloned().chain(keywords.map(Value::object)) {
            self.spread_into(id, &source);
        }
        Some(Value::UNDEFINED)
    }

    /// `record.setdefault(key, value)`
    fn member_or_set(&mut self, this: &Value, args: &[Value], place: Place) -> Option<Value> {
        let Shape::Object(id) = this.shape else { return None };
        let object = &self.heap.objects[id];
        if object.ty.is_some() || object.class.is_some() || object.items.is_some() || object.input.is_some() {
            return None;
        }
        let (key, otherwise) = (args.first()?, args.get(1).cloned().unwrap_or(Value::UNDEFINED));
        let known = self.as_key(key).and_then(|key| self.heap.objects[id].field(key).cloned());
        if known.is_none() {
            self.set_index(this, key, otherwise.clone(), place);
        }
        known.or(Some(otherwise))
    }

    fn assign_all(&mut self, args: &[Value]) -> Value {
        let Some((target, sources)) = args.split_first() else { return Value::UNKNOWN };
        if let Shape::Object(id) = target.shape {
            for source in sources {
                self.spread_into(id, source);
            }
            let whole = sources.iter().find_map(Value::input);
            let tags = sources.iter().fold(Tags::empty(), |tags, source| tags | source.tags());
            return target
                .clone()
                .tagged(tags & Tags::REQUEST)
                .noted(|meta| meta.input = meta.input.or(whole));
        }
        let tags = sources.iter().fold(target.tags(), |tags, source| tags | source.tags());
        let input = sources.iter().find_map(Value::input);
        target.clone().tagged(tags).noted(|meta| meta.input = meta.input.or(input))
    }

    /// A continuation runs after the value is there; what it learns holds in it and in what follows from it.
    fn then(&mut self, this: &Value, args: &[Value], place: Place) -> Value {
        let function = args.first().filter(|function| !function.is_nullish());
        // At start-up a continuation sees what the rest of the file defines.
        let is_top_level =
            self.activations.last().is_some_and(|active| active.func == routeward_ir::Module::TOP);
        if self.run.is_none()
            && is_top_level
            && let Some(function) = function
        {
            return self.defer(function, this, place);
        }
        let mut result = this.clone();
        if let Some(function) = function {
            result = self.aside(|inner| {
                let before = inner.path.facts.clone();
                inner.wait_for(this);
                let value = inner.call(function, &Value::UNDEFINED, std::slice::from_ref(this), place);
                // There is a value only once the function has come to its end.
                let mut held = this.truthy().intersect(&this.falsy());
                if inner.path.is_live {
                    held = held.union(&inner.path.facts.minus(&before));
                }
                value.when_truthy(&held).when_falsy(&held)
            });
        }
        if let Some(on_error) = args.get(1) {
            self.call_aside(on_error, &[Value::UNKNOWN.tagged(Tags::ERROR)], place);
        }
        result
    }

    /// An object of our own that stands for an entry of a table.
    fn numbered(&mut self, ty: &str, index: usize) -> Value {
        let mut object = Object::new(None);
        object.ty = Some(self.symbols.sym(ty));
        object.fields = vec![(self.symbols.sym("index"), Value::new(Shape::Number(index as f64)))];
        Value::object(self.heap.object(object))
    }

    fn defer(&mut self, function: &Value, receiver: &Value, place: Place) -> Value {
        let index = self.deferred.len();
        let result = self.numbered(DEFERRED, index);
        let (cx, function, receiver) = (self.cx, function.clone(), receiver.clone());
        self.heap.capture(cx.frame);
        self.deferred.push(Deferred { cx, function, receiver, result: Value::UNKNOWN, place });
        result
    }

    /// Runs the continuations that top-level code has left, in order, with those that they leave themselves.
    pub(crate) fn run_deferred(&mut self) {
        while self.next_deferred < self.deferred.len() {
            let index = self.next_deferred;
            self.next_deferred += 1;
            let Deferred { cx, ref function, ref receiver, place, .. } = self.deferred[index];
            let (function, receiver) = (function.clone(), self.settled(receiver));
            let outer = std::mem::replace(&mut self.cx, cx);
            self.path.is_live = true;
            let result = self.call_aside(&function, &[receiver], place);
            self.cx = outer;
            self.deferred[index].result = result;
        }
    }

    /// What a deferred continuation has given.
    fn settled(&self, value: &Value) -> Value {
        let Shape::Object(id) = value.shape else { return value.clone() };
        let object = &self.heap.objects[id];
        let is_deferred = object.ty.is_some_and(|ty| self.symbols.with(ty, |text| text == DEFERRED));
        match object.fields.first().map(|(_, index)| &index.shape) {
            Some(Shape::Number(index)) if is_deferred => self.deferred[*index as usize].result.clone(),
            _ => value.clone(),
        }
    }

    /// `new Promise((resolve, reject) => …)`: the value is what `resolve` is called with, and what held at all those
    /// calls holds wherever the value is waited for.
    fn promise(&mut self, executor: &Value, place: Place) -> Value {
        let id = self.promises.len();
        self.promises.push(Vec::new());
        let (resolve, reject) = (self.numbered(RESOLVE, id), self.numbered(REJECT, id));
        self.call_aside(executor, &[resolve, reject], place);
        let resolved = std::mem::take(&mut self.promises[id]);
        let facts = resolved
            .iter()
            .map(|(_, facts)| facts.clone())
            .reduce(|a, b| a.intersect(&b))
            .unwrap_or_default();
        let value =
            resolved.into_iter().map(|(value, _)| value).reduce(|a, b| a.join(&b)).unwrap_or(Value::UNKNOWN);
        value.when_truthy(&facts).when_falsy(&facts)
    }

    /// A promise's `resolve` or `reject` is called, or handed to code that may call it.
    pub(crate) fn settle(&mut self, function: &Value, value: Value) -> bool {
        let Shape::Object(id) = function.shape else { return false };
        let object = &self.heap.objects[id];
        let Some(ty) = object.ty else { return false };
        let is_resolve = self.symbols.with(ty, |text| text == RESOLVE);
        if let (true, Some(Shape::Number(index))) =
            (is_resolve, object.fields.first().map(|(_, index)| &index.shape))
        {
            let facts = self.path.facts.clone();
            self.promises[*index as usize].push((value, facts));
        }
        is_resolve || self.symbols.with(ty, |text| text == REJECT)
    }

    /// What holds once a value is there, whatever it is.
    pub(crate) fn wait_for(&mut self, value: &Value) {
        if value.meta.is_some() {
            let facts = value.truthy().intersect(&value.falsy());
            self.assume(&facts);
        }
    }

    fn bind_function(&mut self, this: &Value, args: &[Value]) -> Value {
        let Shape::Closure(id) = this.shape else { return this.clone() };
        let receiver = args.first().cloned().unwrap_or(Value::UNDEFINED);
        let closure = self.closure_of(id).clone();
        let mut given = closure.given.as_deref().unwrap_or(&[]).to_vec();
        given.extend_from_slice(args.get(1..).unwrap_or(&[]));
        let given = (!given.is_empty()).then(|| given.into());
        let closure = Closure { this: closure.this.or(Some(receiver)), given, ..closure };
        Value::new(Shape::Closure(self.heap.closures.push(closure)))
    }

    /// A function is called with a receiver of the caller's choice: `Array.prototype.slice.call(list, 1)`.
    fn call_on(&mut self, function: &Value, receiver: &Value, args: &[Value], place: Place) -> Value {
        if let Shape::External(path) = function.shape
            && let Some(method) = self
                .symbols
                .with(path, |path| path.rsplit_once(".prototype.").map(|(_, method)| method.to_owned()))
        {
            let method = self.symbols.sym(&method);
            return self.call_method(receiver, method, args, place);
        }
        self.call(function, receiver, args, place)
    }

    /// The elements of a list of arguments; of one that is not known as many as the function takes.
    fn spread_out(&self, function: &Value, list: Option<&Value>) -> Vec<Value> {
        let Some(list) = list.filter(|list| !list.is_nullish()) else { return Vec::new() };
        self.known_elements(list).unwrap_or_else(|| {
            let element = Value::UNKNOWN.tagged(self.deep_taint(list, 2));
            vec![element; self.declared_params(function).unwrap_or(1)]
        })
    }

    /// A stored row writes itself back: `user.save()`.
    fn write_row(&mut self, row: &Value, args: &[Value], place: Place) -> Option<Value> {
        if !row.tags().contains(Tags::ROW) {
            return None;
        }
        let read = row.meta.as_ref().and_then(|meta| meta.row).map(|id| self.effects[id].clone());
        let stored: Vec<_> = args.iter().flat_map(|arg| self.inputs_of(arg, 3)).collect();
        let whole = args.iter().find_map(|arg| self.whole_input(arg));
        let by_caller =
            row.tags().contains(Tags::PRINCIPAL) || read.as_ref().is_some_and(|read| read.by_caller);
        let target = read.as_ref().map_or_else(|| "row".to_owned(), |read| read.target.clone());
        let columns = self.columns_of(args, &target);
        let record = EffectRecord {
            target,
            is_write: true,
            creates: false,
            place,
            chosen_by: read.as_ref().map(|read| read.chosen_by.clone()).unwrap_or_default(),
            chosen_names: read.as_ref().map(|read| read.chosen_names.clone()).unwrap_or_default(),
            filter_names: read.map(|read| read.filter_names).unwrap_or_default(),
            by_caller,
            stored,
            by_parsed: false,
            stores_whole: whole,
            asks: Vec::new(),
            columns,
        };
        let effect = self.effects.push(record);
        self.note_effect(effect, place);
        Some(row.clone())
    }

    /// A predicate of a library on an input: what passes has a form of which nothing is to be feared.
    fn valid(&mut self, value: &Value, place: Place) -> Value {
        let expected = self.bounded(value, SinkKinds::ALL, place);
        self.matches(value, place).when_truthy(&expected)
    }

    /// A pattern or predicate on an input.
    fn matches(&mut self, value: &Value, place: Place) -> Value {
        match value.input() {
            Some(input) => {
                let test = (place.span.start << 2) | HOLDS;
                let fact = self.fact(FactKind::Validated(input.path, test), place, "is matched", input.path);
                Value::UNKNOWN.when_truthy(&fact)
            }
            None => Value::UNKNOWN,
        }
    }

    /// The known text and the holes of a string.
    fn pieces(&self, value: &Value) -> Option<Vec<Option<String>>> {
        match &value.shape {
            Shape::Str(sym) => Some(vec![Some(self.symbols.text(*sym))]),
            Shape::Text(pieces) => Some(
                pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Text(sym) => Some(self.symbols.text(*sym)),
                        Piece::Hole => None,
                    })
                    .collect(),
            ),
            _ => None,
        }
    }

    /// Whether a regular expression fits a text, where that is the same whatever its holes stand for.
    pub(crate) fn decides(&self, regex: &Value, text: &Value) -> Option<bool> {
        let Shape::Regex(regex, _) = regex.shape else { return None };
        let pieces = self.pieces(text)?;
        let pattern = Pattern::parse(&self.symbols.text(regex))?;
        let sample =
            |hole: &str| pieces.iter().map(|piece| piece.as_deref().unwrap_or(hole)).collect::<String>();
        let mut verdicts = ["x", "1", "x.json"].into_iter().map(|hole| pattern.is_match(&sample(hole)));
        let first = verdicts.next()??;
        verdicts.all(|verdict| verdict == Some(first)).then_some(first)
    }

    /// Whether one of the patterns covers a path, for functions made of a list of patterns.
    pub(crate) fn covers_path(&mut self, patterns: &Value, path: &Value) -> Value {
        let mut is_known = true;
        for pattern in self.flat(vec![patterns.clone()]) {
            let regex = match pattern.shape {
                Shape::Str(sym) => {
                    let text = crate::place::as_regex(&self.symbols.text(sym));
                    Value::new(Shape::Regex(self.symbols.sym(&text), RegexFlags::default()))
                }
                _ => pattern,
            };
            match self.decides(&regex, path) {
                Some(true) => return Value::bool(true),
                Some(false) => {}
                None => is_known = false,
            }
        }
        if is_known { Value::bool(false) } else { Value::UNKNOWN }
    }

    fn text_of(&mut self, value: &Value) -> Value {
        match value.shape {
            Shape::Number(number) => Value::str(self.symbols.sym(&number.to_string())),
            Shape::Str(_) | Shape::Text(_) => value.clone(),
            _ => Self::same_input(value),
        }
    }

    /// Something made from one value alone: it comes from what the value comes from.
    fn same_input(value: &Value) -> Value {
        Value { shape: Shape::Unknown, meta: value.meta.clone() }
    }

    /// A text made from one value.
    fn part(value: &Value) -> Value {
        let taint = value.taint().as_text();
        Self::same_input(value).noted(|meta| meta.taint = taint)
    }

    fn join_paths(&mut self, args: &[Value]) -> Value {
        let slash = Value::str(self.symbols.sym("/"));
        self.concat_with(&slash, args)
    }

    /// The values as one string, with the separator between them.
    fn concat_with(&mut self, separator: &Value, values: &[Value]) -> Value {
        let pairs = values.iter().flat_map(|value| [separator.clone(), value.clone()]);
        let parts: Vec<Value> = pairs.skip(1).collect();
        self.concat_values(&parts)
    }

    fn list_files(&mut self, dir: &Value, place: Place) -> Option<Value> {
        let Shape::Str(sym) = dir.shape else { return None };
        let dir = self.symbols.text(sym);
        let names = (self.program.list)(&routeward_base::normalise_path(&dir));
        let names: Vec<Value> = names
            .iter()
            .map(|name| Value::str(self.symbols.sym(name.rsplit('/').next().unwrap_or(name))))
            .collect();
        Some(self.heap.array(names, false, Some(place)))
    }

    /// Checks of inputs that ran before and whose result is asked for here. Those that ran as functions of the
    /// chain are not known while this function is run: the fact that their result was asked for stands for them.
    fn pending(&mut self, place: Place) -> FactSet {
        let about = self.symbols.sym(COLLECTED);
        let collected = self.fact(FactKind::Validated(about, 0), place, "is acted on", about);
        let pending: Vec<_> = self.path.facts.iter().collect();
        let done = pending.into_iter().filter_map(|fact| match fact.kind {
            FactKind::Validated(path, PENDING) => {
                Some(crate::fact::Fact { kind: FactKind::Validated(path, 0), ..fact })
            }
            _ => None,
        });
        collected.union(&done.collect())
    }

    fn collected(&mut self) -> Value {
        let mut object = Object::new(None);
        object.ty = Some(self.symbols.sym("$collected"));
        object.is_open = true;
        Value::object(self.heap.object(object))
    }

    /// A list of errors: it is empty where the facts hold.
    pub(crate) fn error_list(&mut self, facts: &FactSet, place: Place) -> Value {
        let mut object = Object::new(Some(place));
        (object.items, object.is_open) = (Some(Vec::new()), true);
        let id = self.heap.object(object);
        let length = self.symbols.sym("length");
        let count = Value::UNKNOWN.tagged(Tags::NUMBER).when_falsy(facts);
        self.heap.write(Loc::Field(id, length), Some(count));
        Value::object(id)
    }
}
