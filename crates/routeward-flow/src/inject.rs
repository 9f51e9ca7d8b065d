//! What containers put into instances, and what requests put into the parameters of a method.

use routeward_base::FileId;
use routeward_catalog::{BindRow, EntryRow, SourceKind, SourceRow};
use routeward_diag::Place;
use routeward_ir::{ExprId, Key, MemberKind, TypeId, TypeKind};

use crate::Sym;
use crate::eval::Evaluator;
use crate::heap::Object;
use crate::index::Row;
use crate::mark::Mark;
use crate::taint::Taint;
use crate::value::{ClassValueId, Closure, FrameId, InputPath, Shape, Value};

impl Evaluator<'_> {
    /// What a container puts in for a parameter or field.
    pub(crate) fn injected(
        &mut self,
        file: FileId,
        env: FrameId,
        decorators: &[ExprId],
        ty: Option<TypeId>,
        place: Place,
    ) -> Value {
        for mark in self.marks(file, env, decorators) {
            for (row, _) in self.mark_rows(&mark) {
                if let Row::Inject(row) = row
                    && let Some(token) = self.mark_access(&mark, &row.token).into_iter().next()
                    && let Some(given) = self.by_token(&token, place)
                {
                    return given;
                }
            }
        }
        self.provided(file, ty, place)
    }

    /// What a container puts in for a class, or for a type of a library, where code asks for it by a call.
    pub(crate) fn put_in(&mut self, token: &Value, place: Place) -> Value {
        match token.shape {
            // A class that asks for its own kind is not made for ever.
            Shape::Class(class) if self.put_in_now.contains(&class) => Value::UNKNOWN,
            Shape::Class(class) => {
                if let Some(given) = self.by_token(token, place) {
                    return given;
                }
                self.put_in_now.push(class);
                let args = self.supposed_args(token, place);
                let made = self.construct(token, &args, place);
                self.put_in_now.pop();
                made
            }
            Shape::External(path) => {
                let mut object = Object::new(Some(place));
                object.ty = Some(self.index.made_by(path, &self.symbols).unwrap_or(path));
                Value::object(self.heap.object(object))
            }
            _ => Value::UNKNOWN,
        }
    }

    /// What a container provides under a name, unless that is the named class itself.
    pub(crate) fn by_token(&mut self, token: &Value, place: Place) -> Option<Value> {
        if !matches!(token.shape, Shape::Class(_) | Shape::Str(_) | Shape::External(_) | Shape::Object(_)) {
            return None;
        }
        let found = self.declarations.tokens.iter().find(|(known, _)| known.shape == token.shape);
        let given = found.map(|(_, given)| given.clone())?;
        match given.shape {
            _ if given.shape == token.shape => None,
            Shape::Class(_) => Some(self.instance(&given, place)),
            _ => Some(given),
        }
    }

    /// Fills the fields of an instance that a container puts values into.
    pub(crate) fn inject_fields(&mut self, class: ClassValueId, instance: &Value, place: Place) {
        for class in self.bases(class) {
            let (file, code, env) = self.class_code(class);
            for member in &self.module(file).classes[code].members {
                let (MemberKind::Field, Key::Name(name)) = (member.kind, member.key) else { continue };
                if member.decorators.is_empty() {
                    continue;
                }
                let marks = self.marks(file, env, &member.decorators);
                let is_injected = marks
                    .iter()
                    .any(|mark| self.mark_rows(mark).iter().any(|(row, _)| matches!(row, Row::Inject(_))));
                if is_injected {
                    let value = self.injected(file, env, &member.decorators, member.ty, place);
                    let name = self.sym(file, name);
                    self.set(instance, name, value, place);
                }
            }
        }
    }

    /// What is passed to a method whose parameters are bound by decorators. The path is dead if an input is
    /// refused on the way.
    pub(crate) fn bound_args(&mut self, value: &Value, inputs: Option<SourceKind>) -> Vec<Value> {
        if let Some(kind) = inputs {
            return self.bound_by_name(value, kind);
        }
        let Shape::Closure(id) = value.shape else { return Vec::new() };
        let Closure { file, func, env, .. } = *self.closure_of(id);
        let params = &self.module(file).functions[func].params;
        params.iter().map(|param| self.bound_arg(file, env, &param.decorators, param.ty)).collect()
    }

    pub(crate) fn bound_arg(
        &mut self,
        file: FileId,
        env: FrameId,
        decorators: &[ExprId],
        ty: Option<TypeId>,
    ) -> Value {
        let mut value: Option<Value> = None;
        for mark in self.marks(file, env, decorators) {
            for (row, _) in self.mark_rows(&mark) {
                let Row::Bind(row) = row else { continue };
                let input = self.bound_input(row, &mark);
                if row.factory.is_empty()
                    && let Some(ty) = ty
                {
                    let class = self.resolve_type(file, ty);
                    self.note_members(&input, &class);
                }
                let passed = self.pass_pipes(row, &mark, input, file, ty);
                value = Some(passed);
            }
        }
        value.unwrap_or(Value::UNKNOWN)
    }

    pub(crate) fn bound_input(&mut self, row: &BindRow, mark: &Mark) -> Value {
        if !row.factory.is_empty() {
            let Some(factory) = self.mark_access(mark, &row.factory).into_iter().next() else {
                return Value::UNKNOWN;
            };
            let context = if row.context.is_empty() { Value::UNKNOWN } else { self.pristine(&row.context) };
            let data = mark.args.first().cloned().unwrap_or(Value::UNDEFINED);
            return self.call(&factory, &Value::UNDEFINED, &[data, context], mark.place);
        }
        let named = self.mark_access(mark, &row.name).into_iter().next();
        let is_named = named.is_some_and(|name| self.as_key(&name).is_some());
        let source = SourceRow {
            kind: row.kind,
            name: if is_named { row.name.clone() } else { String::new() },
            r#type: row.r#type.clone(),
            ..SourceRow::default()
        };
        self.source_value(&source, None, &mark.args, mark.path, mark.place)
    }

    /// The members of the class that an input is declared as are inputs, whether or not they are seen to be read.
    pub(crate) fn note_members(&mut self, input: &Value, class: &Value) {
        let (Some(input), Shape::Class(class)) = (input.input(), &class.shape) else { return };
        for class in self.bases(*class) {
            let (file, code, _) = self.class_code(class);
            for member in &self.module(file).classes[code].members {
                if let (MemberKind::Field, Key::Name(name), false) =
                    (member.kind, member.key, member.is_static)
                {
                    let path = self.symbols.join(input.path, self.sym(file, name));
                    self.note_input(InputPath { part: input.part, path });
                }
            }
        }
    }

    pub(crate) fn pass_pipes(
        &mut self,
        row: &BindRow,
        mark: &Mark,
        input: Value,
        file: FileId,
        ty: Option<TypeId>,
    ) -> Value {
        let mut pipes: Vec<(Value, Option<Sym>)> = Vec::new();
        if matches!(row.kind, SourceKind::Body | SourceKind::Query | SourceKind::Path)
            && let Some(subject) = self.current_subject()
        {
            pipes.extend(subject.pipes.iter().map(|link| (link.value.clone(), link.entry)));
        }
        let entry = pipes.first().and_then(|(_, entry)| *entry).or_else(|| self.index.transformer());
        for access in &row.pipes {
            let given = self.mark_access(mark, access);
            let given =
                self.flat(given).into_iter().filter(|value| !self.is_path_like(value) && !value.is_nullish());
            pipes.extend(given.map(|value| (value, entry)));
        }
        let about = self.pipe_context(row, mark, file, ty);
        pipes.into_iter().fold(input, |input, (pipe, entry)| {
            let Some(entry) = entry.and_then(|entry| self.index.entry(entry)) else { return input };
            self.pass_pipe(entry, &pipe, input, &about, mark.place)
        })
    }

    pub(crate) fn pass_pipe(
        &mut self,
        entry: &EntryRow,
        pipe: &Value,
        input: Value,
        about: &Value,
        place: Place,
    ) -> Value {
        let args = [input.clone(), about.clone()];
        let Some(method) = &entry.method else { return input };
        match self.call_entry_method(pipe, method, &args, place) {
            Some(passed) => passed,
            None => input,
        }
    }

    /// What a pipe is told about the parameter.
    pub(crate) fn pipe_context(
        &mut self,
        row: &BindRow,
        mark: &Mark,
        file: FileId,
        ty: Option<TypeId>,
    ) -> Value {
        let kind = ty.map(|ty| &self.module(file).types[ty].kind);
        let class = match kind {
            Some(TypeKind::Named { .. }) => ty
                .map(|ty| self.resolve_type(file, ty))
                .filter(|class| matches!(class.shape, Shape::Class(_))),
            _ => None,
        };
        let word = match kind {
            Some(TypeKind::String) => "String",
            Some(TypeKind::Number) => "Number",
            Some(TypeKind::Bool) => "Boolean",
            Some(TypeKind::Array(_)) => "Array",
            _ => "Object",
        };
        let class = class.unwrap_or_else(|| Value::new(Shape::External(self.symbols.sym(word))));
        let part = match row.kind {
            SourceKind::Body => "body",
            SourceKind::Query => "query",
            SourceKind::Path => "param",
            _ => "custom",
        };
        let data =
            mark.args.first().filter(|value| self.is_path_like(value)).cloned().unwrap_or(Value::UNDEFINED);
        let mut object = Object::new(Some(mark.place));
        let part = Value::str(self.symbols.sym(part));
        for (name, value) in [("metatype", class), ("type", part), ("data", data)] {
            object.fields.push((self.symbols.sym(name), value));
        }
        Value::object(self.heap.object(object))
    }

    /// Calls the method of a class, instance or object of a dependency that a chain names; `None` if that is code
    /// of a dependency of which nothing is known.
    pub(crate) fn call_entry_method(
        &mut self,
        value: &Value,
        method: &str,
        args: &[Value],
        place: Place,
    ) -> Option<Value> {
        let receiver = self.instance(value, place);
        let name = self.symbols.sym(method);
        let outer = match receiver.shape {
            Shape::External(path) => Some(path),
            Shape::Object(id) if self.heap.objects[id].class.is_none() => match self.heap.objects[id].ty {
                Some(ty) => Some(ty),
                None => return Some(self.call_method(&receiver, name, args, place)),
            },
            Shape::Object(id) => {
                let Some(Value { shape: Shape::Class(class), .. }) = self.heap.objects[id].class.clone()
                else {
                    return None;
                };
                match self.method(class, name, false) {
                    Some(Value { shape: Shape::External(path), .. }) => {
                        let path = self.symbols.text(path);
                        path.rsplit_once('.').map(|(owner, _)| self.symbols.sym(owner))
                    }
                    _ => return Some(self.call_method(&receiver, name, args, place)),
                }
            }
            _ => return Some(self.call(&receiver, &Value::UNDEFINED, args, place)),
        };
        let path = self.symbols.join(outer?, name);
        if self.index.rows(path, &self.symbols).is_empty() {
            return None;
        }
        Some(self.call_path(path, Some(&receiver), args, place, Taint::default()))
    }
}
