//! Values of configuration that the program uses as keys, by the names under which it reads them.

use routeward_diag::{Label, Severity};
use routeward_endpoints::NamedKey;
use routeward_settings::{Setting, Strength, View};

use crate::setting::{is_told, limit, limit_by_role, place};
use crate::{Configured, Cx, story};

/// So many uses are shown.
const SHOWN: usize = 3;

/// Where the program uses as a key what the environment gives under the name of a setting.
pub(crate) fn uses<'a>(
    configured: &Configured<'_>,
    setting: &Setting<'_>,
    cx: &Cx<'a>,
) -> impl Iterator<Item = &'a NamedKey> + use<'a> {
    let gives = !matches!(configured.configuration.view, View::Configuration | View::Store | View::Workflow)
        && !configured.configuration.is_specimen
        && setting.variable.is_none();
    let name = setting.name.clone();
    let keys = cx.inventory.named_keys.iter().filter(move |_| gives);
    keys.filter(move |key| key.name == name && key.lint.is_empty())
}

/// Tells of each such value, with its uses.
pub(crate) fn check(configured: &Configured<'_>, cx: &mut Cx<'_>) {
    for setting in &configured.configuration.settings {
        let uses: Vec<&NamedKey> = uses(configured, setting, cx).collect();
        let Some(first) = uses.first().filter(|_| !is_told(configured, setting.span)) else { continue };
        let what = &first.what;
        let message = format!("{what} is a value that stands in the repository: `{}`", setting.name);
        let here = place(configured, setting.span);
        let finding = cx.report_with_prose(Label::new(here, "it stands here"), message);
        finding.anchor.clone_from(&setting.name);
        finding.related.extend(uses.iter().take(SHOWN).map(|key| Label::new(key.used, "it is used here")));
        if let Strength::Weak(why) = setting.strength {
            finding.notes.push(why.to_owned());
        }
        let limits = uses.iter().map(|key| key.at_most.unwrap_or(Severity::Critical));
        story::at_most(finding, limits.max().unwrap_or(Severity::Critical));
        limit_by_role(finding, configured, setting);
        limit(finding, configured);
    }
}
