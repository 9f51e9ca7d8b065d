//! What the code of a repository asks for: the languages that it is written in, and what it imports.

use routeward_base::FxHashSet;
use routeward_catalog::is_one_of;
use routeward_ir::Unit;

/// The languages of some units and what they import.
pub(crate) struct Asked<'a> {
    languages: FxHashSet<&'a str>,
    /// By language.
    imported: FxHashSet<(&'a str, &'a str)>,
}

impl<'a> Asked<'a> {
    /// Looks at each import once.
    pub(crate) fn new(units: impl Iterator<Item = &'a Unit>) -> Self {
        let (mut languages, mut imported) = (FxHashSet::default(), FxHashSet::default());
        for unit in units {
            languages.insert(unit.language);
            let specifiers = unit.module.imports.iter().map(|import| unit.module.text(import.specifier));
            imported.extend(specifiers.map(|specifier| (unit.language, specifier)));
        }
        Self { languages, imported }
    }

    /// True if code in the language imports one of the packages; if there are none, if there is code in the language.
    pub(crate) fn has(&self, language: &str, packages: &[String]) -> bool {
        if packages.is_empty() {
            return self.languages.contains(language);
        }
        self.imported.iter().any(|(spoken, import)| *spoken == language && is_one_of(packages, import))
    }
}
