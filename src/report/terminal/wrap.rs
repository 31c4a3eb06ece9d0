//! Text in columns: wrapped between words, measured as a terminal shows it.

use unicode_width::UnicodeWidthStr as _;

use crate::report::text::{Label, Line, Span, visible};

/// Escapes a line for the terminal and wraps it: the first line to `widths[0]` columns, the others to `widths[1]`.
///
/// Only a word that is wider than a line is broken; a web address is not even then, since nobody could open it.
pub(super) fn wrap(line: &Line, widths: [usize; 2]) -> Vec<Line> {
    let mut lines = Lines { widths, done: Vec::new(), line: Line::default(), text: String::new(), is_started: false };
    for word in words(line) {
        lines.add(&word);
    }
    lines.end();
    lines.done
}

/// The words, each with the pieces it is made of, escaped. Blanks that follow each other are kept, since names may
/// differ by them.
fn words(line: &Line) -> Vec<Vec<Span>> {
    let mut words = vec![Vec::new()];
    for span in &line.0 {
        for (index, part) in visible(&span.text).split(' ').enumerate() {
            if index > 0 {
                words.push(Vec::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(Span { label: span.label, text: part.to_owned(), link: None });
            }
        }
    }
    words
}

/// Lines in the making.
struct Lines {
    widths: [usize; 2],
    done: Vec<Line>,
    /// The line that words are added to.
    line: Line,
    /// Its text.
    text: String,
    /// Whether it has a word already, which may be empty.
    is_started: bool,
}

impl Lines {
    fn width(&self) -> usize {
        self.widths[usize::from(!self.done.is_empty())].max(1)
    }

    fn add(&mut self, word: &[Span]) {
        let text: String = word.iter().map(|span| span.text.as_str()).collect();
        if self.is_started {
            if format!("{} {text}", self.text).width() <= self.width() {
                let [before, after] = [self.line.0.last(), word.first()].map(|span| span.map(|span| span.label));
                self.push(" ", before.filter(|_| before == after).unwrap_or(Label::Plain));
            } else {
                self.end();
            }
        }
        self.is_started = true;
        let is_way = word.iter().any(|span| span.label == Label::Way) && text.contains("://");
        let fits = format!("{}{text}", self.text).width() <= self.width();
        for span in word {
            if fits || is_way {
                self.push(&span.text, span.label);
            } else {
                self.break_in(span);
            }
        }
    }

    /// Adds a piece of a word that is wider than a line, letter by letter.
    fn break_in(&mut self, span: &Span) {
        for letter in span.text.chars() {
            let letter = letter.to_string();
            if !self.text.is_empty() && format!("{}{letter}", self.text).width() > self.width() {
                self.end();
                self.is_started = true;
            }
            self.push(&letter, span.label);
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
        self.is_started = false;
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
