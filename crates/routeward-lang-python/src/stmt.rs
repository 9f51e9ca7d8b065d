//! Statements.

use routeward_base::{Name, Range32, Span};
use routeward_ir::{BinaryOp, Block, Expr, ExprId, PatId, Stmt, TypeId, UnaryOp};
use routeward_syntax::{Node, field, named_children, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;

impl<'t> Lowerer<'t> {
    /// The statements below a file or block.
    pub(crate) fn list(&mut self, node: Node<'t>) -> Block {
        let mark = self.ir.stmt_list.len();
        for (kind, child) in self.kids(node) {
            self.stmt(kind, child);
        }
        self.ir.block_from(mark)
    }

    /// The block in a field.
    pub(crate) fn block_field(&mut self, node: Node<'t>, id: u16) -> Block {
        match field(node, id) {
            Some(block) => self.list(block),
            None => Block::EMPTY,
        }
    }

    /// The block among the children, as clauses without fields have it.
    fn block_kid(&mut self, node: Node<'t>) -> Block {
        match self.kids(node).find(|(kind, _)| *kind == K::Block) {
            Some((_, block)) => self.list(block),
            None => Block::EMPTY,
        }
    }

    /// Lowers a statement into the open list.
    pub(crate) fn stmt(&mut self, kind: K, node: Node<'t>) {
        if !self.ir.descend() {
            let id = self.ir.too_deep(span(node));
            return self.ir.push_stmt(Stmt::Expr(id), span(node));
        }
        self.stmt_of(kind, node);
        if !self.attributes.is_empty() && self.in_class() {
            self.write_attributes();
        }
        if node.has_error() && kind != K::Error {
            self.salvage(node);
        }
        self.ir.ascend();
    }

    /// Writes the names that a statement of a class body has bound to the class.
    fn write_attributes(&mut self) {
        for (name, slot, at) in std::mem::take(&mut self.attributes) {
            let value = self.ir.push(Expr::Local(slot), self.ir.module.slots[slot].span);
            let object = self.ir.push(Expr::This, at);
            let place = self.ir.push(Expr::Member { object, name, optional: false }, at);
            let target = self.ir.push_pat(routeward_ir::Pat::Place(place));
            let assign = self.ir.push(Expr::Assign { target, value }, at);
            self.ir.push_stmt(Stmt::Expr(assign), at);
        }
    }

    /// Keeps what is understandable of the error nodes below a statement; blocks keep their own.
    fn salvage(&mut self, node: Node<'t>) {
        let mut work: Vec<Node<'t>> = named_children(node).collect();
        work.reverse();
        while let Some(child) = work.pop() {
            match self.kind(child) {
                K::Error => self.stmt(K::Error, child),
                K::Block | K::Module => {}
                _ if child.has_error() => {
                    let mark = work.len();
                    work.extend(named_children(child));
                    work[mark..].reverse();
                }
                _ => {}
            }
        }
    }

    fn stmt_of(&mut self, kind: K, node: Node<'t>) {
        let at = span(node);
        match kind {
            K::ExpressionStatement => {
                for (kind, child) in self.sound_kids(node) {
                    self.expression_stmt(kind, child);
                }
            }
            K::Assignment | K::Augmented => self.expression_stmt(kind, node),
            K::FunctionDefinition => self.function_definition(node, &[], at),
            K::ClassDefinition => self.class_definition(node, &[]),
            K::DecoratedDefinition => self.decorated(node),
            K::Import => self.import(node),
            K::ImportFrom => self.import_from(node),
            K::If => self.if_stmt(node),
            K::For => self.for_stmt(node),
            K::While => self.while_stmt(node),
            K::Try => self.try_stmt(node),
            K::With => self.with_stmt(node),
            K::Match => self.match_stmt(node),
            K::Return => {
                let value = self.first_kid(node).map(|value| self.expr(value));
                self.ir.push_stmt(Stmt::Return(value), at);
            }
            K::Raise => self.raise(node),
            K::Assert => self.assert(node),
            K::Delete => self.delete(node),
            K::Global | K::Nonlocal => {
                for (_, name) in self.sound_kids(node) {
                    let name = self.name(name);
                    self.declare_outside(name, kind == K::Global);
                }
            }
            K::Break => {
                let label = self.code.loops.last().copied().flatten();
                self.ir.push_stmt(Stmt::Break(label), at);
            }
            K::Continue => self.ir.push_stmt(Stmt::Continue(None), at),
            K::TypeAlias => self.type_alias(node),
            K::Block | K::Module => {
                let block = self.list(node);
                self.ir.push_stmt(Stmt::Block(block), at);
            }
            K::Error => self.error_stmt(node),
            // Nothing happens at run time.
            K::Pass
            | K::FutureImport
            | K::StringStart
            | K::StringEnd
            | K::StringContent
            | K::EscapeSequence
            | K::EscapeInterpolation
            | K::TypeConversion
            | K::FormatSpecifier
            | K::KeywordSeparator
            | K::PositionalSeparator
            | K::ImportPrefix
            | K::TypeParameter => {}
            // Clauses without their statement, in a broken text.
            K::ElifClause
            | K::ElseClause
            | K::ExceptClause
            | K::FinallyClause
            | K::CaseClause
            | K::ExceptGroupClause
            | K::Decorator
            | K::Parameters
            | K::LambdaParameters => {
                for (kind, child) in self.sound_kids(node) {
                    self.stmt(kind, child);
                }
            }
            K::Print | K::ExecStatement => {
                for (_, child) in self.sound_kids(node) {
                    let value = self.expr(child);
                    self.ir.push_stmt(Stmt::Expr(value), span(child));
                }
            }
            _ => {
                let value = self.expr(node);
                self.ir.push_stmt(Stmt::Expr(value), at);
            }
        }
    }

    /// An assignment or an expression.
    fn expression_stmt(&mut self, kind: K, node: Node<'t>) {
        if kind == K::Assignment {
            return self.assignment_stmt(node);
        }
        let value = self.expr(node);
        self.ir.push_stmt(Stmt::Expr(value), span(node));
    }

    fn assignment_stmt(&mut self, node: Node<'t>) {
        let Some(left) = field(node, self.fields.left) else { return };
        let ty = field(node, self.fields.type_).map(|ty| self.ty(ty));
        let hint = self.hint(left);
        let init = field(node, self.fields.right).map(|value| self.expr_named(value, hint));
        if let Some(ty) = ty
            && init.is_none()
            && self.kind(left) == K::Identifier
        {
            let name = self.name(left);
            // A name that is declared but not bound.
            if self.in_class() {
                return self.class_field(name, span(left), Some(ty), None, span(node));
            }
            return;
        }
        if self.in_class()
            && self.kind(left) == K::Identifier
            && let Some((name, at)) = hint
        {
            self.class_field(name, at, ty, init, span(node));
        }
        let value = match init {
            Some(value) => value,
            None => self.absent(node),
        };
        self.bind_value(left, value, ty, span(node));
    }

    /// `target = value`. A binding of the code's own names outside of loops is a declaration.
    pub(crate) fn bind_value(&mut self, target: Node<'t>, value: ExprId, ty: Option<TypeId>, at: Span) {
        let outer = std::mem::take(&mut self.binds_outside);
        let pat = self.target(target);
        let binds_outside = std::mem::replace(&mut self.binds_outside, outer);
        self.bind_pat(pat, value, ty, at, binds_outside);
    }

    fn bind_pat(&mut self, pat: PatId, value: ExprId, ty: Option<TypeId>, at: Span, outside: bool) {
        let writes_place = matches!(self.ir.module.patterns[pat], routeward_ir::Pat::Place(_));
        if outside || writes_place || self.code.for_depth > 0 {
            let assign = self.ir.push(Expr::Assign { target: pat, value }, at);
            self.ir.push_stmt(Stmt::Expr(assign), at);
        } else {
            self.ir.push_stmt(Stmt::Declare { pat, init: Some(value), ty }, at);
        }
    }

    fn if_stmt(&mut self, node: Node<'t>) {
        let mut arms = Vec::new();
        let mut other = Block::EMPTY;
        let arm = self.arm(node);
        arms.push(arm);
        for (kind, clause) in self.sound_kids(node) {
            match kind {
                K::ElifClause => {
                    let arm = self.arm(clause);
                    arms.push(arm);
                }
                K::ElseClause => other = self.else_block(clause),
                _ => {}
            }
        }
        self.ir.branches(arms, other);
    }

    fn arm(&mut self, node: Node<'t>) -> (Span, ExprId, Block) {
        let condition = field(node, self.fields.condition);
        // `if TYPE_CHECKING:` is for tools that check types.
        let for_types = condition.is_some_and(|condition| {
            let text = self.text(condition);
            text == "TYPE_CHECKING" || text.ends_with(".TYPE_CHECKING")
        });
        let test = match condition {
            Some(condition) if for_types => self.ir.push(Expr::Bool(false), span(condition)),
            Some(condition) => self.expr(condition),
            None => self.absent(node),
        };
        let outer = self.type_only;
        self.type_only |= for_types;
        let then = self.block_field(node, self.fields.consequence);
        self.type_only = outer;
        (span(node), test, then)
    }

    fn else_block(&mut self, clause: Node<'t>) -> Block {
        match field(clause, self.fields.body) {
            Some(body) => self.list(body),
            None => self.block_kid(clause),
        }
    }

    fn for_stmt(&mut self, node: Node<'t>) {
        let at = span(node);
        let iterable = self.expr_field(node, self.fields.right);
        let pat = match field(node, self.fields.left) {
            Some(left) => self.target(left),
            None => self.ir.push_pat(routeward_ir::Pat::Unknown),
        };
        self.looped(node, |this| {
            this.code.for_depth += 1;
            let body = this.block_field(node, this.fields.body);
            this.code.for_depth -= 1;
            this.ir.push_stmt(Stmt::ForEach { pat, iterable, over_keys: false, body }, at);
        });
    }

    fn while_stmt(&mut self, node: Node<'t>) {
        let at = span(node);
        let test = Some(self.expr_field(node, self.fields.condition));
        self.looped(node, |this| {
            let body = this.block_field(node, this.fields.body);
            let stmt = Stmt::Loop { init: Block::EMPTY, test, update: None, body, test_last: false };
            this.ir.push_stmt(stmt, at);
        });
    }

    /// A loop. One with an `else` is a block that `break` leaves as a whole.
    fn looped(&mut self, node: Node<'t>, body: impl FnOnce(&mut Self)) {
        let other = field(node, self.fields.alternative);
        let label = other.map(|other| self.ir.intern(&format!("loop@{}", other.start_byte())));
        self.code.loops.push(label);
        let mark = self.ir.stmt_list.len();
        body(self);
        self.code.loops.pop();
        let (Some(other), Some(label)) = (other, label) else { return };
        let otherwise = self.else_block(other);
        let at = span(node);
        self.ir.stmt_list.extend_from_slice(otherwise.of(&self.ir.module.stmt_pool));
        let block = self.ir.block_from(mark);
        let block = self.ir.new_stmt(Stmt::Block(block), at);
        self.ir.push_stmt(Stmt::Labeled(label, block), at);
    }

    fn try_stmt(&mut self, node: Node<'t>) {
        let at = span(node);
        let mark = self.ir.stmt_list.len();
        let body = self.block_field(node, self.fields.body);
        self.ir.stmt_list.extend_from_slice(body.of(&self.ir.module.stmt_pool));
        let clauses: Vec<(K, Node<'t>)> = self.sound_kids(node).collect();
        // What stands in `else` runs when the body has ended.
        for (_, clause) in clauses.iter().filter(|(kind, _)| *kind == K::ElseClause) {
            let block = self.else_block(*clause);
            self.ir.stmt_list.extend_from_slice(block.of(&self.ir.module.stmt_pool));
        }
        let body = self.ir.block_from(mark);
        let handlers: Vec<Node<'t>> = clauses
            .iter()
            .filter(|(kind, _)| matches!(kind, K::ExceptClause | K::ExceptGroupClause))
            .map(|(_, clause)| *clause)
            .collect();
        let catch = if handlers.is_empty() { None } else { Some(self.handlers(&handlers)) };
        let mut finally = Block::EMPTY;
        for (_, clause) in clauses.iter().filter(|(kind, _)| *kind == K::FinallyClause) {
            finally = self.block_kid(*clause);
        }
        self.ir.push_stmt(Stmt::Try { body, catch, finally }, at);
    }

    /// All `except` clauses as one handler: branches on the exception's class, and what no clause takes is raised
    /// again.
    fn handlers(&mut self, clauses: &[Node<'t>]) -> (Option<PatId>, Block) {
        let (slot, at) = self.hidden_slot(span(clauses[0]));
        let pat = self.slot_pat(slot);
        self.code.caught.push(slot);
        let mark = self.ir.stmt_list.len();
        let (mut arms, mut other) = (Vec::new(), None);
        for clause in clauses {
            let (class, alias) = self.caught(*clause);
            let test = class.map(|class| {
                let class_at = span(class);
                let class = self.expr(class);
                let left = self.ir.push(Expr::Local(slot), at);
                let op = BinaryOp::InstanceOf;
                self.ir.push(Expr::Binary { op, left, right: class }, class_at)
            });
            let block_mark = self.ir.stmt_list.len();
            if let Some(alias) = alias {
                let value = self.ir.push(Expr::Local(slot), at);
                self.bind_value(alias, value, None, span(alias));
            }
            let block = self.block_kid(*clause);
            self.ir.stmt_list.extend_from_slice(block.of(&self.ir.module.stmt_pool));
            let block = self.ir.block_from(block_mark);
            match test {
                Some(test) => arms.push((span(*clause), test, block)),
                None => other = Some(block),
            }
        }
        let other = other.unwrap_or_else(|| {
            let value = self.ir.push(Expr::Local(slot), at);
            let again = self.ir.new_stmt(Stmt::Throw(value), at);
            Range32::extend(&mut self.ir.module.stmt_pool, [again])
        });
        if arms.is_empty() {
            self.ir.stmt_list.extend_from_slice(other.of(&self.ir.module.stmt_pool));
        } else {
            self.ir.branches(arms, other);
        }
        self.code.caught.pop();
        (Some(pat), self.ir.block_from(mark))
    }

    /// The class and the name of `except class as name`.
    fn caught(&self, clause: Node<'t>) -> (Option<Node<'t>>, Option<Node<'t>>) {
        let parts: Vec<(K, Node<'t>)> =
            self.sound_kids(clause).filter(|(kind, _)| *kind != K::Block).collect();
        let Some((kind, first)) = parts.first().copied() else { return (None, None) };
        if kind == K::AsPattern {
            let alias = field(first, self.fields.alias);
            return (self.first_kid(first), alias);
        }
        let alias = field(clause, self.fields.alias).or_else(|| parts.get(1).map(|(_, alias)| *alias));
        (Some(first), alias)
    }

    /// What a context manager guards runs between: its own code is not seen.
    fn with_stmt(&mut self, node: Node<'t>) {
        let clauses: Vec<Node<'t>> =
            self.sound_kids(node).filter(|(kind, _)| *kind == K::WithClause).map(|(_, kid)| kid).collect();
        for clause in clauses {
            for (_, item) in self.sound_kids(clause).collect::<Vec<_>>() {
                self.with_item(item);
            }
        }
        let body = self.block_field(node, self.fields.body);
        self.ir.push_stmt(Stmt::Block(body), span(node));
    }

    fn with_item(&mut self, item: Node<'t>) {
        let Some(value) = field(item, self.fields.value).or_else(|| self.first_kid(item)) else {
            return;
        };
        let alias = match self.kind(value) {
            K::AsPattern => field(value, self.fields.alias),
            // Several items in parentheses.
            K::Tuple => {
                for (_, inner) in self.sound_kids(value).collect::<Vec<_>>() {
                    self.context(inner);
                }
                return;
            }
            _ => None,
        };
        if alias.is_some() {
            self.context(value);
        } else {
            let value_at = span(value);
            let value = self.expr(value);
            self.ir.push_stmt(Stmt::Expr(value), value_at);
        }
    }

    fn context(&mut self, node: Node<'t>) {
        let alias = field(node, self.fields.alias).filter(|_| self.kind(node) == K::AsPattern);
        let manager = if alias.is_some() { self.first_kid(node) } else { Some(node) };
        let Some(manager) = manager else { return };
        let value = self.expr(manager);
        match alias {
            Some(alias) => self.bind_value(alias, value, None, span(node)),
            None => self.ir.push_stmt(Stmt::Expr(value), span(node)),
        }
    }

    fn raise(&mut self, node: Node<'t>) {
        let at = span(node);
        let value = if let Some(value) = self.first_kid(node) {
            self.expr(value)
        } else {
            let start = Span::new(at.start, at.start);
            match self.code.caught.last() {
                Some(slot) => self.ir.push(Expr::Local(*slot), start),
                None => self.ir.push(Expr::Undefined, start),
            }
        };
        if let Some(cause) = field(node, self.fields.cause) {
            let cause_at = span(cause);
            let cause = self.expr(cause);
            self.ir.push_stmt(Stmt::Expr(cause), cause_at);
        }
        self.ir.push_stmt(Stmt::Throw(value), at);
    }

    fn assert(&mut self, node: Node<'t>) {
        let at = span(node);
        let mut parts = self.sound_kids(node).map(|(_, child)| child);
        let (test, message) = (parts.next(), parts.next());
        let Some(test) = test else { return };
        let test = self.expr(test);
        let message = match message {
            Some(message) => self.expr(message),
            None => self.absent(node),
        };
        let fails = self.ir.new_stmt(Stmt::Throw(message), at);
        let other = Range32::extend(&mut self.ir.module.stmt_pool, [fails]);
        self.ir.push_stmt(Stmt::If { test, then: Block::EMPTY, other }, at);
    }

    fn delete(&mut self, node: Node<'t>) {
        for (kind, child) in self.sound_kids(node) {
            let operands: Vec<Node<'t>> = match kind {
                K::ExpressionList | K::Tuple => self.sound_kids(child).map(|(_, kid)| kid).collect(),
                _ => vec![child],
            };
            for operand in operands {
                let at = span(operand);
                let operand = self.expr(operand);
                let value = self.ir.push(Expr::Unary { op: UnaryOp::Delete, operand }, at);
                self.ir.push_stmt(Stmt::Expr(value), at);
            }
        }
    }

    fn error_stmt(&mut self, node: Node<'t>) {
        let at = span(node);
        let kind: Name = self.ir.count_unknown("syntax-error", at);
        let mark = self.ir.stmt_list.len();
        for (kind, child) in self.kids(node) {
            self.stmt(kind, child);
        }
        let children = self.ir.block_from(mark);
        self.ir.push_stmt(Stmt::Unknown { kind, children }, at);
    }
}
