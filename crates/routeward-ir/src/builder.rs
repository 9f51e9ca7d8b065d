//! Building a module: what every front end does the same way, whatever its grammar.

use routeward_base::{Name, Range32, Span};

use crate::{
    Arg, Args, BinaryOp, Block, Expr, ExprId, Exprs, FuncFlags, FuncId, Function, Module, Pat, PatId,
    Property, Semantics, Stmt, StmtId,
};

/// A module under construction, with the lists that are not finished yet.
///
/// A list is shared by all that nest: whoever begins one remembers its length as a mark, pushes, and takes what
/// lies above the mark. So building allocates nothing for each list.
pub struct Builder {
    /// What is built.
    pub module: Module,
    /// Expressions that will be operands, elements or parts.
    pub expr_list: Vec<ExprId>,
    /// Operands of runs of `+`, each with the span of the sum up to it.
    pub sum_list: Vec<(ExprId, Span)>,
    /// Arguments.
    pub arg_list: Vec<Arg>,
    /// Members of object literals.
    pub prop_list: Vec<Property>,
    /// Statements.
    pub stmt_list: Vec<StmtId>,
    depth: u32,
    max_depth: u32,
}

impl Function {
    /// A function that is not filled in yet.
    pub fn empty(parent: Option<FuncId>, name: Option<Name>, span: Span, name_span: Span) -> Self {
        Self {
            name,
            flags: FuncFlags::default(),
            params: Vec::new(),
            arguments: None,
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
}

impl Module {
    /// The module of a file without any code in it, or of one that was not understood at all.
    pub fn empty(source: &str, semantics: Semantics) -> Self {
        let mut module = Self { semantics, ..Self::default() };
        let span = Span::new(0, source.len() as u32);
        module.functions.push(Function::empty(None, None, span, Span::default()));
        module
    }
}

impl Builder {
    /// Nothing yet. What is nested deeper than `max_depth` is to become `Unknown`; see [`Self::descend`].
    pub fn new(source: &str, semantics: Semantics, max_depth: u32) -> Self {
        Self {
            module: Module::empty(source, semantics),
            expr_list: Vec::new(),
            sum_list: Vec::new(),
            arg_list: Vec::new(),
            prop_list: Vec::new(),
            stmt_list: Vec::new(),
            depth: 0,
            max_depth,
        }
    }

    /// The name for a text.
    pub fn intern(&mut self, text: &str) -> Name {
        self.module.names.intern(text)
    }

    /// Adds an expression.
    pub fn push(&mut self, expr: Expr, span: Span) -> ExprId {
        self.module.expr_spans.push(span);
        self.module.exprs.push(expr)
    }

    /// Adds a statement to the list under construction.
    pub fn push_stmt(&mut self, stmt: Stmt, span: Span) {
        let id = self.new_stmt(stmt, span);
        self.stmt_list.push(id);
    }

    /// Adds a statement that stands in no list yet.
    pub fn new_stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        self.module.stmt_spans.push(span);
        self.module.stmts.push(stmt)
    }

    /// Adds a pattern.
    pub fn push_pat(&mut self, pat: Pat) -> PatId {
        self.module.patterns.push(pat)
    }

    /// Takes the expressions above the mark.
    pub fn exprs_from(&mut self, mark: usize) -> Exprs {
        Range32::extend(&mut self.module.expr_pool, self.expr_list.drain(mark..))
    }

    /// Takes the arguments above the mark.
    pub fn args_from(&mut self, mark: usize) -> Args {
        Range32::extend(&mut self.module.arg_pool, self.arg_list.drain(mark..))
    }

    /// Takes the members above the mark.
    pub fn props_from(&mut self, mark: usize) -> Range32<Property> {
        Range32::extend(&mut self.module.prop_pool, self.prop_list.drain(mark..))
    }

    /// Takes the statements above the mark.
    pub fn block_from(&mut self, mark: usize) -> Block {
        Range32::extend(&mut self.module.stmt_pool, self.stmt_list.drain(mark..))
    }

    /// The operands of a run of `+` above the mark: one string of pieces if one of them is a string, else additions.
    pub fn finish_sum(&mut self, mark: usize) -> ExprId {
        let is_text =
            |(id, _): &(ExprId, Span)| matches!(self.module.exprs[*id], Expr::Str(_) | Expr::Concat(_));
        if self.sum_list[mark..].iter().any(is_text) {
            return self.finish_text(mark);
        }
        let mut acc = self.sum_list[mark].0;
        for at in mark + 1..self.sum_list.len() {
            let (right, span) = self.sum_list[at];
            acc = self.push(Expr::Binary { op: BinaryOp::Add, left: acc, right }, span);
        }
        self.sum_list.truncate(mark);
        acc
    }

    /// The operands above the mark as one string of pieces; pieces of pieces are its own.
    pub fn finish_text(&mut self, mark: usize) -> ExprId {
        let whole = self.sum_list.last().map_or(Span::default(), |(_, span)| *span);
        let parts = self.expr_list.len();
        for (id, _) in self.sum_list.drain(mark..) {
            match self.module.exprs[id] {
                Expr::Concat(inner) => self.expr_list.extend_from_slice(inner.of(&self.module.expr_pool)),
                _ => self.expr_list.push(id),
            }
        }
        let parts = self.exprs_from(parts);
        self.push(Expr::Concat(parts), whole)
    }

    /// Puts a chain of branches together, from its end: the first becomes a statement of the list.
    pub fn branches(&mut self, mut arms: Vec<(Span, ExprId, Block)>, mut other: Block) {
        while let Some((at, test, then)) = arms.pop() {
            let stmt = Stmt::If { test, then, other };
            if arms.is_empty() {
                self.push_stmt(stmt, at);
            } else {
                let id = self.new_stmt(stmt, at);
                other = Range32::extend(&mut self.module.stmt_pool, [id]);
            }
        }
    }

    /// One level deeper, if there is room; every `descend` that returns true is followed by an `ascend`.
    pub fn descend(&mut self) -> bool {
        let fits = self.depth < self.max_depth;
        self.depth += u32::from(fits);
        fits
    }

    /// One level up.
    pub fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Counts a construct that was not understood.
    pub fn count_unknown(&mut self, kind: &str, span: Span) -> Name {
        let kind = self.intern(kind);
        self.module.unknown.push((kind, span));
        kind
    }

    /// An expression that is nested too deeply.
    pub fn too_deep(&mut self, span: Span) -> ExprId {
        let kind = self.count_unknown("too-deep", span);
        self.push(Expr::Unknown { kind, children: Exprs::EMPTY }, span)
    }
}
