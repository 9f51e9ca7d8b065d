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
    cyclonedx(&sbom(), &assessed, &mut out).expect("written");
    let document: Value = serde_json::from_slice(&out).expect("JSON");
    expected.assert_eq(&document["vulnerabilities"].to_string());
    let mut without = Vec::new();
    cyclonedx(&sbom(), &[], &mut without).expect("written");
    let other: Value = serde_json::from_slice(&without).expect("JSON");
    assert_eq!(other.get("vulnerabilities"), None);
    assert_ne!(other["serialNumber"], document["serialNumber"]);
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
