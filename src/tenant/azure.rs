//! Roles on Azure subscriptions, apart from those of the directory.
//!
//! Source: Azure's role assignments as `az role assignment list --all --include-classic-administrators` prints them; classic
//! administrators are no role assignments, and were retired in August 2024.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::keys::KeySpace;
use super::known::{Known, list};
use super::roles::members_of;
use super::{Object, Tenant};
use crate::tenant::schema::Collection;

/// A role assignment.
#[derive(Clone, Debug)]
pub struct AzureRole {
    /// The role's name; nothing if it was not collected.
    pub role: Option<String>,
    /// Where it reaches; nothing if it was not collected.
    pub scope: Option<String>,
    /// The id of who holds it, in lower case; nothing if it was not collected.
    pub principal: Option<String>,
    /// The name of who holds it, in lower case.
    pub name: Option<String>,
    /// The members of the group that holds it, in lower case; nothing if they are not known.
    members: Option<Arc<BTreeSet<String>>>,
}

/// The role assignments, without classic administrators.
#[derive(Debug)]
pub struct AzureRoles {
    /// All that were read.
    pub all: Vec<AzureRole>,
    /// There are no others.
    pub are_complete: bool,
    /// The places of the assignments of each principal: every user is asked for theirs.
    by_principal: BTreeMap<String, Vec<usize>>,
    /// The groups among the principals, each with its members.
    groups: BTreeMap<String, Arc<BTreeSet<String>>>,
    /// Of some it cannot be told who holds them.
    are_unsure: bool,
}

impl AzureRoles {
    fn new(all: Vec<AzureRole>, are_complete: bool) -> Self {
        let mut roles =
            Self { all, are_complete, by_principal: BTreeMap::new(), groups: BTreeMap::new(), are_unsure: false };
        for (place, role) in roles.all.iter().enumerate() {
            let (Some(principal), Some(members)) = (&role.principal, &role.members) else {
                roles.are_unsure = true;
                continue;
            };
            roles.by_principal.entry(principal.clone()).or_default().push(place);
            if !members.is_empty() {
                roles.groups.insert(principal.clone(), Arc::clone(members));
            }
        }
        roles
    }

    /// The assignments that somebody is known to hold, directly or as a member of a group.
    fn held(&self, id: &str) -> impl Iterator<Item = &AzureRole> {
        let groups =
            self.groups.iter().filter(move |(_, members)| members.contains(id)).map(|(group, _)| group.as_str());
        let own = self.by_principal.get_key_value(id).map(|(own, _)| own.as_str());
        let places = own.into_iter().chain(groups).filter_map(|principal| self.by_principal.get(principal)).flatten();
        places.map(|place| &self.all[*place])
    }

    /// Whether somebody holds any role.
    pub fn any_held_by(&self, id: &str) -> Holds {
        match self.held(id).next() {
            Some(_) => Holds::Yes,
            None if self.are_unsure => Holds::Unknown,
            None => Holds::No,
        }
    }
}

/// Whether somebody holds a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It cannot be told.
    Unknown,
}

impl AzureRole {
    /// Whether somebody holds it, directly or as a member of a group.
    pub fn held_by(&self, id: &str) -> Holds {
        match (&self.principal, &self.members) {
            (None, _) | (_, None) => Holds::Unknown,
            (Some(principal), Some(members)) if principal == id || members.contains(id) => Holds::Yes,
            _ => Holds::No,
        }
    }
}

/// Whether a row is a classic administrator, who holds no role.
pub fn is_classic(row: &Object) -> bool {
    let principal = row.text("principalId").unwrap_or_default();
    let is_nobody = principal.contains("classic") || principal.chars().all(|letter| matches!(letter, '0' | '-'));
    let is_role = |name: &str| CLASSIC.iter().any(|known| known.eq_ignore_ascii_case(name.trim()));
    let by_name = row.text("roleDefinitionName").is_some_and(|names| names.split(';').all(is_role));
    by_name || is_nobody && row.get("principalId").is_some()
}

/// The names that classic administrators have in place of a role.
const CLASSIC: &[&str] = &["ServiceAdministrator", "CoAdministrator", "AccountAdministrator"];

fn azure_roles(tenant: &Tenant) -> AzureRoles {
    // Few groups hold a role: only those are read.
    let mut groups: BTreeMap<String, Option<Option<Arc<BTreeSet<String>>>>> = BTreeMap::new();
    let group_of = |id: &String| {
        let found = tenant.candidates(Collection::Groups, KeySpace::Id, id);
        let group = found.iter().find(|group| group.id().as_ref() == Some(id))?;
        Some(members_of(group).map(|members| Arc::new(members.into_iter().collect::<BTreeSet<_>>())))
    };
    let mut role = |row: &Object| {
        let principal = row.text("principalId").map(|id| id.to_lowercase());
        let kind = row.text("principalType").map(|kind| kind.to_lowercase());
        let group = principal.as_ref().and_then(|id| groups.entry(id.clone()).or_insert_with(|| group_of(id)).clone());
        let members = match group {
            Some(members) => members,
            // Neither a known group nor known to be none: where groups were not all collected, it may be one.
            None if kind.as_deref() == Some("group") => None,
            None if kind.is_none() && !tenant.is_complete(Collection::Groups) => {
                let is_user = |id: &String| !tenant.candidates(Collection::Users, KeySpace::Id, id).is_empty();
                principal.as_ref().is_some_and(is_user).then(Arc::default)
            }
            None => Some(Arc::default()),
        };
        let name = row.text("principalName").map(|name| name.to_lowercase());
        AzureRole { role: row.text("roleDefinitionName"), scope: row.text("scope"), principal, name, members }
    };
    let rows = tenant.all(Collection::AzureRoleAssignments).filter(|row| !is_classic(row));
    AzureRoles::new(rows.map(|row| role(&row)).collect(), tenant.is_complete(Collection::AzureRoleAssignments))
}

impl Known<'_> {
    /// The role assignments, without classic administrators.
    pub fn azure_roles(&self) -> &AzureRoles {
        self.azure_roles.get_or_init(|| azure_roles(self.tenant))
    }

    /// The names of the roles that a user holds on any scope, as JSON; nothing if they are not all known.
    pub(super) fn azure_roles_of(&self, user: &Object) -> Option<Vec<u8>> {
        let id = user.id()?;
        let roles = self.azure_roles();
        if roles.are_unsure || !roles.are_complete {
            return None;
        }
        let names: Option<BTreeSet<String>> = roles.held(&id).map(|role| role.role.clone()).collect();
        names.map(list)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::pack::embedded;
    use crate::testing::{object, tenant};

    fn roles(assignments: &Value, groups: &Value) -> Option<String> {
        let mut given = json!({ "users": [{ "id": "u1", "userPrincipalName": "u1@b.example" }] });
        for (name, value) in [("azureRoleAssignments", assignments), ("groups", groups)] {
            if !value.is_null() {
                given[name] = value.clone();
            }
        }
        let tenant = tenant(&given);
        let user = object(&tenant, Collection::Users, "u1");
        let known = Known::new(&tenant, embedded::tables());
        known.azure_roles_of(&user).map(|json| String::from_utf8_lossy(&json).into_owned())
    }

    #[test]
    fn roles_are_held_directly_or_by_a_group() {
        let row = |principal: &str, role: &str| json!({ "principalId": principal, "principalType": "User", "roleDefinitionName": role, "scope": "/subscriptions/s" });
        let group =
            json!({ "principalId": "G1", "principalType": "Group", "roleDefinitionName": "Owner", "scope": "/" });
        let classic = json!({ "principalId": "NA(classic admins)", "roleDefinitionName": "ServiceAdministrator;AccountAdministrator", "scope": "/subscriptions/s" });
        let rows = json!([row("U1", "Reader"), row("u2", "Contributor"), group.clone(), classic]);
        let members = json!([{ "id": "g1", "members": [{ "id": "u1" }] }]);
        assert_eq!(roles(&rows, &members).as_deref(), Some("[\"Owner\",\"Reader\"]"));
        assert_eq!(roles(&rows, &json!([{ "id": "g1" }])), None, "members not collected");
        assert_eq!(roles(&rows, &Value::Null), None, "groups not collected");
        assert_eq!(roles(&json!([row("u1", "Reader")]), &Value::Null).as_deref(), Some("[\"Reader\"]"));
        assert_eq!(roles(&json!([]), &Value::Null).as_deref(), Some("[]"));
        assert_eq!(roles(&Value::Null, &members), None, "no assignments");
        assert_eq!(roles(&json!([{ "roleDefinitionName": "Owner" }]), &members), None, "of whom is not known");
        assert_eq!(
            roles(&json!([{ "principalId": "u1", "principalType": "User" }]), &members),
            None,
            "which is not known"
        );
    }
}
