//! One scan, from a tree to a report.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use routeward_base::{Date, FileId, FileSystem, Idx, IndexVec, Memory};
use routeward_catalog::{Audience, Catalog, Hint, LintMeta, suggest};
use routeward_deps::{Advisories, Dependencies};
use routeward_diag::{Finding, Severity};
use routeward_endpoints::{Endpoint, Inventory};
use routeward_ir::{ImportKind, Program, Role, Target, Unit};
use routeward_lints::{Lint, Packages, Reaches, Views, watched};
use routeward_secrets::{Matcher, RuleFile, RuleSet, RulesError, read_rules};
use routeward_settings::Reader;

use crate::comment::{Comments, read_comments};
use crate::config::{Config, FILE_NAME, Gate};
use crate::load::{
    Language, Links, Loaded, REPORT_DEFECT, Reading, add_outlines, drop_tests, load, panic_message, pool,
};
use crate::packages;
use crate::problem::{Problem, ProblemKind, and_more};
use crate::public::declare;
use crate::report::{Report, Source, Statistics};
use crate::role::mark_tests;
use crate::scope::is_in_focus;
use crate::secrets;
use crate::settings;
use crate::test_paths::TestPaths;
use crate::triage::{Rules, accepted, rank};
use crate::walk::{Folder, Tree, Walked, add_tracked, join, walk};

/// What to scan and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the files come from.
    pub tree: Tree,
    /// What is read.
    pub folders: Vec<Folder>,
    /// Files and folders whose results are reported; empty text stands for the root.
    pub focus: Vec<String>,
    /// The settings of the repository.
    pub config: Config,
    /// What fails the check, instead of what the configuration says.
    pub fail_on: Option<Gate>,
    /// Only these lints and families of lints run, also those that are off; all that are on if empty.
    pub only: Vec<String>,
    /// The files that the repository holds, relative to the root of the scan: they are read even if ignore files leave
    /// them out. `None` if that is not known.
    pub tracked: Option<BTreeSet<String>>,
    /// What is known about versions of packages.
    pub advisories: Arc<Advisories>,
    /// How many days old what is known may be at most.
    pub max_advisory_age: Option<u32>,
    /// Files of rules for secrets, in the order in which they are named.
    pub secrets_rules: Vec<RuleFile>,
    /// Archives are looked through for secrets, too.
    pub archives: bool,
    /// Findings below are not reported.
    pub min_severity: Severity,
    /// Decides whether suppressions have expired; none has if this is unknown.
    pub today: Option<Date>,
    /// Number of workers; zero means one for each processor.
    pub threads: usize,
}

impl Options {
    /// Everything that `tree` holds, with default settings.
    pub fn new(tree: Tree) -> Self {
        Self {
            tree,
            folders: vec![Folder::root()],
            focus: vec![String::new()],
            config: Config::default(),
            fail_on: None,
            only: Vec::new(),
            tracked: None,
            advisories: Arc::new(Advisories::new(None)),
            max_advisory_age: None,
            secrets_rules: Vec::new(),
            archives: false,
            min_severity: Severity::Info,
            today: None,
            threads: 0,
        }
    }
}

impl Options {
    /// Refuses lints that do not exist.
    pub(crate) fn check(&self) -> Result<(), ScanError> {
        let mut known = lint_ids();
        known.extend(Catalog::embedded().lints.iter().map(|lint| lint.family.as_str()));
        match self.only.iter().find(|id| !known.contains(&id.as_str())) {
            Some(id) => {
                let hint = suggest(id, known).map(str::to_owned);
                Err(ScanError::UnknownLint { id: id.clone(), hint })
            }
            None => Ok(()),
        }
    }

    /// Those of `lints` that run, and how severe their findings are.
    pub(crate) fn in_force<'a>(&self, lints: &'a [Lint]) -> Vec<InForce<'a>> {
        let catalog = Catalog::embedded();
        let lints = lints.iter().filter_map(|lint| catalog.lint(lint.id).map(|meta| (lint, meta)));
        lints.filter_map(|(lint, meta)| self.severity(meta).map(|severity| (lint, meta, severity))).collect()
    }

    /// The severity in force for a lint; `None` if it does not run.
    fn severity(&self, meta: &LintMeta) -> Option<Severity> {
        let configured = self.config.lints.get(&meta.id);
        if !self.only.is_empty() {
            let is_asked_for = self.only.iter().any(|only| *only == meta.id || *only == meta.family);
            return is_asked_for.then(|| configured.copied().flatten().unwrap_or(meta.severity));
        }
        match configured {
            Some(severity) => *severity,
            None => (meta.audience != Audience::Nursery).then_some(meta.severity),
        }
    }

    /// What fails the check.
    pub(crate) fn gate(&self) -> Gate {
        self.fail_on.unwrap_or(self.config.fail_on)
    }

    /// What is looked for instead of what the catalogue alone says.
    pub(crate) fn rules(&self) -> Result<Option<RuleSet>, ScanError> {
        match &self.secrets_rules[..] {
            [] => Ok(None),
            files => Ok(Some(read_rules(Catalog::tokens(), files)?)),
        }
    }

    /// Some lint that runs looks at what the repository depends on.
    pub fn is_about_packages(&self) -> bool {
        is_about_packages(&self.in_force(routeward_lints::all()))
    }

    /// True for a file that findings are reported of.
    pub fn is_in_focus(&self, path: &str) -> bool {
        is_in_focus(&self.focus, path)
    }

    /// Some lint that runs needs the program, and not only the text of files.
    pub fn is_about_program(&self) -> bool {
        is_about_program(&self.in_force(routeward_lints::all()))
    }
}

/// A scan that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// A lint was asked for that does not exist.
    #[error("unknown lint `{id}`{} (`routeward lints` shows all)", Hint(hint.as_deref()))]
    UnknownLint {
        /// The id.
        id: String,
        /// What may be meant.
        hint: Option<String>,
    },
    /// A history was to be searched for what only a program has.
    #[error("a history is searched for keys and tokens only: `--only secrets` names the lints")]
    NotInHistory,
    /// A file of rules for secrets cannot be used.
    #[error(transparent)]
    SecretsRules(#[from] RulesError),
    /// The workers could not be started.
    #[error("cannot start worker threads")]
    Threads(#[source] rayon::ThreadPoolBuildError),
}

/// Hears how far a scan is. Called from several threads.
pub trait Progress: Sync {
    /// A phase with that many steps begins; zero if they are not counted.
    fn begin(&self, phase: &'static str, steps: usize);
    /// A step is done.
    fn step(&self);
}

/// Hears nothing.
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _phase: &'static str, _steps: usize) {}
    fn step(&self) {}
}

/// The ids of all lints, sorted.
pub fn lint_ids() -> Vec<&'static str> {
    Catalog::embedded().lints.iter().map(|lint| lint.id.as_str()).collect()
}

/// Scans a tree. Only wrong options are errors; whatever the files hold gives a report.
pub fn scan(options: &Options, fs: &dyn FileSystem, progress: &dyn Progress) -> Result<Report, ScanError> {
    options.check()?;
    let rules = options.rules()?;
    let pool = pool(options.threads).map_err(ScanError::Threads)?;
    let scan = || Scan { rules: rules.as_ref(), ..Scan::new(options, fs, progress, routeward_lints::all()) };
    Ok(pool.install(|| scan().run()))
}

/// Scans files in memory with the `routeward.toml` among them, and runs only `lints`. For tests: a
/// configuration that cannot be used becomes a problem, and today is always the same day.
pub fn scan_memory(files: &Memory, lints: &[&str]) -> Report {
    let mut options = Options::new(Tree::Listed);
    options.only = lints.iter().map(|lint| (*lint).to_owned()).collect();
    options.today = Date::parse("2026-11-01");
    scan_listed(files, options, routeward_lints::all())
}

fn scan_listed(files: &Memory, mut options: Options, lints: &[Lint]) -> Report {
    let mut refused = None;
    if let Ok(bytes) = files.read(FILE_NAME) {
        let mut ids = lint_ids();
        ids.extend(lints.iter().map(|lint| lint.id));
        match Config::parse(FILE_NAME, &String::from_utf8_lossy(&bytes), &ids) {
            Ok(config) => options.config = config,
            Err(error) => {
                refused = Some(Problem::new(
                    FILE_NAME,
                    ProblemKind::Configuration,
                    error.to_string(),
                    "correct it",
                ));
            }
        }
    }
    let run = || Scan::new(&options, files, &NoProgress, lints).run();
    // Without workers of its own the scan runs on the current thread's pool.
    let mut report = pool(options.threads).map_or_else(|_| run(), |pool| pool.install(run));
    report.problems.extend(refused);
    report
}

/// One problem for each file in which evaluation gave up somewhere.
fn cut_short(inventory: &Inventory, sources: &[Source]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for notes in inventory.notes.chunk_by(|a, b| a.place.file == b.place.file) {
        let Some(source) = sources.get(notes[0].place.file.raw() as usize) else { continue };
        let message = format!("was not followed to its end: {}{}", notes[0].text, and_more(notes.len()));
        let remedy = "what depends on it is told as unknown";
        let line = source.lines.line(notes[0].place.span.start);
        problems.push(Problem::new(&source.path, ProblemKind::Budget, message, remedy).at_line(line));
    }
    problems
}

/// A lint that runs, with its entry in the catalogue and the severity in force.
pub(crate) type InForce<'a> = (&'a Lint, &'static LintMeta, Severity);

/// The lint looks at the text of files only.
pub(crate) fn is_about_texts((lint, ..): &InForce<'_>) -> bool {
    lint.check.is_about_texts()
}

fn is_about_program(in_force: &[InForce<'_>]) -> bool {
    in_force.is_empty() || in_force.iter().any(|(lint, ..)| lint.check.is_about_program())
}

fn is_about_packages(in_force: &[InForce<'_>]) -> bool {
    in_force.iter().any(|(lint, ..)| lint.check.is_about_packages())
}

pub(crate) struct Scan<'a> {
    pub(crate) options: &'a Options,
    fs: &'a dyn FileSystem,
    pub(crate) progress: &'a dyn Progress,
    lints: &'a [Lint],
    /// What is looked for instead of what the catalogue alone says.
    rules: Option<&'a RuleSet>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) timings: Vec<(&'static str, Duration)>,
    since: Instant,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(
        options: &'a Options,
        fs: &'a dyn FileSystem,
        progress: &'a dyn Progress,
        lints: &'a [Lint],
    ) -> Self {
        Self {
            options,
            fs,
            progress,
            lints,
            rules: None,
            problems: Vec::new(),
            timings: Vec::new(),
            since: Instant::now(),
        }
    }

    fn run(mut self) -> Report {
        let in_force = self.options.in_force(self.lints);
        let Some(rules) = self.rules.filter(|_| !in_force.is_empty()) else {
            let matcher = self.matcher(&in_force);
            return self.run_with(&in_force, matcher);
        };
        let matcher = self.own_matcher(rules);
        self.run_with(&in_force, matcher.as_ref())
    }

    /// What looks for secrets by rules of the user; tells what cannot be used of these.
    pub(crate) fn own_matcher<'r>(&mut self, rules: &'r RuleSet) -> Option<Matcher<'r>> {
        self.problems.extend(rules.remarks.iter().map(|remark| {
            let remedy = "nothing, if its secrets are found by another rule; otherwise write it without that";
            Problem::new(&remark.path, ProblemKind::Rule, remark.message.clone(), remedy).at_line(remark.line)
        }));
        let made = Matcher::new(&rules.tokens);
        self.problems
            .extend(made.as_ref().err().map(|error| broken("the search for secrets", &error.to_string())));
        made.ok()
    }

    /// `matcher` looks for keys and tokens.
    fn run_with(mut self, in_force: &[InForce<'a>], matcher: Option<&Matcher<'_>>) -> Report {
        let options = self.options;
        let config = &options.config;
        let catalog = Catalog::embedded();
        self.progress.begin("walking", 0);
        let mut walked = walk(&options.tree, self.fs, &options.folders, config);
        if let Some(tracked) = &options.tracked {
            add_tracked(&mut walked, tracked, self.fs, &options.folders, config);
        }
        self.problems.append(&mut walked.problems);
        self.lap("walk");

        let asks_for_settings = in_force.iter().any(|(lint, ..)| lint.check.is_about_settings());
        let settings = asks_for_settings.then(|| self.settings()).flatten();
        let searches = in_force.iter().any(is_about_texts);
        // Whether requests reach packages is known where the program is.
        let asks_for_packages = is_about_packages(in_force);
        let is_about_program = is_about_program(in_force) || asks_for_packages && options.gate().reachable;
        let reading = Reading {
            fs: self.fs,
            max_size: config.max_file_size,
            lowers: is_about_program,
            matcher,
            searches,
            settings,
            archives: options.archives,
            focus: &options.focus,
        };
        let Loaded { mut units, mut sources, hits, bystanders, searched, given, problems } =
            load(&reading, &walked, &catalog.models, self.progress);
        self.problems.extend(problems);
        self.lap("read and lower");

        self.progress.begin("analysing", 0);
        let links = Links::new(self.fs, &walked.files, &mut units);
        let entries = links.entries();
        mark_tests(&mut units, &entries, &walked.files, &options.focus);
        let mut statistics = statistics(&units, &sources, &walked);
        statistics.files_searched = searched;
        if !is_about_program {
            // What was lowered for its comments only is not what was asked for.
            statistics.files_by_role = [0; 3];
        }
        let comments = self.comments(&units, &sources);
        let dropped = drop_tests(&mut units, &mut sources, &hits);
        add_outlines(&catalog.models, &mut units, &mut sources);
        let tests = LazyCell::new(|| TestPaths::new(&walked.files));
        let found = matcher.map(|matcher| secrets::take(matcher, &tests, &mut sources, &hits, bystanders));
        let meant = walked.files.iter().filter(|path| is_in_focus(&options.focus, path));
        // What is known only by a name in settings is told better by what reads settings.
        let told = found.iter().flatten().filter(|secret| searches && secret.row.within.is_empty());
        let cut = given.iter().filter(|(_, configuration)| configuration.is_cut);
        self.problems.extend(cut.map(|(path, _)| settings::cut(path)));
        let tracked = options.tracked.as_ref();
        let configured = settings
            .map(|reader| settings::take(reader, meant, &tests, &mut sources, told, tracked, given))
            .unwrap_or_default();
        let (files, focus) = (&walked.files, &options.focus);
        let dependencies = asks_for_packages.then(|| {
            let advisories = &options.advisories;
            packages::load(self.fs, files, focus, advisories, matcher, &mut sources, &mut self.problems)
        });
        let packages = dependencies.as_ref().map(Dependencies::packages).unwrap_or_default();
        let ranges = dependencies.as_ref().map(Dependencies::ranges).unwrap_or_default();
        let ecosystems = dependencies.as_ref().map(packages::ecosystems).unwrap_or_default();
        self.problems.extend(packages::not_covered(&ecosystems, &options.advisories));
        let (today, most) = (options.today, options.max_advisory_age);
        self.problems.extend(packages::aged(&ecosystems, &options.advisories, today, most));
        if let Some(dependencies) = dependencies.as_ref().filter(|_| !searches && !is_about_program) {
            statistics.files_searched = dependencies.files().len();
        }
        let fs = self.fs;
        let program = Program {
            units,
            resolve: Box::new(|from, specifier| match links.resolve(from, specifier) {
                Target::File(file) if dropped.contains(&file) => Target::Missing,
                target => target,
            }),
            version: Box::new(|from, package| links.version(from, package)),
            list: Box::new(|dir| list(fs, dir)),
            entries,
            watched: if is_about_program { watched(&catalog.models, &packages, &ranges) } else { Vec::new() },
        };
        self.lap("link");

        let config_file = FileId::new(sources.len() as u32);
        let mut inventory = self
            .guarded("evaluation", || {
                let languages = Language::ALL.map(Language::name).into_iter().filter(|_| is_about_program);
                let spoken = languages.filter(|name| program.units.iter().any(|unit| unit.language == *name));
                let inventories = spoken.map(|language| {
                    let mut evaluator = routeward_flow::evaluate(&program, &catalog.models, language);
                    routeward_endpoints::inventory(&mut evaluator)
                });
                routeward_endpoints::joined(inventories)
            })
            .unwrap_or_default();
        secrets::cover(&inventory.keys, &mut sources);
        let is_key = |name: &str| inventory.named_keys.iter().any(|key| key.name == name);
        settings::cover(&configured, is_key, &mut sources);
        self.problems.extend(cut_short(&inventory, &sources));
        declare(&mut inventory, config, config_file, comments.declarations, &sources);
        self.lap("endpoints");

        // What nobody asks for is covered, and stands for no other finding.
        let secrets = found.as_deref().filter(|_| searches).unwrap_or_default();
        let models = &catalog.models;
        let mut reaches = if is_about_program {
            Reaches::new(&program, &inventory, models, &packages, &ranges)
        } else {
            Reaches::default()
        };
        let is_accepted = accepted(options, &sources);
        let views = Views {
            program: &program,
            inventory: &inventory,
            secrets,
            settings: &configured,
            reaches: &reaches,
            packages: dependencies.as_ref().map(|dependencies| Packages {
                dependencies,
                versions: &packages,
                ranges: &ranges,
                is_accepted: &is_accepted,
            }),
            today: options.today,
        };
        let (findings, ran) = self.lint(in_force, &views);
        self.lap("lint");
        drop(is_accepted);
        drop(program);
        if !config.public.is_empty() {
            sources.push(Source::new(config.path.clone(), config.text.clone()));
        }
        let rules = Rules::new(options, &comments.suppressions, &sources, &ran);
        let findings = rules.triage(findings, &mut self.problems);
        self.focus(&mut inventory, &mut reaches, &sources);
        // Remarks on the text of files that were not asked for help nobody; a file that is missing does.
        self.problems.retain(|problem| {
            let is_about_text = matches!(
                problem.kind,
                ProblemKind::Binary
                    | ProblemKind::Budget
                    | ProblemKind::Encoding
                    | ProblemKind::Minified
                    | ProblemKind::Syntax
            );
            !is_about_text || is_in_focus(&options.focus, &problem.path)
        });
        self.problems.sort();
        self.problems.dedup();
        self.lap("triage");
        Report {
            sources,
            findings,
            inventory,
            reaches,
            problems: self.problems,
            gate: options.gate(),
            statistics,
            timings: self.timings,
        }
    }

    pub(crate) fn lap(&mut self, phase: &'static str) {
        self.timings.push((phase, self.since.elapsed()));
        self.since = Instant::now();
    }

    /// Runs a stage; a panic becomes a problem and costs that stage only.
    fn guarded<T>(&mut self, stage: &str, run: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(value) => Some(value),
            Err(payload) => {
                self.problems.push(broken(stage, &panic_message(&*payload)));
                None
            }
        }
    }

    pub(crate) fn comments(&mut self, units: &IndexVec<FileId, Unit>, sources: &[Source]) -> Comments {
        let mut ids = lint_ids();
        ids.extend(self.lints.iter().map(|lint| lint.id));
        let mut all = Comments::default();
        for (file, unit) in units.iter_enumerated() {
            if unit.module.comments.is_empty() {
                continue;
            }
            let Some(source) = sources.get(file.raw() as usize) else { continue };
            let today = self.options.today;
            let mut found =
                read_comments(file, &unit.path, &source.text, &source.lines, &unit.module, &ids, today);
            all.suppressions.append(&mut found.suppressions);
            all.declarations.append(&mut found.declarations);
            let in_focus = is_in_focus(&self.options.focus, &unit.path);
            self.problems.extend(found.problems.into_iter().filter(|_| in_focus));
        }
        all
    }

    /// What looks for keys and tokens. Nothing shows a line where no lint runs.
    pub(crate) fn matcher(&mut self, in_force: &[InForce<'_>]) -> Option<&'static Matcher<'static>> {
        // Patterns are compiled when they are first needed, and kept for the next scan of the process.
        static MATCHER: LazyLock<Result<Matcher<'static>, String>> =
            LazyLock::new(|| Matcher::new(Catalog::tokens()).map_err(|error| error.to_string()));
        in_force.first()?;
        match &*MATCHER {
            Ok(matcher) => Some(matcher),
            Err(error) => {
                self.problems.push(broken("the search for secrets", error));
                None
            }
        }
    }

    /// What reads configuration.
    fn settings(&mut self) -> Option<&'static Reader<'static>> {
        static READER: LazyLock<Result<Reader<'static>, String>> =
            LazyLock::new(|| Reader::new(Catalog::settings()));
        match &*READER {
            Ok(reader) => Some(reader),
            Err(error) => {
                self.problems.push(broken("the reading of configuration", error));
                None
            }
        }
    }

    /// Runs the lints in force; returns the findings and which lints ran.
    pub(crate) fn lint(
        &mut self,
        in_force: &[InForce<'_>],
        views: &Views<'_>,
    ) -> (Vec<Finding>, Vec<&'static str>) {
        let results: Vec<_> = in_force
            .par_iter()
            .map(|(lint, meta, severity)| {
                let run = || routeward_lints::run(lint, meta, *severity, meta.confidence, views);
                catch_unwind(AssertUnwindSafe(run))
                    .map_err(|payload| broken(&format!("lint {}", lint.id), &panic_message(&*payload)))
            })
            .collect();
        let mut findings = Vec::new();
        for result in results {
            match result {
                Ok(found) => findings.extend(found),
                Err(problem) => self.problems.push(problem),
            }
        }
        (findings, in_force.iter().map(|(lint, ..)| lint.id).collect())
    }

    /// Keeps the endpoints that are registered or answered in focus.
    fn focus(&self, inventory: &mut Inventory, reaches: &mut Reaches, sources: &[Source]) {
        let focus = &self.options.focus;
        let is_in = |file: FileId| {
            sources.get(file.raw() as usize).is_some_and(|source| is_in_focus(focus, &source.path))
        };
        let is_meant = |endpoint: &Endpoint| {
            is_in(endpoint.place.file) || endpoint.handler.place.is_some_and(|place| is_in(place.file))
        };
        let mut left = 0..;
        let places: Vec<Option<usize>> =
            inventory.endpoints.iter().map(|it| is_meant(it).then(|| left.next()).flatten()).collect();
        reaches.follow(|at| places.get(at).copied().flatten());
        inventory.endpoints.retain(is_meant);
        inventory.notes.retain(|note| is_in(note.place.file));
    }
}

fn broken(stage: &str, message: &str) -> Problem {
    Problem::new("", ProblemKind::Internal, format!("{stage} stopped: {message}"), REPORT_DEFECT)
}

fn list(fs: &dyn FileSystem, dir: &str) -> Vec<String> {
    fs.list(dir).into_iter().map(|name| join(dir, &name)).collect()
}

fn statistics(units: &IndexVec<FileId, Unit>, sources: &[Source], walked: &Walked) -> Statistics {
    let mut statistics = Statistics {
        files_seen: walked.files.len(),
        bytes: sources.iter().map(|source| source.text.len() as u64).sum(),
        lines: sources.iter().map(|source| u64::from(source.lines.lines())).sum(),
        excluded: walked.excluded.clone(),
        ..Statistics::default()
    };
    for unit in units {
        let role = match unit.role {
            Role::Source => 0,
            Role::Test => 1,
            Role::Generated => 2,
            Role::Document | Role::Data | Role::Template | Role::Outline => continue,
        };
        statistics.files_by_role[role] += 1;
        statistics.functions += unit.module.functions.len();
        statistics.nodes += unit.module.exprs.len() + unit.module.stmts.len();
        statistics.missing_imports += unit
            .targets
            .iter_enumerated()
            .filter(|(id, target)| {
                **target == Target::Missing && unit.module.imports[*id].kind != ImportKind::Fallback
            })
            .count();
    }
    let unknown =
        units.iter().flat_map(|unit| unit.module.unknown.iter().map(|(name, _)| (&unit.module.names, *name)));
    statistics.not_understood = rank(unknown);
    statistics
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
