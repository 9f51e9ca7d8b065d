//! What a program provides for its requests, and the calls by which it does so.

use serde::{Deserialize, Serialize};

use crate::model::{When, one_or_many, one_or_many_conditions};

/// Something that a program provides for its requests, or fails to provide.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provision {
    /// A line in a log, written where the code says so.
    Log,
    /// A line in a log for each request.
    RequestLog,
    /// The header by which browsers come back over TLS only.
    Hsts,
    /// The headers that close doors which browsers leave open for old pages.
    Headers,
    /// A check of which site a request was made by.
    Csrf,
    /// Sessions that are kept by a cookie.
    Session,
    /// Code that is not seen has had its say: it may provide any of these.
    Anything,
}

impl Provision {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Log, Self::RequestLog, Self::Hsts, Self::Headers, Self::Csrf, Self::Session, Self::Anything];

    /// The name that data calls it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::RequestLog => "request-log",
            Self::Hsts => "hsts",
            Self::Headers => "headers",
            Self::Csrf => "csrf",
            Self::Session => "session",
            Self::Anything => "anything",
        }
    }

    /// The provision of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provision| provision.name() == name)
    }
}

/// A call by which a program provides something for its requests. It counts unless one of its conditions is refuted:
/// what may be provided is not missed.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProvisionRow {
    /// What is matched; `path=` is the assignment of a member, as for misuses.
    #[serde(default, deserialize_with = "one_or_many")]
    pub call: Vec<String>,
    /// Texts in lower case: a program that has one of them anywhere in its code may provide it in a way that no call
    /// tells.
    #[serde(default)]
    pub mentions: Vec<String>,
    /// The versions of the package that the row holds for.
    #[serde(default)]
    pub version: String,
    /// What it provides.
    pub gives: Vec<Provision>,
    /// Conditions on its arguments.
    #[serde(default, deserialize_with = "one_or_many_conditions")]
    pub when: Vec<When>,
}
