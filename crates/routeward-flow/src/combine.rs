//! Functions of a chain that a library makes of other functions: of all, of one of several, or of some under a
//! condition; and those that put into the request what functions give.

use routeward_catalog::{CombineRow, DeriveRow};

use crate::Truth;
use crate::eval::Evaluator;
use crate::fact::{FactKind, FactSet};
use crate::modelled::Site;
use crate::value::{Shape, Value};

impl Evaluator<'_> {
    /// Runs the functions that a function is made of, which is called with `args`; true if it may hand the request on.
    pub(crate) fn combined(&mut self, row: &CombineRow, site: Site<'_>, args: &[Value]) -> bool {
        if row.condition.is_empty() {
            return self.run_all(row, &row.functions, site);
        }
        let condition = self.access(&row.condition, site).into_iter().next().unwrap_or(Value::UNKNOWN);
        let is_seen = matches!(condition.shape, Shape::Closure(_) | Shape::Bool(_));
        let verdict = match condition.shape {
            Shape::Bool(_) => condition,
            _ => self.call(&condition, &Value::UNDEFINED, args, site.place),
        };
        match self.truth(&verdict) {
            Truth::Truthy => self.run_all(row, &row.functions, site),
            Truth::Falsy => self.run_all(row, &row.otherwise, site),
            Truth::Maybe if is_seen => {
                let run = |this: &mut Self, functions: &str| {
                    this.path.is_live &= this.run_all(row, functions, site);
                    Value::UNDEFINED
                };
                self.fork(
                    &verdict,
                    site.place,
                    |this| run(this, &row.functions),
                    |this| run(this, &row.otherwise),
                );
                std::mem::replace(&mut self.path.is_live, true)
            }
            // Whom a condition of a library lets pass is not known.
            Truth::Maybe => {
                let opaque =
                    self.fact(FactKind::Opaque(site.path), site.place, "may verify the caller", site.path);
                self.assume(&opaque);
                true
            }
        }
    }

    /// Runs functions one after the other, or as if one of them were enough; true if the request may be handed on.
    fn run_all(&mut self, row: &CombineRow, functions: &str, site: Site<'_>) -> bool {
        let entry = self.symbols.sym(&row.entry);
        let all = row.all || row.all_when.as_ref().is_some_and(|when| self.holds_when(Some(when), site));
        let functions = if functions.is_empty() { Vec::new() } else { self.access(functions, site) };
        let functions = self.flat(functions);
        if functions.is_empty() && !row.condition.is_empty() {
            return true;
        }
        let state = self.fresh_state();
        let mut proven: Option<FactSet> = None;
        for function in functions {
            let (_, outcome) = self.run_link(state, &function, entry);
            let goes_on = !outcome.continues.is_empty();
            if !goes_on && all {
                return false;
            }
            if goes_on {
                let facts = outcome.guarantee();
                proven = Some(match proven {
                    Some(known) if all => known.union(&facts),
                    Some(known) => known.intersect(&facts),
                    None => facts,
                });
            }
        }
        match proven {
            Some(facts) => self.assume(&facts),
            None => return false,
        }
        true
    }

    /// Sets members of a part of the request to what functions give.
    pub(crate) fn derive(&mut self, row: &DeriveRow, site: Site<'_>) {
        let holder = self.pristine(&row.of);
        if !row.from.is_empty() {
            self.copy_member(row, &holder, site);
            return;
        }
        let member = self.symbols.sym(&row.member);
        let part = self.get(&holder, member, site.place);
        for given in self.access(&row.functions, site) {
            let Shape::Object(id) = given.shape else { continue };
            // `resolve({ owner: (value) => … })`
            let made = self.heap.objects[id].args.first().map(|arg| arg.shape.clone());
            let table = match made {
                Some(Shape::Object(table)) if self.heap.objects[id].ty.is_some() => table,
                _ => id,
            };
            for (name, function) in self.heap.objects[table].fields.clone() {
                if !matches!(function.shape, Shape::Closure(_)) {
                    continue;
                }
                let known = self.get(&part, name, site.place);
                let args: Vec<Value> = row
                    .passes
                    .iter()
                    .map(|ty| match ty.as_str() {
                        "" => Value::UNKNOWN,
                        "self" => known.clone(),
                        ty => self.pristine(ty),
                    })
                    .collect();
                // It chooses a value: that it asks for the caller makes it no guard.
                let seen = self.run.as_ref().map(|run| (run.saw_authn, run.outcome.saw_credential));
                let value = self.call(&function, &Value::UNDEFINED, &args, site.place);
                self.path.is_live = true;
                if let (Some(run), Some((authn, credential))) = (&mut self.run, seen) {
                    (run.saw_authn, run.outcome.saw_credential) = (authn, credential);
                }
                self.set(&part, name, value, site.place);
            }
        }
    }

    /// Copies a member to another one, both named by texts such as `params.user.id`.
    fn copy_member(&mut self, row: &DeriveRow, holder: &Value, site: Site<'_>) {
        let text = |this: &mut Self, access: &str| match this.access(access, site).first().map(|v| &v.shape) {
            Some(Shape::Str(text)) => Some(this.symbols.text(*text)),
            _ => None,
        };
        let (Some(from), Some(to)) = (text(self, &row.from), text(self, &row.to)) else { return };
        let Some((owner, name)) = to.rsplit_once('.') else { return };
        let walk = |this: &mut Self, path: &str| {
            path.split('.').fold(holder.clone(), |value, name| {
                let name = this.symbols.sym(name);
                this.get(&value, name, site.place)
            })
        };
        let (value, owner) = (walk(self, &from), walk(self, owner));
        let name = self.symbols.sym(name);
        self.set(&owner, name, value, site.place);
    }
}
