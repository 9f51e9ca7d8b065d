//! The files of a scan that list dependencies.

use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use routeward_base::FileSystem;
use routeward_deps::{Advisories, Cover, Dependencies, Ecosystem, Listed, Listing, Package, kind_of, read};
use routeward_secrets::{Matcher, mask};

use crate::decode::decode;
use crate::load::show_size;
use crate::problem::{Problem, ProblemKind};
use crate::report::{Shelf, Source};
use crate::scope::is_in_focus;

/// Larger files are not read, in bytes: the lists of the largest repositories have a tenth of that.
const LARGEST: u64 = 64 * 1024 * 1024;

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
        listed.push(Listed { file, path, listing });
    }
    Dependencies::new(listed, Arc::clone(advisories))
}

/// Says of which ecosystems not all is known that there is to know: that nothing is told of a package says nothing then.
pub(crate) fn not_covered(packages: &[Package<'_>], advisories: &Advisories) -> Vec<Problem> {
    let mut ecosystems: Vec<Ecosystem> = packages.iter().map(|package| package.ecosystem).collect();
    ecosystems.dedup();
    let part = ecosystems.into_iter().filter_map(|ecosystem| {
        let name = ecosystem.name();
        let message = match advisories.cover(ecosystem) {
            Cover::Whole => return None,
            Cover::Part => format!("of packages of {name} only a choice is compared with advisories"),
            Cover::None => format!("packages of {name} are not compared with advisories: none are known"),
        };
        let remedy = "take all there are: `routeward advisories import` with an export of osv.dev";
        Some(Problem::new("", ProblemKind::NotCovered, message, remedy))
    });
    part.collect()
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
    let Some(text) = decode(path, bytes).text else { return Ok(None) };
    Ok(read(path, &text).map(|listing| Found { path: path.to_owned(), text, listing }))
}
