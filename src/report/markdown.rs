//! The report for a ticket: Markdown as GitHub and GitLab read it, and as others can stand it.
//!
//! The same report always gives the same bytes, so that the age of the data is left out.

pub(crate) mod escape;

use std::io::{self, Write};

use super::Options;
use super::model::Report;
use super::outline::{self, Block, Gap, IndexRow, Item};
use super::text::{Label, Line, Span};
use super::words::Words;

use escape::{fence, inline, is_address, line_start, literal, way};

/// Writes the report.
pub(super) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out, words: options.language.words(), before: Kind::Nothing };
    // A ticket is read by people who do not have the program: nothing is left out that it would have to be asked for.
    let options = &Options { complete: true, ..options.clone() };
    for Item { block, .. } in outline::build(report, options, false) {
        page.block(&block)?;
    }
    Ok(())
}

/// What was written last: facts that follow each other are one list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Facts,
    Other,
}

/// What is written on.
struct Page<'a> {
    out: &'a mut dyn Write,
    words: &'static Words,
    before: Kind,
}

impl Page<'_> {
    fn block(&mut self, block: &Block) -> io::Result<()> {
        let kind = if matches!(block, Block::Fact(..)) { Kind::Facts } else { Kind::Other };
        if self.before != Kind::Nothing && !(kind == Kind::Facts && self.before == Kind::Facts) {
            self.out.write_all(b"\n")?;
        }
        self.before = kind;
        match block {
            Block::Title(line) => writeln!(self.out, "# {}", heading(line)),
            Block::Section(line) | Block::Findings(line) => writeln!(self.out, "## {}", heading(line)),
            Block::Finding(line) => writeln!(self.out, "### {}", heading(line)),
            Block::Text(line) | Block::Summary(line) | Block::Fix(line) | Block::Lead(line) => {
                writeln!(self.out, "{}", text(line))
            }
            Block::Warning(line) => writeln!(self.out, "> {}", text(line)),
            Block::Fact(name, line) => writeln!(self.out, "- **{}:** {}", inline(name), text(line)),
            Block::Bullets(lines) => lines.iter().try_for_each(|line| writeln!(self.out, "- {}", text(line))),
            Block::Command(command) => self.command(command),
            Block::Index(rows) => self.index(rows),
            Block::Gaps(gaps) => self.gaps(gaps),
        }
    }

    fn command(&mut self, command: &str) -> io::Result<()> {
        let (fence, lines) = fence(command);
        writeln!(self.out, "{fence}powershell\n{lines}\n{fence}")
    }

    fn index(&mut self, rows: &[IndexRow]) -> io::Result<()> {
        let words = self.words;
        let head =
            [words.number_column, words.severity_column, words.finding_column, words.rule_column, words.objects_column];
        let rows = rows.iter().map(|row| [&row.number, &row.severity, &row.title, &row.rule, &row.objects].map(text));
        self.table(&head, &rows.map(Vec::from).collect::<Vec<_>>())
    }

    /// What is missing as a table, and all the commands to copy at once.
    fn gaps(&mut self, gaps: &[Gap]) -> io::Result<()> {
        let words = self.words;
        let head = [words.missing_column, words.rules_column, words.needs_column];
        let rows = gaps
            .iter()
            .map(|gap| vec![text(&gap.what), text(&gap.rules), gap.needs.as_ref().map(text).unwrap_or_default()]);
        self.table(&head, &rows.collect::<Vec<_>>())?;
        let mut commands: Vec<&str> = Vec::new();
        for command in gaps.iter().filter_map(|gap| gap.command.as_deref()) {
            if !commands.contains(&command) {
                commands.push(command);
            }
        }
        if commands.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n{}\n", inline(words.get_them))?;
        self.command(&commands.join("\n"))
    }

    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        writeln!(self.out, "| {} |", head.join(" | "))?;
        writeln!(self.out, "|{}", " --- |".repeat(head.len()))?;
        rows.iter().try_for_each(|row| writeln!(self.out, "| {} |", row.join(" | ")))
    }
}

/// A heading: no piece of it stands out.
fn heading(line: &Line) -> String {
    inline(&line.text())
}

/// A line with the weight of its labels.
fn text(line: &Line) -> String {
    let shown: String = line.0.iter().map(span).collect();
    line_start(&shown)
}

fn span(span: &Span) -> String {
    match span.label {
        Label::Literal => literal(&span.text),
        Label::Way => way(&span.text),
        Label::Object => match span.link.as_deref().filter(|link| is_address(link)) {
            Some(link) => format!("[{}]({link})", inline(&span.text)),
            None => inline(&span.text),
        },
        Label::Heading | Label::Warning | Label::Good | Label::Critical | Label::High => bold(&span.text),
        Label::Plain | Label::Medium | Label::Low | Label::Info | Label::Faint => inline(&span.text),
    }
}

/// Bold text; the blanks around it stay outside, as Markdown wants it.
fn bold(text: &str) -> String {
    let inner = text.trim_matches(' ');
    if inner.is_empty() {
        return text.to_owned();
    }
    let start = &text[..text.len() - text.trim_start_matches(' ').len()];
    let end = &text[text.trim_end_matches(' ').len()..];
    format!("{start}**{}**{end}", inline(inner))
}
