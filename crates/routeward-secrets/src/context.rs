//! What the line in which a value stands says of it: examples are called so.

use routeward_diag::Severity;

use crate::doubt::Doubt;
use crate::matcher::Hit;

/// Words before a value that make it one that is shown, in lower case.
const SHOWN: &[&str] = &["example", "examples", "e.g", "placeholder", "sample"];

/// Parts of names of what everybody may know, in lower case and without what parts words.
const PUBLIC: &[&str] = &["publickey", "pubkey", "publishable", "publictoken", "sitekey"];

/// What stands before a value that is encrypted (SOPS, Ansible, Eyaml, Jasypt).
const ENCRYPTED: &[&str] = &["ENC[AES256_GCM", "ENC[PKCS7", "ENC(", "!vault"];
/// What a file of values that are encrypted as a whole says.
const SEALED: &str = "kind: SealedSecret";

/// So much is looked at on either side of a value, in bytes: a longer line is no line that somebody has written.
const NEAR: usize = 500;

/// What stands against a value by what stands before it on its line, or by the key that the line before opens with:
/// `example: …`, `placeholder="… e.g. …"`.
pub(crate) fn doubt(text: &str, hit: &Hit) -> Option<Doubt<'static>> {
    let mut lines = before(text, hit).rsplit('\n');
    let before = lines.next().unwrap_or("");
    // Comments hold descriptions, too.
    let is_mark = |char: char| char.is_whitespace() || "*/#\"':{[".contains(char);
    let opening = lines.next().unwrap_or("").trim_matches(is_mark);
    let is_shown = SHOWN.iter().any(|word| has_word(before, word) || opening.eq_ignore_ascii_case(word));
    is_shown.then(|| Doubt::new("it is called an example", Severity::Info))
}

/// What stands against a value that is not known by itself: by the name that it is given to, and by what it is wrapped in.
pub(crate) fn named_doubt(text: &str, hit: &Hit) -> Option<Doubt<'static>> {
    let before = before(text, hit).rsplit('\n').next().unwrap_or("");
    let why = by_name(name(before), hit.secret.of(text)).or_else(|| {
        let is_encrypted = ENCRYPTED.iter().any(|mark| before.contains(mark)) || text.contains(SEALED);
        is_encrypted.then_some("it is encrypted where it stands")
    });
    why.map(|why| Doubt::new(why, Severity::Info))
}

/// What stands against a value by the name that it is given to.
fn by_name(name: &str, value: &str) -> Option<&'static str> {
    let letters = |text: &str| -> String {
        text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    let (plain, value) = (letters(last), letters(value));
    if !plain.is_empty() && plain == value {
        Some("it says what it is called, nothing else")
    } else if PUBLIC.iter().any(|word| plain.contains(word)) {
        Some("its name says that it is public")
    } else {
        None
    }
}

/// The name that stands last before a value.
fn name(before: &str) -> &str {
    let before = before.trim_end_matches(|char: char| char.is_whitespace() || "\"'`\\:=>({[,".contains(char));
    let is_name = |char: char| char.is_ascii_alphanumeric() || "_.-".contains(char);
    let start = before
        .rfind(|char| !is_name(char))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    &before[start..]
}

/// What stands close before the value.
pub(crate) fn before<'t>(text: &'t str, hit: &Hit) -> &'t str {
    let end = hit.secret.start as usize;
    let start = (end.saturating_sub(NEAR)..=end).find(|at| text.is_char_boundary(*at));
    start.and_then(|start| text.get(start..end)).unwrap_or("")
}

/// What stands close behind it.
pub(crate) fn behind<'t>(text: &'t str, hit: &Hit) -> &'t str {
    let start = hit.secret.end() as usize;
    let end =
        (start..=start.saturating_add(NEAR).min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    end.and_then(|end| text.get(start..end)).unwrap_or("")
}

/// True if the word stands there by itself, and is no part of a name such as `example.com`.
fn has_word(line: &str, word: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.match_indices(word).any(|(at, _)| {
        let mut behind = line[at + word.len()..].chars();
        let is_whole = match behind.next() {
            Some('.') => !behind.next().is_some_and(char::is_alphanumeric),
            next => !next.is_some_and(char::is_alphanumeric),
        };
        is_whole && !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '.')
    })
}

#[cfg(test)]
mod tests {
    use routeward_base::Span;

    use super::*;

    #[test]
    fn examples_are_called_so() {
        let check = |text: &str, is: bool| {
            let at = text.find("VALUE").expect("the value is there") as u32;
            let span = Span::new(at, at + 5);
            assert_eq!(
                doubt(text, &Hit { row: 0, secret: span, coding: None, doubt: None }).is_some(),
                is,
                "{text}"
            );
        };
        check("token:\n  example: VALUE", true);
        check("\"example\": {\n  \"token\": \"VALUE\"", true);
        check(" *   example:\n *     token: VALUE", true);
        check("placeholder=\"Your token (e.g. VALUE)\"", true);
        check("get(\"https://example.com/?key=VALUE\")", false);
        check("# an example\nfirst = 1\ntoken = VALUE", false);
        check("counterexamples = VALUE", false);
    }

    #[test]
    fn names_and_wrappings_say_what_a_value_is() {
        let check = |text: &str, is: bool| {
            let at = text.find("VALUE").expect("the value is there") as u32;
            let hit = Hit { row: 0, secret: Span::new(at, at + 5), coding: None, doubt: None };
            assert_eq!(named_doubt(text, &hit).is_some(), is, "{text}");
        };
        check("value = \"VALUE\"", true);
        check("a.value: VALUE", true);
        check("values: VALUE", false);
        check("stripe_publishable_key = VALUE", true);
        check("\"publicKey\": \"VALUE\"", true);
        check("republic = VALUE", false);
        check("token: ENC[AES256_GCM,data:VALUE", true);
        check("kind: SealedSecret\n---\ntoken: VALUE", true);
        check("é=VALUE", false);
    }
}
