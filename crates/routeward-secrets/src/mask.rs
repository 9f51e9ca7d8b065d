//! Making secrets unreadable wherever results show text.

use routeward_base::Span;

/// A secret shorter than this shows nothing of itself.
const SHORT: usize = 12;
/// How much of a longer one shows at either end.
const SHOWN: usize = 2;

/// A secret as it may be shown: at most two characters at either end, none of a short one.
pub fn masked(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().filter(|char| !char.is_control()).collect();
    if chars.len() < SHORT {
        return "…".to_owned();
    }
    let (head, tail) = (&chars[..SHOWN], &chars[chars.len() - SHOWN..]);
    format!("{}…{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

/// Covers parts of a text. Neither its length nor its lines change, so that all places in it stay right.
pub fn mask(text: &mut String, secrets: impl IntoIterator<Item = Span>) {
    for span in secrets {
        let (mut start, mut end) = (span.start as usize, (span.end() as usize).min(text.len()));
        if start >= end {
            continue;
        }
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let shown = if end - start < SHORT { 0 } else { SHOWN };
        let covered = |at: usize, byte: u8| match byte {
            b'\n' | b'\r' => byte,
            _ if byte.is_ascii() && (at < shown || at >= end - start - shown) => byte,
            _ => b'*',
        };
        let cover: Vec<u8> =
            text.as_bytes()[start..end].iter().enumerate().map(|(at, byte)| covered(at, *byte)).collect();
        text.replace_range(start..end, &String::from_utf8_lossy(&cover));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_of_a_secret_is_shown_and_nothing_moves() {
        assert_eq!(masked("abcdefghijklmnop"), "ab…op");
        assert_eq!(masked("hunter2"), "…");
        let mut text = "key = \"abcdefghijklmnop\"\nné=\"hunter2\"\nkey: 'ab\ncdefghijklé'".to_owned();
        let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let spans: Vec<Span> = ["abcdefghijklmnop", "hunter2", "ab\ncdefghijklé"]
            .iter()
            .map(|part| {
                text.find(part).map_or(Span::default(), |at| Span::new(at as u32, (at + part.len()) as u32))
            })
            .collect();
        let length = text.len();
        mask(&mut text, spans);
        assert_eq!(text, "key = \"ab************op\"\nné=\"*******\"\nkey: 'ab\n************'");
        assert_eq!(text.len(), length);
        assert_eq!(text.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>(), lines);
    }
}
