//! What of the client's reaches sinks on an endpoint's way, told in steps.

use routeward_diag::{Label, Place};
use routeward_flow::{Evaluator, FlowId, Step, Via};

use crate::posture::Flow;

/// The end of the name of the call by which a template puts something out that is to be escaped.
const ESCAPED: &str = ".escaped";

/// The flows of a chain's elements and the handler, in the order they were met, each sink and source once.
pub(crate) fn flows(evaluator: &Evaluator<'_>, ids: &[FlowId]) -> Vec<Flow> {
    let mut flows: Vec<Flow> = Vec::new();
    for id in ids {
        let flow = told(evaluator, *id);
        let is_known = |known: &Flow| {
            let is_same = known.place == flow.place && known.source == flow.source;
            known.kind == flow.kind
                && (is_same || known.call == flow.call && is_part(&flow.source, &known.source))
        };
        if !flows.iter().any(is_known) {
            flows.push(flow);
        }
    }
    flows
}

fn told(evaluator: &Evaluator<'_>, id: FlowId) -> Flow {
    let flow = &evaluator.flows[id];
    let text = |sym| evaluator.symbols.text(sym);
    let steps = evaluator.traces.steps(flow.trace);
    let read = steps.iter().find_map(|step| match step.via {
        Via::Source(path) => Some(text(path)),
        _ => None,
    });
    let is_archived = flow.tags.contains(routeward_flow::Tags::ARCHIVE);
    let from = if is_archived { "an archive" } else { "the request" };
    let label = |step: &Step| {
        let says = match step.via {
            Via::Source(path) => format!("`{}` is read from {from}", text(path)),
            Via::Stored(target) => format!("`{}` is read from stored data", text(target)),
            Via::Text => "it becomes a part of a text".to_owned(),
            Via::Argument(name) => format!("it is given to `{}`", text(name)),
            Via::Operation(name) | Via::Through(name) => format!("it goes through `{}`", shown(&text(name))),
        };
        Label::new(step.place, says)
    };
    Flow {
        kind: flow.kind,
        sink: shown(&text(flow.sink)),
        place: built_at(&steps).unwrap_or(flow.place),
        call: flow.place,
        source: read.or_else(|| flow.input.map(|input| text(input.path))).unwrap_or_default(),
        // A part of the request that is there before any code runs has no place.
        steps: steps.iter().filter(|step| step.place.span.len > 0).map(label).collect(),
        is_detached: flow.is_detached,
        is_seen: !flow.tags.contains(routeward_flow::Tags::UNSEEN),
        is_archived,
        is_stored: !flow.tags.intersects(routeward_flow::Tags::REQUEST),
        is_by_setting: text(flow.sink).ends_with(ESCAPED),
    }
}

/// `body.ip.0` of `body.ip`
fn is_part(source: &str, whole: &str) -> bool {
    source.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'))
}

/// Where a text that was built of the client's is given away, if nothing is made of it any more: a function that runs
/// whole statements for others has nothing to mend.
fn built_at(steps: &[Step]) -> Option<Place> {
    let built = steps.iter().rposition(|step| !matches!(step.via, Via::Argument(_)))?;
    let given = steps.get(built + 1)?;
    (steps[built].via == Via::Text && given.place.file == steps[built].place.file).then_some(given.place)
}

/// A call as the program writes it: `query` of `pg.Pool.query`, `fs.readFile` whole.
fn shown(path: &str) -> String {
    let mut parts: Vec<&str> = path.rsplit('.').take(2).collect();
    parts.reverse();
    parts.join(".")
}
