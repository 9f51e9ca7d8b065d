//! The path and method of the request that a function of a chain is run for, and what comparing them with
//! constants tells: guards that decide by path carry a small policy, and it is evaluated endpoint by endpoint.

use std::rc::Rc;

use routeward_catalog::SourceKind;
use routeward_diag::Place;

use crate::dispatch::ClueKind;
use crate::eval::Evaluator;
use crate::run::{PathTest, PathTestKind};
use crate::value::{Piece, Shape, Value};

/// The method and path of a request, as far as a route's template tells them.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RequestLine {
    /// `GET`, …; empty if it may be any.
    pub method: String,
    /// The path in pieces; `None` stands for text that the client chooses.
    pub path: Rc<[Option<String>]>,
    /// The path below the scope that the function is attached to.
    pub below: Rc<[Option<String>]>,
    /// The name of its handler, where tables speak of handlers by name.
    pub handler: Option<Rc<str>>,
    /// The last piece may be several segments.
    pub ends_open: bool,
    /// Characters in the path stand for what the client chooses, so that code takes it to pieces like any text.
    pub is_sample: bool,
}

impl Evaluator<'_> {
    /// The path or method of the request under way, or the name of its handler; unknown outside of [`Evaluator::run_link_for`].
    pub(crate) fn request_line_value(&mut self, kind: SourceKind) -> Value {
        if let Some(run) = &mut self.run {
            run.outcome.reads_line = true;
        }
        let Some(line) = self.request_line.clone() else { return Value::UNKNOWN };
        match kind {
            SourceKind::Method if line.method.is_empty() => Value::UNKNOWN,
            SourceKind::Method => Value::str(self.symbols.sym(&line.method)),
            SourceKind::HandlerName | SourceKind::HandlerGroup | SourceKind::HandlerMember => {
                let Some(name) = line.handler else { return Value::UNKNOWN };
                let (group, member) = name.rsplit_once('/').unwrap_or(("", &name));
                let text = match kind {
                    SourceKind::HandlerGroup => group,
                    SourceKind::HandlerMember => member,
                    _ => &name,
                };
                Value::str(self.symbols.sym(text))
            }
            SourceKind::Url => self.path_value(&line.path),
            _ => self.path_value(&line.below),
        }
    }

    fn path_value(&mut self, parts: &[Option<String>]) -> Value {
        match parts {
            [] => Value::str(self.symbols.sym("/")),
            [Some(text)] => Value::str(self.symbols.sym(text)),
            parts => {
                let piece = |part: &Option<String>| match part {
                    Some(text) => Piece::Text(self.symbols.sym(text)),
                    None => Piece::Hole,
                };
                Value::new(Shape::Text(Rc::new(parts.iter().map(piece).collect())))
            }
        }
    }

    fn is_path(&self, value: &Value) -> bool {
        self.request_line.is_some()
            && value.tags().contains(crate::value::Tags::REMOTE)
            && matches!(value.shape, Shape::Str(_) | Shape::Text(_))
    }

    /// The text that a value begins with, and whether that is all of it.
    pub(crate) fn beginning(&self, value: &Value) -> Option<(String, bool)> {
        match &value.shape {
            Shape::Str(sym) => Some((self.symbols.text(*sym), true)),
            Shape::Text(pieces) => match pieces.first() {
                Some(Piece::Text(sym)) => Some((self.symbols.text(*sym), pieces.len() == 1)),
                _ => Some((String::new(), false)),
            },
            _ => None,
        }
    }

    fn note_path_test(&mut self, kind: PathTestKind, text: String, holds: bool, place: Place) {
        if let Some(run) = &mut self.run {
            run.outcome.path_tests.push(PathTest { kind, text, holds, place });
        }
    }

    /// `req.path === "/health"`.
    pub(crate) fn equal_to_path(&mut self, left: &Value, right: &Value, place: Place) -> Option<bool> {
        let (path, other) = if self.is_path(left) { (left, right) } else { (right, left) };
        let Shape::Str(text) = other.shape else { return None };
        if !self.is_path(path) {
            return None;
        }
        let text = self.symbols.text(text);
        let (known, is_all) = self.beginning(path)?;
        // A client may write anything into a parameter, but a route that takes such text has been asked for.
        let holds = if is_all { known == text } else { false };
        self.note_path_test(PathTestKind::Whole, text, holds, place);
        Some(holds)
    }

    /// `text.startsWith(prefix)`.
    pub(crate) fn starts_with(&mut self, this: &Value, prefix: &Value, place: Place) -> Value {
        if let Some(inside) = self.begins_with(this, prefix, place) {
            return inside;
        }
        let Shape::Str(prefix) = prefix.shape else { return Value::UNKNOWN };
        let prefix = self.symbols.text(prefix);
        self.note_clue(this, ClueKind::Begins(prefix.clone()), place);
        let Some((known, is_all)) = self.beginning(this) else { return Value::UNKNOWN };
        let holds = match (known.starts_with(&prefix), !is_all && prefix.starts_with(&known)) {
            (true, _) => true,
            (false, true) => return Value::UNKNOWN,
            (false, false) => false,
        };
        if self.is_path(this) {
            self.note_path_test(PathTestKind::Beginning, prefix, holds, place);
        }
        Value::bool(holds)
    }

    /// `text.endsWith(suffix)`.
    pub(crate) fn ends_with(&mut self, this: &Value, suffix: &Value, place: Place) -> Value {
        let Shape::Str(suffix) = suffix.shape else { return Value::UNKNOWN };
        let suffix = self.symbols.text(suffix);
        self.note_clue(this, ClueKind::Ends(suffix.clone()), place);
        let last = match &this.shape {
            Shape::Str(sym) => self.symbols.text(*sym),
            Shape::Text(pieces) => match pieces.last() {
                Some(Piece::Text(sym)) => self.symbols.text(*sym),
                _ => return Value::UNKNOWN,
            },
            _ => return Value::UNKNOWN,
        };
        let holds = last.ends_with(&suffix);
        if !holds && suffix.ends_with(&last) && matches!(this.shape, Shape::Text(_)) {
            return Value::UNKNOWN;
        }
        if self.is_path(this) {
            self.note_path_test(PathTestKind::Part, suffix, holds, place);
        }
        Value::bool(holds)
    }

    /// `["/login", "/health"].includes(req.path)` and `req.path.includes("/public")`.
    pub(crate) fn path_in(&mut self, this: &Value, wanted: &Value, place: Place) -> Option<Value> {
        if self.is_path(wanted) {
            let items = self.known_elements(this)?;
            let mut holds = false;
            for item in &items {
                let Shape::Str(_) = item.shape else { return None };
                self.note_compared(wanted, item, place);
                holds |= self.equal_to_path(wanted, item, place)?;
            }
            return Some(Value::bool(holds));
        }
        if self.is_path(this)
            && let Shape::Str(part) = wanted.shape
        {
            let part = self.symbols.text(part);
            self.note_clue(this, ClueKind::Contains(part.clone()), place);
            let texts: Vec<String> = match &this.shape {
                Shape::Str(sym) => vec![self.symbols.text(*sym)],
                Shape::Text(pieces) => pieces
                    .iter()
                    .filter_map(|piece| {
                        if let Piece::Text(sym) = piece { Some(self.symbols.text(*sym)) } else { None }
                    })
                    .collect(),
                _ => return None,
            };
            let holds = texts.iter().any(|text| text.contains(&part));
            self.note_path_test(PathTestKind::Part, part, holds, place);
            return Some(Value::bool(holds));
        }
        None
    }

    /// `/^\/(public|health)/.test(req.path)`, where the pattern is text, alternatives of text, and anchors.
    pub(crate) fn path_matches(&mut self, pattern: &Value, path: &Value, place: Place) -> Option<Value> {
        let Shape::Regex(pattern, _) = pattern.shape else { return None };
        if !self.is_path(path) {
            return None;
        }
        let (known, is_all) = self.beginning(path)?;
        let pattern = self.symbols.text(pattern);
        let (is_whole, choices) = plain_choices(&pattern)?;
        let holds = choices
            .iter()
            .any(|text| if is_whole { is_all && known == *text } else { known.starts_with(text) });
        let may_hold = !is_all && choices.iter().any(|text| text.starts_with(&known));
        if !holds && may_hold && !is_whole {
            return None;
        }
        let kind = if is_whole { PathTestKind::Whole } else { PathTestKind::Beginning };
        let text = choices.into_iter().find(|text| known.starts_with(text)).unwrap_or(pattern);
        self.note_path_test(kind, text, holds, place);
        Some(Value::bool(holds))
    }
}

/// The texts that a pattern anchored at its beginning stands for, and whether it is anchored at its end, too.
fn plain_choices(pattern: &str) -> Option<(bool, Vec<String>)> {
    let inner =
        pattern.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')).map_or(pattern, |(inner, _)| inner);
    let inner = if inner.starts_with('^') { inner } else { pattern };
    let inner = inner.strip_prefix('^')?.replace("\\/", "/").replace("\\.", ".");
    let (is_whole, inner) = inner.strip_suffix('$').map_or((false, inner.as_str()), |rest| (true, rest));
    let is_text =
        |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~'));
    let texts: Vec<String> = match inner.split_once('(') {
        Some((head, rest)) => {
            let (choices, tail) = rest.split_once(')')?;
            let choices = choices.strip_prefix("?:").unwrap_or(choices);
            choices.split('|').map(|choice| format!("{head}{choice}{tail}")).collect()
        }
        None => vec![inner.to_owned()],
    };
    texts.iter().all(|text| is_text(text)).then_some((is_whole, texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_plain_text_are_read() {
        let check = |pattern: &str, expected: Option<(bool, &[&str])>| {
            let found = plain_choices(pattern);
            let shown = found
                .as_ref()
                .map(|(is_whole, texts)| (*is_whole, texts.iter().map(String::as_str).collect::<Vec<_>>()));
            assert_eq!(shown, expected.map(|(is_whole, texts)| (is_whole, texts.to_vec())), "{pattern}");
        };
        check(r"^\/public", Some((false, &["/public"])));
        check(r"^\/(health|ready)$", Some((true, &["/health", "/ready"])));
        check(r"^/(?:a|b)/c", Some((false, &["/a/c", "/b/c"])));
        check(r"\/public", None);
        check(r"^\/v\d+", None);
    }
}
