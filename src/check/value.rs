//! What a path gives, and how texts are read from it: the same for whoever asks, in the pass or behind it.

use std::borrow::Cow;

use super::compile::Needs;
use super::filter::filtered;
use crate::json::Raw;
use crate::pack::model::Filter;

/// A value.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// The pass cannot know it yet.
    Pending,
    /// It was not collected, or cannot be told: this is missing.
    Unknown(Needs),
    /// What it would be read from is not there.
    Absent,
    /// Its JSON text.
    Json(Cow<'a, [u8]>),
}

impl Value<'_> {
    /// The same, whatever it was read from.
    pub(super) fn into_owned(self) -> Value<'static> {
        match self {
            Self::Pending => Value::Pending,
            Self::Unknown(needs) => Value::Unknown(needs),
            Self::Absent => Value::Absent,
            Self::Json(json) => Value::Json(Cow::Owned(json.into_owned())),
        }
    }
}

/// The value of names further inside; of a list, the list of its elements' values. Nothing if a name is not there.
pub fn inside<'a>(json: Cow<'a, [u8]>, rest: &[String]) -> Option<Cow<'a, [u8]>> {
    let Some((name, deeper)) = rest.split_first() else { return Some(json) };
    let raw = Raw::new(&json);
    if raw.is_null() {
        return Some(json);
    }
    if raw.is_list() {
        let mut list = vec![b'['];
        for item in raw.items() {
            let value = inside(Cow::Borrowed(item.get(name)?.bytes()), deeper)?;
            if list.len() > 1 {
                list.push(b',');
            }
            list.extend_from_slice(&value);
        }
        list.push(b']');
        return Some(Cow::Owned(list));
    }
    let value = match &json {
        Cow::Borrowed(bytes) => Cow::Borrowed(Raw::new(bytes).get(name)?.bytes()),
        Cow::Owned(_) => Cow::Owned(raw.get(name)?.bytes().to_vec()),
    };
    inside(value, deeper)
}

/// The texts of a value: of a list its elements', of nothing none. Filters that have no answer for a text drop it.
pub fn texts(json: &[u8], filters: &[Filter]) -> Vec<String> {
    let raw = Raw::new(json);
    raw.items()
        .filter(|item| !item.is_empty())
        .filter_map(|item| filtered(filters, item.display().into_owned()))
        .collect()
}
