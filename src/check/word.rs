//! Searching a word without case, for the patterns that are nothing else.

/// A word of ASCII letters and signs.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    lower: Vec<u8>,
    /// The place of the byte that is searched first: a sign, if it has one, for they are rarer than letters.
    anchor: usize,
}

impl Word {
    /// Makes a word ready to be searched.
    pub(super) fn new(word: &str) -> Self {
        let lower = word.to_ascii_lowercase().into_bytes();
        let anchor = lower.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(0);
        Self { lower, anchor }
    }

    /// Whether it is in a text.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        let Some(&anchor) = self.lower.get(self.anchor) else { return true };
        // Where the anchor may stand so that the whole word fits around it.
        let last = text.len().saturating_sub(self.lower.len() - self.anchor - 1);
        let Some(middle) = text.get(self.anchor..last) else { return false };
        memchr::memchr2_iter(anchor, anchor.to_ascii_uppercase(), middle)
            .any(|at| text[at..at + self.lower.len()].eq_ignore_ascii_case(&self.lower))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_is_found_in_any_case_and_place() {
        let word = Word::new("#Ext#@");
        for text in ["a#EXT#@b", "#ext#@", "##ext#@x", "a#b#eXt#@"] {
            assert!(word.is_in(text.as_bytes()), "{text}");
        }
        for text in ["", "#", "a#ext#", "#ext@", "ext#@"] {
            assert!(!word.is_in(text.as_bytes()), "{text}");
        }
        assert!(Word::new("").is_in(b""));
    }

    proptest! {
        #[test]
        fn as_the_plain_search_finds_it(word in "[ab#]{1,4}", text in "[aAbB#é]{0,12}") {
            let plain = text.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()));
            prop_assert_eq!(Word::new(&word).is_in(text.as_bytes()), plain);
        }
    }
}
