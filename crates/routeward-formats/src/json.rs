//! JSON, by the tokens of its scanner.
//!
//! YAML's parser does not do for it: escapes of two surrogates, keys of over 1,024 characters, tabs and comments are
//! read otherwise there.

use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::tokens::Token;
use jsonc_parser::{ParseStringErrorKind, Scanner, ScannerOptions};
use routeward_base::Span;

use crate::build::Builder;
use crate::document::{Raw, Read};

/// Reads a text. After an error it goes on behind it.
pub(crate) fn read(text: &str) -> Read {
    let mut reader = Reader { builder: Builder::new(text.len()), text, skipped: 0, has_comma: true };
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while at < text.len() && !reader.builder.is_hopeless() {
        at = reader.run(at);
    }
    reader.finish()
}

struct Reader<'t> {
    builder: Builder,
    text: &'t str,
    /// How many brackets are open that were nested too deep.
    skipped: usize,
    /// An element may begin here.
    has_comma: bool,
}

impl<'t> Reader<'t> {
    /// Reads from an offset to the end or the first text that is no token; gives where to go on.
    fn run(&mut self, from: usize) -> usize {
        let text = self.text;
        let rest: &'t str = text.get(from..).unwrap_or("");
        let mut scanner = Scanner::new(rest, &ScannerOptions::default());
        while !self.builder.is_hopeless() {
            match scanner.scan() {
                Ok(None) => return text.len(),
                Ok(Some(token)) => {
                    let span = self.span(from + scanner.token_start(), from + scanner.token_end());
                    if matches!(token, Token::String(_)) && breaks_line(span.of(text)) {
                        let kind = ParseErrorKind::String(ParseStringErrorKind::UnterminatedStringLiteral);
                        return self.no_token(&kind, span, span.start as usize);
                    }
                    self.token(&token, span);
                }
                Err(error) => {
                    let range = error.range();
                    let span = self.span(from + range.start, from + range.end);
                    return self.no_token(error.kind(), span, from + scanner.token_start());
                }
            }
        }
        text.len()
    }

    fn token(&mut self, token: &Token<'_>, span: Span) {
        match token {
            Token::CommentLine(_) | Token::CommentBlock(_) => self.builder.comment(span),
            Token::OpenBrace | Token::OpenBracket if self.skipped > 0 => self.skipped += 1,
            Token::CloseBrace | Token::CloseBracket if self.skipped > 0 => self.skipped -= 1,
            _ if self.skipped > 0 => {}
            Token::OpenBrace => self.open(true, span),
            Token::OpenBracket => self.open(false, span),
            Token::CloseBrace => self.close(true, span),
            Token::CloseBracket => self.close(false, span),
            Token::Comma => self.comma(span),
            Token::Colon => self.colon(span),
            Token::String(text) => self.scalar(text, false, span),
            Token::Number(text) => self.scalar(text, !self.builder.is_before_key(), span),
            Token::Boolean(_) | Token::Null => {
                self.scalar(token.as_str(), !self.builder.is_before_key(), span);
            }
            Token::Word(text) if self.builder.is_before_key() => self.scalar(text, false, span),
            Token::Word(text) => {
                let message = format!("`{text}` stands without quotation marks");
                self.builder.fail(span, message, "put it into quotation marks");
                self.value(span);
                self.builder.leaf(Raw::Unknown, span, None);
            }
        }
    }

    fn open(&mut self, is_map: bool, span: Span) {
        self.value(span);
        if self.builder.is_before_key() {
            self.wrong(span, "a key cannot be a list or map", "name a key");
        }
        if self.builder.begin(is_map, span, None).is_none() {
            self.skipped = 1;
            self.builder.leaf(Raw::Unknown, span, None);
            return;
        }
        self.has_comma = true;
    }

    fn close(&mut self, is_map: bool, span: Span) {
        match self.builder.is_in_map() {
            None => return self.wrong(span, "there is nothing to close", "take the bracket away"),
            Some(open) if open != is_map => {
                self.wrong(span, "another bracket was opened", "close each bracket by its like");
            }
            Some(_) if self.builder.is_behind_key() => {
                self.wrong(span, "the last key has no value", "give it one");
            }
            Some(_) => {}
        }
        self.builder.end(Some(span));
        self.has_comma = false;
    }

    fn comma(&mut self, span: Span) {
        if self.builder.is_behind_key() {
            self.wrong(span, "the key before the comma has no value", "give it one");
            self.builder.leaf(Raw::Unknown, Span { len: 0, ..span }, None);
        } else if self.has_comma || self.builder.is_in_map().is_none() {
            self.wrong(span, "the comma separates nothing", "take it away");
        }
        self.has_comma = true;
    }

    /// The scanner's tokens do not say which colon belongs to a key; the builder's state does.
    fn colon(&mut self, span: Span) {
        if !self.builder.is_behind_key() {
            self.wrong(span, "the colon follows no key", "take it away");
        }
        self.has_comma = true;
    }

    fn scalar(&mut self, text: &str, is_plain: bool, span: Span) {
        self.value(span);
        self.builder.scalar(text, is_plain, span, None);
    }

    /// A key, element, or value begins.
    fn value(&mut self, span: Span) {
        if !self.has_comma {
            self.wrong(span, "a comma or colon is missing in front of it", "put it there");
        }
        if self.builder.is_in_map().is_none() && self.builder.has_root() {
            self.wrong(span, "there is more than one value in the file", "keep one");
        }
        self.has_comma = false;
    }

    fn wrong(&mut self, span: Span, what: &str, remedy: &'static str) {
        self.builder.fail(span, what.to_owned(), remedy);
    }

    /// Tells of a text that is no token; gives where the next one may begin.
    fn no_token(&mut self, kind: &ParseErrorKind, span: Span, token: usize) -> usize {
        let message = kind.to_string();
        let mut message = message.chars();
        let message: String =
            message.next().into_iter().flat_map(char::to_lowercase).chain(message).collect();
        self.wrong(span, &message, remedy(kind));
        let rest = self.text.get(token..).unwrap_or("");
        let len = match rest.chars().next() {
            // A text that is not closed, or holds what it may not, is taken to end with its line.
            Some(quote @ ('"' | '\'')) => {
                let len = string_len(rest, quote);
                let span = self.span(token, token + len);
                if self.skipped == 0 {
                    self.value(span);
                    self.builder.leaf(Raw::Unknown, span, None);
                }
                len
            }
            Some('/') if matches!(kind, ParseErrorKind::UnterminatedCommentBlock) => rest.len(),
            // Whatever stands there up to what may be a token again.
            Some(c) => {
                let first = c.len_utf8();
                let is_token = |c: char| c.is_whitespace() || "{}[],:\"'/".contains(c);
                rest[first..].find(is_token).map_or(rest.len(), |len| first + len)
            }
            None => 1,
        };
        token + len
    }

    fn finish(mut self) -> Read {
        if self.builder.is_in_map().is_some() && !self.builder.is_hopeless() {
            let end = self.text.len() as u32;
            let message = "it ends before all brackets are closed".to_owned();
            self.builder.fail(Span::new(end, end), message, "close each bracket by its like");
        }
        self.builder.finish()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let end = end.min(self.text.len());
        Span::new(start.min(end) as u32, end as u32)
    }
}

/// A string goes over the end of its line, and no backslash says that it is meant to.
fn breaks_line(string: &str) -> bool {
    string.lines().rev().skip(1).any(|line| !line.ends_with('\\'))
}

/// The bytes up to the closing quotation mark in the line, or up to the end of the line.
fn string_len(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '\n' | '\r' => return i,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return i + 1,
            _ => {}
        }
    }
    text.len()
}

fn remedy(kind: &ParseErrorKind) -> &'static str {
    match kind {
        ParseErrorKind::String(_) => "check the quotation marks and escapes there",
        ParseErrorKind::UnterminatedCommentBlock => "close the comment with `*/`",
        _ => "check the syntax there",
    }
}
