//! What becomes of findings: fingerprints, suppressions, the gate.

use routeward_base::{Date, FileId, FxHashMap, Idx, Name, split_revision};
use routeward_diag::{Finding, Fingerprint, Place, Severity};

use crate::comment::Suppression;
use crate::config::{Config, Gate, Suppress};
use crate::problem::{Problem, ProblemKind};
use crate::report::{Source, Status, Triaged};
use crate::scan::Options;
use crate::scope::is_in_focus;
use crate::walk::Patterns;

/// What decides about findings.
pub(crate) struct Rules<'a> {
    pub(crate) config: &'a Config,
    pub(crate) suppressions: &'a [Suppression],
    pub(crate) sources: &'a [Source],
    pub(crate) focus: &'a [String],
    pub(crate) gate: Gate,
    pub(crate) min_severity: Severity,
    pub(crate) today: Option<Date>,
    /// The lints that ran: a suppression of another is not unused.
    pub(crate) ran: &'a [&'static str],
}

impl<'a> Rules<'a> {
    /// The rules of a scan with these options.
    pub(crate) fn new(
        options: &'a Options,
        suppressions: &'a [Suppression],
        sources: &'a [Source],
        ran: &'a [&'static str],
    ) -> Self {
        Self {
            config: &options.config,
            suppressions,
            sources,
            focus: &options.focus,
            gate: options.gate(),
            min_severity: options.min_severity,
            today: options.today,
            ran,
        }
    }

    /// Orders and judges findings, and says which suppressions had no effect.
    pub(crate) fn triage(&self, findings: Vec<Finding>, problems: &mut Vec<Problem>) -> Vec<Triaged> {
        let mut findings = self.name(findings);
        let mut in_source = Use::new(self.suppressions.iter().map(|suppression| suppression.lints.len()));
        let mut in_config = Use::new(self.config.suppress.iter().map(|_| 1));
        let matchers = matchers(self.config);
        for triaged in &mut findings {
            triaged.status = self
                .by_comment(&mut triaged.finding, &mut in_source)
                .or_else(|| self.by_config(&triaged.finding, &matchers, &mut in_config))
                .unwrap_or_else(|| self.gate(&triaged.finding));
        }
        self.report_unused(&in_source, &in_config, problems);
        findings.retain(|triaged| {
            triaged.finding.severity >= self.min_severity
                && is_in_focus(self.focus, split_revision(self.path(&triaged.finding)).1)
        });
        findings
    }

    fn path(&self, finding: &Finding) -> &str {
        self.sources.get(finding.primary.place.file.raw() as usize).map_or("", |source| &source.path)
    }

    /// Sorts by place and gives each finding its fingerprint.
    fn name(&self, mut findings: Vec<Finding>) -> Vec<Triaged> {
        // Files that are no part of the program have ids behind the others.
        findings.sort_by(|a, b| {
            (self.path(a), a.primary.place, a.lint, &a.message, &a.steps).cmp(&(
                self.path(b),
                b.primary.place,
                b.lint,
                &b.message,
                &b.steps,
            ))
        });
        let mut seen: FxHashMap<(&'static str, String, String), u32> = FxHashMap::default();
        findings
            .into_iter()
            .map(|finding| {
                let path = if finding.is_anywhere { "" } else { self.path(&finding) }.to_owned();
                let anchor = if finding.anchor.is_empty() {
                    self.code(&finding).to_owned()
                } else {
                    finding.anchor.clone()
                };
                let count = seen.entry((finding.lint, path.clone(), anchor.clone())).or_default();
                let ordinal = *count;
                *count += 1;
                let fingerprint = Fingerprint::new(finding.lint, &path, &anchor, ordinal);
                Triaged { finding, fingerprint, ordinal, status: Status::BelowGate }
            })
            .collect()
    }

    fn code(&self, finding: &Finding) -> &str {
        let place = finding.primary.place;
        self.sources.get(place.file.raw() as usize).map_or("", |source| place.span.of(&source.text))
    }

    /// A finding is accepted where all of its places are; else those that are need no more be told.
    fn by_comment(&self, finding: &mut Finding, used: &mut Use) -> Option<Status> {
        let mut accepted = None;
        let mut places = vec![finding.primary.place];
        places.append(&mut finding.also);
        places.retain(|place| match self.comment_at(finding.lint, *place, used) {
            Some(status) => {
                accepted.get_or_insert(status);
                false
            }
            None => true,
        });
        let mut left = places.into_iter();
        finding.primary.place = match left.next() {
            Some(first) => first,
            None => return accepted,
        };
        finding.also = left.collect();
        None
    }

    /// What a comment at a place says about findings of a lint.
    fn comment_at(&self, lint: &str, place: Place, used: &mut Use) -> Option<Status> {
        let source = self.sources.get(place.file.raw() as usize)?;
        let (first, last) = (source.lines.line(place.span.start), source.lines.line(place.span.end()));
        let (index, position) = self.suppressions.iter().enumerate().find_map(|(index, suppression)| {
            let position = suppression.lints.iter().position(|other| other == lint)?;
            let covers = suppression.place.file == place.file && suppression.reach.covers(first, last);
            covers.then_some((index, position))
        })?;
        used.mark(index, position);
        let suppression = &self.suppressions[index];
        let reason = match suppression.until {
            Some(until) => format!("{} (until {until})", suppression.reason),
            None => suppression.reason.clone(),
        };
        Some(Status::Suppressed {
            reason,
            place: format!("{}:{}", source.path, suppression.line),
            is_in_source: true,
        })
    }

    fn by_config(&self, finding: &Finding, matchers: &[Option<Patterns>], used: &mut Use) -> Option<Status> {
        let (_, path) = split_revision(self.path(finding));
        let (lint, ids) = (finding.lint, finding.advisories.as_slice());
        let mut entries = self.config.suppress.iter().zip(matchers);
        let index = entries
            .position(|(entry, matcher)| fits(entry, matcher.as_ref(), lint, path, ids, self.today))?;
        used.mark(index, 0);
        let entry = &self.config.suppress[index];
        let place = format!("{}:{}", self.config.path, self.config.line(entry.span));
        Some(Status::Suppressed { reason: entry.reason.clone(), place, is_in_source: false })
    }

    fn gate(&self, finding: &Finding) -> Status {
        let counts = !self.gate.reachable || finding.is_reached != Some(false);
        let fails =
            counts && finding.severity >= self.gate.severity && finding.confidence >= self.gate.confidence;
        if fails { Status::Gating } else { Status::BelowGate }
    }

    fn report_unused(&self, in_source: &Use, in_config: &Use, problems: &mut Vec<Problem>) {
        for (index, suppression) in self.suppressions.iter().enumerate() {
            let path =
                self.sources.get(suppression.place.file.raw() as usize).map_or("", |source| &source.path);
            for (position, lint) in suppression.lints.iter().enumerate() {
                if !self.has_run(lint) || !is_in_focus(self.focus, split_revision(path).1) {
                    continue;
                }
                let (subject, line) = (format!("`{lint}`"), suppression.line);
                if in_source.is_used(index, position) {
                    problems.extend(expiring(path, &subject, line, suppression.until, self.today));
                } else {
                    problems.push(unused(path, &subject, line, "the comment"));
                }
            }
        }
        let saw_everything = self.focus.iter().any(String::is_empty);
        for (index, entry) in self.config.suppress.iter().enumerate() {
            let line = self.config.line(entry.span);
            if let (Some(until), Some(today)) = (entry.until, self.today)
                && until < today
            {
                let message = format!("the suppression of {} expired on {until}", entry.subject());
                let problem = Problem::new(
                    &self.config.path,
                    ProblemKind::Suppression,
                    message,
                    "remove it, or decide anew",
                );
                problems.push(problem.at_line(line));
            } else if in_config.is_used(index, 0) {
                let path = &self.config.path;
                problems.extend(expiring(path, &entry.subject(), line, entry.until, self.today));
            } else if saw_everything && self.has_run(&entry.lint) {
                problems.push(unused(&self.config.path, &entry.subject(), line, "the entry"));
            }
        }
    }

    fn has_run(&self, lint: &str) -> bool {
        self.ran.contains(&lint)
    }
}

/// The files that the suppressions of a configuration speak of.
fn matchers(config: &Config) -> Vec<Option<Patterns>> {
    let paths = config.suppress.iter().map(|entry| entry.path.as_deref());
    paths.map(|path| path.map(|path| Patterns::new([path], &config.root_prefix))).collect()
}

/// Says which advisories the configuration accepts for themselves: what a lint tells in a file, by all their names.
pub(crate) fn accepted<'a>(
    options: &'a Options,
    sources: &'a [Source],
) -> impl Fn(&str, FileId, &[String]) -> bool + Sync + 'a {
    let matchers = matchers(&options.config);
    move |lint, file, ids| {
        let path = sources.get(file.raw() as usize).map_or("", |source| &source.path);
        let mut entries = options.config.suppress.iter().zip(&matchers);
        entries.any(|(entry, matcher)| {
            entry.advisory.is_some() && fits(entry, matcher.as_ref(), lint, path, ids, options.today)
        })
    }
}

/// An entry accepts today what a lint tells in a file, where it tells of advisories by one of their names.
fn fits(
    entry: &Suppress,
    matcher: Option<&Patterns>,
    lint: &str,
    path: &str,
    ids: &[String],
    today: Option<Date>,
) -> bool {
    entry.lint == lint
        && entry.names_one_of(ids)
        && !entry.is_expired(today)
        && matcher.is_none_or(|matcher| matcher.matches(path, false))
}

/// So many days before a suppression expires that is said.
const NOTICE: u32 = 30;

/// Says that a suppression expires soon.
fn expiring(
    path: &str,
    subject: &str,
    line: u32,
    until: Option<Date>,
    today: Option<Date>,
) -> Option<Problem> {
    let (until, today) = (until?, today?);
    let days = until.days().checked_sub(today.days()).filter(|days| *days <= NOTICE)?;
    let message = format!("the suppression of {subject} holds until {until}, {days} more days");
    let remedy = "repair what it accepts, or decide anew";
    Some(Problem::new(path, ProblemKind::ExpiringSuppression, message, remedy).at_line(line))
}

fn unused(path: &str, subject: &str, line: u32, what: &str) -> Problem {
    let message = format!("the suppression of {subject} suppresses nothing");
    Problem::new(path, ProblemKind::UnusedSuppression, message, format!("remove {what}")).at_line(line)
}

/// Which lints of which suppressions had an effect.
struct Use(Vec<Vec<bool>>);

impl Use {
    fn new(lints: impl Iterator<Item = usize>) -> Self {
        Self(lints.map(|count| vec![false; count]).collect())
    }

    fn mark(&mut self, suppression: usize, lint: usize) {
        self.0[suppression][lint] = true;
    }

    fn is_used(&self, suppression: usize, lint: usize) -> bool {
        self.0[suppression][lint]
    }
}

/// Names of constructs with their number, the most frequent first.
pub(crate) fn rank<'a>(
    names: impl Iterator<Item = (&'a routeward_base::NameTable, Name)>,
) -> Vec<(String, usize)> {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for (table, name) in names {
        *counts.entry(table.text(name).to_owned()).or_default() += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    ranked
}
