//! Replies that tell anonymous callers which accounts exist.

use routeward_diag::{Label, Severity};
use routeward_endpoints::{Authn, Effect, Endpoint, Reply, Tells};
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
        _ => report_look_up(endpoint, cx),
    }
}

/// Anybody asks for what is stored of the owner of a mail address or telephone number: whether the reply differs where
/// there is none was not seen.
fn report_look_up(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    const REACHES: &[&str] = &["email", "mail", "phone", "telephone", "mobile"];
    let last = |input: &String| input.rsplit('.').next().unwrap_or("").to_owned();
    let by = |effect: &Effect| {
        let mut inputs = effect.chosen_by.iter().chain(&effect.unvalidated);
        inputs.find(|input| has_word(&last(input), REACHES)).cloned()
    };
    let only_reads = endpoint.effects.iter().all(|effect| !effect.is_write) && !endpoint.is_unsafe();
    let mut found = endpoint.effects.iter().filter_map(|effect| Some((effect.place, by(effect)?)));
    let Some((place, by)) = found.next().filter(|(place, _)| only_reads && cx.reported_at(*place).is_none())
    else {
        return;
    };
    let message = format!("`{}` looks up for anybody what is stored of `{by}`", endpoint.title());
    let finding =
        cx.report(Label::new(place, "the reply may tell whether there is such an account"), message);
    story::at_most(finding, Severity::Info);
    finding.endpoint = Some(endpoint.title());
    finding.related = vec![Label::new(endpoint.place, format!("registered as `{}`", endpoint.title()))];
    finding.help = Some("answer the same whether there is an account or not".to_owned());
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
