//! The parts of a program, for other tools and back again.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use expect_test::expect;
use serde_json::Value;

use crate::{run, stderr, stdout, tree, write};

const LOCK: &str = r#"// file: package-lock.json
{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "frame": "^1.0.0", "own": "*" }, "devDependencies": { "probe": "1.0.0" } },
    "node_modules/frame": { "version": "1.2.0", "integrity": "sha1-ABEiM0RVZneImaq7zN3u/wARIjM=", "dependencies": { "@acme/parts": "^2.0.0" } },
    "node_modules/@acme/parts": { "version": "2.0.0", "dependencies": { "frame": "*" } },
    "node_modules/probe": { "version": "1.0.0", "dev": true, "resolved": "git+https://somebody:word@acme.io/probe.git#0a1b" },
    "node_modules/own": { "link": true, "resolved": "packages/own" },
    "packages/own": { "name": "own", "version": "0.1.0" }
  }
}
// file: package.json
{ "dependencies": { "frame": "1.0.0" } }
// file: service/requirements.txt
acme-web>=1.0
"#;

#[test]
fn parts_are_listed_once_with_what_they_ask_for() {
    let dir = tree(LOCK);
    let found = stdout(&run(dir.path(), &["sbom", "--name", "shop"]));
    assert_eq!(found, stdout(&run(dir.path(), &["sbom", "--name", "shop"])), "the same bytes again");
    expect![[r#"
        {
          "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
          "bomFormat": "CycloneDX",
          "specVersion": "1.6",
          "serialNumber": "urn:uuid:eef976e4-fb6a-811f-bc10-e8c3b086c194",
          "version": 1,
          "metadata": {"component":{"bom-ref":"repository","name":"shop","type":"application"},"tools":{"components":[{"name":"routeward","type":"application","version":"VERSION"}]}},
          "components": [
            {"bom-ref":"pkg:npm/%40acme/parts@2.0.0","evidence":{"occurrences":[{"location":"package-lock.json"}]},"name":"@acme/parts","purl":"pkg:npm/%40acme/parts@2.0.0","scope":"required","type":"library","version":"2.0.0"},
            {"bom-ref":"pkg:npm/frame@1.2.0","evidence":{"occurrences":[{"location":"package-lock.json"}]},"hashes":[{"alg":"SHA-1","content":"00112233445566778899aabbccddeeff00112233"}],"name":"frame","purl":"pkg:npm/frame@1.2.0","scope":"required","type":"library","version":"1.2.0"},
            {"bom-ref":"pkg:npm/probe@1.0.0?vcs_url=git%2Bhttps:%2F%2Facme.io%2Fprobe.git%400a1b","evidence":{"occurrences":[{"location":"package-lock.json"}]},"externalReferences":[{"type":"vcs","url":"https://acme.io/probe.git"}],"name":"probe","purl":"pkg:npm/probe@1.0.0?vcs_url=git%2Bhttps:%2F%2Facme.io%2Fprobe.git%400a1b","scope":"excluded","type":"library","version":"1.0.0"},
            {"bom-ref":"pkg:pypi/acme-web","evidence":{"occurrences":[{"location":"service/requirements.txt"}]},"name":"acme-web","purl":"pkg:pypi/acme-web","scope":"required","type":"library"}
          ],
          "dependencies": [
            {"dependsOn":["pkg:npm/frame@1.2.0","pkg:npm/probe@1.0.0?vcs_url=git%2Bhttps:%2F%2Facme.io%2Fprobe.git%400a1b","pkg:pypi/acme-web"],"ref":"repository"},
            {"dependsOn":["pkg:npm/frame@1.2.0"],"ref":"pkg:npm/%40acme/parts@2.0.0"},
            {"dependsOn":["pkg:npm/%40acme/parts@2.0.0"],"ref":"pkg:npm/frame@1.2.0"},
            {"dependsOn":[],"ref":"pkg:npm/probe@1.0.0?vcs_url=git%2Bhttps:%2F%2Facme.io%2Fprobe.git%400a1b"},
            {"dependsOn":[],"ref":"pkg:pypi/acme-web"}
          ]
        }
    "#]]
    .assert_eq(&found.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    let found = stdout(&run(dir.path(), &["sbom", "--name", "shop", "--output-format", "spdx"]));
    expect![[r#"
        {
          "spdxVersion": "SPDX-2.3",
          "dataLicense": "CC0-1.0",
          "SPDXID": "SPDXRef-DOCUMENT",
          "name": "shop",
          "documentNamespace": "https://spdx.org/spdxdocs/routeward-f646921c-695c-8489-a74a-bf7712493e4d",
          "creationInfo": {"comment":"the time is not recorded, so that the same parts give the same document","created":"1970-01-01T00:00:00Z","creators":["Tool: routeward-VERSION"]},
          "packages": [
            {"SPDXID":"SPDXRef-Repository","downloadLocation":"NOASSERTION","filesAnalyzed":false,"name":"shop","primaryPackagePurpose":"APPLICATION"},
            {"SPDXID":"SPDXRef-Package-1","downloadLocation":"NOASSERTION","externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceLocator":"pkg:npm/%40acme/parts@2.0.0","referenceType":"purl"}],"filesAnalyzed":false,"name":"@acme/parts","primaryPackagePurpose":"LIBRARY","sourceInfo":"listed in package-lock.json","versionInfo":"2.0.0"},
            {"SPDXID":"SPDXRef-Package-2","checksums":[{"algorithm":"SHA1","checksumValue":"00112233445566778899aabbccddeeff00112233"}],"downloadLocation":"NOASSERTION","externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceLocator":"pkg:npm/frame@1.2.0","referenceType":"purl"}],"filesAnalyzed":false,"name":"frame","primaryPackagePurpose":"LIBRARY","sourceInfo":"listed in package-lock.json","versionInfo":"1.2.0"},
            {"SPDXID":"SPDXRef-Package-3","downloadLocation":"git+https://acme.io/probe.git@0a1b","externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceLocator":"pkg:npm/probe@1.0.0?vcs_url=git%2Bhttps:%2F%2Facme.io%2Fprobe.git%400a1b","referenceType":"purl"}],"filesAnalyzed":false,"name":"probe","primaryPackagePurpose":"LIBRARY","sourceInfo":"listed in package-lock.json","versionInfo":"1.0.0"},
            {"SPDXID":"SPDXRef-Package-4","downloadLocation":"NOASSERTION","externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceLocator":"pkg:pypi/acme-web","referenceType":"purl"}],"filesAnalyzed":false,"name":"acme-web","primaryPackagePurpose":"LIBRARY","sourceInfo":"listed in service/requirements.txt"}
          ],
          "relationships": [
            {"relatedSpdxElement":"SPDXRef-Repository","relationshipType":"DESCRIBES","spdxElementId":"SPDXRef-DOCUMENT"},
            {"relatedSpdxElement":"SPDXRef-Package-2","relationshipType":"DEPENDS_ON","spdxElementId":"SPDXRef-Package-1"},
            {"relatedSpdxElement":"SPDXRef-Package-2","relationshipType":"DEPENDS_ON","spdxElementId":"SPDXRef-Repository"},
            {"relatedSpdxElement":"SPDXRef-Package-1","relationshipType":"DEPENDS_ON","spdxElementId":"SPDXRef-Package-2"},
            {"relatedSpdxElement":"SPDXRef-Repository","relationshipType":"DEV_DEPENDENCY_OF","spdxElementId":"SPDXRef-Package-3"},
            {"relatedSpdxElement":"SPDXRef-Package-4","relationshipType":"DEPENDS_ON","spdxElementId":"SPDXRef-Repository"}
          ]
        }
    "#]].assert_eq(&found.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

/// Package, scope and what it asks for, of a list that was written or of what it was read back from.
fn said(dir: &Path) -> BTreeSet<String> {
    let document: Value = serde_json::from_slice(&run(dir, &["sbom", "-q"]).stdout).expect("JSON");
    let asks = document["dependencies"].as_array().expect("a list").iter();
    let asks = asks.map(|it| format!("{} asks for {}", it["ref"], it["dependsOn"]));
    let parts = document["components"].as_array().expect("a list").iter();
    asks.chain(parts.map(|part| format!("{} {}", part["purl"], part["scope"]))).collect()
}

#[test]
fn what_is_written_can_be_read() {
    let dir = tree(LOCK);
    let parts = said(dir.path());
    for (format, file) in [("cyclonedx", "bom.json"), ("spdx", "shop.spdx.json")] {
        let other = tempfile::tempdir().expect("a folder");
        let path = other.path().join(file);
        let output = format!("{format}:{}", path.display());
        assert!(run(dir.path(), &["sbom", "--output-format", &output]).status.success());
        assert_eq!(said(other.path()), parts, "{format}");
        // Where a lockfile lists a package it says which version there is.
        write(
            other.path(),
            "package-lock.json",
            r#"{"packages": {"node_modules/frame": {"version": "9.0.0"}}}"#,
        );
        let frames: Vec<_> = said(other.path()).into_iter().filter(|it| it.contains("frame@")).collect();
        assert!(frames.iter().all(|it| !it.contains("1.2.0")), "{frames:?}");
        assert!(said(other.path()).iter().any(|it| it.contains("acme-web")));
    }
}

#[test]
fn a_time_is_written_if_one_is_given() {
    let dir = tree(LOCK);
    let with = |time: &str, format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_routeward"));
        command.args(["sbom", "--output-format", format]).current_dir(dir.path());
        let output = command.env("SOURCE_DATE_EPOCH", time).output().expect("the binary runs");
        (output.status.code(), stdout(&output))
    };
    let time = "\"2001-09-09T01:46:40Z\"";
    assert!(with("1000000000", "cyclonedx").1.contains(time));
    assert!(with("1000000000", "spdx").1.contains(time));
    assert_eq!(with("yesterday", "spdx"), (Some(2), String::new()));
}

#[test]
fn weaknesses_are_told_with_how_far_requests_get() {
    let dir = tree(
        r#"// file: package-lock.json
{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "express": "4.21.2", "ip": "1.1.8", "js-yaml": "3.13.0", "json5": "1.0.1" } },
    "node_modules/express": { "version": "4.21.2" },
    "node_modules/ip": { "version": "1.1.8" },
    "node_modules/js-yaml": { "version": "3.13.0" },
    "node_modules/json5": { "version": "1.0.1" }
  }
}
// file: main.js
const express = require("express");
const yaml = require("js-yaml");
const JSON5 = require("json5");
const app = express();
app.post("/orders", (req, res) => res.json(yaml.load(req.body.text)));
app.listen(JSON5.parse("{ port: 3000 }").port);
"#,
    );
    let found: Value =
        serde_json::from_str(&stdout(&run(dir.path(), &["sbom", "--vex", "--name", "shop"]))).unwrap();
    let mut states: Vec<String> = found["vulnerabilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let (part, analysis) = (&it["affects"][0]["ref"], &it["analysis"]);
            format!("{part} {} {}", analysis["state"], analysis["detail"])
        })
        .collect();
    states.dedup();
    expect![[r#"
        "pkg:npm/ip@1.1.8" "not_affected" "no code imports it, and nothing that code imports needs it"
        "pkg:npm/js-yaml@3.13.0" "exploitable" "clients choose what `js-yaml.load`, which is weak, is given by `POST /orders`"
        "pkg:npm/json5@1.0.1" "in_triage" "code imports it, and no endpoint is seen to call it""#]].assert_eq(&states.join("\n"));
}

/// That nothing is known is said, too; a format that cannot say it is refused.
#[test]
fn weaknesses_are_said_where_they_can_be() {
    let dir = tree(
        "// file: package-lock.json\n{\"packages\": {\"node_modules/acme\": {\"version\": \"1.0.0\"}}}\n",
    );
    let found: Value = serde_json::from_str(&stdout(&run(dir.path(), &["sbom", "--vex"]))).unwrap();
    assert_eq!(found["vulnerabilities"], Value::Array(Vec::new()));
    let refused = run(dir.path(), &["sbom", "--vex", "--output-format", "spdx"]);
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(2), String::new()));
    assert!(stderr(&refused).contains("CycloneDX only"), "{}", stderr(&refused));
}

#[test]
fn a_lockfile_that_is_no_text_is_told() {
    let dir = tree("");
    write(dir.path(), "Cargo.lock", b"[[package]]\0\0");
    let told = stderr(&run(dir.path(), &["sbom"]));
    assert!(told.contains("Cargo.lock: is no text, and its dependencies were not read"), "{told}");
}
