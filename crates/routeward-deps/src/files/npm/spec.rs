//! What stands behind a name in the files of npm: a range of versions, another name, an address or a folder
//! (`npm-package-arg`).

use crate::Origin;

/// A specifier that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Spec<'t> {
    /// The package's real name, where the name before it is an alias.
    pub(crate) name: Option<&'t str>,
    /// The versions that are let in; empty for what comes from no registry.
    pub(crate) range: &'t str,
    pub(crate) origin: Origin,
}

/// Hosts that serve the public registry.
const REGISTRIES: &[&str] = &["registry.npmjs.org", "registry.yarnpkg.com"];
/// Short names of places that hold repositories.
const HOSTS: &[(&str, &str)] = &[
    ("github:", "https://github.com/"),
    ("gitlab:", "https://gitlab.com/"),
    ("bitbucket:", "https://bitbucket.org/"),
    ("gist:", "https://gist.github.com/"),
];
const FOLDERS: &[&str] = &["file:", "link:", "portal:", "workspace:", "./", "../", "~/", "/"];

impl<'t> Spec<'t> {
    /// Reads a specifier. Never fails: what is nothing else is a range.
    pub(crate) fn new(text: &'t str) -> Self {
        let text = text.trim();
        if let Some(alias) = text.strip_prefix("npm:") {
            let (name, range) = split(alias);
            return match name {
                // Yarn writes `npm:^1.0.0` for the package itself.
                "" => Self { name: None, range: alias, origin: Origin::Registry },
                name => Self { name: Some(name), range, origin: Origin::Registry },
            };
        }
        // What a catalog says stands in another file.
        if text.starts_with("catalog:") {
            return Self { name: None, range: "", origin: Origin::Registry };
        }
        match place(text) {
            Some(origin) => Self { name: None, range: "", origin },
            None => Self { name: None, range: text, origin: Origin::Registry },
        }
    }

    /// The version, where the range lets in only one.
    pub(crate) fn exact(&self) -> Option<&'t str> {
        exact(self.range)
    }
}

/// Divides `name@rest`; the name of a scope begins with the same mark. The name is empty where there is none.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let from = usize::from(text.starts_with('@'));
    match text[from..].find('@') {
        Some(at) => (&text[..from + at], &text[from + at + 1..]),
        None if text.starts_with(|c: char| c.is_ascii_digit() || "^~<>=*".contains(c)) => ("", text),
        None => (text, ""),
    }
}

/// The version of a range that lets in only one.
fn exact(range: &str) -> Option<&str> {
    let version = range.trim_start_matches(['=', 'v', ' ']);
    let core = version.split(['-', '+']).next().unwrap_or(version);
    let numbers = core.split('.').filter(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()));
    let is_exact = numbers.count() == 3 && core.split('.').count() == 3 && !version.contains([' ', '|']);
    is_exact.then_some(version)
}

/// Where a package comes from that comes from no registry.
fn place(text: &str) -> Option<Origin> {
    if FOLDERS.iter().any(|prefix| text.starts_with(prefix)) {
        return Some(Origin::Path);
    }
    let (address, revision) = text.split_once('#').unwrap_or((text, ""));
    let git = |url: String| Some(Origin::Git { url, revision: revision.to_owned() });
    if let Some((short, host)) = HOSTS.iter().find(|(short, _)| text.starts_with(short)) {
        return git(format!("{host}{}", &address[short.len()..]));
    }
    if let Some(url) = address.strip_prefix("git+") {
        return git(url.to_owned());
    }
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let is_git =
        address.starts_with("git://") || address.starts_with("ssh://") || address.starts_with("git@");
    if is_git
        || (is_web
            && (address.rsplit_once('.').is_some_and(|(_, ending)| ending == "git")
                || names_commit(revision)))
    {
        return git(address.to_owned());
    }
    if is_web {
        return Some(code_archive(address).unwrap_or_else(|| Origin::Url(text.to_owned())));
    }
    // `user/repository`
    let is_short =
        address.split('/').count() == 2 && !address.starts_with('@') && !address.contains([' ', ':']);
    if is_short { git(format!("https://github.com/{address}")) } else { None }
}

/// Yarn writes `#commit=…` behind the addresses of repositories.
fn names_commit(fragment: &str) -> bool {
    fragment.starts_with("commit=") || fragment.contains("&commit=")
}

/// An archive of a repository at a revision (`https://codeload.github.com/user/repository/tar.gz/revision`).
fn code_archive(address: &str) -> Option<Origin> {
    let mut parts = address.strip_prefix("https://codeload.github.com/")?.splitn(4, '/');
    let (user, repository, _, revision) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let url = format!("https://github.com/{user}/{repository}");
    Some(Origin::Git { url, revision: revision.to_owned() })
}

/// Where a package was taken from, by the address in a lockfile.
pub(crate) fn resolved(address: &str) -> Origin {
    let host = address.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or(""));
    if address.is_empty() || REGISTRIES.contains(&host) {
        return Origin::Registry;
    }
    place(address).unwrap_or(Origin::Registry)
}
