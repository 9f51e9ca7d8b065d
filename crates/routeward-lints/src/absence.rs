//! What a server lacks, as the front matter of a lint names it. A server is told of only if it is known whole: nothing
//! in front of its endpoints could provide what is missed without having been seen.

use routeward_base::FxHashMap;
use routeward_catalog::Provision;
use routeward_diag::{Label, Place, Severity};
use routeward_endpoints::{Endpoint, Inventory, ItemKind, Protocol};

use crate::{Cx, story};

/// Reports each server that lacks what the lint is about.
pub(crate) fn check(inventory: &Inventory, cx: &mut Cx<'_>) {
    let may_have = |lacked| {
        [lacked, Provision::Anything].iter().any(|provision| inventory.provided.contains_key(provision))
    };
    let lacks = cx.meta.lacks.filter(|lacked| !inventory.provided.contains_key(lacked));
    if let Some(Provision::Hsts) = lacks
        && let Some(others) = inventory.provided.get(&Provision::Headers).filter(|place| place.span.len > 0)
    {
        report_partial(*others, cx);
        return;
    }
    let Some(lacked) = cx.meta.lacks.filter(|lacked| !may_have(*lacked)) else { return };
    for (server, endpoints) in servers(inventory) {
        let concerned: Vec<&Endpoint> =
            endpoints.iter().copied().filter(|endpoint| is_concerned(endpoint, lacked)).collect();
        let is_provided = lacked == Provision::RequestLog
            && endpoints.iter().all(|endpoint| endpoint.around.provides.contains(&Provision::Log));
        let is_known_whole = endpoints.iter().all(|endpoint| is_seen(endpoint));
        // A setting of the server that was told of already says more.
        let is_told = cx.reported_at(server).is_some();
        if !concerned.is_empty() && !is_provided && is_known_whole && !is_told {
            report(server, &concerned, cx);
        }
    }
}

/// The servers that programs make, in order of place, each with its endpoints.
fn servers(inventory: &Inventory) -> Vec<(Place, Vec<&Endpoint>)> {
    let mut servers: FxHashMap<Place, Vec<&Endpoint>> = FxHashMap::default();
    for endpoint in inventory.endpoints.iter().filter(|endpoint| endpoint.protocol == Protocol::Http) {
        if let Some(server) = endpoint.around.server {
            servers.entry(server).or_default().push(endpoint);
        }
    }
    let mut servers: Vec<_> = servers.into_iter().collect();
    servers.sort_by_key(|(place, _)| *place);
    servers
}

/// Requests of other sites matter only where cookies alone say who is calling, and something is changed.
fn is_concerned(endpoint: &Endpoint, lacked: Provision) -> bool {
    lacked != Provision::Csrf
        || endpoint.around.by_session && endpoint.is_unsafe() && !endpoint.around.is_signed
}

/// Nothing in front of the endpoint could have provided something without having been seen.
fn is_seen(endpoint: &Endpoint) -> bool {
    !endpoint.around.provides.contains(&Provision::Anything)
        && !endpoint.chain.iter().any(|item| item.kind == ItemKind::Unknown)
}

fn report(server: Place, endpoints: &[&Endpoint], cx: &mut Cx<'_>) {
    let says = cx.meta.says.clone().unwrap_or_default();
    let related = story::labels(endpoints.iter().copied(), "is answered without");
    let text = match endpoints {
        [one] => format!("it serves `{}`", one.title()),
        all => format!("it serves {} endpoints", all.len()),
    };
    let finding = cx.report_with_prose(Label::new(server, text), says);
    finding.related = related;
    // What stands in front of the server is not seen.
    story::at_most(finding, Severity::Low);
}

/// Other headers that browsers obey are sent one by one: whatever else stands in front, this one is not among them.
fn report_partial(others: Place, cx: &mut Cx<'_>) {
    let says = cx.meta.says.clone().unwrap_or_default();
    let finding =
        cx.report_with_prose(Label::new(others, "headers are sent, and this one is not among them"), says);
    story::at_most(finding, Severity::Info);
}
