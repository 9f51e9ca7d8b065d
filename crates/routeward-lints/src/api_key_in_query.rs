//! Endpoints that take a credential from the query string. Calls that send one there are told by rows.

use routeward_diag::{Label, Severity};
use routeward_endpoints::{Endpoint, Input, Location};
use routeward_flow::words;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "api-key-in-query", check: Check::Endpoint(check) };

/// What is a credential wherever it stands. A plain `token` is often one that is good once, from a mail.
const CREDENTIALS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "apikey",
    "api key",
    "access key",
    "accesskey",
    "access token",
    "accesstoken",
    "auth token",
    "authtoken",
    "client secret",
    "secret key",
    "secretkey",
];

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let of_query = |input: &&Input| input.location == Location::Query && is_credential(&input.name);
    let credential = endpoint.inputs.iter().find(of_query);
    let name = credential.map(|input| input.name.clone()).or_else(|| password_in_address(endpoint));
    let Some(name) = name.filter(|_| cx.reported_at(endpoint.place).is_none()) else { return };
    let text = format!("it reads `{name}` from the query string");
    let message = format!("`{}` takes the credential `{name}` from the address", endpoint.title());
    let finding = cx.report_with_prose(Label::new(endpoint.place, text), message);
    story::tell(finding, endpoint, &name);
    story::at_most(finding, Severity::Low);
}

/// What the query string holds under any name, and is stored as a password.
pub(crate) fn password_in_address(endpoint: &Endpoint) -> Option<String> {
    let mut stored = endpoint.effects.iter().flat_map(|effect| &effect.passwords);
    stored.find_map(|input| input.strip_prefix("query.")).map(str::to_owned)
}

fn is_credential(name: &str) -> bool {
    let words = words(name);
    let is_called = |credential: &&str| {
        let credential: Vec<&str> = credential.split(' ').collect();
        // `password_reset_id` is something else.
        words.len() <= credential.len() + 1
            && words.windows(credential.len()).any(|run| run.iter().eq(credential.iter().copied()))
    };
    CREDENTIALS.iter().any(is_called)
}
