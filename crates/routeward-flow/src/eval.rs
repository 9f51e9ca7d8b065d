//! The interpreter: statements and expressions over abstract values.
//!
//! One path is followed at a time. A branch whose condition is not known is run on both sides; what the sides
//! wrote is merged, and the facts that hold afterwards are those that both sides know. A path that returns,
//! throws or jumps is no longer live and takes no part in what follows.

use std::rc::Rc;

use routeward_base::{FileId, FxHashMap, IndexVec};
use routeward_catalog::Models;
use routeward_diag::Place;
use routeward_ir::{
    Arg, Args, BinaryOp, Block, Case, ClassId, Expr, ExprId, FuncId, Key, LogicalOp, MemberKind, Module, Pat,
    PatId, Program, Property, SlotId, SlotKind, Stmt, StmtId, TypeId, TypeKind, UnaryOp, UpdateOp,
};

use crate::arguments::CallSites;
use crate::event::Event;
use crate::fact::{EvidenceTable, FactKind, FactSet, HOLDS, IS_LESS, IS_MORE, Reason};
use crate::free::share_free;
use crate::heap::{Delta, Frame, Heap, Loc, Object};
use crate::index::Index;
use crate::line::RequestLine;
use crate::place::folder;
use crate::run::{EffectRecord, Run, Runs};
use crate::sweep::{Live, Trace};
use crate::taint::{Flow, FlowId, SinkKinds, Taint, Traces, Via};
use crate::template::Rendering;
use crate::value::{
    ClassValue, ClassValueId, Closure, ClosureId, EffectId, FrameId, ObjId, Piece, Shape, Tags, Truth, Value,
};
use crate::{Sym, Symbols, lexicon};

/// How much is evaluated before an entry is cut and reported as incomplete. Counted in steps, never in time.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Expressions evaluated at start-up.
    pub start_up: u64,
    /// Expressions evaluated at start-up in functions that nobody calls, and as many in those that only unseen code
    /// calls.
    pub unbidden: u64,
    /// Expressions evaluated for one element of a chain.
    pub chain_item: u64,
    /// Rounds of a loop over known elements.
    pub rounds: usize,
    /// Nested calls.
    pub calls: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { start_up: 4_000_000, unbidden: 4_000_000, chain_item: 60_000, rounds: 512, calls: 40 }
    }
}

/// Code that at start-up may never be called. What comes later may run inside of what comes first, on its own account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Unbidden {
    /// A function that nobody calls.
    Uncalled,
    /// A function that is handed to unseen code.
    Callback,
}

/// Where evaluation gave up, and why.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Incomplete {
    /// The code that was not followed.
    pub place: Place,
    /// Why.
    pub reason: &'static str,
}

/// The state of one path.
#[derive(Clone, Default, Debug)]
pub(crate) struct Path {
    /// The path goes on.
    pub is_live: bool,
    /// What holds.
    pub facts: FactSet,
    /// An answer that some way here has given.
    pub answered: Option<Place>,
    /// What holds if no answer has been given yet; says nothing where one surely has.
    pub open: FactSet,
    /// The status that an answer will have: unset, or set to something that may not be known.
    #[expect(clippy::option_option, reason = "unset and unknown are different answers")]
    pub status: Option<Option<u16>>,
    /// The statement by which a function returned.
    pub returned: Option<Place>,
}

/// The code being evaluated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cx {
    pub file: FileId,
    pub frame: FrameId,
}

pub(crate) struct Activation {
    pub file: FileId,
    pub func: FuncId,
    /// Values returned so far, with the facts that held.
    pub returns: Vec<(Value, Path)>,
}

/// The returns of a function that the framework calls, kept apart: what each does with the request differs.
pub(crate) struct Watched {
    /// How many activations lie below the function's own.
    pub depth: usize,
    pub returns: Vec<(Value, Path)>,
}

/// What a generator has yielded.
pub(crate) struct Collected {
    values: Vec<Value>,
    /// Undecided branches around the generator's call.
    conditions: usize,
    is_open: bool,
}

#[derive(Default)]
pub(crate) struct Jumps {
    breaks: Vec<(Option<Sym>, Path)>,
    continues: Vec<Path>,
    label: Option<Sym>,
}

/// A continuation that runs when the top-level code has ended.
pub(crate) struct Deferred {
    pub cx: Cx,
    pub function: Value,
    pub receiver: Value,
    pub result: Value,
    pub place: Place,
}

impl Trace for Deferred {
    fn trace(&self, live: &mut Live) {
        let Self { cx, function, receiver, result, place: _ } = self;
        cx.frame.trace(live);
        function.trace(live);
        receiver.trace(live);
        result.trace(live);
    }
}

/// The jumps of a function that has called another.
pub(crate) struct JumpStack(Vec<Jumps>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Status {
    Idle,
    Running,
    Done,
}

pub(crate) struct ModuleState {
    status: Status,
    /// Symbols of the file's names.
    pub names: Vec<Sym>,
    positions: Vec<u32>,
    counts: Vec<u32>,
    /// Slots that code assigns after their declaration.
    pub assigned: routeward_base::FxHashSet<SlotId>,
    /// The slot by which a named function expression knows itself.
    pub own_slots: FxHashMap<FuncId, SlotId>,
    /// What each import binding takes.
    pub imported: FxHashMap<SlotId, (routeward_ir::ImportId, routeward_ir::Imported)>,
    pub frame: Option<FrameId>,
    pub exports: Value,
}

impl Trace for ModuleState {
    fn trace(&self, live: &mut Live) {
        let Self {
            status: _,
            names: _,
            positions: _,
            counts: _,
            assigned: _,
            own_slots: _,
            imported: _,
            frame,
            exports,
        } = self;
        frame.trace(live);
        exports.trace(live);
    }
}

/// The evaluator of one program.
pub struct Evaluator<'p> {
    /// The program.
    pub program: &'p Program<'p>,
    /// The language whose code is evaluated.
    pub language: &'p str,
    /// The models.
    pub index: Index<'p>,
    /// Names.
    pub symbols: Symbols,
    /// Why facts hold.
    pub evidence: EvidenceTable,
    /// Registrations in program order.
    pub events: Vec<Event>,
    /// How many events the programs themselves have caused; those behind come from factories that only others call.
    pub started: usize,
    /// What was not followed.
    pub incomplete: Vec<Incomplete>,
    /// Reads and writes of stored data.
    pub effects: IndexVec<EffectId, EffectRecord>,
    /// The ways of values.
    pub traces: Traces,
    /// What of the client's reaches sinks.
    pub flows: IndexVec<FlowId, Flow>,
    /// Calls that are wrong by themselves, by place and lint.
    pub(crate) misuses: FxHashMap<(Place, &'p str), crate::misuse::Misuse>,
    /// Texts of the source that are used as keys, by where they are used and what for.
    pub(crate) keys: std::collections::BTreeMap<(Place, &'p str), crate::hardcoded::Hardcoded>,
    /// What runs is reached by no endpoint and no start-up.
    pub(crate) is_surveying: bool,
    /// What start-up does not go on with.
    pub(crate) refused: crate::refused::Refused<'p>,
    /// Settings that are used as keys, by the same.
    pub(crate) named_keys: std::collections::BTreeMap<(Place, &'p str), crate::named_key::NamedKey>,
    /// The columns of stored rows.
    pub(crate) records: crate::secret::Records,
    pub(crate) columns: crate::column::Defined,
    /// Classes of which a container is making an instance.
    pub(crate) put_in_now: Vec<crate::value::ClassValueId>,
    /// What the programs provide for their requests, and where they first do.
    pub(crate) provisions: std::collections::BTreeMap<routeward_catalog::Provision, Place>,
    /// Those of code that runs for no endpoint: it asks for the request by itself, and who calls it is not known.
    pub loose_flows: Vec<FlowId>,
    pub(crate) asked: crate::used::Asked,
    /// Where modules are loaded whose names are not known, and what these begin with.
    pub loads_unknown: std::collections::BTreeSet<(Place, String)>,
    /// The names around places of calls, and whether their values are returned.
    pub(crate) purposes: FxHashMap<Place, (Vec<String>, bool)>,
    /// What calls write into logs under the name of something confidential, by place.
    pub(crate) revealed: crate::revealed::Revealed,
    /// While it is found out what a function accepts: what it has told its callback so far.
    pub(crate) decisions: Option<Vec<Value>>,
    pub(crate) heap: Heap,
    pub(crate) modules: IndexVec<FileId, ModuleState>,
    pub(crate) path: Path,
    pub(crate) cx: Cx,
    pub(crate) activations: Vec<Activation>,
    pub(crate) run: Option<Run>,
    pub(crate) runs: Runs,
    pub(crate) conditions: Vec<(Place, bool)>,
    pub(crate) states: FxHashMap<(String, String), Value>,
    /// The templates of pages.
    pub(crate) rendering: Rendering,
    pub(crate) budget: Budget,
    pub(crate) steps: u64,
    pub(crate) step_limit: u64,
    /// What is left of the budgets for code that may never be called.
    pub(crate) unbidden: [u64; 2],
    /// Such code is under way.
    pub(crate) under_way: Option<Unbidden>,
    pub(crate) versions: FxHashMap<(FileId, String), Option<String>>,
    pub(crate) calls_seen: routeward_base::FxHashSet<(FileId, FuncId)>,
    /// Those of them that something surely asks for.
    pub(crate) calls_bidden: routeward_base::FxHashSet<(FileId, FuncId)>,
    pub(crate) jumps: Vec<Jumps>,
    pub(crate) tries: Vec<Vec<Path>>,
    pub(crate) class_instances: FxHashMap<ClassValueId, Value>,
    pub(crate) declarations: crate::declared::Declarations,
    pub(crate) services: crate::service::Services,
    pub(crate) function_objects: FxHashMap<(FileId, FuncId, FrameId), ObjId>,
    pub(crate) namespaces: Vec<FileId>,
    /// Import bindings that are being looked up.
    pub(crate) importing: Vec<(FileId, SlotId)>,
    /// Names of members that code of the program assigns.
    pub(crate) assigned_names: routeward_base::FxHashSet<Sym>,
    pub(crate) call_sites: CallSites,
    pub(crate) request_line: Option<RequestLine>,
    /// Names that are global in a part of the repository.
    pub(crate) globals: crate::named::Globals,
    /// Registrations that later calls change.
    pub(crate) parts: crate::part::Parts,
    /// Endpoints that wait for the names of their addresses.
    pub(crate) addresses: crate::address::Addresses<'p>,
    /// The parameters that the entry under way knows by their names.
    pub(crate) named_params: Option<&'p std::collections::BTreeMap<String, String>>,
    /// Folders that serve their files.
    pub(crate) sites: crate::place::Sites,
    /// While it is looked up which scopes a handler hands requests on to: those met so far.
    pub(crate) served: Option<Vec<ObjId>>,
    pub(crate) deferred: Vec<Deferred>,
    pub(crate) next_deferred: usize,
    /// What each promise under construction was resolved with, and what held there.
    pub(crate) promises: Vec<Vec<(Value, FactSet)>>,
    /// Nested code that may run later.
    pub(crate) asides: u32,
    /// Functions that do not run for the registration at a place, by path.
    pub lifted: Vec<(Place, Sym)>,
    pub(crate) watched: Option<Watched>,
    /// Handlers that get all requests of a server.
    pub(crate) by_hand: Vec<crate::dispatch::Served>,
    /// What the sample request under way shows.
    pub(crate) probe: Option<crate::dispatch::Probe>,
    /// Where the active functions were called.
    pub(crate) call_places: Vec<Place>,
    /// Code under way that runs only after an error.
    pub(crate) catching: u32,
    /// What the generators that are being collected have yielded, and whether more may follow.
    pub(crate) collected: Vec<Collected>,
    /// How deep functions that give arguments are nested.
    pub(crate) binding: u32,
    /// The scope that the call under way has made.
    pub(crate) making: Option<Value>,
    /// The instance that is being made, as long as the constructor of a library that its class derives from is due.
    pub(crate) unbased: Option<Value>,
    /// Libraries that models tell in code.
    pub(crate) outlines: crate::outline::Outlines,
    /// Programs whose settings stand in modules of their own.
    pub(crate) projects: crate::settings::Projects<'p>,
    pub(crate) depth: u32,
    /// How many objects and environments there will be when those out of reach are freed next.
    pub(crate) next_sweep: usize,
}

/// Nested expressions and statements of all active calls together; keeps the machine's stack bounded.
const MAX_DEPTH: u32 = 4_000;

/// The part of what is left of the budget for unbidden code that one function may use up: one in this many.
const SHARE: u64 = 4;

impl<'p> Evaluator<'p> {
    /// Prepares the evaluation of the code of a language in `program`.
    pub fn new(program: &'p Program<'p>, models: &'p Models, language: &'p str) -> Self {
        let symbols = Symbols::default();
        let index = Index::new(models, language, &symbols);
        let idle = |_| ModuleState {
            status: Status::Idle,
            names: Vec::new(),
            positions: Vec::new(),
            counts: Vec::new(),
            assigned: routeward_base::FxHashSet::default(),
            own_slots: FxHashMap::default(),
            imported: FxHashMap::default(),
            frame: None,
            exports: Value::UNDEFINED,
        };
        let budget = Budget::default();
        let assigned_names = program
            .units
            .iter()
            .flat_map(|unit| assigned_members(&unit.module))
            .map(|name| symbols.sym(name))
            .collect();
        Self {
            program,
            language,
            index,
            symbols,
            evidence: EvidenceTable::default(),
            events: Vec::new(),
            started: usize::MAX,
            incomplete: Vec::new(),
            effects: IndexVec::new(),
            traces: Traces::default(),
            flows: IndexVec::new(),
            misuses: FxHashMap::default(),
            keys: std::collections::BTreeMap::default(),
            is_surveying: false,
            refused: crate::refused::Refused::default(),
            named_keys: std::collections::BTreeMap::default(),
            records: crate::secret::Records::default(),
            columns: crate::column::Defined::default(),
            put_in_now: Vec::new(),
            revealed: crate::revealed::Revealed::default(),
            provisions: std::collections::BTreeMap::new(),
            loose_flows: Vec::new(),
            asked: crate::used::Asked::default(),
            loads_unknown: std::collections::BTreeSet::new(),
            purposes: FxHashMap::default(),
            decisions: None,
            heap: Heap::default(),
            modules: program.units.iter().map(idle).collect(),
            path: Path { is_live: true, ..Path::default() },
            cx: Cx { file: FileId(0), frame: FrameId(0) },
            activations: Vec::new(),
            run: None,
            runs: Runs::default(),
            conditions: Vec::new(),
            states: FxHashMap::default(),
            rendering: Rendering::default(),
            budget,
            steps: 0,
            step_limit: budget.start_up,
            unbidden: [budget.unbidden; 2],
            under_way: None,
            versions: FxHashMap::default(),
            calls_seen: routeward_base::FxHashSet::default(),
            calls_bidden: routeward_base::FxHashSet::default(),
            jumps: Vec::new(),
            tries: Vec::new(),
            class_instances: FxHashMap::default(),
            declarations: crate::declared::Declarations::default(),
            services: crate::service::Services::default(),
            function_objects: FxHashMap::default(),
            namespaces: Vec::new(),
            importing: Vec::new(),
            assigned_names,
            call_sites: CallSites::default(),
            request_line: None,
            globals: crate::named::Globals::default(),
            parts: crate::part::Parts::default(),
            addresses: crate::address::Addresses::default(),
            named_params: None,
            sites: crate::place::Sites::default(),
            served: None,
            deferred: Vec::new(),
            next_deferred: 0,
            promises: Vec::new(),
            asides: 0,
            lifted: Vec::new(),
            watched: None,
            by_hand: Vec::new(),
            probe: None,
            call_places: Vec::new(),
            catching: 0,
            collected: Vec::new(),
            binding: 0,
            making: None,
            unbased: None,
            outlines: crate::outline::Outlines::new(program, language),
            projects: crate::settings::Projects::default(),
            depth: 0,
            next_sweep: 0,
        }
    }

    pub(crate) fn module(&self, file: FileId) -> &'p Module {
        &self.program.units[file].module
    }

    pub(crate) fn sym(&self, file: FileId, name: routeward_base::Name) -> Sym {
        self.modules[file].names[routeward_base::Idx::raw(name) as usize]
    }

    pub(crate) fn here(&self, expr: ExprId) -> Place {
        self.shown(Place { file: self.cx.file, span: self.module(self.cx.file).expr_spans[expr] })
    }

    /// Makes the file's names and slots known. Cheap when repeated.
    pub(crate) fn prepare(&mut self, file: FileId) {
        if !self.modules[file].names.is_empty() || self.modules[file].frame.is_some() {
            return;
        }
        let module = self.module(file);
        let names = (0..module.names.len() as u32)
            .map(|i| self.symbols.sym(module.text(routeward_base::Name(i))))
            .collect();
        let mut counts = vec![0_u32; module.functions.len()];
        let mut positions = Vec::with_capacity(module.slots.len());
        for slot in &module.slots {
            let count = &mut counts[slot.func.0 as usize];
            positions.push(*count);
            *count += 1;
        }
        let bindings = module.imports.iter_enumerated().flat_map(|(id, import)| {
            import.bindings.iter().map(move |binding| (binding.slot, (id, binding.imported)))
        });
        let own_slots = module.slots.iter_enumerated().filter_map(|(id, slot)| {
            let code = &module.functions[slot.func];
            (slot.kind == SlotKind::Function && code.name_span == slot.span).then_some((slot.func, id))
        });
        let state = &mut self.modules[file];
        (state.names, state.positions, state.counts) = (names, positions, counts);
        state.imported = bindings.collect();
        state.own_slots = own_slots.collect();
        state.assigned = assigned_slots(module);
    }

    /// Runs the top-level code of a file and of what it imports, once.
    pub fn load(&mut self, file: FileId) {
        if self.modules[file].status != Status::Idle || self.module(file).functions.is_empty() {
            return;
        }
        self.prepare(file);
        self.modules[file].status = Status::Running;
        // What one file does at its start must not leave out that of the others.
        let (steps, limit) = (self.steps, self.step_limit);
        self.step_limit = limit.min(steps + self.budget.start_up / SHARE);
        let since = self.heap.stand();
        let exports = Value::object(self.heap.object(Object::new(None)));
        self.modules[file].exports = exports.clone();
        let frame = self.new_frame(file, Module::TOP, None, exports);
        self.modules[file].frame = Some(frame);
        let module = self.module(file);
        for (id, import) in module.imports.iter_enumerated() {
            let is_needed =
                matches!(import.kind, routeward_ir::ImportKind::Static | routeward_ir::ImportKind::ReExport);
            if is_needed
                && !import.type_only
                && let Some(routeward_ir::Target::File(target)) = self.program.units[file].targets.get(id)
            {
                self.load(*target);
            }
        }
        let outer = std::mem::replace(&mut self.cx, Cx { file, frame });
        let path = std::mem::replace(&mut self.path, Path { is_live: true, ..Path::default() });
        let conditions = std::mem::take(&mut self.conditions);
        self.activations.push(Activation { file, func: Module::TOP, returns: Vec::new() });
        self.exec_block(module.functions[Module::TOP].body);
        self.activations.pop();
        self.run_deferred();
        self.refused.extend(&self.path);
        (self.cx, self.path, self.conditions) = (outer, path, conditions);
        self.heap.settle_since(since);
        // A file that loads others has its own share beside theirs.
        let is_bidden = self.run.is_none() && self.under_way.is_none();
        let theirs = if is_bidden { self.steps - steps } else { 0 };
        self.step_limit = limit.max((limit + theirs).min(self.budget.start_up));
        self.modules[file].status = Status::Done;
    }

    /// True while the file's top-level code is running.
    pub(crate) fn is_running(&self, file: FileId) -> bool {
        self.modules[file].status == Status::Running
    }

    /// True once the file's top-level code has run.
    pub fn is_loaded(&self, file: FileId) -> bool {
        self.modules[file].status != Status::Idle
    }

    pub(crate) fn new_frame(
        &mut self,
        file: FileId,
        func: FuncId,
        parent: Option<FrameId>,
        this: Value,
    ) -> FrameId {
        let count = self.modules[file].counts.get(func.0 as usize).copied().unwrap_or(0);
        let slots = vec![Value::UNDEFINED; count as usize];
        self.heap.frames.push(Frame { slots, ..Frame::new(file, func, parent, this) })
    }

    // ---------------------------------------------------------------------------------------- paths and facts

    pub(crate) fn truth(&self, value: &Value) -> Truth {
        if let Shape::Union(values) = &value.shape {
            let truths: Vec<Truth> = values.iter().map(|value| self.truth(value)).collect();
            return if truths.iter().all(|truth| *truth == truths[0]) { truths[0] } else { Truth::Maybe };
        }
        if let Shape::Object(id) = value.shape
            && value.meta.is_none()
            && self.is_empty_collection(id)
        {
            return Truth::Falsy;
        }
        if let Shape::Object(id) = value.shape
            && self.is_unseen(id)
            && self.heap.objects[id].ty.is_some_and(|ty| self.is_without_rows(ty))
        {
            return Truth::Maybe;
        }
        value.truth(|sym| self.symbols.with(sym, str::is_empty))
    }

    /// True for a collection without elements, in languages where it is falsy.
    fn is_empty_collection(&self, id: ObjId) -> bool {
        let object = &self.heap.objects[id];
        self.module(self.cx.file).semantics.empty_is_falsy
            && !object.is_open
            && object.ty.is_none()
            && object.class.is_none()
            && object.input.is_none()
            && object.fields.is_empty()
            && object.items.as_ref().is_none_or(Vec::is_empty)
    }

    /// Adds facts to the path.
    pub(crate) fn assume(&mut self, facts: &FactSet) {
        if facts.is_empty() {
            return;
        }
        self.path.facts = self.path.facts.union(facts);
        self.path.open = self.path.open.union(facts);
        if let Some(run) = &mut self.run
            && let Some(authn) = facts.find(|kind| matches!(kind, FactKind::Authn))
        {
            run.saw_authn = true;
            // Who has only looked into the session has not looked at what this request presents.
            run.outcome.saw_credential |=
                self.evidence.get(authn.evidence).phrase != crate::member::IN_SESSION;
        }
    }

    pub(crate) fn fact(&mut self, kind: FactKind, place: Place, phrase: &'static str, about: Sym) -> FactSet {
        FactSet::one(kind, self.evidence.add(Reason { place, phrase, about }))
    }

    /// Runs `yes` where the test holds and `no` where it does not, and merges.
    pub(crate) fn fork(
        &mut self,
        test: &Value,
        place: Place,
        yes: impl FnOnce(&mut Self) -> Value,
        no: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        match self.truth(test) {
            Truth::Truthy => {
                self.assume(&test.truthy());
                return yes(self);
            }
            Truth::Falsy => {
                self.assume(&test.falsy());
                return no(self);
            }
            Truth::Maybe => {}
        }
        let start = self.path.clone();
        let from = self.effects.next().0;
        let (left, mut left_path, left_delta) = self.side(place, true, &test.truthy(), yes);
        self.path = start;
        let between = self.effects.next().0;
        let (right, mut right_path, right_delta) = self.side(place, false, &test.falsy(), no);
        if self.effects.next().0 > from {
            share_free(&mut left_path, &mut right_path, [from, between, self.effects.next().0]);
        }
        let only_left = left_path.facts.minus(&right_path.facts);
        let only_right = right_path.facts.minus(&left_path.facts);
        // What a path wrote into its own slots is gone when the path has returned.
        let outlives = |loc: Loc| !matches!(loc, Loc::Slot(..) | Loc::Overlay(..));
        match (left_path.is_live, right_path.is_live) {
            (true, true) => {
                self.heap.merge(&left_delta, &only_left, &right_delta, &only_right);
                self.path = meet(&left_path, &right_path);
                let left = left.when_truthy(&only_left).when_falsy(&only_left);
                let right = right.when_truthy(&only_right).when_falsy(&only_right);
                left.join(&right)
            }
            (true, false) => {
                self.heap.apply_weakly(&right_delta, &only_right, &only_left, outlives);
                self.heap.apply(&left_delta);
                self.path = left_path;
                left
            }
            (false, true) => {
                self.heap.apply_weakly(&left_delta, &only_left, &only_right, outlives);
                self.heap.apply(&right_delta);
                self.path = right_path;
                right
            }
            (false, false) => {
                self.heap.apply_weakly(&left_delta, &only_left, &only_right, outlives);
                self.heap.apply_weakly(&right_delta, &only_right, &only_left, outlives);
                self.path = meet(&left_path, &right_path);
                self.path.is_live = false;
                Value::UNDEFINED
            }
        }
    }

    fn side(
        &mut self,
        place: Place,
        outcome: bool,
        facts: &FactSet,
        run: impl FnOnce(&mut Self) -> Value,
    ) -> (Value, Path, Delta) {
        let mark = self.heap.mark();
        self.conditions.push((place, outcome));
        self.assume(facts);
        let value = run(self);
        self.conditions.pop();
        let path = std::mem::take(&mut self.path);
        (value, path, self.heap.take(mark))
    }

    /// Runs code that may run later, or not at all: what it learns holds only inside.
    pub(crate) fn aside<R>(&mut self, run: impl FnOnce(&mut Self) -> R) -> R {
        let path = self.path.clone();
        self.asides += 1;
        let result = run(self);
        self.asides -= 1;
        self.path = path;
        result
    }

    /// True in code whose exceptions are caught.
    pub(crate) fn is_trying(&self) -> bool {
        !self.tries.is_empty()
    }

    /// Runs code that at start-up may never be called, with a share of a budget of its own: what surely runs must not
    /// be left out for its sake, nor a factory for the callbacks that it hands to unseen code.
    pub(crate) fn unbidden<R>(&mut self, kind: Unbidden, run: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.under_way;
        if self.run.is_some() || outer.is_some_and(|outer| outer >= kind) {
            return run(self);
        }
        let (steps, limit) = (self.steps, self.step_limit);
        self.step_limit = steps + self.unbidden[kind as usize] / SHARE;
        self.under_way = Some(kind);
        let result = run(self);
        self.under_way = outer;
        let left = &mut self.unbidden[kind as usize];
        *left = left.saturating_sub(self.steps - steps);
        (self.steps, self.step_limit) = (steps, limit);
        result
    }

    /// Runs code that is not asked for by any endpoint, with a budget of its own.
    pub(crate) fn within<R>(&mut self, steps: u64, run: impl FnOnce(&mut Self) -> R) -> R {
        let left = self.unbidden;
        self.unbidden = left.map(|_| steps * SHARE);
        let result = run(self);
        self.unbidden = left;
        result
    }

    fn step(&mut self, place: impl Fn(&Self) -> Place) -> bool {
        self.steps += 1;
        if self.steps > self.step_limit {
            if self.steps == self.step_limit + 1 {
                let place = place(self);
                self.cut(place, "the step budget is used up");
            }
            return false;
        }
        true
    }

    pub(crate) fn cut(&mut self, place: Place, reason: &'static str) {
        self.incomplete.push(Incomplete { place, reason });
        if let Some(run) = &mut self.run {
            run.is_cut = true;
        }
    }

    fn deeper<R>(&mut self, place: Place, otherwise: R, run: impl FnOnce(&mut Self) -> R) -> R {
        if self.depth >= MAX_DEPTH {
            self.cut(place, "the code is nested too deeply");
            return otherwise;
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    // ---------------------------------------------------------------------------------------- statements

    pub(crate) fn exec_block(&mut self, block: Block) {
        let module = self.module(self.cx.file);
        for stmt in block.of(&module.stmt_pool) {
            if !self.path.is_live {
                return;
            }
            self.exec(*stmt);
        }
    }

    fn exec(&mut self, stmt: StmtId) {
        let place =
            self.shown(Place { file: self.cx.file, span: self.module(self.cx.file).stmt_spans[stmt] });
        if !self.step(|_| place) {
            return;
        }
        self.deeper(place, (), |this| this.exec_inner(stmt, place));
    }

    fn exec_inner(&mut self, stmt: StmtId, place: Place) {
        let module = self.module(self.cx.file);
        match &module.stmts[stmt] {
            Stmt::Expr(e) => {
                // An import that binds nothing runs the other module; its names are not asked for yet.
                if let Expr::Import(import) = module.exprs[*e] {
                    self.run_import(import);
                } else {
                    self.eval(*e);
                }
            }
            Stmt::Declare { pat, init, ty } => {
                let value = init.map_or(Value::UNDEFINED, |e| self.eval(e));
                let value = self.typed(value, *ty, place);
                self.bind(*pat, value, true);
            }
            Stmt::Function(slot, func) => {
                let value = self.closure(*func);
                self.declare(*slot, value);
            }
            Stmt::Class(slot, class) => {
                let value = self.class(*class, Some(*slot));
                self.declare(*slot, value);
            }
            Stmt::If { test, then, other } => {
                let test_place = self.here(*test);
                let test = self.eval(*test);
                let (then, other) = (*then, *other);
                self.fork(
                    &test,
                    test_place,
                    |this| {
                        this.exec_block(then);
                        Value::UNDEFINED
                    },
                    |this| {
                        this.exec_block(other);
                        Value::UNDEFINED
                    },
                );
            }
            Stmt::Loop { init, test, update, body, test_last } => {
                self.exec_block(*init);
                self.exec_loop(*test, *update, *body, *test_last, place);
            }
            Stmt::ForEach { pat, iterable, over_keys, body } => {
                self.exec_for_each(*pat, *iterable, *over_keys, *body);
            }
            Stmt::Switch { subject, cases } => self.exec_switch(*subject, cases, place),
            Stmt::Try { body, catch, finally } => self.exec_try(*body, catch.as_ref(), *finally),
            Stmt::Return(value) => {
                let value = value.map_or(Value::UNDEFINED, |e| self.eval(e));
                if !self.path.is_live {
                    return;
                }
                let value = self.as_returned(value);
                let value = self.kept(value);
                let path = Path { returned: Some(place), ..self.path.clone() };
                if let Some(activation) = self.activations.last_mut() {
                    activation.returns.push((value, path));
                }
                self.path.is_live = false;
            }
            Stmt::Throw(value) => {
                let value = self.eval(*value);
                self.throw(&value, place);
            }
            Stmt::Break(label) => {
                let label = label.map(|name| self.sym(self.cx.file, name));
                let path = self.path.clone();
                if let Some(jumps) = self.jumps.last_mut() {
                    jumps.breaks.push((label, path));
                }
                self.path.is_live = false;
            }
            Stmt::Continue(_) => {
                let path = self.path.clone();
                if let Some(jumps) = self.jumps.last_mut() {
                    jumps.continues.push(path);
                }
                self.path.is_live = false;
            }
            Stmt::Block(block) => self.exec_block(*block),
            Stmt::Labeled(name, stmt) => {
                let label = self.sym(self.cx.file, *name);
                self.jumps.push(Jumps { label: Some(label), ..Jumps::default() });
                self.exec(*stmt);
                self.land();
            }
            Stmt::Unknown { children, .. } => self.exec_block(*children),
        }
    }

    /// Jumps of the calling function are out of reach of the called one.
    pub(crate) fn enter_function(&mut self) -> JumpStack {
        JumpStack(std::mem::take(&mut self.jumps))
    }

    pub(crate) fn leave_function(&mut self, jumps: JumpStack) {
        self.jumps = jumps.0;
    }

    /// The path is ended by an exception.
    pub(crate) fn throw(&mut self, value: &Value, place: Place) {
        if !self.path.is_live {
            return;
        }
        let path = self.path.clone();
        if let Some(paths) = self.tries.last_mut() {
            paths.push(path);
        } else {
            let tags = value.tags();
            let said = self.said_by_error(value);
            if let Some(run) = &mut self.run {
                run.refuse(place, &path, tags);
                run.outcome.said_in_errors.extend(said.map(|said| (said, place)));
            }
        }
        self.path.is_live = false;
    }

    /// The code after a loop, switch or labelled statement: reached from its end and from its breaks.
    fn land(&mut self) {
        let Some(jumps) = self.jumps.pop() else { return };
        for (label, path) in jumps.breaks {
            if label.is_some() && label != jumps.label {
                if let Some(outer) = self.jumps.last_mut() {
                    outer.breaks.push((label, path));
                }
                continue;
            }
            self.path = if self.path.is_live { meet(&self.path, &path) } else { path };
        }
    }

    fn resume(&mut self) {
        let continues =
            self.jumps.last_mut().map(|jumps| std::mem::take(&mut jumps.continues)).unwrap_or_default();
        for path in continues {
            self.path = if self.path.is_live { meet(&self.path, &path) } else { path };
        }
    }

    fn exec_loop(
        &mut self,
        test: Option<ExprId>,
        update: Option<ExprId>,
        body: Block,
        test_last: bool,
        place: Place,
    ) {
        self.jumps.push(Jumps::default());
        let mut rounds = 0;
        let mut skip_test = test_last;
        // Rounds are run one by one while the test is known: loops over tables of routes.
        while rounds < self.budget.rounds && self.path.is_live {
            let test_value = match test {
                Some(test) if !skip_test => self.eval(test),
                _ => Value::bool(true),
            };
            skip_test = false;
            match self.truth(&test_value) {
                Truth::Falsy => break,
                Truth::Truthy if test.is_some() || rounds == 0 => self.round(|this| this.exec_block(body)),
                _ => {
                    self.fork(
                        &test_value,
                        place,
                        |this| {
                            this.round(|this| this.exec_block(body));
                            if let Some(update) = update
                                && this.path.is_live
                            {
                                this.eval(update);
                            }
                            Value::UNDEFINED
                        },
                        |_| Value::UNDEFINED,
                    );
                    break;
                }
            }
            if let Some(update) = update
                && self.path.is_live
            {
                self.eval(update);
            }
            rounds += 1;
            if test.is_none() {
                break;
            }
        }
        if rounds >= self.budget.rounds {
            self.cut(place, "the loop has more rounds than are followed");
        }
        self.land();
    }

    fn round(&mut self, body: impl FnOnce(&mut Self)) {
        body(self);
        self.resume();
    }

    /// A frame of its own for one round, so that closures made in it keep its values.
    fn with_overlay(&mut self, body: impl FnOnce(&mut Self)) {
        let outer = self.cx.frame;
        let Frame { file, func, ref this, home, .. } = self.heap.frames[outer];
        let overlay = Some(FxHashMap::default());
        let frame = Frame { home, overlay, ..Frame::new(file, func, Some(outer), this.clone()) };
        let frame = self.heap.frames.push(frame);
        self.cx.frame = frame;
        body(self);
        self.cx.frame = outer;
        self.heap.leave(frame);
    }

    fn exec_for_each(&mut self, pat: PatId, iterable: ExprId, over_keys: bool, body: Block) {
        let place = self.here(iterable);
        let source = self.eval(iterable);
        let elements = if over_keys { self.known_keys(&source) } else { self.elements_perhaps(&source) };
        self.jumps.push(Jumps::default());
        if let Some(elements) = elements {
            if elements.len() > self.budget.rounds {
                self.cut(place, "the loop has more rounds than are followed");
            }
            for element in elements.into_iter().take(self.budget.rounds) {
                if !self.path.is_live {
                    break;
                }
                let round = |this: &mut Self| {
                    this.with_overlay(|this| {
                        this.bind(pat, element.present(), true);
                        this.round(|this| this.exec_block(body));
                    });
                    Value::UNDEFINED
                };
                if element.may_be_missing() {
                    self.fork(&Value::UNKNOWN, place, round, |_| Value::UNDEFINED);
                } else {
                    self.with_overlay(|this| {
                        this.bind(pat, element.clone(), true);
                        this.round(|this| this.exec_block(body));
                    });
                }
            }
        } else {
            let element =
                if over_keys { Value::UNKNOWN.tagged(source.taint()) } else { self.element_of(&source) };
            self.fork(
                &Value::UNKNOWN,
                place,
                |this| {
                    this.with_overlay(|this| {
                        this.bind(pat, element, true);
                        this.round(|this| this.exec_block(body));
                    });
                    Value::UNDEFINED
                },
                |_| Value::UNDEFINED,
            );
        }
        self.land();
    }

    fn exec_switch(&mut self, subject: ExprId, cases: &'p [Case], place: Place) {
        let subject = self.eval(subject);
        self.jumps.push(Jumps::default());
        self.exec_cases(&subject, cases, 0, place);
        self.land();
    }

    /// Tries the cases from `from` on; a case that is taken falls into those after it.
    fn exec_cases(&mut self, subject: &Value, cases: &'p [Case], from: usize, place: Place) {
        let fall = |this: &mut Self, from: usize| {
            for case in &cases[from..] {
                this.exec_block(case.body);
            }
            Value::UNDEFINED
        };
        let Some(next) = cases[from..].iter().position(|case| case.test.is_some()).map(|i| i + from) else {
            if let Some(default) = cases.iter().position(|case| case.test.is_none()) {
                fall(self, default);
            }
            return;
        };
        let Some(test) = cases[next].test else { return };
        let test_place = self.here(test);
        let against = self.eval(test);
        let equal = self.compare(BinaryOp::Eq, subject, &against, test_place, test);
        self.deeper(place, (), |this| {
            this.fork(
                &equal,
                test_place,
                |this| fall(this, next),
                |this| {
                    this.exec_cases(subject, cases, next + 1, place);
                    Value::UNDEFINED
                },
            );
        });
    }

    fn exec_try(&mut self, body: Block, catch: Option<&'p (Option<PatId>, Block)>, finally: Block) {
        let start = self.path.clone();
        if let Some((pat, handler)) = catch {
            self.tries.push(Vec::new());
            let mark = self.heap.mark();
            self.exec_block(body);
            let body_path = std::mem::replace(&mut self.path, start.clone());
            let body_delta = self.heap.take(mark);
            let thrown = self.tries.pop().unwrap_or_default();
            // Anything in the body may have thrown: only what held before it holds in the handler. What it wrote may
            // be there or not. An answer given before the exception stays given.
            let mark = self.heap.mark();
            self.heap.apply_weakly(&body_delta, &FactSet::default(), &FactSet::default(), |_| true);
            self.path.answered = self.path.answered.or(thrown.iter().find_map(|path| path.answered));
            if let Some(pat) = pat {
                self.bind(*pat, Value::UNKNOWN.tagged(Tags::ERROR), true);
            }
            self.catching += 1;
            self.exec_block(*handler);
            self.catching -= 1;
            let handler_path = std::mem::take(&mut self.path);
            let handler_delta = self.heap.take(mark);
            match (body_path.is_live, handler_path.is_live) {
                (true, true) => {
                    let (left, right) = (
                        body_path.facts.minus(&handler_path.facts),
                        handler_path.facts.minus(&body_path.facts),
                    );
                    self.heap.merge(&body_delta, &left, &handler_delta, &right);
                    self.path = meet(&body_path, &handler_path);
                }
                (true, false) => {
                    self.heap.apply(&body_delta);
                    self.path = body_path;
                }
                (false, is_live) => {
                    self.heap.apply(&handler_delta);
                    self.path = handler_path;
                    self.path.is_live = is_live;
                }
            }
        } else {
            self.exec_block(body);
        }
        if !finally.is_empty() {
            let was_live = self.path.is_live;
            self.path.is_live = true;
            self.exec_block(finally);
            self.path.is_live &= was_live;
        }
    }

    // ---------------------------------------------------------------------------------------- binding

    fn slot_loc(&self, slot: SlotId) -> Option<Loc> {
        let module = self.module(self.cx.file);
        let func = module.slots[slot].func;
        self.heap.find_slot(self.cx.frame, func, slot, self.modules[self.cx.file].positions[slot.0 as usize])
    }

    pub(crate) fn position(&self, file: FileId, slot: SlotId) -> u32 {
        self.modules[file].positions.get(slot.0 as usize).copied().unwrap_or(0)
    }

    /// The value of a slot of the running code.
    pub(crate) fn read_local(&self, slot: SlotId) -> Option<Value> {
        self.slot_loc(slot).and_then(|loc| self.heap.read(loc))
    }

    pub(crate) fn declare(&mut self, slot: SlotId, value: Value) {
        if self.heap.frames[self.cx.frame].overlay.is_some() {
            self.heap.write(Loc::Overlay(self.cx.frame, slot), Some(value));
        } else if let Some(loc) = self.slot_loc(slot) {
            self.heap.write(loc, Some(value));
        }
    }

    pub(crate) fn bind(&mut self, pat: PatId, value: Value, declares: bool) {
        let module = self.module(self.cx.file);
        match &module.patterns[pat] {
            Pat::Slot(slot) if declares => self.declare(*slot, value),
            Pat::Slot(slot) => {
                if let Some(loc) = self.slot_loc(*slot) {
                    self.heap.write(loc, Some(value));
                }
            }
            Pat::Place(place) => self.assign(*place, value),
            Pat::Object { props, rest } => {
                let place = self.pat_place();
                for (key, pat) in props {
                    let member = match key {
                        Key::Name(name) => self.get(&value, self.sym(self.cx.file, *name), place),
                        Key::Expr(e) => {
                            let key = self.eval(*e);
                            self.get_index(&value, &key, place)
                        }
                    };
                    self.bind(*pat, member, declares);
                }
                if let Some(rest) = rest {
                    let taken: Vec<Sym> = props
                        .iter()
                        .filter_map(|(key, _)| match key {
                            Key::Name(name) => Some(self.sym(self.cx.file, *name)),
                            Key::Expr(_) => None,
                        })
                        .collect();
                    let value = self.without(&value, &taken);
                    self.bind(*rest, value, declares);
                }
            }
            Pat::Array { items, rest } => {
                let known = self.known_elements(&value);
                for (i, item) in items.iter().enumerate() {
                    let Some(item) = item else { continue };
                    let element = match &known {
                        Some(known) => known.get(i).cloned().unwrap_or(Value::UNDEFINED),
                        None => self.element_of(&value),
                    };
                    self.bind(*item, element, declares);
                }
                if let Some(rest) = rest {
                    let value = match known {
                        Some(known) => {
                            self.heap.array(known.into_iter().skip(items.len()).collect(), false, None)
                        }
                        None => value,
                    };
                    self.bind(*rest, value, declares);
                }
            }
            Pat::Default { pat, value: default } => {
                let value = match value.shape {
                    Shape::Undefined => self.eval(*default),
                    Shape::Unknown if self.run.is_none() => {
                        let default = self.aside(|this| this.eval(*default));
                        value.join(&default)
                    }
                    _ => value,
                };
                self.bind(*pat, value, declares);
            }
            Pat::Unknown => {}
        }
    }

    fn pat_place(&self) -> Place {
        let module = self.module(self.cx.file);
        let func = self.heap.frames[self.cx.frame].func;
        Place { file: self.cx.file, span: module.functions[func].name_span }
    }

    /// Writes to a member, element or slot expression.
    fn assign(&mut self, target: ExprId, value: Value) {
        let place = self.here(target);
        match self.module(self.cx.file).exprs[target] {
            Expr::Local(slot) => {
                if let Some(loc) = self.slot_loc(slot) {
                    self.heap.write(loc, Some(value));
                }
            }
            Expr::Member { object, name, .. } => {
                let object = self.eval(object);
                let name = self.sym(self.cx.file, name);
                self.pollution(&object, &[&value], place);
                self.set(&object, name, value, place);
            }
            Expr::Index { object, index, .. } => {
                let object = self.eval(object);
                let index = self.eval(index);
                self.set_index(&object, &index, value, place);
            }
            Expr::Exports => {
                let file = self.cx.file;
                self.modules[file].exports = value;
            }
            _ => {}
        }
    }

    // ---------------------------------------------------------------------------------------- expressions

    /// The value of an expression.
    fn eval_kept(&mut self, expr: ExprId) -> Value {
        let value = self.eval(expr);
        self.kept(value)
    }

    pub(crate) fn eval(&mut self, expr: ExprId) -> Value {
        if !self.path.is_live || !self.step(|this| this.here(expr)) {
            return Value::UNKNOWN;
        }
        let place = self.here(expr);
        self.deeper(place, Value::UNKNOWN, |this| this.eval_inner(expr, place))
    }

    fn eval_inner(&mut self, expr: ExprId, place: Place) -> Value {
        let module = self.module(self.cx.file);
        let file = self.cx.file;
        match module.exprs[expr] {
            Expr::Null => Value::new(Shape::Null),
            Expr::Undefined => Value::UNDEFINED,
            Expr::Bool(value) => Value::bool(value),
            Expr::Number(value) => Value::new(Shape::Number(value)),
            Expr::Str(name) => Value::str(self.sym(file, name)),
            Expr::Regex { pattern, flags } => Value::new(Shape::Regex(self.sym(file, pattern), flags)),
            Expr::Local(slot) => self.read_slot(slot),
            Expr::Global(name) => {
                let path = self.sym(file, name);
                let named = self.opened(file, path).or_else(|| self.named_global(path));
                named.unwrap_or_else(|| self.external(path, place))
            }
            Expr::This => self.heap.frames[self.cx.frame].this.clone(),
            Expr::Super => self.super_class().unwrap_or(Value::UNKNOWN),
            Expr::Member { object, name, optional } => {
                let base = self.eval(object);
                if matches!(module.exprs[object], Expr::Super) {
                    return self.super_member(&base, self.sym(file, name));
                }
                let value = self.get(&base, self.sym(file, name), place);
                self.dereferenced(&base, optional);
                value
            }
            Expr::Index { object, index, optional } => {
                let base = self.eval(object);
                let index = self.eval(index);
                let value = self.get_index(&base, &index, place);
                self.dereferenced(&base, optional);
                value
            }
            Expr::Slice { object, from, to } => {
                let object = self.eval(object);
                let from = from.map(|e| self.eval(e));
                let to = to.map(|e| self.eval(e));
                self.slice(&object, from.as_ref(), to.as_ref(), place)
            }
            Expr::Collect { func, into } => self.collect(func, into, place),
            Expr::Call { callee, args, optional } => self.eval_call(callee, args, optional, place),
            Expr::New { callee, args } => {
                let class = self.eval(callee);
                let args = self.eval_args(args);
                self.construct(&class, &args, place)
            }
            Expr::Tagged { tag, parts } => {
                // The function is given the parts, not the text they would make.
                let text = self.concat(parts, place).noted(|meta| meta.taint.clean = SinkKinds::ALL);
                let tag_value = self.eval(tag);
                self.call(&tag_value, &Value::UNDEFINED, &[text], place)
            }
            Expr::Function(func) => self.closure(func),
            Expr::Class(class) => self.class(class, None),
            Expr::Object(props) => self.object_literal(props.of(&module.prop_pool), place),
            Expr::Array(items) => {
                let (items, is_open) = self.eval_items(items);
                self.heap.array(items, is_open, Some(place))
            }
            Expr::Concat(parts) => self.concat(parts, place),
            Expr::Unary { op, operand } => self.unary(op, operand),
            Expr::Binary { op, left, right } => {
                let left = self.eval(left);
                let right = self.eval(right);
                self.compare(op, &left, &right, place, expr)
            }
            Expr::Logical { op, left, right } => self.logical(op, left, right, place),
            Expr::Conditional { test, then, other } => {
                let test_place = self.here(test);
                let test = self.eval(test);
                self.fork(&test, test_place, |this| this.eval_kept(then), |this| this.eval_kept(other))
            }
            Expr::Assign { target, value } => {
                let value = self.eval_kept(value);
                if self.path.is_live {
                    self.bind(target, value.clone(), false);
                }
                value
            }
            Expr::Update { target, op, value } => self.update(target, op, value, place, expr),
            Expr::Await(value) => {
                let value = self.eval(value);
                self.wait_for(&value);
                value
            }
            Expr::Yield(value) => {
                if let Some(value) = value {
                    let value = self.eval(value);
                    let conditions = self.conditions.len();
                    if self.path.is_live
                        && let Some(collected) = self.collected.last_mut()
                    {
                        collected.is_open |= conditions > collected.conditions;
                        collected.values.push(value);
                    }
                }
                Value::UNKNOWN
            }
            Expr::Sequence(parts) => {
                let mut last = Value::UNDEFINED;
                for part in parts.of(&module.expr_pool) {
                    last = self.eval(*part);
                }
                last
            }
            Expr::Import(import) => self.imported_module(file, import),
            Expr::ImportComputed(name) => {
                let name = self.eval(name);
                self.computed_module(&name, place)
            }
            Expr::Exports => self.modules[file].exports.clone(),
            Expr::Unknown { children, .. } => {
                for child in children.of(&module.expr_pool) {
                    self.eval(*child);
                }
                Value::UNKNOWN
            }
        }
    }

    /// A member of a value that would have thrown had it been absent: what its presence proves holds from here on.
    pub(crate) fn dereferenced(&mut self, base: &Value, optional: bool) {
        if !optional && base.meta.is_some() {
            let facts = base.truthy().iter().filter(|fact| !fact.kind.is_circumstance()).collect();
            self.assume(&facts);
        }
    }

    /// What a name of a file's top-level code stands for.
    pub(crate) fn top_slot(&mut self, file: FileId, slot: SlotId) -> Value {
        let Some(frame) = self.modules[file].frame else { return Value::UNKNOWN };
        let outer = std::mem::replace(&mut self.cx, Cx { file, frame });
        let value = self.read_slot(slot);
        self.cx = outer;
        value
    }

    fn read_slot(&mut self, slot: SlotId) -> Value {
        let module = self.module(self.cx.file);
        if module.slots[slot].kind == SlotKind::Import {
            return self.import_slot(self.cx.file, slot);
        }
        let value = self.read_local(slot).unwrap_or(Value::UNKNOWN);
        // `from base import *`, and later `NAME += more`
        if matches!(value.shape, Shape::Undefined)
            && module.slots[slot].func == Module::TOP
            && !module.opened.is_empty()
        {
            let name = self.sym(self.cx.file, module.slots[slot].name);
            return self.opened(self.cx.file, name).unwrap_or(value);
        }
        let value = if matches!(value.shape, Shape::Unknown | Shape::Union(_))
            && module.slots[slot].func == Module::TOP
        {
            self.deployed_value(self.sym(self.cx.file, module.slots[slot].name), value)
        } else {
            value
        };
        let is_shared =
            module.slots[slot].func == Module::TOP && self.modules[self.cx.file].assigned.contains(&slot);
        if is_shared && let Some(loc) = self.slot_loc(slot) { self.at_any_time(value, loc) } else { value }
    }

    /// What a place that all requests share holds when a request comes: a flag that code sets later is not what
    /// start-up left in it.
    pub(crate) fn at_any_time(&self, value: Value, loc: Loc) -> Value {
        let is_flag = match value.shape {
            Shape::Bool(_) | Shape::Null | Shape::Undefined | Shape::Number(_) => true,
            Shape::Str(sym) => self.symbols.with(sym, str::is_empty),
            _ => false,
        };
        let is_shared = is_flag && self.run.as_ref().is_some_and(|run| !self.heap.has_written(run.mark, loc));
        if is_shared { Value { shape: Shape::Unknown, meta: value.meta } } else { value }
    }

    fn eval_call(&mut self, callee: ExprId, args: Args, optional: bool, place: Place) -> Value {
        let module = self.module(self.cx.file);
        match module.exprs[callee] {
            Expr::Member { object, name, optional: through } => {
                let is_super = matches!(module.exprs[object], Expr::Super);
                let base = self.eval(object);
                let name = self.sym(self.cx.file, name);
                if is_super {
                    let method = self.super_member(&base, name);
                    let this = self.heap.frames[self.cx.frame].this.clone();
                    let args = self.eval_args(args);
                    return self.call(&method, &this, &args, place);
                }
                self.dereferenced(&base, through);
                if base.is_nullish() && (through || optional) {
                    return Value::UNDEFINED;
                }
                let args = self.eval_args(args);
                if !self.path.is_live {
                    return Value::UNKNOWN;
                }
                self.call_method(&base, name, &args, place)
            }
            Expr::Super => {
                let base = self.super_class().unwrap_or(Value::UNKNOWN);
                let this = self.heap.frames[self.cx.frame].this.clone();
                let args = self.eval_args(args);
                self.initialise(&base, &this, &args, place);
                Value::UNDEFINED
            }
            _ => {
                let function = self.eval(callee);
                let args = self.eval_args(args);
                if !self.path.is_live {
                    return Value::UNKNOWN;
                }
                self.call(&function, &Value::UNDEFINED, &args, place)
            }
        }
    }

    fn eval_args(&mut self, args: Args) -> Vec<Value> {
        let (mut values, is_open) = self.eval_items(args);
        let module = self.module(self.cx.file);
        let args = args.of(&module.arg_pool);
        // More positions than are known: what is not given by name may be given nevertheless.
        let is_open = is_open && module.semantics.classes_are_callable;
        if is_open || args.iter().any(|arg| arg.name.is_some()) {
            let keywords = self.keywords(args, is_open);
            values.push(keywords);
        }
        values
    }

    /// The arguments that are passed by name, as one object.
    fn keywords(&mut self, args: &[Arg], is_open: bool) -> Value {
        let mut object = Object::new(None);
        (object.is_keywords, object.is_open) = (true, is_open);
        let id = self.heap.object(object);
        for arg in args {
            let Some(name) = arg.name else { continue };
            let value = self.eval(arg.value);
            if arg.is_spread {
                self.spread_into(id, &value);
                let object = &mut self.heap.objects[id];
                object.is_open |= !matches!(value.shape, Shape::Object(_));
            } else {
                let name = self.sym(self.cx.file, name);
                self.heap.write(Loc::Field(id, name), Some(value));
            }
        }
        Value::object(id)
    }

    /// Calls a function; of a generator the value is what it yields.
    pub(crate) fn call_generator(&mut self, function: &Value, args: &[Value], place: Place) -> Value {
        let is_generator = match function.shape {
            Shape::Closure(id) => {
                let closure = self.closure_of(id);
                self.module(closure.file).functions[closure.func].flags.is_generator
            }
            _ => false,
        };
        if !is_generator {
            return self.call(function, &Value::UNDEFINED, args, place);
        }
        let conditions = self.conditions.len();
        self.collected.push(Collected { values: Vec::new(), conditions, is_open: false });
        self.call(function, &Value::UNDEFINED, args, place);
        // What a generator that it runs through yields comes before its own.
        let collected = self.collected.pop().map(|collected| collected.values).unwrap_or_default();
        collected.into_iter().next_back().unwrap_or(Value::UNKNOWN)
    }

    /// Runs a generator and collects what it yields. Of a generator that may yield more or less than what was seen
    /// the elements are known only in part.
    fn collect(&mut self, func: FuncId, into: routeward_ir::Collection, place: Place) -> Value {
        let conditions = self.conditions.len();
        self.collected.push(Collected { values: Vec::new(), conditions, is_open: false });
        let function = self.closure(func);
        self.call(&function, &Value::UNDEFINED, &[], place);
        let Some(Collected { values, is_open, .. }) = self.collected.pop() else { return Value::UNKNOWN };
        match into {
            routeward_ir::Collection::Array => {
                let tags = values.iter().fold(Tags::empty(), |tags, value| tags | value.tags());
                let list = self.heap.array(values, is_open, Some(place));
                if is_open { list.tagged(tags) } else { list }
            }
            routeward_ir::Collection::Object => {
                let mut object = Object::new(Some(place));
                object.is_open = is_open;
                let id = self.heap.object(object);
                for pair in values {
                    match self.known_elements(&pair).as_deref() {
                        Some([key, value]) => {
                            let (key, value) = (key.clone(), value.clone());
                            self.set_index(&Value::object(id), &key, value, place);
                        }
                        _ => self.heap.objects[id].is_open = true,
                    }
                }
                Value::object(id)
            }
        }
    }

    /// A part of a sequence: of known elements the known ones, of anything else something that comes from it.
    fn slice(&mut self, object: &Value, from: Option<&Value>, to: Option<&Value>, place: Place) -> Value {
        let bound =
            |bound: Option<&Value>, len: usize, otherwise: usize| match bound.map(|value| &value.shape) {
                None | Some(Shape::Null | Shape::Undefined) => Some(otherwise),
                Some(Shape::Number(number)) => {
                    let at = if *number < 0.0 { len as f64 + number } else { *number };
                    Some((at.max(0.0) as usize).min(len))
                }
                Some(_) => None,
            };
        if let Some(items) = self.known_elements(object)
            && let (Some(from), Some(to)) = (bound(from, items.len(), 0), bound(to, items.len(), items.len()))
        {
            let part = items.get(from..to).unwrap_or(&[]).to_vec();
            return self.heap.array(part, false, Some(place));
        }
        if let Shape::Str(sym) = object.shape {
            let text: Vec<char> = self.symbols.text(sym).chars().collect();
            if let (Some(from), Some(to)) = (bound(from, text.len(), 0), bound(to, text.len(), text.len())) {
                let part: String = text.get(from..to).unwrap_or(&[]).iter().collect();
                return Value::str(self.symbols.sym(&part));
            }
        }
        match object.shape {
            Shape::Object(id) if self.heap.objects[id].items.is_some() => object.clone(),
            _ => Value { shape: Shape::Unknown, meta: object.meta.clone() },
        }
    }

    fn eval_items(&mut self, args: Args) -> (Vec<Value>, bool) {
        let module = self.module(self.cx.file);
        let (mut values, mut is_open) = (Vec::with_capacity(args.len()), false);
        for Arg { value, is_spread, name } in args.of(&module.arg_pool) {
            if name.is_some() {
                continue;
            }
            let evaluated = self.eval(*value);
            // `*routes`, where one object stands for all that was registered.
            let is_scope = matches!(evaluated.shape, Shape::Object(id) if self.scope_kind(id).is_some());
            if !is_spread || is_scope {
                values.push(evaluated);
            } else if let Some(items) = self.elements_perhaps(&evaluated) {
                values.extend(items);
            } else {
                is_open = true;
                let element = self.element_of(&evaluated);
                values.push(element);
            }
        }
        (values, is_open)
    }

    pub(crate) fn closure(&mut self, func: FuncId) -> Value {
        let Cx { file, frame } = self.cx;
        self.heap.capture(frame);
        let is_lexical = self.module(file).functions[func].flags.lexical_this;
        let this = is_lexical.then(|| self.heap.frames[frame].this.clone());
        let closure = Closure { file, func, env: frame, this, same_scope: false, given: None };
        Value::new(Shape::Closure(self.heap.closures.push(closure)))
    }

    fn object_literal(&mut self, props: &'p [Property], place: Place) -> Value {
        let id = self.heap.object(Object::new(Some(place)));
        for prop in props {
            match *prop {
                Property::Pair(key, value) => {
                    let key = self.key(key);
                    let value = self.eval(value);
                    match key {
                        Some(key) => self.heap.write(Loc::Field(id, key), Some(value)),
                        None => self.heap.objects[id].is_open = true,
                    }
                }
                Property::Getter(key, func) => {
                    if let (Some(key), Shape::Closure(getter)) = (self.key(key), self.closure(func).shape) {
                        self.heap.objects[id].getters.push((key, getter));
                    }
                }
                Property::Spread(value) => {
                    let value = self.eval(value);
                    self.spread_into(id, &value);
                }
            }
        }
        Value::object(id)
    }

    pub(crate) fn spread_into(&mut self, target: ObjId, value: &Value) {
        let with = self.taint_here(value);
        match value.shape {
            Shape::Object(source) => {
                let Object { fields, is_open, input, taint, items, spread, .. } =
                    self.heap.objects[source].clone();
                for (name, value) in fields {
                    self.heap.write(Loc::Field(target, name), Some(value));
                }
                let object = &mut self.heap.objects[target];
                object.is_open |= is_open || input.is_some() || items.is_some();
                object.taint |= taint | with;
                object.input = object.input.or(input);
                object.spread = object.spread.take().or(spread);
            }
            Shape::Undefined | Shape::Null => {}
            _ => {
                let object = &mut self.heap.objects[target];
                object.is_open = true;
                object.taint |= with & Tags::WHOLE.complement();
                object.input = object.input.or(value.possible_input());
                if value.tags().contains(Tags::WHOLE) {
                    object.spread = Some(std::rc::Rc::new(value.clone()));
                }
            }
        }
    }

    fn key(&mut self, key: Key) -> Option<Sym> {
        match key {
            Key::Name(name) => Some(self.sym(self.cx.file, name)),
            Key::Expr(e) => {
                let value = self.eval(e);
                self.as_key(&value)
            }
        }
    }

    /// The member name that a constant stands for.
    pub(crate) fn as_key(&self, value: &Value) -> Option<Sym> {
        match value.shape {
            Shape::Str(sym) => Some(sym),
            Shape::Number(number) => Some(self.symbols.sym(&number.to_string())),
            _ => None,
        }
    }

    fn concat(&mut self, parts: routeward_ir::Exprs, place: Place) -> Value {
        let module = self.module(self.cx.file);
        let parts: Vec<Value> = parts.of(&module.expr_pool).iter().map(|part| self.eval(*part)).collect();
        let text = self.concat_values(&parts);
        self.stepped(text, Via::Text, place)
    }

    pub(crate) fn concat_values(&mut self, parts: &[Value]) -> Value {
        let mut pieces: Vec<Piece> = Vec::new();
        let (mut taint, mut input) = (Taint::default(), None);
        let mut text = String::new();
        for part in parts {
            taint |= self.taint_here(part);
            input = input.or(part.input());
            match &part.shape {
                Shape::Str(sym) => self.symbols.with(*sym, |piece| text.push_str(piece)),
                Shape::Number(number) => text.push_str(&number.to_string()),
                Shape::Bool(value) => text.push_str(&value.to_string()),
                Shape::Text(inner) => {
                    for piece in inner.iter() {
                        match piece {
                            Piece::Text(sym) => self.symbols.with(*sym, |piece| text.push_str(piece)),
                            Piece::Hole => self.hole(&mut text, &mut pieces),
                        }
                    }
                }
                _ => self.hole(&mut text, &mut pieces),
            }
        }
        let shape = if pieces.is_empty() {
            Shape::Str(self.symbols.sym(&text))
        } else {
            if !text.is_empty() {
                pieces.push(Piece::Text(self.symbols.sym(&text)));
            }
            Shape::Text(pieces.into())
        };
        Value::new(shape).noted(|meta| (meta.taint, meta.input) = (taint.as_text(), input))
    }

    fn hole(&self, text: &mut String, pieces: &mut Vec<Piece>) {
        if !text.is_empty() {
            pieces.push(Piece::Text(self.symbols.sym(text)));
            text.clear();
        }
        if pieces.last() != Some(&Piece::Hole) {
            pieces.push(Piece::Hole);
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: ExprId) -> Value {
        let value = self.eval(operand);
        match op {
            UnaryOp::Not => {
                let shape = match self.truth(&value) {
                    Truth::Truthy => Shape::Bool(false),
                    Truth::Falsy => Shape::Bool(true),
                    Truth::Maybe => Shape::Unknown,
                };
                Value::new(shape).when_truthy(&value.falsy()).when_falsy(&value.truthy())
            }
            UnaryOp::Minus => match value.shape {
                Shape::Number(number) => Value::new(Shape::Number(-number)),
                _ => Value::UNKNOWN.tagged(value.taint() | Tags::NUMBER),
            },
            UnaryOp::BitNot if self.has_operators(&value) => {
                let place = self.here(operand);
                self.operator("__invert__", &value, &[], place).unwrap_or(Value::UNKNOWN)
            }
            UnaryOp::Plus | UnaryOp::BitNot => {
                let input = value.input();
                Value::UNKNOWN.tagged(value.taint() | Tags::NUMBER).noted(|meta| meta.input = input)
            }
            // The type of an input, compared with a constant, is a check of the input.
            UnaryOp::TypeOf => {
                let input = value.input();
                let taint = value.taint() & Tags::REQUEST | Tags::TYPE;
                Value::UNKNOWN.tagged(taint).noted(|meta| meta.input = input)
            }
            UnaryOp::Void => Value::UNDEFINED,
            UnaryOp::Delete => {
                if let Expr::Member { object, name, .. } = self.module(self.cx.file).exprs[operand] {
                    let object = self.eval(object);
                    if let Shape::Object(id) = object.shape {
                        let name = self.sym(self.cx.file, name);
                        self.heap.write(Loc::Field(id, name), Some(Value::UNDEFINED));
                    } else {
                        let name = self.sym(self.cx.file, name);
                        self.overwrite_column(&object, name);
                    }
                }
                Value::bool(true)
            }
        }
    }

    fn logical(&mut self, op: LogicalOp, left: ExprId, right: ExprId, place: Place) -> Value {
        let first = self.eval(left);
        let (l_true, l_false) = (first.truthy(), first.falsy());
        let test = match op {
            LogicalOp::Coalesce if first.is_nullish() => Value::bool(true),
            LogicalOp::Coalesce => match self.truth(&first) {
                Truth::Truthy => Value::bool(false),
                _ if matches!(first.shape, Shape::Str(_) | Shape::Number(_) | Shape::Bool(_)) => {
                    Value::bool(false)
                }
                _ => Value::UNKNOWN.when_truthy(&l_false).when_falsy(&l_true),
            },
            _ => first.clone(),
        };
        let mut second: Option<Value> = None;
        let kept = first.clone();
        let take_right = |this: &mut Self, second: &mut Option<Value>| {
            let value = this.eval(right);
            *second = Some(value.clone());
            value
        };
        let result = match op {
            LogicalOp::And => {
                let falsy = if self.truth(&first) == Truth::Maybe { Value::bool(false) } else { kept };
                self.fork(&test, place, |this| take_right(this, &mut second), |_| falsy)
            }
            LogicalOp::Or => self.fork(&test, place, |_| kept, |this| take_right(this, &mut second)),
            LogicalOp::Coalesce => self.fork(&test, place, |this| take_right(this, &mut second), |_| kept),
        };
        let Some(second) = second.filter(|_| self.truth(&first) == Truth::Maybe) else { return result };
        let (r_true, r_false) = (second.truthy(), second.falsy());
        let (truthy, falsy) = match op {
            LogicalOp::And => (l_true.union(&r_true), l_false.intersect(&l_true.union(&r_false))),
            LogicalOp::Or => (l_true.intersect(&l_false.union(&r_true)), l_false.union(&r_false)),
            LogicalOp::Coalesce => return result,
        };
        result.noted(|meta| {
            meta.truthy = if meta.truthy.is_empty() { truthy } else { meta.truthy.union(&truthy) };
            meta.falsy = falsy;
        })
    }

    fn update(&mut self, target: ExprId, op: UpdateOp, value: ExprId, place: Place, expr: ExprId) -> Value {
        let old = self.eval(target);
        let new = match op {
            UpdateOp::Binary(BinaryOp::Add) if matches!(old.shape, Shape::Str(_) | Shape::Text(_)) => {
                let added = self.eval(value);
                self.concat_values(&[old, added])
            }
            UpdateOp::Binary(op) => {
                let other = self.eval(value);
                self.compare(op, &old, &other, place, expr)
            }
            UpdateOp::Logical(op) => {
                let take = match op {
                    LogicalOp::And => self.truth(&old),
                    LogicalOp::Or => flip(self.truth(&old)),
                    LogicalOp::Coalesce if old.is_nullish() => Truth::Truthy,
                    LogicalOp::Coalesce => flip(self.truth(&old)),
                };
                match take {
                    Truth::Falsy => old,
                    Truth::Truthy => self.eval(value),
                    Truth::Maybe => {
                        let other = self.aside(|this| this.eval(value));
                        old.join(&other)
                    }
                }
            }
        };
        if self.path.is_live {
            self.assign(target, new.clone());
        }
        new
    }

    // ---------------------------------------------------------------------------------------- comparisons

    /// The value of a binary operation, with the facts that its outcome proves.
    pub(crate) fn compare(
        &mut self,
        op: BinaryOp,
        left: &Value,
        right: &Value,
        place: Place,
        expr: ExprId,
    ) -> Value {
        match op {
            BinaryOp::Eq | BinaryOp::LooseEq => self.equal(left, right, op == BinaryOp::LooseEq, place),
            BinaryOp::Ne | BinaryOp::LooseNe => {
                let equal = self.equal(left, right, op == BinaryOp::LooseNe, place);
                let shape = match equal.shape {
                    Shape::Bool(value) => Shape::Bool(!value),
                    _ => Shape::Unknown,
                };
                Value::new(shape).when_truthy(&equal.falsy()).when_falsy(&equal.truthy())
            }
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                self.ordered(op, left, right, place, expr)
            }
            // `x in [a, b]`, `"a" in text`
            BinaryOp::In
                if matches!(right.shape, Shape::Str(_) | Shape::Text(_))
                    || matches!(right.shape, Shape::Object(id) if self.heap.objects[id].items.is_some()) =>
            {
                self.includes(right, left, place)
            }
            // `name in session`
            BinaryOp::In if right.tags().contains(Tags::SESSION) && self.as_key(left).is_some() => {
                self.get_index(right, left, place)
            }
            BinaryOp::In => {
                self.note_looked_up(right, left, place);
                if let (Shape::Str(name), Some(keys)) = (&left.shape, self.known_keys(right)) {
                    return Value::bool(keys.iter().any(|key| key.shape == Shape::Str(*name)));
                }
                let checked = self.checked_against(left, right, place);
                Value::UNKNOWN.when_truthy(&checked)
            }
            BinaryOp::InstanceOf => Value::UNKNOWN.when_truthy(&left.truthy()),
            BinaryOp::Add
                if self.elements_perhaps(left).is_some() && self.elements_perhaps(right).is_some() =>
            {
                let mut items = self.elements_perhaps(left).unwrap_or_default();
                items.extend(self.elements_perhaps(right).unwrap_or_default());
                self.heap.array(items, false, Some(place))
            }
            BinaryOp::Add
                if matches!(left.shape, Shape::Str(_) | Shape::Text(_))
                    || matches!(right.shape, Shape::Str(_) | Shape::Text(_)) =>
            {
                let text = self.concat_values(&[left.clone(), right.clone()]);
                self.stepped(text, Via::Text, place)
            }
            BinaryOp::Add => {
                let sum = self.arithmetic(op, left, right);
                self.stepped(sum, Via::Text, place)
            }
            BinaryOp::BitOr | BinaryOp::BitAnd if self.has_operators(left) => {
                let name = if op == BinaryOp::BitOr { "__or__" } else { "__and__" };
                let result = self.operator(name, left, std::slice::from_ref(right), place);
                result.unwrap_or_else(|| self.arithmetic(op, left, right))
            }
            BinaryOp::BitAnd => {
                let common = self.arithmetic(op, left, right);
                let facts = self.in_common(left, right, place);
                common.when_truthy(&facts)
            }
            _ => self.arithmetic(op, left, right),
        }
    }

    /// True for classes and their instances, whose operators are methods.
    fn has_operators(&self, value: &Value) -> bool {
        match value.shape {
            Shape::Class(_) => true,
            Shape::Object(id) => self.heap.objects[id].class.is_some(),
            _ => false,
        }
    }

    /// The result of an operator that a class defines. A class itself is taken to have the operators of its instances.
    fn operator(&mut self, name: &str, left: &Value, rest: &[Value], place: Place) -> Option<Value> {
        let class = match left.shape {
            Shape::Class(class) => class,
            Shape::Object(id) => match self.heap.objects[id].class.as_ref()?.shape {
                Shape::Class(class) => class,
                _ => return None,
            },
            _ => return None,
        };
        let name = self.symbols.sym(name);
        let method = self.attribute(class, name, None)?;
        let args: Vec<Value> = std::iter::once(left).chain(rest).cloned().collect();
        Some(self.call(&method, &Value::UNDEFINED, &args, place))
    }

    fn arithmetic(&self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        if let (Shape::Number(a), Shape::Number(b)) = (&left.shape, &right.shape) {
            let number = match op {
                BinaryOp::Add => a + b,
                BinaryOp::Sub => a - b,
                BinaryOp::Mul => a * b,
                BinaryOp::Div => a / b,
                BinaryOp::Rem => a % b,
                BinaryOp::Pow => a.powf(*b),
                _ => return Value::UNKNOWN,
            };
            return Value::new(Shape::Number(number));
        }
        let taint = self.taint_here(left) | self.taint_here(right);
        Value::UNKNOWN.tagged(if op == BinaryOp::Add { taint } else { taint | Tags::NUMBER })
    }

    fn ordered(&mut self, op: BinaryOp, left: &Value, right: &Value, place: Place, expr: ExprId) -> Value {
        // `errors.length > 0`
        if op == BinaryOp::Gt && matches!(right.shape, Shape::Number(0.0)) && !left.falsy().is_empty() {
            return Value::UNKNOWN.when_truthy(&left.truthy()).when_falsy(&left.falsy());
        }
        if let (Shape::Number(a), Shape::Number(b)) = (&left.shape, &right.shape) {
            return Value::bool(match op {
                BinaryOp::Lt => a < b,
                BinaryOp::Le => a <= b,
                BinaryOp::Gt => a > b,
                _ => a >= b,
            });
        }
        // The number of something, compared with none.
        if let Shape::Number(0.0) = right.shape
            && left.tags().contains(Tags::NUMBER)
            && matches!(op, BinaryOp::Gt | BinaryOp::Le)
            && !(left.truthy().is_empty() && left.falsy().is_empty())
        {
            let (some, none) = (left.truthy(), left.falsy());
            let (yes, no) = if op == BinaryOp::Gt { (some, none) } else { (none, some) };
            return Value::UNKNOWN.when_truthy(&yes).when_falsy(&no);
        }
        let test = (self.cx.file.0.wrapping_mul(0x9E37_79B1) ^ expr.0) << 2;
        let mut outcome = |holds: u32| {
            let mut facts = FactSet::default();
            for value in [left, right] {
                let role = |kind| matches!(kind, FactKind::Role(_));
                if let Some(fact) = value.truthy().find(role) {
                    let rest = value.truthy().iter().filter(|fact| !role(fact.kind)).collect();
                    let tested = FactSet::one(FactKind::Role(test | holds), fact.evidence);
                    facts = facts.union(&tested).union(&rest);
                }
                if let Some(input) = value.input() {
                    let kind = FactKind::Validated(input.path, test | holds);
                    facts = facts.union(&self.fact(kind, place, "is compared", input.path));
                }
            }
            facts
        };
        let (yes, no) = (outcome(IS_MORE), outcome(IS_LESS));
        Value::UNKNOWN.when_truthy(&yes).when_falsy(&no)
    }

    fn equal(&mut self, left: &Value, right: &Value, is_loose: bool, place: Place) -> Value {
        self.note_compared(left, right, place);
        self.note_comparison(left, right, place);
        let known =
            self.known_equal(left, right, is_loose).or_else(|| self.equal_to_path(left, right, place));
        if let Some(known) = known {
            return Value::bool(known);
        }
        for (value, other) in [(left, right), (right, left)] {
            match other.shape {
                // `errors.length === 0`
                Shape::Number(0.0) if !value.falsy().is_empty() || value.tags().contains(Tags::NUMBER) => {
                    return Value::UNKNOWN.when_truthy(&value.falsy()).when_falsy(&value.truthy());
                }
                Shape::Undefined | Shape::Null | Shape::Bool(false) => {
                    return Value::UNKNOWN.when_truthy(&value.falsy()).when_falsy(&value.truthy());
                }
                Shape::Bool(true) => {
                    return Value::UNKNOWN.when_truthy(&value.truthy()).when_falsy(&value.falsy());
                }
                _ => {}
            }
        }
        let mut facts = FactSet::default();
        for (value, other) in [(left, right), (right, left)] {
            if self.truth(other) == Truth::Truthy || !other.tags().intersects(Tags::REQUEST) {
                facts = facts.union(&value.truthy());
            }
            facts = facts
                .union(&self.checked_against(value, other, place))
                .union(&self.proves_caller(value, other, place));
        }
        let mut unset = FactSet::default();
        for fact in left.falsy().iter().chain(right.falsy().iter()) {
            if matches!(fact.kind, FactKind::Setting(..)) {
                unset = unset.union(&FactSet::one(fact.kind, fact.evidence));
            }
        }
        let other = self.is_not(left, right, place);
        let result = Value::UNKNOWN.when_truthy(&facts).when_falsy(&unset.union(&other));
        self.as_condition(result, left, right)
    }

    /// A comparison with something that a library stands for may be a condition that is told to a store: it comes
    /// from what is compared.
    fn as_condition(&self, result: Value, left: &Value, right: &Value) -> Value {
        if !self.module(self.cx.file).semantics.classes_are_callable {
            return result;
        }
        let is_column = |value: &Value| match value.shape {
            Shape::External(_) => true,
            Shape::Object(id) => self.heap.objects[id].ty.is_some() && self.heap.objects[id].class.is_none(),
            _ => false,
        };
        let other = match (is_column(left), is_column(right)) {
            (true, false) => right,
            (false, true) => left,
            _ => return result,
        };
        result.tagged(other.tags()).noted(|meta| meta.input = other.input())
    }

    /// True for what a call of code without a model gave: it may be anything.
    fn is_unseen(&self, object: ObjId) -> bool {
        self.heap.objects[object].ty.is_some_and(|ty| {
            self.symbols.with(ty, |text| text.ends_with("()")) && !self.index.types.contains_key(&ty)
        })
    }

    /// True if no model says anything of the maker of a result.
    fn is_without_rows(&self, ty: Sym) -> bool {
        let maker = self.symbols.with(ty, |text| text.strip_suffix("()").map(str::to_owned));
        self.index.rows(ty, &self.symbols).is_empty()
            && maker.is_none_or(|maker| self.index.rows(self.symbols.sym(&maker), &self.symbols).is_empty())
    }

    pub(crate) fn known_equal(&self, left: &Value, right: &Value, is_loose: bool) -> Option<bool> {
        let is_constant = |value: &Value| {
            matches!(
                value.shape,
                Shape::Undefined | Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Str(_)
            )
        };
        if is_loose && left.is_nullish() && right.is_nullish() {
            return Some(true);
        }
        if is_constant(left) && is_constant(right) {
            let same_kind = std::mem::discriminant(&left.shape) == std::mem::discriminant(&right.shape);
            return (same_kind || !is_loose).then(|| left.shape == right.shape);
        }
        let is_made = |value: &Value| matches!(value.shape, Shape::Object(id) if !self.is_unseen(id));
        if is_made(left) && right.is_nullish() || left.is_nullish() && is_made(right) {
            return Some(false);
        }
        // A class of the program is no function of the language or of a library.
        if let (Shape::Class(_), Shape::External(_)) | (Shape::External(_), Shape::Class(_)) =
            (&left.shape, &right.shape)
        {
            return Some(false);
        }
        let is_thing = |value: &Value| {
            matches!(value.shape, Shape::Closure(_) | Shape::Class(_))
                || matches!(value.shape, Shape::Object(id) if !self.is_unseen(id))
                    && self.truth(value) == Truth::Truthy
        };
        ((is_thing(left) && is_constant(right)) || (is_constant(left) && is_thing(right))).then_some(false)
    }

    /// An input that equals something the caller does not choose is checked.
    pub(crate) fn checked_against(&mut self, value: &Value, other: &Value, place: Place) -> FactSet {
        let bound = self.bound_by(value, other, place);
        let Some(input) = value.input() else { return bound };
        // An input that equals a checked one is checked.
        let other_is_checked = other.input().is_some_and(|other| {
            self.path
                .facts
                .find(|kind| matches!(kind, FactKind::Validated(path, _) if path == other.path))
                .is_some()
        });
        if other.tags().intersects(Tags::REQUEST) && !other_is_checked {
            return bound;
        }
        let test = (place.span.start << 2) | HOLDS;
        self.fact(FactKind::Validated(input.path, test), place, "is compared", input.path).union(&bound)
    }

    /// A credential that equals a secret verifies the caller; a row or identifier that equals the caller's own is
    /// the caller's.
    fn proves_caller(&mut self, value: &Value, other: &Value, place: Place) -> FactSet {
        let (tags, against) = (value.tags(), other.tags());
        let about = self.symbols.sym("credential");
        let is_scheme =
            matches!(other.shape, Shape::Str(text) if self.symbols.with(text, lexicon::is_scheme));
        let is_secret =
            against.contains(Tags::ENVIRONMENT) || matches!(other.shape, Shape::Str(_)) && !is_scheme;
        let mut facts = FactSet::default();
        if is_secret && !against.intersects(Tags::REQUEST) {
            let compares_key = tags.contains(Tags::CREDENTIAL)
                || tags.intersects(Tags::REQUEST) && against.contains(Tags::ENVIRONMENT);
            if compares_key {
                facts = self.fact(FactKind::Authn, place, crate::COMPARED_KEY, about);
            }
        } else if self.may_be_key(value, other) {
            facts = self.fact(FactKind::Unseen(about), place, "may be compared with a key", about);
        }
        if tags.contains(Tags::PRINCIPAL)
            && against.intersects(Tags::ROW | Tags::INPUT)
            && !against.contains(Tags::PRINCIPAL)
            || tags.contains(Tags::PRINCIPAL | Tags::ROW)
                && against.contains(Tags::PRINCIPAL)
                && !against.contains(Tags::ROW)
        {
            let about = self.symbols.sym("owner");
            facts = facts.union(&self.fact(FactKind::Owner, place, "is compared with the caller", about));
            for row in [value, other].into_iter().filter_map(|side| side.meta.as_ref()?.row) {
                let asked = self.effects[row].asks.clone();
                for row in asked.into_iter().chain([row]) {
                    facts = facts.union(&self.fact(FactKind::Free(row), place, "is the caller's", about));
                }
            }
        }
        facts
    }

    /// True for a credential and something that was looked up where it cannot be seen: `key === keys[id].secret`.
    fn may_be_key(&self, value: &Value, other: &Value) -> bool {
        let is_credential =
            value.tags().contains(Tags::CREDENTIAL) && !value.tags().contains(Tags::PRINCIPAL);
        let is_chosen = other.input().is_some() || other.tags().intersects(Tags::CREDENTIAL | Tags::TYPE);
        self.run.is_some() && is_credential && !is_chosen && matches!(other.shape, Shape::Unknown)
    }

    // ---------------------------------------------------------------------------------------- classes and types

    fn class(&mut self, id: ClassId, slot: Option<SlotId>) -> Value {
        let Cx { file, frame } = self.cx;
        self.heap.capture(frame);
        let module = self.module(file);
        let class = &module.classes[id];
        let base = class.extends.map(|e| self.base_class(e));
        let mut bases: Vec<Value> = base.clone().into_iter().collect();
        bases.extend(class.mixins.iter().map(|e| self.base_class(*e)));
        let statics = self.heap.object(Object::new(None));
        let lineage = Rc::from([]);
        let class_id =
            self.heap.classes.push(ClassValue { file, class: id, env: frame, base, lineage, statics });
        let value = Value::new(Shape::Class(class_id));
        self.heap.classes[class_id].lineage = self.linearised(&value, &bases).into();
        if let Some(slot) = slot {
            self.declare(slot, value.clone());
        }
        if let Some(init) = class.static_init {
            self.call_in(file, init, frame, value.clone(), &[], Some(class_id));
        }
        value
    }

    /// What a class derives from: `ModelViewSet[Book]` is that class, whatever its parameters.
    fn base_class(&mut self, expr: ExprId) -> Value {
        let module = self.module(self.cx.file);
        let Expr::Index { object, index, .. } = module.exprs[expr] else { return self.eval(expr) };
        let generic = self.eval(object);
        if module.semantics.classes_are_callable
            && matches!(generic.shape, Shape::Class(_) | Shape::External(_))
        {
            return generic;
        }
        let index = self.eval(index);
        self.get_index(&generic, &index, self.here(expr))
    }

    /// The classes in which members are looked up: C3, or, where the bases contradict each other, each once in the
    /// order of a depth-first walk.
    fn linearised(&self, class: &Value, bases: &[Value]) -> Vec<Value> {
        let of = |base: &Value| match base.shape {
            Shape::Class(id) => self.heap.classes[id].lineage.to_vec(),
            _ => vec![base.clone()],
        };
        let mut lists: Vec<Vec<Value>> = bases.iter().map(of).collect();
        lists.push(bases.to_vec());
        let mut order = vec![class.clone()];
        loop {
            lists.retain(|list| !list.is_empty());
            let in_tail = |wanted: &Value| lists.iter().any(|list| list[1..].contains(wanted));
            let Some(next) = lists.iter().map(|list| &list[0]).find(|first| !in_tail(first)).cloned() else {
                break;
            };
            for list in &mut lists {
                list.retain(|item| *item != next);
            }
            order.push(next);
        }
        for rest in lists.into_iter().flatten() {
            if !order.contains(&rest) {
                order.push(rest);
            }
        }
        order.truncate(32);
        order
    }

    /// The class that a method's `super` means: the one behind that of the running method, in the order of the
    /// receiver's class.
    fn super_class(&self) -> Option<Value> {
        let (home, at) = self.own_class()?;
        match at {
            Some(at) => self.heap.classes[home].lineage.get(at + 1).cloned(),
            None => self.heap.classes[home].base.clone(),
        }
    }

    /// The classes behind that of the running method, in the order of the receiver's class.
    fn classes_behind(&self) -> Vec<Value> {
        let Some((home, Some(at))) = self.own_class() else { return Vec::new() };
        self.heap.classes[home].lineage.get(at + 1..).unwrap_or(&[]).to_vec()
    }

    /// The receiver's class, and the position of the running method's class in its order.
    fn own_class(&self) -> Option<(ClassValueId, Option<usize>)> {
        let mut frame = Some(self.cx.frame);
        while let Some(id) = frame {
            let here = &self.heap.frames[id];
            if let Some(home) = here.home {
                let own = self.module(here.file).functions[here.func].class.map(|class| (here.file, class));
                let at = self.heap.classes[home].lineage.iter().position(|class| match class.shape {
                    Shape::Class(id) => {
                        let class = &self.heap.classes[id];
                        Some((class.file, class.class)) == own
                    }
                    _ => false,
                });
                return Some((home, at));
            }
            frame = here.parent;
        }
        None
    }

    fn super_member(&mut self, base: &Value, name: Sym) -> Value {
        match base.shape {
            Shape::Class(class) => {
                self.behind_own(name).or_else(|| self.method(class, name, false)).unwrap_or(Value::UNKNOWN)
            }
            Shape::External(path) => match self.behind_own(name) {
                Some(found) => found,
                None => Value::new(Shape::External(self.symbols.join(path, name))),
            },
            Shape::Object(id) => match self.heap.objects[id].ty {
                Some(ty) => Value::new(Shape::External(self.symbols.join(ty, name))),
                None => Value::UNKNOWN,
            },
            _ => Value::UNKNOWN,
        }
    }

    /// A member of the classes behind that of the running method, in the order of the receiver's class; in languages
    /// whose classes have several bases.
    fn behind_own(&mut self, name: Sym) -> Option<Value> {
        if !self.module(self.cx.file).semantics.classes_are_callable {
            return None;
        }
        for class in self.classes_behind() {
            let Shape::Class(class) = class.shape else { continue };
            let statics = self.heap.classes[class].statics;
            let found = self.heap.objects[statics].field(name).cloned();
            if let Some(found) = found.or_else(|| self.own_method(class, name, false)) {
                let this = self.heap.frames[self.cx.frame].this.clone();
                return Some(self.bound_to(found, Some(&this)));
            }
        }
        None
    }

    /// The code of a method, from the class or those it derives from.
    pub(crate) fn method(&mut self, class: ClassValueId, name: Sym, is_static: bool) -> Option<Value> {
        let lineage = self.heap.classes[class].lineage.clone();
        let mut external = None;
        for class in lineage.iter() {
            match class.shape {
                Shape::Class(class) => {
                    if let Some(method) = self.own_method(class, name, is_static) {
                        return Some(method);
                    }
                }
                // What the program itself says of the name goes before what a library may say.
                Shape::External(path) => external = external.or(Some(path)),
                // `class A extends library('x')`
                Shape::Object(base) => external = external.or(self.heap.objects[base].ty),
                _ => {}
            }
        }
        let external = external?;
        let path = self.symbols.join(external, name);
        // A class of a library has the members of the type that its construction gives.
        if self.index.rows(path, &self.symbols).is_empty()
            && let Some(ty) = self.index.made_by(external, &self.symbols)
        {
            return Some(Value::new(Shape::External(self.symbols.join(ty, name))));
        }
        Some(Value::new(Shape::External(path)))
    }

    /// The code of a method of the class itself.
    pub(crate) fn own_method(&mut self, class: ClassValueId, name: Sym, is_static: bool) -> Option<Value> {
        let ClassValue { file, class: id, env, .. } = self.heap.classes[class];
        let module = self.module(file);
        for member in &module.classes[id].members {
            let (Key::Name(key), MemberKind::Method(func)) = (member.key, member.kind) else { continue };
            let fits = member.is_static == is_static || module.semantics.classes_are_callable;
            if fits && self.sym(file, key) == name {
                let closure = Closure { file, func, env, this: None, same_scope: false, given: None };
                return Some(Value::new(Shape::Closure(self.heap.closures.push(closure))));
            }
        }
        None
    }

    /// An attribute of a class, which its instances have, too: what the code of the class has written, or a method.
    pub(crate) fn attribute(
        &mut self,
        class: ClassValueId,
        name: Sym,
        receiver: Option<&Value>,
    ) -> Option<Value> {
        let lineage = self.heap.classes[class].lineage.clone();
        for class in lineage.iter() {
            let Shape::Class(class) = class.shape else { continue };
            let statics = self.heap.classes[class].statics;
            let found = self.heap.objects[statics].field(name).cloned();
            let found = match found {
                Some(found) => Some(found),
                None => self.own_method(class, name, false),
            };
            if let Some(found) = found {
                return Some(self.bound_to(found, receiver));
            }
        }
        None
    }

    /// A function of a class, read from an instance: the instance is its receiver.
    pub(crate) fn bound_to(&mut self, function: Value, receiver: Option<&Value>) -> Value {
        if let (Shape::Object(_), Some(receiver)) = (&function.shape, receiver)
            && matches!(receiver.shape, Shape::Object(_))
            && self.is_wrappable(&function)
        {
            return self.with_receiver(function, receiver);
        }
        let Shape::Closure(id) = function.shape else { return function };
        let closure = self.closure_of(id).clone();
        let module = self.module(closure.file);
        let flags = module.functions[closure.func].flags;
        if closure.this.is_some() {
            return function;
        }
        if !flags.explicit_this {
            // `method = decorator(method)`: a function in a class is a method wherever it was written.
            let is_member = receiver.is_some_and(|receiver| matches!(receiver.shape, Shape::Object(_)));
            if !is_member
                || !module.semantics.classes_are_callable
                || module.functions[closure.func].class.is_some()
            {
                return function;
            }
            let closure = Closure { this: receiver.cloned(), ..closure };
            return Value { shape: Shape::Closure(self.heap.closures.push(closure)), meta: function.meta };
        }
        // A method of the class itself has the class as receiver.
        let is_of_class = module.functions[closure.func].class.is_some_and(|class| {
            let is_it = |member: &routeward_ir::Member| {
                member.is_static && member.kind == MemberKind::Method(closure.func)
            };
            module.classes[class].members.iter().any(is_it)
        });
        let this = match receiver {
            Some(Value { shape: Shape::Object(id), .. }) if is_of_class => {
                self.heap.objects[*id].class.clone()
            }
            Some(receiver) if is_of_class || !matches!(receiver.shape, Shape::Class(_)) => {
                Some(receiver.clone())
            }
            _ => None,
        };
        if this.is_none() {
            return function;
        }
        let closure = Closure { this, ..closure };
        Value { shape: Shape::Closure(self.heap.closures.push(closure)), meta: function.meta }
    }

    /// The method that runs when an instance of the class is called.
    pub(crate) fn call_operator(&mut self, class: ClassValueId) -> Option<(FileId, FuncId, FrameId)> {
        let lineage = self.heap.classes[class].lineage.clone();
        lineage.iter().find_map(|class| {
            let Shape::Class(class) = class.shape else { return None };
            let ClassValue { file, class, env, .. } = self.heap.classes[class];
            Some((file, self.module(file).classes[class].call?, env))
        })
    }

    /// A getter of the class or those it derives from.
    pub(crate) fn getter(&self, class: ClassValueId, name: Sym) -> Option<(FileId, FuncId, FrameId)> {
        self.heap.classes[class].lineage.iter().find_map(|class| {
            let Shape::Class(class) = class.shape else { return None };
            let ClassValue { file, class: id, env, .. } = self.heap.classes[class];
            self.module(file).classes[id].members.iter().find_map(|member| match (member.key, member.kind) {
                (Key::Name(key), MemberKind::Getter(func)) if self.sym(file, key) == name => {
                    Some((file, func, env))
                }
                _ => None,
            })
        })
    }

    /// Runs field initialisers and the constructor of `class` on `this`.
    pub(crate) fn initialise(&mut self, class: &Value, this: &Value, args: &[Value], place: Place) {
        let id = match class.shape {
            Shape::Class(id) => id,
            Shape::Closure(_) => {
                self.call(class, this, args, place);
                return;
            }
            Shape::External(path) => {
                if self.unbased.as_ref() == Some(this) {
                    self.unbased = None;
                    self.construct_base(path, this, args, place);
                }
                return;
            }
            _ => return,
        };
        let ClassValue { file, class: code, env, ref lineage, .. } = self.heap.classes[id];
        let lineage = lineage.clone();
        // With several bases the constructor is found like any other member.
        let next = lineage.iter().skip(1).find(|class| match class.shape {
            Shape::Class(id) => {
                let ClassValue { file, class, .. } = self.heap.classes[id];
                let class = &self.module(file).classes[class];
                class.constructor.is_some() || class.init.is_some() || class.extends.is_some()
            }
            _ => true,
        });
        let base = next.cloned();
        let class = &self.module(file).classes[code];
        let (constructor, init) = (class.constructor, class.init);
        if constructor.is_none()
            && let Some(base) = base
        {
            self.initialise(&base, this, args, place);
        }
        if let Some(init) = init {
            self.call_in(file, init, env, this.clone(), &[], Some(id));
        }
        if let Some(constructor) = constructor {
            self.call_in(file, constructor, env, this.clone(), args, Some(id));
        }
    }

    /// The one instance that a container would make of a class, with its dependencies made the same way.
    pub fn instance(&mut self, class: &Value, place: Place) -> Value {
        let Shape::Class(id) = class.shape else { return class.clone() };
        if let Some(instance) = self.class_instances.get(&id) {
            return instance.clone();
        }
        let mut object = Object::new(Some(place));
        object.class = Some(class.clone());
        if let Some(ty) = self.external_base(class) {
            object.ty = Some(self.index.made_by(ty, &self.symbols).unwrap_or(ty));
        }
        let instance = Value::object(self.heap.object(object));
        self.class_instances.insert(id, instance.clone());
        let mut owner = id;
        let constructor = loop {
            let ClassValue { file, class: code, ref base, .. } = self.heap.classes[owner];
            if let Some(func) = self.module(file).classes[code].constructor {
                break Some((file, func));
            }
            match base.as_ref().map(|base| base.shape.clone()) {
                Some(Shape::Class(base)) if base != owner => owner = base,
                _ => break None,
            }
        };
        let args: Vec<Value> = constructor.map_or_else(Vec::new, |(file, func)| {
            let params = &self.module(file).functions[func].params;
            let env = self.heap.classes[owner].env;
            params.iter().map(|param| self.injected(file, env, &param.decorators, param.ty, place)).collect()
        });
        self.initialise(class, &instance, &args, place);
        self.inject_fields(id, &instance, place);
        instance
    }

    /// A value of a declared type, as a container would provide it.
    pub(crate) fn provided(&mut self, file: FileId, ty: Option<TypeId>, place: Place) -> Value {
        let Some(ty) = ty else { return Value::UNKNOWN };
        let resolved = self.resolve_type(file, ty);
        if let Some(given) = self.by_token(&resolved, place) {
            return given;
        }
        match &resolved.shape {
            Shape::Class(_) => self.instance(&resolved, place),
            Shape::External(path) => {
                let mut object = Object::new(Some(place));
                object.ty = Some(*path);
                object.fields.extend(
                    self.element_name(file, ty)
                        .map(|name| (self.symbols.sym(crate::modelled::ELEMENT), name)),
                );
                Value::object(self.heap.object(object))
            }
            _ => Value::UNKNOWN,
        }
    }

    /// The name of the first type argument: the `User` of `Repository<User>`.
    fn element_name(&self, file: FileId, ty: TypeId) -> Option<Value> {
        let module = self.module(file);
        let TypeKind::Named { args, .. } = &module.types[ty].kind else { return None };
        let TypeKind::Named { path, .. } = &module.types[*args.first()?].kind else { return None };
        path.last().map(|name| Value::str(self.symbols.sym(module.text(*name))))
    }

    /// The class or external path that a type annotation names.
    pub(crate) fn resolve_type(&mut self, file: FileId, ty: TypeId) -> Value {
        let module = self.module(file);
        let TypeKind::Named { slot: Some(slot), path, .. } = &module.types[ty].kind else {
            return Value::UNKNOWN;
        };
        self.prepare(file);
        let mut value = match module.slots[*slot].kind {
            SlotKind::Import => self.import_slot(file, *slot),
            SlotKind::Class | SlotKind::Variable | SlotKind::Constant => {
                let Some(frame) = self.modules[file].frame else { return Value::UNKNOWN };
                let outer = std::mem::replace(&mut self.cx, Cx { file, frame });
                let value =
                    self.slot_loc(*slot).and_then(|loc| self.heap.read(loc)).unwrap_or(Value::UNKNOWN);
                self.cx = outer;
                value
            }
            _ => return Value::UNKNOWN,
        };
        for name in path.iter().skip(1) {
            let name = self.sym(file, *name);
            let place = Place { file, span: module.types[ty].span };
            value = self.get(&value, name, place);
        }
        value
    }

    /// A value that is not known, made more definite by the type it is declared with.
    pub(crate) fn typed(&mut self, value: Value, ty: Option<TypeId>, place: Place) -> Value {
        let (Shape::Unknown, None, Some(ty)) = (&value.shape, &value.meta, ty) else { return value };
        match self.resolve_type(self.cx.file, ty).shape {
            Shape::External(path) => {
                let mut object = Object::new(Some(place));
                object.ty = Some(self.index.made_by(path, &self.symbols).unwrap_or(path));
                object.is_open = true;
                Value::object(self.heap.object(object))
            }
            Shape::Class(class) => {
                let mut object = Object::new(Some(place));
                object.class = Some(Value::new(Shape::Class(class)));
                object.is_open = true;
                Value::object(self.heap.object(object))
            }
            _ => value,
        }
    }

    pub(crate) fn closure_of(&self, id: ClosureId) -> &Closure {
        &self.heap.closures[id]
    }

    /// A path of a dependency, or the object a model gives it.
    pub(crate) fn external(&mut self, path: Sym, place: Place) -> Value {
        for matched in self.index.rows(path, &self.symbols).iter() {
            if !self.version_fits(matched.package, matched.version) {
                continue;
            }
            match matched.row {
                crate::index::Row::Source(row) => return self.source_value(row, None, &[], path, place),
                crate::index::Row::Constant(row) => return self.constant(&row.value),
                _ => {}
            }
        }
        if let Some(value) = self.setting_at(path).or_else(|| self.outlined(path)) {
            return value;
        }
        self.shared_instance(path, place).unwrap_or_else(|| Value::new(Shape::External(path)))
    }

    pub(crate) fn constant(&self, text: &str) -> Value {
        let path = &self.program.units[self.cx.file].path;
        match text {
            // Paths of the repository are written as absolute ones.
            "$file" => Value::str(self.symbols.sym(&format!("/{path}"))),
            "$folder" => Value::str(self.symbols.sym(&format!("/{}", folder(path)))),
            text => match text.parse() {
                Ok(number) => Value::new(Shape::Number(number)),
                Err(_) => Value::str(self.symbols.sym(text)),
            },
        }
    }

    pub(crate) fn is_role_name(&self, name: Sym) -> bool {
        self.symbols.with(name, lexicon::is_role)
    }

    pub(crate) fn shared_conditions(&self) -> Rc<[(Place, bool)]> {
        self.conditions.as_slice().into()
    }
}

/// The names of members that code assigns.
fn assigned_members(module: &Module) -> impl Iterator<Item = &str> {
    let target = |expr: ExprId| match module.exprs[expr] {
        Expr::Member { name, .. } => Some(module.text(name)),
        _ => None,
    };
    module.exprs.iter().filter_map(move |expr| match *expr {
        Expr::Assign { target: pat, .. } => match module.patterns[pat] {
            Pat::Place(place) => target(place),
            _ => None,
        },
        Expr::Update { target: place, .. } => target(place),
        _ => None,
    })
}

/// The slots that code assigns after their declaration.
fn assigned_slots(module: &Module) -> routeward_base::FxHashSet<SlotId> {
    let slots = module.exprs.iter().filter_map(|expr| match *expr {
        Expr::Assign { target: pat, .. } => match module.patterns[pat] {
            Pat::Slot(slot) => Some(slot),
            _ => None,
        },
        Expr::Update { target: place, .. } => match module.exprs[place] {
            Expr::Local(slot) => Some(slot),
            _ => None,
        },
        _ => None,
    });
    slots.collect()
}

fn flip(truth: Truth) -> Truth {
    match truth {
        Truth::Truthy => Truth::Falsy,
        Truth::Falsy => Truth::Truthy,
        Truth::Maybe => Truth::Maybe,
    }
}

/// What holds where two paths meet.
pub(crate) fn meet(left: &Path, right: &Path) -> Path {
    Path {
        is_live: true,
        facts: left.facts.intersect(&right.facts),
        answered: left.answered.or(right.answered),
        open: match (left.facts.has(FactKind::Answered), right.facts.has(FactKind::Answered)) {
            (true, _) => right.open.clone(),
            (_, true) => left.open.clone(),
            _ => left.open.intersect(&right.open),
        },
        status: if left.status == right.status { left.status } else { Some(None) },
        returned: None,
    }
}
