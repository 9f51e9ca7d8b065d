//! What each part of a record does.

use expect_test::{Expect, expect};
use routeward_deps::{Advisories, Advisory, Cover, Ecosystem, Index, Version};

use crate::{import, open};

/// Imports records and shows all advisories that come of them.
fn check(records: &[&str], expected: &Expect) {
    let imported = import(records);
    let mut lines: Vec<String> =
        imported.named.iter().map(|broken| format!("broken {}: {}", broken.name, broken.reason)).collect();
    let index = open(imported);
    for (ecosystem, package, found) in index.iter() {
        lines.push(format!("{} {package}", ecosystem.name()));
        found.filter_map(|record| record.read(package)).for_each(|advisory| show(&advisory, &mut lines));
    }
    let end = if lines.is_empty() { "" } else { "\n" };
    expected.assert_eq(&(lines.join("\n") + end));
}

fn show(advisory: &Advisory, lines: &mut Vec<String>) {
    let mut words = advisory.ids.clone();
    words.push(advisory.kind.name().to_owned());
    words.extend(advisory.severity.map(|severity| severity.name().to_owned()));
    words.extend(advisory.cwe.iter().map(|number| format!("CWE-{number}")));
    lines.push(format!("  {} {}", words.join(" "), advisory.modified));
    if !advisory.summary.is_empty() {
        lines.push(format!("    {}", advisory.summary));
    }
    for range in &advisory.ranges {
        let first = range.introduced.as_deref().unwrap_or("the beginning");
        lines.push(format!("    from {first}: {:?}", range.end));
    }
    if !advisory.versions.is_empty() {
        lines.push(format!("    and {}", advisory.versions.join(", ")));
    }
    for symbols in &advisory.symbols {
        lines.push(format!("    in {}: {}", symbols.module, symbols.names.join(", ")));
    }
}

/// A record with the parts that a case needs.
fn record(id: &str, ecosystem: &str, name: &str, affected: &str, more: &str) -> String {
    format!(
        r#"{{"id": "{id}", "modified": "2024-02-29T10:00:00Z",
        "affected": [{{"package": {{"ecosystem": "{ecosystem}", "name": "{name}"}}, {affected}}}] {more}}}"#
    )
}

/// One range with events as `introduced=1 fixed=2`.
fn events(list: &str) -> String {
    let events: Vec<String> = list
        .split(' ')
        .filter_map(|event| event.split_once('='))
        .map(|(kind, version)| format!(r#"{{"{kind}": "{version}"}}"#))
        .collect();
    format!(r#""ranges": [{{"type": "ECOSYSTEM", "events": [{}]}}]"#, events.join(", "))
}

#[test]
fn events_become_ranges() {
    let case = |list: &str, expected: &Expect| {
        check(&[&record("ACME-1", "PyPI", "acme", &events(list), "")], expected);
    };
    case(
        "introduced=0 fixed=1.2",
        &expect![[r#"
            PyPI acme
              ACME-1 vulnerability 2024-02-29
                from the beginning: Fixed("1.2")
        "#]],
    );
    // Events in any order, and one that says nothing new.
    case(
        "fixed=2.5 introduced=2.0 fixed=1.2 introduced=1.0 fixed=2.6",
        &expect![[r#"
            PyPI acme
              ACME-1 vulnerability 2024-02-29
                from 1.0: Fixed("1.2")
                from 2.0: Fixed("2.5")
        "#]],
    );
    case(
        "introduced=1.10 last_affected=1.9 introduced=1.2",
        &expect![[r#"
            PyPI acme
              ACME-1 vulnerability 2024-02-29
                from 1.2: LastAffected("1.9")
                from 1.10: Open
        "#]],
    );
    case(
        "introduced=1 fixed=4 introduced=5 limit=3",
        &expect![[r#"
            PyPI acme
              ACME-1 vulnerability 2024-02-29
                from 1: Limit("3")
        "#]],
    );
    case(
        "introduced=1 limit=3 limit=*",
        &expect![[r"
            PyPI acme
              ACME-1 vulnerability 2024-02-29
                from 1: Open
        "]],
    );
    // Ranges that meet are one; the last that is affected is further than what is fixed at the same version.
    case(
        "introduced=1 fixed=2 introduced=2 last_affected=3",
        &expect![[r#"
            PyPI acme
              ACME-1 vulnerability 2024-02-29
                from 1: LastAffected("3")
        "#]],
    );
}

#[test]
fn versions_are_kept_where_no_range_has_them() {
    check(
        &[&record(
            "PYSEC-2024-7",
            "PyPI",
            "Acme_Web",
            &format!(
                r#"{}, "versions": ["1.0", "1.1", "1.3.0", "1.3", "0.9b1"]"#,
                events("introduced=0 fixed=1.2")
            ),
            "",
        )],
        &expect![[r#"
            PyPI acme-web
              PYSEC-2024-7 vulnerability 2024-02-29
                from the beginning: Fixed("1.2")
                and 1.3
        "#]],
    );
}

#[test]
fn commits_are_no_versions_and_what_is_withdrawn_is_about_none() {
    let git =
        r#""ranges": [{"type": "GIT", "repo": "https://git.acme.io", "events": [{"introduced": "0"}]}]"#;
    check(
        &[
            &record("ACME-1", "npm", "acme", git, ""),
            &record(
                "ACME-2",
                "npm",
                "acme",
                &events("introduced=0"),
                r#", "withdrawn": "2024-03-01T00:00:00Z""#,
            ),
            &record("ACME-3", "Debian:12", "acme", &events("introduced=0"), ""),
        ],
        &expect![[r#"
            npm acme
              ACME-2 notice 2024-02-29
        "#]],
    );
}

#[test]
fn severity_is_what_the_database_says_or_the_score_means() {
    let case = |more: &str, expected: &Expect| {
        check(&[&record("ACME-1", "npm", "acme", &events("introduced=0"), more)], expected);
    };
    case(
        r#", "database_specific": {"severity": "MODERATE", "cwe_ids": ["CWE-400", "CWE-79"]},
           "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]"#,
        &expect![[r"
            npm acme
              ACME-1 vulnerability medium CWE-79 CWE-400 2024-02-29
                from the beginning: Open
        "]],
    );
    case(
        r#", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"},
                          {"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}]"#,
        &expect![[r"
            npm acme
              ACME-1 vulnerability critical 2024-02-29
                from the beginning: Open
        "]],
    );
    case(
        r#", "severity": [{"type": "other", "score": "9 of 10"}], "database_specific": {"severity": 7}"#,
        &expect![[r"
            npm acme
              ACME-1 vulnerability 2024-02-29
                from the beginning: Open
        "]],
    );
}

#[test]
fn a_kind_follows_from_the_database_and_the_id() {
    let rust = |id: &str, informational: &str| {
        let affected = format!(
            r#"{}, "database_specific": {{"informational": "{informational}"}},
               "ecosystem_specific": {{"affects": {{"functions": ["acme::web::Server::run", "acme::stop"]}}}}"#,
            events("introduced=0.0.0-0")
        );
        record(id, "crates.io", "acme", &affected, "")
    };
    check(
        &[
            &rust("RUSTSEC-2024-0001", "unmaintained"),
            &rust("RUSTSEC-2024-0002", "unsound"),
            &rust("RUSTSEC-2024-0003", "something new"),
            &record("MAL-2024-12", "npm", "acme", r#""versions": ["1.0.0", "1.0.1"]"#, ""),
        ],
        &expect![[r"
            crates.io acme
              RUSTSEC-2024-0001 unmaintained 2024-02-29
                from 0.0.0-0: Open
                in acme: stop, web::Server::run
              RUSTSEC-2024-0002 unsound 2024-02-29
                from 0.0.0-0: Open
                in acme: stop, web::Server::run
              RUSTSEC-2024-0003 vulnerability 2024-02-29
                from 0.0.0-0: Open
                in acme: stop, web::Server::run
            npm acme
              MAL-2024-12 malicious 2024-02-29
                and 1.0.0, 1.0.1
        "]],
    );
}

#[test]
fn one_weakness_under_several_ids_is_one_advisory() {
    let go = format!(
        r#"{}, "ecosystem_specific": {{"imports": [{{"path": "acme.io/web/auth", "symbols": ["B", "A", "B"]}}]}}"#,
        events("introduced=0 fixed=1.2.0")
    );
    check(
        &[
            &record("GO-2024-0001", "Go", "acme.io/web", &go, r#", "aliases": ["CVE-2024-0007"]"#),
            &record(
                "GHSA-2222-3333-4444",
                "Go",
                "acme.io/web",
                &events("introduced=1.1.0 fixed=1.3.0"),
                r#", "aliases": ["CVE-2024-0008"], "summary": "Guard can be left out\n\u001b[31m in acme.io/web/auth",
                   "database_specific": {"severity": "HIGH"}"#,
            ),
            // This one joins the two.
            &record(
                "ACME-9",
                "Go",
                "acme.io/web",
                &events("introduced=3.0.0"),
                r#", "aliases": ["CVE-2024-0008", "CVE-2024-0007"], "summary": "not asked for""#,
            ),
            // The same names mean another package's own advisory.
            &record("ACME-9", "npm", "web", &events("introduced=3.0.0"), r#", "aliases": ["CVE-2024-0008"]"#),
        ],
        &expect![[r#"
            npm web
              CVE-2024-0008 ACME-9 vulnerability 2024-02-29
                from 3.0.0: Open
            Go acme.io/web
              CVE-2024-0007 CVE-2024-0008 GHSA-2222-3333-4444 GO-2024-0001 ACME-9 vulnerability high 2024-02-29
                Guard can be left out [31m
                from the beginning: Fixed("1.3.0")
                from 3.0.0: Open
                in acme.io/web/auth: A, B
        "#]],
    );
}

#[test]
fn of_two_copies_of_a_record_the_newer_counts() {
    let old = record("ACME-1", "npm", "acme", &events("introduced=0"), "");
    let new = record("ACME-1", "npm", "acme", &events("introduced=0 fixed=2.0.0"), "")
        .replace("2024-02-29", "2024-03-01");
    let expected = expect![[r#"
        npm acme
          ACME-1 vulnerability 2024-03-01
            from the beginning: Fixed("2.0.0")
    "#]];
    check(&[&old, &new], &expected);
    check(&[&new, &old], &expected);
}

#[test]
fn a_summary_is_one_short_line() {
    let case = |text: &str, expected: &str| {
        let record = record("ACME-1", "npm", "acme", &events("introduced=0"), text);
        let index = open(import(&[&record]));
        let found = index.find(Ecosystem::Npm, "acme").next().and_then(|found| found.read("acme"));
        assert_eq!(found.map(|advisory| advisory.summary).as_deref(), Some(expected));
    };
    case(r#", "summary": "A guard\tis left out\n in acme""#, "A guard is left out");
    case(
        r#", "summary": "A guard in acmes mount is — well, übergangen \u0007\u007f\u0080""#,
        "A guard in acmes mount is — well, übergangen",
    );
    case(
        r##", "details": "# A guard that is put behind the handler of a route is never asked, and so everybody gets in.""##,
        "A guard that is put behind the handler of a route is never asked, and…",
    );
    case(r####", "details": "### The guard.\n\nIt is never asked.", "summary": """####, "The guard.");
}

#[test]
fn what_is_no_record_is_named() {
    check(
        &[
            "",
            "[]",
            r#"{"modified": "2024-01-01"}"#,
            r#"{"id": "", "modified": ""}"#,
            r#"{"id": "A-1", "modified": "?"}"#,
        ],
        &expect![[r#"
            broken 1.json: it is no JSON object
            broken 2.json: it is no JSON object
            broken 3.json: missing field `id` at line 1 column 26
            broken 4.json: its id is empty
        "#]],
    );
}

#[test]
fn ids_come_back_as_they_were() {
    let ids = [
        "CVE-2024-1",
        "CVE-2024-0001",
        "CVE-2024-123456",
        "CVE-1980-0001",
        "CVE-2024-00001",
        "CVE-+2024-0001",
        "CVE-99999999999-1",
        "GHSA-2222-2222-2222",
        "GHSA-xxxx-xxxx-xxxx",
        "GHSA-xxxx-xxxx-xxxa",
        "GHSA-xxxx-xxxxxxxx",
        "GHSA-",
        "GO-2024-3",
        "GO-2024-0003",
        "PYSEC-2024-3",
        "PYSEC-2024-03",
        "RUSTSEC-2024-0003",
        "MAL-2024-77",
        "Ä-1",
    ];
    let record = record("ACME-1", "npm", "acme", &events("introduced=0"), "");
    let aliases = ids.map(|id| format!("\"{id}\"")).join(", ");
    let record = record.replacen('{', &format!("{{\"aliases\": [{aliases}],"), 1);
    let index = open(import(&[&record]));
    let found = index.find(Ecosystem::Npm, "acme").next().expect("it is there");
    let mut expected: Vec<&str> = ids.to_vec();
    expected.push("ACME-1");
    let mut actual = found.ids();
    actual.sort();
    expected.sort_unstable();
    assert_eq!(actual, expected);
}

#[test]
fn the_next_version_without_the_weakness_is_told() {
    let affected = events("introduced=0 fixed=1.2 introduced=2.0 fixed=2.5 introduced=3.0");
    let index = open(import(&[&record("ACME-1", "RubyGems", "acme", &affected, "")]));
    let case = |version: &str, is_affected: bool, fixed: Option<&str>| {
        let version = Version::new(Ecosystem::RubyGems, version);
        let found = index.find(Ecosystem::RubyGems, "acme").next().expect("it is there");
        let advisory = found.read("acme").expect("it is well formed");
        assert_eq!(
            (found.affects(&version), found.fixed_above(&version)),
            (is_affected, fixed),
            "{version:?}"
        );
        assert_eq!((advisory.affects(&version), advisory.fixed_above(&version)), (is_affected, fixed));
    };
    case("0.1", true, Some("1.2"));
    case("1.2.pre", true, Some("1.2"));
    case("1.2", false, Some("2.5"));
    case("2.0", true, Some("2.5"));
    case("3.1", true, None);
    assert!(index.find(Ecosystem::RubyGems, "acm").next().is_none());
    assert!(index.find(Ecosystem::Npm, "acme").next().is_none());
}

#[test]
fn what_came_along_with_another_ecosystem_is_not_all_of_its_own() {
    let both = r#"{"id": "GHSA-2222-3333-4444", "modified": "2024-05-01T00:00:00Z", "affected": [
        {"package": {"ecosystem": "npm", "name": "acme"}, "versions": ["1.0.0"]},
        {"package": {"ecosystem": "PyPI", "name": "acme"}, "versions": ["1.0.0"]}]}"#;
    let own = record("PYSEC-2024-1", "PyPI", "other", &events("introduced=0"), "");
    let index = open(import(&[both, &own]));
    let shown: Vec<String> = index
        .coverage()
        .iter()
        .map(|it| {
            format!("{} {} {} {} {}", it.ecosystem.name(), it.source, it.records, it.newest, it.is_whole)
        })
        .collect();
    let expected =
        ["npm GHSA 1 2024-05-01 false", "PyPI GHSA 1 2024-05-01 true", "PyPI PYSEC 1 2024-02-29 true"];
    assert_eq!(shown, expected);
}

/// What was imported knows better than what is built in, also where it says that a version is free of a weakness.
#[test]
fn what_was_imported_is_believed_first() {
    let built_in = Index::embedded();
    let (name, advisory) = built_in
        .iter()
        .filter(|(ecosystem, ..)| *ecosystem == Ecosystem::Npm)
        .find_map(|(_, name, mut found)| Some((name.to_owned(), found.next()?.read(name)?)))
        .expect("some package of npm is built in");
    let old = Version::new(Ecosystem::Npm, "0.0.0");
    let has = |advisories: &Advisories| {
        advisories.affecting(Ecosystem::Npm, &name, &old).iter().any(|other| other.id() == advisory.id())
    };
    let alone = Advisories::new(None);
    assert_eq!(has(&alone), advisory.affects(&old));
    assert_eq!((alone.cover(Ecosystem::Npm), alone.cover(Ecosystem::Pub)), (Cover::Part, Cover::None));
    let case = |affected: &str, expected: bool| {
        let alias = format!(r#", "aliases": ["{}"]"#, advisory.id());
        let imported = open(import(&[&record("ACME-1", "npm", &name, &events(affected), &alias)]));
        let both = Advisories::new(Some(imported));
        assert_eq!(has(&both), expected);
        assert_eq!(both.cover(Ecosystem::Npm), Cover::Whole);
        let all = both.affecting(Ecosystem::Npm, &name, &old);
        assert!(all.windows(2).all(|pair| pair[0].id() != pair[1].id()), "each weakness once");
    };
    case("introduced=0", true);
    case("introduced=900.0.0", false);
    let gone = |id: &str, alias: &str| {
        let more = format!(r#", "withdrawn": "2024-03-01T00:00:00Z", "aliases": ["{alias}"]"#);
        record(id, "npm", &name, &events("introduced=0"), &more)
    };
    // What was withdrawn is not told of by what is built in either, unless somebody else still says it.
    let both = |records: &[&str]| Advisories::new(Some(open(import(records))));
    let withdrawn = gone("ACME-1", advisory.id());
    assert!(has(&alone) && !has(&both(&[&withdrawn])));
    let alias = format!(r#", "aliases": ["{}"]"#, advisory.id());
    let said = record("ACME-2", "npm", &name, &events("introduced=0"), &alias);
    assert!(has(&both(&[&withdrawn, &said])));
    assert!(has(&both(&[&gone("ACME-1", "ACME-3")])), "another weakness was withdrawn");
}

/// Go has no version for what is released under a name that is none of the module: it says so beside the ranges.
#[test]
fn releases_that_are_no_versions_end_a_range() {
    let case = |own: &str, list: &str, expected: &Expect| {
        let custom = events(list).replace("\"ranges\"", "\"custom_ranges\"");
        let affected = format!(r#"{}, "ecosystem_specific": {{{custom}}}"#, events(own));
        check(&[&record("GO-2024-0001", "Go", "acme.io/web", &affected, "")], expected);
    };
    case(
        "introduced=0",
        "introduced=1.2.0 fixed=1.4.1 introduced=2.0.0 fixed=2.0.1-0.20240101000000-0123456789ab",
        &expect![[r#"
            Go acme.io/web
              GO-2024-0001 vulnerability 2024-02-29
                from the beginning: Fixed("1.4.1")
                from 2.0.0: Fixed("2.0.1-0.20240101000000-0123456789ab")
        "#]],
    );
    // Where the ecosystem has versions these count.
    case(
        "introduced=0 fixed=1.0.0",
        "introduced=0 fixed=3.0.0",
        &expect![[r#"
            Go acme.io/web
              GO-2024-0001 vulnerability 2024-02-29
                from the beginning: Fixed("1.0.0")
        "#]],
    );
    case(
        "introduced=0",
        "",
        &expect![[r#"
            Go acme.io/web
              GO-2024-0001 vulnerability 2024-02-29
                from the beginning: Open
        "#]],
    );
}
