//! The order in which people count: r2 before r10.

/// A run of digits, or of anything else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Run {
    /// A number; of the same value the shorter goes first.
    Number(u64, String),
    /// Any other text, and numbers that no counter reaches.
    Text(String),
}

/// What a text is sorted by.
pub fn natural(text: &str) -> Vec<Run> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter| is_digit(letter) != is_digit(first)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        runs.push(match run.parse() {
            Ok(number) if is_digit(first) => Run::Number(number, run.to_owned()),
            _ => Run::Text(run.to_owned()),
        });
        rest = behind;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn numbers_are_sorted_by_value() {
        let mut texts = ["r10", "r2", "", "r2b", "r02", "R1", "r", "é3", "99999999999999999999999"];
        texts.sort_by_key(|text| natural(text));
        assert_eq!(texts, ["", "99999999999999999999999", "R1", "r", "r02", "r2", "r2b", "r10", "é3"]);
    }
}
