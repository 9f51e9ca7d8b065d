//! Byte spans and the way from bytes to lines and columns.

/// A range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Length in bytes.
    pub len: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, len: end.saturating_sub(start) }
    }

    /// One past the last byte.
    pub fn end(self) -> u32 {
        self.start + self.len
    }

    /// True if all of `inner` lies in it.
    pub fn contains(self, inner: Self) -> bool {
        self.start <= inner.start && inner.end() <= self.end()
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end().max(other.end()))
    }

    /// The text under the span, or nothing where the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end() as usize).unwrap_or("")
    }
}

/// A place in a text, both counted from 1. What a column counts is said by the [`Column`] it was asked in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// The unit of a column. Formats differ: SARIF counts UTF-16 units, people count characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// Bytes of UTF-8.
    Utf8,
    /// UTF-16 code units.
    Utf16,
    /// Unicode scalar values.
    Char,
}

/// Where the lines of a text begin. Line ends are `\n` and `\r\n`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineTable {
    starts: Vec<u32>,
}

impl LineTable {
    /// Scans `text` once.
    pub fn new(text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(i, _)| i as u32 + 1);
        Self { starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line (from 1) that holds `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }

    /// Number of lines; a text without a line break has one.
    pub fn lines(&self) -> u32 {
        self.starts.len() as u32
    }

    /// Line and column of `offset` in `text`; an offset past the end or inside a character is moved back.
    pub fn position(&self, text: &str, offset: u32, unit: Column) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line(offset as u32);
        let start = self.starts[line as usize - 1] as usize;
        let before = &text[start..offset];
        let column = match unit {
            Column::Utf8 => before.len(),
            Column::Utf16 => before.encode_utf16().count(),
            Column::Char => before.chars().count(),
        };
        Position { line, column: column as u32 + 1 }
    }

    /// The span of a line (from 1), without its line end; empty for a line that does not exist.
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let Some(start) = line.checked_sub(1).and_then(|i| self.starts.get(i as usize)) else {
            return Span::default();
        };
        let end = self.starts.get(line as usize).map_or(text.len(), |next| *next as usize);
        let body = text[*start as usize..end].trim_end_matches(['\n', '\r']);
        Span { start: *start, len: body.len() as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_the_asked_unit() {
        let text = "a\r\nż😀x\n";
        let table = LineTable::new(text);
        let x = text.find('x').unwrap() as u32;
        let at = |unit| table.position(text, x, unit);
        assert_eq!(at(Column::Utf8), Position { line: 2, column: 7 });
        assert_eq!(at(Column::Utf16), Position { line: 2, column: 4 });
        assert_eq!(at(Column::Char), Position { line: 2, column: 3 });
        assert_eq!(table.line_span(text, 1).of(text), "a");
        assert_eq!(table.line_span(text, 9).of(text), "");
        assert_eq!(table.position(text, 9_999, Column::Char).line, 3);
    }
}
