//! What a word without quotation marks means: the core schema of YAML 1.2, which holds that of JSON.

/// What a plain word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Number,
    Text,
}

/// What a plain word is. `yes`, `on` and numbers with underscores are texts: parsers differ on them.
pub(crate) fn plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        _ if number(text).is_some() => Plain::Number,
        _ => Plain::Text,
    }
}

/// The number that a word is.
pub(crate) fn number(text: &str) -> Option<f64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let is_number = digits.starts_with(|c: char| c.is_digit(radix));
            let value = is_number.then(|| u64::from_str_radix(digits, radix).ok()).flatten();
            return value.map(|value| sign * value as f64);
        }
    }
    match digits {
        ".inf" | ".Inf" | ".INF" | "Infinity" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" | "NaN" => return Some(f64::NAN),
        _ => {}
    }
    let is_decimal = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b'e' | b'E' | b'-' | b'+'));
    is_decimal.then(|| digits.parse::<f64>().ok()).flatten().map(|value| sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let numbers = ["0", "-1", "+12.5e3", ".5", "5.", "0x1F", "0o17", ".inf", "-.inf", ".nan", "1e9"];
        let texts = [
            "1.2.3", "1-2", "e1", ".", "-", "0x", "0xg", "0x+1", "1_000", "yes", "on", "12:30:45", "nil",
            "--1",
        ];
        for text in numbers {
            assert_eq!(plain(text), Plain::Number, "{text}");
        }
        for text in texts {
            assert_eq!(plain(text), Plain::Text, "{text}");
        }
        assert_eq!(number("-0x10"), Some(-16.0));
        assert_eq!(number("1e3"), Some(1000.0));
    }
}
