//! Licenses bought: `subscribedSkus` and the subscriptions behind them.

use std::io::Write;

use crate::ids::Kind;
use crate::json::Json;
use crate::plans::PLANS;
use crate::seats::Seats;
use crate::skus::{ALL, Sku};
use crate::time::{DAY, EXPORTED_AT, iso};
use crate::world::World;

/// The id of a license in `subscribedSkus`.
pub(crate) fn subscribed_id(world: &World, sku: Sku) -> String {
    format!("{}_{}", world.id(Kind::Tenant, 0), sku.product().id)
}

pub(crate) fn write<W: Write>(world: &World, seats: &Seats, json: &mut Json<W>) {
    json.key("subscribedSkus").list(|json| ALL.iter().for_each(|sku| subscribed(world, seats, *sku, json)));
    json.key("subscriptions").list(|json| ALL.iter().for_each(|sku| subscription(world, seats, *sku, json)));
}

fn subscribed<W: Write>(world: &World, seats: &Seats, sku: Sku, json: &mut Json<W>) {
    let prepaid = seats.prepaid(sku);
    json.object(|json| {
        json.key("id").text(&subscribed_id(world, sku));
        json.key("accountId").text(&world.id(Kind::Tenant, 0));
        json.fields(&[("accountName", "kestrel"), ("appliesTo", "User"), ("capabilityStatus", prepaid.status)]);
        json.key("consumedUnits").number(seats.taken(sku));
        json.key("prepaidUnits").object(|json| {
            json.key("enabled").number(prepaid.enabled);
            json.key("lockedOut").number(0);
            json.key("suspended").number(prepaid.suspended);
            json.key("warning").number(prepaid.warning);
        });
        json.key("servicePlans").list(|json| {
            for plan in sku.plans().iter().map(|&place| &PLANS[place]) {
                json.object(|json| {
                    json.fields(&[("servicePlanId", plan.id), ("servicePlanName", plan.name)]);
                    json.fields(&[("provisioningStatus", "Success"), ("appliesTo", plan.applies_to())]);
                });
            }
        });
        json.fields(&[("skuId", sku.product().id), ("skuPartNumber", sku.product().part_number)]);
        json.key("subscriptionIds").texts(&[world.id(Kind::Subscription, sku as u64)]);
    });
}

fn subscription<W: Write>(world: &World, seats: &Seats, sku: Sku, json: &mut Json<W>) {
    let prepaid = seats.prepaid(sku);
    let number = sku as u64;
    json.object(|json| {
        json.key("id").text(&world.id(Kind::Subscription, number));
        json.key("createdDateTime").text(&iso(EXPORTED_AT - (700 + 31 * number) * DAY));
        json.key("isTrial").flag(false);
        // Later than the 30 days in which an end is worth a warning.
        json.key("nextLifecycleDateTime").text(&iso(EXPORTED_AT + (90 + 7 * number) * DAY));
        json.fields(&[("skuId", sku.product().id), ("skuPartNumber", sku.product().part_number)]);
        json.key("status").text(prepaid.status);
        json.key("totalLicenses").number(prepaid.enabled + prepaid.warning + prepaid.suspended);
    });
}
