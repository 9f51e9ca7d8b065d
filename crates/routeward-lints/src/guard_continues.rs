//! Guards that refuse and hand the request on all the same.

use routeward_diag::Label;
use routeward_endpoints::{Authn, Endpoint, FlawKind};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "guard-continues", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    if !matches!(endpoint.authenticated.value, Authn::Open | Authn::Optional) {
        return;
    }
    for flaw in endpoint.flaws.iter().filter(|flaw| flaw.kind == FlawKind::GoesOn) {
        let affected =
            Label::new(endpoint.place, format!("`{}` runs for refused callers, too", endpoint.title()));
        if cx.add_affected(flaw.place, &affected) {
            continue;
        }
        let message = format!("{} refuses a caller and goes on", story::name(&flaw.name));
        let finding = cx.report(Label::new(flaw.place, "refused callers come here, too"), message);
        story::tell(finding, endpoint, &flaw.name);
        finding.related = vec![flaw.because.clone(), affected];
        finding.notes = vec![
            "sending a response ends no function: what comes behind it runs for callers that were refused"
                .to_owned(),
        ];
        finding.help = Some("return right after the refusal".to_owned());
    }
}
