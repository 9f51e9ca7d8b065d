//! Handlers that hand their requests on to a scope: what the scope's endpoints meet before they run.
//!
//! `app.all("/api", (request) => answerBy({ router, request }))`: the scope is mounted where the handler is
//! registered, and the handler runs in front of it.

use std::rc::Rc;

use routeward_base::{FxHashMap, FxHashSet};
use routeward_catalog::{Reach, Speech};
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{EventKind, Link};
use crate::line::RequestLine;
use crate::value::{ClosureId, ObjId, Shape, Value};

impl Evaluator<'_> {
    /// The run hands its request on to `scope`.
    pub(crate) fn hand_to(&mut self, scope: ObjId, path: Sym, place: Place) {
        if let Some(served) = &mut self.served {
            served.push(scope);
        }
        self.hand_on(place);
        self.be_done(path, place);
    }

    /// What is registered as a handler is called for requests: it is no factory that nobody calls.
    pub(crate) fn note_handlers(&mut self) {
        let mut handlers = Vec::new();
        for event in &self.events {
            let EventKind::Route { chain, .. } = &event.kind else { continue };
            handlers.extend(chain.last().and_then(|link| function_of(&link.value)));
        }
        for id in handlers {
            let closure = self.closure_of(id);
            let code = (closure.file, closure.func);
            self.calls_seen.insert(code);
        }
    }

    /// Mounts the scopes that handlers hand requests on to where the handlers are registered. Costs a run of each
    /// handler, which is remembered, and nothing where no program has operations.
    pub(crate) fn follow_handlers(&mut self) {
        if !self.events.iter().any(|event| self.speech(event.scope) != Speech::Http) {
            return;
        }
        let mut known: FxHashMap<(HandlerKey, Sym), Vec<ObjId>> = FxHashMap::default();
        let mut mounted: FxHashSet<(ObjId, ObjId)> = FxHashSet::default();
        for i in 0..self.events.len() {
            let Some((id, entry, value)) = self.handler_at(i) else { continue };
            let scopes = if let Some(scopes) = known.get(&(id, entry)) {
                scopes.clone()
            } else {
                let scopes = self.scopes_behind(&value, entry);
                known.insert((id, entry), scopes.clone());
                scopes
            };
            if scopes.iter().any(|scope| mounted.contains(&(self.events[i].scope, *scope))) {
                self.repeat_mount(i);
            } else {
                mounted.extend(scopes.iter().map(|scope| (self.events[i].scope, *scope)));
                self.mount_behind(i, entry, &scopes);
            }
        }
    }

    /// The function that answers for a registration.
    fn handler_at(&mut self, event: usize) -> Option<(HandlerKey, Sym, Value)> {
        let event = &self.events[event];
        if event.subject.is_some() || self.speech(event.scope) != Speech::Http {
            return None;
        }
        let (chain, is_route) = match &event.kind {
            EventKind::Route { chain, .. } => (chain, true),
            EventKind::Attach { chain, reach: Reach::Later, .. } => (chain, false),
            EventKind::Attach { .. } => return None,
        };
        let last = chain.last()?;
        let entry = last.entry.or(event.entry)?;
        let entry = if is_route { self.handler_entry(entry) } else { entry };
        let value = last.value.clone();
        let key = match value.shape {
            Shape::Closure(id) => HandlerKey::Function(id),
            Shape::Object(id) if is_route && self.view_methods(&value).is_some() => HandlerKey::View(id),
            _ => return None,
        };
        Some((key, entry, value))
    }

    /// The scopes that a handler hands requests on to.
    fn scopes_behind(&mut self, handler: &Value, entry: Sym) -> Vec<ObjId> {
        self.served = Some(Vec::new());
        let state = self.fresh_state();
        // A view answers by a method; operations are asked for by this one.
        let (path, is_view) = (Rc::from([None]), matches!(handler.shape, Shape::Object(_)));
        self.request_line = is_view.then(|| RequestLine {
            method: "POST".to_owned(),
            path: Rc::clone(&path),
            below: path,
            handler: None,
            ends_open: true,
            is_sample: false,
        });
        self.run_link(state, handler, entry);
        self.request_line = None;
        self.served.take().unwrap_or_default()
    }

    /// The same handler for another method: it answers by the endpoints that are mounted already.
    fn repeat_mount(&mut self, event: usize) {
        if let EventKind::Route { methods, .. } = &mut self.events[event].kind {
            methods.clear();
        }
    }

    /// Puts `scopes` behind the chain of a registration.
    fn mount_behind(&mut self, event: usize, entry: Sym, scopes: &[ObjId]) {
        let Some(first) = scopes.first() else { return };
        let place = self.heap.objects[*first].place.unwrap_or(self.events[event].place);
        let event = &mut self.events[event];
        let (EventKind::Route { chain, .. } | EventKind::Attach { chain, .. }) = &mut event.kind;
        if let Some(last) = chain.last_mut() {
            last.entry = Some(entry);
        }
        chain.extend(scopes.iter().map(|scope| Link { value: Value::object(*scope), place, entry: None }));
    }
}

/// What tells one handler from another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum HandlerKey {
    Function(ClosureId),
    /// What a library made of a class that answers, or of a function.
    View(ObjId),
}

fn function_of(value: &Value) -> Option<ClosureId> {
    match value.shape {
        Shape::Closure(id) => Some(id),
        _ => None,
    }
}
