//! Applications, sync, invitations, the audit log, Azure, and requests.

use super::{
    ASSIGNED_LICENSE, Collect, Collection, CollectionSchema, Kind, computed, date, flag, object, objects, text, texts,
};

pub(super) static APPLICATIONS: CollectionSchema = CollectionSchema {
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
};

pub(super) static DELETED_APPLICATIONS: CollectionSchema = CollectionSchema {
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
};

pub(super) static SERVICE_PRINCIPALS: CollectionSchema = CollectionSchema {
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
};

pub(super) static ON_PREMISES_SYNCHRONIZATION: CollectionSchema = CollectionSchema {
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
};

pub(super) static INVITATIONS: CollectionSchema = CollectionSchema {
    collection: Collection::Invitations,
    name: "invitations",
    aliases: &["invitation"],
    noun: "invitation",
    single: false,
    properties: &[text("id"), text("invitedUserEmailAddress"), text("status")],
    collect: None, // Graph creates invitations, it does not list them
};

pub(super) static DIRECTORY_AUDITS: CollectionSchema = CollectionSchema {
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
};

pub(super) static AZURE_SUBSCRIPTIONS: CollectionSchema = CollectionSchema {
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
};

pub(super) static AZURE_ROLE_ASSIGNMENTS: CollectionSchema = CollectionSchema {
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
};

pub(super) static REQUESTS: CollectionSchema = CollectionSchema {
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
        computed("licensesNotHeld", Kind::Texts),
        computed("changesFirst", Kind::Flag),
        computed("plansAfter", Kind::Texts),
        computed("plansLost", Kind::Texts),
        computed("plansGained", Kind::Texts),
        computed("seatsAfter", Kind::Number),
        computed("seatsAfterGranted", Kind::Number),
        computed("seatsAfterOthers", Kind::Number),
        computed("nameAskedBefore", Kind::Text),
        computed("nameGrantedBefore", Kind::Text),
        computed("homeTenantId", Kind::Text),
    ],
    collect: None, // what somebody wants to do, not what the tenant holds
};
