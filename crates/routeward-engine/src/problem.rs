//! What a scan could not do or does not accept, with the place and the way out.

use routeward_base::{LineTable, Span};

/// How much a problem matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Fails the gate: it is the repository's to repair.
    Error,
    /// The result may be less than it could be.
    Warning,
    /// Done on purpose, said for completeness.
    Note,
}

impl Level {
    /// The lower-case name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What kind of problem it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemKind {
    /// A file or folder that cannot be read.
    Unreadable,
    /// A file above the size limit.
    TooLarge,
    /// A file above the size limit of the search for secrets.
    NotSearched,
    /// An archive that was not looked through for secrets as a whole.
    Archive,
    /// Bytes that are no text.
    Binary,
    /// Text whose encoding is broken; it was read with replacement characters.
    Encoding,
    /// Packages of which only something is known, or nothing.
    NotCovered,
    /// Advisories of an age that is worth knowing.
    AgedAdvisories,
    /// Advisories that are so old that much has become known since.
    OldAdvisories,
    /// Advisories that are older than is accepted.
    OutdatedAdvisories,
    /// Minified code.
    Minified,
    /// Text that is not in the file's language; the rest of the file was read.
    Syntax,
    /// Code that was not followed to its end, because a budget was used up.
    Budget,
    /// A panic of this tool.
    Internal,
    /// A suppression without a reason, with an unknown lint, or past its date.
    Suppression,
    /// A suppression that will soon be past its date.
    ExpiringSuppression,
    /// A suppression that suppresses nothing.
    UnusedSuppression,
    /// A rule for secrets that is not used.
    Rule,
    /// A configuration that cannot be used.
    Configuration,
}

impl ProblemKind {
    /// The kebab-case name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::NotSearched => "not-searched",
            Self::NotCovered => "not-covered",
            Self::AgedAdvisories | Self::OldAdvisories | Self::OutdatedAdvisories => "advisories",
            Self::Archive => "archive",
            Self::Binary => "binary",
            Self::Encoding => "encoding",
            Self::Minified => "minified",
            Self::Syntax => "syntax",
            Self::Budget => "budget",
            Self::Internal => "internal",
            Self::Suppression => "suppression",
            Self::ExpiringSuppression => "expiring-suppression",
            Self::UnusedSuppression => "unused-suppression",
            Self::Rule => "secrets-rule",
            Self::Configuration => "configuration",
        }
    }

    /// How much it matters.
    pub fn level(self) -> Level {
        match self {
            Self::Suppression | Self::Configuration | Self::OutdatedAdvisories => Level::Error,
            Self::Minified | Self::Budget | Self::NotSearched | Self::NotCovered | Self::AgedAdvisories => {
                Level::Note
            }
            _ => Level::Warning,
        }
    }

    /// It is about packages, which say nothing of endpoints.
    pub fn is_about_packages(self) -> bool {
        matches!(
            self,
            Self::NotCovered | Self::AgedAdvisories | Self::OldAdvisories | Self::OutdatedAdvisories
        )
    }

    /// Something that belongs to the program was not seen.
    pub fn is_incomplete(self) -> bool {
        matches!(
            self,
            Self::Unreadable | Self::TooLarge | Self::Encoding | Self::Syntax | Self::Budget | Self::Internal
        )
    }
}

/// Something to be told besides findings. Ordered by path, line and kind.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Problem {
    /// The file or folder, relative to the root of the scan.
    pub path: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// What is the case, as a phrase.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem of a whole file.
    pub fn new(path: &str, kind: ProblemKind, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, kind, message: message.into(), remedy: remedy.into() }
    }

    /// Something wrong with the text of a file: the first fault, and how many there are.
    pub(crate) fn in_text(
        path: &str,
        text: &str,
        how: &str,
        (span, message): (Span, &str),
        count: usize,
        remedy: &str,
    ) -> Self {
        let message = format!("{how}: {message}{}", and_more(count));
        let line = LineTable::new(text).line(span.start);
        Self::new(path, ProblemKind::Syntax, message, remedy).at_line(line)
    }

    /// Says the line.
    pub fn at_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    /// `path` or `path:line`.
    pub fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.path),
            None => self.path.clone(),
        }
    }
}

/// What is said behind the first of several.
pub(crate) fn and_more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    }
}
