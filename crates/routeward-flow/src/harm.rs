//! What harms at sinks of one kind only: expressions that take for ever, names of uploads, members of queries.

use routeward_catalog::{SinkKind, SinkRow};
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::fact::FactKind;
use crate::modelled::Site;
use crate::pattern::Pattern;
use crate::taint::{Compared, Taint, Trace};
use crate::value::{Shape, Value};

impl Evaluator<'_> {
    /// An operation of the language applies a regular expression to a text.
    pub(crate) fn note_slow(&mut self, op: &str, this: &Value, first: &Value, place: Place) {
        let (regex, text) = match op {
            "test" | "executed" => (this, first),
            "tested" | "replaced" => (first, this),
            _ => return,
        };
        let Shape::Regex(path, _) = regex.shape else { return };
        if text.taint().is_of_client() && self.is_slow(regex, false) == Some(true) {
            let row = SinkRow { kind: SinkKind::SlowText, ..SinkRow::default() };
            self.reach(&row, text, Site { this: None, args: &[], path, place });
        }
    }

    /// Whether some texts take for ever with a regular expression, or with the one that a text stands for; `whole` if
    /// it has to fit the whole of a text.
    pub(crate) fn is_slow(&self, regex: &Value, whole: bool) -> Option<bool> {
        let (Shape::Regex(regex, _) | Shape::Str(regex)) = regex.shape else { return None };
        Some(self.symbols.with(regex, |regex| {
            let body = regex.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
            let body = body.map_or(regex, |(body, _)| body);
            // Without a repetition in a group there is nothing to look at.
            (body.contains(")+") || body.contains(")*"))
                && Pattern::parse(body).is_some_and(|pattern| pattern.is_exponential(whole))
        }))
    }

    /// The members of some names in an object, at any depth.
    pub(crate) fn members_below(&self, value: &Value, names: &[String], depth: u32) -> Vec<Value> {
        let mut found = Vec::new();
        let Shape::Object(id) = value.shape else { return found };
        if depth == 0 {
            return found;
        }
        let object = &self.heap.objects[id];
        for (name, member) in &object.fields {
            if self.symbols.with(*name, |name| names.iter().any(|wanted| wanted == name)) {
                found.push(member.clone());
            }
            found.extend(self.members_below(member, names, depth - 1));
        }
        for item in object.items.iter().flatten() {
            found.extend(self.members_below(item, names, depth - 1));
        }
        found
    }

    /// A part of the client's in a name of a file is the name of an upload, and nothing of that upload has been
    /// compared with what is expected.
    pub(crate) fn names_upload(&self, taint: Taint) -> bool {
        let source = |trace| self.source_of(trace);
        let Some(path) = source(taint.trace) else { return false };
        let text = self.symbols.text(path);
        let Some((upload, name)) = text.rsplit_once('.') else { return false };
        let is_name = self.speaks_of("upload name", name);
        // `req.files.avatar.name`
        let is_of_files = name == "name" && upload.split('.').any(|part| part == "files");
        let of_upload = |path: Sym| self.symbols.with(path, |path| path.starts_with(upload));
        let is_compared = || {
            self.path.facts.iter().any(|fact| match fact.kind {
                FactKind::Bound(Compared::Input(path), _) => of_upload(path),
                FactKind::Bound(Compared::Step(id), _) => source(Trace(Some(id))).is_some_and(of_upload),
                _ => false,
            })
        };
        (is_name || is_of_files) && !is_compared()
    }
}
