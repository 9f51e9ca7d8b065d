//! Where packages come from: each ecosystem has its own names, versions and files.

/// An ecosystem of packages, as the OSV schema divides them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Ecosystem {
    /// Rust: crates.io.
    Cargo,
    /// JavaScript: npm.
    Npm,
    /// Python: PyPI.
    PyPi,
    /// Go modules.
    Go,
    /// Java, Kotlin and others: Maven repositories.
    Maven,
    /// .NET: NuGet.
    NuGet,
    /// PHP: Packagist.
    Packagist,
    /// Ruby: RubyGems.
    RubyGems,
    /// Erlang and Elixir: Hex.
    Hex,
    /// Dart: Pub.
    Pub,
    /// Images of containers. Their versions are tags, and no advisory speaks of them.
    Image,
    /// Steps and workflows of GitHub Actions, by the repository that holds them.
    Action,
}

impl Ecosystem {
    /// All whose packages are compared with advisories.
    pub const ALL: [Self; 10] = [
        Self::Cargo,
        Self::Npm,
        Self::PyPi,
        Self::Go,
        Self::Maven,
        Self::NuGet,
        Self::Packagist,
        Self::RubyGems,
        Self::Hex,
        Self::Pub,
    ];

    /// The name in OSV records and exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cargo => "crates.io",
            Self::Npm => "npm",
            Self::PyPi => "PyPI",
            Self::Go => "Go",
            Self::Maven => "Maven",
            Self::NuGet => "NuGet",
            Self::Packagist => "Packagist",
            Self::RubyGems => "RubyGems",
            Self::Hex => "Hex",
            Self::Pub => "Pub",
            Self::Image => "images",
            Self::Action => "GitHub Actions",
        }
    }

    /// The ecosystem of a name in an OSV record, whatever follows a colon (`Maven:https://…`).
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.split(':').next().unwrap_or(name);
        Self::ALL.into_iter().find(|ecosystem| ecosystem.name().eq_ignore_ascii_case(name))
    }

    /// The type in package URLs (package-url specification, known types).
    pub fn purl_type(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Npm => "npm",
            Self::PyPi => "pypi",
            Self::Go => "golang",
            Self::Maven => "maven",
            Self::NuGet => "nuget",
            Self::Packagist => "composer",
            Self::RubyGems => "gem",
            Self::Hex => "hex",
            Self::Pub => "pub",
            Self::Image => "docker",
            Self::Action => "github",
        }
    }

    /// A package's name as it is compared: where an ecosystem takes several spellings for one, all become the same.
    pub fn fold(self, name: &str) -> String {
        match self {
            // PEP 503: runs of `-`, `_` and `.` are one `-`.
            Self::PyPi => {
                let mut folded = String::with_capacity(name.len());
                for char in name.chars() {
                    match char {
                        '-' | '_' | '.' if folded.ends_with('-') => {}
                        '-' | '_' | '.' => folded.push('-'),
                        char => folded.push(char.to_ascii_lowercase()),
                    }
                }
                folded
            }
            Self::NuGet | Self::Packagist | Self::Action => name.to_ascii_lowercase(),
            // Both are spellings of one crate.
            Self::Cargo => name.replace('_', "-").to_ascii_lowercase(),
            _ => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_the_ecosystem_does() {
        assert_eq!(Ecosystem::PyPi.fold("Zope.Interface__x"), "zope-interface-x");
        assert_eq!(Ecosystem::NuGet.fold("Newtonsoft.Json"), "newtonsoft.json");
        assert_eq!(Ecosystem::Npm.fold("JSONStream"), "JSONStream");
        assert_eq!(Ecosystem::from_name("Maven:https://repo.acme.io"), Some(Ecosystem::Maven));
        assert_eq!(Ecosystem::from_name("Debian:12"), None);
    }
}
