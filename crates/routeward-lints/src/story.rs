//! What findings about endpoints have in common: the chain as steps, the anchor, and siblings as evidence.

use routeward_diag::{Finding, Label, Severity};
use routeward_endpoints::{Authn, ChainItem, Endpoint, ItemKind};

use crate::Cx;

/// Completes a finding about an endpoint: what runs for it, in order, and what names it when lines move.
pub(crate) fn tell(finding: &mut Finding, endpoint: &Endpoint, code: &str) {
    finding.steps = steps(&endpoint.chain);
    finding.endpoint = Some(endpoint.title());
    finding.anchor = format!("{} {code}", endpoint.title());
}

/// What runs, in order. Of several in a row that refuse nobody only the first is shown; the table of endpoints has all.
fn steps(chain: &[ChainItem]) -> Vec<Label> {
    let is_neutral = |item: &ChainItem| item.kind == ItemKind::Passes && item.note.is_empty();
    let mut steps = Vec::new();
    for run in chain.chunk_by(|left, right| is_neutral(left) && is_neutral(right)) {
        match run {
            [first, _, _, ..] => {
                let says = format!("{}, nor do the {} after it", says(first), run.len() - 1);
                steps.push(Label::new(first.place, says));
            }
            few => steps.extend(few.iter().map(step)),
        }
    }
    steps
}

fn says(item: &ChainItem) -> String {
    format!("{} {}", name(&item.name), action(item))
}

fn step(item: &ChainItem) -> Label {
    Label::new(item.place, says(item))
}

/// `` `name` ``, or what stands for it.
pub(crate) fn name(name: &str) -> String {
    if name == "<anonymous>" { "a function".to_owned() } else { format!("`{name}`") }
}

fn action(item: &ChainItem) -> String {
    let action = match item.kind {
        ItemKind::Guard => "refuses callers without a verified credential",
        ItemKind::RoleGuard => "refuses callers without a role",
        ItemKind::OptionalGuard => "looks at a credential and lets everybody pass",
        ItemKind::Deny => "refuses everybody",
        ItemKind::Limiter => "limits how often it is called",
        ItemKind::Validator => "refuses malformed input",
        ItemKind::Passes => "refuses nobody",
        ItemKind::Unknown => "could not be seen through",
        ItemKind::Handler => "answers",
    };
    if item.note.is_empty() { action.to_owned() } else { format!("{action}: {}", item.note) }
}

/// The handler as it is named in messages.
pub(crate) fn handler(endpoint: &Endpoint) -> String {
    if endpoint.handler.name == "<anonymous>" {
        "its handler".to_owned()
    } else {
        format!("`{}`", endpoint.handler.name)
    }
}

/// Endpoints beside this one that demand a credential, as evidence; three at most.
pub(crate) fn guarded_siblings(endpoint: &Endpoint, cx: &Cx<'_>) -> Vec<Label> {
    let guarded = cx
        .inventory
        .siblings(endpoint)
        .into_iter()
        .filter(|other| other.authenticated.value == Authn::Required);
    labels(guarded, "demands a credential")
}

/// The registrations of endpoints, one label a place; three at most.
pub(crate) fn labels<'e>(endpoints: impl Iterator<Item = &'e Endpoint>, text: &str) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for endpoint in endpoints {
        if !labels.iter().any(|label| label.place == endpoint.place) {
            labels.push(Label::new(endpoint.place, format!("`{}` {text}", endpoint.title())));
        }
    }
    labels.truncate(3);
    labels
}

/// The severity, lowered to `limit`.
pub(crate) fn at_most(finding: &mut Finding, limit: Severity) {
    finding.severity = finding.severity.min(limit);
}

/// `body.sku`, `body.count` and 2 more.
pub(crate) fn list(names: &[impl AsRef<str>]) -> String {
    list_of(names, 3)
}

/// At most so many of the names, and how many more there are.
pub(crate) fn list_of(names: &[impl AsRef<str>], most: usize) -> String {
    let quoted: Vec<String> = names.iter().take(most).map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        shown if names.len() > most => format!("{}{}", shown.join(", "), and_more(names.len() - most)),
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// What is said behind those that are named of several.
pub(crate) fn and_more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" and {count} more") }
}
