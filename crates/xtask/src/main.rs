//! The build system: `cargo xtask VERB`.

mod bench;
mod check;
mod frameworks;
mod http;
mod launch;
mod new_lint;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo xtask VERB

  ci                   format, clippy, documentation, all tests
  bless                write what the tests now find into suites and snapshots; look at the difference
  new-lint FAMILY/ID   begin a lint
  bench [DIR...]       cost of a check against parsing alone, for the same files
  frameworks [APP...]  start the applications of testdata/ and compare what they answer with what is said of them;
                       needs a network, node and npm, python3";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<()> {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["ci"] => check::ci(),
        ["bless"] => check::bless(),
        ["new-lint", id] => new_lint::run(id),
        ["bench", ref dirs @ ..] => bench::run(dirs),
        [bench::MEASURE, program, ref args @ ..] => bench::measure(program, args),
        ["frameworks", ref apps @ ..] => frameworks::run(apps),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("what is `{}`?\n{USAGE}", args.join(" ")),
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap_or(root)
}

/// The cargo that runs this.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Shows a command, runs it, and fails if it fails.
fn sh(command: &mut Command) -> Result<()> {
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy();
    let line = format!("{name} {}", words.join(" "));
    eprintln!("$ {line}");
    let status = command.status().with_context(|| format!("`{line}` cannot be run"))?;
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

/// Builds the command line for measuring and returns the binary.
fn build_routeward(profile: &str) -> Result<PathBuf> {
    sh(cargo().args(["build", "--profile", profile, "--package", "routeward"]))?;
    Ok(target_dir()?.join(folder_of(profile)).join(format!("routeward{}", std::env::consts::EXE_SUFFIX)))
}

/// Where cargo puts what a profile builds, below the target folder.
fn folder_of(profile: &str) -> &str {
    if matches!(profile, "dev" | "test") { "debug" } else { profile }
}

/// Cargo's target folder, wherever the user has it.
fn target_dir() -> Result<PathBuf> {
    let output = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let dir = metadata["target_directory"].as_str().context("cargo metadata has no target folder")?;
    Ok(PathBuf::from(dir))
}
