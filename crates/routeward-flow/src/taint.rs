//! Taint: what the client may still do with a value at a sink, and the way the value took.
//!
//! A value knows what it comes from ([`Tags`]), which kinds of sink it can do no harm to ([`SinkKinds`], set by
//! conversions, sanitizers and, through [`FactKind::Bound`], by comparisons that hold where it is used), and the
//! last step of its way ([`Trace`]). Parts that are put together are as clean as the dirtiest of them.

use std::cmp::Ordering;
use std::ops::{BitAnd, BitOr, BitOrAssign};

use routeward_base::{FxHashMap, IndexVec, index_type};
use routeward_catalog::{EntryRow, PropagatorRow, Provision, SanitizerRow, SinkKind, SinkRow};
use routeward_diag::Place;
use routeward_ir::Stmt;

use crate::Sym;
use crate::eval::Evaluator;
use crate::fact::{FactKind, FactSet};
use crate::modelled::{SAID_TYPE, Site};
use crate::value::{ClassValue, ClassValueId, InputPath, Piece, Shape, Tags, Value};

index_type! {
    /// A step of a [`Trace`].
    pub struct StepId;
}
index_type! {
    /// A flow that was met.
    pub struct FlowId;
}

/// A way is told in at most this many steps; what comes later is left out.
const MAX_STEPS: u32 = 24;

bitflags::bitflags! {
    /// A set of [`SinkKind`]s.
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
    pub struct SinkKinds: u32 {
        /// All kinds, those of later versions too.
        const ALL = u32::MAX;
    }
}

impl SinkKinds {
    /// The kinds of sink to which something does no harm that harms `harmed` only; none if that is empty.
    pub(crate) fn spared_by(harmed: &[SinkKind]) -> Self {
        let harmed: Self = harmed.iter().copied().collect();
        if harmed.is_empty() { Self::empty() } else { harmed.complement() }
    }
}

impl From<SinkKind> for SinkKinds {
    fn from(kind: SinkKind) -> Self {
        Self::from_bits_retain(1 << kind as u32)
    }
}

impl FromIterator<SinkKind> for SinkKinds {
    fn from_iter<I: IntoIterator<Item = SinkKind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::empty(), |set, kind| set | kind.into())
    }
}

/// The last step of the way that a value took. It explains a value and is no part of it: all are equal.
#[derive(Clone, Copy, Default, Debug)]
pub struct Trace(pub Option<StepId>);

impl PartialEq for Trace {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What taints a value.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct Taint {
    /// What it comes from.
    pub tags: Tags,
    /// The kinds of sink that it can do no harm to, for all the request's parts in it.
    pub clean: SinkKinds,
    /// The way it took.
    pub trace: Trace,
}

impl Taint {
    /// The client has a say in it.
    pub fn is_of_client(self) -> bool {
        self.tags.intersects(Tags::REQUEST)
    }

    /// The client has a say in it, or people have written it before.
    pub(crate) fn is_of_others(self) -> bool {
        self.is_of_client() || self.tags.contains(Tags::FREE_TEXT)
    }

    /// A number does no harm anywhere.
    fn harmless(self) -> SinkKinds {
        if self.tags.contains(Tags::NUMBER) { SinkKinds::ALL } else { self.clean }
    }

    /// As a part of a text, which is neither a number nor an object.
    pub(crate) fn as_text(mut self) -> Self {
        self.clean = self.harmless() | SinkKind::Nosql.into();
        self.tags -= Tags::NUMBER;
        self
    }

    /// Less the kinds that it can do no more harm to.
    pub fn cleared(mut self, kinds: SinkKinds) -> Self {
        self.clean |= kinds;
        self
    }
}

impl From<Tags> for Taint {
    fn from(tags: Tags) -> Self {
        Self { tags, ..Self::default() }
    }
}

impl BitOr for Taint {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        let mut tags = self.tags | other.tags;
        if self.is_of_client() && other.is_of_client() {
            // What holds for one of the two only holds for neither.
            tags -= (Tags::NUMBER | Tags::UNSEEN) & (self.tags ^ other.tags);
        }
        // What the client has no say in makes nothing of the client's less seen.
        let weight = |taint: Self| (taint.is_of_client(), taint.is_of_others());
        let (clean, trace) = match weight(self).cmp(&weight(other)) {
            Ordering::Greater => {
                tags -= Tags::UNSEEN - self.tags;
                (self.clean, self.trace)
            }
            Ordering::Less => {
                tags -= Tags::UNSEEN - other.tags;
                (other.clean, other.trace)
            }
            Ordering::Equal => {
                let (left, right) = (self.harmless(), other.harmless());
                let (kept, spare) = if right.contains(left) { (self, other) } else { (other, self) };
                (left & right, Trace(kept.trace.0.or(spare.trace.0)))
            }
        };
        Self { tags, clean, trace }
    }
}

impl BitOrAssign for Taint {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl BitOr<Tags> for Taint {
    type Output = Self;

    fn bitor(mut self, tags: Tags) -> Self {
        self.tags |= tags;
        self
    }
}

impl BitAnd<Tags> for Taint {
    type Output = Self;

    fn bitand(mut self, tags: Tags) -> Self {
        self.tags &= tags;
        if self.tags.is_empty() { Self::default() } else { self }
    }
}

/// How a value came a step further.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Via {
    /// It is read from the request, there.
    Source(Sym),
    /// It is read from stored data of that name.
    Stored(Sym),
    /// It becomes a part of a text.
    Text,
    /// It is given to the function of that name.
    Argument(Sym),
    /// It is made a path by the operation of that name: dots in it are resolved.
    Operation(Sym),
    /// It is handed on by the call of that name.
    Through(Sym),
}

/// A step of a way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Step {
    /// The code.
    pub place: Place,
    /// What happens.
    pub via: Via,
    /// The step before.
    pub before: Option<StepId>,
    /// Steps before it.
    depth: u32,
}

/// All steps of a run; equal ones are one.
#[derive(Default)]
pub struct Traces {
    steps: IndexVec<StepId, Step>,
    known: FxHashMap<Step, StepId>,
}

impl Traces {
    fn add(&mut self, place: Place, via: Via, before: Option<StepId>) -> Option<StepId> {
        let depth = before.map_or(0, |before| self.steps[before].depth + 1);
        if depth >= MAX_STEPS {
            return before;
        }
        let step = Step { place, via, before, depth };
        if let Some(known) = self.known.get(&step) {
            return Some(*known);
        }
        let id = self.steps.push(step);
        self.known.insert(step, id);
        Some(id)
    }

    /// The steps to `last`, the last one first.
    fn back_from(&self, last: Option<StepId>) -> impl Iterator<Item = (StepId, Step)> + '_ {
        let step = |id: StepId| (id, self.steps[id]);
        std::iter::successors(last.map(step), move |(_, at)| at.before.map(step))
    }

    /// The steps to the end of a trace, the first one first.
    pub fn steps(&self, trace: Trace) -> Vec<Step> {
        let mut steps: Vec<Step> = self.back_from(trace.0).map(|(_, step)| step).collect();
        steps.reverse();
        steps
    }
}

/// A value of the client's that reaches a sink.
#[derive(Clone, PartialEq, Debug)]
pub struct Flow {
    /// What can be done there.
    pub kind: SinkKind,
    /// The sink, by path.
    pub sink: Sym,
    /// The call.
    pub place: Place,
    /// What the value comes from.
    pub tags: Tags,
    /// Where it stands in the request, if it is one input unchanged.
    pub input: Option<InputPath>,
    /// The way it took.
    pub trace: Trace,
    /// Nothing is known to run the code, and no file imports the one that it stands in.
    pub is_detached: bool,
}

impl Evaluator<'_> {
    /// `value`, one step further.
    pub(crate) fn stepped(&mut self, value: Value, via: Via, place: Place) -> Value {
        let taint = value.taint();
        if !taint.is_of_client() || taint.tags.contains(Tags::PRINCIPAL) {
            return value;
        }
        // A value whose way is not known begins with its first step that is.
        let trace = Trace(self.traces.add(place, via, taint.trace.0));
        value.noted(|meta| meta.taint.trace = trace)
    }

    /// `value` as it is read from the request.
    pub(crate) fn read_from(&mut self, value: Value, input: InputPath, place: Place) -> Value {
        if !input.part.intersects(Tags::REQUEST) {
            return value;
        }
        let trace = Trace(self.traces.add(place, Via::Source(input.path), None));
        value.noted(|meta| meta.taint.trace = trace)
    }

    /// `member`, a member of something on its way: of what was just read, a part was read.
    pub(crate) fn part_read(&mut self, member: Value, whole: Taint, name: Sym, place: Place) -> Value {
        let last = self.traces.back_from(whole.trace.0).next();
        let Some((_, Step { via: Via::Source(path), .. })) = last else { return member };
        let path = self.symbols.join(path, name);
        let trace = Trace(self.traces.add(place, Via::Source(path), None));
        member.noted(|meta| meta.taint.trace = trace)
    }

    /// What facts that hold here say about a value's harm, besides what its way says.
    pub(crate) fn bound(&self, value: &Value, facts: &FactSet) -> SinkKinds {
        let bound = |key: Compared| {
            facts.iter().fold(SinkKinds::empty(), |kinds, fact| match fact.kind {
                FactKind::Bound(compared, more) if compared == key => kinds | more,
                _ => kinds,
            })
        };
        let mut kinds = SinkKinds::empty();
        if let Some(input) = value.input() {
            kinds |= bound(Compared::Input(input.path));
        }
        for (id, step) in self.traces.back_from(value.taint().trace.0) {
            kinds |= bound(Compared::Step(id));
            if let Via::Source(path) = step.via {
                kinds |= bound(Compared::Input(path));
            }
        }
        kinds
    }

    /// What taints a value where it is used: a comparison that holds here takes harm away.
    pub(crate) fn taint_here(&self, value: &Value) -> Taint {
        let taint = value.taint();
        if taint.is_of_client() { taint.cleared(self.bound(value, &self.path.facts)) } else { taint }
    }

    /// As [`Evaluator::taint_here`], with the known members.
    pub(crate) fn deep_taint(&self, value: &Value, depth: u32) -> Taint {
        let mut taint = self.taint_here(value);
        if depth == 0 {
            return taint;
        }
        match &value.shape {
            Shape::Object(id) if self.heap.objects[*id].ty.is_none() => {
                let object = &self.heap.objects[*id];
                taint |= object.taint;
                let items = object.items.iter().flatten();
                for member in object.fields.iter().map(|(_, value)| value).chain(items).take(64) {
                    taint |= self.deep_taint(member, depth - 1);
                }
            }
            Shape::Union(values) => {
                for value in values.iter() {
                    taint |= self.deep_taint(value, depth - 1);
                }
            }
            _ => {}
        }
        taint
    }

    /// Where in the request a way begins.
    pub(crate) fn source_of(&self, trace: Trace) -> Option<Sym> {
        self.traces.back_from(trace.0).find_map(|(_, step)| match step.via {
            Via::Source(path) => Some(path),
            _ => None,
        })
    }

    /// The step that made a value: one that was only handed on is the one that was handed.
    fn made_at(&self, value: &Value) -> Option<(StepId, Step)> {
        let mut steps = self.traces.back_from(value.taint().trace.0);
        steps.find(|(_, step)| !matches!(step.via, Via::Argument(_)))
    }

    /// What holds where a value of the client's was found to be one that is expected: it can do none of `kinds`.
    pub(crate) fn bounded(&mut self, value: &Value, kinds: SinkKinds, place: Place) -> FactSet {
        let compared = value.input().map(|input| Compared::Input(input.path));
        let compared = compared.or_else(|| self.made_at(value).map(|(id, _)| Compared::Step(id)));
        let Some(compared) = compared else { return FactSet::default() };
        let about = self.symbols.sym("value");
        self.fact(FactKind::Bound(compared, kinds), place, "is compared", about)
    }

    /// What holds where `value` equals `other`, or is one of its elements: it is what is expected, unless the client
    /// chooses that too.
    pub(crate) fn bound_by(&mut self, value: &Value, other: &Value, place: Place) -> FactSet {
        if !value.taint().is_of_client() || other.taint().is_of_client() {
            return FactSet::default();
        }
        if !value.tags().contains(Tags::TYPE) {
            return self.bounded(value, SinkKinds::ALL, place);
        }
        let Shape::Str(name) = other.shape else { return FactSet::default() };
        let kinds = self.symbols.with(name, |name| match name {
            "string" => SinkKind::Nosql.into(),
            "number" | "boolean" | "bigint" => SinkKinds::ALL,
            _ => SinkKinds::empty(),
        });
        self.bounded(value, kinds, place)
    }

    /// What holds where two collections have an element in common: one of the client's is expected if what else stands
    /// beside it are constants.
    pub(crate) fn in_common(&mut self, left: &Value, right: &Value, place: Place) -> FactSet {
        for (list, other) in [(left, right), (right, left)] {
            let items = self.elements_perhaps(list).unwrap_or_default();
            let sent: Vec<&Value> = items.iter().filter(|item| item.taint().is_of_client()).collect();
            if let [sent] = sent.as_slice() {
                return self.bound_by(sent, other, place);
            }
        }
        FactSet::default()
    }

    /// What holds where a regular expression fits: if it describes the whole of a text character by character, the
    /// text is what is expected.
    pub(crate) fn expected(&mut self, regex: &Value, value: &Value, place: Place) -> FactSet {
        let Shape::Regex(regex, flags) = regex.shape else { return FactSet::default() };
        // One whose anchors fit at every line says nothing of the other lines.
        let is_strict = !flags.is_multiline
            && self.symbols.with(regex, |regex| {
                let body = regex.trim_start_matches('/').split('/').next().unwrap_or("");
                let loose = ["[^", "\\S", "\\D", "\\W", "."];
                let plain = body.replace("\\.", "");
                body.starts_with('^') && body.ends_with('$') && !loose.iter().any(|part| plain.contains(part))
            });
        if is_strict { self.bounded(value, SinkKinds::ALL, place) } else { FactSet::default() }
    }

    /// A text in which all that `pattern` matches was replaced: an expression for all but some characters leaves only
    /// those, and one for the characters that open markup or end a string takes their harm. One that is applied to the
    /// first place alone does nothing for the others.
    ///
    /// What is put in its place is a part of the text from then on.
    pub(crate) fn scrubbed(&self, value: &Value, pattern: &Value, instead: &Value) -> Value {
        let mut taint = self.taint_here(value).as_text();
        // `password.replace(/./g, "*")`
        taint.tags -= Tags::SECRET;
        let kinds = |pattern: &str| {
            let set = pattern.trim_start_matches('/');
            let kinds = [
                (set.starts_with("[^"), SinkKinds::ALL),
                (set.contains('<'), SinkKind::Html.into()),
                (set.contains('\''), SinkKind::Sql.into()),
                (
                    set.contains("\\n") || set.contains("\\r") || set.contains("\\s"),
                    [SinkKind::Log, SinkKind::Header].into_iter().collect(),
                ),
            ];
            kinds
                .into_iter()
                .filter(|(holds, _)| *holds)
                .fold(SinkKinds::empty(), |all, (_, kind)| all | kind)
        };
        if let Shape::Regex(pattern, flags) = pattern.shape
            && flags.is_global
        {
            taint = taint.cleared(self.symbols.with(pattern, kinds));
        }
        let added = self.taint_here(instead).as_text();
        if added.is_of_client() && !matches!(instead.shape, Shape::Closure(_)) {
            return Value::UNKNOWN.tagged(taint | added);
        }
        let stored = added.tags & Tags::ROW;
        Value { shape: Shape::Unknown, meta: value.meta.clone() }.noted(|meta| meta.taint = taint | stored)
    }

    /// `value.startsWith(prefix)` for a value of the client's: a joined path stays in its folder, an address at its
    /// host.
    pub(crate) fn begins_with(&mut self, value: &Value, prefix: &Value, place: Place) -> Option<Value> {
        if !value.taint().is_of_client() || prefix.taint().is_of_client() {
            return None;
        }
        let (_, last) = self.made_at(value)?;
        if let (Via::Operation(_), &Shape::Str(text)) = (last.via, &prefix.shape)
            && self.symbols.with(text, |text| text.starts_with('.'))
        {
            // A resolved path that begins with dots leads out of its folder, and any other does not.
            let inside = self.bounded(value, SinkKind::Path.into(), place);
            return Some(Value::UNKNOWN.when_falsy(&inside));
        }
        let kinds: SinkKinds = match (last.via, &prefix.shape) {
            (Via::Operation(_), &_) => SinkKind::Path.into(),
            (_, &Shape::Str(text)) if self.symbols.with(text, names_host) => {
                [SinkKind::Url, SinkKind::Redirect].into_iter().collect()
            }
            _ => return None,
        };
        let inside = self.bounded(value, kinds, place);
        Some(Value::UNKNOWN.when_truthy(&inside))
    }

    /// `value` as it is where it is stored or returned: what holds here about it does not hold later.
    pub(crate) fn kept(&self, value: Value) -> Value {
        let taint = self.taint_here(&value);
        if taint.clean == value.taint().clean { value } else { value.noted(|meta| meta.taint = taint) }
    }

    /// A call that does something to the world with what it is given.
    pub(crate) fn sink(&mut self, row: &SinkRow, site: Site<'_>) {
        if matches!(row.kind, SinkKind::Log | SinkKind::Reveal) {
            self.note_provision(Provision::Log, site.place);
        }
        let is_other = row.kind == SinkKind::Html && self.is_no_page(site.this);
        if is_other || !self.holds_when(row.when.as_ref(), site) {
            return;
        }
        for access in &row.arg {
            for value in self.access(access, site) {
                for value in value.alternatives() {
                    self.sink_one(row, value, site);
                }
            }
        }
    }

    fn sink_one(&mut self, row: &SinkRow, value: &Value, site: Site<'_>) {
        let values = match &value.shape {
            _ if row.kind == SinkKind::Show => return self.show(value, site.place),
            _ if row.whole && self.whole_input(value).is_none() => return,
            // What is confidential goes by its own name.
            Shape::Object(id) if row.kind == SinkKind::Reveal && row.deep => {
                self.heap.objects[*id].fields.iter().map(|(_, member)| member.clone()).collect()
            }
            _ if !row.members.is_empty() => self.members_below(value, &row.members, 8),
            _ => vec![value.clone()],
        };
        for value in &values {
            self.reach(row, value, site);
        }
    }

    /// A text that is returned and so becomes a page. What may be an object is no text for sure.
    pub(crate) fn page(&mut self, row: &EntryRow, value: &Value, place: Place) {
        let first = self.known_elements(value).filter(|_| row.status_item.is_some());
        let value = first.and_then(|items| items.first().cloned()).unwrap_or_else(|| value.clone());
        let is_text = matches!(value.shape, Shape::Text(_)) || !value.tags().contains(Tags::BODY);
        if is_text && !value.tags().contains(Tags::UNSEEN) {
            let row = SinkRow { kind: SinkKind::Html, texts_only: true, ..SinkRow::default() };
            let path = self.symbols.sym("return");
            let place = self.path.returned.unwrap_or(place);
            self.reach(&row, &value, Site { this: None, args: &[], path, place });
        }
    }

    /// The response was said to be of a type that is not read as markup.
    fn is_no_page(&self, response: Option<&Value>) -> bool {
        let Some(Value { shape: Shape::Object(id), .. }) = response else { return false };
        match self.heap.objects[*id].field(self.symbols.sym(SAID_TYPE)).map(|said| &said.shape) {
            Some(Shape::Str(said)) => {
                self.symbols.with(*said, |said| !said.contains("htm") && !said.contains("svg"))
            }
            _ => false,
        }
    }

    pub(crate) fn reach(&mut self, row: &SinkRow, value: &Value, site: Site<'_>) {
        let taint = if row.deep { self.deep_taint(value, 3) } else { self.taint_here(value) };
        let is_stored = !taint.is_of_client() && self.is_stored_harm(row, value, taint);
        // The row that stands for the caller is one that the caller has filled.
        let harmless = if is_stored { Tags::NUMBER } else { Tags::NUMBER | Tags::PRINCIPAL };
        if !taint.is_of_client() && !is_stored
            || taint.tags.intersects(harmless)
            || taint.clean.contains(row.kind.into())
            // A request may be told apart so far that its parts are constants.
            || matches!(value.shape, Shape::Str(_))
            || self.is_begun(row.kind, value)
            // Nobody can make another's browser send a header.
            || row.kind == SinkKind::Redirect && !taint.tags.intersects(Tags::INPUT | Tags::REMOTE)
            || row.objects_only && !taint.tags.intersects(Tags::BODY | Tags::QUERY)
            || row.texts_only && matches!(value.shape, Shape::Object(_))
            || row.kind == SinkKind::Reveal && !self.is_confidential(value, taint)
            || row.kind == SinkKind::Upload && !self.names_upload(taint)
        {
            return;
        }
        let read = value.meta.as_ref().and_then(|meta| meta.row).filter(|_| is_stored);
        let trace = match read {
            Some(read) if taint.trace.0.is_none() => {
                let (place, target) = (self.effects[read].place, self.effects[read].target.clone());
                Trace(self.traces.add(place, Via::Stored(self.symbols.sym(&target)), None))
            }
            _ => taint.trace,
        };
        let screened = if self.is_screened(row, site) { Tags::UNSEEN } else { Tags::empty() };
        let flow = Flow {
            kind: row.kind,
            sink: site.path,
            place: site.place,
            tags: taint.tags | screened,
            input: value.input(),
            trace,
            is_detached: false,
        };
        let id = self.flows.push(flow);
        self.note_flow();
        match &mut self.run {
            Some(run) => run.outcome.flows.push(id),
            None => self.loose_flows.push(id),
        }
    }

    /// Code of the program stands between the call and its effect, and may refuse: `Client(transport=Screened())`.
    fn is_screened(&mut self, row: &SinkRow, site: Site<'_>) -> bool {
        if row.through.is_empty() {
            return false;
        }
        self.access(&row.through, site).iter().any(|value| match value.shape {
            Shape::Object(id) => match self.heap.objects[id].class.as_ref().map(|class| &class.shape) {
                Some(Shape::Class(class)) => self.may_refuse(*class),
                _ => false,
            },
            _ => false,
        })
    }

    /// True for a class of the program with a method that raises an exception.
    fn may_refuse(&self, class: ClassValueId) -> bool {
        self.heap.classes[class].lineage.iter().any(|class| {
            let Shape::Class(class) = class.shape else { return false };
            let ClassValue { file, class, .. } = self.heap.classes[class];
            let module = self.module(file);
            let own = module.functions.iter().filter(|code| code.class == Some(class));
            let methods: Vec<_> = own.map(|code| code.span).collect();
            module.stmts.iter_enumerated().any(|(stmt, code)| {
                let at = module.stmt_spans[stmt];
                matches!(code, Stmt::Throw(_)) && methods.iter().any(|method| method.contains(at))
            })
        })
    }

    /// Clients have filled what is stored: code is never stored as text of theirs, and markup of what they wrote is none
    /// that was meant.
    fn is_stored_harm(&self, row: &SinkRow, value: &Value, taint: Taint) -> bool {
        let is_markup = |piece: &Piece| matches!(piece, Piece::Text(text) if self.symbols.with(*text, |text| text.contains('<')));
        let is_page = || matches!(&value.shape, Shape::Text(pieces) if pieces.iter().any(is_markup));
        match row.kind {
            SinkKind::Code | SinkKind::Template => taint.tags.contains(Tags::ROW),
            SinkKind::Html => taint.tags.contains(Tags::ROW | Tags::FREE_TEXT) && (row.stored || is_page()),
            _ => false,
        }
    }

    /// What was read from the request goes by the name of something that nobody but the client may know.
    fn is_confidential(&self, value: &Value, taint: Taint) -> bool {
        let read = self.traces.back_from(taint.trace.0).find_map(|(_, step)| match step.via {
            Via::Source(path) => Some(path),
            _ => None,
        });
        let path = read.or_else(|| value.input().map(|input| input.path));
        path.is_some_and(|path| {
            let name = self.symbols.with(path, |path| path.rsplit('.').next().unwrap_or("").to_owned());
            self.speaks_of("confidential", &name) && !self.speaks_of("no secret", &name)
        })
    }

    /// The client chooses a member of an object that all objects may inherit from.
    pub(crate) fn chooses_prototype(&self, object: &Value, name: &Value) -> bool {
        let is_list = matches!(object.shape, Shape::Object(id) if self.heap.objects[id].items.is_some());
        let key = self.taint_here(name);
        !self.module(self.cx.file).semantics.keys_are_no_members
            && key.is_of_client()
            && !key.tags.intersects(Tags::NUMBER | Tags::PRINCIPAL)
            && !key.clean.contains(SinkKind::Prototype.into())
            && !object.taint().is_of_client()
            && !is_list
    }

    /// Something of the client's is written into a member that the client chose.
    pub(crate) fn pollution(&mut self, object: &Value, written: &[&Value], place: Place) {
        if !object.tags().contains(Tags::CHOSEN) {
            return;
        }
        let Some(chosen) = written.iter().find(|value| value.taint().is_of_client()) else { return };
        let row = SinkRow { kind: SinkKind::Prototype, ..SinkRow::default() };
        let path = self.symbols.sym("a member");
        self.reach(&row, chosen, Site { this: None, args: &[], path, place });
    }

    /// The constant beginning of a text leaves the client no choice of what this kind of sink does: the host of an
    /// address is given.
    fn is_begun(&self, kind: SinkKind, value: &Value) -> bool {
        let Shape::Text(pieces) = &value.shape else { return false };
        let Some(Piece::Text(first)) = pieces.first() else { return false };
        self.symbols.with(*first, |text| match kind {
            SinkKind::Url => names_host(text),
            SinkKind::Redirect => {
                names_host(text) || text.starts_with('/') && text.len() > 1 && !text.starts_with("//")
            }
            _ => false,
        })
    }

    /// A call that hands on what it is given.
    pub(crate) fn propagate(&mut self, row: &PropagatorRow, site: Site<'_>) -> Option<Value> {
        let values: Vec<Value> = match row.of.as_slice() {
            [] => site.args.to_vec(),
            paths => paths.iter().flat_map(|access| self.access(access, site)).collect(),
        };
        if row.rows {
            return self.same_row(values.first()?);
        }
        if let Some(told) = values.iter().find_map(|value| self.secret_held_by(value)).filter(|_| row.text) {
            return Some(Value::UNKNOWN.tagged(Tags::SECRET).noted(|meta| meta.origin = Some(told)));
        }
        let taint = values.iter().fold(Taint::default(), |taint, value| taint | self.deep_taint(value, 3));
        let mut taint = if row.text { taint.as_text() } else { taint };
        taint.tags -= Tags::WHOLE;
        if row.parses {
            taint.clean -= SinkKind::Nosql.into();
            taint.tags |= Tags::PARSED;
        }
        // `JSON.parse(body).name` is the name in the body.
        let read_from = values.first().filter(|_| row.parses).and_then(Value::possible_input);
        taint.is_of_client().then(|| {
            let result = Value::UNKNOWN.tagged(taint).noted(|meta| meta.input = read_from);
            self.stepped(result, Via::Through(site.path), site.place)
        })
    }

    /// A call that makes a value harmless.
    pub(crate) fn sanitize(&mut self, row: &SanitizerRow, site: Site<'_>) -> Option<Value> {
        if !self.holds_when(row.when.as_ref(), site) {
            return None;
        }
        let access = if row.of.is_empty() { "arg[0]" } else { &row.of };
        let value = self.access(access, site).into_iter().next()?;
        let kinds: SinkKinds = row.clears.iter().copied().collect();
        if row.tests {
            let facts = self.bounded(&value, kinds, site.place);
            return Some(Value::UNKNOWN.when_truthy(&facts));
        }
        let taint = self.deep_taint(&value, 3).cleared(kinds);
        let told = self.secret_held_by(&value).filter(|_| !kinds.contains(SinkKind::Reveal.into()));
        let result = Value { shape: Shape::Unknown, meta: value.meta };
        // `hash(password, 10, (error, hashed) => …)`
        for callback in site.args.iter().filter(|arg| matches!(arg.shape, Shape::Closure(_))) {
            self.aside(|this| this.call_back(callback, taint, site.place));
        }
        Some(result.noted(|meta| {
            meta.taint = taint;
            // What can be shown to everybody, such as a hash, is not the input any more.
            if kinds.contains(SinkKind::Reveal.into()) {
                meta.input = None;
            }
            if told.is_some() {
                meta.taint.tags |= Tags::SECRET;
                meta.origin = told;
            }
        }))
    }
}

/// `value` where it leaves a branch in which `facts` hold: what was compared there can do less harm after it.
pub(crate) fn narrowed(value: Value, facts: &FactSet) -> Value {
    if !value.taint().is_of_client() {
        return value;
    }
    let speaks_of = |compared| match compared {
        Compared::Input(path) => value.input().is_some_and(|input| input.path == path),
        Compared::Step(id) => value.taint().trace.0 == Some(id),
    };
    let kinds = facts.iter().fold(SinkKinds::empty(), |kinds, fact| match fact.kind {
        FactKind::Bound(compared, more) if speaks_of(compared) => kinds | more,
        _ => kinds,
    });
    if kinds.is_empty() { value } else { value.noted(|meta| meta.taint.clean |= kinds) }
}

/// The beginning of an address names all of its host.
fn names_host(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, rest)| rest.find(['/', '?', '#']).is_some_and(|at| at > 0))
}

/// What a comparison speaks of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Compared {
    /// An input, by path.
    Input(Sym),
    /// The value that a step gave.
    Step(StepId),
}
