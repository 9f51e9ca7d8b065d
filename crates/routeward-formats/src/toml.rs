//! TOML, by the events of its parser.

use std::borrow::Cow;

use routeward_base::Span;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{EventReceiver, parse_document};
use toml_parser::{ErrorSink, ParseError, Raw as Written, Source};

use crate::build::Builder;
use crate::document::{Raw, Read};

/// Reads a text. What is wrong costs the line or the brackets that it stands in.
pub(crate) fn read(text: &str) -> Read {
    let from = crate::beginning(text);
    let source = Source::new(&text[from..]);
    let tokens = source.lex().into_vec();
    let mut errors: Vec<ParseError> = Vec::new();
    let mut reader = Reader::new(text, from);
    // The parser goes no deeper than the builder does.
    parse_document(&tokens, &mut reader, &mut errors);
    for error in errors {
        let span = error.unexpected().or(error.context());
        let span = span.map_or_else(|| Span::new(from as u32, from as u32), |span| reader.span(span));
        if !reader.builder.is_hopeless() {
            reader.builder.fail(span, error.description().to_owned(), "check the syntax there");
        }
    }
    reader.builder.finish()
}

struct Reader<'t> {
    builder: Builder,
    text: &'t str,
    /// Where the parser's text begins.
    from: usize,
    /// How many maps and lists are open for the table that a header has begun.
    table: usize,
    /// How many maps are open for the dotted key in each of the brackets that are open, and outside of them.
    dots: Vec<usize>,
    is_header: bool,
    is_behind_dot: bool,
    /// Where brackets open that were not entered.
    refused: Option<u32>,
    /// The table is nested too deep: nothing of it is kept.
    is_lost: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, from: usize) -> Self {
        let mut builder = Builder::repeating(text.len());
        let _ = builder.begin(true, Span::new(from as u32, from as u32), None);
        Self {
            builder,
            text,
            from,
            table: 0,
            dots: vec![0],
            is_header: false,
            is_behind_dot: false,
            refused: None,
            is_lost: false,
        }
    }

    fn span(&self, span: toml_parser::Span) -> Span {
        let end = (self.from + span.end()).min(self.text.len());
        Span::new((self.from + span.start()).min(end) as u32, end as u32)
    }

    /// What stands behind a key is read, or is missing: the maps of a dotted key are closed.
    fn settle(&mut self, at: u32) {
        if self.builder.is_behind_key() {
            self.builder.leaf(Raw::Unknown, Span::new(at, at), None);
        }
        if let Some(dots) = self.dots.last_mut() {
            for _ in 0..std::mem::take(dots) {
                self.builder.end(None);
            }
        }
        self.is_behind_dot = false;
    }

    /// A header begins: the table before it is over.
    fn header(&mut self, span: Span) {
        while self.dots.len() > 1 {
            self.settle(span.start);
            self.dots.pop();
            self.builder.end(None);
        }
        self.settle(span.start);
        for _ in 0..std::mem::take(&mut self.table) {
            self.builder.end(None);
        }
        (self.is_header, self.is_lost) = (true, false);
    }

    /// Opens a map or list inside of what is open; false where it is nested too deep.
    fn open(&mut self, is_map: bool, at: u32) -> bool {
        let is_open = self.builder.begin(is_map, Span::new(at, at), None).is_some();
        if !is_open {
            self.builder.leaf(Raw::Unknown, Span::new(at, at), None);
            self.is_lost = true;
        }
        is_open
    }

    fn header_end(&mut self, is_list: bool, span: Span) {
        self.is_header = false;
        if self.is_lost || !self.builder.is_behind_key() {
            return;
        }
        for is_map in [false, true].into_iter().skip(usize::from(!is_list)) {
            if !self.open(is_map, span.end()) {
                return;
            }
            self.table += 1;
        }
    }

    fn key(&mut self, span: Span, text: &str) {
        if self.is_lost || self.builder.is_in_map() != Some(true) {
            return;
        }
        if self.builder.is_behind_key() {
            if self.is_header || self.is_behind_dot {
                if !self.open(true, span.start) {
                    return;
                }
                match self.dots.last_mut() {
                    Some(dots) if !self.is_header => *dots += 1,
                    _ => self.table += 1,
                }
            } else {
                self.settle(span.start);
            }
        }
        self.is_behind_dot = false;
        self.builder.scalar(text, false, span, None);
    }

    fn brackets(&mut self, is_map: bool, span: Span) -> bool {
        let has_place = !self.is_lost && !self.builder.is_before_key() && !self.is_header;
        if !has_place || self.builder.begin(is_map, span, None).is_none() {
            if has_place {
                self.builder.leaf(Raw::Unknown, span, None);
                self.after_value(span.end());
            }
            self.refused = Some(span.start);
            return false;
        }
        self.dots.push(0);
        true
    }

    fn close(&mut self, span: Span) {
        if self.refused == Some(span.start) || self.dots.len() <= 1 {
            return;
        }
        self.settle(span.start);
        self.dots.pop();
        self.builder.end(Some(span));
        self.after_value(span.end());
    }

    fn after_value(&mut self, at: u32) {
        if self.builder.is_in_map() == Some(true) {
            self.settle(at);
        }
    }
}

impl EventReceiver for Reader<'_> {
    fn std_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.header(self.span(span));
    }

    fn std_table_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.header_end(false, self.span(span));
    }

    fn array_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.header(self.span(span));
    }

    fn array_table_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.header_end(true, self.span(span));
    }

    fn inline_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.brackets(true, self.span(span))
    }

    fn inline_table_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close(self.span(span));
    }

    fn array_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.brackets(false, self.span(span))
    }

    fn array_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close(self.span(span));
    }

    fn simple_key(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let place = self.span(span);
        let mut text = Cow::Borrowed("");
        Written::new_unchecked(place.of(self.text), encoding, span).decode_key(&mut text, error);
        self.key(place, &text);
    }

    fn key_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.is_behind_dot = true;
    }

    fn scalar(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let place = self.span(span);
        let mut text = Cow::Borrowed("");
        let kind =
            Written::new_unchecked(place.of(self.text), encoding, span).decode_scalar(&mut text, error);
        if self.is_lost || self.is_header || self.builder.is_before_key() {
            return;
        }
        let is_text = matches!(kind, ScalarKind::String | ScalarKind::DateTime);
        self.builder.scalar(&text, !is_text, place, None);
        self.after_value(place.end());
    }

    fn newline(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        if self.dots.len() == 1 && !self.is_header {
            self.settle(self.span(span).start);
        }
    }

    fn comment(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.builder.comment(self.span(span));
    }
}
