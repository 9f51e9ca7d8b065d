//! `ci` and `bless`: what must hold before a change is merged.

use anyhow::Result;

use crate::{cargo, sh};

/// Format, clippy, documentation, tests; the summary of the tests comes last. What is checked about the catalogue
/// and about the shape of the workspace are tests.
pub(crate) fn ci() -> Result<()> {
    sh(cargo().args(["fmt", "--all", "--check"]))?;
    sh(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    let doc = ["doc", "--workspace", "--no-deps", "--document-private-items"];
    sh(cargo().args(doc).env("RUSTDOCFLAGS", "-D warnings"))?;
    // Tests are built once for either runner; nextest closes with one summary for all of them.
    if has_nextest() {
        sh(cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]))
    } else {
        sh(cargo().args(["test", "--workspace", "--no-fail-fast"]))
    }
}

/// Writes what is found now into the blocks of the suites (`BLESS`) and into the snapshots (`UPDATE_EXPECT`).
pub(crate) fn bless() -> Result<()> {
    let packages = ["routeward-test", "routeward", "routeward-engine", "routeward-report"];
    let packages = packages.iter().flat_map(|package| ["--package", package]);
    let mut command = cargo();
    command.arg("test").args(packages).arg("--no-fail-fast").env("BLESS", "1").env("UPDATE_EXPECT", "1");
    sh(&mut command)?;
    sh(std::process::Command::new("git").current_dir(crate::root()).args(["diff", "--stat"]))
}

fn has_nextest() -> bool {
    let output = cargo().args(["nextest", "--version"]).output();
    output.is_ok_and(|output| output.status.success())
}
