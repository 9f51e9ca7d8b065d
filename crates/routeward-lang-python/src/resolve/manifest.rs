//! Packages and their versions, from manifests and lock files.

use routeward_base::{FileSystem, FxHashMap};
use toml::{Table, Value};

/// Larger files are taken as absent, in bytes.
const MAX_SIZE: usize = 32 << 20;

/// What the manifests and lock files of a folder say, by normal name.
#[derive(Clone, Default, Debug)]
pub(crate) struct Packages {
    /// Exact versions.
    pub(crate) locked: FxHashMap<String, String>,
    /// The lowest version that is asked for; `None` if any will do.
    pub(crate) lowest: FxHashMap<String, Option<String>>,
}

impl Packages {
    pub(crate) fn extend(&mut self, other: Self) {
        self.locked.extend(other.locked);
        for (name, version) in other.lowest {
            let known = self.lowest.entry(name).or_default();
            *known = known.take().or(version);
        }
    }

    /// `name[extra]>=1.2,<2; marker`
    fn require(&mut self, text: &str) {
        let text = text.split([';', '#']).next().unwrap_or("").trim();
        let end =
            text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if name.is_empty() {
            return;
        }
        let rest = rest.trim_start();
        let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, rest)) => rest,
            None => rest,
        };
        self.ask(name, rest);
    }

    fn ask(&mut self, name: &str, range: &str) {
        let exact = range.trim().trim_matches(['(', ')']).strip_prefix("==").map(str::trim);
        if let Some(version) = exact.filter(|version| !version.contains(['*', ','])) {
            self.locked.entry(normal(name)).or_insert_with(|| version.trim_start_matches('=').to_owned());
        }
        self.lowest.insert(normal(name), lowest(range));
    }
}

/// The lowest version that a range allows.
fn lowest(range: &str) -> Option<String> {
    let parts = range.trim().trim_matches(['(', ')']).split([',', ' ']).map(str::trim);
    let version = |part: &str| {
        let text = part.trim_start_matches(['=', '~', '^', '>', ' ']);
        let text = text.trim_end_matches(".*").trim_end_matches('*');
        text.starts_with(|c: char| c.is_ascii_digit()).then(|| text.to_owned())
    };
    parts.filter(|part| !part.starts_with(['<', '!'])).find_map(version)
}

/// The name of a package as all spellings of it have it.
pub(crate) fn normal(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// Reads a file, if its name says that it lists packages.
pub(crate) fn read(fs: &dyn FileSystem, path: &str, name: &str) -> Option<Packages> {
    let reader: fn(&str) -> Packages = match name {
        "pyproject.toml" => pyproject,
        "Pipfile" => pipfile,
        "Pipfile.lock" => pipfile_lock,
        "poetry.lock" | "uv.lock" | "pdm.lock" => lock,
        "setup.cfg" => setup_cfg,
        _ => {
            let is_list = path.rsplit_once('.').is_some_and(|(_, ending)| ending == "txt")
                && (name.starts_with("requirements")
                    || path.contains("requirements/")
                    || name == "constraints.txt");
            if !is_list {
                return None;
            }
            requirements
        }
    };
    let bytes = fs.read(path).ok().filter(|bytes| bytes.len() <= MAX_SIZE)?;
    Some(reader(&String::from_utf8_lossy(&bytes)))
}

fn requirements(text: &str) -> Packages {
    let mut packages = Packages::default();
    for line in text.lines().map(str::trim) {
        if !line.starts_with(['-', '#']) && !line.contains("://") {
            // `name==1.0 --hash=…`
            packages.require(line.split(" --").next().unwrap_or(line).trim_end_matches('\\'));
        }
    }
    packages
}

fn table(text: &str) -> Table {
    text.parse().unwrap_or_default()
}

fn at<'v>(table: &'v Table, path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

fn pyproject(text: &str) -> Packages {
    let table = table(text);
    let mut packages = Packages::default();
    let groups = [&["project", "optional-dependencies"][..], &["dependency-groups"][..]];
    let lists = groups
        .iter()
        .filter_map(|path| at(&table, path)?.as_table())
        .flat_map(Table::values)
        .chain(at(&table, &["project", "dependencies"]));
    for text in lists.filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
        packages.require(text);
    }
    let groups = at(&table, &["tool", "poetry", "group"]).and_then(Value::as_table);
    let groups = groups.into_iter().flat_map(Table::values).filter_map(|group| group.get("dependencies"));
    let own = [&["tool", "poetry", "dependencies"][..], &["tool", "poetry", "dev-dependencies"][..]];
    for section in groups.chain(own.iter().filter_map(|path| at(&table, path))) {
        section_of(section, &mut packages);
    }
    packages
}

/// Names with a range, or with a table that holds one.
fn section_of(section: &Value, packages: &mut Packages) {
    for (name, value) in section.as_table().into_iter().flatten() {
        let range = value.as_str().or_else(|| value.get("version")?.as_str());
        if name != "python" {
            packages.ask(name, range.unwrap_or(""));
        }
    }
}

fn pipfile(text: &str) -> Packages {
    let table = table(text);
    let mut packages = Packages::default();
    for section in ["packages", "dev-packages"].iter().filter_map(|name| table.get(*name)) {
        section_of(section, &mut packages);
    }
    packages
}

fn pipfile_lock(text: &str) -> Packages {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let mut packages = Packages::default();
    for section in ["default", "develop"].iter().filter_map(|name| value.get(name)?.as_object()) {
        for (name, entry) in section {
            if let Some(version) = entry.get("version").and_then(|version| version.as_str()) {
                packages.locked.insert(normal(name), version.trim_start_matches('=').to_owned());
            }
        }
    }
    packages
}

fn lock(text: &str) -> Packages {
    let table = table(text);
    let mut packages = Packages::default();
    for entry in table.get("package").and_then(Value::as_array).into_iter().flatten() {
        let text = |key| entry.get(key).and_then(Value::as_str);
        if let (Some(name), Some(version)) = (text("name"), text("version")) {
            packages.locked.insert(normal(name), version.to_owned());
        }
    }
    packages
}

/// `install_requires` of `[options]`: a list with one package a line.
fn setup_cfg(text: &str) -> Packages {
    let mut packages = Packages::default();
    let mut is_list = false;
    for line in text.lines() {
        if line.starts_with(char::is_whitespace) {
            if is_list {
                packages.require(line);
            }
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        is_list = key.trim() == "install_requires";
        if is_list {
            packages.require(value);
        }
    }
    packages
}
