//! Parts of tokens that can be computed from the rest: what fails was made up, however it looks.

use routeward_catalog::Checksum;

/// Digits of base 62, in the order in which tokens use them.
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits of base 36.
const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// True if the token proves itself. Linear in its length.
pub(crate) fn holds(checksum: Checksum, token: &[u8]) -> bool {
    split(checksum, token).is_some_and(|(body, given)| given == sum(checksum, body))
}

/// What the checksum is of, and what the token says that it is.
fn split(checksum: Checksum, token: &[u8]) -> Option<(&[u8], &[u8])> {
    match checksum {
        Checksum::Crc32Base62 => {
            let start = token.iter().position(|byte| *byte == b'_')? + 1;
            let (body, given) = token[start..].split_last_chunk::<6>()?;
            Some((body, given))
        }
        Checksum::Crc32Base36 => {
            let (body, given) = token.split_last_chunk::<7>()?;
            Some((body, given))
        }
        Checksum::Crc32HexLe => {
            let end = token.iter().rposition(|byte| *byte == b'_')?;
            Some((&token[..end], &token[end + 1..]))
        }
    }
}

fn sum(checksum: Checksum, body: &[u8]) -> Vec<u8> {
    let sum = crc32fast::hash(body);
    match checksum {
        Checksum::Crc32Base62 => digits(sum, BASE62, 6),
        Checksum::Crc32Base36 => digits(sum, BASE36, 7),
        Checksum::Crc32HexLe => format!("{:08x}", sum.swap_bytes()).into_bytes(),
    }
}

/// So many digits of a number, padded with zeros.
fn digits(mut number: u32, digits: &[u8], count: usize) -> Vec<u8> {
    let base = digits.len() as u32;
    let mut all = vec![b'0'; count];
    for digit in all.iter_mut().rev() {
        *digit = digits[(number % base) as usize];
        number /= base;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_with_its_own_checksum_holds_and_no_other() {
        // The checksum replaces what stands in its place.
        for (checksum, prefix, length) in [
            (Checksum::Crc32Base62, "abc_", 6),
            (Checksum::Crc32Base36, "abc-", 7),
            (Checksum::Crc32HexLe, "abc_q_", 8),
        ] {
            let mut token = format!("{prefix}{}", "0q".repeat(15)).into_bytes();
            if checksum == Checksum::Crc32HexLe {
                token.push(b'_');
            }
            token.extend(vec![b'0'; length]);
            let (body, _) = split(checksum, &token).expect("it is long enough");
            let sum = sum(checksum, body);
            let at = token.len() - length;
            token.splice(at.., sum);
            assert!(holds(checksum, &token), "{checksum:?}");
            token[at - 3] ^= 1;
            assert!(!holds(checksum, &token), "{checksum:?}");
            assert!(!holds(checksum, b"ab"), "{checksum:?}");
        }
    }
}
