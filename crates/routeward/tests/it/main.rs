//! The built binary, as its users meet it.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes the snapshots")]

mod advisories;
mod endpoint_advisories;
mod git;
mod sbom;
#[expect(dead_code, reason = "the door to the network is tested with more of it")]
#[path = "../../../routeward-fetch/tests/it/server.rs"]
mod server;
mod testdata;
mod update;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};
use serde_json::Value;
use tempfile::TempDir;

/// A tree in a folder of its own. Files are separated by lines `// file: PATH`.
fn tree(text: &str) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for part in text.split("// file: ").skip(1) {
        let (path, body) = part.split_once('\n').unwrap_or((part, ""));
        write(dir.path(), path.trim(), body);
    }
    dir
}

fn write(dir: &Path, path: &str, body: impl AsRef<[u8]>) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, body).expect("written");
}

fn run(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_routeward"));
    for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command.args(args).current_dir(dir).output().expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Exit code, standard output and standard error of a run.
fn check(dir: &Path, args: &[&str], expected: &Expect) {
    let output = run(dir, args);
    let code = output.status.code().map_or_else(|| "killed".to_owned(), |code| code.to_string());
    expected.assert_eq(&format!("exit {code}\n--- out\n{}--- err\n{}", stdout(&output), stderr(&output)));
}

const BAD_SUPPRESSION: &str =
    "// file: a.js\nwork(); // routeward: ignore[missing-auth-gard] it is internal\n";

#[test]
fn the_verb_and_the_path_may_be_left_out() {
    let dir = tree("// file: a.js\nwork();\n");
    let whole = run(dir.path(), &["check", "."]);
    assert_eq!(whole.status.code(), Some(0));
    assert_eq!(stdout(&whole), "no findings in 1 file, 0 endpoints\n");
    assert_eq!(stderr(&whole), "");
    for args in [&[][..], &["."], &["check"], &["a.js"], &["check", "a.js"]] {
        assert_eq!(run(dir.path(), args).stdout, whole.stdout, "{args:?}");
    }
}

#[test]
fn exit_codes_say_what_happened() {
    let code = |dir: &TempDir, args: &[&str]| run(dir.path(), args).status.code();
    let clean = tree("// file: a.js\nwork();\n");
    assert_eq!(code(&clean, &["check", "--strict", "--require-files"]), Some(0));
    let failing = tree(BAD_SUPPRESSION);
    assert_eq!(code(&failing, &["check"]), Some(1));
    assert_eq!(code(&failing, &["check", "--output-format", "sarif"]), Some(1));
    assert_eq!(code(&failing, &["check", "--exit-zero"]), Some(0));
    assert_eq!(code(&clean, &["check", "--no-such-option"]), Some(2));
    assert_eq!(code(&clean, &["check", "gone.js"]), Some(2));
    let partial = tree("// file: a.js\nlet = = ;\n");
    assert_eq!(code(&partial, &["check"]), Some(0));
    assert_eq!(code(&partial, &["check", "--strict"]), Some(3));
    let empty = tree("");
    assert_eq!(code(&empty, &["check"]), Some(0));
    assert_eq!(code(&empty, &["check", "--require-files"]), Some(4));
}

#[test]
fn mistakes_of_the_user_are_told_with_place_and_remedy() {
    let dir = tree("// file: a.js\nwork();\n");
    check(
        dir.path(),
        &["check", "src/gone.js"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: there is no file or folder `src/gone.js`
    "#]],
    );
    check(
        dir.path(),
        &["chekc"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: there is no file or folder `chekc`; the verb is `check`
    "#]],
    );
    check(
        dir.path(),
        &["check", "--only", "missing-auth-gard"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: unknown lint `missing-auth-gard`, did you mean `missing-auth-guard`? (`routeward lints` shows all)
    "#]],
    );
    check(
        dir.path(),
        &["check", "--fail-on", "hihg"],
        &expect![[r#"
            exit 2
            --- out
            --- err
            error: invalid value 'hihg' for '--fail-on <SEVERITY[,CONFIDENCE][,reachable]>': there is no severity `hihg`, did you mean `high`? (info, low, medium, high, critical)

            For more information, try '--help'.
        "#]],
    );
    check(
        dir.path(),
        &["check", "--output-format", "srif"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: invalid value 'srif' for '--output-format <FORMAT[:FILE]>': there is no format `srif`, did you mean `sarif`? (full, concise, json, sarif)

        For more information, try '--help'.
    "#]],
    );
    check(
        dir.path(),
        &["check", "--output-format", "json", "--output-format", "sarif"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: only one format can go to standard output; write the others as FORMAT:FILE
    "#]],
    );
    check(
        dir.path(),
        &["check", "--output-format", "json:no/such/folder.json"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: cannot write no/such/folder.json: No such file or directory (os error 2)
    "#]],
    );
    check(
        dir.path(),
        &["explain", "missing-auth-gard"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: unknown lint `missing-auth-gard`, did you mean `missing-auth-guard`? (`routeward lints` shows all)
    "#]],
    );
    check(
        dir.path(),
        &["explain", "0123456789abcdef", "a.js", "--root", "gone"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: there is no file or folder `gone`
    "#]],
    );
    check(
        tree(BAD_SUPPRESSION).path(),
        &["check"],
        &expect![[r#"
            exit 1
            --- out
            no findings and 1 error in 1 file, 0 endpoints
            --- err
            error: a.js:1: unknown lint `missing-auth-gard`, did you mean `missing-auth-guard`? (`routeward lints` shows all lints)
        "#]],
    );
    let config = tree("// file: routeward.toml\nexclude = []\nfail-no = 'high'\n// file: src/a.js\n");
    check(
        config.path(),
        &["check"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: routeward.toml:2: unknown key `fail-no`, did you mean `fail-on`?
    "#]],
    );
    check(
        config.path(),
        &["check", "src"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: routeward.toml:2: unknown key `fail-no`, did you mean `fail-on`?
    "#]],
    );
    check(
        config.path(),
        &["check", "--no-config"],
        &expect![[r#"
        exit 0
        --- out
        no findings in 1 file, 0 endpoints
        --- err
    "#]],
    );
}

#[test]
fn functions_that_refuse_nobody_are_told_once() {
    let dir = tree(
        "// file: app.js
const express = require('express');
const app = express();
app.use(express.json());
app.use(express.urlencoded());
app.use((req, res, next) => next());
app.use(require('compression')());
app.delete('/orders/:id', (req, res) => db.orders.destroy({ where: { id: req.params.id } }));
",
    );
    check(
        dir.path(),
        &["check", "--only", "missing-auth-guard"],
        &expect![[r#"
        exit 1
        --- out
        high[missing-auth-guard]: anonymous callers reach `DELETE /orders/{id}`
           ╭─[app.js:3:1]
         2 │ const app = express();
         3 │ app.use(express.json());
           ·         ───────┬──────
           ·                ╰── 1. `express.json` refuses nobody, nor do the 3 after it
         4 │ app.use(express.urlencoded());
           ╰────
           ╭─[app.js:7:1]
         6 │ app.use(require('compression')());
         7 │ app.delete('/orders/:id', (req, res) => db.orders.destroy({ where: { id: req.params.id } }));
           · ──────────────────────────────────────────────┬─────────────────────────────────────────────┬
           ·                                               │                                             ╰── 2. a function answers
           ·                                               ╰── no guard stands in front of it
           ╰────
          = note: `DELETE` is for changes, and whoever can send a request makes them
          = note: no endpoint of this application demands a credential
          = help: attach a guard in front of its handler, or declare the endpoint public with a reason: `routeward: public <reason>`
          = more: routeward explain missing-auth-guard

        1 finding (1 high) in 1 file, 1 endpoint
        --- err
    "#]],
    );
}

#[test]
fn what_cannot_be_read_is_told_and_costs_nothing_else() {
    let dir = tree("// file: good.js\nwork();\n// file: empty.js\n// file: broken.js\nlet = = ;\n");
    write(dir.path(), "binary.js", [0, 1, 2, 3]);
    write(dir.path(), "latin.js", b"work('\xe9');\n");
    write(dir.path(), "packed.min.js", "function a(b){return c.d(b)};".repeat(2_000));
    write(dir.path(), "huge.min.js", "function a(b){return c.d(b)};".repeat(50 * 1024 * 1024 / 29));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(".", dir.path().join("loop")).expect("a link");
        std::os::unix::fs::symlink("/", dir.path().join("outside")).expect("a link");
        std::os::unix::fs::symlink("gone.js", dir.path().join("dangling.js")).expect("a link");
    }
    check(
        dir.path(),
        &["check", "-v"],
        &expect![[r#"
            exit 0
            --- out
            no findings in 4 files, 0 endpoints
            --- err
            warning: huge.min.js: has 50 MB, more than the limit of 1 MB, and was not analysed (raise `max-file-size` in routeward.toml, or list the file under `exclude`)
            warning: binary.js: is binary, not source text (rename it, or list it under `exclude` in routeward.toml)
            warning: latin.js:1: is not valid UTF-8; read with replacement characters (save it as UTF-8)
            warning: broken.js:1: was read in part: unexpected `= =` (check the syntax there)
            note: packed.min.js: is minified and was not analysed (nothing, if it is built from other files; otherwise scan those)
        "#]],
    );
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tree("// file: good.js\nwork();\n// file: secret.js\nwork();\n// file: closed/a.js\nwork();\n");
    for path in ["secret.js", "closed"] {
        fs::set_permissions(dir.path().join(path), fs::Permissions::from_mode(0o000)).expect("changed");
    }
    // The system's administrator may read everything: then there is nothing to tell.
    let is_refused = fs::read(dir.path().join("secret.js")).is_err();
    let errors = stderr(&run(dir.path(), &["check"]));
    fs::set_permissions(dir.path().join("closed"), fs::Permissions::from_mode(0o700)).expect("changed");
    if is_refused {
        for path in ["secret.js", "closed"] {
            assert!(errors.contains(&format!("{path}: cannot be read: permission denied")), "{errors}");
        }
    }
}

#[test]
fn ignore_files_and_foreign_code_are_left_out() {
    let dir = tree(
        "// file: a.js\nwork();\n// file: .hidden/b.js\nwork();\n// file: .gitignore\n/out\n\
         // file: .routewardignore\nold\n// file: out/c.js\nwork();\n// file: old/d.js\nwork();\n\
         // file: node_modules/x/e.js\nwork();\n// file: src/vendor/f.js\nwork();\n// file: vendor/g.js\nwork();\n",
    );
    let files = |args: &[&str]| stdout(&run(dir.path(), args));
    assert_eq!(files(&["check"]), "no findings in 3 files, 0 endpoints\n");
    write(dir.path(), "routeward.toml", "include = ['out/**', 'vendor/']\nexclude = ['src']\n");
    assert_eq!(files(&["check"]), "no findings in 4 files, 0 endpoints\n");
}

#[test]
fn results_are_relative_to_the_root() {
    let dir = tree("// file: package.json\n{}\n// file: src/a.js\nlet = ;\n// file: other/b.js\nlet = ;\n");
    let problems = |from: &str, args: &[&str]| {
        let mut paths: Vec<String> = stderr(&run(&dir.path().join(from), args))
            .lines()
            .filter_map(|line| Some(line.strip_prefix("warning: ")?.split(':').next()?.to_owned()))
            .collect();
        paths.sort();
        paths
    };
    assert_eq!(problems("", &["check"]), ["other/b.js", "src/a.js"]);
    assert_eq!(problems("src", &["check"]), ["a.js"]);
    assert_eq!(problems("src", &["check", "../other"]), ["b.js"]);
    assert_eq!(problems("src", &["check", "--root", ".."]), ["other/b.js", "src/a.js"]);
    assert_eq!(problems("", &["check", "src"]), ["src/a.js"]);
}

#[test]
fn machine_formats_have_standard_output_for_themselves() {
    let dir = tree("// file: a.js\nlet = ;\n");
    for (verb, format) in [("check", "json"), ("check", "sarif"), ("endpoints", "json")] {
        let output = run(dir.path(), &[verb, "--output-format", format]);
        let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(document["version"] == 1 || document["version"] == "2.1.0");
        assert!(stderr(&output).starts_with("warning: a.js:1: was read in part"));
        let quiet = run(dir.path(), &[verb, "--output-format", format, "--quiet"]);
        assert_eq!((stdout(&quiet), stderr(&quiet)), (stdout(&output), String::new()));
    }
    let output = run(dir.path(), &["check", "--output-format", "full", "--output-format", "sarif:out.sarif"]);
    assert_eq!(stdout(&output), "no findings in 1 file, 0 endpoints\n");
    let sarif = fs::read_to_string(dir.path().join("out.sarif")).expect("written");
    assert!(serde_json::from_str::<Value>(&sarif).is_ok());
    let html = stdout(&run(dir.path(), &["endpoints", "--output-format", "html"]));
    assert!(html.starts_with("<!doctype html>"));
}

#[test]
fn colours_follow_the_conventions() {
    let dir = tree(BAD_SUPPRESSION);
    let is_colored = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_routeward"));
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        let output = command.args(args).envs(variables.iter().copied()).current_dir(dir.path()).output();
        stderr(&output.expect("the binary runs")).contains('\u{1b}')
    };
    assert!(!is_colored(&["check"], &[]));
    assert!(is_colored(&["check"], &[("CLICOLOR_FORCE", "1")]));
    assert!(is_colored(&["check"], &[("FORCE_COLOR", "1")]));
    assert!(!is_colored(&["check"], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(is_colored(&["check", "--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!is_colored(&["check", "--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(env!("CARGO_BIN_EXE_routeward"))
        .args(["config", "schema"])
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn settings_are_shown_with_their_origin() {
    let dir = tree(
        "// file: routeward.toml\nfail-on = 'high'\n\n[lints]\nmissing-rate-limit = 'off'\n\n[[public]]\n\
         path = 'GET /health'\nreason = 'probes'\nowner = 'operations'\n\n[[suppress]]\nlint = 'missing-auth-guard'\n\
         path = 'legacy/'\nreason = 'is being replaced'\nuntil = '2099-01-01'\n// file: src/a.js\n",
    );
    check(
        dir.path(),
        &["config", "show"],
        &expect![[r#"
            exit 0
            --- out
            exclude = [] # default
            include = [] # default
            max-file-size = 1048576 # default
            secrets-rules = [] # default
            fail-on = "high,medium" # routeward.toml:1

            [lints]
            missing-rate-limit = "off" # routeward.toml:4

            [[public]] # routeward.toml:7
            path = "GET /health"
            reason = "probes"
            owner = "operations"

            [[suppress]] # routeward.toml:12
            lint = "missing-auth-guard"
            path = "legacy/"
            reason = "is being replaced"
            until = "2099-01-01"
            --- err
        "#]],
    );
    check(
        &dir.path().join("src"),
        &["config", "show", "--no-config"],
        &expect![[r#"
            exit 0
            --- out
            exclude = [] # default
            include = [] # default
            max-file-size = 1048576 # default
            secrets-rules = [] # default
            fail-on = "medium,medium" # default
            --- err
        "#]],
    );
    // What is shown is itself a configuration that says the same.
    let shown = stdout(&run(dir.path(), &["config", "show"]));
    write(dir.path(), "shown.toml", &shown);
    let again = stdout(&run(dir.path(), &["config", "show", "--config", "shown.toml"]));
    let settings = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(" #").next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(settings(&shown), settings(&again));
}

/// The words that these rules look for are no secrets.
#[test]
fn rules_of_the_user_are_read_from_the_configuration_and_the_command_line() {
    let rule =
        |id: &str| format!("[[rules]]\nid = '{id}'\ndescription = 'A {id}'\nregex = '{id}-([a-z]+)'\n");
    let goose = rule("goose") + "[[rules]]\nid = 'path'\npath = 'a'\n";
    let dir = tree(
        "// file: routeward.toml\nsecrets-rules = ['rules/goose.toml']\n// file: a/b.txt\ngoose-gander swan-cob\n",
    );
    write(dir.path(), "rules/goose.toml", goose);
    write(dir.path(), "swan.toml", rule("swan"));
    write(dir.path(), "wrong.toml", "[[rules]]\nid = 'w'\nregex = '(?=a)'\n");
    let args = ["check", "--only", "secrets", "--output-format", "concise", "--color", "never", "a"];
    let with = |more: &[&'static str]| [&args[..], more].concat();
    let found = run(dir.path(), &with(&["--secrets-rules", "swan.toml"]));
    expect![[r#"
        a/b.txt:1:7: high[provider-token] what rule `goose` looks for is readable in the repository: `…`
        a/b.txt:1:19: high[provider-token] what rule `swan` looks for is readable in the repository: `…`
    "#]]
    .assert_eq(&stdout(&found));
    let remark = "warning: rules/goose.toml:5: rule `path` is not used: it has no `regex`";
    assert!(found.status.code() == Some(1) && stderr(&found).starts_with(remark), "{}", stderr(&found));
    check(
        dir.path(),
        &with(&["--secrets-rules", "wrong.toml"]),
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: wrong.toml:3: the regex of rule `w` cannot be used: look-around, including look-ahead and look-behind, is not supported; correct it: patterns are those of RE2, without looking around and without references to groups
    "#]],
    );
    check(
        dir.path(),
        &with(&["--secrets-rules", "none.toml"]),
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: the rules `none.toml` cannot be read: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn lints_are_listed_and_explained() {
    let dir = tempfile::tempdir().expect("a folder");
    let listed = run(dir.path(), &["lints", "--output-format", "json"]);
    let lints: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    let ids: Vec<&str> =
        lints.as_array().expect("an array").iter().filter_map(|lint| lint["id"].as_str()).collect();
    assert!(ids.is_sorted() && ids.contains(&"missing-auth-guard"));
    assert_eq!(stdout(&run(dir.path(), &["lints"])).lines().count(), ids.len());
    let text = stdout(&run(dir.path(), &["explain", "missing-auth-guard"]));
    assert!(text.contains("CWE-306") && text.contains("How to fix") && !text.contains("```"), "{text}");
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let mut text = String::from("// file: package.json\n{}\n");
    for index in 0..40 {
        let body = "work();\n".repeat(index * 13 % 37);
        let _ = writeln!(text, "// file: src/f{index}.js\nlet = ;\n{body}");
    }
    let dir = tree(&text);
    let one = run(dir.path(), &["check", "-v", "--threads", "1", "--output-format", "json"]);
    for threads in ["2", "16"] {
        let many = run(dir.path(), &["check", "-v", "--threads", threads, "--output-format", "json"]);
        assert_eq!(many.stdout, one.stdout);
    }
}
