//! Calls of code that is not seen, whose name and argument say what they do.

use routeward_catalog::{SinkRow, UnseenRow};
use routeward_diag::Place;

use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::value::{Piece, Shape, Tags, Value};

impl Evaluator<'_> {
    /// Looks for what of the client's the call of that name gives to a sink.
    pub(crate) fn unseen_sinks(&mut self, name: &str, args: &[Value], place: Place) {
        let path = self.symbols.sym(name);
        let site = Site { this: None, args, path, place };
        for at in 0..self.index.unseen.len() {
            let row = self.index.unseen[at];
            if !row.names.iter().any(|known| known == name) {
                continue;
            }
            for value in self.access(&row.arg, site) {
                for value in value.alternatives() {
                    if self.tells(row, value) {
                        self.reach_unseen(row, value, site);
                    }
                }
            }
        }
    }

    fn reach_unseen(&mut self, row: &UnseenRow, value: &Value, site: Site<'_>) {
        let is_object = row.begins.is_empty();
        let sink = SinkRow { kind: row.kind, deep: is_object, objects_only: is_object, ..SinkRow::default() };
        let first = self.flows.next();
        self.reach(&sink, value, site);
        if row.unsure && self.flows.next() != first {
            self.flows[first].tags |= Tags::UNSEEN;
        }
    }

    /// The argument is of the kind that the row speaks of.
    fn tells(&self, row: &UnseenRow, value: &Value) -> bool {
        match &value.shape {
            Shape::Text(pieces) => self.begins(row, pieces),
            Shape::Object(id) if row.begins.is_empty() => {
                let object = &self.heap.objects[*id];
                let is_other = |name: &str| row.lacks.iter().any(|lacked| lacked == name);
                object.ty.is_none()
                    && object.items.is_none()
                    && !object.fields.is_empty()
                    && !object.fields.iter().any(|(name, _)| self.symbols.with(*name, is_other))
            }
            _ => false,
        }
    }

    fn begins(&self, row: &UnseenRow, pieces: &[Piece]) -> bool {
        let Some(Piece::Text(first)) = pieces.first() else { return false };
        self.symbols.with(*first, |text| {
            let mut start = String::new();
            for word in text.split_whitespace().take(8) {
                start.push_str(&word.to_lowercase());
                start.push(' ');
            }
            row.begins.iter().any(|known| start.starts_with(known.as_str()))
        })
    }
}
