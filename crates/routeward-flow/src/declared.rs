//! Endpoints that decorators declare: containers that list controllers, controllers whose methods answer, and
//! what is attached to either.
//!
//! Start-up code only makes the scope and names the container. After it, containers are walked from every such
//! scope; decorators are evaluated as the expressions they are, in the environment of their class, so that those
//! a program composes by itself mean what they are made of. What comes out are events of the scope, in the order
//! in which a request meets them.

use std::rc::Rc;

use routeward_base::{FileId, FxHashMap, FxHashSet, IndexVec};
use routeward_catalog::{
    ActionRow, BindRow, ContainerRow, ControllerRow, EntryRow, MetadataRow, MiddlewareRow, OptionRow, Reach, Says,
    SourceKind, SourceRow, Speech,
};
use routeward_diag::Place;
use routeward_ir::{ExprId, FuncId, Key, MemberKind, TypeId, TypeKind};

use crate::eval::{Cx, Evaluator, Path};
use crate::event::{Event, EventKind, Limits, Link, Subject, SubjectId};
use crate::heap::{Loc, Object};
use crate::index::Row;
use crate::modelled::Site;
use crate::value::{ClassValueId, Closure, FrameId, InputPath, ObjId, Shape, Tags, Truth, Value};
use crate::Sym;

/// What decorators and containers have told.
#[derive(Default)]
pub(crate) struct Declarations {
    subjects: IndexVec<SubjectId, Subject>,
    /// The endpoint being judged.
    pub current: Option<SubjectId>,
    /// Names that containers provide, and the class or value that stands for each.
    tokens: Vec<(Value, Value)>,
    middleware: Vec<Middleware>,
    marks: FxHashMap<(FileId, ExprId, FrameId), Rc<[Mark]>>,
    constrained: FxHashMap<ClassValueId, bool>,
}

/// A decorator as it was applied.
#[derive(Clone, Debug)]
struct Mark {
    path: Sym,
    /// What made the decorator, if a call of a dependency did.
    maker: Option<Value>,
    args: Rc<[Value]>,
    place: Place,
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
        let declared: Vec<ClassValueId> = classes.into_iter().filter(|class| self.is_controller(*class)).collect();
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
    fn serve_unmounted(&mut self, scopes: &[(ObjId, Value)], declared: &[ClassValueId], served: &FxHashSet<u32>) {
        let left: Vec<ClassValueId> = declared.iter().copied().filter(|class| !served.contains(&class.0)).collect();
        let Some(row) = left.first().and_then(|class| self.controller_row(*class)) else { return };
        let mut object = Object::new(None);
        object.ty = Some(self.symbols.sym(&row.0.scope));
        let unmounted = self.heap.object(object);
        for scope in scopes.iter().map(|(scope, _)| *scope).chain([unmounted]) {
            let is_here = |this: &Self, class: ClassValueId| {
                this.scope_beside(scopes, this.heap.classes[class].file).unwrap_or(unmounted) == scope
            };
            let left: Vec<ClassValueId> = left.iter().copied().filter(|class| is_here(self, *class)).collect();
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
            walk.controllers.retain(|(class, _)| !served.contains(&class.0) && is_here(self, *class));
            walk.controllers.extend(left.iter().filter(|class| !listed.contains(&class.0)).map(|class| (*class, None)));
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
        folders.filter(|(_, folder)| path.starts_with(folder.as_str())).max_by_key(|(_, folder)| folder.len()).map(|(scope, _)| scope)
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

    // ---------------------------------------------------------------------------------------- decorators

    /// The value of applying a decorator that a model knows.
    pub(crate) fn decoration(&mut self, path: Sym, maker: Option<&Value>, args: &[Value], place: Place) -> Value {
        let mut object = Object::new(Some(place));
        object.ty = Some(self.symbols.call(path));
        object.args = args.into();
        if let Some(maker) = maker {
            object.fields.push((self.symbols.sym(MAKER), maker.clone()));
        }
        Value::object(self.heap.object(object))
    }

    /// The decorators of a declaration, outermost first.
    fn marks(&mut self, file: FileId, env: FrameId, decorators: &[ExprId]) -> Vec<Mark> {
        let mut all = Vec::new();
        for expr in decorators {
            let key = (file, *expr, env);
            let known = self.declarations.marks.get(&key).cloned();
            let marks = known.unwrap_or_else(|| {
                let value = self.eval_in(file, env, *expr);
                let place = Place { file, span: self.module(file).expr_spans[*expr] };
                let mut marks = Vec::new();
                self.collect_marks(&value, place, 0, &mut marks);
                let marks: Rc<[Mark]> = marks.into();
                self.declarations.marks.insert(key, marks.clone());
                marks
            });
            all.extend(marks.iter().cloned());
        }
        all
    }

    /// Evaluates an expression of a class's declaration, outside of any run.
    fn eval_in(&mut self, file: FileId, env: FrameId, expr: ExprId) -> Value {
        let outer = std::mem::replace(&mut self.cx, Cx { file, frame: env });
        let path = std::mem::replace(&mut self.path, Path { is_live: true, ..Path::default() });
        let run = self.run.take();
        let value = self.eval(expr);
        (self.cx, self.path, self.run) = (outer, path, run);
        value
    }

    fn collect_marks(&mut self, value: &Value, place: Place, depth: u32, marks: &mut Vec<Mark>) {
        for value in value.alternatives() {
            let mark = match value.shape {
                Shape::External(path) => Mark { path, maker: None, args: Rc::from([]), place },
                Shape::Object(id) => {
                    let Some(ty) = self.heap.objects[id].ty else { continue };
                    let text = self.symbols.text(ty);
                    let Some(path) = text.strip_suffix("()") else { continue };
                    let maker = self.heap.objects[id].field(self.symbols.sym(MAKER)).cloned();
                    Mark { path: self.symbols.sym(path), maker, args: self.heap.objects[id].args.clone(), place }
                }
                _ => continue,
            };
            let rows = self.index.rows(mark.path, &self.symbols);
            let all = rows.iter().find_map(|matched| match matched.row {
                Row::Decorate(row) if row.says == Some(Says::All) => Some(row),
                _ => None,
            });
            match all {
                Some(row) if depth < 8 => {
                    let parts = self.mark_access(&mark, &row.chain);
                    for part in self.flat(parts) {
                        self.collect_marks(&part, place, depth + 1, marks);
                    }
                }
                _ => marks.push(mark),
            }
        }
    }

    fn mark_access(&mut self, mark: &Mark, access: &str) -> Vec<Value> {
        let site = Site { path: mark.path, this: mark.maker.as_ref(), args: &mark.args, place: mark.place };
        self.access(access, site)
    }

    /// The rows that speak of a decorator, with the package of each.
    fn mark_rows(&mut self, mark: &Mark) -> Vec<(Row<'p>, &'p str)> {
        let rows = self.index.rows(mark.path, &self.symbols);
        let mut fitting = Vec::new();
        for matched in rows.iter() {
            if self.version_fits(matched.package, matched.version) {
                fitting.push((matched.row, matched.package));
            }
        }
        fitting
    }

    /// The class and those it derives from.
    fn bases(&self, class: ClassValueId) -> Vec<ClassValueId> {
        let mut classes = vec![class];
        while let Some(last) = classes.last()
            && classes.len() < 16
        {
            match self.heap.classes[*last].base.as_ref().map(|base| &base.shape) {
                Some(Shape::Class(base)) if !classes.contains(base) => classes.push(*base),
                _ => break,
            }
        }
        classes
    }

    fn class_marks(&mut self, class: ClassValueId) -> Vec<Mark> {
        let (file, code, env) = self.class_code(class);
        let decorators = self.module(file).classes[code].decorators.clone();
        self.marks(file, env, &decorators)
    }

    fn class_code(&self, class: ClassValueId) -> (FileId, routeward_ir::ClassId, FrameId) {
        let value = &self.heap.classes[class];
        (value.file, value.class, value.env)
    }

    fn method_marks(&mut self, file: FileId, env: FrameId, func: FuncId) -> Vec<Mark> {
        let decorators = self.module(file).functions[func].decorators.clone();
        self.marks(file, env, &decorators)
    }

    fn is_controller(&mut self, class: ClassValueId) -> bool {
        let (file, code, _) = self.class_code(class);
        let has_any = !self.module(file).classes[code].decorators.is_empty();
        has_any && self.program.units[file].role == routeward_ir::Role::Source && self.controller_row(class).is_some()
    }

    /// The row that makes a class a controller, and the decorator; inherited from a base class where it has none.
    fn controller_row(&mut self, class: ClassValueId) -> Option<(&'p ControllerRow, &'p str, Mark)> {
        for class in self.bases(class) {
            for mark in self.class_marks(class) {
                for (row, package) in self.mark_rows(&mark) {
                    if let Row::Controller(row) = row {
                        return Some((row, package, mark));
                    }
                }
            }
        }
        None
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

    fn place_all(&mut self, row: &'p routeward_catalog::PlacementRow, items: &[Value], above: Option<&Value>, depth: u32, walk: &mut Walk<'p>) {
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

    fn visit_parts(&mut self, row: &'p ContainerRow, mark: &Mark, class: Option<ClassValueId>, walk: &mut Walk<'p>) {
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
    fn provider(&mut self, row: &'p ContainerRow, value: &Value, class: Option<ClassValueId>, walk: &mut Walk<'p>) {
        match value.shape {
            Shape::Class(provided) => walk.controllers.push((provided, class)),
            Shape::Object(id) if self.heap.objects[id].ty.is_none() => {
                let token = self.member(value, &row.token);
                let place = self.heap.objects[id].place.unwrap_or(NOWHERE);
                let given = row.values.iter().map(|name| self.member(value, name)).find(|given| !given.is_nullish());
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

    // ---------------------------------------------------------------------------------------- instances

    /// What a container puts in for a parameter or field.
    pub(crate) fn injected(&mut self, file: FileId, env: FrameId, decorators: &[ExprId], ty: Option<TypeId>, place: Place) -> Value {
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
                let is_injected = marks.iter().any(|mark| {
                    self.mark_rows(mark).iter().any(|(row, _)| matches!(row, Row::Inject(_)))
                });
                if is_injected {
                    let value = self.injected(file, env, &member.decorators, member.ty, place);
                    let name = self.sym(file, name);
                    self.set(instance, name, value, place);
                }
            }
        }
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
            let around = Surroundings { scope, settings: &settings, placement, pipes: &pipes, is_guess: walk.is_guess };
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
            let has_method = self.method(*class, name, false).is_some_and(|method| matches!(method.shape, Shape::Closure(_)));
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
            let chain = self.flat(values).into_iter().map(|value| Link { value, place: site.place, entry: Some(entry) }).collect();
            let targets = self.access(&row.targets, site);
            let targets = self.flat(targets).into_iter().map(|target| self.target(row, target)).collect();
            let except = self.option(site.this, "except");
            let except = except.into_iter().map(|value| self.target(row, value)).map(|(value, method)| (method, value)).collect();
            let path = self.symbols.text(site.path);
            let package = path.split('.').next().unwrap_or("").to_owned();
            self.declarations.middleware.push(Middleware { chain, targets, except, place: site.place, package, entry });
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
        let is_late = |this: &Self, entry: Option<Sym>| entry.and_then(|entry| this.index.entry(entry)).is_some_and(|row| row.method.is_some());
        let transforms = |this: &Self, entry: Option<Sym>| entry.and_then(|entry| this.index.entry(entry)).is_some_and(|row| row.transforms);
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
            let kind = EventKind::Attach { paths: Vec::new(), chain: vec![link], reach: Reach::Later, is_exact: false };
            late.push(Event { scope, kind, place, conditions: Rc::from([]), package: String::new(), entry, subject: None, limits: None });
        }
        for pipe in &pipes {
            self.instance(&pipe.value, pipe.place);
        }
        (late, pipes)
    }

    fn attach_middleware(&mut self, scope: ObjId, settings: &Settings, routes: &[Routes]) {
        for middleware in std::mem::take(&mut self.declarations.middleware) {
            for (target, method) in &middleware.targets {
                let attached: Vec<(Vec<Value>, Vec<String>, bool)> = match target.shape {
                    Shape::Class(class) => {
                        let of_class = routes.iter().filter(|routes| routes.class == class);
                        of_class.map(|routes| (routes.paths.clone(), routes.methods.clone(), true)).collect()
                    }
                    _ => {
                        let (path, is_all) = self.without_wildcard(target);
                        let mut paths = vec![self.prefixed(settings.prefix.as_ref(), &path)];
                        if settings.prefix.is_some() && self.is_excepted(settings, &path, None) {
                            paths.push(path);
                        }
                        let methods = method.iter().filter(|method| *method != "ANY").cloned().collect();
                        if is_all { vec![(Vec::new(), methods, false)] } else { vec![(paths, methods, method.is_some())] }
                    }
                };
                let mut except = Vec::new();
                for (method, path) in &middleware.except {
                    except.push((method.clone().filter(|word| word != "ANY"), self.prefixed(settings.prefix.as_ref(), path)));
                    except.push((method.clone().filter(|word| word != "ANY"), path.clone()));
                }
                for (paths, methods, is_exact) in attached {
                    let limits = Limits { methods, except: except.clone() };
                    let event = Event {
                        scope,
                        kind: EventKind::Attach { paths, chain: middleware.chain.clone(), reach: Reach::Later, is_exact },
                        place: middleware.place,
                        conditions: Rc::from([]),
                        package: middleware.package.clone(),
                        entry: Some(middleware.entry),
                        subject: None,
                        limits: Some(Rc::new(limits)),
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
        let is_all = bare.strip_prefix('*').is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
        (path.clone(), is_all || bare.is_empty())
    }

    fn controller(&mut self, class: ClassValueId, around: &Surroundings<'_>, all: &mut Vec<Routes>) {
        let Some((row, package, mark)) = self.controller_row(class) else { return };
        let prefixes = self.first_path(&mark, &row.prefix);
        let mut version = if row.in_version.is_empty() { None } else { self.mark_access(&mark, &row.in_version).into_iter().next() };
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
                let plain = Closure { file, func, env, this: None, same_scope: false };
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
                        let (paths, methods, operation) = self.spoken(action, row, action_mark, &method_name, &prefixes, own.as_ref(), around);
                        let subject = Subject {
                            class: value.clone(),
                            handler: handler.clone(),
                            pipes: pipes.as_slice().into(),
                            speech: if action.protocol == Speech::Http { row.protocol } else { action.protocol },
                            operation,
                            is_guess: around.is_guess,
                        };
                        let subject = self.declarations.subjects.push(subject);
                        all.push(Routes { class, paths: paths.clone(), methods: methods.clone() });
                        let event = Event {
                            scope: around.scope,
                            kind: EventKind::Route { methods, paths, chain: chain.clone(), made: None, schemas: Vec::new() },
                            place: action_mark.place,
                            conditions: Rc::from([]),
                            package: package.to_owned(),
                            entry,
                            subject: Some(subject),
                            limits: None,
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
    fn attached(&mut self, marks: &[Mark], guards: &mut Vec<Link>, pipes: &mut Vec<Link>) {
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
            let is_path = |value: &Value| matches!(value.shape, Shape::Unknown) && !matches!(mark.args.first().map(|arg| &arg.shape), Some(Shape::Object(_)));
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
            let operation = if action.method.is_empty() { operation } else { format!("{}.{operation}", action.method) };
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
                    let is_bare = around.settings.prefix.is_none() || methods.iter().any(|method| self.is_excepted(around.settings, &versioned, Some(method)));
                    paths.push(if is_bare { versioned } else { self.prefixed(around.settings.prefix.as_ref(), &versioned) });
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
        words.into_iter().map(|word| word.to_uppercase()).map(|word| if word == "ALL" { "ANY".to_owned() } else { word }).collect()
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

    // ---------------------------------------------------------------------------------------- metadata

    /// The endpoint being judged.
    pub(crate) fn current_subject(&self) -> Option<Subject> {
        self.declarations.current.map(|id| self.declarations.subjects[id].clone())
    }

    /// Sets the endpoint that what runs next is run for.
    pub fn judge_subject(&mut self, subject: Option<SubjectId>) {
        self.declarations.current = subject;
    }

    /// An endpoint that decorators declare.
    pub fn subject(&self, id: SubjectId) -> &Subject {
        &self.declarations.subjects[id]
    }

    pub(crate) fn look_up_metadata(&mut self, row: &MetadataRow, site: Site<'_>) -> Value {
        let Some(key) = self.access(&row.key, site).into_iter().next() else { return Value::UNKNOWN };
        let targets = self.access(&row.targets, site);
        let targets = self.flat(targets);
        let mut merged = Vec::new();
        for target in &targets {
            if !matches!(target.shape, Shape::Closure(_) | Shape::Class(_)) {
                return Value::UNKNOWN;
            }
            match self.stored(target, &key) {
                Some(value) if row.is_merged => merged.extend(self.known_elements(&value).unwrap_or_else(|| vec![value])),
                Some(value) => return value,
                None => {}
            }
        }
        if row.is_merged { self.heap.array(merged, false, Some(site.place)) } else { Value::UNDEFINED }
    }

    /// What the decorators of a function or class have stored under a key.
    fn stored(&mut self, target: &Value, key: &Value) -> Option<Value> {
        let marks = match target.shape {
            Shape::Closure(id) => {
                let Closure { file, func, env, .. } = *self.closure_of(id);
                self.method_marks(file, env, func)
            }
            Shape::Class(class) => {
                let classes = self.bases(class);
                classes.into_iter().flat_map(|class| self.class_marks(class)).collect()
            }
            _ => return None,
        };
        for mark in marks {
            for (row, _) in self.mark_rows(&mark) {
                let Row::Decorate(row) = row else { continue };
                let Some((name, values)) = row.metadata.split_first() else { continue };
                let is_key = self.mark_access(&mark, name).first().is_some_and(|known| known.shape == key.shape);
                if !is_key {
                    continue;
                }
                for access in values {
                    if access == "true" {
                        return Some(Value::bool(true));
                    }
                    let found = self.mark_access(&mark, access);
                    if let Some(value) = found.into_iter().find(|value| !value.is_nullish()) {
                        return Some(value);
                    }
                }
            }
        }
        None
    }

    /// True if the endpoint being judged carries something truthy under a key.
    pub(crate) fn is_marked(&mut self, key: &str) -> bool {
        let Some(subject) = self.current_subject().filter(|_| !key.is_empty()) else { return false };
        let key = Value::str(self.symbols.sym(key));
        let found = self.stored(&subject.handler, &key).or_else(|| self.stored(&subject.class, &key));
        found.is_some_and(|value| self.truth(&value) == Truth::Truthy)
    }

    /// True if members of a class say what they have to satisfy.
    pub(crate) fn is_constrained(&mut self, class: &Value) -> bool {
        let id = match class.shape {
            Shape::Class(id) => id,
            Shape::Object(id) => match self.heap.objects[id].class.clone() {
                Some(class) => return self.is_constrained(&class),
                None => return false,
            },
            _ => return false,
        };
        if let Some(known) = self.declarations.constrained.get(&id) {
            return *known;
        }
        let mut is_constrained = false;
        for class in self.bases(id) {
            let (file, code, env) = self.class_code(class);
            for member in &self.module(file).classes[code].members {
                let marks = self.marks(file, env, &member.decorators);
                is_constrained |= marks.iter().any(|mark| self.says_constraint(mark.path));
            }
            let base = self.heap.classes[class].base.as_ref().and_then(|base| match base.shape {
                Shape::External(path) => Some(path),
                Shape::Object(id) => self.heap.objects[id].ty,
                _ => None,
            });
            is_constrained |= base.is_some_and(|base| self.says_constraint(base));
        }
        self.declarations.constrained.insert(id, is_constrained);
        is_constrained
    }

    fn says_constraint(&self, path: Sym) -> bool {
        let says = |row: &Row<'_>| matches!(row, Row::Decorate(row) if row.says == Some(Says::Constraint));
        self.index.rows(path, &self.symbols).iter().any(|matched| says(&matched.row))
    }

    // ---------------------------------------------------------------------------------------- requests

    /// What is passed to a method whose parameters are bound by decorators. The path is dead if an input is
    /// refused on the way.
    pub(crate) fn bound_args(&mut self, value: &Value) -> Vec<Value> {
        let Shape::Closure(id) = value.shape else { return Vec::new() };
        let Closure { file, func, env, .. } = *self.closure_of(id);
        let params = &self.module(file).functions[func].params;
        params.iter().map(|param| self.bound_arg(file, env, &param.decorators, param.ty)).collect()
    }

    fn bound_arg(&mut self, file: FileId, env: FrameId, decorators: &[ExprId], ty: Option<TypeId>) -> Value {
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

    fn bound_input(&mut self, row: &BindRow, mark: &Mark) -> Value {
        if !row.factory.is_empty() {
            let Some(factory) = self.mark_access(mark, &row.factory).into_iter().next() else { return Value::UNKNOWN };
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
    fn note_members(&mut self, input: &Value, class: &Value) {
        let (Some(input), Shape::Class(class)) = (input.input(), &class.shape) else { return };
        for class in self.bases(*class) {
            let (file, code, _) = self.class_code(class);
            for member in &self.module(file).classes[code].members {
                if let (MemberKind::Field, Key::Name(name), false) = (member.kind, member.key, member.is_static) {
                    let path = self.symbols.join(input.path, self.sym(file, name));
                    self.note_input(InputPath { part: input.part, path });
                }
            }
        }
    }

    fn pass_pipes(&mut self, row: &BindRow, mark: &Mark, input: Value, file: FileId, ty: Option<TypeId>) -> Value {
        let mut pipes: Vec<(Value, Option<Sym>)> = Vec::new();
        if matches!(row.kind, SourceKind::Body | SourceKind::Query | SourceKind::Path)
            && let Some(subject) = self.current_subject()
        {
            pipes.extend(subject.pipes.iter().map(|link| (link.value.clone(), link.entry)));
        }
        let entry = pipes.first().and_then(|(_, entry)| *entry).or_else(|| self.index.transformer());
        for access in &row.pipes {
            let given = self.mark_access(mark, access);
            let given = self.flat(given).into_iter().filter(|value| !self.is_path_like(value) && !value.is_nullish());
            pipes.extend(given.map(|value| (value, entry)));
        }
        let about = self.pipe_context(row, mark, file, ty);
        pipes.into_iter().fold(input, |input, (pipe, entry)| {
            let Some(entry) = entry.and_then(|entry| self.index.entry(entry)) else { return input };
            self.pass_pipe(entry, &pipe, input, &about, mark.place)
        })
    }

    fn pass_pipe(&mut self, entry: &EntryRow, pipe: &Value, input: Value, about: &Value, place: Place) -> Value {
        let args = [input.clone(), about.clone()];
        let Some(method) = &entry.method else { return input };
        match self.call_entry_method(pipe, method, &args, place) {
            Some(passed) => passed,
            None => input,
        }
    }

    /// What a pipe is told about the parameter.
    fn pipe_context(&mut self, row: &BindRow, mark: &Mark, file: FileId, ty: Option<TypeId>) -> Value {
        let kind = ty.map(|ty| &self.module(file).types[ty].kind);
        let class = match kind {
            Some(TypeKind::Named { .. }) => ty.map(|ty| self.resolve_type(file, ty)).filter(|class| matches!(class.shape, Shape::Class(_))),
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
        let data = mark.args.first().filter(|value| self.is_path_like(value)).cloned().unwrap_or(Value::UNDEFINED);
        let mut object = Object::new(Some(mark.place));
        let part = Value::str(self.symbols.sym(part));
        for (name, value) in [("metatype", class), ("type", part), ("data", data)] {
            object.fields.push((self.symbols.sym(name), value));
        }
        Value::object(self.heap.object(object))
    }

    /// Calls the method of a class, instance or object of a dependency that a chain names; `None` if that is code
    /// of a dependency of which nothing is known.
    pub(crate) fn call_entry_method(&mut self, value: &Value, method: &str, args: &[Value], place: Place) -> Option<Value> {
        let receiver = self.instance(value, place);
        let name = self.symbols.sym(method);
        let outer = match receiver.shape {
            Shape::External(path) => Some(path),
            Shape::Object(id) if self.heap.objects[id].class.is_none() => match self.heap.objects[id].ty {
                Some(ty) => Some(ty),
                None => return Some(self.call_method(&receiver, name, args, place)),
            },
            Shape::Object(id) => {
                let Some(Value { shape: Shape::Class(class), .. }) = self.heap.objects[id].class.clone() else { return None };
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
        Some(self.call_path(path, Some(&receiver), args, place, Tags::empty()))
    }
}

/// Where nothing better is known.
const NOWHERE: Place = Place { file: FileId(0), span: routeward_base::Span { start: 0, len: 0 } };

/// The hidden member by which a decorator knows the object that made it.
const MAKER: &str = "$maker";

/// The key under which decorators store the version of an endpoint.
const VERSION: &str = "$version";
