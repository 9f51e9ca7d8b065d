//! Reads the templates of pages, in the way a [`TemplateRow`] says, and lowers each into a module that exports one
//! function: of the values that a call fills it with.
//!
//! Only what matters to where a value goes is read: outputs, loops, names, and other templates that are included. What
//! is not understood puts nothing out and is no error; a condition counts as if it held.

mod expression;

use routeward_base::{Name, Span};
use routeward_catalog::{TemplateMark, TemplatePart, TemplateRow, TemplateWord};
use routeward_ir::{
    Arg, Builder, Comment, Expr, ExprId, Exprs, FuncId, Function, Module, Param, Passing, Pat, Property,
    Semantics, Slot, SlotId, SlotKind, Stmt,
};

/// What is nested deeper is not read.
const DEPTH: u32 = 64;
/// So many names are kept apart at a place.
const MAX_NAMES: usize = 512;

/// A template that was read.
#[derive(Debug)]
pub struct Template {
    /// A module that exports the function.
    pub module: Module,
    /// It puts a value out as it is.
    pub has_raw: bool,
    /// It puts a value out.
    pub has_output: bool,
    /// The templates that it includes by a constant name.
    pub includes: Vec<String>,
}

/// Reads a template; `name` is what its function is called. Cost: linear.
pub fn read(row: &TemplateRow, name: &str, text: &str) -> Template {
    let mut ir = Builder::new(text, Semantics::default(), DEPTH);
    let whole = Span::new(0, text.len() as u32);
    let name = ir.intern(name);
    let mut function = Function::empty(Some(Module::TOP), Some(name), whole, Span::default());
    let context = ir.intern("context");
    let context = Slot { name: context, func: FUNC, kind: SlotKind::Param, span: Span::default() };
    let context = ir.module.slots.push(context);
    let pat = ir.push_pat(Pat::Slot(context));
    function.params = vec![Param {
        pat,
        is_rest: false,
        by: Passing::Position,
        ty: None,
        decorators: Vec::new(),
        field: None,
        span: Span::default(),
    }];
    ir.module.functions.push(function);
    let mut reader = Reader {
        row,
        text,
        ir,
        context,
        names: Vec::new(),
        open: Vec::new(),
        braces: 0,
        verbatim: None,
        read: Found::default(),
    };
    if row.by_lines {
        reader.lines();
    } else {
        reader.whole();
    }
    reader.finish(whole)
}

const FUNC: FuncId = FuncId(1);

#[derive(Default)]
struct Found {
    has_raw: bool,
    has_output: bool,
    includes: Vec<String>,
}

/// A statement that is not closed yet.
struct Open {
    /// The word that opened it.
    word: String,
    /// What to do at its end.
    ends: Ends,
    /// Where its statements begin.
    stmts: usize,
    /// How many names there were before it.
    names: usize,
    /// What names are looked up in, in place of what is outside.
    within: Option<SlotId>,
    /// Whether values in it are escaped, if it says so.
    escapes: Option<bool>,
    /// The indentation of its line, or the braces that were open before it.
    level: usize,
}

enum Ends {
    Nothing,
    Loop { pat: routeward_ir::PatId, iterable: ExprId, span: Span },
}

/// A part of the text: where it begins, and what it is.
#[derive(Clone, Copy)]
struct Part<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> Part<'t> {
    /// Without blanks around it, and without the signs by which marks take the blanks of the text away: `{%- x -%}`.
    fn trimmed(self) -> Self {
        let text = self.text;
        let inner = text.strip_prefix(['-', '~', '+']).or_else(|| text.strip_prefix("_ ")).unwrap_or(text);
        let front = text.len() - inner.len();
        let inner = inner.strip_suffix(['-', '~', '+']).or_else(|| inner.strip_suffix(" _")).unwrap_or(inner);
        Self { text: inner.trim_end(), start: self.start + front }.from(0)
    }

    fn from(self, at: usize) -> Self {
        let text = self.text.get(at..).unwrap_or("");
        let blank = text.len() - text.trim_start().len();
        Self { text: text.trim_start(), start: self.start + at + blank }
    }

    fn span(self) -> Span {
        Span::new(self.start as u32, (self.start + self.text.len()) as u32)
    }

    /// The first word, and what stands behind it.
    fn word(self) -> (&'t str, Self) {
        let end = self.text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.text.len());
        let end = end.max(self.text.chars().next().map_or(0, char::len_utf8));
        (&self.text[..end], self.from(end))
    }
}

struct Reader<'t> {
    row: &'t TemplateRow,
    text: &'t str,
    ir: Builder,
    context: SlotId,
    /// Names of the template itself, the innermost last.
    names: Vec<(String, SlotId)>,
    open: Vec<Open>,
    /// Braces of code that are open.
    braces: usize,
    /// The word of a statement whose text has no marks.
    verbatim: Option<String>,
    read: Found,
}

impl<'t> Reader<'t> {
    fn whole(&mut self) {
        self.marks(Part { text: self.text, start: 0 });
    }

    /// Reads what stands between marks. Reading ends at a mark that is not closed.
    fn marks(&mut self, part: Part<'t>) {
        let (text, mut at) = (part.text, 0);
        while at < text.len() {
            let Some((begin, mark)) = self.next_mark(text, at) else { return };
            let inside = begin + mark.open.len();
            let close = if mark.close == "\n" {
                text[inside..].find('\n').unwrap_or(text.len() - inside)
            } else {
                match text[inside..].find(mark.close.as_str()) {
                    Some(close) => close,
                    None => return,
                }
            };
            let end = inside + close;
            at = end + if mark.close == "\n" { 0 } else { mark.close.len() };
            let from = (inside - mark.keeps.min(mark.open.len())).min(end);
            let content = Part { text: text.get(from..end).unwrap_or(""), start: part.start + from };
            let span = Span::new((part.start + begin) as u32, (part.start + at) as u32);
            if self.verbatim.is_some() {
                if mark.is == TemplatePart::Statement {
                    self.close_verbatim(content.trimmed());
                }
                continue;
            }
            match mark.is {
                TemplatePart::Raw | TemplatePart::Assigned => self.output(content.trimmed(), span, true),
                TemplatePart::Escaped => self.output(content.trimmed(), span, false),
                TemplatePart::Statement => self.statement(content.trimmed(), 0),
                TemplatePart::Code => self.code(content.trimmed()),
                TemplatePart::Comment => {}
            }
        }
    }

    /// The mark that begins first; of several at one place the longest.
    fn next_mark(&self, text: &str, from: usize) -> Option<(usize, &'t TemplateMark)> {
        let bytes = text.as_bytes();
        (from..bytes.len()).find_map(|at| {
            let fits = |mark: &&TemplateMark| {
                bytes[at..].starts_with(mark.open.as_bytes())
                    && (mark.is != TemplatePart::Assigned || is_assigned(text, at, mark.open.len()))
            };
            let found = self.row.marks.iter().filter(fits).max_by_key(|mark| mark.open.len())?;
            Some((at, found))
        })
    }

    /// Reads a template in which lines are statements.
    fn lines(&mut self) {
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let part = Part { text: line, start }.from(0);
            let level = part.start - start;
            start += line.len();
            if part.text.is_empty() {
                continue;
            }
            while self.open.last().is_some_and(|open| open.level >= level) {
                self.close();
            }
            let (word, _) = part.word();
            if self.row.words.contains_key(word) {
                self.statement(Part { text: part.text.trim_end(), ..part }, level);
            }
            self.marks(part);
        }
    }

    fn close_verbatim(&mut self, part: Part<'t>) {
        let word = self.verbatim.clone().unwrap_or_default();
        if self.row.closed_by.replace('*', &word) == part.text {
            self.verbatim = None;
        }
    }

    fn escapes(&self) -> bool {
        self.open.iter().rev().find_map(|open| open.escapes).unwrap_or(true)
    }

    fn output(&mut self, part: Part<'t>, span: Span, is_raw: bool) {
        let (word, rest) = part.word();
        if self.row.words.get(word) == Some(&TemplateWord::Include) && rest.text.starts_with('(') {
            return self.include(rest.from(1), span);
        }
        let (value, is_safe) = self.value(part);
        let is_raw = is_raw || is_safe || !self.escapes();
        self.read.has_raw |= is_raw;
        self.read.has_output = true;
        self.call_own(if is_raw { "raw" } else { "escaped" }, &[value], span);
    }

    /// `NAME.function(args)` as a statement.
    fn call_own(&mut self, function: &str, args: &[ExprId], span: Span) {
        let call = self.own(function, args, span);
        self.ir.push_stmt(Stmt::Expr(call), span);
    }

    /// `NAME.function(args)`.
    fn own(&mut self, function: &str, args: &[ExprId], span: Span) -> ExprId {
        let path = self.ir.intern(&format!("{}.{function}", self.row.name));
        let callee = self.ir.push(Expr::Global(path), span);
        self.call_of(callee, args, span)
    }

    fn call_of(&mut self, callee: ExprId, args: &[ExprId], span: Span) -> ExprId {
        let mark = self.ir.arg_list.len();
        let args = args.iter().map(|value| Arg { value: *value, name: None, is_spread: false });
        self.ir.arg_list.extend(args);
        let args = self.ir.args_from(mark);
        self.ir.push(Expr::Call { callee, args, optional: false }, span)
    }

    /// `{% word … %}`
    fn statement(&mut self, part: Part<'t>, level: usize) {
        let (mut word, mut rest) = part.word();
        let closed_by = &self.row.closed_by;
        if let Some((before, after)) = closed_by.split_once('*') {
            let closed = part.text.strip_prefix(before).filter(|_| !before.is_empty());
            if let Some(name) = closed.and_then(|name| name.strip_suffix(after)) {
                return self.close_word(name.split_whitespace().next().unwrap_or(""));
            }
        } else if word == closed_by && !closed_by.is_empty() {
            return self.close();
        }
        let mut kind = self.row.words.get(word).copied();
        if word == "#" {
            (word, rest) = rest.word();
            kind = self.row.words.get(word).or_else(|| self.row.words.get("#")).copied();
            if kind == Some(TemplateWord::Each) && !self.row.words.contains_key(word) {
                rest = Part { text: &part.text[1..], start: part.start + 1 }.from(0);
            }
        }
        let Some(kind) = kind else { return };
        match kind {
            TemplateWord::For => self.begin_for(word, rest, level),
            TemplateWord::Each => self.begin_each(word, rest, level),
            TemplateWord::Within => self.begin_within(word, rest, level),
            TemplateWord::With => {
                self.begin(word, Ends::Nothing, level);
                self.with(rest);
            }
            TemplateWord::Set => self.set(rest),
            TemplateWord::Include => self.include(rest, part.span()),
            TemplateWord::Escape => {
                self.begin(word, Ends::Nothing, level);
                let says = rest.word().0;
                if let Some(open) = self.open.last_mut() {
                    open.escapes = Some(!matches!(says, "false" | "off" | "False" | "None" | "none"));
                }
            }
            TemplateWord::Verbatim => self.verbatim = Some(word.to_owned()),
            TemplateWord::Raw => self.output(rest, part.span(), true),
            TemplateWord::Macro => {
                self.begin(word, Ends::Nothing, level);
                let (_, rest) = rest.word();
                for name in rest.text.split(|c: char| !c.is_alphanumeric() && c != '_') {
                    if !name.is_empty() {
                        self.bind(name, None, rest.span());
                    }
                }
            }
            TemplateWord::Open => self.begin(word, Ends::Nothing, level),
        }
    }

    fn begin(&mut self, word: &str, ends: Ends, level: usize) {
        if self.open.len() >= DEPTH as usize {
            return;
        }
        self.open.push(Open {
            word: word.to_owned(),
            ends,
            stmts: self.ir.stmt_list.len(),
            names: self.names.len(),
            within: None,
            escapes: None,
            level,
        });
    }

    /// Closes the innermost statement that the word opened, and all in it.
    fn close_word(&mut self, word: &str) {
        if let Some(at) = self.open.iter().rposition(|open| open.word == word) {
            while self.open.len() > at {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.names.truncate(open.names);
        if let Ends::Loop { pat, iterable, span } = open.ends {
            let body = self.ir.block_from(open.stmts);
            self.ir.push_stmt(Stmt::ForEach { pat, iterable, over_keys: false, body }, span);
        }
    }

    fn slot(&mut self, name: &str, span: Span) -> SlotId {
        let name = self.ir.intern(name);
        self.ir.module.slots.push(Slot { name, func: FUNC, kind: SlotKind::Variable, span })
    }

    /// A name for a value from here on.
    fn bind(&mut self, name: &str, value: Option<ExprId>, span: Span) {
        let slot = self.slot(name, span);
        let pat = self.ir.push_pat(Pat::Slot(slot));
        self.ir.push_stmt(Stmt::Declare { pat, init: value, ty: None }, span);
        if self.names.len() < MAX_NAMES {
            self.names.push((name.to_owned(), slot));
        }
    }

    /// `for x in xs`, `for key, value in xs`, `each x, i in xs`.
    fn begin_for(&mut self, word: &str, part: Part<'t>, level: usize) {
        let Some(at) = part.text.find(" in ").or_else(|| part.text.find(" of ")) else {
            return self.begin(word, Ends::Nothing, level);
        };
        let (iterable, _) = self.value(part.from(at + 4));
        self.begin_loop(word, &part.text[..at], iterable, part.span(), level);
    }

    fn begin_loop(&mut self, word: &str, names: &str, iterable: ExprId, span: Span, level: usize) {
        let names: Vec<&str> = names
            .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
            .filter(|name| !name.is_empty())
            .collect();
        let slots: Vec<SlotId> = names.iter().take(8).map(|name| self.slot(name, span)).collect();
        let pats: Vec<_> = slots.iter().map(|slot| self.ir.push_pat(Pat::Slot(*slot))).collect();
        let is_counted = self.row.by_lines || self.row.closed_by.is_empty();
        let pat = match pats.as_slice() {
            [] => self.ir.push_pat(Pat::Unknown),
            // `each x, i in xs`, `xs.forEach((x, i) => …)`: the place in the list is a number.
            [one] => *one,
            [one, ..] if is_counted => *one,
            _ => self.ir.push_pat(Pat::Array { items: pats.iter().copied().map(Some).collect(), rest: None }),
        };
        self.begin(word, Ends::Loop { pat, iterable, span }, level);
        self.names.extend(names.iter().map(|name| (*name).to_owned()).zip(slots));
    }

    /// `each xs`, `each xs as |x i|`, and a section.
    fn begin_each(&mut self, word: &str, part: Part<'t>, level: usize) {
        let is_section = !self.row.words.contains_key(word);
        let (path, names) = part.text.split_once(" as ").unwrap_or((part.text, ""));
        let (iterable, _) = self.value(Part { text: path, ..part });
        let word = if is_section { part.text.split_whitespace().next().unwrap_or("") } else { word };
        let slot = self.slot("this", part.span());
        let pat = self.ir.push_pat(Pat::Slot(slot));
        self.begin(word, Ends::Loop { pat, iterable, span: part.span() }, level);
        if let Some(open) = self.open.last_mut() {
            open.within = Some(slot);
        }
        let mut names =
            names.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty());
        if let Some(name) = names.next() {
            self.names.push((name.to_owned(), slot));
        }
    }

    /// `with x`, `with x as |y|`.
    fn begin_within(&mut self, word: &str, part: Part<'t>, level: usize) {
        let (path, names) = part.text.split_once(" as ").unwrap_or((part.text, ""));
        let (value, _) = self.value(Part { text: path, ..part });
        self.begin(word, Ends::Nothing, level);
        let name = names.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        self.bind(if name.is_empty() { "this" } else { name }, Some(value), part.span());
        let slot = self.names.last().map(|(_, slot)| *slot);
        if let Some(open) = self.open.last_mut() {
            open.within = slot;
        }
    }

    /// `with a=b c=d`, `with b as a`.
    fn with(&mut self, part: Part<'t>) {
        if let Some((value, name)) = part.text.rsplit_once(" as ") {
            let (value, _) = self.value(Part { text: value, ..part });
            self.bind(name.trim(), Some(value), part.span());
            return;
        }
        let mut at = 0;
        for piece in part.text.split_inclusive([' ', ',']) {
            let here = Part { text: piece.trim_end_matches([' ', ',']), start: part.start + at };
            at += piece.len();
            self.set(here);
        }
    }

    /// `a = b`.
    fn set(&mut self, part: Part<'t>) {
        let Some((name, _)) = part.text.split_once('=') else { return };
        let at = name.len() + 1;
        let name = name.trim();
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            return;
        }
        let (value, _) = self.value(part.from(at));
        self.bind(name, Some(value), part.span());
    }

    /// Another template in this place: its name, and what it is given besides what is seen here.
    fn include(&mut self, part: Part<'t>, span: Span) {
        let is_quoted = part.text.starts_with(['\'', '"', '`', '(']);
        let (name, rest) = if is_quoted {
            let quote = part.text.chars().next().unwrap_or('"');
            let end = part.text[1..].find(quote).map_or(part.text.len(), |end| end + 1);
            (part.text[1..end].trim(), part.from(end + 1))
        } else {
            let end = part.text.find(|c: char| c.is_whitespace() || c == ')').unwrap_or(part.text.len());
            (&part.text[..end], part.from(end))
        };
        if name.is_empty() || name.contains(['(', '$', '{']) || quoted_only(self.row) && !is_quoted {
            return;
        }
        self.read.includes.push(name.to_owned());
        let name = self.ir.intern(name);
        let name = self.ir.push(Expr::Str(name), span);
        let seen = self.seen(rest, span);
        self.call_own("include", &[name, seen], span);
    }

    /// What is seen in this place, as one object, with what is given besides: `{ a: b }`, `with a=b`, `a=b`.
    fn seen(&mut self, given: Part<'t>, span: Span) -> ExprId {
        let context = self.ir.push(Expr::Local(self.context), span);
        let mark = self.ir.prop_list.len();
        self.ir.prop_list.push(Property::Spread(context));
        if let Some(within) = self.open.iter().rev().find_map(|open| open.within) {
            let within = self.ir.push(Expr::Local(within), span);
            self.ir.prop_list.push(Property::Spread(within));
        }
        let names: Vec<(String, SlotId)> = self.names.iter().rev().take(16).cloned().collect();
        for (name, slot) in names.into_iter().rev() {
            let (name, value) = (self.ir.intern(&name), self.ir.push(Expr::Local(slot), span));
            self.ir.prop_list.push(Property::Pair(routeward_ir::Key::Name(name), value));
        }
        let braces = given.text.find('{').filter(|_| given.text.starts_with([',', '{']));
        if let Some(at) = braces {
            let (object, _) = self.value(given.from(at));
            self.ir.prop_list.push(Property::Spread(object));
        } else if given.text.contains('=') {
            let mut at = 0;
            for piece in given.text.split_inclusive(' ') {
                let here = Part { text: piece.trim_end(), start: given.start + at };
                at += piece.len();
                let Some((name, _)) = here.text.split_once('=') else { continue };
                let (value, _) = self.value(here.from(name.len() + 1));
                let name = self.ir.intern(name);
                self.ir.prop_list.push(Property::Pair(routeward_ir::Key::Name(name), value));
            }
        } else if !given.text.is_empty() && self.row.spaced {
            let (object, _) = self.value(given);
            self.ir.prop_list.push(Property::Spread(object));
        }
        let props = self.ir.props_from(mark);
        self.ir.push(Expr::Object(props), span)
    }

    /// Code between marks: names that are declared, loops, and braces.
    fn code(&mut self, part: Part<'t>) {
        for word in ["const ", "let ", "var "] {
            if let Some(rest) = part.text.strip_prefix(word) {
                self.set(Part { text: rest.trim_end_matches(';'), start: part.start + word.len() });
            }
        }
        let (word, rest) = part.word();
        if self.row.words.get(word) == Some(&TemplateWord::Include) {
            return self.include(rest.from(usize::from(rest.text.starts_with('('))), part.span());
        }
        let is_open = part.text.ends_with('{');
        let closes = part.text.bytes().filter(|byte| *byte == b'}').count();
        let opens = part.text.bytes().filter(|byte| *byte == b'{').count();
        for _ in 0..closes.min(self.braces) {
            self.braces -= 1;
            if self.open.last().is_some_and(|open| open.level >= self.braces) {
                self.close();
            }
        }
        if is_open {
            self.code_loop(part);
        }
        self.braces += opens;
    }

    /// `xs.forEach(x => {`, `xs.forEach(function (x) {`, `_.each(xs, function (x) {`, `for (const x of xs) {`.
    fn code_loop(&mut self, part: Part<'t>) {
        let level = self.braces;
        let (word, rest) = part.word();
        if word == "for" {
            let head = rest.text.trim_start_matches('(');
            let start = rest.start + (rest.text.len() - head.len());
            let end = head.rfind(')').unwrap_or(head.len());
            let names = ["const ", "let ", "var "].iter().find_map(|word| head[..end].strip_prefix(word));
            let Some(inside) = names.filter(|inside| inside.contains(" of ")) else { return };
            let start = start + (end - inside.len());
            return self.begin_for("for", Part { text: inside, start }, level);
        }
        let calls = [".forEach(", ".map(", ".each("];
        let Some((at, call)) = calls.iter().find_map(|call| Some((part.text.find(call)?, call))) else {
            return;
        };
        let inside = part.from(at + call.len());
        let (iterable, inside) = match inside.text.find("function").or_else(|| inside.text.find('(')) {
            // `_.each(xs, function (x) {`
            Some(function) if function > 0 && inside.text[..function].contains(',') => {
                let list = Part { text: inside.text[..function].trim_end().trim_end_matches(','), ..inside };
                (self.value(list).0, inside.from(function))
            }
            _ => (self.value(Part { text: &part.text[..at], ..part }).0, inside),
        };
        let names = inside.text.trim_start_matches("async").trim_start().trim_start_matches("function");
        let names = names.trim_start().trim_start_matches('(');
        let end = names.find([')', '=']).unwrap_or(names.len());
        let names = names[..end].to_owned();
        self.begin_loop("each", &names, iterable, part.span(), level);
    }

    fn finish(mut self, whole: Span) -> Template {
        while !self.open.is_empty() {
            self.close();
        }
        let body = self.ir.block_from(0);
        self.ir.module.functions[FUNC].body = body;
        let exports = self.ir.push(Expr::Exports, whole);
        let target = self.ir.push_pat(Pat::Place(exports));
        let value = self.ir.push(Expr::Function(FUNC), whole);
        let assign = self.ir.push(Expr::Assign { target, value }, whole);
        self.ir.push_stmt(Stmt::Expr(assign), whole);
        let body = self.ir.block_from(0);
        self.ir.module.functions[Module::TOP].body = body;
        self.comments();
        let Found { has_raw, has_output, includes } = self.read;
        Template { module: self.ir.module, has_raw, has_output, includes }
    }

    /// Comments addressed to this tool, each on one line.
    fn comments(&mut self) {
        for (at, _) in self.text.match_indices(Comment::MARK) {
            let line = self.text[at..].split('\n').next().unwrap_or("");
            let ends = ["-->", "#}", "--}}", "%>", "*/"];
            let end = ends.iter().filter_map(|end| line.find(end)).min().unwrap_or(line.len());
            let span = Span::new(at as u32, (at + end) as u32);
            self.ir.module.comments.push(Comment { span, text: line[..end].trim().to_owned() });
        }
    }

    fn unknown(&mut self, span: Span) -> ExprId {
        let kind: Name = self.ir.intern("template");
        self.ir.push(Expr::Unknown { kind, children: Exprs::EMPTY }, span)
    }
}

/// `p!= value`, `a(href!=value)`: what stands in front is the name of something, not a value that is compared.
fn is_assigned(text: &str, at: usize, len: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text.as_bytes().get(at + len);
    after != Some(&b'=')
        && match before {
            None => true,
            Some(before) if before.is_whitespace() => {
                text[..at].rsplit('\n').next().unwrap_or("").trim().is_empty()
            }
            Some(before) => before.is_alphanumeric() || matches!(before, ')' | '-' | '_' | '\'' | '"'),
        }
}

/// Names of templates are always quoted.
fn quoted_only(row: &TemplateRow) -> bool {
    !row.by_lines && !row.spaced
}

#[cfg(test)]
mod tests;
