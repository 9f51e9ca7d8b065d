//! Answers with columns of stored rows that are for the server alone.

use routeward_diag::{Finding, Label};
use routeward_endpoints::{Exposure, Inventory};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "sensitive-data-in-response", check: Check::Inventory(check) };

fn check(inventory: &Inventory, cx: &mut Cx<'_>) {
    for endpoint in &inventory.endpoints {
        for exposure in &endpoint.exposures {
            let affected = Label::new(endpoint.place, format!("registered as `{}`", endpoint.title()));
            match cx.reported_at(exposure.place) {
                Some(known) if known.related.contains(&affected) => {}
                Some(known) => {
                    known.related.push(affected);
                    known.related.extend(handed(exposure));
                }
                None => {
                    let finding = report(&format!("`{}` sends", endpoint.title()), exposure, cx);
                    finding.endpoint = Some(endpoint.title());
                    finding.related.insert(0, affected);
                }
            }
        }
    }
    for exposure in &inventory.exposures {
        if cx.reported_at(exposure.place).is_none() {
            report("what is declared to be sent has", exposure, cx);
        }
    }
}

fn report<'a>(who: &str, exposure: &Exposure, cx: &'a mut Cx<'_>) -> &'a mut Finding {
    let columns = story::list(&exposure.columns);
    let (says, label) = if exposure.is_whole {
        (format!("all of a row of `{}`, {columns} included", exposure.target), "clients see the row")
    } else {
        (format!("{columns} of `{}`", exposure.target), "clients see it")
    };
    let finding = cx.report(Label::new(exposure.place, label), format!("{who} {says}"));
    finding.anchor = format!("{} {columns}", exposure.target);
    finding.related.extend(handed(exposure));
    finding.related.extend(exposure.read_at.map(|place| Label::new(place, "the row is read here")));
    finding.notes = vec![
        "what is stored to be compared with helps whoever gets hold of it to find out the original"
            .to_owned(),
    ];
    finding.help =
        Some("send a list of members that are meant for the client, rather than the row".to_owned());
    finding
}

/// Where it is handed to the function that sends it.
fn handed(exposure: &Exposure) -> Option<Label> {
    exposure.handed_at.map(|place| Label::new(place, "it is handed on here"))
}
