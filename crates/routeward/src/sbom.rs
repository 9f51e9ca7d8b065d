//! `routeward sbom`: the parts that a program is made of.

use std::env;

use anyhow::{Context, Result};
use routeward_base::Date;
use routeward_report::{self as render, Sbom};

use crate::CLEAN;
use crate::args::{Output, SbomArgs, SbomFormat};
use crate::output::{check_outputs, write, write_stderr};
use crate::session::Session;

/// The time that a build is said to be of (<https://reproducible-builds.org/specs/source-date-epoch/>).
const VARIABLE: &str = "SOURCE_DATE_EPOCH";
const SECONDS_A_DAY: u64 = 24 * 60 * 60;

pub(crate) fn run(args: &SbomArgs) -> Result<u8> {
    let default = [Output { format: SbomFormat::CycloneDx, file: None }];
    let outputs = if args.output_format.is_empty() { &default[..] } else { &args.output_format };
    check_outputs(outputs)?;
    let timestamp = timestamp()?;
    let session = Session::new(&args.scan)?;
    let (dependencies, problems) = session.dependencies()?;
    let show = &args.scan.show;
    if !show.quiet {
        write_stderr(|err| render::problems(&problems, show.verbose, session.terminal.err, err));
    }
    let folder = session.root.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = args.name.clone().or(folder).unwrap_or_else(|| "repository".to_owned());
    let sbom = Sbom { name: &name, timestamp, parts: dependencies.parts() };
    for output in outputs {
        write(output, session.terminal.out, |_, out| match output.format {
            SbomFormat::CycloneDx => render::cyclonedx(&sbom, &[], out),
            SbomFormat::Spdx => render::spdx(&sbom, out),
        })?;
    }
    Ok(CLEAN)
}

/// The time to write, as RFC 3339 has it, if one is given.
fn timestamp() -> Result<Option<String>> {
    let Some(text) = env::var(VARIABLE).ok().filter(|text| !text.is_empty()) else { return Ok(None) };
    let seconds: u64 = text.parse().with_context(|| format!("{VARIABLE} is no number of seconds"))?;
    let (date, rest) = (Date::from_unix_seconds(seconds), seconds % SECONDS_A_DAY);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    Ok(Some(format!("{date}T{hour:02}:{minute:02}:{second:02}Z")))
}
