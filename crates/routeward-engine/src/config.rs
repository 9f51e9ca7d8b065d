//! `routeward.toml`: strict reading, with the line of every mistake.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use routeward_base::{Date, LineTable, Span};
use routeward_catalog::{Hint, suggest};
use routeward_diag::{Confidence, Severity};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// The name of the configuration file.
pub const FILE_NAME: &str = "routeward.toml";
/// Files larger than this many bytes are not read unless configured otherwise.
pub const DEFAULT_MAX_FILE_SIZE: u64 = 1024 * 1024;

/// What makes a check fail: findings at or above both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gate {
    /// The least severity.
    pub severity: Severity,
    /// The least confidence.
    pub confidence: Confidence,
    /// Of packages in versions of which something is known, only those that a request is seen to reach.
    pub reachable: bool,
}

/// The word for it.
const REACHABLE: &str = "reachable";

impl Default for Gate {
    fn default() -> Self {
        Self { severity: Severity::Medium, confidence: Confidence::Medium, reachable: false }
    }
}

impl Gate {
    /// Reads `SEVERITY`, `SEVERITY,CONFIDENCE`, and `reachable` alone or behind one of these. The error is a phrase that
    /// names the wrong word.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words: Vec<&str> = text.split(',').map(str::trim).collect();
        let reachable = words.pop_if(|word| *word == REACHABLE).is_some();
        if reachable && words.is_empty() {
            return Ok(Self { reachable, ..Self::default() });
        }
        let text = words.join(",");
        let (severity, confidence) = text.split_once(',').unwrap_or((&text, "medium"));
        Ok(Self {
            severity: Severity::from_name(severity).ok_or_else(|| {
                let hint = Hint(suggest(severity, Severity::ALL.map(Severity::name)));
                format!("there is no severity `{severity}`{hint} (info, low, medium, high, critical)")
            })?,
            confidence: Confidence::from_name(confidence).ok_or_else(|| {
                let hint = Hint(suggest(confidence, Confidence::ALL.map(Confidence::name)));
                format!("there is no confidence `{confidence}`{hint} (low, medium, high)")
            })?,
            reachable,
        })
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.severity.name(), self.confidence.name())?;
        if self.reachable { write!(f, ",{REACHABLE}") } else { Ok(()) }
    }
}

/// An entry of `[[public]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Public {
    /// Method and path, such as `GET /health`; `*` stands for any text.
    pub pattern: String,
    /// Why it may be public.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The pattern in the configuration's text.
    pub span: Span,
}

/// An entry of `[[suppress]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppress {
    /// The lint.
    pub lint: String,
    /// One advisory that is accepted, by any of its names; all that the lint tells if there is none.
    pub advisory: Option<String>,
    /// The files, as a gitignore pattern; all of them if there is none.
    pub path: Option<String>,
    /// Why it is right.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// The lint's name in the configuration's text.
    pub span: Span,
}

impl Suppress {
    /// True if it is past its date.
    pub(crate) fn is_expired(&self, today: Option<Date>) -> bool {
        self.until.is_some_and(|until| today.is_some_and(|today| until < today))
    }

    /// True if it speaks of advisories with these names: of all, or of this one.
    pub(crate) fn names_one_of(&self, ids: &[String]) -> bool {
        self.advisory.as_ref().is_none_or(|id| ids.iter().any(|other| other.eq_ignore_ascii_case(id)))
    }

    /// What it accepts, in words.
    pub(crate) fn subject(&self) -> String {
        match &self.advisory {
            Some(id) => format!("{id} by `{}`", self.lint),
            None => format!("`{}`", self.lint),
        }
    }
}

/// The settings in force for a repository.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The file they come from, as the user would write it; empty if there is none.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The path from its folder to the root of the scan; its patterns are relative to its folder.
    pub root_prefix: String,
    /// Files and folders that are not read, as gitignore patterns.
    pub exclude: Vec<String>,
    /// Files and folders that are read although they would be left out, as gitignore patterns.
    pub include: Vec<String>,
    /// In bytes.
    pub max_file_size: u64,
    /// Files of rules for secrets, relative to the file's folder, each with its line here.
    pub secrets_rules: Vec<(String, u32)>,
    /// What fails a check.
    pub fail_on: Gate,
    /// Severity by lint; `None` turns the lint off.
    pub lints: BTreeMap<String, Option<Severity>>,
    /// Endpoints that are public on purpose.
    pub public: Vec<Public>,
    /// Findings that are accepted.
    pub suppress: Vec<Suppress>,
    /// The line of each setting that the file makes, by key (`fail-on`, `lints.ID`).
    pub origins: BTreeMap<String, u32>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: String::new(),
            text: String::new(),
            root_prefix: String::new(),
            exclude: Vec::new(),
            include: Vec::new(),
            max_file_size: DEFAULT_MAX_FILE_SIZE,
            secrets_rules: Vec::new(),
            fail_on: Gate::default(),
            lints: BTreeMap::new(),
            public: Vec::new(),
            suppress: Vec::new(),
            origins: BTreeMap::new(),
        }
    }
}

/// A configuration that cannot be used. Every variant names file and line.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("{path}: cannot be read: {message}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        message: String,
    },
    /// The file is no TOML, or a value has the wrong type.
    #[error("{path}:{line}: {message}")]
    Syntax {
        /// The file.
        path: String,
        /// The line.
        line: u32,
        /// What is wrong.
        message: String,
    },
    /// A key that means nothing.
    #[error("{path}:{line}: unknown key `{key}`{}", Hint(hint.as_deref()))]
    UnknownKey {
        /// The file.
        path: String,
        /// The line.
        line: u32,
        /// The key.
        key: String,
        /// What may be meant.
        hint: Option<String>,
    },
    /// A lint that does not exist.
    #[error("{path}:{line}: unknown lint `{lint}`{} (`routeward lints` shows all)", Hint(hint.as_deref()))]
    UnknownLint {
        /// The file.
        path: String,
        /// The line.
        line: u32,
        /// The lint.
        lint: String,
        /// What may be meant.
        hint: Option<String>,
    },
    /// A value that means nothing.
    #[error("{path}:{line}: `{key}`: {message}")]
    Value {
        /// The file.
        path: String,
        /// The line.
        line: u32,
        /// The key.
        key: String,
        /// What is wrong.
        message: String,
    },
}

/// Settings of routeward for one repository.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "routeward.toml")]
struct File {
    /// Files and folders that are not read, as gitignore patterns relative to this file.
    #[schemars(with = "Vec<String>")]
    exclude: Option<Spanned<Vec<Spanned<String>>>>,
    /// Files and folders that are read although .gitignore or the built-in list leaves them out.
    #[schemars(with = "Vec<String>")]
    include: Option<Spanned<Vec<Spanned<String>>>>,
    /// Larger files are skipped and reported: bytes, or text such as "2 MB". Default: "1 MB".
    #[schemars(with = "SizeSchema")]
    max_file_size: Option<Spanned<toml::Value>>,
    /// Files with rules for secrets of your own, in the TOML format of gitleaks, relative to this file.
    #[schemars(with = "Vec<String>")]
    secrets_rules: Option<Spanned<Vec<Spanned<String>>>>,
    /// What fails a check: a severity, or "SEVERITY,CONFIDENCE". Default: "medium,medium".
    #[schemars(with = "String")]
    fail_on: Option<Spanned<String>>,
    /// Severity by lint, or "off".
    #[schemars(with = "BTreeMap<String, LevelSchema>")]
    lints: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Endpoints that are public on purpose.
    public: Vec<PublicEntry>,
    /// Findings that are accepted.
    suppress: Vec<SuppressEntry>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PublicEntry {
    /// Method and path, such as "GET /health"; `*` stands for any text. A path alone means every method.
    #[schemars(with = "String")]
    path: Spanned<String>,
    /// Why it may be public.
    #[schemars(with = "String")]
    reason: Spanned<String>,
    /// Who answers for it.
    owner: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SuppressEntry {
    /// The lint.
    #[schemars(with = "String")]
    lint: Spanned<String>,
    /// The only advisory that is accepted, by any of its names, such as "CVE-2024-1234". Default: all.
    advisory: Option<String>,
    /// The files, as a gitignore pattern relative to this file. Default: all.
    path: Option<String>,
    /// Why it is right.
    #[schemars(with = "String")]
    reason: Spanned<String>,
    /// The last day on which it holds, as YYYY-MM-DD.
    #[schemars(with = "Option<String>")]
    until: Option<Spanned<String>>,
}

/// How a size is written.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the schema only")]
enum SizeSchema {
    Bytes(u64),
    Text(String),
}

/// What a lint can be set to.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the schema only")]
enum LevelSchema {
    Off,
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// The JSON schema of `routeward.toml`, pretty-printed, with a line end.
pub fn schema() -> String {
    let schema = schemars::schema_for!(File);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

impl Config {
    /// Reads `text`, which stands in the file that users know as `path`. `lints` are the ids that exist.
    pub fn parse(path: &str, text: &str, lints: &[&str]) -> Result<Self, ConfigError> {
        let reader = Reader { path, lints, text, table: LineTable::new(text) };
        let file: File = toml::from_str(text).map_err(|error| reader.refuse(&error))?;
        reader.config(file)
    }

    /// The line of a place in the file, from 1.
    pub fn line(&self, span: Span) -> u32 {
        LineTable::new(&self.text).line(span.start)
    }
}

struct Reader<'a> {
    path: &'a str,
    lints: &'a [&'a str],
    text: &'a str,
    table: LineTable,
}

impl Reader<'_> {
    fn config(&self, file: File) -> Result<Config, ConfigError> {
        let mut config =
            Config { path: self.path.to_owned(), text: self.text.to_owned(), ..Config::default() };
        let mut origin = |key: &str, span: Range<usize>| {
            config.origins.insert(key.to_owned(), self.line(&span));
        };
        if let Some(globs) = file.exclude {
            origin("exclude", globs.span());
            config.exclude = self.globs("exclude", globs)?;
        }
        if let Some(globs) = file.include {
            origin("include", globs.span());
            config.include = self.globs("include", globs)?;
        }
        if let Some(size) = file.max_file_size {
            origin("max-file-size", size.span());
            config.max_file_size = parse_size(size.get_ref())
                .ok_or_else(|| self.value("max-file-size", &size.span(), SIZE_FORM.to_owned()))?;
        }
        if let Some(files) = file.secrets_rules {
            origin("secrets-rules", files.span());
            let files = files.into_inner().into_iter();
            config.secrets_rules = files
                .map(|file| (self.line(&file.span()), file))
                .map(|(line, file)| (file.into_inner(), line))
                .collect();
        }
        if let Some(gate) = file.fail_on {
            origin("fail-on", gate.span());
            config.fail_on = Gate::parse(gate.get_ref())
                .map_err(|message| self.value("fail-on", &gate.span(), message))?;
        }
        for (lint, level) in file.lints {
            self.known_lint(&lint)?;
            origin(&format!("lints.{}", lint.get_ref()), lint.span());
            config.lints.insert(lint.get_ref().clone(), self.level(&lint, &level)?);
        }
        config.public = file.public.into_iter().map(|entry| self.public(entry)).collect::<Result<_, _>>()?;
        config.suppress =
            file.suppress.into_iter().map(|entry| self.suppress(entry)).collect::<Result<_, _>>()?;
        Ok(config)
    }

    fn globs(&self, key: &str, globs: Spanned<Vec<Spanned<String>>>) -> Result<Vec<String>, ConfigError> {
        for glob in globs.get_ref() {
            crate::walk::check_glob(glob.get_ref())
                .map_err(|message| self.value(key, &glob.span(), message))?;
        }
        Ok(globs.into_inner().into_iter().map(Spanned::into_inner).collect())
    }

    fn level(
        &self,
        lint: &Spanned<String>,
        level: &Spanned<String>,
    ) -> Result<Option<Severity>, ConfigError> {
        if level.get_ref() == "off" {
            return Ok(None);
        }
        Severity::from_name(level.get_ref()).map(Some).ok_or_else(|| {
            let words = ["off"].into_iter().chain(Severity::ALL.map(Severity::name));
            let hint = Hint(suggest(level.get_ref(), words));
            let message = format!(
                "there is no level `{}`{hint} (off, info, low, medium, high, critical)",
                level.get_ref()
            );
            self.value(&format!("lints.{}", lint.get_ref()), &level.span(), message)
        })
    }

    fn public(&self, entry: PublicEntry) -> Result<Public, ConfigError> {
        let reason = self.reason("public.reason", &entry.reason)?;
        if !entry.path.get_ref().contains(['/', '*']) {
            let message = "has the form \"METHOD /path\", \"/path\", or a pattern with `*`".to_owned();
            return Err(self.value("public.path", &entry.path.span(), message));
        }
        let span = span(&entry.path.span());
        Ok(Public { pattern: entry.path.into_inner(), reason, owner: entry.owner, span })
    }

    fn suppress(&self, entry: SuppressEntry) -> Result<Suppress, ConfigError> {
        self.known_lint(&entry.lint)?;
        let reason = self.reason("suppress.reason", &entry.reason)?;
        if let Some(path) = &entry.path {
            crate::walk::check_glob(path)
                .map_err(|message| self.value("suppress.path", &entry.lint.span(), message))?;
        }
        let until = match &entry.until {
            None => None,
            Some(until) => Some(Date::parse(until.get_ref()).ok_or_else(|| {
                let message = format!("`{}` is no date of the form YYYY-MM-DD", until.get_ref());
                self.value("suppress.until", &until.span(), message)
            })?),
        };
        let span = span(&entry.lint.span());
        let advisory = entry.advisory.map(|id| id.trim().to_owned());
        Ok(Suppress { lint: entry.lint.into_inner(), advisory, path: entry.path, reason, until, span })
    }

    fn reason(&self, key: &str, reason: &Spanned<String>) -> Result<String, ConfigError> {
        match reason.get_ref().trim() {
            "" => Err(self.value(key, &reason.span(), "is empty; say why".to_owned())),
            reason => Ok(reason.to_owned()),
        }
    }

    fn known_lint(&self, lint: &Spanned<String>) -> Result<(), ConfigError> {
        let id = lint.get_ref();
        if self.lints.contains(&id.as_str()) {
            return Ok(());
        }
        Err(ConfigError::UnknownLint {
            path: self.path.to_owned(),
            line: self.line(&lint.span()),
            lint: id.clone(),
            hint: suggest(id, self.lints.iter().copied()).map(str::to_owned),
        })
    }

    fn value(&self, key: &str, span: &Range<usize>, message: String) -> ConfigError {
        ConfigError::Value { path: self.path.to_owned(), line: self.line(span), key: key.to_owned(), message }
    }

    fn line(&self, span: &Range<usize>) -> u32 {
        self.table.line(span.start.min(self.text.len()) as u32)
    }

    /// Serde words an unknown key as "unknown field `a`, expected one of `b`, `c`".
    fn refuse(&self, error: &toml::de::Error) -> ConfigError {
        let line = self.line(&error.span().unwrap_or(0..0));
        let path = self.path.to_owned();
        let message = error.message();
        let mut words = message.split('`').skip(1).step_by(2);
        match (message.starts_with("unknown field"), words.next()) {
            (true, Some(key)) => {
                let hint = suggest(key, words).map(str::to_owned);
                ConfigError::UnknownKey { path, line, key: key.to_owned(), hint }
            }
            _ => ConfigError::Syntax { path, line, message: message.replace('\n', "; ") },
        }
    }
}

fn span(range: &Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

const SIZE_FORM: &str = "is a number of bytes, or text such as \"500 kB\" or \"2 MB\"";

fn parse_size(value: &toml::Value) -> Option<u64> {
    match value {
        toml::Value::Integer(bytes) => u64::try_from(*bytes).ok(),
        toml::Value::String(text) => {
            let unit_at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            let (number, unit) = text.split_at(unit_at);
            let factor = match unit.trim().to_ascii_lowercase().as_str() {
                "" | "b" => 1,
                "k" | "kb" | "kib" => 1024,
                "m" | "mb" | "mib" => 1024 * 1024,
                "g" | "gb" | "gib" => 1024 * 1024 * 1024,
                _ => return None,
            };
            number.parse::<u64>().ok()?.checked_mul(factor)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check_error(text: &str, expected: &Expect) {
        let lints = ["missing-auth-guard", "missing-rate-limit"];
        let error = Config::parse("routeward.toml", text, &lints).expect_err("a refusal");
        expected.assert_eq(&error.to_string());
    }

    #[test]
    fn mistakes_are_refused_with_line_and_suggestion() {
        check_error("x", &expect!["routeward.toml:1: key with no value, expected `=`"]);
        check_error(
            "\nexcldue = []",
            &expect!["routeward.toml:2: unknown key `excldue`, did you mean `exclude`?"],
        );
        check_error(
            "exclude = 1",
            &expect!["routeward.toml:1: invalid type: integer `1`, expected a sequence"],
        );
        check_error(
            "exclude = [\"a\",\n \"{z\"]",
            &expect![
                "routeward.toml:2: `exclude`: `{z` is no valid pattern: error parsing glob '{z': unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"
            ],
        );
        check_error(
            "[lints]\nmissing-auth = \"high\"",
            &expect!["routeward.toml:2: unknown lint `missing-auth` (`routeward lints` shows all)"],
        );
        check_error(
            "[lints]\nmissing-auth-guard = \"hihg\"",
            &expect![
                "routeward.toml:2: `lints.missing-auth-guard`: there is no level `hihg`, did you mean `high`? (off, info, low, medium, high, critical)"
            ],
        );
        check_error(
            "fail-on = \"medium,sure\"",
            &expect!["routeward.toml:1: `fail-on`: there is no confidence `sure` (low, medium, high)"],
        );
        check_error(
            "max-file-size = \"big\"",
            &expect![[
                r#"routeward.toml:1: `max-file-size`: is a number of bytes, or text such as "500 kB" or "2 MB""#
            ]],
        );
        check_error(
            "[[public]]\npath = \"GET /health\"",
            &expect!["routeward.toml:1: missing field `reason`"],
        );
        check_error(
            "[[public]]\npath = \"GET /health\"\nreason = \" \"",
            &expect!["routeward.toml:3: `public.reason`: is empty; say why"],
        );
        check_error(
            "[[public]]\npath = \"health\"\nreason = \"x\"",
            &expect![[
                r#"routeward.toml:2: `public.path`: has the form "METHOD /path", "/path", or a pattern with `*`"#
            ]],
        );
        check_error(
            "[[suppress]]\nlint = \"missing-rate-limt\"\nreason = \"x\"",
            &expect![
                "routeward.toml:2: unknown lint `missing-rate-limt`, did you mean `missing-rate-limit`? (`routeward lints` shows all)"
            ],
        );
        check_error(
            "[[suppress]]\nlint = \"missing-rate-limit\"\nreason = \"x\"\nuntil = \"2027-02-30\"",
            &expect!["routeward.toml:4: `suppress.until`: `2027-02-30` is no date of the form YYYY-MM-DD"],
        );
    }

    #[test]
    fn settings_are_read_with_their_lines() {
        let text = "fail-on = \"high\"\nmax-file-size = \"2 MB\"\n[lints]\nmissing-rate-limit = \"off\"\n";
        let config = Config::parse("routeward.toml", text, &["missing-rate-limit"]).expect("valid");
        assert_eq!(config.fail_on.to_string(), "high,medium");
        assert_eq!(config.max_file_size, 2 * 1024 * 1024);
        assert_eq!(config.lints["missing-rate-limit"], None);
        let origins: Vec<_> = config.origins.iter().map(|(key, line)| format!("{key}:{line}")).collect();
        assert_eq!(origins, ["fail-on:1", "lints.missing-rate-limit:4", "max-file-size:2"]);
    }

    #[test]
    fn the_committed_schema_is_the_one_in_force() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/routeward.schema.json");
        expect_test::expect_file![path].assert_eq(&schema());
    }
}
