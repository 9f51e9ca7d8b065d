//! What a request passes to functions that say by their parameters what they take: inputs, bodies of a declared class,
//! objects of the framework, and what other functions give, whose parameters are bound in the same way.

use routeward_base::FileId;
use routeward_catalog::{BindRow, Says, SourceKind, SourceRow};
use routeward_diag::Place;
use routeward_ir::{Expr, FuncId, Key, MemberKind, Param, TypeId, TypeKind};

use crate::eval::Evaluator;
use crate::fact::FactKind;
use crate::heap::{Loc, Object};
use crate::index::Row;
use crate::mark::Mark;
use crate::modelled::Site;
use crate::value::{ClassValueId, Closure, FrameId, InputPath, Shape, Tags, Value};
use crate::{Sym, lexicon};

/// What the type of a parameter says.
#[derive(Clone, Debug)]
struct Declared {
    /// The class or path that it names.
    class: Value,
    /// A single value is passed, no object.
    is_scalar: bool,
    refuses: Refuses,
}

/// What a type refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Refuses {
    /// Nothing.
    Nothing,
    /// What is no text; everything in a path or query is.
    NoText,
    /// Values of another form.
    Form,
    /// What is no number and no truth value.
    Text,
}

/// The code whose parameters are bound, and the first parameter that is no receiver.
struct Bound {
    file: FileId,
    func: FuncId,
    env: FrameId,
    first: usize,
}

impl<'p> Evaluator<'p> {
    /// The arguments of a function, object or class, each passed by its name. The path is dead if one is refused on
    /// the way.
    pub(crate) fn bound_by_name(&mut self, value: &Value, inputs: SourceKind) -> Vec<Value> {
        let Some(Bound { file, func, env, first }) = self.bound_code(value) else { return Vec::new() };
        let module = self.module(file);
        let params: Vec<&Param> =
            module.functions[func].params.iter().skip(first).filter(|param| !param.is_rest).collect();
        let bodies = params.iter().filter(|param| self.takes_body(file, env, param)).count();
        let mut keywords = Object::new(None);
        keywords.is_keywords = true;
        let keywords = self.heap.object(keywords);
        for param in params {
            let Some(name) = self.param_name(file, param.pat) else { continue };
            let passed = Parameter { file, env, param, name, has_siblings: bodies > 1 };
            let value = self.bound_param(&passed, inputs);
            if !self.path.is_live {
                break;
            }
            self.heap.write(Loc::Field(keywords, name), Some(value));
        }
        let mut args = Vec::new();
        if let Some(class) = self.unbound_class(value).filter(|_| self.path.is_live) {
            args.push(self.bound_receiver(class, inputs));
        }
        args.push(Value::object(keywords));
        args
    }

    /// The class whose method a function is, where no receiver is bound to it.
    pub(crate) fn unbound_class(&self, value: &Value) -> Option<ClassValueId> {
        let Shape::Closure(id) = value.shape else { return None };
        let Closure { file, func, ref this, .. } = *self.closure_of(id);
        let function = &self.module(file).functions[func];
        let code = function.class.filter(|_| this.is_none() && function.flags.explicit_this)?;
        let classes = self.heap.classes.iter_enumerated();
        classes.filter(|(_, class)| (class.file, class.class) == (file, code)).map(|(id, _)| id).last()
    }

    /// Remembers that a class gives an argument.
    pub(crate) fn note_provider(&mut self, row: &BindRow, site: Site<'_>) {
        if row.made_with.is_empty() {
            return;
        }
        let made_with = self.symbols.sym(&row.made_with);
        for given in self.access(&row.calls, site) {
            if let Shape::Class(class) = given.shape {
                self.declarations.providers.insert(class, made_with);
            }
        }
    }

    /// True for a class that gives an argument and says itself what it is made with: its fields, as they are declared.
    fn has_bound_fields(&self, class: ClassValueId) -> bool {
        let statics = self.heap.classes[class].statics;
        let made_with = self.declarations.providers.get(&class);
        made_with
            .and_then(|name| self.heap.objects[statics].field(*name))
            .is_some_and(|value| !value.is_nullish())
    }

    /// An instance for a method that is registered by itself. Where the class is what gives it, its fields are bound
    /// like parameters.
    fn bound_receiver(&mut self, class: ClassValueId, inputs: SourceKind) -> Value {
        let (file, code, _) = self.class_code(class);
        let place = Place { file, span: self.module(file).classes[code].name_span };
        let instance = self.construct(&Value::new(Shape::Class(class)), &[], place);
        if !self.has_bound_fields(class) {
            self.suspect_decorators(class);
            return instance;
        }
        for (name, (target, at)) in self.provided_fields(class) {
            let value = self.call_bound(&target, inputs, at);
            if !self.path.is_live {
                break;
            }
            self.set(&instance, name, value, place);
        }
        instance
    }

    /// The fields of a class that functions give, those of the classes it derives from first: what gives each, and
    /// where that is said. A field has the value and the type of the class that says them last; one without a type
    /// is none.
    fn provided_fields(&mut self, class: ClassValueId) -> Vec<(Sym, (Value, Place))> {
        #[derive(Clone, Default)]
        struct Field {
            is_typed: bool,
            by_type: Option<(Value, Place)>,
            by_value: Option<(Value, Place)>,
        }
        let mut fields: Vec<(Sym, Field)> = Vec::new();
        let lineage = self.heap.classes[class].lineage.clone();
        for class in lineage.iter().rev() {
            let Shape::Class(class) = class.shape else { continue };
            let (file, code, env) = self.class_code(class);
            let module = self.module(file);
            for member in &module.classes[code].members {
                let Key::Name(name) = member.key else { continue };
                let name = self.sym(file, name);
                let known = fields.iter().position(|(known, _)| *known == name);
                if member.kind != MemberKind::Field {
                    // A method of that name is what the field holds.
                    if let Some(at) = known {
                        fields[at].1.by_value = None;
                    }
                    continue;
                }
                let mut field = known.map_or_else(Field::default, |at| fields[at].1.clone());
                if let Some(ty) = member.ty {
                    let mut marks = Vec::new();
                    if let TypeKind::Annotated(_, notes) = &module.types[ty].kind {
                        marks.extend(self.marks(file, env, notes));
                    }
                    self.type_marks(file, ty, &mut marks);
                    field.is_typed = true;
                    field.by_type = self.provided_by(&marks, file, Some(ty));
                }
                if let Some(value) = member.value {
                    let call = matches!(module.exprs[value], Expr::Call { .. }).then_some(value);
                    let marks = self.marks(file, env, call.as_slice());
                    field.by_value = self.provided_by(&marks, file, member.ty);
                }
                match known {
                    Some(at) => fields[at].1 = field,
                    None => fields.push((name, field)),
                }
            }
        }
        let fields = fields.into_iter().filter(|(_, field)| field.is_typed);
        fields.filter_map(|(name, field)| Some((name, field.by_value.or(field.by_type)?))).collect()
    }

    /// What gives a value according to its notes, and where they say so.
    fn provided_by(&mut self, marks: &[Mark], file: FileId, ty: Option<TypeId>) -> Option<(Value, Place)> {
        let (row, mark) = self.providing_mark(marks)?;
        let given = self.mark_access(&mark, &row.calls).into_iter().find(|value| !value.is_nullish());
        let target = given.unwrap_or_else(|| self.declared_type(file, ty).class);
        Some((target, mark.place))
    }

    /// A decorator of a class that is not seen may see to it that an instance is made of what its fields ask for.
    fn suspect_decorators(&mut self, class: ClassValueId) {
        for mark in self.class_marks(class) {
            let made = self.symbols.call(mark.path);
            let is_known = [mark.path, made].into_iter().any(|path| {
                !self.index.rows(path, &self.symbols).is_empty() || self.index.types.contains_key(&path)
            });
            if !is_known {
                let about = mark.path;
                let opaque = self.fact(FactKind::Opaque(about), mark.place, "may verify the caller", about);
                self.assume(&opaque);
            }
        }
    }

    /// The first mark that names a function which gives the value.
    fn providing_mark(&mut self, marks: &[Mark]) -> Option<(&'p BindRow, Mark)> {
        marks.iter().find_map(|mark| {
            self.mark_rows(mark).into_iter().find_map(|(row, _)| match row {
                Row::Bind(row) if !row.calls.is_empty() => Some((row, mark.clone())),
                _ => None,
            })
        })
    }

    fn bound_code(&mut self, value: &Value) -> Option<Bound> {
        match value.shape {
            Shape::Closure(id) => {
                let Closure { file, func, env, ref this, .. } = *self.closure_of(id);
                let flags = &self.module(file).functions[func].flags;
                let is_method = this.is_some() || self.module(file).functions[func].class.is_some();
                Some(Bound { file, func, env, first: usize::from(is_method && flags.explicit_this) })
            }
            Shape::Object(id) => {
                let (file, func, env) = self.operator_of(id)?;
                Some(Bound { file, func, env, first: 1 })
            }
            Shape::Class(class) => {
                let (file, func, env) = self.constructor_of(class)?;
                Some(Bound { file, func, env, first: 1 })
            }
            _ => None,
        }
    }

    /// The notes of a parameter: its decorators, and those that its type is short for.
    fn param_marks(&mut self, file: FileId, env: FrameId, param: &Param) -> Vec<Mark> {
        let mut marks = self.marks(file, env, &param.decorators);
        if let Some(ty) = param.ty {
            self.type_marks(file, ty, &mut marks);
        }
        marks
    }

    fn type_marks(&mut self, file: FileId, ty: TypeId, marks: &mut Vec<Mark>) {
        let module = self.module(file);
        match &module.types[ty].kind {
            TypeKind::Annotated(inner, _) => self.type_marks(file, *inner, marks),
            TypeKind::Union(parts) => parts.iter().for_each(|part| self.type_marks(file, *part, marks)),
            TypeKind::Named { slot: Some(_), args, .. } => {
                let alias = self.resolve_type(file, ty);
                let is_note = !args.is_empty() && self.is_binding(&alias);
                if is_note || matches!(alias.shape, Shape::Object(_)) {
                    let place = Place { file, span: module.types[ty].span };
                    self.collect_marks(&alias, place, 0, marks);
                }
            }
            _ => {}
        }
    }

    /// True for a name by which a parameter is bound: as a generic type it notes that of its argument, as in
    /// `Query[Filter]`.
    fn is_binding(&self, value: &Value) -> bool {
        let Shape::External(path) = value.shape else { return false };
        let rows = self.index.rows(path, &self.symbols);
        rows.iter().any(|matched| matches!(matched.row, Row::Bind(_)))
    }

    fn takes_body(&mut self, file: FileId, env: FrameId, param: &Param) -> bool {
        for mark in self.param_marks(file, env, param) {
            for (row, _) in self.mark_rows(&mark) {
                if let Row::Bind(row) = row {
                    return row.calls.is_empty() && row.kind == SourceKind::Body;
                }
            }
        }
        let declared = self.declared_type(file, param.ty);
        !declared.is_scalar && self.passed_object(&declared.class).is_none()
    }

    // ---------------------------------------------------------------------------------------- types

    fn declared_type(&mut self, file: FileId, ty: Option<TypeId>) -> Declared {
        let scalar = |refuses| Declared { class: Value::UNKNOWN, is_scalar: true, refuses };
        let Some(ty) = ty else { return scalar(Refuses::Nothing) };
        let module = self.module(file);
        match &module.types[ty].kind {
            TypeKind::String => scalar(Refuses::NoText),
            TypeKind::Number | TypeKind::Bool => scalar(Refuses::Text),
            TypeKind::Literal(_) => scalar(Refuses::Form),
            TypeKind::Annotated(inner, _) => self.declared_type(file, Some(*inner)),
            TypeKind::Union(parts) => {
                let parts: Vec<Declared> = parts
                    .iter()
                    .filter(|part| !matches!(module.types[**part].kind, TypeKind::Other))
                    .map(|part| self.declared_type(file, Some(*part)))
                    .collect();
                let refuses = [Refuses::Nothing, Refuses::NoText, Refuses::Form]
                    .into_iter()
                    .find(|refuses| parts.iter().any(|part| part.refuses == *refuses));
                let refuses = refuses.or(parts.first().map(|part| part.refuses));
                let is_scalar = parts.iter().all(|part| part.is_scalar);
                let class = parts.into_iter().find(|part| !part.is_scalar).map(|part| part.class);
                let refuses = refuses.unwrap_or(Refuses::Form);
                Declared { class: class.unwrap_or(Value::UNKNOWN), is_scalar, refuses }
            }
            TypeKind::Array(item) => {
                let item = self.declared_type(file, Some(*item));
                Declared { class: Value::UNKNOWN, is_scalar: false, refuses: item.refuses }
            }
            TypeKind::Named { slot: Some(_), args, .. } => {
                let class = self.resolve_type(file, ty);
                match args.first() {
                    Some(inner) if self.is_binding(&class) => self.declared_type(file, Some(*inner)),
                    _ => self.declared_as(&class),
                }
            }
            TypeKind::Named { slot: None, .. } | TypeKind::Object(_) => {
                Declared { class: Value::UNKNOWN, is_scalar: false, refuses: Refuses::Nothing }
            }
            TypeKind::Any | TypeKind::Other => scalar(Refuses::Nothing),
        }
    }

    /// What a type that is a value says.
    fn declared_as(&mut self, class: &Value) -> Declared {
        let scalar = |refuses| Declared { class: Value::UNKNOWN, is_scalar: true, refuses };
        match &class.shape {
            Shape::Class(id) => {
                let lineage = self.heap.classes[*id].lineage.clone();
                let is_scalar = lineage.iter().any(|class| match class.shape {
                    Shape::External(path) => self.says(path, Says::Scalar),
                    _ => false,
                });
                if is_scalar {
                    return scalar(Refuses::Form);
                }
                Declared { class: class.clone(), is_scalar: false, refuses: Refuses::Form }
            }
            Shape::External(path) if self.says(*path, Says::Scalar) => scalar(Refuses::Form),
            Shape::External(_) => Declared { class: class.clone(), is_scalar: false, refuses: Refuses::Form },
            // A type with notes: the type is the first part.
            Shape::Object(id) => match self.heap.objects[*id].args.first().cloned() {
                Some(Value { shape: Shape::Class(inner), .. }) => {
                    self.declared_as(&Value::new(Shape::Class(inner)))
                }
                Some(inner @ Value { shape: Shape::External(_), .. }) => self.declared_as(&inner),
                _ => scalar(Refuses::NoText),
            },
            _ => scalar(Refuses::NoText),
        }
    }

    /// The object that the framework passes for a type of its own.
    fn passed_object(&mut self, class: &Value) -> Option<String> {
        let Shape::External(path) = class.shape else { return None };
        let ty = self.index.made_by(path, &self.symbols).unwrap_or(path);
        self.index.types.contains_key(&ty).then(|| self.symbols.text(ty))
    }

    // ---------------------------------------------------------------------------------------- parameters

    fn bound_param(&mut self, passed: &Parameter<'_>, inputs: SourceKind) -> Value {
        let Parameter { file, env, param, name, .. } = *passed;
        let place = Place { file, span: param.span };
        let declared = self.declared_type(file, param.ty);
        for mark in self.param_marks(file, env, param) {
            for (row, _) in self.mark_rows(&mark) {
                let Row::Bind(row) = row else { continue };
                if !row.calls.is_empty() {
                    let given =
                        self.mark_access(&mark, &row.calls).into_iter().find(|value| !value.is_nullish());
                    let target = given.unwrap_or(declared.class);
                    return self.call_bound(&target, inputs, mark.place);
                }
                return self.marked_input(row, &mark, passed, &declared, place);
            }
        }
        if let Some(ty) = self.passed_object(&declared.class) {
            return self.pristine(&ty);
        }
        let is_untyped = param.ty.is_none() || !matches!(declared.class.shape, Shape::Class(_));
        let known = self.named_params.filter(|_| is_untyped);
        if let Some(ty) = known.and_then(|known| self.symbols.with(name, |name| known.get(name))) {
            return self.pristine(ty);
        }
        if self.declarations.template.contains(&name) {
            return self.single_input(passed, SourceKind::Path, name, declared.refuses, place);
        }
        if declared.is_scalar {
            return self.single_input(passed, inputs, name, declared.refuses, place);
        }
        let at = passed.has_siblings.then_some(name);
        self.whole_body(SourceKind::Body, at, &declared, place)
    }

    /// An input that a decorator names.
    fn marked_input(
        &mut self,
        row: &BindRow,
        mark: &Mark,
        passed: &Parameter<'_>,
        declared: &Declared,
        place: Place,
    ) -> Value {
        let named = self.mark_access(mark, &row.name).into_iter().find_map(|name| self.as_key(&name));
        let name = match named.filter(|_| !row.name.is_empty()) {
            Some(name) => name,
            None if row.dashes => {
                let text = self.symbols.text(passed.name).replace('_', "-");
                self.symbols.sym(&text)
            }
            None => passed.name,
        };
        let is_checked = row
            .checks
            .iter()
            .any(|access| self.mark_access(mark, access).iter().any(|value| !value.is_nullish()));
        let is_number = declared.refuses == Refuses::Text;
        let refuses = if is_checked && !is_number { Refuses::Form } else { declared.refuses };
        if row.kind == SourceKind::Body && !declared.is_scalar
            || matches!(declared.class.shape, Shape::Class(_))
        {
            let embeds = !row.embeds.is_empty()
                && self
                    .mark_access(mark, &row.embeds)
                    .iter()
                    .any(|value| self.truth(value) == crate::Truth::Truthy);
            let at = (embeds || passed.has_siblings && row.kind == SourceKind::Body).then_some(name);
            return self.whole_body(row.kind, at, &Declared { refuses, ..declared.clone() }, place);
        }
        self.single_input(passed, row.kind, name, refuses, place)
    }

    fn single_input(
        &mut self,
        passed: &Parameter<'_>,
        kind: SourceKind,
        name: Sym,
        refuses: Refuses,
        place: Place,
    ) -> Value {
        let source = SourceRow { kind, ..SourceRow::default() };
        let whole = self.source_value(&source, None, &[], name, place);
        let value = self.get(&whole, name, place);
        // Any text is a part of a path.
        let is_checked = match refuses {
            Refuses::Form | Refuses::Text => true,
            Refuses::NoText => kind != SourceKind::Path,
            Refuses::Nothing => false,
        };
        if let Some(input) = value.input().filter(|_| is_checked) {
            self.assume_typed(input, place);
        }
        if let (true, Some(input), Some(run)) = (self.is_text(passed), value.input(), &mut self.run) {
            run.texts.push(input);
        }
        if refuses == Refuses::Text { value.noted(|meta| meta.taint.tags |= Tags::NUMBER) } else { value }
    }

    /// The parameter is declared as a text.
    fn is_text(&self, passed: &Parameter<'_>) -> bool {
        let types = &self.module(passed.file).types;
        let mut ty = passed.param.ty;
        while let Some(TypeKind::Annotated(inner, _)) = ty.map(|ty| &types[ty].kind) {
            ty = Some(*inner);
        }
        ty.is_some_and(|ty| matches!(types[ty].kind, TypeKind::String))
    }

    /// True for an input whose parameter is declared as a text, as it was passed.
    pub(crate) fn is_declared_text(&self, value: &Value) -> bool {
        let texts = self.run.as_ref().map_or(&[][..], |run| &run.texts);
        value.input().is_some_and(|input| texts.contains(&input))
    }

    /// The input, as its type demands it: what has another form was refused before.
    fn assume_typed(&mut self, input: InputPath, place: Place) {
        let fact = self.fact(FactKind::Validated(input.path, 0), place, "is checked by its type", input.path);
        self.assume(&fact);
    }

    /// A part of the request that is read as an object of a class; `at` is the member of the part that it stands in.
    fn whole_body(&mut self, kind: SourceKind, at: Option<Sym>, declared: &Declared, place: Place) -> Value {
        let source = SourceRow { kind, ..SourceRow::default() };
        let about = self.symbols.sym("");
        let mut value = self.source_value(&source, None, &[], about, place);
        if let Some(name) = at {
            value = self.get(&value, name, place);
        }
        let Some(input) = value.input() else { return value };
        if declared.refuses == Refuses::Nothing {
            return value;
        }
        if matches!(declared.refuses, Refuses::Form | Refuses::Text) {
            self.assume_typed(input, place);
        }
        match declared.class.shape {
            Shape::Class(class) => self.input_of_class(input, class, place),
            _ => value.tagged(Tags::CHECKED),
        }
    }

    /// An instance of a class that is read from the request. All its fields are inputs, whether or not they are seen
    /// to be read.
    fn input_of_class(&mut self, input: InputPath, class: ClassValueId, place: Place) -> Value {
        let tags = input.part | Tags::CHECKED;
        let mut object = Object::new(Some(place));
        object.class = Some(Value::new(Shape::Class(class)));
        (object.input, object.taint, object.is_open) = (Some(input), tags.into(), true);
        for (name, (file, ty)) in self.fields_of(class) {
            let kind = ty.map(|ty| &self.module(file).types[ty].kind);
            let is_number = matches!(kind, Some(TypeKind::Number | TypeKind::Bool));
            let tags = if is_number { tags | Tags::NUMBER } else { tags };
            let path = self.symbols.join(input.path, name);
            let field = InputPath { part: input.part, path };
            self.note_input(field);
            let value = Value::UNKNOWN.tagged(tags).noted(|meta| meta.input = Some(field));
            object.fields.push((name, value));
        }
        Value::object(self.heap.object(object)).tagged(tags).noted(|meta| meta.input = Some(input))
    }

    // ---------------------------------------------------------------------------------------- functions

    /// Calls a function, object or class whose parameters are bound; once for a request.
    fn call_bound(&mut self, target: &Value, inputs: SourceKind, place: Place) -> Value {
        let known = self.run.as_ref().and_then(|run| {
            run.provided.iter().find(|(shape, _)| *shape == target.shape).map(|(_, value)| value.clone())
        });
        if let Some(known) = known {
            return known;
        }
        if self.activations.len() >= self.budget.calls || self.binding >= MAX_NESTED {
            self.cut(place, "the functions that give arguments are nested too deeply");
            return Value::UNKNOWN;
        }
        self.binding += 1;
        let args = self.bound_by_name(target, inputs);
        let value = if self.path.is_live { self.call_provider(target, &args, place) } else { Value::UNKNOWN };
        self.binding -= 1;
        if let Some(run) = &mut self.run
            && !matches!(target.shape, Shape::Unknown)
        {
            run.provided.push((target.shape.clone(), value.clone()));
        }
        value
    }

    /// Calls a function that gives an argument, or a handler. Code that is not seen may verify the caller.
    pub(crate) fn call_provider(&mut self, target: &Value, args: &[Value], place: Place) -> Value {
        if let Shape::Class(class) = target.shape
            && self.constructor_of(class).is_none()
        {
            let input = InputPath { part: Tags::QUERY, path: self.symbols.sym("query") };
            self.assume_typed(input, place);
            return self.input_of_class(input, class, place);
        }
        if let Some(name) = self.unseen_name(target) {
            let about = self.symbols.sym(&name);
            let opaque = self.fact(FactKind::Opaque(about), place, "may verify the caller", about);
            self.assume(&opaque);
        }
        self.call_generator(target, args, place)
    }

    /// The name of code that is not seen and may be that of a guard.
    fn unseen_name(&self, target: &Value) -> Option<String> {
        let path = match target.shape {
            Shape::Unknown => return Some("a function".to_owned()),
            Shape::External(path) => path,
            Shape::Object(id) if self.heap.objects[id].class.is_none() => self.heap.objects[id].ty?,
            _ => return None,
        };
        let is_modelled = |path| !self.index.rows(path, &self.symbols).is_empty();
        let text = self.symbols.text(path);
        let maker = text.strip_suffix("()").map(|maker| self.symbols.sym(maker));
        let is_known =
            is_modelled(path) || maker.is_some_and(is_modelled) || self.index.types.contains_key(&path);
        (!is_known && lexicon::is_guard(&text)).then(|| text.trim_end_matches("()").to_owned())
    }

    /// The function that a note in a chain stands for.
    pub(crate) fn behind_mark(&mut self, value: &Value, place: Place) -> Option<Value> {
        let Shape::Object(_) = value.shape else { return None };
        let mut marks = Vec::new();
        self.collect_marks(value, place, 0, &mut marks);
        for mark in marks {
            for (row, _) in self.mark_rows(&mark) {
                if let Row::Bind(row) = row
                    && !row.calls.is_empty()
                {
                    return self.mark_access(&mark, &row.calls).into_iter().find(|value| !value.is_nullish());
                }
            }
        }
        None
    }
}

/// A parameter that is bound.
#[derive(Clone, Copy)]
struct Parameter<'m> {
    file: FileId,
    env: FrameId,
    param: &'m Param,
    name: Sym,
    /// Other parameters of the function are read from the body, too.
    has_siblings: bool,
}

/// How deep functions that give arguments are nested.
const MAX_NESTED: u32 = 16;
