//! From the laid-out tree to rows of the proof table: which functions run for an endpoint, and what they prove.

use std::rc::Rc;

use routeward_catalog::{Provision, Reach, ScopeKind, Speech};
use routeward_diag::{Label, Place};
use routeward_flow::{
    Answer, COLLECTED, COMPARED_KEY, DECIDES, EffectId, EffectRecord, Evaluator, Fact, FactKind, FactSet,
    FlowId, InputPath, Leak, Link, Made, ObjId, Outcome, PENDING, PUZZLE, RequestLine, Shape, StateId, Sym,
    Tags, has_word, is_role, words,
};

use crate::path::{Cover, Segment, Template};
use crate::posture::{
    Authn, ChainItem, Effect, Endpoint, Errors, Flaw, FlawKind, Handler, Input, ItemKind as Kind, Judged,
    Location, Protocol, Surroundings, Tri,
};
use crate::tree::{Item, ItemKind};
use crate::uses::uses;
use crate::{flaw, flows, replies};

/// A function on the way of a request.
struct Step<'i> {
    link: &'i Link,
    entry: Option<Sym>,
    /// Stands under a condition that the endpoint does not stand under.
    condition: Option<Place>,
    /// Covers only some of the endpoint's requests, or it is not known which.
    is_partial: bool,
    /// Belongs to the endpoint's own registration.
    is_own: bool,
    /// What the request looks like to it.
    line: RequestLine,
    /// The earlier route it belongs to, if it belongs to one.
    route: Option<usize>,
}

/// Builds the rows of one root.
pub(crate) fn rows(evaluator: &mut Evaluator<'_>, items: &[Item]) -> Vec<Endpoint> {
    let mut rows = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if let ItemKind::Route { method, made, schemas } = &item.kind {
            for method in Judge::new(evaluator, items, i).treated(method) {
                rows.extend(Judge::new(evaluator, items, i).row(&method, made.as_ref(), schemas));
                evaluator.sweep();
            }
        }
    }
    rows
}

/// What is known before a function of the chain runs.
struct Sofar {
    state: StateId,
    facts: FactSet,
    /// The first element that may have refused the caller but could not be seen through.
    opaque: Option<(Place, String)>,
    is_optional: Option<Label>,
    /// What lets some callers pass and refuses others as ones without permission, by stored data.
    refuser: Option<Label>,
    /// Nobody comes further than this.
    denied: Option<Label>,
    chain: Vec<ChainItem>,
    ineffective: Vec<ChainItem>,
    flaws: Vec<Flaw>,
    flows: Vec<FlowId>,
    uses: Vec<routeward_flow::Use>,
    /// What runs before the handler provides.
    provides: Vec<Provision>,
    /// The caller was verified by what the request presents.
    saw_credential: bool,
    /// The last element hands some requests on to what follows its route.
    skips: bool,
}

struct Judge<'j, 'p> {
    evaluator: &'j mut Evaluator<'p>,
    items: &'j [Item],
    index: usize,
}

impl<'j, 'p> Judge<'j, 'p> {
    fn new(evaluator: &'j mut Evaluator<'p>, items: &'j [Item], index: usize) -> Self {
        Self { evaluator, items, index }
    }

    fn item(&self) -> &'j Item {
        &self.items[self.index]
    }

    fn row(mut self, method: &str, made: Option<&Made>, schemas: &[(String, Place)]) -> Option<Endpoint> {
        self.evaluator.judge_subject(self.item().subject);
        self.evaluator.judge_template(&self.item().path.params());
        if self.repeats_earlier(method) {
            return None;
        }
        let (before, mut handler_link) = self.steps(method);
        let mut sofar = Sofar {
            state: self.evaluator.fresh_state(),
            facts: FactSet::default(),
            opaque: None,
            is_optional: None,
            refuser: None,
            denied: None,
            chain: Vec::new(),
            ineffective: Vec::new(),
            flaws: Vec::new(),
            flows: Vec::new(),
            uses: Vec::new(),
            provides: Vec::new(),
            saw_credential: false,
            skips: false,
        };
        let mut left = None;
        for (i, step) in before.iter().enumerate() {
            if sofar.denied.is_some() {
                break;
            }
            // `next("route")`: what follows in the chain of that route is not on the way of every request.
            if step.route.is_some() && step.route == left {
                continue;
            }
            let goes_on = self.pass(step, &mut sofar);
            if std::mem::take(&mut sofar.skips) {
                left = step.route;
            }
            if !goes_on {
                if step.is_own && sofar.denied.is_none() {
                    // `(req, res) => res.json(orders), requireUser`: what stands behind the answer is not asked.
                    sofar.chain.pop();
                    let behind = before[i + 1..].iter().map(|step| step.link).chain(handler_link);
                    for link in behind.collect::<Vec<_>>() {
                        self.add_ineffective(link, "stands behind the function that answers", &mut sofar);
                    }
                    handler_link = Some(step.link);
                    break;
                }
                // An earlier registration answers every request of this one.
                if !step.is_own && self.is_answered_by_route(step) {
                    return None;
                }
            }
        }
        if made.is_none() && self.is_relay(method, handler_link, &mut sofar) {
            return None;
        }
        self.add_late_guards(method, &mut sofar);
        self.add_near_misses(method, &mut sofar);
        Some(self.judge(method, made, schemas, handler_link, sofar))
    }

    /// Adds a guard that is attached but never asked.
    fn add_ineffective(&mut self, link: &Link, note: &str, sofar: &mut Sofar) {
        let Some(entry) = self.item().entry else { return };
        let state = self.evaluator.fresh_state();
        let outcome = self.evaluator.run_link(state, &link.value, entry).1;
        let item = self.describe(link, &outcome);
        if matches!(item.kind, Kind::Guard | Kind::RoleGuard) {
            sofar.ineffective.push(ChainItem { note: note.to_owned(), ..item });
        }
    }

    /// Guards that are attached behind this endpoint and have no endpoint behind them. Public endpoints first,
    /// then the guard, then the others is a good habit and nothing to be said about.
    fn add_late_guards(&mut self, method: &str, sofar: &mut Sofar) {
        let item = self.item();
        for (i, other) in self.items.iter().enumerate().skip(self.index + 1) {
            let ItemKind::Attach { reach: Reach::Later, is_exact } = other.kind else { continue };
            let covers = |item: &Item| other.path.covers(&item.path, !is_exact) != Cover::None;
            let rest = &self.items[i + 1..];
            let guards_something = rest.iter().any(|later| match later.kind {
                ItemKind::Route { .. } => covers(later),
                // A library behind it may answer requests.
                ItemKind::Attach { .. } => {
                    later.chain.iter().any(|link| !matches!(link.value.shape, Shape::Closure(_)))
                }
            });
            if guards_something || !in_capsule(other, item) || !covers(item) || !other.conditions.is_empty() {
                continue;
            }
            let is_last =
                other.chain.last().is_some_and(|link| matches!(link.value.shape, Shape::Closure(_)));
            for link in other.chain.iter().filter(|_| is_last) {
                self.add_ineffective(link, "is attached behind every route that it covers", sofar);
            }
        }
        let _ = method;
    }

    /// Guards for everything below this path that leave out the path itself: `/admin/*` beside `/admin`.
    fn add_near_misses(&mut self, method: &str, sofar: &mut Sofar) {
        let item = self.item();
        for other in &self.items[..self.index] {
            let (is_exact, fits) = match &other.kind {
                ItemKind::Attach { is_exact, .. } => (*is_exact, true),
                ItemKind::Route { method: other, .. } => (true, other == "ANY" || other == method),
            };
            let Some((Segment::Rest(..), base)) = other.path.segments.split_last() else { continue };
            let leaves_out = base == item.path.segments.as_slice()
                && other.path.covers(&item.path, !is_exact) == Cover::None;
            if !fits || !leaves_out || !in_capsule(other, item) {
                continue;
            }
            let Some(entry) = other.entry else { continue };
            for link in &other.chain {
                let state = self.evaluator.fresh_state();
                let outcome = self.evaluator.run_link(state, &link.value, entry).1;
                let guard = self.describe(link, &outcome);
                if matches!(guard.kind, Kind::Guard | Kind::RoleGuard) {
                    let text =
                        format!("covers `{}`, but not `{}` itself", other.path.print(), item.path.print());
                    let because = Label::new(other.place, text);
                    sofar.flaws.push(Flaw {
                        kind: FlawKind::Hole,
                        name: guard.name,
                        place: link.place,
                        because,
                    });
                }
            }
        }
    }

    /// What a request for this endpoint looks like to a function that is attached at `at`.
    fn line(&self, method: &str, at: &Template, is_exact: bool) -> RequestLine {
        let path = &self.item().path;
        let cut = if is_exact { 0 } else { at.segments.len().min(path.segments.len()) };
        RequestLine {
            method: if method == "ANY" { String::new() } else { method.to_owned() },
            path: path.pieces(0).into(),
            below: path.pieces(cut).into(),
            handler: self.item().handler_name.clone(),
            ends_open: matches!(path.segments.last(), Some(Segment::Rest(..))),
            is_sample: false,
        }
    }

    /// The methods that a handler for every method treats by itself; every method if it makes no difference.
    fn treated(&mut self, method: &str) -> Vec<String> {
        const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        let item = self.item();
        let (Some(handler), Some(entry)) = (item.chain.last(), item.entry) else {
            return vec![method.to_owned()];
        };
        let state = self.evaluator.fresh_state();
        let splits = item.scopes.last().is_some_and(|scope| self.evaluator.splits_methods(*scope));
        if method != "ANY" || !splits {
            return vec![method.to_owned()];
        }
        let mut run = |method: &str| {
            let line = self.line(method, &item.path, true);
            self.evaluator.run_link_for(&line, state, &handler.value, handler.entry.unwrap_or(entry)).1
        };
        let other = run("-");
        let treated = METHODS.iter().filter(|method| {
            let outcome = run(method);
            signature(&outcome) != signature(&other) && !refuses_method(&outcome)
        });
        let mut treated: Vec<String> = treated.map(|method| (*method).to_owned()).collect();
        if treated.is_empty() || !refuses_method(&other) {
            treated.push("ANY".to_owned());
        }
        treated
    }

    /// A registration that says the same as an earlier one adds no row.
    fn repeats_earlier(&self, method: &str) -> bool {
        let item = self.item();
        self.items[..self.index].iter().any(|earlier| {
            matches!(&earlier.kind, ItemKind::Route { method: m, .. } if m == method)
                && earlier.path == item.path
                && earlier.place == item.place
                && earlier.chain.len() == item.chain.len()
        })
    }

    /// What a request for this endpoint meets before its handler, in order, and the handler.
    fn steps(&self, method: &str) -> (Vec<Step<'j>>, Option<&'j Link>) {
        let item = self.item();
        let mut steps = Vec::new();
        for i in 0..self.index {
            self.add_steps(i, method, true, &mut steps);
        }
        for i in self.index + 1..self.items.len() {
            if matches!(
                self.items[i].kind,
                ItemKind::Attach {
                    reach: Reach::Scope | Reach::Parts | Reach::Program | Reach::Parameter,
                    ..
                }
            ) {
                self.add_steps(i, method, false, &mut steps);
            }
        }
        let (handler, own) = match item.chain.split_last() {
            // What a library makes answers behind all of the chain.
            _ if matches!(item.kind, ItemKind::Route { made: Some(_), .. }) => (None, item.chain.as_slice()),
            Some((last, rest)) => (Some(last), rest),
            None => (None, &[][..]),
        };
        for link in own {
            let (entry, line) = (link.entry.or(item.entry), self.line(method, &item.path, true));
            steps.push(Step {
                link,
                entry,
                condition: perhaps(link),
                is_partial: false,
                is_own: true,
                line,
                route: None,
            });
        }
        (steps, handler)
    }

    /// True if an attachment to exactly one path is meant for another endpoint, whose path this one's only includes.
    fn is_for_another(&self, attachment: &Item) -> bool {
        self.items
            .iter()
            .any(|other| matches!(other.kind, ItemKind::Route { .. }) && other.path == attachment.path)
    }

    /// Functions for a parameter run for every route of the same scope whose path has it.
    fn add_parameter_steps(&self, other: &'j Item, method: &str, steps: &mut Vec<Step<'j>>) {
        let item = self.item();
        let Some(Segment::Text(name)) = other.path.segments.last() else { return };
        if other.scopes.last() == item.scopes.last() && item.path.params().contains(name) {
            for link in &other.chain {
                let (entry, line) = (link.entry.or(other.entry), self.line(method, &item.path, true));
                steps.push(Step {
                    link,
                    entry,
                    condition: None,
                    is_partial: false,
                    is_own: false,
                    line,
                    route: None,
                });
            }
        }
    }

    /// True if this endpoint belongs to the scope of an attachment, however far below.
    fn is_below(&self, attachment: &Item) -> bool {
        attachment.scopes.last().is_some_and(|scope| self.item().scopes.contains(scope))
    }

    /// True if this endpoint belongs to the scope of an attachment, and no server of its own stands between.
    fn is_part(&self, attachment: &Item) -> bool {
        let Some(scope) = attachment.scopes.last() else { return false };
        let Some(at) = self.item().scopes.iter().position(|around| around == scope) else { return false };
        let is_server = |scope: &ObjId| self.evaluator.scope_kind(*scope) == Some(ScopeKind::Root);
        !self.item().scopes[at + 1..].iter().any(is_server)
    }

    fn add_steps(&self, index: usize, method: &str, is_earlier: bool, steps: &mut Vec<Step<'j>>) {
        let (item, other) = (self.item(), &self.items[index]);
        let (is_exact, reaches) = match &other.kind {
            ItemKind::Attach { reach: Reach::Later, is_exact } => {
                (*is_exact, is_earlier && in_capsule(other, item))
            }
            ItemKind::Attach { reach: Reach::Scope, is_exact } => (*is_exact, self.is_below(other)),
            ItemKind::Attach { reach: Reach::Parts, is_exact } => (*is_exact, self.is_part(other)),
            ItemKind::Attach { reach: Reach::LaterParts, is_exact } => {
                (*is_exact, is_earlier && self.is_part(other))
            }
            ItemKind::Attach { reach: Reach::Program, is_exact } => {
                (*is_exact, other.scopes.first() == item.scopes.first())
            }
            ItemKind::Attach { reach: Reach::Parameter, .. } => {
                return self.add_parameter_steps(other, method, steps);
            }
            ItemKind::Attach { .. } => return,
            // A declared endpoint always answers; which of two for one path does is not a matter of order alone.
            ItemKind::Route { .. } if other.subject.is_some() => return,
            // A request is for one operation.
            ItemKind::Route { .. } if other.path.operation.is_some() => return,
            ItemKind::Route { .. }
                if other.scopes.last().is_some_and(|scope| self.evaluator.is_most_specific(*scope)) =>
            {
                return;
            }
            ItemKind::Route { method: other_method, .. } => {
                let fits = other_method == "ANY" || other_method == method;
                if other.scopes.last().is_some_and(|scope| self.evaluator.is_by_precision(*scope)) {
                    return;
                }
                (true, is_earlier && fits && in_capsule(other, item) && other.place != item.place)
            }
        };
        if !reaches {
            return;
        }
        let mut cover = match other.kind {
            ItemKind::Attach { reach: Reach::Program, .. } => Cover::All,
            _ => other.path.covers(&item.path, !is_exact),
        };
        // A more specific route is an endpoint of its own: what it does to its requests is not this one's business.
        let is_own_endpoint = cover == Cover::Some && matches!(other.kind, ItemKind::Route { .. });
        let fits =
            other.methods.is_empty() || method == "ANY" || other.methods.iter().any(|only| only == method);
        if cover == Cover::None
            || is_own_endpoint
            || !fits
            || is_exact && cover == Cover::Some && self.is_for_another(other)
        {
            return;
        }
        if !other.methods.is_empty() && method == "ANY" {
            cover = Cover::Some;
        }
        for (only, except) in other.except.iter() {
            let fits = only.as_ref().is_none_or(|only| only == method);
            match except.covers(&item.path, false) {
                Cover::All if fits => return,
                Cover::None => {}
                _ if fits || method == "ANY" => cover = Cover::Some,
                _ => {}
            }
        }
        let condition =
            other.conditions.iter().find(|c| !item.conditions.contains(c)).map(|(place, _)| *place);
        let route = matches!(other.kind, ItemKind::Route { .. }).then_some(index);
        let answerer = match other.kind {
            ItemKind::Route { made: None, .. } => other.chain.last(),
            _ => None,
        };
        for link in other.chain.iter().filter(|link| !self.evaluator.is_lifted(item.place, &link.value)) {
            let is_partial = cover != Cover::All;
            let (entry, line) = (link.entry.or(other.entry), self.line(method, &other.path, is_exact));
            // What stands last in an earlier route answers; it may have another signature than what stands before.
            let is_answerer = answerer.is_some_and(|answerer| std::ptr::eq(answerer, link));
            let entry =
                if is_answerer { entry.map(|entry| self.evaluator.handler_entry(entry)) } else { entry };
            let condition = condition.or_else(|| perhaps(link));
            steps.push(Step { link, entry, condition, is_partial, is_own: false, line, route });
        }
    }

    /// Runs what is attached to answers: it may still write into them.
    fn look_behind(&mut self, method: &str, sofar: &mut Sofar) {
        let item = self.item();
        for other in self.items {
            let is_behind = matches!(other.kind, ItemKind::Attach { reach: Reach::Answers, .. });
            if !is_behind || !self.is_below(other) {
                continue;
            }
            let line = self.line(method, &item.path, true);
            for link in &other.chain {
                let Some(entry) = link.entry.or(other.entry) else { continue };
                let (_, outcome) = self.evaluator.run_link_for(&line, sofar.state, &link.value, entry);
                sofar.flows.extend(&outcome.flows);
                sofar.uses.extend(&outcome.uses);
                sofar.provides.extend(&outcome.provided);
            }
        }
    }

    /// Runs a function in front of the handler; false if it hands nothing on.
    fn pass(&mut self, step: &Step<'_>, sofar: &mut Sofar) -> bool {
        sofar.uses.extend(self.evaluator.use_of(&step.link.value, step.link.place));
        let Some(entry) = step.entry else { return true };
        if self.evaluator.is_error_handler(&step.link.value, entry) {
            self.add_error_guard(step.link, entry, sofar);
            return true;
        }
        let general = self.evaluator.run_link(sofar.state, &step.link.value, entry).1;
        let (next, outcome) = self.evaluator.run_link_for(&step.line, sofar.state, &step.link.value, entry);
        let mut item = self.describe(step.link, &outcome);
        sofar.flows.extend(&outcome.flows);
        sofar.uses.extend(&outcome.uses);
        sofar.provides.extend(&outcome.provided);
        sofar.saw_credential |= outcome.saw_credential;
        let path = self.item().path.print();
        flaw::in_chain(&item.name, &general, &outcome, &path, &mut sofar.flaws);
        flaw::in_guard(self.evaluator, &item.name, &outcome, &mut sofar.flaws);
        let guarantee = outcome.guarantee();
        let is_guard = guarantee.find(|kind| matches!(kind, FactKind::Authn | FactKind::Role(_))).is_some();
        let answers = outcome.answers.iter().any(|answer| !is_refused(answer) && !answer.is_redirect);
        let goes_on = !outcome.continues.is_empty()
            || !outcome.skips.is_empty()
            || outcome_is_empty(&outcome)
            || outcome.is_cut && !answers;
        // Some way through it ends neither with an answer nor by handing on: it goes on in a way that was not seen.
        let ends_unseen = !goes_on && !answers && outcome.denies.is_none() && outcome.ends.is_some();
        let goes_on = goes_on || ends_unseen;
        if ends_unseen {
            sofar.opaque.get_or_insert((
                item.place,
                format!("some way through `{}` ends without an answer that was seen", item.name),
            ));
        }
        if outcome.is_cut && outcome.continues.is_empty() && !answers {
            sofar.opaque.get_or_insert((item.place, format!("`{}` was not followed to its end", item.name)));
        }
        if let Some(condition) = step.condition {
            if is_guard || !goes_on {
                "is attached only under a condition".clone_into(&mut item.note);
                item.kind = Kind::Unknown;
                sofar.opaque.get_or_insert((
                    condition,
                    format!("`{}` is attached only under a condition", item.name),
                ));
            }
            sofar.chain.push(item);
            return true;
        }
        if step.is_partial {
            if is_guard || !goes_on && is_refusal(&outcome) {
                "covers only some requests of this endpoint".clone_into(&mut item.note);
                item.kind = Kind::Unknown;
                sofar.opaque.get_or_insert((
                    step.link.place,
                    format!("`{}` may cover only some of its requests", item.name),
                ));
                sofar.chain.push(item);
            }
            return true;
        }
        if let Some(name) = opaque_fact(&guarantee) {
            let name = self.evaluator.symbols.text(name);
            if guarantee.find(|kind| kind == FactKind::Authn).is_none() {
                sofar.opaque.get_or_insert((item.place, format!("`{name}` could not be seen through")));
            }
        }
        if let Some(reason) = self.unsure(&guarantee, &outcome, &item.name) {
            item.kind = Kind::Unknown;
            sofar.opaque.get_or_insert((item.place, reason));
        }
        if matches!(step.link.value.shape, Shape::Unknown) {
            sofar.opaque.get_or_insert((
                step.link.place,
                "a function in front of it could not be resolved".to_owned(),
            ));
            item.kind = Kind::Unknown;
        }
        if outcome.sets_caller && !is_guard {
            let label = Label::new(
                item.place,
                format!("`{}` looks at a credential and lets everybody pass", item.name),
            );
            sofar.is_optional.get_or_insert(label);
            item.kind = Kind::OptionalGuard;
        }
        // Who is refused as not known, and nothing was seen to verify anybody, is so by what could not be seen.
        let is_unknown = |answer: &Answer| answer.status == Some(401);
        let asks_store = !outcome.effects.is_empty() && outcome.answers.iter().any(is_forbidden);
        let asks_unseen = outcome.asks_unseen && outcome.answers.iter().any(is_unknown);
        if goes_on && item.kind == Kind::Passes && (asks_store || asks_unseen) {
            let by = if asks_store { "what is stored" } else { "what could not be seen through" };
            let text = format!("`{}` refuses some callers by {by}", item.name);
            sofar.refuser.get_or_insert(Label::new(item.place, text));
        }
        if !goes_on {
            item.kind = if is_refusal(&outcome) { Kind::Deny } else { Kind::Handler };
            let label = Label::new(item.place, format!("`{}` refuses every request", item.name));
            if is_refusal(&outcome) {
                sofar.denied = Some(label);
            }
        }
        let too_often =
            outcome.answers.iter().find(|answer| answer.status == Some(429)).map(|answer| answer.point.place);
        if let Some(place) = too_often.filter(|_| goes_on) {
            sofar.facts = sofar.facts.union(&self.evaluator.limited_by(place));
            if item.kind == Kind::Passes {
                item.kind = Kind::Limiter;
            }
        }
        sofar.chain.push(item);
        sofar.facts = sofar.facts.union(&guarantee);
        sofar.state = next;
        sofar.skips = !outcome.skips.is_empty();
        goes_on
    }

    /// Why it is not sure that a function verifies the caller, if it may.
    fn unsure(&self, guarantee: &FactSet, outcome: &Outcome, name: &str) -> Option<String> {
        if guarantee.has(FactKind::Authn) {
            return None;
        }
        let text = |name| self.evaluator.symbols.text(name);
        if let Some(setting) = deciding_setting(guarantee) {
            return Some(format!("whether `{name}` verifies the caller depends on `{}`", text(setting)));
        }
        unseen_verdict(guarantee, outcome)
            .map(|unseen| format!("`{}` could not be seen through", text(unseen)))
    }

    /// A guard that declares one parameter too many is called for errors only.
    fn add_error_guard(&mut self, link: &Link, entry: Sym, sofar: &mut Sofar) {
        let state = self.evaluator.fresh_state();
        let outcome = self.evaluator.run_link(state, &link.value, entry).1;
        let refuses = !outcome.answers.is_empty() && outcome.answers.iter().all(is_forbidden);
        let exits = || outcome.continues.iter().chain(outcome.refusals.iter().map(|(point, _)| point));
        let knows_caller = exits().next().is_some() && exits().all(|point| point.facts.has(FactKind::Authn));
        if refuses && knows_caller {
            let item = self.describe(link, &outcome);
            let note =
                "takes as many parameters as an error handler and is called for errors only".to_owned();
            sofar.ineffective.push(ChainItem { kind: Kind::Guard, note, ..item });
        }
    }

    fn is_answered_by_route(&self, step: &Step<'_>) -> bool {
        let item = self.item();
        self.items[..self.index].iter().any(|other| {
            matches!(other.kind, ItemKind::Route { .. })
                && other.path.covers(&item.path, false) == Cover::All
                && other.chain.iter().any(|link| std::ptr::eq(link, step.link))
        })
    }

    /// True if the registration only prepares the ground: its last function hands every request on that it does
    /// not refuse, and a later registration for the same path is the one that answers.
    fn is_relay(&mut self, method: &str, handler: Option<&Link>, sofar: &mut Sofar) -> bool {
        let item = self.item();
        let Some(handler) = handler else { return true };
        let Some(entry) = item.entry.map(|entry| self.evaluator.handler_entry(entry)) else { return false };
        let (_, outcome) = self.evaluator.run_link(sofar.state, &handler.value, entry);
        if outcome.continues.is_empty() || outcome.answers.iter().any(|answer| !is_refused(answer)) {
            return false;
        }
        // A pattern for everything below a path is an attachment in the form of a route.
        let is_pattern =
            item.path.segments.iter().any(|segment| matches!(segment, crate::path::Segment::Rest(..)));
        let is_guard = outcome.guarantee().find(|kind| !kind.is_circumstance()).is_some()
            || !outcome.refusals.is_empty()
            || !outcome.answers.is_empty();
        (is_pattern || method == "ANY") && is_guard
            || self.items[self.index + 1..].iter().any(|later| {
                matches!(&later.kind, ItemKind::Route { method: m, .. } if m == method || m == "ANY" || method == "ANY")
                    && (later.path == item.path || item.path.covers(&later.path, false) == Cover::All)
            })
    }

    fn describe(&self, link: &Link, outcome: &Outcome) -> ChainItem {
        let name = self.evaluator.name_of(&link.value).unwrap_or_else(|| "<anonymous>".to_owned());
        let guarantee = outcome.guarantee();
        let has = |test: fn(FactKind) -> bool| guarantee.find(test);
        let role = has(|kind| matches!(kind, FactKind::Role(_)));
        let authn = has(|kind| kind == FactKind::Authn);
        let limited = has(|kind| kind == FactKind::Limited);
        let validated = has(|kind| matches!(kind, FactKind::Validated(..)));
        let opaque = has(|kind| matches!(kind, FactKind::Opaque(_)));
        let (kind, fact) = match (role, authn, limited, validated, opaque) {
            (Some(fact), ..) => (Kind::RoleGuard, Some(fact)),
            (None, Some(fact), ..) => (Kind::Guard, Some(fact)),
            (_, _, Some(fact), ..) => (Kind::Limiter, Some(fact)),
            (_, _, _, Some(fact), _) => (Kind::Validator, Some(fact)),
            (_, _, _, _, Some(fact)) => (Kind::Unknown, Some(fact)),
            _ => (Kind::Passes, None),
        };
        let note = fact.map_or_else(String::new, |fact| self.phrase(fact));
        ChainItem { name, kind, place: link.place, definition: self.evaluator.definition(&link.value), note }
    }

    fn phrase(&self, fact: Fact) -> String {
        let reason = self.evaluator.evidence.get(fact.evidence);
        format!("`{}` {}", self.evaluator.symbols.text(reason.about), reason.phrase)
    }

    fn evidence(&self, fact: Fact) -> Label {
        let reason = self.evaluator.evidence.get(fact.evidence);
        Label::new(reason.place, self.phrase(fact))
    }

    fn judge(
        mut self,
        method: &str,
        made: Option<&Made>,
        schemas: &[(String, Place)],
        link: Option<&Link>,
        mut sofar: Sofar,
    ) -> Endpoint {
        let item = self.item();
        let entry = item.entry.map(|entry| self.evaluator.handler_entry(entry));
        let outcome: Rc<Outcome> = match (link, entry) {
            (Some(link), Some(entry)) => {
                let line = self.line(method, &item.path, true);
                self.evaluator.run_link_for(&line, sofar.state, &link.value, entry).1
            }
            _ => Rc::default(),
        };
        self.look_behind(method, &mut sofar);
        let is_seen = made.is_some() || link.is_some_and(|link| !matches!(link.value.shape, Shape::Unknown));
        let handler = self.handler(method, made, link);
        sofar.chain.push(ChainItem {
            name: handler.name.clone(),
            kind: Kind::Handler,
            place: link.map_or(item.place, |link| link.place),
            definition: handler.place,
            note: String::new(),
        });
        let guarded_at = self.guarded_at(method, &handler, link).unwrap_or(item.place);
        let body = link.and_then(|link| self.evaluator.extent(&link.value, method));
        let scene = Scene { outcome: &outcome, sofar: &sofar, is_seen, is_orphan: item.is_orphan, body };
        let authenticated = self.authenticated(&scene);
        let role_checked = self.role_checked(&scene, authenticated.value);
        let rate_limited = self.rate_limited(&scene);
        let inputs = self.inputs(&scene, schemas);
        let effects = self.effects(&scene, &inputs, made);
        let flows = flows::flows(self.evaluator, &[sofar.flows.as_slice(), &outcome.flows].concat());
        let uses = uses(self.evaluator, sofar.uses.iter().chain(&outcome.uses));
        let object_scoped = self.object_scoped(&scene, &effects, authenticated.value, made);
        let validated = self.validated(&scene, &inputs, &effects, made, method);
        let errors = self.errors(&scene);
        let around = self.around(&scene, authenticated.value);
        flaw::in_handler(self.evaluator, &outcome, &handler.name, &mut sofar.flaws);
        let is_puzzle = has_word(&handler.name, &[PUZZLE, "captchas"]);
        let is_meant = |exposure: &&routeward_flow::Exposure| exposure.target != PUZZLE || is_puzzle;
        let exposures = outcome.exposures.iter().filter(is_meant).cloned().collect();
        let keeps_session =
            outcome.signs_in.filter(|_| outcome.checks_password.is_some() && !outcome.renews_session);
        let checks_password = outcome.checks_password.map(|place| Label::new(place, "compares the password"));
        let replies = replies::replies(self.evaluator, &outcome);
        let is_page = made.is_none() && is_seen && outcome.is_page();
        let operation = self.operation();
        let (method, path) = match (&operation, &item.address) {
            // How a procedure that was not seen is called is not known.
            (Some(_), Some(address)) if method.is_empty() => ("ANY".to_owned(), address.clone()),
            (Some(_), Some(address)) => (method.to_owned(), address.clone()),
            (Some(name), None) => (String::new(), name.clone()),
            (None, _) => (method.to_owned(), item.path.print()),
        };
        Endpoint {
            method,
            path,
            operation,
            protocol: self.protocol(),
            framework: item.package.clone(),
            place: item.place,
            guarded_at,
            handler,
            inputs,
            chain: sofar.chain,
            ineffective: sofar.ineffective,
            authenticated,
            role_checked,
            object_scoped,
            validated,
            rate_limited,
            errors,
            effects,
            flows,
            uses,
            exposures,
            replies,
            flaws: sofar.flaws,
            checks_password,
            keeps_session,
            is_page,
            scope: item.scopes.last().map_or(0, |scope| scope.0),
            declared_public: None,
            around,
        }
    }

    /// What is around the endpoint besides what the columns tell.
    fn around(&self, scene: &Scene<'_>, authn: Authn) -> Surroundings {
        let (sofar, outcome) = (scene.sofar, scene.outcome);
        let root = self.item().scopes.iter().copied();
        let mut servers = root.filter(|scope| self.evaluator.scope_kind(*scope) == Some(ScopeKind::Root));
        let mut provides = [sofar.provides.as_slice(), &outcome.provided].concat();
        provides.sort_unstable();
        provides.dedup();
        let is_signed = |kind: FactKind| matches!(kind, FactKind::Signature | FactKind::Csrf);
        let points = scene.effect_points(self.evaluator);
        Surroundings {
            server: servers.next().and_then(|scope| self.evaluator.scope_place(scope)),
            provides,
            by_session: authn == Authn::Required && !sofar.saw_credential && !outcome.saw_credential,
            is_signed: sofar.facts.find(is_signed).is_some()
                || !points.is_empty() && points.iter().all(|facts| facts.find(is_signed).is_some()),
            is_unseen: !scene.is_seen || outcome.is_cut || sofar.opaque.is_some(),
            by_key: authn == Authn::Required && self.is_by_key(&points, scene),
        }
    }

    /// The caller was verified by comparing what it presents with a key that callers share.
    fn is_by_key(&self, points: &[FactSet], scene: &Scene<'_>) -> bool {
        let authn = |facts: &FactSet| facts.find(|kind| kind == FactKind::Authn);
        let fact = authn(&scene.sofar.facts).or_else(|| points.iter().find_map(authn));
        fact.is_some_and(|fact| {
            let reason = self.evaluator.evidence.get(fact.evidence);
            let about = words(&self.evaluator.symbols.text(reason.about));
            let names_key = about.iter().any(|word| word == "apikey")
                || about.windows(2).any(|pair| pair[0] == "api" && pair[1] == "key");
            reason.phrase == COMPARED_KEY || names_key
        })
    }

    /// Who answers.
    fn handler(&mut self, method: &str, made: Option<&Made>, link: Option<&Link>) -> Handler {
        if let Some((class, function)) = link.and_then(|link| self.evaluator.view_method(&link.value, method))
        {
            let names = [self.evaluator.name_of(&class), self.evaluator.name_of(&function)];
            let name = names.into_iter().flatten().collect::<Vec<_>>().join(".");
            return Handler { name, place: self.evaluator.definition(&function) };
        }
        Handler {
            name: made
                .map(|made| made.name.clone())
                .or_else(|| link.and_then(|link| self.evaluator.name_of(&link.value)))
                .unwrap_or_else(|| "<anonymous>".to_owned()),
            place: link.and_then(|link| self.evaluator.definition(&link.value)),
        }
    }

    /// The handler, or the class that it is inherited by, where guards are written there.
    fn guarded_at(&mut self, method: &str, handler: &Handler, link: Option<&Link>) -> Option<Place> {
        let scopes = &self.item().scopes;
        if !scopes.iter().any(|scope| self.evaluator.guards_at_handlers(*scope)) {
            return None;
        }
        if let Some(place) = handler.place {
            return Some(place);
        }
        let (class, _) = self.evaluator.view_method(&link?.value, method)?;
        self.evaluator.definition(&class)
    }

    /// The name of the operation, for an endpoint that is none of paths.
    fn operation(&self) -> Option<String> {
        let item = self.item();
        let declared = item.subject.and_then(|id| self.evaluator.subject(id).operation.clone());
        declared.or_else(|| item.path.operation.clone())
    }

    fn protocol(&self) -> Protocol {
        let item = self.item();
        let by_subject = item.subject.map(|id| self.evaluator.subject(id).speech);
        let by_scope = || item.scopes.last().map(|scope| self.evaluator.speech(*scope));
        match by_subject.or_else(by_scope) {
            Some(Speech::Graphql) => Protocol::GraphQl,
            Some(Speech::Rpc) => Protocol::Rpc,
            Some(Speech::Http) | None => Protocol::Http,
        }
    }

    // ---------------------------------------------------------------------------------------- columns

    fn authenticated(&self, scene: &Scene<'_>) -> Judged<Authn> {
        let (sofar, outcome) = (scene.sofar, scene.outcome);
        let authn = |kind: FactKind| kind == FactKind::Authn;
        if let Some(denied) = &sofar.denied {
            return Judged::new(Authn::Denied).with(denied.clone());
        }
        if let Some(fact) = sofar.facts.find(authn) {
            return Judged::new(Authn::Required).with(self.evidence(fact));
        }
        if let Some(place) = outcome.denies {
            return Judged::new(Authn::Denied).with(Label::new(place, "refuses every request"));
        }
        let points = scene.effect_points(self.evaluator);
        let proven: Vec<Option<Fact>> = points.iter().map(|facts| facts.find(authn)).collect();
        if !proven.is_empty() && proven.iter().all(Option::is_some) {
            if scene.may_answer_unseen() {
                return Judged::new(Authn::Unknown)
                    .because("some way through the handler ends without an answer that was seen");
            }
            let evidence = proven.into_iter().flatten().next().map(|fact| self.evidence(fact));
            return Judged {
                value: Authn::Required,
                evidence: evidence.into_iter().collect(),
                reason: Some("the handler refuses anonymous callers itself".to_owned()),
            };
        }
        if proven.is_empty() && scene.refuses_only() {
            return Judged::new(Authn::Denied).because("the handler answers nobody");
        }
        if let Some((place, reason)) = &sofar.opaque {
            return Judged::new(Authn::Unknown)
                .with(Label::new(*place, reason.clone()))
                .because(reason.clone());
        }
        let met = points.iter().cloned().reduce(|a, b| a.intersect(&b)).unwrap_or_default();
        if let Some(reason) = self.unsure(&met, outcome, "the handler") {
            return Judged::new(Authn::Unknown).because(reason);
        }
        if let Some(fact) = proven.iter().flatten().next() {
            return Judged::new(Authn::Optional)
                .with(self.evidence(*fact))
                .because("some answers need a verified caller, others do not");
        }
        if let Some(name) = points.iter().find_map(opaque_fact) {
            let reason = format!("`{}` could not be seen through", self.evaluator.symbols.text(name));
            return Judged::new(Authn::Unknown).because(reason);
        }
        if let (Some(_), Some(refuser)) = (&sofar.is_optional, &sofar.refuser) {
            let reason = refuser.text.clone();
            return Judged::new(Authn::Unknown).with(refuser.clone()).because(reason);
        }
        if let Some(label) = &sofar.is_optional {
            return Judged::new(Authn::Optional).with(label.clone());
        }
        if outcome.saw_authn {
            return Judged::new(Authn::Optional).because("the caller is verified on some paths only");
        }
        if scene.is_orphan {
            return Judged::new(Authn::Unknown).because("where it is mounted was not seen");
        }
        if !scene.is_seen {
            return Judged::new(Authn::Unknown).because("the handler could not be resolved");
        }
        if outcome.is_cut {
            return Judged::new(Authn::Unknown).because("the handler was not followed to its end");
        }
        Judged::new(Authn::Open)
    }

    fn role_checked(&self, scene: &Scene<'_>, authn: Authn) -> Judged<Tri> {
        let role = |kind: FactKind| matches!(kind, FactKind::Role(_));
        if let Some(fact) = scene.sofar.facts.find(role) {
            return Judged::new(Tri::Yes).with(self.evidence(fact));
        }
        let points = scene.effect_points(self.evaluator);
        let proven: Vec<Option<Fact>> = points.iter().map(|facts| facts.find(role)).collect();
        if !proven.is_empty()
            && let Some(fact) =
                proven.iter().copied().collect::<Option<Vec<Fact>>>().and_then(|facts| facts.first().copied())
        {
            return Judged::new(Tri::Yes).with(self.evidence(fact));
        }
        let by_role =
            scene.outcome.effects.iter().map(|(id, _)| &self.evaluator.effects[*id]).find(|effect| {
                effect.by_caller && effect.filter_names.iter().any(|name| is_role(name) && !is_owner(name))
            });
        if let Some(effect) = by_role {
            return Judged::new(Tri::Yes).with(Label::new(effect.place, "the role takes part in the query"));
        }
        match &scene.sofar.opaque {
            Some((_, reason)) if authn == Authn::Unknown => Judged::new(Tri::Unknown).because(reason.clone()),
            _ => {
                let mut judged = Judged::new(Tri::No);
                judged.evidence.extend(scene.refusal_of_known());
                judged
            }
        }
    }

    fn rate_limited(&self, scene: &Scene<'_>) -> Judged<Tri> {
        let limited = |kind: FactKind| kind == FactKind::Limited;
        let points = scene.effect_points(self.evaluator);
        if let Some(answer) = scene.outcome.answers.iter().find(|answer| answer.status == Some(429)) {
            let text = "is answered to callers that come too often";
            return Judged::new(Tri::Yes).with(Label::new(answer.point.place, text));
        }
        let in_handler = points
            .iter()
            .map(|facts| facts.find(limited))
            .collect::<Option<Vec<_>>>()
            .and_then(|facts| facts.first().copied());
        if let Some(fact) = scene.sofar.facts.find(limited).or(in_handler) {
            Judged::new(Tri::Yes).with(self.evidence(fact))
        } else {
            let name = |item: &&ChainItem| {
                has_word(&item.name, &["limit", "limiter", "throttle", "ratelimit", "slowdown", "brute"])
            };
            match scene.sofar.chain.iter().find(name) {
                Some(item) if item.kind == Kind::Passes && item.definition.is_none() => {
                    Judged::new(Tri::Unknown).because(format!("`{}` could not be seen through", item.name))
                }
                _ => Judged::new(Tri::No),
            }
        }
    }

    fn errors(&mut self, scene: &Scene<'_>) -> Judged<Errors> {
        let mut leaks = leaks(scene.outcome);
        for other in &self.items[self.index + 1..] {
            let ItemKind::Attach { reach: Reach::Later, is_exact } = other.kind else { continue };
            let covers = other.path.covers(&self.item().path, !is_exact) == Cover::All;
            if !covers || !in_capsule(other, self.item()) {
                continue;
            }
            let Some(entry) = other.entry else { continue };
            for link in &other.chain {
                if let Some(tells) =
                    self.evaluator.leak_of_link(&link.value).filter(|_| other.conditions.is_empty())
                {
                    leaks.push(Label::new(link.place, format!("it {tells}")));
                } else if self.evaluator.is_error_handler(&link.value, entry) {
                    let state = self.evaluator.fresh_state();
                    let outcome = self.evaluator.run_link(state, &link.value, entry).1;
                    leaks.extend(self::leaks(&outcome));
                    let answers_all = outcome.refusals.is_empty() && outcome.continues.is_empty();
                    if answers_all && !outcome.answers.is_empty() {
                        return judge_leaks(leaks);
                    }
                }
            }
        }
        judge_leaks(leaks)
    }

    fn inputs(&self, scene: &Scene<'_>, schemas: &[(String, Place)]) -> Vec<Input> {
        let checked = scene.checked_inputs(self.evaluator, schemas);
        let mut inputs: Vec<Input> = Vec::new();
        for name in self.item().path.params() {
            let is_validated = checked.iter().any(|path| path == "path" || *path == format!("path.{name}"));
            inputs.push(Input { name, location: Location::Path, is_validated });
        }
        for input in &scene.outcome.inputs {
            let text = self.evaluator.symbols.text(input.path);
            let Some((part, rest)) = text.split_once('.') else { continue };
            let location = match input.part {
                Tags::BODY => Location::Body,
                Tags::QUERY => Location::Query,
                Tags::HEADER => Location::Header,
                Tags::COOKIE => Location::Cookie,
                _ => continue,
            };
            let name = rest.split('.').next().unwrap_or(rest).to_owned();
            if is_method_name(&name) {
                continue;
            }
            let is_validated = checked.iter().any(|path| {
                path == part
                    || *path == format!("{part}.{name}")
                    || path.starts_with(&format!("{part}.{name}."))
            });
            // Where names from the path are read from the query, they are names from the path.
            let is_known = |known: &Input| {
                known.name == name
                    && (known.location == location
                        || location == Location::Query && known.location == Location::Path)
            };
            if !inputs.iter().any(is_known) {
                inputs.push(Input { name, location, is_validated });
            }
        }
        inputs
    }

    fn effects(&self, scene: &Scene<'_>, inputs: &[Input], made: Option<&Made>) -> Vec<Effect> {
        let checked = scene.checked_inputs(self.evaluator, &[]);
        let points = scene.effect_points(self.evaluator);
        let mut effects: Vec<Effect> = Vec::new();
        for (id, point) in &scene.outcome.effects {
            let record: &EffectRecord = &self.evaluator.effects[*id];
            let facts = scene.sofar.facts.union(&point.facts);
            let owner = facts.has(FactKind::Owner) || !record.is_write && scene.answers_know(FactKind::Owner);
            let text = |sym| self.evaluator.symbols.text(sym);
            let used = record.chosen_by.iter().chain(&record.stored);
            let is_fine = |path: &String| is_checked(path, &checked) || is_part_checked(path, inputs);
            let unvalidated = used.map(|input| text(input.path)).filter(|path| !is_fine(path)).collect();
            effects.push(Effect {
                target: record.target.clone(),
                is_write: record.is_write,
                place: record.place,
                chosen_by: if record.creates
                    || is_lookup(record) && !scene.is_guarded()
                    || !(record.is_write || record.by_caller || owner) && is_free(*id, &points)
                {
                    Vec::new()
                } else {
                    record.chosen_by.iter().map(|input| text(input.path)).collect()
                },
                is_scoped: record.by_caller || owner,
                stores_whole: record
                    .stores_whole
                    .filter(|input| !is_checked(&text(input.path), &checked))
                    .map(|input| text(input.path)),
                unvalidated,
                needs_caller: facts.has(FactKind::Authn),
                by_parsed: record.by_parsed,
                privileges: record.columns.privileges.iter().map(|input| text(input.path)).collect(),
                passwords: record.columns.passwords.iter().map(|input| text(input.path)).collect(),
            });
        }
        if let Some(made) = made.filter(|made| !made.effect.is_empty()) {
            let is_write = made.effect != "read";
            let chosen_by = self.item().path.params().iter().map(|name| format!("path.{name}")).collect();
            effects.push(Effect {
                target: if made.rows.is_empty() { made.name.clone() } else { made.rows.clone() },
                is_write,
                place: self.item().place,
                chosen_by,
                is_scoped: false,
                stores_whole: None,
                unvalidated: if is_write { vec!["body".to_owned()] } else { Vec::new() },
                needs_caller: scene.is_guarded(),
                by_parsed: false,
                privileges: if is_write { made.privileges.clone() } else { Vec::new() },
                passwords: Vec::new(),
            });
        }
        effects
    }

    fn object_scoped(
        &self,
        scene: &Scene<'_>,
        effects: &[Effect],
        authn: Authn,
        made: Option<&Made>,
    ) -> Judged<Tri> {
        if authn == Authn::Denied {
            return Judged::new(Tri::NotApplicable).because("nobody gets through");
        }
        let choosing: Vec<&Effect> = effects.iter().filter(|effect| !effect.chosen_by.is_empty()).collect();
        let label =
            |effect: &Effect, text: &str| Label::new(effect.place, format!("`{}` {text}", effect.target));
        if let Some(effect) = choosing.iter().find(|effect| !effect.is_scoped) {
            let tied_elsewhere =
                choosing.iter().any(|other| other.is_scoped && other.target == effect.target);
            if !tied_elsewhere {
                let by = effect.chosen_by.join(", ");
                return Judged::new(Tri::No).with(label(effect, &format!("is chosen by {by} alone")));
            }
        }
        if let Some(effect) = choosing.iter().find(|effect| effect.is_scoped) {
            return Judged::new(Tri::Yes).with(label(effect, "is tied to the caller"));
        }
        if !scene.is_seen && made.is_none() && !self.item().path.params().is_empty() {
            return Judged::new(Tri::Unknown).because("the handler could not be resolved");
        }
        Judged::new(Tri::NotApplicable)
    }

    fn validated(
        &self,
        scene: &Scene<'_>,
        inputs: &[Input],
        effects: &[Effect],
        made: Option<&Made>,
        method: &str,
    ) -> Judged<Tri> {
        if scene.sofar.denied.is_some() {
            return Judged::new(Tri::NotApplicable).because("nobody gets through");
        }
        if let Some(made) = made {
            let stores = made.effect == "write" || made.effect == "create";
            return if stores && method != "DELETE" {
                Judged::new(Tri::No)
            } else {
                Judged::new(Tri::NotApplicable)
            };
        }
        if !scene.is_seen {
            return Judged::new(Tri::Unknown).because("the handler could not be resolved");
        }
        let judged: Vec<&Input> = inputs
            .iter()
            .filter(|input| matches!(input.location, Location::Body | Location::Query))
            .collect();
        let stored = scene.stored_bodies(self.evaluator);
        let path_only = judged.is_empty() && stored.is_empty();
        if path_only {
            let params: Vec<&Input> =
                inputs.iter().filter(|input| input.location == Location::Path).collect();
            return match params.as_slice() {
                [] => Judged::new(Tri::NotApplicable),
                params if params.iter().all(|input| input.is_validated) => Judged::new(Tri::Yes),
                _ => Judged::new(Tri::NotApplicable).because("reads only a name from its path"),
            };
        }
        // `Model.create(req.body)`: no member is read, all of it is stored.
        let is_body = |path: &String| path == "body" || path.starts_with("body.");
        let stores_checked = || !effects.iter().any(|effect| effect.unvalidated.iter().any(is_body));
        let is_all = match judged.as_slice() {
            [] => stores_checked() || stored.iter().all(|is_checked| *is_checked),
            judged => judged.iter().all(|input| input.is_validated),
        };
        if is_all { Judged::new(Tri::Yes) } else { Judged::new(Tri::No) }
    }
}

/// The handler's run and what came before it.
struct Scene<'s> {
    outcome: &'s Outcome,
    sofar: &'s Sofar,
    is_seen: bool,
    is_orphan: bool,
    /// The whole of the function that answers, inside of those that wrap it.
    body: Option<Place>,
}

impl Scene<'_> {
    /// What holds wherever the caller gets what the endpoint is for: answers that are no refusals, and writes.
    fn effect_points(&self, evaluator: &Evaluator<'_>) -> Vec<FactSet> {
        let all = |facts: &FactSet| self.sofar.facts.union(facts);
        let answers = || self.outcome.answers.iter().filter(|answer| !is_refused(answer));
        let mut points: Vec<FactSet> =
            answers().filter(|answer| !answer.is_redirect).map(|answer| all(&answer.point.facts)).collect();
        let writes = self.outcome.effects.iter().filter(|(id, _)| evaluator.effects[*id].is_write);
        points.extend(writes.map(|(_, point)| all(&point.facts)));
        points.extend(self.outcome.continues.iter().map(|point| all(&point.facts)));
        // A guard around what is not seen to answer: what holds where that is done counts.
        if points.is_empty() && self.outcome.answers.is_empty() {
            points.extend(self.outcome.ends.iter().map(|end| all(&end.facts)));
        }
        // A redirect is what the endpoint is for only if nothing else is.
        if points.is_empty() {
            let redirects: Vec<&Answer> = answers().collect();
            let knows = |answer: &&Answer| answer.point.facts.has(FactKind::Authn);
            // A guard around the handler sends callers away, and the handler sends on those who pass.
            let is_sent_away = |answer: &&Answer| {
                !knows(answer) && self.body.is_some_and(|body| !body.contains(answer.point.place))
            };
            let is_guarded = redirects.iter().any(knows);
            let redirects = redirects.into_iter().filter(|answer| !(is_guarded && is_sent_away(answer)));
            points.extend(redirects.map(|answer| all(&answer.point.facts)));
        }
        points
    }

    /// What holds wherever inputs are used: where they reach stored data, or else in the answers.
    fn use_points(&self, evaluator: &Evaluator<'_>) -> Vec<FactSet> {
        let uses = self.outcome.effects.iter().filter(|(id, _)| {
            let effect = &evaluator.effects[*id];
            !effect.chosen_by.is_empty() || !effect.stored.is_empty()
        });
        let uses: Vec<FactSet> = uses.map(|(_, point)| self.sofar.facts.union(&point.facts)).collect();
        if uses.is_empty() { self.effect_points(evaluator) } else { uses }
    }

    /// True if some way through the handler ends for a caller that nothing has verified, and no answer is given in
    /// code that runs later: then the answer is given in a way that was not seen.
    fn may_answer_unseen(&self) -> bool {
        let later = self.outcome.answers.iter().any(|answer| answer.is_later);
        let open_end = self.outcome.ends.as_ref().is_some_and(|end| !end.facts.has(FactKind::Authn));
        open_end && !later && self.outcome.continues.is_empty()
    }

    fn answers_know(&self, kind: FactKind) -> bool {
        let answers: Vec<&Answer> =
            self.outcome.answers.iter().filter(|answer| !is_refused(answer)).collect();
        let met = answers.iter().map(|answer| answer.point.facts.clone()).reduce(|a, b| a.intersect(&b));
        met.is_some_and(|facts| facts.has(kind))
    }

    /// Where the handler refuses a caller that it knows: by a rule that proves no role.
    fn refusal_of_known(&self) -> Option<Label> {
        let is_known = |answer: &&Answer| {
            self.sofar.facts.has(FactKind::Authn) || answer.point.facts.has(FactKind::Authn)
        };
        let refusals = self.outcome.answers.iter().filter(|answer| answer.status == Some(403));
        let refusal = refusals.filter(is_known).min_by_key(|answer| answer.point.place)?;
        Some(Label::new(refusal.point.place, "some callers are refused here"))
    }

    fn refuses_only(&self) -> bool {
        let outcome = self.outcome;
        outcome.continues.is_empty()
            && !outcome.answers.is_empty()
            && outcome
                .answers
                .iter()
                .all(|answer| answer.status.is_some_and(|status| matches!(status, 401 | 403 | 405)))
    }

    fn is_guarded(&self) -> bool {
        self.sofar.facts.has(FactKind::Authn)
    }

    /// For each part of a body that is stored, whether it has been checked by then.
    fn stored_bodies(&self, evaluator: &Evaluator<'_>) -> Vec<bool> {
        let mut stored = Vec::new();
        for (id, point) in &self.outcome.effects {
            let checked = validated_in(&self.sofar.facts.union(&point.facts), evaluator);
            for input in evaluator.effects[*id].stored.iter().filter(|input| input.part == Tags::BODY) {
                stored.push(is_checked(&evaluator.symbols.text(input.path), &checked));
            }
        }
        stored
    }

    /// Inputs, by path, that every way to an effect or answer has checked.
    fn checked_inputs(&self, evaluator: &Evaluator<'_>, schemas: &[(String, Place)]) -> Vec<String> {
        let points = self.use_points(evaluator);
        let mut checked: Vec<String> = schemas.iter().map(|(part, _)| part.clone()).collect();
        let Some((first, rest)) = points.split_first() else {
            checked.extend(validated_in(&self.sofar.facts, evaluator));
            return checked;
        };
        let mut known = validated_in(first, evaluator);
        for point in rest {
            let other = validated_in(point, evaluator);
            known.retain(|path| other.contains(path));
        }
        checked.extend(known);
        checked
    }
}

/// True for an input that was checked, or is a part of one.
fn is_checked(path: &str, checked: &[String]) -> bool {
    checked.iter().any(|known| {
        path.strip_prefix(known.as_str()).is_some_and(|rest| matches!(rest.bytes().next(), None | Some(b'.')))
    })
}

/// What is computed from some input of a part of the request is checked if all inputs that are read from there are.
fn is_part_checked(path: &str, inputs: &[Input]) -> bool {
    let part = match path {
        "body" => Location::Body,
        "query" => Location::Query,
        _ => return false,
    };
    let mut inputs = inputs.iter().filter(|input| input.location == part).peekable();
    inputs.peek().is_some() && inputs.all(|input| input.is_validated)
}

fn validated_in(facts: &FactSet, evaluator: &Evaluator<'_>) -> Vec<String> {
    let checks = facts.iter().filter_map(|fact| match fact.kind {
        FactKind::Validated(path, disc) => Some((evaluator.symbols.text(path), disc == PENDING)),
        _ => None,
    });
    let checks: Vec<(String, bool)> = checks.collect();
    let is_collected = checks.iter().any(|(path, _)| path == COLLECTED);
    let counts = |(path, is_pending): &(String, bool)| path != COLLECTED && (!is_pending || is_collected);
    checks.into_iter().filter(counts).map(|(path, _)| path).collect()
}

/// Where an outcome answers, refuses and acts, and what it reads: the same for methods that are treated the same.
fn signature(outcome: &Outcome) -> (Vec<(Place, Option<u16>)>, Vec<InputPath>) {
    let answers = outcome.answers.iter().map(|answer| (answer.point.place, answer.status));
    let refusals = outcome.refusals.iter().map(|(point, _)| (point.place, None));
    let effects = outcome.effects.iter().map(|(_, point)| (point.place, None));
    let continues = outcome.continues.iter().map(|point| (point.place, None));
    let mut places: Vec<(Place, Option<u16>)> =
        answers.chain(refusals).chain(effects).chain(continues).collect();
    places.sort_unstable();
    places.dedup();
    let mut inputs = outcome.inputs.clone();
    inputs.sort_unstable_by_key(|input| (input.path.0, input.part.bits()));
    (places, inputs)
}

/// True if nothing comes of a request with this method.
fn refuses_method(outcome: &Outcome) -> bool {
    outcome.answers.iter().all(is_refused) && outcome.effects.is_empty() && outcome.continues.is_empty()
}

/// Where a function is named that may be missing from the list that it stands in.
fn perhaps(link: &Link) -> Option<Place> {
    link.value.may_be_missing().then_some(link.place)
}

fn in_capsule(other: &Item, item: &Item) -> bool {
    other.capsule.is_none_or(|capsule| item.scopes.contains(&capsule))
}

/// True if nothing at all was seen to happen: code that is not understood is taken to hand on.
fn outcome_is_empty(outcome: &Outcome) -> bool {
    outcome.continues.is_empty() && outcome.answers.is_empty() && outcome.refusals.is_empty()
}

/// Whose a row is, rather than what its owner may do.
fn is_owner(name: &str) -> bool {
    has_word(name, &["owner"])
}

fn is_refused(answer: &Answer) -> bool {
    answer.status.is_some_and(|status| status >= 400)
}

fn is_refusal(outcome: &Outcome) -> bool {
    outcome.answers.iter().all(|answer| is_refused(answer) || answer.is_redirect)
        && (!outcome.refusals.is_empty() || !outcome.answers.is_empty())
}

/// True for the answer to callers who are not known, or not allowed what they ask for.
fn is_forbidden(answer: &Answer) -> bool {
    answer.status.is_some_and(|status| matches!(status, 401 | 403))
}

fn opaque_fact(facts: &FactSet) -> Option<Sym> {
    facts.iter().find_map(|fact| match fact.kind {
        FactKind::Opaque(name) => Some(name),
        _ => None,
    })
}

/// The setting that decides whether the caller is verified.
fn deciding_setting(facts: &FactSet) -> Option<Sym> {
    facts.iter().find_map(|fact| match fact.kind {
        FactKind::Setting(name, DECIDES) => Some(name),
        _ => None,
    })
}

/// Code that is not seen and without whose consent the request is refused as one without permission.
fn unseen_verdict(facts: &FactSet, outcome: &Outcome) -> Option<Sym> {
    let is_asked = !outcome.refusals.is_empty() || outcome.answers.iter().any(is_forbidden);
    facts.iter().filter(|_| is_asked).find_map(|fact| match fact.kind {
        FactKind::Unseen(name) => Some(name),
        _ => None,
    })
}

/// A look-up by something the caller knows rather than by an identifier: the first step of logging in.
fn is_lookup(record: &EffectRecord) -> bool {
    const WORDS: &[&str] =
        &["email", "mail", "username", "login", "password", "token", "code", "phone", "hash", "answer"];
    !record.is_write
        && !record.chosen_names.is_empty()
        && record
            .chosen_names
            .iter()
            .any(|name| WORDS.contains(&name.to_lowercase().as_str()) || has_word(name, WORDS))
}

/// True for a read that finds nothing, or the caller's own, wherever the caller gets what the endpoint is for: it is
/// there to refuse what exists already.
fn is_free(id: EffectId, points: &[FactSet]) -> bool {
    !points.is_empty() && points.iter().all(|facts| facts.has(FactKind::Free(id)))
}

/// Members that every string and list has.
fn is_method_name(name: &str) -> bool {
    matches!(
        name,
        "length"
            | "toString"
            | "map"
            | "split"
            | "trim"
            | "replace"
            | "includes"
            | "then"
            | "set"
            | "append"
            | "getAll"
            | "forEach"
            | "startsWith"
            | "toLowerCase"
            | "toUpperCase"
            | "entries"
            | "arrayBuffer"
    )
}

/// The answers that tell an exception. That a credential was refused may say why.
fn leaks(outcome: &Outcome) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    let answers = outcome
        .answers
        .iter()
        .filter(|answer| !answer.status.is_some_and(|status| matches!(status, 401 | 403)));
    for (answer, leak) in answers.filter_map(|answer| answer.leak.map(|leak| (answer, leak))) {
        let text = match leak {
            Leak::Whole => "the error itself is sent to the client",
            Leak::Message => "the error's message is sent to the client",
        };
        if !labels.iter().any(|label| label.place == answer.point.place) {
            labels.push(Label::new(answer.point.place, text));
        }
    }
    labels
}

fn judge_leaks(leaks: Vec<Label>) -> Judged<Errors> {
    let value = if leaks.is_empty() { Errors::Generic } else { Errors::Leaks };
    Judged { value, evidence: leaks, reason: None }
}

/// A template as the key by which rows are told apart.
pub(crate) fn row_key(endpoint: &Endpoint) -> (String, String, Place) {
    (endpoint.path.clone(), endpoint.method.clone(), endpoint.place)
}
