//! Each format in a small file, and all of them cut off and scrambled.

mod cases;
mod hostile;
mod platform;

use std::fmt::Write as _;

use expect_test::Expect;

use super::*;
use crate::{Origin, Scope};

/// Compares a listing: name, version or what is let in, scope, who asks for it, origin; files that belong to it and what
/// is wrong follow.
#[expect(clippy::needless_pass_by_value, reason = "an expectation is written where the check is")]
fn check(path: &str, text: &str, expected: Expect) {
    let listing = read(path, text).unwrap_or_else(|| panic!("{path} is read"));
    sound(path, text, &listing);
    let mut said = String::new();
    for dependency in &listing.dependencies {
        let _ = writeln!(said, "{}", line(dependency, &listing, text));
    }
    for runtime in &listing.runtimes {
        let _ = writeln!(said, "runs on {} {}", runtime.name, runtime.said);
    }
    if let Some(owner) = &listing.owner {
        let _ = writeln!(said, "of {owner}");
    }
    for reference in &listing.references {
        let kind = if reference.is_constraint { "limits" } else { "file" };
        let _ = writeln!(said, "{kind} {}", reference.path);
    }
    for fault in &listing.faults {
        let _ = writeln!(said, "fault: {:?}: {}", fault.span.of(text), fault.message);
    }
    expected.assert_eq(&said);
}

fn line(dependency: &Dependency, listing: &Listing, text: &str) -> String {
    let version = match (&dependency.version, dependency.requirement.as_str()) {
        (Some(version), _) => version.clone(),
        (None, "") => "-".to_owned(),
        (None, requirement) => format!("[{requirement}]"),
    };
    let scope = match dependency.scope {
        Scope::Runtime => "runtime",
        Scope::Optional => "optional",
        Scope::Development => "development",
    };
    let parents: Vec<&str> =
        dependency.parents.iter().map(|id| listing.dependencies[*id as usize].name.as_str()).collect();
    let asked = match dependency.is_direct {
        Some(true) => "direct",
        Some(false) => "indirect",
        None => "?",
    };
    let via = if parents.is_empty() { String::new() } else { format!(" via {}", parents.join(",")) };
    let origin = match &dependency.origin {
        Origin::Registry => "registry".to_owned(),
        Origin::Path => "path".to_owned(),
        Origin::Url(url) => url.clone(),
        Origin::Git { url, revision } => format!("git {url} {revision}"),
    };
    let place = dependency.version_place.of(text);
    // The place is said where it is not plainly that of the version.
    let place = if dependency.version.as_deref() == Some(place) || dependency.requirement == place {
        String::new()
    } else {
        format!(" at {place:?}")
    };
    format!("{} {version} {scope} {asked}{via} {origin}{place}", dependency.name)
}

#[test]
fn manifests_tell_what_lockfiles_do_not() {
    let manifest = read(
        "package.json",
        r#"{"dependencies": {"a": "^1.0.0", "b": "^2.0.0"}, "devDependencies": {"tool": "^1.0.0", "d": "^1.0.0"}}"#,
    )
    .unwrap();
    let text = r#"a@^1.0.0:
  version "1.0.0"
  dependencies:
    b "^1.0.0"
  optionalDependencies:
    o "1"
b@^1.0.0:
  version "1.5.0"
b@^2.0.0, b@^2.1.0:
  version "2.2.0"
o@1:
  version "1.0.0"
tool@^1.0.0:
  version "1.0.0"
  dependencies:
    a "^1.0.0"
    d "^1.0.0"
d@^1.0.0:
  version "1.0.0"
"#;
    let mut lock = read("yarn.lock", text).unwrap();
    assert!(!lock.tells_scopes);
    lock.join(&[&manifest]);
    let said: Vec<String> = lock.dependencies.iter().map(|it| line(it, &lock, text)).collect();
    let expected = [
        "a 1.0.0 runtime direct via tool registry",
        "b 1.5.0 runtime indirect via a registry",
        "b 2.2.0 runtime direct registry",
        "o 1.0.0 optional indirect via a registry",
        "tool 1.0.0 development direct registry",
        "d 1.0.0 development direct via tool registry",
    ];
    assert_eq!(said, expected);
    // What the own packages ask for in a lockfile is told by their manifests.
    let manifest = read("Cargo.toml", "[dependencies]\na = \"1\"\n[dev-dependencies]\nt = \"1\"\n").unwrap();
    let text = "[[package]]\nname = \"own\"\nversion = \"1.0.0\"\ndependencies = [\"a\", \"t\"]\n\
        [[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
        [[package]]\nname = \"t\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let mut lock = read("Cargo.lock", text).unwrap();
    lock.join(&[&manifest]);
    let scopes: Vec<Scope> = lock.dependencies.iter().map(|it| it.scope).collect();
    assert_eq!(scopes, [Scope::Runtime, Scope::Runtime, Scope::Development]);
}

/// Of several versions of a name those are asked for that the lockfile says the repository has.
#[test]
fn a_lockfile_says_which_version_a_manifest_means() {
    let manifest = read("package.json", r#"{"dependencies": {"a": "^1.0.0"}}"#).unwrap();
    let text = r"lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1.0.0, version: 1.5.0}
      b: {specifier: ^1.0.0, version: 1.0.0}
packages:
  a@1.2.0: {}
  a@1.5.0: {}
  b@1.0.0: {}
snapshots:
  a@1.2.0: {}
  a@1.5.0: {}
  b@1.0.0:
    dependencies: {a: 1.2.0}
";
    let mut lock = read("pnpm-lock.yaml", text).unwrap();
    lock.join(&[&manifest]);
    let said: Vec<String> = lock.dependencies.iter().map(|it| line(it, &lock, text)).collect();
    let expected = [
        "a 1.2.0 runtime indirect via b registry",
        "a 1.5.0 runtime direct registry",
        "b 1.0.0 runtime direct registry",
    ];
    assert_eq!(said, expected);
}

/// What holds of every listing.
fn sound(path: &str, text: &str, listing: &Listing) {
    for dependency in &listing.dependencies {
        for place in [dependency.place, dependency.version_place] {
            assert!(place.end() as usize <= text.len(), "{path}: {dependency:?} lies in the file");
            assert!(
                place.len == 0 || !place.of(text).is_empty(),
                "{path}: {dependency:?} is cut at characters"
            );
        }
        assert!(!dependency.name.is_empty(), "{path}: {dependency:?} has a name");
        for parent in &dependency.parents {
            assert!((*parent as usize) < listing.dependencies.len(), "{path}: {dependency:?} has parents");
        }
    }
    assert!(listing.faults.is_sorted_by_key(|fault| fault.span.start), "{path}: faults are in order");
}

#[test]
fn files_are_known_by_name() {
    let known = [
        ("app/package.json", FileKind::Manifest),
        ("requirements-dev.txt", FileKind::Manifest),
        ("dev-requirements.in", FileKind::Manifest),
        ("requirements/base.txt", FileKind::Manifest),
        ("Pipfile.lock", FileKind::Lock),
        ("src/Shop.Api.csproj", FileKind::Manifest),
        ("gradle/libs.versions.toml", FileKind::Manifest),
        ("pylock.dev.toml", FileKind::Lock),
        ("api/pnpm-workspace.yaml", FileKind::Manifest),
        ("mix.exs", FileKind::Manifest),
        ("build/shop.cdx.json", FileKind::Inventory),
        ("api/Dockerfile.dev", FileKind::Platform),
        ("docker-compose.yml", FileKind::Platform),
        (".github/workflows/test.yaml", FileKind::Platform),
        ("tools/setup/action.yml", FileKind::Platform),
        (".nvmrc", FileKind::Platform),
    ];
    for (path, kind) in known {
        assert_eq!(kind_of(path), Some(kind), "{path}");
    }
    for path in [
        "package.json5",
        "notes.txt",
        "my-package.json",
        "lock.toml",
        ".csproj",
        "requirements.md",
        "workflows/test.yaml",
    ] {
        assert_eq!(kind_of(path), None, "{path}");
    }
    assert_eq!(ecosystem_of("go.sum"), Some(Ecosystem::Go));
    assert_eq!(ecosystem_of("bom.json"), None);
}
