//! YAML, by the events of its parser.

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, StructureStyle, Tag, options,
};
use routeward_base::{FxHashMap, Span};

use crate::build::{Builder, DEPTH};
use crate::document::{NodeId, Raw, Read};

/// Reads all documents of a text. One that cannot be read costs the rest of that one.
pub(crate) fn read(text: &str) -> Read {
    let mut reader = Reader { builder: Builder::new(text.len()), anchors: FxHashMap::default(), text };
    let mut parser = Parser::new_from_str_with_options(text, limits());
    while !reader.builder.is_hopeless() {
        match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => reader.event(&event, &span),
            Some(Err(error)) => {
                reader.error(&error);
                if !parser.proceed_next_document().unwrap_or(false) {
                    break;
                }
            }
        }
    }
    reader.builder.finish()
}

/// Comments between the documents of a file are counted while the next one is looked for after an error; no text that
/// people write has so many.
fn limits() -> Options {
    options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
        max_buffered_comment_events: 4096,
    }
}

struct Reader<'t> {
    builder: Builder,
    anchors: FxHashMap<usize, NodeId>,
    text: &'t str,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event<'_>, at: &granit_parser::Span) {
        let span = self.span(at);
        match event {
            Event::Comment(..) => self.builder.comment(span),
            Event::DocumentEnd => self.builder.end_all(),
            Event::Alias(anchor) => self.alias(*anchor, span),
            Event::UnresolvedAlias(name) => {
                let message = format!("there is no anchor `&{name}` before this alias");
                self.builder.warn(
                    span,
                    message,
                    "name an anchor that stands further up in the same document",
                );
                self.builder.leaf(Raw::Unknown, span, None);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(text, *style, span, tag.as_deref());
                self.anchor(*anchor, node);
            }
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag) => {
                let is_map = matches!(event, Event::MappingStart(..));
                let tag = tag.as_deref().and_then(own_tag);
                if let Some(node) = self.builder.begin(is_map, opening(event, span), tag.as_deref()) {
                    self.anchor(*anchor, node);
                }
            }
            // The end of a block is where the next token begins; that of brackets is the bracket.
            Event::SequenceEnd | Event::MappingEnd => self.builder.end((span.len > 0).then_some(span)),
            _ => {}
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span, tag: Option<&Tag>) -> NodeId {
        let core = tag.and_then(Tag::core_suffix);
        let is_plain = match core {
            Some("str") => false,
            Some("null" | "bool" | "int" | "float") => true,
            _ => style == ScalarStyle::Plain && tag.is_none_or(|tag| tag.parts() != ("", "!")),
        };
        let own = tag.and_then(own_tag);
        let is_merge = style == ScalarStyle::Plain && text == "<<" && tag.is_none();
        if is_merge && self.builder.is_before_key() {
            return self.builder.leaf(Raw::Merge, span, None);
        }
        let span = match style {
            // The parser's span goes on to the next token.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let len = span.of(self.text).trim_end().len() as u32;
                Span { len, ..span }
            }
            _ => span,
        };
        // The parser writes `~` for what is not there.
        let text = if span.len == 0 && style == ScalarStyle::Plain { "" } else { text };
        self.builder.scalar(text, is_plain, span, own.as_deref())
    }

    /// `a: &x [*x]` holds itself: no tree says that.
    fn alias(&mut self, anchor: usize, span: Span) {
        let target = self.anchors.get(&anchor).copied();
        let kind = match target {
            Some(node) if !self.builder.is_open(node) => Raw::Alias(node),
            Some(_) => {
                let message = "the alias stands inside of what it stands for".to_owned();
                self.builder.warn(span, message, "name another anchor");
                Raw::Unknown
            }
            None => Raw::Unknown,
        };
        self.builder.leaf(kind, span, None);
    }

    fn anchor(&mut self, anchor: usize, node: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }

    fn error(&mut self, error: &ScanError) {
        let start = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let rest = self.text.get(start..).unwrap_or("");
        let len = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        let span = Span { start: start as u32, len: len as u32 };
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => self.builder.too_deep(span),
            kind => self.builder.fail(span, kind.to_string(), remedy(kind)),
        }
        self.builder.end_all();
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        let end = range.end.min(self.text.len());
        Span::new(range.start.min(end) as u32, end as u32)
    }
}

/// The span of a collection before its children are known.
fn opening(event: &Event<'_>, span: Span) -> Span {
    match event {
        Event::SequenceStart(StructureStyle::Flow, ..) | Event::MappingStart(StructureStyle::Flow, ..) => {
            span
        }
        _ => Span { len: 0, ..span },
    }
}

/// A tag that says more than what the value is.
fn own_tag(tag: &Tag) -> Option<String> {
    let says_nothing = tag.core_suffix().is_some() || tag.parts() == ("", "!");
    (!says_nothing).then(|| tag.original())
}

fn remedy(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart => "indent with spaces",
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            "close the quotation mark that was opened before"
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::MisplacedFlowCollectionEnd => "close each bracket by its like",
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            "put a comma there, or close the bracket; a template's braces have to stand in quotation marks"
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => "indent the lines of one map or list alike",
        ErrorKind::MappingValueNotAllowed | ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "put a text that holds `: ` into quotation marks, and a colon behind each key"
        }
        ErrorKind::UnexpectedCharacter { .. } => {
            "put a text that begins with a special character into quotation marks"
        }
        ErrorKind::UndeclaredTagHandle => "declare the tag's handle with `%TAG`, or use a plain `!tag`",
        _ => "check the syntax there",
    }
}
