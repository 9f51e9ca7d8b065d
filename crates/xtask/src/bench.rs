//! `bench`: what a check costs, against parsing alone of the same files in the same run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{build_routeward, cargo, root, sh, target_dir};

/// The verb under which this program measures one child.
pub(crate) const MEASURE: &str = "measure-child";

/// Optimised as a release is, without the hours of its linking.
const PROFILE: &str = "fast";
/// The least of so many runs is taken.
const RUNS: usize = 5;

/// What one process used.
#[derive(Clone, Copy)]
struct Usage {
    cpu_ms: f64,
    wall_ms: f64,
    /// The most memory that was resident, in kB.
    peak_kb: u64,
}

pub(crate) fn run(dirs: &[&str]) -> Result<()> {
    let routeward = build_routeward(PROFILE)?;
    let measure = ["build", "--profile", PROFILE, "--package", "routeward-lang-javascript"];
    sh(cargo().args(measure).args(["--example", "parse"]))?;
    let parse = target_dir()?.join(PROFILE).join("examples/parse");
    let testdata = root().join("testdata").display().to_string();
    let dirs = if dirs.is_empty() { vec![testdata.as_str()] } else { dirs.to_vec() };
    println!(
        "{:>9} {:>9} {:>6} {:>9} {:>8} {:>10}  folder",
        "check", "parse", "ratio", "wall", "memory", "one file"
    );
    for dir in dirs {
        let Comparison { check, parse_ms, one_file } = compare(&routeward, &parse, Path::new(dir))?;
        println!(
            "{:>6.1} ms {parse_ms:>6.1} ms {:>6.2} {:>6.1} ms {:>5} MB {:>7.1} ms  {dir}",
            check.cpu_ms,
            check.cpu_ms / parse_ms,
            check.wall_ms,
            check.peak_kb / 1024,
            one_file.wall_ms,
        );
    }
    println!("check, parse: CPU time; least of {RUNS} runs; the check includes the start of its process");
    Ok(())
}

struct Comparison {
    check: Usage,
    parse_ms: f64,
    one_file: Usage,
}

fn compare(routeward: &Path, parse: &Path, dir: &Path) -> Result<Comparison> {
    let files = files(routeward, dir)?;
    let first = files.first().with_context(|| format!("{}: no file that is analysed", dir.display()))?;
    let check = |path: &Path| least(routeward, &["check", "--quiet", "--exit-zero"], path);
    let list: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let list_file = std::env::temp_dir().join(format!("routeward-bench-{}", std::process::id()));
    std::fs::write(&list_file, list.join("\n"))?;
    let output = Command::new(parse).arg(&list_file).output()?;
    std::fs::remove_file(&list_file)?;
    let parse_ms = String::from_utf8_lossy(&output.stdout).trim().parse().context("the time of parsing")?;
    Ok(Comparison { check: check(dir)?, parse_ms, one_file: check(first)? })
}

/// The files that a check of `dir` lowers, as it says itself.
fn files(routeward: &Path, dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(dir, &mut found)?;
    found.sort();
    let output = Command::new(routeward)
        .args(["endpoints", "--quiet", "--statistics", "--output-format", "json:/dev/null"])
        .arg(dir)
        .output()?;
    let statistics = String::from_utf8_lossy(&output.stderr);
    let seen = statistics.lines().find_map(|line| line.strip_prefix("files"));
    let seen = seen.and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    if seen.is_some_and(|seen| seen != found.len()) {
        let seen = seen.unwrap_or_default();
        eprintln!("{}: {} files are parsed, {seen} were checked", dir.display(), found.len());
    }
    Ok(found)
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            if name != "node_modules" && name != ".git" && !entry.file_type()?.is_symlink() {
                collect(&entry.path(), found)?;
            }
        }
    } else if let Some("js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx") =
        path.extension().and_then(|extension| extension.to_str())
    {
        found.push(path.to_owned());
    }
    Ok(())
}

fn least(program: &Path, args: &[&str], path: &Path) -> Result<Usage> {
    let mut best: Option<Usage> = None;
    for _ in 0..RUNS {
        let output = Command::new(std::env::current_exe()?)
            .args([MEASURE.as_ref(), program.as_os_str()])
            .args(args)
            .arg(path)
            .output()?;
        let line: Value = serde_json::from_slice(&output.stdout).with_context(|| {
            format!("{}: {}", program.display(), String::from_utf8_lossy(&output.stderr).trim())
        })?;
        let usage = Usage {
            cpu_ms: line["cpu_ms"].as_f64().unwrap_or_default(),
            wall_ms: line["wall_ms"].as_f64().unwrap_or_default(),
            peak_kb: line["peak_kb"].as_u64().unwrap_or_default(),
        };
        if best.is_none_or(|best| usage.cpu_ms < best.cpu_ms) {
            best = Some(usage);
        }
    }
    best.context("no run")
}

/// Runs one child and prints what it used. A process of its own, because what children used is known only as a sum
/// over all of them.
pub(crate) fn measure(program: &str, args: &[&str]) -> Result<()> {
    let start = Instant::now();
    let output = Command::new(program).args(args).output()?;
    let wall_ms = start.elapsed().as_secs_f64() * 1000.0;
    if !output.status.success() {
        bail!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    let (cpu_ms, peak_kb) = of_children()?;
    println!("{}", json!({ "cpu_ms": cpu_ms, "wall_ms": wall_ms, "peak_kb": peak_kb }));
    Ok(())
}

#[cfg(unix)]
fn of_children() -> Result<(f64, i64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok((micros as f64 / 1000.0, usage.max_rss()))
}

#[cfg(not(unix))]
fn of_children() -> Result<(f64, i64)> {
    bail!("the time that children use is measured on Unix only")
}
