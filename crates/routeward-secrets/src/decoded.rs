//! Tokens in what is written in base64, in hexadecimal digits or with percent signs: runs of such characters are decoded
//! where they may hold text, and looked through like any other.

use std::borrow::Cow;
use std::ops::Range;

use routeward_base::Span;

use crate::matcher::{Hit, Matcher};
use crate::settle::{rank, settle};
use crate::{context, host};

/// How a token is written where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Coding {
    /// In base64, with either alphabet.
    Base64,
    /// In hexadecimal digits.
    Hex,
    /// With percent signs, as in addresses.
    Percent,
}

impl Coding {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Hex => "hexadecimal digits",
            Self::Percent => "percent encoding",
        }
    }
}

/// A run is at least so long: what is shorter holds no token that is known by itself.
const SHORTEST: usize = 24;
/// What was decoded is decoded once more, and no more.
const DEPTH: u32 = 2;
/// So much is decoded of a text, in bytes. More than that is data.
const MOST: usize = 1 << 20;
/// So many runs of a text can hold a token.
const FOUND: usize = 1000;
/// So much of a run says whether it holds text, in characters.
const PROBE: usize = 48;

/// How much may still be decoded of a text.
pub(crate) struct Left {
    bytes: usize,
    found: usize,
    depth: u32,
    /// There was more.
    pub(crate) is_cut: bool,
}

impl Left {
    pub(crate) fn new() -> Self {
        Self { bytes: MOST, found: FOUND, depth: DEPTH, is_cut: false }
    }
}

/// Adds the tokens of runs that are encoded, each at the place of its run. Where what was found as it is written says as
/// much, nothing is added.
pub(crate) fn find(matcher: &Matcher<'_>, path: &str, text: &str, left: &mut Left, hits: &mut Vec<Hit>) {
    if left.depth == 0 {
        return;
    }
    left.depth -= 1;
    let written = hits.len();
    each_run(text, |run, coding| {
        if left.bytes == 0 || left.found == 0 {
            left.is_cut = true;
            return;
        }
        let Some(decoded) = decode(&text.as_bytes()[run.clone()], coding) else { return };
        left.is_cut |= decoded.len() > left.bytes;
        left.bytes = left.bytes.saturating_sub(decoded.len());
        let Some((row, doubt)) = best(matcher, path, &decoded, left) else { return };
        let secret = Span::new(run.start as u32, run.end as u32);
        let says_more = |hit: &Hit| rank(&matcher.rows()[hit.row]) <= rank(&matcher.rows()[row]);
        let is_known = hits[..written]
            .iter()
            .any(|hit| hit.secret.start < secret.end() && secret.start < hit.secret.end() && says_more(hit));
        if !is_known {
            left.found -= 1;
            hits.push(Hit { row, secret, coding: Some(coding), doubt });
        }
    });
    left.depth += 1;
}

/// The token of a decoded text that says most, and what stands against it there. What is made up is none.
fn best(
    matcher: &Matcher<'_>,
    path: &str,
    text: &str,
    left: &mut Left,
) -> Option<(usize, Option<crate::Doubt<'static>>)> {
    let mut hits = matcher.find_written(path, text);
    find(matcher, path, text, left, &mut hits);
    let rows = matcher.rows();
    let is_real =
        |hit: &Hit| hit.coding.is_some() || matcher.doubt(&rows[hit.row], hit.secret.of(text)).is_none();
    let best = settle(rows, hits).into_iter().filter(is_real).min_by_key(|hit| rank(&rows[hit.row]))?;
    let doubt = best.doubt.or_else(|| host::doubt(text, &best)).or_else(|| context::doubt(text, &best));
    Some((best.row, doubt))
}

/// Calls `take` with each run of characters that may be encoded text, in order of place for each way of encoding.
fn each_run(said: &str, mut take: impl FnMut(Range<usize>, Coding)) {
    let text = said.as_bytes();
    let mut at = 0;
    // A run holds every place that is so far from the one before: most of a text is never looked at.
    while let Some(byte) = text.get(at + SHORTEST - 1) {
        if !is_base64(*byte) {
            at += SHORTEST;
            continue;
        }
        let probe = at + SHORTEST - 1;
        let start = probe - text[at..probe].iter().rev().take_while(|byte| is_base64(**byte)).count();
        let end = probe + text[probe..].iter().take_while(|byte| is_base64(**byte)).count();
        if end - start >= SHORTEST {
            let is_hex =
                (end - start).is_multiple_of(2) && text[start..end].iter().all(u8::is_ascii_hexdigit);
            take(start..end, if is_hex { Coding::Hex } else { Coding::Base64 });
        }
        at = end;
    }
    let mut at = 0;
    while let Some(found) = said.get(at..).and_then(|rest| rest.find('%')) {
        let sign = at + found;
        let start = sign - text[at..sign].iter().rev().take_while(|byte| is_address(**byte)).count();
        let end = sign + text[sign..].iter().take_while(|byte| is_address(**byte)).count();
        if end - start >= SHORTEST && hex(text, sign + 1).is_some() {
            take(start..end, Coding::Percent);
        }
        at = end.max(sign + 1);
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn is_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'%' | b'.' | b'_' | b'~' | b'-' | b'+')
}

/// The text that a run holds; `None` if it holds none.
fn decode(run: &[u8], coding: Coding) -> Option<Cow<'static, str>> {
    let decode = |run: &[u8]| match coding {
        Coding::Base64 => base64(run),
        Coding::Hex => (0..run.len() / 2).map(|at| hex(run, at * 2)).collect(),
        Coding::Percent => Some(percent(run)),
    };
    // Most runs are names, paths and pictures: their beginning says so.
    let is_readable =
        |bytes: &[u8]| bytes.iter().all(|byte| *byte >= b' ' && *byte != 0x7f || b"\t\r\n".contains(byte));
    if run.len() > PROBE && coding != Coding::Percent && !is_readable(&decode(&run[..PROBE])?) {
        return None;
    }
    let bytes = decode(&run[..run.len().min(2 * MOST)])?;
    is_readable(&bytes).then(|| String::from_utf8(bytes).ok().map(Cow::Owned))?
}

fn hex(text: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    u8::try_from(digit(at)? * 16 + digit(at + 1)?).ok()
}

fn base64(run: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(run.len() / 4 * 3 + 2);
    for group in run.chunks(4) {
        let mut bits = 0_u32;
        for byte in group {
            bits = bits << 6 | sextet(*byte);
        }
        match group.len() {
            4 => bytes.extend_from_slice(&bits.to_be_bytes()[1..]),
            3 => bytes.extend_from_slice(&(bits >> 2).to_be_bytes()[2..]),
            2 => bytes.push((bits >> 4) as u8),
            // No text has that length.
            _ => return None,
        }
    }
    Some(bytes)
}

fn sextet(byte: u8) -> u32 {
    u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        _ => 63,
    })
}

fn percent(run: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(run.len());
    let mut at = 0;
    while let Some(byte) = run.get(at) {
        let decoded = hex(run, at + 1).filter(|_| *byte == b'%');
        bytes.push(decoded.unwrap_or(*byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    bytes
}

#[cfg(test)]
#[path = "decoded_tests.rs"]
mod tests;
