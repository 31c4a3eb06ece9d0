//! What every format for people needs: text that shows what it holds, numbers, dates, and text with labels.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;

/// What a piece of text is. Each format decides once how a label looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// Nothing in particular.
    Plain,
    /// A heading, or the name of a fact.
    Heading,
    /// The severity `critical`.
    Critical,
    /// The severity `high`.
    High,
    /// The severity `medium`.
    Medium,
    /// The severity `low`.
    Low,
    /// The severity `info`.
    Info,
    /// The name of a person, a group, …
    Object,
    /// What one copies: an address, a property, a rule's id.
    Literal,
    /// A web address, or the way through an admin center.
    Way,
    /// Needed seldom.
    Faint,
    /// Limits what the report may say.
    Warning,
    /// Nothing is wrong.
    Good,
}

/// A piece of text with its label, not escaped yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// What it is.
    pub(crate) label: Label,
    /// The text.
    pub(crate) text: String,
    /// The page to go to, where a format can link.
    pub(crate) link: Option<String>,
}

/// Pieces of text that follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line(pub(crate) Vec<Span>);

impl Line {
    /// One piece of text.
    pub(crate) fn new(label: Label, text: impl Into<String>) -> Self {
        Self(vec![Span { label, text: text.into(), link: None }])
    }

    /// The same text with a page to go to.
    pub(crate) fn linked(mut self, link: Option<&str>) -> Self {
        if let [only] = self.0.as_mut_slice() {
            only.link = link.map(str::to_owned);
        }
        self
    }

    /// Text that is nothing in particular.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::new(Label::Plain, text)
    }

    /// A phrase whose `{0}`, `{1}`, … are replaced.
    ///
    /// Only the phrase is searched for them, never what replaces them.
    pub(crate) fn fill(phrase: &str, values: &[Self]) -> Self {
        let mut line = Self::default();
        let mut rest = phrase;
        while let Some(start) = rest.find('{') {
            let number = rest.get(start + 1..start + 2).and_then(|digit| digit.parse::<usize>().ok());
            let value = number.and_then(|number| values.get(number)).filter(|_| rest[start + 2..].starts_with('}'));
            if let Some(value) = value {
                line.push(Self::plain(&rest[..start]));
                line.push(value.clone());
                rest = &rest[start + 3..];
            } else {
                line.push(Self::plain(&rest[..=start]));
                rest = &rest[start + 1..];
            }
        }
        line.push(Self::plain(rest));
        line
    }

    /// Adds to the end.
    pub(crate) fn push(&mut self, other: Self) {
        self.0.extend(other.0.into_iter().filter(|span| !span.text.is_empty()));
    }

    /// Adds to the end, with a blank between.
    pub(crate) fn say(&mut self, other: Self) {
        if !self.is_empty() && !other.is_empty() {
            self.push(Self::plain(" "));
        }
        self.push(other);
    }

    /// Puts `separator` between the lines, and `last` before the last of them.
    pub(crate) fn join(lines: impl IntoIterator<Item = Self>, separator: &str, last: &str) -> Self {
        let lines: Vec<Self> = lines.into_iter().collect();
        let count = lines.len();
        let mut joined = Self::default();
        for (index, line) in lines.into_iter().enumerate() {
            if index > 0 {
                joined.push(Self::plain(if index + 1 == count { last } else { separator }));
            }
            joined.push(line);
        }
        joined
    }

    /// The text without its labels.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// Whether there is no text.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|span| span.text.is_empty())
    }
}

/// Makes visible what a terminal would obey, or a reader could not see: control characters, marks that turn the
/// direction of text, characters without width. A line break counts as one: what comes from data is never two lines.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_hidden(letter) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character is obeyed rather than shown, or not seen at all.
pub(crate) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// At most so many characters; what is cut off is replaced by three dots.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().count() <= most {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().take(most.saturating_sub(3)).collect();
    Cow::Owned(format!("{}...", kept.trim_end()))
}

/// A number with its thousands set apart.
pub(crate) fn number(number: usize, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// A date of the report as people read it, in UTC; what is no date stays as it is.
pub(crate) fn date(text: &str, form: &str) -> String {
    text.parse::<Timestamp>().map_or_else(|_| text.to_owned(), |at| at.strftime(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_made_visible() {
        assert_eq!(visible("Jan\u{1b}[2J"), "Jan\\u{1b}[2J");
        assert_eq!(visible("a\nb\tc\rd"), "a\\u{a}b\\u{9}c\\u{d}d");
        assert_eq!(visible("\u{9b}31m \u{202e}nal \u{200b}\u{feff}"), "\\u{9b}31m \\u{202e}nal \\u{200b}\\u{feff}");
        assert_eq!(visible("Zoë 田中 \u{1f600}"), "Zoë 田中 \u{1f600}");
    }

    #[test]
    fn values_are_never_searched_for_places() {
        let line = Line::fill("{0} by {1}.", &[Line::plain("{1}"), Line::new(Label::Object, "Jan")]);
        assert_eq!(line.text(), "{1} by Jan.");
        assert_eq!(Line::fill("{x} {9} {", &[]).text(), "{x} {9} {");
    }

    #[test]
    fn numbers_and_dates_are_for_people() {
        assert_eq!(number(7, ','), "7");
        assert_eq!(number(1000, ','), "1,000");
        assert_eq!(number(1_234_567, '.'), "1.234.567");
        assert_eq!(date("2026-01-09T21:20:02.7215374Z", "%Y-%m-%d %H:%M UTC"), "2026-01-09 21:20 UTC");
        assert_eq!(date("2026-01-09T21:20:02Z", "%d-%m-%Y"), "09-01-2026");
        assert_eq!(date("yesterday", "%d"), "yesterday");
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened("Jan de Vries", 12), "Jan de Vries");
        assert_eq!(shortened("Jan de Vries", 8), "Jan d...");
    }
}
