//! Members and elements: reading, writing, and what they are known to be.

use std::rc::Rc;

use routeward_catalog::{SinkKind, SourceKind};
use routeward_diag::Place;
use routeward_ir::{Key, MemberKind};

use crate::eval::Evaluator;
use crate::fact::{FactKind, FactSet, IS_SET, IS_UNSET};
use crate::heap::{Loc, Object};
use crate::index::{Row, version_fits};
use crate::taint::{SinkKinds, Taint, Via};
use crate::value::{InputPath, Meta, ObjId, Shape, Tags, Value};
use crate::{Sym, lexicon};

impl Evaluator<'_> {
    /// `value.name`.
    pub(crate) fn get(&mut self, value: &Value, name: Sym, place: Place) -> Value {
        let member = match &value.shape {
            Shape::Object(id) => self.get_of_object(*id, value, name, place),
            Shape::External(path) => {
                // The default export of a dependency is the dependency.
                if self.symbols.with(name, |text| text == "default") {
                    return value.clone();
                }
                let path = self.symbols.join(*path, name);
                return self.external(path, place).tagged(value.taint());
            }
            Shape::Class(class) if self.class_is_callable(*class) => {
                let class = *class;
                match self.attribute(class, name, Some(value)) {
                    Some(found) => return found,
                    None => match self.method(class, name, true) {
                        Some(method) => method,
                        // Every class that it derives from is seen.
                        None if self.is_seen_whole(class)
                            && !self.symbols.with(name, |name| name.starts_with("__")) =>
                        {
                            Value::UNDEFINED
                        }
                        None => Value::UNKNOWN,
                    },
                }
            }
            Shape::Class(class) => {
                let statics = self.heap.classes[*class].statics;
                if let Some(found) = self.heap.objects[statics].field(name) {
                    return found.clone();
                }
                self.method(*class, name, true).unwrap_or(Value::UNKNOWN)
            }
            Shape::Union(values) => {
                let values: Vec<Value> = values.iter().filter(|value| !value.is_nullish()).cloned().collect();
                let members: Vec<Value> = values.iter().map(|value| self.get(value, name, place)).collect();
                members.into_iter().reduce(|a, b| a.join(&b)).unwrap_or(Value::UNDEFINED)
            }
            Shape::Closure(_) => {
                let key = Loc::Field(self.function_object(value), name);
                self.heap.read(key).unwrap_or(Value::UNDEFINED)
            }
            Shape::Undefined | Shape::Null => Value::UNDEFINED,
            Shape::Str(text) if self.symbols.with(name, |name| name == "length") => self.length_of(*text),
            _ => Value::UNKNOWN,
        };
        self.inherit(value, name, member, place)
    }

    /// True if all classes that a class derives from are known.
    fn is_seen_whole(&self, class: crate::ClassValueId) -> bool {
        self.heap.classes[class].lineage.iter().all(|class| matches!(class.shape, Shape::Class(_)))
    }

    /// In the class's language classes are called, and instances have the attributes of their class.
    fn class_is_callable(&self, class: crate::ClassValueId) -> bool {
        self.module(self.heap.classes[class].file).semantics.classes_are_callable
    }

    /// What a member gets from the value it is a member of: tags, place in the request, facts.
    fn inherit(&mut self, value: &Value, name: Sym, member: Value, place: Place) -> Value {
        let Some(meta) = value.meta.clone() else { return member };
        if !matches!(member.shape, Shape::Unknown)
            || member.meta.as_ref().is_some_and(|meta| meta.input.is_some())
        {
            // Only something has members.
            return member.when_truthy(&meta.truthy);
        }
        if meta.taint.tags == Tags::ENVIRONMENT
            && let Some(environment) = meta.origin.filter(|_| meta.truthy.is_empty())
        {
            return self.environment_member(environment, name, place);
        }
        let mut member = member.noted(|note| {
            note.taint |= meta.taint;
            note.row = note.row.or(meta.row);
            note.origin =
                note.origin.or(meta.origin).or(meta.taint.tags.contains(Tags::ERROR).then_some(name));
            note.truthy = note.truthy.union(&meta.truthy);
        });
        if meta.taint.tags.contains(Tags::ROW) {
            member = self.row_member(member, name);
        } else if meta.taint.tags.contains(Tags::SECRET) {
            // How long it is, is no secret.
            member = member.noted(|note| note.taint.tags -= Tags::SECRET);
        }
        member = match meta.input {
            Some(input) => self.input_member(input, name, member, place),
            None => self.part_read(member, meta.taint, name, place),
        };
        if meta.taint.tags.contains(Tags::SESSION) {
            member = self.session_member(name, member, place);
        } else if self.is_role_name(name)
            && (meta.taint.tags.contains(Tags::PRINCIPAL)
                || meta.taint.tags.contains(Tags::CREDENTIAL) && meta.truthy.has(FactKind::Authn))
        {
            let role = self.fact(FactKind::Role(0), place, "is tested", name);
            member = member.when_truthy(&role);
        }
        member
    }

    fn input_member(&mut self, input: InputPath, name: Sym, member: Value, place: Place) -> Value {
        let path = self.symbols.join(input.path, name);
        let read = InputPath { part: input.part, path };
        self.note_input(read);
        let carries = input.part.intersects(Tags::HEADER | Tags::COOKIE)
            && self.symbols.with(name, lexicon::is_credential);
        self.read_from(member, read, place).noted(|meta| {
            meta.input = Some(read);
            meta.taint.tags |= if carries { Tags::CREDENTIAL } else { Tags::empty() };
        })
    }

    fn session_member(&mut self, name: Sym, member: Value, place: Place) -> Value {
        if !self.symbols.with(name, lexicon::is_identity) {
            return member;
        }
        let authn = self.fact(FactKind::Authn, place, IN_SESSION, name);
        let mut member = member.noted(|meta| {
            meta.taint.tags = meta.taint.tags.difference(Tags::SESSION) | Tags::PRINCIPAL;
        });
        if self.is_role_name(name) {
            let role = self.fact(FactKind::Role(0), place, "is tested", name);
            member = member.when_truthy(&role);
        }
        member.when_truthy(&authn)
    }

    fn get_of_object(&mut self, id: ObjId, value: &Value, name: Sym, place: Place) -> Value {
        self.note_read(id, name);
        if let Some(found) = self.heap.objects[id].field(name) {
            let found = found.clone();
            let is_shared = self.run.is_some() && self.assigned_names.contains(&name) && self.is_shared(id);
            return if is_shared { self.at_any_time(found, Loc::Field(id, name)) } else { found };
        }
        if let Some((_, getter)) = self.heap.objects[id].getters.iter().find(|(key, _)| *key == name) {
            let getter = Value::new(Shape::Closure(*getter));
            return self.call(&getter, value, &[], place);
        }
        if let Some(items) = &self.heap.objects[id].items {
            let text = self.symbols.text(name);
            if text == "length" {
                let len = items.len() as f64;
                let is_open = self.heap.objects[id].is_open;
                return if is_open {
                    Value::UNKNOWN.tagged(Tags::NUMBER)
                } else {
                    Value::new(Shape::Number(len))
                };
            }
            if let Ok(index) = text.parse::<usize>() {
                let missing = if self.heap.objects[id].is_open { Value::UNKNOWN } else { Value::UNDEFINED };
                return items.get(index).cloned().unwrap_or(missing);
            }
        }
        if let Some(class) = self.heap.objects[id].class.clone() {
            match class.shape {
                Shape::Class(class) => {
                    if let Some((file, func, env)) = self.getter(class, name) {
                        self.call_places.push(place);
                        let found = self.call_in(file, func, env, value.clone(), &[], Some(class));
                        self.call_places.pop();
                        return found;
                    }
                    if self.class_is_callable(class)
                        && let Some(found) = self.attribute(class, name, Some(value))
                    {
                        let found = self.unless_given(id, name, found, place);
                        return self.standing_in(id, name, found);
                    }
                    // A field that is declared is no method of a library that the class derives from.
                    let is_field = self.class_is_callable(class) && self.is_declared(id, name);
                    if !is_field && let Some(method) = self.method(class, name, false) {
                        let is_known = self.is_known_of_type(id, &method, name);
                        match self.heap.objects[id].ty.filter(|_| is_known) {
                            Some(ty) => return self.get_of_type(id, ty, name, place),
                            None => return method,
                        }
                    }
                }
                Shape::Closure(_) => {
                    // Methods put on the prototype of a constructor function.
                    let prototype = self.symbols.sym("prototype");
                    let prototype = self.get(&class, prototype, place);
                    if let Shape::Object(prototype) = prototype.shape
                        && let Some(found) = self.heap.objects[prototype].field(name)
                    {
                        return found.clone();
                    }
                }
                _ => {}
            }
        }
        if let Some(ty) = self.heap.objects[id].ty
            && !(self.is_declared(id, name)
                && self.index.rows(self.symbols.join(ty, name), &self.symbols).is_empty())
        {
            return self.get_of_type(id, ty, name, place);
        }
        let object = &self.heap.objects[id];
        let (taint, tags) = (object.taint, object.taint.tags);
        let unknown = Value::UNKNOWN.tagged(taint);
        if let Some(input) = object.input {
            return self.input_member(input, name, unknown, place);
        }
        if tags.contains(Tags::SESSION) {
            return self.session_member(name, unknown, place);
        }
        if object.is_open || object.items.is_some() || !tags.is_empty() { unknown } else { Value::UNDEFINED }
    }

    /// What a class gives a member of its instance, where the instance may have been given another by what it was made of
    /// as a whole.
    fn unless_given(&mut self, id: ObjId, name: Sym, default: Value, place: Place) -> Value {
        let object = &self.heap.objects[id];
        let is_data = matches!(
            default.shape,
            Shape::Unknown
                | Shape::Undefined
                | Shape::Null
                | Shape::Bool(_)
                | Shape::Number(_)
                | Shape::Str(_)
                | Shape::Text(_)
        );
        if !object.is_open || !is_data {
            return default;
        }
        let (given, input) = (Value::UNKNOWN.tagged(object.taint), object.input);
        let given = match input {
            Some(input) => self.input_member(input, name, given, place),
            None => given,
        };
        default.join(&given)
    }

    /// True for a member that the class of an object inherits from a library, where models say more of the object's type
    /// than of the class itself: what it holds, or what calling it means.
    fn is_known_of_type(&self, id: ObjId, inherited: &Value, name: Sym) -> bool {
        let (Shape::External(path), Some(ty)) = (&inherited.shape, self.heap.objects[id].ty) else {
            return false;
        };
        let rows = self.index.rows(self.symbols.join(ty, name), &self.symbols);
        // Who the caller is, the class may decide by itself.
        let is_source = |row: Row<'_>| matches!(row, Row::Source(row) if row.name.is_empty() && row.kind != SourceKind::Principal);
        let lineage = self.index.lineage(ty, &self.symbols);
        let has = |text: &str| {
            lineage.iter().any(|row| row.fields.contains_key(text) || row.getters.contains_key(text))
        };
        rows.iter().any(|matched| is_source(matched.row))
            || self.symbols.with(name, has)
            || !rows.is_empty() && self.index.rows(*path, &self.symbols).is_empty()
    }

    /// True if the class of an object, which derives from that of a library, declares a field of that name itself.
    fn is_declared(&self, id: ObjId, name: Sym) -> bool {
        let Some(Shape::Class(class)) = self.heap.objects[id].class.as_ref().map(|class| &class.shape) else {
            return false;
        };
        self.fields_of(*class).iter().any(|(known, _)| *known == name)
    }

    /// The fields that a class and those it derives from declare, each with its type.
    pub(crate) fn fields_of(
        &self,
        class: crate::ClassValueId,
    ) -> Vec<(Sym, (routeward_base::FileId, Option<routeward_ir::TypeId>))> {
        let mut fields = Vec::new();
        for class in self.heap.classes[class].lineage.iter() {
            let Shape::Class(class) = class.shape else { continue };
            let (file, code, _) = self.class_code(class);
            for member in &self.module(file).classes[code].members {
                if let (MemberKind::Field, Key::Name(name), false) =
                    (member.kind, member.key, member.is_static)
                {
                    let name = self.sym(file, name);
                    if !fields.iter().any(|(known, _)| *known == name) {
                        fields.push((name, (file, member.ty)));
                    }
                }
            }
        }
        fields
    }

    fn get_of_type(&mut self, id: ObjId, ty: Sym, name: Sym, place: Place) -> Value {
        let path = self.symbols.join(ty, name);
        for matched in self.index.rows(path, &self.symbols).iter() {
            if let Row::Source(row) = matched.row
                && row.name.is_empty()
                && !matches!(row.kind, SourceKind::Handler | SourceKind::Class)
                && self.version_fits(matched.package, matched.version)
            {
                // Settings are known by where they stand.
                let about = if row.kind == SourceKind::Environment { path } else { name };
                let value = self.source_value(row, None, &[], about, place);
                // What is the same each time it is read is not written: a branch that reads it first would leave it
                // unset where the other one ends.
                let is_line = matches!(row.kind, SourceKind::Method | SourceKind::Url | SourceKind::UrlBelow);
                if !is_line && (row.kind != SourceKind::Principal || row.r#type.is_empty()) {
                    self.heap.write(Loc::Field(id, name), Some(value.clone()));
                }
                return value;
            }
        }
        for row in self.index.lineage(ty, &self.symbols) {
            if let Some(getter) = self.symbols.with(name, |text| row.getters.get(text)) {
                let getter = self.symbols.sym(getter);
                let value = self.call_method(&Value::object(id), getter, &[], place);
                self.heap.write(Loc::Field(id, name), Some(value.clone()));
                return value;
            }
            let field = self.symbols.with(name, |text| row.fields.get(text).cloned());
            if let Some(field) = field {
                let mut object = Object::new(Some(place));
                object.ty = Some(self.symbols.sym(&field));
                // What a member of a scope registers, it registers on the scope.
                if self.scope_kind(id).is_some() {
                    object.part_of = Some(Rc::new((id, Value::str(self.symbols.sym("")))));
                } else if let Some(part_of) = &self.heap.objects[id].part_of {
                    object.part_of = Some(part_of.clone());
                }
                let value = Value::object(self.heap.object(object));
                self.heap.write(Loc::Field(id, name), Some(value.clone()));
                return value;
            }
        }
        let tags = self.heap.objects[id].taint;
        if self.index.rows(path, &self.symbols).is_empty() {
            return Value::new(Shape::External(path)).tagged(tags);
        }
        Value::new(Shape::Method(id, path)).tagged(tags)
    }

    /// The value that a source row gives.
    pub(crate) fn source_value(
        &mut self,
        row: &routeward_catalog::SourceRow,
        this: Option<&Value>,
        args: &[Value],
        name: Sym,
        place: Place,
    ) -> Value {
        let part = match row.kind {
            SourceKind::Body => (Tags::BODY, "body"),
            SourceKind::Query => (Tags::QUERY, "query"),
            SourceKind::Path => (Tags::PATH, "path"),
            SourceKind::Header => (Tags::HEADER, "header"),
            SourceKind::Cookie => (Tags::COOKIE, "cookie"),
            SourceKind::Checked => (Tags::CHECKED, ""),
            SourceKind::Session => (Tags::SESSION, ""),
            SourceKind::Principal => (Tags::PRINCIPAL, ""),
            SourceKind::Credential => (Tags::CREDENTIAL | Tags::HEADER, ""),
            SourceKind::Archive => (Tags::REMOTE | Tags::ARCHIVE, ""),
            SourceKind::Secret => (Tags::SECRET, ""),
            SourceKind::Remote | SourceKind::Url | SourceKind::UrlBelow | SourceKind::Method => {
                (Tags::REMOTE, "")
            }
            SourceKind::HandlerName | SourceKind::HandlerGroup | SourceKind::HandlerMember => {
                (Tags::empty(), "")
            }
            SourceKind::Environment => (Tags::ENVIRONMENT, ""),
            SourceKind::Request | SourceKind::Response | SourceKind::Handler | SourceKind::Class => {
                (Tags::empty(), "")
            }
        };
        let (tags, word) = part;
        if row.kind == SourceKind::Checked && input_kind(&row.name).is_some() {
            let name = self.symbols.sym(&row.name);
            return self.checked_source(name, place);
        }
        if row.kind == SourceKind::Checked && !row.name.is_empty() {
            let named = self.access_text(&row.name, this, args).and_then(|value| self.as_key(&value));
            return named.map_or(Value::UNKNOWN.tagged(tags), |name| self.checked_source(name, place));
        }
        match row.kind {
            SourceKind::Request | SourceKind::Response if !row.r#type.is_empty() => {
                self.pristine(&row.r#type)
            }
            SourceKind::Request | SourceKind::Response => this.cloned().unwrap_or(Value::UNKNOWN),
            SourceKind::Handler => self.current_subject().map_or(Value::UNKNOWN, |subject| subject.handler),
            SourceKind::Class => self.current_subject().map_or(Value::UNKNOWN, |subject| subject.class),
            SourceKind::Principal if !row.r#type.is_empty() => self.pristine(&row.r#type).tagged(tags),
            SourceKind::Principal if row.negated => {
                let authn = self.fact(FactKind::Authn, place, "is not set for verified callers", name);
                Value::UNKNOWN.tagged(tags).when_falsy(&authn)
            }
            SourceKind::Principal => {
                let authn = self.fact(FactKind::Authn, place, "is set for verified callers", name);
                let caller = Value::UNKNOWN.tagged(tags).when_truthy(&authn);
                if !self.is_role_name(name) {
                    return caller;
                }
                let role = self.fact(FactKind::Role(0), place, "is tested", name);
                caller.when_truthy(&role)
            }
            SourceKind::Body
            | SourceKind::Query
            | SourceKind::Path
            | SourceKind::Header
            | SourceKind::Cookie => {
                let path = self.symbols.sym(word);
                let input = InputPath { part: tags, path };
                let clean = if row.texts { SinkKind::Nosql.into() } else { SinkKinds::empty() };
                let taint = Taint { tags, clean, ..Taint::default() };
                if !row.name.is_empty() {
                    let named = self.access_text(&row.name, this, args);
                    let whole = Value::UNKNOWN.tagged(taint).noted(|meta| meta.input = Some(input));
                    return match named.and_then(|value| self.as_key(&value)) {
                        Some(key) => self.input_member(input, key, Value::UNKNOWN.tagged(taint), place),
                        None => whole,
                    };
                }
                let mut object = Object::new(Some(place));
                (object.input, object.taint, object.is_open) = (Some(input), taint, true);
                let whole = Value::object(self.heap.object(object)).tagged(taint);
                self.read_from(whole, input, place).noted(|meta| meta.input = Some(input))
            }
            SourceKind::Session => {
                let mut object = Object::new(Some(place));
                (object.taint, object.is_open) = (tags.into(), true);
                Value::object(self.heap.object(object)).tagged(tags)
            }
            SourceKind::Url
            | SourceKind::UrlBelow
            | SourceKind::Method
            | SourceKind::HandlerName
            | SourceKind::HandlerGroup
            | SourceKind::HandlerMember => {
                let taint = Taint { tags, clean: SinkKinds::spared_by(&row.harms), ..Taint::default() };
                let value = self.request_line_value(row.kind).tagged(taint);
                let about = self.symbols.sym("url");
                self.stepped(value, Via::Source(about), place)
            }
            SourceKind::Environment => {
                // `os.getenv("NAME")`
                let setting = match args.first() {
                    Some(value) => self.as_key(value),
                    None => row.in_capitals.then(|| self.in_capitals(name)),
                };
                match setting {
                    Some(setting) => self.setting_value(setting, name, place),
                    None => Value::UNKNOWN.tagged(tags).noted(|meta| meta.origin = Some(name)),
                }
            }
            SourceKind::Remote | SourceKind::Archive => {
                let last = self.symbols.with(name, |path| path.rsplit('.').next().unwrap_or(path).to_owned());
                let read = self.symbols.sym(&last);
                let taint = Taint { tags, clean: SinkKinds::spared_by(&row.harms), ..Taint::default() };
                self.stepped(Value::UNKNOWN.tagged(taint), Via::Source(read), place)
            }
            _ => Value::UNKNOWN.tagged(tags),
        }
    }

    /// The setting that a path ends with, where its name is in capital letters.
    fn in_capitals(&mut self, path: Sym) -> Sym {
        let name = self.symbols.with(path, |path| path.rsplit('.').next().unwrap_or(path).to_uppercase());
        self.symbols.sym(&name)
    }

    /// What a class gives a member, which stands in for a setting if members of its objects are settings.
    fn standing_in(&mut self, id: ObjId, name: Sym, given: Value) -> Value {
        let Some(ty) = self.heap.objects[id].ty.filter(|_| matches!(given.shape, Shape::Str(_))) else {
            return given;
        };
        let path = self.symbols.join(ty, name);
        let rows = self.index.rows(path, &self.symbols);
        if !rows.iter().any(|matched| matches!(matched.row, Row::Source(row) if row.in_capitals)) {
            return given;
        }
        let setting = self.in_capitals(path);
        given.noted(|meta| meta.setting = Some(setting))
    }

    /// A member of the environment: what is known of every deployment, or else a setting.
    fn environment_member(&mut self, environment: Sym, name: Sym, place: Place) -> Value {
        let path = self.symbols.join(environment, name);
        let known = self.index.rows(path, &self.symbols).iter().find_map(|matched| match matched.row {
            Row::Constant(row) => Some(row.value.clone()),
            _ => None,
        });
        if let Some(text) = known {
            return self.constant(&text).tagged(Tags::ENVIRONMENT);
        }
        self.setting_value(name, name, place)
    }

    /// What a setting gives, which is a result or member of `origin`.
    fn setting_value(&mut self, name: Sym, origin: Sym, place: Place) -> Value {
        let set = self.fact(FactKind::Setting(name, IS_SET), place, "is a setting", name);
        let unset = self.fact(FactKind::Setting(name, IS_UNSET), place, "is a setting", name);
        Value::UNKNOWN
            .tagged(Tags::ENVIRONMENT)
            .noted(|meta| (meta.origin, meta.setting) = (Some(origin), Some(name)))
            .when_truthy(&set)
            .when_falsy(&unset)
    }

    /// A kind of input, by the name that frameworks give it, after its check.
    pub(crate) fn checked_source(&mut self, name: Sym, place: Place) -> Value {
        let Some(word) = self.symbols.with(name, input_kind) else {
            return Value::UNKNOWN.tagged(Tags::CHECKED);
        };
        let part = match word {
            "query" => Tags::QUERY,
            "path" => Tags::PATH,
            "header" => Tags::HEADER,
            "cookie" => Tags::COOKIE,
            _ => Tags::BODY,
        };
        let input = InputPath { part, path: self.symbols.sym(word) };
        let mut object = Object::new(Some(place));
        (object.input, object.taint, object.is_open) = (Some(input), (part | Tags::CHECKED).into(), true);
        Value::object(self.heap.object(object))
            .tagged(part | Tags::CHECKED)
            .noted(|meta| meta.input = Some(input))
    }

    /// `value[index]`.
    pub(crate) fn get_index(&mut self, value: &Value, index: &Value, place: Place) -> Value {
        if let Some(key) = self.as_key(index) {
            self.note_looked_up(value, index, place);
            let member = self.get(value, key, place);
            // What a setting selects, where nothing is written for production: any of what is written.
            let is_elsewhere = index.tags().contains(Tags::ENVIRONMENT) && member.is_nullish();
            if !is_elsewhere {
                return member;
            }
        }
        if let Shape::Union(keys) = &index.shape
            && keys.iter().all(|key| self.as_key(key).is_some())
        {
            let keys: Vec<Sym> = keys.iter().filter_map(|key| self.as_key(key)).collect();
            let members: Vec<Value> = keys.into_iter().map(|key| self.get(value, key, place)).collect();
            return members.into_iter().reduce(|a, b| a.join(&b)).unwrap_or(Value::UNKNOWN);
        }
        let tags = value.tags();
        // A table of the server, looked up by what the caller presents: an entry is there only for a credential
        // that the server has issued.
        if index.tags().contains(Tags::CREDENTIAL)
            && !index.tags().contains(Tags::MIXED)
            && !tags.intersects(Tags::REQUEST)
        {
            return self.found_by_credential(place);
        }
        let mut members = self.known_elements(value).unwrap_or_default();
        if let Shape::Object(id) = value.shape {
            members.extend(self.heap.objects[id].fields.iter().map(|(_, member)| member.clone()));
        }
        let mut result = match members.len() {
            1..=8 => members.into_iter().fold(Value::UNDEFINED, |a, b| a.join(&b)),
            _ => Value::UNKNOWN,
        };
        if let Some(meta) = &value.meta {
            let input = meta.input;
            result = result.tagged(tags).noted(|note| note.input = note.input.or(input));
        }
        let checked = self.checked_against(index, value, place);
        let chosen = if self.chooses_prototype(value, index) { Tags::CHOSEN } else { Tags::empty() };
        result.when_truthy(&checked).tagged(index.taint() & Tags::PRINCIPAL).tagged(chosen)
    }

    /// What a look-up by the caller's credential gives: the caller, if there is one.
    pub(crate) fn found_by_credential(&mut self, place: Place) -> Value {
        let about = self.symbols.sym("credential");
        let authn = self.fact(FactKind::Authn, place, "is looked up by the caller's credential", about);
        Value::UNKNOWN.tagged(Tags::PRINCIPAL).when_truthy(&authn)
    }

    /// `value.name = new`.
    pub(crate) fn set(&mut self, value: &Value, name: Sym, new: Value, place: Place) {
        self.note_sign_in(value, name, &new, place);
        match &value.shape {
            Shape::Object(id) => {
                if self.heap.objects[*id].items.is_some()
                    && let Ok(index) = self.symbols.text(name).parse::<u32>()
                {
                    self.heap.write(Loc::Item(*id, index), Some(new));
                    return;
                }
                if let Some(ty) = self.heap.objects[*id].ty {
                    let path = self.symbols.join(ty, name);
                    self.write_of_type(path, value, &new, place);
                    let new = self.still_caller(path, new, place);
                    let new = self.left_in_request(*id, new);
                    self.heap.write(Loc::Field(*id, name), Some(new));
                    return;
                }
                let new = self.left_in_request(*id, new);
                self.heap.write(Loc::Field(*id, name), Some(new));
            }
            Shape::Class(class) => {
                let statics = self.heap.classes[*class].statics;
                self.heap.write(Loc::Field(statics, name), Some(new));
            }
            Shape::External(path) => {
                let path = self.symbols.join(*path, name);
                self.write_of_type(path, value, &new, place);
            }
            Shape::Unknown if value.tags().contains(Tags::WHOLE) => self.overwrite_column(value, name),
            Shape::Unknown if value.tags() == Tags::ENVIRONMENT => {
                if let Some(environment) = value.meta.as_ref().and_then(|meta| meta.origin) {
                    let path = self.symbols.join(environment, name);
                    self.write_of_type(path, value, &new, place);
                }
            }
            Shape::Closure(_) => {
                let object = self.function_object(value);
                self.heap.write(Loc::Field(object, name), Some(new));
            }
            Shape::Union(values) => {
                let values = values.clone();
                for value in values.iter() {
                    self.set(value, name, new.clone(), place);
                }
            }
            _ => {}
        }
    }

    /// A value that is put into the request by code whose exceptions are caught: where it is found after one, what held
    /// when it was put there held.
    fn left_in_request(&self, object: ObjId, new: Value) -> Value {
        if self.run.is_none() || !self.is_trying() || !self.runs.stands_for_request(object) {
            return new;
        }
        let facts = self.path.facts.iter();
        let facts: FactSet =
            facts.filter(|fact| matches!(fact.kind, FactKind::Authn | FactKind::Role(_))).collect();
        new.when_truthy(&facts)
    }

    /// What the program puts where the framework keeps the caller is a caller, too, whom its members tell apart from
    /// nobody: `request.user = SimpleLazyObject(…)`. What is taken from the request itself, and what the program makes
    /// of a class of its own, is what it is.
    fn still_caller(&mut self, path: Sym, new: Value, place: Place) -> Value {
        let is_unseen = match new.shape {
            Shape::Unknown | Shape::External(_) | Shape::Union(_) => true,
            Shape::Object(id) => self.heap.objects[id].class.is_none() && self.heap.objects[id].ty.is_some(),
            _ => false,
        };
        let is_chosen =
            new.tags().intersects(Tags::REQUEST | Tags::CREDENTIAL) && !new.tags().contains(Tags::PRINCIPAL);
        if self.run.is_none() || !is_unseen || is_chosen {
            return new;
        }
        let rows = self.index.rows(path, &self.symbols);
        let row = rows.iter().find_map(|matched| match matched.row {
            Row::Source(row) if row.kind == SourceKind::Principal && !row.r#type.is_empty() => Some(row),
            _ => None,
        });
        row.map_or(new, |row| self.source_value(row, None, &[], path, place))
    }

    /// The object behind a function: its own properties and its prototype.
    fn function_object(&mut self, value: &Value) -> ObjId {
        let Shape::Closure(id) = value.shape else { return self.heap.object(Object::new(None)) };
        let closure = self.closure_of(id);
        let key = (closure.file, closure.func, closure.env);
        if let Some(object) = self.function_objects.get(&key) {
            return *object;
        }
        let object = self.heap.object(Object::new(None));
        self.function_objects.insert(key, object);
        let prototype = Value::object(self.heap.object(Object::new(None)));
        let name = self.symbols.sym("prototype");
        self.heap.write(Loc::Field(object, name), Some(prototype));
        object
    }

    /// `value[index] = new`.
    pub(crate) fn set_index(&mut self, value: &Value, index: &Value, new: Value, place: Place) {
        self.pollution(value, &[index, &new], place);
        if let Some(key) = self.as_key(index) {
            self.set(value, key, new, place);
        } else if let Shape::Object(id) = value.shape {
            if self.heap.objects[id].items.is_some() {
                self.heap.open_items(id);
            } else {
                self.heap.objects[id].is_open = true;
            }
        }
    }

    /// An object without some of its members.
    pub(crate) fn without(&mut self, value: &Value, names: &[Sym]) -> Value {
        let Shape::Object(id) = value.shape else { return value.clone().noted(Meta::no_whole_row) };
        let mut copy = self.heap.objects[id].clone();
        copy.fields.retain(|(name, _)| !names.contains(name));
        Value { shape: Shape::Object(self.heap.object(copy)), meta: value.meta.clone() }
    }

    /// All elements, if they are known.
    pub(crate) fn known_elements(&self, value: &Value) -> Option<Vec<Value>> {
        self.heap.known_items(value).map(<[Value]>::to_vec)
    }

    /// All keys, if they are known.
    pub(crate) fn known_keys(&self, value: &Value) -> Option<Vec<Value>> {
        let Shape::Object(id) = value.shape else { return None };
        let object = &self.heap.objects[id];
        if object.is_open || object.ty.is_some() {
            return None;
        }
        match &object.items {
            Some(items) => {
                Some((0..items.len()).map(|i| Value::str(self.symbols.sym(&i.to_string()))).collect())
            }
            None => Some(object.fields.iter().map(|(name, _)| Value::str(*name)).collect()),
        }
    }

    /// Any element of a collection.
    pub(crate) fn element_of(&mut self, value: &Value) -> Value {
        let base = Value { shape: Shape::Unknown, meta: value.meta.clone() };
        let base =
            if base.meta.is_some() { base.noted(|meta| meta.falsy = FactSet::default()) } else { base };
        let Shape::Object(id) = value.shape else { return base };
        let items = self.heap.objects[id].items.clone().unwrap_or_default();
        let is_open = self.heap.objects[id].is_open || items.is_empty();
        let known = items.into_iter().reduce(|a, b| a.join(&b));
        match known {
            Some(known) if !is_open => known,
            Some(known) => known.join(&base),
            None => base,
        }
    }

    /// Whether a row's condition on the version of its package holds for the running code.
    pub(crate) fn version_fits(&mut self, package: &str, condition: &str) -> bool {
        if condition.is_empty() {
            return true;
        }
        let file = self.speaking_file();
        let key = (file, package.to_owned());
        if let Some(version) = self.versions.get(&key) {
            return version_fits(version.as_deref(), condition);
        }
        let version = (self.program.version)(file, package);
        let fits = version_fits(version.as_deref(), condition);
        self.versions.insert(key, version);
        fits
    }
}

/// Why a member of the session proves its caller.
pub(crate) const IN_SESSION: &str = "is set in the session by the server";

/// The kind of input that frameworks and validators call `name`.
pub(crate) fn input_kind(name: &str) -> Option<&'static str> {
    Some(match name {
        "body" | "json" | "form" | "payload" => "body",
        "query" | "querystring" | "queries" => "query",
        "path" | "param" | "params" => "path",
        "header" | "headers" => "header",
        "cookie" | "cookies" | "signedCookies" | "state" => "cookie",
        _ => return None,
    })
}
