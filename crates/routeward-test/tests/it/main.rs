//! The catalogue's own suites, and that what is embedded is what is on disk.

use std::fs;
use std::path::{Path, PathBuf};

use routeward_catalog::{Catalog, LintMeta, Models, SettingRows, Tokens};

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

/// The build watches the files that it embedded; this catches those that came after.
#[test]
fn embedded_catalogue_is_the_one_on_disk() {
    let root = lints();
    let named = |path: &PathBuf| {
        let name = format!("lints/{}", path.strip_prefix(&root).expect("it lies there").display());
        (name, fs::read_to_string(path).expect("it can be read"))
    };
    let (lints, models): (Vec<_>, Vec<_>) =
        embedded_files(&root).iter().map(named).partition(|(name, _)| name.ends_with("/lint.md"));
    let read = |(name, text): &(String, String)| {
        LintMeta::parse(name, text).unwrap_or_else(|error| panic!("{error}"))
    };
    let mut lints: Vec<_> = lints.iter().map(read).collect();
    lints.sort_by(|a, b| a.id.cmp(&b.id));
    let models = models.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let (tokens, models): (Vec<_>, Vec<_>) = models.partition(|(name, _)| name.starts_with(Tokens::FOLDER));
    let (settings, models): (Vec<_>, Vec<_>) =
        models.into_iter().partition(|(name, _)| name.starts_with(SettingRows::FOLDER));
    let settings = SettingRows::parse(&settings).unwrap_or_else(|error| panic!("{error}"));
    let tokens = Tokens::parse(&tokens).unwrap_or_else(|error| panic!("{error}"));
    let models = Models::parse(&models).unwrap_or_else(|error| panic!("{error}"));
    let Catalog { lints: embedded, models: embedded_models } = Catalog::embedded();
    let is_current = lints == *embedded
        && models == *embedded_models
        && tokens == *Catalog::tokens()
        && settings == *Catalog::settings();
    assert!(is_current, "the build is older than lints/: touch crates/routeward-catalog/build.rs");
}

/// The files that the build embeds, in order of path.
fn embedded_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(embedded_files(&path));
        } else if path.ends_with("lint.md")
            || path.starts_with(lints().join("models"))
                && path.extension().is_some_and(|extension| extension != "md")
        {
            files.push(path);
        }
    }
    files.sort_by_key(|path| path.display().to_string());
    files
}
