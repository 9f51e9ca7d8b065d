//! What lockfiles recognise archives by, in hexadecimal digits.

use data_encoding::{BASE64, HEXLOWER};

/// Algorithms by their names in lockfiles, with those of CycloneDX and SPDX and the length of a hash.
const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("md5", Algorithm { cyclonedx: "MD5", spdx: "MD5", length: 16 }),
    ("sha1", Algorithm { cyclonedx: "SHA-1", spdx: "SHA1", length: 20 }),
    ("sha256", Algorithm { cyclonedx: "SHA-256", spdx: "SHA256", length: 32 }),
    ("sha384", Algorithm { cyclonedx: "SHA-384", spdx: "SHA384", length: 48 }),
    ("sha512", Algorithm { cyclonedx: "SHA-512", spdx: "SHA512", length: 64 }),
];

/// A way to compute hashes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Algorithm {
    pub(crate) cyclonedx: &'static str,
    pub(crate) spdx: &'static str,
    length: usize,
}

/// The hashes in a text: `sha512-BASE64` (Subresource Integrity), `sha256:HEX`, several with spaces between them.
/// What is none is left out.
pub(crate) fn hashes(text: &str) -> Vec<(Algorithm, String)> {
    text.split_whitespace().filter_map(hash).collect()
}

fn hash(text: &str) -> Option<(Algorithm, String)> {
    let (name, value) = text.split_once(['-', ':'])?;
    let (_, algorithm) = ALGORITHMS.iter().find(|(other, _)| name.eq_ignore_ascii_case(other))?;
    let digits = if text[name.len()..].starts_with(':') {
        value.to_ascii_lowercase()
    } else {
        let value = value.split('?').next().unwrap_or(value);
        HEXLOWER.encode(&BASE64.decode(value.as_bytes()).ok()?)
    };
    let is_whole =
        digits.len() == algorithm.length * 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_whole.then_some((*algorithm, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_read_as_lockfiles_write_them() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let found = hashes(text);
            let found: Vec<_> = found.iter().map(|(it, hex)| (it.cyclonedx, hex.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        let sha1 = "00112233445566778899aabbccddeeff00112233";
        check("sha1-ABEiM0RVZneImaq7zN3u/wARIjM=", &[("SHA-1", sha1)]);
        check(&format!("sha1:{} md5-AAA=", sha1.to_uppercase()), &[("SHA-1", sha1)]);
        check("sha512-x", &[]);
        check("sha1:é sha9:00 nothing", &[]);
    }
}
