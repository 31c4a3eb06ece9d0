//! Single values that an export wrote in a way of its own: dates, empty lists, lists as one text.
//!
//! Sources: Windows PowerShell's `ConvertTo-Json`, which writes a date with the properties that PowerShell adds to it
//! (`{"value": "\/Date(…)\/", "DateTime": "…"}`) and a pipeline that gave nothing as `{}`; .NET's smallest date, which its objects
//! hold where they have none, as in published dumps; `-join ';'`, which people put into their exports.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Change;
use crate::json::{Raw, named_values, skip_space, skip_value};
use crate::tenant::schema::{Collection, Kind, fold_key};

/// Dates that stand for none, with the quote before them.
const NO_DATES: [&[u8]; 3] = [b"\"0001-01-01T00:00:00", b"\"1900-01-01T00:00:00", b"\"\\/Date(-62135596800000)"];

/// What programs write for nothing.
const NOTHING: [&str; 3] = ["None", "null", "N/A"];

/// All that is to be changed in single values.
pub(super) fn changes(text: &[u8]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, start) in named_values(text) {
        match text.get(start) {
            Some(b'"') => text_value(text, name, start, &mut changes),
            Some(b'{' | b'[') => changes.extend(empty_list(text, name, start)),
            _ => {}
        }
    }
    changes
}

/// What is to be changed of a value that is a text.
fn text_value(text: &[u8], name: &[u8], start: usize, changes: &mut Vec<Change>) {
    let end = || skip_value(text, start).ok();
    match name {
        // Lists that exports write as one text, in Graph's spelling and PowerShell's.
        b"proxyAddresses" | b"ProxyAddresses" | b"otherMails" | b"OtherMails" => {
            changes.extend(end().and_then(|end| Some((start, end, split(&text[start..end])?))));
        }
        // A code, where a word for nothing is none.
        b"usageLocation" | b"UsageLocation" => {
            let is_nothing = |raw: Raw<'_>| {
                raw.text().is_some_and(|text| NOTHING.iter().any(|word| word.eq_ignore_ascii_case(text.trim())))
            };
            let nothing = end().filter(|end| is_nothing(Raw::new(&text[start..*end])));
            changes.extend(nothing.map(|end| (start, end, b"null".to_vec())));
        }
        _ => {
            if NO_DATES.iter().any(|no_date| text[start..].starts_with(no_date)) {
                changes.extend(end().map(|end| (start, end, b"null".to_vec())));
            }
            if name == b"value" && text[start..].starts_with(b"\"\\/Date(") {
                date_object(text, start, changes);
            }
        }
    }
}

/// A date with the properties that PowerShell adds, from where the date itself begins.
fn date_object(text: &[u8], start: usize, changes: &mut Vec<Change>) {
    let key = text[..start].trim_ascii_end().strip_suffix(b":").map(<[u8]>::trim_ascii_end);
    let outer = key.and_then(|key| key.strip_suffix(b"\"value\"")).map(<[u8]>::trim_ascii_end);
    let Some(from) = outer.and_then(|outer| outer.strip_suffix(b"{")).map(<[u8]>::len) else { return };
    let added = skip_value(text, start).ok().and_then(|end| Some((end, end_of_added(text, end)?)));
    if let Some((end, to)) = added {
        changes.extend([(from, start, Vec::new()), (end, to, Vec::new())]);
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

/// A list without elements that is written as an object without names, or as a list of an empty text; a list of null may as well be
/// one that was not collected, as may be one that takes a call of its own.
fn empty_list(text: &[u8], name: &[u8], start: usize) -> Option<Change> {
    let after = |at: usize, token: &[u8]| {
        let at = skip_space(text, at);
        text[at..].starts_with(token).then_some(at + token.len())
    };
    let (end, is_null) = match text[start] {
        b'{' => (after(start + 1, b"}")?, false),
        _ => match after(start + 1, b"null") {
            Some(null) => (after(null, b"]")?, true),
            None => (after(after(start + 1, b"\"\"")?, b"]")?, false),
        },
    };
    let name = fold_key(std::str::from_utf8(name).ok()?);
    let is_known = !is_null && !EXPANDED.contains(&name.as_str());
    LISTS.contains(&name).then(|| (start, end, if is_known { b"[]".to_vec() } else { b"null".to_vec() }))
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
