//! Semantic versions (Semantic Versioning 2.0.0, §11), read with patience: a `v` in front, more or fewer numbers than
//! three. Go's pseudo-versions and `+incompatible` are such versions.

use std::cmp::Ordering;

use super::number::{Number, compare_padded, is_number};

/// A version with three numbers or however many there are.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Key {
    numbers: Vec<Number>,
    pre: Vec<Identifier>,
    /// Empty where it does not count.
    build: Vec<Identifier>,
}

/// A part between dots: numbers come before words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Identifier {
    Number(Number),
    Word(String),
}

impl Key {
    pub(crate) fn new(text: &str) -> Self {
        Self { build: Vec::new(), ..Self::with_build(text) }
    }

    /// For ecosystems in which builds have an order.
    pub(crate) fn with_build(text: &str) -> Self {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, build) = text.split_once('+').unwrap_or((text, ""));
        let end = text.find(|char: char| !(char.is_ascii_digit() || char == '.')).unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let mut numbers: Vec<&str> = numbers.split('.').collect();
        // `1.2.x` and what else is no number begins what comes before the release.
        while numbers.last().is_some_and(|last| last.is_empty()) {
            numbers.pop();
        }
        let mut numbers: Vec<Number> = numbers.into_iter().map(Number::new).collect();
        while numbers.last().is_some_and(Number::is_zero) {
            numbers.pop();
        }
        let pre = rest.strip_prefix('-').unwrap_or(rest);
        Self { numbers, pre: identifiers(pre), build: identifiers(build) }
    }
}

fn identifiers(text: &str) -> Vec<Identifier> {
    let parts = text.split('.').filter(|_| !text.is_empty());
    parts
        .map(|part| {
            if is_number(part) {
                Identifier::Number(Number::new(part))
            } else {
                Identifier::Word(part.to_owned())
            }
        })
        .collect()
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_padded(&self.numbers, &other.numbers, &Number::default())
            // A version without the part before the release is the release.
            .then_with(|| self.pre.is_empty().cmp(&other.pre.is_empty()))
            .then_with(|| self.pre.cmp(&other.pre))
            .then_with(|| self.build.cmp(&other.build))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
