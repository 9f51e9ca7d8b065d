//! Sections of names and values, in the dialects that share this form: `[section]`, `name = value`, `name: value`, `name`
//! alone; remarks begin with `;` or `#`; a value goes on in lines that are indented deeper than its name.

use routeward_base::Span;

use crate::build::Builder;
use crate::document::{Raw, Read};

/// True if the first lines that say something are a section and names with values, so that a file that is called
/// anything may be read so.
pub(crate) fn is_likely(text: &str) -> bool {
    const LINES: usize = 12;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let mut lines = lines.take(LINES);
    let is_section = |line: &str| line.starts_with('[') && line.ends_with(']');
    lines.next().is_some_and(is_section)
        && lines.all(|line| is_section(line) || line.contains(['=', ':']) && !line.ends_with(['{', ';']))
}

/// Reads a text. A section that stands twice is two entries.
pub(crate) fn read(text: &str) -> Read {
    let mut builder = Builder::repeating(text.len());
    let mut at = crate::beginning(text);
    let _ = builder.begin(true, Span::new(at as u32, at as u32), None);
    let mut reader = Reader { builder, text, in_section: false, open: None };
    while at < text.len() && !reader.builder.is_hopeless() {
        let end = crate::line_end(text, at);
        reader.line(at, end);
        at = crate::next_line(text, end);
    }
    reader.close();
    reader.builder.finish()
}

/// A value that may go on.
struct Open {
    /// How far its name is indented, in bytes.
    indent: usize,
    said: String,
    is_plain: bool,
    span: Span,
}

struct Reader<'t> {
    builder: Builder,
    text: &'t str,
    in_section: bool,
    open: Option<Open>,
}

impl Reader<'_> {
    fn line(&mut self, start: usize, end: usize) {
        let line = &self.text[start..end];
        let said = line.trim_start();
        let indent = line.len() - said.len();
        let from = start + indent;
        if said.is_empty() {
            return;
        }
        if said.starts_with(['#', ';']) {
            self.builder.comment(Span::new(from as u32, end as u32));
            return;
        }
        if let Some(open) = self.open.as_mut().filter(|open| indent > open.indent) {
            let said = said.trim_end();
            open.said.push('\n');
            open.said.push_str(said);
            open.span = open.span.join(Span::new(from as u32, (from + said.len()) as u32));
            open.is_plain = false;
            return;
        }
        self.close();
        match said.strip_prefix('[') {
            Some(rest) => self.section(from, rest, end),
            None => self.entry(from, indent, said.trim_end()),
        }
    }

    fn section(&mut self, from: usize, rest: &str, end: usize) {
        if std::mem::replace(&mut self.in_section, true) {
            self.builder.end(None);
        }
        let end_of_name = rest.rfind(']');
        if end_of_name.is_none() {
            let span = Span::new(from as u32, end as u32);
            self.builder.fail(span, "the bracket is not closed".to_owned(), "close it with `]`");
        }
        let name = end_of_name.map_or_else(|| rest.trim_end(), |len| &rest[..len]);
        let span = Span::new((from + 1) as u32, (from + 1 + name.len()) as u32);
        self.builder.scalar(name, false, span, None);
        let _ = self.builder.begin(true, Span::new(end as u32, end as u32), None);
    }

    fn entry(&mut self, from: usize, indent: usize, line: &str) {
        let sign = line.find(['=', ':']);
        let name = line[..sign.unwrap_or(line.len())].trim_end();
        self.builder.scalar(name, false, Span::new(from as u32, (from + name.len()) as u32), None);
        let Some(sign) = sign else {
            let end = (from + name.len()) as u32;
            self.builder.leaf(Raw::Unknown, Span::new(end, end), None);
            return;
        };
        let rest = &line[sign + 1..];
        let value = rest.trim_start();
        let at = from + sign + 1 + rest.len() - value.len();
        let remark = value.match_indices([';', '#']).find(|(i, _)| value[..*i].ends_with([' ', '\t']));
        if let Some((i, _)) = remark {
            self.builder.comment(Span::new((at + i) as u32, (from + line.len()) as u32));
        }
        let value = value[..remark.map_or(value.len(), |(i, _)| i)].trim_end();
        let span = Span::new(at as u32, (at + value.len()) as u32);
        let inner = ['"', '\''].into_iter().find_map(|mark| value.strip_prefix(mark)?.strip_suffix(mark));
        let (said, is_plain) = (inner.unwrap_or(value).to_owned(), inner.is_none());
        self.open = Some(Open { indent, said, is_plain, span });
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.builder.scalar(&open.said, open.is_plain, open.span, None);
        }
    }
}
