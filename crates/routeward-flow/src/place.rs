//! Endpoints by place: files of a site whose exports answer requests, or guard those that do.

use routeward_base::{FileId, FxHashMap, Idx, Span};
use routeward_catalog::{FileRouteRow, Naming, Reach, SiteRow};
use routeward_diag::Place;
use routeward_ir::{Export, Module, Role, Target};

use crate::eval::Evaluator;
use crate::event::{EventKind, Link};
use crate::heap::{Loc, Object};
use crate::index::version_fits;
use crate::value::{Closure, ObjId, Shape, Value};

/// The name under which a site's path is stored.
const BASE: &str = "$prefix";

/// Sites by their type and root.
#[derive(Default)]
struct Sites {
    known: FxHashMap<(String, String), Option<ObjId>>,
    listed: FxHashMap<String, Vec<String>>,
}

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
        let mut sites = Sites::default();
        let files: Vec<FileId> = (0..self.program.units.len() as u32).map(FileId::new).collect();
        let mut placed = Vec::new();
        for file in files {
            let unit = &self.program.units[file];
            if unit.role == Role::Test || is_declaration(&unit.path) {
                continue;
            }
            for (row, package) in &rows {
                if let Some(found) = self.placed(file, row, package, &mut sites) {
                    placed.push(found);
                }
            }
        }
        let (guards, routes): (Vec<Placed<'_>>, Vec<Placed<'_>>) =
            placed.into_iter().partition(|placed| placed.row.guards);
        for placed in guards.iter().chain(&routes) {
            self.load(placed.file);
            self.place_file(placed);
        }
    }

    fn placed<'r>(
        &mut self,
        file: FileId,
        row: &'r FileRouteRow,
        package: &'r str,
        sites: &mut Sites,
    ) -> Option<Placed<'r>> {
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
                let Some(site) = self.site(file, root, row, sites) else { continue };
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

    /// The object that stands for the folder `root`, if that is a site of the row's type.
    fn site(&mut self, file: FileId, root: &str, row: &FileRouteRow, sites: &mut Sites) -> Option<ObjId> {
        let key = (row.site.clone(), root.to_owned());
        if let Some(site) = sites.known.get(&key) {
            return *site;
        }
        let (site_row, package) =
            self.index.sites.iter().find(|(site, _)| site.r#type == row.site).copied()?;
        let listed = sites.listed.entry(root.to_owned()).or_insert_with(|| (self.program.list)(root)).clone();
        let name_of = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let is_config = |path: &&String| {
            let name = name_of(path);
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            site_row.config.iter().any(|config| config == stem || *config == name)
        };
        let config = listed.iter().find(is_config).cloned();
        let has_manifest = listed.iter().any(|path| name_of(path) == "package.json");
        let depends = || {
            let packages = std::iter::once(package).chain(site_row.packages.iter().map(String::as_str));
            packages.into_iter().any(|package| (self.program.version)(file, package).is_some())
        };
        let is_site = config.is_some() || has_manifest && depends();
        let site = is_site.then(|| {
            let mut object = Object::new(Some(Place { file, span: Span::default() }));
            object.ty = Some(self.symbols.sym(&site_row.r#type));
            self.heap.object(object)
        });
        sites.known.insert(key, site);
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
            let name = self.symbols.sym(BASE);
            self.heap.write(Loc::Field(site, name), Some(base));
        }
    }

    fn place_file(&mut self, placed: &Placed<'_>) {
        if placed.row.guards {
            return self.place_guard(placed);
        }
        if let Some(directive) = placed.row.directive.clone() {
            return self.place_directed(placed, &directive);
        }
        for (export, methods) in placed.row.exports.clone() {
            if let Some(value) = self.exported(placed.file, &export) {
                self.place_export(placed, &export, &methods, &value);
            }
        }
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

    fn place_export(&mut self, placed: &Placed<'_>, export: &str, methods: &str, value: &Value) {
        // A constant or a table is no function that answers.
        if matches!(value.shape, Shape::Str(_) | Shape::Number(_) | Shape::Bool(_) | Shape::Regex(_)) {
            return;
        }
        let at = self.export_place(placed.file, export, value);
        let naming = placed.row.naming.unwrap_or_else(|| self.naming_of(placed));
        let (below, method) = if placed.row.method_suffix {
            method_suffix(&placed.below)
        } else {
            (placed.below.as_str(), None)
        };
        // A file of that name stands for its folder.
        let below = match &placed.row.file {
            file if file.is_empty() => below,
            _ => below.rsplit_once('/').map_or("", |(folder, _)| folder),
        };
        let path = match naming {
            Naming::Module => format!("{}.{export}", placed.below_root.replace('.', "_")),
            Naming::Brackets => format!("{}{}", placed.row.prefix, brackets(below)),
            Naming::Dollars => format!("{}{}", placed.row.prefix, dollars(below)),
        };
        let paths = vec![Value::str(self.symbols.sym(&path))];
        let entry = Some(self.symbols.sym(&placed.row.entry));
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
        self.emit(placed.site, kind, placed.package, entry, at);
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
                let closure = Closure { file: placed.file, func, env: frame, this: None, same_scope: false };
                let value = Value::new(Shape::Closure(self.heap.closures.push(closure)));
                self.place_action(placed, &name, &methods, &value);
            }
        }
    }

    fn place_action(&mut self, placed: &Placed<'_>, name: &str, methods: &str, value: &Value) {
        let methods = if methods.is_empty() { "-" } else { methods };
        self.place_export(placed, name, methods, value);
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
        let mut chain = Vec::new();
        for export in placed.row.exports.clone().keys() {
            if let Some(value) = self.exported(placed.file, export) {
                let place = self.export_place(placed.file, export, &value);
                chain.push(Link { value, place, entry: None });
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
        let is_exact = matcher.is_some();
        let kind = EventKind::Attach { paths, chain, reach: Reach::Scope, is_exact };
        self.emit(placed.site, kind, placed.package, entry, place);
    }

    /// A pattern of paths with colons and groups, as a regular expression.
    fn pattern(&self, pattern: &Value) -> Value {
        match pattern.shape {
            Shape::Str(sym) => {
                let text = self.symbols.text(sym);
                Value::new(Shape::Regex(self.symbols.sym(&as_regex(&text))))
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

fn is_declaration(path: &str) -> bool {
    path.ends_with(".d.ts") || path.ends_with(".d.mts") || path.ends_with(".d.cts")
}

fn has_directive(module: &Module, directive: &str) -> bool {
    let is = |name: &routeward_base::Name| module.text(*name) == directive;
    module.directives.iter().any(is)
        || module.functions.iter().any(|function| function.directives.iter().any(is))
}

/// The ways to see `stem` as a root, the folder, and what lies below; the innermost root first.
fn splits<'s>(stem: &'s str, folder: &str) -> Vec<(&'s str, &'s str)> {
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
