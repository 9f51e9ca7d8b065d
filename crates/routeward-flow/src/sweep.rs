//! Freeing what evaluation has left behind: most objects and environments are out of reach as soon as the function
//! that made them is over.
//!
//! Between two pieces of work no activation holds a value, and everything that can still be reached hangs on the
//! tables of the [`Evaluator`]. [`Evaluator::sweep`] follows them and frees the rest (mark and sweep, as in "Recursive
//! functions of symbolic expressions and their computation by machine", 1960). Each table says by [`Trace`] what it holds; the match over
//! the fields of a struct names every field, so that a new one cannot be forgotten.

use std::ops::Deref;
use std::rc::Rc;

use routeward_base::{FxHashMap, Idx};

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{Event, EventKind, Limits, Link, Subject};
use crate::heap::{Heap, Loc};
use crate::named::Global;
use crate::value::{ClassValue, Closure, ClosureId, FrameId, ObjId, Shape, Value};

/// Objects and environments made between two sweeps, at least. Where defects are looked for it is so small that
/// each case sweeps.
const STEP: usize = if cfg!(debug_assertions) { 1 << 6 } else { 1 << 16 };

/// Something that holds values.
pub(crate) trait Trace {
    /// Marks what it holds.
    fn trace(&self, live: &mut Live);
}

/// What is reached, and what of it has not been looked into yet.
pub(crate) struct Live {
    objects: Vec<bool>,
    frames: Vec<bool>,
    closures: Vec<bool>,
    work: Vec<Node>,
}

enum Node {
    Object(ObjId),
    Frame(FrameId),
    Closure(ClosureId),
}

fn mark<I: Idx>(marks: &mut [bool], id: I) -> bool {
    marks.get_mut(id.raw() as usize).is_some_and(|mark| !std::mem::replace(mark, true))
}

impl Live {
    fn new(heap: &Heap) -> Self {
        Self {
            objects: vec![false; heap.objects.len()],
            frames: vec![false; heap.frames.len()],
            closures: vec![false; heap.closures.len()],
            work: Vec::new(),
        }
    }

    fn has_frame(&self, frame: FrameId) -> bool {
        self.frames.get(frame.raw() as usize).copied().unwrap_or(false)
    }

    /// Looks into what was reached until there is nothing new.
    fn follow(&mut self, heap: &Heap) {
        while let Some(node) = self.work.pop() {
            match node {
                Node::Object(id) => heap.objects[id].trace(self),
                Node::Frame(id) => heap.frames[id].trace(self),
                Node::Closure(id) => heap.closures[id].trace(self),
            }
        }
    }
}

impl Trace for ObjId {
    fn trace(&self, live: &mut Live) {
        if mark(&mut live.objects, *self) {
            live.work.push(Node::Object(*self));
        }
    }
}

impl Trace for FrameId {
    fn trace(&self, live: &mut Live) {
        if mark(&mut live.frames, *self) {
            live.work.push(Node::Frame(*self));
        }
    }
}

impl Trace for ClosureId {
    fn trace(&self, live: &mut Live) {
        if mark(&mut live.closures, *self) {
            live.work.push(Node::Closure(*self));
        }
    }
}

impl Trace for Shape {
    fn trace(&self, live: &mut Live) {
        match self {
            Self::Object(id) | Self::Method(id, _) => id.trace(live),
            Self::Closure(id) => id.trace(live),
            Self::Union(values) => values.trace(live),
            // Classes are never freed.
            Self::Class(_)
            | Self::Unknown
            | Self::Undefined
            | Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::Str(_)
            | Self::Text(_)
            | Self::Regex(..)
            | Self::External(_) => {}
        }
    }
}

impl Trace for Value {
    fn trace(&self, live: &mut Live) {
        // What is noted of a value holds no other.
        let Self { shape, meta: _ } = self;
        shape.trace(live);
    }
}

impl Trace for Loc {
    fn trace(&self, live: &mut Live) {
        match self {
            Self::Slot(frame, _) | Self::Overlay(frame, _) => frame.trace(live),
            Self::Field(object, _) | Self::Item(object, _) => object.trace(live),
        }
    }
}

impl<T: Trace> Trace for Option<T> {
    fn trace(&self, live: &mut Live) {
        if let Some(held) = self {
            held.trace(live);
        }
    }
}

impl<T: Trace> Trace for [T] {
    fn trace(&self, live: &mut Live) {
        for held in self {
            held.trace(live);
        }
    }
}

impl<T: Trace> Trace for Vec<T> {
    fn trace(&self, live: &mut Live) {
        self.as_slice().trace(live);
    }
}

impl<T: Trace + ?Sized> Trace for Rc<T> {
    fn trace(&self, live: &mut Live) {
        self.deref().trace(live);
    }
}

impl<A: Trace, B: Trace> Trace for (A, B) {
    fn trace(&self, live: &mut Live) {
        self.0.trace(live);
        self.1.trace(live);
    }
}

impl Trace for (String, Global) {
    fn trace(&self, live: &mut Live) {
        self.1.trace(live);
    }
}

/// The values of a table whose keys hold none.
pub(crate) fn trace_values<K, V: Trace>(table: &FxHashMap<K, V>, live: &mut Live) {
    for value in table.values() {
        value.trace(live);
    }
}

impl Trace for Closure {
    fn trace(&self, live: &mut Live) {
        let Self { file: _, func: _, env, this, same_scope: _, given } = self;
        env.trace(live);
        this.trace(live);
        given.trace(live);
    }
}

impl Trace for ClassValue {
    fn trace(&self, live: &mut Live) {
        let Self { file: _, class: _, env, base, lineage, statics } = self;
        env.trace(live);
        base.trace(live);
        lineage.trace(live);
        statics.trace(live);
    }
}

impl Trace for Link {
    fn trace(&self, live: &mut Live) {
        let Self { value, place: _, entry: _ } = self;
        value.trace(live);
    }
}

impl Trace for Limits {
    fn trace(&self, live: &mut Live) {
        let Self { methods: _, except } = self;
        for (_, template) in except {
            template.trace(live);
        }
    }
}

impl Trace for Subject {
    fn trace(&self, live: &mut Live) {
        let Self { class, handler, pipes, speech: _, operation: _, is_guess: _ } = self;
        class.trace(live);
        handler.trace(live);
        pipes.trace(live);
    }
}

impl Trace for Event {
    fn trace(&self, live: &mut Live) {
        let Self {
            scope,
            kind,
            place: _,
            conditions: _,
            package: _,
            entry: _,
            subject: _,
            limits,
            handler_name: _,
        } = self;
        scope.trace(live);
        limits.trace(live);
        match kind {
            EventKind::Route { methods: _, paths, chain, made: _, schemas: _ }
            | EventKind::Attach { paths, chain, .. } => {
                paths.trace(live);
                chain.trace(live);
            }
        }
    }
}

impl Trace for Evaluator<'_> {
    fn trace(&self, live: &mut Live) {
        // What functions have as objects is looked at by [`Self::trace_functions`].
        let Self {
            program: _,
            language: _,
            index: _,
            symbols: _,
            evidence: _,
            events,
            started: _,
            incomplete: _,
            effects: _,
            traces: _,
            flows: _,
            misuses: _,
            keys: _,
            is_surveying: _,
            refused: _,
            named_keys: _,
            records: _,
            provisions: _,
            loose_flows: _,
            asked: _,
            loads_unknown: _,
            purposes: _,
            revealed: _,
            decisions,
            heap,
            modules,
            path: _,
            cx,
            activations: _,
            run: _,
            runs,
            conditions: _,
            states,
            budget: _,
            steps: _,
            step_limit: _,
            unbidden: _,
            under_way: _,
            versions: _,
            calls_seen: _,
            calls_bidden: _,
            jumps: _,
            tries: _,
            class_instances,
            declarations,
            services,
            function_objects: _,
            namespaces: _,
            importing: _,
            assigned_names: _,
            call_sites: _,
            request_line: _,
            globals,
            parts,
            addresses,
            named_params: _,
            sites,
            served,
            deferred,
            next_deferred: _,
            promises,
            asides: _,
            lifted: _,
            watched: _,
            by_hand,
            probe: _,
            call_places: _,
            catching: _,
            collected: _,
            binding: _,
            making,
            unbased,
            outlines: _,
            projects: _,
            depth: _,
            rendering: _,
            next_sweep: _,
            columns: _,
            put_in_now: _,
        } = self;
        events.trace(live);
        decisions.trace(live);
        heap.classes.as_slice().trace(live);
        modules.as_slice().trace(live);
        cx.frame.trace(live);
        runs.trace(live);
        trace_values(states, live);
        trace_values(class_instances, live);
        declarations.trace(live);
        services.trace(live);
        trace_values(globals, live);
        parts.trace(live);
        addresses.trace(live);
        sites.trace(live);
        served.trace(live);
        deferred.trace(live);
        for (value, _) in promises.iter().flatten() {
            value.trace(live);
        }
        by_hand.trace(live);
        making.trace(live);
        unbased.trace(live);
    }
}

impl Evaluator<'_> {
    /// No code is under way.
    fn is_between(&self) -> bool {
        self.activations.is_empty()
            && self.run.is_none()
            && self.watched.is_none()
            && self.collected.is_empty()
            && self.heap.is_settled()
    }

    /// Frees what nothing can reach any more, if much was made since that was last done. To be called between two
    /// pieces of work, by code that holds no values but those of events; inside of one it does nothing.
    ///
    /// The cost is that of everything that is kept, at most once for as much again that was made.
    pub fn sweep(&mut self) {
        let made = self.heap.objects.len() + self.heap.frames.len();
        if made >= self.next_sweep && self.is_between() {
            let kept = self.free_unreached();
            self.next_sweep = made + kept.max(STEP);
        }
    }

    /// Gives how much is left.
    fn free_unreached(&mut self) -> usize {
        let mut live = Live::new(&self.heap);
        self.trace(&mut live);
        self.trace_containers(&mut live);
        self.trace_functions(&mut live);
        self.function_objects.retain(|(_, _, frame), _| live.has_frame(*frame));
        self.declarations.marks.retain(|(_, _, frame), _| live.has_frame(*frame));
        self.heap.objects.keep(&live.objects) + self.heap.frames.keep(&live.frames)
    }

    /// What functions have as objects is reached where their environments are.
    fn trace_functions(&self, live: &mut Live) {
        live.follow(&self.heap);
        let mut waiting: Vec<(FrameId, ObjId)> =
            self.function_objects.iter().map(|((_, _, frame), object)| (*frame, *object)).collect();
        loop {
            let before = waiting.len();
            waiting.retain(|(frame, object)| {
                let is_reached = live.has_frame(*frame);
                if is_reached {
                    object.trace(live);
                }
                !is_reached
            });
            if waiting.len() == before {
                return;
            }
            live.follow(&self.heap);
        }
    }

    /// Scopes that serve a container are looked for among all objects.
    fn trace_containers(&self, live: &mut Live) {
        let mut known: FxHashMap<Sym, bool> = FxHashMap::default();
        for (id, object) in self.heap.objects.iter_enumerated() {
            let Some(ty) = object.ty else { continue };
            let serves = known.entry(ty).or_insert_with(|| {
                self.index.lineage(ty, &self.symbols).iter().any(|row| row.container.is_some())
            });
            if *serves {
                id.trace(live);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use routeward_base::FileId;
    use routeward_ir::FuncId;

    use super::*;
    use crate::Symbols;
    use crate::heap::{Frame, Object};

    #[test]
    fn what_is_reached_stays_and_circles_out_of_reach_go() {
        let name = Symbols::default().sym("next");
        let mut heap = Heap::default();
        let [first, second, captured, left, right] = [0; 5].map(|_| heap.object(Object::new(None)));
        let slots = vec![Value::object(captured)];
        let env = Frame { slots, ..Frame::new(FileId(0), FuncId(0), None, Value::UNDEFINED) };
        let env = heap.frames.push(env);
        let unseen = heap.frames.push(Frame::new(FileId(0), FuncId(0), Some(env), Value::object(left)));
        let closure =
            Closure { file: FileId(0), func: FuncId(0), env, this: None, same_scope: false, given: None };
        let closure = Value::new(Shape::Closure(heap.closures.push(closure)));
        let both = Value::object(second).join(&closure);
        for (from, to) in [(first, both), (left, Value::object(right)), (right, Value::object(left))] {
            heap.write(Loc::Field(from, name), Some(to));
        }

        let mut live = Live::new(&heap);
        first.trace(&mut live);
        live.follow(&heap);
        assert_eq!((heap.objects.keep(&live.objects), heap.frames.keep(&live.frames)), (3, 1));
        let kept: Vec<ObjId> = heap.objects.iter_enumerated().map(|(id, _)| id).collect();
        assert_eq!(kept, [first, second, captured]);
        assert!(heap.frames[unseen].parent.is_none(), "it is gone with what it knew");
        assert_eq!(heap.objects.next(), ObjId(5), "no index is given twice");
    }
}
