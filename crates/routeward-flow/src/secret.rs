//! What nobody but the server may know: where it is compared, and where it is sent to clients.
//!
//! A stored row that is sent whole tells of all its columns. Which these are is known where the program defines them:
//! in the class of the rows, in a schema that it was made with, or in a call that a row `record` speaks of. What is not
//! known exposes nothing.

use routeward_base::{FxHashMap, FxHashSet};
use routeward_catalog::{EffectRow, RecordRow, SourceRow};
use routeward_diag::Place;
use routeward_ir::{Key, MemberKind};

use crate::Sym;
use crate::eval::Evaluator;
use crate::heap::Object;
use crate::mark::Mark;
use crate::modelled::Site;
use crate::taint::Via;
use crate::value::{ClassValueId, EffectId, Meta, Shape, Tags, Value};

/// The lexicon of columns that are stored to be compared with, and never to be shown.
const STORED_SECRET: &str = "stored secret";
/// The lexicon of columns that only say something about such a column.
const NO_STORED_SECRET: &str = "no stored secret";
/// The lexicon of what a puzzle asks for.
const SOLUTION: &str = "solution";
/// What an answer with the solution of a puzzle is of: it tells something only where there is such a puzzle.
pub const PUZZLE: &str = "captcha";
/// The lexicon of columns in which people write what they like.
const FREE_TEXT: &str = "free text";
/// The lexicon of columns that hold something else, whatever else their names say.
const NO_FREE_TEXT: &str = "no free text";
/// The path under which rows of misuses speak of comparisons of two values.
const COMPARISON: &str = "==";

/// How deep the definitions of columns may stand in what the receiver of a read was made with.
const RECEIVER: u32 = 3;
/// Members and methods that give the row as it is, or rows of it.
const SAME: &[&str] = &[
    "toJSON",
    "toObject",
    "lean",
    "exec",
    "get",
    "sort",
    "limit",
    "skip",
    "rows",
    "data",
    "dataValues",
    "docs",
    "first",
    "all",
    "one",
    "unique",
    "then",
    "catch",
    "finally",
    "map",
    "forEach",
    "filter",
    "find",
    "0",
];

/// What an answer tells of stored data that nobody should see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exposure {
    /// The columns.
    pub columns: Vec<String>,
    /// What the rows are of.
    pub target: String,
    /// The rows are sent whole.
    pub is_whole: bool,
    /// Where they are read, if that is known.
    pub read_at: Option<Place>,
    /// The answer.
    pub place: Place,
    /// The call that handed it to the function around that, if there is one.
    pub handed_at: Option<Place>,
}

/// What is known of the columns of stored rows.
#[derive(Default)]
pub(crate) struct Records {
    /// Columns that are never to be shown, of classes whose columns a call has defined.
    defined: FxHashMap<ClassValueId, Vec<String>>,
    /// The same for the rows that a read gives.
    read: FxHashMap<EffectId, Vec<String>>,
    /// Reads whose rows had such a column overwritten or taken out.
    cleaned: FxHashSet<EffectId>,
    /// What declarations show, in code that runs for no endpoint.
    loose: Vec<Exposure>,
}

impl Evaluator<'_> {
    /// True for what nobody but the server can compute or know.
    pub(crate) fn is_secret(&self, value: &Value) -> bool {
        let of_environment = || {
            let origin = value.meta.as_ref().and_then(|meta| meta.origin);
            let name = origin.map(|origin| self.symbols.text(origin));
            name.is_some_and(|name| self.speaks_of("secret", &name))
        };
        value.tags().contains(Tags::SECRET) || value.tags().contains(Tags::ENVIRONMENT) && of_environment()
    }

    /// Two values are compared: rows of misuses may speak of it, in either order.
    pub(crate) fn note_comparison(&mut self, left: &Value, right: &Value, place: Place) {
        const TOLD: Tags = Tags::SECRET.union(Tags::ENVIRONMENT);
        let path = self.symbols.sym(COMPARISON);
        for (sent, known) in [(left, right), (right, left)] {
            // What is a number, or was changed by code that is not seen, is nothing to guess at.
            let is_other = sent.tags().intersects(Tags::NUMBER | Tags::UNSEEN);
            let is_told = known.tags().intersects(TOLD) || matches!(known.shape, Shape::Str(_));
            if sent.taint().is_of_client() && !is_other && is_told {
                self.note_password_compared(known, place);
                let args = [sent.clone(), known.clone()];
                self.note_misuse(Site { path, this: None, args: &args, place });
            }
        }
    }

    /// What a client has sent is compared with a column of a stored row: that may be how it signs in.
    fn note_password_compared(&mut self, column: &Value, place: Place) {
        let name = column.meta.as_ref().and_then(|meta| meta.origin);
        let is_password =
            name.is_some_and(|name| self.symbols.with(name, |name| self.speaks_of("password", name)));
        if is_password && column.tags().contains(Tags::ROW) {
            self.note_password(place);
        }
    }

    /// What code outside of the program hands to a callback.
    pub(crate) fn handed_in(&mut self, kind: &str, place: Place) -> Value {
        if kind == "body" {
            let body = self.symbols.sym(kind);
            return self.source_value(&SourceRow::default(), None, &[], body, place);
        }
        let read = self.symbols.sym("name");
        self.stepped(Value::UNKNOWN.tagged(Tags::REMOTE | Tags::ARCHIVE), Via::Source(read), place)
    }

    pub(crate) fn is_stored_secret(&self, name: &str) -> bool {
        self.speaks_of(STORED_SECRET, name) && !self.speaks_of(NO_STORED_SECRET, name)
    }

    /// A member of a stored row, or what a method of the library gives of it.
    pub(crate) fn row_member(&self, member: Value, name: Sym) -> Value {
        let text = self.symbols.text(name);
        if SAME.contains(&text.as_str()) {
            return member;
        }
        let is_secret = self.is_stored_secret(&text);
        let is_free = self.speaks_of(FREE_TEXT, &text) && !self.speaks_of(NO_FREE_TEXT, &text);
        member.noted(|meta| {
            meta.no_whole_row();
            meta.taint.tags.set(Tags::FREE_TEXT, is_free);
            if is_secret {
                meta.taint.tags |= Tags::SECRET;
                meta.origin = Some(name);
            }
        })
    }

    /// A row as it is after one of its methods: whole, or not surely whole any more.
    pub(crate) fn row_method(&self, row: &Value, name: Sym) -> Value {
        if self.symbols.with(name, |name| SAME.contains(&name)) {
            return row.clone();
        }
        row.clone().noted(Meta::no_whole_row)
    }

    /// A column of a row that was read is overwritten or taken out.
    pub(crate) fn overwrite_column(&mut self, row: &Value, name: Sym) {
        let read = row.meta.as_ref().and_then(|meta| meta.row);
        if let Some(read) = read
            && self.symbols.with(name, |name| self.is_stored_secret(name))
        {
            self.records.cleaned.insert(read);
        }
    }

    /// A call defines the columns of what its receiver stands for.
    pub(crate) fn define_record(&mut self, row: &RecordRow, site: Site<'_>) {
        let Some(Shape::Class(class)) = site.this.map(|this| &this.shape) else { return };
        let mut secrets = Vec::new();
        let columns = self.access(&row.columns, site);
        for columns in &columns {
            self.add_columns(columns, &mut secrets);
        }
        self.define_privileges(*class, &columns);
        if !row.hidden.is_empty() {
            for hidden in self.access(&row.hidden, site) {
                let hidden = self.known_elements(&hidden).unwrap_or_default();
                let names = hidden.iter().filter_map(|name| match name.shape {
                    Shape::Str(name) => Some(self.symbols.text(name)),
                    _ => None,
                });
                let names: Vec<String> = names.collect();
                secrets.retain(|column| !names.contains(column));
            }
        }
        self.records.defined.insert(*class, secrets);
    }

    /// The secret ones of the columns that an object defines, one for each member.
    fn add_columns(&mut self, columns: &Value, secrets: &mut Vec<String>) {
        let Shape::Object(id) = columns.shape else { return };
        for (name, column) in &self.heap.objects[id].fields {
            let name = self.symbols.text(*name);
            if !self.is_deselected(column) && self.is_stored_secret(&name) && !secrets.contains(&name) {
                secrets.push(name);
            }
        }
    }

    /// Notes which columns of what a read gives are never to be shown.
    pub(crate) fn note_columns(&mut self, read: EffectId, row: &EffectRow, site: Site<'_>) {
        let mut secrets = Vec::new();
        let of = if row.of.is_empty() { "self" } else { &row.of };
        for rows in self.access(of, site) {
            let mut own = Vec::new();
            if !self.is_narrowed(site.args) && self.secrets_of(&rows, RECEIVER, &mut own) {
                secrets.extend(own);
            }
        }
        for access in &row.joins {
            for joined in self.access(access, site) {
                self.add_joined(&joined, &mut secrets);
            }
        }
        if !secrets.is_empty() {
            self.records.read.insert(read, secrets);
        }
    }

    /// The secret columns of what is read along: of a class, or of the one that an object without a list of columns
    /// names.
    fn add_joined(&mut self, joined: &Value, secrets: &mut Vec<String>) {
        let mut own = Vec::new();
        match joined.shape {
            Shape::Class(class) if self.secrets_of_class(class, &mut own) => secrets.append(&mut own),
            Shape::Object(id) if !self.is_narrowed(std::slice::from_ref(joined)) => {
                let object = &self.heap.objects[id];
                let members = object.fields.iter().map(|(_, member)| member);
                let classes = members.filter(|member| matches!(member.shape, Shape::Class(_)));
                let classes: Vec<Value> = classes.cloned().collect();
                for class in &classes {
                    self.add_joined(class, secrets);
                }
            }
            _ => {}
        }
    }

    /// A stored row in another form, such as text that holds all of it; `None` for what is none.
    pub(crate) fn same_row(&self, value: &Value) -> Option<Value> {
        let Shape::Object(id) = value.shape else {
            let is_row = value.tags().contains(Tags::ROW) && !value.taint().is_of_client();
            return is_row.then(|| Value { shape: Shape::Unknown, meta: value.meta.clone() });
        };
        let object = &self.heap.objects[id];
        let members = object.fields.iter().map(|(_, member)| member).chain(object.items.iter().flatten());
        let mut whole = members.filter(|member| member.tags().contains(Tags::WHOLE));
        whole.next().filter(|_| object.ty.is_none()).and_then(|row| self.same_row(row))
    }

    /// True if arguments of a read say which columns they want.
    fn is_narrowed(&self, args: &[Value]) -> bool {
        const OPTIONS: &[&str] = &["attributes", "select", "omit", "projection", "columns", "fields"];
        args.iter().enumerate().any(|(i, arg)| match &arg.shape {
            Shape::Object(id) => self.heap.objects[*id].fields.iter().any(|(name, value)| {
                // `User.findOne(filter, { password: 0 })`
                let is_projected = i > 0 && matches!(value.shape, Shape::Number(_));
                is_projected || self.symbols.with(*name, |name| OPTIONS.contains(&name))
            }),
            // `User.findOne(filter, "-password")`
            Shape::Str(_) | Shape::Text(_) => i > 0,
            _ => false,
        })
    }

    /// Adds the secret columns of the rows of a class, or of what an object was made with; false if the rows decide by
    /// themselves what they show.
    fn secrets_of(&mut self, value: &Value, depth: u32, secrets: &mut Vec<String>) -> bool {
        match &value.shape {
            Shape::Class(class) => self.secrets_of_class(*class, secrets),
            Shape::Object(id) if depth > 0 => {
                let object = &self.heap.objects[*id];
                let decides = object.fields.iter().any(|(name, _)| self.symbols.with(*name, shows));
                if object.ty.is_none() {
                    self.add_columns(value, secrets);
                    return !decides;
                }
                let args = object.args.clone();
                // `define("account", { password: … })`, `model("User", new Schema({ password: … }))`: other objects that
                // something is made with are no columns.
                let is_schema = depth < RECEIVER;
                let is_named =
                    is_schema || matches!(args.first().map(|name| &name.shape), Some(Shape::Str(_)));
                let defines = |arg: &&Value| match arg.shape {
                    Shape::Object(id) => {
                        let object = &self.heap.objects[id];
                        object.ty.is_some() || is_named && !object.is_keywords
                    }
                    _ => true,
                };
                let args: Vec<Value> = args.iter().filter(defines).cloned().collect();
                !decides && args.iter().all(|arg| self.secrets_of(arg, depth - 1, secrets))
            }
            _ => true,
        }
    }

    fn secrets_of_class(&mut self, class: ClassValueId, secrets: &mut Vec<String>) -> bool {
        if let Some(defined) = self.records.defined.get(&class) {
            secrets.extend(defined.iter().cloned());
        }
        for class in self.bases(class) {
            let (file, code, env) = self.class_code(class);
            let module = self.module(file);
            for member in &module.classes[code].members {
                let Key::Name(name) = member.key else { continue };
                let name = module.text(name);
                match member.kind {
                    MemberKind::Method(_) if shows(name) => return false,
                    // `@Column() password: string;`
                    MemberKind::Field if !member.decorators.is_empty() && self.is_stored_secret(name) => {
                        let marks = self.marks(file, env, &member.decorators);
                        if !marks.iter().any(|mark| self.hides(mark)) {
                            secrets.push(name.to_owned());
                        }
                    }
                    _ => {}
                }
            }
        }
        true
    }

    /// `@Column({ select: false })`, `@Exclude()`
    fn hides(&self, mark: &Mark) -> bool {
        self.symbols.with(mark.path, |path| path.ends_with("Exclude"))
            || mark.args.iter().any(|arg| self.is_deselected(arg))
    }

    /// `{ type: String, select: false }`: a column that is left out unless it is asked for.
    fn is_deselected(&self, column: &Value) -> bool {
        let Shape::Object(id) = column.shape else { return false };
        let select = self.heap.objects[id].field(self.symbols.sym("select"));
        select.is_some_and(|select| matches!(select.shape, Shape::Bool(false)))
    }

    /// Clients see a value, or instances of a class.
    pub(crate) fn show(&mut self, value: &Value, place: Place) {
        let mut found = Vec::new();
        self.expose(value, place, 3, &mut found);
        let handed_at = self.call_places.last().copied().filter(|at| *at != place && at.span.len > 0);
        for exposure in &mut found {
            exposure.handed_at = handed_at;
        }
        if let Shape::Class(class) = value.shape {
            self.show_members(class, 3, &mut found);
        }
        match &mut self.run {
            Some(run) => run.outcome.exposures.extend(found),
            None => self.records.loose.extend(found),
        }
    }

    /// What clients see of stored data by what is declared, wherever it is sent.
    pub fn declared_exposures(&self) -> &[Exposure] {
        &self.records.loose
    }

    fn show_members(&mut self, class: ClassValueId, depth: u32, found: &mut Vec<Exposure>) {
        for class in self.bases(class) {
            let (file, code, _) = self.class_code(class);
            let module = self.module(file);
            let target = module.classes[code].name.map_or("data", |name| module.text(name)).to_owned();
            for member in &module.classes[code].members {
                let (Key::Name(name), MemberKind::Field) = (member.key, member.kind) else { continue };
                let name = module.text(name);
                if self.is_stored_secret(name) {
                    found.push(Exposure {
                        columns: vec![name.to_owned()],
                        target: target.clone(),
                        is_whole: false,
                        read_at: None,
                        place: Place { file, span: member.name_span },
                        handed_at: None,
                    });
                }
                let inner = member.ty.filter(|_| depth > 0).map(|ty| self.resolve_type(file, ty));
                if let Some(Shape::Class(inner)) = inner.map(|inner| inner.shape) {
                    self.show_members(inner, depth - 1, found);
                }
            }
        }
    }

    /// A body as a template is filled with it: the template chooses what it shows.
    pub(crate) fn viewed(&self, body: Value) -> Value {
        let taint = self.deep_taint(&body, 4);
        if !taint.tags.intersects(Tags::WHOLE | Tags::SECRET) || taint.tags.contains(Tags::ERROR) {
            return body;
        }
        Value::UNKNOWN.tagged(taint & (Tags::WHOLE | Tags::SECRET).complement())
    }

    /// What of a body nobody should see.
    pub(crate) fn exposures(&self, body: &Value, place: Place) -> Vec<Exposure> {
        let mut found = Vec::new();
        if self.run.is_some() {
            self.expose(body, place, 4, &mut found);
        }
        found
    }

    fn expose(&self, value: &Value, place: Place, depth: u32, found: &mut Vec<Exposure>) {
        let tags = value.tags();
        let meta = value.meta.as_deref();
        let read = meta.and_then(|meta| meta.row);
        if tags.contains(Tags::SECRET | Tags::ROW) && !tags.intersects(Tags::REQUEST) {
            let column = meta.and_then(|meta: &Meta| meta.origin).map(|name| self.symbols.text(name));
            let exposure = self.exposure(column.into_iter().collect(), false, read, place);
            found.extend(exposure.filter(|exposure| !found.contains(exposure)));
        } else if tags.contains(Tags::WHOLE | Tags::ROW)
            && let Some(read) = read
            && !self.records.cleaned.contains(&read)
            && let Some(secrets) = self.records.read.get(&read)
        {
            let exposure = self.exposure(secrets.clone(), true, Some(read), place);
            found.extend(exposure.filter(|exposure| !found.contains(exposure)));
        }
        if depth == 0 {
            return;
        }
        match &value.shape {
            Shape::Object(id) if self.heap.objects[*id].ty.is_none() => {
                let object = &self.heap.objects[*id];
                let first = found.len();
                if let Some(row) = &object.spread {
                    self.expose(row, place, 0, found);
                }
                // `{ ...user, password: undefined }`
                for exposure in &mut found[first..] {
                    let is_own = |column: &String| object.field(self.symbols.sym(column)).is_some();
                    exposure.columns.retain(|column| !is_own(column));
                }
                found.retain(|exposure| !exposure.columns.is_empty());
                found.extend(self.solution_in(object, place));
                let items = object.items.iter().flatten();
                for member in object.fields.iter().map(|(_, value)| value).chain(items).take(64) {
                    self.expose(member, place, depth - 1, found);
                }
            }
            Shape::Union(values) => {
                values.iter().for_each(|value| self.expose(value, place, depth - 1, found));
            }
            _ => {}
        }
    }

    /// A member that goes by the name of what a puzzle asks for, and that the client has not sent.
    fn solution_in(&self, object: &Object, place: Place) -> Option<Exposure> {
        let is_solution = |name: &Sym| self.symbols.with(*name, |name| self.speaks_of(SOLUTION, name));
        let mut members = object.fields.iter().filter(|(name, _)| is_solution(name));
        let (name, _) = members.find(|(_, member)| !member.taint().is_of_client() && !member.is_nullish())?;
        let columns = vec![self.symbols.text(*name)];
        let target = PUZZLE.to_owned();
        Some(Exposure { columns, target, is_whole: false, read_at: None, place, handed_at: None })
    }

    fn exposure(
        &self,
        columns: Vec<String>,
        is_whole: bool,
        read: Option<EffectId>,
        place: Place,
    ) -> Option<Exposure> {
        if columns.is_empty() {
            return None;
        }
        let record = read.map(|read| &self.effects[read]);
        let target = record.map_or_else(|| "row".to_owned(), |record| record.target.clone());
        Some(Exposure {
            columns,
            target,
            is_whole,
            read_at: record.map(|record| record.place),
            place,
            handed_at: None,
        })
    }
}

/// Methods and options by which rows decide what they show.
fn shows(name: &str) -> bool {
    matches!(name, "toJSON" | "toObject" | "transform" | "serialize" | "to_dict" | "to_json")
}
