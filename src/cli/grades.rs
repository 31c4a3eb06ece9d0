//! How bad and how sure the findings of checks are, in words: for the page about a rule, and for the lists of all rules.

use super::words::{Words, fill};
use crate::engine::naming::severity_name;
use crate::pack::model::{Check, Confidence, Severity};

/// The grade of a check: "[high, likely]".
pub(super) fn grade(check: &Check, words: &Words) -> String {
    let severity = severities(std::iter::once(check))
        .map_or_else(|| words.by_table.to_owned(), |(low, high)| range(low, high, words));
    match check.confidence {
        Some(Confidence::Likely) => format!("[{severity}, {}]", words.likely),
        Some(Confidence::Hint) => format!("[{severity}, {}]", words.hint),
        Some(Confidence::Certain) | None => format!("[{severity}]"),
    }
}

/// The lowest and the highest severity of some checks.
pub(super) fn severities<'c>(checks: impl Iterator<Item = &'c Check>) -> Option<(Severity, Severity)> {
    let all: Vec<Severity> = checks.flat_map(Check::grades).map(|(severity, _)| severity).collect();
    Some((*all.iter().min()?, *all.iter().max()?))
}

/// "low", or "low to high".
pub(super) fn range(low: Severity, high: Severity, words: &Words) -> String {
    let name = |severity: Severity| words.severities[severity as usize];
    if low == high { name(low).to_owned() } else { fill(words.range, &[name(low), name(high)]) }
}

/// "low", or "low to high", for the list of rules.
pub(super) fn range_in_english(low: Severity, high: Severity) -> String {
    let (low, high) = (severity_name(low), severity_name(high));
    if low == high { low.to_owned() } else { format!("{low} to {high}") }
}
