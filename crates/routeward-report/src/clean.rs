//! Text of a repository, made harmless for a terminal: it cannot move the cursor, hide or reorder anything.

/// True for a character that a terminal obeys instead of showing it: controls, and the marks that change the
/// direction of text or take no room (Trojan Source, CVE-2021-42574).
fn is_active(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{feff}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control(),
    }
}

/// One line of text that a terminal shows as it is: active characters, tabs and line ends become visible.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            c if is_active(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// The same for code: every active character becomes as many bytes of something visible, so that all spans stay
/// right. `None` if there is nothing to replace.
pub(crate) fn code(text: &str) -> Option<String> {
    let is_suspect = |c: char| is_active(c) && c != '\r';
    if !text.contains(is_suspect) && !text.contains('\r') {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => out.push(' '),
            c if is_active(c) => out.push_str(match c.len_utf8() {
                1 => "?",
                2 => "\u{b7}",
                3 => "\u{fffd}",
                _ => "\u{fffd}?",
            }),
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        assert_eq!(line("a\u{1b}[31mb\r\n\u{202e}c"), "a\\u{1b}[31mb\\u{d} \\u{202e}c");
        let text = "a\u{1b}[2Jb\u{9b}c\u{202e}d\u{e0041}e\r\nf\rg\tżó";
        let cleaned = code(text).expect("replaced");
        assert_eq!(cleaned.len(), text.len());
        assert_eq!(cleaned, "a?[2Jb\u{b7}c\u{fffd}d\u{fffd}?e \nf?g\tżó");
        assert_eq!(code("plain\ttext żó\n"), None);
    }
}
