//! Assignments to variables of an environment: `NAME=value`, `export NAME="…"`, `NAME: value`, and `NAME` alone, which is
//! handed on from the environment around it. Variables in values stay as they are written.

use routeward_base::Span;

use crate::build::Builder;
use crate::document::{Raw, Read};
use crate::skip;

const REMEDY: &str = "write `NAME=value`, or `#` in front of a remark";

/// Reads a text, line by line. A line that is no assignment is told and left out.
pub(crate) fn read(text: &str) -> Read {
    let mut builder = Builder::new(text.len());
    let mut at = crate::beginning(text);
    let _ = builder.begin(true, Span::new(at as u32, at as u32), None);
    let mut reader = Reader { builder, text, unclosed: String::new() };
    while at < text.len() && !reader.builder.is_hopeless() {
        at = reader.line(at);
    }
    reader.builder.finish()
}

struct Reader<'t> {
    builder: Builder,
    text: &'t str,
    /// Quotation marks that nothing closes up to the end of the text.
    unclosed: String,
}

impl Reader<'_> {
    /// Reads what begins at an offset; gives where the next line begins.
    fn line(&mut self, start: usize) -> usize {
        let from = skip(self.text, start, char::is_whitespace);
        let end = crate::line_end(self.text, from);
        if from >= self.text.len() {
            return from;
        }
        if self.text[from..].starts_with('#') {
            self.builder.comment(Span::new(from as u32, end as u32));
            return end;
        }
        let rest = self.text[from..end].strip_prefix("export");
        let is_exported = rest.is_some_and(|rest| rest.starts_with([' ', '\t']));
        let from = if is_exported { skip(self.text, from + "export".len(), is_blank) } else { from };
        let name = from + self.text[from..end].find(|c| !is_of_name(c)).unwrap_or(end - from);
        let sign = skip(self.text, name, is_blank);
        let behind = &self.text[sign.min(end)..end];
        let is_assigned = behind.starts_with('=') || behind.starts_with(": ") || behind == ":";
        if name == from || !(is_assigned || behind.is_empty() || behind.starts_with('#')) {
            let span = Span::new(from as u32, end as u32);
            self.builder.fail(span, "the line assigns nothing".to_owned(), REMEDY);
            return end;
        }
        let place = Span::new(from as u32, name as u32);
        self.builder.scalar(&self.text[from..name], false, place, None);
        if !is_assigned {
            self.builder.leaf(Raw::Unknown, Span::new(name as u32, name as u32), None);
            return end;
        }
        let value = skip(self.text, sign + 1, is_blank).min(end);
        self.value(value, end)
    }

    fn value(&mut self, at: usize, end: usize) -> usize {
        let quote = self.text[at..end].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        if let Some(quote) = quote.filter(|quote| !self.unclosed.contains(*quote)) {
            if let Some((said, close)) = quoted(self.text, at, quote) {
                self.builder.scalar(&said, false, Span::new(at as u32, close as u32), None);
                return crate::line_end(self.text, close);
            }
            self.unclosed.push(quote);
            let span = Span::new(at as u32, end as u32);
            self.builder.warn(span, "the quotation mark is not closed".to_owned(), "close it");
        }
        let line = &self.text[at..end];
        let comment = line.match_indices('#').find(|(i, _)| *i == 0 || line[..*i].ends_with(is_blank));
        if let Some((i, _)) = comment {
            self.builder.comment(Span::new((at + i) as u32, end as u32));
        }
        let said = line[..comment.map_or(line.len(), |(i, _)| i)].trim_end();
        self.builder.scalar(said, true, Span::new(at as u32, (at + said.len()) as u32), None);
        end
    }
}

/// A text in quotation marks that may go over lines, and where it ends.
fn quoted(text: &str, at: usize, quote: char) -> Option<(String, usize)> {
    let mut said = String::new();
    let mut chars = text[at..].char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            _ if c == quote => return Some((said, at + i + c.len_utf8())),
            // Nothing is escaped between single ones.
            '\\' if quote == '"' => match chars.next()?.1 {
                'n' => said.push('\n'),
                'r' => said.push('\r'),
                't' => said.push('\t'),
                '\n' => {}
                other if matches!(other, '"' | '\\' | '$' | '`') => said.push(other),
                other => said.extend(['\\', other]),
            },
            _ => said.push(c),
        }
    }
    None
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}
