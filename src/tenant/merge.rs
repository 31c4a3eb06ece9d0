//! One object that several sources hold: found by its id or, without one, by what it is called.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::KeySpace;
use super::natural::natural;
use super::{Object, ObjectId, Tenant, address, as_of};
use crate::json::Raw;
use crate::tenant::schema::Collection;

/// What an object without an id is known by, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Called {
    /// The sign-in name.
    Name(String),
    /// The first e-mail address, of what has no sign-in name: Exchange lists recipients by it.
    Mail(String),
}

impl Called {
    fn of(object: &Object) -> Option<Self> {
        sign_in_name(object).map(Self::Name).or_else(|| first_address(object).map(Self::Mail))
    }

    fn name(&self) -> &str {
        let (Self::Name(name) | Self::Mail(name)) = self;
        name
    }

    fn is_name(&self) -> bool {
        matches!(self, Self::Name(_))
    }

    fn fits(&self, object: &Object) -> bool {
        match self {
            Self::Name(name) => sign_in_name(object).as_ref() == Some(name),
            Self::Mail(mail) => first_address(object).as_ref() == Some(mail),
        }
    }
}

/// Only a user has one.
fn sign_in_name(object: &Object) -> Option<String> {
    object.text("userPrincipalName").map(|name| name.trim().to_lowercase())
}

fn first_address(object: &Object) -> Option<String> {
    let primary = || {
        let proxies = object.get("proxyAddresses").unwrap_or(Raw::NULL).items();
        proxies.filter_map(Raw::text).find(|text| text.starts_with("SMTP:")).and_then(|text| address::address(&text))
    };
    object.text("mail").and_then(|mail| address::address(&mail)).or_else(primary)
}

fn has_addresses(collection: Collection) -> bool {
    matches!(collection, Collection::Users | Collection::Groups | Collection::Contacts)
}

impl Tenant {
    /// Finds objects that several sources (or overlapping pages) hold, by id.
    pub(super) fn merge(&mut self) {
        let mut merged: BTreeMap<ObjectId, Vec<ObjectId>> = BTreeMap::new();
        let mut dropped = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for candidates in self.keys.shared(false) {
            for id in candidates.iter().filter_map(|candidate| self.object(*candidate).id()).collect::<BTreeSet<_>>() {
                if seen.contains(&id) {
                    continue;
                }
                // Objects may share an address as well, and then not all of one id are among these candidates.
                let by_kind = self.places_of(&id);
                seen.insert(id);
                for same in by_kind.values() {
                    if let [first, others @ ..] = same.as_slice()
                        && !others.is_empty()
                    {
                        merged.insert(*first, others.to_vec());
                        dropped.extend(others.iter().map(|other| (*other, *first)));
                    }
                }
                // A user of Monday's export who is among the deleted users of Tuesday's is deleted.
                let first =
                    |collection| by_kind.get(&collection).and_then(|same: &Vec<ObjectId>| same.first().copied());
                if let (Some(user), Some(deleted)) = (first(Collection::Users), first(Collection::DeletedUsers)) {
                    // In one export, whichever stands first, the user counts: it may have been restored meanwhile.
                    let source = |number: ObjectId| self.places[number.0 as usize].source;
                    let is_deleted = source(user) != source(deleted) && self.newer(deleted, user).is_lt();
                    let gone = if is_deleted { user } else { deleted };
                    dropped.insert(gone, gone);
                    merged.remove(&gone);
                }
            }
        }
        self.merge_by_name(&mut merged, &mut dropped);
        self.drop_repeated_requests(&mut dropped);
        self.forget();
        for objects in &mut self.objects {
            objects.retain(|object| !dropped.contains_key(object));
        }
        self.merged = merged;
        self.dropped = dropped;
    }

    /// A request that stands word by word in two files is one. Who asks twice in one file means it.
    fn drop_repeated_requests(&self, dropped: &mut BTreeMap<ObjectId, ObjectId>) {
        let mut same: BTreeMap<Vec<u8>, BTreeMap<u32, Vec<ObjectId>>> = BTreeMap::new();
        for number in &self.objects[Collection::Requests as usize] {
            let part = self.part(*number);
            same.entry(part.text).or_default().entry(part.source).or_default().push(*number);
        }
        for by_source in same.values().filter(|by_source| by_source.len() > 1) {
            // The file that asks most often counts, whichever is read first.
            let rank = |(source, numbers): &(&u32, &Vec<ObjectId>)| {
                let source = &self.sources[**source as usize];
                // Then the one that was written to be asked, whatever the files are called.
                let asked = self.request_place(&self.object(numbers[0])).0;
                (std::cmp::Reverse(numbers.len()), asked, natural(&source.path), source.digest)
            };
            let Some((kept, numbers)) = by_source.iter().min_by_key(rank) else { continue };
            for (_, others) in by_source.iter().filter(|(source, _)| *source != kept) {
                dropped.extend(others.iter().map(|other| (*other, numbers[0])));
            }
        }
    }

    /// Finds people, groups and contacts without an id, who are known by their sign-in name or else their first address: a table of
    /// names, or of mailboxes, beside an export that has ids too.
    fn merge_by_name(
        &self,
        merged: &mut BTreeMap<ObjectId, Vec<ObjectId>>,
        dropped: &mut BTreeMap<ObjectId, ObjectId>,
    ) {
        let mut seen = BTreeSet::new();
        for candidates in self.keys.shared(false) {
            let nameless = candidates.iter().filter(|candidate| has_addresses(self.kind(**candidate)));
            let nameless = nameless.map(|number| self.object(*number)).filter(|object| object.id().is_none());
            let names = nameless.filter_map(|object| Some((object.collection, Called::of(&object)?)));
            for (collection, called) in names.collect::<BTreeSet<_>>() {
                if !seen.insert((collection, called.clone())) {
                    continue;
                }
                let name = called.name();
                let mut same: Vec<ObjectId> = self
                    .keys
                    .candidates(KeySpace::Address, name.as_bytes())
                    .filter(|other| self.kind(*other) == collection && !dropped.contains_key(other))
                    .filter(|other| called.fits(&self.object(*other)))
                    .collect();
                same.sort_by(|one, other| self.newer(*one, *other));
                same.dedup();
                let of = |text: fn(&Object) -> Option<String>| {
                    same.iter().filter_map(|one| text(&self.object(*one))).collect::<BTreeSet<_>>().len()
                };
                // Two ids, or two sign-in names, are two: nobody can say which of them has none here.
                if let ([first, others @ ..], 0 | 1, 0 | 1) = (same.as_slice(), of(Object::id), of(sign_in_name))
                    && !others.is_empty()
                    && (called.is_name() || self.are_of_different_sources(&same))
                {
                    let more: Vec<ObjectId> =
                        others.iter().flat_map(|other| merged.remove(other).unwrap_or_default()).collect();
                    let all: Vec<ObjectId> = others.iter().copied().chain(more).collect();
                    dropped.extend(all.iter().map(|other| (*other, *first)));
                    merged.entry(*first).or_default().extend(all);
                }
            }
        }
    }

    /// The places at which an id stands, by collection, the newest first.
    fn places_of(&self, id: &str) -> BTreeMap<Collection, Vec<ObjectId>> {
        let mut places: BTreeMap<Collection, Vec<ObjectId>> = BTreeMap::new();
        for candidate in self.keys.candidates(KeySpace::Id, id.as_bytes()) {
            if self.object(candidate).id().as_deref() == Some(id) {
                places.entry(self.kind(candidate)).or_default().push(candidate);
            }
        }
        for same in places.values_mut() {
            same.sort_by(|one, other| self.newer(*one, *other));
        }
        places
    }

    /// The newer of two places first; of the same date, by content.
    fn newer(&self, one: ObjectId, other: ObjectId) -> std::cmp::Ordering {
        let is_one_source = self.places[one.0 as usize].source == self.places[other.0 as usize].source;
        let key = |object: ObjectId| {
            let place = self.places[object.0 as usize];
            let source = &self.sources[place.source as usize];
            // Within one source, too, it is the content that counts, and not the order.
            let text = if is_one_source { xxhash_rust::xxh3::xxh3_64(&self.part(object).text) } else { 0 };
            (std::cmp::Reverse(as_of::of_source(source)), source.digest, text, place.offset)
        };
        key(one).cmp(&key(other))
    }

    fn are_of_different_sources(&self, objects: &[ObjectId]) -> bool {
        let mut seen = BTreeSet::new();
        objects
            .iter()
            .flat_map(|object| self.sources_of(*object).collect::<BTreeSet<_>>())
            .all(|source| seen.insert(source))
    }
}
