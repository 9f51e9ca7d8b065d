//! Endpoints for credentials that may be called as often as one likes.

use routeward_diag::{Confidence, Label};
use routeward_endpoints::{Authn, Endpoint, Location, Tri};
use routeward_flow::words;

use crate::{Check, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "missing-rate-limit", check: Check::Endpoint(check) };

/// Words of paths behind which something is guessed or sent on demand.
const STRONG: &[&str] = &[
    "login",
    "logon",
    "signin",
    "authenticate",
    "forgot",
    "otp",
    "2fa",
    "mfa",
    "totp",
    "recover",
    "recovery",
    "passwordless",
];
/// Words that mean that only together with a secret in the request.
const WEAK: &[&str] = &[
    "token",
    "tokens",
    "verify",
    "verification",
    "code",
    "reset",
    "session",
    "sessions",
    "auth",
    "confirm",
    "password",
    "pin",
];
/// Inputs that are guessed.
const SECRETS: &[&str] =
    &["password", "passwd", "pwd", "pass", "otp", "totp", "code", "pin", "passcode", "answer", "token"];

fn check(endpoint: &Endpoint, cx: &mut Cx<'_>) {
    if endpoint.rate_limited.value != Tri::No || endpoint.authenticated.value == Authn::Denied {
        return;
    }
    let Some(why) = credential_evidence(endpoint) else { return };
    let limited = cx.inventory.endpoints.iter().filter(|other| other.rate_limited.value == Tri::Yes);
    let related =
        [endpoint.checks_password.clone().into_iter().collect(), story::labels(limited, "is limited")]
            .concat();
    let message = format!("`{}` may be called as often as one likes: {}", endpoint.title(), why.text);
    let finding = cx.report(Label::new(endpoint.guarded_at, "no limiter stands in front of it"), message);
    story::tell(finding, endpoint, &endpoint.handler.name);
    finding.confidence = finding.confidence.min(why.confidence);
    finding.related = related;
    finding.notes = vec![
        "passwords are guessed by the list and codes by counting: all it takes is an answer each time"
            .to_owned(),
    ];
    finding.help = Some(
        "limit by account and by address; if the limit stands in a gateway, say so in `routeward.toml`"
            .to_owned(),
    );
}

struct Why {
    text: String,
    confidence: Confidence,
}

/// Why it is an endpoint for credentials.
fn credential_evidence(endpoint: &Endpoint) -> Option<Why> {
    if endpoint.checks_password.is_some() {
        return Some(Why { text: "it compares a password".to_owned(), confidence: Confidence::High });
    }
    let secret = endpoint
        .inputs
        .iter()
        .find(|input| input.location != Location::Path && is_in(&input.name, SECRETS))
        .map(|input| input.name.clone());
    if !endpoint.is_unsafe() && secret.is_none() || endpoint.method == "DELETE" || is_sign_up(endpoint) {
        return None;
    }
    // Whoever is signed in guesses only their own password or code.
    if endpoint.authenticated.value == Authn::Required {
        return None;
    }
    let segments: Vec<&str> =
        endpoint.subject().split('/').filter(|segment| !segment.contains('{')).collect();
    let last = || segments.iter().rev().take(2);
    let strong = last().find(|segment| is_in(segment, STRONG));
    let weak = last().find(|segment| is_in(segment, WEAK));
    match (strong, weak, secret) {
        (Some(segment), _, Some(name)) => {
            Some(Why { text: format!("it takes `{name}` at `{segment}`"), confidence: Confidence::High })
        }
        (Some(segment), _, None) if !endpoint.is_page => {
            Some(Why { text: format!("`{segment}` is for credentials"), confidence: Confidence::Medium })
        }
        (None, Some(segment), Some(name)) => {
            Some(Why { text: format!("it takes `{name}` at `{segment}`"), confidence: Confidence::Medium })
        }
        _ => None,
    }
}

/// Nothing is guessed where an account is made.
fn is_sign_up(endpoint: &Endpoint) -> bool {
    is_in(endpoint.subject(), &["signup", "register", "registration", "logout", "signout"])
}

fn is_in(name: &str, lexicon: &[&str]) -> bool {
    let words = words(name);
    words.iter().any(|word| lexicon.contains(&word.as_str())) || lexicon.contains(&words.concat().as_str())
}
