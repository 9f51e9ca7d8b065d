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
        let tells = |other: &&Endpoint| other.errors.evidence.iter().any(|known| known.place == leak.place);
        let sharing: Vec<&Endpoint> = cx.inventory.endpoints.iter().filter(tells).collect();
        let message = match sharing.len() {
            0 | 1 => format!("when `{}` fails, {}", endpoint.title(), leak.text),
            count => format!("when any of {count} endpoints fails, {}", leak.text),
        };
        let related = if sharing.len() > 1 {
            story::labels(sharing.iter().copied(), "answers with it on failure")
        } else {
            Vec::new()
        };
        let finding = cx.report(leak.clone(), message);
        story::tell(finding, endpoint, &leak.text);
        if !related.is_empty() {
            // It belongs to no endpoint in particular.
            (finding.endpoint, finding.steps, finding.anchor) = (None, Vec::new(), leak.text.clone());
        }
        finding.related = related;
        finding.notes =
            vec!["errors speak of what is inside: paths, tables, queries, sometimes credentials".to_owned()];
        finding.help = Some("log the error, and answer with a fixed text and an incident number".to_owned());
    }
}
