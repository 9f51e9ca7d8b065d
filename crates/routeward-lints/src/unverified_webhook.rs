//! Endpoints that other services call, and that believe whoever does.

use routeward_catalog::Provision;
use routeward_diag::{Label, Severity};
use routeward_endpoints::{Authn, Convention, Endpoint, Input, Location};
use routeward_flow::has_word;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "unverified-webhook", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let around = &endpoint.around;
    let is_meant = endpoint.convention() == Some(Convention::Webhook) && endpoint.is_unsafe();
    let is_open = endpoint.authenticated.value == Authn::Open && endpoint.declared_public.is_none();
    if !is_meant
        || !is_open
        || around.is_signed
        || around.is_unseen
        || endpoint.is_page
        || may_be_checked(endpoint)
    {
        return;
    }
    let write = endpoint.effects.iter().find(|effect| effect.is_write);
    let message =
        format!("`{}` believes whatever it is sent: nothing checks who has sent it", endpoint.title());
    let related = write.map(|write| Label::new(write.place, format!("`{}` is changed by it", write.target)));
    let finding =
        cx.report(Label::new(endpoint.guarded_at, "no signature is checked in front of it"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    finding.related = related.into_iter().collect();
    finding.notes =
        vec!["the address of a webhook is no secret: it is guessed, logged and shown in consoles".to_owned()];
    finding.help = Some("compute the signature over the raw body with the secret of the service, and compare it in constant time".to_owned());
    if write.is_none() {
        story::at_most(finding, Severity::Low);
    }
}

/// Code that is not seen is given the request, or a part of it is read that proves where it is from.
fn may_be_checked(endpoint: &Endpoint) -> bool {
    const PROOFS: &[&str] =
        &["signature", "sig", "hmac", "token", "secret", "key", "authorization", "hash", "challenge"];
    let proves = |input: &Input| input.location != Location::Path && has_word(&input.name, PROOFS);
    let reads_proof = endpoint.inputs.iter().any(proves);
    reads_proof || endpoint.around.provides.contains(&Provision::Anything)
}
