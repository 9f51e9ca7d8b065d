//! One pass over a text for the words of all formats, and a closer look around each.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use routeward_base::{FxHashMap, Span};
use routeward_catalog::{TokenRow, Tokens};

use crate::allowed::Scope;
use crate::decoded::{self, Coding, Left};
use crate::doubt::{Doubt, Doubts};
use crate::named::is_given;
use crate::notebook::{Plain, is_notebook};
use crate::settle::{drop_lonely, settle};
use crate::shape::{Around, Found, Kind, Shape};

/// So many names with a value are looked at in a text, once for each format: eight megabytes of settings have fewer.
const NAMES: usize = 1_000_000;

/// A token that was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Its format: the index of its row.
    pub row: usize,
    /// The token, or what it is encoded in.
    pub secret: Span,
    /// How it is written there, if not as it is.
    pub coding: Option<Coding>,
    /// What stands against it inside of what it is encoded in.
    pub doubt: Option<Doubt<'static>>,
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
    /// Where rows are looked for, of those that say so: places in `scopes`, which rows share that say the same.
    scope_of: Vec<Option<usize>>,
    scopes: Vec<RowScope<'m>>,
    /// The rows that no word says where to look for.
    wordless: Vec<usize>,
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
        let (scope_of, scopes) = scopes(rows);
        let wordless = (0..rows.len()).filter(|row| rows[*row].words().is_empty()).collect();
        let doubts = Doubts::new(tokens).map_err(MatcherError)?;
        Ok(Self { rows, words, by_word, shapes, scope_of, scopes, wordless, doubts })
    }

    /// The formats that are looked for.
    pub fn rows(&self) -> &'m [TokenRow] {
        self.rows
    }

    /// Why a value of that format is most likely no secret that opens something.
    pub fn doubt(&self, row: &TokenRow, value: &str) -> Option<Doubt<'m>> {
        self.doubts.of(row, value.as_bytes())
    }

    /// The tokens in a text, in order of place; where several formats fit the same bytes, the one that says most. `path`
    /// is that of the file. Linear in the text but for the windows around words.
    pub fn find(&self, path: &str, text: &str) -> Vec<Hit> {
        self.find_within_limits(path, text).0
    }

    /// The same; and true if there was more to decode than is decoded of one text.
    pub fn find_within_limits(&self, path: &str, text: &str) -> (Vec<Hit>, bool) {
        if is_notebook(path) {
            let plain = Plain::new(text);
            let (mut hits, is_cut) = self.find_all(path, &plain.text);
            for hit in &mut hits {
                hit.secret = plain.place(hit.secret);
            }
            return (hits, is_cut);
        }
        self.find_all(path, text)
    }

    fn find_all(&self, path: &str, text: &str) -> (Vec<Hit>, bool) {
        let mut hits = self.find_written(path, text);
        let mut left = Left::new();
        decoded::find(self, path, text, &mut left, &mut hits);
        (settle(self.rows, hits), left.is_cut)
    }

    /// The tokens that are written as they are; they may overlap.
    pub(crate) fn find_written(&self, path: &str, text: &str) -> Vec<Hit> {
        let mut looked = Look::new(path, text);
        let windows = self.look(&mut looked);
        let mut hits = looked.hits;
        let mut found = Vec::new();
        for (row, window) in windows {
            let Some(shape) = self.shape(row) else { continue };
            shape.find(text.as_bytes(), window, &self.around(row, path), &mut found);
            hits.extend(found.drain(..).map(|found| hit(text, row, found)));
        }
        drop_lonely(self.rows, text.as_bytes(), &mut hits);
        hits
    }

    /// Takes up the values that are given to names, and tells where tokens may stand that are known by themselves:
    /// rows, and the bytes to look at. Those of a row do not overlap.
    fn look(&self, looked: &mut Look<'_>) -> Vec<(usize, Range<usize>)> {
        let bytes = looked.text.as_bytes();
        for word in self.words.find_overlapping_iter(bytes) {
            // Asked once for all rows of the word.
            let mut is_name = None;
            for row in &self.by_word[word.pattern().as_usize()] {
                let row = *row as usize;
                if self.scope_of[row].is_some_and(|scope| !looked.is_open(scope, self)) {
                    continue;
                }
                if self.rows[row].is_named() {
                    let is_given = || is_given(bytes, word.start(), word.end());
                    if *is_name.get_or_insert_with(is_given) && looked.names < NAMES {
                        looked.names += 1;
                        let (shape, around) = (self.shape(row), self.around(row, looked.path));
                        let found = shape.and_then(|it| it.value(bytes, (word.start(), word.end()), &around));
                        looked.hits.extend(found.map(|found| hit(looked.text, row, found)));
                    }
                } else if self.rows[row].apart {
                    looked.open.insert(row, 0..bytes.len());
                } else if let Some(Kind::Plain(plain)) = self.shape(row).map(|shape| &shape.kind) {
                    let reach = plain.longest.unwrap_or(bytes.len());
                    let start = word.end().saturating_sub(reach);
                    looked.widen(row, start..word.start().saturating_add(reach).min(bytes.len()));
                }
            }
        }
        for row in &self.wordless {
            if self.scope_of[*row].is_none_or(|scope| looked.is_open(scope, self)) {
                looked.closed.push((*row, 0..bytes.len()));
            }
        }
        looked.windows()
    }

    fn around<'a>(&'a self, row: usize, path: &'a str) -> Around<'a> {
        Around { path, doubts: &self.doubts, scope: self.scope(row) }
    }

    fn scope(&self, row: usize) -> Option<&Scope> {
        self.compiled(self.scope_of[row]?)
    }

    fn compiled(&self, scope: usize) -> Option<&Scope> {
        let (row, scope) = self.scopes.get(scope)?;
        scope.get_or_init(|| Scope::new(row).ok()).as_ref()
    }

    fn shape(&self, row: usize) -> Option<&Shape<'m>> {
        self.shapes[row].get_or_init(|| Shape::new(&self.rows[row]).ok()).as_ref()
    }
}

/// What a row says of where it is looked for, with the row.
type RowScope<'m> = (&'m TokenRow, OnceLock<Option<Scope>>);

/// Which rows say where they are looked for, and what is said.
fn scopes(rows: &[TokenRow]) -> (Vec<Option<usize>>, Vec<RowScope<'_>>) {
    let mut scopes: Vec<RowScope<'_>> = Vec::new();
    let mut scope_of = Vec::with_capacity(rows.len());
    for row in rows {
        if row.within.is_empty() && row.allowed.is_empty() {
            scope_of.push(None);
            continue;
        }
        let is_same = |(known, _): &RowScope<'_>| known.within == row.within && known.allowed == row.allowed;
        let at = scopes.iter().position(is_same).unwrap_or(scopes.len());
        if at == scopes.len() {
            scopes.push((row, OnceLock::new()));
        }
        scope_of.push(Some(at));
    }
    (scope_of, scopes)
}

/// What one text was looked through for so far.
struct Look<'t> {
    path: &'t str,
    text: &'t str,
    hits: Vec<Hit>,
    /// How many names with a value were looked at.
    names: usize,
    /// Whether rows of a scope can be found in a file of that path, of those that were asked for.
    is_open: Vec<Option<bool>>,
    /// The last window of each row.
    open: FxHashMap<usize, Range<usize>>,
    closed: Vec<(usize, Range<usize>)>,
}

impl<'t> Look<'t> {
    fn new(path: &'t str, text: &'t str) -> Self {
        let (is_open, open) = (Vec::new(), FxHashMap::default());
        Self { path, text, hits: Vec::new(), names: 0, is_open, open, closed: Vec::new() }
    }

    fn is_open(&mut self, scope: usize, matcher: &Matcher<'_>) -> bool {
        if self.is_open.is_empty() {
            self.is_open = vec![None; matcher.scopes.len()];
        }
        let path = self.path;
        let ask = || matcher.compiled(scope).is_none_or(|scope| scope.is_open(path));
        *self.is_open[scope].get_or_insert_with(ask)
    }

    /// Adds to the windows of a row; windows come in order of their ends.
    fn widen(&mut self, row: usize, wanted: Range<usize>) {
        let window = self.open.entry(row).or_insert_with(|| wanted.clone());
        if wanted.start <= window.end {
            // A shorter word may begin further left than the one that was met before it.
            *window = window.start.min(wanted.start)..window.end.max(wanted.end);
        } else {
            self.closed.push((row, std::mem::replace(window, wanted)));
        }
    }

    fn windows(&mut self) -> Vec<(usize, Range<usize>)> {
        let mut all = std::mem::take(&mut self.closed);
        all.extend(self.open.drain());
        all.sort_unstable_by_key(|(row, window)| (*row, window.start));
        all
    }
}

/// Patterns are over bytes: what begins or ends inside of a character takes it whole.
fn hit(text: &str, row: usize, (start, end): Found) -> Hit {
    let start = (0..=start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    Hit { row, secret: Span::new(start as u32, end as u32), coding: None, doubt: None }
}

#[cfg(test)]
impl Matcher<'_> {
    /// True if the row is found in a text, whatever else is.
    pub(crate) fn finds(&self, row: usize, text: &str) -> bool {
        let path = "";
        let mut looked = Look { is_open: vec![Some(true); self.scopes.len()], ..Look::new(path, text) };
        let windows = self.look(&mut looked);
        let mut found = Vec::new();
        for (_, window) in windows.into_iter().filter(|(at, _)| *at == row) {
            if let Some(shape) = self.shape(row) {
                shape.find(text.as_bytes(), window, &self.around(row, path), &mut found);
            }
        }
        !found.is_empty() || looked.hits.iter().any(|hit| hit.row == row)
    }
}
