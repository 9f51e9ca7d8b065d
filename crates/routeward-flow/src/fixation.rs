//! Who signs in keeps the session that was there before, unless code makes a new one: whoever knew the old session's
//! identifier is signed in with them.

use routeward_diag::Place;

use crate::eval::Evaluator;
use crate::value::{Shape, Tags, Value};
use crate::{Sym, lexicon};

/// Methods of sessions that give them another identifier.
const RENEWS: &[&str] =
    &["regenerate", "regenerateid", "regenerate_id", "cycle_key", "rotate", "renew", "flush"];

impl Evaluator<'_> {
    /// Something is written into an object: into a session, it may say who is signed in from now on.
    pub(crate) fn note_sign_in(&mut self, session: &Value, name: Sym, written: &Value, place: Place) {
        let Shape::Object(id) = session.shape else { return };
        let is_session = session.tags().contains(Tags::SESSION)
            || self.heap.objects[id].taint.tags.contains(Tags::SESSION);
        let says_who =
            is_session && written.tags().contains(Tags::ROW) && self.symbols.with(name, lexicon::is_identity);
        if let Some(run) = self.run.as_mut().filter(|_| says_who) {
            run.outcome.signs_in.get_or_insert(place);
        }
    }

    /// A method is called whose code is not seen: it may be one that gives a session another identifier.
    pub(crate) fn note_renewal(&mut self, method: &str) {
        if let Some(run) = self.run.as_mut().filter(|_| RENEWS.contains(&method.to_lowercase().as_str())) {
            run.outcome.renews_session = true;
        }
    }
}
