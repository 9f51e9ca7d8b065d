//! Scopes and names. A name that a function binds anywhere is its own throughout; so uses are left open while
//! lowering and looked up when the file is done.

use routeward_base::{FxHashMap, Name, Span};
use routeward_ir::{
    Export, Expr, ExprId, FuncId, Module, Pat, PatId, Slot, SlotId, SlotKind, TypeId, TypeKind,
};

use crate::lowerer::Lowerer;

/// What a scope says of a name.
#[derive(Clone, Copy)]
enum Bound {
    Slot(SlotId),
    /// `global`
    Global,
    /// `nonlocal`
    Nonlocal,
}

/// What a scope is the body of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    /// A file or function.
    Function,
    /// A class: functions inside do not see its names.
    Class,
    /// A comprehension: `:=` inside binds outside.
    Comprehension,
}

struct Scope {
    parent: u32,
    func: FuncId,
    kind: ScopeKind,
    names: FxHashMap<Name, Bound>,
}

/// All scopes of a file, what they bind, and what is used in them.
pub(crate) struct Scopes {
    all: Vec<Scope>,
    current: u32,
    uses: Vec<(Name, u32, Use)>,
}

/// What waits for the meaning of a name.
enum Use {
    /// An identifier; a `Global` until then.
    Expr(ExprId),
    /// The first segment of a named type.
    Type(TypeId),
}

impl Scopes {
    /// One open scope: that of the top-level code.
    pub(crate) fn new() -> Self {
        let names = FxHashMap::default();
        let top = Scope { parent: 0, func: Module::TOP, kind: ScopeKind::Function, names };
        Self { all: vec![top], current: 0, uses: Vec::new() }
    }

    fn own(&self, scope: u32, name: Name) -> Option<Bound> {
        self.all[scope as usize].names.get(&name).copied()
    }

    /// The slot that `name` means in `scope`.
    fn find(&self, name: Name, scope: u32) -> Option<SlotId> {
        let mut at = scope;
        let mut is_visible = true;
        loop {
            match self.own(at, name).filter(|_| is_visible) {
                Some(Bound::Slot(slot)) => return Some(slot),
                Some(Bound::Global) => {
                    return match self.own(0, name) {
                        Some(Bound::Slot(slot)) => Some(slot),
                        _ => None,
                    };
                }
                Some(Bound::Nonlocal) | None => {}
            }
            if at == 0 {
                return None;
            }
            at = self.all[at as usize].parent;
            is_visible = self.all[at as usize].kind != ScopeKind::Class;
        }
    }

    /// The scope around `scope` that `nonlocal` speaks of.
    fn around(&self, name: Name, scope: u32) -> u32 {
        let mut first = None;
        let mut at = self.all[scope as usize].parent;
        while at != 0 {
            if self.all[at as usize].kind != ScopeKind::Class {
                if matches!(self.own(at, name), Some(Bound::Slot(_))) {
                    return at;
                }
                first.get_or_insert(at);
            }
            at = self.all[at as usize].parent;
        }
        first.unwrap_or(0)
    }
}

impl Lowerer<'_> {
    /// Opens a scope for the code of the current function and returns the one to go back to.
    pub(crate) fn enter(&mut self, kind: ScopeKind) -> u32 {
        let parent = self.scopes.current;
        self.scopes.current = self.scopes.all.len() as u32;
        self.scopes.all.push(Scope { parent, func: self.func, kind, names: FxHashMap::default() });
        parent
    }

    /// Goes to another scope, such as the one that `enter` has returned; returns the one that was open.
    pub(crate) fn leave(&mut self, to: u32) -> u32 {
        std::mem::replace(&mut self.scopes.current, to)
    }

    /// The code that is being lowered is the body of a class.
    pub(crate) fn in_class(&self) -> bool {
        self.scopes.all[self.scopes.current as usize].kind == ScopeKind::Class
    }

    /// `global name` and `nonlocal name`.
    pub(crate) fn declare_outside(&mut self, name: Name, is_global: bool) {
        let bound = if is_global { Bound::Global } else { Bound::Nonlocal };
        let current = self.scopes.current as usize;
        self.scopes.all[current].names.entry(name).or_insert(bound);
    }

    /// Binds a name in the current scope, or where `global` or `nonlocal` say.
    pub(crate) fn bind(&mut self, name: Name, kind: SlotKind, at: Span) -> SlotId {
        let scope = self.scopes.current;
        let slot = self.bind_in(scope, name, kind, at);
        if self.in_class() {
            self.attributes.push((name, slot, at));
        }
        slot
    }

    /// Binds the target of `:=`.
    pub(crate) fn bind_outside_comprehension(&mut self, name: Name, at: Span) -> SlotId {
        let mut scope = self.scopes.current;
        while self.scopes.all[scope as usize].kind == ScopeKind::Comprehension {
            scope = self.scopes.all[scope as usize].parent;
        }
        self.bind_in(scope, name, SlotKind::Variable, at)
    }

    fn bind_in(&mut self, scope: u32, name: Name, kind: SlotKind, at: Span) -> SlotId {
        let scope = match self.scopes.own(scope, name) {
            Some(Bound::Global) => 0,
            Some(Bound::Nonlocal) => self.scopes.around(name, scope),
            _ => scope,
        };
        self.binds_outside |= self.scopes.all[scope as usize].func != self.func;
        if let Some(Bound::Slot(slot)) = self.scopes.own(scope, name) {
            let old = &mut self.ir.module.slots[slot];
            if old.kind == SlotKind::Import || kind == SlotKind::Import {
                self.rebound.insert(slot);
            }
            return slot;
        }
        let func = self.scopes.all[scope as usize].func;
        let slot = self.ir.module.slots.push(Slot { name, func, kind, span: at });
        self.scopes.all[scope as usize].names.insert(name, Bound::Slot(slot));
        slot
    }

    /// A slot that no name means, at the beginning of a place.
    pub(crate) fn hidden_slot(&mut self, at: Span) -> (SlotId, Span) {
        let at = Span::new(at.start, at.start);
        let name = self.ir.intern("");
        let slot = Slot { name, func: self.func, kind: SlotKind::Variable, span: at };
        (self.ir.module.slots.push(slot), at)
    }

    /// An identifier that is read or written in place.
    pub(crate) fn use_expr(&mut self, name: Name, at: Span) -> ExprId {
        let id = self.ir.push(Expr::Global(name), at);
        self.scopes.uses.push((name, self.scopes.current, Use::Expr(id)));
        id
    }

    /// The first segment of a named type.
    pub(crate) fn use_type(&mut self, name: Name, id: TypeId) {
        self.scopes.uses.push((name, self.scopes.current, Use::Type(id)));
    }

    /// Looks up every use.
    pub(crate) fn resolve_names(&mut self) {
        for (name, scope, place) in std::mem::take(&mut self.scopes.uses) {
            let slot = self.scopes.find(name, scope);
            match (place, slot) {
                (Use::Expr(id), Some(slot)) => self.ir.module.exprs[id] = Expr::Local(slot),
                (Use::Expr(_), None) => {}
                (Use::Type(id), slot) => {
                    if let TypeKind::Named { slot: first, .. } = &mut self.ir.module.types[id].kind {
                        *first = slot;
                    }
                }
            }
        }
    }

    /// Every name of the top-level code is visible in other modules.
    pub(crate) fn export_names(&mut self) {
        let names = self.scopes.all[0].names.iter();
        let mut exported: Vec<(SlotId, Name)> = names
            .filter_map(|(name, bound)| match bound {
                Bound::Slot(slot) => Some((*slot, *name)),
                _ => None,
            })
            .collect();
        exported.sort_unstable();
        let slots = exported.into_iter().map(|(slot, name)| Export::Slot { name, slot });
        let others = std::mem::take(&mut self.ir.module.exports);
        self.ir.module.exports = slots.chain(others).collect();
    }

    /// A pattern that binds one slot.
    pub(crate) fn slot_pat(&mut self, slot: SlotId) -> PatId {
        self.ir.push_pat(Pat::Slot(slot))
    }
}
