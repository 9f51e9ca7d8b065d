//! Settings that sign, encrypt or log in, with values that are tried first.

use routeward_diag::{Label, Severity};
use routeward_settings::{Strength, View};

use crate::setting::{is_told, limit, limit_by_role, place};
use crate::{Check, Configured, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "weak-secret-value", check: Check::Setting(check) };

/// So many further places are shown.
const SHOWN: usize = 3;

fn check(configured: &Configured<'_>, cx: &mut Cx<'_>) {
    let configuration = &configured.configuration;
    // What gets into an image is told as that.
    if configuration.view == View::Image {
        return;
    }
    let mut told: Vec<(u64, &str, usize)> = Vec::new();
    for setting in &configuration.settings {
        let Some(role) = setting.role.filter(|_| setting.variable.is_none()) else { continue };
        let why = match setting.strength {
            Strength::Weak(why) => why.to_owned(),
            Strength::Short(least) => format!("it is shorter than the {least} bytes that its purpose needs"),
            Strength::Likely => continue,
        };
        let here = place(configured, setting.span);
        if cx.is_used(configured, setting) || is_told(configured, setting.span) {
            continue;
        }
        let known = told.iter().find(|(same, what, _)| *same == setting.same && *what == role.what);
        if let Some(finding) = known.and_then(|(.., at)| cx.findings.get_mut(*at)) {
            if finding.related.len() < SHOWN {
                finding.related.push(Label::new(here, "it stands here, too"));
            }
            continue;
        }
        told.push((setting.same, &role.what, cx.findings.len()));
        let message = format!("`{}`, {}, is a value that is tried", setting.name, role.what);
        let finding = cx.report_with_prose(Label::new(here, "it stands here"), message);
        finding.anchor.clone_from(&setting.name);
        finding.notes.push(why);
        if matches!(setting.strength, Strength::Short(_)) {
            story::at_most(finding, Severity::Medium);
        }
        limit_by_role(finding, configured, setting);
        limit(finding, configured);
    }
}
