//! Long lists, shortened: thousands of findings may each show the thousands of addresses of one person.

use hashbrown::HashSet;

use crate::json::{Raw, encode_text};

/// How many elements of a list are shown.
const MAX_LISTED: usize = 50;

/// A list with its first elements, and with a last one that counts the others; nothing if it is not too long.
pub(super) fn shortened(list: Raw<'_>) -> Option<Vec<u8>> {
    shortened_but(list, &HashSet::new())
}

/// The two states of a list with all that tells them apart, as far as it is not too much itself.
pub(super) fn shortened_change(before: Option<Raw<'_>>, after: Raw<'_>) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let items = |list: Raw<'_>| list.items().map(|item| item.bytes().to_vec()).collect::<HashSet<_>>();
    let is_long = |list: Raw<'_>| list.is_list() && list.items().count() > MAX_LISTED;
    if !is_long(after) && !before.is_some_and(is_long) {
        return (None, None);
    }
    let (old, new) = (before.map(items).unwrap_or_default(), items(after));
    let changed = old.symmetric_difference(&new).cloned().collect();
    (before.and_then(|before| shortened_but(before, &changed)), shortened_but(after, &changed))
}

fn shortened_but(list: Raw<'_>, first: &HashSet<Vec<u8>>) -> Option<Vec<u8>> {
    let count = if list.is_list() { list.items().count() } else { 0 };
    if count <= MAX_LISTED {
        return None;
    }
    let is_first = |item: &Raw<'_>| first.contains(item.bytes());
    let firsts = list.items().filter(is_first).count().min(MAX_LISTED);
    let (mut firsts, mut others) = (firsts, MAX_LISTED - firsts);
    let mut json = vec![b'['];
    for item in list.items() {
        let left = if is_first(&item) { &mut firsts } else { &mut others };
        if *left > 0 {
            *left -= 1;
            json.extend_from_slice(item.bytes());
            json.push(b',');
        }
    }
    encode_text(&format!("… (+{})", count - MAX_LISTED), &mut json);
    json.push(b']');
    Some(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(numbers: std::ops::Range<usize>) -> String {
        format!("[{}]", numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(","))
    }

    fn shown(json: &[u8]) -> Vec<String> {
        Raw::new(json).items().map(|item| item.display().into_owned()).collect()
    }

    #[test]
    fn of_a_long_list_the_rest_is_counted() {
        assert_eq!(shortened(Raw::new(list(0..50).as_bytes())), None);
        let short = shown(&shortened(Raw::new(list(0..60).as_bytes())).unwrap());
        assert_eq!((short.len(), short[49].as_str(), short[50].as_str()), (51, "49", "… (+10)"));
    }

    #[test]
    fn what_changes_is_shown() {
        let (before, after) = (list(0..60), list(0..59));
        let (before, after) = shortened_change(Some(Raw::new(before.as_bytes())), Raw::new(after.as_bytes()));
        let (before, after) = (shown(&before.unwrap()), shown(&after.unwrap()));
        assert!(before.contains(&"59".to_owned()) && !after.contains(&"59".to_owned()), "{before:?} {after:?}");
        assert_eq!((before[50].as_str(), after[50].as_str()), ("… (+10)", "… (+9)"));
        assert_eq!(shortened_change(None, Raw::new(b"[1]")), (None, None));
    }
}
