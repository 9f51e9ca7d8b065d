//! Calls into packages that somebody asks about: which of their functions run, and whether clients' data gets there.

use routeward_base::FxHashMap;
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
    /// Notes a call into a package of [`routeward_ir::Program::watched`]. Cost: one lookup.
    pub(crate) fn note_use(&mut self, site: Site<'_>) {
        if self.program.watched.is_empty() || !self.is_asked_about(site.path) {
            return;
        }
        let mut given = site.args.iter().chain(site.this);
        let has_input = given.any(|value| self.deep_taint(value, DEPTH).is_of_client());
        let used = Use { path: site.path, place: site.place, has_input };
        let uses = self.run.as_mut().map_or(&mut self.loose_uses, |run| &mut run.outcome.uses);
        if !uses.contains(&used) {
            uses.push(used);
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
        let is_asked = self.symbols.with(path, |path| {
            self.program.watched.iter().any(|package| {
                let rest = path.strip_prefix(package.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', '(']))
            })
        });
        self.asked.known.insert(path, is_asked);
        is_asked
    }
}
