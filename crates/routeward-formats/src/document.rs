//! The tree: nodes with their places, stored in order of appearance.

use routeward_base::{Idx, IndexVec, Range32, Span, index_type};

use crate::node::Node;

index_type! {
    /// A node of one document.
    pub struct NodeId;
}

/// A piece of the texts that a document holds.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Text {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// What stands at a place, as it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Raw {
    /// Nothing: `null`, `~`, or a key without a value.
    Null(Text),
    /// `true` or `false`, as written.
    Bool(bool, Text),
    /// A number, as written.
    Number(Text),
    /// Any other scalar, without quotation marks and with escapes resolved.
    Text(Text),
    /// Keys and values.
    Map {
        /// In the order of the file, also those that a later one overrides.
        entries: Range32<Entry>,
        /// No key stands twice, and nothing is merged in.
        is_simple: bool,
    },
    /// Elements.
    List(Range32<NodeId>),
    /// What stands at an earlier place, which is closed before this node begins: following aliases always ends.
    Alias(NodeId),
    /// The key `<<`, whose value is merged into the map around it.
    Merge,
    /// Something that is there but cannot be told: it is cut off, or refers to what does not exist.
    Unknown,
}

/// A key with its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: NodeId,
    /// The value.
    pub(crate) value: NodeId,
}

/// A node as it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stored {
    pub(crate) kind: Raw,
    pub(crate) span: Span,
    pub(crate) tag: Option<Text>,
}

/// What a file says: one or more trees, with a place for each key and value.
///
/// Each node lies inside its parent, siblings follow each other in the text, and ids are in order of appearance.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Document {
    pub(crate) nodes: IndexVec<NodeId, Stored>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) items: Vec<NodeId>,
    pub(crate) texts: String,
    pub(crate) roots: Vec<NodeId>,
    pub(crate) comments: Vec<Span>,
    pub(crate) is_cut: bool,
}

impl Document {
    /// The first tree, if there is one: the only one in most formats.
    pub fn root(&self) -> Option<Node<'_>> {
        self.roots().next()
    }

    /// All trees, in order: a file of YAML may hold several.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.roots.iter().map(|id| Node::new(self, *id))
    }

    /// The node of an id.
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        (id.raw() < self.nodes.len() as u32).then(|| Node::new(self, id))
    }

    /// Places of all comments, with their marks, in order.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Nothing is missing. Where this is false, a key that is not there may be one that could not be read.
    pub fn is_whole(&self) -> bool {
        !self.is_cut
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True if there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn text(&self, text: Text) -> &str {
        self.texts.get(text.start as usize..(text.start + text.len) as usize).unwrap_or("")
    }

    pub(crate) fn push_text(&mut self, text: &str) -> Text {
        let start = self.texts.len() as u32;
        self.texts.push_str(text);
        Text { start, len: text.len() as u32 }
    }
}

/// What is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What is the case, as a phrase.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
}

/// A text that was read.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Read {
    /// What could be read of it.
    pub document: Document,
    /// What is wrong with it, in order of place.
    pub faults: Vec<Fault>,
}
