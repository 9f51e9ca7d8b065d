//! What names and values say, by the rows of the catalogue.

use std::hash::{Hash, Hasher};

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use routeward_catalog::{NameRow, SettingRole, SettingRows, ValueRow};
use rustc_hash::FxHasher;

use crate::Strength;
use crate::name::normalised;

/// Compiles a pattern; a wrong one is an error in words.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    Regex::builder().syntax(syntax).build(pattern).map_err(|error| format!("`{pattern}`: {error}"))
}

/// A longer value is no password that somebody has thought of, in bytes.
const LONG: usize = 4096;

/// The rows about names and values, compiled.
pub(crate) struct Judge<'m> {
    names: Vec<(Regex, &'m NameRow)>,
    harmless_names: Vec<Regex>,
    references: Vec<Regex>,
    nothing: Vec<Regex>,
    weak: Vec<(Regex, &'m str)>,
    harmless: Vec<Regex>,
}

impl<'m> Judge<'m> {
    pub(crate) fn new(rows: &'m SettingRows) -> Result<Self, String> {
        let all =
            |rows: &[ValueRow]| rows.iter().map(|row| compile(&row.pattern)).collect::<Result<Vec<_>, _>>();
        let names = rows.name.iter().map(|row| Ok::<_, String>((compile(&row.pattern)?, row)));
        let weak = rows.weak.iter().map(|row| Ok::<_, String>((compile(&row.pattern)?, row.why.as_str())));
        Ok(Self {
            names: names.collect::<Result<_, _>>()?,
            harmless_names: all(&rows.harmless)?,
            references: all(&rows.reference)?,
            nothing: all(&rows.nothing)?,
            weak: weak.collect::<Result<_, _>>()?,
            harmless: all(&rows.harmless_value)?,
        })
    }

    /// What a name says that its value is, if it says that it is secret.
    pub(crate) fn role(&self, name: &str) -> Option<&'m NameRow> {
        let name = normalised(name);
        let (_, row) = self.names.iter().find(|(pattern, _)| pattern.is_match(&name))?;
        let is_harmless = self.harmless_names.iter().any(|pattern| pattern.is_match(&name));
        (!is_harmless).then_some(*row)
    }

    /// How strong a value is; `None` if it is no secret, or is kept elsewhere.
    pub(crate) fn strength(&self, name: &str, role: Option<&NameRow>, value: &str) -> Option<Strength<'m>> {
        let value = value.trim();
        if value.is_empty() || value.len() > LONG {
            return None;
        }
        let lower = value.to_ascii_lowercase();
        let is = |patterns: &[Regex]| patterns.iter().any(|pattern| pattern.is_match(&lower));
        if is(&self.references) || is(&self.nothing) {
            return None;
        }
        let is_number = lower.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && role.is_some_and(|role| role.role == SettingRole::Secret) {
            // How long a token is valid.
            return None;
        }
        if let Some((_, why)) = self.weak.iter().find(|(pattern, _)| pattern.is_match(&lower)) {
            return Some(Strength::Weak(why));
        }
        let said = normalised(value);
        if role.is_some() && normalised(name).ends_with(&said) && said.len() > 3 {
            return Some(Strength::Weak("it is its own name"));
        }
        if is(&self.harmless) {
            return None;
        }
        match role {
            Some(role) if value.len() < role.least => Some(Strength::Short(role.least)),
            _ => Some(Strength::Likely),
        }
    }
}

/// The same for equal values.
pub(crate) fn same(value: &str) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}
