//! Route tree, coverage of guards, and the posture of each endpoint.

mod posture;

pub use posture::{
    Authn, ChainItem, Declaration, Effect, Endpoint, Errors, Evidence, Handler, Input, Inventory, ItemKind, Judged,
    Location, Protocol, Tri,
};

use routeward_catalog::Models;
use routeward_flow::Evaluation;
use routeward_ir::Program;

/// Builds the route tree from what start-up code did and judges every endpoint. Never fails.
pub fn inventory(_program: &Program<'_>, _evaluation: &Evaluation, _models: &Models) -> Inventory {
    Inventory::default()
}
