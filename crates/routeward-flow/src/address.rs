//! Endpoints that are registered for the name of an address, which the program gives elsewhere, and scans, which serve
//! what decorators have registered.
//!
//! Both are settled when start-up code is through: a name may be given later than it is used, and a decorator may run
//! later than the scan.

use std::rc::Rc;

use routeward_base::{FxHashMap, FxHashSet};
use routeward_catalog::{AddressRow, EndpointRow, Reach, ScanRow};
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{EventKind, Link};
use crate::heap::{Loc, Object};
use crate::modelled::Site;
use crate::place::folder;
use crate::sweep::{Live, Trace};
use crate::value::{ClassValueId, ObjId, Shape, Value};

/// What start-up code has said of addresses by name.
#[derive(Default)]
pub(crate) struct Addresses<'p> {
    named: Vec<Named>,
    waiting: Vec<Waiting<'p>>,
    scans: Vec<Scan<'p>>,
    /// Classes that something was made of.
    made_of: FxHashSet<ClassValueId>,
}

impl Trace for Addresses<'_> {
    fn trace(&self, live: &mut Live) {
        let Self { named, waiting, scans, made_of: _ } = self;
        named.trace(live);
        waiting.trace(live);
        scans.trace(live);
    }
}

struct Named {
    scope: ObjId,
    name: Sym,
    path: Value,
}

impl Trace for Named {
    fn trace(&self, live: &mut Live) {
        let Self { scope, name: _, path } = self;
        scope.trace(live);
        path.trace(live);
    }
}

/// A call that registers an endpoint for a name.
struct Waiting<'p> {
    row: &'p EndpointRow,
    package: &'p str,
    path: Sym,
    this: Option<Value>,
    args: Rc<[Value]>,
    place: Place,
}

impl Trace for Waiting<'_> {
    fn trace(&self, live: &mut Live) {
        let Self { row: _, package: _, path: _, this, args, place: _ } = self;
        this.trace(live);
        args.trace(live);
    }
}

/// A call that serves what decorators have registered in the files of a folder.
struct Scan<'p> {
    row: &'p ScanRow,
    package: &'p str,
    scope: ObjId,
    prefix: Option<Value>,
    folder: String,
    place: Place,
}

impl Trace for Scan<'_> {
    fn trace(&self, live: &mut Live) {
        let Self { row: _, package: _, scope, prefix, folder: _, place: _ } = self;
        scope.trace(live);
        prefix.trace(live);
    }
}

/// The hidden member of a class that holds what decorators say of all of its methods.
const DEFAULTS: &str = "$defaults";

impl<'p> Evaluator<'p> {
    /// Gives an address a name.
    pub(crate) fn name_address(&mut self, row: &AddressRow, site: Site<'_>) {
        let Some((scope, prefix)) = self.scope_of(site.this) else { return };
        let name = self.access(&row.name, site).into_iter().find_map(|name| self.as_key(&name));
        let path = self.access(&row.path, site).into_iter().next();
        let (Some(name), Some(path)) = (name, path) else { return };
        let path = self.prefixed(prefix.as_ref(), &path);
        self.addresses.named.push(Named { scope, name, path });
    }

    /// Remembers an endpoint until names are known; gives what decorators give.
    pub(crate) fn wait_for_address(
        &mut self,
        row: &'p EndpointRow,
        package: &'p str,
        site: Site<'_>,
    ) -> Option<Value> {
        if self.run.is_none() {
            let Site { path, this, args, place } = site;
            let (this, args) = (this.cloned(), Rc::from(args));
            self.addresses.waiting.push(Waiting { row, package, path, this, args, place });
        }
        let access = row.chain.last().filter(|_| row.gives_chain)?;
        self.access(access, site).into_iter().next()
    }

    /// Remembers a scan.
    pub(crate) fn note_scan(&mut self, row: &'p ScanRow, package: &'p str, site: Site<'_>) {
        let Some((scope, prefix)) = self.scope_of(site.this) else { return };
        let path = &self.program.units[site.place.file].path;
        let folder = folder(path).to_owned();
        self.addresses.scans.push(Scan { row, package, scope, prefix, folder, place: site.place });
    }

    /// Notes what a decorator says of all methods of a class; gives the class.
    pub(crate) fn note_defaults(&mut self, decorator: &Value, class: &Value) -> Value {
        if let (Shape::Object(id), Shape::Class(class)) = (&decorator.shape, &class.shape) {
            let args = self.heap.objects[*id].args.clone();
            if let (_, Some(keywords)) = self.split_keywords(&args) {
                let statics = self.heap.classes[*class].statics;
                let name = self.symbols.sym(DEFAULTS);
                self.heap.write(Loc::Field(statics, name), Some(Value::object(keywords)));
            }
        }
        class.clone()
    }

    /// Serves what scans find, and registers the endpoints whose addresses are named.
    pub(crate) fn settle_addresses(&mut self) {
        self.make_unlisted();
        let Addresses { named, waiting, scans, .. } = std::mem::take(&mut self.addresses);
        let mut scanned: FxHashMap<ObjId, Vec<ObjId>> = FxHashMap::default();
        for scan in &scans {
            let of = self.symbols.sym(&scan.row.of);
            for instance in self.instances_in(of, &scan.folder) {
                scanned.entry(instance).or_default().push(scan.scope);
                let chain = vec![Link { value: Value::object(instance), place: scan.place, entry: None }];
                let paths = scan.prefix.iter().cloned().collect();
                let kind = EventKind::Attach { paths, chain, reach: Reach::Nothing, is_exact: false };
                let entry = self.entry_of(scan.scope, None);
                self.emit(scan.scope, kind, scan.package, entry, scan.place);
            }
        }
        for one in waiting {
            self.register_by_name(&one, &named, &scanned);
        }
    }

    fn register_by_name(
        &mut self,
        waiting: &Waiting<'p>,
        named: &[Named],
        scanned: &FxHashMap<ObjId, Vec<ObjId>>,
    ) {
        let Waiting { row, package, path, place, .. } = *waiting;
        let Some((scope, _)) = self.scope_of(waiting.this.as_ref()) else { return };
        let (this, args) = self.with_defaults(waiting);
        let site = Site { path, this: Some(&this), args: &args, place };
        let name = self.access(&row.address, site).into_iter().find_map(|name| self.as_key(&name));
        let Some(name) = name else { return };
        let owners = scanned.get(&scope).map_or(std::slice::from_ref(&scope), Vec::as_slice);
        let is_owned = |one: &&Named| one.name == name && owners.contains(&one.scope);
        let mut paths: Vec<&Value> = named.iter().filter(is_owned).map(|one| &one.path).collect();
        paths.dedup();
        for at in paths {
            let Shape::Object(id) = this.shape else { continue };
            let mut object = self.heap.objects[id].clone();
            object.part_of = Some(Rc::new((scope, at.clone())));
            let this = Value::object(self.heap.object(object));
            self.endpoint(row, package, Site { this: Some(&this), ..site });
        }
    }

    /// The receiver and the arguments of a call, with what is said of the class that its function belongs to.
    fn with_defaults(&mut self, waiting: &Waiting<'p>) -> (Value, Vec<Value>) {
        let this = waiting.this.clone().unwrap_or(Value::UNKNOWN);
        let site = Site { path: waiting.path, this: Some(&this), args: &waiting.args, place: waiting.place };
        let chain: Vec<Value> =
            waiting.row.chain.iter().flat_map(|access| self.access(access, site)).collect();
        let defaults = chain.iter().find_map(|value| {
            let class: ClassValueId = match value.shape {
                Shape::Class(class) => class,
                _ => self.unbound_class(value)?,
            };
            let statics = self.heap.classes[class].statics;
            self.heap.objects[statics].field(self.symbols.sym(DEFAULTS)).cloned()
        });
        let Some(Value { shape: Shape::Object(defaults), .. }) = defaults else {
            return (this, waiting.args.to_vec());
        };
        let args = self.with_keywords(&waiting.args, defaults);
        let Shape::Object(id) = this.shape else { return (this, args) };
        let made = self.heap.objects[id].args.clone();
        let mut object = self.heap.objects[id].clone();
        object.args = self.with_keywords(&made, defaults).into();
        (Value::object(self.heap.object(object)), args)
    }

    /// Arguments, with others that are passed by name where the call passes none of that name.
    fn with_keywords(&mut self, args: &[Value], defaults: ObjId) -> Vec<Value> {
        let (positional, own) = self.split_keywords(args);
        let mut all = positional.to_vec();
        let mut keywords = Object::new(None);
        keywords.is_keywords = true;
        keywords.fields = own.map_or_else(Vec::new, |own| self.heap.objects[own].fields.clone());
        for (name, value) in &self.heap.objects[defaults].fields {
            if !keywords.fields.iter().any(|(known, _)| known == name) {
                keywords.fields.push((*name, value.clone()));
            }
        }
        all.push(Value::object(self.heap.object(keywords)));
        all
    }

    /// Calls a method of a class on an instance that is made with the arguments; any other function with them.
    pub(crate) fn call_on_instance(&mut self, value: &Value, args: &[Value], place: Place) -> Value {
        let Some(class) = self.unbound_class(&self.innermost(value)) else {
            return self.call(value, &Value::UNDEFINED, args, place);
        };
        let instance = self.construct(&Value::new(Shape::Class(class)), args, place);
        if !self.path.is_live {
            return Value::UNKNOWN;
        }
        let function = self.bound_to(value.clone(), Some(&instance));
        self.call(&function, &instance, &[], place)
    }

    /// Makes what stands for the classes that no code names: where their endpoints are served is not seen, but what
    /// the class says of them is.
    fn make_unlisted(&mut self) {
        let classes: Vec<ClassValueId> = self.heap.classes.iter_enumerated().map(|(id, _)| id).collect();
        for class in classes {
            if !self.addresses.made_of.contains(&class) {
                let place =
                    Place { file: self.heap.classes[class].file, span: routeward_base::Span::default() };
                self.made_of_class(&Value::new(Shape::Class(class)), place);
            }
        }
    }

    /// What stands for a class whose attributes say what it is.
    pub(crate) fn made_of_class(&mut self, value: &Value, place: Place) -> Option<Value> {
        let Shape::Class(class) = value.shape else { return None };
        let base = self.external_base(value)?;
        let ty = self.index.made_by(base, &self.symbols).unwrap_or(base);
        if !self.index.lineage(ty, &self.symbols).iter().any(|row| row.by_class) {
            return None;
        }
        self.addresses.made_of.insert(class);
        let mut keywords = Object::new(None);
        keywords.is_keywords = true;
        let lineage = self.heap.classes[class].lineage.clone();
        for class in lineage.iter() {
            let Shape::Class(class) = class.shape else { continue };
            let statics = self.heap.classes[class].statics;
            for (name, value) in &self.heap.objects[statics].fields {
                let is_hidden = self.symbols.with(*name, |name| name.starts_with(['$', '_']));
                if !is_hidden && !keywords.fields.iter().any(|(known, _)| known == name) {
                    keywords.fields.push((*name, value.clone()));
                }
            }
        }
        let keywords = Value::object(self.heap.object(keywords));
        Some(self.call_path(ty, None, &[keywords], place, crate::Taint::default()))
    }
}
