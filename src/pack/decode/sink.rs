//! Where the faults of one file are collected.

use std::ops::Range;
use std::path::Path;

use crate::pack::fault::{Fault, Level};

/// A value and where it stands in the file.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    /// The value.
    pub(crate) value: T,
    /// Its bytes.
    pub(crate) span: Range<usize>,
}

/// A fault inside a text of the file: the range counts from the start of that text.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

/// Collects the faults of one file.
pub(crate) struct Sink<'a> {
    file: &'a Path,
    source: &'a str,
    /// The file is no TOML: what seems to be missing may be in the part that could not be read.
    pub(crate) broken: bool,
    /// The lines that are no TOML; nothing that seems to stand there is meant.
    pub(crate) unreadable: Vec<Range<usize>>,
    pub(crate) faults: Vec<Fault>,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(file: &'a Path, source: &'a str) -> Self {
        Self { file, source, broken: false, unreadable: Vec::new(), faults: Vec::new() }
    }

    /// The faults in the order in which they stand.
    pub(crate) fn into_faults(self) -> Vec<Fault> {
        let Self { mut faults, unreadable, .. } = self;
        let hidden = |fault: &Fault| unreadable.iter().any(|lines| lines.contains(&fault.span.start));
        faults.retain(|fault| fault.code == "syntax" || !hidden(fault));
        faults.sort_by_key(|fault| fault.span.start);
        faults
    }

    pub(crate) fn file(&self) -> &'a Path {
        self.file
    }

    pub(crate) fn error(
        &mut self,
        code: &'static str,
        span: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Fault {
        self.push(Level::Error, code, span, message.into(), label.into())
    }

    pub(crate) fn warning(
        &mut self,
        code: &'static str,
        span: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Fault {
        self.push(Level::Warning, code, span, message.into(), label.into())
    }

    /// Reports a fault inside a text.
    pub(crate) fn problem(&mut self, text: &At<String>, problem: Problem) {
        let span = self.inside(text, problem.range);
        self.error(problem.code, &span, problem.message, problem.label).help = problem.help;
    }

    /// Where a part of a text stands in the file; the whole text if it is written with escapes.
    pub(crate) fn inside(&self, text: &At<String>, range: Range<usize>) -> Range<usize> {
        let Some(raw) = self.source.get(text.span.clone()) else { return text.span.clone() };
        let opening = ["\"\"\"\r\n", "'''\r\n", "\"\"\"\n", "'''\n", "\"\"\"", "'''", "\"", "'", ""]
            .iter()
            .find(|opening| raw.starts_with(**opening))
            .map_or(0, |opening| opening.len());
        let raw = &raw[opening..];
        let ends = offset(raw, &text.value, range.start).zip(offset(raw, &text.value, range.end));
        let start = text.span.start + opening;
        ends.map_or_else(|| text.span.clone(), |(from, to)| start + from..start + to)
    }

    fn push(
        &mut self,
        level: Level,
        code: &'static str,
        span: &Range<usize>,
        message: String,
        label: String,
    ) -> &mut Fault {
        let file = self.file.to_path_buf();
        self.faults.push(Fault { file, span: span.clone(), level, message, label, help: None, code });
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }
}

/// Where a byte of a text stands in the file; none behind an escape. A line end may be two bytes there.
fn offset(raw: &str, text: &str, wanted: usize) -> Option<usize> {
    let mut at = 0;
    for (index, character) in text.char_indices() {
        if index >= wanted {
            break;
        }
        let rest = raw.get(at..)?;
        if character == '\n' && rest.starts_with("\r\n") {
            at += 2;
        } else if rest.starts_with(character) {
            at += character.len_utf8();
        } else {
            return None;
        }
    }
    Some(at)
}
