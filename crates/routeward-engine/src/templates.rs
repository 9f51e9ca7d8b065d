//! Reads the templates of pages in which something is put out that is not escaped, and those that include them.
//!
//! Which endings count is said by models, and mostly depends on what the code imports.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use routeward_base::{FileSystem, FxHashSet, IndexVec};
use routeward_catalog::{Models, TemplateRow};
use routeward_formats::template::{Template, read};
use routeward_ir::{Role, Unit};

use crate::asked::Asked;
use crate::decode::decode;
use crate::load::Lowered;
use crate::role::is_test_path;
use crate::secrets::name_of;

/// The language of units that are templates.
const LANGUAGE: &str = "template";

struct Known<'f> {
    path: &'f str,
    text: String,
    template: Template,
    /// Something in it may be put out as it is.
    is_meant: bool,
}

/// Reads the templates among `files` that belong to the code that asks. Those in which everything is escaped are left
/// out, unless they include others or go by the same name. Cost: each file with the ending of an engine that is used is
/// read once.
pub(crate) fn load_templates(
    fs: &dyn FileSystem,
    models: &Models,
    asked: &Asked<'_>,
    files: &[String],
    max_size: u64,
) -> Vec<Lowered> {
    let rows = rows_that_count(models, asked);
    if rows.is_empty() {
        return Vec::new();
    }
    let meant = files.par_iter().filter_map(|path| {
        let row = rows.iter().find(|row| row.fits_name(name_of(path)))?;
        if is_test_path(path) { None } else { Some((path.as_str(), *row)) }
    });
    let mut known: Vec<Known<'_>> = meant.filter_map(|(path, row)| open(fs, path, row, max_size)).collect();
    keep_what_matters(&mut known);
    known.sort_by(|a, b| a.path.cmp(b.path));
    known.into_iter().map(lowered).collect()
}

fn open<'f>(fs: &dyn FileSystem, path: &'f str, row: &TemplateRow, max_size: u64) -> Option<Known<'f>> {
    let bytes = fs.read(path).ok().filter(|bytes| bytes.len() as u64 <= max_size)?;
    let text = decode(path, bytes).text?;
    // A template that cannot be read is none: what is told of is what is seen in one.
    let template = catch_unwind(AssertUnwindSafe(|| read(row, name_of(path), &text))).ok()?;
    let is_meant = template.has_raw || row.may_not_escape && template.has_output;
    Some(Known { path, text, template, is_meant })
}

/// Leaves those that matter, those that lead to one by including it, and those that may be mistaken for one of these.
fn keep_what_matters(known: &mut Vec<Known<'_>>) {
    let stem = |path: &str| name_of(path).split('.').next().unwrap_or("").to_owned();
    let mut stems: FxHashSet<String> = FxHashSet::default();
    let mut more: Vec<String> = known.iter().filter(|it| it.is_meant).map(|it| stem(it.path)).collect();
    while !more.is_empty() {
        stems.extend(more.drain(..));
        let leads = |it: &Known<'_>| it.template.includes.iter().any(|name| stems.contains(&stem(name)));
        more = known.iter().filter(|it| leads(it)).map(|it| stem(it.path)).collect();
        more.retain(|stem| !stems.contains(stem));
    }
    known.retain(|it| stems.contains(&stem(it.path)));
}

fn lowered(known: Known<'_>) -> Lowered {
    let path = known.path.to_owned();
    let unit = Unit {
        path: path.clone(),
        language: LANGUAGE,
        module: known.template.module,
        targets: IndexVec::new(),
        role: Role::Template,
    };
    Lowered { path, text: known.text, unit, hits: Vec::new() }
}

/// The rows about templates that the code asks for.
fn rows_that_count<'m>(models: &'m Models, asked: &Asked<'_>) -> Vec<&'m TemplateRow> {
    let rows = models.files.iter().flat_map(|file| file.templates.iter().map(move |row| (file, row)));
    let counting = rows.filter(|(file, row)| asked.has(&file.language, &row.imports)).map(|(_, row)| row);
    counting.collect()
}
