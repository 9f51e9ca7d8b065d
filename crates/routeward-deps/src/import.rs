//! Makes an index of OSV records (<https://ossf.github.io/osv-schema>), one after the other.
//!
//! A record is read, taken down to what the index keeps, and forgotten. What cannot be read is counted and named, and
//! costs nothing else.

mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek};
use std::path::Path;

use routeward_base::Date;
use zip::ZipArchive;

use crate::advisory::{Advisory, merged};
use crate::index::{Coverage, write};
use crate::{Ecosystem, Index};

use record::Record;

/// No record comes near to this; what does is not one.
const MAX_RECORD: u64 = 16 * 1024 * 1024;
/// So many broken records are named; others are only counted.
const MAX_NAMED: usize = 50;

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("it cannot be read as a ZIP archive: {0}")]
pub struct ImportError(#[from] zip::result::ZipError);

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
    advisories: Vec<Advisory>,
    /// By ecosystem and source: how many records, and the newest.
    sources: BTreeMap<(Ecosystem, String), (u32, Date)>,
    /// Ecosystems that some record is about alone. An export of one ecosystem holds records of others only where they
    /// are about both.
    whole: BTreeSet<Ecosystem>,
    records: usize,
    broken: usize,
    named: Vec<Broken>,
}

impl Import {
    /// Reads one record, a JSON object. Its name is only for messages.
    pub fn add_record(&mut self, name: &str, json: &[u8]) {
        self.records += 1;
        match Record::parse(json) {
            Ok(record) => self.take(&record),
            Err(reason) => self.refuse(name.to_owned(), reason),
        }
    }

    /// Reads all records of a ZIP archive: the files that end in `.json`. One of them is held in memory at a time.
    pub fn add_archive(&mut self, name: &str, archive: impl Read + Seek) -> Result<(), ImportError> {
        let mut archive = ZipArchive::new(archive)?;
        let mut json = Vec::new();
        for at in 0..archive.len() {
            json.clear();
            let file = archive.by_index(at).map_err(io::Error::from);
            let inner = file.as_ref().ok().and_then(|file| Some(file.name().ok()?.into_owned()));
            let inner = inner.unwrap_or_else(|| format!("file {at}"));
            let name = format!("{name}:{inner}");
            let read = file.and_then(|file| {
                if is_record(&inner) { file.take(MAX_RECORD).read_to_end(&mut json) } else { Ok(0) }
            });
            match read {
                Ok(_) if is_record(&inner) => self.add_record(&name, &json),
                Ok(_) => {}
                Err(error) => {
                    self.records += 1;
                    self.refuse(name, error.to_string());
                }
            }
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
        let ecosystems = record.ecosystems();
        if let [only] = ecosystems.as_slice() {
            self.whole.insert(*only);
        }
        let modified = record.modified();
        for ecosystem in ecosystems {
            let (count, newest) = self.sources.entry((ecosystem, record.source())).or_default();
            *count += 1;
            *newest = modified.max(*newest);
        }
        self.advisories.extend(record.advisories());
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
