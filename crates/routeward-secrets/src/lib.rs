//! Finds keys and tokens in text by what they look like.
//!
//! One pass looks for the words of all formats at once (Aho and Corasick, "Efficient string matching", 1975); around
//! each word the pattern of its formats is tried, in a window that is wide enough for the longest match and no wider.
//! What depends on the program (where a value goes) is not looked at here.

mod allowed;
mod checksum;
mod context;
mod decoded;
mod dialect;
mod doubt;
mod edge;
mod gather;
mod host;
mod mask;
mod matcher;
mod named;
mod notebook;
mod pattern;
mod rules;
mod sample;
mod settle;
mod shape;

#[cfg(test)]
mod tests;

pub use decoded::Coding;
pub use doubt::{Doubt, entropy};
pub use gather::{Looked, Secret, Site, digest, gather};
pub use mask::{mask, masked};
pub use matcher::{Hit, Matcher, MatcherError};
pub use rules::{Remark, RuleFile, RuleSet, RulesError, read_rules};
pub use sample::{Random, sample};
