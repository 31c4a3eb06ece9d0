//! Faults as text for people: the file, the line, what is meant underlined, and what to do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level as Rank, Origin, Renderer, Snippet};

use super::fault::{Fault, Level};

/// The texts of files, for showing the lines that faults are in.
pub type Sources = BTreeMap<PathBuf, String>;

/// Renders faults by file and place, with their count in the last line; empty for none.
pub fn render(faults: &[Fault], sources: &Sources, color: bool) -> String {
    if faults.is_empty() {
        return String::new();
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(120);
    let mut sorted: Vec<_> = faults.iter().collect();
    sorted.sort_by_key(|fault| (&fault.file, fault.span.start, fault.span.end, fault.level, fault.code));
    let mut text = String::new();
    for fault in sorted {
        text.push_str(&renderer.render(&[group(fault, sources)]));
        text.push_str("\n\n");
    }
    text.push_str(&summary(faults));
    text.push('\n');
    text
}

fn group<'a>(fault: &'a Fault, sources: &'a Sources) -> Group<'a> {
    let rank = match fault.level {
        Level::Error => Rank::ERROR,
        Level::Warning => Rank::WARNING,
    };
    let title = rank.primary_title(fault.message.as_str()).id(fault.code);
    let path = fault.file.to_string_lossy();
    let mut group = match sources.get(&fault.file).filter(|source| source.get(fault.span.clone()).is_some()) {
        Some(source) => {
            let mut annotation = AnnotationKind::Primary.span(fault.span.clone());
            if !fault.label.is_empty() {
                annotation = annotation.label(fault.label.as_str());
            }
            title.element(Snippet::source(source.as_str()).path(path).annotation(annotation))
        }
        None => title.element(Origin::path(path)),
    };
    if let Some(help) = &fault.help {
        group = group.element(Rank::HELP.message(help.as_str()));
    }
    group
}

/// "3 errors, 1 warning in 2 files."
pub fn summary(faults: &[Fault]) -> String {
    let count = |level| faults.iter().filter(|fault| fault.level == level).count();
    let files = faults.iter().map(|fault| &fault.file).collect::<BTreeSet<_>>().len();
    let parts: Vec<_> = [(count(Level::Error), "error"), (count(Level::Warning), "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(count, word))
        .collect();
    format!("{} in {}.", parts.join(", "), plural(files, "file"))
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
