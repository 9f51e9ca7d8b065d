//! The properties of Java (`java.util.Properties.load`): `name=value`, `name: value`, `name value`.

use routeward_base::Span;

use crate::build::Builder;
use crate::document::Read;
use crate::skip;

/// Reads a text. Every text is some properties; what is wrong is a name that stands twice.
pub(crate) fn read(text: &str) -> Read {
    let mut builder = Builder::new(text.len());
    let mut at = crate::beginning(text);
    let _ = builder.begin(true, Span::new(at as u32, at as u32), None);
    loop {
        at = skip(text, at, |c| c.is_ascii_whitespace() || c == '\x0c');
        match text[at..].chars().next() {
            None => break,
            Some('#' | '!') => {
                let end = crate::line_end(text, at);
                builder.comment(Span::new(at as u32, end as u32));
                at = end;
            }
            Some(_) => at = entry(text, at, &mut builder),
        }
    }
    builder.finish()
}

fn entry(text: &str, at: usize, builder: &mut Builder) -> usize {
    let (name, end) = piece(text, at, |c| c == '=' || c == ':' || is_blank(c));
    builder.scalar(&name, false, Span::new(at as u32, end as u32), None);
    let mut from = blank(text, end);
    if text[from..].starts_with(['=', ':']) {
        from = blank(text, from + 1);
    }
    let (value, end) = piece(text, from, |_| false);
    builder.scalar(&value, true, Span::new(from as u32, end as u32), None);
    end
}

/// Text with its escapes resolved, up to the end of the line or what ends it; a backslash takes the next line in.
fn piece(text: &str, from: usize, ends: impl Fn(char) -> bool) -> (String, usize) {
    let (mut said, mut at) = (String::new(), from);
    while let Some(c) = text[at..].chars().next() {
        match c {
            '\n' | '\r' => break,
            '\\' => at = escape(text, at + 1, &mut said),
            _ if ends(c) => break,
            _ => {
                said.push(c);
                at += c.len_utf8();
            }
        }
    }
    (said, at)
}

/// What stands behind a backslash; gives where to go on.
fn escape(text: &str, at: usize, said: &mut String) -> usize {
    let Some(c) = text[at..].chars().next() else { return at };
    let next = at + c.len_utf8();
    match c {
        '\n' => return skip(text, next, is_blank),
        '\r' => {
            let next = if text[next..].starts_with('\n') { next + 1 } else { next };
            return skip(text, next, is_blank);
        }
        'u' => {
            let code = text.get(next..next + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if let Some(code) = code {
                said.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                return next + 4;
            }
            said.push('u');
        }
        't' => said.push('\t'),
        'n' => said.push('\n'),
        'r' => said.push('\r'),
        'f' => said.push('\x0c'),
        _ => said.push(c),
    }
    next
}

/// Behind blanks, also those of a line that is continued.
fn blank(text: &str, at: usize) -> usize {
    let at = skip(text, at, is_blank);
    match text[at..].strip_prefix("\\\n").or_else(|| text[at..].strip_prefix("\\\r\n")) {
        Some(rest) => skip(text, text.len() - rest.len(), is_blank),
        None => at,
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\x0c')
}
