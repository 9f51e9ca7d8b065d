//! Route tree, coverage of guards, and the posture of each endpoint.

mod expression;
mod flaw;
mod flows;
mod judge;
mod path;
mod posture;
mod replies;
mod sibling;
mod tree;
mod uses;

pub use posture::{
    Authn, ChainItem, Declaration, Effect, Endpoint, Errors, Evidence, Flaw, FlawKind, Flow, Handler, Input,
    Inventory, ItemKind, Judged, Location, PackageUse, Protocol, Reply, Surroundings, Tells, Tri,
};

pub use sibling::Convention;

use routeward_base::FxHashSet;
use routeward_flow::Evaluator;
pub use routeward_flow::{Exposure, Hardcoded, Misuse, NamedKey};

/// One inventory of several programs that have nothing in common, such as those of different languages.
pub fn joined(inventories: impl IntoIterator<Item = Inventory>) -> Inventory {
    let mut all = Inventory::default();
    for inventory in inventories {
        all.endpoints.extend(inventory.endpoints);
        all.flows.extend(inventory.flows);
        all.exposures.extend(inventory.exposures);
        all.notes.extend(inventory.notes);
        all.declarations.extend(inventory.declarations);
        all.misuses.extend(inventory.misuses);
        all.keys.extend(inventory.keys);
        all.named_keys.extend(inventory.named_keys);
        all.provided.extend(inventory.provided);
        all.loads_unknown.extend(inventory.loads_unknown);
    }
    all.endpoints.sort_by_key(judge::row_key);
    all.flows.sort_by_key(|flow| flow.place);
    all.notes.sort();
    all
}

/// Builds the route tree from what start-up code did and judges every endpoint. Never fails.
///
/// Rows come in order of path, method and place. The cost is one run of each function for each different request
/// that reaches it, however many endpoints it stands in front of, and then one of each function that nothing has run
/// in files that may misuse something.
pub fn inventory(evaluator: &mut Evaluator<'_>) -> Inventory {
    let mut endpoints = Vec::new();
    for items in tree::lay_out(evaluator) {
        endpoints.extend(judge::rows(evaluator, &items));
    }
    endpoints.sort_by_key(judge::row_key);
    endpoints.dedup_by_key(|endpoint| judge::row_key(endpoint));
    // What was cut short, once for each place.
    let mut notes: Vec<_> =
        evaluator.incomplete.iter().map(|cut| routeward_diag::Label::new(cut.place, cut.reason)).collect();
    notes.sort();
    notes.dedup();
    evaluator.survey();
    let known: FxHashSet<_> =
        endpoints.iter().flat_map(|row| &row.flows).map(|flow| (flow.kind, flow.place)).collect();
    let mut flows = flows::flows(evaluator, &evaluator.loose_flows);
    flows.retain(|flow| !known.contains(&(flow.kind, flow.place)));
    let exposures = evaluator.declared_exposures().to_vec();
    let (misuses, provided) = (evaluator.misuses(), evaluator.provisions().clone());
    let keys = evaluator.hardcoded_keys();
    let named_keys = evaluator.named_keys().cloned().collect();
    Inventory {
        endpoints,
        flows,
        exposures,
        notes,
        misuses,
        keys,
        named_keys,
        provided,
        loads_unknown: evaluator.loads_unknown.clone(),
        ..Inventory::default()
    }
}
