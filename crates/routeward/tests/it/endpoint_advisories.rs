//! Which endpoints depend on which advisory.

use expect_test::expect;
use serde_json::Value;

use crate::{run, stdout, tree, write};

const SHOP: &str = r#"// file: package-lock.json
{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "express": "4.21.2", "js-yaml": "3.13.0", "json5": "1.0.1" } },
    "node_modules/express": { "version": "4.21.2" },
    "node_modules/js-yaml": { "version": "3.13.0" },
    "node_modules/json5": { "version": "1.0.1" }
  }
}
// file: main.js
const express = require("express");
const JSON5 = require("json5");
const app = express();
app.get("/health", (req, res) => res.json({ ok: true }));
app.use("/orders", require("./orders"));
app.listen(JSON5.parse("{ port: 3000 }").port);
// file: orders.js
const router = require("express").Router();
const yaml = require("js-yaml");
router.get("/", (req, res) => res.json([]));
for (const kind of ["/", "/drafts", "/gifts", "/returns"]) {
  router.post(kind, (req, res) => res.json(yaml.load(req.body.text)));
}
module.exports = router;
"#;

#[test]
fn a_table_names_the_endpoints_that_reach_what_is_weak() {
    let dir = tree(SHOP);
    let table = stdout(&run(dir.path(), &["endpoints", "--advisories", "-q"]));
    let (_, table) = table.split_once("\n\n").expect("two tables");
    let (_, table) = table.split_once("\n\n").expect("two tables");
    expect![[r#"
        advisory             severity  package         reach              endpoints
        GHSA-8j8c-7jfh-h6hx  high      js-yaml 3.13.0  called with input  POST /orders, POST /orders/drafts, POST /orders/gifts and 1 more
        CVE-2025-64718       medium    js-yaml 3.13.0  called with input  POST /orders, POST /orders/drafts, POST /orders/gifts and 1 more

        2 advisories are about what requests reach, 1 about what none is seen to reach
    "#]]
    .assert_eq(table);
    let markdown =
        stdout(&run(dir.path(), &["endpoints", "--advisories", "-q", "--output-format", "markdown"]));
    let (_, markdown) = markdown.split_once("| advisory").expect("a second table");
    expect![[r#"
         | severity | package | reach | endpoints |
        | --- | --- | --- | --- | --- |
        | `GHSA-8j8c-7jfh-h6hx` | high | `js-yaml 3.13.0` | called with input | `POST /orders, POST /orders/drafts, POST /orders/gifts and 1 more` |
        | `CVE-2025-64718` | medium | `js-yaml 3.13.0` | called with input | `POST /orders, POST /orders/drafts, POST /orders/gifts and 1 more` |

        2 advisories are about what requests reach, 1 about what none is seen to reach
    "#]]
    .assert_eq(markdown);
    let html = stdout(&run(dir.path(), &["endpoints", "--advisories", "-q", "--output-format", "html"]));
    assert!(html.contains("<h2>Advisories</h2>") && !html.contains("{advisories}"), "{html}");
    let without = stdout(&run(dir.path(), &["endpoints", "-q", "--output-format", "html"]));
    assert!(!without.contains("dvisories"), "{without}");
}

#[test]
fn scripts_get_all_that_is_known_also_where_one_file_is_looked_at() {
    let dir = tree(SHOP);
    let known = |paths: &[&str]| -> String {
        let args = [&["endpoints", "--advisories", "-q", "--output-format", "json"], paths].concat();
        let found: Value = serde_json::from_str(&stdout(&run(dir.path(), &args))).expect("JSON");
        let rows = found["advisories"].as_array().expect("a list").iter().map(|it| {
            let (id, package, reach) = (&it["id"], &it["package"], &it["reach"]);
            format!("{id} {package} {reach} {} {}", it["called"], it["endpoints"])
        });
        rows.collect::<Vec<_>>().join("\n")
    };
    expect![[r#"
        "GHSA-8j8c-7jfh-h6hx" "js-yaml" "called with input" "js-yaml.load" [{"method":"POST","path":"/orders"},{"method":"POST","path":"/orders/drafts"},{"method":"POST","path":"/orders/gifts"},{"method":"POST","path":"/orders/returns"}]
        "CVE-2025-64718" "js-yaml" "called with input" "js-yaml.load" [{"method":"POST","path":"/orders"},{"method":"POST","path":"/orders/drafts"},{"method":"POST","path":"/orders/gifts"},{"method":"POST","path":"/orders/returns"}]
        "CVE-2022-46175" "json5" "imported" null []"#]].assert_eq(&known(&[]));
    expect![[r#"
        "GHSA-8j8c-7jfh-h6hx" "js-yaml" "called with input" "js-yaml.load" [{"method":"POST","path":"/orders"},{"method":"POST","path":"/orders/drafts"},{"method":"POST","path":"/orders/gifts"},{"method":"POST","path":"/orders/returns"}]
        "CVE-2025-64718" "js-yaml" "called with input" "js-yaml.load" [{"method":"POST","path":"/orders"},{"method":"POST","path":"/orders/drafts"},{"method":"POST","path":"/orders/gifts"},{"method":"POST","path":"/orders/returns"}]
        "CVE-2022-46175" "json5" "imported" null []"#]].assert_eq(&known(&["orders.js"]));
    let found: Value =
        serde_json::from_str(&stdout(&run(dir.path(), &["endpoints", "-q", "--output-format", "json"])))
            .expect("JSON");
    assert_eq!(found["advisories"], Value::Null);
}

#[test]
fn where_packages_are_not_looked_at_nothing_is_said_of_them() {
    let dir = tree(SHOP);
    let lints = stdout(&run(dir.path(), &["lints", "--output-format", "json"]));
    let lints: Value = serde_json::from_str(&lints).expect("JSON");
    let lints = lints.as_array().expect("a list").iter();
    let lints = lints
        .filter(|lint| lint["family"] == "dependencies")
        .map(|lint| lint["id"].as_str().expect("a name"));
    let off: Vec<String> = lints.map(|id| format!("{id} = \"off\"\n")).collect();
    write(dir.path(), "routeward.toml", format!("[lints]\n{}", off.concat()));
    let output = run(dir.path(), &["endpoints", "--advisories"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("switches off all lints about packages"));
}
