//! What start-up code registered, in program order.

use std::rc::Rc;

use routeward_base::index_type;
use routeward_diag::Place;

use crate::Sym;
use crate::value::{ObjId, Value};

index_type! {
    /// An event.
    pub struct EventId;
}

index_type! {
    /// An endpoint that decorators declare.
    pub struct SubjectId;
}

/// One registration on a scope.
#[derive(Clone, Debug)]
pub struct Event {
    /// The scope object.
    pub scope: ObjId,
    /// What was registered.
    pub kind: EventKind,
    /// The call.
    pub place: Place,
    /// The branches whose conditions could not be decided, outermost first: the condition and its outcome.
    pub conditions: Rc<[(Place, bool)]>,
    /// The package whose model recognised it.
    pub package: String,
    /// The entry signature of the functions in it.
    pub entry: Option<Sym>,
    /// For an endpoint that decorators declare: what it is.
    pub subject: Option<SubjectId>,
    /// For an attachment: the requests it is limited to.
    pub limits: Option<Rc<Limits>>,
    /// For an endpoint: the name by which the tables of the program speak of its handler.
    pub handler_name: Option<Rc<str>>,
}

/// The requests that an attachment is limited to.
#[derive(Clone, Default, Debug)]
pub struct Limits {
    /// Methods; none for all.
    pub methods: Vec<String>,
    /// Templates it leaves out, each with a method or for all methods.
    pub except: Vec<(Option<String>, Value)>,
}

/// An endpoint that decorators declare.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The class, as the program lists it.
    pub class: Value,
    /// The method's code.
    pub handler: Value,
    /// Functions that its inputs pass first.
    pub pipes: Rc<[Link]>,
    /// How it is spoken to.
    pub speech: routeward_catalog::Speech,
    /// The operation's name, if it is no request for a path.
    pub operation: Option<String>,
    /// The scope is not seen to serve it.
    pub is_guess: bool,
}

/// What was registered.
#[derive(Clone, Debug)]
pub enum EventKind {
    /// An endpoint.
    Route {
        /// `GET`, …, or `ANY`; empty if not known.
        methods: Vec<String>,
        /// Templates; strings, regular expressions or unknown values.
        paths: Vec<Value>,
        /// What runs, in order; the last is the handler.
        chain: Vec<Link>,
        /// The name of a handler that a library makes.
        made: Option<Made>,
        /// Inputs that a schema checks before the handler: `body`, `query`, …
        schemas: Vec<(String, Place)>,
    },
    /// Functions or child scopes that run before others.
    Attach {
        /// Prefixes; none for the whole scope.
        paths: Vec<Value>,
        /// What runs, in order.
        chain: Vec<Link>,
        /// Which endpoints it reaches.
        reach: routeward_catalog::Reach,
        /// The path is a pattern, not a prefix.
        is_exact: bool,
    },
}

/// A handler that a library makes.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Made {
    /// Its name.
    pub name: String,
    /// `read`, `write`, `create`, or empty.
    pub effect: String,
    /// The name of the class of its rows, if that is known.
    pub rows: String,
    /// Columns that a client writes by it, and that say what an account may do.
    pub privileges: Vec<String>,
}

/// An element of a chain.
#[derive(Clone, Debug)]
pub struct Link {
    /// The function, scope or object.
    pub value: Value,
    /// Where it is named.
    pub place: Place,
    /// Its entry signature, if it is not that of the registration.
    pub entry: Option<Sym>,
}
