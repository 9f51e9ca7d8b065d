//! Endpoints by name: objects whose members are endpoints, and endpoints that are built up call by call.

use routeward_catalog::{Reach, StepRow, TreeRow};
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{EventKind, Link};
use crate::heap::{Loc, Object};
use crate::modelled::Site;
use crate::value::{ObjId, Shape, Value};

/// How deep objects of endpoints may be nested.
const MAX_DEPTH: u32 = 12;

/// What all endpoints of one tree share.
struct Tree<'r> {
    row: &'r TreeRow,
    scope: ObjId,
    package: &'r str,
    entry: Option<Sym>,
}

impl Evaluator<'_> {
    /// Registers the members of an object as endpoints, and gives the scope they belong to.
    pub(crate) fn tree(&mut self, row: &TreeRow, package: &str, site: Site<'_>) -> Option<Value> {
        let scope = if row.r#type.is_empty() {
            self.scope_of(site.this)?.0
        } else {
            let mut object = Object::new(Some(site.place));
            object.ty = Some(self.symbols.sym(&row.r#type));
            object.args = site.args.into();
            self.heap.object(object)
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
        let tree = Tree { row, scope, package, entry };
        for access in &row.members {
            let members = self.access(access, site);
            for members in self.flat(members) {
                self.add_members(&tree, &members, "", 0, site.place);
            }
        }
        Some(Value::object(scope))
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
                    self.add_endpoint(tree, path, chain, schemas, at);
                } else if let Some(handler) = self.handler_of(tree.row, value, place) {
                    self.add_member(tree, &handler, path, MAX_DEPTH, at);
                } else if self.heap.objects[*id].ty.is_none() && depth < MAX_DEPTH {
                    self.add_members(tree, value, path, depth + 1, place);
                } else if tree.row.only.is_empty() || depth == 1 {
                    let chain = vec![Link { value: value.clone(), place: at, entry: None }];
                    self.add_endpoint(tree, path, chain, Vec::new(), at);
                }
            }
            // What cannot be seen through is an endpoint all the same.
            Shape::Unknown | Shape::External(_) => {
                let chain = vec![Link { value: value.clone(), place, entry: None }];
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
        let paths = vec![Value::str(self.symbols.sym(path))];
        let kind = EventKind::Route { methods: vec![String::new()], paths, chain, made: None, schemas };
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
