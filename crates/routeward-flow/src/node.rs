//! Trees of pages: objects that name a path and a parent, whose demands hold for what lies below.

use routeward_catalog::{NodeRow, Reach};
use routeward_diag::Place;
use routeward_ir::Role;

use crate::eval::Evaluator;
use crate::event::{EventKind, Link};
use crate::heap::Object;
use crate::modelled::Site;
use crate::place::dollar_path;
use crate::value::{ObjId, Shape, Value};

/// Longer lines of parents are cut.
const MAX_DEPTH: usize = 24;

/// An object of a tree.
struct Node<'r> {
    row: &'r NodeRow,
    package: &'r str,
    object: ObjId,
    place: Place,
    /// The folder of the package that it lies in.
    home: String,
    /// Its path, from the root where the row has an `id`, else below its parent; none for a layout without a path.
    path: Option<String>,
    parent: Option<usize>,
}

impl Node<'_> {
    /// It adds a segment to the path, or is the index of its parent.
    fn has_path(&self) -> bool {
        self.path.as_ref().is_some_and(|path| {
            let last = path.rsplit('/').next().unwrap_or(path);
            !(last.starts_with('_') || last.starts_with('(') && last.ends_with(')'))
        })
    }

    /// It is what its parent shows where nothing follows in the path.
    fn is_index_of(&self, parent: &Self) -> bool {
        let Some(path) = &self.path else { return false };
        let base = parent.path.as_deref().filter(|_| !self.row.id.is_empty()).unwrap_or("");
        self.has_path() && dollar_path(path) == dollar_path(base)
    }
}

impl<'p> Evaluator<'p> {
    /// Registers the pages and handlers of all trees that the program has built.
    pub(crate) fn place_nodes(&mut self) {
        let rows = self.index.nodes.clone();
        if rows.is_empty() {
            return;
        }
        let mut nodes = self.nodes(&rows);
        self.find_parents(&mut nodes);
        for (at, node) in nodes.iter().enumerate() {
            if let Some(parent) = node.parent {
                let chain = vec![Link { value: Value::object(node.object), place: node.place, entry: None }];
                // A path from the root holds all that stands above it.
                let below = node.path.as_ref().filter(|_| node.row.id.is_empty());
                let paths: Vec<Value> =
                    below.map(|path| Value::str(self.symbols.sym(&dollar_path(path)))).into_iter().collect();
                let kind = EventKind::Attach { paths, chain, reach: Reach::Later, is_exact: false };
                self.emit(nodes[parent].object, kind, node.package, None, node.place);
            }
            self.place_handlers(node);
            self.place_page(&nodes, at);
        }
    }

    fn nodes(&mut self, rows: &[(&'p NodeRow, &'p str)]) -> Vec<Node<'p>> {
        let types: Vec<_> = rows.iter().map(|(row, _)| self.symbols.sym(&row.r#type)).collect();
        let found: Vec<(usize, ObjId, Place)> = self
            .heap
            .objects
            .iter_enumerated()
            .filter_map(|(id, object)| {
                let at = types.iter().position(|ty| object.ty == Some(*ty))?;
                Some((at, id, object.place?))
            })
            .filter(|(_, _, place)| self.program.units[place.file].role == Role::Source)
            .collect();
        let mut nodes = Vec::with_capacity(found.len());
        for (at, object, place) in found {
            let (row, package) = rows[at];
            let access = if row.id.is_empty() { &row.path } else { &row.id };
            let path = self.read(object, place, access).into_iter().find_map(|value| match value.shape {
                Shape::Str(text) => Some(self.symbols.text(text)),
                _ => None,
            });
            let home = self.package_root(place.file);
            nodes.push(Node { row, package, object, place, home, path, parent: None });
        }
        nodes
    }

    /// The values at an access path of the call that made a node.
    fn read(&mut self, object: ObjId, place: Place, access: &str) -> Vec<Value> {
        if access.is_empty() {
            return Vec::new();
        }
        let maker = self.symbols.sym("$maker");
        let maker = self.heap.objects[object].field(maker).cloned();
        let args = self.heap.objects[object].args.clone();
        let path = self.heap.objects[object].ty.unwrap_or_else(|| self.symbols.sym(""));
        let found = self.access(access, Site { path, this: maker.as_ref(), args: &args, place });
        self.flat(found).into_iter().filter(|value| !value.is_nullish()).collect()
    }

    fn find_parents(&mut self, nodes: &mut [Node<'p>]) {
        for at in 0..nodes.len() {
            let (row, place, object) = (nodes[at].row, nodes[at].place, nodes[at].object);
            if row.is_top {
                continue;
            }
            let given = self.read(object, place, &row.parent).into_iter().find_map(|get| {
                let parent = self.call(&get, &Value::UNDEFINED, &[], place);
                let Shape::Object(id) = parent.shape else { return None };
                nodes.iter().position(|node| node.object == id)
            });
            nodes[at].parent = given.or_else(|| above(nodes, at)).filter(|parent| *parent != at);
        }
    }

    fn links(&mut self, node: &Node<'_>, access: &str, entry: &str) -> Vec<Link> {
        let entry = Some(self.symbols.sym(entry));
        let steps = self.symbols.sym("$chain");
        let mut links = Vec::new();
        for value in self.read(node.object, node.place, access) {
            // What was built up call by call stands for all its steps.
            let built = match value.shape {
                Shape::Object(id) => self.heap.objects[id].field(steps).cloned(),
                _ => None,
            };
            for value in self.flat(vec![built.unwrap_or(value)]) {
                let place = self.definition(&value).unwrap_or(node.place);
                links.push(Link { value, place, entry });
            }
        }
        links
    }

    /// The path that the endpoints of a node have in it.
    fn own_path(&self, node: &Node<'_>) -> Vec<Value> {
        let path = node.path.as_ref().filter(|_| !node.row.id.is_empty() || node.row.is_top);
        vec![Value::str(self.symbols.sym(&path.map(|path| dollar_path(path)).unwrap_or_default()))]
    }

    /// Functions that answer requests by method, and what stands before them here and below.
    fn place_handlers(&mut self, node: &Node<'_>) {
        let row = node.row;
        let before = self.links(node, &row.handler_guard, &row.handler_guard_entry);
        if !before.is_empty() {
            let kind =
                EventKind::Attach { paths: Vec::new(), chain: before, reach: Reach::Scope, is_exact: false };
            self.emit(node.object, kind, node.package, None, node.place);
        }
        let entry = Some(self.symbols.sym(&row.handler_entry));
        for value in row
            .handlers
            .iter()
            .flat_map(|access| self.read(node.object, node.place, access))
            .collect::<Vec<_>>()
        {
            let table = match value.shape {
                Shape::Object(id) if self.heap.objects[id].ty.is_none() => {
                    self.heap.objects[id].fields.clone()
                }
                // Which methods an unseen table has is not known.
                _ => vec![(self.symbols.sym("ANY"), Value::UNKNOWN)],
            };
            for (name, value) in table {
                let method = self.symbols.text(name);
                if method.chars().any(|c| !c.is_ascii_uppercase()) {
                    continue;
                }
                let place = self.definition(&value).unwrap_or(node.place);
                let mut chain = Vec::new();
                self.add_links(&value, &["middleware".to_owned(), "handler".to_owned()], place, &mut chain);
                let guard = Some(self.symbols.sym(&row.handler_guard_entry));
                let last = chain.len().saturating_sub(1);
                chain.iter_mut().take(last).for_each(|link| link.entry = guard);
                let kind = EventKind::Route {
                    methods: vec![method],
                    paths: self.own_path(node),
                    chain,
                    made: None,
                    schemas: Vec::new(),
                };
                self.emit(node.object, kind, node.package, entry, place);
            }
        }
    }

    /// The page of a node behind what it and all above it demand.
    fn place_page(&mut self, nodes: &[Node<'p>], at: usize) {
        let node = &nodes[at];
        let row = node.row;
        let page = self.read(node.object, node.place, &row.page).into_iter().next();
        let answering: Vec<Value> =
            row.handlers.iter().flat_map(|access| self.read(node.object, node.place, access)).collect();
        let get = self.symbols.sym("GET");
        let answers = !answering.is_empty()
            && (page.is_none()
                || answering.iter().any(|table| match table.shape {
                    Shape::Object(id) => self.heap.objects[id].field(get).is_some(),
                    _ => true,
                }));
        let has_index = nodes.iter().any(|other| other.parent == Some(at) && other.is_index_of(node));
        if row.page.is_empty() || answers || !node.has_path() || has_index {
            return;
        }
        let mut line = vec![at];
        while let Some(parent) = line.last().and_then(|at| nodes[*at].parent) {
            if line.contains(&parent) || line.len() > MAX_DEPTH {
                break;
            }
            line.push(parent);
        }
        let mut chain = Vec::new();
        for at in line.iter().rev() {
            let (guard, entry) = (&nodes[*at].row.guard, &nodes[*at].row.guard_entry);
            chain.extend(self.links(&nodes[*at], guard, entry));
        }
        chain.extend(self.links(node, &row.before, &row.guard_entry));
        // What is drawn matters for its name alone.
        let value = page.filter(|page| matches!(page.shape, Shape::Closure(_) | Shape::Class(_)));
        let value = value.unwrap_or_else(|| Value::object(self.heap.object(Object::new(Some(node.place)))));
        chain.push(Link { value, place: node.place, entry: None });
        let kind = EventKind::Route {
            methods: vec!["GET".to_owned()],
            paths: self.own_path(node),
            chain,
            made: None,
            schemas: Vec::new(),
        };
        let entry = Some(self.symbols.sym(&row.page_entry));
        self.emit(node.object, kind, node.package, entry, node.place);
    }
}

/// The node of the longest path above that of a node with an `id`, in the same package; else the top.
fn above(nodes: &[Node<'_>], at: usize) -> Option<usize> {
    let node = &nodes[at];
    let path = node.path.as_deref().filter(|_| !node.row.id.is_empty())?;
    let is_near = |other: &Node<'_>| other.home == node.home;
    let inner = nodes.iter().enumerate().filter(|(i, other)| {
        *i != at && is_near(other) && !other.row.id.is_empty() && !other.row.page.is_empty() && {
            let above = other.path.as_deref().unwrap_or("");
            let rest = path.strip_prefix(above).filter(|_| !above.is_empty() && !above.ends_with('/'));
            rest.is_some_and(|rest| rest.starts_with('/'))
        }
    });
    let inner = inner.max_by_key(|(_, other)| other.path.as_ref().map_or(0, String::len)).map(|(i, _)| i);
    inner.or_else(|| nodes.iter().position(|other| other.row.is_top && is_near(other)))
}
