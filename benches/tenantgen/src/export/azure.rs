//! Azure subscriptions and who owns them.

use std::io::Write;

use crate::cast::Part;
use crate::ids::Kind;
use crate::json::Json;
use crate::world::World;

const NAMES: [&str; 3] = ["Production", "Test \\ Lab", "Harbor sensors"];

pub(crate) fn write<W: Write>(world: &World, json: &mut Json<W>) {
    let owner = world.player(Part::GlobalAdmin, 0);
    let tenant = world.id(Kind::Tenant, 0);
    json.key("azureSubscriptions").list(|json| {
        for (number, name) in (0..).zip(NAMES) {
            json.object(|json| {
                json.fields(&[
                    ("id", &world.id(Kind::AzureSubscription, number)),
                    ("name", name),
                    ("state", "Enabled"),
                ]);
                json.fields(&[("tenantId", &tenant), ("homeTenantId", &tenant)]);
                json.empty_lists(&["managedByTenants"]);
                json.key("user").object(|json| json.fields(&[("name", &owner.sign_in), ("type", "user")]));
            });
        }
    });
    json.key("azureRoleAssignments").list(|json| {
        for number in 0..3 {
            let scope = format!("/subscriptions/{}", world.id(Kind::AzureSubscription, number));
            let id = world.id(Kind::AzureAssignment, number);
            json.object(|json| {
                json.key("id").text(&format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{id}"));
                json.fields(&[
                    ("principalId", &owner.id),
                    ("principalName", &owner.sign_in),
                    ("principalType", "User"),
                ]);
                json.fields(&[("roleDefinitionName", "Owner"), ("scope", &scope)]);
            });
        }
    });
}
