//! The requests.

use std::io::Write;

use crate::json::Json;
use crate::requests::{Request, all};
use crate::world::World;

pub(crate) fn write<W: Write>(world: &World, json: &mut Json<W>) {
    json.key("requests").list(|json| {
        for request in all(world) {
            json.object(|json| object(&request, json));
        }
    });
}

fn object<W: Write>(request: &Request, json: &mut Json<W>) {
    json.fields(&[("id", &request.id), ("operation", request.operation), ("actor", &request.actor)]);
    json.key("target").optional(request.target.as_deref());
    json.key("addLicenses").list(|json| {
        if let Some(sku) = request.add {
            json.object(|json| {
                json.empty_lists(&["disabledPlans"]);
                json.key("skuId").text(sku.product().id);
            });
        }
    });
    json.key("removeLicenses").list(|json| {
        if let Some(sku) = request.remove {
            json.text(sku.product().id);
        }
    });
    json.key("address").optional(request.address.as_deref());
    json.key("userPrincipalName").optional(request.sign_in.as_deref());
    json.key("displayName").optional(request.sign_in.as_ref().map(|_| "New colleague"));
    json.key("usageLocation").optional(request.sign_in.as_ref().map(|_| "NL"));
    json.key("onPremisesImmutableId").optional(request.immutable_id.as_deref());
    json.nulls(&["subscription"]);
}
