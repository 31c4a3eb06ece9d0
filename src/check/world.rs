//! The tenant as rules see it: look-ups across collections, and computed fields.

mod by_path;

use std::ops::Deref;
use std::sync::Arc;

use hashbrown::HashSet;

use self::by_path::{ByPath, FEW};
use super::compile::{CompiledLookUp, CompiledPath, computed_from, is_streamed};
use super::link::{Link, Links};
use super::scope::{Found, Scope};
use super::settings::Settings;
use super::truth::{Truth, same, truth};
use super::value::texts;
use crate::json::{Raw, encode_text};
use crate::language::Language;
use crate::pack::model::Filter;
use crate::pack::tables::Tables;
use crate::tenant::keys::KeySpace;
use crate::tenant::known::{Known, Search};
use crate::tenant::memo::Memo;
use crate::tenant::schema::Collection;
use crate::tenant::tallies::mark;
use crate::tenant::{Object, ObjectId, Tenant, address, as_of};

/// A tenant as rules see it, and the home tenant of its guests if its dump was given.
#[derive(Debug)]
pub struct World<'t> {
    /// The tenant.
    pub known: Known<'t>,
    /// The home tenant of guests.
    pub home: Option<Known<'t>>,
    /// What the user says of the tenant.
    pub settings: Settings,
    /// The language of the texts.
    pub language: Language,
    /// How many threads may work.
    pub threads: usize,
    /// What look-ups found that are the same for every object, by their place.
    constant: Memo<usize, Found>,
    /// All that belongs together, by collection and list.
    links: Memo<(Collection, String), Arc<Links>>,
    /// The texts in long lists that look-ups compare with, by the place of their path and their object: thousands of objects may
    /// ask whether they are in one.
    long: Memo<(usize, ObjectId), Arc<Marked>>,
    /// The objects of collections that the pass does not index, by the place of a path and whether they are the home tenant's.
    by_path: Memo<(usize, bool), Arc<ByPath>>,
    /// Whether some object of a collection, here or in the home tenant, lacks elements of its list that may be cut.
    cut: Memo<(Collection, bool), bool>,
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
        Self {
            known: Known::new(tenant, tables),
            home: home.map(|home| Known::new(home, tables)),
            settings: Settings::default(),
            language: Language::default(),
            threads: 1,
            constant: Memo::default(),
            links: Memo::default(),
            long: Memo::default(),
            by_path: Memo::default(),
            cut: Memo::default(),
        }
    }

    /// The organization.
    pub fn organization(&self) -> Option<Arc<Object>> {
        self.known.tenant.organization()
    }

    /// The id of the home tenant, if a request's address is in one of its domains, as JSON; null if it is not, or nobody gave that
    /// tenant's dump.
    pub(super) fn home_tenant_id(&self, request: &Object) -> Option<Vec<u8>> {
        let domain = request.get("address")?.text().and_then(|address| address::domain(&address));
        let (Some(home), Some(domain)) = (&self.home, domain) else { return Some(b"null".to_vec()) };
        let id = || {
            let mut json = Vec::new();
            encode_text(&home.tenant.organization()?.text("id")?, &mut json);
            Some(json)
        };
        match home.tenant.is_verified(&domain) {
            Some(true) => id(),
            Some(false) => Some(b"null".to_vec()),
            None => None,
        }
    }

    /// The object that a look-up finds; of several, the first by id, but of deleted ones the one that was deleted last: it is meant
    /// more likely than those before. `own` is the object that looks.
    pub fn find(
        &self,
        look_up: &CompiledLookUp,
        wanted: &[(&CompiledPath, Vec<String>)],
        except: &[(&CompiledPath, Option<Vec<String>>)],
        own: Option<ObjectId>,
    ) -> Found {
        if !wanted.is_empty() || !except.is_empty() {
            return self.search(look_up, wanted, except, own);
        }
        // Without a key it finds the same for every object.
        let place = std::ptr::from_ref(look_up) as usize;
        let known = self.constant.get(&place);
        known.unwrap_or_else(|| self.constant.keep(place, self.search(look_up, wanted, except, own)))
    }

    fn search(
        &self,
        look_up: &CompiledLookUp,
        wanted: &[(&CompiledPath, Vec<String>)],
        except: &[(&CompiledPath, Option<Vec<String>>)],
        own: Option<ObjectId>,
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
            None => match wanted.first() {
                Some((path, keys)) if tenant.objects[collection as usize].len() > FEW => {
                    self.indexed(known, (collection, look_up.home), path).candidates(tenant, keys)
                }
                _ => tenant.all(collection).collect(),
            },
        };
        let mut undecided = false;
        let mut lacking = look_up.need;
        let mut hits: Vec<Arc<Object>> = Vec::new();
        for object in candidates {
            let holds = |(path, keys): &(&CompiledPath, Vec<String>)| {
                let (is_held, all_known) = self.holds(known, &object, path, keys, look_up.cased);
                (is_held || all_known).then_some(is_held)
            };
            // What passes somebody over passes over the object itself, whatever is known of it.
            let is_own = !except.is_empty() && !look_up.home && own == Some(object.number);
            let passed_over = |(path, keys): &(&CompiledPath, Option<Vec<String>>)| holds(&(*path, keys.clone()?));
            let passed_over: Vec<_> = except.iter().map(passed_over).collect();
            if is_own || passed_over.contains(&Some(true)) {
                continue;
            }
            let answers: Vec<_> = wanted.iter().map(holds).collect();
            if answers.contains(&Some(false)) {
                continue;
            }
            let such = match &look_up.such {
                Some(such) => truth(such, &Scope::found_by_look_up(&object, self, look_up.home)),
                None => Truth::True,
            };
            if such == Truth::False {
                continue;
            }
            if let Truth::Unknown(needs) = such {
                lacking |= needs;
            }
            if such == Truth::True && !answers.contains(&None) && !passed_over.contains(&None) {
                hits.push(object);
            } else {
                undecided = true;
            }
        }
        let deleted = |object: &Arc<Object>| as_of::timestamp(&object.text("deletedDateTime")?);
        let order = |one: &Arc<Object>, other: &Arc<Object>| {
            deleted(other).cmp(&deleted(one)).then_with(|| one.by_content(other))
        };
        if let Some(first) = hits.into_iter().min_by(order) {
            return Found::Object(first);
        }
        // An object without the first key is not among the candidates; of the others they were asked.
        let fields_known = wanted.first().is_none_or(|(path, _)| {
            key_properties(collection, path).iter().all(|name| tenant.has_everywhere(collection, name))
        });
        if undecided || !fields_known || !tenant.is_complete(collection) || self.lacks_some(known, look_up, wanted) {
            Found::Unknown(lacking)
        } else {
            Found::Nothing
        }
    }
}

impl World<'_> {
    /// Whether some object lacks elements of the list by which a look-up finds its candidates: what is not found may be in it.
    fn lacks_some(&self, known: &Known<'_>, look_up: &CompiledLookUp, wanted: &[(&CompiledPath, Vec<String>)]) -> bool {
        let collection = look_up.collection;
        let by_list = wanted.first().filter(|(path, _)| path.cut.is_some() && key_space(collection, path).is_some());
        by_list.is_some_and(|(path, _)| {
            let place = (collection, look_up.home);
            let is_cut = || known.tenant.all(collection).any(|object| object.is_cut(&path.name));
            self.cut.get(&place).unwrap_or_else(|| self.cut.keep(place, is_cut()))
        })
    }

    /// All objects that belong together as a link asks.
    pub fn links(&self, link: &Link) -> Arc<Links> {
        let key = (link.collection, format!("{}.{}", link.list.name, link.list.rest.join(".")));
        if let Some(known) = self.links.get(&key) {
            return known;
        }
        let mut links = Links::new();
        for object in self.tenant.all(link.collection) {
            if let Some(id) = object.text("id") {
                links.extend(values(&self.known, &object, &link.list).texts.iter().map(|held| mark(&id, held)));
            }
        }
        self.links.keep(key, Arc::new(links))
    }
}

/// So many bytes make a list long.
const LONG: usize = 4096;

impl World<'_> {
    /// Whether an object holds one of some texts under a path, and whether all that it holds there is known.
    fn holds(
        &self,
        known: &Known<'_>,
        object: &Object,
        path: &CompiledPath,
        keys: &[String],
        cased: bool,
    ) -> (bool, bool) {
        if cased || path.computed || object.get(&path.name).is_none_or(|raw| raw.bytes().len() < LONG) {
            let held = values(known, object, path);
            return (held.texts.iter().any(|held| keys.iter().any(|key| same(held, key, cased))), held.all_known);
        }
        let place = (std::ptr::from_ref(path) as usize, object.number);
        let marked = self.long.get(&place);
        let marked =
            marked.unwrap_or_else(|| self.long.keep(place, Arc::new(Marked::new(&values(known, object, path)))));
        (keys.iter().any(|key| marked.marks.contains(&text_mark(key))), marked.all_known)
    }
}

/// What an object holds under a path, known by hashes: that two of a billion texts share one is less likely than 1 in 10^20.
#[derive(Debug)]
struct Marked {
    marks: HashSet<u128>,
    all_known: bool,
}

impl Marked {
    fn new(held: &Held) -> Self {
        Self { marks: held.texts.iter().map(|text| text_mark(text)).collect(), all_known: held.all_known }
    }
}

fn text_mark(text: &str) -> u128 {
    xxhash_rust::xxh3::xxh3_128(text.to_lowercase().as_bytes())
}

/// The texts that an object holds under a path.
#[derive(Default)]
struct Held {
    texts: Vec<String>,
    /// There are no others.
    all_known: bool,
}

fn values(known: &Known<'_>, object: &Object, path: &CompiledPath) -> Held {
    let value = match object.get(&path.name) {
        Some(raw) => Some(raw.bytes().to_vec()),
        None if path.computed => {
            let argument = path.rest.first().map(String::as_str);
            known.computed(object, &path.name, argument, &|| Search::Nothing)
        }
        None => None,
    };
    let Some(value) = value else { return Held::default() };
    let mut held = Held { texts: Vec::new(), all_known: !object.is_cut(&path.name) };
    held.take(Raw::new(&value), &path.rest, &path.filters);
    held
}

impl Held {
    /// Takes the values of names further inside; of a list, of all its elements.
    fn take(&mut self, value: Raw<'_>, rest: &[String], filters: &[Filter]) {
        let Some((name, deeper)) = rest.split_first() else { return self.texts.extend(texts(value.bytes(), filters)) };
        for item in value.items().filter(|item| !item.is_null()) {
            match item.get(name) {
                Some(inner) => self.take(inner, deeper, filters),
                None => self.all_known = false,
            }
        }
    }
}

/// The space of keys that a property of a streamed collection is indexed in: the pass over the dump fills it for every path by
/// which a rule looks something up or compares objects.
pub fn key_space(collection: Collection, path: &CompiledPath) -> Option<KeySpace> {
    if !is_streamed(collection) {
        return None;
    }
    let changes = path
        .filters
        .iter()
        .any(|filter| matches!(filter, Filter::Domain | Filter::Local | Filter::ExtAddress | Filter::Subscription));
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

#[cfg(test)]
mod tests;
