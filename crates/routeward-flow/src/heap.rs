//! The abstract heap and the environments, with an undo journal: a branch is run, its writes are taken out as a
//! delta, the other branch is run, and the deltas are merged. The cost is that of the writes, not of the heap.

use std::ops::{Index, IndexMut};
use std::rc::Rc;

use routeward_base::{Arena, FileId, FxHashMap, FxHashSet, Idx, IndexVec};
use routeward_diag::Place;
use routeward_ir::{FuncId, SlotId};

use crate::sweep::{Live, Trace, trace_values};
use crate::taint::{Taint, narrowed};
use crate::value::{
    ClassValue, ClassValueId, Closure, ClosureId, FrameId, InputPath, ObjId, Shape, Tags, Value,
};
use crate::{FactSet, Sym};

/// The member of a scope that holds the path it puts in front of its endpoints.
pub(crate) const OWN_PREFIX: &str = "$prefix";
/// The member of a scope that holds the path at which its endpoints are reached from outside.
pub(crate) const ADDRESS: &str = "$address";
/// The member of a scope that holds the version of its endpoints.
pub(crate) const VERSION: &str = "$version";

/// An object, by allocation.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    /// The path of its model type, or of the call or construction that gave it.
    pub ty: Option<Sym>,
    /// The class it is an instance of.
    pub class: Option<Value>,
    /// Known members, in order of definition.
    pub fields: Vec<(Sym, Value)>,
    /// Elements, if it is an array.
    pub items: Option<Vec<Value>>,
    /// It may have members or elements that are not known.
    pub is_open: bool,
    /// It stands for a part of the request: members that are not known are inputs.
    pub input: Option<InputPath>,
    /// What taints all members that are not known.
    pub taint: Taint,
    /// The arguments of the call that gave it.
    pub args: Rc<[Value]>,
    /// Getters by name.
    pub getters: Vec<(Sym, ClosureId)>,
    /// It holds the arguments that a call passes by name. It is the last of the call's arguments.
    pub is_keywords: bool,
    /// The stored row whose members were spread into it.
    pub spread: Option<Rc<Value>>,
    /// The part of a scope that it stands for: the scope and the path below it.
    pub part_of: Option<Rc<(ObjId, Value)>>,
    /// Where it was made.
    pub place: Option<Place>,
}

impl Trace for Object {
    fn trace(&self, live: &mut Live) {
        let Self {
            ty: _,
            class,
            fields,
            items,
            is_open: _,
            input: _,
            taint: _,
            args,
            getters,
            is_keywords: _,
            spread,
            part_of,
            place: _,
        } = self;
        class.trace(live);
        for (_, value) in fields {
            value.trace(live);
        }
        items.trace(live);
        args.trace(live);
        for (_, getter) in getters {
            getter.trace(live);
        }
        spread.trace(live);
        part_of.trace(live);
    }
}

impl Object {
    /// An empty object.
    pub(crate) fn new(place: Option<Place>) -> Self {
        Self {
            ty: None,
            class: None,
            fields: Vec::new(),
            items: None,
            is_open: false,
            input: None,
            taint: Taint::default(),
            args: Rc::from([]),
            getters: Vec::new(),
            is_keywords: false,
            spread: None,
            part_of: None,
            place,
        }
    }

    /// A member of its own.
    pub(crate) fn field(&self, name: Sym) -> Option<&Value> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// An environment.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The function that declares the slots.
    pub file: FileId,
    /// The function that declares the slots.
    pub func: FuncId,
    /// The environment around it.
    pub parent: Option<FrameId>,
    /// The receiver.
    pub this: Value,
    /// The base class, for methods.
    pub home: Option<ClassValueId>,
    /// Values by the slot's position in its function; for the overlay of a loop round, unused.
    pub slots: Vec<Value>,
    /// Slots of one round of a loop, so that a closure made in the round keeps the round's values.
    pub overlay: Option<FxHashMap<SlotId, Value>>,
    /// It outlives its activation: a function, class or continuation sees it, or an environment inside of it.
    pub is_captured: bool,
}

impl Trace for Frame {
    fn trace(&self, live: &mut Live) {
        let Self { file: _, func: _, parent, this, home: _, slots, overlay, is_captured: _ } = self;
        parent.trace(live);
        this.trace(live);
        slots.trace(live);
        if let Some(overlay) = overlay {
            trace_values(overlay, live);
        }
    }
}

impl Frame {
    /// An environment without slots.
    pub(crate) fn new(file: FileId, func: FuncId, parent: Option<FrameId>, this: Value) -> Self {
        Self { file, func, parent, this, home: None, slots: Vec::new(), overlay: None, is_captured: false }
    }
}

/// All environments that there have been. Most are gone soon, and cost no more than a pointer then.
pub(crate) struct Frames {
    all: Arena<FrameId, Option<Box<Frame>>>,
    /// Stands for those that are gone: has no slots, and nothing around it.
    gone: Frame,
}

impl Default for Frames {
    fn default() -> Self {
        let gone = Frame::new(FileId(0), FuncId(0), None, Value::UNDEFINED);
        Self { all: Arena::default(), gone }
    }
}

impl Frames {
    /// Appends and returns the index.
    pub(crate) fn push(&mut self, frame: Frame) -> FrameId {
        self.all.push(Some(Box::new(frame)))
    }

    /// The index that the next `push` returns.
    pub(crate) fn next(&self) -> FrameId {
        self.all.next()
    }

    /// How many there have been.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Lets go of those that are not marked. Gives how many are left.
    pub(crate) fn keep(&mut self, marks: &[bool]) -> usize {
        keep(&mut self.all, marks)
    }

    fn is_gone(&self, frame: FrameId) -> bool {
        self.all[frame].is_none()
    }
}

impl Index<FrameId> for Frames {
    type Output = Frame;
    fn index(&self, frame: FrameId) -> &Frame {
        self.all[frame].as_deref().unwrap_or(&self.gone)
    }
}

impl IndexMut<FrameId> for Frames {
    fn index_mut(&mut self, frame: FrameId) -> &mut Frame {
        self.all[frame].as_deref_mut().unwrap_or(&mut self.gone)
    }
}

/// All objects that there have been. Those that nothing can reach any more are gone, and cost no more than a pointer.
pub(crate) struct Objects {
    all: Arena<ObjId, Option<Box<Object>>>,
    /// Stands for those that are gone: nothing is known of it.
    gone: Object,
}

impl Default for Objects {
    fn default() -> Self {
        let gone = Object { is_open: true, ..Object::new(None) };
        Self { all: Arena::default(), gone }
    }
}

impl Objects {
    /// Appends and returns the index.
    pub(crate) fn push(&mut self, object: Object) -> ObjId {
        self.all.push(Some(Box::new(object)))
    }

    /// The index that the next `push` returns.
    pub(crate) fn next(&self) -> ObjId {
        self.all.next()
    }

    /// How many there have been.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Those that are not gone, in the order in which they were made.
    pub(crate) fn iter_enumerated(&self) -> impl Iterator<Item = (ObjId, &Object)> {
        self.all.iter_enumerated().filter_map(|(id, object)| Some((id, object.as_deref()?)))
    }

    /// Lets go of those that are not marked. Gives how many are left.
    pub(crate) fn keep(&mut self, marks: &[bool]) -> usize {
        keep(&mut self.all, marks)
    }
}

impl Index<ObjId> for Objects {
    type Output = Object;
    fn index(&self, id: ObjId) -> &Object {
        let object = self.all[id].as_deref();
        debug_assert!(object.is_some(), "{id:?} was held by nothing that is known to hold objects");
        object.unwrap_or(&self.gone)
    }
}

impl IndexMut<ObjId> for Objects {
    fn index_mut(&mut self, id: ObjId) -> &mut Object {
        let object = self.all[id].as_deref_mut();
        debug_assert!(object.is_some(), "{id:?} was held by nothing that is known to hold objects");
        object.unwrap_or(&mut self.gone)
    }
}

/// Something that can be written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Loc {
    /// A slot of an environment.
    Slot(FrameId, u32),
    /// A slot of a loop round.
    Overlay(FrameId, SlotId),
    /// A member.
    Field(ObjId, Sym),
    /// An element.
    Item(ObjId, u32),
}

/// What was written, with the value that stood there.
#[derive(Clone, Debug)]
enum Undo {
    Write(Loc, Option<Value>),
    Items(ObjId, usize, bool),
}

/// What a branch left behind: places and their new values.
pub(crate) type Delta = Vec<(Loc, Option<Value>)>;

/// A delta arranged for look-up.
pub(crate) struct ByPlace<'d> {
    delta: &'d Delta,
    /// Where in the delta; most deltas are so short that looking through them is faster.
    index: Option<FxHashMap<Loc, usize>>,
}

impl<'d> ByPlace<'d> {
    /// Above this length a table pays.
    const LONG: usize = 12;

    pub(crate) fn new(delta: &'d Delta) -> Self {
        let index = || delta.iter().enumerate().rev().map(|(at, (loc, _))| (*loc, at)).collect();
        Self { delta, index: (delta.len() > Self::LONG).then(index) }
    }

    /// What was written there.
    pub(crate) fn get(&self, loc: Loc) -> Option<&'d Option<Value>> {
        match &self.index {
            Some(index) => index.get(&loc).map(|at| &self.delta[*at].1),
            None => self.delta.iter().find(|(known, _)| *known == loc).map(|(_, value)| value),
        }
    }
}

/// The places of a delta that is being made; most are so short that looking through them is faster than a table.
struct Seen(Option<FxHashSet<Loc>>);

impl Seen {
    fn new(writes: usize) -> Self {
        Self((writes > ByPlace::LONG).then(FxHashSet::default))
    }

    /// True for a place that is not in the delta yet, and will be now.
    fn is_first(&mut self, loc: Loc, delta: &Delta) -> bool {
        match &mut self.0 {
            Some(seen) => seen.insert(loc),
            None => !delta.iter().any(|(known, _)| *known == loc),
        }
    }
}

/// Where a heap stood: how much was written and made.
#[derive(Clone, Copy)]
pub(crate) struct Stand {
    journal: usize,
    objects: u32,
    frames: u32,
}

/// Lets go of what is not marked. Gives how many are left.
fn keep<I: Idx, T>(all: &mut Arena<I, Option<Box<T>>>, marks: &[bool]) -> usize {
    let mut left = 0;
    for (item, is_kept) in all.iter_mut().zip(marks) {
        if !is_kept {
            *item = None;
        }
        left += usize::from(item.is_some());
    }
    left
}

/// Objects, environments, functions and classes, and the journal over them.
#[derive(Default)]
pub(crate) struct Heap {
    /// Objects.
    pub objects: Objects,
    /// Environments.
    pub frames: Frames,
    /// Functions.
    pub closures: Arena<ClosureId, Closure>,
    /// Classes.
    pub classes: IndexVec<ClassValueId, ClassValue>,
    journal: Vec<Undo>,
    depth: u32,
}

impl Heap {
    /// Allocates.
    pub(crate) fn object(&mut self, object: Object) -> ObjId {
        self.objects.push(object)
    }

    /// What is made in the environment may look at it, and at those around it, when their activations are over.
    pub(crate) fn capture(&mut self, frame: FrameId) {
        let mut next = Some(frame);
        while let Some(frame) = next.map(|frame| &mut self.frames[frame]).filter(|frame| !frame.is_captured) {
            frame.is_captured = true;
            next = frame.parent;
        }
    }

    /// The activation or round that the environment was made for is over: what nothing sees need not be kept, nor
    /// undone and merged where branches around it end.
    pub(crate) fn leave(&mut self, frame: FrameId) {
        if !self.frames[frame].is_captured {
            self.frames.all[frame] = None;
        }
    }

    /// True for a place that nothing can read any more.
    fn is_gone(&self, loc: Loc) -> bool {
        match loc {
            Loc::Slot(frame, _) | Loc::Overlay(frame, _) => self.frames.is_gone(frame),
            Loc::Field(..) | Loc::Item(..) => false,
        }
    }

    /// An array of known elements.
    pub(crate) fn array(&mut self, items: Vec<Value>, is_open: bool, place: Option<Place>) -> Value {
        let mut object = Object::new(place);
        object.items = Some(items);
        object.is_open = is_open;
        Value::object(self.objects.push(object))
    }

    /// Starts a branch; ends with [`Heap::take`].
    pub(crate) fn mark(&mut self) -> usize {
        self.depth += 1;
        self.journal.len()
    }

    /// What was written since `mark`, undone.
    pub(crate) fn take(&mut self, mark: usize) -> Delta {
        let mut delta: Delta = Vec::new();
        let mut seen = Seen::new(self.journal.len().saturating_sub(mark));
        while self.journal.len() > mark {
            let Some(undo) = self.journal.pop() else { break };
            match undo {
                Undo::Write(loc, _) if self.is_gone(loc) => {}
                Undo::Write(loc, old) => {
                    let written = self.put(loc, old);
                    if seen.is_first(loc, &delta) {
                        delta.push((loc, written));
                    }
                }
                Undo::Items(object, len, is_open) => {
                    let items = self.objects[object].items.get_or_insert_default();
                    for (i, item) in items.iter().enumerate().skip(len) {
                        let loc = Loc::Item(object, i as u32);
                        if seen.is_first(loc, &delta) {
                            delta.push((loc, Some(item.clone())));
                        }
                    }
                    items.truncate(len);
                    self.objects[object].is_open = is_open;
                }
            }
        }
        self.depth -= 1;
        delta.reverse();
        delta
    }

    /// Where the heap stands, for [`Heap::settle_since`].
    pub(crate) fn stand(&self) -> Stand {
        Stand {
            journal: self.journal.len(),
            objects: self.objects.next().raw(),
            frames: self.frames.next().raw(),
        }
    }

    /// What was made since is there for good, as it is now, whatever is undone of what is running.
    pub(crate) fn settle_since(&mut self, since: Stand) {
        let is_old = |undo: &Undo| match undo {
            Undo::Write(Loc::Field(object, _) | Loc::Item(object, _), _) | Undo::Items(object, ..) => {
                object.raw() < since.objects
            }
            Undo::Write(Loc::Slot(frame, _) | Loc::Overlay(frame, _), _) => frame.raw() < since.frames,
        };
        let mut kept = self.journal.split_off(since.journal.min(self.journal.len()));
        kept.retain(is_old);
        self.journal.append(&mut kept);
    }

    /// No branch is under way: nothing waits to be undone.
    pub(crate) fn is_settled(&self) -> bool {
        self.depth == 0 && self.journal.is_empty()
    }

    /// Where the journal stands.
    pub(crate) fn position(&self) -> usize {
        self.journal.len()
    }

    /// What stood at a place when the journal was at `mark`. The cost is that of all writes since.
    pub(crate) fn read_at(&self, mark: usize, loc: Loc) -> Option<Value> {
        let first = self.journal.get(mark..).unwrap_or(&[]).iter().find_map(|undo| match undo {
            Undo::Write(written, old) if *written == loc => Some(old.clone()),
            _ => None,
        });
        first.unwrap_or_else(|| self.read(loc))
    }

    /// What stood when the journal was at `mark` at the places that were written since.
    pub(crate) fn overwritten(&self, mark: usize) -> FxHashMap<Loc, Option<Value>> {
        let mut first = FxHashMap::default();
        for undo in self.journal.get(mark..).unwrap_or(&[]) {
            if let Undo::Write(loc, old) = undo {
                first.entry(*loc).or_insert_with(|| old.clone());
            }
        }
        first
    }

    /// True if the place was written since `mark`.
    pub(crate) fn has_written(&self, mark: usize, loc: Loc) -> bool {
        self.journal
            .get(mark..)
            .unwrap_or(&[])
            .iter()
            .any(|undo| matches!(undo, Undo::Write(written, _) if *written == loc))
    }

    /// What was written since `mark` and still stands.
    pub(crate) fn peek(&self, mark: usize) -> Delta {
        let mut delta: Delta = Vec::new();
        let mut seen = FxHashSet::default();
        for undo in self.journal.get(mark..).unwrap_or(&[]) {
            match undo {
                Undo::Write(loc, _) => {
                    if !self.is_gone(*loc) && seen.insert(*loc) {
                        delta.push((*loc, self.read(*loc)));
                    }
                }
                Undo::Items(object, len, _) => {
                    for (i, item) in self.objects[*object].items.iter().flatten().enumerate().skip(*len) {
                        if seen.insert(Loc::Item(*object, i as u32)) {
                            delta.push((Loc::Item(*object, i as u32), Some(item.clone())));
                        }
                    }
                }
            }
        }
        delta
    }

    /// Redoes a delta.
    pub(crate) fn apply(&mut self, delta: &Delta) {
        for (loc, value) in delta {
            self.write(*loc, value.clone());
        }
    }

    /// Redoes a delta as something that may have happened: `facts` are those that only hold where it has, `otherwise`
    /// those that only hold elsewhere.
    pub(crate) fn apply_weakly(
        &mut self,
        delta: &Delta,
        facts: &FactSet,
        otherwise: &FactSet,
        keep: impl Fn(Loc) -> bool,
    ) {
        for (loc, value) in delta {
            if keep(*loc) {
                let old = self.read(*loc).unwrap_or(Value::UNDEFINED);
                let value = value.clone().unwrap_or(Value::UNDEFINED);
                self.write(*loc, Some(correlate(value, facts, old, otherwise)));
            }
        }
    }

    /// Merges the deltas of two branches of which one was taken. `left` and `right` are the facts that the
    /// branches ended with beyond what both know: what is truthy only after one branch proves its facts.
    pub(crate) fn merge(&mut self, left: &Delta, left_facts: &FactSet, right: &Delta, right_facts: &FactSet) {
        let (of_left, of_right) = (ByPlace::new(left), ByPlace::new(right));
        for (loc, value) in left {
            let other = of_right.get(*loc).map_or_else(|| self.read(*loc), Clone::clone);
            let value = value.clone().unwrap_or(Value::UNDEFINED);
            let is_added = other.is_none();
            let joined = correlate(value, left_facts, other.unwrap_or(Value::UNDEFINED), right_facts);
            self.write(*loc, Some(perhaps(*loc, is_added, joined)));
        }
        for (loc, value) in right.iter().filter(|(loc, _)| of_left.get(*loc).is_none()) {
            let old = self.read(*loc);
            let is_added = old.is_none();
            let value = value.clone().unwrap_or(Value::UNDEFINED);
            let joined = correlate(old.unwrap_or(Value::UNDEFINED), left_facts, value, right_facts);
            self.write(*loc, Some(perhaps(*loc, is_added, joined)));
        }
    }

    /// The value at a place.
    pub(crate) fn read(&self, loc: Loc) -> Option<Value> {
        match loc {
            Loc::Slot(frame, slot) => self.frames[frame].slots.get(slot as usize).cloned(),
            Loc::Overlay(frame, slot) => self.frames[frame].overlay.as_ref()?.get(&slot).cloned(),
            Loc::Field(object, name) => self.objects[object].field(name).cloned(),
            Loc::Item(object, index) => self.objects[object].items.as_ref()?.get(index as usize).cloned(),
        }
    }

    /// Writes and journals.
    pub(crate) fn write(&mut self, loc: Loc, value: Option<Value>) {
        if let Loc::Item(object, index) = loc {
            let len = self.objects[object].items.as_ref().map_or(0, Vec::len);
            if index as usize >= len {
                self.record(Undo::Items(object, len, self.objects[object].is_open));
                self.put(loc, value);
                return;
            }
        }
        let old = self.put(loc, value);
        if self.depth > 0 {
            self.record(Undo::Write(loc, old));
        }
    }

    /// Marks an array as having elements that are not known.
    pub(crate) fn open_items(&mut self, object: ObjId) {
        let len = self.objects[object].items.as_ref().map_or(0, Vec::len);
        self.record(Undo::Items(object, len, self.objects[object].is_open));
        self.objects[object].is_open = true;
    }

    fn record(&mut self, undo: Undo) {
        if self.depth > 0 {
            self.journal.push(undo);
        }
    }

    /// Writes; gives what stood there.
    fn put(&mut self, loc: Loc, value: Option<Value>) -> Option<Value> {
        match loc {
            Loc::Slot(frame, slot) => {
                let place = self.frames[frame].slots.get_mut(slot as usize)?;
                Some(std::mem::replace(place, value.unwrap_or(Value::UNDEFINED)))
            }
            Loc::Overlay(frame, slot) => {
                let overlay = self.frames[frame].overlay.as_mut()?;
                match value {
                    Some(value) => overlay.insert(slot, value),
                    None => overlay.remove(&slot),
                }
            }
            Loc::Field(object, name) => {
                let fields = &mut self.objects[object].fields;
                let found = fields.iter().position(|(known, _)| *known == name);
                match (found, value) {
                    (Some(i), Some(value)) => Some(std::mem::replace(&mut fields[i].1, value)),
                    (Some(i), None) => Some(fields.remove(i).1),
                    (None, value) => {
                        if fields.capacity() == 0 {
                            // Most objects get few members: growth would begin with room for four.
                            fields.reserve_exact(1);
                        }
                        fields.extend(value.map(|value| (name, value)));
                        None
                    }
                }
            }
            Loc::Item(object, index) => {
                let items = self.objects[object].items.get_or_insert_default();
                let value = value.unwrap_or(Value::UNDEFINED);
                let len = items.len();
                match items.get_mut(index as usize) {
                    Some(item) => return Some(std::mem::replace(item, value)),
                    None if index as usize == len => items.push(value),
                    None => self.objects[object].is_open = true,
                }
                None
            }
        }
    }

    /// The environment that holds a slot of `func`, seen from `frame`, and where the slot lies there.
    pub(crate) fn find_slot(
        &self,
        mut frame: FrameId,
        func: FuncId,
        slot: SlotId,
        position: u32,
    ) -> Option<Loc> {
        loop {
            let here = &self.frames[frame];
            match &here.overlay {
                Some(overlay) if overlay.contains_key(&slot) => return Some(Loc::Overlay(frame, slot)),
                Some(_) => {}
                None if here.func == func => return Some(Loc::Slot(frame, position)),
                None => {}
            }
            frame = here.parent?;
        }
    }

    /// True if the value is an array with all elements known.
    pub(crate) fn known_items(&self, value: &Value) -> Option<&[Value]> {
        let Shape::Object(id) = value.shape else { return None };
        let object = &self.objects[id];
        if object.is_open { None } else { object.items.as_deref() }
    }
}

/// An element that one branch alone has added may be missing from its list.
fn perhaps(loc: Loc, is_added: bool, value: Value) -> Value {
    if is_added && matches!(loc, Loc::Item(..)) { value.tagged(Tags::PERHAPS) } else { value }
}

/// The join of two values after branches: an alternative that is never truthy leaves the other branch's facts to
/// the truthiness of the whole, and the same for falsiness.
pub(crate) fn correlate(left: Value, left_facts: &FactSet, right: Value, right_facts: &FactSet) -> Value {
    if left_facts.is_empty() && right_facts.is_empty() {
        return left.join(&right);
    }
    let left = narrowed(left, left_facts).when_truthy(left_facts).when_falsy(left_facts);
    let right = narrowed(right, right_facts).when_truthy(right_facts).when_falsy(right_facts);
    left.join(&right)
}
