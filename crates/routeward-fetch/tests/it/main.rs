//! What comes over a connection, and what does not.

mod server;

use std::time::{Duration, Instant};

use routeward_fetch::{Address, FetchError, Fetched, Limits, fetch};

use server::{Answer, Server};

const LIMITS: Limits = Limits { bytes: 1000, time: Duration::from_secs(20) };

/// What came, in words, and the bytes that were written.
fn check(answer: fn() -> Answer, etag: Option<&str>, limits: Limits, expected: &str, bytes: &[u8]) {
    let server = Server::new(move |_| answer());
    let address = Address::new(&server.address).expect("this machine").below("file");
    let mut out = Vec::new();
    let said = match fetch(&address, etag, limits, &mut out) {
        Ok(Fetched::Unchanged) => "unchanged".to_owned(),
        Ok(Fetched::New { etag }) => format!("new, {}", etag.unwrap_or_default()),
        Err(FetchError::Connection(_)) => "connection".to_owned(),
        Err(error) => error.to_string(),
    };
    assert_eq!((said.as_str(), out.as_slice()), (expected, bytes));
    assert_eq!(server.asked().first().and_then(|asked| asked.etag.as_deref()), etag);
}

#[test]
fn a_file_is_taken_whole_or_not_at_all() {
    let new = || Answer::file("\"a1\"", b"all of it");
    check(new, None, LIMITS, "new, \"a1\"", b"all of it");
    check(new, Some("\"a0\""), LIMITS, "new, \"a1\"", b"all of it");
    check(|| Answer::new("304 Not Modified", &[], b""), Some("\"a1\""), LIMITS, "unchanged", b"");
    // Who has no file cannot be told that it did not change.
    check(|| Answer::new("304 Not Modified", &[], b""), None, LIMITS, "the server answers with 304", b"");
    let missing = || Answer::new("404 Not Found", &["Content-Length: 4"], b"none");
    check(missing, None, LIMITS, "the server answers with 404", b"");
    // Where no length is told the end of the connection is the end.
    check(|| Answer::new("200 OK", &[], b"all of it"), None, LIMITS, "new, ", b"all of it");
    let half = || Answer::new("200 OK", &["Content-Length: 20"], b"half of it");
    check(half, None, LIMITS, "only 10 of 20 bytes came", b"half of it");
    let chunked =
        || Answer::new("200 OK", &["Transfer-Encoding: chunked"], b"8\r\nhalf of \r\n2\r\nit\r\n0\r\n\r\n");
    check(chunked, None, LIMITS, "new, ", b"half of it");
    let half = || Answer::new("200 OK", &["Transfer-Encoding: chunked"], b"8\r\nhalf of \r\n2\r\ni");
    let server = Server::new(move |_| half());
    let address = Address::new(&server.address).expect("this machine");
    assert!(fetch(&address, None, LIMITS, &mut Vec::new()).is_err());
    check(|| Answer::new("nonsense", &[], b""), None, LIMITS, "connection", b"");
}

#[test]
fn no_more_is_taken_than_allowed() {
    let small = Limits { bytes: 4, ..LIMITS };
    check(|| Answer::file("x", b"12345"), None, small, "it is larger than the limit of 4 bytes", b"");
    let untold = || Answer::new("200 OK", &[], &vec![b'x'; 100_000]);
    let server = Server::new(move |_| untold());
    let address = Address::new(&server.address).expect("this machine");
    let error = fetch(&address, None, LIMITS, &mut Vec::new()).expect_err("too large");
    assert_eq!(error.to_string(), "it is larger than the limit of 1000 bytes");
}

#[test]
fn a_server_that_does_not_go_on_is_left() {
    let short = Limits { time: Duration::from_millis(300), ..LIMITS };
    let said = "it took longer than the limit of 0.3 seconds";
    let since = Instant::now();
    check(|| Answer::new("200 OK", &["Content-Length: 20"], b"half").stalling(), None, short, said, b"half");
    let silent = || Answer::new("200 OK", &[], b"").stalling();
    check(silent, None, short, said, b"");
    assert!(since.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_server_of_this_machine_sends_nobody_elsewhere() {
    let elsewhere = || Answer::new("302 Found", &["Location: http://acme.invalid/file"], b"");
    let server = Server::new(move |_| elsewhere());
    let address = Address::new(&server.address).expect("this machine");
    let error = fetch(&address, None, LIMITS, &mut Vec::new()).expect_err("refused");
    assert!(matches!(error, FetchError::Connection(_) | FetchError::Status(302)), "{error}");
}

#[test]
fn where_nobody_listens_that_is_said() {
    let address = Address::new("http://127.0.0.1:9").expect("this machine");
    let error = fetch(&address, None, LIMITS, &mut Vec::new()).expect_err("nobody");
    assert!(matches!(error, FetchError::Connection(_)), "{error}");
}

/// A server whose certificate nobody vouches for is none: what answers is not even read.
#[test]
fn a_server_that_does_not_encrypt_is_no_https() {
    let server = Server::new(|_| Answer::file("x", b"in the clear"));
    let address = Address::new(&server.address.replace("http:", "https:")).expect("encrypted");
    let mut out = Vec::new();
    let short = Limits { time: Duration::from_secs(2), ..LIMITS };
    assert!(fetch(&address, None, short, &mut out).is_err());
    assert_eq!(out, b"");
}
