//! Expressions.

use routeward_base::{Name, Range32, Span};
use routeward_ir::{
    Arg, Args, BinaryOp, Collection, Expr, ExprId, Key, LogicalOp, Property, Stmt, UnaryOp, UpdateOp,
};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::literal::{Piece, brace_pieces, cook, number, percent_pieces, prefix};
use crate::lowerer::Lowerer;
use crate::scope::ScopeKind;

impl<'t> Lowerer<'t> {
    /// Lowers an expression. Parentheses leave no node.
    pub(crate) fn expr(&mut self, node: Node<'t>) -> ExprId {
        if !self.ir.descend() {
            return self.ir.too_deep(span(node));
        }
        let id = self.chain(node);
        self.ir.ascend();
        id
    }

    /// The expression in a field, or `Undefined` at the end of `node` where a broken text has none.
    pub(crate) fn expr_field(&mut self, node: Node<'t>, id: u16) -> ExprId {
        match field(node, id) {
            Some(child) => self.expr(child),
            None => self.absent(node),
        }
    }

    /// The first child as an expression.
    pub(crate) fn expr_kid(&mut self, node: Node<'t>) -> ExprId {
        match self.first_kid(node) {
            Some(child) => self.expr(child),
            None => self.absent(node),
        }
    }

    pub(crate) fn absent(&mut self, node: Node<'t>) -> ExprId {
        let end = node.end_byte() as u32;
        self.ir.push(Expr::Undefined, Span::new(end, end))
    }

    /// Lowers a value that gives its name to a function: `name = lambda: …`.
    pub(crate) fn expr_named(&mut self, node: Node<'t>, hint: Option<(Name, Span)>) -> ExprId {
        let mut inner = node;
        while self.kind(inner) == K::Paren
            && let Some(kid) = self.first_kid(inner)
        {
            inner = kid;
        }
        if self.kind(inner) == K::Lambda && self.ir.descend() {
            let func = self.lambda(inner, hint);
            self.ir.ascend();
            return self.ir.push(Expr::Function(func), span(inner));
        }
        self.expr(inner)
    }

    /// Goes down the left edge of the tree in a loop and builds on the way back, so that
    /// `a.b().c().d()` and `a + b + c + d` cost no stack, however long.
    fn chain(&mut self, node: Node<'t>) -> ExprId {
        let mark = self.spine.len();
        let mut node = node;
        let mut acc = loop {
            let kind = self.kind(node);
            let left = match kind {
                K::Paren => match self.first_kid(node) {
                    Some(inner) => {
                        node = inner;
                        continue;
                    }
                    None => break self.absent(node),
                },
                K::Attribute => field(node, self.fields.object),
                K::Subscript => field(node, self.fields.value),
                K::Call => field(node, self.fields.function),
                K::Binary | K::Boolean => field(node, self.fields.left),
                _ => break self.atom(kind, node),
            };
            let Some(left) = left else { break self.unknown(node, node.kind()) };
            if kind == K::Call && self.kind(left) == K::Identifier && self.text(left) == "super" {
                break self.ir.push(Expr::Super, span(node));
            }
            self.spine.push((kind, node));
            node = left;
        };
        let mut sum = None;
        while self.spine.len() > mark {
            let Some((kind, node)) = self.spine.pop() else { break };
            if kind == K::Binary {
                acc = self.binary(node, acc, &mut sum);
                continue;
            }
            if let Some(start) = sum.take() {
                acc = self.ir.finish_sum(start);
            }
            acc = match kind {
                K::Attribute => self.attribute(node, acc),
                K::Subscript => self.subscript(node, acc),
                K::Boolean => self.boolean(node, acc),
                _ => self.call(node, acc),
            };
        }
        match sum {
            Some(start) => self.ir.finish_sum(start),
            None => acc,
        }
    }

    fn attribute(&mut self, node: Node<'t>, object: ExprId) -> ExprId {
        let name = field(node, self.fields.attribute);
        let name = name.map_or("", |name| self.text(name));
        let name = self.ir.intern(name);
        self.ir.push(Expr::Member { object, name, optional: false }, span(node))
    }

    fn subscript(&mut self, node: Node<'t>, object: ExprId) -> ExprId {
        let value = field(node, self.fields.value);
        let indices: Vec<(K, Node<'t>)> =
            self.sound_kids(node).filter(|(_, child)| Some(*child) != value).collect();
        let at = span(node);
        // A type with notes is an object that holds both.
        let last = value.and_then(|value| self.path(value)).and_then(|path| path.last().copied());
        if last.is_some_and(|last| self.text(last) == "Annotated") {
            let parts: Vec<ExprId> = indices.iter().map(|(_, part)| self.expr(*part)).collect();
            return self.call_of(object, &parts, at);
        }
        match indices.as_slice() {
            [(K::Slice, slice)] => {
                let (from, to) = self.bounds(*slice);
                self.ir.push(Expr::Slice { object, from, to }, at)
            }
            [(_, index)] => {
                let index = self.expr(*index);
                self.ir.push(Expr::Index { object, index, optional: false }, at)
            }
            _ => {
                let mark = self.ir.arg_list.len();
                for (_, child) in indices {
                    let value = self.expr(child);
                    self.ir.arg_list.push(Arg { value, name: None, is_spread: false });
                }
                let items = self.ir.args_from(mark);
                let index = self.ir.push(Expr::Array(items), at);
                self.ir.push(Expr::Index { object, index, optional: false }, at)
            }
        }
    }

    /// The bounds of `from:to:step`; the step is evaluated with the second bound.
    fn bounds(&mut self, node: Node<'t>) -> (Option<ExprId>, Option<ExprId>) {
        let mut bounds = [None, None, None];
        let mut at = 0;
        for (kind, child) in self.parts(node) {
            if kind == K::ColonToken {
                at += 1;
            } else if child.is_named() && kind != K::Error && at < 3 {
                bounds[at] = Some(child);
            }
        }
        let [from, to, _] = bounds.map(|bound| bound.map(|bound| self.expr(bound)));
        (from, to)
    }

    fn call(&mut self, node: Node<'t>, callee: ExprId) -> ExprId {
        let Some(arguments) = field(node, self.fields.arguments) else {
            return self.ir.push(Expr::Call { callee, args: Args::EMPTY, optional: false }, span(node));
        };
        // The constructor of the base class.
        let callee = match self.ir.module.exprs[callee] {
            Expr::Member { object, name, .. }
                if matches!(self.ir.module.exprs[object], Expr::Super)
                    && self.ir.module.text(name) == "__init__" =>
            {
                object
            }
            _ => callee,
        };
        let args = self.args(arguments);
        let at = span(node);
        if let Expr::Member { object, name, .. } = self.ir.module.exprs[callee]
            && let Expr::Str(text) = self.ir.module.exprs[object]
            && self.ir.module.text(name) == "format"
            && let Some(formatted) = self.formatted(text, args, at)
        {
            return formatted;
        }
        self.ir.push(Expr::Call { callee, args, optional: false }, at)
    }

    /// Arguments in parentheses, or one generator expression.
    pub(crate) fn args(&mut self, node: Node<'t>) -> Args {
        let mark = self.ir.arg_list.len();
        if self.kind(node) == K::GeneratorExpression {
            let value = self.expr(node);
            self.ir.arg_list.push(Arg { value, name: None, is_spread: false });
            return self.ir.args_from(mark);
        }
        for (kind, child) in self.sound_kids(node) {
            let arg = self.arg(kind, child);
            self.ir.arg_list.push(arg);
        }
        self.ir.args_from(mark)
    }

    fn arg(&mut self, kind: K, node: Node<'t>) -> Arg {
        match kind {
            K::KeywordArgument => {
                let name = field(node, self.fields.name);
                let hint = name.map(|name| (self.name(name), span(name)));
                let value = match field(node, self.fields.value) {
                    Some(value) => self.expr_named(value, hint),
                    None => self.absent(node),
                };
                Arg { value, name: hint.map(|(name, _)| name), is_spread: false }
            }
            K::ListSplat | K::ParenListSplat | K::ListSplatPattern => {
                Arg { value: self.expr_kid(node), name: None, is_spread: true }
            }
            K::DictionarySplat | K::DictionarySplatPattern => {
                let value = self.expr_kid(node);
                Arg { value, name: Some(self.ir.intern("")), is_spread: true }
            }
            _ => Arg { value: self.expr(node), name: None, is_spread: false },
        }
    }

    /// `"…".format(args)` as pieces; `None` where the arguments are spread.
    fn formatted(&mut self, text: Name, args: Args, at: Span) -> Option<ExprId> {
        let text = self.ir.module.text(text).to_owned();
        let args = args.of(&self.ir.module.arg_pool).to_vec();
        if args.iter().any(|arg| arg.is_spread) {
            return None;
        }
        let positional: Vec<ExprId> =
            args.iter().filter(|arg| arg.name.is_none()).map(|arg| arg.value).collect();
        let by_name = |this: &Self, wanted: &str| {
            let is_it = |arg: &&Arg| arg.name.is_some_and(|name| this.ir.module.text(name) == wanted);
            args.iter().find(is_it).map(|arg| arg.value)
        };
        Some(self.pieces(brace_pieces(&text), &positional, by_name, at))
    }

    /// A text whose holes are filled with values.
    fn pieces(
        &mut self,
        pieces: Vec<Piece<'_>>,
        positional: &[ExprId],
        by_name: impl Fn(&Self, &str) -> Option<ExprId>,
        at: Span,
    ) -> ExprId {
        let mark = self.ir.expr_list.len();
        let mut next = 0;
        for piece in pieces {
            let value = match piece {
                Piece::Text(text) => {
                    let text = self.ir.intern(&text);
                    self.ir.push(Expr::Str(text), at)
                }
                Piece::Position(position) => {
                    let value = positional.get(position.unwrap_or(next)).copied();
                    next += usize::from(position.is_none());
                    match value {
                        Some(value) => value,
                        None => self.ir.push(Expr::Undefined, at),
                    }
                }
                Piece::Named(name) => match by_name(self, name) {
                    Some(value) => value,
                    None => self.ir.push(Expr::Undefined, at),
                },
            };
            self.ir.expr_list.push(value);
        }
        let parts = self.ir.exprs_from(mark);
        self.ir.push(Expr::Concat(parts), at)
    }

    /// One step of a chain of binary operations. While a run of `+` lasts, `sum` is where its operands begin in
    /// the list, each with the span of the sum up to it.
    fn binary(&mut self, node: Node<'t>, left: ExprId, sum: &mut Option<usize>) -> ExprId {
        let operator = field(node, self.fields.operator).map_or(K::Other, |operator| self.kind(operator));
        let mut left = left;
        if operator == K::Plus {
            if sum.is_none() {
                *sum = Some(self.ir.sum_list.len());
                let left_span = self.ir.module.expr_spans[left];
                self.ir.sum_list.push((left, left_span));
            }
        } else if let Some(start) = sum.take() {
            left = self.ir.finish_sum(start);
        }
        let right = self.expr_field(node, self.fields.right);
        if operator == K::Plus {
            self.ir.sum_list.push((right, span(node)));
            return right;
        }
        if operator == K::Percent
            && let Expr::Str(text) = self.ir.module.exprs[left]
        {
            return self.percent(text, right, span(node));
        }
        self.ir.push(Expr::Binary { op: binary_op(operator), left, right }, span(node))
    }

    /// `"…" % values` as pieces.
    fn percent(&mut self, text: Name, values: ExprId, at: Span) -> ExprId {
        let text = self.ir.module.text(text).to_owned();
        let positional: Vec<ExprId> = match self.ir.module.exprs[values] {
            Expr::Array(items) => items.of(&self.ir.module.arg_pool).iter().map(|arg| arg.value).collect(),
            _ => vec![values],
        };
        let by_name = |this: &Self, wanted: &str| {
            let Expr::Object(props) = this.ir.module.exprs[values] else { return Some(values) };
            props.of(&this.ir.module.prop_pool).iter().find_map(|prop| match prop {
                Property::Pair(Key::Name(name), value) if this.ir.module.text(*name) == wanted => {
                    Some(*value)
                }
                _ => None,
            })
        };
        self.pieces(percent_pieces(&text), &positional, by_name, at)
    }

    fn boolean(&mut self, node: Node<'t>, left: ExprId) -> ExprId {
        let operator = field(node, self.fields.operator);
        let is_and = operator.is_some_and(|operator| self.kind(operator) == K::AndWord);
        let right = self.expr_field(node, self.fields.right);
        let op = if is_and { LogicalOp::And } else { LogicalOp::Or };
        self.ir.push(Expr::Logical { op, left, right }, span(node))
    }

    fn atom(&mut self, kind: K, node: Node<'t>) -> ExprId {
        let at = span(node);
        let expr = match kind {
            K::Identifier => {
                let name = self.name(node);
                return self.use_expr(name, at);
            }
            K::DottedName => return self.dotted(node),
            K::String | K::ConcatenatedString => return self.string(node),
            K::Integer | K::Float => Expr::Number(number(self.text(node))),
            K::True => Expr::Bool(true),
            K::False => Expr::Bool(false),
            K::None => Expr::Null,
            K::Ellipsis => Expr::Undefined,
            K::List | K::Tuple | K::Set | K::ExpressionList | K::PatternList | K::TuplePattern => {
                Expr::Array(self.args(node))
            }
            K::Dictionary => return self.dictionary(node),
            K::ListComprehension | K::SetComprehension | K::GeneratorExpression => {
                return self.comprehension(node, Collection::Array);
            }
            K::DictionaryComprehension => return self.comprehension(node, Collection::Object),
            K::Lambda => Expr::Function(self.lambda(node, None)),
            K::Not => {
                let operand = match field(node, self.fields.argument) {
                    Some(argument) => self.expr(argument),
                    None => self.expr_kid(node),
                };
                Expr::Unary { op: UnaryOp::Not, operand }
            }
            K::Unary => return self.unary(node),
            K::Comparison => return self.comparison(node),
            K::Conditional => return self.conditional(node),
            K::Named => return self.named_expression(node),
            K::Await => Expr::Await(self.expr_kid(node)),
            K::Yield => return self.yielded(node),
            K::Assignment => return self.assignment(node),
            K::Augmented => return self.augmented(node),
            K::ListSplat | K::ParenListSplat | K::ListSplatPattern | K::Type | K::CasePattern => {
                return self.expr_kid(node);
            }
            K::DictionarySplat | K::KeywordArgument | K::AsPattern | K::Interpolation => {
                return self.unknown_part(node);
            }
            K::Slice => {
                let (from, to) = self.bounds(node);
                let object = self.ir.push(Expr::Undefined, Span::new(at.start, at.start));
                Expr::Slice { object, from, to }
            }
            K::Error => return self.unknown(node, "syntax-error"),
            _ => return self.unknown(node, node.kind()),
        };
        self.ir.push(expr, at)
    }

    /// A piece of an expression where none may stand, in a broken text.
    fn unknown_part(&mut self, node: Node<'t>) -> ExprId {
        match field(node, self.fields.value).or_else(|| self.first_kid(node)) {
            Some(inner) => self.expr(inner),
            None => self.absent(node),
        }
    }

    /// `a.b.c` where the grammar has no expression.
    pub(crate) fn dotted(&mut self, node: Node<'t>) -> ExprId {
        let mut acc: Option<ExprId> = None;
        let start = node.start_byte() as u32;
        for (_, child) in self.sound_kids(node).collect::<Vec<_>>() {
            let name = self.name(child);
            let end = child.end_byte() as u32;
            acc = Some(match acc {
                None => self.use_expr(name, span(child)),
                Some(object) => {
                    self.ir.push(Expr::Member { object, name, optional: false }, Span::new(start, end))
                }
            });
        }
        acc.unwrap_or_else(|| self.absent(node))
    }

    /// A string of any form: a constant, or pieces.
    pub(crate) fn string(&mut self, node: Node<'t>) -> ExprId {
        let at = span(node);
        let mark = self.ir.expr_list.len();
        let mut text = String::new();
        if self.kind(node) == K::ConcatenatedString {
            for (_, child) in self.sound_kids(node).collect::<Vec<_>>() {
                self.string_parts(child, &mut text);
            }
        } else {
            self.string_parts(node, &mut text);
        }
        if self.ir.expr_list.len() == mark {
            let text = self.ir.intern(&text);
            return self.ir.push(Expr::Str(text), at);
        }
        self.flush_text(&mut text, at);
        let parts = self.ir.exprs_from(mark);
        self.ir.push(Expr::Concat(parts), at)
    }

    fn string_parts(&mut self, node: Node<'t>, text: &mut String) {
        let mut form = crate::literal::Prefix::default();
        for (kind, child) in self.sound_kids(node).collect::<Vec<_>>() {
            match kind {
                K::StringStart => form = prefix(self.text(child)),
                K::StringContent => {
                    let raw = self.text(child);
                    let cooked = if form.is_raw { raw.to_owned() } else { cook(raw, form.is_bytes) };
                    if form.is_format {
                        text.push_str(&cooked.replace("{{", "{").replace("}}", "}"));
                    } else {
                        text.push_str(&cooked);
                    }
                }
                K::Interpolation => {
                    self.flush_text(text, span(child));
                    let value = match field(child, self.fields.expression) {
                        Some(value) => self.expr(value),
                        None => self.expr_kid(child),
                    };
                    self.ir.expr_list.push(value);
                }
                _ => {}
            }
        }
    }

    fn flush_text(&mut self, text: &mut String, at: Span) {
        if !text.is_empty() {
            let name = self.ir.intern(text);
            let piece = self.ir.push(Expr::Str(name), at);
            self.ir.expr_list.push(piece);
            text.clear();
        }
    }

    fn dictionary(&mut self, node: Node<'t>) -> ExprId {
        let mark = self.ir.prop_list.len();
        for (kind, child) in self.sound_kids(node) {
            let property = match kind {
                K::Pair => {
                    let (key, hint) = match field(child, self.fields.key) {
                        Some(key) => self.dictionary_key(key),
                        None => continue,
                    };
                    let value = match field(child, self.fields.value) {
                        Some(value) => self.expr_named(value, hint),
                        None => self.absent(child),
                    };
                    Property::Pair(key, value)
                }
                _ => Property::Spread(self.unknown_part(child)),
            };
            self.ir.prop_list.push(property);
        }
        let props = self.ir.props_from(mark);
        self.ir.push(Expr::Object(props), span(node))
    }

    fn dictionary_key(&mut self, node: Node<'t>) -> (Key, Option<(Name, Span)>) {
        let key = self.expr(node);
        match self.ir.module.exprs[key] {
            Expr::Str(name) => (Key::Name(name), Some((name, span(node)))),
            _ => (Key::Expr(key), None),
        }
    }

    fn unary(&mut self, node: Node<'t>) -> ExprId {
        let operator = field(node, self.fields.operator).map_or(K::Other, |operator| self.kind(operator));
        let operand = self.expr_field(node, self.fields.argument);
        let op = match operator {
            K::Minus => UnaryOp::Minus,
            K::Tilde => UnaryOp::BitNot,
            _ => UnaryOp::Plus,
        };
        self.ir.push(Expr::Unary { op, operand }, span(node))
    }

    /// `a < b <= c` as `a < b and b <= c`; what stands in the middle is one node.
    fn comparison(&mut self, node: Node<'t>) -> ExprId {
        let mut operands = Vec::new();
        let mut operators = Vec::new();
        for (kind, child) in self.parts(node) {
            if kind == K::Error {
                continue;
            }
            if child.is_named() {
                operands.push(child);
            } else if let Some(last) = operators.last_mut()
                && operators_join(*last, kind)
            {
                *last = joined(*last, kind);
            } else {
                operators.push(kind);
            }
        }
        let mut operands = operands.into_iter();
        let Some(first) = operands.next() else { return self.absent(node) };
        let mut left = self.expr(first);
        let start = self.ir.module.expr_spans[left].start.min(first.start_byte() as u32);
        let mut acc: Option<ExprId> = None;
        for (operator, operand) in operators.into_iter().zip(operands) {
            let right = self.expr(operand);
            let to = Span::new(start, operand.end_byte() as u32);
            let test = self.compared(operator, left, right, to);
            acc = Some(match acc {
                None => test,
                Some(acc) => self.ir.push(Expr::Logical { op: LogicalOp::And, left: acc, right: test }, to),
            });
            left = right;
        }
        acc.unwrap_or(left)
    }

    pub(crate) fn compared(&mut self, operator: K, left: ExprId, right: ExprId, at: Span) -> ExprId {
        let is_none = [left, right].iter().any(|side| self.ir.module.exprs[*side] == Expr::Null);
        let (op, is_negated) = match operator {
            K::Less => (BinaryOp::Lt, false),
            K::LessEqual => (BinaryOp::Le, false),
            K::Greater => (BinaryOp::Gt, false),
            K::GreaterEqual => (BinaryOp::Ge, false),
            // An absent value is none, too.
            K::Equal | K::IsWord if is_none => (BinaryOp::LooseEq, false),
            K::NotEqual | K::OldNotEqual | K::IsNotWords if is_none => (BinaryOp::LooseNe, false),
            K::NotEqual | K::OldNotEqual | K::IsNotWords => (BinaryOp::Ne, false),
            K::InWord => (BinaryOp::In, false),
            K::NotInWords => (BinaryOp::In, true),
            _ => (BinaryOp::Eq, false),
        };
        let test = self.ir.push(Expr::Binary { op, left, right }, at);
        if is_negated { self.ir.push(Expr::Unary { op: UnaryOp::Not, operand: test }, at) } else { test }
    }

    fn conditional(&mut self, node: Node<'t>) -> ExprId {
        let parts: Vec<Node<'t>> = self.sound_kids(node).map(|(_, child)| child).collect();
        let [then, test, rest @ ..] = parts.as_slice() else { return self.unknown(node, node.kind()) };
        let test = self.expr(*test);
        let then = self.expr(*then);
        let other = match rest.first() {
            Some(other) => self.expr(*other),
            None => self.absent(node),
        };
        self.ir.push(Expr::Conditional { test, then, other }, span(node))
    }

    fn named_expression(&mut self, node: Node<'t>) -> ExprId {
        let Some(name) = field(node, self.fields.name) else { return self.unknown_part(node) };
        let text = self.name(name);
        let value = match field(node, self.fields.value) {
            Some(value) => self.expr_named(value, Some((text, span(name)))),
            None => self.absent(node),
        };
        let slot = self.bind_outside_comprehension(text, span(name));
        let target = self.slot_pat(slot);
        self.ir.push(Expr::Assign { target, value }, span(node))
    }

    /// `yield x`; `yield from xs` yields an element of `xs`.
    fn yielded(&mut self, node: Node<'t>) -> ExprId {
        self.code.yields = true;
        let is_from = self.parts(node).any(|(kind, _)| kind == K::FromWord);
        let value = self.first_kid(node).map(|value| self.expr(value));
        let at = span(node);
        let (Some(iterable), true) = (value, is_from) else {
            return self.ir.push(Expr::Yield(value), at);
        };
        let index = self.ir.push(Expr::Undefined, Span::new(at.start, at.start));
        let element = self.ir.push(Expr::Index { object: iterable, index, optional: false }, at);
        self.ir.push(Expr::Yield(Some(element)), at)
    }

    /// `target = value` where its value counts: in `a = b = c`.
    fn assignment(&mut self, node: Node<'t>) -> ExprId {
        let Some(left) = field(node, self.fields.left) else { return self.unknown_part(node) };
        let hint = self.hint(left);
        let value = match field(node, self.fields.right) {
            Some(value) => self.expr_named(value, hint),
            None => self.absent(node),
        };
        let target = self.target(left);
        self.ir.push(Expr::Assign { target, value }, span(node))
    }

    /// The name that a value gets by being assigned.
    pub(crate) fn hint(&mut self, target: Node<'t>) -> Option<(Name, Span)> {
        let name = match self.kind(target) {
            K::Identifier => Some(target),
            K::Attribute => field(target, self.fields.attribute),
            _ => None,
        };
        name.map(|name| (self.name(name), span(name)))
    }

    pub(crate) fn augmented(&mut self, node: Node<'t>) -> ExprId {
        let operator = field(node, self.fields.operator).map_or(K::Other, |operator| self.kind(operator));
        let Some(left) = field(node, self.fields.left) else { return self.unknown_part(node) };
        if self.kind(left) == K::Identifier {
            let name = self.name(left);
            self.bind(name, routeward_ir::SlotKind::Variable, span(left));
        }
        let target = self.expr(left);
        let value = self.expr_field(node, self.fields.right);
        let op = UpdateOp::Binary(update_op(operator));
        self.ir.push(Expr::Update { target, op, value }, span(node))
    }

    /// A comprehension as a function that yields its elements. What it goes over first is evaluated outside.
    fn comprehension(&mut self, node: Node<'t>, into: Collection) -> ExprId {
        let at = span(node);
        let func = self.open_function(None, at, Span::new(at.start, at.start));
        let flags = &mut self.ir.module.functions[func].flags;
        (flags.is_generator, flags.lexical_this) = (true, true);
        let body = field(node, self.fields.body);
        let clauses: Vec<(K, Node<'t>)> =
            self.sound_kids(node).filter(|(kind, _)| matches!(kind, K::ForInClause | K::IfClause)).collect();
        let outer = std::mem::replace(&mut self.func, func);
        let code = std::mem::take(&mut self.code);
        let outside = self.enter(ScopeKind::Comprehension);
        // Each clause with what it goes over or tests, outermost first.
        let mut lowered = Vec::with_capacity(clauses.len());
        for (i, (kind, clause)) in clauses.into_iter().enumerate() {
            let clause_at = span(clause);
            if kind == K::IfClause {
                let test = self.expr_kid(clause);
                lowered.push((clause_at, None, test));
                continue;
            }
            let inside = (i == 0).then(|| self.leave(outside));
            let iterable = self.expr_field(clause, self.fields.right);
            if let Some(inside) = inside {
                self.leave(inside);
            }
            let pat = match field(clause, self.fields.left) {
                Some(left) => self.target(left),
                None => self.ir.push_pat(routeward_ir::Pat::Unknown),
            };
            lowered.push((clause_at, Some(pat), iterable));
        }
        let value = match body {
            Some(body) if self.kind(body) == K::Pair => self.pair(body),
            Some(body) => self.expr(body),
            None => self.absent(node),
        };
        let value_at = self.ir.module.expr_spans[value];
        let yielded = self.ir.push(Expr::Yield(Some(value)), value_at);
        let mut stmt = self.ir.new_stmt(Stmt::Expr(yielded), value_at);
        while let Some((clause_at, pat, value)) = lowered.pop() {
            let body = Range32::extend(&mut self.ir.module.stmt_pool, [stmt]);
            let inner = match pat {
                Some(pat) => Stmt::ForEach { pat, iterable: value, over_keys: false, body },
                None => Stmt::If { test: value, then: body, other: Range32::EMPTY },
            };
            stmt = self.ir.new_stmt(inner, clause_at);
        }
        self.leave(outside);
        self.code = code;
        self.func = outer;
        self.ir.module.functions[func].body = Range32::extend(&mut self.ir.module.stmt_pool, [stmt]);
        self.ir.push(Expr::Collect { func, into }, at)
    }

    /// `key: value` as an array of both.
    fn pair(&mut self, node: Node<'t>) -> ExprId {
        let key = self.expr_field(node, self.fields.key);
        let value = self.expr_field(node, self.fields.value);
        let mark = self.ir.arg_list.len();
        for value in [key, value] {
            self.ir.arg_list.push(Arg { value, name: None, is_spread: false });
        }
        let items = self.ir.args_from(mark);
        self.ir.push(Expr::Array(items), span(node))
    }
}

/// `is` and `not`, `not` and `in` may be tokens of their own.
fn operators_join(first: K, second: K) -> bool {
    first == K::IsWord && second == K::Other || first == K::Other && second == K::InWord
}

fn joined(first: K, _second: K) -> K {
    if first == K::IsWord { K::IsNotWords } else { K::NotInWords }
}

fn binary_op(operator: K) -> BinaryOp {
    match operator {
        K::Plus => BinaryOp::Add,
        K::Minus => BinaryOp::Sub,
        K::Star | K::At => BinaryOp::Mul,
        K::Slash | K::DoubleSlash => BinaryOp::Div,
        K::Percent => BinaryOp::Rem,
        K::DoubleStar => BinaryOp::Pow,
        K::Ampersand => BinaryOp::BitAnd,
        K::Pipe => BinaryOp::BitOr,
        _ => BinaryOp::Bit,
    }
}

fn update_op(operator: K) -> BinaryOp {
    match operator {
        K::PlusAssign => BinaryOp::Add,
        K::MinusAssign => BinaryOp::Sub,
        K::StarAssign => BinaryOp::Mul,
        K::SlashAssign | K::DoubleSlashAssign => BinaryOp::Div,
        K::PercentAssign => BinaryOp::Rem,
        K::DoubleStarAssign => BinaryOp::Pow,
        _ => BinaryOp::Bit,
    }
}
