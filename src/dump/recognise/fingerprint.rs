//! Which collection an object belongs to that does not say it: by the keys that only such objects have.

use super::Keys;
use crate::tenant::schema::Collection;

/// The collection whose objects alone have such keys.
pub(super) fn fingerprint(keys: &Keys<'_>) -> Option<Collection> {
    use Collection as C;
    let all = |names: &[&str]| names.iter().all(|name| keys.has(name));
    let any = |names: &[&str]| names.iter().any(|name| keys.has(name));
    if all(&["operation"]) && any(&["actor", "target", "addLicenses", "removeLicenses", "address", "userPrincipalName"])
    {
        return Some(C::Requests);
    }
    if all(&["activityDisplayName", "targetResources"]) {
        return Some(C::DirectoryAudits);
    }
    if keys.has("userPrincipalName") {
        return Some(C::Users);
    }
    if keys.has("verifiedDomains") {
        return Some(C::Organization);
    }
    if keys.has("id") && any(&["isVerified", "authenticationType", "supportedServices"]) && !keys.has("displayName") {
        return Some(C::Domains);
    }
    if keys.has("skuPartNumber") && any(&["prepaidUnits", "consumedUnits"]) {
        return Some(C::SubscribedSkus);
    }
    if keys.has("skuId") && any(&["nextLifecycleDateTime", "totalLicenses"]) {
        return Some(C::Subscriptions);
    }
    if keys.has("groupTypes") || all(&["securityEnabled", "mailEnabled"]) || keys.has("membershipRule") {
        return Some(C::Groups);
    }
    if keys.has("roleTemplateId") {
        return Some(C::DirectoryRoles);
    }
    if keys.has("rolePermissions") || all(&["isBuiltIn", "templateId"]) {
        return Some(C::RoleDefinitions);
    }
    if all(&["principalId", "roleDefinitionId"]) {
        return Some(if keys.has("assignmentType") {
            C::RoleAssignmentScheduleInstances
        } else if keys.has("memberType") {
            C::RoleEligibilityScheduleInstances
        } else {
            C::RoleAssignments
        });
    }
    if keys.has("invitedUserEmailAddress") {
        return Some(C::Invitations);
    }
    if keys.has("allowInvitesFrom") {
        return Some(C::AuthorizationPolicy);
    }
    if keys.has("selfServiceSignUp") {
        return Some(C::AuthenticationFlowsPolicy);
    }
    if keys.has("b2bCollaborationInbound") {
        return Some(if keys.has("tenantId") {
            C::CrossTenantAccessPolicyPartners
        } else {
            C::CrossTenantAccessPolicyDefault
        });
    }
    if keys.has("userFlowType") {
        return Some(C::B2xUserFlows);
    }
    if keys.has("identityProviderType") {
        return Some(C::IdentityProviders);
    }
    if all(&["homeTenantId", "tenantId", "state"]) {
        return Some(C::AzureSubscriptions);
    }
    if all(&["principalName", "roleDefinitionName", "scope"]) {
        return Some(C::AzureRoleAssignments);
    }
    if all(&["appId", "displayName", "signInAudience"]) {
        return Some(if keys.has("servicePrincipalType") { C::ServicePrincipals } else { C::Applications });
    }
    None
}
