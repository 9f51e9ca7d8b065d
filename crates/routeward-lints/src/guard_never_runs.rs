//! Guards that no request meets.

use routeward_diag::Label;
use routeward_endpoints::{Authn, Endpoint};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "guard-never-runs", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    if !matches!(endpoint.authenticated.value, Authn::Open | Authn::Optional) {
        return;
    }
    for item in &endpoint.ineffective {
        let affected = Label::new(endpoint.place, format!("`{}` is reached without it", endpoint.title()));
        if let Some(known) = cx.reported_at(item.place) {
            if known.related.len() < 5 && !known.related.iter().any(|label| label.place == affected.place) {
                known.related.push(affected);
            }
            continue;
        }
        let message = format!("{} never runs: it {}", story::name(&item.name), item.note);
        let finding = cx.report(Label::new(item.place, "no request meets it"), message);
        story::tell(finding, endpoint, &item.name);
        finding.related = vec![affected];
        finding.notes = vec!["requests pass functions in the order of registration, and the first that answers ends the matter".to_owned()];
        finding.help = Some(format!("move {} in front of what it shall protect", story::name(&item.name)));
    }
}
