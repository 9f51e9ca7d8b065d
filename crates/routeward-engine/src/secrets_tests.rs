//! What becomes of secrets in a scan, beyond what suites can say.

use routeward_base::Memory;
use routeward_catalog::Catalog;
use routeward_secrets::{Random, sample};

use super::LARGEST;
use crate::{Options, ProblemKind, Report, Tree, scan_memory};

const LINTS: &[&str] = &["provider-token", "private-key-committed", "credential-in-url"];

/// A token, made up here: none is written down.
fn token() -> String {
    let row = Catalog::tokens().row("slack-bot-token").expect("the format is known");
    sample(row, &mut Random(5)).expect("it has an example")
}

fn scan(files: &[(&str, Vec<u8>)], lints: &[&str]) -> Report {
    let mut memory = Memory::new();
    for (path, bytes) in files {
        memory.insert(path, bytes.clone());
    }
    scan_memory(&memory, lints)
}

fn paths(report: &Report) -> Vec<&str> {
    let source = |file| report.source(file).map_or("", |source| source.path.as_str());
    report.findings.iter().map(|triaged| source(triaged.finding.primary.place.file)).collect()
}

#[test]
fn a_value_is_told_once_and_named_alike_wherever_it_stands() {
    let text = |code: &str| format!("{code} \"{}\"\n", token()).into_bytes();
    let one = scan(&[("a.js", text("send"))], LINTS);
    let moved = scan(&[("b/c.yaml", text("\n\nx:")), ("d.js", text("x ="))], LINTS);
    assert_eq!((paths(&one), paths(&moved)), (vec!["a.js"], vec!["b/c.yaml"]));
    assert_eq!(moved.findings[0].finding.also.len(), 1);
    assert_eq!(one.findings[0].fingerprint, moved.findings[0].fingerprint);
}

#[test]
fn no_text_of_a_report_holds_a_value() {
    let text = format!("const a = \"{0}\"; // {0}\napp.get(\"/\", b);\n", token());
    let page = format!("<p>{{{{{{text}}}}}}</p>\n<i>{}</i>\n", token());
    let server = "const express = require('express');\nconst app = express();\napp.set('view engine', 'hbs');\napp.get('/', (req, res) => res.render('page', { text: req.query.text }));\n";
    let shows = [("server.js", server.into()), ("views/page.hbs", page.clone().into_bytes())];
    let report = scan(&shows, &["xss"]);
    let shown = report.sources.iter().find(|source| source.path == "views/page.hbs");
    assert!(shown.is_some_and(|source| source.text.len() == page.len() && !source.text.contains(&token())));
    let files = [("a.js", text.clone().into_bytes()), ("b.txt", text.clone().into_bytes())];
    // With all lints, with those alone that look for secrets, and with others alone.
    for lints in [&[][..], LINTS, &["missing-auth-guard"]] {
        let report = scan(&files, lints);
        let shown: Vec<_> = report.sources.iter().filter(|source| !source.text.is_empty()).collect();
        assert!(!shown.is_empty());
        assert!(
            shown.iter().all(|source| !source.text.contains(&token()) && source.text.len() == text.len())
        );
        assert!(!format!("{:?}", report.findings).contains(&token()));
    }
}

#[test]
fn the_same_is_found_with_and_without_the_program() {
    let call = |name: &str| format!("{name}(\"{}\");\n", token()).into_bytes();
    let files = [("src/a.test.js", call("it")), ("src/b.js", call("send")), ("c.env", call("x="))];
    let shown = |report: &Report| {
        let secrets = report.findings.iter().filter(|triaged| LINTS.contains(&triaged.finding.lint));
        secrets.map(|triaged| format!("{:?}", triaged.finding.primary.text)).collect::<Vec<_>>()
    };
    assert_eq!(shown(&scan(&files, &[])), shown(&scan(&files, LINTS)));
}

#[test]
fn every_encoding_of_text_is_searched_and_nothing_else() {
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(token().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let broken = [b"\xff\xfe ".as_slice(), b"\xc3 ", token().as_bytes()].concat();
    let binary = [b"\x7fELF\0\x01 ".as_slice(), token().as_bytes()].concat();
    let files = [
        ("a.txt", utf16),
        ("b.txt", broken[2..].to_vec()),
        ("c.txt", binary),
        ("d.png", token().into_bytes()),
        ("package-lock.json", token().into_bytes()),
    ];
    let report = scan(&files, LINTS);
    assert_eq!(report.findings.len(), 1);
    assert_eq!((paths(&report), report.findings[0].finding.also.len()), (vec!["a.txt"], 1));
    assert_eq!(report.problems, []);
    assert_eq!(report.statistics.files(), 2);
}

#[test]
fn what_is_too_large_to_be_searched_is_told() {
    let large = [token().as_bytes(), &vec![b'\n'; LARGEST as usize]].concat();
    let medium = [&vec![b'\n'; 2 << 20], token().as_bytes()].concat();
    let report = scan(&[("a.csv", large), ("b.js", medium)], LINTS);
    assert_eq!(paths(&report), ["b.js"]);
    let kinds: Vec<_> = report.problems.iter().map(|problem| (problem.path.as_str(), problem.kind)).collect();
    assert_eq!(kinds, [("a.csv", ProblemKind::NotSearched)]);
}

#[test]
fn a_comment_accepts_a_value_whoever_asks() {
    let reason = "revoked in May";
    let code = format!("// routeward: ignore[provider-token] {reason}\nsend(\"{}\");\nx(;\n", token());
    for lints in [&[][..], LINTS] {
        let report = scan(&[("a.js", code.clone().into_bytes())], lints);
        let found = report.findings.iter().filter(|triaged| triaged.finding.lint == "provider-token");
        let statuses: Vec<_> = found.map(crate::Triaged::is_active).collect();
        assert_eq!(statuses, [false]);
    }
}

#[test]
fn a_value_is_accepted_place_by_place() {
    let plain = |call: &str| format!("{call}(\"{}\");\n", token());
    let accepted =
        |call: &str| format!("// routeward: ignore[provider-token] revoked in May\n{}", plain(call));
    let check = |files: &[(&str, String)], active: &[&str], places: usize| {
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.clone().into_bytes())).collect();
        let report = scan(&files, LINTS);
        let shown: Vec<_> = report.active().map(|it| it.finding.primary.place).collect();
        let paths: Vec<_> =
            shown.iter().filter_map(|at| Some(report.source(at.file)?.path.as_str())).collect();
        assert_eq!(paths, active);
        assert_eq!(report.findings.iter().map(|it| 1 + it.finding.also.len()).sum::<usize>(), places);
        assert_eq!(report.problems, []);
    };
    check(&[("a.js", accepted("a")), ("b.js", plain("b")), ("c.js", plain("c"))], &["b.js"], 2);
    check(&[("a.js", plain("a")), ("b.js", accepted("b"))], &["a.js"], 1);
    check(&[("a.js", accepted("a")), ("b.js", accepted("b"))], &[], 1);
}

#[test]
fn a_family_stands_for_its_lints() {
    let mut memory = Memory::new();
    memory.insert("a.js", format!("send(\"{}\")", token()));
    let mut options = Options::new(Tree::Listed);
    for (only, found) in [("secrets", 1), ("provider-token", 1), ("auth", 0)] {
        options.only = vec![only.to_owned()];
        let report = crate::scan(&options, &memory, &crate::NoProgress).expect("it is known");
        assert_eq!(report.findings.len(), found, "{only}");
    }
    options.only = vec!["secret".to_owned()];
    let error = crate::scan(&options, &memory, &crate::NoProgress).expect_err("it is not known").to_string();
    assert!(error.contains("`secrets`"), "{error}");
}

#[test]
fn a_text_that_is_used_as_a_key_is_covered_whatever_it_looks_like() {
    const KEY: &str = "kettle-drum-and-bugle";
    let code = format!(
        "import jwt\n\nKEY = b\"{KEY}\"\n\n\ndef make(user, form):\n    print('{KEY}', form)\n    return jwt.encode({{\"sub\": user}}, KEY, algorithm=\"HS256\")\n"
    );
    for lints in [&[][..], &["hardcoded-secret"], &["jwt-without-expiry"]] {
        let report = scan(&[("a.py", code.clone().into_bytes())], lints);
        assert!(!report.findings.is_empty());
        let shown = report.sources.iter().find(|source| source.path == "a.py").map(|source| &source.text);
        assert!(shown.is_some_and(|text| !text.contains(KEY) && text.len() == code.len()));
        assert!(!format!("{:?}", report.findings).contains(KEY));
    }
}

#[test]
fn a_token_that_is_used_as_a_key_is_told_once() {
    let code = format!("from slack_sdk import WebClient\n\nclient = WebClient(token=\"{}\")\n", token());
    let report = scan(&[("a.py", code.into_bytes())], &["hardcoded-secret", "provider-token"]);
    let told: Vec<_> = report.findings.iter().map(|triaged| triaged.finding.lint).collect();
    assert_eq!(told, ["provider-token"]);
}

#[test]
fn no_text_of_a_report_holds_a_value_of_configuration() {
    const VALUE: &str = "flugelhorn41";
    let deployment =
        format!("services:\n  a:\n    environment: {{SEAL: {VALUE}, B_SECRET: \"${{B:-{VALUE}}}\"}}\n");
    let code = "import os\nimport jwt\n\n\ndef make(user):\n    return jwt.encode({\"sub\": user}, os.environ[\"SEAL\"], algorithm=\"HS256\")\n";
    let files = [
        (".env", format!("ADMIN_PASSWORD={VALUE}\n").into_bytes()),
        ("Dockerfile", format!("FROM a\nENV A_SECRET={VALUE}\nRUN b --password {VALUE}\n").into_bytes()),
        ("compose.yaml", deployment.into_bytes()),
        ("config.json", format!("{{\"jwt\": {{\"secret\": \"{VALUE}\"}}}}").into_bytes()),
        ("a.p12", b"\0\x01".to_vec()),
        (".npmrc", format!("//a.io/:_authToken={VALUE}\n").into_bytes()),
        ("main.py", code.as_bytes().to_vec()),
    ];
    for lints in
        [&[][..], &["committed-env-file", "weak-secret-value", "secret-in-image"], &["hardcoded-secret"]]
    {
        let report = scan(&files, lints);
        assert!(!report.findings.is_empty());
        assert!(!format!("{:?}", report.findings).contains(VALUE));
        let shown =
            |path: &str| report.sources.iter().find(|source| source.path == path).map(|source| &source.text);
        for triaged in &report.findings {
            let places = triaged.finding.related.iter().map(|label| label.place);
            for place in places.chain([triaged.finding.primary.place]) {
                let path = report.source(place.file).map_or("", |source| source.path.as_str());
                assert!(shown(path).is_some_and(|text| !text.contains(VALUE)), "{path}");
            }
        }
    }
    let report = scan(&files, &["committed-env-file"]);
    assert_eq!(paths(&report), [".env", ".npmrc", "a.p12"]);
}

#[test]
fn a_file_of_more_settings_than_are_looked_at_is_told() {
    let lines: Vec<String> = (0..2_500).map(|i| format!("A{i}_SECRET=flugelhorn-{i}")).collect();
    let text = lines.join("\n");
    let report = scan(&[(".env", text.into_bytes())], &["committed-env-file"]);
    let kinds: Vec<_> = report.problems.iter().map(|problem| (problem.path.as_str(), problem.kind)).collect();
    assert_eq!((paths(&report), kinds), (vec![".env"], vec![(".env", ProblemKind::NotSearched)]));
}

#[test]
fn what_is_told_of_a_setting_is_told_once() {
    const FAMILY: &[&str] = &[
        "committed-env-file",
        "credential-in-url",
        "provider-token",
        "secret-in-image",
        "secret-in-settings",
        "weak-secret-value",
    ];
    let check = |path: &str, text: &str, told: &str| {
        let report = scan(&[(path, text.as_bytes().to_vec())], FAMILY);
        let lints: Vec<_> = report.findings.iter().map(|triaged| triaged.finding.lint).collect();
        assert_eq!(lints, [told], "{path}");
    };
    check(".env", "SMTP_PASSWORD=tr4velling-Goose\n", "committed-env-file");
    check("Dockerfile", "FROM scratch\nENV SMTP_PASSWORD=tr4velling-Goose\n", "secret-in-image");
    let service = "services:\n  api:\n    environment:\n      ADMIN_PASSWORD: letmein\n";
    check("compose.yaml", service, "weak-secret-value");
    check("app/settings.yaml", "smtp:\n  password: tr4velling-Goose\n", "secret-in-settings");
    check("app/settings.yaml", &format!("smtp:\n  password: {}\n", token()), "provider-token");
}
