//! Annotations.

use routeward_base::Span;
use routeward_ir::{Expr, TypeId, TypeKind, TypeRef};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;

impl<'t> Lowerer<'t> {
    /// A type annotation.
    pub(crate) fn ty(&mut self, node: Node<'t>) -> TypeId {
        if !self.ir.descend() {
            self.ir.count_unknown("too-deep", span(node));
            return self.new_ty(TypeKind::Other, span(node));
        }
        let ty = self.ty_of(node);
        self.ir.ascend();
        ty
    }

    fn new_ty(&mut self, kind: TypeKind, at: Span) -> TypeId {
        self.ir.module.types.push(TypeRef { kind, span: at })
    }

    fn ty_of(&mut self, node: Node<'t>) -> TypeId {
        let at = span(node);
        match self.kind(node) {
            K::Type | K::Paren | K::ConstrainedType | K::SplatType => match self.first_kid(node) {
                Some(inner) => self.ty(inner),
                None => self.new_ty(TypeKind::Other, at),
            },
            K::Identifier | K::Attribute | K::DottedName | K::MemberType => self.named(node, Vec::new()),
            K::Subscript => {
                let Some(value) = field(node, self.fields.value) else {
                    return self.new_ty(TypeKind::Other, at);
                };
                let args: Vec<Node<'t>> =
                    self.sound_kids(node).map(|(_, child)| child).filter(|child| *child != value).collect();
                self.generic(value, &args, at)
            }
            K::GenericType => {
                let mut kids = self.sound_kids(node).map(|(_, child)| child);
                let Some(value) = kids.next() else { return self.new_ty(TypeKind::Other, at) };
                let args: Vec<Node<'t>> = kids
                    .flat_map(|child| match self.kind(child) {
                        K::TypeParameter => self.sound_kids(child).map(|(_, kid)| kid).collect(),
                        _ => vec![child],
                    })
                    .collect();
                self.generic(value, &args, at)
            }
            K::Binary | K::UnionType => self.union(node),
            K::None => self.new_ty(TypeKind::Other, at),
            K::String | K::ConcatenatedString => self.forward(node),
            K::List | K::Tuple => {
                for (_, child) in self.sound_kids(node).collect::<Vec<_>>() {
                    self.ty(child);
                }
                self.new_ty(TypeKind::Other, at)
            }
            _ => self.new_ty(TypeKind::Other, at),
        }
    }

    /// `A | B | …`, which leans to the left.
    fn union(&mut self, node: Node<'t>) -> TypeId {
        let mut parts = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next.take() {
            if !matches!(self.kind(node), K::Binary | K::UnionType) {
                parts.push(node);
                continue;
            }
            let mut kids: Vec<Node<'t>> = self.sound_kids(node).map(|(_, child)| child).collect();
            if !kids.is_empty() {
                let mut first = kids.remove(0);
                while self.kind(first) == K::Type
                    && let Some(inner) = self.first_kid(first)
                {
                    first = inner;
                }
                next = Some(first);
            }
            parts.extend(kids.into_iter().rev());
        }
        parts.reverse();
        let parts: Vec<TypeId> = parts.into_iter().map(|part| self.ty(part)).collect();
        self.new_ty(TypeKind::Union(parts), span(node))
    }

    /// The segments of a dotted name.
    pub(crate) fn path(&self, node: Node<'t>) -> Option<Vec<Node<'t>>> {
        let mut path = Vec::new();
        let mut node = node;
        loop {
            match self.kind(node) {
                K::Identifier => {
                    path.push(node);
                    break;
                }
                K::Attribute => {
                    path.push(field(node, self.fields.attribute)?);
                    node = field(node, self.fields.object)?;
                }
                K::DottedName | K::MemberType => {
                    let mut kids: Vec<Node<'t>> = self.sound_kids(node).map(|(_, child)| child).collect();
                    let first = kids.first().copied()?;
                    kids.remove(0);
                    path.extend(kids.into_iter().rev());
                    node = first;
                }
                K::Type | K::Paren => node = self.first_kid(node)?,
                _ => return None,
            }
        }
        path.reverse();
        Some(path)
    }

    fn named(&mut self, node: Node<'t>, args: Vec<TypeId>) -> TypeId {
        let at = span(node);
        let Some(path) = self.path(node) else { return self.new_ty(TypeKind::Other, at) };
        let texts: Vec<&str> = path.iter().map(|segment| self.text(*segment)).collect();
        self.named_path(&texts, args, at)
    }

    fn named_path(&mut self, path: &[&str], args: Vec<TypeId>, at: Span) -> TypeId {
        let plain = match path {
            ["str" | "bytes"] => Some(TypeKind::String),
            ["int" | "float" | "complex"] => Some(TypeKind::Number),
            ["bool"] => Some(TypeKind::Bool),
            ["Any" | "object"] | [_, "Any"] => Some(TypeKind::Any),
            _ => None,
        };
        if let Some(kind) = plain {
            return self.new_ty(kind, at);
        }
        let names: Vec<_> = path.iter().map(|segment| self.ir.intern(segment)).collect();
        let Some(first) = names.first().copied() else { return self.new_ty(TypeKind::Other, at) };
        let id = self.new_ty(TypeKind::Named { slot: None, path: names, args }, at);
        self.use_type(first, id);
        id
    }

    /// `Name[args]`; the generic types of the language's own library are what they stand for.
    fn generic(&mut self, value: Node<'t>, args: &[Node<'t>], at: Span) -> TypeId {
        let last = self.path(value).and_then(|path| path.last().map(|segment| self.text(*segment)));
        match (last.unwrap_or(""), args) {
            ("Annotated", [ty, notes @ ..]) => {
                let ty = self.ty(*ty);
                let notes = notes.iter().map(|note| self.note(*note)).collect();
                self.new_ty(TypeKind::Annotated(ty, notes), at)
            }
            ("Literal", values) => {
                let kinds: Vec<TypeId> = values.iter().map(|value| self.literal(*value)).collect();
                self.new_ty(TypeKind::Union(kinds), at)
            }
            ("Optional", [ty]) => {
                let ty = self.ty(*ty);
                let none = self.new_ty(TypeKind::Other, at);
                self.new_ty(TypeKind::Union(vec![ty, none]), at)
            }
            ("Union", parts) => {
                let parts = parts.iter().map(|part| self.ty(*part)).collect();
                self.new_ty(TypeKind::Union(parts), at)
            }
            (
                "List" | "list" | "Sequence" | "Set" | "set" | "FrozenSet" | "frozenset" | "Iterable"
                | "Collection",
                [item],
            ) => {
                let item = self.ty(*item);
                self.new_ty(TypeKind::Array(item), at)
            }
            ("ClassVar" | "Final" | "Required" | "NotRequired" | "ReadOnly", [ty]) => self.ty(*ty),
            (_, args) => {
                let args = args.iter().map(|arg| self.ty(*arg)).collect();
                let id = self.named(value, args);
                self.ir.module.types[id].span = at;
                id
            }
        }
    }

    fn note(&mut self, node: Node<'t>) -> routeward_ir::ExprId {
        let mut node = node;
        while self.kind(node) == K::Type
            && let Some(inner) = self.first_kid(node)
        {
            node = inner;
        }
        self.expr(node)
    }

    fn literal(&mut self, node: Node<'t>) -> TypeId {
        let at = span(node);
        let value = self.note(node);
        let text = match self.ir.module.exprs[value] {
            Expr::Str(name) => name,
            _ => self.name(node),
        };
        self.new_ty(TypeKind::Literal(text), at)
    }

    /// `"Name"`: a type that is defined further down.
    fn forward(&mut self, node: Node<'t>) -> TypeId {
        let at = span(node);
        let value = self.string(node);
        let Expr::Str(name) = self.ir.module.exprs[value] else { return self.new_ty(TypeKind::Other, at) };
        let text = self.ir.module.text(name).trim().to_owned();
        let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        let path: Vec<&str> = text.split('.').collect();
        if path.iter().all(|part| is_name(part)) {
            return self.named_path(&path, Vec::new(), at);
        }
        self.new_ty(TypeKind::Other, at)
    }

    /// `type Name = …`.
    pub(crate) fn type_alias(&mut self, node: Node<'t>) {
        let Some(left) = field(node, self.fields.left) else { return };
        let mut name = left;
        while self.kind(name) != K::Identifier
            && let Some(inner) = self.first_kid(name)
        {
            name = inner;
        }
        let text = self.name(name);
        self.bind(text, routeward_ir::SlotKind::Type, span(name));
        if let Some(right) = field(node, self.fields.right) {
            self.ty(right);
        }
    }
}
