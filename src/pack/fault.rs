//! What is wrong with a rule file, and where.

use std::ops::Range;
use std::path::PathBuf;

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The file cannot be used.
    Error,
    /// The file works; something in it is likely not meant.
    Warning,
}

/// One fault of a file, with the text that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// The bytes of it that are underlined.
    pub span: Range<usize>,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands under the underlined text; empty for nothing.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The kind of fault, in kebab case; for ever.
    pub code: &'static str,
}

impl Fault {
    /// Adds what to do about it.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Line and column of its start, both from 1; a column is a character.
    pub fn line_and_column(&self, source: &str) -> (usize, usize) {
        let before = source.get(..self.span.start).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

/// The candidate that is spelled most like a word, if one is close enough to be what was meant.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = word.to_lowercase();
    let limit = (folded.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// "Did you mean …?", or else all that is possible when that is a short list.
pub fn suggestion(word: &str, candidates: &[&str], of_what: &str) -> Option<String> {
    if let Some(candidate) = nearest(word, candidates.iter().copied()) {
        return Some(format!("Did you mean `{candidate}`?"));
    }
    if candidates.is_empty() || candidates.len() > 16 {
        return None;
    }
    Some(format!("{of_what}: {}.", candidates.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_spelling_must_be_near() {
        assert_eq!(nearest("usageLocaton", ["usageLocation", "country"]), Some("usageLocation"));
        assert_eq!(nearest("UsageLocation", ["usageLocation"]), Some("usageLocation"));
        assert_eq!(nearest("colour", ["usageLocation", "country"]), None);
    }

    #[test]
    fn lines_end_in_either_way() {
        let fault = |start| Fault {
            file: PathBuf::new(),
            span: start..start + 1,
            level: Level::Error,
            message: String::new(),
            label: String::new(),
            help: None,
            code: "syntax",
        };
        assert_eq!(fault(3).line_and_column("a\r\né=1\r\n"), (2, 1));
        assert_eq!(fault(5).line_and_column("a\r\né=1\r\n"), (2, 2));
        assert_eq!(fault(2).line_and_column("a\nb=1\n"), (2, 1));
    }
}
