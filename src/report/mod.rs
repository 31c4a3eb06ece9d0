//! The report, and one file per output format. Every format takes only a `Report`.
//!
//! `outline` decides what is shown and in which order, `words` has the phrases, `text` escapes; `terminal` and
//! `markdown` lay the outline out. `json` is the report itself.

use std::io::{self, BufWriter, Write};

use jiff::Timestamp;

pub(crate) mod connect;
pub mod json;
pub(crate) mod markdown;
pub mod model;
mod outline;
#[cfg(test)]
mod sample;
mod terminal;
#[cfg(test)]
mod tests;
mod text;
mod words;

pub(crate) use text::visible;
pub use words::Language;

use model::Report;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a screen.
    Terminal,
    /// For programs.
    Json,
    /// For tickets.
    Markdown,
}

/// What to show, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language of the fixed phrases; what comes from rules is in the language of the report.
    pub language: Language,
    /// Whether to show every object, every finding and every command instead of the first few. JSON always does.
    pub all: bool,
    /// Whether to leave nothing out of what is shown: every object, finding and command, but not what they rest on.
    pub complete: bool,
    /// Whether to say why each finding stands where it does.
    pub why_this_order: bool,
    /// The columns of the terminal; from 40 to 100 are used.
    pub width: usize,
    /// Whether the terminal shows colors.
    pub color: bool,
    /// What the age of the data is counted from, on the terminal only; none does not tell the age.
    pub now: Option<Timestamp>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            language: Language::English,
            all: false,
            complete: false,
            why_this_order: false,
            width: 80,
            color: false,
            now: None,
        }
    }
}

impl Options {
    /// Whether nothing is left out of lists.
    pub(crate) fn is_complete(&self) -> bool {
        self.all || self.complete
    }
}

/// Writes the report.
///
/// The same report and options always give the same bytes.
///
/// # Errors
///
/// If `out` cannot be written to.
pub fn render(report: &Report, format: Format, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    // The formats write piece by piece.
    let mut out = BufWriter::with_capacity(1 << 16, out);
    match format {
        Format::Terminal => terminal::render(report, options, &mut out)?,
        Format::Json => json::render(report, &mut out)?,
        Format::Markdown => markdown::render(report, options, &mut out)?,
    }
    out.flush()
}
