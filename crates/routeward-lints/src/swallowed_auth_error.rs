//! Guards that catch what the check throws, and hand the request on.

use routeward_diag::Label;
use routeward_endpoints::{Authn, Endpoint, Flaw, FlawKind};
use routeward_flow::has_word;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "swallowed-auth-error", check: Check::Endpoint(check) };

/// Words in the names of guards that let anonymous callers pass on purpose.
const SOFT: &[&str] =
    &["optional", "maybe", "soft", "try", "attach", "load", "populate", "context", "session"];

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    if !matches!(endpoint.authenticated.value, Authn::Open | Authn::Optional) {
        return;
    }
    let is_told = |flaw: &&Flaw| flaw.kind == FlawKind::Swallows && !has_word(&flaw.name, SOFT);
    let flaws = endpoint.flaws.iter().filter(is_told);
    for flaw in flaws {
        let affected =
            Label::new(endpoint.place, format!("`{}` runs for refused callers, too", endpoint.title()));
        if cx.add_affected(flaw.place, &affected) {
            continue;
        }
        let message =
            format!("{} lets a request pass whose credential it could not verify", story::name(&flaw.name));
        let finding = cx.report(Label::new(flaw.place, "the request goes on after the exception"), message);
        story::tell(finding, endpoint, &flaw.name);
        finding.related = vec![flaw.because.clone(), affected];
        finding.notes =
            vec!["a forged credential and none at all then count as much as a good one".to_owned()];
        finding.help = Some("refuse in the handler of the exception; let anonymous callers pass where there is no credential, if they may".to_owned());
    }
}
