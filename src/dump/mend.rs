//! Habits of Windows PowerShell, and of people's own exports, that hide what an export says, mended in its text before anything
//! else reads it.
//!
//! Source: PowerShell issues #3163 and #5579 for the list that `ConvertTo-Json` of version 5.1 wraps as `{"value": […], "Count": n}`.

mod values;

use crate::json::{skip_space, skip_value};

/// What stands from one place to another, and what is to stand there.
pub(super) type Change = (usize, usize, Vec<u8>);

/// What is to be changed in a text so that wrappers are off lists and dates, lists that are one text are told apart, and what stands for
/// nothing is null. Nothing depends on whether the text is JSON.
pub(super) fn changes(text: &[u8]) -> Vec<Change> {
    let mut changes = values::changes(text);
    changes.extend(wrappers(text).into_iter().map(|(start, end)| (start, end, Vec::new())));
    changes.sort_unstable();
    changes
}

/// Makes the changes in a text, which may since have lost its end.
pub(super) fn apply(changes: Vec<Change>, text: &mut Vec<u8>) {
    if changes.is_empty() {
        return;
    }
    let mut mended = Vec::with_capacity(text.len());
    let mut from = 0;
    for (start, end, new) in changes {
        // What is inside of something that was changed already went with it.
        if start >= from && end <= text.len() {
            mended.extend_from_slice(&text[from..start]);
            mended.extend_from_slice(&new);
            from = end;
        }
    }
    mended.extend_from_slice(&text[from..]);
    *text = mended;
}

/// A list or object that is not closed yet.
struct Open {
    /// Where it begins.
    start: usize,
    /// It is what the key `value` of an object holds, the first of its keys.
    is_first_value: bool,
}

/// Where what is around wrapped lists begins and ends, in order. What stands alone, or in a list of its own, is a page and stays.
fn wrappers(text: &[u8]) -> Vec<(usize, usize)> {
    let mut around = Vec::new();
    // Where nothing is counted nothing is wrapped.
    if memchr::memmem::find(text, b"\"Count\"").is_none() {
        return around;
    }
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].iter().position(|byte| b"\"{}[]".contains(byte)) {
        let place = at + found;
        at = place + 1;
        match text[place] {
            b'"' => match skip_value(text, place) {
                Ok(end) => at = end,
                Err(_) => break,
            },
            b'{' | b'[' => {
                let is_first_value =
                    text[place] == b'[' && open.last().is_some_and(|outer| is_first_value(&text[outer.start..place]));
                open.push(Open { start: place, is_first_value });
            }
            _ => {
                let closed = open.pop();
                let is_page = match open.as_slice() {
                    [_] => true,
                    [outermost, _] => text[outermost.start] == b'[',
                    _ => false,
                };
                if let (Some(list), Some(wrapper)) = (closed.filter(|closed| closed.is_first_value), open.last())
                    && !is_page
                    && let Some(end) = count_end(text, at)
                {
                    around.extend([(wrapper.start, list.start), (at, end)]);
                }
            }
        }
    }
    around.sort_unstable();
    around
}

/// Whether an object begins with the key `value`, and nothing else stands before its value.
fn is_first_value(beginning: &[u8]) -> bool {
    let key = beginning.strip_prefix(b"{").map(<[u8]>::trim_ascii).and_then(|rest| rest.strip_suffix(b":"));
    key.is_some_and(|key| key.trim_ascii_end() == b"\"value\"")
}

/// The place behind `, "Count": n }`, if that stands here.
fn count_end(text: &[u8], at: usize) -> Option<usize> {
    let after = |at: usize, token: &[u8]| {
        let start = skip_space(text, at);
        text[start..].starts_with(token).then_some(start + token.len())
    };
    let count = skip_space(text, after(after(after(at, b",")?, b"\"Count\"")?, b":")?);
    let digits = text[count..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    after(count + digits, b"}").filter(|_| digits > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        let mut text = text.as_bytes().to_vec();
        apply(changes(&text), &mut text);
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
            r#"[{"value":[{"id":"1"}],"Count":1},{"value":[],"Count":0}]"#,
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
    fn what_stands_in_a_text_is_text() {
        let text = r#"{"a":"[\"0001-01-01T00:00:00Z\"]","b":"x \"0001-01-01T00:00:00"}"#;
        assert_eq!(mended(text), text);
    }

    #[test]
    fn deep_nesting_takes_no_longer_than_its_length() {
        let deep = 200_000;
        let text = r#"{"value":["#.repeat(deep) + &r#"],"Count":1}"#.repeat(deep);
        assert_eq!(mended(&text).len(), text.len() - (deep - 1) * r#"{"value":,"Count":1}"#.len());
    }

    #[test]
    fn dates_that_stand_for_none_are_null() {
        let text = r#"{"a":"0001-01-01T00:00:00Z","b":"\/Date(-62135596800000)\/","c":"1900-01-01T00:00:00.000Z","d":"2001-01-01T00:00:00Z"}"#;
        let value: serde_json::Value = serde_json::from_str(&mended(text)).unwrap();
        assert_eq!(value, serde_json::json!({"a": null, "b": null, "c": null, "d": "2001-01-01T00:00:00Z"}));
    }

    #[test]
    fn dates_with_what_powershell_adds_are_bare() {
        for (text, bare) in [
            (
                r#"{"a":{"value":"\/Date(1700000000000)\/","DisplayHint":2,"DateTime":"Tuesday"},"b":1}"#,
                r#"{"a":"\/Date(1700000000000)\/","b":1}"#,
            ),
            (
                "{\"a\": {\r\n \"value\":  \"\\/Date(1)\\/\",\r\n \"DateTime\": \"x\"\r\n}}",
                "{\"a\": \"\\/Date(1)\\/\"}",
            ),
            (r#"{"a":{"value":"\/Date(1)\/","other":"x"}}"#, r#"{"a":{"value":"\/Date(1)\/","other":"x"}}"#),
            (r#"{"a":"\/Date(1)\/"}"#, r#"{"a":"\/Date(1)\/"}"#),
            (r#"{"a":{"value":"\/Date(-62135596800000)\/","DateTime":"x"}}"#, r#"{"a":null}"#),
        ] {
            assert_eq!(mended(text), bare);
        }
    }

    #[test]
    fn lists_of_nothing_are_empty_and_other_objects_stay() {
        for (text, bare) in [
            (r#"{"assignedLicenses":{}}"#, r#"{"assignedLicenses":[]}"#),
            ("{\"AssignedLicenses\":  {\r\n\r\n }}", "{\"AssignedLicenses\":  []}"),
            (r#"{"proxyAddresses":[null],"otherMails":[ "" ]}"#, r#"{"proxyAddresses":null,"otherMails":[]}"#),
            (r#"{"members":{},"Members":[""],"a":1}"#, r#"{"members":null,"Members":null,"a":1}"#),
            (r#"{"assignedLicenses":[{"disabledPlans":{}}]}"#, r#"{"assignedLicenses":[{"disabledPlans":[]}]}"#),
            (r#"{"directorySizeQuota":{},"a":[""]}"#, r#"{"directorySizeQuota":{},"a":[""]}"#),
            (r#"{"a":"\"proxyAddresses\":{}"}"#, r#"{"a":"\"proxyAddresses\":{}"}"#),
        ] {
            assert_eq!(mended(text), bare);
        }
    }

    #[test]
    fn addresses_in_one_text_are_told_apart() {
        for (text, bare) in [
            (
                r#"{"proxyAddresses":"SMTP:a@c.example; smtp:s@c.example;X500:/o=E/cn=a"}"#,
                r#"{"proxyAddresses":["SMTP:a@c.example","smtp:s@c.example","X500:/o=E/cn=a"]}"#,
            ),
            (r#"{"OtherMails" : "a@c.example;b@c.example;"}"#, r#"{"OtherMails" : ["a@c.example","b@c.example"]}"#),
            (r#"{"proxyAddresses":"SMTP:a@c.example"}"#, r#"{"proxyAddresses":"SMTP:a@c.example"}"#),
            (r#"{"proxyAddresses":"SMTP:a@c.example;?"}"#, r#"{"proxyAddresses":"SMTP:a@c.example;?"}"#),
            (r#"{"mail":"a@c.example;b@c.example"}"#, r#"{"mail":"a@c.example;b@c.example"}"#),
        ] {
            assert_eq!(mended(text), bare);
        }
    }

    #[test]
    fn a_word_for_nothing_is_none_where_a_code_should_stand() {
        let text = r#"{"usageLocation":"None","UsageLocation": "null","b":"None","c":{"usageLocation":"NO"}}"#;
        let bare = r#"{"usageLocation":null,"UsageLocation": null,"b":"None","c":{"usageLocation":"NO"}}"#;
        assert_eq!(mended(text), bare);
    }
}
