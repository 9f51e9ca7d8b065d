//! What a manifest lets in, as a set of versions: requirements as each ecosystem means them.

mod comparator;
mod composer;
mod hex;
mod interval;
mod npm;
mod pypi;
mod ruby;

use crate::set::VersionSet;
use crate::{Ecosystem, Version};

use comparator::{Op, Style};

/// The versions that a requirement lets in. `None` where that is not known: names of branches and tags, what another
/// file says, and what is written wrong.
///
/// Of versions before a release the set may hold some that the ecosystem leaves out as long as nobody asks for them;
/// it misses none that is let in.
pub fn admitted(ecosystem: Ecosystem, text: &str) -> Option<VersionSet> {
    let text = text.trim();
    match ecosystem {
        Ecosystem::Npm => npm::read(text),
        Ecosystem::Cargo => cargo(text),
        Ecosystem::PyPi => pypi::read(text),
        Ecosystem::Maven | Ecosystem::NuGet => interval::read(ecosystem, text),
        Ecosystem::Packagist => composer::read(text),
        Ecosystem::RubyGems => ruby::read(text),
        Ecosystem::Hex => hex::read(text),
        Ecosystem::Go | Ecosystem::Pub | Ecosystem::Image | Ecosystem::Action => None,
    }
}

/// Which version comes first of all that have these numbers: `1.2` gives `1.2.0-0`.
fn lowest_semver(numbers: &[u64]) -> String {
    let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
    format!("{}.{}.{}-0", at(0), at(1), at(2))
}

/// `1.2.0`.
fn dotted(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

/// Cargo Book, "Specifying Dependencies": what stands alone has a caret, and a comma joins.
fn cargo(text: &str) -> Option<VersionSet> {
    const STYLE: Style = Style {
        ecosystem: Ecosystem::Cargo,
        is_range_when_short: true,
        alone: Op::Caret,
        tilde: Op::Tilde,
        least_numbers: 1,
        lowest: lowest_semver,
    };
    STYLE.all_of(text.split(',').map(str::trim))
}

/// Texts with commas or blanks between them; an operator may stand apart from its version.
fn clauses(text: &str) -> Vec<String> {
    let mut clauses: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in text.split([',', ' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()) {
        let is_operator = word.bytes().all(|byte| b"<>=!~^".contains(&byte));
        match clauses.last_mut() {
            Some(last) if is_open => last.push_str(word),
            _ => clauses.push(word.to_owned()),
        }
        is_open = is_operator;
    }
    clauses
}

/// What one of several alternatives lets in; none where one is not understood.
fn one_of<'t>(
    mut alternatives: impl Iterator<Item = &'t str>,
    read: impl Fn(&'t str) -> Option<VersionSet>,
) -> Option<VersionSet> {
    alternatives.try_fold(VersionSet::default(), |all, text| Some(all.or(&read(text)?)))
}

/// The versions from one on and before another.
fn from_to(ecosystem: Ecosystem, first: &str, end: &str) -> VersionSet {
    use crate::set::Cut;
    let cut = |text: &str| Cut::before(Version::new(ecosystem, text));
    VersionSet::between(cut(first), cut(end))
}

#[cfg(test)]
mod tests;
