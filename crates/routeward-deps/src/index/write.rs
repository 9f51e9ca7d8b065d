//! Writes an index.

use std::collections::BTreeMap;

use routeward_diag::Severity;

use super::bytes::{put_number, put_text};
use super::fragments::put_prose;
use super::id::put_id;
use super::{Coverage, HEADER, MAGIC, SCHEMA, WORD, ecosystem_code};
use crate::advisory::{Advisory, End, Kind};

/// Texts that stand more than once are written once.
#[derive(Default)]
struct Pool {
    counts: BTreeMap<Vec<u8>, u32>,
    places: BTreeMap<Vec<u8>, u32>,
}

impl Pool {
    fn count(&mut self, bytes: &[u8]) {
        match self.counts.get_mut(bytes) {
            Some(count) => *count += 1,
            None => drop(self.counts.insert(bytes.to_vec(), 1)),
        }
    }

    /// Gives the most frequent the lowest places, which take the fewest bytes.
    fn lay_out(&mut self) -> Vec<u8> {
        // What takes no more room than to point to it stays where it is.
        let mut all: Vec<(Vec<u8>, u32)> = std::mem::take(&mut self.counts)
            .into_iter()
            .filter(|(bytes, count)| *count > 1 && bytes.len() > 2)
            .collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut out = Vec::new();
        for (bytes, _) in all {
            let place = out.len() as u32;
            put_number(&mut out, bytes.len() as u32);
            out.extend_from_slice(&bytes);
            self.places.insert(bytes, place);
        }
        out
    }

    fn put(&self, out: &mut Vec<u8>, bytes: &[u8]) {
        if let Some(place) = self.places.get(bytes) {
            put_number(out, place * 2 + 1);
        } else {
            put_number(out, bytes.len() as u32 * 2);
            out.extend_from_slice(bytes);
        }
    }
}

/// The bytes of an index without its checksum. The order of what is given does not matter.
pub(crate) fn write(advisories: &[Advisory], coverage: &[Coverage]) -> Vec<u8> {
    let mut packages: BTreeMap<(u8, &str), Vec<&Advisory>> = BTreeMap::new();
    for advisory in advisories {
        let key = (ecosystem_code(advisory.ecosystem), advisory.package.as_str());
        packages.entry(key).or_default().push(advisory);
    }
    let mut pool = Pool::default();
    // What is counted is what is written, but for symbols, which point to the pool themselves.
    for advisory in advisories {
        texts(advisory, |text| pool.count(text.as_bytes()));
        pool.count(&head(advisory));
    }
    let pooled = pool.lay_out();
    let (mut table, mut blocks) = (Vec::new(), Vec::new());
    for ((code, name), mut advisories) in packages {
        advisories.sort();
        table.push(blocks.len());
        blocks.push(code);
        put_text(&mut blocks, name);
        for advisory in advisories {
            let entry = entry(advisory, &pool);
            put_number(&mut blocks, entry.len() as u32);
            blocks.extend_from_slice(&entry);
        }
    }
    let live = advisories.iter().filter(|advisory| !advisory.is_withdrawn()).count();
    assemble(live, coverage, &table, &blocks, &pooled)
}

fn assemble(
    advisories: usize,
    coverage: &[Coverage],
    table: &[usize],
    blocks: &[u8],
    pool: &[u8],
) -> Vec<u8> {
    let coverage = covered(coverage);
    let table_at = HEADER + coverage.len();
    let blocks_at = table_at + table.len() * WORD;
    let pool_at = blocks_at + blocks.len();
    let length = pool_at + pool.len();
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&SCHEMA.to_le_bytes());
    for number in [length, table.len(), advisories, HEADER, table_at, pool_at] {
        out.extend_from_slice(&(number as u32).to_le_bytes());
    }
    out.extend_from_slice(&coverage);
    for offset in table {
        out.extend_from_slice(&((blocks_at + offset) as u32).to_le_bytes());
    }
    out.extend_from_slice(blocks);
    out.extend_from_slice(pool);
    out
}

fn covered(coverage: &[Coverage]) -> Vec<u8> {
    let mut coverage: Vec<&Coverage> = coverage.iter().collect();
    coverage.sort();
    let mut out = Vec::new();
    put_number(&mut out, coverage.len() as u32);
    for part in coverage {
        out.extend([ecosystem_code(part.ecosystem), u8::from(part.is_whole)]);
        put_text(&mut out, &part.source);
        put_number(&mut out, part.records);
        put_number(&mut out, part.newest.days());
    }
    out
}

/// All texts that may be shared.
fn texts(advisory: &Advisory, mut each: impl FnMut(&str)) {
    for range in &advisory.ranges {
        range
            .introduced
            .as_deref()
            .into_iter()
            .chain(range.end.version().map(String::as_str))
            .for_each(&mut each);
    }
    advisory.versions.iter().for_each(|version| each(version));
    for symbols in &advisory.symbols {
        each(&symbols.module);
        symbols.names.iter().for_each(|name| each(name));
    }
}

fn entry(advisory: &Advisory, pool: &Pool) -> Vec<u8> {
    let mut out = Vec::new();
    pool.put(&mut out, &head(advisory));
    pool.put(&mut out, &symbols(advisory, pool));
    put_number(&mut out, advisory.ranges.len() as u32);
    for range in &advisory.ranges {
        let end = match &range.end {
            End::Open => 0,
            End::Fixed(_) => 1,
            End::LastAffected(_) => 2,
            End::Limit(_) => 3,
        };
        out.push(end | if range.introduced.is_some() { 4 } else { 0 });
        for text in range.introduced.iter().chain(range.end.version()) {
            pool.put(&mut out, text.as_bytes());
        }
    }
    advisory.versions.iter().for_each(|version| pool.put(&mut out, version.as_bytes()));
    out
}

fn head(advisory: &Advisory) -> Vec<u8> {
    let kind = Kind::ALL.iter().position(|kind| *kind == advisory.kind).unwrap_or(0);
    let severity = advisory
        .severity
        .and_then(|severity| Severity::ALL.iter().position(|other| *other == severity).map(|at| at + 1));
    let mut out = vec![kind as u8 | (severity.unwrap_or(0) as u8) << 3];
    put_number(&mut out, advisory.modified.days());
    put_number(&mut out, advisory.cwe.len() as u32);
    advisory.cwe.iter().for_each(|number| put_number(&mut out, *number));
    put_number(&mut out, advisory.ids.len() as u32);
    advisory.ids.iter().for_each(|id| put_id(&mut out, id));
    put_prose(&mut out, &advisory.summary);
    out
}

fn symbols(advisory: &Advisory, pool: &Pool) -> Vec<u8> {
    let mut out = Vec::new();
    for symbols in &advisory.symbols {
        pool.put(&mut out, symbols.module.as_bytes());
        put_number(&mut out, symbols.names.len() as u32);
        symbols.names.iter().for_each(|name| pool.put(&mut out, name.as_bytes()));
    }
    out
}
