//! What a row says a token looks like, ready to be looked for.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::Input;
use regex_automata::meta::Regex;
use routeward_catalog::TokenRow;

use crate::allowed::{Match, Scope};
use crate::doubt::{Doubts, entropy};
use crate::edge::{Bytes, Edge, edge, is_word};
use crate::named::{Named, is_escape};
use crate::pattern::{compile, compile_all, is_any_in, parse};

/// A window may be searched so many times over for matches that are no part of a longer word; then the rest of it is
/// left alone. Only texts made for the purpose get there.
const ROUNDS: usize = 64;

/// A row, compiled.
pub(crate) struct Shape<'m> {
    row: &'m TokenRow,
    pub(crate) kind: Kind,
    /// Compiled when something was found: most never is.
    refused: OnceLock<Vec<Regex>>,
}

/// What is asked about a match besides its row.
pub(crate) struct Around<'a> {
    /// The file.
    pub(crate) path: &'a str,
    pub(crate) doubts: &'a Doubts<'a>,
    /// What the row leaves alone.
    pub(crate) scope: Option<&'a Scope>,
}

/// How a token is known.
pub(crate) enum Kind {
    /// By itself.
    Plain(Plain),
    /// By the name that it is given to.
    Named(Named),
}

/// A pattern, and what its matches begin and end with.
pub(crate) struct Plain {
    regex: Regex,
    /// The most bytes of a match; `None` if there is no limit.
    pub(crate) longest: Option<usize>,
    begins_with_word: bool,
    ends: Bytes,
}

/// Where a token was found: from which byte to which.
pub(crate) type Found = (usize, usize);

impl<'m> Shape<'m> {
    /// Compiles what a row says. The cost is some ten to hundred microseconds; a wrong pattern is an error in words.
    pub(crate) fn new(row: &'m TokenRow) -> Result<Self, String> {
        let kind = if row.is_named() {
            Kind::Named(Named::new(row)?)
        } else {
            Kind::Plain(Plain::new(&row.pattern)?)
        };
        Ok(Self { row, kind, refused: OnceLock::new() })
    }

    /// The tokens in a part of a text that are known by themselves, in order. What stands around the part is seen where
    /// a pattern asks for it.
    pub(crate) fn find(
        &self,
        text: &[u8],
        window: Range<usize>,
        around: &Around<'_>,
        found: &mut Vec<Found>,
    ) {
        let Kind::Plain(plain) = &self.kind else { return };
        let mut left = ROUNDS * window.len().max(1);
        let mut captures = plain.regex.create_captures();
        let mut at = window.start;
        while at <= window.end && left > 0 {
            plain.regex.search_captures(&Input::new(text).range(at..window.end), &mut captures);
            let Some(whole) = captures.get_match().map(|found| found.range()) else { return };
            left = left.saturating_sub(whole.end - at + 1);
            if self.row.bounded && plain.is_part(text, &whole) || whole.is_empty() {
                at = whole.start + 1;
                continue;
            }
            at = whole.end;
            let group = match self.row.group {
                Some(group) => captures.get_group(group as usize),
                None => captures.iter().skip(1).flatten().find(|group| !group.is_empty()),
            };
            let secret = group.map_or(whole.clone(), |group| group.range());
            if self.is_token(text, whole, secret.clone(), around) {
                found.push((secret.start, secret.end));
            }
        }
    }

    /// The value that is given to the name with the word at `word`.
    pub(crate) fn value(&self, text: &[u8], word: (usize, usize), around: &Around<'_>) -> Option<Found> {
        let Kind::Named(named) = &self.kind else { return None };
        let (found, name) = named.value(text, word)?;
        let is_token = !around.doubts.is_identifier(self.row, &text[name.0..name.1])
            && self.is_token(text, found.0..found.1, found.0..found.1, around);
        is_token.then_some(found)
    }

    fn is_token(&self, text: &[u8], whole: Range<usize>, place: Range<usize>, around: &Around<'_>) -> bool {
        let secret = &text[place.clone()];
        let refused = || {
            let mut all = compile_all(&self.row.published).unwrap_or_default();
            all.extend(compile_all(&self.row.unlikely).unwrap_or_default());
            all
        };
        !secret.is_empty()
            && entropy(secret) >= self.row.entropy
            && !is_any_in(self.refused.get_or_init(refused), secret)
            && !around.doubts.is_placeholder(self.row, secret)
            && !around
                .scope
                .is_some_and(|it| it.allows(&Match { path: around.path, text, whole, secret: place }))
    }
}

impl Plain {
    fn new(pattern: &str) -> Result<Self, String> {
        let hir = parse(pattern)?;
        let ends = edge(&hir, Edge::Last);
        let word = Bytes::word();
        Ok(Self {
            regex: compile(pattern)?,
            longest: hir.properties().maximum_len(),
            begins_with_word: edge(&hir, Edge::First).meets(&word),
            // A word ends where no letter follows, whichever letters the pattern ends with.
            ends: if ends.meets(&word) { ends.or(word) } else { ends },
        })
    }

    /// True if the match goes on to the left or the right.
    fn is_part(&self, text: &[u8], whole: &Range<usize>) -> bool {
        let is_glued_left = self.begins_with_word
            && whole.start > 0
            && is_word(text[whole.start - 1])
            && !is_escape(text, whole.start);
        is_glued_left || text.get(whole.end).is_some_and(|next| self.ends.has(*next))
    }
}
