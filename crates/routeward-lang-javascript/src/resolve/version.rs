//! Versions and ranges as npm writes them, as far as finding a lowest version needs it.

/// Three numbers and a pre-release; in a range, trailing numbers may be absent or `x`.
#[derive(Clone, Copy)]
struct Partial<'a> {
    numbers: [Option<u64>; 3],
    prerelease: &'a str,
}

/// The text, if it is an exact version such as `4.17.1` or `1.0.0-beta.2`.
pub(super) fn exact(text: &str) -> Option<&str> {
    let partial = partial(text)?;
    let is_exact = text.starts_with(|ch: char| ch.is_ascii_digit()) && partial.numbers[2].is_some();
    is_exact.then_some(text)
}

/// The lowest version that `range` allows, or none where there is no lower bound: `*`, tags, URLs.
pub(super) fn lowest(range: &str) -> Option<String> {
    let alternatives: Option<Vec<_>> = plain(range)?.split("||").map(lower_bound).collect();
    let (numbers, prerelease) = alternatives?.into_iter().min_by(|a, b| order(a).cmp(&order(b)))?;
    let [major, minor, patch] = numbers;
    let dash = if prerelease.is_empty() { "" } else { "-" };
    Some(format!("{major}.{minor}.{patch}{dash}{prerelease}"))
}

/// True if a package of this repository with `version` can be what `range` asks for. Pre-releases are
/// compared by their numbers alone.
pub(super) fn allows(range: &str, version: Option<&str>) -> bool {
    let local = ["workspace:", "link:", "file:", "portal:", "catalog:"];
    if local.iter().any(|protocol| range.starts_with(protocol))
        || matches!(range.trim(), "" | "*" | "x" | "latest")
    {
        return true;
    }
    let Some(version) = version.and_then(partial) else { return false };
    let version = version.numbers.map(Option::unwrap_or_default);
    range.split("||").any(|alternative| {
        comparators(alternative).is_some_and(|all| all.iter().all(|(op, bound)| holds(op, *bound, version)))
    })
}

/// A range without the protocol before it: `npm:lodash@^4` is `^4`. None for places on disk and the web.
fn plain(range: &str) -> Option<&str> {
    let range = range.trim();
    if let Some(rest) = range.strip_prefix("npm:") {
        return Some(rest.get(1..)?.split_once('@').map_or(rest, |(_, range)| range));
    }
    let range = range.strip_prefix("workspace:").unwrap_or(range);
    (!range.contains([':', '/'])).then_some(range)
}

/// The package that an alias such as `npm:lodash@^4` means.
pub(super) fn alias(range: &str) -> Option<&str> {
    let rest = range.strip_prefix("npm:")?;
    let end = rest.get(1..)?.find('@').map_or(rest.len(), |at| at + 1);
    // `npm:^4.0.0` is berry's way to write a range of the same name.
    let name = &rest[..end];
    name.starts_with(|ch: char| ch == '@' || ch.is_ascii_alphabetic()).then_some(name)
}

type Bound<'a> = ([u64; 3], &'a str);

/// A release comes after its pre-releases.
fn order<'a>(bound: &Bound<'a>) -> ([u64; 3], bool, &'a str) {
    (bound.0, bound.1.is_empty(), bound.1)
}

fn lower_bound(alternative: &str) -> Option<Bound<'_>> {
    let comparators = comparators(alternative)?;
    let bounds = comparators.iter().filter(|(op, bound)| !op.starts_with('<') && bound.numbers[0].is_some());
    bounds
        .map(|(op, bound)| {
            let [major, minor, patch] = bound.numbers.map(Option::unwrap_or_default);
            match (*op, bound.numbers) {
                (">", [_, None, _]) => ([major.saturating_add(1), 0, 0], ""),
                (">", [_, _, None]) => ([major, minor.saturating_add(1), 0], ""),
                (">", _) => ([major, minor, patch.saturating_add(1)], ""),
                _ => ([major, minor, patch], bound.prerelease),
            }
        })
        .max_by(|a, b| order(a).cmp(&order(b)))
}

/// The comparators of one alternative, all of which must hold; none if one of them is not a version.
fn comparators(alternative: &str) -> Option<Vec<(&str, Partial<'_>)>> {
    if let Some((low, high)) = alternative.split_once(" - ") {
        return Some(vec![(">=", partial(low.trim())?), ("<=", partial(high.trim())?)]);
    }
    let mut found = Vec::new();
    let mut operator = "";
    for word in alternative.split_whitespace() {
        let version = word.trim_start_matches(['<', '>', '=', '^', '~']);
        if version.len() < word.len() {
            operator = &word[..word.len() - version.len()];
        }
        if !version.is_empty() {
            found.push((operator, partial(version)?));
            operator = "";
        }
    }
    Some(found)
}

fn holds(operator: &str, bound: Partial, version: [u64; 3]) -> bool {
    let low = bound.numbers.map(Option::unwrap_or_default);
    let given = bound.numbers.iter().take_while(|number| number.is_some()).count();
    // How many leading numbers may not change.
    let fixed = match operator {
        ">=" => return version >= low,
        ">" => return version > low,
        "<" => return version < low,
        "<=" => return version[..given] <= low[..given],
        "^" => 1 + low[..2].iter().take_while(|number| **number == 0).count(),
        op if op.starts_with('~') => 2,
        _ => 3,
    };
    let fixed = fixed.min(given);
    version >= low && version[..fixed] == low[..fixed]
}

fn partial(text: &str) -> Option<Partial<'_>> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let (version, prerelease) = text.split_once('-').unwrap_or((text, ""));
    let mut numbers = [None; 3];
    for (i, part) in version.split('.').enumerate() {
        let number = if matches!(part, "x" | "X" | "*") { None } else { Some(part.parse().ok()?) };
        *numbers.get_mut(i)? = number;
    }
    Some(Partial { numbers, prerelease })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lowest_version_of_a_range() {
        let check = |range, expected: &str| {
            assert_eq!(lowest(range).as_deref().unwrap_or("none"), expected, "{range}");
        };
        for (range, expected) in [
            ("^4.17.1", "4.17.1"),
            ("~1.2", "1.2.0"),
            ("4", "4.0.0"),
            ("4.x", "4.0.0"),
            ("v1.2.3", "1.2.3"),
            ("=1.2.3+build", "1.2.3"),
            ("^1.0.0-beta.2", "1.0.0-beta.2"),
            (">=1.2.3 <2", "1.2.3"),
            (">= 1.2.3", "1.2.3"),
            (">1.2.3", "1.2.4"),
            (">1", "2.0.0"),
            ("1.2 - 2.3", "1.2.0"),
            ("^2.1.0 || ^1.4.0", "1.4.0"),
            ("npm:lodash@^4.17.0", "4.17.0"),
            ("npm:@scope/x@1.0.0", "1.0.0"),
            ("npm:^4.17.0", "4.17.0"),
            ("workspace:^1.2.3", "1.2.3"),
        ] {
            check(range, expected);
        }
        let unknown = [
            "*",
            "",
            "latest",
            "<2",
            "^1 || *",
            "workspace:*",
            "github:a/b",
            "a/b#v1.0.0",
            "file:../x",
            "git+https://h/a.git#1.0.0",
            "1.2.3.4",
            "99999999999999999999.0.0",
            "npm:",
            "^",
        ];
        for range in unknown {
            check(range, "none");
        }
    }

    #[test]
    fn ranges_that_a_local_version_meets() {
        let check = |range, version, expected| {
            assert_eq!(allows(range, Some(version)), expected, "{range} {version}");
        };
        check("^4.17.1", "4.18.0", true);
        check("^4.17.1", "4.16.0", false);
        check("^4.17.1", "5.0.0", false);
        check("^0.2.1", "0.3.0", false);
        check("~1.2.3", "1.3.0", false);
        check("1.2.3", "1.2.3", true);
        check("1", "1.9.0", true);
        check(">=1 <3", "2.9.9", true);
        check("1.0.0 - 2", "2.5.0", true);
        check("^1 || ^2", "2.0.0", true);
        check("workspace:^", "0.0.0", true);
        check("*", "0.0.0", true);
        check("https://x/y.tgz", "1.0.0", false);
    }
}
