//! What stands in an index, read as far as it is asked for.

use routeward_base::Date;
use routeward_diag::Severity;

use super::bytes::Reader;
use super::fragments::read_prose;
use super::id::read_id;
use super::{Coverage, Index, ecosystem_of};
use crate::advisory::{Advisory, End, Kind, Range, Symbols, fixed_above};
use crate::{Ecosystem, Version};

/// The advisories for one package.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    index: &'a Index,
    ecosystem: Ecosystem,
    rest: Reader<'a>,
}

impl<'a> Found<'a> {
    pub(super) fn new(index: &'a Index, ecosystem: Ecosystem, rest: Reader<'a>) -> Self {
        Self { index, ecosystem, rest }
    }
}

impl<'a> Iterator for Found<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let length = self.rest.number()? as usize;
        let mut entry = Reader::new(self.rest.take(length)?);
        let (head, symbols) = (shared(self.index, &mut entry)?, shared(self.index, &mut entry)?);
        let ranges = entry.number()?;
        Some(Record { index: self.index, ecosystem: self.ecosystem, head, symbols, ranges, rest: entry })
    }
}

/// One advisory of an index. Which versions it is about is read in place.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    index: &'a Index,
    ecosystem: Ecosystem,
    head: &'a [u8],
    symbols: &'a [u8],
    /// How many there are, in front of the explicit versions.
    ranges: u32,
    rest: Reader<'a>,
}

impl<'a> Record<'a> {
    /// As [`Advisory::affects`].
    pub fn affects(self, version: &Version) -> bool {
        let mut rest = self.rest;
        let mut ranges = (0..self.ranges).map_while(|_| range(self.index, &mut rest));
        if ranges.any(|range| range.contains(self.ecosystem, version)) {
            return true;
        }
        self.versions().any(|other| Version::new(self.ecosystem, other) == *version)
    }

    /// As [`Advisory::is_withdrawn`].
    pub fn is_withdrawn(self) -> bool {
        self.ranges == 0 && self.versions().next().is_none()
    }

    /// As [`Advisory::fixed_above`].
    pub fn fixed_above(self, version: &Version) -> Option<&'a str> {
        fixed_above(self.ecosystem, &self.ranges(), version)
    }

    /// The versions that it is about, in order.
    pub fn ranges(self) -> impl Iterator<Item = Range<&'a str>> + Clone {
        let mut rest = self.rest;
        (0..self.ranges).map_while(move |_| range(self.index, &mut rest))
    }

    /// Versions beside those.
    fn versions(self) -> impl Iterator<Item = &'a str> {
        let mut rest = self.rest;
        let behind = (0..self.ranges).all(|_| range(self.index, &mut rest).is_some());
        std::iter::from_fn(move || if behind { shared_text(self.index, &mut rest) } else { None })
    }

    /// Its names, the one to show first.
    pub fn ids(self) -> Vec<String> {
        head(self.head).map(|head| head.ids).unwrap_or_default()
    }

    /// All that it says. `package` is the folded name that it was found by.
    pub fn read(self, package: &str) -> Option<Advisory> {
        let head = head(self.head)?;
        Some(Advisory {
            ecosystem: self.ecosystem,
            package: package.to_owned(),
            ids: head.ids,
            kind: head.kind,
            severity: head.severity,
            cwe: head.cwe,
            summary: head.summary,
            ranges: self.ranges().map(Range::to_owned).collect(),
            versions: self.versions().map(str::to_owned).collect(),
            symbols: symbols(self.index, self.symbols),
            modified: head.modified,
        })
    }
}

struct Head {
    ids: Vec<String>,
    kind: Kind,
    severity: Option<Severity>,
    cwe: Vec<u32>,
    modified: Date,
    summary: String,
}

/// What is the same for all packages of an advisory.
fn head(bytes: &[u8]) -> Option<Head> {
    let mut reader = Reader::new(bytes);
    let tag = reader.byte()?;
    let kind = *Kind::ALL.get(usize::from(tag & 7))?;
    let severity = usize::from(tag >> 3).checked_sub(1).and_then(|at| Severity::ALL.get(at)).copied();
    let modified = Date::from_days(reader.number()?);
    let cwe = list(&mut reader, Reader::number)?;
    let ids = list(&mut reader, read_id)?;
    Some(Head { ids, kind, severity, cwe, modified, summary: read_prose(reader)? })
}

fn symbols(index: &Index, bytes: &[u8]) -> Vec<Symbols> {
    let mut reader = Reader::new(bytes);
    let mut all = Vec::new();
    while let Some(module) = shared_text(index, &mut reader) {
        let Some(names) = list(&mut reader, |reader| shared_text(index, reader)) else { break };
        all.push(Symbols {
            module: module.to_owned(),
            names: names.into_iter().map(str::to_owned).collect(),
        });
    }
    all
}

/// A range: a tag, where it begins unless at the beginning, where it ends unless it is open.
fn range<'a>(index: &'a Index, reader: &mut Reader<'a>) -> Option<Range<&'a str>> {
    let tag = reader.byte()?;
    let introduced = if tag & 4 == 0 { None } else { Some(shared_text(index, reader)?) };
    let end = match tag & 3 {
        0 => End::Open,
        1 => End::Fixed(shared_text(index, reader)?),
        2 => End::LastAffected(shared_text(index, reader)?),
        _ => End::Limit(shared_text(index, reader)?),
    };
    Some(Range { introduced, end })
}

/// As many as a number in front says. What claims more than there is yields nothing.
fn list<'a, T>(
    reader: &mut Reader<'a>,
    mut item: impl FnMut(&mut Reader<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let count = reader.number()?;
    (0..count).map(|_| item(reader)).collect()
}

/// Bytes that stand here or in the pool: an even number is twice the length of what follows, an odd one is by one more
/// than twice the place in the pool.
fn shared<'a>(index: &'a Index, reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let number = reader.number()?;
    let half = (number >> 1) as usize;
    if number & 1 == 0 {
        return reader.take(half);
    }
    let mut pooled = Reader::new(index.pooled(half));
    let length = pooled.number()? as usize;
    pooled.take(length)
}

fn shared_text<'a>(index: &'a Index, reader: &mut Reader<'a>) -> Option<&'a str> {
    std::str::from_utf8(shared(index, reader)?).ok()
}

pub(super) fn coverage(reader: &mut Reader) -> Option<Coverage> {
    Some(Coverage {
        ecosystem: ecosystem_of(reader.byte()?)?,
        is_whole: reader.byte()? != 0,
        source: reader.text()?.to_owned(),
        records: reader.number()?,
        newest: Date::from_days(reader.number()?),
    })
}
