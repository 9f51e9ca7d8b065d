//! Lists of the parts of a repository, as CycloneDX 1.6 and SPDX 2.3, both in JSON.
//!
//! The same parts give the same bytes: what tells a document from others is made of its content, and a time is written
//! only where one is given.

mod cyclonedx;
mod hash;
mod spdx;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::{self, Write};

use data_encoding::HEXLOWER;
use routeward_deps::{Advisory, Part, purl};
use serde_json::{Value, json};

pub use cyclonedx::cyclonedx;
pub use spdx::spdx;

/// What a list is of.
#[derive(Clone, Debug)]
pub struct Sbom<'r> {
    /// The name of the repository.
    pub name: &'r str,
    /// When the list was made, as RFC 3339 writes it.
    pub timestamp: Option<String>,
    /// The parts, see [`routeward_deps::Dependencies::parts`].
    pub parts: Vec<Part<'r>>,
}

/// What is known of a weakness in a part of this repository (CycloneDX, `impactAnalysisState`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Somebody can make use of it here.
    Exploitable,
    /// That is not known yet.
    InTriage,
    /// Nobody can: the code with the weakness is not reached.
    NotReachable,
    /// Nobody can: the code with the weakness is not there.
    NotPresent,
}

/// A weakness of a part, and what it means here.
#[derive(Clone, Debug)]
pub struct Assessment<'r> {
    /// The weakness.
    pub advisory: &'r Advisory,
    /// The part, by its place in the list.
    pub part: usize,
    /// What it means here.
    pub state: State,
    /// Why, in a sentence; may be empty.
    pub detail: String,
}

impl Sbom<'_> {
    /// A name for each part that no other one has.
    fn references(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let name = |part: &Part<'_>| {
            let url = purl(part.ecosystem, part.name, part.version, part.origin);
            let others = (2..).map(|number| format!("{url}#{number}"));
            let free = std::iter::once(url.clone()).chain(others).find(|name| seen.insert(name.clone()));
            free.unwrap_or(url)
        };
        self.parts.iter().map(name).collect()
    }
}

/// The address of a package in a reference to a part.
fn address(reference: &str) -> &str {
    reference.split_once('#').map_or(reference, |(url, _)| url)
}

/// The hashes of a part as a format writes them: the keys for the algorithm and the digits, and how it calls the former.
fn hashes(part: &Part<'_>, keys: [&str; 2], name: fn(hash::Algorithm) -> &'static str) -> Vec<Value> {
    let found = part.integrity.iter().flat_map(|text| hash::hashes(text));
    let mut found: Vec<Value> =
        found.map(|(algorithm, digits)| json!({ keys[0]: name(algorithm), keys[1]: digits })).collect();
    found.dedup();
    found
}

/// Hands out the items of a list one by one, so that no list is ever held as a whole.
type Items<'d> = Box<dyn Fn(&mut dyn FnMut(Value)) + 'd>;

/// What a document begins with, the lists that follow, an element a line, and what it is told from others by.
///
/// The elements are made one by one: there may be many.
struct Document<'d> {
    /// Keys and values; those for which the number of the document is asked hold `UUID`.
    head: Vec<(&'static str, Value)>,
    lists: Vec<(&'static str, Items<'d>)>,
}

/// Stands in a head where the number of the document belongs.
const UUID: &str = "\u{0}";

impl Document<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut content = blake3::Hasher::new();
        self.write_with(UUID, &mut content)?;
        self.write_with(&uuid(&content.finalize()), out)
    }

    fn write_with(&self, uuid: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut mark = "{";
        for (key, value) in &self.head {
            let value = match value.as_str() {
                Some(text) => json!(text.replace(UUID, uuid)),
                None => value.clone(),
            };
            write!(out, "{mark}\n  {}: {value}", json!(key))?;
            mark = ",";
        }
        for (key, list) in &self.lists {
            write!(out, "{mark}\n  {}: [", json!(key))?;
            let (mut result, mut inner) = (Ok(()), "");
            list(&mut |element| {
                if result.is_ok() {
                    result = write!(out, "{inner}\n    {element}");
                    inner = ",";
                }
            });
            result?;
            write!(out, "\n  ]")?;
        }
        writeln!(out, "\n}}")
    }
}

/// A UUID of version 8 (RFC 9562) of some content.
fn uuid(content: &blake3::Hash) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&content.as_bytes()[..16]);
    bytes[6] = 0x80 | bytes[6] & 0x0f;
    bytes[8] = 0x80 | bytes[8] & 0x3f;
    let digits = HEXLOWER.encode(&bytes);
    let groups = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    groups.join("-")
}
