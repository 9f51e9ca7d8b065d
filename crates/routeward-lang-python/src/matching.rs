//! `match`: a chain of branches on a value that is evaluated once.

use routeward_base::Span;
use routeward_ir::{Arg, Block, Expr, ExprId, LogicalOp, Pat, SlotId, SlotKind, Stmt};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;

/// What a case asks for, and what it binds.
#[derive(Default)]
struct Tests {
    tests: Vec<ExprId>,
    binds: Vec<ExprId>,
}

impl<'t> Lowerer<'t> {
    pub(crate) fn match_stmt(&mut self, node: Node<'t>) {
        let at = span(node);
        let body = field(node, self.fields.body).unwrap_or(node);
        let subject = self.subject(node, body);
        let (slot, start) = self.hidden_slot(at);
        let pat = self.slot_pat(slot);
        self.ir.push_stmt(Stmt::Declare { pat, init: Some(subject), ty: None }, at);
        let cases: Vec<Node<'t>> =
            self.sound_kids(body).filter(|(kind, _)| *kind == K::CaseClause).map(|(_, case)| case).collect();
        let mut arms = Vec::new();
        for case in cases {
            let test = self.case_test(case, slot, start);
            let block = self.block_field(case, self.fields.consequence);
            arms.push((span(case), test, block));
        }
        self.ir.branches(arms, Block::EMPTY);
    }

    /// `match a:`, `match a, b:`
    fn subject(&mut self, node: Node<'t>, body: Node<'t>) -> ExprId {
        let subjects: Vec<Node<'t>> =
            self.sound_kids(node).map(|(_, child)| child).take_while(|child| *child != body).collect();
        if let [only] = subjects.as_slice() {
            return self.expr(*only);
        }
        let mark = self.ir.arg_list.len();
        for subject in subjects {
            let value = self.expr(subject);
            self.ir.arg_list.push(Arg { value, name: None, is_spread: false });
        }
        let items = self.ir.args_from(mark);
        self.ir.push(Expr::Array(items), span(node))
    }

    fn case_test(&mut self, case: Node<'t>, slot: SlotId, start: Span) -> ExprId {
        let at = span(case);
        let subject = self.ir.push(Expr::Local(slot), start);
        let patterns: Vec<Node<'t>> = self
            .sound_kids(case)
            .filter(|(kind, _)| *kind == K::CasePattern)
            .map(|(_, pattern)| pattern)
            .collect();
        let mut tests = Tests::default();
        match patterns.as_slice() {
            [only] => self.pattern_tests(*only, subject, &mut tests),
            // `case a, b:`
            _ => {
                for (i, pattern) in patterns.into_iter().enumerate() {
                    let item = self.item(subject, i, start);
                    self.pattern_tests(pattern, item, &mut tests);
                }
            }
        }
        if let Some(guard) = field(case, self.fields.guard) {
            let guard = self.expr_kid(guard);
            tests.binds.push(guard);
        } else if !tests.binds.is_empty() {
            let always = self.ir.push(Expr::Bool(true), at);
            tests.binds.push(always);
        }
        if !tests.binds.is_empty() {
            let mark = self.ir.expr_list.len();
            self.ir.expr_list.append(&mut tests.binds);
            let parts = self.ir.exprs_from(mark);
            let bound = self.ir.push(Expr::Sequence(parts), at);
            tests.tests.push(bound);
        }
        self.all_of(tests.tests, at)
    }

    fn all_of(&mut self, tests: Vec<ExprId>, at: Span) -> ExprId {
        let mut tests = tests.into_iter();
        let Some(mut acc) = tests.next() else { return self.ir.push(Expr::Bool(true), at) };
        for test in tests {
            acc = self.ir.push(Expr::Logical { op: LogicalOp::And, left: acc, right: test }, at);
        }
        acc
    }

    fn item(&mut self, object: ExprId, index: usize, at: Span) -> ExprId {
        let index = self.ir.push(Expr::Number(index as f64), at);
        self.ir.push(Expr::Index { object, index, optional: false }, at)
    }

    fn pattern_tests(&mut self, node: Node<'t>, subject: ExprId, out: &mut Tests) {
        if !self.ir.descend() {
            self.ir.count_unknown("too-deep", span(node));
            return;
        }
        self.pattern_tests_of(node, subject, out);
        self.ir.ascend();
    }

    fn pattern_tests_of(&mut self, node: Node<'t>, subject: ExprId, out: &mut Tests) {
        let at = span(node);
        match self.kind(node) {
            K::CasePattern if self.text(node).starts_with('-') => self.literal_test(node, subject, out),
            K::CasePattern => match self.first_kid(node) {
                Some(inner) => self.pattern_tests(inner, subject, out),
                // `_`, or a number with a sign.
                None => {
                    if self.text(node).trim() != "_" && !self.text(node).is_empty() {
                        self.literal_test(node, subject, out);
                    }
                }
            },
            K::AsPattern => {
                let alias = field(node, self.fields.alias);
                let parts: Vec<Node<'t>> = self.sound_kids(node).map(|(_, child)| child).collect();
                if let Some(pattern) = parts.first() {
                    self.pattern_tests(*pattern, subject, out);
                }
                if let Some(name) = alias.or_else(|| parts.get(1).copied()) {
                    let name = self.first_kid(name).unwrap_or(name);
                    self.capture(name, subject, out);
                }
            }
            K::DottedName if self.sound_kids(node).count() == 1 => {
                if let Some(name) = self.first_kid(node) {
                    self.capture(name, subject, out);
                }
            }
            K::Identifier => self.capture(node, subject, out),
            K::SplatPattern => {
                if let Some(name) = self.first_kid(node) {
                    let rest = self.ir.push(Expr::Slice { object: subject, from: None, to: None }, at);
                    self.capture(name, rest, out);
                }
            }
            K::UnionPattern => self.union_tests(node, subject, out),
            K::ListPattern | K::TuplePattern => {
                for (i, (_, child)) in self.sound_kids(node).enumerate().collect::<Vec<_>>() {
                    let item = self.item(subject, i, Span::new(at.start, at.start));
                    self.pattern_tests(child, item, out);
                }
            }
            K::DictPattern => self.dict_tests(node, subject, out),
            K::ClassPattern => self.class_tests(node, subject, out),
            _ => self.literal_test(node, subject, out),
        }
    }

    fn literal_test(&mut self, node: Node<'t>, subject: ExprId, out: &mut Tests) {
        let at = span(node);
        let value = match self.kind(node) {
            K::CasePattern | K::ComplexPattern => {
                let number = crate::literal::number(&self.text(node).replace(' ', ""));
                self.ir.push(Expr::Number(number), at)
            }
            _ => self.expr(node),
        };
        let test = self.compared(K::Equal, subject, value, at);
        out.tests.push(test);
    }

    fn capture(&mut self, name: Node<'t>, subject: ExprId, out: &mut Tests) {
        let at = span(name);
        let text = self.name(name);
        if self.ir.module.text(text) == "_" {
            return;
        }
        let slot = self.bind(text, SlotKind::Variable, at);
        let target = self.ir.push_pat(Pat::Slot(slot));
        let assign = self.ir.push(Expr::Assign { target, value: subject }, at);
        out.binds.push(assign);
    }

    fn union_tests(&mut self, node: Node<'t>, subject: ExprId, out: &mut Tests) {
        let at = span(node);
        let mut acc: Option<ExprId> = None;
        for (_, child) in self.sound_kids(node).collect::<Vec<_>>() {
            let mut inner = Tests::default();
            self.pattern_tests(child, subject, &mut inner);
            out.binds.append(&mut inner.binds);
            let test = self.all_of(inner.tests, at);
            acc = Some(match acc {
                None => test,
                Some(acc) => self.ir.push(Expr::Logical { op: LogicalOp::Or, left: acc, right: test }, at),
            });
        }
        out.tests.extend(acc);
    }

    /// `{"key": pattern}`: the key is there, and its value fits.
    fn dict_tests(&mut self, node: Node<'t>, subject: ExprId, out: &mut Tests) {
        let mut key: Option<ExprId> = None;
        for (kind, child) in self.sound_kids(node).collect::<Vec<_>>() {
            let at = span(child);
            match (kind, key.take()) {
                (K::SplatPattern, _) => self.pattern_tests(child, subject, out),
                (_, Some(index)) => {
                    let item = self.ir.push(Expr::Index { object: subject, index, optional: false }, at);
                    self.pattern_tests(child, item, out);
                }
                (_, None) => {
                    let value = self.expr(child);
                    let test = self.compared(K::InWord, value, subject, at);
                    out.tests.push(test);
                    key = Some(value);
                }
            }
        }
    }

    /// `Class(a, b=c)`.
    fn class_tests(&mut self, node: Node<'t>, subject: ExprId, out: &mut Tests) {
        let at = span(node);
        let parts: Vec<(K, Node<'t>)> = self.sound_kids(node).collect();
        let Some(((_, class), fields)) = parts.split_first() else { return };
        let class = self.expr(*class);
        let op = routeward_ir::BinaryOp::InstanceOf;
        let test = self.ir.push(Expr::Binary { op, left: subject, right: class }, at);
        out.tests.push(test);
        for (i, (kind, field)) in fields.iter().enumerate() {
            let inner = if *kind == K::CasePattern { self.first_kid(*field) } else { Some(*field) };
            let keyword = inner.filter(|inner| self.kind(*inner) == K::KeywordPattern);
            let start = Span::new(at.start, at.start);
            let Some(keyword) = keyword else {
                let item = self.item(subject, i, start);
                self.pattern_tests(*field, item, out);
                continue;
            };
            let mut parts = self.sound_kids(keyword).map(|(_, child)| child);
            let (Some(name), Some(pattern)) = (parts.next(), parts.next()) else { continue };
            let name_text = self.name(name);
            let member = Expr::Member { object: subject, name: name_text, optional: false };
            let member = self.ir.push(member, span(name));
            self.pattern_tests(pattern, member, out);
        }
    }
}
