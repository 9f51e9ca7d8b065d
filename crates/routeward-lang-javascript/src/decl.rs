//! Declarations: variables, functions, classes, enums, namespaces.

use routeward_base::{Name, Range32, Span};
use routeward_ir::{
    Args, BinaryOp, Block, Class, ClassId, Expr, ExprId, FuncFlags, FuncId, Function, Key, Member,
    MemberKind, Param, Passing, Pat, Property, SlotId, SlotKind, Stmt, UnaryOp,
};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;
use crate::pattern::Bind;
use crate::stmt::block_scoped;

/// The words before a method's name.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct MethodForm {
    pub(crate) is_static: bool,
    pub(crate) is_async: bool,
    pub(crate) is_generator: bool,
    pub(crate) is_getter: bool,
    pub(crate) is_setter: bool,
}

/// A field initialiser or static block, lowered when all members are known.
enum Initialiser<'t> {
    Field { key: Key, key_span: Span, hint: Option<(Name, Span)>, value: Node<'t>, at: Span },
    Block(Node<'t>),
}

/// The members of a class under construction.
#[derive(Default)]
struct ClassParts<'t> {
    members: Vec<Member>,
    constructor: Option<FuncId>,
    instance: Vec<Initialiser<'t>>,
    statics: Vec<Initialiser<'t>>,
}

/// What a function is made of besides its node.
struct Head {
    name: Option<(Name, Span)>,
    /// The name is visible in the function alone.
    is_own_name: bool,
    flags: FuncFlags,
    class: Option<ClassId>,
    decorators: Vec<ExprId>,
}

impl<'t> Lowerer<'t> {
    /// `var`, `let`, `const`, `using`.
    pub(crate) fn variables(&mut self, kind: K, node: Node<'t>, is_export: bool) {
        let word = field(node, self.fields.kind).map_or(K::Other, |word| self.kind(word));
        let slot_kind =
            if kind == K::Var || word == K::LetWord { SlotKind::Variable } else { SlotKind::Constant };
        let bind = Bind::Declare { kind: slot_kind, is_var: kind == K::Var, is_export };
        for (kind, child) in self.kids(node) {
            match kind {
                K::Declarator => self.declarator(child, bind),
                K::Error => {}
                _ => self.stmt(kind, child),
            }
        }
    }

    fn declarator(&mut self, node: Node<'t>, bind: Bind) {
        if node.has_error() {
            self.salvage(node);
        }
        let Some(name) = field(node, self.fields.name) else { return };
        let slots = self.ir.module.slots.len();
        let hint =
            (self.kind(name) == K::Identifier).then(|| (self.identifier_name(self.text(name)), span(name)));
        let pat = self.pat(name, bind);
        let ty = self.annotation(node);
        let init = field(node, self.fields.value).map(|value| self.expr_named(value, hint));
        // `var x;` where x is declared already does nothing.
        if init.is_some() || ty.is_some() || self.ir.module.slots.len() > slots {
            self.ir.push_stmt(Stmt::Declare { pat, init, ty }, span(node));
        }
    }

    /// A declaration other than of variables. `decorators` stand before an `export`.
    pub(crate) fn declaration(&mut self, kind: K, node: Node<'t>, is_export: bool, decorators: &[ExprId]) {
        let slot = match kind {
            K::FunctionDeclaration | K::GeneratorDeclaration => self.function_declaration(node, kind),
            K::ClassDeclaration | K::AbstractClass => self.class_declaration(node, decorators),
            K::EnumDeclaration => self.enum_declaration(node),
            K::Interface | K::TypeAlias => self.declare_name(node, SlotKind::Type),
            K::Namespace | K::AmbientModule => self.namespace(node),
            K::ImportAlias => self.import_alias(node),
            K::Lexical | K::Var | K::Using => {
                self.variables(kind, node, is_export);
                None
            }
            K::FunctionSignature | K::Ambient => None,
            _ => {
                self.stmt(kind, node);
                None
            }
        };
        if let Some(slot) = slot.filter(|_| is_export) {
            let name = self.ir.module.slots[slot].name;
            self.export_slot(name, slot);
        }
    }

    /// Declares what the field `name` holds.
    fn declare_name(&mut self, node: Node<'t>, kind: SlotKind) -> Option<SlotId> {
        let name = field(node, self.fields.name)?;
        let text = self.identifier_name(self.text(name));
        Some(self.declare(text, kind, span(name), false))
    }

    pub(crate) fn function_declaration(&mut self, node: Node<'t>, kind: K) -> Option<SlotId> {
        let slot = self.declare_name(node, SlotKind::Function)?;
        let func = self.function(node, kind, None);
        let stmt = self.ir.new_stmt(Stmt::Function(slot, func), span(node));
        self.hoisted.push(stmt);
        Some(slot)
    }

    pub(crate) fn class_declaration(&mut self, node: Node<'t>, decorators: &[ExprId]) -> Option<SlotId> {
        let slot = self.declare_name(node, SlotKind::Class)?;
        let class = self.class(node, None, decorators);
        self.ir.push_stmt(Stmt::Class(slot, class), span(node));
        Some(slot)
    }

    /// A function of any form but methods. `hint` names one that has no name of its own.
    pub(crate) fn function(&mut self, node: Node<'t>, kind: K, hint: Option<(Name, Span)>) -> FuncId {
        let own = field(node, self.fields.name);
        let own = own.map(|name| (self.identifier_name(self.text(name)), span(name)));
        let flags = FuncFlags {
            is_async: self.has_mark(node, K::AsyncWord, field(node, self.fields.parameters)),
            is_generator: matches!(kind, K::GeneratorFunction | K::GeneratorDeclaration),
            lexical_this: kind == K::Arrow,
            is_constructor: false,
            explicit_this: false,
        };
        let is_own_name = own.is_some() && matches!(kind, K::Function | K::GeneratorFunction);
        let head = Head { name: own.or(hint), is_own_name, flags, class: None, decorators: Vec::new() };
        self.function_body(node, head)
    }

    /// The words before a method's name.
    pub(crate) fn method_form(&mut self, node: Node<'t>) -> MethodForm {
        let mut form = MethodForm::default();
        let end = field(node, self.fields.name).map_or(0, |name| name.start_byte());
        for (kind, _) in self.parts(node).take_while(|(_, child)| child.start_byte() < end) {
            match kind {
                K::StaticWord => form.is_static = true,
                K::StaticGetWord => (form.is_static, form.is_getter) = (true, true),
                K::AsyncWord => form.is_async = true,
                K::Star => form.is_generator = true,
                K::GetWord => form.is_getter = true,
                K::SetWord => form.is_setter = true,
                _ => {}
            }
        }
        form
    }

    /// A method of a class or object literal.
    pub(crate) fn method(
        &mut self,
        node: Node<'t>,
        name: Option<(Name, Span)>,
        class: Option<ClassId>,
        form: MethodForm,
    ) -> FuncId {
        let flags =
            FuncFlags { is_async: form.is_async, is_generator: form.is_generator, ..FuncFlags::default() };
        let head = Head { name, is_own_name: false, flags, class, decorators: Vec::new() };
        self.function_body(node, head)
    }

    fn function_body(&mut self, node: Node<'t>, head: Head) -> FuncId {
        let start = node.start_byte() as u32;
        let first = node.child(0).map_or(Span::new(start, start), span);
        let (name, name_span) = head.name.map_or((None, first), |(name, at)| (Some(name), at));
        let id = self.open_function(name, span(node), name_span);
        let function = &mut self.ir.module.functions[id];
        (function.flags, function.class, function.decorators) = (head.flags, head.class, head.decorators);

        let outer = std::mem::replace(&mut self.func, id);
        let name_scope = head.is_own_name.then(|| self.enter(false));
        if let (true, Some((name, at))) = (head.is_own_name, head.name) {
            self.declare(name, SlotKind::Function, at, false);
        }
        let scope = self.enter(true);
        let params = self.params(node);
        let return_type = field(node, self.fields.return_type).and_then(|ty| self.annotated(ty));
        let (body, directives) = match field(node, self.fields.body) {
            Some(body) if self.kind(body) == K::StatementBlock => self.body(body),
            Some(value) => (self.expression_body(value), Vec::new()),
            None => (Block::EMPTY, Vec::new()),
        };
        self.leave(scope);
        if let Some(scope) = name_scope {
            self.leave(scope);
        }
        self.func = outer;

        let function = &mut self.ir.module.functions[id];
        (function.params, function.return_type) = (params, return_type);
        (function.body, function.directives) = (body, directives);
        id
    }

    fn open_function(&mut self, name: Option<Name>, at: Span, name_span: Span) -> FuncId {
        self.ir.module.functions.push(Function::empty(Some(self.func), name, at, name_span))
    }

    fn expression_body(&mut self, value: Node<'t>) -> Block {
        let expr = self.expr(value);
        let stmt = self.ir.new_stmt(Stmt::Return(Some(expr)), span(value));
        Range32::extend(&mut self.ir.module.stmt_pool, [stmt])
    }

    fn params(&mut self, node: Node<'t>) -> Vec<Param> {
        if let Some(only) = field(node, self.fields.parameter) {
            return self.param(self.kind(only), only).into_iter().collect();
        }
        let Some(list) = field(node, self.fields.parameters) else { return Vec::new() };
        let mut params = Vec::new();
        for (kind, child) in self.kids(list) {
            params.extend(self.param(kind, child));
        }
        params
    }

    /// A parameter; `None` for the `this` of TypeScript, which is no parameter, and for what is none.
    fn param(&mut self, kind: K, node: Node<'t>) -> Option<Param> {
        let mut decorators = Vec::new();
        let mut is_field = false;
        let mut pattern = node;
        match kind {
            K::RequiredParameter | K::OptionalParameter => {
                pattern = field(node, self.fields.pattern)?;
                for (kind, child) in self.parts(node).take_while(|(_, child)| *child != pattern) {
                    match kind {
                        K::Decorator => decorators.push(self.expr_kid(child)),
                        K::AccessModifier | K::OverrideModifier | K::ReadonlyWord => is_field = true,
                        _ => {}
                    }
                }
            }
            K::Error => {
                self.salvage_error(node);
                return None;
            }
            _ => {}
        }
        if self.kind(pattern) == K::This {
            return None;
        }
        let is_rest = self.kind(pattern) == K::RestPattern;
        if is_rest {
            pattern = self.first_kid(pattern)?;
        }
        let hint = (self.kind(pattern) == K::Identifier)
            .then(|| (self.identifier_name(self.text(pattern)), span(pattern)));
        let mut pat = self.pat(pattern, block_scoped(SlotKind::Param));
        let ty = self.annotation(node);
        if matches!(kind, K::RequiredParameter | K::OptionalParameter)
            && let Some(value) = field(node, self.fields.value)
        {
            let value = self.expr_named(value, hint);
            pat = self.ir.push_pat(Pat::Default { pat, value });
        }
        let field = hint.filter(|_| is_field).map(|(name, _)| name);
        Some(Param { pat, is_rest, by: Passing::Either, ty, decorators, field, span: span(node) })
    }

    /// A class of any form. `hint` names one that has no name of its own.
    pub(crate) fn class(&mut self, node: Node<'t>, hint: Option<(Name, Span)>, outer: &[ExprId]) -> ClassId {
        let start = node.start_byte() as u32;
        let first = node.child(0).map_or(Span::new(start, start), span);
        let own = field(node, self.fields.name);
        let own = own.map(|name| (self.identifier_name(self.text(name)), span(name)));
        let (name, name_span) = own.or(hint).map_or((None, first), |(name, at)| (Some(name), at));
        let id = self.ir.module.classes.push(Class {
            name,
            extends: None,
            mixins: Vec::new(),
            settings: Vec::new(),
            implements: Vec::new(),
            decorators: outer.to_vec(),
            members: Vec::new(),
            constructor: None,
            call: None,
            init: None,
            static_init: None,
            parent: self.func,
            span: span(node),
            name_span,
        });
        let scope = own.filter(|_| self.kind(node) == K::Class).map(|(name, at)| {
            let scope = self.enter(false);
            self.declare(name, SlotKind::Class, at, false);
            scope
        });
        for (kind, child) in self.kids(node) {
            match kind {
                K::Decorator => {
                    let decorator = self.expr_kid(child);
                    self.ir.module.classes[id].decorators.push(decorator);
                }
                K::ClassHeritage => self.heritage(child, id),
                _ => {}
            }
        }
        if let Some(body) = field(node, self.fields.body) {
            self.class_body(body, id);
        }
        if let Some(scope) = scope {
            self.leave(scope);
        }
        id
    }

    fn heritage(&mut self, node: Node<'t>, id: ClassId) {
        for (kind, child) in self.kids(node) {
            match kind {
                K::ExtendsClause => {
                    let base = self.expr_field(child, self.fields.value);
                    self.ir.module.classes[id].extends = Some(base);
                }
                K::Implements => {
                    for (_, ty) in self.kids(child) {
                        let ty = self.ty(ty);
                        self.ir.module.classes[id].implements.push(ty);
                    }
                }
                K::Error => self.salvage_error(child),
                _ => self.ir.module.classes[id].extends = Some(self.expr(child)),
            }
        }
    }

    fn class_body(&mut self, node: Node<'t>, id: ClassId) {
        let mut parts = ClassParts::default();
        let mut decorators = Vec::new();
        for (kind, child) in self.kids(node) {
            match kind {
                K::Decorator => {
                    let decorator = self.expr_kid(child);
                    decorators.push(decorator);
                    continue;
                }
                K::Method => self.class_method(child, id, std::mem::take(&mut decorators), &mut parts),
                K::PublicField | K::FieldDefinition => {
                    self.class_field(child, std::mem::take(&mut decorators), &mut parts);
                }
                K::StaticBlock => parts.statics.push(Initialiser::Block(child)),
                K::MethodSignature | K::AbstractMethod | K::IndexSignature => {}
                _ => self.salvage_error(child),
            }
            decorators.clear();
        }
        let init = self.initialisers(id, &parts.instance);
        let static_init = self.initialisers(id, &parts.statics);
        let class = &mut self.ir.module.classes[id];
        (class.members, class.constructor) = (parts.members, parts.constructor);
        (class.init, class.static_init) = (init, static_init);
    }

    fn own_decorators(&mut self, node: Node<'t>, decorators: &mut Vec<ExprId>) {
        for (_, child) in self.kids(node).take_while(|(kind, _)| *kind == K::Decorator) {
            let decorator = self.expr_kid(child);
            decorators.push(decorator);
        }
    }

    fn class_method(
        &mut self,
        node: Node<'t>,
        id: ClassId,
        mut decorators: Vec<ExprId>,
        parts: &mut ClassParts<'t>,
    ) {
        self.own_decorators(node, &mut decorators);
        let Some((key, name)) = self.key_field(node, self.fields.name) else { return };
        let form = self.method_form(node);
        let func = self.method(node, name, Some(id), form);
        self.ir.module.functions[func].decorators.clone_from(&decorators);
        if !form.is_static && self.ir.module.key_text(key) == Some("constructor") {
            self.ir.module.functions[func].flags.is_constructor = true;
            parts.constructor = Some(func);
            return;
        }
        let kind = match form {
            MethodForm { is_getter: true, .. } => MemberKind::Getter(func),
            MethodForm { is_setter: true, .. } => MemberKind::Setter(func),
            _ => MemberKind::Method(func),
        };
        let name_span = field(node, self.fields.name).map_or(span(node), span);
        let is_static = form.is_static;
        parts.members.push(Member {
            key,
            kind,
            is_static,
            ty: None,
            value: None,
            decorators,
            span: span(node),
            name_span,
        });
    }

    fn class_field(&mut self, node: Node<'t>, mut decorators: Vec<ExprId>, parts: &mut ClassParts<'t>) {
        self.own_decorators(node, &mut decorators);
        let name = field(node, self.fields.name).or_else(|| field(node, self.fields.property));
        let Some(name) = name else { return };
        let (key, hint) = self.key(name);
        let is_static = self.has_mark(node, K::StaticWord, Some(name));
        let ty = self.annotation(node);
        let (at, key_span) = (span(node), span(name));
        if let Some(value) = field(node, self.fields.value) {
            let list = if is_static { &mut parts.statics } else { &mut parts.instance };
            list.push(Initialiser::Field { key, key_span, hint, value, at });
        }
        let kind = MemberKind::Field;
        parts.members.push(Member {
            key,
            kind,
            is_static,
            ty,
            value: None,
            decorators,
            span: at,
            name_span: key_span,
        });
    }

    /// The synthetic function that runs initialisers: `this.x = …` for each, static blocks as blocks.
    fn initialisers(&mut self, class: ClassId, list: &[Initialiser<'t>]) -> Option<FuncId> {
        if list.is_empty() {
            return None;
        }
        let (at, name_span) = (self.ir.module.classes[class].span, self.ir.module.classes[class].name_span);
        let id = self.open_function(None, at, name_span);
        self.ir.module.functions[id].class = Some(class);
        let outer = std::mem::replace(&mut self.func, id);
        let scope = self.enter(true);
        let mark = self.ir.stmt_list.len();
        for initialiser in list {
            match initialiser {
                Initialiser::Field { key, key_span, hint, value, at } => {
                    self.field_initialiser(*key, *key_span, *hint, *value, *at);
                }
                Initialiser::Block(node) => {
                    let block = self.nested(field(*node, self.fields.body));
                    self.ir.push_stmt(Stmt::Block(block), span(*node));
                }
            }
        }
        let body = self.ir.block_from(mark);
        self.leave(scope);
        self.func = outer;
        self.ir.module.functions[id].body = body;
        Some(id)
    }

    fn field_initialiser(
        &mut self,
        key: Key,
        key_span: Span,
        hint: Option<(Name, Span)>,
        value: Node<'t>,
        at: Span,
    ) {
        let object = self.ir.push(Expr::This, key_span);
        let place = match key {
            Key::Name(name) => Expr::Member { object, name, optional: false },
            Key::Expr(index) => Expr::Index { object, index, optional: false },
        };
        let place = self.ir.push(place, key_span);
        let target = self.ir.push_pat(Pat::Place(place));
        let value = self.expr_named(value, hint);
        let assign = self.ir.push(Expr::Assign { target, value }, at);
        self.ir.push_stmt(Stmt::Expr(assign), at);
    }

    /// `enum E { A, B = "b" }` as `const E = { A: 0, B: "b" }`.
    fn enum_declaration(&mut self, node: Node<'t>) -> Option<SlotId> {
        let slot = self.declare_name(node, SlotKind::Constant)?;
        let body = field(node, self.fields.body)?;
        let own = self.ir.module.slots[slot].name;
        let mark = self.ir.prop_list.len();
        let mut values: Vec<(Name, ExprId)> = Vec::new();
        let mut next = Some(0.0);
        for (kind, child) in self.kids(body) {
            let (name, value) = match kind {
                K::EnumAssignment => (field(child, self.fields.name), field(child, self.fields.value)),
                _ => (Some(child), None),
            };
            let Some(name) = name else { continue };
            let (key, _) = self.key(name);
            let value = match (value, next) {
                (Some(value), _) => self.enum_value(value, own, &values),
                (None, Some(number)) => self.ir.push(Expr::Number(number), span(child)),
                (None, None) => self.ir.push(Expr::Undefined, span(child)),
            };
            next = match self.ir.module.exprs[value] {
                Expr::Number(number) => Some(number + 1.0),
                _ => None,
            };
            if let Key::Name(name) = key {
                values.push((name, value));
            }
            self.ir.prop_list.push(Property::Pair(key, value));
        }
        let props = self.ir.props_from(mark);
        let init = Some(self.ir.push(Expr::Object(props), span(body)));
        let pat = self.ir.push_pat(Pat::Slot(slot));
        self.ir.push_stmt(Stmt::Declare { pat, init, ty: None }, span(node));
        Some(slot)
    }

    /// An initialiser of an enum member, folded where it is made of numbers, strings and earlier members.
    fn enum_value(&mut self, node: Node<'t>, own: Name, values: &[(Name, ExprId)]) -> ExprId {
        let value = self.expr(node);
        match self.fold(value, own, values, 0) {
            Some(folded) => self.ir.push(folded, span(node)),
            None => value,
        }
    }

    /// The value of an initialiser in the enum called `own`. Names in it are not looked up yet.
    fn fold(&self, id: ExprId, own: Name, values: &[(Name, ExprId)], depth: u32) -> Option<Expr> {
        if depth > 32 {
            return None;
        }
        let number = |id| match self.fold(id, own, values, depth + 1) {
            Some(Expr::Number(number)) => Some(number),
            _ => None,
        };
        match self.ir.module.exprs[id] {
            known @ (Expr::Number(_) | Expr::Str(_)) => Some(known),
            Expr::Member { object, .. } if self.ir.module.exprs[object] != Expr::Global(own) => None,
            Expr::Global(name) | Expr::Member { name, .. } => {
                let value = values.iter().find(|(member, _)| *member == name)?.1;
                self.fold(value, own, &[], depth + 1)
            }
            Expr::Unary { op, operand } => {
                let operand = number(operand)?;
                match op {
                    UnaryOp::Minus => Some(Expr::Number(-operand)),
                    UnaryOp::Plus => Some(Expr::Number(operand)),
                    UnaryOp::BitNot => Some(Expr::Number(f64::from(!(operand as i32)))),
                    _ => None,
                }
            }
            Expr::Binary { op, left, right } => {
                let (left_value, right_value) = (number(left)?, number(right)?);
                let value = match op {
                    BinaryOp::Add => left_value + right_value,
                    BinaryOp::Sub => left_value - right_value,
                    BinaryOp::Mul => left_value * right_value,
                    BinaryOp::Div => left_value / right_value,
                    BinaryOp::Bit => self.fold_bits(left, left_value, right, right_value)?,
                    _ => return None,
                };
                Some(Expr::Number(value))
            }
            _ => None,
        }
    }

    /// Bitwise operations share one operator in the IR; which it is stands between the operands.
    fn fold_bits(&self, left: ExprId, left_value: f64, right: ExprId, right_value: f64) -> Option<f64> {
        let from = self.ir.module.expr_spans[left].end();
        let between = Span::new(from, self.ir.module.expr_spans[right].start).of(self.source);
        let (a, b) = (left_value as i32, right_value as i32);
        let value = match between.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')')) {
            "|" => a | b,
            "&" => a & b,
            "^" => a ^ b,
            "<<" => a.wrapping_shl(b as u32),
            ">>" => a.wrapping_shr(b as u32),
            _ => return None,
        };
        Some(f64::from(value))
    }

    /// `namespace A.B { … }` where an expression may stand.
    pub(crate) fn namespace_expr(&mut self, node: Node<'t>) -> ExprId {
        let mark = self.ir.stmt_list.len();
        self.namespace(node);
        let stmts = self.ir.stmt_list.split_off(mark);
        self.salvaged.extend(stmts);
        self.ir.push(Expr::Undefined, span(node))
    }

    /// `namespace A { export const x = 1 }` as `const A = (() => { const x = 1; return { x } })()`. A second
    /// namespace, function or class of the name is added to: `(() => { …; A.x = x })()`.
    pub(crate) fn namespace(&mut self, node: Node<'t>) -> Option<SlotId> {
        let name = field(node, self.fields.name)?;
        let mut path = Vec::new();
        self.segments(name, &mut path);
        // `declare module "name"` and `declare global` describe other modules.
        let body = field(node, self.fields.body).filter(|_| !path.is_empty())?;
        self.namespace_level(&path, body, span(node))
    }

    fn segments(&self, node: Node<'t>, path: &mut Vec<Node<'t>>) {
        let mut node = node;
        let mark = path.len();
        loop {
            match self.kind(node) {
                K::Identifier | K::PropertyIdentifier => {
                    path.push(node);
                    break;
                }
                K::NestedIdentifier | K::Member => {
                    path.extend(field(node, self.fields.property));
                    match field(node, self.fields.object) {
                        Some(object) => node = object,
                        None => break,
                    }
                }
                _ => break,
            }
        }
        path[mark..].reverse();
    }

    fn namespace_level(&mut self, path: &[Node<'t>], body: Node<'t>, at: Span) -> Option<SlotId> {
        let (first, rest) = path.split_first()?;
        if !self.ir.descend() {
            self.ir.count_unknown("too-deep", at);
            return None;
        }
        let name = self.identifier_name(self.text(*first));
        let before =
            self.declared_here(name).filter(|slot| self.ir.module.slots[*slot].kind != SlotKind::Type);
        let slot = self.declare(name, SlotKind::Constant, span(*first), false);
        let func = self.open_function(Some(name), at, span(*first));
        self.ir.module.functions[func].flags.lexical_this = true;
        let outer = std::mem::replace(&mut self.func, func);
        let scope = self.enter(true);
        self.namespaces.push(Vec::new());
        let mark = self.ir.stmt_list.len();
        let block = if rest.is_empty() {
            self.body(body).0
        } else {
            if let Some(inner) = self.namespace_level(rest, body, at) {
                let name = self.ir.module.slots[inner].name;
                self.export_slot(name, inner);
            }
            self.ir.block_from(mark)
        };
        self.ir.stmt_list.extend_from_slice(block.of(&self.ir.module.stmt_pool));
        let exports = self.namespaces.pop().unwrap_or_default();
        self.namespace_exports(&exports, before, span(*first));
        let body = self.ir.block_from(mark);
        self.leave(scope);
        self.func = outer;
        self.ir.module.functions[func].body = body;
        let callee = self.ir.push(Expr::Function(func), at);
        let value = self.ir.push(Expr::Call { callee, args: Args::EMPTY, optional: false }, at);
        let stmt = if before.is_some() {
            Stmt::Expr(value)
        } else {
            let pat = self.ir.push_pat(Pat::Slot(slot));
            Stmt::Declare { pat, init: Some(value), ty: None }
        };
        self.ir.push_stmt(stmt, at);
        self.ir.ascend();
        Some(slot)
    }

    /// The end of a namespace: its exports as an object, or as members of what stands there already.
    fn namespace_exports(&mut self, exports: &[(Name, SlotId)], before: Option<SlotId>, at: Span) {
        let mark = self.ir.prop_list.len();
        for (name, slot) in exports {
            if self.ir.module.slots[*slot].kind == SlotKind::Type {
                continue;
            }
            let declared = self.ir.module.slots[*slot].span;
            let value = self.ir.push(Expr::Local(*slot), declared);
            let Some(target) = before else {
                self.ir.prop_list.push(Property::Pair(Key::Name(*name), value));
                continue;
            };
            let object = self.ir.push(Expr::Local(target), at);
            let place = self.ir.push(Expr::Member { object, name: *name, optional: false }, declared);
            let target = self.ir.push_pat(Pat::Place(place));
            let assign = self.ir.push(Expr::Assign { target, value }, declared);
            self.ir.push_stmt(Stmt::Expr(assign), declared);
        }
        if before.is_none() {
            let props = self.ir.props_from(mark);
            let object = self.ir.push(Expr::Object(props), at);
            self.ir.push_stmt(Stmt::Return(Some(object)), at);
        }
    }
}
