//! What lints about settings have in common: what stands against one, and what others tell.

use routeward_base::Span;
use routeward_catalog::SettingRole;
use routeward_diag::{Finding, Place, Severity};
use routeward_settings::{Around, Setting, Strength, View};

use crate::{Configured, Cx, story};

/// The place of a part of a file.
pub(crate) fn place(configured: &Configured<'_>, span: Span) -> Place {
    Place { file: configured.file, span }
}

/// A lint that says more tells of the value: it is a token of a service, or a password in an address.
pub(crate) fn is_told(configured: &Configured<'_>, span: Span) -> bool {
    let next = configured.told.partition_point(|told| told.end() <= span.start);
    configured.told.get(next).is_some_and(|told| told.start < span.end())
}

/// A lint about settings tells of what stands there: it knows the file, and not only the name and the value.
pub(crate) fn tells(cx: &Cx<'_>, place: Place) -> bool {
    let mut files = cx.settings.iter().filter(|configured| configured.file == place.file);
    files.any(|configured| {
        let settings = &configured.configuration.settings;
        let first = settings.partition_point(|setting| setting.span.end() <= place.span.start);
        let mut here = settings[first..].iter().take_while(|setting| setting.span.start < place.span.end());
        here.any(|setting| is_tellable(configured, setting, cx))
    })
}

fn is_tellable(configured: &Configured<'_>, setting: &Setting<'_>, cx: &Cx<'_>) -> bool {
    let configuration = &configured.configuration;
    if cx.is_used(configured, setting) {
        return true;
    }
    if setting.role.is_none() {
        return false;
    }
    let is_weak = !matches!(setting.strength, Strength::Likely);
    let is_kept = configuration.view == View::Environment || setting.around == Around::Secrets;
    match configuration.view {
        _ if setting.variable.is_some() => true,
        View::Image => !configuration.is_specimen,
        _ => is_weak || is_kept && !configuration.is_specimen && configured.is_tracked != Some(false),
    }
}

/// Lowers a finding by what the file is for, and says why.
pub(crate) fn limit(finding: &mut Finding, configured: &Configured<'_>) {
    let configuration = &configured.configuration;
    let limits = [
        configured.doubt.map(|doubt| (doubt.most, doubt.why)),
        configuration
            .is_specimen
            .then_some((Severity::Info, "it stands in a file that is there to be copied and filled in")),
        (configuration.view == View::Workflow)
            .then_some((Severity::Info, "it serves a build, not a deployment")),
        configured.own_doubt.map(|doubt| (doubt.most, doubt.why)),
        configuration
            .is_development
            .then_some((Severity::Low, "it stands in a file for development, by its name")),
    ];
    // The one that says most says enough.
    if let Some((most, why)) = limits.into_iter().flatten().min_by_key(|(most, _)| *most) {
        story::at_most(finding, most);
        finding.notes.push(why.to_owned());
    }
}

/// Lowers a finding by what its setting opens, and says why.
pub(crate) fn limit_by_role(finding: &mut Finding, configured: &Configured<'_>, setting: &Setting<'_>) {
    let Some(role) = setting.role else { return };
    story::at_most(finding, role.severity);
    if role.role == SettingRole::Secret && matches!(setting.strength, Strength::Weak(_)) {
        story::at_most(finding, Severity::Low);
        finding.notes.push("what a service hands out is no such value: it stands in for one".to_owned());
    }
    let is_inside =
        setting.around == Around::Inner || configured.configuration.view == View::Compose && !role.server;
    if role.role == SettingRole::Service && is_inside {
        story::at_most(finding, Severity::Low);
        finding.notes.push("what it opens is reached from inside of one network only".to_owned());
    }
}
