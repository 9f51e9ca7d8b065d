//! Which files are the starts of programs, and in what order they are run.

use routeward_base::{FileId, FxHashSet, Idx};
use routeward_catalog::Models;
use routeward_ir::{Program, Role, Target};

use crate::eval::Evaluator;

/// Evaluates the start-up code of every program in `program` that is written in a language. Never fails; what was not followed is listed in
/// [`Evaluator::incomplete`].
pub fn evaluate<'p>(program: &'p Program<'p>, models: &'p Models, language: &'p str) -> Evaluator<'p> {
    let mut evaluator = Evaluator::new(program, models, language);
    let graph = Graph::new(program, &evaluator);
    evaluator.find_projects();
    evaluator.start_projects();
    evaluator.start_documents();
    for file in graph.starts(program) {
        evaluator.load(file);
        evaluator.sweep();
    }
    evaluator.place_files();
    evaluator.place_nodes();
    evaluator.name_handlers();
    evaluator.started = evaluator.events.len();
    evaluator.note_handlers();
    evaluator.call_uncalled(&graph.speaking());
    evaluator.settle_services();
    evaluator.settle_addresses();
    evaluator.declare_endpoints();
    evaluator.serve_exports(&graph.is_imported);
    evaluator.dispatch_served();
    evaluator.follow_handlers();
    evaluator
}

/// Who imports whom, and which files are part of an API.
struct Graph {
    imports: Vec<Vec<FileId>>,
    is_imported: Vec<bool>,
    /// The file itself imports a package that serves requests.
    speaks: Vec<bool>,
    /// The file itself imports a package that reads documents, which name further files: nothing imports those, but
    /// they are no starts.
    reads: Vec<bool>,
}

impl Graph {
    fn new(program: &Program<'_>, evaluator: &Evaluator<'_>) -> Self {
        let count = program.units.len();
        let mut graph = Self {
            imports: vec![Vec::new(); count],
            is_imported: vec![false; count],
            speaks: vec![false; count],
            reads: vec![false; count],
        };
        for (file, unit) in program.units.iter_enumerated() {
            if unit.language != evaluator.language {
                continue;
            }
            graph.speaks[file.raw() as usize] = evaluator.serves_by_global(&unit.module);
            for (id, target) in unit.targets.iter_enumerated() {
                match target {
                    Target::File(target) if unit.role == Role::Source && *target != file => {
                        graph.imports[file.raw() as usize].push(*target);
                        graph.is_imported[target.raw() as usize] = true;
                    }
                    Target::Package(package) if !unit.module.imports[id].type_only => {
                        graph.speaks[file.raw() as usize] |= evaluator.is_api_package(package);
                        graph.reads[file.raw() as usize] |= evaluator.reads_documents(package);
                    }
                    _ => {}
                }
            }
        }
        graph
    }

    /// Files of the program that speak to a framework themselves.
    fn speaking(&self) -> Vec<FileId> {
        (0..self.speaks.len() as u32).map(FileId).filter(|file| self.speaks[file.raw() as usize]).collect()
    }

    /// Files to run, in order: those that read documents, those that manifests name, those that nothing imports, then
    /// what is left of those that speak to a framework. Only files that lead to a framework are run at all.
    fn starts(&self, program: &Program<'_>) -> Vec<FileId> {
        let leads = self.leads_to_framework();
        // Files of other languages lead to none.
        let is_source = |file: FileId| program.units[file].role == Role::Source && leads[file.raw() as usize];
        let named = program.entries.iter().copied().filter(|file| is_source(*file));
        let all = || (0..program.units.len() as u32).map(FileId).filter(|file| is_source(*file));
        let readers = all().filter(|file| self.reads[file.raw() as usize]);
        let roots = all().filter(|file| !self.is_imported[file.raw() as usize]);
        let rest = all().filter(|file| self.speaks[file.raw() as usize]);
        let mut seen = FxHashSet::default();
        readers.chain(named).chain(roots).chain(rest).filter(|file| seen.insert(*file)).collect()
    }

    /// For each file, whether it or anything it imports speaks to a framework.
    fn leads_to_framework(&self) -> Vec<bool> {
        let mut importers: Vec<Vec<u32>> = vec![Vec::new(); self.imports.len()];
        for (file, targets) in self.imports.iter().enumerate() {
            for target in targets {
                importers[target.raw() as usize].push(file as u32);
            }
        }
        let mut leads = self.speaks.clone();
        let mut work: Vec<u32> = (0..leads.len() as u32).filter(|i| leads[*i as usize]).collect();
        while let Some(file) = work.pop() {
            for importer in &importers[file as usize] {
                if !std::mem::replace(&mut leads[*importer as usize], true) {
                    work.push(*importer);
                }
            }
        }
        leads
    }
}

impl Evaluator<'_> {
    /// True if a package, or the package of a path below it, serves requests.
    pub(crate) fn is_api_package(&self, package: &str) -> bool {
        // `name/sub/path`, `name.sub.path`
        let head = package.split('.').next().unwrap_or(package);
        if self.index.packages.contains(head) {
            return true;
        }
        let mut segments = package.split('/');
        let depth = if package.starts_with('@') { 2 } else { 1 };
        let name: Vec<&str> = segments.by_ref().take(depth).collect();
        self.index.packages.contains(package) || self.index.packages.contains(name.join("/").as_str())
    }
}

/// What the models say of scope objects.
impl Evaluator<'_> {
    fn type_rows(&self, object: crate::ObjId) -> Vec<&routeward_catalog::TypeRow> {
        let Some(ty) = self.heap.objects[object].ty else { return Vec::new() };
        self.index.lineage(ty, &self.symbols)
    }

    /// Whether endpoints are registered on the object, and whether it serves by itself.
    pub fn scope_kind(&self, object: crate::ObjId) -> Option<routeward_catalog::ScopeKind> {
        self.type_rows(object).iter().find_map(|row| row.scope)
    }

    /// The scope that an object stands for a part of, or the object itself.
    pub fn whole_scope(&self, object: crate::ObjId) -> crate::ObjId {
        self.heap.objects[object].part_of.as_ref().map_or(object, |part| part.0)
    }

    /// How the scope's templates are written, in the version of the package that its file sees.
    pub fn path_style(&self, object: crate::ObjId) -> routeward_catalog::PathStyle {
        let rows = self.type_rows(object);
        let Some(row) = rows.iter().find(|row| row.scope.is_some()) else {
            return routeward_catalog::PathStyle::default();
        };
        if let Some(older) = &row.older_paths
            && let Some(place) = self.heap.objects[object].place
        {
            let package = row.name.split('.').next().unwrap_or("");
            let version = (self.program.version)(place.file, package);
            if version.is_some() && crate::version_fits(version.as_deref(), &older.version) {
                return older.paths;
            }
        }
        row.paths
    }

    /// Which of the scope's endpoints answers is decided by how definite their paths are, not by their order.
    pub fn is_by_precision(&self, object: crate::ObjId) -> bool {
        self.type_rows(object).iter().any(|row| row.by_precision)
    }

    /// A handler of the scope for every method is one endpoint for each method that it treats by itself.
    pub fn splits_methods(&self, object: crate::ObjId) -> bool {
        self.type_rows(object).iter().any(|row| row.by_precision || row.splits_methods)
    }

    /// How the scope's endpoints are spoken to.
    pub fn speech(&self, object: crate::ObjId) -> routeward_catalog::Speech {
        self.type_rows(object)
            .iter()
            .find(|row| row.scope.is_some())
            .map(|row| row.protocol)
            .unwrap_or_default()
    }

    /// What is attached to the scope reaches only its own endpoints.
    pub fn encapsulates(&self, object: crate::ObjId) -> bool {
        self.type_rows(object).iter().any(|row| row.encapsulates)
    }

    /// Of several endpoints of the scope that fit a request the most specific one answers.
    pub fn is_most_specific(&self, object: crate::ObjId) -> bool {
        self.type_rows(object).iter().any(|row| row.most_specific)
    }

    /// Guards of the scope's endpoints are written at their handlers.
    pub fn guards_at_handlers(&self, object: crate::ObjId) -> bool {
        self.type_rows(object).iter().any(|row| row.guards_at_handlers)
    }

    /// The path that the scope puts in front of its endpoints by itself.
    pub fn own_prefix(&self, object: crate::ObjId) -> Option<crate::Value> {
        let name = self.symbols.sym(crate::heap::OWN_PREFIX);
        self.heap.objects[object].field(name).filter(|value| !value.is_nullish()).cloned()
    }

    /// The path at which the scope's endpoints are reached from outside, if it says so itself.
    pub fn address(&self, object: crate::ObjId) -> Option<crate::Value> {
        let name = self.symbols.sym(crate::heap::ADDRESS);
        self.heap.objects[object].field(name).cloned()
    }

    /// The version that the scope says its endpoints have, as text.
    pub fn version_of(&self, object: crate::ObjId) -> Option<String> {
        let name = self.symbols.sym(crate::heap::VERSION);
        match self.heap.objects[object].field(name)?.shape {
            crate::Shape::Str(text) => Some(self.symbols.text(text)),
            crate::Shape::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The name of the function that the maker of a wrapper was given.
    fn wrapped_by(&self, env: crate::FrameId, file: FileId) -> Option<String> {
        let frame = &self.heap.frames[env];
        let module = self.module(file);
        for param in &module.functions[frame.func].params {
            let routeward_ir::Pat::Slot(slot) = module.patterns[param.pat] else { continue };
            let loc = self.heap.find_slot(env, frame.func, slot, self.position(file, slot));
            let value = loc.and_then(|loc| self.heap.read(loc));
            if let Some(value) = value.filter(|value| matches!(value.shape, crate::Shape::Closure(_))) {
                return self.name_of(&value);
            }
        }
        None
    }

    /// The function that decorators were given in the first place.
    pub(crate) fn innermost(&self, value: &crate::Value) -> crate::Value {
        let mut value = value.clone();
        for _ in 0..16 {
            let inner = match value.shape {
                crate::Shape::Closure(id) => self.wrapped(id),
                crate::Shape::Object(id) => self.wrapped_by_library(id),
                _ => None,
            };
            match inner {
                Some(inner) => value = inner,
                None => break,
            }
        }
        value
    }

    /// The function that a decorator of a library was given, behind what the decorator gives in its place.
    fn wrapped_by_library(&self, object: crate::ObjId) -> Option<crate::Value> {
        if self.view_of_object(object).is_some() {
            return None;
        }
        let made = &self.heap.objects[object];
        let is_decorating =
            made.place.is_some_and(|place| self.module(place.file).semantics.classes_are_callable);
        let inner = made.args.iter().find(|value| self.is_wrappable(value)).cloned();
        inner.filter(|_| is_decorating && self.is_wrappable(&crate::Value::object(object)))
    }

    /// The function that a decorator was given, behind the function that the decorator gives in its place.
    fn wrapped(&self, closure: crate::ClosureId) -> Option<crate::Value> {
        let closure = self.closure_of(closure);
        let module = self.module(closure.file);
        if !module.semantics.classes_are_callable {
            return None;
        }
        let maker =
            module.functions[closure.func].parent.filter(|maker| *maker != routeward_ir::Module::TOP)?;
        let frame = &self.heap.frames[closure.env];
        if (frame.file, frame.func) != (closure.file, maker) || module.functions[closure.func].class.is_some()
        {
            return None;
        }
        let param = match module.functions[maker].params.as_slice() {
            [param] => param,
            [.., param] if self.is_outline(closure.file) => param,
            _ => return None,
        };
        let routeward_ir::Pat::Slot(slot) = module.patterns[param.pat] else { return None };
        let loc = self.heap.find_slot(closure.env, maker, slot, self.position(closure.file, slot));
        let value = loc.and_then(|loc| self.heap.read(loc))?;
        let is_other =
            !matches!(value.shape, crate::Shape::Closure(id) if self.closure_of(id).func == closure.func);
        let is_function = matches!(value.shape, crate::Shape::Closure(_))
            || matches!(value.shape, crate::Shape::Class(_)) && self.is_outline(closure.file)
            || matches!(value.shape, crate::Shape::Object(id) if !self.heap.objects[id].args.is_empty());
        (is_other && is_function).then_some(value)
    }

    /// The name of a function, class or library value, as people know it.
    pub fn name_of(&self, value: &crate::Value) -> Option<String> {
        use crate::Shape;
        let value = &self.innermost(value);
        match &value.shape {
            Shape::Closure(id) => {
                let closure = self.closure_of(*id);
                let module = self.module(closure.file);
                let mut func = Some(closure.func);
                // A wrapper is known by what it wraps.
                if module.functions[closure.func].name.is_none()
                    && let Some(wrapped) = self.wrapped_by(closure.env, closure.file)
                {
                    return Some(wrapped);
                }
                // An anonymous function is known by the function that makes it.
                while let Some(id) = func.filter(|id| *id != routeward_ir::Module::TOP) {
                    let code = &module.functions[id];
                    if let Some(name) = code.name {
                        return Some(module.text(name).to_owned());
                    }
                    func = code.parent.filter(|_| id == closure.func || code.name.is_none());
                }
                None
            }
            Shape::Class(id) => {
                let class = &self.heap.classes[*id];
                let module = self.module(class.file);
                module.classes[class.class].name.map(|name| module.text(name).to_owned())
            }
            Shape::External(path) => Some(self.symbols.text(*path)),
            Shape::Object(id) => {
                let object = &self.heap.objects[*id];
                match (&object.class, object.ty) {
                    (Some(class), _) => self.name_of(class),
                    _ if self.shown_function(value).is_some() => {
                        self.shown_function(value).and_then(|function| self.name_of(&function))
                    }
                    _ if self.view_of_object(*id).is_some() => {
                        object.args.first().and_then(|class| self.name_of(class))
                    }
                    (None, Some(ty)) => Some(self.symbols.text(ty).trim_end_matches("()").to_owned()),
                    _ => None,
                }
            }
            // What a library gives an object.
            Shape::Method(id, path) => {
                let owner = self.name_of(&crate::Value::object(*id))?;
                let name = self.symbols.text(*path);
                Some(format!("{owner}.{}", name.rsplit('.').next().unwrap_or("")))
            }
            Shape::Union(values) => values.iter().find_map(|value| self.name_of(value)),
            _ => None,
        }
    }
}
