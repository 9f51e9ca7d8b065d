//! Reads and lowers files in parallel, and links them into a program.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use routeward_base::{FileId, FileSystem, FxHashMap, FxHashSet, Idx, IndexVec, LineTable};
use routeward_catalog::Models;
use routeward_ir::{ImportId, Module, Resolution, Role, Target, Unit};
use routeward_lang_javascript as javascript;
use routeward_lang_python as python;
use routeward_secrets::{Hit, Matcher};
use routeward_settings::Reader;

use crate::archives::{self, is_archive};
use crate::asked::Asked;
use crate::data::load_data;
use crate::decode::{Decoded, decode, is_generated, is_minified};
use crate::documents::load_documents;
use crate::problem::{Problem, ProblemKind};
use crate::report::Source;
use crate::role::{reached, role_of};
use crate::scan::Progress;
use crate::scope::is_in_focus;
use crate::secrets;
use crate::settings::Given;
use crate::templates::load_templates;
use crate::walk::{Walked, lock, reason};

/// The stack of each worker: front ends and the evaluator recurse over the program's nesting.
const STACK: usize = 64 * 1024 * 1024;

/// A pool of workers with large stacks. `threads` of zero means one for each processor.
pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build()
}

/// The message of a caught panic.
pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

/// What to do about a defect of this tool.
pub(crate) const REPORT_DEFECT: &str = "this is a defect of routeward: please report it with the file";

/// A file that was read and lowered.
pub(crate) struct Lowered {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) unit: Unit,
    /// The keys and tokens in it.
    pub(crate) hits: Vec<Hit>,
}

/// A file that is no part of the program, in which something was found.
pub(crate) struct Bystander {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) hits: Vec<Hit>,
}

/// How files are read.
pub(crate) struct Reading<'a, 'm> {
    pub(crate) fs: &'a dyn FileSystem,
    /// Larger files of code are not lowered, in bytes.
    pub(crate) max_size: u64,
    /// Somebody asks about the program: all code is lowered, and not only what holds keys or tokens.
    pub(crate) lowers: bool,
    /// Looks for keys and tokens. Those of code are covered even if nobody asks for them.
    pub(crate) matcher: Option<&'a Matcher<'m>>,
    /// Somebody asks for keys and tokens: all texts are searched, and not only code.
    pub(crate) searches: bool,
    /// Reads configuration, if somebody asks for it.
    pub(crate) settings: Option<&'a Reader<'static>>,
    /// They are looked for in archives, too.
    pub(crate) archives: bool,
    /// Where they are looked for.
    pub(crate) focus: &'a [String],
}

impl<'m> Reading<'_, 'm> {
    fn lowers(&self, path: &str) -> bool {
        self.lowers && Language::of(path).is_some()
    }

    /// True for an archive that is looked through.
    fn opens(&self, path: &str) -> bool {
        self.archives && self.searches && is_archive(path)
    }

    /// What looks for keys and tokens in that file.
    fn matcher(&self, path: &str) -> Option<&Matcher<'m>> {
        let is_meant =
            (self.searches || self.lowers(path)) && (!secrets::is_opaque(path) || self.opens(path));
        self.matcher.filter(|_| is_meant && is_in_focus(self.focus, path))
    }

    /// What reads configuration in that file.
    fn settings(&self, path: &str) -> Option<&Reader<'static>> {
        self.settings.filter(|reader| reader.may_read(path) && is_in_focus(self.focus, path))
    }
}

/// The lowered files of a tree.
#[derive(Default)]
pub(crate) struct Loaded {
    /// In path order.
    pub(crate) units: IndexVec<FileId, Unit>,
    /// The texts, by the same ids.
    pub(crate) sources: Vec<Source>,
    /// The keys and tokens in them, by the same ids.
    pub(crate) hits: Vec<Vec<Hit>>,
    /// Other files with keys or tokens, in path order.
    pub(crate) bystanders: Vec<Bystander>,
    /// How many files were searched for keys and tokens.
    pub(crate) searched: usize,
    /// What files of configuration say.
    pub(crate) given: Vec<Given>,
    pub(crate) problems: Vec<Problem>,
}

/// A language that is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    Javascript,
    Python,
}

impl Language {
    /// All of them, in the order in which their endpoints are looked for.
    pub(crate) const ALL: [Self; 2] = [Self::Javascript, Self::Python];

    /// The language of a file, by its ending.
    fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (_, extension) = name.rsplit_once('.')?;
        let languages = [(Self::Javascript, javascript::EXTENSIONS), (Self::Python, python::EXTENSIONS)];
        languages.into_iter().find(|(_, endings)| endings.contains(&extension)).map(|(language, _)| language)
    }

    /// Its name, as models spell it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Javascript => "javascript",
            Self::Python => "python",
        }
    }

    fn lower(self, path: &str, text: &str) -> routeward_ir::Lowered {
        match self {
            Self::Javascript => javascript::lower(path, text),
            Self::Python => python::lower(text),
        }
    }
}

/// Reads and lowers every code file of `walked`, and the documents and templates that `models` say belong to it; looks
/// for keys and tokens in all files if somebody asks for these. Runs in the current pool.
pub(crate) fn load(
    reading: &Reading<'_, '_>,
    walked: &Walked,
    models: &Models,
    progress: &dyn Progress,
) -> Loaded {
    let is_read = |path: &&String| {
        reading.lowers(path) || reading.matcher(path).is_some() || reading.settings(path).is_some()
    };
    let mut jobs: Vec<(u64, &str)> = walked
        .files
        .iter()
        .filter(is_read)
        .map(|path| (reading.fs.size(path).unwrap_or(0), path.as_str()))
        .collect();
    jobs.sort_by(|a, b| b.cmp(a));
    progress.begin("reading", jobs.len());
    let next = AtomicUsize::new(0);
    let results: Mutex<Worked> = Mutex::default();
    rayon::broadcast(|_| {
        let mut own = Worked::default();
        while let Some((size, path)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            load_file(reading, path, *size, &mut own);
            progress.step();
        }
        lock(&results).append(own);
    });
    let all = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let Worked { mut files, mut bystanders, searched, given, mut problems } = all;
    if reading.lowers {
        let (fs, max_size) = (reading.fs, reading.max_size);
        let asked = Asked::new(files.iter().map(|file| &file.unit));
        let documents = load_documents(fs, models, &asked, &walked.files, max_size, &mut problems);
        let templates = load_templates(fs, models, &asked, &walked.files, max_size);
        let units: Vec<&Unit> = files.iter().chain(&documents).map(|file| &file.unit).collect();
        let data = load_data(fs, &units, &walked.files);
        for mut file in documents.into_iter().chain(templates).chain(data) {
            // What was found in it before it was known to belong to the program.
            if let Some(at) = bystanders.iter().position(|it| it.path == file.path) {
                file.hits = bystanders.swap_remove(at).hits;
            } else if let Some(matcher) = reading.matcher.filter(|_| !reading.searches) {
                // Nobody asked for what is in texts, but its lines may be shown.
                file.hits = matcher.find(&file.path, &file.text);
            }
            files.push(file);
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    bystanders.sort_by(|a, b| a.path.cmp(&b.path));
    let mut loaded = Loaded { bystanders, searched, given, problems, ..Loaded::default() };
    for file in files {
        loaded.units.push(file.unit);
        loaded.hits.push(file.hits);
        let lines = LineTable::new(&file.text);
        loaded.sources.push(Source { path: file.path, text: file.text, lines });
    }
    loaded
}

/// What one worker has done.
#[derive(Default)]
struct Worked {
    files: Vec<Lowered>,
    bystanders: Vec<Bystander>,
    searched: usize,
    given: Vec<Given>,
    problems: Vec<Problem>,
}

impl Worked {
    fn append(&mut self, mut other: Self) {
        self.files.append(&mut other.files);
        self.bystanders.append(&mut other.bystanders);
        self.searched += other.searched;
        self.given.append(&mut other.given);
        self.problems.append(&mut other.problems);
    }
}

fn load_file(reading: &Reading<'_, '_>, path: &str, size: u64, done: &mut Worked) {
    let (lowers, matcher) = (reading.lowers(path), reading.matcher(path));
    if let Some(matcher) = matcher.filter(|_| reading.opens(path)) {
        return open_archive(reading, path, size, matcher, done);
    }
    let Some(text) = read_text(reading, path, size, &mut done.problems) else { return };
    let mut hits = Vec::new();
    if let Some(matcher) = matcher.filter(|_| text.len() as u64 <= secrets::LARGEST) {
        done.searched += 1;
        let (found, is_cut) = matcher.find_within_limits(path, &text);
        done.problems.extend(is_cut.then(|| secrets::decoded_in_part(path)));
        hits = found;
    }
    let is_short = text.len() as u64 <= secrets::LARGEST;
    let configuration =
        reading.settings(path).filter(|_| is_short).and_then(|reader| reader.read(path, &text));
    let is_configuration = configuration.is_some();
    done.given.extend(configuration.map(|configuration| (path.to_owned(), configuration)));
    // What comments accept is read from the code, so that it is accepted whoever asks; then nothing else of it counts.
    let mut unheard = Vec::new();
    let problems = if lowers { &mut done.problems } else { &mut unheard };
    let is_code = lowers || !hits.is_empty() && Language::of(path).is_some();
    if is_code && text.len() as u64 <= reading.max_size {
        if is_minified(&text) {
            let remedy = "nothing, if it is built from other files; otherwise scan those";
            let message = "is minified and was not analysed";
            problems.push(Problem::new(path, ProblemKind::Minified, message, remedy));
        } else if let Some(unit) = lower_file(path, &text, problems) {
            done.files.push(Lowered { path: path.to_owned(), text, unit, hits });
            return;
        }
    }
    if !hits.is_empty() || is_configuration {
        done.bystanders.push(Bystander { path: path.to_owned(), text, hits });
    }
}

fn open_archive(reading: &Reading<'_, '_>, path: &str, size: u64, matcher: &Matcher<'_>, done: &mut Worked) {
    if size > archives::LARGEST_ARCHIVE {
        done.problems.push(archives::too_large(path, size));
        return;
    }
    let Some(bytes) = read_bytes(reading, path, &mut done.problems) else { return };
    let opened = catch_unwind(AssertUnwindSafe(|| archives::open(path, &bytes, matcher)));
    match opened {
        Ok(mut opened) => {
            done.searched += opened.searched;
            done.bystanders.append(&mut opened.texts);
            done.problems.append(&mut opened.problems);
        }
        Err(payload) => {
            let message = format!("could not be opened: {}", panic_message(&*payload));
            done.problems.push(Problem::new(path, ProblemKind::Internal, message, REPORT_DEFECT));
        }
    }
}

/// The bytes of a file; says if it cannot be read.
fn read_bytes(reading: &Reading<'_, '_>, path: &str, problems: &mut Vec<Problem>) -> Option<Vec<u8>> {
    match reading.fs.read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let message = format!("cannot be read: {}", reason(&error));
            let remedy = "check its permissions, or list it under `exclude` in routeward.toml";
            problems.push(Problem::new(path, ProblemKind::Unreadable, message, remedy));
            None
        }
    }
}

/// The text of a file, unless it has none or is too large for everybody who asks; says for whom it is.
fn read_text(
    reading: &Reading<'_, '_>,
    path: &str,
    size: u64,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let is_searched = reading.matcher(path).is_some() || reading.settings(path).is_some();
    let lowers = reading.lowers(path);
    let may_read = |size: u64, problems: &mut Vec<Problem>| {
        let (is_long, is_too_long) =
            (lowers && size > reading.max_size, is_searched && size > secrets::LARGEST);
        problems.extend(is_long.then(|| too_large(path, size, reading.max_size)));
        // One of the two says enough.
        problems.extend((is_too_long && !is_long).then(|| secrets::not_searched(path, size)));
        lowers && !is_long || is_searched && !is_too_long
    };
    if !may_read(size, problems) {
        return None;
    }
    let bytes = read_bytes(reading, path, problems)?;
    // The size may not have been known before.
    if bytes.len() as u64 > size && !may_read(bytes.len() as u64, problems) {
        return None;
    }
    let Decoded { text, problem } = decode(path, bytes);
    // That other files than code are no text, or broken in places, is no news.
    problems.extend(problem.filter(|_| lowers));
    text
}

pub(crate) fn too_large(path: &str, size: u64, max_size: u64) -> Problem {
    Problem::new(
        path,
        ProblemKind::TooLarge,
        format!(
            "has {}, more than the limit of {}, and was not analysed",
            show_size(size),
            show_size(max_size)
        ),
        "raise `max-file-size` in routeward.toml, or list the file under `exclude`",
    )
}

/// A size for people: the largest unit that leaves at least one.
pub(crate) fn show_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let text = format!("{value:.1}");
    format!("{} {}", text.trim_end_matches(".0"), UNITS[unit])
}

pub(crate) fn lower_file(path: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Unit> {
    let language = Language::of(path)?;
    let lowered = catch_unwind(AssertUnwindSafe(|| language.lower(path, text)));
    let lowered = match lowered {
        Ok(lowered) => lowered,
        Err(payload) => {
            let message = format!("could not be lowered: {}", panic_message(&*payload));
            problems.push(Problem::new(path, ProblemKind::Internal, message, REPORT_DEFECT));
            return None;
        }
    };
    if let Some(first) = lowered.errors.iter().min_by_key(|error| error.span.start) {
        let (what, count) = ((first.span, first.message.as_str()), lowered.errors.len());
        problems.push(Problem::in_text(
            path,
            text,
            "was read in part",
            what,
            count,
            "check the syntax there",
        ));
    }
    let role = role_of(path, &lowered.module, is_generated(text));
    Some(Unit {
        path: path.to_owned(),
        language: language.name(),
        // A copy has no room to spare.
        module: lowered.module.clone(),
        targets: IndexVec::new(),
        role,
    })
}

/// Drops code and text of the tests that nothing of the program imports: they are counted, nobody looks at them again.
/// Gives what was dropped.
pub(crate) fn drop_tests(
    units: &mut IndexVec<FileId, Unit>,
    sources: &mut [Source],
    hits: &[Vec<Hit>],
) -> FxHashSet<FileId> {
    let files = || (0..units.len() as u32).map(FileId::new);
    let is_used = reached(units, files().filter(|file| units[*file].role != Role::Test).collect());
    let dropped: FxHashSet<FileId> = files().filter(|file| !is_used[file.raw() as usize]).collect();
    for file in &dropped {
        let unit = &mut units[*file];
        // What its comments say, and what was found in it, is told by line and column.
        let has_hits = hits.get(file.raw() as usize).is_some_and(|hits| !hits.is_empty());
        let is_quoted = has_hits || !unit.module.comments.is_empty();
        unit.module = Module::empty("", unit.module.semantics);
        unit.targets = IndexVec::new();
        if let Some(source) = sources.get_mut(file.raw() as usize).filter(|_| !is_quoted) {
            source.text = String::new();
        }
    }
    dropped
}

/// Lowers the outlines of the libraries that the program uses, and adds them behind the files of the repository.
/// Their imports all lead to packages.
pub(crate) fn add_outlines(models: &Models, units: &mut IndexVec<FileId, Unit>, sources: &mut Vec<Source>) {
    let mut used: FxHashSet<(&str, String)> = FxHashSet::default();
    let languages: FxHashSet<&str> = units.iter().map(|unit| unit.language).collect();
    for unit in units.iter() {
        let packages = unit.targets.iter().filter_map(|target| match target {
            Target::Package(package) => Some(package.split(['.', '/']).next().unwrap_or(package)),
            _ => None,
        });
        used.extend(packages.map(|package| (unit.language, package.to_owned())));
        if unit.role == Role::Document {
            let name = unit.path.rsplit('/').next().unwrap_or(&unit.path);
            let spoken = models.files.iter().filter(|file| languages.contains(file.language.as_str()));
            let rows = spoken.flat_map(|file| file.documents.iter().map(move |row| (file, row)));
            let starting = rows.filter(|(_, row)| !row.start.is_empty() && row.fits_name(name));
            let package = |start: &str| start.split('.').next().unwrap_or(start).to_owned();
            used.extend(starting.map(|(file, row)| (file.language.as_str(), package(&row.start))));
        }
    }
    let mut added: FxHashSet<&str> = FxHashSet::default();
    loop {
        let next = models.outlines.iter().find(|outline| {
            let top = outline.package.split('.').next().unwrap_or("").to_owned();
            let key = (outline.language.as_str(), top);
            used.contains(&key) && !added.contains(outline.file.as_str())
        });
        let Some(outline) = next else { return };
        added.insert(&outline.file);
        let Some(language) = Language::of(&outline.file) else { continue };
        let module = language.lower(&outline.file, &outline.text).module;
        let package = |import: &routeward_ir::Import| module.text(import.specifier).to_owned();
        let targets: IndexVec<ImportId, Target> =
            module.imports.iter().map(|import| Target::Package(package(import))).collect();
        for import in module.imports.iter().map(package) {
            used.insert((language.name(), import.split('.').next().unwrap_or("").to_owned()));
        }
        let path = format!("<{}>", outline.package);
        sources.push(Source::new(path.clone(), outline.text.clone()));
        units.push(Unit { path, language: language.name(), module, targets, role: Role::Outline });
    }
}

/// Where imports lead: the resolver and the ids of what it names.
pub(crate) struct Links {
    javascript: javascript::Resolver,
    python: python::Resolver,
    ids: FxHashMap<String, FileId>,
    paths: Vec<String>,
}

impl Links {
    /// Reads manifests and lock files, and links the imports of `units`.
    pub(crate) fn new(fs: &dyn FileSystem, files: &[String], units: &mut IndexVec<FileId, Unit>) -> Self {
        let paths: Vec<String> = units.iter().map(|unit| unit.path.clone()).collect();
        let ids = paths.iter().enumerate().map(|(i, path)| (path.clone(), FileId::new(i as u32))).collect();
        let links = Self {
            javascript: javascript::Resolver::new(fs, files),
            python: python::Resolver::new(fs, files),
            ids,
            paths,
        };
        for raw in 0..units.len() as u32 {
            let file = FileId::new(raw);
            let unit = &mut units[file];
            unit.targets = links.targets(file, &unit.module);
        }
        links
    }

    fn targets(&self, from: FileId, module: &Module) -> IndexVec<ImportId, Target> {
        module.imports.iter().map(|import| self.resolve(from, module.text(import.specifier))).collect()
    }

    /// What `specifier` means in the file `from`.
    pub(crate) fn resolve(&self, from: FileId, specifier: &str) -> Target {
        let from = self.path(from);
        let resolution = match Language::of(from) {
            Some(Language::Python) => self.python.resolve(from, specifier),
            _ => self.javascript.resolve(from, specifier),
        };
        match resolution {
            Resolution::File(path) => self.ids.get(&path).map_or(Target::Missing, |file| Target::File(*file)),
            Resolution::Package(name) => Target::Package(name),
            Resolution::Missing => Target::Missing,
        }
    }

    /// The version of a package that the file `from` sees.
    pub(crate) fn version(&self, from: FileId, package: &str) -> Option<String> {
        let from = self.path(from);
        match Language::of(from) {
            Some(Language::Python) => self.python.package_version(from, package),
            _ => self.javascript.package_version(from, package),
        }
    }

    /// Where programs start.
    pub(crate) fn entries(&self) -> Vec<FileId> {
        let scripts = self.javascript.entries();
        let paths = scripts.iter().chain(self.python.entries());
        paths.filter_map(|path| self.ids.get(path).copied()).collect()
    }

    fn path(&self, file: FileId) -> &str {
        self.paths.get(file.raw() as usize).map_or("", String::as_str)
    }
}
