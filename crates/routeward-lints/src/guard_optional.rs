//! Endpoints that change data behind a guard that lets anonymous callers pass.

use routeward_diag::{Label, Severity};
use routeward_endpoints::{Authn, ChainItem, Endpoint, FlawKind, ItemKind};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "guard-optional", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let is_exempt = endpoint.declared_public.is_some()
        || endpoint.convention().is_some()
        || endpoint.checks_password.is_some();
    // A reader of sessions in front of a refusal that does not hold: the refusal is what is to be told.
    let is_told = endpoint
        .flaws
        .iter()
        .any(|flaw| matches!(flaw.kind, FlawKind::Partial | FlawKind::GoesOn | FlawKind::Hole));
    if endpoint.authenticated.value != Authn::Optional || is_exempt || is_told {
        return;
    }
    let guard = endpoint.chain.iter().find(|item| item.kind == ItemKind::OptionalGuard);
    let write = endpoint.effects.iter().find(|effect| effect.is_write && !effect.needs_caller);
    let changes = match write {
        Some(effect) => format!("changes `{}`", effect.target),
        None if endpoint.is_unsafe() && endpoint.effects.is_empty() && guard.is_some() => {
            "is for changes".to_owned()
        }
        None => return,
    };
    report(endpoint, guard, &changes, cx);
}

fn report(endpoint: &Endpoint, guard: Option<&ChainItem>, changes: &str, cx: &mut Cx<'_>) {
    let by = guard.map_or_else(|| story::handler(endpoint), |guard| story::name(&guard.name));
    let message = format!("{by} lets anonymous callers reach `{}`, which {changes}", endpoint.title());
    let evidence = endpoint.authenticated.evidence.clone();
    let related = [evidence, story::guarded_siblings(endpoint, cx)].concat();
    let finding = cx.report(Label::new(endpoint.guarded_at, "anonymous callers pass"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    if !endpoint.is_unsafe() {
        // What a request for reading changes on its way is seldom what a caller is needed for.
        story::at_most(finding, Severity::Low);
    }
    finding.related = related;
    finding.notes =
        vec!["an optional guard accepts the answer \"nobody\" to the question who is calling".to_owned()];
    finding.help = Some("demand the credential, let the handler refuse when there is no caller, or declare the endpoint public with a reason".to_owned());
}
