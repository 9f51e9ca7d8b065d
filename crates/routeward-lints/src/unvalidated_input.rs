//! Input that reaches stored data without a check that could have refused it.

use routeward_diag::Label;
use routeward_endpoints::{Effect, Endpoint};

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "unvalidated-input", check: Check::Endpoint(check) };

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    for effect in &endpoint.effects {
        // A name in the path is text and can do no harm beyond naming nothing, unless it is read as data.
        let counts = |input: &&String| effect.by_parsed || !input.starts_with("path");
        let inputs: Vec<String> = effect.unvalidated.iter().filter(counts).cloned().collect();
        if !inputs.is_empty() && effect.stores_whole.is_none() && cx.reported_at(effect.place).is_none() {
            report(endpoint, effect, &inputs, cx);
        }
    }
}

fn report(endpoint: &Endpoint, effect: &Effect, inputs: &[String], cx: &mut Cx<'_>) {
    let inputs = unique(inputs);
    let names = story::list(&inputs);
    let verb = if effect.is_write { "changes" } else { "looks up" };
    let message =
        format!("`{}` {verb} `{}` with {names}, which nothing has checked", endpoint.title(), effect.target);
    let checked = cx.inventory.endpoints.iter().filter(|other| {
        other.effects.iter().any(|known| known.target == effect.target && known.unvalidated.is_empty())
            && other.inputs.iter().any(|input| input.is_validated)
    });
    let checked = story::labels(checked, "checks its input");
    let finding =
        cx.report(Label::new(effect.place, format!("{names} may have any type, size and shape")), message);
    story::tell(finding, endpoint, &effect.target);
    finding.related = [vec![Label::new(endpoint.place, "registered")], checked].concat();
    finding.notes =
        vec!["what a client sends has any type, size and shape until something refuses it".to_owned()];
    finding.help =
        Some("describe the input with a schema, bounds included, and go on with its result".to_owned());
}

fn unique(names: &[String]) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for name in names {
        if !unique.contains(name) {
            unique.push(name.clone());
        }
    }
    unique
}
