//! A server on this machine that answers as a test says, whatever sense that makes.

#![expect(clippy::disallowed_types, reason = "what the door to the network is tested with")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// The tag of the file that the client has.
    pub(crate) etag: Option<String>,
}

/// All that is sent, and whether the connection is left open behind it.
pub(crate) struct Answer {
    bytes: Vec<u8>,
    stalls: bool,
}

impl Answer {
    /// A status, header lines, and a body that may be shorter or longer than they say.
    pub(crate) fn new(status: &str, headers: &[&str], body: &[u8]) -> Self {
        let status = format!("HTTP/1.1 {status}");
        let head = [&[&status, "Connection: close"], headers].concat();
        let mut bytes = (head.join("\r\n") + "\r\n\r\n").into_bytes();
        bytes.extend_from_slice(body);
        Self { bytes, stalls: false }
    }

    /// A whole file with a tag.
    pub(crate) fn file(etag: &str, body: &[u8]) -> Self {
        Self::new("200 OK", &[&format!("Content-Length: {}", body.len()), &format!("ETag: {etag}")], body)
    }

    /// Nothing follows, but the connection is not closed.
    pub(crate) fn stalling(self) -> Self {
        Self { stalls: true, ..self }
    }
}

/// A server that lives as long as the test.
pub(crate) struct Server {
    /// `http://127.0.0.1:…`
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn new(answer: impl Fn(&Asked) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let all = Arc::clone(&asked);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let Some(asked) = read(&mut stream) else { continue };
                let answer = answer(&asked);
                all.lock().expect("no test panics here").push(asked);
                thread::spawn(move || send(stream, &answer));
            }
        });
        Self { address, asked }
    }

    /// What was asked for since the last time.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().expect("no test panics here"))
    }
}

fn send(mut stream: TcpStream, answer: &Answer) {
    // A client that has enough goes away.
    let _ = stream.write_all(&answer.bytes);
    if answer.stalls {
        let _ = stream.read(&mut [0]);
    }
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let etag = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("if-none-match").then(|| value.trim().to_owned())
    });
    Some(Asked { path: head.split(' ').nth(1)?.to_owned(), etag })
}
