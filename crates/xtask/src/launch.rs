//! How an application of `testdata/` is brought to life: what it needs is installed, it is built, its server runs.
//!
//! How this is done is data. What is installed follows from the manifest of the packages, see [`PLATFORMS`]; what is
//! run is written in the application: the scripts `build` and `start` of `package.json`, or the lines `release` and
//! `web` of a `Procfile`. These are shell lines that find `PORT` and `HOST` in the environment.

#![expect(clippy::disallowed_types, reason = "speaks to servers that it starts on this machine")]

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How long a server may take until it listens.
const START: Duration = Duration::from_mins(1);
/// How many lines of what a command wrote are shown when it failed.
const SHOWN: usize = 40;

/// What the packages of an application are installed with.
struct Platform {
    /// The file that lists the packages.
    manifest: &'static str,
    tools: &'static [&'static str],
    /// Shell lines. Packages are pinned by the manifest, and no script of a package is run.
    install: &'static [&'static str],
    /// Where the commands of the packages are, below the application.
    commands: &'static str,
}

const PLATFORMS: [Platform; 2] = [
    Platform {
        manifest: "package.json",
        tools: &["sh", "node", "npm"],
        install: &["npm install --no-audit --no-fund --ignore-scripts --no-package-lock --loglevel=error"],
        commands: "node_modules/.bin",
    },
    Platform {
        manifest: "requirements.txt",
        tools: &["sh", "python3"],
        install: &[
            "python3 -m venv .venv",
            "python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements.txt",
        ],
        commands: ".venv/bin",
    },
];

/// What every server is told: the key is long enough for every library, and nothing is sent home.
const ENVIRONMENT: [(&str, &str); 5] = [
    ("JWT_KEY", "only-for-the-living-check-0123456789abcdef"),
    ("HOST", "127.0.0.1"),
    ("CI", "1"),
    ("NEXT_TELEMETRY_DISABLED", "1"),
    ("PYTHONDONTWRITEBYTECODE", "1"),
];

/// How one application is started.
pub(crate) struct Recipe {
    platform: &'static Platform,
    /// Run once before the server: a build, a migration of the database.
    prepare: Option<String>,
    start: String,
}

impl Recipe {
    /// Reads how the application in a folder is started; nothing if its files do not say.
    pub(crate) fn read(app: &Path) -> Result<Option<Self>> {
        let Some(platform) = PLATFORMS.iter().find(|platform| app.join(platform.manifest).is_file()) else {
            return Ok(None);
        };
        let (prepare, start) = if let Ok(text) = fs::read_to_string(app.join("Procfile")) {
            (process(&text, "release"), process(&text, "web"))
        } else if let Ok(text) = fs::read_to_string(app.join("package.json")) {
            let manifest: Value = serde_json::from_str(&text).with_context(|| app.display().to_string())?;
            (script(&manifest, "build"), script(&manifest, "start"))
        } else {
            (None, None)
        };
        Ok(start.map(|start| Self { platform, prepare, start }))
    }

    /// The first program that the application needs and that cannot be run.
    pub(crate) fn missing_tool(&self) -> Option<&'static str> {
        self.platform.tools.iter().copied().find(|tool| {
            // Not every shell has `--version`: that there is a program to start is enough.
            let probe =
                Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            probe.is_err() || (*tool != "sh" && !probe.is_ok_and(|status| status.success()))
        })
    }

    /// Installs the packages into the folder. Fails without a network.
    pub(crate) fn install(&self, app: &Path) -> Result<()> {
        self.platform.install.iter().try_for_each(|line| self.run(app, line))
    }

    /// Builds the application and starts its server, which writes into the file `log`.
    pub(crate) fn start(&self, app: &Path, log: &Path) -> Result<Server> {
        if let Some(line) = &self.prepare {
            self.run(app, line)?;
        }
        Server::start(self.shell(app)?, &self.start, log)
    }

    fn run(&self, app: &Path, line: &str) -> Result<()> {
        let output = self.shell(app)?.args(["-c", line]).stdin(Stdio::null()).output()?;
        if !output.status.success() {
            let text = [output.stdout, output.stderr].concat();
            bail!("`{line}`: {}\n{}", output.status, last_lines(&String::from_utf8_lossy(&text)));
        }
        Ok(())
    }

    /// A shell in the folder of the application that finds the commands of its packages.
    fn shell(&self, app: &Path) -> Result<Command> {
        let commands = app.join(self.platform.commands);
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(commands).chain(std::env::split_paths(&inherited)))?;
        let mut shell = Command::new("sh");
        shell.current_dir(app).envs(ENVIRONMENT).env("PATH", path);
        Ok(shell)
    }
}

/// The command of a process in a `Procfile`, which has lines `name: command`.
fn process(text: &str, name: &str) -> Option<String> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let command = lines.filter(|(process, _)| process.trim() == name).map(|(_, command)| command.trim());
    command.filter(|command| !command.is_empty()).map(str::to_owned).next()
}

fn script(manifest: &Value, name: &str) -> Option<String> {
    manifest["scripts"][name].as_str().map(str::to_owned)
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().map(|line| format!("    {line}")).collect();
    if lines.is_empty() {
        "    (no output)".to_owned()
    } else {
        lines[lines.len().saturating_sub(SHOWN)..].join("\n")
    }
}

/// Runs a line as one group of processes and ends all of the group as soon as the line has ended or standard input
/// is closed, which also happens when the process on its other end dies.
const GROUP: &str = "((eval \"$1\"); kill -s KILL 0) & cat; kill -s KILL 0";

/// A running application. When this goes, the server and all processes that it started are killed.
pub(crate) struct Server {
    group: Child,
    log: PathBuf,
    pub(crate) address: SocketAddr,
}

impl Server {
    fn start(mut shell: Command, line: &str, log: &Path) -> Result<Self> {
        // The port is free now; should another process take it before the server does, the server ends with an error.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let file = File::create(log).with_context(|| log.display().to_string())?;
        shell.args(["-c", GROUP, "sh", line]).env("PORT", address.port().to_string());
        shell.stdin(Stdio::piped()).stdout(file.try_clone()?).stderr(file);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        let mut server = Self { group: shell.spawn()?, log: log.to_owned(), address };
        let start = Instant::now();
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            if server.group.try_wait()?.is_some() {
                bail!("`{line}`: the server ended\n{}", server.output());
            }
            if start.elapsed() > START {
                bail!("`{line}`: the server does not listen\n{}", server.output());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// The end of what the server has written so far.
    pub(crate) fn output(&self) -> String {
        last_lines(&String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.group.stdin.take());
        let _ = self.group.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_are_read_by_name() {
        let text =
            "# web: no\nrelease: python manage.py migrate\n\nweb:  uvicorn app:app --port $PORT\nworker:\n";
        for (name, expected) in [
            ("release", Some("python manage.py migrate")),
            ("web", Some("uvicorn app:app --port $PORT")),
            ("worker", None),
            ("clock", None),
        ] {
            assert_eq!(process(text, name).as_deref(), expected);
        }
    }

    #[test]
    fn each_application_says_how_it_is_started() {
        for entry in fs::read_dir(crate::root().join("testdata")).expect("testdata/ is there").flatten() {
            let recipe = Recipe::read(&entry.path()).expect("its manifest can be read");
            assert!(recipe.is_some(), "{}", entry.path().display());
        }
    }

    #[test]
    fn the_end_of_an_output_is_shown() {
        let long: Vec<_> = (0..SHOWN * 2).map(|number| number.to_string()).collect();
        let shown = last_lines(&long.join("\n"));
        assert_eq!(shown.lines().count(), SHOWN);
        assert!(shown.ends_with(&format!("    {}", SHOWN * 2 - 1)));
        assert_eq!(last_lines("\n"), "    (no output)");
    }

    #[cfg(unix)]
    #[test]
    fn all_processes_of_a_server_end_with_it() {
        let folder = std::env::temp_dir().join(format!("routeward-launch-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let mut shell = Command::new("sh");
        shell.current_dir(&folder);
        let line = "(while :; do echo >> ticks; sleep 0.01; done) & sleep 0.1; echo broken >&2; exit 3";
        let error = Server::start(shell, line, &folder.join("log")).err().expect("nothing listens");
        assert!(error.to_string().ends_with("the server ended\n    broken"), "{error}");
        let ticks = || fs::metadata(folder.join("ticks")).map_or(0, |file| file.len());
        let before = ticks();
        std::thread::sleep(Duration::from_millis(300));
        assert!(before > 0 && ticks() == before, "a child of the server still runs");
        fs::remove_dir_all(&folder).expect("the folder goes");
    }
}
