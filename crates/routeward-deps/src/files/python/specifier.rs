//! A dependency specifier: `name[extra] >=1,<2; marker`, or `name @ address` (PEP 508).

use crate::files::Cx;
use crate::{Dependency, Origin};

/// A specifier that was read; all parts are pieces of its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Specifier<'t> {
    pub(crate) name: &'t str,
    /// The versions that are let in, without brackets.
    pub(crate) versions: &'t str,
    /// An address; empty for what comes from a registry.
    pub(crate) address: &'t str,
    pub(crate) marker: &'t str,
}

impl<'t> Specifier<'t> {
    /// Reads a specifier; none where it begins with no name.
    pub(crate) fn new(text: &'t str) -> Option<Self> {
        let text = text.trim();
        let end =
            text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return None;
        }
        let rest = rest.trim_start();
        let rest =
            rest.strip_prefix('[').map_or(rest, |extras| extras.split_once(']').map_or("", |(_, rest)| rest));
        let rest = rest.trim();
        if let Some(address) = rest.strip_prefix('@') {
            // Behind an address a marker stands apart from it.
            let (address, marker) = address.split_once(" ;").unwrap_or((address, ""));
            return Some(Self { name, versions: "", address: address.trim(), marker: marker.trim() });
        }
        let (versions, marker) = rest.split_once(';').unwrap_or((rest, ""));
        let versions = versions.trim();
        let bare = versions.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(versions);
        let is_range = bare.is_empty() || bare.starts_with(['=', '<', '>', '!', '~']);
        is_range.then_some(Self { name, versions: bare.trim(), address: "", marker: marker.trim() })
    }

    /// It is asked for with an extra only.
    pub(crate) fn is_extra(&self) -> bool {
        self.marker.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == "extra")
    }

    /// The dependency; places are right where the specifier is a piece of the text of the file.
    pub(crate) fn dependency(&self, cx: &Cx<'_>) -> Dependency {
        let mut dependency = Dependency::new(cx.ecosystem, self.name, cx.place(self.name));
        if !self.address.is_empty() {
            dependency.version_place = cx.place(self.address);
            dependency.origin = address(self.address);
        } else if !self.versions.is_empty() {
            dependency.version_place = cx.place(self.versions);
            versions(&mut dependency, self.versions);
        }
        dependency
    }
}

/// Puts the versions that are let in, or the version where it is only one.
pub(crate) fn versions(dependency: &mut Dependency, text: &str) {
    dependency.version = exact(text).map(str::to_owned);
    if dependency.version.is_none() {
        text.trim().clone_into(&mut dependency.requirement);
    }
}

/// The version of `==1.0`.
fn exact(text: &str) -> Option<&str> {
    let version = text.trim().strip_prefix("==")?;
    let version = version.strip_prefix('=').unwrap_or(version).trim();
    (!version.is_empty() && !version.contains(['*', ',', ' ', '|'])).then_some(version)
}

/// Where an address leads: a repository (`git+https://…@revision#egg=name`), a folder, or an archive.
pub(crate) fn address(text: &str) -> Origin {
    let text = text.split([';', ' ']).next().unwrap_or(text);
    let bare = text.split('#').next().unwrap_or(text);
    if let Some(url) = bare.strip_prefix("git+") {
        let from = url.find("://").map_or(0, |at| at + 3);
        // The first mark of a user in an address with one (`git@host`) divides no revision.
        let path = url[from..].find('/').map_or(url.len(), |at| from + at);
        let (url, revision) = match url[path..].rfind('@') {
            Some(at) => (&url[..path + at], &url[path + at + 1..]),
            None => (url, ""),
        };
        return Origin::Git { url: url.to_owned(), revision: revision.to_owned() };
    }
    let is_other = bare.contains("://") && !bare.starts_with("file:");
    if is_other { Origin::Url(bare.to_owned()) } else { Origin::Path }
}

/// The name that an address tells behind itself (`#egg=name`), or the name of an archive of code.
pub(crate) fn name_of(address: &str) -> Option<&str> {
    if let Some((_, name)) = address.split_once("egg=") {
        let end =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(name.len());
        return Some(&name[..end]).filter(|name| !name.is_empty());
    }
    let bare = address.split(['#', '?']).next().unwrap_or(address);
    let file = bare.rsplit('/').next().unwrap_or(bare);
    let (name, _) = file.strip_suffix(".whl")?.split_once('-')?;
    Some(name).filter(|name| !name.is_empty())
}
