//! Texts of the source that are used as keys: what is readable in the repository proves nothing about who made it.
//!
//! Where a text is used decides, not what it looks like: `secret` signs tokens as well as 64 random characters do, and is
//! guessed sooner. What is read from the environment is no text of the source; what stands in for it where nothing is
//! set is one.

use routeward_base::FxHashSet;
use routeward_catalog::{KeyRow, SourceRow};
use routeward_diag::{Place, Severity};
use routeward_ir::{Expr, ExprId, Role};

use crate::Sym;
use crate::eval::Evaluator;
use crate::index::Row;
use crate::modelled::Site;
use crate::value::{ObjId, Shape, Tags, Value};
use crate::written::is_equality;

/// A text of the source that is used as a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hardcoded {
    /// The lint that tells of it; empty for the one for all keys.
    pub lint: String,
    /// What it is used as, as a noun.
    pub what: String,
    /// Where it is used, in order.
    pub used: Vec<Place>,
    /// Where it stands in the source, the likeliest place first; empty if it was put together.
    pub places: Vec<Place>,
    /// It is used only where nothing else is given, such as by the environment.
    pub is_fallback: bool,
    /// It is short, or of letters only: it stands in lists of what is tried first.
    pub is_weak: bool,
    /// Only this machine is told.
    pub is_local: bool,
    /// A severity that is not exceeded.
    pub at_most: Option<Severity>,
}

impl Hardcoded {
    /// It is the same text, for the same.
    fn is_same(&self, other: &Self) -> bool {
        let is_there = |place: &Place| other.places.contains(place);
        self.what == other.what
            && self.lint == other.lint
            && !self.places.is_empty()
            && self.places.len() == other.places.len()
            && self.places.iter().all(is_there)
    }
}

/// Names of this machine.
const LOCAL: &[&str] = &["localhost", "127.0.0.1", "::1", "0.0.0.0"];
/// Shorter texts are tried one after the other.
const SHORT: usize = 16;
/// Shorter texts stand in a program for many things: only where they are used they are known to be keys.
const TELLING: usize = 6;

/// What a password is that is stored with a new account.
const SEEDED: &str = "the password of an account that the program makes";
/// The lexicon of names by which a program asks whether it is deployed.
const PRODUCTION: &str = "production";
/// The lexicon of names of such passwords.
const ACCOUNT_PASSWORD: &str = "account password";
/// How texts begin that are hashes of passwords.
const HASHED: char = '$';

/// The object that a value is.
fn object(value: &Value) -> Option<ObjId> {
    match value.shape {
        Shape::Object(id) => Some(id),
        _ => None,
    }
}

/// It is short, or of letters only.
fn is_weak(text: &str) -> bool {
    text.len() < SHORT || text.chars().all(char::is_alphabetic)
}

impl<'p> Evaluator<'p> {
    /// All texts that are used as keys, in order of place. One that is used in several places for the same is one.
    pub fn hardcoded_keys(&self) -> Vec<Hardcoded> {
        let mut all: Vec<Hardcoded> = Vec::new();
        for (_, key) in self.keys.iter().filter(|(used, _)| !self.refused.has(**used)) {
            match all.iter_mut().find(|known| known.is_same(key)) {
                Some(known) => {
                    known.is_fallback &= key.is_fallback;
                    known.is_local &= key.is_local;
                    known.used.extend(&key.used);
                }
                None => all.push(key.clone()),
            }
        }
        all
    }

    /// Notes a text of the source that a call takes for a key.
    pub(crate) fn note_key(&mut self, row: &'p KeyRow, site: Site<'_>) {
        // Code runs once for each state that reaches it; what it uses as a key is looked for in the source once.
        if self.keys.contains_key(&(site.place, row.what.as_str()))
            || !row.when.iter().all(|when| self.is_proved(when, site))
        {
            return;
        }
        for path in row.arg.split(" | ") {
            let given = self.access(path, site);
            self.note_named_key(row, &given, site);
            let mut texts = given.iter().filter_map(|value| Some((value, self.written(value)?)));
            let is_text = |(_, (text, _)): &(&Value, (Sym, bool))| self.symbols.with(*text, is_key);
            if let Some((value, (text, is_fallback))) = texts.find(is_text) {
                if !is_fallback || self.stands_in((site.place, &row.what), text, value) {
                    self.keep_key(row, site, text, is_fallback);
                }
                return;
            }
        }
    }

    /// Notes texts of the source that are stored as passwords of new accounts: `User.create({ password: "…" })`.
    pub(crate) fn note_seeded(&mut self, values: &[Value], place: Place) {
        let mut parts: Vec<ObjId> = values.iter().filter_map(object).collect();
        parts.extend(
            parts
                .clone()
                .iter()
                .flat_map(|id| self.heap.objects[*id].items.iter().flatten())
                .filter_map(object),
        );
        for id in parts {
            let fields = self.heap.objects[id].fields.iter();
            let is_meant = |name: &str| self.speaks_of(ACCOUNT_PASSWORD, name) && self.is_stored_secret(name);
            let named = fields.filter(|(name, _)| self.symbols.with(*name, is_meant));
            let text = named.filter_map(|(_, value)| self.written(value)).find_map(|(text, is_fallback)| {
                let is_plain = self.symbols.with(text, |text| is_key(text) && !text.starts_with(HASHED));
                (!is_fallback && is_plain).then_some(text)
            });
            let Some(text) = text.filter(|_| !self.keys.contains_key(&(place, SEEDED))) else { continue };
            let said = self.symbols.text(text);
            // A script that only somebody starts makes accounts for trying things, as a rule.
            let at_most = if self.is_surveying { Severity::Low } else { Severity::Medium };
            let key = Hardcoded {
                lint: String::new(),
                what: SEEDED.to_owned(),
                used: vec![place],
                places: self.literals(&said, place),
                is_fallback: false,
                is_weak: is_weak(&said),
                is_local: false,
                at_most: Some(at_most),
            };
            self.keys.insert((place, SEEDED), key);
        }
    }

    /// Calls of that path read the environment, and say what stands in for what is not set.
    pub(crate) fn has_otherwise(&self, path: Sym) -> bool {
        let rows = self.index.rows(path, &self.symbols);
        rows.iter().any(|matched| matches!(matched.row, Row::Source(row) if !row.otherwise.is_empty()))
    }

    /// What is read, or what stands in for it where nothing is set.
    pub(crate) fn or_otherwise(&mut self, row: &SourceRow, read: Value, site: Site<'_>) -> Value {
        let otherwise = if row.otherwise.is_empty() { Vec::new() } else { self.access(&row.otherwise, site) };
        match otherwise.into_iter().find(|value| matches!(value.shape, Shape::Str(_))) {
            Some(text) => read.join(&text),
            None => read,
        }
    }

    fn keep_key(&mut self, row: &'p KeyRow, site: Site<'_>, text: Sym, is_fallback: bool) {
        let said = self.symbols.text(text);
        let hosts = if row.host.is_empty() { Vec::new() } else { self.access(&row.host, site) };
        let is_here = |host: &Value| match host.shape {
            Shape::Str(host) => self.symbols.with(host, |host| LOCAL.contains(&host)),
            _ => host.is_nullish(),
        };
        let is_local = !row.host.is_empty() && hosts.iter().all(is_here);
        let places = self.literals(&said, site.place);
        // A deployment has it only where it says that it is none.
        let is_kept_out = is_fallback
            && !places.is_empty()
            && places.iter().all(|place| self.is_out_of_production(*place, PRODUCTION));
        let at_most = Severity::from_name(&row.at_most);
        let key = Hardcoded {
            lint: row.lint.clone(),
            what: row.what.clone(),
            used: vec![site.place],
            places,
            is_fallback,
            is_weak: is_weak(&said),
            is_local,
            at_most: if is_kept_out { Some(Severity::Info) } else { at_most },
        };
        self.keys.insert((site.place, row.what.as_str()), key);
    }

    /// The text of the source that a value is, and whether it only stands in for another value.
    fn written(&self, value: &Value) -> Option<(Sym, bool)> {
        match &value.shape {
            Shape::Str(text) => {
                let is_setting = value.meta.as_deref().is_some_and(|meta| meta.setting.is_some());
                (!value.tags().intersects(Tags::ENVIRONMENT | Tags::RANDOM)).then_some((*text, is_setting))
            }
            Shape::Union(values) => {
                let (mut text, mut others) = (None, 0);
                for value in values.iter().filter(|value| !value.is_nullish()) {
                    match self.written(value) {
                        Some((found, _)) => text = text.or(Some(found)),
                        None => others += 1,
                    }
                }
                text.map(|text| (text, others > 0))
            }
            // What is made of a text alone is as known as the text.
            _ => self.written(self.made_of(value)?),
        }
    }

    /// What a value is made of alone: `Buffer.from("…")`, `"…".encode()`.
    pub(crate) fn made_of(&self, value: &Value) -> Option<&Value> {
        let object = &self.heap.objects[object(value)?];
        let made = self.symbols.with(object.ty?, |ty| ty.trim_end_matches("()").to_owned());
        let is_pure = self.index.pure.contains(&self.symbols.sym(&made));
        object.args.first().filter(|_| is_pure)
    }

    /// Where the text stands in code of the program: in the call, else before it in its file, else anywhere.
    fn literals(&self, text: &str, used: Place) -> Vec<Place> {
        let (mut places, mut compared) = (Vec::new(), FxHashSet::default());
        for (file, unit) in self.program.units.iter_enumerated() {
            let is_source = unit.role == Role::Source && unit.language == self.language;
            if !is_source && unit.role != Role::Data {
                continue;
            }
            let module = &unit.module;
            let is_it = |expr: &Expr| matches!(expr, Expr::Str(name) if module.text(*name) == text);
            let found: FxHashSet<ExprId> =
                module.exprs.iter_enumerated().filter(|(_, expr)| is_it(expr)).map(|(id, _)| id).collect();
            if found.is_empty() {
                continue;
            }
            let place = |id: &ExprId| Place { file, span: module.expr_spans[*id] };
            places.extend(found.iter().map(place));
            for expr in &module.exprs {
                if let Expr::Binary { op, left, right } = expr
                    && is_equality(*op)
                {
                    compared.extend([left, right].into_iter().filter(|id| found.contains(id)).map(place));
                }
            }
        }
        let end = used.span.end();
        places.sort_by_key(|place| {
            let distance = end.saturating_sub(place.span.start);
            (
                !used.contains(*place),
                compared.contains(place),
                place.file != used.file,
                place.span.start > end,
                distance,
                *place,
            )
        });
        let is_near = |place: &Place| place.file == used.file;
        if text.len() < TELLING {
            places.retain(is_near);
            places.truncate(1);
        }
        places
    }
}

/// Neither empty, nor a place that a value is put into later, nor the public half of a key pair, nor the name of a file
/// that has it.
fn is_key(text: &str) -> bool {
    let is_public = text.contains("BEGIN PUBLIC KEY") || text.contains("BEGIN CERTIFICATE");
    let is_blank =
        text.trim().is_empty() || text.contains("${") || text.contains("{{") || text.contains("}}");
    let is_file = [".pem", ".key", ".crt", ".pub"].iter().any(|ending| text.ends_with(ending));
    !is_public && !is_blank && !is_file
}
