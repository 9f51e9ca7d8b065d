//! What is staged, what was committed, and what git holds although it is ignored.

use std::path::Path;
use std::process::Command;

use expect_test::expect;

use super::{check, run, stdout, tree, write};

/// Runs `git` in a folder, apart from all settings of the machine. Clones of this project were made by it.
fn git(folder: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("HOME", folder);
    let when = "2026-01-02T12:00:00Z";
    command.env("GIT_AUTHOR_DATE", when).env("GIT_COMMITTER_DATE", when);
    command.args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]);
    let output = command.args(args).current_dir(folder).output().expect("git is installed");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit_all(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "change"]);
}

/// A line with a token that only one provider uses; nothing of it stands in this file.
fn token(letter: char) -> String {
    format!(
        "const hook = \"https://hooks.slack.com/services/T{0}/B{0}/{1}\";\n",
        "0A1B2C3D4",
        [letter, '7', 'q'].repeat(8).iter().collect::<String>()
    )
}

const SERVER: &str = "
// file: server.js
const express = require('express');
const requireUser = require('./guard');
const app = express();
app.get('/open/:id', (req, res) => res.json(db.orders.find(req.params.id)));
app.delete('/orders/:id', requireUser, (req, res) => res.json(db.orders.remove(req.params.id)));
app.listen(3000);
// file: guard.js
const jwt = require('jsonwebtoken');
module.exports = (req, res, next) => {
  jwt.verify(req.headers.authorization, process.env.KEY, { algorithms: ['HS256'] });
  next();
};
";

#[test]
fn only_what_is_staged_and_new_is_reported() {
    let dir = tree(SERVER);
    let root = dir.path();
    git(root, &["init", "-q"]);
    write(root, "old.js", token('a'));
    commit_all(root);
    write(root, "new.js", token('b'));
    git(root, &["add", "new.js"]);
    // Not added: it is not about to be committed.
    write(root, "later.js", token('c'));
    check(
        root,
        &["check", "--staged", "--only", "secrets", "-q", "--output-format", "concise"],
        &expect![[r#"
            exit 1
            --- out
            new.js:1:23: medium[provider-token] Slack webhook address is readable in the repository: `ho…7q`
            --- err
        "#]],
    );
    // A guard that a change takes away is missed where it stood: in a file that did not change.
    git(root, &["rm", "-q", "--cached", "new.js"]);
    write(root, "guard.js", "module.exports = (req, res, next) => next();\n");
    git(root, &["add", "guard.js"]);
    check(
        root,
        &["check", "--staged", "--only", "missing-auth-guard", "-q", "--output-format", "concise"],
        &expect![[r#"
            exit 1
            --- out
            server.js:5:1: high[missing-auth-guard] anonymous callers reach `DELETE /orders/{id}`
            --- err
        "#]],
    );
}

#[test]
fn a_value_that_was_taken_out_is_found_in_the_history() {
    let dir = tree("// file: src/keep.js\nwork();\n");
    let root = dir.path();
    git(root, &["init", "-q"]);
    commit_all(root);
    write(root, "src/hook.js", token('d'));
    commit_all(root);
    write(root, "src/hook.js", format!("{}work();\n", token('d')));
    commit_all(root);
    write(root, "src/hook.js", "work();\n");
    commit_all(root);
    check(
        root,
        &["check", "--only", "secrets", "-q", "--output-format", "concise"],
        &expect![[r#"
            exit 0
            --- out
            --- err
        "#]],
    );
    check(
        root,
        &["check", "--history"],
        &expect![[r#"
        exit 1
        --- out
        medium[provider-token]: Slack webhook address is readable in the repository: `ho…7q`
           ╭─[aa155c88f56c:src/hook.js:1:1]
         1 │ const hook = "https://ho*******************************************************************7q";
           ·                       ───────────────────────────────────┬───────────────────────────────────
           ·                                                          ╰── it stands here
           ╰────
          = note: whoever can read the repository, or an image or package made of it, can act with it
          = note: it came with commit aa155c88f56c of 2026-01-02
          = note: the current commit holds it no more, but everybody with a clone does: have it revoked
          = help: revoke it, have a new one made, and read that from the environment or a store for secrets
          = more: routeward explain provider-token

        1 finding (1 medium) in 3 contents, 4 commits
        --- err
    "#]],
    );
    check(
        root,
        &["check", "--history=HEAD~1..", "-q", "--output-format", "concise"],
        &expect![[r#"
            exit 0
            --- out
            --- err
        "#]],
    );
    check(
        root,
        &["check", "--history=nowhere.."],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: `nowhere..` names no commits of this repository (write ranges as git does: `main..HEAD`, `v1.0..`)
    "#]],
    );
    check(
        root,
        &["check", "--history", "--only", "missing-auth-guard"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: a history is searched for keys and tokens only: `--only secrets` names the lints
    "#]],
    );
    check(
        root,
        &["check", "--history", "--staged"],
        &expect![[r#"
        exit 2
        --- out
        --- err
        error: the argument '--history[=<RANGE>]' cannot be used with '--staged'

        Usage: routeward check --history[=<RANGE>] [PATHS]...

        For more information, try '--help'.
    "#]],
    );
    let sarif = stdout(&run(root, &["check", "--history", "--output-format", "sarif"]));
    assert!(sarif.contains("\"uri\": \"src/hook.js\""), "{sarif}");
}

#[test]
fn rules_of_the_user_count_in_the_history() {
    let dir = tree("// file: a.txt\ngoose-gander\n// file: own.toml\n");
    let root = dir.path();
    write(root, "own.toml", "[[rules]]\nid = 'goose'\nregex = 'goose-[a-z]{6}'\nkeywords = ['goose']\n");
    git(root, &["init", "-q"]);
    commit_all(root);
    write(root, "a.txt", "");
    commit_all(root);
    check(
        root,
        &["check", "--history", "--secrets-rules", "own.toml", "-q", "--output-format", "concise"],
        &expect![[r#"
            exit 1
            --- out
            536989be28fb:a.txt:1:1: high[provider-token] what rule `goose` looks for is readable in the repository: `go…er`
            --- err
        "#]],
    );
}

#[test]
fn what_git_holds_is_read_even_if_it_is_ignored() {
    let dir = tree("// file: .gitignore\nconfig/\n// file: kept/.routewardignore\nkey.js\n");
    let root = dir.path();
    for path in ["config/committed.js", "config/own.js", "kept/key.js"] {
        write(root, path, token('e'));
    }
    git(root, &["init", "-q"]);
    git(root, &["add", "-f", "config/committed.js", "kept/key.js"]);
    check(
        root,
        &["check", "--only", "secrets", "-q", "--output-format", "concise"],
        &expect![[r#"
            exit 1
            --- out
            config/committed.js:1:23: medium[provider-token] Slack webhook address is readable in the repository: `ho…7q`
            --- err
        "#]],
    );
}

#[test]
fn without_git_there_is_nothing_staged() {
    let dir = tree("// file: a.js\nwork();\n");
    let output = run(dir.path(), &["check", "--staged"]);
    assert_eq!(output.status.code(), Some(2));
}
