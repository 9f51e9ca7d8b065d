//! Prose in few bytes: what English about weaknesses is made of has codes of one byte, so that a summary takes little
//! more than half of its length.

use super::bytes::Reader;

/// The codes are 0x80 and up, in this order, which is a part of the layout.
#[rustfmt::skip]
const FRAGMENTS: [&str; 122] = [
    ", ", ": ", "Denial of service", "Handle", "Improper ", "In", "Server", "a ", "ab", "ac", "ach",
    "ad", "ag", "age", "ain", "al", "al ", "allow", "an", "an ", "and ", "ar", "arbitrary ", "as",
    "as ", "at", "ation ", "attacker", "auth", "authenticat", "bypass", "ce ", "ch", "co", "con",
    "crate", "cross-site scripting", "ct", "d ", "de", "denial of service ", "e ", "ec", "ect", "ed",
    "ed ", "em", "en", "en ", "ens", "ent", "er", "er ", "erv", "es", "es ", "et", "ex", "for", "for ",
    "github.com/", "golang.org/", "h ", "has ", "ic", "id", "il", "in ", "ing", "ing ", "injection",
    "io", "ion", "ion ", "is", "is ", "it", "iz", "k ", "le", "le ", "le to ", "lo", "m ", "memory",
    "mp", "n ", "of ", "on", "on ", "open ", "or", "os", "ou", "oun", "overflow", "pl", "ra", "re",
    "ri", "ro", "s ", "t ", "ter", "th", "the ", "to", "to ", "tr", "ul", "un", "ur", "us", "ut",
    "validation", "ver", "vers", "vi", "via ", "vulnerability", "y ", "yp",
];
const FIRST: u8 = 0x80;
/// Stands in front of a byte of its own that would be taken for a code.
const ESCAPE: u8 = 0xff;

/// Writes a text to the end of something.
pub(crate) fn put_prose(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some(&byte) = rest.first() {
        let fitting = (FIRST..).zip(FRAGMENTS).filter(|(_, fragment)| rest.starts_with(fragment.as_bytes()));
        let taken = if let Some((code, fragment)) = fitting.max_by_key(|(_, fragment)| fragment.len()) {
            out.push(code);
            fragment.len()
        } else {
            out.extend((byte >= FIRST).then_some(ESCAPE));
            out.push(byte);
            1
        };
        rest = &rest[taken..];
    }
}

/// Reads a text that goes on to the end.
pub(crate) fn read_prose(mut reader: Reader) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some(byte) = reader.byte() {
        match byte {
            ESCAPE => bytes.push(reader.byte()?),
            code if code >= FIRST => {
                bytes.extend_from_slice(FRAGMENTS.get(usize::from(code - FIRST))?.as_bytes());
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}
