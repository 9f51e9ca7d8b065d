//! Route tree, coverage of guards, and the posture of each endpoint.

mod posture;

pub use posture::{
    Authn, ChainItem, Declaration, Effect, Endpoint, Errors, Evidence, Handler, Input, Inventory, ItemKind, Judged,
    Location, Protocol, Tri,
};
