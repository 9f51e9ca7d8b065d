//! What the line in which a value stands says of it: examples are called so.

use routeward_diag::Severity;

use crate::doubt::Doubt;
use crate::matcher::Hit;

/// Words before a value that make it one that is shown, in lower case.
const SHOWN: &[&str] = &["example", "examples", "e.g", "placeholder", "sample"];

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
}
