//! Calls into packages that somebody asks about: which of their functions run, and whether clients' data gets there.

use routeward_base::FxHashMap;
use routeward_catalog::is_one_of;
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::value::{Shape, Value};

/// A call into a package.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    /// What is called, as it is imported: `package.function`.
    pub path: Sym,
    /// The call.
    pub place: Place,
    /// A client chooses something of what it is given.
    pub has_input: bool,
}

/// What is asked about.
#[derive(Default)]
pub(crate) struct Asked {
    /// Whether paths lead into packages that are asked about.
    known: FxHashMap<Sym, bool>,
}

/// How many parts of parts are looked at for data of a client.
const DEPTH: u32 = 2;

impl Evaluator<'_> {
    /// Notes a call into a package of [`routeward_ir::Program::watched`] that a request makes. Cost: one lookup.
    pub(crate) fn note_use(&mut self, site: Site<'_>) {
        if self.run.is_none() || self.program.watched.is_empty() || !self.is_asked_about(site.path) {
            return;
        }
        let mut given = site.args.iter().chain(site.this);
        let has_input = given.any(|value| self.deep_taint(value, DEPTH).is_of_client());
        let used = Use { path: site.path, place: site.place, has_input };
        if let Some(run) = &mut self.run
            && !run.outcome.uses.contains(&used)
        {
            run.outcome.uses.push(used);
        }
    }

    /// The use of a package that made a function which runs for requests: such a function is given all that clients send.
    pub fn use_of(&mut self, function: &Value, place: Place) -> Option<Use> {
        let path = match function.shape {
            Shape::External(path) => path,
            Shape::Object(id) => self.heap.objects[id].ty?,
            _ => return None,
        };
        let is_asked = !self.program.watched.is_empty() && self.is_asked_about(path);
        is_asked.then_some(Use { path, place, has_input: true })
    }

    fn is_asked_about(&mut self, path: Sym) -> bool {
        if let Some(known) = self.asked.known.get(&path) {
            return *known;
        }
        let is_asked = self.symbols.with(path, |path| is_one_of(&self.program.watched, path));
        self.asked.known.insert(path, is_asked);
        is_asked
    }
}
