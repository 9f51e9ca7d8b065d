//! Import maps: `imports` of `deno.json`, of `deno.jsonc`, or of the file that they name.

use routeward_base::FileSystem;

use super::jsonc::{self, Json};
use super::paths::{file_name, join, parent, split_package};
use super::{MAX_MANIFEST, Problems, read_text};

/// What specifiers mean in a directory and below it.
#[derive(Clone, Default, Debug)]
pub(super) struct ImportMap {
    /// The directory that relative targets count from.
    dir: String,
    /// Key and target, in file order.
    rows: Vec<(String, String)>,
}

/// True for a file that may hold an import map or name one.
pub(super) fn is_config(path: &str) -> bool {
    matches!(file_name(path), "deno.json" | "deno.jsonc")
}

impl ImportMap {
    /// Reads the map of the configuration at `path`; none if it is no JSON.
    pub(super) fn read(fs: &dyn FileSystem, path: &str, problems: &mut Problems) -> Option<Self> {
        let text = read_text(fs, path, MAX_MANIFEST, problems)?;
        let json = jsonc::parse(&text).map_err(|message| problems.push((path.to_owned(), message))).ok()?;
        let other = json.text("importMap").filter(|other| !other.contains("://"));
        match other.and_then(|other| join(parent(path), other)) {
            Some(other) => {
                let text = read_text(fs, &other, MAX_MANIFEST, problems)?;
                Some(Self::new(&other, &jsonc::parse(&text).ok()?))
            }
            None => Some(Self::new(path, &json)),
        }
    }

    fn new(path: &str, json: &Json<'_>) -> Self {
        let rows = json.get("imports").into_iter().flat_map(Json::strings);
        let rows = rows.map(|(key, target)| (key.to_owned(), target.to_owned())).collect();
        Self { dir: parent(path).to_owned(), rows }
    }

    /// What stands for `specifier`: a path from the root of the scan with `/` before it, or another specifier. The
    /// longest key wins; one that ends in a slash stands for all that begins with it.
    pub(super) fn target(&self, specifier: &str) -> Option<String> {
        let fits = |key: &str| {
            if key.ends_with('/') {
                specifier.starts_with(key)
            } else {
                // `"a": "jsr:a@1"` gives `a/b`, too.
                specifier.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        };
        let (key, target) = self.rows.iter().filter(|(key, _)| fits(key)).max_by_key(|(key, _)| key.len())?;
        let rest = &specifier[key.len()..];
        if target.starts_with("./") || target.starts_with("../") {
            return Some(format!("/{}", join(&self.dir, &format!("{target}{rest}"))?));
        }
        // `"name": "jsr:@name/name"` is the package that other registries have under that name.
        let own = target.strip_prefix("jsr:@").and_then(|it| it.split_once('/'));
        if own.is_some_and(|(scope, name)| scope == *key && name.split('@').next() == Some(key)) {
            return None;
        }
        Some(format!("{target}{rest}"))
    }

    /// The lowest version that the map allows of a package, by the name that resolution gives it; none where it
    /// allows any.
    pub(super) fn version(&self, package: &str) -> Option<String> {
        self.rows.iter().find_map(|(key, target)| {
            let (name, version) = package_of(target)?;
            (name == package || key == package).then(|| version.to_owned())
        })
    }
}

/// The name of the package behind a target, as resolution gives it, and its version.
fn package_of(target: &str) -> Option<(String, &str)> {
    let (name, version) = if let Some(rest) = target.strip_prefix("https://deno.land/x/") {
        let (name, version) = rest.split('/').next()?.split_once('@')?;
        (format!("deno/x/{name}"), version)
    } else {
        let rest = target.strip_prefix("npm:").or_else(|| target.strip_prefix("jsr:"))?;
        let (package, _) = split_package(rest.trim_start_matches('/'));
        let at = package.get(1..)?.find('@')? + 1;
        (package[..at].to_owned(), &package[at + 1..])
    };
    let version = version.trim_start_matches(['^', '~', '=', '>', 'v', ' ']);
    version.starts_with(|c: char| c.is_ascii_digit()).then_some((name, version))
}
