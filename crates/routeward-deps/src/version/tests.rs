//! The odd ends of each order, in examples of our own.

use super::*;

/// Runs through a list of versions, each later than the one before it; `=` joins those that are equal.
fn check(ecosystem: Ecosystem, ascending: &str) {
    let groups: Vec<Vec<&str>> =
        ascending.split('<').map(|group| group.split('=').map(str::trim).collect()).collect();
    for (at, group) in groups.iter().enumerate() {
        for left in group {
            for (other, expected) in groups.iter().enumerate().map(|(other, group)| (group, at.cmp(&other))) {
                for right in other {
                    let order = Version::compare(ecosystem, left, right);
                    assert_eq!(order, expected, "{ecosystem:?}: {left} against {right}");
                }
            }
        }
    }
}

#[test]
fn versions_have_the_order_of_their_ecosystem() {
    check(
        Ecosystem::Npm,
        "0.0.0-a < 0.9.9 < 1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0 = 1.0 = v1 = 1.0.0+x < 1.10.0 < 99999999999999999999.0.0",
    );
    check(
        Ecosystem::Go,
        "v0.0.0-20190101000000-abcdefabcdef < v0.0.0-20200101000000-0123456789ab < v0.0.1-0.20200101000000-0123456789ab < v0.0.1 < 1.2.3-pre.0.20200101000000-0123456789ab < v1.2.3 = 1.2.3+incompatible < v2.0.0+incompatible",
    );
    check(Ecosystem::Pub, "1.0.0-pre < 1.0.0-pre+build < 1.0.0 < 1.0.0+1 < 1.0.0+a");
    check(
        Ecosystem::PyPi,
        "1.0-charm < 2.0-delta < 1.0.dev1 < 1.0a1.dev1 < 1.0a1 = 1.0-alpha-1 < 1.0b2 < 1.0rc1 = 1.0c1 < 1.0 = 1.0.0 = v1.0 < 1.0+local < 1.0.post1 = 1.0-1 < 1.1 < 1!0.1",
    );
    check(
        Ecosystem::RubyGems,
        "1.0.a1 = 1.0.0.a.1 < 1.0.a10 < 1.0.b1 < 1.0.0.pre = 1.0- < 1.0 = 1 = 1.0.0 < 1.0.1 < 1.10",
    );
    check(
        Ecosystem::NuGet,
        "1.0.0-ALPHA = 1.0.0-alpha < 1.0.0-beta.2 < 1.0.0-beta.10 < 1.0 = 1.0.0.0 = 1.0.0+x < 1.0.0.1-a < 1.0.0.1 < 1.01",
    );
    check(
        Ecosystem::Packagist,
        "1.0-foo < 1.0-dev < 1.0a1 = v1.0.alpha1 < 1.0beta1 < 1.0RC1 < 1.0 < 1.0.0 < 1.0pl1 < 1.1",
    );
    check(
        Ecosystem::Maven,
        "1-alpha-1 = 1a1 < 1-beta < 1-m2 = 1.0-milestone-2 < 1.0-rc1 = 1-cr1 < 1-SNAPSHOT < 1 = 1.0.0 = 1-ga = 1.Final = 1.RELEASE < 1-sp < 1-abc < 1-1 < 1-2 < 1.0.1 < 1.1.Final = 1.1 < 20040616",
    );
}
