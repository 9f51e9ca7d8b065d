//! Whether requests reach the packages of which something is known.
//!
//! What code imports and calls is known where the code is read and evaluated; what packages call in each other is not.
//! So there are three answers: a use that was seen, the proof that nothing asks for the package, and that it is not known.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use routeward_base::{FileId, FxHashMap, FxHashSet};
use routeward_catalog::{Models, ModulesRow, is_one_of, is_within, modules_around};
use routeward_deps::{
    About, Admitted, Advisory, Dependency, Ecosystem, FileKind, Kind, Origin, Package, Use,
};
use routeward_diag::Place;
use routeward_endpoints::{Endpoint, Inventory, PackageUse};
use routeward_ir::{Program, Role, Target, Unit};

use crate::story;

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

    /// The word for it in tables and for scripts.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown",
            Self::Unused => "unused",
            Self::Imported => "imported",
            Self::Beside => "beside",
            Self::Used => "used",
            Self::Called(_) => "called",
            Self::CalledWithInput(_) => "called with input",
            Self::Serves => "serves",
        }
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

/// A package of which something is known.
#[derive(Clone, Debug)]
pub struct Known {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The name as it is written first.
    pub name: String,
    /// The version, or the requirement that lets versions in.
    pub version: String,
    /// What is known, the worst first, and how far requests get to what each is about.
    pub advisories: Vec<(Advisory, Reached)>,
    /// How far requests get to the package as a whole.
    pub reached: Reached,
}

/// What is known of all packages against which something is known.
#[derive(Clone, Default, Debug)]
pub struct Reaches {
    all: Vec<Known>,
    versions: BTreeMap<(Ecosystem, String, String), usize>,
    ranges: BTreeMap<(Ecosystem, String, String, About), usize>,
}

impl Reaches {
    /// Looks at the packages with advisories, in the versions that are said and in those that requirements let in. Cost:
    /// one pass over the imports of the program for all of them, and one over its texts where something is not imported.
    pub fn new(
        program: &Program<'_>,
        inventory: &Inventory,
        models: &Models,
        packages: &[Package<'_>],
        ranges: &[Admitted<'_>],
    ) -> Self {
        let known: Vec<&Package<'_>> =
            packages.iter().filter(|package| !package.advisories.is_empty()).collect();
        if known.is_empty() && ranges.is_empty() {
            return Self::default();
        }
        let subjects: Vec<Subject<'_>> = known
            .iter()
            .map(|it| Subject::of_version(it))
            .chain(ranges.iter().map(Subject::of_range))
            .collect();
        let seen = Seen::new(program, inventory, models, &subjects);
        let all = subjects.iter().map(|subject| seen.known(subject)).collect();
        let versions = known.iter().map(|it| version_key(it)).zip(0..).collect();
        let ranges = ranges.iter().map(range_key).zip(known.len()..).collect();
        Self { all, versions, ranges }
    }

    /// All packages of which something is known: the versions in order of ecosystem, name and version, and then what is
    /// let in.
    pub fn all(&self) -> &[Known] {
        &self.all
    }

    /// What is known of a package; nothing where the program was not looked at.
    pub fn of(&self, package: &Package<'_>) -> Option<&Known> {
        self.versions.get(&version_key(package)).and_then(|at| self.all.get(*at))
    }

    /// What is known of a package in versions that are let in; nothing where the program was not looked at.
    pub fn of_range(&self, range: &Admitted<'_>) -> Option<&Known> {
        self.ranges.get(&range_key(range)).and_then(|at| self.all.get(*at))
    }

    /// Follows endpoints to their new places in the inventory; those that have none are left out.
    pub fn follow(&mut self, place_of: impl Fn(usize) -> Option<usize>) {
        for known in &mut self.all {
            let each = known.advisories.iter_mut().map(|(_, reached)| reached);
            for reached in each.chain([&mut known.reached]) {
                reached.endpoints = reached.endpoints.iter().filter_map(|at| place_of(*at)).collect();
            }
        }
    }
}

fn version_key(package: &Package<'_>) -> (Ecosystem, String, String) {
    (package.ecosystem, package.name.to_owned(), package.version.to_owned())
}

fn range_key(range: &Admitted<'_>) -> (Ecosystem, String, String, About) {
    (range.ecosystem, range.name.to_owned(), range.requirement.to_owned(), range.about)
}

/// What is looked at.
struct Subject<'a> {
    ecosystem: Ecosystem,
    name: &'a str,
    /// The version or requirement.
    version: &'a str,
    uses: &'a [Use<'a>],
    /// What is known of how it is asked for.
    advisories: &'a [Advisory],
}

impl<'a> Subject<'a> {
    fn of_version(package: &'a Package<'_>) -> Self {
        let Package { ecosystem, name, version, uses, advisories, .. } = package;
        Self { ecosystem: *ecosystem, name, version, uses, advisories }
    }

    fn of_range(range: &'a Admitted<'_>) -> Self {
        let Admitted { ecosystem, name, requirement: version, uses, advisories, .. } = range;
        Self { ecosystem: *ecosystem, name, version, uses, advisories }
    }
}

/// The modules of the packages with advisories, as code imports them.
pub fn watched(models: &Models, packages: &[Package<'_>], ranges: &[Admitted<'_>]) -> Vec<String> {
    let known = packages.iter().filter(|package| !package.advisories.is_empty());
    let known = known.map(|package| (package.ecosystem, package.name));
    let known = known.chain(ranges.iter().map(|range| (range.ecosystem, range.name)));
    let named = known.filter_map(|(ecosystem, name)| Some(modules(models, ecosystem, name)?.1.names));
    let all: BTreeSet<String> = named.flatten().collect();
    all.into_iter().collect()
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
    /// Where code of a language first imports a module or something in it.
    imports: FxHashMap<(&'a str, &'a str), Place>,
    /// Those of the packages and modules looked for whose names stand in texts of the program, by themselves or in front
    /// of something in them.
    named: LazyCell<FxHashSet<String>, Box<dyn FnOnce() -> FxHashSet<String> + 'a>>,
}

/// The files that run when the program does.
fn sources<'a>(program: &'a Program<'_>) -> impl Iterator<Item = (FileId, &'a Unit)> {
    program.units.iter_enumerated().filter(|(_, unit)| unit.role == Role::Source)
}

impl<'a> Seen<'a> {
    fn new(
        program: &'a Program<'a>,
        inventory: &'a Inventory,
        models: &'a Models,
        subjects: &'a [Subject<'a>],
    ) -> Self {
        let mut imports = FxHashMap::default();
        for (file, unit) in sources(program) {
            for (id, target) in unit.targets.iter_enumerated() {
                let Target::Package(path) = target else { continue };
                for module in modules_around(path) {
                    let place = Place { file, span: unit.module.imports[id].span };
                    imports.entry((unit.language, module)).or_insert(place);
                }
            }
        }
        let named = move || {
            let names = subjects.iter().flat_map(|subject| {
                let modules =
                    modules(models, subject.ecosystem, subject.name).map(|(_, modules)| modules.names);
                modules.into_iter().flatten().chain([subject.name.to_owned()])
            });
            let wanted: FxHashSet<String> = names.collect();
            let texts = sources(program).flat_map(|(_, unit)| unit.module.names.texts());
            let found = texts.flat_map(modules_around).filter_map(|name| wanted.get(name));
            found.cloned().collect()
        };
        Self { program, inventory, models, imports, named: LazyCell::new(Box::new(named)) }
    }

    /// What endpoints call differs by what an advisory is about; all else is looked at once.
    fn known(&self, package: &Subject<'_>) -> Known {
        let modules = modules(self.models, package.ecosystem, package.name);
        let served = modules.as_ref().and_then(|(_, modules)| self.served(package, modules));
        let otherwise = LazyCell::new(|| match &modules {
            Some((language, modules)) => self.not_called(package, language, modules),
            None => Reached::unknown("code of its language is not read"),
        });
        let reached = |advisories: &[&Advisory]| {
            let called = || modules.as_ref().and_then(|(_, modules)| self.called(modules, advisories));
            served.clone().or_else(called).unwrap_or_else(|| otherwise.clone())
        };
        let each = package.advisories.iter();
        let vulnerable: Vec<&Advisory> =
            each.clone().filter(|advisory| advisory.kind != Kind::Unmaintained).collect();
        Known {
            ecosystem: package.ecosystem,
            name: package.name.to_owned(),
            version: package.version.to_owned(),
            advisories: each.map(|it| (it.clone(), reached(&[it]))).collect(),
            reached: reached(&vulnerable),
        }
    }

    /// The endpoints that it serves.
    fn served(&self, package: &Subject<'_>, modules: &Modules) -> Option<Reached> {
        let is_server = |endpoint: &Endpoint| {
            let framework = package.ecosystem.fold(&endpoint.framework);
            framework == package.ecosystem.fold(package.name) || modules.names.contains(&endpoint.framework)
        };
        let endpoints = self.inventory.endpoints.iter().enumerate();
        let served: Vec<usize> =
            endpoints.filter(|(_, endpoint)| is_server(endpoint)).map(|(at, _)| at).collect();
        let place = self.inventory.endpoints[*served.first()?].place;
        Some(Reached { endpoints: served, ..Reached::new(Level::Serves, Some(place)) })
    }

    /// What is known where no endpoint calls it.
    fn not_called(&self, package: &Subject<'_>, language: &str, modules: &Modules) -> Reached {
        match self.imported(language, modules) {
            Some(place) => Reached::new(Level::Imported, Some(place)),
            None => self.not_imported(package, language, modules),
        }
    }

    /// What endpoints call of a package.
    fn called(&self, modules: &Modules, advisories: &[&Advisory]) -> Option<Reached> {
        let is_of = |used: &&PackageUse| is_one_of(&modules.names, &used.path);
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
        modules.names.iter().filter_map(|name| self.imports.get(&(language, name.as_str()))).min().copied()
    }

    /// What follows from that no code imports it.
    fn not_imported(&self, package: &Subject<'_>, language: &str, modules: &Modules) -> Reached {
        if !sources(self.program).any(|(_, unit)| unit.language == language) {
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
        if self.named.contains(package.name) || modules.names.iter().any(|name| self.named.contains(name)) {
            return Reached::unknown("a text of the program has its name");
        }
        // Without a lockfile nothing says what other packages ask for.
        let is_open = |used: &Use<'_>| {
            used.listed.listing.kind == FileKind::Manifest || used.dependency().is_direct.is_none()
        };
        if package.uses.iter().any(is_open) {
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
            |start: &str| modules.names.iter().any(|name| name.starts_with(start) || is_within(start, name));
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
        // What is the repository's own is read.
        if dependency.origin == Origin::Path {
            return false;
        }
        let Some((_, modules)) = modules(self.models, dependency.ecosystem, &dependency.name) else {
            return true;
        };
        let is_asked_for = dependency.is_direct != Some(false);
        let is_open = !modules.is_sure || modules.is_program;
        is_asked_for && is_open || self.imported(language, &modules).is_some()
    }
}

/// What is known, in a line.
pub fn tell(reached: &Reached, inventory: &Inventory) -> String {
    let endpoints = || {
        let rows = reached.endpoints.iter().filter_map(|at| inventory.endpoints.get(*at));
        let titles: Vec<String> = rows.map(Endpoint::title).collect();
        story::list(&titles)
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

/// The call is of what an advisory names: the same path, or the same last name in that module, as methods are called on
/// what the module has made.
fn is_symbol(advisory: &Advisory, path: &str) -> bool {
    advisory.symbols.iter().any(|symbols| {
        let is_named = |name: &String| {
            let last = name.rsplit('.').next().unwrap_or(name);
            path.trim_end_matches("()").rsplit(['.', '/']).next() == Some(last)
        };
        is_within(path, &symbols.module) && (symbols.names.is_empty() || symbols.names.iter().any(is_named))
    })
}
