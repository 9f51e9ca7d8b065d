//! Where packages come from, as far as it matters: addresses that are not encrypted, registries beside the public one,
//! certificates that are not checked.

use routeward_base::Span;
use routeward_formats::Node;

use super::Cx;
use crate::{Source, Supply};

impl Cx<'_> {
    /// A registry that a scalar names.
    pub(super) fn registry(&mut self, node: Node<'_>) {
        if let Some(url) = node.text() {
            self.address(url, node.span());
        }
    }

    /// A registry, by its address.
    pub(super) fn address(&mut self, url: &str, place: Span) {
        if has_scheme(url, "http") {
            self.source(Supply::Plain, url, place);
        }
    }

    /// A registry beside the public one.
    pub(super) fn beside(&mut self, url: &str, place: Span) {
        self.address(url, place);
        let is_held = self.text.contains("--hash=") || self.text.contains("--require-hashes");
        self.source(Supply::Beside { is_held }, url, place);
    }

    /// A registry, by its address or host, whose certificate is not checked; an empty text for every one.
    pub(super) fn unverified(&mut self, url: &str, place: Span) {
        self.source(Supply::Unverified, url, place);
    }

    /// Where a lockfile took a package from: nobody notices another one in its place where no checksum does.
    pub(super) fn fetched(&mut self, url: Option<Node<'_>>, checksum: Option<Node<'_>>) {
        let is_held = checksum.and_then(Node::text).is_some_and(|text| text.contains("sha512-"));
        if let Some(url) = url.filter(|_| !is_held) {
            self.registry(url);
        }
    }

    fn source(&mut self, supply: Supply, url: &str, place: Span) {
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let (credentials, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        if is_this_machine(host) {
            return;
        }
        let is_own = !credentials.is_empty() || rest.contains(['$', '%', '{']) || is_private(host);
        let host = if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") };
        self.listing.sources.push(Source { supply, host, is_own, place });
    }
}

/// True for an address that begins so, whatever the case.
pub(crate) fn has_scheme(url: &str, scheme: &str) -> bool {
    url.split_once("://").is_some_and(|(known, _)| known.eq_ignore_ascii_case(scheme))
}

fn is_this_machine(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host);
    name == "localhost" || name.starts_with("127.") || host.starts_with("[::1]") || name == "0.0.0.0"
}

/// A host that only a network of its own knows (RFC 1918, RFC 6762, names without a dot).
fn is_private(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host);
    let second = name.split('.').nth(1).and_then(|part| part.parse::<u8>().ok());
    let is_address = name.starts_with("10.")
        || name.starts_with("192.168.")
        || (name.starts_with("172.") && second.is_some_and(|part| (16..32).contains(&part)));
    let endings = ["local", "internal", "intranet", "lan", "corp", "home", "svc"];
    is_address || !name.contains('.') || name.rsplit('.').next().is_some_and(|end| endings.contains(&end))
}
