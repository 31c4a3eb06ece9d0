//! What of a request cannot be understood: what it lacks, names that are those of several, an application that asks.

use super::LICENSES;
use super::product::{named, product};
use crate::check::native::request_references;
use crate::check::world::World;
use crate::engine::about::{self, Unclear};
use crate::engine::phrases::{fill, phrases};
use crate::json::Raw;
use crate::pack::fault::nearest;
use crate::tenant::Object;
use crate::tenant::known::Search;
use crate::tenant::schema::{Collection, fold_key};

/// What a request does not say and must, in words.
pub(super) fn lacking(request: &Object) -> Option<&'static str> {
    let has = |name: &str| request.text(name).is_some();
    match request.text("operation").as_deref() {
        None => Some("operation"),
        Some("create-user") if !has("userPrincipalName") => Some("userPrincipalName"),
        Some("invite-guest") if !has("address") => Some("address"),
        Some("invite-guest" | "sign-up") if request.text("address").is_some_and(|address| !is_address(&address)) => {
            Some("valid e-mail address")
        }
        Some("sign-in") if !has("target") && !has("address") => Some("target"),
        Some("assign-license" | "remove-license" | "reset-password") if !has("target") => Some("target"),
        Some("assign-license") if !has_some(request, LICENSES[0]) => Some(LICENSES[0]),
        Some("remove-license") if !has_some(request, LICENSES[1]) => Some(LICENSES[1]),
        _ => None,
    }
}

/// What of a request cannot be understood, in words: what it lacks, names of several, properties that are not known, and an
/// application that asks.
pub(in crate::engine) fn unclear(request: &Object, world: &World<'_>) -> Vec<String> {
    let phrases = phrases(world.language);
    let mut unclear: Vec<String> =
        lacking(request).map(|lacking| fill(phrases.lacks, &[lacking])).into_iter().collect();
    let fits = |several: Unclear| {
        let more = several.count - several.fits.len();
        let mut fits = several.fits.join(", ");
        if more > 0 {
            fits = fill(phrases.and_others, &[&fits, &more.to_string()]);
        }
        fill(phrases.fits_several, &[&several.name, &several.count.to_string(), &fits])
    };
    for (property, kinds) in NAMED {
        let several = request.text(property).and_then(|name| several(&name, kinds, world));
        unclear.extend(several.map(fits));
    }
    unclear.extend(license_names(request).iter().filter_map(|name| several_products(name, world)).map(fits));
    unclear.extend(misnamed(request).into_iter().map(|(name, meant)| fill(phrases.unknown_property, &[&name, meant])));
    if let Some(actor) = request.text("actor").filter(|actor| request_references::is_application(actor, world)) {
        unclear.push(fill(phrases.is_application, &[&actor]));
    }
    unclear
}

/// The properties of a request that name somebody, and among whom.
const NAMED: [(&str, &[Collection]); 2] =
    [("actor", &[Collection::Users]), ("target", &[Collection::Users, Collection::Groups])];

/// Whom a name fits, if it is a name and fits several.
fn several(name: &str, only: &[Collection], world: &World<'_>) -> Option<Unclear> {
    if name.contains('@') || !matches!(world.person(name, true), Search::Nothing | Search::Unknown) {
        return None;
    }
    about::one(name, "", only, world).err().filter(|unclear| unclear.count > 1)
}

/// The products that a name fits, if it fits several.
fn several_products(name: &str, world: &World<'_>) -> Option<Unclear> {
    product(name, "", world).err().filter(|unclear| unclear.count > 0)
}

/// The names in a request that are those of several.
pub(super) fn open_names(request: &Object, world: &World<'_>) -> Vec<String> {
    let people = NAMED
        .into_iter()
        .filter_map(|(property, kinds)| request.text(property).filter(|name| several(name, kinds, world).is_some()));
    let products = license_names(request).into_iter().filter(|name| several_products(name, world).is_some());
    people.chain(products).collect()
}

/// The products in the lists of a request, as they are written.
fn license_names(request: &Object) -> Vec<String> {
    LICENSES.iter().filter_map(|list| request.get(list)).flat_map(named).collect()
}

/// The properties of a request that are not known and look like others that it does not have, each with the one that is meant:
/// what stands in them was not read. All else that people note in a request is theirs.
fn misnamed(request: &Object) -> Vec<(String, &'static str)> {
    let known = || {
        Collection::Requests.schema().properties.iter().filter(|property| !property.computed).map(|known| known.name)
    };
    // What was put right is laid over what was written.
    let written = request.parts.last().map_or(Raw::NULL, |part| Raw::new(&part.text));
    let names = written.members().filter_map(|(name, _)| String::from_utf8(name.to_vec()).ok());
    let names: Vec<String> = names.collect();
    let has = |wanted: &str| names.iter().any(|name| fold_key(name) == fold_key(wanted));
    let operation = request.text("operation").unwrap_or_default();
    let licenses = if operation == "remove-license" { LICENSES[1] } else { LICENSES[0] };
    let person = if operation == "create-user" { "userPrincipalName" } else { "target" };
    let has_address = matches!(operation.as_str(), "invite-guest" | "sign-in" | "sign-up");
    let meant = |name: &String| {
        let folded = fold_key(name);
        let called = match folded.as_str() {
            "licenses" | "license" | "licences" | "licence" | "products" | "skus" | "skuids" => Some(licenses),
            "user" | "upn" | "username" => Some(person),
            "by" | "requester" | "requestedby" => Some("actor"),
            "email" | "mail" if has_address => Some("address"),
            _ => nearest(name, known()),
        };
        called.filter(|called| !has(called))
    };
    let unknown = names.iter().filter(|name| !known().any(|known| fold_key(known) == fold_key(name)));
    unknown.filter_map(|name| Some((name.clone(), meant(name)?))).collect()
}

/// Whether a text has the form of an e-mail address: a name, one @, and a domain with a dot.
fn is_address(text: &str) -> bool {
    let is_odd = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '<' | '>' | '"' | '@');
    text.trim().split_once('@').is_some_and(|(name, domain)| {
        let domain_is_whole = domain.split('.').all(|part| !part.is_empty()) && domain.contains('.');
        !name.is_empty() && domain_is_whole && !name.contains(is_odd) && !domain.contains(is_odd)
    })
}

pub(super) fn has_some(request: &Object, list: &str) -> bool {
    request.get(list).is_some_and(|list| list.items().next().is_some())
}
