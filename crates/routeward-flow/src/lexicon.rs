//! Words that hint at what a name stands for, where only the name can be seen. They never prove anything by
//! themselves: a guard is recognised by what it does.

/// The words of an identifier, in lower case: `isAdminUser`, `is_admin`, `x-api-key`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            last_lower = false;
            if words.last().is_some_and(|word| !word.is_empty()) {
                words.push(String::new());
            }
            continue;
        }
        if words.is_empty() || (c.is_uppercase() && last_lower) {
            words.push(String::new());
        }
        last_lower = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// True if a word of an identifier is one of a list.
pub fn has_word(name: &str, lexicon: &[&str]) -> bool {
    words(name).iter().any(|word| lexicon.contains(&word.as_str()))
}

/// The entries of a lexicon in words: an entry may be several words, which follow each other in a name.
pub struct Lexicon<'m>(Vec<Vec<&'m str>>);

impl<'m> Lexicon<'m> {
    /// Splits the entries.
    pub fn new(entries: &'m [String]) -> Self {
        Self(entries.iter().map(|entry| entry.split(' ').collect()).collect())
    }

    /// True if a name is about what the lexicon lists. Cost: the words of the name times the entries.
    pub fn speaks_of(&self, name: &str) -> bool {
        let words = words(name);
        let is_in = |entry: &Vec<&str>| {
            words.windows(entry.len()).any(|window| window.iter().eq(entry.iter().copied()))
        };
        self.0.iter().any(is_in)
    }
}

/// A member of a verified caller that says what the caller may do.
pub fn is_role(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "role",
        "roles",
        "admin",
        "superuser",
        "staff",
        "permission",
        "permissions",
        "scope",
        "scopes",
        "group",
        "groups",
        "privilege",
        "privileges",
        "moderator",
        "owner",
        "authorities",
        "authority",
        "acl",
        "rights",
        "superadmin",
        "isadmin",
    ];
    // Whose a row is, or which row it is, gives nobody a right: `group_id`, `ownerId`.
    const ROWS: &[&str] = &["group", "groups", "owner", "staff", "admin", "moderator"];
    const KEYS: &[&str] = &["id", "uuid", "slug"];
    let words = words(name);
    let next = |at: usize| words.get(at + 1).map_or("", String::as_str);
    words.iter().enumerate().any(|(at, word)| {
        let word = word.as_str();
        WORDS.contains(&word) && !(ROWS.contains(&word) && KEYS.contains(&next(at)))
    })
}

/// A header or cookie that carries a credential.
pub(crate) fn is_credential(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "authorization",
        "auth",
        "token",
        "jwt",
        "apikey",
        "key",
        "secret",
        "session",
        "sid",
        "sessionid",
        "bearer",
        "signature",
        "credential",
        "credentials",
        "password",
        "accesstoken",
        "cookie",
    ];
    has_word(name, WORDS)
}

/// The name of a way to send a credential, which stands in front of it: no secret.
pub(crate) fn is_scheme(text: &str) -> bool {
    const WORDS: &[&str] = &["bearer", "basic", "digest", "token", "jwt", "apikey", "negotiate", "hmac"];
    WORDS.contains(&text.trim().to_lowercase().as_str())
}

/// A member of a session that is there only for a caller who has logged in.
pub(crate) fn is_identity(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "user",
        "userid",
        "uid",
        "username",
        "account",
        "login",
        "logged",
        "loggedin",
        "auth",
        "authenticated",
        "authorized",
        "principal",
        "identity",
        "member",
        "admin",
        "role",
        "roles",
        "email",
        "sub",
        "customer",
        "employee",
        "profile",
        "token",
        "isauth",
    ];
    // `csrfToken`, `oauth_state`, `login_attempts`: sessions of those who have not logged in hold them, too.
    const OTHERS: &[&str] =
        &["csrf", "xsrf", "nonce", "state", "challenge", "attempts", "redirect", "captcha", "pending"];
    has_word(name, WORDS) && !has_word(name, OTHERS)
}

/// The name of a function that may refuse callers, where its code cannot be seen.
pub fn is_guard(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "auth",
        "authn",
        "authz",
        "authenticate",
        "authenticated",
        "authentication",
        "authorize",
        "authorized",
        "authorise",
        "authorization",
        "guard",
        "protect",
        "protected",
        "login",
        "loggedin",
        "jwt",
        "token",
        "bearer",
        "session",
        "permission",
        "permissions",
        "permit",
        "acl",
        "rbac",
        "policy",
        "role",
        "roles",
        "admin",
        "oidc",
        "oauth",
        "oauth2",
        "sso",
        "saml",
        "apikey",
        "verify",
        "keycloak",
        "access",
        "require",
        "ensure",
        "allow",
        "firewall",
        "shield",
        "gate",
        "gatekeeper",
    ];
    has_word(name, WORDS)
}

/// The name of a method that looks something up by what it is given.
pub(crate) fn is_lookup(name: &str) -> bool {
    const WORDS: &[&str] = &["find", "get", "lookup", "fetch", "load", "read", "resolve"];
    words(name).first().is_some_and(|word| WORDS.contains(&word.as_str()))
}

/// The name of a function that reads what it is given and believes it.
pub(crate) fn believes(name: &str) -> bool {
    has_word(name, &["decode", "decodes", "decoded", "parse", "parser", "unpack", "extract", "split", "log"])
}

/// A parameter that holds an error.
pub(crate) fn is_error(name: &str) -> bool {
    matches!(
        words(name).last().map(String::as_str),
        Some("err" | "error" | "e" | "ex" | "exception" | "failure")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_fall_into_words() {
        assert_eq!(words("isAdminUser"), ["is", "admin", "user"]);
        assert_eq!(words("x-api-key"), ["x", "api", "key"]);
        assert_eq!(words("SECRET_KEY2"), ["secret", "key2"]);
        assert!(
            is_role("isAdmin")
                && !is_role("administration")
                && !is_guard("author")
                && is_guard("requireAuth")
        );
        assert!(is_role("user_group") && is_role("roleId") && !is_role("group_id") && !is_role("ownerId"));
        assert!(is_error("err") && is_error("parseError") && !is_error("errand"));
    }
}
