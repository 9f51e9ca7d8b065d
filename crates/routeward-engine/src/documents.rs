//! Reads the documents that belong to the programs of a repository: API descriptions and templates.
//!
//! Which files these are is said by models, and mostly depends on what the code imports: where nothing asks for
//! documents, none is opened. A document becomes a unit beside those of the code.

use routeward_base::{FileSystem, FxHashSet, IndexVec, normalise_path};
use routeward_catalog::{DocumentRow, Models};
use routeward_formats::{Document, Format, Kind, Node, Read, lower, read};
use routeward_ir::{Role, Unit};

use crate::asked::Asked;
use crate::decode::{Decoded, decode};
use crate::load::{Lowered, too_large};
use crate::problem::Problem;
use crate::role::is_test_path;

/// The language of units that are documents.
pub(crate) const LANGUAGE: &str = "document";
/// Files that are never documents of a program, and large.
const LOCKS: &[&str] = &["package-lock.json", "pnpm-lock.yaml", "composer.lock", "npm-shrinkwrap.json"];

/// True for the name of a file that only a package manager reads.
pub(crate) fn is_lock(name: &str) -> bool {
    LOCKS.contains(&name)
}

/// Reads the documents among `files` that belong to the code that asks. Cost: nothing where no row of `models` counts;
/// else one look into each file that may be a document.
pub(crate) fn load_documents(
    fs: &dyn FileSystem,
    models: &Models,
    asked: &Asked<'_>,
    files: &[String],
    max_size: u64,
    problems: &mut Vec<Problem>,
) -> Vec<Lowered> {
    let rows = rows_that_count(models, asked);
    if rows.is_empty() {
        return Vec::new();
    }
    let mut loader = Loader { fs, max_size, problems, seen: FxHashSet::default(), found: Vec::new() };
    for path in files {
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut fitting = rows.iter().filter(|row| row.fits_name(name)).peekable();
        if Format::of(path).is_some_and(Format::is_of_descriptions)
            && !is_lock(name)
            && !is_test_path(path)
            && fitting.peek().is_some()
        {
            let rows: Vec<&DocumentRow> = fitting.copied().collect();
            loader.open(path, &rows);
        }
    }
    let known: FxHashSet<&str> = files.iter().map(String::as_str).collect();
    loader.follow(&known);
    loader.found.into_iter().map(|found| found.lowered).collect()
}

/// The rows about documents that the code asks for.
fn rows_that_count<'m>(models: &'m Models, asked: &Asked<'_>) -> Vec<&'m DocumentRow> {
    let rows = models.files.iter().flat_map(|file| file.documents.iter().map(move |row| (file, row)));
    let mut counting: Vec<&DocumentRow> =
        rows.filter(|(file, row)| asked.has(&file.language, &row.imports)).map(|(_, row)| row).collect();
    // What imports ask for comes last.
    counting.sort_by_key(|row| !row.imports.is_empty());
    counting
}

struct Found {
    lowered: Lowered,
    /// Paths of files that it refers to.
    refers_to: Vec<String>,
    /// The key by which it does.
    reference: String,
}

struct Loader<'a> {
    fs: &'a dyn FileSystem,
    max_size: u64,
    problems: &'a mut Vec<Problem>,
    seen: FxHashSet<String>,
    found: Vec<Found>,
}

impl Loader<'_> {
    /// Reads a file that may be a document of one of the rows.
    fn open(&mut self, path: &str, rows: &[&DocumentRow]) {
        let Ok(bytes) = self.fs.read(path) else { return };
        let is_named = |row: &&&DocumentRow| row.keys.iter().any(|key| contains(&bytes, key.as_bytes()));
        if !rows.iter().any(|row| is_named(&row)) {
            return;
        }
        if bytes.len() as u64 > self.max_size {
            self.problems.push(too_large(path, bytes.len() as u64, self.max_size));
            return;
        }
        let Some((text, read)) = self.read(path, bytes) else { return };
        let root = read.document.root();
        let has_key =
            |row: &&&DocumentRow| root.is_some_and(|root| row.keys.iter().any(|key| root.get(key).is_some()));
        if let Some(row) = rows.iter().find(has_key) {
            self.add(path, text, &read, &row.reference);
        }
    }

    /// Reads what the documents refer to, and what that refers to.
    fn follow(&mut self, files: &FxHashSet<&str>) {
        let mut next = 0;
        while let Some(found) = self.found.get(next) {
            next += 1;
            let (paths, reference) = (found.refers_to.clone(), found.reference.clone());
            for path in paths {
                if self.seen.contains(&path) || !files.contains(path.as_str()) {
                    continue;
                }
                let Ok(bytes) = self.fs.read(&path) else { continue };
                if bytes.len() as u64 > self.max_size {
                    self.problems.push(too_large(&path, bytes.len() as u64, self.max_size));
                } else if let Some((text, read)) = self.read(&path, bytes) {
                    self.add(&path, text, &read, &reference);
                }
            }
        }
    }

    fn read(&mut self, path: &str, bytes: Vec<u8>) -> Option<(String, Read)> {
        let format = Format::of(path).filter(|format| format.is_of_descriptions())?;
        let Decoded { text, problem } = decode(path, bytes);
        self.problems.extend(problem);
        let text = text?;
        let read = read(format, &text);
        Some((text, read))
    }

    fn add(&mut self, path: &str, text: String, read: &Read, reference: &str) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        if let Some(first) = read.faults.first() {
            let how = if read.document.is_whole() {
                "says something twice or wrongly"
            } else {
                "could not be read"
            };
            let (what, count) = ((first.span, first.message.as_str()), read.faults.len());
            self.problems.push(Problem::in_text(path, &text, how, what, count, first.remedy));
        }
        let refers_to = references(&read.document, path, reference);
        let module = lower(&read.document, &text);
        let unit = Unit {
            path: path.to_owned(),
            language: LANGUAGE,
            module,
            targets: IndexVec::new(),
            role: Role::Document,
        };
        let lowered = Lowered { path: path.to_owned(), text, unit, hits: Vec::new() };
        self.found.push(Found { lowered, refers_to, reference: reference.to_owned() });
    }
}

/// The files that a document refers to.
fn references(document: &Document, path: &str, key: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Vec::new();
    let mut work: Vec<Node<'_>> = document.root().filter(|_| !key.is_empty()).into_iter().collect();
    while let Some(node) = work.pop() {
        // What an alias stands for is looked at where it stands.
        if node.target() != node {
            continue;
        }
        for (name, value) in node.written() {
            match value.kind() {
                Kind::Text(text) if name.scalar() == Some(key) => {
                    let file = text.split('#').next().unwrap_or("");
                    if !file.is_empty() && !file.contains("://") {
                        found.push(normalise_path(&format!("{folder}/{file}")));
                    }
                }
                _ => work.push(value),
            }
        }
        work.extend(node.items());
    }
    found.sort();
    found.dedup();
    found
}

fn contains(bytes: &[u8], key: &[u8]) -> bool {
    !key.is_empty() && bytes.windows(key.len()).any(|window| window == key)
}
