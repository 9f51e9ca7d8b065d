//! What a value is made of: `${NAME:-literal}` and its like, base64.

/// What a value says where a shell or a framework fills variables in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Filled {
    /// A text without variables.
    Text,
    /// One variable, and where the text stands that stands in for it.
    Fallback { variable: String, start: usize, end: usize },
    /// Anything else with variables.
    Elsewhere,
}

/// Reads the variables in a value. Of nested ones the outermost names it, and the innermost text stands in.
pub(crate) fn filled(value: &str) -> Filled {
    if !value.contains('$') {
        return Filled::Text;
    }
    let (mut start, mut end) = (0, value.len());
    let mut variable: Option<String> = None;
    loop {
        let inner = &value[start..end];
        let Some(body) = inner.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else { break };
        let Some((len, operator)) = operator(body) else { return Filled::Elsewhere };
        variable.get_or_insert_with(|| body[..len].to_owned());
        start += 2 + len + operator;
        end -= 1;
    }
    match variable {
        Some(variable) if !value[start..end].contains(['$', '{', '}']) => {
            Filled::Fallback { variable, start, end }
        }
        _ => Filled::Elsewhere,
    }
}

/// The length of the name at the beginning, and of the operator behind it that gives a text for an unset variable.
fn operator(body: &str) -> Option<(usize, usize)> {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let len = body.find(|c| !is_of_name(c)).filter(|len| *len > 0)?;
    let rest = &body[len..];
    // Names of a shell have neither points nor hyphens: `${app.jwt-key:text}`.
    if body[..len].contains('.')
        && let Some(end) =
            body.find(|c: char| !is_of_name(c) && c != '-').filter(|end| body[*end..].starts_with(':'))
    {
        return Some((end, 1));
    }
    let is_other = rest.starts_with(":?") || rest.starts_with(":+");
    let operator = [":-", ":=", "-", "=", ":"].into_iter().find(|operator| rest.starts_with(operator));
    operator.filter(|_| !is_other).map(|operator| (len, operator.len()))
}

/// A text in base64; `None` if it is none, or no text.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let (mut bits, mut count) = (0_u32, 0);
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for byte in text.trim().trim_end_matches('=').bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        (bits, count) = (bits << 6 | u32::from(digit), count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        let check = |value: &str, expected: Option<(&str, &str)>| {
            let found = match filled(value) {
                Filled::Fallback { variable, start, end } => Some((variable, value[start..end].to_owned())),
                _ => None,
            };
            assert_eq!(found.as_ref().map(|(a, b)| (a.as_str(), b.as_str())), expected, "{value}");
        };
        check("${A:-b c}", Some(("A", "b c")));
        check("${A-b}", Some(("A", "b")));
        check("${a.b-c:d}", Some(("a.b-c", "d")));
        check("${A:b-c}", Some(("A", "b-c")));
        check("${jwt.secret:abc}", Some(("jwt.secret", "abc")));
        check("${A:-${B:-c}}", Some(("A", "c")));
        check("${A:-}", Some(("A", "")));
        for value in [
            "plain", "${A}", "${A:?b}", "${A:+b}", "x${A:-b}", "$A", "${A:-$B}", "${", "${}", "${A:-b",
            "${A:-b}}",
        ] {
            check(value, None);
        }
        assert_eq!(filled("plain"), Filled::Text);
        assert_eq!(filled("a$b"), Filled::Elsewhere);
    }

    #[test]
    fn base64() {
        assert_eq!(decoded("Y2hhbmdlbWU=").as_deref(), Some("changeme"));
        assert_eq!(decoded("Y2hhbmdlbWU").as_deref(), Some("changeme"));
        assert_eq!(decoded("a b"), None);
        assert_eq!(decoded("_____w=="), None);
    }
}
