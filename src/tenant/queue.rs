//! Requests one after the other: what those before one ask for is not there for it any more.

use std::collections::{BTreeMap, BTreeSet};

use super::entitlements::licenses;
use super::held::is_inherited;
use super::known::{Known, Search};
use super::natural::{Run, natural};
use super::{COMMAND_LINE, Object, ObjectId, Tenant, address};
use crate::tenant::schema::Collection;

/// The computed properties of requests that depend on what is known of those before them.
pub const AFTER_GRANTED: [&str; 9] = [
    "seatsAfterGranted",
    "seatsAfterOthers",
    "nameGrantedBefore",
    "nameAskedBefore",
    "licensesNotHeld",
    "changesFirst",
    "plansAfter",
    "plansLost",
    "plansGained",
];

/// Which of the requests before one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// None of them.
    Nobody,
    /// Those that are known to work.
    Granted,
    /// All of them but those that are known to fail.
    Everybody,
}

/// What requests ask for that only one of them can get, or so many.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// The place of each request.
    places: BTreeMap<ObjectId, usize>,
    /// Who asks for a sign-in name (in lower case), in order.
    names: BTreeMap<String, Vec<ObjectId>>,
    /// Who invites a guest at an address (in lower case), in order.
    invited: BTreeMap<String, Vec<ObjectId>>,
    /// Who asks for a seat of a SKU (in lower case) and for whom, in order; for nobody where it is not known how many seats
    /// that takes.
    seats: BTreeMap<String, Vec<(ObjectId, Option<ObjectId>)>>,
    /// Who gives up seats of a SKU (in lower case), in order.
    freed: BTreeMap<String, Vec<Freed>>,
    /// Which requests change somebody's licenses, in order: a user's or group's, or those of whoever a request makes.
    changes: BTreeMap<ObjectId, Vec<ObjectId>>,
    /// Which requests may change the licenses of people whom they do not name: of the members of this group, or of nobody knows whom.
    elsewhere: Vec<(ObjectId, Option<ObjectId>)>,
}

/// What a request gives up.
#[derive(Debug)]
struct Freed {
    request: ObjectId,
    /// Whose seat it is; nothing where it is not known whose and how many.
    holder: Option<ObjectId>,
    /// Whoever has the license by a group as well keeps the seat; where that is not known, nothing is certain.
    is_certain: bool,
}

/// What is known of requests when all rules have spoken.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Those that work, whatever becomes of those before them.
    pub granted: BTreeSet<ObjectId>,
    /// Those that fail.
    pub refused: BTreeSet<ObjectId>,
}

/// What requests are sorted by.
pub type Place = (Asked, Vec<Run>, Vec<Run>, u128, u64);

/// Where requests were asked for, those first that somebody asks for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// On the command line.
    Typed,
    /// In a file with nothing else in it: it was written to be asked.
    Alone,
    /// In an export, beside what it says of the tenant.
    InExport,
}

impl Tenant {
    /// The place of a request among all: what was asked on the command line goes first, then what stands in files of requests only;
    /// each in the order of their ids, and those without one as they stand in their files.
    pub fn request_place(&self, request: &Object) -> Place {
        let place = self.places[request.number.0 as usize];
        let source = &self.sources[place.source as usize];
        let id = request.id().unwrap_or_default();
        let is_alone = source.sections.keys().all(|collection| *collection == Collection::Requests);
        let asked = match source.path.as_str() {
            COMMAND_LINE => Asked::Typed,
            _ if is_alone => Asked::Alone,
            _ => Asked::InExport,
        };
        (asked, natural(&id), natural(&source.path), source.digest, place.offset)
    }
}

impl Known<'_> {
    /// Says what is known of the requests; gives back whether that is new.
    pub fn settle(&self, known: Settled) -> bool {
        let mut settled = self.settled.write();
        let is_new = *settled != known;
        *settled = known;
        if is_new {
            self.after.forget();
        }
        is_new
    }

    pub(super) fn counts(&self, request: ObjectId, before: Before) -> bool {
        match before {
            Before::Nobody => false,
            Before::Granted => self.settled.read().granted.contains(&request),
            Before::Everybody => !self.settled.read().refused.contains(&request),
        }
    }

    /// What a request is called: by its id, else by its number. Nothing if it is the only one, or was asked on the command line.
    pub fn request_name(&self, request: &Object) -> Option<String> {
        let is_typed = self.tenant.request_place(request).0 == Asked::Typed;
        (self.queue().places.len() > 1 && !is_typed).then(|| self.called(request))
    }

    fn called(&self, request: &Object) -> String {
        let number = || self.queue().places.get(&request.number).map_or(0, |place| place + 1);
        request.text("id").unwrap_or_else(|| format!("#{}", number()))
    }

    /// What the first of the requests before one is called that asks for the same sign-in name, as JSON.
    pub(super) fn name_asked_before(&self, request: &Object, before: Before) -> Option<Vec<u8>> {
        let asked = request.get("userPrincipalName")?.text().and_then(|name| key_of(&name));
        let queue = self.queue();
        let own = queue.places.get(&request.number);
        let all = asked.and_then(|name| queue.names.get(&name)).into_iter().flatten();
        let mut others = all.filter(|other| queue.places.get(other) < own && self.counts(**other, before));
        let first = others.next().map(|other| self.called(&self.tenant.object(*other)));
        Some(first.map_or_else(|| b"null".to_vec(), |name| super::known::text(&name)))
    }

    /// What the request before one is called that makes or invites the account of this name: it is not there yet.
    pub fn made_before(&self, request: &Object, name: &str) -> Option<String> {
        self.maker(request, name).map(|maker| self.called(&self.tenant.object(maker)))
    }

    /// The request before one that makes or invites the account of this name, unless it is known to fail.
    fn maker(&self, request: &Object, name: &str) -> Option<ObjectId> {
        let queue = self.queue();
        let own = queue.places.get(&request.number);
        let mut makers = queue.makers(name).filter(|maker| queue.places.get(maker) < own);
        makers.find(|maker| self.counts(*maker, Before::Everybody))
    }

    /// The request that makes the account for which a request asks licenses: itself, or one before it.
    pub fn newcomer(&self, request: &Object) -> Option<ObjectId> {
        match request.text("operation")?.as_str() {
            "create-user" => Some(request.number),
            "assign-license" => self.maker(request, &request.text("target")?),
            _ => None,
        }
    }

    /// How many seats of a SKU (in lower case) the requests before one take from those for whom it asks one, less those that they
    /// give up; nothing if that is not known.
    pub(super) fn seats_before(
        &self,
        request: &Object,
        takers: &BTreeSet<ObjectId>,
        sku: &str,
        before: Before,
    ) -> Option<isize> {
        let is_for_one = takers.len() == 1;
        let queue = self.queue();
        let own = queue.places.get(&request.number);
        let all = queue.seats.get(sku).into_iter().flatten();
        let others = all.filter(|(other, _)| queue.places.get(other) < own && self.counts(*other, before));
        let mut taken = BTreeSet::new();
        for (_, taker) in others {
            match taker {
                // The seat is asked for already.
                Some(taker) if takers.contains(taker) && is_for_one => break,
                Some(taker) if takers.contains(taker) => {}
                taker => drop(taken.insert((*taker)?)),
            }
        }
        // Nobody is told that there is no seat while one may become free, nor that there is one before it surely does.
        let certain = if before == Before::Everybody { Before::Granted } else { Before::Everybody };
        let all = queue.freed.get(sku).into_iter().flatten();
        let others = all.filter(|freed| queue.places.get(&freed.request) < own && self.counts(freed.request, certain));
        let mut freed = BTreeSet::new();
        for Freed { holder, is_certain, .. } in others {
            match holder {
                _ if before == Before::Everybody && !is_certain => {}
                holder => drop(freed.insert((*holder)?)),
            }
        }
        Some(taken.len().cast_signed() - freed.len().cast_signed())
    }

    fn queue(&self) -> &Queue {
        self.queue.get_or_init(|| {
            let mut requests: Vec<_> = self.tenant.all(Collection::Requests).collect();
            requests.sort_by_cached_key(|request| self.tenant.request_place(request));
            let mut queue = Queue::default();
            for (place, request) in requests.iter().enumerate() {
                queue.places.insert(request.number, place);
                match request.text("operation").as_deref() {
                    Some("create-user") => {
                        let name = request.text("userPrincipalName").and_then(|name| key_of(&name));
                        name.into_iter().for_each(|name| queue.names.entry(name).or_default().push(request.number));
                    }
                    Some("invite-guest") => {
                        let address = request.text("address").and_then(|address| key_of(&address));
                        let all = address.map(|address| queue.invited.entry(address).or_default());
                        all.into_iter().for_each(|all| all.push(request.number));
                    }
                    _ => {}
                }
                match changed_by(request).then(|| self.whose(request, |name| queue.makers(name).next())) {
                    Some(Some(whose)) => {
                        queue.changes.entry(whose).or_default().push(request.number);
                        if self.tenant.kind(whose) == Collection::Groups {
                            queue.elsewhere.push((request.number, Some(whose)));
                        }
                    }
                    Some(None) => queue.elsewhere.push((request.number, None)),
                    None => {}
                }
                for sku in request.get("addLicenses").and_then(licenses).unwrap_or_default().into_keys() {
                    let takers = self.takers(request, &sku, &queue).into_iter().map(|taker| (request.number, taker));
                    queue.seats.entry(sku).or_default().extend(takers);
                }
                for sku in request.get("removeLicenses").and_then(licenses).unwrap_or_default().into_keys() {
                    let freed = self.freed(request, &sku);
                    queue.freed.entry(sku).or_default().extend(freed);
                }
            }
            queue
        })
    }

    /// Who would take a seat of a SKU by a request: its target, or the members of it who have none.
    fn takers(&self, request: &Object, sku: &str, before: &Queue) -> Vec<Option<ObjectId>> {
        if request.text("operation").as_deref() == Some("create-user") {
            return vec![Some(request.number)];
        }
        let gives_up = |user: &Object| {
            let mut freed = before.freed.get(sku).into_iter().flatten();
            freed.any(|freed| freed.holder == Some(user.number)).then_some(Some(user.number))
        };
        let without = |user: &Object| match user.get("assignedLicenses").and_then(licenses) {
            // Whoever gave it up takes it again.
            Some(held) if held.contains_key(sku) => gives_up(user),
            Some(held) => (!held.contains_key(sku)).then_some(Some(user.number)),
            None => Some(None),
        };
        let Some(target) = request.text("target") else { return Vec::new() };
        match self.person(&target, true) {
            Search::Nothing => before.makers(&target).next().map(Some).into_iter().collect(),
            Search::Unknown => vec![None],
            Search::Object(target) if target.collection == Collection::Users => without(&target).into_iter().collect(),
            Search::Object(group) => match self.members_without(&group, sku) {
                Some(users) => users.into_iter().map(Some).collect(),
                None => vec![None],
            },
        }
    }

    /// What a request gives up of a SKU, if it may give up something.
    fn freed(&self, request: &Object, sku: &str) -> Option<Freed> {
        let maybe = Freed { request: request.number, holder: None, is_certain: false };
        let user = match self.person(&request.text("target")?, true) {
            Search::Object(target) if target.collection == Collection::Users => target,
            Search::Object(_) | Search::Unknown => return Some(maybe),
            Search::Nothing => return None,
        };
        let Some(held) = user.get("assignedLicenses").and_then(licenses) else { return Some(maybe) };
        if !held.contains_key(sku) {
            return None;
        }
        match is_inherited(&user, sku) {
            Some(true) => None,
            known => Some(Freed { holder: Some(user.number), is_certain: known.is_some(), ..maybe }),
        }
    }

    /// The requests before one that change somebody's licenses, in order.
    pub(super) fn changes_before(&self, request: &Object, whose: ObjectId) -> impl Iterator<Item = ObjectId> {
        let queue = self.queue();
        let own = queue.places.get(&request.number);
        let all = queue.changes.get(&whose).into_iter().flatten().copied();
        all.filter(move |other| queue.places.get(other) < own)
    }

    /// The requests before one that may change the licenses of people whom they do not name, unless they are known to fail: with the
    /// group whose members those are, if that is known.
    pub(super) fn changes_elsewhere(&self, request: &Object) -> impl Iterator<Item = (ObjectId, Option<ObjectId>)> {
        let queue = self.queue();
        let own = queue.places.get(&request.number);
        let all = queue.elsewhere.iter().copied();
        all.filter(move |(other, _)| queue.places.get(other) < own && self.counts(*other, Before::Everybody))
    }
}

/// Whether a request changes licenses.
fn changed_by(request: &Object) -> bool {
    let operation = request.text("operation");
    let is_change = matches!(operation.as_deref(), Some("create-user" | "assign-license" | "remove-license"));
    let holds_some = |list: &&str| request.get(list).is_some_and(|list| list.items().next().is_some());
    is_change && ["addLicenses", "removeLicenses"].iter().any(holds_some)
}

impl Queue {
    /// The requests that make or invite the account of a name, in order.
    fn makers(&self, name: &str) -> impl Iterator<Item = ObjectId> {
        let name = key_of(name);
        let makers = [&self.names, &self.invited].into_iter().filter_map(move |makers| makers.get(name.as_ref()?));
        makers.flatten().copied()
    }
}

/// A sign-in name as it is compared.
fn key_of(name: &str) -> Option<String> {
    let name = name.trim().to_lowercase();
    address::address(&name).or(Some(name)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::pack::embedded;
    use crate::testing::{dump, tenant_of};

    #[test]
    fn requests_without_ids_are_called_by_their_numbers() {
        let one = |name: &str| json!({"operation": "create-user", "userPrincipalName": name});
        let first = json!({"requests": [one("b@x.example"), {"id": "r2"}, one("A@x.example")]});
        let second = json!({"requests": [one("a@x.example"), {"id": "r10"}]});
        for order in [[0, 1], [1, 0]] {
            let files = [dump("1.json", &first), dump("2.json", &second)];
            let tenant = tenant_of(&order.map(|file: usize| files[file].clone()));
            let known = Known::new(&tenant, embedded::tables());
            let mut all: Vec<_> = tenant.all(Collection::Requests).collect();
            all.sort_by_cached_key(|request| tenant.request_place(request));
            let said = |request: &std::sync::Arc<Object>| {
                let before = known.name_asked_before(request, Before::Everybody);
                let before = before.map(|json| String::from_utf8(json).unwrap());
                (known.request_name(request).unwrap(), before.unwrap_or_default())
            };
            let said: Vec<_> = all.iter().map(said).collect();
            let expected = [("#1", "null"), ("#2", "null"), ("#3", "\"#2\""), ("r2", ""), ("r10", "")];
            assert_eq!(said, expected.map(|(name, before)| (name.to_owned(), before.to_owned())), "{order:?}");
            // Nobody is known to get it.
            assert_eq!(known.name_asked_before(&all[2], Before::Granted).unwrap(), b"null");
            known.settle(Settled { granted: BTreeSet::from([all[1].number]), ..Settled::default() });
            assert_eq!(known.name_asked_before(&all[2], Before::Granted).unwrap(), b"\"#2\"");
        }
    }
}
