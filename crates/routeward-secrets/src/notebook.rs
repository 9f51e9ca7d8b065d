//! Notebooks: JSON whose texts hold code, a line for each text. Code is looked through as somebody has written it.

use std::borrow::Cow;

use routeward_base::Span;

/// True for a file whose texts are looked through without their escapes.
pub(crate) fn is_notebook(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("ipynb"))
}

/// A text without the escapes of JSON, and where its parts come from.
pub(crate) struct Plain<'t> {
    pub(crate) text: Cow<'t, str>,
    /// Places of `text` and of what it was made of, in order; between them both go on alike.
    places: Vec<(u32, u32)>,
}

impl<'t> Plain<'t> {
    /// Replaces escapes in texts, and joins texts of a list where the first one ends its line. Linear, and right on any
    /// input: what is no JSON stays as it is.
    pub(crate) fn new(json: &'t str) -> Self {
        let bytes = json.as_bytes();
        let mut text = String::with_capacity(json.len());
        let mut places = vec![(0, 0)];
        let (mut at, mut taken, mut is_inside, mut ends_line) = (0, 0, false, false);
        while at < bytes.len() {
            let joined =
                (bytes[at] == b'"' && is_inside && ends_line).then(|| next_text(bytes, at + 1)).flatten();
            let (next, by) = if bytes[at] == b'\\' && is_inside {
                let (next, char) = escape(json, at);
                ends_line = char == '\n';
                (next, Some(char))
            } else if let Some(next) = joined {
                (next, None)
            } else {
                is_inside ^= bytes[at] == b'"';
                ends_line = false;
                at += 1;
                continue;
            };
            text.push_str(&json[taken..at]);
            text.extend(by);
            (at, taken) = (next, next);
            places.push((text.len() as u32, at as u32));
        }
        text.push_str(&json[taken..]);
        Self { text: Cow::Owned(text), places }
    }

    /// Where a part of the text stands in what it was made of.
    pub(crate) fn place(&self, span: Span) -> Span {
        let next = self.places.partition_point(|(plain, _)| *plain < span.end());
        // What ends with an escape ends where that does, not behind what was left out after it.
        let end = self.places.get(next).filter(|(plain, _)| *plain == span.end()).map(|(_, origin)| *origin);
        Span::new(self.origin(span.start), end.unwrap_or_else(|| self.origin(span.end())))
    }

    fn origin(&self, at: u32) -> u32 {
        let next = self.places.partition_point(|(plain, _)| *plain <= at);
        let (plain, origin) = self.places.get(next.saturating_sub(1)).copied().unwrap_or_default();
        origin + (at - plain)
    }
}

/// What the escape at `at` stands for, and where it ends. What is no escape stands for its `\`.
fn escape(json: &str, at: usize) -> (usize, char) {
    let char = match json.as_bytes().get(at + 1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(b'u') => {
            let code = json.get(at + 2..at + 6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            return code.and_then(char::from_u32).map_or((at + 1, '\\'), |char| (at + 6, char));
        }
        _ => return (at + 1, '\\'),
    };
    (at + 2, char)
}

/// Where the next text of the same list begins, behind a text that ends at `at`.
fn next_text(bytes: &[u8], at: usize) -> Option<usize> {
    let blank =
        |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let comma = blank(at);
    let opening = blank((bytes.get(comma) == Some(&b',')).then_some(comma + 1)?);
    (bytes.get(opening) == Some(&b'"')).then_some(opening + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_read_as_it_was_written_and_keeps_its_places() {
        let check = |json: &str, part: &str, stands_as: &str| {
            let plain = Plain::new(json);
            let at = plain.text.find(part).unwrap_or_else(|| panic!("{:?}", plain.text)) as u32;
            assert_eq!(plain.place(Span::new(at, at + part.len() as u32)).of(json), stands_as, "{json}");
        };
        check(r#"{"source": ["key = \"goose\"\n"]}"#, "\"goose\"", r#"\"goose\""#);
        check(r#"{"source": ["key = \"goose\"\n"]}"#, "goose", "goose");
        check(r#"["a\n", "b\n" , "c"]"#, "b", "b");
        check("[\"a\\n\",\n  \"b\"]", "a\nb", "a\\n\",\n  \"b");
        check(r#"["\u0041\u00e9 goose"]"#, "goose", "goose");
        check(r#"["\u00 goose"]"#, "\\u00 goose", r"\u00 goose");
        check(r#"["a", "b"]"#, "\"a\", \"b\"", r#""a", "b""#);
        check(r#"{"a\n": "b"}"#, "b", "b");
        check("\"\\", "\\", "\\");
        check("é \"\\\"é", "é \"\"é", "é \"\\\"é");
    }
}
