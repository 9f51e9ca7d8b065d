//! Values of literals: strings with escapes, numbers in every notation.

use std::borrow::Cow;

/// The value of a string or template piece: escapes are replaced, line continuations dropped, and `\r\n` is `\n`
/// as the language says. Lone surrogates become U+FFFD.
pub(crate) fn cook(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['\\', '\r']) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['\\', '\r']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        rest = if rest.as_bytes()[at] == b'\r' {
            out.push('\n');
            tail.strip_prefix('\n').unwrap_or(tail)
        } else {
            escape(tail, &mut out)
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Reads one escape after its backslash and returns what follows.
fn escape<'a>(text: &'a str, out: &mut String) -> &'a str {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return "" };
    let rest = chars.as_str();
    match first {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'b' => out.push('\u{8}'),
        'f' => out.push('\u{c}'),
        'v' => out.push('\u{b}'),
        '\r' => return rest.strip_prefix('\n').unwrap_or(rest),
        '\n' | '\u{2028}' | '\u{2029}' => {}
        'x' => return code(rest, 2, out),
        'u' => return unicode(rest, out),
        '0'..='7' => return octal(text, out),
        other => out.push(other),
    }
    rest
}

fn code<'a>(text: &'a str, digits: usize, out: &mut String) -> &'a str {
    let value = text.get(..digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    out.push(value.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    if value.is_some() { &text[digits..] } else { text }
}

/// `\u{…}`, `\uXXXX` and surrogate pairs.
fn unicode<'a>(text: &'a str, out: &mut String) -> &'a str {
    if let Some((hex, rest)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) {
        let value = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
        out.push(value.unwrap_or(char::REPLACEMENT_CHARACTER));
        return rest;
    }
    let unit = |text: &str| text.get(..4).and_then(|hex| u16::from_str_radix(hex, 16).ok());
    let second = text.get(4..).and_then(|rest| rest.strip_prefix("\\u"));
    if let (Some(high), Some(low)) = (unit(text), second.and_then(unit))
        && let Some(Ok(joined)) = char::decode_utf16([high, low]).next()
        && joined.len_utf16() == 2
    {
        out.push(joined);
        return &text[10..];
    }
    code(text, 4, out)
}

fn octal<'a>(text: &'a str, out: &mut String) -> &'a str {
    let limit = if text.starts_with(['0', '1', '2', '3']) { 3 } else { 2 };
    let len = text.bytes().take(limit).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let value = u32::from_str_radix(&text[..len], 8).ok().and_then(char::from_u32);
    out.push(value.unwrap_or(char::REPLACEMENT_CHARACTER));
    &text[len..]
}

/// A string literal without its quotes, before escapes are replaced. The closing quote may be missing.
pub(crate) fn unquote(text: &str) -> &str {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { return text };
    let body = &text[1..];
    body.strip_suffix(quote).unwrap_or(body)
}

/// The value of a numeric literal; a `bigint` is rounded. `NaN` where it cannot be read.
pub(crate) fn number(text: &str) -> f64 {
    let owned;
    let text = if text.contains('_') {
        owned = text.replace('_', "");
        owned.as_str()
    } else {
        text
    };
    let text = text.strip_suffix('n').unwrap_or(text);
    let prefix = text.get(..2).unwrap_or("");
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ if prefix.len() == 2
            && text.starts_with('0')
            && text.bytes().all(|b| (b'0'..=b'7').contains(&b)) =>
        {
            return digits(&text[1..], 8);
        }
        _ => return text.parse().unwrap_or(f64::NAN),
    };
    digits(&text[2..], radix)
}

fn digits(text: &str, radix: u32) -> f64 {
    if text.is_empty() {
        return f64::NAN;
    }
    let values = text.chars().map(|digit| digit.to_digit(radix).map_or(f64::NAN, f64::from));
    values.fold(0.0, |sum, digit| sum * f64::from(radix) + digit)
}
