//! Which files are there for tests, by their paths alone: for those that are not lowered.

use routeward_base::FxHashSet;

use crate::role::{TOP_TEST_FOLDERS, folders_of, is_below_tests, is_test_name, is_test_path, package_roots};

/// What the paths of a tree say about tests.
pub(crate) struct TestPaths {
    /// The roots of packages.
    roots: FxHashSet<String>,
    /// Folders that go by the name of tests and hold some.
    folders: FxHashSet<String>,
}

impl TestPaths {
    /// Looks at each path once.
    pub(crate) fn new(files: &[String]) -> Self {
        let tests = files.iter().filter(|path| is_test_path(path) || is_test_name(path));
        let folders = tests.flat_map(|path| folders_of(path).filter(|folder| is_named_test(folder)));
        let folders = folders.map(str::to_owned).collect();
        Self { roots: package_roots(files), folders }
    }

    /// True for a file that goes by the name of a test, lies among such, below a package's folder for tests, or in a
    /// package that is called so.
    pub(crate) fn has(&self, path: &str) -> bool {
        is_test_path(path)
            || is_test_name(path)
            || is_below_tests(path, &self.roots)
            || folders_of(path).any(|folder| {
                self.folders.contains(folder) || self.roots.contains(folder) && is_named_test(folder)
            })
    }
}

fn is_named_test(folder: &str) -> bool {
    TOP_TEST_FOLDERS.contains(&folder.rsplit('/').next().unwrap_or(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_told_by_names_and_folders_that_hold_some() {
        let files = [
            "package.json",
            "src/latest.js",
            "src/routes/test/show.js",
            "shop/pay/tests/test_pay.py",
            "shop/pay/tests/recorded/answer.yaml",
            "tests/data/key.pem",
            "ui/package.json",
            "ui/e2e/login.json",
            "src/a.spec.ts",
            "packages/tests/package.json",
            "packages/tests/keys/a.pem",
        ];
        let files: Vec<String> = files.iter().map(|path| (*path).to_owned()).collect();
        let paths = TestPaths::new(&files);
        let tests: Vec<&str> = files.iter().map(String::as_str).filter(|path| paths.has(path)).collect();
        assert_eq!(tests, files[3..].iter().filter(|path| *path != "ui/package.json").collect::<Vec<_>>());
    }
}
