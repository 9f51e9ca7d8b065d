//! Versions of Packagist, in the order of PHP's `version_compare`.

use std::cmp::Ordering;

use super::number::{Number, is_number, runs};

/// Numbers and words.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Key(Vec<Part>);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Part {
    Number(Number),
    /// The rank of a word among those that are known, else none.
    Word(Option<u8>),
}

/// How words with a place in the order begin, as PHP compares them: only so, and with case. Others come before all.
const RANKS: &[(&str, u8)] = &[
    ("dev", 0),
    ("alpha", 1),
    ("a", 1),
    ("beta", 2),
    ("b", 2),
    ("RC", 3),
    ("rc", 3),
    ("#", 4),
    ("pl", 5),
    ("p", 5),
];
/// That of a number among words, and of the end.
const RELEASE: Option<u8> = Some(4);

impl Key {
    pub(crate) fn new(text: &str) -> Self {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let parts = text.split(['.', '-', '_', '+']).flat_map(runs).filter(|run| !run.is_empty());
        let read = |run: &str| {
            if is_number(run) {
                return Part::Number(Number::new(run));
            }
            Part::Word(RANKS.iter().find(|(word, _)| run.starts_with(word)).map(|(_, rank)| *rank))
        };
        Self(parts.map(read).collect())
    }
}

impl Part {
    fn rank(&self) -> Option<u8> {
        match self {
            Self::Number(_) => RELEASE,
            Self::Word(rank) => *rank,
        }
    }
}

/// What goes on with a number is later; what goes on with a word is where the word stands beside the release.
fn goes_on(rest: &[Part]) -> Ordering {
    match rest {
        [] => Ordering::Equal,
        [Part::Number(_), ..] => Ordering::Greater,
        [part, rest @ ..] => part.rank().cmp(&RELEASE).then_with(|| goes_on(rest)),
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        for (left, right) in self.0.iter().zip(&other.0) {
            let order = match (left, right) {
                (Part::Number(left), Part::Number(right)) => left.cmp(right),
                _ => left.rank().cmp(&right.rank()),
            };
            if order.is_ne() {
                return order;
            }
        }
        let common = self.0.len().min(other.0.len());
        goes_on(&self.0[common..]).then(goes_on(&other.0[common..]).reverse())
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
