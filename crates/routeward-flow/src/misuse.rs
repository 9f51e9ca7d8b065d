//! Calls that are wrong by themselves: what their options evaluate to, wherever these were written.
//!
//! A condition has three values. A row counts only where all of its conditions are proved; what is not known proves
//! nothing. The same call may be evaluated many times, each time with other options: the worst is kept.

use routeward_catalog::{MisuseRow, When};
use routeward_diag::{Place, Severity};
use routeward_ir::{Expr, Key, Property, Role};

use crate::Sym;
use crate::access::{Access, Root, Step};
use crate::eval::Evaluator;
use crate::fact::FactKind;
use crate::index::Row;
use crate::modelled::Site;
use crate::pattern::Pattern;
use crate::taint::SinkKinds;
use crate::value::{ObjId, Piece, Shape, Tags, Value};

/// A call that is wrong by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misuse {
    /// The lint that tells of it.
    pub lint: String,
    /// The call, or the option in it that makes it wrong.
    pub place: Place,
    /// What is wrong.
    pub says: String,
    /// What makes it so, as a phrase about the call.
    pub because: String,
    /// Where that was written, if not in the call itself.
    pub set_at: Option<Place>,
    /// The calls of the function around the call that made it wrong, in the order in which they were met.
    pub handed_at: Vec<Place>,
    /// A severity that is not exceeded.
    pub at_most: Option<Severity>,
    /// It rests on something that was not seen.
    pub is_unsure: bool,
}

impl Misuse {
    /// How bad it is, to compare findings of one lint at one call.
    fn rank(&self) -> (Severity, bool) {
        (self.at_most.unwrap_or(Severity::Critical), !self.is_unsure)
    }
}

/// So many callers of the function around a call are told of.
const MAX_CALLERS: usize = 4;

/// The callback that a function under examination is given.
const DECISION: &str = "$decision";

/// What a condition was found to rest on.
#[derive(Default)]
struct Grounds {
    because: String,
    value: String,
    about: String,
    set_at: Option<Place>,
}

impl<'p> Evaluator<'p> {
    /// All calls that are wrong by themselves, in order of place.
    pub fn misuses(&self) -> Vec<Misuse> {
        let mut all: Vec<Misuse> = self.misuses.values().cloned().collect();
        all.sort_by(|a, b| (a.place, &a.lint).cmp(&(b.place, &b.lint)));
        all
    }

    /// Notes what is wrong with a call by itself. Costs one look-up where no row speaks of the call.
    pub(crate) fn note_misuse(&mut self, site: Site<'_>) {
        if self.decisions.is_some() {
            self.note_decision(site);
        }
        let rows = self.index.misuses(site.path, &self.symbols);
        if rows.is_empty() || self.program.units[site.place.file].role != Role::Source {
            return;
        }
        for matched in rows.iter() {
            if !self.version_fits(matched.package, matched.version) {
                continue;
            }
            match matched.row {
                Row::Provision(row) => self.note_provided(row, site),
                Row::Key(row) => self.note_key(row, site),
                Row::Misuse(row) => {
                    if let Some(misuse) = self.misuse(row, site) {
                        self.keep_worst(site.place, row, misuse);
                    }
                }
                _ => {}
            }
        }
    }

    /// Keeps a misuse, unless a worse one is known of the lint at the call.
    pub(crate) fn keep_worst(&mut self, call: Place, row: &'p MisuseRow, misuse: Misuse) {
        let known = self.misuses.entry((call, row.lint.as_str())).or_insert_with(|| misuse.clone());
        let others = if known.rank() < misuse.rank() {
            std::mem::replace(known, misuse).handed_at
        } else {
            misuse.handed_at
        };
        for other in others {
            if known.handed_at.len() < MAX_CALLERS && !known.handed_at.contains(&other) {
                known.handed_at.push(other);
            }
        }
    }

    pub(crate) fn misuse(&mut self, row: &'p MisuseRow, site: Site<'_>) -> Option<Misuse> {
        if !row.when.iter().all(|when| self.is_proved(when, site)) {
            return None;
        }
        let mut grounds = Grounds::default();
        for when in &row.when {
            self.add_grounds(when, site, &mut grounds);
        }
        let call = shown(&self.symbols.text(site.path));
        if grounds.because.is_empty() {
            grounds.because = match call.as_str() {
                "" => "they are compared".to_owned(),
                call => format!("`{call}` is called"),
            };
        }
        if row.when.iter().any(|when| when.reveals)
            && let Some((name, at)) = self.revealed_by(site.place)
        {
            grounds.because = format!("`{name}` is written");
            grounds.value = name;
            grounds.set_at = Some(at);
        }
        let says = row.says.replace("{call}", &call).replace("{value}", &grounds.value);
        let handed_at = self.call_places.last().copied().filter(|at| *at != site.place && at.span.len > 0);
        // What was written in the call itself is shown where it stands.
        let (inside, set_at) = match grounds.set_at {
            Some(at) if site.place.contains(at) => (Some(at), None),
            other => (None, other),
        };
        Some(Misuse {
            lint: row.lint.clone(),
            place: inside.unwrap_or(site.place),
            says: says.replace("{about}", &grounds.about),
            because: grounds.because,
            handed_at: handed_at.filter(|_| set_at.is_none()).into_iter().collect(),
            set_at,
            at_most: Severity::from_name(&row.at_most),
            is_unsure: row.unsure,
        })
    }

    pub(crate) fn is_proved(&mut self, when: &When, site: Site<'_>) -> bool {
        if when.anonymous {
            return !self.path.facts.has(FactKind::Authn);
        }
        if when.reveals {
            return self.revealed_by(site.place).is_some();
        }
        if !when.without_call.is_empty() {
            return !self.calls_around(site.place, &when.without_call);
        }
        if when.leaves {
            return !self.is_only_compared(site.place);
        }
        if !when.outside.is_empty() {
            return !self.is_in_class(site.place, &when.outside);
        }
        if when.discarded || when.unused {
            return when.discarded && self.is_discarded(site.place)
                || when.unused && self.is_unused(site.place);
        }
        if when.arg.is_empty() {
            let names = self.names_around(site);
            let is_about = |lexicon: &str| self.about(lexicon, &names).is_some();
            return !when.about.is_empty() && is_about(&when.about)
                || !when.not_about.is_empty() && !is_about(&when.not_about);
        }
        if when.absent && self.may_be_given(&when.arg, site) || when.present && !self.is_written(when, site) {
            return false;
        }
        self.condition(when, site) == Some(true)
    }

    /// True if the member that one of a condition's access paths ends in was written into a known object.
    fn is_written(&mut self, when: &When, site: Site<'_>) -> bool {
        when.arg.split(" | ").any(|text| {
            let Some((owner, _)) = text.rsplit_once('.') else {
                let given = self.access(text, site);
                return given.iter().any(|value| !matches!(value.shape, Shape::Undefined));
            };
            let access = Access::parse(text);
            let Some(Step::Member(name)) = access.steps.last() else { return false };
            let name = self.symbols.sym(name);
            self.access(owner, site).iter().any(|owner| match owner.shape {
                Shape::Object(id) => self.heap.objects[id].field(name).is_some(),
                _ => false,
            })
        })
    }

    /// True if arguments are handed on that are not known: one of them may be the one that a condition is about.
    fn may_be_given(&mut self, arg: &str, site: Site<'_>) -> bool {
        let (positional, keywords) = self.split_keywords(site.args);
        if keywords.is_some_and(|id| self.heap.objects[id].is_open) {
            return true;
        }
        let is_beyond = arg.split(" | ").any(|arg| match Access::parse(arg).root {
            Root::Arg(at) => at >= 0 && at as usize >= positional.len(),
            _ => false,
        });
        is_beyond && self.spreads(site.place)
    }

    /// True if the call at a place is given all elements of some value.
    fn spreads(&self, place: Place) -> bool {
        let module = self.module(place.file);
        module.exprs.iter_enumerated().any(|(id, expr)| match expr {
            Expr::Call { args, .. } | Expr::New { args, .. } if module.expr_spans[id] == place.span => {
                args.of(&module.arg_pool).iter().any(|arg| arg.is_spread)
            }
            _ => false,
        })
    }

    /// Whether a condition on an argument holds; `None` if that is not known.
    pub(crate) fn condition(&mut self, when: &When, site: Site<'_>) -> Option<bool> {
        let mut values = Vec::new();
        for alternative in when.arg.split(" | ") {
            values.extend(self.access(alternative, site));
        }
        values.retain(|value| !matches!(value.shape, Shape::Undefined));
        if values.is_empty() {
            return Some(when.absent || !when.is_not.is_empty());
        }
        let verdicts: Vec<Option<bool>> = values.iter().map(|value| self.fits(when, value)).collect();
        if verdicts.contains(&Some(true)) {
            return Some(true);
        }
        verdicts.iter().all(|verdict| *verdict == Some(false)).then_some(false)
    }

    /// As [`Evaluator::condition`] for one value: of one that may be several things, all have to agree.
    fn fits(&mut self, when: &When, value: &Value) -> Option<bool> {
        if let Shape::Union(values) = &value.shape {
            // What is missing comes from nowhere: `const token = header ? header.slice(7) : undefined`.
            let asks_origin = when.remote || when.chosen || when.as_sent || when.stored || when.secret;
            let counts = |value: &&Value| !asks_origin || !value.is_nullish();
            let values: Vec<&Value> = values.iter().filter(counts).collect();
            let mut verdicts = values.into_iter().map(|value| self.fits(when, value));
            let first = verdicts.next()??;
            return verdicts.all(|verdict| verdict == Some(first)).then_some(first);
        }
        if matches!(value.shape, Shape::Undefined) {
            return Some(when.absent || !when.is_not.is_empty());
        }
        let mut all = vec![when.present.then_some(true).or(Some(false))];
        let word = self.plain_text(value);
        let is_one_of = |words: &[String]| word.as_ref().map(|word| words.contains(word));
        if !when.is.is_empty() {
            all.push(if self.is_made_up(value) { Some(false) } else { is_one_of(&when.is) });
        }
        if !when.is_not.is_empty() {
            all.push(is_one_of(&when.is_not).map(|is| !is));
        }
        if !when.has.is_empty() {
            all.push(self.holds_one_of(value, &when.has));
        }
        if !when.lacks.is_empty() {
            all.push(self.holds_one_of(value, &when.lacks).map(|holds| !holds));
        }
        if let Some(limit) = when.below {
            all.push(self.number(value).map(|number| number < limit));
        }
        if let Some(limit) = when.above {
            all.push(self.number(value).map(|number| number > limit));
        }
        if !when.matches.is_empty() {
            all.push(self.fitting(value, &when.matches).map(|found| found.is_some()));
        }
        if !when.unlike.is_empty() {
            let is_whole = matches!(value.shape, Shape::Str(_));
            let found = self.fitting(value, &when.unlike);
            all.push(if is_whole { found.map(|found| found.is_none()) } else { None });
        }
        if when.slow || when.slow_whole {
            all.push(self.is_slow(value, when.slow_whole));
        }
        if when.chosen {
            all.push(Some(self.is_chosen(value)));
        }
        if when.accepts_all {
            all.push(self.accepts_all(value));
        }
        if when.constant {
            all.push(self.is_constant(value, 4));
        }
        if when.remote {
            let taint = self.taint_here(value);
            all.push(Some(taint.is_of_client() && !taint.clean.contains(SinkKinds::ALL)));
        }
        if when.computed {
            all.push(Some(self.plain_text(value).is_none()));
        }
        if when.secret {
            all.push(Some(self.is_secret(value)));
        }
        if when.holds_secret {
            all.push(Some(self.secret_held_by(value).is_some()));
        }
        if !when.gives_header.is_empty() {
            all.push(Some(self.gives_header(value, &when.gives_header)));
        }
        if when.stored {
            all.push(Some(value.tags().contains(Tags::ROW)));
        }
        if when.as_sent {
            all.push(Some(value.input().is_some() && !value.tags().contains(Tags::NUMBER)));
        }
        if !when.about.is_empty() || !when.not_about.is_empty() {
            let names = self.names_of(value);
            if !when.about.is_empty() {
                all.push((!names.is_empty()).then(|| self.about(&when.about, &names).is_some()));
            }
            if !when.not_about.is_empty() {
                all.push((!names.is_empty()).then(|| self.about(&when.not_about, &names).is_none()));
            }
        }
        if all.contains(&Some(true)) {
            return Some(true);
        }
        all.iter().all(|verdict| *verdict == Some(false)).then_some(false)
    }

    /// True for what the client chose and nothing has compared, be it a number or not.
    fn is_chosen(&self, value: &Value) -> bool {
        let is_open = matches!(value.shape, Shape::Unknown) || matches!(value.shape, Shape::Object(_));
        let checked = Tags::CHECKED | Tags::UNSEEN | Tags::PRINCIPAL;
        let is_compared = !self.bound(value, &self.path.facts).is_empty();
        is_open && value.tags().intersects(Tags::INPUT) && !value.tags().intersects(checked) && !is_compared
    }

    /// A constant as text; of what a call of a dependency gives, the call's path.
    fn plain_text(&self, value: &Value) -> Option<String> {
        match &value.shape {
            Shape::Str(sym) | Shape::External(sym) => Some(self.symbols.text(*sym)),
            Shape::Bool(value) => Some(value.to_string()),
            Shape::Number(value) => Some(value.to_string()),
            Shape::Null => Some("null".to_owned()),
            Shape::Object(id) => {
                let ty = self.heap.objects[*id].ty?;
                Some(self.symbols.with(ty, |ty| ty.trim_end_matches("()").to_owned()))
            }
            _ => None,
        }
    }

    /// True for what is surely no constant: an object that the program has written, a function, a class.
    fn is_made_up(&self, value: &Value) -> bool {
        match value.shape {
            Shape::Object(id) => self.heap.objects[id].ty.is_none() && value.meta.is_none(),
            Shape::Closure(_) | Shape::Class(_) => true,
            _ => false,
        }
    }

    /// Whether a list has one of some constants as an element, or a text one of them as a word.
    fn holds_one_of(&self, value: &Value, words: &[String]) -> Option<bool> {
        let is_in =
            |text: &str| text.split([' ', ',', ';']).any(|part| words.iter().any(|word| word == part));
        match &value.shape {
            Shape::Str(sym) => Some(self.symbols.with(*sym, is_in)),
            Shape::Object(id) => {
                let object = &self.heap.objects[*id];
                let items = object.items.as_ref()?;
                let known: Vec<Option<String>> = items.iter().map(|item| self.plain_text(item)).collect();
                if known.iter().flatten().any(|word| words.contains(word)) {
                    return Some(true);
                }
                (!object.is_open && known.iter().all(Option::is_some)).then_some(false)
            }
            _ => None,
        }
    }

    /// A number, or what a text says in seconds or bytes: `7d`, `10 minutes`, `20mb`.
    fn number(&self, value: &Value) -> Option<f64> {
        match value.shape {
            Shape::Number(number) => Some(number),
            Shape::Str(text) => self.symbols.with(text, quantity),
            _ => None,
        }
    }

    /// The part of a text that an expression fits, if there is one; of a text that is not known whole, only what is
    /// found in its known pieces counts, and for a beginning in the first.
    #[expect(clippy::option_option, reason = "not known and not fitting are different answers")]
    fn fitting(&self, value: &Value, expression: &str) -> Option<Option<String>> {
        let pattern = Pattern::parse(expression)?;
        let find = |text: &str| {
            let text: Vec<char> = text.to_lowercase().chars().collect();
            pattern.find(&text, 0).map(|(from, to)| text[from..to].iter().collect::<String>())
        };
        match &value.shape {
            Shape::Str(sym) | Shape::Regex(sym, _) => Some(self.symbols.with(*sym, find)),
            Shape::Text(pieces) => {
                let is_anchored = expression.starts_with('^');
                let known = pieces.iter().take(if is_anchored { 1 } else { pieces.len() });
                let mut found = known.filter_map(|piece| match piece {
                    Piece::Text(sym) => self.symbols.with(*sym, find),
                    Piece::Hole => None,
                });
                found.next().map(Some)
            }
            _ => None,
        }
    }

    /// Whether a function says yes to whatever it is given, by its result or to its callback.
    fn accepts_all(&mut self, value: &Value) -> Option<bool> {
        let Shape::Closure(id) = value.shape else {
            let is_known = self.plain_text(value).is_some() && !matches!(value.shape, Shape::External(_));
            return is_known.then_some(false);
        };
        if self.decisions.is_some() {
            return None;
        }
        let code = self.closure_of(id);
        let place = Place { file: code.file, span: self.module(code.file).functions[code.func].name_span };
        self.decisions = Some(Vec::new());
        let given = Value::UNKNOWN.tagged(Tags::HEADER);
        let callback = Value::new(Shape::External(self.symbols.sym(DECISION)));
        let result = self.suppose(|inner| inner.call(value, &Value::UNDEFINED, &[given, callback], place));
        let mut decisions = self.decisions.take().unwrap_or_default();
        // What it tells its callback counts; without one, what it returns.
        decisions.extend(Some(result).filter(|result| decisions.is_empty() && !result.is_nullish()));
        let is_yes = |value: &Value| matches!(value.shape, Shape::Bool(true)) || value.taint().is_of_client();
        let is_told = |value: &Value| value.alternatives().iter().all(is_yes);
        (!decisions.is_empty() && decisions.iter().all(is_told)).then_some(true)
    }

    /// True if a function speaks of one of these headers, and what it gives comes from the request.
    fn gives_header(&mut self, value: &Value, names: &[String]) -> bool {
        let Shape::Closure(id) = value.shape else { return false };
        let (file, func) = (self.closure_of(id).file, self.closure_of(id).func);
        let module = self.module(file);
        let code = &module.functions[func];
        let place = Place { file, span: code.name_span };
        let is_named = |expr: &Expr| match *expr {
            Expr::Str(name) | Expr::Member { name, .. } => {
                names.iter().any(|header| header.eq_ignore_ascii_case(module.text(name)))
            }
            _ => false,
        };
        let mut exprs = module.exprs.iter_enumerated();
        let speaks = exprs.any(|(id, expr)| code.span.contains(module.expr_spans[id]) && is_named(expr));
        if !speaks {
            return false;
        }
        let request = Value::UNKNOWN.tagged(Tags::HEADER);
        let result = self.suppose(|inner| inner.call(value, &Value::UNDEFINED, &[request], place));
        result.tags().contains(Tags::HEADER)
    }

    /// What a function under examination tells its callback: an error is a refusal.
    fn note_decision(&mut self, site: Site<'_>) {
        if self.symbols.with(site.path, |path| path != DECISION) {
            return;
        }
        let is_fine = site.args.first().is_none_or(Value::is_nullish);
        let said = if is_fine { site.args.get(1).cloned() } else { None };
        if let Some(decisions) = &mut self.decisions {
            decisions.push(said.unwrap_or(Value::bool(false)));
        }
    }

    /// Whether a value is made of constants only.
    fn is_constant(&self, value: &Value, depth: u32) -> Option<bool> {
        match &value.shape {
            Shape::Str(_) | Shape::Number(_) | Shape::Bool(_) => {
                Some(!value.tags().intersects(Tags::ENVIRONMENT | Tags::RANDOM))
            }
            Shape::Object(id) if depth > 0 => {
                let object = &self.heap.objects[*id];
                if let Some(ty) = object.ty {
                    let call = self.symbols.with(ty, |ty| ty.trim_end_matches("()").to_owned());
                    let is_pure = self.index.pure.contains(&self.symbols.sym(&call));
                    let all = object.args.iter().all(|arg| self.is_constant(arg, depth - 1) == Some(true));
                    return (is_pure && all).then_some(true);
                }
                let items = object.items.as_ref().filter(|_| !object.is_open)?;
                let all = items.iter().all(|item| self.is_constant(item, depth - 1) == Some(true));
                (all && !items.is_empty()).then_some(true)
            }
            Shape::Closure(_) | Shape::Class(_) => Some(false),
            _ => None,
        }
    }

    /// The names by which a value is known: its text, or what it is read from.
    fn names_of(&self, value: &Value) -> Vec<String> {
        let mut names: Vec<String> = match &value.shape {
            Shape::Str(sym) => vec![self.symbols.text(*sym)],
            Shape::Text(pieces) => {
                let text = |piece: &Piece| match piece {
                    Piece::Text(sym) => Some(self.symbols.text(*sym)),
                    Piece::Hole => None,
                };
                pieces.iter().filter_map(text).collect()
            }
            _ => Vec::new(),
        };
        names.extend(value.input().map(|input| self.symbols.text(input.path)));
        names
            .extend(value.meta.as_ref().and_then(|meta| meta.origin).map(|origin| self.symbols.text(origin)));
        names
    }

    /// The first name that is about what a lexicon says.
    fn about(&self, lexicon: &str, names: &[String]) -> Option<String> {
        names.iter().find(|name| self.speaks_of(lexicon, name)).cloned()
    }

    /// What a condition that holds rests on: of several the last one is told, since those before it select.
    fn add_grounds(&mut self, when: &When, site: Site<'_>, grounds: &mut Grounds) {
        let named = if when.about.is_empty() { None } else { Some(when.about.as_str()) };
        if let Some(lexicon) = named.filter(|_| grounds.about.is_empty()) {
            let names = if when.arg.is_empty() {
                self.names_around(site)
            } else {
                let values = self.access(&when.arg, site);
                values.iter().flat_map(|value| self.names_of(value)).collect()
            };
            grounds.about = self.about(lexicon, &names).unwrap_or_default();
        }
        if when.arg.is_empty() {
            return;
        }
        let Some((text, value)) = self.fitting_argument(when, site) else {
            let name = argument_name(when.arg.split(" | ").last().unwrap_or(&when.arg));
            if when.absent && !name.is_empty() {
                grounds.because = format!("no `{name}` is given");
            }
            return;
        };
        let name = argument_name(&text);
        let shown = self.shown_value(when, &value);
        let about = |claim: &str| {
            if name.is_empty() { format!("it is given {claim}") } else { format!("`{name}` is {claim}") }
        };
        let because = match &shown {
            Some(shown) if !when.has.is_empty() && !name.is_empty() => format!("`{name}` has `{shown}`"),
            Some(shown) => about(&format!("`{shown}`")),
            None if when.constant => about("a constant"),
            None if when.remote => about("what the client sends"),
            None => return,
        };
        grounds.because = because;
        grounds.value = shown.unwrap_or_default();
        grounds.set_at = self.written_at(&text, site);
    }

    /// The alternative of a condition's argument that is given, and its value.
    fn fitting_argument(&mut self, when: &When, site: Site<'_>) -> Option<(String, Value)> {
        for text in when.arg.split(" | ") {
            let values = self.access(text, site);
            let given = values.into_iter().filter(|it| !matches!(it.shape, Shape::Undefined));
            let value = given.into_iter().find(|value| self.fits(when, value) == Some(true));
            if let Some(value) = value {
                return Some((text.to_owned(), value));
            }
        }
        None
    }

    /// A value as messages show it: only what the row itself names, since constants may be secrets.
    fn shown_value(&self, when: &When, value: &Value) -> Option<String> {
        let value = value.alternatives().first()?;
        if !when.matches.is_empty() {
            return self.fitting(value, &when.matches).flatten();
        }
        if !when.has.is_empty() {
            return when
                .has
                .iter()
                .find(|word| self.holds_one_of(value, std::slice::from_ref(word)) == Some(true))
                .cloned();
        }
        let is_named = !when.is.is_empty() || when.below.is_some() || when.above.is_some();
        self.plain_text(value).filter(|_| is_named)
    }

    /// Where the member that an access path ends in was written.
    fn written_at(&mut self, text: &str, site: Site<'_>) -> Option<Place> {
        let access = Access::parse(text);
        let Some(Step::Member(name)) = access.steps.last() else { return None };
        let (owner, _) = text.rsplit_once('.')?;
        let owner = self.access(owner, site).into_iter().next()?;
        let Shape::Object(id) = owner.shape else { return None };
        let name = self.symbols.sym(name);
        self.property_place(id, name).or(self.heap.objects[id].place)
    }

    /// Where an object literal gives a member its value.
    fn property_place(&self, object: ObjId, name: Sym) -> Option<Place> {
        let place = self.heap.objects[object].place?;
        let module = self.module(place.file);
        module.exprs.iter_enumerated().find_map(|(id, expr)| {
            let Expr::Object(props) = expr else { return None };
            if module.expr_spans[id] != place.span {
                return None;
            }
            props.of(&module.prop_pool).iter().find_map(|prop| match prop {
                Property::Pair(Key::Name(key), value) if self.sym(place.file, *key) == name => {
                    Some(Place { file: place.file, span: module.expr_spans[*value] })
                }
                _ => None,
            })
        })
    }
}

/// The name by which people know an argument: that of its last member, or the one it is passed by.
fn argument_name(text: &str) -> String {
    let access = Access::parse(text.trim());
    let member = access.steps.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(name.clone()),
        _ => None,
    });
    member.unwrap_or_else(|| match access.root {
        Root::Named(name) | Root::MadeNamed(name) => name,
        _ => String::new(),
    })
}

/// A call as the program writes it: its last two names.
fn shown(path: &str) -> String {
    let path = path.trim_end_matches('=');
    let mut parts: Vec<&str> = path.rsplit('.').take(2).collect();
    parts.reverse();
    parts.join(".")
}

/// The seconds or bytes that a text says: a number is one of milliseconds there, `7d` and `20mb` are what they say.
fn quantity(text: &str) -> Option<f64> {
    let text = text.trim().to_lowercase();
    let unit_at = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let number: f64 = text[..unit_at].parse().ok()?;
    let unit = match text[unit_at..].trim() {
        "b" | "byte" | "bytes" => 1.0,
        "kb" => 1_024.0,
        "mb" => 1_048_576.0,
        "gb" => 1_073_741_824.0,
        "" | "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        "mo" | "month" | "months" => 2_592_000.0,
        "y" | "yr" | "yrs" | "year" | "years" => 31_557_600.0,
        _ => return None,
    };
    Some(number * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_are_read() {
        assert_eq!(quantity("7d"), Some(604_800.0));
        assert_eq!(quantity("2 hours"), Some(7_200.0));
        assert_eq!(quantity("1500"), Some(1.5));
        assert_eq!(quantity("2kb"), Some(2_048.0));
        assert_eq!(quantity("soon"), None);
    }
}
