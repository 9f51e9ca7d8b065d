//! Settings in the files of a scan: what stands against them there, and how their values are covered.

use std::collections::BTreeSet;
use std::ops::Deref;

use routeward_base::{FileId, FxHashMap, Idx, Span};
use routeward_diag::Severity;
use routeward_lints::Configured;
use routeward_secrets::{Secret, mask};
use routeward_settings::{Around, Configuration, LeakKind, MOST, Reader};

use crate::problem::{Problem, ProblemKind};
use crate::report::{Shelf, Source};
use crate::secrets::{doubt, name_of, own_doubt};
use crate::test_paths::TestPaths;

/// The configuration of a file, by its path.
pub(crate) type Given = (String, Configuration<'static>);

/// Adds what is known of the files, and key stores among `files`, which are known by their names. A file that has no
/// text in `sources` yet gets an empty one.
pub(crate) fn take<'s>(
    reader: &Reader<'static>,
    files: impl Iterator<Item = &'s String>,
    tests: &impl Deref<Target = TestPaths>,
    sources: &mut Vec<Source>,
    secrets: impl Iterator<Item = &'s Secret<'s>>,
    tracked: Option<&BTreeSet<String>>,
    mut given: Vec<Given>,
) -> Vec<Configured<'static>> {
    let stores = files.filter(|path| reader.may_read(path));
    given.extend(stores.filter_map(|path| Some((path.clone(), reader.unread(path)?))));
    if given.is_empty() {
        return Vec::new();
    }
    given.sort_by(|a, b| a.0.cmp(&b.0));
    let mut shelf = Shelf::new(sources);
    let mut told: FxHashMap<FileId, Vec<Span>> = FxHashMap::default();
    for site in secrets.filter(|secret| secret.row.severity > Severity::Low).flat_map(|it| &it.sites) {
        told.entry(site.place.file).or_default().push(site.place.span);
    }
    let take = |(path, configuration): Given| {
        let file = shelf.put(&path, String::new);
        let mut told = told.remove(&file).unwrap_or_default();
        told.sort_unstable();
        Configured {
            file,
            is_tracked: tracked.map(|tracked| tracked.contains(&path)),
            name: name_of(&path).to_owned(),
            doubt: doubt(&path, tests),
            own_doubt: own_doubt(&path),
            configuration,
            told,
        }
    };
    given.into_iter().map(take).collect()
}

/// Says that a file has more settings than are looked at.
pub(crate) fn cut(path: &str) -> Problem {
    let message = format!("has more than {MOST} settings, and the rest was not looked at");
    Problem::new(path, ProblemKind::NotSearched, message, "split the file")
}

/// Covers the values that are secret by their names or by what they are used for.
pub(crate) fn cover(configured: &[Configured<'_>], used: impl Fn(&str) -> bool, sources: &mut [Source]) {
    for one in configured {
        let Some(source) = sources.get_mut(one.file.raw() as usize) else { continue };
        let configuration = &one.configuration;
        let settings = configuration.settings.iter();
        let settings = settings.filter(|setting| {
            setting.role.is_some() || setting.around == Around::Secrets || used(&setting.name)
        });
        let commands = configuration.leaks.iter().filter(|leak| leak.how == LeakKind::Command);
        let store = configuration.store.map(|(_, span)| span).into_iter();
        let spans: Vec<Span> =
            settings.map(|setting| setting.span).chain(commands.map(|leak| leak.span)).chain(store).collect();
        mask(&mut source.text, spans);
    }
}
