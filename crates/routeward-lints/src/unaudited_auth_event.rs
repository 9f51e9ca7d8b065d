//! Logins and changes of privileges that leave no line in a log.

use routeward_catalog::Provision;
use routeward_diag::Label;
use routeward_endpoints::{Authn, Endpoint};
use routeward_flow::words;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "unaudited-auth-event", check: Check::Endpoint(check) };

/// Words of paths behind which privileges and credentials are changed.
const PRIVILEGES: &[&str] = &[
    "role",
    "roles",
    "permission",
    "permissions",
    "privileges",
    "grant",
    "promote",
    "demote",
    "password",
    "mfa",
    "2fa",
    "totp",
    "apikeys",
    "impersonate",
];

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let around = &endpoint.around;
    let may_log = around.provides.iter().any(|it| matches!(it, Provision::Log | Provision::Anything));
    if may_log || around.is_unseen || endpoint.authenticated.value == Authn::Denied {
        return;
    }
    let Some((event, evidence)) = event(endpoint) else { return };
    let message = format!("`{}` {event}, and writes no line about it", endpoint.title());
    let finding = cx.report(Label::new(endpoint.guarded_at, "nothing that runs for it logs"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    finding.related = vec![evidence];
    finding.notes = vec![
        "who came in, who was refused and who was given what is the first question after an incident"
            .to_owned(),
    ];
    finding.help =
        Some("log the event, its outcome, the account and the address; never the credential".to_owned());
}

/// What happens that somebody may ask for later, and the code that does it.
fn event(endpoint: &Endpoint) -> Option<(&'static str, Label)> {
    if let Some(compared) = &endpoint.checks_password {
        return Some(("decides who comes in", compared.clone()));
    }
    let write = endpoint.effects.iter().find(|effect| effect.is_write)?;
    let is_privilege = |segment: &str| {
        let words = words(segment);
        words.iter().any(|word| PRIVILEGES.contains(&word.as_str()))
            || PRIVILEGES.contains(&words.concat().as_str())
    };
    let mut segments = endpoint.subject().split('/').filter(|segment| !segment.contains('{'));
    segments.any(is_privilege).then(|| {
        (
            "changes what somebody may do",
            Label::new(write.place, format!("`{}` is changed here", write.target)),
        )
    })
}
