//! The model: what is known about a tenant, and what is not.

pub mod address;
pub mod as_of;
pub mod azure;
mod b2b_policy;
pub mod collect;
mod conflicts;
pub mod entitlements;
mod group_licenses;
mod held;
pub mod keys;
pub mod known;
pub mod memo;
mod merge;
pub mod natural;
mod object;
pub mod queue;
mod read_back;
pub mod roles;
pub mod schema;
pub mod tallies;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use object::is_expanded;
pub use object::{Coverage, Object, ObjectId, Part, TENANT};

use self::as_of::AsOf;
use self::keys::{KeySpace, Keys};
use self::memo::Memo;
use self::read_back::ReadBack;
use self::schema::Collection;
use self::tallies::Tallies;
use crate::dump::{Incomplete, Place, Source, is_open};

/// The name of the source that holds what is asked for on the command line.
pub const COMMAND_LINE: &str = "command line";

/// Everything that was read of one tenant.
#[derive(Debug)]
pub struct Tenant {
    /// The sources, in reading order.
    pub sources: Vec<Source>,
    /// What could not be read at all.
    pub unread: Vec<Unread>,
    /// The objects of each collection, by its discriminant; of an object that several sources hold, only the first. See
    /// [`Tenant::all`] for their order.
    pub objects: Vec<Vec<ObjectId>>,
    /// The index of keys.
    pub keys: Keys,
    /// The counts over all users.
    pub tallies: Tallies,
    /// What tests say of collections.
    pub told_incomplete: BTreeMap<Collection, String>,
    places: Vec<Place>,
    kinds: Vec<Collection>,
    /// The other places of objects that several sources hold.
    merged: BTreeMap<ObjectId, Vec<ObjectId>>,
    /// Objects that count no more, each with the one that stands for it: the other places, and users who are deleted in a newer
    /// source, who stand for themselves.
    dropped: BTreeMap<ObjectId, ObjectId>,
    /// What was asked before: see [`Tenant::lacking`].
    lacking: Memo<(Collection, String), usize>,
    as_of: Option<AsOf>,
    /// Properties that are laid over objects, as the text of an object.
    over: BTreeMap<ObjectId, Vec<u8>>,
    read_back: ReadBack,
}

/// A source of which nothing could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// As the user named it.
    pub path: String,
    /// The collection that its name suggests; it may hold any without.
    pub suggested: Option<Collection>,
}

/// What the pass over the sources gathers for the model.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Where each object is.
    pub places: Vec<Place>,
    /// Its collection.
    pub kinds: Vec<Collection>,
    /// The entries of the index of keys.
    pub keys: Keys,
    /// The counts over all users, each as it stands in each source.
    pub tallies: Tallies,
    /// The newest date on which something was observed, and its source.
    pub newest: Option<(jiff::Timestamp, u32)>,
}

impl Tenant {
    /// Puts together what was gathered. `now` is the time that the user gave.
    pub fn new(
        mut sources: Vec<Source>,
        unread: Vec<Unread>,
        gathered: Gathered,
        now: Option<jiff::Timestamp>,
        threads: usize,
    ) -> Self {
        let mut objects = vec![Vec::new(); Collection::COUNT];
        for (number, kind) in gathered.kinds.iter().enumerate() {
            objects[*kind as usize].push(ObjectId(number as u32));
        }
        let as_of = AsOf::of(&sources, gathered.newest, now);
        as_of::remark(&mut sources, gathered.newest, now);
        let mut tenant = Self {
            sources,
            unread,
            objects,
            keys: gathered.keys,
            tallies: gathered.tallies,
            told_incomplete: BTreeMap::new(),
            places: gathered.places,
            kinds: gathered.kinds,
            merged: BTreeMap::new(),
            dropped: BTreeMap::new(),
            lacking: Memo::default(),
            as_of,
            over: BTreeMap::new(),
            read_back: ReadBack::default(),
        };
        tenant.keys.sort(threads);
        tenant.merge();
        tenant.put_in_order();
        tenant.recount();
        tenant.note_conflicts();
        tenant
    }

    /// An object's collection.
    pub fn kind(&self, object: ObjectId) -> Collection {
        if object == TENANT {
            return Collection::Organization;
        }
        self.kinds[object.0 as usize]
    }

    /// Whether an object still counts.
    pub fn is_live(&self, object: ObjectId) -> bool {
        !self.dropped.contains_key(&object)
    }

    /// The object that stands for this one, if several sources hold it.
    pub fn canonical(&self, object: ObjectId) -> ObjectId {
        self.dropped.get(&object).copied().unwrap_or(object)
    }

    /// The objects that several sources hold: the judgments of the pass on their parts do not count.
    pub fn merged(&self) -> impl Iterator<Item = ObjectId> + '_ {
        self.merged.keys().copied()
    }

    /// The sources that hold an object, by their index; one that holds it twice is named twice.
    pub fn sources_of(&self, object: ObjectId) -> impl Iterator<Item = usize> + '_ {
        let all = std::iter::once(object).chain(self.merged.get(&object).into_iter().flatten().copied());
        all.map(|number| self.places[number.0 as usize].source as usize)
    }

    /// Counts the users once that several sources hold, and those no more who are deleted: the pass counted each as it saw it.
    fn recount(&mut self) {
        let is_user = |number: &ObjectId| self.kind(*number) == Collection::Users;
        let is: Vec<_> = self.merged().filter(is_user).map(|number| self.object(number)).collect();
        let firsts = is.iter().map(|object| object.number);
        let passed = firsts.chain(self.dropped.keys().copied().filter(is_user));
        let alone = |number| Object { number, collection: Collection::Users, parts: vec![self.part(number)] };
        let passed: Vec<_> = passed.map(alone).collect();
        passed.iter().for_each(|user| self.tallies.discount(user));
        is.iter().for_each(|user| self.tallies.count(user));
    }

    /// Puts the objects of small collections in the order of their content. Of two that contradict each other, such as two
    /// organizations, whoever takes the first must take the same, whichever file is read first.
    fn put_in_order(&mut self) {
        let few = |collection: &Collection| !collection.may_be_many() && *collection != Collection::Requests;
        for collection in Collection::all().filter(few) {
            let objects = std::mem::take(&mut self.objects[collection as usize]);
            let mut keyed: Vec<_> =
                objects.into_iter().map(|number| (self.object_once(number).identity().0, number)).collect();
            let content = |number| self.object_once(number).content();
            keyed.sort_by(|(one, first), (other, second)| {
                one.cmp(other).then_with(|| content(*first).cmp(&content(*second)))
            });
            self.objects[collection as usize] = keyed.into_iter().map(|(_, number)| number).collect();
        }
    }

    /// All objects of a collection: of those that are few, in the order of their content.
    pub fn all(&self, collection: Collection) -> impl Iterator<Item = Arc<Object>> + '_ {
        self.objects[collection as usize].iter().map(|number| self.object(*number))
    }

    /// The live objects of a collection that may hold a key, in no order that counts.
    pub fn candidates(&self, collection: Collection, space: KeySpace, key: &str) -> Vec<Arc<Object>> {
        let mut numbers: Vec<_> = self
            .keys
            .candidates(space, key.as_bytes())
            .map(|number| self.canonical(number))
            .filter(|number| self.kind(*number) == collection && self.is_live(*number))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|number| self.object(number)).collect()
    }

    /// The object of a collection with this id, which is in lower case.
    pub fn by_id(&self, collection: Collection, id: &str) -> Option<Arc<Object>> {
        self.candidates(collection, KeySpace::Id, id).into_iter().find(|object| object.id().as_deref() == Some(id))
    }

    /// What is known of a collection.
    pub fn coverage(&self, collection: Collection) -> Coverage {
        // What stands first in these orders is told, and not what is read first.
        let mut refused: Option<String> = None;
        let mut found: Option<Incomplete> = None;
        let mut collected = collection == Collection::Requests;
        let mut reason = self.told_incomplete.get(&collection).map(|reason| Incomplete::Other(reason.clone()));
        let mut chains: BTreeMap<u64, (usize, usize)> = BTreeMap::new();
        let (mut part, mut whole) = (false, false);
        for section in self.sources.iter().filter_map(|source| source.sections.get(&collection)) {
            if section.is_collected() {
                collected = true;
                for (chain, (pages, links)) in &section.chains {
                    let all = chains.entry(*chain).or_default();
                    *all = (all.0 + pages, all.1 + links);
                }
                // Whether pages are missing is seen only over all sources: the next page may be in another file.
                match section.incompleteness() {
                    Some(Incomplete::NextLink) => {}
                    Some(Incomplete::Part) => part = true,
                    Some(other) => found = found.into_iter().chain([other]).min(),
                    None => whole = true,
                }
            } else {
                let code = section.error.as_ref().map(|(code, _)| code.clone());
                refused = refused.into_iter().chain(code).min();
            }
        }
        if !collected {
            return Coverage::NotCollected(refused);
        }
        reason = reason.or(found);
        // A selection beside the whole takes nothing from it.
        if part && !whole {
            reason = reason.or(Some(Incomplete::Part));
        }
        if let Some(code) = refused {
            reason = reason.or(Some(Incomplete::Error(code)));
        }
        if is_open(&chains) {
            reason = reason.or(Some(Incomplete::NextLink));
        }
        if collection != Collection::Requests
            && self.unread.iter().any(|unread| unread.suggested.is_none_or(|known| known == collection))
        {
            reason = reason.or_else(|| Some(Incomplete::Other("unreadable-source".to_owned())));
        }
        reason.map_or(Coverage::Complete, Coverage::Incomplete)
    }

    /// Whether everything of a collection was read.
    pub fn is_complete(&self, collection: Collection) -> bool {
        self.coverage(collection) == Coverage::Complete
    }

    /// For how many objects of a collection a property was collected, and how many objects there are.
    pub fn collected(&self, collection: Collection, property: &str) -> (usize, usize) {
        let (mut with, mut all) = (0, 0);
        for source in &self.sources {
            let Some(section) = source.sections.get(&collection) else { continue };
            all += section.count;
            if !source.masked.contains(&(collection, property.to_ascii_lowercase())) {
                let same = section.properties.iter().filter(|(name, _)| name.eq_ignore_ascii_case(property));
                with += same.map(|(_, count)| *count).sum::<usize>();
            }
        }
        (with.min(all), all)
    }

    /// Whether every object of a collection has a property collected.
    pub fn has_everywhere(&self, collection: Collection, property: &str) -> bool {
        self.lacking(collection, property) == 0
    }

    /// How many objects of a collection do not have a property collected.
    pub fn lacking(&self, collection: Collection, property: &str) -> usize {
        let (with, all) = self.collected(collection, property);
        if with == all || self.dropped.is_empty() {
            return all - with;
        }
        // Of an object that several sources hold, one that collected it is enough.
        let key = (collection, property.to_owned());
        self.lacking.get(&key).unwrap_or_else(|| {
            let lacking = self.all(collection).filter(|object| object.get(property).is_none()).count();
            self.lacking.keep(key, lacking)
        })
    }

    /// Lays properties, as the text of an object, over an object, whatever the export says.
    pub fn lay_over(&mut self, object: ObjectId, properties: Vec<u8>) {
        self.over.insert(object, properties);
        self.forget();
    }

    /// The export's date.
    pub fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    /// The organization; of several, the first by content.
    pub fn organization(&self) -> Option<Arc<Object>> {
        self.objects[Collection::Organization as usize].first().map(|number| self.object(*number))
    }

    /// Whether a domain (in lower case) is verified here, by the list of domains, else by the organization; nothing if neither tells.
    pub fn is_verified(&self, domain: &str) -> Option<bool> {
        use crate::json::Raw;
        let mut listed = self.all(Collection::Domains).filter(|known| known.id().as_deref() == Some(domain));
        if let Some(verified) = listed.find_map(|known| known.get("isVerified").and_then(Raw::flag)) {
            return Some(verified);
        }
        if self.is_complete(Collection::Domains) && self.has_everywhere(Collection::Domains, "isVerified") {
            return Some(false);
        }
        let organization = self.organization()?;
        let names = organization.get("verifiedDomains")?.items();
        let names: Option<Vec<_>> = names.map(|known| known.get("name").and_then(Raw::text)).collect();
        Some(names?.iter().any(|name| name.eq_ignore_ascii_case(domain)))
    }

    /// The domain that came with the tenant, as far as domains or the organization tell.
    pub fn initial_domain(&self) -> Option<String> {
        let initial = |object: &Arc<Object>| object.get("isInitial").and_then(crate::json::Raw::flag) == Some(true);
        if let Some(domain) = self.all(Collection::Domains).find(initial) {
            return domain.text("id");
        }
        let organization = self.organization()?;
        let domains = organization.get("verifiedDomains")?;
        let initial =
            domains.items().find(|domain| domain.get("isInitial").and_then(crate::json::Raw::flag) == Some(true))?;
        initial.get("name")?.text().map(std::borrow::Cow::into_owned)
    }
}

#[cfg(test)]
mod tests;
