//! The licenses of requests: which they ask for or give up, and which are there already.

use std::collections::BTreeSet;

use crate::check::world::World;
use crate::engine::asked::{LICENSES, named};
use crate::json::Raw;
use crate::tenant::entitlements::licenses;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

/// The SKUs in a list of a request, in lower case.
pub(super) fn skus(request: &Object, list: &str) -> BTreeSet<String> {
    named(request.get(list).unwrap_or(Raw::NULL)).map(|sku| sku.to_lowercase()).collect()
}

/// The SKUs that a request is about, in lower case.
pub(in crate::engine) fn products(request: &Object) -> BTreeSet<String> {
    LICENSES.iter().flat_map(|list| skus(request, list)).collect()
}

/// Whether what is asked for is so already: the licenses to assign are there, with the same services, or none of those to remove.
pub(super) fn is_already(operation: &str, request: &Object, target: &Object, world: &World<'_>) -> bool {
    let Some(held) = world.held_before(request, Some(target)) else { return false };
    match operation {
        "assign-license" => {
            let added = request.get(LICENSES[0]).and_then(licenses).unwrap_or_default();
            let removed = skus(request, LICENSES[1]);
            let is_there = added.iter().all(|(sku, without)| held.get(sku) == Some(without));
            !added.is_empty() && is_there && !removed.iter().any(|sku| held.contains_key(sku))
        }
        "remove-license" => {
            let removed = skus(request, LICENSES[1]);
            !removed.is_empty() && !removed.iter().any(|sku| held.contains_key(sku))
        }
        _ => false,
    }
}

/// The groups, by id, that the target has the licenses from that are to be assigned; only those that the export holds.
pub(super) fn groups(request: &Object, target: &Object, world: &World<'_>) -> Vec<ObjectId> {
    let asked = skus(request, LICENSES[0]);
    let states = target.get("licenseAssignmentStates").unwrap_or(Raw::NULL).items();
    let inherited = states.filter_map(|state| {
        let sku = state.get("skuId")?.text()?.to_lowercase();
        let group = state.get("assignedByGroup")?.text()?.to_lowercase();
        asked.contains(&sku).then_some(group)
    });
    let ids: BTreeSet<String> = inherited.collect();
    let group = |id: &String| world.tenant.by_id(Collection::Groups, id).map(|group| group.number);
    ids.iter().filter_map(group).collect()
}
