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

use routeward_deps::{Advisory, Part, purl};

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

/// A name for a document that no other one has: a UUID of version 8 (RFC 9562) of its content.
fn uuid(content: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(content.as_bytes()).as_bytes()[..16]);
    bytes[6] = 0x80 | bytes[6] & 0x0f;
    bytes[8] = 0x80 | bytes[8] & 0x3f;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let groups = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    groups.join("-")
}
