//! Values in templates: names, members, calls, filters, and what joins them. Engines differ in little of it; what a
//! value is computed from matters, and not how.

use routeward_base::Span;
use routeward_ir::{Arg, BinaryOp, Expr, ExprId, Key, LogicalOp, Property, UnaryOp};

use super::{Part, Reader};

/// Words that stand between two values.
const BETWEEN: &[&str] = &["or", "and", "is", "in", "not", "if", "else"];

impl<'t> Reader<'t> {
    /// The value that a text stands for, and whether a filter says that it is put out as it is.
    pub(super) fn value(&mut self, part: Part<'t>) -> (ExprId, bool) {
        let mut cursor = Cursor { text: part.text, start: part.start, at: 0, is_safe: false };
        let value = if self.row.spaced { self.spaced(&mut cursor) } else { self.expression(&mut cursor) };
        (value, cursor.is_safe)
    }

    /// `helper a b key=c`, or one value.
    fn spaced(&mut self, cursor: &mut Cursor<'t>) -> ExprId {
        let from = cursor.here();
        let helper = cursor.peek_name();
        let first = self.postfix(cursor);
        let mut args = Vec::new();
        while !cursor.is_at_end() && cursor.peek() != Some(')') && args.len() < 16 {
            let before = cursor.at;
            if cursor.peek_name().is_some_and(|name| cursor.rest()[name.len()..].starts_with('=')) {
                cursor.at += cursor.peek_name().map_or(0, str::len) + 1;
            }
            args.push(self.postfix(cursor));
            if cursor.at == before {
                break;
            }
        }
        match helper.filter(|_| !args.is_empty()) {
            Some(helper) => self.own(helper, &args, cursor.since(from)),
            None => first,
        }
    }

    fn expression(&mut self, cursor: &mut Cursor<'t>) -> ExprId {
        let from = cursor.here();
        if !self.ir.descend() {
            cursor.at = cursor.text.len();
            return self.unknown(cursor.since(from));
        }
        let value = self.binary(cursor);
        let value = if cursor.rest().starts_with('?') {
            cursor.skip(1);
            let then = self.expression(cursor);
            cursor.eat(":");
            let other = self.expression(cursor);
            self.ir.push(Expr::Conditional { test: value, then, other }, cursor.since(from))
        } else if cursor.eat_word("if") {
            let test = self.binary(cursor);
            let other = if cursor.eat_word("else") {
                self.expression(cursor)
            } else {
                self.ir.push(Expr::Undefined, cursor.since(from))
            };
            self.ir.push(Expr::Conditional { test, then: value, other }, cursor.since(from))
        } else {
            value
        };
        self.ir.ascend();
        value
    }

    /// Operators, from left to right.
    fn binary(&mut self, cursor: &mut Cursor<'t>) -> ExprId {
        let from = cursor.here();
        let mut left = self.unary(cursor);
        loop {
            let Some(operator) = cursor.operator() else { return left };
            let before = cursor.at;
            let right = self.unary(cursor);
            let span = cursor.since(from);
            left = match operator {
                Operator::Text => {
                    let mark = self.ir.expr_list.len();
                    self.ir.expr_list.extend([left, right]);
                    let parts = self.ir.exprs_from(mark);
                    self.ir.push(Expr::Concat(parts), span)
                }
                Operator::Either(op) => self.ir.push(Expr::Logical { op, left, right }, span),
                Operator::Other(op) => self.ir.push(Expr::Binary { op, left, right }, span),
            };
            if cursor.at == before {
                return left;
            }
        }
    }

    fn unary(&mut self, cursor: &mut Cursor<'t>) -> ExprId {
        let from = cursor.here();
        let mut negations = 0;
        loop {
            if cursor.eat("!") || cursor.eat_word("not") {
                negations += 1;
            } else if !(cursor.eat("-")
                || cursor.eat("...")
                || cursor.eat_word("await")
                || cursor.eat_word("typeof"))
            {
                break;
            }
        }
        let operand = self.postfix(cursor);
        if negations == 0 {
            return operand;
        }
        self.ir.push(Expr::Unary { op: UnaryOp::Not, operand }, cursor.since(from))
    }

    /// A value, its members, calls of it, and filters.
    fn postfix(&mut self, cursor: &mut Cursor<'t>) -> ExprId {
        let from = cursor.here();
        let mut value = self.primary(cursor);
        loop {
            cursor.blanks_unless(self.row.spaced);
            if let Some(name) = cursor.member() {
                let name = self.ir.intern(name);
                value =
                    self.ir.push(Expr::Member { object: value, name, optional: true }, cursor.since(from));
            } else if cursor.rest().starts_with('[') && !self.row.spaced {
                cursor.skip(1);
                let index = self.expression(cursor);
                cursor.eat("]");
                value =
                    self.ir.push(Expr::Index { object: value, index, optional: true }, cursor.since(from));
            } else if cursor.rest().starts_with('(') && !self.row.spaced {
                cursor.skip(1);
                let args = self.arguments(cursor);
                value = self.call_of(value, &args, cursor.since(from));
            } else if let Some(filter) = self.filter(cursor) {
                value = self.filtered(value, filter, from, cursor);
            } else {
                return value;
            }
        }
    }

    fn filter(&self, cursor: &mut Cursor<'t>) -> Option<&'t str> {
        if !self.row.filters || !cursor.rest().starts_with('|') || cursor.rest().starts_with("||") {
            return None;
        }
        cursor.skip(1);
        cursor.blanks();
        let name = cursor.peek_name()?;
        cursor.at += name.len();
        Some(name)
    }

    fn filtered(&mut self, value: ExprId, filter: &'t str, from: usize, cursor: &mut Cursor<'t>) -> ExprId {
        let mut args = vec![value];
        if cursor.rest().starts_with('(') {
            cursor.skip(1);
            args.extend(self.arguments(cursor));
        } else if cursor.rest().starts_with(':') {
            cursor.skip(1);
            args.push(self.primary(cursor));
        }
        if self.row.raw_filters.iter().any(|raw| raw == filter) {
            cursor.is_safe = true;
            return value;
        }
        self.own(filter, &args, cursor.since(from))
    }

    /// Up to and with the closing parenthesis.
    fn arguments(&mut self, cursor: &mut Cursor<'t>) -> Vec<ExprId> {
        let mut args = Vec::new();
        self.elements(cursor, ")", |inner, cursor| {
            if cursor.peek_name().is_some_and(|name| is_named(&cursor.rest()[name.len()..])) {
                cursor.at += cursor.peek_name().map_or(0, str::len);
                cursor.eat("=");
            }
            args.push(inner.expression(cursor));
        });
        args
    }

    /// Reads what stands between commas up to `close`. Whatever `element` takes, it goes on: what is no element is
    /// skipped.
    fn elements(
        &mut self,
        cursor: &mut Cursor<'t>,
        close: &str,
        mut element: impl FnMut(&mut Self, &mut Cursor<'t>),
    ) {
        loop {
            cursor.blanks();
            if cursor.is_at_end() || cursor.eat(close) {
                return;
            }
            let before = cursor.at;
            element(self, cursor);
            cursor.eat(",");
            if cursor.at == before {
                cursor.skip(1);
            }
        }
    }

    fn primary(&mut self, cursor: &mut Cursor<'t>) -> ExprId {
        cursor.blanks();
        let from = cursor.here();
        let Some(first) = cursor.peek() else { return self.unknown(cursor.since(from)) };
        match first {
            '"' | '\'' => {
                let text = cursor.quoted(first);
                let text = self.ir.intern(text);
                self.ir.push(Expr::Str(text), cursor.since(from))
            }
            '`' => {
                let inside = Part { text: cursor.quoted(first), start: from + 1 };
                self.pieces(inside, cursor.since(from))
            }
            '0'..='9' => {
                let end = cursor
                    .rest()
                    .find(|c: char| !c.is_ascii_digit() && c != '.')
                    .unwrap_or(cursor.rest().len());
                let number = cursor.rest()[..end].parse().unwrap_or(0.0);
                cursor.skip(end);
                self.ir.push(Expr::Number(number), cursor.since(from))
            }
            '(' => {
                cursor.skip(1);
                let value =
                    if self.row.spaced { self.spaced_inside(cursor) } else { self.expression(cursor) };
                cursor.eat(")");
                value
            }
            '[' => self.list(cursor, from),
            '{' => self.object(cursor, from),
            _ => self.named(cursor, from),
        }
    }

    fn spaced_inside(&mut self, cursor: &mut Cursor<'t>) -> ExprId {
        if !self.ir.descend() {
            cursor.at = cursor.text.len();
            return self.unknown(cursor.since(cursor.here()));
        }
        let value = self.spaced(cursor);
        self.ir.ascend();
        value
    }

    fn named(&mut self, cursor: &mut Cursor<'t>, from: usize) -> ExprId {
        let mut outwards = 0;
        while cursor.eat("../") {
            outwards += 1;
        }
        let Some(name) = cursor.peek_name() else {
            // What is no value: a sign is skipped, what closes something else is left.
            if !matches!(cursor.peek(), Some(')' | ']' | '}' | ',' | ':') | None) {
                cursor.skip(cursor.peek().map_or(0, char::len_utf8));
            }
            return self.unknown(cursor.since(from));
        };
        cursor.at += name.len();
        let span = cursor.since(from);
        match name {
            "true" | "True" => self.ir.push(Expr::Bool(true), span),
            "false" | "False" => self.ir.push(Expr::Bool(false), span),
            "null" | "None" | "undefined" | "none" => self.ir.push(Expr::Null, span),
            "this" => {
                let within = self.withins(outwards).next();
                self.ir.push(Expr::Local(within.unwrap_or(self.context)), span)
            }
            _ if name.starts_with('@') => self.unknown(span),
            _ => self.name(name, outwards, span),
        }
    }

    /// What names are looked up in, the innermost first.
    fn withins(&self, outwards: usize) -> impl Iterator<Item = routeward_ir::SlotId> + '_ {
        self.open.iter().rev().filter_map(|open| open.within).skip(outwards)
    }

    fn name(&mut self, name: &str, outwards: usize, span: Span) -> ExprId {
        if outwards == 0
            && let Some((_, slot)) = self.names.iter().rev().find(|(known, _)| known == name)
        {
            return self.ir.push(Expr::Local(*slot), span);
        }
        let mut objects: Vec<_> = self.withins(outwards).collect();
        objects.push(self.context);
        objects.truncate(if self.row.looks_out { 4 } else { 1 });
        let name = self.ir.intern(name);
        let mut found: Option<ExprId> = None;
        for slot in objects {
            let object = self.ir.push(Expr::Local(slot), span);
            let member = self.ir.push(Expr::Member { object, name, optional: true }, span);
            found = Some(match found {
                Some(left) => {
                    self.ir.push(Expr::Logical { op: LogicalOp::Coalesce, left, right: member }, span)
                }
                None => member,
            });
        }
        found.unwrap_or_else(|| self.unknown(span))
    }

    fn list(&mut self, cursor: &mut Cursor<'t>, from: usize) -> ExprId {
        cursor.skip(1);
        let mut items = Vec::new();
        self.elements(cursor, "]", |inner, cursor| items.push(inner.expression(cursor)));
        let mark = self.ir.arg_list.len();
        let items = items.into_iter().map(|value| Arg { value, name: None, is_spread: false });
        self.ir.arg_list.extend(items);
        let items = self.ir.args_from(mark);
        self.ir.push(Expr::Array(items), cursor.since(from))
    }

    fn object(&mut self, cursor: &mut Cursor<'t>, from: usize) -> ExprId {
        cursor.skip(1);
        let mut pairs = Vec::new();
        self.elements(cursor, "}", |inner, cursor| {
            let key_at = cursor.here();
            let key = match cursor.peek() {
                Some(quote @ ('"' | '\'')) => Some(cursor.quoted(quote)),
                _ => cursor.peek_name().inspect(|name| cursor.at += name.len()),
            };
            let span = cursor.since(key_at);
            cursor.blanks();
            let value = match (key, cursor.eat(":")) {
                (_, true) | (None, false) => inner.expression(cursor),
                (Some(key), false) => inner.name(key, 0, span),
            };
            if let Some(key) = key {
                pairs.push(Property::Pair(Key::Name(inner.ir.intern(key)), value));
            }
        });
        let mark = self.ir.prop_list.len();
        self.ir.prop_list.append(&mut pairs);
        let props = self.ir.props_from(mark);
        self.ir.push(Expr::Object(props), cursor.since(from))
    }

    /// `` `a${b}c` ``
    fn pieces(&mut self, part: Part<'t>, span: Span) -> ExprId {
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(open) = part.text[at..].find("${").map(|open| at + open) {
            let close = part.text[open..].find('}').map_or(part.text.len(), |close| open + close);
            let text = self.ir.intern(&part.text[at..open]);
            parts.push(self.ir.push(Expr::Str(text), span));
            let mut cursor = Cursor {
                text: &part.text[open + 2..close],
                start: part.start + open + 2,
                at: 0,
                is_safe: false,
            };
            parts.push(self.expression(&mut cursor));
            at = (close + 1).min(part.text.len());
        }
        let text = self.ir.intern(&part.text[at..]);
        parts.push(self.ir.push(Expr::Str(text), span));
        let mark = self.ir.expr_list.len();
        self.ir.expr_list.append(&mut parts);
        let parts = self.ir.exprs_from(mark);
        self.ir.push(Expr::Concat(parts), span)
    }
}

/// `name=value`, and no comparison.
fn is_named(rest: &str) -> bool {
    rest.trim_start().strip_prefix('=').is_some_and(|rest| !rest.starts_with(['=', '>']))
}

/// What joins two values.
enum Operator {
    Text,
    Either(LogicalOp),
    Other(BinaryOp),
}

/// A place in the text of a value.
struct Cursor<'t> {
    text: &'t str,
    /// Where the text begins in the file.
    start: usize,
    at: usize,
    is_safe: bool,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn here(&self) -> usize {
        self.start + self.at
    }

    fn since(&self, from: usize) -> Span {
        Span::new(from as u32, self.here() as u32)
    }

    fn is_at_end(&self) -> bool {
        self.rest().trim_start().is_empty()
    }

    fn peek(&self) -> Option<char> {
        self.rest().trim_start().chars().next()
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn blanks_unless(&mut self, is_spaced: bool) {
        if !is_spaced {
            self.blanks();
        }
    }

    /// `len` bytes further, at the next boundary of a character.
    fn skip(&mut self, len: usize) {
        self.at = (self.at + len).min(self.text.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    fn eat(&mut self, sign: &str) -> bool {
        let rest = self.rest().trim_start();
        let fits = rest.starts_with(sign);
        if fits {
            self.at = self.text.len() - rest.len() + sign.len();
        }
        fits
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.rest().trim_start();
        let fits = rest.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_of_name));
        if fits {
            self.at = self.text.len() - rest.len() + word.len();
        }
        fits
    }

    /// The name that stands here.
    fn peek_name(&self) -> Option<&'t str> {
        let rest = self.rest();
        let first = rest.chars().next().filter(|c| is_of_name(*c) || *c == '@')?;
        let end = rest[first.len_utf8()..].find(|c| !is_of_name(c));
        let name = end.map_or(rest, |end| &rest[..first.len_utf8() + end]);
        (!first.is_ascii_digit()).then_some(name)
    }

    /// `.name`, `?.name`
    fn member(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let after = rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.'))?;
        let end = after.find(|c| !is_of_name(c)).unwrap_or(after.len());
        if end == 0 {
            return None;
        }
        self.skip(rest.len() - after.len() + end);
        Some(&after[..end])
    }

    /// A text in quotes, without them.
    fn quoted(&mut self, quote: char) -> &'t str {
        self.blanks();
        let rest = self.rest();
        let mut is_escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == quote && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            ends
        });
        let end = end.map_or(rest.len(), |(end, _)| end);
        self.skip(end + 1);
        rest.get(1..end).unwrap_or("")
    }

    fn operator(&mut self) -> Option<Operator> {
        self.blanks();
        if self.rest().starts_with("//") {
            return None;
        }
        let signs: [(&str, Operator); 18] = [
            ("||", Operator::Either(LogicalOp::Or)),
            ("&&", Operator::Either(LogicalOp::And)),
            ("??", Operator::Either(LogicalOp::Coalesce)),
            ("===", Operator::Other(BinaryOp::Eq)),
            ("!==", Operator::Other(BinaryOp::Ne)),
            ("==", Operator::Other(BinaryOp::Eq)),
            ("!=", Operator::Other(BinaryOp::Ne)),
            ("<=", Operator::Other(BinaryOp::Le)),
            (">=", Operator::Other(BinaryOp::Ge)),
            ("<", Operator::Other(BinaryOp::Lt)),
            (">", Operator::Other(BinaryOp::Gt)),
            ("+", Operator::Text),
            ("~", Operator::Text),
            ("-", Operator::Other(BinaryOp::Sub)),
            ("**", Operator::Other(BinaryOp::Pow)),
            ("*", Operator::Other(BinaryOp::Mul)),
            ("/", Operator::Other(BinaryOp::Div)),
            ("%", Operator::Other(BinaryOp::Rem)),
        ];
        for (sign, operator) in signs {
            if self.rest().starts_with(sign) {
                self.skip(sign.len());
                return Some(operator);
            }
        }
        let word = BETWEEN.iter().find(|word| self.stands(word))?;
        let operator = match *word {
            "or" => Operator::Either(LogicalOp::Or),
            "and" => Operator::Either(LogicalOp::And),
            "is" | "in" | "not" => Operator::Other(BinaryOp::Eq),
            _ => return None,
        };
        self.skip(word.len());
        Some(operator)
    }

    fn stands(&self, word: &str) -> bool {
        self.rest().strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_of_name))
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}
