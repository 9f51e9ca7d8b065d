//! What a call writes for others to read under the name of something confidential: a password that is handed to a
//! logger. Names prove nothing about values; what is known to be a constant is none, and what is hashed or counted goes
//! by another name.

use routeward_base::{FileId, FxHashMap};
use routeward_diag::Place;
use routeward_ir::{BinaryOp, Expr, ExprId, Key, Module, Property};

use crate::eval::Evaluator;
use crate::value::{Shape, Tags, Value};
use crate::written::args_at;
use crate::{Sym, lexicon};

/// Methods that give what they are called on in another form.
const SAME: &[&str] =
    &["toString", "valueOf", "trim", "strip", "toJSON", "encode", "decode", "concat", "join"];
/// Beginnings of the names of functions that give what the rest of the name says.
const GETTERS: &[&str] =
    &["get", "read", "fetch", "load", "ask", "generate", "make", "create", "decrypt", "find"];
/// How deep expressions are looked into.
const DEPTH: u32 = 6;

/// What is known of calls, and of files: whether anything in them has a confidential name.
#[derive(Default)]
pub(crate) struct Revealed {
    calls: FxHashMap<Place, Option<(String, Place)>>,
    files: FxHashMap<FileId, bool>,
}

impl Evaluator<'_> {
    /// The confidential name among the arguments of the call at a place, and where it stands. Looked up once for each
    /// place.
    pub(crate) fn revealed_by(&mut self, call: Place) -> Option<(String, Place)> {
        if let Some(known) = self.revealed.calls.get(&call) {
            return known.clone();
        }
        let found = if self.has_confidential_name(call.file) { self.look_for_revealed(call) } else { None };
        self.revealed.calls.insert(call, found.clone());
        found
    }

    /// True if a name in a file is confidential. Most have none, and their calls are not looked at. Looked up once for
    /// each file.
    fn has_confidential_name(&mut self, file: FileId) -> bool {
        if let Some(known) = self.revealed.files.get(&file) {
            return *known;
        }
        let module = self.module(file);
        let mut names = (0..module.names.len() as u32).map(|i| module.text(routeward_base::Name(i)));
        let found = names.any(|name| self.is_confidential_name(name));
        self.revealed.files.insert(file, found);
        found
    }

    /// The confidential name of a member with a value in a known object, or of what a text was made of.
    pub(crate) fn secret_held_by(&self, value: &Value) -> Option<Sym> {
        if value.tags().contains(Tags::SECRET) && !value.tags().contains(Tags::ROW) {
            let origin = value.meta.as_ref().and_then(|meta| meta.origin);
            return origin
                .filter(|origin| self.symbols.with(*origin, |name| self.is_confidential_name(name)));
        }
        self.secret_member(value, DEPTH / 2)
    }

    fn secret_member(&self, value: &Value, depth: u32) -> Option<Sym> {
        let Shape::Object(id) = value.shape else { return None };
        let object = &self.heap.objects[id];
        if depth == 0 || object.ty.is_some() || object.input.is_some() {
            return None;
        }
        let has_value = |value: &Value| match value.shape {
            Shape::Str(text) => self.symbols.with(text, |text| !text.is_empty()),
            _ => value.tags().contains(Tags::ENVIRONMENT),
        };
        object.fields.iter().take(64).find_map(|(name, member)| {
            let is_told = self.symbols.with(*name, |name| self.is_confidential_name(name));
            let is_told = is_told && member.alternatives().iter().any(has_value);
            if is_told { Some(*name) } else { self.secret_member(member, depth - 1) }
        })
    }

    fn look_for_revealed(&self, call: Place) -> Option<(String, Place)> {
        let module = self.module(call.file);
        let found = args_at(module, call).iter().find_map(|arg| self.named_in(module, arg.value, DEPTH))?;
        let (name, id) = found;
        Some((name, Place { file: call.file, span: module.expr_spans[id] }))
    }

    /// The first part of an expression that goes by a confidential name.
    fn named_in(&self, module: &Module, id: ExprId, depth: u32) -> Option<(String, ExprId)> {
        if depth == 0 {
            return None;
        }
        let inner = |id: ExprId| self.named_in(module, id, depth - 1);
        let here = |name: &str| self.is_confidential_name(name).then(|| (name.to_owned(), id));
        match module.exprs[id] {
            Expr::Local(slot) if !is_constant(module, slot) => here(module.text(module.slots[slot].name)),
            Expr::Global(name) | Expr::Member { name, .. } => here(module.text(name)),
            Expr::Index { index, .. } => match module.exprs[index] {
                Expr::Str(name) => here(module.text(name)),
                _ => None,
            },
            Expr::Call { callee, .. } => match module.exprs[callee] {
                Expr::Member { object, name, .. } if SAME.contains(&module.text(name)) => inner(object),
                Expr::Member { name, .. } | Expr::Global(name) => self.given_by(module.text(name), id),
                Expr::Local(slot) => self.given_by(module.text(module.slots[slot].name), id),
                _ => None,
            },
            Expr::Concat(parts) => parts.of(&module.expr_pool).iter().find_map(|part| inner(*part)),
            Expr::Binary { op: BinaryOp::Add | BinaryOp::Rem, left, right } => {
                inner(left).or_else(|| inner(right))
            }
            Expr::Logical { left, right, .. } => inner(left).or_else(|| inner(right)),
            Expr::Await(value) => inner(value),
            Expr::Array(items) => items.of(&module.arg_pool).iter().find_map(|item| inner(item.value)),
            Expr::Object(properties) => {
                properties.of(&module.prop_pool).iter().find_map(|property| match property {
                    Property::Pair(Key::Name(key), value) if !is_literal(module, *value) => {
                        let named = self.is_confidential_name(module.text(*key));
                        named
                            .then(|| (module.text(*key).to_owned(), *value))
                            .filter(|_| is_plain(module, *value))
                    }
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// `getPassword()` gives a password, `checkPassword()` does not.
    fn given_by(&self, function: &str, id: ExprId) -> Option<(String, ExprId)> {
        let words = lexicon::words(function);
        let gets = words.first().is_some_and(|first| GETTERS.contains(&first.as_str()));
        (gets && words.len() > 1 && self.is_confidential_name(function)).then(|| (function.to_owned(), id))
    }

    /// A name of something confidential itself: not of its length, of whether it is valid, or of what it is called.
    fn is_confidential_name(&self, name: &str) -> bool {
        // A name in capitals is most often that of a setting or of a message.
        let is_loud = name.chars().all(|c| !c.is_lowercase());
        !is_loud && self.speaks_of("revealing", name) && !self.speaks_of("not itself", name)
    }
}

/// True if nothing but a literal is ever written to a variable where it is declared.
fn is_constant(module: &Module, slot: routeward_ir::SlotId) -> bool {
    module.stmts.iter().any(|stmt| match stmt {
        routeward_ir::Stmt::Declare { pat, init: Some(init), .. } => {
            matches!(module.patterns[*pat], routeward_ir::Pat::Slot(own) if own == slot)
                && is_literal(module, *init)
        }
        _ => false,
    })
}

fn is_literal(module: &Module, id: ExprId) -> bool {
    matches!(
        module.exprs[id],
        Expr::Str(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Null | Expr::Undefined | Expr::Object(_)
    )
}

/// A variable or member, rather than what a call or an operation makes of one.
fn is_plain(module: &Module, id: ExprId) -> bool {
    matches!(module.exprs[id], Expr::Local(_) | Expr::Global(_) | Expr::Member { .. } | Expr::Index { .. })
}
