//! `go.mod` and `go.sum`.

use routeward_base::FxHashMap;

use crate::files::Cx;
use crate::{Dependency, Origin};

/// Reads `go.mod`: which versions are built with, if its `go` line says 1.17 or later; before that, what other modules
/// ask for is missing.
pub(crate) fn module(cx: &mut Cx<'_>) {
    let text = cx.text;
    let mut block = "";
    let mut replaced: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let mut words: Vec<&str> =
            code.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        match words.as_slice() {
            [] => continue,
            [")"] => {
                block = "";
                continue;
            }
            [verb, "("] => {
                block = verb;
                continue;
            }
            _ => {}
        }
        let verb = if block.is_empty() { words.remove(0) } else { block };
        match (verb, words.as_slice()) {
            ("require", [name, version]) => {
                let mut dependency = named(cx, name, version);
                dependency.is_direct = Some(!comment.trim_start().starts_with("indirect"));
                cx.add(dependency);
            }
            // Its `go` line says what language it is written in, and so is no word about what builds it.
            ("module", [name]) => cx.home(name),
            // A tool is a package of a module that is asked for.
            ("replace", _) => replaced.push(words),
            ("require", _) => {
                cx.fault(cx.place(line), "the line names no module", "write a module and its version");
            }
            _ => {}
        }
    }
    replace(cx, &replaced);
}

fn named(cx: &Cx<'_>, name: &str, version: &str) -> Dependency {
    let mut dependency = Dependency::new(cx.ecosystem, name, cx.place(name));
    dependency.version = Some(version.to_owned());
    dependency.version_place = cx.place(version);
    dependency
}

/// `old [version] => new [version]`: the new one is built with in place of the old one.
fn replace(cx: &mut Cx<'_>, lines: &[Vec<&str>]) {
    let mut known: FxHashMap<(&str, &str), (&str, Option<&str>)> = FxHashMap::default();
    for words in lines {
        let Some(arrow) = words.iter().position(|word| *word == "=>") else { continue };
        if let (Some(old), Some(new)) = (words.first(), words.get(arrow + 1)) {
            let only = words[..arrow].get(1).copied().unwrap_or("");
            known.insert((old, only), (new, words.get(arrow + 2).copied()));
        }
    }
    for id in 0..cx.listing.dependencies.len() {
        let dependency = &cx.listing.dependencies[id];
        let version = dependency.version.as_deref().unwrap_or("");
        let new = known.get(&(dependency.name.as_str(), version));
        let Some((name, version)) = new.or_else(|| known.get(&(dependency.name.as_str(), ""))).copied()
        else {
            continue;
        };
        cx.listing.dependencies[id] = match version {
            Some(version) => Dependency { is_direct: dependency.is_direct, ..named(cx, name, version) },
            None => Dependency { origin: Origin::Path, ..dependency.clone() },
        };
    }
}

/// Reads `go.sum`: modules that were looked at while versions were chosen. Those whose code was loaded have a line of
/// their own, beside that of their `go.mod`.
pub(crate) fn sums(cx: &mut Cx<'_>) {
    for line in cx.text.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(version), hash) = (words.next(), words.next(), words.next()) else {
            if !line.trim().is_empty() {
                cx.fault(cx.place(line), "the line is no sum", "run `go mod tidy`");
            }
            continue;
        };
        if !version.ends_with("/go.mod") && hash.is_some() {
            cx.add(named(cx, name, version));
        }
    }
}
