//! Repositories are made with git itself, which a clone of this project has come with.

use std::fs;
use std::path::Path;
use std::process::Command;

use routeward_base::{FileSystem, Versions};
use tempfile::TempDir;

use super::*;

/// Runs `git` in a folder, apart from all settings of the machine. `day` is that of commits.
fn git(folder: &Path, day: u32, args: &[&str]) {
    let when = format!("2026-01-{day:02}T12:00:00Z");
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("HOME", folder);
    command.env("GIT_AUTHOR_DATE", &when).env("GIT_COMMITTER_DATE", &when);
    command.args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]);
    let output = command.args(args).current_dir(folder).output().expect("git is installed");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), 1, &["init", "-q"]);
    folder
}

fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, text).expect("written");
}

fn commit(folder: &Path, day: u32) {
    git(folder, day, &["add", "-A"]);
    git(folder, day, &["commit", "-q", "-m", "change"]);
}

fn around(folder: &Path) -> Repository {
    Repository::around(folder).expect("it can be read").expect("it is there")
}

/// `PATH=TEXT day N`, with `*` for what the current commit holds.
fn shown(history: &History) -> Vec<String> {
    let line = |index: usize| {
        let version = history.version(index);
        let text = String::from_utf8(history.read(index).expect("it is there")).expect("UTF-8");
        assert_eq!(history.size(index), Some(text.len() as u64));
        let mark = if version.is_current { "*" } else { "" };
        let day = (version.seconds - 1_767_225_600) / 86_400 + 1;
        format!("{}={text} day {day}{mark}", version.path)
    };
    (0..history.len()).map(line).collect()
}

#[test]
fn each_content_is_told_once_with_the_commit_that_brought_it() {
    let folder = repository();
    let root = folder.path();
    put(root, "a", "one");
    put(root, "src/b", "two");
    commit(root, 1);
    put(root, "a", "three");
    put(root, "copy/b", "two");
    commit(root, 2);
    git(root, 2, &["checkout", "-q", "-b", "side", "HEAD~1"]);
    put(root, "side", "four");
    commit(root, 3);
    git(root, 3, &["checkout", "-q", "main"]);
    git(root, 4, &["rm", "-q", "-r", "src"]);
    put(root, "a", "one");
    commit(root, 4);

    let repository = around(root);
    let all = repository.history(None).expect("it can be read");
    let expected = ["a=one day 1*", "src/b=two day 1*", "a=three day 2", "side=four day 3"];
    assert_eq!(shown(&all), expected);
    assert_eq!((all.revisions(), all.is_cut()), (4, false));

    let check = |range: &str, expected: &[&str]| {
        let history = repository.history(Some(range)).expect("it can be read");
        assert_eq!(shown(&history), expected, "{range}");
    };
    check("main", &["a=one day 1*", "src/b=two day 1*", "a=three day 2"]);
    check("HEAD~2..HEAD~1", &["a=three day 2"]);
    // What was there before and comes back is brought anew.
    check("HEAD~1..", &["a=one day 4*"]);
    check("main...side", &["a=three day 2", "side=four day 3"]);
    check("HEAD^!", &["a=one day 4*"]);
    git(root, 4, &["tag", "-a", "-m", "a tag", "v1", "HEAD~1"]);
    check("v1..", &["a=one day 4*"]);
    for wrong in ["nowhere..", "^main", "--all", "HEAD:a", "HEAD^{tree}"] {
        let is_wrong = matches!(repository.history(Some(wrong)), Err(GitError::Range { .. }));
        assert!(is_wrong, "{wrong}");
    }
}

#[test]
fn what_is_staged_is_told_from_what_is_committed_and_what_is_not_added() {
    let folder = repository();
    let root = folder.path();
    put(root, "app/a.js", "1");
    put(root, "app/lib/b.js", "1");
    put(root, "other/c.js", "1");
    commit(root, 1);
    put(root, "app/a.js", "2");
    git(root, 1, &["add", "-A"]);
    put(root, "app/a.js", "3");
    put(root, "app/new.js", "1");

    let repository = around(&root.join("app"));
    let (staged, committed) =
        (repository.staged().expect("it can be read"), repository.committed().expect("it can be read"));
    assert_eq!(staged.paths().collect::<Vec<_>>(), ["a.js", "lib/b.js"]);
    assert_eq!(staged.changed_since(&committed), ["a.js"]);
    assert_eq!(staged.read("a.js").expect("it is there"), b"2");
    assert_eq!(committed.read("a.js").expect("it is there"), b"1");
    assert_eq!(
        (staged.list(""), staged.list("lib")),
        (vec!["a.js".to_owned(), "lib".to_owned()], vec!["b.js".to_owned()])
    );
    assert!(staged.is_file("lib/b.js") && !staged.is_file("lib") && !staged.is_file("new.js"));
    assert_eq!((staged.size("a.js"), staged.size("new.js")), (Some(1), None));
    // Only the folder counts.
    assert_eq!(shown(&repository.history(None).expect("it can be read")), ["a.js=1 day 1*"]);
}

#[test]
fn empty_and_broken_repositories_give_an_answer() {
    let folder = repository();
    let root = folder.path();
    let repository = around(root);
    assert_eq!(repository.staged().expect("it is empty").paths().count(), 0);
    assert_eq!(repository.committed().expect("it is empty").paths().count(), 0);
    assert!(repository.history(None).expect("it is empty").is_empty());
    let elsewhere = tempfile::tempdir().expect("a folder");
    assert!(Repository::around(elsewhere.path()).expect("there is none").is_none());

    put(root, "a", "one");
    commit(root, 1);
    fs::write(root.join(".git/index"), "broken").expect("written");
    assert!(matches!(around(root).staged(), Err(GitError::Unreadable(_))));
    fs::remove_dir_all(root.join(".git/objects")).expect("removed");
    fs::create_dir(root.join(".git/objects")).expect("made");
    assert!(matches!(around(root).history(None), Err(GitError::Unreadable(_))));
    fs::write(root.join(".git/HEAD"), "\0\0").expect("written");
    let found =
        Repository::around(root).and_then(|found| found.expect("it is there").committed().map(|_| ()));
    assert!(matches!(found, Err(GitError::Unreadable(_))));
}
