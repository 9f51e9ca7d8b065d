//! Makes an index of OSV records (<https://ossf.github.io/osv-schema>), one after the other.
//!
//! A record is read, taken down to what the index keeps, and forgotten. What cannot be read is counted and named, and
//! costs nothing else.

mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use routeward_base::Date;
use zip::ZipArchive;

use crate::advisory::{Advisory, merged};
use crate::index::{Coverage, write};
use crate::{Ecosystem, Index, IndexError};

use record::Record;

/// No record comes near to this; what does is not one.
const MAX_RECORD: u64 = 16 * 1024 * 1024;
/// So many times larger than an archive what is in it may be. Records are a tenth of their size there.
const MAX_GROWTH: u64 = 100;
/// An archive may hold so much, however small it is.
const MIN_UNPACKED: u64 = 64 * 1024 * 1024;
/// So many bytes are kept of all records: four times what all ecosystems have, and few enough for the offsets of an index.
const MAX_KEPT: usize = 1024 * 1024 * 1024;
/// So many broken records are named; others are only counted.
const MAX_NAMED: usize = 50;

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is none, or a part of one.
    #[error("it cannot be read as a ZIP archive")]
    Archive(#[from] zip::result::ZipError),
    /// It was made to fill the memory.
    #[error("what is in it is more than {MAX_GROWTH} times as large as the archive")]
    Growth,
}

/// A record that was left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Broken {
    /// Its name, as it was given.
    pub name: String,
    /// What is wrong with it, as a phrase.
    pub reason: String,
}

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// The index, with its checksum.
    pub bytes: Vec<u8>,
    /// How many records were read, also those that are withdrawn or about something else.
    pub records: usize,
    /// How many of them could not be read.
    pub broken: usize,
    /// The first of these, in order of name.
    pub named: Vec<Broken>,
}

/// True for the name of a file that should hold a record.
fn is_record(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Reads records and collects what they say.
#[derive(Default)]
pub struct Import {
    /// What else records are about is left out.
    only: Option<Ecosystem>,
    advisories: Vec<Advisory>,
    /// How much room these take, in bytes.
    kept: usize,
    /// By ecosystem and source: how many records, and the newest.
    sources: BTreeMap<(Ecosystem, String), (u32, Date)>,
    /// Ecosystems that some record is about alone. An export of one ecosystem holds records of others only where they
    /// are about both.
    whole: BTreeSet<Ecosystem>,
    records: usize,
    broken: usize,
    /// Files of archives that could not be unpacked: what was written is not what is there.
    damaged: usize,
    named: Vec<Broken>,
}

impl Import {
    /// Takes an export of one ecosystem: what it says of others is a part of theirs.
    pub fn of(ecosystem: Ecosystem) -> Self {
        Self { only: Some(ecosystem), ..Self::default() }
    }

    /// Takes over what an index says of some ecosystems. Nothing is taken if any of it cannot be read.
    pub fn keep(&mut self, index: &Index, ecosystems: &BTreeSet<Ecosystem>) -> Result<(), IndexError> {
        let mut advisories = Vec::new();
        for (_, package, found) in index.iter().filter(|(it, ..)| ecosystems.contains(it)) {
            for record in found {
                advisories.push(record.read(package).ok_or(IndexError::Layout)?);
            }
        }
        for part in index.coverage().into_iter().filter(|part| ecosystems.contains(&part.ecosystem)) {
            if part.is_whole {
                self.whole.insert(part.ecosystem);
            }
            self.count(part.ecosystem, part.source, part.records, part.newest);
        }
        self.kept += advisories.iter().map(weight).sum::<usize>();
        self.advisories.extend(advisories);
        Ok(())
    }

    /// Adds what another import read.
    pub fn extend(&mut self, other: Self) {
        self.advisories.extend(other.advisories);
        self.kept += other.kept;
        for ((ecosystem, source), (count, newest)) in other.sources {
            self.count(ecosystem, source, count, newest);
        }
        self.whole.extend(other.whole);
        self.records += other.records;
        self.broken += other.broken;
        self.damaged += other.damaged;
        self.named.extend(other.named);
    }

    /// How many records were read that are about an ecosystem that counts, and when the newest was changed.
    pub fn usable(&self) -> (u32, Date) {
        let sources = self.sources.values();
        sources.fold((0, Date::default()), |(all, last), (count, newest)| (all + count, last.max(*newest)))
    }

    /// Files of archives could not be unpacked: an archive came or was written incompletely.
    pub fn is_damaged(&self) -> bool {
        self.damaged > 0
    }

    /// Reads one record, a JSON object. Its name is only for messages.
    pub fn add_record(&mut self, name: &str, json: &[u8]) {
        self.records += 1;
        let record = match json.len() as u64 {
            length if length > MAX_RECORD => Err(format!("it is larger than {MAX_RECORD} bytes")),
            _ => Record::parse(json),
        };
        match record {
            Ok(_) if self.kept > MAX_KEPT => {
                self.refuse(name.to_owned(), format!("more than {MAX_KEPT} bytes would be kept"));
            }
            Ok(record) => self.take(&record),
            Err(reason) => self.refuse(name.to_owned(), reason),
        }
    }

    /// Reads all records of a ZIP archive: the files that end in `.json`. One of them is held in memory at a time, and
    /// none is written anywhere, whatever its name is.
    pub fn add_archive(&mut self, name: &str, mut archive: impl Read + Seek) -> Result<(), ImportError> {
        let size = archive.seek(SeekFrom::End(0)).map_err(zip::result::ZipError::from)?;
        let mut left = size.saturating_mul(MAX_GROWTH).max(MIN_UNPACKED);
        let mut archive = ZipArchive::new(archive)?;
        let mut json = Vec::new();
        for at in 0..archive.len() {
            json.clear();
            let file = archive.by_index(at).map_err(io::Error::from);
            let inner = file.as_ref().ok().and_then(|file| Some(file.name().ok()?.into_owned()));
            let inner = inner.unwrap_or_else(|| format!("file {at}"));
            if file.is_ok() && !is_record(&inner) {
                continue;
            }
            let name = format!("{name}:{inner}");
            // One byte more than a record may have shows that it has more.
            match file.and_then(|file| file.take(MAX_RECORD + 1).read_to_end(&mut json)) {
                Ok(_) => self.add_record(&name, &json),
                Err(error) => {
                    self.records += 1;
                    self.damaged += 1;
                    self.refuse(name, error.to_string());
                }
            }
            left = left.checked_sub(json.len() as u64).ok_or(ImportError::Growth)?;
        }
        Ok(())
    }

    fn refuse(&mut self, name: String, reason: String) {
        self.broken += 1;
        if self.named.len() < MAX_NAMED {
            self.named.push(Broken { name, reason });
        }
    }

    fn take(&mut self, record: &Record) {
        let mut ecosystems = record.ecosystems();
        ecosystems.retain(|ecosystem| self.is_wanted(*ecosystem));
        if let [only] = ecosystems.as_slice() {
            self.whole.insert(*only);
        }
        for ecosystem in ecosystems {
            self.count(ecosystem, record.source(), 1, record.modified());
        }
        let mut advisories = record.advisories();
        advisories.retain(|advisory| self.is_wanted(advisory.ecosystem));
        self.kept += advisories.iter().map(weight).sum::<usize>();
        self.advisories.extend(advisories);
    }

    fn is_wanted(&self, ecosystem: Ecosystem) -> bool {
        self.only.is_none_or(|only| only == ecosystem)
    }

    fn count(&mut self, ecosystem: Ecosystem, source: String, records: u32, modified: Date) {
        let (count, newest) = self.sources.entry((ecosystem, source)).or_default();
        *count += records;
        *newest = modified.max(*newest);
    }

    /// Joins what is about one weakness, and writes the index. The order in which records were read does not matter.
    pub fn finish(mut self) -> Imported {
        let coverage: Vec<Coverage> = self
            .sources
            .into_iter()
            .map(|((ecosystem, source), (records, newest))| {
                let is_whole = self.whole.contains(&ecosystem);
                Coverage { ecosystem, source, records, newest, is_whole }
            })
            .collect();
        self.named.sort();
        Imported {
            bytes: Index::sealed(write(&merged(self.advisories), &coverage)),
            records: self.records,
            broken: self.broken,
            named: self.named,
        }
    }
}

/// About how many bytes an advisory takes in an index.
fn weight(advisory: &Advisory) -> usize {
    let texts = |list: &[String]| list.iter().map(|text| text.len() + 2).sum::<usize>();
    let symbols = advisory.symbols.iter().map(|symbols| symbols.module.len() + texts(&symbols.names));
    advisory.package.len()
        + advisory.summary.len()
        + texts(&advisory.ids)
        + texts(&advisory.versions)
        + advisory.ranges.len() * 32
        + symbols.sum::<usize>()
}
