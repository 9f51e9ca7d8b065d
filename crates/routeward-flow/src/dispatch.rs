//! Servers that route by hand: which methods and addresses their handler tells apart.
//!
//! The handler is run for sample requests whose method and path are constants in which reserved characters stand for
//! text that the client chooses. Code that compares such a text, or a part of it, with a constant gives a clue: the
//! request for which the comparison would succeed is tried next. An address is an endpoint if the handler gives an
//! answer there that it does not give for all others.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use routeward_base::{FileId, FxHashSet, Idx, Name, Span};
use routeward_catalog::ServeRow;
use routeward_diag::Place;
use routeward_ir::{Expr, Key, Module, Property, Role};

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{EventKind, Link, Made};
use crate::heap::Object;
use crate::line::RequestLine;
use crate::modelled::Site;
use crate::pattern::Pattern;
use crate::sweep::{Live, Trace};
use crate::value::{InputPath, ObjId, Shape, Tags, Value};

/// Stands for a method that no code names.
const METHOD: char = '\u{E1FE}';
/// Stands for any text, slashes included.
const REST: char = '\u{E1FF}';
/// Stand for one segment each, or for a part of one.
const PARAMS: std::ops::Range<u32> = 0xE100..0xE1F0;

/// The origin of an answer that code which is not seen has made.
pub(crate) const UNSEEN: u64 = 0;
/// Stands for all that is done with what a client sends. It tells no requests apart.
const FLOW: u64 = 1;

/// Sample requests tried for one handler.
const MAX_TRIED: usize = 600;
/// Expressions evaluated for all sample requests of one handler.
const MAX_STEPS: u64 = 3_000_000;
/// Segments that are told apart where code takes a path to pieces.
const MAX_SEGMENTS: usize = 4;

/// True for the characters that stand for text that the client chooses.
pub(crate) fn is_hole(c: char) -> bool {
    ('\u{E100}'..='\u{E1FF}').contains(&c)
}

fn param(index: usize) -> Option<char> {
    char::from_u32(PARAMS.start + u32::try_from(index).ok()?).filter(|c| PARAMS.contains(&u32::from(*c)))
}

/// A handler that gets all requests of a server.
#[derive(Clone)]
pub(crate) struct Served {
    scope: ObjId,
    handler: Link,
    entry: Sym,
    package: String,
    conditions: Rc<[(Place, bool)]>,
}

impl Trace for Served {
    fn trace(&self, live: &mut Live) {
        let Self { scope, handler, entry: _, package: _, conditions: _ } = self;
        scope.trace(live);
        handler.trace(live);
    }
}

/// What a sample request has shown.
#[derive(Default)]
pub(crate) struct Probe {
    clues: Vec<Clue>,
    /// The answers, told apart by the calls that lead to them.
    answers: BTreeSet<u64>,
    /// The request was handed to a scope of a framework, whose endpoints are known.
    delegates: bool,
}

/// A comparison that a request for another address might pass.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Clue {
    text: String,
    kind: ClueKind,
    place: Place,
}

/// What the text is compared with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum ClueKind {
    /// The whole text.
    Equal(String),
    /// Its beginning.
    Begins(String),
    /// Its end.
    Ends(String),
    /// Text somewhere in it.
    Contains(String),
    /// A regular expression.
    Matches(String),
    /// It is split at slashes.
    Split,
}

/// A sample request, and what led to it.
#[derive(Clone)]
struct Sample {
    method: String,
    path: String,
    place: Place,
}

impl RequestLine {
    /// The same with text for what the client chooses, so that code takes it to pieces as it would a request.
    fn sampled(&self) -> Self {
        let mut path = String::new();
        let mut count = 0;
        for (i, piece) in self.path.iter().enumerate() {
            match piece {
                Some(text) => path.push_str(text),
                None if self.ends_open && i + 1 == self.path.len() => path.push(REST),
                None => {
                    path.extend(param(count));
                    count += 1;
                }
            }
        }
        let method = if self.method.is_empty() { METHOD.to_string() } else { self.method.clone() };
        Self::of_sample(method, if path.is_empty() { "/".to_owned() } else { path })
    }

    fn of_sample(method: String, path: String) -> Self {
        let path: Rc<[Option<String>]> = Rc::from([Some(path)]);
        Self { method, below: path.clone(), path, handler: None, ends_open: false, is_sample: true }
    }
}

// -------------------------------------------------------------------------------------------- what is served

impl Evaluator<'_> {
    /// A call that starts a server: remembered until all start-up code has run.
    pub(crate) fn serve_by_hand(&mut self, row: &ServeRow, package: &str, site: Site<'_>) {
        if self.run.is_some() || !self.holds_when(row.when.as_ref(), site) {
            return;
        }
        let handlers: Vec<(Value, Place)> =
            row.handler.iter().flat_map(|access| self.access_with_places(access, site)).collect();
        let handler = handlers.into_iter().find(|(value, _)| matches!(value.shape, Shape::Closure(_)));
        if let Some((value, place)) = handler {
            self.serve_with(row, package, &value, place);
        }
        if !row.routes.is_empty() {
            self.serve_table(row, package, site);
        }
    }

    fn serve_with(&mut self, row: &ServeRow, package: &str, value: &Value, place: Place) {
        let code = |value: &Value| match value.shape {
            Shape::Closure(id) => {
                Some((self.closure_of(id).file, self.closure_of(id).func, self.closure_of(id).env))
            }
            _ => None,
        };
        if self.by_hand.iter().any(|served| code(&served.handler.value) == code(value)) {
            return;
        }
        let entry = self.symbols.sym(&row.entry);
        let scope = self.object_of_type(&row.r#type, place);
        let handler = Link { value: value.clone(), place, entry: None };
        let conditions = self.shared_conditions();
        self.by_hand.push(Served { scope, handler, entry, package: package.to_owned(), conditions });
    }

    /// An object that something of the type is, made there.
    pub(crate) fn object_of_type(&mut self, ty: &str, place: Place) -> ObjId {
        let mut object = Object::new(Some(place));
        object.ty = Some(self.symbols.sym(ty));
        self.heap.object(object)
    }

    /// `routes: { '/users/:id': { GET: show }, '/health': check }`
    fn serve_table(&mut self, row: &ServeRow, package: &str, site: Site<'_>) {
        let Some(table) = self.access(&row.routes, site).into_iter().next() else { return };
        let Shape::Object(id) = table.shape else { return };
        let scope = self.object_of_type(&row.routes_type, site.place);
        let entry = Some(self.symbols.sym(&row.routes_entry));
        for (path, value) in self.heap.objects[id].fields.clone() {
            let mut answers = vec![("ANY".to_owned(), value.clone())];
            if let Shape::Object(id) = value.shape {
                let methods = &self.heap.objects[id];
                if methods.ty.is_none() {
                    let members = methods.fields.iter();
                    answers =
                        members.map(|(name, value)| (self.symbols.text(*name), value.clone())).collect();
                }
            }
            for (method, value) in answers {
                let place = self.place_of(&value);
                let is_function = matches!(value.shape, Shape::Closure(_));
                let made = Made { name: "a constant".to_owned(), ..Made::default() };
                let chain = if is_function { vec![Link { value, place, entry: None }] } else { Vec::new() };
                let kind = EventKind::Route {
                    methods: vec![method],
                    paths: vec![Value::str(path)],
                    chain,
                    made: (!is_function).then_some(made),
                    schemas: Vec::new(),
                };
                self.emit(scope, kind, package, entry, place);
            }
        }
    }

    /// Modules that a runtime starts by what they export: those that no other file imports.
    pub(crate) fn serve_exports(&mut self, is_imported: &[bool]) {
        let rows = self.index.served_exports.clone();
        for file in (0..self.program.units.len() as u32).map(FileId::new) {
            let unit = &self.program.units[file];
            if unit.role != Role::Source || is_imported[file.raw() as usize] {
                continue;
            }
            for (row, package, path) in &rows {
                let Some((export, member)) = path.split_once('.') else { continue };
                if !mentions(&unit.module, export, member) {
                    continue;
                }
                self.load(file);
                let name = self.symbols.sym(export);
                let exported = self.export(file, name, 0).unwrap_or(Value::UNDEFINED);
                let Shape::Object(id) = exported.shape else { continue };
                let member = self.symbols.sym(member);
                let Some(value) = self.heap.objects[id].field(member).cloned() else { continue };
                if matches!(value.shape, Shape::Closure(_)) {
                    let place = self.definition(&value).unwrap_or(Place { file, span: Span::default() });
                    self.serve_with(row, package, &value, place);
                }
            }
        }
    }

    /// True if the file calls something global that starts a server.
    pub(crate) fn serves_by_global(&self, module: &Module) -> bool {
        let path = |expr| match module.exprs[expr] {
            Expr::Global(name) => Some(module.text(name).to_owned()),
            Expr::Member { object, name, .. } => match module.exprs[object] {
                Expr::Global(global) => Some(format!("{}.{}", module.text(global), module.text(name))),
                _ => None,
            },
            _ => None,
        };
        module.exprs.iter().any(|expr| {
            let Expr::Call { callee, args, .. } = *expr else { return false };
            let Some(row) = path(callee).and_then(|path| self.index.serves_globally(&path, &self.symbols))
            else {
                return false;
            };
            row.when.as_ref().is_none_or(|when| {
                let first = args.of(&module.arg_pool).first().map(|arg| &module.exprs[arg.value]);
                matches!(first, Some(Expr::Str(name)) if when.is.iter().any(|is| is == module.text(*name)))
            })
        })
    }
}

/// True if a module has an export of that name, and an object with such a member stands in it.
fn mentions(module: &Module, export: &str, member: &str) -> bool {
    let is_member =
        |prop: &Property| matches!(*prop, Property::Pair(Key::Name(name), _) if module.text(name) == member);
    let has_export = (0..module.names.len() as u32).any(|i| module.text(Name(i)) == export);
    has_export && module.prop_pool.iter().any(is_member)
}

// -------------------------------------------------------------------------------------------- what it tells apart

impl Evaluator<'_> {
    /// Registers the endpoints of handlers that get all requests of a server.
    pub(crate) fn dispatch_served(&mut self) {
        for served in self.by_hand.clone() {
            let cuts = self.incomplete.len();
            let tried = self.try_samples(&served);
            self.incomplete.truncate(cuts);
            if tried.len() >= MAX_TRIED {
                self.cut(served.handler.place, "the handler tells more addresses apart than are followed");
            }
            let outer = std::mem::replace(&mut self.conditions, served.conditions.to_vec());
            for sample in told_apart(&tried) {
                let method = if sample.method.contains(METHOD) { "ANY" } else { &sample.method };
                let kind = EventKind::Route {
                    methods: vec![method.to_owned()],
                    paths: vec![Value::str(self.symbols.sym(&template(&sample.path)))],
                    chain: vec![served.handler.clone()],
                    made: None,
                    schemas: Vec::new(),
                };
                self.emit(served.scope, kind, &served.package, Some(served.entry), sample.place);
            }
            self.conditions = outer;
        }
    }

    fn try_samples(&mut self, served: &Served) -> Vec<(Sample, BTreeSet<u64>)> {
        let start = Sample {
            method: METHOD.to_string(),
            path: format!("/{REST}"),
            place: self.place_of(&served.handler.value),
        };
        let mut seen = FxHashSet::from_iter([(start.method.clone(), start.path.clone())]);
        let mut queue = VecDeque::from([start]);
        let mut tried = Vec::new();
        let limit = self.steps + MAX_STEPS;
        while let Some(sample) = queue.pop_front().filter(|_| tried.len() < MAX_TRIED && self.steps < limit) {
            let probe = self.try_sample(served, &sample);
            for clue in &probe.clues {
                for next in sample.followed(clue) {
                    if seen.len() < 2 * MAX_TRIED && seen.insert((next.method.clone(), next.path.clone())) {
                        queue.push_back(next);
                    }
                }
            }
            tried.push((sample, probe.answers));
        }
        tried
    }

    fn try_sample(&mut self, served: &Served, sample: &Sample) -> Probe {
        let state = self.fresh_state();
        self.probe = Some(Probe::default());
        self.request_line = Some(RequestLine::of_sample(sample.method.clone(), sample.path.clone()));
        self.run_fresh(state, &served.handler.value, served.entry);
        self.request_line = None;
        let mut probe = self.probe.take().unwrap_or_default();
        if probe.delegates {
            probe.answers.clear();
        }
        probe
    }

    /// The request line as code that routes by hand sees it.
    pub(crate) fn sampled_line(line: &RequestLine) -> RequestLine {
        line.sampled()
    }

    /// A text of a sample request is compared.
    pub(crate) fn note_clue(&mut self, value: &Value, kind: ClueKind, place: Place) {
        let Some(probe) = &mut self.probe else { return };
        let Shape::Str(text) = value.shape else { return };
        let text = self.symbols.text(text);
        let clue = Clue { text, kind, place };
        if clue.text.contains(is_hole) && !probe.clues.contains(&clue) {
            probe.clues.push(clue);
        }
    }

    /// Two values are compared.
    pub(crate) fn note_compared(&mut self, left: &Value, right: &Value, place: Place) {
        if self.probe.is_none() {
            return;
        }
        for (value, other) in [(left, right), (right, left)] {
            if let Shape::Str(constant) = other.shape {
                let constant = self.symbols.text(constant);
                if !constant.contains(is_hole) {
                    self.note_clue(value, ClueKind::Equal(constant), place);
                }
            }
        }
    }

    /// A table is looked up.
    pub(crate) fn note_looked_up(&mut self, table: &Value, key: &Value, place: Place) {
        if self.probe.is_none() {
            return;
        }
        let Shape::Object(id) = table.shape else { return };
        let object = &self.heap.objects[id];
        if object.items.is_some() {
            return;
        }
        let names: Vec<Sym> = object.fields.iter().map(|(name, _)| *name).take(256).collect();
        for name in names {
            let name = self.symbols.text(name);
            self.note_clue(key, ClueKind::Equal(name), place);
        }
    }

    /// The request is handed to a scope of a framework.
    pub(crate) fn note_delegated(&mut self, to: ObjId) {
        if self.probe.is_some()
            && self.scope_kind(to).is_some()
            && let Some(probe) = &mut self.probe
        {
            probe.delegates = true;
        }
    }

    /// An answer, told apart from others by the calls that lead to it.
    pub(crate) fn note_answer(&mut self, origin: Option<u64>, place: Place, status: Option<u16>) {
        let is_success = status.is_none_or(|status| status < 400);
        if self.probe.is_none() || !is_success || self.catching > 0 {
            return;
        }
        let answer = origin.unwrap_or_else(|| self.origin(place));
        if let Some(probe) = &mut self.probe {
            probe.answers.insert(answer);
        }
    }

    /// Something is done with what the client sends.
    pub(crate) fn note_flow(&mut self) {
        if let Some(probe) = &mut self.probe {
            probe.answers.insert(FLOW);
        }
    }

    /// Tells apart the ways by which code is reached.
    pub(crate) fn origin(&self, place: Place) -> u64 {
        // FNV-1a, which is the same everywhere.
        let places = self.call_places.iter().chain([&place]);
        let words = places.flat_map(|place| [place.file.raw(), place.span.start, place.span.end()]);
        words.fold(0xcbf2_9ce4_8422_2325, |hash, word| {
            (hash ^ u64::from(word)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    }

    /// Whether a regular expression fits a text of a sample request: a parameter is any text that fits, the rest
    /// of a path is one that fits nothing in particular.
    pub(crate) fn fits_sample(&mut self, regex: &Value, text: &Value, place: Place) -> Option<bool> {
        const PARAM: [&str; 7] = [
            "x",
            "1",
            "x1",
            "x-1",
            "123e4567-e89b-42d3-a456-426614174000",
            "507f1f77bcf86cd799439011",
            "x.json",
        ];
        const OTHER: [&str; 3] = ["x", "1/2", "_~x/y.z"];
        if !self.request_line.as_ref().is_some_and(|line| line.is_sample) {
            return None;
        }
        let (Shape::Regex(regex, _), Shape::Str(text)) = (&regex.shape, &text.shape) else { return None };
        let (regex, text) = (self.symbols.text(*regex), self.symbols.text(*text));
        let value = Value::str(self.symbols.sym(&text));
        self.note_clue(&value, ClueKind::Matches(regex.clone()), place);
        let pattern = Pattern::parse(&regex)?;
        let fits = |param: &str, other: &str| {
            let replace = |c: char| match c {
                METHOD => "X".to_owned(),
                REST => other.to_owned(),
                c if is_hole(c) => param.to_owned(),
                c => c.to_string(),
            };
            pattern.is_match(&text.chars().map(replace).collect::<String>()).unwrap_or(false)
        };
        Some(OTHER.iter().all(|other| PARAM.iter().any(|param| fits(param, other))))
    }

    /// A text taken from a sample request; what is a parameter alone is an input.
    pub(crate) fn sampled_text(&mut self, text: &str, from: &Value) -> Value {
        let value = Value { shape: Shape::Str(self.symbols.sym(text)), meta: from.meta.clone() };
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if PARAMS.contains(&u32::from(c)) => {
                let path = self.symbols.sym(&format!("path.{}", param_name(c)));
                let input = InputPath { part: Tags::PATH, path };
                self.note_input(input);
                value.tagged(Tags::PATH).noted(|meta| meta.input = Some(input))
            }
            _ => value,
        }
    }
}

fn param_name(c: char) -> String {
    match u32::from(c).saturating_sub(PARAMS.start) {
        0 => "param".to_owned(),
        index => format!("param{}", index + 1),
    }
}

/// The samples that get answers which no more general sample gets.
fn told_apart(tried: &[(Sample, BTreeSet<u64>)]) -> Vec<&Sample> {
    let is_preflight = |sample: &Sample| sample.method == "OPTIONS" && sample.path.contains(REST);
    let mut found: Vec<(&Sample, &BTreeSet<u64>)> = Vec::new();
    for (sample, answers) in tried {
        let is_any = sample.path.chars().eq(['/', REST]);
        let is_new = |answer: &u64| {
            // That all requests get what is not seen says nothing of a server.
            let is_nothing = is_any && *answer == UNSEEN || *answer == FLOW;
            let is_wider = |(other, known): &(Sample, BTreeSet<u64>)| {
                known.contains(answer) && other.is_wider_than(sample)
            };
            !is_nothing && !tried.iter().any(is_wider)
        };
        if !is_preflight(sample) && answers.iter().any(is_new) {
            found.push((sample, answers));
        }
    }
    let repeats = |(sample, answers): &(&Sample, &BTreeSet<u64>)| {
        found.iter().any(|(other, known)| known == answers && other.stands_for(sample))
    };
    let mut kept: Vec<&Sample> = Vec::new();
    let mut named = FxHashSet::default();
    for row in &found {
        if !repeats(row) && named.insert((row.0.method.clone(), template(&row.0.path))) {
            kept.push(row.0);
        }
    }
    // A server whose answers are not seen does something all the same.
    let first = tried.first().filter(|(_, answers)| kept.is_empty() && answers.contains(&FLOW));
    kept.extend(first.map(|(sample, _)| sample));
    kept
}

impl Sample {
    /// Every request that `other` stands for is one that `self` stands for.
    fn is_wider_than(&self, other: &Sample) -> bool {
        let covers = |wide: &str, narrow: &str| wide == narrow || unify(wide, narrow).is_some();
        (self.method != other.method || self.path != other.path)
            && covers(&self.method, &other.method)
            && covers(&self.path, &other.path)
    }

    /// `/users` where `/users/{id}` gets the same answers: the code did not look further. `GET` where `HEAD` does.
    fn stands_for(&self, other: &Sample) -> bool {
        let below = other.path.strip_prefix(self.path.trim_end_matches('/'));
        let is_deeper = self.method == other.method
            && below
                .is_some_and(|below| below.starts_with('/') && below.chars().all(|c| c == '/' || is_hole(c)))
            && self.path != other.path
            && !self.path.contains(REST);
        is_deeper || other.method == "HEAD" && self.method == "GET" && self.path == other.path
    }

    /// The samples that would pass a comparison.
    fn followed(&self, clue: &Clue) -> Vec<Sample> {
        let text = clue.text.as_str();
        let root = if text.starts_with('/') { "/" } else { "" };
        let wanted: Vec<String> = match &clue.kind {
            ClueKind::Equal(constant) => vec![constant.clone()],
            ClueKind::Begins(constant) => {
                let is_whole =
                    constant.ends_with(['/', '.', '-', '_', '=', ' ']) || !constant.starts_with('/');
                vec![format!("{constant}{}{REST}", if is_whole { "" } else { "/" })]
            }
            ClueKind::Ends(constant) => vec![format!("{root}{REST}{}", constant.trim_start_matches(root))],
            ClueKind::Contains(constant) => {
                vec![format!("{root}{}{REST}", constant.trim_start_matches(root))]
            }
            ClueKind::Matches(regex) => {
                Pattern::parse(regex).map(|p| instances(&p, root)).unwrap_or_default()
            }
            ClueKind::Split => self.taken_apart(),
        };
        if clue.kind == ClueKind::Split {
            let sample = |path| Sample { path, ..self.clone() };
            return wanted.into_iter().map(sample).filter(Sample::is_request).collect();
        }
        let sample = |wanted: &String| {
            let bound = unify(text, wanted)?;
            let put = |text: &str| {
                let text_of = |c: char| {
                    let known = bound.iter().find(|(hole, _)| *hole == c);
                    known.map_or_else(|| c.to_string(), |(_, text)| text.clone())
                };
                text.chars().map(text_of).collect::<String>()
            };
            let path = renumbered(&put(&self.path));
            Some(Sample { method: put(&self.method).to_uppercase(), path, place: clue.place })
        };
        wanted.iter().filter_map(sample).filter(Sample::is_request).collect()
    }

    /// The path with one, two, … segments for its rest.
    fn taken_apart(&self) -> Vec<String> {
        if !self.path.ends_with(&format!("/{REST}")) {
            return Vec::new();
        }
        let base = &self.path[..self.path.len() - REST.len_utf8()];
        let taken = self.path.chars().filter(|c| PARAMS.contains(&u32::from(*c))).count();
        let depth = |count: usize| {
            let params: Vec<String> =
                (taken..taken + count).filter_map(param).map(|c| c.to_string()).collect();
            format!("{base}{}", params.join("/"))
        };
        (0..=MAX_SEGMENTS).map(depth).collect()
    }

    /// It can be the first line of a request.
    fn is_request(&self) -> bool {
        let is_method = self.method.chars().all(|c| c.is_ascii_uppercase() || c == '-' || c == METHOD);
        let path = &self.path;
        is_method
            && (1..=20).contains(&self.method.chars().count())
            && path.starts_with('/')
            && path.len() <= 240
            && !path.contains("//")
            && !path.contains(|c: char| c.is_whitespace() || matches!(c, '?' | '#' | '{' | '}' | METHOD))
            && path.chars().filter(|c| *c == REST).count() <= 1
    }
}

/// The parameters in order of their appearance.
fn renumbered(path: &str) -> String {
    let mut count = 0;
    let number = |c: char| {
        if !PARAMS.contains(&u32::from(c)) {
            return c;
        }
        count += 1;
        param(count - 1).unwrap_or(c)
    };
    path.chars().map(number).collect()
}

/// A sample's path as a template.
fn template(path: &str) -> String {
    let mut text = String::new();
    let trimmed = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    for segment in trimmed.split('/').skip(1) {
        text.push('/');
        if segment.chars().eq([REST]) {
            text.push_str("{rest*}");
            continue;
        }
        for c in segment.chars() {
            match c {
                REST => text.push_str("{rest}"),
                c if is_hole(c) => text.extend(["{", &param_name(c), "}"]),
                c => text.push(c),
            }
        }
    }
    text
}

/// What the holes of `text` have to be for it to be `wanted`.
fn unify(text: &str, wanted: &str) -> Option<Vec<(char, String)>> {
    let (text, wanted): (Vec<char>, Vec<char>) = (text.chars().collect(), wanted.chars().collect());
    let mut bound = Vec::new();
    let mut budget = 20_000_u32;
    (wanted.len() <= 256 && unify_from(&text, &wanted, &mut bound, &mut budget)).then_some(bound)
}

fn unify_from(text: &[char], wanted: &[char], bound: &mut Vec<(char, String)>, budget: &mut u32) -> bool {
    *budget = budget.saturating_sub(1);
    let Some((first, rest)) = text.split_first() else { return wanted.is_empty() };
    if *budget == 0 {
        return false;
    }
    if !is_hole(*first) {
        return wanted.first() == Some(first) && unify_from(rest, &wanted[1..], bound, budget);
    }
    if let Some((_, known)) = bound.iter().find(|(hole, _)| hole == first) {
        let known: Vec<char> = known.chars().collect();
        return wanted.starts_with(&known) && unify_from(rest, &wanted[known.len()..], bound, budget);
    }
    let fits = |c: &char| match *first {
        METHOD => c.is_ascii_alphabetic() || *c == '-' || *c == METHOD,
        REST => *c != METHOD,
        _ => !matches!(*c, '/' | METHOD | REST),
    };
    let longest = wanted.iter().take_while(|c| fits(c)).count();
    let shortest = usize::from(*first != REST);
    for len in (shortest..=longest).rev() {
        bound.push((*first, wanted[..len].iter().collect()));
        if unify_from(rest, &wanted[len..], bound, budget) {
            return true;
        }
        bound.pop();
    }
    false
}

/// Texts that a regular expression fits, with holes for what it leaves open.
fn instances(pattern: &Pattern, root: &str) -> Vec<String> {
    let found = pattern.instances(&param(0).map(String::from).unwrap_or_default(), &REST.to_string());
    let mut texts: Vec<String> = Vec::new();
    for instance in found {
        let mut text = instance.text;
        if !instance.from_start {
            text = if text.starts_with('/') { text } else { format!("{root}{REST}{text}") };
        }
        if !instance.to_end && !text.ends_with(is_hole) {
            text.push_str(if text.ends_with('/') { "" } else { "/" });
            text.push(REST);
        }
        // Every hole may be another text.
        let text = renumbered(&text);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clues_lead_to_requests_that_pass() {
        let sample = |method: &str, path: &str| Sample {
            method: method.to_owned(),
            path: path.to_owned(),
            place: Place { file: FileId(0), span: Span::default() },
        };
        let check = |path: String, text: String, kind: ClueKind, expected: &[&str]| {
            let start = sample(&METHOD.to_string(), &path);
            let place = start.place;
            let next = start.followed(&Clue { text, kind, place });
            let shown: Vec<String> = next
                .iter()
                .map(|next| {
                    let method = if next.method.contains(METHOD) { "ANY" } else { &next.method };
                    format!("{method} {}", template(&next.path))
                })
                .collect();
            assert_eq!(shown, expected);
        };
        let any = format!("/{REST}");
        let (a, b) = (param(0).unwrap(), param(1).unwrap());
        check(any.clone(), any.clone(), ClueKind::Equal("/users".into()), &["ANY /users"]);
        check(any.clone(), METHOD.into(), ClueKind::Equal("post".into()), &["POST /{rest*}"]);
        check(any.clone(), format!("{METHOD} {any}"), ClueKind::Equal("GET /users".into()), &["GET /users"]);
        check(any.clone(), any.clone(), ClueKind::Begins("/api".into()), &["ANY /api/{rest*}"]);
        check(any.clone(), any.clone(), ClueKind::Ends(".css".into()), &["ANY /{rest}.css"]);
        check(format!("/{a}/{b}"), b.into(), ClueKind::Equal("x".into()), &["ANY /{param}/x"]);
        check(any.clone(), any.clone(), ClueKind::Matches(r"^\/u\/(\d+)\/?$".into()), &["ANY /u/{param}"]);
        check(
            any.clone(),
            any.clone(),
            ClueKind::Matches("^/(a|b)/[^/]+/x$".into()),
            &["ANY /a/{param}/x", "ANY /b/{param}/x"],
        );
        check(any.clone(), any.clone(), ClueKind::Equal("https://x.y/z".into()), &[]);
        check(any.clone(), any, ClueKind::Equal("/search?q=1".into()), &[]);
    }
}
