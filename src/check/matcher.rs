//! Patterns that texts are searched for.

use std::sync::{Arc, LazyLock};

use regex::{Regex, bytes};

use super::word::Word;
use crate::json::Raw;

/// A pattern. Plain words are searched as such, and no pattern is compiled before somebody needs it.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// A word, in lower case, searched without ASCII case.
    Word(Word),
    /// A regular expression.
    Pattern(Arc<Pattern>),
}

impl PartialEq for Matcher {
    /// Patterns are the same only if they are one.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(word), Self::Word(other)) => word == other,
            (Self::Pattern(pattern), Self::Pattern(other)) => Arc::ptr_eq(pattern, other),
            _ => false,
        }
    }
}

/// A regular expression; none if it is malformed, which lint refuses.
#[derive(Debug)]
pub struct Pattern {
    /// As it stands in the rule.
    source: String,
    /// For texts of ASCII alone: in those it finds the same, and without Unicode's classes it is compiled many times faster.
    ascii: Lazy<bytes::Regex>,
    /// For all others.
    unicode: Lazy<Regex>,
}

type Lazy<R> = LazyLock<Option<R>, Box<dyn FnOnce() -> Option<R> + Send>>;

impl Pattern {
    fn new(pattern: &str) -> Self {
        let (ascii, unicode) = (pattern.to_owned(), pattern.to_owned());
        let bytes = move || bytes::RegexBuilder::new(&ascii).unicode(false).build().ok();
        Self {
            source: pattern.to_owned(),
            ascii: LazyLock::new(Box::new(bytes)),
            unicode: LazyLock::new(Box::new(move || Regex::new(&unicode).ok())),
        }
    }

    fn is_match(&self, text: &str) -> bool {
        // A pattern that asks for a class of Unicode cannot do without it.
        match self.ascii.as_ref() {
            Some(pattern) if text.is_ascii() => pattern.is_match(text.as_bytes()),
            _ => self.unicode.as_ref().is_some_and(|pattern| pattern.is_match(text)),
        }
    }
}

impl Matcher {
    /// Of a pattern as a rule has it.
    pub fn new(pattern: &str) -> Self {
        if let Some(word) = pattern.strip_prefix("(?i)")
            && word.is_ascii()
            && !word.contains(['.', '^', '$', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '\\'])
        {
            return Self::Word(Word::new(word));
        }
        Self::Pattern(Arc::new(Pattern::new(pattern)))
    }

    /// Whether it is found in what a person would write for a value.
    #[inline]
    pub fn is_in(&self, value: Raw<'_>) -> bool {
        match (self, value.plain()) {
            (Self::Word(word), Some(text)) => word.is_in(text),
            (Self::Pattern(pattern), Some(text)) if let Some(ascii) = pattern.ascii.as_ref() => ascii.is_match(text),
            _ => self.is_match(&value.display()),
        }
    }

    /// The pattern, if it is more than a word and can stand beside others: in verbose ones a comment may swallow what follows.
    pub fn source(&self) -> Option<&str> {
        let Self::Pattern(pattern) = self else { return None };
        let flags = pattern.source.strip_prefix("(?").and_then(|rest| rest.split([')', ':']).next());
        (!flags.is_some_and(|flags| flags.contains('x'))).then_some(pattern.source.as_str())
    }

    /// Whether it is found in a text.
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Word(word) => word.is_in(text.as_bytes()),
            Self::Pattern(pattern) => pattern.is_match(text),
        }
    }
}

/// Several patterns as one, for texts in which most likely none of them is found.
#[derive(Debug)]
pub struct Union(bytes::Regex);

impl Union {
    /// Of some matchers; nothing if they cannot be joined.
    pub fn new<'m>(matchers: impl Iterator<Item = &'m Matcher>) -> Option<Self> {
        let sources = matchers.filter_map(Matcher::source).map(|source| format!("(?:{source})"));
        let all = sources.collect::<Vec<_>>().join("|");
        bytes::RegexBuilder::new(&all).unicode(false).build().ok().map(Self)
    }

    /// Whether none of the patterns is found in a value; no says nothing.
    #[inline]
    pub fn is_out(&self, value: Raw<'_>) -> bool {
        value.ascii().is_some_and(|text| !self.0.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_beyond_ascii_are_matched_by_letters_and_classes_of_unicode() {
        for (pattern, text, is_match) in [
            ("^[^@]{3}@", "Zo\u{eb}@a", true),
            ("(?i)^STRASSE$", "stra\u{df}e", false),
            ("(?i)^\u{e9}$", "\u{c9}", true),
            (r"\s$", "a\u{a0}", true),
            (r"^\p{Lu}", "A", true),
            (r"^\p{Lu}", "a", false),
            ("(?i)k", "\u{212a}", true),
        ] {
            assert_eq!(Pattern::new(pattern).is_match(text), is_match, "{pattern} in {text}");
        }
    }

    #[test]
    fn a_union_rules_out_what_none_of_its_patterns_finds() {
        let matchers = ["(?i)^adm", r"\s", "@$"].map(Matcher::new);
        let union = Union::new(matchers.iter()).unwrap();
        for (text, is_out) in [
            ("\"jan@b\"", true),
            ("\"Admin\"", false),
            ("\"a b\"", false),
            ("\"a@\"", false),
            ("\"\u{e9}\"", false),
            ("1", false),
        ] {
            assert_eq!(union.is_out(Raw::new(text.as_bytes())), is_out, "{text}");
        }
        assert_eq!(Matcher::new("(?xi)^a # b").source(), None, "a comment would swallow the others");
        assert_eq!(Matcher::new("(?i)a|b").source(), Some("(?i)a|b"));
    }

    proptest! {
        #[test]
        fn texts_of_ascii_are_matched_as_with_unicode(text in "[ -~\t\n]{0,12}", number in 0usize..9) {
            let patterns = [
                r"^[^@]{5,}@|@[^@]{3,}$", r"\.@", r"(?i)^smtp:\s*\S", r"\bA\d", r"^\w+$", "(?i)[k-s]+$", r"[^\s]\s", ".", r"\D\W",
            ];
            let pattern = patterns[number];
            prop_assert_eq!(Pattern::new(pattern).is_match(&text), Regex::new(pattern).unwrap().is_match(&text));
        }
    }
}
