//! Keys and tokens in the files of a scan: where they are looked for, what stands against them there, and how they are
//! covered wherever results show text.

use std::ops::Deref;

use routeward_base::{FileId, Idx, Span, split_revision};
use routeward_diag::Severity;
use routeward_endpoints::Hardcoded;
use routeward_secrets::{Doubt, Hit, Looked, Matcher, Secret, Site, gather, mask};

use crate::load::{Bystander, show_size};
use crate::problem::{Problem, ProblemKind};
use crate::report::Source;
use crate::test_paths::TestPaths;
use crate::translation::is_translation;

/// Larger files are not searched, in bytes. Code has a limit of its own.
pub(crate) const LARGEST: u64 = 8 * 1024 * 1024;

/// Endings of files that hold no text, or hold what tools have written that no secret is part of.
const OPAQUE: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "ico", "webp", "avif", "bmp", "tif", "tiff", "psd", "svg", "mp3", "mp4",
    "ogg", "wav", "webm", "mov", "avi", "woff", "woff2", "ttf", "otf", "eot", "pdf", "zip", "gz", "tgz",
    "bz2", "xz", "zst", "7z", "rar", "tar", "jar", "war", "class", "pyc", "so", "dll", "dylib", "exe", "o",
    "a", "wasm", "bin", "dat", "db", "sqlite", "mo", "parquet", "npy", "pkl", "onnx", "map", "lock",
];
/// Lists of packages, with nothing but hashes in them.
const LOCKS: &[&str] = &["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum"];
/// Parts of names of files that are there to be copied and filled in.
const SPECIMENS: &[&str] = &["example", "sample"];
/// Endings of such files. Elsewhere in a name they are words of the trade, such as for templates of pages.
const BLANKS: &[&str] = &["template", "tmpl", "tpl", "dist"];
/// Parts of names of files that serve where the program is made, not where it runs.
const DEVELOPMENT: &[&str] = &["dev", "devel", "development", "local", "ci", "test", "testing"];
/// Folders that do.
const WORKSHOPS: &[&str] = &[".devcontainer", ".ci", ".github", ".gitlab", ".circleci"];
/// Endings of documentation.
const PROSE: &[&str] = &["md", "mdx", "rst", "adoc"];

/// True for files that are not worth a look.
pub(crate) fn is_opaque(path: &str) -> bool {
    let name = name_of(path);
    LOCKS.contains(&name) || OPAQUE.iter().any(|opaque| opaque.eq_ignore_ascii_case(ending(name)))
}

/// Says that a file is above the limit.
pub(crate) fn not_searched(path: &str, size: u64) -> Problem {
    let (size, most) = (show_size(size), show_size(LARGEST));
    let message = format!("has {size}, more than the limit of {most}, and was not searched for secrets");
    Problem::new(path, ProblemKind::NotSearched, message, "keep data of that size out of the repository")
}

/// Says that a file holds more encoded text than is decoded.
pub(crate) fn decoded_in_part(path: &str) -> Problem {
    let message = "holds more encoded text than is decoded of one file, and was searched in part for secrets";
    Problem::new(path, ProblemKind::NotSearched, message, "keep data of that size out of the repository")
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// What stands against secrets in a file, by what the file is.
pub(crate) fn doubt(path: &str, tests: &TestPaths) -> Option<Doubt<'static>> {
    let mut words = words(name_of(path));
    if tests.has(path) {
        Some(Doubt::new("it stands in a test", Severity::Info))
    } else if words.any(|word| SPECIMENS.contains(&word.as_str())) || BLANKS.contains(&ending(path)) {
        Some(Doubt::new("it stands in a file that is there to be copied and filled in", Severity::Info))
    } else {
        None
    }
}

/// What stands against values that are known by their names in a file, by what the file is.
fn named_doubt(path: &str, text: &str) -> Option<Doubt<'static>> {
    let why = "it stands in a file of translations, where a name is what is translated";
    is_translation(path, text).then(|| Doubt::new(why, Severity::Info))
}

/// What stands against passwords and keys of the program itself in a file, by what the file is.
pub(crate) fn own_doubt(path: &str) -> Option<Doubt<'static>> {
    if words(name_of(path)).any(|word| DEVELOPMENT.contains(&word.as_str()))
        || path.split('/').any(|folder| WORKSHOPS.contains(&folder))
    {
        Some(Doubt::new("it stands in a file for development, by its name", Severity::Low))
    } else if PROSE.contains(&ending(path)) {
        Some(Doubt::new("it stands in documentation", Severity::Low))
    } else {
        None
    }
}

pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The parts of a file's name, in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(['.', '_', '-']).map(str::to_ascii_lowercase)
}

/// Gathers what was found, adds the files that are no part of the program to `sources`, and covers every value there.
pub(crate) fn take<'m>(
    matcher: &Matcher<'m>,
    tests: &impl Deref<Target = TestPaths>,
    sources: &mut Vec<Source>,
    hits: &[Vec<Hit>],
    bystanders: Vec<Bystander>,
) -> Vec<Secret<'m>> {
    let mut found: Vec<(FileId, Vec<Hit>)> = Vec::new();
    for (raw, hits) in hits.iter().enumerate().filter(|(_, hits)| !hits.is_empty()) {
        found.push((FileId::new(raw as u32), hits.clone()));
    }
    for Bystander { path, text, hits } in bystanders {
        found.push((FileId::new(sources.len() as u32), hits));
        sources.push(Source::new(path, text));
    }
    if found.is_empty() {
        return Vec::new();
    }
    let looked = found.iter().map(|(file, hits)| {
        let source = &sources[file.raw() as usize];
        let (_, path) = split_revision(&source.path);
        let (doubt, own_doubt) = (doubt(path, tests), own_doubt(path));
        let named_doubt = named_doubt(path, &source.text);
        Looked { file: *file, text: &source.text, doubt, own_doubt, named_doubt, hits }
    });
    let mut secrets = gather(matcher, looked);
    // Texts come behind the program: what is told first is what stands first by path. Versions are in order of time.
    let path = |site: &Site| {
        let (revision, path) = split_revision(&sources[site.place.file.raw() as usize].path);
        (revision.is_none().then_some(path), site.place)
    };
    for secret in &mut secrets {
        secret.sites.sort_by(|a, b| path(a).cmp(&path(b)));
    }
    for (file, hits) in &found {
        mask(&mut sources[file.raw() as usize].text, hits.iter().map(|hit| hit.secret));
    }
    secrets
}

/// Covers the texts that are used as keys.
pub(crate) fn cover(keys: &[Hardcoded], sources: &mut [Source]) {
    for place in keys.iter().flat_map(|key| &key.places) {
        if let Some(source) = sources.get_mut(place.file.raw() as usize) {
            let inner = inside(&source.text, place.span);
            mask(&mut source.text, [inner]);
        }
    }
}

/// A literal without its prefix and quotation marks.
fn inside(text: &str, literal: Span) -> Span {
    let said = text.get(literal.start as usize..literal.end() as usize).unwrap_or_default();
    let is_mark = |char: char| matches!(char, '"' | '\'' | '`');
    let from = said
        .find(is_mark)
        .map_or(0, |at| at + said[at..].len() - said[at..].trim_start_matches(is_mark).len());
    let to = said.trim_end_matches(is_mark).len();
    let (from, to) = if from < to { (from, to) } else { (0, said.len()) };
    Span::new(literal.start + from as u32, literal.start + to as u32)
}

#[cfg(test)]
#[path = "secrets_tests.rs"]
mod tests;
