//! What the language's own operations on text give for constants: routers written by hand take paths to pieces.

use routeward_diag::Place;

use crate::dispatch::{ClueKind, is_hole};
use crate::eval::Evaluator;
use crate::heap::{Loc, Object};
use crate::pattern::Pattern;
use crate::taint::Via;
use crate::value::{InputPath, ObjId, Shape, Tags, Value};
use crate::{Sym, Truth};

/// Longer texts are not taken to pieces.
const MAX_TEXT: usize = 4_096;

impl Evaluator<'_> {
    fn constant_text(&self, value: &Value) -> Option<String> {
        match value.shape {
            Shape::Str(text) => Some(self.symbols.text(text)).filter(|text| text.len() <= MAX_TEXT),
            _ => None,
        }
    }

    /// The length of a constant, unless a part of it is anything.
    pub(crate) fn length_of(&self, text: Sym) -> Value {
        let length = self.symbols.with(text, |text| (!text.contains(is_hole)).then(|| text.chars().count()));
        length.map_or(Value::UNKNOWN, |length| Value::new(Shape::Number(length as f64)))
    }

    /// `template.format(a, name=b)`: of a template that is known, with the parts in their places.
    pub(crate) fn formatted(
        &mut self,
        template: &Value,
        args: &[Value],
        keywords: Option<ObjId>,
        place: Place,
    ) -> Value {
        let named = keywords.map(|id| self.heap.objects[id].fields.clone()).unwrap_or_default();
        let given = || args.iter().chain(named.iter().map(|(_, value)| value));
        let Some(text) = self.constant_text(template) else {
            let taint = given().fold(self.taint_here(template), |taint, part| taint | self.taint_here(part));
            return self.stepped(Value::UNKNOWN.tagged(taint.as_text()), Via::Text, place);
        };
        let mut parts: Vec<Value> = Vec::new();
        let mut next = 0;
        for (literal, field) in template_parts(&text) {
            parts.push(Value::str(self.symbols.sym(&literal)));
            let Some(field) = field else { continue };
            let name = field.split(['.', '[', ':', '!']).next().unwrap_or("");
            let at = if name.is_empty() { Some(next) } else { name.parse().ok() };
            next += usize::from(name.is_empty());
            let name = self.symbols.sym(name);
            let named = named.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
            let part = at.map_or(named, |at| args.get(at)).cloned();
            parts.push(part.unwrap_or(Value::UNKNOWN));
        }
        let text = self.concat_values(&parts);
        self.stepped(text, Via::Text, place)
    }

    /// A method of a constant text; `None` where the arguments are no constants.
    pub(crate) fn text_op(&mut self, op: &str, this: &Value, args: &[Value], place: Place) -> Option<Value> {
        let text = self.constant_text(this)?;
        let result = match op {
            "split" => return self.split(this, &text, args, place),
            "index-of" => return self.index_of(this, &text, args, place),
            "replace" | "replace-all" => self.replaced(&text, args, op == "replace-all")?,
            "trim" => text.trim().to_owned(),
            "concat" => {
                let parts: Option<String> = args.iter().map(|arg| self.constant_text(arg)).collect();
                format!("{text}{}", parts?)
            }
            "slice" | "substring" | "substr" | "char-at" => Self::cut_out(op, &text, args)?,
            _ => return None,
        };
        Some(self.sampled_text(&result, this))
    }

    fn split(&mut self, this: &Value, text: &str, args: &[Value], place: Place) -> Option<Value> {
        let separator = self.constant_text(args.first()?)?;
        if separator.is_empty() {
            return None;
        }
        if separator == "/" {
            self.note_clue(this, ClueKind::Split, place);
        }
        let parts: Vec<Value> = text.split(&separator).map(|part| self.sampled_text(part, this)).collect();
        Some(self.heap.array(parts, false, Some(place)))
    }

    fn index_of(&mut self, this: &Value, text: &str, args: &[Value], place: Place) -> Option<Value> {
        let part = self.constant_text(args.first()?).filter(|_| args.len() == 1)?;
        self.note_clue(this, ClueKind::Begins(part.clone()), place);
        match text.find(&part) {
            Some(at) if text[..at].contains(is_hole) => None,
            Some(at) => Some(Value::new(Shape::Number(text[..at].chars().count() as f64))),
            None => Some(Value::new(Shape::Number(-1.0))),
        }
    }

    fn replaced(&mut self, text: &str, args: &[Value], is_all: bool) -> Option<String> {
        let [what, with] = args else { return None };
        let with = self.constant_text(with)?;
        let Shape::Regex(regex, flags) = what.shape else {
            let what = self.constant_text(what).filter(|what| !what.is_empty())?;
            return Some(if is_all { text.replace(&what, &with) } else { text.replacen(&what, &with, 1) });
        };
        let is_plain = !with.contains('$') && !flags.ignores_case && !flags.is_multiline;
        let pattern = Pattern::parse(&self.symbols.text(regex)).filter(|_| is_plain)?;
        let chars: Vec<char> = text.chars().collect();
        let (mut result, mut from) = (String::new(), 0);
        while let Some((start, end)) = pattern.find(&chars, from) {
            result.extend(&chars[from..start]);
            result.push_str(&with);
            if end == start {
                result.extend(chars.get(end));
            }
            from = end.max(start + 1);
            if from > chars.len() || !flags.is_global {
                break;
            }
        }
        result.extend(chars.get(from..).unwrap_or(&[]));
        Some(result)
    }

    fn cut_out(op: &str, text: &str, args: &[Value]) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        let len = i64::try_from(chars.len()).ok()?;
        let number = |index: usize| match args.get(index).map(|arg| &arg.shape) {
            None | Some(Shape::Undefined) => Some(None),
            Some(Shape::Number(number)) => Some(Some(*number as i64)),
            _ => None,
        };
        let (first, second) = (number(0)?.unwrap_or(0), number(1)?);
        let from_end = |at: i64| if at < 0 { (len + at).max(0) } else { at.min(len) };
        let (start, end) = match op {
            "slice" => (from_end(first), second.map_or(len, from_end)),
            "substr" => {
                let start = from_end(first);
                (start, second.map_or(len, |count| (start + count.max(0)).min(len)))
            }
            "char-at" => (first.clamp(0, len), (first + 1).clamp(0, len)),
            _ => {
                let (a, b) = (first.clamp(0, len), second.map_or(len, |at| at.clamp(0, len)));
                (a.min(b), a.max(b))
            }
        };
        // A number of characters counted from the end of text that is not known says nothing.
        let kept = chars.get(start as usize..end.max(start) as usize)?;
        Some(kept.iter().collect())
    }

    /// What a regular expression found in a text of a sample request: nothing, or a list of inputs.
    pub(crate) fn matched(&mut self, regex: &Value, text: &Value, place: Place) -> Option<Value> {
        if !self.fits_sample(regex, text, place)? {
            return Some(Value::new(Shape::Null));
        }
        let path = self.symbols.sym("path.param");
        let input = InputPath { part: Tags::PATH, path };
        let part = Value::UNKNOWN.tagged(Tags::PATH).noted(|meta| meta.input = Some(input));
        let mut groups = Object::new(Some(place));
        (groups.input, groups.taint, groups.is_open) = (Some(input), Tags::PATH.into(), true);
        let groups = Value::object(self.heap.object(groups));
        let found = self.heap.array(vec![text.clone(), part.clone(), part.clone(), part], true, Some(place));
        if let Shape::Object(id) = found.shape {
            let name = self.symbols.sym("groups");
            self.heap.write(Loc::Field(id, name), Some(groups));
        }
        Some(found)
    }

    /// The elements for which a test is known to hold; `None` if it is not known for one of them.
    pub(crate) fn elements_that(&mut self, this: &Value, test: &Value, place: Place) -> Option<Vec<Value>> {
        let items = self.known_elements(this).filter(|items| items.len() <= 256)?;
        let mut kept = Vec::new();
        for item in items {
            let is_truth = matches!(test.shape, Shape::External(path) if self.symbols.with(path, |path| path == "Boolean"));
            let verdict = if is_truth {
                item.clone()
            } else {
                self.aside(|inner| inner.call(test, &Value::UNDEFINED, std::slice::from_ref(&item), place))
            };
            match self.truth(&verdict) {
                Truth::Truthy => kept.push(item),
                Truth::Falsy => {}
                Truth::Maybe if matches!(item.shape, Shape::Str(_)) && is_truth => kept.push(item),
                Truth::Maybe => return None,
            }
        }
        Some(kept)
    }

    /// `new Map([['GET /users', list]])`
    pub(crate) fn new_map(&mut self, entries: &Value, place: Place) -> Option<Value> {
        let mut object = Object::new(Some(place));
        object.ty = Some(self.symbols.sym("Map"));
        let id = self.heap.object(object);
        let entries = if entries.is_nullish() { Vec::new() } else { self.known_elements(entries)? };
        for entry in entries {
            let pair = self.known_elements(&entry)?;
            let key = pair.first().and_then(|key| self.as_key(key))?;
            let value = pair.get(1).cloned().unwrap_or(Value::UNDEFINED);
            self.heap.write(Loc::Field(id, key), Some(value));
        }
        Some(Value::object(id))
    }

    /// The fields of a map whose keys are constants, and that no request fills.
    fn map_of(&self, this: &Value, key: &Value) -> Option<(ObjId, Sym)> {
        let (Shape::Object(id), Some(key)) = (&this.shape, self.as_key(key)) else { return None };
        let object = &self.heap.objects[*id];
        let is_table = !object.fields.is_empty() || self.run.is_none();
        (is_table && !object.is_open).then_some((*id, key))
    }

    pub(crate) fn map_op(&mut self, op: &str, this: &Value, args: &[Value], place: Place) -> Option<Value> {
        let key = args.first()?;
        let Some((id, name)) = self.map_of(this, key) else {
            if let (Shape::Object(id), "map-set") = (&this.shape, op) {
                self.heap.objects[*id].is_open = true;
            }
            return None;
        };
        self.note_looked_up(this, key, place);
        let found = self.heap.objects[id].field(name).cloned();
        Some(match op {
            "map-get" => found.unwrap_or(Value::UNDEFINED),
            "map-has" => Value::bool(found.is_some()),
            _ => {
                let value = args.get(1).cloned().unwrap_or(Value::UNDEFINED);
                self.heap.write(Loc::Field(id, name), Some(value));
                this.clone()
            }
        })
    }

    /// An object that code writes down, such as one of options.
    pub(crate) fn is_plain_object(&self, value: &Value) -> bool {
        matches!(value.shape, Shape::Object(id) if self.heap.objects[id].ty.is_none())
    }

    /// `stream.pipe(response)` answers.
    pub(crate) fn piped(&mut self, to: &Value, place: Place) -> Option<Value> {
        let Shape::Object(id) = to.shape else { return None };
        self.heap.objects[id].ty?;
        if self.is_shared(id) {
            return Some(to.clone());
        }
        let end = self.symbols.sym("end");
        self.call_method(to, end, &[Value::UNKNOWN], place);
        Some(to.clone())
    }
}

/// The literal pieces of a template with fields in braces, each with the field behind it.
fn template_parts(text: &str) -> Vec<(String, Option<&str>)> {
    let (mut parts, mut literal, mut rest) = (Vec::new(), String::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix(brace) {
            literal.push_str(brace);
            rest = behind;
        } else if brace == "{" {
            let (field, behind) = rest.split_once('}').unwrap_or((rest, ""));
            parts.push((std::mem::take(&mut literal), Some(field)));
            rest = behind;
        }
    }
    literal.push_str(rest);
    parts.push((literal, None));
    parts
}
