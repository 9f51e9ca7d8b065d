//! Where a file is taken from: encrypted, or from this machine.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

/// Why an address cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AddressError {
    /// It is none.
    #[error("it is no address of the form `https://host/folder`")]
    Malformed,
    /// Who listens on the way could read and change what comes.
    #[error("only `https` is used, and `http` to this machine alone")]
    Insecure,
    /// A name or password in front of the host would be shown wherever the address is.
    #[error("it holds a name or password in front of the host, which is not supported")]
    Credentials,
}

/// An address that may be used: `https`, or `http` to this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    text: String,
    is_loopback: bool,
}

impl Address {
    /// Checks an address and takes it.
    pub fn new(text: &str) -> Result<Self, AddressError> {
        let text = text.trim().trim_end_matches('/');
        let uri: Uri = text.parse().map_err(|_| AddressError::Malformed)?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return Err(AddressError::Malformed);
        };
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(AddressError::Credentials);
        }
        // What follows a question mark could not be followed by the name of a file.
        if uri.query().is_some() || host.is_empty() {
            return Err(AddressError::Malformed);
        }
        let is_loopback = match scheme {
            "https" => false,
            "http" if is_this_machine(host) => true,
            _ => return Err(AddressError::Insecure),
        };
        Ok(Self { text: text.to_owned(), is_loopback })
    }

    /// The address of a file below this one.
    pub fn below(&self, path: &str) -> Self {
        Self { text: format!("{}/{path}", self.text), is_loopback: self.is_loopback }
    }

    /// The address as it is asked for.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_can_listen_to_is_an_address() {
        let check = |text: &str, expected: Result<&str, AddressError>| {
            let address = Address::new(text);
            assert_eq!(address.as_ref().map(Address::as_str).map_err(Clone::clone), expected, "{text}");
        };
        check("https://mirror.acme.io/osv/", Ok("https://mirror.acme.io/osv"));
        check("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080"));
        check("http://[::1]:8080/osv", Ok("http://[::1]:8080/osv"));
        check("http://LocalHost/osv", Ok("http://LocalHost/osv"));
        check("http://mirror.acme.io", Err(AddressError::Insecure));
        check("http://127.0.0.1.acme.io", Err(AddressError::Insecure));
        check("http://localhost.acme.io", Err(AddressError::Insecure));
        check("ftp://mirror.acme.io", Err(AddressError::Insecure));
        check("file:///etc", Err(AddressError::Malformed));
        check("https://user@mirror.acme.io", Err(AddressError::Credentials));
        check("http://localhost@mirror.acme.io", Err(AddressError::Credentials));
        check("https://mirror.acme.io/?a=b", Err(AddressError::Malformed));
        check("mirror.acme.io", Err(AddressError::Malformed));
        check("", Err(AddressError::Malformed));
        check("https://a b", Err(AddressError::Malformed));
    }
}
