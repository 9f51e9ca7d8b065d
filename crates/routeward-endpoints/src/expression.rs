//! Templates that are written as regular expressions: what of them is fixed, and what the client chooses.

/// The template of an expression that fits a whole path, with parameters in braces: `/users/(\d+)` is `/users/{1}`.
/// Groups are named by their names or numbers.
pub(crate) fn template(expression: &str) -> String {
    let mut reader = Reader { rest: expression, groups: 0, depth: 0 };
    reader.alternatives().0
}

struct Reader<'t> {
    rest: &'t str,
    /// Groups that capture, so far.
    groups: u32,
    depth: u32,
}

/// Nesting of groups that is read.
const MAX_DEPTH: u32 = 32;

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// The template up to the end of the group, by the first alternative; true if there are several.
    fn alternatives(&mut self) -> (String, bool) {
        let mut text = String::new();
        let mut has_others = false;
        while let Some(c) = self.next() {
            let part = match c {
                ')' => break,
                '|' => {
                    has_others = true;
                    continue;
                }
                '^' | '$' => continue,
                '(' => self.group(),
                '[' => {
                    self.skip_class();
                    Part::any("")
                }
                '.' => Part { takes_slashes: true, ..Part::any("") },
                '\\' => match self.next() {
                    Some('Z' | 'A' | 'b' | 'B') => continue,
                    Some(c) if c.is_alphanumeric() => Part::any(""),
                    Some(c) => Part::fixed(c),
                    None => break,
                },
                c => Part::fixed(c),
            };
            let (may_miss, repeats) = self.quantifier();
            if !has_others {
                part.write(&mut text, may_miss, repeats);
            }
        }
        (text, has_others)
    }

    /// What stands behind the opening parenthesis of a group.
    fn group(&mut self) -> Part {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.rest = "";
            return Part::any("");
        }
        let part = self.group_inside();
        self.depth -= 1;
        part
    }

    fn group_inside(&mut self) -> Part {
        if let Some(rest) = self.rest.strip_prefix("?:") {
            self.rest = rest;
            let (text, has_others) = self.alternatives();
            return if has_others { Part::any("") } else { Part { text, ..Part::default() } };
        }
        if let Some((name, rest)) = self.rest.strip_prefix("?P<").and_then(|rest| rest.split_once('>')) {
            self.groups += 1;
            self.rest = rest;
            return self.captured(name.to_owned());
        }
        if self.rest.starts_with('?') {
            // A look-around fits no text.
            self.alternatives();
            return Part::default();
        }
        self.groups += 1;
        let name = self.groups.to_string();
        self.captured(name)
    }

    fn captured(&mut self, name: String) -> Part {
        let start = self.rest;
        self.alternatives();
        let takes_slashes = start.starts_with(".*") || start.starts_with(".+");
        Part { text: name, is_chosen: true, takes_slashes, repeats: takes_slashes }
    }

    fn skip_class(&mut self) {
        let mut is_first = true;
        while let Some(c) = self.next() {
            match c {
                '^' if is_first => continue,
                ']' if !is_first => return,
                '\\' => drop(self.next()),
                _ => {}
            }
            is_first = false;
        }
    }

    /// Whether what stands before may be missing, and whether it may be there several times.
    fn quantifier(&mut self) -> (bool, bool) {
        let found = match self.rest.chars().next() {
            Some('?') => (true, false),
            Some('*') => (true, true),
            Some('+') => (false, true),
            Some('{') => {
                let end = self.rest.find('}').map_or(self.rest.len(), |end| end + 1);
                self.rest = &self.rest[end..];
                return (false, true);
            }
            _ => return (false, false),
        };
        self.rest = self.rest[1..].trim_start_matches(['?', '+']);
        found
    }
}

/// A part of an expression.
#[derive(Default)]
struct Part {
    /// Fixed text, or the name of what the client chooses.
    text: String,
    is_chosen: bool,
    takes_slashes: bool,
    repeats: bool,
}

impl Part {
    fn fixed(c: char) -> Self {
        Self { text: c.to_string(), ..Self::default() }
    }

    fn any(name: &str) -> Self {
        Self { text: name.to_owned(), is_chosen: true, ..Self::default() }
    }

    fn write(&self, text: &mut String, may_miss: bool, repeats: bool) {
        if self.is_chosen {
            // Characters that are chosen one after the other are one parameter.
            if self.text.is_empty() && text.ends_with('}') {
                return;
            }
            let is_rest = self.takes_slashes && (repeats || self.repeats);
            let end = match (is_rest, may_miss && !self.text.is_empty()) {
                (true, _) => ":path}",
                (false, true) => "?}",
                (false, false) => "}",
            };
            text.extend(["{", &self.text, end]);
        } else if !may_miss {
            text.push_str(&self.text);
        } else if let Some(name) = self.text.strip_prefix("/{").and_then(|rest| rest.strip_suffix('}')) {
            // `(?:/(\d+))?`
            text.extend(["/{", name.trim_end_matches('?'), "?}"]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn expressions_become_templates() {
        let cases = [
            (r"/", "/"),
            (r"^/users/?$", "/users"),
            (r"/ws/([^/]+)", "/ws/{1}"),
            (r"/a/(\d+)/b/([0-9a-f]{8})", "/a/{1}/b/{2}"),
            (r"/named/(?P<item_id>[^/]+)", "/named/{item_id}"),
            (r"/items(?:/(\d+))?", "/items/{1?}"),
            (r"/files/(.*)", "/files/{1:path}"),
            (r"/static/(?P<path>.+)", "/static/{path:path}"),
            (r"/v(\d+)\.json", "/v{1}.json"),
            (r"/(?:json|xml)/x", "/{}/x"),
            (r"/(json|xml(?:a|b))/x", "/{1}/x"),
            (r"/[a-z]+/\w+", "/{}/{}"),
            (r"/any.*", "/any{:path}"),
            (r"/(", "/{1}"),
            (r"/[", "/{}"),
        ];
        for (expression, expected) in cases {
            assert_eq!(template(expression), expected, "{expression}");
        }
    }
}
