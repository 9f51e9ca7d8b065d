//! Settings that are read by the path to them, and maps of variables.

use routeward_formats::{Format, Node};

use crate::Around;
use crate::reader::Settings;

/// Keys of maps that are variables of an environment.
const ENVIRONMENTS: &[&str] = &["env", "environment", "variables"];

/// All scalars of a tree, by the path to each.
pub(crate) fn settings(root: Node<'_>, format: Format, settings: &mut Settings<'_, '_, '_>) {
    walk(root, "", format, settings);
}

fn walk(node: Node<'_>, path: &str, format: Format, settings: &mut Settings<'_, '_, '_>) {
    // What an alias stands for is read where it stands.
    if node.target() != node {
        return;
    }
    if let Some((name, value)) = pair(node) {
        return settings.give(&below(path, name), value, Around::Open);
    }
    for (key, value) in node.written() {
        let Some(key) = key.scalar() else { continue };
        let key = key.strip_prefix('@').filter(|_| format == Format::Xml).unwrap_or(key);
        let path = if key == "#text" { path.to_owned() } else { below(path, key) };
        if value.is_map() || value.is_list() {
            walk(value, &path, format, settings);
        } else {
            settings.give(&path, value, Around::Open);
        }
    }
    for item in node.items() {
        if item.is_map() || item.is_list() {
            walk(item, path, format, settings);
        } else if let Some((name, said, span)) = assignment(item, settings.text) {
            settings.give_text(&below(path, &name), &said, span, Around::Open);
        }
    }
}

/// `{name: …, value: …}`, and the same as attributes of an element.
fn pair(node: Node<'_>) -> Option<(&str, Node<'_>)> {
    let get = |names: &[&str]| names.iter().find_map(|name| node.get(name));
    let name = get(&["name", "key", "@name", "@key"])?.scalar()?;
    let value = get(&["value", "@value", "#text"])?;
    let few = node.written().count() <= 4;
    (few && value.scalar().is_some()).then_some((name, value))
}

/// `NAME=value` in one text, and where the value stands.
pub(crate) fn assignment(item: Node<'_>, text: &str) -> Option<(String, String, routeward_base::Span)> {
    let said = item.text()?;
    let (name, value) = said.split_once('=')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    // As it is written, up to the quotation mark.
    let span = item.span();
    let written = span.of(text);
    let at = written.find('=')? + 1;
    let rest = written[at..].trim_end_matches(['"', '\'']);
    let start = span.start + at as u32;
    Some((name.to_owned(), value.to_owned(), routeward_base::Span::new(start, start + rest.len() as u32)))
}

/// The variables of all maps that are called so, at any depth.
pub(crate) fn environments(node: Node<'_>, settings: &mut Settings<'_, '_, '_>) {
    if node.target() != node {
        return;
    }
    for (key, value) in node.written() {
        if key.scalar().is_some_and(|key| ENVIRONMENTS.contains(&key)) {
            variables(value, Around::Open, settings);
        } else {
            environments(value, settings);
        }
    }
    node.items().for_each(|item| environments(item, settings));
}

/// Variables as a map, as a list of `NAME=value`, or as a list of maps with a name and a value.
pub(crate) fn variables(node: Node<'_>, around: Around, settings: &mut Settings<'_, '_, '_>) {
    for (key, value) in node.entries() {
        let Some(name) = key.scalar() else { continue };
        let value = value.get("value").unwrap_or(value);
        settings.give(name, value, around);
    }
    for item in node.items() {
        if let Some((name, value)) = pair(item) {
            settings.give(name, value, around);
        } else if item.is_map() && item.get("name").is_none() {
            variables(item, around, settings);
        } else if let Some((name, said, span)) = assignment(item, settings.text) {
            settings.give_text(&name, &said, span, around);
        }
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
