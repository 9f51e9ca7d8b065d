//! Route templates: parsing the spellings of frameworks, printing the one normal form, and deciding whether one
//! template covers another.

use std::fmt::Write;
use std::rc::Rc;

use routeward_catalog::PathStyle;
use routeward_flow::{Evaluator, Pattern, Piece, Shape, Value};

use crate::expression;

/// A template in parts. The text between two slashes is a segment; a segment may hold several parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Template {
    /// Segments in order; none is the root.
    pub segments: Vec<Segment>,
    /// Upper and lower case are the same.
    pub ignores_case: bool,
    /// It was given as a regular expression or is not known in full: what it covers cannot be decided.
    pub is_opaque: bool,
    /// The operation's name, or the beginning of it, where requests for the path name what they are for.
    pub operation: Option<String>,
    /// The regular expression it was given as.
    pub regex: Option<Rc<str>>,
    /// Whether its requests end in a slash, where that matters and is known.
    pub ends_in_slash: Option<bool>,
    /// It was said that requests may end in a slash or not.
    pub is_lenient: bool,
}

/// What stands between two slashes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Segment {
    /// Fixed text.
    Text(String),
    /// Exactly one segment, by name.
    Param(String),
    /// Exactly one segment that a regular expression fits, by name.
    Narrow(String, Rc<str>),
    /// A segment made of text and parameters, as printed.
    Mixed(String),
    /// One segment, or none.
    Optional(String),
    /// Everything from here on, by name; with `true` also nothing at all.
    Rest(String, bool),
    /// Text that was not known.
    Hole,
}

/// Whether a template covers another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cover {
    /// Every request of the other one.
    All,
    /// Some of its requests.
    Some,
    /// None.
    None,
    /// Not known.
    Unknown,
}

impl Template {
    /// The template of a path value.
    pub(crate) fn of(evaluator: &Evaluator<'_>, value: &Value, style: PathStyle) -> Self {
        let mut text = String::new();
        match &value.shape {
            Shape::Str(sym) => text = evaluator.symbols.text(*sym),
            Shape::Text(pieces) => {
                for piece in pieces.iter() {
                    match piece {
                        Piece::Text(sym) => text.push_str(&evaluator.symbols.text(*sym)),
                        Piece::Hole => text.push(HOLE),
                    }
                }
            }
            Shape::Regex(sym, _) => {
                let pattern = evaluator.symbols.text(*sym);
                return Self::of_regex(&pattern);
            }
            Shape::Undefined => {}
            _ => text.push(HOLE),
        }
        Self::parse(&text, style)
    }

    /// A regular expression that is plain text with anchors is a template; any other is opaque.
    fn of_regex(pattern: &str) -> Self {
        let inner = pattern.trim_start_matches('^').trim_end_matches('$').replace("\\/", "/");
        let is_plain = inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '_'));
        let is_anchored = pattern.starts_with('^') && pattern.ends_with('$');
        let mut template = Self::parse(if is_plain { &inner } else { "" }, PathStyle::Strict);
        if !is_plain {
            template.segments = vec![Segment::Mixed(format!("({inner})"))];
        }
        template.is_opaque = !(is_plain && is_anchored);
        template.regex = Some(pattern.into());
        template
    }

    /// Reads a template in a framework's spelling.
    pub(crate) fn parse(text: &str, style: PathStyle) -> Self {
        if style == PathStyle::Dotted {
            return Self {
                segments: Vec::new(),
                ignores_case: false,
                is_opaque: false,
                operation: Some(text.replace(HOLE, "?")),
                regex: None,
                ends_in_slash: None,
                is_lenient: false,
            };
        }
        if style == PathStyle::Expressions {
            return Self::parse(&expression::template(text), PathStyle::Braces);
        }
        let ignores_case = matches!(style, PathStyle::Classic | PathStyle::Named);
        let text = if style == PathStyle::Named { expand_optional(text) } else { text.to_owned() };
        // `/?` at the end of what was a regular expression: with a slash or without.
        let (text, is_lenient) = match text.strip_suffix("/?").filter(|_| style == PathStyle::Angles) {
            Some(rest) => (format!("{rest}/"), true),
            None => (text, false),
        };
        let ends_in_slash =
            (style == PathStyle::Angles && !text.is_empty() && !is_lenient).then(|| text.ends_with('/'));
        let mut segments: Vec<Segment> = split_segments(&text)
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| segment(&part, style))
            .collect();
        // `/files/*` needs the slash, which the root always has.
        if let ([Segment::Rest(_, also_nothing)], PathStyle::Classic) = (&mut segments[..], style) {
            *also_nothing = true;
        }
        Self {
            segments,
            ignores_case,
            is_opaque: false,
            operation: None,
            regex: None,
            ends_in_slash,
            is_lenient,
        }
    }

    /// The template of `self` mounted at `prefix`.
    pub(crate) fn below(&self, prefix: &Self) -> Self {
        let mut segments = prefix.segments.clone();
        // A prefix that ends in a wildcard is a pattern for what it covers, not a place to mount at.
        if matches!(segments.last(), Some(Segment::Rest(_, _))) && !self.segments.is_empty() {
            segments.pop();
        }
        segments.extend(self.segments.iter().cloned());
        Self {
            segments,
            ignores_case: self.ignores_case,
            is_opaque: self.is_opaque || prefix.is_opaque,
            operation: match (&prefix.operation, &self.operation) {
                (Some(outer), Some(inner)) => Some(joined(outer, inner)),
                (outer, inner) => inner.as_ref().or(outer.as_ref()).cloned(),
            },
            regex: if prefix.segments.is_empty() { self.regex.clone() } else { None },
            ends_in_slash: if self.segments.is_empty() { prefix.ends_in_slash } else { self.ends_in_slash },
            is_lenient: self.is_lenient,
        }
    }

    /// The path that operations are mounted at: what follows it in the template stands for their names.
    pub(crate) fn without_rest(mut self) -> Self {
        while self.segments.pop_if(|last| !matches!(last, Segment::Text(_) | Segment::Mixed(_))).is_some() {}
        self
    }

    /// The normal form: parameters as `{name}`, no trailing slash.
    pub(crate) fn print(&self) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            text.push('/');
            match segment {
                Segment::Text(part) | Segment::Mixed(part) => text.push_str(part),
                Segment::Param(name) | Segment::Narrow(name, _) => {
                    let _ = write!(text, "{{{name}}}");
                }
                Segment::Optional(name) => {
                    let _ = write!(text, "{{{name}?}}");
                }
                Segment::Rest(name, _) => {
                    let _ = write!(text, "*{name}");
                }
                Segment::Hole => text.push_str("{?}"),
            }
        }
        if text.is_empty() { "/".to_owned() } else { text }
    }

    /// The path of its requests from a segment on, in pieces: `None` stands for what the client chooses.
    pub(crate) fn pieces(&self, from: usize) -> Vec<Option<String>> {
        let mut pieces: Vec<Option<String>> = Vec::new();
        for segment in self.segments.get(from..).unwrap_or(&[]) {
            let parts = match segment {
                Segment::Text(text) => vec![Some(format!("/{text}"))],
                Segment::Mixed(text) => parts_of(&format!("/{text}")),
                _ => vec![Some("/".to_owned()), None],
            };
            for part in parts {
                match (pieces.last_mut(), part) {
                    (Some(Some(last)), Some(part)) => last.push_str(&part),
                    (_, part) => pieces.push(part),
                }
            }
        }
        pieces
    }

    /// The names of its parameters.
    pub(crate) fn params(&self) -> Vec<String> {
        let mut names = Vec::new();
        for segment in &self.segments {
            match segment {
                Segment::Param(name) | Segment::Narrow(name, _) | Segment::Optional(name) => {
                    names.push(name.clone());
                }
                Segment::Rest(name, _) if !name.is_empty() => names.push(name.clone()),
                Segment::Mixed(text) => {
                    names.extend(
                        text.split('{')
                            .skip(1)
                            .filter_map(|part| part.split_once('}'))
                            .map(|(name, _)| name.to_owned()),
                    );
                }
                _ => {}
            }
        }
        names
    }

    /// Whether this template, as a prefix if `is_prefix`, covers the requests of `other`.
    pub(crate) fn covers(&self, other: &Self, is_prefix: bool) -> Cover {
        if let Some(names) = &self.operation
            && !other.operation.as_ref().is_some_and(|name| is_below(name, names))
        {
            return Cover::None;
        }
        if self.segments.is_empty() && is_prefix && !self.is_opaque {
            return Cover::All;
        }
        if let Some(regex) = &self.regex
            && let Some(cover) = matches_all(regex, other)
        {
            return cover;
        }
        if self.is_opaque {
            return Cover::Unknown;
        }
        let differ = matches!((self.ends_in_slash, other.ends_in_slash), (Some(a), Some(b)) if a != b);
        let is_open = matches!(self.segments.last(), Some(Segment::Rest(..)));
        if differ && !is_prefix && !is_open {
            return Cover::None;
        }
        let cover = cover(&self.segments, &other.segments, is_prefix, self.ignores_case);
        // Of the requests with a slash at their end and those without it covers one kind.
        let is_half = self.ends_in_slash.is_some() && other.ends_in_slash.is_none() && other.is_lenient;
        if cover == Cover::All && is_half && !is_prefix && !is_open { Cover::Some } else { cover }
    }
}

/// `users` and `list` give `users.list`; so do `users.` and `list`.
fn joined(outer: &str, inner: &str) -> String {
    let is_open = outer.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let dot = if is_open && !inner.is_empty() { "." } else { "" };
    format!("{outer}{dot}{inner}")
}

/// `users.list` is below `users` and below nothing at all.
fn is_below(name: &str, names: &str) -> bool {
    let Some(rest) = name.strip_prefix(names) else { return false };
    rest.is_empty() || rest.starts_with('.') || !names.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Stands for text that was not known while a template is read.
const HOLE: char = '\u{FFFC}';

/// Splits at slashes that are not inside braces or parentheses.
fn split_segments(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '{' | '(' | '<' => depth += 1,
            '}' | ')' | '>' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

/// `{/:id}` in the named style is an optional segment.
fn expand_optional(text: &str) -> String {
    text.replace("{/:", "/:\u{1}").replace("{/", "/\u{1}").replace(['{', '}'], "")
}

/// The pieces of a segment of text and parameters: `/{name}.json`. A wildcard is one of its own.
fn parts_of(text: &str) -> Vec<Option<String>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '*']) {
        let close = rest[open..].find('}').filter(|_| rest[open..].starts_with('{'));
        parts.extend([Some(rest[..open].to_owned()), None]);
        rest = &rest[open + close.unwrap_or(0) + 1..];
    }
    parts.push(Some(rest.to_owned()));
    parts.retain(|part| part.as_ref().is_none_or(|text| !text.is_empty()));
    parts
}

fn segment(part: &str, style: PathStyle) -> Segment {
    if part.contains(HOLE) {
        return if part.chars().all(|c| c == HOLE) {
            Segment::Hole
        } else {
            Segment::Mixed(part.replace(HOLE, "{?}"))
        };
    }
    match style {
        PathStyle::Braces => braces(part),
        PathStyle::Angles => angles(part, |field| {
            let (converter, name) = field.rsplit_once(':').unwrap_or(("", field));
            Field::new(name, converter)
        }),
        PathStyle::Filters => angles(part, |field| {
            let (name, filter) = field.split_once(':').unwrap_or((field, ""));
            Field::new(name, filter)
        }),
        PathStyle::Signs => signs(part),
        PathStyle::Named if part == "*" || part.starts_with('*') => {
            Segment::Rest(part[1..].to_owned(), false)
        }
        PathStyle::Strict if part.starts_with('*') => Segment::Rest(part[1..].to_owned(), true),
        PathStyle::Classic if part == "*" => Segment::Rest(String::new(), false),
        _ => colons(part),
    }
}

/// `@id`, `@id:integer`, `?page`.
fn signs(part: &str) -> Segment {
    let name = |field: &str| field.split(':').next().unwrap_or(field).to_owned();
    match (part.strip_prefix('@'), part.strip_prefix('?')) {
        (Some(field), _) => Segment::Param(name(field)),
        (None, Some(field)) => Segment::Optional(name(field)),
        (None, None) => Segment::Text(part.to_owned()),
    }
}

/// What stands between angle brackets.
struct Field {
    name: String,
    converter: String,
    /// It takes everything from there on.
    is_rest: bool,
}

impl Field {
    fn new(name: &str, converter: &str) -> Self {
        Self { name: name.to_owned(), converter: converter.to_owned(), is_rest: converter == "path" }
    }
}

/// `<id>`, `<int:id>`, `<path:rest>`, `v<major>`.
fn angles(part: &str, read: impl Fn(&str) -> Field) -> Segment {
    if let Some(field) = part.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'))
        && !field.contains('<')
    {
        let Field { name, converter, is_rest } = read(field);
        return if is_rest { Segment::Rest(name, false) } else { converted(name, &converter) };
    }
    let mut text = String::new();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('<')
        && let Some((field, after)) = after.split_once('>')
    {
        text.push_str(before);
        let _ = write!(text, "{{{}}}", read(field).name);
        rest = after;
    }
    text.push_str(rest);
    if text == part { Segment::Text(text) } else { Segment::Mixed(text) }
}

fn braces(part: &str) -> Segment {
    let Some(name) = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return if part.contains('{') {
            Segment::Mixed(part.to_owned())
        } else {
            Segment::Text(part.to_owned())
        };
    };
    if name.contains('{') {
        return Segment::Mixed(part.to_owned());
    }
    // `{id:int}`, `{rest:path}`
    if let Some((name, converter)) = name.split_once(':') {
        return match converter {
            "path" | ".*" => Segment::Rest(name.to_owned(), true),
            ".+" => Segment::Rest(name.to_owned(), false),
            _ => converted(name.to_owned(), converter),
        };
    }
    match (name.strip_suffix('?'), name.split_once('*')) {
        (Some(name), _) => Segment::Optional(name.to_owned()),
        (None, Some((name, _))) => Segment::Rest(name.to_owned(), true),
        (None, None) => match name.strip_suffix('+') {
            Some(name) => Segment::Rest(name.to_owned(), false),
            None => Segment::Param(name.to_owned()),
        },
    }
}

/// A parameter that takes what a converter takes; one that is not known may take anything.
fn converted(name: String, converter: &str) -> Segment {
    let fits = match converter {
        "int" => "[0-9]+",
        "float" => "[0-9]+(\\.[0-9]+)?",
        "uuid" => "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}",
        _ => return Segment::Param(name),
    };
    Segment::Narrow(name, fits.into())
}

/// `:id`, `:id?`, `:id(\d+)`, `:a-:b`.
fn colons(part: &str) -> Segment {
    let plain = part.replace('\u{1}', "");
    let is_optional_group = plain.len() != part.len();
    if !plain.contains(':') {
        let has_wildcard = plain.contains('*');
        return match (has_wildcard, is_optional_group) {
            (true, _) => Segment::Mixed(plain),
            (false, true) => Segment::Optional(plain),
            (false, false) => Segment::Text(plain),
        };
    }
    let mut printed = String::new();
    let mut names = Vec::new();
    let mut fits = String::new();
    let mut chars = plain.chars().peekable();
    let mut is_optional = is_optional_group;
    let mut is_rest = false;
    while let Some(c) = chars.next() {
        if c != ':' {
            printed.push(c);
            continue;
        }
        let mut name = String::new();
        while let Some(next) = chars.peek().filter(|c| c.is_alphanumeric() || **c == '_') {
            name.push(*next);
            chars.next();
        }
        let mut depth = 0;
        while let Some(next) = chars.peek().copied() {
            match next {
                '(' | '{' => depth += 1,
                ')' | '}' => depth -= 1,
                '?' if depth == 0 => is_optional = true,
                '*' | '+' if depth == 0 => is_rest = true,
                _ if depth == 0 => break,
                _ => {}
            }
            fits.push(next);
            chars.next();
        }
        let _ = write!(printed, "{{{name}}}");
        names.push(name);
    }
    match names.as_slice() {
        [name] if printed == format!("{{{name}}}") => match (is_rest, is_optional) {
            (true, _) => Segment::Rest(name.clone(), is_optional),
            (false, true) => Segment::Optional(name.clone()),
            (false, false) => match fits.get(1..fits.len().saturating_sub(1)) {
                Some(inner) if !inner.is_empty() => Segment::Narrow(name.clone(), inner.into()),
                _ => Segment::Param(name.clone()),
            },
        },
        _ => Segment::Mixed(printed),
    }
}

fn cover(guard: &[Segment], path: &[Segment], is_prefix: bool, ignores_case: bool) -> Cover {
    let Some((first, guard_rest)) = guard.split_first() else {
        return if path.is_empty() || is_prefix {
            Cover::All
        } else if path.iter().all(is_maybe_nothing) {
            Cover::Some
        } else {
            Cover::None
        };
    };
    match first {
        Segment::Rest(_, also_nothing) => {
            return match path.first() {
                None if *also_nothing => Cover::All,
                None => Cover::None,
                Some(_) => Cover::All,
            };
        }
        // Unknown text at one place of two templates is that of one prefix nearly always.
        Segment::Hole => {
            return match path.split_first() {
                Some((Segment::Hole, rest))
                    if cover(guard_rest, rest, is_prefix, ignores_case) == Cover::None =>
                {
                    Cover::None
                }
                _ => Cover::Unknown,
            };
        }
        Segment::Optional(_) => {
            let with = match path.split_first() {
                Some((_, rest)) => cover(guard_rest, rest, is_prefix, ignores_case),
                None => Cover::None,
            };
            let without = cover(guard_rest, path, is_prefix, ignores_case);
            return if with == Cover::All || without == Cover::All {
                Cover::All
            } else {
                weaker(with, without)
            };
        }
        _ => {}
    }
    let Some((next, path_rest)) = path.split_first() else { return Cover::None };
    let here = match (first, next) {
        // It may be any number of segments.
        (_, Segment::Hole) => return Cover::Unknown,
        (Segment::Param(_), Segment::Rest(..)) => Cover::Some,
        (Segment::Param(_), _) => Cover::All,
        (Segment::Text(a), Segment::Text(b)) if a == b || ignores_case && a.eq_ignore_ascii_case(b) => {
            Cover::All
        }
        (Segment::Text(_), Segment::Text(_)) => Cover::None,
        (Segment::Narrow(_, fits), Segment::Text(text)) => match is_fit(fits, text) {
            Some(true) => Cover::All,
            Some(false) => Cover::None,
            None => Cover::Unknown,
        },
        (Segment::Narrow(_, a), Segment::Narrow(_, b)) if a == b => Cover::All,
        (Segment::Narrow(..), _) => Cover::Some,
        (Segment::Text(text), Segment::Narrow(_, fits)) if is_fit(fits, text) == Some(false) => Cover::None,
        (Segment::Text(_), _) => Cover::Some,
        (Segment::Mixed(a), Segment::Mixed(b)) if a == b => Cover::All,
        (Segment::Mixed(a), Segment::Text(b)) => mixed(a, b),
        (Segment::Mixed(_), _) => Cover::Some,
        _ => Cover::Unknown,
    };
    match here {
        Cover::None => Cover::None,
        Cover::All => cover(guard_rest, path_rest, is_prefix, ignores_case),
        other => match cover(guard_rest, path_rest, is_prefix, ignores_case) {
            Cover::None => Cover::None,
            _ => other,
        },
    }
}

/// Whether a regular expression fits all of a text.
fn is_fit(expression: &str, text: &str) -> Option<bool> {
    Pattern::parse(&format!("^(?:{expression})$"))?.is_match(text)
}

/// Whether a regular expression covers a template, found by trying it on paths of that template: of plain names,
/// numbers, and names with a dot, which patterns that leave out files do not cover.
fn matches_all(regex: &str, template: &Template) -> Option<Cover> {
    let pattern = Pattern::parse(regex)?;
    let mut verdicts = SAMPLES.iter().map(|sample| pattern.is_match(&template.sample(sample)));
    let first = verdicts.next()??;
    for verdict in verdicts {
        if verdict? != first {
            return Some(Cover::Some);
        }
    }
    Some(if first { Cover::All } else { Cover::None })
}

/// What parameters are replaced by.
const SAMPLES: [&str; 3] = ["x", "1", "x.json"];

impl Template {
    fn sample(&self, param: &str) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            text.push('/');
            match segment {
                Segment::Text(part) => text.push_str(part),
                Segment::Mixed(part) => {
                    let mut depth = false;
                    for c in part.chars() {
                        match c {
                            '{' => {
                                depth = true;
                                text.push_str(param);
                            }
                            '}' => depth = false,
                            c if !depth => text.push(c),
                            _ => {}
                        }
                    }
                }
                _ => text.push_str(param),
            }
        }
        if text.is_empty() { "/".to_owned() } else { text }
    }
}

fn is_maybe_nothing(segment: &Segment) -> bool {
    matches!(segment, Segment::Optional(_) | Segment::Rest(_, true))
}

fn weaker(left: Cover, right: Cover) -> Cover {
    match (left, right) {
        (Cover::None, Cover::None) => Cover::None,
        (Cover::Unknown, _) | (_, Cover::Unknown) => Cover::Unknown,
        _ => Cover::Some,
    }
}

/// Whether fixed text fits a mixed segment, by its fixed beginning and end.
fn mixed(pattern: &str, text: &str) -> Cover {
    let head = pattern.split(['{', '*', '(']).next().unwrap_or("");
    let tail = pattern.rsplit(['}', '*', ')']).next().unwrap_or("");
    if text.starts_with(head) && text.ends_with(tail) { Cover::Unknown } else { Cover::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Template {
        Template::parse(text, PathStyle::Classic)
    }

    #[test]
    fn spellings_have_one_normal_form() {
        let printed = |text, style| Template::parse(text, style).print();
        assert_eq!(printed("/users/:id", PathStyle::Classic), "/users/{id}");
        assert_eq!(printed("users/:id(\\d+)/", PathStyle::Classic), "/users/{id}");
        assert_eq!(printed("/a/:b?", PathStyle::Classic), "/a/{b?}");
        assert_eq!(printed("/a/:from-:to", PathStyle::Classic), "/a/{from}-{to}");
        assert_eq!(printed("/a{/:b}", PathStyle::Named), "/a/{b?}");
        assert_eq!(printed("/a/*rest", PathStyle::Named), "/a/*rest");
        assert_eq!(printed("/a/{b}/{c?}/{d*}", PathStyle::Braces), "/a/{b}/{c?}/*d");
        assert_eq!(printed("/a/<b>/<int:c>/v<d>.<e>/<path:f>", PathStyle::Angles), "/a/{b}/{c}/v{d}.{e}/*f");
        assert_eq!(printed("/a/{b:int}/{c:path}", PathStyle::Braces), "/a/{b}/*c");
        assert_eq!(printed("/a/<b>/<c:int>/<d:re:[a-z]+>/<e:path>", PathStyle::Filters), "/a/{b}/{c}/{d}/*e");
        assert_eq!(printed("/a/@b/@c:integer/?d", PathStyle::Signs), "/a/{b}/{c}/{d?}");
        assert_eq!(printed("", PathStyle::Classic), "/");
    }

    #[test]
    fn covers_by_segments() {
        let covers = |guard: &str, path: &str, is_prefix| parse(guard).covers(&parse(path), is_prefix);
        assert_eq!(covers("/admin", "/admin/users", true), Cover::All);
        assert_eq!(covers("/admin", "/administration", true), Cover::None);
        assert_eq!(covers("/ADMIN", "/admin/x", true), Cover::All);
        assert_eq!(covers("/", "/x", true), Cover::All);
        assert_eq!(covers("/a/:id", "/a/b", false), Cover::All);
        assert_eq!(covers("/a/b", "/a/:id", false), Cover::Some);
        assert_eq!(covers("/a/:id", "/a", true), Cover::None);
        assert_eq!(covers("/a", "/a/:id", false), Cover::None);
        assert_eq!(covers("/a/*", "/a", false), Cover::None);
        assert_eq!(covers("/a/*", "/a/b/c", false), Cover::All);
        assert_eq!(covers("/*", "/", false), Cover::All);
        let (hole, other) = (format!("/{HOLE}/a"), format!("/{HOLE}/b/c"));
        assert_eq!(covers(&hole, &other, true), Cover::None);
        assert_eq!(covers(&hole, &hole, true), Cover::Unknown);
        assert_eq!(covers(&hole, "/b/c", true), Cover::Unknown);
        assert_eq!(covers("/a/b", &hole, true), Cover::Unknown);
        // What a parameter may be is part of the path.
        assert_eq!(covers("/a/:id(\\d+)", "/a/1", false), Cover::All);
        assert_eq!(covers("/a/:id(\\d+)", "/a/b", false), Cover::None);
        assert_eq!(covers("/a/:id([0-9]{2,})/b", "/a/:id/b", false), Cover::Some);
        assert_eq!(covers("/a/:id(\\d+)", "/a/:number(\\d+)", false), Cover::All);
        assert_eq!(covers("/a/:id", "/a/:number(\\d+)", false), Cover::All);
        assert_eq!(covers("/a/b", "/a/:number(\\d+)", false), Cover::None);
        // What follows the star is text.
        assert_eq!(covers("/a/*rest", "/a/b", false), Cover::None);
    }

    #[test]
    fn a_named_wildcard_needs_a_segment() {
        let guard = Template::parse("/admin/*splat", PathStyle::Named);
        assert_eq!(guard.covers(&parse("/admin"), false), Cover::None);
        assert_eq!(guard.covers(&parse("/admin/x"), false), Cover::All);
    }
}
