//! Settings of deployed programs that are wrong by themselves, and what they provide: rows that name the object whose
//! members are the settings hold for each program once, with the settings as named arguments.

use routeward_base::{FileId, FxHashSet};
use routeward_catalog::SettingsRow;
use routeward_diag::Place;
use routeward_ir::{Role, Target};

use crate::access::{Access, Root};
use crate::eval::Evaluator;
use crate::heap::Object;
use crate::index::Row;
use crate::modelled::Site;
use crate::value::{Shape, Value};

impl<'p> Evaluator<'p> {
    /// Looks at the settings of all programs, each set once.
    pub(crate) fn look_at_settings(&mut self) {
        let mut seen = FxHashSet::default();
        for (row, file, marker) in self.settings_modules() {
            if seen.insert(file) && self.program.units[file].role == Role::Source {
                self.look_at_module(row, file, marker);
            }
        }
    }

    fn look_at_module(&mut self, settings: &'p SettingsRow, file: FileId, marker: Place) {
        self.load(file);
        for call in &settings.call {
            let path = self.symbols.sym(call);
            let rows = self.index.misuses(path, &self.symbols);
            let named = rows.iter().flat_map(|matched| match matched.row {
                Row::Misuse(row) => row.when.as_slice(),
                Row::Provision(row) => row.when.as_slice(),
                _ => &[],
            });
            let mut names: FxHashSet<String> = named.flat_map(|when| setting_names(&when.arg)).collect();
            for matched in rows.iter() {
                if let Row::Key(row) = matched.row {
                    names.extend(setting_names(&row.arg).into_iter().chain(setting_names(&row.host)));
                }
            }
            let given = self.settings_object(file, &names, marker);
            let args = [given];
            for matched in rows.iter() {
                let site = Site { path, this: None, args: &args, place: marker };
                match matched.row {
                    Row::Provision(row) => self.note_provided(row, site),
                    Row::Key(row) => self.note_key(row, site),
                    Row::Misuse(row) => {
                        let Some(mut misuse) = self.misuse(row, site) else { continue };
                        misuse.handed_at.clear();
                        misuse.set_at = None;
                        let names = row.when.last().into_iter().flat_map(|when| setting_names(&when.arg));
                        let mut set_at = names.filter_map(|name| self.written_in(file, &name, 0));
                        misuse.place = set_at.next().unwrap_or(marker);
                        self.keep_worst(misuse.place, row, misuse);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The settings of those names as arguments that are passed by name. What is left to the environment stays unknown.
    fn settings_object(&mut self, file: FileId, names: &FxHashSet<String>, marker: Place) -> Value {
        let mut object = Object::new(Some(marker));
        object.is_keywords = true;
        let mut names: Vec<&String> = names.iter().collect();
        names.sort_unstable();
        for name in names {
            let name = self.symbols.sym(name);
            if let Some(value) = self.member_of_module(file, name) {
                object.fields.push((name, value));
            }
        }
        Value::new(Shape::Object(self.heap.object(object)))
    }

    /// Where a module, or one that it takes all names from, gives a name its value.
    fn written_in(&self, file: FileId, name: &str, depth: u32) -> Option<Place> {
        let module = self.module(file);
        let own = self.own_slot(file, name).map(|slot| Place { file, span: module.slots[slot].span });
        own.or_else(|| {
            let opened = module.opened.iter().filter(|_| depth < 8);
            opened.filter_map(|import| self.program.units[file].targets.get(*import)).find_map(|target| {
                match target {
                    Target::File(target) => self.written_in(*target, name, depth + 1),
                    _ => None,
                }
            })
        })
    }
}

/// The settings that access paths are about.
fn setting_names(paths: &str) -> Vec<String> {
    let root = |text: &str| match Access::parse(text).root {
        Root::Named(name) => Some(name),
        _ => None,
    };
    paths.split(" | ").filter_map(root).collect()
}
