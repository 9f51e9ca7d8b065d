//! Images of containers: what they are made from (`FROM`), and which ones are run (`image:`).

use routeward_base::{FxHashMap, FxHashSet, Span};
use routeward_formats::{Format, Node};

use crate::files::Cx;
use crate::{Dependency, Ecosystem, Scope};

/// Other addresses of the library that names without an address are in.
const LIBRARY: &[&str] = &[
    "docker.io/",
    "index.docker.io/",
    "registry.hub.docker.com/",
    "registry-1.docker.io/",
    "mirror.gcr.io/",
    "public.ecr.aws/docker/",
];

/// A stage: what it begins with, as written and with variables filled in, and its name.
struct Stage<'d> {
    base: String,
    written: &'d str,
    name: String,
    node: Node<'d>,
}

/// Reads the instructions that build an image. Bases of the last stage, and of what that goes on from, are needed where the
/// program runs; those of others where it is built.
pub(crate) fn instructions(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Dockerfile);
    let Some(root) = document.root() else { return };
    let mut arguments: FxHashMap<String, Option<String>> = FxHashMap::default();
    let mut stages: Vec<Stage<'_>> = Vec::new();
    for (name, value) in root.items().flat_map(|item| item.written().collect::<Vec<_>>()) {
        match name.scalar() {
            // Only what stands before the first stage is known in `FROM` (reference of Dockerfile, "ARG and FROM").
            Some("ARG") if stages.is_empty() => {
                for (name, value) in value.entries() {
                    let default = value.scalar().and_then(|text| filled(text, &arguments));
                    arguments.insert(name.scalar().unwrap_or("").to_owned(), default);
                }
            }
            Some("FROM") => stages.extend(stage(value, &arguments)),
            _ => {}
        }
    }
    let mut kept = FxHashSet::default();
    let mut next = stages.len().checked_sub(1);
    while let Some(at) = next.filter(|at| kept.insert(*at)) {
        next = stages[..at].iter().rposition(|stage| stage.name == stages[at].base.to_ascii_lowercase());
    }
    for (at, stage) in stages.iter().enumerate() {
        let is_own = stages[..at].iter().any(|other| other.name == stage.base.to_ascii_lowercase());
        if !is_own {
            let scope = if kept.contains(&at) { Scope::Runtime } else { Scope::Development };
            add(cx, &stage.base, (stage.node, stage.written), scope);
        }
    }
}

/// `--platform=… BASE AS NAME`; a base that is not known is left empty.
fn stage<'d>(node: Node<'d>, arguments: &FxHashMap<String, Option<String>>) -> Option<Stage<'d>> {
    let mut words = node.scalar()?.split_whitespace().filter(|word| !word.starts_with("--"));
    let written = words.next()?;
    let base = filled(written, arguments).unwrap_or_default();
    let is_named = words.next().is_some_and(|word| word.eq_ignore_ascii_case("as"));
    let name = words.next().filter(|_| is_named).unwrap_or("").to_ascii_lowercase();
    Some(Stage { base, written, name, node })
}

/// A text with its variables filled in: `$NAME`, `${NAME}`, `${NAME:-default}`; none where one is not known.
fn filled(text: &str, arguments: &FxHashMap<String, Option<String>>) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        filled.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (name, default) = if let Some(inner) = rest.strip_prefix('{') {
            let (inside, behind) = inner.split_once('}')?;
            rest = behind;
            let end = inside.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inside.len());
            let operator = &inside[end..];
            let default = operator.strip_prefix(":-").or_else(|| operator.strip_prefix('-'));
            if !operator.is_empty() && default.is_none() {
                return None;
            }
            (&inside[..end], default)
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let name = &rest[..end];
            rest = &rest[end..];
            (name, None)
        };
        let known = arguments.get(name).cloned().flatten().filter(|value| !value.is_empty());
        filled.push_str(&known.or_else(|| default.map(str::to_owned))?);
    }
    filled.push_str(rest);
    // What is left was a default with variables of its own.
    (!filled.contains(['$', '{'])).then_some(filled)
}

/// Reads which images the services of one machine are. What is built beside it is told where it is built.
pub(crate) fn compose(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Yaml);
    let Some(root) = document.root() else { return };
    let services = root.get("services").unwrap_or(root);
    for (_, service) in services.entries() {
        if service.get("build").is_none() {
            run(cx, service.get("image"), Scope::Optional);
        }
    }
}

/// Reads which images the jobs of a pipeline run in.
pub(crate) fn pipeline(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Yaml);
    let Some(root) = document.root() else { return };
    let jobs = root.entries();
    for job in [root].into_iter().chain(jobs.iter().map(|(_, job)| *job)) {
        run(cx, job.get("image"), Scope::Development);
        for service in job.get("services").into_iter().flat_map(Node::items) {
            run(cx, Some(service), Scope::Development);
        }
    }
}

/// `image: NAME`, or a map with a `name`, or with an `image`.
pub(super) fn run(cx: &mut Cx<'_>, node: Option<Node<'_>>, scope: Scope) {
    let Some(node) = node else { return };
    let named = ["name", "image"].iter().find_map(|key| node.get(key));
    let node = named.unwrap_or(node);
    let Some(written) = node.text() else { return };
    if let Some(image) = filled(written, &FxHashMap::default()) {
        add(cx, &image, (node, written), scope);
    }
}

/// An image as it is asked for: `registry/name:tag@digest`; and where and how that is written.
pub(super) fn add(cx: &mut Cx<'_>, image: &str, (node, written): (Node<'_>, &str), scope: Scope) {
    let (tagged, _) = image.split_once('@').unwrap_or((image, ""));
    // A colon in front of a slash is that of a port.
    let (name, tag) = tagged.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((tagged, ""));
    let library = LIBRARY.iter().find_map(|address| name.strip_prefix(address)).unwrap_or(name);
    let bare = library.strip_prefix("library/").unwrap_or(library);
    if bare.is_empty() || bare == "scratch" || bare.contains(char::is_whitespace) {
        return;
    }
    let place = |part: &str| first(cx, node, if written.contains(part) { part } else { written });
    let mut dependency = Dependency::new(Ecosystem::Image, bare, place(name));
    dependency.is_direct = Some(true);
    tag.clone_into(&mut dependency.requirement);
    dependency.version_place = place(tagged);
    dependency.scope = scope;
    cx.add(dependency);
}

/// Where a part of what a node says stands, or else its first line.
fn first(cx: &Cx<'_>, node: Node<'_>, part: &str) -> Span {
    let span = cx.inner(node, part);
    let line = span.of(cx.text).lines().next().unwrap_or("");
    Span::new(span.start, span.start + line.len() as u32)
}
