//! Searches every content that files ever had for keys and tokens: what was taken out of a file is still readable.

use std::cell::LazyCell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use routeward_base::{
    Date, FileId, FxHashSet, Idx, IndexVec, Memory, Version, Versions, in_revision, split_revision,
};
use routeward_diag::Finding;
use routeward_endpoints::Inventory;
use routeward_ir::{Program, Target};
use routeward_lints::{Reaches, Views};
use routeward_secrets::{Hit, Matcher, digest};

use crate::comment::{Comments, read_comments};
use crate::decode::{decode, is_minified};
use crate::load::{lower_file, pool};
use crate::problem::{Problem, ProblemKind};
use crate::report::{Report, Source, Statistics};
use crate::scan::{InForce, Options, Progress, Scan, ScanError, is_about_texts, lint_ids};
use crate::scope::is_in_focus;
use crate::secrets;
use crate::test_paths::TestPaths;
use crate::triage::Rules;
use crate::walk::{Filter, lock, reason};

/// Searches a history for keys and tokens. A value is told once, at the oldest version that holds it; of the versions of
/// one path, only the first with a value counts as a place of it. Only lints that need no program run.
///
/// Cost: each version is read and searched once; the texts of those that are told of are kept.
pub fn scan_history(
    options: &Options,
    versions: &dyn Versions,
    progress: &dyn Progress,
) -> Result<Report, ScanError> {
    options.check()?;
    let rules = options.rules()?;
    let pool = pool(options.threads).map_err(ScanError::Threads)?;
    let nothing = Memory::new();
    let mut scan = Scan::new(options, &nothing, progress, routeward_lints::all());
    let mut in_force = options.in_force(routeward_lints::all());
    in_force.retain(is_about_texts);
    let Some(known) = scan.matcher(&in_force) else { return Err(ScanError::NotInHistory) };
    let own = rules.as_ref().and_then(|rules| scan.own_matcher(rules));
    Ok(pool.install(|| match &own {
        Some(own) => search(scan, &in_force, own, versions),
        None => search(scan, &in_force, known, versions),
    }))
}

/// A version in which something was found that no older version of its path holds.
struct Told {
    index: usize,
    text: String,
    hits: Vec<Hit>,
}

/// What one worker has found.
#[derive(Default)]
struct Found {
    told: Vec<Told>,
    /// What the current files hold, too, by the names of values.
    current: FxHashSet<String>,
    searched: usize,
    problems: Vec<Problem>,
}

fn search(
    mut scan: Scan<'_>,
    in_force: &[InForce<'_>],
    matcher: &Matcher<'_>,
    versions: &dyn Versions,
) -> Report {
    let options = scan.options;
    let paths = by_path(options, versions);
    scan.progress.begin("searching", versions.len());
    let next = AtomicUsize::new(0);
    let results: Mutex<Found> = Mutex::default();
    rayon::broadcast(|_| {
        let mut own = Found::default();
        while let Some(group) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            search_path(matcher, versions, group, scan.progress, &mut own);
        }
        let mut all = lock(&results);
        all.told.append(&mut own.told);
        all.current.extend(own.current);
        all.searched += own.searched;
        all.problems.append(&mut own.problems);
    });
    let Found { mut told, current, searched, problems } =
        results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    scan.problems.extend(problems);
    scan.lap("search");

    told.sort_by_key(|told| told.index);
    let mut sources: Vec<Source> = Vec::new();
    let mut hits: Vec<Vec<Hit>> = Vec::new();
    let mut seconds: Vec<i64> = Vec::new();
    for told in told {
        let Version { path, revision, seconds: at, .. } = versions.version(told.index);
        sources.push(Source::new(in_revision(revision, path), told.text));
        hits.push(told.hits);
        seconds.push(at);
    }
    let comments = comments(options, &sources);
    let mut files: Vec<String> =
        (0..versions.len()).map(|index| versions.version(index).path.to_owned()).collect();
    files.sort_unstable();
    files.dedup();
    let tests = LazyCell::new(|| TestPaths::new(&files));
    let found = secrets::take(matcher, &tests, &mut sources, &hits, Vec::new());
    let program = Program {
        units: IndexVec::new(),
        resolve: Box::new(|_, _| Target::Missing),
        version: Box::new(|_, _| None),
        list: Box::new(|_| Vec::new()),
        entries: Vec::new(),
        watched: Vec::new(),
    };
    let inventory = Inventory::default();
    let views = Views {
        program: &program,
        inventory: &inventory,
        secrets: &found,
        settings: &[],
        packages: None,
        reaches: &Reaches::default(),
        today: None,
    };
    let (mut findings, ran) = scan.lint(in_force, &views);
    for finding in &mut findings {
        say_when(finding, &sources, &seconds, &current);
    }
    scan.lap("lint");
    let rules = Rules::new(options, &comments.suppressions, &sources, &ran);
    let findings = rules.triage(findings, &mut scan.problems);
    if versions.is_cut() {
        let message = "the clone is shallow: older commits were not searched";
        scan.problems.push(Problem::new("", ProblemKind::NotSearched, message, "fetch the whole history"));
    }
    // A comment of an old version that suppresses nothing is nobody's to remove.
    scan.problems
        .retain(|problem| split_revision(&problem.path).0.is_none() || !is_about_comments(problem.kind));
    scan.problems.sort();
    scan.problems.dedup();
    scan.lap("triage");
    let statistics = Statistics {
        files_seen: versions.len(),
        files_searched: searched,
        revisions: Some(versions.revisions()),
        ..Statistics::default()
    };
    let (problems, timings) = (scan.problems, scan.timings);
    let reaches = Reaches::default();
    Report { sources, findings, inventory, reaches, problems, gate: options.gate(), statistics, timings }
}

fn is_about_comments(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::Suppression | ProblemKind::UnusedSuppression)
}

/// The versions that are looked at, by path, the oldest first: versions of one file are stored as differences.
fn by_path(options: &Options, versions: &dyn Versions) -> Vec<Vec<usize>> {
    let filter = Filter::new(&options.config);
    let is_meant =
        |path: &str| is_in_focus(&options.focus, path) && !secrets::is_opaque(path) && filter.reaches(path);
    let mut all: Vec<usize> = (0..versions.len()).collect();
    all.sort_by_key(|index| (versions.version(*index).path, *index));
    let groups = all.chunk_by(|a, b| versions.version(*a).path == versions.version(*b).path);
    let meant = groups.filter(|group| is_meant(versions.version(group[0]).path));
    meant.map(<[usize]>::to_vec).collect()
}

/// Searches the versions of one path.
fn search_path(
    matcher: &Matcher<'_>,
    versions: &dyn Versions,
    group: &[usize],
    progress: &dyn Progress,
    found: &mut Found,
) {
    let mut known: FxHashSet<String> = FxHashSet::default();
    for index in group {
        progress.step();
        let version = versions.version(*index);
        let Some(text) = read(versions, *index, &version, &mut found.problems) else { continue };
        found.searched += 1;
        let mut hits = matcher.find(version.path, &text);
        let name = |hit: &Hit| digest(hit.secret.of(&text), &matcher.rows()[hit.row].lint);
        if version.is_current {
            found.current.extend(hits.iter().map(name));
        }
        hits.retain(|hit| !known.contains(&name(hit)));
        known.extend(hits.iter().map(name));
        if !hits.is_empty() {
            found.told.push(Told { index: *index, text, hits });
        }
    }
}

fn read(
    versions: &dyn Versions,
    index: usize,
    version: &Version<'_>,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let shown = || in_revision(version.revision, version.path);
    if let Some(size) = versions.size(index).filter(|size| *size > secrets::LARGEST) {
        problems.push(secrets::not_searched(&shown(), size));
        return None;
    }
    match versions.read(index) {
        Ok(bytes) => decode(version.path, bytes).text,
        Err(error) => {
            let message = format!("cannot be read: {}", reason(&error));
            let remedy = "check the repository with `git fsck`";
            problems.push(Problem::new(&shown(), ProblemKind::Unreadable, message, remedy));
            None
        }
    }
}

/// What the comments in the code of versions accept.
fn comments(options: &Options, sources: &[Source]) -> Comments {
    let ids = lint_ids();
    let mut all = Comments::default();
    for (raw, source) in sources.iter().enumerate() {
        if source.text.len() as u64 > options.config.max_file_size || is_minified(&source.text) {
            continue;
        }
        let (_, path) = split_revision(&source.path);
        let Some(unit) = lower_file(path, &source.text, &mut Vec::new()) else { continue };
        let file = FileId::new(raw as u32);
        let mut found =
            read_comments(file, path, &source.text, &source.lines, &unit.module, &ids, options.today);
        all.suppressions.append(&mut found.suppressions);
    }
    all
}

/// Says with which commit a value came, and whether it is still there.
fn say_when(finding: &mut Finding, sources: &[Source], seconds: &[i64], current: &FxHashSet<String>) {
    let raw = finding.primary.place.file.raw() as usize;
    let (Some(source), Some(seconds)) = (sources.get(raw), seconds.get(raw)) else { return };
    let (Some(revision), _) = split_revision(&source.path) else { return };
    let day = Date::from_unix_seconds(u64::try_from(*seconds).unwrap_or_default());
    finding.notes.push(format!("it came with commit {revision} of {day}"));
    let is_current = current.contains(&finding.anchor);
    finding.notes.push(if is_current {
        "the current commit still holds it".to_owned()
    } else {
        "the current commit holds it no more, but everybody with a clone does: have it revoked".to_owned()
    });
}
