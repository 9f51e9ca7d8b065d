//! Streams, colours and files.

use std::env;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result};
use clap::CommandFactory;
use routeward_report::Look;

use crate::CLEAN;
use crate::args::{Cli, ColorArg, Output};

/// What the two streams can show.
#[derive(Clone, Copy)]
pub(crate) struct Terminal {
    /// How results are drawn.
    pub(crate) out: Look,
    /// How everything else is drawn.
    pub(crate) err: Look,
    /// Results go to a person.
    pub(crate) is_interactive: bool,
}

impl Terminal {
    pub(crate) fn new(color: ColorArg) -> Self {
        let is_interactive = io::stdout().is_terminal();
        let is_color = |auto: ColorChoice| match color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => is_forced() || !matches!(auto, ColorChoice::Never),
        };
        let look = |auto, is_terminal: bool| Look {
            color: is_color(auto),
            unicode: !is_terminal || is_unicode(),
            width: is_terminal.then(width),
        };
        Self {
            out: look(AutoStream::choice(&io::stdout()), is_interactive),
            err: look(AutoStream::choice(&io::stderr()), io::stderr().is_terminal()),
            is_interactive,
        }
    }
}

/// `FORCE_COLOR` is no part of the convention that the library follows, but common.
fn is_forced() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    is_set("FORCE_COLOR") && !is_set("NO_COLOR")
}

/// Lines longer than this are hard to read, however wide the window is.
const MAX_WIDTH: usize = 120;

fn width() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).clamp(40, MAX_WIDTH)
}

fn is_unicode() -> bool {
    if env::var_os("TERM").is_some_and(|term| term == "dumb" || term == "linux") {
        return false;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
    cfg!(windows)
        || locale.is_some_and(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

/// Refuses two formats for standard output: their mixture is of no use to anybody.
pub(crate) fn check_outputs<F>(outputs: &[Output<F>]) -> Result<()> {
    let to_stdout = outputs.iter().filter(|output| output.file.is_none()).count();
    anyhow::ensure!(
        to_stdout <= 1,
        "only one format can go to standard output; write the others as FORMAT:FILE"
    );
    Ok(())
}

/// Writes one output to its file or to standard output.
pub(crate) fn write<F>(
    output: &Output<F>,
    look: Look,
    render: impl FnOnce(Look, &mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    let Some(path) = &output.file else {
        return write_stdout(|out| render(look, out));
    };
    let cannot = || format!("cannot write {}", path.display());
    let mut file = BufWriter::new(File::create(path).with_context(cannot)?);
    render(Look::PLAIN, &mut file).and_then(|()| file.flush()).with_context(cannot)
}

/// Writes to standard output. A reader that went away is no error: it has what it wants.
pub(crate) fn write_stdout(render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    match render(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// Writes to standard error; if that is not possible there is nobody to tell.
pub(crate) fn write_stderr(render: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let mut err = BufWriter::new(io::stderr().lock());
    let _ = render(&mut err).and_then(|()| err.flush());
}

pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// For streams that drop colours by themselves.
pub(crate) fn red(text: impl Display) -> String {
    format!("\u{1b}[1;31m{text}\u{1b}[0m")
}

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "routeward", &mut script);
    write_stdout(|out| out.write_all(&script))?;
    Ok(CLEAN)
}
