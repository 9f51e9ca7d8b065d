//! `any(values)` and `all(values)`: what they prove is what their elements prove. And whether a constant is one of those
//! that a class lists.

use crate::Truth;
use crate::eval::Evaluator;
use crate::fact::FactSet;
use crate::value::{ClassValueId, Shape, Value};

impl Evaluator<'_> {
    /// Whether one of the elements is truthy. It proves what every element does, as any of them may be the one.
    pub(crate) fn any_of(&mut self, values: &Value) -> Value {
        if let Shape::Union(lists) = &values.shape {
            let verdicts: Vec<Value> = lists.iter().map(|list| self.any_of(list)).collect();
            return self.any_among(&verdicts);
        }
        let Some(items) = self.quantified(values) else { return Value::UNKNOWN };
        let verdict = self.any_among(&items);
        let is_sure = items.iter().any(|item| self.truth(item) == Truth::Truthy);
        let falsy = items.iter().fold(FactSet::default(), |all, item| all.union(&item.falsy()));
        let verdict = verdict.when_falsy(&falsy);
        if is_sure { Value::bool(true).when_truthy(&verdict.truthy()) } else { verdict }
    }

    /// One of several values, of which any may be the one that decides.
    fn any_among(&mut self, values: &[Value]) -> Value {
        let holding: Vec<&Value> = values.iter().filter(|value| self.truth(value) != Truth::Falsy).collect();
        if holding.is_empty() {
            return Value::bool(false);
        }
        let truthy = holding.iter().map(|value| value.truthy()).reduce(|all, facts| all.intersect(&facts));
        Value::UNKNOWN.when_truthy(&truthy.unwrap_or_default())
    }

    /// Whether all elements are truthy. It proves what any element does; nothing where there may be none.
    pub(crate) fn all_of(&mut self, values: &Value) -> Value {
        let Some(items) = self.known_elements(values) else { return Value::UNKNOWN };
        let truths: Vec<Truth> = items.iter().map(|item| self.truth(item)).collect();
        let truthy = items.iter().fold(FactSet::default(), |all, item| all.union(&item.truthy()));
        let value = if truths.contains(&Truth::Falsy) {
            Value::bool(false)
        } else if truths.iter().all(|truth| *truth == Truth::Truthy) {
            Value::bool(true)
        } else {
            Value::UNKNOWN
        };
        value.when_truthy(&truthy)
    }

    /// Whether a constant is a member of a class of the program that lists its members, as enumerations do; `None` where
    /// that class may have members that are not seen.
    pub(crate) fn lists_member(&self, class: ClassValueId, constant: &Value) -> Option<bool> {
        let class = &self.heap.classes[class];
        let is_plain = !class.lineage.iter().any(|base| matches!(base.shape, Shape::External(_)));
        let members = &self.heap.objects[class.statics].fields;
        let is_constant = |value: &Value| matches!(value.shape, Shape::Str(_) | Shape::Number(_));
        let mut constants =
            members.iter().map(|(_, value)| value).filter(|value| is_constant(value)).peekable();
        if is_plain || constants.peek().is_none() {
            return is_plain.then_some(false);
        }
        Some(constants.any(|value| value.shape == constant.shape))
    }

    /// The elements, or where it is not known how many there are, those that one round of a loop has made.
    fn quantified(&self, values: &Value) -> Option<Vec<Value>> {
        if let Some(items) = self.known_elements(values) {
            return Some(items);
        }
        let Shape::Object(id) = values.shape else { return None };
        let object = &self.heap.objects[id];
        object.items.clone().filter(|items| !items.is_empty() && object.ty.is_none())
    }
}
