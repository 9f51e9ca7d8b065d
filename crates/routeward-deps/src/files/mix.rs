//! `mix.exs` as far as it is lists of literals.

use crate::files::Cx;
use crate::{Dependency, Origin, Project, Purpose, Scope};

/// A word of Elixir, as far as lists of dependencies need to tell them apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token<'t> {
    Word(&'t str),
    /// `:name`
    Atom(&'t str),
    /// `name:` in front of a value.
    Key(&'t str),
    /// A text without its quotation marks.
    Text(&'t str),
    Mark(u8),
}

/// Reads what is asked for: the tuples in functions whose names end in `deps`, and in the list behind `deps:`.
pub(crate) fn manifest(cx: &mut Cx<'_>) {
    cx.listing.project = Project { name: None, purpose: Purpose::Unknown, has_locks: true };
    let tokens = tokens(cx.text);
    let mut at = 0;
    // Behind the list, or where the next function begins.
    let mut end = None;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1).copied();
        match (*token, next) {
            (Token::Word("def" | "defp"), Some(Token::Word(name))) => {
                end = name.ends_with("deps").then_some(tokens.len());
                if name == "package" {
                    cx.listing.project.purpose = Purpose::Library;
                }
            }
            (Token::Key("deps"), Some(Token::Mark(b'['))) if end.is_none_or(|end| at >= end) => {
                end = Some(closing(&tokens, at + 1));
            }
            (Token::Key("app"), Some(Token::Atom(name))) => cx.listing.project.name = Some(name.to_owned()),
            (Token::Key("package"), _) => cx.listing.project.purpose = Purpose::Library,
            (Token::Key("mod"), Some(Token::Mark(b'{')))
                if cx.listing.project.purpose == Purpose::Unknown =>
            {
                cx.listing.project.purpose = Purpose::Application;
            }
            (Token::Key("elixir"), Some(Token::Text(said))) => cx.run_on("elixir", said, cx.place(said)),
            (Token::Mark(b'{'), Some(Token::Atom(name))) if end.is_some_and(|end| at < end) => {
                let behind = closing(&tokens, at);
                let dependency = asked(cx, name, &tokens[at + 2..behind]);
                cx.add(dependency);
                at = behind;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// What stands behind the name in `{:name, "~> 1.0", only: [:dev, :test], git: "…"}`.
fn asked(cx: &Cx<'_>, name: &str, rest: &[Token<'_>]) -> Dependency {
    let mut dependency = Dependency::new(cx.ecosystem, name, cx.place(name));
    dependency.is_direct = Some(true);
    if let [Token::Mark(b','), Token::Text(text), ..] = rest
        && !text.contains("#{")
    {
        let version = text.strip_prefix("==").unwrap_or(text).trim();
        if version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains(' ') {
            dependency.version = Some(version.to_owned());
        } else {
            (*text).clone_into(&mut dependency.requirement);
        }
        dependency.version_place = cx.place(text);
    }
    let option = |key: &str| {
        let at = rest.iter().position(|token| *token == Token::Key(key))?;
        Some(&rest[at + 1..])
    };
    let said = |key: &str| match option(key)?.first()? {
        Token::Text(text) | Token::Atom(text) => Some(*text),
        _ => None,
    };
    let is_true = |key: &str| option(key).and_then(<[_]>::first) == Some(&Token::Word("true"));
    let only = option("only").map(|only| match only {
        [Token::Mark(b'['), ..] => &only[..closing(only, 0)],
        _ => &only[..only.len().min(1)],
    });
    dependency.scope = match only {
        Some(only) if !only.contains(&Token::Atom("prod")) => Scope::Development,
        _ if is_true("optional") => Scope::Optional,
        _ => Scope::Runtime,
    };
    if let Some(real) = said("hex") {
        real.clone_into(&mut dependency.name);
        dependency.place = cx.place(real);
    }
    let git = said("git").map(str::to_owned);
    let git = git.or_else(|| said("github").map(|path| format!("https://github.com/{path}")));
    if let Some(url) = git {
        let revision = ["ref", "tag", "branch"].iter().find_map(|key| said(key)).unwrap_or("");
        dependency.origin = Origin::Git { url, revision: revision.to_owned() };
    } else if option("path").is_some() || is_true("in_umbrella") {
        dependency.origin = Origin::Path;
    } else if let Some(name) = said("organization") {
        dependency.origin = Origin::Url(format!("hexpm:{name}"));
    } else if let Some(name) = said("repo").filter(|name| *name != "hexpm") {
        dependency.origin = Origin::Url(name.to_owned());
    }
    dependency
}

/// Where the bracket that opens at a place is closed; the end if it is not.
fn closing(tokens: &[Token<'_>], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token {
            Token::Mark(b'[' | b'{' | b'(') => depth += 1,
            Token::Mark(b']' | b'}' | b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        let word = word(rest);
        match first {
            '#' => rest = behind.find('\n').map_or("", |at| &behind[at..]),
            '"' | '\'' => {
                let (said, after) = quoted(rest);
                all.push(Token::Text(said));
                rest = after;
            }
            ':' if behind.starts_with(['"', '\'']) => {
                let (said, after) = quoted(behind);
                all.push(Token::Atom(said));
                rest = after;
            }
            ':' if behind.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                let name = self::word(behind);
                all.push(Token::Atom(name));
                rest = &behind[name.len()..];
            }
            // `?"` is a number.
            '?' => rest = behind.chars().next().map_or("", |next| &behind[next.len_utf8()..]),
            '~' if behind.starts_with(|c: char| c.is_ascii_alphabetic()) => rest = sigil(behind),
            _ if !word.is_empty() => {
                let after = &rest[word.len()..];
                let is_key = after.starts_with(':') && !after.starts_with("::");
                all.push(if is_key { Token::Key(word) } else { Token::Word(word) });
                rest = if is_key { &after[1..] } else { after };
            }
            _ => {
                if first.is_ascii_punctuation() {
                    all.push(Token::Mark(first as u8));
                }
                rest = behind;
            }
        }
    }
    all
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '?' | '!')));
    &text[..end.unwrap_or(text.len())]
}

/// A text that begins with a quotation mark, or with three of them, and what follows.
fn quoted(text: &str) -> (&str, &str) {
    let mark = &text[..1];
    let long = mark.repeat(3);
    let mark = if text.starts_with(&long) { long.as_str() } else { mark };
    enclosed(&text[mark.len()..], mark)
}

/// What follows on `r/…/`, `s(…)`, `S"""…"""`.
fn sigil(text: &str) -> &str {
    let name = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let rest = &text[name..];
    let close = match rest.as_bytes().first() {
        Some(b'"' | b'\'') => return quoted(rest).1,
        Some(b'(') => ")",
        Some(b'[') => "]",
        Some(b'{') => "}",
        Some(b'<') => ">",
        Some(b'/') => "/",
        Some(b'|') => "|",
        _ => return rest,
    };
    enclosed(&rest[1..], close).1
}

/// A text up to a mark that no backslash stands in front of, and what follows.
fn enclosed<'t>(text: &'t str, mark: &str) -> (&'t str, &'t str) {
    let mut from = 0;
    while let Some(at) = text[from..].find(['\\', mark.chars().next().unwrap_or('"')]) {
        let at = from + at;
        if text[at..].starts_with(mark) {
            return (&text[..at], &text[at + mark.len()..]);
        }
        let is_escape = text[at..].starts_with('\\');
        let next = at + 1 + usize::from(is_escape);
        from = text.ceil_char_boundary(next);
        if from >= text.len() {
            break;
        }
    }
    (text, "")
}
