//! Patterns in the syntax that Go reads, which is that of RE2, as Rust reads them.

use std::fmt::Write as _;

/// Says the same in the syntax of the crate `regex`. There a brace that repeats nothing, a bracket in a class and two
/// equal signs in it mean something; in Go they are themselves. An error is a phrase that names what has no equal.
pub(crate) fn from_go(pattern: &str) -> Result<String, String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut all = String::with_capacity(pattern.len() + 8);
    let mut at = 0;
    while let Some(char) = chars.get(at) {
        match char {
            '\\' => at = escape(&chars, at, &mut all)?,
            '[' => at = class(&chars, at, &mut all)?,
            '{' if !repeats(&chars[at..]) || all.is_empty() => {
                all.push_str("\\{");
                at += 1;
            }
            char => {
                all.push(*char);
                at += 1;
            }
        }
    }
    Ok(all)
}

/// True for `{2}`, `{2,}`, `{2,3}`.
fn repeats(rest: &[char]) -> bool {
    let inner: String = rest[1..].iter().take_while(|char| **char != '}').collect();
    let is_closed = rest.len() > inner.chars().count() + 1;
    let (low, high) = inner.split_once(',').unwrap_or((&inner, ""));
    let is_number = |text: &str| text.chars().all(|char| char.is_ascii_digit());
    is_closed && !low.is_empty() && is_number(low) && is_number(high)
}

/// Takes over what begins with `\` at `at`; tells where it ends.
fn escape(chars: &[char], at: usize, all: &mut String) -> Result<usize, String> {
    match chars.get(at + 1) {
        None => Err("it ends with `\\`".to_owned()),
        Some('C') => Err("`\\C`, a single byte, is known to Go alone; write `(?s:.)`".to_owned()),
        Some('Q') => Ok(quoted(chars, at + 2, all)),
        Some(kind @ ('x' | 'p' | 'P')) if chars.get(at + 2) == Some(&'{') => {
            let end = (at + 2..chars.len()).find(|end| chars[*end] == '}');
            let end = end.ok_or_else(|| format!("`\\{kind}{{` is not closed"))?;
            all.extend(&chars[at..=end]);
            Ok(end + 1)
        }
        Some('0'..='7') => octal(chars, at + 1, all),
        // In Rust only the punctuation of ASCII may be escaped.
        Some(char) if !char.is_ascii() => {
            all.push(*char);
            Ok(at + 2)
        }
        Some(char) => {
            all.extend(['\\', *char]);
            Ok(at + 2)
        }
    }
}

/// What stands between `\Q` and `\E` is itself.
fn quoted(chars: &[char], from: usize, all: &mut String) -> usize {
    let end = (from..chars.len()).find(|end| chars[*end..].starts_with(&['\\', 'E']));
    for char in &chars[from..end.unwrap_or(chars.len())] {
        if char.is_ascii_punctuation() {
            all.push('\\');
        }
        all.push(*char);
    }
    end.map_or(chars.len(), |end| end + 2)
}

/// `\101` is `A`.
fn octal(chars: &[char], from: usize, all: &mut String) -> Result<usize, String> {
    let is_octal = |digit: &&char| ('0'..='7').contains(*digit);
    let digits: String = chars[from..].iter().take(3).take_while(is_octal).collect();
    if digits.len() < 2 && digits != "0" {
        return Err(format!("`\\{digits}` repeats a group, which no pattern here can"));
    }
    let code = u32::from_str_radix(&digits, 8).unwrap_or(0);
    let _ = write!(all, "\\x{{{code:x}}}");
    Ok(from + digits.len())
}

/// Takes over the class that begins at `at`; tells where it ends.
fn class(chars: &[char], at: usize, all: &mut String) -> Result<usize, String> {
    all.push('[');
    let mut next = at + 1;
    if chars.get(next) == Some(&'^') {
        all.push('^');
        next += 1;
    }
    let first = next;
    while let Some(char) = chars.get(next) {
        match char {
            ']' if next > first => {
                all.push(']');
                return Ok(next + 1);
            }
            ']' => all.push_str("\\]"),
            '\\' => {
                next = escape(chars, next, all)?;
                continue;
            }
            '[' if chars.get(next + 1) == Some(&':') => {
                let end = (next + 2..chars.len()).find(|end| chars[*end..].starts_with(&[':', ']']));
                let end = end.ok_or("`[:` is not closed")? + 2;
                all.extend(&chars[next..end]);
                next = end;
                continue;
            }
            '[' | '&' | '~' => all.extend(['\\', *char]),
            char => all.push(*char),
        }
        next += 1;
    }
    Err("a class `[…]` is not closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::compile;

    #[test]
    fn what_go_reads_means_the_same_here() {
        let check = |go: &str, yes: &str, no: &str| {
            let pattern = from_go(go).expect("it has an equal");
            let regex = compile(&pattern).expect("it is right");
            assert!(regex.is_match(yes) && !regex.is_match(no), "{go}: {pattern}");
        };
        check(r"^\${(?:[A-Z]+)}$", "${ABC}", "$ABC");
        check(r"^a{2}$", "aa", "a{2}");
        check(r"^a{2,b}$", "a{2,b}", "aa");
        check(r"^{a}$", "{a}", "a");
        check(r"^[a[{]+$", "[{a", "b");
        check(r"^[]a]+$", "]a", "b");
        check(r"^[^]a]+$", "bc", "]");
        check(r"^[[:alpha:]&&_]+$", "a&_", "1");
        check(r"^\Qa.b{\E+$", "a.b{{", "acb{");
        check(r"^\x{41}\x42\z", "AB", "ABC");
        check(r"^\101$", "A", "B");
        for go in [r"a\", "[a", r"\C", r"(a)\1", "[[:alpha"] {
            assert!(from_go(go).is_err(), "{go}");
        }
    }
}
