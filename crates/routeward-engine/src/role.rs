//! What a file is for, by what it is: its name, its folder if that is reserved for tests, and its code.

use routeward_ir::{Expr, Import, Module, Role, Stmt};

/// Endings of the name before the extension.
const TEST_SUFFIXES: &[&str] = &[".test", ".spec", ".cy", ".e2e", ".e2e-spec", ".test-d", "_test", "_spec"];
/// Beginnings of the name, in the language that has them.
const TEST_PREFIX: (&str, &str) = ("test_", ".py");
/// Whole names.
const TEST_FILES: &[&str] = &["conftest.py", "tests.py"];
/// Folders that tools reserve for tests. A folder that is merely called `test` proves nothing: it may be a part
/// of an address.
const TEST_FOLDERS: &[&str] = &["__tests__", "__mocks__", "__fixtures__"];
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
    if is_test_path(path) || imports_tests(module) || runs_tests(module) {
        Role::Test
    } else if is_generated {
        Role::Generated
    } else {
        Role::Source
    }
}

fn is_test_path(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    (name.starts_with(TEST_PREFIX.0) && name.ends_with(TEST_PREFIX.1))
        || TEST_FILES.contains(&name)
        || TEST_SUFFIXES.iter().any(|suffix| stem.len() > suffix.len() && stem.ends_with(suffix))
        || parts.any(|folder| TEST_FOLDERS.contains(&folder))
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
