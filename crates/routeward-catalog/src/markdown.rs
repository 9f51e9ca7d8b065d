//! The little Markdown that the catalogue is written in: front matter, headings, fenced code blocks. Prose is
//! kept as it stands.

use std::ops::Range;

/// A heading with what follows it, up to the next heading of any level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section<'t> {
    /// Number of `#`; 0 for the text before the first heading.
    pub level: u8,
    /// The heading's text; empty for the text before the first heading.
    pub title: &'t str,
    /// The heading's line, from 1.
    pub line: u32,
    /// What follows the heading, with its code blocks.
    pub text: &'t str,
    /// The code blocks in order.
    pub blocks: Vec<Block<'t>>,
}

/// A fenced code block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block<'t> {
    /// The info string behind the opening fence.
    pub info: &'t str,
    /// The file's name, if the block stands after a line `` `name`: ``.
    pub name: Option<&'t str>,
    /// The line of the document that holds the first line of code, from 1.
    pub line: u32,
    /// The bytes of the document between the fences, with the last line break.
    pub range: Range<usize>,
    /// The code.
    pub text: &'t str,
}

/// The place of the front matter between `+++` lines, and where the body begins. `None` if the first line is not
/// `+++` or no line closes it.
pub fn front_matter(text: &str) -> Option<(Range<usize>, usize)> {
    let mut lines = lines(text, 0);
    let first = lines.next().filter(|line| line.text == "+++")?;
    let last = lines.find(|line| line.text == "+++")?;
    Some((first.range.end..last.range.start, last.range.end))
}

/// The sections of `text` from byte `start` on, in order. Linear; never fails: an unclosed block ends with the
/// text.
pub fn sections(text: &str, start: usize) -> Vec<Section<'_>> {
    let mut sections = vec![Section {
        level: 0,
        title: "",
        line: line_of(text, start),
        text: &text[start..start],
        blocks: Vec::new(),
    }];
    let mut begin = start;
    let mut before = "";
    let mut lines = lines(text, start);
    while let Some(line) = lines.next() {
        if let Some(fence) = Fence::open(line.text) {
            let block = fence.read(text, &line, &mut lines, file_name(before));
            before = "";
            if let Some(section) = sections.last_mut() {
                section.blocks.push(block);
            }
        } else if let Some((level, title)) = heading(line.text) {
            close(&mut sections, text, begin..line.range.start);
            begin = line.range.end;
            before = "";
            sections.push(Section { level, title, line: line.number, text: "", blocks: Vec::new() });
        } else if !line.text.trim().is_empty() {
            before = line.text;
        }
    }
    close(&mut sections, text, begin..text.len());
    sections
}

/// The line (from 1) that holds byte `offset`.
pub fn line_of(text: &str, offset: usize) -> u32 {
    let before = text.get(..offset).unwrap_or(text);
    before.matches('\n').count() as u32 + 1
}

fn close<'t>(sections: &mut [Section<'t>], text: &'t str, range: Range<usize>) {
    if let Some(section) = sections.last_mut() {
        section.text = text[range].trim();
    }
}

/// `## Title` gives 2 and `Title`.
fn heading(line: &str) -> Option<(u8, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    ((1..=6).contains(&level) && title.starts_with(' ')).then(|| (level as u8, title.trim()))
}

/// The name in a line that is nothing but `` `name`: ``.
fn file_name(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix('`')?.strip_suffix("`:")?;
    (!name.is_empty() && !name.contains('`')).then_some(name)
}

/// An opening fence.
struct Fence<'t> {
    mark: char,
    length: usize,
    info: &'t str,
}

impl<'t> Fence<'t> {
    fn open(line: &'t str) -> Option<Self> {
        let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let info = line.trim_start_matches(mark);
        let length = line.len() - info.len();
        (length >= 3 && !info.contains('`')).then(|| Self { mark, length, info: info.trim() })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim_end();
        line.len() >= self.length && line.chars().all(|mark| mark == self.mark)
    }

    fn read(
        &self,
        text: &'t str,
        opening: &Line<'t>,
        lines: &mut impl Iterator<Item = Line<'t>>,
        name: Option<&'t str>,
    ) -> Block<'t> {
        let closing = lines.find(|line| self.is_closed_by(line.text));
        let range = opening.range.end..closing.map_or(text.len(), |line| line.range.start);
        Block { info: self.info, name, line: opening.number + 1, text: &text[range.clone()], range }
    }
}

/// A line of the document.
struct Line<'t> {
    number: u32,
    /// With the line break.
    range: Range<usize>,
    /// Without the line break.
    text: &'t str,
}

fn lines(text: &str, start: usize) -> impl Iterator<Item = Line<'_>> {
    let mut end = start;
    let mut number = line_of(text, start);
    text[start..].split_inclusive('\n').map(move |whole| {
        let range = end..end + whole.len();
        end = range.end;
        number += 1;
        Line { number: number - 1, range, text: whole.trim_end_matches(['\n', '\r']) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_in_code_are_code() {
        let text = "+++\na = 1\n+++\nSummary.\n\n## One\n\n`a.py`:\n\n```py\n# no heading\n```\n### Two\n````md\n```\n````\n";
        let (front, body) = front_matter(text).unwrap();
        assert_eq!(&text[front], "a = 1\n");
        let sections = sections(text, body);
        let shape: Vec<_> = sections.iter().map(|it| (it.level, it.title, it.line)).collect();
        assert_eq!(shape, [(0, "", 4), (2, "One", 6), (3, "Two", 13)]);
        let block = &sections[1].blocks[0];
        assert_eq!(
            (block.name, block.info, block.line, block.text),
            (Some("a.py"), "py", 11, "# no heading\n")
        );
        assert_eq!(&text[block.range.clone()], block.text);
        assert_eq!(sections[2].blocks[0].text, "```\n");
    }

    #[test]
    fn any_prefix_is_read() {
        let text = "+++\r\na = 1\r\n+++\r\n# T\r\n`x`:\r\n```js\r\né\r\n```\r\n";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let prefix = &text[..end];
            let start = front_matter(prefix).map_or(0, |(_, body)| body);
            assert!(!sections(prefix, start).is_empty());
        }
    }
}
