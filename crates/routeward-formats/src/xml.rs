//! XML, with an own scanner: what is read are elements, attributes, texts and their places. A document type and what its
//! entities stand for is passed over, so that nothing grows and nothing is fetched.

use routeward_base::Span;

use crate::build::Builder;
use crate::document::{NodeId, Raw, Read};

/// Reads a text. What is not closed is closed by what is around it.
pub(crate) fn read(text: &str) -> Read {
    let from = crate::beginning(text);
    let mut builder = Builder::repeating(text.len());
    let _ = builder.begin(true, Span::new(from as u32, from as u32), None);
    let mut reader = Reader { builder, text, open: Vec::new(), deep: 0 };
    let mut at = from;
    while at < text.len() && !reader.builder.is_hopeless() {
        at = reader.next(at);
    }
    reader.finish()
}

/// An element that is open.
struct Element<'t> {
    name: &'t str,
    /// It is a map; else nothing but texts was seen in it.
    is_map: bool,
    /// Texts that were seen before it is known what it is.
    said: String,
    /// Where these stand.
    span: Option<Span>,
    /// Where its content begins.
    start: usize,
}

struct Reader<'t> {
    builder: Builder,
    text: &'t str,
    open: Vec<Element<'t>>,
    /// How many elements are open that were nested too deep.
    deep: usize,
}

impl<'t> Reader<'t> {
    /// Reads what begins at an offset; gives where to go on.
    fn next(&mut self, at: usize) -> usize {
        let rest: &'t str = &self.text[at..];
        let until = |mark: &str, skip: usize| {
            rest.get(skip..)
                .and_then(|inner| inner.find(mark))
                .map(|len| (skip + len, skip + len + mark.len()))
        };
        let whole = (rest.len(), rest.len());
        if !rest.starts_with('<') {
            let len = rest.find('<').unwrap_or(rest.len());
            self.says(at, at + len, true);
            return at + len;
        }
        let is_closed;
        let end = if rest.starts_with("<!--") {
            let end = until("-->", 4);
            is_closed = end.is_some();
            self.builder.comment(Span::new(at as u32, (at + end.unwrap_or(whole).1) as u32));
            end
        } else if rest.starts_with("<![CDATA[") {
            let end = until("]]>", 9);
            is_closed = end.is_some();
            self.says(at + 9, at + end.unwrap_or(whole).0, false);
            end
        } else if rest.starts_with("<?") {
            let end = until("?>", 2);
            is_closed = end.is_some();
            end
        } else if rest.starts_with("<!") {
            let end = doctype(rest);
            is_closed = end.is_some();
            end.map(|end| (end, end))
        } else {
            return self.tag(at);
        };
        if !is_closed {
            let span = Span::new(at as u32, (at + 1) as u32);
            self.builder.fail(span, "it is not closed".to_owned(), "close it");
        }
        at + end.unwrap_or(whole).1
    }

    fn tag(&mut self, at: usize) -> usize {
        let from = at + 1;
        let is_end = self.text[from..].starts_with('/');
        let from = from + usize::from(is_end);
        let name = word(self.text, from);
        if name == from {
            let span = Span::new(at as u32, from as u32);
            self.builder.fail(span, "`<` begins no element".to_owned(), "write `&lt;`");
            return from;
        }
        if is_end {
            let end = self.text[name..].find('>').map_or(self.text.len(), |len| name + len + 1);
            self.close(&self.text[from..name], at);
            return end;
        }
        self.begin(from, name)
    }

    /// Opens an element with its attributes; gives where its content begins.
    fn begin(&mut self, from: usize, to: usize) -> usize {
        let name: &'t str = &self.text[from..to];
        let is_in = self.deep == 0 && self.be_map();
        if is_in {
            self.builder.scalar(name, false, Span::new(from as u32, to as u32), None);
        }
        let mut element = Element { name, is_map: false, said: String::new(), span: None, start: to };
        let mut at = to;
        loop {
            at = skip(self.text, at);
            let rest = &self.text[at..];
            let Some(c) = rest.chars().next() else {
                let span = Span::new(from as u32, to as u32);
                self.builder.fail(span, "the tag is not closed".to_owned(), "close it with `>`");
                break;
            };
            let is_empty = rest.starts_with("/>");
            if is_empty || c == '>' || c == '<' {
                // `<a <b>`: the tag before was not closed.
                at += if is_empty { 2 } else { usize::from(c == '>') };
                element.start = at;
                self.enter(element, is_in);
                if is_empty {
                    self.leave(at, is_in);
                }
                return at;
            }
            at = self.attribute(at, &mut element, is_in);
        }
        element.start = at;
        self.enter(element, is_in);
        at
    }

    fn attribute(&mut self, at: usize, element: &mut Element<'t>, is_in: bool) -> usize {
        let name = word(self.text, at);
        if name == at {
            return at + self.text[at..].chars().next().map_or(1, char::len_utf8);
        }
        let sign = skip(self.text, name);
        if !self.text[sign..].starts_with('=') {
            return name;
        }
        let from = skip(self.text, sign + 1);
        let quote = self.text[from..].chars().next().filter(|c| matches!(c, '"' | '\''));
        let (start, end) = match quote {
            Some(quote) => {
                let inner = self.text[from + 1..].find([quote, '<']);
                (from + 1, inner.map_or(self.text.len(), |len| from + 1 + len))
            }
            None => (from, word(self.text, from)),
        };
        if is_in {
            if !element.is_map {
                element.is_map = self.builder.begin(true, Span::new(at as u32, at as u32), None).is_some();
            }
            if element.is_map {
                let said = resolved(&self.text[start..end]);
                self.builder.scalar(
                    &format!("@{}", &self.text[at..name]),
                    false,
                    Span::new(at as u32, name as u32),
                    None,
                );
                self.builder.scalar(&said, true, Span::new(start as u32, end as u32), None);
            }
        }
        let is_closed = quote.is_some_and(|quote| self.text[end..].starts_with(quote));
        end.max(name) + usize::from(is_closed)
    }

    fn enter(&mut self, element: Element<'t>, is_in: bool) {
        if is_in && !(element.is_map || self.has_room()) {
            self.builder.too_deep(Span::new(element.start as u32, element.start as u32));
            self.unknown(element.start);
            self.deep = 1;
            self.open.push(element);
        } else {
            self.deep += usize::from(!is_in);
            self.open.push(element);
        }
    }

    /// Another level would fit.
    fn has_room(&self) -> bool {
        self.open.len() + 2 < crate::build::DEPTH
    }

    fn unknown(&mut self, at: usize) -> NodeId {
        self.builder.leaf(Raw::Unknown, Span::new(at as u32, at as u32), None)
    }

    /// Makes the innermost element a map, as something stands in it besides a text; false if it cannot be.
    fn be_map(&mut self) -> bool {
        let Some(element) = self.open.last_mut() else { return true };
        if element.is_map {
            return true;
        }
        let start = element.span.map_or(element.start as u32, |span| span.start);
        let (said, span) = (std::mem::take(&mut element.said), element.span.take());
        element.is_map = true;
        if self.builder.begin(true, Span::new(start, start), None).is_none() {
            element.is_map = false;
            return false;
        }
        if let Some(span) = span {
            self.text_entry(&said, span);
        }
        true
    }

    fn text_entry(&mut self, said: &str, span: Span) {
        self.builder.scalar("#text", false, Span::new(span.start, span.start), None);
        self.builder.scalar(said, true, span, None);
    }

    /// A text in the innermost element.
    fn says(&mut self, from: usize, to: usize, has_references: bool) {
        let written = &self.text[from..to];
        let said = written.trim();
        if said.is_empty() || self.deep > 0 {
            return;
        }
        let start = from + written.len() - written.trim_start().len();
        let span = Span::new(start as u32, (start + said.len()) as u32);
        let said = if has_references { resolved(said) } else { said.to_owned() };
        match self.open.last_mut() {
            Some(element) if element.is_map => self.text_entry(&said, span),
            Some(element) => {
                element.said.push_str(&said);
                element.span = Some(element.span.map_or(span, |before| before.join(span)));
            }
            None => {
                self.builder.fail(span, "there is text outside of all elements".to_owned(), "take it away");
            }
        }
    }

    fn close(&mut self, name: &str, at: usize) {
        const NEAR: usize = 8;
        let near = self.open.iter().rev().take(NEAR).position(|element| element.name == name);
        let Some(inner) = near else {
            let span = Span::new(at as u32, (at + 1) as u32);
            return self.builder.fail(span, format!("`</{name}>` closes nothing"), "take it away");
        };
        if inner > 0 {
            let span = Span::new(at as u32, (at + 1) as u32);
            self.builder.fail(span, format!("`</{name}>` closes another element"), "close each by its like");
        }
        for _ in 0..=inner {
            let is_in = self.deep == 0;
            self.leave(at, is_in);
        }
    }

    /// The innermost element ends.
    fn leave(&mut self, at: usize, is_in: bool) {
        let Some(element) = self.open.pop() else { return };
        if !is_in {
            self.deep = self.deep.saturating_sub(1);
            return;
        }
        if element.is_map {
            self.builder.end(None);
        } else {
            let span = element.span.unwrap_or_else(|| {
                let start = element.start.min(at) as u32;
                Span::new(start, start)
            });
            self.builder.scalar(&element.said, true, span, None);
        }
    }

    fn finish(mut self) -> Read {
        if !self.open.is_empty() && !self.builder.is_hopeless() {
            let end = self.text.len() as u32;
            self.builder.fail(
                Span::new(end, end),
                "it ends before all elements are closed".to_owned(),
                "close each by its like",
            );
        }
        while !self.open.is_empty() {
            let is_in = self.deep == 0;
            self.leave(self.text.len(), is_in);
        }
        self.builder.finish()
    }
}

/// Where a name or a value without quotation marks ends.
fn word(text: &str, at: usize) -> usize {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '=' | '/' | '"' | '\'' | '&');
    text[at..].find(is_end).map_or(text.len(), |len| at + len)
}

fn skip(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

/// The bytes of a document type, with what stands in its brackets.
fn doctype(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(mark), _) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.saturating_sub(1),
            (None, '>') if depth == 0 => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// A text with references to characters resolved; those to other entities stay as they are.
fn resolved(text: &str) -> String {
    const LONGEST: usize = 10;
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        said.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = rest.bytes().skip(1).take(LONGEST + 1).position(|byte| byte == b';');
        let name = len.map(|len| &rest[1..=len]);
        let meant = name.and_then(|name| match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => {
                let digits = name.strip_prefix('#')?;
                let hex = digits.strip_prefix(['x', 'X']);
                let code = hex.map_or_else(|| digits.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
                code.and_then(char::from_u32)
            }
        });
        if let (Some(c), Some(name)) = (meant, name) {
            said.push(c);
            rest = &rest[name.len() + 2..];
        } else {
            said.push('&');
            rest = &rest[1..];
        }
    }
    said.push_str(rest);
    said
}
