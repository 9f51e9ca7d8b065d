//! What gets into an image by the instructions that build it.

use regex_automata::meta::Regex;
use routeward_base::{FxHashSet, Span};
use routeward_formats::Node;

use crate::files::is_named;
use crate::judge::compile;
use crate::reader::{Reader, Settings};
use crate::{Around, Leak, LeakKind};

/// What the image is made of, by the number of the stage: the last one, and those that it goes on from.
fn kept(root: Node<'_>) -> FxHashSet<usize> {
    let mut stages: Vec<(String, Option<String>)> = Vec::new();
    for (name, value) in root.items().flat_map(|item| item.written().collect::<Vec<_>>()) {
        if name.scalar() != Some("FROM") {
            continue;
        }
        let words = value.scalar().unwrap_or("").split_whitespace().filter(|word| !word.starts_with("--"));
        let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
        let base = words.first().cloned().unwrap_or_default();
        let name = words.get(1).filter(|word| *word == "as").and_then(|_| words.get(2)).cloned();
        stages.push((base, name));
    }
    let mut kept = FxHashSet::default();
    let mut next = stages.len().checked_sub(1);
    while let Some(at) = next.filter(|at| kept.insert(*at)) {
        let base = &stages[at].0;
        next = stages[..at].iter().rposition(|(_, name)| name.as_ref() == Some(base));
    }
    kept
}

/// What variables are given; tells of what else gets into the image.
pub(crate) fn settings<'m>(root: Node<'_>, settings: &mut Settings<'_, 'm, '_>) -> Vec<Leak<'m>> {
    let kept = kept(root);
    let mut stages = 0_usize;
    let mut leaks = Vec::new();
    for (name, value) in root.items().flat_map(|item| item.written().collect::<Vec<_>>()) {
        let is_kept = stages.checked_sub(1).is_some_and(|stage| kept.contains(&stage));
        let around = if is_kept { Around::Stage } else { Around::Passing };
        match name.scalar().unwrap_or("") {
            "FROM" => stages += 1,
            "ENV" => {
                for (name, value) in value.entries() {
                    settings.give(name.scalar().unwrap_or(""), value, around);
                }
            }
            "ARG" => {
                let argument = if is_kept { Around::Argument } else { Around::Passing };
                for (name, value) in value.entries() {
                    match value.scalar() {
                        Some(_) => settings.give(name.scalar().unwrap_or(""), value, argument),
                        None if is_kept => leaks.extend(asked(name, settings.reader)),
                        None => {}
                    }
                }
            }
            "COPY" | "ADD" => leaks.extend(copied(value, around, settings.reader)),
            "RUN" => commands(value.span(), around, settings, &mut leaks),
            _ => {}
        }
    }
    leaks
}

fn asked<'m>(name: Node<'_>, reader: &Reader<'m>) -> Option<Leak<'m>> {
    let said = name.scalar()?;
    let role = reader.judge()?.role(said)?;
    let name_of = said.to_owned();
    Some(Leak {
        what: &role.what,
        how: LeakKind::Asked,
        span: name.span(),
        name: name_of,
        around: Around::Argument,
    })
}

/// Files that are copied, by their names.
fn copied<'m>(value: Node<'_>, around: Around, reader: &Reader<'m>) -> Vec<Leak<'m>> {
    let said = value.scalar().unwrap_or("");
    let words = said
        .split(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | ',' | '"'))
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    if words.iter().any(|word| word.starts_with("--from")) || said.contains("<<") {
        return Vec::new();
    }
    let files: Vec<&str> = words.into_iter().filter(|word| !word.starts_with("--")).collect();
    let sources = files.split_last().map_or(&[][..], |(_, sources)| sources);
    let mut found = Vec::new();
    for source in sources {
        let path = source.trim_start_matches("./").to_ascii_lowercase();
        let is_specimen = reader.rows.specimen.iter().any(|row| is_named(&row.names, &path));
        let row = reader.rows.copied.iter().find(|row| is_named(&row.names, &path));
        if let Some(row) = row.filter(|_| !is_specimen && !path.ends_with('/')) {
            let name = (*source).to_owned();
            found.push(Leak { what: &row.what, how: LeakKind::Copied, span: value.span(), name, around });
        }
    }
    found
}

/// Credentials in commands. What a variable or a mounted secret gives is none.
fn commands<'m>(span: Span, around: Around, settings: &Settings<'_, 'm, '_>, leaks: &mut Vec<Leak<'m>>) {
    let reader = settings.reader;
    let patterns: &Vec<(Regex, &'m str)> = reader.commands.get_or_init(|| {
        let rows = reader.rows.command.iter();
        rows.filter_map(|row| Some((compile(&row.pattern).ok()?, row.what.as_str()))).collect()
    });
    let Some(judge) = reader.judge() else { return };
    let text = span.of(settings.text).to_ascii_lowercase();
    for (pattern, what) in patterns {
        let mut captures = pattern.create_captures();
        pattern.captures(&text, &mut captures);
        let Some(group) = captures.get_group(1) else { continue };
        let span = Span::new(span.start + group.start as u32, span.start + group.end as u32);
        let said = settings.text.get(span.start as usize..span.end() as usize).unwrap_or("");
        if !said.is_empty() && judge.strength("", None, said).is_some() {
            leaks.push(Leak { what, how: LeakKind::Command, span, name: String::new(), around });
        }
    }
}
