//! Templates of routes that are written as regular expressions: `^articles/(?P<slug>[\w-]+)/$`.
//!
//! Groups become parameters, in the spelling `<name>`; what else stands for text that the client chooses becomes one
//! without a name. Alternatives outside of groups and optional text give no templates of their own: the longest reading
//! of one way through the expression is taken.

use std::fmt::Write;

use crate::eval::Evaluator;
use crate::value::{Piece, Shape, Value};

impl Evaluator<'_> {
    /// The template that a regular expression stands for.
    pub(crate) fn regex_template(&mut self, pattern: &Value) -> Value {
        let mut unnamed = 0;
        match &pattern.shape {
            Shape::Str(text) | Shape::Regex(text, _) => {
                let template = template(&self.symbols.text(*text), &mut unnamed);
                Value::str(self.symbols.sym(&template))
            }
            Shape::Text(pieces) => {
                let pieces: Vec<Piece> = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Text(text) => {
                            let template = template(&self.symbols.text(*text), &mut unnamed);
                            Piece::Text(self.symbols.sym(&template))
                        }
                        Piece::Hole => Piece::Hole,
                    })
                    .collect();
                Value::new(Shape::Text(pieces.into()))
            }
            _ => pattern.clone(),
        }
    }
}

/// The template of an expression; `unnamed` counts the parameters without a name.
fn template(pattern: &str, unnamed: &mut u32) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        let (piece, next) = atom(&chars, at, unnamed);
        let (is_optional, next) = quantifier(&chars, next);
        match piece {
            Atom::Nothing => {}
            // A slash that may be left out at the end is one by which addresses are not told apart.
            Atom::Text(text) if is_optional && text == "/" => {
                let is_last = chars[next..].iter().all(|c| matches!(c, '$' | '\\' | 'Z'));
                out.push_str(if is_last { "/?" } else { "/" });
            }
            Atom::Text(_) if is_optional => {}
            Atom::Text(text) | Atom::Param(text) => out.push_str(&text),
            Atom::Class if is_optional => {}
            Atom::Class => push_unnamed(&mut out, unnamed),
            Atom::Alternative => break,
        }
        at = next.max(at + 1);
    }
    out
}

/// A part of an expression.
enum Atom {
    /// An anchor or an assertion.
    Nothing,
    /// Fixed text.
    Text(String),
    /// Parameters, perhaps with text around them, as they are printed.
    Param(String),
    /// Any of several characters.
    Class,
    /// `|`: what follows is another way.
    Alternative,
}

fn push_unnamed(out: &mut String, unnamed: &mut u32) {
    *unnamed += 1;
    let _ = write!(out, "<arg{unnamed}>");
}

/// The atom at a position, and the position behind it.
fn atom(chars: &[char], at: usize, unnamed: &mut u32) -> (Atom, usize) {
    match chars[at] {
        '^' | '$' => (Atom::Nothing, at + 1),
        '|' => (Atom::Alternative, at + 1),
        '.' if matches!(chars.get(at + 1), Some('*' | '+')) => {
            *unnamed += 1;
            (Atom::Param(format!("<path:arg{unnamed}>")), at + 1)
        }
        // Meant as the character, most often.
        '.' => (Atom::Text(".".to_owned()), at + 1),
        '[' => (Atom::Class, class_end(chars, at)),
        '(' => group(chars, at, unnamed),
        '\\' => match chars.get(at + 1) {
            Some('A' | 'Z' | 'z' | 'b' | 'B') | None => (Atom::Nothing, at + 2),
            Some('d' | 'D' | 'w' | 'W' | 's' | 'S') => (Atom::Class, at + 2),
            Some(c) => (Atom::Text(c.to_string()), at + 2),
        },
        c => (Atom::Text(c.to_string()), at + 1),
    }
}

/// The position behind a class of characters.
fn class_end(chars: &[char], at: usize) -> usize {
    let mut end = at + 1;
    if chars.get(end) == Some(&'^') {
        end += 1;
    }
    if chars.get(end) == Some(&']') {
        end += 1;
    }
    while end < chars.len() && chars[end] != ']' {
        end += if chars[end] == '\\' { 2 } else { 1 };
    }
    (end + 1).min(chars.len())
}

/// The position behind the parenthesis that closes a group.
fn group_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut end) = (0_usize, at);
    while end < chars.len() {
        match chars[end] {
            '\\' => end += 1,
            '[' => {
                end = class_end(chars, end);
                continue;
            }
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return end + 1;
                }
            }
            _ => {}
        }
        end += 1;
    }
    chars.len()
}

fn group(chars: &[char], at: usize, unnamed: &mut u32) -> (Atom, usize) {
    let end = group_end(chars, at);
    let inner: String = chars[at + 1..end.saturating_sub(1).max(at + 1)].iter().collect();
    if let Some(rest) = inner.strip_prefix("?P<").or_else(|| inner.strip_prefix("?<"))
        && let Some((name, body)) = rest.split_once('>')
        && !name.starts_with(['=', '!'])
    {
        let rest = if spans_segments(body) { "path:" } else { "" };
        return (Atom::Param(format!("<{rest}{name}>")), end);
    }
    if let Some(body) = inner.strip_prefix("?:") {
        let text = template(body, unnamed);
        let atom = if text.contains('<') { Atom::Param(text) } else { Atom::Text(text) };
        return (atom, end);
    }
    if inner.starts_with('?') {
        return (Atom::Nothing, end);
    }
    let mut text = String::new();
    push_unnamed(&mut text, unnamed);
    (Atom::Param(text), end)
}

/// A group that takes everything, slashes included.
fn spans_segments(body: &str) -> bool {
    matches!(body, ".*" | ".+" | ".*?" | ".+?")
}

/// Whether a quantifier lets the atom before it be left out, and the position behind it.
fn quantifier(chars: &[char], at: usize) -> (bool, usize) {
    let (is_optional, mut next) = match chars.get(at) {
        Some('?' | '*') => (true, at + 1),
        Some('+') => (false, at + 1),
        Some('{') => {
            let end = chars[at..].iter().position(|c| *c == '}').map_or(chars.len(), |len| at + len + 1);
            (chars.get(at + 1) == Some(&'0'), end)
        }
        _ => return (false, at),
    };
    if matches!(chars.get(next), Some('?' | '+')) {
        next += 1;
    }
    (is_optional, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_become_templates() {
        let check = |pattern: &str, expected: &str| {
            assert_eq!(template(pattern, &mut 0), expected, "{pattern}");
        };
        check("", "");
        check("^$", "");
        check("^articles/$", "articles/");
        check(r"^articles/(?P<slug>[-\w]+)/?$", "articles/<slug>/?");
        check(r"^a/([0-9]{4})/(\d+)\.json\Z", "a/<arg1>/<arg2>.json");
        check(r"^(?P<slug>[\w-]+(/[\w-]+)*)_(?P<pk>\d+)/$", "<slug>_<pk>/");
        check(r"^(?:a|b)/x", "a/x");
        check(r"^media/(?P<path>.*)$", "media/<path:path>");
        check(r"^x(?:/(?P<y>\d+))?/$", "x/<y>/");
        check(r"^v\d+/", "v<arg1>/");
        check("^robots.txt$", "robots.txt");
        check("^app/.*$", "app/<path:arg1>");
        check("^(", "<arg1>");
        check("[", "<arg1>");
        check("\\", "");
    }
}
