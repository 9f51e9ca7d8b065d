//! Tokens made up from the templates of rows: no token is written down anywhere, not in tests either.

use routeward_catalog::TokenRow;

/// A stream of numbers that is the same each time (Steele and others, "Fast splittable pseudorandom number generators",
/// 2014). Good for samples, and for nothing that has to be secret.
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn chars(&mut self, alphabet: &str, count: &str) -> Option<String> {
        let alphabet: Vec<char> = alphabet.chars().collect();
        let count: usize = count.parse().ok().filter(|count| *count == 0 || !alphabet.is_empty())?;
        Some((0..count).map(|_| alphabet[(self.number() % alphabet.len() as u64) as usize]).collect())
    }
}

const DIGITS: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn alphabet(kind: &str) -> Option<String> {
    Some(match kind {
        "digits" => DIGITS.to_owned(),
        "lower" => LOWER.to_owned(),
        "upper" => UPPER.to_owned(),
        "hex" => format!("{DIGITS}abcdef"),
        "HEX" => format!("{DIGITS}ABCDEF"),
        "alnum" | "base62" => format!("{DIGITS}{LOWER}{UPPER}"),
        "word" => format!("{DIGITS}{LOWER}{UPPER}_"),
        "base64" => format!("{DIGITS}{LOWER}{UPPER}+/"),
        "base64url" => format!("{DIGITS}{LOWER}{UPPER}-_"),
        _ => return None,
    })
}

/// A text with a token as the row's first example describes it.
pub fn sample(row: &TokenRow, random: &mut Random) -> Option<String> {
    row.examples.first().map(|example| fill(example, random))
}

/// The characters of a set in which `a-f` stands for all from `a` to `f`; a `-` at the end is itself.
fn spelled(set: &str) -> String {
    let chars: Vec<char> = set.chars().collect();
    let mut all = String::new();
    let mut at = 0;
    while let Some(first) = chars.get(at) {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(last)) if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() => {
                all.extend(*first..=*last);
                at += 3;
            }
            _ => {
                all.push(*first);
                at += 1;
            }
        }
    }
    all
}

/// Fills the holes of a template: `{hex:32}` with 32 digits, `{of:a-f_:4}` with four of the given characters, and
/// `{uuid}`. Braces that are no hole stay.
pub(crate) fn fill(template: &str, random: &mut Random) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        rest = after;
        let hole = after.split_once('}');
        match hole.and_then(|(hole, behind)| Some((filling(hole, random)?, behind))) {
            Some((filling, behind)) => {
                filled.push_str(&filling);
                rest = behind;
            }
            None => filled.push('{'),
        }
    }
    filled + rest
}

fn filling(hole: &str, random: &mut Random) -> Option<String> {
    if hole == "uuid" {
        let hex = alphabet("hex")?;
        let groups: Option<Vec<String>> =
            ["8", "4", "4", "4", "12"].iter().map(|count| random.chars(&hex, count)).collect();
        return Some(groups?.join("-"));
    }
    let (kind, count) = hole.rsplit_once(':')?;
    match kind.strip_prefix("of:") {
        Some(set) => random.chars(&spelled(set), count),
        None => random.chars(&alphabet(kind)?, count),
    }
}
