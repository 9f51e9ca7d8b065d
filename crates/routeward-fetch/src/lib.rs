//! The one door to the network: takes a file from an address, within limits. Only a command that the user gives for
//! that opens it; nothing about the user or a repository is sent.

mod address;

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Timeout};

pub use address::{Address, AddressError};

/// How much is taken at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// From the first look at the address to the last byte.
    pub time: Duration,
}

/// What came of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fetched {
    /// The file is the one that the tag was given with.
    Unchanged,
    /// The file was written, with the tag that tells it from others, if the server gives one.
    New {
        /// As the server writes it.
        etag: Option<String>,
    },
}

/// Why a file could not be taken. What was written until then is of no use.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server has no such file, or does not give it.
    #[error("the server answers with {0}")]
    Status(u16),
    /// It is larger than allowed.
    #[error("it is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// It took longer than allowed.
    #[error("it took longer than the limit of {} seconds", limit.as_secs_f32())]
    TooSlow {
        /// The limit.
        limit: Duration,
    },
    /// The connection ended before the file did.
    #[error("only {found} of {expected} bytes came")]
    Truncated {
        /// What the server had announced.
        expected: u64,
        /// What came.
        found: u64,
    },
    /// There is no connection, or it broke, or is not to be trusted.
    #[error("{0}")]
    Connection(Box<ureq::Error>),
    /// What came could not be written.
    #[error("what came cannot be written: {0}")]
    Write(io::Error),
}

const CONNECT: Duration = Duration::from_secs(20);
const ANSWER: Duration = Duration::from_mins(1);
const REDIRECTS: u32 = 5;

/// Takes the file at an address, unless it is the one that `etag` was given with. The certificate of the server is
/// checked against those that this machine trusts; proxies are used as `HTTPS_PROXY` and `NO_PROXY` say.
pub fn fetch(
    address: &Address,
    etag: Option<&str>,
    limits: Limits,
    out: &mut dyn Write,
) -> Result<Fetched, FetchError> {
    let told = |error| told(error, limits);
    let mut request = agent(address, limits).get(address.as_str());
    if let Some(etag) = etag {
        request = request.header("If-None-Match", etag);
    }
    let mut response = request.call().map_err(told)?;
    match response.status().as_u16() {
        200 => {}
        304 if etag.is_some() => return Ok(Fetched::Unchanged),
        status => return Err(FetchError::Status(status)),
    }
    copy(response.body_mut(), limits, out)?;
    let etag = response.headers().get("ETag").and_then(|value| value.to_str().ok());
    Ok(Fetched::New { etag: etag.map(str::to_owned) })
}

fn agent(address: &Address, limits: Limits) -> Agent {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let mut config = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .user_agent(concat!("routeward/", env!("CARGO_PKG_VERSION")))
        .timeout_global(Some(limits.time))
        .timeout_connect(Some(CONNECT.min(limits.time)))
        .timeout_recv_response(Some(ANSWER.min(limits.time)));
    // A server may send the request on, but never to where it could be read or changed on the way.
    config = if address.is_loopback() {
        config.proxy(None).max_redirects(0)
    } else {
        config.https_only(true).max_redirects(REDIRECTS)
    };
    config.build().new_agent()
}

fn copy(body: &mut Body, limits: Limits, out: &mut dyn Write) -> Result<(), FetchError> {
    let expected = body.content_length();
    let too_large = FetchError::TooLarge { limit: limits.bytes };
    if expected.is_some_and(|length| length > limits.bytes) {
        return Err(too_large);
    }
    let mut reader = body.with_config().limit(u64::MAX).reader();
    let mut buffer = vec![0; 64 * 1024];
    let mut found = 0;
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) => {
                let is_end = error.kind() == io::ErrorKind::UnexpectedEof;
                let error = told(ureq::Error::from(error), limits);
                let expected = expected.filter(|_| is_end && matches!(error, FetchError::Connection(_)));
                return Err(expected.map_or(error, |expected| FetchError::Truncated { expected, found }));
            }
        };
        found += count as u64;
        if found > limits.bytes {
            return Err(too_large);
        }
        out.write_all(&buffer[..count]).map_err(FetchError::Write)?;
    }
    match expected {
        Some(expected) if expected != found => Err(FetchError::Truncated { expected, found }),
        _ => out.flush().map_err(FetchError::Write),
    }
}

fn told(error: ureq::Error, limits: Limits) -> FetchError {
    match error {
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) if limits.time > CONNECT => {
            FetchError::Connection(Box::new(error))
        }
        ureq::Error::Timeout(_) => FetchError::TooSlow { limit: limits.time },
        error => FetchError::Connection(Box::new(error)),
    }
}
