//! Versions of PyPI (PEP 440). What it refuses comes before all versions, in the order that `packaging` gave such texts
//! while it still read them.

use std::str::FromStr;

use super::number::runs;

/// Versions of the specification come behind the others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Key {
    Legacy(Vec<String>),
    Standard(pep440_rs::Version),
}

/// What ends a legacy version, and what other words are compared with.
const FINAL: &str = "*final";
/// A dash.
const DASH: &str = "*final-";
/// Numbers are compared as texts of this length.
const DIGITS: usize = 8;

impl Key {
    pub(crate) fn new(text: &str) -> Self {
        pep440_rs::Version::from_str(text).map_or_else(|_| Self::Legacy(legacy(text)), Self::Standard)
    }
}

fn legacy(text: &str) -> Vec<String> {
    let text = text.to_ascii_lowercase();
    let words = text.split_inclusive(['.', '-']).flat_map(|part| {
        let dash = part.strip_suffix('-').map(|_| "-");
        runs(part.trim_end_matches(['.', '-'])).chain(dash)
    });
    let mut parts: Vec<String> = Vec::new();
    for word in words.chain(["\0"]) {
        let part = match word {
            "\0" => FINAL.to_owned(),
            "-" => DASH.to_owned(),
            "pre" | "preview" | "rc" => "*c".to_owned(),
            "dev" => "*@".to_owned(),
            word if word.starts_with(|char: char| char.is_ascii_digit()) => format!("{word:0>DIGITS$}"),
            word => format!("*{word}"),
        };
        if part.starts_with('*') {
            while part.as_str() < FINAL && parts.last().is_some_and(|last| last == DASH) {
                parts.pop();
            }
            while parts.last().is_some_and(|last| last.bytes().all(|byte| byte == b'0')) {
                parts.pop();
            }
        }
        parts.push(part);
    }
    parts
}
