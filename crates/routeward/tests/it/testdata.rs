//! Whole small applications: their endpoints and findings, and what these do not depend on.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;

use crate::{run, stdout, write};

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").canonicalize().expect("testdata/ is there")
}

/// The applications, by folder.
fn apps() -> Vec<PathBuf> {
    let entries = fs::read_dir(testdata()).expect("testdata/ can be read").flatten();
    let mut apps: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    apps.sort();
    apps
}

/// What is committed beside each application is what is found now; `UPDATE_EXPECT=1` writes it.
#[test]
fn applications_are_read_as_committed() {
    for app in apps() {
        let name = app.file_name().expect("a name").to_string_lossy().into_owned();
        let endpoints = run(&app, &["endpoints", "--no-config", "--root", "."]);
        assert_eq!(endpoints.status.code(), Some(0), "{name}");
        assert_eq!(String::from_utf8_lossy(&endpoints.stderr), "", "{name}");
        expect_file![app.join("endpoints.txt")].assert_eq(&stdout(&endpoints));
        let findings =
            run(&app, &["check", "--no-config", "--root", ".", "--exit-zero", "--output-format", "concise"]);
        assert_eq!(findings.status.code(), Some(0), "{name}");
        expect_file![app.join("findings.txt")].assert_eq(&stdout(&findings));
    }
}

/// Everything that is found in a folder, as JSON.
fn whole(dir: &Path, threads: &str) -> String {
    let output = run(
        dir,
        &[
            "check",
            "--no-config",
            "--exit-zero",
            "--with-endpoints",
            "--output-format",
            "json",
            "--threads",
            threads,
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    stdout(&output)
}

#[test]
fn results_do_not_depend_on_threads_or_the_order_of_files() {
    for app in apps() {
        let mut files = Vec::new();
        collect(&app, "", &mut files);
        let [there, back] = [false, true].map(|is_reversed| {
            let dir = tempfile::tempdir().expect("a folder");
            let mut files = files.clone();
            if is_reversed {
                files.reverse();
            }
            for (path, bytes) in &files {
                write(dir.path(), path, bytes);
            }
            dir
        });
        let expected = whole(there.path(), "1");
        assert!(expected.contains("\"endpoints\""), "{}", app.display());
        for (dir, threads) in [(&there, "2"), (&there, "8"), (&back, "1"), (&back, "2")] {
            assert!(whole(dir.path(), threads) == expected, "{} with {threads} threads", app.display());
        }
    }
}

#[test]
fn unrelated_files_change_nothing() {
    let app = testdata().join("express5");
    let mut files = Vec::new();
    collect(&app, "", &mut files);
    let dir = tempfile::tempdir().expect("a folder");
    for (path, bytes) in &files {
        write(dir.path(), path, bytes);
    }
    let shown = |dir: &Path| {
        let endpoints = stdout(&run(dir, &["endpoints", "--no-config"]));
        let findings = run(dir, &["check", "--no-config", "--exit-zero", "--output-format", "concise"]);
        (endpoints, stdout(&findings))
    };
    let before = shown(dir.path());
    for number in 0..1000 {
        let code = format!("export const name{number} = (x) => x.get(\"/path{number}\") + {number};\n");
        write(dir.path(), &format!("lib/part{}/file{number}.js", number % 10), code);
    }
    assert!(shown(dir.path()) == before);
}

fn collect(dir: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    let mut entries: Vec<_> = fs::read_dir(dir).expect("readable").flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            if !path.ends_with("node_modules") {
                collect(&entry.path(), &format!("{path}/"), files);
            }
        } else {
            files.push((path, fs::read(entry.path()).expect("readable")));
        }
    }
}
