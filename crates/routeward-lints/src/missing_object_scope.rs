//! Stored rows that are chosen by the request and not tied to the caller.

use routeward_diag::{Label, Severity};
use routeward_endpoints::{Authn, Effect, Endpoint, Tri};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "missing-object-scope", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let is_judged =
        endpoint.authenticated.value == Authn::Required && endpoint.object_scoped.value == Tri::No;
    // Who has a privileged role may see rows of others.
    if !is_judged || endpoint.role_checked.value == Tri::Yes || endpoint.declared_public.is_some() {
        return;
    }
    let unscoped = |effect: &&Effect| !effect.chosen_by.is_empty() && !effect.is_scoped;
    let write = endpoint.effects.iter().filter(unscoped).find(|effect| effect.is_write);
    let Some(effect) = write.or_else(|| endpoint.effects.iter().find(unscoped)) else { return };
    if is_shown_to_everybody(endpoint, effect, cx) {
        return;
    }
    report(endpoint, effect, cx);
}

/// Anonymous callers read the same rows elsewhere: to read them needs no tie. To change them does.
fn is_shown_to_everybody(endpoint: &Endpoint, effect: &Effect, cx: &Cx<'_>) -> bool {
    let reads_same = |other: &Endpoint| {
        !other.is_unsafe()
            && matches!(other.authenticated.value, Authn::Open | Authn::Optional)
            && (other.effects.iter().any(|known| known.target == effect.target && !known.is_write)
                || other.resource() == endpoint.resource() && !endpoint.resource().is_empty())
    };
    // `POST /articles/{slug}/favorite`: something done with a row that everybody sees, not to it.
    let last = endpoint.subject().rsplit('/').next().unwrap_or("");
    let is_deed = endpoint.subject().contains('{') && !last.contains('{');
    (!effect.is_write || is_deed) && cx.inventory.endpoints.iter().any(reads_same)
}

fn report(endpoint: &Endpoint, effect: &Effect, cx: &mut Cx<'_>) {
    let affected = Label::new(endpoint.place, format!("registered as `{}`", endpoint.title()));
    if let Some(known) = cx.reported_at(effect.place) {
        known.related.push(affected);
        return;
    }
    let scoped = cx.inventory.endpoints.iter().filter(|other| {
        other
            .effects
            .iter()
            .any(|known| known.target == effect.target && known.is_scoped && !known.chosen_by.is_empty())
    });
    let scoped = story::labels(scoped, "ties it to the caller");
    let verb = if effect.is_write { "changes" } else { "reads" };
    let by = story::list(&effect.chosen_by);
    let message = format!(
        "`{}` {verb} the `{}` that {by} names, whoever it belongs to",
        endpoint.title(),
        effect.target
    );
    let finding = cx.report(Label::new(effect.place, format!("chosen by {by} alone")), message);
    story::tell(finding, endpoint, &effect.target);
    if !effect.is_write && scoped.is_empty() {
        story::at_most(finding, Severity::Medium);
    }
    finding.related = [vec![affected], scoped].concat();
    finding.related.extend(endpoint.authenticated.evidence.iter().cloned());
    finding.notes = vec![
        "identifiers are guessed, counted up and shared: whoever is signed in can name those of others"
            .to_owned(),
    ];
    finding.help = Some(
        "put the caller into the query, or compare the row's owner with the caller before it is used"
            .to_owned(),
    );
}
