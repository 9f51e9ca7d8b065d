//! Regular expressions that take for ever for some texts, applied to texts of the client's.

use routeward_catalog::{SinkKind, SinkRow};
use routeward_diag::Place;

use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::pattern::Pattern;
use crate::value::{Shape, Value};

impl Evaluator<'_> {
    /// An operation of the language applies a regular expression to a text.
    pub(crate) fn note_slow(&mut self, op: &str, this: &Value, first: &Value, place: Place) {
        let (regex, text) = match op {
            "test" | "executed" => (this, first),
            "tested" | "replaced" => (first, this),
            _ => return,
        };
        let Shape::Regex(regex, _) = regex.shape else { return };
        if !text.taint().is_of_client() {
            return;
        }
        let is_slow = self.symbols.with(regex, |regex| {
            let body = regex.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
            let body = body.map_or(regex, |(body, _)| body);
            // Without a repetition in a group there is nothing to look at.
            body.contains(")+") | body.contains(")*")
                && Pattern::parse(body).is_some_and(|p| p.is_exponential())
        });
        if is_slow {
            let row = SinkRow { kind: SinkKind::SlowText, ..SinkRow::default() };
            self.reach(&row, text, Site { this: None, args: &[], path: regex, place });
        }
    }
}
