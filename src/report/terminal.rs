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

/// The columns that one level of the outline is indented by.
const INDENT: usize = 3;
/// The widest that text is set; longer lines are hard to read.
const WIDEST: usize = 100;
/// The narrowest that text is set.
const NARROWEST: usize = 40;

/// Writes the report.
pub(super) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let width = options.width.clamp(NARROWEST, WIDEST);
    let mut page = Page { out, width, color: options.color, is_empty: true };
    for Item { level, block } in outline::build(report, options, true) {
        page.block(level * INDENT, &block)?;
    }
    Ok(())
}

/// What is written on.
struct Page<'a> {
    out: &'a mut dyn Write,
    width: usize,
    color: bool,
    is_empty: bool,
}

impl Page<'_> {
    fn block(&mut self, indent: usize, block: &Block) -> io::Result<()> {
        match block {
            Block::Title(line) | Block::Section(line) => {
                self.gap()?;
                self.text(indent, indent, "", line)
            }
            Block::Finding(line) => {
                self.gap()?;
                self.text(indent, indent + INDENT, "", line)
            }
            Block::Text(line) | Block::Fix(line) => self.text(indent, indent, "", line),
            Block::Warning(line) => self.text(indent, indent + 2, "! ", line),
            Block::Fact(name, line) => {
                let mut fact = Line::new(Label::Heading, format!("{name}:"));
                fact.say(line.clone());
                self.text(indent, indent + 2, "", &fact)
            }
            Block::Bullets(lines) => lines.iter().try_for_each(|line| self.text(indent, indent + 2, "- ", line)),
            Block::Lead(text) => self.text(indent, indent, "", &Line::plain(*text)),
            Block::Command(command) => self.command(indent, command),
            Block::Gaps(gaps) => gaps.iter().try_for_each(|gap| self.missing(indent, gap)),
            // The findings themselves are near enough.
            Block::Index(_) => Ok(()),
        }
    }

    /// An empty line, but not at the top.
    fn gap(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.is_empty) { Ok(()) } else { self.out.write_all(b"\n") }
    }

    fn missing(&mut self, indent: usize, gap: &Gap) -> io::Result<()> {
        let mut what = gap.what.clone();
        what.push(Line::plain(". "));
        what.push(gap.rules.clone());
        self.text(indent, indent + 2, "- ", &what)?;
        if let Some(command) = &gap.command {
            self.command(indent + INDENT, command)?;
        }
        gap.needs.as_ref().map_or(Ok(()), |needs| self.text(indent + 2, indent + 2, "", needs))
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

#[cfg(test)]
mod tests {
    use crate::report::{Format, Options, render, sample};

    fn shown(report: &crate::report::model::Report, options: &Options) -> String {
        let mut out = Vec::new();
        render(report, Format::Terminal, options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn print() {
        let options = Options { now: Some("2026-11-21T09:30:00Z".parse().unwrap()), ..Options::default() };
        for report in [sample::rich(), sample::clear(), sample::not_assessed(), sample::hostile()] {
            eprintln!("{}\n=========", shown(&report, &options));
        }
        let mut out = Vec::new();
        render(&sample::rich(), Format::Markdown, &options, &mut out).unwrap();
        eprintln!("{}", String::from_utf8(out).unwrap());
    }
}
