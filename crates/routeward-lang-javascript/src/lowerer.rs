//! The state of one lowering, and the small steps that all families of nodes share.

use routeward_base::{Name, Range32, Span};
use routeward_ir::{
    Arg, Args, Block, Comment, Expr, ExprId, Exprs, FuncFlags, FuncId, Function, Lowered, Module, Pat, PatId,
    Property, SlotId, Stmt, StmtId, SyntaxError,
};
use routeward_syntax::{Node, all_children, named_children, problems, span, text};

use crate::grammar::{Fields, Grammar, K};
use crate::scope::Scopes;

/// Nesting beyond this becomes `Unknown`. A thread with 2 MB of stack has room for it.
const MAX_DEPTH: u32 = 1_000;

/// What marks a comment that is addressed to this tool.
const MARK: &str = "routeward:";

/// Lowers one file.
pub(crate) struct Lowerer<'t> {
    pub(crate) grammar: &'static Grammar,
    pub(crate) fields: Fields,
    pub(crate) source: &'t str,
    pub(crate) module: Module,
    pub(crate) scopes: Scopes,
    /// The function whose code is being lowered.
    pub(crate) func: FuncId,
    depth: u32,
    /// Nodes of the chains that are being descended; see `expr`.
    pub(crate) spine: Vec<(K, Node<'t>)>,
    /// Lists under construction. Each user takes what lies above its own mark.
    pub(crate) expr_list: Vec<ExprId>,
    pub(crate) sum_list: Vec<(ExprId, Span)>,
    pub(crate) arg_list: Vec<Arg>,
    pub(crate) prop_list: Vec<Property>,
    pub(crate) stmt_list: Vec<StmtId>,
    /// Function declarations of the open blocks: they come first in theirs.
    pub(crate) hoisted: Vec<StmtId>,
    /// What was understood inside error nodes; it follows the statement that holds them.
    pub(crate) salvaged: Vec<StmtId>,
    /// Names exported by the open namespaces, innermost last.
    pub(crate) namespaces: Vec<Vec<(Name, SlotId)>>,
}

/// The module of a file that was not understood at all.
pub(crate) fn empty_module(source: &str) -> Module {
    let mut module = Module::default();
    module.functions.push(new_function(None, None, Span::new(0, source.len() as u32), Span::default()));
    module
}

/// A function that is not filled in yet.
pub(crate) fn new_function(
    parent: Option<FuncId>,
    name: Option<Name>,
    span: Span,
    name_span: Span,
) -> Function {
    Function {
        name,
        flags: FuncFlags::default(),
        params: Vec::new(),
        body: Block::EMPTY,
        parent,
        class: None,
        decorators: Vec::new(),
        directives: Vec::new(),
        return_type: None,
        span,
        name_span,
    }
}

impl<'t> Lowerer<'t> {
    pub(crate) fn new(grammar: &'static Grammar, source: &'t str) -> Self {
        Self {
            grammar,
            fields: grammar.fields,
            source,
            module: empty_module(source),
            scopes: Scopes::new(),
            func: Module::TOP,
            depth: 0,
            spine: Vec::new(),
            expr_list: Vec::new(),
            sum_list: Vec::new(),
            arg_list: Vec::new(),
            prop_list: Vec::new(),
            stmt_list: Vec::new(),
            hoisted: Vec::new(),
            salvaged: Vec::new(),
            namespaces: Vec::new(),
        }
    }

    pub(crate) fn run(mut self, root: Node<'t>) -> Lowered {
        let (body, directives) = self.body(root);
        self.module.functions[Module::TOP].body = body;
        self.module.directives = directives;
        self.resolve_names();
        self.comments(root);
        let errors = self.errors(root);
        Lowered { module: self.module, errors }
    }

    fn comments(&mut self, root: Node<'t>) {
        let mut end = 0;
        for (at, _) in self.source.match_indices(MARK) {
            if at < end {
                continue;
            }
            let Some(node) = root.named_descendant_for_byte_range(at, at + MARK.len()) else { continue };
            if matches!(self.kind(node), K::Comment | K::HtmlComment) {
                end = node.end_byte();
                let text = comment_text(self.text(node)).to_owned();
                self.module.comments.push(Comment { span: span(node), text });
            }
        }
    }

    fn errors(&self, root: Node<'t>) -> Vec<SyntaxError> {
        let message = |node: Node<'_>, missing| {
            let shown: String = self.text(node).chars().take_while(|c| *c != '\n').take(40).collect();
            match (missing, shown.trim()) {
                (true, _) => format!("expected `{}`", node.kind()),
                (false, "") => "unexpected end".to_owned(),
                (false, shown) => format!("unexpected `{shown}`"),
            }
        };
        problems(root)
            .into_iter()
            .map(|problem| SyntaxError {
                span: span(problem.node),
                message: message(problem.node, problem.missing),
            })
            .collect()
    }

    pub(crate) fn kind(&self, node: Node<'t>) -> K {
        self.grammar.kind(node)
    }

    pub(crate) fn text(&self, node: Node<'t>) -> &'t str {
        text(node, self.source)
    }

    /// The child in a field. A field that the grammar does not have is zero.
    #[expect(clippy::unused_self, reason = "reads as a question to the lowerer, like its neighbours")]
    pub(crate) fn field(&self, node: Node<'t>, field: u16) -> Option<Node<'t>> {
        if field == 0 { None } else { node.child_by_field_id(field) }
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

    pub(crate) fn intern(&mut self, text: &str) -> Name {
        self.module.names.intern(text)
    }

    pub(crate) fn push(&mut self, expr: Expr, span: Span) -> ExprId {
        self.module.expr_spans.push(span);
        self.module.exprs.push(expr)
    }

    pub(crate) fn push_stmt(&mut self, stmt: Stmt, span: Span) {
        let id = self.new_stmt(stmt, span);
        self.stmt_list.push(id);
    }

    pub(crate) fn new_stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        self.module.stmt_spans.push(span);
        self.module.stmts.push(stmt)
    }

    pub(crate) fn push_pat(&mut self, pat: Pat) -> PatId {
        self.module.patterns.push(pat)
    }

    pub(crate) fn exprs_from(&mut self, mark: usize) -> Exprs {
        Range32::extend(&mut self.module.expr_pool, self.expr_list.drain(mark..))
    }

    pub(crate) fn args_from(&mut self, mark: usize) -> Args {
        Range32::extend(&mut self.module.arg_pool, self.arg_list.drain(mark..))
    }

    pub(crate) fn props_from(&mut self, mark: usize) -> Range32<Property> {
        Range32::extend(&mut self.module.prop_pool, self.prop_list.drain(mark..))
    }

    pub(crate) fn block_from(&mut self, mark: usize) -> Block {
        Range32::extend(&mut self.module.stmt_pool, self.stmt_list.drain(mark..))
    }

    /// One level deeper, if there is room; every `descend` that returns true is followed by an `ascend`.
    pub(crate) fn descend(&mut self) -> bool {
        let fits = self.depth < MAX_DEPTH;
        self.depth += u32::from(fits);
        fits
    }

    pub(crate) fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Counts a construct that was not understood.
    pub(crate) fn count_unknown(&mut self, kind: &str, span: Span) -> Name {
        let kind = self.intern(kind);
        self.module.unknown.push((kind, span));
        kind
    }

    pub(crate) fn too_deep(&mut self, node: Node<'t>) -> ExprId {
        let span = span(node);
        let kind = self.count_unknown("too-deep", span);
        self.push(Expr::Unknown { kind, children: Exprs::EMPTY }, span)
    }

    /// An expression that is not understood: its named children are lowered as expressions.
    pub(crate) fn unknown(&mut self, node: Node<'t>, kind: &str) -> ExprId {
        let kind = self.count_unknown(kind, span(node));
        let mark = self.expr_list.len();
        for (_, child) in self.kids(node) {
            let child = self.expr(child);
            self.expr_list.push(child);
        }
        let children = self.exprs_from(mark);
        self.push(Expr::Unknown { kind, children }, span(node))
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
        let mark = self.stmt_list.len();
        self.error_stmt(error);
        self.salvaged.extend(self.stmt_list.drain(mark..));
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
