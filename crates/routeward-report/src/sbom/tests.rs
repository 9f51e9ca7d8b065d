//! What is known of weaknesses stands beside the parts.

use std::collections::BTreeSet;

use expect_test::expect;
use routeward_base::Date;
use routeward_deps::{Advisory, Ecosystem, End, Kind, Origin, Part, Range, Scope};
use routeward_diag::Severity;
use serde_json::Value;

use super::*;

fn sbom() -> Sbom<'static> {
    let part = |name, asks: &[usize]| Part {
        ecosystem: Ecosystem::Npm,
        name,
        version: Some("1.0.0"),
        origin: &Origin::Registry,
        scope: Scope::Runtime,
        integrity: BTreeSet::new(),
        files: BTreeSet::from(["package-lock.json"]),
        is_direct: !asks.is_empty(),
        asks: asks.iter().copied().collect(),
    };
    Sbom { name: "shop", timestamp: None, parts: vec![part("bolt", &[]), part("frame", &[0])] }
}

fn check(state: State, detail: &str, expected: &expect_test::Expect) {
    let advisory = Advisory {
        ecosystem: Ecosystem::Npm,
        package: "bolt".to_owned(),
        ids: vec!["CVE-2024-0001".to_owned(), "GHSA-2222-3333-4444".to_owned()],
        kind: Kind::Vulnerability,
        severity: Some(Severity::High),
        cwe: vec![306],
        summary: "A guard can be left out".to_owned(),
        ranges: vec![Range { introduced: None, end: End::Open }],
        versions: Vec::new(),
        symbols: Vec::new(),
        modified: Date::default(),
    };
    let assessed = [Assessment { advisory: &advisory, part: 0, state, detail: detail.to_owned() }];
    let mut out = Vec::new();
    cyclonedx(&sbom(), Some(&assessed), &mut out).expect("written");
    let document: Value = serde_json::from_slice(&out).expect("JSON");
    expected.assert_eq(&document["vulnerabilities"].to_string());
    let mut without = Vec::new();
    cyclonedx(&sbom(), None, &mut without).expect("written");
    let other: Value = serde_json::from_slice(&without).expect("JSON");
    assert_eq!(other.get("vulnerabilities"), None);
    assert_ne!(other["serialNumber"], document["serialNumber"]);
    let mut none = Vec::new();
    cyclonedx(&sbom(), Some(&[]), &mut none).expect("written");
    let none: Value = serde_json::from_slice(&none).expect("JSON");
    assert_eq!(none["vulnerabilities"], json!([]));
}

#[test]
fn weaknesses_are_told_with_what_they_mean_here() {
    check(
        State::NotReachable,
        "no endpoint calls it",
        &expect![[
            r#"[{"affects":[{"ref":"pkg:npm/bolt@1.0.0"}],"analysis":{"detail":"no endpoint calls it","justification":"code_not_reachable","state":"not_affected"},"bom-ref":"CVE-2024-0001 pkg:npm/bolt@1.0.0","cwes":[306],"description":"A guard can be left out","id":"CVE-2024-0001","ratings":[{"severity":"high"}],"references":[{"id":"GHSA-2222-3333-4444","source":{"url":"https://osv.dev/vulnerability/GHSA-2222-3333-4444"}}]}]"#
        ]],
    );
    check(
        State::Exploitable,
        "",
        &expect![[
            r#"[{"affects":[{"ref":"pkg:npm/bolt@1.0.0"}],"analysis":{"state":"exploitable"},"bom-ref":"CVE-2024-0001 pkg:npm/bolt@1.0.0","cwes":[306],"description":"A guard can be left out","id":"CVE-2024-0001","ratings":[{"severity":"high"}],"references":[{"id":"GHSA-2222-3333-4444","source":{"url":"https://osv.dev/vulnerability/GHSA-2222-3333-4444"}}]}]"#
        ]],
    );
}

/// What the schemas demand of names and references, whatever packages are called and wherever they are from.
#[test]
fn documents_hold_together() {
    let digest =
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";
    let git = Origin::Git { url: "ssh://git@acme.io/a b.git".to_owned(), revision: "main branch".to_owned() };
    let archive = Origin::Url("https://me:word@acme.io/é b.tgz?token=x".to_owned());
    let odd = [
        ("acme", Some("1.0.0"), &Origin::Registry, digest),
        ("acme", Some("1.0.0"), &Origin::Registry, "sha512-short"),
        ("@acme/Ünï code", Some("v 1+é#2"), &git, ""),
        ("..", None, &archive, "sha256:00 md5:zz"),
        ("#", Some(""), &Origin::Registry, ""),
    ];
    let part = |(at, (name, version, origin, integrity)): (usize, (&'static str, _, _, &'static str))| Part {
        name,
        version,
        origin,
        integrity: BTreeSet::from([integrity]),
        asks: (0..odd.len()).filter(|other| *other != at).collect(),
        ..sbom().parts[0].clone()
    };
    let sbom =
        Sbom { name: "a \"shop\"", timestamp: None, parts: odd.into_iter().enumerate().map(part).collect() };

    let mut out = Vec::new();
    cyclonedx(&sbom, Some(&[]), &mut out).expect("written");
    let document: Value = serde_json::from_slice(&out).expect("JSON");
    let components = list(&document["components"]);
    let mut known: Vec<&Value> = components.iter().map(|it| &it["bom-ref"]).collect();
    known.push(&document["metadata"]["component"]["bom-ref"]);
    let names: BTreeSet<&str> = known.iter().filter_map(|it| it.as_str()).collect();
    assert_eq!(names.len(), odd.len() + 1);
    let dependencies = list(&document["dependencies"]);
    for it in dependencies.iter().flat_map(|it| list(&it["dependsOn"]).iter().chain([&it["ref"]])) {
        assert!(known.contains(&it), "{it}");
    }
    for it in components {
        assert!(it["name"].as_str().is_some_and(|name| !name.is_empty()));
        assert!(it["purl"].as_str().is_some_and(|url| url.starts_with("pkg:") && url.is_ascii()), "{it}");
        for hash in it.get("hashes").map(list).unwrap_or_default() {
            let content = hash["content"].as_str().unwrap_or_default();
            assert!([32, 40, 64, 96, 128].contains(&content.len()), "{hash}");
            assert!(content.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
        }
    }

    let mut out = Vec::new();
    spdx(&sbom, &mut out).expect("written");
    let document: Value = serde_json::from_slice(&out).expect("JSON");
    let ids: BTreeSet<&str> =
        list(&document["packages"]).iter().filter_map(|it| it["SPDXID"].as_str()).collect();
    assert_eq!(ids.len(), odd.len() + 1);
    assert!(
        ids.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)))
    );
    for it in list(&document["relationships"]) {
        for end in [&it["spdxElementId"], &it["relatedSpdxElement"]] {
            assert!(end == "SPDXRef-DOCUMENT" || end.as_str().is_some_and(|id| ids.contains(id)), "{it}");
        }
    }
    for it in list(&document["packages"]) {
        let location = it["downloadLocation"].as_str().unwrap_or_default();
        assert!(location == "NOASSERTION" || location.contains("://"), "{it}");
        assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "{it}");
        assert!(!location.contains("word"), "{it}");
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
