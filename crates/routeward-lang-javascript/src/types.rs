//! Type annotations, as far as they name something.

use routeward_base::Name;
use routeward_ir::{TypeId, TypeKind, TypeRef};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;

impl<'t> Lowerer<'t> {
    /// The type in the field `type` of a parameter, variable or field.
    pub(crate) fn annotation(&mut self, node: Node<'t>) -> Option<TypeId> {
        let annotation = field(node, self.fields.type_)?;
        self.annotated(annotation)
    }

    /// The type after the colon. A type predicate is a truth value and says nothing more.
    pub(crate) fn annotated(&mut self, node: Node<'t>) -> Option<TypeId> {
        let kind = self.kind(node);
        let inner = if kind == K::TypeAnnotation { self.first_kid(node)? } else { node };
        Some(self.ty(inner))
    }

    fn push_type(&mut self, node: Node<'t>, kind: TypeKind) -> TypeId {
        self.ir.module.types.push(TypeRef { kind, span: span(node) })
    }

    /// Lowers a type.
    pub(crate) fn ty(&mut self, node: Node<'t>) -> TypeId {
        if !self.ir.descend() {
            return self.push_type(node, TypeKind::Other);
        }
        let id = self.type_of(node);
        self.ir.ascend();
        id
    }

    fn type_of(&mut self, node: Node<'t>) -> TypeId {
        let mut node = node;
        let mut kind = self.kind(node);
        while matches!(kind, K::ParenType | K::ReadonlyType | K::FlowMaybe | K::TypeAnnotation) {
            let Some(inner) = self.first_kid(node) else { return self.push_type(node, TypeKind::Other) };
            (node, kind) = (inner, self.kind(inner));
        }
        match kind {
            K::PredefinedType => {
                let kind = match self.text(node) {
                    "string" => TypeKind::String,
                    "number" => TypeKind::Number,
                    "boolean" => TypeKind::Bool,
                    "any" | "unknown" | "object" => TypeKind::Any,
                    _ => TypeKind::Other,
                };
                self.push_type(node, kind)
            }
            K::TypeIdentifier | K::Identifier | K::NestedType | K::Member | K::NestedIdentifier => {
                self.named_type(node, node, Vec::new())
            }
            K::GenericType => self.generic(node),
            K::TypeQuery => match self.first_kid(node) {
                Some(value) if matches!(self.kind(value), K::Identifier | K::Member) => {
                    self.named_type(node, value, Vec::new())
                }
                _ => self.push_type(node, TypeKind::Other),
            },
            K::ArrayType => {
                let item = self.first_kid(node).map(|item| self.ty(item));
                self.push_type(node, item.map_or(TypeKind::Other, TypeKind::Array))
            }
            K::UnionType | K::Intersection => self.union(node, kind),
            K::LiteralType => self.literal(node),
            K::TemplateLiteralType => self.push_type(node, TypeKind::String),
            K::ObjectType => self.object_type(node),
            _ => self.push_type(node, TypeKind::Other),
        }
    }

    fn named_type(&mut self, node: Node<'t>, name: Node<'t>, args: Vec<TypeId>) -> TypeId {
        let mut path = Vec::new();
        let mut first = name;
        loop {
            let (outer, last) = match self.kind(first) {
                K::NestedType => (field(first, self.fields.module), field(first, self.fields.name)),
                K::Member | K::NestedIdentifier => {
                    (field(first, self.fields.object), field(first, self.fields.property))
                }
                _ => break,
            };
            let (Some(outer), Some(last)) = (outer, last) else { break };
            path.push(self.identifier_name(self.text(last)));
            first = outer;
        }
        let head: Name = self.identifier_name(self.text(first));
        path.push(head);
        path.reverse();
        let id = self.push_type(node, TypeKind::Named { slot: None, path, args });
        self.use_type(head, id);
        id
    }

    fn generic(&mut self, node: Node<'t>) -> TypeId {
        let Some(name) = field(node, self.fields.name) else {
            return self.push_type(node, TypeKind::Other);
        };
        let mut args = Vec::new();
        if let Some(list) = field(node, self.fields.type_arguments) {
            for (_, arg) in self.kids(list) {
                args.push(self.ty(arg));
            }
        }
        match (self.text(name), args.as_slice()) {
            ("Array" | "ReadonlyArray", [item]) => self.push_type(node, TypeKind::Array(*item)),
            _ => self.named_type(node, name, args),
        }
    }

    /// `A | B | …`, flat. `A & B` is what its one named part says, else one of its parts: structural additions
    /// do not change what the value is.
    fn union(&mut self, node: Node<'t>, kind: K) -> TypeId {
        let mut parts = Vec::new();
        let mut left = Some(node);
        while let Some(current) = left.take() {
            let mark = parts.len();
            for (i, (part_kind, part)) in self.kids(current).enumerate() {
                if i == 0 && part_kind == kind {
                    left = Some(part);
                } else {
                    parts.push(part);
                }
            }
            parts[mark..].reverse();
        }
        parts.reverse();
        let mut types: Vec<TypeId> = Vec::with_capacity(parts.len());
        for part in parts {
            types.push(self.ty(part));
        }
        if kind == K::Intersection {
            let is_named = |ty: &TypeId| matches!(self.ir.module.types[*ty].kind, TypeKind::Named { .. });
            let mut named = types.iter().copied().filter(is_named);
            if let (Some(only), None) = (named.next(), named.next()) {
                return only;
            }
        }
        match *types.as_slice() {
            [only] => only,
            _ => self.push_type(node, TypeKind::Union(types)),
        }
    }

    fn literal(&mut self, node: Node<'t>) -> TypeId {
        let name = match self.first_kid(node) {
            Some(text) if self.kind(text) == K::String => self.string(text),
            _ => self.identifier_name(self.text(node)),
        };
        self.push_type(node, TypeKind::Literal(name))
    }

    fn object_type(&mut self, node: Node<'t>) -> TypeId {
        let mut fields = Vec::new();
        for (_, child) in self.kids(node).filter(|(kind, _)| *kind == K::PropertySignature) {
            let Some(name) = field(child, self.fields.name) else { continue };
            let name = match self.kind(name) {
                K::String => self.string(name),
                K::Computed => continue,
                _ => self.identifier_name(self.text(name)),
            };
            let ty = match self.annotation(child) {
                Some(ty) => ty,
                None => self.push_type(child, TypeKind::Any),
            };
            fields.push((name, ty));
        }
        self.push_type(node, TypeKind::Object(fields))
    }
}
