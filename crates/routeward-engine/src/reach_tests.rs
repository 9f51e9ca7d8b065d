//! How far requests get to vulnerable packages: each package of a table is called, only imported, and not imported.

use std::fmt::Write;

use routeward_base::{FileSystem, Memory};

use crate::scan::{NoProgress, Options, scan};
use crate::{Gate, Tree};

const CASES: &str = include_str!("../testdata/reach.tsv");
const MADE: &str = include_str!("../testdata/made.tsv");

struct Case<'a> {
    ecosystem: &'a str,
    package: &'a str,
    version: &'a str,
    import: &'a str,
    call: &'a str,
}

/// The cases of the table.
fn cases() -> impl Iterator<Item = Case<'static>> {
    CASES.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let parts: Vec<&str> = line.split('\t').collect();
        let [ecosystem, package, version, import, call] = parts[..] else { panic!("{line}") };
        Case { ecosystem, package, version, import, call }
    })
}

impl Case<'_> {
    /// A program that asks for the package.
    fn program(&self, import: &str, call: &str) -> Memory {
        let Self { ecosystem, package, version, .. } = self;
        let mut files = Memory::new();
        match *ecosystem {
            "npm" => {
                let lock = format!(
                    r#"{{"lockfileVersion": 3, "packages": {{
                        "": {{"dependencies": {{"{package}": "{version}"}}}},
                        "node_modules/{package}": {{"version": "{version}"}}
                    }}}}"#
                );
                files.insert("package-lock.json", lock);
                let main = format!(
                    "{import}\nconst app = require('express')();\n\
                     app.post('/orders', (req, res) => {{ res.json({call}); }});\napp.listen(3000);\n"
                );
                files.insert("main.js", main);
            }
            "PyPI" => {
                let lock = format!(
                    "version = 1\n\n[[package]]\nname = \"orders\"\nversion = \"1.0.0\"\n\
                     source = {{ virtual = \".\" }}\ndependencies = [{{ name = \"{package}\" }}]\n\n\
                     [[package]]\nname = \"{package}\"\nversion = \"{version}\"\n\
                     source = {{ registry = \"https://pypi.org/simple\" }}\n"
                );
                files.insert("uv.lock", lock);
                let main = format!(
                    "from flask import Flask, request\n{import}\n\napp = Flask(__name__)\n\n\n\
                     @app.post('/orders')\ndef orders():\n    return {{'done': {call}}}\n"
                );
                files.insert("main.py", main);
            }
            "Maven" => {
                let (group, name) = package.split_once(':').unwrap_or((package, ""));
                let pom = format!(
                    "<project><dependencies><dependency><groupId>{group}</groupId><artifactId>{name}\
                     </artifactId><version>{version}</version></dependency></dependencies></project>"
                );
                files.insert("pom.xml", pom);
                files.insert(
                    "src/Main.java",
                    format!("{import}\nclass Main {{ void run() {{ {call}; }} }}\n"),
                );
            }
            "Go" => {
                files.insert("go.mod", format!("module orders\n\ngo 1.22\n\nrequire {package} {version}\n"));
                files.insert("main.go", format!("package main\n{import}\nfunc main() {{ {call} }}\n"));
            }
            _ => {
                let lock = format!(
                    "version = 4\n\n[[package]]\nname = \"{package}\"\nversion = \"{version}\"\n\
                     source = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
                );
                files.insert("Cargo.lock", lock);
                files.insert("src/main.rs", format!("{import}\nfn main() {{ {call}; }}\n"));
            }
        }
        files
    }
}

/// What is told of how far requests get.
fn reach(files: &Memory) -> &'static str {
    let mut options = Options::new(Tree::Listed);
    options.only = vec!["vulnerable-dependency".to_owned()];
    options.fail_on = Gate::parse("reachable").ok();
    let report = scan(&options, files, &NoProgress).expect("the options are right");
    let known = [
        "clients choose what",
        "requests reach what is weak",
        "requests reach it by",
        "none is what is weak",
        "no endpoint is seen to call it",
        "no code imports it",
        "is not known: code of its language is not read",
        "is not known",
    ];
    let notes = || report.findings.iter().flat_map(|triaged| &triaged.finding.notes);
    let told = known.into_iter().find(|known| notes().any(|note| note.contains(known)));
    told.unwrap_or(if report.findings.is_empty() { "no finding" } else { "nothing" })
}

#[test]
fn packages_are_called_or_imported_or_not() {
    let mut wrong = String::new();
    let mut count = 0;
    for case in cases() {
        let Case { ecosystem, package, version, import, .. } = case;
        let found = [
            reach(&case.program(case.import, case.call)),
            reach(&case.program(case.import, "1")),
            reach(&case.program("", "1")),
        ];
        let is_read = matches!(ecosystem, "npm" | "PyPI");
        let is_right = if is_read {
            matches!(found[0], "clients choose what" | "requests reach what is weak")
                && found[1..] == ["no endpoint is seen to call it", "no code imports it"]
        } else {
            found.iter().all(|found| *found == "is not known: code of its language is not read")
        };
        count += 1;
        if !is_right {
            let _ = writeln!(wrong, "{ecosystem} {package} {version} {import}: {found:?}");
        }
    }
    assert!(count >= 60, "{count}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_load_by_a_name_that_is_not_known_may_be_any_of_its_beginning() {
    let check = |load: &str, expected: &str| {
        let case = cases().next().expect("the table begins with it");
        assert_eq!(reach(&case.program(load, "1")), expected, "{load}");
    };
    check("require(process.argv[2]);", "is not known");
    check("require(`lodash/${process.argv[2]}`);", "is not known");
    check("require(`lod${process.argv[2]}`);", "is not known");
    check("require(`./plugins/${process.argv[2]}`);", "no code imports it");
    check("require(__dirname + '/plugins/' + process.argv[2]);", "no code imports it");
    check("require(`mine-${process.argv[2]}`);", "no code imports it");
}

#[test]
fn what_a_package_made_runs_for_requests() {
    for line in MADE.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [package, version, uses, expected] = parts[..] else { panic!("{line}") };
        let import = format!("const made = require('{package}');");
        let case = Case { package, version, ..cases().next().expect("the table begins with npm") };
        let mut files = case.program(&import, "1");
        let main = String::from_utf8(files.read("main.js").expect("it is there")).expect("it is text");
        files.insert("main.js", main.replace("app.post", &format!("{uses}\napp.post")));
        assert_eq!(reach(&files), expected, "{line}");
    }
}

#[test]
fn without_a_lockfile_others_may_need_a_package() {
    let check = |path: &str, text: &str, expected: &str| {
        let mut files = Memory::new();
        files.insert(path, text);
        files.insert(
            "main.js",
            "const app = require('express')();\napp.get('/', (req, res) => res.json(1));\n",
        );
        files.insert("main.py", "from flask import Flask\n\napp = Flask(__name__)\n");
        assert_eq!(reach(&files), expected, "{text}");
    };
    check("package.json", r#"{"dependencies": {"lodash": "4.17.10", "mine": "1.0.0"}}"#, "is not known");
    check("package.json", r#"{"dependencies": {"lodash": "~4.16.0"}}"#, "is not known");
    check("requirements.txt", "pyyaml==5.3\n", "is not known");
}

#[test]
fn what_is_let_in_is_reached_as_well() {
    let case = cases().next().expect("the table begins with it");
    let check = |call: &str, expected: &str| {
        let mut files = Memory::new();
        let locked = case.program(case.import, call);
        files.insert("main.js", locked.read("main.js").expect("it is there"));
        files.insert("package.json", r#"{"dependencies": {"lodash": "~4.16.0"}}"#);
        assert_eq!(reach(&files), expected, "{call}");
    };
    check(case.call, "clients choose what");
    check("1", "no endpoint is seen to call it");
}
