//! Advisories as one piece of bytes that is looked up as it lies: sorted by package, addressed by offsets, checked once
//! when it is opened.
//!
//! After a header come the coverage, a table with the offset of each package in order of ecosystem and name, the
//! packages, and a pool of what is said more than once. A checksum over all of it (BLAKE3) follows. Numbers in the
//! header and the table are little-endian words of four bytes; all others are written in groups of seven bits.

mod bytes;
mod fragments;
mod id;
mod read;
mod write;

use std::borrow::Cow;
use std::cmp::Ordering;

use routeward_base::Date;

use crate::Ecosystem;

pub use read::{Found, Record};
pub(crate) use write::write;

use bytes::Reader;

/// What every index begins with. The last bytes show what a transfer as text would have done to it.
const MAGIC: &[u8; 8] = b"rwadv\r\n\x1a";
/// The version of the layout; what reads another one would misread it.
const SCHEMA: u32 = 1;
/// Magic, schema, length, packages, advisories, and the offsets of coverage, table and pool.
const HEADER: usize = 8 + 7 * WORD;
const WORD: usize = 4;
const CHECKSUM: usize = blake3::OUT_LEN;

/// Why bytes are no index.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum IndexError {
    /// They begin with something else.
    #[error("it is no index of advisories")]
    Magic,
    /// They were written by an earlier version of this program.
    #[error("its layout has the number {found}, this program reads {SCHEMA}; import the advisories again")]
    EarlierSchema {
        /// The number of the layout.
        found: u32,
    },
    /// They were written by a later version of this program.
    #[error("its layout has the number {found}, this program reads {SCHEMA}; a later version wrote it")]
    LaterSchema {
        /// The number of the layout.
        found: u32,
    },
    /// They end too early or too late.
    #[error(
        "it is {found} bytes long where {expected} are expected; it was not written or copied completely"
    )]
    Length {
        /// What the header says.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// They were changed after they were written.
    #[error("its checksum does not hold; it was damaged")]
    Checksum,
    /// An offset points to where nothing can be.
    #[error("its table is inconsistent")]
    Layout,
}

/// What one source has told about one ecosystem.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Coverage {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// Who keeps the records, by how their ids begin: `GHSA`, `PYSEC`.
    pub source: String,
    /// How many records.
    pub records: u32,
    /// When the newest of them was last changed.
    pub newest: Date,
    /// The records are meant to be all that the source has about the ecosystem. Otherwise they came along with those
    /// of another one, or are a choice: that a package is not among them says nothing.
    pub is_whole: bool,
}

/// Advisories of many packages.
#[derive(Clone, Debug)]
pub struct Index {
    bytes: Cow<'static, [u8]>,
    packages: usize,
    advisories: u32,
    coverage: usize,
    table: usize,
    pool: usize,
    /// Where the pool ends.
    end: usize,
}

impl Index {
    /// Checks an index and takes it. The cost is that of one pass over the bytes.
    pub fn open(bytes: Vec<u8>) -> Result<Self, IndexError> {
        let index = Self::checked(Cow::Owned(bytes), CHECKSUM)?;
        let (body, checksum) = index.bytes.split_at(index.bytes.len() - CHECKSUM);
        if *blake3::hash(body).as_bytes() != *checksum {
            return Err(IndexError::Checksum);
        }
        Ok(index)
    }

    /// Takes an index that is a part of the program, and has no checksum of its own.
    pub(crate) fn of_program(bytes: &'static [u8]) -> Result<Self, IndexError> {
        Self::checked(Cow::Borrowed(bytes), 0)
    }

    /// The advisories that are a part of the program: some for packages that APIs are often made with, see
    /// `lints/advisories`. There is nothing to read or to check.
    pub fn embedded() -> Self {
        crate::embedded::index()
    }

    fn checked(bytes: Cow<'static, [u8]>, trailer: usize) -> Result<Self, IndexError> {
        if !bytes.starts_with(MAGIC) {
            return Err(IndexError::Magic);
        }
        let word = |number: usize| word(&bytes, MAGIC.len() + number * WORD);
        let too_short = || IndexError::Length { expected: HEADER as u64, found: bytes.len() as u64 };
        let schema = word(0).ok_or_else(too_short)?;
        match schema.cmp(&SCHEMA) {
            Ordering::Less => return Err(IndexError::EarlierSchema { found: schema }),
            Ordering::Equal => {}
            Ordering::Greater => return Err(IndexError::LaterSchema { found: schema }),
        }
        let (Some(length), Some(packages), Some(advisories), Some(coverage), Some(table), Some(pool)) =
            (word(1), word(2), word(3), word(4), word(5), word(6))
        else {
            return Err(too_short());
        };
        let (expected, found) = (u64::from(length) + trailer as u64, bytes.len() as u64);
        if expected != found {
            return Err(IndexError::Length { expected, found });
        }
        let (packages, coverage, table) = (packages as usize, coverage as usize, table as usize);
        let pool = pool as usize;
        let first = packages.checked_mul(WORD).and_then(|size| size.checked_add(table));
        if !first.is_some_and(|first| HEADER <= coverage && coverage <= table && first <= pool)
            || pool > length as usize
        {
            return Err(IndexError::Layout);
        }
        let index = Self { bytes, packages, advisories, coverage, table, pool, end: length as usize };
        let mut last = first.unwrap_or(pool);
        for at in 0..packages {
            let offset = index.offset(at);
            // Each package is behind the one before it, and has at least a byte.
            if offset < last || offset >= pool {
                return Err(IndexError::Layout);
            }
            last = offset + 1;
        }
        Ok(index)
    }

    /// What tells this index from any other: its checksum, in hexadecimal digits.
    pub fn name(&self) -> String {
        let checksum = self.bytes.get(self.end..).and_then(|bytes| bytes.first_chunk::<CHECKSUM>());
        checksum.map(|bytes| blake3::Hash::from_bytes(*bytes).to_string()).unwrap_or_default()
    }

    /// Adds the checksum to what was written.
    pub(crate) fn sealed(mut body: Vec<u8>) -> Vec<u8> {
        let checksum = blake3::hash(&body);
        body.extend_from_slice(checksum.as_bytes());
        body
    }

    /// How many packages there are advisories for.
    pub fn packages(&self) -> usize {
        self.packages
    }

    /// How many advisories there are; one of two packages counts twice.
    pub fn advisories(&self) -> usize {
        self.advisories as usize
    }

    /// What the advisories come from, in order of ecosystem and source.
    pub fn coverage(&self) -> Vec<Coverage> {
        let mut reader = Reader::new(self.part(self.coverage, self.table));
        let count = reader.number().unwrap_or(0);
        (0..count).map_while(|_| read::coverage(&mut reader)).collect()
    }

    /// The advisories for a package by its folded name (see [`Ecosystem::fold`]), in order of id. The cost is that of a
    /// binary search, without any allocation; what is found is read as far as it is asked for.
    pub fn find(&self, ecosystem: Ecosystem, folded: &str) -> Found<'_> {
        let wanted = (ecosystem_code(ecosystem), folded.as_bytes());
        let (mut low, mut high) = (0, self.packages);
        while low < high {
            let middle = low.midpoint(high);
            match self.package(middle) {
                Some((key, entries)) if key == wanted => return Found::new(self, ecosystem, entries),
                Some((key, _)) if key < wanted => low = middle + 1,
                _ => high = middle,
            }
        }
        Found::new(self, ecosystem, Reader::new(&[]))
    }

    /// All packages in order, with their advisories.
    pub fn iter(&self) -> impl Iterator<Item = (Ecosystem, &str, Found<'_>)> {
        (0..self.packages).filter_map(|at| {
            let ((code, name), entries) = self.package(at)?;
            let ecosystem = ecosystem_of(code)?;
            Some((ecosystem, std::str::from_utf8(name).ok()?, Found::new(self, ecosystem, entries)))
        })
    }

    /// The key of a package by its place in the table, and its advisories.
    fn package(&self, at: usize) -> Option<((u8, &[u8]), Reader<'_>)> {
        let end = if at + 1 < self.packages { self.offset(at + 1) } else { self.pool };
        let mut reader = Reader::new(self.part(self.offset(at), end));
        let code = reader.byte()?;
        let length = reader.number()? as usize;
        Some(((code, reader.take(length)?), reader))
    }

    fn offset(&self, at: usize) -> usize {
        word(&self.bytes, self.table + at * WORD).unwrap_or(0) as usize
    }

    fn part(&self, from: usize, to: usize) -> &[u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// What the pool holds, from an offset in it on.
    fn pooled(&self, offset: usize) -> &[u8] {
        self.part(self.pool.saturating_add(offset), self.end)
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

/// The number of an ecosystem in the index. These never change their meaning.
fn ecosystem_code(ecosystem: Ecosystem) -> u8 {
    match ecosystem {
        Ecosystem::Cargo => 1,
        Ecosystem::Npm => 2,
        Ecosystem::PyPi => 3,
        Ecosystem::Go => 4,
        Ecosystem::Maven => 5,
        Ecosystem::NuGet => 6,
        Ecosystem::Packagist => 7,
        Ecosystem::RubyGems => 8,
        Ecosystem::Hex => 9,
        Ecosystem::Pub => 10,
        Ecosystem::Image => 11,
        Ecosystem::Action => 12,
    }
}

fn ecosystem_of(code: u8) -> Option<Ecosystem> {
    Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem_code(*ecosystem) == code)
}
