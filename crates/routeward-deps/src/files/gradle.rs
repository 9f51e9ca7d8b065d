//! `gradle.lockfile`, version catalogs, and what build scripts say in so many words.

use routeward_base::{FxHashMap, Span};
use routeward_formats::{Format, Node};

use super::maven::{coordinates, put};
use super::properties::{Marks, Properties};
use crate::files::Cx;
use crate::files::tree::Pieces;
use crate::{Dependency, Scope};

/// Reads a lockfile: `group:name:version=configuration,…`. It does not tell who asks for what.
pub(crate) fn lock(cx: &mut Cx<'_>) {
    let is_build = cx.path.to_ascii_lowercase().ends_with("buildscript-gradle.lockfile");
    let text = cx.text;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
            continue;
        }
        let (name, configurations) = line.split_once('=').unwrap_or((line, ""));
        let Some(mut dependency) = coordinates(cx, name, cx.place(name)) else {
            cx.fault(cx.place(line), "the line is no package", "write the locks again (`--write-locks`)");
            continue;
        };
        let is_run = configurations.split(',').any(|name| scope(name) == Scope::Runtime);
        let is_test = is_build || !(is_run || configurations.is_empty());
        dependency.scope = if is_test { Scope::Development } else { Scope::Runtime };
        cx.add(dependency);
    }
}

/// When what a configuration holds is needed, by its name: `testImplementation`, `runtimeClasspath`.
fn scope(configuration: &str) -> Scope {
    let name = configuration.to_ascii_lowercase();
    let is_run = [
        "implementation",
        "api",
        "compile",
        "compileonly",
        "compileonlyapi",
        "runtime",
        "runtimeonly",
        "compileclasspath",
        "runtimeclasspath",
        "providedcompile",
        "providedruntime",
        "productionruntimeclasspath",
    ]
    .iter()
    .any(|ending| name.ends_with(ending));
    if is_run && !name.contains("test") && !name.contains("debug") {
        Scope::Runtime
    } else {
        Scope::Development
    }
}

/// Reads a catalog: libraries that build scripts may ask for.
pub(crate) fn catalog(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Toml);
    let Some(root) = document.root().map(Pieces::from) else { return };
    let versions = root.at(&["versions"]).index();
    for (_, value) in root.at(&["libraries"]).entries() {
        let text = |key: &str| value.text(key);
        let whole = value.value().filter(|node| node.text().is_some()).or_else(|| value.get("module"));
        let dependency =
            match (whole.and_then(|node| Some((node, node.text()?))), text("group"), value.get("name")) {
                (Some((node, said)), ..) => coordinates(cx, said, cx.inner(node, said)),
                (_, Some(group), Some(name)) => {
                    let called = format!("{group}:{}", name.text().unwrap_or(""));
                    Some(Dependency::new(cx.ecosystem, &called, cx.inner(name, name.text().unwrap_or(""))))
                }
                _ => None,
            };
        if let Some(mut dependency) = dependency {
            version(cx, &mut dependency, &value, &versions);
            cx.add(dependency);
        }
    }
    for (_, value) in root.at(&["plugins"]).entries() {
        let whole = value.value().filter(|node| node.text().is_some()).or_else(|| value.get("id"));
        let Some((node, said)) = whole.and_then(|node| Some((node, node.text()?))) else { continue };
        let (id, own) = said.split_once(':').unwrap_or((said, ""));
        let mut dependency = plugin(cx, id, cx.inner(node, id));
        if own.is_empty() {
            version(cx, &mut dependency, &value, &versions);
        } else {
            dependency.version_place = cx.inner(node, own);
            put(&mut dependency, own.to_owned());
        }
        cx.add(dependency);
    }
}

/// The package by which a plugin is looked for (Gradle documentation, "Plugin marker artifacts").
fn plugin(cx: &Cx<'_>, id: &str, place: Span) -> Dependency {
    let name = format!("{id}:{id}.gradle.plugin");
    Dependency { scope: Scope::Development, ..Dependency::new(cx.ecosystem, &name, place) }
}

/// `version = "1"`, `version.ref = "name"`, or a rich version.
fn version(
    cx: &Cx<'_>,
    dependency: &mut Dependency,
    value: &Pieces<'_>,
    versions: &FxHashMap<&str, Pieces<'_>>,
) {
    let Some(mut node) = value.get("version") else { return };
    if let Some(name) = node.get("ref").and_then(Node::text) {
        let Some(meant) = versions.get(name).and_then(Pieces::value) else { return };
        node = meant;
    }
    let rich = ["strictly", "require", "prefer"].iter().find_map(|key| node.get(key));
    let node = rich.unwrap_or(node);
    if let Some(text) = node.text() {
        dependency.version_place = cx.inner(node, text);
        put(dependency, text.to_owned());
    }
}

/// Words before a dependency in a build script, by their endings.
const CONFIGURATIONS: &[&str] = &[
    "implementation",
    "api",
    "compile",
    "compileonly",
    "compileonlyapi",
    "runtime",
    "runtimeonly",
    "classpath",
    "annotationprocessor",
    "kapt",
    "ksp",
    "developmentonly",
    "providedcompile",
    "providedruntime",
    "mavenbom",
];
/// Words that may stand between.
const WRAPPERS: &[&str] = &["platform", "enforcedplatform", "testfixtures", "dependencies", "force"];

/// Reads a build script: literals only, with names that the same file gives a literal.
pub(crate) fn script(cx: &mut Cx<'_>) {
    let text = cx.text;
    let properties = assignments(cx);
    let mut is_comment = false;
    for line in text.lines() {
        let code = code(line, &mut is_comment);
        repository(cx, code);
        let Some((configuration, rest)) = call(code) else { continue };
        let name = configuration.to_ascii_lowercase();
        if name == "id" {
            let quoted = quoted(rest);
            // Plugins of Gradle itself have names of one word.
            if let [id, rest @ ..] = quoted.as_slice()
                && id.contains('.')
            {
                let mut dependency = plugin(cx, id, cx.place(id));
                let version = rest.first().filter(|_| code.contains("version"));
                if let Some(version) = version {
                    literal(cx, &mut dependency, version, &properties);
                }
                cx.add(dependency);
            }
        } else if CONFIGURATIONS.iter().any(|ending| name.ends_with(ending)) {
            let found = called(cx, rest, &properties);
            let scope = scope(configuration);
            for dependency in found {
                cx.add(Dependency { scope, is_direct: Some(true), ..dependency });
            }
        }
    }
}

/// `url "http://…"`, `url = uri("http://…")`, `maven { url 'http://…' }`.
fn repository(cx: &mut Cx<'_>, code: &str) {
    let mut words = code.split(|c: char| !c.is_ascii_alphanumeric());
    if words.any(|word| matches!(word, "url" | "setUrl" | "maven")) {
        let addresses: Vec<&str> = quoted(code).into_iter().filter(|text| text.contains("://")).collect();
        for url in addresses {
            cx.address(url, cx.place(url));
        }
    }
}

/// Reads the repositories of a build script.
pub(crate) fn repositories(cx: &mut Cx<'_>) {
    let text = cx.text;
    let mut is_comment = false;
    for line in text.lines() {
        repository(cx, code(line, &mut is_comment));
    }
}

/// A line without comments.
fn code<'t>(line: &'t str, is_comment: &mut bool) -> &'t str {
    let line = if *is_comment {
        let Some((_, behind)) = line.split_once("*/") else { return "" };
        *is_comment = false;
        behind
    } else {
        line
    };
    let line = line.trim();
    // An address holds the marks of a comment, too.
    let end = line
        .match_indices("//")
        .map(|(at, _)| at)
        .find(|at| *at == 0 || line[..*at].ends_with([' ', '\t', ')']));
    let line = end.map_or(line, |end| &line[..end]);
    let Some(at) = line.find("/*").filter(|at| *at == 0 || line[..*at].ends_with(' ')) else { return line };
    *is_comment = !line[at..].contains("*/");
    &line[..at]
}

/// The first word of a line and what follows it.
fn call(code: &str) -> Option<(&str, &str)> {
    let code = code
        .strip_prefix("dependencies")
        .map_or(code, |rest| rest.trim_start().trim_start_matches('{').trim_start());
    let code = code
        .strip_prefix("plugins")
        .map_or(code, |rest| rest.trim_start().trim_start_matches('{').trim_start());
    // `"implementation"("…")`
    let bare = code.trim_start_matches('"');
    let end = bare.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    let (word, rest) = bare.split_at(end);
    let rest = rest.trim_start_matches('"');
    let is_call = rest.trim_start().starts_with(['(', '"', '\'', 'g', 'p', 'e', 't'])
        && rest.starts_with([' ', '(', '\t']);
    (!word.is_empty() && is_call).then_some((word, rest))
}

/// Texts between quotation marks, in order.
pub(super) fn quoted(code: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'']) {
        let mark = &rest[at..=at];
        let Some(len) = rest[at + 1..].find(mark) else { break };
        all.push(&rest[at + 1..at + 1 + len]);
        rest = &rest[at + 2 + len..];
    }
    all
}

/// What a call asks for: `'group:name:version'`, or `group: 'g', name: 'n', version: 'v'`.
fn called(cx: &Cx<'_>, rest: &str, properties: &Properties) -> Vec<Dependency> {
    if let Some((group, name)) = named(rest, "group").zip(named(rest, "name")) {
        let mut dependency = Dependency::new(cx.ecosystem, &format!("{group}:{name}"), cx.place(name));
        if let Some(version) = named(rest, "version") {
            literal(cx, &mut dependency, version, properties);
        } else if let Some((version, place)) = argument(rest, "version").and_then(|name| properties.of(name))
        {
            dependency.version_place = place;
            put(&mut dependency, version.to_owned());
        }
        return vec![dependency];
    }
    let head = rest.trim_start_matches(['(', ' ', '\t']);
    let is_wrapped = WRAPPERS.iter().any(|word| head.to_ascii_lowercase().starts_with(word));
    if !(is_wrapped || head.starts_with(['"', '\''])) {
        return Vec::new();
    }
    let texts = quoted(rest).into_iter().filter(|text| text.contains(':'));
    texts
        .filter_map(|text| {
            let bare = text.splitn(3, ':').take(2).map(str::len).sum::<usize>() + 1;
            let mut dependency = coordinates(cx, text.get(..bare)?, cx.place(&text[..bare]))?;
            let version = text.get(bare + 1..).unwrap_or("");
            literal(cx, &mut dependency, version.split([':', '@']).next().unwrap_or(""), properties);
            Some(dependency)
        })
        .collect()
}

/// The name that stands as a named argument: `version: alphaVersion`.
fn argument<'t>(rest: &'t str, name: &str) -> Option<&'t str> {
    let (_, behind) = rest.split_once(name)?;
    let behind = behind.trim_start().strip_prefix([':', '='])?.trim_start();
    behind.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).next()
}

/// The literal of a named argument: `group: 'x'`, `group = "x"`.
fn named<'t>(rest: &'t str, name: &str) -> Option<&'t str> {
    let at = rest
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|at| !rest[..*at].ends_with(|c: char| c.is_alphanumeric()))?;
    let behind = rest[at + name.len()..].trim_start().strip_prefix([':', '='])?.trim_start();
    let mark = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    behind[1..].split(mark).next()
}

/// Puts a version with the names in it resolved; nothing if one is not known.
fn literal(cx: &Cx<'_>, dependency: &mut Dependency, text: &str, properties: &Properties) {
    if text.is_empty() {
        return;
    }
    dependency.version_place = cx.place(text);
    let marks =
        if text.contains("${") { Marks { open: "${", close: "}" } } else { Marks { open: "$", close: "" } };
    if let Some((version, place)) = properties.resolve(text, marks) {
        dependency.version_place = place.unwrap_or(dependency.version_place);
        put(dependency, version);
    }
}

/// Names that the file gives a literal: `ext.name = '1'`, `def name = '1'`, `val name = "1"`, `set('name', '1')`.
fn assignments(cx: &Cx<'_>) -> Properties {
    let mut properties = Properties::default();
    for line in cx.text.lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("set(") {
            if let [name, value, ..] = quoted(rest).as_slice() {
                properties.set(name, value, cx.place(value));
            }
            continue;
        }
        let Some((name, value)) = line.split_once('=') else { continue };
        let (name, value) = (name.trim_end(), value.trim_start());
        let Some(mark) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let value = value[1..].split(mark).next().unwrap_or("");
        // The last word is the name, with what it is a part of, and in Kotlin by its quotation marks or its type.
        let name = name.split(':').next().unwrap_or(name).trim_end().trim_end_matches(['"', ']', '\'']);
        let start = name
            .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-')))
            .map_or(0, |at| at + 1);
        let name = name.get(start..).unwrap_or("");
        let short = name.rsplit('.').next().unwrap_or(name);
        for name in [name, short] {
            properties.set(name, value, cx.place(value));
        }
    }
    properties
}
