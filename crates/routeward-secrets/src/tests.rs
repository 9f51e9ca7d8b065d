//! Every format is found where its examples stand, and its counterexamples are not taken for it. Examples are
//! templates, filled here: no token is written down anywhere.

use std::fmt::Write as _;

use routeward_base::{FileId, Idx};
use routeward_catalog::{Catalog, TokenRow, Tokens};

use crate::sample::{Random, fill};
use crate::{Looked, Matcher, gather};

fn tokens() -> &'static Tokens {
    Catalog::tokens()
}

fn matcher() -> Matcher<'static> {
    Matcher::new(tokens()).expect("the catalogue is right")
}

/// How often the row is found in fillings of a template.
fn finds(matcher: &Matcher<'_>, row: usize, template: &str, random: &mut Random, times: usize) -> usize {
    (0..times).filter(|_| matcher.finds(row, &fill(template, random))).count()
}

#[test]
fn formats_find_their_examples_and_nothing_else() {
    let (matcher, mut random, mut wrong) = (matcher(), Random(1), String::new());
    for (at, row) in tokens().rows.iter().enumerate() {
        for example in &row.examples {
            // A random filling may once in a while have too little entropy, or a word in it.
            let found = finds(&matcher, at, example, &mut random, 20);
            if found < 17 {
                let _ = writeln!(wrong, "{}: {found} of 20 of `{example}` are found", row.id);
            }
        }
        for counterexample in &row.counterexamples {
            if finds(&matcher, at, counterexample, &mut random, 4) > 0 {
                let _ = writeln!(wrong, "{}: `{counterexample}` is found", row.id);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_pattern_of_a_row_is_right() {
    let rows = tokens().rows.iter();
    for row in rows {
        for pattern in row.published.iter().chain(&row.unlikely) {
            if let Err(error) = crate::pattern::compile(pattern) {
                panic!("{}: {error}", row.id);
            }
        }
        if let Err(error) = crate::shape::Shape::new(row) {
            panic!("{}: {error}", row.id);
        }
    }
}

#[test]
fn one_pass_finds_each_token_wherever_it_stands() {
    let (matcher, mut random) = (matcher(), Random(7));
    let mut text = "lorem ipsum\n".repeat(1000);
    let mut expected = 0;
    for row in tokens().rows.iter().filter(|row| row.alone && row.requires.is_none()) {
        let _ = write!(text, "{}\n{}", fill(&row.examples[0], &mut random), "dolor sit\n".repeat(300));
        expected += 1;
    }
    let hits = matcher.find("", &text);
    assert!(hits.len() * 100 >= expected * 98, "{} of {expected}", hits.len());
    assert!(hits.windows(2).all(|pair| pair[0].secret.end() <= pair[1].secret.start));
}

/// A value is joined over all its places; that they stand on one long line costs nothing.
#[test]
fn a_value_on_many_places_is_one_secret() {
    let matcher = matcher();
    let row = tokens().row("slack-bot-token").expect("the format is known");
    let token = fill(&row.examples[0], &mut Random(3));
    let text = format!("{token} ").repeat(20_000);
    let hits = matcher.find("", &text);
    let looked = Looked {
        file: FileId::new(0),
        text: &text,
        doubt: None,
        own_doubt: None,
        named_doubt: None,
        hits: &hits,
    };
    let secrets = gather(&matcher, [looked]);
    let shown: Vec<_> = secrets.iter().map(|it| (it.row.id.as_str(), it.sites.len(), it.doubt)).collect();
    assert_eq!(shown, [("slack-bot-token", 20_000, None)]);
    assert_eq!(secrets[0].digest, crate::digest(&token, "provider-token"));
    assert!(!secrets[0].masked.contains(&token[3..token.len() - 3]));
}

#[test]
fn any_text_gives_an_answer() {
    let (matcher, mut random) = (matcher(), Random(1));
    for size in [0, 1, 7, 64, 4096] {
        let bytes: Vec<u8> = (0..size).map(|_| random.number() as u8).collect();
        matcher.find("", &String::from_utf8_lossy(&bytes));
    }
    // A word on every place: windows are merged, not collected.
    let words: String = tokens().rows.iter().flat_map(TokenRow::words).cloned().collect();
    matcher.find("", &words.repeat(20));
    // Values and names with characters of several bytes are taken whole.
    let text = "password = \"é7Ünïcödé-%é1\"\nsecret_key='ключ-1-ключ-2'\n".repeat(3);
    for hit in matcher.find("", &text) {
        assert!(!hit.secret.of(&text).is_empty());
    }
}
