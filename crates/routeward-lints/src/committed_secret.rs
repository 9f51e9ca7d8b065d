//! Keys and tokens that stand in files of the repository, known by what they look like.

use routeward_diag::{Confidence, Label};
use routeward_secrets::{Secret, Site};

use crate::setting::tells;
use crate::{Check, Cx, Lint, story};

/// Tokens that services hand out.
pub(crate) const PROVIDER_TOKEN: Lint = Lint { id: "provider-token", check: Check::Secret(check) };
/// Private halves of key pairs.
pub(crate) const PRIVATE_KEY: Lint = Lint { id: "private-key-committed", check: Check::Secret(check) };
/// Passwords in addresses.
pub(crate) const CREDENTIAL_IN_URL: Lint = Lint { id: "credential-in-url", check: Check::Secret(check) };
/// Passwords and keys in settings.
pub(crate) const SECRET_IN_SETTINGS: Lint = Lint { id: "secret-in-settings", check: Check::Secret(check) };

fn check(secret: &Secret<'_>, cx: &mut Cx<'_>) {
    let row = secret.row;
    // What a text is used as says more than a name beside it.
    let is_used = || {
        let mut places = cx.inventory.keys.iter().flat_map(|key| &key.places);
        places.any(|place| secret.sites.iter().any(|site| site.place.meets(*place)))
    };
    if row.lint != cx.id || (row.is_named() || row.generic) && is_used() {
        return;
    }
    let is_by_name = !row.within.is_empty();
    let sites = secret.sites.iter().filter(|site| !is_by_name || !tells(cx, site.place));
    let sites: Vec<&Site<'_>> = sites.collect();
    // Where it serves says more than where it is tested.
    let Some(first) = sites.iter().rev().copied().max_by_key(|site| site.most()) else { return };
    let message = if row.origin.is_empty() {
        format!("{} is readable in the repository: `{}`", row.name, secret.masked)
    } else {
        format!("what rule `{}` looks for is readable in the repository: `{}`", row.id, secret.masked)
    };
    let finding = cx.report_with_prose(Label::new(first.place, "it stands here"), message);
    finding.anchor.clone_from(&secret.digest);
    finding.is_anywhere = true;
    finding.also = sites.iter().filter(|site| **site != first).map(|site| site.place).collect();
    finding.variant = row.path();
    if !row.origin.is_empty() {
        let says = if row.name.is_empty() { String::new() } else { format!(": {}", row.name) };
        finding.notes.push(format!("the rule is from `{}`{says}", row.origin));
    }
    story::at_most(finding, row.severity);
    if let Some(coding) = first.coding {
        finding.notes.push(format!("it is written there in {}", coding.name()));
    }
    if row.is_named() {
        // A name and a shape are less than a shape that only one provider uses.
        finding.confidence = finding.confidence.min(Confidence::Medium);
    }
    for doubt in secret.doubt.iter().chain(&first.doubt) {
        story::at_most(finding, doubt.most);
        finding.notes.push(doubt.why.to_owned());
    }
}
