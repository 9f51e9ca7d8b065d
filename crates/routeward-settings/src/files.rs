//! Files by their names.

/// A name matches one of the patterns: `*` stands for anything; one with `/` is about the end of the path. Patterns and
/// paths are in lower case.
pub(crate) fn is_named(patterns: &[String], path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    patterns.iter().any(|pattern| {
        if pattern.contains('/') {
            let path = format!("/{path}");
            fits(pattern, &path) || fits(&format!("*/{pattern}"), &path)
        } else {
            fits(pattern, name)
        }
    })
}

/// Cost: the product of the lengths at most.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |pattern: &str, path: &str, is: bool| {
            assert_eq!(is_named(&[pattern.to_owned()], path), is, "{pattern} {path}");
        };
        check("*compose*.yml", "a/docker-compose.prod.yml", true);
        check("*compose*.yml", "compose.yml", true);
        check("*compose*.yml", "compose.yaml", false);
        check("*compose*.yml", "compose/a.yml", false);
        check("*.p12", "a/b.p12", true);
        check("id_rsa", "a/id_rsa", true);
        check("id_rsa", "a/id_rsa.pub", false);
        check(".github/workflows/*.yml", ".github/workflows/ci.yml", true);
        check(".github/workflows/*.yml", "a/.github/workflows/ci.yml", true);
        check(".github/workflows/*.yml", "x.github/workflows/ci.yml", false);
        check("*config/*.json", "a/config/b.json", true);
        check("*config/*.json", "config/b.json", true);
        check("*/examples/*", "examples/b.json", true);
        check("a*a", "a", false);
        check("a*a", "aa", true);
    }
}
