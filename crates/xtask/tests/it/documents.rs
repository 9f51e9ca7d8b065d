//! Documents promise nothing that is not there.

use std::collections::BTreeSet;
use std::process::Command;

use crate::{files, read, root};

const DOCUMENTS: &[&str] =
    &["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md", "docs/guide.md"];

/// Verbs of `routeward` and of `cargo xtask` that documents use exist.
#[test]
fn commands_of_documents_exist() {
    let arguments = read("crates/routeward/src/args.rs");
    let tasks = read("crates/xtask/src/main.rs");
    let mut wrong = Vec::new();
    for document in DOCUMENTS {
        for line in shell_lines(&read(document)) {
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next()) {
                (Some("routeward"), Some(verb), _) if verb.chars().all(|c| c.is_ascii_lowercase()) => {
                    let variant = verb[..1].to_ascii_uppercase() + &verb[1..];
                    if !arguments.contains(&format!("    {variant}")) {
                        wrong.push(format!("{document}: `{line}`: there is no verb `{verb}`"));
                    }
                }
                (Some("cargo"), Some("xtask"), Some(verb)) if !tasks.contains(&format!("[\"{verb}\"")) => {
                    wrong.push(format!("{document}: `{line}`: there is no task `{verb}`"));
                }
                _ => {}
            }
            for option in line.split_whitespace().filter_map(|word| word.strip_prefix("--")) {
                let name = option.split(['=', ' ']).next().unwrap_or(option).replace('-', "_");
                let is_ours = line.starts_with("routeward ");
                if is_ours && !arguments.contains(&format!("pub(crate) {name}:")) {
                    wrong.push(format!("{document}: `{line}`: there is no option `--{option}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Links to files lead to files.
#[test]
fn links_lead_somewhere() {
    for document in DOCUMENTS {
        let text = read(document);
        let folder = root().join(document).parent().expect("a parent").to_owned();
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            assert!(folder.join(target).exists(), "{document}: `{target}` is not there");
        }
    }
}

/// What README shows as the output of commands is their output, as committed beside the application.
#[test]
fn readme_shows_real_output() {
    let text = read("README.md").replace("testdata/express5/", "");
    let block = text.split("```console").nth(1).and_then(|rest| rest.split("```").next()).expect("a session");
    let committed = read("testdata/express5/endpoints.txt") + &read("testdata/express5/findings.txt");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let real: BTreeSet<String> = committed.lines().map(words).collect();
    for line in block.lines().filter(|line| !line.starts_with("$ ") && !matches!(*line, "" | "…")) {
        assert!(real.contains(&words(line)), "README: `{line}` is not what is found");
    }
}

#[test]
fn architecture_is_short_and_each_crate_is_in_it() {
    let text = read("docs/architecture.md");
    assert!(text.lines().count() <= 300, "at most 300 lines");
    for manifest in files("crates", &["Cargo.toml"]) {
        let name =
            manifest.parent().and_then(|folder| folder.file_name()).expect("a folder").to_string_lossy();
        let is_named = text.contains(&format!("`{name}`"));
        assert!(is_named || name.starts_with("routeward-lang-"), "`{name}` is not in the map of crates");
    }
}

/// Scripts that are committed can be run.
#[test]
fn scripts_can_be_run() {
    let output = Command::new("bash").arg("-n").arg(root().join(".ci/run")).output();
    assert!(output.is_ok_and(|output| output.status.success()), ".ci/run");
}

/// The lines of shell blocks, without prompts and comments.
fn shell_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut is_shell = false;
    for line in text.lines() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            is_shell = !is_shell && matches!(info.trim(), "sh" | "bash" | "console");
        } else if is_shell {
            let line = line.trim().trim_start_matches("$ ");
            lines.push(line.split(" #").next().unwrap_or(line).trim().to_owned());
        }
    }
    lines
}
