//! Which modules the path of an import or a call lies in.

/// What stands behind the name of a module in the path of something in it, or made by it: `package.function`,
/// `package/file`, `package()`.
const ENDS: [char; 3] = ['.', '/', '('];

/// True if the path is one of these modules, or leads to something in one.
pub fn is_one_of(modules: &[String], path: &str) -> bool {
    modules.iter().any(|module| is_within(path, module))
}

/// True if the path is the module, or leads to something in it.
pub fn is_within(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with(ENDS))
}

/// All for which [`is_within`] holds, the shortest first.
pub fn modules_around(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices(ENDS).map(|(at, _)| &path[..at]).chain([path])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_lies_in_the_modules_that_it_begins_with() {
        let around: Vec<&str> = modules_around("@scope/kit/file.make().run").collect();
        assert_eq!(
            around,
            [
                "@scope",
                "@scope/kit",
                "@scope/kit/file",
                "@scope/kit/file.make",
                "@scope/kit/file.make()",
                "@scope/kit/file.make().run"
            ]
        );
        assert!(around.iter().all(|module| is_within("@scope/kit/file.make().run", module)));
        assert!(!is_within("kitchen.make", "kit"));
    }
}
