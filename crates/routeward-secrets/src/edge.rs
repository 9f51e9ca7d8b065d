//! What a match of a pattern can begin and end with: tells whether it is a part of something longer.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A set of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Bytes([u64; 4]);

impl Bytes {
    /// Letters, digits and `_`.
    pub(crate) fn word() -> Self {
        let mut word = Self::default();
        word.extend((0..=u8::MAX).filter(|byte| is_word(*byte)));
        word
    }

    fn extend(&mut self, bytes: impl IntoIterator<Item = u8>) {
        for byte in bytes {
            self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
    }

    pub(crate) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] & (1 << (byte & 63)) != 0
    }

    pub(crate) fn or(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(mine, its)| *mine |= its);
        self
    }

    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(mine, its)| mine & its != 0)
    }
}

/// True for letters, digits and `_`.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The side of a match.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    First,
    Last,
}

/// What the pattern can begin or end with. A class of more than half of all bytes says what does not stand there, and
/// counts for nothing.
pub(crate) fn edge(hir: &Hir, edge: Edge) -> Bytes {
    let mut all = Bytes::default();
    collect(hir, edge, &mut all);
    all
}

/// Adds what the part can begin or end with; true if it can be empty, so that its neighbour counts, too.
fn collect(hir: &Hir, edge: Edge, all: &mut Bytes) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => {
            let byte = if edge == Edge::First { literal.0.first() } else { literal.0.last() };
            all.extend(byte.copied());
            false
        }
        HirKind::Class(class) => {
            add_class(class, all);
            false
        }
        HirKind::Repetition(repetition) => collect(&repetition.sub, edge, all) || repetition.min == 0,
        HirKind::Capture(capture) => collect(&capture.sub, edge, all),
        HirKind::Alternation(parts) => {
            // Each of them is looked at.
            parts.iter().filter(|part| collect(part, edge, all)).count() > 0
        }
        HirKind::Concat(parts) => match edge {
            Edge::First => parts.iter().all(|part| collect(part, edge, all)),
            Edge::Last => parts.iter().rev().all(|part| collect(part, edge, all)),
        },
    }
}

fn add_class(class: &Class, all: &mut Bytes) {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Bytes(class) => {
            class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
        }
        Class::Unicode(class) => {
            class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
        }
    };
    if ranges.iter().map(|(from, to)| to - from + 1).sum::<u32>() <= 128 {
        let bytes = ranges.iter().flat_map(|(from, to)| *from..=*to);
        all.extend(bytes.filter_map(|byte| u8::try_from(byte).ok()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::parse;

    #[test]
    fn edges_are_those_of_the_pattern() {
        let check = |pattern: &str, first: &str, last: &str| {
            let hir = parse(pattern).expect("the pattern is right");
            for (side, expected) in [(Edge::First, first), (Edge::Last, last)] {
                let bytes = edge(&hir, side);
                let shown: String = (0..128).filter(|byte| bytes.has(*byte)).map(char::from).collect();
                assert_eq!(shown, expected, "{pattern}");
            }
        };
        check("abc", "a", "c");
        check("(?:ab|cd?)", "ac", "bcd");
        check("x?[yz]=*", "xyz", "=yz");
        check(r#"^"[^"]+"$"#, "\"", "\"");
        check("(a*)(b*)c?", "abc", "abc");
        check("[^a]b", "", "b");
    }
}
