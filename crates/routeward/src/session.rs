//! From arguments to a report.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use routeward_base::Disk;
use routeward_catalog::suggest;
use routeward_deps::{Advisories, Dependencies};
use routeward_engine::{
    Config, Date, Options, Problem, Report, RuleFile, ScanError, Scope, ScopeError, Tree, dependencies,
    lint_ids, scan, scan_history,
};
use routeward_git::Repository;

use crate::advisories;
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
        options.secrets_rules = secrets_rules(&current, &config, args)?;
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

    /// Takes what was imported about packages, if some lint asks for it.
    pub(crate) fn use_advisories(&mut self) -> Result<()> {
        if self.options.is_about_packages() {
            let imported = advisories::imported()?.map(|(_, index)| index);
            self.options.advisories = Arc::new(Advisories::new(imported));
        }
        Ok(())
    }

    pub(crate) fn scan(&self) -> Result<Report> {
        // What git cannot tell is not known: the files are there all the same.
        let tracked = || Repository::around(&self.root).ok()??.tracked().ok();
        let options = Options { tracked: tracked(), ..self.options.clone() };
        self.with_bar(|bar| scan(&options, &Disk::new(&self.root), bar))
    }

    /// What the files tell that list dependencies.
    pub(crate) fn dependencies(&self) -> Result<(Dependencies, Vec<Problem>)> {
        let tracked = Repository::around(&self.root).ok().flatten().and_then(|it| it.tracked().ok());
        let options = Options { tracked, ..self.options.clone() };
        Ok(dependencies(&options, &Disk::new(&self.root))?)
    }

    /// Checks what the next commit would hold, and keeps what the last one did not.
    pub(crate) fn scan_staged(&self) -> Result<Report> {
        let repository = self.repository()?;
        let (staged, committed) = (repository.staged()?, repository.committed()?);
        let tracked = Some(staged.paths().map(str::to_owned).collect());
        let mut options = Options { tree: Tree::Listed, tracked, ..self.options.clone() };
        if !options.is_about_program() {
            // What did not change reads as it did.
            let changed = staged.changed_since(&committed);
            options.focus = changed.into_iter().filter(|path| self.options.is_in_focus(path)).collect();
        }
        let mut report = self.with_bar(|bar| scan(&options, &staged, bar))?;
        if !report.findings.is_empty() || !report.problems.is_empty() {
            report.introduced_since(&self.with_bar(|bar| scan(&options, &committed, bar))?);
        }
        Ok(report)
    }

    /// Searches what git knows, from whatever branch, or what the commits of a range brought.
    pub(crate) fn scan_history(&self, range: &str) -> Result<Report> {
        let range = Some(range).filter(|range| !range.is_empty());
        let history = self.repository()?.history(range)?;
        self.with_bar(|bar| scan_history(&self.options, &history, bar))
    }

    fn repository(&self) -> Result<Repository> {
        let found = Repository::around(&self.root)?;
        found.with_context(|| format!("there is no git repository around `{}`", self.root.display()))
    }

    fn with_bar(&self, run: impl FnOnce(&Bar) -> Result<Report, ScanError>) -> Result<Report> {
        let bar = Bar::new(self.is_quiet);
        let report = run(&bar);
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
            let verbs = ["check", "endpoints", "sbom", "explain", "lints", "config", "completions"];
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

/// Files of rules for secrets: those of the configuration, then those of the command line.
fn secrets_rules(current: &Path, config: &Config, args: &ScanArgs) -> Result<Vec<RuleFile>> {
    let mut files = Vec::new();
    let config_file = current.join(&config.path);
    for (file, line) in &config.secrets_rules {
        let path = config_file.parent().unwrap_or(current).join(file);
        let shown = path.strip_prefix(current).unwrap_or(&path).display().to_string();
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{}:{line}: `secrets-rules`: `{shown}` cannot be read", config.path))?;
        files.push(RuleFile { path: shown, text });
    }
    for file in &args.secrets_rules {
        let path = file.display().to_string();
        let text = std::fs::read_to_string(current.join(file))
            .with_context(|| format!("the rules `{path}` cannot be read"))?;
        files.push(RuleFile { path, text });
    }
    Ok(files)
}
