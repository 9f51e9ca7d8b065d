//! Imports.

use routeward_base::{Name, Span};
use routeward_ir::{
    Export, Expr, ExprId, Import, ImportBinding, ImportId, ImportKind, Imported, Pat, SlotId, SlotKind, Stmt,
    StmtId,
};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;

/// A name that an import statement binds.
pub(crate) struct ImportRecord {
    slot: SlotId,
    import: ImportId,
    imported: Imported,
    /// The statement that runs the import, if it is run.
    stmt: Option<StmtId>,
    at: Span,
}

impl<'t> Lowerer<'t> {
    fn push_import(&mut self, specifier: &str, kind: ImportKind, at: Span) -> ImportId {
        let specifier = self.ir.intern(specifier);
        let type_only = self.type_only;
        self.ir.module.imports.push(Import { specifier, bindings: Vec::new(), kind, type_only, span: at })
    }

    /// Runs an import, unless it is for types.
    fn run_import(&mut self, import: ImportId, at: Span) -> Option<StmtId> {
        if self.type_only {
            return None;
        }
        let value = self.ir.push(Expr::Import(import), at);
        let stmt = self.ir.new_stmt(Stmt::Expr(value), at);
        self.ir.stmt_list.push(stmt);
        Some(stmt)
    }

    /// Runs the packages that hold `a.b.c`: `a`, then `a.b`.
    fn run_parents(&mut self, module: &str, at: Span) -> Vec<ImportId> {
        let dots = module.len() - module.trim_start_matches('.').len();
        let ends: Vec<usize> =
            module.char_indices().filter(|(i, c)| *i > dots && *c == '.').map(|(i, _)| i).collect();
        ends.into_iter()
            .map(|end| {
                let import = self.push_import(&module[..end], ImportKind::InPlace, at);
                self.run_import(import, at);
                import
            })
            .collect()
    }

    fn bind_import(
        &mut self,
        import: ImportId,
        name: Node<'t>,
        imported: Imported,
        fallback: Option<ImportId>,
        stmt: Option<StmtId>,
    ) {
        let text = self.name(name);
        let at = span(name);
        let slot = self.bind(text, SlotKind::Import, at);
        let binding = ImportBinding { imported, slot, type_only: self.type_only, fallback };
        self.ir.module.imports[import].bindings.push(binding);
        self.import_records.push(ImportRecord { slot, import, imported, stmt, at });
    }

    /// `import a.b`, `import a.b as c`.
    pub(crate) fn import(&mut self, node: Node<'t>) {
        let at = span(node);
        for (kind, child) in self.sound_kids(node) {
            if kind == K::AliasedImport {
                let Some(name) = field(child, self.fields.name) else { continue };
                let module = self.module_name(name);
                self.run_parents(&module, at);
                let import = self.push_import(&module, ImportKind::InPlace, at);
                let stmt = self.run_import(import, at);
                if let Some(alias) = field(child, self.fields.alias) {
                    self.bind_import(import, alias, Imported::Namespace, None, stmt);
                }
            } else if kind == K::DottedName {
                self.import_dotted(child, at);
            }
        }
    }

    /// `import a.b.c` binds `a`, and makes each module a member of the one that holds it.
    fn import_dotted(&mut self, node: Node<'t>, at: Span) {
        let segments: Vec<Node<'t>> = self.sound_kids(node).map(|(_, child)| child).collect();
        let Some(first) = segments.first() else { return };
        let mut module = self.text(*first).to_owned();
        let mut outer = self.push_import(&module, ImportKind::InPlace, at);
        let stmt = self.run_import(outer, at);
        self.bind_import(outer, *first, Imported::Namespace, None, stmt);
        for segment in &segments[1..] {
            let name = self.name(*segment);
            module.push('.');
            module.push_str(self.text(*segment));
            let inner = self.push_import(&module, ImportKind::InPlace, at);
            if self.type_only {
                continue;
            }
            let object = self.ir.push(Expr::Import(outer), at);
            let place = self.ir.push(Expr::Member { object, name, optional: false }, at);
            let target = self.ir.push_pat(Pat::Place(place));
            let value = self.ir.push(Expr::Import(inner), at);
            let assign = self.ir.push(Expr::Assign { target, value }, at);
            self.ir.push_stmt(Stmt::Expr(assign), at);
            outer = inner;
        }
    }

    /// `from a import b`, `from . import b as c`, `from a import *`.
    pub(crate) fn import_from(&mut self, node: Node<'t>) {
        let at = span(node);
        let Some(module_node) = field(node, self.fields.module_name) else { return };
        let module = self.module_name(module_node);
        self.run_parents(&module, at);
        for (kind, child) in self.sound_kids(node) {
            if child == module_node {
                continue;
            }
            match kind {
                K::WildcardImport => {
                    let import = self.push_import(&module, ImportKind::InPlace, at);
                    self.run_import(import, at);
                    self.ir.module.opened.push(import);
                    if self.func == routeward_ir::Module::TOP {
                        self.ir.module.exports.push(Export::All { import });
                    }
                }
                K::AliasedImport => {
                    let name = field(child, self.fields.name);
                    let alias = field(child, self.fields.alias);
                    if let (Some(name), Some(alias)) = (name, alias) {
                        self.import_name(&module, name, alias, at);
                    }
                }
                K::DottedName | K::Identifier => {
                    let name = self.first_kid(child).unwrap_or(child);
                    self.import_name(&module, child, name, at);
                }
                _ => {}
            }
        }
    }

    fn import_name(&mut self, module: &str, name: Node<'t>, alias: Node<'t>, at: Span) {
        let imported: Name = self.name(name);
        let import = self.push_import(module, ImportKind::InPlace, at);
        let stmt = self.run_import(import, at);
        let text = self.text(name);
        let inner =
            if module.ends_with('.') { format!("{module}{text}") } else { format!("{module}.{text}") };
        let fallback = self.push_import(&inner, ImportKind::Fallback, at);
        self.bind_import(import, alias, Imported::Named(imported), Some(fallback), stmt);
    }

    /// A module's name without blanks.
    fn module_name(&self, node: Node<'t>) -> String {
        self.text(node).chars().filter(|c| !c.is_whitespace() && *c != '\\').collect()
    }

    /// A name that is bound by several statements is a variable: each import then writes it.
    pub(crate) fn finish_imports(&mut self) {
        for record in std::mem::take(&mut self.import_records) {
            let ImportRecord { slot, import, imported, stmt, at } = record;
            if !self.rebound.contains(&slot) {
                continue;
            }
            self.ir.module.slots[slot].kind = SlotKind::Variable;
            self.ir.module.imports[import].bindings.retain(|binding| binding.slot != slot);
            let Some(stmt) = stmt else { continue };
            let value = self.imported_value(import, imported, at);
            let pat = self.slot_pat(slot);
            self.ir.module.stmts[stmt] = Stmt::Declare { pat, init: Some(value), ty: None };
        }
    }

    fn imported_value(&mut self, import: ImportId, imported: Imported, at: Span) -> ExprId {
        let at_import = self.ir.module.imports[import].span;
        let object = self.ir.push(Expr::Import(import), at_import);
        match imported {
            Imported::Named(name) => {
                let _ = at;
                self.ir.push(Expr::Member { object, name, optional: false }, at_import)
            }
            _ => object,
        }
    }
}
