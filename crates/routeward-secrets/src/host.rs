//! Where an address leads: a password for a service of the own machine opens nothing for anybody else.

use routeward_diag::Severity;

use crate::context;
use crate::doubt::Doubt;
use crate::matcher::Hit;

/// Names of the own machine.
const OWN: &[&str] = &["localhost", "0.0.0.0", "host.docker.internal"];
/// Endings of names that lead nowhere on the internet (RFC 2606, RFC 6761, RFC 6762).
const NOWHERE: &[&str] = &[
    ".localhost",
    ".test",
    ".example",
    ".invalid",
    ".local",
    ".internal",
    "example.com",
    "example.org",
    "example.net",
];

/// What stands against a password, by where it is sent: in an address `scheme://user:password@host`, or else by what
/// stands around it in the same quotes and line.
pub(crate) fn doubt(text: &str, hit: &Hit) -> Option<Doubt<'static>> {
    let own = Doubt::new("it is sent to the own machine only", Severity::Info);
    let (before, behind) = (context::before(text, hit), context::behind(text, hit));
    let Some(address) = behind.strip_prefix('@') else {
        let is_end = |char: char| matches!(char, '"' | '\'' | '`' | '\n');
        let before = before.rsplit(is_end).next().unwrap_or("");
        let behind = behind.split(is_end).next().unwrap_or("");
        let is_own = |part: &str| part.contains("localhost") || part.contains("127.0.0.1");
        return (is_own(before) || is_own(behind)).then_some(own);
    };
    let is_inside = |char: char| char.is_ascii_alphanumeric() || "._-".contains(char);
    let host = address.split(|char: char| !is_inside(char)).next().unwrap_or("").to_ascii_lowercase();
    if OWN.contains(&host.as_str()) || host.starts_with("127.") || address.starts_with("[::1]") {
        Some(own)
    } else if NOWHERE.iter().any(|end| host.ends_with(end)) {
        Some(Doubt::new("its address leads nowhere on the internet", Severity::Info))
    } else if is_private(&host) {
        Some(Doubt::new("its address is known in one network only", Severity::Low))
    } else {
        None
    }
}

/// A name without a domain, such as that of a container, or an address of a private network (RFC 1918).
fn is_private(host: &str) -> bool {
    let second =
        |prefix: &str| host.strip_prefix(prefix).and_then(|rest| rest.split('.').next()?.parse::<u8>().ok());
    !host.is_empty() && !host.contains('.')
        || second("10.").is_some()
        || second("192.").is_some_and(|part| part == 168)
        || second("172.").is_some_and(|part| (16..32).contains(&part))
}

#[cfg(test)]
mod tests {
    use routeward_base::Span;

    use super::*;

    #[test]
    fn hosts_say_what_a_password_opens() {
        let check = |host: &str, most: Option<Severity>| {
            let text = format!("scheme://user:word@{host}/x");
            let hit = Hit { row: 0, secret: Span::new(14, 18), coding: None, doubt: None };
            assert_eq!(doubt(&text, &hit).map(|doubt| doubt.most), most, "{host}");
        };
        for host in ["localhost", "localhost:27017", "127.0.0.1", "[::1]:5432", "db.example.com", "mail.test"]
        {
            check(host, Some(Severity::Info));
        }
        for host in ["postgres", "db:5432", "10.0.0.7", "192.168.1.1:80", "172.17.0.2"] {
            check(host, Some(Severity::Low));
        }
        for host in ["db.acme.io", "172.40.0.1", "192.0.2.1", "ds1.mlab.com:5"] {
            check(host, None);
        }
    }
}
