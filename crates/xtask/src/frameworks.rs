//! `frameworks`: the living check. Each application of `testdata/` is started with the real framework, every endpoint
//! that routeward lists is requested without a credential and with a forged one, and what the server answers is held
//! against what routeward says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::launch::{Recipe, Server};
use crate::{build_routeward, http, root};

/// How many endpoints of one application are requested.
const MOST_REQUESTS: usize = 200;

/// A credential that whoever looks at it refuses.
const FORGED: &str = "Bearer forged";

/// Checks the applications that are named, all if none is. Fails if an answer contradicts what is said, or if an
/// application whose packages could be installed does not run.
pub(crate) fn run(names: &[&str]) -> Result<()> {
    let apps = apps(names)?;
    let routeward = build_routeward("test")?;
    let folder = Folder::new()?;
    let mut results = Vec::new();
    for app in apps {
        let name = name_of(&app);
        let outcome = check(&name, &app, &folder.0, &routeward).unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Outcome::Broken
        });
        results.push((name, outcome));
    }
    print!("\n{}", table(&results));
    let contradictions = total(&results).contradictions;
    let broken = results.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Broken)).count();
    if contradictions > 0 || broken > 0 {
        bail!("{contradictions} answers are not what routeward says, {broken} applications do not run");
    }
    Ok(())
}

/// The folders of `testdata/` with these names, all if there are none, in order.
fn apps(names: &[&str]) -> Result<Vec<PathBuf>> {
    let mut apps = Vec::new();
    for entry in fs::read_dir(root().join("testdata"))? {
        let folder = entry?.path();
        if folder.is_dir() && (names.is_empty() || names.contains(&name_of(&folder).as_str())) {
            apps.push(folder);
        }
    }
    apps.sort();
    if let Some(name) = names.iter().find(|name| !apps.iter().any(|app| name_of(app) == **name)) {
        bail!("there is no application testdata/{name}");
    }
    Ok(apps)
}

fn name_of(app: &Path) -> String {
    app.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What came of one application.
enum Outcome {
    Checked(Tally),
    /// It could not be tried here, and why.
    Skipped(String),
    /// Its packages are there, but it does not build, start or answer.
    Broken,
}

/// How many endpoints routeward says what of, and what the answers show.
#[derive(Clone, Copy, Default)]
struct Tally {
    closed: usize,
    open: usize,
    unknown: usize,
    undecided: usize,
    contradictions: usize,
}

impl Tally {
    fn add(&mut self, says: Says, verdict: Verdict) {
        *match says {
            Says::Closed => &mut self.closed,
            Says::Open => &mut self.open,
            Says::Unknown => &mut self.unknown,
        } += 1;
        match verdict {
            Verdict::Agrees => {}
            Verdict::Undecided => self.undecided += 1,
            Verdict::Contradicts(_) => self.contradictions += 1,
        }
    }

    fn endpoints(&self) -> usize {
        self.closed + self.open + self.unknown
    }
}

/// Copies an application into a folder, starts it there and requests its endpoints.
fn check(name: &str, app: &Path, folder: &Path, routeward: &Path) -> Result<Outcome> {
    let Some(recipe) = Recipe::read(app)? else {
        return Ok(Outcome::Skipped("its files do not say how it is started".to_owned()));
    };
    if let Some(tool) = recipe.missing_tool() {
        return Ok(Outcome::Skipped(format!("{tool} is not there")));
    }
    let copy = folder.join(name);
    copy_files(app, &copy)?;
    if let Err(error) = recipe.install(&copy) {
        println!("{name}: {error:#}");
        return Ok(Outcome::Skipped("its packages cannot be installed".to_owned()));
    }
    let rows = endpoints(routeward, app)?;
    let server = recipe.start(&copy, &folder.join(format!("{name}.log")))?;
    Ok(Outcome::Checked(request(name, &server, &rows)?))
}

/// Requests each endpoint and shows the answers that contradict what is said.
fn request(name: &str, server: &Server, rows: &[Row]) -> Result<Tally> {
    let mut tally = Tally::default();
    for row in rows.iter().take(MOST_REQUESTS) {
        let method = if row.method == "ANY" { "GET" } else { &row.method };
        let answer = |authorization| {
            http::status(server.address, method, &url(&row.path), authorization)
                .with_context(|| format!("{method} {}\n{}", row.path, server.output()))
        };
        let status = more_open(answer(None)?, answer(Some(FORGED))?);
        let verdict = verdict(row.says, status);
        if let Verdict::Contradicts(claim) = verdict {
            println!("{name}: {} {} answers {status}: {claim}", row.method, row.path);
        }
        if status >= 500 {
            println!("{}", server.output());
        }
        tally.add(row.says, verdict);
    }
    Ok(tally)
}

/// What routeward says of an endpoint.
struct Row {
    method: String,
    path: String,
    says: Says,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// A credential is needed, or nobody gets through.
    Closed,
    /// Callers without a credential get through.
    Open,
    Unknown,
}

fn endpoints(routeward: &Path, app: &Path) -> Result<Vec<Row>> {
    let output = Command::new(routeward)
        .args(["endpoints", "--no-config", "--output-format", "json", "--root"])
        .arg(app)
        .output()?;
    let document: Value = serde_json::from_slice(&output.stdout).context("the endpoints as JSON")?;
    let rows = document["endpoints"].as_array().context("there is no list of endpoints")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let read = |row: &Value| Row {
        method: text(&row["method"]),
        path: text(&row["path"]),
        says: match &row["authenticated"] {
            Value::Bool(true) => Says::Closed,
            Value::String(word) if word == "deny" => Says::Closed,
            Value::Null => Says::Unknown,
            _ => Says::Open,
        },
    };
    // Where two registrations share an address, a request may reach either: it is as open as the more open one.
    let mut by_address: BTreeMap<(String, String), Row> = BTreeMap::new();
    for row in rows.iter().map(read) {
        let address = (row.method.clone(), row.path.clone());
        let says = by_address.get(&address).map_or(row.says, |other| other.says.max(row.says));
        by_address.insert(address, Row { says, ..row });
    }
    Ok(by_address.into_values().collect())
}

/// What an answer means for what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Agrees,
    /// Something else than a guard refused the request, or nothing is said.
    Undecided,
    Contradicts(&'static str),
}

/// Of the answers without a credential and with a forged one, that which shows more of the endpoint: it is as open as
/// the two say together. A guard that asks for a credential and does not look at it lets the forged one through.
fn more_open(without: u16, forged: u16) -> u16 {
    let is_refused = matches!(without, 300..=399 | 401 | 403);
    if is_refused && matches!(forged, 200..=299) { forged } else { without }
}

fn verdict(says: Says, status: u16) -> Verdict {
    match (says, status) {
        (_, 404 | 405) => Verdict::Contradicts("said to exist"),
        (_, 500..) => Verdict::Contradicts("the application is broken"),
        // The body was looked at first, or there were too many requests.
        (_, 400 | 413 | 415 | 422 | 429) | (Says::Unknown, _) => Verdict::Undecided,
        (Says::Closed, 300..=399 | 401 | 403) => Verdict::Agrees,
        (Says::Closed, _) => Verdict::Contradicts("said to be closed"),
        (Says::Open, 300..=399 | 401 | 403) => Verdict::Contradicts("said to be open"),
        (Says::Open, _) => Verdict::Agrees,
    }
}

fn total(results: &[(String, Outcome)]) -> Tally {
    let mut total = Tally::default();
    for (_, outcome) in results {
        if let Outcome::Checked(tally) = outcome {
            total.closed += tally.closed;
            total.open += tally.open;
            total.unknown += tally.unknown;
            total.undecided += tally.undecided;
            total.contradictions += tally.contradictions;
        }
    }
    total
}

/// One line for each application and one for all that were checked.
fn table(results: &[(String, Outcome)]) -> String {
    const HEAD: &str = "endpoints  closed  open  unknown  undecided  contradictions";
    let checked = results.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Checked(_))).count();
    let last = format!("{checked} of {} applications", results.len());
    let width = results.iter().map(|(name, _)| name.len()).fold(last.len(), usize::max);
    let numbers = |tally: &Tally| {
        let Tally { closed, open, unknown, undecided, contradictions } = tally;
        let endpoints = tally.endpoints();
        format!("{endpoints:>9}  {closed:>6}  {open:>4}  {unknown:>7}  {undecided:>9}  {contradictions:>14}")
    };
    let mut lines = vec![format!("{:width$}  {HEAD}", "application")];
    for (name, outcome) in results {
        let shown = match outcome {
            Outcome::Checked(tally) => numbers(tally),
            Outcome::Skipped(reason) => format!("skipped: {reason}"),
            Outcome::Broken => "does not run".to_owned(),
        };
        lines.push(format!("{name:width$}  {shown}"));
    }
    lines.push(format!("{last:width$}  {}", numbers(&total(results))));
    lines.join("\n") + "\n"
}

/// An address that a template fits: `/users/{id}/{rest*}` is `/users/1/1`.
fn url(template: &str) -> String {
    let mut url = String::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        url.push_str(text);
        url.push('1');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    url + &rest.replace('*', "1")
}

/// A folder of this run, removed when this goes.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("routeward-frameworks-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        // What somebody installed or built here would not be what the manifest says.
        if matches!(name.to_str(), Some("node_modules" | ".venv" | ".next" | "dist" | "__pycache__")) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_files(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_become_addresses() {
        for (template, expected) in
            [("/", "/"), ("/users/{id}/x", "/users/1/x"), ("/files/{rest*}", "/files/1"), ("/a/*", "/a/1")]
        {
            assert_eq!(url(template), expected);
        }
    }

    #[test]
    fn answers_are_held_against_what_is_said() {
        let exists = Verdict::Contradicts("said to exist");
        let closed = Verdict::Contradicts("said to be closed");
        let open = Verdict::Contradicts("said to be open");
        let broken = Verdict::Contradicts("the application is broken");
        for (status, expected) in [
            (200, [closed, Verdict::Agrees, Verdict::Undecided]),
            (302, [Verdict::Agrees, open, Verdict::Undecided]),
            (401, [Verdict::Agrees, open, Verdict::Undecided]),
            (403, [Verdict::Agrees, open, Verdict::Undecided]),
            (404, [exists; 3]),
            (405, [exists; 3]),
            (422, [Verdict::Undecided; 3]),
            (500, [broken; 3]),
        ] {
            let verdicts = [Says::Closed, Says::Open, Says::Unknown].map(|says| verdict(says, status));
            assert_eq!(verdicts, expected, "{status}");
        }
    }

    #[test]
    fn a_forged_credential_is_refused_as_none_is() {
        for (without, forged, expected) in [
            (401, 401, 401),
            (401, 200, 200),
            (302, 403, 302),
            (401, 422, 401),
            (200, 401, 200),
            (200, 200, 200),
        ] {
            assert_eq!(more_open(without, forged), expected);
        }
    }

    #[test]
    fn the_table_has_a_line_for_each_application_and_a_total() {
        let mut tally = Tally::default();
        tally.add(Says::Closed, Verdict::Agrees);
        tally.add(Says::Open, Verdict::Contradicts("said to be open"));
        tally.add(Says::Unknown, Verdict::Undecided);
        let results = [
            ("one".to_owned(), Outcome::Checked(tally)),
            ("two".to_owned(), Outcome::Skipped("node is not there".to_owned())),
            ("three".to_owned(), Outcome::Broken),
            ("four".to_owned(), Outcome::Checked(tally)),
        ];
        let expected = "\
application          endpoints  closed  open  unknown  undecided  contradictions
one                          3       1     1        1          1               1
two                  skipped: node is not there
three                does not run
four                         3       1     1        1          1               1
2 of 4 applications          6       2     2        2          2               2
";
        assert_eq!(table(&results), expected);
    }
}
