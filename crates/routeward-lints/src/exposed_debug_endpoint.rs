//! Endpoints that are there for those who develop the service, and answer everybody.

use routeward_diag::{Label, Severity};
use routeward_endpoints::{Authn, Endpoint, Protocol};
use routeward_flow::words;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "exposed-debug-endpoint", check: Check::Endpoint(check) };

/// Segments that are for nobody else.
const STRONG: &[&str] = &[
    "debug",
    "heapdump",
    "heapsnapshot",
    "threaddump",
    "phpinfo",
    "pprof",
    "profiler",
    "actuator",
    "expvar",
    "coredump",
    "memorydump",
    "envdump",
    "dumpenv",
];
/// Segments that may be.
const WEAK: &[&str] =
    &["metrics", "env", "environment", "dump", "trace", "console", "diagnostics", "internals"];

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    let is_open = endpoint.authenticated.value == Authn::Open && endpoint.declared_public.is_none();
    // What is the same for everybody tells nothing of the inside.
    if !is_open || endpoint.is_page || endpoint.protocol != Protocol::Http {
        return;
    }
    let path = endpoint.path.clone();
    let mut segments = path.split('/').filter(|segment| !segment.is_empty() && !segment.contains('{'));
    let is_in = |segment: &str, lexicon: &[&str]| lexicon.contains(&words(segment).concat().as_str());
    let strong = segments.clone().find(|segment| is_in(segment, STRONG));
    // `/products/{id}/trace` is about something else.
    let weak = segments.next_back().filter(|segment| is_in(segment, WEAK) && !path.contains('{'));
    let Some(segment) = strong.or(weak) else { return };
    let message = format!(
        "`{}` answers everybody, though `{segment}` is for those who run the service",
        endpoint.title()
    );
    let related = story::guarded_siblings(endpoint, cx);
    let finding = cx.report(Label::new(endpoint.guarded_at, "no guard stands in front of it"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    finding.related = related;
    finding.notes = vec![
        "what helps to find a fault helps to find a way in: settings, memory, queries and names".to_owned(),
    ];
    finding.help =
        Some("serve it on a port that only the inside reaches, or demand an administrator".to_owned());
    if strong.is_none() {
        story::at_most(finding, Severity::Low);
    }
}
