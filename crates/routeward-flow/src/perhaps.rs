//! Elements that a list may have or not: what is added to it under a condition that could not be decided.

use crate::eval::Evaluator;
use crate::value::{Shape, Tags, Value};

impl Evaluator<'_> {
    /// All elements that a list may have, in order; those that may be missing bear [`Tags::PERHAPS`]. `None` where some
    /// are not known.
    ///
    /// `routes += more` in one branch leaves two lists, of which one has further elements.
    pub(crate) fn elements_perhaps(&self, value: &Value) -> Option<Vec<Value>> {
        let Shape::Union(lists) = &value.shape else { return self.known_elements(value) };
        let mut lists = lists.iter().map(|list| self.known_elements(list)).collect::<Option<Vec<_>>>()?;
        lists.sort_by_key(|list| std::cmp::Reverse(list.len()));
        let mut lists = lists.into_iter();
        let mut all = lists.next()?;
        for list in lists {
            merge_elements(&mut all, list);
        }
        Some(all)
    }
}

/// Marks what only one of two lists has, and adds what `all` has not.
fn merge_elements(all: &mut Vec<Value>, list: Vec<Value>) {
    let mut rest = list;
    for known in all.iter_mut() {
        match rest.iter().position(|other| other.shape == known.shape) {
            Some(at) => drop(rest.remove(at)),
            None => *known = std::mem::replace(known, Value::UNKNOWN).tagged(Tags::PERHAPS),
        }
    }
    all.extend(rest.into_iter().map(|value| value.tagged(Tags::PERHAPS)));
}

impl Value {
    /// It may be missing from the list that it stands in.
    pub fn may_be_missing(&self) -> bool {
        self.tags().contains(Tags::PERHAPS)
    }

    /// The value where it is there, without the note that it may not be.
    pub(crate) fn present(&self) -> Value {
        if !self.may_be_missing() {
            return self.clone();
        }
        let shape = match &self.shape {
            Shape::Union(values) if values.iter().any(Value::is_nullish) => {
                let mut left: Vec<Value> =
                    values.iter().filter(|value| !value.is_nullish()).cloned().collect();
                if left.len() == 1 { left.swap_remove(0).shape } else { Shape::Union(left.into()) }
            }
            shape => shape.clone(),
        };
        Value { shape, meta: self.meta.clone() }.noted(|meta| meta.taint.tags -= Tags::PERHAPS)
    }
}
