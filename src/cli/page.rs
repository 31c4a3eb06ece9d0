//! Text for people that is no report: headings, paragraphs and lists, wrapped.

use owo_colors::{OwoColorize as _, Style};
use textwrap::Options;

use crate::report::visible;

/// What is wider is harder to read.
const MAX_WIDTH: usize = 100;

/// A text in the making.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    width: usize,
    color: bool,
}

impl Page {
    /// An empty one of so many columns.
    pub(crate) fn new(width: usize, color: bool) -> Self {
        Self { text: String::new(), width: width.clamp(40, MAX_WIDTH), color }
    }

    /// Its columns.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// A heading, after an empty line unless it is the first.
    pub(crate) fn heading(&mut self, text: &str) -> &mut Self {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line(0, text, Style::new().bold())
    }

    /// A paragraph. What follows an empty line is the next one; single line breaks are those of the file.
    pub(crate) fn text(&mut self, indent: usize, text: &str) -> &mut Self {
        for (index, part) in text.trim().replace('\r', "").split("\n\n").enumerate() {
            if index > 0 {
                self.text.push('\n');
            }
            let joined: Vec<&str> = part.split_whitespace().collect();
            self.wrapped(&" ".repeat(indent), &" ".repeat(indent), &joined.join(" "));
        }
        self
    }

    /// A paragraph whose first line begins with a label, to which the others are indented.
    pub(crate) fn labeled(&mut self, indent: usize, label: &str, text: &str) -> &mut Self {
        let first = format!("{}{label} ", " ".repeat(indent));
        let others = " ".repeat(first.len());
        let joined: Vec<&str> = text.split_whitespace().collect();
        self.wrapped(&first, &others, &joined.join(" "));
        self
    }

    /// Something to copy: never wrapped.
    pub(crate) fn code(&mut self, indent: usize, text: &str) -> &mut Self {
        for line in text.trim_end().lines() {
            self.line(indent, line, Style::new().cyan());
        }
        self
    }

    /// A line as it is.
    pub(crate) fn plain(&mut self, indent: usize, text: &str) -> &mut Self {
        self.line(indent, text, Style::new())
    }

    /// A line that needs to be read seldom.
    pub(crate) fn faint(&mut self, indent: usize, text: &str) -> &mut Self {
        self.line(indent, text, Style::new().dimmed())
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) -> &mut Self {
        self.text.push('\n');
        self
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn wrapped(&mut self, first: &str, others: &str, text: &str) {
        let shown = visible(text);
        let options = Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(others)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .word_separator(textwrap::WordSeparator::AsciiSpace);
        for line in textwrap::wrap(&shown, options) {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn line(&mut self, indent: usize, text: &str, style: Style) -> &mut Self {
        let shown = visible(text);
        self.text.push_str(&" ".repeat(indent));
        if self.color && !style.is_plain() {
            self.text.push_str(&shown.style(style).to_string());
        } else {
            self.text.push_str(&shown);
        }
        self.text.push('\n');
        self
    }
}
