//! `routeward check`: reports findings and judges the gate.

use std::io::{self, Write};

use anyhow::Result;
use routeward_catalog::Catalog;
use routeward_engine::Report;
use routeward_report::{self as render, Look};

use crate::args::{CheckArgs, CheckFormat, Output};
use crate::output::{check_outputs, write, write_stderr};
use crate::session::Session;
use crate::{CLEAN, FOUND, INTERNAL, NO_INPUT};

pub(crate) fn run(args: &CheckArgs) -> Result<u8> {
    let default = [Output { format: CheckFormat::Full, file: None }];
    let outputs = if args.output_format.is_empty() { &default[..] } else { &args.output_format };
    check_outputs(outputs)?;
    let mut session = Session::new(&args.scan)?;
    session.options.fail_on = args.fail_on;
    session.options.max_advisory_age = args.max_advisory_age;
    session.options.archives = args.archives;
    session.options.min_severity = args.severity;
    session.options.only.clone_from(&args.only);
    session.use_advisories()?;
    let report = match &args.history {
        Some(range) => session.scan_history(range)?,
        None if args.staged => session.scan_staged()?,
        None => session.scan()?,
    };

    let show = &args.scan.show;
    let terminal = session.terminal;
    if !show.quiet {
        write_stderr(|err| render::problems(&report.problems, show.verbose, terminal.err, err));
    }
    // The last line for people stands below the findings; machines get it out of their way.
    let is_full = |output: &Output<CheckFormat>| output.format == CheckFormat::Full && output.file.is_none();
    let summary_below = !show.quiet && outputs.iter().any(is_full);
    for output in outputs {
        write(output, terminal.out, |look, out| {
            findings(args, &report, output.format, look, out)?;
            if summary_below && is_full(output) {
                let elapsed = terminal.is_interactive.then(|| session.elapsed());
                writeln!(out, "{}", render::summary(&report, elapsed, look))?;
            }
            Ok(())
        })?;
    }
    write_stderr(|err| {
        if args.statistics {
            render::statistics(&report, err)?;
        }
        if !show.quiet && !summary_below {
            writeln!(err, "{}", render::summary(&report, Some(session.elapsed()), terminal.err))?;
        }
        Ok(())
    });
    Ok(exit_code(args, &report))
}

fn findings(
    args: &CheckArgs,
    report: &Report,
    format: CheckFormat,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        CheckFormat::Full => render::full(report, look, out),
        CheckFormat::Concise => render::concise(report, look, out),
        CheckFormat::Json => render::json(report, args.with_endpoints, out),
        CheckFormat::Sarif => render::sarif(report, &Catalog::embedded().lints, out),
    }
}

fn exit_code(args: &CheckArgs, report: &Report) -> u8 {
    if args.strict && report.is_incomplete() {
        INTERNAL
    } else if args.require_files && report.statistics.files() == 0 {
        NO_INPUT
    } else if report.is_failed() && !args.exit_zero {
        FOUND
    } else {
        CLEAN
    }
}
