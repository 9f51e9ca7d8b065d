//! The files of a scan that list dependencies.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use routeward_base::{Date, FileSystem};
use routeward_deps::{
    Advisories, Cover, Dependencies, Ecosystem, FileKind, Listed, Listing, Origin, kind_of, read,
};
use routeward_secrets::{Matcher, mask};

use crate::decode::decode;
use crate::load::{pool, show_size};
use crate::problem::{Problem, ProblemKind};
use crate::report::{Shelf, Source};
use crate::scan::{Options, ScanError};
use crate::scope::is_in_focus;
use crate::walk::{add_tracked, walk};

/// Larger files are not read, in bytes: the lists of the largest repositories have a tenth of that.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What a tree depends on, by the files that list it and nothing else, and what could not be read of it.
pub fn dependencies(
    options: &Options,
    fs: &dyn FileSystem,
) -> Result<(Dependencies, Vec<Problem>), ScanError> {
    let read = || {
        let mut walked = walk(&options.tree, fs, &options.folders, &options.config);
        if let Some(tracked) = &options.tracked {
            add_tracked(&mut walked, tracked, fs, &options.folders, &options.config);
        }
        let mut problems: Vec<Problem> =
            walked.problems.into_iter().filter(|problem| kind_of(&problem.path).is_some()).collect();
        let mut sources = Vec::new();
        let (focus, advisories) = (&options.focus, &options.advisories);
        let meant: Vec<String> = walked.files.into_iter().filter(|path| is_in_focus(focus, path)).collect();
        let dependencies = load(fs, &meant, focus, advisories, None, &mut sources, &mut problems);
        problems.sort();
        (dependencies, problems)
    };
    Ok(pool(options.threads).map_err(ScanError::Threads)?.install(read))
}

/// A file that was read.
struct Found {
    path: String,
    text: String,
    listing: Listing,
}

/// Reads the files among `files` that list dependencies, and adds them to `sources`. What looks like a secret in them is
/// covered.
pub(crate) fn load(
    fs: &dyn FileSystem,
    files: &[String],
    focus: &[String],
    advisories: &Arc<Advisories>,
    matcher: Option<&Matcher<'_>>,
    sources: &mut Vec<Source>,
    problems: &mut Vec<Problem>,
) -> Dependencies {
    let listing: Vec<&String> = files.iter().filter(|path| kind_of(path).is_some()).collect();
    let read: Vec<Result<Option<Found>, Problem>> = listing.par_iter().map(|path| open(fs, path)).collect();
    let mut shelf = Shelf::new(sources);
    let mut listed = Vec::new();
    for found in read {
        let Found { path, mut text, listing } = match found {
            Ok(Some(found)) => found,
            Ok(None) => continue,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if let Some(fault) = listing.faults.first().filter(|_| is_in_focus(focus, &path)) {
            let (what, count) = ((fault.span, fault.message.as_str()), listing.faults.len());
            problems.push(Problem::in_text(&path, &text, "was read in part", what, count, fault.remedy));
        }
        let file = shelf.put(&path, || {
            if let Some(matcher) = matcher {
                let hits = matcher.find(&path, &text);
                mask(&mut text, hits.iter().map(|hit| hit.secret));
            }
            text
        });
        let beside = match listing.kind {
            FileKind::Manifest => fs.list(path.rsplit_once('/').map_or("", |(folder, _)| folder)),
            _ => Vec::new(),
        };
        listed.push(Listed { file, path, listing, beside });
    }
    Dependencies::new(listed, Arc::clone(advisories))
}

/// The ecosystems of all packages that come from elsewhere, in order. What programs run on is compared with other things.
pub(crate) fn ecosystems(dependencies: &Dependencies) -> Vec<Ecosystem> {
    let files = dependencies.files().iter().filter(|listed| listed.listing.kind != FileKind::Platform);
    let all = files.flat_map(|listed| &listed.listing.dependencies);
    let foreign = all.filter(|it| matches!(it.origin, Origin::Registry | Origin::Url(_)));
    let ecosystems: BTreeSet<Ecosystem> = foreign.map(|it| it.ecosystem).collect();
    ecosystems.into_iter().collect()
}

/// Says of which ecosystems not all is known that there is to know: that nothing is told of a package says nothing then.
pub(crate) fn not_covered(ecosystems: &[Ecosystem], advisories: &Advisories) -> Vec<Problem> {
    let part = ecosystems.iter().copied().filter_map(|ecosystem| {
        let name = ecosystem.name();
        let message = match advisories.cover(ecosystem) {
            Cover::Whole => return None,
            Cover::Part => format!("of packages of {name} only a choice is compared with advisories"),
            Cover::None => format!("packages of {name} are not compared with advisories: none are known"),
        };
        let remedy =
            "take all there are: `routeward advisories update`, or `import` where there is no network";
        Some(Problem::new("", ProblemKind::NotCovered, message, remedy))
    });
    part.collect()
}

/// After so many days advisories are of an age that is told.
const AGED: u32 = 14;
/// After so many days too much has become known since.
const OLD: u32 = 90;

/// Says how old what is known is, where packages are compared with it; `most` is the age in days that is accepted.
pub(crate) fn aged(
    ecosystems: &[Ecosystem],
    advisories: &Advisories,
    today: Option<Date>,
    most: Option<u32>,
) -> Option<Problem> {
    let today = today?;
    let newest = |ecosystem: &Ecosystem| {
        let parts = advisories.coverage(*ecosystem).into_iter();
        parts.map(|part| part.newest).filter(|newest| newest.days() > 0).max()
    };
    let ages = ecosystems.iter().filter_map(|ecosystem| Some((newest(ecosystem)?, ecosystem.name())));
    let mut ages: Vec<(Date, &str)> =
        ages.filter(|(newest, _)| today.days() > newest.days() + AGED.min(most.unwrap_or(AGED))).collect();
    ages.sort_unstable();
    let (oldest, _) = ages.first()?;
    let days = today.days() - oldest.days();
    let kind = match most {
        Some(most) if days > most => ProblemKind::OutdatedAdvisories,
        _ if days > OLD => ProblemKind::OldAdvisories,
        _ if days > AGED => ProblemKind::AgedAdvisories,
        _ => return None,
    };
    let names: Vec<&str> = ages.iter().map(|(_, name)| *name).collect();
    let more =
        most.filter(|most| days > *most).map(|most| format!(", more than the {most} that are accepted"));
    let message = format!(
        "what is known of packages is {days} days old{} ({})",
        more.unwrap_or_default(),
        names.join(", ")
    );
    let remedy = "take newer ones: `routeward advisories update`, or `import` where there is no network";
    Some(Problem::new("", kind, message, remedy))
}

fn open(fs: &dyn FileSystem, path: &str) -> Result<Option<Found>, Problem> {
    let too_large = |size: u64| {
        let (size, most) = (show_size(size), show_size(LARGEST));
        let message =
            format!("has {size}, more than the limit of {most}, and its dependencies were not read");
        Problem::new(path, ProblemKind::TooLarge, message, "split it, or list it under `exclude`")
    };
    if let Some(size) = fs.size(path).filter(|size| *size > LARGEST) {
        return Err(too_large(size));
    }
    // That it can't be read is told where all files are.
    let Ok(bytes) = fs.read(path) else { return Ok(None) };
    let Some(text) = decode(path, bytes).text else {
        let message = "is no text, and its dependencies were not read";
        let remedy = "write it again with the tool that made it, or list it under `exclude`";
        return Err(Problem::new(path, ProblemKind::Binary, message, remedy));
    };
    Ok(read(path, &text).map(|listing| Found { path: path.to_owned(), text, listing }))
}
