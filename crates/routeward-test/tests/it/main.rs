//! The catalogue's own suites, and that what is embedded is what is on disk.

use std::fs;
use std::path::{Path, PathBuf};

use routeward_catalog::{Catalog, LintMeta};

fn lints() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lints").canonicalize().expect("the catalogue is there")
}

/// Each section of each suite finds what it says. `SUITE=text` runs the sections whose `path: title` holds the
/// text, `BLESS=1` rewrites blocks of output.
#[test]
fn suites_find_what_they_say() {
    let failures = routeward_test::run_all(&lints());
    for failure in &failures {
        eprintln!("{failure}\n");
    }
    assert!(failures.is_empty(), "{} expectations of the suites fail", failures.len());
}

/// The build watches the files it embedded; this catches what came after.
#[test]
fn embedded_catalogue_is_the_one_on_disk() {
    let root = lints();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a lint can be read");
        let name = format!("lints/{}", path.strip_prefix(&root).expect("it lies there").display());
        LintMeta::parse(&name, &text).unwrap_or_else(|error| panic!("{error}"))
    };
    let suites = routeward_test::suites(&root).into_iter();
    let mut on_disk: Vec<_> = suites.filter(|path| path.ends_with("lint.md")).map(read).collect();
    on_disk.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: Vec<_> = on_disk.iter().map(|lint| &lint.id).collect();
    let embedded: Vec<_> = Catalog::embedded().lints.iter().map(|lint| &lint.id).collect();
    assert_eq!(ids, embedded, "the build is older than lints/: touch crates/routeward-catalog/build.rs");
    assert_eq!(on_disk, Catalog::embedded().lints, "the build is older than lints/");
}
