//! Addresses taken apart and put together: one without a host of the client's leads nowhere else.

use routeward_catalog::SinkKind;
use routeward_diag::Place;

use crate::eval::Evaluator;
use crate::heap::{Loc, Object};
use crate::taint::{SinkKinds, Taint, Via};
use crate::value::{ObjId, Shape, Value};

/// The parts of an address in order.
const PARTS: [&str; 5] = ["scheme", "netloc", "path", "query", "fragment"];
/// Where the host stands among them.
const HOST: usize = 1;

impl Evaluator<'_> {
    /// `urlsplit(address)`: an object of the type `ty` that is a list of parts as well. Where there is no host, the
    /// address leads nowhere else.
    pub(crate) fn address_parts(&mut self, address: &Value, ty: &str, place: Place) -> Option<Value> {
        if !address.taint().is_of_client() {
            return None;
        }
        let no_host = self.bounded(address, leads(), place);
        let part = Value { shape: Shape::Unknown, meta: address.meta.clone() };
        let part = part.noted(|meta| meta.taint = meta.taint.as_text());
        let part = self.stepped(part, Via::Through(self.symbols.sym("urlsplit")), place);
        let parts: Vec<Value> = PARTS
            .iter()
            .enumerate()
            .map(|(at, _)| if at == HOST { part.clone().when_falsy(&no_host) } else { part.clone() })
            .collect();
        let mut object = Object::new(Some(place));
        object.ty = Some(self.symbols.sym(ty));
        object.taint = part.taint();
        object.fields = PARTS.iter().map(|name| self.symbols.sym(name)).zip(parts.iter().cloned()).collect();
        object.fields.push((self.symbols.sym("hostname"), parts[HOST].clone()));
        object.items = Some(parts);
        Some(Value::object(self.heap.object(object)))
    }

    /// `parts._replace(netloc="")`: other parts in the place of some.
    pub(crate) fn with_address_parts(
        &mut self,
        parts: &Value,
        named: Option<ObjId>,
        place: Place,
    ) -> Option<Value> {
        let Shape::Object(id) = parts.shape else { return None };
        let copy = Object { place: Some(place), ..self.heap.objects[id].clone() };
        let copy = self.heap.object(copy);
        let given = named.map(|named| self.heap.objects[named].fields.clone()).unwrap_or_default();
        for (name, value) in given {
            let at = self.symbols.with(name, |name| PARTS.iter().position(|part| *part == name));
            if let Some(at) = at {
                self.heap.write(Loc::Item(copy, at as u32), Some(value.clone()));
            }
            self.heap.write(Loc::Field(copy, name), Some(value));
        }
        Some(Value { shape: Shape::Object(copy), meta: parts.meta.clone() })
    }

    /// `urlunsplit(parts)`: an address whose host is constant is as harmless as a text that begins with one.
    pub(crate) fn joined_address(&mut self, parts: &Value, place: Place) -> Option<Value> {
        let known = self.known_elements(parts).filter(|known| known.len() > HOST)?;
        let taint =
            known.iter().fold(Taint::default(), |taint, part| taint | self.taint_here(part)).as_text();
        if !taint.is_of_client() {
            return None;
        }
        let is_given = matches!(known[HOST].shape, Shape::Str(_));
        let taint = if is_given { taint.cleared(leads()) } else { taint };
        let about = self.symbols.sym("urlunsplit");
        Some(self.stepped(Value::UNKNOWN.tagged(taint), Via::Through(about), place))
    }
}

/// What an address with a host of the client's does.
fn leads() -> SinkKinds {
    [SinkKind::Redirect, SinkKind::Url].into_iter().collect()
}
