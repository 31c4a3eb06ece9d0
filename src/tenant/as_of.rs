//! When the export was made, as far as it tells.

use std::cmp::Reverse;

use jiff::Timestamp;

use crate::dump::Source;
use crate::tenant::schema::Collection;

/// The date that ages are measured against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The date.
    pub value: Timestamp,
    /// Where it comes from: `now`, `exported-at`, `newest-observation`.
    pub basis: &'static str,
    /// The source it comes from, by its index in reading order.
    pub source: Option<u32>,
    /// It is the date itself; otherwise the export is at least as new.
    pub is_exact: bool,
}

/// Properties that say when something was observed. Expiries are not among them, nor is the date of the last synchronization,
/// which rules compare with this one.
pub fn observed(collection: Collection) -> &'static [&'static str] {
    match collection {
        Collection::Users => &["createdDateTime", "externalUserStateChangeDateTime"],
        Collection::DeletedUsers => &["deletedDateTime"],
        Collection::Groups | Collection::Subscriptions => &["createdDateTime"],
        Collection::DirectoryAudits => &["activityDateTime"],
        _ => &[],
    }
}

impl AsOf {
    /// The user's `now`, else what the sources say of themselves, else the newest observation in them.
    pub fn of(sources: &[Source], newest: Option<(Timestamp, u32)>, now: Option<Timestamp>) -> Option<Self> {
        let told = sources.iter().enumerate().filter_map(|(index, source)| {
            let value = timestamp(source.exported_at.as_deref()?)?;
            Some(Self { value, basis: "exported-at", source: Some(index as u32), is_exact: true })
        });
        if let Some(value) = now {
            return Some(Self { value, basis: "now", source: None, is_exact: true });
        }
        told.max_by_key(|told| (told.value, told.source.map(|index| Reverse(sources[index as usize].by_content()))))
            .or_else(|| {
                let (value, source) = newest?;
                Some(Self { value, basis: "newest-observation", source: Some(source), is_exact: false })
            })
    }
}

/// Dates that are so far apart are of different days: a date without a time is the beginning of its day.
const DAY_SECONDS: i64 = 86_400;

/// Says of sources that they are older than others, or newer than the date that the user gives as now.
pub fn remark(sources: &mut [Source], newest: Option<(Timestamp, u32)>, now: Option<Timestamp>) {
    let day = |date: Timestamp| date.strftime("%Y-%m-%d").to_string();
    let is_later = |one: Timestamp, other: Timestamp| one.as_second() - other.as_second() > DAY_SECONDS;
    let told: Vec<(usize, Timestamp)> =
        sources.iter().enumerate().filter_map(|(index, source)| Some((index, of_source(source)?))).collect();
    let latest = told.iter().map(|(_, date)| *date).max();
    for (index, date) in &told {
        if let Some(latest) = latest.filter(|latest| is_later(*latest, *date)) {
            let days = (day(*date), day(latest));
            let said =
                format!("It is of {}, another file of {}: what was deleted in between is still in it.", days.0, days.1);
            sources[*index].notes.push(("older", said));
        }
    }
    let seen = newest.map(|(date, source)| (source as usize, date));
    let last = told.into_iter().chain(seen).max_by_key(|(index, date)| (*date, Reverse(sources[*index].by_content())));
    if let (Some(now), Some((index, date))) = (now, last)
        && is_later(date, now)
    {
        let said = format!("It holds dates up to {}, after the date given: ages count from the date given.", day(date));
        sources[index].notes.push(("after-now", said));
    }
}

/// A source's own date.
pub fn of_source(source: &Source) -> Option<Timestamp> {
    source.exported_at.as_deref().and_then(timestamp)
}

/// Whether a text stands for no date at all.
pub fn is_no_date(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with("0001-") || text.starts_with("1900-01-01")
}

/// A date as Graph writes it; a date without zone counts as UTC. The year 1 and the year 1900 stand for none.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if is_no_date(text) {
        return None;
    }
    // Windows PowerShell counts milliseconds, and may say in which zone they were counted; they are UTC all the same.
    if let Some(count) = text.strip_prefix("/Date(").and_then(|count| count.strip_suffix(")/")) {
        let digits =
            count.len() - count.trim_start_matches(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).len();
        return Timestamp::from_millisecond(count[..digits].parse().ok()?).ok();
    }
    text.parse().ok().or_else(|| format!("{text}Z").parse().ok()).or_else(|| format!("{text}T00:00:00Z").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_exporters_write_them() {
        for text in
            ["2026-01-09T21:20:02Z", "2026-01-09T21:20:02.7215374Z", "2026-01-09T21:20:02", "2026-01-09 21:20:02Z"]
        {
            let date = timestamp(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(date.as_second(), 1_767_993_602, "{text}");
        }
        for text in ["/Date(1767993602000)/", "/Date(1767993602000+0100)/", " /Date(1767993602999)/"] {
            assert_eq!(timestamp(text).map(Timestamp::as_second), Some(1_767_993_602), "{text}");
        }
        assert_eq!(timestamp("/Date(-1)/").map(Timestamp::as_millisecond), Some(-1));
        assert_eq!(timestamp("/Date(x)/"), None);
        assert_eq!(timestamp("2026-01-09").map(Timestamp::as_second), Some(1_767_916_800));
        for text in ["", "yesterday", "0001-01-01T00:00:00Z", "1900-01-01T00:00:00Z"] {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }
}
