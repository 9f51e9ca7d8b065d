//! Documents that code reads: API descriptions and templates, whose modules only export what they say.

use routeward_base::{FileId, Span, normalise_path};
use routeward_catalog::{DocumentRow, EntryRow, is_one_of};
use routeward_diag::Place;
use routeward_ir::Role;

use crate::eval::Evaluator;
use crate::place::folder;
use crate::value::{Piece, Shape, Value};

/// How many references are followed one after the other.
const MAX_HOPS: u32 = 32;

impl Evaluator<'_> {
    /// What a document says that code names by a path, or in place of which it gives the value itself. A path is looked
    /// up from the folders given, each as seen from the file that speaks and from those above; of a path whose
    /// beginning is not known the end decides. Where that names none or several, and the program has only one
    /// document, it is that.
    pub(crate) fn document(&mut self, name: &Value, folders: &[Value], place: Place) -> Value {
        if let Shape::Object(id) = name.shape
            && self.heap.objects[id].ty.is_none()
        {
            return name.clone();
        }
        let Some(file) = self.document_named(name, folders) else {
            self.cut(place, "the document that is named there was not found");
            return Value::UNKNOWN;
        };
        self.document_in(file)
    }

    /// What a file of the repository says that code reads names and values from; `None` where it is not known which.
    pub(crate) fn data_in(&mut self, path: &Value) -> Option<Value> {
        let path = match path.shape {
            Shape::Str(_) | Shape::Text(_) => path.clone(),
            _ => self.path_opened(path)?,
        };
        Some(self.document_in(self.document_named(&path, &[])?))
    }

    /// The path of a file of which a value is what is in it, or the file itself.
    fn path_opened(&self, value: &Value) -> Option<Value> {
        let Shape::Object(id) = value.shape else { return None };
        let object = &self.heap.objects[id];
        let opener = self.symbols.with(object.ty?, |ty| ty.trim_end_matches("()").to_owned());
        let is_opener = self.index.openers.contains(&self.symbols.sym(&opener));
        object.args.first().filter(|_| is_opener).cloned()
    }

    /// True if the package, or that of a path below it, reads documents.
    pub(crate) fn reads_documents(&self, package: &str) -> bool {
        self.index.documents.iter().any(|row| is_one_of(&row.imports, package))
    }

    /// Starts the programs whose documents say what they do.
    pub(crate) fn start_documents(&mut self) {
        let rows: Vec<&DocumentRow> =
            self.index.documents.iter().copied().filter(|row| !row.start.is_empty()).collect();
        if rows.is_empty() {
            return;
        }
        let documents: Vec<(FileId, String)> =
            self.documents().map(|(file, path)| (file, name_of(path).to_owned())).collect();
        for (file, name) in documents {
            if self.program.units[file].role == Role::Data {
                continue;
            }
            for row in rows.iter().filter(|row| row.fits_name(&name)) {
                let path = self.symbols.sym(&row.start);
                let Some(start) = self.outlined(path) else { continue };
                let document = self.document_in(file);
                let Shape::Object(id) = document.shape else { continue };
                let has_key =
                    row.keys.iter().any(|key| self.heap.objects[id].field(self.symbols.sym(key)).is_some());
                if has_key {
                    let place = Place { file, span: Span::default() };
                    self.call(&start, &Value::UNDEFINED, &[document], place);
                }
            }
        }
    }

    /// What a file of the program exports that a document names from its own folder on, without the file's ending:
    /// `src/orders.list`. Dots may stand for slashes, and the folders at the beginning may be those of built code.
    /// Null where the file is one of another language.
    pub(crate) fn exported_by_name(&mut self, document: &Value, name: &Value) -> Value {
        let (Shape::Object(id), Shape::Str(name)) = (&document.shape, &name.shape) else {
            return Value::UNKNOWN;
        };
        let Some(place) = self.heap.objects[*id].place else { return Value::UNKNOWN };
        let name = self.symbols.text(*name);
        let Some((path, export)) = name.rsplit_once('.') else { return Value::UNKNOWN };
        let folder = folder(&self.program.units[place.file].path).to_owned();
        let found = self.source_at(&folder, path);
        let found = found.or_else(|| self.source_at(&folder, &path.replace('.', "/")));
        let language =
            found.map_or_else(|| self.language_in(&folder), |file| self.program.units[file].language);
        if language != self.language {
            return Value::new(Shape::Null);
        }
        let Some(file) = found else { return Value::UNKNOWN };
        self.load(file);
        let export = self.symbols.sym(export);
        self.member_of_module(file, export).unwrap_or(Value::UNKNOWN)
    }

    /// The file of code below a folder by its path without the ending; else the only one whose path ends so.
    fn source_at(&self, folder: &str, path: &str) -> Option<FileId> {
        let path = normalise_path(path);
        let whole = normalise_path(&format!("{folder}/{path}"));
        let sources = || {
            let units = self.program.units.iter_enumerated();
            let code = units.filter(|(_, unit)| unit.role == Role::Source);
            code.filter_map(|(file, unit)| Some((file, unit.path.rsplit_once('.')?.0)))
        };
        let is_at = |stem: &str, path: &str| {
            stem.strip_prefix(path).is_some_and(|rest| matches!(rest, "" | "/index" | "/__init__"))
        };
        if let Some((file, _)) = sources().find(|(_, stem)| is_at(stem, &whole)) {
            return Some(file);
        }
        let parts: Vec<&str> = path.split('/').collect();
        (0..parts.len()).find_map(|from| {
            let end = parts[from..].join("/");
            let ends = |stem: &str| {
                stem.strip_suffix(&end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            };
            let mut found = sources().filter(|(_, stem)| ends(stem)).map(|(file, _)| file);
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// The language of the code in a folder, or else of the program.
    fn language_in(&self, folder: &str) -> &'static str {
        let sources = || self.program.units.iter().filter(|unit| unit.role == Role::Source);
        let is_in = |path: &str| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        let first = sources().find(|unit| is_in(&unit.path)).or_else(|| sources().next());
        first.map_or("", |unit| unit.language)
    }

    /// Answers with what members of a returned object say, if the signature has such; true if it did.
    pub(crate) fn answer_by_members(&mut self, row: &EntryRow, value: &Value, place: Place) -> bool {
        if row.status_member.is_empty() {
            return false;
        }
        let (status, body) = (self.symbols.sym(&row.status_member), self.symbols.sym(&row.body_member));
        let path = self.path.clone();
        let mut has_answered = false;
        for value in value.alternatives() {
            let Shape::Object(id) = value.shape else { continue };
            let Some(status) = self.heap.objects[id].field(status) else { continue };
            // An object that was made on one way only has nothing in it as seen from another.
            let mut given = status.alternatives().iter().filter(|status| !status.is_nullish());
            let status = match given.next().map(|status| &status.shape) {
                Some(Shape::Number(number)) if given.next().is_none() => Some(*number as u16),
                _ => None,
            };
            let body = self.get(value, body, place);
            self.answer(place, status, &body, false);
            self.path = path.clone();
            has_answered = true;
        }
        has_answered
    }

    fn document_in(&mut self, file: FileId) -> Value {
        self.load(file);
        self.modules[file].exports.clone()
    }

    fn documents(&self) -> impl Iterator<Item = (FileId, &str)> {
        let units = self.program.units.iter_enumerated();
        let read = units.filter(|(_, unit)| matches!(unit.role, Role::Document | Role::Data));
        read.map(|(file, unit)| (file, unit.path.as_str()))
    }

    fn document_named(&self, name: &Value, folders: &[Value]) -> Option<FileId> {
        let known = match &name.shape {
            Shape::Str(text) => self.symbols.text(*text),
            Shape::Text(pieces) => match pieces.last() {
                Some(Piece::Text(text)) => self.symbols.text(*text),
                _ => String::new(),
            },
            _ => String::new(),
        };
        let known = known.trim_start_matches(['.', '/']);
        let base = folder(&self.program.units[self.speaking_file()].path).to_owned();
        let above =
            std::iter::successors(Some(base.as_str()), |path| (!path.is_empty()).then(|| folder(path)));
        let mut inner: Vec<String> = folders
            .iter()
            .filter_map(|folder| match folder.shape {
                Shape::Str(text) => Some(self.symbols.text(text)),
                _ => None,
            })
            .collect();
        inner.push(String::new());
        for base in above {
            for inner in &inner {
                let path = normalise_path(&format!("{base}/{inner}/{known}"));
                if let Some((file, _)) = self.documents().find(|(_, other)| *other == path) {
                    return Some(file);
                }
            }
        }
        let end = format!("/{}", normalise_path(known));
        let ending: Vec<FileId> = self
            .documents()
            .filter(|(_, path)| end.len() > 1 && path.ends_with(&end))
            .map(|it| it.0)
            .collect();
        let is_document = |file: &FileId| self.program.units[*file].role == Role::Document;
        let all: Vec<FileId> = self.documents().map(|it| it.0).filter(is_document).collect();
        match (ending.as_slice(), all.as_slice()) {
            ([file], _) => Some(*file),
            // A path that is known, and leads nowhere, is a mistake or a file that is made later.
            (_, [file]) if !matches!(name.shape, Shape::Str(_)) => Some(*file),
            _ => None,
        }
    }

    /// What a part of a document stands for: where it is a reference, what that leads to, in the same document or in
    /// another. Nothing is known of a reference that leads nowhere.
    pub(crate) fn followed(&mut self, part: &Value, key: &Value) -> Value {
        let Some(key) = self.as_key(key) else { return part.clone() };
        let mut part = part.clone();
        for _ in 0..MAX_HOPS {
            let Shape::Object(id) = part.shape else { return part };
            let object = &self.heap.objects[id];
            let Some(Shape::Str(reference)) = object.field(key).map(|value| value.shape.clone()) else {
                return part;
            };
            let Some(place) = object.place else { return Value::UNKNOWN };
            let reference = self.symbols.text(reference);
            let (file, pointer) = reference.split_once('#').unwrap_or((&reference, ""));
            let whole = if file.is_empty() {
                self.document_in(place.file)
            } else {
                let path =
                    normalise_path(&format!("{}/{file}", folder(&self.program.units[place.file].path)));
                let found = self.documents().find(|(_, other)| *other == path).map(|(file, _)| file);
                found.map_or(Value::UNKNOWN, |file| self.document_in(file))
            };
            part = self.pointed_at(&whole, pointer);
        }
        Value::UNKNOWN
    }

    /// What a JSON pointer leads to (RFC 6901).
    fn pointed_at(&mut self, whole: &Value, pointer: &str) -> Value {
        let mut value = whole.clone();
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}");
            let Shape::Object(id) = value.shape else { return Value::UNKNOWN };
            let object = &self.heap.objects[id];
            let found = match (&object.items, part.parse::<usize>()) {
                (Some(items), Ok(at)) => items.get(at),
                _ => object.field(self.symbols.sym(&part)),
            };
            value = found.cloned().unwrap_or(Value::UNKNOWN);
        }
        value
    }
}

/// The name of a file.
fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
