//! Advisories are fetched from a server on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use expect_test::{Expect, expect};
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::server::{Answer, Asked, Server};
use crate::{stderr, stdout, write};

type Files = BTreeMap<String, (String, Vec<u8>)>;

/// A server with the exports of ecosystems, and a folder for what comes of them.
struct Mirror {
    server: Server,
    files: Arc<Mutex<Files>>,
    dir: TempDir,
}

impl Mirror {
    fn new() -> Self {
        let files: Arc<Mutex<Files>> = Arc::default();
        let own = Arc::clone(&files);
        let server = Server::new(move |asked: &Asked| match own.lock().expect("no panic").get(&asked.path) {
            None => Answer::new("404 Not Found", &["Content-Length: 0"], b""),
            Some((etag, _)) if asked.etag.as_ref() == Some(etag) => Answer::new("304 Not Modified", &[], b""),
            // A tag with a star announces more than it sends.
            Some((etag, bytes)) if etag.ends_with('*') => {
                Answer::new("200 OK", &[&format!("Content-Length: {}", bytes.len() * 2)], bytes)
            }
            Some((etag, bytes)) => Answer::file(etag, bytes),
        });
        Self { server, files, dir: tempfile::tempdir().expect("a folder") }
    }

    fn put(&self, ecosystem: &str, etag: &str, bytes: Vec<u8>) {
        let path = format!("/osv/{ecosystem}/all.zip");
        self.files.lock().expect("no panic").insert(path, (etag.to_owned(), bytes));
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_routeward"));
        command.arg("advisories").args(args).current_dir(self.dir.path());
        command.env("ROUTEWARD_ADVISORY_DB", "cache/own.idx");
        // A proxy is not asked for what is on this machine.
        command.env("HTTPS_PROXY", "http://proxy.invalid:1").env("ALL_PROXY", "http://proxy.invalid:1");
        command.env("ROUTEWARD_ADVISORY_URL", format!("{}/osv/", self.server.address));
        command.output().expect("the binary runs")
    }

    /// An update of two ecosystems: exit code, and what is said but for the server's address.
    fn check(&self, expected: &Expect) {
        let output = self.run(&["update", "--ecosystem", "pypi,Go"]);
        let code = output.status.code().unwrap_or(-1);
        let text = (stdout(&output) + &stderr(&output)).replace(&self.server.address, "SERVER");
        expected.assert_eq(&format!("exit {code}\n{text}"));
    }

    /// What is known now, without ages, the day, and what is built in.
    fn status(&self) -> String {
        let text = stdout(&self.run(&["status"]));
        let lines = text.lines().filter(|line| line.starts_with("  ") && !line.contains(" routeward "));
        let known = lines.map(|line| match line.split_once(" on ") {
            Some((head, tail)) => format!("{head}:{}", tail.split_once(':').map_or("", |(_, names)| names)),
            None => line.split(", ").next().unwrap_or_default().to_owned(),
        });
        let known = known.map(|line| line.trim_start().to_owned());
        known.collect::<Vec<_>>().join("\n")
    }

    fn index(&self) -> Vec<u8> {
        fs::read(self.dir.path().join("cache/own.idx")).unwrap_or_default()
    }
}

fn record(id: &str, ecosystem: &str) -> String {
    format!(
        r#"{{"id": "{id}", "modified": "2024-02-29T10:00:00Z", "affected": [
        {{"package": {{"ecosystem": "{ecosystem}", "name": "acme"}}, "versions": ["1.0"]}},
        {{"package": {{"ecosystem": "npm", "name": "acme"}}, "versions": ["1.0"]}}]}}"#
    )
}

fn archive(records: &[String]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (number, record) in records.iter().enumerate() {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(format!("{number}.json"), options).expect("a file");
        zip.write_all(record.as_bytes()).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// Two ecosystems that were fetched once.
fn fetched() -> Mirror {
    let mirror = Mirror::new();
    mirror.put("PyPI", "\"p1\"", archive(&[record("PYSEC-2024-1", "PyPI")]));
    mirror.put("Go", "\"g1\"", archive(&[record("GO-2024-0001", "Go"), record("GO-2024-0002", "Go")]));
    assert!(mirror.run(&["update", "--ecosystem", "pypi,golang"]).status.success());
    mirror.server.asked();
    mirror
}

#[test]
fn what_did_not_change_is_not_fetched_again() {
    let mirror = Mirror::new();
    mirror.put("PyPI", "\"p1\"", archive(&[record("PYSEC-2024-1", "PyPI")]));
    mirror.put("Go", "\"g1\"", archive(&[record("GO-2024-0001", "Go"), "{}".to_owned()]));
    mirror.check(&expect![[r#"
        exit 0
        PyPI: 1 records, the newest of 2024-02-29
        Go: 1 records, the newest of 2024-02-29
        written to cache/own.idx
        left out Go:1.json: missing field `id` at line 1 column 2
        1 of 3 records could not be read
    "#]]);
    let index = mirror.index();
    mirror.server.asked();
    mirror.check(&expect![[r#"
        exit 0
        PyPI: up to date
        Go: up to date
    "#]]);
    let tags: Vec<_> = mirror.server.asked().into_iter().map(|asked| asked.etag).collect();
    assert_eq!(tags, [Some("\"p1\"".to_owned()), Some("\"g1\"".to_owned())]);
    assert_eq!(mirror.index(), index);
    // What the exports say of other ecosystems is left to those of these.
    expect![[r#"
          PyPI       PYSEC            1  2024-02-29
          Go         GO               1  2024-02-29
          up to date: PyPI, Go"#]]
    .assert_eq(&mirror.status());

    mirror.put("Go", "\"g2\"", archive(&[record("GO-2024-0001", "Go"), record("GO-2024-0002", "Go")]));
    mirror.check(&expect![[r#"
        exit 0
        PyPI: up to date
        Go: 2 records, the newest of 2024-02-29
        written to cache/own.idx
    "#]]);
    expect![[r#"
          PyPI       PYSEC            1  2024-02-29
          Go         GO               2  2024-02-29
          up to date: PyPI, Go"#]]
    .assert_eq(&mirror.status());
    let names = fs::read_dir(mirror.dir.path().join("cache")).expect("a folder").flatten();
    let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["own.idx", "own.idx.state.json"], "nothing half-written is left");
}

#[test]
fn what_comes_spoilt_replaces_nothing() {
    let mirror = fetched();
    let good = archive(&[record("GO-2024-0003", "Go")]);
    let mut flipped = good.clone();
    flipped[60] ^= 1;
    let spoilt = [
        ("\"g2\"*", good.clone(), "only "),
        ("\"g3\"", good[..good.len() - 30].to_vec(), "it cannot be read as a ZIP archive"),
        ("\"g4\"", flipped, "what came is damaged: some of it cannot be unpacked"),
        ("\"g5\"", archive(&[record("NPM-1", "npm")]), "there is no record about Go in what came"),
        ("\"g6\"", archive(&["{}".to_owned()]), "there is no record about Go in what came"),
        ("\"g7\"", b"<html>come back later</html>".to_vec(), "it cannot be read as a ZIP archive"),
        ("\"g8\"", Vec::new(), "it cannot be read as a ZIP archive"),
    ];
    let (index, status) = (mirror.index(), mirror.status());
    for (etag, bytes, message) in spoilt {
        mirror.put("Go", etag, bytes);
        let output = mirror.run(&["update", "--ecosystem", "Go"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(message), "{message}: {}", stderr(&output));
        assert_eq!((mirror.index(), mirror.status()), (index.clone(), status.clone()), "{message}");
        // The tag of what was not taken is not kept.
        assert_eq!(mirror.server.asked()[0].etag.as_deref(), Some("\"g1\""));
    }
}

#[test]
fn of_several_ecosystems_those_that_can_be_are_updated() {
    let mirror = fetched();
    mirror.put("PyPI", "\"p2\"", archive(&[record("PYSEC-2024-1", "PyPI"), record("PYSEC-2024-2", "PyPI")]));
    mirror.files.lock().expect("no panic").remove("/osv/Go/all.zip");
    mirror.check(&expect![[r#"
        exit 2
        PyPI: 2 records, the newest of 2024-02-29
        written to cache/own.idx
        error: Go: SERVER/osv/Go/all.zip: the server answers with 404
        error: one ecosystem was not updated; what was known of it stays as it is
    "#]]);
    expect![[r#"
          PyPI       PYSEC            2  2024-02-29
          Go         GO               2  2024-02-29
          up to date: PyPI, Go"#]]
    .assert_eq(&mirror.status());
}

#[test]
fn what_lies_there_is_kept_made_anew_or_left_alone() {
    let mirror = fetched();
    let path = mirror.dir.path().join("cache/own.idx");
    let good = mirror.index();
    // What was imported since is not what the tags are of, and is kept where nothing replaces it.
    write(mirror.dir.path(), "1.json", record("GHSA-2222-3333-4444", "Maven"));
    assert!(mirror.run(&["import", "1.json"]).status.success());
    assert!(mirror.run(&["update", "--ecosystem", "Go"]).status.success());
    assert_eq!(mirror.server.asked()[0].etag, None);
    expect![[r#"
          npm        GHSA             1  2024-02-29
          Go         GO               2  2024-02-29
          Maven      GHSA             1  2024-02-29
          up to date: Go"#]]
    .assert_eq(&sorted(&mirror.status()));

    fs::write(&path, &good[..good.len() / 2]).expect("written");
    mirror.check(&expect![[r#"
        exit 0
        PyPI: 1 records, the newest of 2024-02-29
        Go: 2 records, the newest of 2024-02-29
        written to cache/own.idx
        cache/own.idx is made anew: it is 78 bytes long where 156 are expected; it was not written or copied completely
    "#]]);
    assert_eq!(mirror.index(), good);

    let mut later = good.clone();
    later[8] = 9;
    for (bytes, reason) in [
        (later, "its layout has the number 9, this program reads 1; a later version wrote it"),
        (b"somebody's notes".to_vec(), "it is no index of advisories"),
    ] {
        fs::write(&path, &bytes).expect("written");
        let output = mirror.run(&["update", "--ecosystem", "Go"]);
        let said = format!(
            "error: cannot replace cache/own.idx: it is left as it is; remove it, or name another file in \
             ROUTEWARD_ADVISORY_DB: {reason}\n"
        );
        assert_eq!((output.status.code(), stderr(&output)), (Some(2), said));
        assert_eq!(mirror.index(), bytes);
    }
}

fn sorted(status: &str) -> String {
    let mut lines: Vec<&str> = status.lines().collect();
    lines.sort_by_key(|line| line.contains(':'));
    lines.join("\n")
}

#[test]
fn nothing_is_asked_for_in_the_clear() {
    let check = |args: &[&str], expected: &str| {
        let dir = tempfile::tempdir().expect("a folder");
        let output = run_in(dir.path(), args);
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(2), expected));
    };
    let cannot = "error: the address of the exports cannot be used";
    check(
        &["--url", "http://mirror.invalid/osv"],
        &format!("{cannot}: only `https` is used, and `http` to this machine alone\n"),
    );
    check(
        &["--url", "https://somebody:word@mirror.invalid/osv"],
        &format!("{cannot}: it holds a name or password in front of the host, which is not supported\n"),
    );
    check(
        &["--ecosystem", "crate"],
        "error: invalid value 'crate' for '--ecosystem <ECOSYSTEM>': there is no ecosystem `crate` (crates.io, npm, \
         PyPI, Go, Maven, NuGet, Packagist, RubyGems, Hex, Pub)\n\nFor more information, try '--help'.\n",
    );
}

fn run_in(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_routeward"));
    command.args(["advisories", "update"]).args(args).current_dir(dir);
    command.env("ROUTEWARD_ADVISORY_DB", "own.idx").output().expect("the binary runs")
}
