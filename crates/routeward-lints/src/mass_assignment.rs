//! Writes that store a whole object of the request.

use routeward_diag::Label;
use routeward_endpoints::Endpoint;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "mass-assignment", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    for effect in endpoint.effects.iter().filter(|effect| effect.is_write) {
        let Some(whole) = &effect.stores_whole else { continue };
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
