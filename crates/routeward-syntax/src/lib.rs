//! A thin wrapper over tree-sitter: parsing under limits, named children, and what did not parse.
//!
//! Nodes are visited by index; `next_sibling` and `parent` search from the root again and are not used. Only
//! very wide nodes are walked with a cursor.

mod arena;

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::ControlFlow;

use routeward_base::Span;
pub use tree_sitter::{Language, Node};
use tree_sitter::{ParseOptions, ParseState, Parser, TreeCursor};

use crate::arena::Scope;

/// Files above this size are not parsed: spans are 32 bits wide, and no hand writes a file of this size.
pub const MAX_BYTES: usize = 64 << 20;

/// Progress reports that every parse may use, whatever its size.
const FREE_REPORTS: usize = 20_000;
/// Above this number of children, walking a node with a cursor is cheaper than by index.
const WIDE: u32 = 64;

/// Why a text has no tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The text is larger than [`MAX_BYTES`].
    TooLarge,
    /// The parser took more steps than the size of the text explains.
    TooSlow,
    /// The grammar was built for another version of the runtime.
    Grammar,
}

impl Failure {
    /// The failure as a message for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooLarge => "the file is too large to be parsed",
            Self::TooSlow => "the parser gave up: too many ways to read the file",
            Self::Grammar => "the grammar does not fit the parser",
        }
    }
}

/// Gives `f` a parser whose trees live until `f` returns. Their memory is taken back at once, so a tree costs
/// nothing to free; what `f` returns cannot hold a part of one.
pub fn with_trees<R>(f: impl for<'t> FnOnce(&'t Trees) -> R) -> R {
    let _scope = Scope::open();
    f(&Trees(()))
}

/// Makes trees; see [`with_trees`].
pub struct Trees(());

/// The tree of a text. It is never freed by itself.
pub struct Tree<'t> {
    tree: ManuallyDrop<tree_sitter::Tree>,
    lifetime: PhantomData<&'t Trees>,
}

impl Trees {
    /// Parses `text`. The limit counts the parser's steps and not time, so the same text gives the same answer on
    /// every machine. Nesting costs no stack.
    pub fn parse<'t>(&'t self, language: &Language, text: &str) -> Result<Tree<'t>, Failure> {
        if text.len() > MAX_BYTES {
            return Err(Failure::TooLarge);
        }
        let mut parser = Parser::new();
        parser.set_language(language).map_err(|_| Failure::Grammar)?;
        let mut left = FREE_REPORTS + text.len() / 4;
        let mut progress = |_: &ParseState| {
            left = left.saturating_sub(1);
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = ParseOptions::new().progress_callback(&mut progress);
        let bytes = text.as_bytes();
        let mut input = |at: usize, _| bytes.get(at..).unwrap_or(&[]);
        let tree = parser.parse_with_options(&mut input, None, Some(options)).ok_or(Failure::TooSlow)?;
        Ok(Tree { tree: ManuallyDrop::new(tree), lifetime: PhantomData })
    }
}

impl Tree<'_> {
    /// The node of the whole text.
    pub fn root_node(&self) -> Node<'_> {
        self.tree.root_node()
    }
}

/// The bytes of a node.
pub fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}

/// The text of a node; empty where the node does not lie on character boundaries.
pub fn text<'t>(node: Node<'_>, source: &'t str) -> &'t str {
    source.get(node.start_byte()..node.end_byte()).unwrap_or("")
}

/// The named children in order, comments and error nodes included.
pub fn named_children(node: Node<'_>) -> Children<'_> {
    Children::new(node, node.named_child_count() as u32, true)
}

/// All children in order, tokens included.
pub fn all_children(node: Node<'_>) -> Children<'_> {
    Children::new(node, node.child_count(), false)
}

/// Children of a node; made by [`named_children`] and [`all_children`].
pub struct Children<'t> {
    node: Node<'t>,
    next: u32,
    count: u32,
    named: bool,
    cursor: Option<Box<TreeCursor<'t>>>,
}

impl<'t> Children<'t> {
    fn new(node: Node<'t>, count: u32, named: bool) -> Self {
        let cursor = (count > WIDE).then(|| Box::new(node.walk()));
        Self { node, next: 0, count, named, cursor }
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let at = self.next;
        if at >= self.count {
            return None;
        }
        self.next += 1;
        let Some(cursor) = &mut self.cursor else {
            return if self.named { self.node.named_child(at) } else { self.node.child(at) };
        };
        let mut moved = if at == 0 { cursor.goto_first_child() } else { cursor.goto_next_sibling() };
        while moved && self.named && !cursor.node().is_named() {
            moved = cursor.goto_next_sibling();
        }
        moved.then(|| cursor.node())
    }
}

/// A place where the text is not in the language.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'t> {
    /// The error node, or the node of no width that the parser put in.
    pub node: Node<'t>,
    /// The parser put the node in.
    pub missing: bool,
}

/// The outermost error nodes and all missing nodes, in source order. Cost: the parts of the tree that hold
/// errors, nothing for a tree without.
pub fn problems(root: Node<'_>) -> Vec<Problem<'_>> {
    let mut found = Vec::new();
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        if node.is_missing() {
            found.push(Problem { node, missing: true });
        } else if node.is_error() {
            found.push(Problem { node, missing: false });
        } else if node.has_error() {
            let mark = stack.len();
            stack.extend(all_children(node));
            stack[mark..].reverse();
        }
    }
    found
}

/// How many bytes did not parse; a missing node counts as one. The smaller of two parses is the better one.
pub fn error_bytes(root: Node<'_>) -> usize {
    problems(root).iter().map(|problem| problem.node.byte_range().len().max(1)).sum()
}

/// A table from the kind ids of a grammar to the caller's own enum, made once for each grammar. `map` is given
/// the name of a kind and whether it is a named one.
pub fn kind_table<K: Copy>(language: &Language, map: impl Fn(&str, bool) -> K) -> Vec<K> {
    (0..language.node_kind_count() as u16)
        .map(|id| map(language.node_kind_for_id(id).unwrap_or(""), language.node_kind_is_named(id)))
        .collect()
}

/// What a person is told about a problem: what stands there, or what is missing.
pub fn complaint(problem: &Problem<'_>, source: &str) -> String {
    if problem.missing {
        return format!("expected `{}`", problem.node.kind());
    }
    let shown: String = text(problem.node, source).chars().take_while(|c| *c != '\n').take(40).collect();
    match shown.trim() {
        "" => "unexpected end".to_owned(),
        shown => format!("unexpected `{shown}`"),
    }
}

/// The comments that contain `mark`, each once, in source order. Cost: one look-up in the tree for each mark.
pub fn marked<'t>(
    root: Node<'t>,
    source: &str,
    mark: &str,
    is_comment: impl Fn(Node<'t>) -> bool,
) -> Vec<Node<'t>> {
    let mut found: Vec<Node<'t>> = Vec::new();
    for (at, _) in source.match_indices(mark) {
        let is_known = found.last().is_some_and(|comment| at < comment.end_byte());
        let node = root.named_descendant_for_byte_range(at, at + mark.len());
        found.extend(node.filter(|node| !is_known && is_comment(*node)));
    }
    found
}

/// The child in a field, for grammars whose tables say zero for fields they do not have.
pub fn field(node: Node<'_>, field: u16) -> Option<Node<'_>> {
    if field == 0 { None } else { node.child_by_field_id(field) }
}

/// The number of a field, zero if the grammar does not have it. A trailing `_` of the name is dropped, so that names
/// may be identifiers.
pub fn field_id(language: &Language, name: &str) -> u16 {
    language.field_id_for_name(name.trim_end_matches('_')).map_or(0, std::num::NonZeroU16::get)
}

/// Declares what a parser crate knows of its grammars, resolved once into tables: `K`, the kinds of nodes under the
/// crate's own names, with `Other` for those that no code asks for and `Error`; `Fields`, the numbers of fields, zero
/// where a grammar has no such field; and `Grammar`, a grammar with both, made by `Grammar::new(language)` and asked
/// with `kind(node)`.
#[macro_export]
macro_rules! grammar {
    (
        named { $($named:ident = $named_text:literal,)* }
        tokens { $($token:ident = $token_text:literal,)* }
        fields { $($field:ident,)* }
    ) => {
        /// A kind of node.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum K {
            /// A kind that no code here asks for.
            Other,
            /// An error node.
            Error,
            $($named,)*
            $($token,)*
        }

        fn kind_of(text: &str, named: bool) -> K {
            match (text, named) {
                $(($named_text, true) => K::$named,)*
                $(($token_text, false) => K::$token,)*
                _ => K::Other,
            }
        }

        /// The numbers of the fields of a grammar; zero where it has no such field.
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct Fields {
            $(pub(crate) $field: u16,)*
        }

        /// A grammar with its tables.
        pub(crate) struct Grammar {
            pub(crate) language: $crate::Language,
            kinds: Vec<K>,
            pub(crate) fields: Fields,
        }

        impl Grammar {
            fn new(language: $crate::Language) -> Self {
                let kinds = $crate::kind_table(&language, kind_of);
                let fields = Fields { $($field: $crate::field_id(&language, stringify!($field)),)* };
                Self { language, kinds, fields }
            }

            pub(crate) fn kind(&self, node: $crate::Node<'_>) -> K {
                match node.kind_id() {
                    u16::MAX => K::Error,
                    id => self.kinds.get(usize::from(id)).copied().unwrap_or(K::Other),
                }
            }
        }
    };
}
