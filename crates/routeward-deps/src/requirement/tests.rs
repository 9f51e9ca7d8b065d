//! Requirements in examples of our own, and against what reads them elsewhere.

use std::str::FromStr;

use pep440_rs::VersionSpecifiers;

use super::*;

/// Says which of some versions are let in.
fn check(ecosystem: Ecosystem, requirement: &str, inside: &str, outside: &str) {
    let set = admitted(ecosystem, requirement).unwrap_or_else(|| panic!("`{requirement}` is read"));
    for (versions, expected) in [(inside, true), (outside, false)] {
        for version in versions.split_whitespace() {
            let found = set.contains(&Version::new(ecosystem, version));
            assert_eq!(found, expected, "{ecosystem:?}: `{requirement}` and {version}: {set:?}");
        }
    }
}

#[test]
fn npm() {
    let check = |requirement, inside, outside| check(Ecosystem::Npm, requirement, inside, outside);
    check("^1.2.3", "1.2.3 1.9.9", "1.2.2 2.0.0-rc.1 2.0.0");
    check("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0-0 0.3.0");
    check("^0.0.3", "0.0.3", "0.0.2 0.0.4");
    check("^0.0", "0.0.0 0.0.9", "0.1.0");
    check("^0.x", "0.0.0 0.9.9", "1.0.0");
    check("^1.2.3-beta.2", "1.2.3-beta.2 1.2.3 1.5.0", "1.2.3-beta.1 2.0.0");
    check("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2");
    check("~> 1.2", "1.2.0 1.2.9", "1.3.0");
    check("~1", "1.0.0 1.9.0", "2.0.0");
    check("1.x || >=2.5.0 || 5.0.0 - 7.2.3", "1.3.0 2.5.0 9.0.0", "2.4.9 0.9.0");
    check("1.2.3 - 2.3", "1.2.3 2.3.9", "2.4.0 1.2.2");
    check("> 1.2 <= 2", "1.3.0 2.9.9", "1.2.9 3.0.0");
    check("<1.2", "1.1.9", "1.2.0 1.2.0-rc.1");
    check("<=1.2.3", "1.2.3", "1.2.4");
    check("", "0.0.0 9.0.0", "");
    check("=1.2", "1.2.7", "1.3.0");
    for unknown in ["latest", "next", "1.2.3, 2", "git", ">", "1.x.3", "99999999999999999999"] {
        assert_eq!(admitted(Ecosystem::Npm, unknown), None, "{unknown}");
    }
}

#[test]
fn cargo() {
    let check = |requirement, inside, outside| check(Ecosystem::Cargo, requirement, inside, outside);
    check("1.2", "1.2.0 1.9.0", "1.1.9 2.0.0 2.0.0-alpha");
    check("0.0", "0.0.9", "0.1.0");
    check(">=1.2, <1.5", "1.2.0 1.4.9", "1.5.0 1.1.0");
    check("=1.2", "1.2.9", "1.3.0");
    check("1.*", "1.0.0 1.9.9", "2.0.0");
    check("*", "0.0.1", "");
    check("~1.2.3", "1.2.9", "1.3.0");
}

#[test]
fn pypi() {
    let check = |requirement, inside, outside| check(Ecosystem::PyPi, requirement, inside, outside);
    check("~=1.4.2", "1.4.2 1.4.9", "1.4.1 1.5 1.5rc1");
    check("~=1.4", "1.4 1.9", "2.0 2.0a1");
    check("==1.4.*", "1.4 1.4.9 1.4rc1", "1.5 1.3.9 1.5.dev1");
    check("!=1.4.*,>1", "1.3 1.5", "1.4.2 1 1.0.post1");
    check("==1.4", "1.4 1.4.0 1.4+local", "1.4.post1 1.4.1");
    check("<2", "1.9 1.9.post1", "2.0 2.0rc1");
    check("<2rc2", "2rc1 1.9", "2rc2 2");
    check("<=2", "2 2+local", "2.post1");
    check(">=1!1.0", "1!1.0", "2.0");
    check("^1.2.3", "1.2.3 1.9", "2.0 2.0rc1 1.2.2");
    check("^0.3", "0.3.9", "0.4");
    check("~1.2", "1.2.9", "1.3");
    check(">= 1.0 , < 2.0 || ^3.1", "1.5 3.2", "2.0 3.0 4.0");
    check("*", "0.1 9", "");
    check("1.2.*", "1.2.5", "1.3");
    for unknown in ["nonsense", ">=", "==1.0.*.1"] {
        assert_eq!(admitted(Ecosystem::PyPi, unknown), None, "{unknown}");
    }
}

/// All clauses that can be made of some versions, each against all versions, as another reads them.
#[test]
fn pypi_as_others_read_it() {
    let versions = [
        "0.9",
        "1.0.dev1",
        "1.0a1",
        "1.0rc1",
        "1.0",
        "1.0+local",
        "1.0.post1",
        "1.0.1",
        "1.1rc1",
        "1.1",
        "1.2.3",
        "1.10",
        "2.0.dev1",
        "2.0",
        "1!0.5",
    ];
    let plain = |text: &&&str| !text.contains('+');
    for mark in ["==", "!=", ">=", "<=", ">", "<", "~=", "==*", "!=*"] {
        for version in versions.iter().filter(plain) {
            let requirement = match mark.strip_suffix('*') {
                Some(mark) => format!("{mark}{version}.*"),
                None => format!("{mark}{version}"),
            };
            // Neither lets in nothing, so such texts are left out.
            let Ok(other) = VersionSpecifiers::from_str(&requirement) else { continue };
            let set = admitted(Ecosystem::PyPi, &requirement).expect(&requirement);
            for version in versions {
                let read = pep440_rs::Version::from_str(version).expect("a version");
                // It takes a version that is shorter for one that begins so.
                if mark.ends_with('*') && read.release().len() < requirement.split('.').count() - 1 {
                    continue;
                }
                let found = set.contains(&Version::new(Ecosystem::PyPi, version));
                // Versions before a release may be more than are let in, but never fewer.
                let agrees = found == other.contains(&read) || (found && read.any_prerelease());
                assert!(agrees, "`{requirement}` and {version}: {found}");
            }
        }
    }
}

#[test]
fn intervals() {
    let check_maven = |requirement, inside, outside| check(Ecosystem::Maven, requirement, inside, outside);
    check_maven("[1.0,2.0)", "1.0 1.9 2.0-alpha", "0.9 2.0");
    check_maven("(,1.0],[1.2,)", "0.1 1.0 1.2 5", "1.1");
    check_maven("[1.0]", "1.0.0", "1.0.1");
    check_maven("]1.0,2.0[", "1.5", "1.0 2.0");
    check_maven("1.+", "1.0 1.9", "2.0 0.9");
    check_maven("latest.release", "1", "");
    let check_nuget = |requirement, inside, outside| check(Ecosystem::NuGet, requirement, inside, outside);
    check_nuget("(1.0,)", "1.0.1", "1.0");
    check_nuget("1.2.*", "1.2.9.1", "1.3.0");
    check_nuget("*", "9.0", "");
    for unknown in ["1.0", "[1.0", "[1,2,3]", "(1.0)", "a.+", "[]", "1.0-*"] {
        assert_eq!(admitted(Ecosystem::Maven, unknown), None, "{unknown}");
    }
}

#[test]
fn composer_and_ruby() {
    let check_php = |requirement, inside, outside| check(Ecosystem::Packagist, requirement, inside, outside);
    check_php("~1.2", "1.2.0 1.9.0", "2.0.0 2.0.0-beta1");
    check_php("~1.2.3", "1.2.9", "1.3.0");
    check_php("^0.3.2", "0.3.9", "0.4.0");
    check_php(">=1.0 <1.1 || >=1.2", "1.0.0 1.0.5 1.2.0 3.0.0", "1.1.0");
    check_php("^7.0|^8.0@beta", "7.5.0 8.1.0", "9.0.0");
    check_php("1.0 - 2.0", "1.0.0 2.0.9", "2.1.0");
    check_php("1.0.*", "1.0.0 1.0.9", "1.1.0");
    check_php("!=1.0", "1.1.0", "1.0.0");
    for unknown in ["dev-main", "1.0.x-dev", "dev-main as 1.0", "|"] {
        assert_eq!(admitted(Ecosystem::Packagist, unknown), None, "{unknown}");
    }
    let check_ruby = |requirement, inside, outside| check(Ecosystem::RubyGems, requirement, inside, outside);
    check_ruby("~> 1.2", "1.2 1.9", "2.0 2.0.pre");
    check_ruby("~> 1.2.3", "1.2.9", "1.3");
    check_ruby(">= 1.0, != 1.5", "1.0 1.6", "1.5 0.9");
    check_ruby("1.0", "1.0.0", "1.0.1");
}

#[test]
fn hex() {
    let check = |requirement, inside, outside| check(Ecosystem::Hex, requirement, inside, outside);
    check("~> 1.2", "1.2.0 1.9.9", "2.0.0 1.1.9");
    check("~> 1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2");
    check("1.2.3", "1.2.3", "1.2.4");
    check(">= 1.0.0 and < 1.4.0", "1.0.0 1.3.9", "1.4.0 0.9.0");
    check("~> 1.2 and != 1.3.0 or == 2.0.0", "1.2.0 2.0.0", "1.3.0 2.0.1");
}

/// Whatever is written: an answer, without a panic.
#[test]
fn any_text_is_answered() {
    let pieces = [
        "^",
        "~",
        ">=",
        "<",
        "1",
        "2.0",
        ".*",
        "x",
        " - ",
        "||",
        ",",
        "[",
        ")",
        "-rc.1",
        "18446744073709551615",
        "é",
        "!",
        "+",
    ];
    for ecosystem in Ecosystem::ALL {
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let _ = admitted(ecosystem, &format!("{first}{second}{third}"));
                }
            }
        }
    }
}
