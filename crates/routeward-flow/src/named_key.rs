//! Keys that the environment gives: the names of the settings that arrive where calls take a key or a password. What
//! stands under such a name in configuration is a key, whatever it looks like and is called.

use routeward_catalog::KeyRow;
use routeward_diag::{Place, Severity};

use crate::Sym;
use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::value::Value;

/// A setting that is used as a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedKey {
    /// The name of the variable or setting.
    pub name: String,
    /// The lint that tells of such keys; empty for the one for all.
    pub lint: String,
    /// What it is used as, as a noun.
    pub what: String,
    /// Where it is used.
    pub used: Place,
    /// A severity that is not exceeded.
    pub at_most: Option<Severity>,
}

impl<'p> Evaluator<'p> {
    /// All settings that are used as keys, in order of where they are.
    pub fn named_keys(&self) -> impl Iterator<Item = &NamedKey> {
        self.named_keys.values()
    }

    /// Notes the setting that a call takes for a key.
    pub(crate) fn note_named_key(&mut self, row: &'p KeyRow, given: &[Value], site: Site<'_>) {
        let at = (site.place, row.what.as_str());
        if self.named_keys.contains_key(&at) {
            return;
        }
        let Some(name) = given.iter().find_map(|value| self.setting_of(value)) else { return };
        let key = NamedKey {
            name: self.symbols.text(name),
            lint: row.lint.clone(),
            what: row.what.clone(),
            used: site.place,
            at_most: Severity::from_name(&row.at_most),
        };
        self.named_keys.insert(at, key);
    }

    /// The setting that a value is, or is made of alone.
    fn setting_of(&self, value: &Value) -> Option<Sym> {
        if let Some(setting) = value.meta.as_deref().and_then(|meta| meta.setting) {
            return Some(setting);
        }
        self.setting_of(self.made_of(value)?)
    }
}
