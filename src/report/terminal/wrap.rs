//! Text in columns: wrapped between words, measured as a terminal shows it.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

use crate::report::text::{Label, Line, Span, visible};

/// Escapes a line for the terminal and wraps it: the first line to `widths[0]` columns, the others to `widths[1]`.
///
/// Only a word that is wider than a line is broken; a web address is not even then, since nobody could open it.
pub(super) fn wrap(line: &Line, widths: [usize; 2]) -> Vec<Line> {
    let mut lines = Lines { widths, done: Vec::new(), line: Line::default(), text: String::new(), columns: None };
    let shown: Vec<_> = line.0.iter().map(|span| (span.label, visible(&span.text))).collect();
    // A word may have several pieces. Blanks that follow each other are kept, since names may differ by them.
    let mut word: Vec<Piece<'_>> = Vec::new();
    for (label, text) in &shown {
        for (index, text) in text.split(' ').enumerate() {
            if index > 0 {
                lines.add(&word);
                word.clear();
            }
            word.push(Piece { label: *label, text });
        }
    }
    lines.add(&word);
    lines.end();
    lines.done
}

/// A piece of a word, escaped.
struct Piece<'a> {
    label: Label,
    text: &'a str,
}

/// Lines in the making.
struct Lines {
    widths: [usize; 2],
    done: Vec<Line>,
    /// The line that words are added to.
    line: Line,
    /// Its text.
    text: String,
    /// How many columns it takes; nothing before its first word, which may be empty.
    columns: Option<usize>,
}

impl Lines {
    fn width(&self) -> usize {
        self.widths[usize::from(!self.done.is_empty())].max(1)
    }

    fn add(&mut self, word: &[Piece<'_>]) {
        // The letters of one word may join; those of several do not.
        let text: Cow<'_, str> = match word {
            [piece] => piece.text.into(),
            pieces => pieces.iter().map(|piece| piece.text).collect(),
        };
        let wide = text.width();
        if let Some(columns) = self.columns {
            if columns + 1 + wide <= self.width() {
                let [before, after] =
                    [self.line.0.last().map(|span| span.label), word.first().map(|piece| piece.label)];
                self.push(" ", before.filter(|_| before == after).unwrap_or(Label::Plain));
                self.columns = Some(columns + 1);
            } else {
                self.end();
            }
        }
        let columns = self.columns.unwrap_or(0) + wide;
        let is_way = word.iter().any(|piece| piece.label == Label::Way) && text.contains("://");
        if columns <= self.width() || is_way {
            word.iter().for_each(|piece| self.push(piece.text, piece.label));
            self.columns = Some(columns);
        } else {
            word.iter().for_each(|piece| self.break_in(piece));
            self.columns = Some(self.text.width());
        }
    }

    /// Adds a piece of a word that is wider than a line, letter by letter.
    fn break_in(&mut self, piece: &Piece<'_>) {
        for letter in piece.text.chars() {
            let mut buffer = [0; 4];
            let letter = &*letter.encode_utf8(&mut buffer);
            if !self.text.is_empty() && format!("{}{letter}", self.text).width() > self.width() {
                self.end();
            }
            self.push(letter, piece.label);
        }
    }

    /// Adds text to the line, to its last piece if that has the same label.
    fn push(&mut self, text: &str, label: Label) {
        self.text.push_str(text);
        match self.line.0.last_mut() {
            Some(last) if last.label == label => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => self.line.0.push(Span { label, text: text.to_owned(), link: None }),
        }
    }

    /// Ends the line, without blanks at its end.
    fn end(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        while let Some(last) = line.0.last_mut() {
            last.text.truncate(last.text.trim_end_matches(' ').len());
            if !last.text.is_empty() {
                break;
            }
            line.0.pop();
        }
        self.done.push(line);
        self.text.clear();
        self.columns = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(line: &Line, width: usize) -> Vec<String> {
        wrap(line, [width, width]).iter().map(Line::text).collect()
    }

    #[test]
    fn words_are_kept_whole() {
        assert_eq!(wrapped(&Line::plain("one two three"), 8), ["one two", "three"]);
        assert_eq!(wrapped(&Line::plain("one  two "), 4), ["one", "two"]);
        assert_eq!(wrapped(&Line::plain(""), 4), [""]);
    }

    #[test]
    fn wide_words_are_broken_but_addresses_are_not() {
        assert_eq!(wrapped(&Line::plain("a 123456789 b"), 4), ["a", "1234", "5678", "9 b"]);
        assert_eq!(wrapped(&Line::plain("田中太郎"), 5), ["田中", "太郎"]);
        let address = Line::new(Label::Way, "see https://contoso.example now");
        assert_eq!(wrapped(&address, 6), ["see", "https://contoso.example", "now"]);
    }

    #[test]
    fn pieces_of_a_word_stay_together() {
        let mut line = Line::plain("by (");
        line.push(Line::new(Label::Object, "Jan"));
        line.push(Line::plain(")."));
        assert_eq!(wrapped(&line, 6), ["by", "(Jan)."]);
    }

    #[test]
    fn blanks_inside_are_kept() {
        assert_eq!(wrapped(&Line::plain("Jan  de Vries"), 40), ["Jan  de Vries"]);
    }
}
