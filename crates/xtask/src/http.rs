//! The little of HTTP that the living check needs: one request, the status of its answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

const PATIENCE: Duration = Duration::from_secs(5);

/// The status with which a server answers a request, which may carry a header `Authorization`.
pub(crate) fn status(
    address: SocketAddr,
    method: &str,
    path: &str,
    authorization: Option<&str>,
) -> Result<u16> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let body = if matches!(method, "POST" | "PUT" | "PATCH") { "{\"name\":\"x\"}" } else { "" };
    let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    let credential = authorization.map(|value| format!("Authorization: {value}\r\n")).unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\n{kind}{credential}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut head = Vec::new();
    let mut buffer = [0; 512];
    while !head.contains(&b'\n') {
        match stream.read(&mut buffer)? {
            0 => break,
            read => head.extend_from_slice(&buffer[..read]),
        }
    }
    let head = String::from_utf8_lossy(&head);
    let code = head.split_whitespace().nth(1).and_then(|code| code.parse().ok());
    code.with_context(|| format!("no status in `{}`", head.lines().next().unwrap_or_default()))
}
