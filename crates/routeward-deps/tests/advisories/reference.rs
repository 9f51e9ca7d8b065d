//! Whether a version is affected, in the words of the OSV schema ("Evaluation") over the JSON as it lies: slow and
//! plain, to compare the index with.

use routeward_deps::{Ecosystem, Version};
use serde_json::{Value, json};

/// `func IsVulnerable(pkg, version, osv)`
pub(crate) fn is_vulnerable(record: &Value, ecosystem: Ecosystem, name: &str, version: &str) -> bool {
    if !record["withdrawn"].is_null() {
        return false;
    }
    let version = Version::new(ecosystem, version);
    list(&record["affected"]).iter().any(|affected| {
        let own = affected["package"]["ecosystem"].as_str().and_then(Ecosystem::from_name) == Some(ecosystem)
            && affected["package"]["name"].as_str().is_some_and(|other| ecosystem.fold(other) == name);
        own && (included_in_versions(affected, ecosystem, &version)
            || included_in_ranges(affected, ecosystem, &version))
    })
}

fn included_in_versions(affected: &Value, ecosystem: Ecosystem, version: &Version) -> bool {
    list(&affected["versions"]).iter().any(|other| Version::new(ecosystem, text(other)) == *version)
}

fn included_in_ranges(affected: &Value, ecosystem: Ecosystem, version: &Version) -> bool {
    let ranges: Vec<&Value> =
        list(&affected["ranges"]).iter().filter(|range| range["type"] != "GIT").collect();
    let custom = list(&affected["ecosystem_specific"]["custom_ranges"]);
    if let [range] = ranges.as_slice()
        && range["events"] == json!([{ "introduced": "0" }])
        && !custom.is_empty()
    {
        // Before any of them, or in one.
        let is_before = custom.iter().flat_map(|range| list(&range["events"])).all(|event| {
            event
                .as_object()
                .into_iter()
                .flatten()
                .all(|(_, at)| *version < Version::new(ecosystem, text(at)))
        });
        return is_before || included_in(&custom.iter().collect::<Vec<_>>(), ecosystem, version);
    }
    included_in(&ranges, ecosystem, version)
}

fn included_in(ranges: &[&Value], ecosystem: Ecosystem, version: &Version) -> bool {
    ranges.iter().any(|range| {
        let events = list(&range["events"]);
        if !before_limits(events, ecosystem, version) {
            return false;
        }
        let mut sorted: Vec<(Version, bool, &str)> = Vec::new();
        for event in events {
            for (kind, at) in event.as_object().into_iter().flatten().filter(|(kind, _)| *kind != "limit") {
                sorted.push((Version::new(ecosystem, text(at)), text(at) != "0", kind));
            }
        }
        sorted.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| if a.1 { a.0.cmp(&b.0) } else { a.1.cmp(&b.1) }));
        let mut vulnerable = false;
        for (at, has_version, kind) in sorted {
            match kind {
                "introduced" if !has_version || *version >= at => vulnerable = true,
                "fixed" if *version >= at => vulnerable = false,
                "last_affected" if *version > at => vulnerable = false,
                _ => {}
            }
        }
        vulnerable
    })
}

fn before_limits(events: &[Value], ecosystem: Ecosystem, version: &Version) -> bool {
    let limits: Vec<&str> = events.iter().filter_map(|event| event["limit"].as_str()).collect();
    limits.is_empty() || limits.iter().any(|limit| *limit == "*" || *version < Version::new(ecosystem, limit))
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
