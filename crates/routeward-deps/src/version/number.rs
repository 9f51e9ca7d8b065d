//! Numbers of any length: dates and hashes stand in versions, too.

use std::cmp::Ordering;

/// A number without leading zeros.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub(crate) struct Number(String);

impl Number {
    /// The number that digits say; zero for none.
    pub(crate) fn new(digits: &str) -> Self {
        Self(digits.trim_start_matches('0').to_owned())
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// True for one digit or more, and nothing else.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Compares lists of different lengths as if the shorter one went on with what `missing` gives.
pub(crate) fn compare_padded<T: Ord>(left: &[T], right: &[T], missing: &T) -> Ordering {
    let longest = left.len().max(right.len());
    (0..longest)
        .map(|index| left.get(index).unwrap_or(missing).cmp(right.get(index).unwrap_or(missing)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Cuts a text where digits meet something else.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_digit = rest.bytes().next()?.is_ascii_digit();
        let end = rest.bytes().position(|byte| byte.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        rest = behind;
        Some(run)
    })
}
