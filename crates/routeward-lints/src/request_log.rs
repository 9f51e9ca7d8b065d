//! Logs of requests that keep addresses with passwords in them.

use routeward_catalog::Provision;
use routeward_diag::{Label, Severity};
use routeward_endpoints::{Endpoint, Inventory};

use crate::{Cx, api_key_in_query, story};

/// Reports the log of requests of a program whose clients send passwords in addresses.
pub(crate) fn check(inventory: &Inventory, cx: &mut Cx<'_>) {
    let Some(log) = inventory.provided.get(&Provision::RequestLog).filter(|place| place.span.len > 0) else {
        return;
    };
    let concerned: Vec<&Endpoint> = inventory
        .endpoints
        .iter()
        .filter(|endpoint| api_key_in_query::password_in_address(endpoint).is_some())
        .collect();
    let Some(first) = concerned.first() else { return };
    let message =
        format!("the log of requests keeps addresses, and `{}` takes a password in its own", first.title());
    let finding = cx.report(Label::new(*log, "addresses are written here"), message);
    story::at_most(finding, Severity::Low);
    finding.related = story::labels(concerned.into_iter(), "takes a password in its address");
    finding.notes = vec!["a log is read by more people, and kept longer, than what it speaks of".to_owned()];
    finding.help = Some("take the password from the body of the request".to_owned());
}
