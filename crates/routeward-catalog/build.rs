//! Reads `lints/` and embeds it: every lint and every model is checked here, and a mistake in one fails the build
//! with its file and line.
//!
//! Only the files that are embedded are watched, not the whole tree, so that editing a case rebuilds nothing.
//! The price is that a *new* file goes unseen until a watched one changes; a test of `routeward-test` compares the
//! embedded catalogue with the disk and says so.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/document.rs"]
#[expect(dead_code, unreachable_pub, reason = "the crate uses more of it")]
mod document;
#[path = "src/fragment.rs"]
#[expect(dead_code, unreachable_pub, reason = "the crate uses more of it")]
mod fragment;
#[path = "src/key.rs"]
#[expect(unreachable_pub, reason = "it is public in the crate")]
mod key;
#[path = "src/lint.rs"]
#[expect(dead_code, unreachable_pub, reason = "the crate uses more of it")]
mod lint;
#[path = "src/markdown.rs"]
#[expect(unreachable_pub, reason = "it is public in the crate")]
mod markdown;
#[path = "src/model.rs"]
#[expect(unreachable_pub, reason = "it is public in the crate")]
mod model;
#[path = "src/provision.rs"]
#[expect(unreachable_pub, reason = "the crate uses more of it")]
mod provision;
#[path = "src/setting.rs"]
#[expect(unreachable_pub, reason = "the crate uses more of it")]
mod setting;
#[path = "src/suggest.rs"]
#[expect(unreachable_pub, reason = "it is public in the crate")]
mod suggest;
#[path = "src/template.rs"]
#[expect(dead_code, unreachable_pub, reason = "the crate uses more of it")]
mod template;
#[path = "src/token.rs"]
#[expect(dead_code, unreachable_pub, reason = "the crate uses more of it")]
mod token;
#[path = "src/unseen.rs"]
#[expect(unreachable_pub, reason = "the crate uses more of it")]
mod unseen;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    // A folder is watched with all below it, so that a new file counts as a change.
    println!("cargo::rerun-if-changed=lints/models");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    collect(&root.join("lints"), "lints", &mut files)?;
    files.sort();
    for (_, path, _) in &files {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let (lints, models): (Vec<_>, Vec<_>) = files.iter().partition(|(name, ..)| name.ends_with("/lint.md"));
    let lints = read_lints(&lints);
    let models = models.into_iter().map(|(name, _, text)| (name.as_str(), text.as_str()));
    let (tokens, models): (Vec<_>, Vec<_>) =
        models.partition(|(name, _)| name.starts_with(token::Tokens::FOLDER));
    let (settings, models): (Vec<_>, Vec<_>) =
        models.into_iter().partition(|(name, _)| name.starts_with(setting::SettingRows::FOLDER));
    let models = model::Models::parse(&models).map_err(|error| report(&error)).unwrap_or_default();
    let tokens = token::Tokens::parse(&tokens).map_err(|error| report(&error)).unwrap_or_default();
    let settings = setting::SettingRows::parse(&settings).map_err(|error| report(&error)).unwrap_or_default();
    for row in tokens.rows.iter().filter(|row| lints.iter().all(|lint| lint.id != row.lint)) {
        report(&format!("{}: `{}`: there is no lint `{}`", token::Tokens::FOLDER, row.id, row.lint));
    }
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(folder.join("catalog.postcard"), postcard::to_stdvec(&(lints, models))?)?;
    // Apart from the rest: only who looks for secrets decodes them.
    fs::write(folder.join("tokens.postcard"), postcard::to_stdvec(&tokens)?)?;
    fs::write(folder.join("settings.postcard"), postcard::to_stdvec(&settings)?)?;
    Ok(())
}

/// A file's name as `lints/…`, where it is, and its text.
type Source = (String, PathBuf, String);

/// Finds `lint.md` in each lint's folder, and the `.toml` files and outlines of the models.
fn collect(dir: &Path, name: &str, files: &mut Vec<Source>) -> Result<(), Box<dyn Error>> {
    let entries = fs::read_dir(dir).map_err(|error| format!("cannot read {}: {error}", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        let Some(last) = path.file_name().and_then(|last| last.to_str()) else { continue };
        let name = format!("{name}/{last}");
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else if last == "lint.md" || is_model(&name) {
            let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {name}: {error}"))?;
            files.push((name, path, text));
        }
    }
    Ok(())
}

fn is_model(name: &str) -> bool {
    name.starts_with("lints/models/")
        && Path::new(name).extension().is_some_and(|extension| extension != "md")
}

/// Reads all lints, in order of id; what cannot be read is reported and left out.
fn read_lints(files: &[&Source]) -> Vec<lint::LintMeta> {
    let parse =
        |(name, _, text): &&Source| lint::LintMeta::parse(name, text).map_err(|error| report(&error)).ok();
    let mut lints: Vec<_> = files.iter().filter_map(parse).collect();
    lints.sort_by(|a, b| a.id.cmp(&b.id));
    for pair in lints.windows(2).filter(|pair| pair[0].id == pair[1].id) {
        let (id, a, b) = (&pair[0].id, &pair[0].family, &pair[1].family);
        report(&format!("lints/{b}/{id}/lint.md:1: the id `{id}` is taken by lints/{a}/{id}"));
    }
    lints
}

/// Makes the build fail with a message, and goes on, so that all mistakes are seen at once.
fn report(message: &impl ToString) {
    message.to_string().lines().for_each(|line| println!("cargo::error={line}"));
}
