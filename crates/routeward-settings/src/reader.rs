//! From a file to its settings.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex_automata::meta::Regex;
use routeward_base::Span;
use routeward_catalog::{SettingRows, SettingView, StoreRow};
use routeward_formats::{Format, Node, read};

use crate::files::is_named;
use crate::judge::{Judge, compile, same};
use crate::name::normalised;
use crate::value::{Filled, decoded, filled};
use crate::{Around, Configuration, Setting, View, cluster, compose, image, plain};

/// Words of which one stands in every file of configuration that names a secret.
const WORDS: &[&str] = &["secret", "pass", "pwd", "token", "key", "credential"];
/// So many settings of a file are looked at.
pub const MOST: usize = 2_000;
/// What an encrypted file of variables begins with.
const VAULT: &str = "$ANSIBLE_VAULT";

/// Reads configuration. Made once; used from many threads.
pub struct Reader<'m> {
    pub(crate) rows: &'m SettingRows,
    words: AhoCorasick,
    /// Compiled when the first setting is met.
    judge: OnceLock<Result<Judge<'m>, String>>,
    pub(crate) commands: OnceLock<Vec<(Regex, &'m str)>>,
}

impl<'m> Reader<'m> {
    /// Prepares to read. Costs next to nothing: patterns are compiled when they are needed.
    pub fn new(rows: &'m SettingRows) -> Result<Self, String> {
        let words = AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS);
        let words = words.map_err(|error| error.to_string())?;
        Ok(Self { rows, words, judge: OnceLock::new(), commands: OnceLock::new() })
    }

    /// Says what is wrong with the patterns of the rows, if anything is.
    pub fn check(&self) -> Result<(), String> {
        Judge::new(self.rows)?;
        for pattern in self
            .rows
            .command
            .iter()
            .map(|row| &row.pattern)
            .chain(self.rows.store.iter().map(|row| &row.pattern))
        {
            compile(pattern)?;
        }
        Ok(())
    }

    /// True if the name of a file says that it may hold settings, so that it is worth opening.
    pub fn may_read(&self, path: &str) -> bool {
        let has_format = Format::of(path).is_some() || ends_with(path, ".conf");
        has_format || self.store(&path.to_ascii_lowercase()).is_some()
    }

    /// What a file opens by itself if it is no text, such as a key store.
    pub fn binary_store(&self, path: &str) -> Option<&'m str> {
        self.store(&path.to_ascii_lowercase())
            .filter(|row| row.pattern.is_empty())
            .map(|row| row.what.as_str())
    }

    fn store(&self, path: &str) -> Option<&'m StoreRow> {
        self.rows.store.iter().find(|row| is_named(&row.names, path) && !is_named(&row.unless, path))
    }

    /// The configuration of a file that is known by its name only.
    pub fn unread(&self, path: &str) -> Option<Configuration<'m>> {
        let what = self.binary_store(path)?;
        Some(self.configuration(View::Store, &path.to_ascii_lowercase(), Some((what, Span::default()))))
    }

    /// What a text says; `None` if it is no configuration, or says nothing that counts. Cost: linear in the text for the
    /// files that are meant, next to nothing for others.
    pub fn read(&self, path: &str, text: &str) -> Option<Configuration<'m>> {
        let lower = path.to_ascii_lowercase();
        if let Some(row) = self.store(&lower) {
            // One that is no text is known by its name.
            let span = credential(row, text)?;
            return Some(self.configuration(View::Store, &lower, Some((&row.what, span))));
        }
        let format = Format::of(path).is_some() || ends_with(path, ".conf");
        let format = format.then(|| Format::of_content(path, text)).flatten()?;
        if text.starts_with(VAULT) {
            return None;
        }
        let view = self.view(format, &lower, text)?;
        if view == View::Configuration && !self.words.is_match(text) {
            return None;
        }
        let document = read(format, text).document;
        if document.root().is_some_and(is_sealed) {
            return None;
        }
        let mut configuration = self.configuration(view, &lower, None);
        let mut settings = Settings { reader: self, text, view, found: Vec::new(), is_cut: false };
        for root in document.roots() {
            match view {
                View::Compose => compose::settings(root, &mut settings),
                View::Workflow => plain::environments(root, &mut settings),
                View::Manifest => cluster::settings(root, &mut settings),
                View::Image => configuration.leaks.extend(image::settings(root, &mut settings)),
                View::Environment | View::Configuration | View::Store => {
                    plain::settings(root, format, &mut settings);
                }
            }
        }
        let mut found = settings.found;
        configuration.is_cut = settings.is_cut;
        // What an alias stands for is told where it stands, by the place where it counts most.
        found.sort_by_key(|setting| (setting.span.start, setting.around));
        found.dedup_by_key(|setting| setting.span);
        configuration.leaks.sort_by_key(|leak| leak.span.start);
        configuration.settings = found;
        (!configuration.settings.is_empty() || !configuration.leaks.is_empty()).then_some(configuration)
    }

    fn view(&self, format: Format, path: &str, text: &str) -> Option<View> {
        match format {
            Format::Dotenv => return Some(View::Environment),
            Format::Dockerfile => return Some(View::Image),
            _ => {}
        }
        if self.rows.other.iter().any(|row| is_named(&row.names, path)) {
            return None;
        }
        let is_it = |row: &&routeward_catalog::SettingFile| {
            is_named(&row.names, path) && row.marks.iter().all(|mark| text.contains(mark))
        };
        self.rows.file.iter().find(is_it).map(|row| match row.view {
            SettingView::Compose => View::Compose,
            SettingView::Workflow => View::Workflow,
            SettingView::Manifest => View::Manifest,
            SettingView::Configuration => View::Configuration,
        })
    }

    fn configuration(&self, view: View, path: &str, store: Option<(&'m str, Span)>) -> Configuration<'m> {
        let is = |rows: &[routeward_catalog::FileNames]| rows.iter().any(|row| is_named(&row.names, path));
        Configuration {
            view,
            settings: Vec::new(),
            leaks: Vec::new(),
            store,
            is_specimen: is(&self.rows.specimen),
            is_development: is(&self.rows.development),
            is_cut: false,
        }
    }

    pub(crate) fn judge(&self) -> Option<&Judge<'m>> {
        self.judge.get_or_init(|| Judge::new(self.rows)).as_ref().ok()
    }
}

/// Where the credential of a store stands in its text.
fn credential(row: &StoreRow, text: &str) -> Option<Span> {
    if row.pattern.is_empty() {
        return None;
    }
    let pattern = compile(&row.pattern).ok()?;
    let mut captures = pattern.create_captures();
    pattern.captures(text, &mut captures);
    let group = captures.get_group(1)?;
    let is_text = text.get(group.range()).is_some();
    is_text.then(|| Span::new(group.start as u32, group.end as u32))
}

fn ends_with(path: &str, ending: &str) -> bool {
    path.len() >= ending.len()
        && path.as_bytes()[path.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
}

/// The document says that its values are encrypted.
fn is_sealed(root: Node<'_>) -> bool {
    let is_mark = |name: &str| matches!(name, "sops" | "sops_version" | "sops_mac");
    let is_kind = |kind: &str| kind.starts_with("Sealed") || kind.starts_with("Encrypted");
    root.written().any(|(name, _)| name.scalar().is_some_and(is_mark))
        || root.get("kind").and_then(Node::text).is_some_and(is_kind)
}

/// The settings that were found so far.
pub(crate) struct Settings<'r, 'm, 't> {
    pub(crate) reader: &'r Reader<'m>,
    pub(crate) text: &'t str,
    pub(crate) view: View,
    pub(crate) found: Vec<Setting<'m>>,
    pub(crate) is_cut: bool,
}

impl Settings<'_, '_, '_> {
    /// A name is given what a node says.
    pub(crate) fn give(&mut self, name: &str, node: Node<'_>, around: Around) {
        let node = node.target();
        if node.tag().is_some() || node.is_null() {
            return;
        }
        let Some(said) = node.scalar() else { return };
        let span = inner(self.text, node.span());
        self.give_text(name, said, span, around);
    }

    /// A name is given the text in base64 that a node says.
    pub(crate) fn give_encoded(&mut self, name: &str, node: Node<'_>, around: Around) {
        let span = inner(self.text, node.target().span());
        if let Some(said) = node.text().filter(|_| node.tag().is_none()).and_then(decoded) {
            self.judge(name, None, &said, span, around);
        }
    }

    /// A name is given a text, which stands at a place as it is written there.
    pub(crate) fn give_text(&mut self, name: &str, said: &str, span: Span, around: Around) {
        match filled(span.of(self.text)) {
            Filled::Elsewhere => {}
            Filled::Text => self.judge(name, None, said, span, around),
            Filled::Fallback { variable, start, end } => {
                let literal = Span::new(span.start + start as u32, span.start + end as u32);
                let said = literal.of(self.text).trim();
                self.judge(name, Some(variable), said, literal, around);
            }
        }
    }

    fn judge(&mut self, name: &str, variable: Option<String>, said: &str, span: Span, around: Around) {
        let Some(judge) = self.reader.judge() else { return };
        let is_label = self.view == View::Configuration && is_label(name, said);
        if span.len == 0 || said.contains('\n') || is_label {
            return;
        }
        let role = judge.role(name).or_else(|| judge.role(variable.as_deref()?));
        let Some(strength) = judge.strength(name, role, said) else { return };
        // By paths, only what is secret is asked for.
        if self.found.len() >= MOST || self.view == View::Configuration && role.is_none() {
            self.is_cut |= self.found.len() >= MOST;
            return;
        }
        let (name, same) = (name.to_owned(), same(said));
        self.found.push(Setting { name, variable, span, role, strength, around, same });
    }
}

/// `password: Password`: what is shown, not what is kept.
fn is_label(name: &str, said: &str) -> bool {
    said.starts_with(|c: char| c.is_uppercase()) && normalised(name).ends_with(&normalised(said))
}

/// A place without the quotation marks around it.
fn inner(text: &str, span: Span) -> Span {
    let said = span.of(text);
    let is_quoted = |mark: char| said.len() >= 2 && said.starts_with(mark) && said.ends_with(mark);
    if ['"', '\'', '`'].into_iter().any(is_quoted) { Span::new(span.start + 1, span.end() - 1) } else { span }
}
