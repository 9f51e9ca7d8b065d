//! Whether requests reach the packages of which something is known.
//!
//! What code imports and calls is known where the code is read and evaluated; what packages call in each other is not.
//! So there are three answers: a use that was seen, the proof that nothing asks for the package, and that it is not known.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use routeward_catalog::{Models, ModulesRow};
use routeward_deps::{Advisory, Dependency, Ecosystem, Kind, Package, Use};
use routeward_diag::Place;
use routeward_endpoints::{Endpoint, Inventory, PackageUse};
use routeward_ir::{Program, Role, Target, Unit};

/// How far requests get to a package, from the least to the most.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// It is not known, for this reason.
    Unknown(String),
    /// No code that could be read imports it, and nothing that it imports needs it.
    Unused,
    /// Code imports it, and no endpoint is seen to call it.
    Imported,
    /// Endpoints call it, though not what is known to be weak.
    Beside,
    /// Endpoints call it; what of it is weak is not known.
    Used,
    /// Endpoints call what is weak.
    Called(String),
    /// Endpoints call what is weak with something that the client has chosen.
    CalledWithInput(String),
    /// It is the server.
    Serves,
}

impl Level {
    /// A request is seen to get to it.
    pub fn is_reached(&self) -> bool {
        matches!(self, Self::Used | Self::Called(_) | Self::CalledWithInput(_) | Self::Serves)
    }
}

/// What is known of a package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached {
    /// How far requests get.
    pub level: Level,
    /// The first place that shows it.
    pub place: Option<Place>,
    /// The endpoints that do, as indices into the inventory, ascending.
    pub endpoints: Vec<usize>,
}

impl Reached {
    fn new(level: Level, place: Option<Place>) -> Self {
        Self { level, place, endpoints: Vec::new() }
    }

    fn unknown(why: &str) -> Self {
        Self::new(Level::Unknown(why.to_owned()), None)
    }
}

/// What is known of all packages against which something is known.
#[derive(Clone, Default, Debug)]
pub struct Reaches {
    found: BTreeMap<(Ecosystem, String, String), Reached>,
}

impl Reaches {
    /// Looks at the packages with advisories. Cost: one pass over the imports and names of the program for all of them.
    pub fn new(
        program: &Program<'_>,
        inventory: &Inventory,
        models: &Models,
        packages: &[Package<'_>],
    ) -> Self {
        let known: Vec<&Package<'_>> =
            packages.iter().filter(|package| !package.advisories.is_empty()).collect();
        let seen = Seen::new(program, inventory, models);
        let found = known.into_iter().map(|package| (key(package), seen.package(package)));
        Self { found: found.collect() }
    }

    /// What is known of a package; nothing where the program was not looked at.
    pub fn of(&self, package: &Package<'_>) -> Option<&Reached> {
        self.found.get(&key(package))
    }
}

fn key(package: &Package<'_>) -> (Ecosystem, String, String) {
    (package.ecosystem, package.name.to_owned(), package.version.to_owned())
}

/// The modules of the packages with advisories, as code imports them.
pub fn watched(models: &Models, packages: &[Package<'_>]) -> Vec<String> {
    let known = packages.iter().filter(|package| !package.advisories.is_empty());
    let named = known.filter_map(|package| Some(modules(models, package.ecosystem, package.name)?.1.names));
    let mut all: Vec<String> = named.flatten().collect();
    all.sort();
    all.dedup();
    all
}

/// How code imports a package.
struct Modules {
    names: Vec<String>,
    /// These are all.
    is_sure: bool,
    /// Nothing has to import it.
    is_program: bool,
}

/// The language of the code that imports packages of an ecosystem, and how.
fn modules<'m>(models: &'m Models, ecosystem: Ecosystem, name: &str) -> Option<(&'m str, Modules)> {
    let rows = models.files.iter().flat_map(|file| file.modules.iter().map(move |row| (file, row)));
    let mut rows = rows.filter(|(_, row): &(_, &ModulesRow)| row.ecosystem == ecosystem.name());
    let (file, row) = rows.next()?;
    let folded = ecosystem.fold(name);
    let is_program = row.programs.contains(&folded);
    let modules = match row.names.get(&folded) {
        Some(names) => Modules { names: names.clone(), is_sure: true, is_program },
        None if row.as_named => Modules { names: vec![name.to_owned()], is_sure: true, is_program },
        None => Modules { names: vec![folded.replace('-', "_")], is_sure: false, is_program },
    };
    Some((&file.language, modules))
}

/// What was seen of a program.
struct Seen<'a> {
    program: &'a Program<'a>,
    inventory: &'a Inventory,
    models: &'a Models,
}

impl<'a> Seen<'a> {
    fn new(program: &'a Program<'a>, inventory: &'a Inventory, models: &'a Models) -> Self {
        Self { program, inventory, models }
    }

    fn package(&self, package: &Package<'_>) -> Reached {
        let Some((language, modules)) = modules(self.models, package.ecosystem, package.name) else {
            return Reached::unknown("code of its language is not read");
        };
        let endpoints = self.inventory.endpoints.iter().enumerate();
        let is_server = |endpoint: &Endpoint| {
            let framework = package.ecosystem.fold(&endpoint.framework);
            framework == package.ecosystem.fold(package.name) || modules.names.contains(&endpoint.framework)
        };
        let served: Vec<usize> =
            endpoints.filter(|(_, endpoint)| is_server(endpoint)).map(|(at, _)| at).collect();
        if let Some(first) = served.first() {
            let place = self.inventory.endpoints[*first].place;
            return Reached { endpoints: served, ..Reached::new(Level::Serves, Some(place)) };
        }
        let vulnerable = package.advisories.iter().filter(|advisory| advisory.kind != Kind::Unmaintained);
        let advisories: Vec<&Advisory> = vulnerable.collect();
        if let Some(reached) = self.called(&modules, &advisories) {
            return reached;
        }
        if let Some(place) = self.imported(language, &modules) {
            return Reached::new(Level::Imported, Some(place));
        }
        self.not_imported(package, language, &modules)
    }

    /// What endpoints call of a package.
    fn called(&self, modules: &Modules, advisories: &[&Advisory]) -> Option<Reached> {
        let is_of = |used: &&PackageUse| modules.names.iter().any(|name| is_in(&used.path, name));
        let endpoints = self.inventory.endpoints.iter().enumerate();
        let uses = endpoints
            .flat_map(|(at, endpoint)| endpoint.uses.iter().filter(is_of).map(move |used| (at, used)));
        let knows_all =
            !advisories.is_empty() && advisories.iter().all(|advisory| !advisory.symbols.is_empty());
        let mut best: Option<Reached> = None;
        for (at, used) in uses {
            let is_weak = advisories.iter().any(|advisory| is_symbol(advisory, &used.path));
            let level = match () {
                () if is_weak && used.has_input => Level::CalledWithInput(used.path.clone()),
                () if is_weak => Level::Called(used.path.clone()),
                () if knows_all => Level::Beside,
                () => Level::Used,
            };
            match &mut best {
                Some(known) if rank(&known.level) > rank(&level) => {}
                Some(known) if rank(&known.level) == rank(&level) => known.endpoints.push(at),
                _ => best = Some(Reached { level, place: Some(used.place), endpoints: vec![at] }),
            }
        }
        if let Some(best) = &mut best {
            best.endpoints.dedup();
        }
        best
    }

    /// Where code imports one of the modules.
    fn imported(&self, language: &str, modules: &Modules) -> Option<Place> {
        let units = self.program.units.iter_enumerated();
        let mut spoken = units.filter(|(_, unit)| unit.role == Role::Source && unit.language == language);
        spoken.find_map(|(file, unit)| {
            let mut imports = unit.targets.iter_enumerated();
            let (id, _) = imports.find(|(_, target)| match target {
                Target::Package(package) => modules.names.iter().any(|name| is_in(package, name)),
                _ => false,
            })?;
            Some(Place { file, span: unit.module.imports[id].span })
        })
    }

    /// What follows from that no code imports it.
    fn not_imported(&self, package: &Package<'_>, language: &str, modules: &Modules) -> Reached {
        let sources = || self.program.units.iter().filter(|unit| unit.role == Role::Source);
        if !sources().any(|unit| unit.language == language) {
            return Reached::unknown("no code that could import it was read");
        }
        if !modules.is_sure {
            return Reached::unknown("the names of its modules are not known");
        }
        if modules.is_program {
            return Reached::unknown("it is a program, which nothing has to import");
        }
        if self.may_be_loaded(language, modules) {
            return Reached::unknown("code loads a module whose name is not known");
        }
        let names_it = |unit: &Unit| {
            let mut texts = unit.module.names.texts();
            texts.any(|text| text == package.name || modules.names.iter().any(|name| is_in(text, name)))
        };
        if sources().any(names_it) {
            return Reached::unknown("a text of the program has its name");
        }
        if package.uses.iter().any(|used| used.dependency().is_direct.is_none()) {
            return Reached::unknown("which packages need it is not known");
        }
        match package.uses.iter().find_map(|used| self.needed_by(*used, language)) {
            Some(asker) => Reached::unknown(&format!("`{asker}` needs it, and what packages do is not read")),
            None => Reached::new(Level::Unused, None),
        }
    }

    /// Code of the language loads a module by a name that may be one of these.
    fn may_be_loaded(&self, language: &str, modules: &Modules) -> bool {
        let is_spoken = |place: &Place| self.program.units[place.file].language == language;
        let mut loads = self.inventory.loads_unknown.iter().filter(|(place, _)| is_spoken(place));
        let may_be =
            |start: &str| modules.names.iter().any(|name| name.starts_with(start) || is_in(start, name));
        loads.any(|(_, start)| may_be(start))
    }

    /// A package that needs it, directly or not, and may itself be used.
    fn needed_by<'u>(&self, used: Use<'u>, language: &str) -> Option<&'u str> {
        let all = &used.listed.listing.dependencies;
        let mut seen: BTreeSet<u32> = BTreeSet::from([used.id]);
        let mut work: VecDeque<u32> = used.dependency().parents.iter().copied().collect();
        while let Some(id) = work.pop_front() {
            let Some(dependency) = all.get(id as usize).filter(|_| seen.insert(id)) else { continue };
            if self.may_be_used(dependency, language) {
                return Some(&dependency.name);
            }
            work.extend(&dependency.parents);
        }
        None
    }

    fn may_be_used(&self, dependency: &Dependency, language: &str) -> bool {
        let Some((_, modules)) = modules(self.models, dependency.ecosystem, &dependency.name) else {
            return true;
        };
        let is_asked_for = dependency.is_direct != Some(false);
        let is_open = !modules.is_sure || modules.is_program;
        is_asked_for && is_open || self.imported(language, &modules).is_some()
    }
}

/// So many endpoints are named.
const SHOWN: usize = 3;

/// What is known, in a line.
pub fn tell(reached: &Reached, inventory: &Inventory) -> String {
    let endpoints = || {
        let rows = reached.endpoints.iter().filter_map(|at| inventory.endpoints.get(*at));
        let names: Vec<String> = rows.map(|row| format!("`{} {}`", row.method, row.path)).collect();
        let shown = names[..names.len().min(SHOWN)].join(", ");
        match names.len().saturating_sub(SHOWN) {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    };
    match &reached.level {
        Level::Unknown(why) => format!("whether requests reach it is not known: {why}"),
        Level::Unused => "no code imports it, and nothing that code imports needs it".to_owned(),
        Level::Imported => "code imports it, and no endpoint is seen to call it".to_owned(),
        Level::Beside => format!("of what endpoints call of it, none is what is weak: {}", endpoints()),
        Level::Used => format!("requests reach it by {}", endpoints()),
        Level::Called(path) => {
            format!("requests reach what is weak, `{}`, by {}", path.trim_end_matches("()"), endpoints())
        }
        Level::CalledWithInput(path) => {
            let path = path.trim_end_matches("()");
            format!("clients choose what `{path}`, which is weak, is given by {}", endpoints())
        }
        Level::Serves => format!("it serves {}", endpoints()),
    }
}

/// The order of levels, whatever they say.
fn rank(level: &Level) -> u8 {
    match level {
        Level::Unknown(_) => 0,
        Level::Unused => 1,
        Level::Imported => 2,
        Level::Beside => 3,
        Level::Used => 4,
        Level::Called(_) => 5,
        Level::CalledWithInput(_) => 6,
        Level::Serves => 7,
    }
}

/// A path is a module, or something of it.
fn is_in(path: &str, module: &str) -> bool {
    let rest = path.strip_prefix(module);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', '(']))
}

/// The call is of what an advisory names: the same path, or the same last name in that module, as methods are called on
/// what the module has made.
fn is_symbol(advisory: &Advisory, path: &str) -> bool {
    advisory.symbols.iter().any(|symbols| {
        let is_named = |name: &String| {
            let last = name.rsplit('.').next().unwrap_or(name);
            path.trim_end_matches("()").rsplit(['.', '/']).next() == Some(last)
        };
        is_in(path, &symbols.module) && (symbols.names.is_empty() || symbols.names.iter().any(is_named))
    })
}
