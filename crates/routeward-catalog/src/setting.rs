//! What is known of the settings of programs: which files hold them, what their names and values say.

use routeward_diag::Severity;
use serde::{Deserialize, Serialize};

use crate::model::ModelError;

/// What is known of settings. Patterns are in the syntax of the crate `regex`.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SettingRows {
    /// Files with settings; the first row that fits counts.
    pub file: Vec<SettingFile>,
    /// Files that are none of these, whatever they are called else.
    pub other: Vec<FileNames>,
    /// Files that are there to be copied and filled in.
    pub specimen: Vec<FileNames>,
    /// Files that serve where a program is made.
    pub development: Vec<FileNames>,
    /// Files that open something by themselves.
    pub store: Vec<StoreRow>,
    /// Names that end like those of secrets.
    pub harmless: Vec<ValueRow>,
    /// Names of secrets; the first row that fits counts.
    pub name: Vec<NameRow>,
    /// Values that say where the secret is.
    pub reference: Vec<ValueRow>,
    /// Values that say that there is none.
    pub nothing: Vec<ValueRow>,
    /// Values that everybody tries.
    pub weak: Vec<ValueRow>,
    /// Values that are no secrets.
    pub harmless_value: Vec<ValueRow>,
    /// Commands with a credential.
    pub command: Vec<CommandRow>,
    /// What no image should hold.
    pub copied: Vec<CopiedRow>,
}

/// How the settings of a file are given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingView {
    /// To the containers of one machine.
    Compose,
    /// To the steps of a build.
    Workflow,
    /// To what a cluster runs.
    Manifest,
    /// To the program, by the path to each value.
    Configuration,
}

/// Files with settings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingFile {
    /// How they are given.
    pub view: SettingView,
    /// Patterns of names, in lower case.
    pub names: Vec<String>,
    /// What all of them hold.
    #[serde(default)]
    pub marks: Vec<String>,
}

/// Files, by their names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileNames {
    /// Patterns of names, in lower case.
    pub names: Vec<String>,
}

/// A file that opens something by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreRow {
    /// What it is, as a noun.
    pub what: String,
    /// Patterns of names, in lower case.
    pub names: Vec<String>,
    /// Patterns of names that are none, in lower case.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Where the credential stands in its text, as the first group; empty if it is no text.
    #[serde(default)]
    pub pattern: String,
}

/// What a name or a value looks like.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueRow {
    /// What it looks like, in lower case.
    pub pattern: String,
    /// Why it counts, as a clause.
    #[serde(default)]
    pub why: String,
}

/// What a setting is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingRole {
    /// It signs or encrypts: who knows it makes what the program believes.
    Key,
    /// It logs a person in.
    Login,
    /// It opens a service, which may be reached from inside of one network only.
    Service,
    /// Any other password.
    Password,
    /// Any other secret.
    Secret,
}

/// A name that says that its value is secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameRow {
    /// What it is, as a noun.
    pub what: String,
    /// What it is for.
    pub role: SettingRole,
    /// It is read by the server that it opens, not by who asks it.
    #[serde(default)]
    pub server: bool,
    /// How bad it is if everybody knows it.
    #[serde(with = "crate::lint::severity")]
    pub severity: Severity,
    /// A shorter value is tried, in bytes.
    #[serde(default)]
    pub least: usize,
    /// What the name looks like, in lower case with `_` between its words.
    pub pattern: String,
}

/// A command with a credential among its arguments.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandRow {
    /// What the credential is, as a noun.
    pub what: String,
    /// What the command looks like; the first group is the credential.
    pub pattern: String,
}

/// A file that no image should hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedRow {
    /// What it is, as a noun.
    pub what: String,
    /// Patterns of names, in lower case.
    pub names: Vec<String>,
}

impl SettingRows {
    /// The folder that they stand in.
    pub const FOLDER: &str = "lints/models/settings/";

    /// Reads files, given as path and text.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, ModelError> {
        let mut all = Self::default();
        for (path, text) in files {
            let rows: Self = toml::from_str(text).map_err(|error| ModelError::Syntax {
                path: (*path).to_owned(),
                message: error.to_string(),
            })?;
            all.file.extend(rows.file);
            all.other.extend(rows.other);
            all.specimen.extend(rows.specimen);
            all.development.extend(rows.development);
            all.store.extend(rows.store);
            all.harmless.extend(rows.harmless);
            all.name.extend(rows.name);
            all.reference.extend(rows.reference);
            all.nothing.extend(rows.nothing);
            all.weak.extend(rows.weak);
            all.harmless_value.extend(rows.harmless_value);
            all.command.extend(rows.command);
            all.copied.extend(rows.copied);
        }
        // Once here, and not for each file that is met.
        all.patterns_of_names().flatten().for_each(|pattern| *pattern = pattern.to_ascii_lowercase());
        Ok(all)
    }

    fn patterns_of_names(&mut self) -> impl Iterator<Item = &mut Vec<String>> {
        let files = self.file.iter_mut().map(|row| &mut row.names);
        let stores = self.store.iter_mut().flat_map(|row| [&mut row.names, &mut row.unless]);
        let named = [&mut self.other, &mut self.specimen, &mut self.development];
        let named = named.into_iter().flatten().map(|row| &mut row.names);
        files.chain(stores).chain(named).chain(self.copied.iter_mut().map(|row| &mut row.names))
    }
}
