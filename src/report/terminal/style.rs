//! How a label looks on a screen: the only place that knows colors.

use std::io::{self, Write};

use owo_colors::{OwoColorize as _, Style};

use crate::report::text::{Label, Span};

/// Writes text that is ready for the terminal.
pub(super) fn write(out: &mut dyn Write, span: &Span, color: bool) -> io::Result<()> {
    match style(span.label).filter(|_| color) {
        Some(style) => write!(out, "{}", span.text.style(style)),
        None => out.write_all(span.text.as_bytes()),
    }
}

/// Writes a command that is ready for the terminal.
pub(super) fn write_command(out: &mut dyn Write, command: &str, color: bool) -> io::Result<()> {
    if color { write!(out, "{}", command.style(Style::new().cyan())) } else { out.write_all(command.as_bytes()) }
}

fn style(label: Label) -> Option<Style> {
    let style = Style::new();
    Some(match label {
        Label::Plain | Label::Literal | Label::Way => return None,
        Label::Heading | Label::Object => style.bold(),
        Label::Critical => style.white().on_red().bold(),
        Label::High => style.red().bold(),
        Label::Medium => style.yellow().bold(),
        Label::Low => style.blue().bold(),
        Label::Info => style.bold().dimmed(),
        Label::Faint => style.dimmed(),
        Label::Warning => style.yellow(),
        Label::Good => style.green(),
    })
}
