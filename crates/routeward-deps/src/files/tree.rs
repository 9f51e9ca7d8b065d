//! Walking documents: maps that are written in several pieces, and packages that are lists of tables.

use routeward_base::FxHashMap;
use routeward_formats::Node;

/// The pieces in which one map is written: a table of TOML may go on under further headers.
#[derive(Clone, Default)]
pub(crate) struct Pieces<'d>(pub(crate) Vec<Node<'d>>);

impl<'d> Pieces<'d> {
    /// All that stands at a path of keys.
    pub(crate) fn at(&self, path: &[&str]) -> Self {
        Self(self.0.iter().flat_map(|node| node.each(path)).collect())
    }

    /// The value of a key; the last of several.
    pub(crate) fn get(&self, key: &str) -> Option<Node<'d>> {
        self.0.iter().rev().find_map(|node| node.get(key))
    }

    /// The text of a key.
    pub(crate) fn text(&self, key: &str) -> Option<&'d str> {
        self.get(key)?.scalar()
    }

    /// A key says that it is true.
    pub(crate) fn is(&self, key: &str) -> bool {
        self.get(key).and_then(Node::truth) == Some(true)
    }

    /// The entries, each key once with all pieces of its value, in order of appearance. Cost: linear.
    pub(crate) fn entries(&self) -> Vec<(Node<'d>, Self)> {
        let mut index: FxHashMap<&str, usize> = FxHashMap::default();
        let mut all: Vec<(Node<'d>, Self)> = Vec::new();
        for (key, value) in self.0.iter().flat_map(|node| node.written()) {
            let Some(text) = key.scalar() else { continue };
            let at = *index.entry(text).or_insert_with(|| {
                all.push((key, Self::default()));
                all.len() - 1
            });
            all[at].1.0.push(value);
        }
        all
    }

    /// The entries by key.
    pub(crate) fn index(&self) -> FxHashMap<&'d str, Self> {
        self.entries().into_iter().filter_map(|(key, value)| Some((key.scalar()?, value))).collect()
    }

    /// The elements of lists, whatever list they stand in.
    pub(crate) fn items(&self) -> impl Iterator<Item = Node<'d>> {
        self.0.iter().flat_map(|node| node.items())
    }

    /// The last piece, which is the value where there is only one.
    pub(crate) fn value(&self) -> Option<Node<'d>> {
        self.0.last().copied()
    }
}

impl<'d> From<Node<'d>> for Pieces<'d> {
    fn from(node: Node<'d>) -> Self {
        Self(vec![node])
    }
}

/// The elements of a list of tables (`[[package]]`), each with what stands under headers below it
/// (`[package.source]`).
pub(crate) fn tables<'d>(root: Node<'d>, key: &str) -> Vec<Pieces<'d>> {
    let mut all: Vec<Pieces<'d>> = Vec::new();
    for (_, value) in root.written().filter(|(name, _)| name.scalar() == Some(key)) {
        if value.is_list() {
            all.extend(value.items().map(Pieces::from));
        } else if let Some(last) = all.last_mut() {
            last.0.push(value);
        }
    }
    all
}
