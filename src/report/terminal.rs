//! The report for a screen: plain text of at most so many columns, with or without colors.
//!
//! Commands are never wrapped, so that they can be copied. Only ASCII is printed besides what comes from data, since a
//! Windows console may not show more.

mod style;
mod wrap;

use std::io::{self, Write};

use super::Options;
use super::model::Report;
use super::outline::{self, Block, Gap, Item};
use super::text::{Label, Line, visible};
use super::words::Words;

/// The columns that one level of the outline is indented by.
const INDENT: usize = 3;
/// The widest that text is set; longer lines are hard to read.
const WIDEST: usize = 100;
/// The narrowest that text is set.
const NARROWEST: usize = 40;

/// Writes the report.
pub(super) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let width = options.width.clamp(NARROWEST, WIDEST);
    let mut page = Page { out, words: options.language.words(), width, color: options.color, is_empty: true };
    for Item { level, block } in outline::build(report, options, true) {
        page.block(level * INDENT, &block)?;
    }
    Ok(())
}

/// What is written on.
struct Page<'a> {
    out: &'a mut dyn Write,
    words: &'static Words,
    width: usize,
    color: bool,
    is_empty: bool,
}

impl Page<'_> {
    fn block(&mut self, indent: usize, block: &Block) -> io::Result<()> {
        let is_done = self.whole_block(indent, block);
        self.is_empty = false;
        is_done
    }

    fn whole_block(&mut self, indent: usize, block: &Block) -> io::Result<()> {
        match block {
            Block::Title(line) | Block::Section(line) => {
                self.gap()?;
                self.text(indent, indent, "", line)
            }
            Block::Finding(line) => {
                self.gap()?;
                self.text(indent, indent + INDENT, "", line)
            }
            Block::Summary(line) => {
                self.gap()?;
                self.text(indent, indent, "", line)
            }
            Block::Text(line) | Block::Fix(line) | Block::Lead(line) => self.text(indent, indent, "", line),
            Block::Warning(line) => self.text(indent, indent + 2, "! ", line),
            Block::Fact(name, line) => {
                let mut fact = Line::new(Label::Heading, format!("{name}:"));
                fact.say(line.clone());
                self.text(indent, indent + 2, "", &fact)
            }
            Block::Bullets(lines) => lines.iter().try_for_each(|line| self.text(indent, indent + 2, "- ", line)),
            Block::Command(command) => self.command(indent, command),
            Block::Gaps(gaps) => gaps.iter().try_for_each(|gap| self.missing(indent, gap)),
            // The findings themselves are near enough.
            Block::Findings(_) | Block::Index(_) => Ok(()),
        }
    }

    /// An empty line, but not at the top.
    fn gap(&mut self) -> io::Result<()> {
        if self.is_empty { Ok(()) } else { self.out.write_all(b"\n") }
    }

    fn missing(&mut self, indent: usize, gap: &Gap) -> io::Result<()> {
        let words = self.words;
        let what = Line::fill(words.gap_item, &[gap.what.clone(), gap.rules.clone()]);
        self.text(indent, indent + 2, "- ", &what)?;
        if let Some(needs) = &gap.needs {
            let needs = Line::fill(words.gap_needs_item, std::slice::from_ref(needs));
            self.text(indent + 2, indent + 2, "", &needs)?;
        }
        gap.command.as_ref().map_or(Ok(()), |command| self.command(indent + INDENT + 1, command))
    }

    /// Text, wrapped: the first line at `first` behind `mark`, the others at `others`.
    fn text(&mut self, first: usize, others: usize, mark: &str, line: &Line) -> io::Result<()> {
        let widths = [self.width.saturating_sub(first + mark.len()), self.width.saturating_sub(others)];
        for (index, line) in wrap::wrap(line, widths).iter().enumerate() {
            let (indent, mark) = if index == 0 { (first, mark) } else { (others, "") };
            write!(self.out, "{:indent$}{mark}", "")?;
            for span in &line.0 {
                style::write(self.out, span, self.color)?;
            }
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// A command: nothing is put into it, however long it is.
    fn command(&mut self, indent: usize, command: &str) -> io::Result<()> {
        for line in command.lines() {
            write!(self.out, "{:indent$}", "")?;
            style::write_command(self.out, &visible(line), self.color)?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }
}
