//! Secrets that the instructions of an image put into it.

use routeward_diag::{Confidence, Finding, Label, Severity};
use routeward_settings::{Around, Leak, LeakKind, View};

use crate::setting::{is_told, limit, place};
use crate::{Check, Configured, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "secret-in-image", check: Check::Setting(check) };

fn check(configured: &Configured<'_>, cx: &mut Cx<'_>) {
    let configuration = &configured.configuration;
    if configuration.view != View::Image || configuration.is_specimen {
        return;
    }
    for setting in &configuration.settings {
        let Some(role) = setting.role.filter(|_| setting.variable.is_none()) else { continue };
        let here = place(configured, setting.span);
        if cx.is_used(configured, setting) || is_told(configured, setting.span) {
            continue;
        }
        let message = format!("`{}`, {}, is in the instructions of the image", setting.name, role.what);
        let finding = cx.report_with_prose(Label::new(here, "it stands here"), message);
        finding.anchor.clone_from(&setting.name);
        story::at_most(finding, role.severity);
        limit_by_stage(finding, setting.around);
        limit(finding, configured);
    }
    for leak in &configuration.leaks {
        if leak.how != LeakKind::Command || !is_told(configured, leak.span) {
            tell(leak, configured, cx);
        }
    }
}

fn tell(leak: &Leak<'_>, configured: &Configured<'_>, cx: &mut Cx<'_>) {
    let message = match leak.how {
        LeakKind::Copied => format!("`{}` is copied into the image: {}", leak.name, leak.what),
        LeakKind::Command => format!("{} stands in a command of the image", leak.what),
        LeakKind::Asked => {
            format!("`{}`, {}, is asked for as an argument of the build", leak.name, leak.what)
        }
    };
    let finding =
        cx.report_with_prose(Label::new(place(configured, leak.span), "it gets there here"), message);
    finding.anchor = format!("{} {}", leak.what, leak.name);
    match leak.how {
        LeakKind::Asked => {
            story::at_most(finding, Severity::Low);
            finding.notes.push("what an argument is given stays in the history of the image".to_owned());
        }
        LeakKind::Copied => story::at_most(finding, Severity::Medium),
        LeakKind::Command => finding.confidence = Confidence::Low,
    }
    limit_by_stage(finding, leak.around);
    limit(finding, configured);
}

fn limit_by_stage(finding: &mut Finding, around: Around) {
    match around {
        Around::Passing => {
            story::at_most(finding, Severity::Low);
            finding.notes.push("it stands in a stage that the image is not made of".to_owned());
        }
        Around::Argument => story::at_most(finding, Severity::Medium),
        _ => {}
    }
}
