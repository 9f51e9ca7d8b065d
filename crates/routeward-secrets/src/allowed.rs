//! Where a format is looked for, and what is left alone although it fits: by its path, its line, or the value.

use std::ops::Range;

use aho_corasick::AhoCorasick;
use regex_automata::meta::Regex;
use routeward_catalog::{Allowed, Target, TokenRow};

use crate::pattern::{compile, compile_all, is_any_in};

/// A line is looked at so far on either side of a match, in bytes.
const LINE: usize = 4096;

/// What a row says of this, compiled.
pub(crate) struct Scope {
    within: Option<Regex>,
    allowances: Vec<Allowance>,
}

struct Allowance {
    paths: Vec<Regex>,
    patterns: Vec<Regex>,
    words: Option<AhoCorasick>,
    target: Target,
    all: bool,
}

/// A match in a text.
pub(crate) struct Match<'t> {
    pub(crate) path: &'t str,
    pub(crate) text: &'t [u8],
    pub(crate) whole: Range<usize>,
    pub(crate) secret: Range<usize>,
}

impl Scope {
    /// Compiles what the row says; a wrong pattern is an error in words.
    pub(crate) fn new(row: &TokenRow) -> Result<Self, String> {
        let within = if row.within.is_empty() { None } else { Some(compile(&row.within)?) };
        let allowances = row.allowed.iter().map(Allowance::new).collect::<Result<_, _>>()?;
        Ok(Self { within, allowances })
    }

    /// True if the row can be found in a file of that path.
    pub(crate) fn is_open(&self, path: &str) -> bool {
        self.within.as_ref().is_none_or(|within| within.is_match(path))
            && !self
                .allowances
                .iter()
                .any(|it| it.is_about_paths_alone() && is_any_in(&it.paths, path.as_bytes()))
    }

    /// True if the match is left alone.
    pub(crate) fn allows(&self, found: &Match<'_>) -> bool {
        self.allowances.iter().any(|allowance| allowance.allows(found))
    }
}

impl Allowance {
    fn new(allowed: &Allowed) -> Result<Self, String> {
        let builder = || AhoCorasick::builder().ascii_case_insensitive(true).build(&allowed.words);
        let words =
            if allowed.words.is_empty() { None } else { Some(builder().map_err(|error| error.to_string())?) };
        Ok(Self {
            paths: compile_all(&allowed.paths)?,
            patterns: compile_all(&allowed.patterns)?,
            words,
            target: allowed.target,
            all: allowed.all,
        })
    }

    /// The path decides, whatever is found in the file.
    fn is_about_paths_alone(&self) -> bool {
        !self.paths.is_empty() && (!self.all || self.patterns.is_empty() && self.words.is_none())
    }

    fn allows(&self, found: &Match<'_>) -> bool {
        let by_path = (!self.paths.is_empty()).then(|| is_any_in(&self.paths, found.path.as_bytes()));
        let by_pattern =
            (!self.patterns.is_empty()).then(|| is_any_in(&self.patterns, found.target(self.target)));
        let by_word = self.words.as_ref().map(|words| words.is_match(&found.text[found.secret.clone()]));
        let mut given = [by_path, by_pattern, by_word].into_iter().flatten().peekable();
        if self.all { given.peek().is_some() && given.all(|it| it) } else { given.any(|it| it) }
    }
}

impl Match<'_> {
    fn target(&self, target: Target) -> &[u8] {
        match target {
            Target::Secret => &self.text[self.secret.clone()],
            Target::Match => &self.text[self.whole.clone()],
            Target::Line => {
                let (before, behind) = (&self.text[..self.whole.start], &self.text[self.whole.end..]);
                let start = before.iter().rev().take(LINE).take_while(|byte| **byte != b'\n').count();
                let end = behind.iter().take(LINE).take_while(|byte| **byte != b'\n').count();
                &self.text[self.whole.start - start..self.whole.end + end]
            }
        }
    }
}
