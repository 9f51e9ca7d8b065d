//! Reads the files of data that code names, such as `require("./config.json")` or `open("settings.yaml")`.
//!
//! Which files these are is told by the texts of the code alone, before anything is evaluated: a file is read if a text
//! is the end of its path. That more are read than are used costs little, as they are small.

use routeward_base::{FileSystem, FxHashMap, IndexVec};
use routeward_formats::{Format, lower, read};
use routeward_ir::{Role, Unit};

use crate::decode::decode;
use crate::documents::{LANGUAGE, is_lock};
use crate::load::Lowered;
use crate::role::is_test_path;
use crate::secrets::name_of;

/// Larger files are no configuration, in bytes.
const LARGEST: u64 = 256 * 1024;
/// What an import leaves out of a name.
const LEFT_OUT: &str = ".json";

/// Reads those of `files` that a text of `units` names, is in none of them yet, and has a format that holds names and
/// values. What cannot be read is not known to the code either, and is left out. Cost: one look at each text.
pub(crate) fn load_data(fs: &dyn FileSystem, units: &[&Unit], files: &[String]) -> Vec<Lowered> {
    let named = named(units.iter().copied().filter(|unit| unit.role == Role::Source));
    let is_wanted = |path: &&String| {
        let ends = named.get(name_of(path)).map(Vec::as_slice).unwrap_or_default();
        ends.iter().any(|end| is_end(path, end)) && !is_lock(name_of(path)) && !is_test_path(path)
    };
    let is_new = |path: &&String| !units.iter().any(|unit| unit.path == **path);
    let wanted = files.iter().filter(is_wanted).filter(is_new);
    wanted.filter_map(|path| load(fs, path)).collect()
}

/// The paths that texts may be, without what leads up from a folder, by the names of files.
fn named<'u>(units: impl Iterator<Item = &'u Unit>) -> FxHashMap<String, Vec<String>> {
    let mut named: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for text in units.flat_map(|unit| unit.module.names.texts()) {
        let is_relative = text.starts_with("./") || text.starts_with("../");
        let end = text.trim_start_matches(['.', '/']);
        // A name that begins with a dot has lost it.
        let end = if text.starts_with('.') && !is_relative { text } else { end };
        let end = match format(end) {
            Some(_) => end.to_owned(),
            None if is_relative => format!("{end}{LEFT_OUT}"),
            None => continue,
        };
        let ends = named.entry(name_of(&end).to_owned()).or_default();
        if !ends.contains(&end) {
            ends.push(end);
        }
    }
    named
}

/// The format of a file that code reads names and values from.
fn format(path: &str) -> Option<Format> {
    let read = [Format::Yaml, Format::Json, Format::Toml, Format::Properties, Format::Dotenv, Format::Ini];
    Format::of(path).filter(|format| read.contains(format))
}

fn load(fs: &dyn FileSystem, path: &str) -> Option<Lowered> {
    let format = format(path)?;
    if fs.size(path).is_some_and(|size| size > LARGEST) {
        return None;
    }
    let bytes = fs.read(path).ok().filter(|bytes| bytes.len() as u64 <= LARGEST)?;
    let text = decode(path, bytes).text?;
    let read = read(format, &text);
    let unit = Unit {
        path: path.to_owned(),
        language: LANGUAGE,
        module: lower(&read.document, &text),
        targets: IndexVec::new(),
        role: Role::Data,
    };
    Some(Lowered { path: path.to_owned(), text, unit, hits: Vec::new() })
}

/// True if a path is another, or ends with it below a folder.
fn is_end(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}
