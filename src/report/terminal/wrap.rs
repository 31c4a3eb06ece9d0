//! Text in columns: wrapped between words, measured as a terminal shows it.

use unicode_width::UnicodeWidthStr;

use crate::report::text::{Line, Span, visible};

/// Escapes a line for the terminal and wraps it: the first line to `widths[0]` columns, the others to `widths[1]`.
///
/// Only a word that is wider than a line is broken.
pub(super) fn wrap(line: &Line, widths: [usize; 2]) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    let mut text = String::new();
    for word in words(line) {
        let is_first = text.is_empty() && lines.last().is_some_and(Line::is_empty);
        let plain: String = word.iter().map(|span| span.text.as_str()).collect();
        let joined = if is_first { plain.clone() } else { format!("{text} {plain}") };
        if joined.width() <= width(&lines, widths) {
            if !is_first {
                push(&mut lines, " ", &word[0]);
            }
            add(&mut lines, &word);
            text = joined;
            continue;
        }
        if !is_first {
            lines.push(Line::default());
        }
        text = plain;
        if text.width() <= width(&lines, widths) {
            add(&mut lines, &word);
        } else {
            text = add_broken(&mut lines, &word, widths);
        }
    }
    lines
}

/// The words, each with the pieces it is made of, escaped. Blanks that follow each other are kept: names may differ by them.
fn words(line: &Line) -> Vec<Vec<Span>> {
    let mut words: Vec<Vec<Span>> = vec![Vec::new()];
    for span in &line.0 {
        let text = visible(&span.text);
        for (index, part) in text.split(' ').enumerate() {
            if index > 0 {
                words.push(Vec::new());
            }
            let part = Span { label: span.label, text: part.to_owned() };
            if let Some(word) = words.last_mut() {
                word.push(part);
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn width(lines: &[Line], widths: [usize; 2]) -> usize {
    widths[usize::from(lines.len() > 1)].max(1)
}

fn add(lines: &mut [Line], word: &[Span]) {
    for span in word {
        push(lines, &span.text, span);
    }
}

/// Adds text to the last line, to its last piece if that has the same label.
fn push(lines: &mut [Line], text: &str, like: &Span) {
    let Some(line) = lines.last_mut() else { return };
    match line.0.last_mut() {
        Some(last) if last.label == like.label => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => line.0.push(Span { label: like.label, text: text.to_owned() }),
    }
}

/// Adds a word that is wider than a line, and gives back what stands on the last line.
fn add_broken(lines: &mut Vec<Line>, word: &[Span], widths: [usize; 2]) -> String {
    let mut text = String::new();
    for span in word {
        for letter in span.text.chars() {
            text.push(letter);
            if text.width() > width(lines, widths) && text.chars().count() > 1 {
                lines.push(Line::default());
                text = letter.to_string();
            }
            push(lines, letter.encode_utf8(&mut [0; 4]), span);
        }
    }
    text
}
