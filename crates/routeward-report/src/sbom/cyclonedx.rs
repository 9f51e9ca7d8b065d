//! CycloneDX 1.6 (<https://cyclonedx.org/docs/1.6/json/>).

use std::io::{self, Write};

use routeward_deps::{Origin, Part, Scope, without_credentials};
use routeward_diag::Severity;
use serde_json::{Map, Value, json};

use super::hash::hashes;
use super::{Assessment, Sbom, State, uuid};

const ROOT: &str = "repository";

/// Writes the list, with what is known of weaknesses in its parts; `assessed` may be empty.
pub fn cyclonedx(sbom: &Sbom<'_>, assessed: &[Assessment<'_>], out: &mut dyn Write) -> io::Result<()> {
    let references = sbom.references();
    let mut content = Map::new();
    content.insert("metadata".to_owned(), metadata(sbom));
    let parts = || sbom.parts.iter().zip(&references);
    let components: Vec<Value> = parts().map(|(part, reference)| component(part, reference)).collect();
    content.insert("components".to_owned(), components.into());
    let names = |asks: &mut dyn Iterator<Item = usize>| -> Vec<&str> {
        asks.map(|at| references[at].as_str()).collect()
    };
    let mut direct = (0..).zip(&sbom.parts).filter(|(_, part)| part.is_direct).map(|(at, _)| at);
    let root = json!({ "ref": ROOT, "dependsOn": names(&mut direct) });
    let others = parts().map(
        |(part, reference)| json!({ "ref": reference, "dependsOn": names(&mut part.asks.iter().copied()) }),
    );
    let dependencies: Vec<Value> = std::iter::once(root).chain(others).collect();
    content.insert("dependencies".to_owned(), dependencies.into());
    if !assessed.is_empty() {
        let vulnerabilities: Vec<Value> =
            assessed.iter().filter_map(|it| Some(vulnerability(it, references.get(it.part)?))).collect();
        content.insert("vulnerabilities".to_owned(), vulnerabilities.into());
    }
    let serial = uuid(&Value::Object(content.clone()).to_string());
    let mut document = Map::new();
    for (key, value) in [
        ("$schema", json!("http://cyclonedx.org/schema/bom-1.6.schema.json")),
        ("bomFormat", json!("CycloneDX")),
        ("specVersion", json!("1.6")),
        ("serialNumber", json!(format!("urn:uuid:{serial}"))),
        ("version", json!(1)),
    ] {
        document.insert(key.to_owned(), value);
    }
    document.extend(content);
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn metadata(sbom: &Sbom<'_>) -> Value {
    let tool = json!({ "type": "application", "name": "routeward", "version": env!("CARGO_PKG_VERSION") });
    let mut metadata = json!({
        "tools": { "components": [tool] },
        "component": { "type": "application", "bom-ref": ROOT, "name": sbom.name },
    });
    if let Some(timestamp) = &sbom.timestamp {
        metadata["timestamp"] = json!(timestamp);
    }
    metadata
}

fn component(part: &Part<'_>, reference: &str) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": reference,
        "name": part.name,
        "purl": reference.split_once('#').map_or(reference, |(url, _)| url),
        "scope": match part.scope {
            Scope::Runtime => "required",
            Scope::Optional => "optional",
            Scope::Development => "excluded",
        },
        "evidence": {
            "occurrences": part.files.iter().map(|path| json!({ "location": path })).collect::<Vec<_>>(),
        },
    });
    if let Some(version) = part.version {
        component["version"] = json!(version);
    }
    let found = part.integrity.iter().flat_map(|text| hashes(text));
    let mut found: Vec<Value> =
        found.map(|(algorithm, hex)| json!({ "alg": algorithm.cyclonedx, "content": hex })).collect();
    found.dedup();
    if !found.is_empty() {
        component["hashes"] = found.into();
    }
    let source = match part.origin {
        Origin::Git { url, .. } => Some(("vcs", url)),
        Origin::Url(url) => Some(("distribution", url)),
        Origin::Registry | Origin::Path => None,
    };
    if let Some((kind, url)) = source.filter(|(_, url)| url.contains("://")) {
        component["externalReferences"] = json!([{ "type": kind, "url": without_credentials(url) }]);
    }
    component
}

fn vulnerability(assessed: &Assessment<'_>, reference: &str) -> Value {
    let advisory = assessed.advisory;
    let mut analysis = match assessed.state {
        State::Exploitable => json!({ "state": "exploitable" }),
        State::InTriage => json!({ "state": "in_triage" }),
        State::NotReachable => json!({ "state": "not_affected", "justification": "code_not_reachable" }),
        State::NotPresent => json!({ "state": "not_affected", "justification": "code_not_present" }),
    };
    if !assessed.detail.is_empty() {
        analysis["detail"] = json!(assessed.detail);
    }
    let mut vulnerability = json!({
        "bom-ref": format!("{} {reference}", advisory.id()),
        "id": advisory.id(),
        "affects": [{ "ref": reference }],
        "analysis": analysis,
    });
    if let Some(severity) = advisory.severity {
        vulnerability["ratings"] = json!([{ "severity": rating(severity) }]);
    }
    if !advisory.cwe.is_empty() {
        vulnerability["cwes"] = json!(advisory.cwe);
    }
    if !advisory.summary.is_empty() {
        vulnerability["description"] = json!(advisory.summary);
    }
    let others: Vec<Value> = advisory.aliases().iter().map(|id| other_name(id)).collect();
    if !others.is_empty() {
        vulnerability["references"] = others.into();
    }
    vulnerability
}

fn other_name(id: &str) -> Value {
    json!({ "id": id, "source": { "url": format!("https://osv.dev/vulnerability/{id}") } })
}

fn rating(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}
