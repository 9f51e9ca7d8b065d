//! Builds a tree from what a format meets, in order.

use routeward_base::{FxHashSet, Range32, Span};

use crate::document::{Document, Entry, Fault, NodeId, Raw, Read, Stored};
use crate::node::Kind;
use crate::scalar::{Plain, plain};

/// How deep a tree is at most, so that whoever recurses over one may do so.
pub(crate) const DEPTH: usize = 128;
/// After how many errors the rest of a text is not read.
const ERRORS: usize = 16;

struct Open {
    node: NodeId,
    is_map: bool,
    key: Option<NodeId>,
    entries: Vec<Entry>,
    items: Vec<NodeId>,
}

/// The tree so far, and what is open.
#[derive(Default)]
pub(crate) struct Builder {
    document: Document,
    open: Vec<Open>,
    faults: Vec<Fault>,
    errors: usize,
    /// One thing may be written in several places.
    may_repeat: bool,
}

impl Builder {
    /// A builder for a text of that many bytes.
    pub(crate) fn new(len: usize) -> Self {
        let mut builder = Self::default();
        builder.document.texts.reserve(len / 2);
        builder
    }

    /// The same for a format in which keys stand several times by right.
    pub(crate) fn repeating(len: usize) -> Self {
        Self { may_repeat: true, ..Self::new(len) }
    }

    /// A node without children.
    pub(crate) fn leaf(&mut self, kind: Raw, span: Span, tag: Option<&str>) -> NodeId {
        let id = self.push(kind, span, tag);
        self.attach(id);
        id
    }

    /// A scalar; `is_plain` where its text decides what it is.
    pub(crate) fn scalar(&mut self, text: &str, is_plain: bool, span: Span, tag: Option<&str>) -> NodeId {
        let kept = self.document.push_text(text);
        let kind = match if is_plain { plain(text) } else { Plain::Text } {
            Plain::Null => Raw::Null(kept),
            Plain::Bool(value) => Raw::Bool(value, kept),
            Plain::Number => Raw::Number(kept),
            Plain::Text => Raw::Text(kept),
        };
        self.leaf(kind, span, tag)
    }

    /// Opens a map or list; `None` where it would be nested too deep, which is told.
    pub(crate) fn begin(&mut self, is_map: bool, span: Span, tag: Option<&str>) -> Option<NodeId> {
        if self.open.len() >= DEPTH {
            self.too_deep(span);
            return None;
        }
        let node = self.push(Raw::Unknown, span, tag);
        self.attach(node);
        self.open.push(Open { node, is_map, key: None, entries: Vec::new(), items: Vec::new() });
        Some(node)
    }

    /// Closes what was opened last; `span` is that of the closing bracket, if there is one.
    pub(crate) fn end(&mut self, bracket: Option<Span>) {
        let Some(mut open) = self.open.pop() else { return };
        if let Some(key) = open.key {
            let at = self.document.nodes[key].span.end();
            let value = self.push(Raw::Unknown, Span::new(at, at), None);
            open.entries.push(Entry { key, value });
        }
        let last = open.entries.last().map(|entry| entry.value).or(open.items.last().copied());
        let mut span = self.document.nodes[open.node].span;
        for other in last.map(|last| self.document.nodes[last].span).into_iter().chain(bracket) {
            span = span.join(other);
        }
        let kind = if open.is_map {
            let is_simple = self.is_simple(&open.entries);
            Raw::Map { entries: Range32::extend(&mut self.document.entries, open.entries), is_simple }
        } else {
            Raw::List(Range32::extend(&mut self.document.items, open.items))
        };
        let node = &mut self.document.nodes[open.node];
        (node.kind, node.span) = (kind, span);
    }

    /// Closes everything: the text, or one of its documents, ends.
    pub(crate) fn end_all(&mut self) {
        while !self.open.is_empty() {
            self.end(None);
        }
    }

    /// Whether the innermost open node is a map; `None` where nothing is open.
    pub(crate) fn is_in_map(&self) -> Option<bool> {
        self.open.last().map(|open| open.is_map)
    }

    /// A key without its value was the last thing.
    pub(crate) fn is_behind_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.key.is_some())
    }

    /// A map waits for a key.
    pub(crate) fn is_before_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_map && open.key.is_none())
    }

    /// The node is still open.
    pub(crate) fn is_open(&self, node: NodeId) -> bool {
        self.open.iter().any(|open| open.node == node)
    }

    /// A tree stands already at the top.
    pub(crate) fn has_root(&self) -> bool {
        !self.document.roots.is_empty()
    }

    /// A comment.
    pub(crate) fn comment(&mut self, span: Span) {
        self.document.comments.push(span);
    }

    /// Something is wrong, but all that is there was read.
    pub(crate) fn warn(&mut self, span: Span, message: String, remedy: &'static str) {
        self.faults.push(Fault { span, message, remedy });
    }

    /// Something is wrong, and what follows may be missing.
    pub(crate) fn fail(&mut self, span: Span, message: String, remedy: &'static str) {
        self.document.is_cut = true;
        self.errors += 1;
        self.warn(span, message, remedy);
    }

    /// Tells that a map or list is nested too deep.
    pub(crate) fn too_deep(&mut self, span: Span) {
        let message = format!("it is nested deeper than {DEPTH} levels, and was not read further there");
        self.fail(span, message, "flatten what is nested there");
    }

    /// There are so many faults that reading on tells nothing.
    pub(crate) fn is_hopeless(&self) -> bool {
        self.errors >= ERRORS
    }

    /// The tree, with everything closed.
    pub(crate) fn finish(mut self) -> Read {
        self.end_all();
        self.document.comments.sort();
        self.faults.sort_by_key(|fault| fault.span.start);
        Read { document: self.document, faults: self.faults }
    }

    fn push(&mut self, kind: Raw, span: Span, tag: Option<&str>) -> NodeId {
        let tag = tag.map(|tag| self.document.push_text(tag));
        self.document.nodes.push(Stored { kind, span, tag })
    }

    fn attach(&mut self, id: NodeId) {
        match self.open.last_mut() {
            None => self.document.roots.push(id),
            Some(open) if !open.is_map => open.items.push(id),
            Some(open) => match open.key.take() {
                Some(key) => open.entries.push(Entry { key, value: id }),
                None => open.key = Some(id),
            },
        }
    }

    /// Tells of keys that stand twice.
    fn is_simple(&mut self, entries: &[Entry]) -> bool {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let mut twice = Vec::new();
        let mut is_simple = true;
        for key in entries.iter().filter_map(|entry| self.document.node(entry.key)) {
            is_simple &= key.kind() != Kind::Merge;
            let text = key.scalar().filter(|text| !seen.insert(text));
            twice.extend(text.map(|text| (key.span(), text.to_owned())));
        }
        is_simple &= twice.is_empty();
        if self.may_repeat {
            return is_simple;
        }
        for (span, text) in twice {
            let message = format!("`{text}` stands twice in one map, and the later one counts");
            self.warn(span, message, "keep one of them");
        }
        is_simple
    }
}
