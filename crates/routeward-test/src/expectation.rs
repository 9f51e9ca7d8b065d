//! Comments in code that say what is found on their line.

/// What is found on a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Expectation<'t> {
    /// The line of the file, from 1.
    pub(crate) line: u32,
    /// The finding is of severity info.
    pub(crate) is_info: bool,
    /// The lint, if it is not the suite's own.
    pub(crate) lint: Option<&'t str>,
    /// A part of the message.
    pub(crate) part: Option<&'t str>,
}

/// What opens a comment, in any language.
const LEADERS: &[&str] = &["//", "#", "--", "<!--"];

/// The expectations in the text of a file, in order. An error is the line of a comment that begins like one but
/// cannot be read.
pub(crate) fn expectations(text: &str) -> Result<Vec<Expectation<'_>>, u32> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line;
        while let Some((is_info, after)) = next_marker(rest) {
            let (expectation, after) = read(number, is_info, after).ok_or(number)?;
            found.push(expectation);
            rest = after;
        }
    }
    Ok(found)
}

/// The first `// error` or `// info` that no other word follows, and what stands behind it.
fn next_marker(line: &str) -> Option<(bool, &str)> {
    let markers = LEADERS.iter().flat_map(|leader| line.match_indices(leader));
    let read = |(at, leader): (usize, &str)| {
        let comment = line[at + leader.len()..].trim_start();
        let (is_info, after) = match comment.strip_prefix("error") {
            Some(after) => (false, after),
            None => (true, comment.strip_prefix("info")?),
        };
        let is_alone = after.starts_with(':') || begins_comment(after.trim_start());
        is_alone.then_some((at, is_info, after))
    };
    markers.filter_map(read).min_by_key(|(at, ..)| *at).map(|(_, is_info, after)| (is_info, after))
}

/// Nothing follows but the end of a comment or another comment.
fn begins_comment(text: &str) -> bool {
    text.is_empty() || text.starts_with("-->") || LEADERS.iter().any(|leader| text.starts_with(leader))
}

/// Reads `: lint "part"` behind the word, and returns what is left.
fn read(line: u32, is_info: bool, text: &str) -> Option<(Expectation<'_>, &str)> {
    let mut expectation = Expectation { line, is_info, lint: None, part: None };
    let Some(details) = text.strip_prefix(':') else { return Some((expectation, text)) };
    let mut rest = details.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
    if end > 0 && !rest.starts_with('-') {
        expectation.lint = Some(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    if let Some(quoted) = rest.strip_prefix('"') {
        let (part, after) = quoted.split_once('"')?;
        expectation.part = Some(part);
        rest = after.trim_start();
    }
    let says_something = expectation.lint.is_some() || expectation.part.is_some();
    (says_something && begins_comment(rest)).then_some((expectation, rest))
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expect: &Expect) {
        let shown: Vec<_> = match expectations(text) {
            Ok(found) => found.iter().map(|it| format!("{it:?}")).collect(),
            Err(line) => vec![format!("line {line} cannot be read")],
        };
        expect.assert_eq(&(shown.join("\n") + "\n"));
    }

    #[test]
    fn comments_say_what_is_found() {
        check(
            "a // error\n# info: x-y\n-- error: \"no guard\"\n<!-- error: x \"y z\" -->\nq //error // error: w\n",
            &expect![[r#"
                Expectation { line: 1, is_info: false, lint: None, part: None }
                Expectation { line: 2, is_info: true, lint: Some("x-y"), part: None }
                Expectation { line: 3, is_info: false, lint: None, part: Some("no guard") }
                Expectation { line: 4, is_info: false, lint: Some("x"), part: Some("y z") }
                Expectation { line: 5, is_info: false, lint: None, part: None }
                Expectation { line: 5, is_info: false, lint: Some("w"), part: None }
            "#]],
        );
    }

    #[test]
    fn other_comments_say_nothing() {
        let text = "// error handler\n// errors\nlog(\"# error handling: x\")\n// information: none\nx--\n";
        assert_eq!(expectations(text), Ok(Vec::new()));
    }

    #[test]
    fn half_an_expectation_is_a_mistake() {
        check(
            "\nx // error:\n",
            &expect![[r#"
            line 2 cannot be read
        "#]],
        );
        check(
            "x // error: some-lint and more\n",
            &expect![[r#"
            line 1 cannot be read
        "#]],
        );
        check(
            "x // info: \"open\n",
            &expect![[r#"
            line 1 cannot be read
        "#]],
        );
    }
}
