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
const TOML: &[&str] = &[
    "# head\ntitle = \"t\\u00fc\" # c\na.b.c = 1\n'q r'.\"s\" = [1, [2.5, {x = 1, y.z = '''l'''}],\n  true] # d\n[table]\nk = 1979-05-27T07:32:00Z\nm = \"\"\"\nlines\\\n  on\"\"\"\n[table.sub.\"x y\"]\nk = {}\n[[list]]\nn = 1\n[[list]]\nn = 2\n[list.sub]\np = +inf\n",
    "[a\nb = \n c = ]\n[[d]\ne = {f = [1, {g = 2], h}\n= 3\n[]\ni.j. = 4\nk l = 5\nm = 6 7\nn = {o = {p = 1} q = 2}\n",
];
const PROPERTIES: &[&str] = &[
    "# head\n! too\na=b\n  c.d : e f \ng h\ni=\\\n   j\\\n  k\nl\\ m\\:=n\\u00fc\\t\\q\no\n=\np = q\\\\\r\na: again\n\\",
];
const DOTENV: &[&str] = &[
    "# head\nA=b\nexport C = \"d\\n\\\"e\" # f\nG='h # i'\nJ=k # l\nM: n\nO\nP=\nQ=`r\n s`\nT=\"two\nlines\"\nU=${V:-w}\nno assignment\nX=\"open\nY=1\nüz=2\n",
];
const INI: &[&str] = &[
    "; head\ntop = 1\n[one]\na = b ; c\nd: e\n  more # x\n\n  and more\nf = \"g\"\n[two \"sub\"]\n\th = i\n\tj\n[open\nk = '\nl==m\n[one]\nn=ü\n",
];
const XML: &[&str] = &[
    "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b \"c>\">]>\n<a x=\"1 &lt; 2\" y='ü' z=3 w>\n text &amp; &#252;&#xfc;&no;& more\n <b>c</b><!-- d > --><e/><f g='h'/>\n <i>j<k/>l</i><![CDATA[ <m> ]]>tail</a>\n",
    "<a><b c=\"d<e></f></b><g h=><i j='k' < >text</a>after<l",
];
const DOCKERFILE: &[&str] = &[
    "# escape=\\\nFROM a:1 AS b\nARG X\nARG Y=z W=\"q r\"\nENV A=b \\\n  # remark\n  C='d e' F=g\\ h\nENV I j k l\nRUN a \\\n  && b \\\n\n  c\nRUN <<EOF\nx << 2\nEOF\nCOPY --from=b <<'U' <<V /z/\nu\nU\nv\nV\nonbuild run x\nLABEL ü=\"open\n$$\nENV =x\nCMD\nENV\n",
    "RUN a <<B\nRUN c <<D\\\nENV x=\\",
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
        // The key of a text in XML is written nowhere.
        && said != "#text"
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

/// Each text in its format and in the next two, which meet what they do not know.
fn documents() -> impl Iterator<Item = (Format, &'static str)> {
    const ALL: [(Format, &[&str]); 8] = [
        (Format::Yaml, YAML),
        (Format::Json, JSON),
        (Format::Toml, TOML),
        (Format::Properties, PROPERTIES),
        (Format::Dotenv, DOTENV),
        (Format::Ini, INI),
        (Format::Xml, XML),
        (Format::Dockerfile, DOCKERFILE),
    ];
    (0..ALL.len()).flat_map(|at| {
        let next = (0..3).map(move |step| ALL[(at + ALL.len() - step) % ALL.len()].1);
        next.flatten().map(move |text| (ALL[at].0, *text))
    })
}

#[test]
fn any_marks_in_any_order() {
    const MARKS: [&str; 32] = [
        "a", "B=", "=", ": ", ":", "\n", "\r\n", " ", "\t", "\"", "'", "`", "\\", "\\\n", "#", ";", "[", "]",
        "[[", "{", "}", ",", ".", "<", "</", "/>", ">", "&", "<<E", "\nE\n", "ENV ", "ü",
    ];
    const FORMATS: [Format; 8] = [
        Format::Yaml,
        Format::Json,
        Format::Toml,
        Format::Properties,
        Format::Dotenv,
        Format::Ini,
        Format::Xml,
        Format::Dockerfile,
    ];
    let mut state = 7_u64;
    let mut next = || {
        // The multiplier of Knuth's MMIX.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..3000 {
        let text: String = (0..next() % 40).map(|_| MARKS[next() % MARKS.len()]).collect();
        for format in FORMATS {
            hold(format, &text);
        }
    }
}

/// What is opened again and again is read in time, and no tree is deeper than it may be.
#[test]
fn marks_without_end() {
    let cases = [
        (Format::Toml, "a=["),
        (Format::Toml, "["),
        (Format::Toml, "a."),
        (Format::Toml, "{a="),
        (Format::Toml, "[a.b.c]\n"),
        (Format::Properties, "\\\n"),
        (Format::Properties, "a\\"),
        (Format::Dotenv, "A='\n"),
        (Format::Dotenv, "A=\"\\\""),
        (Format::Ini, "[a\n"),
        (Format::Ini, "a=b\n "),
        (Format::Xml, "<a>"),
        (Format::Xml, "<a b='"),
        (Format::Xml, "&"),
        (Format::Xml, "<!["),
        (Format::Xml, "<a>x</b>"),
        (Format::Dockerfile, "RUN <<A\n"),
        (Format::Dockerfile, "ENV \"\n"),
        (Format::Dockerfile, "A \\\n"),
    ];
    for (format, text) in cases {
        for times in [200, 40_000] {
            hold(format, &text.repeat(times));
            hold(format, &format!("a=<a x=\"{}", text.repeat(times)));
        }
    }
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
