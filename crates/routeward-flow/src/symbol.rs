//! Names of the whole program. A file's own names are mapped here once, when the file is first evaluated.

use std::cell::RefCell;

use routeward_base::{FxHashMap, Idx, Name, NameTable, index_type};

index_type! {
    /// A name or path, comparable across files.
    pub struct Sym;
}

/// The table of [`Sym`]s; interior mutability, because every evaluation step may meet a new name.
#[derive(Default)]
pub struct Symbols {
    table: RefCell<NameTable>,
    joined: RefCell<FxHashMap<(Sym, Sym), Sym>>,
    calls: RefCell<FxHashMap<Sym, Sym>>,
}

impl Symbols {
    /// The symbol of `text`.
    pub fn sym(&self, text: &str) -> Sym {
        Sym::new(self.table.borrow_mut().intern(text).raw())
    }

    /// The text of a symbol.
    pub fn text(&self, sym: Sym) -> String {
        self.table.borrow().text(Name::new(sym.raw())).to_owned()
    }

    /// Calls `with` on the text, without a copy. `with` must not intern.
    pub fn with<R>(&self, sym: Sym, with: impl FnOnce(&str) -> R) -> R {
        with(self.table.borrow().text(Name::new(sym.raw())))
    }

    /// `path.member`.
    pub fn join(&self, path: Sym, member: Sym) -> Sym {
        if let Some(sym) = self.joined.borrow().get(&(path, member)) {
            return *sym;
        }
        let text = format!("{}.{}", self.text(path), self.text(member));
        let sym = self.sym(&text);
        self.joined.borrow_mut().insert((path, member), sym);
        sym
    }

    /// `path()`: what an unmodelled call of `path` gives.
    pub fn call(&self, path: Sym) -> Sym {
        if let Some(sym) = self.calls.borrow().get(&path) {
            return *sym;
        }
        let text = self.text(path);
        // Fluent interfaces would grow paths without end: from here on every call gives the same.
        let grown = if text.matches("()").count() >= 4 { text } else { format!("{text}()") };
        let sym = self.sym(&grown);
        self.calls.borrow_mut().insert(path, sym);
        sym
    }
}
