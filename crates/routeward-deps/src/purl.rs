//! Package URLs: the name of a package that all tools understand (package-url specification).

use std::fmt::Write as _;

use crate::{Ecosystem, Origin};

/// The URL of a package: `pkg:npm/%40scope/name@1.0.0`. One that is taken from git names its commit.
pub fn purl(ecosystem: Ecosystem, name: &str, version: Option<&str>, origin: &Origin) -> String {
    let name = match ecosystem {
        Ecosystem::PyPi => name.to_ascii_lowercase().replace('_', "-"),
        Ecosystem::Packagist | Ecosystem::Hex | Ecosystem::Pub => name.to_ascii_lowercase(),
        Ecosystem::Maven => name.replace(':', "/"),
        _ => name.to_owned(),
    };
    let mut url = format!("pkg:{}", ecosystem.purl_type());
    for segment in name.split('/').filter(|segment| !segment.is_empty()) {
        url.push('/');
        escape(&mut url, segment);
    }
    if let Some(version) = version.filter(|version| !version.is_empty()) {
        url.push('@');
        escape(&mut url, version);
    }
    if let Origin::Git { url: repository, revision } = origin {
        url.push_str("?vcs_url=");
        let repository = without_credentials(repository);
        let kind = if repository.starts_with("git") { "" } else { "git+" };
        let revision = if revision.is_empty() { String::new() } else { format!("@{revision}") };
        escape(&mut url, &format!("{kind}{repository}{revision}"));
    }
    url
}

/// An address without what it says of who asks: a name and a password in front of the host, a token behind a question
/// mark. What no address may hold (RFC 3986, section 2) is escaped.
pub fn without_credentials(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
    let host = host.rsplit('@').next().unwrap_or(host);
    let mut out = format!("{scheme}://");
    for (mark, part) in [("", Some(host)), ("/", path)] {
        let Some(part) = part else { continue };
        out.push_str(mark);
        escape_all_but(&mut out, part, |byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
    }
    out
}

/// All but what the specification leaves as it is.
fn escape(out: &mut String, text: &str) {
    escape_all_but(out, text, |byte| byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte));
}

fn escape_all_but(out: &mut String, text: &str, is_plain: impl Fn(u8) -> bool) {
    for byte in text.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_have_urls() {
        let check = |ecosystem, name: &str, version: &str, expected: &str| {
            assert_eq!(purl(ecosystem, name, Some(version), &Origin::Registry), expected);
        };
        check(Ecosystem::Npm, "@acme/web", "1.0.0-rc.1+b", "pkg:npm/%40acme/web@1.0.0-rc.1%2Bb");
        check(Ecosystem::PyPi, "Acme_Web", "1!2.0", "pkg:pypi/acme-web@1%212.0");
        check(Ecosystem::Maven, "io.acme:web", "1.0", "pkg:maven/io.acme/web@1.0");
        check(Ecosystem::Go, "acme.io/Web/v2", "v2.0.0", "pkg:golang/acme.io/Web/v2@v2.0.0");
        check(Ecosystem::Packagist, "Acme/Web", "", "pkg:composer/acme/web");
        let git = Origin::Git {
            url: "https://me:word@acme.io/web.git?x=y".to_owned(),
            revision: "0a1b".to_owned(),
        };
        assert_eq!(
            purl(Ecosystem::Cargo, "web", None, &git),
            "pkg:cargo/web?vcs_url=git%2Bhttps:%2F%2Facme.io%2Fweb.git%400a1b"
        );
        assert_eq!(without_credentials("https://acme.io"), "https://acme.io");
        assert_eq!(
            without_credentials("https://me@acme.io/é a%20.tgz?x"),
            "https://acme.io/%C3%A9%20a%20.tgz"
        );
    }
}
