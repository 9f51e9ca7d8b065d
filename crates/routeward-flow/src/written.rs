//! How a call is written: whether anything is done with what it gives.

use routeward_base::Span;
use routeward_diag::Place;
use routeward_ir::{Arg, BinaryOp, Block, Export, Expr, ExprId, Module, Pat, SlotId, Stmt, Target, UnaryOp};

use crate::eval::Evaluator;

/// The arguments that the call at a place is written with; none where there is no call.
pub(crate) fn args_at(module: &Module, place: Place) -> &[Arg] {
    let args = module.exprs.iter_enumerated().find_map(|(id, expr)| match expr {
        Expr::Call { args, .. } if module.expr_spans[id] == place.span => Some(*args),
        _ => None,
    });
    args.map_or(&[], |args| args.of(&module.arg_pool))
}

impl Evaluator<'_> {
    /// True if the call at a place is a statement of its own, so that what it gives is lost.
    pub(crate) fn is_discarded(&self, place: Place) -> bool {
        let module = self.module(place.file);
        module.stmts.iter().any(|stmt| matches!(stmt, Stmt::Expr(expr) if is_call_at(module, *expr, place)))
    }

    /// True if what the call at a place gives is kept under a name that nothing reads: not its own file, and none that
    /// imports that file.
    pub(crate) fn is_unused(&self, place: Place) -> bool {
        let module = self.module(place.file);
        let kept = module.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Declare { pat, init: Some(init), .. } if is_call_at(module, *init, place) => {
                match module.patterns[*pat] {
                    Pat::Slot(slot) => Some(slot),
                    _ => None,
                }
            }
            _ => None,
        });
        kept.is_some_and(|slot| !is_read(module, slot) && !self.may_be_imported(place, slot))
    }

    /// True in a branch that is taken only where the program says that it is not deployed: `if not production`.
    pub(crate) fn is_out_of_production(&self, place: Place, lexicon: &str) -> bool {
        let module = self.module(place.file);
        let holds = |block: &Block| {
            block.of(&module.stmt_pool).iter().any(|stmt| module.stmt_spans[*stmt].contains(place.span))
        };
        module.stmts.iter().any(|stmt| match stmt {
            Stmt::If { test, then, other } => match self.asks_for(module, *test, lexicon) {
                Some(true) => holds(other),
                Some(false) => holds(then),
                None => false,
            },
            _ => false,
        })
    }

    /// Whether a test that is named like something holds where that is so; `None` for any other test.
    fn asks_for(&self, module: &Module, test: ExprId, lexicon: &str) -> Option<bool> {
        let speaks = |name| self.speaks_of(lexicon, module.text(name));
        match module.exprs[test] {
            Expr::Unary { op: UnaryOp::Not, operand } => {
                self.asks_for(module, operand, lexicon).map(|holds| !holds)
            }
            Expr::Binary { op, left, right } if is_equality(op) => {
                let is_it = |side: ExprId| matches!(module.exprs[side], Expr::Str(text) if speaks(text));
                (is_it(left) || is_it(right)).then_some(!matches!(op, BinaryOp::Ne | BinaryOp::LooseNe))
            }
            Expr::Local(slot) => speaks(module.slots[slot].name).then_some(true),
            Expr::Global(name) | Expr::Member { name, .. } => speaks(name).then_some(true),
            _ => None,
        }
    }

    /// True if the function around a place calls something by one of these names, somewhere.
    pub(crate) fn calls_around(&self, place: Place, names: &[String]) -> bool {
        let module = self.module(place.file);
        let holds = |span: Span| span.contains(place.span);
        let around = module.functions.iter().map(|code| code.span).filter(|span| holds(*span));
        let Some(around) = around.min_by_key(|span| span.len) else { return false };
        let is_named = |callee: ExprId| match module.exprs[callee] {
            Expr::Member { name, .. } | Expr::Global(name) => {
                names.iter().any(|known| known == module.text(name))
            }
            Expr::Local(slot) => names.iter().any(|known| known == module.text(module.slots[slot].name)),
            _ => false,
        };
        module.exprs.iter_enumerated().any(|(id, expr)| match *expr {
            Expr::Call { callee, .. } => around.contains(module.expr_spans[id]) && is_named(callee),
            _ => false,
        })
    }

    /// True if what the call at a place gives, or a text made of it, is kept under a name that is compared for equality,
    /// and besides is only written elsewhere to be compared with: `this.last = mark; … if (this.last === mark)`.
    pub(crate) fn is_only_compared(&self, place: Place) -> bool {
        let module = self.module(place.file);
        let holds = |span: Span| span.contains(place.span);
        let kept = module.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Declare { pat, init: Some(init), .. } if holds(module.expr_spans[*init]) => {
                match (&module.patterns[*pat], &module.exprs[*init]) {
                    (Pat::Slot(slot), Expr::Call { .. } | Expr::Concat(_) | Expr::Binary { .. }) => {
                        Some(*slot)
                    }
                    _ => None,
                }
            }
            _ => None,
        });
        kept.is_some_and(|slot| tells_apart(module, slot))
    }

    /// True if a place is in a class of the program that derives from one of these.
    pub(crate) fn is_in_class(&self, place: Place, bases: &[String]) -> bool {
        let module = self.module(place.file);
        let holds = |span: Span| span.contains(place.span);
        module.functions.iter().filter(|code| holds(code.span)).any(|code| {
            let class = code.class.and_then(|class| self.class_at(place.file, class));
            let base = class.and_then(|class| self.external_base(&class));
            base.is_some_and(|base| self.symbols.with(base, |base| bases.iter().any(|known| known == base)))
        })
    }

    /// True if a slot is exported, and another file imports its file and has its name in it.
    fn may_be_imported(&self, place: Place, slot: SlotId) -> bool {
        let module = self.module(place.file);
        let name = module.exports.iter().find_map(|export| match export {
            Export::Slot { name, slot: own } if *own == slot => Some(module.text(*name)),
            _ => None,
        });
        let Some(name) = name else { return false };
        self.program.units.iter().any(|unit| {
            let imports = unit.targets.iter().any(|target| *target == Target::File(place.file));
            imports && unit.module.names.find(name).is_some()
        })
    }
}

/// True if an expression is the call at a place, or waits for it.
fn is_call_at(module: &Module, expr: ExprId, place: Place) -> bool {
    match module.exprs[expr] {
        Expr::Await(inner) => is_call_at(module, inner, place),
        _ => module.expr_spans[expr] == place.span,
    }
}

fn is_read(module: &Module, slot: SlotId) -> bool {
    module.exprs.iter().any(|expr| matches!(expr, Expr::Local(read) if *read == slot))
}

/// True if a slot is compared for equality, and all other code that reads it keeps it somewhere.
fn tells_apart(module: &Module, slot: SlotId) -> bool {
    let is_slot = |expr: ExprId| matches!(module.exprs[expr], Expr::Local(read) if read == slot);
    let (mut compared, mut kept) = (0, 0);
    for expr in &module.exprs {
        match *expr {
            Expr::Binary { op, left, right } if is_equality(op) => {
                compared += usize::from(is_slot(left)) + usize::from(is_slot(right));
            }
            Expr::Assign { value, .. } => kept += usize::from(is_slot(value)),
            _ => {}
        }
    }
    let all = module.exprs.iter().filter(|expr| matches!(expr, Expr::Local(read) if *read == slot)).count();
    compared > 0 && all == compared + kept
}

pub(crate) fn is_equality(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::LooseEq | BinaryOp::LooseNe)
}
