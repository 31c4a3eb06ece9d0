//! Whether everybody and everything that a request names is there. Without it, a typo would read "clear".

use std::collections::BTreeSet;

use super::{NativeHit, NativeResult};
use crate::check::compile::{CompiledRule, Needs};
use crate::check::world::World;
use crate::json::Raw;
use crate::tenant::entitlements::licenses;
use crate::tenant::keys::KeySpace;
use crate::tenant::known::{Search, addresses};
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

/// How many nearest spellings are named.
const NEAREST: usize = 3;

/// What is laid over a request whose names are those of several: a list of these names, of which nobody can say that they are nobody's.
pub(crate) const OPEN_NAMES: &str = "openNames";

/// Runs it.
pub(super) fn run(rule: &CompiledRule<'_>, world: &World<'_>) -> NativeResult {
    let mut result = NativeResult::default();
    for request in world.tenant.all(Collection::Requests) {
        result.asked += 1;
        match references(&request, world) {
            Answer::Missing(what, name, nearest) => {
                result.decided += 1;
                let values = vec![("what", vec![what.to_owned()]), ("name", vec![name]), ("nearest", nearest)];
                result.hits.push(NativeHit { object: request.number, values });
            }
            Answer::Unknown(collection) => {
                *result.unknown.entry(needs_of(rule, collection)).or_default() += 1;
                result.undecided.push(request.number);
            }
            Answer::There => {
                result.decided += 1;
                result.clear.push(request.number);
            }
        }
    }
    result
}

enum Answer {
    There,
    Missing(&'static str, String, Vec<String>),
    Unknown(Collection),
}

fn needs_of(rule: &CompiledRule<'_>, collection: Collection) -> Needs {
    let needs = rule.needs.iter().enumerate().filter(|(_, need)| need.collection == collection);
    needs.fold(0, |needs, (index, _)| needs | 1 << index.min(63))
}

/// The first thing that is not there; that counts, whatever cannot be told of the rest.
fn references(request: &Object, world: &World<'_>) -> Answer {
    let mut unknown = None;
    // Whoever signs in is named by the name typed, if by no other.
    let signs_in = request.text("operation").as_deref() == Some("sign-in");
    // A name typed has to be somebody's, whoever it was that typed it.
    let typed = signs_in.then_some(("target", "address", false));
    let open: Vec<String> =
        request.get(OPEN_NAMES).into_iter().flat_map(Raw::items).map(|name| name.display().into_owned()).collect();
    for (what, property, or_group) in [("actor", "actor", false), ("target", "target", true)].into_iter().chain(typed) {
        let Some(name) = request.text(property).filter(|name| !open.contains(name)) else { continue };
        match world.person(&name, or_group) {
            Search::Object(_) => {}
            // Whoever a request before this one makes is not there yet.
            Search::Nothing if world.made_before(request, &name).is_some() => {}
            Search::Nothing if what == "actor" && is_application(&name, world) => {}
            // An application has no address.
            Search::Nothing if what == "actor" && !name.contains('@') && !knows_applications(world) => {
                unknown = Some(Collection::ServicePrincipals);
            }
            Search::Nothing => return Answer::Missing(what, name.clone(), nearest(&name, world)),
            Search::Unknown => unknown = Some(Collection::Users),
        }
    }
    let is_open = |sku: &String| open.iter().any(|name| name.eq_ignore_ascii_case(sku));
    for sku in skus(request).into_iter().filter(|sku| !is_open(sku)) {
        let all = &mut world.tenant.all(Collection::SubscribedSkus);
        if all.any(|known| known.text("skuId").is_some_and(|id| id.eq_ignore_ascii_case(&sku))) {
            continue;
        }
        let is_complete = world.tenant.is_complete(Collection::SubscribedSkus);
        if is_complete && world.tenant.has_everywhere(Collection::SubscribedSkus, "skuId") {
            return match world.tables.product(&sku) {
                Some(product) => Answer::Missing("license", format!("{} ({sku})", product.name), Vec::new()),
                None => Answer::Missing("license", written(request, &sku), nearest_products(&sku, world)),
            };
        }
        unknown = unknown.or(Some(Collection::SubscribedSkus));
    }
    unknown.map_or(Answer::There, Answer::Unknown)
}

/// Whether who is no application among those of the export is none.
fn knows_applications(world: &World<'_>) -> bool {
    let applications = Collection::ServicePrincipals;
    let is_known = |property: &&str| world.tenant.has_everywhere(applications, property);
    world.tenant.is_complete(applications) && APPLICATION_NAMES.iter().all(is_known)
}

/// What an application is named by.
const APPLICATION_NAMES: [&str; 3] = ["id", "appId", "displayName"];

/// Whether a name is nobody's but an application's: its name, or one of its ids.
pub(crate) fn is_application(name: &str, world: &World<'_>) -> bool {
    let is_so = |text: Option<String>| text.is_some_and(|text| text.eq_ignore_ascii_case(name.trim()));
    matches!(world.person(name, false), Search::Nothing | Search::Unknown)
        && world
            .tenant
            .all(Collection::ServicePrincipals)
            .any(|known| APPLICATION_NAMES.iter().any(|property| is_so(known.text(property))))
}

fn skus(request: &Object) -> BTreeSet<String> {
    let lists = ["addLicenses", "removeLicenses"].into_iter().filter_map(|name| request.get(name));
    lists.filter_map(|list: Raw<'_>| licenses(list)).flat_map(std::collections::BTreeMap::into_keys).collect()
}

/// A product's name as the request has it.
fn written(request: &Object, sku: &str) -> String {
    let lists = ["addLicenses", "removeLicenses"].into_iter().filter_map(|name| request.get(name));
    let mut texts = lists.flat_map(|list| list.items().filter_map(|item| item.get("skuId").unwrap_or(item).text()));
    texts.find(|text| text.eq_ignore_ascii_case(sku)).map_or_else(|| sku.to_owned(), std::borrow::Cow::into_owned)
}

/// The tenant's products whose names or part numbers are spelled most like a name.
fn nearest_products(name: &str, world: &World<'_>) -> Vec<String> {
    let names = world.product_names();
    let near = crate::pack::fault::nearest(name, names.iter().map(String::as_str));
    near.map(str::to_owned).into_iter().collect()
}

/// Names that differ in one letter, or in the domain: looked up in the index, so that no user is read in vain.
pub(crate) fn nearest(name: &str, world: &World<'_>) -> Vec<String> {
    let wanted = name.trim().to_lowercase();
    let mut found: Vec<ObjectId> = Vec::new();
    let mut look_up = |spelling: &str| {
        for user in world.tenant.candidates(Collection::Users, KeySpace::Address, spelling) {
            if !found.contains(&user.number) && addresses(&user).iter().any(|address| address == spelling) {
                found.push(user.number);
            }
        }
    };
    edits(&wanted, &mut look_up);
    if let Some((local, _)) = wanted.split_once('@') {
        let domains = world.tenant.all(Collection::Domains).filter_map(|domain| domain.text("id"));
        domains.for_each(|domain| look_up(&format!("{local}@{}", domain.to_lowercase())));
    }
    let mut names: Vec<String> =
        found.into_iter().filter_map(|number| world.tenant.object(number).text("userPrincipalName")).collect();
    names.sort();
    names.truncate(NEAREST);
    names
}

/// Every text that one insertion, deletion, exchange or swap of letters makes of a name; some of them twice.
fn edits(name: &str, visit: &mut dyn FnMut(&str)) {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789.-_'";
    let mut edited = String::with_capacity(name.len() + 4);
    let mut with = |before: &str, middle: &[char], after: &str| {
        edited.clear();
        edited.push_str(before);
        edited.extend(middle);
        edited.push_str(after);
        if edited != name {
            visit(&edited);
        }
    };
    let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    for (before, after) in ends.map(|at| name.split_at(at)) {
        let mut letters = after.chars();
        let next = letters.next();
        let behind = letters.as_str();
        for letter in LETTERS.chars() {
            with(before, &[letter], after);
            if next.is_some() {
                with(before, &[letter], behind);
            }
        }
        if let Some(next) = next {
            with(before, &[], behind);
            if let Some(second) = letters.next() {
                with(before, &[second, next], letters.as_str());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_hold_every_slip_of_one_finger() {
        let mut all = BTreeSet::new();
        edits("jan@a.nl", &mut |edit| {
            all.insert(edit.to_owned());
        });
        for slip in ["jn@a.nl", "jaan@a.nl", "jam@a.nl", "ajn@a.nl", "jan@a.n", "jan@.anl"] {
            assert!(all.contains(slip), "{slip}");
        }
        assert!(!all.contains("jan@a.nl"));
    }
}
