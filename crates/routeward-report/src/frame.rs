//! Code with labels, one frame a file, drawn by miette.

use std::borrow::Cow;
use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use routeward_base::{FileId, FxHashMap, LineTable, Span};
use routeward_diag::{Finding, Label};
use routeward_engine::{Report, Source};

use crate::clean;
use crate::style::Look;

/// Lines longer than this are shown around their labels only, in bytes.
const LONG_LINE: usize = 240;
/// How much of a long line is shown on either side of a label.
const AROUND: usize = 60;
/// Frames show at most so many steps; the rest is counted.
const MAX_STEPS: usize = 12;
/// Frames show at most so many more places of the same thing; the rest is counted.
const MAX_ALSO: usize = 6;

/// Draws frames, and remembers the harmless form of each file's text.
pub(crate) struct Frames<'r> {
    report: &'r Report,
    handler: GraphicalReportHandler,
    codes: FxHashMap<FileId, Option<String>>,
}

impl<'r> Frames<'r> {
    pub(crate) fn new(report: &'r Report, look: Look) -> Self {
        let theme = GraphicalTheme {
            characters: if look.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
            styles: if look.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(look.width.unwrap_or(10_000))
            .with_wrap_lines(look.width.is_some())
            .with_links(false)
            .with_context_lines(1)
            .tab_width(4);
        Self { report, handler, codes: FxHashMap::default() }
    }

    /// The frames of a finding: the file of its primary place first, then the others in order of appearance.
    pub(crate) fn draw(&mut self, finding: &Finding) -> String {
        let mut groups: Vec<(FileId, Vec<Drawn>)> = Vec::new();
        for drawn in labels(finding) {
            match groups.iter_mut().find(|(file, _)| *file == drawn.file) {
                Some((_, group)) => group.push(drawn),
                None => groups.push((drawn.file, vec![drawn])),
            }
        }
        let mut out = String::new();
        for (file, group) in groups {
            let Some(source) = self.report.source(file) else { continue };
            let clean = self.codes.entry(file).or_insert_with(|| clean::code(&source.text));
            let text = clean.as_deref().map_or(Cow::Borrowed(source.text.as_str()), Cow::Borrowed);
            let frame = Frame { source, name: clean::line(&source.path), text: &text, labels: &group };
            let mut drawn = String::new();
            if self.handler.render_report(&mut drawn, &frame).is_err() {
                continue;
            }
            // The first line is the message, which the caller writes in its own form.
            for line in drawn.lines().skip(1).filter(|line| !line.is_empty()) {
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
        out
    }
}

/// A label as it stands in a frame.
struct Drawn {
    file: FileId,
    span: Span,
    text: String,
    is_primary: bool,
}

fn labels(finding: &Finding) -> Vec<Drawn> {
    let drawn = |label: &Label, text: String, is_primary| Drawn {
        file: label.place.file,
        span: label.place.span,
        text,
        is_primary,
    };
    let mut all = vec![drawn(&finding.primary, clean::line(&finding.primary.text), true)];
    for (index, step) in finding.steps.iter().take(MAX_STEPS).enumerate() {
        // The last step is often the primary place itself: one label carries both texts.
        let text = format!("{}. {}", index + 1, clean::line(&step.text));
        match all
            .iter_mut()
            .find(|other| other.is_primary && other.span == step.place.span && other.file == step.place.file)
        {
            Some(primary) if primary.text.is_empty() || step.text == finding.primary.text => {
                primary.text = text;
            }
            Some(primary) => primary.text = format!("{}; {text}", primary.text),
            None => all.push(drawn(step, text, false)),
        }
    }
    let also = finding.also.iter().take(MAX_ALSO);
    all.extend(also.map(|place| drawn(&Label::new(*place, ""), "and here".to_owned(), false)));
    all.extend(finding.related.iter().map(|related| drawn(related, clean::line(&related.text), false)));
    all
}

/// How many places of the same thing the frames leave out.
pub(crate) fn places_left_out(finding: &Finding) -> usize {
    finding.also.len().saturating_sub(MAX_ALSO)
}

/// How many steps the frames leave out.
pub(crate) fn steps_left_out(finding: &Finding) -> usize {
    finding.steps.len().saturating_sub(MAX_STEPS)
}

struct Frame<'a> {
    source: &'a Source,
    name: String,
    text: &'a str,
    labels: &'a [Drawn],
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Frame<'_> {}

impl Diagnostic for Frame<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let has_primary = self.labels.iter().any(|label| label.is_primary);
        Some(Box::new(self.labels.iter().enumerate().map(move |(index, label)| {
            let span = self.shown(label.span);
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            let span = (span.start as usize, span.len as usize);
            // The frame is headed by the place of its primary label.
            if label.is_primary || (index == 0 && !has_primary) {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })))
    }
}

impl Frame<'_> {
    /// A span that lies in the text, on character boundaries, and marks one line only: a label over a whole
    /// function would frame all of it.
    fn shown(&self, span: Span) -> Span {
        let start = floor(self.text, span.start as usize);
        let line = self.lines().line_span(self.text, self.lines().line(start as u32));
        let mut end = floor(self.text, span.end() as usize).clamp(start, (line.end() as usize).max(start));
        if line.len as usize > LONG_LINE {
            end = end.min(floor(self.text, start + AROUND));
        }
        Span::new(start as u32, end as u32)
    }

    fn lines(&self) -> &LineTable {
        &self.source.lines
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

impl SourceCode for Frame<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (floor(self.text, span.offset()), floor(self.text, span.offset() + span.len()));
        let lines = self.lines();
        let (first, last) = (lines.line(from as u32), lines.line(to as u32));
        let mut top = first.saturating_sub(lines_before as u32).max(1);
        let mut bottom = (last + lines_after as u32).min(lines.lines());
        let is_long = |line: u32| lines.line_span(self.text, line).len as usize > LONG_LINE;
        while top < first && is_long(top) {
            top += 1;
        }
        while bottom > last && is_long(bottom) {
            bottom -= 1;
        }
        let (mut start, mut end) = (
            lines.line_span(self.text, top).start as usize,
            lines.line_span(self.text, bottom).end() as usize,
        );
        if is_long(first) {
            start = floor(self.text, from.saturating_sub(AROUND))
                .max(lines.line_span(self.text, first).start as usize);
            top = first;
        }
        if is_long(last) {
            let line_end = lines.line_span(self.text, last).end() as usize;
            end = floor(self.text, to + AROUND).min(line_end).max(to);
        }
        let column = start - lines.line_span(self.text, top).start as usize;
        let data = &self.text.as_bytes()[start..end.max(start)];
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            SourceSpan::from((start, data.len())),
            top as usize - 1,
            column,
            (bottom - top) as usize + 1,
        )))
    }
}
