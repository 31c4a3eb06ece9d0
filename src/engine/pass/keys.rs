//! The keys of an object, taken as it goes by: its id, its names and addresses, and what look-ups find it by.

use std::borrow::Cow;

use crate::check::compile::Slots;
use crate::check::list::List;
use crate::check::value::{inside, texts};
use crate::check::world::key_space;
use crate::dump::Record;
use crate::json::Raw;
use crate::pack::model::Filter;
use crate::tenant::address;
use crate::tenant::keys::KeySpace;
use crate::tenant::schema::Collection;

/// A property that is indexed.
pub(super) struct KeyStep {
    slot: usize,
    space: KeySpace,
    filters: Vec<Filter>,
    rest: Vec<String>,
    /// Where the pass has taken it apart: the place of the list, and of the name inside.
    inside: Option<(usize, usize)>,
    /// The slot of the id that is taken off the front of a deleted user's sign-in name.
    without_id: Option<usize>,
}

impl KeyStep {
    /// The steps over each collection, by its discriminant.
    pub(super) fn all(slots: &Slots) -> Vec<Vec<Self>> {
        let find = |collection: Collection, name: &str| {
            slots.wanted[collection as usize].iter().position(|known| known == name)
        };
        let mut keys: Vec<Vec<Self>> = Collection::all().map(|_| Vec::new()).collect();
        for collection in Collection::all().filter(|collection| *collection != Collection::Requests) {
            let steps = &mut keys[collection as usize];
            let mut add = |name: &str, space, without_id| {
                if let Some(slot) = find(collection, name) {
                    let inside = slots.inside(collection, slot, "issuerAssignedId");
                    steps.push(Self { slot, space, filters: Vec::new(), rest: Vec::new(), inside, without_id });
                }
            };
            add("id", KeySpace::Id, None);
            if matches!(
                collection,
                Collection::Users | Collection::Groups | Collection::Contacts | Collection::DeletedUsers
            ) {
                for name in ["userPrincipalName", "mail", "proxyAddresses", "otherMails", "identities"] {
                    add(name, KeySpace::Address, None);
                }
            }
            if collection == Collection::DeletedUsers {
                add("userPrincipalName", KeySpace::Address, find(collection, "id"));
            }
        }
        for (collection, path) in &slots.keyed {
            if let Some(space @ KeySpace::Other(_)) = key_space(*collection, path)
                && let Some(slot) = find(*collection, &path.name)
            {
                let steps = &mut keys[*collection as usize];
                if !steps.iter().any(|step| (step.slot, step.space) == (slot, space)) {
                    let (filters, rest) = (path.filters.clone(), path.rest.clone());
                    steps.push(Self { slot, space, filters, rest, inside: None, without_id: None });
                }
            }
        }
        keys
    }

    /// Adds the entries of an object's keys by this step to those that begin at `from`.
    pub(super) fn add(
        &self,
        record: &Record<'_>,
        lists: &[List],
        number: u64,
        (keys, from): (&mut Vec<u64>, usize),
        key: &mut Vec<u8>,
    ) {
        let Some(raw) = record.get(self.slot) else { return };
        if let Some((list, name)) = self.inside
            && let Some(rows) = lists[list].rows()
        {
            for item in rows.iter().filter_map(|row| row.get(raw.bytes(), name)) {
                if normal_key(self.space, item, key) {
                    add(self.space.entry(key) | number, from, keys);
                }
            }
            return;
        }
        if self.without_id.is_none() && !self.space.is_other() {
            for item in raw.items() {
                let item = if item.is_object() { item.get("issuerAssignedId").unwrap_or(Raw::NULL) } else { item };
                if normal_key(self.space, item, key) {
                    add(self.space.entry(key) | number, from, keys);
                }
            }
            return;
        }
        if self.without_id.is_none() && self.rest.is_empty() && self.add_simple(raw, number, (keys, from), key) {
            return;
        }
        for text in self.other(raw, record) {
            add(self.space.entry(text.as_bytes()) | number, from, keys);
        }
    }

    /// The short way for what most values and filters are; says whether it was taken.
    #[inline]
    fn add_simple(&self, raw: Raw<'_>, number: u64, (keys, from): (&mut Vec<u64>, usize), key: &mut Vec<u8>) -> bool {
        if let [Filter::Address | Filter::Smtp] = self.filters.as_slice() {
            for item in raw.items() {
                if normal_key(KeySpace::Address, item, key) {
                    add(self.space.entry(key) | number, from, keys);
                }
            }
            return true;
        }
        let Some(text) = raw.ascii() else { return raw.is_null() };
        let text = match self.filters.as_slice() {
            [] => text,
            [Filter::Domain] => memchr::memrchr(b'@', text).map_or(&[][..], |at| &text[at + 1..]),
            // Only a guest's name has it.
            [Filter::ExtAddress] if memchr::memchr(b'#', text).is_none() => &[],
            _ => return false,
        };
        key.clear();
        key.extend_from_slice(text.trim_ascii());
        key.make_ascii_lowercase();
        if !key.is_empty() {
            add(self.space.entry(key) | number, from, keys);
        }
        true
    }

    /// The keys of a property that is not simply an id or an address.
    fn other(&self, raw: Raw<'_>, record: &Record<'_>) -> Vec<String> {
        if let Some(id_slot) = self.without_id {
            let name = raw.text().unwrap_or_default();
            let id = record.get(id_slot).and_then(Raw::text).unwrap_or_default();
            return address::address(&address::original_user_name(&name, &id)).into_iter().collect();
        }
        let Some(value) = inside(Cow::Borrowed(raw.bytes()), &self.rest) else { return Vec::new() };
        texts(&value, &self.filters).into_iter().map(|text| text.trim().to_lowercase()).collect()
    }
}

/// Of an object with more keys than this, nobody looks whether one is there already: sorting the index drops it.
const MANY: usize = 64;

/// Adds an entry, unless the object has it already.
#[inline]
fn add(entry: u64, from: usize, keys: &mut Vec<u64>) {
    let own = &keys[from..];
    if own.len() > MANY || !own.contains(&entry) {
        keys.push(entry);
    }
}

/// The key in a string: in lower case and, of an address, without prefix. Plain ASCII takes the short way.
#[inline]
fn normal_key(space: KeySpace, raw: Raw<'_>, key: &mut Vec<u8>) -> bool {
    if !raw.is_text() {
        return false;
    }
    let Some(inner) = raw.plain().filter(|inner| inner.first() != Some(&b'\'')) else {
        let Some(text) = raw.text() else { return false };
        let normal =
            if space == KeySpace::Address { address::address(&text) } else { Some(text.trim().to_lowercase()) };
        return normal.is_some_and(|normal| {
            key.clear();
            key.extend_from_slice(normal.as_bytes());
            !key.is_empty()
        });
    };
    let mut bare = inner;
    if space == KeySpace::Address {
        match memchr::memchr2(b':', b'@', inner) {
            Some(4) if inner[4] == b':' && inner[..4].eq_ignore_ascii_case(b"smtp") => bare = &inner[5..],
            Some(at) if inner[at] == b'@' && memchr::memchr(b':', &inner[at..]).is_none() => {}
            _ => return false,
        }
        if bare.len() < inner.len() && !bare.contains(&b'@') {
            return false;
        }
    }
    key.clear();
    key.extend_from_slice(bare);
    key.make_ascii_lowercase();
    !key.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_way_gives_the_same_keys(
            text in "(smtp:|SMTP:|x500:|')?[A-Ca-c .#@:_\u{e9}]{0,8}(#EXT#@b)?[\"\\\\]?",
            is_list: bool,
            number in 0usize..6,
        ) {
            let filters = [
                vec![], vec![Filter::Domain], vec![Filter::ExtAddress], vec![Filter::Address], vec![Filter::Smtp],
                vec![Filter::Local],
            ];
            let filters = filters[number].clone();
            let value = serde_json::Value::from(text);
            let value = if is_list { serde_json::json!([value, "smtp:x@y"]) } else { value };
            let json = value.to_string();
            let raw = Raw::new(json.as_bytes());
            let space = KeySpace::Other(7);
            let step =
                KeyStep { slot: 0, space, filters: filters.clone(), rest: Vec::new(), inside: None, without_id: None };
            let mut keys = Vec::new();
            if step.add_simple(raw, 3, (&mut keys, 0), &mut Vec::new()) {
                let mut full = Vec::new();
                for text in texts(raw.bytes(), &filters) {
                    let text = text.trim().to_lowercase();
                    if !text.is_empty() {
                        add(space.entry(text.as_bytes()) | 3, 0, &mut full);
                    }
                }
                prop_assert_eq!(keys, full);
            }
        }
    }
}
