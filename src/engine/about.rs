//! Whom and what a name means: for `--about`, `--as` and `--to`.
//!
//! Addresses and ids are looked up in the index, and nowhere else. Any other name is compared with everybody's, which reads every
//! user: a name is asked for by a person who waits for one answer, not by a program.

use std::borrow::Cow;
use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::draft::describe;
use crate::check::native::request_references;
use crate::check::world::World;
use crate::pack::fault::nearest;
use crate::tenant::keys::KeySpace;
use crate::tenant::known::addresses;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId, address};

/// How many names a message lists.
const LISTED: usize = 8;

/// The collections whose objects have names that people call them by.
const NAMED: [Collection; 6] = [
    Collection::Users,
    Collection::Groups,
    Collection::Contacts,
    Collection::DeletedUsers,
    Collection::Domains,
    Collection::SubscribedSkus,
];

/// A name that somebody typed, and what it means here.
#[derive(Clone, Debug, Default)]
pub struct Meant {
    /// The name as typed.
    pub name: String,
    /// What it means.
    pub objects: BTreeSet<ObjectId>,
    /// What it fits less well, and is not taken for.
    pub others: BTreeSet<ObjectId>,
}

/// Why a name cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// The option that it was given for.
    pub option: &'static str,
    /// The name as typed.
    pub name: String,
    /// Those whom it fits, described; empty if it fits nobody.
    pub fits: Vec<String>,
    /// How many it fits.
    pub count: usize,
    /// The nearest spellings, where it fits nobody.
    pub near: Vec<String>,
    /// What the tenant has of the kind, where it fits nothing of that.
    pub held: Vec<String>,
}

impl Unclear {
    /// A name that fits these, described in the order in which they are listed: several, or none.
    pub(super) fn of(option: &'static str, name: &str, mut fits: Vec<String>) -> Self {
        let count = fits.len();
        fits.truncate(LISTED);
        Self { option, name: name.trim().to_owned(), fits, count, near: Vec::new(), held: Vec::new() }
    }
}

/// What a name fits.
enum Fit {
    Nothing,
    /// Only its beginning, or the home of guests.
    Loosely,
    Exactly,
}

/// An object under its own name.
pub(super) fn named(number: ObjectId, world: &World<'_>) -> Meant {
    let name = describe(&world.tenant.object(number), world.language);
    Meant { name, objects: BTreeSet::from([number]), others: BTreeSet::new() }
}

/// The one person, or group, that a name means, as rules compare names: by sign-in name, else by id. Nothing if it is nobody's.
///
/// # Errors
///
/// If several have the name, or begin so.
pub(super) fn one(
    name: &str,
    option: &'static str,
    only: &[Collection],
    world: &World<'_>,
) -> Result<Option<String>, Unclear> {
    match meant(name, option, only, world) {
        Ok(meant) if meant.objects.len() == 1 => {
            let found = meant.objects.first().map(|number| world.tenant.object(*number));
            Ok(found.and_then(|found| found.sign_in_name().or_else(|| found.text("id"))))
        }
        Ok(meant) => {
            let mut fits: Vec<String> = meant.objects.iter().map(|number| named(*number, world).name).collect();
            fits.sort();
            Err(Unclear::of(option, &meant.name, fits))
        }
        Err(unclear) if unclear.fits.is_empty() => Ok(None),
        Err(unclear) => Err(unclear),
    }
}

/// Finds what a name means. `only` limits it to some collections.
///
/// # Errors
///
/// If the name is nobody's, or the beginning of several.
pub fn meant(name: &str, option: &'static str, only: &[Collection], world: &World<'_>) -> Result<Meant, Unclear> {
    let wanted = name.trim().to_lowercase();
    let objects = by_key(&wanted, only, world);
    if !objects.is_empty() {
        return Ok(Meant { name: name.trim().to_owned(), objects, others: BTreeSet::new() });
    }
    let (mut exactly, mut loosely, mut of_home) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut names: BTreeSet<String> = BTreeSet::new();
    // Whoever had an address or an id would have been found by it; only products have another id than that of their object.
    let is_key = is_key(&wanted);
    let is_read = |collection: &Collection| !(is_key && collection.may_be_many());
    let all = NAMED.into_iter().filter(|collection| only.is_empty() || only.contains(collection));
    for collection in all.filter(is_read) {
        for object in world.tenant.all(collection) {
            match fit(&object, &wanted, world) {
                Fit::Exactly => drop(exactly.insert(object.number)),
                Fit::Loosely => drop(loosely.insert(object.number)),
                Fit::Nothing => {}
            }
            if is_home(&object, &wanted) {
                of_home.insert(object.number);
            }
            // Only what could be meant by a slip of the finger is kept.
            let shown = shown_name(&object, world);
            let words = shown.split(' ').chain([shown.as_str()]);
            if nearest(&wanted, words).is_some() {
                names.insert(called(&object, world));
            }
        }
    }
    let exactly = if exactly.is_empty() { of_home } else { exactly };
    if !exactly.is_empty() {
        let others = loosely.difference(&exactly).copied().collect();
        return Ok(Meant { name: name.trim().to_owned(), objects: exactly, others });
    }
    if loosely.len() == 1 {
        return Ok(Meant { name: name.trim().to_owned(), objects: loosely, others: BTreeSet::new() });
    }
    let mut fits: Vec<String> = loosely.iter().map(|number| called(&world.tenant.object(*number), world)).collect();
    fits.sort();
    let mut near = if fits.is_empty() { request_references::nearest(name, world) } else { Vec::new() };
    if fits.is_empty() {
        near.extend(
            names
                .into_iter()
                .filter(|name| !near.iter().any(|known| name.contains(known.as_str())))
                .collect::<Vec<_>>(),
        );
        near.truncate(LISTED);
    }
    Err(Unclear { near, ..Unclear::of(option, name, fits) })
}

/// Whether a name (in lower case) is an address or an id: whoever has it is in the index.
fn is_key(name: &str) -> bool {
    let is_id = name.len() == 36 && name.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-');
    is_id || address::domain(name).is_some_and(|domain| domain.contains('.'))
}

/// The objects that a name is the id or an address of; a sign-in name counts before an address.
fn by_key(wanted: &str, only: &[Collection], world: &World<'_>) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    for collection in NAMED.into_iter().filter(|collection| only.is_empty() || only.contains(collection)) {
        let ids = world.tenant.candidates(collection, KeySpace::Id, wanted);
        found.extend(
            ids.into_iter().filter(|object| object.id().as_deref() == Some(wanted)).map(|object| object.number),
        );
        let key = address::address(wanted).unwrap_or_else(|| wanted.to_owned());
        let holders = world.tenant.candidates(collection, KeySpace::Address, &key);
        for holder in holders.into_iter().filter(|holder| addresses(holder).contains(&key)) {
            let is_named = holder.text("userPrincipalName").is_some_and(|name| name.to_lowercase() == key);
            if is_named && holder.collection == Collection::Users {
                return BTreeSet::from([holder.number]);
            }
            found.insert(holder.number);
        }
    }
    if found.is_empty()
        && wanted.contains('@')
        && let crate::tenant::known::Search::Object(guest) = world.person(wanted, false)
    {
        found.insert(guest.number);
    }
    found
}

/// What an object is called where names are listed.
fn shown_name(object: &Object, world: &World<'_>) -> String {
    match object.collection {
        Collection::SubscribedSkus => world.product_name(&object.text("skuId").unwrap_or_default()),
        _ => object.display_name(),
    }
}

/// An object where one of several is to be chosen: a product by its name, whatever its part number is.
fn called(object: &Object, world: &World<'_>) -> String {
    match object.collection {
        Collection::SubscribedSkus => shown_name(object, world),
        _ => describe(object, world.language),
    }
}

/// Whether a name has these words, one after the other; both in lower case.
pub(super) fn has_words(name: &str, wanted: &str) -> bool {
    !wanted.is_empty() && format!(" {name} ").contains(&format!(" {wanted} "))
}

/// Of an id at least so much is typed by whoever means one: its first block.
const SHORTEST_ID: usize = 8;

fn fit(object: &Object, wanted: &str, world: &World<'_>) -> Fit {
    let texts = |names: &[&str]| -> Vec<String> {
        names.iter().filter_map(|name| object.text(name)).map(|text| text.to_lowercase()).collect()
    };
    let ids = texts(&["skuId", "id"]);
    let mut names = texts(&["displayName", "skuPartNumber", "userPrincipalName"]);
    if object.collection == Collection::SubscribedSkus {
        names.push(shown_name(object, world).to_lowercase());
    }
    names.push(describe(object, world.language).to_lowercase());
    if ids.iter().chain(&names).any(|name| name == wanted) {
        return Fit::Exactly;
    }
    let is_loose = match object.collection {
        Collection::SubscribedSkus => names.iter().any(|name| has_words(name, wanted)),
        Collection::Domains => false,
        _ => {
            let wanted = without_accents(wanted);
            let has_word = |name: &String| {
                let name = without_accents(name);
                name.starts_with(&*wanted)
                    || name.split([' ', '.', '@']).any(|word| word == wanted)
                    || starts_word(&name, &wanted)
            };
            // Nobody who types so little means an id that begins so.
            let is_id = wanted.len() >= SHORTEST_ID && ids.iter().any(|id| id.starts_with(&*wanted));
            !wanted.is_empty() && (is_id || names.iter().any(has_word))
        }
    };
    if is_loose { Fit::Loosely } else { Fit::Nothing }
}

/// A name as it is typed where the keyboard has no accents.
fn without_accents(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.nfd().filter(|letter| !is_combining_mark(*letter)).collect())
}

/// Whether a word of a name begins so.
fn starts_word(name: &str, wanted: &str) -> bool {
    name.match_indices(' ').any(|(at, _)| name[at + 1..].starts_with(wanted))
}

/// Whether an object is a guest whose own organization has this domain.
fn is_home(object: &Object, wanted: &str) -> bool {
    object.collection == Collection::Users
        && object
            .text("userPrincipalName")
            .and_then(|name| address::ext_address(&name))
            .and_then(|own| address::domain(&own))
            .is_some_and(|domain| domain == wanted)
}
