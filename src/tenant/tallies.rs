//! Counts over all users, made while they go by: nobody reads them back for a number.

use std::collections::BTreeMap;

use hashbrown::HashSet;
use xxhash_rust::xxh3::xxh3_64;

use super::Object;
use crate::json::Raw;

/// The counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    /// How many users have a recorded CountViolation, by SKU id in lower case.
    pub count_violations: BTreeMap<String, usize>,
    /// How many users there are of each kind of guest.
    pub guests: BTreeMap<Guest, usize>,
    /// Who has which SKU: the [`mark`]s of the users' and the SKUs' ids. Nothing if nobody asks.
    pub licensed: HashSet<u64>,
}

/// The hash of two texts, whatever their case: of an id and of what belongs to that object. That two of ten million pairs differ and
/// share one is less likely than one in a hundred thousand.
pub fn mark(one: &str, other: &str) -> u64 {
    pair_mark(text_mark(one), text_mark(other))
}

/// The [`mark`] of two texts of which the hashes are known.
#[inline]
pub fn pair_mark(one: u64, other: u64) -> u64 {
    let mut both = [0; 16];
    both[..8].copy_from_slice(&one.to_le_bytes());
    both[8..].copy_from_slice(&other.to_le_bytes());
    xxh3_64(&both)
}

/// The hash of a text, whatever its case.
#[inline]
pub fn text_mark(text: &str) -> u64 {
    let mut lower = [0; 64];
    match lower.get_mut(..text.len()) {
        Some(lower) if text.is_ascii() => {
            lower.copy_from_slice(text.as_bytes());
            lower.make_ascii_lowercase();
            xxh3_64(lower)
        }
        _ => xxh3_64(text.to_lowercase().as_bytes()),
    }
}

/// The properties of a user that [`Guest`] is made of.
pub const GUEST: [&str; 4] = ["userType", "accountEnabled", "employeeId", "companyName"];

/// A guest who may sign in, or a user who may be one, as far as licenses go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guest {
    /// Whether it is a guest whose sign-in is not blocked; nothing if that was not collected.
    pub is_enabled_guest: Option<bool>,
    /// Whether it has an employee ID.
    pub is_staff: Option<bool>,
    /// The company, in lower case; nothing if it was not collected.
    pub company: Option<String>,
}

impl Guest {
    /// What the properties of a user say; nothing if they say that it is no guest who may sign in.
    pub fn of<'r>(get: impl Fn(&str) -> Option<Raw<'r>>) -> Option<Self> {
        let is_guest = get("userType").map(|kind| kind.text().is_some_and(|kind| kind.eq_ignore_ascii_case("guest")));
        let is_enabled = get("accountEnabled").and_then(Raw::flag);
        let is_enabled_guest = match (is_guest, is_enabled) {
            (Some(false), _) | (_, Some(false)) => return None,
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        let company = |company: Raw<'_>| company.text().map(|name| name.trim().to_lowercase()).unwrap_or_default();
        Some(Self {
            is_enabled_guest,
            is_staff: get("employeeId").map(|id| !id.is_empty()),
            company: get("companyName").map(company),
        })
    }
}

impl Tallies {
    /// Counts a user's recorded CountViolation for a SKU.
    pub fn violation(&mut self, sku: &str) {
        *self.count_violations.entry(sku.to_lowercase()).or_default() += 1;
    }

    /// Counts a guest.
    pub fn guest(&mut self, guest: Guest) {
        *self.guests.entry(guest).or_default() += 1;
    }

    /// Adds other counts.
    pub fn extend(&mut self, other: Self) {
        for (sku, count) in other.count_violations {
            *self.count_violations.entry(sku).or_default() += count;
        }
        for (guest, count) in other.guests {
            *self.guests.entry(guest).or_default() += count;
        }
        self.licensed.extend(other.licensed);
    }

    /// Counts a user.
    pub(super) fn count(&mut self, user: &Object) {
        violations(user).for_each(|sku| self.violation(&sku));
        Guest::of(|name| user.get(name)).into_iter().for_each(|guest| self.guest(guest));
        self.licensed.extend(licensed(user));
    }

    /// Takes a user back that was counted.
    pub(super) fn discount(&mut self, user: &Object) {
        let less = |count: Option<&mut usize>| count.into_iter().for_each(|count| *count = count.saturating_sub(1));
        violations(user).for_each(|sku| less(self.count_violations.get_mut(&sku.to_lowercase())));
        Guest::of(|name| user.get(name)).into_iter().for_each(|guest| less(self.guests.get_mut(&guest)));
        for mark in licensed(user) {
            self.licensed.remove(&mark);
        }
    }
}

fn licensed(user: &Object) -> impl Iterator<Item = u64> {
    let id = user.text("id").unwrap_or_default();
    let licenses = user.get("assignedLicenses").unwrap_or(Raw::NULL).items();
    licenses.filter_map(move |license| Some(mark(&id, &license.get("skuId")?.text()?)))
}

/// The SKUs of which a user's record says that no seat was free.
fn violations(user: &Object) -> impl Iterator<Item = String> {
    let states = user.get("licenseAssignmentStates").unwrap_or(Raw::NULL).items();
    let is_violation =
        |state: &Raw<'_>| state.get("error").and_then(Raw::text).is_some_and(|error| error == "CountViolation");
    states.filter(is_violation).filter_map(|state| Some(state.get("skuId")?.text()?.into_owned()))
}
