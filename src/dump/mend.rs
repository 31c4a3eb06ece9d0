//! Habits of Windows PowerShell that hide what an export says, mended in its text before anything else reads it.
//!
//! Sources: PowerShell issues #3163 and #5579 for the list that `ConvertTo-Json` of version 5.1 wraps as `{"value": […], "Count": n}`;
//! .NET's smallest date, which its objects hold where they have none, as in published dumps.

use memchr::memmem::find_iter;

use crate::json::{skip_space, skip_value};

/// Dates that stand for none, with the quote before them.
const NO_DATES: [&str; 3] = ["\"0001-01-01T00:00:00", "\"1900-01-01T00:00:00", "\"\\/Date(-62135596800000)"];

/// Takes the wrappers off lists, and makes null of dates that stand for none. The text is valid JSON, as far as it goes.
pub(super) fn mend(text: &mut Vec<u8>) {
    for no_date in NO_DATES {
        let places: Vec<usize> = find_iter(text, no_date).collect();
        for start in places {
            if let Ok(end) = skip_value(text, start) {
                text[start..end].fill(b' ');
                text[start..start + 4].copy_from_slice(b"null");
            }
        }
    }
    let wrappers = wrappers(text);
    if wrappers.is_empty() {
        return;
    }
    let mut bare = Vec::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in wrappers {
        bare.extend_from_slice(&text[from..start]);
        from = end;
    }
    bare.extend_from_slice(&text[from..]);
    *text = bare;
}

/// Where what is around wrapped lists begins and ends, in order.
fn wrappers(text: &[u8]) -> Vec<(usize, usize)> {
    let mut around = Vec::new();
    // Where nothing is counted nothing is wrapped.
    if memchr::memmem::find(text, b"\"Count\"").is_none() {
        return around;
    }
    // Between a brace and a colon these bytes are a key, not part of a text.
    for key in find_iter(text, b"\"value\"") {
        let before = text[..key].trim_ascii_end();
        // The outermost one is a page, which is read as such.
        let is_inside = before.ends_with(b"{") && before.trim_ascii_start().len() > 1;
        if let Some((list, end_of_list, end)) = wrapped(text, key).filter(|_| is_inside) {
            around.extend([(before.len() - 1, list), (end_of_list, end)]);
        }
    }
    around.sort_unstable();
    around
}

/// Where the list begins and ends that the key `value` at this place wraps, and where its wrapper ends.
fn wrapped(text: &[u8], key: usize) -> Option<(usize, usize, usize)> {
    let after = |at: usize, token: &[u8]| {
        let start = skip_space(text, at);
        text[start..].starts_with(token).then_some(start + token.len())
    };
    let list = skip_space(text, after(key + b"\"value\"".len(), b":")?);
    if text.get(list) != Some(&b'[') {
        return None;
    }
    let end_of_list = skip_value(text, list).ok()?;
    let count = skip_space(text, after(after(after(end_of_list, b",")?, b"\"Count\"")?, b":")?);
    let digits = text[count..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let end = after(count + digits, b"}").filter(|_| digits > 0)?;
    Some((list, end_of_list, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        let mut text = text.as_bytes().to_vec();
        mend(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn wrapped_lists_are_bare_wherever_they_stand() {
        for (text, bare) in [
            (r#"{"a":{"value":["x"],"Count":1},"b":1}"#, r#"{"a":["x"],"b":1}"#),
            ("{\"a\": {\n \"value\": [ ],\n \"Count\" : 0\n} }", "{\"a\": [ ] }"),
            (
                r#"{"users":{"value":[{"p":{"value":[1],"Count":1}},{"p":null}],"Count":2}}"#,
                r#"{"users":[{"p":[1]},{"p":null}]}"#,
            ),
        ] {
            assert_eq!(mended(text), bare);
        }
    }

    #[test]
    fn pages_and_other_objects_stay_as_they_are() {
        for text in [
            r#"{"value":[{"id":"1"}],"Count":1}"#,
            r#" {"value":[1],"Count":1}"#,
            r#"{"a":{"value":[1],"Count":1,"more":2}}"#,
            r#"{"a":{"value":"[1]","Count":1}}"#,
            r#"{"a":{"value":[1],"Count":"1"}}"#,
            r#"{"a":{"name":"value","Count":1}}"#,
            r#"{"a":"{\"value\":[1],\"Count\":1}"}"#,
            r#"{"a":{"value":[1],"Count":"#,
        ] {
            assert_eq!(mended(text), text);
        }
    }

    #[test]
    fn dates_that_stand_for_none_are_null() {
        let text = r#"{"a":"0001-01-01T00:00:00Z","b":"\/Date(-62135596800000)\/","c":"1900-01-01T00:00:00.000Z","d":"2001-01-01T00:00:00Z"}"#;
        let value: serde_json::Value = serde_json::from_str(&mended(text)).unwrap();
        assert_eq!(value, serde_json::json!({"a": null, "b": null, "c": null, "d": "2001-01-01T00:00:00Z"}));
    }
}
