//! `routeward sbom`: the parts that a program is made of.

use std::env;

use anyhow::{Context, Result, bail};
use routeward_base::Date;
use routeward_deps::{Kind, Package, Part};
use routeward_engine::{Gate, ReachLevel, tell_reach};
use routeward_report::{self as render, Assessment, Sbom, State};

use crate::CLEAN;
use crate::args::{Output, SbomArgs, SbomFormat};
use crate::output::{check_outputs, write, write_stderr};
use crate::session::Session;

/// The time that a build is said to be of (<https://reproducible-builds.org/specs/source-date-epoch/>).
const VARIABLE: &str = "SOURCE_DATE_EPOCH";
/// The lints that look at packages.
const FAMILY: &str = "dependencies";
const SECONDS_A_DAY: u64 = 24 * 60 * 60;

pub(crate) fn run(args: &SbomArgs) -> Result<u8> {
    let default = [Output { format: SbomFormat::CycloneDx, file: None }];
    let outputs = if args.output_format.is_empty() { &default[..] } else { &args.output_format };
    check_outputs(outputs)?;
    if args.vex && outputs.iter().all(|output| output.format != SbomFormat::CycloneDx) {
        bail!("`--vex` is said in CycloneDX only: ask for `--output-format cyclonedx`");
    }
    let timestamp = timestamp()?;
    let mut session = Session::new(&args.scan)?;
    if args.vex {
        session.options.only = vec![FAMILY.to_owned()];
        session.options.fail_on = Some(Gate { reachable: true, ..Gate::default() });
        session.use_advisories()?;
    }
    let (dependencies, problems) = session.dependencies()?;
    let (show, terminal) = (&args.scan.show, session.terminal.out);
    if !show.quiet {
        write_stderr(|err| render::problems(&problems, show.verbose, session.terminal.err, err));
    }
    let folder = session.root.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = args.name.clone().or(folder).unwrap_or_else(|| "repository".to_owned());
    let sbom = Sbom { name: &name, timestamp, parts: dependencies.parts() };
    let packages = if args.vex { dependencies.packages() } else { Vec::new() };
    let assessed = if args.vex { Some(assess(&session, &sbom.parts, &packages)?) } else { None };
    for output in outputs {
        write(output, terminal, |_, out| match output.format {
            SbomFormat::CycloneDx => render::cyclonedx(&sbom, assessed.as_deref(), out),
            SbomFormat::Spdx => render::spdx(&sbom, out),
        })?;
    }
    Ok(CLEAN)
}

/// What weaknesses of the parts mean here, by how far requests are seen to get.
fn assess<'r>(
    session: &Session,
    parts: &[Part<'_>],
    packages: &'r [Package<'_>],
) -> Result<Vec<Assessment<'r>>> {
    let report = session.scan()?;
    let mut assessed = Vec::new();
    for package in packages {
        let is_it = |part: &Part<'_>| {
            (part.ecosystem, part.name, part.version)
                == (package.ecosystem, package.name, Some(package.version))
        };
        let known = (parts.iter().position(is_it), report.reaches.of(package));
        let (Some(part), Some(known)) = known else { continue };
        let weaknesses = package.advisories.iter().filter(|it| it.kind != Kind::Unmaintained);
        for advisory in weaknesses {
            let its = known.advisories.iter().find(|(it, _)| it.ids == advisory.ids);
            let reached = its.map_or(&known.reached, |(_, reached)| reached);
            let (state, detail) = (state(&reached.level), tell_reach(reached, &report.inventory));
            assessed.push(Assessment { advisory, part, state, detail });
        }
    }
    Ok(assessed)
}

/// That what is weak is called is no proof that somebody can make use of it, unless clients choose what it is given; that
/// nothing asks for the package is one that nobody can.
fn state(level: &ReachLevel) -> State {
    match level {
        ReachLevel::CalledWithInput(_) => State::Exploitable,
        ReachLevel::Unused => State::NotReachable,
        _ => State::InTriage,
    }
}

/// The time to write, as RFC 3339 has it, if one is given.
fn timestamp() -> Result<Option<String>> {
    let Some(text) = env::var(VARIABLE).ok().filter(|text| !text.is_empty()) else { return Ok(None) };
    let seconds: u64 = text.parse().with_context(|| format!("{VARIABLE} is no number of seconds"))?;
    let (date, rest) = (Date::from_unix_seconds(seconds), seconds % SECONDS_A_DAY);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    Ok(Some(format!("{date}T{hour:02}:{minute:02}:{second:02}Z")))
}
