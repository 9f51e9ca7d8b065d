//! What is known about an endpoint: one row of the proof table, each cell with its evidence.

use std::collections::{BTreeMap, BTreeSet};

use routeward_catalog::{Provision, SinkKind};
use routeward_diag::{Label, Place};

/// What a label shows: the code that proves a verdict.
pub type Evidence = Label;

/// A verdict and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged<T> {
    /// The verdict.
    pub value: T,
    /// The code that proves it; empty where absence itself is the proof.
    pub evidence: Vec<Evidence>,
    /// The construct that could not be seen through, or a remark; always set where `value` is unknown.
    pub reason: Option<String>,
}

impl<T> Judged<T> {
    /// A verdict without evidence.
    pub fn new(value: T) -> Self {
        Self { value, evidence: Vec::new(), reason: None }
    }

    /// Adds a place that proves it.
    pub fn with(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Says why.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

/// Whether a caller needs a credential.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Authn {
    /// Proved: no effect without a verified credential.
    Required,
    /// A credential is looked at, but anonymous callers pass.
    Optional,
    /// Absent: anonymous callers reach the handler.
    Open,
    /// Nobody gets through.
    Denied,
    /// Something in front of the handler could not be seen through.
    Unknown,
}

/// A three-valued verdict, and its absence of meaning.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Tri {
    /// Proved.
    Yes,
    /// Absent.
    No,
    /// There is nothing to judge, such as the validation of an endpoint that reads no input.
    NotApplicable,
    /// Could not be decided.
    Unknown,
}

/// What a client is told when the handler fails.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Errors {
    /// A fixed text.
    Generic,
    /// Messages, stacks or driver errors.
    Leaks,
    /// Could not be decided.
    Unknown,
}

/// How the endpoint is spoken to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Protocol {
    /// Requests and responses.
    Http,
    /// A GraphQL field.
    GraphQl,
    /// A web socket.
    WebSocket,
    /// A procedure call.
    Rpc,
}

/// Where an input comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Location {
    /// The route's template.
    Path,
    /// The query string.
    Query,
    /// The body, in any format.
    Body,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// A named input.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub location: Location,
    /// Whether a check that can refuse it precedes its use.
    pub is_validated: bool,
}

/// What one element of an endpoint's chain does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ItemKind {
    /// Refuses callers without a verified credential.
    Guard,
    /// Refuses callers without a role or permission.
    RoleGuard,
    /// Looks at a credential and lets everybody pass.
    OptionalGuard,
    /// Refuses everybody.
    Deny,
    /// Refuses callers that come too often.
    Limiter,
    /// Refuses malformed input.
    Validator,
    /// Refuses nothing.
    Passes,
    /// Could not be seen through.
    Unknown,
    /// Answers the request.
    Handler,
}

/// One element of what runs for an endpoint, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChainItem {
    /// Its name in the code.
    pub name: String,
    /// What it does.
    pub kind: ItemKind,
    /// Where it is attached.
    pub place: Place,
    /// Where it is defined, if that is in this repository.
    pub definition: Option<Place>,
    /// How it was recognised, as a phrase.
    pub note: String,
}

/// The function that answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handler {
    /// Its name in the code, `<anonymous>` if it has none.
    pub name: String,
    /// Where it is defined, if that is in this repository.
    pub place: Option<Place>,
}

/// Something the handler does to stored data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Effect {
    /// What it is called on, such as the model's name.
    pub target: String,
    /// It changes data.
    pub is_write: bool,
    /// The call.
    pub place: Place,
    /// The request-supplied identifiers that choose the row, as access paths.
    pub chosen_by: Vec<String>,
    /// The choice is tied to the caller.
    pub is_scoped: bool,
    /// A whole request object is stored, as its access path.
    pub stores_whole: Option<String>,
    /// Inputs that reach it without a check, as access paths.
    pub unvalidated: Vec<String>,
    /// It is reached only with a verified credential.
    pub needs_caller: bool,
    /// What the request says in text was read as data, and takes part in the choice: it may be an object.
    pub by_parsed: bool,
    /// Inputs that are stored in columns that say what an account may do, as access paths.
    pub privileges: Vec<String>,
    /// Inputs that are stored as passwords, as access paths.
    pub passwords: Vec<String>,
}

/// A call into a package that somebody asks about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PackageUse {
    /// What is called, as it is imported: `package.function`.
    pub path: String,
    /// The call.
    pub place: Place,
    /// A client chooses something of what it is given.
    pub has_input: bool,
}

/// Something of the client's that reaches a call that does something to the world with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flow {
    /// What the client can do.
    pub kind: SinkKind,
    /// The call, by its last names.
    pub sink: String,
    /// The code to mend: what builds the text that a function of the program only hands on to the call, or the call.
    pub place: Place,
    /// The call.
    pub call: Place,
    /// Where the value stands in the request, as an access path; empty if that is not known.
    pub source: String,
    /// The way from there, without the call itself.
    pub steps: Vec<Label>,
    /// Nothing is known to run the code, and no file imports the one that it stands in.
    pub is_detached: bool,
    /// All code on the way was seen: none of it can have made the value harmless.
    pub is_seen: bool,
    /// It stands in an archive: whoever packed that has chosen it.
    pub is_archived: bool,
    /// It is read from stored data, and nothing of the request.
    pub is_stored: bool,
    /// A template puts it out as it would put out anything: the engine was told not to escape.
    pub is_by_setting: bool,
}

/// What a reply gives away about accounts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Tells {
    /// There is no such account.
    NoAccount,
    /// The password of an account is another one.
    WrongPassword,
    /// There is such an account already.
    Taken,
}

/// A reply that gives something away about accounts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// What it tells.
    pub tells: Tells,
    /// What it says.
    pub text: String,
    /// The reply.
    pub place: Place,
}

/// What keeps something that looks like a guard from guarding an endpoint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FlawKind {
    /// It refuses, and the request goes on all the same.
    GoesOn,
    /// It refuses on some paths only; on others the handler answers anonymous callers.
    Partial,
    /// It compares text of the path, and the comparison ends inside a segment or leaves out the path itself.
    Hole,
    /// It lets this very path pass.
    Exempt,
    /// It hands the request on where the check of the credential has failed with an exception.
    Swallows,
    /// It refuses with a status that says that all is well.
    SaysFine,
}

/// A guard that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// The guard's name in the code.
    pub name: String,
    /// The code that lets the request through.
    pub place: Place,
    /// The refusal or comparison that misleads, and what it does.
    pub because: Label,
}

/// A statement that an endpoint is public on purpose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declaration {
    /// The reason given.
    pub reason: String,
    /// Who answers for it, if that is said.
    pub owner: Option<String>,
    /// The endpoints it names, such as `GET /health`, where `*` stands for any text; `None` for a comment,
    /// which is about the registration below it.
    pub pattern: Option<String>,
    /// Where it is written. The file is past the program's units if that is the configuration file.
    pub place: Option<Place>,
}

/// One row of the proof table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// `GET`, …; `ANY` if every method is taken. Empty for an operation whose address is not known.
    pub method: String,
    /// Its address: the full mounted path with parameters as `{name}`; for an operation with its name at the end,
    /// `/api/users.list` or `/graphql#Query.users`. Without an address the operation's name.
    pub path: String,
    /// For an operation its name: `users.list`, `Query.users`.
    pub operation: Option<String>,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// The package whose model recognised it.
    pub framework: String,
    /// The registration.
    pub place: Place,
    /// Where a guard for it would be written: at the registration, or at the handler.
    pub guarded_at: Place,
    /// The function that answers.
    pub handler: Handler,
    /// What it reads, by location and name.
    pub inputs: Vec<Input>,
    /// What runs, in order; the handler comes last.
    pub chain: Vec<ChainItem>,
    /// What is attached to it but never runs before the handler, with the reason.
    pub ineffective: Vec<ChainItem>,
    /// Whether a caller needs a credential.
    pub authenticated: Judged<Authn>,
    /// Whether a role or permission is tested.
    pub role_checked: Judged<Tri>,
    /// Whether the stored row chosen by the request must belong to the caller.
    pub object_scoped: Judged<Tri>,
    /// Whether inputs pass a check that can refuse them before they are used.
    pub validated: Judged<Tri>,
    /// Whether a limiter applies.
    pub rate_limited: Judged<Tri>,
    /// What a client is told on failure.
    pub errors: Judged<Errors>,
    /// What the handler does to stored data.
    pub effects: Vec<Effect>,
    /// What of the client's reaches sinks, in the chain and the handler.
    pub flows: Vec<Flow>,
    /// What the chain and the handler call of the packages that somebody asks about.
    pub uses: Vec<PackageUse>,
    /// What answers tell of stored data that nobody should see.
    pub exposures: Vec<routeward_flow::Exposure>,
    /// What answers tell about accounts.
    pub replies: Vec<Reply>,
    /// Guards that do not hold.
    pub flaws: Vec<Flaw>,
    /// Where the handler compares a password or code with what is stored.
    pub checks_password: Option<Evidence>,
    /// Where it writes into the session who is signed in, which stays the one that was there before.
    pub keeps_session: Option<Place>,
    /// Every answer that is no refusal is a constant or a file, and nothing is read or written: a page.
    pub is_page: bool,
    /// Tells apart the objects that endpoints are registered on.
    pub scope: u32,
    /// Declared public on purpose.
    pub declared_public: Option<Declaration>,
    /// What is around it.
    pub around: Surroundings,
}

/// What is around an endpoint: the server, and what runs for its requests besides what the columns tell.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Surroundings {
    /// Where the server was made, if the program has made one.
    pub server: Option<Place>,
    /// What is provided for its requests, by what runs for them.
    pub provides: Vec<Provision>,
    /// The caller is known by what stands in the session, and by nothing that the request itself presents.
    pub by_session: bool,
    /// The signature of the request, or its token against other sites, is checked before anything is done.
    pub is_signed: bool,
    /// Some of what runs was not followed, or could not be seen through.
    pub is_unseen: bool,
    /// All that is known of the caller is a key that callers share.
    pub by_key: bool,
}

impl Endpoint {
    /// Where requests for it arrive is known.
    pub fn has_address(&self) -> bool {
        self.operation.as_ref().is_none_or(|name| *name != self.path)
    }

    /// What says what it is for: the operation's name, or else the path.
    pub fn subject(&self) -> &str {
        self.operation.as_deref().unwrap_or(&self.path)
    }

    /// `METHOD /path`, or the name of an operation without an address.
    pub fn title(&self) -> String {
        if self.method.is_empty() { self.path.clone() } else { format!("{} {}", self.method, self.path) }
    }
}

/// All endpoints of a repository.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Inventory {
    /// Rows in order of path, method and place.
    pub endpoints: Vec<Endpoint>,
    /// What the client's values do in code that no endpoint is known to reach.
    pub flows: Vec<Flow>,
    /// What clients see of stored data by what is declared, wherever it is sent.
    pub exposures: Vec<routeward_flow::Exposure>,
    /// What limits the inventory, such as a registration whose path could not be determined.
    pub notes: Vec<Label>,
    /// Every statement that an endpoint is public on purpose, and whether an endpoint fits it. Filled by the
    /// engine between the inventory and the lints.
    pub declarations: Vec<(Declaration, bool)>,
    /// Calls that are wrong by themselves, wherever they stand; those of a program in order of place.
    pub misuses: Vec<routeward_flow::Misuse>,
    /// Texts of the source that are used as keys; those of a program in order of where they are used.
    pub keys: Vec<routeward_flow::Hardcoded>,
    /// Settings that are used as keys; those of a program in order of where they are used.
    pub named_keys: Vec<routeward_flow::NamedKey>,
    /// What the programs provide for their requests anywhere, and where they first do.
    pub provided: BTreeMap<Provision, Place>,
    /// Where modules are loaded whose names are not known, and what these begin with: each may be any of that beginning.
    pub loads_unknown: BTreeSet<(Place, String)>,
}
