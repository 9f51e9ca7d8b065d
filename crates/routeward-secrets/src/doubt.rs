//! What a value looks like that is no secret after all, and what makes one less likely.

use regex_automata::meta::Regex;
use routeward_catalog::{PlaceholderRow, TokenRow, Tokens};
use routeward_diag::Severity;

use crate::checksum;
use crate::pattern::{compile, is_any_in};

/// Why something that looks like a secret is most likely none, or opens nothing that counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Doubt<'m> {
    /// The reason, as a clause.
    pub why: &'m str,
    /// It is worth no more than this.
    pub most: Severity,
}

impl<'m> Doubt<'m> {
    /// A doubt.
    pub fn new(why: &'m str, most: Severity) -> Self {
        Self { why, most }
    }
}

/// A longer value that is no word is not searched for words.
const LONG: usize = 300;

/// What is asked about every value.
pub(crate) struct Doubts<'m> {
    /// What is never told of.
    placeholders: Vec<(Regex, bool)>,
    /// What is told of with a reason.
    excuses: Vec<(Regex, &'m PlaceholderRow)>,
    identifiers: Vec<Regex>,
}

impl<'m> Doubts<'m> {
    /// Compiles what the rows say. A wrong pattern is an error in words.
    pub(crate) fn new(tokens: &'m Tokens) -> Result<Self, String> {
        let (mut placeholders, mut excuses) = (Vec::new(), Vec::new());
        for row in &tokens.placeholders {
            let pattern = compile(&row.pattern)?;
            if row.why.is_empty() {
                placeholders.push((pattern, row.named));
            } else {
                excuses.push((pattern, row));
            }
        }
        let identifiers =
            tokens.identifiers.iter().map(|row| compile(&row.pattern)).collect::<Result<_, _>>()?;
        Ok(Self { placeholders, excuses, identifiers })
    }

    /// True for a value that stands for one that is filled in.
    pub(crate) fn is_placeholder(&self, row: &TokenRow, secret: &[u8]) -> bool {
        let is_readable =
            row.readable && row.severity > Severity::Low && (row.bounded || secret.len() <= LONG);
        let asks = |named: bool| !named || row.is_named();
        is_readable
            && self.placeholders.iter().any(|(pattern, named)| asks(*named) && pattern.is_match(secret))
    }

    /// True if the name says that its value is no secret.
    pub(crate) fn is_identifier(&self, row: &TokenRow, name: &[u8]) -> bool {
        row.named_pattern.is_empty() && row.severity > Severity::Low && is_any_in(&self.identifiers, name)
    }

    /// Why the value is most likely no secret that opens something.
    pub(crate) fn of(&self, row: &TokenRow, secret: &[u8]) -> Option<Doubt<'m>> {
        if row.checksum.is_some_and(|checksum| !checksum::holds(checksum, secret)) {
            return Some(Doubt::new("it is made up: its checksum does not hold", Severity::Info));
        }
        if is_repetitive(secret) {
            return Some(Doubt::new("it is made up: it says the same again and again", Severity::Info));
        }
        let is_asked = |excuse: &PlaceholderRow| excuse.lint.is_empty() || excuse.lint == row.lint;
        let mut excuses = self.excuses.iter().filter(|(_, excuse)| is_asked(excuse));
        let excuse = excuses.find(|(pattern, _)| pattern.is_match(secret));
        excuse.map(|(_, excuse)| Doubt::new(&excuse.why, excuse.most))
    }
}

/// `abababab`, `0000000001`: up to four bytes four times and up to three more, or one byte nine times anywhere.
fn is_repetitive(secret: &[u8]) -> bool {
    let is_made_of = |unit: usize| {
        let same = secret.iter().skip(unit).zip(secret).take_while(|(byte, before)| byte == before).count();
        let times = (same + unit) / unit;
        times >= 4 && secret.len() <= times * unit + 3
    };
    (1..=4).any(is_made_of) || secret.chunk_by(|left, right| left == right).any(|run| run.len() >= 9)
}

/// Shannon entropy in bits per byte (Shannon, "A mathematical theory of communication", 1948). Zero for nothing.
pub fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text {
        counts[usize::from(*byte)] += 1;
    }
    let all = text.len() as f64;
    let used = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / all);
    -used.map(|share| share * share.log2()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_itself_is_told_from_what_does_not() {
        for text in ["abababab", "aaaa", "abcdabcdabcdabcdab", "key_000000000_x"] {
            assert!(is_repetitive(text.as_bytes()), "{text}");
        }
        for text in ["", "abc", "abcdefgh", "abababx1yz", "a00000000b"] {
            assert!(!is_repetitive(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn entropy_is_that_of_shannon() {
        for (text, bits) in [("", 0.0), ("aaaa", 0.0), ("abab", 1.0), ("abcd", 2.0), ("aabbccdd", 2.0)] {
            assert!((entropy(text.as_bytes()) - bits).abs() < 1e-9, "{text}");
        }
    }
}
