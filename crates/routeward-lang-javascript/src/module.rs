//! Imports and exports.

use routeward_base::Name;
use routeward_ir::{
    Export, Expr, ExprId, Import, ImportBinding, ImportId, ImportKind, Imported, Module, Pat, SlotId,
    SlotKind, Stmt,
};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;

impl<'t> Lowerer<'t> {
    /// Makes a slot of the top-level code, or of the open namespace, visible outside.
    pub(crate) fn export_slot(&mut self, name: Name, slot: SlotId) {
        match self.namespaces.last_mut() {
            Some(names) => names.push((name, slot)),
            None if self.func == Module::TOP => self.ir.module.exports.push(Export::Slot { name, slot }),
            None => {}
        }
    }

    fn push_import(
        &mut self,
        node: Node<'t>,
        specifier: Name,
        kind: ImportKind,
        type_only: bool,
    ) -> ImportId {
        let import = Import { specifier, bindings: Vec::new(), kind, type_only, span: span(node) };
        self.ir.module.imports.push(import)
    }

    /// True for `import type …` and `export type …`, and for `{ type x }`.
    fn is_type_only(&self, node: Node<'t>) -> bool {
        self.parts(node)
            .take_while(|(_, child)| !child.is_named())
            .any(|(kind, _)| matches!(kind, K::TypeWord | K::TypeOfWord))
    }

    pub(crate) fn import(&mut self, node: Node<'t>) {
        let type_only = self.is_type_only(node);
        if let Some((_, clause)) = self.kids(node).find(|(kind, _)| *kind == K::ImportRequire) {
            return self.import_require(node, clause, type_only);
        }
        let Some(source) = field(node, self.fields.source) else { return };
        let specifier = self.string(source);
        let import = self.push_import(node, specifier, ImportKind::Static, type_only);
        let Some((_, clause)) = self.kids(node).find(|(kind, _)| *kind == K::ImportClause) else { return };
        for (kind, child) in self.kids(clause) {
            match kind {
                K::Identifier => self.bind_import(import, child, Imported::Default, type_only),
                K::NamespaceImport => {
                    if let Some(name) = self.first_kid(child) {
                        self.bind_import(import, name, Imported::Namespace, type_only);
                    }
                }
                K::NamedImports => {
                    for (_, specifier) in self.kids(child).filter(|(kind, _)| *kind == K::ImportSpecifier) {
                        self.import_specifier(import, specifier, type_only);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_specifier(&mut self, import: ImportId, node: Node<'t>, type_only: bool) {
        let Some(name) = field(node, self.fields.name) else { return };
        let imported = self.imported(name);
        let local = field(node, self.fields.alias).unwrap_or(name);
        let type_only = type_only || self.is_type_specifier(node, name);
        self.bind_import(import, local, imported, type_only);
    }

    /// `type x`, not the name `type` itself.
    fn is_type_specifier(&self, node: Node<'t>, name: Node<'t>) -> bool {
        node.start_byte() < name.start_byte() && self.is_type_only(node)
    }

    fn imported(&mut self, name: Node<'t>) -> Imported {
        match self.export_name(name) {
            name if self.ir.module.text(name) == "default" => Imported::Default,
            name => Imported::Named(name),
        }
    }

    /// A name in an import or export list, which may be a string.
    fn export_name(&mut self, node: Node<'t>) -> Name {
        match self.kind(node) {
            K::String => self.string(node),
            _ => self.identifier_name(self.text(node)),
        }
    }

    fn bind_import(&mut self, import: ImportId, name: Node<'t>, imported: Imported, type_only: bool) {
        let text = self.identifier_name(self.text(name));
        let slot = self.declare(text, SlotKind::Import, span(name), false);
        self.ir.module.imports[import].bindings.push(ImportBinding {
            imported,
            slot,
            type_only,
            fallback: None,
        });
    }

    /// `import x = require("name")`: what the module assigns to its exports.
    fn import_require(&mut self, node: Node<'t>, clause: Node<'t>, type_only: bool) {
        let Some(name) = self.first_kid(clause) else { return };
        let Some(source) = field(clause, self.fields.source) else { return };
        let specifier = self.string(source);
        let import = self.push_import(node, specifier, ImportKind::Call, type_only);
        let value = self.ir.push(Expr::Import(import), span(clause));
        self.declare_constant(node, name, value);
    }

    fn declare_constant(&mut self, node: Node<'t>, name: Node<'t>, value: ExprId) -> SlotId {
        let text = self.identifier_name(self.text(name));
        let slot = self.declare(text, SlotKind::Constant, span(name), false);
        let pat = self.ir.push_pat(Pat::Slot(slot));
        self.ir.push_stmt(Stmt::Declare { pat, init: Some(value), ty: None }, span(node));
        slot
    }

    /// `import A = B.C`.
    pub(crate) fn import_alias(&mut self, node: Node<'t>) -> Option<SlotId> {
        let mut kids = self.kids(node).map(|(_, child)| child);
        let (name, target) = (kids.next()?, kids.next()?);
        let value = match self.required(target) {
            Some(specifier) => {
                let import = self.push_import(node, specifier, ImportKind::Call, false);
                self.ir.push(Expr::Import(import), span(target))
            }
            None => self.dotted(target),
        };
        Some(self.declare_constant(node, name, value))
    }

    /// The grammar does not know `export import x = require("name")`: it ends the alias before the parenthesis.
    fn required(&mut self, target: Node<'t>) -> Option<Name> {
        let rest = self.source.get(target.end_byte()..).filter(|_| self.text(target) == "require")?;
        let rest = rest.trim_start().strip_prefix('(')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (specifier, _) = rest[1..].split_once(quote)?;
        Some(self.ir.intern(specifier))
    }

    fn dotted(&mut self, node: Node<'t>) -> ExprId {
        let mut path = Vec::new();
        let mut first = node;
        while let (Some(object), Some(property)) =
            (field(first, self.fields.object), field(first, self.fields.property))
        {
            path.push((span(first), property));
            first = object;
        }
        let name = self.identifier_name(self.text(first));
        let mut acc = self.use_expr(name, span(first));
        while let Some((at, property)) = path.pop() {
            let name = self.identifier_name(self.text(property));
            acc = self.ir.push(Expr::Member { object: acc, name, optional: false }, at);
        }
        acc
    }

    pub(crate) fn export(&mut self, node: Node<'t>) {
        let source = field(node, self.fields.source);
        let declaration = field(node, self.fields.declaration);
        let value = field(node, self.fields.value);
        let mut decorators = Vec::new();
        let mut is_default = false;
        let mut has_value = None;
        for (kind, child) in self.parts(node) {
            match kind {
                K::Decorator => decorators.push(self.expr_kid(child)),
                K::DefaultWord => is_default = true,
                K::Equals => has_value = Some(()),
                K::Star => {
                    if let Some(source) = source {
                        let import = self.re_export(node, source);
                        self.ir.module.exports.push(Export::All { import });
                    }
                }
                K::NamespaceExport => self.export_namespace(node, child, source),
                K::ExportClause => self.export_clause(node, child, source),
                // `export import x = require("name")`.
                K::ImportStatement => self.stmt(kind, child),
                // `export = value`.
                _ if has_value.is_some() && child.is_named() => {
                    has_value = None;
                    let place = self.ir.push(Expr::Exports, span(node));
                    self.assign_export(node, place, child);
                }
                _ => {}
            }
        }
        match (declaration, value) {
            (Some(declaration), _) if is_default => self.default_declaration(node, declaration, &decorators),
            (Some(declaration), _) => {
                let kind = self.kind(declaration);
                self.declaration(kind, declaration, true, &decorators);
            }
            (None, Some(value)) => self.export_default(node, value, &decorators),
            (None, None) => {}
        }
    }

    fn assign_export(&mut self, node: Node<'t>, place: ExprId, value: Node<'t>) {
        let value = self.expr_named(value, None);
        let stmt = self.export_assignment(node, place, value);
        self.ir.push_stmt(stmt, span(node));
    }

    fn export_assignment(&mut self, node: Node<'t>, place: ExprId, value: ExprId) -> Stmt {
        let target = self.ir.push_pat(Pat::Place(place));
        Stmt::Expr(self.ir.push(Expr::Assign { target, value }, span(node)))
    }

    fn default_place(&mut self, node: Node<'t>) -> ExprId {
        let object = self.ir.push(Expr::Exports, span(node));
        let name = self.ir.intern("default");
        self.ir.push(Expr::Member { object, name, optional: false }, span(node))
    }

    /// `export default value`. A function or class without a name is called `default`.
    fn export_default(&mut self, node: Node<'t>, value: Node<'t>, decorators: &[ExprId]) {
        let place = self.default_place(node);
        let inner = self.strip(value);
        let at = self
            .parts(node)
            .find(|(kind, _)| *kind == K::DefaultWord)
            .map_or(span(node), |(_, word)| span(word));
        let hint = Some((self.ir.intern("default"), at));
        let value = if self.kind(inner) == K::Class {
            let class = self.class(inner, hint, decorators);
            self.ir.push(Expr::Class(class), span(inner))
        } else {
            self.expr_named(inner, hint)
        };
        let stmt = self.export_assignment(node, place, value);
        self.ir.push_stmt(stmt, span(node));
    }

    /// `export default function name() {}`: a declaration, and an assignment of its name that is hoisted with it.
    fn default_declaration(&mut self, node: Node<'t>, declaration: Node<'t>, decorators: &[ExprId]) {
        let kind = self.kind(declaration);
        let is_function = matches!(kind, K::FunctionDeclaration | K::GeneratorDeclaration);
        let slot = match kind {
            _ if is_function => self.function_declaration(declaration, kind),
            K::ClassDeclaration | K::AbstractClass => self.class_declaration(declaration, decorators),
            K::Interface => {
                if let Some(name) = field(declaration, self.fields.name) {
                    let name_text = self.identifier_name(self.text(name));
                    let slot = self.declare(name_text, SlotKind::Type, span(name), false);
                    let exported = self.ir.intern("default");
                    self.export_slot(exported, slot);
                }
                return;
            }
            _ => return self.declaration(kind, declaration, true, decorators),
        };
        let Some(slot) = slot else { return };
        let place = self.default_place(node);
        let value = self.ir.push(Expr::Local(slot), self.ir.module.slots[slot].span);
        let stmt = self.export_assignment(node, place, value);
        if is_function {
            let stmt = self.ir.new_stmt(stmt, span(node));
            self.hoisted.push(stmt);
        } else {
            self.ir.push_stmt(stmt, span(node));
        }
    }

    fn re_export(&mut self, node: Node<'t>, source: Node<'t>) -> ImportId {
        let specifier = self.string(source);
        let type_only = self.parts(node).any(|(kind, _)| kind == K::TypeWord);
        self.push_import(node, specifier, ImportKind::ReExport, type_only)
    }

    /// `export * as name from "module"`.
    fn export_namespace(&mut self, node: Node<'t>, child: Node<'t>, source: Option<Node<'t>>) {
        let (Some(source), Some(name)) = (source, self.first_kid(child)) else { return };
        let import = self.re_export(node, source);
        let name = self.export_name(name);
        self.ir.module.exports.push(Export::From { name, import, imported: Imported::Namespace });
    }

    /// `export { a as b }`, with or without `from "module"`.
    fn export_clause(&mut self, node: Node<'t>, clause: Node<'t>, source: Option<Node<'t>>) {
        let import = source.map(|source| self.re_export(node, source));
        for (_, specifier) in self.kids(clause).filter(|(kind, _)| *kind == K::ExportSpecifier) {
            let Some(local) = field(specifier, self.fields.name) else { continue };
            let alias = field(specifier, self.fields.alias).unwrap_or(local);
            let exported = self.export_name(alias);
            if let Some(import) = import {
                let imported = self.imported(local);
                self.ir.module.exports.push(Export::From { name: exported, import, imported });
            } else {
                let name = self.export_name(local);
                self.use_export(name, exported);
            }
        }
    }
}
