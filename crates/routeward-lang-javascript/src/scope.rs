//! Scopes and names. While lowering, declarations are recorded and uses are left open; when the file is done,
//! every use is looked up. So hoisting needs no pass of its own: a use sees what its scope declares further down.

use routeward_base::{FxHashMap, Name, Span};
use routeward_ir::{
    Arg, Args, Export, Expr, ExprId, FuncId, Import, ImportKind, Pat, PatId, Slot, SlotId, SlotKind, TypeId,
    TypeKind,
};

use crate::lowerer::Lowerer;

/// A scope. Scopes are numbered as they open, so those inside one are a contiguous piece after it.
struct Scope {
    parent: u32,
    /// One past the last scope inside.
    end: u32,
    func: FuncId,
    is_function: bool,
}

/// All scopes of a file, what they declare, and what is used in them.
pub(crate) struct Scopes {
    all: Vec<Scope>,
    current: u32,
    declared: FxHashMap<(Name, u32), SlotId>,
    uses: Vec<Use>,
}

/// A name whose meaning is looked up when all declarations are known.
struct Use {
    name: Name,
    scope: u32,
    place: Place,
}

/// What waits for the name.
enum Place {
    /// An identifier; a `Global` until then.
    Expr(ExprId),
    /// An assigned identifier at a span.
    Pat(PatId, Span),
    /// The first segment of a named type.
    Type(TypeId),
    /// `require(…)`, whose arguments are lowered: a `Call` until then.
    Require(ExprId),
    /// `module.exports`; the spans of the object and of the whole.
    Exports(ExprId, Span),
    /// `export { name as exported }`.
    Export(Name),
}

impl Scopes {
    /// One open scope: that of the top-level code.
    pub(crate) fn new() -> Self {
        let top = Scope { parent: 0, end: u32::MAX, func: routeward_ir::Module::TOP, is_function: true };
        Self { all: vec![top], current: 0, declared: FxHashMap::default(), uses: Vec::new() }
    }

    /// The innermost scope that holds `scope` and declares `name`.
    fn find(&self, bindings: &[(Name, u32, SlotId)], name: Name, scope: u32) -> Option<SlotId> {
        let mut scope = scope;
        let mut bindings = bindings;
        loop {
            let count = bindings.partition_point(|(bound, at, _)| (*bound, *at) <= (name, scope));
            let (bound, at, slot) = *bindings.get(count.checked_sub(1)?)?;
            if bound != name {
                return None;
            }
            if at == scope || self.all[at as usize].end > scope {
                return Some(slot);
            }
            // Declared in a scope beside this one: look again from where the two meet.
            bindings = &bindings[..count - 1];
            while scope > at {
                scope = self.all[scope as usize].parent;
            }
        }
    }
}

impl Lowerer<'_> {
    /// Opens a scope and returns the one to go back to.
    pub(crate) fn enter(&mut self, is_function: bool) -> u32 {
        let parent = self.scopes.current;
        self.scopes.current = self.scopes.all.len() as u32;
        self.scopes.all.push(Scope { parent, end: u32::MAX, func: self.func, is_function });
        parent
    }

    /// Closes the scope that `enter` opened.
    pub(crate) fn leave(&mut self, parent: u32) {
        let end = self.scopes.all.len() as u32;
        self.scopes.all[self.scopes.current as usize].end = end;
        self.scopes.current = parent;
    }

    /// Declares a name in the current scope, or, for `var`, in that of the function. Declaring again gives the
    /// same slot; a value makes a type's slot its own.
    pub(crate) fn declare(&mut self, name: Name, kind: SlotKind, span: Span, is_var: bool) -> SlotId {
        let mut scope = self.scopes.current;
        while is_var && !self.scopes.all[scope as usize].is_function {
            scope = self.scopes.all[scope as usize].parent;
        }
        let func = self.scopes.all[scope as usize].func;
        if let Some(&slot) = self.scopes.declared.get(&(name, scope)) {
            let old = &mut self.ir.module.slots[slot];
            if old.kind == SlotKind::Type && kind != SlotKind::Type {
                (old.kind, old.span) = (kind, span);
            }
            return slot;
        }
        let slot = self.ir.module.slots.push(Slot { name, func, kind, span });
        self.scopes.declared.insert((name, scope), slot);
        slot
    }

    /// What the current scope itself declares as `name` so far.
    pub(crate) fn declared_here(&self, name: Name) -> Option<SlotId> {
        self.scopes.declared.get(&(name, self.scopes.current)).copied()
    }

    /// An identifier that is read or written in place.
    pub(crate) fn use_expr(&mut self, name: Name, span: Span) -> ExprId {
        let id = self.ir.push(Expr::Global(name), span);
        self.use_name(name, Place::Expr(id));
        id
    }

    /// An identifier that is assigned.
    pub(crate) fn use_pat(&mut self, name: Name, span: Span) -> PatId {
        let id = self.ir.push_pat(Pat::Unknown);
        self.use_name(name, Place::Pat(id, span));
        id
    }

    /// The first segment of a named type.
    pub(crate) fn use_type(&mut self, name: Name, id: TypeId) {
        self.use_name(name, Place::Type(id));
    }

    /// A call of `require`, which is already lowered as one.
    pub(crate) fn use_require(&mut self, name: Name, call: ExprId) {
        self.use_name(name, Place::Require(call));
    }

    /// `module.exports`; `span` is that of `module`.
    pub(crate) fn use_exports(&mut self, name: Name, id: ExprId, span: Span) {
        self.use_name(name, Place::Exports(id, span));
    }

    /// `export { name as exported }`.
    pub(crate) fn use_export(&mut self, name: Name, exported: Name) {
        self.use_name(name, Place::Export(exported));
    }

    fn use_name(&mut self, name: Name, place: Place) {
        let scope = self.scopes.current;
        self.scopes.uses.push(Use { name, scope, place });
    }

    /// Looks up every use. Cost: a sort of the declarations, then a search for each use.
    pub(crate) fn resolve_names(&mut self) {
        let mut bindings: Vec<(Name, u32, SlotId)> =
            self.scopes.declared.iter().map(|((name, scope), slot)| (*name, *scope, *slot)).collect();
        bindings.sort_unstable();
        // Most names are declared once or nowhere: the piece for each name, found without a search.
        let mut pieces = vec![(0_u32, 0_u32); self.ir.module.names.len()];
        for (i, (name, _, _)) in bindings.iter().enumerate() {
            let piece = &mut pieces[name.0 as usize];
            if piece.1 == 0 {
                *piece = (i as u32, i as u32);
            }
            piece.1 = i as u32 + 1;
        }
        for used in std::mem::take(&mut self.scopes.uses) {
            let (start, end) = pieces.get(used.name.0 as usize).copied().unwrap_or_default();
            let slot = self.scopes.find(&bindings[start as usize..end as usize], used.name, used.scope);
            self.resolve(used, slot);
        }
    }

    fn resolve(&mut self, used: Use, slot: Option<SlotId>) {
        match (used.place, slot) {
            (Place::Expr(id), Some(slot)) => self.ir.module.exprs[id] = Expr::Local(slot),
            (Place::Expr(id), None) => {
                self.ir.module.exprs[id] = match self.arguments(used.name, used.scope) {
                    Some(slot) => Expr::Local(slot),
                    None => self.unbound(used.name),
                };
            }
            (Place::Pat(id, _), Some(slot)) => self.ir.module.patterns[id] = Pat::Slot(slot),
            (Place::Pat(id, span), None) => {
                let expr = self.unbound(used.name);
                self.ir.module.patterns[id] = Pat::Place(self.ir.push(expr, span));
            }
            (Place::Type(id), slot) => {
                if let TypeKind::Named { slot: first, .. } = &mut self.ir.module.types[id].kind {
                    *first = slot;
                }
            }
            (Place::Require(_), Some(_)) => {}
            (Place::Require(id), None) => self.resolve_require(id),
            (Place::Exports(id, _), None) => self.ir.module.exprs[id] = Expr::Exports,
            (Place::Exports(id, span), Some(slot)) => {
                let object = self.ir.push(Expr::Local(slot), span);
                let name = self.ir.intern("exports");
                self.ir.module.exprs[id] = Expr::Member { object, name, optional: false };
            }
            (Place::Export(name), Some(slot)) => self.ir.module.exports.push(Export::Slot { name, slot }),
            (Place::Export(_), None) => {}
        }
    }

    /// `arguments`, of the innermost function that has its own.
    fn arguments(&mut self, name: Name, scope: u32) -> Option<SlotId> {
        if self.ir.module.text(name) != "arguments" {
            return None;
        }
        let mut func = self.scopes.all[scope as usize].func;
        while self.ir.module.functions[func].flags.lexical_this {
            func = self.ir.module.functions[func].parent?;
        }
        if func == routeward_ir::Module::TOP {
            return None;
        }
        let code = &mut self.ir.module.functions[func];
        let slot = Slot { name, func, kind: SlotKind::Variable, span: code.name_span };
        let slots = &mut self.ir.module.slots;
        Some(*code.arguments.get_or_insert_with(|| slots.push(slot)))
    }

    /// A name that the file does not declare.
    fn unbound(&self, name: Name) -> Expr {
        match self.ir.module.text(name) {
            "undefined" => Expr::Undefined,
            "exports" => Expr::Exports,
            _ => Expr::Global(name),
        }
    }

    /// `require("name")` and `require(computed)` where `require` is the module loader's.
    fn resolve_require(&mut self, id: ExprId) {
        let Expr::Call { args, .. } = self.ir.module.exprs[id] else { return };
        let Some(Arg { value, is_spread: false, .. }) = first(args, &self.ir.module.arg_pool) else { return };
        self.ir.module.exprs[id] = match self.ir.module.exprs[value] {
            Expr::Str(specifier) => {
                let span = self.ir.module.expr_spans[id];
                let kind = ImportKind::Call;
                let import = Import { specifier, bindings: Vec::new(), kind, type_only: false, span };
                Expr::Import(self.ir.module.imports.push(import))
            }
            _ => Expr::ImportComputed(value),
        };
    }
}

fn first(args: Args, pool: &[Arg]) -> Option<Arg> {
    args.of(pool).first().copied()
}
