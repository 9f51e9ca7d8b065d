//! `routeward advisories update`: the one command that uses the network.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::{self, BufReader, IsTerminal, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use routeward_base::Date;
use routeward_deps::{Ecosystem, Import, Index, IndexError, ecosystems};
use routeward_fetch::{Address, Fetched, Limits, fetch};

use super::state::{Export, State};
use super::{install, target, tell_broken, today};
use crate::CLEAN;
use crate::args::UpdateArgs;
use crate::output::{red, write_stderr, write_stdout};

/// Names the folder that the exports are in.
const VARIABLE: &str = "ROUTEWARD_ADVISORY_URL";
/// The exports of OSV (<https://google.github.io/osv.dev/data/>).
const OSV: &str = "https://osv-vulnerabilities.storage.googleapis.com";
/// Five times as much as the largest export has, and time to take that over a slow line.
const LIMITS: Limits = Limits { bytes: 1024 * 1024 * 1024, time: Duration::from_mins(20) };

pub(crate) fn run(args: &UpdateArgs) -> Result<u8> {
    let base = address(args)?;
    let target = target()?;
    let old = old(&target)?;
    let mut state = old.as_ref().map(|index| State::of(&target, index)).unwrap_or_default();
    let wanted: BTreeSet<Ecosystem> = match args.ecosystem.as_slice() {
        [] => ecosystems(),
        some => some.iter().copied().collect(),
    };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;

    let mut taken = Import::default();
    let mut changed = BTreeSet::new();
    let mut failed = 0;
    for ecosystem in &wanted {
        let known = state.exports.get(ecosystem.name());
        match take(*ecosystem, &base, known, folder) {
            Ok((export, import)) => {
                tell(*ecosystem, import.as_ref())?;
                state.exports.insert(ecosystem.name().to_owned(), export);
                if let Some(import) = import {
                    changed.insert(*ecosystem);
                    taken.extend(import);
                }
            }
            Err(error) => {
                failed += 1;
                anstream::eprintln!("{}: {}: {error:#}", red("error"), ecosystem.name());
            }
        }
    }
    if !changed.is_empty() {
        let index = rebuilt(old.as_ref(), taken, &changed, &target)?;
        state = state.for_index(&index);
    }
    if failed < wanted.len() {
        state.write(&target)?;
    }
    if !changed.is_empty() {
        write_stdout(|out| writeln!(out, "written to {}", target.display()))?;
    }
    match failed {
        0 => Ok(CLEAN),
        1 => bail!("one ecosystem was not updated; what was known of it stays as it is"),
        many => bail!("{many} ecosystems were not updated; what was known of them stays as it is"),
    }
}

fn address(args: &UpdateArgs) -> Result<Address> {
    let variable = || env::var(VARIABLE).ok().filter(|value| !value.trim().is_empty());
    let text = args.url.clone().or_else(variable);
    // What is wrong with an address may be that it holds a password: it is not shown.
    Address::new(text.as_deref().unwrap_or(OSV)).context("the address of the exports cannot be used")
}

/// What was known before. A damaged index holds nothing to keep, one of a later version belongs to that.
fn old(target: &Path) -> Result<Option<Index>> {
    let bytes = match fs::read(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes.with_context(|| format!("cannot read {}", target.display()))?,
    };
    match Index::open(bytes) {
        Ok(index) => Ok(Some(index)),
        Err(error @ (IndexError::Magic | IndexError::LaterSchema { .. })) => {
            let advice = "it is left as it is; remove it, or name another file in ROUTEWARD_ADVISORY_DB";
            Err(error).with_context(|| format!("cannot replace {}: {advice}", target.display()))
        }
        Err(error) => {
            write_stderr(|err| writeln!(err, "{} is made anew: {error}", target.display()));
            Ok(None)
        }
    }
}

/// Takes the export of an ecosystem and reads it; nothing is read if it is the one that is known.
fn take(
    ecosystem: Ecosystem,
    base: &Address,
    known: Option<&Export>,
    folder: &Path,
) -> Result<(Export, Option<Import>)> {
    let address = base.below(&format!("{}/all.zip", ecosystem.name()));
    if io::stderr().is_terminal() {
        write_stderr(|err| writeln!(err, "{}: asking {address}", ecosystem.name()));
    }
    let known = known.filter(|export| export.address == address.as_str());
    // It has no name, so that nothing is left of it, whatever happens.
    let mut file = tempfile::tempfile_in(folder).context("there is no place for a temporary file")?;
    let etag = known.and_then(|export| export.etag.as_deref());
    let fetched = fetch(&address, etag, LIMITS, &mut file).with_context(|| address.to_string())?;
    let checked = today().to_string();
    let (etag, import) = match fetched {
        Fetched::Unchanged => (etag.map(str::to_owned), None),
        Fetched::New { etag } => (etag, Some(read(ecosystem, file).with_context(|| address.to_string())?)),
    };
    Ok((Export { address: address.to_string(), etag, checked }, import))
}

fn read(ecosystem: Ecosystem, mut file: File) -> Result<Import> {
    file.seek(SeekFrom::Start(0)).context("what came cannot be read again")?;
    let mut import = Import::of(ecosystem);
    import.add_archive(ecosystem.name(), BufReader::new(file))?;
    ensure!(!import.is_damaged(), "what came is damaged: some of it cannot be unpacked");
    ensure!(import.usable().0 > 0, "there is no record about {} in what came", ecosystem.name());
    Ok(import)
}

fn tell(ecosystem: Ecosystem, import: Option<&Import>) -> Result<()> {
    let name = ecosystem.name();
    write_stdout(|out| match import.map(Import::usable) {
        None => writeln!(out, "{name}: up to date"),
        Some((records, newest)) if newest == Date::default() => writeln!(out, "{name}: {records} records"),
        Some((records, newest)) => writeln!(out, "{name}: {records} records, the newest of {newest}"),
    })
}

/// Writes what was taken, with what was known of other ecosystems.
fn rebuilt(
    old: Option<&Index>,
    mut taken: Import,
    changed: &BTreeSet<Ecosystem>,
    target: &Path,
) -> Result<Index> {
    if let Some(index) = old {
        let kept = Ecosystem::ALL.into_iter().filter(|ecosystem| !changed.contains(ecosystem)).collect();
        taken.keep(index, &kept).with_context(|| format!("cannot read {}", target.display()))?;
    }
    let imported = taken.finish();
    tell_broken(&imported);
    install(target, &imported.bytes)
}
