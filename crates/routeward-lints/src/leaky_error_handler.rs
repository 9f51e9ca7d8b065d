//! Responses that carry the details of an error.

use routeward_endpoints::{Endpoint, Errors};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "leaky-error-handler", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    if endpoint.errors.value != Errors::Leaks {
        return;
    }
    for leak in &endpoint.errors.evidence {
        if cx.reported_at(leak.place).is_some() {
            continue;
        }
        let message = format!("when `{}` fails, {}", endpoint.title(), leak.text);
        let finding = cx.report(leak.clone(), message);
        story::tell(finding, endpoint, &leak.text);
        finding.notes = vec!["errors speak of what is inside: paths, tables, queries, sometimes credentials".to_owned()];
        finding.help = Some("log the error, and answer with a fixed text and an incident number".to_owned());
    }
}
