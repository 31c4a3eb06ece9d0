//! Roles, who has them, and administrative units.

use super::{Collect, Collection, CollectionSchema, date, flag, objects, text};

pub(super) static DIRECTORY_ROLES: CollectionSchema = CollectionSchema {
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
};

pub(super) static ROLE_ASSIGNMENTS: CollectionSchema = CollectionSchema {
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
};

pub(super) static ROLE_DEFINITIONS: CollectionSchema = CollectionSchema {
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
};

pub(super) static ROLE_ASSIGNMENT_SCHEDULE_INSTANCES: CollectionSchema = CollectionSchema {
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
};

pub(super) static ROLE_ELIGIBILITY_SCHEDULE_INSTANCES: CollectionSchema = CollectionSchema {
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
};

pub(super) static ADMINISTRATIVE_UNITS: CollectionSchema = CollectionSchema {
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
};
