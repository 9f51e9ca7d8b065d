//! Endpoints that are declared public on purpose, and the declarations that fit none.

use routeward_base::{FileId, Idx};
use routeward_diag::Place;
use routeward_endpoints::{Declaration, Endpoint, Inventory};

use crate::comment::Reach;
use crate::config::Config;
use crate::report::Source;

/// Fills `declared_public` of every endpoint that a declaration fits, and the inventory's list of declarations:
/// those of the configuration first, then comments in order of file and line.
pub(crate) fn declare(
    inventory: &mut Inventory,
    config: &Config,
    config_file: FileId,
    comments: Vec<(Declaration, Reach)>,
    sources: &[Source],
) {
    for entry in &config.public {
        let declaration = Declaration {
            reason: entry.reason.clone(),
            owner: entry.owner.clone(),
            pattern: Some(entry.pattern.clone()),
            place: Some(Place { file: config_file, span: entry.span }),
        };
        let pattern = Pattern::new(&entry.pattern);
        let is_matched = mark(inventory, &declaration, |endpoint| pattern.fits(endpoint));
        inventory.declarations.push((declaration, is_matched));
    }
    for (declaration, reach) in comments {
        let file = declaration.place.map(|place| place.file);
        let is_matched = mark(inventory, &declaration, |endpoint| {
            [endpoint.place, endpoint.guarded_at].into_iter().any(|Place { file: at, span }| {
                let Some(source) = sources.get(at.raw() as usize) else { return false };
                let (first, last) = (source.lines.line(span.start), source.lines.line(span.end()));
                Some(at) == file && reach.covers(first, last)
            })
        });
        inventory.declarations.push((declaration, is_matched));
    }
}

/// The first declaration that fits an endpoint is the one it shows.
fn mark(inventory: &mut Inventory, declaration: &Declaration, fits: impl Fn(&Endpoint) -> bool) -> bool {
    let mut is_matched = false;
    for endpoint in inventory.endpoints.iter_mut().filter(|endpoint| fits(endpoint)) {
        is_matched = true;
        endpoint.declared_public.get_or_insert_with(|| declaration.clone());
    }
    is_matched
}

/// `GET /users/*`, `/health`, `* /static/*`, or the name of an operation.
struct Pattern {
    /// `None` if every method is meant.
    method: Option<String>,
    path: String,
}

impl Pattern {
    fn new(text: &str) -> Self {
        match text.trim().split_once(char::is_whitespace) {
            Some(("*" | "ANY", path)) => Self { method: None, path: plain(path.trim()) },
            Some((method, path)) => {
                Self { method: Some(method.to_ascii_uppercase()), path: plain(path.trim()) }
            }
            None => Self { method: None, path: plain(text.trim()) },
        }
    }

    fn fits(&self, endpoint: &Endpoint) -> bool {
        let path_fits = |path: &str| glob_fits(self.path.as_bytes(), plain(path).as_bytes());
        match &self.method {
            Some(method) => *method == endpoint.method && path_fits(&endpoint.path),
            None => path_fits(&endpoint.path) || endpoint.operation.as_deref().is_some_and(path_fits),
        }
    }
}

/// The path with every parameter as `{}`, whatever its name and notation, and without a slash at the end.
fn plain(path: &str) -> String {
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| {
            let is_parameter =
                segment.starts_with(':') || (segment.starts_with('{') && segment.ends_with('}'));
            if is_parameter { "{}" } else { segment }
        })
        .collect();
    let path = segments.join("/");
    if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path }
}

/// `*` stands for any text. Linear but for the last star met, which is tried at every place.
fn glob_fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && pattern[p] == text[t] {
            p += 1;
            t += 1;
        } else if let Some((star_p, star_t)) = star {
            p = star_p + 1;
            t = star_t + 1;
            star = Some((star_p, t));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_endpoints_whatever_their_notation() {
        let check = |pattern: &str, path: &str, fits: bool| {
            let pattern = Pattern::new(pattern);
            assert_eq!(glob_fits(pattern.path.as_bytes(), plain(path).as_bytes()), fits, "{path}");
        };
        check("GET /health", "/health/", true);
        check("/health", "/healthy", false);
        check("/users/:id", "/users/{user_id}", true);
        check("/users/{id}/x", "/users/{id}", false);
        check("GET /static/*", "/static/a/b", true);
        check("*/login", "/api/v1/login", true);
        check("*/login", "/api/login/x", false);
        check("* *", "/", true);
        assert_eq!(Pattern::new("get /a").method.as_deref(), Some("GET"));
        assert_eq!(Pattern::new("* /a").method, None);
    }
}
