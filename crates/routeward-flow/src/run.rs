//! Running the functions of an endpoint's chain: what each guarantees, answers, refuses and does.

use std::rc::Rc;

use routeward_base::{FxHashMap, FxHashSet, index_type};
use routeward_catalog::{EntryRow, GoesOn};
use routeward_diag::Place;

use crate::column::Columns;
use crate::dispatch::UNSEEN;
use crate::eval::{Evaluator, Path, Watched};
use crate::fact::{FactKind, FactSet};
use crate::heap::{ByPlace, Delta, Loc, Object, correlate};
use crate::line::RequestLine;
use crate::sweep::{Live, Trace, trace_values};
use crate::taint::FlowId;
use crate::value::{ClosureId, EffectId, FrameId, InputPath, ObjId, Shape, Tags, Value};
use crate::{SubjectId, Sym, Truth, lexicon};

index_type! {
    /// What earlier elements of a chain have left in the request.
    pub struct StateId;
}

/// What makes an answer more than a page for everybody.
pub(crate) const TOLD: Tags = Tags::REQUEST
    .union(Tags::ROW)
    .union(Tags::PRINCIPAL)
    .union(Tags::CREDENTIAL)
    .union(Tags::SESSION)
    .union(Tags::ERROR);

/// A read or write of stored data.
#[derive(Clone, Debug)]
pub struct EffectRecord {
    /// What it is called on.
    pub target: String,
    /// It changes data.
    pub is_write: bool,
    /// It makes new rows.
    pub creates: bool,
    /// The call.
    pub place: Place,
    /// The inputs that choose the rows.
    pub chosen_by: Vec<InputPath>,
    /// The members of the filter that the inputs stand in; empty where the filter is an identifier.
    pub chosen_names: Vec<String>,
    /// All members of the filter.
    pub filter_names: Vec<String>,
    /// The caller takes part in the choice.
    pub by_caller: bool,
    /// The inputs that are stored.
    pub stored: Vec<InputPath>,
    /// Something that was read from a text of the request takes part in the choice: it may be an object.
    pub by_parsed: bool,
    /// A whole part of the request is stored.
    pub stores_whole: Option<InputPath>,
    /// The queries that it is asked of, by what they have read.
    pub asks: Vec<EffectId>,
    /// Of the stored inputs, those that a column of a meaning takes.
    pub columns: Columns,
}

/// A point of a run, with what holds there.
#[derive(Clone, Debug)]
pub struct Point {
    /// The code.
    pub place: Place,
    /// What holds.
    pub facts: FactSet,
    /// An answer that was given before, on some way here.
    pub answered: Option<Place>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Where and what holds.
    pub point: Point,
    /// The status, if it is known.
    pub status: Option<u16>,
    /// It sends the client elsewhere.
    pub is_redirect: bool,
    /// It is given in code that runs later.
    pub is_later: bool,
    /// The body tells an exception.
    pub leak: Option<Leak>,
    /// What the body comes from.
    pub tags: Tags,
    /// The body is a constant.
    pub is_fixed: bool,
    /// The constant texts in the body, for the client to read.
    pub said: Option<Sym>,
}

/// How a body tells an exception.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leak {
    /// The exception itself, or its stack.
    Whole,
    /// Its message.
    Message,
}

/// A comparison of the request's path or method with a constant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathTest {
    /// How it compares.
    pub kind: PathTestKind,
    /// What it compares with.
    pub text: String,
    /// It succeeded.
    pub holds: bool,
    /// The comparison.
    pub place: Place,
}

/// How a path is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathTestKind {
    /// The whole path.
    Whole,
    /// The text at its beginning, wherever that ends.
    Beginning,
    /// The text somewhere in it.
    Part,
}

/// What running one element of a chain showed.
#[derive(Clone, Default, Debug)]
pub struct Outcome {
    /// Where it hands the request on.
    pub continues: Vec<Point>,
    /// Where it skips the rest of the route.
    pub skips: Vec<Point>,
    /// What it answers.
    pub answers: Vec<Answer>,
    /// Where it ends the request by an error: what holds, and what the error comes from.
    pub refusals: Vec<(Point, Tags)>,
    /// What it does to stored data, and what holds there.
    pub effects: Vec<(EffectId, Point)>,
    /// What of the client's reaches sinks.
    pub flows: Vec<FlowId>,
    /// What it calls of packages that somebody asks about.
    pub uses: Vec<crate::used::Use>,
    /// Inputs it reads.
    pub inputs: Vec<InputPath>,
    /// The caller was verified on some path.
    pub saw_authn: bool,
    /// The caller was verified on some path, otherwise than by what stands in the session.
    pub saw_credential: bool,
    /// It leaves the caller in the request.
    pub sets_caller: bool,
    /// Some of it was not followed.
    pub is_cut: bool,
    /// Where its code ends without an answer, if it does.
    pub ends: Option<Point>,
    /// It refuses everybody on purpose.
    pub denies: Option<Place>,
    /// It reads the path or the method of the request: it may do something else for another endpoint.
    pub reads_line: bool,
    /// What it compared the path and the method with.
    pub path_tests: Vec<PathTest>,
    /// Where it compares a password with what is stored.
    pub checks_password: Option<Place>,
    /// Where it writes into a session who is signed in from now on.
    pub signs_in: Option<Place>,
    /// It gives the session another identifier.
    pub renews_session: bool,
    /// The constant texts of errors that it ends by.
    pub said_in_errors: Vec<(Sym, Place)>,
    /// What its answers tell of stored data that nobody should see.
    pub exposures: Vec<crate::secret::Exposure>,
    /// It hands a part of the request, or what is to happen with it, to code that is not seen.
    pub asks_unseen: bool,
    /// What it provides for the request, in the order in which it does.
    pub provided: Vec<routeward_catalog::Provision>,
}

impl Outcome {
    /// Its answers are constants and files, whatever the request, and it touches no stored data.
    pub fn is_page(&self) -> bool {
        let is_plain = |answer: &Answer| {
            answer.is_fixed || answer.is_redirect || answer.status.is_some_and(|status| status >= 400)
        };
        self.effects.is_empty()
            && self.continues.is_empty()
            && !self.answers.is_empty()
            && self.answers.iter().all(is_plain)
    }

    /// What holds wherever it hands the request on.
    pub fn guarantee(&self) -> FactSet {
        let mut points = self.continues.iter();
        let Some(first) = points.next() else { return FactSet::default() };
        points.fold(first.facts.clone(), |facts, point| facts.intersect(&point.facts))
    }
}

/// The run under way.
pub(crate) struct Run {
    pub outcome: Outcome,
    pub saw_authn: bool,
    pub is_cut: bool,
    /// Where the journal stood when the function began.
    pub(crate) mark: usize,
    /// The first object that was not there when the function began.
    first_object: ObjId,
    /// What it had written at each point where it handed the request on.
    deltas: Vec<Delta>,
    /// The members of the request it has looked at before writing them, and what it saw.
    reads: Vec<Read>,
    /// The places of `reads`.
    has_read: FxHashSet<(ObjId, Sym)>,
    /// What functions that give arguments have given in this run.
    pub(crate) provided: Vec<(Shape, Value)>,
    /// Inputs whose parameters are declared as texts.
    pub(crate) texts: Vec<InputPath>,
    /// Values that answer, or hand the request on, when they are returned.
    verdicts: FxHashMap<ObjId, Verdict>,
}

/// What a value means when the function of a run returns it.
#[derive(Clone, Debug)]
struct Verdict {
    /// It hands the request on; else it answers.
    goes_on: bool,
    status: Option<u16>,
    is_redirect: bool,
    body: Value,
    place: Place,
    /// What held wherever it went.
    facts: FactSet,
    /// The calls that made it.
    origin: u64,
}

/// A member of the request, and what a run saw there.
type Read = (ObjId, Sym, Option<Value>);

impl Run {
    pub(crate) fn refuse(&mut self, place: Place, path: &Path, tags: Tags) {
        let point = Point { place, facts: path.facts.clone(), answered: path.answered };
        self.outcome.refusals.push((point, tags));
    }
}

/// What is run, and what it may look at: the endpoint, the names in its template, and the request's path and method.
type RunAt = (RunKey, Option<SubjectId>, Option<Rc<[Sym]>>, Option<RequestLine>);

/// Memoised runs.
#[derive(Default)]
pub(crate) struct Runs {
    states: Vec<Rc<Delta>>,
    known: FxHashMap<RunAt, Vec<Known>>,
    /// The state after writes, with the writes: an address names them only while they live.
    followers: FxHashMap<(StateId, *const Delta), (StateId, Rc<Delta>)>,
    pristine: FxHashMap<Sym, Value>,
    /// Objects that stand for the request and its parts; others that start-up code made are shared by all requests.
    request_objects: FxHashSet<ObjId>,
    /// The first object that start-up code did not make.
    first_new: Option<ObjId>,
    /// The first environment that start-up code did not make.
    first_frame: Option<FrameId>,
}

impl Trace for Runs {
    fn trace(&self, live: &mut Live) {
        let Self { states, known, followers, pristine, request_objects, first_new: _, first_frame: _ } = self;
        states.trace(live);
        trace_values(known, live);
        for ((_, _), (_, writes)) in followers {
            writes.trace(live);
        }
        trace_values(pristine, live);
        for object in request_objects {
            object.trace(live);
        }
    }
}

/// What the next function of a chain can see of what a run has left.
struct Reachable {
    objects: FxHashSet<ObjId>,
    frames: FxHashSet<FrameId>,
}

impl Reachable {
    fn has(&self, loc: Loc) -> bool {
        match loc {
            Loc::Field(id, _) | Loc::Item(id, _) => self.objects.contains(&id),
            Loc::Slot(frame, _) | Loc::Overlay(frame, _) => self.frames.contains(&frame),
        }
    }
}

/// A run that need not be repeated for a request that looks the same where the function looked.
#[derive(Clone)]
pub(crate) struct Known {
    reads: Rc<[Read]>,
    writes: Rc<Delta>,
    outcome: Rc<Outcome>,
}

impl Trace for Known {
    fn trace(&self, live: &mut Live) {
        let Self { reads, writes, outcome: _ } = self;
        for (object, _, seen) in reads.iter() {
            object.trace(live);
            seen.trace(live);
        }
        writes.trace(live);
    }
}

impl Runs {
    /// True for the objects that a framework passes for a request.
    pub(crate) fn stands_for_request(&self, object: ObjId) -> bool {
        self.request_objects.contains(&object)
    }

    fn is_of_request(&self, object: ObjId) -> bool {
        self.request_objects.contains(&object) || self.first_new.is_some_and(|first| object >= first)
    }

    /// True for an object that a request can look different in when a run begins. Those from `first_object` on are the
    /// run's own: another run makes others.
    fn is_given(&self, object: ObjId, first_object: ObjId) -> bool {
        self.request_objects.contains(&object)
            || object < first_object && self.first_new.is_some_and(|first| object >= first)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum RunKey {
    Closure(u32, Sym),
    Object(u32, Sym),
    Other(Sym, Sym),
}

fn run_key(value: &Value, entry: Sym) -> Option<RunKey> {
    match &value.shape {
        Shape::Closure(id) => Some(RunKey::Closure(id.0, entry)),
        Shape::Object(id) => Some(RunKey::Object(id.0, entry)),
        Shape::External(path) => Some(RunKey::Other(*path, entry)),
        _ => None,
    }
}

impl<'p> Evaluator<'p> {
    /// The state of a request that nothing has touched.
    pub fn fresh_state(&mut self) -> StateId {
        if self.runs.states.is_empty() {
            self.runs.states.push(Rc::default());
            self.runs.first_new = Some(self.heap.objects.next());
            self.runs.first_frame = Some(self.heap.frames.next());
        }
        StateId(0)
    }

    /// Runs one element of a chain on a request in `state`: what it does, and the state it hands on. Memoised.
    pub fn run_link(&mut self, state: StateId, value: &Value, entry: Sym) -> (StateId, Rc<Outcome>) {
        let Some(key) = run_key(value, entry) else {
            let Known { writes, outcome, .. } = self.run_fresh(state, value, entry);
            return (self.follow(state, &writes), outcome);
        };
        // What looks at the endpoint it runs for is run for each.
        let looks = self.index.entry(entry).is_some_and(|row| row.method.is_some() || row.binds);
        let by_name = self.index.entry(entry).is_some_and(|row| row.binds && row.inputs.is_some());
        let template = by_name.then(|| self.declarations.template.clone());
        let subject = self.declarations.current.filter(|_| looks);
        let key = (key, subject, template, self.request_line.clone());
        let known = self.runs.known.get(&key);
        if let Some(known) =
            known.and_then(|all| all.iter().find(|known| self.looks_same(state, &known.reads)))
        {
            let Known { writes, outcome, .. } = known.clone();
            return (self.follow(state, &writes), outcome);
        }
        let known = self.run_fresh(state, value, entry);
        let Known { writes, outcome, .. } = known.clone();
        self.runs.known.entry(key).or_default().push(known);
        (self.follow(state, &writes), outcome)
    }

    /// As [`Self::run_link`], for a request with that path and method. Where the code looks at neither, it costs
    /// nothing more.
    pub fn run_link_for(
        &mut self,
        line: &RequestLine,
        state: StateId,
        value: &Value,
        entry: Sym,
    ) -> (StateId, Rc<Outcome>) {
        // What routes by hand is known to look.
        if self.index.entry(entry).is_some_and(|row| row.dispatches) {
            self.request_line = Some(Self::sampled_line(line));
            let special = self.run_link(state, value, entry);
            self.request_line = None;
            return special;
        }
        let general = self.run_link(state, value, entry);
        if !general.1.reads_line {
            return general;
        }
        self.request_line = Some(line.clone());
        let special = self.run_link(state, value, entry);
        self.request_line = None;
        special
    }

    fn looks_same(&self, state: StateId, reads: &[Read]) -> bool {
        let delta = &self.runs.states[state.0 as usize];
        reads.iter().all(|(object, name, seen)| {
            let loc = Loc::Field(*object, *name);
            match delta.iter().find(|(known, _)| *known == loc) {
                Some((_, value)) => value == seen,
                None => self.heap.read(loc) == *seen,
            }
        })
    }

    /// The state after `writes`.
    fn follow(&mut self, state: StateId, writes: &Rc<Delta>) -> StateId {
        if writes.is_empty() {
            return state;
        }
        let key = (state, Rc::as_ptr(writes));
        if let Some((next, _)) = self.runs.followers.get(&key) {
            return *next;
        }
        let mut delta = (*self.runs.states[state.0 as usize]).clone();
        delta.retain(|(loc, _)| !writes.iter().any(|(written, _)| written == loc));
        delta.extend(writes.iter().cloned());
        let next = StateId(self.runs.states.len() as u32);
        self.runs.states.push(Rc::new(delta));
        self.runs.followers.insert(key, (next, writes.clone()));
        next
    }

    pub(crate) fn run_fresh(&mut self, state: StateId, value: &Value, entry: Sym) -> Known {
        let nothing = Known { reads: Rc::from([]), writes: Rc::default(), outcome: Rc::default() };
        let Some(row) = self.index.entry(entry) else { return nothing };
        let args = self.entry_args(row, value);
        if let Some(ty) = &row.fills {
            self.pristine(ty);
        }
        let delta = self.runs.states[state.0 as usize].clone();
        let before = self.heap.mark();
        self.heap.apply(&delta);
        let mark = self.heap.position();
        let run = Run {
            outcome: Outcome::default(),
            saw_authn: false,
            is_cut: false,
            mark,
            first_object: self.heap.objects.next(),
            deltas: Vec::new(),
            reads: Vec::new(),
            has_read: FxHashSet::default(),
            provided: Vec::new(),
            texts: Vec::new(),
            verdicts: FxHashMap::default(),
        };
        let outer_run = self.run.replace(run);
        let outer_path = std::mem::replace(&mut self.path, Path { is_live: true, ..Path::default() });
        let outer_limit = std::mem::replace(&mut self.step_limit, self.steps + self.budget.chain_item);
        self.invoke_entry(row, value, &args);
        self.step_limit = outer_limit;
        self.path = outer_path;
        let run = std::mem::replace(&mut self.run, outer_run);
        let Some(mut run) = run else {
            self.heap.take(before);
            return nothing;
        };
        let writes = self.join_writes(&mut run);
        let Run { mut outcome, reads, saw_authn, is_cut, .. } = run;
        outcome.saw_authn |= saw_authn;
        outcome.is_cut = is_cut;
        self.heap.take(before);
        Known { reads: reads.into(), writes: Rc::new(writes), outcome: Rc::new(outcome) }
    }

    /// True for an object that start-up code made and that is no part of the request.
    pub(crate) fn is_shared(&self, object: ObjId) -> bool {
        self.runs.first_new.is_some() && !self.runs.is_of_request(object)
    }

    /// Notes that the run looks at a member of the request.
    pub(crate) fn note_read(&mut self, object: ObjId, name: Sym) {
        let Some(run) = &mut self.run else { return };
        if !self.runs.is_given(object, run.first_object) || !run.has_read.insert((object, name)) {
            return;
        }
        // What stood there when the run began, whatever the run itself has written since. Looked up once.
        let seen = self.heap.read_at(run.mark, Loc::Field(object, name));
        run.reads.push((object, name, seen));
    }

    fn invoke_entry(&mut self, row: &'p EntryRow, value: &Value, args: &[Value]) {
        let place = self.place_of(value);
        if row.goes_on == GoesOn::Draws {
            self.answer(place, Some(200), &Value::UNDEFINED, false);
            return;
        }
        let outer = self.named_params.replace(&row.named);
        let bound = if row.binds { self.bound_args(value, row.inputs) } else { Vec::new() };
        self.named_params = outer;
        if !self.path.is_live {
            return;
        }
        let args = if row.binds { &bound } else { args };
        let is_watched = row.method.is_none() && matches!(value.shape, Shape::Closure(_));
        let watched = is_watched.then(|| Watched { depth: self.activations.len(), returns: Vec::new() });
        let outer = std::mem::replace(&mut self.watched, watched);
        let receiver = row.receiver.as_ref().map_or(Value::UNDEFINED, |ty| self.pristine(ty));
        let returned = match &row.method {
            Some(method) => match self.call_entry_method(value, method, args, place) {
                Some(returned) => returned,
                // A library's own middleware is a plain function.
                None if row.goes_on == GoesOn::Call => self.call(value, &Value::UNDEFINED, args, place),
                None => self.unseen_verdict(value, place),
            },
            None if row.binds && row.inputs.is_some() => self.call_provider(value, args, place),
            None if row.makes_receiver => self.call_on_instance(value, args, place),
            None => self.call(value, &receiver, args, place),
        };
        let watched = std::mem::replace(&mut self.watched, outer);
        let declared = self.declared_params(value);
        let goes_on = match row.goes_on {
            GoesOn::CallOrReturn if declared.is_none_or(|count| count < row.params.len()) => GoesOn::Return,
            GoesOn::CallOrReturn => GoesOn::Call,
            other => other,
        };
        let returns = match watched {
            Some(watched) => watched.returns,
            None if self.path.is_live => vec![(returned, self.path.clone())],
            None => Vec::new(),
        };
        // Where returning answers or hands on, a return is no open end.
        let is_open = goes_on == GoesOn::Call && !row.returns_answer;
        if is_open && self.path.is_live && !self.path.facts.has(FactKind::Answered) {
            let end = self.point(place);
            if let Some(run) = &mut self.run {
                run.outcome.ends = Some(end);
            }
        }
        let guard = value;
        for (value, path) in returns {
            self.path = Path { is_live: true, ..path };
            self.end_entry(row, goes_on, guard, &value, place);
        }
    }

    /// What returning `value` does with the request.
    fn end_entry(&mut self, row: &EntryRow, goes_on: GoesOn, guard: &Value, value: &Value, place: Place) {
        if self.path.facts.has(FactKind::Answered) {
            return;
        }
        if goes_on == GoesOn::Truthy {
            self.go_on_if(guard, value, place);
            return;
        }
        let values = self.give_verdicts(value);
        let (answers, others): (Vec<Value>, Vec<Value>) =
            values.into_iter().partition(|value| self.is_answer(value));
        let path = self.path.clone();
        for answer in &answers {
            self.give_answer(answer, place);
            self.path = path.clone();
        }
        if others.is_empty() {
            return;
        }
        // A way on which an answer was given goes no further.
        self.path.facts = self.path.open.clone();
        if goes_on == GoesOn::ReturnNothing {
            let open = self.path.clone();
            // `return check()` gives nothing where the check has passed.
            let passed = value.falsy();
            for value in &others {
                if value.is_nullish() {
                    self.assume(&passed);
                } else {
                    self.answer_by_return(row, value, place);
                    self.path = open.clone();
                }
                if value.is_nullish() || matches!(value.shape, Shape::Unknown) {
                    self.hand_on(place);
                }
                self.path = open.clone();
            }
        } else if goes_on == GoesOn::Return {
            if let Some(ty) = &row.fills {
                self.fill(ty, value, place);
            }
            self.hand_on(place);
        } else if row.returns_answer {
            if row.returns_page {
                self.page(row, value, place);
            }
            self.answer_by_return(row, value, place);
        }
    }

    /// Lets what answers, or hands the request on, do so; gives the other alternatives.
    pub(crate) fn give_verdicts(&mut self, value: &Value) -> Vec<Value> {
        let start = self.path.clone();
        let mut others: Vec<Value> = Vec::new();
        for value in value.alternatives() {
            let Some(verdict) = self.verdict(value) else {
                others.push(value.clone());
                continue;
            };
            self.assume(&verdict.facts);
            if verdict.goes_on {
                self.hand_on(verdict.place);
            } else {
                self.note_answer(Some(verdict.origin), verdict.place, verdict.status);
                let probe = self.probe.take();
                self.answer(verdict.place, verdict.status, &verdict.body, verdict.is_redirect);
                self.probe = probe;
            }
            self.path = start.clone();
        }
        others
    }

    fn answer_by_return(&mut self, row: &EntryRow, value: &Value, place: Place) {
        if self.answer_by_members(row, value, place) {
            return;
        }
        let mut status = self.path.status.unwrap_or(Some(200));
        if let Some(at) = row.status_item
            && let Some(items) = self.known_elements(value).filter(|items| items.len() > at)
        {
            if let Shape::Number(number) = items[at].shape {
                status = Some(number as u16);
            }
            // `return answer, 401`
            if let Some(answer) = items.first().filter(|first| self.verdict(first).is_some()).cloned()
                && let Some(verdict) = self.verdict(&answer)
            {
                self.assume(&verdict.facts);
                self.answer(verdict.place, status, &verdict.body, verdict.is_redirect);
                return;
            }
        }
        if row.returns_view && !self.deep_taint(value, 4).tags.intersects(TOLD) {
            self.answer(place, status, &Value::UNDEFINED, false);
        } else if !value.is_nullish() {
            // `return reply`, but not `return request.user`
            let is_passed = matches!(value.shape, Shape::Object(_))
                && !value.tags().contains(Tags::PRINCIPAL)
                && self.runs.pristine.values().any(|passed| passed.shape == value.shape);
            if !is_passed {
                self.note_answer(Some(UNSEEN), place, status);
                let probe = self.probe.take();
                self.answer(place, status, value, false);
                self.probe = probe;
            }
        } else if row.goes_on == GoesOn::Never
            && self.run.as_ref().is_some_and(|run| run.outcome.answers.is_empty())
        {
            self.answer(place, status, value, false);
        }
    }

    /// The result of code that was not seen, to which the request gave nothing.
    pub(crate) fn is_of_unseen_code(&self, value: &Value) -> bool {
        let is_opaque = match value.shape {
            Shape::Unknown => true,
            Shape::Object(id) => {
                let object = &self.heap.objects[id];
                object.class.is_none() && object.ty.is_some_and(|ty| !self.index.types.contains_key(&ty))
            }
            _ => false,
        };
        is_opaque && value.meta.is_none() && self.deep_taint(value, 1).tags.is_empty()
    }

    /// Members of `from` become members of the object of the type that functions of the chain are given.
    pub(crate) fn fill(&mut self, ty: &str, from: &Value, place: Place) {
        let Shape::Object(target) = self.pristine(ty).shape else { return };
        for value in from.alternatives() {
            let Shape::Object(source) = value.shape else { continue };
            if source == target {
                continue;
            }
            let fields = self.heap.objects[source].fields.clone();
            for (name, value) in fields {
                // What unseen code gives is known by its name alone, as where nothing fills it.
                if !self.is_of_unseen_code(&value) {
                    self.heap.write(crate::heap::Loc::Field(target, name), Some(value));
                }
            }
            let getters: Vec<Sym> = self.heap.objects[source].getters.iter().map(|(name, _)| *name).collect();
            for name in getters {
                let value = self.get(value, name, place);
                self.heap.write(crate::heap::Loc::Field(target, name), Some(value));
            }
        }
    }

    /// A value that answers, or hands the request on, when it is returned.
    pub(crate) fn verdict_value(
        &mut self,
        goes_on: bool,
        status: Option<u16>,
        is_redirect: bool,
        body: Value,
        place: Place,
    ) -> Value {
        let mut object = Object::new(Some(place));
        object.ty = Some(self.symbols.sym("$answer"));
        let id = self.heap.object(object);
        let facts = self.path.facts.clone();
        let origin = if self.probe.is_some() { self.origin(place) } else { 0 };
        if let Some(run) = &mut self.run {
            run.verdicts.insert(id, Verdict { goes_on, status, is_redirect, body, place, facts, origin });
        }
        Value::object(id)
    }

    fn verdict(&self, value: &Value) -> Option<Verdict> {
        let Shape::Object(id) = value.shape else { return None };
        self.run.as_ref()?.verdicts.get(&id).cloned()
    }

    /// A value as it is returned: what answers has been returned only where the facts of this path hold.
    pub(crate) fn as_returned(&mut self, value: Value) -> Value {
        if self.run.as_ref().is_none_or(|run| run.verdicts.is_empty()) || self.path.facts.is_empty() {
            return value;
        }
        let stamped: Vec<Value> = value.alternatives().iter().map(|value| self.stamp(value)).collect();
        match (&value.shape, stamped.as_slice()) {
            (Shape::Union(_), _) => Value { shape: Shape::Union(stamped.into()), meta: value.meta },
            (_, [one]) => one.clone(),
            _ => value,
        }
    }

    fn stamp(&mut self, value: &Value) -> Value {
        let Some(verdict) = self.verdict(value) else { return value.clone() };
        let facts = verdict.facts.union(&self.path.facts);
        if facts == verdict.facts {
            return value.clone();
        }
        let Shape::Object(id) = value.shape else { return value.clone() };
        let copy = self.heap.objects[id].clone();
        let copy = self.heap.object(copy);
        if let Some(run) = &mut self.run {
            run.verdicts.insert(copy, Verdict { facts, ..verdict });
        }
        Value { shape: Shape::Object(copy), meta: value.meta.clone() }
    }

    /// True for what a `responder` row with `is-value` gives.
    fn is_answer(&self, value: &Value) -> bool {
        let Shape::Object(id) = value.shape else { return false };
        self.heap.objects[id].field(self.symbols.sym("$answer")).is_some()
    }

    /// An answer that was made as a value is given: by returning it, most often.
    pub(crate) fn give_answer(&mut self, value: &Value, place: Place) {
        let Shape::Object(id) = value.shape else { return };
        let member = |this: &Self, name: &str| {
            this.heap.objects[id].field(this.symbols.sym(name)).cloned().unwrap_or(Value::UNDEFINED)
        };
        let status = member(self, "$status");
        let status =
            match status.alternatives().iter().find(|value| !value.is_nullish()).map(|value| &value.shape) {
                Some(Shape::Number(number)) => Some(*number as u16),
                Some(_) => None,
                None => self.path.status.unwrap_or(Some(200)),
            };
        let is_redirect = member(self, "$redirect") != Value::UNDEFINED;
        let body = member(self, "$answer");
        let place = self.heap.objects[id].place.unwrap_or(place);
        self.answer(place, status, &body, is_redirect);
    }

    /// The request is handed on if the verdict is truthy. One that is not known and proves nothing may be that of a
    /// guard.
    fn go_on_if(&mut self, guard: &Value, verdict: &Value, place: Place) {
        let verdict_truth = self.truth(verdict);
        let is_unseen = verdict_truth == Truth::Maybe || matches!(verdict.shape, Shape::Object(_));
        if verdict_truth != Truth::Truthy {
            self.refuse(place, Tags::empty());
        }
        if verdict_truth == Truth::Falsy {
            return;
        }
        let facts = verdict.truthy();
        self.assume(&facts);
        let proves = |kind: FactKind| {
            let is_other = matches!(kind, FactKind::Validated(..) | FactKind::Bound(..) | FactKind::Answered);
            !is_other && !kind.is_circumstance()
        };
        if is_unseen && self.path.facts.find(proves).is_none() {
            self.unseen_verdict(guard, place);
        }
        self.hand_on(place);
    }

    /// A guard whose verdict cannot be seen may verify the caller.
    fn unseen_verdict(&mut self, guard: &Value, place: Place) -> Value {
        let name = self.name_of(guard).unwrap_or_else(|| "a guard".to_owned());
        if lexicon::is_guard(&name) {
            let about = self.symbols.sym(&name);
            let opaque = self.fact(FactKind::Opaque(about), place, "may verify the caller", about);
            self.assume(&opaque);
        }
        Value::bool(true)
    }

    /// Where a function is defined, or else where the value was made.
    pub fn place_of(&self, value: &Value) -> Place {
        let here = Place { file: self.cx.file, span: routeward_base::Span::default() };
        self.definition(value).unwrap_or_else(|| self.shown(here))
    }

    /// Where a function, class or object of the program is defined.
    pub fn definition(&self, value: &Value) -> Option<Place> {
        let value = &self.innermost(value);
        match &value.shape {
            Shape::Closure(id) => {
                let closure = self.closure_of(*id);
                let span = self.module(closure.file).functions[closure.func].name_span;
                (!self.is_outline(closure.file)).then_some(Place { file: closure.file, span })
            }
            Shape::Class(id) => {
                let class = &self.heap.classes[*id];
                (!self.is_outline(class.file)).then(|| Place {
                    file: class.file,
                    span: self.module(class.file).classes[class.class].name_span,
                })
            }
            Shape::Object(id) | Shape::Method(id, _) => match self.shown_function(value) {
                Some(function) => self.definition(&function),
                None => self.heap.objects[*id].place,
            },
            Shape::Union(values) => values.iter().find_map(|value| self.definition(value)),
            _ => None,
        }
    }

    /// How many parameters a function of the program declares.
    pub fn declared_params(&self, value: &Value) -> Option<usize> {
        let Shape::Closure(id) = value.shape else { return None };
        let closure = self.closure_of(id);
        let given = closure.given.as_ref().map_or(0, |given| given.len());
        Some(self.module(closure.file).functions[closure.func].params.len().saturating_sub(given))
    }

    /// The signature of the last function of a chain.
    pub fn handler_entry(&self, entry: Sym) -> Sym {
        let handler = self.index.entry(entry).and_then(|row| row.handler.as_ref());
        handler.map_or(entry, |name| self.symbols.sym(name))
    }

    /// True if the function has the signature of an error handler of this entry.
    pub fn is_error_handler(&self, value: &Value, entry: Sym) -> bool {
        let params = self.index.entry(entry).map_or(0, |row| row.error_params.len());
        params > 0 && self.declared_params(value) == Some(params)
    }

    fn entry_args(&mut self, row: &EntryRow, value: &Value) -> Vec<Value> {
        let takes_error =
            !row.error_params.is_empty() && self.declared_params(value) == Some(row.error_params.len());
        let params = if takes_error { &row.error_params } else { &row.params };
        let mut args: Vec<Value> = params.iter().map(|ty| self.pristine(ty)).collect();
        if let Some(kind) = row.inputs {
            args.push(self.named_inputs(kind));
        }
        args
    }

    /// Inputs of a kind, passed by whatever names the function's parameters have.
    fn named_inputs(&mut self, kind: routeward_catalog::SourceKind) -> Value {
        let row = routeward_catalog::SourceRow { kind, ..routeward_catalog::SourceRow::default() };
        let place = Place { file: self.cx.file, span: routeward_base::Span::default() };
        let name = self.symbols.sym("");
        let inputs = self.source_value(&row, None, &[], name, place);
        if let Shape::Object(id) = inputs.shape {
            self.heap.objects[id].is_keywords = true;
        }
        inputs
    }

    /// The object of a type that the framework passes; always the same one, since each run is undone.
    pub(crate) fn pristine(&mut self, ty: &str) -> Value {
        let sym = self.symbols.sym(ty);
        if let Some(value) = self.runs.pristine.get(&sym) {
            return value.clone();
        }
        let value = if ty == "error" {
            Value::UNKNOWN.tagged(Tags::ERROR)
        } else if let Some(argument) = ty.strip_prefix("source:") {
            let path = self.symbols.sym(argument);
            let place = Place { file: self.cx.file, span: routeward_base::Span::default() };
            self.external(path, place)
        } else {
            let mut object = Object::new(None);
            object.ty = Some(sym);
            Value::object(self.heap.object(object))
        };
        self.runs.pristine.insert(sym, value.clone());
        if let Shape::Object(id) = value.shape {
            self.runs.request_objects.insert(id);
            self.fill_pristine(id, sym);
        }
        value
    }

    /// Makes the inputs of a request before any run, so that all runs see the same objects.
    fn fill_pristine(&mut self, id: ObjId, ty: Sym) {
        let place = Place { file: self.cx.file, span: routeward_base::Span::default() };
        let value = Value::object(id);
        for row in self.index.lineage(ty, &self.symbols) {
            for name in row.fields.keys() {
                let ty = row.fields[name].clone();
                let name = self.symbols.sym(name);
                let field = self.pristine(&ty);
                self.heap.write(Loc::Field(id, name), Some(field));
            }
        }
        for name in ["body", "query", "params", "headers", "cookies", "session", "payload", "state"] {
            let name = self.symbols.sym(name);
            let path = self.symbols.join(ty, name);
            let is_source = self
                .index
                .rows(path, &self.symbols)
                .iter()
                .any(|matched| matches!(matched.row, crate::index::Row::Source(_)));
            if is_source && let Shape::Object(part) = self.get(&value, name, place).shape {
                self.runs.request_objects.insert(part);
            }
        }
    }

    /// What a function has left in the request, over all points where it hands it on. A value that only some of them
    /// leave is proof of what holds there: `jwt.verify(token, key, (error, user) => { req.user = user; next(); })`
    /// beside `if (!token) return next()`.
    fn join_writes(&self, run: &mut Run) -> Delta {
        let deltas = std::mem::take(&mut run.deltas);
        let guarantee = run.outcome.guarantee();
        let beyond = |point: &Point| {
            let facts = point.facts.minus(&guarantee);
            facts.iter().filter(|fact| fact.kind != FactKind::Answered).collect::<FactSet>()
        };
        let facts: Vec<FactSet> = run.outcome.continues.iter().map(beyond).collect();
        let mut joined = Delta::new();
        let mut seen = FxHashSet::default();
        let written: Vec<ByPlace<'_>> = deltas.iter().map(ByPlace::new).collect();
        let before = if deltas.len() > 1 { self.heap.overwritten(run.mark) } else { FxHashMap::default() };
        for (loc, _) in deltas.iter().flatten() {
            if !seen.insert(*loc) {
                continue;
            }
            let mut all: Option<(Value, FactSet)> = None;
            for (written, facts) in written.iter().zip(&facts) {
                let written = written.get(*loc).cloned();
                let value = written.unwrap_or_else(|| self.left_before(&before, *loc, run));
                let value = value.unwrap_or(Value::UNDEFINED);
                all = Some(match all {
                    Some((known, with)) => (correlate(known, &with, value, facts), FactSet::default()),
                    None => (value, facts.clone()),
                });
            }
            joined.extend(all.map(|(value, _)| (*loc, Some(value))));
        }
        let kept = self.reachable(&joined);
        joined.retain(|(loc, _)| kept.has(*loc));
        let request = &self.runs.request_objects;
        run.outcome.sets_caller |= run.outcome.saw_credential
            && joined.iter().any(|(loc, value)| {
                let in_request = matches!(loc, Loc::Field(id, _) if request.contains(id));
                in_request && value.as_ref().is_some_and(|value| value.tags().contains(Tags::PRINCIPAL))
            });
        joined
    }

    /// What stood at a place when the run began.
    fn left_before(&self, before: &FxHashMap<Loc, Option<Value>>, loc: Loc, run: &mut Run) -> Option<Value> {
        let before = before.get(&loc).cloned().unwrap_or_else(|| self.heap.read(loc));
        if let Loc::Field(object, name) = loc
            && self.runs.is_given(object, run.first_object)
            && run.has_read.insert((object, name))
        {
            run.reads.push((object, name, before.clone()));
        }
        before
    }

    /// What lies in the request after a run: its objects, the new ones that writes have put into it, and what new
    /// functions in it have captured. What functions leave elsewhere, in objects that all requests share, is there for
    /// all callers alike and says nothing about this one.
    fn reachable(&self, writes: &Delta) -> Reachable {
        let mut kept = Reachable { objects: self.runs.request_objects.clone(), frames: FxHashSet::default() };
        loop {
            let count = kept.objects.len() + kept.frames.len();
            for (loc, value) in writes {
                let Some(value) = value.as_ref().filter(|_| kept.has(*loc)) else { continue };
                for value in value.alternatives() {
                    match value.shape {
                        Shape::Object(id) if self.runs.first_new.is_some_and(|first| id >= first) => {
                            kept.objects.insert(id);
                        }
                        Shape::Closure(id) => self.captured(id, &mut kept.frames),
                        _ => {}
                    }
                }
            }
            if kept.objects.len() + kept.frames.len() == count {
                return kept;
            }
        }
    }

    /// The environments that a function made in a run has captured.
    fn captured(&self, closure: ClosureId, frames: &mut FxHashSet<FrameId>) {
        let is_new = |frame: FrameId| self.runs.first_frame.is_some_and(|first| frame >= first);
        let mut next = Some(self.closure_of(closure).env);
        while let Some(frame) = next.filter(|frame| is_new(*frame) && frames.insert(*frame)) {
            next = self.heap.frames[frame].parent;
        }
    }

    // ---------------------------------------------------------------------------------------- what a run does

    pub(crate) fn point(&self, place: Place) -> Point {
        Point { place, facts: self.path.facts.clone(), answered: self.path.answered }
    }

    /// The request is handed on here.
    pub(crate) fn hand_on(&mut self, place: Place) {
        let point = self.point(place);
        let Some(mark) = self.run.as_ref().map(|run| run.mark) else { return };
        let delta = self.heap.peek(mark);
        if let Some(run) = &mut self.run {
            run.outcome.continues.push(point);
            run.deltas.push(delta);
        }
    }

    /// The rest of the route is skipped here.
    pub(crate) fn skip(&mut self, place: Place) {
        let point = self.point(place);
        if let Some(run) = &mut self.run {
            run.outcome.skips.push(point);
        }
    }

    /// The request is ended here by an error.
    pub(crate) fn refuse(&mut self, place: Place, tags: Tags) {
        let path = self.path.clone();
        if let Some(run) = &mut self.run {
            run.refuse(place, &path, tags);
        }
    }

    /// The request is ended here where a value is falsy; false if it is ended on every way.
    pub(crate) fn refuse_unless(&mut self, value: &Value, place: Place) -> bool {
        self.fork(
            value,
            place,
            |_| Value::UNDEFINED,
            |inner| {
                inner.refuse(place, Tags::empty());
                inner.path.is_live = false;
                Value::UNDEFINED
            },
        );
        self.path.is_live
    }

    /// The request is answered here.
    pub(crate) fn answer(&mut self, place: Place, status: Option<u16>, body: &Value, is_redirect: bool) {
        self.note_answer(None, place, status);
        let point = self.point(place);
        let tags = self.deep_taint(body, 4).tags;
        let leak = self.leak_of(body, 4);
        let is_fixed = self.is_fixed(body, 4);
        let is_later = self.asides > 0;
        let said = self.said(body);
        let exposures = self.exposures(body, place);
        if let Some(run) = &mut self.run {
            let answer = Answer { point, status, is_redirect, is_later, leak, tags, is_fixed, said };
            run.outcome.answers.push(answer);
            run.outcome.exposures.extend(exposures);
        }
        let about = self.symbols.sym("answer");
        let answered = self.fact(FactKind::Answered, place, "answers", about);
        self.assume(&answered);
        self.path.answered = self.path.answered.or(Some(place));
    }

    /// A limiter was passed: what is known behind a function that refuses on a count.
    pub fn limited_by(&mut self, answer: Place) -> FactSet {
        let about = self.symbols.sym("429");
        self.fact(FactKind::Limited, answer, "is answered to callers that come too often", about)
    }

    /// The value is a constant, or made of constants.
    fn is_fixed(&self, value: &Value, depth: u32) -> bool {
        match &value.shape {
            Shape::Undefined | Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Str(_) => {
                value.tags().is_empty()
            }
            Shape::Object(id) if depth > 0 => {
                let object = &self.heap.objects[*id];
                let members =
                    object.fields.iter().map(|(_, value)| value).chain(object.items.iter().flatten());
                object.ty.is_none()
                    && !object.is_open
                    && object.taint.tags.is_empty()
                    && members.take(64).all(|member| self.is_fixed(member, depth - 1))
            }
            Shape::Union(values) => values.iter().all(|value| self.is_fixed(value, depth)),
            _ => false,
        }
    }

    /// The status of an answer that was given before its status was set.
    pub(crate) fn amend_answer(&mut self, status: Option<u16>) {
        let answered = self.path.answered;
        if self.path.facts.has(FactKind::Answered)
            && let Some(run) = &mut self.run
            && let Some(answer) =
                run.outcome.answers.iter_mut().rev().find(|answer| Some(answer.point.place) == answered)
        {
            answer.status = status;
        }
    }

    fn leak_of(&self, body: &Value, depth: u32) -> Option<Leak> {
        if body.tags().contains(Tags::ERROR) {
            let origin = body.meta.as_ref().and_then(|meta| meta.origin);
            let is_message = origin.is_some_and(|sym| self.symbols.with(sym, |text| text == "message"));
            return Some(if is_message { Leak::Message } else { Leak::Whole });
        }
        let Shape::Object(id) = body.shape else { return None };
        if depth == 0 {
            return None;
        }
        let object = &self.heap.objects[id];
        let members = object.fields.iter().map(|(_, value)| value).chain(object.items.iter().flatten());
        let mut leaks = members.filter_map(|member| self.leak_of(member, depth - 1));
        // A stack beside a message is what counts.
        let first = leaks.next();
        if leaks.any(|leak| leak == Leak::Whole) { Some(Leak::Whole) } else { first }
    }

    pub(crate) fn note_input(&mut self, input: InputPath) {
        if let Some(run) = &mut self.run
            && !run.outcome.inputs.contains(&input)
        {
            run.outcome.inputs.push(input);
        }
    }

    pub(crate) fn note_password(&mut self, place: Place) {
        if let Some(run) = &mut self.run {
            run.outcome.checks_password.get_or_insert(place);
        }
    }

    pub(crate) fn note_effect(&mut self, effect: EffectId, place: Place) {
        let point = self.point(place);
        if let Some(run) = &mut self.run {
            run.outcome.effects.push((effect, point));
        }
    }
}
