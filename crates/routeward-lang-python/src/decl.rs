//! Functions, classes and decorators.

use routeward_base::{Name, Range32, Span};
use routeward_ir::{
    Block, Class, ClassId, Expr, ExprId, FuncFlags, FuncId, Function, Key, Member, MemberKind, Param,
    Passing, Pat, SlotId, SlotKind, Stmt, TypeId, TypeKind,
};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;
use crate::scope::ScopeKind;

/// What the decorators of a method that the language itself knows make of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Static,
    OfClass,
    Getter,
    Setter,
}

impl<'t> Lowerer<'t> {
    pub(crate) fn open_function(&mut self, name: Option<Name>, at: Span, name_span: Span) -> FuncId {
        self.ir.module.functions.push(Function::empty(Some(self.func), name, at, name_span))
    }

    /// A function or class under decorators.
    pub(crate) fn decorated(&mut self, node: Node<'t>) {
        let mut decorators = Vec::new();
        for (kind, child) in self.sound_kids(node) {
            if kind == K::Decorator {
                let decorator = self.expr_kid(child);
                decorators.push((decorator, span(child)));
            }
        }
        let Some(definition) = field(node, self.fields.definition) else {
            for (decorator, at) in decorators {
                self.ir.push_stmt(Stmt::Expr(decorator), at);
            }
            return;
        };
        match self.kind(definition) {
            K::ClassDefinition => self.class_definition(definition, &decorators),
            _ => self.function_definition(definition, &decorators, span(node)),
        }
    }

    /// What the language makes of the decorators of a method; the others are left to be called.
    fn form(&self, decorators: &[(ExprId, Span)]) -> (Form, Vec<(ExprId, Span)>) {
        let mut form = Form::Plain;
        let mut others = Vec::new();
        for (decorator, at) in decorators {
            let own = match self.ir.module.exprs[*decorator] {
                Expr::Global(name) => match self.ir.module.text(name) {
                    "staticmethod" => Some(Form::Static),
                    "classmethod" => Some(Form::OfClass),
                    "property" | "cached_property" => Some(Form::Getter),
                    _ => None,
                },
                Expr::Member { name, .. } => match self.ir.module.text(name) {
                    "setter" => Some(Form::Setter),
                    "cached_property" | "getter" => Some(Form::Getter),
                    "deleter" => Some(Form::Setter),
                    _ => None,
                },
                _ => None,
            };
            match own {
                Some(own) => form = own,
                None => others.push((*decorator, *at)),
            }
        }
        (form, others)
    }

    pub(crate) fn function_definition(&mut self, node: Node<'t>, decorators: &[(ExprId, Span)], at: Span) {
        let Some(name_node) = field(node, self.fields.name) else { return };
        let (name, name_span) = (self.name(name_node), span(name_node));
        if !self.in_class() {
            let slot = self.bind(name, SlotKind::Function, name_span);
            let func = self.function(node, (name, name_span), at, Form::Plain, None);
            self.ir.module.functions[func].decorators =
                decorators.iter().map(|(decorator, _)| *decorator).collect();
            self.ir.push_stmt(Stmt::Function(slot, func), at);
            self.apply_decorators(slot, decorators);
            return;
        }
        let (form, others) = self.form(decorators);
        let class = self.ir.module.functions[self.func].class;
        let func = self.function(node, (name, name_span), at, form, class);
        let all: Vec<ExprId> = decorators.iter().map(|(decorator, _)| *decorator).collect();
        self.ir.module.functions[func].decorators.clone_from(&all);
        let kind = match form {
            Form::Getter => MemberKind::Getter(func),
            Form::Setter => MemberKind::Setter(func),
            _ => MemberKind::Method(func),
        };
        let is_static = matches!(form, Form::Static | Form::OfClass);
        if let Some(class) = class {
            self.ir.module.classes[class].members.push(Member {
                key: Key::Name(name),
                kind,
                is_static,
                ty: None,
                value: None,
                decorators: all,
                span: at,
                name_span,
            });
            if form == Form::Plain {
                match self.ir.module.text(name) {
                    "__init__" => self.ir.module.classes[class].constructor = Some(func),
                    "__call__" => self.ir.module.classes[class].call = Some(func),
                    _ => {}
                }
            }
        }
        // The other code of the class may name it, and what decorators make of it is an attribute.
        let bound = self.attributes.len();
        let slot = self.bind(name, SlotKind::Function, name_span);
        self.ir.push_stmt(Stmt::Function(slot, func), at);
        if others.is_empty() {
            self.attributes.truncate(bound);
        } else {
            self.apply_decorators(slot, &others);
        }
    }

    /// `name = decorator(name)` for each decorator, in one expression: the outermost is evaluated first and called
    /// last.
    fn apply_decorators(&mut self, slot: SlotId, decorators: &[(ExprId, Span)]) {
        if decorators.is_empty() {
            return;
        }
        let declared = self.ir.module.slots[slot].span;
        let mut value = self.ir.push(Expr::Local(slot), declared);
        for (decorator, at) in decorators.iter().rev() {
            value = self.call_of(*decorator, &[value], *at);
        }
        let at = decorators[0].1;
        let pat = self.slot_pat(slot);
        let is_own = self.ir.module.slots[slot].func == self.func && self.code.for_depth == 0;
        if is_own {
            self.ir.push_stmt(Stmt::Declare { pat, init: Some(value), ty: None }, at);
        } else {
            let assign = self.ir.push(Expr::Assign { target: pat, value }, at);
            self.ir.push_stmt(Stmt::Expr(assign), at);
        }
    }

    fn function(
        &mut self,
        node: Node<'t>,
        (name, name_span): (Name, Span),
        at: Span,
        form: Form,
        class: Option<ClassId>,
    ) -> FuncId {
        let is_async =
            self.parts(node).take_while(|(_, child)| !child.is_named()).any(|(kind, _)| kind == K::AsyncWord);
        let id = self.open_function(Some(name), at, name_span);
        let flags = FuncFlags { is_async, explicit_this: form != Form::Static, ..FuncFlags::default() };
        let function = &mut self.ir.module.functions[id];
        (function.flags, function.class) = (flags, class);
        let params = field(node, self.fields.parameters);
        let return_type = field(node, self.fields.return_type).map(|ty| self.ty(ty));
        self.ir.module.functions[id].return_type = return_type;
        self.function_code(id, params, |this| this.block_field(node, this.fields.body));
        id
    }

    pub(crate) fn lambda(&mut self, node: Node<'t>, hint: Option<(Name, Span)>) -> FuncId {
        let at = span(node);
        let (name, name_span) =
            hint.map_or((None, Span::new(at.start, at.start + 6)), |(name, at)| (Some(name), at));
        let id = self.open_function(name, at, name_span);
        self.ir.module.functions[id].flags.explicit_this = true;
        let params = field(node, self.fields.parameters);
        self.function_code(id, params, |this| {
            let value = this.expr_field(node, this.fields.body);
            let at = this.ir.module.expr_spans[value];
            let stmt = this.ir.new_stmt(Stmt::Return(Some(value)), at);
            Range32::extend(&mut this.ir.module.stmt_pool, [stmt])
        });
        id
    }

    /// Parameters and body of a function. Defaults and types belong to the code around it.
    fn function_code(&mut self, id: FuncId, params: Option<Node<'t>>, body: impl FnOnce(&mut Self) -> Block) {
        let code = std::mem::take(&mut self.code);
        let attributes = std::mem::take(&mut self.attributes);
        let outer = std::mem::replace(&mut self.func, id);
        let outside = self.enter(ScopeKind::Function);
        let params = match params {
            Some(params) => self.params(params, outside),
            None => Vec::new(),
        };
        let body = body(self);
        self.leave(outside);
        self.func = outer;
        self.attributes = attributes;
        let inner = std::mem::replace(&mut self.code, code);
        let function = &mut self.ir.module.functions[id];
        (function.params, function.body) = (params, body);
        function.flags.is_generator = inner.yields;
    }

    fn params(&mut self, node: Node<'t>, outside: u32) -> Vec<Param> {
        let mut params: Vec<Param> = Vec::new();
        let mut by = Passing::Either;
        for (kind, child) in self.sound_kids(node) {
            match kind {
                K::PositionalSeparator => {
                    for param in &mut params {
                        param.by = Passing::Position;
                    }
                }
                K::KeywordSeparator => by = Passing::Name,
                _ => {
                    let Some(param) = self.param(kind, child, by, outside) else { continue };
                    if param.is_rest {
                        by = Passing::Name;
                    }
                    params.push(param);
                }
            }
        }
        params
    }

    fn param(&mut self, kind: K, node: Node<'t>, by: Passing, outside: u32) -> Option<Param> {
        let at = span(node);
        let (mut target, mut value) = (node, None);
        match kind {
            K::DefaultParameter | K::TypedDefaultParameter => {
                target = field(node, self.fields.name)?;
                value = field(node, self.fields.value);
            }
            K::TypedParameter => target = self.first_kid(node)?,
            _ => {}
        }
        let (mut is_rest, mut by) = (false, by);
        match self.kind(target) {
            K::ListSplatPattern => (is_rest, by) = (true, Passing::Position),
            K::DictionarySplatPattern => (is_rest, by) = (true, Passing::Name),
            _ => {}
        }
        if is_rest {
            target = self.first_kid(target)?;
        }
        let hint = self.hint(target);
        let pat = match hint.filter(|_| self.kind(target) == K::Identifier) {
            Some((name, at)) => {
                let slot = self.bind(name, SlotKind::Param, at);
                self.slot_pat(slot)
            }
            None => self.target(target),
        };
        let inside = self.leave(outside);
        let ty = field(node, self.fields.type_).map(|ty| self.ty(ty));
        let value = value.map(|value| self.expr_named(value, hint));
        self.leave(inside);
        let decorators = self.notes_of(ty, value);
        let pat = match value {
            Some(value) => self.ir.push_pat(Pat::Default { pat, value }),
            None => pat,
        };
        Some(Param { pat, is_rest, by, ty, decorators, field: None, span: at })
    }

    /// What tells libraries how a parameter is passed: the notes of its type, and a default that is a call.
    fn notes_of(&self, ty: Option<TypeId>, default: Option<ExprId>) -> Vec<ExprId> {
        let notes = match ty.map(|ty| &self.ir.module.types[ty].kind) {
            Some(TypeKind::Annotated(_, notes)) => notes.clone(),
            _ => Vec::new(),
        };
        let is_call = |value: &ExprId| matches!(self.ir.module.exprs[*value], Expr::Call { .. });
        notes.into_iter().chain(default.filter(is_call)).collect()
    }

    pub(crate) fn class_definition(&mut self, node: Node<'t>, decorators: &[(ExprId, Span)]) {
        let Some(name_node) = field(node, self.fields.name) else { return };
        let (name, name_span) = (self.name(name_node), span(name_node));
        let (mut bases, mut settings) = (Vec::new(), Vec::new());
        if let Some(list) = field(node, self.fields.superclasses) {
            for arg in self.args(list).of(&self.ir.module.arg_pool).to_vec() {
                match arg.name {
                    Some(name) if !arg.is_spread => settings.push((name, arg.value)),
                    _ => bases.push(arg.value),
                }
            }
        }
        let slot = self.bind(name, SlotKind::Class, name_span);
        let mut bases = bases.into_iter();
        let id = self.ir.module.classes.push(Class {
            name: Some(name),
            extends: bases.next(),
            mixins: bases.collect(),
            settings,
            implements: Vec::new(),
            decorators: decorators.iter().map(|(decorator, _)| *decorator).collect(),
            members: Vec::new(),
            constructor: None,
            call: None,
            init: None,
            static_init: None,
            parent: self.func,
            span: span(node),
            name_span,
        });
        self.class_body(node, id);
        self.ir.push_stmt(Stmt::Class(slot, id), span(node));
        self.apply_decorators(slot, decorators);
    }

    /// The body of a class runs once, with the class as receiver.
    fn class_body(&mut self, node: Node<'t>, id: ClassId) {
        let (at, name_span) = (self.ir.module.classes[id].span, self.ir.module.classes[id].name_span);
        let func = self.open_function(None, at, name_span);
        self.ir.module.functions[func].class = Some(id);
        let code = std::mem::take(&mut self.code);
        let attributes = std::mem::take(&mut self.attributes);
        let outer = std::mem::replace(&mut self.func, func);
        let outside = self.enter(ScopeKind::Class);
        let body = self.block_field(node, self.fields.body);
        self.leave(outside);
        self.func = outer;
        self.attributes = attributes;
        self.code = code;
        self.ir.module.functions[func].body = body;
        if !body.is_empty() {
            self.ir.module.classes[id].static_init = Some(func);
        }
    }

    /// A name that the body of a class binds or declares.
    pub(crate) fn class_field(
        &mut self,
        name: Name,
        name_span: Span,
        ty: Option<TypeId>,
        value: Option<ExprId>,
        at: Span,
    ) {
        let Some(class) = self.ir.module.functions[self.func].class else { return };
        self.ir.module.classes[class].members.push(Member {
            key: Key::Name(name),
            kind: MemberKind::Field,
            is_static: ty.is_none(),
            ty,
            value,
            decorators: Vec::new(),
            span: at,
            name_span,
        });
    }
}
