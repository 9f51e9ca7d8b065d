//! `routeward explain`: the text of a lint, or one finding in full.

use anyhow::{Result, bail};
use routeward_catalog::{Catalog, Hint};
use routeward_report as render;

use crate::CLEAN;
use crate::args::ExplainArgs;
use crate::output::{Terminal, write_stdout};
use crate::session::Session;

/// Fewer digits of a fingerprint would be no name.
const MIN_DIGITS: usize = 6;

pub(crate) fn run(args: &ExplainArgs) -> Result<u8> {
    let subject = args.subject.as_str();
    let catalog = Catalog::embedded();
    if let Some(lint) = catalog.lint(subject) {
        let terminal = Terminal::new(args.scan.show.color);
        write_stdout(|out| render::explain(lint, terminal.out, out))?;
        return Ok(CLEAN);
    }
    let is_fingerprint = subject.len() >= MIN_DIGITS && subject.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_fingerprint {
        bail!("unknown lint `{subject}`{} (`routeward lints` shows all)", Hint(catalog.suggest(subject)));
    }
    let mut session = Session::new(&args.scan)?;
    session.use_advisories()?;
    let report = session.scan()?;
    let digits = subject.to_ascii_lowercase();
    let found = report.findings.iter().filter(|triaged| triaged.fingerprint.0.starts_with(&digits));
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        bail!(
            "there is no finding `{subject}` in {}; name the folder it was found in after it",
            session.root.display()
        );
    }
    write_stdout(|out| {
        for triaged in found {
            render::finding(&report, triaged, session.terminal.out, out)?;
        }
        Ok(())
    })?;
    Ok(CLEAN)
}
