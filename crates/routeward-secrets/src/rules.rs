//! Rules of the user's own, in the TOML format that `gitleaks` reads: what they say becomes rows beside those of the
//! catalogue.
//!
//! What has no meaning here costs the rule that uses it, with a remark; what cannot be read at all is an error.

use std::ops::Range;

use routeward_base::{FxHashSet, LineTable};
use routeward_catalog::{Allowed, Target, TokenRow, Tokens};
use routeward_diag::Severity;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::dialect::from_go;
use crate::pattern::compile;

/// A file of rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleFile {
    /// As its user writes it.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// Formats to look for: those of the catalogue, and those of files of rules.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleSet {
    /// The formats.
    pub tokens: Tokens,
    /// What was left out, in order of place.
    pub remarks: Vec<Remark>,
}

/// Something of a file of rules that is not used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What, and why.
    pub message: String,
}

/// A file of rules that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{path}:{line}: {message}; {remedy}")]
pub struct RulesError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    rules: Vec<Spanned<Rule>>,
    allowlist: Option<Spanned<List>>,
    #[serde(default)]
    allowlists: Vec<Spanned<List>>,
    #[serde(default)]
    extend: Extend,
    prefilter: Option<Spanned<Value>>,
    filter: Option<Spanned<Value>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Extend {
    use_default: bool,
    path: Option<Spanned<String>>,
    url: Option<Spanned<String>>,
    disabled_rules: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: Spanned<String>,
    #[serde(default)]
    description: String,
    regex: Option<Spanned<String>>,
    secret_group: Option<Spanned<u32>>,
    entropy: Option<f64>,
    #[serde(default)]
    keywords: Vec<String>,
    path: Option<Spanned<String>>,
    allowlist: Option<Spanned<List>>,
    #[serde(default)]
    allowlists: Vec<Spanned<List>>,
    // What other programs have added to the format.
    filter: Option<Value>,
    prefilter: Option<Value>,
    required: Option<Value>,
    components: Option<Value>,
    #[serde(default)]
    skip_report: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct List {
    condition: Option<Spanned<String>>,
    regex_target: Option<Spanned<String>>,
    regexes: Vec<Spanned<String>>,
    stopwords: Vec<String>,
    paths: Vec<Spanned<String>>,
    commits: Vec<Value>,
    target_rules: Vec<String>,
}

/// Reads files of rules: rows behind those of `base`. What a file disables is left out, wherever it is from. The cost is that of compiling each pattern, some hundred microseconds.
///
/// # Errors
/// The first thing that cannot be read, with its place: TOML, a pattern, a condition that does not exist.
pub fn read_rules(base: &Tokens, files: &[RuleFile]) -> Result<RuleSet, RulesError> {
    let mut rules = RuleSet { tokens: base.clone(), remarks: Vec::new() };
    let mut known = FxHashSet::default();
    for file in files {
        let lines = LineTable::new(&file.text);
        let mut reader = Reader { file, lines, rules: &mut rules, known: &mut known };
        let read: File = toml::from_str(&file.text).map_err(|error| {
            let place = error.span().unwrap_or(0..0);
            reader.error(&place, error.message().replace('\n', "; "), "correct the TOML")
        })?;
        reader.take(read)?;
    }
    Ok(rules)
}

struct Reader<'a> {
    file: &'a RuleFile,
    lines: LineTable,
    rules: &'a mut RuleSet,
    /// The ids of all rules so far.
    known: &'a mut FxHashSet<String>,
}

impl Reader<'_> {
    fn take(&mut self, read: File) -> Result<(), RulesError> {
        for source in read.extend.path.iter().chain(&read.extend.url) {
            let message = format!("`{}` is not read: name each file of rules itself", source.get_ref());
            self.remark(&source.span(), message);
        }
        for said in read.prefilter.iter().chain(&read.filter) {
            let message = "the filter of the whole file is not used: expressions are not understood";
            self.remark(&said.span(), message.to_owned());
        }
        let mut global = Vec::new();
        for list in read.allowlist.into_iter().chain(read.allowlists) {
            let span = list.span();
            let mut list = list.into_inner();
            let targets = std::mem::take(&mut list.target_rules);
            global.extend(self.allowed(list, &span)?.map(|allowed| (targets, allowed)));
        }
        let start = self.rules.tokens.rows.len();
        for rule in read.rules {
            let span = rule.span();
            let rule = rule.into_inner();
            self.rule(rule, &span)?;
        }
        for (at, row) in self.rules.tokens.rows.iter_mut().enumerate() {
            let is_meant = at >= start || read.extend.use_default && row.origin.is_empty();
            let is_target = |targets: &[String]| targets.is_empty() && is_meant || targets.contains(&row.id);
            let meant = global.iter().filter(|(targets, _)| is_target(targets));
            let meant: Vec<Allowed> = meant.map(|(_, allowed)| allowed.clone()).collect();
            row.allowed.extend(meant);
        }
        self.disable(&read.extend.disabled_rules);
        Ok(())
    }

    fn disable(&mut self, ids: &[Spanned<String>]) {
        for id in ids {
            let rows = &mut self.rules.tokens.rows;
            let before = rows.len();
            rows.retain(|row| row.id != *id.get_ref());
            if rows.len() == before {
                self.remark(&id.span(), format!("there is no rule `{}` to disable", id.get_ref()));
            }
        }
        // What has to stand beside a rule that is gone stands beside nothing.
        let rows = &mut self.rules.tokens.rows;
        let left: FxHashSet<String> = rows.iter().map(|row| row.id.clone()).collect();
        rows.retain(|row| row.requires.as_ref().is_none_or(|requires| left.contains(&requires.token)));
    }

    fn rule(&mut self, rule: Rule, span: &Range<usize>) -> Result<(), RulesError> {
        let id = rule.id.get_ref().clone();
        let filtered = rule.filter.as_ref().map(entropy_of);
        let reason = if rule.required.is_some() || rule.components.is_some() {
            Some("it asks for other findings beside its own, which only routeward's own rows can")
        } else if rule.skip_report {
            Some("it is only a part of another rule")
        } else if rule.prefilter.is_some() || filtered == Some(None) {
            Some("its filter is an expression that is not understood; only the least entropy is")
        } else if rule.regex.is_none() {
            Some("it has no `regex`: files are not told by their paths alone")
        } else if self.known.contains(&id) {
            Some("another rule has the same id")
        } else {
            None
        };
        if let Some(reason) = reason {
            self.remark(span, format!("rule `{id}` is not used: {reason}"));
            return Ok(());
        }
        let Some(regex) = &rule.regex else { return Ok(()) };
        let pattern = self.pattern(regex, &format!("the regex of rule `{id}`"))?;
        if let Some(group) = &rule.secret_group {
            self.check_group(&pattern, group, &id)?;
        }
        let within = match &rule.path {
            Some(path) => self.pattern(path, &format!("the path of rule `{id}`"))?,
            None => String::new(),
        };
        let mut allowed = Vec::new();
        for list in rule.allowlist.into_iter().chain(rule.allowlists) {
            let span = list.span();
            allowed.extend(self.allowed(list.into_inner(), &span)?);
        }
        let least = rule.entropy.or(filtered.flatten()).filter(|least| *least > 0.0);
        let words = rule.keywords.iter().filter(|word| !word.is_empty());
        self.known.insert(id.clone());
        self.rules.tokens.rows.push(TokenRow {
            id,
            name: rule.description.trim().to_owned(),
            keywords: words.map(|word| word.to_ascii_lowercase()).collect(),
            pattern,
            // A value with no more entropy than that is no token.
            entropy: least.map_or(0.0, |least| least + 1e-9),
            within,
            group: rule.secret_group.map(Spanned::into_inner).filter(|group| *group > 0),
            allowed,
            origin: self.file.path.clone(),
            ..blank()
        });
        Ok(())
    }

    fn check_group(&self, pattern: &str, group: &Spanned<u32>, id: &str) -> Result<(), RulesError> {
        let groups = compile(pattern).map_or(0, |regex| regex.captures_len());
        if (*group.get_ref() as usize) < groups {
            return Ok(());
        }
        let message = format!("the regex of rule `{id}` has no group {}", group.get_ref());
        Err(self.error(&group.span(), message, "count its groups from 1, or leave `secretGroup` out"))
    }

    /// What an allowlist says; `None` if it says nothing that is asked here.
    fn allowed(&mut self, list: List, span: &Range<usize>) -> Result<Option<Allowed>, RulesError> {
        let all = self.choice(
            list.condition.as_ref(),
            "condition",
            &[("or", false), ("||", false), ("and", true), ("&&", true)],
        )?;
        let targets = [("secret", Target::Secret), ("match", Target::Match), ("line", Target::Line)];
        let target = self.choice(list.regex_target.as_ref(), "target", &targets)?;
        if all && !list.commits.is_empty() {
            let message =
                "an allowlist is not used: it asks for commits, and files are looked at, not commits";
            self.remark(span, message.to_owned());
            return Ok(None);
        }
        let paths = self.patterns(&list.paths)?;
        let patterns = self.patterns(&list.regexes)?;
        let words: Vec<String> = list.stopwords.into_iter().filter(|word| !word.is_empty()).collect();
        let says_something = !paths.is_empty() || !patterns.is_empty() || !words.is_empty();
        Ok(says_something.then_some(Allowed { paths, patterns, target, words, all }))
    }

    /// One of several words, in whichever case; the default if there is none.
    fn choice<T: Copy + Default>(
        &self,
        said: Option<&Spanned<String>>,
        what: &str,
        words: &[(&str, T)],
    ) -> Result<T, RulesError> {
        let Some(said) = said.filter(|said| !said.get_ref().is_empty()) else {
            return Ok(T::default());
        };
        let known = words.iter().find(|(word, _)| said.get_ref().eq_ignore_ascii_case(word));
        known.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("there is no {what} `{}`", said.get_ref());
            self.error(&said.span(), message, &format!("write one of {}", all.join(", ")))
        })
    }

    fn patterns(&self, patterns: &[Spanned<String>]) -> Result<Vec<String>, RulesError> {
        patterns.iter().map(|pattern| self.pattern(pattern, "a pattern of an allowlist")).collect()
    }

    /// The pattern in the syntax that is used here; it is right.
    fn pattern(&self, pattern: &Spanned<String>, what: &str) -> Result<String, RulesError> {
        let refuse = |message: &str| {
            let remedy = if message.contains("size limit") {
                "ask for fewer repetitions, or for smaller classes"
            } else {
                "correct it: patterns are those of RE2, without looking around and without references to groups"
            };
            let last = message.lines().last().unwrap_or(message).trim_start_matches("error: ");
            self.error(&pattern.span(), format!("{what} cannot be used: {last}"), remedy)
        };
        let translated = from_go(pattern.get_ref()).map_err(|message| refuse(&message))?;
        compile(&translated).map_err(|message| refuse(&message))?;
        Ok(translated)
    }

    fn remark(&mut self, span: &Range<usize>, message: String) {
        let (path, line) = (self.file.path.clone(), self.line(span));
        self.rules.remarks.push(Remark { path, line, message });
    }

    fn error(&self, span: &Range<usize>, message: String, remedy: &str) -> RulesError {
        let (path, line) = (self.file.path.clone(), self.line(span));
        RulesError { path, line, message, remedy: remedy.to_owned() }
    }

    fn line(&self, span: &Range<usize>) -> u32 {
        self.lines.line(span.start.min(self.file.text.len()) as u32)
    }
}

/// `entropy(finding["secret"]) <= 3.5`: the one expression that is understood.
fn entropy_of(filter: &Value) -> Option<f64> {
    let least = filter.as_str()?.trim().strip_prefix("entropy(finding[\"secret\"])")?;
    least.trim_start().strip_prefix("<=")?.trim().parse().ok()
}

/// What every rule has in common.
fn blank() -> TokenRow {
    TokenRow {
        id: String::new(),
        provider: String::new(),
        name: String::new(),
        severity: Severity::High,
        lint: "provider-token".to_owned(),
        generic: false,
        own: false,
        keywords: Vec::new(),
        pattern: String::new(),
        named: Vec::new(),
        named_pattern: String::new(),
        value: String::new(),
        quoted: false,
        bounded: false,
        readable: false,
        entropy: 0.0,
        checksum: None,
        requires: None,
        alone: true,
        within: String::new(),
        apart: true,
        group: None,
        allowed: Vec::new(),
        origin: String::new(),
        published: Vec::new(),
        unlikely: Vec::new(),
        examples: Vec::new(),
        counterexamples: Vec::new(),
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
