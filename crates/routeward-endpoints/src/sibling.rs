//! Endpoints beside an endpoint, and what paths say by convention. Both only rank and explain findings: they
//! decide nothing by themselves.

use routeward_flow::words;

use crate::posture::{Authn, ChainItem, Endpoint, Inventory, ItemKind};

/// What a path is for, by the words that are customary in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Convention {
    /// Signing in and out, and everything that leads to it: registration, reset of a password, tokens.
    Login,
    /// Asked by machines that watch the service.
    Probe,
    /// Descriptions of the API.
    Documentation,
    /// Files for browsers.
    Asset,
    /// Called by other services, which sign what they send.
    Webhook,
}

const LOGIN: &[&str] = &[
    "login",
    "logon",
    "signin",
    "signup",
    "register",
    "registration",
    "logout",
    "signout",
    "logoff",
    "refresh",
    "token",
    "tokens",
    "oauth",
    "oauth2",
    "openid",
    "oidc",
    "saml",
    "sso",
    "callback",
    "authorize",
    "authenticate",
    "auth",
    "forgot",
    "reset",
    "recover",
    "recovery",
    "verify",
    "verification",
    "confirm",
    "confirmation",
    "activate",
    "activation",
    "otp",
    "2fa",
    "mfa",
    "totp",
    "captcha",
    "csrf",
    "passwordless",
];
const PROBE: &[&str] = &[
    "health",
    "healthz",
    "healthcheck",
    "live",
    "livez",
    "liveness",
    "ready",
    "readyz",
    "readiness",
    "ping",
    "status",
    "version",
    "heartbeat",
    "alive",
    "uptime",
];
const DOCUMENTATION: &[&str] =
    &["docs", "doc", "openapi", "swagger", "redoc", "explorer", "graphiql", "playground"];
const ASSET: &[&str] = &[
    "favicon", "robots", "sitemap", "manifest", "static", "assets", "public", "css", "js", "fonts", "images",
    "img",
];
const WEBHOOK: &[&str] = &["webhook", "webhooks", "hook", "hooks", "ipn"];
/// Words that only say where the API begins.
const ROOTS: &[&str] = &["api", "rest", "rpc", "service", "services", "app", "web", "backend", "server"];

impl Endpoint {
    /// What its path is for by convention.
    pub fn convention(&self) -> Option<Convention> {
        let segments: Vec<&str> = fixed_segments(self.subject()).collect();
        if segments.first() == Some(&".well-known") {
            return Some(Convention::Asset);
        }
        let last = segments.iter().rev().take(2);
        let is_in = |lexicon: &[&str], by_word: bool| {
            last.clone().any(|segment| {
                let words = words(segment);
                let is_one = by_word && words.iter().any(|word| lexicon.contains(&word.as_str()));
                is_one || lexicon.contains(&words.concat().as_str())
            })
        };
        let first_is_asset = segments.first().is_some_and(|segment| {
            let stem = segment.split('.').next().unwrap_or(segment);
            ASSET.contains(&stem.to_ascii_lowercase().as_str())
        });
        let kinds: [(&[&str], Convention); 4] = [
            (LOGIN, Convention::Login),
            (PROBE, Convention::Probe),
            (DOCUMENTATION, Convention::Documentation),
            (WEBHOOK, Convention::Webhook),
        ];
        // `verify-email` is a step of signing in; `docs-drafts` is no description of the API.
        let fits = |(lexicon, kind): &(&[&str], Convention)| is_in(lexicon, *kind == Convention::Login);
        let found = kinds.into_iter().find(fits).map(|(_, kind)| kind);
        found.or_else(|| first_is_asset.then_some(Convention::Asset))
    }

    /// The part of its path that names the resource: `/api/orders` for `/api/orders/{id}/items`. Empty for an operation.
    pub fn resource(&self) -> &str {
        let mut end = 0;
        for segment in self.subject().split('/').skip(1) {
            let is_fixed = !segment.is_empty() && !segment.contains(['{', '*']);
            if !is_fixed {
                break;
            }
            end += segment.len() + 1;
            if !is_root(segment) {
                break;
            }
        }
        &self.subject()[..end]
    }

    /// The method may change something.
    pub fn is_unsafe(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

fn fixed_segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty() && !segment.contains(['{', '*']))
}

/// `api`, `v1`
fn is_root(segment: &str) -> bool {
    let is_version =
        segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_version || ROOTS.contains(&segment.to_ascii_lowercase().as_str())
}

impl Inventory {
    /// The other endpoints of the same resource; if there are none, those registered on the same object.
    pub fn siblings<'a>(&'a self, endpoint: &'a Endpoint) -> Vec<&'a Endpoint> {
        let others = || self.endpoints.iter().filter(|other| !is_same(other, endpoint));
        let resource = endpoint.resource();
        let near: Vec<_> =
            others().filter(|other| !resource.is_empty() && other.resource() == resource).collect();
        if near.is_empty() { others().filter(|other| other.scope == endpoint.scope).collect() } else { near }
    }

    /// Some endpoint demands a credential: the repository knows callers.
    pub fn knows_callers(&self) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint.authenticated.value == Authn::Required)
    }

    /// Nothing that the endpoint's server answers asks who is calling, may do so, or tries to: whether anybody is known
    /// to this application was decided once for all of it, or elsewhere. False where the server is not known. Cost:
    /// linear.
    pub fn asks_nobody(&self, endpoint: &Endpoint) -> bool {
        let asks = |other: &Endpoint| {
            let tries = |item: &ChainItem| {
                !matches!(
                    item.kind,
                    ItemKind::Passes | ItemKind::Limiter | ItemKind::Validator | ItemKind::Handler
                )
            };
            !matches!(other.authenticated.value, Authn::Open | Authn::Denied)
                || other.checks_password.is_some()
                || !other.flaws.is_empty()
                || !other.ineffective.is_empty()
                || other.chain.iter().any(tries)
        };
        let server = endpoint.around.server;
        server.is_some() && !self.endpoints.iter().any(|other| other.around.server == server && asks(other))
    }
}

fn is_same(left: &Endpoint, right: &Endpoint) -> bool {
    (left.place, &left.method, &left.path) == (right.place, &right.method, &right.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_stand_behind_the_roots_of_the_api() {
        let resource = |path: &str| {
            let mut end = 0;
            for segment in path.split('/').skip(1).take_while(|segment| !segment.contains(['{', '*'])) {
                end += segment.len() + 1;
                if !is_root(segment) {
                    break;
                }
            }
            path[..end].to_owned()
        };
        assert_eq!(resource("/api/v1/orders/{id}/items"), "/api/v1/orders");
        assert_eq!(resource("/{tenant}/orders"), "");
    }
}
