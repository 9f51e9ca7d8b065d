//! Which numbers of versions a text lets in, where it says so with an end: `16.x`, `^7.4`, `>=3.7,<3.9`. Read as wide as
//! any ecosystem means it, so that nothing that is let in is missed.

use super::{Cycle, Product};

/// Versions from the first to in front of the last.
pub(super) struct Span {
    from: Vec<u32>,
    to: Vec<u32>,
}

/// Reads a version, a range, or several with `|` between them; none where one of them has no end.
pub(super) fn read(text: &str) -> Option<Vec<Span>> {
    let parts = text.split('|').map(str::trim).filter(|part| !part.is_empty());
    let spans: Option<Vec<Span>> = parts.map(part).collect();
    spans.filter(|spans| !spans.is_empty())
}

/// Comparators that all have to hold.
fn part(text: &str) -> Option<Span> {
    let (mut from, mut to): (Vec<u32>, Option<Vec<u32>>) = (Vec::new(), None);
    let mut operator = String::new();
    for word in text.split([',', ' ']).filter(|word| !word.is_empty()) {
        let end = word.find(|c: char| !"<>=~^!".contains(c)).unwrap_or(word.len());
        operator.push_str(&word[..end]);
        if end == word.len() {
            continue;
        }
        let numbers = numbers(&word[end..])?;
        let highest = match operator.as_str() {
            "" | "=" | "==" | "===" => above(&numbers, numbers.len()),
            "^" => above(&numbers, 1),
            "~" | "~=" | "~>" => above(&numbers, numbers.len().max(2) - 1),
            "<" => numbers.clone(),
            "<=" => above(&numbers, numbers.len()),
            ">" | ">=" => Vec::new(),
            // `!=` takes something out.
            _ => Vec::new(),
        };
        if !operator.starts_with(['<', '!']) {
            from = from.max(numbers);
        }
        if !highest.is_empty() {
            // `23.0.0` is where the line `23` begins.
            let end = highest.iter().rposition(|number| *number > 0).map_or(0, |last| last + 1);
            let highest = highest[..end].to_vec();
            to = Some(to.map_or(highest.clone(), |before| before.min(highest)));
        }
        operator.clear();
    }
    Some(Span { from, to: to? })
}

/// `v16.1`, `16.x`, `3.8.*`, `2.7.2p137`; none for words and for what lets everything in.
fn numbers(word: &str) -> Option<Vec<u32>> {
    let numbers = super::numbers(word);
    (!numbers.is_empty()).then_some(numbers)
}

/// The first version that does not begin with that many of the numbers.
fn above(numbers: &[u32], count: usize) -> Vec<u32> {
    let mut above = numbers[..count.min(numbers.len())].to_vec();
    if let Some(last) = above.last_mut() {
        *last = last.saturating_add(1);
    }
    above
}

impl Product {
    /// The newest line with versions in one of the spans; none where versions behind all that are known may be in them.
    pub(super) fn newest_within(&self, spans: &[Span]) -> Option<&Cycle> {
        let last = self.cycles.last()?;
        let is_open = spans.iter().any(|span| span.to > above(&last.numbers, last.numbers.len()));
        let lets_in = |cycle: &&Cycle| {
            let end = above(&cycle.numbers, cycle.numbers.len());
            spans.iter().any(|span| cycle.numbers < span.to && span.from < end)
        };
        if is_open { None } else { self.cycles.iter().rev().find(lets_in) }
    }
}
