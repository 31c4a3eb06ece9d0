//! Who of the directory's and the subscriptions' administrators lacks the other half.
//!
//! Parameter `who`: `classic-administrators` (retired, and without an Owner role in their place) or `global-administrators` (without a
//! role on any subscription).

use std::collections::BTreeSet;

use super::{NativeHit, NativeResult};
use crate::check::compile::Needs;
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::model::{Native, Scalar};
use crate::tenant::azure::{AzureRole, AzureRoles, Holds, is_classic};
use crate::tenant::keys::KeySpace;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, address};

/// Global Administrator, by template id.
const GLOBAL: &[&str] = &["62e90394-69f5-4237-9190-012177145e10"];

/// The classic administrators that were retired, and what they are called.
const RETIRED: [(&str, &str); 2] =
    [("ServiceAdministrator", "Service Administrator"), ("CoAdministrator", "Co-Administrator")];

/// Runs it.
pub(super) fn run(native: &Native, needs: Needs, world: &World<'_>) -> NativeResult {
    let roles = world.known.azure_roles();
    let mut result = NativeResult::default();
    match native.parameters.get("who") {
        Some(Scalar::Text(who)) if who == "classic-administrators" => {
            classic(&roles.all, roles.are_complete, needs, world, &mut result);
        }
        _ => global(roles, needs, world, &mut result),
    }
    result
}

fn unknown(needs: Needs, result: &mut NativeResult) {
    *result.unknown.entry(needs).or_default() += 1;
}

/// Global Administrators with an enabled account and no role on any subscription.
fn global(roles: &AzureRoles, needs: Needs, world: &World<'_>, result: &mut NativeResult) {
    let subscriptions = Collection::AzureSubscriptions;
    if world.tenant.is_complete(subscriptions) && world.tenant.all(subscriptions).next().is_none() {
        return; // nobody can have access to what is not there
    }
    let (ids, known) = world.holders(GLOBAL, false);
    if !known {
        result.asked += 1;
        unknown(needs, result);
    }
    for id in ids {
        let Some(user) = world.tenant.by_id(Collection::Users, &id) else {
            // Not among the users: an application, unless not all users were exported.
            if !world.tenant.is_complete(Collection::Users) || !world.tenant.has_everywhere(Collection::Users, "id") {
                result.asked += 1;
                unknown(needs, result);
            }
            continue;
        };
        let enabled = user.get("accountEnabled").and_then(Raw::flag);
        if enabled == Some(false) {
            continue;
        }
        result.asked += 1;
        let held = roles.any_held_by(&id);
        if held == Holds::Yes {
            result.decided += 1;
        } else if roles.are_complete && held == Holds::No && enabled == Some(true) {
            result.decided += 1;
            result.hits.push(NativeHit::new(user.number, Vec::new()));
        } else {
            unknown(needs, result);
        }
    }
}

/// Classic administrators without an Owner role where they were one.
fn classic(roles: &[AzureRole], complete: bool, needs: Needs, world: &World<'_>, result: &mut NativeResult) {
    let rows = Collection::AzureRoleAssignments;
    if !complete || !world.tenant.has_everywhere(rows, "roleDefinitionName") {
        result.asked += 1;
        unknown(needs, result);
    }
    for row in world.tenant.all(rows).filter(|row| is_classic(row)) {
        let retired = retired(&row);
        if retired.is_empty() {
            continue;
        }
        result.asked += 1;
        match is_owner(&row, roles, complete, world) {
            Holds::Yes => result.decided += 1,
            Holds::Unknown => unknown(needs, result),
            Holds::No => {
                result.decided += 1;
                let person = row.text("principalName").into_iter().collect();
                let subscription = row.text("scope").map(|scope| subscription(&scope, world)).into_iter().collect();
                let values = vec![("person", person), ("role", retired), ("subscription", subscription)];
                result.hits.push(NativeHit::new(row.number, values));
            }
        }
    }
}

fn retired(row: &Object) -> Vec<String> {
    let names = row.text("roleDefinitionName").unwrap_or_default();
    let called = |name: &str| RETIRED.iter().find(|(code, _)| code.eq_ignore_ascii_case(name.trim()));
    names.split(';').filter_map(called).map(|(_, name)| (*name).to_owned()).collect()
}

fn is_owner(row: &Object, roles: &[AzureRole], complete: bool, world: &World<'_>) -> Holds {
    let (Some(name), Some(scope)) = (row.text("principalName"), row.text("scope")) else { return Holds::Unknown };
    let name = name.trim().to_lowercase();
    let person = person(&name, world);
    let mut answer = Holds::No;
    for role in roles {
        let is_owner = role.role.as_ref().map(|role| role.eq_ignore_ascii_case("Owner"));
        let reaches = role.scope.as_ref().map(|at| covers(at, &scope));
        if is_owner == Some(false) || reaches == Some(false) {
            continue;
        }
        let held = match &person {
            Some(id) => role.held_by(id),
            None if role.name.as_ref() == Some(&name) => Holds::Yes,
            None => Holds::No,
        };
        match held {
            Holds::Yes if is_owner.is_some() && reaches.is_some() => return Holds::Yes,
            Holds::No => {}
            _ => answer = Holds::Unknown,
        }
    }
    let users = world.tenant.is_complete(Collection::Users)
        && ["userPrincipalName", "mail"].iter().all(|name| world.tenant.has_everywhere(Collection::Users, name));
    if complete && (person.is_some() || users) { answer } else { Holds::Unknown }
}

/// Whether a scope is the classic administrator's subscription, or lies above it.
fn covers(scope: &str, subscription: &str) -> bool {
    let at = scope.trim_end_matches('/').to_lowercase();
    at.is_empty()
        || at.starts_with("/providers/microsoft.management/managementgroups/")
        || at == subscription.trim_end_matches('/').to_lowercase()
}

/// The id of the user with this name: by sign-in name, else by mail, else as a guest.
fn person(name: &str, world: &World<'_>) -> Option<String> {
    let mut found: BTreeSet<(u8, String)> = BTreeSet::new();
    let user_names = world.tenant.candidates(Collection::Users, KeySpace::Address, name);
    for user in &user_names {
        let own = |property: &str| user.text(property).is_some_and(|own| own.to_lowercase() == name);
        let rank = if own("userPrincipalName") {
            0
        } else if own("mail") {
            1
        } else {
            continue;
        };
        found.extend(user.id().map(|id| (rank, id)));
    }
    if found.is_empty() {
        let is_guest = |user: &std::sync::Arc<Object>| {
            user.text("userPrincipalName").and_then(|held| address::ext_address(&held)).as_deref() == Some(name)
        };
        found.extend(world.tenant.all(Collection::Users).filter(is_guest).filter_map(|user| Some((2, user.id()?))));
    }
    found.into_iter().next().map(|(_, id)| id)
}

/// The name of the subscription in a scope, else its id.
fn subscription(scope: &str, world: &World<'_>) -> String {
    let id = scope.trim_end_matches('/').rsplit('/').next().unwrap_or(scope).to_lowercase();
    let mut all = world.tenant.all(Collection::AzureSubscriptions);
    let named = all.find(|one| one.id().is_some_and(|own| own == id || own.ends_with(&format!("/{id}"))));
    named.and_then(|one| one.text("name")).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::pack::embedded;
    use crate::testing::tenant;

    fn said(who: &str, given: &Value) -> (usize, usize, usize) {
        let parameters = BTreeMap::from([("who".to_owned(), Scalar::Text(who.to_owned()))]);
        let native = Native { name: "azure-access".to_owned(), reads: Vec::new(), parameters, settings: Vec::new() };
        let tenant = tenant(given);
        let result = run(&native, 1, &World::new(&tenant, None, embedded::tables()));
        (result.hits.len(), result.decided - result.hits.len(), result.unknown.values().sum())
    }

    fn user(id: &str) -> Value {
        json!({ "id": id, "userPrincipalName": format!("{id}@b.example"), "mail": null, "accountEnabled": true })
    }

    fn role(principal: &str, role: &str, scope: &str) -> Value {
        json!({ "principalId": principal, "principalType": "User", "roleDefinitionName": role, "scope": scope })
    }

    #[test]
    fn retired_administrators_are_found_unless_they_own_the_subscription() {
        let classic = json!({ "principalId": "", "principalName": "U1@b.example", "roleDefinitionName": "ServiceAdministrator;AccountAdministrator", "scope": "/subscriptions/S" });
        let given = |others: &[Value]| {
            let mut rows = vec![classic.clone()];
            rows.extend_from_slice(others);
            json!({ "users": [user("u1"), user("u2")], "azureRoleAssignments": rows })
        };
        let who = "classic-administrators";
        assert_eq!(said(who, &given(&[])), (1, 0, 0));
        assert_eq!(said(who, &given(&[role("u1", "Owner", "/subscriptions/s")])), (0, 1, 0));
        assert_eq!(said(who, &given(&[role("u1", "Owner", "/")])), (0, 1, 0));
        for other in [
            role("u2", "Owner", "/"),
            role("u1", "Reader", "/"),
            role("u1", "Owner", "/subscriptions/s/resourceGroups/r"),
        ] {
            assert_eq!(said(who, &given(std::slice::from_ref(&other))), (1, 0, 0), "{other}");
        }
        let group =
            json!({ "principalId": "g1", "principalType": "Group", "roleDefinitionName": "Owner", "scope": "/" });
        assert_eq!(said(who, &given(std::slice::from_ref(&group))), (0, 0, 1), "who is in the group is not known");
        let billing = json!({ "azureRoleAssignments": [{ "principalId": "", "roleDefinitionName": "AccountAdministrator", "scope": "/subscriptions/s" }] });
        assert_eq!(said(who, &billing), (0, 0, 0));
        assert_eq!(said(who, &json!({ "users": [user("u1")] })), (0, 0, 1), "no assignments");
        assert_eq!(said(who, &json!({ "azureRoleAssignments": [classic] })), (0, 0, 1), "no users");
    }

    #[test]
    fn global_administrators_without_a_subscription_are_found() {
        let roles = json!([{ "id": "r", "roleTemplateId": GLOBAL[0], "members": [{ "id": "u1", "@odata.type": "#microsoft.graph.user" }] }]);
        let given = |rows: &Value| {
            let mut given = json!({ "users": [user("u1"), user("u2")], "directoryRoles": roles });
            if !rows.is_null() {
                given["azureRoleAssignments"] = rows.clone();
            }
            given
        };
        let who = "global-administrators";
        assert_eq!(said(who, &given(&json!([]))), (1, 0, 0));
        assert_eq!(said(who, &given(&json!([role("u1", "Reader", "/subscriptions/s")]))), (0, 1, 0));
        assert_eq!(said(who, &given(&json!([role("u2", "Owner", "/")]))), (1, 0, 0));
        assert_eq!(said(who, &given(&json!([{ "roleDefinitionName": "Owner", "scope": "/" }]))), (0, 0, 1));
        assert_eq!(said(who, &given(&Value::Null)), (0, 0, 1));
        assert_eq!(said(who, &json!({ "users": [user("u1")], "azureRoleAssignments": [] })), (0, 0, 1), "no roles");
        let nobody = json!({ "directoryRoles": roles, "azureRoleAssignments": [] });
        assert_eq!(said(who, &nobody), (0, 0, 1), "no users");
        let mut without = given(&json!([]));
        without["azureSubscriptions"] = json!([]);
        assert_eq!(said(who, &without), (0, 0, 0), "no subscription is there");
    }
}
