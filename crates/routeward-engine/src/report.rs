//! The result of a scan, as plain data.

use std::time::Duration;

use routeward_base::{Column, FileId, FxHashMap, FxHashSet, Idx, LineTable, Position};
use routeward_diag::{Finding, Fingerprint, Place, Severity};
use routeward_endpoints::Inventory;
use routeward_lints::Reaches;

use crate::config::Gate;
use crate::problem::{Level, Problem};

/// A file that results speak of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Relative to the root of the scan.
    pub path: String,
    /// Its text as analysed: decoded, without a byte order mark.
    pub text: String,
    /// Its lines.
    pub lines: LineTable,
}

impl Source {
    /// A file with its lines counted.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { path: path.into(), lines: LineTable::new(&text), text }
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32, unit: Column) -> Position {
        self.lines.position(&self.text, offset, unit)
    }
}

/// The files that results speak of, by their paths.
pub(crate) struct Shelf<'s> {
    sources: &'s mut Vec<Source>,
    ids: FxHashMap<String, FileId>,
}

impl<'s> Shelf<'s> {
    /// Cost: linear in the files.
    pub(crate) fn new(sources: &'s mut Vec<Source>) -> Self {
        let paths = sources.iter().map(|source| source.path.clone());
        let ids = paths.zip((0..).map(FileId::new)).collect();
        Self { sources, ids }
    }

    /// The file of a path. One that is not there yet is added with a text; so is the text of one that has none, of which
    /// only the name was known so far.
    pub(crate) fn put(&mut self, path: &str, text: impl FnOnce() -> String) -> FileId {
        if let Some(file) = self.ids.get(path) {
            let source = &mut self.sources[file.raw() as usize];
            if source.text.is_empty() {
                *source = Source::new(path, text());
            }
            return *file;
        }
        let file = FileId::new(self.sources.len() as u32);
        self.sources.push(Source::new(path, text()));
        self.ids.insert(path.to_owned(), file);
        file
    }
}

/// What became of a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    /// It is reported, and fails the check.
    Gating,
    /// It is reported, and fails nothing: it is below the gate.
    BelowGate,
    /// Somebody accepted it.
    Suppressed {
        /// Why.
        reason: String,
        /// Where that is said, as `path:line`.
        place: String,
        /// It is said in the source, not in the configuration.
        is_in_source: bool,
    },
}

/// A finding and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Triaged {
    /// The finding.
    pub finding: Finding,
    /// Its name for baselines and people.
    pub fingerprint: Fingerprint,
    /// Its number among findings with the same lint, file and anchor, from 0.
    pub ordinal: u32,
    /// What became of it.
    pub status: Status,
}

impl Triaged {
    /// It is not suppressed.
    pub fn is_active(&self) -> bool {
        !matches!(self.status, Status::Suppressed { .. })
    }
}

/// Counts of what was looked at.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Statistics {
    /// Files the walk found.
    pub files_seen: usize,
    /// Files that were lowered, by role: sources, tests, generated.
    pub files_by_role: [usize; 3],
    /// Files that were searched for secrets.
    pub files_searched: usize,
    /// Of a search of a history, the revisions that were looked at; the files are contents that files had.
    pub revisions: Option<usize>,
    /// Bytes of the files that were lowered.
    pub bytes: u64,
    /// Lines of these files.
    pub lines: u64,
    /// Functions.
    pub functions: usize,
    /// Expressions and statements.
    pub nodes: usize,
    /// Constructs that were not understood, with their number, the most frequent first.
    pub not_understood: Vec<(String, usize)>,
    /// Imports of files of this repository that are not there.
    pub missing_imports: usize,
    /// Folders that were left out as foreign code.
    pub excluded: Vec<String>,
}

impl Statistics {
    /// Files that were lowered; where there are none, those that were searched for secrets.
    pub fn files(&self) -> usize {
        match self.files_by_role.iter().sum() {
            0 => self.files_searched,
            lowered => lowered,
        }
    }
}

/// Everything a scan found. The same for the same bytes and options, but for the timings.
#[derive(Clone, Debug)]
pub struct Report {
    /// The files, by [`FileId`]. The configuration file stands last, if findings can be about it.
    pub sources: Vec<Source>,
    /// In order of path, place, lint.
    pub findings: Vec<Triaged>,
    /// All endpoints.
    pub inventory: Inventory,
    /// How far requests get to packages of which something is known, where somebody has asked.
    pub reaches: Reaches,
    /// What could not be done or is not accepted, in order of path and line.
    pub problems: Vec<Problem>,
    /// What fails the check.
    pub gate: Gate,
    /// Counts.
    pub statistics: Statistics,
    /// How long each phase took. The only part that depends on more than the input.
    pub timings: Vec<(&'static str, Duration)>,
}

impl Report {
    /// The file of a place; nothing for an id that no file has.
    pub fn source(&self, file: FileId) -> Option<&Source> {
        self.sources.get(file.raw() as usize)
    }

    /// `path:line`, for messages.
    pub fn show_place(&self, place: Place) -> String {
        match self.source(place.file) {
            Some(source) => format!("{}:{}", source.path, source.lines.line(place.span.start)),
            None => String::new(),
        }
    }

    /// Findings that nobody accepted.
    pub fn active(&self) -> impl Iterator<Item = &Triaged> {
        self.findings.iter().filter(|finding| finding.is_active())
    }

    /// Leaves only what `before` does not hold: findings that are new, in whichever file the change shows, and problems
    /// that are.
    pub fn introduced_since(&mut self, before: &Self) {
        let known: FxHashSet<&Fingerprint> = before.findings.iter().map(|it| &it.fingerprint).collect();
        self.findings.retain(|triaged| !known.contains(&triaged.fingerprint));
        let is_known = |problem: &Problem| {
            let same = |it: &&Problem| it.path == problem.path && it.kind == problem.kind;
            before.problems.iter().filter(same).any(|it| it.message == problem.message)
        };
        self.problems.retain(|problem| !is_known(problem));
    }

    /// Active findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.active().filter(|triaged| triaged.finding.severity == severity).count()
    }

    /// Something in the repository has to be repaired: a finding at or above the gate, or a suppression that
    /// does not hold.
    pub fn is_failed(&self) -> bool {
        let gating = self.findings.iter().any(|triaged| triaged.status == Status::Gating);
        gating || self.problems.iter().any(|problem| problem.kind.level() == Level::Error)
    }

    /// Something that belongs to the program was not seen.
    pub fn is_incomplete(&self) -> bool {
        self.problems.iter().any(|problem| problem.kind.is_incomplete())
    }
}
