//! How libraries name in public what the program names in code.

use crate::eval::Evaluator;
use crate::value::{Shape, Value};

impl Evaluator<'_> {
    /// `order_items` as `orderItems`; what is no constant stays as it is.
    pub(crate) fn camel_case(&self, name: &Value) -> Value {
        match name.shape {
            Shape::Str(text) => Value::str(self.symbols.sym(&camel_case(&self.symbols.text(text)))),
            _ => name.clone(),
        }
    }
}

/// The parts of a name between underscores, each but the first with a capital; an empty one stays an underscore.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut chars = part.chars();
        match chars.next() {
            Some(first) => result.extend(first.to_uppercase().chain(chars)),
            None => result.push('_'),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::camel_case;

    #[test]
    fn names_are_joined_at_their_underscores() {
        for (name, expected) in [
            ("me", "me"),
            ("order_items", "orderItems"),
            ("_service", "Service"),
            ("a__b_c", "a_BC"),
            ("", ""),
        ] {
            assert_eq!(camel_case(name), expected, "{name}");
        }
    }
}
