//! Files that say in which version a runtime is installed: `.nvmrc`, `.python-version`, `.tool-versions`, `global.json`.

use routeward_formats::Format;

use crate::files::Cx;

/// Files with a version alone.
const VERSIONS: &[(&str, &str)] = &[
    (".nvmrc", "node"),
    (".node-version", "node"),
    (".python-version", "python"),
    (".ruby-version", "ruby"),
    (".php-version", "php"),
    (".go-version", "golang"),
    (".java-version", "java"),
];

/// True for the name of such a file.
pub(crate) fn is_name(name: &str) -> bool {
    VERSIONS.iter().any(|(file, _)| *file == name)
        || matches!(name, ".tool-versions" | "runtime.txt" | "global.json")
}

/// Reads it.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let name = cx.path.rsplit('/').next().unwrap_or(cx.path).to_ascii_lowercase();
    let text = cx.text;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    match name.as_str() {
        "global.json" => {
            let document = cx.document(Format::Json);
            let sdk = document.root().and_then(|root| root.get("sdk"));
            cx.run_on_key("dotnet", sdk.and_then(|sdk| sdk.get("version")));
        }
        // `python-3.8.2`
        "runtime.txt" => {
            for (name, version) in lines.filter_map(|line| line.split_once('-')) {
                put(cx, name, version);
            }
        }
        // `nodejs 16.1.0 14.1.0`: the first that is installed is taken.
        ".tool-versions" => {
            for line in lines {
                let mut words = line.split_whitespace();
                if let Some((name, version)) = words.next().zip(words.next()) {
                    put(cx, name, version);
                }
            }
        }
        _ => {
            let known = VERSIONS.iter().find(|(file, _)| *file == name);
            // Of several in `.python-version` the first is the one that `python` means.
            if let Some(((_, runtime), version)) = known.zip({ lines }.next()) {
                put(cx, runtime, version);
            }
        }
    }
}

/// A version with what may stand before it: `lts/gallium`, `ruby-2.7.1`, `temurin-17.0.2+8`.
fn put(cx: &mut Cx<'_>, runtime: &str, version: &str) {
    let version = version.split_whitespace().next().unwrap_or("");
    let bare = version.strip_prefix("lts/").unwrap_or(version);
    let bare = match bare.split_once('-') {
        // Builds of others have versions of their own.
        Some((vendor, rest)) if matches!(vendor, "temurin" | "openjdk") || vendor == runtime => rest,
        _ => bare,
    };
    cx.run_on(runtime, bare, cx.place(version));
}
