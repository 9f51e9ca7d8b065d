//! An OSV record as it is written, and what the index keeps of it.

use std::collections::BTreeMap;
use std::str::FromStr;

use routeward_base::Date;
use routeward_diag::Severity;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::advisory::{Advisory, End, Kind, Range, Symbols, normalized};
use crate::{Ecosystem, Version};

/// The parts that are read. What databases add of their own is read where it can be, and never makes a record broken.
#[derive(Deserialize)]
pub(crate) struct Record {
    id: String,
    modified: String,
    withdrawn: Option<Value>,
    aliases: Option<Vec<String>>,
    summary: Option<String>,
    details: Option<String>,
    severity: Option<Vec<Score>>,
    affected: Option<Vec<Affected>>,
    database_specific: Option<Value>,
}

#[derive(Deserialize)]
struct Score {
    score: String,
}

#[derive(Deserialize)]
struct Affected {
    package: Option<Package>,
    severity: Option<Vec<Score>>,
    ranges: Option<Vec<Events>>,
    versions: Option<Vec<String>>,
    ecosystem_specific: Option<Value>,
    database_specific: Option<Value>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct Events {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    events: Vec<Event>,
}

/// One of them stands in each event.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Event {
    Introduced(String),
    Fixed(String),
    LastAffected(String),
    Limit(String),
}

/// What the Go database says about each package of a module.
#[derive(Deserialize)]
struct Import {
    path: String,
    #[serde(default)]
    symbols: Vec<String>,
}

/// A line of a report is not longer.
const MAX_SUMMARY: usize = 160;
/// Where there is only a longer text its beginning must do.
const MAX_DETAILS: usize = 72;

impl Record {
    /// Reads a record, or says what is wrong with it.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, String> {
        // A list of values would be read as the values of a record.
        if json.trim_ascii_start().first() != Some(&b'{') {
            return Err("it is no JSON object".to_owned());
        }
        let record: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if record.id.trim().is_empty() || record.id.chars().any(char::is_control) {
            return Err("its id is empty".to_owned());
        }
        Ok(record)
    }

    /// Those of its packages that are known, without repetition.
    pub(crate) fn ecosystems(&self) -> Vec<Ecosystem> {
        let mut all: Vec<Ecosystem> = self.packages().map(|(ecosystem, ..)| ecosystem).collect();
        all.sort();
        all.dedup();
        all
    }

    /// How its id begins.
    pub(crate) fn source(&self) -> String {
        self.id.split('-').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn modified(&self) -> Date {
        self.modified.get(..10).and_then(Date::parse).unwrap_or_default()
    }

    /// What it says, for each package; that it says nothing any more, if it was withdrawn.
    pub(crate) fn advisories(&self) -> Vec<Advisory> {
        let is_withdrawn = self.withdrawn.as_ref().is_some_and(|withdrawn| !withdrawn.is_null());
        let mut packages: BTreeMap<(Ecosystem, String), Vec<&Affected>> = BTreeMap::new();
        for (ecosystem, name, affected) in self.packages() {
            packages.entry((ecosystem, ecosystem.fold(name))).or_default().push(affected);
        }
        packages
            .into_iter()
            .filter_map(|((ecosystem, package), affected)| {
                if is_withdrawn {
                    return Some(Advisory::withdrawn(ecosystem, package, self.ids(), self.modified()));
                }
                self.advisory(ecosystem, package, &affected)
            })
            .collect()
    }

    fn packages(&self) -> impl Iterator<Item = (Ecosystem, &str, &Affected)> {
        self.affected.iter().flatten().filter_map(|affected| {
            let package = affected.package.as_ref()?;
            Some((Ecosystem::from_name(&package.ecosystem)?, package.name.trim(), affected))
        })
    }

    /// The record's own id stays in front until records are joined: it says which record this is.
    fn ids(&self) -> Vec<String> {
        let aliases = self.aliases.iter().flatten().map(|id| line(id)).filter(|id| !id.is_empty());
        std::iter::once(self.id.trim().to_owned()).chain(aliases).collect()
    }

    /// Nothing for a package of which no versions are given.
    fn advisory(&self, ecosystem: Ecosystem, package: String, all: &[&Affected]) -> Option<Advisory> {
        let ranges: Vec<Range<String>> = all.iter().flat_map(|affected| affected.ranges(ecosystem)).collect();
        let versions: Vec<String> = all
            .iter()
            .flat_map(|affected| affected.versions.iter().flatten())
            .map(|text| line(text))
            .collect();
        if ranges.is_empty() && versions.is_empty() {
            return None;
        }
        let mut symbols: Vec<Symbols> = all.iter().flat_map(|affected| affected.symbols()).collect();
        symbols.sort();
        Some(Advisory {
            ecosystem,
            ids: self.ids(),
            kind: self.kind(all),
            severity: self.severity(all),
            cwe: self.cwe(all),
            summary: self.line(&package),
            package,
            ranges,
            versions,
            symbols,
            modified: self.modified(),
        })
    }

    fn kind(&self, all: &[&Affected]) -> Kind {
        if self.id.starts_with("MAL-") {
            return Kind::Malicious;
        }
        let said = |affected: &&Affected| {
            Kind::from_name(affected.database_specific.as_ref()?.get("informational")?.as_str()?)
        };
        all.iter().find_map(said).unwrap_or(Kind::Vulnerability)
    }

    /// What the database says in a word, else what follows from a score: the highest that is given.
    fn severity(&self, all: &[&Affected]) -> Option<Severity> {
        let word = self.database_specific.as_ref().and_then(|own| own.get("severity")?.as_str());
        let word = word.and_then(|word| match word.to_ascii_lowercase().as_str() {
            "moderate" => Some(Severity::Medium),
            word => Severity::from_name(word),
        });
        let scores = self.severity.iter().chain(all.iter().filter_map(|affected| affected.severity.as_ref()));
        word.or_else(|| scores.flatten().filter_map(|score| of_vector(&score.score)).max())
    }

    fn cwe(&self, all: &[&Affected]) -> Vec<u32> {
        let own = all.iter().filter_map(|affected| affected.database_specific.as_ref());
        let lists = self.database_specific.iter().chain(own).filter_map(|own| own.get("cwe_ids")?.as_array());
        let numbers = lists.flatten().filter_map(|id| id.as_str()?.strip_prefix("CWE-")?.parse().ok());
        let mut numbers: Vec<u32> = numbers.collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// What it is about in one line, without the package: a report names that anyhow.
    fn line(&self, package: &str) -> String {
        let summary = line(self.summary.as_deref().unwrap_or_default());
        if summary.is_empty() {
            let details =
                self.details.as_deref().unwrap_or_default().trim_start_matches(['#', ' ', '\n', '\r']);
            let paragraph = details.split("\n\n").next().unwrap_or_default();
            return shortened(&line(paragraph), MAX_DETAILS);
        }
        let is_package = |tail: &str| {
            tail.strip_prefix(package)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') && !rest.contains(' '))
        };
        let cut = summary.rsplit_once(" in ").filter(|(_, tail)| is_package(tail));
        shortened(cut.map_or(summary.as_str(), |(head, _)| head), MAX_SUMMARY)
    }
}

impl Affected {
    /// The versions that it is about. Where the ecosystem has no name for the one that ended a weakness (Go, for releases
    /// that are no versions of the module) all are, and the database says beside it which releases those are. What comes
    /// before the first of them stays: versions of commits count from older releases.
    fn ranges(&self, ecosystem: Ecosystem) -> Vec<Range<String>> {
        let read_all = |all: &[Events]| all.iter().flat_map(|events| events.ranges(ecosystem)).collect();
        let ranges: Vec<Range<String>> = self.ranges.as_deref().map(read_all).unwrap_or_default();
        if ranges != [Range { introduced: None, end: End::Open }] {
            return ranges;
        }
        let own = [&self.ecosystem_specific, &self.database_specific].into_iter().flatten();
        let releases: Vec<Events> =
            own.filter_map(|own| read::<Vec<Events>>(own.get("custom_ranges")?)).flatten().collect();
        let mut releases = normalized(ecosystem, read_all(&releases));
        let Some(first) = releases.first_mut() else { return ranges };
        first.introduced = None;
        releases
    }

    /// Go names packages and what is in them; Rust names paths that begin with the crate.
    fn symbols(&self) -> Vec<Symbols> {
        let Some(own) = &self.ecosystem_specific else { return Vec::new() };
        if let Some(imports) = own.get("imports").and_then(read::<Vec<Import>>) {
            return imports.into_iter().map(|it| Symbols { module: it.path, names: it.symbols }).collect();
        }
        let functions = own.get("affects").and_then(|affects| read::<Vec<String>>(affects.get("functions")?));
        let mut modules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for function in functions.iter().flatten() {
            let (module, name) = function.split_once("::").unwrap_or(("", function));
            modules.entry(module).or_default().push(name.to_owned());
        }
        modules.into_iter().map(|(module, names)| Symbols { module: module.to_owned(), names }).collect()
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

impl Events {
    /// The ranges between the events (OSV schema, "Evaluation"): each event switches from its version on. Commits are no
    /// versions.
    fn ranges(&self, ecosystem: Ecosystem) -> Vec<Range<String>> {
        if self.kind == "GIT" {
            return Vec::new();
        }
        let mut events: Vec<(Option<Version>, &Event)> =
            self.events.iter().map(|event| (event.version(ecosystem), event)).collect();
        events.sort_by(|a, b| a.0.cmp(&b.0));
        let mut ranges = Vec::new();
        let mut open: Option<Option<String>> = None;
        for (version, event) in events {
            match event {
                Event::Introduced(text) => {
                    open.get_or_insert_with(|| version.is_some().then(|| line(text)));
                }
                Event::Fixed(text) => {
                    ranges.extend(
                        open.take().map(|introduced| Range { introduced, end: End::Fixed(line(text)) }),
                    );
                }
                Event::LastAffected(text) => {
                    let end = End::LastAffected(line(text));
                    ranges.extend(open.take().map(|introduced| Range { introduced, end }));
                }
                Event::Limit(_) => {}
            }
        }
        ranges.extend(open.map(|introduced| Range { introduced, end: End::Open }));
        match self.limit(ecosystem) {
            Some(limit) => ranges.into_iter().filter_map(|range| limited(ecosystem, range, &limit)).collect(),
            None => ranges,
        }
    }

    /// The highest limit; `*` is none.
    fn limit(&self, ecosystem: Ecosystem) -> Option<(Version, String)> {
        let texts = || {
            self.events.iter().filter_map(|event| match event {
                Event::Limit(text) => Some(text),
                _ => None,
            })
        };
        if texts().any(|text| text == "*") {
            return None;
        }
        texts().map(|text| (Version::new(ecosystem, text), line(text))).max()
    }
}

/// What of a range is in front of a limit.
fn limited(ecosystem: Ecosystem, range: Range<String>, limit: &(Version, String)) -> Option<Range<String>> {
    let read = |text: &String| Version::new(ecosystem, text);
    if range.introduced.as_ref().is_some_and(|first| read(first) >= limit.0) {
        return None;
    }
    let is_cut = match &range.end {
        End::Open => true,
        End::LastAffected(last) => read(last) >= limit.0,
        End::Fixed(end) | End::Limit(end) => read(end) > limit.0,
    };
    let end = if is_cut { End::Limit(limit.1.clone()) } else { range.end };
    Some(Range { introduced: range.introduced, end })
}

impl Event {
    /// Where it happens. `0` is the beginning, whatever the ecosystem makes of that text.
    fn version(&self, ecosystem: Ecosystem) -> Option<Version> {
        let (Self::Introduced(text) | Self::Fixed(text) | Self::LastAffected(text) | Self::Limit(text)) =
            self;
        let is_beginning = matches!(self, Self::Introduced(_)) && text == "0";
        (!is_beginning).then(|| Version::new(ecosystem, text))
    }
}

/// The level of a CVSS vector, of the versions 3 and 4.
fn of_vector(vector: &str) -> Option<Severity> {
    Some(match cvss::Cvss::from_str(vector).ok()?.severity() {
        cvss::Severity::None => Severity::Info,
        cvss::Severity::Low => Severity::Low,
        cvss::Severity::Medium => Severity::Medium,
        cvss::Severity::High => Severity::High,
        cvss::Severity::Critical => Severity::Critical,
    })
}

/// A text in one line, without anything that a terminal would obey.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in
        text.split(|char: char| char.is_whitespace() || char.is_control()).filter(|word| !word.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A text that is cut between two words where it is longer than so many bytes.
fn shortened(text: &str, length: usize) -> String {
    if text.len() <= length {
        return text.to_owned();
    }
    let mut end = length;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([',', '.', ';', ':']))
}
