//! Endpoints by name: objects whose members are endpoints, and endpoints that are built up call by call.

use routeward_catalog::{Reach, StepRow, TreeRow};
use routeward_diag::Place;

use crate::eval::Evaluator;
use crate::event::{EventKind, Link, Made};
use crate::heap::{Loc, Object};
use crate::modelled::Site;
use crate::value::{ObjId, Piece, Shape, Value};
use crate::{Sym, Truth, sdl};

/// The member of an endpoint under construction that holds the method it is called by.
const METHOD: &str = "$method";
/// How deep objects of endpoints may be nested.
const MAX_DEPTH: u32 = 12;

/// What an object holds was not seen in full.
struct Unseen;

/// What all endpoints of one tree share.
struct Tree<'r> {
    row: &'r TreeRow,
    scope: ObjId,
    package: &'r str,
    entry: Option<Sym>,
    /// The call that makes it.
    place: Place,
}

impl Evaluator<'_> {
    /// Registers the members of an object as endpoints, and gives the scope they belong to.
    pub(crate) fn tree(&mut self, row: &TreeRow, package: &str, site: Site<'_>) -> Option<Value> {
        let scope = if row.r#type.is_empty() {
            self.scope_of(site.this)?.0
        } else {
            let ty = self.symbols.sym(&row.r#type);
            let made = self.opaque_object(ty, site.args, site.place);
            self.scope_of(Some(&made))?.0
        };
        let entry = self.entry_of(scope, None);
        if !row.before.is_empty() {
            let chain: Vec<Link> = self.callable(&row.before, site);
            if !chain.is_empty() {
                let before = row.before_entry.as_ref().map(|entry| self.symbols.sym(entry)).or(entry);
                let kind =
                    EventKind::Attach { paths: Vec::new(), chain, reach: Reach::Scope, is_exact: false };
                self.emit(scope, kind, package, before, site.place);
            }
        }
        let tree = Tree { row, scope, package, entry, place: site.place };
        let mut all = Vec::new();
        for access in &row.members {
            let members = self.access(access, site);
            all.extend(self.flat(members));
        }
        for members in &all {
            self.add_members(&tree, members, "", 0, site.place);
        }
        self.add_declared(&tree, &all, site);
        if !row.mount.is_empty() {
            self.mount_tree(&tree, site);
        }
        Some(Value::object(scope))
    }

    /// Mounts the scope of a tree on another one.
    fn mount_tree(&mut self, tree: &Tree<'_>, site: Site<'_>) {
        let on = self.access(&tree.row.mount, site).into_iter().next();
        let Some((on, prefix)) = self.scope_of(on.as_ref()) else { return };
        let paths =
            if tree.row.mount_path.is_empty() { Vec::new() } else { self.access(&tree.row.mount_path, site) };
        let paths = match (paths.is_empty(), prefix) {
            (true, prefix) => prefix.into_iter().collect(),
            (false, prefix) => paths.iter().map(|path| self.prefixed(prefix.as_ref(), path)).collect(),
        };
        let chain = vec![Link { value: Value::object(tree.scope), place: tree.place, entry: None }];
        let kind = EventKind::Attach { paths, chain, reach: Reach::Later, is_exact: false };
        let entry = self.entry_of(on, None);
        self.emit(on, kind, tree.package, entry, tree.place);
    }

    /// Registers the fields that texts declare and no member answers.
    fn add_declared(&mut self, tree: &Tree<'_>, members: &[Value], site: Site<'_>) {
        let mut texts = String::new();
        for access in &tree.row.declared {
            let values = self.access(access, site);
            for value in self.flat(values) {
                texts.push_str(&self.literal_text(&value));
                texts.push('\n');
            }
        }
        let roots = if tree.row.roots.is_empty() { Vec::new() } else { self.access(&tree.row.roots, site) };
        let roots_entry = tree.row.roots_entry.as_ref().map(|entry| self.symbols.sym(entry)).or(tree.entry);
        for field in sdl::fields(&texts, &tree.row.only) {
            let chain = match self.answers(members, &field) {
                Truth::Truthy => continue,
                Truth::Falsy => {
                    let name = self.symbols.sym(&field.name);
                    let found: Vec<_> = roots.iter().map(|root| self.holds(root, name)).collect();
                    let value = found.into_iter().find_map(|found| found.unwrap_or(Some(Value::UNKNOWN)));
                    value.into_iter().map(|value| self.answering(value, tree.place)).collect()
                }
                Truth::Maybe => vec![Link { value: Value::UNKNOWN, place: tree.place, entry: None }],
            };
            let path = format!("{}.{}", field.owner, field.name);
            let entry = if roots.is_empty() { tree.entry } else { roots_entry };
            let made = chain.is_empty().then(|| Made { name: field.name.clone(), ..Made::default() });
            let kind = EventKind::Route {
                methods: vec![tree.row.method.clone()],
                paths: vec![Value::str(self.symbols.sym(&path))],
                chain,
                made,
                schemas: Vec::new(),
            };
            self.emit(tree.scope, kind, tree.package, entry, tree.place);
        }
    }

    /// A function as the one that answers; what no code or model tells of is not known.
    fn answering(&self, value: Value, place: Place) -> Link {
        let is_modelled = |path: Sym| {
            let text = self.symbols.text(path);
            let maker = self.symbols.sym(text.strip_suffix("()").unwrap_or(&text));
            !self.index.rows(maker, &self.symbols).is_empty()
        };
        let place = self.definition(&value).unwrap_or(place);
        let is_seen = match &value.shape {
            Shape::Closure(_) | Shape::Method(..) => true,
            Shape::External(path) => is_modelled(*path),
            Shape::Object(id) => self.heap.objects[*id].ty.is_none_or(is_modelled),
            _ => false,
        };
        Link { value: if is_seen { value } else { Value::UNKNOWN }, place, entry: None }
    }

    /// The literal pieces of a string, with a blank for each hole.
    fn literal_text(&self, value: &Value) -> String {
        match &value.shape {
            Shape::Str(sym) => self.symbols.text(*sym),
            Shape::Text(pieces) => {
                let text = |piece: &Piece| match piece {
                    Piece::Text(sym) => self.symbols.text(*sym),
                    Piece::Hole => " ".to_owned(),
                };
                pieces.iter().map(text).collect()
            }
            _ => String::new(),
        }
    }

    /// Whether one of `members` holds a member for a declared field.
    fn answers(&self, members: &[Value], field: &sdl::Field) -> Truth {
        let (owner, name) = (self.symbols.sym(&field.owner), self.symbols.sym(&field.name));
        let mut answers = Truth::Falsy;
        for members in members {
            let known = self.holds(members, owner);
            let known = match known {
                Ok(Some(owner)) => self.holds(&owner, name).map(|found| found.is_some()),
                Ok(None) => Ok(false),
                Err(Unseen) => Err(Unseen),
            };
            match known {
                Ok(true) => return Truth::Truthy,
                Ok(false) => {}
                Err(Unseen) => answers = Truth::Maybe,
            }
        }
        answers
    }

    /// The member of that name, if that can be told.
    fn holds(&self, value: &Value, name: Sym) -> Result<Option<Value>, Unseen> {
        match value.shape {
            Shape::Undefined | Shape::Null | Shape::Str(_) | Shape::Text(_) => Ok(None),
            Shape::Object(id) => {
                let object = &self.heap.objects[id];
                match object.field(name) {
                    Some(value) => Ok(Some(value.clone())),
                    None if object.is_open || object.ty.is_some() || object.class.is_some() => Err(Unseen),
                    None => Ok(None),
                }
            }
            _ => Err(Unseen),
        }
    }

    /// The functions at an access path, as links.
    fn callable(&mut self, access: &str, site: Site<'_>) -> Vec<Link> {
        let values = self.access(access, site);
        let values = values.into_iter().filter(|value| {
            matches!(value.shape, Shape::Closure(_) | Shape::External(_) | Shape::Method(..))
        });
        values.map(|value| Link { value, place: site.place, entry: None }).collect()
    }

    fn add_members(&mut self, tree: &Tree<'_>, members: &Value, prefix: &str, depth: u32, place: Place) {
        let Shape::Object(id) = members.shape else { return };
        if depth > MAX_DEPTH {
            return;
        }
        if self.scope_kind(id).is_some() {
            self.mount(tree, members, prefix, place);
            return;
        }
        let fields = self.heap.objects[id].fields.clone();
        for (name, value) in fields {
            let name = self.symbols.text(name);
            if depth == 0 && !tree.row.only.is_empty() && !tree.row.only.contains(&name) {
                continue;
            }
            let path = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
            for value in value.alternatives().to_vec() {
                self.add_member(tree, &value, &path, depth, place);
            }
        }
    }

    fn add_member(&mut self, tree: &Tree<'_>, value: &Value, path: &str, depth: u32, place: Place) {
        match &value.shape {
            Shape::Closure(_) | Shape::Method(..) => {
                let at = self.definition(value).unwrap_or(place);
                let chain = vec![Link { value: value.clone(), place: at, entry: None }];
                self.add_endpoint(tree, path, chain, Vec::new(), at);
            }
            Shape::Object(id) if self.scope_kind(*id).is_some() => self.mount(tree, value, path, place),
            Shape::Object(id) => {
                let at = self.heap.objects[*id].place.unwrap_or(place);
                let steps = self.symbols.sym("$chain");
                if let Some(steps) = self.heap.objects[*id].field(steps).cloned() {
                    let links = self.flat(vec![steps]).into_iter();
                    let chain = links
                        .map(|value| Link {
                            place: self.definition(&value).unwrap_or(at),
                            value,
                            entry: None,
                        })
                        .collect();
                    let schemas = self.checks_of(*id).into_iter().map(|part| (part, at)).collect();
                    let method = self.symbols.sym(METHOD);
                    let method = self.heap.objects[*id].field(method).map(|method| self.literal_text(method));
                    self.add_endpoint_by(tree, path, chain, schemas, at, method.unwrap_or_default());
                } else if let Some(handler) = self.handler_of(tree.row, value, place) {
                    self.add_member(tree, &handler, path, MAX_DEPTH, at);
                } else if self.heap.objects[*id].ty.is_none() && depth < MAX_DEPTH {
                    self.add_members(tree, value, path, depth + 1, place);
                } else if tree.row.only.is_empty() || depth == 1 {
                    let chain = vec![self.answering(value.clone(), at)];
                    self.add_endpoint(tree, path, chain, Vec::new(), at);
                }
            }
            // What cannot be seen through is an endpoint all the same.
            Shape::Unknown | Shape::External(_) => {
                let chain = vec![self.answering(value.clone(), place)];
                self.add_endpoint(tree, path, chain, Vec::new(), place);
            }
            _ => {}
        }
    }

    /// The function that answers, of an object that is an endpoint itself.
    fn handler_of(&mut self, row: &TreeRow, value: &Value, place: Place) -> Option<Value> {
        row.handlers.iter().find_map(|name| {
            let name = self.symbols.sym(name);
            let handler = self.get(value, name, place);
            matches!(handler.shape, Shape::Closure(_)).then_some(handler)
        })
    }

    fn mount(&mut self, tree: &Tree<'_>, scope: &Value, path: &str, place: Place) {
        if matches!(scope.shape, Shape::Object(id) if id == tree.scope) {
            return;
        }
        let paths = if path.is_empty() { Vec::new() } else { vec![Value::str(self.symbols.sym(path))] };
        let chain = vec![Link { value: scope.clone(), place, entry: None }];
        let kind = EventKind::Attach { paths, chain, reach: Reach::Later, is_exact: false };
        self.emit(tree.scope, kind, tree.package, tree.entry, place);
    }

    fn add_endpoint(
        &mut self,
        tree: &Tree<'_>,
        path: &str,
        chain: Vec<Link>,
        schemas: Vec<(String, Place)>,
        place: Place,
    ) {
        self.add_endpoint_by(tree, path, chain, schemas, place, tree.row.method.clone());
    }

    fn add_endpoint_by(
        &mut self,
        tree: &Tree<'_>,
        path: &str,
        chain: Vec<Link>,
        schemas: Vec<(String, Place)>,
        place: Place,
        method: String,
    ) {
        let paths = vec![Value::str(self.symbols.sym(path))];
        let kind = EventKind::Route { methods: vec![method], paths, chain, made: None, schemas };
        self.emit(tree.scope, kind, tree.package, tree.entry, place);
    }

    /// An endpoint with one step more.
    pub(crate) fn step_on(&mut self, row: &StepRow, site: Site<'_>) -> Option<Value> {
        let Shape::Object(id) = site.this?.shape else { return None };
        let (chain, checks) = (self.symbols.sym("$chain"), self.symbols.sym("$checks"));
        let mut links = match self.heap.objects[id].field(chain).cloned() {
            Some(chain) => self.flat(vec![chain]),
            None => Vec::new(),
        };
        if !row.adds.is_empty() {
            for added in self.access(&row.adds, site) {
                // Another endpoint under construction brings all its steps.
                match added.shape {
                    Shape::Object(id) if self.heap.objects[id].field(chain).is_some() => {
                        let steps = self.heap.objects[id].field(chain).cloned().unwrap_or(Value::UNDEFINED);
                        links.extend(self.flat(vec![steps]));
                    }
                    _ => links.push(added),
                }
            }
        }
        let mut parts: Vec<Value> =
            self.checks_of(id).iter().map(|part| Value::str(self.symbols.sym(part))).collect();
        if !row.checks.is_empty() {
            parts.push(Value::str(self.symbols.sym(&row.checks)));
        }
        let mut object = Object::new(Some(site.place));
        object.ty =
            if row.gives.is_empty() { self.heap.objects[id].ty } else { Some(self.symbols.sym(&row.gives)) };
        let longer = self.heap.object(object);
        let links = self.heap.array(links, false, Some(site.place));
        let parts = self.heap.array(parts, false, Some(site.place));
        self.heap.write(Loc::Field(longer, chain), Some(links));
        self.heap.write(Loc::Field(longer, checks), Some(parts));
        if !row.method.is_empty() {
            let method = Value::str(self.symbols.sym(&row.method));
            self.heap.write(Loc::Field(longer, self.symbols.sym(METHOD)), Some(method));
        }
        Some(Value::object(longer))
    }

    fn checks_of(&self, id: ObjId) -> Vec<String> {
        let checks = self.symbols.sym("$checks");
        let parts = self.heap.objects[id]
            .field(checks)
            .map(|parts| self.flat(vec![parts.clone()]))
            .unwrap_or_default();
        let texts = parts.iter().filter_map(|part| match part.shape {
            Shape::Str(sym) => Some(self.symbols.text(sym)),
            _ => None,
        });
        texts.collect()
    }
}
