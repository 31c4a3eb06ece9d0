//! When the export was made, as far as it tells.

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
    pub fn of(sources: &[Source], newest: Option<&(String, u32)>, now: Option<Timestamp>) -> Option<Self> {
        let told = sources.iter().enumerate().filter_map(|(index, source)| {
            let value = timestamp(source.exported_at.as_deref()?)?;
            Some(Self { value, basis: "exported-at", source: Some(index as u32), is_exact: true })
        });
        if let Some(value) = now {
            return Some(Self { value, basis: "now", source: None, is_exact: true });
        }
        told.max_by_key(|told| (told.value, std::cmp::Reverse(told.source.map(|index| sources[index as usize].digest))))
            .or_else(|| {
                let (text, source) = newest?;
                Some(Self {
                    value: timestamp(text)?,
                    basis: "newest-observation",
                    source: Some(*source),
                    is_exact: false,
                })
            })
    }
}

/// A source's own date.
pub fn of_source(source: &Source) -> Option<Timestamp> {
    source.exported_at.as_deref().and_then(timestamp)
}

/// A date as Graph writes it; a date without zone counts as UTC. The year 1 and the year 1900 stand for none.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.starts_with("0001-") || text.starts_with("1900-01-01") {
        return None;
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
        assert_eq!(timestamp("2026-01-09").map(Timestamp::as_second), Some(1_767_916_800));
        for text in ["", "yesterday", "0001-01-01T00:00:00Z", "1900-01-01T00:00:00Z"] {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }
}
