//! The little of HTTP that the living check needs: one request, the status of its answer.

#![expect(clippy::disallowed_types, reason = "speaks to servers that it starts on this machine")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

const PATIENCE: Duration = Duration::from_secs(5);

/// The status with which a server answers a request, which may carry a header `Authorization`. Where the server wants
/// the path with a slash at its end, it gets one.
pub(crate) fn status(
    address: SocketAddr,
    method: &str,
    path: &str,
    authorization: Option<&str>,
) -> Result<u16> {
    let head = request(address, method, path, authorization)?;
    if wants_slash(&head, path) {
        return read_status(&request(address, method, &format!("{path}/"), authorization)?);
    }
    read_status(&head)
}

/// The head of the answer to one request.
fn request(address: SocketAddr, method: &str, path: &str, authorization: Option<&str>) -> Result<String> {
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
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => break,
            read => head.extend_from_slice(&buffer[..read]),
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn read_status(head: &str) -> Result<u16> {
    let code = head.split_whitespace().nth(1).and_then(|code| code.parse().ok());
    code.with_context(|| format!("no status in `{}`", head.lines().next().unwrap_or_default()))
}

/// True for a redirect to the same path with a slash behind it, whatever query follows.
fn wants_slash(head: &str, path: &str) -> bool {
    let is_redirect = matches!(read_status(head), Ok(301 | 302 | 307 | 308));
    let mut fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let location = fields.find(|(name, _)| name.eq_ignore_ascii_case("location")).map(|(_, to)| to.trim());
    let to = location
        .map(|to| to.split_once('?').map_or(to, |(path, _)| path))
        .map(|to| to.split_once("//").map_or(to, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..])));
    is_redirect && to.and_then(|to| to.strip_suffix('/')) == Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_to_the_same_path_with_a_slash_is_followed() {
        for (head, expected) in [
            (
                "HTTP/1.1 308 PERMANENT REDIRECT\r\nServer: x\r\nlocation: http://127.0.0.1:1/a/b/\r\n\r\n",
                true,
            ),
            ("HTTP/1.1 307 Temporary Redirect\r\nLocation: /a/b/\r\n\r\n", true),
            ("HTTP/1.1 302 Found\r\nLocation: /a/b/?next=//x/a/b\r\n\r\n", true),
            ("HTTP/1.1 302 Found\r\nLocation: /login/?next=/a/b/\r\n\r\n", false),
            ("HTTP/1.1 302 Found\r\nLocation: /login/\r\n\r\n", false),
            ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1\r\n\r\n", false),
            ("HTTP/1.1 200 OK\r\nLocation: /a/b/\r\n\r\n", false),
            ("", false),
        ] {
            assert_eq!(wants_slash(head, "/a/b"), expected, "{head}");
        }
    }
}
