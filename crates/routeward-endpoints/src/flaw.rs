//! Guards that do not hold: they refuse and go on, they let this path pass, or they refuse on some paths only.

use routeward_diag::{Label, Place};
use routeward_flow::{Answer, Evaluator, FactKind, Outcome, PathTest, PathTestKind, Point};
use routeward_ir::Stmt;

use crate::posture::{Flaw, FlawKind};

/// Adds what is wrong with a function in front of the handler. `general` is its run for any request, `outcome`
/// that for a request to `path`.
pub(crate) fn in_chain(name: &str, general: &Outcome, outcome: &Outcome, path: &str, flaws: &mut Vec<Flaw>) {
    if let Some((answer, point)) = outcome.continues.iter().find_map(|point| refused_before(outcome, point)) {
        add(flaws, FlawKind::GoesOn, name, point.place, refusal(answer));
    }
    let is_guard =
        general.reads_line && general.continues.iter().any(|point| point.facts.has(FactKind::Authn));
    if !is_guard || outcome.guarantee().has(FactKind::Authn) {
        return;
    }
    let Some(point) = outcome.continues.iter().find(|point| !point.facts.has(FactKind::Authn)) else {
        return;
    };
    if let Some(test) = outcome.path_tests.iter().find(|test| reaches_too_far(test, path)) {
        let text = format!("`{}` is also the beginning of `{path}`", test.text);
        add(flaws, FlawKind::Hole, name, point.place, Label::new(test.place, text));
    } else if let Some(test) = outcome.path_tests.iter().find(|test| falls_short(test, path)) {
        let text = format!("`{path}` does not begin with `{}`", test.text);
        add(flaws, FlawKind::Hole, name, point.place, Label::new(test.place, text));
    } else if let Some(test) = outcome.path_tests.iter().rev().max_by_key(|test| test.holds) {
        let verb = if test.holds { "lets" } else { "is about other paths than" };
        let text =
            if test.holds { format!("`{}` lets it pass", test.text) } else { format!("it {verb} this one") };
        add(flaws, FlawKind::Exempt, name, point.place, Label::new(test.place, text));
    }
}

/// Adds what is wrong with how a function in front of the handler fails: by handing on, or by saying that all is well.
pub(crate) fn in_guard(evaluator: &Evaluator<'_>, name: &str, outcome: &Outcome, flaws: &mut Vec<Flaw>) {
    if !outcome.saw_credential || outcome.reads_line {
        return;
    }
    let (known, open): (Vec<&Point>, Vec<&Point>) =
        outcome.continues.iter().partition(|point| point.facts.has(FactKind::Authn));
    // One that lets callers without a credential pass on purpose does so elsewhere, too.
    let caught: Vec<Place> = open.iter().filter_map(|point| caught_at(evaluator, point.place)).collect();
    if let (Some(caught), false, true) = (caught.first(), known.is_empty(), caught.len() == open.len()) {
        let text = "what the check throws is caught, and the request goes on";
        add(flaws, FlawKind::Swallows, name, open[0].place, Label::new(*caught, text));
    }
    let says_fine = |answer: &&Answer| {
        let is_fine = answer.status.is_some_and(|status| (200..300).contains(&status) && status != 204);
        is_fine && !answer.is_redirect && !answer.is_later && !answer.point.facts.has(FactKind::Authn)
    };
    if outcome.guarantee().has(FactKind::Authn)
        && let Some(answer) = outcome.answers.iter().find(says_fine)
    {
        let text = format!("answers {} here", answer.status.unwrap_or(200));
        add(flaws, FlawKind::SaysFine, name, answer.point.place, Label::new(answer.point.place, text));
    }
}

/// The whole of the exception handler that a place stands in.
fn caught_at(evaluator: &Evaluator<'_>, place: Place) -> Option<Place> {
    let module = &evaluator.program.units.get(place.file)?.module;
    module.stmts.iter().find_map(|stmt| {
        let Stmt::Try { catch: Some((_, handler)), .. } = stmt else { return None };
        let mut spans = handler.of(&module.stmt_pool).iter().map(|id| module.stmt_spans[*id]);
        let span = spans.find(|span| span.contains(place.span))?;
        Some(Place { file: place.file, span })
    })
}

/// Adds what is wrong with checks inside the handler.
pub(crate) fn in_handler(evaluator: &Evaluator<'_>, outcome: &Outcome, name: &str, flaws: &mut Vec<Flaw>) {
    let writes = outcome.effects.iter().filter(|(id, _)| evaluator.effects[*id].is_write);
    if let Some((answer, point)) =
        writes.map(|(_, point)| point).find_map(|point| refused_before(outcome, point))
    {
        add(flaws, FlawKind::GoesOn, name, point.place, refusal(answer));
    }
    let lacks = |point: &&Point| !point.facts.has(FactKind::Authn);
    let writes =
        outcome.effects.iter().filter(|(id, _)| evaluator.effects[*id].is_write).map(|(_, point)| point);
    let open = writes
        .chain(outcome.answers.iter().filter(|answer| !refuses(answer)).map(|answer| &answer.point))
        .find(lacks);
    let refusing = outcome.answers.iter().find(|answer| refuses(answer) && !answer.is_redirect);
    if let (true, Some(open), Some(refusing)) = (outcome.saw_authn, open, refusing) {
        let text = "refuses anonymous callers here, but not on every way to what it does";
        add(flaws, FlawKind::Partial, name, open.place, Label::new(refusing.point.place, text));
    }
}

fn add(flaws: &mut Vec<Flaw>, kind: FlawKind, name: &str, place: Place, because: Label) {
    let flaw = Flaw { kind, name: name.to_owned(), place, because };
    if !flaws.contains(&flaw) {
        flaws.push(flaw);
    }
}

/// The refusal that was given on some way to a point that does not know its caller.
fn refused_before<'o>(outcome: &'o Outcome, point: &'o Point) -> Option<(&'o Answer, &'o Point)> {
    let answered = point.answered.filter(|_| !point.facts.has(FactKind::Authn))?;
    let answer = outcome.answers.iter().find(|answer| answer.point.place == answered && refuses(answer))?;
    Some((answer, point))
}

fn refuses(answer: &Answer) -> bool {
    answer.status.is_some_and(|status| matches!(status, 401 | 403)) || answer.is_redirect
}

fn refusal(answer: &Answer) -> Label {
    let text = match answer.status {
        Some(status) if !answer.is_redirect => format!("refuses with {status} and does not end the request"),
        _ => "sends the client away and does not end the request".to_owned(),
    };
    Label::new(answer.point.place, text)
}

/// The text ends inside a segment of the path.
fn reaches_too_far(test: &PathTest, path: &str) -> bool {
    let rest = path.strip_prefix(test.text.as_str());
    test.holds
        && test.kind == PathTestKind::Beginning
        && !test.text.ends_with('/')
        && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// The text is the path with a slash behind it.
fn falls_short(test: &PathTest, path: &str) -> bool {
    !test.holds && test.kind == PathTestKind::Beginning && test.text.strip_suffix('/') == Some(path)
}
