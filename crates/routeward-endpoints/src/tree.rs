//! The route tree, laid out in the order in which a request meets its parts.
//!
//! A scope is an object that endpoints are registered on; mounting puts one scope into another. Walking from a
//! root scope, each mount in its place, gives for every root the list of registrations as a request meets them,
//! with full paths. Which of them run for an endpoint follows from position, path and reach alone.

use std::rc::Rc;

use routeward_base::{FxHashMap, FxHashSet};
use routeward_catalog::{PathStyle, Reach, ScopeKind, Speech};
use routeward_diag::Place;
use routeward_flow::{Evaluator, EventKind, Link, Made, ObjId, Shape, SubjectId, Sym, Value};

use crate::path::{Segment, Template};

/// A registration with its full path.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The full template; for an attachment what it covers.
    pub path: Template,
    /// What runs.
    pub chain: Vec<Link>,
    /// What it is.
    pub kind: ItemKind,
    /// The scopes around it, outermost first.
    pub scopes: Rc<[ObjId]>,
    /// The innermost scope around it that keeps its attachments to itself.
    pub capsule: Option<ObjId>,
    /// The undecided conditions it stands under.
    pub conditions: Rc<[(Place, bool)]>,
    /// The call.
    pub place: Place,
    /// The package whose model recognised it.
    pub package: String,
    /// The entry signature.
    pub entry: Option<Sym>,
    /// The scope is not seen to be mounted anywhere.
    pub is_orphan: bool,
    /// The endpoint that decorators declare.
    pub subject: Option<SubjectId>,
    /// For an attachment: the only methods it covers; none for all.
    pub methods: Vec<String>,
    /// For an operation: the path at which requests for it arrive, if that was seen.
    pub address: Option<String>,
    /// For an attachment: what it leaves out.
    pub except: Rc<[(Option<String>, Template)]>,
    /// The name by which the tables of the program speak of the handler.
    pub handler_name: Option<Rc<str>>,
}

/// What a registration is.
#[derive(Clone, Debug)]
pub(crate) enum ItemKind {
    /// An endpoint.
    Route { method: String, made: Option<Made>, schemas: Vec<(String, Place)> },
    /// Functions that run before others.
    Attach { reach: Reach, is_exact: bool },
}

/// All items of each root, in the order a request meets them.
pub(crate) fn lay_out(evaluator: &Evaluator<'_>) -> Vec<Vec<Item>> {
    let mut by_scope: FxHashMap<ObjId, Vec<usize>> = FxHashMap::default();
    for (i, event) in evaluator.events.iter().enumerate() {
        by_scope.entry(event.scope).or_default().push(i);
    }
    let mut walker = Walker { evaluator, by_scope, mounted: FxHashSet::default() };
    walker.find_mounts();
    let mut roots: Vec<(usize, ObjId)> =
        walker.by_scope.iter().map(|(scope, events)| (events[0], *scope)).collect();
    roots.sort_by_key(|(first, _)| *first);
    let mut lists: Vec<Vec<Item>> = Vec::new();
    let mut met: FxHashSet<Place> = FxHashSet::default();
    for (first, scope) in roots {
        if walker.mounted.contains(&scope) {
            continue;
        }
        let is_orphan = walker.kind(scope) == Some(ScopeKind::Part);
        let mut items = Vec::new();
        let root = Template::parse("", PathStyle::Strict);
        walker.walk(
            scope,
            &root,
            &mut Around {
                scopes: Vec::new(),
                capsule: None,
                conditions: Vec::new(),
                is_orphan,
                address: None,
                version: None,
            },
            &mut items,
        );
        // An application that only a factory makes, out of the registrations of one that is started: the same again.
        let is_again = first >= evaluator.started && items.iter().all(|item| met.contains(&item.place));
        if !is_again {
            met.extend(items.iter().map(|item| item.place));
            lists.push(items);
        }
    }
    lists
}

struct Walker<'a, 'p> {
    evaluator: &'a Evaluator<'p>,
    by_scope: FxHashMap<ObjId, Vec<usize>>,
    mounted: FxHashSet<ObjId>,
}

struct Around {
    scopes: Vec<ObjId>,
    capsule: Option<ObjId>,
    conditions: Vec<(Place, bool)>,
    is_orphan: bool,
    /// The path that the innermost scope with one says it is reached at.
    address: Option<Template>,
    /// The version that the innermost scope with one says its endpoints have.
    version: Option<String>,
}

impl Walker<'_, '_> {
    fn kind(&self, scope: ObjId) -> Option<ScopeKind> {
        self.evaluator.scope_kind(scope)
    }

    fn find_mounts(&mut self) {
        for event in &self.evaluator.events {
            let (EventKind::Attach { chain, .. } | EventKind::Route { chain, .. }) = &event.kind;
            for link in chain {
                for child in scopes_in(self.evaluator, &link.value) {
                    if child != event.scope {
                        self.mounted.insert(child);
                    }
                }
            }
        }
    }

    fn walk(&self, scope: ObjId, prefix: &Template, around: &mut Around, items: &mut Vec<Item>) {
        if around.scopes.contains(&scope) || around.scopes.len() > 24 || items.len() > 50_000 {
            return;
        }
        let style = self.evaluator.path_style(scope);
        let own = self.evaluator.own_prefix(scope);
        let prefix = match own {
            Some(own) => Template::of(self.evaluator, &own, style).below(prefix),
            None => prefix.clone(),
        };
        let is_outermost = style == PathStyle::Dotted
            && !around.scopes.iter().any(|outer| self.evaluator.path_style(*outer) == PathStyle::Dotted);
        let prefix = if is_outermost { prefix.without_rest() } else { prefix };
        let address = around.address.clone();
        if let Some(own) = self.evaluator.address(scope) {
            around.address = Some(Template::of(self.evaluator, &own, PathStyle::Strict));
        }
        let version = around.version.clone();
        around.version = self.evaluator.version_of(scope).or(around.version.take());
        around.scopes.push(scope);
        let capsule = around.capsule;
        if self.evaluator.encapsulates(scope) {
            around.capsule = Some(scope);
        }
        for index in self.by_scope.get(&scope).map_or(&[][..], Vec::as_slice) {
            let event = &self.evaluator.events[*index];
            let kept = around.conditions.len();
            around.conditions.extend(
                event
                    .conditions
                    .iter()
                    .copied()
                    .filter(|c| !around.conditions.contains(c))
                    .collect::<Vec<_>>(),
            );
            match &event.kind {
                EventKind::Route { methods, paths, chain, made, schemas } => {
                    for path in spread(paths) {
                        let template = Template::of(self.evaluator, &path, style).below(&prefix);
                        if self.is_mount(chain) {
                            let template = template.without_rest();
                            self.mount(event, &template, chain, Reach::Later, false, around, items);
                            continue;
                        }
                        for method in methods {
                            let kind = ItemKind::Route {
                                method: method.clone(),
                                made: made.clone(),
                                schemas: schemas.clone(),
                            };
                            items.push(self.item(event, template.clone(), chain.clone(), kind, around));
                        }
                    }
                }
                EventKind::Attach { paths, chain, reach, is_exact } => {
                    let paths = if paths.is_empty() { vec![Value::UNDEFINED] } else { spread(paths) };
                    for path in paths {
                        let template = Template::of(self.evaluator, &path, style).below(&prefix);
                        self.mount(event, &template, chain, *reach, *is_exact, around, items);
                    }
                }
            }
            around.conditions.truncate(kept);
        }
        around.capsule = capsule;
        around.address = address;
        around.version = version;
        around.scopes.pop();
    }

    /// Mounts what a chain attaches, or what it hands requests for a route on to.
    #[expect(clippy::too_many_arguments, reason = "the parts of one attachment")]
    fn mount(
        &self,
        event: &routeward_flow::Event,
        template: &Template,
        chain: &[Link],
        reach: Reach,
        is_exact: bool,
        around: &mut Around,
        items: &mut Vec<Item>,
    ) {
        // A chain is met element by element: functions before a child scope run before its endpoints.
        let mut pending: Vec<Link> = Vec::new();
        for link in chain {
            let children = scopes_in(self.evaluator, &link.value);
            if children.is_empty() {
                pending.push(link.clone());
                continue;
            }
            self.flush(event, template, &mut pending, reach, is_exact, around, items);
            let kept = around.conditions.len();
            if link.value.may_be_missing() {
                around.conditions.push((link.place, true));
            }
            for child in children {
                self.walk(child, template, around, items);
            }
            around.conditions.truncate(kept);
        }
        self.flush(event, template, &mut pending, reach, is_exact, around, items);
    }

    /// The last function of a route is a scope, which answers.
    fn is_mount(&self, chain: &[Link]) -> bool {
        chain.last().is_some_and(|link| !scopes_in(self.evaluator, &link.value).is_empty())
    }

    /// The template of a route, and if it is an operation the path at which requests for it arrive: the one that a
    /// scope around it names, or where it is mounted. A field is named in the body, a procedure by the path.
    fn addressed(&self, mut path: Template, around: &Around) -> (Template, Option<String>) {
        let Some(name) = path.operation.clone() else { return (path, None) };
        let is_placed = |scope: &ObjId| self.evaluator.path_style(*scope) != PathStyle::Dotted;
        let is_mounted = !around.is_orphan && around.scopes.iter().any(is_placed);
        let at = around.address.clone().or_else(|| is_mounted.then(|| path.clone()));
        if around.scopes.last().is_some_and(|scope| self.evaluator.speech(*scope) == Speech::Graphql) {
            return (path, at.map(|at| format!("{}#{name}", at.print())));
        }
        let segment = Segment::Text(name);
        path.segments.push(segment.clone());
        let at = at.map(|mut at| {
            at.segments.push(segment);
            at.print()
        });
        (path, at)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one attachment")]
    fn flush(
        &self,
        event: &routeward_flow::Event,
        template: &Template,
        pending: &mut Vec<Link>,
        reach: Reach,
        is_exact: bool,
        around: &Around,
        items: &mut Vec<Item>,
    ) {
        if !pending.is_empty() {
            let kind = ItemKind::Attach { reach, is_exact };
            items.push(self.item(event, template.clone(), std::mem::take(pending), kind, around));
        }
    }

    fn item(
        &self,
        event: &routeward_flow::Event,
        path: Template,
        chain: Vec<Link>,
        kind: ItemKind,
        around: &Around,
    ) -> Item {
        let path = match &around.version {
            Some(version) => path.below(&Template::parse(&format!("/v{version}"), PathStyle::Strict)),
            None => path,
        };
        let (path, address) = match kind {
            ItemKind::Route { .. } => self.addressed(path, around),
            ItemKind::Attach { .. } => (path, None),
        };
        // Where an operation is served was not seen, and so not what stands in front of it.
        let is_site = || around.scopes.last().is_some_and(|scope| self.evaluator.is_site(*scope));
        let is_placeless = path.operation.is_some() && address.is_none() && !is_site();
        Item {
            path,
            address,
            chain,
            kind,
            scopes: around.scopes.as_slice().into(),
            capsule: around.capsule,
            conditions: around.conditions.as_slice().into(),
            place: event.place,
            package: event.package.clone(),
            entry: event.entry,
            is_orphan: around.is_orphan
                || is_placeless
                || event.subject.is_some_and(|id| self.evaluator.subject(id).is_guess),
            subject: event.subject,
            methods: event.limits.as_ref().map_or_else(Vec::new, |limits| limits.methods.clone()),
            except: self.except(event, around),
            handler_name: event.handler_name.clone(),
        }
    }

    /// The templates that an attachment leaves out.
    fn except(&self, event: &routeward_flow::Event, around: &Around) -> Rc<[(Option<String>, Template)]> {
        let (Some(limits), Some(scope)) = (&event.limits, around.scopes.last()) else { return Rc::from([]) };
        let style = self.evaluator.path_style(*scope);
        let spread = |(method, path): &(Option<String>, Value)| {
            let all = path
                .alternatives()
                .iter()
                .map(|path| (method.clone(), Template::of(self.evaluator, path, style)));
            all.collect::<Vec<_>>()
        };
        limits.except.iter().flat_map(spread).collect()
    }
}

/// The alternatives of each path.
fn spread(paths: &[Value]) -> Vec<Value> {
    paths.iter().flat_map(|path| path.alternatives().to_vec()).collect()
}

/// The scopes that a value may be.
fn scopes_in(evaluator: &Evaluator<'_>, value: &Value) -> Vec<ObjId> {
    let ids = value.alternatives().iter().filter_map(|value| match value.shape {
        Shape::Object(id) => Some(evaluator.whole_scope(id)).filter(|id| evaluator.scope_kind(*id).is_some()),
        _ => None,
    });
    ids.collect()
}
