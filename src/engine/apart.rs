//! Files of several tenants: which belong together, so that each tenant is judged by itself.
//!
//! A tenant shows in the id of its organization or else in the ids of its products, which begin with it, and in its initial domain. A file
//! that shows one tenant is of that one. Any other is of the tenant in whose verified domains its names and addresses are or, where
//! those are of none or of several, of the tenant that the files beside it are of. Where that fails too, nobody can say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::dump::Input;
use crate::json::Raw;
use crate::tenant::schema::Collection;
use crate::tenant::{COMMAND_LINE, Object, Tenant, address};

/// So many objects of a source and a collection are asked whose they are.
const ASKED: usize = 200;

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
    /// The inputs by tenant; `input_of` says which input each source came of. What holds nothing is missing from the tenant that the
    /// files beside it are of, or from each.
    pub(super) fn new(apart: Apart, input_of: &[usize], inputs: &[Input]) -> Self {
        let names: Vec<String> = inputs.iter().map(Input::name).collect();
        let told: Vec<(&Path, usize)> = input_of
            .iter()
            .zip(&apart.owners)
            .filter_map(|(input, owner)| Some((Path::new(names.get(*input)?), (*owner)?)))
            .collect();
        // Of each input the tenant or, if it holds something, nothing.
        let owner = |input: usize| match input_of.iter().position(|of| *of == input) {
            // What is read once cannot be read again for one of them.
            Some(_) if inputs[input] == Input::Stdin => Owner::Unsure,
            Some(source) if !apart.empty[source] => apart.owners[source].map_or(Owner::Unsure, Owner::One),
            _ => beside(Path::new(&names[input]), &told).map_or(Owner::Every, Owner::One),
        };
        let owners: Vec<Owner> = (0..inputs.len()).map(owner).collect();
        let of = |place: usize| {
            let own = |input: &usize| [Owner::One(place), Owner::Every].contains(&owners[*input]);
            (0..inputs.len()).filter(own).collect()
        };
        let tenants = apart.names.iter().cloned().enumerate().map(|(place, name)| (name, of(place))).collect();
        let unsure = names.iter().zip(&owners).filter(|(_, owner)| **owner == Owner::Unsure);
        Self { tenants, unsure: unsure.map(|(name, _)| name.clone()).collect() }
    }
}

/// Whose an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// The tenant of this index.
    One(usize),
    /// It holds nothing, and nobody can say whose it should have held.
    Every,
    /// Nobody can say.
    Unsure,
}

/// The sources of several tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Apart {
    /// The names of the tenants, in the order of their ids.
    names: Vec<String>,
    /// Whose each source is, in reading order; nothing if nobody can say.
    owners: Vec<Option<usize>>,
    /// The sources that hold nothing.
    empty: Vec<bool>,
}

/// What shows of which tenant a source is.
#[derive(Clone, Debug, Default)]
struct Signs {
    /// Ids of tenants: of organizations, and those that the ids of products begin with.
    ids: BTreeSet<String>,
    /// Initial domains.
    initials: BTreeSet<String>,
    /// The verified domains that it lists.
    domains: BTreeSet<String>,
}

/// Tells of a source whose it is, given what is told of all of them so far.
type Tell<'a> = dyn Fn(usize, &[Option<usize>]) -> Option<usize> + 'a;

/// Tells the sources of several tenants apart; nothing if they show no more than one.
pub(super) fn apart(tenant: &Tenant) -> Option<Apart> {
    let signs = signs(tenant);
    let shown = |of: fn(&Signs) -> &BTreeSet<String>| signs.iter().flat_map(of).cloned().collect::<BTreeSet<_>>();
    let (ids, initials) = (shown(|signs| &signs.ids), shown(|signs| &signs.initials));
    let by_id = ids.len() > 1 || ids.len() == 1 && initials.len() < 2;
    let names = names(tenant);
    let folders = folders(tenant);
    let mut known: Vec<String> = if by_id { ids } else { initials }.into_iter().collect();
    let shown = known.len();
    let mut own_folders = strangers(tenant, &folders, &signs);
    own_folders.extend(vain(tenant, &folders, &signs, &names));
    known.extend(own_folders);
    if known.len() < 2 {
        return None;
    }
    let own = |signs: &Signs| -> BTreeSet<usize> {
        let shown = if by_id { &signs.ids } else { &signs.initials };
        shown.iter().filter_map(|shown| known.iter().position(|known| known == shown)).collect()
    };
    let stranger = |source: usize| {
        let place = known[shown..].iter().position(|stranger| folders[source].as_ref() == Some(stranger))?;
        Some(shown + place)
    };
    let mut owners: Vec<Option<usize>> = signs.iter().map(|signs| only(&own(signs))).collect();
    owners.iter_mut().enumerate().for_each(|(source, owner)| *owner = owner.or_else(|| stranger(source)));
    let is_of_several: Vec<bool> = signs.iter().map(|signs| own(signs).len() > 1).collect();
    let mut settle = |tell: &Tell<'_>| {
        let told = owners.clone();
        for (source, owner) in owners.iter_mut().enumerate().filter(|(source, _)| !is_of_several[*source]) {
            *owner = owner.or_else(|| tell(source, &told));
        }
        owners.clone()
    };
    let near = |source: usize, told: &[Option<usize>]| {
        let path = |source: usize| Path::new(&tenant.sources[source].path);
        let told = told.iter().enumerate().filter_map(|(other, owner)| Some((path(other), (*owner)?)));
        beside(path(source), &told.collect::<Vec<_>>())
    };
    // A list of domains says whose the names are, so it comes first.
    let told = settle(&|source, told| {
        let is_same = |other: &usize| !signs[source].initials.is_disjoint(&signs[*other].initials);
        let owners: BTreeSet<usize> = (0..told.len()).filter(is_same).filter_map(|other| told[other]).collect();
        let lists_domains = !signs[source].domains.is_empty();
        only(&owners).filter(|_| lists_domains).or_else(|| near(source, told).filter(|_| lists_domains))
    });
    let mut verified: Vec<BTreeSet<&String>> = vec![BTreeSet::new(); known.len()];
    for (signs, owner) in signs.iter().zip(&told) {
        owner.iter().for_each(|owner| verified[*owner].extend(&signs.domains));
    }
    settle(&|source, _| {
        let is_named = |place: &usize| verified[*place].iter().any(|domain| names[source].contains(*domain));
        only(&(0..known.len()).filter(is_named).collect())
    });
    let mut owners = settle(&near);
    // A folder about which nothing is known is somebody's own.
    for (folder, inside) in by_folder(&folders) {
        if inside.iter().all(|source| owners[*source].is_none() && !is_of_several[*source]) {
            inside.iter().for_each(|source| owners[*source] = Some(known.len()));
            known.push(folder.clone());
        }
    }
    let organizations = tenant.all(Collection::Organization);
    let called: BTreeMap<String, String> = organizations
        .filter_map(|organization| Some((organization.id()?.to_lowercase(), organization.display_name())))
        .collect();
    let name = |(place, known): (usize, &String)| {
        let of = signs.iter().zip(&owners).filter(|(_, owner)| **owner == Some(place));
        let initial = of.flat_map(|(signs, _)| &signs.initials).next();
        called.get(known).or(initial).unwrap_or(known).clone()
    };
    Some(Apart {
        names: known.iter().enumerate().map(name).collect(),
        owners,
        empty: tenant.sources.iter().map(|source| source.sections.is_empty()).collect(),
    })
}

/// The one thing in a set, if it is one.
fn only(places: &BTreeSet<usize>) -> Option<usize> {
    places.first().copied().filter(|_| places.len() == 1)
}

/// The tenant of the files that stand nearest to a file, if they are of one.
fn beside(path: &Path, told: &[(&Path, usize)]) -> Option<usize> {
    path.ancestors().skip(1).find_map(|folder| {
        let near: BTreeSet<usize> =
            told.iter().filter(|(path, _)| path.starts_with(folder)).map(|(_, place)| *place).collect();
        (!near.is_empty()).then(|| only(&near))
    })?
}

/// What shows of which tenant each source is.
fn signs(tenant: &Tenant) -> Vec<Signs> {
    let mut signs = vec![Signs::default(); tenant.sources.len()];
    each(tenant, Collection::Organization, usize::MAX, |organization, source| {
        let of = &mut signs[source];
        of.ids.extend(organization.id().map(|id| id.to_lowercase()));
        for domain in organization.get("verifiedDomains").unwrap_or(Raw::NULL).items() {
            let Some(name) = domain.get("name").and_then(Raw::text) else { continue };
            if domain.get("isInitial").is_some_and(|is| is.bytes() == b"true") {
                of.initials.insert(name.to_lowercase());
            }
            of.domains.insert(name.to_lowercase());
        }
    });
    each(tenant, Collection::Domains, usize::MAX, |domain, source| {
        let Some(name) = domain.id().map(|name| name.to_lowercase()) else { return };
        let says = |property: &str, what: &[u8]| domain.get(property).is_some_and(|is| is.bytes() == what);
        if says("isInitial", b"true") {
            signs[source].initials.insert(name.clone());
        }
        if !says("isVerified", b"false") {
            signs[source].domains.insert(name);
        }
    });
    let mut products = vec![BTreeSet::new(); tenant.sources.len()];
    each(tenant, Collection::SubscribedSkus, usize::MAX, |sku, source| {
        products[source].extend(sku.text("id").as_deref().and_then(tenant_of_sku));
    });
    // Where the organization itself is, its products say nothing more: examples in documentation are of any tenant.
    for (of, products) in signs.iter_mut().zip(products).filter(|(of, _)| of.ids.is_empty()) {
        of.ids = products;
    }
    signs
}

/// The domains that the objects of each source are named after.
fn names(tenant: &Tenant) -> Vec<BTreeSet<String>> {
    let mut names = vec![BTreeSet::new(); tenant.sources.len()];
    for collection in [Collection::Users, Collection::DeletedUsers, Collection::Groups, Collection::Requests] {
        each(tenant, collection, ASKED, |object, source| names[source].extend(named_after(object)));
    }
    names
}

/// The folder that each source stands in, of those that lie side by side; nothing if some source stands in none of them.
fn folders(tenant: &Tenant) -> Vec<Option<String>> {
    let paths: Vec<Option<&Path>> = tenant
        .sources
        .iter()
        .map(|source| Some(Path::new(&source.path)).filter(|_| source.path != COMMAND_LINE))
        .collect();
    let parents = || paths.iter().flatten().map(|path| path.parent().unwrap_or(Path::new("")));
    let common =
        parents().next().and_then(|first| first.ancestors().find(|at| parents().all(|own| own.starts_with(at))));
    let folder = |path: &Path| {
        let parent = path.parent()?.strip_prefix(common?).ok()?;
        Some(parent.components().next()?.as_os_str().to_string_lossy().into_owned())
    };
    let folders: Vec<Option<String>> = paths.iter().map(|path| folder((*path)?)).collect();
    let is_loose = paths.iter().zip(&folders).any(|(path, folder)| path.is_some() && folder.is_none());
    if is_loose { vec![None; folders.len()] } else { folders }
}

/// The sources in each folder.
fn by_folder(folders: &[Option<String>]) -> BTreeMap<&String, Vec<usize>> {
    let mut by_folder: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
    for (source, folder) in folders.iter().enumerate() {
        folder.iter().for_each(|folder| by_folder.entry(folder).or_default().push(source));
    }
    by_folder
}

/// The folders that hold users who have nothing to do with those in all other folders: no sign-in name and mail of theirs is of the same
/// domain, and none of these domains is listed elsewhere. Some exporters make a folder for each user, named by an id.
fn strangers(tenant: &Tenant, folders: &[Option<String>], signs: &[Signs]) -> Vec<String> {
    let by_folder = by_folder(folders);
    let users = |inside: &[usize]| -> usize {
        let sections = inside.iter().filter_map(|source| tenant.sources[*source].sections.get(&Collection::Users));
        sections.map(|section| section.count).sum()
    };
    let is_peopled = |(folder, inside): &(&&String, &Vec<usize>)| match users(inside) {
        0 => false,
        1 => !is_id(folder),
        _ => true,
    };
    let peopled: BTreeSet<&String> = by_folder.iter().filter(is_peopled).map(|(folder, _)| *folder).collect();
    if peopled.len() < 2 {
        return Vec::new();
    }
    let mut domains: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
    each(tenant, Collection::Users, usize::MAX, |user, source| {
        if let Some(folder) = folders[source].as_ref().filter(|folder| peopled.contains(folder)) {
            domains.entry(folder).or_default().extend(domains_of(user, &["userPrincipalName", "mail"]));
        }
    });
    domains.retain(|_, own| !own.is_empty());
    if domains.len() < 2 {
        return Vec::new();
    }
    // In how many of the folders each domain stands.
    let mut stands_in: BTreeMap<&String, usize> = BTreeMap::new();
    domains.values().flatten().for_each(|domain| *stands_in.entry(domain).or_default() += 1);
    let listed: BTreeSet<&String> = signs.iter().flat_map(|signs| &signs.domains).collect();
    let is_stranger = |(folder, own): &(&&String, &BTreeSet<String>)| {
        let is_silent = |source: &usize| {
            let Signs { ids, initials, domains } = &signs[*source];
            ids.is_empty() && initials.is_empty() && domains.is_empty()
        };
        let is_alone = own.iter().all(|domain| stands_in[domain] == 1 && !listed.contains(domain));
        is_alone && by_folder[**folder].iter().all(is_silent)
    };
    domains.iter().filter(is_stranger).map(|(folder, _)| (*folder).clone()).collect()
}

/// The folders of which nothing could be read, beside one that holds a whole tenant: it lacks nothing that is in there.
fn vain(tenant: &Tenant, folders: &[Option<String>], signs: &[Signs], names: &[BTreeSet<String>]) -> Vec<String> {
    let by_folder = by_folder(folders);
    let is_whole = |inside: &Vec<usize>| {
        let shows_tenant = inside.iter().any(|source| !signs[*source].ids.is_empty());
        shows_tenant && inside.iter().any(|source| !names[*source].is_empty())
    };
    if !by_folder.values().any(is_whole) {
        return Vec::new();
    }
    let holds_nothing = |source: &usize| {
        let source = &tenant.sources[*source];
        let is_unread = source.failure.is_some() || source.sections.is_empty();
        is_unread && source.sections.values().all(|section| section.count == 0)
    };
    let is_vain = |(_, inside): &(&&String, &Vec<usize>)| inside.iter().all(holds_nothing);
    by_folder.iter().filter(is_vain).map(|(folder, _)| (*folder).clone()).collect()
}

/// Whether a folder is called as an object, by its id or name.
fn is_id(folder: &str) -> bool {
    folder.contains('@') || folder.len() == 36 && folder.bytes().filter(|byte| *byte == b'-').count() == 4
}

/// The tenant's id, with which the id of a subscribed SKU begins. Source: Microsoft Graph's examples of `subscribedSku`.
fn tenant_of_sku(id: &str) -> Option<String> {
    let (tenant, _) = id.split_once('_')?;
    let is_guid = tenant.len() == 36 && tenant.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_guid.then(|| tenant.to_lowercase())
}

/// Goes through the objects of a collection, for each source the first of them.
fn each(tenant: &Tenant, collection: Collection, most: usize, mut take: impl FnMut(&Object, usize)) {
    let mut taken = vec![0; tenant.sources.len()];
    for number in &tenant.objects[collection as usize] {
        let sources: BTreeSet<usize> = tenant.sources_of(*number).filter(|source| taken[*source] < most).collect();
        if !sources.is_empty() {
            let object = tenant.object(*number);
            for source in sources {
                taken[source] += 1;
                take(&object, source);
            }
        }
    }
}

/// The domains in some properties of an object.
fn domains_of(object: &Object, names: &[&str]) -> BTreeSet<String> {
    let texts = names.iter().filter_map(|name| object.get(name)).flat_map(Raw::items).filter_map(Raw::text);
    texts.filter_map(|text| address::domain(&text)).collect()
}

/// The domains that an object is named after: a guest's sign-in name tells where the guest is, the address where it is from; a
/// contact tells nothing. Of a request the one who asks counts before those it is about.
fn named_after(object: &Object) -> BTreeSet<String> {
    let domains = |names: &[&str]| domains_of(object, names);
    match object.collection {
        Collection::Requests => [&["actor"][..], &["target"], &["userPrincipalName"]]
            .into_iter()
            .map(domains)
            .find(|domains| !domains.is_empty())
            .unwrap_or_default(),
        Collection::Users | Collection::DeletedUsers => domains(&["userPrincipalName"]),
        _ => domains(&["mail", "proxyAddresses"]),
    }
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

    #[test]
    fn the_id_of_a_product_begins_with_its_tenant() {
        let id = "FA730655-e335-4e64-bd9a-0d42fe96df0e_05e9a617-0261-4cee-bb44-138d3ef5d965";
        assert_eq!(tenant_of_sku(id).as_deref(), Some("fa730655-e335-4e64-bd9a-0d42fe96df0e"));
        assert_eq!(tenant_of_sku("contoso_E3"), None);
        assert_eq!(tenant_of_sku("s1"), None);
    }
}
