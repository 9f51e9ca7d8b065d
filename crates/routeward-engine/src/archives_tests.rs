//! What is found in archives, and what hostile ones cost. Tokens are made up here, from the templates of their rows.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use routeward_catalog::Catalog;
use routeward_secrets::{Random, sample};
use zip::write::SimpleFileOptions;

use super::*;

fn text() -> String {
    let row = Catalog::tokens().row("slack-bot-token").expect("the format is known");
    format!("send(\"{}\")\n", sample(row, &mut Random(5)).expect("it has an example"))
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in entries {
        archive.start_file(*name, options).expect("it can be written");
        archive.write_all(bytes).expect("it can be written");
    }
    archive.finish().expect("it can be written").into_inner()
}

fn tar(entries: &[(&str, &[u8])], link: Option<&str>) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().expect("it is one").name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, *bytes).expect("it can be written");
    }
    if let Some(link) = link {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        archive.append_link(&mut header, link, "/etc/passwd").expect("it can be written");
    }
    archive.into_inner().expect("it can be written")
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("it can be written");
    encoder.finish().expect("it can be written")
}

/// The texts with tokens, and what is said of the archive.
fn found(path: &str, bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let matcher = Matcher::new(Catalog::tokens()).expect("the catalogue is right");
    let opened = open(path, bytes, &matcher);
    let texts = opened.texts.into_iter().map(|text| text.path).collect();
    (
        texts,
        opened.problems.into_iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect(),
    )
}

#[test]
fn texts_are_found_in_every_archive_and_one_in_another() {
    let text = text();
    let entries: [(&str, &[u8]); 2] = [("a/b.yml", text.as_bytes()), ("a/c.png", text.as_bytes())];
    let none = Vec::<String>::new;
    assert_eq!(found("x.jar", &zip(&entries)), (vec!["x.jar!a/b.yml".to_owned()], none()));
    assert_eq!(found("x.tar", &tar(&entries, None)), (vec!["x.tar!a/b.yml".to_owned()], none()));
    assert_eq!(found("x.tgz", &gz(&tar(&entries, None))), (vec!["x.tgz!a/b.yml".to_owned()], none()));
    let outer = zip(&[("in/y.tar.gz", &gz(&tar(&entries, None)))]);
    assert_eq!(found("x.zip", &outer), (vec!["x.zip!in/y.tar.gz!a/b.yml".to_owned()], none()));
}

#[test]
fn what_leads_outside_is_left_out_and_said() {
    let text = text();
    let entries: [(&str, &[u8]); 3] =
        [("../a.yml", text.as_bytes()), ("/b.yml", text.as_bytes()), ("c.yml", text.as_bytes())];
    let said = |name: &str, what: &str| format!("{name}: holds {what}");
    let names = "entries whose names lead outside of it, which were left out";
    assert_eq!(found("x.zip", &zip(&entries)), (vec!["x.zip!c.yml".to_owned()], vec![said("x.zip", names)]));
    let links = "links and the like, which were not followed";
    let expected = (vec!["x.tar!c.yml".to_owned()], vec![said("x.tar", names), said("x.tar", links)]);
    assert_eq!(found("x.tar", &tar(&entries, Some("l"))), expected);
}

#[test]
fn what_grows_too_large_is_given_up_and_said() {
    let zeros = vec![b'0'; 6 << 20];
    let bomb = zip(&[("a.txt", &zeros), ("b.txt", &zeros), ("c.txt", &zeros)]);
    let (texts, said) = found("x.zip", &bomb);
    assert_eq!(
        (texts.len(), said),
        (0, vec!["x.zip: was looked through in part: unpacked it is larger than its limit".to_owned()])
    );
    let mut nested = zip(&[("a.yml", text().as_bytes())]);
    for _ in 0..4 {
        nested = zip(&[("a.zip", &nested)]);
    }
    let (texts, said) = found("x.zip", &nested);
    assert_eq!((texts.len(), said.len()), (0, 1), "{said:?}");
}

#[test]
fn any_bytes_give_an_answer() {
    let whole = zip(&[("a.yml", text().as_bytes())]);
    for length in 0..whole.len() {
        found("x.zip", &whole[..length]);
        found("x.tar", &whole[..length]);
        found("x.tgz", &whole[..length]);
    }
    let whole = gz(&tar(&[("a.yml", text().as_bytes())], Some("l")));
    for length in 0..whole.len() {
        found("x.tgz", &whole[..length]);
    }
}
