//! Whether groups have licenses although nothing that the tenant has bought gives group-based licensing.
//!
//! Source: Microsoft Entra's page on group-based licensing: Microsoft Entra ID P1 or above, or one of the products in the table
//! `group-licensing`.

use super::{NativeHit, NativeResult};
use crate::check::compile::Needs;
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::tables::{Audience, EntraEdition};
use crate::tenant::entitlements::licenses;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, TENANT};

/// The plans Microsoft Entra ID P1 and P2.
const PLANS: &[&str] = &["41781fb2-bc02-4b7c-bd55-b576c07bb09d", "eec0eb4f-6444-4f95-aba0-50c24d67f998"];

/// What a SKU means for group-based licensing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gives {
    Yes,
    No,
    Unknown,
}

/// Runs it.
pub(super) fn run(needs: Needs, world: &World<'_>) -> NativeResult {
    let mut result = NativeResult { asked: 1, ..NativeResult::default() };
    let tenant = world.tenant;
    let mut groups = Vec::new();
    let mut groups_known = tenant.is_complete(Collection::Groups);
    for group in tenant.all(Collection::Groups) {
        match group.get("assignedLicenses").and_then(licenses) {
            Some(held) if held.is_empty() => {}
            Some(_) => groups.push(group.display_name()),
            None => groups_known = false,
        }
    }
    groups.sort();
    let skus: Vec<Gives> = tenant.all(Collection::SubscribedSkus).map(|sku| gives(&sku, world)).collect();
    let given = if skus.contains(&Gives::Yes) {
        Gives::Yes
    } else if skus.contains(&Gives::Unknown) || !tenant.is_complete(Collection::SubscribedSkus) {
        Gives::Unknown
    } else {
        Gives::No
    };
    match (groups.is_empty(), given) {
        (_, Gives::Yes) => result.decided = 1,
        (true, _) if groups_known => result.decided = 1,
        (false, Gives::No) => {
            result.decided = 1;
            let count = groups.len().to_string();
            result.hits.push(NativeHit::new(TENANT, vec![("groups", groups), ("groupCount", vec![count])]));
        }
        _ => {
            result.unknown.insert(needs, 1);
        }
    }
    result
}

fn gives(sku: &Object, world: &World<'_>) -> Gives {
    let Some(status) = sku.text("capabilityStatus") else {
        // Whether it is usable is not known: only one that gives nothing either way is decided.
        return if of_product(sku, world) == Gives::No { Gives::No } else { Gives::Unknown };
    };
    if matches!(status.as_str(), "Enabled" | "Warning") { of_product(sku, world) } else { Gives::No }
}

/// What a SKU that is usable gives.
fn of_product(sku: &Object, world: &World<'_>) -> Gives {
    let id = sku.text("skuId").unwrap_or_default();
    let table = world.tables.table("group-licensing");
    let listed = table.is_some_and(|table| table.contains("sku_id", &id, None));
    let product = world.tables.product(&id);
    let plans = sku.get("servicePlans").filter(|plans| plans.is_list());
    let has_plan = plans.is_some_and(|plans| {
        let ids = plans.items().filter_map(|plan| plan.get("servicePlanId").and_then(Raw::text));
        ids.into_iter().any(|id| PLANS.iter().any(|known| known.eq_ignore_ascii_case(&id)))
    });
    let has_edition = has_plan || product.as_ref().is_some_and(|product| product.entra >= EntraEdition::P1);
    let is_for_devices = product.as_ref().is_some_and(|product| product.audience == Audience::Device);
    if listed || has_edition && !is_for_devices {
        Gives::Yes
    } else if has_edition {
        Gives::Unknown // whether what licenses rooms and shared devices gives it to people is not documented
    } else if product.is_some() && table.is_some() {
        Gives::No
    } else {
        Gives::Unknown // a product that no table knows may be the successor of one that gives it
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::pack::embedded;
    use crate::pack::tables::Table;
    use crate::testing::tenant;

    const BASIC: &str = "3b555118-da6a-4418-894f-7df1e2096870"; // Microsoft 365 Business Basic
    const SHARED_DEVICES: &str = "295a8eb0-f78d-45c7-8b5b-1eed5ed02dff"; // Microsoft Teams Shared Devices, with a plan P1
    const P1: &str = "078d2b04-f1bd-4111-bbd4-b4b1b354cef4";

    fn said(given: &Value) -> &'static str {
        let tenant = tenant(given);
        let tables = embedded::tables().clone().with("group-licensing", Table::default());
        let result = run(1, &World::new(&tenant, None, &tables));
        match (result.decided, result.hits.len()) {
            (1, 1) => "found",
            (1, _) => "clear",
            _ => "unknown",
        }
    }

    #[test]
    fn only_what_is_known_to_give_nothing_is_found() {
        let sku = |id: &str, status: &str| json!({ "skuId": id, "capabilityStatus": status });
        let licensed = json!([{ "id": "g1", "displayName": "Sales", "assignedLicenses": [{ "skuId": BASIC }] }]);
        let plain = json!([{ "id": "g1", "assignedLicenses": [] }]);
        let of = |groups: &Value, skus: &Value| {
            let mut given = json!({});
            if !groups.is_null() {
                given["groups"] = groups.clone();
            }
            if !skus.is_null() {
                given["subscribedSkus"] = skus.clone();
            }
            said(&given)
        };
        assert_eq!(of(&licensed, &json!([sku(BASIC, "Enabled")])), "found");
        assert_eq!(of(&licensed, &json!([sku(BASIC, "Enabled"), sku(P1, "Warning")])), "clear");
        assert_eq!(of(&licensed, &json!([sku(P1, "Suspended")])), "found");
        assert_eq!(of(&licensed, &json!([sku(SHARED_DEVICES, "Enabled")])), "unknown", "it licenses no person");
        assert_eq!(of(&plain, &json!([sku(BASIC, "Enabled")])), "clear");
        assert_eq!(of(&plain, &Value::Null), "clear", "no group has a license");
        assert_eq!(of(&licensed, &Value::Null), "unknown");
        assert_eq!(of(&Value::Null, &json!([sku(BASIC, "Enabled")])), "unknown");
        assert_eq!(of(&Value::Null, &json!([sku(P1, "Enabled")])), "clear");
        assert_eq!(of(&json!([{ "id": "g1" }]), &json!([sku(BASIC, "Enabled")])), "unknown");
        let stranger = "00000000-1111-2222-3333-444444444444";
        assert_eq!(of(&licensed, &json!([sku(stranger, "Enabled")])), "unknown", "no table knows it");
        let plans = json!([{ "servicePlanId": PLANS[0] }]);
        let with_plan = json!([{ "skuId": stranger, "capabilityStatus": "Enabled", "servicePlans": plans }]);
        assert_eq!(of(&licensed, &with_plan), "clear");
        assert_eq!(of(&licensed, &json!([{ "skuId": BASIC }])), "found", "whatever its status is");
        assert_eq!(of(&licensed, &json!([{ "skuId": P1 }])), "unknown", "it may be suspended");
    }
}
