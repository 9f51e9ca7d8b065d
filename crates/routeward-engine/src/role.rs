//! What a file is for, by what it is: its name, its folder if that is reserved for tests, and its code.

use routeward_base::{FileId, FxHashSet, Idx, IndexVec};
use routeward_ir::{Expr, Import, Module, Role, Stmt, Target, Unit};

/// Endings of the name before the extension.
const TEST_SUFFIXES: &[&str] = &[".test", ".spec", ".cy", ".e2e", ".e2e-spec", ".test-d", "_test", "_spec"];
/// The ending of languages in which a test is told by the names of its functions and classes besides that of its file.
const NAMED_TESTS: &str = ".py";
/// The beginning of a file's name there.
const TEST_PREFIX: &str = "test_";
/// Whole names.
const TEST_FILES: &[&str] = &["conftest.py", "tests.py", "cypress.json", "cypress.env.json"];
/// Folders that tools reserve for tests. A folder that is merely called `test` proves nothing: it may be a part
/// of an address.
const TEST_FOLDERS: &[&str] = &["__tests__", "__mocks__", "__fixtures__", "cypress"];
/// Folders that hold tests where they stand directly below the root of a package.
pub(crate) const TOP_TEST_FOLDERS: &[&str] = &["test", "tests", "spec", "e2e"];
/// The file that makes its folder the root of a package.
const MANIFEST: &str = "package.json";
/// Packages that only tests import, besides those below [`TEST_SCOPES`].
const TEST_PACKAGES: &[&str] = &[
    "node:test",
    "test",
    "bun:test",
    "vitest",
    "jest",
    "jest-mock",
    "mocha",
    "chai",
    "chai-http",
    "supertest",
    "supertest-as-promised",
    "sinon",
    "ava",
    "tap",
    "tape",
    "cypress",
    "nock",
    "frisby",
    "jasmine",
    "uvu",
    "pytest",
    "unittest",
];
const TEST_SCOPES: &[&str] =
    &["@jest/", "@vitest/", "@playwright/test", "@testing-library/", "@cypress/", "@japa/"];
/// Functions that test runners put into the global scope.
const TEST_GLOBALS: &[&str] =
    &["describe", "it", "test", "suite", "context", "beforeAll", "beforeEach", "before"];

/// The role of a lowered file.
pub(crate) fn role_of(path: &str, module: &Module, is_generated: bool) -> Role {
    let is_named =
        is_test_path(path) || is_test_name(path) && (!path.ends_with(NAMED_TESTS) || names_tests(module));
    if is_named || imports_tests(module) || runs_tests(module) {
        Role::Test
    } else if is_generated {
        Role::Generated
    } else {
        Role::Source
    }
}

/// Makes tests of the files below a package's own `test` folder, or one of that name with tests in it, that nothing
/// else imports or starts. A package begins at its manifest; where there is none, at the folder in `asked` that was
/// asked about.
pub(crate) fn mark_tests(
    units: &mut IndexVec<FileId, Unit>,
    entries: &[FileId],
    files: &[String],
    asked: &[String],
) {
    let mut roots = package_roots(files);
    roots.extend(asked.iter().map(|path| path.trim_end_matches('/').to_owned()));
    let folders = test_folders(units, asked);
    let is_candidate: Vec<bool> = units
        .iter()
        .map(|unit| {
            is_below_tests(&unit.path, &roots) || folders_of(&unit.path).any(|at| folders.contains(at))
        })
        .collect();
    let mut work: Vec<FileId> = units
        .iter_enumerated()
        .map(|(file, _)| file)
        .filter(|file| !is_candidate[file.raw() as usize])
        .collect();
    work.retain(|file| units[*file].role == Role::Source);
    work.extend(entries);
    let is_used = reached(units, work);
    for raw in 0..units.len() {
        let unit = &mut units[FileId::new(raw as u32)];
        if is_candidate[raw] && !is_used[raw] && unit.role == Role::Source {
            unit.role = Role::Test;
        }
    }
}

/// The folders that manifests make roots of packages.
pub(crate) fn package_roots(files: &[String]) -> FxHashSet<String> {
    let manifests = files.iter().filter(|path| path.rsplit('/').next() == Some(MANIFEST));
    manifests.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()).collect()
}

/// For each file, whether it is one of `work` or imported by one, directly or not.
pub(crate) fn reached(units: &IndexVec<FileId, Unit>, mut work: Vec<FileId>) -> Vec<bool> {
    let mut is_reached = vec![false; units.len()];
    while let Some(file) = work.pop() {
        if !std::mem::replace(&mut is_reached[file.raw() as usize], true) {
            work.extend(units[file].targets.iter().filter_map(|target| match target {
                Target::File(target) => Some(*target),
                _ => None,
            }));
        }
    }
    is_reached
}

/// The folders that go by the name of tests and hold some.
fn test_folders(units: &IndexVec<FileId, Unit>, asked: &[String]) -> FxHashSet<String> {
    let tests = units.iter().filter(|unit| unit.role == Role::Test);
    let named = |folder: &&str| TOP_TEST_FOLDERS.contains(&folder.rsplit('/').next().unwrap_or(folder));
    // Who asks about a folder for tests means it.
    let is_asked = |folder: &&str| {
        let mut inside = asked.iter().filter_map(|asked| asked.strip_prefix(*folder));
        inside.any(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let folders = |unit: &'_ Unit| -> Vec<String> {
        folders_of(&unit.path).filter(named).filter(|folder| !is_asked(folder)).map(str::to_owned).collect()
    };
    tests.flat_map(folders).collect()
}

/// The folders around a file.
pub(crate) fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// True if the first folder below the nearest of `roots` is one for tests.
pub(crate) fn is_below_tests(path: &str, roots: &FxHashSet<String>) -> bool {
    let cuts = path.match_indices('/').map(|(at, _)| at).collect::<Vec<_>>();
    let root = cuts.iter().rev().map(|at| &path[..*at]).find(|folder| roots.contains(*folder)).unwrap_or("");
    let below = path[root.len()..].trim_start_matches('/');
    below.split_once('/').is_some_and(|(first, _)| TOP_TEST_FOLDERS.contains(&first))
}

/// True for a file whose name or folder is reserved for tests.
pub(crate) fn is_test_path(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or(path);
    TEST_FILES.contains(&name) || parts.any(|folder| TEST_FOLDERS.contains(&folder))
}

/// True for a file whose name is that of a test, whatever stands in it.
pub(crate) fn is_test_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    (name.starts_with(TEST_PREFIX) && name.ends_with(NAMED_TESTS))
        || TEST_SUFFIXES.iter().any(|suffix| stem.len() > suffix.len() && stem.ends_with(suffix))
}

/// `def test_login()`, `class TestLogin`: what a runner looks for in a file whose name it goes by.
fn names_tests(module: &Module) -> bool {
    let functions = module.functions.iter().filter_map(|function| function.name);
    let classes = module.classes.iter().filter_map(|class| class.name);
    functions.map(|name| module.text(name)).any(|name| name.starts_with("test"))
        || classes
            .map(|name| module.text(name))
            .any(|name| name.starts_with("Test") || name.ends_with("TestCase"))
}

fn imports_tests(module: &Module) -> bool {
    let is_test = |import: &Import| {
        let name = module.text(import.specifier);
        TEST_PACKAGES.contains(&name) || TEST_SCOPES.iter().any(|scope| name.starts_with(scope))
    };
    module.imports.iter().any(is_test)
}

/// `describe("…", () => …)` as a statement of the file, where the file itself does not say what `describe` is.
fn runs_tests(module: &Module) -> bool {
    let Some(top) = module.functions.get(Module::TOP) else { return false };
    top.body.of(&module.stmt_pool).iter().any(|stmt| {
        let Stmt::Expr(expr) = module.stmts[*stmt] else { return false };
        let Expr::Call { callee, args, .. } = module.exprs[expr] else { return false };
        let mut callee = module.exprs[callee];
        // `describe.only(…)`, `test.describe(…)`
        while let Expr::Member { object, .. } = callee {
            callee = module.exprs[object];
        }
        let Expr::Global(name) = callee else { return false };
        let takes_function =
            args.of(&module.arg_pool).iter().any(|arg| matches!(module.exprs[arg.value], Expr::Function(_)));
        takes_function && TEST_GLOBALS.contains(&module.text(name))
    })
}
