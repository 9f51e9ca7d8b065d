//! `routeward config`: the settings in force and where they come from.

use std::io::{self, Write};

use anyhow::Result;
use routeward_engine::{Config, schema};

use crate::CLEAN;
use crate::args::{ConfigArgs, ConfigCommand};
use crate::output::write_stdout;
use crate::session::Session;

pub(crate) fn run(args: &ConfigArgs) -> Result<u8> {
    match &args.command {
        ConfigCommand::Schema => write_stdout(|out| out.write_all(schema().as_bytes()))?,
        ConfigCommand::Show { scan } => {
            let session = Session::new(scan)?;
            write_stdout(|out| show(&session.options.config, out))?;
        }
    }
    Ok(CLEAN)
}

/// Writes TOML that gives the same settings, with the origin of each behind it.
fn show(config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let origin = |key: &str| match config.origins.get(key) {
        Some(line) => format!("# {}:{line}", config.path),
        None => "# default".to_owned(),
    };
    writeln!(out, "exclude = {:?} {}", config.exclude, origin("exclude"))?;
    writeln!(out, "include = {:?} {}", config.include, origin("include"))?;
    writeln!(out, "max-file-size = {} {}", config.max_file_size, origin("max-file-size"))?;
    let rules: Vec<&str> = config.secrets_rules.iter().map(|(file, _)| file.as_str()).collect();
    writeln!(out, "secrets-rules = {rules:?} {}", origin("secrets-rules"))?;
    writeln!(out, "fail-on = \"{}\" {}", config.fail_on, origin("fail-on"))?;
    if !config.lints.is_empty() {
        writeln!(out, "\n[lints]")?;
    }
    for (lint, severity) in &config.lints {
        let level = severity.map_or("off", routeward_diag::Severity::name);
        writeln!(out, "{lint} = \"{level}\" {}", origin(&format!("lints.{lint}")))?;
    }
    for public in &config.public {
        writeln!(out, "\n[[public]] # {}:{}", config.path, config.line(public.span))?;
        writeln!(out, "path = {:?}\nreason = {:?}", public.pattern, public.reason)?;
        if let Some(owner) = &public.owner {
            writeln!(out, "owner = {owner:?}")?;
        }
    }
    for suppress in &config.suppress {
        writeln!(out, "\n[[suppress]] # {}:{}", config.path, config.line(suppress.span))?;
        writeln!(out, "lint = {:?}", suppress.lint)?;
        if let Some(path) = &suppress.path {
            writeln!(out, "path = {path:?}")?;
        }
        writeln!(out, "reason = {:?}", suppress.reason)?;
        if let Some(until) = suppress.until {
            writeln!(out, "until = \"{until}\"")?;
        }
    }
    Ok(())
}
