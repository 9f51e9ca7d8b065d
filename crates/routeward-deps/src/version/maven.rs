//! Versions of Maven (POM reference, "Version order specification"): tokens between dots, dashes and where digits meet
//! letters; what stands in front of a token counts, too.

use std::cmp::Ordering;

use super::number::{Number, is_number, runs};

/// Tokens without those that say nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Key(Vec<Token>);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Token {
    is_dash: bool,
    word: Word,
}

/// Words come before numbers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Word {
    Qualifier(Qualifier),
    Number(Number),
}

/// Those that are known come before all others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Qualifier {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    Release,
    ServicePack,
    Other(String),
}

impl Token {
    fn new(is_dash: bool, text: &str, is_before_number: bool) -> Self {
        let word = match text {
            _ if is_number(text) => Word::Number(Number::new(text)),
            "alpha" => Word::Qualifier(Qualifier::Alpha),
            "beta" => Word::Qualifier(Qualifier::Beta),
            "milestone" => Word::Qualifier(Qualifier::Milestone),
            "a" if is_before_number => Word::Qualifier(Qualifier::Alpha),
            "b" if is_before_number => Word::Qualifier(Qualifier::Beta),
            "m" if is_before_number => Word::Qualifier(Qualifier::Milestone),
            "rc" | "cr" => Word::Qualifier(Qualifier::Candidate),
            "snapshot" => Word::Qualifier(Qualifier::Snapshot),
            "final" | "ga" | "release" => Word::Qualifier(Qualifier::Release),
            "sp" => Word::Qualifier(Qualifier::ServicePack),
            other => Word::Qualifier(Qualifier::Other(other.to_owned())),
        };
        Self { is_dash, word }
    }

    /// It says nothing at the end of a version, or before a dash.
    fn is_null(&self) -> bool {
        match &self.word {
            Word::Number(number) => number.is_zero(),
            Word::Qualifier(qualifier) => *qualifier == Qualifier::Release,
        }
    }

    /// What stands beside it where the other version has ended.
    fn missing(&self) -> Self {
        let word = match self.word {
            Word::Number(_) if !self.is_dash => Word::Number(Number::default()),
            _ => Word::Qualifier(Qualifier::Release),
        };
        Self { is_dash: self.is_dash, word }
    }

    /// Qualifiers behind a dot, qualifiers behind a dash, numbers behind a dash, numbers behind a dot.
    fn kind(&self) -> u8 {
        match (&self.word, self.is_dash) {
            (Word::Qualifier(_), false) => 0,
            (Word::Qualifier(_), true) => 1,
            (Word::Number(_), true) => 2,
            (Word::Number(_), false) => 3,
        }
    }
}

impl Key {
    pub(crate) fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let mut tokens: Vec<Token> = Vec::new();
        let mut is_dash = false;
        for part in text.split_inclusive(['.', '-']) {
            let ends_with_dash = part.ends_with('-');
            let inner = part.strip_suffix(['.', '-']).unwrap_or(part);
            if inner.is_empty() {
                tokens.push(Token::new(is_dash, "0", false));
            }
            let mut all = runs(inner).peekable();
            while let Some(run) = all.next() {
                tokens.push(Token::new(is_dash, run, all.peek().is_some()));
                // Where digits meet letters there is a dash.
                is_dash = true;
            }
            is_dash = ends_with_dash;
        }
        Self(trimmed(tokens))
    }
}

/// Takes out what says nothing at the end, and in front of each dash that remains.
fn trimmed(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::new();
    for token in tokens {
        if token.is_dash {
            while kept.last().is_some_and(Token::is_null) {
                kept.pop();
            }
        }
        kept.push(token);
    }
    while kept.last().is_some_and(Token::is_null) {
        kept.pop();
    }
    kept
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let longest = self.0.len().max(other.0.len());
        for index in 0..longest {
            let (left, right) = (self.0.get(index), other.0.get(index));
            let order = match (left, right) {
                (Some(left), Some(right)) => compare(left, right),
                (Some(left), None) => compare(left, &left.missing()),
                (None, Some(right)) => compare(&right.missing(), right),
                (None, None) => Ordering::Equal,
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn compare(left: &Token, right: &Token) -> Ordering {
    if left.is_dash == right.is_dash {
        return left.word.cmp(&right.word);
    }
    left.kind().cmp(&right.kind())
}
