//! Policies of the tenant: nothing unusual in them.

use std::io::Write;

use crate::ids::Kind;
use crate::json::Json;
use crate::world::World;

pub(crate) fn write<W: Write>(world: &World, json: &mut Json<W>) {
    json.key("authorizationPolicy").object(|json| {
        json.fields(&[("id", "authorizationPolicy"), ("allowInvitesFrom", "everyone")]);
        json.key("allowedToSignUpEmailBasedSubscriptions").flag(true);
        json.key("allowEmailVerifiedUsersToJoinOrganization").flag(true);
        json.key("allowedToUseSSPR").flag(true);
        json.key("guestUserRoleId").text("10dae51f-b6af-4016-8d66-8c2a99b929b3");
    });
    json.key("authenticationFlowsPolicy").object(|json| {
        json.key("id").text("authenticationFlowsPolicy");
        json.key("selfServiceSignUp").object(|json| json.key("isEnabled").flag(true));
    });
    json.key("crossTenantAccessPolicyDefault").object(|json| {
        json.key("isServiceDefault").flag(true);
        collaboration(json);
    });
    json.key("crossTenantAccessPolicyPartners").list(|json| {
        for number in 0..2 {
            json.object(|json| {
                json.key("tenantId").text(&world.id(Kind::Stranger, 100 + number));
                collaboration(json);
            });
        }
    });
    json.empty_lists(&["b2bManagementPolicy", "invitations"]);
    json.key("onPremisesSynchronization").object(|json| {
        json.key("id").text(&world.id(Kind::Tenant, 0));
        json.key("features").object(|json| {
            json.key("passwordWritebackEnabled").flag(true);
            json.key("quarantineUponProxyAddressesConflictEnabled").flag(true);
            json.key("quarantineUponUpnConflictEnabled").flag(true);
        });
    });
}

/// Everybody may be invited and may be a guest elsewhere.
fn collaboration<W: Write>(json: &mut Json<W>) {
    for direction in ["b2bCollaborationInbound", "b2bCollaborationOutbound"] {
        json.key(direction).object(|json| {
            allowed("usersAndGroups", "AllUsers", "user", json);
            allowed("applications", "AllApplications", "application", json);
        });
    }
    json.key("inboundTrust").object(|json| json.key("isMfaAccepted").flag(false));
}

fn allowed<W: Write>(what: &str, target: &str, kind: &str, json: &mut Json<W>) {
    json.key(what).object(|json| {
        json.key("accessType").text("allowed");
        json.key("targets").list(|json| json.object(|json| json.fields(&[("target", target), ("targetType", kind)])));
    });
}
