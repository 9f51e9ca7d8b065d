//! Statements.

use routeward_base::{Name, Range32};
use routeward_ir::{Block, Case, Expr, ExprId, SlotKind, Stmt};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;
use crate::pattern::Bind;

/// What `let` and `const` declare.
pub(crate) const fn block_scoped(kind: SlotKind) -> Bind {
    Bind::Declare { kind, is_var: false, is_export: false }
}

impl<'t> Lowerer<'t> {
    /// The statements below a program or function body, and the directives at its head.
    pub(crate) fn body(&mut self, node: Node<'t>) -> (Block, Vec<Name>) {
        let mut directives = Vec::new();
        let mut at_head = true;
        let marks = self.open_list();
        for (kind, child) in self.kids(node) {
            at_head = at_head && matches!(kind, K::ExpressionStatement | K::HashBang);
            if at_head && kind == K::ExpressionStatement {
                match self.directive(child) {
                    Some(directive) => {
                        directives.push(directive);
                        continue;
                    }
                    None => at_head = false,
                }
            }
            self.list_item(kind, child);
        }
        (self.close_list(marks), directives)
    }

    fn directive(&mut self, node: Node<'t>) -> Option<Name> {
        let text = self.first_kid(node).filter(|child| self.kind(*child) == K::String)?;
        Some(self.string(text))
    }

    /// The statements below `node` in the current scope; `skip` is a child that is none of them.
    fn list(&mut self, node: Node<'t>, skip: Option<Node<'t>>) -> Block {
        let marks = self.open_list();
        for (kind, child) in self.kids(node) {
            if skip != Some(child) {
                self.list_item(kind, child);
            }
        }
        self.close_list(marks)
    }

    fn open_list(&self) -> (usize, usize, usize) {
        (self.ir.stmt_list.len(), self.hoisted.len(), self.salvaged.len())
    }

    /// Function declarations come first, then the rest.
    fn close_list(&mut self, (stmts, hoisted, _): (usize, usize, usize)) -> Block {
        let hoisted = self.hoisted.drain(hoisted..);
        Range32::extend(&mut self.ir.module.stmt_pool, hoisted.chain(self.ir.stmt_list.drain(stmts..)))
    }

    fn list_item(&mut self, kind: K, node: Node<'t>) {
        let mark = self.salvaged.len();
        self.stmt(kind, node);
        self.ir.stmt_list.extend(self.salvaged.drain(mark..));
    }

    /// A block with a scope of its own, or a single statement as a block.
    pub(crate) fn nested(&mut self, node: Option<Node<'t>>) -> Block {
        let Some(node) = node else { return Block::EMPTY };
        let kind = self.kind(node);
        if kind == K::StatementBlock {
            let scope = self.enter(false);
            let block = self.list(node, None);
            self.leave(scope);
            return block;
        }
        let marks = self.open_list();
        self.list_item(kind, node);
        self.close_list(marks)
    }

    /// Lowers a statement into the open list.
    pub(crate) fn stmt(&mut self, kind: K, node: Node<'t>) {
        if !self.ir.descend() {
            let id = self.ir.too_deep(span(node));
            return self.ir.push_stmt(Stmt::Expr(id), span(node));
        }
        if node.has_error() && !matches!(kind, K::StatementBlock | K::Error | K::Class) {
            self.salvage(node);
        }
        self.stmt_of(kind, node);
        self.ir.ascend();
    }

    fn stmt_of(&mut self, kind: K, node: Node<'t>) {
        let at = span(node);
        match kind {
            K::ExpressionStatement => self.expression_stmt(node),
            K::Lexical | K::Var | K::Using => self.variables(kind, node, false),
            K::FunctionDeclaration
            | K::GeneratorDeclaration
            | K::ClassDeclaration
            | K::AbstractClass
            | K::EnumDeclaration
            | K::Interface
            | K::TypeAlias
            | K::Namespace
            | K::AmbientModule
            | K::ImportAlias => self.declaration(kind, node, false, &[]),
            K::ImportStatement => self.import(node),
            K::Export => self.export(node),
            K::If => self.if_stmt(node),
            K::Return => {
                let value = self.first_kid(node).map(|value| self.expr(value));
                self.ir.push_stmt(Stmt::Return(value), at);
            }
            K::Throw => {
                let value = self.expr_kid(node);
                self.ir.push_stmt(Stmt::Throw(value), at);
            }
            K::StatementBlock => {
                let block = self.nested(Some(node));
                self.ir.push_stmt(Stmt::Block(block), at);
            }
            K::For => self.for_stmt(node),
            K::ForIn => self.for_each(node),
            K::While | K::Do => {
                let test = Some(self.expr_field(node, self.fields.condition));
                let body = self.nested(field(node, self.fields.body));
                let test_last = kind == K::Do;
                let stmt = Stmt::Loop { init: Block::EMPTY, test, update: None, body, test_last };
                self.ir.push_stmt(stmt, at);
            }
            K::Switch => self.switch(node),
            K::Try => self.try_stmt(node),
            K::Break => {
                let label = self.label(node);
                self.ir.push_stmt(Stmt::Break(label), at);
            }
            K::Continue => {
                let label = self.label(node);
                self.ir.push_stmt(Stmt::Continue(label), at);
            }
            K::Labeled => self.labeled(node),
            K::With => self.with(node),
            K::Error => self.error_stmt(node),
            // Nothing happens at run time.
            K::Empty | K::Debugger | K::FunctionSignature | K::Ambient | K::HashBang => {}
            // Fragments of expressions and classes, in a broken text.
            K::Pair => {
                let value = self.expr_field(node, self.fields.value);
                self.ir.push_stmt(Stmt::Expr(value), at);
            }
            K::Method => {
                let form = self.method_form(node);
                let hint = self.key_field(node, self.fields.name).and_then(|(_, hint)| hint);
                let func = self.method(node, hint, None, form);
                let func = self.ir.push(Expr::Function(func), at);
                self.ir.push_stmt(Stmt::Expr(func), at);
            }
            K::PropertyIdentifier
            | K::TypeIdentifier
            | K::StringFragment
            | K::EscapeSequence
            | K::JsxText
            | K::JsxClosing
            | K::HtmlCharacter
            | K::AccessModifier
            | K::OverrideModifier
            | K::OptionalChain
            | K::TypeAnnotation
            | K::TypeArguments
            | K::TypeParameters
            | K::PredefinedType => {}
            _ => {
                let value = self.expr(node);
                self.ir.push_stmt(Stmt::Expr(value), at);
            }
        }
    }

    fn expression_stmt(&mut self, node: Node<'t>) {
        let Some(inner) = self.first_kid(node) else { return };
        match self.kind(inner) {
            K::Namespace => return self.declaration(K::Namespace, inner, false, &[]),
            K::Assignment if self.is_using(inner) => return self.using(inner),
            K::Await => {
                if let Some(assignment) = self.first_kid(inner).filter(|inner| self.is_using(*inner)) {
                    return self.using(assignment);
                }
            }
            _ => {}
        }
        let value = self.expr(inner);
        self.ir.push_stmt(Stmt::Expr(value), span(node));
    }

    /// The TypeScript grammar reads `using x = y` as an assignment.
    fn is_using(&self, node: Node<'t>) -> bool {
        node.child(0).is_some_and(|first| self.kind(first) == K::UsingWord)
    }

    fn using(&mut self, node: Node<'t>) {
        let Some(name) = field(node, self.fields.left) else { return };
        let pat = self.pat(name, block_scoped(SlotKind::Constant));
        let init = Some(self.expr_field(node, self.fields.right));
        self.ir.push_stmt(Stmt::Declare { pat, init, ty: None }, span(node));
    }

    fn condition(&mut self, node: Node<'t>) -> ExprId {
        self.expr_field(node, self.fields.condition)
    }

    /// A branch. A chain of `else if` is lowered in a loop, outermost first, and put together from its end.
    fn if_stmt(&mut self, node: Node<'t>) {
        let mut arms = Vec::new();
        let mut node = node;
        let other = loop {
            let test = self.condition(node);
            let then = self.nested(field(node, self.fields.consequence));
            arms.push((span(node), test, then));
            let alternative = field(node, self.fields.alternative);
            match alternative.and_then(|clause| self.first_kid(clause)) {
                Some(next) if self.kind(next) == K::If => node = next,
                Some(last) => break self.nested(Some(last)),
                None => break Block::EMPTY,
            }
        };
        self.ir.branches(arms, other);
    }

    fn for_stmt(&mut self, node: Node<'t>) {
        let scope = self.enter(false);
        let mark = self.ir.stmt_list.len();
        if let Some(initializer) = field(node, self.fields.initializer) {
            let kind = self.kind(initializer);
            self.stmt(kind, initializer);
        }
        let init = self.ir.block_from(mark);
        let test = self.clause(node, self.fields.condition);
        let update = self.clause(node, self.fields.increment);
        let body = self.nested(field(node, self.fields.body));
        self.leave(scope);
        self.ir.push_stmt(Stmt::Loop { init, test, update, body, test_last: false }, span(node));
    }

    /// A part of a `for` that may be empty. Grammars differ in whether it is a statement.
    fn clause(&mut self, node: Node<'t>, id: u16) -> Option<ExprId> {
        let clause = field(node, id)?;
        match self.kind(clause) {
            K::Empty => None,
            _ if !clause.is_named() => None,
            _ => Some(self.expr(clause)),
        }
    }

    fn for_each(&mut self, node: Node<'t>) {
        let scope = self.enter(false);
        let bind = match field(node, self.fields.kind).map(|kind| self.kind(kind)) {
            None => Bind::Assign,
            Some(K::VarWord) => Bind::Declare { kind: SlotKind::Variable, is_var: true, is_export: false },
            Some(K::LetWord) => block_scoped(SlotKind::Variable),
            Some(_) => block_scoped(SlotKind::Constant),
        };
        let pat = match field(node, self.fields.left) {
            Some(left) => self.pat(left, bind),
            None => self.ir.push_pat(routeward_ir::Pat::Unknown),
        };
        let iterable = self.expr_field(node, self.fields.right);
        let operator = field(node, self.fields.operator);
        let over_keys = operator.is_some_and(|operator| self.kind(operator) == K::InWord);
        let body = self.nested(field(node, self.fields.body));
        self.leave(scope);
        self.ir.push_stmt(Stmt::ForEach { pat, iterable, over_keys, body }, span(node));
    }

    fn switch(&mut self, node: Node<'t>) {
        let subject = self.expr_field(node, self.fields.value);
        let scope = self.enter(false);
        let mut cases = Vec::new();
        if let Some(body) = field(node, self.fields.body) {
            for (kind, child) in self.kids(body) {
                let test = match kind {
                    K::SwitchCase => field(child, self.fields.value),
                    K::SwitchDefault => None,
                    _ => {
                        self.salvage_error(child);
                        continue;
                    }
                };
                let test_expr = test.map(|test| self.expr(test));
                let body = self.list(child, test);
                cases.push(Case { test: test_expr, body });
            }
        }
        self.leave(scope);
        self.ir.push_stmt(Stmt::Switch { subject, cases }, span(node));
    }

    fn try_stmt(&mut self, node: Node<'t>) {
        let body = self.nested(field(node, self.fields.body));
        let catch = field(node, self.fields.handler).map(|handler| {
            let scope = self.enter(false);
            let parameter = field(handler, self.fields.parameter);
            let pat = parameter.map(|parameter| self.pat(parameter, block_scoped(SlotKind::Variable)));
            let block = match field(handler, self.fields.body) {
                Some(body) => self.list(body, None),
                None => Block::EMPTY,
            };
            self.leave(scope);
            (pat, block)
        });
        let finalizer = field(node, self.fields.finalizer);
        let finally = self.nested(finalizer.and_then(|clause| field(clause, self.fields.body)));
        self.ir.push_stmt(Stmt::Try { body, catch, finally }, span(node));
    }

    fn label(&mut self, node: Node<'t>) -> Option<Name> {
        let label = field(node, self.fields.label)?;
        Some(self.identifier_name(self.text(label)))
    }

    fn labeled(&mut self, node: Node<'t>) {
        let Some(name) = self.label(node) else { return };
        let body = field(node, self.fields.body);
        let marks = self.open_list();
        if let Some(body) = body {
            let kind = self.kind(body);
            self.stmt(kind, body);
        }
        let block = self.close_list(marks);
        let inner = match *block.of(&self.ir.module.stmt_pool) {
            [only] => only,
            _ => self.ir.new_stmt(Stmt::Block(block), body.map_or(span(node), span)),
        };
        self.ir.push_stmt(Stmt::Labeled(name, inner), span(node));
    }

    /// `with (object) body`: any name in the body may be a property, so nothing is known about it.
    fn with(&mut self, node: Node<'t>) {
        let kind = self.ir.count_unknown("with", span(node));
        let mark = self.ir.stmt_list.len();
        if let Some(object) = field(node, self.fields.object) {
            let value = self.expr(object);
            self.ir.push_stmt(Stmt::Expr(value), span(object));
        }
        if let Some(body) = field(node, self.fields.body) {
            let body_kind = self.kind(body);
            self.stmt(body_kind, body);
        }
        let children = self.ir.block_from(mark);
        self.ir.push_stmt(Stmt::Unknown { kind, children }, span(node));
    }

    /// What is understandable inside an error node.
    pub(crate) fn error_stmt(&mut self, node: Node<'t>) {
        let kind = self.ir.count_unknown("syntax-error", span(node));
        let children = self.list(node, None);
        self.ir.push_stmt(Stmt::Unknown { kind, children }, span(node));
    }
}
