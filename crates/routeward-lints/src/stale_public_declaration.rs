//! Statements that an endpoint is public on purpose, where none is any more.

use routeward_diag::Label;
use routeward_endpoints::{Authn, Declaration, Endpoint, Inventory};

use crate::{Check, Cx, Lint};

pub(crate) const LINT: Lint = Lint { id: "stale-public-declaration", check: Check::Inventory(check) };

fn check(inventory: &Inventory, cx: &mut Cx<'_>) {
    for (declaration, is_matched) in &inventory.declarations {
        let meant = || {
            inventory
                .endpoints
                .iter()
                .filter(|endpoint| endpoint.declared_public.as_ref() == Some(declaration))
        };
        let is_guarded =
            |endpoint: &Endpoint| matches!(endpoint.authenticated.value, Authn::Required | Authn::Denied);
        if !*is_matched {
            report(declaration, None, cx);
        } else if meant().next().is_some() && meant().all(is_guarded) {
            report(declaration, meant().next(), cx);
        }
    }
}

fn report(declaration: &Declaration, endpoint: Option<&Endpoint>, cx: &mut Cx<'_>) {
    let Some(place) = declaration.place else { return };
    let what = declaration
        .pattern
        .as_ref()
        .map_or_else(|| "this declaration".to_owned(), |pattern| format!("`{pattern}`"));
    let (message, text) = match endpoint {
        Some(endpoint) => (
            format!("`{}` is declared public but demands a credential", endpoint.title()),
            "declared public here",
        ),
        None => (format!("{what} is declared public, but no endpoint fits"), "fits no endpoint"),
    };
    let finding = cx.report(Label::new(place, text), message);
    finding.anchor = format!("{} {}", declaration.pattern.as_deref().unwrap_or(""), declaration.reason);
    if let Some(endpoint) = endpoint {
        finding.endpoint = Some(endpoint.title());
        finding.related = vec![Label::new(endpoint.place, "registered")];
        finding.related.extend(endpoint.authenticated.evidence.iter().cloned());
    }
    finding.notes =
        vec!["left behind, it silences the question for the next endpoint that happens to fit".to_owned()];
    finding.help = Some("remove the declaration, or move the registration in front of the guard".to_owned());
}
