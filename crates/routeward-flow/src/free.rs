//! Rows that are looked for only to refuse what exists already: what holds where the look-up was not made.

use crate::eval::Path;
use crate::fact::{Fact, FactKind, FactSet};

/// Where one of two branches has read stored data and found nothing of somebody else's, nothing was found by the other,
/// which has not read. The reads of the left branch begin at the first of `reads`, those of the right one at the second.
pub(crate) fn share_free(left: &mut Path, right: &mut Path, reads: [u32; 3]) {
    let found = |facts: &FactSet, from: u32, to: u32| -> FactSet {
        let is_new = |fact: &Fact| matches!(fact.kind, FactKind::Free(id) if (from..to).contains(&id.0));
        facts.iter().filter(is_new).collect()
    };
    let [from, between, to] = reads;
    let of_left = found(&left.facts, from, between);
    let of_right = found(&right.facts, between, to);
    left.facts = left.facts.union(&of_right);
    right.facts = right.facts.union(&of_left);
}
