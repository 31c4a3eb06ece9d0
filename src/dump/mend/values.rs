//! Single values that an export wrote in a way of its own: dates, empty lists, lists as one text.
//!
//! Sources: Windows PowerShell's `ConvertTo-Json`, which writes a date with the properties that PowerShell adds to it
//! (`{"value": "\/Date(…)\/", "DateTime": "…"}`) and a pipeline that gave nothing as `{}`; .NET's smallest date, which its objects
//! hold where they have none, as in published dumps; `-join ';'`, which people put into their exports.

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
        Some((start, skip_value(text, start).ok()?)).filter(|_| is_value)
    })
}

fn no_dates(text: &[u8], changes: &mut Vec<Change>) {
    for start in NO_DATES.iter().flat_map(|no_date| find_iter(text, no_date)) {
        // A quote inside a text has a backslash before it.
        let is_value = text[..start].trim_ascii_end().last().is_some_and(|byte| b":[,".contains(byte));
        if let Some(end) = skip_value(text, start).ok().filter(|_| is_value) {
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
        if let (Ok(end), Ok(to)) = (skip_value(text, start), skip_value(text, from))
            && Raw::new(&text[from..to]).get("DateTime").is_some()
        {
            changes.extend([(from, start, Vec::new()), (end, to, Vec::new())]);
        }
    }
}

/// Lists without elements that are written as an object without names, or as a list of nothing.
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
        if key.and_then(|key| std::str::from_utf8(key).ok()).is_some_and(is_list) {
            changes.push((before.len() + 1, end + 1, b"[]".to_vec()));
        }
    }
}

/// Whether a name is that of a property that is a list.
fn is_list(name: &str) -> bool {
    let name = fold_key(name);
    let lists = |collection: Collection| {
        let lists =
            collection.schema().properties.iter().filter(|known| matches!(known.kind, Kind::Texts | Kind::Objects));
        lists.map(|known| known.name)
    };
    Collection::all().flat_map(lists).chain(["disabledPlans"]).any(|known| fold_key(known) == name)
}

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
