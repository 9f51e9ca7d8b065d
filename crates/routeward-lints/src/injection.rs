//! What a client sends and what it reaches: one lint for each kind of sink, all of one shape.

use routeward_catalog::SinkKind;
use routeward_diag::{Confidence, Finding, Label, Severity};
use routeward_endpoints::{Authn, Endpoint, Flow, Inventory};

use crate::{Check, Cx, Lint, request_log, story};

/// What a lint of this family says.
struct Words {
    /// What the client does, after "`POST /x` lets the client".
    lets: &'static str,
    /// What it is that harms.
    note: &'static str,
    /// What to do.
    help: &'static str,
}

macro_rules! lints {
    ($($name:ident: $id:literal, $kind:ident;)*) => {$(
        pub(crate) const $name: Lint =
            Lint { id: $id, check: Check::Inventory(|inventory, cx| check(SinkKind::$kind, inventory, cx)) };
    )*};
}

lints! {
    SQL: "sql-injection", Sql;
    NOSQL: "nosql-injection", Nosql;
    COMMAND: "command-injection", Command;
    CODE: "code-injection", Code;
    PATH: "path-traversal", Path;
    URL: "ssrf", Url;
    HTML: "xss", Html;
    TEMPLATE: "template-injection", Template;
    REDIRECT: "open-redirect", Redirect;
    DESERIALIZE: "unsafe-deserialization", Deserialize;
    XML: "xxe", Xml;
    REGEX: "regex-dos", Regex;
    LOG: "log-injection", Log;
    LDAP: "ldap-injection", Ldap;
    XPATH: "xpath-injection", Xpath;
    PROTOTYPE: "prototype-pollution", Prototype;
    HEADER: "header-injection", Header;
    UPLOAD: "unrestricted-upload", Upload;
}

pub(crate) const REVEAL: Lint = Lint {
    id: "sensitive-data-in-log",
    check: Check::Inventory(|inventory, cx| {
        check(SinkKind::Reveal, inventory, cx);
        request_log::check(inventory, cx);
    }),
};

fn words(kind: SinkKind) -> Words {
    let (lets, note, help) = match kind {
        SinkKind::Sql => (
            "change an SQL statement",
            "what is put into the text of a statement is read as SQL",
            "write a placeholder into the statement and pass the value beside it",
        ),
        SinkKind::Nosql => (
            "put operators into a query",
            "a body or a query string may hold an object such as `{ \"$ne\": null }` where a text is expected",
            "make the value a text, or check its type, before it becomes a part of the query",
        ),
        SinkKind::Command => (
            "run programs of the server",
            "a shell reads `;`, `|` and `$()` in what it is given",
            "call the program without a shell, with its arguments as a list, and check them against what is allowed",
        ),
        SinkKind::Code => (
            "run code in the server",
            "what is evaluated has all rights of the process",
            "look the wanted behaviour up in a table instead of evaluating text",
        ),
        SinkKind::Path => (
            "name any file of the server",
            "`../` leads out of the folder, an absolute path need not even start in it",
            "resolve the path, and go on only if it begins with the folder that it must be in",
        ),
        SinkKind::Url => (
            "choose the host that the server asks",
            "the server reaches hosts that the client does not: those of the network behind it, and the \
             addresses that hand out its credentials",
            "look the host up in a list of those that may be asked",
        ),
        SinkKind::Html => (
            "put markup into a page",
            "a script in the page acts with the rights of whoever looks at it",
            "escape the value for HTML, or answer with JSON",
        ),
        SinkKind::Template => (
            "change the text of a template",
            "the template language of most engines reaches the process",
            "keep the template constant, and pass the value to it as data",
        ),
        SinkKind::Redirect => (
            "send its visitors to any site",
            "a link to a trusted host that leads elsewhere is what phishing needs",
            "redirect to paths of this site only, or to addresses from a list",
        ),
        SinkKind::Deserialize => (
            "make objects of any class",
            "making an object may run code of its class",
            "read a format that holds data only, such as JSON",
        ),
        SinkKind::Xml => (
            "read files of the server through an XML document",
            "a document may name files and hosts as entities, which the parser fetches",
            "switch entities and document types off in the parser",
        ),
        SinkKind::Regex => (
            "choose a regular expression",
            "an expression can be chosen so that matching takes for ever, and it blocks all other requests",
            "escape the value, or search for it as a plain text",
        ),
        SinkKind::SlowText => (
            "keep the server busy",
            "for some texts this expression tries a number of ways that doubles with each character, and it blocks \
             all other requests",
            "write the expression so that no repetition stands in another one, or limit the length of the text first",
        ),
        SinkKind::Show | SinkKind::Log => (
            "write lines of its own into the log",
            "a line break in the value begins what looks like another entry, made by the server",
            "write entries as JSON, or replace line breaks in the value",
        ),
        SinkKind::Reveal => (
            "see what it keeps secret written into the log",
            "a log is read by more people, and kept longer, than what it speaks of",
            "leave the value out, or write that it was there",
        ),
        SinkKind::Ldap => (
            "change the filter of a directory search",
            "`*`, `(` and `)` are read as parts of the filter",
            "escape the value for filters before it becomes a part of one",
        ),
        SinkKind::Xpath => (
            "change an XPath expression",
            "a quote in the value ends the text that it was meant to be",
            "pass the value as a variable of the expression",
        ),
        SinkKind::Condition => (
            "change a condition that the database runs as code",
            "what is put into the text of such a condition is read as code, and it runs for each document",
            "compare members with the operators of the query language, which take values",
        ),
        SinkKind::Header => (
            "add headers of its own",
            "a line break in the value begins another header, or the body",
            "refuse values with line breaks, or take them out",
        ),
        SinkKind::Upload => (
            "choose the name and the type under which its upload is stored",
            "a page or a program that is stored under its own name is served, or run, as what it is",
            "make up a name, and take the ending from a list of those that are expected",
        ),
        SinkKind::Prototype => (
            "add members to what all objects inherit",
            "`__proto__` and `constructor` name the object that all others inherit from",
            "use a `Map`, or look the name up in a list of those that are expected",
        ),
    };
    Words { lets, note, help }
}

fn check(kind: SinkKind, inventory: &Inventory, cx: &mut Cx<'_>) {
    // A condition that is code is one more way to change a query.
    let also = match kind {
        SinkKind::Nosql => SinkKind::Condition,
        SinkKind::Regex => SinkKind::SlowText,
        _ => kind,
    };
    let is_meant = |flow: &&Flow| flow.kind == kind || flow.kind == also;
    for certainty in CERTAINTIES {
        let is_meant = |flow: &&Flow| is_meant(flow) && certainty_of(flow) == certainty;
        for endpoint in &inventory.endpoints {
            for flow in endpoint.flows.iter().filter(is_meant) {
                let affected = Label::new(endpoint.place, format!("registered as `{}`", endpoint.title()));
                match reported(flow, cx) {
                    Some(known) if known.related.contains(&affected) => {}
                    Some(known) => known.related.push(affected),
                    None => at_endpoint(endpoint, flow, affected, cx),
                }
            }
        }
    }
    for flow in inventory.flows.iter().filter(is_meant) {
        if reported(flow, cx).is_none() {
            let finding = report(flow, "this code", cx);
            // What fills a stored row is not known here, and neither is who looks at the page.
            let is_far = flow.is_stored && flow.kind == SinkKind::Html;
            let most = match (is_far, flow.is_detached) {
                (true, _) => Severity::Info,
                (false, true) => Severity::Low,
                (false, false) => Severity::Medium,
            };
            story::at_most(finding, most);
            let lacking = if flow.is_detached { ", and no file imports it" } else { "" };
            finding.notes.push(format!("no endpoint is known that runs this code{lacking}"));
        }
    }
}

/// Of what one setting lets through, what is surest is told first, and the rest with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Sure,
    Stored,
    Unseen,
}

const CERTAINTIES: [Certainty; 3] = [Certainty::Sure, Certainty::Stored, Certainty::Unseen];

fn certainty_of(flow: &Flow) -> Certainty {
    match flow {
        Flow { is_by_setting: false, .. } => Certainty::Sure,
        Flow { is_seen: false, .. } => Certainty::Unseen,
        Flow { is_stored: true, .. } => Certainty::Stored,
        _ => Certainty::Sure,
    }
}

/// The finding that tells of the flow: one for each place, but one for each page where a setting is the cause.
fn reported<'a>(flow: &Flow, cx: &'a mut Cx<'_>) -> Option<&'a mut Finding> {
    if !flow.is_by_setting {
        return cx.reported_at(flow.place);
    }
    let is_same = |known: &&mut Finding| {
        known.primary.place.file == flow.place.file && known.anchor.starts_with(&flow.sink)
    };
    let known = cx.findings.iter_mut().find(is_same)?;
    let also = Label::new(flow.place, format!("{} is put out here, too", value_of(flow)));
    if known.primary.place != flow.place && !known.related.contains(&also) {
        known.related.push(also);
    }
    Some(known)
}

fn at_endpoint(endpoint: &Endpoint, flow: &Flow, affected: Label, cx: &mut Cx<'_>) {
    let finding = report(flow, &format!("`{}`", endpoint.title()), cx);
    finding.endpoint = Some(endpoint.title());
    finding.related = vec![affected];
    if endpoint.authenticated.value == Authn::Denied {
        story::at_most(finding, Severity::Info);
        finding.notes.push("nobody reaches this endpoint".to_owned());
    }
}

fn value_of(flow: &Flow) -> String {
    match flow.source.as_str() {
        _ if flow.is_stored => "what is stored".to_owned(),
        "" => "the request".to_owned(),
        source => format!("`{source}`"),
    }
}

/// What is said wherever the flow is met; `who` lets the client do it.
fn report<'a>(flow: &Flow, who: &str, cx: &'a mut Cx<'_>) -> &'a mut Finding {
    let Words { lets, note, help } = words(flow.kind);
    let value = value_of(flow);
    let client = if flow.is_archived { "whoever packs an archive" } else { "the client" };
    let (message, label) = match flow.kind {
        // It is the server that does it.
        SinkKind::Reveal => (format!("{who} writes {value} into the log"), "here it is written".to_owned()),
        _ => (format!("{who} lets {client} {lets} with {value}"), format!("here {client} can {lets}")),
    };
    let finding = cx.report(Label::new(flow.place, label), message);
    finding.steps.clone_from(&flow.steps);
    finding.steps.push(Label::new(flow.call, format!("{value} reaches `{}`", flow.sink)));
    finding.anchor = format!("{} {}", flow.sink, flow.source);
    finding.notes = vec![note.to_owned()];
    finding.help = Some(help.to_owned());
    if flow.is_stored {
        // What is stored may have been made harmless where it came in.
        let limit = if flow.kind == SinkKind::Html { Severity::Low } else { Severity::Medium };
        story::at_most(finding, limit);
        finding.notes.push("the value is read from stored data, which clients have filled".to_owned());
    }
    if !flow.is_seen {
        story::at_most(finding, Severity::Info);
        finding.confidence = Confidence::Low;
        finding.notes.push("code on the way was not seen: it may have made the value harmless".to_owned());
    }
    finding
}
