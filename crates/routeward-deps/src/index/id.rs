//! Ids of advisories in few bytes: nearly all are a year and a number, or twelve letters of twenty.

use super::bytes::{Reader, put_number, put_text};

/// How ids with a year and a number begin, and how many digits the number has at least.
const DATED: &[(&str, usize)] = &[("CVE-", 4), ("GO-", 4), ("PYSEC-", 1), ("RUSTSEC-", 4), ("MAL-", 1)];
/// The codes of ids that begin otherwise.
const GHSA: u8 = 0xfe;
const OTHER: u8 = 0xff;
/// What the ids of GitHub are made of; twelve of them take less than seven bytes.
const LETTERS: &[u8; 20] = b"23456789cfghjmpqrvwx";
const PACKED: usize = 7;
const PREFIX: &str = "GHSA-";
const FIRST_YEAR: u32 = 1990;

/// Writes an id. What is read back is the same, whatever it is.
pub(crate) fn put_id(out: &mut Vec<u8>, id: &str) {
    let start = out.len();
    for (code, (prefix, _)) in (0..).zip(DATED) {
        if let Some((year, number)) = id.strip_prefix(prefix).and_then(dated) {
            out.push(code);
            put_number(out, year);
            put_number(out, number);
            if read_back(&out[start..]).as_deref() == Some(id) {
                return;
            }
            out.truncate(start);
        }
    }
    if let Some(packed) = id.strip_prefix(PREFIX).and_then(packed) {
        out.push(GHSA);
        out.extend_from_slice(&packed.to_le_bytes()[..PACKED]);
        if read_back(&out[start..]).as_deref() == Some(id) {
            return;
        }
        out.truncate(start);
    }
    out.push(OTHER);
    put_text(out, id);
}

fn read_back(bytes: &[u8]) -> Option<String> {
    read_id(&mut Reader::new(bytes))
}

pub(crate) fn read_id(reader: &mut Reader) -> Option<String> {
    match reader.byte()? {
        OTHER => reader.text().map(str::to_owned),
        GHSA => {
            let mut number = [0; 8];
            number[..PACKED].copy_from_slice(reader.take(PACKED)?);
            unpacked(u64::from_le_bytes(number))
        }
        code => {
            let (prefix, width) = DATED.get(usize::from(code))?;
            let (year, number) = (reader.number()?.checked_add(FIRST_YEAR)?, reader.number()?);
            Some(format!("{prefix}{year}-{number:0width$}"))
        }
    }
}

/// The years since the first one, and the number.
fn dated(text: &str) -> Option<(u32, u32)> {
    let (year, number) = text.split_once('-')?;
    Some((year.parse::<u32>().ok()?.checked_sub(FIRST_YEAR)?, number.parse().ok()?))
}

/// Three groups of four letters as one number.
fn packed(text: &str) -> Option<u64> {
    let mut number = 0_u64;
    for letter in text.bytes().filter(|byte| *byte != b'-') {
        let digit = LETTERS.iter().position(|other| *other == letter)?;
        number = number.checked_mul(LETTERS.len() as u64)?.checked_add(digit as u64)?;
    }
    Some(number)
}

fn unpacked(mut number: u64) -> Option<String> {
    let mut letters = [0_u8; 12];
    for letter in letters.iter_mut().rev() {
        *letter = LETTERS[(number % LETTERS.len() as u64) as usize];
        number /= LETTERS.len() as u64;
    }
    let text = std::str::from_utf8(&letters).ok()?;
    (number == 0).then(|| format!("{PREFIX}{}-{}-{}", &text[..4], &text[4..8], &text[8..]))
}
