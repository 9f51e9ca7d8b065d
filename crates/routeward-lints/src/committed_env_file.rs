//! Files whose purpose is to keep secrets, in the repository.

use routeward_diag::Label;
use routeward_settings::{Around, Setting, Strength, View};

use crate::setting::{is_told, limit, place};
use crate::{Check, Configured, Cx, Lint, story};

pub(crate) const LINT: Lint = Lint { id: "committed-env-file", check: Check::Setting(check) };

fn check(configured: &Configured<'_>, cx: &mut Cx<'_>) {
    let configuration = &configured.configuration;
    if configuration.is_specimen || configured.is_tracked == Some(false) {
        return;
    }
    if let Some((what, span)) = configuration.store {
        if !is_told(configured, span) {
            let message = format!("{what} is readable in the repository: `{}`", configured.name);
            let label = Label::new(place(configured, span), "it stands here");
            let finding = cx.report_with_prose(label, message);
            what.clone_into(&mut finding.anchor);
            limit(finding, configured);
        }
        return;
    }
    let is_kept = |setting: &&Setting<'_>| {
        let is_kept_here = configuration.view == View::Environment || setting.around == Around::Secrets;
        let is_strong = !matches!(setting.strength, Strength::Weak(_));
        is_kept_here
            && setting.role.is_some()
            && is_strong
            && setting.variable.is_none()
            && !cx.is_used(configured, setting)
            && !is_told(configured, setting.span)
    };
    let kept: Vec<&Setting<'_>> = configuration.settings.iter().filter(is_kept).collect();
    let Some(first) = kept.first() else { return };
    let names: Vec<String> = kept.iter().map(|setting| setting.name.clone()).collect();
    let message = format!("`{}` holds the value of {}", configured.name, story::list(&names));
    let label = Label::new(place(configured, first.span), "it stands here");
    let finding = cx.report_with_prose(label, message);
    limit(finding, configured);
}
