//! What computed fields are computed from.

use super::Make;
use crate::tenant::address;
use crate::tenant::schema::Collection;

/// The property that a computed number is made of alone, and how.
pub fn made_of(name: &str) -> Option<(&'static str, Make)> {
    match name {
        "proxyAddressCount" => Some(("proxyAddresses", address::proxy_address_count)),
        "primaryAddressCount" => Some(("proxyAddresses", address::primary_address_count)),
        _ => None,
    }
}

/// What a computed field is computed from.
pub fn computed_from(collection: Collection, name: &str) -> &'static [(Collection, Option<&'static str>)] {
    use Collection as C;
    match (collection, name) {
        (C::Users, "enabledPlans") => {
            &[(C::Users, Some("assignedLicenses")), (C::SubscribedSkus, Some("servicePlans"))]
        }
        (C::Users, "may") => &[
            (C::Users, Some("accountEnabled")),
            (C::Users, Some("externalUserState")),
            (C::RoleAssignments, None),
            (C::DirectoryRoles, Some("members")),
            (C::RoleEligibilityScheduleInstances, None),
            (C::RoleDefinitions, None),
            (C::Groups, Some("members")),
            (C::AdministrativeUnits, Some("members")),
            (C::AdministrativeUnits, Some("isMemberManagementRestricted")),
        ],
        (C::Users, "directoryRoles" | "isAdministrator") => {
            &[(C::RoleAssignments, None), (C::DirectoryRoles, Some("members")), (C::Groups, Some("members"))]
        }
        (C::Users, "azureRoles") => &[(C::AzureRoleAssignments, None), (C::Groups, Some("members"))],
        (C::Users, "addresses") => &[
            (C::Users, Some("userPrincipalName")),
            (C::Users, Some("mail")),
            (C::Users, Some("proxyAddresses")),
            (C::Users, Some("otherMails")),
            (C::Users, Some("identities")),
        ],
        (C::Groups, "addresses") => &[(C::Groups, Some("mail")), (C::Groups, Some("proxyAddresses"))],
        (C::Contacts, "addresses") => &[(C::Contacts, Some("mail")), (C::Contacts, Some("proxyAddresses"))],
        (C::DeletedUsers, "addresses") => &[
            (C::DeletedUsers, Some("userPrincipalName")),
            (C::DeletedUsers, Some("mail")),
            (C::DeletedUsers, Some("proxyAddresses")),
        ],
        (C::DeletedUsers, "originalUserPrincipalName") => {
            &[(C::DeletedUsers, Some("userPrincipalName")), (C::DeletedUsers, Some("id"))]
        }
        (C::Users, "proxyAddressCount" | "primaryAddressCount") => &[(C::Users, Some("proxyAddresses"))],
        (C::Groups, "proxyAddressCount" | "primaryAddressCount") => &[(C::Groups, Some("proxyAddresses"))],
        (C::Contacts, "proxyAddressCount" | "primaryAddressCount") => &[(C::Contacts, Some("proxyAddresses"))],
        (C::Groups, "licensesChanged") => &[
            (C::DirectoryAudits, Some("activityDisplayName")),
            (C::DirectoryAudits, Some("activityDateTime")),
            (C::DirectoryAudits, Some("targetResources")),
        ],
        (C::B2bManagementPolicy, _) => &[(C::B2bManagementPolicy, Some("definition"))],
        (C::Requests, "homeTenantId") => &[(C::Requests, Some("address"))],
        (C::Organization, "initialDomain") => {
            &[(C::Organization, Some("verifiedDomains")), (C::Domains, Some("isInitial"))]
        }
        (C::SubscribedSkus, "countViolations") => &[(C::Users, Some("licenseAssignmentStates"))],
        (C::SubscribedSkus, "membersWaiting") => {
            &[(C::Groups, Some("assignedLicenses")), (C::Groups, Some("members")), (C::Users, Some("assignedLicenses"))]
        }
        (C::SubscribedSkus, "licensesMissing") => &[
            (C::SubscribedSkus, Some("consumedUnits")),
            (C::SubscribedSkus, Some("prepaidUnits")),
            (C::Groups, Some("assignedLicenses")),
            (C::Groups, Some("members")),
            (C::Users, Some("assignedLicenses")),
        ],
        (C::SubscribedSkus, "licensedGroups") => &[(C::Groups, Some("assignedLicenses"))],
        (C::Requests, "licensesNotHeld" | "changesFirst") => {
            &[(C::Users, Some("assignedLicenses")), (C::Users, Some("licenseAssignmentStates"))]
        }
        (C::Requests, "plansAfter" | "plansLost" | "plansGained") => &[
            (C::Users, Some("assignedLicenses")),
            (C::Users, Some("licenseAssignmentStates")),
            (C::SubscribedSkus, Some("servicePlans")),
        ],
        (C::Requests, "nameAskedBefore" | "nameGrantedBefore") => &[(C::Requests, Some("userPrincipalName"))],
        (C::Requests, "seatsAfter" | "seatsAfterGranted" | "seatsAfterOthers") => &[
            (C::SubscribedSkus, Some("capabilityStatus")),
            (C::SubscribedSkus, Some("consumedUnits")),
            (C::SubscribedSkus, Some("prepaidUnits")),
            (C::Users, Some("assignedLicenses")),
            (C::Groups, Some("members")),
        ],
        _ => &[],
    }
}
