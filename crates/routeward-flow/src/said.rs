//! What answers and errors say to people: the constant texts in them.

use crate::Sym;
use crate::eval::Evaluator;
use crate::value::{Piece, Shape, Value};

impl Evaluator<'_> {
    /// The constant texts of a body, for people to read.
    pub(crate) fn said(&self, body: &Value) -> Option<Sym> {
        let mut texts = Vec::new();
        self.add_said(body, 3, &mut texts);
        (!texts.is_empty()).then(|| self.symbols.sym(&texts.join(" / ")))
    }

    /// The constant texts that an error was made with.
    pub(crate) fn said_by_error(&self, error: &Value) -> Option<Sym> {
        let Shape::Object(id) = error.shape else { return None };
        let mut texts = Vec::new();
        for arg in self.heap.objects[id].args.iter() {
            self.add_said(arg, 2, &mut texts);
        }
        (!texts.is_empty()).then(|| self.symbols.sym(&texts.join(" / ")))
    }

    fn add_said(&self, value: &Value, depth: u32, texts: &mut Vec<String>) {
        if texts.len() >= 8 || self.run.is_none() {
            return;
        }
        match &value.shape {
            Shape::Str(text) => texts.extend(self.symbols.with(*text, |text| {
                (text.contains(' ') || text.contains('_')).then(|| text.chars().take(200).collect())
            })),
            Shape::Text(pieces) => {
                for piece in pieces.iter() {
                    if let Piece::Text(text) = piece {
                        self.add_said(&Value::str(*text), depth, texts);
                    }
                }
            }
            Shape::Object(id) if depth > 0 && self.heap.objects[*id].ty.is_none() => {
                let object = &self.heap.objects[*id];
                for member in
                    object.fields.iter().map(|(_, value)| value).chain(object.items.iter().flatten())
                {
                    self.add_said(member, depth - 1, texts);
                }
            }
            _ => {}
        }
    }

    /// What the answer that was just given says, where that is a page made of more than its body.
    pub(crate) fn amend_said(&mut self, said: Option<Sym>) {
        if let Some(run) = &mut self.run
            && let Some(answer) = run.outcome.answers.last_mut()
        {
            answer.said = said.or(answer.said);
        }
    }

    /// True if a name or a text is about what a lexicon of the models says.
    pub fn speaks_of(&self, lexicon: &str, text: &str) -> bool {
        self.index.lexicons.get(lexicon).is_some_and(|lexicon| lexicon.speaks_of(text))
    }
}
