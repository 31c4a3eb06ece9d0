//! Who may do what, from every representation and with every kind of gap.

use serde_json::{Value, json};

use super::*;
use crate::pack::embedded;
use crate::testing::{object, tenant};

const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const LICENSE_ADMINISTRATOR: &str = "4d6ac14f-3453-41d0-bef9-a3e0c569773a";
const GROUPS_ADMINISTRATOR: &str = "fdd7a751-b60b-444a-984c-02652fe8fa1c";
const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
const SECURITY_OPERATOR: &str = "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f";

/// A tenant of Ann, who asks, and Jan; everything that matters was collected, and nobody holds a role. Keys of `changes` replace
/// collections; null takes one away.
fn given(changes: &Value) -> Value {
    let mut dump = json!({
        "users": [
            {"id": "ann", "userPrincipalName": "ann@b.example", "accountEnabled": true, "userType": "Member"},
            {"id": "jan", "userPrincipalName": "jan@b.example", "accountEnabled": true, "userType": "Member"},
        ],
        "groups": [], "servicePrincipals": [], "directoryRoles": [], "roleAssignments": [], "roleDefinitions": [],
        "roleEligibilityScheduleInstances": [], "administrativeUnits": [],
    });
    for (key, value) in changes.as_object().unwrap() {
        dump.as_object_mut().unwrap().shift_remove(key);
        if !value.is_null() {
            dump[key] = value.clone();
        }
    }
    dump
}

fn assigned(principal: &str, role: &str) -> Value {
    json!({"id": format!("{principal}-{role}"), "principalId": principal, "roleDefinitionId": role, "directoryScopeId": "/"})
}

/// Whether Ann may do it to the target: a user's or a group's id, "" for none, "?" for one that is not known.
fn may_in(dump: &Value, operation: &str, target: &str) -> &'static str {
    let tenant = tenant(dump);
    let known = Known::new(&tenant, embedded::tables());
    let ann = object(&tenant, Collection::Users, "ann");
    let target = || match target {
        "" => Search::Nothing,
        "?" => Search::Unknown,
        id => known.person(id, true),
    };
    known.may(&ann, operation, &target).map_or("unknown", May::name)
}

fn may(changes: &Value, operation: &str) -> &'static str {
    may_in(&given(changes), operation, "jan")
}

#[test]
fn a_role_is_held_in_one_of_many_ways_or_not_known_to_be_held() {
    let role = LICENSE_ADMINISTRATOR;
    let role_group = |extra: Value| {
        let mut group = json!({"id": "admins", "isAssignableToRole": true});
        group.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!([group])
    };
    let cases = [
        ("nobody holds anything", json!({}), "no"),
        ("active", json!({"roleAssignments": [assigned("ann", role)]}), "yes"),
        ("ids in another casing", json!({"roleAssignments": [assigned("ANN", &role.to_uppercase())]}), "yes"),
        ("somebody else", json!({"roleAssignments": [assigned("jan", role)]}), "no"),
        ("a role that does not allow it", json!({"roleAssignments": [assigned("ann", HELPDESK)]}), "no"),
        ("eligible only", json!({"roleEligibilityScheduleInstances": [assigned("ann", role)]}), "must-activate"),
        (
            "eligible for a role that does not allow it",
            json!({"roleEligibilityScheduleInstances": [assigned("ann", HELPDESK)]}),
            "no",
        ),
        (
            "eligible and active",
            json!({"roleAssignments": [assigned("ann", role)], "roleEligibilityScheduleInstances": [assigned("ann", role)]}),
            "yes",
        ),
        ("activated", json!({"roleAssignmentScheduleInstances": [assigned("ann", role)]}), "yes"),
        ("eligible roles not collected", json!({"roleEligibilityScheduleInstances": null}), "unknown"),
        (
            "active, eligible roles not collected",
            json!({"roleAssignments": [assigned("ann", role)], "roleEligibilityScheduleInstances": null}),
            "yes",
        ),
        (
            "eligible, active roles not collected",
            json!({"roleAssignments": null, "directoryRoles": null, "roleEligibilityScheduleInstances": [assigned("ann", role)]}),
            "unknown",
        ),
        (
            "no role collected",
            json!({"roleAssignments": null, "directoryRoles": null, "roleEligibilityScheduleInstances": null}),
            "unknown",
        ),
        (
            "of assignments, principals not collected",
            json!({"roleAssignments": [{"id": "1", "roleDefinitionId": role}], "directoryRoles": null}),
            "unknown",
        ),
        // directoryRoles as the only source, by template id and whatever it is called
        (
            "member of an activated role",
            json!({"roleAssignments": null, "directoryRoles": [{"id": "r", "displayName": "Company Administrator", "roleTemplateId": GLOBAL, "members": [{"id": "ann"}]}]}),
            "yes",
        ),
        (
            "no member of any activated role",
            json!({"roleAssignments": null, "directoryRoles": [{"id": "r", "displayName": "Global Administrator", "roleTemplateId": GLOBAL, "members": [{"id": "jan"}]}]}),
            "no",
        ),
        (
            "a name is no role",
            json!({"roleAssignments": null, "directoryRoles": [{"id": "r", "displayName": "Global Administrator", "roleTemplateId": HELPDESK, "members": [{"id": "ann"}]}]}),
            "no",
        ),
        (
            "members not collected",
            json!({"roleAssignments": null, "directoryRoles": [{"id": "r", "roleTemplateId": GLOBAL}]}),
            "unknown",
        ),
        (
            "members as PowerShell shows them unasked",
            json!({"roleAssignments": null, "directoryRoles": [{"id": "r", "roleTemplateId": GLOBAL, "members": null}]}),
            "unknown",
        ),
        (
            "members cut off by depth",
            json!({"roleAssignments": null, "directoryRoles": [{"id": "r", "roleTemplateId": GLOBAL, "members": ["@{id=ann}"]}]}),
            "unknown",
        ),
        (
            "the roles' templates not collected",
            json!({"roleAssignments": null, "directoryRoles": [{"id": "r", "members": [{"id": "ann"}]}]}),
            "unknown",
        ),
        // through a group
        (
            "through a group",
            json!({"roleAssignments": [assigned("admins", role)], "groups": role_group(json!({"members": [{"id": "ANN"}]}))}),
            "yes",
        ),
        (
            "through a group that somebody else is in",
            json!({"roleAssignments": [assigned("admins", role)], "groups": role_group(json!({"members": [{"id": "jan"}]}))}),
            "no",
        ),
        (
            "through an empty group",
            json!({"roleAssignments": [assigned("admins", role)], "groups": role_group(json!({"members": []}))}),
            "no",
        ),
        (
            "through a group whose members were not collected",
            json!({"roleAssignments": [assigned("admins", role)], "groups": role_group(json!({}))}),
            "unknown",
        ),
        (
            "through a group whose members are null",
            json!({"roleAssignments": [assigned("admins", role)], "groups": role_group(json!({"members": null}))}),
            "unknown",
        ),
        (
            "through a group whose members were cut off by depth",
            json!({"roleAssignments": [assigned("admins", role)], "groups": role_group(json!({"members": ["Microsoft.Graph.PowerShell.Models.MicrosoftGraphDirectoryObject"]}))}),
            "unknown",
        ),
        (
            "eligible through a group",
            json!({"roleEligibilityScheduleInstances": [assigned("admins", role)], "groups": role_group(json!({"members": [{"id": "ann"}]}))}),
            "must-activate",
        ),
        (
            "a principal that may be a group, groups not collected",
            json!({"roleAssignments": [assigned("stranger", role)], "groups": null}),
            "unknown",
        ),
        (
            "a principal that may be a group, but with a role that does not allow it",
            json!({"roleAssignments": [assigned("stranger", HELPDESK)], "groups": null}),
            "no",
        ),
        ("a principal that is no group", json!({"roleAssignments": [assigned("stranger", role)]}), "no"),
        (
            "a principal that the assignment says is an application",
            json!({"groups": null, "roleAssignments": [{"id": "1", "principalId": "app", "roleDefinitionId": role, "directoryScopeId": "/", "principal": {"@odata.type": "#microsoft.graph.servicePrincipal", "id": "app"}}]}),
            "no",
        ),
        (
            "another user, groups not collected",
            json!({"roleAssignments": [assigned("jan", role)], "groups": null}),
            "no",
        ),
        (
            "an application, groups not collected",
            json!({"roleAssignments": [assigned("app", role)], "groups": null, "servicePrincipals": [{"id": "app"}]}),
            "no",
        ),
        // definitions
        (
            "the tenant's own id of a built-in role",
            json!({"roleAssignments": [assigned("ann", "own-id")], "roleDefinitions": [{"id": "own-id", "templateId": role.to_uppercase(), "isBuiltIn": true}]}),
            "yes",
        ),
        ("an unknown role", json!({"roleAssignments": [assigned("ann", "own-id")]}), "unknown"),
        ("somebody else's unknown role", json!({"roleAssignments": [assigned("jan", "own-id")]}), "no"),
        (
            "an unknown role beside one that allows it",
            json!({"roleAssignments": [assigned("ann", "own-id"), assigned("ann", role)]}),
            "yes",
        ),
    ];
    for (what, changes, expected) in cases {
        assert_eq!(may(&changes, "assign-license"), expected, "{what}");
        assert_eq!(may(&changes, "remove-license"), expected, "{what}, removing");
    }
}

#[test]
fn a_custom_role_allows_what_its_actions_do() {
    let custom = |definition: Value| {
        let mut full = json!({"id": "own", "templateId": "own", "isBuiltIn": false, "isEnabled": true});
        full.as_object_mut().unwrap().extend(definition.as_object().unwrap().clone());
        json!({"roleAssignments": [assigned("ann", "OWN")], "roleDefinitions": [full]})
    };
    let cases = [
        (
            json!({"rolePermissions": [{"allowedResourceActions": ["microsoft.directory/users/standard/read"]}, {"allowedResourceActions": ["Microsoft.Directory/users/assignLicense"]}]}),
            "yes",
        ),
        (json!({"rolePermissions": [{"allowedResourceActions": ["microsoft.directory/groups/assignLicense"]}]}), "no"),
        (json!({"rolePermissions": [{"allowedResourceActions": []}]}), "no"),
        (
            json!({"isEnabled": false, "rolePermissions": [{"allowedResourceActions": ["microsoft.directory/users/assignLicense"]}]}),
            "no",
        ),
        (json!({}), "unknown"),
        (json!({"rolePermissions": null}), "unknown"),
        (json!({"rolePermissions": [{"condition": null}]}), "unknown"),
        (json!({"rolePermissions": ["@{allowedResourceActions=System.Object[]; condition=}"]}), "unknown"),
    ];
    for (definition, expected) in cases {
        assert_eq!(may(&custom(definition.clone()), "assign-license"), expected, "{definition}");
    }
}

#[test]
fn a_disabled_account_may_nothing_and_one_that_may_be_disabled_is_not_known_to_may() {
    let with = |enabled: Value| {
        let mut ann = json!({"id": "ann", "userPrincipalName": "ann@b.example"});
        if !enabled.is_null() {
            ann["accountEnabled"] = enabled;
        }
        json!([ann, {"id": "jan", "userPrincipalName": "jan@b.example"}])
    };
    let role = json!([assigned("ann", LICENSE_ADMINISTRATOR)]);
    for (enabled, roles, expected) in [
        (json!(true), &role, "yes"),
        (json!(false), &role, "no"),
        (json!(null), &role, "unknown"),
        (json!(null), &json!([]), "no"),
        (json!(false), &json!(null), "no"),
    ] {
        let changes = json!({"users": with(enabled.clone()), "roleAssignments": roles});
        assert_eq!(may(&changes, "assign-license"), expected, "{enabled} {roles}");
    }
}

#[test]
fn units_that_were_not_collected_may_keep_licenses_from_a_role_for_the_whole_directory() {
    let mut changes = json!({ "roleAssignments": [assigned("ann", LICENSE_ADMINISTRATOR)] });
    assert_eq!(may(&changes, "assign-license"), "yes");
    changes["administrativeUnits"] = Value::Null;
    assert_eq!(may(&changes, "assign-license"), "unknown");
    assert_eq!(may(&changes, "create-user"), "no", "whom it makes is in no unit");
}

#[test]
fn who_has_not_accepted_the_invitation_may_nothing() {
    let may = |state: Value| {
        let mut dump = given(&json!({ "roleAssignments": [assigned("ann", USER_ADMINISTRATOR)] }));
        let users = dump["users"].as_array_mut().unwrap();
        users.iter_mut().find(|user| user["id"] == "ann").unwrap()["externalUserState"] = state;
        may_in(&dump, "create-user", "jan")
    };
    assert_eq!(may(json!("PendingAcceptance")), "no");
    assert_eq!(may(json!("Accepted")), "yes");
    assert_eq!(may(Value::Null), "yes");
    // Who may have been invited, and whether that was accepted was not collected.
    let as_is = |name: &str, kind: &str| {
        let ann = json!({"id": "ann", "userPrincipalName": name, "accountEnabled": true, "userType": kind});
        let changes = json!({"users": [ann], "roleAssignments": [assigned("ann", USER_ADMINISTRATOR)]});
        may_in(&given(&changes), "create-user", "")
    };
    assert_eq!(as_is("ann@b.example", "Member"), "yes");
    assert_eq!(as_is("ann@b.example", "Guest"), "unknown");
    assert_eq!(as_is("ann_c.example#EXT#@b.example", "Member"), "unknown");
}

#[test]
fn a_role_in_an_administrative_unit_reaches_its_members() {
    let in_unit = |unit: Value| {
        json!({"administrativeUnits": unit, "roleAssignments": [
            {"id": "1", "principalId": "ann", "roleDefinitionId": USER_ADMINISTRATOR, "directoryScopeId": "/administrativeUnits/AU1"},
        ]})
    };
    let with_jan = json!([{"id": "au1", "members": [{"id": "JAN"}]}]);
    for (what, unit, operation, target, expected) in [
        ("in it", with_jan.clone(), "assign-license", "jan", "yes"),
        ("not in it", json!([{"id": "au1", "members": [{"id": "ann"}]}]), "assign-license", "jan", "no"),
        ("members not collected", json!([{"id": "au1"}]), "assign-license", "jan", "unknown"),
        ("members null", json!([{"id": "au1", "members": null}]), "assign-license", "jan", "unknown"),
        ("unit not collected", json!(null), "assign-license", "jan", "unknown"),
        ("unit not among them", json!([{"id": "au2", "members": [{"id": "jan"}]}]), "assign-license", "jan", "unknown"),
        ("the target is not known", with_jan.clone(), "assign-license", "?", "unknown"),
        ("there is no target", with_jan.clone(), "assign-license", "", "no"),
        ("a new user is in no unit", with_jan.clone(), "create-user", "?", "no"),
        ("renaming a member", with_jan.clone(), "update-user-name", "jan", "yes"),
    ] {
        let dump = given(&in_unit(unit));
        assert_eq!(may_in(&dump, operation, target), expected, "{what}");
    }
    let one_object = json!({"roleAssignments": [{"id": "1", "principalId": "ann", "roleDefinitionId": USER_ADMINISTRATOR, "directoryScopeId": "/some-app"}]});
    assert_eq!(may(&one_object, "assign-license"), "no", "a role over one application reaches no user");
    let not_collected =
        json!({"roleAssignments": [{"id": "1", "principalId": "ann", "roleDefinitionId": USER_ADMINISTRATOR}]});
    assert_eq!(may(&not_collected, "assign-license"), "unknown", "where a role reaches was not collected");
    assert_eq!(may(&not_collected, "manage-domains"), "no", "and does not matter if it would not allow it");
}

#[test]
fn scoped_members_of_a_unit_hold_an_activated_role_there() {
    let changes = |role: &str| {
        json!({
            "directoryRoles": [{"id": "DR1", "roleTemplateId": LICENSE_ADMINISTRATOR, "members": []}],
            "administrativeUnits": [{"id": "au1", "members": [{"id": "jan"}], "scopedRoleMembers": [{"roleId": role, "administrativeUnitId": "au1", "roleMemberInfo": {"id": "ANN"}}]}],
        })
    };
    assert_eq!(may(&changes("dr1"), "assign-license"), "yes");
    assert_eq!(may_in(&given(&changes("dr1")), "assign-license", "ann"), "no");
    assert_eq!(may(&changes("another"), "assign-license"), "unknown", "a role that was not collected");
}

#[test]
fn licenses_of_groups_take_other_rights_than_those_of_users() {
    let dump = |role: &str, group: Value| {
        let mut full = json!({"id": "team", "groupTypes": []});
        full.as_object_mut().unwrap().extend(group.as_object().unwrap().clone());
        given(&json!({"groups": [full], "roleAssignments": [assigned("ann", role)]}))
    };
    let (plain, assignable, unknown) =
        (json!({"isAssignableToRole": false}), json!({"isAssignableToRole": true}), json!({}));
    for (role, group, expected) in [
        (LICENSE_ADMINISTRATOR, &plain, "yes"),
        (LICENSE_ADMINISTRATOR, &json!({"isAssignableToRole": null}), "yes"),
        (LICENSE_ADMINISTRATOR, &assignable, "no"),
        (LICENSE_ADMINISTRATOR, &unknown, "unknown"),
        (GROUPS_ADMINISTRATOR, &plain, "yes"),
        (GROUPS_ADMINISTRATOR, &assignable, "no"),
        (PRIVILEGED_ROLE_ADMINISTRATOR, &assignable, "yes"),
        (PRIVILEGED_ROLE_ADMINISTRATOR, &plain, "no"),
        (GLOBAL, &assignable, "yes"),
        (GLOBAL, &unknown, "yes"),
        (HELPDESK, &unknown, "no"),
    ] {
        assert_eq!(may_in(&dump(role, group.clone()), "assign-license", "team"), expected, "{role} {group}");
    }
    assert_eq!(may_in(&dump(GROUPS_ADMINISTRATOR, plain.clone()), "assign-license", "jan"), "no", "a user");
    assert_eq!(
        may_in(&dump(GROUPS_ADMINISTRATOR, plain.clone()), "assign-license", "?"),
        "unknown",
        "a user or a group"
    );
    assert_eq!(may_in(&dump(GLOBAL, plain), "assign-license", "?"), "yes", "whoever it is");
}

#[test]
fn only_its_own_administrators_reset_passwords_in_a_restricted_unit() {
    let dump = |restricted: &Value, members: &[&str], scope: &str| {
        let mut assignment = assigned("ann", GLOBAL);
        assignment["directoryScopeId"] = json!(scope);
        let members: Vec<_> = members.iter().map(|id| json!({ "id": id })).collect();
        let mut unit = json!({ "id": "au1", "members": members });
        if !restricted.is_null() {
            unit["isMemberManagementRestricted"] = restricted.clone();
        }
        given(&json!({ "roleAssignments": [assignment], "administrativeUnits": [unit] }))
    };
    let may = |dump: &Value| may_in(dump, "reset-password", "jan");
    assert_eq!(may(&dump(&json!(true), &["jan"], "/")), "no");
    assert_eq!(may(&dump(&json!(true), &["jan"], "/administrativeUnits/au1")), "yes");
    assert_eq!(may(&dump(&json!(true), &["ann"], "/")), "yes");
    assert_eq!(may(&dump(&json!(false), &["jan"], "/")), "yes");
    assert_eq!(may(&dump(&Value::Null, &["jan"], "/")), "unknown", "nobody asked whether it is restricted");
    assert_eq!(may(&dump(&Value::Null, &["ann"], "/")), "yes");
    // Who administers a restricted unit is out of reach of those who are not above all.
    let administers = |restricted: &Value, role: &str| {
        let mut own = assigned("jan", HELPDESK);
        own["directoryScopeId"] = json!("/administrativeUnits/au1");
        let mut dump = dump(restricted, &["ann"], "/");
        dump["roleAssignments"] = json!([assigned("ann", role), own]);
        may(&dump)
    };
    assert_eq!(administers(&json!(true), HELPDESK), "no");
    assert_eq!(administers(&json!(true), GLOBAL), "yes");
    assert_eq!(administers(&json!(false), HELPDESK), "yes");
    assert_eq!(administers(&Value::Null, HELPDESK), "unknown");
    let without = given(&json!({ "roleAssignments": [assigned("ann", GLOBAL)], "administrativeUnits": null }));
    assert_eq!(may(&without), "unknown", "there may be such units");
}

#[test]
fn schedules_count_while_they_are_in_force() {
    let schedule = |from: &str, to: Option<&str>| {
        let mut role = assigned("ann", LICENSE_ADMINISTRATOR);
        role["startDateTime"] = json!(from);
        role["endDateTime"] = json!(to);
        role
    };
    let cases = [
        (schedule("2026-01-01T00:00:00Z", None), "yes", "must-activate"),
        (schedule("2026-01-01T00:00:00Z", Some("2026-12-31T00:00:00Z")), "yes", "must-activate"),
        (schedule("2026-01-01T00:00:00Z", Some("2026-05-31T00:00:00Z")), "no", "no"),
        (schedule("2026-07-01T00:00:00Z", None), "no", "no"),
    ];
    for (role, active, eligible) in cases {
        let exported = |key: &str| given(&json!({"exportedAt": "2026-06-01T00:00:00Z", key: [role.clone()]}));
        assert_eq!(may_in(&exported("roleAssignmentScheduleInstances"), "assign-license", "jan"), active, "{role}");
        assert_eq!(may_in(&exported("roleEligibilityScheduleInstances"), "assign-license", "jan"), eligible, "{role}");
    }
    // Without the export's date, the newest thing in it is a lower bound: what began later may have begun.
    let users = json!([
        {"id": "ann", "userPrincipalName": "ann@b.example", "accountEnabled": true, "createdDateTime": "2026-06-01T00:00:00Z"},
        {"id": "jan", "userPrincipalName": "jan@b.example"},
    ]);
    for (role, expected) in [
        (schedule("2026-05-01T00:00:00Z", Some("2026-05-31T00:00:00Z")), "no"),
        (schedule("2026-07-01T00:00:00Z", None), "unknown"),
        (schedule("2026-05-01T00:00:00Z", None), "yes"),
    ] {
        let changes = json!({"users": users, "roleAssignmentScheduleInstances": [role.clone()]});
        assert_eq!(may(&changes, "assign-license"), expected, "{role}");
    }
}

#[test]
fn passwords_are_reset_by_those_who_outrank_the_target() {
    let dump = |actor: &str, target: &[&str], more: Value| {
        let mut roles = vec![assigned("ann", actor)];
        roles.extend(target.iter().map(|role| assigned("jan", role)));
        let mut changes = json!({"roleAssignments": roles});
        changes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        given(&changes)
    };
    let role_group = |members: Value| json!({"groups": [{"id": "g", "isAssignableToRole": true, "members": members}]});
    for (what, dump, expected) in [
        ("nobody's", dump(HELPDESK, &[], json!({})), "yes"),
        ("a peer's", dump(HELPDESK, &[HELPDESK], json!({})), "yes"),
        ("an administrator's", dump(HELPDESK, &[GLOBAL], json!({})), "no"),
        ("a peer's who is also an administrator", dump(HELPDESK, &[HELPDESK, USER_ADMINISTRATOR], json!({})), "no"),
        ("an administrator's, as Global Administrator", dump(GLOBAL, &[GLOBAL], json!({})), "yes"),
        ("a helpdesk's, as User Administrator", dump(USER_ADMINISTRATOR, &[HELPDESK], json!({})), "yes"),
        (
            "a license administrator's, as User Administrator",
            dump(USER_ADMINISTRATOR, &[LICENSE_ADMINISTRATOR], json!({})),
            "no",
        ),
        ("one with a role that is not known", dump(HELPDESK, &["own"], json!({})), "unknown"),
        ("one with a role that is not known, as Global Administrator", dump(GLOBAL, &["own"], json!({})), "yes"),
        ("a member's of a group that may hold roles", dump(HELPDESK, &[], role_group(json!([{"id": "jan"}]))), "no"),
        (
            "of a group that may hold roles, members not collected",
            dump(HELPDESK, &[], role_group(json!(null))),
            "unknown",
        ),
        ("groups not collected", dump(HELPDESK, &[], json!({"groups": null})), "unknown"),
        ("groups not collected, as Global Administrator", dump(GLOBAL, &[], json!({"groups": null})), "yes"),
        ("by a role whose reach is not documented", dump(SECURITY_OPERATOR, &[], json!({})), "unknown"),
        ("without a role", dump(LICENSE_ADMINISTRATOR, &[], json!({})), "no"),
    ] {
        assert_eq!(may_in(&dump, "reset-password", "jan"), expected, "{what}");
    }
    let helpdesk = dump(HELPDESK, &[], json!({}));
    assert_eq!(may_in(&helpdesk, "reset-password", ""), "yes", "in general");
    assert_eq!(may_in(&helpdesk, "reset-password", "?"), "unknown", "whoever it is");
    assert_eq!(may_in(&dump(GLOBAL, &[], json!({})), "reset-password", "?"), "yes", "whoever it is");
}

#[test]
fn guests_are_invited_by_whom_the_tenant_lets_invite() {
    let policy =
        |value: Value| json!({"authorizationPolicy": {"id": "authorizationPolicy", "allowInvitesFrom": value}});
    let with = |kind: Option<&str>, policy: Value| {
        let mut ann = json!({"id": "ann", "userPrincipalName": "ann@b.example", "accountEnabled": true, "externalUserState": "Accepted"});
        if let Some(kind) = kind {
            ann["userType"] = json!(kind);
        }
        let mut changes = json!({"users": [ann]});
        changes.as_object_mut().unwrap().extend(policy.as_object().unwrap().clone());
        may_in(&given(&changes), "invite-guest", "")
    };
    let all_members = "adminsGuestInvitersAndAllMembers";
    assert_eq!(with(Some("Guest"), policy(json!("everyone"))), "yes");
    assert_eq!(with(Some("Member"), policy(json!(all_members))), "yes");
    assert_eq!(with(Some("Guest"), policy(json!(all_members))), "no");
    assert_eq!(with(None, policy(json!(all_members))), "unknown");
    assert_eq!(with(Some("Member"), policy(json!("adminsAndGuestInviters"))), "no");
    assert_eq!(with(Some("Member"), json!({})), "unknown", "the policy was not collected");
    assert_eq!(with(Some("Member"), policy(json!("none"))), "no");
    let restricted = |role: &str| {
        let policy = json!({"id": "authorizationPolicy", "allowInvitesFrom": "everyone", "guestUserRoleId": role});
        with(Some("Guest"), json!({"authorizationPolicy": policy}))
    };
    assert_eq!(restricted("10dae51f-b6af-4016-8d66-8c2a99b929b3"), "yes");
    assert_eq!(restricted("2af84b1e-32c8-42b7-82bc-daa82404023b"), "unknown", "what they may is not documented");
    let by_role = |policy: Value| {
        let mut changes = json!({"roleAssignments": [assigned("ann", USER_ADMINISTRATOR)]});
        changes.as_object_mut().unwrap().extend(policy.as_object().unwrap().clone());
        may_in(&given(&changes), "invite-guest", "")
    };
    assert_eq!(by_role(policy(json!("adminsAndGuestInviters"))), "yes");
    assert_eq!(by_role(policy(json!("none"))), "no", "administrators neither");
    assert_eq!(by_role(json!({})), "unknown", "inviting may be switched off");
}

#[test]
fn what_the_tables_do_not_know_nobody_is_said_to_may() {
    assert_eq!(may(&json!({"roleAssignments": [assigned("ann", GLOBAL)]}), "sign-in"), "unknown");
    assert_eq!(
        may(&json!({}), "read-directory"),
        "unknown",
        "members may by default, and a setting that no export holds forbids it"
    );
}

#[test]
fn the_roles_of_a_person_are_known_whole_or_not_at_all() {
    let roles = |changes: &Value| {
        let tenant = tenant(&given(changes));
        let known = Known::new(&tenant, embedded::tables());
        known.directory_roles(&object(&tenant, Collection::Users, "ann"))
    };
    assert_eq!(roles(&json!({})), Some(vec![]));
    let two = json!({"roleAssignments": [assigned("ann", GLOBAL), assigned("ann", HELPDESK), assigned("ann", GLOBAL), assigned("jan", LICENSE_ADMINISTRATOR)]});
    assert_eq!(roles(&two), Some(vec![GLOBAL.to_owned(), HELPDESK.to_owned()]));
    assert_eq!(
        roles(&json!({"roleAssignments": [assigned("ann", "own")]})),
        None,
        "it may be one of the built-in ones"
    );
    assert_eq!(roles(&json!({"roleAssignments": null, "directoryRoles": null})), None);
    assert_eq!(
        roles(&json!({"roleAssignments": [assigned("stranger", GLOBAL)], "groups": null})),
        None,
        "it may be a group that Ann is in"
    );
    assert_eq!(
        roles(&json!({"roleEligibilityScheduleInstances": [assigned("ann", GLOBAL)]})),
        Some(vec![]),
        "eligible is not active"
    );
}

#[test]
fn holders_are_people_and_they_are_all_only_if_all_is_known() {
    let holders = |changes: &Value| {
        let tenant = tenant(&given(changes));
        let known = Known::new(&tenant, embedded::tables());
        known.holders(&[GLOBAL], false)
    };
    let ann = vec!["ann".to_owned()];
    assert_eq!(holders(&json!({})), (vec![], true));
    assert_eq!(
        holders(&json!({"roleAssignments": [assigned("Ann", GLOBAL), assigned("jan", HELPDESK)]})),
        (ann.clone(), true)
    );
    let group =
        json!({"roleAssignments": [assigned("g", GLOBAL)], "groups": [{"id": "g", "members": [{"id": "ann"}]}]});
    assert_eq!(holders(&group), (ann, true));
    let hidden = json!({"roleAssignments": [assigned("g", GLOBAL)], "groups": [{"id": "g"}]});
    assert_eq!(holders(&hidden), (vec![], false));
    assert_eq!(holders(&json!({"roleAssignments": [assigned("jan", "own")]})), (vec![], false));
    assert_eq!(holders(&json!({"roleAssignments": null, "directoryRoles": null})), (vec![], false));
}
