//! Endpoints that change data for everybody who knows one shared key.

use routeward_diag::Label;
use routeward_endpoints::{Convention, Endpoint};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "api-key-only", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    // Services that call back have nothing but a key.
    let is_of_machines = matches!(endpoint.convention(), Some(Convention::Webhook | Convention::Probe));
    let write = endpoint.effects.iter().find(|effect| effect.is_write);
    let Some(write) = write.filter(|_| endpoint.around.by_key && !is_of_machines) else { return };
    let message = format!("`{}` changes `{}` for whoever has one shared key", endpoint.title(), write.target);
    let evidence = endpoint.authenticated.evidence.clone();
    let finding = cx.report(Label::new(endpoint.guarded_at, "a key is all that it asks for"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    finding.related = [evidence, vec![Label::new(write.place, "data is changed here")]].concat();
    finding.notes = vec![
        "a key says which program is calling, not for whom; it is good until somebody changes it everywhere"
            .to_owned(),
    ];
    finding.help =
        Some("demand a token that names its owner and expires, beside the key or in its place".to_owned());
}
