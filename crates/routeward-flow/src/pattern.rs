//! Regular expressions as programs write them, tried on constant text: enough of the syntax to decide which paths
//! a pattern covers, look-ahead included.

use std::cell::Cell;

/// A regular expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    alternatives: Vec<Vec<Item>>,
}

#[derive(Clone, Debug)]
struct Item {
    node: Node,
    min: u32,
    max: u32,
}

#[derive(Clone, Debug)]
enum Node {
    Char(char),
    Any,
    Class { is_negated: bool, ranges: Vec<(char, char)> },
    Group(Pattern),
    Ahead { is_negated: bool, inner: Pattern },
    Start,
    End,
}

/// Positions tried before a match is given up.
const BUDGET: u32 = 100_000;
/// Nesting of groups that is read.
const MAX_DEPTH: u32 = 32;

impl Pattern {
    /// Reads an expression; `None` if it has syntax that is not understood.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { rest: text, depth: 0 };
        let pattern = parser.alternatives()?;
        parser.rest.is_empty().then_some(pattern)
    }

    /// Whether the expression matches somewhere in `text`; `None` if that takes too long to decide.
    pub fn is_match(&self, text: &str) -> Option<bool> {
        let chars: Vec<char> = text.chars().collect();
        let matcher = Matcher { text: &chars, left: Cell::new(BUDGET) };
        let found = (0..=chars.len()).any(|from| matcher.pattern(self, from, &|_| true));
        (matcher.left.get() > 0).then_some(found)
    }
}

/// A text that an expression fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Instance {
    /// The text.
    pub text: String,
    /// The expression fits it only at the beginning of a text.
    pub from_start: bool,
    /// The expression fits it only at the end of a text.
    pub to_end: bool,
}

/// Texts of one expression that are told apart.
const MAX_INSTANCES: usize = 16;

impl Pattern {
    /// True if there are texts that take a number of steps which doubles with each character: a repetition of something
    /// that consists of a repetition itself, as in `(a+)+$`, with something behind it that may be missing.
    pub(crate) fn is_exponential(&self, whole: bool) -> bool {
        self.alternatives.iter().any(|items| {
            items.iter().enumerate().any(|(i, item)| {
                let can_fail = whole || items[i + 1..].iter().any(|later| later.min > 0);
                let Node::Group(inner) = &item.node else { return false };
                can_fail
                    && item.max == u32::MAX
                    && inner.alternatives.iter().any(|items| is_repetition(items))
                    || inner.is_exponential(can_fail)
            })
        })
    }

    /// Where the expression matches first in `text`, from the character `from` on: the characters' range.
    pub(crate) fn find(&self, text: &[char], from: usize) -> Option<(usize, usize)> {
        let matcher = Matcher { text, left: Cell::new(BUDGET) };
        let end = Cell::new(0);
        let reached = |at: usize| {
            end.set(at);
            true
        };
        let start = (from..=text.len()).find(|at| matcher.pattern(self, *at, &reached))?;
        (matcher.left.get() > 0).then(|| (start, end.get()))
    }

    /// Some texts that the expression fits: each alternative once, `part` for characters it does not name, and `any`
    /// for those that may be a slash.
    pub(crate) fn instances(&self, part: &str, any: &str) -> Vec<Instance> {
        let empty = Instance { text: String::new(), from_start: false, to_end: false };
        let mut all = Vec::new();
        for items in &self.alternatives {
            let mut found = vec![empty.clone()];
            for item in items {
                found = item.extend(found, part, any);
                found.truncate(MAX_INSTANCES);
            }
            all.extend(found);
        }
        all.truncate(MAX_INSTANCES);
        all
    }
}

/// One repetition, beside which there need not be anything.
fn is_repetition(items: &[Item]) -> bool {
    let repeats = |item: &&Item| item.max == u32::MAX && !matches!(item.node, Node::Ahead { .. });
    items.iter().any(|item| repeats(&item))
        && items.iter().filter(|item| !repeats(item)).all(|item| item.min == 0)
}

impl Item {
    fn extend(&self, found: Vec<Instance>, part: &str, any: &str) -> Vec<Instance> {
        let ends: Vec<Instance> = match &self.node {
            // `/?` at the end of a path, and other things that need not be there.
            _ if self.min == 0 && matches!(self.node, Node::Char(_)) => return found,
            Node::Char(c) => vec![literal(&c.to_string())],
            Node::Any => vec![literal(if self.max > 1 { any } else { part })],
            Node::Class { is_negated, ranges } => {
                let has_slash = ranges.iter().any(|(from, to)| from <= &'/' && to >= &'/');
                vec![literal(if has_slash == *is_negated || self.max == 1 { part } else { any })]
            }
            Node::Group(inner) => {
                let mut inner = inner.instances(part, any);
                if self.min == 0 {
                    inner.insert(0, literal(""));
                }
                inner
            }
            Node::Ahead { .. } => return found,
            Node::Start => {
                return found.into_iter().map(|known| Instance { from_start: true, ..known }).collect();
            }
            Node::End => return found.into_iter().map(|known| Instance { to_end: true, ..known }).collect(),
        };
        let join = |known: &Instance, end: &Instance| {
            // What follows a character that is not named is one text with it.
            let is_same = !end.text.is_empty()
                && (end.text == part || end.text == any)
                && (known.text.ends_with(part) || known.text.ends_with(any));
            let text = if is_same { known.text.clone() } else { format!("{}{}", known.text, end.text) };
            Instance {
                text,
                from_start: known.from_start || end.from_start,
                to_end: known.to_end || end.to_end,
            }
        };
        found.iter().flat_map(|known| ends.iter().map(move |end| join(known, end))).collect()
    }
}

fn literal(text: &str) -> Instance {
    Instance { text: text.to_owned(), from_start: false, to_end: false }
}

struct Matcher<'t> {
    text: &'t [char],
    left: Cell<u32>,
}

impl Matcher<'_> {
    fn pattern(&self, pattern: &Pattern, at: usize, then: &dyn Fn(usize) -> bool) -> bool {
        pattern.alternatives.iter().any(|items| self.items(items, at, then))
    }

    fn items(&self, items: &[Item], at: usize, then: &dyn Fn(usize) -> bool) -> bool {
        match items.split_first() {
            None => then(at),
            Some((item, rest)) => self.item(item, 0, at, &|at| self.items(rest, at, then)),
        }
    }

    fn item(&self, item: &Item, done: u32, at: usize, then: &dyn Fn(usize) -> bool) -> bool {
        let Some(left) = self.left.get().checked_sub(1) else { return false };
        self.left.set(left);
        let more = |next: usize| (next > at || done < item.min) && self.item(item, done + 1, next, then);
        // A match is a match, however greedy: more is tried first only because that ends sooner.
        done < item.max && self.node(&item.node, at, &more) || done >= item.min && then(at)
    }

    fn node(&self, node: &Node, at: usize, then: &dyn Fn(usize) -> bool) -> bool {
        let next = self.text.get(at);
        match node {
            Node::Char(c) => next == Some(c) && then(at + 1),
            Node::Any => next.is_some() && then(at + 1),
            Node::Class { is_negated, ranges } => {
                let is_in = |c: &char| ranges.iter().any(|(from, to)| from <= c && c <= to);
                next.is_some_and(|c| is_in(c) != *is_negated) && then(at + 1)
            }
            Node::Group(inner) => self.pattern(inner, at, then),
            Node::Ahead { is_negated, inner } => {
                self.pattern(inner, at, &|_| true) != *is_negated && then(at)
            }
            Node::Start => at == 0 && then(at),
            Node::End => at == self.text.len() && then(at),
        }
    }
}

struct Parser<'t> {
    rest: &'t str,
    depth: u32,
}

impl Parser<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn alternatives(&mut self) -> Option<Pattern> {
        let mut alternatives = vec![Vec::new()];
        while let Some(c) = self.rest.chars().next() {
            match c {
                ')' => break,
                '|' => {
                    self.take();
                    alternatives.push(Vec::new());
                }
                _ => {
                    let item = self.item()?;
                    alternatives.last_mut()?.push(item);
                }
            }
        }
        Some(Pattern { alternatives })
    }

    fn item(&mut self) -> Option<Item> {
        let node = self.node()?;
        let (min, max) = match self.rest.chars().next() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            Some('{') => return self.counted(node),
            _ => return Some(Item { node, min: 1, max: 1 }),
        };
        self.take();
        self.skip("?");
        Some(Item { node, min, max })
    }

    fn counted(&mut self, node: Node) -> Option<Item> {
        let end = self.rest.find('}')?;
        let (inner, rest) = (&self.rest[1..end], &self.rest[end + 1..]);
        let (min, max) = match inner.split_once(',') {
            Some((min, "")) => (min.parse().ok()?, u32::MAX),
            Some((min, max)) => (min.parse().ok()?, max.parse().ok()?),
            None => (inner.parse().ok()?, inner.parse().ok()?),
        };
        self.rest = rest;
        self.skip("?");
        Some(Item { node, min, max })
    }

    fn node(&mut self) -> Option<Node> {
        Some(match self.take()? {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '[' => self.class()?,
            '(' => self.group()?,
            '\\' => match self.take()? {
                'b' | 'B' | '1'..='9' | 'p' | 'P' | 'k' => return None,
                c => escaped(c),
            },
            '*' | '+' | '?' => return None,
            c => Node::Char(c),
        })
    }

    fn group(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let ahead = if self.skip("?=") { Some(false) } else { self.skip("?!").then_some(true) };
        if ahead.is_none() && !self.skip("?:") && self.skip("?<") {
            if self.rest.starts_with(['=', '!']) {
                return None;
            }
            let end = self.rest.find('>')?;
            self.rest = &self.rest[end + 1..];
        }
        let inner = self.alternatives()?;
        self.depth -= 1;
        self.skip(")").then_some(match ahead {
            Some(is_negated) => Node::Ahead { is_negated, inner },
            None => Node::Group(inner),
        })
    }

    fn class(&mut self) -> Option<Node> {
        let is_negated = self.skip("^");
        let mut ranges = Vec::new();
        loop {
            let from = match self.take()? {
                ']' => return Some(Node::Class { is_negated, ranges }),
                '\\' => match escaped(self.take()?) {
                    Node::Class { is_negated: false, ranges: inner } => {
                        ranges.extend(inner);
                        continue;
                    }
                    Node::Char(c) => c,
                    _ => return None,
                },
                c => c,
            };
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            let to = if is_range {
                self.take();
                match self.take()? {
                    '\\' => self.take()?,
                    c => c,
                }
            } else {
                from
            };
            ranges.push((from, to));
        }
    }
}

fn escaped(c: char) -> Node {
    const WORD: &[(char, char)] = &[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')];
    const SPACE: &[(char, char)] = &[(' ', ' '), ('\t', '\r')];
    let class = |is_negated, ranges: &[(char, char)]| Node::Class { is_negated, ranges: ranges.to_vec() };
    match c {
        'd' => class(false, &[('0', '9')]),
        'D' => class(true, &[('0', '9')]),
        'w' => class(false, WORD),
        'W' => class(true, WORD),
        's' => class(false, SPACE),
        'S' => class(true, SPACE),
        'n' => Node::Char('\n'),
        't' => Node::Char('\t'),
        'r' => Node::Char('\r'),
        c => Node::Char(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decides_what_patterns_of_paths_cover() {
        let fits = |pattern: &str, text: &str| Pattern::parse(pattern).unwrap().is_match(text).unwrap();
        let outside = "^/((?!api|_next/static|favicon\\.ico).*)$";
        assert!(
            fits(outside, "/users/1") && !fits(outside, "/api/x") && !fits(outside, "/_next/static/a.js")
        );
        let files = "^/((?!_next|[^?]*\\.(?:html?|css|js(?!on)|jpe?g)).*)$";
        assert!(
            fits(files, "/a/b")
                && fits(files, "/a/b.json")
                && !fits(files, "/a/b.js")
                && !fits(files, "/x.htm")
        );
        assert!(fits("^/a(?:/[^/]+)*/?$", "/a/b/c") && !fits("^/a(?:/[^/]+)*/?$", "/ab"));
        assert!(fits("^\\d{2,3}$", "123") && !fits("^\\d{2,3}$", "1") && fits("(a|bc)+d", "xabcd"));
        assert!(fits("^[a-z\\d-]+$", "a-1") && !fits("^[^/]+$", "a/b"));
    }

    #[test]
    fn unknown_syntax_and_endless_work_give_nothing() {
        assert!(
            Pattern::parse("(?<=a)b").is_none()
                && Pattern::parse("a\\b").is_none()
                && Pattern::parse("(a").is_none()
        );
        let slow = Pattern::parse("^(a+)+$").unwrap();
        assert_eq!(slow.is_match(&format!("{}b", "a".repeat(40))), None);
    }
}
