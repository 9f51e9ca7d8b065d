//! Paths relative to the root as text, and the patterns with one `*` that `exports` and `paths` share.

/// The directory of a path; the root is `""`.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// The last component.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// `relative` as seen from `dir`, or none where it leaves the root.
pub(super) fn join(dir: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `dir` and every directory above it, the root last.
pub(super) fn ancestors(dir: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(dir), |dir| if dir.is_empty() { None } else { Some(parent(dir)) })
}

/// `path` as seen from the directory `dir`, if it lies in it.
pub(super) fn below<'a>(path: &'a str, dir: &str) -> Option<&'a str> {
    if dir.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(dir)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The package of a bare specifier and the path in it: `@a/b/c` is (`@a/b`, `c`).
pub(super) fn split_package(specifier: &str) -> (&str, &str) {
    let skipped = if specifier.starts_with('@') { specifier.find('/').map_or(0, |at| at + 1) } else { 0 };
    match specifier[skipped..].find('/') {
        Some(at) => (&specifier[..skipped + at], &specifier[skipped + at + 1..]),
        None => (specifier, ""),
    }
}

/// What `*` stands for where `pattern`, which has at most one `*`, matches `text`.
pub(super) fn star<'a>(pattern: &str, text: &'a str) -> Option<&'a str> {
    match pattern.split_once('*') {
        None => (pattern == text).then_some(""),
        Some((before, after)) => text.strip_prefix(before)?.strip_suffix(after),
    }
}

/// Picks the pattern that Node and TypeScript pick: an exact one, else the one with the longest text before
/// its `*`. Returns its value and what `*` stands for.
pub(super) fn best_match<'p, 't, T>(
    patterns: impl Iterator<Item = (&'p str, T)>,
    text: &'t str,
) -> Option<(T, &'t str)> {
    let matching = patterns.filter_map(|(pattern, value)| {
        let length = pattern.find('*').unwrap_or(usize::MAX);
        Some((length, value, star(pattern, text)?))
    });
    // The first of equals, which `max_by_key` would not give.
    let best = matching.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, value, star)| (value, star))
}

/// True if a glob of workspaces (`packages/*`, `apps/**`, `tools/cli`) names the directory.
pub(super) fn is_glob_match(glob: &str, dir: &str) -> bool {
    let glob = glob.trim_start_matches("./").trim_end_matches('/');
    let parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    // `reached[i]` says that the glob up to here can match the first `i` parts.
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    for wanted in glob.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let before = std::mem::replace(&mut reached, vec![false; parts.len() + 1]);
        if wanted == "**" {
            let first = before.iter().position(|is_reached| *is_reached).unwrap_or(before.len());
            reached[first..].fill(true);
            continue;
        }
        for (i, part) in parts.iter().enumerate() {
            reached[i + 1] = before[i] && star(wanted, part).is_some();
        }
    }
    reached[parts.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_outside_the_root_is_none() {
        assert_eq!(join("a/b", "../c//./d").as_deref(), Some("a/c/d"));
        assert_eq!(join("a", "..").as_deref(), Some(""));
        assert_eq!(join("a", "../../x"), None);
    }

    #[test]
    fn globs_of_workspaces() {
        let check = |glob, dir, expected| assert_eq!(is_glob_match(glob, dir), expected, "{glob} {dir}");
        check("packages/*", "packages/a", true);
        check("./packages/*/", "packages/a", true);
        check("packages/*", "packages/a/b", false);
        check("packages/**", "packages/a/b", true);
        check("**/lib-*", "x/y/lib-z", true);
        check(".", "", true);
        check("packages/*", "packages", false);
        check("packages/plugin-*-x", "packages/plugin-q-x", true);
    }
}
