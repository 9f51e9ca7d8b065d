//! Which of the hits in a text count.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use routeward_base::FxHashMap;
use routeward_catalog::TokenRow;
use routeward_diag::Severity;

use crate::matcher::Hit;

/// Leaves out what is worth nothing without another token near it, where there is none.
pub(crate) fn drop_lonely(rows: &[TokenRow], text: &[u8], hits: &mut Vec<Hit>) {
    let needs = |hit: &Hit| rows[hit.row].requires.as_ref();
    if hits.iter().any(|hit| needs(hit).is_some()) {
        let breaks: Vec<usize> =
            text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
        let line = |hit: &Hit| breaks.partition_point(|at| *at < hit.secret.start as usize);
        let mut lines: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for hit in hits.iter() {
            lines.entry(&rows[hit.row].id).or_default().push(line(hit));
        }
        for lines in lines.values_mut() {
            lines.sort_unstable();
        }
        hits.retain(|hit| {
            let Some(requires) = needs(hit) else { return true };
            let known = lines.get(requires.token.as_str()).map_or(&[][..], Vec::as_slice);
            let (at, most) = (line(hit), requires.lines as usize);
            let next = known.partition_point(|line| *line + most < at);
            known.get(next).is_some_and(|line| *line <= at + most)
        });
    }
    hits.retain(|hit| rows[hit.row].alone);
}

/// Of formats that fit the same bytes one is kept, the one that says most. The hits that stay are in order of place
/// and do not overlap.
pub(crate) fn settle(rows: &[TokenRow], mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (rank(&rows[hit.row]), Reverse(hit.secret.len), hit.row, hit.secret.start));
    let mut chosen: BTreeMap<u32, Hit> = BTreeMap::new();
    for hit in hits {
        let before = chosen.range(..hit.secret.end()).next_back();
        if before.is_none_or(|(_, known)| known.secret.end() <= hit.secret.start) {
            chosen.insert(hit.secret.start, hit);
        }
    }
    chosen.into_values().collect()
}

/// The less, the more a format says: what opens something before what only names it, a provider before the way in which
/// a value is kept or sent, and what a token says itself before what it is called, in settings or elsewhere.
pub(crate) fn rank(row: &TokenRow) -> (bool, bool, bool) {
    let is_by_name = row.is_named() || !row.within.is_empty() && row.origin.is_empty();
    (row.severity <= Severity::Low, row.generic, is_by_name)
}
