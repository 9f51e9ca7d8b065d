//! From arguments to a report.

use std::env;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use routeward_base::Disk;
use routeward_catalog::suggest;
use routeward_engine::{Config, Date, Options, Report, Scope, ScopeError, Tree, lint_ids, scan};

use crate::args::ScanArgs;
use crate::output::Terminal;
use crate::progress::Bar;

/// A scan that is set up.
pub(crate) struct Session {
    pub(crate) options: Options,
    pub(crate) root: PathBuf,
    pub(crate) terminal: Terminal,
    since: Instant,
    is_quiet: bool,
}

impl Session {
    pub(crate) fn new(args: &ScanArgs) -> Result<Self> {
        let since = Instant::now();
        let current = env::current_dir().context("the current folder cannot be read")?;
        let scope = scope(&current, args)?;
        let config = config(&current, &scope, args)?;
        let mut options = Options::new(Tree::Disk(scope.root.clone()));
        options.folders = scope.folders;
        options.focus = scope.focus;
        options.config = config;
        options.threads = args.threads;
        options.today = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()
            .map(|since_1970| Date::from_unix_seconds(since_1970.as_secs()));
        Ok(Self {
            options,
            root: scope.root,
            terminal: Terminal::new(args.show.color),
            since,
            is_quiet: args.show.quiet,
        })
    }

    pub(crate) fn scan(&self) -> Result<Report> {
        let bar = Bar::new(self.is_quiet);
        let report = scan(&self.options, &Disk::new(&self.root), &bar);
        bar.clear();
        Ok(report?)
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}

fn scope(current: &Path, args: &ScanArgs) -> Result<Scope> {
    match Scope::new(current, args.root.as_deref(), &args.paths) {
        Ok(scope) => Ok(scope),
        Err(ScopeError::Missing { path }) => {
            let verbs = ["check", "endpoints", "explain", "lints", "config", "completions"];
            let verb = suggest(&path, verbs).filter(|_| !path.contains(['/', '.']));
            let hint = verb.map(|verb| format!("; the verb is `{verb}`")).unwrap_or_default();
            anyhow::bail!("there is no file or folder `{path}`{hint}")
        }
        Err(error) => Err(error.into()),
    }
}

fn config(current: &Path, scope: &Scope, args: &ScanArgs) -> Result<Config> {
    let ids = lint_ids();
    Ok(match &args.config {
        _ if args.no_config => Config::default(),
        Some(path) => scope.config_at(path, current, &ids)?,
        None => scope.config(current, &ids)?,
    })
}
