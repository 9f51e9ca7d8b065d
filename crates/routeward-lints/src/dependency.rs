//! Packages in versions of which something is known: weaknesses, harm on purpose, or that nobody looks after them.

use routeward_deps::{Admitted, Advisory, Answer, Ecosystem, Kind, Package, Scope, Use};
use routeward_diag::{Confidence, Finding, Label, Severity};

use crate::reach::{self, Level};
use crate::{Check, Cx, Lint, Packages, story};

/// Others can make the package do harm.
pub(crate) const VULNERABLE: Lint =
    Lint { id: "vulnerable-dependency", check: Check::Packages(check_vulnerable) };
/// What is asked for lets in versions that others can make do harm.
pub(crate) const RANGE: Lint = Lint { id: "range-admits-vulnerable", check: Check::Packages(check_range) };
/// It does harm by itself.
pub(crate) const MALICIOUS: Lint = Lint { id: "malicious-package", check: Check::Packages(check_malicious) };
/// Nobody looks after it.
pub(crate) const UNMAINTAINED: Lint =
    Lint { id: "unmaintained-dependency", check: Check::Packages(check_unmaintained) };

/// So many advisories are told one by one.
const SHOWN: usize = 5;
/// What an update is for.
const WEAKNESSES: &[Kind] = &[Kind::Vulnerability, Kind::Unsound];

fn check_vulnerable(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    pinned(packages, WEAKNESSES, "is vulnerable", cx);
    for range in packages.dependencies.ranges(WEAKNESSES) {
        match range.answer {
            Answer::Every => {
                ranged(&range, "lets in vulnerable versions only", cx);
            }
            Answer::Newest => {
                // That a later version is there, too, is not known, nor that there is none.
                let finding = ranged(&range, "lets in nothing newer than what is vulnerable", cx);
                finding.confidence = finding.confidence.min(Confidence::Medium);
            }
            Answer::Older | Answer::Unknown => {}
        }
    }
}

fn check_range(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    for range in packages.dependencies.ranges(WEAKNESSES) {
        let is_asked = range.scope() == Scope::Runtime;
        match range.answer {
            Answer::Older if is_asked => {
                ranged(&range, "lets in vulnerable versions, and nothing says which is installed", cx);
            }
            Answer::Unknown if is_asked => {
                let finding = ranged(&range, "lets in vulnerable versions", cx);
                finding.notes.push("whether it lets in one without is not known".to_owned());
            }
            _ => {}
        }
    }
}

fn check_malicious(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    pinned(packages, &[Kind::Malicious], "does harm on purpose", cx);
    for range in packages.dependencies.ranges(&[Kind::Malicious]) {
        if range.answer == Answer::Every {
            ranged(&range, "does harm on purpose in every version", cx);
        }
    }
}

fn check_unmaintained(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    pinned(packages, &[Kind::Unmaintained], "is maintained by nobody", cx);
    for range in packages.dependencies.ranges(&[Kind::Unmaintained]) {
        if range.answer == Answer::Every {
            ranged(&range, "is maintained by nobody", cx);
        }
    }
}

/// Tells of all versions of which such a thing is known.
fn pinned(packages: &Packages<'_>, kinds: &[Kind], what: &str, cx: &mut Cx<'_>) {
    for package in packages.versions {
        let found = package.advisories.iter().filter(|advisory| kinds.contains(&advisory.kind));
        let found: Vec<&Advisory> = found.collect();
        let Package { ecosystem, name, version, uses, .. } = package;
        let asked = Asked { ecosystem: *ecosystem, name, version, uses, scope: package.scope() };
        let reached = cx.reaches.of(package);
        let told = reached.map(|reached| reach::tell(reached, cx.inventory));
        let Some(finding) = tell(&asked, &found, what, cx) else { continue };
        if let (Some(reached), Some(told)) = (reached, told) {
            finding.is_reached = Some(reached.level.is_reached());
            finding.notes.push(told);
            if reached.level == Level::Unused {
                story::at_most(finding, Severity::Low);
            }
            let seen = reached.place.filter(|_| reached.level.is_reached());
            finding.related.extend(seen.map(|place| Label::new(place, "requests reach it here")));
        }
        if found.iter().any(|advisory| advisory.kind == Kind::Vulnerability) {
            finding.help = Some(match package.fixed() {
                Some(fixed) => format!("update it to {fixed} or later"),
                None => UNFIXED.to_owned(),
            });
        }
    }
}

const UNFIXED: &str =
    "there is no version without it yet: do without the package, or keep what clients send from it";

/// Tells of a requirement.
fn ranged<'c>(range: &Admitted<'_>, what: &str, cx: &'c mut Cx<'_>) -> &'c mut Finding {
    let Admitted { ecosystem, name, requirement, uses, .. } = range;
    let asked = Asked { ecosystem: *ecosystem, name, version: requirement, uses, scope: range.scope() };
    let found: Vec<&Advisory> = range.advisories.iter().collect();
    let Some(finding) = tell(&asked, &found, what, cx) else {
        unreachable!("a range has uses, and advisories against it")
    };
    if found.iter().any(|advisory| WEAKNESSES.contains(&advisory.kind)) {
        finding.help = Some(match &range.fixed {
            Some(fixed) => format!("ask for {fixed} or later, and keep a lockfile with the code"),
            None => UNFIXED.to_owned(),
        });
    }
    finding
}

/// A package as it is asked for.
struct Asked<'a> {
    ecosystem: Ecosystem,
    name: &'a str,
    /// The version, or what is let in.
    version: &'a str,
    uses: &'a [Use<'a>],
    scope: Scope,
}

/// Reports it; nothing where nothing was found.
fn tell<'c>(
    asked: &Asked<'_>,
    found: &[&Advisory],
    what: &str,
    cx: &'c mut Cx<'_>,
) -> Option<&'c mut Finding> {
    let (first, worst) = (asked.uses.first()?, found.first()?);
    let (name, version) = (asked.name, asked.version);
    let more = match found.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("`{name}` {version} {what}: {}{more}", worst.id());
    let finding = cx.report_with_prose(Label::new(first.place(), "it is listed here"), message);
    finding.anchor = format!("{} {name} {version}", asked.ecosystem.name());
    finding.is_anywhere = true;
    finding.also = asked.uses.iter().skip(1).map(|it| it.place()).collect();
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
    if asked.scope == Scope::Development {
        story::at_most(finding, Severity::Low);
        finding.notes.push("only development needs it".to_owned());
    }
    Some(finding)
}

/// What an advisory says, in a line.
fn line(advisory: &Advisory) -> String {
    let level = advisory.severity.map(|severity| format!(" ({})", severity.name())).unwrap_or_default();
    let says = if advisory.summary.is_empty() { String::new() } else { format!(": {}", advisory.summary) };
    format!("{}{level}{says}", advisory.ids.join(", "))
}
