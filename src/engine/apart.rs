//! Files of several tenants: which belong together, so that each tenant is judged by itself.
//!
//! A file that holds an organization is of that tenant. Any other is of the tenant whose ids or verified domains its objects name
//! or, where they name none, of the tenant that the files beside it are of. Where that fits none or several, nobody can say.

use std::collections::BTreeSet;
use std::path::Path;

use crate::dump::Input;
use crate::json::Raw;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, Tenant, address};

/// So many objects of a source are asked whose they are.
const ASKED: usize = 200;

/// Whose a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The tenant of this index.
    One(usize),
    /// It holds nothing; what it should have held is missing from every tenant.
    Every,
    /// Nobody can say.
    Unsure,
}

/// The sources of several tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Apart {
    /// The names of the tenants, in the order of their ids.
    pub(super) names: Vec<String>,
    /// Whose each source is, in reading order.
    pub(super) owners: Vec<Owner>,
}

/// Inputs of several tenants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these files are of {} tenants: {}", .tenants.len(), .tenants.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "))]
pub struct Mixed {
    /// The tenants, in the order of their ids: the name of each, and which of the inputs are its own.
    pub tenants: Vec<(String, Vec<usize>)>,
    /// The names of the inputs of which nobody can say whose they are.
    pub unsure: Vec<String>,
}

impl Mixed {
    /// The inputs by tenant; `input_of` says which input each source came of. An input that brought no source is everybody's.
    pub(super) fn new(apart: Apart, input_of: &[usize], inputs: &[Input]) -> Self {
        let owner = |input: usize| match input_of.iter().position(|of| *of == input) {
            // What is read once cannot be read again for one of them.
            Some(_) if inputs[input] == Input::Stdin => Owner::Unsure,
            Some(source) => apart.owners[source],
            None => Owner::Every,
        };
        let owners: Vec<Owner> = (0..inputs.len()).map(owner).collect();
        let of = |place: usize| {
            let is_of = |input: &usize| matches!(owners[*input], Owner::One(owner) if owner == place);
            (0..inputs.len()).filter(|input| is_of(input) || owners[*input] == Owner::Every).collect()
        };
        let tenants = apart.names.into_iter().enumerate().map(|(place, name)| (name, of(place))).collect();
        let unsure = inputs.iter().zip(&owners).filter(|(_, owner)| **owner == Owner::Unsure);
        Self { tenants, unsure: unsure.map(|(input, _)| input.name()).collect() }
    }
}

/// Tells the sources of several tenants apart; nothing if they are of one.
pub(super) fn apart(tenant: &Tenant) -> Option<Apart> {
    let known = tenant.tenants();
    if known.len() < 2 {
        return None;
    }
    let ids: Vec<&String> = known.keys().collect();
    let mut claims: Vec<Claims> = vec![Claims::default(); tenant.sources.len()];
    let mut verified: Vec<BTreeSet<String>> = vec![BTreeSet::new(); ids.len()];
    for organization in tenant.all(Collection::Organization) {
        let Some(place) = organization.id().and_then(|id| ids.iter().position(|known| **known == id)) else { continue };
        for part in &organization.parts {
            claims[part.source as usize].own.insert(place);
        }
        let domains = organization.get("verifiedDomains").unwrap_or(Raw::NULL).items();
        verified[place].extend(domains.filter_map(|domain| Some(domain.get("name")?.text()?.to_lowercase())));
    }
    for collection in [Collection::Users, Collection::DeletedUsers, Collection::Groups, Collection::Domains] {
        ask(tenant, collection, &mut claims, &|object, claims| {
            let named = domains_of(object);
            claims.names |= !named.is_empty();
            let owns = |domains: &BTreeSet<String>| named.iter().any(|name| domains.contains(name));
            claims.named.extend((0..ids.len()).filter(|place| owns(&verified[*place])));
        });
    }
    ask(tenant, Collection::Requests, &mut claims, &|object, claims| {
        let named = domains_of(object);
        let owns = |domains: &BTreeSet<String>| named.iter().any(|name| domains.contains(name));
        claims.named.extend((0..ids.len()).filter(|place| owns(&verified[*place])));
    });
    ask(tenant, Collection::SubscribedSkus, &mut claims, &|object, claims| {
        let id = object.id().unwrap_or_default();
        let of = id.split_once('_').map_or("", |(tenant, _)| tenant);
        claims.names |= !of.is_empty();
        claims.named.extend(ids.iter().position(|known| known.as_str() == of));
    });
    Some(Apart { names: known.values().cloned().collect(), owners: owners(tenant, &claims) })
}

/// What speaks for the tenants, of a source.
#[derive(Clone, Debug, Default)]
struct Claims {
    /// The tenants whose organization it holds.
    own: BTreeSet<usize>,
    /// The tenants that its objects name.
    named: BTreeSet<usize>,
    /// Its objects name some tenant, whichever.
    names: bool,
    asked: usize,
}

impl Claims {
    /// The one tenant that it is of, by what it holds.
    fn owner(&self) -> Option<usize> {
        let told = if self.own.is_empty() { &self.named } else { &self.own };
        told.first().copied().filter(|_| told.len() == 1)
    }

    fn is_silent(&self) -> bool {
        self.own.is_empty() && self.named.is_empty() && !self.names
    }
}

/// Asks the first objects of each source whose they are.
fn ask(tenant: &Tenant, collection: Collection, claims: &mut [Claims], claim: &dyn Fn(&Object, &mut Claims)) {
    for number in &tenant.objects[collection as usize] {
        let sources: Vec<usize> = tenant.sources_of(*number).collect();
        if sources.iter().all(|source| !claims[*source].own.is_empty() || claims[*source].asked >= ASKED) {
            continue;
        }
        let object = tenant.object(*number);
        for source in sources {
            claims[source].asked += 1;
            claim(&object, &mut claims[source]);
        }
    }
}

fn owners(tenant: &Tenant, claims: &[Claims]) -> Vec<Owner> {
    let path = |source: usize| Path::new(&tenant.sources[source].path);
    let told: Vec<(&Path, usize)> =
        (0..claims.len()).filter_map(|source| Some((path(source), claims[source].owner()?))).collect();
    let owner = |source: usize| match claims[source].owner() {
        Some(place) => Owner::One(place),
        None if tenant.sources[source].sections.is_empty() => Owner::Every,
        None if claims[source].is_silent() => beside(path(source), &told).map_or(Owner::Unsure, Owner::One),
        None => Owner::Unsure,
    };
    (0..claims.len()).map(owner).collect()
}

/// The tenant of the files that stand nearest to a file, if they are of one.
fn beside(path: &Path, told: &[(&Path, usize)]) -> Option<usize> {
    path.ancestors().skip(1).find_map(|folder| {
        let near: BTreeSet<usize> =
            told.iter().filter(|(path, _)| path.starts_with(folder)).map(|(_, place)| *place).collect();
        (!near.is_empty()).then(|| near.first().copied().filter(|_| near.len() == 1))
    })?
}

/// The domains of an object's own names and addresses, and of the people whom a request names. A guest's sign-in name tells where
/// the guest is, the address where it is from; a contact tells nothing.
fn domains_of(object: &Object) -> BTreeSet<String> {
    let names: &[&str] = match object.collection {
        Collection::Requests => &["userPrincipalName", "actor", "target"],
        Collection::Users | Collection::DeletedUsers => &["userPrincipalName"],
        Collection::Domains => &["id"],
        _ => &["mail", "proxyAddresses"],
    };
    let texts = names.iter().filter_map(|name| object.get(name)).flat_map(Raw::items).filter_map(Raw::text);
    let domain = |text: &str| match object.collection {
        Collection::Domains => Some(text.to_lowercase()),
        _ => address::domain(text),
    };
    texts.filter_map(|text| domain(&text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_folder_with_files_of_one_tenant_tells() {
        let told = [(Path::new("a/organization.json"), 0), (Path::new("b/x/users.json"), 1)];
        assert_eq!(beside(Path::new("a/roles.json"), &told), Some(0));
        assert_eq!(beside(Path::new("a/deep/down/roles.json"), &told), Some(0));
        assert_eq!(beside(Path::new("b/roles.json"), &told), Some(1));
        assert_eq!(beside(Path::new("roles.json"), &told), None, "here are files of both");
        assert_eq!(beside(Path::new("c/roles.json"), &told), None);
    }
}
