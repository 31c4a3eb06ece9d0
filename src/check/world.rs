//! The tenant as rules see it: look-ups across collections, and computed fields.

use std::ops::Deref;
use std::rc::Rc;

use super::compile::{CompiledLookUp, CompiledPath, computed_from, is_streamed};
use super::scope::{Found, texts};
use super::truth::same;
use crate::json::Raw;
use crate::pack::model::Filter;
use crate::pack::tables::Tables;
use crate::tenant::keys::KeySpace;
use crate::tenant::known::{Known, Search};
use crate::tenant::schema::Collection;
use crate::tenant::{Object, Tenant, address};

/// A tenant as rules see it, and the home tenant of its guests if its dump was given.
#[derive(Debug)]
pub struct World<'t> {
    /// The tenant.
    pub known: Known<'t>,
    /// The home tenant of guests.
    pub home: Option<Known<'t>>,
}

impl<'t> Deref for World<'t> {
    type Target = Known<'t>;

    fn deref(&self) -> &Known<'t> {
        &self.known
    }
}

impl<'t> World<'t> {
    /// The world of a tenant.
    pub fn new(tenant: &'t Tenant, home: Option<&'t Tenant>, tables: &'t Tables) -> Self {
        Self { known: Known::new(tenant, tables), home: home.map(|home| Known::new(home, tables)) }
    }

    /// The organization.
    pub fn organization(&self) -> Option<Rc<Object>> {
        self.known.tenant.organization()
    }

    /// The object that a look-up finds; of several, the first by id.
    pub fn find(
        &self,
        look_up: &CompiledLookUp,
        wanted: &[(&CompiledPath, Vec<String>)],
        except: &[(&CompiledPath, Vec<String>)],
    ) -> Found {
        let known = if look_up.home {
            match &self.home {
                Some(home) => home,
                None => return Found::NotAsked,
            }
        } else {
            &self.known
        };
        let tenant = known.tenant;
        let collection = look_up.collection;
        let candidates = match wanted.first().and_then(|(path, keys)| Some((key_space(collection, path)?, keys))) {
            Some((space, keys)) => {
                let mut found: Vec<_> =
                    keys.iter().flat_map(|key| tenant.candidates(collection, space, &normal(space, key))).collect();
                found.sort_by_key(|object| object.number);
                found.dedup_by_key(|object| object.number);
                found
            }
            None => tenant.all(collection).collect(),
        };
        let mut undecided = false;
        let mut hits: Vec<Rc<Object>> = Vec::new();
        for object in candidates {
            let holds = |(path, keys): &(&CompiledPath, Vec<String>)| {
                let held = values(known, &object, path)?;
                Some(held.iter().any(|held| keys.iter().any(|key| same(held, key, false))))
            };
            if except.iter().any(|pair| holds(pair) == Some(true)) {
                continue;
            }
            let answers: Vec<_> = wanted.iter().map(holds).collect();
            if answers.iter().all(|answer| *answer == Some(true)) {
                hits.push(object);
            } else if !answers.contains(&Some(false)) {
                undecided = true;
            }
        }
        hits.sort_by_key(|object| object.identity().0);
        if let Some(first) = hits.into_iter().next() {
            return Found::Object(first);
        }
        let fields_known = wanted.iter().all(|(path, _)| {
            key_properties(collection, path).iter().all(|name| tenant.has_everywhere(collection, name))
        });
        if undecided || !fields_known || !tenant.is_complete(collection) {
            Found::Unknown(look_up.need)
        } else {
            Found::Nothing
        }
    }
}

/// The filtered texts of an object's property; nothing if it was not collected.
fn values(known: &Known<'_>, object: &Object, path: &CompiledPath) -> Option<Vec<String>> {
    let mut value = match object.get(&path.name) {
        Some(raw) => raw.bytes().to_vec(),
        None if path.computed => {
            let argument = path.rest.first().map(String::as_str);
            known.computed(object, &path.name, argument, &|| Search::Nothing)?
        }
        None => return None,
    };
    for name in &path.rest {
        value = Raw::new(&value).get(name)?.bytes().to_vec();
    }
    Some(texts(&value, &path.filters))
}

/// The space of keys that a property of a streamed collection is indexed in: the pass over the dump fills it for every path by
/// which a rule looks something up or compares objects.
pub fn key_space(collection: Collection, path: &CompiledPath) -> Option<KeySpace> {
    if !is_streamed(collection) {
        return None;
    }
    let changes =
        path.filters.iter().any(|filter| matches!(filter, Filter::Domain | Filter::Local | Filter::ExtAddress));
    let is_address = matches!(
        path.name.as_str(),
        "userPrincipalName" | "mail" | "proxyAddresses" | "addresses" | "originalUserPrincipalName"
    );
    match path.name.as_str() {
        "id" if path.filters.is_empty() => Some(KeySpace::Id),
        _ if is_address && !changes => Some(KeySpace::Address),
        _ => {
            // Spaces that share a number share candidates, and each candidate is confirmed.
            let name = format!("{}.{:?}|{:?}", path.name, path.rest, path.filters);
            Some(KeySpace::Other(xxhash_rust::xxh3::xxh3_64(name.as_bytes()) as u16))
        }
    }
}

fn normal(space: KeySpace, key: &str) -> String {
    match space {
        KeySpace::Address => address::address(key).unwrap_or_else(|| key.trim().to_lowercase()),
        _ => key.trim().to_lowercase(),
    }
}

/// The properties that must be known of every object before a look-up may say that there is none.
fn key_properties(collection: Collection, path: &CompiledPath) -> Vec<String> {
    if !path.computed {
        return vec![path.name.clone()];
    }
    let from = computed_from(collection, &path.name).iter();
    from.filter(|(of, _)| *of == collection).filter_map(|(_, property)| property.map(str::to_owned)).collect()
}
