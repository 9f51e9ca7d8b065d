//! The proof table as JSON: flat columns for scripts, and beside them the evidence for each verdict.

use std::io::{self, Write};

use routeward_diag::Place;
use routeward_endpoints::{
    Authn, ChainItem, Declaration, Effect, Endpoint, Errors, Input, ItemKind, Judged, Location, Protocol, Tri,
};
use routeward_engine::Report;
use serde_json::{Map, Value, json};

use crate::endpoints_advisories;
use crate::json::{VERSION, label, place, problems};

/// Writes `{"endpoints": […], "operations": […]}`. Operations are fields of GraphQL and remote procedures, each by its
/// name; those whose address is known are among the endpoints, too. On demand with `advisories`.
pub fn json(report: &Report, with_advisories: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut document = document(report);
    if with_advisories {
        document["advisories"] = endpoints_advisories::json(report);
    }
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

pub(crate) fn document(report: &Report) -> Value {
    let all = &report.inventory.endpoints;
    let endpoints = all.iter().filter(|endpoint| endpoint.has_address());
    let endpoints: Vec<Value> =
        endpoints.map(|endpoint| row(report, endpoint, &endpoint.method, &endpoint.path)).collect();
    let operations = all.iter().filter_map(|endpoint| Some((endpoint, endpoint.operation.as_ref()?)));
    let operations: Vec<Value> = operations.map(|(endpoint, name)| row(report, endpoint, "", name)).collect();
    let notes: Vec<Value> = report.inventory.notes.iter().map(|note| label(report, note)).collect();
    json!({
        "version": VERSION,
        "tool": { "name": "routeward", "version": env!("CARGO_PKG_VERSION") },
        "endpoints": endpoints,
        "operations": operations,
        "notes": notes,
        "problems": problems(report),
    })
}

fn row(report: &Report, endpoint: &Endpoint, method: &str, path: &str) -> Value {
    let at = place(report, endpoint.place);
    let chain =
        |items: &[ChainItem]| -> Vec<Value> { items.iter().map(|item| chain_item(report, item)).collect() };
    let guards: Vec<Value> = endpoint
        .chain
        .iter()
        .filter(|item| is_guard(item.kind))
        .map(|item| chain_item(report, item))
        .collect();
    let mut row = Map::new();
    let mut put = |key: &str, value: Value| row.insert(key.to_owned(), value);
    put("method", json!(method));
    put("path", json!(path));
    put("operation", json!(endpoint.operation));
    put("file", at["path"].clone());
    put("line", at["line"].clone());
    put("handler", json!(endpoint.handler.name));
    put("handler_place", endpoint.handler.place.map_or(Value::Null, |at| place(report, at)));
    put("params", endpoint.inputs.iter().map(input).collect());
    put("authenticated", authenticated(endpoint.authenticated.value));
    put("guards", Value::Array(guards));
    put("role_checked", tri(endpoint.role_checked.value));
    put("object_scoped", tri(endpoint.object_scoped.value));
    put("validated", tri(endpoint.validated.value));
    put("rate_limited", tri(endpoint.rate_limited.value));
    put("errors", json!(errors_word(endpoint.errors.value)));
    put("protocol", json!(protocol_word(endpoint.protocol)));
    put("framework", json!(endpoint.framework));
    put("chain", Value::Array(chain(&endpoint.chain)));
    put("ineffective", Value::Array(chain(&endpoint.ineffective)));
    put("effects", endpoint.effects.iter().map(|item| effect(report, item)).collect());
    put(
        "declared_public",
        endpoint.declared_public.as_ref().map_or(Value::Null, |item| declaration(report, item)),
    );
    put("evidence", evidence(report, endpoint));
    Value::Object(row)
}

fn evidence(report: &Report, endpoint: &Endpoint) -> Value {
    json!({
        "authenticated": judged(report, &endpoint.authenticated, authn_word),
        "role_checked": judged(report, &endpoint.role_checked, tri_word),
        "object_scoped": judged(report, &endpoint.object_scoped, tri_word),
        "validated": judged(report, &endpoint.validated, tri_word),
        "rate_limited": judged(report, &endpoint.rate_limited, tri_word),
        "errors": judged(report, &endpoint.errors, errors_word),
    })
}

fn judged<T: Copy>(report: &Report, judged: &Judged<T>, word: fn(T) -> &'static str) -> Value {
    let evidence: Vec<Value> = judged.evidence.iter().map(|item| label(report, item)).collect();
    json!({ "verdict": word(judged.value), "reason": judged.reason, "places": evidence })
}

fn input(input: &Input) -> Value {
    json!({ "name": input.name, "in": location_word(input.location), "validated": input.is_validated })
}

fn chain_item(report: &Report, item: &ChainItem) -> Value {
    let definition = item.definition.map_or(Value::Null, |at: Place| place(report, at));
    json!({
        "name": item.name,
        "kind": kind_word(item.kind),
        "note": item.note,
        "place": place(report, item.place),
        "definition": definition,
    })
}

fn effect(report: &Report, effect: &Effect) -> Value {
    json!({
        "target": effect.target,
        "write": effect.is_write,
        "place": place(report, effect.place),
        "chosen_by": effect.chosen_by,
        "scoped": effect.is_scoped,
        "stores_whole": effect.stores_whole,
        "unvalidated": effect.unvalidated,
    })
}

fn declaration(report: &Report, declaration: &Declaration) -> Value {
    json!({
        "reason": declaration.reason,
        "owner": declaration.owner,
        "pattern": declaration.pattern,
        "place": declaration.place.map_or(Value::Null, |at| place(report, at)),
    })
}

fn authenticated(value: Authn) -> Value {
    match value {
        Authn::Required => json!(true),
        Authn::Optional => json!("optional"),
        Authn::Open => json!(false),
        Authn::Denied => json!("deny"),
        Authn::Unknown => Value::Null,
    }
}

fn tri(value: Tri) -> Value {
    match value {
        Tri::Yes => json!(true),
        Tri::No => json!(false),
        Tri::NotApplicable | Tri::Unknown => Value::Null,
    }
}

pub(crate) fn is_guard(kind: ItemKind) -> bool {
    matches!(kind, ItemKind::Guard | ItemKind::RoleGuard | ItemKind::OptionalGuard | ItemKind::Deny)
}

pub(crate) fn authn_word(value: Authn) -> &'static str {
    match value {
        Authn::Required => "required",
        Authn::Optional => "optional",
        Authn::Open => "open",
        Authn::Denied => "denied",
        Authn::Unknown => "unknown",
    }
}

pub(crate) fn tri_word(value: Tri) -> &'static str {
    match value {
        Tri::Yes => "yes",
        Tri::No => "no",
        Tri::NotApplicable => "-",
        Tri::Unknown => "unknown",
    }
}

pub(crate) fn errors_word(value: Errors) -> &'static str {
    match value {
        Errors::Generic => "generic",
        Errors::Leaks => "leaks",
        Errors::Unknown => "unknown",
    }
}

pub(crate) fn protocol_word(value: Protocol) -> &'static str {
    match value {
        Protocol::Http => "http",
        Protocol::GraphQl => "graphql",
        Protocol::WebSocket => "websocket",
        Protocol::Rpc => "rpc",
    }
}

fn location_word(value: Location) -> &'static str {
    match value {
        Location::Path => "path",
        Location::Query => "query",
        Location::Body => "body",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

pub(crate) fn kind_word(value: ItemKind) -> &'static str {
    match value {
        ItemKind::Guard => "guard",
        ItemKind::RoleGuard => "role-guard",
        ItemKind::OptionalGuard => "optional-guard",
        ItemKind::Deny => "deny",
        ItemKind::Limiter => "limiter",
        ItemKind::Validator => "validator",
        ItemKind::Passes => "passes",
        ItemKind::Unknown => "unknown",
        ItemKind::Handler => "handler",
    }
}
