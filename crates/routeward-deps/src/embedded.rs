//! The index that is a part of the program.

use crate::Index;

/// What the build script wrote.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/advisories.idx"));

pub(crate) fn index() -> Index {
    match Index::of_program(BYTES) {
        Ok(index) => index,
        Err(error) => unreachable!("the build script wrote the embedded index: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ecosystem, Version};

    /// What the build script has to hold, seen from the other side.
    #[test]
    fn every_embedded_advisory_is_well_formed() {
        let index = index();
        let mut seen = std::collections::BTreeSet::new();
        for (ecosystem, package, found) in index.iter() {
            assert_eq!(ecosystem.fold(package), package);
            for record in found {
                let advisory = record.read(package).expect("it can be read");
                let name = format!("{package}: {}", advisory.id());
                assert!(advisory.severity.is_some() && !advisory.summary.is_empty(), "{name}");
                assert!(!advisory.ranges.is_empty(), "{name}");
                for id in advisory.ids {
                    assert!(
                        seen.insert((ecosystem, package.to_owned(), id.clone())),
                        "{name}: {id} is there twice"
                    );
                }
                let bounds = advisory.ranges.iter().flat_map(|range| {
                    range
                        .introduced
                        .iter()
                        .chain(range.end.version())
                        .map(|text| Version::new(ecosystem, text))
                });
                assert!(bounds.is_sorted(), "{name}: ranges are disjoint and ascending");
            }
        }
        assert!(index.packages() >= 100 && index.advisories() >= 300, "{} packages", index.packages());
        let covered: Vec<Ecosystem> = index.coverage().iter().map(|part| part.ecosystem).collect();
        assert_eq!(covered, Ecosystem::ALL[..8]);
    }
}
