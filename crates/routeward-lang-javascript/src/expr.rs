//! Expressions.

use routeward_base::{Name, Span};
use routeward_ir::{
    Arg, Args, BinaryOp, Expr, ExprId, Exprs, Import, ImportKind, Key, LogicalOp, Pat, Property, UnaryOp,
    UpdateOp,
};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::literal::{cook, number, unquote};
use crate::lowerer::Lowerer;
use crate::pattern::Bind;

impl<'t> Lowerer<'t> {
    /// Lowers an expression. Parentheses and type assertions leave no node.
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

    fn absent(&mut self, node: Node<'t>) -> ExprId {
        let end = node.end_byte() as u32;
        self.ir.push(Expr::Undefined, Span::new(end, end))
    }

    /// Lowers a value that gives its name to a function or class: `const name = () => …`.
    pub(crate) fn expr_named(&mut self, node: Node<'t>, hint: Option<(Name, Span)>) -> ExprId {
        let inner = self.strip(node);
        let kind = self.kind(inner);
        match kind {
            K::Arrow | K::Function | K::GeneratorFunction if self.ir.descend() => {
                let func = self.function(inner, kind, hint);
                self.ir.ascend();
                self.ir.push(Expr::Function(func), span(inner))
            }
            K::Class if self.ir.descend() => {
                let class = self.class(inner, hint, &[]);
                self.ir.ascend();
                self.ir.push(Expr::Class(class), span(inner))
            }
            _ => self.expr(inner),
        }
    }

    /// The expression inside parentheses and assertions.
    pub(crate) fn strip(&self, node: Node<'t>) -> Node<'t> {
        let mut node = node;
        while matches!(
            self.kind(node),
            K::Paren | K::NonNull | K::As | K::Satisfies | K::Instantiation | K::TypeAssertion
        ) {
            match self.inside(node) {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node
    }

    fn inside(&self, node: Node<'t>) -> Option<Node<'t>> {
        let is_assertion = self.kind(node) == K::TypeAssertion;
        self.kids(node).find(|(kind, _)| !(is_assertion && *kind == K::TypeArguments)).map(|(_, child)| child)
    }

    /// Goes down the left edge of the tree in a loop and builds on the way back, so that
    /// `a.b().c().d()` and `a + b + c + d` cost no stack, however long.
    fn chain(&mut self, node: Node<'t>) -> ExprId {
        let mark = self.spine.len();
        let mut node = node;
        let mut acc = loop {
            let kind = self.kind(node);
            if node.has_error() {
                self.salvage_list(kind, node);
            }
            let left = match kind {
                K::Paren | K::NonNull | K::As | K::Satisfies | K::Instantiation | K::TypeAssertion => {
                    match self.inside(node) {
                        Some(inner) => node = inner,
                        None => break self.absent(node),
                    }
                    continue;
                }
                K::Member => field(node, self.fields.object),
                K::Subscript => field(node, self.fields.object),
                K::Call => field(node, self.fields.function),
                K::Binary => field(node, self.fields.left),
                _ => break self.atom(kind, node),
            };
            let Some(left) = left else { break self.unknown(node, node.kind()) };
            if let Some(special) = self.special(kind, node, left) {
                break special;
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
                K::Member => self.member(node, acc),
                K::Subscript => self.subscript(node, acc),
                _ => self.call(node, acc),
            };
        }
        match sum {
            Some(start) => self.ir.finish_sum(start),
            None => acc,
        }
    }

    /// Lists take their error nodes along; those of other expressions go to the statements.
    fn salvage_list(&mut self, kind: K, node: Node<'t>) {
        if !matches!(kind, K::Array | K::Object | K::Error | K::Other | K::JsxElement | K::JsxSelfClosing) {
            self.salvage(node);
        }
    }

    /// Calls and members that are not what they look like: module loading and `import.meta`.
    fn special(&mut self, kind: K, node: Node<'t>, left: Node<'t>) -> Option<ExprId> {
        let left_kind = self.kind(left);
        match (kind, left_kind) {
            (K::Call, K::Import) => Some(self.dynamic_import(node)),
            (K::Member, K::Import) => {
                let name = self.ir.intern("import.meta");
                Some(self.ir.push(Expr::Global(name), span(node)))
            }
            (K::Call, K::Identifier) if self.text(left) == "require" => self.require(node, left),
            (K::Member, K::Identifier) if self.text(left) == "module" => self.module_exports(node, left),
            _ => None,
        }
    }

    fn require(&mut self, node: Node<'t>, callee: Node<'t>) -> Option<ExprId> {
        let arguments = field(node, self.fields.arguments)?;
        if self.kind(arguments) != K::Arguments {
            return None;
        }
        let name = self.ir.intern("require");
        let callee = self.use_expr(name, span(callee));
        let args = self.args(arguments);
        let id = self.ir.push(Expr::Call { callee, args, optional: false }, span(node));
        self.use_require(name, id);
        Some(id)
    }

    fn module_exports(&mut self, node: Node<'t>, object: Node<'t>) -> Option<ExprId> {
        let property = field(node, self.fields.property)?;
        if self.text(property) != "exports" {
            return None;
        }
        let name = self.ir.intern("module");
        let id = self.ir.push(Expr::Exports, span(node));
        self.use_exports(name, id, span(object));
        Some(id)
    }

    fn dynamic_import(&mut self, node: Node<'t>) -> ExprId {
        let argument = field(node, self.fields.arguments).and_then(|arguments| self.first_kid(arguments));
        let Some(argument) = argument else { return self.absent(node) };
        let value = self.expr(argument);
        let Expr::Str(specifier) = self.ir.module.exprs[value] else {
            return self.ir.push(Expr::ImportComputed(value), span(node));
        };
        let kind = ImportKind::Dynamic;
        let import = Import { specifier, bindings: Vec::new(), kind, type_only: false, span: span(node) };
        let import = self.ir.module.imports.push(import);
        self.ir.push(Expr::Import(import), span(node))
    }

    fn is_optional(&self, node: Node<'t>) -> bool {
        // `a.b` has one token between its parts; the other common forms have no room for the mark.
        let least = match self.kind(node) {
            K::Member if node.child_count() == 3 => {
                return node.child(1).is_some_and(|dot| self.kind(dot) == K::OptionalChain);
            }
            K::Subscript => 4,
            _ => 2,
        };
        node.child_count() > least
            && self.parts(node).any(|(kind, _)| matches!(kind, K::OptionalChain | K::OptionalDot))
    }

    fn member(&mut self, node: Node<'t>, object: ExprId) -> ExprId {
        let optional = self.is_optional(node);
        let property = field(node, self.fields.property);
        let name = property.map_or("", |property| self.text(property));
        let name = self.identifier_name(name);
        self.ir.push(Expr::Member { object, name, optional }, span(node))
    }

    fn subscript(&mut self, node: Node<'t>, object: ExprId) -> ExprId {
        let optional = self.is_optional(node);
        let index = self.expr_field(node, self.fields.index);
        self.ir.push(Expr::Index { object, index, optional }, span(node))
    }

    fn call(&mut self, node: Node<'t>, callee: ExprId) -> ExprId {
        let optional = self.is_optional(node);
        let expr = match field(node, self.fields.arguments) {
            Some(template) if self.kind(template) == K::Template => {
                let is_raw = self.ir.module.expr_spans[callee].of(self.source) == "String.raw";
                Expr::Tagged { tag: callee, parts: self.template_parts(template, is_raw) }
            }
            Some(arguments) => Expr::Call { callee, args: self.args(arguments), optional },
            None => Expr::Call { callee, args: Args::EMPTY, optional },
        };
        self.ir.push(expr, span(node))
    }

    /// Arguments in parentheses.
    pub(crate) fn args(&mut self, node: Node<'t>) -> Args {
        let mark = self.ir.arg_list.len();
        for (kind, child) in self.kids(node) {
            self.arg(kind, child);
        }
        self.ir.args_from(mark)
    }

    fn arg(&mut self, kind: K, node: Node<'t>) {
        let arg = match kind {
            K::Error => return self.salvage_error(node),
            K::Spread => Arg { value: self.expr_kid(node), name: None, is_spread: true },
            _ => Arg { value: self.expr(node), name: None, is_spread: false },
        };
        self.ir.arg_list.push(arg);
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
        let right = self.operand(node);
        if operator == K::Plus {
            self.ir.sum_list.push((right, span(node)));
            return right;
        }
        let expr = match logical_op(operator) {
            Some(op) => Expr::Logical { op, left, right },
            None => Expr::Binary { op: binary_op(operator), left, right },
        };
        self.ir.push(expr, span(node))
    }

    /// The right side of a binary operation. `#x in y` has its name on the left, where `atom` reads it.
    fn operand(&mut self, node: Node<'t>) -> ExprId {
        self.expr_field(node, self.fields.right)
    }

    fn atom(&mut self, kind: K, node: Node<'t>) -> ExprId {
        let at = span(node);
        let expr = match kind {
            K::Identifier | K::Undefined | K::Shorthand | K::ShorthandPattern => {
                return self.identifier(node);
            }
            K::PropertyIdentifier | K::TypeIdentifier => return self.identifier(node),
            K::String => Expr::Str(self.string(node)),
            K::Number => Expr::Number(number(self.text(node))),
            K::True => Expr::Bool(true),
            K::False => Expr::Bool(false),
            K::Null => Expr::Null,
            K::This => Expr::This,
            K::Super => Expr::Super,
            K::Template => return self.template(node),
            K::Regex => return self.regex(node),
            K::Object => return self.object(node),
            K::Array => Expr::Array(self.array(node)),
            K::Arrow | K::Function | K::GeneratorFunction => {
                let func = self.function(node, kind, None);
                Expr::Function(func)
            }
            // Declarations in a broken text.
            K::FunctionDeclaration | K::GeneratorDeclaration => {
                Expr::Function(self.function(node, kind, None))
            }
            K::Class | K::ClassDeclaration | K::AbstractClass => Expr::Class(self.class(node, None, &[])),
            K::Assignment => return self.assignment(node),
            K::Augmented => return self.augmented(node),
            K::Update => return self.update(node),
            K::Unary => return self.unary(node),
            K::Ternary => return self.ternary(node),
            K::New => return self.new_expr(node),
            K::Await => Expr::Await(self.expr_kid(node)),
            K::Yield => {
                let value = self.first_kid(node).map(|value| self.expr(value));
                Expr::Yield(value)
            }
            K::Sequence => {
                let mark = self.ir.expr_list.len();
                for (_, child) in self.kids(node) {
                    let child = self.expr(child);
                    self.ir.expr_list.push(child);
                }
                Expr::Sequence(self.ir.exprs_from(mark))
            }
            K::MetaProperty | K::Import => {
                let text = self.text(node);
                let name = self.ir.intern(text);
                Expr::Global(name)
            }
            // `#x in object`: the name of the private member is the key.
            K::PrivateProperty => {
                let text = self.text(node);
                Expr::Str(self.ir.intern(text))
            }
            K::Namespace => return self.namespace_expr(node),
            K::JsxElement | K::JsxSelfClosing => return self.jsx(node),
            K::ExpressionStatement | K::JsxExpression | K::Computed | K::Spread => {
                return self.expr_kid(node);
            }
            K::Error => return self.unknown(node, "syntax-error"),
            _ => return self.unknown(node, node.kind()),
        };
        self.ir.push(expr, at)
    }

    /// A name as the language reads it: escapes in it are replaced.
    pub(crate) fn identifier_name(&mut self, text: &str) -> Name {
        if text.contains('\\') { self.ir.intern(&cook(text)) } else { self.ir.intern(text) }
    }

    fn identifier(&mut self, node: Node<'t>) -> ExprId {
        if node.is_missing() {
            let kind = self.ir.intern("missing");
            return self.ir.push(Expr::Unknown { kind, children: Exprs::EMPTY }, span(node));
        }
        let name = self.identifier_name(self.text(node));
        self.use_expr(name, span(node))
    }

    /// The value of a string literal.
    pub(crate) fn string(&mut self, node: Node<'t>) -> Name {
        let value = cook(unquote(self.text(node)));
        self.ir.module.names.intern(&value)
    }

    fn regex(&mut self, node: Node<'t>) -> ExprId {
        let pattern = field(node, self.fields.pattern).map_or("", |pattern| self.text(pattern));
        let pattern = self.ir.intern(pattern);
        let flags = field(node, self.fields.flags).map_or("", |flags| self.text(flags));
        let flags = routeward_ir::RegexFlags::parse(flags);
        self.ir.push(Expr::Regex { pattern, flags }, span(node))
    }

    fn template(&mut self, node: Node<'t>) -> ExprId {
        let parts = self.template_parts(node, false);
        let expr = match *parts.of(&self.ir.module.expr_pool) {
            [] => Expr::Str(self.ir.intern("")),
            [only] if matches!(self.ir.module.exprs[only], Expr::Str(_)) && !self.has_substitution(node) => {
                self.ir.module.exprs[only]
            }
            _ => Expr::Concat(parts),
        };
        self.ir.push(expr, span(node))
    }

    fn has_substitution(&self, node: Node<'t>) -> bool {
        self.kids(node).any(|(kind, _)| kind == K::Substitution)
    }

    /// Pieces and values of a template in order. Pieces are what stands between the values; escapes in them are
    /// replaced unless `is_raw`.
    fn template_parts(&mut self, node: Node<'t>, is_raw: bool) -> Exprs {
        let mark = self.ir.expr_list.len();
        let source = self.source;
        let mut from = node.start_byte() + 1;
        for (kind, child) in self.kids(node) {
            if kind == K::Substitution {
                self.template_piece(source.get(from..child.start_byte()).unwrap_or(""), from, is_raw);
                let value = self.expr_kid(child);
                self.ir.expr_list.push(value);
                from = child.end_byte();
            }
        }
        let rest = source.get(from..node.end_byte()).unwrap_or("");
        self.template_piece(rest.strip_suffix('`').unwrap_or(rest), from, is_raw);
        self.ir.exprs_from(mark)
    }

    fn template_piece(&mut self, raw: &str, from: usize, is_raw: bool) {
        if raw.is_empty() {
            return;
        }
        let name = if is_raw { self.ir.intern(raw) } else { self.ir.module.names.intern(&cook(raw)) };
        let piece = self.ir.push(Expr::Str(name), Span::new(from as u32, (from + raw.len()) as u32));
        self.ir.expr_list.push(piece);
    }

    fn array(&mut self, node: Node<'t>) -> Args {
        let mark = self.ir.arg_list.len();
        let mut is_open = true;
        for (kind, child) in self.parts(node) {
            match kind {
                K::Comma if is_open => {
                    let value = self.absent_at(child);
                    self.ir.arg_list.push(Arg { value, name: None, is_spread: false });
                }
                K::Comma => is_open = true,
                _ if child.is_named() => {
                    self.arg(kind, child);
                    is_open = false;
                }
                _ => {}
            }
        }
        self.ir.args_from(mark)
    }

    /// A hole in an array.
    fn absent_at(&mut self, node: Node<'t>) -> ExprId {
        let start = node.start_byte() as u32;
        self.ir.push(Expr::Undefined, Span::new(start, start))
    }

    fn object(&mut self, node: Node<'t>) -> ExprId {
        let mark = self.ir.prop_list.len();
        for (kind, child) in self.kids(node) {
            if let Some(property) = self.property(kind, child) {
                self.ir.prop_list.push(property);
            }
        }
        let props = self.ir.props_from(mark);
        self.ir.push(Expr::Object(props), span(node))
    }

    fn property(&mut self, kind: K, node: Node<'t>) -> Option<Property> {
        match kind {
            K::Pair => {
                let (key, hint) = self.key_field(node, self.fields.key)?;
                let value = match field(node, self.fields.value) {
                    Some(value) => self.expr_named(value, hint),
                    None => self.absent(node),
                };
                Some(Property::Pair(key, value))
            }
            K::Shorthand | K::Identifier | K::ShorthandPattern => {
                let value = self.identifier(node);
                let name = self.identifier_name(self.text(node));
                Some(Property::Pair(Key::Name(name), value))
            }
            K::Spread => Some(Property::Spread(self.expr_kid(node))),
            K::Method => self.object_method(node),
            K::Error => {
                self.salvage_error(node);
                None
            }
            _ => {
                let value = self.expr(node);
                Some(Property::Spread(value))
            }
        }
    }

    /// A method, getter or setter of an object literal. The IR has no setters in literals: one is kept as a
    /// property with the name that the language gives the function, `set x`, which nothing reads.
    fn object_method(&mut self, node: Node<'t>) -> Option<Property> {
        let (key, hint) = self.key_field(node, self.fields.name)?;
        let form = self.method_form(node);
        let func = self.method(node, hint, None, form);
        if form.is_getter {
            return Some(Property::Getter(key, func));
        }
        let value = self.ir.push(Expr::Function(func), span(node));
        match key {
            Key::Name(name) if form.is_setter => {
                let name = format!("set {}", self.ir.module.text(name));
                Some(Property::Pair(Key::Name(self.ir.intern(&name)), value))
            }
            _ => Some(Property::Pair(key, value)),
        }
    }

    /// The property name in a field, and what it is called if that is known.
    pub(crate) fn key_field(&mut self, node: Node<'t>, id: u16) -> Option<(Key, Option<(Name, Span)>)> {
        let key = field(node, id)?;
        Some(self.key(key))
    }

    /// A property name. A computed string is as good as a name.
    pub(crate) fn key(&mut self, node: Node<'t>) -> (Key, Option<(Name, Span)>) {
        let name = match self.kind(node) {
            K::String => self.string(node),
            K::Number => {
                let text = number(self.text(node)).to_string();
                self.ir.intern(&text)
            }
            K::Computed => {
                let expr = self.expr_kid(node);
                match self.ir.module.exprs[expr] {
                    Expr::Str(name) => name,
                    _ => return (Key::Expr(expr), None),
                }
            }
            _ => self.identifier_name(self.text(node)),
        };
        (Key::Name(name), Some((name, span(node))))
    }

    fn assignment(&mut self, node: Node<'t>) -> ExprId {
        let hint = field(node, self.fields.left).and_then(|left| self.target_name(left));
        let target = match field(node, self.fields.left) {
            Some(left) => self.pat(left, Bind::Assign),
            None => self.ir.push_pat(Pat::Unknown),
        };
        let value = match field(node, self.fields.right) {
            Some(right) => self.expr_named(right, hint),
            None => self.absent(node),
        };
        self.ir.push(Expr::Assign { target, value }, span(node))
    }

    /// The name of an assigned variable or property: `x`, `a.x`, `a["x"]`.
    fn target_name(&mut self, node: Node<'t>) -> Option<(Name, Span)> {
        let node = self.strip(node);
        let name = match self.kind(node) {
            K::Identifier => node,
            K::Member => {
                let name = field(node, self.fields.property)?;
                let object = field(node, self.fields.object)?;
                if self.text(object) == "module" && self.text(name) == "exports" {
                    return None;
                }
                name
            }
            K::Subscript => {
                let index = field(node, self.fields.index)?;
                if self.kind(index) != K::String {
                    return None;
                }
                return Some((self.string(index), span(index)));
            }
            _ => return None,
        };
        Some((self.identifier_name(self.text(name)), span(name)))
    }

    fn augmented(&mut self, node: Node<'t>) -> ExprId {
        let target = self.expr_field(node, self.fields.left);
        let value = self.expr_field(node, self.fields.right);
        let op = field(node, self.fields.operator).map_or("", |operator| self.text(operator));
        let op = match op.strip_suffix('=').unwrap_or(op) {
            "+" => UpdateOp::Binary(BinaryOp::Add),
            "-" => UpdateOp::Binary(BinaryOp::Sub),
            "*" => UpdateOp::Binary(BinaryOp::Mul),
            "/" => UpdateOp::Binary(BinaryOp::Div),
            "%" => UpdateOp::Binary(BinaryOp::Rem),
            "**" => UpdateOp::Binary(BinaryOp::Pow),
            "&&" => UpdateOp::Logical(LogicalOp::And),
            "||" => UpdateOp::Logical(LogicalOp::Or),
            "??" => UpdateOp::Logical(LogicalOp::Coalesce),
            _ => UpdateOp::Binary(BinaryOp::Bit),
        };
        self.ir.push(Expr::Update { target, op, value }, span(node))
    }

    fn update(&mut self, node: Node<'t>) -> ExprId {
        let target = self.expr_field(node, self.fields.argument);
        let operator = field(node, self.fields.operator);
        let op = if operator.is_some_and(|operator| self.text(operator) == "--") {
            BinaryOp::Sub
        } else {
            BinaryOp::Add
        };
        let value = self.ir.push(Expr::Number(1.0), operator.map_or(span(node), span));
        self.ir.push(Expr::Update { target, op: UpdateOp::Binary(op), value }, span(node))
    }

    fn unary(&mut self, node: Node<'t>) -> ExprId {
        let operator = field(node, self.fields.operator).map_or(K::Other, |operator| self.kind(operator));
        let operand = self.expr_field(node, self.fields.argument);
        let op = match operator {
            K::Bang => UnaryOp::Not,
            K::Minus => UnaryOp::Minus,
            K::Plus => UnaryOp::Plus,
            K::Tilde => UnaryOp::BitNot,
            K::TypeOfWord => UnaryOp::TypeOf,
            K::DeleteWord => UnaryOp::Delete,
            _ if matches!(self.ir.module.exprs[operand], Expr::Number(_)) => {
                return self.ir.push(Expr::Undefined, span(node));
            }
            _ => UnaryOp::Void,
        };
        self.ir.push(Expr::Unary { op, operand }, span(node))
    }

    fn ternary(&mut self, node: Node<'t>) -> ExprId {
        let test = self.expr_field(node, self.fields.condition);
        let then = self.expr_field(node, self.fields.consequence);
        let other = self.expr_field(node, self.fields.alternative);
        self.ir.push(Expr::Conditional { test, then, other }, span(node))
    }

    fn new_expr(&mut self, node: Node<'t>) -> ExprId {
        let callee = self.expr_field(node, self.fields.constructor);
        let args = match field(node, self.fields.arguments) {
            Some(arguments) => self.args(arguments),
            None => Args::EMPTY,
        };
        self.ir.push(Expr::New { callee, args }, span(node))
    }

    /// An element: the component that it names and the expressions in it. It is understood as far as the IR
    /// goes, so it is not counted.
    fn jsx(&mut self, node: Node<'t>) -> ExprId {
        let mark = self.ir.expr_list.len();
        self.jsx_parts(node);
        let children = self.ir.exprs_from(mark);
        let kind = self.ir.intern("jsx");
        self.ir.push(Expr::Unknown { kind, children }, span(node))
    }

    fn jsx_parts(&mut self, node: Node<'t>) {
        for (kind, child) in self.kids(node) {
            match kind {
                K::JsxOpening => self.jsx_parts(child),
                K::JsxAttribute => self.jsx_attribute(child),
                K::JsxExpression => {
                    if let Some(inner) = self.first_kid(child) {
                        self.jsx_value(inner);
                    }
                }
                K::JsxElement | K::JsxSelfClosing | K::Member => self.jsx_value(child),
                K::Identifier if self.text(child).starts_with(char::is_uppercase) => self.jsx_value(child),
                K::Error => self.salvage_error(child),
                _ => {}
            }
        }
    }

    fn jsx_attribute(&mut self, node: Node<'t>) {
        for (kind, value) in self.kids(node).skip(1) {
            match kind {
                K::JsxExpression => {
                    if let Some(inner) = self.first_kid(value) {
                        self.jsx_value(inner);
                    }
                }
                _ => self.jsx_value(value),
            }
        }
    }

    fn jsx_value(&mut self, node: Node<'t>) {
        let value = self.expr(node);
        self.ir.expr_list.push(value);
    }
}

fn logical_op(operator: K) -> Option<LogicalOp> {
    match operator {
        K::AndAnd => Some(LogicalOp::And),
        K::OrOr => Some(LogicalOp::Or),
        K::QuestionQuestion => Some(LogicalOp::Coalesce),
        _ => None,
    }
}

fn binary_op(operator: K) -> BinaryOp {
    match operator {
        K::Plus => BinaryOp::Add,
        K::Minus => BinaryOp::Sub,
        K::Star => BinaryOp::Mul,
        K::Slash => BinaryOp::Div,
        K::Percent => BinaryOp::Rem,
        K::StarStar => BinaryOp::Pow,
        K::EqualEqualEqual => BinaryOp::Eq,
        K::NotEqualEqual => BinaryOp::Ne,
        K::EqualEqual => BinaryOp::LooseEq,
        K::NotEqual => BinaryOp::LooseNe,
        K::Less => BinaryOp::Lt,
        K::LessEqual => BinaryOp::Le,
        K::Greater => BinaryOp::Gt,
        K::GreaterEqual => BinaryOp::Ge,
        K::InWord => BinaryOp::In,
        K::InstanceOfWord => BinaryOp::InstanceOf,
        _ => BinaryOp::Bit,
    }
}
