//! The Rust half of each lint: one file a lint, each a value, no state.

mod absence;
mod aliases;
mod api_key_in_query;
mod api_key_only;
mod committed_env_file;
mod committed_secret;
mod dependency;
mod exposed_debug_endpoint;
mod guard_continues;
mod guard_coverage_hole;
mod guard_never_runs;
mod guard_optional;
mod hardcoded_secret;
mod injection;
mod leaky_error_handler;
mod lifetime;
mod manifest;
mod mass_assignment;
mod missing_auth_guard;
mod missing_object_scope;
mod missing_rate_limit;
mod missing_role_check;
mod misuse;
mod reach;
mod request_log;
mod secret_in_image;
mod sensitive_data_in_response;
mod session_misconfiguration;
mod setting;
mod setting_fallback;
mod stale_public_declaration;
mod story;
mod swallowed_auth_error;
mod unaudited_auth_event;
mod unpinned_action;
mod unvalidated_input;
mod unverified_webhook;
mod used_setting;
mod user_enumeration;
mod weak_secret_value;
mod wrong_status_code;

use std::sync::LazyLock;

use routeward_base::{Date, FileId};
use routeward_catalog::{Catalog, LintMeta};
use routeward_deps::{Admitted, Dependencies, Package};
use routeward_diag::{Confidence, Finding, Label, Place, Severity};
use routeward_endpoints::{Endpoint, Inventory};
use routeward_ir::Program;
use routeward_secrets::{Doubt, Secret};
use routeward_settings::Setting;

pub use reach::{Known, Level, Reached, Reaches, tell as tell_reach, watched};

/// A file of configuration, with what the scan knows of it.
pub type Configured<'a> = routeward_settings::Configured<'a, Doubt<'a>>;

/// A lint: its id, and the check on the narrowest view that suffices.
#[derive(Clone, Copy)]
pub struct Lint {
    /// The id, equal to its folder in the catalogue.
    pub id: &'static str,
    /// The check.
    pub check: Check,
}

/// The view a lint looks at; the engine owns the loop.
#[derive(Clone, Copy)]
pub enum Check {
    /// Called for each endpoint.
    Endpoint(fn(&Endpoint, &mut Cx<'_>)),
    /// Called once.
    Inventory(fn(&Inventory, &mut Cx<'_>)),
    /// Called for each value that is a key or token. Needs neither program nor endpoints.
    Secret(fn(&Secret<'_>, &mut Cx<'_>)),
    /// Called for each file of configuration. Needs neither program nor endpoints.
    Setting(fn(&Configured<'_>, &mut Cx<'_>)),
    /// Called once; looks at the files of configuration, too.
    Keys(fn(&Inventory, &mut Cx<'_>)),
    /// Called once. Needs neither program nor endpoints.
    Packages(fn(&Packages<'_>, &mut Cx<'_>)),
}

impl Check {
    /// It needs the program.
    pub fn is_about_program(self) -> bool {
        matches!(self, Self::Endpoint(_) | Self::Inventory(_) | Self::Keys(_))
    }

    /// It looks at what the repository depends on.
    pub fn is_about_packages(self) -> bool {
        matches!(self, Self::Packages(_))
    }

    /// It needs neither program nor endpoints, but the texts of the repository.
    pub fn is_about_texts(self) -> bool {
        matches!(self, Self::Secret(_) | Self::Setting(_))
    }

    /// It looks at files of configuration.
    pub fn is_about_settings(self) -> bool {
        matches!(self, Self::Setting(_) | Self::Keys(_))
    }
}

/// What the repository depends on.
#[derive(Clone, Copy)]
pub struct Packages<'a> {
    /// The files that say so.
    pub dependencies: &'a Dependencies,
    /// The packages whose version is said.
    pub versions: &'a [Package<'a>],
    /// What manifests let in of which something is known, where nothing says what is installed.
    pub ranges: &'a [Admitted<'a>],
    /// True if somebody has accepted what a lint tells in a file of an advisory, by any of its names.
    pub is_accepted: &'a (dyn Fn(&str, FileId, &[String]) -> bool + Sync),
}

/// All that lints look at.
pub struct Views<'a> {
    /// The whole program.
    pub program: &'a Program<'a>,
    /// All endpoints.
    pub inventory: &'a Inventory,
    /// Keys and tokens in the files of the repository.
    pub secrets: &'a [Secret<'a>],
    /// The files of configuration.
    pub settings: &'a [Configured<'a>],
    /// What the repository depends on, if some lint asks for it.
    pub packages: Option<Packages<'a>>,
    /// How far requests get to the packages of which something is known, where the program was looked at.
    pub reaches: &'a Reaches,
    /// Decides what is over; nothing is if this is unknown.
    pub today: Option<Date>,
}

/// What a check sees besides its view, and where it reports.
pub struct Cx<'a> {
    /// The whole program.
    pub program: &'a Program<'a>,
    /// All endpoints.
    pub inventory: &'a Inventory,
    /// Keys and tokens in the files of the repository.
    pub secrets: &'a [Secret<'a>],
    /// The files of configuration.
    pub settings: &'a [Configured<'a>],
    /// How far requests get to packages.
    pub reaches: &'a Reaches,
    /// Decides what is over; nothing is if this is unknown.
    pub today: Option<Date>,
    /// The lint as the catalogue describes it.
    pub meta: &'a LintMeta,
    id: &'static str,
    severity: Severity,
    confidence: Confidence,
    findings: Vec<Finding>,
}

impl Cx<'_> {
    /// Reports a finding with the catalogue's severity and confidence, to be completed by the caller.
    pub fn report(&mut self, primary: Label, message: impl Into<String>) -> &mut Finding {
        self.findings.push(Finding {
            lint: self.id,
            severity: self.severity,
            confidence: self.confidence,
            message: message.into(),
            primary,
            related: Vec::new(),
            steps: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            endpoint: None,
            anchor: String::new(),
            is_anywhere: false,
            is_reached: None,
            also: Vec::new(),
            variant: String::new(),
            advisories: Vec::new(),
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// Reports as [`Self::report`] does, with the note and the help that the front matter of the lint gives.
    pub fn report_with_prose(&mut self, primary: Label, message: impl Into<String>) -> &mut Finding {
        let meta = self.meta;
        let finding = self.report(primary, message);
        finding.notes.extend(meta.note.clone());
        finding.help.clone_from(&meta.help);
        finding
    }

    /// Reports one finding for all places that say the same, which is known by `anchor` wherever they are; nothing where
    /// there are none.
    pub(crate) fn report_once(
        &mut self,
        places: &[Place],
        label: &str,
        message: String,
        anchor: String,
    ) -> Option<&mut Finding> {
        let (first, rest) = places.split_first()?;
        let finding = self.report_with_prose(Label::new(*first, label), message);
        finding.anchor = anchor;
        finding.is_anywhere = true;
        finding.also = rest.to_vec();
        Some(finding)
    }

    /// Names one more affected place in the finding at `place`, as far as there is room; false if there is none yet.
    pub fn add_affected(&mut self, place: Place, affected: &Label) -> bool {
        const MOST: usize = 6;
        let Some(known) = self.reported_at(place) else { return false };
        if known.related.len() < MOST && !known.related.iter().any(|label| label.place == affected.place) {
            known.related.push(affected.clone());
        }
        true
    }

    /// The setting is used as a key, and told as that.
    pub(crate) fn is_used(&self, configured: &Configured<'_>, setting: &Setting<'_>) -> bool {
        let here = setting::place(configured, setting.span);
        let mut read = self.inventory.keys.iter().flat_map(|key| &key.places);
        used_setting::uses(configured, setting, self).next().is_some() || read.any(|place| place.meets(here))
    }

    /// The finding whose damage is done at `place`, if this lint has reported one: several endpoints may share the
    /// code.
    pub fn reported_at(&mut self, place: Place) -> Option<&mut Finding> {
        self.findings.iter_mut().find(|finding| finding.primary.place == place)
    }
}

/// The lints that have a Rust half, in order of id.
static LINTS: &[Lint] = &[
    injection::CODE,
    dependency::MALICIOUS,
    dependency::UNMAINTAINED,
    dependency::VULNERABLE,
    dependency::RANGE,
    manifest::LOOSE,
    manifest::SOURCE,
    manifest::UNLOCKED,
    manifest::WITHDRAWN,
    injection::COMMAND,
    api_key_in_query::LINT,
    api_key_only::LINT,
    committed_env_file::LINT,
    committed_secret::CREDENTIAL_IN_URL,
    committed_secret::SECRET_IN_SETTINGS,
    exposed_debug_endpoint::LINT,
    swallowed_auth_error::LINT,
    unaudited_auth_event::LINT,
    unpinned_action::LINT,
    unverified_webhook::LINT,
    wrong_status_code::LINT,
    hardcoded_secret::BACKDOOR,
    hardcoded_secret::FALLBACK,
    hardcoded_secret::HARDCODED,
    guard_continues::LINT,
    guard_coverage_hole::LINT,
    guard_never_runs::LINT,
    guard_optional::LINT,
    injection::HEADER,
    injection::LDAP,
    leaky_error_handler::LINT,
    lifetime::BASE,
    lifetime::DEPENDENCY,
    injection::LOG,
    mass_assignment::LINT,
    missing_auth_guard::LINT,
    missing_object_scope::LINT,
    missing_rate_limit::LINT,
    missing_role_check::LINT,
    injection::NOSQL,
    injection::REDIRECT,
    injection::PATH,
    committed_secret::PRIVATE_KEY,
    injection::PROTOTYPE,
    committed_secret::PROVIDER_TOKEN,
    injection::REGEX,
    injection::REVEAL,
    secret_in_image::LINT,
    sensitive_data_in_response::LINT,
    session_misconfiguration::LINT,
    injection::SQL,
    injection::URL,
    stale_public_declaration::LINT,
    injection::TEMPLATE,
    injection::DESERIALIZE,
    injection::UPLOAD,
    unvalidated_input::LINT,
    user_enumeration::LINT,
    weak_secret_value::LINT,
    injection::HTML,
    injection::XPATH,
    injection::XML,
];

/// All lints: those with a Rust half, and those of the catalogue that data alone states.
pub fn all() -> &'static [Lint] {
    static ALL: LazyLock<Vec<Lint>> = LazyLock::new(|| {
        let of_data = Catalog::embedded().lints.iter().map(|meta| misuse::lint(&meta.id));
        let of_data = of_data.filter(|lint| LINTS.iter().all(|known| known.id != lint.id));
        let mut all: Vec<Lint> = LINTS.iter().copied().chain(of_data).collect();
        all.sort_by_key(|lint| lint.id);
        all
    });
    &ALL
}

/// Runs one lint. `severity` and `confidence` are those in force for it.
pub fn run(
    lint: &Lint,
    meta: &LintMeta,
    severity: Severity,
    confidence: Confidence,
    views: &Views<'_>,
) -> Vec<Finding> {
    let Views { program, inventory, secrets, settings, packages, reaches, today } = *views;
    let mut cx = Cx {
        program,
        inventory,
        secrets,
        settings,
        reaches,
        today,
        meta,
        id: lint.id,
        severity,
        confidence,
        findings: Vec::new(),
    };
    match lint.check {
        Check::Endpoint(check) => {
            let mut aliases = aliases::Aliases::default();
            for endpoint in &inventory.endpoints {
                let first = cx.findings.len();
                check(endpoint, &mut cx);
                aliases.join(endpoint, &mut cx.findings, first);
            }
            aliases.tell(&mut cx.findings);
        }
        Check::Inventory(check) | Check::Keys(check) => check(inventory, &mut cx),
        Check::Packages(check) => packages.iter().for_each(|packages| check(packages, &mut cx)),
        Check::Setting(check) => settings.iter().for_each(|configured| check(configured, &mut cx)),
        Check::Secret(check) => secrets.iter().for_each(|secret| check(secret, &mut cx)),
    }
    misuse::check(inventory, &mut cx);
    cx.findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_front_matter_state_every_lint_without_a_rust_half() {
        let catalog = Catalog::embedded();
        let rows = || catalog.models.files.iter().flat_map(|file| &file.misuses);
        for row in rows() {
            assert!(catalog.lint(&row.lint).is_some(), "`{}` of {:?} is no lint", row.lint, row.call);
        }
        for meta in catalog.lints.iter().filter(|meta| LINTS.iter().all(|lint| lint.id != meta.id)) {
            let has_rows = rows().any(|row| row.lint == meta.id);
            assert!(has_rows || meta.lacks.is_some(), "nothing states `{}`", meta.id);
        }
        // What a lint misses can be had.
        for lacked in catalog.lints.iter().filter_map(|meta| meta.lacks) {
            let mut provisions = catalog.models.files.iter().flat_map(|file| &file.provisions);
            assert!(provisions.any(|row| row.gives.contains(&lacked)), "nothing gives `{}`", lacked.name());
        }
    }
}
