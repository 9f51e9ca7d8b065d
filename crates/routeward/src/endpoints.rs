//! `routeward endpoints`: the proof table.

use std::io::{self, Write};

use anyhow::{Result, bail};
use routeward_engine::Report;
use routeward_report::{self as render, Look};

use crate::CLEAN;
use crate::args::{EndpointsArgs, Output, TableFormat};
use crate::output::{check_outputs, write, write_stderr};
use crate::session::Session;

pub(crate) fn run(args: &EndpointsArgs) -> Result<u8> {
    let default = [Output { format: TableFormat::Table, file: None }];
    let outputs = if args.output_format.is_empty() { &default[..] } else { &args.output_format };
    check_outputs(outputs)?;
    let mut session = Session::new(&args.scan)?;
    if args.advisories {
        if !session.options.is_about_packages() {
            bail!("the configuration switches off all lints about packages, which `--advisories` asks for");
        }
        session.use_advisories()?;
    }
    let mut report = session.scan()?;
    report.problems.retain(|problem| args.advisories || !problem.kind.is_about_packages());
    let show = &args.scan.show;
    if !show.quiet {
        write_stderr(|err| render::problems(&report.problems, show.verbose, session.terminal.err, err));
    }
    for output in outputs {
        write(output, session.terminal.out, |look, out| {
            endpoints(&report, output.format, args.advisories, look, out)
        })?;
    }
    if args.statistics {
        write_stderr(|err| render::statistics(&report, err));
    }
    Ok(CLEAN)
}

fn endpoints(
    report: &Report,
    format: TableFormat,
    with_advisories: bool,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        TableFormat::Table => {
            render::endpoints_table(report, look, out)?;
            if with_advisories {
                writeln!(out)?;
                render::advisories_table(report, look, out)?;
            }
            Ok(())
        }
        TableFormat::Json => render::endpoints_json(report, with_advisories, out),
        TableFormat::Markdown => {
            render::endpoints_markdown(report, out)?;
            if with_advisories { render::advisories_markdown(report, out) } else { Ok(()) }
        }
        TableFormat::Html => render::endpoints_html(report, with_advisories, out),
    }
}
