//! Texts of configuration that stand in for secrets where nothing is set.

use routeward_diag::Label;

use crate::setting::{is_told, limit, limit_by_role, place};
use crate::{Configured, Cx};

/// Tells of `${NAME:-text}` where the name says that it is a secret.
pub(crate) fn check(configured: &Configured<'_>, cx: &mut Cx<'_>) {
    for setting in &configured.configuration.settings {
        let (Some(role), Some(_)) = (setting.role, &setting.variable) else { continue };
        if is_told(configured, setting.span) {
            continue;
        }
        let here = place(configured, setting.span);
        let message = format!(
            "where nothing is set, `{}`, {}, is a text of the configuration",
            setting.name, role.what
        );
        let finding = cx.report_with_prose(Label::new(here, "it stands here"), message);
        finding.anchor.clone_from(&setting.name);
        limit_by_role(finding, configured, setting);
        limit(finding, configured);
    }
}
