//! Endpoints by place: files of a site whose exports answer requests, or guard those that do.

use routeward_base::{FileId, FxHashMap, FxHashSet, Idx, Span};
use routeward_catalog::{FileRouteRow, Naming, Reach, SiteRow};
use routeward_diag::Place;
use routeward_ir::{Export, Module, RegexFlags, Role, Target};

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{EventKind, Link};
use crate::heap::{Loc, OWN_PREFIX, Object};
use crate::index::version_fits;
use crate::sweep::{Live, Trace, trace_values};
use crate::value::{Closure, ObjId, Shape, Value};

/// Files that mark the root of a package.
const MANIFESTS: [&str; 3] = ["package.json", "deno.json", "deno.jsonc"];

/// Sites by their type and root.
#[derive(Default)]
pub(crate) struct Sites {
    known: FxHashMap<(String, String), Option<ObjId>>,
    listed: FxHashMap<String, Vec<String>>,
    /// Folders in which something stands before what lies in them, by type of the site and path.
    folders: FxHashMap<(String, String), ObjId>,
}

impl Trace for Sites {
    fn trace(&self, live: &mut Live) {
        let Self { known, listed: _, folders } = self;
        trace_values(known, live);
        trace_values(folders, live);
    }
}

/// What is served: site, path and method.
type Served = FxHashSet<(ObjId, String, String)>;

/// A file of a site, and the row that speaks of it.
struct Placed<'r> {
    file: FileId,
    row: &'r FileRouteRow,
    package: &'r str,
    site: ObjId,
    /// The path of the file below the row's folder, without extension.
    below: String,
    /// The path of the file below the site's root, without extension.
    below_root: String,
}

impl Evaluator<'_> {
    /// Registers what files serve by their place: guards first, then endpoints, in order of path.
    pub(crate) fn place_files(&mut self) {
        let rows: Vec<(&FileRouteRow, &str)> = self.index.file_routes.clone();
        if rows.is_empty() {
            return;
        }
        let files: Vec<FileId> = (0..self.program.units.len() as u32).map(FileId::new).collect();
        let mut placed = Vec::new();
        for file in files {
            let unit = &self.program.units[file];
            if unit.role == Role::Test || is_declaration(&unit.path) {
                continue;
            }
            for (row, package) in &rows {
                if let Some(found) = self.placed(file, row, package) {
                    placed.push(found);
                }
            }
        }
        let (mut guards, routes): (Vec<Placed<'_>>, Vec<Placed<'_>>) =
            placed.into_iter().partition(|placed| placed.row.guards);
        // What stands further out runs first.
        guards
            .sort_by_key(|placed| if placed.row.nested { placed.below_root.matches('/').count() } else { 0 });
        let mut served = Served::default();
        for placed in guards.iter().chain(&routes) {
            self.load(placed.file);
            self.place_file(placed, &mut served);
        }
        for placed in &routes {
            self.place_pages(placed, &mut served);
        }
    }

    fn placed<'r>(&mut self, file: FileId, row: &'r FileRouteRow, package: &'r str) -> Option<Placed<'r>> {
        if let Some(directive) = &row.directive
            && !has_directive(&self.program.units[file].module, directive)
        {
            return None;
        }
        let path = self.program.units[file].path.as_str();
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        for folder in &row.folder {
            for (root, below) in splits(stem, folder) {
                let name = below.rsplit('/').next().unwrap_or(below);
                let fits = (row.file.is_empty() || name == row.file)
                    && (!row.is_flat || !below.contains('/'))
                    && (row.private.is_empty()
                        || !below.split('/').any(|part| part.starts_with(row.private.as_str())));
                if !fits {
                    continue;
                }
                let Some(site) = self.site(file, root, &row.site) else { continue };
                let version = (self.program.version)(file, package);
                if !version_fits(version.as_deref(), &row.version) {
                    return None;
                }
                let below_root = stem[root.len()..].trim_start_matches('/').to_owned();
                return Some(Placed { file, row, package, site, below: below.to_owned(), below_root });
            }
        }
        None
    }

    /// The folder of the package that a file lies in.
    pub(crate) fn package_root(&mut self, file: FileId) -> String {
        let path = self.program.units[file].path.as_str();
        let list = &self.program.list;
        for (at, _) in path.char_indices().rev().filter(|(_, c)| *c == '/') {
            let folder = &path[..at];
            let listed = self.sites.listed.entry(folder.to_owned()).or_insert_with(|| list(folder));
            if listed.iter().any(|path| MANIFESTS.contains(&path.rsplit('/').next().unwrap_or(path))) {
                return folder.to_owned();
            }
        }
        String::new()
    }

    /// True for a site: what it serves is served by the framework, wherever that is.
    pub fn is_site(&self, scope: ObjId) -> bool {
        self.sites.known.values().any(|site| *site == Some(scope))
    }

    /// The innermost site of that type that the file lies in.
    pub(crate) fn site_around(&mut self, file: FileId, ty: &str) -> Option<ObjId> {
        let path = self.program.units[file].path.as_str();
        let ends = path.char_indices().rev().filter(|(_, c)| *c == '/').map(|(i, _)| &path[..i]);
        let folders: Vec<&str> = ends.chain(std::iter::once("")).collect();
        folders.into_iter().find_map(|folder| self.site(file, folder, ty))
    }

    /// The object that stands for the folder `root`, if that is a site of type `ty`.
    pub(crate) fn site(&mut self, file: FileId, root: &str, ty: &str) -> Option<ObjId> {
        let key = (ty.to_owned(), root.to_owned());
        let (site_row, package) = self.index.sites.iter().find(|(site, _)| site.r#type == ty).copied()?;
        let imports = self.program.units[file].targets.iter().any(
            |target| matches!(target, Target::Package(module) if site_row.imports.iter().any(|known| known == module)),
        );
        if let Some(site) = self.sites.known.get(&key).filter(|site| site.is_some() || !imports) {
            return *site;
        }
        let list = &self.program.list;
        let listed = self.sites.listed.entry(root.to_owned()).or_insert_with(|| list(root)).clone();
        let name_of = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let is_config = |path: &&String| {
            let name = name_of(path);
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            site_row.config.iter().any(|config| config == stem || *config == name)
        };
        let config = listed.iter().find(is_config).cloned();
        let has_manifest = listed.iter().any(|path| MANIFESTS.contains(&name_of(path).as_str()));
        let depends = || {
            let packages = std::iter::once(package).chain(site_row.packages.iter().map(String::as_str));
            packages.into_iter().any(|package| (self.program.version)(file, package).is_some())
        };
        let is_site = config.is_some() || has_manifest && (imports || depends());
        let site = is_site.then(|| {
            let mut object = Object::new(Some(Place { file, span: Span::default() }));
            object.ty = Some(self.symbols.sym(&site_row.r#type));
            self.heap.object(object)
        });
        self.sites.known.insert(key, site);
        if let (Some(site), Some(config)) = (site, config) {
            self.set_base(site, site_row, &config);
        }
        site
    }

    /// Reads the path in front of all endpoints from the site's configuration.
    fn set_base(&mut self, site: ObjId, row: &SiteRow, config: &str) {
        let file =
            self.program.units.iter_enumerated().find(|(_, unit)| unit.path == config).map(|(file, _)| file);
        let (Some(file), false) = (file, row.base.is_empty()) else { return };
        self.load(file);
        let default = self.symbols.sym("default");
        let settings = self.export(file, default, 0).unwrap_or_else(|| self.modules[file].exports.clone());
        let place = Place { file, span: Span::default() };
        let base = row.base.split('.').fold(settings, |value, name| {
            let name = self.symbols.sym(name);
            self.get(&value, name, place)
        });
        if matches!(base.shape, Shape::Str(_)) {
            let name = self.symbols.sym(OWN_PREFIX);
            self.heap.write(Loc::Field(site, name), Some(base));
        }
    }

    fn place_file(&mut self, placed: &Placed<'_>, served: &mut Served) {
        if placed.row.guards {
            return self.place_guard(placed);
        }
        if let Some(directive) = placed.row.directive.clone() {
            return self.place_directed(placed, &directive);
        }
        if !placed.row.call.is_empty() {
            return self.place_call(placed);
        }
        for (export, methods) in &placed.row.exports {
            let Some(value) = self.exported(placed.file, export) else { continue };
            // A table of functions: its members answer.
            let is_table =
                matches!(value.shape, Shape::Object(id) if self.heap.objects[id].ty.is_none())
                    && placed.row.exports.keys().any(|name| {
                        name.strip_prefix(export.as_str()).is_some_and(|rest| rest.starts_with('.'))
                    });
            if !is_table && self.place_export(placed, export, methods, &placed.row.entry, &value) {
                let path = self.path_of(placed, export).0;
                served
                    .extend(methods.split_whitespace().map(|it| (placed.site, path.clone(), it.to_owned())));
            }
        }
    }

    /// Registers the pages of a file for what nothing else serves.
    fn place_pages(&mut self, placed: &Placed<'_>, served: &mut Served) {
        let naming = placed.row.naming.unwrap_or_else(|| self.naming_of(placed));
        // A layout without a path of its own serves nothing.
        if naming == Naming::Dollars && is_pathless(&placed.below) {
            return;
        }
        for (export, methods) in &placed.row.pages {
            let path = self.path_of(placed, export).0;
            let key = |method: &str| (placed.site, path.clone(), method.to_owned());
            let is_left = |method: &&str| !served.contains(&key(method)) && !served.contains(&key("ANY"));
            let methods: Vec<&str> = methods.split_whitespace().filter(is_left).collect();
            let Some(value) = self.exported(placed.file, export).filter(|_| !methods.is_empty()) else {
                continue;
            };
            if self.place_export(placed, export, &methods.join(" "), &placed.row.page_entry, &value) {
                served.extend(methods.iter().map(|method| key(method)));
            }
        }
    }

    /// What a file exports is the argument of a call on the site.
    fn place_call(&mut self, placed: &Placed<'_>) {
        let path = self.symbols.sym(&placed.row.call);
        let this = Value::object(self.folder_of(placed));
        for export in placed.row.exports.keys() {
            let Some(value) = self.exported(placed.file, export) else { continue };
            let place = self.export_place(placed.file, export, &value);
            let args = [value];
            let site = crate::modelled::Site { path, this: Some(&this), args: &args, place };
            for matched in self.index.rows(path, &self.symbols).iter() {
                self.apply(matched, site);
            }
        }
    }

    /// The innermost folder around the file in which something stands before it; else the site.
    fn folder_of(&self, placed: &Placed<'_>) -> ObjId {
        let path = self.program.units[placed.file].path.as_str();
        let ends = path.char_indices().rev().filter(|(_, c)| *c == '/').map(|(i, _)| &path[..i]);
        let key = |folder: &str| (placed.row.site.clone(), folder.to_owned());
        ends.into_iter()
            .find_map(|folder| self.sites.folders.get(&key(folder)).copied())
            .unwrap_or(placed.site)
    }

    /// The object that stands for the folder of a file that stands before what lies in it.
    fn folder_behind(&mut self, placed: &Placed<'_>, place: Place) -> ObjId {
        let path = self.program.units[placed.file].path.as_str();
        let folder = folder(path);
        let key = (placed.row.site.clone(), folder.to_owned());
        if let Some(known) = self.sites.folders.get(&key) {
            return *known;
        }
        let outer = self.folder_of(placed);
        let mut object = Object::new(Some(place));
        object.ty = Some(self.symbols.sym(&placed.row.site));
        let inner = self.heap.object(object);
        self.sites.folders.insert(key, inner);
        let chain = vec![Link { value: Value::object(inner), place, entry: None }];
        let kind = EventKind::Attach { paths: Vec::new(), chain, reach: Reach::Later, is_exact: false };
        self.emit(outer, kind, placed.package, None, place);
        inner
    }

    /// The value of an export, or of a member of one; `None` if there is none.
    fn exported(&mut self, file: FileId, name: &str) -> Option<Value> {
        let mut parts = name.split('.');
        let first = self.symbols.sym(parts.next()?);
        let mut value = self.export(file, first, 0)?;
        let place = Place { file, span: Span::default() };
        for part in parts {
            let Shape::Object(id) = value.shape else { return None };
            let part = self.symbols.sym(part);
            self.heap.objects[id].field(part)?;
            value = self.get(&value, part, place);
        }
        (!value.is_nullish()).then_some(value)
    }

    /// Registers an export; false if it is nothing that answers.
    fn place_export(
        &mut self,
        placed: &Placed<'_>,
        export: &str,
        methods: &str,
        entry: &str,
        value: &Value,
    ) -> bool {
        // A constant or a table is no function that answers.
        if matches!(value.shape, Shape::Str(_) | Shape::Number(_) | Shape::Bool(_) | Shape::Regex(..)) {
            return false;
        }
        let at = self.export_place(placed.file, export, value);
        let (path, method) = self.path_of(placed, export);
        let paths = vec![Value::str(self.symbols.sym(&path))];
        let entry = Some(self.symbols.sym(entry));
        let chain = vec![Link { value: value.clone(), place: at, entry: None }];
        let is_scope = matches!(value.shape, Shape::Object(id) if self.scope_kind(id).is_some());
        let kind = if is_scope {
            EventKind::Attach { paths, chain, reach: Reach::Later, is_exact: false }
        } else {
            let methods = match method {
                Some(method) => vec![method],
                None => {
                    methods.split_whitespace().map(|method| method.trim_matches('-').to_owned()).collect()
                }
            };
            EventKind::Route { methods, paths, chain, made: None, schemas: Vec::new() }
        };
        self.emit(self.folder_of(placed), kind, placed.package, entry, at);
        true
    }

    /// The path that an export serves, and the method if the file's name tells it.
    fn path_of(&mut self, placed: &Placed<'_>, export: &str) -> (String, Option<String>) {
        let naming = placed.row.naming.unwrap_or_else(|| self.naming_of(placed));
        let (below, method) = if placed.row.method_suffix {
            method_suffix(&placed.below)
        } else {
            (placed.below.as_str(), None)
        };
        // A file of that name stands for its folder.
        let below = match &placed.row.file {
            file if file.is_empty() => below,
            _ => folder(below),
        };
        let path = match naming {
            Naming::Module => format!("{}.{export}", placed.below_root.replace('.', "_")),
            Naming::Brackets => format!("{}{}", placed.row.prefix, brackets(below)),
            Naming::Dollars => format!("{}{}", placed.row.prefix, dollars(below)),
        };
        (self.template_of(placed).unwrap_or(path), method)
    }

    /// The template that the file itself asks for.
    fn template_of(&mut self, placed: &Placed<'_>) -> Option<String> {
        match self.exported(placed.file, placed.row.template.as_ref()?)?.shape {
            Shape::Str(template) => Some(colons(&self.symbols.text(template))),
            _ => None,
        }
    }

    fn naming_of(&self, placed: &Placed<'_>) -> Naming {
        let sites = self.index.sites.iter();
        sites
            .into_iter()
            .find(|(site, _)| site.r#type == placed.row.site)
            .map(|(site, _)| site.naming)
            .unwrap_or_default()
    }

    /// Where an export is defined in its file.
    fn export_place(&self, file: FileId, export: &str, value: &Value) -> Place {
        if let Some(place) = self.definition(value).filter(|place| place.file == file) {
            return place;
        }
        let module = self.module(file);
        let name = export.split('.').next().unwrap_or(export);
        let span = module.exports.iter().find_map(|found| match *found {
            Export::Slot { name: known, slot } if module.text(known) == name => Some(module.slots[slot].span),
            Export::From { name: known, import, .. } if module.text(known) == name => {
                Some(module.imports[import].span)
            }
            Export::All { import } => Some(module.imports[import].span),
            _ => None,
        });
        Place { file, span: span.unwrap_or_default() }
    }

    /// Functions under a directive: exports of a file that begins with it, and single functions.
    fn place_directed(&mut self, placed: &Placed<'_>, directive: &str) {
        let module = self.module(placed.file);
        let methods = placed.row.exports.get("*").cloned().unwrap_or_default();
        if module.directives.iter().any(|name| module.text(*name) == directive) {
            for name in self.exported_names(placed.file) {
                if let Some(value) = self.exported(placed.file, &name)
                    && !matches!(value.shape, Shape::Class(_))
                    && !(matches!(value.shape, Shape::Object(id) if self.heap.objects[id].ty.is_none()))
                {
                    self.place_action(placed, &name, &methods, &value);
                }
            }
        }
        let Some(frame) = self.modules[placed.file].frame else { return };
        for (func, function) in module.functions.iter_enumerated() {
            if function.directives.iter().any(|name| module.text(*name) == directive) {
                let name =
                    function.name.map_or_else(|| "anonymous".to_owned(), |name| module.text(name).to_owned());
                let closure = Closure {
                    file: placed.file,
                    func,
                    env: frame,
                    this: None,
                    same_scope: false,
                    given: None,
                };
                let value = Value::new(Shape::Closure(self.heap.closures.push(closure)));
                self.place_action(placed, &name, &methods, &value);
            }
        }
    }

    fn place_action(&mut self, placed: &Placed<'_>, name: &str, methods: &str, value: &Value) {
        let methods = if methods.is_empty() { "-" } else { methods };
        self.place_export(placed, name, methods, &placed.row.entry, value);
    }

    fn exported_names(&self, file: FileId) -> Vec<String> {
        let module = self.module(file);
        let mut names = Vec::new();
        for export in &module.exports {
            match *export {
                Export::Slot { name, .. } | Export::From { name, .. } => {
                    names.push(module.text(name).to_owned());
                }
                Export::All { import } => {
                    if let Some(Target::File(target)) = self.program.units[file].targets.get(import)
                        && *target != file
                    {
                        names.extend(self.program.units[*target].module.exports.iter().filter_map(
                            |export| match *export {
                                Export::Slot { name, .. } => Some(self.module(*target).text(name).to_owned()),
                                _ => None,
                            },
                        ));
                    }
                }
            }
        }
        names
    }

    /// Functions that run before the endpoints of the site.
    fn place_guard(&mut self, placed: &Placed<'_>) {
        if !placed.row.call.is_empty() {
            return self.place_call(placed);
        }
        let mut chain = Vec::new();
        for export in placed.row.exports.keys() {
            if let Some(value) = self.exported(placed.file, export) {
                let at = self.export_place(placed.file, export, &value);
                for value in self.flat(vec![value]) {
                    let place = self.definition(&value).filter(|place| place.file == at.file).unwrap_or(at);
                    chain.push(Link { value, place, entry: None });
                }
                break;
            }
        }
        let Some(first) = chain.first() else { return };
        let place = first.place;
        let mut paths = Vec::new();
        let matcher = placed.row.matcher.as_ref().and_then(|matcher| self.exported(placed.file, matcher));
        if let Some(matcher) = &matcher {
            for pattern in self.flat(vec![matcher.clone()]) {
                let pattern = match pattern.shape {
                    Shape::Object(_) => {
                        let source = self.symbols.sym("source");
                        self.get(&pattern, source, place)
                    }
                    _ => pattern,
                };
                paths.push(self.pattern(&pattern));
            }
        }
        let entry = Some(self.symbols.sym(&placed.row.entry));
        if placed.row.stays && !placed.below.contains('/') {
            self.stand_behind(placed.site, &chain, entry);
        }
        let is_exact = matcher.is_some();
        let kind = EventKind::Attach { paths, chain, reach: Reach::Scope, is_exact };
        let scope = if placed.row.nested { self.folder_behind(placed, place) } else { placed.site };
        self.emit(scope, kind, placed.package, entry, place);
    }

    /// Puts functions behind a site where it is taken in: they run before what is registered after it.
    fn stand_behind(&mut self, site: ObjId, guards: &[Link], entry: Option<Sym>) {
        for event in &mut self.events {
            let EventKind::Attach { chain, reach: Reach::Later, .. } = &mut event.kind else { continue };
            if chain.iter().any(|link| matches!(link.value.shape, Shape::Object(id) if id == site)) {
                chain.extend(guards.iter().map(|link| Link { entry, ..link.clone() }));
            }
        }
    }

    /// A pattern of paths with colons and groups, as a regular expression.
    fn pattern(&self, pattern: &Value) -> Value {
        match pattern.shape {
            Shape::Str(sym) => {
                let text = self.symbols.text(sym);
                Value::new(Shape::Regex(self.symbols.sym(&as_regex(&text)), RegexFlags::default()))
            }
            _ => Value::UNKNOWN,
        }
    }
}

/// The regular expression that a path pattern stands for: `/a/:b*` becomes `^/a(?:/(?:[^/]+/)*[^/]+)?/?$`.
pub(crate) fn as_regex(pattern: &str) -> String {
    let mut regex = String::from("^");
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("/:").or_else(|| rest.strip_prefix(':')) {
            let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
            let has_slash = rest.starts_with("/:");
            rest = &after[end..];
            let mut one = "[^/]+".to_owned();
            if rest.starts_with('(') {
                let close = group_end(rest);
                one = format!("(?:{})", rest[1..].get(..close.saturating_sub(2)).unwrap_or("[^/]+"));
                rest = &rest[close..];
            }
            let slash = if has_slash { "/" } else { "" };
            let (piece, taken) = match rest.chars().next() {
                Some('*') => (format!("(?:{slash}{one}(?:/{one})*)?"), 1),
                Some('+') => (format!("{slash}{one}(?:/{one})*"), 1),
                Some('?') => (format!("(?:{slash}{one})?"), 1),
                _ => (format!("{slash}{one}"), 0),
            };
            regex.push_str(&piece);
            rest = &rest[taken..];
            continue;
        }
        if c == '(' {
            let close = group_end(rest);
            regex.push_str(&rest[..close]);
            rest = &rest[close..];
            continue;
        }
        if matches!(c, '.' | '[' | ']' | '$' | '^' | '|' | '\\') {
            regex.push('\\');
        }
        regex.push(c);
        rest = &rest[c.len_utf8()..];
    }
    regex.push_str("/?$");
    regex
}

/// The index behind the parenthesis that closes the first one.
fn group_end(text: &str) -> usize {
    let mut depth = 0_u32;
    let mut is_escaped = false;
    for (i, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The folder that a path is in; empty for one without any.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(crate) fn is_declaration(path: &str) -> bool {
    path.ends_with(".d.ts") || path.ends_with(".d.mts") || path.ends_with(".d.cts")
}

fn has_directive(module: &Module, directive: &str) -> bool {
    let is = |name: &routeward_base::Name| module.text(*name) == directive;
    module.directives.iter().any(is)
        || module.functions.iter().any(|function| function.directives.iter().any(is))
}

/// The ways to see `stem` as a root, the folder, and what lies below; the innermost root first.
pub(crate) fn splits<'s>(stem: &'s str, folder: &str) -> Vec<(&'s str, &'s str)> {
    if folder.is_empty() {
        let ends = stem.char_indices().rev().filter(|(_, c)| *c == '/');
        let inner = ends.map(|(i, _)| (&stem[..i], &stem[i + 1..]));
        return inner.chain(std::iter::once(("", stem))).collect();
    }
    let mut found = Vec::new();
    let needle = format!("{folder}/");
    let mut from = 0;
    while let Some(at) = stem.get(from..).and_then(|rest| rest.find(&needle)).map(|at| at + from) {
        if at == 0 || stem.as_bytes()[at - 1] == b'/' {
            found.push((stem[..at].trim_end_matches('/'), &stem[at + needle.len()..]));
        }
        from = at + 1;
    }
    found.reverse();
    found
}

/// The path without a last `.get`, and the method that this means.
fn method_suffix(below: &str) -> (&str, Option<String>) {
    const METHODS: &[&str] =
        &["get", "head", "post", "put", "delete", "connect", "options", "trace", "patch"];
    match below.rsplit_once('.') {
        Some((stem, suffix)) if METHODS.contains(&suffix) => (stem, Some(suffix.to_uppercase())),
        _ => (below, None),
    }
}

/// Folders are segments: the template of a path below a folder.
fn brackets(below: &str) -> String {
    let mut template = String::new();
    let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
    for (i, part) in parts.iter().enumerate() {
        let is_group = part.starts_with('(') && part.ends_with(')');
        let is_index = i + 1 == parts.len() && *part == "index";
        if is_group || part.starts_with('@') || is_index {
            continue;
        }
        template.push('/');
        template.push_str(&bracketed(part));
    }
    template
}

/// `[id]`, `[[id]]`, `[...rest]`, `[[...rest]]`, `[id=matcher]`, and text around them.
fn bracketed(part: &str) -> String {
    let mut text = String::new();
    let mut rest = part;
    while let Some(open) = rest.find('[') {
        let is_double = rest[open..].starts_with("[[");
        let close = rest[open..].find(if is_double { "]]" } else { "]" }).map(|close| close + open);
        let Some(close) = close else { break };
        let width = if is_double { 2 } else { 1 };
        text.push_str(&rest[..open]);
        let name = rest[open + width..close].split('=').next().unwrap_or("");
        let (name, mark) = match (name.strip_prefix("..."), is_double) {
            (Some(name), true) => (name, "*"),
            (Some(name), false) => (name, "+"),
            (None, true) => (name, "?"),
            (None, false) => (name, ""),
        };
        let name = if name.is_empty() { "_" } else { name };
        text.extend(["{", name, mark, "}"]);
        rest = &rest[close + width..];
    }
    text.push_str(rest);
    text
}

/// The name ends in a segment that adds nothing to the path, and is no index.
fn is_pathless(below: &str) -> bool {
    let name = below.strip_suffix("/route").unwrap_or(below);
    let last = name.rsplit(['.', '/']).next().unwrap_or(name);
    last.starts_with('_') && last != "_index"
}

/// Dots separate segments: the template of a file name, of which a folder may hold the file `route`.
fn dollars(below: &str) -> String {
    let name = below.strip_suffix("/route").or_else(|| below.strip_suffix("/index")).unwrap_or(below);
    let mut segments: Vec<String> = vec![String::new()];
    let mut depth = 0_u32;
    for c in name.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '.' | '/' | '+' if depth == 0 => {
                segments.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = segments.last_mut() {
            last.push(c);
        }
    }
    let last = segments.len() - 1;
    let mut template = String::new();
    for (i, segment) in segments.iter().enumerate() {
        if segment.is_empty() || segment.starts_with('_') || segment == "route" && i == last && i > 0 {
            continue;
        }
        template.push('/');
        template.push_str(&dollar(segment));
    }
    template
}

fn dollar(segment: &str) -> String {
    let segment = segment.strip_suffix('_').unwrap_or(segment);
    let (inner, mark) = match segment.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner, "?"),
        None => (segment, ""),
    };
    match inner.strip_prefix('$') {
        Some("") => "{splat*}".to_owned(),
        Some(name) => format!("{{{name}{mark}}}"),
        None if mark.is_empty() => inner.replace(['[', ']'], ""),
        None => format!("{{{inner}?}}"),
    }
}

/// The template of a path with `$id`, as trees of pages write it.
pub(crate) fn dollar_path(path: &str) -> String {
    let mut template = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let is_group = part.starts_with('(') && part.ends_with(')');
        if is_group || part.starts_with('_') {
            continue;
        }
        let part = part.strip_suffix('_').unwrap_or(part);
        template.push('/');
        template.push_str(&dollar_part(part));
    }
    template
}

/// `$id`, `$`, `a{$id}b`, `{-$id}`.
fn dollar_part(part: &str) -> String {
    let named = |name: &str, mark: &str| match name {
        "" => "{splat*}".to_owned(),
        name => format!("{{{name}{mark}}}"),
    };
    if let Some(name) = part.strip_prefix('$') {
        return named(name, "");
    }
    let Some((before, rest)) = part.split_once('{') else { return part.to_owned() };
    let Some((inner, after)) = rest.split_once('}') else { return part.to_owned() };
    match (inner.strip_prefix("-$"), inner.strip_prefix('$')) {
        (Some(name), _) => format!("{before}{}{after}", named(name, "?")),
        (None, Some(name)) => format!("{before}{}{after}", named(name, "")),
        (None, None) => part.to_owned(),
    }
}

/// The template of a path with `:name`, `:name*` and `*`.
fn colons(path: &str) -> String {
    let mut template = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        template.push('/');
        match part.strip_prefix(':') {
            Some(name) => {
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
                let mark = name.chars().last().filter(|c| matches!(c, '*' | '+' | '?'));
                let mark = mark.map(String::from).unwrap_or_default();
                template.extend(["{", &name[..end], &mark, "}"]);
            }
            None if part == "*" => template.push_str("{path*}"),
            None => template.push_str(part),
        }
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_become_templates() {
        assert_eq!(brackets("users/[id]/index"), "/users/{id}");
        assert_eq!(brackets("(shop)/@modal/a/[...rest]"), "/a/{rest+}");
        assert_eq!(brackets("[[lang]]/[a]-[b=int]/[[...all]]"), "/{lang?}/{a}-{b}/{all*}");
        assert_eq!(dollars("_auth.login"), "/login");
        assert_eq!(dollars("users.$id_.edit"), "/users/{id}/edit");
        assert_eq!(dollars("(lang).feed[.]xml"), "/{lang?}/feed.xml");
        assert_eq!(dollars("users.$/route"), "/users/{splat*}");
        assert_eq!(dollar_path("/_auth/(shop)/posts_/$id/$"), "/posts/{id}/{splat*}");
        assert_eq!(dollar_path("{-$lang}/file-{$name}.txt"), "/{lang?}/file-{name}.txt");
        assert_eq!(colons("/a/:id/:rest*"), "/a/{id}/{rest*}");
        assert_eq!(colons("/x/*"), "/x/{path*}");
        assert_eq!(method_suffix("users/[id].delete"), ("users/[id]", Some("DELETE".to_owned())));
    }

    #[test]
    fn patterns_become_expressions() {
        assert_eq!(as_regex("/a/:b*"), "^/a(?:/[^/]+(?:/[^/]+)*)?/?$");
        assert_eq!(as_regex("/((?!api|x\\.y).*)"), "^/((?!api|x\\.y).*)/?$");
        assert_eq!(as_regex("/:id(\\d+)/z"), "^/(?:\\d+)/z/?$");
    }

    #[test]
    fn roots_are_tried_from_the_inside() {
        assert_eq!(splits("a/app/b/app/c", "app"), [("a/app/b", "c"), ("a", "b/app/c")]);
        assert_eq!(splits("a/b", ""), [("a", "b"), ("", "a/b")]);
        assert_eq!(splits("myapp/x", "app"), []);
    }
}
