//! What the command line accepts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use routeward_deps::Ecosystem;
use routeward_diag::Severity;
use routeward_engine::Gate;

const AFTER: &str = "\
Exit codes: 0 nothing fails the check, 1 findings, 2 usage or configuration error,
            3 internal error (or incomplete scan with --strict), 4 no files (with --require-files)";

const AFTER_SBOM: &str = "\
The same files give the same bytes: a time is written only if SOURCE_DATE_EPOCH gives one (seconds since 1970; SPDX
demands a time, and says 1970 without it), and the number of a document is made of its content.";

const AFTER_UPDATE: &str = "\
The only command that uses the network. OSV's exports are asked for, and nothing is sent but their names; those that
did not change since are not taken again. What cannot be taken stays as it was, and the exit code is 2 then.
A mirror is named by --url or ROUTEWARD_ADVISORY_URL, its files are ECOSYSTEM/all.zip below that; HTTPS_PROXY and
NO_PROXY are honoured. What comes of them is written to ROUTEWARD_ADVISORY_DB, or else to the user's cache.";

const AFTER_IMPORT: &str = "\
OSV offers an archive for each ecosystem, https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip
and the same for npm, Go, crates.io, Maven, NuGet, Packagist, RubyGems, Hex and Pub. Name all that you want
to keep. What comes of them is written to ROUTEWARD_ADVISORY_DB, or else to the user's cache.";

/// Shows what stands in front of every API endpoint, and finds what does not.
#[derive(Parser)]
#[command(name = "routeward", version, after_help = AFTER, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Report weaknesses (the default)
    #[command(after_help = AFTER)]
    Check(CheckArgs),
    /// List all endpoints and what stands in front of them
    Endpoints(EndpointsArgs),
    /// List the parts that the program is made of, for other tools
    #[command(after_help = AFTER_SBOM)]
    Sbom(SbomArgs),
    /// Explain a lint, or show one finding in full
    Explain(ExplainArgs),
    /// List the lints
    Lints(LintsArgs),
    /// Show the settings in force, or their schema
    Config(ConfigArgs),
    /// Show or replace the advisories that dependencies are compared with
    Advisories {
        #[command(subcommand)]
        command: AdvisoriesCommand,
    },
    /// For the measurements of the project itself
    #[command(hide = true)]
    Internal {
        #[command(subcommand)]
        command: InternalCommand,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What is scanned, and how it is shown.
#[derive(Args, Clone)]
pub(crate) struct ScanArgs {
    /// Files and folders; for a file, the program around it is read too [default: the current folder]
    pub(crate) paths: Vec<PathBuf>,
    /// Folder that paths in results are relative to [default: the current folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) root: Option<PathBuf>,
    /// Configuration file [default: the nearest routeward.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Ignore every routeward.toml
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
    /// Look for secrets by these rules, too: a file in the TOML format of gitleaks. Repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets_rules: Vec<PathBuf>,
    /// Number of worker threads [default: one for each processor]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) threads: usize,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

/// How results are shown.
#[derive(Args, Clone)]
pub(crate) struct ShowArgs {
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, value_name = "WHEN")]
    pub(crate) color: ColorArg,
    /// Print results only
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print every remark
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
    /// How to print findings: full, concise, json, sarif; with :FILE into a file. Repeatable
    #[arg(long, value_name = "FORMAT[:FILE]", value_parser = output::<CheckFormat>)]
    pub(crate) output_format: Vec<Output<CheckFormat>>,
    /// Look for secrets in archives, too: zip, jar, tar, tar.gz
    #[arg(long)]
    pub(crate) archives: bool,
    /// What fails the check [default: medium,medium, or as configured]. With `reachable`, vulnerable packages do only
    /// where a request is seen to reach them
    #[arg(long, value_name = "SEVERITY[,CONFIDENCE][,reachable]", value_parser = Gate::parse)]
    pub(crate) fail_on: Option<Gate>,
    /// Fail if what is known of the packages in use is older than so many days
    #[arg(long, value_name = "DAYS")]
    pub(crate) max_advisory_age: Option<u32>,
    /// Hide findings below this severity
    #[arg(long, value_name = "SEVERITY", value_parser = severity, default_value = "info", hide_default_value = true)]
    pub(crate) severity: Severity,
    /// Run only this lint or family of lints, also what is off. Repeatable
    #[arg(long, value_name = "LINT|FAMILY", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Check what is staged in git, and report only what the last commit did not hold
    #[arg(long)]
    pub(crate) staged: bool,
    /// Search every content that git knows for keys and tokens; with =RANGE, what those commits brought
    #[arg(long, value_name = "RANGE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    #[arg(conflicts_with = "staged")]
    pub(crate) history: Option<String>,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Exit with 3 if a part of the program could not be analysed
    #[arg(long)]
    pub(crate) strict: bool,
    /// Exit with 4 if there is nothing to analyse
    #[arg(long)]
    pub(crate) require_files: bool,
    /// Put the endpoints into JSON output, too
    #[arg(long)]
    pub(crate) with_endpoints: bool,
    /// Print counts and times
    #[arg(long)]
    pub(crate) statistics: bool,
}

#[derive(Args)]
pub(crate) struct EndpointsArgs {
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
    /// How to print endpoints: table, json, markdown, html; with :FILE into a file. Repeatable
    #[arg(long, value_name = "FORMAT[:FILE]", value_parser = output::<TableFormat>)]
    pub(crate) output_format: Vec<Output<TableFormat>>,
    /// Show which endpoints depend on which advisory, too
    #[arg(long)]
    pub(crate) advisories: bool,
    /// Print counts and times
    #[arg(long)]
    pub(crate) statistics: bool,
}

#[derive(Args)]
pub(crate) struct SbomArgs {
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
    /// How to write the list: cyclonedx, spdx; with :FILE into a file. Repeatable
    #[arg(long, value_name = "FORMAT[:FILE]", value_parser = output::<SbomFormat>)]
    pub(crate) output_format: Vec<Output<SbomFormat>>,
    /// Say in CycloneDX what is known against the parts, and how far requests get to them (VEX)
    #[arg(long)]
    pub(crate) vex: bool,
    /// What the list is of [default: the name of the folder]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// A lint, or the fingerprint of a finding (as in JSON output)
    pub(crate) subject: String,
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
}

#[derive(Args)]
pub(crate) struct LintsArgs {
    /// How to print them
    #[arg(long, value_enum, default_value_t = LintsFormat::Table, value_name = "FORMAT")]
    pub(crate) output_format: LintsFormat,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

#[derive(Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print each setting with where it comes from
    Show {
        #[command(flatten)]
        scan: ScanArgs,
    },
    /// Print the JSON schema of routeward.toml
    Schema,
}

#[derive(Subcommand)]
pub(crate) enum AdvisoriesCommand {
    /// Print what is known, where it comes from, and how old it is
    Status,
    /// Fetch what became known since, for the ecosystems whose files are read
    #[command(after_help = AFTER_UPDATE)]
    Update(UpdateArgs),
    /// Replace what was imported before by OSV records; nothing is fetched
    #[command(after_help = AFTER_IMPORT)]
    Import {
        /// Folders and ZIP archives with OSV records as JSON
        #[arg(required = true, value_name = "FOLDER|ZIP")]
        paths: Vec<PathBuf>,
    },
}

#[derive(Args)]
pub(crate) struct UpdateArgs {
    /// Only this ecosystem: npm, PyPI, Go, crates.io, Maven, NuGet, Packagist, RubyGems, Hex, Pub. Repeatable
    #[arg(long, value_name = "ECOSYSTEM", value_delimiter = ',', value_parser = ecosystem)]
    pub(crate) ecosystem: Vec<Ecosystem>,
    /// Where the exports are [default: those of osv.dev]
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum InternalCommand {
    /// Compare the pairs of versions on standard input
    CompareVersions,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    #[value(alias = "text")]
    Full,
    Concise,
    Json,
    Sarif,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    #[value(alias = "text")]
    Table,
    Json,
    #[value(alias = "md")]
    Markdown,
    Html,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SbomFormat {
    #[value(name = "cyclonedx", alias = "cdx")]
    CycloneDx,
    Spdx,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintsFormat {
    Table,
    Json,
}

/// A format and where it goes.
#[derive(Clone)]
pub(crate) struct Output<F> {
    pub(crate) format: F,
    /// `None` for standard output.
    pub(crate) file: Option<PathBuf>,
}

fn output<F: ValueEnum>(text: &str) -> Result<Output<F>, String> {
    let (name, file) = match text.split_once(':') {
        Some((name, file)) => (name, Some(file)),
        None => (text, None),
    };
    let names: Vec<String> = F::value_variants()
        .iter()
        .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
        .collect();
    let format = F::from_str(name, false).map_err(|_| {
        let hint =
            routeward_catalog::Hint(routeward_catalog::suggest(name, names.iter().map(String::as_str)));
        format!("there is no format `{name}`{hint} ({})", names.join(", "))
    })?;
    match file {
        Some("") => Err("a file name must follow the colon".to_owned()),
        file => Ok(Output { format, file: file.map(PathBuf::from) }),
    }
}

fn severity(text: &str) -> Result<Severity, String> {
    Gate::parse(text).map(|gate| gate.severity)
}

fn ecosystem(text: &str) -> Result<Ecosystem, String> {
    let named = |ecosystem: &Ecosystem| {
        [ecosystem.name(), ecosystem.purl_type()].iter().any(|name| name.eq_ignore_ascii_case(text))
    };
    Ecosystem::ALL.into_iter().find(named).ok_or_else(|| {
        let names = Ecosystem::ALL.map(Ecosystem::name);
        let hint = routeward_catalog::Hint(routeward_catalog::suggest(text, names));
        format!("there is no ecosystem `{text}`{hint} ({})", names.join(", "))
    })
}
