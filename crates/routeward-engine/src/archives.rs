//! Archives: their texts are looked through for keys and tokens, one in another, under limits. Nothing is unpacked to
//! disk, and no name of an entry is ever used as a path.

use std::io::{Cursor, Read};

use flate2::read::GzDecoder;
use routeward_secrets::Matcher;

use crate::decode::decode;
use crate::load::{Bystander, show_size};
use crate::problem::{Problem, ProblemKind};
use crate::secrets::{self, LARGEST};

/// Larger archives are not opened, in bytes.
pub(crate) const LARGEST_ARCHIVE: u64 = 64 * 1024 * 1024;
/// So much is unpacked of an archive and of those in it, in bytes.
const UNPACKED: u64 = 128 * 1024 * 1024;
/// So many entries are looked at in an archive and in those in it.
const ENTRIES: usize = 20_000;
/// So many times larger than the archive may it get, if it is no small one.
const RATIO: u64 = 200;
/// An archive stands in so many others at most.
const DEPTH: usize = 3;

/// How an archive is packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Packing {
    Zip,
    Tar,
    TarGz,
}

fn packing(path: &str) -> Option<Packing> {
    let path = path.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
    if ends(&[".zip", ".jar", ".war", ".ear", ".whl"]) {
        Some(Packing::Zip)
    } else if ends(&[".tar.gz", ".tgz"]) {
        Some(Packing::TarGz)
    } else {
        ends(&[".tar"]).then_some(Packing::Tar)
    }
}

/// True for archives that can be looked into.
pub(crate) fn is_archive(path: &str) -> bool {
    packing(path).is_some()
}

/// What was found in an archive.
#[derive(Default)]
pub(crate) struct Opened {
    /// The texts with keys or tokens, as `ARCHIVE!ENTRY`.
    pub(crate) texts: Vec<Bystander>,
    /// How many texts were searched.
    pub(crate) searched: usize,
    pub(crate) problems: Vec<Problem>,
}

/// Looks through the texts of an archive. Whatever it holds, time and memory are bounded; what was left out is said.
pub(crate) fn open(path: &str, bytes: &[u8], matcher: &Matcher<'_>) -> Opened {
    let most = UNPACKED.min((bytes.len() as u64).saturating_mul(RATIO).max(LARGEST));
    let mut opening =
        Opening { path, matcher, bytes: most, entries: ENTRIES, stop: None, opened: Opened::default() };
    opening.archive(path, bytes, 1);
    let Opening { stop, mut opened, .. } = opening;
    if let Some(why) = stop {
        opened.problems.push(incomplete(path, &format!("was looked through in part: {why}")));
    }
    opened
}

/// Says that an archive is above the limit.
pub(crate) fn too_large(path: &str, size: u64) -> Problem {
    let (size, most) = (show_size(size), show_size(LARGEST_ARCHIVE));
    incomplete(path, &format!("has {size}, more than the limit of {most} for archives, and was not opened"))
}

fn incomplete(path: &str, message: &str) -> Problem {
    Problem::new(path, ProblemKind::Archive, message, "unpack it and scan the folder")
}

struct Opening<'a, 'm> {
    /// The archive in the repository.
    path: &'a str,
    matcher: &'a Matcher<'m>,
    /// How much may still be unpacked.
    bytes: u64,
    /// How many entries may still be looked at.
    entries: usize,
    /// Why nothing more is looked at.
    stop: Option<String>,
    opened: Opened,
}

impl Opening<'_, '_> {
    fn archive(&mut self, path: &str, bytes: &[u8], depth: usize) {
        let read = match packing(path) {
            Some(Packing::Zip) => self.zip(path, bytes, depth),
            Some(Packing::Tar) => self.tar(path, bytes, depth),
            Some(Packing::TarGz) => self.tar(path, GzDecoder::new(bytes), depth),
            None => Ok(()),
        };
        if let Err(error) = read {
            self.opened.problems.push(incomplete(path, &format!("cannot be read on as an archive: {error}")));
        }
    }

    fn zip(&mut self, path: &str, bytes: &[u8], depth: usize) -> Result<(), String> {
        // The directory is read as a whole: one of a million names takes memory before the first entry is seen.
        if bytes.windows(4).filter(|bytes| *bytes == b"PK\x01\x02").nth(ENTRIES * 5).is_some() {
            return Err(format!("it names more than {} entries", ENTRIES * 5));
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        for at in 0..archive.len() {
            if self.is_over() {
                return Ok(());
            }
            // An entry that is encrypted, or packed in another way, says nothing of the next one.
            let Ok(entry) = archive.by_index(at) else {
                self.problem_once(
                    path,
                    "holds entries that are encrypted, or packed in a way that is not known",
                );
                continue;
            };
            let (name, is_plain, size) = (
                entry.name().map(std::borrow::Cow::into_owned).unwrap_or_default(),
                entry.is_file(),
                entry.size(),
            );
            self.entry(path, &name, is_plain && !entry.is_symlink(), entry.is_dir(), size, entry, depth);
        }
        Ok(())
    }

    fn tar(&mut self, path: &str, bytes: impl Read, depth: usize) -> Result<(), String> {
        // What is skipped has to be unpacked, too.
        let most = self.bytes;
        let mut archive = tar::Archive::new(bytes.take(most.saturating_mul(2)));
        for entry in archive.entries().map_err(|error| error.to_string())? {
            if self.is_over() {
                return Ok(());
            }
            let entry = entry.map_err(|error| error.to_string())?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let kind = entry.header().entry_type();
            let size = entry.size();
            self.entry(path, &name, kind.is_file(), kind.is_dir(), size, entry, depth);
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the two formats have no type in common")]
    fn entry(
        &mut self,
        archive: &str,
        name: &str,
        is_file: bool,
        is_folder: bool,
        size: u64,
        entry: impl Read,
        depth: usize,
    ) {
        self.entries -= 1;
        if is_folder {
            return;
        }
        if !is_file {
            return self.problem_once(archive, "holds links and the like, which were not followed");
        }
        if leads_outside(name) {
            return self
                .problem_once(archive, "holds entries whose names lead outside of it, which were left out");
        }
        let inner = format!("{archive}!{name}");
        let is_inner_archive = is_archive(name);
        if is_inner_archive && depth >= DEPTH {
            return self
                .problem_once(archive, "holds archives in archives in archives, which were not opened");
        }
        if !is_inner_archive && (secrets::is_opaque(name) || size > LARGEST) {
            self.opened.problems.extend(
                (size > LARGEST && !secrets::is_opaque(name)).then(|| secrets::not_searched(&inner, size)),
            );
            return;
        }
        // Sizes in headers are claims.
        let most = if is_inner_archive { self.bytes } else { self.bytes.min(LARGEST) };
        let mut bytes = Vec::new();
        if entry.take(most.saturating_add(1)).read_to_end(&mut bytes).is_err() {
            return self.problem_once(archive, "holds entries that are damaged");
        }
        if bytes.len() as u64 > most {
            self.bytes = 0;
            return;
        }
        self.bytes -= bytes.len() as u64;
        if is_inner_archive {
            return self.archive(&inner, &bytes, depth + 1);
        }
        let Some(text) = decode(&inner, bytes).text else { return };
        self.opened.searched += 1;
        let (hits, is_cut) = self.matcher.find_within_limits(&inner, &text);
        self.opened.problems.extend(is_cut.then(|| secrets::decoded_in_part(&inner)));
        if !hits.is_empty() {
            self.opened.texts.push(Bystander { path: inner, text, hits });
        }
    }

    /// True if a limit is reached; remembers which.
    fn is_over(&mut self) -> bool {
        if self.entries == 0 {
            self.stop.get_or_insert_with(|| format!("it has more than {ENTRIES} entries"));
        } else if self.bytes == 0 {
            self.stop.get_or_insert_with(|| "unpacked it is larger than its limit".to_owned());
        }
        self.stop.is_some()
    }

    /// Says something of an archive, and the same only once.
    fn problem_once(&mut self, archive: &str, message: &str) {
        let path = if archive.is_empty() { self.path } else { archive };
        let problem = incomplete(path, message);
        if !self.opened.problems.contains(&problem) {
            self.opened.problems.push(problem);
        }
    }
}

/// True for names that an archive with good intentions has no use for.
fn leads_outside(name: &str) -> bool {
    let is_parent = |part: &str| part == "..";
    name.is_empty()
        || name.starts_with(['/', '\\'])
        || name.get(1..2) == Some(":")
        || name.split(['/', '\\']).any(is_parent)
        || name.chars().any(char::is_control)
}

#[cfg(test)]
#[path = "archives_tests.rs"]
mod tests;
