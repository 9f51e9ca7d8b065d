//! Scans of small trees in memory, with a lint that reports every call of `bad` at the top of a file.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes the snapshots")]

use std::fmt::Write;

use expect_test::{Expect, expect};
use routeward_base::Date;
use routeward_base::{FileId, FileSystem, Idx, Memory, Span};
use routeward_catalog::Models;
use routeward_diag::{Label, Place};
use routeward_endpoints::{Authn, Endpoint, Errors, Handler, Inventory, Judged, Protocol, Surroundings, Tri};
use routeward_ir::{Expr, Module, Role, Stmt};
use routeward_lints::{Check, Cx, Lint};

use super::scan_listed;
use crate::scan::{NoProgress, Options, Scan};
use crate::{Folder, Report, Status, Tree};

const BAD: Lint = Lint { id: "missing-auth-guard", check: Check::Inventory(report_bad) };
const PANICS: Lint = Lint { id: "missing-rate-limit", check: Check::Inventory(|_, _| panic!("out of luck")) };

fn report_bad(_: &Inventory, cx: &mut Cx<'_>) {
    let program = cx.program;
    for (file, unit) in program.units.iter_enumerated() {
        let module = &unit.module;
        for stmt in module.functions[Module::TOP].body.of(&module.stmt_pool) {
            let Stmt::Expr(expr) = module.stmts[*stmt] else { continue };
            let Expr::Call { callee, .. } = module.exprs[expr] else { continue };
            if matches!(module.exprs[callee], Expr::Global(name) if module.text(name) == "bad") {
                let place = Place { file, span: module.stmt_spans[*stmt] };
                cx.report(Label::new(place, ""), "`bad` is called");
            }
        }
    }
}

/// Files are separated by lines `// file: PATH`.
fn tree(text: &str) -> Memory {
    let mut files = Memory::new();
    for part in text.split("// file: ").skip(1) {
        let (path, body) = part.split_once('\n').unwrap_or((part, ""));
        files.insert(path.trim(), body);
    }
    files
}

fn reading(files: &Memory) -> crate::load::Reading<'_, '_> {
    let max_size = 1 << 20;
    crate::load::Reading {
        fs: files,
        max_size,
        lowers: true,
        matcher: None,
        searches: false,
        settings: None,
        archives: false,
        focus: &[],
    }
}

fn options() -> Options {
    let mut options = Options::new(Tree::Listed);
    options.only = vec!["missing-auth-guard".to_owned(), "missing-rate-limit".to_owned()];
    options.today = Date::parse("2027-01-15");
    options
}

fn show(report: &Report) -> String {
    let mut out = String::new();
    for triaged in &report.findings {
        let place = report.show_place(triaged.finding.primary.place);
        let status = match &triaged.status {
            Status::Gating => "gating".to_owned(),
            Status::BelowGate => "below the gate".to_owned(),
            Status::Suppressed { reason, place, .. } => format!("suppressed at {place}: {reason}"),
        };
        let _ = writeln!(out, "{place} {} {status}", triaged.finding.severity.name());
    }
    for problem in &report.problems {
        let _ = writeln!(
            out,
            "{} {} {}: {}",
            problem.kind.level().name(),
            problem.kind.name(),
            problem.place(),
            problem.message
        );
    }
    out
}

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&show(&scan_listed(&tree(text), options(), &[BAD])));
}

#[test]
fn documents_are_read_where_code_asks_for_them() {
    let documents = "
// file: api/broken.yaml
openapi: 3.0.0
paths:
  /x: {get: {operationId: views.get}
security: []
// file: api/twice.yaml
openapi: 3.0.0
paths: {}
paths: {$ref: 'parts/a.yaml#/x'}
// file: api/parts/a.yaml
x: [1
// file: api/others.yaml
kind: something else: openapi
// file: api/__fixtures__/test.yaml
openapi: [
";
    check(
        &format!(
            "// file: app.py\nimport connexion\napp = connexion.App(__name__)\napp.add_api('missing.yaml'){documents}"
        ),
        &expect![[r#"
            warning syntax api/broken.yaml:4: could not be read: while parsing a flow mapping, did not find expected ',' or '}'
            warning syntax api/parts/a.yaml:1: could not be read: unclosed bracket '['
            warning syntax api/twice.yaml:3: says something twice or wrongly: `paths` stands twice in one map, and the later one counts
            note budget app.py:3: was not followed to its end: the document that is named there was not found
        "#]],
    );
    check(&format!("// file: app.py\nimport other\n{documents}"), &expect![""]);
}

#[test]
fn suppressions_reach_one_statement_a_region_or_a_file() {
    check(
        "// file: a.js
bad(); // routeward: ignore[missing-auth-guard] beside
// routeward: ignore[missing-auth-guard] above

// another remark
bad(
  1);
bad();
bad(
  2); // routeward: ignore[missing-auth-guard]: behind the end
// routeward: ignore-begin[missing-auth-guard] -- a region until=2027-02-01
bad();
bad();
// routeward: ignore-end
bad();
// file: b.js
/* routeward: ignore-file[missing-auth-guard, missing-rate-limit] all of it */
bad();
bad();
",
        &expect![[r#"
            a.js:1 high suppressed at a.js:1: beside
            a.js:5 high suppressed at a.js:2: above
            a.js:7 high gating
            a.js:8 high suppressed at a.js:9: behind the end
            a.js:11 high suppressed at a.js:10: a region (until 2027-02-01)
            a.js:12 high suppressed at a.js:10: a region (until 2027-02-01)
            a.js:14 high gating
            b.js:2 high suppressed at b.js:1: all of it
            b.js:3 high suppressed at b.js:1: all of it
            warning expiring-suppression a.js:10: the suppression of `missing-auth-guard` holds until 2027-02-01, 17 more days
        "#]],
    );
}

#[test]
fn suppressions_are_held_to_their_form() {
    check(
        "// file: a.js
// routeward: ignore[missing-auth-guard]
bad();
// routeward: ignore[missing-auth-gard] a reason
bad();
// routeward: ignore missing-auth-guard
bad();
// routeward: ignore[] a reason
// routeward: ignroe[missing-auth-guard] a reason
// routeward: ignore[missing-auth-guard] for a while until=2027-01-14
bad();
// routeward: ignore[missing-auth-guard] for a while until=tomorrow
// routeward: ignore[missing-auth-guard] nothing here
good();
// routeward: ignore-begin[missing-auth-guard] never ends
// routeward: ignore-end
// routeward: ignore-end
// routeward: public
const text = 'routeward: ignore[x] is no comment'; // speaks of routeward: ignore[x]
",
        &expect![[r#"
            a.js:2 high gating
            a.js:4 high gating
            a.js:6 high gating
            a.js:10 high gating
            error suppression a.js:1: a suppression needs a reason
            error suppression a.js:3: unknown lint `missing-auth-gard`, did you mean `missing-auth-guard`?
            error suppression a.js:5: a suppression must name its lints in brackets
            error suppression a.js:7: a suppression must name its lints in brackets
            error suppression a.js:8: unknown instruction `ignroe`, did you mean `ignore`?
            error suppression a.js:9: the suppression expired on 2027-01-14
            error suppression a.js:11: `tomorrow` is no date
            warning unused-suppression a.js:12: the suppression of `missing-auth-guard` suppresses nothing
            warning unused-suppression a.js:14: the suppression of `missing-auth-guard` suppresses nothing
            error suppression a.js:16: `ignore-end` without an `ignore-begin`
            error suppression a.js:17: `public` needs a reason
        "#]],
    );
}

/// What is told of the packages of a tree on a day.
fn check_packages(text: &str, today: Option<Date>, most: Option<u32>, kinds: &[&str], expected: &Expect) {
    let mut options = options();
    options.only = vec!["vulnerable-dependency".to_owned()];
    (options.today, options.max_advisory_age) = (today, most);
    let lints: Vec<Lint> =
        routeward_lints::all().iter().filter(|lint| options.only[0] == lint.id).copied().collect();
    let report = scan_listed(&tree(text), options, &lints);
    let mut shown = String::new();
    for triaged in &report.findings {
        let finding = &triaged.finding;
        let is_accepted = matches!(triaged.status, Status::Suppressed { .. });
        let status = if is_accepted { "accepted" } else { "open" };
        let _ = writeln!(shown, "{} {status} {}", finding.severity.name(), finding.message);
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            let _ = writeln!(shown, "  {} becomes {}", report.show_place(edit.place), edit.text);
        }
    }
    for problem in report.problems.iter().filter(|problem| kinds.contains(&problem.kind.name())) {
        let _ = writeln!(shown, "{} {}: {}", problem.kind.level().name(), problem.place(), problem.message);
    }
    expected.assert_eq(&shown);
}

#[test]
fn an_advisory_is_accepted_by_any_of_its_names() {
    let check = |today: &str, expected: &Expect| {
        let files = "
// file: routeward.toml
[[suppress]]
lint = 'vulnerable-dependency'
advisory = 'ghsa-8cf7-32gw-wr33'
reason = 'keys are not of that kind'
until = '2025-11-20'
[[suppress]]
lint = 'vulnerable-dependency'
advisory = 'CVE-2000-0001'
reason = 'of another time'
// file: package.json
{ \"dependencies\": { \"jsonwebtoken\": \"8.5.1\" } }
";
        let kinds = ["suppression", "expiring-suppression", "unused-suppression"];
        check_packages(files, Date::parse(today), None, &kinds, expected);
    };
    check(
        "2025-10-10",
        &expect![[r#"
        high accepted `jsonwebtoken` 8.5.1 is vulnerable: CVE-2022-23539
          package.json:1 becomes 9.0.0
        medium open `jsonwebtoken` 8.5.1 is vulnerable: CVE-2022-23540 and 1 more
          package.json:1 becomes 9.0.0
        warning routeward.toml:7: the suppression of CVE-2000-0001 by `vulnerable-dependency` suppresses nothing
    "#]],
    );
    check(
        "2025-11-10",
        &expect![[r#"
        high accepted `jsonwebtoken` 8.5.1 is vulnerable: CVE-2022-23539
          package.json:1 becomes 9.0.0
        medium open `jsonwebtoken` 8.5.1 is vulnerable: CVE-2022-23540 and 1 more
          package.json:1 becomes 9.0.0
        warning routeward.toml:2: the suppression of ghsa-8cf7-32gw-wr33 by `vulnerable-dependency` holds until 2025-11-20, 10 more days
        warning routeward.toml:7: the suppression of CVE-2000-0001 by `vulnerable-dependency` suppresses nothing
    "#]],
    );
    check(
        "2025-11-21",
        &expect![[r#"
        high open `jsonwebtoken` 8.5.1 is vulnerable: CVE-2022-23539 and 2 more
          package.json:1 becomes 9.0.0
        error routeward.toml:2: the suppression of ghsa-8cf7-32gw-wr33 by `vulnerable-dependency` expired on 2025-11-20
        warning routeward.toml:7: the suppression of CVE-2000-0001 by `vulnerable-dependency` suppresses nothing
    "#]],
    );
}

#[test]
fn the_age_of_what_is_known_is_told_once_where_it_matters() {
    let known = options().advisories.coverage(routeward_deps::Ecosystem::Npm);
    let newest = known.iter().map(|part| part.newest.days()).max().expect("something is known");
    let check = |files: &str, age: u32, most: Option<u32>, expected: &Expect| {
        check_packages(files, Some(Date::from_days(newest + age)), most, &["advisories"], expected);
    };
    let files = "// file: package.json\n{ \"dependencies\": { \"acme\": \"8.5.1\" } }\n";
    check(files, 14, None, &expect![""]);
    check(
        files,
        15,
        None,
        &expect![[r#"
        note : what is known of packages is 15 days old (npm)
    "#]],
    );
    check(
        files,
        91,
        None,
        &expect![[r#"
        warning : what is known of packages is 91 days old (npm)
    "#]],
    );
    check(
        files,
        91,
        Some(91),
        &expect![[r#"
        warning : what is known of packages is 91 days old (npm)
    "#]],
    );
    check(
        files,
        8,
        Some(7),
        &expect![[r#"
        error : what is known of packages is 8 days old, more than the 7 that are accepted (npm)
    "#]],
    );
    check("// file: package.json\n{}\n", 100, Some(1), &expect![""]);
    // No advisory speaks of images.
    check("// file: Dockerfile\nFROM node:24\n", 100, Some(1), &expect![""]);
}

#[test]
fn the_configuration_sets_severities_suppresses_and_excludes() {
    check(
        "// file: routeward.toml
exclude = ['old/', '*.gen.js']
fail-on = 'high'
[lints]
missing-auth-guard = 'medium'
[[suppress]]
lint = 'missing-auth-guard'
path = 'legacy/**'
reason = 'is being replaced'
[[suppress]]
lint = 'missing-auth-guard'
path = 'gone.js'
reason = 'was there once'
[[suppress]]
lint = 'missing-auth-guard'
path = 'a.js'
reason = 'too old'
until = '2027-01-14'
// file: a.js
bad();
// file: b.gen.js
bad();
// file: legacy/x.js
bad();
// file: old/x.js
bad();
// file: node_modules/x/index.js
bad();
",
        &expect![[r#"
            a.js:1 medium below the gate
            legacy/x.js:1 medium suppressed at routeward.toml:6: is being replaced
            warning unused-suppression routeward.toml:10: the suppression of `missing-auth-guard` suppresses nothing
            error suppression routeward.toml:14: the suppression of `missing-auth-guard` expired on 2027-01-14
        "#]],
    );
    check(
        "// file: routeward.toml\nfail-no = 'high'\n// file: a.js\nbad();\n",
        &expect![[r#"
            a.js:1 high gating
            error configuration routeward.toml: routeward.toml:1: unknown key `fail-no`, did you mean `fail-on`?
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_told() {
    let mut files = Memory::new();
    files.insert("binary.js", &b"\x00\x01\x02"[..]);
    files.insert("broken.js", "bad();\nlet = = ;\nbad();\n");
    files.insert("latin.js", &b"bad();\nlet a = '\xe9';\n"[..]);
    files.insert("min.js", "bad(function(a,b){return a.c(b)});".repeat(300));
    files.insert("big.js", "bad();\n".repeat(200_000));
    files.insert("empty.js", "");
    files.insert("notes.txt", "bad();");
    let report = scan_listed(&files, options(), &[BAD, PANICS]);
    expect![[r#"
        broken.js:1 high gating
        latin.js:1 high gating
        warning internal : lint missing-rate-limit stopped: out of luck
        warning too-large big.js: has 1.3 MB, more than the limit of 1 MB, and was not analysed
        warning binary binary.js: is binary, not source text
        warning syntax broken.js:2: was read in part: unexpected `= ;`
        warning encoding latin.js:2: is not valid UTF-8; read with replacement characters
        note minified min.js: is minified and was not analysed
    "#]]
    .assert_eq(&show(&report));
    assert!(report.is_incomplete());
}

#[test]
fn roles_follow_from_names_and_code_not_from_folders() {
    let files = tree(
        "// file: app.spec.ts
x();
// file: src/app.test.js
x();
// file: src/__mocks__/db.js
x();
// file: src/test/routes.js
app.get('/test', x);
// file: test.js
import express from 'express';
// file: tests/login.js
describe('login', () => {});
// file: tests/only.js
it.only('works', function () {});
// file: tests/described.js
const { describe } = make(); describe('a', () => {});
// file: spec/db.js
const request = require('supertest');
// file: test_login.py
def test_login(): pass
// file: test_bench.py
def handle(): pass
// file: contest.js
x();
// file: gen.js
// @generated by a tool
x();
",
    );
    let roles = crate::load::load(
        &reading(&files),
        &crate::walk::walk(&Tree::Listed, &files, &[Folder::root()], &crate::Config::default()),
        &Models::default(),
        &NoProgress,
    );
    let test: Vec<_> =
        roles.units.iter().filter(|unit| unit.role == Role::Test).map(|unit| &unit.path).collect();
    let generated: Vec<_> =
        roles.units.iter().filter(|unit| unit.role == Role::Generated).map(|unit| &unit.path).collect();
    assert_eq!(
        test,
        [
            "app.spec.ts",
            "spec/db.js",
            "src/__mocks__/db.js",
            "src/app.test.js",
            "test_login.py",
            "tests/login.js",
            "tests/only.js"
        ]
    );
    assert_eq!(generated, ["gen.js"]);
}

#[test]
fn a_packages_own_test_folder_holds_tests_unless_something_else_uses_it() {
    let files = tree(
        "// file: package.json
{\"scripts\": {\"start\": \"node e2e/stand.js\"}}
// file: app.js
require('./test/helpers/seed');
// file: test/actions.js
require('./shared');
// file: test/shared.js
x();
// file: test/helpers/seed.js
require('./rows');
// file: test/helpers/rows.js
x();
// file: e2e/stand.js
x();
// file: routes/test/index.js
x();
// file: packages/api/package.json
{}
// file: packages/api/tests/run.ts
x();
// file: packages/api/src/spec/a.ts
x();
// file: shop/app/tests/support.ts
x();
// file: shop/app/tests/order.test.ts
x();
",
    );
    let walked = crate::walk::walk(&Tree::Listed, &files, &[Folder::root()], &crate::Config::default());
    let mut units = crate::load::load(&reading(&files), &walked, &Models::default(), &NoProgress).units;
    let links = crate::load::Links::new(&files, &walked.files, &mut units);
    let tests = |asked: &str| {
        let mut units = units.clone();
        crate::role::mark_tests(&mut units, &links.entries(), &walked.files, &[asked.to_owned()]);
        let tests = units.iter().filter(|unit| unit.role == Role::Test).map(|unit| unit.path.clone());
        tests.collect::<Vec<_>>()
    };
    assert_eq!(
        tests(""),
        [
            "packages/api/tests/run.ts",
            "shop/app/tests/order.test.ts",
            "shop/app/tests/support.ts",
            "test/actions.js",
            "test/shared.js"
        ]
    );
    // Who asks about a folder for tests means it.
    assert_eq!(
        tests("test"),
        ["packages/api/tests/run.ts", "shop/app/tests/order.test.ts", "shop/app/tests/support.ts"]
    );
    assert_eq!(
        tests("shop/app/tests"),
        ["packages/api/tests/run.ts", "shop/app/tests/order.test.ts", "test/actions.js", "test/shared.js"]
    );
}

#[test]
fn tests_that_nothing_imports_are_dropped() {
    let files = tree(
        "// file: app.js
require('./seed.test');
// file: seed.test.js
require('./rows.test');
// file: rows.test.js
x();
// file: app.test.js
require('./shared.test');
// file: shared.test.js
x();
// file: said.test.js
// routeward: public nothing here
",
    );
    let walked = crate::walk::walk(&Tree::Listed, &files, &[Folder::root()], &crate::Config::default());
    let mut loaded = crate::load::load(&reading(&files), &walked, &Models::default(), &NoProgress);
    let _links = crate::load::Links::new(&files, &walked.files, &mut loaded.units);
    let dropped = crate::load::drop_tests(&mut loaded.units, &mut loaded.sources, &loaded.hits);
    let paths = |keep: &dyn Fn(FileId) -> bool| {
        let files = loaded.units.iter_enumerated().filter(|(file, _)| keep(*file));
        files.map(|(_, unit)| unit.path.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(paths(&|file| dropped.contains(&file)), ["app.test.js", "said.test.js", "shared.test.js"]);
    assert_eq!(paths(&|file| loaded.units[file].module.exprs.is_empty()).len(), 3);
    // What a comment says is still told by line and column.
    let is_gone = |file: FileId| loaded.sources[file.raw() as usize].text.is_empty();
    assert_eq!(paths(&is_gone), ["app.test.js", "shared.test.js"]);
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let mut text = String::new();
    for index in 0..60 {
        let _ = write!(
            text,
            "// file: src/f{index}.js\nbad();\nlet = ;\n{}bad();\n",
            "x();\n".repeat(index * 7 % 50)
        );
    }
    let files = tree(&text);
    let shown = |threads: usize| {
        let mut options = options();
        options.threads = threads;
        show(&scan_listed(&files, options, &[BAD]))
    };
    let one = shown(1);
    assert!(one.lines().count() > 150, "{one}");
    assert_eq!(one, shown(2));
    assert_eq!(one, shown(7));
}

#[test]
fn results_are_limited_to_the_focus() {
    let files = tree("// file: a.js\nbad();\n// file: src/b.js\nbad();\n// file: src2/c.js\nbad();\n");
    let mut options = options();
    options.focus = vec!["src".to_owned()];
    assert_eq!(show(&scan_listed(&files, options, &[BAD])), "src/b.js:1 high gating\n");
}

fn endpoint(method: &str, path: &str, span: Span) -> Endpoint {
    let place = Place { file: FileId::new(0), span };
    Endpoint {
        method: method.to_owned(),
        path: path.to_owned(),
        operation: None,
        protocol: Protocol::Http,
        framework: String::new(),
        place,
        guarded_at: place,
        handler: Handler { name: "handler".to_owned(), place: None },
        inputs: Vec::new(),
        chain: Vec::new(),
        ineffective: Vec::new(),
        authenticated: Judged::new(Authn::Open),
        role_checked: Judged::new(Tri::No),
        object_scoped: Judged::new(Tri::NotApplicable),
        validated: Judged::new(Tri::NotApplicable),
        rate_limited: Judged::new(Tri::No),
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

#[test]
fn declarations_meet_the_endpoints_they_name() {
    let files = tree(
        "// file: routeward.toml
[[public]]
path = 'GET /health'
reason = 'probes'
owner = 'operations'
[[public]]
path = '/gone/*'
reason = 'was open'
// file: a.js
get('/health', a);
// routeward: public the shop window
get(
  '/items', b);
get('/orders', c);
class A {
  // routeward: public everybody may sign up
  @Limit(1)
  @Post('signup')
  signup() {}
}
// routeward: public nothing below
",
    );
    let mut options = options();
    let text = String::from_utf8(files.read("routeward.toml").expect("there")).expect("text");
    options.config = crate::Config::parse("routeward.toml", &text, &[]).expect("valid");
    let code = String::from_utf8(files.read("a.js").expect("there")).expect("text");
    let at = |needle: &str, end: &str| {
        let start = code.find(needle).expect("needle");
        Span::new(start as u32, (start + code[start..].find(end).expect("end")) as u32)
    };
    let mut inventory = Inventory::default();
    inventory.endpoints.push(endpoint("GET", "/health", at("get('/health'", ";")));
    inventory.endpoints.push(endpoint("GET", "/items", at("get(\n", ";")));
    inventory.endpoints.push(endpoint("GET", "/orders", at("get('/orders'", ";")));
    inventory.endpoints.push(endpoint("POST", "/signup", at("@Post", "\n")));

    let walked = crate::walk::walk(&Tree::Listed, &files, &[Folder::root()], &options.config);
    let loaded = crate::load::load(&reading(&files), &walked, &Models::default(), &NoProgress);
    let mut scan = Scan::new(&options, &files, &NoProgress, &[]);
    let comments = scan.comments(&loaded.units, &loaded.sources);
    crate::public::declare(
        &mut inventory,
        &options.config,
        FileId::new(1),
        comments.declarations,
        &loaded.sources,
    );
    let endpoints: Vec<String> = inventory
        .endpoints
        .iter()
        .map(|endpoint| {
            let reason =
                endpoint.declared_public.as_ref().map_or("not declared", |declared| &declared.reason);
            format!("{}: {reason}", endpoint.title())
        })
        .collect();
    assert_eq!(
        endpoints,
        [
            "GET /health: probes",
            "GET /items: the shop window",
            "GET /orders: not declared",
            "POST /signup: everybody may sign up"
        ]
    );
    let stale: Vec<&str> = inventory
        .declarations
        .iter()
        .filter(|(_, is_matched)| !is_matched)
        .map(|(declaration, _)| declaration.reason.as_str())
        .collect();
    assert_eq!(stale, ["was open", "nothing below"]);
}

#[test]
fn code_that_is_not_followed_to_its_end_is_told() {
    let mut files = Memory::new();
    files.insert(
        "main.js",
        "const express = require('express');\nconst app = express();\n\
         for (let i = 0; i < 100000; i++) {\n  app.get('/' + i, (req, res) => res.send(''));\n}\n",
    );
    let report = scan_listed(&files, options(), &[]);
    let told: Vec<String> =
        report.problems.iter().map(|problem| format!("{} {}", problem.place(), problem.message)).collect();
    expect![[r#"
        [
            "main.js:3 was not followed to its end: the loop has more rounds than are followed",
        ]
    "#]]
    .assert_debug_eq(&told);
    assert!(report.is_incomplete());
}
