//! Endpoints that anonymous callers reach.

use routeward_diag::{Confidence, Finding, Label, Place, Severity};
use routeward_endpoints::{Authn, Convention, Effect, Endpoint, Flaw, FlawKind};
use routeward_flow::has_word;

use crate::{Check, Cx, Lint, story};

/// So many endpoints of an application that asks nobody are told one by one.
const FEW: usize = 3;
/// Of more so many are shown.
const SHOWN: usize = 8;

pub(crate) const LINT: Lint = Lint { id: "missing-auth-guard", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    // What stands in the same registration and never runs is told by `guard-never-runs`.
    let is_told = endpoint.ineffective.iter().any(|item| endpoint.place.contains(item.place));
    if endpoint.declared_public.is_some() || is_told || endpoint.method == "OPTIONS" {
        return;
    }
    let partial = flaw(endpoint, FlawKind::Partial);
    match endpoint.authenticated.value {
        Authn::Unknown => unknown(endpoint, cx),
        Authn::Open => open(endpoint, cx),
        Authn::Optional if partial.is_some() => open(endpoint, cx),
        Authn::Optional if flaw(endpoint, FlawKind::GoesOn).is_some() => open(endpoint, cx),
        Authn::Required | Authn::Optional | Authn::Denied => {}
    }
}

fn flaw(endpoint: &Endpoint, kind: FlawKind) -> Option<&Flaw> {
    endpoint.flaws.iter().find(|flaw| flaw.kind == kind)
}

/// Whether it is guarded could not be seen: worth knowing, no more.
fn unknown(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    if is_public_by_convention(endpoint) {
        return;
    }
    let reason =
        endpoint.authenticated.reason.clone().unwrap_or_else(|| "its chain was not followed".to_owned());
    let message = format!("whether `{}` is guarded is not known: {reason}", endpoint.title());
    let related = endpoint.authenticated.evidence.clone();
    let finding = cx.report(
        Label::new(endpoint.guarded_at, "it may be that something in front of it is a guard"),
        message,
    );
    story::tell(finding, endpoint, &endpoint.handler.name);
    finding.severity = Severity::Info;
    finding.confidence = Confidence::Low;
    finding.related = related;
    finding.help = Some(
        "describe the guard in a model below `.routeward/`, or declare the endpoint public with a reason"
            .to_owned(),
    );
}

fn open(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    // What a guard by path leaves out is told by `guard-coverage-hole`.
    if is_public_by_convention(endpoint) || flaw(endpoint, FlawKind::Hole).is_some() {
        return;
    }
    let rank = Rank::new(endpoint, cx);
    if rank.severity < Severity::Low {
        return;
    }
    if let Some(server) = silent_server(endpoint, cx) {
        return tell_application(server, endpoint, rank.severity.min(Severity::Medium), cx);
    }
    let message = match flaw(endpoint, FlawKind::Partial) {
        Some(_) => format!("`{}` refuses anonymous callers on some paths only", endpoint.title()),
        None => format!("anonymous callers reach `{}`", endpoint.title()),
    };
    let finding = cx.report(Label::new(endpoint.guarded_at, "no guard stands in front of it"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    rank.apply(endpoint, finding);
}

/// Nothing that it does to stored data was seen, and its method does not say that it does something.
fn does_nothing_seen(endpoint: &Endpoint) -> bool {
    endpoint.effects.is_empty() && !matches!(endpoint.method.as_str(), "PUT" | "PATCH" | "DELETE")
}

/// The server, where this is one of several such endpoints of an application that asks nobody; a few are told one by
/// one.
fn silent_server(endpoint: &Endpoint, cx: &Cx<'_>) -> Option<Place> {
    let server = endpoint.around.server?;
    let is_alike = |other: &&Endpoint| other.around.server == Some(server) && does_nothing_seen(other);
    let is_one_of_many = || cx.inventory.endpoints.iter().filter(is_alike).take(FEW + 1).count() > FEW;
    let is_silent = does_nothing_seen(endpoint) && is_one_of_many() && cx.inventory.asks_nobody(endpoint);
    is_silent.then_some(server)
}

/// An application that knows nobody is told once, at its server: what its endpoints lack is no guard that somebody forgot.
fn tell_application(server: Place, endpoint: &Endpoint, severity: Severity, cx: &mut Cx<'_>) {
    let affected = Label::new(endpoint.place, format!("anonymous callers reach `{}`", endpoint.title()));
    let severity = severity.min(cx.severity);
    if let Some(known) = cx.reported_at(server) {
        if known.related.len() < SHOWN && !known.related.iter().any(|label| label.place == affected.place) {
            known.related.push(affected);
        }
        known.severity = known.severity.max(severity);
        return;
    }
    let message = "no endpoint of this application asks who is calling".to_owned();
    let finding = cx.report(Label::new(server, "anonymous callers reach all that it serves"), message);
    story::at_most(finding, severity);
    finding.confidence = Confidence::Medium;
    "application".clone_into(&mut finding.anchor);
    finding.related = vec![affected];
    finding.notes =
        vec!["what stands in front of the application, such as a gateway, is not seen".to_owned()];
    finding.help = Some(
        "attach a guard to the application, in front of its routes, and declare the few public endpoints: `routeward: public <reason>`"
            .to_owned(),
    );
}

/// The path says that everybody is welcome, and nothing that the endpoint does says otherwise.
fn is_public_by_convention(endpoint: &Endpoint) -> bool {
    if endpoint.checks_password.is_some() {
        return true;
    }
    let touches_data = !endpoint.effects.is_empty();
    match endpoint.convention() {
        Some(Convention::Login) => {
            !matches!(endpoint.method.as_str(), "DELETE" | "PUT" | "PATCH")
                && (endpoint.is_unsafe() || endpoint.is_page || !reads_list(endpoint))
        }
        Some(Convention::Probe) => !endpoint.is_unsafe() && !touches_data,
        Some(Convention::Documentation | Convention::Asset) => !endpoint.is_unsafe() && !touches_data,
        Some(Convention::Webhook) | None => false,
    }
}

/// `GET /tokens`: a list of what the word names, not a step of signing in.
fn reads_list(endpoint: &Endpoint) -> bool {
    let last = endpoint.subject().rsplit('/').next().unwrap_or("");
    last.ends_with("tokens")
}

/// `POST /users`: a row for a person, made by whoever is not one yet.
fn looks_like_sign_up(endpoint: &Endpoint) -> bool {
    const PEOPLE: &[&str] = &["users", "user", "accounts", "account", "members", "customers"];
    let last = endpoint.subject().rsplit('/').next().unwrap_or("").to_ascii_lowercase();
    endpoint.method == "POST" && PEOPLE.contains(&last.as_str())
}

/// It only reads, nothing of the request chooses what, and it is not about people.
fn is_same_for_all(endpoint: &Endpoint) -> bool {
    const PEOPLE: &[&str] =
        &["user", "users", "account", "accounts", "member", "members", "customer", "customers"];
    let is_chosen = |effect: &Effect| !effect.chosen_by.is_empty() || has_word(&effect.target, PEOPLE);
    !endpoint.effects.is_empty() && !endpoint.effects.iter().any(is_chosen)
}

/// What speaks for and against an endpoint being public on purpose.
struct Rank {
    severity: Severity,
    confidence: Confidence,
    notes: Vec<String>,
    related: Vec<Label>,
}

impl Rank {
    fn new(endpoint: &Endpoint, cx: &Cx<'_>) -> Self {
        let siblings = cx.inventory.siblings(endpoint);
        let guarded: Vec<&Endpoint> =
            siblings.iter().copied().filter(|other| other.authenticated.value == Authn::Required).collect();
        let is_rule = !guarded.is_empty() && guarded.len() * 2 >= siblings.len();
        let reads_guarded = guarded.iter().any(|other| !other.is_unsafe());
        let writes = endpoint.effects.iter().find(|effect| effect.is_write);
        let reads = endpoint.effects.first();
        let mut notes = Vec::new();
        let related = story::labels(guarded.iter().copied(), "demands a credential");
        if !guarded.is_empty() {
            notes.push(format!(
                "{} of {} endpoints beside it demand a credential",
                guarded.len(),
                siblings.len()
            ));
        }
        let mounted = cx.inventory.endpoints.iter().find(|other| {
            // A loop over a table registers different endpoints at one place.
            let last = |path: &str| path.rsplit('/').next().unwrap_or("").to_owned();
            let is_same = endpoint.handler.place.is_some() && other.handler == endpoint.handler;
            is_same
                && last(other.subject()) == last(endpoint.subject())
                && other.place == endpoint.place
                && other.method == endpoint.method
                && other.authenticated.value == Authn::Required
        });
        let (severity, confidence) = if let Some(other) = mounted {
            notes.insert(0, format!("the same route demands a credential as `{}`", other.title()));
            (Severity::High, Confidence::High)
        } else if let Some(effect) = writes.filter(|_| !looks_like_sign_up(endpoint)) {
            notes.insert(0, format!("whoever can send a request changes `{}`", effect.target));
            (Severity::High, Confidence::High)
        } else if looks_like_sign_up(endpoint) {
            notes.insert(0, "it may be how people get an account".to_owned());
            (Severity::Low, Confidence::Low)
        // What takes every method because nobody said which is not for changes by that.
        } else if endpoint.is_unsafe() && endpoint.method != "ANY" {
            notes.insert(
                0,
                format!("`{}` is for changes, and whoever can send a request makes them", endpoint.method),
            );
            (Severity::High, if is_rule { Confidence::High } else { Confidence::Medium })
        } else if endpoint.is_page {
            notes.insert(0, "it answers with something fixed, whoever asks".to_owned());
            let is_odd = is_rule && reads_guarded && siblings.len() > 1 && endpoint.resource() != "";
            (if is_odd { Severity::Low } else { Severity::Info }, Confidence::Low)
        } else if !guarded.is_empty() && !reads_guarded {
            notes.push("only what changes data is guarded: reading it may be meant for everybody".to_owned());
            (Severity::Low, Confidence::Low)
        } else if is_same_for_all(endpoint) && !is_rule && cx.inventory.knows_callers() {
            notes.insert(
                0,
                "the request chooses none of what it reads: it may be meant for everybody".to_owned(),
            );
            (Severity::Low, Confidence::Low)
        } else if let Some(effect) = reads {
            notes.insert(0, format!("whoever can send a request reads `{}`", effect.target));
            if is_rule { (Severity::High, Confidence::High) } else { (Severity::Medium, Confidence::Medium) }
        } else if is_rule {
            (Severity::High, Confidence::Medium)
        } else if cx.inventory.knows_callers() {
            notes.insert(0, "nothing that it does shows that it needs a caller".to_owned());
            (Severity::Low, Confidence::Low)
        } else {
            (Severity::Medium, Confidence::Medium)
        };
        if !cx.inventory.knows_callers() {
            notes.push("no endpoint of this application demands a credential".to_owned());
        }
        Self { severity, confidence, notes, related }
    }

    fn apply(self, endpoint: &Endpoint, finding: &mut Finding) {
        story::at_most(finding, self.severity);
        finding.confidence = finding.confidence.min(self.confidence);
        finding.notes = self.notes;
        finding.related = self.related;
        for flaw in &endpoint.flaws {
            finding.related.push(flaw.because.clone());
            if flaw.kind == FlawKind::Exempt {
                story::at_most(finding, Severity::Low);
                finding.notes.push(format!(
                    "{} exempts this path, so it is likely to be meant",
                    story::name(&flaw.name)
                ));
            }
        }
        finding.help = Some(if finding.related.is_empty() {
            "attach a guard in front of its handler, or declare the endpoint public with a reason: `routeward: public <reason>`".to_owned()
        } else {
            "attach the guard that its neighbours have, or declare the endpoint public with a reason: `routeward: public <reason>`".to_owned()
        });
    }
}
