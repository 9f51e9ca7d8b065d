//! The state of one lowering, and the small steps that all families of nodes share.

use routeward_base::Name;
use routeward_ir::{
    Builder, Comment, Expr, ExprId, FuncId, Lowered, Module, Semantics, SlotId, StmtId, SyntaxError,
};
use routeward_syntax::{Node, all_children, complaint, marked, named_children, problems, span, text};

use crate::grammar::{Fields, Grammar, K};
use crate::scope::Scopes;

/// Nesting beyond this becomes `Unknown`. A thread with 2 MB of stack has room for it.
const MAX_DEPTH: u32 = 1_000;

/// Lowers one file.
pub(crate) struct Lowerer<'t> {
    pub(crate) grammar: &'static Grammar,
    pub(crate) fields: Fields,
    pub(crate) source: &'t str,
    pub(crate) ir: Builder,
    pub(crate) scopes: Scopes,
    /// The function whose code is being lowered.
    pub(crate) func: FuncId,
    /// Nodes of the chains that are being descended; see `expr`.
    pub(crate) spine: Vec<(K, Node<'t>)>,
    /// Function declarations of the open blocks: they come first in theirs.
    pub(crate) hoisted: Vec<StmtId>,
    /// What was understood inside error nodes; it follows the statement that holds them.
    pub(crate) salvaged: Vec<StmtId>,
    /// Names exported by the open namespaces, innermost last.
    pub(crate) namespaces: Vec<Vec<(Name, SlotId)>>,
}

impl<'t> Lowerer<'t> {
    pub(crate) fn new(grammar: &'static Grammar, source: &'t str) -> Self {
        Self {
            grammar,
            fields: grammar.fields,
            source,
            ir: Builder::new(source, Semantics::default(), MAX_DEPTH),
            scopes: Scopes::new(),
            func: Module::TOP,
            spine: Vec::new(),
            hoisted: Vec::new(),
            salvaged: Vec::new(),
            namespaces: Vec::new(),
        }
    }

    pub(crate) fn run(mut self, root: Node<'t>) -> Lowered {
        let (body, directives) = self.body(root);
        self.ir.module.functions[Module::TOP].body = body;
        self.ir.module.directives = directives;
        self.resolve_names();
        self.comments(root);
        let errors = problems(root)
            .iter()
            .map(|problem| SyntaxError { span: span(problem.node), message: complaint(problem, self.source) })
            .collect();
        Lowered { module: self.ir.module, errors }
    }

    fn comments(&mut self, root: Node<'t>) {
        for node in marked(root, self.source, Comment::MARK, |node| {
            matches!(self.kind(node), K::Comment | K::HtmlComment)
        }) {
            let text = comment_text(self.text(node)).to_owned();
            self.ir.module.comments.push(Comment { span: span(node), text });
        }
    }

    pub(crate) fn kind(&self, node: Node<'t>) -> K {
        self.grammar.kind(node)
    }

    pub(crate) fn text(&self, node: Node<'t>) -> &'t str {
        text(node, self.source)
    }

    /// Named children without comments.
    pub(crate) fn kids(&self, node: Node<'t>) -> impl Iterator<Item = (K, Node<'t>)> + use<'t> {
        let grammar = self.grammar;
        named_children(node)
            .map(|child| (grammar.kind(child), child))
            .filter(|(kind, _)| !matches!(kind, K::Comment | K::HtmlComment))
    }

    /// All children, tokens included, without comments.
    pub(crate) fn parts(&self, node: Node<'t>) -> impl Iterator<Item = (K, Node<'t>)> + use<'t> {
        let grammar = self.grammar;
        all_children(node)
            .map(|child| (grammar.kind(child), child))
            .filter(|(kind, _)| !matches!(kind, K::Comment | K::HtmlComment))
    }

    /// True if a token or child of this kind stands before `end`.
    pub(crate) fn has_mark(&self, node: Node<'t>, mark: K, end: Option<Node<'t>>) -> bool {
        let end = end.map_or(usize::MAX, |end| end.start_byte());
        self.parts(node).take_while(|(_, child)| child.start_byte() < end).any(|(kind, _)| kind == mark)
    }

    pub(crate) fn first_kid(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.kids(node).next().map(|(_, child)| child)
    }

    /// An expression that is not understood: its named children are lowered as expressions.
    pub(crate) fn unknown(&mut self, node: Node<'t>, kind: &str) -> ExprId {
        let kind = self.ir.count_unknown(kind, span(node));
        let mark = self.ir.expr_list.len();
        for (_, child) in self.kids(node) {
            let child = self.expr(child);
            self.ir.expr_list.push(child);
        }
        let children = self.ir.exprs_from(mark);
        self.ir.push(Expr::Unknown { kind, children }, span(node))
    }

    /// Keeps what is understandable of the error nodes right below `node`, for the list of statements.
    pub(crate) fn salvage(&mut self, node: Node<'t>) {
        for child in named_children(node) {
            if self.kind(child) == K::Error {
                self.salvage_error(child);
            }
        }
    }

    pub(crate) fn salvage_error(&mut self, error: Node<'t>) {
        let mark = self.ir.stmt_list.len();
        self.error_stmt(error);
        self.salvaged.extend(self.ir.stmt_list.drain(mark..));
    }
}

/// A comment without its marks.
fn comment_text(text: &str) -> &str {
    let body = if let Some(rest) = text.strip_prefix("//") {
        rest
    } else if let Some(rest) = text.strip_prefix("/*") {
        rest.strip_suffix("*/").unwrap_or(rest).trim_start_matches('*')
    } else {
        text.strip_prefix("<!--").or_else(|| text.strip_prefix("-->")).unwrap_or(text)
    };
    body.trim()
}
