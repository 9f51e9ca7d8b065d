//! CycloneDX 1.6 (<https://cyclonedx.org/docs/1.6/json/>).

use std::io::{self, Write};

use routeward_deps::{Origin, Part, Scope, without_credentials};
use routeward_diag::Severity;
use serde_json::{Value, json};

use super::{Assessment, Document, Sbom, State, UUID, address, hashes};

const ROOT: &str = "repository";

/// Writes the list, with what is known of weaknesses in its parts: that there are none is said, too, but not where
/// nobody looked.
pub fn cyclonedx(
    sbom: &Sbom<'_>,
    assessed: Option<&[Assessment<'_>]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let references = sbom.references();
    let parts = || sbom.parts.iter().zip(&references);
    let names = |asks: &mut dyn Iterator<Item = usize>| -> Vec<&str> {
        asks.map(|at| references[at].as_str()).collect()
    };
    let mut document = Document {
        head: vec![
            ("$schema", json!("http://cyclonedx.org/schema/bom-1.6.schema.json")),
            ("bomFormat", json!("CycloneDX")),
            ("specVersion", json!("1.6")),
            ("serialNumber", json!(format!("urn:uuid:{UUID}"))),
            ("version", json!(1)),
            ("metadata", metadata(sbom)),
        ],
        lists: Vec::new(),
    };
    let components = |put: &mut dyn FnMut(Value)| parts().for_each(|(part, name)| put(component(part, name)));
    document.lists.push(("components", Box::new(components)));
    let dependencies = |put: &mut dyn FnMut(Value)| {
        let mut direct = (0..).zip(&sbom.parts).filter(|(_, part)| part.is_direct).map(|(at, _)| at);
        put(json!({ "ref": ROOT, "dependsOn": names(&mut direct) }));
        for (part, name) in parts() {
            put(json!({ "ref": name, "dependsOn": names(&mut part.asks.iter().copied()) }));
        }
    };
    document.lists.push(("dependencies", Box::new(dependencies)));
    let vulnerabilities = |put: &mut dyn FnMut(Value)| {
        let known = assessed.into_iter().flatten().filter_map(|it| Some((it, references.get(it.part)?)));
        known.for_each(|(it, name)| put(vulnerability(it, name)));
    };
    if assessed.is_some() {
        document.lists.push(("vulnerabilities", Box::new(vulnerabilities)));
    }
    document.write(out)
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
        "purl": address(reference),
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
    let found = hashes(part, ["alg", "content"], |algorithm| algorithm.cyclonedx);
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
