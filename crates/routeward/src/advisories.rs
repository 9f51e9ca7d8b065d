//! `routeward advisories`: what is known of packages, where it comes from, how old it is.

mod state;
mod update;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, process};

use anyhow::{Context, Result, ensure};
use routeward_base::Date;
use routeward_deps::{Advisories, Cover, Coverage, Ecosystem, Import, Imported, Index};

use state::State;

use crate::CLEAN;
use crate::args::AdvisoriesCommand;
use crate::output::{write_stderr, write_stdout};

/// Names the file with imported advisories; without it, the one in the user's cache is used.
const VARIABLE: &str = "ROUTEWARD_ADVISORY_DB";
/// So many broken records are named.
const MAX_NAMED: usize = 10;
/// After so many days too much has become known since.
const OLD: u32 = 90;

pub(crate) fn run(command: &AdvisoriesCommand) -> Result<u8> {
    match command {
        AdvisoriesCommand::Status => status(),
        AdvisoriesCommand::Update(args) => update::run(args),
        AdvisoriesCommand::Import { paths } => import(paths),
    }
}

/// The advisories that were imported, with the file that they are in. `None` if there is no such file.
pub(crate) fn imported() -> Result<Option<(PathBuf, Index)>> {
    let Some(path) = location() else { return Ok(None) };
    let bytes = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let index = Index::open(bytes).with_context(|| {
        format!(
            "cannot use {}; remove it, or import again with `routeward advisories import`",
            path.display()
        )
    })?;
    Ok(Some((path, index)))
}

/// The file that imported advisories are in. `None` where the system tells of no place for it.
fn location() -> Option<PathBuf> {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = variable(VARIABLE) {
        return Some(path);
    }
    let cache = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Caches"))
    } else {
        // A path that is not absolute does not count (XDG Base Directory Specification).
        let own = variable("XDG_CACHE_HOME").filter(|path| path.is_absolute());
        own.or_else(|| variable("HOME").map(|home| home.join(".cache")))
    };
    cache.map(|cache| cache.join("routeward").join("advisories.idx"))
}

/// The file to write to.
fn target() -> Result<PathBuf> {
    location().with_context(|| format!("there is no folder for caches; name a file in {VARIABLE}"))
}

fn today() -> Date {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Date::from_unix_seconds(since_1970.as_secs())
}

fn status() -> Result<u8> {
    let imported = imported()?;
    let today = today().days();
    write_stdout(|out| {
        if let Some((path, index)) = &imported {
            writeln!(out, "imported, in {}", path.display())?;
            index.coverage().iter().try_for_each(|part| line(part, today, out))?;
            for (date, ecosystems) in State::of(path, index).checked() {
                let names: Vec<&str> = ecosystems.into_iter().map(Ecosystem::name).collect();
                writeln!(out, "  up to date on {date}: {}", names.join(", "))?;
            }
        } else {
            writeln!(out, "nothing is imported; `routeward advisories update` fetches what there is")?;
        }
        writeln!(out, "built in, for packages that APIs are often made with")?;
        Index::embedded().coverage().iter().try_for_each(|part| line(part, today, out))?;
        let all = Advisories::new(imported.map(|(_, index)| index));
        for (cover, words) in [(Cover::Part, "covered in part"), (Cover::None, "not covered")] {
            let ecosystems = Ecosystem::ALL.into_iter().filter(|ecosystem| all.cover(*ecosystem) == cover);
            let names: Vec<&str> = ecosystems.map(Ecosystem::name).collect();
            if !names.is_empty() {
                writeln!(out, "{words}: {}", names.join(", "))?;
            }
        }
        Ok(())
    })?;
    Ok(CLEAN)
}

fn line(part: &Coverage, today: u32, out: &mut dyn Write) -> io::Result<()> {
    let (ecosystem, source, records) = (part.ecosystem.name(), &part.source, part.records);
    write!(out, "  {ecosystem:<10} {source:<10} {records:>7}  ")?;
    if part.newest.days() == 0 {
        return writeln!(out, "of unknown age");
    }
    let days = today.saturating_sub(part.newest.days());
    let advice = if days > OLD { "; much has become known since" } else { "" };
    writeln!(out, "{}, {}{advice}", part.newest, age(days))
}

/// How long ago something was, in words.
fn age(days: u32) -> String {
    let (number, unit) = match days {
        0 => return "of today".to_owned(),
        1..14 => (days, "day"),
        14..60 => (days / 7, "week"),
        60..730 => (days / 30, "month"),
        _ => (days / 365, "year"),
    };
    format!("{number} {unit}{} old", if number == 1 { "" } else { "s" })
}

fn import(paths: &[PathBuf]) -> Result<u8> {
    let target = target()?;
    let mut import = Import::default();
    for path in paths {
        let metadata = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        if metadata.is_dir() { add_folder(&mut import, path)? } else { add_file(&mut import, path)? }
    }
    let imported = import.finish();
    tell_broken(&imported);
    let usable = imported.records - imported.broken;
    ensure!(usable > 0, "no OSV record was found; what was imported before stays as it is");
    let index = install(&target, &imported.bytes)?;
    State::default().write(&target)?;
    let (advisories, packages) = (index.advisories(), index.packages());
    write_stdout(|out| {
        writeln!(out, "{usable} records: {advisories} advisories for {packages} packages")?;
        writeln!(out, "written to {}", target.display())
    })?;
    Ok(CLEAN)
}

/// Puts an index in place of the one before it. It is read as every scan will read it, before it replaces anything.
fn install(target: &Path, bytes: &[u8]) -> Result<Index> {
    let index = Index::open(bytes.to_vec()).context("the index that was made cannot be read")?;
    replace(target, bytes).with_context(|| format!("cannot write {}", target.display()))?;
    Ok(index)
}

fn tell_broken(imported: &Imported) {
    if imported.broken == 0 {
        return;
    }
    write_stderr(|err| {
        for broken in imported.named.iter().take(MAX_NAMED) {
            writeln!(err, "left out {}: {}", broken.name.escape_debug(), broken.reason.escape_debug())?;
        }
        let (broken, records) = (imported.broken, imported.records);
        writeln!(err, "{broken} of {records} records could not be read")
    });
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

/// All records and archives of a folder and the folders in it, in order; links are not followed.
fn add_folder(import: &mut Import, folder: &Path) -> Result<()> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut entries: Vec<_> =
        fs::read_dir(folder).and_then(Iterator::collect::<io::Result<_>>).with_context(cannot)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().with_context(cannot)?);
        if kind.is_dir() {
            add_folder(import, &path)?;
        } else if kind.is_file() && (has_extension(&path, "json") || has_extension(&path, "zip")) {
            add_file(import, &path)?;
        }
    }
    Ok(())
}

fn add_file(import: &mut Import, path: &Path) -> Result<()> {
    let name = path.display().to_string();
    let cannot = || format!("cannot read {name}");
    if has_extension(path, "json") {
        import.add_record(&name, &fs::read(path).with_context(cannot)?);
        return Ok(());
    }
    let file = File::open(path).with_context(cannot)?;
    import.add_archive(&name, io::BufReader::new(file)).with_context(cannot)
}

/// Puts a file in place of another in one step: a reader sees the old one or the new one, whole.
fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{}.new", process::id()));
    let new = PathBuf::from(name);
    let write = || {
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, target)
    };
    write().inspect_err(|_| drop(fs::remove_file(&new)))
}
