//! Writes that store a whole object of the request, or what a client says it may do.

use routeward_diag::{Label, Severity};
use routeward_endpoints::{Authn, Effect, Endpoint, Tri};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "mass-assignment", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    for effect in endpoint.effects.iter().filter(|effect| effect.is_write) {
        let Some(whole) = &effect.stores_whole else {
            check_privileges(endpoint, effect, cx);
            continue;
        };
        let affected = Label::new(endpoint.place, format!("registered as `{}`", endpoint.title()));
        if let Some(known) = cx.reported_at(effect.place) {
            known.related.push(affected);
            continue;
        }
        let message = format!("`{}` stores all of `{whole}` in `{}`", endpoint.title(), effect.target);
        let finding =
            cx.report(Label::new(effect.place, format!("every member of `{whole}` is stored")), message);
        story::tell(finding, endpoint, &effect.target);
        finding.related = vec![affected];
        finding.notes =
            vec!["the client decides which fields are set, those it does not know of included".to_owned()];
        finding.help = Some(
            "name the fields that a client may set, at the write or in a schema that drops all others"
                .to_owned(),
        );
    }
}

/// Whoever is not asked for a role says which role an account has: their own where the row is theirs or is made.
fn check_privileges(endpoint: &Endpoint, effect: &Effect, cx: &mut Cx<'_>) {
    let is_open = matches!(endpoint.authenticated.value, Authn::Open | Authn::Optional | Authn::Required);
    let may_be_meant = endpoint.role_checked.value != Tri::No || endpoint.declared_public.is_some();
    if effect.privileges.is_empty() || !is_open || may_be_meant {
        return;
    }
    let affected = Label::new(endpoint.place, format!("registered as `{}`", endpoint.title()));
    if let Some(known) = cx.reported_at(effect.place) {
        known.related.push(affected);
        return;
    }
    let set = story::list(&effect.privileges);
    let message =
        format!("`{}` lets the client say what an account may do: it stores {set}", endpoint.title());
    let finding = cx.report(Label::new(effect.place, "no role is asked for"), message);
    story::tell(finding, endpoint, &effect.target);
    // Whose row it is may be checked by a rule that is not seen.
    story::at_most(finding, if effect.is_scoped { Severity::High } else { Severity::Medium });
    finding.related = vec![affected];
    finding.notes = vec!["who may choose a role for an account chooses the highest one".to_owned()];
    finding.help = Some("set it on the server, and change it by an endpoint that asks for a role".to_owned());
}
