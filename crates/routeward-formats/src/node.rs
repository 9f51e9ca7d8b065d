//! Looking at a tree: aliases are followed, merged keys are seen, and of keys that stand twice the last one counts.

use routeward_base::{FxHashSet, Idx, Span};

use crate::document::{Document, Entry, NodeId, Raw, Text};
use crate::scalar;

/// How many maps are merged into one at most. A map that is over it has those entries only that were found before.
const MERGED: usize = 64;

/// What a node is. Only the keys of entries as they are written are [`Kind::Merge`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind<'d> {
    /// Nothing: `null`, `~`, or a key without a value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Any other scalar, without quotation marks and with escapes resolved.
    Text(&'d str),
    /// Keys and values.
    Map,
    /// Elements.
    List,
    /// The key `<<`, whose value is merged into the map around it.
    Merge,
    /// Something that is there but cannot be told: it is cut off, or refers to what does not exist.
    Unknown,
}

/// A node together with its document. Comparing nodes compares places, not what they say.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    id: NodeId,
}

impl<'d> Node<'d> {
    pub(crate) fn new(document: &'d Document, id: NodeId) -> Self {
        Self { document, id }
    }

    /// Its id; of an alias, that of the alias.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Where it stands; of an alias, where the alias stands. Quotation marks and brackets are in it, tags and anchors
    /// are not; of a block of text it is the lines of the block.
    pub fn span(self) -> Span {
        self.document.nodes[self.id].span
    }

    /// What an alias stands for, or the node itself.
    #[must_use]
    pub fn target(self) -> Self {
        match self.document.nodes[self.id].kind {
            Raw::Alias(id) => Self { id, ..self },
            _ => self,
        }
    }

    /// What it is, and what it says if it is a scalar.
    pub fn kind(self) -> Kind<'d> {
        match self.raw() {
            Raw::Null(_) => Kind::Null,
            Raw::Bool(value, _) => Kind::Bool(value),
            Raw::Number(text) => scalar::number(self.document.text(text)).map_or(Kind::Unknown, Kind::Number),
            Raw::Text(text) => Kind::Text(self.document.text(text)),
            Raw::Map { .. } => Kind::Map,
            Raw::List(_) => Kind::List,
            Raw::Merge => Kind::Merge,
            Raw::Alias(_) | Raw::Unknown => Kind::Unknown,
        }
    }

    fn raw(self) -> Raw {
        self.document.nodes[self.target().id].kind
    }

    /// The tag as it is written, such as `!Ref`; none if it says only what the value is anyway.
    pub fn tag(self) -> Option<&'d str> {
        self.document.nodes[self.target().id].tag.map(|tag| self.document.text(tag))
    }

    /// What it says, if it is a text.
    pub fn text(self) -> Option<&'d str> {
        match self.raw() {
            Raw::Text(text) => Some(self.document.text(text)),
            _ => None,
        }
    }

    /// A scalar as it is written: `200` and `true` are texts where they are keys.
    pub fn scalar(self) -> Option<&'d str> {
        match self.raw() {
            Raw::Null(text) | Raw::Bool(_, text) | Raw::Number(text) | Raw::Text(text) => {
                Some(self.document.text(text))
            }
            _ => None,
        }
    }

    /// Whether it is `true` or `false`.
    pub fn truth(self) -> Option<bool> {
        match self.raw() {
            Raw::Bool(value, _) => Some(value),
            _ => None,
        }
    }

    /// The number that it is.
    pub fn number(self) -> Option<f64> {
        match self.raw() {
            Raw::Number(text) => scalar::number(self.document.text(text)),
            _ => None,
        }
    }

    /// It says that there is nothing.
    pub fn is_null(self) -> bool {
        matches!(self.raw(), Raw::Null(_))
    }

    /// It is a map.
    pub fn is_map(self) -> bool {
        matches!(self.raw(), Raw::Map { .. })
    }

    /// It is a list.
    pub fn is_list(self) -> bool {
        matches!(self.raw(), Raw::List(_))
    }

    /// The elements of a list; none of anything else.
    pub fn items(self) -> impl Iterator<Item = Self> {
        let items = match self.raw() {
            Raw::List(items) => items.of(&self.document.items),
            _ => &[],
        };
        items.iter().map(move |id| Self { id: *id, ..self })
    }

    /// The entries of a map as they are written, with merge keys and those that a later one overrides.
    pub fn written(self) -> impl Iterator<Item = (Self, Self)> {
        self.stored().iter().map(move |entry| self.pair(*entry))
    }

    /// The entries of a map: each key once, its own first, then what is merged in. Cost: linear in all of these.
    pub fn entries(self) -> Vec<(Self, Self)> {
        if matches!(self.raw(), Raw::Map { is_simple: true, .. }) {
            return self.written().collect();
        }
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let mut all = Vec::new();
        for map in self.maps() {
            // Of what stands twice the last one counts, in the place of the first.
            let mut own: Vec<(Self, Self)> = Vec::new();
            for entry in map.stored().iter().rev() {
                let (key, value) = map.pair(*entry);
                if !matches!(key.raw(), Raw::Merge) && key.scalar().is_none_or(|text| seen.insert(text)) {
                    own.push((key, value));
                }
            }
            all.extend(own.into_iter().rev());
        }
        all
    }

    /// The entry with a key; keys are compared as they are written. Cost: linear in the map.
    pub fn entry(self, key: &str) -> Option<(Self, Self)> {
        let own = |map: Self| {
            let mut entries = map.stored().iter().rev().map(move |entry| map.pair(*entry));
            entries.find(|(name, _)| name.scalar() == Some(key))
        };
        if matches!(self.raw(), Raw::Map { is_simple: true, .. }) {
            return own(self);
        }
        self.maps().into_iter().find_map(own)
    }

    /// The value of a key.
    pub fn get(self, key: &str) -> Option<Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// What stands at the end of a path of keys, wherever it is written: of an entry that stands several times each one is
    /// followed. Lists are walked through. Cost: linear in what is passed.
    pub fn each(self, path: &[&str]) -> Vec<Self> {
        let mut found = vec![self];
        for key in path {
            let maps = found
                .into_iter()
                .flat_map(|node| if node.is_list() { node.items().collect() } else { vec![node] });
            found = maps
                .flat_map(|map| map.written().filter(|(name, _)| name.scalar() == Some(key)))
                .map(|(_, it)| it)
                .collect();
        }
        found
    }

    /// What a JSON pointer leads to from here (RFC 6901, without the `#` of a reference).
    pub fn at(self, pointer: &str) -> Option<Self> {
        let Some(path) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(self) };
        path.split('/').try_fold(self, |node, part| {
            let part = part.replace("~1", "/").replace("~0", "~");
            match node.raw() {
                Raw::List(items) => {
                    let id = items.of(&node.document.items).get(part.parse::<usize>().ok()?)?;
                    Some(Self { id: *id, ..node })
                }
                _ => node.get(&part),
            }
        })
    }

    fn stored(self) -> &'d [Entry] {
        match self.raw() {
            Raw::Map { entries, .. } => entries.of(&self.document.entries),
            _ => &[],
        }
    }

    fn pair(self, entry: Entry) -> (Self, Self) {
        (Self { id: entry.key, ..self }, Self { id: entry.value, ..self })
    }

    /// The map and those that are merged into it, each once, in the order in which they count.
    fn maps(self) -> Vec<Self> {
        let mut found = vec![self.target()];
        let mut next = 0;
        while let Some(map) = found.get(next).copied() {
            next += 1;
            for (_, value) in map.written().filter(|(key, _)| matches!(key.raw(), Raw::Merge)) {
                for merged in value.items().chain(value.is_map().then_some(value)) {
                    let merged = merged.target();
                    let is_new = found.iter().all(|map| map.id != merged.id);
                    if merged.is_map() && is_new && found.len() < MERGED {
                        found.push(merged);
                    }
                }
            }
        }
        found
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }
}

impl Eq for Node<'_> {}

/// Shows what is written, as one line: for tests and messages. Aliases are shown as such, so the line is as long as the
/// text at most.
impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stored = self.document.nodes[self.id];
        if let Some(tag) = stored.tag {
            write!(f, "{} ", self.document.text(tag))?;
        }
        let text = |text: Text| self.document.text(text);
        match stored.kind {
            Raw::Null(_) => f.write_str("null"),
            Raw::Bool(value, _) => write!(f, "{value}"),
            Raw::Number(number) => f.write_str(text(number)),
            Raw::Text(it) => write!(f, "{:?}", text(it)),
            Raw::Merge => f.write_str("<<"),
            Raw::Unknown => f.write_str("?"),
            Raw::Alias(id) => write!(f, "*{}", id.raw()),
            Raw::List(_) => f.debug_list().entries(self.items()).finish(),
            Raw::Map { .. } => f.debug_map().entries(self.written()).finish(),
        }
    }
}
