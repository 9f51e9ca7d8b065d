//! Guards that refuse with a status which says that all is well.

use routeward_diag::Label;
use routeward_endpoints::{Endpoint, FlawKind};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "wrong-status-code", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    for flaw in endpoint.flaws.iter().filter(|flaw| flaw.kind == FlawKind::SaysFine) {
        if cx.reported_at(flaw.place).is_some() {
            continue;
        }
        let message =
            format!("{} refuses callers with a status that says that all is well", story::name(&flaw.name));
        let finding = cx.report(flaw.because.clone(), message);
        story::tell(finding, endpoint, &flaw.name);
        finding.related =
            vec![Label::new(endpoint.place, format!("`{}` stands behind it", endpoint.title()))];
        finding.notes =
            vec!["clients, caches and those who watch the service take the refusal for a success".to_owned()];
        finding.help = Some(
            "answer 401 where a credential is missing or wrong, and 403 where it does not suffice".to_owned(),
        );
    }
}
