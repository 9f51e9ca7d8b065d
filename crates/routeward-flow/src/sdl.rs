//! The fields that a text in the schema definition language declares for the types that requests begin with.

/// A field of such a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Field {
    /// The type, by its customary name.
    pub owner: String,
    /// The field.
    pub name: String,
}

/// The fields of the types named in `owners`, in order, each once. `schema { query: Start }` gives a type another
/// name. What is not understood is skipped.
pub(crate) fn fields(text: &str, owners: &[String]) -> Vec<Field> {
    let tokens = tokens(text);
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let mut names: Vec<(String, String)> = Vec::new();
    let mut declared: Vec<(String, String)> = Vec::new();
    while let Some(word) = reader.next() {
        match word {
            "schema" => {
                reader.skip_until("{");
                while let Some(operation) = reader.next().filter(|word| *word != "}") {
                    if reader.take(":") {
                        let owner = owners.iter().find(|owner| owner.eq_ignore_ascii_case(operation));
                        let named = reader.next().unwrap_or_default();
                        names.extend(owner.map(|owner| (named.to_owned(), owner.clone())));
                    }
                }
            }
            "type" => {
                let name = reader.next().unwrap_or_default().to_owned();
                if reader.skip_until("{") {
                    declared.extend(reader.fields().into_iter().map(|field| (name.clone(), field)));
                }
            }
            "{" | "(" => reader.skip_group(),
            _ => {}
        }
    }
    let mut fields: Vec<Field> = Vec::new();
    for (owner, name) in declared {
        let owner = match names.iter().find(|(named, _)| *named == owner) {
            Some((_, owner)) => owner.clone(),
            None if owners.contains(&owner) && !names.iter().any(|(_, known)| *known == owner) => owner,
            None => continue,
        };
        let field = Field { owner, name };
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

struct Reader<'t> {
    tokens: &'t [&'t str],
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<&'t str> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'t str> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    fn take(&mut self, token: &str) -> bool {
        let is_next = self.peek() == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    /// Goes behind the next `{` of a definition; false if another definition begins before it.
    fn skip_until(&mut self, open: &str) -> bool {
        while let Some(token) = self.peek() {
            match token {
                "type" | "input" | "enum" | "interface" | "union" | "scalar" | "extend" | "schema" => {
                    return false;
                }
                "(" => {
                    self.at += 1;
                    self.skip_group();
                }
                _ => {
                    self.at += 1;
                    if token == open {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Goes behind the bracket that closes the one just read.
    fn skip_group(&mut self) {
        let mut depth = 1_u32;
        while depth > 0 {
            match self.next() {
                Some("{" | "(" | "[") => depth += 1,
                Some("}" | ")" | "]") => depth -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// The names of the fields up to the closing brace.
    fn fields(&mut self) -> Vec<String> {
        let mut fields = Vec::new();
        while let Some(token) = self.next() {
            match token {
                "}" => break,
                "(" | "[" | "{" => self.skip_group(),
                // A directive, or the type of a field.
                "@" | ":" => {
                    while self.take("[") {}
                    self.next();
                }
                name if is_name(name) => {
                    if self.take("(") {
                        self.skip_group();
                    }
                    if self.peek() == Some(":") {
                        fields.push(name.to_owned());
                    }
                }
                _ => {}
            }
        }
        fields
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// Names, numbers and punctuation; comments and strings are left out.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => string_len(rest),
            _ if c.is_ascii_alphanumeric() || c == '_' => {
                let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                tokens.push(&rest[..len]);
                len
            }
            _ => {
                if c.is_ascii_punctuation() {
                    tokens.push(&rest[..1]);
                }
                c.len_utf8()
            }
        };
        rest = &rest[len..];
    }
    tokens
}

/// The length of the string, or block of text, that `text` begins with.
fn string_len(text: &str) -> usize {
    if let Some(inner) = text.strip_prefix("\"\"\"") {
        return inner.find("\"\"\"").map_or(text.len(), |end| end + 6);
    }
    let mut is_escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return i,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return i + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let owners = ["Query", "Mutation", "Subscription"].map(str::to_owned);
        let found: Vec<String> =
            fields(text, &owners).iter().map(|field| format!("{}.{}", field.owner, field.name)).collect();
        assert_eq!(found, expected, "{text}");
        // Nothing that is cut short is more than a shorter list.
        for (end, _) in text.char_indices() {
            fields(&text[..end], &owners);
        }
    }

    #[test]
    fn fields_of_the_types_that_requests_begin_with() {
        check(
            "type Query { \"a { b\" user(id: ID! = 1, at: At = {x: [1]}): User @deprecated(reason: \"no\") all: [User!]! }
             type User { id: ID } extend type Mutation { add(input: In): Int }",
            &["Query.user", "Query.all", "Mutation.add"],
        );
        check(
            "schema @s { query: Start mutation: Change } type Start implements A & B @d(x: 1) { a: Int # b: Int
             } type Change { \"\"\"text { } : \"\"\" c: Int } type Query { d: Int }",
            &["Query.a", "Mutation.c"],
        );
        check(
            "enum Kind { Query } input In { a: Int } type Query { a: Int } type Query { a: Int }",
            &["Query.a"],
        );
        check("type Query scalar Date type Mutation { at: Date }", &["Mutation.at"]);
    }
}
