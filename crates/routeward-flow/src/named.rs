//! Endpoints by name: handlers that stand in a folder under names, and the tables of a site that give the names
//! addresses and put functions in front of them.

use std::collections::BTreeMap;
use std::rc::Rc;

use routeward_base::{FileId, FxHashMap, FxHashSet, Idx, Span};
use routeward_catalog::{NamedRow, Reach};
use routeward_diag::Place;
use routeward_ir::{Expr, Key, Property, RegexFlags, Role};

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{EventKind, Limits, Link, Made};
use crate::heap::Object;
use crate::place::{is_declaration, splits};
use crate::sweep::{Live, Trace};
use crate::value::{ObjId, Shape, Truth, Value};

/// Names that are global below a folder: that folder, and what the name stands for.
pub(crate) type Globals = FxHashMap<Sym, Vec<(String, Global)>>;

/// What a global name stands for.
#[derive(Clone)]
pub(crate) enum Global {
    /// The exports of a file.
    File(FileId),
    /// An object.
    Object(Value),
}

impl Trace for Global {
    fn trace(&self, live: &mut Live) {
        match self {
            Self::File(_) => {}
            Self::Object(value) => value.trace(live),
        }
    }
}

/// How deep lists and objects of an address may be nested.
const MAX_DEPTH: u32 = 8;

/// One site with what stands under names in it.
struct Named<'r> {
    row: &'r NamedRow,
    package: &'r str,
    root: String,
    site: ObjId,
    /// Files below the root, in order of path.
    files: Vec<FileId>,
    /// Handlers by name, in order of file.
    handlers: Vec<(String, Handler)>,
    /// Files with several handlers: by name, their settings if they have some, and whether all members are known.
    groups: FxHashMap<String, (Option<Value>, bool)>,
    guards: Guards,
    models: Vec<Model>,
    /// Methods and paths that are taken.
    taken: FxHashSet<(String, String)>,
}

/// A function of the site that answers.
#[derive(Clone)]
struct Handler {
    value: Value,
    place: Place,
    /// It is the function of an object.
    is_object: bool,
    /// The inputs that the framework checks.
    inputs: Rc<[String]>,
}

/// The functions that run before handlers.
#[derive(Default)]
struct Guards {
    /// By name or pattern.
    table: Vec<Entry>,
    /// Some of the table was not seen.
    is_open: bool,
    /// The functions by name.
    known: FxHashMap<String, Value>,
}

impl Guards {
    /// The function of that name.
    fn named(&self, name: &str) -> Value {
        self.known.get(&name.to_lowercase()).cloned().unwrap_or(Value::UNKNOWN)
    }
}

/// A row of a table.
#[derive(Clone)]
struct Entry {
    key: String,
    value: Value,
    place: Place,
}

/// A model, for which the framework has handlers of its own.
struct Model {
    name: String,
    /// Attributes and the names of their members.
    attributes: Vec<(String, Vec<String>)>,
    place: Place,
}

/// What an address stands for.
#[derive(Default)]
struct Bound {
    chain: Vec<Link>,
    made: Option<Made>,
    /// Something answers; else functions only run before what else has the address.
    answers: bool,
    /// The inputs that the framework checks.
    inputs: Rc<[String]>,
    /// The handler's name.
    name: Option<String>,
}

impl<'p> Evaluator<'p> {
    /// Registers the endpoints of sites whose handlers stand under names.
    pub(crate) fn name_handlers(&mut self) {
        let rows: Vec<(&'p NamedRow, &'p str)> = self.index.named.clone();
        for (row, package) in rows {
            for (root, (site, files)) in self.named_sites(row, package) {
                let mut named = Named {
                    row,
                    package,
                    root,
                    site,
                    files,
                    handlers: Vec::new(),
                    groups: FxHashMap::default(),
                    guards: Guards::default(),
                    models: Vec::new(),
                    taken: FxHashSet::default(),
                };
                self.find_globals(&named);
                self.find_models(&mut named);
                self.find_handlers(&mut named);
                self.find_guards(&mut named);
                self.name_middleware(&named);
                self.name_addresses(&mut named);
                self.name_generated(&mut named);
            }
        }
    }

    /// The sites of a row, each with the files below it.
    fn named_sites(&mut self, row: &NamedRow, package: &str) -> BTreeMap<String, (ObjId, Vec<FileId>)> {
        let mut found: BTreeMap<String, (ObjId, Vec<FileId>)> = BTreeMap::new();
        let models = row.generated.as_ref().map(|generated| &generated.folder);
        let guards = row.guards.as_ref().map(|guards| &guards.folder);
        let folders = [&row.settings, &row.handlers.folder].into_iter().chain(models).chain(guards);
        let folders: Vec<&String> = folders.chain(&row.globals).collect();
        let mut files: Vec<FileId> = (0..self.program.units.len() as u32).map(FileId::new).collect();
        files.sort_by(|a, b| self.program.units[*a].path.cmp(&self.program.units[*b].path));
        for file in files {
            let unit = &self.program.units[file];
            if unit.role == Role::Test || is_declaration(&unit.path) {
                continue;
            }
            let stem = stem_of(&unit.path);
            let mut roots = folders.iter().flat_map(|folder| splits(stem, folder)).map(|(root, _)| root);
            let site = roots.find_map(|root| Some((root, self.site(file, root, &row.site)?)));
            let Some((root, site)) = site else { continue };
            let version = (self.program.version)(file, package);
            if crate::version_fits(version.as_deref(), &row.version) {
                found.entry(root.to_owned()).or_insert_with(|| (site, Vec::new())).1.push(file);
            }
        }
        found
    }

    /// The files of a site's folder, each with its path below the folder, without extension.
    fn named_files(&self, named: &Named<'_>, folder: &str) -> Vec<(FileId, String)> {
        let prefix =
            if named.root.is_empty() { folder.to_owned() } else { format!("{}/{folder}", named.root) };
        let below = |file: FileId| {
            let stem = stem_of(&self.program.units[file].path);
            Some(stem.strip_prefix(&prefix)?.strip_prefix('/')?.to_owned())
        };
        named.files.iter().filter_map(|file| Some((*file, below(*file)?))).collect()
    }

    /// Makes the files of folders global names.
    fn find_globals(&mut self, named: &Named<'_>) {
        for folder in &named.row.globals {
            for (file, below) in self.named_files(named, folder) {
                let name = below.rsplit('/').next().unwrap_or(&below).to_owned();
                self.add_global(named, &name, Global::File(file));
            }
        }
    }

    fn add_global(&mut self, named: &Named<'_>, name: &str, global: Global) {
        let root = if named.root.is_empty() { String::new() } else { format!("{}/", named.root) };
        self.globals.entry(self.symbols.sym(name)).or_default().push((root, global));
    }

    /// What a global name stands for in the file under way; of several programs around it, in the innermost.
    pub(crate) fn named_global(&mut self, name: Sym) -> Option<Value> {
        let path = &self.program.units[self.cx.file].path;
        let around = self.globals.get(&name)?.iter().filter(|(root, _)| path.starts_with(root.as_str()));
        match around.max_by_key(|(root, _)| root.len())?.1.clone() {
            Global::File(file) => {
                self.load(file);
                Some(self.namespace(file))
            }
            Global::Object(value) => Some(value),
        }
    }

    /// The values of a setting, those of the deployed program last, each with its file.
    fn setting(&mut self, named: &Named<'_>, member: &str) -> Vec<(FileId, Value)> {
        let files = self.named_files(named, &named.row.settings);
        let deployed =
            named.row.deployed.strip_prefix(&named.row.settings).unwrap_or("").trim_start_matches('/');
        let is_except = |below: &str| {
            named.row.settings_except.iter().any(|except| {
                below
                    .strip_prefix(except.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        let (last, first): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, below)| below == deployed);
        let first = first.into_iter().filter(|(_, below)| !is_except(below));
        let mut found = Vec::new();
        for (file, _) in first.chain(last) {
            self.load(file);
            let place = Place { file, span: Span::default() };
            let mut value = self.namespace(file);
            for name in member.split('.') {
                let Shape::Object(id) = value.shape else {
                    value = Value::UNDEFINED;
                    break;
                };
                let name = self.symbols.sym(name);
                if self.heap.objects[id].field(name).is_none() {
                    value = Value::UNDEFINED;
                    break;
                }
                value = self.get(&value, name, place);
            }
            if !value.is_nullish() {
                found.push((file, value));
            }
        }
        found
    }

    /// The rows of a table, and whether there are more than can be seen.
    fn rows_of(&self, file: FileId, table: &Value) -> (Vec<Entry>, bool) {
        let Shape::Object(id) = table.shape else { return (Vec::new(), true) };
        let object = &self.heap.objects[id];
        let spans = self.key_spans(file);
        let rows = object.fields.iter().map(|(key, value)| {
            let key = self.symbols.text(*key);
            let place = match spans.get(&key) {
                Some(span) => Place { file, span: *span },
                None => {
                    self.definition(value).or(object.place).unwrap_or(Place { file, span: Span::default() })
                }
            };
            Entry { key, value: value.clone(), place }
        });
        (rows.collect(), object.is_open || object.ty.is_some())
    }

    /// Where the members of a file's object literals are written, by their names; of several the first.
    fn key_spans(&self, file: FileId) -> FxHashMap<String, Span> {
        let module = self.module(file);
        let mut spans = FxHashMap::default();
        for expr in &module.exprs {
            let Expr::Object(props) = *expr else { continue };
            for prop in props.of(&module.prop_pool) {
                if let Property::Pair(Key::Name(name), value) = *prop {
                    spans.entry(module.text(name).to_owned()).or_insert(module.expr_spans[value]);
                }
            }
        }
        spans
    }

    fn named_member(&mut self, value: &Value, name: &str, place: Place) -> Value {
        let Shape::Object(id) = value.shape else { return Value::UNDEFINED };
        let name = self.symbols.sym(name);
        if name_is_absent(self, id, name) {
            return Value::UNDEFINED;
        }
        self.get(value, name, place)
    }

    // ---------------------------------------------------------------------------------------- handlers

    fn find_handlers(&mut self, named: &mut Named<'_>) {
        let row = &named.row.handlers;
        for (file, below) in self.named_files(named, &row.folder) {
            let below = dots_in_folders(&below);
            let last = below.rsplit('/').next().unwrap_or("");
            let group = below.strip_suffix(row.group_suffix.as_str());
            let place = Place { file, span: Span::default() };
            self.load(file);
            let exports = self.namespace(file);
            match group.filter(|_| last.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())) {
                Some(group) => self.find_group(named, &group.to_lowercase(), file, &exports),
                None if last.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    if let Some(handler) = self.handler(named, &exports, place) {
                        named.handlers.push((below.to_lowercase(), handler));
                    }
                }
                None => {}
            }
        }
    }

    /// The members of a file that answer.
    fn find_group(&mut self, named: &mut Named<'_>, group: &str, file: FileId, exports: &Value) {
        let (entries, is_open) = self.rows_of(file, exports);
        let mut settings = None;
        for Entry { key, value, place } in entries {
            if key == named.row.handlers.group_settings {
                settings = Some(value);
            } else if !matches!(value.shape, Shape::Str(_) | Shape::Text(_)) {
                let place = self.definition(&value).unwrap_or(place);
                if let Some(handler) = self.handler(named, &value, place) {
                    named.handlers.push((format!("{group}/{}", key.to_lowercase()), handler));
                }
            }
        }
        named.groups.insert(group.to_owned(), (settings, !is_open));
    }

    fn handler(&mut self, named: &Named<'_>, value: &Value, place: Place) -> Option<Handler> {
        if matches!(value.shape, Shape::Object(id) if self.heap.objects[id].ty.is_none()) {
            let row = &named.row.handlers;
            let function = self.named_member(value, &row.function, place);
            if function.is_nullish() {
                return None;
            }
            let inputs = self.named_member(value, &row.inputs, place);
            let inputs = self.rows_of(place.file, &inputs).0.into_iter().map(|entry| entry.key).collect();
            let place = self.definition(&function).unwrap_or(place);
            return Some(Handler { value: function, place, is_object: true, inputs });
        }
        let place = self.definition(value).unwrap_or(place);
        let handler = Handler { value: value.clone(), place, is_object: false, inputs: Rc::from([]) };
        (!value.is_nullish()).then_some(handler)
    }

    // ---------------------------------------------------------------------------------------- guards

    fn find_guards(&mut self, named: &mut Named<'_>) {
        let Some(row) = &named.row.guards else { return };
        for (file, below) in self.named_files(named, &row.folder) {
            self.load(file);
            let value = self.namespace(file);
            named.guards.known.insert(below.to_lowercase(), value);
        }
        let mut table: Vec<Entry> = Vec::new();
        for (file, value) in self.setting(named, &row.member) {
            let (entries, is_open) = self.rows_of(file, &value);
            named.guards.is_open |= is_open;
            for entry in entries {
                self.add_guard(named, file, entry, &mut table);
            }
        }
        named.guards.table = table;
    }

    fn add_guard(&self, named: &mut Named<'_>, file: FileId, entry: Entry, table: &mut Vec<Entry>) {
        let mut put = |entry: Entry| {
            table.retain(|known| known.key != entry.key);
            table.push(entry);
        };
        let is_group = match entry.value.shape {
            Shape::Object(id) => self.heap.objects[id].items.is_none() && self.heap.objects[id].ty.is_none(),
            _ => false,
        };
        if !is_group {
            return put(Entry { key: entry.key.to_lowercase(), ..entry });
        }
        let group = entry.key.strip_suffix(named.row.handlers.group_suffix.as_str()).unwrap_or(&entry.key);
        let (members, is_open) = self.rows_of(file, &entry.value);
        named.guards.is_open |= is_open;
        for member in members {
            let key = format!("{group}/{}", member.key).to_lowercase();
            // The member's name may stand under another group before.
            put(Entry { key, value: member.value, place: entry.place });
        }
    }

    /// What runs before the handler of that name.
    fn guards_of(&self, named: &Named<'_>, name: &str, place: Place) -> Vec<Link> {
        let Some(row) = &named.row.guards else { return Vec::new() };
        let entry = Some(self.symbols.sym(&row.entry));
        let unknown = |place| Link { value: Value::UNKNOWN, place, entry };
        let table = &named.guards.table;
        let folder = |key: &str| {
            let folder = key.strip_suffix("/*")?;
            let rest = name.strip_prefix(folder)?;
            (rest.is_empty() || rest.starts_with('/')).then_some(folder.len())
        };
        let exact = table.iter().find(|entry| entry.key == name);
        if exact.is_none() && named.guards.is_open {
            return vec![unknown(place)];
        }
        let widest = || table.iter().find(|entry| entry.key == "*");
        let folders = table.iter().filter_map(|entry| Some((folder(&entry.key)?, entry)));
        let found =
            exact.or_else(|| folders.max_by_key(|(len, _)| *len).map(|(_, entry)| entry)).or_else(widest);
        let Some(found) = found else { return Vec::new() };
        let mut links = Vec::new();
        for value in self.flat(vec![found.value.clone()]) {
            let value = match value.shape {
                Shape::Bool(true) | Shape::Undefined | Shape::Null => continue,
                Shape::Bool(false) => Value::new(Shape::External(self.symbols.sym(&row.never))),
                Shape::Str(known) => named.guards.named(&self.symbols.text(known)),
                Shape::Closure(_) | Shape::External(_) | Shape::Method(..) => value,
                _ => Value::UNKNOWN,
            };
            links.push(Link { value, place: found.place, entry });
        }
        links
    }

    // ---------------------------------------------------------------------------------------- middleware

    /// Functions that run before everything, in the order of their list.
    fn name_middleware(&mut self, named: &Named<'_>) {
        let Some(row) = &named.row.middleware else { return };
        let Some((file, table)) = self.setting(named, &row.member).pop() else { return };
        let place = Place { file, span: Span::default() };
        let order = self.named_member(&table, &row.order, place);
        let spans = self.key_spans(file);
        let mut chain = Vec::new();
        for name in self.known_elements(&order).unwrap_or_default() {
            let Shape::Str(name) = name.shape else { continue };
            let name = self.symbols.text(name);
            if name == row.until {
                break;
            }
            let value = self.named_member(&table, &name, place);
            let place = spans.get(&name).map_or(place, |span| Place { file, span: *span });
            if !value.is_nullish() {
                chain.push(Link { value, place, entry: None });
            }
        }
        if !chain.is_empty() {
            let kind = EventKind::Attach { paths: Vec::new(), chain, reach: Reach::Later, is_exact: false };
            let entry = Some(self.symbols.sym(&row.entry));
            self.emit(named.site, kind, named.package, entry, place);
        }
    }

    // ---------------------------------------------------------------------------------------- addresses

    fn name_addresses(&mut self, named: &mut Named<'_>) {
        let mut table: Vec<Entry> = Vec::new();
        for (file, value) in self.setting(named, &named.row.addresses.member) {
            for entry in self.rows_of(file, &value).0 {
                table.retain(|known| known.key != entry.key);
                table.push(entry);
            }
        }
        for Entry { key, value, place } in table {
            let (methods, path) = self.named_address(&key, &named.row.addresses.methods);
            let mut bound = Bound::default();
            if self.bind_address(named, &value, place, 0, &mut bound) {
                self.emit_bound(named, methods, &path, bound, place);
            }
        }
    }

    /// The methods and the path of an address.
    fn named_address(&self, key: &str, otherwise: &str) -> (Vec<String>, Value) {
        const METHODS: &[&str] =
            &["ALL", "GET", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH", "HEAD"];
        let key = key.trim();
        let parts =
            key.split_once(char::is_whitespace).map(|(word, rest)| (word.to_uppercase(), rest.trim()));
        let (methods, path) = match parts {
            Some((word, rest)) if METHODS.contains(&word.as_str()) => {
                (vec![if word == "ALL" { "ANY".to_owned() } else { word }], rest)
            }
            _ => (otherwise.split_whitespace().map(str::to_owned).collect(), key),
        };
        let regex = path.strip_prefix("r|").and_then(|rest| rest.rsplit_once('|')).map(|(regex, _)| regex);
        let path = match (regex, path) {
            (Some(regex), _) => Value::new(Shape::Regex(self.symbols.sym(regex), RegexFlags::default())),
            (None, "*") => Value::str(self.symbols.sym("/*")),
            (None, path) => Value::str(self.symbols.sym(path)),
        };
        (methods, path)
    }

    /// Adds what `value` stands for to `bound`; false if the framework ignores the address.
    fn bind_address(
        &mut self,
        named: &Named<'_>,
        value: &Value,
        place: Place,
        depth: u32,
        bound: &mut Bound,
    ) -> bool {
        let row = &named.row.addresses;
        if depth > MAX_DEPTH || bound.made.is_some() {
            return bound.answers;
        }
        if let Some(items) = self.known_elements(value) {
            let mut is_bound = false;
            for item in &items {
                is_bound |= self.bind_address(named, item, place, depth + 1, bound);
            }
            return is_bound;
        }
        match value.shape {
            Shape::Str(text) => {
                let text = self.symbols.text(text);
                let is_elsewhere = ["/", "http:", "https:"].iter().any(|start| text.starts_with(start));
                if is_elsewhere {
                    bound.made = Some(Made { name: format!("redirect to {text}"), ..Made::default() });
                    bound.answers = true;
                    return true;
                }
                self.bind_name(named, &name_of_target(&text, &named.row.handlers.group_suffix), place, bound)
            }
            Shape::Object(id) if self.heap.objects[id].ty.is_none() => {
                let name = self.named_text(value, &row.name, place);
                if let Some(name) = name {
                    let group = self.named_text(value, &row.group, place);
                    let name = group.map_or_else(|| name.clone(), |group| format!("{group}.{name}"));
                    let name = name_of_target(&name, &named.row.handlers.group_suffix);
                    return self.bind_name(named, &name, place, bound);
                }
                for member in &row.functions {
                    let function = self.named_member(value, member, place);
                    if !function.is_nullish() {
                        return self.bind_address(named, &function, place, depth + 1, bound);
                    }
                }
                self.bind_answer(named, value, place, bound)
            }
            Shape::Undefined | Shape::Null | Shape::Bool(_) | Shape::Number(_) => false,
            _ => {
                let place = self.definition(value).unwrap_or(place);
                let entry = self.entry_of(named.site, None);
                bound.chain.push(Link { value: value.clone(), place, entry });
                bound.answers = true;
                true
            }
        }
    }

    /// An object that names a function of the table of guards, an answer of the framework, or both.
    fn bind_answer(&mut self, named: &Named<'_>, value: &Value, place: Place, bound: &mut Bound) -> bool {
        let row = &named.row.addresses;
        let guard = self.named_text(value, &row.guard, place);
        if let (Some(guard), Some(guards)) = (&guard, &named.row.guards) {
            let entry = Some(self.symbols.sym(&guards.entry));
            bound.chain.push(Link { value: named.guards.named(guard), place, entry });
        }
        for member in &row.answers {
            if let Some(name) = self.named_text(value, member, place) {
                bound.made = Some(Made { name: format!("{member} {name}"), ..Made::default() });
                bound.answers = true;
                return true;
            }
        }
        guard.is_some()
    }

    fn named_text(&mut self, value: &Value, name: &str, place: Place) -> Option<String> {
        match self.named_member(value, name, place).shape {
            Shape::Str(text) => Some(self.symbols.text(text)),
            _ => None,
        }
    }

    /// Adds the handler of that name, behind what runs before it. A name that nothing has is ignored by the framework.
    fn bind_name(&mut self, named: &Named<'_>, name: &str, place: Place, bound: &mut Bound) -> bool {
        let guards = self.guards_of(named, name, place);
        bound.name = Some(name.to_owned());
        if let Some((_, handler)) = named.handlers.iter().find(|(known, _)| known == name) {
            let row = &named.row.handlers;
            let entry = if handler.is_object { &row.function_entry } else { &row.entry };
            let entry = Some(self.symbols.sym(entry));
            bound.chain.extend(guards);
            bound.chain.push(Link { value: handler.value.clone(), place: handler.place, entry });
            bound.inputs = handler.inputs.clone();
            bound.answers = true;
            return true;
        }
        let (group, member) = name.rsplit_once('/').unwrap_or(("", name));
        let made = named.row.generated.as_ref().and_then(|generated| {
            named.models.iter().find(|model| model.name == group)?;
            generated.routes.iter().find(|route| route.handler.to_lowercase() == member)
        });
        if let Some(made) = made {
            bound.chain.extend(guards);
            bound.made = Some(Made {
                name: format!("{group}/{}", made.handler),
                effect: made.effect.clone(),
                ..Made::default()
            });
            bound.answers = true;
            return true;
        }
        if named.groups.get(group).is_some_and(|(_, is_known)| *is_known) {
            return false;
        }
        bound.chain.extend(guards);
        let entry = self.entry_of(named.site, None);
        bound.chain.push(Link { value: Value::UNKNOWN, place, entry });
        bound.answers = true;
        true
    }

    fn emit_bound(
        &mut self,
        named: &mut Named<'_>,
        methods: Vec<String>,
        path: &Value,
        bound: Bound,
        place: Place,
    ) {
        // The entry of a registration is that of its handler.
        let handler = bound.chain.last().filter(|_| bound.made.is_none());
        let entry = handler.and_then(|link| link.entry).or_else(|| self.entry_of(named.site, None));
        if !bound.answers {
            let chain = bound.chain;
            let paths = vec![path.clone()];
            let kind = EventKind::Attach { paths, chain, reach: Reach::Scope, is_exact: true };
            self.emit(named.site, kind, named.package, entry, place);
            let methods = methods.into_iter().filter(|method| method != "ANY").collect();
            if let Some(event) = self.events.last_mut().filter(|_| self.run.is_none()) {
                event.limits = Some(Rc::new(Limits { methods, except: Vec::new() }));
            }
            return;
        }
        let key = self.path_key(path);
        let methods: Vec<String> =
            methods.into_iter().filter(|method| named.taken.insert((method.clone(), key.clone()))).collect();
        if methods.is_empty() {
            return;
        }
        let name = bound.name.map(Rc::from);
        // An input comes from any part of the request.
        let parts = |input: &String| ["body", "path"].map(|part| (format!("{part}.{input}"), place));
        let schemas = bound.inputs.iter().flat_map(parts).collect();
        let kind = EventKind::Route {
            methods,
            paths: vec![path.clone()],
            chain: bound.chain,
            made: bound.made,
            schemas,
        };
        self.emit(named.site, kind, named.package, entry, place);
        if let Some(event) = self.events.last_mut().filter(|_| self.run.is_none()) {
            event.handler_name = name;
        }
    }

    /// A path by which two addresses are compared: names of parameters do not matter.
    fn path_key(&self, path: &Value) -> String {
        let (Shape::Str(text) | Shape::Regex(text, _)) = path.shape else { return String::new() };
        let text = self.symbols.text(text).to_lowercase();
        let segments = text.trim_end_matches('/').split('/');
        segments
            .map(|segment| if segment.starts_with(':') { ":" } else { segment })
            .collect::<Vec<_>>()
            .join("/")
    }

    // ---------------------------------------------------------------------------------------- generated

    fn find_models(&mut self, named: &mut Named<'_>) {
        let Some(row) = &named.row.generated else { return };
        for (file, below) in self.named_files(named, &row.folder) {
            let written = below.rsplit('/').next().unwrap_or(&below);
            let name = written.to_lowercase();
            let mut object = Object::new(Some(Place { file, span: Span::default() }));
            object.ty = Some(self.symbols.sym(&row.model));
            let object = Value::object(self.heap.object(object));
            self.add_global(named, written, Global::Object(object));
            self.load(file);
            let place = Place { file, span: Span::default() };
            let exports = self.namespace(file);
            let attributes = self.named_member(&exports, &row.attributes, place);
            let attributes = self.rows_of(file, &attributes).0.into_iter().map(|entry| {
                let members =
                    self.rows_of(file, &entry.value).0.into_iter().map(|member| member.key).collect();
                (entry.key, members)
            });
            let attributes = attributes.collect();
            named.models.push(Model { name, attributes, place });
        }
    }

    /// The endpoints that the settings make: every handler at its name, and those of each model.
    fn name_generated(&mut self, named: &mut Named<'_>) {
        let Some(row) = &named.row.generated else { return };
        let mut options: BTreeMap<String, Value> = BTreeMap::new();
        for (name, text) in &row.defaults {
            let value = match text.as_str() {
                "true" => Value::bool(true),
                "false" => Value::bool(false),
                text => Value::str(self.symbols.sym(text)),
            };
            options.insert(name.clone(), value);
        }
        for (file, value) in self.setting(named, &row.member) {
            for entry in self.rows_of(file, &value).0 {
                options.insert(entry.key, entry.value);
            }
        }
        if self.is_set(&options, &row.by_name) {
            self.serve_names(named, &options);
        }
        for index in 0..named.models.len() {
            self.serve_model(named, index, &options);
        }
        if self.is_set(&options, &row.by_name) {
            self.serve_index(named);
        }
    }

    fn is_set(&self, options: &BTreeMap<String, Value>, name: &str) -> bool {
        options.get(name).is_some_and(|value| self.truth(value) != Truth::Falsy)
    }

    /// True if the handlers of that name's group are left out of what a setting makes.
    fn is_left_out(&mut self, named: &Named<'_>, is_group: impl Fn(&str) -> bool, option: &str) -> bool {
        let groups: Vec<Value> = named
            .groups
            .iter()
            .filter(|(group, _)| is_group(group))
            .filter_map(|(_, (settings, _))| settings.clone())
            .collect();
        let place = Place { file: self.cx.file, span: Span::default() };
        groups
            .iter()
            .any(|settings| matches!(self.named_member(settings, option, place).shape, Shape::Bool(false)))
    }

    /// Every handler at its name.
    fn serve_names(&mut self, named: &mut Named<'_>, options: &BTreeMap<String, Value>) {
        let Some(row) = &named.row.generated else { return };
        for (name, handler) in named.handlers.clone() {
            if !self.is_left_out(named, |group| name.starts_with(group), &row.by_name) {
                let path = self.filled(&row.by_name_path, options, &name, "");
                self.serve_name(named, &name, &path, handler.place);
            }
        }
    }

    /// Handlers that stand for their folder.
    fn serve_index(&mut self, named: &mut Named<'_>) {
        let Some(row) = &named.row.generated else { return };
        for (name, handler) in named.handlers.clone() {
            let (folder, last) = name.rsplit_once('/').unwrap_or(("", &name));
            if last == row.index && !self.is_left_out(named, |group| name.starts_with(group), &row.by_name) {
                let path = Value::str(self.symbols.sym(&format!("/{folder}")));
                self.serve_name(named, &name, &path, handler.place);
            }
        }
    }

    fn serve_name(&mut self, named: &mut Named<'_>, name: &str, path: &Value, place: Place) {
        let methods = named.row.addresses.methods.split_whitespace().map(str::to_owned).collect();
        let mut bound = Bound::default();
        if self.bind_name(named, name, place, &mut bound) {
            self.emit_bound(named, methods, path, bound, place);
        }
    }

    /// The endpoints of a model.
    fn serve_model(&mut self, named: &mut Named<'_>, index: usize, options: &BTreeMap<String, Value>) {
        let Some(row) = &named.row.generated else { return };
        let model = &named.models[index];
        let (model, attributes, place) = (model.name.clone(), model.attributes.clone(), model.place);
        let written = if self.is_set(options, &row.plural) { plural(&model) } else { model.clone() };
        for route in &row.routes {
            let is_made = self.is_set(options, &route.when)
                && (route.unless.is_empty() || !self.is_set(options, &route.unless))
                && !self.is_left_out(named, |group| group == model, &route.when);
            if !is_made {
                continue;
            }
            let with = |members: &[String]| route.attribute.iter().any(|name| members.contains(name));
            let of: Vec<&str> = if route.attribute.is_empty() {
                vec![""]
            } else {
                attributes
                    .iter()
                    .filter(|(_, members)| with(members))
                    .map(|(name, _)| name.as_str())
                    .collect()
            };
            for attribute in of {
                let path = self.filled(&route.path, options, &written, attribute);
                let name = format!("{model}/{}", route.handler.to_lowercase());
                let mut bound = Bound::default();
                if self.bind_name(named, &name, place, &mut bound) {
                    self.emit_bound(named, vec![route.method.clone()], &path, bound, place);
                }
            }
        }
    }

    /// A template with the names in braces filled in.
    fn filled(
        &mut self,
        template: &str,
        options: &BTreeMap<String, Value>,
        name: &str,
        attribute: &str,
    ) -> Value {
        let mut parts: Vec<Value> = Vec::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(Value::str(self.symbols.sym(before)));
            let (word, behind) = after.split_once('}').unwrap_or((after, ""));
            rest = behind;
            let text = match word {
                "name" => name,
                "attribute" => attribute,
                word => {
                    let value = options.get(word).cloned().unwrap_or(Value::UNDEFINED);
                    match value.shape {
                        Shape::Str(text) => {
                            let text = self.symbols.text(text);
                            let slash = if text.is_empty() || text.starts_with('/') { "" } else { "/" };
                            parts.push(Value::str(self.symbols.sym(&format!("{slash}{text}"))));
                        }
                        Shape::Undefined | Shape::Null | Shape::Bool(_) => {}
                        _ => parts.push(value),
                    }
                    continue;
                }
            };
            parts.push(Value::str(self.symbols.sym(text)));
        }
        parts.push(Value::str(self.symbols.sym(rest)));
        self.concat_values(&parts)
    }
}

fn name_is_absent(evaluator: &Evaluator<'_>, id: ObjId, name: Sym) -> bool {
    let object = &evaluator.heap.objects[id];
    object.field(name).is_none() && !object.is_open && object.ty.is_none()
}

fn stem_of(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// Dots in the names of folders separate folders.
fn dots_in_folders(below: &str) -> String {
    match below.rsplit_once('/') {
        Some((folders, name)) => format!("{}/{name}", folders.replace('.', "/")),
        None => below.to_owned(),
    }
}

/// `UserController.find`, `user.find` and `user/find` name the same handler.
fn name_of_target(text: &str, suffix: &str) -> String {
    let text = match text.split_once('.') {
        Some((group, member)) => format!("{}/{member}", group.strip_suffix(suffix).unwrap_or(group)),
        None => text.to_owned(),
    };
    text.replace('.', "/").to_lowercase()
}

/// The plural of an English noun.
fn plural(word: &str) -> String {
    const IRREGULAR: &[(&str, &str)] = &[
        ("person", "people"),
        ("child", "children"),
        ("man", "men"),
        ("mouse", "mice"),
        ("foot", "feet"),
        ("tooth", "teeth"),
        ("leaf", "leaves"),
        ("life", "lives"),
    ];
    const UNCOUNTABLE: &[&str] =
        &["sheep", "fish", "series", "species", "news", "equipment", "information", "media", "money"];
    if UNCOUNTABLE.contains(&word) {
        return word.to_owned();
    }
    if let Some((stem, many)) = IRREGULAR.iter().find_map(|(one, many)| Some((word.strip_suffix(one)?, many)))
    {
        return format!("{stem}{many}");
    }
    let before_last = word.chars().rev().nth(1);
    if let Some(stem) = word.strip_suffix('y')
        && !before_last.is_some_and(|c| "aeiou".contains(c))
    {
        return format!("{stem}ies");
    }
    if let Some(stem) = word.strip_suffix("sis") {
        return format!("{stem}ses");
    }
    let is_hissed = ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end));
    if is_hissed { format!("{word}es") } else { format!("{word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_ending() {
        for (one, many) in [
            ("user", "users"),
            ("category", "categories"),
            ("key", "keys"),
            ("box", "boxes"),
            ("analysis", "analyses"),
            ("salesperson", "salespeople"),
            ("sheep", "sheep"),
        ] {
            assert_eq!(plural(one), many);
        }
    }

    #[test]
    fn targets_are_one_name() {
        for target in ["UserController.findOne", "user.findOne", "user/findone"] {
            assert_eq!(name_of_target(target, "Controller"), "user/findone");
        }
        assert_eq!(name_of_target("admin/UserController.x", "Controller"), "admin/user/x");
        assert_eq!(dots_in_folders("v1.0/user/find.all"), "v1/0/user/find.all");
    }
}
