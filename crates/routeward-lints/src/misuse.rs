//! Calls that are wrong by themselves, and what servers lack: all lints that data alone states, and some of what others
//! tell. What they report is said by the rows of models and by the front matter of the lint.

use routeward_diag::{Confidence, Label, Place};
use routeward_endpoints::{Inventory, Misuse};

use crate::{Check, Cx, Lint, absence, story};

/// The lint of that id.
pub(crate) fn lint(id: &'static str) -> Lint {
    Lint { id, check: Check::Inventory(|_, _| {}) }
}

/// Tells what rows and front matter state of a lint, besides what its Rust half has told.
pub(crate) fn check(inventory: &Inventory, cx: &mut Cx<'_>) {
    let id = cx.id;
    let told: Vec<Place> = cx.findings.iter().map(|finding| finding.primary.place).collect();
    let is_told = |misuse: &Misuse| {
        told.iter().any(|place| {
            place.file == misuse.place.file
                && place.span.start <= misuse.place.span.end()
                && misuse.place.span.start <= place.span.end()
        })
    };
    for misuse in inventory.misuses.iter().filter(|misuse| misuse.lint == id && !is_told(misuse)) {
        report(misuse, cx);
    }
    absence::check(inventory, cx);
}

fn report(misuse: &Misuse, cx: &mut Cx<'_>) {
    let finding = cx.report_with_prose(Label::new(misuse.place, misuse.because.clone()), misuse.says.clone());
    finding.related.extend(misuse.set_at.map(|place| Label::new(place, "it is set here")));
    finding.related.extend(misuse.handed_at.iter().map(|place| Label::new(*place, "called here")));
    finding.anchor.clone_from(&misuse.because);
    if let Some(limit) = misuse.at_most {
        story::at_most(finding, limit);
    }
    if misuse.is_unsure {
        finding.confidence = Confidence::Low;
    }
}
