//! Formats of keys and tokens that services hand out: what they look like, not what they are.

use serde::{Deserialize, Serialize};

use routeward_diag::Severity;

use crate::model::ModelError;

/// The formats of `lints/models/secrets/`, in order of file and row.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tokens {
    /// The rows.
    pub rows: Vec<TokenRow>,
    /// What stands for a secret in code that is meant to be filled in.
    pub placeholders: Vec<PlaceholderRow>,
    /// What names of values look like that are no secrets, whatever the value.
    pub identifiers: Vec<IdentifierRow>,
}

/// What stands for a secret in code that is meant to be filled in, or was never one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlaceholderRow {
    /// What such a value looks like, wherever in it.
    pub pattern: String,
    /// Why it is none, as a clause. Empty if nothing is told of such a value.
    #[serde(default)]
    pub why: String,
    /// It is asked only about values that are known by their name, not by themselves.
    #[serde(default)]
    pub named: bool,
    /// It is asked only about what this lint tells of; about everything if empty.
    #[serde(default)]
    pub lint: String,
    /// With `why`: how much such a value is worth at most.
    #[serde(default = "info", with = "crate::lint::severity")]
    pub most: Severity,
}

/// A name that says that its value is no secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentifierRow {
    /// What it looks like, up to its end.
    pub pattern: String,
}

/// One format.
///
/// Either `pattern` says what the token looks like by itself, or `named` and `value` say that a name holding one of the
/// words is given a value of that shape. All patterns are in the syntax of the crate `regex`, over bytes. The secret is
/// the first group of `pattern` that took part, or all of it where there is none.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TokenRow {
    /// What it is known by.
    pub id: String,
    /// Who hands it out.
    pub provider: String,
    /// What it is, for people.
    pub name: String,
    /// What its holder can do.
    #[serde(with = "crate::lint::severity")]
    pub severity: Severity,
    /// The lint that tells of it.
    #[serde(default = "provider_token")]
    pub lint: String,
    /// It says how the secret is kept or sent, or is the form of several providers: one that names its own counts more.
    #[serde(default)]
    pub generic: bool,
    /// It is chosen by who runs a program, not handed out by a service: one for development opens nothing else.
    #[serde(default)]
    pub own: bool,
    /// Literal parts, in lower case; every match holds one of them, in whichever case.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// What the token looks like.
    #[serde(default)]
    pub pattern: String,
    /// Parts of the name that is given a value, in lower case. One of up to four letters is a whole word of the name.
    #[serde(default)]
    pub named: Vec<String>,
    /// What that name looks like, in lower case and up to its value, if it is more than one of the parts.
    #[serde(default)]
    pub named_pattern: String,
    /// What the value looks like.
    #[serde(default)]
    pub value: String,
    /// The value stands in quotes.
    #[serde(default)]
    pub quoted: bool,
    /// A token is no part of a longer word.
    #[serde(default = "yes")]
    pub bounded: bool,
    /// Words that tell a placeholder are looked for in it. Not so in what is long, or encoded as a whole.
    #[serde(default = "yes")]
    pub readable: bool,
    /// The least Shannon entropy of the secret, in bits per character.
    #[serde(default)]
    pub entropy: f64,
    /// A part of the token that can be computed from the rest.
    #[serde(default)]
    pub checksum: Option<Checksum>,
    /// Another format that must be found near it.
    #[serde(default)]
    pub requires: Option<Requires>,
    /// It is worth telling of without another that requires it.
    #[serde(default = "yes")]
    pub alone: bool,
    /// What paths look like in which it is looked for, wherever in them; it is looked for everywhere if empty.
    #[serde(default)]
    pub within: String,
    /// Its words stand anywhere in the text, not in the token. Without words it is looked for in every text.
    #[serde(default)]
    pub apart: bool,
    /// The group of `pattern` that is the secret, instead of the first one that took part.
    #[serde(default)]
    pub group: Option<u32>,
    /// What is left alone although it fits.
    #[serde(default)]
    pub allowed: Vec<Allowed>,
    /// The file of rules that it is from, as its user writes it; empty for rows of the catalogue.
    #[serde(default)]
    pub origin: String,
    /// What secrets that are printed in documentation look like.
    #[serde(default)]
    pub published: Vec<String>,
    /// What no secret looks like.
    #[serde(default)]
    pub unlikely: Vec<String>,
    /// Templates of texts with a token, filled at random by tests: a token is nowhere written down.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Templates of what is no such token.
    #[serde(default)]
    pub counterexamples: Vec<String>,
}

/// What is left alone although it fits a format: any of the conditions that are given suffices, or all are needed.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Allowed {
    /// What paths look like, wherever in them.
    pub paths: Vec<String>,
    /// What the target looks like, wherever in it.
    pub patterns: Vec<String>,
    /// What `patterns` are looked for in.
    pub target: Target,
    /// Words that stand in the secret, in whichever case.
    pub words: Vec<String>,
    /// All kinds of conditions that are given must hold.
    pub all: bool,
}

/// A part of a text around a token.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The secret itself.
    #[default]
    Secret,
    /// All that the pattern matched.
    Match,
    /// The lines that it stands on.
    Line,
}

/// How a token proves itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// The last six characters are the CRC-32 of what stands between them and the first `_`, in digits of base 62
    /// (`0-9A-Za-z`).
    Crc32Base62,
    /// The last seven characters are the CRC-32 of all before them, in digits of base 36 (`0-9a-z`).
    Crc32Base36,
    /// What follows the last `_` is the CRC-32 of what stands before it, its bytes from the lowest on, in hexadecimal.
    Crc32HexLe,
}

/// Another format near a token.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requires {
    /// Its id.
    pub token: String,
    /// How many lines away it may stand.
    pub lines: u32,
}

fn provider_token() -> String {
    "provider-token".to_owned()
}

fn info() -> Severity {
    Severity::Info
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "token")]
    rows: Vec<TokenRow>,
    #[serde(default, rename = "placeholder")]
    placeholders: Vec<PlaceholderRow>,
    #[serde(default, rename = "identifier")]
    identifiers: Vec<IdentifierRow>,
}

impl Tokens {
    /// The folder that they stand in.
    pub const FOLDER: &str = "lints/models/secrets/";

    /// Reads files, given as path and text, and checks what can be checked without looking into the patterns.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, ModelError> {
        let mut tokens = Self::default();
        for (path, text) in files {
            let syntax = |message: String| ModelError::Syntax { path: (*path).to_owned(), message };
            let file: File = toml::from_str(text).map_err(|error| syntax(error.to_string()))?;
            tokens.placeholders.extend(file.placeholders);
            tokens.identifiers.extend(file.identifiers);
            for row in file.rows {
                row.check().map_err(|message| syntax(format!("`{}`: {message}", row.id)))?;
                if tokens.row(&row.id).is_some() {
                    return Err(syntax(format!("`{}`: the id is taken", row.id)));
                }
                tokens.rows.push(row);
            }
        }
        let requires = tokens.rows.iter().filter_map(|row| row.requires.as_ref().map(|it| (row, it)));
        for (row, requires) in requires {
            if tokens.row(&requires.token).is_none() {
                let message = format!("`{}`: there is no token `{}`", row.id, requires.token);
                return Err(ModelError::Syntax { path: Self::FOLDER.to_owned(), message });
            }
        }
        Ok(tokens)
    }

    /// The row of that id.
    pub fn row(&self, id: &str) -> Option<&TokenRow> {
        self.rows.iter().find(|row| row.id == id)
    }
}

impl TokenRow {
    /// The words of which one stands in every match.
    pub fn words(&self) -> &[String] {
        if self.is_named() { &self.named } else { &self.keywords }
    }

    /// It is known by the name that it is given to, not by itself.
    pub fn is_named(&self) -> bool {
        self.pattern.is_empty()
    }

    /// Who hands it out, and what it is: `PROVIDER/ID`, or the id alone where that says the provider, too.
    pub fn path(&self) -> String {
        if self.id.contains(&self.provider) {
            self.id.clone()
        } else {
            format!("{}/{}", self.provider, self.id)
        }
    }

    fn check(&self) -> Result<(), &'static str> {
        let is_lower = |word: &String| word.len() >= 3 && !word.bytes().any(|byte| byte.is_ascii_uppercase());
        match (self.pattern.is_empty(), self.value.is_empty()) {
            (false, false) => return Err("`pattern` and `value` are two ways to say what it looks like"),
            (true, true) => return Err("neither `pattern` nor `value` says what it looks like"),
            _ => {}
        }
        if self.words().is_empty() {
            return Err("without `keywords`, or `named`, it would be looked for everywhere");
        }
        if !self.words().iter().all(is_lower) {
            return Err("words are in lower case and have three letters at least");
        }
        if self.examples.is_empty() {
            return Err("no `examples` show that it is found");
        }
        Ok(())
    }
}
