//! The command line: reads arguments, picks reporters, sets the exit code.

mod advisories;
mod args;
mod check;
mod config;
mod endpoints;
mod explain;
mod internal;
mod lints;
mod output;
mod progress;
mod sbom;
mod session;

use std::panic::catch_unwind;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

/// An evaluation allocates many small values on every worker; a check spends a tenth less time with this allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Nothing was found that fails the check.
const CLEAN: u8 = 0;
/// Something was.
const FOUND: u8 = 1;
/// The command line or the configuration cannot be used.
const USAGE: u8 = 2;
/// A defect of this program, or an incomplete scan where a complete one was asked for.
const INTERNAL: u8 = 3;
/// There was nothing to scan where something was expected.
const NO_INPUT: u8 = 4;

/// Keeps the system from clearing two megabytes where a few pages are touched: a check is too short to gain from
/// large pages. If it can't be had, nothing is lost but the time.
fn prefer_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
}

fn main() -> ExitCode {
    prefer_small_pages();
    let Cli { command, check } = Cli::parse();
    // Panics in files and lints are caught and reported by the engine; a backtrace would say the same twice.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let run = || match command {
        None => check::run(&check),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Endpoints(args)) => endpoints::run(&args),
        Some(Command::Sbom(args)) => sbom::run(&args),
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Lints(args)) => lints::run(&args),
        Some(Command::Config(args)) => config::run(&args),
        Some(Command::Advisories { command }) => advisories::run(&command),
        Some(Command::Internal { command }) => internal::run(&command),
        Some(Command::Completions { shell }) => output::completions(shell),
    };
    match catch_unwind(run) {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(error)) if output::is_broken_pipe(&error) => ExitCode::from(CLEAN),
        Ok(Err(error)) => {
            anstream::eprintln!("{}: {error:#}", output::red("error"));
            ExitCode::from(USAGE)
        }
        Err(payload) => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
            anstream::eprintln!("{}: internal error: {text}", output::red("error"));
            anstream::eprintln!("       this is a defect of routeward; RUST_BACKTRACE=1 shows where");
            ExitCode::from(INTERNAL)
        }
    }
}
