//! Registrations that a later call changes: `router.group(body).prefix("/api").use(guard)`.
//!
//! What a call registers, or runs a function to register, stays a range of events; the object that the call gives
//! stands for it, and calls on that object put functions and paths in front of all of them, or take some out.

use std::ops::Range;

use routeward_base::FxHashMap;
use routeward_catalog::{GroupRow, ResourceRoute, ResourceRow, WrapRow};
use routeward_diag::Place;

use crate::Sym;
use crate::eval::Evaluator;
use crate::event::{EventKind, Link};
use crate::heap::Object;
use crate::modelled::Site;
use crate::sweep::{Live, Trace, trace_values};
use crate::value::{Closure, ObjId, Shape, Value};

/// Which registrations objects stand for, and the objects that libraries share.
#[derive(Default)]
pub(crate) struct Parts {
    known: FxHashMap<ObjId, Part>,
    instances: FxHashMap<(Sym, String), ObjId>,
}

impl Trace for Parts {
    fn trace(&self, live: &mut Live) {
        let Self { known, instances } = self;
        for scope in known.keys() {
            scope.trace(live);
        }
        trace_values(instances, live);
    }
}

/// Registrations that belong together.
#[derive(Clone, Default)]
struct Part {
    events: Range<usize>,
    /// Names of some of them.
    names: Vec<(usize, String)>,
    /// How many functions this part has put in front of each.
    added: FxHashMap<usize, usize>,
}

impl Evaluator<'_> {
    /// An object of type `ty` that stands for the registrations since `first`.
    pub(crate) fn part_since(
        &mut self,
        first: usize,
        names: Vec<(usize, String)>,
        ty: &str,
        place: Place,
    ) -> Value {
        let mut object = Object::new(Some(place));
        object.ty = Some(self.symbols.sym(ty));
        let id = self.heap.object(object);
        let part = Part { events: first..self.events.len(), names, added: FxHashMap::default() };
        self.parts.known.insert(id, part);
        Value::object(id)
    }

    /// Runs the function that registers a part.
    pub(crate) fn group(&mut self, row: &GroupRow, site: Site<'_>) -> Value {
        let first = self.events.len();
        for body in self.access(&row.body, site) {
            let args: Vec<Value> = site.this.cloned().into_iter().collect();
            self.call(&body, &Value::UNDEFINED, &args, site.place);
        }
        self.part_since(first, Vec::new(), &row.gives, site.place)
    }

    /// Changes the registrations that the receiver stands for.
    pub(crate) fn wrap(&mut self, row: &WrapRow, site: Site<'_>) -> Option<Value> {
        let this = site.this?;
        let Shape::Object(id) = this.shape else { return None };
        if self.run.is_some() {
            return Some(this.clone());
        }
        let mut part = self.parts.known.get(&id)?.clone();
        let names = |this: &mut Self, access: &[String]| {
            let values = access.iter().flat_map(|access| this.access(access, site)).collect();
            let values = this.flat(values);
            values
                .iter()
                .filter_map(|value| this.as_key(value))
                .map(|key| this.symbols.text(key))
                .collect::<Vec<_>>()
        };
        let only = (!row.only.is_empty())
            .then(|| names(self, std::slice::from_ref(&row.only)))
            .filter(|names| names.iter().all(|name| name != "*"));
        let keep = (!row.keep.is_empty()).then(|| names(self, &row.keep));
        let drop = names(self, &row.drop);
        let prefix =
            if row.prefix.is_empty() { None } else { self.access(&row.prefix, site).into_iter().next() };
        let links = self.wrapping_links(row, site);
        for index in part.events.clone() {
            let name = part.names.iter().find(|(of, _)| *of == index).map(|(_, name)| name.clone());
            let is_in = |names: &[String]| name.as_ref().is_some_and(|name| names.contains(name));
            if only.as_ref().is_some_and(|names| !is_in(names)) {
                continue;
            }
            let is_out = keep.as_ref().is_some_and(|names| !is_in(names)) || is_in(&drop);
            let at = part.added.entry(index).or_default();
            self.wrap_event(index, is_out, prefix.as_ref(), &links, *at);
            *at += links.len();
        }
        self.parts.known.insert(id, part);
        Some(this.clone())
    }

    fn wrap_event(&mut self, index: usize, is_out: bool, prefix: Option<&Value>, links: &[Link], at: usize) {
        let Some(EventKind::Route { methods, paths, chain, made, .. }) =
            self.events.get_mut(index).map(|event| &mut event.kind)
        else {
            return;
        };
        if is_out {
            methods.clear();
        }
        let at = at.min(if made.is_some() { chain.len() } else { chain.len().saturating_sub(1) });
        chain.splice(at..at, links.iter().cloned());
        let Some(prefix) = prefix else { return };
        let old = std::mem::take(paths);
        let new = old.iter().map(|path| self.prefixed(Some(prefix), path)).collect();
        if let Some(EventKind::Route { paths, .. }) = self.events.get_mut(index).map(|event| &mut event.kind)
        {
            *paths = new;
        }
    }

    fn wrapping_links(&mut self, row: &WrapRow, site: Site<'_>) -> Vec<Link> {
        if row.chain.is_empty() {
            return Vec::new();
        }
        let entry = row.entry.as_ref().map(|entry| self.symbols.sym(entry));
        let mut links = Vec::new();
        for (value, place) in self.access_with_places(&row.chain, site) {
            for value in self.flat(vec![value]) {
                let value = self.module_of(&value, place);
                links.push(Link { value, place, entry });
            }
        }
        links
    }

    /// What a function that only loads a module gives: the class that the module exports.
    pub(crate) fn module_of(&mut self, value: &Value, place: Place) -> Value {
        let given = match value.shape {
            Shape::Closure(_) if self.declared_params(value) == Some(0) => {
                self.call(value, &Value::UNDEFINED, &[], place)
            }
            _ => value.clone(),
        };
        let given = self.default_of(given, place);
        if matches!(given.shape, Shape::Class(_)) { given } else { value.clone() }
    }

    /// The method that a list of a class and a name stands for.
    pub(crate) fn named_method(&mut self, value: &Value, default: &str, place: Place) -> Option<Value> {
        // `"UsersController.index"`: which file it means is for the framework to say.
        if matches!(value.shape, Shape::Str(_)) {
            return Some(Value::UNKNOWN);
        }
        let items = self.known_elements(value)?;
        let (class, name) = match items.as_slice() {
            [class] => (class, self.symbols.sym(default)),
            [class, Value { shape: Shape::Str(name), .. }] => (class, *name),
            _ => return None,
        };
        Some(self.method_of(class, name, place))
    }

    /// A method of an instance of a class; unknown where the class is not seen.
    fn method_of(&mut self, class: &Value, name: Sym, place: Place) -> Value {
        let class = self.module_of(class, place);
        let Shape::Class(id) = class.shape else { return Value::UNKNOWN };
        let Some(method) = self.method(id, name, false) else { return Value::UNKNOWN };
        let Shape::Closure(code) = method.shape else { return method };
        let this = self.construct(&class, &[], place);
        let bound = Closure { this: Some(this), ..self.closure_of(code).clone() };
        Value::new(Shape::Closure(self.heap.closures.push(bound)))
    }

    /// The handler of an endpoint that a library makes for a class of the program.
    pub(crate) fn resource_handler(
        &mut self,
        row: &ResourceRow,
        route: &ResourceRoute,
        site: Site<'_>,
    ) -> Vec<Link> {
        if row.class.is_empty() {
            return Vec::new();
        }
        let Some(class) = self.access(&row.class, site).into_iter().next() else { return Vec::new() };
        let name = self.symbols.sym(&route.handler);
        vec![Link { value: self.method_of(&class, name, site.place), place: site.place, entry: None }]
    }

    /// The template of a resource below others: `a.b` with the parameter `:$_id` is `a/:a_id/b`.
    pub(crate) fn nested(&mut self, parent: &str, path: &Value) -> Value {
        let Shape::Str(text) = path.shape else { return path.clone() };
        let text = self.symbols.text(text);
        let mut segments: Vec<String> = Vec::new();
        let names: Vec<&str> = text.split('.').collect();
        for (i, name) in names.iter().enumerate() {
            segments.push((*name).to_owned());
            if i + 1 < names.len() {
                let last = name.rsplit('/').next().unwrap_or(name);
                segments.push(parent.replace('$', &singular(last).replace('-', "_")));
            }
        }
        Value::str(self.symbols.sym(&segments.join("/")))
    }

    /// The object that a path of a library stands for in the program of a file: all of its files share it.
    pub(crate) fn shared_instance(&mut self, path: Sym, place: Place) -> Option<Value> {
        let ty = self.index.instance_of(path)?;
        let marks = self.index.types.get(&ty).map_or(&[][..], |row| row.instance_roots.as_slice());
        let key = (path, self.root_of(place, marks));
        if let Some(known) = self.parts.instances.get(&key) {
            return Some(Value::object(*known));
        }
        let mut object = Object::new(Some(place));
        object.ty = Some(ty);
        let id = self.heap.object(object);
        self.parts.instances.insert(key, id);
        Some(Value::object(id))
    }

    /// The objects that a path stands for in the programs of a folder and those below it.
    pub(crate) fn instances_in(&self, path: Sym, folder: &str) -> Vec<ObjId> {
        let is_in = |root: &str| {
            folder.is_empty()
                || root.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let known = self.parts.instances.iter();
        let mut found: Vec<(&str, ObjId)> = known
            .filter(|((known, root), _)| *known == path && is_in(root))
            .map(|((_, root), id)| (root.as_str(), *id))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// The innermost folder around a file that holds one of the files named; `.` is the folder itself.
    fn root_of(&self, place: Place, marks: &[String]) -> String {
        let mut folder = self.program.units[place.file].path.as_str();
        if marks.iter().any(|mark| mark == ".") {
            return folder.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned());
        }
        while let Some((outer, _)) = folder.rsplit_once('/') {
            folder = outer;
            let listed = (self.program.list)(folder);
            if listed.iter().any(|path| marks.iter().any(|mark| path.rsplit('/').next() == Some(mark))) {
                return folder.to_owned();
            }
        }
        String::new()
    }
}

/// The singular of an English plural, as far as endings tell.
fn singular(word: &str) -> String {
    for (plural, one) in
        [("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("ss", "ss"), ("s", "")]
    {
        if let Some(stem) = word.strip_suffix(plural) {
            return format!("{stem}{one}");
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singulars_follow_the_ending() {
        for (plural, one) in [
            ("posts", "post"),
            ("categories", "category"),
            ("boxes", "box"),
            ("class", "class"),
            ("data", "data"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
