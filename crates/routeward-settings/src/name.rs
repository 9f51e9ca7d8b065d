//! Names of settings in one spelling.

/// A name in lower case with `_` between its words, however these are told apart: `jwt.secretKey`, `JWT_SECRET_KEY`.
pub(crate) fn normalised(name: &str) -> String {
    let mut said = String::with_capacity(name.len() + 8);
    let chars: Vec<char> = name.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let next_is_lower = chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
        let is_hump = c.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit() && next_is_lower
                    || before.is_ascii_uppercase() && next_is_lower
            });
        let begins_word = is_hump || !c.is_alphanumeric();
        if begins_word && !said.is_empty() && !said.ends_with('_') {
            said.push('_');
        }
        if c.is_alphanumeric() {
            said.extend(c.to_lowercase());
        }
    }
    said.truncate(said.trim_end_matches('_').len());
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names() {
        for (name, said) in [
            ("JWT_SECRET", "jwt_secret"),
            ("spring.dataSource.password", "spring_data_source_password"),
            ("Jwt:SigningKey", "jwt_signing_key"),
            ("JWTSecret", "jwt_secret"),
            ("db-pass--word_", "db_pass_word"),
            ("__A", "a"),
            ("", ""),
        ] {
            assert_eq!(normalised(name), said);
        }
    }
}
