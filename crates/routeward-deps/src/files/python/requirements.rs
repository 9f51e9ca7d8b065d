//! `requirements.txt` and what is called like it: a specifier or an option of pip a line. What pip-compile and uv write
//! behind a line says who asks for it (`# via`).

use routeward_base::FxHashMap;

use super::specifier::{Specifier, address, name_of};
use crate::files::Cx;
use crate::files::graph::{Graph, Told};
use crate::{Dependency, DependencyId, Ecosystem, FileKind, Scope};

/// Words of names that tell of something that does not run in production.
const DEVELOPMENT: &[&str] = &[
    "dev",
    "develop",
    "development",
    "test",
    "tests",
    "testing",
    "lint",
    "linting",
    "docs",
    "doc",
    "ci",
    "build",
    "local",
    "format",
    "typing",
    "mypy",
    "tox",
    "qa",
    "style",
    "coverage",
    "benchmark",
];

/// Whether a path, in lower case, is that of such a file.
pub(crate) fn is_name(path: &str) -> bool {
    let Some(stem) = path.strip_suffix(".txt").or_else(|| path.strip_suffix(".in")) else { return false };
    let (folder, stem) = stem.rsplit_once('/').unwrap_or(("", stem));
    let is_folder = matches!(folder.rsplit('/').next(), Some("requirements" | "requirement" | "constraints"));
    let words: Vec<&str> = stem.split(['-', '_', '.']).collect();
    let is_word = |word: &&str| matches!(*word, "requirements" | "requirement" | "reqs" | "constraints");
    is_folder || words.first().is_some_and(&is_word) || words.last().is_some_and(is_word)
}

/// Reads it.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let path = cx.path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let words = || name.split(['-', '_', '.']);
    let is_constraint = words().any(|word| word == "constraints");
    let scope =
        if words().any(|word| DEVELOPMENT.contains(&word)) { Scope::Development } else { Scope::Runtime };
    let mut compiled = Compiled::default();
    let text = cx.text;
    let mut goes_on = false;
    for line in text.lines() {
        let code = without_comment(line);
        // What goes on from the line before are hashes and other options.
        let is_new = !std::mem::replace(&mut goes_on, code.trim_end().ends_with('\\'));
        let id = if is_new { requirement(cx, code.trim(), scope, is_constraint) } else { None };
        compiled.line(id, &line[code.len()..]);
    }
    compiled.settle(cx);
}

/// A comment begins at the beginning of a line or behind a space.
fn without_comment(line: &str) -> &str {
    if line.starts_with('#') {
        return "";
    }
    let at = line.match_indices('#').map(|(at, _)| at).find(|at| line[..*at].ends_with([' ', '\t']));
    at.map_or(line, |at| &line[..at])
}

/// Reads a line that is no comment.
fn requirement(cx: &mut Cx<'_>, line: &str, scope: Scope, is_constraint: bool) -> Option<DependencyId> {
    let line = line.strip_suffix('\\').unwrap_or(line).trim();
    if line.is_empty() {
        return None;
    }
    if line.starts_with('-') {
        return option(cx, line, scope);
    }
    // What follows a specifier: `--hash=…`, `--config-settings …`.
    let line = line.split(" --").next().unwrap_or(line).trim();
    let mut dependency = match Specifier::new(line) {
        Some(specifier) => {
            let mut dependency = specifier.dependency(cx);
            if specifier.is_extra() {
                dependency.scope = Scope::Optional;
            }
            dependency
        }
        None => from_address(cx, line)?,
    };
    dependency.scope = dependency.scope.max(scope);
    dependency.is_direct = (!is_constraint).then_some(true);
    Some(cx.add(dependency))
}

fn from_address(cx: &mut Cx<'_>, line: &str) -> Option<Dependency> {
    let is_address =
        line.contains("://") || line.starts_with(['.', '/']) || line.rsplit('.').next() == Some("whl");
    if !is_address {
        cx.fault(cx.place(line), "the line is no requirement", "write a name, and which versions are let in");
        return None;
    }
    // A folder has the name that it has; what it is asked for is in the repository.
    let name = name_of(line)?;
    let mut dependency = Dependency::new(Ecosystem::PyPi, name, cx.place(name));
    dependency.version_place = cx.place(line);
    dependency.origin = address(line);
    Some(dependency)
}

/// `-r other.txt`, `-c limits.txt`, `-e folder`; others say nothing about packages.
fn option(cx: &mut Cx<'_>, line: &str, scope: Scope) -> Option<DependencyId> {
    let end = line.find([' ', '=', '\t']).unwrap_or(line.len());
    let (name, value) = if !line.starts_with("--") && line.is_char_boundary(2) {
        line.split_at(2)
    } else {
        line.split_at(end)
    };
    let value = value.trim_start_matches(['=', ' ', '\t']).trim().trim_matches(['"', '\'']);
    match name {
        "-r" | "--requirement" => cx.refer(value, false, cx.place(value)),
        "-c" | "--constraint" => cx.refer(value, true, cx.place(value)),
        "-e" | "--editable" => {
            let mut dependency = Specifier::new(value)
                .filter(|specifier| !specifier.address.is_empty())
                .map(|specifier| specifier.dependency(cx))
                .or_else(|| from_address(cx, value))?;
            (dependency.scope, dependency.is_direct) = (scope, Some(true));
            return Some(cx.add(dependency));
        }
        "-i" | "--index-url" | "-f" | "--find-links" => cx.address(value, cx.place(value)),
        "--extra-index-url" => cx.beside(value, cx.place(value)),
        "--trusted-host" => cx.unverified(value, cx.place(value)),
        _ => {}
    }
    None
}

/// What comments behind requirements say.
#[derive(Default)]
struct Compiled<'t> {
    last: Option<DependencyId>,
    is_open: bool,
    via: Vec<(DependencyId, &'t str)>,
}

impl<'t> Compiled<'t> {
    fn line(&mut self, id: Option<DependencyId>, comment: &'t str) {
        if id.is_some() {
            (self.last, self.is_open) = (id, false);
        }
        let comment = comment.trim();
        let Some(said) = comment.strip_prefix('#').map(str::trim) else {
            self.is_open &= id.is_some() || comment.is_empty();
            return;
        };
        let Some(last) = self.last else { return };
        let names = match said.strip_prefix("via") {
            Some(names) if names.is_empty() || names.starts_with([' ', ':']) => {
                self.is_open = true;
                names.trim_start_matches(':').trim()
            }
            _ if self.is_open => said,
            _ => return,
        };
        self.via
            .extend(names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(|name| (last, name)));
    }

    /// Who is told to ask for something is the parent of it; a file is the repository.
    fn settle(self, cx: &mut Cx<'_>) {
        if self.via.is_empty() {
            return;
        }
        cx.listing.kind = FileKind::Lock;
        let fold = |name: &str| Ecosystem::PyPi.fold(name.split('[').next().unwrap_or(name));
        let dependencies = cx.listing.dependencies.iter().enumerate();
        let index: FxHashMap<String, DependencyId> =
            dependencies.map(|(id, dependency)| (fold(&dependency.name), id as DependencyId)).collect();
        let mut graph = Graph::default();
        for (child, name) in self.via {
            let is_file = name.starts_with('-')
                || name.contains(['/', '(', ' '])
                || name.rsplit('.').next() == Some("in");
            match index.get(&fold(name)) {
                Some(parent) if !is_file => graph.edge(*parent, child, Scope::Runtime),
                _ => graph.root(child, Scope::Runtime),
            }
        }
        graph.settle(&mut cx.listing, Told::RootsAndScopes);
    }
}
