//! The state of one lowering, and the small steps that all families of nodes share.

use routeward_base::{FxHashSet, Name, Range32, Span};
use routeward_ir::{
    Arg, Args, Block, Comment, Expr, ExprId, Exprs, FuncFlags, FuncId, Function, Lowered, Module, Pat, PatId,
    Property, Semantics, SlotId, Stmt, StmtId, SyntaxError,
};
use routeward_syntax::{Node, all_children, named_children, problems, span, text};

use crate::grammar::{Fields, Grammar, K, PYTHON};
use crate::module::ImportRecord;
use crate::scope::Scopes;

/// Nesting beyond this becomes `Unknown`. A thread with 2 MB of stack has room for it.
const MAX_DEPTH: u32 = 600;

/// What marks a comment that is addressed to this tool.
const MARK: &str = "routeward:";

/// What belongs to the function whose code is being lowered.
#[derive(Default)]
pub(crate) struct Code {
    /// Bodies of `for` loops around the statement.
    pub(crate) for_depth: u32,
    /// Labels of the loops around the statement: those that have an `else`.
    pub(crate) loops: Vec<Option<Name>>,
    /// What holds the exceptions of the handlers around the statement.
    pub(crate) caught: Vec<SlotId>,
    /// It yields.
    pub(crate) yields: bool,
}

/// Lowers one file.
pub(crate) struct Lowerer<'t> {
    pub(crate) grammar: &'static Grammar,
    pub(crate) fields: Fields,
    pub(crate) source: &'t str,
    pub(crate) module: Module,
    pub(crate) scopes: Scopes,
    /// The function whose code is being lowered.
    pub(crate) func: FuncId,
    pub(crate) code: Code,
    depth: u32,
    /// Nodes of the chains that are being descended; see `expr`.
    pub(crate) spine: Vec<(K, Node<'t>)>,
    /// Lists under construction. Each user takes what lies above its own mark.
    pub(crate) expr_list: Vec<ExprId>,
    pub(crate) sum_list: Vec<(ExprId, Span)>,
    pub(crate) arg_list: Vec<Arg>,
    pub(crate) prop_list: Vec<Property>,
    pub(crate) stmt_list: Vec<StmtId>,
    /// Names that the statement has bound in the body of a class.
    pub(crate) attributes: Vec<(Name, SlotId, Span)>,
    /// A name that belongs to another function was bound.
    pub(crate) binds_outside: bool,
    /// Imports count for types only.
    pub(crate) type_only: bool,
    pub(crate) import_records: Vec<ImportRecord>,
    /// Slots that imports and other code bind.
    pub(crate) rebound: FxHashSet<SlotId>,
}

/// The module of a file that was not understood at all.
pub(crate) fn empty_module(source: &str) -> Module {
    let mut module = Module {
        semantics: Semantics { empty_is_falsy: true, classes_are_callable: true },
        ..Module::default()
    };
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
    pub(crate) fn new(source: &'t str) -> Self {
        Self {
            grammar: &PYTHON,
            fields: PYTHON.fields,
            source,
            module: empty_module(source),
            scopes: Scopes::new(),
            func: Module::TOP,
            code: Code::default(),
            depth: 0,
            spine: Vec::new(),
            expr_list: Vec::new(),
            sum_list: Vec::new(),
            arg_list: Vec::new(),
            prop_list: Vec::new(),
            stmt_list: Vec::new(),
            attributes: Vec::new(),
            binds_outside: false,
            type_only: false,
            import_records: Vec::new(),
            rebound: FxHashSet::default(),
        }
    }

    pub(crate) fn run(mut self, root: Node<'t>) -> Lowered {
        let body = self.list(root);
        self.module.functions[Module::TOP].body = body;
        self.resolve_names();
        self.finish_imports();
        self.export_names();
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
            if self.kind(node) == K::Comment {
                end = node.end_byte();
                let text = self.text(node).trim_start_matches('#').trim().to_owned();
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
            .filter(|(kind, _)| !matches!(kind, K::Comment | K::LineContinuation))
    }

    /// Named children without comments and error nodes.
    pub(crate) fn sound_kids(&self, node: Node<'t>) -> impl Iterator<Item = (K, Node<'t>)> + use<'t> {
        self.kids(node).filter(|(kind, _)| *kind != K::Error)
    }

    /// All children, tokens included, without comments.
    pub(crate) fn parts(&self, node: Node<'t>) -> impl Iterator<Item = (K, Node<'t>)> + use<'t> {
        let grammar = self.grammar;
        all_children(node)
            .map(|child| (grammar.kind(child), child))
            .filter(|(kind, _)| !matches!(kind, K::Comment | K::LineContinuation))
    }

    pub(crate) fn first_kid(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.sound_kids(node).next().map(|(_, child)| child)
    }

    pub(crate) fn intern(&mut self, text: &str) -> Name {
        self.module.names.intern(text)
    }

    /// The text of a node as a name.
    pub(crate) fn name(&mut self, node: Node<'t>) -> Name {
        let text = self.text(node);
        self.intern(text)
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

    /// A call with arguments by position.
    pub(crate) fn call_of(&mut self, callee: ExprId, values: &[ExprId], at: Span) -> ExprId {
        let mark = self.arg_list.len();
        self.arg_list.extend(values.iter().map(|value| Arg { value: *value, name: None, is_spread: false }));
        let args = self.args_from(mark);
        self.push(Expr::Call { callee, args, optional: false }, at)
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
        for (_, child) in self.sound_kids(node) {
            let child = self.expr(child);
            self.expr_list.push(child);
        }
        let children = self.exprs_from(mark);
        self.push(Expr::Unknown { kind, children }, span(node))
    }
}
