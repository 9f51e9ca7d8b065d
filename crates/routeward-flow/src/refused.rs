//! What start-up does not go on with: a program that stops where a setting is not given, or where it is still what the
//! source says, never runs with a text of the source.

use std::collections::BTreeMap;

use routeward_base::FxHashSet;
use routeward_diag::Place;

use crate::Sym;
use crate::eval::{Evaluator, Path};
use crate::fact::{FactKind, FactSet, IS_SET};
use crate::value::{Shape, Tags, Value};

/// What holds wherever the program goes on, and what that says about texts that stand in for settings.
#[derive(Default)]
pub(crate) struct Refused<'p> {
    /// What holds about settings behind the top-level code of files.
    held: FxHashSet<FactKind>,
    /// For texts that stand in for settings, by where and for what they are used: any of these says that they never do.
    unless: BTreeMap<(Place, &'p str), Vec<FactKind>>,
}

impl Refused<'_> {
    /// Takes up what holds at the end of the top-level code of a file.
    pub(crate) fn extend(&mut self, path: &Path) {
        let is_meant = |kind: &FactKind| matches!(kind, FactKind::Setting(_, IS_SET) | FactKind::IsNot(_));
        if path.is_live {
            self.held.extend(path.facts.iter().map(|fact| fact.kind).filter(is_meant));
        }
    }

    /// True for a text that no running program uses there.
    pub(crate) fn has(&self, used: (Place, &str)) -> bool {
        self.unless.get(&used).is_some_and(|kinds| kinds.iter().any(|kind| self.held.contains(kind)))
    }
}

impl<'p> Evaluator<'p> {
    /// Notes that a text stands in for a setting where something is used; false if that is refused on the way there.
    pub(crate) fn stands_in(&mut self, used: (Place, &'p str), text: Sym, value: &Value) -> bool {
        let mut unless = vec![FactKind::IsNot(text)];
        unless.extend(settings(value).map(|name| FactKind::Setting(name, IS_SET)));
        let is_refused = unless.iter().any(|kind| self.path.facts.has(*kind));
        self.refused.unless.insert(used, unless);
        !is_refused
    }

    /// What is known where the two are not equal: that a setting, or what stands in for it, is not that text.
    pub(crate) fn is_not(&mut self, left: &Value, right: &Value, place: Place) -> FactSet {
        let pairs = [(left, right), (right, left)];
        let text = pairs.into_iter().find_map(|(value, other)| match other.shape {
            Shape::Str(text) if settings(value).next().is_some() => Some(text),
            _ => None,
        });
        text.map_or_else(FactSet::default, |text| self.fact(FactKind::IsNot(text), place, "is refused", text))
    }
}

/// The settings that a value may be.
fn settings(value: &Value) -> impl Iterator<Item = Sym> {
    let parts = match &value.shape {
        Shape::Union(parts) => &parts[..],
        _ => std::slice::from_ref(value),
    };
    let read = parts.iter().filter(|part| part.tags().contains(Tags::ENVIRONMENT));
    read.filter_map(|part| {
        part.truthy().iter().find_map(|fact| match fact.kind {
            FactKind::Setting(name, IS_SET) => Some(name),
            _ => None,
        })
    })
}
