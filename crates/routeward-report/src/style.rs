//! How text is drawn: decided once by the caller, obeyed everywhere.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use routeward_diag::Severity;

/// What the reader's terminal can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Colours and weights. Nothing is said by them alone.
    pub color: bool,
    /// Box-drawing characters.
    pub unicode: bool,
    /// Columns to fit into; `None` means no wrapping, as in a pipe.
    pub width: Option<usize>,
}

impl Look {
    /// Plain text for pipes and files.
    pub const PLAIN: Self = Self { color: false, unicode: true, width: None };

    /// `text` in that style, if there are colours.
    pub(crate) fn paint(self, style: Style, text: impl Display) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    pub(crate) fn bold(self, text: impl Display) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(crate) fn dim(self, text: impl Display) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    pub(crate) fn color(self, color: AnsiColor, text: impl Display) -> String {
        self.paint(color.on_default(), text)
    }

    pub(crate) fn severity(self, severity: Severity, text: impl Display) -> String {
        self.paint(style_of(severity), text)
    }
}

pub(crate) fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Cyan.on_default().bold(),
        Severity::Info => AnsiColor::Blue.on_default().bold(),
    }
}

/// The first of some names, and how many more there are.
pub(crate) fn first_of(names: impl ExactSizeIterator<Item = String>, most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names.take(most).collect::<Vec<_>>().join(", "))
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
