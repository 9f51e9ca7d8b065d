//! Walks a repository, schedules the analysis, applies suppressions and the gate.
//!
//! This is the lowest crate that touches files and clock, and the only one that knows all stages. A scan never
//! fails because of what the files hold: what could not be done is a [`Problem`] of the [`Report`], and a panic in
//! one file or lint costs that file or lint only.

mod archives;
mod asked;
mod comment;
mod config;
mod data;
mod decode;
mod documents;
mod history;
mod load;
mod packages;
mod problem;
mod public;
#[cfg(test)]
mod reach_tests;
mod report;
mod role;
mod scan;
mod scope;
mod secrets;
mod settings;
mod templates;
mod test_paths;
mod translation;
mod triage;
mod walk;

pub use config::{Config, ConfigError, DEFAULT_MAX_FILE_SIZE, FILE_NAME, Gate, Public, Suppress, schema};
pub use history::scan_history;
pub use packages::dependencies;
pub use problem::{Level, Problem, ProblemKind};
pub use report::{Report, Source, Statistics, Status, Triaged};
pub use routeward_base::Date;
pub use routeward_lints::{Known, Level as ReachLevel, Reached, Reaches, tell_reach};
pub use routeward_secrets::RuleFile;
pub use scan::{NoProgress, Options, Progress, ScanError, lint_ids, scan, scan_memory};
pub use scope::{Scope, ScopeError};
pub use walk::{Folder, Tree};
