//! Single values that an export wrote in a way of its own: dates, empty lists, lists as one text.
//!
//! Sources: Windows PowerShell's `ConvertTo-Json`, which writes a date with the properties that PowerShell adds to it
//! (`{"value": "\/Date(…)\/", "DateTime": "…"}`) and a pipeline that gave nothing as `{}`; .NET's smallest date, which its objects
//! hold where they have none, as in published dumps; `-join ';'`, which people put into their exports.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::find_iter;

use super::Change;
use crate::json::{Raw, skip_space, skip_value};
use crate::tenant::schema::{Collection, Kind, fold_key};

/// Dates that stand for none, with the quote before them.
const NO_DATES: [&str; 3] = ["\"0001-01-01T00:00:00", "\"1900-01-01T00:00:00", "\"\\/Date(-62135596800000)"];

/// Lists that exports write as one text, in Graph's spelling and PowerShell's.
const JOINED: [&str; 4] = ["\"proxyAddresses\"", "\"ProxyAddresses\"", "\"otherMails\"", "\"OtherMails\""];

/// Properties that hold a code, where a word for nothing is none.
const CODES: [&str; 2] = ["\"usageLocation\"", "\"UsageLocation\""];

/// What programs write for nothing.
const NOTHING: [&str; 3] = ["None", "null", "N/A"];

/// All that is to be changed in single values.
pub(super) fn changes(text: &[u8]) -> Vec<Change> {
    let mut changes = Vec::new();
    no_dates(text, &mut changes);
    date_objects(text, &mut changes);
    empty_lists(text, &mut changes);
    for key in JOINED {
        changes.extend(values_of(text, key).filter_map(|(start, end)| Some((start, end, split(&text[start..end])?))));
    }
    for key in CODES {
        let is_nothing = |raw: Raw<'_>| {
            raw.text().is_some_and(|text| NOTHING.iter().any(|nothing| nothing.eq_ignore_ascii_case(text.trim())))
        };
        let nothing = values_of(text, key).filter(|(start, end)| is_nothing(Raw::new(&text[*start..*end])));
        changes.extend(nothing.map(|(start, end)| (start, end, b"null".to_vec())));
    }
    changes
}

/// Where the values of a key begin and end that are texts.
fn values_of<'t>(text: &'t [u8], key: &'static str) -> impl Iterator<Item = (usize, usize)> + 't {
    find_iter(text, key).filter_map(move |at| {
        let colon = skip_space(text, at + key.len());
        let start = skip_space(text, colon + 1);
        let is_value = text.get(colon) == Some(&b':') && text.get(start) == Some(&b'"');
        is_value.then(|| skip_value(text, start).ok()).flatten().map(|end| (start, end))
    })
}

fn no_dates(text: &[u8], changes: &mut Vec<Change>) {
    for start in NO_DATES.iter().flat_map(|no_date| find_iter(text, no_date)) {
        // A quote inside a text has a backslash before it.
        let is_value = text[..start].trim_ascii_end().last().is_some_and(|byte| b":[,".contains(byte));
        if let Some(end) = is_value.then(|| skip_value(text, start).ok()).flatten() {
            changes.push((start, end, b"null".to_vec()));
        }
    }
}

/// Dates with the properties that PowerShell adds.
fn date_objects(text: &[u8], changes: &mut Vec<Change>) {
    for start in find_iter(text, "\"\\/Date(") {
        let before = text[..start].trim_ascii_end();
        let opened = before.strip_suffix(b":").and_then(|key| key.trim_ascii_end().strip_suffix(b"\"value\""));
        let Some(outer) = opened.map(<[u8]>::trim_ascii_end).filter(|outer| outer.ends_with(b"{")) else { continue };
        let from = outer.len() - 1;
        let added = skip_value(text, start).ok().and_then(|end| Some((end, end_of_added(text, end)?)));
        if let Some((end, to)) = added {
            changes.extend([(from, start, Vec::new()), (end, to, Vec::new())]);
        }
    }
}

/// The end of an object whose other properties are plain values, `DateTime` among them.
fn end_of_added(text: &[u8], mut at: usize) -> Option<usize> {
    let mut has_date = false;
    loop {
        at = skip_space(text, at);
        match text.get(at)? {
            b'}' => return has_date.then_some(at + 1),
            b',' => at += 1,
            b'"' => {
                let end = skip_value(text, at).ok()?;
                has_date |= &text[at..end] == b"\"DateTime\"";
                let colon = skip_space(text, end);
                let value = skip_space(text, colon + 1);
                if text.get(colon) != Some(&b':') || matches!(text.get(value), Some(b'{' | b'[')) {
                    return None;
                }
                at = skip_value(text, value).ok()?;
            }
            _ => return None,
        }
    }
}

/// Lists without elements that are written as an object without names, or as a list of an empty text; a list of null may as well be one
/// that was not collected, as may be one that takes a call of its own.
fn empty_lists(text: &[u8], changes: &mut Vec<Change>) {
    for end in memchr::memchr2_iter(b'}', b']', text) {
        let inside = text[..end].trim_ascii_end();
        let opened = match text[end] {
            b'}' => inside.strip_suffix(b"{"),
            _ => {
                let nothing = inside.strip_suffix(b"null").or_else(|| inside.strip_suffix(b"\"\""));
                nothing.and_then(|before| before.trim_ascii_end().strip_suffix(b"["))
            }
        };
        let Some(before) = opened.and_then(|before| before.trim_ascii_end().strip_suffix(b":")) else { continue };
        let key = before.trim_ascii_end().strip_suffix(b"\"");
        let key = key.and_then(|key| Some(&key[memchr::memrchr(b'"', key)? + 1..]));
        let Some(name) = key.and_then(|key| std::str::from_utf8(key).ok()).map(fold_key) else { continue };
        if LISTS.contains(&name) {
            let is_known = !inside.ends_with(b"null") && !EXPANDED.contains(&name.as_str());
            changes.push((before.len() + 1, end + 1, if is_known { b"[]".to_vec() } else { b"null".to_vec() }));
        }
    }
}

/// Lists that come of a call for each object: PowerShell shows them as empty where nobody made it.
const EXPANDED: [&str; 3] = ["members", "owners", "scopedrolemembers"];

/// The properties that are lists, by their folded names.
static LISTS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let lists = |collection: Collection| {
        let lists = collection.schema().properties.iter();
        lists.filter(|known| matches!(known.kind, Kind::Texts | Kind::Objects)).map(|known| known.name)
    };
    Collection::all().flat_map(lists).chain(["disabledPlans"]).map(fold_key).collect()
});

/// Addresses that a text holds with separators between them, as a list; nothing if it is one address, or something else.
fn split(text: &[u8]) -> Option<Vec<u8>> {
    let inner = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let pieces: Vec<&[u8]> = inner.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).collect();
    let pieces: Vec<&[u8]> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
    let is_address = |piece: &&[u8]| piece.contains(&b'@') || piece.contains(&b':');
    if pieces.len() < 2 || !pieces.iter().all(is_address) {
        return None;
    }
    let quoted: Vec<Vec<u8>> = pieces.into_iter().map(|piece| [b"\"", piece, b"\""].concat()).collect();
    Some([b"[", quoted.join(&b',').as_slice(), b"]"].concat())
}
