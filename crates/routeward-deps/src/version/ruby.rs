//! Versions of RubyGems (`Gem::Version`): runs of digits and letters; letters come before the release.

use std::cmp::Ordering;

use super::number::{Number, compare_padded, is_number, runs};

/// Segments without the zeros that say nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Key(Vec<Segment>);

/// Words come before numbers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Segment {
    Word(String),
    Number(Number),
}

impl Segment {
    fn is_zero(&self) -> bool {
        matches!(self, Self::Number(number) if number.is_zero())
    }
}

impl Key {
    pub(crate) fn new(text: &str) -> Self {
        // `1.0-b` means `1.0.pre.b`.
        let text = text.replace('-', ".pre.");
        let parts = text.split('.').flat_map(runs).filter(|run| !run.is_empty());
        let mut segments: Vec<Segment> = parts
            .map(|run| {
                if is_number(run) { Segment::Number(Number::new(run)) } else { Segment::Word(run.to_owned()) }
            })
            .collect();
        // Zeros at the end, and those in front of the first word.
        while segments.last().is_some_and(Segment::is_zero) {
            segments.pop();
        }
        let word = segments.iter().position(|segment| matches!(segment, Segment::Word(_)));
        if let Some(mut word) = word {
            while word > 0 && segments[word - 1].is_zero() {
                segments.remove(word - 1);
                word -= 1;
            }
        }
        Self(segments)
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_padded(&self.0, &other.0, &Segment::Number(Number::default()))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
