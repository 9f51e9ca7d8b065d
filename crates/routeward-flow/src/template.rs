//! Templates of pages: which file a call means, and what it is filled with.
//!
//! A template is a function of what it is filled with, and is run where a call fills it: what it puts out, loops over
//! and includes are calls, loops and calls as in any other code.

use std::rc::Rc;

use routeward_base::{FileId, normalise_path};
use routeward_catalog::{RenderRow, TemplateRow};
use routeward_ir::Role;

use crate::eval::Evaluator;
use crate::heap::{Loc, Object};
use crate::modelled::Site;
use crate::place::folder;
use crate::taint::Via;
use crate::value::{ObjId, Shape, Value};

/// The templates of a program.
#[derive(Default)]
pub(crate) struct Rendering {
    /// Those that are being filled, each included by the one before.
    running: Vec<FileId>,
    /// All of them, once they were asked for.
    files: Option<Rc<[FileId]>>,
}

/// Templates in templates are followed to this depth.
const MAX_INCLUDES: usize = 6;

impl Evaluator<'_> {
    /// A call that fills a template. Nothing happens where the template is not known, or lies outside.
    pub(crate) fn render(&mut self, row: &RenderRow, site: Site<'_>) {
        let Some(file) = self.template_meant(row, site) else { return };
        if self.rendering.running.len() >= MAX_INCLUDES || self.rendering.running.contains(&file) {
            return;
        }
        let shown = self.program.units[file].path.rsplit('/').next().unwrap_or("").to_owned();
        let via = Via::Argument(self.symbols.sym(&shown));
        let context = self.heap.object(Object::new(Some(site.place)));
        for access in &row.context {
            for value in self.access(access, site) {
                self.fill_with(context, &value, via, site);
            }
        }
        self.load(file);
        let template = self.modules[file].exports.clone();
        self.rendering.running.push(file);
        self.aside(|this| this.call(&template, &Value::UNDEFINED, &[Value::object(context)], site.place));
        self.rendering.running.pop();
    }

    /// Adds what an object has to what a template sees; of an object of a library what the program has put there.
    fn fill_with(&mut self, context: ObjId, value: &Value, via: Via, site: Site<'_>) {
        for value in value.alternatives() {
            if let Shape::Object(id) = value.shape
                && self.heap.objects[id].ty.is_some()
            {
                for (name, value) in self.heap.objects[id].fields.clone() {
                    self.heap.write(Loc::Field(context, name), Some(value));
                }
                continue;
            }
            let value = self.stepped(value.clone(), via, site.place);
            self.spread_into(context, &value);
        }
        let fields: Vec<_> = self.heap.objects[context].fields.clone();
        for (name, value) in fields {
            let value = self.stepped(value, via, site.place);
            self.heap.write(Loc::Field(context, name), Some(value));
        }
    }

    fn template_meant(&mut self, row: &RenderRow, site: Site<'_>) -> Option<FileId> {
        let files = self.template_files();
        if files.is_empty() {
            return None;
        }
        for access in &row.view {
            for value in self.access(access, site) {
                if let Shape::Str(name) = value.shape {
                    let name = self.symbols.text(name);
                    return self.template_named(&name, &files);
                }
            }
        }
        None
    }

    /// The template of that name: below the file that speaks or a folder above it, directly or in one of the folders in
    /// which engines look; else the only one whose path ends so. Its ending may be left out.
    fn template_named(&self, name: &str, files: &[FileId]) -> Option<FileId> {
        let name = normalise_path(name.trim_start_matches('/'));
        let speaking = self.rendering.running.last().copied().unwrap_or_else(|| self.speaking_file());
        let base = folder(&self.program.units[speaking].path).to_owned();
        let above =
            std::iter::successors(Some(base.as_str()), |path| (!path.is_empty()).then(|| folder(path)));
        let folders = self.index.templates.iter().flat_map(|row: &&TemplateRow| &row.folders);
        let inner: Vec<&str> = std::iter::once("").chain(folders.map(String::as_str)).collect();
        for base in above {
            for inner in &inner {
                let path = normalise_path(&format!("{base}/{inner}/{name}"));
                let found = files.iter().find(|file| is_named(&self.program.units[**file].path, &path));
                if let Some(file) = found {
                    return Some(*file);
                }
            }
        }
        let end = format!("/{name}");
        let ends = |known: &str| known.rfind(&end).is_some_and(|at| is_named(&known[at..], &end));
        let mut found = files.iter().filter(|file| ends(&self.program.units[**file].path));
        found.next().filter(|_| found.next().is_none()).copied()
    }

    fn template_files(&mut self) -> Rc<[FileId]> {
        let units = self.program.units.iter_enumerated();
        let files = || units.filter(|(_, unit)| unit.role == Role::Template).map(|(file, _)| file).collect();
        self.rendering.files.get_or_insert_with(files).clone()
    }
}

/// The path is this one, with or without an ending.
fn is_named(known: &str, path: &str) -> bool {
    known
        .strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') && !rest.contains('/'))
}
