//! Lints as the catalogue describes them: `lints/<family>/<id>/lint.md`.

use routeward_diag::{Confidence, Severity};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::markdown::{self, Section};
use crate::provision::Provision;
use crate::suggest::{Hint, suggest};

/// Who should see a lint's findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub enum Audience {
    /// Everybody.
    Regular,
    /// Off in gates: new, or of interest to auditors only.
    Nursery,
}

/// A lint as its folder describes it.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct LintMeta {
    /// The folder's name, in kebab-case; it names the defect.
    pub id: String,
    /// The name of the folder above, such as `auth`.
    pub family: String,
    /// The title.
    pub name: String,
    /// How bad a finding is.
    #[serde(with = "severity")]
    pub severity: Severity,
    /// How sure a finding is, if all steps were seen.
    #[serde(with = "confidence")]
    pub confidence: Confidence,
    /// The first release that has it.
    pub since: String,
    /// The weaknesses by their CWE number, the closest first; never empty.
    pub cwe: Vec<u32>,
    /// The items of the OWASP API Security Top 10 that it belongs to, such as `API2:2023`.
    pub owasp_api: Vec<String>,
    /// One of [`CATEGORIES`].
    pub category: String,
    /// Who sees it.
    pub audience: Audience,
    /// The languages it is made for; empty if it is for all.
    pub languages: Vec<String>,
    /// Why it matters, as findings of a lint without a Rust half say it.
    pub note: Option<String>,
    /// What to do, as findings of a lint without a Rust half say it.
    pub help: Option<String>,
    /// What a server lacks that the lint tells of.
    pub lacks: Option<Provision>,
    /// How findings about what a server lacks say it.
    pub says: Option<String>,
    /// The first paragraph, on one line.
    pub summary: String,
    /// The whole text after the front matter, as Markdown.
    pub body: String,
}

/// The kinds of defect that findings are grouped by.
pub const CATEGORIES: &[&str] = &[
    "missing-auth",
    "broken-object-auth",
    "broken-function-auth",
    "mass-assignment",
    "excessive-data-exposure",
    "sql-injection",
    "nosql-injection",
    "command-injection",
    "path-traversal",
    "ssrf",
    "xss",
    "xxe",
    "ssti",
    "deserialization",
    "open-redirect",
    "code-injection",
    "regex-dos",
    "weak-jwt",
    "hardcoded-secret",
    "weak-crypto",
    "weak-password-hash",
    "missing-rate-limit",
    "error-leak",
    "debug-enabled",
    "cors-misconfig",
    "missing-headers",
    "insecure-cookie",
    "insecure-transport",
    "tls-verification-off",
    "vulnerable-dependency",
    "sensitive-log",
    "user-enumeration",
    "unvalidated-input",
    "graphql-introspection",
    "graphql-depth",
    "other",
];

const KEYS: &[&str] = &[
    "name",
    "severity",
    "confidence",
    "since",
    "cwe",
    "owasp-api",
    "category",
    "nursery",
    "languages",
    "note",
    "help",
    "lacks",
    "says",
];
/// The sections every lint has, in this order.
const SECTIONS: &[&str] = &["Why it matters", "Bad", "Good", "How to fix"];
/// The section a lint may have after them.
const LIMITS: &str = "Limits";

/// A lint folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    /// The folder is not named as a lint must be.
    #[error("{path}: a lint stands in `lints/<family>/<id>/lint.md`, with both in kebab-case")]
    Path {
        /// The lint's file.
        path: String,
    },
    /// The file does not begin with front matter.
    #[error("{path}:1: no front matter between two lines `+++`")]
    NoFrontMatter {
        /// The lint's file.
        path: String,
    },
    /// The front matter is not TOML.
    #[error("{path}:{line}: {message}")]
    Syntax {
        /// The lint's file.
        path: String,
        /// Where, from 1.
        line: u32,
        /// What the TOML parser says.
        message: String,
    },
    /// A key that no lint has.
    #[error("{path}:{line}: unknown key `{key}`{}", Hint(suggestion.as_deref()))]
    UnknownKey {
        /// The lint's file.
        path: String,
        /// Where, from 1.
        line: u32,
        /// The key.
        key: String,
        /// The key that may be meant.
        suggestion: Option<String>,
    },
    /// A key that every lint has.
    #[error("{path}:1: missing key `{key}`")]
    MissingKey {
        /// The lint's file.
        path: String,
        /// The key.
        key: &'static str,
    },
    /// A value that its key cannot have.
    #[error("{path}:{line}: `{key}` must be {expected}{}", Hint(suggestion.as_deref()))]
    Value {
        /// The lint's file.
        path: String,
        /// Where, from 1.
        line: u32,
        /// The key.
        key: &'static str,
        /// What it can have.
        expected: &'static str,
        /// The value that may be meant.
        suggestion: Option<String>,
    },
    /// The prose is not what every lint has.
    #[error("{path}:{line}: {message}{}", Hint(suggestion.as_deref()))]
    Prose {
        /// The lint's file.
        path: String,
        /// Where, from 1.
        line: u32,
        /// What is wrong.
        message: String,
        /// The heading that may be meant.
        suggestion: Option<String>,
    },
}

impl LintMeta {
    /// Reads the `lint.md` at `path`, which is relative to the top of the repository. Strict: a key or a section
    /// that is not known is an error.
    pub fn parse(path: &str, text: &str) -> Result<Self, LintError> {
        let (family, id) = family_and_id(path).ok_or_else(|| LintError::Path { path: path.to_owned() })?;
        let (front, start) =
            markdown::front_matter(text).ok_or_else(|| LintError::NoFrontMatter { path: path.to_owned() })?;
        let front = FrontMatter::parse(path, &text[front])?;
        let summary = check_prose(path, &markdown::sections(text, start))?;
        Ok(Self {
            id: id.to_owned(),
            family: family.to_owned(),
            name: front.name("name")?,
            severity: front.severity("severity")?,
            confidence: front.confidence("confidence")?,
            since: front.version("since")?,
            cwe: front.cwe("cwe")?,
            owasp_api: front.owasp("owasp-api")?,
            category: front.category("category")?,
            audience: if front.flag("nursery")? { Audience::Nursery } else { Audience::Regular },
            languages: front.optional_names("languages")?,
            note: front.optional_phrase("note")?,
            help: front.optional_phrase("help")?,
            lacks: front.optional_provision("lacks")?,
            says: front.optional_phrase("says")?,
            summary,
            body: text[start..].trim().to_owned(),
        })
    }

    /// The text under the heading `title`, empty if there is none. Reads the body again: for documentation, not
    /// for every finding.
    pub fn section(&self, title: &str) -> &str {
        markdown::sections(&self.body, 0)
            .into_iter()
            .find(|section| section.title == title)
            .map_or("", |section| section.text)
    }
}

/// `lints/auth/missing-auth-guard/lint.md` gives `auth` and `missing-auth-guard`.
fn family_and_id(path: &str) -> Option<(&str, &str)> {
    let (family, id) = path.strip_prefix("lints/")?.strip_suffix("/lint.md")?.split_once('/')?;
    (is_kebab_case(family) && is_kebab_case(id)).then_some((family, id))
}

fn is_kebab_case(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('-').all(is_word)
}

/// The sections are there, in order, and the examples have code. Returns the summary.
fn check_prose(path: &str, sections: &[Section<'_>]) -> Result<String, LintError> {
    let error = |line, message: String, suggestion: Option<&str>| {
        let suggestion = suggestion.map(str::to_owned);
        Err(LintError::Prose { path: path.to_owned(), line, message, suggestion })
    };
    let mut expected = SECTIONS.iter().copied().chain([LIMITS]);
    let mut next = expected.next();
    for section in sections.iter().filter(|section| section.level == 1 || section.level == 2) {
        if section.level != 2 || Some(section.title) != next {
            let message = match next {
                Some(next) => format!("expected the section `## {next}`, found `{}`", section.title),
                None => format!("unexpected section `{}`", section.title),
            };
            return error(section.line, message, suggest(section.title, next));
        }
        if matches!(section.title, "Bad" | "Good") && section.blocks.is_empty() {
            return error(section.line, format!("the section `## {}` has no code", section.title), None);
        }
        if section.text.is_empty() {
            return error(section.line, format!("the section `## {}` is empty", section.title), None);
        }
        next = expected.next();
    }
    if let Some(missing) = next.filter(|title| *title != LIMITS) {
        return error(1, format!("no section `## {missing}`"), None);
    }
    let intro = sections.first().map_or("", |section| section.text);
    let summary = intro.split("\n\n").next().unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
    if summary.is_empty() {
        return error(sections.first().map_or(1, |section| section.line), "no summary".to_owned(), None);
    }
    Ok(summary)
}

/// The table between the `+++` lines.
struct FrontMatter<'a> {
    path: &'a str,
    /// From the end of the first line of the file.
    text: &'a str,
    table: DeTable<'a>,
}

impl<'a> FrontMatter<'a> {
    fn parse(path: &'a str, text: &'a str) -> Result<Self, LintError> {
        let table = DeTable::parse(text).map_err(|error| LintError::Syntax {
            path: path.to_owned(),
            line: markdown::line_of(text, error.span().map_or(0, |span| span.start)) + 1,
            message: error.message().to_owned(),
        })?;
        let front = Self { path, text, table: table.into_inner() };
        match front.table.keys().find(|key| !KEYS.contains(&key.get_ref().as_ref())) {
            None => Ok(front),
            Some(key) => Err(LintError::UnknownKey {
                path: path.to_owned(),
                line: front.line(key.span().start),
                key: key.get_ref().to_string(),
                suggestion: suggest(key.get_ref(), KEYS.iter().copied()).map(str::to_owned),
            }),
        }
    }

    /// The line of the document, whose first line is `+++`.
    fn line(&self, offset: usize) -> u32 {
        markdown::line_of(self.text, offset) + 1
    }

    /// Reads a key that must be there.
    fn read<T>(
        &self,
        key: &'static str,
        expected: &'static str,
        known: &[&str],
        read: impl Fn(&DeValue<'a>) -> Option<T>,
    ) -> Result<T, LintError> {
        let value =
            self.table.get(key).ok_or_else(|| LintError::MissingKey { path: self.path.to_owned(), key })?;
        self.read_value(key, value, expected, known, read)
    }

    fn read_value<T>(
        &self,
        key: &'static str,
        value: &Spanned<DeValue<'a>>,
        expected: &'static str,
        known: &[&str],
        read: impl Fn(&DeValue<'a>) -> Option<T>,
    ) -> Result<T, LintError> {
        read(value.get_ref()).ok_or_else(|| LintError::Value {
            path: self.path.to_owned(),
            line: self.line(value.span().start),
            key,
            expected,
            suggestion: value
                .get_ref()
                .as_str()
                .and_then(|text| suggest(text, known.iter().copied()))
                .map(str::to_owned),
        })
    }

    fn name(&self, key: &'static str) -> Result<String, LintError> {
        self.read(key, "a title without a full stop", &[], |value| {
            let text = value.as_str().map(str::trim).filter(|text| !text.is_empty() && !text.ends_with('.'));
            text.map(str::to_owned)
        })
    }

    fn severity(&self, key: &'static str) -> Result<Severity, LintError> {
        let known = Severity::ALL.map(Severity::name);
        self.read(key, "`info`, `low`, `medium`, `high` or `critical`", &known, |value| {
            value.as_str().and_then(Severity::from_name)
        })
    }

    fn confidence(&self, key: &'static str) -> Result<Confidence, LintError> {
        let known = Confidence::ALL.map(Confidence::name);
        self.read(key, "`low`, `medium` or `high`", &known, |value| {
            value.as_str().and_then(Confidence::from_name)
        })
    }

    fn version(&self, key: &'static str) -> Result<String, LintError> {
        self.read(key, "a version such as `0.1.0`", &[], |value| {
            let text = value.as_str()?;
            let is_number = |part: &str| part.parse::<u32>().is_ok();
            (text.split('.').count() == 3 && text.split('.').all(is_number)).then(|| text.to_owned())
        })
    }

    fn cwe(&self, key: &'static str) -> Result<Vec<u32>, LintError> {
        self.read(key, "a list of CWE numbers", &[], |value| {
            let number = |item: &Spanned<DeValue<'_>>| item.get_ref().as_integer()?.as_str().parse().ok();
            let numbers: Vec<u32> = value.as_array()?.iter().map(number).collect::<Option<_>>()?;
            (!numbers.is_empty()).then_some(numbers)
        })
    }

    fn owasp(&self, key: &'static str) -> Result<Vec<String>, LintError> {
        self.read(key, "a list of items such as `API2:2023`", &[], |value| {
            let is_item = |item: &String| {
                let rank = item.strip_prefix("API").and_then(|item| item.strip_suffix(":2023"));
                rank.and_then(|rank| rank.parse().ok()).is_some_and(|rank: u32| (1..=10).contains(&rank))
            };
            names(value).filter(|items| items.iter().all(is_item))
        })
    }

    fn category(&self, key: &'static str) -> Result<String, LintError> {
        self.read(key, "one of the known categories", CATEGORIES, |value| {
            value.as_str().filter(|text| CATEGORIES.contains(text)).map(str::to_owned)
        })
    }

    fn flag(&self, key: &'static str) -> Result<bool, LintError> {
        self.table.get(key).map_or(Ok(false), |value| {
            self.read_value(key, value, "`true` or `false`", &[], DeValue::as_bool)
        })
    }

    fn optional_phrase(&self, key: &'static str) -> Result<Option<String>, LintError> {
        if self.table.contains_key(key) { self.name(key).map(Some) } else { Ok(None) }
    }

    fn optional_provision(&self, key: &'static str) -> Result<Option<Provision>, LintError> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let known = Provision::ALL.map(Provision::name);
        let read = |value: &DeValue<'_>| value.as_str().and_then(Provision::from_name);
        self.read_value(key, value, "something that a program can provide", &known, read).map(Some)
    }

    fn optional_names(&self, key: &'static str) -> Result<Vec<String>, LintError> {
        self.table
            .get(key)
            .map_or(Ok(Vec::new()), |value| self.read_value(key, value, "a list of names", &[], names))
    }
}

fn names(value: &DeValue<'_>) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}

/// How a severity is stored: by its name.
pub(crate) mod severity {
    use routeward_diag::Severity;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(crate) fn serialize<S: Serializer>(it: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(it.name())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Severity, D::Error> {
        let name = String::deserialize(deserializer)?;
        Severity::from_name(&name).ok_or_else(|| D::Error::custom(format!("there is no severity `{name}`")))
    }
}

/// How a confidence is stored: by its name.
mod confidence {
    use routeward_diag::Confidence;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(it: &Confidence, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(it.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Confidence, D::Error> {
        Confidence::from_name(<&str>::deserialize(deserializer)?)
            .ok_or_else(|| D::Error::custom("no confidence"))
    }
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const GOOD: &str = r#"+++
name = "Secret in a log"
severity = "high"
confidence = "medium"
since = "0.1.0"
cwe = [532, 200]
owasp-api = ["API8:2023"]
category = "sensitive-log"
+++

Reports a secret
that reaches a log.

More.

## Why it matters
Logs travel.

## Bad
```js
log(key);
```

## Good
```js
log("key");
```

## How to fix
Mask it.
"#;

    /// Reads the good lint with one text replaced by another, once for each pair.
    fn check(replacements: &[(&str, &str)], expect: &Expect) {
        let read = |(from, to): &(&str, &str)| {
            assert!(GOOD.contains(from), "{from}");
            match LintMeta::parse("lints/logs/secret-in-log/lint.md", &GOOD.replace(from, to)) {
                Ok(lint) => format!("{} of {}: {:?} {}\n", lint.id, lint.family, lint.audience, lint.summary),
                Err(error) => error.to_string().replace("lints/logs/secret-in-log/", "") + "\n",
            }
        };
        expect.assert_eq(&replacements.iter().map(read).collect::<String>());
    }

    #[test]
    fn front_matter_is_read_strictly() {
        check(
            &[
                ("since", "nursery = true\nsince"),
                ("severity", "severety"),
                ("\"high\"", "\"hihg\""),
                ("\"sensitive-log\"", "\"sensitive-logs\""),
                ("confidence = \"medium\"\n", ""),
                ("cwe = [532, 200]", "cwe = []"),
                ("API8:2023", "API11:2023"),
                ("0.1.0", "0.1"),
                ("in a log\"", "in a log.\""),
                ("name =", "name"),
                ("+++\n\n", "\n"),
            ],
            &expect![[r#"
                secret-in-log of logs: Nursery Reports a secret that reaches a log.
                lint.md:3: unknown key `severety`, did you mean `severity`?
                lint.md:3: `severity` must be `info`, `low`, `medium`, `high` or `critical`, did you mean `high`?
                lint.md:8: `category` must be one of the known categories, did you mean `sensitive-log`?
                lint.md:1: missing key `confidence`
                lint.md:6: `cwe` must be a list of CWE numbers
                lint.md:7: `owasp-api` must be a list of items such as `API2:2023`
                lint.md:5: `since` must be a version such as `0.1.0`
                lint.md:2: `name` must be a title without a full stop
                lint.md:2: key with no value, expected `=`
                lint.md:1: no front matter between two lines `+++`
            "#]],
        );
    }

    #[test]
    fn prose_is_read_strictly() {
        check(
            &[
                ("Mask it.\n", "Mask it.\n## Limits\nNone."),
                ("## Good", "## God"),
                ("## Bad", "## Good"),
                ("```js\nlog(\"key\");\n```", "None."),
                ("## How to fix\nMask it.\n", ""),
                ("Mask it.\n", "Mask it.\n## Limits\nNone.\n## More\nx"),
                ("Reports a secret\nthat reaches a log.\n\nMore.", ""),
            ],
            &expect![[r#"
                secret-in-log of logs: Regular Reports a secret that reaches a log.
                lint.md:24: expected the section `## Good`, found `God`, did you mean `Good`?
                lint.md:19: expected the section `## Bad`, found `Good`
                lint.md:24: the section `## Good` has no code
                lint.md:1: no section `## How to fix`
                lint.md:33: unexpected section `More`
                lint.md:10: no summary
            "#]],
        );
    }

    #[test]
    fn a_lint_stands_in_its_folder() {
        assert!(LintMeta::parse("lints/logs/secret-in-log/lint.md", GOOD).is_ok());
        for path in ["lints/logs/Secret/lint.md", "lints/secret/lint.md", "lints/logs/a--b/lint.md"] {
            assert!(matches!(LintMeta::parse(path, GOOD), Err(LintError::Path { .. })), "{path}");
        }
    }

    #[test]
    fn sections_are_found_by_title() {
        let lint = LintMeta::parse("lints/logs/secret-in-log/lint.md", GOOD).unwrap();
        assert_eq!(lint.section("How to fix"), "Mask it.");
        assert_eq!(lint.section("Limits"), "");
    }
}
