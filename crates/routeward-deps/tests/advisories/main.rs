//! Advisories from records to answers.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes the snapshots")]

mod exports;
mod reference;
mod repositories;
mod repository;
mod rules;
mod spoilt;

use routeward_deps::{Import, Imported, Index};

/// Imports records that were written for a test.
fn import(records: &[&str]) -> Imported {
    let mut import = Import::default();
    for (number, record) in (1..).zip(records) {
        import.add_record(&format!("{number}.json"), record.as_bytes());
    }
    import.finish()
}

fn open(imported: Imported) -> Index {
    Index::open(imported.bytes).expect("what is written can be read")
}
