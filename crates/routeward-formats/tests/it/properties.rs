//! What holds for every text, also for those that are cut or spoilt.

use routeward_base::Span;
use routeward_formats::{Format, Kind, Node, lower, read};
use routeward_ir::Lowered;

const YAML: &[&str] = &[
    r#"openapi: 3.0.3 # version
info: {title: "Ünïcode \u00fc", version: '1'}
x-base: &base
  security: [{key: []}, {}]
  responses:
    200: &ok
      description: >-
        folded
        text
    "default": *ok
paths:
  /a/{id}:
    get:
      <<: *base
      operationId: app.views.get
      parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
      - $ref: '#/components/parameters/q'
    ? post
    : operationId: |
        block
      tags: !Tag
        - a
        -
        - - b
"#,
    "%YAML 1.2\n---\n!Ref a\n...\n# between\n---\n- &x [1, .5, 0x1F, ~]\n- *x\n- {a, b: , ? c}\n- [k: v, 'it''s']\n---\n",
    "a: \"x\n  y\\\n  z\"\nb: 'q\n\n  r'\nc: plain\n  goes on\nd: |+\n  keep\n\ne: >2\n    more\n",
    "Resources:\r\n  F:\r\n    Type: AWS::Serverless::Function\r\n    Properties:\r\n      Url: !Sub 'https://${Api}.x'\r\n\t\r\n",
];
const JSON: &[&str] = &[
    r#"{
  "swagger": "2.0", // comment
  "paths": {
    "/a/{id}": {
      "get": {"security": [], "n": [-1.5e+3, 0, true, false, null, "\ud83d\ude00 \" \\ ü"]},
      /* more
         of it */
      "post": {"x": {"y": [[], {}, [{}]]}},
    }
  },
  bare: 'single',
  "last": +0x1F
}
"#,
    "[1,[2,[3,{\"a\":{\"b\":[\"c\"]}}]]]",
];

/// Every span lies in the text and in its parent's, siblings follow each other, and no key or value is lost.
fn hold(format: Format, text: &str) {
    let read = read(format, text);
    for span in read.document.comments().iter().copied().chain(read.faults.iter().map(|fault| fault.span)) {
        assert!(fits(span, text), "{span:?} of {text:?}");
    }
    let mut before = 0;
    for root in read.document.roots() {
        before = inside(root, before, text.len() as u32, text);
    }
    for root in read.document.roots() {
        let _ = format!("{root:?}");
    }
    let lowered = Lowered { module: lower(&read.document, text), errors: Vec::new() };
    assert_eq!(lowered.fault(text), None, "{text:?}");
}

/// Checks a node that begins at `from` at the soonest and ends at `to` at the latest; gives its end.
fn inside(node: Node<'_>, from: u32, to: u32, text: &str) -> u32 {
    let span = node.span();
    assert!(
        fits(span, text) && from <= span.start && span.end() <= to,
        "{span:?} in {from}..{to} of {text:?}"
    );
    if node.target() != node {
        return span.end();
    }
    let mut at = span.start;
    for (key, value) in node.written() {
        at = inside(key, at, span.end(), text);
        at = inside(value, at, span.end(), text);
    }
    for item in node.items() {
        at = inside(item, at, span.end(), text);
    }
    if let Kind::Text(said) = node.kind()
        && !said.trim().is_empty()
    {
        assert!(!span.of(text).is_empty(), "{said:?} has no place in {text:?}");
    }
    for (key, _) in node.entries() {
        assert!(key.scalar().is_none_or(|key| node.get(key).is_some()));
    }
    span.end()
}

fn fits(span: Span, text: &str) -> bool {
    text.get(span.start as usize..span.end() as usize).is_some()
}

fn documents() -> impl Iterator<Item = (Format, &'static str)> {
    let yaml = YAML.iter().chain(JSON).map(|text| (Format::Yaml, *text));
    let json = JSON.iter().chain(YAML).map(|text| (Format::Json, *text));
    yaml.chain(json)
}

#[test]
fn every_prefix() {
    for (format, text) in documents() {
        for (end, _) in text.char_indices() {
            hold(format, &text[..end]);
        }
        hold(format, text);
    }
}

#[test]
fn every_line_left_out() {
    for (format, text) in documents() {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for left_out in 0..lines.len() {
            let rest: String =
                lines.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, line)| *line).collect();
            hold(format, &rest);
        }
    }
}

#[test]
fn every_character_changed() {
    for (format, text) in documents() {
        for (at, c) in text.char_indices() {
            for other in ["{", "]", "\"", ":", "\n", "\t", "&a ", "*a", "ü", "\u{feff}", "\0"] {
                hold(format, &format!("{}{other}{}", &text[..at], &text[at + c.len_utf8()..]));
            }
        }
    }
}
