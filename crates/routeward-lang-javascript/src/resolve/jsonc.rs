//! JSON as configuration files hold it: comments, trailing commas and a byte order mark are accepted.
//!
//! Members keep their order, because the order of conditions in `exports` has a meaning.

use std::borrow::Cow;

use routeward_base::LineTable;

/// Deeper nesting is refused: parsing and dropping recurse.
const MAX_DEPTH: u32 = 128;

/// A value; strings borrow from the text unless they hold an escape.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Json<'a> {
    /// `null`, a number or a boolean: nothing here reads them.
    Other,
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// The member `key`; of several the last, as `JSON.parse` has it.
    pub(super) fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.members().iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The member `key`, if it is a string.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Json::String(text) = self { Some(text) } else { None }
    }

    /// Members in order; none unless this is an object.
    pub(super) fn members(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        if let Json::Object(members) = self { members } else { &[] }
    }

    /// Items in order; none unless this is an array.
    pub(super) fn items(&self) -> &[Json<'a>] {
        if let Json::Array(items) = self { items } else { &[] }
    }

    /// The members whose value is a string.
    pub(super) fn strings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members().iter().filter_map(|(key, value)| Some((key.as_ref(), value.as_str()?)))
    }

    /// A string as one item, an array as the strings in it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.as_str().into_iter().chain(self.items().iter().filter_map(Json::as_str))
    }
}

/// Parses one value. The error names what was expected and the line.
pub(super) fn parse(text: &str) -> Result<Json<'_>, String> {
    parse_some(text, |_, _| true)
}

/// Parses one value, but of objects only the members that `keep` wants by their depth (1 for those of the
/// outermost object) and name. The values of the others are passed over by their brackets alone, so that what
/// is wrong in them, or a comment with a quote, may go unnoticed or end the parse.
pub(super) fn parse_some(text: &str, keep: fn(u32, &str) -> bool) -> Result<Json<'_>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser { text, at: 0, depth: 0, keep };
    let value = parser.value()?;
    parser.blank();
    if parser.at < text.len() { Err(parser.expected("the end")) } else { Ok(value) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    keep: fn(u32, &str) -> bool,
}

impl<'a> Parser<'a> {
    fn value(&mut self) -> Result<Json<'a>, String> {
        self.blank();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Json::String(self.string()?)),
            _ => self.word(),
        }
    }

    fn nested(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<Json<'a>, String>,
    ) -> Result<Json<'a>, String> {
        if self.depth == MAX_DEPTH {
            return Err(self.expected("less nesting"));
        }
        self.depth += 1;
        self.at += 1;
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Json<'a>, String> {
        let mut members = Vec::new();
        while !self.closes(b'}') {
            if self.peek() != Some(b'"') {
                return Err(self.expected("a name"));
            }
            let name = self.string()?;
            self.blank();
            if self.peek() != Some(b':') {
                return Err(self.expected("`:`"));
            }
            self.at += 1;
            if (self.keep)(self.depth, &name) {
                members.push((name, self.value()?));
            } else {
                self.skip()?;
            }
            self.comma(b'}')?;
        }
        Ok(Json::Object(members))
    }

    fn array(&mut self) -> Result<Json<'a>, String> {
        let mut items = Vec::new();
        while !self.closes(b']') {
            items.push(self.value()?);
            self.comma(b']')?;
        }
        Ok(Json::Array(items))
    }

    /// Passes over one value.
    fn skip(&mut self) -> Result<(), String> {
        let mut open = 0_u32;
        loop {
            self.blank();
            match self.peek() {
                Some(b'"') => {
                    self.string()?;
                }
                Some(b'{' | b'[') => {
                    open = open.saturating_add(1);
                    self.at += 1;
                }
                Some(b'}' | b']') if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') if open > 0 => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    self.word()?;
                }
            }
            if open == 0 {
                return Ok(());
            }
        }
    }

    fn closes(&mut self, bracket: u8) -> bool {
        self.blank();
        let is_closed = self.peek() == Some(bracket);
        self.at += usize::from(is_closed);
        is_closed
    }

    fn comma(&mut self, bracket: u8) -> Result<(), String> {
        self.blank();
        match self.peek() {
            Some(b',') => self.at += 1,
            Some(byte) if byte == bracket => {}
            _ => return Err(self.expected("`,`")),
        }
        Ok(())
    }

    /// Called on a quote.
    fn string(&mut self) -> Result<Cow<'a, str>, String> {
        self.at += 1;
        let start = self.at;
        let mut has_escape = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(length) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) else {
                self.at = self.text.len();
                return Err(self.expected("a closing quote"));
            };
            self.at += length;
            if rest[length] == b'\\' {
                has_escape = true;
                self.at += 2;
                continue;
            }
            let raw = &self.text[start..self.at];
            self.at += 1;
            return Ok(if has_escape { unescape(raw).into() } else { raw.into() });
        }
    }

    fn word(&mut self) -> Result<Json<'a>, String> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        let is_value = matches!(word, "null" | "true" | "false") || word.parse::<f64>().is_ok();
        if is_value { Ok(Json::Other) } else { Err(self.expected("a value")) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips blanks and comments; a comment that is not closed reaches the end.
    fn blank(&mut self) {
        loop {
            while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
                self.at += 1;
            }
            let rest = &self.text.as_bytes()[self.at..];
            let end = if rest.starts_with(b"//") {
                rest.iter().position(|byte| *byte == b'\n')
            } else if rest.starts_with(b"/*") {
                rest[2..].windows(2).position(|pair| pair == b"*/").map(|end| end + 4)
            } else {
                return;
            };
            self.at += end.unwrap_or(rest.len());
        }
    }

    fn expected(&self, what: &str) -> String {
        let line = LineTable::new(self.text).line(self.at as u32);
        format!("line {line}: expected {what}")
    }
}

/// A pair of surrogates in `\u` escapes becomes two replacement characters: no path or name that matters
/// is written so.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(ch) = chars.next() {
        if ch != '\\' {
            text.push(ch);
            continue;
        }
        match chars.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                text.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = match parse(text) {
            Ok(value) => show(&value),
            Err(message) => message,
        };
        assert_eq!(shown, expected, "{text}");
    }

    fn show(value: &Json) -> String {
        match value {
            Json::Other => "_".to_owned(),
            Json::String(text) => format!("{text:?}"),
            Json::Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
            Json::Object(members) => {
                let shown: Vec<_> =
                    members.iter().map(|(key, value)| format!("{key}:{}", show(value))).collect();
                format!("{{{}}}", shown.join(","))
            }
        }
    }

    #[test]
    fn accepts_what_configuration_files_hold() {
        check("\u{feff}{\"b\": 1, \"a\": [true, null, -1.5e3,],}", "{b:_,a:[_,_,_]}");
        check("// x\n{/* \"no\": 1, */ \"url\": \"http://a/*b*/\" // y\n}", r#"{url:"http://a/*b*/"}"#);
        check(r#""a\/\"\u0041\uD83D""#, r#""a/\"A�""#);
    }

    #[test]
    fn passes_over_what_nobody_wants() {
        let check = |text, expected: &str| {
            let shown = parse_some(text, |depth, name| depth != 2 || name == "a");
            assert_eq!(shown.map_or_else(|message| message, |value| show(&value)), expected, "{text}");
        };
        check(r#"{"x": {"b": [{"a": "}"}, 1], "a": {"b": 2}, "c": "]", "d": null}}"#, "{x:{a:{b:_}}}");
        check(r#"{"x": {"b": [}"#, "line 1: expected `,`");
        check(r#"{"x": {"b": }}"#, "line 1: expected a value");
        check(r#"{"x": {"b": [[["#, "line 1: expected a value");
    }

    #[test]
    fn refuses_the_rest_with_a_line() {
        check("", "line 1: expected a value");
        check("{\n\"a\" 1}", "line 2: expected `:`");
        check("{\"a\": \"b", "line 1: expected a closing quote");
        check("{\"a\": \"b\\", "line 1: expected a closing quote");
        check("[1 2]", "line 1: expected `,`");
        check("{} x", "line 1: expected the end");
        check("[ /* open", "line 1: expected a value");
        check(&"[".repeat(100_000), "line 1: expected less nesting");
    }
}
