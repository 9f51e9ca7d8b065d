//! Texts of the source that are used as keys and passwords, by where they are used.

use routeward_diag::{Confidence, Label, Place, Severity};
use routeward_endpoints::{Hardcoded, Inventory};
use routeward_ir::Role;
use routeward_secrets::Secret;

use crate::setting::limit;
use crate::{Check, Cx, Lint, setting_fallback, story, used_setting};

/// Keys that are texts of the source.
pub(crate) const HARDCODED: Lint = Lint { id: "hardcoded-secret", check: Check::Keys(check) };
/// Texts of the source that stand in for keys.
pub(crate) const FALLBACK: Lint = Lint { id: "secret-fallback", check: Check::Keys(check) };
/// Passwords that the source itself lets in.
pub(crate) const BACKDOOR: Lint = Lint { id: "backdoor-credential", check: Check::Inventory(check) };

/// So many uses are shown.
const SHOWN: usize = 3;

/// The lint that tells of a key.
fn lint_of(key: &Hardcoded) -> &str {
    match key.lint.as_str() {
        "" if key.is_fallback => FALLBACK.id,
        "" => HARDCODED.id,
        lint => lint,
    }
}

/// The text is a token of a format that only one provider uses, which says more than what it is used for.
fn is_token(place: Place, cx: &Cx<'_>) -> bool {
    let is_there = |secret: &Secret<'_>| secret.sites.iter().any(|site| site.place.meets(place));
    cx.secrets.iter().any(|secret| !secret.row.is_named() && !secret.row.generic && is_there(secret))
}

fn check(inventory: &Inventory, cx: &mut Cx<'_>) {
    let id = cx.id;
    for configured in cx.settings {
        match id {
            _ if id == FALLBACK.id => setting_fallback::check(configured, cx),
            _ if id == HARDCODED.id => used_setting::check(configured, cx),
            _ => {}
        }
    }
    for key in inventory.keys.iter().filter(|key| lint_of(key) == id) {
        let Some(place) = key.places.first().or(key.used.first()).copied() else { continue };
        let what = &key.what;
        if cx.reported_at(place).is_some() || is_token(place, cx) {
            continue;
        }
        let is_data = cx.program.units[place.file].role == Role::Data;
        let text = if is_data { "a value that stands in the repository" } else { "a text of the source" };
        let message = if id == FALLBACK.id {
            format!("where nothing is set, {what} is {text}")
        } else {
            format!("{what} is {text}")
        };
        let configured = cx.settings.iter().find(|configured| configured.file == place.file);
        let finding = cx.report_with_prose(Label::new(place, "it stands here"), message);
        finding.anchor.clone_from(what);
        let uses = key.used.iter().filter(|used| **used != place).take(SHOWN);
        finding.related.extend(uses.map(|used| Label::new(*used, "it is used here")));
        if key.is_weak {
            finding.notes.push("it is short enough to be tried: nobody has to read the source".to_owned());
        }
        if key.is_local {
            story::at_most(finding, Severity::Low);
            finding.notes.push("it is sent to this machine only".to_owned());
        }
        if let Some(limit) = key.at_most {
            story::at_most(finding, limit);
        }
        if key.places.is_empty() {
            finding.confidence = Confidence::Medium;
        }
        if let Some(configured) = configured {
            limit(finding, configured);
        }
    }
}
