//! Runtimes, frameworks and bases of images whose security updates have ended, or end soon.

use std::collections::BTreeMap;

use routeward_base::Date;
use routeward_deps::{
    About, Dependencies, Ecosystem, Ending, Life, Lifetimes, Listed, Origin, Package, Scope, Use,
};
use routeward_diag::{Finding, Place, Severity};

use crate::{Check, Cx, Lint, Packages, story};

/// A runtime or framework.
pub(crate) const DEPENDENCY: Lint =
    Lint { id: "outdated-dependency", check: Check::Packages(check_dependency) };
/// What an image is made from.
pub(crate) const BASE: Lint = Lint { id: "outdated-base-image", check: Check::Packages(check_base) };

/// So many days before the end it is told as a remark.
const NOTICE: u32 = 90;
/// A table that is this many days old may miss releases, which is said.
const OLD: u32 = 90;

/// How it stands with a line of releases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Ends(Date),
    Ended(Option<Date>),
}

impl State {
    /// None where there is nothing to say.
    fn of(life: Life<'_>, today: Date) -> Option<Self> {
        match life.cycle.ending {
            _ if life.cycle.is_over(today) => Some(Self::Ended(match life.cycle.ending {
                Ending::On(day) => Some(day),
                _ => None,
            })),
            Ending::On(day) if day.days() - today.days() <= NOTICE => Some(Self::Ends(day)),
            _ => None,
        }
    }

    fn says(self) -> String {
        match self {
            Self::Ends(day) => format!("gets security updates until {day} only"),
            Self::Ended(Some(day)) => format!("has got no security updates since {day}"),
            Self::Ended(None) => "gets no security updates any more".to_owned(),
        }
    }
}

/// Places that say the same.
struct Said<'r> {
    life: Life<'r>,
    state: State,
    places: Vec<Place>,
    /// The most needed.
    scope: Scope,
}

/// Collects what is said by what it is called.
#[derive(Default)]
struct Collected<'r>(BTreeMap<String, Said<'r>>);

impl<'r> Collected<'r> {
    fn put(&mut self, name: String, life: Life<'r>, today: Date, place: Place, scope: Scope) {
        let Some(state) = State::of(life, today) else { return };
        let said = self.0.entry(name).or_insert_with(|| Said { life, state, places: Vec::new(), scope });
        said.places.push(place);
        said.scope = said.scope.min(scope);
    }
}

fn check_dependency(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    let Some(today) = cx.today else { return };
    let table = Lifetimes::embedded();
    let mut collected = Collected::default();
    let name = |life: Life<'_>| format!("{} {}", life.product.name, life.cycle.name);
    let mut ranges: BTreeMap<String, &str> = BTreeMap::new();
    for (listed, runtime) in runtimes(packages.dependencies) {
        if let Some(life) = table.of_runtime(&runtime.name, &runtime.said) {
            let place = Place { file: listed.file, span: runtime.place };
            if runtime.said.contains(['<', '|', '^', '~']) {
                ranges.entry(name(life)).or_insert(&runtime.said);
            }
            collected.put(name(life), life, today, place, within(listed, Scope::Runtime));
        }
    }
    for package in packages.versions {
        // What others bring along is theirs to update.
        let used = package.uses.iter().filter(|used| used.dependency().is_direct != Some(false));
        let Some(life) = table.of_package(package.ecosystem, package.name, package.version) else { continue };
        for used in used {
            let dependency = used.dependency();
            // A framework that is brought by what builds with it is no tool.
            let is_plugin =
                package.ecosystem == Ecosystem::Maven && dependency.name.ends_with(".gradle.plugin");
            let scope = if is_plugin { Scope::Runtime } else { dependency.scope };
            collected.put(name(life), life, today, used.place(), within(used.listed, scope));
        }
    }
    for (name, said) in collected.0 {
        let message = format!("{name} {}", said.state.says());
        let range = ranges.remove(&name);
        let Some(finding) = tell(&said, name, message, today, cx) else { continue };
        if let Some(range) = range {
            finding.notes.push(format!("`{range}` lets in nothing newer"));
        }
        if said.scope == Scope::Development {
            story::at_most(finding, Severity::Low);
            finding.notes.push("only development, tests or examples need it".to_owned());
        }
    }
    check_behind(packages, table, cx);
}

/// So many majors behind the newest that was mended is worth a remark: that one was may be work under way.
const BEHIND: u32 = 2;
/// From here on a major is a year, and says nothing of what was changed.
const YEARS: u32 = 1900;

/// Tells of packages that are far behind all releases in which somebody mends weaknesses.
fn check_behind(packages: &Packages<'_>, table: &Lifetimes, cx: &mut Cx<'_>) {
    for package in packages.versions {
        let Package { ecosystem, name, version, .. } = package;
        let is_told = table.of_package(*ecosystem, name, version).is_some()
            || package.known(About::Weakness).next().is_some();
        let fixes = package.fixes();
        let newest = fixes.last().and_then(|fix| Some((fix, major(fix)?)));
        let (Some((fix, newest)), Some(own)) = (newest, major(version)) else { continue };
        // Old lines get some fixes, too.
        let is_mended = fixes.iter().any(|fix| major(fix) == Some(own));
        let is_asked_for = |it: &&Use<'_>| {
            let dependency = it.dependency();
            dependency.is_direct == Some(true) && within(it.listed, dependency.scope) == Scope::Runtime
        };
        let places: Vec<Place> = package.uses.iter().filter(is_asked_for).map(|it| it.place()).collect();
        let behind = newest.saturating_sub(own);
        if is_told || is_mended || newest >= YEARS || behind < BEHIND {
            continue;
        }
        let message = format!(
            "`{name}` {version} is {behind} major versions behind {fix}, the newest that is known to mend a weakness"
        );
        let anchor = format!("{} {name} {version}", ecosystem.name());
        let Some(finding) = cx.report_once(&places, "it is listed here", message, anchor) else { continue };
        story::at_most(finding, Severity::Info);
        finding.notes =
            vec!["nothing is known against it: whether it still gets updates is not known".to_owned()];
        finding.help =
            Some("see whether its makers still maintain this line, and plan the update".to_owned());
    }
}

/// The number that changes with what is not compatible.
fn major(version: &str) -> Option<u32> {
    let digits = version.strip_prefix('v').unwrap_or(version);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// What stands among tests and examples is needed for these only.
fn within(listed: &Listed, scope: Scope) -> Scope {
    if listed.is_aside() { Scope::Development } else { scope }
}

/// What files say that programs run on.
fn runtimes(dependencies: &Dependencies) -> impl Iterator<Item = (&Listed, &routeward_deps::Runtime)> {
    let files = dependencies.files().iter();
    files.flat_map(|listed| listed.listing.runtimes.iter().map(move |runtime| (listed, runtime)))
}

fn check_base(packages: &Packages<'_>, cx: &mut Cx<'_>) {
    let Some(today) = cx.today else { return };
    let table = Lifetimes::embedded();
    let mut collected = Collected::default();
    let mut others: BTreeMap<String, Vec<Life<'_>>> = BTreeMap::new();
    for listed in packages.dependencies.files() {
        for dependency in &listed.listing.dependencies {
            if dependency.ecosystem != Ecosystem::Image || dependency.origin != Origin::Registry {
                continue;
            }
            let mut lives = table.of_image(&dependency.name, &dependency.requirement);
            lives.retain(|life| State::of(*life, today).is_some());
            // What has ended counts first, and the product before the system below.
            lives.sort_by_key(|life| {
                std::cmp::Reverse(matches!(State::of(*life, today), Some(State::Ended(_))))
            });
            let Some((first, rest)) = lives.split_first() else { continue };
            let name = format!("{}:{}", dependency.name, dependency.requirement);
            let place = Place { file: listed.file, span: dependency.version_place };
            others.entry(name.clone()).or_insert_with(|| rest.to_vec());
            collected.put(name, *first, today, place, within(listed, dependency.scope));
        }
    }
    for (name, said) in collected.0 {
        let life = said.life;
        let (product, cycle) = (&life.product.name, &life.cycle.name);
        let message = format!("`{name}` is built on {product} {cycle}, which {}", said.state.says());
        let below = others.remove(&name).unwrap_or_default();
        let Some(finding) = tell(&said, name, message, today, cx) else { continue };
        match said.scope {
            Scope::Runtime => {}
            Scope::Optional => story::at_most(finding, Severity::Low),
            Scope::Development => {
                story::at_most(finding, Severity::Low);
                finding.notes.push("only what builds, tests or tries the program runs in it".to_owned());
            }
        }
        for life in below {
            if let Some(state) = State::of(life, today) {
                let (product, cycle) = (&life.product.name, &life.cycle.name);
                finding.notes.push(format!("{product} {cycle} below {}", state.says()));
            }
        }
    }
}

fn tell<'c>(
    said: &Said<'_>,
    anchor: String,
    message: String,
    today: Date,
    cx: &'c mut Cx<'_>,
) -> Option<&'c mut Finding> {
    let finding = cx.report_once(&said.places, "it is asked for here", message, anchor)?;
    if let State::Ends(_) = said.state {
        story::at_most(finding, Severity::Info);
    }
    let as_of = Lifetimes::embedded().as_of;
    if today.days().saturating_sub(as_of.days()) > OLD {
        finding.notes.push(format!("this is known as of {as_of}"));
    }
    finding.help = said.life.product.maintained(today).map(|cycle| match cycle.ending {
        Ending::On(day) => format!("move to a later release: {} is maintained until {day}", cycle.name),
        _ => format!("move to a later release: {} is maintained", cycle.name),
    });
    Some(finding)
}
