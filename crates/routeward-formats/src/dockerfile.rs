//! Instructions that build an image of a container (the reference of Dockerfile): one an entry, in order.

use routeward_base::Span;

use crate::build::Builder;
use crate::document::{Raw, Read};

/// Reads a text. Every line is an instruction, goes on with one, or is a remark.
pub(crate) fn read(text: &str) -> Read {
    let from = crate::beginning(text);
    let mut builder = Builder::new(text.len());
    let _ = builder.begin(false, Span::new(from as u32, from as u32), None);
    let mut reader = Reader { builder, text, escape: '\\', has_open_document: false };
    let mut at = from;
    while at < text.len() && !reader.builder.is_hopeless() {
        at = reader.line(at);
    }
    reader.builder.finish()
}

struct Reader<'t> {
    builder: Builder,
    text: &'t str,
    /// What continues a line, and takes the meaning from what follows it.
    escape: char,
    /// The end of a document was not found: none is looked for again.
    has_open_document: bool,
}

/// A piece of an instruction: the text, and where it stands.
struct Word {
    said: String,
    start: usize,
    end: usize,
}

impl Reader<'_> {
    /// Reads what begins at an offset; gives where the next line begins.
    fn line(&mut self, start: usize) -> usize {
        let from = self.text.len() - self.text[start..].trim_start().len();
        let end = crate::line_end(self.text, from);
        if from >= self.text.len() {
            return from;
        }
        if self.text[from..].starts_with('#') {
            let said = self.text[from..end].trim_start_matches('#').trim();
            if said.split_once('=').is_some_and(|(name, mark)| name.trim() == "escape" && mark.trim() == "`")
            {
                self.escape = '`';
            }
            self.builder.comment(Span::new(from as u32, end as u32));
            return end;
        }
        let word = from + self.text[from..end].find(char::is_whitespace).unwrap_or(end - from);
        let name = self.text[from..word].to_ascii_uppercase();
        let place = Span::new(from as u32, word as u32);
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let span = Span::new(from as u32, end as u32);
            self.builder.fail(span, "the line begins with no instruction".to_owned(), "begin it with one");
            return end;
        }
        let body = self.body(word);
        let _ = self.builder.begin(true, Span::new(from as u32, from as u32), None);
        self.builder.scalar(&name, false, place, None);
        match &*name {
            "ENV" | "ARG" | "LABEL" => self.pairs(&body, &name),
            _ => self.rest(&body),
        }
        self.builder.end(None);
        body.end
    }

    /// What stands behind the word of an instruction, up to the end of its last line, with what continues lines and the
    /// remarks between them left as they are; and the lines of the documents that it opens (`<<EOF`).
    fn body(&mut self, word: usize) -> Word {
        let start = word + self.text[word..].find(|c| !matches!(c, ' ' | '\t')).unwrap_or(0);
        let mut at = start;
        let mut said = String::new();
        loop {
            let end = crate::line_end(self.text, at);
            let line = &self.text[at..end];
            let is_remark = at > start && line.trim_start().starts_with('#');
            let open = line.trim_end().strip_suffix(self.escape);
            if !is_remark {
                said.push_str(open.unwrap_or(line));
            }
            let next = crate::next_line(self.text, end);
            if next >= self.text.len() || !is_remark && open.is_none() {
                return self.documents(said, start, end);
            }
            at = next;
        }
    }

    fn documents(&mut self, mut said: String, start: usize, mut end: usize) -> Word {
        const MOST: usize = 8;
        if self.has_open_document {
            return Word { said, start: start.min(end), end };
        }
        let marks: Vec<String> = said
            .match_indices("<<")
            .take(MOST)
            .filter_map(|(i, _)| {
                let rest = said[i + 2..].trim_start_matches('-').trim_start_matches(['"', '\'']);
                let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                let is_mark = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                is_mark.then(|| rest[..len].to_owned())
            })
            .collect();
        for mark in marks {
            let mut at = end;
            let closed = loop {
                let Some(len) = self.text[at..].find('\n') else { break None };
                let line = at + len + 1;
                at = crate::line_end(self.text, line);
                if self.text[line..at].trim() == mark {
                    break Some(at);
                }
                if at >= self.text.len() {
                    break None;
                }
            };
            // Without its end it is none, such as a shift of bits.
            let Some(closed) = closed else {
                self.has_open_document = true;
                break;
            };
            said.push_str(&self.text[end..closed]);
            end = closed;
        }
        Word { said, start: start.min(end), end }
    }

    fn rest(&mut self, body: &Word) {
        let said = body.said.trim();
        let span = Span::new(body.start as u32, body.end as u32);
        self.builder.scalar(said, said.is_empty(), span, None);
    }

    /// `NAME=value NAME="…"`, and `NAME value` of old.
    fn pairs(&mut self, body: &Word, instruction: &str) {
        let _ = self.builder.begin(true, Span::new(body.start as u32, body.start as u32), None);
        let mut at = body.start;
        let mut is_first = true;
        while let Some(name) = self.word(at, body.end, true) {
            at = name.end;
            let place = Span::new(name.start as u32, name.end as u32);
            let is_given = self.text[at..body.end].starts_with('=');
            if name.said.is_empty() && !is_given {
                break;
            }
            self.builder.scalar(&name.said, false, place, None);
            if is_given {
                let value = self.value(at + 1, body.end);
                at = value.end;
                self.given(&value);
            } else if is_first && instruction != "ARG" {
                let start = at + self.text[at..body.end].len() - self.text[at..body.end].trim_start().len();
                let said = self.text[start..body.end].trim_end().to_owned();
                let end = start + said.len();
                self.given(&Word { said, start, end });
                break;
            } else {
                self.builder.leaf(Raw::Unknown, Span::new(at as u32, at as u32), None);
            }
            is_first = false;
        }
        self.builder.end(None);
    }

    fn given(&mut self, value: &Word) {
        let span = Span::new(value.start as u32, value.end as u32);
        let is_plain = value.said.len() == value.end - value.start;
        self.builder.scalar(&value.said, is_plain, span, None);
    }

    /// The next word behind blanks, remarks and what continues a line; a name ends at its `=`.
    fn word(&self, from: usize, to: usize, is_name: bool) -> Option<Word> {
        let mut at = from;
        loop {
            let rest = &self.text[at..to];
            let blank = rest.len() - rest.trim_start().len();
            let is_fresh = rest[..blank].contains('\n');
            at += blank;
            let rest = &self.text[at..to];
            if is_fresh && rest.starts_with('#') {
                at = crate::line_end(self.text, at).min(to);
            } else if rest
                .strip_prefix(self.escape)
                .is_some_and(|rest| rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n'))
            {
                at += self.escape.len_utf8();
            } else {
                break;
            }
        }
        if at >= to {
            return None;
        }
        let word = self.value_until(at, to, is_name);
        // Whatever stands there is passed, so that the end is reached.
        Some(if word.end == at && !self.text[at..].starts_with('=') {
            Word { end: to, ..word }
        } else {
            word
        })
    }

    fn value(&self, at: usize, to: usize) -> Word {
        self.value_until(at, to, false)
    }

    /// A word with its quotation marks and escapes resolved.
    fn value_until(&self, start: usize, to: usize, is_name: bool) -> Word {
        let (mut said, mut quote, mut end) = (String::new(), None, to);
        let mut chars = self.text[start..to].char_indices();
        while let Some((i, c)) = chars.next() {
            match (quote, c) {
                (Some(mark), _) if c == mark => quote = None,
                (None, '"' | '\'') if !is_name => quote = Some(c),
                (Some('\''), _) => said.push(c),
                (_, _) if c == self.escape => match chars.next() {
                    Some((_, '\n')) => {}
                    Some((_, '\r')) => {}
                    Some((_, other)) if matches!(other, '"' | '\'' | ' ' | '$') || other == self.escape => {
                        said.push(other);
                    }
                    Some((_, other)) => said.extend([c, other]),
                    None => said.push(c),
                },
                (None, _) if c.is_whitespace() || is_name && c == '=' => {
                    end = start + i;
                    break;
                }
                _ => said.push(c),
            }
        }
        Word { said, start, end }
    }
}
