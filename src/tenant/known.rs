//! What can be told of a tenant with the help of the tables: who somebody is, what they may use, what they may do.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use hashbrown::HashSet;
use parking_lot::RwLock;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::azure::AzureRoles;
use super::entitlements::{EnabledPlans, Plans};
use super::group_licenses::{Changes, GroupLicenses};
use super::keys::KeySpace;
use super::memo::Memo;
use super::queue::{Before, Queue, Settled};
use super::roles::{Assignments, RoleGroups, Units};
use super::{Object, ObjectId, Tenant, address, b2b_policy};
use crate::json::{Raw, encode_text};
use crate::pack::tables::Tables;
use crate::tenant::schema::Collection;

/// A tenant and the tables.
#[derive(Debug)]
pub struct Known<'t> {
    /// The tenant.
    pub tenant: &'t Tenant,
    /// The tables.
    pub tables: &'t Tables,
    pub(super) skus: OnceLock<BTreeMap<String, Plans>>,
    /// The plans that come of a list of licenses, by its text: few lists differ.
    pub(super) plans: Memo<Vec<u8>, Option<Arc<EnabledPlans>>>,
    /// The requests, one after the other.
    pub(super) queue: OnceLock<Queue>,
    /// What is known of them.
    pub(super) settled: RwLock<Settled>,
    /// What requests would make of licenses, by the request and its text and by what is asked, as far as that is settled.
    pub(super) after: Memo<(ObjectId, u64), Option<Vec<u8>>>,
    pub(super) roles: OnceLock<Assignments>,
    pub(super) role_groups: OnceLock<RoleGroups>,
    pub(super) units: OnceLock<Units>,
    pub(super) group_licenses: OnceLock<GroupLicenses>,
    pub(super) group_changes: OnceLock<Changes>,
    pub(super) azure_roles: OnceLock<AzureRoles>,
}

/// Of so many questions about requests the answers are kept, which takes some ten megabytes at most.
const MOST_ANSWERS: usize = 1 << 12;

/// The answer of a search.
#[derive(Clone, Debug)]
pub enum Search {
    /// This one.
    Object(Arc<Object>),
    /// There is none, and everything was searched.
    Nothing,
    /// None was found, but not everything was there to be searched.
    Unknown,
}

/// The target of a request.
pub type TargetOf<'f> = dyn Fn() -> Search + 'f;

impl<'t> Known<'t> {
    /// A tenant with tables.
    pub fn new(tenant: &'t Tenant, tables: &'t Tables) -> Self {
        Self {
            tenant,
            tables,
            skus: OnceLock::new(),
            plans: Memo::default(),
            queue: OnceLock::new(),
            settled: RwLock::default(),
            after: Memo::default(),
            roles: OnceLock::new(),
            role_groups: OnceLock::new(),
            units: OnceLock::new(),
            group_licenses: OnceLock::new(),
            group_changes: OnceLock::new(),
            azure_roles: OnceLock::new(),
        }
    }

    /// A user (or, if asked, a group) by id, sign-in name or address.
    pub fn person(&self, name: &str, or_group: bool) -> Search {
        let wanted = name.trim().to_lowercase();
        let collections: &[Collection] =
            if or_group { &[Collection::Users, Collection::Groups] } else { &[Collection::Users] };
        for &collection in collections {
            let by_id = self.tenant.candidates(collection, KeySpace::Id, &wanted);
            if let Some(object) = by_id.into_iter().find(|object| object.id().as_ref() == Some(&wanted)) {
                return Search::Object(object);
            }
            // A sign-in name goes before an address; of several holders, the first by id.
            let rank = |object: &Arc<Object>| {
                let is_named = object.text("userPrincipalName").is_some_and(|name| name.to_lowercase() == wanted);
                (is_named || addresses(object).contains(&wanted)).then_some(!is_named)
            };
            let by_address = self.tenant.candidates(collection, KeySpace::Address, &wanted);
            let best = by_address
                .into_iter()
                .filter_map(|object| Some((rank(&object)?, object)))
                .min_by(|(one, first), (other, second)| one.cmp(other).then_with(|| first.by_content(second)));
            if let Some((_, object)) = best {
                return Search::Object(object);
            }
        }
        if let Some(guest) = self.guest(&wanted) {
            return Search::Object(guest);
        }
        let is_address = wanted.contains('@');
        let searched = |collection: &Collection| {
            let names = if is_address { address_properties(*collection) } else { &["id"] };
            self.tenant.is_complete(*collection)
                && names.iter().all(|name| self.tenant.has_everywhere(*collection, name))
        };
        if collections.iter().all(searched) { Search::Nothing } else { Search::Unknown }
    }

    /// The name of a product: from the table, else the tenant's part number, else the id.
    pub fn product_name(&self, sku: &str) -> String {
        if let Some(product) = self.tables.product(sku) {
            return product.name.to_owned();
        }
        let known = &mut self.tenant.all(Collection::SubscribedSkus);
        let same = known.find(|known| known.text("skuId").is_some_and(|id| id.eq_ignore_ascii_case(sku)));
        same.and_then(|known| known.text("skuPartNumber")).unwrap_or_else(|| sku.to_owned())
    }

    /// What the tenant's products are called: their names and part numbers.
    pub fn product_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for sku in self.tenant.all(Collection::SubscribedSkus) {
            names.extend(sku.text("skuId").map(|id| self.product_name(&id)));
            names.extend(sku.text("skuPartNumber"));
        }
        names.sort();
        names.dedup();
        names
    }

    /// The guest who was invited at an address (in lower case), by the sign-in name that the directory made of it.
    fn guest(&self, address: &str) -> Option<Arc<Object>> {
        let (local, domain) = address.rsplit_once('@')?;
        let name = format!("{local}_{domain}#ext#@{}", self.tenant.initial_domain()?.to_lowercase());
        let mut users = self.tenant.candidates(Collection::Users, KeySpace::Address, &name);
        users.retain(|user| user.text("userPrincipalName").is_some_and(|own| own.to_lowercase() == name));
        users.into_iter().min_by(|one, other| one.by_content(other))
    }

    /// A computed field, as JSON; nothing if it cannot be told.
    pub fn computed(
        &self,
        object: &Object,
        name: &str,
        argument: Option<&str>,
        target: &TargetOf<'_>,
    ) -> Option<Vec<u8>> {
        use Collection as C;
        match (object.collection, name) {
            (C::Users | C::Groups | C::Contacts | C::DeletedUsers, "addresses") => Some(list(addresses(object))),
            (C::DeletedUsers, "originalUserPrincipalName") => {
                let name = object.get("userPrincipalName")?.text()?;
                let id = object.get("id")?.text()?;
                Some(text(&address::original_user_name(&name, &id)))
            }
            (C::Users | C::Groups | C::Contacts, "proxyAddressCount") => {
                Some(number(address::proxy_address_count(object.get("proxyAddresses")?)))
            }
            (C::Users | C::Groups | C::Contacts, "primaryAddressCount") => {
                Some(number(address::primary_address_count(object.get("proxyAddresses")?)))
            }
            (C::Users, "azureRoles") => self.azure_roles_of(object),
            (C::Groups, "licensesChanged") => self.licenses_changed(object),
            (C::B2bManagementPolicy, _) => b2b_policy::computed(object, name),
            (C::Users, "enabledPlans") => self.enabled_plans(object).map(|enabled| enabled.json.clone()),
            (C::Users, "may") => self.may(object, argument?, target).map(|may| text(may.name())),
            (C::Users, "isAdministrator") => self.is_administrator(object).map(|is| is.to_string().into_bytes()),
            (C::Users, "directoryRoles") => self.directory_roles(object).map(list),
            (C::Organization, "initialDomain") => self.tenant.initial_domain().map(|domain| text(&domain)),
            (C::SubscribedSkus, "countViolations") => {
                let sku = object.text("skuId")?.to_lowercase();
                let count = self.tenant.tallies.count_violations.get(&sku).copied().unwrap_or_default();
                // Some are some, however many users were not seen; none is none only if all were.
                let all_seen = self.tenant.is_complete(C::Users)
                    && self.tenant.has_everywhere(C::Users, "licenseAssignmentStates");
                (count > 0 || all_seen).then(|| number(count))
            }
            (C::SubscribedSkus, "membersWaiting") => {
                self.members_waiting(&object.text("skuId")?.to_lowercase()).map(number)
            }
            (C::SubscribedSkus, "licensesMissing") => {
                self.licenses_missing(object).map(|missing| missing.to_string().into_bytes())
            }
            (C::SubscribedSkus, "licensedGroups") => {
                self.licensed_groups(&object.text("skuId")?.to_lowercase()).map(list)
            }
            (C::Requests, "nameAskedBefore") => self.name_asked_before(object, Before::Everybody),
            (C::Requests, "nameGrantedBefore") => self.name_asked_before(object, Before::Granted),
            (
                C::Requests,
                "licensesNotHeld" | "changesFirst" | "plansAfter" | "plansLost" | "plansGained" | "seatsAfter"
                | "seatsAfterGranted" | "seatsAfterOthers",
            ) => {
                let makes = object.text("operation").as_deref() == Some("create-user");
                match if makes { Search::Nothing } else { target() } {
                    Search::Object(target) => self.of_request(object, name, Some(&target)),
                    Search::Nothing if self.newcomer(object).is_some() => self.of_request(object, name, None),
                    Search::Nothing => Some(b"null".to_vec()),
                    Search::Unknown => None,
                }
            }
            _ => None,
        }
    }

    /// What a request would make of the licenses of its target, which several rules ask; `target` is nothing for an account that is
    /// not there yet.
    fn of_request(&self, request: &Object, name: &str, target: Option<&Object>) -> Option<Vec<u8>> {
        let text = request.parts.first().map_or(&[][..], |part| &part.text);
        let key = (request.number, xxh3_64_with_seed(text, xxh3_64(name.as_bytes())));
        if let Some(known) = self.after.get(&key) {
            return known;
        }
        let answer = self.worked_out(request, name, target);
        self.after.keep_up_to(MOST_ANSWERS, key, answer.clone());
        answer
    }

    fn worked_out(&self, request: &Object, name: &str, target: Option<&Object>) -> Option<Vec<u8>> {
        match name {
            "plansAfter" => self.plans_after(request, target).map(list),
            "plansLost" => self.plans_lost(request, target).map(list),
            "plansGained" => self.plans_gained(request, target).map(list),
            "licensesNotHeld" => self.licenses_not_held(request, target).map(list),
            "changesFirst" => self.changes_first(request, target).map(|first| first.to_string().into_bytes()),
            _ => {
                let before = match name {
                    "seatsAfterGranted" => Before::Granted,
                    "seatsAfterOthers" => Before::Everybody,
                    _ => Before::Nobody,
                };
                self.seats_after(request, target, before).map(|seats| seats.to_string().into_bytes())
            }
        }
    }
}

/// The properties that hold the addresses of a collection's objects.
fn address_properties(collection: Collection) -> &'static [&'static str] {
    match collection {
        Collection::Users => &["userPrincipalName", "mail", "proxyAddresses", "otherMails", "identities"],
        Collection::DeletedUsers => &["userPrincipalName", "mail", "proxyAddresses"],
        _ => &["mail", "proxyAddresses"],
    }
}

/// So few addresses are compared one by one.
const FEW: usize = 32;

/// Sign-in name, mail, smtp proxy addresses, other mails and the names of identities, in lower case.
pub fn addresses(object: &Object) -> Vec<String> {
    let mut addresses = Vec::new();
    // Of many, those that are there already are kept in a set.
    let mut seen: HashSet<String> = HashSet::new();
    let mut is_new = |address: &String, addresses: &[String]| {
        if addresses.len() < FEW {
            return !addresses.contains(address);
        }
        if seen.is_empty() {
            seen.extend(addresses.iter().cloned());
        }
        seen.insert(address.clone())
    };
    for name in ["userPrincipalName", "mail", "proxyAddresses", "otherMails", "identities"] {
        let value = object.get(name).unwrap_or(Raw::NULL);
        let text = |item: Raw<'_>| {
            if item.is_object() { item.get("issuerAssignedId")?.text() } else { item.text() }
                .map(std::borrow::Cow::into_owned)
        };
        for address in value.items().filter_map(text).filter_map(|text| address::address(&text)) {
            if is_new(&address, &addresses) {
                addresses.push(address);
            }
        }
    }
    addresses
}

/// A text as JSON.
pub(super) fn text(text: &str) -> Vec<u8> {
    let mut json = Vec::new();
    encode_text(text, &mut json);
    json
}

fn number(number: usize) -> Vec<u8> {
    number.to_string().into_bytes()
}

/// Texts as JSON.
pub(super) fn list(texts: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut json = vec![b'['];
    for text in texts {
        if json.len() > 1 {
            json.push(b',');
        }
        encode_text(&text, &mut json);
    }
    json.push(b']');
    json
}

#[cfg(test)]
mod tests;
