//! Endpoints that decorators declare: containers that list controllers, controllers whose methods answer, and
//! what is attached to either.
//!
//! Start-up code only makes the scope and names the container. After it, containers are walked from every such
//! scope. What comes out are events of the scope, in the order in which a request meets them.

use std::rc::Rc;

use routeward_base::{FileId, FxHashMap, FxHashSet, IndexVec};
use routeward_catalog::{ActionRow, ContainerRow, ControllerRow, MiddlewareRow, OptionRow, Reach, Speech};
use routeward_diag::Place;
use routeward_ir::{ExprId, FuncId, Key, MemberKind};

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{Event, EventKind, Limits, Link, Subject, SubjectId};
use crate::heap::{Loc, Object};
use crate::index::Row;
use crate::mark::Mark;
use crate::modelled::Site;
use crate::sweep::{Live, Trace, trace_values};
use crate::value::{ClassValueId, Closure, FrameId, ObjId, Shape, Value};

/// What decorators and containers have told.
#[derive(Default)]
pub(crate) struct Declarations {
    pub subjects: IndexVec<SubjectId, Subject>,
    /// The endpoint being judged.
    pub current: Option<SubjectId>,
    /// The names of the parameters of its template.
    pub template: Rc<[Sym]>,
    /// Names that containers provide, and the class or value that stands for each.
    pub tokens: Vec<(Value, Value)>,
    middleware: Vec<Middleware>,
    pub marks: FxHashMap<(FileId, ExprId, FrameId), Rc<[Mark]>>,
    pub constrained: FxHashMap<ClassValueId, bool>,
    /// Classes that give arguments, and the member by which each says what it is made with in place of its constructor.
    pub providers: FxHashMap<ClassValueId, Sym>,
}

impl Trace for Declarations {
    fn trace(&self, live: &mut Live) {
        let Self {
            subjects,
            current: _,
            template: _,
            tokens,
            middleware,
            marks,
            constrained: _,
            providers: _,
        } = self;
        subjects.as_slice().trace(live);
        tokens.trace(live);
        middleware.trace(live);
        trace_values(marks, live);
    }
}

/// An attachment by path of a container.
struct Middleware {
    chain: Vec<Link>,
    /// Templates and controllers; a template with a method is exact.
    targets: Vec<(Value, Option<String>)>,
    except: Vec<(Option<String>, Value)>,
    place: Place,
    package: String,
    entry: Sym,
}

impl Trace for Middleware {
    fn trace(&self, live: &mut Live) {
        let Self { chain, targets, except, place: _, package: _, entry: _ } = self;
        chain.trace(live);
        for (value, _) in targets {
            value.trace(live);
        }
        for (_, value) in except {
            value.trace(live);
        }
    }
}

/// What was found below one scope.
#[derive(Default)]
struct Walk<'p> {
    /// Controllers, each with the container that lists it.
    controllers: Vec<(ClassValueId, Option<ClassValueId>)>,
    containers: Vec<(ClassValueId, &'p ContainerRow)>,
    seen: FxHashSet<u32>,
    /// Functions that run for every endpoint.
    globals: Vec<Link>,
    /// Paths of containers.
    placements: Vec<(ClassValueId, Value)>,
    /// Functions that give what a container provides.
    factories: Vec<(Value, Value, Vec<Value>)>,
    /// Some of what is listed was not seen.
    is_open: bool,
    /// The scope is not seen to serve what was found.
    is_guess: bool,
}

/// The endpoints of one controller, to which attachments by controller refer.
struct Routes {
    class: ClassValueId,
    paths: Vec<Value>,
    methods: Vec<String>,
}

/// The settings of a scope.
#[derive(Default)]
struct Settings {
    prefix: Option<Value>,
    except: Vec<(Option<String>, Value)>,
    is_versioned: bool,
    version: Option<Value>,
    version_prefix: String,
}

/// What stands around a controller's endpoints.
struct Surroundings<'a> {
    scope: ObjId,
    settings: &'a Settings,
    placement: Option<Value>,
    pipes: &'a [Link],
    is_guess: bool,
}

impl<'p> Evaluator<'p> {
    /// Finds the endpoints that decorators declare and adds their events.
    pub(crate) fn declare_endpoints(&mut self) {
        let classes: Vec<ClassValueId> = self.heap.classes.iter_enumerated().map(|(id, _)| id).collect();
        let declared: Vec<ClassValueId> =
            classes.into_iter().filter(|class| self.is_controller(*class)).collect();
        if declared.is_empty() {
            return;
        }
        let mut served: FxHashSet<u32> = FxHashSet::default();
        let mut is_open = false;
        let scopes = self.container_scopes();
        for (scope, container) in &scopes {
            let mut walk = Walk::default();
            self.visit(container, None, &mut walk);
            served.extend(walk.controllers.iter().map(|(class, _)| class.0));
            is_open |= walk.is_open;
            self.serve(*scope, &mut walk);
        }
        if scopes.is_empty() || is_open {
            self.serve_unmounted(&scopes, &declared, &served);
        }
    }

    /// Controllers that no seen program lists are put on the scope of the program they lie beside, or else on one
    /// that is not seen to be mounted.
    fn serve_unmounted(
        &mut self,
        scopes: &[(ObjId, Value)],
        declared: &[ClassValueId],
        served: &FxHashSet<u32>,
    ) {
        let mut kinds: Vec<(&'p str, Vec<ClassValueId>)> = Vec::new();
        for class in declared.iter().copied().filter(|class| !served.contains(&class.0)) {
            let Some((row, ..)) = self.controller_row(class) else { continue };
            match kinds.iter_mut().find(|(scope, _)| *scope == row.scope) {
                Some((_, classes)) => classes.push(class),
                None => kinds.push((&row.scope, vec![class])),
            }
        }
        for (scope, left) in kinds {
            self.serve_unmounted_kind(scopes, scope, &left);
        }
    }

    /// The same for the controllers of one kind of scope.
    fn serve_unmounted_kind(&mut self, scopes: &[(ObjId, Value)], kind: &str, unlisted: &[ClassValueId]) {
        let mut object = Object::new(None);
        object.ty = Some(self.symbols.sym(kind));
        let unmounted = self.heap.object(object);
        for scope in scopes.iter().map(|(scope, _)| *scope).chain([unmounted]) {
            let is_here = |this: &Self, class: ClassValueId| {
                this.scope_beside(scopes, this.heap.classes[class].file).unwrap_or(unmounted) == scope
            };
            let left: Vec<ClassValueId> =
                unlisted.iter().copied().filter(|class| is_here(self, *class)).collect();
            if left.is_empty() {
                continue;
            }
            let mut walk = Walk { is_guess: true, ..Walk::default() };
            let classes: Vec<ClassValueId> = self.heap.classes.iter_enumerated().map(|(id, _)| id).collect();
            let here: Vec<ClassValueId> = classes.into_iter().filter(|class| is_here(self, *class)).collect();
            for class in here {
                self.visit(&Value::new(Shape::Class(class)), None, &mut walk);
            }
            let listed: FxHashSet<u32> = walk.controllers.iter().map(|(class, _)| class.0).collect();
            walk.controllers.retain(|(class, _)| left.contains(class));
            walk.controllers
                .extend(left.iter().filter(|class| !listed.contains(&class.0)).map(|class| (*class, None)));
            self.serve(scope, &mut walk);
        }
    }

    /// The scope whose program's folder, the innermost of several, a file lies in.
    fn scope_beside(&self, scopes: &[(ObjId, Value)], file: FileId) -> Option<ObjId> {
        let path = &self.program.units[file].path;
        let folder = |scope: ObjId| {
            let place = self.heap.objects[scope].place?;
            let path = &self.program.units[place.file].path;
            Some(path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/")))
        };
        let folders = scopes.iter().filter_map(|(scope, _)| Some((*scope, folder(*scope)?)));
        folders
            .filter(|(_, folder)| path.starts_with(folder.as_str()))
            .max_by_key(|(_, folder)| folder.len())
            .map(|(scope, _)| scope)
    }

    /// The scopes that serve a container, each with the container.
    fn container_scopes(&mut self) -> Vec<(ObjId, Value)> {
        let mut scopes = Vec::new();
        let objects: Vec<(ObjId, Sym)> =
            self.heap.objects.iter_enumerated().filter_map(|(id, object)| Some((id, object.ty?))).collect();
        for (id, ty) in objects {
            let access = self.index.lineage(ty, &self.symbols).iter().find_map(|row| row.container.clone());
            if let Some(access) = access {
                let args = self.heap.objects[id].args.clone();
                let container = self.access_text(&access, None, &args).unwrap_or(Value::UNKNOWN);
                scopes.push((id, container));
            }
        }
        scopes
    }

    // ---------------------------------------------------------------------------------------- containers

    /// Walks what a container lists. `row` says how the container that names it reads plain objects.
    fn visit(&mut self, value: &Value, row: Option<&'p ContainerRow>, walk: &mut Walk<'p>) {
        for value in self.flat(vec![value.clone()]).iter().flat_map(|value| value.alternatives().to_vec()) {
            match value.shape {
                Shape::Class(class) => self.visit_class(class, walk),
                Shape::Object(id) => match (self.heap.objects[id].ty, row) {
                    (Some(ty), _) => self.visit_made(id, ty, walk),
                    (None, Some(row)) if walk.seen.insert(id.0 | 1 << 31) => {
                        let args: Rc<[Value]> = [value.clone()].into();
                        let place = self.heap.objects[id].place.unwrap_or(NOWHERE);
                        let mark = Mark { path: self.symbols.sym(""), maker: None, args, place };
                        let named = self.mark_access(&mark, &row.class);
                        let class = named.iter().find_map(|value| match value.shape {
                            Shape::Class(class) => Some(class),
                            _ => None,
                        });
                        if let Some(class) = class {
                            self.visit_class(class, walk);
                        }
                        self.visit_parts(row, &mark, class, walk);
                    }
                    _ => {}
                },
                Shape::Unknown => walk.is_open = true,
                _ => {}
            }
        }
    }

    fn visit_class(&mut self, class: ClassValueId, walk: &mut Walk<'p>) {
        if !walk.seen.insert(class.0) {
            return;
        }
        for base in self.bases(class) {
            for mark in self.class_marks(base) {
                for (row, _) in self.mark_rows(&mark) {
                    if let Row::Container(row) = row {
                        walk.containers.push((class, row));
                        self.visit_parts(row, &mark, Some(class), walk);
                        return;
                    }
                }
            }
        }
    }

    /// An object that a library made where a container is expected: perhaps a table of paths.
    fn visit_made(&mut self, id: ObjId, ty: Sym, walk: &mut Walk<'p>) {
        let text = self.symbols.text(ty);
        let Some(path) = text.strip_suffix("()") else { return };
        let path = self.symbols.sym(path);
        let rows = self.index.rows(path, &self.symbols);
        for matched in rows.iter() {
            if let Row::Placement(row) = matched.row {
                let args = self.heap.objects[id].args.clone();
                let mark = Mark { path, maker: None, args, place: NOWHERE };
                let items = self.mark_access(&mark, &row.items);
                self.place_all(row, &items, None, 0, walk);
            }
        }
    }

    fn place_all(
        &mut self,
        row: &'p routeward_catalog::PlacementRow,
        items: &[Value],
        above: Option<&Value>,
        depth: u32,
        walk: &mut Walk<'p>,
    ) {
        if depth > 8 {
            return;
        }
        for item in self.flat(items.to_vec()) {
            if let Shape::Class(class) = item.shape {
                walk.placements.extend(above.map(|path| (class, path.clone())));
                continue;
            }
            let path = self.member(&item, &row.path);
            let path = if path.is_nullish() { above.cloned() } else { Some(self.prefixed(above, &path)) };
            if let (Shape::Class(class), Some(path)) = (&self.member(&item, &row.container).shape, &path) {
                walk.placements.push((*class, path.clone()));
            }
            let children = self.member(&item, &row.children);
            if self.known_elements(&children).is_some() {
                self.place_all(row, &[children], path.as_ref(), depth + 1, walk);
            }
        }
    }

    fn member(&mut self, value: &Value, name: &str) -> Value {
        let name = self.symbols.sym(name);
        self.get(value, name, NOWHERE)
    }

    fn visit_parts(
        &mut self,
        row: &'p ContainerRow,
        mark: &Mark,
        class: Option<ClassValueId>,
        walk: &mut Walk<'p>,
    ) {
        for part in self.mark_access(mark, &row.containers) {
            self.visit(&part, Some(row), walk);
        }
        let controllers = self.mark_access(mark, &row.controllers);
        for part in self.flat(controllers).iter().flat_map(|value| value.alternatives().to_vec()) {
            match part.shape {
                Shape::Class(controller) => walk.controllers.push((controller, class)),
                Shape::Unknown => walk.is_open = true,
                _ => {}
            }
        }
        let providers = self.mark_access(mark, &row.providers);
        for part in self.flat(providers) {
            self.provider(row, &part, class, walk);
        }
    }

    /// An element of what a container provides: a class, or a name and what stands for it.
    fn provider(
        &mut self,
        row: &'p ContainerRow,
        value: &Value,
        class: Option<ClassValueId>,
        walk: &mut Walk<'p>,
    ) {
        match value.shape {
            Shape::Class(provided) => walk.controllers.push((provided, class)),
            Shape::Object(id) if self.heap.objects[id].ty.is_none() => {
                let token = self.member(value, &row.token);
                let place = self.heap.objects[id].place.unwrap_or(NOWHERE);
                let given =
                    row.values.iter().map(|name| self.member(value, name)).find(|given| !given.is_nullish());
                let entry = self.global_entry(&token);
                if let Some(given) = &given {
                    self.provide(token.clone(), given.clone(), entry, place, walk);
                    return;
                }
                let Some(name) = row.factory.first() else { return };
                let factory = self.member(value, name);
                let names = row.factory.get(1).map_or(Value::UNDEFINED, |name| self.member(value, name));
                let names = self.known_elements(&names).unwrap_or_default();
                if matches!(factory.shape, Shape::Closure(_)) {
                    walk.factories.push((token, factory, names));
                }
            }
            _ => {}
        }
    }

    fn provide(&mut self, token: Value, given: Value, entry: Option<Sym>, place: Place, walk: &mut Walk<'p>) {
        match entry {
            Some(entry) => walk.globals.push(Link { value: given, place, entry: Some(entry) }),
            None if token.is_nullish() || matches!(token.shape, Shape::Unknown) => {}
            None => self.declarations.tokens.push((token, given)),
        }
    }

    /// The entry signature under which a name takes functions for every endpoint.
    fn global_entry(&self, token: &Value) -> Option<Sym> {
        let Shape::External(path) = token.shape else { return None };
        self.index.rows(path, &self.symbols).iter().find_map(|matched| match matched.row {
            Row::Provide(row) => Some(self.symbols.sym(&row.entry)),
            _ => None,
        })
    }

    // ---------------------------------------------------------------------------------------- endpoints

    /// Adds the events of everything that was found below a scope.
    fn serve(&mut self, scope: ObjId, walk: &mut Walk<'p>) {
        for (token, factory, names) in std::mem::take(&mut walk.factories) {
            let args: Vec<Value> = names
                .iter()
                .map(|name| self.by_token(name, NOWHERE).unwrap_or_else(|| self.instance(name, NOWHERE)))
                .collect();
            let place = self.place_of(&factory);
            let given = self.call(&factory, &Value::UNDEFINED, &args, place);
            self.path.is_live = true;
            let entry = self.global_entry(&token);
            self.provide(token, given, entry, place, walk);
        }
        self.configure(walk);
        let settings = self.settings(scope);
        let (mut late, pipes) = self.take_globals(scope, walk);
        let from = self.events.len();
        let mut all_routes = Vec::new();
        let mut done = FxHashSet::default();
        for (class, container) in walk.controllers.clone() {
            if !done.insert(class.0) {
                continue;
            }
            let placed = walk.placements.iter().find(|(placed, _)| Some(*placed) == container);
            let placement = placed.map(|(_, path)| path.clone());
            let around = Surroundings {
                scope,
                settings: &settings,
                placement,
                pipes: &pipes,
                is_guess: walk.is_guess,
            };
            self.controller(class, &around, &mut all_routes);
        }
        let routes = self.events.split_off(from);
        self.attach_middleware(scope, &settings, &all_routes);
        for event in &mut late {
            self.prepare_links(event);
        }
        self.events.extend(late);
        self.events.extend(routes);
    }

    /// Makes the instances behind a chain before any request is run, so that all requests share them.
    fn prepare_links(&mut self, event: &Event) {
        let (EventKind::Attach { chain, .. } | EventKind::Route { chain, .. }) = &event.kind;
        for link in chain {
            self.instance(&link.value, link.place);
        }
    }

    /// Runs the methods by which containers attach functions by path.
    fn configure(&mut self, walk: &Walk<'p>) {
        for (class, row) in &walk.containers {
            if row.configure.is_empty() {
                continue;
            }
            let name = self.symbols.sym(&row.configure);
            let has_method = self
                .method(*class, name, false)
                .is_some_and(|method| matches!(method.shape, Shape::Closure(_)));
            if has_method {
                let instance = self.instance(&Value::new(Shape::Class(*class)), NOWHERE);
                let consumer = self.pristine(&row.configure_with);
                let place = self.place_of(&instance);
                self.call_method(&instance, name, &[consumer], place);
                self.path.is_live = true;
            }
        }
    }

    /// Registers functions by path: called while a container is set up.
    pub(crate) fn register_middleware(&mut self, row: &MiddlewareRow, site: Site<'_>) -> Value {
        if self.run.is_none() {
            let values = self.access(&row.chain, site);
            let entry = self.symbols.sym(&row.entry);
            let chain = self
                .flat(values)
                .into_iter()
                .map(|value| Link { value, place: site.place, entry: Some(entry) })
                .collect();
            let targets = self.access(&row.targets, site);
            let targets = self.flat(targets).into_iter().map(|target| self.target(row, target)).collect();
            let except = self.option(site.this, "except");
            let except = except
                .into_iter()
                .map(|value| self.target(row, value))
                .map(|(value, method)| (method, value))
                .collect();
            let path = self.symbols.text(site.path);
            let package = path.split('.').next().unwrap_or("").to_owned();
            self.declarations.middleware.push(Middleware {
                chain,
                targets,
                except,
                place: site.place,
                package,
                entry,
            });
        }
        self.pristine(&row.gives)
    }

    /// A template or controller, and the method of a target that names one.
    fn target(&mut self, row: &MiddlewareRow, target: Value) -> (Value, Option<String>) {
        let Shape::Object(id) = target.shape else { return (target, None) };
        if self.heap.objects[id].ty.is_some() {
            return (target, None);
        }
        let path = self.member(&target, &row.path);
        let method = self.member(&target, &row.method);
        let method = self.word(&method).map(|word| word.to_uppercase());
        (path, method.map(|word| if word == "ALL" { "ANY".to_owned() } else { word }))
    }

    /// A constant, or the last segment of a path of a dependency.
    fn word(&self, value: &Value) -> Option<String> {
        match value.shape {
            Shape::Str(sym) => Some(self.symbols.text(sym)),
            Shape::External(path) => self.symbols.text(path).rsplit('.').next().map(str::to_owned),
            Shape::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Sets options of the receiver.
    pub(crate) fn set_options(&mut self, row: &OptionRow, site: Site<'_>) {
        let Some(Value { shape: Shape::Object(id), .. }) = site.this else { return };
        if self.run.is_some() || !self.holds_when(row.when.as_ref(), site) {
            return;
        }
        for (name, access) in &row.set {
            let values = self.access(access, site);
            let values = self.heap.array(values, false, Some(site.place));
            let name = self.symbols.sym(&format!("${name}"));
            self.heap.write(Loc::Field(*id, name), Some(values));
        }
    }

    /// The values of an option.
    fn option(&self, of: Option<&Value>, name: &str) -> Vec<Value> {
        let Some(Value { shape: Shape::Object(id), .. }) = of else { return Vec::new() };
        let name = self.symbols.sym(&format!("${name}"));
        let values = self.heap.objects[*id].field(name).cloned();
        self.flat(values.into_iter().collect()).into_iter().filter(|value| !value.is_nullish()).collect()
    }

    fn settings(&mut self, scope: ObjId) -> Settings {
        let this = Value::object(scope);
        let first = |this: &Self, of: &Value, name: &str| this.option(Some(of), name).into_iter().next();
        let except = self.option(Some(&this), "prefix-except");
        let except = except
            .into_iter()
            .map(|value| match value.shape {
                Shape::Object(_) => {
                    let method = self.member(&value, "method");
                    let method = self.word(&method).filter(|word| word != "ALL");
                    (method, self.member(&value, "path"))
                }
                _ => (None, value),
            })
            .collect();
        let version_prefix = match first(self, &this, "version-prefix") {
            Some(Value { shape: Shape::Str(sym), .. }) => self.symbols.text(sym),
            Some(Value { shape: Shape::Bool(false), .. }) => String::new(),
            _ => "v".to_owned(),
        };
        Settings {
            prefix: first(self, &this, "path-prefix"),
            except,
            is_versioned: first(self, &this, "is-versioned").is_some(),
            version: first(self, &this, "version"),
            version_prefix,
        }
    }

    /// What runs for every endpoint: attachments of the scope by start-up code, and what containers provide; those
    /// that inputs pass are returned apart.
    fn take_globals(&mut self, scope: ObjId, walk: &mut Walk<'p>) -> (Vec<Event>, Vec<Link>) {
        let is_late = |this: &Self, entry: Option<Sym>| {
            entry.and_then(|entry| this.index.entry(entry)).is_some_and(|row| row.method.is_some())
        };
        let transforms = |this: &Self, entry: Option<Sym>| {
            entry.and_then(|entry| this.index.entry(entry)).is_some_and(|row| row.transforms)
        };
        let (mut late, mut pipes) = (Vec::new(), Vec::new());
        for event in std::mem::take(&mut self.events) {
            if event.scope != scope || !is_late(self, event.entry) {
                self.events.push(event);
            } else if transforms(self, event.entry) {
                if let EventKind::Attach { chain, .. } = event.kind {
                    let entry = event.entry;
                    pipes.extend(chain.into_iter().map(|link| Link { entry, ..link }));
                }
            } else {
                late.push(event);
            }
        }
        for link in walk.globals.drain(..) {
            if transforms(self, link.entry) {
                pipes.push(link);
                continue;
            }
            let (place, entry) = (link.place, link.entry);
            let kind = EventKind::Attach {
                paths: Vec::new(),
                chain: vec![link],
                reach: Reach::Later,
                is_exact: false,
            };
            late.push(Event {
                scope,
                kind,
                place,
                conditions: Rc::from([]),
                package: String::new(),
                entry,
                subject: None,
                limits: None,
                handler_name: None,
            });
        }
        for pipe in &pipes {
            self.instance(&pipe.value, pipe.place);
        }
        (late, pipes)
    }

    fn attach_middleware(&mut self, scope: ObjId, settings: &Settings, routes: &[Routes]) {
        for middleware in std::mem::take(&mut self.declarations.middleware) {
            for (target, method) in &middleware.targets {
                let attached: Vec<(Vec<Value>, Vec<String>, bool)> = if let Shape::Class(class) = target.shape
                {
                    let of_class = routes.iter().filter(|routes| routes.class == class);
                    of_class.map(|routes| (routes.paths.clone(), routes.methods.clone(), true)).collect()
                } else {
                    let (path, is_all) = self.without_wildcard(target);
                    let mut paths = vec![self.prefixed(settings.prefix.as_ref(), &path)];
                    if settings.prefix.is_some() && self.is_excepted(settings, &path, None) {
                        paths.push(path);
                    }
                    let methods = method.iter().filter(|method| *method != "ANY").cloned().collect();
                    if is_all {
                        vec![(Vec::new(), methods, false)]
                    } else {
                        vec![(paths, methods, method.is_some())]
                    }
                };
                let mut except = Vec::new();
                for (method, path) in &middleware.except {
                    except.push((
                        method.clone().filter(|word| word != "ANY"),
                        self.prefixed(settings.prefix.as_ref(), path),
                    ));
                    except.push((method.clone().filter(|word| word != "ANY"), path.clone()));
                }
                for (paths, methods, is_exact) in attached {
                    let limits = Limits { methods, except: except.clone() };
                    let event = Event {
                        scope,
                        kind: EventKind::Attach {
                            paths,
                            chain: middleware.chain.clone(),
                            reach: Reach::Later,
                            is_exact,
                        },
                        place: middleware.place,
                        conditions: Rc::from([]),
                        package: middleware.package.clone(),
                        entry: Some(middleware.entry),
                        subject: None,
                        limits: Some(Rc::new(limits)),
                        handler_name: None,
                    };
                    self.prepare_links(&event);
                    self.events.push(event);
                }
            }
        }
    }

    /// A template for everything, in any spelling, is none.
    fn without_wildcard(&self, path: &Value) -> (Value, bool) {
        let Shape::Str(sym) = path.shape else { return (path.clone(), false) };
        let text = self.symbols.text(sym);
        let bare = text.trim_matches(['/', '{', '}', '(', ')', '.', '?']);
        let is_all =
            bare.strip_prefix('*').is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
        (path.clone(), is_all || bare.is_empty())
    }

    fn controller(&mut self, class: ClassValueId, around: &Surroundings<'_>, all: &mut Vec<Routes>) {
        let Some((row, package, mark)) = self.controller_row(class) else { return };
        let prefixes = self.first_path(&mark, &row.prefix);
        let mut version = if row.in_version.is_empty() {
            None
        } else {
            self.mark_access(&mark, &row.in_version).into_iter().next()
        };
        version = version.filter(|value| !value.is_nullish() && !matches!(value.shape, Shape::Unknown));
        let (mut guards, mut pipes) = (Vec::new(), around.pipes.to_vec());
        let key = Value::str(self.symbols.sym(VERSION));
        let value = Value::new(Shape::Class(class));
        version = self.stored(&value, &key).or(version);
        for base in self.bases(class).into_iter().rev() {
            let marks = self.class_marks(base);
            self.attached(&marks, &mut guards, &mut pipes);
        }
        let instance = self.instance(&value, self.place_of(&value));
        let mut names = FxHashSet::default();
        for owner in self.bases(class) {
            let (file, code, env) = self.class_code(owner);
            for member in &self.module(file).classes[code].members {
                let (MemberKind::Method(func), Key::Name(name)) = (member.kind, member.key) else { continue };
                if member.is_static || !names.insert(self.sym(file, name)) {
                    continue;
                }
                let marks = self.method_marks(file, env, func);
                let (mut guards, mut pipes) = (guards.clone(), pipes.clone());
                self.attached(&marks, &mut guards, &mut pipes);
                self.prepare_params(file, env, func);
                let plain = Closure { file, func, env, this: None, same_scope: false, given: None };
                let handler = Value::new(Shape::Closure(self.heap.closures.push(plain.clone())));
                let bound = Closure { this: Some(instance.clone()), ..plain };
                let bound = Value::new(Shape::Closure(self.heap.closures.push(bound)));
                let own = self.stored(&handler, &key).or_else(|| version.clone());
                let mut chain = guards;
                let entry = Some(self.symbols.sym(&row.entry));
                chain.push(Link { value: bound, place: Place { file, span: member.name_span }, entry });
                for action_mark in &marks {
                    for (action, _) in self.mark_rows(action_mark) {
                        let Row::Action(action) = action else { continue };
                        let method_name = self.module(file).text(name).to_owned();
                        let (paths, methods, operation) = self.spoken(
                            action,
                            row,
                            action_mark,
                            &method_name,
                            &prefixes,
                            own.as_ref(),
                            around,
                        );
                        let subject = Subject {
                            class: value.clone(),
                            handler: handler.clone(),
                            pipes: pipes.as_slice().into(),
                            speech: if action.protocol == Speech::Http {
                                row.protocol
                            } else {
                                action.protocol
                            },
                            operation,
                            is_guess: around.is_guess,
                        };
                        let subject = self.declarations.subjects.push(subject);
                        all.push(Routes { class, paths: paths.clone(), methods: methods.clone() });
                        let event = Event {
                            scope: around.scope,
                            kind: EventKind::Route {
                                methods,
                                paths,
                                chain: chain.clone(),
                                made: None,
                                schemas: Vec::new(),
                            },
                            place: action_mark.place,
                            conditions: Rc::from([]),
                            package: package.to_owned(),
                            entry,
                            subject: Some(subject),
                            limits: None,
                            handler_name: None,
                        };
                        self.prepare_links(&event);
                        self.events.push(event);
                    }
                }
            }
        }
    }

    /// Evaluates the decorators of a method's parameters before any request is run.
    fn prepare_params(&mut self, file: FileId, env: FrameId, func: FuncId) {
        for param in &self.module(file).functions[func].params {
            for mark in self.marks(file, env, &param.decorators) {
                for value in mark.args.iter() {
                    self.instance(value, mark.place);
                }
            }
            if let Some(ty) = param.ty {
                let class = self.resolve_type(file, ty);
                self.is_constrained(&class);
            }
        }
    }

    /// What the decorators of one declaration attach, innermost first.
    pub(crate) fn attached(&mut self, marks: &[Mark], guards: &mut Vec<Link>, pipes: &mut Vec<Link>) {
        for mark in marks.iter().rev() {
            for (row, _) in self.mark_rows(mark) {
                let Row::Decorate(row) = row else { continue };
                let Some(entry) = row.entry.as_ref().map(|entry| self.symbols.sym(entry)) else { continue };
                let is_pipe = self.index.entry(entry).is_some_and(|row| row.transforms);
                let values = self.mark_access(mark, &row.chain);
                for value in self.flat(values) {
                    let link = Link { value, place: mark.place, entry: Some(entry) };
                    self.instance(&link.value, link.place);
                    if is_pipe { pipes.push(link) } else { guards.push(link) }
                }
            }
        }
    }

    /// The first of several access paths that gives templates; the root if none does.
    fn first_path(&mut self, mark: &Mark, accesses: &[String]) -> Vec<Value> {
        let mut found: Option<Vec<Value>> = None;
        for access in accesses {
            let values = self.mark_access(mark, access);
            if values.is_empty() {
                continue;
            }
            let flat = self.flat(values);
            if !flat.is_empty() && flat.iter().all(|value| self.is_path_like(value)) {
                return flat.iter().flat_map(|value| value.alternatives().to_vec()).collect();
            }
            let is_path = |value: &Value| {
                matches!(value.shape, Shape::Unknown)
                    && !matches!(mark.args.first().map(|arg| &arg.shape), Some(Shape::Object(_)))
            };
            if flat.len() == 1 && flat.iter().all(is_path) {
                found = Some(flat);
            }
        }
        found.unwrap_or_else(|| vec![Value::str(self.symbols.sym(""))])
    }

    /// Paths and methods of an endpoint, and its name if it is an operation.
    #[expect(clippy::too_many_arguments, reason = "what the two decorators and the program say")]
    fn spoken(
        &mut self,
        action: &ActionRow,
        row: &ControllerRow,
        mark: &Mark,
        name: &str,
        prefixes: &[Value],
        version: Option<&Value>,
        around: &Surroundings<'_>,
    ) -> (Vec<Value>, Vec<String>, Option<String>) {
        let speech = if action.protocol == Speech::Http { row.protocol } else { action.protocol };
        let given = self.first_path(mark, &action.path);
        if speech != Speech::Http {
            let given = given.iter().find_map(|value| self.word(value)).filter(|word| !word.is_empty());
            let operation = given.unwrap_or_else(|| name.to_owned());
            let operation =
                if action.method.is_empty() { operation } else { format!("{}.{operation}", action.method) };
            let path = if speech == Speech::Graphql { "graphql" } else { "" };
            return (vec![Value::str(self.symbols.sym(path))], vec![String::new()], Some(operation));
        }
        let methods = self.action_methods(action, mark);
        let mut paths = Vec::new();
        for prefix in prefixes {
            for path in &given {
                let path = self.prefixed(Some(prefix), path);
                let path = self.prefixed(around.placement.as_ref(), &path);
                for versioned in self.versioned(around.settings, version, &path) {
                    let is_bare = around.settings.prefix.is_none()
                        || methods
                            .iter()
                            .any(|method| self.is_excepted(around.settings, &versioned, Some(method)));
                    paths.push(if is_bare {
                        versioned
                    } else {
                        self.prefixed(around.settings.prefix.as_ref(), &versioned)
                    });
                }
            }
        }
        (paths, methods, None)
    }

    fn action_methods(&mut self, action: &ActionRow, mark: &Mark) -> Vec<String> {
        let words = if action.method == "$name" {
            let path = self.symbols.text(mark.path);
            vec![path.rsplit('.').next().unwrap_or("").to_owned()]
        } else {
            let values = self.mark_access(mark, &action.method);
            self.flat(values).iter().filter_map(|value| self.word(value)).collect()
        };
        words
            .into_iter()
            .map(|word| word.to_uppercase())
            .map(|word| if word == "ALL" { "ANY".to_owned() } else { word })
            .collect()
    }

    /// The path with its versions in front, where the scope puts versions there.
    fn versioned(&mut self, settings: &Settings, version: Option<&Value>, path: &Value) -> Vec<Value> {
        let version = version.or(settings.version.as_ref()).filter(|_| settings.is_versioned);
        let Some(version) = version.cloned() else { return vec![path.clone()] };
        let mut paths = Vec::new();
        for version in self.flat(vec![version]) {
            match self.word(&version) {
                // A version that is a name of the library stands for none.
                Some(word) if !matches!(version.shape, Shape::External(_)) => {
                    let segment = Value::str(self.symbols.sym(&format!("{}{word}", settings.version_prefix)));
                    paths.push(self.prefixed(Some(&segment), path));
                }
                _ => paths.push(path.clone()),
            }
        }
        paths
    }

    /// True if the scope's prefix leaves out a path.
    fn is_excepted(&self, settings: &Settings, path: &Value, method: Option<&str>) -> bool {
        let plain = |value: &Value| match value.shape {
            Shape::Str(sym) => {
                let text = self.symbols.text(sym);
                Some(text.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"))
            }
            _ => None,
        };
        let Some(path) = plain(path) else { return false };
        settings.except.iter().any(|(only, value)| {
            let fits = only.as_deref().is_none_or(|only| method.is_none_or(|method| method == only));
            let Some(except) = plain(value) else { return false };
            let star = except.find(['*', '(', '{']);
            let covers = match star {
                Some(at) => path.starts_with(except[..at].trim_end_matches('/')),
                None => except == path,
            };
            fits && covers
        })
    }
}

/// Where nothing better is known.
pub(crate) const NOWHERE: Place = Place { file: FileId(0), span: routeward_base::Span { start: 0, len: 0 } };

/// The key under which decorators store the version of an endpoint.
const VERSION: &str = "$version";
