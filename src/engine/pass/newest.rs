//! The newest date on which something was observed.

use jiff::Timestamp;

use crate::json::Raw;
use crate::tenant::as_of;

/// How many bytes Graph writes of a date up to its seconds.
const TO_SECONDS: usize = "2026-01-09T21:20:02".len();

/// The newest date of some, and how Graph writes it: nearly all dates are seen to be older by their text.
#[derive(Debug, Default)]
pub struct Newest {
    date: Option<Timestamp>,
    text: Vec<u8>,
}

impl Newest {
    /// The date, if there was any.
    pub fn date(&self) -> Option<Timestamp> {
        self.date
    }

    /// Keeps the newest date. One that cannot be read, or that no export can hold, says nothing.
    #[inline]
    pub fn observe(&mut self, date: Raw<'_>) {
        if let [b'"', text @ .., b'"'] = date.bytes()
            && is_of_graph(text)
            && (text == self.text || text.get(..TO_SECONDS) < self.text.get(..TO_SECONDS))
        {
            return;
        }
        self.read(date);
    }

    /// Texts are compared only where Graph's form says that they sort as the dates do: others may be in another zone.
    fn read(&mut self, date: Raw<'_>) {
        let Some(date) = date.text().and_then(|text| as_of::timestamp(&text)) else { return };
        let text = date.to_string();
        if text.starts_with("20") && self.date.is_none_or(|newest| newest < date) {
            self.date = Some(date);
            self.text = text.into_bytes();
        }
    }
}

/// Whether it is a date in UTC as Graph writes it, by digits and signs alone.
#[inline]
fn is_of_graph(text: &[u8]) -> bool {
    let [head @ .., b'Z'] = text else { return false };
    let Some((seconds, part)) = head.split_at_checked(TO_SECONDS) else { return false };
    let fits = |(letter, sign): (&u8, &u8)| if *sign == b'0' { letter.is_ascii_digit() } else { letter == sign };
    let is_part = matches!(part, [] | [b'.', _, ..]) && part.iter().skip(1).all(u8::is_ascii_digit);
    is_part && seconds.iter().zip(b"2000-00-00T00:00:00").all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest(dates: &[&str]) -> Option<String> {
        let mut newest = Newest::default();
        for date in dates {
            newest.observe(Raw::new(format!("\"{date}\"").as_bytes()));
        }
        newest.date().map(|date| date.to_string())
    }

    #[test]
    fn in_any_order_the_newest_is_kept() {
        let cases = [
            (vec!["2026-01-01T00:00:00Z", "20ZZ-01-01T00:00:00Z", "2026-99-99T00:00:00Z"], "2026-01-01T00:00:00Z"),
            (vec!["2026-01-01T10:00:00+14:00", "2026-01-01T09:00:00Z"], "2026-01-01T09:00:00Z"),
            (vec!["2026-01-01T10:00:00-14:00", "2026-01-01T11:00:00Z"], "2026-01-02T00:00:00Z"),
            (vec!["2026-01-01T10:00:00Z", "2026-01-01T10:00:00.5Z"], "2026-01-01T10:00:00.5Z"),
            (vec!["/Date(1767993602000)/", "2026-01-09T21:20:01Z", "2025-12-31"], "2026-01-09T21:20:02Z"),
            (vec!["2026-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00Z"], "2026-01-01T00:00:00Z"),
        ];
        for (mut dates, expected) in cases {
            for _ in 0..dates.len() {
                dates.rotate_left(1);
                assert_eq!(newest(&dates).as_deref(), Some(expected), "{dates:?}");
                let reversed: Vec<_> = dates.iter().rev().copied().collect();
                assert_eq!(newest(&reversed).as_deref(), Some(expected), "{reversed:?}");
            }
        }
        assert_eq!(newest(&["20ZZ-01-01T00:00:00Z", "", "soon"]), None);
    }
}
