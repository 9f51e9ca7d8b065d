//! Packages in versions of which something is known: weaknesses, harm on purpose, or that nobody looks after them.

use routeward_deps::{About, Admitted, Advisory, Answer, Ecosystem, FileKind, Package, Scope, Use};
use routeward_diag::{Confidence, Edit, Finding, Fix, Label, Place, Severity};

use crate::reach::{self, Level, Reached};
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

fn check_vulnerable(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    pinned(packages, About::Weakness, "is vulnerable", cx);
    for range in ranges(packages, About::Weakness) {
        match range.answer {
            Answer::Every => {
                ranged(packages, range, "lets in vulnerable versions only", Confidence::High, cx);
            }
            // That a later version is there, too, is not known, nor that there is none.
            Answer::Newest => {
                let what = "lets in nothing newer than what is vulnerable";
                ranged(packages, range, what, Confidence::Medium, cx);
            }
            Answer::Older | Answer::Unknown => {}
        }
    }
}

fn check_range(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    for range in ranges(packages, About::Weakness) {
        let what = match range.answer {
            Answer::Older => "lets in vulnerable versions, and nothing says which is installed",
            Answer::Unknown => "lets in vulnerable versions, and whether others are there is not known",
            Answer::Every | Answer::Newest => continue,
        };
        let uses = &range.uses;
        let is_program = uses.iter().any(|it| !packages.dependencies.is_published(it.listed));
        if range.scope() == Scope::Runtime && is_program {
            ranged(packages, range, what, Confidence::High, cx);
        }
    }
}

fn check_malicious(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    pinned(packages, About::Harm, "does harm on purpose", cx);
    every(packages, About::Harm, "does harm on purpose in every version", cx);
}

fn check_unmaintained(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    pinned(packages, About::Neglect, "is maintained by nobody", cx);
    every(packages, About::Neglect, "is maintained by nobody", cx);
}

fn ranges<'a>(packages: &Packages<'a>, about: About) -> impl Iterator<Item = &'a Admitted<'a>> {
    packages.ranges.iter().filter(move |range| range.about == about)
}

/// Tells of requirements that let in nothing else.
fn every(packages: &Packages<'_>, about: About, what: &str, cx: &mut Cx<'_>) {
    for range in ranges(packages, about).filter(|range| range.answer == Answer::Every) {
        ranged(packages, range, what, Confidence::High, cx);
    }
}

/// Tells of all versions of which such a thing is known.
fn pinned(packages: &Packages<'_>, about: About, what: &str, cx: &mut Cx<'_>) {
    for package in packages.versions {
        let found: Vec<&Advisory> = package.known(about).collect();
        if found.is_empty() {
            continue;
        }
        let Package { ecosystem, name, version, uses, .. } = package;
        let fixed = package.fixed();
        let help = fixed.map_or_else(|| UNFIXED.to_owned(), |fixed| format!("update it to {fixed} or later"));
        let (scope, reached) = (package.scope(), cx.reaches.of(package).map(|known| &known.reached));
        let asked = Asked { ecosystem: *ecosystem, name, version, uses, about, scope, reached, fixed, help };
        tell(packages, &asked, found, what, Confidence::High, cx);
    }
}

const UNFIXED: &str =
    "there is no version without it yet: do without the package, or keep what clients send from it";

/// Tells of a requirement, at most as sure as that.
fn ranged(packages: &Packages<'_>, range: &Admitted<'_>, what: &str, sure: Confidence, cx: &mut Cx<'_>) {
    let Admitted { ecosystem, name, requirement, uses, about, .. } = range;
    let fixed = range.fixed.as_deref();
    let help = fixed.map_or_else(
        || UNFIXED.to_owned(),
        |fixed| format!("ask for {fixed} or later, and keep a lockfile with the code"),
    );
    let (ecosystem, about, version) = (*ecosystem, *about, requirement);
    let (scope, reached) = (range.scope(), cx.reaches.of_range(range).map(|known| &known.reached));
    let asked = Asked { ecosystem, name, version, uses, about, scope, reached, fixed, help };
    tell(packages, &asked, range.advisories.iter().collect(), what, sure, cx);
}

/// A package as it is asked for.
struct Asked<'a> {
    ecosystem: Ecosystem,
    name: &'a str,
    /// The version, or what is let in.
    version: &'a str,
    uses: &'a [Use<'a>],
    about: About,
    scope: Scope,
    /// How far requests get to it, where that was looked at.
    reached: Option<&'a Reached>,
    /// The lowest later version without what is found.
    fixed: Option<&'a str>,
    help: String,
}

/// Reports what was found, and each advisory that somebody has accepted for itself: so that one which is new shows.
fn tell(
    packages: &Packages<'_>,
    asked: &Asked<'_>,
    mut found: Vec<&Advisory>,
    what: &str,
    sure: Confidence,
    cx: &mut Cx<'_>,
) {
    let Some(first) = asked.uses.first() else { return };
    let (lint, file) = (cx.meta.id.as_str(), first.listed.file);
    let accepted: Vec<&Advisory> =
        found.extract_if(.., |advisory| (packages.is_accepted)(lint, file, &advisory.ids)).collect();
    report(asked, &found, what, sure, cx);
    for advisory in accepted {
        if let Some(finding) = report(asked, &[advisory], what, sure, cx) {
            finding.anchor = format!("{} {}", finding.anchor, advisory.id());
        }
    }
}

/// Reports it; nothing where nothing was found.
fn report<'c>(
    asked: &Asked<'_>,
    found: &[&Advisory],
    what: &str,
    sure: Confidence,
    cx: &'c mut Cx<'_>,
) -> Option<&'c mut Finding> {
    let (first, worst) = (asked.uses.first()?, found.first()?);
    let (name, version, more) = (asked.name, asked.version, story::and_more(found.len() - 1));
    let message = format!("`{name}` {version} {what}: {}{more}", worst.id());
    let told = asked.reached.map(|reached| reach::tell(reached, cx.inventory));
    let places: Vec<Place> = asked.uses.iter().map(|it| it.place()).collect();
    let anchor = format!("{} {name} {version}", asked.ecosystem.name());
    let finding = cx.report_once(&places, "it is listed here", message, anchor)?;
    finding.confidence = finding.confidence.min(sure);
    finding.advisories = found.iter().flat_map(|advisory| advisory.ids.iter().cloned()).collect();
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
    finding.notes.extend(told);
    if let Some(reached) = asked.reached {
        finding.is_reached = Some(reached.level.is_reached());
        let seen = reached.place.filter(|_| reached.level.is_reached());
        finding.related.extend(seen.map(|place| Label::new(place, "requests reach it here")));
        if reached.level == Level::Unused {
            story::at_most(finding, Severity::Low);
        }
    }
    if asked.scope == Scope::Development {
        story::at_most(finding, Severity::Low);
        finding.notes.push("only development needs it".to_owned());
    }
    if asked.about == About::Weakness {
        finding.help = Some(asked.help.clone());
        finding.fix = asked.fixed.and_then(|fixed| fix(asked, fixed));
    }
    Some(finding)
}

/// The edits of all places, where each of them is one that people write.
fn fix(asked: &Asked<'_>, fixed: &str) -> Option<Fix> {
    let mut edits = Vec::new();
    for it in asked.uses {
        let (dependency, kind) = (it.dependency(), it.listed.listing.kind);
        // `go.mod` is both.
        let is_written = kind == FileKind::Manifest || asked.ecosystem == Ecosystem::Go;
        let (span, text) =
            dependency.raised(fixed).filter(|_| is_written && dependency.is_direct == Some(true))?;
        edits.push(Edit { place: Place { file: it.listed.file, span }, text });
    }
    edits.sort();
    edits.dedup();
    let title = format!("ask for `{}` {fixed}", asked.name);
    Some(Fix { title, edits, is_safe: false })
}

/// What an advisory says, in a line.
fn line(advisory: &Advisory) -> String {
    let level = advisory.severity.map(|severity| format!(" ({})", severity.name())).unwrap_or_default();
    let says = if advisory.summary.is_empty() { String::new() } else { format!(": {}", advisory.summary) };
    format!("{}{level}{says}", advisory.ids.join(", "))
}
