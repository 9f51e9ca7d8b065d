//! Privileged endpoints that ask for a caller but not for a role.

use routeward_diag::{Confidence, Label, Severity};
use routeward_endpoints::{Authn, Effect, Endpoint, Tri};
use routeward_flow::has_word;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "missing-role-check", check: Check::Endpoint(check) };

const PRIVILEGED: &[&str] = &[
    "admin",
    "admins",
    "administration",
    "administrator",
    "superuser",
    "superadmin",
    "backoffice",
    "sysadmin",
];

/// Tables and models of those who sign in.
const ACCOUNTS: &[&str] =
    &["user", "users", "account", "accounts", "customer", "customers", "employee", "employees"];

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let lacks_role =
        endpoint.authenticated.value == Authn::Required && endpoint.role_checked.value == Tri::No;
    if !lacks_role || endpoint.object_scoped.value == Tri::Yes || endpoint.declared_public.is_some() {
        return;
    }
    let tested: Vec<&Endpoint> = cx
        .inventory
        .siblings(endpoint)
        .into_iter()
        .filter(|other| other.role_checked.value == Tri::Yes && is_same_resource(other, endpoint))
        .collect();
    // Reading may be for all where only changes need a role; changing is not where reading needs one.
    let alike = tested.iter().any(|other| endpoint.is_unsafe() || !other.is_unsafe());
    let word = privileged_word(endpoint);
    let why = match (&word, alike) {
        (Some(word), _) => format!("`{word}` in its name says that it is for privileged callers"),
        (None, true) => format!("{} endpoints of the same resource test a role", tested.len()),
        (None, false) => return report_listing(endpoint, cx),
    };
    let related = story::labels(tested.into_iter(), "tests a role");
    let message = format!("`{}` asks who is calling, but not for a role", endpoint.title());
    let finding = cx.report(Label::new(endpoint.guarded_at, "every signed-in caller passes"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    if word.is_none() {
        // Neighbours make it likely, no more: an endpoint for everybody may stand beside one for a few.
        story::at_most(finding, Severity::Medium);
    }
    if word.is_none() || related.is_empty() {
        finding.confidence = finding.confidence.min(Confidence::Medium);
    }
    if let Some(refusal) = endpoint.role_checked.evidence.first() {
        // What the rule asks for is not known: it may be a role.
        story::at_most(finding, Severity::Info);
        finding.related.push(refusal.clone());
    }
    finding.related.extend(related);
    finding.related.extend(endpoint.authenticated.evidence.iter().cloned());
    finding.notes = vec![why];
    finding.help =
        Some("test the role for the whole group, and take it from the verified session or token".to_owned());
}

/// Everybody who has signed in is given the rows of all who may.
fn report_listing(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let lists = |effect: &&Effect| {
        !effect.is_write
            && !effect.is_scoped
            && effect.chosen_by.is_empty()
            && has_word(&effect.target, ACCOUNTS)
    };
    let is_list = !endpoint.is_unsafe() && !endpoint.effects.iter().any(|effect| effect.is_scoped);
    let Some(effect) = endpoint.effects.iter().find(lists).filter(|_| is_list) else { return };
    let (place, target) = (effect.place, effect.target.clone());
    let has_roles = cx.inventory.endpoints.iter().any(|other| other.role_checked.value == Tri::Yes);
    let message = format!("`{}` reads the rows of all `{target}` for whoever is signed in", endpoint.title());
    let finding = cx.report(Label::new(endpoint.guarded_at, "every signed-in caller passes"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    story::at_most(finding, if has_roles { Severity::Low } else { Severity::Info });
    finding.confidence = Confidence::Low;
    finding.related.push(Label::new(place, "the rows are read here"));
    finding.notes =
        vec!["what there is to know of all accounts is most often for those who manage them".to_owned()];
    finding.help = Some("ask for a role, or read the rows that the caller may see".to_owned());
}

/// Their paths differ in parameters only: `/users` and `/users/{id}`.
fn is_same_resource(left: &Endpoint, right: &Endpoint) -> bool {
    let fixed = |endpoint: &Endpoint| -> Vec<String> {
        endpoint
            .subject()
            .split('/')
            .filter(|segment| !segment.is_empty() && !segment.contains('{'))
            .map(str::to_owned)
            .collect()
    };
    let (left, right) = (fixed(left), fixed(right));
    !left.is_empty() && left == right
}

/// The segment of its path, or the handler's name, that speaks of administration.
fn privileged_word(endpoint: &Endpoint) -> Option<String> {
    let is_privileged = |text: &&str| has_word(text, PRIVILEGED);
    let mut segments = endpoint.subject().split('/').filter(|segment| !segment.contains('{'));
    segments.find(is_privileged).map(str::to_owned)
}
