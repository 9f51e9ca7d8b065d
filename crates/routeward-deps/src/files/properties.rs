//! Names that stand for texts in project files: `${name}` of Maven, `$(name)` of `MSBuild`, `$name` of Gradle.

use routeward_base::{FxHashMap, Span};

/// How often a text is looked at again, as what a name stands for may hold names.
const ROUNDS: usize = 8;
/// How long such a text gets at most: no version is longer.
const LONGEST: usize = 512;

/// What names stand for, with places.
#[derive(Default)]
pub(crate) struct Properties {
    known: FxHashMap<String, (String, Span)>,
}

/// How names are marked.
#[derive(Clone, Copy)]
pub(crate) struct Marks {
    pub(crate) open: &'static str,
    /// Empty where the name ends with the first mark that is none of a word.
    pub(crate) close: &'static str,
}

impl Properties {
    /// Says what a name stands for; the last one counts.
    pub(crate) fn set(&mut self, name: &str, value: &str, place: Span) {
        self.known.insert(name.to_owned(), (value.to_owned(), place));
    }

    /// What a name stands for, if that holds no names, and where it says so.
    pub(crate) fn of(&self, name: &str) -> Option<(&str, Span)> {
        let (value, place) = self.known.get(name)?;
        (!value.contains('$')).then_some((value.as_str(), *place))
    }

    /// A text with all names resolved, and where its only name leads; none if one is not known.
    pub(crate) fn resolve(&self, text: &str, marks: Marks) -> Option<(String, Option<Span>)> {
        let mut text = text.trim().to_owned();
        let mut place = None;
        for round in 0..ROUNDS {
            if !text.contains(marks.open) {
                return Some((text, place));
            }
            let (next, found) = self.once(&text, marks)?;
            // Only of what is nothing but one name another place tells the version.
            place = if round == 0 || place.is_some() { found } else { None };
            text = next;
        }
        None
    }

    fn once(&self, text: &str, marks: Marks) -> Option<(String, Option<Span>)> {
        let mut said = String::new();
        let mut rest = text;
        let mut place = None;
        while let Some(at) = rest.find(marks.open) {
            said.push_str(&rest[..at]);
            let behind = &rest[at + marks.open.len()..];
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_');
            let end = match marks.close {
                "" => behind.find(|c| !is_word(c)).unwrap_or(behind.len()),
                close => behind.find(close)?,
            };
            let (value, found) = self.known.get(behind[..end].trim())?;
            said.push_str(value);
            rest = &behind[end + marks.close.len()..];
            place = (at == 0 && rest.is_empty() && said == *value).then_some(*found);
            if said.len() > LONGEST {
                return None;
            }
        }
        said.push_str(rest);
        Some((said, place))
    }
}
