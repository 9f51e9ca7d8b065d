//! Replies that tell anonymous callers which accounts exist.

use routeward_diag::{Label, Severity};
use routeward_endpoints::{Authn, Endpoint, Reply, Tells};
use routeward_flow::has_word;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "user-enumeration", check: Check::Endpoint(check) };

/// Words in addresses and names of handlers of endpoints that help people who have lost their password.
const RESETS: &[&str] = &["reset", "forgot", "forgotten", "forget", "recover", "recovery", "lost"];

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    // What asks for a password is for callers who have not shown who they are.
    let is_open = matches!(endpoint.authenticated.value, Authn::Open | Authn::Optional);
    if !is_open && endpoint.checks_password.is_none() {
        return;
    }
    let of = |tells: Tells| endpoint.replies.iter().find(|reply| reply.tells == tells);
    let (no_account, wrong, taken) = (of(Tells::NoAccount), of(Tells::WrongPassword), of(Tells::Taken));
    let names = [endpoint.subject(), endpoint.handler.name.as_str()];
    let resets = names.iter().any(|name| has_word(name, RESETS));
    match (no_account, wrong, taken) {
        (Some(reply), Some(other), _) => {
            let says = format!("another password, `{}`", other.text);
            if let Some(finding) = report(endpoint, reply, "tells callers whose account is not known", cx) {
                finding.related.push(Label::new(other.place, format!("the reply to {says}")));
            }
        }
        (Some(reply), None, _) if resets => {
            report(endpoint, reply, "tells callers whose account is not known", cx);
        }
        (_, _, Some(reply)) if endpoint.method == "POST" => {
            if let Some(finding) = report(endpoint, reply, "tells callers whose account exists", cx) {
                story::at_most(finding, Severity::Info);
                finding.notes.push(
                    "who registers has to learn of it somehow: by mail, only the owner does".to_owned(),
                );
            }
        }
        _ => {}
    }
}

fn report<'a>(
    endpoint: &Endpoint,
    reply: &Reply,
    does: &str,
    cx: &'a mut Cx<'_>,
) -> Option<&'a mut routeward_diag::Finding> {
    if cx.reported_at(reply.place).is_some() {
        return None;
    }
    let title = endpoint.title();
    let finding =
        cx.report(Label::new(reply.place, format!("says `{}`", reply.text)), format!("`{title}` {does}"));
    finding.endpoint = Some(title);
    finding.anchor.clone_from(&reply.text);
    finding.related = vec![Label::new(endpoint.place, format!("registered as `{}`", endpoint.title()))];
    finding.notes = vec![
        "with a list of names or addresses, callers learn who has an account, and whom to attack".to_owned(),
    ];
    finding.help =
        Some("answer the same, with the same status and after the same time, in both cases".to_owned());
    Some(finding)
}
