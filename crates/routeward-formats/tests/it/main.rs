//! What is read of texts, and what is told of those that are wrong.

mod properties;

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use routeward_base::{Column, LineTable, Span};
use routeward_formats::Format::{Dockerfile, Dotenv, Ini, Json, Properties, Toml, Xml, Yaml};
use routeward_formats::{Format, Kind, Node, lower, read};

/// The trees in a line each, then the faults with their places.
fn show(format: Format, text: &str) -> String {
    let read = read(format, text);
    let mut shown = String::new();
    for root in read.document.roots() {
        let _ = writeln!(shown, "{root:?}");
    }
    let lines = LineTable::new(text);
    for fault in &read.faults {
        let at = lines.position(text, fault.span.start, Column::Char);
        let _ = writeln!(shown, "{}:{}: {} ({})", at.line, at.column, fault.message, fault.remedy);
    }
    if !read.document.is_whole() {
        shown += "something is missing\n";
    }
    shown
}

#[track_caller]
fn check(format: Format, text: &str, expected: &Expect) {
    expected.assert_eq(&show(format, text));
}

/// Each pair is a node, in order of appearance, with the text at its place.
#[track_caller]
fn check_places(format: Format, text: &str, expected: &Expect) {
    let read = read(format, text);
    let mut shown = String::new();
    for root in read.document.roots() {
        places(root, text, &mut shown);
    }
    expected.assert_eq(&shown);
}

fn places(node: Node<'_>, text: &str, shown: &mut String) {
    let _ = writeln!(shown, "{:?}", node.span().of(text));
    for (key, value) in node.written() {
        places(key, text, shown);
        places(value, text, shown);
    }
    node.items().for_each(|item| places(item, text, shown));
}

#[test]
fn yaml_documents() {
    check(
        Yaml,
        "# head\na: [1, 'two', \"t\\u0068ree\", {b: null, c}]\nd: |\n  x\n  y\ne: >-\n  f\n  g\nh:\ni: yes\n200: {}\n",
        &expect![[r#"
            {"a": [1, "two", "three", {"b": null, "c": null}], "d": "x\ny\n", "e": "f g", "h": null, "i": "yes", 200: {}}
        "#]],
    );
    check(
        Yaml,
        "a: 1\n---\n- b\n...\n---\nc\n",
        &expect![[r#"
        {"a": 1}
        ["b"]
        "c"
    "#]],
    );
    check(
        Yaml,
        "a: !Ref b\nc: !Sub {d: e}\nf: !!str 1\ng: !!int \"2\"\nh: ! 3\n",
        &expect![[r#"
        {"a": !Ref "b", "c": !Sub {"d": "e"}, "f": "1", "g": 2, "h": "3"}
    "#]],
    );
    check(Yaml, "", &expect![""]);
    check(Yaml, "# nothing\n", &expect![""]);
    check(
        Yaml,
        "\u{feff}a: ż\r\nb: 😀\r\n",
        &expect![[r#"
        {"a": "ż", "b": "😀"}
    "#]],
    );
}

#[test]
fn yaml_places() {
    check_places(
        Yaml,
        "a: &x !T # c\n  - 1\n  - \"ż\"\nb: {k: v, z}\nc:\nd: |\n\n   x\n   y\n\ne: *x\nf: >-  # z\n    g\n? h\n: - i\n",
        &expect![[r#"
            "a: &x !T # c\n  - 1\n  - \"ż\"\nb: {k: v, z}\nc:\nd: |\n\n   x\n   y\n\ne: *x\nf: >-  # z\n    g\n? h\n: - i"
            "a"
            "- 1\n  - \"ż\""
            "1"
            "\"ż\""
            "b"
            "{k: v, z}"
            "k"
            "v"
            "z"
            ""
            "c"
            ""
            "d"
            "x\n   y"
            "e"
            "*x"
            "1"
            "\"ż\""
            "f"
            "g"
            "h"
            "- i"
            "i"
        "#]],
    );
    let text = "a: 1 # one\n# two\nb: '#'\n";
    let comments: Vec<&str> = read(Yaml, text).document.comments().iter().map(|it| it.of(text)).collect();
    assert_eq!(comments, ["# one", "# two"]);
}

#[test]
fn yaml_that_is_wrong() {
    check(
        Yaml,
        "a: [1, {b: 2\nc: 3\n",
        &expect![[r#"
        {"a": [1]}
        1:8: unclosed bracket '{' (close each bracket by its like)
        something is missing
    "#]],
    );
    check(
        Yaml,
        "a: 1\n b: 2\nc: 3\n---\nd: 4\n",
        &expect![[r#"
        {"a": "1 b"}
        {"d": 4}
        2:3: mapping values are not allowed in this context (put a text that holds `: ` into quotation marks, and a colon behind each key)
        something is missing
    "#]],
    );
    check(
        Yaml,
        "a:\n\tb: 1\n",
        &expect![[r#"
        {"a": ?}
        2:2: tabs disallowed within this context (block indentation) (indent with spaces)
        something is missing
    "#]],
    );
    check(
        Yaml,
        "a: \"b\nc: d\n",
        &expect![[r#"
        {"a": ?}
        2:1: invalid indentation in multiline quoted scalar (indent the lines of one map or list alike)
        something is missing
    "#]],
    );
    check(
        Yaml,
        "a: {{ .Values.b }}\nc: d: e\n",
        &expect![[r#"
        {"a": {{".Values.b": null}: null}, "c": "d"}
        2:5: mapping values are not allowed in this context (put a text that holds `: ` into quotation marks, and a colon behind each key)
        something is missing
    "#]],
    );
    check(
        Yaml,
        "a: @b\n",
        &expect![[r#"
        {"a": ?}
        1:4: unexpected character: `@' (put a text that begins with a special character into quotation marks)
        something is missing
    "#]],
    );
    check(
        Yaml,
        "a: !x!y z\n",
        &expect![[r#"
        {"a": ?}
        1:4: the handle wasn't declared (declare the tag's handle with `%TAG`, or use a plain `!tag`)
        something is missing
    "#]],
    );
    check(
        Yaml,
        "a: [*b]\nc: &c [*c]\n",
        &expect![[r#"
        {"a": [?], "c": [?]}
        1:5: there is no anchor `&b` before this alias (name an anchor that stands further up in the same document)
        2:8: the alias stands inside of what it stands for (name another anchor)
    "#]],
    );
    check(
        Yaml,
        "a: 1\nb: 2\na: 3\n",
        &expect![[r#"
        {"a": 1, "b": 2, "a": 3}
        3:1: `a` stands twice in one map, and the later one counts (keep one of them)
    "#]],
    );
    check(
        Yaml,
        &format!("a: {}\n---\nb\n", "[".repeat(200)),
        &expect![[r#"
        {"a": []}
        "b"
        1:132: it is nested deeper than 128 levels, and was not read further there (flatten what is nested there)
        something is missing
    "#]],
    );
}

#[test]
fn json_documents() {
    check(
        Json,
        "\u{feff}{\"a\": [1, -2.5e3, true, false, null, \"\\ud83d\\ude00\\/\"], \"b\": {}, \"\": []}",
        &expect![[r#"
            {"a": [1, -2.5e3, true, false, null, "😀/"], "b": {}, "": []}
        "#]],
    );
    check(
        Json,
        "// c\n{'a': 0x1F, b: +.5, true: 1, 2: [1,],} /* d */",
        &expect![[r#"
        {"a": 0x1F, "b": +.5, "true": 1, "2": [1]}
    "#]],
    );
    check(
        Json,
        "\"a\"",
        &expect![[r#"
        "a"
    "#]],
    );
    check(Json, "  ", &expect![""]);
    let text = "{\"a\": [1, {}], // c\n \"b\" : \"\\\"\" }\n";
    check_places(
        Json,
        text,
        &expect![[r#"
        "{\"a\": [1, {}], // c\n \"b\" : \"\\\"\" }"
        "\"a\""
        "[1, {}]"
        "1"
        "{}"
        "\"b\""
        "\"\\\"\""
    "#]],
    );
    assert_eq!(read(Json, text).document.comments(), [Span::new(15, 19)]);
}

#[test]
fn json_that_is_wrong() {
    check(
        Json,
        "{\"a\": 1 \"b\": 2, \"c\": , \"d\": [1 2], \"e\"}",
        &expect![[r#"
        {"a": 1, "b": 2, "c": ?, "d": [1, 2], "e": ?}
        1:9: a comma or colon is missing in front of it (put it there)
        1:22: the key before the comma has no value (give it one)
        1:32: a comma or colon is missing in front of it (put it there)
        1:39: the last key has no value (give it one)
        something is missing
    "#]],
    );
    check(
        Json,
        "{\"a\": \"b\n, \"c\": x, \"d\": \"\\q\", \"e\": 1",
        &expect![[r#"
            {"a": ?, "c": ?, "d": "q", "e": 1}
            1:7: unterminated string literal (check the quotation marks and escapes there)
            2:8: unexpected token (check the syntax there)
            2:9: the key before the comma has no value (give it one)
            2:28: it ends before all brackets are closed (close each bracket by its like)
            something is missing
        "#]],
    );
    check(
        Json,
        "{\"a\": [1}, ]], 2",
        &expect![[r#"
        {"a": [1]}
        2
        1:9: another bracket was opened (close each bracket by its like)
        1:12: another bracket was opened (close each bracket by its like)
        1:13: there is nothing to close (take the bracket away)
        1:14: the comma separates nothing (take it away)
        1:16: there is more than one value in the file (keep one)
        something is missing
    "#]],
    );
    check(
        Json,
        "[,1,,2, : 3] ; @",
        &expect![[r"
        [1, 2, 3]
        1:2: the comma separates nothing (take it away)
        1:5: the comma separates nothing (take it away)
        1:9: the colon follows no key (take it away)
        1:14: unexpected token (check the syntax there)
        1:16: unexpected token (check the syntax there)
        something is missing
    "]],
    );
    check(
        Json,
        "{\"a\": 1, \"a\": 2, [1]: 3}",
        &expect![[r#"
        {"a": 1, "a": 2, [1]: 3}
        1:10: `a` stands twice in one map, and the later one counts (keep one of them)
        1:18: a key cannot be a list or map (name a key)
        something is missing
    "#]],
    );
    check(
        Json,
        &format!("[{}{}, 1]", "[".repeat(200), "]".repeat(200)),
        &expect![[r"
        [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[?]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]], 1]
        1:129: it is nested deeper than 128 levels, and was not read further there (flatten what is nested there)
        something is missing
    "]],
    );
    check(
        Json,
        &"} ".repeat(50),
        &expect![[r"
            1:1: there is nothing to close (take the bracket away)
            1:3: there is nothing to close (take the bracket away)
            1:5: there is nothing to close (take the bracket away)
            1:7: there is nothing to close (take the bracket away)
            1:9: there is nothing to close (take the bracket away)
            1:11: there is nothing to close (take the bracket away)
            1:13: there is nothing to close (take the bracket away)
            1:15: there is nothing to close (take the bracket away)
            1:17: there is nothing to close (take the bracket away)
            1:19: there is nothing to close (take the bracket away)
            1:21: there is nothing to close (take the bracket away)
            1:23: there is nothing to close (take the bracket away)
            1:25: there is nothing to close (take the bracket away)
            1:27: there is nothing to close (take the bracket away)
            1:29: there is nothing to close (take the bracket away)
            1:31: there is nothing to close (take the bracket away)
            something is missing
        "]],
    );
    check(
        Json,
        "{\"a\": \"b\\\nc\", d: ??? e, \"f\": 'g}\n}",
        &expect![[r#"
        {"a": "bc", "d": ?, "f": ?}
        2:8: unexpected token (check the syntax there)
        2:12: unexpected token (check the syntax there)
        2:13: the key before the comma has no value (give it one)
        2:20: unterminated string literal (check the quotation marks and escapes there)
        something is missing
    "#]],
    );
    check(
        Json,
        "[1 /* ",
        &expect![[r"
            [1]
            1:4: unterminated comment block (close the comment with `*/`)
            1:7: it ends before all brackets are closed (close each bracket by its like)
            something is missing
        "]],
    );
}

/// How to get from the first tree to what is asked: keys, separated by dots.
#[track_caller]
fn check_get(text: &str, path: &str, expected: Option<Kind<'_>>) {
    let read = read(Yaml, text);
    let root = read.document.root().expect("a tree");
    let found = path.split('.').try_fold(root, routeward_formats::Node::get);
    assert_eq!(found.map(Node::kind), expected, "{path} of\n{text}");
}

#[test]
fn keys_are_found_through_aliases_and_merges() {
    let text = "
base: &base {a: 1, b: 2}
more: &more {b: 3, c: 4}
one: {<<: *base, b: 5}
two: {a: 6, <<: [*base, *more]}
three: &three
  <<: [*more, {d: 7}]
  e: *base
four: {<<: *three, '<<': 8}
five: {<<: 1, a: 9, a: 10}
";
    check_get(text, "one.a", Some(Kind::Number(1.0)));
    check_get(text, "one.b", Some(Kind::Number(5.0)));
    check_get(text, "two.a", Some(Kind::Number(6.0)));
    check_get(text, "two.b", Some(Kind::Number(2.0)));
    check_get(text, "two.c", Some(Kind::Number(4.0)));
    check_get(text, "three.d", Some(Kind::Number(7.0)));
    check_get(text, "three.e.b", Some(Kind::Number(2.0)));
    check_get(text, "four.c", Some(Kind::Number(4.0)));
    check_get(text, "four.<<", Some(Kind::Number(8.0)));
    check_get(text, "five.a", Some(Kind::Number(10.0)));
    check_get(text, "five.b", None);
    check_get(text, "one.a.b", None);
    let read = read(Yaml, text);
    let keys = |name| {
        let map = read.document.root().and_then(|root| root.get(name)).expect("a map");
        map.entries().iter().filter_map(|(key, _)| key.scalar()).collect::<Vec<_>>()
    };
    assert_eq!(keys("two"), ["a", "b", "c"]);
    assert_eq!(keys("four"), ["<<", "e", "b", "c", "d"]);
    assert_eq!(keys("five"), ["a"]);
}

#[test]
fn pointers_lead_through_keys_and_elements() {
    let text = r#"{"paths": {"/a/{b}": [{"~x": 1}]}, "": {"": 2}}"#;
    let read = read(Json, text);
    let root = read.document.root().expect("a tree");
    let at = |pointer: &str| root.at(pointer).map(|node| node.span().of(text));
    assert_eq!(at("/paths/~1a~1{b}/0/~0x"), Some("1"));
    assert_eq!(at("//"), Some("2"));
    assert_eq!(at(""), Some(text));
    assert_eq!(at("/paths/x"), None);
    assert_eq!(at("paths"), None);
    assert_eq!(at("/paths/~1a~1{b}/1"), None);
}

/// Each anchor stands for ten of the one before: written out it would be ten to the power of forty.
#[test]
fn a_tree_is_as_large_as_its_text() {
    let mut text = "a0: &a0 {k: v}\n".to_owned();
    for i in 1..=40 {
        let before = format!("*a{}, ", i - 1).repeat(10);
        let _ = writeln!(text, "a{i}: &a{i} [{before}]\nm{i}: &m{i} {{<<: [*a0, *m{}]}}", (i - 1).max(1));
    }
    let read = read(Yaml, &text);
    assert!(read.document.len() < text.len());
    let root = read.document.root().expect("a tree");
    let mut node = root.get("a40").expect("the last");
    for _ in 0..39 {
        node = node.items().next().expect("an element");
    }
    assert!(node.items().next().is_some_and(Node::is_map));
    assert!(root.get("m40").is_some_and(|map| map.get("k").is_some()));
}

#[test]
fn a_document_becomes_a_module_that_exports_it() {
    let check = |text: &str, expected: Expect| {
        expected.assert_eq(&routeward_ir::print(&lower(&read(Yaml, text).document, text)));
    };
    check(
        "a: &a {k: 1}\nb: [*a, !Ref x, null, true]\nc: &c\n  <<: [*a, {l: 2}]\n  d: *a\ne: *c\n200: ok\n",
        expect![[r#"
            let #0 = {k: 1}
            let #1 = {...{l: 2}, ...#0, d: #0}
            (exports = {a: #0, b: [#0, {!Ref: "x"}, null, true], c: #1, e: #1, 200: "ok"})
        "#]],
    );
    check(
        "a: [1\n",
        expect![[r"
        (exports = unknown:unreadable())
    "]],
    );
    let text = "a: 1 # routeward: public because\n# other\n";
    let module = lower(&read(Yaml, text).document, text);
    assert_eq!(
        module.comments.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
        ["routeward: public because"]
    );
}

#[test]
fn formats_by_ending() {
    assert_eq!(Format::of("a/openapi.YML"), Some(Yaml));
    assert_eq!(Format::of("tsconfig.jsonc"), Some(Json));
    assert_eq!(Format::of("a.yaml/b"), None);
}

#[test]
fn names_say_how_a_file_is_written() {
    let check = |path: &str, format: Option<Format>| assert_eq!(Format::of(path), format, "{path}");
    for path in ["a/Dockerfile", "Dockerfile.web", "web.Dockerfile", "Containerfile", ".gitpod.dockerfile"] {
        check(path, Some(Dockerfile));
    }
    for path in [".env", "a/.env.production", "web.env", ".envrc"] {
        check(path, Some(Dotenv));
    }
    for path in ["a.env.js", ".env.ts", "Dockerfile.md", "src/dockerfile.py", "a.conf", "env", "Makefile"] {
        check(path, None);
    }
    for (path, format) in [
        ("pom.xml", Xml),
        ("Web.config", Xml),
        ("a.CFG", Ini),
        ("a.toml", Toml),
        ("a.properties", Properties),
    ] {
        check(path, Some(format));
    }
    let by_content = |path: &str, text: &str| Format::of_content(path, text);
    assert_eq!(by_content("a.conf", "# x\n[main]\na = b\n[c]\n"), Some(Ini));
    assert_eq!(by_content("a.conf", "server {\n  listen 80;\n}\n"), None);
    assert_eq!(by_content("a.config", "[main]\na = b\n"), Some(Ini));
    assert_eq!(by_content("a.config", "module.exports = {}\n"), None);
    assert_eq!(by_content("a.config", " <a/>"), Some(Xml));
}

#[test]
fn toml() {
    check(
        Toml,
        "a = 'b'\nc.d = 1\nc.\"e f\" = [1.5, {g = true, h.i = \"\\t\"}]\n[j.k]\nl = 2020-01-02\n[[m]]\nn = \"\"\"x\ny\"\"\"\n[[m]]\n[j.o]\n",
        &expect![[r#"
            {"a": "b", "c": {"d": 1}, "c": {"e f": [1.5, {"g": true, "h": {"i": "\t"}}]}, "j": {"k": {"l": "2020-01-02"}}, "m": [{"n": "x\ny"}], "m": [{}], "j": {"o": {}}}
        "#]],
    );
    check(
        Toml,
        "a = \nb = 1\nc 2\n[d\ne = [1, 2\n",
        &expect![[r#"
        {"a": "", "b": 1, "c": ?, "d": {"e": ?}}
        1:5: string values must be quoted (check the syntax there)
        3:3: key with no value (check the syntax there)
        4:3: unclosed table (check the syntax there)
        something is missing
    "#]],
    );
    check_places(
        Toml,
        "[a.b]\nc.d = \"e\"\n",
        &expect![[r#"
        "[a.b]\nc.d = \"e\""
        "a"
        "b]\nc.d = \"e\""
        "b"
        "\nc.d = \"e\""
        "c"
        "d = \"e\""
        "d"
        "\"e\""
    "#]],
    );
}

#[test]
fn properties() {
    check(
        Properties,
        "# head\n! too\na = b c \nd.e: f\ng h\ni=\\\n  j \\\n  k\nl\\ m\\=n=\\u00fc\\t\no\na=2\n",
        &expect![[r#"
            {"a": "b c ", "d.e": "f", "g": "h", "i": "j k", "l m=n": "ü\t", "o": null, "a": 2}
            11:1: `a` stands twice in one map, and the later one counts (keep one of them)
        "#]],
    );
    check_places(
        Properties,
        "a = b \\\n  c\n",
        &expect![[r#"
        "a = b \\\n  c"
        "a"
        "b \\\n  c"
    "#]],
    );
}

#[test]
fn dotenv() {
    check(
        Dotenv,
        "# head\nA=b # c\nexport D=\"e\\n#\" # f\nG='h\\n'\nI: j#k\nL\nM=\nN=\"two\nlines\"\nO=${P:-q}\nR=8080\n",
        &expect![[r#"
            {"A": "b", "D": "e\n#", "G": "h\\n", "I": "j#k", "L": ?, "M": null, "N": "two\nlines", "O": "${P:-q}", "R": 8080}
        "#]],
    );
    check(
        Dotenv,
        "A=\"b\nwhat is this\nC='d'\n",
        &expect![[r#"
        {"A": "\"b", "C": "d"}
        1:3: the quotation mark is not closed (close it)
        2:1: the line assigns nothing (write `NAME=value`, or `#` in front of a remark)
        something is missing
    "#]],
    );
    check_places(
        Dotenv,
        "A=b # c\nD=\"e\"\n",
        &expect![[r#"
        "A=b # c\nD=\"e\""
        "A"
        "b"
        "D"
        "\"e\""
    "#]],
    );
}

#[test]
fn ini() {
    check(
        Ini,
        "; head\na = 1\n[b]\nc: d ; e\nf = g\n  h\ni\nj = \"k\"\n[l \"m\"]\n\tn = o\n\tp = q#r\n[b]\ns =\n",
        &expect![[r#"
            {"a": 1, "b": {"c": "d", "f": "g\nh", "i": ?, "j": "k"}, "l \"m\"": {"n": "o", "p": "q#r"}, "b": {"s": null}}
        "#]],
    );
    check(
        Ini,
        "[a\nb = c\n",
        &expect![[r#"
        {"a": {"b": "c"}}
        1:1: the bracket is not closed (close it with `]`)
        something is missing
    "#]],
    );
}

#[test]
fn xml() {
    check(
        Xml,
        "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY x \"y\">]>\n<a b=\"c &amp; d\">\n <e>1</e><e>&#x41;&x;</e><f/><g>h<i j='k'/> l</g><![CDATA[<m>]]></a>\n",
        &expect![[r##"
            {"a": {"@b": "c & d", "e": 1, "e": "A&x;", "f": null, "g": {"#text": "h", "i": {"@j": "k"}, "#text": "l"}, "#text": "<m>"}}
        "##]],
    );
    check(
        Xml,
        "<a><b>c</a><d",
        &expect![[r#"
        {"a": {"b": "c"}, "d": null}
        1:8: `</a>` closes another element (close each by its like)
        1:13: the tag is not closed (close it with `>`)
        1:14: it ends before all elements are closed (close each by its like)
        something is missing
    "#]],
    );
    check_places(
        Xml,
        "<a b='c'><d>e</d></a>",
        &expect![[r#"
        "<a b='c'><d>e"
        "a"
        "b='c'><d>e"
        "b"
        "c"
        "d"
        "e"
    "#]],
    );
}

#[test]
fn dockerfile() {
    check(
        Dockerfile,
        "ARG V=1\nFROM a:$V AS b\nENV C=d \\\n  # remark\n  E=\"f g\" H=i\\ j\nENV k l m\nARG N\nrun a \\\n  b\nRUN <<EOF\nx\nEOF\nCOPY --from=b /x /y\n",
        &expect![[r#"
            [{"ARG": {"V": 1}}, {"FROM": "a:$V AS b"}, {"ENV": {"C": "d", "E": "f g", "H": "i j"}}, {"ENV": {"k": "l m"}}, {"ARG": {"N": ?}}, {"RUN": "a   b"}, {"RUN": "<<EOF\nx\nEOF"}, {"COPY": "--from=b /x /y"}]
        "#]],
    );
    check(
        Dockerfile,
        "FROM a\n$!\nENV\n",
        &expect![[r#"
        [{"FROM": "a"}, {"ENV": {}}]
        2:1: the line begins with no instruction (begin it with one)
        something is missing
    "#]],
    );
    check_places(
        Dockerfile,
        "ENV A=b C='d'\nRUN e\n",
        &expect![[r#"
        "ENV A=b C='d'\nRUN e"
        "ENV A=b C='d'"
        "ENV"
        "A=b C='d'"
        "A"
        "b"
        "C"
        "'d'"
        "RUN e"
        "RUN"
        "e"
    "#]],
    );
}

#[test]
fn all_entries_of_a_key() {
    let text = "[a.b]\nc = 1\n[[a.d]]\nc = 2\n[[a.d]]\nc = 3\n";
    let read = read(Toml, text);
    let root = read.document.root().expect("there is one");
    let each = |path: &[&str]| root.each(path).iter().filter_map(|node| node.number()).collect::<Vec<_>>();
    assert_eq!(each(&["a", "b", "c"]), [1.0]);
    assert_eq!(each(&["a", "d", "c"]), [2.0, 3.0]);
    assert_eq!(each(&["a", "e"]), [] as [f64; 0]);
}
