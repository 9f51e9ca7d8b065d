//! Services: objects whose methods answer requests by their names, and the functions that run around each method.
//!
//! `app.use("orders", new Orders())` registers the endpoints of all methods at once; `app.hooks(…)` and
//! `app.service("orders").hooks(…)` say what runs around which, before or after that. So a service's endpoints are
//! events from the beginning, and what runs in front of their methods is put into their chains when start-up is over.

use routeward_catalog::{AroundRow, ServiceRoute, ServiceRow};
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{Event, EventKind, Link};
use crate::modelled::Site;
use crate::sweep::{Live, Trace};
use crate::value::{ObjId, Shape, Value};

/// The services of all programs, and what runs around them.
#[derive(Default)]
pub(crate) struct Services {
    known: Vec<Service>,
    around: Vec<Around>,
}

impl Trace for Services {
    fn trace(&self, live: &mut Live) {
        let Self { known, around } = self;
        known.trace(live);
        around.trace(live);
    }
}

/// A registered service.
struct Service {
    scope: ObjId,
    /// Its path without slashes around it; `None` if it is not known.
    path: Option<String>,
    object: Value,
    /// Its class, if it has one.
    class: Option<Shape>,
    /// Its endpoints: index of the event, name of the method.
    events: Vec<(usize, String)>,
}

impl Trace for Service {
    fn trace(&self, live: &mut Live) {
        let Self { scope, path: _, object, class, events: _ } = self;
        scope.trace(live);
        object.trace(live);
        class.trace(live);
    }
}

/// Functions around methods.
struct Around {
    scope: ObjId,
    whom: Whom,
    /// The name that stands for all methods.
    every: String,
    /// Stage, name of the method, functions.
    links: Vec<(usize, String, Vec<Link>)>,
    conditions: std::rc::Rc<[(Place, bool)]>,
}

impl Trace for Around {
    fn trace(&self, live: &mut Live) {
        let Self { scope, whom, every: _, links, conditions: _ } = self;
        scope.trace(live);
        whom.trace(live);
        for (_, _, chain) in links {
            chain.trace(live);
        }
    }
}

/// Which services functions run around.
enum Whom {
    All,
    Path(Option<String>),
    Object(Value),
}

impl Trace for Whom {
    fn trace(&self, live: &mut Live) {
        match self {
            Self::All | Self::Path(_) => {}
            Self::Object(value) => value.trace(live),
        }
    }
}

impl<'p> Evaluator<'p> {
    /// Registers a service, if one of the arguments is one.
    pub(crate) fn service(&mut self, row: &'p ServiceRow, package: &str, site: Site<'_>) -> Option<Value> {
        let (scope, prefix) = self.scope_of(site.this)?;
        let given = self.access(&row.object, site);
        let at = given.iter().position(|value| self.is_service(row, value))?;
        let object = given[at].clone();
        let path = self.access(&row.path, site).into_iter().next().unwrap_or(Value::UNKNOWN);
        let entry = self.entry_of(scope, None);
        let mut before = Vec::new();
        for value in &given[..at] {
            self.add_links(value, &[], site.place, &mut before);
        }
        let behind = Site { args: &given[at + 1..], ..site };
        for access in &row.before {
            for value in self.access(access, behind) {
                for value in self.known_elements(&value).unwrap_or_default() {
                    self.add_links(&value, &[], site.place, &mut before);
                }
            }
        }
        for link in &mut before {
            link.entry = entry;
        }
        let class = match object.shape {
            Shape::Object(id) => self.heap.objects[id].class.as_ref().map(|class| class.shape.clone()),
            _ => None,
        };
        let mut service = Service { scope, path: self.bare_path(&path), object, class, events: Vec::new() };
        let stands = self.scope_within(scope, &row.within);
        let conditions = self.shared_conditions();
        for (name, route) in self.routes_of(row, &service.object, behind) {
            let suffix = Value::str(self.symbols.sym(&route.suffix));
            let slashed = self.prefixed(prefix.as_ref(), &path);
            let path = if route.suffix.is_empty() { slashed } else { self.concat_values(&[slashed, suffix]) };
            let handler = self.service_method(row, &service.object, &name, site.place);
            let mut chain = before.clone();
            chain.extend(self.decorations_of(&service.object, &name));
            chain.push(Link { value: handler.clone(), place: site.place, entry: None });
            if self.run.is_some() {
                continue;
            }
            // Several of these answer at one address: what tells them apart is where they are written.
            let own_place = if route.name.is_empty() { self.definition(&handler) } else { None };
            service.events.push((self.events.len(), name.clone()));
            self.events.push(Event {
                scope: stands,
                kind: EventKind::Route {
                    methods: route.method.clone(),
                    paths: vec![path],
                    chain,
                    made: None,
                    schemas: Vec::new(),
                },
                place: own_place.unwrap_or(site.place),
                conditions: conditions.clone(),
                package: package.to_owned(),
                entry: Some(self.symbols.sym(&route.entry)),
                subject: None,
                limits: None,
                handler_name: service.path.as_ref().map(|path| format!("{path}/{name}").into()),
            });
        }
        if self.run.is_none() {
            self.services.known.push(service);
        }
        site.this.cloned()
    }

    /// Notes what runs around the methods of services.
    pub(crate) fn around(&mut self, row: &AroundRow, site: Site<'_>) -> Option<Value> {
        if self.run.is_some() {
            return site.this.cloned();
        }
        let service = (!row.service.is_empty())
            .then(|| self.access(&row.service, site).into_iter().next().unwrap_or(Value::UNKNOWN));
        let whom = match service {
            None => Whom::All,
            Some(object) if matches!(object.shape, Shape::Class(_) | Shape::Object(_)) => {
                Whom::Object(object)
            }
            Some(path) => Whom::Path(self.bare_path(&path)),
        };
        let scope = self.scope_of(site.this).map(|(scope, _)| scope);
        let scope = match &whom {
            Whom::Object(_) => scope.unwrap_or(ObjId(0)),
            _ => scope?,
        };
        let entry = self.symbols.sym(&row.entry);
        let mut links = Vec::new();
        for table in self.access(&row.table, site) {
            self.staged(row, &table, entry, site.place, &mut links);
        }
        let conditions = self.shared_conditions();
        self.services.around.push(Around { scope, whom, every: row.every.clone(), links, conditions });
        site.this.cloned()
    }

    /// Puts what runs in front of methods into their chains. Called once, when all start-up code has run.
    pub(crate) fn settle_services(&mut self) {
        let Services { known, around } = std::mem::take(&mut self.services);
        for service in &known {
            for (index, method) in &service.events {
                let mut found: Vec<(usize, usize, bool, usize, Vec<Link>)> = Vec::new();
                for (order, around) in around.iter().enumerate() {
                    let Some(rank) = around.rank(service) else { continue };
                    let is_sure = around.is_certain(&self.events[*index], service);
                    for (stage, name, links) in &around.links {
                        if name == method || *name == around.every {
                            let links = if is_sure { links.clone() } else { unsure(links) };
                            found.push((rank, *stage, *name != around.every, order, links));
                        }
                    }
                }
                found.sort_by_key(|(rank, stage, is_own, order, _)| (*rank, *stage, *is_own, *order));
                if let EventKind::Route { chain, .. } = &mut self.events[*index].kind {
                    let at = chain.len().saturating_sub(1);
                    chain.splice(at..at, found.into_iter().flat_map(|(.., links)| links));
                }
            }
        }
    }

    /// The functions of a table, by stage and method.
    fn staged(
        &mut self,
        row: &AroundRow,
        table: &Value,
        entry: Sym,
        place: Place,
        links: &mut Vec<(usize, String, Vec<Link>)>,
    ) {
        let keys = self.member_names(table);
        let is_stage = |name: &String| row.stages.contains(name) || row.ignored.contains(name);
        let Some(keys) = keys.filter(|keys| keys.iter().any(is_stage)) else {
            self.by_method(row, table, 0, entry, place, links);
            return;
        };
        for (stage, name) in row.stages.iter().enumerate().filter(|(_, name)| keys.contains(name)) {
            let name = self.symbols.sym(name);
            let table = self.get(table, name, place);
            self.by_method(row, &table, stage, entry, place, links);
        }
    }

    /// The functions of a list, for all methods, or of an object of lists.
    fn by_method(
        &mut self,
        row: &AroundRow,
        table: &Value,
        stage: usize,
        entry: Sym,
        place: Place,
        links: &mut Vec<(usize, String, Vec<Link>)>,
    ) {
        if table.is_nullish() {
            return;
        }
        let Some(names) = self.member_names(table) else {
            let found = self.links_of(table, entry, place);
            links.push((stage, row.every.clone(), found));
            return;
        };
        for name in names {
            let sym = self.symbols.sym(&name);
            let functions = self.get(table, sym, place);
            let found = self.links_of(&functions, entry, place);
            links.push((stage, name, found));
        }
        // `{ ...others, find: [] }`
        if matches!(table.shape, Shape::Object(id) if self.heap.objects[id].is_open) {
            let found = self.links_of(&Value::UNKNOWN, entry, place);
            links.push((stage, row.every.clone(), found));
        }
    }

    fn links_of(&mut self, functions: &Value, entry: Sym, place: Place) -> Vec<Link> {
        let mut links = Vec::new();
        if !functions.is_nullish() {
            self.add_links(functions, &[], place, &mut links);
        }
        links.retain(|link| !link.value.is_nullish());
        for link in &mut links {
            link.entry = Some(entry);
            link.place = match link.value.shape {
                Shape::Object(id) => self.heap.objects[id].place.unwrap_or(place),
                _ => place,
            };
        }
        links
    }

    /// The names of the members of a plain object.
    fn member_names(&self, value: &Value) -> Option<Vec<String>> {
        let Shape::Object(id) = value.shape else { return None };
        let object = &self.heap.objects[id];
        if object.ty.is_some() || object.items.is_some() {
            return None;
        }
        Some(object.fields.iter().map(|(name, _)| self.symbols.text(*name)).collect())
    }

    /// A constant path without slashes around it.
    fn bare_path(&self, path: &Value) -> Option<String> {
        match path.shape {
            Shape::Str(text) => Some(self.symbols.with(text, |text| text.trim_matches('/').to_owned())),
            _ => None,
        }
    }

    fn is_service(&mut self, row: &ServiceRow, value: &Value) -> bool {
        let Shape::Object(id) = value.shape else { return false };
        let object = &self.heap.objects[id];
        if let Some(ty) = object.ty
            && row.types.contains_key(&self.symbols.text(ty))
        {
            return true;
        }
        if self.scope_kind(id).is_some() || object.items.is_some() {
            return false;
        }
        match &object.class {
            // What is not seen of the class may well be the methods.
            Some(Value { shape: Shape::Class(class), .. }) => {
                let class = *class;
                self.heap.classes[class].lineage.iter().any(|base| !matches!(base.shape, Shape::Class(_)))
                    || row.routes.iter().any(|route| self.has_method(row, value, &route.name))
            }
            _ => {
                object.ty.is_none() && row.routes.iter().any(|route| self.has_method(row, value, &route.name))
            }
        }
    }

    /// Whether a service has a method.
    fn has_method(&mut self, row: &ServiceRow, object: &Value, name: &str) -> bool {
        let Shape::Object(id) = object.shape else { return false };
        let sym = self.symbols.sym(name);
        let ty = self.heap.objects[id].ty.map(|ty| self.symbols.text(ty));
        let is_own = match self.heap.objects[id].class.clone() {
            Some(Value { shape: Shape::Class(class), .. }) => match self.method(class, sym, false) {
                Some(Value { shape: Shape::External(_), .. }) => None,
                found => Some(found.is_some()),
            },
            _ => Some(self.heap.objects[id].field(sym).is_some()),
        };
        let of_type = ty.and_then(|ty| row.types.get(&ty));
        match (is_own, of_type) {
            (Some(true), _) => true,
            (_, Some(methods)) => methods.iter().any(|method| method == name),
            (None, None) => true,
            (Some(false), None) => self.heap.objects[id].field(sym).is_some(),
        }
    }

    /// The methods of a service that answer requests. `site` has the arguments behind the object.
    fn routes_of(
        &mut self,
        row: &'p ServiceRow,
        object: &Value,
        site: Site<'_>,
    ) -> Vec<(String, &'p ServiceRoute)> {
        let lists = if row.only.is_empty() { Vec::new() } else { self.access(&row.only, site) };
        let list = lists.iter().find_map(|list| self.known_elements(list));
        let Some(list) = list else {
            let routes = row.routes.iter().filter(|route| self.has_method(row, object, &route.name));
            return routes.map(|route| (route.name.clone(), route)).collect();
        };
        let names: Vec<String> =
            list.iter().filter_map(|name| self.as_key(name)).map(|name| self.symbols.text(name)).collect();
        let mut found: Vec<(String, &'p ServiceRoute)> = Vec::new();
        for name in names {
            let known: Vec<_> = row.routes.iter().filter(|route| route.name == name).collect();
            if known.is_empty() {
                found.extend(row.further.iter().map(|route| (name.clone(), route)));
            } else {
                found.extend(known.into_iter().map(|route| (name.clone(), route)));
            }
        }
        found
    }

    /// The function that answers: one of the program, or else what the object's type has.
    fn service_method(&mut self, row: &ServiceRow, object: &Value, name: &str, place: Place) -> Value {
        let Shape::Object(id) = object.shape else { return Value::UNKNOWN };
        let sym = self.symbols.sym(name);
        let found = self.get(object, sym, place);
        if let Shape::Closure(code) = found.shape {
            let bound = crate::value::Closure { this: Some(object.clone()), ..self.closure_of(code).clone() };
            return Value::new(Shape::Closure(self.heap.closures.push(bound)));
        }
        match self.heap.objects[id].ty {
            Some(ty) if row.types.contains_key(&self.symbols.text(ty)) => {
                Value::new(Shape::Method(id, self.symbols.join(ty, sym)))
            }
            _ => found,
        }
    }

    /// What decorators of a method put in front of it.
    fn decorations_of(&mut self, object: &Value, name: &str) -> Vec<Link> {
        let Shape::Object(id) = object.shape else { return Vec::new() };
        let Some(Value { shape: Shape::Class(class), .. }) = self.heap.objects[id].class else {
            return Vec::new();
        };
        let sym = self.symbols.sym(name);
        let Some(Value { shape: Shape::Closure(code), .. }) = self.method(class, sym, false) else {
            return Vec::new();
        };
        let closure = self.closure_of(code).clone();
        let marks = self.method_marks(closure.file, closure.env, closure.func);
        let (mut links, mut inputs) = (Vec::new(), Vec::new());
        self.attached(&marks, &mut links, &mut inputs);
        links
    }

    /// The scope of type `ty` that is attached to `scope`, the last of several; `scope` itself if there is none.
    fn scope_within(&self, scope: ObjId, ty: &str) -> ObjId {
        let attached = self.events.iter().rev().filter(|event| event.scope == scope);
        let objects = attached.flat_map(|event| match &event.kind {
            EventKind::Attach { chain, .. } => chain.as_slice(),
            EventKind::Route { .. } => &[],
        });
        let mut inner = objects.filter_map(|link| match link.value.shape {
            Shape::Object(id) => {
                self.heap.objects[id].ty.filter(|of| self.symbols.with(*of, |of| of == ty)).map(|_| id)
            }
            _ => None,
        });
        inner.next().unwrap_or(scope)
    }
}

impl Around {
    /// In which order the functions of a service's table run: those of all services, of its class, its own.
    fn rank(&self, service: &Service) -> Option<usize> {
        match &self.whom {
            Whom::All => (self.scope == service.scope).then_some(0),
            Whom::Object(object) => {
                let is_it = object.shape == service.object.shape;
                (is_it || service.class.as_ref() == Some(&object.shape)).then_some(1)
            }
            Whom::Path(path) => {
                let is_it = path.is_none() || service.path.is_none() || *path == service.path;
                (is_it && self.scope == service.scope).then_some(2)
            }
        }
    }

    /// Whether the functions run wherever the service is there.
    fn is_certain(&self, event: &Event, service: &Service) -> bool {
        let is_named = match &self.whom {
            Whom::Path(path) => path.is_some() && service.path.is_some(),
            _ => true,
        };
        is_named && self.conditions.iter().all(|condition| event.conditions.contains(condition))
    }
}

/// Functions of which it is not known whether they run.
fn unsure(links: &[Link]) -> Vec<Link> {
    links.iter().map(|link| Link { value: Value::UNKNOWN, ..link.clone() }).collect()
}
