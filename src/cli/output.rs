//! The two streams to the person: standard output for what was asked for, standard error for everything else.

use std::io::{self, IsTerminal as _, Write};

use anstream::AutoStream;
use clap::ColorChoice;
use owo_colors::{OwoColorize as _, Style};

use super::error::{Error, Place};
use crate::language::Language;
use crate::report::visible;

/// The columns of what is no terminal.
const DEFAULT_WIDTH: usize = 80;

/// Where the program writes to.
#[derive(Debug)]
pub struct Output {
    out: io::Stdout,
    err: io::Stderr,
    /// Whether standard output shows colors.
    pub color: bool,
    err_color: bool,
    quiet: bool,
    /// The language of what was asked for.
    pub language: Language,
}

impl Output {
    /// The streams of this process. `NO_COLOR` and `CLICOLOR_FORCE` count where the choice is left to the program.
    pub fn new(choice: ColorChoice, quiet: bool, language: Language) -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let shows = |automatic: anstream::ColorChoice| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => automatic != anstream::ColorChoice::Never,
        };
        let color = shows(AutoStream::choice(&out));
        let err_color = shows(AutoStream::choice(&err));
        Self { out, err, color, err_color, quiet, language }
    }

    /// Whether a person looks at standard output.
    pub fn is_terminal(&self) -> bool {
        self.out.is_terminal()
    }

    /// Whether only what was asked for is wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether progress may be shown.
    pub fn may_show_progress(&self) -> bool {
        self.err.is_terminal() && !self.quiet
    }

    /// The columns of standard output.
    pub fn width(&self) -> usize {
        let size = if self.out.is_terminal() { terminal_size::terminal_size_of(&self.out) } else { None };
        size.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0))
    }

    /// Prints what was asked for.
    ///
    /// # Errors
    ///
    /// If it cannot be written. That nobody reads on, such as `head`, is none.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        self.write(|out| out.write_all(text.as_bytes()))
    }

    /// Lets something write to standard output. Errors as [`Output::print`].
    pub fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out = self.out.lock();
        unless_closed(write(&mut out).and_then(|()| out.flush()))
    }

    /// Says what went wrong.
    pub fn error(&mut self, error: &Error) -> io::Result<()> {
        let place = error.place.as_ref().map(place).unwrap_or_default();
        let mut text =
            format!("{} {place}{}", self.label("error:", Style::new().red().bold()), visible(&error.message));
        if !text.ends_with(['.', '?', '!']) {
            text.push('.');
        }
        text.push('\n');
        for hint in &error.hints {
            text.push_str(&format!("  {} {}\n", self.label("help:", Style::new().cyan()), visible(hint)));
        }
        self.tell(&text)
    }

    /// Says something that is good to know; nothing with `--quiet`.
    pub fn note(&mut self, text: &str) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        let text = format!("{} {}\n", self.label("note:", Style::new().bold()), visible(text));
        self.tell(&text)
    }

    /// Shows the faults of rule files.
    pub fn faults(
        &mut self,
        faults: &[crate::pack::fault::Fault],
        sources: &crate::pack::render::Sources,
    ) -> io::Result<()> {
        let text = crate::pack::render::render(faults, sources, self.err_color);
        self.tell(&text)
    }

    /// Shows what clap has to say: the help, the version, or what is wrong with the arguments.
    pub fn refused(&mut self, refused: &clap::Error) -> io::Result<()> {
        let text = refused.render();
        let is_error = refused.use_stderr();
        let color = if is_error { self.err_color } else { self.color };
        let text = if color { text.ansi().to_string() } else { text.to_string() };
        if is_error { self.tell(&text) } else { self.print(&text) }
    }

    fn tell(&mut self, text: &str) -> io::Result<()> {
        let mut err = self.err.lock();
        unless_closed(err.write_all(text.as_bytes()).and_then(|()| err.flush()))
    }

    fn label(&self, text: &str, style: Style) -> String {
        if self.err_color { text.style(style).to_string() } else { text.to_owned() }
    }
}

/// "tenant.json, line 3, column 14: ".
fn place(place: &Place) -> String {
    let path = place.path.display().to_string();
    let mut text = visible(&path).into_owned();
    if let Some(line) = place.line {
        text.push_str(&format!(", line {line}"));
    }
    if let Some(column) = place.column {
        text.push_str(&format!(", column {column}"));
    }
    text.push_str(": ");
    text
}

/// Nobody reading on is no error.
fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
