//! Values that are known by the name that they are given to: `ACME_API_KEY = "…"`, `"acmeKey": "…"`, `acme.token=…`.

use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;
use regex_automata::util::primitives::PatternID;
use regex_automata::{Anchored, Input};
use routeward_catalog::TokenRow;

use crate::edge::is_word;
use crate::pattern::{compile, parse};
use crate::shape::Found;

/// A word of up to so many letters is a whole word of a name, not its beginning.
const SHORT: usize = 4;
/// How much of what stands before a word belongs to its name, in bytes.
const BEFORE: usize = 40;
/// How much may stand between a word and the value, in bytes.
const BETWEEN: usize = 200;
/// A longer value is cut there, in bytes.
const LONGEST: usize = 4096;

/// What gives a value: assignments of many languages, calls, markup.
const OPERATOR: &str = r"(?P<op>\.=|\|\|=|\?\?=|\?=|\+=|:{1,3}=|=>|->|={1,3}|:|,|>|\|\||\()";
/// The rest of the name, up to three more words, and what closes it.
const REST: &str = r#"[\w.\-]*(?:[ \t]{1,2}[\w.\-]+){0,3}(?P<close>[\])}\\"'`]{0,4}\s{0,4})"#;
/// `value: …` behind a list of name and value, `value = …` in markup, `{ default = …` of a variable.
const INDIRECT: &str =
    r#"[,\n]\s*["']?value["']?\s{0,4}[:=]|\s{1,3}value\s?=|\s{0,4}\{\s*(?:type\s*=\s*\w+\s+)?default\s*="#;
/// What stands before the value: brackets, quotes, and quotes in quotes.
const OPENING: &str = r#"\s*[(\[]?\\?["'`]{0,3}=?\s{0,2}\\?["'`]{0,3}"#;
/// The same where the value is in quotes.
const OPENING_QUOTE: &str = r#"\s*[(\[]?(?:\\?["'`]{0,3}=?\s{0,2}\\?)["'`]{1,3}"#;
/// What stands behind the value.
const END: &str = r#"(?:["'`\s;,)<>}\]\\&|#]|\z)"#;
/// The same where the value is in quotes.
const END_QUOTE: &str = r#"["'`]"#;

/// The patterns of a row of this kind, compiled.
pub(crate) struct Named {
    /// From the end of the word to the end of the value.
    given: Regex,
    operator: usize,
    close: usize,
    value: usize,
    /// How far behind a word its value is looked for, in bytes.
    reach: usize,
    /// What the name looks like.
    name: Option<Regex>,
}

impl Named {
    pub(crate) fn new(row: &TokenRow) -> Result<Self, String> {
        let (opening, end) = if row.quoted { (OPENING_QUOTE, END_QUOTE) } else { (OPENING, END) };
        let given = format!("{REST}(?:{OPERATOR}|{INDIRECT}){opening}(?P<v>(?:{})){end}", row.value);
        let longest = parse(&row.value)?.properties().maximum_len().unwrap_or(LONGEST);
        let reach = BETWEEN + longest.min(LONGEST);
        let given = compile(&given)?;
        let group = |name: &str| {
            let at = given.group_info().to_index(PatternID::ZERO, name);
            at.ok_or_else(|| format!("there is no group `{name}`"))
        };
        let (operator, close, value) = (group("op")?, group("close")?, group("v")?);
        let name = if row.named_pattern.is_empty() { None } else { Some(compile(&row.named_pattern)?) };
        Ok(Self { given, operator, close, value, reach, name })
    }

    /// The value that is given to the name in which the word at `word` stands, and the name up to its end. `text` is
    /// what is searched; the word was found to begin a part of a name that something is given to.
    pub(crate) fn value(&self, text: &[u8], word: (usize, usize)) -> Option<(Found, (usize, usize))> {
        let mut captures = self.given.create_captures();
        let end = word.1.saturating_add(self.reach).min(text.len());
        let input = Input::new(text).range(word.1..end).anchored(Anchored::Yes);
        self.given.search_captures(&input, &mut captures);
        let secret = captures.get_group(self.value)?.range();
        if !self.is_value(text, &captures, (secret.start, secret.end)) {
            return None;
        }
        let name_start = word.0.saturating_sub(BEFORE);
        if let Some(name) = &self.name {
            let is_name = |byte: &u8| is_word(*byte) || *byte == b'.' || *byte == b'-';
            let before = text[name_start..word.0].iter().rev().take_while(|byte| is_name(byte)).count();
            let full = text[word.0 - before..secret.start].to_ascii_lowercase();
            if !name.is_match(&full) {
                return None;
            }
        }
        let name_end = captures.get_group(self.close)?.start;
        Some(((secret.start, secret.end), (name_start, name_end)))
    }

    /// A list or a call holds names: there a value is quoted. A bare word without a digit is a name, too.
    fn is_value(&self, text: &[u8], captures: &Captures, (start, end): (usize, usize)) -> bool {
        let operator = captures.get_group(self.operator).map_or(&[][..], |group| &text[group.range()]);
        let is_quoted = start > 0 && matches!(text[start - 1], b'"' | b'\'' | b'`');
        let is_word = text[start..end].iter().all(u8::is_ascii_alphabetic);
        match operator {
            b"," => is_quoted && !is_word,
            b"(" => is_quoted,
            _ => is_quoted || !is_word,
        }
    }
}

/// True if the word stands at the start of a part of a name, as `token` in `apiToken` and `API_TOKEN`, and something
/// is given to that name. A short word is the whole part. Cheap: asked of each place where a word stands.
pub(crate) fn is_given(text: &[u8], start: usize, end: usize) -> bool {
    is_part(text, start, end) && has_operator(&text[end..])
}

fn is_part(text: &[u8], start: usize, end: usize) -> bool {
    let word = &text[start..end];
    let (Some(first), Some(last)) = (word.first(), word.last()) else { return false };
    if start > 0 && first.is_ascii_alphabetic() {
        let before = text[start - 1];
        let is_hump = before.is_ascii_lowercase() && first.is_ascii_uppercase();
        if before.is_ascii_alphabetic() && !is_hump && !is_escape(text, start) {
            return false;
        }
    }
    if word.len() > SHORT {
        return true;
    }
    if word.iter().all(u8::is_ascii_alphabetic) {
        // `key`, `Key`, `KEY`; `kEy` is something else.
        if !word[1..].iter().all(u8::is_ascii_lowercase) && !word.iter().all(u8::is_ascii_uppercase) {
            return false;
        }
    }
    let Some(next) = text.get(end).filter(|next| next.is_ascii_alphabetic() && last.is_ascii_alphabetic())
    else {
        return true;
    };
    // `APIKey`: a part ends where the last capital begins the next.
    let begins_part = next.is_ascii_uppercase() && text.get(end + 1).is_some_and(u8::is_ascii_lowercase);
    next.is_ascii_lowercase() != last.is_ascii_lowercase() || begins_part
}

/// True if what stands before is an escaped line break or tab: `…\nkey`.
pub(crate) fn is_escape(text: &[u8], at: usize) -> bool {
    at > 1 && text[at - 2] == b'\\' && matches!(text[at - 1], b'n' | b'r' | b't')
}

/// True if something that may give a value stands behind the rest of a name.
fn has_operator(rest: &[u8]) -> bool {
    let is_passed =
        |byte: u8| is_word(byte) || !byte.is_ascii() || b" \t\r\n.-])}\\\"'`\x0b\x0c".contains(&byte);
    let next = rest.iter().take(BETWEEN).find(|byte| !is_passed(**byte));
    next.is_some_and(|byte| b"|?+:=>,({".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_parts_of_names() {
        let check = |text: &str, word: &str, is: bool| {
            let start = text.to_ascii_lowercase().find(word).expect("the word is there");
            assert_eq!(is_given(text.as_bytes(), start, start + word.len()), is, "{text}");
        };
        check("acme_key = 1", "key", true);
        check("acmeKey: 1", "key", true);
        check("ACME_KEY=1", "key", true);
        check("monkey = 1", "key", false);
        check("keyboard = 1", "key", false);
        check("keyId = 1", "key", true);
        check("APIKEYring = 1", "key", false);
        check("secretive = 1", "secret", true);
        check("\\nkey = 1", "key", true);
        check("kEy = 1", "key", false);
        check("the key is lost.\n", "key", false);
        check("\"key\"  ,\n  value: 1", "key", true);
    }
}
