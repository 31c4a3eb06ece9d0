//! What a tenant is made of: every collection and property the program knows by Graph's own names.
//!
//! One table serves the readers (what a key means), the rules (does this field exist, is it text), the messages about
//! missing data (which command, scope and role would bring it) and the collect script. A property that is not listed
//! here still works in a rule if the dump has it; lint only warns.

use serde::{Deserialize, Serialize};

/// A kind of object, named as the key under which a dump holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // each variant is the Graph collection of the same name; see `SCHEMA` for what it is
#[repr(u8)]
pub enum Collection {
    Users,
    Groups,
    Contacts,
    DeletedUsers,
    Domains,
    SubscribedSkus,
    Subscriptions,
    Organization,
    DirectoryRoles,
    RoleAssignments,
    RoleDefinitions,
    RoleAssignmentScheduleInstances,
    RoleEligibilityScheduleInstances,
    AdministrativeUnits,
    AuthorizationPolicy,
    AuthenticationFlowsPolicy,
    CrossTenantAccessPolicyDefault,
    CrossTenantAccessPolicyPartners,
    B2bManagementPolicy,
    IdentityProviders,
    B2xUserFlows,
    Applications,
    DeletedApplications,
    ServicePrincipals,
    OnPremisesSynchronization,
    Invitations,
    DirectoryAudits,
    AzureSubscriptions,
    AzureRoleAssignments,
    Requests,
}

/// The type of a property's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// An ISO 8601 date and time, in UTC.
    Date,
    /// A list of texts.
    Texts,
    /// One object.
    Object,
    /// A list of objects.
    Objects,
}

/// A property of a collection.
#[derive(Debug)]
pub struct Property {
    /// Graph's name.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
    /// The names inside an object or the objects of a list; empty for plain values, or where anything may stand.
    pub inside: &'static [&'static str],
    /// The program computes it from other properties; no export asks for it.
    pub computed: bool,
    /// Graph does not have it; exports of another service do.
    pub elsewhere: bool,
}

/// How to read a collection with Microsoft Graph, for the collect script and for what a report says is missing.
#[derive(Debug)]
pub struct Collect {
    /// The path below `https://graph.microsoft.com/v1.0/`, without the query.
    pub path: &'static str,
    /// The query without `$select`, such as `$expand=…`; empty for none.
    pub query: &'static str,
    /// Whether `$select` is understood there.
    pub select: bool,
    /// The paths, with `{id}`, of lists that need a call per object, and the property they fill.
    pub per_object: &'static [(&'static str, &'static str)],
    /// The Microsoft Graph PowerShell command that reads the same, where its name is confirmed by a source.
    pub cmdlet: Option<&'static str>,
    /// The delegated permission.
    pub scope: &'static str,
    /// The least directory role with which it is readable.
    pub role: &'static str,
}

/// A collection: its names, properties, and how to get it.
#[derive(Debug)]
pub struct CollectionSchema {
    /// Which one.
    pub collection: Collection,
    /// The key in a dump, and the name in rules and reports.
    pub name: &'static str,
    /// Other keys under which it is found, compared without case, `_` and `-`.
    pub aliases: &'static [&'static str],
    /// One object of it, in words.
    pub noun: &'static str,
    /// A tenant has exactly one of it.
    pub single: bool,
    /// Its properties.
    pub properties: &'static [Property],
    /// How to read it; none for what Graph does not hold.
    pub collect: Option<Collect>,
}

const fn text(name: &'static str) -> Property {
    Property { name, kind: Kind::Text, inside: &[], computed: false, elsewhere: false }
}
const fn flag(name: &'static str) -> Property {
    Property { name, kind: Kind::Flag, inside: &[], computed: false, elsewhere: false }
}
const fn number(name: &'static str) -> Property {
    Property { name, kind: Kind::Number, inside: &[], computed: false, elsewhere: false }
}
const fn date(name: &'static str) -> Property {
    Property { name, kind: Kind::Date, inside: &[], computed: false, elsewhere: false }
}
const fn texts(name: &'static str) -> Property {
    Property { name, kind: Kind::Texts, inside: &[], computed: false, elsewhere: false }
}
const fn object(name: &'static str, inside: &'static [&'static str]) -> Property {
    Property { name, kind: Kind::Object, inside, computed: false, elsewhere: false }
}
const fn objects(name: &'static str, inside: &'static [&'static str]) -> Property {
    Property { name, kind: Kind::Objects, inside, computed: false, elsewhere: false }
}
const fn computed(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, inside: &[], computed: true, elsewhere: false }
}
const fn elsewhere(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, inside: &[], computed: false, elsewhere: true }
}

const PROVISIONING_ERROR: &[&str] = &["category", "propertyCausingError", "value", "occurredDateTime"];
const SERVICE_ERROR: &[&str] = &["createdDateTime", "isResolved", "serviceInstance", "errorDetail"];
const ASSIGNED_LICENSE: &[&str] = &["skuId", "disabledPlans"];

/// The operations somebody may ask for; rules name their symptoms after them.
pub const OPERATIONS: &[&str] = &[
    "create-user",
    "assign-license",
    "remove-license",
    "invite-guest",
    "reset-password",
    "sign-in",
    "sign-up",
    "manage-directory",
];

/// Every collection, in the order in which reports list them.
///
/// Sources: Microsoft Graph v1.0 metadata of 2026-08 and its documentation pages for the resources named; which property is
/// returned without `$select` is in [`GRAPH_DEFAULT_USER_PROPERTIES`].
pub static SCHEMA: &[CollectionSchema] = &[
    CollectionSchema {
        collection: Collection::Users,
        name: "users",
        aliases: &["user"],
        noun: "user",
        single: false,
        properties: &[
            text("id"),
            text("displayName"),
            text("userPrincipalName"),
            text("mail"),
            text("mailNickname"),
            texts("proxyAddresses"),
            texts("otherMails"),
            objects("identities", &["signInType", "issuer", "issuerAssignedId"]),
            flag("accountEnabled"),
            text("userType"),
            text("creationType"),
            text("externalUserState"),
            date("externalUserStateChangeDateTime"),
            text("usageLocation"),
            text("country"),
            text("companyName"),
            text("employeeId"),
            objects("assignedLicenses", ASSIGNED_LICENSE),
            objects(
                "licenseAssignmentStates",
                &["skuId", "disabledPlans", "assignedByGroup", "state", "error", "lastUpdatedDateTime"],
            ),
            objects("assignedPlans", &["assignedDateTime", "capabilityStatus", "service", "servicePlanId"]),
            flag("onPremisesSyncEnabled"),
            text("onPremisesImmutableId"),
            text("onPremisesUserPrincipalName"),
            date("onPremisesLastSyncDateTime"),
            objects("onPremisesProvisioningErrors", PROVISIONING_ERROR),
            objects("serviceProvisioningErrors", SERVICE_ERROR),
            date("createdDateTime"),
            elsewhere("recipientTypeDetails", Kind::Text), // Exchange Online's Get-EXOMailbox and Get-EXORecipient
            computed("enabledPlans", Kind::Texts),
            computed("may", Kind::Object),
            computed("directoryRoles", Kind::Texts),
            computed("azureRoles", Kind::Texts),
            computed("addresses", Kind::Texts),
            computed("proxyAddressCount", Kind::Number),
            computed("primaryAddressCount", Kind::Number),
        ],
        collect: Some(Collect {
            path: "users",
            query: "",
            select: true,
            per_object: &[],
            cmdlet: Some("Get-MgUser"),
            scope: "User.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::Groups,
        name: "groups",
        aliases: &["group"],
        noun: "group",
        single: false,
        properties: &[
            text("id"),
            text("displayName"),
            text("mail"),
            text("mailNickname"),
            texts("proxyAddresses"),
            flag("securityEnabled"),
            flag("mailEnabled"),
            texts("groupTypes"),
            flag("isAssignableToRole"),
            text("membershipRule"),
            flag("onPremisesSyncEnabled"),
            objects("onPremisesProvisioningErrors", PROVISIONING_ERROR),
            objects("serviceProvisioningErrors", SERVICE_ERROR),
            objects("assignedLicenses", ASSIGNED_LICENSE),
            object("licenseProcessingState", &["state"]),
            date("createdDateTime"),
            objects("members", &["id", "@odata.type", "displayName", "userPrincipalName"]),
            computed("addresses", Kind::Texts),
            computed("proxyAddressCount", Kind::Number),
            computed("primaryAddressCount", Kind::Number),
            computed("licensesChanged", Kind::Date),
        ],
        collect: Some(Collect {
            path: "groups",
            query: "",
            select: true,
            per_object: &[("members", "groups/{id}/members")],
            cmdlet: Some("Get-MgGroup"),
            scope: "GroupMember.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::Contacts,
        name: "contacts",
        aliases: &["contact", "orgContacts"],
        noun: "contact",
        single: false,
        properties: &[
            text("id"),
            text("displayName"),
            text("mail"),
            text("mailNickname"),
            texts("proxyAddresses"),
            flag("onPremisesSyncEnabled"),
            objects("onPremisesProvisioningErrors", PROVISIONING_ERROR),
            objects("serviceProvisioningErrors", SERVICE_ERROR),
            computed("addresses", Kind::Texts),
            computed("proxyAddressCount", Kind::Number),
            computed("primaryAddressCount", Kind::Number),
        ],
        collect: Some(Collect {
            path: "contacts",
            query: "",
            select: true,
            per_object: &[],
            cmdlet: Some("Get-MgContact"),
            scope: "OrgContact.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::DeletedUsers,
        name: "deletedUsers",
        aliases: &["deletedUser", "deletedItemsUsers"],
        noun: "deleted user",
        single: false,
        properties: &[
            text("id"),
            text("displayName"),
            text("userPrincipalName"),
            text("mail"),
            texts("proxyAddresses"),
            text("userType"),
            text("onPremisesImmutableId"),
            flag("onPremisesSyncEnabled"),
            date("deletedDateTime"),
            computed("originalUserPrincipalName", Kind::Text),
            computed("addresses", Kind::Texts),
        ],
        collect: Some(Collect {
            path: "directory/deletedItems/microsoft.graph.user",
            query: "",
            select: true,
            per_object: &[],
            cmdlet: None,
            scope: "User.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::Domains,
        name: "domains",
        aliases: &["domain"],
        noun: "domain",
        single: false,
        properties: &[
            text("id"),
            flag("isVerified"),
            flag("isInitial"),
            flag("isDefault"),
            text("authenticationType"),
            texts("supportedServices"),
        ],
        collect: Some(Collect {
            path: "domains",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: Some("Get-MgDomain"),
            scope: "Domain.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::SubscribedSkus,
        name: "subscribedSkus",
        aliases: &["subscribedSku", "skus"],
        noun: "license",
        single: false,
        properties: &[
            text("id"),
            text("skuId"),
            text("skuPartNumber"),
            text("capabilityStatus"),
            text("appliesTo"),
            number("consumedUnits"),
            object("prepaidUnits", &["enabled", "warning", "suspended", "lockedOut"]),
            objects("servicePlans", &["servicePlanId", "servicePlanName", "provisioningStatus", "appliesTo"]),
            texts("subscriptionIds"),
            computed("countViolations", Kind::Number),
            computed("membersWaiting", Kind::Number),
            computed("licensedGroups", Kind::Texts),
        ],
        collect: Some(Collect {
            path: "subscribedSkus",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: Some("Get-MgSubscribedSku"),
            scope: "Organization.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::Subscriptions,
        name: "subscriptions",
        aliases: &["companySubscriptions", "directorySubscriptions"],
        noun: "subscription",
        single: false,
        properties: &[
            text("id"),
            text("skuId"),
            text("skuPartNumber"),
            text("status"),
            number("totalLicenses"),
            flag("isTrial"),
            date("createdDateTime"),
            date("nextLifecycleDateTime"),
        ],
        collect: Some(Collect {
            path: "directory/subscriptions",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "Organization.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::Organization,
        name: "organization",
        aliases: &["organizations", "tenantDetails"],
        noun: "organization",
        single: true,
        properties: &[
            text("id"),
            text("displayName"),
            text("countryLetterCode"),
            text("preferredLanguage"),
            flag("onPremisesSyncEnabled"),
            date("onPremisesLastSyncDateTime"),
            object("directorySizeQuota", &["used", "total"]),
            objects("verifiedDomains", &["name", "isDefault", "isInitial", "type"]),
            date("createdDateTime"),
            computed("initialDomain", Kind::Text),
        ],
        collect: Some(Collect {
            path: "organization",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: Some("Get-MgOrganization"),
            scope: "Organization.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::DirectoryRoles,
        name: "directoryRoles",
        aliases: &["directoryRole"],
        noun: "directory role",
        single: false,
        properties: &[
            text("id"),
            text("displayName"),
            text("roleTemplateId"),
            objects("members", &["id", "@odata.type", "displayName", "userPrincipalName"]),
        ],
        collect: Some(Collect {
            path: "directoryRoles",
            query: "",
            select: false,
            per_object: &[("members", "directoryRoles/{id}/members")],
            cmdlet: Some("Get-MgDirectoryRole"),
            scope: "RoleManagement.Read.Directory",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::RoleAssignments,
        name: "roleAssignments",
        aliases: &["roleAssignment", "directoryRoleAssignments"],
        noun: "role assignment",
        single: false,
        properties: &[
            text("id"),
            text("principalId"),
            text("roleDefinitionId"),
            text("directoryScopeId"),
            text("appScopeId"),
        ],
        collect: Some(Collect {
            path: "roleManagement/directory/roleAssignments",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "RoleManagement.Read.Directory",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::RoleDefinitions,
        name: "roleDefinitions",
        aliases: &["roleDefinition"],
        noun: "role definition",
        single: false,
        properties: &[
            text("id"),
            text("templateId"),
            text("displayName"),
            flag("isBuiltIn"),
            flag("isEnabled"),
            objects("rolePermissions", &["allowedResourceActions", "condition"]),
        ],
        collect: Some(Collect {
            path: "roleManagement/directory/roleDefinitions",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "RoleManagement.Read.Directory",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::RoleAssignmentScheduleInstances,
        name: "roleAssignmentScheduleInstances",
        aliases: &["roleAssignmentScheduleInstance"],
        noun: "active role schedule",
        single: false,
        properties: &[
            text("id"),
            text("principalId"),
            text("roleDefinitionId"),
            text("directoryScopeId"),
            text("assignmentType"),
            text("memberType"),
            date("startDateTime"),
            date("endDateTime"),
        ],
        collect: Some(Collect {
            path: "roleManagement/directory/roleAssignmentScheduleInstances",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "RoleManagement.Read.Directory",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::RoleEligibilityScheduleInstances,
        name: "roleEligibilityScheduleInstances",
        aliases: &["roleEligibilityScheduleInstance", "roleEligibilitySchedules"],
        noun: "eligible role schedule",
        single: false,
        properties: &[
            text("id"),
            text("principalId"),
            text("roleDefinitionId"),
            text("directoryScopeId"),
            text("memberType"),
            date("startDateTime"),
            date("endDateTime"),
        ],
        collect: Some(Collect {
            path: "roleManagement/directory/roleEligibilityScheduleInstances",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "RoleManagement.Read.Directory",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::AdministrativeUnits,
        name: "administrativeUnits",
        aliases: &["administrativeUnit"],
        noun: "administrative unit",
        single: false,
        properties: &[
            text("id"),
            text("displayName"),
            flag("isMemberManagementRestricted"),
            objects("members", &["id", "@odata.type"]),
            objects("scopedRoleMembers", &["roleId", "administrativeUnitId", "roleMemberInfo"]),
        ],
        collect: Some(Collect {
            path: "directory/administrativeUnits",
            query: "",
            select: false,
            per_object: &[
                ("members", "directory/administrativeUnits/{id}/members"),
                ("scopedRoleMembers", "directory/administrativeUnits/{id}/scopedRoleMembers"),
            ],
            cmdlet: None,
            scope: "AdministrativeUnit.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::AuthorizationPolicy,
        name: "authorizationPolicy",
        aliases: &["authorizationPolicies"],
        noun: "authorization policy",
        single: true,
        properties: &[
            text("id"),
            text("allowInvitesFrom"),
            flag("allowedToSignUpEmailBasedSubscriptions"),
            flag("allowEmailVerifiedUsersToJoinOrganization"),
            flag("allowedToUseSSPR"),
            text("guestUserRoleId"),
        ],
        collect: Some(Collect {
            path: "policies/authorizationPolicy",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "Policy.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::AuthenticationFlowsPolicy,
        name: "authenticationFlowsPolicy",
        aliases: &[],
        noun: "authentication flows policy",
        single: true,
        properties: &[text("id"), object("selfServiceSignUp", &["isEnabled"])],
        collect: Some(Collect {
            path: "policies/authenticationFlowsPolicy",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "Policy.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::CrossTenantAccessPolicyDefault,
        name: "crossTenantAccessPolicyDefault",
        aliases: &[],
        noun: "default cross-tenant access setting",
        single: true,
        properties: &[
            flag("isServiceDefault"),
            object("b2bCollaborationInbound", &["usersAndGroups", "applications"]),
            object("b2bCollaborationOutbound", &["usersAndGroups", "applications"]),
            object("inboundTrust", &["isMfaAccepted"]),
        ],
        collect: Some(Collect {
            path: "policies/crossTenantAccessPolicy/default",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "Policy.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::CrossTenantAccessPolicyPartners,
        name: "crossTenantAccessPolicyPartners",
        aliases: &[],
        noun: "partner's cross-tenant access setting",
        single: false,
        properties: &[
            text("tenantId"),
            object("b2bCollaborationInbound", &["usersAndGroups", "applications"]),
            object("b2bCollaborationOutbound", &["usersAndGroups", "applications"]),
            object("inboundTrust", &["isMfaAccepted"]),
        ],
        collect: Some(Collect {
            path: "policies/crossTenantAccessPolicy/partners",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "Policy.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::B2bManagementPolicy,
        name: "b2bManagementPolicy",
        aliases: &["b2bManagementPolicies"],
        noun: "B2B management policy",
        single: true,
        properties: &[
            text("id"),
            text("displayName"),
            text("type"),
            texts("definition"),
            computed("allowedDomains", Kind::Texts),
            computed("blockedDomains", Kind::Texts),
            computed("domainList", Kind::Text),
        ],
        collect: None, // only in Graph's beta, below legacy/policies
    },
    CollectionSchema {
        collection: Collection::IdentityProviders,
        name: "identityProviders",
        aliases: &["identityProvider"],
        noun: "identity provider",
        single: false,
        properties: &[text("id"), text("displayName"), text("identityProviderType"), text("clientId")],
        collect: Some(Collect {
            path: "identity/identityProviders",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "IdentityProvider.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::B2xUserFlows,
        name: "b2xUserFlows",
        aliases: &["b2xIdentityUserFlows", "userFlows"],
        noun: "user flow",
        single: false,
        properties: &[
            text("id"),
            text("userFlowType"),
            objects("identityProviders", &["id", "displayName", "identityProviderType"]),
            objects("userFlowIdentityProviders", &["id", "displayName", "identityProviderType"]),
            objects("applications", &["appId", "displayName"]),
        ],
        collect: Some(Collect {
            path: "identity/b2xUserFlows",
            query: "$expand=userFlowIdentityProviders",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "IdentityUserFlow.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::Applications,
        name: "applications",
        aliases: &["application"],
        noun: "application",
        single: false,
        properties: &[text("id"), text("appId"), text("displayName"), date("createdDateTime")],
        collect: Some(Collect {
            path: "applications",
            query: "",
            select: true,
            per_object: &[],
            cmdlet: Some("Get-MgApplication"),
            scope: "Application.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::DeletedApplications,
        name: "deletedApplications",
        aliases: &["deletedApplication"],
        noun: "deleted application",
        single: false,
        properties: &[text("id"), text("appId"), text("displayName"), date("deletedDateTime")],
        collect: Some(Collect {
            path: "directory/deletedItems/microsoft.graph.application",
            query: "",
            select: true,
            per_object: &[],
            cmdlet: None,
            scope: "Application.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::ServicePrincipals,
        name: "servicePrincipals",
        aliases: &["servicePrincipal"],
        noun: "service principal",
        single: false,
        properties: &[text("id"), text("appId"), text("displayName"), flag("accountEnabled")],
        collect: Some(Collect {
            path: "servicePrincipals",
            query: "",
            select: true,
            per_object: &[],
            cmdlet: Some("Get-MgServicePrincipal"),
            scope: "Application.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::OnPremisesSynchronization,
        name: "onPremisesSynchronization",
        aliases: &[],
        noun: "directory synchronization setting",
        single: true,
        properties: &[
            text("id"),
            object(
                "features",
                &[
                    "quarantineUponUpnConflictEnabled",
                    "quarantineUponProxyAddressesConflictEnabled",
                    "passwordWritebackEnabled",
                ],
            ),
        ],
        collect: Some(Collect {
            path: "directory/onPremisesSynchronization",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: None,
            scope: "OnPremDirectorySynchronization.Read.All",
            role: "Global Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::Invitations,
        name: "invitations",
        aliases: &["invitation"],
        noun: "invitation",
        single: false,
        properties: &[text("id"), text("invitedUserEmailAddress"), text("status")],
        collect: None, // Graph creates invitations, it does not list them
    },
    CollectionSchema {
        collection: Collection::DirectoryAudits,
        name: "directoryAudits",
        aliases: &["directoryAudit", "auditLogs"],
        noun: "audit record",
        single: false,
        properties: &[
            text("id"),
            text("category"),
            text("correlationId"),
            text("result"),
            text("resultReason"),
            text("activityDisplayName"),
            date("activityDateTime"),
            text("loggedByService"),
            text("operationType"),
            object("initiatedBy", &["user", "app"]),
            objects(
                "targetResources",
                &["id", "displayName", "type", "userPrincipalName", "groupType", "modifiedProperties"],
            ),
            objects("additionalDetails", &["key", "value"]),
        ],
        collect: Some(Collect {
            path: "auditLogs/directoryAudits",
            query: "",
            select: false,
            per_object: &[],
            cmdlet: Some("Get-MgAuditLogDirectoryAudit"),
            scope: "AuditLog.Read.All",
            role: "Reports Reader",
        }),
    },
    CollectionSchema {
        collection: Collection::AzureSubscriptions,
        name: "azureSubscriptions",
        aliases: &["azureSubscription"],
        noun: "Azure subscription",
        single: false,
        properties: &[
            text("id"),
            text("name"),
            text("state"),
            text("tenantId"),
            text("homeTenantId"),
            objects("managedByTenants", &["tenantId"]),
            object("user", &["name", "type"]),
        ],
        collect: None, // az account list --all
    },
    CollectionSchema {
        collection: Collection::AzureRoleAssignments,
        name: "azureRoleAssignments",
        aliases: &["azureRoleAssignment"],
        noun: "Azure role assignment",
        single: false,
        properties: &[
            text("id"),
            text("principalId"),
            text("principalName"),
            text("principalType"),
            text("roleDefinitionName"),
            text("scope"),
        ],
        collect: None, // az role assignment list --all
    },
    CollectionSchema {
        collection: Collection::Requests,
        name: "requests",
        aliases: &["request"],
        noun: "request",
        single: false,
        properties: &[
            text("id"),
            text("operation"),
            text("actor"),
            text("target"),
            objects("addLicenses", ASSIGNED_LICENSE),
            texts("removeLicenses"),
            text("address"),
            text("userPrincipalName"),
            text("displayName"),
            text("usageLocation"),
            text("onPremisesImmutableId"),
            text("subscription"),
            computed("plansAfter", Kind::Texts),
            computed("plansLost", Kind::Texts),
            computed("seatsAfter", Kind::Number),
            computed("seatsAfterOthers", Kind::Number),
            computed("homeTenantId", Kind::Text),
        ],
        collect: None, // what somebody wants to do, not what the tenant holds
    },
];

/// The properties that Graph returns for a user when no `$select` is given: their absence elsewhere means nothing.
///
/// Source: Microsoft Graph v1.0, `user` resource type.
pub const GRAPH_DEFAULT_USER_PROPERTIES: &[&str] = &[
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
];

impl Collection {
    /// All of them, in the order of [`SCHEMA`].
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        SCHEMA.iter().map(|entry| entry.collection)
    }

    /// How many there are.
    pub const COUNT: usize = SCHEMA.len();

    /// Whether a tenant may have so many objects of it that no rule may go through all of them for each object.
    pub fn may_be_many(self) -> bool {
        use Collection as C;
        matches!(self, C::Users | C::Groups | C::Contacts | C::DeletedUsers | C::DirectoryAudits | C::ServicePrincipals)
    }

    /// Its entry in [`SCHEMA`].
    pub fn schema(self) -> &'static CollectionSchema {
        &SCHEMA[self as usize]
    }

    /// Its key in a dump.
    pub fn name(self) -> &'static str {
        self.schema().name
    }

    /// The collection that a key names, in any casing and with any of its known spellings.
    pub fn from_key(key: &str) -> Option<Self> {
        let wanted = fold_key(key);
        SCHEMA
            .iter()
            .find(|entry| fold_key(entry.name) == wanted || entry.aliases.iter().any(|alias| fold_key(alias) == wanted))
            .map(|entry| entry.collection)
    }

    /// The collection that a rule names: exactly as Graph spells it.
    pub fn from_name(name: &str) -> Option<Self> {
        SCHEMA.iter().find(|entry| entry.name == name).map(|entry| entry.collection)
    }

    /// A property by its exact name.
    pub fn property(self, name: &str) -> Option<&'static Property> {
        self.schema().properties.iter().find(|property| property.name == name)
    }
}

/// Lower case, without blanks, `_` and `-`: `Deleted_Users` and `deletedUsers` are one key.
pub fn fold_key(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_is_indexed_by_its_own_discriminant() {
        for (index, entry) in SCHEMA.iter().enumerate() {
            assert_eq!(entry.collection as usize, index, "{}", entry.name);
        }
    }

    #[test]
    fn keys_are_found_in_any_casing() {
        for key in ["DeletedUsers", "deleted_users", "DELETEDUSERS", "Deleted users"] {
            assert_eq!(Collection::from_key(key), Some(Collection::DeletedUsers), "{key}");
        }
        assert_eq!(Collection::from_key("people"), None);
    }
}
