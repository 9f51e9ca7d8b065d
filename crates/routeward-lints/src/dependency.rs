//! Packages in versions of which something is known: weaknesses, harm on purpose, or that nobody looks after them.

use routeward_deps::{Advisory, Kind, Package, Scope};
use routeward_diag::{Label, Severity};

use crate::{Check, Cx, Lint, story};

/// Others can make the package do harm.
pub(crate) const VULNERABLE: Lint =
    Lint { id: "vulnerable-dependency", check: Check::Package(check_vulnerable) };
/// It does harm by itself.
pub(crate) const MALICIOUS: Lint = Lint { id: "malicious-package", check: Check::Package(check_malicious) };
/// Nobody looks after it.
pub(crate) const UNMAINTAINED: Lint =
    Lint { id: "unmaintained-dependency", check: Check::Package(check_unmaintained) };

/// So many advisories are told one by one.
const SHOWN: usize = 5;

fn check_vulnerable(package: &Package<'_>, cx: &mut Cx<'_>) {
    let found = of(package, &[Kind::Vulnerability, Kind::Unsound]);
    let Some(first) = found.first() else { return };
    let more = match found.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    tell(package, &found, &format!("is vulnerable: {}{more}", first.id()), cx);
}

fn check_malicious(package: &Package<'_>, cx: &mut Cx<'_>) {
    let found = of(package, &[Kind::Malicious]);
    if let Some(first) = found.first() {
        tell(package, &found, &format!("does harm on purpose: {}", first.id()), cx);
    }
}

fn check_unmaintained(package: &Package<'_>, cx: &mut Cx<'_>) {
    let found = of(package, &[Kind::Unmaintained]);
    if let Some(first) = found.first() {
        tell(package, &found, &format!("is maintained by nobody: {}", first.id()), cx);
    }
}

fn of<'p>(package: &'p Package<'_>, kinds: &[Kind]) -> Vec<&'p Advisory> {
    package.advisories.iter().filter(|advisory| kinds.contains(&advisory.kind)).collect()
}

fn tell(package: &Package<'_>, found: &[&Advisory], what: &str, cx: &mut Cx<'_>) {
    let Some(first) = package.uses.first() else { return };
    let (name, version) = (package.name, package.version);
    let message = format!("`{name}` {version} {what}");
    let finding = cx.report_with_prose(Label::new(first.place(), "it is listed here"), message);
    finding.anchor = format!("{} {name} {version}", package.ecosystem.name());
    finding.is_anywhere = true;
    finding.also = package.uses.iter().skip(1).map(|it| it.place()).collect();
    // What nobody has rated is neither the worst nor nothing.
    let worst = found.iter().map(|advisory| advisory.severity.unwrap_or(Severity::Medium)).max();
    story::at_most(finding, worst.unwrap_or(Severity::Medium));
    for advisory in found.iter().take(SHOWN) {
        finding.notes.push(line(advisory));
    }
    if found.len() > SHOWN {
        let rest: Vec<&str> = found[SHOWN..].iter().map(|advisory| advisory.id()).collect();
        finding.notes.push(format!("and {}", rest.join(", ")));
    }
    let way: Vec<String> = first.way().iter().map(|it| format!("`{}`", it.name)).collect();
    if way.len() > 1 {
        finding.notes.push(format!("it gets there by {}", way.join(" → ")));
    }
    if package.scope() == Scope::Development {
        story::at_most(finding, Severity::Low);
        finding.notes.push("only development needs it".to_owned());
    }
    if found.iter().any(|advisory| advisory.kind == Kind::Vulnerability) {
        finding.help = Some(match package.fixed() {
            Some(fixed) => format!("update it to {fixed} or later"),
            None => "there is no version without it yet: do without the package, or keep what clients send from it"
                .to_owned(),
        });
    }
}

/// What an advisory says, in a line.
fn line(advisory: &Advisory) -> String {
    let level = advisory.severity.map(|severity| format!(" ({})", severity.name())).unwrap_or_default();
    let says = if advisory.summary.is_empty() { String::new() } else { format!(": {}", advisory.summary) };
    format!("{}{level}{says}", advisory.ids.join(", "))
}
