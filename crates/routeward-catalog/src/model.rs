//! Models: what frameworks and libraries mean, as data.
//!
//! A model file holds rows of named keys. A row is matched on the *resolved path* of what is called, read or
//! used as a decorator: the package and access path (`express.Router`, `jsonwebtoken.verify`), or a type and a
//! member (`express.Router.get`), never on source text. `{a,b}` in a path stands for each alternative, `$name`
//! for the one that matched, and a segment `*` for any member. Values are named by access paths: `arg[0]`,
//! `arg[-1]`, `arg[1..]`, `arg[*]`, `named` for all arguments that are passed by name, `path:` and the path of something of a library, `self`, and `made[0]` for an argument of the call that made the receiver; each
//! with `.field` and `[0]` behind it and `?` where it may be missing. `a | b` is the first of them that is there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document::DocumentRow;
use crate::fragment::FragmentRow;
use crate::key::KeyRow;
use crate::provision::ProvisionRow;
use crate::template::{RenderRow, TemplateRow};
use crate::unseen::UnseenRow;

/// All models, ready for look-up. Built once, at build time for the embedded catalogue.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Models {
    /// The files, in order of path.
    pub files: Vec<ModelFile>,
    /// Libraries told in their own language, in order of path.
    pub outlines: Vec<Outline>,
}

/// A library told in its own language: the classes and functions of it whose behaviour is easier to write down than to
/// describe in rows. It is lowered and evaluated as the program's own code, in place of the library.
///
/// `lints/models/LANGUAGE/a.py` stands for the package `a` with all modules in it, whichever of them a name is taken
/// from. A name that rows describe, or that the outline does not have, stays one of the library.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outline {
    /// The language, as front ends name it.
    pub language: String,
    /// The package that it stands for.
    pub package: String,
    /// The file's name, with its ending.
    pub file: String,
    /// The code.
    pub text: String,
}

impl Outline {
    /// The outline in a file `lints/models/LANGUAGE/PACKAGE.ENDING`; `None` for a path of another form.
    fn of(path: &str, text: &str) -> Option<Self> {
        let (folders, file) = path.rsplit_once('/')?;
        let language = folders.rsplit('/').next()?.to_owned();
        let package = file.rsplit_once('.')?.0.to_owned();
        Some(Self { language, package, file: file.to_owned(), text: text.to_owned() })
    }
}

/// A model file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is not TOML, or has a key or value that no row knows.
    #[error("{path}: {message}")]
    Syntax {
        /// The model file.
        path: String,
        /// What is wrong and where.
        message: String,
    },
}

impl Models {
    /// Reads model files, given as path and text: rows from `.toml`, anything else is an outline.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, ModelError> {
        let mut parsed = Vec::with_capacity(files.len());
        let (rows, outlines): (Vec<_>, Vec<_>) =
            files.iter().partition(|(path, _)| path.rsplit('.').next() == Some("toml"));
        for (path, text) in rows {
            let syntax = |message: String| ModelError::Syntax { path: (*path).to_owned(), message };
            let mut file: ModelFile = toml::from_str(text).map_err(|error| syntax(error.to_string()))?;
            file.expand();
            parsed.push(file);
        }
        let outlines = outlines.into_iter().filter_map(|(path, text)| Outline::of(path, text)).collect();
        Ok(Self { files: parsed, outlines })
    }
}

/// One file: the rows of one framework or library.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ModelFile {
    /// The language, as front ends name it.
    pub language: String,
    /// The package whose version the `version` keys of the rows speak of.
    pub package: String,
    /// Further packages whose use makes a file part of an API.
    #[serde(default)]
    pub serves: Vec<String>,
    /// Types of values.
    #[serde(default, rename = "type")]
    pub types: Vec<TypeRow>,
    /// Signatures of the functions that the framework calls.
    #[serde(default, rename = "entry")]
    pub entries: Vec<EntryRow>,
    /// Functions that nothing registers, by what their parameters say.
    #[serde(default, rename = "fragment")]
    pub fragments: Vec<FragmentRow>,
    /// Registrations of endpoints.
    #[serde(default, rename = "endpoint")]
    pub endpoints: Vec<EndpointRow>,
    /// Attachments of functions and child scopes to a scope.
    #[serde(default, rename = "attach")]
    pub attaches: Vec<AttachRow>,
    /// Objects that stand for a part of a scope.
    #[serde(default, rename = "sub")]
    pub subs: Vec<SubRow>,
    /// Functions that are called with a scope to fill.
    #[serde(default, rename = "plugin")]
    pub plugins: Vec<PluginRow>,
    /// Endpoints made by a library.
    #[serde(default, rename = "resource")]
    pub resources: Vec<ResourceRow>,
    /// Objects whose methods answer requests by their names.
    #[serde(default, rename = "service")]
    pub services: Vec<ServiceRow>,
    /// Functions that run around the methods of such objects.
    #[serde(default, rename = "around")]
    pub arounds: Vec<AroundRow>,
    /// Values that a call remembers for later calls of the same library.
    #[serde(default, rename = "state")]
    pub states: Vec<StateRow>,
    /// Inputs.
    #[serde(default, rename = "source")]
    pub sources: Vec<SourceRow>,
    /// Answers.
    #[serde(default, rename = "responder")]
    pub responders: Vec<ResponderRow>,
    /// Calls that hand the request on.
    #[serde(default, rename = "continue")]
    pub continues: Vec<ContinueRow>,
    /// Checks of credentials and permissions.
    #[serde(default, rename = "guard")]
    pub guards: Vec<GuardRow>,
    /// Limits of frequency.
    #[serde(default, rename = "limiter")]
    pub limiters: Vec<LimiterRow>,
    /// Checks of input.
    #[serde(default, rename = "validator")]
    pub validators: Vec<ValidatorRow>,
    /// Functions known to refuse nothing.
    #[serde(default, rename = "neutral")]
    pub neutrals: Vec<NeutralRow>,
    /// Reads and writes of stored data.
    #[serde(default, rename = "effect")]
    pub effects: Vec<EffectRow>,
    /// Functions whose meaning the evaluator knows.
    #[serde(default, rename = "builtin")]
    pub builtins: Vec<BuiltinRow>,
    /// Functions that wrap another one and behave like it.
    #[serde(default, rename = "wrapper")]
    pub wrappers: Vec<WrapperRow>,
    /// Error handlers whose answers tell internals.
    #[serde(default, rename = "leak")]
    pub leaks: Vec<LeakRow>,
    /// Classes whose methods answer requests.
    #[serde(default, rename = "controller")]
    pub controllers: Vec<ControllerRow>,
    /// Decorators that make a method an endpoint.
    #[serde(default, rename = "action")]
    pub actions: Vec<ActionRow>,
    /// Decorators that attach functions to classes and methods.
    #[serde(default, rename = "decorate")]
    pub decorates: Vec<DecorateRow>,
    /// Decorators that bind a parameter to an input.
    #[serde(default, rename = "bind")]
    pub binds: Vec<BindRow>,
    /// Classes that list the parts of a program.
    #[serde(default, rename = "container")]
    pub containers: Vec<ContainerRow>,
    /// Names under which a container takes functions that run for every endpoint.
    #[serde(default, rename = "provide")]
    pub provides: Vec<ProvideRow>,
    /// Decorators that name what a container puts in.
    #[serde(default, rename = "inject")]
    pub injects: Vec<InjectRow>,
    /// Tables of paths under which parts of a program stand.
    #[serde(default, rename = "placement")]
    pub placements: Vec<PlacementRow>,
    /// Settings of a scope.
    #[serde(default, rename = "option")]
    pub options: Vec<OptionRow>,
    /// Attachments of functions by path while a container is set up.
    #[serde(default, rename = "middleware")]
    pub middleware: Vec<MiddlewareRow>,
    /// Look-ups of what decorators have stored.
    #[serde(default, rename = "metadata")]
    pub metadata: Vec<MetadataRow>,
    /// Functions that a call runs with values of known types.
    #[serde(default, rename = "callback")]
    pub callbacks: Vec<CallbackRow>,
    /// Functions made of several others.
    #[serde(default, rename = "combine")]
    pub combines: Vec<CombineRow>,
    /// Functions that say yes for every request.
    #[serde(default, rename = "verdict")]
    pub verdicts: Vec<VerdictRow>,
    /// Middlewares that set members of the request.
    #[serde(default, rename = "derive")]
    pub derives: Vec<DeriveRow>,
    /// Constants.
    #[serde(default, rename = "constant")]
    pub constants: Vec<ConstantRow>,
    /// Folders that serve the files in them.
    #[serde(default, rename = "site")]
    pub sites: Vec<SiteRow>,
    /// Functions whose registrations can be changed together.
    #[serde(default, rename = "group")]
    pub groups: Vec<GroupRow>,
    /// Calls that change what was registered before.
    #[serde(default, rename = "wrap")]
    pub wraps: Vec<WrapRow>,
    /// Objects that are parts of a tree of pages.
    #[serde(default, rename = "node")]
    pub nodes: Vec<NodeRow>,
    /// Files that are endpoints by their place.
    #[serde(default, rename = "file-route")]
    pub file_routes: Vec<FileRouteRow>,
    /// Handlers that stand in a folder under names, and the tables that speak of these names.
    #[serde(default, rename = "named")]
    pub named: Vec<NamedRow>,
    /// Objects whose members are endpoints by their names.
    #[serde(default, rename = "tree")]
    pub trees: Vec<TreeRow>,
    /// Calls that do something to the world.
    #[serde(default, rename = "sink")]
    pub sinks: Vec<SinkRow>,
    /// Calls that make values harmless.
    #[serde(default, rename = "sanitizer")]
    pub sanitizers: Vec<SanitizerRow>,
    /// Calls that are wrong by themselves, whatever a client sends.
    #[serde(default, rename = "misuse")]
    pub misuses: Vec<MisuseRow>,
    /// Calls by which a program provides something for its requests.
    #[serde(default, rename = "provision")]
    pub provisions: Vec<ProvisionRow>,
    /// Calls that are given what only the program may know.
    #[serde(default, rename = "key")]
    pub keys: Vec<KeyRow>,
    /// Calls that give a constant where they are given constants only.
    #[serde(default, rename = "pure")]
    pub pures: Vec<PureRow>,
    /// Calls that give a file, or what is in it.
    #[serde(default, rename = "opener")]
    pub openers: Vec<OpenerRow>,
    /// Words that tell what a name is about.
    #[serde(default, rename = "lexicon")]
    pub lexicons: Vec<LexiconRow>,
    /// Definitions of the columns of stored rows.
    #[serde(default, rename = "record")]
    pub records: Vec<RecordRow>,
    /// Calls that hand on what they are given in another form.
    #[serde(default, rename = "propagator")]
    pub propagators: Vec<PropagatorRow>,
    /// Calls that add to an endpoint that is built up.
    #[serde(default, rename = "step")]
    pub steps: Vec<StepRow>,
    /// Calls that give all requests of a server to one function.
    #[serde(default, rename = "serve")]
    pub serves_by_hand: Vec<ServeRow>,
    /// Calls that make a function of a class whose methods answer.
    #[serde(default, rename = "view")]
    pub views: Vec<ViewRow>,
    /// Calls that give an address a name.
    #[serde(default, rename = "address")]
    pub addresses: Vec<AddressRow>,
    /// Calls that serve what decorators have registered.
    #[serde(default, rename = "scan")]
    pub scans: Vec<ScanRow>,
    /// Objects whose members are the settings of a program.
    #[serde(default)]
    pub settings: Vec<SettingsRow>,
    /// Files that are no code, and that programs read.
    #[serde(default, rename = "document")]
    pub documents: Vec<DocumentRow>,
    /// How engines write templates.
    #[serde(default, rename = "template")]
    pub templates: Vec<TemplateRow>,
    /// Calls that fill templates.
    #[serde(default, rename = "render")]
    pub renders: Vec<RenderRow>,
    /// Calls of code that is not seen, by what they are given.
    #[serde(default, rename = "unseen")]
    pub unseen: Vec<UnseenRow>,
    /// What code of the language imports of the packages of an ecosystem.
    #[serde(default, rename = "modules")]
    pub modules: Vec<ModulesRow>,
}

/// Rows that are matched on a path.
macro_rules! paths {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            /// What is matched; see the module's documentation.
            #[serde(deserialize_with = "one_or_many")]
            pub call: Vec<String>,
            /// The versions of the package that the row holds for: `<5`, `>=5`, `4`; empty for all.
            #[serde(default)]
            pub version: String,
            $($(#[$fmeta])* pub $field: $ty,)*
        }
    )*};
}

/// The type of a value, and how it comes about.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TypeRow {
    /// Its name: a path below the package.
    pub name: String,
    /// Calls and constructions that give it, without parentheses; the name itself is always one. A segment `*` is any
    /// name; `*.name` is a method of anything that is not known otherwise.
    #[serde(default, deserialize_with = "one_or_many")]
    pub from: Vec<String>,
    /// A type whose rows hold for it too.
    #[serde(default)]
    pub extends: Option<String>,
    /// Methods that give the object itself.
    #[serde(default)]
    pub fluent: Vec<String>,
    /// What its members are: name and type.
    #[serde(default)]
    pub fields: std::collections::BTreeMap<String, String>,
    /// Paths that are such an object themselves, one for each program.
    #[serde(default, deserialize_with = "one_or_many")]
    pub instances: Vec<String>,
    /// Files that lie in the root of a program, to tell its instances from those of others; `.` where each folder has
    /// one of its own.
    #[serde(default)]
    pub instance_roots: Vec<String>,
    /// Endpoints are registered on it.
    #[serde(default)]
    pub scope: Option<ScopeKind>,
    /// Of several endpoints that fit a request the most specific one answers, whatever their order.
    #[serde(default)]
    pub most_specific: bool,
    /// Guards of its endpoints are written at their handlers, not where the endpoints are registered.
    #[serde(default)]
    pub guards_at_handlers: bool,
    /// What is attached to it reaches only its own endpoints, even where it is mounted at the root.
    #[serde(default)]
    pub encapsulates: bool,
    /// The path it adds in front of its endpoints, as an access path of its construction.
    #[serde(default)]
    pub prefix: Option<String>,
    /// The path at which its endpoints are reached from outside, wherever it is mounted: an access path of its
    /// construction. Where there is none, what it is mounted at says so.
    #[serde(default)]
    pub address: Option<String>,
    /// How its paths are written and compared.
    #[serde(default)]
    pub paths: PathStyle,
    /// The style of older versions of the package.
    #[serde(default)]
    pub older_paths: Option<OlderPaths>,
    /// The entry signature of the functions attached to it.
    #[serde(default)]
    pub entry: Option<String>,
    /// The container class whose controllers it serves, as an access path of its construction.
    #[serde(default)]
    pub container: Option<String>,
    /// How its endpoints are spoken to.
    #[serde(default)]
    pub protocol: Speech,
    /// Of its endpoints that fit a request, the one with the most definite path answers, whatever their order.
    #[serde(default)]
    pub by_precision: bool,
    /// The version of its endpoints, which stands as `/v1` in front of the whole path: an access path of its
    /// construction. The innermost scope that has one says it.
    #[serde(default)]
    pub version: String,
    /// A class that derives from it stands for what a call of its name with the attributes of the class, each passed by
    /// its name, would make.
    #[serde(default)]
    pub by_class: bool,
    /// Members whose value is what a method of the object gives: the member and the method, by names.
    #[serde(default)]
    pub getters: std::collections::BTreeMap<String, String>,
    /// A handler for every method is an endpoint of its own for each method that it treats by itself.
    #[serde(default)]
    pub splits_methods: bool,
}

/// How versions before a change write their paths.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OlderPaths {
    /// Which versions: `<5`.
    pub version: String,
    /// Their style.
    pub paths: PathStyle,
}

/// What kind of scope a type is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeKind {
    /// Serves requests by itself.
    Root,
    /// Serves requests only where it is mounted.
    Part,
}

/// How route templates are written and compared with paths.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathStyle {
    /// `:name`, `*` anywhere, any case, trailing slash tolerated (path-to-regexp before 1).
    #[default]
    Classic,
    /// `:name`, `/*name`, `{/:optional}`, any case, trailing slash tolerated (path-to-regexp 8).
    Named,
    /// `:name`, `*`; case and trailing slash matter; `/a/*` covers `/a` too.
    Strict,
    /// `{name}`, `{name?}`, `{name*}`, `{name:path}`, and `{name+}` for at least one segment; case and trailing slash
    /// matter.
    Braces,
    /// `<name>`, `<converter:name>`, and `<path:name>` for everything from there on; case and trailing slash matter.
    Angles,
    /// `<name>`, `<name:filter>`, and `<name:path>` for everything from there on; case and trailing slash matter.
    Filters,
    /// Regular expressions that fit the whole path; case and trailing slash matter.
    Expressions,
    /// `@name`, `@name:type`, and `?name` for a segment that may be missing; case matters.
    Signs,
    /// Names of operations, joined by dots where they do not end in punctuation already.
    Dotted,
}

/// The signature of a function that the framework calls, and how it hands the request on.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EntryRow {
    /// Its name, by which other rows refer to it.
    pub name: String,
    /// The types of its parameters.
    pub params: Vec<String>,
    /// The types of its parameters if it declares exactly as many as these: an error handler.
    #[serde(default)]
    pub error_params: Vec<String>,
    /// How it hands the request on.
    pub goes_on: GoesOn,
    /// The method that is called, where the attached value is a class or an instance.
    #[serde(default)]
    pub method: Option<String>,
    /// Its return value is the answer.
    #[serde(default)]
    pub returns_answer: bool,
    /// A text that it returns is a page.
    #[serde(default)]
    pub returns_page: bool,
    /// What it returns is what a view is filled with: a page, unless something of the request or of stored data is
    /// in it.
    #[serde(default)]
    pub returns_view: bool,
    /// The type of its receiver.
    #[serde(default)]
    pub receiver: Option<String>,
    /// Decorators of the parameters say what is passed.
    #[serde(default)]
    pub binds: bool,
    /// Its parameters are inputs of this kind, passed by their names. With `binds` these are the parameters that
    /// nothing says more of: one that the template names is a part of the path, one whose type is a class of the
    /// program is the body, and one whose type is that of an object the framework passes is that object. What a
    /// type refuses is refused before the function runs.
    #[serde(default)]
    pub inputs: Option<SourceKind>,
    /// With `binds` and `inputs`, parameters that are known by their names: the name, and the type of the object that
    /// is passed or `source:` and the path of a source.
    #[serde(default)]
    pub named: std::collections::BTreeMap<String, String>,
    /// A method of a class of the program is called on an instance that is made with the arguments.
    #[serde(default)]
    pub makes_receiver: bool,
    /// Where it returns a list, the position of the status in it; the answer is the first.
    #[serde(default)]
    pub status_item: Option<usize>,
    /// Where it returns an object, the member that holds the status.
    #[serde(default)]
    pub status_member: String,
    /// Where it returns an object, the member that is the answer.
    #[serde(default)]
    pub body_member: String,
    /// It gets an input and gives it back, or refuses it.
    #[serde(default)]
    pub transforms: bool,
    /// It gets the requests of all endpoints, and tells them apart by their method and path itself.
    #[serde(default)]
    pub dispatches: bool,
    /// The signature of the last function of an endpoint's chain, if that is another.
    #[serde(default)]
    pub handler: Option<String>,
    /// The members of what it returns or hands on become members of the object of this type that later functions
    /// are given.
    #[serde(default)]
    pub fills: Option<String>,
}

/// How a function hands the request on.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoesOn {
    /// By calling a parameter that a `continue` row names.
    #[default]
    Call,
    /// By returning, unless it has answered.
    Return,
    /// By calling its last parameter if it declares all of them, else by returning.
    CallOrReturn,
    /// By returning nothing; anything else that it returns is the answer.
    ReturnNothing,
    /// By returning something truthy.
    Truthy,
    /// Never: it answers by its return value.
    Never,
    /// Never: it draws a page, in the client as well as on the server. It is not run, since what it refuses it only
    /// does not show.
    Draws,
}

paths! {
    /// A call that registers an endpoint.
    EndpointRow {
        /// `$name`, a method, or an access path.
        method: String,
        /// The scope, if it is not the receiver: `return` if the call gives an object that is one.
        #[serde(default)]
        scope: String,
        /// The type of a scope of its own that the endpoint stands in.
        #[serde(default)]
        into: String,
        /// The template; empty if the scope's own path is meant.
        #[serde(default)]
        path: String,
        /// What runs, in order; the last is the handler.
        #[serde(deserialize_with = "one_or_many")]
        chain: Vec<String>,
        /// Calls with fewer arguments register nothing.
        #[serde(default)]
        min_args: usize,
        /// The first of two leading paths is a name for the endpoint.
        #[serde(default)]
        name_first: bool,
        /// A list as first argument stands for one call for each of its elements.
        #[serde(default)]
        each: bool,
        /// One call is meant for each of the values at this access path, which take the place of the first argument.
        #[serde(default)]
        items: String,
        /// The values at `items` are lists, whose elements take the place of all arguments.
        #[serde(default)]
        item_lists: bool,
        /// Functions of the framework that settings of the endpoint put into its chain, or take out of it.
        #[serde(default)]
        implies: Vec<Implied>,
        /// Elements of `chain` that may be an options object: the keys that hold functions, in order of running.
        #[serde(default)]
        options: Vec<String>,
        /// The type of the object that the call gives, which stands for the endpoint in `wrap` rows.
        #[serde(default)]
        gives: String,
        /// An element of `chain` may be a list of a class and a method's name; the name where it is missing.
        #[serde(default)]
        method_name: String,
        /// Where the handler is a class, each of its methods that is named like an HTTP method answers that one.
        #[serde(default)]
        by_methods: bool,
        /// The call gives the last function of its chain back, as decorators do.
        #[serde(default)]
        gives_chain: bool,
        /// Functions that are each given the handler and give what takes its place, outermost first.
        #[serde(default)]
        wrapped_by: String,
        /// The handler may be given as a text, by which the framework finds it.
        #[serde(default)]
        by_name: bool,
        /// The name of its address, which an `address` row gives it: an access path. What the program says of the class
        /// that a method in `chain` belongs to counts as an argument of the call.
        #[serde(default)]
        address: String,
        /// It counts only under this condition.
        #[serde(default)]
        when: Option<When>,
        /// The path of the `view` row by which a class in `chain` becomes a function.
        #[serde(default)]
        view: String,
        /// Where a schema for an input stands: input kind and access path.
        #[serde(default)]
        schemas: std::collections::BTreeMap<String, String>,
        /// The entry signature, if it is not that of the scope.
        #[serde(default)]
        entry: Option<String>,
    }
    /// A call that attaches functions or child scopes.
    AttachRow {
        /// One call is meant for each of the values at this access path, which take the place of the first argument.
        #[serde(default)]
        items: String,
        /// The scope, if it is not the receiver: an access path; `return` if the call itself makes one.
        #[serde(default)]
        scope: String,
        /// The path prefix; with `?` only if the argument is a path.
        #[serde(default)]
        path: String,
        /// What is attached.
        #[serde(deserialize_with = "one_or_many")]
        chain: Vec<String>,
        /// Which endpoints it reaches.
        reach: Reach,
        /// The call gives the first function of its chain back, as decorators do.
        #[serde(default)]
        gives_chain: bool,
        /// The type of a scope of its own that the chain is attached to: its functions run for what the scopes in it
        /// answer, and for nothing else.
        #[serde(default)]
        into: String,
        /// The path stands in place of the one that the attached scope adds by itself.
        #[serde(default)]
        replaces_prefix: bool,
        /// A function in `chain` without parameters loads the module that is attached.
        #[serde(default)]
        is_lazy: bool,
        /// The path is a pattern rather than a prefix: it covers nothing below it without a wildcard.
        #[serde(default)]
        is_exact: bool,
        /// The attachment counts only if this argument is one of these strings.
        #[serde(default)]
        when: Option<When>,
        /// The entry signature, if it is not that of the scope.
        #[serde(default)]
        entry: Option<String>,
        /// The type of the scope that the call makes, which is attached and given.
        #[serde(default)]
        gives: String,
        /// In a handler the call hands the request on to the scope, whose endpoints answer it.
        #[serde(default)]
        serves: bool,
    }
    /// A call that gives an object for a part of the scope it is called on.
    SubRow {
        /// The type of the object.
        r#type: String,
        /// The scope, if it is not the receiver: an access path.
        #[serde(default)]
        scope: String,
        /// The path of the part.
        #[serde(default)]
        prefix: String,
        /// A function that is called with the part.
        #[serde(default)]
        body: Option<String>,
    }
    /// A call that calls a function with a scope to fill.
    PluginRow {
        /// The scope around, if it is not the receiver.
        #[serde(default)]
        scope: String,
        /// The function.
        plugin: String,
        /// The type of the new scope.
        r#type: String,
        /// The path of the new scope.
        #[serde(default)]
        prefix: String,
        /// Arguments handed on besides the scope.
        #[serde(default)]
        pass: Vec<String>,
        /// Members that hold the function where an object stands for it; followed as long as there is one. A text is
        /// the name of a module then.
        #[serde(default)]
        unwrap: Vec<String>,
        /// The path of the constant by which code names the module that it stands in.
        #[serde(default)]
        own_name: String,
        /// A list as first argument stands for one call for each of its elements.
        #[serde(default)]
        each: bool,
        /// What the function attaches reaches the scope around it.
        #[serde(default)]
        same_scope: bool,
        /// An access path of the folder whose files are plugins: each is called with a scope of its own, at the path
        /// of the folders between.
        #[serde(default)]
        folder: String,
        /// Under this condition the folders between add nothing.
        #[serde(default)]
        flat_when: Option<When>,
    }
    /// A call that makes endpoints.
    ResourceRow {
        /// The scope they are registered on: an access path, or `state:name`.
        scope: String,
        /// The endpoints.
        routes: Vec<ResourceRoute>,
        /// The class whose methods answer: an access path.
        #[serde(default)]
        class: String,
        /// A dot in the path stands for a resource below another, named by this parameter; `$` is its singular.
        #[serde(default)]
        parent: String,
        /// The type of the object that the call gives, which stands for the endpoints in `wrap` rows.
        #[serde(default)]
        gives: String,
        /// The class of the rows that clients write by the endpoints: an access path.
        #[serde(default)]
        rows: String,
        /// The names of the columns that they do not.
        #[serde(default)]
        unset: String,
    }
    /// A call that runs a function, and gives an object that stands for what the function has registered.
    GroupRow {
        /// The function.
        body: String,
        /// The type of the object.
        gives: String,
    }
    /// A call that changes the endpoints that its receiver stands for.
    WrapRow {
        /// What runs before them, behind what a call on the same receiver has put there before.
        #[serde(default)]
        chain: String,
        /// The entry signature of `chain`.
        #[serde(default)]
        entry: Option<String>,
        /// The path that is put in front of theirs.
        #[serde(default)]
        prefix: String,
        /// Names of the only handlers that are affected; `*` for all.
        #[serde(default)]
        only: String,
        /// Names of the only handlers whose endpoints stay.
        #[serde(default)]
        keep: Vec<String>,
        /// Names of handlers whose endpoints go.
        #[serde(default)]
        drop: Vec<String>,
    }
    /// A call that registers an object whose methods answer requests by their names. Where none of its arguments is
    /// such an object, the row says nothing; where one is, no other row of the call counts.
    ServiceRow {
        /// The path.
        path: String,
        /// The object: of these values, the first that is an instance of a class of the program, an object with one of
        /// the methods, or of one of `types`. Functions before it run before its methods.
        object: String,
        /// Types of objects of libraries that are services, and the methods they have.
        #[serde(default)]
        types: std::collections::BTreeMap<String, Vec<String>>,
        /// Lists of functions that run before its methods as well: access paths of the arguments behind the object.
        #[serde(default, deserialize_with = "one_or_many")]
        before: Vec<String>,
        /// A list of the names of the only methods that are served, and of further ones, where there is one: an access
        /// path of the arguments behind the object.
        #[serde(default)]
        only: String,
        /// The type of a scope: where one is attached to the receiver, the endpoints stand there.
        #[serde(default)]
        within: String,
        /// The methods.
        routes: Vec<ServiceRoute>,
        /// How a method is served that only the list names.
        #[serde(default)]
        further: Option<ServiceRoute>,
    }
    /// A call that puts functions around the methods of services, whenever these are registered. The table is a list
    /// of functions for all methods, an object with a function or list for each method, or an object with such a
    /// table for each of `stages`.
    AroundRow {
        /// The path of the service, or the class or object that is one; empty for all services of the receiver.
        #[serde(default)]
        service: String,
        /// The table.
        table: String,
        /// The entry signature of the functions.
        entry: String,
        /// Members of the table whose functions run before the methods, in order; a table without any is the first.
        stages: Vec<String>,
        /// Members of the table whose functions run otherwise.
        #[serde(default)]
        ignored: Vec<String>,
        /// The name that stands for all methods.
        every: String,
    }
    /// A call that remembers values.
    StateRow {
        /// Name and access path.
        set: std::collections::BTreeMap<String, String>,
    }
    /// A read or call that gives input.
    SourceRow {
        /// What kind of input.
        kind: SourceKind,
        /// For a call: the argument that names the input.
        #[serde(default)]
        name: String,
        /// For a request or response: the type of the object, if it is not the receiver. For the caller: the type of an
        /// object that is there for anonymous callers, too, so that nothing follows from its presence.
        #[serde(default)]
        r#type: String,
        /// What is read from it are texts, never objects.
        #[serde(default)]
        texts: bool,
        /// For the caller: falsehood says what truth would.
        #[serde(default)]
        negated: bool,
        /// The kinds of sink that it can do harm to; all if empty.
        #[serde(default)]
        harms: Vec<SinkKind>,
        /// What a read of the environment gives where nothing is set.
        #[serde(default)]
        otherwise: String,
        /// A member of the environment is the setting of its name in capital letters; a value that the class of the
        /// program gives it stands in where nothing is set.
        #[serde(default)]
        in_capitals: bool,
    }
    /// A call that answers.
    ResponderRow {
        /// The status: a number or an access path; else that of an earlier `sets-status` call, else 200.
        #[serde(default)]
        status: String,
        /// What is sent.
        #[serde(default)]
        body: String,
        /// The call only sets the status of a later answer, to this access path; with `status` it is an answer, too.
        #[serde(default)]
        sets_status: String,
        /// The call only sets the media type of a later answer, to this access path.
        #[serde(default)]
        sets_type: String,
        /// It holds only under this condition; without `sets-type`, the call hands the request on otherwise.
        #[serde(default)]
        when: Option<When>,
        /// The answer sends the client elsewhere: the access path of the target.
        #[serde(default)]
        redirect: String,
        /// The body is what a view is filled with: a page, unless something of the request or of stored data is in it.
        #[serde(default)]
        is_view: bool,
        /// The call gives an answer that counts only when it is returned.
        #[serde(default)]
        is_value: bool,
        /// The value hands the request on when it is returned.
        #[serde(default)]
        goes_on: bool,
        /// The call does not return.
        #[serde(default)]
        ends: bool,
        /// It is a part of the answer only: the request goes on as if nothing had been answered.
        #[serde(default)]
        is_part: bool,
    }
    /// A call that hands the request on.
    ContinueRow {
        /// An error that is handed on instead.
        #[serde(default)]
        error: String,
        /// Argument values that skip the rest of the route instead.
        #[serde(default)]
        skip: Vec<String>,
        /// What is handed on besides: its members become members of the object of the type `into`.
        #[serde(default)]
        fills: String,
        /// The type whose object takes the members of `fills`.
        #[serde(default)]
        into: String,
        /// The type of what it gives: the answer of what the request was handed on to.
        #[serde(default)]
        gives: String,
    }
    /// A call that checks a credential or a permission.
    GuardRow {
        /// What is checked.
        kind: GuardKind,
        /// When the check has succeeded.
        holds: Holds,
        /// What the call, or the callback's value, gives.
        #[serde(default)]
        gives: Gives,
        /// For `holds = "callback"`: the callback.
        #[serde(default)]
        callback: String,
        /// The callback's parameter that is set on failure.
        #[serde(default)]
        callback_error: Option<usize>,
        /// The callback's parameter that is set on success.
        #[serde(default)]
        callback_value: Option<usize>,
        /// It lets everybody pass if one of these holds.
        #[serde(default)]
        optional_when: Vec<When>,
        /// It asks for a role, too, if one of these holds.
        #[serde(default)]
        role_when: Vec<When>,
        /// It lets everybody pass always.
        #[serde(default)]
        is_optional: bool,
        /// Names under which it leaves what it learnt in the request.
        #[serde(default)]
        sets: Vec<String>,
        /// Paths that are let pass: an access path of the call.
        #[serde(default)]
        except: String,
        /// Regular expressions for the paths that are let pass, which are looked for anywhere in the request's path: an
        /// access path.
        #[serde(default)]
        except_patterns: String,
        /// It counts only if the call has at least this many arguments.
        #[serde(default)]
        min_args: usize,
        /// For a guard that is made: the function that runs behind it, with what the guard is called with. For
        /// others: a function that is given back as it is, because the call checks nothing itself.
        #[serde(default)]
        wraps: String,
        /// A function of the program that decides who passes, if it is given: its access path.
        #[serde(default)]
        decided_by: String,
        /// The types of what that function is called with.
        #[serde(default)]
        decided_with: Vec<String>,
        /// Nobody passes if this access path is a value made at random.
        #[serde(default)]
        denied_when_random: String,
        /// A method of the receiver that decides, where the program overrides it; it gets what a callback gets.
        #[serde(default)]
        hook: String,
        /// The type of the object that `sets` speaks of, if it is not the first argument.
        #[serde(default)]
        sets_on: String,
        /// A member of the receiver of the wrapped method that says who the caller is: where it is falsy nobody
        /// passes, and what is known where it is truthy is all that the guard makes sure of.
        #[serde(default)]
        asks: String,
    }
    /// A call that limits how often a caller comes.
    LimiterRow {
        /// When the check has succeeded.
        holds: Holds,
        /// It counts only under this condition.
        #[serde(default)]
        when: Option<When>,
        /// It does not count for endpoints that carry something truthy under this key.
        #[serde(default)]
        unless: String,
    }
    /// A call that checks input.
    ValidatorRow {
        /// When the check has succeeded.
        holds: Holds,
        /// What is checked: an access path. For a middleware words, each of them one of: the name of an input kind;
        /// an access path of such a name; `kind:access`, the input of that kind and name; `keys:access`, the kinds
        /// that an object has members for.
        #[serde(default)]
        from: String,
        /// The result is the checked value; a decorator passes it on in front of what is passed by name.
        #[serde(default)]
        gives_checked: bool,
        /// It counts only under this condition.
        #[serde(default)]
        when: Option<When>,
        /// The check matters only if a call of this path acts on its result.
        #[serde(default)]
        collected_by: String,
        /// The class whose members say what is checked: an access path. Without constraints nothing is.
        #[serde(default)]
        schema: String,
    }
    /// A function known to refuse nothing.
    NeutralRow {
        /// Why, as a phrase.
        #[serde(default)]
        note: String,
    }
    /// A read or write of stored data.
    EffectRow {
        /// It changes data.
        #[serde(default)]
        write: bool,
        /// What chooses the rows.
        #[serde(default, deserialize_with = "one_or_many")]
        filter: Vec<String>,
        /// What is stored.
        #[serde(default, deserialize_with = "one_or_many")]
        values: Vec<String>,
        /// The filter is an identifier itself rather than an object of conditions.
        #[serde(default)]
        by_id: bool,
        /// It creates rows: nothing is chosen.
        #[serde(default)]
        creates: bool,
        /// A function called with the error and the result, where the call takes one.
        #[serde(default)]
        callback: String,
        /// The text of a statement, which says whether data is changed or made.
        #[serde(default)]
        statement: String,
        /// The type of the result, a query that can be refined.
        #[serde(default)]
        gives: String,
        /// The name of the call says whether data is changed or made: `delete_order`.
        #[serde(default)]
        by_name: bool,
        /// The class of the rows, where the receiver does not say it: an access path.
        #[serde(default)]
        of: String,
        /// What is read along with the rows and becomes a part of them: classes, or objects that name one.
        #[serde(default, deserialize_with = "one_or_many")]
        joins: Vec<String>,
    }
    /// A call that does something to the world with what it is given.
    SinkRow {
        /// What a client can do who chooses the value.
        kind: SinkKind,
        /// The values.
        #[serde(deserialize_with = "one_or_many")]
        arg: Vec<String>,
        /// Only under this condition.
        #[serde(default)]
        when: Option<When>,
        /// A client's value in a member harms as well.
        #[serde(default)]
        deep: bool,
        /// Only values that may be objects harm: those of bodies and query strings.
        #[serde(default)]
        objects_only: bool,
        /// Objects do no harm.
        #[serde(default)]
        texts_only: bool,
        /// It takes any text as what it is: what is stored harms there, too. Elsewhere only a text with markup of its own
        /// is taken for a page.
        #[serde(default)]
        stored: bool,
        /// Only a part of the request whose members the client chooses harms, or an object that such a part was spread
        /// into.
        #[serde(default)]
        whole: bool,
        /// Only members of these names harm, at any depth of the values.
        #[serde(default)]
        members: Vec<String>,
        /// What the value passes on its way: an instance of a class of the program may refuse it there, which is not
        /// looked at. An access path.
        #[serde(default)]
        through: String,
    }
    /// A call whose result is its argument, made harmless.
    SanitizerRow {
        /// The argument; the first one if empty.
        #[serde(default)]
        of: String,
        /// The kinds of sink that the result can do no harm to.
        clears: Vec<SinkKind>,
        /// It answers whether the argument is harmless instead of giving a harmless one: what is said here holds of the
        /// argument where the answer is truthy.
        #[serde(default)]
        tests: bool,
        /// Only under this condition.
        #[serde(default)]
        when: Option<When>,
    }
    /// A call whose result is made of its arguments: whoever chooses them chooses it. Calls without a row do so too, but
    /// may have checked what they were given; this row says that they do not.
    PropagatorRow {
        /// The arguments; all of them if empty.
        #[serde(default, deserialize_with = "one_or_many")]
        of: Vec<String>,
        /// The result is a text, whatever the arguments are.
        #[serde(default)]
        text: bool,
        /// The arguments are texts that the result is read from: it may be an object.
        #[serde(default)]
        parses: bool,
        /// A stored row that is given stays one, with all its columns.
        #[serde(default)]
        rows: bool,
    }
    /// A call that runs a function with values of known types.
    CallbackRow {
        /// The function.
        #[serde(default)]
        callback: String,
        /// The types of its parameters: `error` for an error, `body` for the body of the request, `archive` for what
        /// stands in an archive, empty if not known.
        #[serde(default)]
        params: Vec<String>,
        /// The type of what the call itself gives.
        #[serde(default)]
        gives: String,
        /// It runs the function only under this condition.
        #[serde(default)]
        when: Option<When>,
    }
    /// A definition of the columns of stored rows: of what the receiver stands for.
    RecordRow {
        /// An object that has a member for each column.
        columns: String,
        /// Names of columns that are left out of what is read.
        #[serde(default)]
        hidden: String,
    }
    /// A call that makes a function out of others: it hands the request on if one of them does.
    CombineRow {
        /// The functions.
        functions: String,
        /// Under this condition only if all of them do.
        #[serde(default)]
        all_when: Option<When>,
        /// Only if all of them do.
        #[serde(default)]
        all: bool,
        /// Their signature.
        entry: String,
        /// A function that is called with the same arguments: where it gives something falsy, none of them runs and
        /// the request is handed on.
        #[serde(default)]
        condition: String,
        /// Functions that run in that case.
        #[serde(default)]
        otherwise: String,
    }
    /// A call that makes a function which says yes or no of a request, and says yes for every request from outside.
    VerdictRow {
        /// It says so only under this condition; else what it says is not known.
        #[serde(default)]
        when: Option<When>,
    }
    /// A call that makes a middleware which sets members of the request to what functions give, or to other members.
    DeriveRow {
        /// The type of the object that is changed, or whose member is.
        of: String,
        /// Objects that have a function for each member, or a call that was made with such an object.
        #[serde(default)]
        functions: String,
        /// The member of the object whose members the functions give.
        #[serde(default)]
        member: String,
        /// The types of the functions' parameters: `self` for what the member is so far, empty for what is not known.
        #[serde(default)]
        passes: Vec<String>,
        /// Names with dots between, which lead to a member that is copied.
        #[serde(default)]
        from: String,
        /// Where it is copied to, in the same way.
        #[serde(default)]
        to: String,
    }
    /// A constant of a library.
    ConstantRow {
        /// Its value: a number if it is written as one, `$folder` for the folder of the file that uses it, `$file` for
        /// that file, else text.
        value: String,
    }
    /// A function whose meaning the evaluator knows.
    BuiltinRow {
        /// The operation.
        op: String,
    }
    /// A function that wraps another and behaves like it.
    WrapperRow {
        /// The wrapped function.
        wraps: String,
        /// What the wrapped function is called with: `arg[0]` of the call of the wrapper, types, or `path:` and the path
        /// of something of a library; the arguments as they are if empty.
        #[serde(default)]
        passes: Vec<String>,
        /// The wrapped function is not encapsulated: what it attaches reaches the scope around it.
        #[serde(default)]
        same_scope: bool,
    }
    /// A call that is wrong by itself, whatever a client sends: what its options evaluate to makes it so, wherever
    /// they were written. `path=` in `call` is the assignment of a member, whose value is `arg[0]`. A row counts where
    /// all its conditions are proved; of several rows for a lint that count at a call, the worst does.
    MisuseRow {
        /// The lint that tells of it: one without a Rust half, or one about what clients send.
        lint: String,
        /// What must hold.
        #[serde(default, deserialize_with = "one_or_many_conditions")]
        when: Vec<When>,
        /// What is wrong. `{call}` stands for the last names of the call, `{value}` for the value of the last
        /// condition that has one, and `{about}` for the name that made it be about something.
        says: String,
        /// The severity, where it is lower than that of the lint: `info`, `low`, …
        #[serde(default)]
        at_most: String,
        /// Code of another package decides over it: the finding rests on something that was not seen.
        #[serde(default)]
        unsure: bool,
    }
    /// A call that gives a constant where it is given constants only, and that nothing changes later.
    PureRow {}
    /// A call that gives a file, or what is in it, by the path that it is given first.
    OpenerRow {}
    /// A middleware or option that tells internals to clients.
    LeakRow {
        /// What it tells.
        tells: String,
        /// It counts only under this condition.
        #[serde(default)]
        when: Option<When>,
    }
    /// A class decorator that makes its methods answer requests.
    ControllerRow {
        /// The path prefix: the first of these access paths that is one.
        #[serde(default, deserialize_with = "one_or_many")]
        prefix: Vec<String>,
        /// The endpoints' version, where the scope puts versions into paths.
        #[serde(default)]
        in_version: String,
        /// The type of the scope that stands for an unseen program.
        scope: String,
        /// The entry signature of its methods.
        entry: String,
        /// How its methods are spoken to.
        #[serde(default)]
        protocol: Speech,
    }
    /// A method decorator that makes an endpoint.
    ActionRow {
        /// `$name`, a method, or an access path; for operations the kind of operation.
        method: String,
        /// The path of the `controller` row that holds for a class with such a method and no such row of its own.
        #[serde(default)]
        controller: String,
        /// The template: the first of these access paths that is one; for operations the name.
        #[serde(default, deserialize_with = "one_or_many")]
        path: Vec<String>,
        /// How it is spoken to.
        #[serde(default)]
        protocol: Speech,
    }
    /// A decorator that attaches functions, or says something.
    DecorateRow {
        /// What is attached.
        #[serde(default)]
        chain: String,
        /// The entry signature.
        #[serde(default)]
        entry: Option<String>,
        /// What the decorator says instead of attaching.
        #[serde(default)]
        says: Option<Says>,
        /// What it stores for guards to read: the key, then the value, of which the first that is present counts.
        #[serde(default)]
        metadata: Vec<String>,
    }
    /// A decorator that binds a parameter.
    BindRow {
        /// To what.
        kind: SourceKind,
        /// The name of the input.
        #[serde(default)]
        name: String,
        /// Functions the input passes first.
        #[serde(default, deserialize_with = "one_or_many")]
        pipes: Vec<String>,
        /// For a request or response: the type of the object.
        #[serde(default)]
        r#type: String,
        /// A function that gives the value, or else the class that the parameter is declared with. Its own parameters
        /// are bound in the same way.
        #[serde(default)]
        calls: String,
        /// The member by which a class in `calls` says what it is made with, in place of its constructor: where code
        /// has given it one, its fields are bound like parameters.
        #[serde(default)]
        made_with: String,
        /// Arguments of the decorator one of which makes any text an input that is checked: access paths.
        #[serde(default)]
        checks: Vec<String>,
        /// The value stands under its name in the body where this access path is true, not in place of the body.
        #[serde(default)]
        embeds: String,
        /// Underscores in the parameter's name stand for dashes in that of the input.
        #[serde(default)]
        dashes: bool,
        /// A function that gives the value, called with the decorator's first argument and `context`.
        #[serde(default)]
        factory: String,
        /// The type of the second argument of `factory`.
        #[serde(default)]
        context: String,
    }
    /// A call that makes endpoints of the members of an object: functions, endpoints that were built up, scopes, and
    /// objects of these. The result, or the receiver where that is a scope, is the scope they belong to.
    TreeRow {
        /// The object, or a list of such.
        #[serde(deserialize_with = "one_or_many")]
        members: Vec<String>,
        /// The type of the scope that the call gives.
        #[serde(default)]
        r#type: String,
        /// The names that count at the top; all if empty.
        #[serde(default)]
        only: Vec<String>,
        /// Members of an object that is an endpoint itself: the functions that answer, in order of preference.
        #[serde(default)]
        handlers: Vec<String>,
        /// What runs before every endpoint.
        #[serde(default)]
        before: String,
        /// The entry signature of `before`.
        #[serde(default)]
        before_entry: Option<String>,
        /// The method by which the endpoints are called where they are built up in no way that says it.
        #[serde(default)]
        method: String,
        /// Texts in the schema definition language: the fields of the types in `only` are endpoints, too, and a
        /// library answers where there is no member for one.
        #[serde(default, deserialize_with = "one_or_many")]
        declared: Vec<String>,
        /// An object whose functions answer the fields of `declared` by their names alone.
        #[serde(default)]
        roots: String,
        /// The entry signature of the functions in `roots`.
        #[serde(default)]
        roots_entry: Option<String>,
        /// The scope that the new one is mounted on.
        #[serde(default)]
        mount: String,
        /// The path at which it is mounted.
        #[serde(default)]
        mount_path: String,
    }
    /// A call that makes a function of a class: for each request it makes an instance and calls the method that is
    /// named as the request's method, in lower case. An endpoint of it exists for each such method.
    ViewRow {
        /// The method that every request goes through, and that calls the one for the request's method by itself.
        #[serde(default)]
        answers: String,
        /// A table of the requests' methods, in lower case, and the names of the methods that answer them.
        #[serde(default)]
        actions: String,
        /// The member of the instance that holds that table.
        #[serde(default)]
        actions_into: String,
        /// An object whose members become those of the instance.
        #[serde(default)]
        initial: String,
        /// The member of the class that lists the only methods of requests that are answered, in lower case.
        #[serde(default)]
        only: String,
        /// The class.
        class: String,
        /// The methods that may answer.
        verbs: Vec<String>,
        /// How a method that answers is named: `$` stands for the request's method in lower case, `%` in upper case.
        #[serde(default)]
        names: String,
        /// What stands behind that name, after an underscore: an access path of the registration.
        #[serde(default)]
        suffix: String,
        /// Methods that run before, in order, where the program defines them.
        #[serde(default)]
        before: Vec<String>,
        /// The program gives an instance, which answers all requests, in place of the class.
        #[serde(default)]
        by_instance: bool,
        /// The method that answers every request, where the program defines one.
        #[serde(default)]
        dispatch: String,
        /// The member of the class that lists the requests' methods, where `dispatch` answers; `GET` without it.
        #[serde(default)]
        methods: String,
        /// The member of the class that lists functions which wrap the view, innermost first.
        #[serde(default)]
        decorators: String,
        /// The member of the class that lists functions which wrap each method, innermost first, or has such a list
        /// for each verb.
        #[serde(default)]
        method_decorators: String,
    }
    /// A call that gives an address a name, by which endpoints are registered for it.
    AddressRow {
        /// The name.
        name: String,
        /// The template.
        path: String,
    }
    /// A call that serves what decorators have registered on the instances of a type in the files of the folder around
    /// the call.
    ScanRow {
        /// The path of the instances.
        of: String,
    }
    /// An object whose members are the settings of a program, which stand in a module that the program names.
    SettingsRow {
        /// The environment variable that holds the module's name.
        variable: String,
        /// A name that such a module defines and others do not.
        marker: String,
        /// Names of files that set the variable where the program is deployed, best first.
        gateways: Vec<String>,
        /// Names of modules that hold for the deployed program.
        deployed: Vec<String>,
        /// Parts of names of modules that hold elsewhere only, such as where the program is developed.
        varied: Vec<String>,
        /// Settings that are off where the program is deployed, where the program leaves it to its environment.
        #[serde(default)]
        off: Vec<String>,
        /// A path that an outline gives an object: the settings that a program does not make.
        defaults: String,
        /// A path that an outline gives a function: what the framework does when the program starts.
        start: String,
    }
    /// A call that gives all requests of a server to one function, which tells methods and addresses apart itself.
    /// `export:default.fetch` in `call` is a member of an export that a runtime calls.
    ServeRow {
        /// The function: the first of these access paths that is one of the program.
        #[serde(default, deserialize_with = "one_or_many")]
        handler: Vec<String>,
        /// The type of the scope that its endpoints belong to.
        r#type: String,
        /// The entry signature; one that `dispatches`.
        entry: String,
        /// It counts only under this condition.
        #[serde(default)]
        when: Option<When>,
        /// An object that has a function, or an object of methods and functions, for each template.
        #[serde(default)]
        routes: String,
        /// The type of the scope that endpoints of `routes` belong to.
        #[serde(default)]
        routes_type: String,
        /// The entry signature of the functions of `routes`.
        #[serde(default)]
        routes_entry: String,
    }
    /// A call that adds to an endpoint that is built up, and gives the longer one; the shorter one stays as it is.
    StepRow {
        /// The functions that it adds.
        #[serde(default)]
        adds: String,
        /// The part of the request that a schema in the first argument checks.
        #[serde(default)]
        checks: String,
        /// The method by which it is called from now on.
        #[serde(default)]
        method: String,
        /// The type of the result, if it is not that of the receiver.
        #[serde(default)]
        gives: String,
    }
    /// A class decorator that lists the parts of a program. A plain object of the same form, given where a class
    /// is expected, adds to the class it names.
    ContainerRow {
        /// Other containers.
        containers: String,
        /// Controllers.
        controllers: String,
        /// What it provides: classes, and objects of a name and what stands for it.
        providers: String,
        /// The class that a plain object adds to.
        class: String,
        /// In a provider: the name.
        token: String,
        /// In a provider: members that hold a class or an instance of it.
        values: Vec<String>,
        /// In a provider: the member that holds a function that gives it, and its arguments' names.
        factory: Vec<String>,
        /// A method that is called when the program starts.
        #[serde(default)]
        configure: String,
        /// The type of that method's parameter.
        #[serde(default)]
        configure_with: String,
    }
    /// A name under which a container takes functions that run for every endpoint.
    ProvideRow {
        /// The entry signature.
        entry: String,
    }
    /// A decorator that names what a container puts in.
    InjectRow {
        /// The name.
        token: String,
    }
    /// A call that gives a table of paths under which containers stand.
    PlacementRow {
        /// The rows of the table.
        items: String,
        /// In a row: the path.
        path: String,
        /// In a row: the container.
        container: String,
        /// In a row: rows below it.
        children: String,
    }
    /// A call that changes how a scope behaves.
    OptionRow {
        /// Name of the option and its access path: `path-prefix`, `prefix-except`, `version`, `version-prefix`,
        /// `is-versioned`, `except`.
        set: std::collections::BTreeMap<String, String>,
        /// It counts only under this condition.
        #[serde(default)]
        when: Option<When>,
    }
    /// A call that attaches functions by path while a container is set up.
    MiddlewareRow {
        /// What is attached.
        chain: String,
        /// For what: templates, objects, or controllers.
        targets: String,
        /// In a target that is an object: the template.
        path: String,
        /// In a target that is an object: the method.
        method: String,
        /// The entry signature.
        entry: String,
        /// The type of what it gives.
        gives: String,
    }
    /// A call that looks up what decorators of the endpoint have stored.
    MetadataRow {
        /// The key.
        key: String,
        /// Where it is looked up, first match first: access path of functions and classes.
        targets: String,
        /// What all of them stored, as one list.
        #[serde(default)]
        is_merged: bool,
    }
}

/// How an endpoint is spoken to.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speech {
    /// Requests and responses.
    #[default]
    Http,
    /// Fields of a graph.
    Graphql,
    /// Named messages.
    Rpc,
}

/// What a decorator says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// A member of a class has to satisfy something.
    Constraint,
    /// All of `chain` are applied in its place.
    All,
    /// It is a type of single values, which are refused where they are none: no body of a request by itself.
    Scalar,
}

/// A folder that serves the files in it: the root of a package that depends on the framework, or a folder that
/// holds one of its configuration files.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SiteRow {
    /// The type of the object that stands for it, a scope.
    pub r#type: String,
    /// Packages besides that of the model file whose use makes the root of a package a site.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Modules whose import by a file makes the root of its package a site, whatever that depends on.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Configuration files, without extension.
    #[serde(default)]
    pub config: Vec<String>,
    /// The member of the configuration that holds the path in front of all endpoints.
    #[serde(default)]
    pub base: String,
    /// How names of files and folders are read.
    #[serde(default)]
    pub naming: Naming,
}

/// How names of files and folders become a path.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// Folders are segments; `[id]`, `[[id]]`, `[...rest]`, `[[...rest]]`; `(group)`, `@slot` and a last `index`
    /// add nothing.
    #[default]
    Brackets,
    /// Dots in one name separate segments; `$id`, `$`, `(optional)`, `[literal]`; a leading underscore hides a
    /// segment, a trailing one is dropped.
    Dollars,
    /// The path of the file and the name of the export, joined by dots: a name for procedures.
    Module,
}

/// Files of a site that are endpoints by their place, or that guard others.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileRouteRow {
    /// The type of the site.
    pub site: String,
    /// The folder below the site's root, such as `pages/api`; alternatives in braces; empty for the root itself.
    #[serde(deserialize_with = "one_or_many")]
    pub folder: Vec<String>,
    /// The file name without extension that counts; empty for any.
    #[serde(default)]
    pub file: String,
    /// Only files directly in the folder count.
    #[serde(default)]
    pub is_flat: bool,
    /// Names of files and folders that begin with this are no endpoints.
    #[serde(default)]
    pub private: String,
    /// The path that the folder stands for.
    #[serde(default)]
    pub prefix: String,
    /// The name may end in a method: `users.get`.
    #[serde(default)]
    pub method_suffix: bool,
    /// The exports that answer, or members of them (`handler.GET`), and their methods, separated by blanks; `*`
    /// for any export.
    pub exports: std::collections::BTreeMap<String, String>,
    /// How names become paths, if not as in the rest of the site.
    #[serde(default)]
    pub naming: Option<Naming>,
    /// The entry signature.
    pub entry: String,
    /// The versions of the package that the row holds for.
    #[serde(default)]
    pub version: String,
    /// Only functions under this directive, of the file or their own, are endpoints.
    #[serde(default)]
    pub directive: Option<String>,
    /// The exports run before every endpoint of the site instead.
    #[serde(default)]
    pub guards: bool,
    /// For `guards`: only before the endpoints whose files lie in the folder of this one or below it; those of
    /// outer folders run first.
    #[serde(default)]
    pub nested: bool,
    /// For `guards`: what stands in the root folder also runs before what is registered behind the call that takes the
    /// site in.
    #[serde(default)]
    pub stays: bool,
    /// Exports that are pages: they answer the methods for which no export of `exports` does.
    #[serde(default)]
    pub pages: std::collections::BTreeMap<String, String>,
    /// The entry signature of `pages`.
    #[serde(default)]
    pub page_entry: String,
    /// The export, or member of one, that holds the template, with `:name` and `*`, in place of the file's name.
    #[serde(default)]
    pub template: Option<String>,
    /// An export is the first argument of a call of this path on the site instead: its rows say what is meant.
    #[serde(default)]
    pub call: String,
    /// For `guards`: the export, or member of one, that holds patterns of the paths it covers.
    #[serde(default)]
    pub matcher: Option<String>,
}

/// Objects that are parts of a tree of pages: what a parent demands holds for all below it. Access paths are those
/// of the call that made the object; `self` and `made` are those of the call before, if the first one gave a
/// function.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NodeRow {
    /// The type of the objects, a scope.
    pub r#type: String,
    /// The path from the root of the tree, by which the parent is found: the node of the longest path above it.
    #[serde(default)]
    pub id: String,
    /// The path below the parent, for nodes without `id`.
    #[serde(default)]
    pub path: String,
    /// A function that gives the parent, for nodes without `id`.
    #[serde(default)]
    pub parent: String,
    /// It is the parent of nodes that have no other in the program that it belongs to.
    #[serde(default)]
    pub is_top: bool,
    /// Functions that run before its page and those below.
    #[serde(default)]
    pub guard: String,
    /// Functions that run before its own page.
    #[serde(default)]
    pub before: String,
    /// The entry signature of `guard` and `before`.
    #[serde(default)]
    pub guard_entry: String,
    /// The function that draws its page; empty if it has none.
    #[serde(default)]
    pub page: String,
    /// The entry signature of `page`.
    #[serde(default)]
    pub page_entry: String,
    /// Objects of a method and a function for each, which answer requests.
    #[serde(default, deserialize_with = "one_or_many")]
    pub handlers: Vec<String>,
    /// Functions that run before `handlers`, and those of the nodes below.
    #[serde(default)]
    pub handler_guard: String,
    /// The entry signature of `handlers`.
    #[serde(default)]
    pub handler_entry: String,
    /// The entry signature of `handler-guard`.
    #[serde(default)]
    pub handler_guard_entry: String,
}

/// Handlers of a site that stand in a folder under names, and the settings that speak of these names: a table of
/// addresses, a table of the functions that run before a handler, and endpoints made for each model. The settings
/// are the exports of all files of a folder, merged.
///
/// A name is the path of the handler's file below the folder, with the member's name behind it where a file holds
/// several: `user/find`. Case does not matter.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedRow {
    /// The type of the site.
    pub site: String,
    /// The versions of the package that the row holds for.
    #[serde(default)]
    pub version: String,
    /// The folder of the files whose exports are settings.
    pub settings: String,
    /// Files and folders in it whose exports are not merged.
    #[serde(default)]
    pub settings_except: Vec<String>,
    /// The file whose exports hold over all others where the program is deployed.
    #[serde(default)]
    pub deployed: String,
    /// Folders whose files are global names.
    #[serde(default)]
    pub globals: Vec<String>,
    /// The handlers.
    pub handlers: NamedHandlers,
    /// The table of addresses.
    pub addresses: NamedAddresses,
    /// The table of functions that run before handlers.
    #[serde(default)]
    pub guards: Option<NamedGuards>,
    /// Functions that run before everything.
    #[serde(default)]
    pub middleware: Option<NamedMiddleware>,
    /// Endpoints that settings make.
    #[serde(default)]
    pub generated: Option<NamedGenerated>,
}

/// Where the handlers of a [`NamedRow`] stand.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedHandlers {
    /// The folder.
    pub folder: String,
    /// How the name of a file ends whose members are handlers; it is no part of the name. Other files are one handler.
    pub group_suffix: String,
    /// The member of such a file that holds settings for its handlers instead.
    #[serde(default)]
    pub group_settings: String,
    /// The entry signature of a handler that is a function.
    pub entry: String,
    /// The member that holds the function of a handler that is an object.
    pub function: String,
    /// The entry signature of that function.
    pub function_entry: String,
    /// The member of such an object that declares the inputs, which the framework checks.
    pub inputs: String,
}

/// The table of addresses of a [`NamedRow`]: keys are `METHOD /template`, `/template` or `r|expression|names`; values
/// are a name (`user/find`, `UserController.find`), a function, a list of these that run in order, a path or URL that
/// the client is sent to, or an object.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedAddresses {
    /// The setting.
    pub member: String,
    /// The methods of an address that names none, separated by blanks.
    pub methods: String,
    /// The member of an object that holds the handler's name.
    pub name: String,
    /// The member that holds the group the name is one of.
    pub group: String,
    /// Members that hold any other value in place of the object.
    pub functions: Vec<String>,
    /// The member that names a function of the table of guards; it counts only where no handler is named.
    pub guard: String,
    /// Members of an object that says what the framework answers, such as a page.
    pub answers: Vec<String>,
}

/// The table of functions that run before the handlers of a [`NamedRow`]: keys are names, `folder/*`, `*`, and groups
/// that hold such a table of their own. The most specific key alone counts. Values are names of functions, functions,
/// lists of these, or a truth value: everybody or nobody passes.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedGuards {
    /// The setting.
    pub member: String,
    /// The folder of the functions, each under the name of its file.
    pub folder: String,
    /// Their entry signature.
    pub entry: String,
    /// The path whose rows say what runs where nobody passes.
    pub never: String,
}

/// Functions of a setting that run before all endpoints of a [`NamedRow`].
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedMiddleware {
    /// The setting, an object of functions.
    pub member: String,
    /// The member of it that lists those that run, in order.
    pub order: String,
    /// The name in the list that stands for the endpoints: what follows runs after them.
    pub until: String,
    /// Their entry signature.
    pub entry: String,
}

/// Endpoints that the settings of a [`NamedRow`] make.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedGenerated {
    /// The setting.
    pub member: String,
    /// The values of its members where the program sets none: `true`, `false` or text.
    pub defaults: std::collections::BTreeMap<String, String>,
    /// The member under which every handler is served at its name.
    pub by_name: String,
    /// The template for it, as that of a [`NamedRoute`].
    pub by_name_path: String,
    /// The last part of a name that stands for its folder, too.
    pub index: String,
    /// The member under which names of models are written in the plural.
    pub plural: String,
    /// The folder of the models.
    pub folder: String,
    /// The member of a model that holds its attributes.
    pub attributes: String,
    /// The type of the object that a model is, under its global name.
    pub model: String,
    /// The endpoints of each model.
    pub routes: Vec<NamedRoute>,
}

/// An endpoint for each model of a [`NamedGenerated`].
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedRoute {
    /// The members of the settings under which there is such an endpoint.
    pub when: String,
    /// A member under which there is none.
    #[serde(default)]
    pub unless: String,
    /// The method.
    pub method: String,
    /// The template: `{name}` is the model's name, `{attribute}` that of an attribute, and other names in braces are
    /// members of the settings.
    pub path: String,
    /// Members of an attribute one of which makes it have such an endpoint; empty for endpoints of the model itself.
    #[serde(default)]
    pub attribute: Vec<String>,
    /// The handler's name behind that of the model.
    pub handler: String,
    /// The stored data, where the framework's own handler runs: `read`, `write` or `create`.
    #[serde(default)]
    pub effect: String,
}

/// An endpoint of a [`ResourceRow`].
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ResourceRoute {
    /// The method.
    pub method: String,
    /// The template: an access path, or several with ` + ` between them, each a segment.
    pub path: String,
    /// What runs before it, in order: access paths.
    #[serde(default)]
    pub before: Vec<String>,
    /// What is put behind the template; `$` is the template's last segment.
    #[serde(default)]
    pub suffix: String,
    /// The handler's name.
    pub handler: String,
    /// A name, given by an access path, of a method that must exist for the endpoint to exist.
    #[serde(default)]
    pub needs: String,
    /// The stored data: `read`, `write` or `create`.
    #[serde(default)]
    pub effect: String,
}

/// A method of a [`ServiceRow`] and the requests it answers.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceRoute {
    /// Its name; empty for a [`ServiceRow::further`].
    #[serde(default)]
    pub name: String,
    /// The requests' methods.
    #[serde(deserialize_with = "one_or_many")]
    pub method: Vec<String>,
    /// What is put behind the path.
    #[serde(default)]
    pub suffix: String,
    /// The entry signature.
    pub entry: String,
}

/// A function of the framework that a setting of an endpoint stands for.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Implied {
    /// The setting: an access path. Where it is absent or false, nothing is implied.
    pub arg: String,
    /// The path whose rows say what the function does when it runs; its first argument is the setting.
    #[serde(default)]
    pub call: String,
    /// Its entry signature, if it is not that of the endpoint.
    #[serde(default)]
    pub entry: String,
    /// The path of an attached function that does not run for the endpoint where the setting is present.
    #[serde(default)]
    pub lifts: String,
}

/// Which endpoints an attachment reaches.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Those registered after it.
    #[default]
    Later,
    /// All of the scope.
    Scope,
    /// All of the scope and of its parts, but not those of a server of its own that is mounted in it.
    Parts,
    /// Of [`Reach::Parts`], those that are registered or attached after it.
    LaterParts,
    /// All of the program that the scope is a part of.
    Program,
    /// Those of the scope whose path has the parameter of that name.
    Parameter,
    /// Requests that fail.
    Errors,
    /// Answers of all of the scope: it runs behind the handler, and refuses nobody.
    Answers,
    /// None: it runs elsewhere.
    Nothing,
}

/// How code imports the packages of an ecosystem.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ModulesRow {
    /// The ecosystem, as advisories call it.
    pub ecosystem: String,
    /// A package is imported by its name. Otherwise it is by the names that are told, and one that none are told of is
    /// most likely imported by its name with `_` for `-`.
    #[serde(default)]
    pub as_named: bool,
    /// The modules of a package, by its folded name.
    #[serde(default)]
    pub names: BTreeMap<String, Vec<String>>,
    /// Packages that are programs, by their folded names: nothing has to import them.
    #[serde(default)]
    pub programs: Vec<String>,
}

/// Words that tell what a name is about.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LexiconRow {
    /// Its name, by which conditions refer to it.
    pub name: String,
    /// Words in lower case; several with blanks between them stand for words in a row.
    pub words: Vec<String>,
}

/// A condition on an argument: one of the keys besides `arg` holds for it.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// The argument: an access path. Where it gives several values, one of them suffices.
    #[serde(default)]
    pub arg: String,
    /// It is one of these constants, written as text (`false`, `0`, `try`, `null`).
    #[serde(default)]
    pub is: Vec<String>,
    /// It is present.
    #[serde(default)]
    pub present: bool,
    /// It is absent.
    #[serde(default)]
    pub absent: bool,
    /// It is none of these constants.
    #[serde(default)]
    pub is_not: Vec<String>,
    /// It is a list with one of these constants in it, or a text with one of these as a word.
    #[serde(default)]
    pub has: Vec<String>,
    /// It is a list or a text without any of these.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// It is a number below this.
    #[serde(default)]
    pub below: Option<f64>,
    /// It is a number above this, or a text that says a time above so many seconds, or a size above so many bytes.
    #[serde(default)]
    pub above: Option<f64>,
    /// It is a text that this regular expression fits somewhere, whatever the case of its letters: the expression is
    /// written in lower case.
    #[serde(default)]
    pub matches: String,
    /// It is made of constants only.
    #[serde(default)]
    pub constant: bool,
    /// It is given, and is no constant.
    #[serde(default)]
    pub computed: bool,
    /// It comes from the request, and was not compared with what is expected.
    #[serde(default)]
    pub remote: bool,
    /// It is something that nobody but the server can compute or know.
    #[serde(default)]
    pub secret: bool,
    /// It is read from stored data.
    #[serde(default)]
    pub stored: bool,
    /// It is an input as the client sent it.
    #[serde(default)]
    pub as_sent: bool,
    /// It is a function that says yes to whatever it is given: it returns `true` or its argument, or gives one of
    /// these to the callback that is its second argument.
    #[serde(default)]
    pub accepts_all: bool,
    /// Without `arg`: nothing has verified the caller where the call stands.
    #[serde(default)]
    pub anonymous: bool,
    /// Without `arg`: one of the arguments goes by the name of something confidential where it is written, and is no
    /// constant.
    #[serde(default)]
    pub reveals: bool,
    /// It is a regular expression, or the text of one, for which some texts take for ever.
    #[serde(default)]
    pub slow: bool,
    /// As `slow`, where it has to fit the whole of the text.
    #[serde(default)]
    pub slow_whole: bool,
    /// It is a text that this regular expression fits nowhere; of one that is not known whole nothing is proved.
    #[serde(default)]
    pub unlike: String,
    /// It is what the client chose, be it a number or not, and was not compared with anything.
    #[serde(default)]
    pub chosen: bool,
    /// It is a function that gives a header of one of these names, of the request that it is called with.
    #[serde(default)]
    pub gives_header: Vec<String>,
    /// It is an object with a member that goes by the name of something confidential and has a value, or a text made
    /// of one.
    #[serde(default)]
    pub holds_secret: bool,
    /// Without `arg`: the function around the call calls nothing by one of these names.
    #[serde(default)]
    pub without_call: Vec<String>,
    /// Without `arg`: nothing is done with what the call gives.
    #[serde(default)]
    pub discarded: bool,
    /// Without `arg`: what the call gives is kept under a name that nothing speaks of afterwards.
    #[serde(default)]
    pub unused: bool,
    /// Without `arg`: what the call gives is more than kept and compared for equality, which only tells apart what is
    /// under way.
    #[serde(default)]
    pub leaves: bool,
    /// Without `arg`: the call stands in no class that derives from one of these.
    #[serde(default)]
    pub outside: Vec<String>,
    /// It is about what the lexicon of this name says: the words of a constant text, or the name of what it is read
    /// from. Without `arg`, the names around the call: of what its value is written to, of what it is given, and of
    /// the function that it stands in.
    #[serde(default)]
    pub about: String,
    /// It is not about what the lexicon of this name says, as in `about`.
    #[serde(default)]
    pub not_about: String,
}

/// What a client can do who chooses what a sink is given.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SinkKind {
    /// Change an SQL statement.
    #[default]
    Sql,
    /// Put operators into a query of a document store.
    Nosql,
    /// Run a program of the system.
    Command,
    /// Run code of the language.
    Code,
    /// Leave a folder.
    Path,
    /// Choose the host that is asked.
    Url,
    /// Put markup into a page.
    Html,
    /// Change a template.
    Template,
    /// Send the browser elsewhere.
    Redirect,
    /// Make objects of any class.
    Deserialize,
    /// Read files through an XML document.
    Xml,
    /// Choose a regular expression.
    Regex,
    /// Send a text for which a regular expression takes for ever.
    SlowText,
    /// Write lines of its own into a log.
    Log,
    /// Have what is confidential written where others read it.
    Reveal,
    /// Change a search in a directory.
    Ldap,
    /// Change an expression that selects nodes of a document.
    Xpath,
    /// Add members to what all objects inherit.
    Prototype,
    /// Change a condition that a document store runs as code.
    Condition,
    /// Add headers of its own to an answer or a mail.
    Header,
    /// Choose the name, and with it the type, under which an upload is stored.
    Upload,
    /// Nothing: clients see what it is given. It is looked for what nobody but the server may know.
    Show,
}

/// What kind of input a source gives.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The body.
    #[default]
    Body,
    /// The query string.
    Query,
    /// Parameters of the route's template.
    Path,
    /// Headers.
    Header,
    /// Cookies.
    Cookie,
    /// A checked input: validated by the framework. Its name, if there is one, is that of the kind of input, or an
    /// access path of it.
    Checked,
    /// The store of a session: what stands in it was put there by the server.
    Session,
    /// The verified caller, absent for anonymous ones.
    Principal,
    /// The credential itself.
    Credential,
    /// Something else about the request, such as its url.
    Remote,
    /// What whoever packed an archive has written into it, such as the names of its entries.
    Archive,
    /// Something that nobody but the server can compute or know.
    Secret,
    /// The function that is going to handle the request.
    Handler,
    /// The class of that function.
    Class,
    /// The name by which the tables of a program speak of it.
    HandlerName,
    /// What stands in front of the last slash of that name.
    HandlerGroup,
    /// What stands behind it.
    HandlerMember,
    /// The path of the request, as the client sent it.
    Url,
    /// The path of the request below the scope that the function is attached to.
    UrlBelow,
    /// The method of the request.
    Method,
    /// The request object itself.
    Request,
    /// The response object.
    Response,
    /// Settings of the deployment.
    Environment,
}

/// What a guard checks.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuardKind {
    /// A credential.
    #[default]
    Authn,
    /// A role or permission, and with it a credential.
    Role,
    /// A token against cross-site requests.
    Csrf,
    /// The signature of a message.
    Signature,
    /// The address of the caller.
    Address,
    /// A password or code that the caller sends, compared with what is stored: an endpoint that does so is a login.
    Password,
}

/// When a check has succeeded.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// When the call returns.
    #[default]
    NormalReturn,
    /// When the result is truthy.
    Truthy,
    /// When the callback is called without an error.
    Callback,
    /// When the function that the call returns hands the request on.
    Middleware,
    /// When the function itself hands the request on.
    AsMiddleware,
    /// When the result's member of that name is truthy: `.success`.
    Success,
    /// When the result, a list of errors, is empty.
    Empty,
}

/// What a successful check gives.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gives {
    /// Nothing of interest.
    #[default]
    Nothing,
    /// The caller.
    Principal,
}

pub(crate) fn one_or_many<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    if !input.is_human_readable() {
        return Vec::deserialize(input);
    }
    Ok(match OneOrMany::deserialize(input)? {
        OneOrMany::One(text) => vec![text],
        OneOrMany::Many(texts) => texts,
    })
}

pub(crate) fn one_or_many_conditions<'de, D: serde::Deserializer<'de>>(
    input: D,
) -> Result<Vec<When>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        Many(Vec<When>),
        One(Box<When>),
    }
    if !input.is_human_readable() {
        return Vec::deserialize(input);
    }
    Ok(match OneOrMany::deserialize(input)? {
        OneOrMany::One(one) => vec![*one],
        OneOrMany::Many(many) => many,
    })
}

/// Each way to read `{a,b}` in a pattern, in order.
pub fn expand_braces(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find('{') else { return vec![pattern.to_owned()] };
    let Some(close) = pattern[open..].find('}').map(|i| i + open) else { return vec![pattern.to_owned()] };
    let (head, rest) = (&pattern[..open], &pattern[close + 1..]);
    let tails = expand_braces(rest);
    let words = pattern[open + 1..close].split(',').map(str::trim);
    words.flat_map(|word| tails.iter().map(move |tail| format!("{head}{word}{tail}"))).collect()
}

impl ModelFile {
    /// Expands braces everywhere a path is matched.
    fn expand(&mut self) {
        fn all(paths: &mut Vec<String>) {
            *paths = paths.iter().flat_map(|path| expand_braces(path)).collect();
        }
        macro_rules! each {
            ($($field:ident),*) => { $(self.$field.iter_mut().for_each(|row| all(&mut row.call));)* };
        }
        each!(
            endpoints,
            attaches,
            subs,
            plugins,
            resources,
            services,
            arounds,
            verdicts,
            derives,
            states,
            sources,
            responders,
            continues,
            guards,
            limiters,
            validators,
            neutrals,
            effects,
            builtins,
            wrappers,
            leaks,
            controllers,
            actions,
            decorates,
            binds,
            containers,
            provides,
            injects,
            placements,
            options,
            middleware,
            metadata,
            callbacks,
            combines,
            constants,
            trees,
            steps,
            serves_by_hand,
            sinks,
            sanitizers,
            misuses,
            keys,
            records,
            provisions,
            propagators,
            pures,
            openers,
            groups,
            wraps,
            views,
            addresses,
            scans,
            settings,
            renders
        );
        self.types.iter_mut().for_each(|row| all(&mut row.from));
        self.types.iter_mut().for_each(|row| all(&mut row.instances));
        self.file_routes.iter_mut().for_each(|row| all(&mut row.folder));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_expand_in_order() {
        assert_eq!(expand_braces("a.{b,c}.{d,e}"), ["a.b.d", "a.b.e", "a.c.d", "a.c.e"]);
        assert_eq!(expand_braces("a.{b"), ["a.{b"]);
    }

    #[test]
    fn unknown_keys_name_the_file() {
        let text =
            "language = \"x\"\npackage = \"y\"\n[[source]]\ncall = \"a\"\nkind = \"body\"\ncolour = 1\n";
        let error = Models::parse(&[("m.toml", text)]).unwrap_err().to_string();
        assert!(error.starts_with("m.toml: ") && error.contains("colour"), "{error}");
    }
}
