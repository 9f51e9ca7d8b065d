//! One pass over a text for the words of all formats, and a closer look around each.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use routeward_base::{FxHashMap, Span};
use routeward_catalog::{TokenRow, Tokens};

use crate::doubt::{Doubt, Doubts};
use crate::named::is_given;
use crate::settle::{drop_lonely, settle};
use crate::shape::{Found, Kind, Shape};

/// So many names with a value are looked at in a text, once for each format: eight megabytes of settings have fewer.
const NAMES: usize = 1_000_000;

/// A token that was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Its format: the index of its row.
    pub row: usize,
    /// The token.
    pub secret: Span,
}

/// What looks for tokens could not be made: a row of the catalogue is wrong.
#[derive(Debug, thiserror::Error)]
#[error("the formats of secrets cannot be used: {0}")]
pub struct MatcherError(String);

/// Finds tokens of the given formats. Made once; used from many threads.
pub struct Matcher<'m> {
    rows: &'m [TokenRow],
    words: AhoCorasick,
    /// The rows that each word belongs to.
    by_word: Vec<Vec<u32>>,
    /// Compiled when their word is first met: most never are.
    shapes: Vec<OnceLock<Option<Shape<'m>>>>,
    doubts: Doubts<'m>,
}

impl<'m> Matcher<'m> {
    /// Prepares to look for tokens. The cost is that of their words, some ten milliseconds for a thousand.
    pub fn new(tokens: &'m Tokens) -> Result<Self, MatcherError> {
        let rows = &tokens.rows[..];
        let mut words: Vec<&str> = rows.iter().flat_map(TokenRow::words).map(String::as_str).collect();
        words.sort_unstable();
        words.dedup();
        let mut by_word = vec![Vec::new(); words.len()];
        for (i, row) in rows.iter().enumerate() {
            for word in row.words() {
                if let Ok(at) = words.binary_search(&word.as_str()) {
                    by_word[at].push(i as u32);
                }
            }
        }
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words)
            .map_err(|error| MatcherError(error.to_string()))?;
        let shapes = rows.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { rows, words, by_word, shapes, doubts: Doubts::new(tokens).map_err(MatcherError)? })
    }

    /// The formats that are looked for.
    pub fn rows(&self) -> &'m [TokenRow] {
        self.rows
    }

    /// Why a value of that format is most likely no secret that opens something.
    pub fn doubt(&self, row: &TokenRow, value: &str) -> Option<Doubt<'m>> {
        self.doubts.of(row, value.as_bytes())
    }

    /// The tokens in a text, in order of place; where several formats fit the same bytes, the one that says most. Linear
    /// in the text but for the windows around words.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let bytes = text.as_bytes();
        let mut hits = Vec::new();
        let windows = self.look(text, &mut hits);
        let mut found = Vec::new();
        for (row, window) in windows {
            let Some(shape) = self.shape(row) else { continue };
            shape.find(bytes, window, &self.doubts, &mut found);
            hits.extend(found.drain(..).map(|found| hit(text, row, found)));
        }
        drop_lonely(self.rows, bytes, &mut hits);
        settle(self.rows, hits)
    }

    /// Takes up the values that are given to names, and tells where tokens may stand that are known by themselves:
    /// rows, and the bytes to look at. Those of a row do not overlap.
    fn look(&self, text: &str, hits: &mut Vec<Hit>) -> Vec<(usize, Range<usize>)> {
        let bytes = text.as_bytes();
        let mut names = 0;
        let mut closed = Vec::new();
        let mut open: FxHashMap<usize, Range<usize>> = FxHashMap::default();
        for word in self.words.find_overlapping_iter(bytes) {
            // Asked once for all rows of the word.
            let mut is_name = None;
            for row in &self.by_word[word.pattern().as_usize()] {
                let row = *row as usize;
                if self.rows[row].is_named() {
                    let is_given = || is_given(bytes, word.start(), word.end());
                    if *is_name.get_or_insert_with(is_given) && names < NAMES {
                        names += 1;
                        let shape = self.shape(row);
                        let found =
                            shape.and_then(|it| it.value(bytes, (word.start(), word.end()), &self.doubts));
                        hits.extend(found.map(|found| hit(text, row, found)));
                    }
                } else if let Some(Kind::Plain(plain)) = self.shape(row).map(|shape| &shape.kind) {
                    let reach = plain.longest.unwrap_or(bytes.len());
                    let start = word.end().saturating_sub(reach);
                    let end = word.start().saturating_add(reach).min(bytes.len());
                    let window = open.entry(row).or_insert(start..end);
                    if start <= window.end {
                        // A shorter word may begin further left than the one that was met before it.
                        *window = window.start.min(start)..window.end.max(end);
                    } else {
                        closed.push((row, std::mem::replace(window, start..end)));
                    }
                }
            }
        }
        closed.extend(open);
        closed.sort_unstable_by_key(|(row, window)| (*row, window.start));
        closed
    }

    fn shape(&self, row: usize) -> Option<&Shape<'m>> {
        self.shapes[row].get_or_init(|| Shape::new(&self.rows[row]).ok()).as_ref()
    }
}

/// Patterns are over bytes: what begins or ends inside of a character takes it whole.
fn hit(text: &str, row: usize, (start, end): Found) -> Hit {
    let start = (0..=start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    Hit { row, secret: Span::new(start as u32, end as u32) }
}

#[cfg(test)]
impl Matcher<'_> {
    /// True if the row is found in a text, whatever else is.
    pub(crate) fn finds(&self, row: usize, text: &str) -> bool {
        let mut hits = Vec::new();
        let windows = self.look(text, &mut hits);
        let mut found = Vec::new();
        for (_, window) in windows.into_iter().filter(|(at, _)| *at == row) {
            if let Some(shape) = self.shape(row) {
                shape.find(text.as_bytes(), window, &self.doubts, &mut found);
            }
        }
        !found.is_empty() || hits.iter().any(|hit| hit.row == row)
    }
}
