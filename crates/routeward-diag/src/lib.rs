//! A finding as plain data: labels, trace, proof, fix, fingerprint. Nothing is rendered here.

use routeward_base::{FileId, Span};

/// How bad it is if the finding is true.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing; never gates.
    Info,
    /// A weakness that needs another one to matter.
    Low,
    /// A weakness under some conditions.
    Medium,
    /// A breach of one user's or one function's protection.
    High,
    /// A breach of everybody's.
    Critical,
}

impl Severity {
    /// All severities, lowest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The lower-case name used in configuration and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// How sure the analysis is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Confidence {
    /// Rests on something that was not seen.
    Low,
    /// Rests on a heuristic.
    Medium,
    /// Every step was seen.
    High,
}

impl Confidence {
    /// All confidences, lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The lower-case name used in configuration and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The confidence of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confidence| confidence.name() == name)
    }
}

/// A range of one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// True if all of `inner` lies in it.
    pub fn contains(self, inner: Self) -> bool {
        self.file == inner.file && self.span.contains(inner.span)
    }

    /// True if they share a character.
    pub fn meets(self, other: Self) -> bool {
        self.file == other.file && self.span.start < other.span.end() && other.span.start < self.span.end()
    }
}

/// A place and what is to be said about it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there, as a phrase without a full stop.
    pub text: String,
}

impl Label {
    /// A label.
    pub fn new(place: Place, text: impl Into<String>) -> Self {
        Self { place, text: text.into() }
    }
}

/// A replacement of text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub place: Place,
    /// By what.
    pub text: String,
}

/// A change that removes the finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fix {
    /// What it does, as a command.
    pub title: String,
    /// In source order, not overlapping.
    pub edits: Vec<Edit>,
    /// Leaves the program's meaning as it is for every legitimate caller.
    pub is_safe: bool,
}

/// One defect, as a lint found it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The lint's id.
    pub lint: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The fact, with names from the code; no capital at the start, no full stop.
    pub message: String,
    /// The statement that does the damage.
    pub primary: Label,
    /// Further places in the same frame or beside it, such as siblings that do it right.
    pub related: Vec<Label>,
    /// What runs or flows, in order: the chain of an endpoint, or the steps from source to sink.
    pub steps: Vec<Label>,
    /// Why it matters here.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// A change that removes it.
    pub fix: Option<Fix>,
    /// The endpoint it is about, as `METHOD /path`.
    pub endpoint: Option<String>,
    /// What stays the same when lines move: the enclosing symbol or endpoint, and the offending code.
    pub anchor: String,
    /// The anchor names it wherever it stands: the file takes no part in its fingerprint.
    pub is_anywhere: bool,
    /// For a package: whether a request is seen to reach it. `None` where nobody has asked, and for anything else.
    pub is_reached: Option<bool>,
    /// Further places of the same thing: it is gone when it is gone from all of them.
    pub also: Vec<Place>,
    /// Which of the many things that its lint tells of it is, as names with `/` between; empty if there is but one.
    pub variant: String,
    /// All names of the advisories that it tells of.
    pub advisories: Vec<String>,
}

/// A content hash that names a finding in baselines, SARIF and `explain`; 16 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// Hashes lint, path of the file, and anchor, and tells equal ones apart by `ordinal`. Line numbers take
    /// no part, so that edits elsewhere in the file change nothing.
    pub fn new(lint: &str, path: &str, anchor: &str, ordinal: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in [lint, path, &collapse(anchor), &ordinal.to_string()] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
        Self(hasher.finalize().to_hex()[..16].to_owned())
    }
}

/// Runs of white space as one blank: reformatting changes no fingerprint.
fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_survive_reformatting_and_tell_repeats_apart() {
        let a = Fingerprint::new("x", "a.js", "app.get( '/a' )", 0);
        assert_eq!(a, Fingerprint::new("x", "a.js", "app.get(\n  '/a'  )", 0));
        assert_ne!(a, Fingerprint::new("x", "a.js", "app.get( '/a' )", 1));
        assert_ne!(a, Fingerprint::new("x", "b.js", "app.get( '/a' )", 0));
        assert_eq!(a.0.len(), 16);
    }
}
