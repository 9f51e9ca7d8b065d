//! What is found in encoded text. Tokens are made up here, from the templates of their rows.

use routeward_catalog::Catalog;

use super::*;
use crate::{Random, sample};

fn encode_base64(text: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for group in text.as_bytes().chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            encoded.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    encoded
}

fn encode_hex(text: &str) -> String {
    let digits = text.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

fn encode_percent(text: &str) -> String {
    let hex = |char: char| format!("%{}", encode_hex(&char.to_string()));
    text.chars()
        .flat_map(|char| if char.is_ascii_alphanumeric() { vec![char] } else { hex(char).chars().collect() })
        .collect()
}

fn token() -> String {
    let row = Catalog::tokens().row("slack-bot-token").expect("the format is known");
    sample(row, &mut Random(5)).expect("it has an example")
}

/// The formats that are found in a text, how they are written, and what stands there.
fn found(text: &str) -> Vec<(String, Option<Coding>, String)> {
    let matcher = Matcher::new(Catalog::tokens()).expect("the catalogue is right");
    let hits = matcher.find("a.txt", text);
    hits.iter()
        .map(|hit| (matcher.rows()[hit.row].id.clone(), hit.coding, hit.secret.of(text).to_owned()))
        .collect()
}

#[test]
fn a_token_is_found_however_it_is_written_and_stands_where_its_run_does() {
    let check = |encoded: &str, coding: Coding| {
        let run = encoded.trim_end_matches('=');
        let expected = [("slack-bot-token".to_owned(), Some(coding), run.to_owned())];
        assert_eq!(found(&format!("data:\n  token: {encoded}\n")), expected);
    };
    for before in ["", "a", "ab"] {
        let text = format!("{before} {}", token());
        check(&encode_base64(&text), Coding::Base64);
        check(&encode_hex(&text), Coding::Hex);
        check(&encode_percent(&text), Coding::Percent);
        // Once more, and no more.
        check(&encode_base64(&encode_base64(&text)), Coding::Base64);
        check(&encode_base64(&encode_hex(&text)), Coding::Base64);
        assert_eq!(found(&encode_base64(&encode_base64(&encode_base64(&text)))), []);
    }
}

#[test]
fn what_is_found_as_it_is_written_stays_where_it_stands() {
    let text = format!("https://acme.io/?a=%20b&token={}%20", token());
    assert_eq!(found(&text), [("slack-bot-token".to_owned(), None, token())]);
}

#[test]
fn what_is_made_up_or_sent_to_the_own_machine_is_so_in_every_writing() {
    assert_eq!(
        found(&encode_base64("token = \"xoxb-1111111111-1111111111111-aaaaaaaaaaaaaaaaaaaaaaaa\"")),
        []
    );
    let matcher = Matcher::new(Catalog::tokens()).expect("the catalogue is right");
    let text = encode_base64("postgres://app:Ohw3-aezu7@localhost/app");
    let hits = matcher.find("a.txt", &text);
    assert!(hits.len() == 1 && hits[0].doubt.is_some(), "{hits:?}");
}

#[test]
fn what_is_too_much_to_decode_is_said() {
    let matcher = Matcher::new(Catalog::tokens()).expect("the catalogue is right");
    let word = encode_base64("nothing but words in here");
    let check = |count: usize| matcher.find_within_limits("a.txt", &format!("{word} ").repeat(count)).1;
    assert_eq!([check(1), check(1000), check(50_000)], [false, false, true]);
}

#[test]
fn any_run_gives_an_answer() {
    for text in [
        "%".repeat(100),
        "%4".repeat(40),
        "A".repeat(4_000_001),
        "%41".repeat(100_000),
        encode_hex("é").repeat(30),
    ] {
        assert_eq!(found(&text), []);
    }
}
