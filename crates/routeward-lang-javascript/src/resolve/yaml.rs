//! The little of YAML that lock files and workspace lists of package managers use, line by line.

/// One line `key: value` or `- value`, without quotes and comments.
pub(super) struct Line<'a> {
    /// Keys above this line, outermost first, then its own; an item of a list has the key `-`.
    pub(super) path: Vec<&'a str>,
    pub(super) value: &'a str,
}

/// Deeper lines are dropped: no file that is read here has them.
const MAX_DEPTH: usize = 8;

/// Calls `visit` for each line, and passes over what stands below a line for which it says false.
/// Linear in the text.
pub(super) fn lines<'a>(text: &'a str, mut visit: impl FnMut(&Line<'a>) -> bool) {
    let mut indents: Vec<usize> = Vec::new();
    let mut line = Line { path: Vec::new(), value: "" };
    let mut skipped_below = usize::MAX;
    for raw in text.lines() {
        let content = raw.trim_start_matches(' ');
        let indent = raw.len() - content.len();
        if indent > skipped_below || content.is_empty() || content.starts_with('#') {
            continue;
        }
        let Some((key, value)) = split(content) else { continue };
        // A list may stand at the indent of its key.
        while let (Some(above), Some(above_key)) = (indents.last(), line.path.last())
            && (*above > indent || (*above == indent && (key != "-" || *above_key == "-")))
        {
            indents.pop();
            line.path.pop();
        }
        skipped_below = usize::MAX;
        if indents.len() < MAX_DEPTH {
            indents.push(indent);
            line.path.push(key);
            line.value = value;
            if !visit(&line) {
                skipped_below = indent;
            }
        }
    }
}

/// The items of a flow list `[a, "b"]`.
pub(super) fn flow_items(value: &str) -> impl Iterator<Item = &str> {
    let inner = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or("");
    inner.split(',').map(|item| unquote(item.trim())).filter(|item| !item.is_empty())
}

fn split(content: &str) -> Option<(&str, &str)> {
    if let Some(item) = content.strip_prefix("- ") {
        return Some(("-", scalar(item)));
    }
    let quote = content.chars().next().filter(|ch| matches!(ch, '"' | '\''));
    if let Some(quote) = quote {
        let (key, rest) = content[1..].split_once(quote)?;
        return Some((key, scalar(rest.trim_start().strip_prefix(':')?)));
    }
    match content.split_once(": ") {
        Some((key, value)) => Some((key, scalar(value))),
        None => Some((content.trim_end().strip_suffix(':')?, "")),
    }
}

fn scalar(value: &str) -> &str {
    let value = value.split_once(" #").map_or(value, |(value, _)| value);
    unquote(value.trim())
}

fn unquote(value: &str) -> &str {
    let inner = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(value)
}
