//! Audit records of the last weeks. All of them succeeded: a failed one would be a request of its own.

use std::io::{self, Write};

use crate::cast::Part;
use crate::ids::Kind;
use crate::json::Json;
use crate::rng::{Dice, Stream};
use crate::skus::Sku;
use crate::time::{DAY, EXPORTED_AT, iso};
use crate::world::World;

struct Activity {
    name: &'static str,
    category: &'static str,
    operation: &'static str,
    property: &'static str,
}

const fn activity(
    name: &'static str,
    category: &'static str,
    operation: &'static str,
    property: &'static str,
) -> Activity {
    Activity { name, category, operation, property }
}

static ACTIVITIES: &[Activity] = &[
    activity("Update user", "UserManagement", "Update", "Department"),
    activity("Change user license", "UserManagement", "Update", "AssignedLicense"),
    activity("Reset password", "UserManagement", "Update", "LastDirSyncTime"),
    activity("Add member to group", "GroupManagement", "Assign", "Group.DisplayName"),
    activity("Update group", "GroupManagement", "Update", "Description"),
];

pub(crate) fn write<W: Write>(world: &World, json: &mut Json<W>) -> io::Result<()> {
    let admin = world.player(Part::UserAdmin, 0);
    let tenant = world.id(Kind::Tenant, 0);
    json.key("directoryAudits").try_list(|json| {
        for number in 0..world.audits() {
            let mut dice = Dice::new(world.seed, Stream::Audit, number);
            let activity = dice.pick(ACTIVITIES);
            let at = iso(EXPORTED_AT - 900 - dice.below(27 * DAY));
            let target = world.user(world.ordinary_number(number));
            let (old, new) = match activity.property {
                "AssignedLicense" => {
                    let sku = Sku::FlowFree.product();
                    let license = format!(
                        "[\"[SkuName={}, AccountId={tenant}, SkuId={}, DisabledPlans=[]]\"]",
                        sku.part_number, sku.id
                    );
                    ("[]".to_owned(), license)
                }
                _ => ("[]".to_owned(), format!("[\"{}\"]", target.surname)),
            };
            json.object(|json| {
                json.key("id").text(&format!("Directory_{}_{number:05}", world.id(Kind::Audit, number)));
                json.fields(&[("activityDateTime", &at), ("activityDisplayName", activity.name)]);
                json.key("additionalDetails").list(|json| {
                    json.object(|json| {
                        json.fields(&[("key", "User-Agent"), ("value", "Mozilla/5.0 (Windows NT 10.0)")])
                    });
                });
                json.key("category").text(activity.category);
                json.key("correlationId").text(&world.id(Kind::Correlation, number));
                json.key("initiatedBy").object(|json| {
                    json.nulls(&["app"]);
                    json.key("user").object(|json| {
                        json.fields(&[("id", &admin.id), ("displayName", &admin.display_name)]);
                        json.fields(&[("userPrincipalName", &admin.sign_in), ("ipAddress", "192.0.2.17")]);
                    });
                });
                json.fields(&[("loggedByService", "Core Directory"), ("operationType", activity.operation)]);
                json.fields(&[("result", "success"), ("resultReason", "")]);
                json.key("targetResources").list(|json| {
                    json.object(|json| {
                        json.fields(&[("id", &target.id), ("displayName", &target.display_name), ("type", "User")]);
                        json.key("userPrincipalName").text(&target.sign_in);
                        json.nulls(&["groupType"]);
                        json.key("modifiedProperties").list(|json| {
                            json.object(|json| {
                                json.fields(&[
                                    ("displayName", activity.property),
                                    ("oldValue", &old),
                                    ("newValue", &new),
                                ]);
                            });
                        });
                    });
                });
            });
            json.checkpoint()?;
        }
        Ok(())
    })
}
