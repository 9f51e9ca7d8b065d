//! Whole reports, drawn from findings made by hand.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes the snapshots")]

use std::io;

use expect_test::{Expect, expect};
use routeward_base::{FileId, Idx, Span};
use routeward_catalog::{Audience, LintMeta};
use routeward_diag::{Confidence, Edit, Finding, Fingerprint, Fix, Label, Place, Severity};
use routeward_endpoints::{
    Authn, ChainItem, Declaration, Endpoint, Errors, Handler, Input, Inventory, ItemKind, Judged, Location,
    Protocol, Surroundings, Tri,
};
use routeward_engine::{Gate, Problem, ProblemKind, Report, Source, Statistics, Status, Triaged};
use serde_json::Value;

use crate::Look;

const APP: &str = "const express = require(\"express\");\nconst app = express();\n\napp.use(express.json());\napp.use(\"/api\", require(\"./routes/orders\"));\n";
const ORDERS: &str = "const router = Router();\n\nrouter.get(\"/orders/:id\", async (req, res) => {\n  res.json(await Order.findById(req.params.id));\n});\nrouter.post(\"/orders\", requireUser, create);\n";
const HOSTILE: &str =
    "// \u{1b}]0;owned\u{7}\r\nlet a = 1; /* \u{202e} } \u{2066}if (isAdmin)\u{2069} */ bad(a);\n";

struct Build {
    report: Report,
}

impl Build {
    fn new(sources: &[(&str, &str)]) -> Self {
        let sources = sources.iter().map(|(path, text)| Source::new(*path, *text)).collect();
        let report = Report {
            sources,
            findings: Vec::new(),
            reaches: routeward_engine::Reaches::default(),
            inventory: Inventory::default(),
            problems: Vec::new(),
            gate: Gate::default(),
            statistics: Statistics { files_by_role: [2, 1, 0], ..Statistics::default() },
            timings: Vec::new(),
        };
        Self { report }
    }

    /// The place of the first `needle` of a file.
    fn at(&self, file: u32, needle: &str) -> Place {
        let text = &self.report.sources[file as usize].text;
        let start = text.find(needle).expect("the needle is there");
        Place { file: FileId::new(file), span: Span::new(start as u32, (start + needle.len()) as u32) }
    }

    fn add(&mut self, finding: Finding, status: Status) {
        let path = &self.report.sources[finding.primary.place.file.raw() as usize].path;
        let fingerprint = Fingerprint::new(finding.lint, path, &finding.anchor, 0);
        self.report.findings.push(Triaged { finding, fingerprint, ordinal: 0, status });
    }
}

fn finding(lint: &'static str, severity: Severity, message: &str, primary: Label) -> Finding {
    Finding {
        lint,
        severity,
        confidence: Confidence::High,
        message: message.to_owned(),
        primary,
        related: Vec::new(),
        steps: Vec::new(),
        notes: Vec::new(),
        help: None,
        fix: None,
        endpoint: None,
        anchor: String::new(),
        is_anywhere: false,
        is_reached: None,
        also: Vec::new(),
        variant: String::new(),
        advisories: Vec::new(),
    }
}

/// A route in one file, mounted in another.
fn two_files() -> Build {
    let mut build = Build::new(&[("src/app.js", APP), ("src/routes/orders [v1].js", ORDERS)]);
    let route = build.at(1, "router.get(\"/orders/:id\"");
    let mut open = finding(
        "missing-auth-guard",
        Severity::High,
        "`GET /api/orders/{id}` is answered without an authentication guard",
        Label::new(route, "registered without a guard"),
    );
    open.steps = vec![
        Label::new(build.at(0, "express.json()"), "`express.json` parses the body and refuses nobody"),
        Label::new(build.at(0, "require(\"./routes/orders\")"), "the router is mounted at `/api`"),
        Label::new(build.at(1, "async (req, res)"), "the handler answers"),
    ];
    open.related = vec![Label::new(build.at(1, "requireUser"), "its sibling `POST /api/orders` is guarded")];
    open.notes = vec!["anybody who can reach the server can read every order".to_owned()];
    open.help = Some("put `requireUser` in front of the handler, or on the router".to_owned());
    open.fix = Some(Fix {
        title: "Add `requireUser`".to_owned(),
        edits: vec![Edit { place: build.at(1, "async"), text: "requireUser, ".to_owned() }],
        is_safe: false,
    });
    open.endpoint = Some("GET /api/orders/{id}".to_owned());
    let limit = finding(
        "missing-rate-limit",
        Severity::Low,
        "`POST /api/orders` has no rate limit",
        Label::new(build.at(1, "router.post(\"/orders\", requireUser, create)"), ""),
    );
    let accepted = finding(
        "missing-rate-limit",
        Severity::Medium,
        "`GET /api/orders/{id}` has no rate limit",
        Label::new(build.at(1, "res.json"), ""),
    );
    build.add(open, Status::Gating);
    build.add(limit, Status::BelowGate);
    let status = Status::Suppressed {
        reason: "limited by the gateway".to_owned(),
        place: "a.js:1".to_owned(),
        is_in_source: true,
    };
    build.add(accepted, status);
    build
}

fn draw(render: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    render(&mut out).expect("memory takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn check_full(report: &Report, look: Look, expected: &Expect) {
    expected.assert_eq(&draw(|out| crate::full(report, look, out)));
}

#[test]
fn a_finding_shows_code_of_every_file_it_speaks_of() {
    let report = two_files().report;
    check_full(
        &report,
        Look::PLAIN,
        &expect![[r#"
        high[missing-auth-guard]: `GET /api/orders/{id}` is answered without an authentication guard
           ╭─[src/routes/orders [v1].js:3:1]
         2 │
         3 │ router.get("/orders/:id", async (req, res) => {
           · ────────────┬───────────  ────────┬───────
           ·             │                     ╰── 3. the handler answers
           ·             ╰── registered without a guard
         4 │   res.json(await Order.findById(req.params.id));
         5 │ });
         6 │ router.post("/orders", requireUser, create);
           ·                        ─────┬─────
           ·                             ╰── its sibling `POST /api/orders` is guarded
           ╰────
           ╭─[src/app.js:4:1]
         3 │
         4 │ app.use(express.json());
           ·         ───────┬──────
           ·                ╰── 1. `express.json` parses the body and refuses nobody
         5 │ app.use("/api", require("./routes/orders"));
           ·                 ─────────────┬────────────
           ·                              ╰── 2. the router is mounted at `/api`
           ╰────
          = note: anybody who can reach the server can read every order
          = help: put `requireUser` in front of the handler, or on the router
          = fix: Add `requireUser`
          = more: routeward explain missing-auth-guard

        low[missing-rate-limit]: `POST /api/orders` has no rate limit
           ╭─[src/routes/orders [v1].js:6:1]
         5 │ });
         6 │ router.post("/orders", requireUser, create);
           · ───────────────────────────────────────────
           ╰────
          = more: routeward explain missing-rate-limit

    "#]],
    );
    let narrow = Look { color: false, unicode: false, width: Some(60) };
    check_full(
        &report,
        narrow,
        &expect![[r#"
        high[missing-auth-guard]: `GET /api/orders/{id}` is answered without an authentication guard
           ,-[src/routes/orders [v1].js:3:1]
         2 |
         3 | router.get("/orders/:id", async (req, res) => {
           : ^^^^^^^^^^^^|^^^^^^^^^^^  ^^^^^^^^|^^^^^^^
           :             |                     `-- 3. the handler answers
           :             `-- registered without a guard
         4 |   res.json(await Order.findById(req.params.id));
         5 | });
         6 | router.post("/orders", requireUser, create);
           :                        ^^^^^|^^^^^
           :                             `-- its sibling `POST /api/orders` is guarded
           `----
           ,-[src/app.js:4:1]
         3 |
         4 | app.use(express.json());
           :         ^^^^^^^|^^^^^^
           :                `-- 1. `express.json` parses the body and refuses nobody
         5 | app.use("/api", require("./routes/orders"));
           :                 ^^^^^^^^^^^^^|^^^^^^^^^^^^
           :                              `-- 2. the router is mounted at `/api`
           `----
          = note: anybody who can reach the server can read every
                  order
          = help: put `requireUser` in front of the handler, or on
                  the router
          = fix: Add `requireUser`
          = more: routeward explain missing-auth-guard

        low[missing-rate-limit]: `POST /api/orders` has no rate limit
           ,-[src/routes/orders [v1].js:6:1]
         5 | });
         6 | router.post("/orders", requireUser, create);
           : ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
           `----
          = more: routeward explain missing-rate-limit

    "#]],
    );
}

#[test]
fn colours_change_no_word() {
    let report = two_files().report;
    let colored = draw(|out| crate::full(&report, Look { color: true, ..Look::PLAIN }, out));
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    assert_ne!(plain, colored);
    assert_eq!(plain, draw(|out| crate::full(&report, Look::PLAIN, out)));
}

#[test]
fn hostile_text_reaches_no_terminal() {
    let mut build = Build::new(&[("a\u{1b}[2J\u{202e}.js", HOSTILE)]);
    let place = build.at(0, "bad(a)");
    let mut bad =
        finding("x", Severity::Info, "`\u{1b}[31mb\u{9b}ad`\n is called", Label::new(place, "\u{202e}here"));
    bad.steps = vec![Label::new(build.at(0, "let a"), "\u{7}")];
    bad.help = Some("\u{1b}c".to_owned());
    build.add(bad, Status::Gating);
    build.report.problems.push(Problem::new("\u{1b}[1A", ProblemKind::Syntax, "unexpected `\u{8}`", "x"));
    let report = build.report;
    let shown = draw(|out| {
        crate::full(&report, Look::PLAIN, out)?;
        crate::concise(&report, Look::PLAIN, out)?;
        crate::problems(&report.problems, true, Look::PLAIN, out)
    });
    let is_active = |c: char| {
        (c.is_control() && c != '\n')
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    assert!(!shown.contains(is_active), "{shown:?}");
    expect![[r#"
        info[x]: `\u{1b}[31mb\u{9b}ad`  is called
           ╭─[a\u{1b}[2J\u{202e}.js:2:1]
         1 │ // ?]0;owned?
         2 │ let a = 1; /* � } �if (isAdmin)� */ bad(a);
           · ──┬──                               ───┬──
           ·   │                                    ╰── \u{202e}here
           ·   ╰── 1. \u{7}
           ╰────
          = help: \u{1b}c
          = more: routeward explain x

        a\u{1b}[2J\u{202e}.js:2:37: info[x] `\u{1b}[31mb\u{9b}ad`  is called
        warning: \u{1b}[1A: unexpected `\u{8}` (x)
    "#]]
    .assert_eq(&shown);
}

#[test]
fn long_lines_and_odd_spans_are_cut_to_what_matters() {
    let text =
        format!("{}bad(żółć);{}\nfunction f() {{\n  a();\n}}\n", "x();".repeat(400), "y();".repeat(400));
    let mut build = Build::new(&[("long.js", &text)]);
    let bad = build.at(0, "bad(żółć)");
    build.add(finding("x", Severity::Low, "in a long line", Label::new(bad, "here")), Status::BelowGate);
    let function = build.at(0, "function f() {\n  a();\n}");
    build.add(
        finding("x", Severity::Low, "a whole function", Label::new(function, "this one")),
        Status::BelowGate,
    );
    let end = text.len() as u32;
    for span in [
        Span::new(end, end),
        Span::new(end + 5, end + 9),
        Span::new(bad.span.start + 5, end + 9),
        Span::default(),
    ] {
        let place = Place { file: FileId::new(0), span };
        build.add(finding("x", Severity::Low, "odd", Label::new(place, "odd")), Status::BelowGate);
    }
    let place = Place { file: FileId::new(7), span: Span::default() };
    let mut nowhere = finding("x", Severity::Low, "of no file", Label::new(build.at(0, "x();"), ""));
    nowhere.primary.place = place;
    build.report.findings.push(Triaged {
        finding: nowhere,
        fingerprint: Fingerprint(String::new()),
        ordinal: 0,
        status: Status::Gating,
    });
    check_full(
        &build.report,
        Look::PLAIN,
        &expect![[r#"
        low[x]: in a long line
           ╭─[long.js:1:1541]
         1 │ x();x();x();x();x();x();x();x();x();x();x();x();x();x();x();bad(żółć);y();y();y();y();y();y();y();y();y();y();y();y();y();y();y()
           ·                                                             ────┬────
           ·                                                                 ╰── here
           ╰────
          = more: routeward explain x

        low[x]: a whole function
           ╭─[long.js:2:1]
         2 │ function f() {
           · ───────┬──────
           ·        ╰── this one
         3 │   a();
           ╰────
          = more: routeward explain x

        low[x]: odd
           ╭─[long.js:5:1]
         4 │ }
           ╰────
          = more: routeward explain x

        low[x]: odd
           ╭─[long.js:5:1]
         4 │ }
           ╰────
          = more: routeward explain x

        low[x]: odd
           ╭─[long.js:1:1545]
         1 │ x();x();x();x();x();x();x();x();x();x();x();x();x();x();bad(żółć);y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y();y(
           ·                                                             ────────────────────────────┬───────────────────────────
           ·                                                                                         ╰── odd
           ╰────
          = more: routeward explain x

        low[x]: odd
           ╭─[long.js:1:1]
         1 │ x();x();x();x();x();x();x();x();x();x();x();x();x();x();x();
           · ▲
           · ╰── odd
           ╰────
          = more: routeward explain x

        low[x]: of no file
          = more: routeward explain x

    "#]],
    );
}

#[test]
fn empty_files_can_be_spoken_of() {
    let mut build = Build::new(&[("empty.js", "")]);
    let place = Place { file: FileId::new(0), span: Span::default() };
    build.add(finding("x", Severity::Low, "nothing is there", Label::new(place, "here")), Status::BelowGate);
    check_full(
        &build.report,
        Look::PLAIN,
        &expect![[r#"
        low[x]: nothing is there
           ╭─[empty.js:1:1]
           ╰────
          = more: routeward explain x

    "#]],
    );
}

#[test]
fn short_forms_say_the_same_in_one_line() {
    let report = two_files().report;
    expect![[r#"
        src/routes/orders [v1].js:3:1: high[missing-auth-guard] `GET /api/orders/{id}` is answered without an authentication guard
        src/routes/orders [v1].js:6:1: low[missing-rate-limit] `POST /api/orders` has no rate limit
    "#]].assert_eq(&draw(|out| crate::concise(&report, Look::PLAIN, out)));
    expect!["2 findings (1 high, 1 low), 1 suppressed in 3 files, 0 endpoints"].assert_eq(&crate::summary(
        &report,
        None,
        Look::PLAIN,
    ));
    let empty = Build::new(&[]).report;
    let elapsed = std::time::Duration::from_millis(1_234);
    expect!["no findings in 3 files, 0 endpoints, 1.23 s"].assert_eq(&crate::summary(
        &empty,
        Some(elapsed),
        Look::PLAIN,
    ));
}

#[test]
fn many_problems_of_a_kind_are_counted() {
    let mut build = Build::new(&[]);
    for index in 0..8 {
        build.report.problems.push(Problem::new(
            &format!("f{index}.js"),
            ProblemKind::Syntax,
            "unexpected `}`",
            "check it",
        ));
    }
    build.report.problems.push(Problem::new("min.js", ProblemKind::Minified, "is minified", "nothing"));
    let error =
        Problem::new("a.js", ProblemKind::Suppression, "a suppression needs a reason", "say why").at_line(3);
    build.report.problems.push(error);
    let shown = |all| draw(|out| crate::problems(&build.report.problems, all, Look::PLAIN, out));
    expect![[r#"
        error: a.js:3: a suppression needs a reason (say why)
        warning: f0.js: unexpected `}` (check it)
        warning: f1.js: unexpected `}` (check it)
        warning: f2.js: unexpected `}` (check it)
        warning: 5 more files (syntax); -v shows all
    "#]]
    .assert_eq(&shown(false));
    assert_eq!(shown(true).lines().count(), 10);
}

#[test]
fn json_holds_everything() {
    let report = two_files().report;
    expect![[r#"
        {
          "failed": true,
          "files": 3,
          "findings": [
            {
              "also": [],
              "confidence": "high",
              "endpoint": "GET /api/orders/{id}",
              "fingerprint": "8352f98311b6f686",
              "fix": {
                "edits": [
                  {
                    "location": {
                      "column": 27,
                      "endColumn": 32,
                      "endLine": 3,
                      "line": 3,
                      "path": "src/routes/orders [v1].js"
                    },
                    "text": "requireUser, "
                  }
                ],
                "safe": false,
                "title": "Add `requireUser`"
              },
              "help": "put `requireUser` in front of the handler, or on the router",
              "lint": "missing-auth-guard",
              "location": {
                "column": 1,
                "endColumn": 25,
                "endLine": 3,
                "line": 3,
                "path": "src/routes/orders [v1].js",
                "text": "registered without a guard"
              },
              "message": "`GET /api/orders/{id}` is answered without an authentication guard",
              "notes": [
                "anybody who can reach the server can read every order"
              ],
              "related": [
                {
                  "column": 24,
                  "endColumn": 35,
                  "endLine": 6,
                  "line": 6,
                  "path": "src/routes/orders [v1].js",
                  "text": "its sibling `POST /api/orders` is guarded"
                }
              ],
              "severity": "high",
              "status": "gating",
              "steps": [
                {
                  "column": 9,
                  "endColumn": 23,
                  "endLine": 4,
                  "line": 4,
                  "path": "src/app.js",
                  "text": "`express.json` parses the body and refuses nobody"
                },
                {
                  "column": 17,
                  "endColumn": 43,
                  "endLine": 5,
                  "line": 5,
                  "path": "src/app.js",
                  "text": "the router is mounted at `/api`"
                },
                {
                  "column": 27,
                  "endColumn": 43,
                  "endLine": 3,
                  "line": 3,
                  "path": "src/routes/orders [v1].js",
                  "text": "the handler answers"
                }
              ],
              "suppression": null,
              "variant": null
            },
            {
              "also": [],
              "confidence": "high",
              "endpoint": null,
              "fingerprint": "a8f5c21e868c2e41",
              "fix": null,
              "help": null,
              "lint": "missing-rate-limit",
              "location": {
                "column": 1,
                "endColumn": 44,
                "endLine": 6,
                "line": 6,
                "path": "src/routes/orders [v1].js",
                "text": ""
              },
              "message": "`POST /api/orders` has no rate limit",
              "notes": [],
              "related": [],
              "severity": "low",
              "status": "below-gate",
              "steps": [],
              "suppression": null,
              "variant": null
            },
            {
              "also": [],
              "confidence": "high",
              "endpoint": null,
              "fingerprint": "a8f5c21e868c2e41",
              "fix": null,
              "help": null,
              "lint": "missing-rate-limit",
              "location": {
                "column": 3,
                "endColumn": 11,
                "endLine": 4,
                "line": 4,
                "path": "src/routes/orders [v1].js",
                "text": ""
              },
              "message": "`GET /api/orders/{id}` has no rate limit",
              "notes": [],
              "related": [],
              "severity": "medium",
              "status": "suppressed",
              "steps": [],
              "suppression": {
                "inSource": true,
                "place": "a.js:1",
                "reason": "limited by the gateway"
              },
              "variant": null
            }
          ],
          "gate": {
            "confidence": "medium",
            "severity": "medium"
          },
          "incomplete": false,
          "problems": [],
          "tool": {
            "name": "routeward",
            "version": "0.1.0"
          },
          "version": 1
        }
    "#]]
    .assert_eq(&draw(|out| crate::json(&report, false, out)));
}

fn lint(id: &str) -> LintMeta {
    LintMeta {
        id: id.to_owned(),
        family: "auth".to_owned(),
        name: format!("Title of {id}"),
        severity: Severity::High,
        confidence: Confidence::Medium,
        since: "0.1.0".to_owned(),
        cwe: vec![306, 862],
        owasp_api: vec!["API2:2023".to_owned()],
        category: "missing-auth".to_owned(),
        audience: Audience::Regular,
        languages: Vec::new(),
        note: None,
        help: None,
        lacks: None,
        says: None,
        summary: String::new(),
        body: "Says what it is,\nin a paragraph.\n\n## Bad\n```js\nbad();\n```\n- one\n- two\n".to_owned(),
    }
}

/// What services ask of a file besides the schema: texts are not empty, indices lead somewhere, places are
/// relative and ordered, and limits hold.
fn check_sarif(document: &Value) {
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for rule in rules {
        for key in ["shortDescription", "fullDescription", "help"] {
            let text = rule[key]["text"].as_str().expect("a text");
            assert!(!text.is_empty() && text.chars().count() <= 1_024, "{key} of {rule}");
        }
        assert!(rule["properties"]["tags"].as_array().expect("tags").len() <= 10);
    }
    for result in run["results"].as_array().expect("results") {
        if let Some(index) = result["ruleIndex"].as_u64() {
            assert_eq!(rules[index as usize]["id"], result["ruleId"]);
        }
        assert!(!result["message"]["text"].as_str().expect("a message").is_empty());
        check_locations(result);
    }
}

fn check_locations(value: &Value) {
    match value {
        Value::Object(map) => {
            if let Some(uri) = map.get("uri").and_then(Value::as_str) {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
                assert!(!uri.starts_with('/') && uri.chars().all(is_plain), "{uri}");
            }
            if let Some(region) = map.get("region").filter(|region| region.get("endLine").is_some()) {
                let number = |key: &str| region[key].as_u64().expect("a number");
                let (start, end) =
                    ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
                assert!(start <= end && start.0 > 0 && start.1 > 0, "{region}");
            }
            map.values().for_each(check_locations);
        }
        Value::Array(items) => items.iter().for_each(check_locations),
        _ => {}
    }
}

#[test]
fn sarif_is_what_code_scanning_services_take() {
    let mut report = two_files().report;
    report
        .problems
        .push(Problem::new("odd name ż%.js", ProblemKind::Syntax, "was read in part", "check it").at_line(2));
    let lints = [lint("missing-auth-guard"), lint("missing-rate-limit")];
    let text = draw(|out| crate::sarif(&report, &lints, out));
    check_sarif(&serde_json::from_str(&text).expect("JSON"));
    expect![[r#"
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "runs": [
            {
              "automationDetails": {
                "id": "routeward/"
              },
              "columnKind": "utf16CodeUnits",
              "invocations": [
                {
                  "executionSuccessful": true,
                  "toolExecutionNotifications": [
                    {
                      "level": "warning",
                      "locations": [
                        {
                          "physicalLocation": {
                            "artifactLocation": {
                              "uri": "odd%20name%20%C5%BC%25.js",
                              "uriBaseId": "%SRCROOT%"
                            },
                            "region": {
                              "startLine": 2
                            }
                          }
                        }
                      ],
                      "message": {
                        "text": "was read in part (check it)"
                      },
                      "properties": {
                        "kind": "syntax"
                      }
                    }
                  ]
                }
              ],
              "originalUriBaseIds": {
                "%SRCROOT%": {
                  "description": {
                    "text": "the root of the scan"
                  }
                }
              },
              "results": [
                {
                  "codeFlows": [
                    {
                      "threadFlows": [
                        {
                          "locations": [
                            {
                              "location": {
                                "message": {
                                  "text": "`express.json` parses the body and refuses nobody"
                                },
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "src/app.js",
                                    "uriBaseId": "%SRCROOT%"
                                  },
                                  "region": {
                                    "endColumn": 23,
                                    "endLine": 4,
                                    "startColumn": 9,
                                    "startLine": 4
                                  }
                                }
                              }
                            },
                            {
                              "location": {
                                "message": {
                                  "text": "the router is mounted at `/api`"
                                },
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "src/app.js",
                                    "uriBaseId": "%SRCROOT%"
                                  },
                                  "region": {
                                    "endColumn": 43,
                                    "endLine": 5,
                                    "startColumn": 17,
                                    "startLine": 5
                                  }
                                }
                              }
                            },
                            {
                              "location": {
                                "message": {
                                  "text": "the handler answers"
                                },
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "src/routes/orders%20%5Bv1%5D.js",
                                    "uriBaseId": "%SRCROOT%"
                                  },
                                  "region": {
                                    "endColumn": 43,
                                    "endLine": 3,
                                    "startColumn": 27,
                                    "startLine": 3
                                  }
                                }
                              }
                            }
                          ]
                        }
                      ]
                    }
                  ],
                  "fixes": [
                    {
                      "artifactChanges": [
                        {
                          "artifactLocation": {
                            "uri": "src/routes/orders%20%5Bv1%5D.js",
                            "uriBaseId": "%SRCROOT%"
                          },
                          "replacements": [
                            {
                              "deletedRegion": {
                                "endColumn": 32,
                                "endLine": 3,
                                "startColumn": 27,
                                "startLine": 3
                              },
                              "insertedContent": {
                                "text": "requireUser, "
                              }
                            }
                          ]
                        }
                      ],
                      "description": {
                        "text": "Add `requireUser`"
                      }
                    }
                  ],
                  "kind": "fail",
                  "level": "error",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "src/routes/orders%20%5Bv1%5D.js",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 25,
                          "endLine": 3,
                          "startColumn": 1,
                          "startLine": 3
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "`GET /api/orders/{id}` is answered without an authentication guard\nanybody who can reach the server can read every order\nput `requireUser` in front of the handler, or on the router"
                  },
                  "partialFingerprints": {
                    "primaryLocationLineHash": "8352f98311b6f686:1",
                    "routeward/v1": "8352f98311b6f686"
                  },
                  "properties": {
                    "confidence": "high",
                    "endpoint": "GET /api/orders/{id}",
                    "severity": "high"
                  },
                  "relatedLocations": [
                    {
                      "id": 1,
                      "message": {
                        "text": "its sibling `POST /api/orders` is guarded"
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "src/routes/orders%20%5Bv1%5D.js",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 35,
                          "endLine": 6,
                          "startColumn": 24,
                          "startLine": 6
                        }
                      }
                    }
                  ],
                  "ruleId": "missing-auth-guard",
                  "ruleIndex": 0
                },
                {
                  "kind": "fail",
                  "level": "note",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "src/routes/orders%20%5Bv1%5D.js",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 44,
                          "endLine": 6,
                          "startColumn": 1,
                          "startLine": 6
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "`POST /api/orders` has no rate limit"
                  },
                  "partialFingerprints": {
                    "primaryLocationLineHash": "a8f5c21e868c2e41:1",
                    "routeward/v1": "a8f5c21e868c2e41"
                  },
                  "properties": {
                    "confidence": "high",
                    "severity": "low"
                  },
                  "ruleId": "missing-rate-limit",
                  "ruleIndex": 1
                },
                {
                  "kind": "fail",
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "src/routes/orders%20%5Bv1%5D.js",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 11,
                          "endLine": 4,
                          "startColumn": 3,
                          "startLine": 4
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "`GET /api/orders/{id}` has no rate limit"
                  },
                  "partialFingerprints": {
                    "primaryLocationLineHash": "a8f5c21e868c2e41:1",
                    "routeward/v1": "a8f5c21e868c2e41"
                  },
                  "properties": {
                    "confidence": "high",
                    "severity": "medium"
                  },
                  "ruleId": "missing-rate-limit",
                  "ruleIndex": 1,
                  "suppressions": [
                    {
                      "justification": "limited by the gateway",
                      "kind": "inSource",
                      "status": "accepted"
                    }
                  ]
                }
              ],
              "tool": {
                "driver": {
                  "informationUri": "https://github.com/routeward/routeward",
                  "name": "routeward",
                  "rules": [
                    {
                      "defaultConfiguration": {
                        "level": "error"
                      },
                      "fullDescription": {
                        "text": "Title of missing-auth-guard"
                      },
                      "help": {
                        "markdown": "Says what it is,\nin a paragraph.\n\n## Bad\n```js\nbad();\n```\n- one\n- two\n",
                        "text": "Title of missing-auth-guard"
                      },
                      "helpUri": "https://github.com/routeward/routeward/tree/main/lints/auth/missing-auth-guard/lint.md",
                      "id": "missing-auth-guard",
                      "name": "MissingAuthGuard",
                      "properties": {
                        "category": "missing-auth",
                        "precision": "high",
                        "problem.severity": "error",
                        "security-severity": "8.0",
                        "tags": [
                          "security",
                          "external/cwe/cwe-306",
                          "CWE-306",
                          "external/cwe/cwe-862",
                          "CWE-862",
                          "OWASP-API2:2023"
                        ]
                      },
                      "shortDescription": {
                        "text": "Title of missing-auth-guard"
                      }
                    },
                    {
                      "defaultConfiguration": {
                        "level": "error"
                      },
                      "fullDescription": {
                        "text": "Title of missing-rate-limit"
                      },
                      "help": {
                        "markdown": "Says what it is,\nin a paragraph.\n\n## Bad\n```js\nbad();\n```\n- one\n- two\n",
                        "text": "Title of missing-rate-limit"
                      },
                      "helpUri": "https://github.com/routeward/routeward/tree/main/lints/auth/missing-rate-limit/lint.md",
                      "id": "missing-rate-limit",
                      "name": "MissingRateLimit",
                      "properties": {
                        "category": "missing-auth",
                        "precision": "high",
                        "problem.severity": "error",
                        "security-severity": "8.0",
                        "tags": [
                          "security",
                          "external/cwe/cwe-306",
                          "CWE-306",
                          "external/cwe/cwe-862",
                          "CWE-862",
                          "OWASP-API2:2023"
                        ]
                      },
                      "shortDescription": {
                        "text": "Title of missing-rate-limit"
                      }
                    }
                  ],
                  "semanticVersion": "0.1.0",
                  "version": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }
    "#]].assert_eq(&text);
}

#[test]
fn sarif_keeps_the_worst_when_there_are_too_many() {
    let mut build = Build::new(&[("a.js", "bad();\n")]);
    let place = build.at(0, "bad()");
    for index in 0..25_010 {
        let severity = if index == 25_009 { Severity::Critical } else { Severity::Low };
        build.add(finding("x", severity, "too many", Label::new(place, "")), Status::Gating);
    }
    let text = draw(|out| crate::sarif(&build.report, &[], out));
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let results = document["runs"][0]["results"].as_array().expect("results");
    assert_eq!((results.len(), &results[0]["level"]), (25_000, &Value::from("error")));
    check_sarif(&document);
}

fn endpoint(build: &Build, method: &str, path: &str, authenticated: Authn) -> Endpoint {
    let place = build.at(1, "router.get(\"/orders/:id\"");
    Endpoint {
        method: method.to_owned(),
        path: path.to_owned(),
        operation: None,
        protocol: Protocol::Http,
        framework: "express".to_owned(),
        place,
        guarded_at: place,
        handler: Handler { name: "<anonymous>".to_owned(), place: Some(build.at(1, "async (req, res)")) },
        inputs: vec![Input { name: "id".to_owned(), location: Location::Path, is_validated: false }],
        chain: vec![ChainItem {
            name: "requireUser".to_owned(),
            kind: ItemKind::Guard,
            place: build.at(1, "requireUser"),
            definition: None,
            note: "answers 401 <without> a session".to_owned(),
        }],
        ineffective: Vec::new(),
        authenticated: Judged::new(authenticated).with(Label::new(place, "registered")),
        role_checked: Judged::new(Tri::No),
        object_scoped: Judged::new(Tri::Unknown).because("the query is built at run time"),
        validated: Judged::new(Tri::NotApplicable),
        rate_limited: Judged::new(Tri::Yes),
        errors: Judged::new(Errors::Generic),
        effects: Vec::new(),
        flows: Vec::new(),
        uses: Vec::new(),
        exposures: Vec::new(),
        replies: Vec::new(),
        flaws: Vec::new(),
        checks_password: None,
        keeps_session: None,
        is_page: false,
        scope: 0,
        declared_public: None,
        around: Surroundings::default(),
    }
}

fn with_endpoints() -> Report {
    let mut build = two_files();
    let mut public = endpoint(&build, "GET", "/api/a-rather-long-path/{tenant}/orders/{id}", Authn::Open);
    public.declared_public =
        Some(Declaration { reason: "shop window".to_owned(), owner: None, pattern: None, place: None });
    let mut query = endpoint(&build, "", "Query.orders", Authn::Unknown);
    query.protocol = Protocol::GraphQl;
    query.path.push_str("<script>`|{rows}");
    query.operation = Some(query.path.clone());
    build.report.inventory.endpoints = vec![
        endpoint(&build, "GET", "/api/orders/{id}", Authn::Open),
        endpoint(&build, "POST", "/api/orders", Authn::Required),
        public,
        query,
    ];
    build.report
}

#[test]
fn the_table_fits_the_terminal() {
    let report = with_endpoints();
    let table = |look| draw(|out| crate::endpoints_table(&report, look, out));
    expect![[r#"
        method  path                                          auth      role  scope    validated  limited  handler
        GET     /api/orders/{id}                              open      no    unknown  -          yes      src/routes/orders [v1].js:3
        POST    /api/orders                                   required  no    unknown  -          yes      src/routes/orders [v1].js:3
        GET     /api/a-rather-long-path/{tenant}/orders/{id}  public    no    unknown  -          yes      src/routes/orders [v1].js:3
        -       Query.orders<script>`|{rows}                  unknown   no    unknown  -          yes      src/routes/orders [v1].js:3

        4 endpoints: 1 required, 1 open, 1 public, 1 unknown
    "#]].assert_eq(&table(Look::PLAIN));
    let narrow = table(Look { color: false, unicode: false, width: Some(80) });
    assert!(narrow.lines().all(|line| line.chars().count() <= 80), "{narrow}");
    expect![[r#"
        method  path                       auth      role  scope    validated  limited
        GET     /api/orders/{id}           open      no    unknown  -          yes
                src/routes/orders
                [v1].js:3
        POST    /api/orders                required  no    unknown  -          yes
                src/routes/orders
                [v1].js:3
        GET     /api/a-rather-long-path/{  public    no    unknown  -          yes
                tenant}/orders/{id}
                src/routes/orders
                [v1].js:3
        -       Query.orders<script>`|{ro  unknown   no    unknown  -          yes
                ws}
                src/routes/orders
                [v1].js:3

        4 endpoints: 1 required, 1 open, 1 public, 1 unknown
    "#]]
    .assert_eq(&narrow);
    let empty = Build::new(&[]).report;
    assert_eq!(draw(|out| crate::endpoints_table(&empty, Look::PLAIN, out)), "0 endpoints\n");
}

#[test]
fn markdown_and_html_hold_the_same_rows_and_no_markup_of_the_repository() {
    let report = with_endpoints();
    expect![[r#"
        | method | path | auth | role | scope | validated | limited | handler |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        | `GET` | `/api/orders/{id}` | open | no | unknown | - | yes | `src/routes/orders [v1].js:3` |
        | `POST` | `/api/orders` | required | no | unknown | - | yes | `src/routes/orders [v1].js:3` |
        | `GET` | `/api/a-rather-long-path/{tenant}/orders/{id}` | public | no | unknown | - | yes | `src/routes/orders [v1].js:3` |
        | `-` | `Query.orders<script>'\|{rows}` | unknown | no | unknown | - | yes | `src/routes/orders [v1].js:3` |

        4 endpoints: 1 required, 1 open, 1 public, 1 unknown
    "#]].assert_eq(&draw(|out| crate::endpoints_markdown(&report, out)));
    let html = draw(|out| crate::endpoints_html(&report, false, out));
    assert_eq!(html.matches("<tbody>").count(), 4);
    assert_eq!(html.matches("<script>").count(), 1);
    for wanted in [
        "Content-Security-Policy",
        "prefers-color-scheme: dark",
        "answers 401 &lt;without&gt; a session",
        "public on purpose: shop window",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("src="));
}

#[test]
fn json_rows_have_the_flat_columns_and_the_proof() {
    let report = with_endpoints();
    let text = draw(|out| crate::endpoints_json(&report, false, out));
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["endpoints"].as_array().map(Vec::len), Some(3));
    assert_eq!(document["operations"].as_array().map(Vec::len), Some(1));
    expect![[r#"
        {
          "authenticated": false,
          "chain": [
            {
              "definition": null,
              "kind": "guard",
              "name": "requireUser",
              "note": "answers 401 <without> a session",
              "place": {
                "column": 24,
                "endColumn": 35,
                "endLine": 6,
                "line": 6,
                "path": "src/routes/orders [v1].js"
              }
            }
          ],
          "declared_public": null,
          "effects": [],
          "errors": "generic",
          "evidence": {
            "authenticated": {
              "places": [
                {
                  "column": 1,
                  "endColumn": 25,
                  "endLine": 3,
                  "line": 3,
                  "path": "src/routes/orders [v1].js",
                  "text": "registered"
                }
              ],
              "reason": null,
              "verdict": "open"
            },
            "errors": {
              "places": [],
              "reason": null,
              "verdict": "generic"
            },
            "object_scoped": {
              "places": [],
              "reason": "the query is built at run time",
              "verdict": "unknown"
            },
            "rate_limited": {
              "places": [],
              "reason": null,
              "verdict": "yes"
            },
            "role_checked": {
              "places": [],
              "reason": null,
              "verdict": "no"
            },
            "validated": {
              "places": [],
              "reason": null,
              "verdict": "-"
            }
          },
          "file": "src/routes/orders [v1].js",
          "framework": "express",
          "guards": [
            {
              "definition": null,
              "kind": "guard",
              "name": "requireUser",
              "note": "answers 401 <without> a session",
              "place": {
                "column": 24,
                "endColumn": 35,
                "endLine": 6,
                "line": 6,
                "path": "src/routes/orders [v1].js"
              }
            }
          ],
          "handler": "<anonymous>",
          "handler_place": {
            "column": 27,
            "endColumn": 43,
            "endLine": 3,
            "line": 3,
            "path": "src/routes/orders [v1].js"
          },
          "ineffective": [],
          "line": 3,
          "method": "GET",
          "object_scoped": null,
          "operation": null,
          "params": [
            {
              "in": "path",
              "name": "id",
              "validated": false
            }
          ],
          "path": "/api/orders/{id}",
          "protocol": "http",
          "rate_limited": true,
          "role_checked": false,
          "validated": null
        }"#]]
    .assert_eq(&format!("{:#}", document["endpoints"][0]));
}

#[test]
fn a_lint_is_explained_in_plain_text() {
    expect![[r#"
        Title of missing-auth-guard
        missing-auth-guard · severity high · confidence medium · CWE-306 · CWE-862 · API2:2023

        Says what it is, in a paragraph.

        Bad
            bad();
        - one
        - two
    "#]]
    .assert_eq(&draw(|out| crate::explain(&lint("missing-auth-guard"), Look::PLAIN, out)));
    let lints = [lint("missing-auth-guard"), lint("x")];
    expect![[r#"
        missing-auth-guard  high      Title of missing-auth-guard
        x                   high      Title of x
    "#]]
    .assert_eq(&draw(|out| crate::lints_table(&lints, Look::PLAIN, out)));
}

#[test]
fn what_stands_in_several_places_is_told_in_each() {
    let mut build = Build::new(&[("a.js", "f(\"ab**yz\");\n"), ("b.yaml", "x: ab**yz\ny: ab**yz\n")]);
    let mut token =
        finding("weak", Severity::High, "a token", Label::new(build.at(0, "ab**yz"), "it stands here"));
    let again = build.at(1, "ab**yz");
    token.also = vec![again; 8];
    token.variant = "acme/key".to_owned();
    build.add(token, Status::Gating);
    check_full(
        &build.report,
        Look::PLAIN,
        &expect![[r#"
        high[weak]: a token
           ╭─[a.js:1:1]
         1 │ f("ab**yz");
           ·    ───┬──
           ·       ╰── it stands here
           ╰────
           ╭─[b.yaml:1:1]
         1 │ x: ab**yz
           ·    ───┬──┬┬┬┬┬
           ·       ╰── and here
           ·       ╰── and here
           ·       ╰── and here
           ·       ╰── and here
           ·       ╰── and here
           ·       ╰── and here
         2 │ y: ab**yz
           ╰────
          = note: it stands in 2 more places
          = more: routeward explain weak

    "#]],
    );
    let sarif = draw(|out| crate::sarif(&build.report, &[lint("weak")], out));
    let sarif: Value = serde_json::from_str(&sarif).expect("JSON");
    check_sarif(&sarif);
    let run = &sarif["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "weak/acme/key");
    assert_eq!(result["locations"].as_array().map(Vec::len), Some(9));
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap_or(0) as usize];
    assert_eq!((&rule["id"], &rule["name"]), (&result["ruleId"], &Value::from("WeakAcmeKey")));
    let json = draw(|out| crate::json(&build.report, false, out));
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let told = &json["findings"][0];
    assert_eq!(
        (&told["variant"], told["also"].as_array().map(Vec::len)),
        (&Value::from("acme/key"), Some(8))
    );
}
