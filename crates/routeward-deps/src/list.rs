//! Advisories that are written by hand: the files of `lints/advisories`, one an ecosystem.
//!
//! ```toml
//! as-of = "2026-08-01"
//!
//! [[advisory]]
//! id = "CVE-2024-0001"
//! aliases = ["GHSA-2222-3333-4444"]
//! package = "acme"
//! affected = ["< 1.2.3", ">= 2.0.0, <= 2.1.0"]
//! severity = "high"
//! cwe = [306]
//! summary = "A guard can be left out"
//! symbols = { "acme/web" = ["Server.run"] }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use routeward_base::Date;
use routeward_diag::Severity;
use serde::Deserialize;

use crate::advisory::{Advisory, End, Kind, Range, Symbols, merged};
use crate::{Ecosystem, Version};

/// A file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct List {
    /// The day on which the facts were last looked at.
    as_of: String,
    advisory: Vec<toml::Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    aliases: Vec<String>,
    package: String,
    affected: Vec<String>,
    severity: String,
    #[serde(default)]
    cwe: Vec<u32>,
    kind: Option<String>,
    summary: String,
    #[serde(default)]
    symbols: BTreeMap<String, Vec<String>>,
}

/// Reads a file. Mistakes are told with the number of the line at which their advisory begins.
pub(crate) fn read(ecosystem: Ecosystem, text: &str) -> Result<(Date, Vec<Advisory>), Vec<String>> {
    let list: List = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
    let Some(date) = Date::parse(&list.as_of) else {
        return Err(vec![format!("1: `{}` is no date", list.as_of)]);
    };
    let mut mistakes = Vec::new();
    let mut seen = BTreeSet::new();
    let mut advisories = Vec::new();
    for entry in &list.advisory {
        let line = text[..entry.span().start].matches('\n').count() + 1;
        let mut tell = |mistake: String| mistakes.push(format!("{line}: {}: {mistake}", entry.as_ref().id));
        let entry = entry.as_ref();
        for id in entry.ids() {
            if !seen.insert((entry.package.as_str(), id)) {
                tell(format!("`{id}` is there twice for `{}`", entry.package));
            }
        }
        match entry.read(ecosystem, date) {
            Ok(advisory) => advisories.push(advisory),
            Err(mistake) => tell(mistake),
        }
    }
    if mistakes.is_empty() { Ok((date, merged(advisories))) } else { Err(mistakes) }
}

impl Entry {
    fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.id).chain(&self.aliases).map(String::as_str)
    }

    fn read(&self, ecosystem: Ecosystem, modified: Date) -> Result<Advisory, String> {
        if let Some(id) = self.ids().find(|id| !id.contains('-') || id.contains(char::is_whitespace)) {
            return Err(format!("`{id}` is no id"));
        }
        if self.summary.is_empty() || self.summary.len() > 100 || self.summary.contains(char::is_control) {
            return Err("a summary is one line of 100 characters at most".to_owned());
        }
        let kind = self.kind.as_deref().unwrap_or("vulnerability");
        let mut ranges = Vec::new();
        for text in &self.affected {
            let range = range(text).ok_or_else(|| format!("`{text}` is no range"))?;
            if ranges.last().is_some_and(|last| !comes_before(ecosystem, last, &range)) {
                return Err(format!("`{text}` must come before the range in front of it"));
            }
            ranges.push(range);
        }
        let symbols = self
            .symbols
            .iter()
            .map(|(module, names)| Symbols { module: module.clone(), names: names.clone() });
        Ok(Advisory {
            ecosystem,
            package: ecosystem.fold(&self.package),
            ids: self.ids().map(str::to_owned).collect(),
            kind: Kind::from_name(kind).ok_or_else(|| format!("there is no kind `{kind}`"))?,
            severity: Some(
                Severity::from_name(&self.severity)
                    .ok_or_else(|| format!("there is no severity `{}`", self.severity))?,
            ),
            cwe: self.cwe.clone(),
            summary: self.summary.clone(),
            ranges,
            versions: Vec::new(),
            symbols: symbols.collect(),
            modified,
        })
    }
}

/// `>= 1.0, < 2.0`, either of which may be left out; `<=` for the last version that is affected; `*` for all.
fn range(text: &str) -> Option<Range<String>> {
    let mut range = Range { introduced: None, end: End::Open };
    if text == "*" {
        return Some(range);
    }
    for (at, part) in text.split(", ").enumerate() {
        let (sign, version) = part.split_once(' ')?;
        let version =
            Some(version).filter(|version| !version.contains(' ') && !version.is_empty())?.to_owned();
        match (sign, &range.end) {
            (">=", End::Open) if at == 0 => range.introduced = Some(version),
            ("<", End::Open) => range.end = End::Fixed(version),
            ("<=", End::Open) => range.end = End::LastAffected(version),
            _ => return None,
        }
    }
    Some(range)
}

/// One range ends where another begins, or earlier, and neither is empty.
fn comes_before(ecosystem: Ecosystem, first: &Range<String>, second: &Range<String>) -> bool {
    let read = |text: &String| Version::new(ecosystem, text);
    let (end, start) = (first.end.version().map(read), second.introduced.as_ref().map(read));
    let is_empty = |range: &Range<String>| match (&range.introduced, range.end.version()) {
        (Some(start), Some(end)) => read(start) > read(end),
        _ => false,
    };
    end.zip(start).is_some_and(|(end, start)| end <= start) && !is_empty(first) && !is_empty(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entry: &str, expected: &str) {
        let text = format!(
            "as-of = \"2024-05-01\"\n[[advisory]]\nid = \"CVE-2024-0001\"\npackage = \"acme\"\nseverity = \"high\"\n\
             summary = \"A guard can be left out\"\n{entry}\n"
        );
        let shown = match read(Ecosystem::Npm, &text) {
            Ok((_, advisories)) => format!("{advisories:?}"),
            Err(mistakes) => mistakes.join("\n"),
        };
        assert!(shown.contains(expected), "{shown}");
    }

    #[test]
    fn a_mistake_is_told() {
        check(r#"affected = ["< 1.2.3"]"#, r#"[Range { introduced: None, end: Fixed("1.2.3") }]"#);
        check(
            r#"affected = [">= 1.0.0, <= 1.2.3"]"#,
            r#"introduced: Some("1.0.0"), end: LastAffected("1.2.3")"#,
        );
        check(r#"affected = ["*"]"#, "[Range { introduced: None, end: Open }]");
        check(r#"affected = ["1.2.3"]"#, "2: CVE-2024-0001: `1.2.3` is no range");
        check(r#"affected = ["< 1.0.0, >= 0.5.0"]"#, "is no range");
        check(r#"affected = [">= 2.0.0, < 2.1.0", "< 1.2.3"]"#, "`< 1.2.3` must come before");
        check("affected = [\"< 1.0.0\"]\nkind = \"bad\"", "there is no kind `bad`");
        check("affected = [\"< 1.0.0\"]\naliases = [\"CVE-2024-0001\"]", "is there twice for `acme`");
        check("affected = [\"< 1.0.0\"]\nfixed = \"1.0.0\"", "unknown field `fixed`");
    }
}
