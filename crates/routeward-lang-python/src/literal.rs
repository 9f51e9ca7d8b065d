//! Values of literals.

/// What stands before the quotes of a string.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Prefix {
    pub(crate) is_raw: bool,
    pub(crate) is_bytes: bool,
    pub(crate) is_format: bool,
}

/// Reads the start of a string, such as `rb"""`.
pub(crate) fn prefix(start: &str) -> Prefix {
    let mut prefix = Prefix::default();
    for letter in start.chars().take_while(char::is_ascii_alphabetic) {
        match letter {
            'r' | 'R' => prefix.is_raw = true,
            'b' | 'B' => prefix.is_bytes = true,
            'f' | 'F' | 't' | 'T' => prefix.is_format = true,
            _ => {}
        }
    }
    prefix
}

/// Replaces the escapes of a text.
pub(crate) fn cook(text: &str, is_bytes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        rest = escape(after, is_bytes, &mut out);
    }
    out.push_str(rest);
    out
}

/// One escape, without its backslash; returns what follows it.
fn escape<'a>(text: &'a str, is_bytes: bool, out: &mut String) -> &'a str {
    let Some(first) = text.chars().next() else {
        out.push('\\');
        return text;
    };
    let rest = &text[first.len_utf8()..];
    let plain = match first {
        '\n' => return rest,
        '\r' => return rest.strip_prefix('\n').unwrap_or(rest),
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '\'' | '"' => first,
        '0'..='7' => return octal(text, out),
        'x' => return code(rest, 2, out),
        'u' if !is_bytes => return code(rest, 4, out),
        'U' if !is_bytes => return code(rest, 8, out),
        'N' if !is_bytes && rest.starts_with('{') => {
            // The character's name is not looked up.
            out.push(char::REPLACEMENT_CHARACTER);
            return rest.split_once('}').map_or("", |(_, rest)| rest);
        }
        // An unknown escape stands for itself.
        _ => {
            out.push('\\');
            first
        }
    };
    out.push(plain);
    rest
}

fn code<'a>(text: &'a str, digits: usize, out: &mut String) -> &'a str {
    let value = text.get(..digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    out.push(value.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    if value.is_some() { &text[digits..] } else { text }
}

fn octal<'a>(text: &'a str, out: &mut String) -> &'a str {
    let len = text.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let value = u32::from_str_radix(&text[..len], 8).ok().and_then(char::from_u32);
    out.push(value.unwrap_or(char::REPLACEMENT_CHARACTER));
    &text[len..]
}

/// The value of a numeric literal; of an imaginary one the factor. `NaN` where it cannot be read.
pub(crate) fn number(text: &str) -> f64 {
    let text = text.replace('_', "");
    let text = text.trim_end_matches(['j', 'J', 'l', 'L']);
    let radix = match text.get(..2).unwrap_or("") {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return text.parse().unwrap_or(f64::NAN),
    };
    let digits = &text[2..];
    if digits.is_empty() {
        return f64::NAN;
    }
    let values = digits.chars().map(|digit| digit.to_digit(radix).map_or(f64::NAN, f64::from));
    values.fold(0.0, |sum, digit| sum * f64::from(radix) + digit)
}

/// A piece of a format text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Piece<'a> {
    Text(String),
    /// A value by its position, or the next one.
    Position(Option<usize>),
    /// A value by its name, and whether something of the value is taken.
    Named(&'a str),
}

/// The pieces of the text of `text.format(…)`.
pub(crate) fn brace_pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let mark = &rest[at..=at];
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix(mark) {
            plain.push_str(mark);
            rest = after;
            continue;
        }
        let Some((field, after)) = after.split_once('}').filter(|_| mark == "{") else {
            rest = after;
            continue;
        };
        let name = field.split(['!', ':', '.', '[']).next().unwrap_or("");
        push_text(&mut pieces, &mut plain);
        pieces.push(match name.parse() {
            Ok(position) => Piece::Position(Some(position)),
            Err(_) if name.is_empty() => Piece::Position(None),
            Err(_) => Piece::Named(name),
        });
        rest = after;
    }
    plain.push_str(rest);
    push_text(&mut pieces, &mut plain);
    pieces
}

/// The pieces of the text of `text % values`.
pub(crate) fn percent_pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            plain.push('%');
            rest = after;
            continue;
        }
        let (name, after) = match after.strip_prefix('(').and_then(|after| after.split_once(')')) {
            Some((name, after)) => (Some(name), after),
            None => (None, after),
        };
        let end = after.find(|c: char| c.is_ascii_alphabetic()).map_or(after.len(), |end| end + 1);
        push_text(&mut pieces, &mut plain);
        pieces.push(name.map_or(Piece::Position(None), Piece::Named));
        rest = &after[end..];
    }
    plain.push_str(rest);
    push_text(&mut pieces, &mut plain);
    pieces
}

fn push_text(pieces: &mut Vec<Piece<'_>>, plain: &mut String) {
    if !plain.is_empty() {
        pieces.push(Piece::Text(std::mem::take(plain)));
    }
}
