//! Whom and what a name means: for `--about`, `--as` and `--to`.
//!
//! Addresses and ids are looked up in the index, and nowhere else. Any other name is compared with everybody's, which reads every
//! user: a name is asked for by a person who waits for one answer, not by a program.

use std::borrow::Cow;
use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::around::Around;
use super::draft::{Draft, describe};
use super::people::people;
use super::requests::RequestDraft;
use crate::check::audit;
use crate::check::compile::CompiledRule;
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

/// What a report is limited to.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    /// What the names mean.
    pub(super) meant: Vec<Meant>,
    /// The objects meant, the requests that touch them, whom those are for, and the audit records about all of them.
    pub(super) objects: BTreeSet<ObjectId>,
    /// The requests that are shown.
    pub(super) requests: BTreeSet<ObjectId>,
    /// The ids of what is meant, in lower case: a finding may be about a group or a product without listing it.
    ids: BTreeSet<String>,
    /// The names, in lower case, for what has a name only: a domain that is not there, a user to be created.
    texts: BTreeSet<String>,
    /// What the people meant have of products and groups: what is wrong with those is wrong for them.
    around: Around,
    /// Names that are nobody's and nothing's.
    pub(super) unclear: Vec<Unclear>,
}

impl Limits {
    /// Limits by names, and by a request of the command line.
    pub(super) fn new(names: &[String], typed: Option<ObjectId>, requests: &[RequestDraft], world: &World<'_>) -> Self {
        let mut limits = Self::default();
        for name in names {
            match meant(name, "--about", &[], world) {
                Ok(meant) => limits.meant.push(meant),
                Err(unclear) => limits.unclear.push(unclear),
            }
            limits.texts.insert(name.trim().to_lowercase());
        }
        limits.objects = limits.meant.iter().flat_map(|meant| meant.objects.iter().copied()).collect();
        // What is asked or found by an address of theirs is about them too.
        let own = limits.objects.iter().flat_map(|number| addresses(&world.tenant.object(*number)));
        limits.texts.extend(own.collect::<Vec<_>>());
        limits.around = Around::new(&limits.objects, world);
        let skus: BTreeSet<String> = limits.objects.iter().filter_map(|number| sku_id(*number, world)).collect();
        let ids = limits.objects.iter().filter_map(|number| world.tenant.object(*number).id());
        limits.ids = ids.map(|id| id.to_lowercase()).chain(skus.iter().cloned()).collect();
        let touched = requests.iter().filter(|request| limits.touch(request, &skus, world));
        let touched: Vec<&RequestDraft> = match typed {
            Some(typed) => requests.iter().filter(|request| request.number == typed).collect(),
            None => touched.collect(),
        };
        for request in touched {
            limits.requests.insert(request.number);
            limits.objects.insert(request.number);
            limits.objects.extend(request.target);
            if typed.is_some() {
                limits.meant.extend(request.target.map(|target| named(target, world)));
            }
        }
        let recorded = limits.objects.iter().flat_map(|number| records(*number, world));
        limits.objects.extend(recorded.collect::<Vec<_>>());
        limits
    }

    /// Whether a request names something that is meant.
    fn touch(&self, request: &RequestDraft, skus: &BTreeSet<String>, world: &World<'_>) -> bool {
        let people = [request.actor, request.target];
        if people.into_iter().flatten().any(|person| self.objects.contains(&person)) {
            return true;
        }
        let object = world.tenant.object(request.number);
        let texts = ["id", "actor", "target", "address", "userPrincipalName", "displayName"];
        let texts: Vec<String> =
            texts.iter().filter_map(|name| object.text(name)).map(|text| text.to_lowercase()).collect();
        let domains = texts.iter().filter_map(|text| address::domain(text));
        let ids = request.report.values.values().flatten().filter_map(|value| value.id.clone());
        texts.iter().any(|text| self.texts.contains(text))
            || domains.into_iter().any(|domain| self.texts.contains(&domain))
            || ids.into_iter().any(|id| skus.contains(&id))
    }

    /// Whether a finding is about something that is meant; `texts` is what its objects have in common, in lower case.
    pub(super) fn concern(&self, draft: &Draft, rule: &CompiledRule<'_>, texts: &BTreeSet<String>) -> bool {
        let mut values = draft.group.iter().flat_map(|(_, values)| values);
        draft.numbers().any(|number| self.objects.contains(&number))
            || self.around.concerns(draft, rule)
            || values.any(|value| self.ids.contains(&value.to_lowercase()))
            || !self.texts.is_disjoint(texts)
    }

    /// Whether a finding still explains another that is narrowed to what is meant: not if it is about those only who are left out.
    pub(super) fn still_explains(&self, cause: &Draft, effect: &Draft, world: &World<'_>) -> bool {
        // What several share is told of all of them; what is about a group or a product that is meant, of everybody in it.
        if effect.collection == "*" || !effect.numbers().any(|number| self.objects.contains(&number)) {
            return true;
        }
        let left_out: BTreeSet<ObjectId> = people(effect, world).difference(&self.objects).copied().collect();
        let concerned = people(cause, world);
        concerned.is_empty() || !concerned.is_subset(&left_out)
    }

    /// Forgets that a name is unclear if something without a place in the directory has it. `texts` are all such names.
    pub(super) fn settle(&mut self, texts: &BTreeSet<String>, requests: &[RequestDraft], world: &World<'_>) {
        let is_asked = |name: &String| {
            requests.iter().filter(|request| self.requests.contains(&request.number)).any(|request| {
                let object = world.tenant.object(request.number);
                let texts = ["id", "address", "userPrincipalName", "displayName", "target", "actor"];
                let mut texts = texts.iter().filter_map(|property| object.text(property));
                texts.any(|text| text.to_lowercase() == *name || address::domain(&text).as_ref() == Some(name))
            })
        };
        let known = |unclear: &Unclear| {
            let name = unclear.name.to_lowercase();
            unclear.fits.is_empty() && (texts.contains(&name) || is_asked(&name))
        };
        let (settled, unclear) = self.unclear.iter().cloned().partition(known);
        let settled: Vec<Unclear> = settled;
        self.meant.extend(settled.into_iter().map(|one| Meant { name: one.name, ..Meant::default() }));
        self.unclear = unclear;
    }
}

/// The audit records about an object.
fn records(number: ObjectId, world: &World<'_>) -> Vec<ObjectId> {
    let id = world.tenant.object(number).id();
    id.map(|id| audit::about(&id, world)).into_iter().flatten().map(|record| record.number).collect()
}

/// An object under its own name.
fn named(number: ObjectId, world: &World<'_>) -> Meant {
    let name = describe(&world.tenant.object(number), world.language);
    Meant { name, objects: BTreeSet::from([number]), others: BTreeSet::new() }
}

fn sku_id(number: ObjectId, world: &World<'_>) -> Option<String> {
    let is_sku = world.tenant.kind(number) == Collection::SubscribedSkus;
    is_sku.then(|| world.tenant.object(number).text("skuId")).flatten().map(|id| id.to_lowercase())
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
