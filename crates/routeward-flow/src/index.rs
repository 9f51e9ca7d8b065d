//! Models arranged for look-up by resolved path.

use std::cell::RefCell;
use std::rc::Rc;

use routeward_base::FxHashMap;
use routeward_catalog::{
    ActionRow, AddressRow, AroundRow, AttachRow, BindRow, BuiltinRow, CallbackRow, CombineRow, ConstantRow,
    ContainerRow, ContinueRow, ControllerRow, DecorateRow, DeriveRow, DocumentRow, EffectRow, EndpointRow,
    EntryRow, FileRouteRow, FragmentRow, GroupRow, GuardRow, InjectRow, KeyRow, LeakRow, LimiterRow,
    MetadataRow, MiddlewareRow, MisuseRow, Models, NamedRow, NeutralRow, NodeRow, OptionRow, PlacementRow,
    PluginRow, PropagatorRow, ProvideRow, ProvisionRow, RecordRow, RenderRow, ResourceRow, ResponderRow,
    SanitizerRow, ScanRow, ServeRow, ServiceRow, SettingsRow, SinkRow, SiteRow, SourceKind, SourceRow,
    StateRow, StepRow, SubRow, TemplateRow, TreeRow, TypeRow, UnseenRow, ValidatorRow, VerdictRow, ViewRow,
    WrapRow, WrapperRow,
};

use crate::lexicon::Lexicon;
use crate::{Sym, Symbols};

/// A row that is matched on a path.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each variant is the row of its name")]
pub enum Row<'m> {
    Endpoint(&'m EndpointRow),
    Address(&'m AddressRow),
    Scan(&'m ScanRow),
    Attach(&'m AttachRow),
    Sub(&'m SubRow),
    Plugin(&'m PluginRow),
    Resource(&'m ResourceRow),
    Service(&'m ServiceRow),
    Around(&'m AroundRow),
    Verdict(&'m VerdictRow),
    Derive(&'m DeriveRow),
    State(&'m StateRow),
    Source(&'m SourceRow),
    Responder(&'m ResponderRow),
    Continue(&'m ContinueRow),
    Guard(&'m GuardRow),
    Limiter(&'m LimiterRow),
    Validator(&'m ValidatorRow),
    Neutral(&'m NeutralRow),
    Effect(&'m EffectRow),
    Builtin(&'m BuiltinRow),
    Wrapper(&'m WrapperRow),
    Leak(&'m LeakRow),
    Controller(&'m ControllerRow),
    Action(&'m ActionRow),
    Decorate(&'m DecorateRow),
    Bind(&'m BindRow),
    Container(&'m ContainerRow),
    Provide(&'m ProvideRow),
    Inject(&'m InjectRow),
    Placement(&'m PlacementRow),
    Option(&'m OptionRow),
    Middleware(&'m MiddlewareRow),
    Group(&'m GroupRow),
    Wrap(&'m WrapRow),
    Metadata(&'m MetadataRow),
    Callback(&'m CallbackRow),
    Combine(&'m CombineRow),
    Constant(&'m ConstantRow),
    Tree(&'m TreeRow),
    Step(&'m StepRow),
    Serve(&'m ServeRow),
    View(&'m ViewRow),
    Sink(&'m SinkRow),
    Sanitizer(&'m SanitizerRow),
    Misuse(&'m MisuseRow),
    Provision(&'m ProvisionRow),
    Key(&'m KeyRow),
    Propagator(&'m PropagatorRow),
    Record(&'m RecordRow),
    Render(&'m RenderRow),
}

/// A row, the package that its `version` speaks of, and that condition.
#[derive(Clone, Copy, Debug)]
pub struct Matched<'m> {
    /// The row.
    pub row: Row<'m>,
    /// The package of its file.
    pub package: &'m str,
    /// The versions it holds for.
    pub version: &'m str,
}

/// The language of models that hold for all languages.
const ANY: &str = "*";

/// Rows by path.
#[derive(Default)]
struct Table<'m> {
    rows: FxHashMap<Sym, Vec<Matched<'m>>>,
    patterns: Vec<(Vec<String>, Sym)>,
    found: RefCell<FxHashMap<Sym, Rc<[Matched<'m>]>>>,
}

impl<'m> Table<'m> {
    fn insert(&mut self, path: &str, matched: Matched<'m>, symbols: &Symbols) {
        let sym = symbols.sym(path);
        self.rows.entry(sym).or_default().push(matched);
        if path.split('.').any(|segment| segment == "*") {
            self.patterns.push((path.split('.').map(str::to_owned).collect(), sym));
        }
    }
}

/// Rows by path, types by name, entries by name.
pub struct Index<'m> {
    /// What calls do.
    meanings: Table<'m>,
    /// Calls that are wrong by themselves: apart, since such a row says nothing of what the call does.
    misuses: Table<'m>,
    /// The paths of the rows of misuses, as written.
    misused: Vec<&'m str>,
    /// The rows about texts by which programs provide something.
    pub provisions: Vec<&'m ProvisionRow>,
    /// Calls that give constants for constants.
    pub pure: routeward_base::FxHashSet<Sym>,
    /// Calls that give files or what is in them.
    pub openers: routeward_base::FxHashSet<Sym>,
    /// Words by the name of their lexicon.
    pub lexicons: FxHashMap<&'m str, Lexicon<'m>>,
    /// Types by name.
    pub types: FxHashMap<Sym, &'m TypeRow>,
    makers: FxHashMap<Sym, Sym>,
    maker_patterns: Vec<(Vec<&'m str>, Sym)>,
    made: RefCell<FxHashMap<Sym, Option<Sym>>>,
    instances: FxHashMap<Sym, Sym>,
    entries: FxHashMap<Sym, (&'m EntryRow, &'m str)>,
    /// Calls of code that is not seen.
    pub unseen: Vec<&'m UnseenRow>,
    /// Functions that nothing registers.
    pub fragments: Vec<&'m FragmentRow>,
    /// Rows of files that are endpoints by their place, with their package.
    pub file_routes: Vec<(&'m FileRouteRow, &'m str)>,
    /// Rows of objects that are parts of trees of pages, with their package.
    pub nodes: Vec<(&'m NodeRow, &'m str)>,
    /// Rows of handlers that stand under names, with their package.
    pub named: Vec<(&'m NamedRow, &'m str)>,
    /// Folders that serve their files, with their package.
    pub sites: Vec<(&'m SiteRow, &'m str)>,
    /// Objects whose members are settings.
    pub settings: Vec<&'m SettingsRow>,
    /// Files that are no code.
    pub documents: Vec<&'m DocumentRow>,
    /// How engines write templates.
    pub templates: Vec<&'m TemplateRow>,
    /// Rows for exports that a runtime calls, with their package and the export's path.
    pub served_exports: Vec<(&'m ServeRow, &'m str, &'m str)>,
    /// Packages whose use makes a file part of an API.
    pub packages: routeward_base::FxHashSet<&'m str>,
}

impl<'m> Index<'m> {
    /// Interns every path of the models of a language.
    pub fn new(models: &'m Models, language: &str, symbols: &Symbols) -> Self {
        let mut index = Self {
            meanings: Table::default(),
            misuses: Table::default(),
            misused: Vec::new(),
            provisions: Vec::new(),
            pure: routeward_base::FxHashSet::default(),
            openers: routeward_base::FxHashSet::default(),
            lexicons: FxHashMap::default(),
            types: FxHashMap::default(),
            makers: FxHashMap::default(),
            maker_patterns: Vec::new(),
            made: RefCell::default(),
            instances: FxHashMap::default(),
            entries: FxHashMap::default(),
            unseen: Vec::new(),
            fragments: Vec::new(),
            file_routes: Vec::new(),
            nodes: Vec::new(),
            named: Vec::new(),
            sites: Vec::new(),
            settings: Vec::new(),
            documents: Vec::new(),
            templates: Vec::new(),
            served_exports: Vec::new(),
            packages: routeward_base::FxHashSet::default(),
        };
        for file in models.files.iter().filter(|file| file.language == language || file.language == ANY) {
            index.add(file, symbols);
        }
        index
    }

    fn add(&mut self, file: &'m routeward_catalog::ModelFile, symbols: &Symbols) {
        macro_rules! rows {
            ($($field:ident => $variant:ident),* $(,)?) => {$(
                for row in &file.$field {
                    for path in &row.call {
                        let matched = Matched { row: Row::$variant(row), package: &file.package, version: &row.version };
                        self.meanings.insert(path, matched, symbols);
                    }
                }
            )*};
        }
        rows!(
            addresses => Address, scans => Scan, endpoints => Endpoint, attaches => Attach, subs => Sub, plugins => Plugin, resources => Resource,
            services => Service, arounds => Around, verdicts => Verdict, derives => Derive,
            states => State, sources => Source, responders => Responder, continues => Continue, guards => Guard,
            limiters => Limiter, validators => Validator, neutrals => Neutral, effects => Effect,
            builtins => Builtin, wrappers => Wrapper, leaks => Leak, controllers => Controller,
            actions => Action, decorates => Decorate, binds => Bind, containers => Container,
            provides => Provide, injects => Inject, placements => Placement, options => Option,
            middleware => Middleware, metadata => Metadata, groups => Group, wraps => Wrap,
            callbacks => Callback, combines => Combine, constants => Constant,
            trees => Tree, steps => Step, serves_by_hand => Serve, views => View,
            sinks => Sink, sanitizers => Sanitizer, propagators => Propagator, records => Record,
            renders => Render,
        );
        for row in &file.misuses {
            for path in &row.call {
                let matched =
                    Matched { row: Row::Misuse(row), package: &file.package, version: &row.version };
                self.misuses.insert(path, matched, symbols);
                self.misused.push(path);
            }
        }
        self.provisions.extend(file.provisions.iter().filter(|row| !row.mentions.is_empty()));
        for row in &file.provisions {
            for path in &row.call {
                let matched =
                    Matched { row: Row::Provision(row), package: &file.package, version: &row.version };
                self.misuses.insert(path, matched, symbols);
                self.misused.push(path);
            }
        }
        for row in &file.keys {
            for path in &row.call {
                let matched = Matched { row: Row::Key(row), package: &file.package, version: &row.version };
                self.misuses.insert(path, matched, symbols);
                self.misused.push(path);
            }
        }
        self.openers.extend(file.openers.iter().flat_map(|row| &row.call).map(|path| symbols.sym(path)));
        self.pure.extend(file.pures.iter().flat_map(|row| &row.call).map(|path| symbols.sym(path)));
        self.lexicons.extend(file.lexicons.iter().map(|row| (row.name.as_str(), Lexicon::new(&row.words))));
        for row in &file.types {
            let name = symbols.sym(&row.name);
            self.types.insert(name, row);
            self.makers.insert(name, name);
            for maker in &row.from {
                self.makers.insert(symbols.sym(maker), name);
                if maker.contains('*') && !maker.starts_with('*') {
                    self.maker_patterns.push((maker.split('.').collect(), name));
                }
                if row.scope.is_some() {
                    self.packages.insert(maker.split('.').next().unwrap_or(maker));
                }
            }
            self.instances.extend(row.instances.iter().map(|path| (symbols.sym(path), name)));
        }
        for row in &file.entries {
            self.entries.insert(symbols.sym(&row.name), (row, &file.package));
        }
        self.unseen.extend(&file.unseen);
        self.fragments.extend(&file.fragments);
        self.file_routes.extend(file.file_routes.iter().map(|row| (row, file.package.as_str())));
        self.nodes.extend(file.nodes.iter().map(|row| (row, file.package.as_str())));
        self.named.extend(file.named.iter().map(|row| (row, file.package.as_str())));
        self.settings.extend(&file.settings);
        self.documents.extend(&file.documents);
        self.templates.extend(&file.templates);
        self.packages.extend(file.serves.iter().map(String::as_str));
        for row in &file.serves_by_hand {
            let exports = row.call.iter().filter_map(|path| path.strip_prefix("export:"));
            self.served_exports.extend(exports.map(|path| (row, file.package.as_str(), path)));
        }
        let serves = file.types.iter().any(|row| row.scope.is_some());
        self.sites.extend(file.sites.iter().map(|row| (row, file.package.as_str())));
        // What a site serves is found by place: that a file imports its package says nothing.
        if (serves || !file.controllers.is_empty()) && file.sites.is_empty() {
            self.packages.insert(&file.package);
        }
    }

    /// The rows for a path: exact ones, those of the types that its type extends, then those with wildcards.
    pub fn rows(&self, path: Sym, symbols: &Symbols) -> Rc<[Matched<'m>]> {
        self.rows_in(&self.meanings, path, symbols)
    }

    /// The rows that say what is wrong with a call by itself, or what a program provides by it.
    pub fn misuses(&self, path: Sym, symbols: &Symbols) -> Rc<[Matched<'m>]> {
        self.rows_in(&self.misuses, path, symbols)
    }

    /// The paths for which there are such rows, as written.
    pub fn misused(&self) -> Vec<&'m str> {
        // What settings say is looked at once; code that reads them does nothing wrong.
        let is_settings =
            |path: &str| self.settings.iter().any(|row| row.call.iter().any(|call| call == path));
        self.misused.iter().copied().filter(|path| !is_settings(path)).collect()
    }

    /// The paths of what is of a request and stands under a name of its own, as written.
    pub fn sources_at_hand(&self, symbols: &Symbols) -> Vec<&'m str> {
        let is_source = |matched: &Matched<'m>| matches!(matched.row, Row::Source(row) if row.kind == SourceKind::Request);
        let sources = self.meanings.rows.values().flatten().filter(|matched| is_source(matched));
        let paths = sources.flat_map(|matched| match matched.row {
            Row::Source(row) => row.call.as_slice(),
            _ => &[],
        });
        let is_member = |path: &str| {
            path.rsplit_once('.').is_some_and(|(owner, _)| self.types.contains_key(&symbols.sym(owner)))
        };
        paths.map(String::as_str).filter(|path| !is_member(path)).collect()
    }

    fn rows_in(&self, table: &Table<'m>, path: Sym, symbols: &Symbols) -> Rc<[Matched<'m>]> {
        if let Some(found) = table.found.borrow().get(&path) {
            return found.clone();
        }
        let found: Rc<[Matched<'m>]> = self.look_up(table, path, symbols).into();
        table.found.borrow_mut().insert(path, found.clone());
        found
    }

    fn look_up(&self, table: &Table<'m>, path: Sym, symbols: &Symbols) -> Vec<Matched<'m>> {
        let mut found = table.rows.get(&path).cloned().unwrap_or_default();
        let text = symbols.text(path);
        if let Some((owner, member)) = text.rsplit_once('.') {
            let base = self.types.get(&symbols.sym(owner)).and_then(|row| row.extends.as_deref());
            if let Some(base) = base {
                // A row of the type itself stands in for those of its kind of the type it extends.
                let own: Vec<_> = found.iter().map(|matched| std::mem::discriminant(&matched.row)).collect();
                let inherited = self.rows_in(table, symbols.sym(&format!("{base}.{member}")), symbols);
                found.extend(
                    inherited
                        .iter()
                        .filter(|matched| !own.contains(&std::mem::discriminant(&matched.row)))
                        .copied(),
                );
            }
        }
        if found.is_empty() {
            let segments: Vec<&str> = text.split('.').collect();
            let fits = |pattern: &[String]| {
                pattern.len() == segments.len()
                    && pattern.iter().zip(&segments).all(|(p, s)| p == "*" || p == s)
            };
            for (pattern, sym) in &table.patterns {
                if fits(pattern) {
                    found.extend(table.rows[sym].iter().copied());
                }
            }
        }
        found
    }

    /// The row for a call of something global that starts a server.
    pub fn serves_globally(&self, path: &str, symbols: &Symbols) -> Option<&'m ServeRow> {
        let rows = self.rows(symbols.sym(path), symbols);
        rows.iter().find_map(|matched| match matched.row {
            Row::Serve(row) => Some(row),
            _ => None,
        })
    }

    /// True if what `path` names is used as a decorator or as a part of one.
    pub fn is_decoration(&self, path: Sym, symbols: &Symbols) -> bool {
        self.rows(path, symbols).iter().any(|matched| {
            matches!(
                matched.row,
                Row::Controller(_)
                    | Row::Action(_)
                    | Row::Decorate(_)
                    | Row::Bind(_)
                    | Row::Container(_)
                    | Row::Inject(_)
            )
        })
    }

    /// The type that a call or construction of `path` gives.
    pub fn made_by(&self, path: Sym, symbols: &Symbols) -> Option<Sym> {
        if let Some(name) = self.makers.get(&path) {
            return Some(*name);
        }
        if let Some(known) = self.made.borrow().get(&path) {
            return *known;
        }
        let found = symbols.with(path, |text| {
            let fits = |pattern: &[&str]| {
                let mut segments = text.split('.');
                pattern.iter().all(|p| segments.next().is_some_and(|s| *p == "*" || *p == s))
                    && segments.next().is_none()
            };
            self.maker_patterns.iter().find(|(pattern, _)| fits(pattern)).map(|(_, name)| *name)
        });
        let found = found.or_else(|| self.method_of_any(&symbols.text(path), symbols));
        self.made.borrow_mut().insert(path, found);
        found
    }

    /// What a method gives by its name alone: one of an object deep in a library that no row speaks of.
    fn method_of_any(&self, path: &str, symbols: &Symbols) -> Option<Sym> {
        let (owner, name) = path.rsplit_once('.')?;
        let is_object = owner.contains('.') || owner.ends_with("()");
        is_object.then(|| self.makers.get(&symbols.sym(&format!("{ANY}.{name}"))).copied())?
    }

    /// The type of the object that a path itself is.
    pub fn instance_of(&self, path: Sym) -> Option<Sym> {
        self.instances.get(&path).copied()
    }

    /// The entry of that name.
    pub fn entry(&self, name: Sym) -> Option<&'m EntryRow> {
        self.entries.get(&name).map(|(row, _)| *row)
    }

    /// The entry signature of functions that inputs pass, if the models know one.
    pub fn transformer(&self) -> Option<Sym> {
        self.entries.iter().filter(|(_, (row, _))| row.transforms).map(|(name, _)| *name).min()
    }

    /// The type's row, and those of the types it extends.
    pub fn lineage(&self, ty: Sym, symbols: &Symbols) -> Vec<&'m TypeRow> {
        let mut rows = Vec::new();
        let mut next = Some(ty);
        while let Some(row) = next.and_then(|ty| self.types.get(&ty)) {
            rows.push(*row);
            if rows.len() > 8 {
                break;
            }
            next = row.extends.as_deref().map(|base| symbols.sym(base));
        }
        rows
    }
}

/// True if `version` (such as `4.17.1`) satisfies `condition` (`<5`, `>=5`, `4`, or empty). An unknown version
/// counts as the newest.
pub fn version_fits(version: Option<&str>, condition: &str) -> bool {
    let condition = condition.trim();
    if condition.is_empty() {
        return true;
    }
    let digits = condition.trim_start_matches(['<', '>', '=']);
    let parse = |text: &str| -> Vec<u64> {
        text.split(['.', '-', '+']).map_while(|part| part.parse().ok()).take(3).collect()
    };
    let want = parse(digits);
    let have = version.map_or_else(|| vec![u64::MAX], parse);
    let head: Vec<u64> = (0..want.len()).map(|i| have.get(i).copied().unwrap_or(0)).collect();
    let order = head.cmp(&want);
    match &condition[..condition.len() - digits.len()] {
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        _ => order.is_eq(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_the_given_parts() {
        let fits = |version, condition| version_fits(Some(version), condition);
        assert!(fits("4.17.1", "<5") && !fits("5.0.0", "<5") && fits("5.3.0", ">=5") && fits("4.2.0", "4"));
        assert!(fits("8.1.0", ">=8.1") && !fits("8.0.9", ">=8.1") && fits("5.0.0-beta.1", "5"));
        assert!(version_fits(None, ">=5") && !version_fits(None, "<5") && version_fits(None, ""));
    }
}
