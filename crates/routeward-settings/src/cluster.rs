//! What a cluster runs: documents with a `kind`.

use routeward_formats::Node;

use crate::Around;
use crate::plain::variables;
use crate::reader::Settings;

/// Values of documents whose purpose are secrets or settings, and the environments of containers.
pub(crate) fn settings(root: Node<'_>, settings: &mut Settings<'_, '_, '_>) {
    match root.get("kind").and_then(Node::text) {
        Some("Secret") => {
            for (name, value) in root.get("stringData").map(Node::entries).unwrap_or_default() {
                settings.give(name.scalar().unwrap_or(""), value, Around::Secrets);
            }
            for (name, value) in root.get("data").map(Node::entries).unwrap_or_default() {
                settings.give_encoded(name.scalar().unwrap_or(""), value, Around::Secrets);
            }
        }
        Some("ConfigMap") => {
            if let Some(data) = root.get("data") {
                variables(data, Around::Open, settings);
            }
        }
        Some(_) => containers(root, settings),
        None => {}
    }
}

fn containers(node: Node<'_>, settings: &mut Settings<'_, '_, '_>) {
    if node.target() != node {
        return;
    }
    for (key, value) in node.written() {
        if key.scalar() == Some("env") && value.is_list() {
            variables(value, Around::Open, settings);
        } else {
            containers(value, settings);
        }
    }
    node.items().for_each(|item| containers(item, settings));
}
