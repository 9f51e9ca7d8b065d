//! The state of one lowering, and the small steps that all families of nodes share.

use routeward_base::{FxHashSet, Name, Span};
use routeward_ir::{Arg, Builder, Comment, Expr, ExprId, FuncId, Lowered, Module, SlotId, SyntaxError};
use routeward_syntax::{Node, all_children, complaint, marked, named_children, problems, span, text};

use crate::SEMANTICS;
use crate::grammar::{Fields, Grammar, K, PYTHON};
use crate::module::ImportRecord;
use crate::scope::Scopes;

/// Nesting beyond this becomes `Unknown`. A thread with 2 MB of stack has room for it.
const MAX_DEPTH: u32 = 600;

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
    pub(crate) ir: Builder,
    pub(crate) scopes: Scopes,
    /// The function whose code is being lowered.
    pub(crate) func: FuncId,
    pub(crate) code: Code,
    /// Nodes of the chains that are being descended; see `expr`.
    pub(crate) spine: Vec<(K, Node<'t>)>,
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

impl<'t> Lowerer<'t> {
    pub(crate) fn new(source: &'t str) -> Self {
        Self {
            grammar: &PYTHON,
            fields: PYTHON.fields,
            source,
            ir: Builder::new(source, SEMANTICS, MAX_DEPTH),
            scopes: Scopes::new(),
            func: Module::TOP,
            code: Code::default(),
            spine: Vec::new(),
            attributes: Vec::new(),
            binds_outside: false,
            type_only: false,
            import_records: Vec::new(),
            rebound: FxHashSet::default(),
        }
    }

    pub(crate) fn run(mut self, root: Node<'t>) -> Lowered {
        let body = self.list(root);
        self.ir.module.functions[Module::TOP].body = body;
        self.resolve_names();
        self.finish_imports();
        self.export_names();
        self.comments(root);
        let errors = problems(root)
            .iter()
            .map(|problem| SyntaxError { span: span(problem.node), message: complaint(problem, self.source) })
            .collect();
        Lowered { module: self.ir.module, errors }
    }

    fn comments(&mut self, root: Node<'t>) {
        for node in marked(root, self.source, Comment::MARK, |node| self.kind(node) == K::Comment) {
            let text = self.text(node).trim_start_matches('#').trim().to_owned();
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

    /// The text of a node as a name.
    pub(crate) fn name(&mut self, node: Node<'t>) -> Name {
        let text = self.text(node);
        self.ir.intern(text)
    }

    /// A call with arguments by position.
    pub(crate) fn call_of(&mut self, callee: ExprId, values: &[ExprId], at: Span) -> ExprId {
        let mark = self.ir.arg_list.len();
        self.ir.arg_list.extend(values.iter().map(|value| Arg {
            value: *value,
            name: None,
            is_spread: false,
        }));
        let args = self.ir.args_from(mark);
        self.ir.push(Expr::Call { callee, args, optional: false }, at)
    }

    /// An expression that is not understood: its named children are lowered as expressions.
    pub(crate) fn unknown(&mut self, node: Node<'t>, kind: &str) -> ExprId {
        let kind = self.ir.count_unknown(kind, span(node));
        let mark = self.ir.expr_list.len();
        for (_, child) in self.sound_kids(node) {
            let child = self.expr(child);
            self.ir.expr_list.push(child);
        }
        let children = self.ir.exprs_from(mark);
        self.ir.push(Expr::Unknown { kind, children }, span(node))
    }
}
