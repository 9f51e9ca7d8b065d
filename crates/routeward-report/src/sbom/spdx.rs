//! SPDX 2.3 (<https://spdx.github.io/spdx-spec/v2.3/>).

use std::io::{self, Write};

use routeward_deps::{Origin, Part, Scope, without_credentials};
use serde_json::{Value, json};

use super::{Document, Sbom, UUID, address, hashes};

const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const ROOT: &str = "SPDXRef-Repository";
/// The format demands a time. Where none is given this one says so.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// Writes the list.
pub fn spdx(sbom: &Sbom<'_>, out: &mut dyn Write) -> io::Result<()> {
    let urls = sbom.references();
    let packages = |put: &mut dyn FnMut(Value)| {
        put(json!({
            "SPDXID": ROOT,
            "name": sbom.name,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": false,
            "primaryPackagePurpose": "APPLICATION",
        }));
        (0..).zip(&sbom.parts).zip(&urls).for_each(|((at, part), url)| put(package(at, part, url)));
    };
    let relationships = |put: &mut dyn FnMut(Value)| {
        put(relationship(DOCUMENT, "DESCRIBES", ROOT));
        for (at, part) in (0..).zip(&sbom.parts) {
            if part.is_direct {
                put(match part.scope {
                    Scope::Runtime => relationship(ROOT, "DEPENDS_ON", &id(at)),
                    Scope::Optional => relationship(&id(at), "OPTIONAL_DEPENDENCY_OF", ROOT),
                    Scope::Development => relationship(&id(at), "DEV_DEPENDENCY_OF", ROOT),
                });
            }
            part.asks.iter().for_each(|child| put(relationship(&id(at), "DEPENDS_ON", &id(*child))));
        }
    };
    let mut creation = json!({
        "created": sbom.timestamp.as_deref().unwrap_or(NO_TIME),
        "creators": [concat!("Tool: routeward-", env!("CARGO_PKG_VERSION"))],
    });
    if sbom.timestamp.is_none() {
        creation["comment"] =
            json!("the time is not recorded, so that the same parts give the same document");
    }
    let document = Document {
        head: vec![
            ("spdxVersion", json!("SPDX-2.3")),
            ("dataLicense", json!("CC0-1.0")),
            ("SPDXID", json!(DOCUMENT)),
            ("name", json!(sbom.name)),
            ("documentNamespace", json!(format!("https://spdx.org/spdxdocs/routeward-{UUID}"))),
            ("creationInfo", creation),
        ],
        lists: vec![("packages", Box::new(packages)), ("relationships", Box::new(relationships))],
    };
    document.write(out)
}

fn id(at: usize) -> String {
    format!("SPDXRef-Package-{}", at + 1)
}

fn relationship(from: &str, kind: &str, to: &str) -> Value {
    json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to })
}

fn package(at: usize, part: &Part<'_>, url: &str) -> Value {
    let files: Vec<&str> = part.files.iter().copied().collect();
    let mut package = json!({
        "SPDXID": id(at),
        "name": part.name,
        "downloadLocation": location(part.origin),
        "filesAnalyzed": false,
        "primaryPackagePurpose": "LIBRARY",
        "sourceInfo": format!("listed in {}", files.join(", ")),
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": address(url),
        }],
    });
    if let Some(version) = part.version {
        package["versionInfo"] = json!(version);
    }
    let found = hashes(part, ["algorithm", "checksumValue"], |algorithm| algorithm.spdx);
    if !found.is_empty() {
        package["checksums"] = found.into();
    }
    package
}

/// A URL as the format knows them; what is none is not asserted.
fn location(origin: &Origin) -> String {
    let is_plain = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    match origin {
        Origin::Git { url, revision } if is_plain(url) && !revision.contains(char::is_whitespace) => {
            let revision = if revision.is_empty() { String::new() } else { format!("@{revision}") };
            format!("git+{}{revision}", without_credentials(url))
        }
        Origin::Url(url) if is_plain(url) => without_credentials(url),
        _ => "NOASSERTION".to_owned(),
    }
}
