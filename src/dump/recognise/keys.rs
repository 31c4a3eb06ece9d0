//! What an object is by its keys: looked at as far as the bytes go, since an object may be larger than all that is at hand.

use super::fingerprint::fingerprint;
use super::foreign;
use super::naming::{from_context, from_odata_type, is_part};
use crate::json::{Raw, Scan, skip_space, skip_value};
use crate::tenant::schema::Collection;

/// How many keys of an object are looked at.
const MAX_KEYS: usize = 400;

/// What an object at the top of a document, or in a list there, turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dump) enum Shape {
    /// `{"users": […], "domains": […]}`: collections under their names.
    Bundle,
    /// `{"@odata.context": …, "value": […]}`: one page of a collection.
    Page,
    /// `{"error": {"code": …, "message": …}}`: the answer to a call that failed.
    Error,
    /// One object of a collection.
    Object(Option<Collection>),
    /// The format of another tool, by name.
    Foreign(&'static str),
}

/// What the keys of an object tell, and of every object with the same keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dump) enum Tell {
    /// Nothing: it is what its list holds.
    Nothing,
    /// Only objects of this collection have such keys.
    Kind(Collection),
    /// It names its own type; objects with the same keys may name others.
    Named,
    /// It is the answer to a call that failed.
    Error,
    /// It says of an object that it is gone: an entry in a page of changes.
    Removed,
    /// It may be a row that only shows which columns there are: see [`Keys::is_model`].
    Model,
}

/// The keys of an object as far as the bytes go, each with its value if it ends within the bytes.
pub(in crate::dump) struct Keys<'a> {
    entries: Vec<(String, u8, Option<Raw<'a>>)>,
    complete: bool,
}

/// What marks a row that only shows which columns there are. Source: the code of the Zero Trust Assessment.
const MODEL: &str = "isZtModelRow";

impl<'a> Keys<'a> {
    /// Looks at the object that begins at `at`.
    pub(in crate::dump) fn peek(bytes: &'a [u8], at: usize) -> Result<Self, Scan> {
        let mut keys = Self { entries: Vec::new(), complete: false };
        let mut at = skip_space(bytes, at + 1);
        while keys.entries.len() < MAX_KEYS {
            match bytes.get(at) {
                Some(b'}') => {
                    keys.complete = true;
                    break;
                }
                Some(b',') => {
                    at = skip_space(bytes, at + 1);
                    continue;
                }
                Some(b'"') => {}
                Some(_) => return Err(Scan::Bad(at)),
                None => break,
            }
            let Ok(key_end) = skip_value(bytes, at) else { break };
            let Some(key) = Raw::new(&bytes[at..key_end]).text() else { return Err(Scan::Bad(at)) };
            let colon = skip_space(bytes, key_end);
            match bytes.get(colon) {
                Some(b':') => {}
                Some(_) => return Err(Scan::Bad(colon)),
                None => break,
            }
            let value = skip_space(bytes, colon + 1);
            let Some(&first) = bytes.get(value) else { break };
            match skip_value(bytes, value) {
                Ok(end) => {
                    keys.entries.push((key.into_owned(), first, Some(Raw::new(&bytes[value..end]))));
                    at = skip_space(bytes, end);
                }
                Err(Scan::Bad(at)) => return Err(Scan::Bad(at)),
                Err(Scan::NeedMore) => {
                    keys.entries.push((key.into_owned(), first, None));
                    break;
                }
            }
        }
        Ok(keys)
    }

    /// Whether the object's end was seen.
    pub(in crate::dump) fn is_complete(&self) -> bool {
        self.complete
    }

    /// The first byte of the value of a key.
    pub(super) fn first_byte(&self, name: &str) -> Option<u8> {
        self.entries.iter().find(|(key, ..)| key.eq_ignore_ascii_case(name)).map(|(_, first, _)| *first)
    }

    /// Whether there is such a key.
    pub(super) fn has(&self, name: &str) -> bool {
        self.first_byte(name).is_some()
    }

    /// The value of a key, if it ends within the bytes.
    fn value(&self, name: &str) -> Option<Raw<'a>> {
        self.entries.iter().find(|(key, ..)| key.eq_ignore_ascii_case(name)).and_then(|(_, _, value)| *value)
    }

    /// What the object is.
    pub(in crate::dump) fn shape(&self) -> Shape {
        if self.first_byte("error") == Some(b'{') && !self.has("id") && !self.has("value") {
            return Shape::Error;
        }
        if matches!(self.first_byte("value"), Some(b'[' | b'{'))
            && self.entries.iter().all(|(key, ..)| is_page_key(key))
        {
            return Shape::Page;
        }
        if let Some(name) = foreign::report(self) {
            return Shape::Foreign(name);
        }
        let collection = self.collection();
        if collection.is_none() && self.entries.iter().any(|(key, first, _)| is_section(key, *first)) {
            return Shape::Bundle;
        }
        Shape::Object(collection)
    }

    /// Whether it is a row of the Zero Trust Assessment that only shows which columns there are.
    pub(in crate::dump) fn is_model(&self) -> bool {
        self.value(MODEL).and_then(Raw::flag) == Some(true)
    }

    /// What the keys tell of every object that has them.
    pub(in crate::dump) fn tell(&self) -> Tell {
        if self.shape() == Shape::Error {
            Tell::Error
        } else if self.has("@removed") {
            Tell::Removed
        } else if self.has(MODEL) {
            Tell::Model
        } else if self.has("@odata.context") || self.has("@odata.type") {
            Tell::Named
        } else {
            fingerprint(self).map_or(Tell::Nothing, Tell::Kind)
        }
    }

    /// The collection that the object belongs to: by its `@odata.type`, else by the keys that only such objects have.
    pub(in crate::dump) fn collection(&self) -> Option<Collection> {
        self.named().or_else(|| fingerprint(self)).map(|collection| self.told_apart(collection))
    }

    /// What a page says it is a page of.
    pub(in crate::dump) fn context(&self) -> Option<String> {
        Some(self.value("@odata.context")?.text()?.into_owned())
    }

    /// Whether the object is one that was asked for, or a page of some that belong to another: not all of a collection.
    pub(in crate::dump) fn is_part(&self) -> bool {
        self.value("@odata.context").and_then(Raw::text).is_some_and(|context| is_part(&context))
    }

    /// The code and message of an error.
    pub(in crate::dump) fn error(&self) -> (String, String) {
        let error = self.value("error").unwrap_or(Raw::NULL);
        let part = |name| error.get(name).map(|value| value.display().into_owned()).unwrap_or_default();
        (part("code"), part("message"))
    }

    /// The collection that the object itself names.
    fn named(&self) -> Option<Collection> {
        if let Some(context) = self.value("@odata.context").and_then(Raw::text)
            && let Some(collection) = from_context(&context)
        {
            return Some(collection);
        }
        if let Some(kind) = self.value("@odata.type").and_then(Raw::text)
            && let Some(collection) = from_odata_type(&kind)
        {
            return Some(collection);
        }
        None
    }

    /// A deleted user is listed under the context of users: only its date of deletion tells.
    pub(in crate::dump) fn told_apart(&self, collection: Collection) -> Collection {
        let is_deleted = self.value("deletedDateTime").is_some_and(|date| !date.is_empty());
        if collection == Collection::Users && is_deleted { Collection::DeletedUsers } else { collection }
    }
}

/// Keys that stand in a page beside its `value`.
fn is_page_key(key: &str) -> bool {
    key.starts_with('@')
        || ["value", "Count", "nextLink", "odata.metadata", "odata.nextLink"]
            .iter()
            .any(|known| key.eq_ignore_ascii_case(known))
}

/// Whether a key with such a value holds a collection.
fn is_section(key: &str, first: u8) -> bool {
    matches!(first, b'[' | b'{') && Collection::from_key(key).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        Keys::peek(text.as_bytes(), 0).unwrap().shape()
    }

    #[test]
    fn shapes_are_told_by_content() {
        use Collection as C;
        let cases = [
            (r#"{"Users":[]}"#, Shape::Bundle),
            (r#"{"exportedAt":"x","domains":[{"id":"a"#, Shape::Bundle),
            (r#"{"@odata.context":"x$metadata#users","value":[]}"#, Shape::Page),
            (r#"{"value":[],"Count":0}"#, Shape::Page),
            (r#"{"error":{"code":"x"}}"#, Shape::Error),
            (r#"{"id":"1","userPrincipalName":"a@b"}"#, Shape::Object(Some(C::Users))),
            (
                r#"{"id":"1","userPrincipalName":"a@b","deletedDateTime":"2026-01-01T00:00:00Z"}"#,
                Shape::Object(Some(C::DeletedUsers)),
            ),
            (r#"{"id":"a.example","isVerified":true}"#, Shape::Object(Some(C::Domains))),
            (r#"{"Id":"1","SkuPartNumber":"X","ConsumedUnits":1}"#, Shape::Object(Some(C::SubscribedSkus))),
            (
                r#"{"principalId":"1","roleDefinitionId":"2","directoryScopeId":"/"}"#,
                Shape::Object(Some(C::RoleAssignments)),
            ),
            (r##"{"@odata.type":"#microsoft.graph.orgContact","id":"1"}"##, Shape::Object(Some(C::Contacts))),
            (
                r#"{"MetaData":{},"Summary":{},"Results":{}}"#,
                Shape::Foreign("ScubaGear's results (bring ProviderSettingsExport.json from the same folder)"),
            ),
            (r#"{"hello":1}"#, Shape::Object(None)),
        ];
        for (text, expected) in cases {
            assert_eq!(shape(text), expected, "{text}");
        }
    }
}
