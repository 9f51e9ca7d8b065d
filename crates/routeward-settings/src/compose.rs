//! What containers of one machine are given.

use routeward_formats::Node;

use crate::Around;
use crate::plain::variables;
use crate::reader::Settings;

/// Beginnings of addresses that only the own machine reaches.
const OWN: &[&str] = &["127.", "localhost:", "[::1]:"];

/// The environments of all services, and the arguments that their images are built with.
pub(crate) fn settings(root: Node<'_>, settings: &mut Settings<'_, '_, '_>) {
    let services = root.get("services").unwrap_or(root);
    for (_, service) in services.entries() {
        let around = if is_published(service) { Around::Open } else { Around::Inner };
        let build = service.get("build").and_then(|build| build.get("args"));
        for environment in service.get("environment").into_iter().chain(build) {
            variables(environment, around, settings);
        }
    }
}

/// Others than the own machine reach a port of it.
fn is_published(service: Node<'_>) -> bool {
    let is_open = |port: Node<'_>| match port.scalar() {
        Some(port) => !OWN.iter().any(|own| port.starts_with(own)),
        None => port.get("host_ip").and_then(Node::text).is_none_or(|host| !host.starts_with("127.")),
    };
    let is_host = service.get("network_mode").and_then(Node::text) == Some("host");
    is_host || service.get("ports").is_some_and(|ports| ports.items().any(is_open))
}
