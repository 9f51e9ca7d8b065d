//! Endpoints that a guard by path is meant to protect but does not.

use routeward_diag::Label;
use routeward_endpoints::{Authn, Endpoint, FlawKind};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "guard-coverage-hole", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let is_open = matches!(endpoint.authenticated.value, Authn::Open | Authn::Optional);
    if !is_open || endpoint.declared_public.is_some() || endpoint.convention().is_some() {
        return;
    }
    let Some(flaw) = endpoint.flaws.iter().find(|flaw| flaw.kind == FlawKind::Hole) else { return };
    let message =
        format!("`{}` slips past {}: {}", endpoint.title(), story::name(&flaw.name), flaw.because.text);
    let related = [vec![flaw.because.clone()], story::guarded_siblings(endpoint, cx)].concat();
    let finding = cx.report(Label::new(endpoint.place, "reached without a credential"), message);
    story::tell(finding, endpoint, &flaw.name);
    finding.related = related;
    finding.notes = vec!["paths are compared as text here, and text knows no segments".to_owned()];
    finding.help = Some(
        "compare whole segments, or register the public routes first and the guard behind them".to_owned(),
    );
}
