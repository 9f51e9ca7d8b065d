//! Endpoints at which callers sign in and keep the session that they had. How sessions are kept is told by rows.

use routeward_catalog::Provision;
use routeward_diag::{Label, Severity};
use routeward_endpoints::Endpoint;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "session-misconfiguration", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let Some(place) = endpoint.keeps_session else { return };
    // A session that the client itself keeps has no identifier that others could know.
    if !cx.inventory.provided.contains_key(&Provision::Session) || cx.reported_at(place).is_some() {
        return;
    }
    let message = format!("`{}` signs callers in and lets them keep their session", endpoint.title());
    let finding = cx.report(Label::new(place, "the session's identifier stays the same"), message);
    story::at_most(finding, Severity::Low);
    finding.endpoint = Some(endpoint.title());
    finding.related = vec![Label::new(endpoint.place, format!("registered as `{}`", endpoint.title()))];
    finding.notes = vec![
        "whoever has made somebody's browser use a session that they know is signed in with them".to_owned(),
    ];
    finding.help = Some("make a new session first, such as by `regenerate`, and write into that".to_owned());
}
