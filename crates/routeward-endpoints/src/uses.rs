//! What endpoints call of packages that somebody asks about.

use routeward_flow::{Evaluator, Use};

use crate::PackageUse;

/// The calls, each once, in order of path and place.
pub(crate) fn uses<'u>(evaluator: &Evaluator<'_>, uses: impl Iterator<Item = &'u Use>) -> Vec<PackageUse> {
    let plain = |used: &Use| PackageUse {
        path: evaluator.symbols.text(used.path),
        place: used.place,
        has_input: used.has_input,
    };
    let mut all: Vec<PackageUse> = uses.map(plain).collect();
    all.sort();
    all.dedup();
    all
}
