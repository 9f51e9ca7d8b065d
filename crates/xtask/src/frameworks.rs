//! `frameworks`: the living check. Each application of `testdata/` that can be started is started with the real
//! framework, every endpoint that routeward lists is requested without a credential, and what the server answers is
//! held against what routeward says.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{build_routeward, http, root};

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(20);
/// How many endpoints of one application are requested.
const MOST_REQUESTS: usize = 200;

/// Checks the applications that are named, all if none is.
pub(crate) fn run(names: &[&str]) -> Result<()> {
    for tool in ["node", "npm"] {
        let version = Command::new(tool).arg("--version").stdout(Stdio::null()).status();
        if !version.is_ok_and(|status| status.success()) {
            println!("skipped: {tool} is not there");
            return Ok(());
        }
    }
    let routeward = build_routeward("test")?;
    let folder = Folder::new()?;
    let (mut lies, mut checked) = (0, 0);
    for app in apps()? {
        let name = app.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !names.is_empty() && !names.contains(&name.as_str()) {
            continue;
        }
        let copy = folder.0.join(&name);
        copy_files(&app, &copy)?;
        if let Err(error) = install(&copy) {
            println!("{name}: skipped: {error:#}");
            continue;
        }
        let rows = endpoints(&routeward, &app)?;
        lies += check(&name, &copy, &rows)?;
        checked += 1;
    }
    if lies > 0 {
        bail!("{lies} answers are not what routeward says");
    }
    println!("{checked} applications answer as routeward says");
    Ok(())
}

/// The folders of `testdata/` whose manifest says how they are started.
fn apps() -> Result<Vec<PathBuf>> {
    let mut apps = Vec::new();
    for entry in fs::read_dir(root().join("testdata"))? {
        let folder = entry?.path();
        let Ok(text) = fs::read_to_string(folder.join("package.json")) else { continue };
        let manifest: Value = serde_json::from_str(&text).with_context(|| folder.display().to_string())?;
        if manifest["scripts"]["start"].is_string() {
            apps.push(folder);
        }
    }
    apps.sort();
    Ok(apps)
}

/// Installs the packages at the versions that the manifest pins. No script of a package is run.
fn install(app: &Path) -> Result<()> {
    let output = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--no-package-lock",
            "--loglevel=error",
        ])
        .current_dir(app)
        .output()?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("npm: {}", text.lines().next().unwrap_or("no message"));
    }
    Ok(())
}

/// What routeward says of an endpoint.
struct Row {
    method: String,
    path: String,
    says: Says,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// Returns how many answers contradict what is said.
fn check(name: &str, app: &Path, rows: &[Row]) -> Result<usize> {
    let server = Server::start(app)?;
    let mut lies = 0;
    for row in rows.iter().take(MOST_REQUESTS) {
        let method = if row.method == "ANY" { "GET" } else { &row.method };
        let status = http::status(server.address, method, &url(&row.path))
            .with_context(|| format!("{name}: {method} {}", row.path))?;
        if let Some(contradiction) = contradiction(row.says, status) {
            println!("{name}: {} {} answers {status}: {contradiction}", row.method, row.path);
            lies += 1;
        }
    }
    println!("{name}: {} endpoints requested, {lies} contradictions", rows.len().min(MOST_REQUESTS));
    Ok(lies)
}

fn contradiction(says: Says, status: u16) -> Option<&'static str> {
    let is_refused = matches!(status, 401 | 403 | 300..=399);
    match (says, status) {
        (Says::Unknown, _) => None,
        (_, 404 | 405) => Some("said to exist"),
        (Says::Closed, _) if !is_refused => Some("said to be closed"),
        (Says::Open, _) if is_refused => Some("said to be open"),
        (Says::Open, 500..) => Some("the application is broken"),
        _ => None,
    }
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

/// A running application, killed when this goes.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(app: &Path) -> Result<Self> {
        // The port is free now; should another process take it before the server does, the server ends with an error.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let child = Command::new("node")
            .arg("server.js")
            .current_dir(app)
            .env("PORT", address.port().to_string())
            .env("HOST", "127.0.0.1")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()?;
        let mut server = Self { child, address };
        let start = Instant::now();
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("{}: the server ended: {status}", app.display());
            }
            if start.elapsed() > START {
                bail!("{}: the server does not listen", app.display());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
        if name == "node_modules" {
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
}
