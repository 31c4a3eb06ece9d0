//! Who holds which roles, as an export shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::has::Has;
use super::units::UNIT_SCOPE;
use super::{id_of, members_of};
use crate::json::Raw;
use crate::tenant::keys::KeySpace;
use crate::tenant::known::Known;
use crate::tenant::schema::Collection;
use crate::tenant::{Coverage, Object, as_of};

/// A role that a principal holds, or may activate.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The user's, group's or application's id, in lower case.
    pub principal: String,
    /// The role.
    pub role: RoleRef,
    /// Where it reaches: `/`, `/administrativeUnits/{id}`, `/{id}`.
    pub scope: String,
    /// It must be activated first.
    pub eligible: bool,
    /// It is in force at the export's date for certain.
    pub certain: bool,
}

/// The scope of an assignment whose scope was not collected.
pub(super) const UNKNOWN_SCOPE: &str = "?";

impl Assignment {
    /// Whether its role is one of these, by template id.
    pub(super) fn is_one_of(&self, roles: &[&str]) -> bool {
        matches!(&self.role, RoleRef::BuiltIn(template) if roles.contains(&template.as_str()))
    }
}

/// A role, as an assignment names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleRef {
    /// A built-in one, by template id in lower case.
    BuiltIn(String),
    /// One of the tenant's own: the actions it allows.
    Custom(Vec<String>),
    /// One that neither the tables nor the export describe, by id.
    Unknown(String),
}

/// All assignments of a tenant, and whether they are all.
#[derive(Debug)]
pub struct Assignments {
    pub(super) all: Vec<Assignment>,
    /// Every active assignment is known.
    pub(super) active_known: bool,
    /// They are known from the list of assignments, which holds those of the tenant's own roles too.
    pub(super) is_listed: bool,
    /// Every eligible assignment is known.
    pub(super) eligible_known: bool,
    /// The members of groups that hold roles, by group id; none where they were not collected.
    groups: BTreeMap<String, Option<Vec<String>>>,
    /// The applications among those that hold roles, by id, as far as the assignments say so.
    applications: BTreeSet<String>,
}

/// The definitions of roles, by id.
pub(super) type Definitions = BTreeMap<String, Vec<Arc<Object>>>;

impl Known<'_> {
    /// All role assignments.
    pub fn assignments(&self) -> &Assignments {
        self.roles.get_or_init(|| self.read_assignments())
    }

    fn read_assignments(&self) -> Assignments {
        use Collection as C;
        let tenant = self.tenant;
        let mut all = Vec::new();
        let mut no_groups = BTreeSet::new();
        let mut applications = BTreeSet::new();
        let mut roles_by_object = BTreeMap::new();
        let definitions = self.role_definitions();
        for role in tenant.all(C::DirectoryRoles) {
            let Some(template) = role.text("roleTemplateId") else { continue };
            if let Some(id) = role.id() {
                roles_by_object.insert(id, template.to_lowercase());
            }
            let role_ref = self.role_ref(&template, &definitions);
            for member in role.get("members").unwrap_or(Raw::NULL).items() {
                let Some(principal) = id_of(member) else { continue };
                no_groups.extend(is_no_group(member).then(|| principal.clone()));
                applications.extend(is_application(member).then(|| principal.clone()));
                all.push(Assignment {
                    principal,
                    role: role_ref.clone(),
                    scope: "/".to_owned(),
                    eligible: false,
                    certain: true,
                });
            }
        }
        for unit in tenant.all(C::AdministrativeUnits) {
            let Some(unit_id) = unit.id() else { continue };
            for member in unit.get("scopedRoleMembers").unwrap_or(Raw::NULL).items() {
                let role = member.get("roleId").and_then(Raw::text).map(|id| id.to_lowercase());
                let person = member.get("roleMemberInfo").and_then(|info| info.get("id")).and_then(Raw::text);
                if let (Some(role), Some(person)) = (role, person) {
                    let role = roles_by_object
                        .get(&role)
                        .map_or(RoleRef::Unknown(role), |template| self.role_ref(template, &definitions));
                    let scope = format!("{UNIT_SCOPE}{unit_id}");
                    all.push(Assignment {
                        principal: person.to_lowercase(),
                        role,
                        scope,
                        eligible: false,
                        certain: true,
                    });
                }
            }
        }
        for (collection, eligible) in [
            (C::RoleAssignments, false),
            (C::RoleAssignmentScheduleInstances, false),
            (C::RoleEligibilityScheduleInstances, true),
        ] {
            for assignment in tenant.all(collection) {
                let (Some(principal), Some(role)) =
                    (assignment.text("principalId"), assignment.text("roleDefinitionId"))
                else {
                    continue;
                };
                let current = self.is_current(&assignment);
                if current == Has::No {
                    continue;
                }
                let principal = principal.to_lowercase();
                if let Some(shown) = assignment.get("principal") {
                    no_groups.extend(is_no_group(shown).then(|| principal.clone()));
                    applications.extend(is_application(shown).then(|| principal.clone()));
                }
                let scope = match assignment.get("directoryScopeId") {
                    Some(scope) if scope.is_empty() => "/".to_owned(),
                    Some(scope) => scope.display().into_owned(),
                    None => UNKNOWN_SCOPE.to_owned(),
                };
                all.push(Assignment {
                    principal,
                    role: self.role_ref(&role, &definitions),
                    scope,
                    eligible,
                    certain: current == Has::Yes,
                });
            }
        }
        let complete =
            |collection, property: &str| tenant.is_complete(collection) && tenant.has_everywhere(collection, property);
        let is_listed = complete(C::RoleAssignments, "principalId") && complete(C::RoleAssignments, "roleDefinitionId");
        let active_known = is_listed
            || complete(C::DirectoryRoles, "members")
                && complete(C::DirectoryRoles, "roleTemplateId")
                // PowerShell shows members as null where they were not asked for.
                && tenant.all(C::DirectoryRoles).all(|role| members_of(&role).is_some());
        let eligible_known = complete(C::RoleEligibilityScheduleInstances, "principalId")
            && complete(C::RoleEligibilityScheduleInstances, "roleDefinitionId");
        let groups = self.role_groups(&all, &no_groups);
        Assignments { all, active_known, is_listed, eligible_known, groups, applications }
    }

    /// Whether a schedule is in force at the export's date.
    fn is_current(&self, assignment: &Object) -> Has {
        let Some(now) = self.tenant.as_of() else { return Has::Yes };
        let date = |name| assignment.text(name).and_then(|text| as_of::timestamp(&text));
        if date("endDateTime").is_some_and(|end| end <= now.value) {
            Has::No
        } else if date("startDateTime").is_none_or(|start| start <= now.value) {
            Has::Yes
        } else if now.is_exact {
            Has::No
        } else {
            Has::Unknown // the export may be newer than anything in it shows
        }
    }

    /// The definitions of roles, by id: each assignment asks for its own.
    pub(super) fn role_definitions(&self) -> Definitions {
        let mut definitions = Definitions::new();
        for definition in self.tenant.all(Collection::RoleDefinitions) {
            if let Some(id) = definition.id() {
                definitions.entry(id).or_default().push(definition);
            }
        }
        definitions
    }

    pub(super) fn role_ref(&self, id: &str, definitions: &Definitions) -> RoleRef {
        let id = id.to_lowercase();
        if self.tables.role(&id).is_some() {
            return RoleRef::BuiltIn(id);
        }
        for definition in definitions.get(&id).into_iter().flatten() {
            if let Some(template) =
                definition.text("templateId").filter(|template| self.tables.role(template).is_some())
            {
                return RoleRef::BuiltIn(template.to_lowercase());
            }
            if definition.get("isEnabled").and_then(Raw::flag) == Some(false) {
                return RoleRef::Custom(Vec::new());
            }
            // Cut off by depth, permissions are texts that name no action.
            let actions = |permission: Raw<'_>| {
                permission.get("allowedResourceActions").filter(|actions| actions.is_list()).map(texts_of)
            };
            let permissions = definition.get("rolePermissions").filter(|permissions| permissions.is_list());
            if let Some(actions) =
                permissions.and_then(|permissions| permissions.items().map(actions).collect::<Option<Vec<_>>>())
            {
                return RoleRef::Custom(actions.concat());
            }
        }
        RoleRef::Unknown(id)
    }

    /// The members of the groups among the principals.
    fn role_groups(&self, all: &[Assignment], no_groups: &BTreeSet<String>) -> BTreeMap<String, Option<Vec<String>>> {
        let mut groups = BTreeMap::new();
        for principal in all.iter().map(|assignment| &assignment.principal) {
            if groups.contains_key(principal) || no_groups.contains(principal) {
                continue;
            }
            let find = |collection| {
                let found = self.tenant.candidates(collection, KeySpace::Id, principal);
                found.into_iter().find(|object| object.id().as_ref() == Some(principal))
            };
            if find(Collection::Users).is_some() || find(Collection::ServicePrincipals).is_some() {
                continue;
            }
            match find(Collection::Groups) {
                Some(group) => {
                    groups.insert(principal.clone(), members_of(&group));
                }
                // Not a user, not an application, not a known group: where groups were not all collected, it may be one.
                None if self.tenant.coverage(Collection::Groups) != Coverage::Complete => {
                    groups.insert(principal.clone(), None);
                }
                None => {}
            }
        }
        groups
    }

    /// The template ids of the roles that a user holds everywhere and now.
    pub fn directory_roles(&self, user: &Object) -> Option<Vec<String>> {
        let id = user.id()?;
        let assignments = self.assignments();
        if !assignments.active_known {
            return None;
        }
        let mut roles = Vec::new();
        for assignment in assignments.all.iter().filter(|assignment| !assignment.eligible && assignment.scope == "/") {
            match (assignments.holds(assignment, &id), &assignment.role) {
                (Has::No, _) => {}
                (Has::Unknown, _) | (Has::Yes, RoleRef::Unknown(_)) => return None,
                (Has::Yes, RoleRef::BuiltIn(template)) => roles.push(template.clone()),
                (Has::Yes, RoleRef::Custom(_)) => {}
            }
        }
        roles.sort();
        roles.dedup();
        Some(roles)
    }

    /// Whether a user holds any role now, wherever it reaches and whoever made it.
    pub fn is_administrator(&self, user: &Object) -> Option<bool> {
        let id = user.id()?;
        let assignments = self.assignments();
        let own = assignments.all.iter().filter(|held| !held.eligible).map(|held| assignments.holds(held, &id));
        match own.fold(if assignments.active_known { Has::No } else { Has::Unknown }, Has::or) {
            Has::Yes => Some(true),
            Has::No => Some(false),
            Has::Unknown => None,
        }
    }

    /// Who holds one of these roles, or may activate it, for a part of the tenant, by id; and whether these are all.
    pub fn holders_in_parts(&self, roles: &[&str]) -> (Vec<String>, bool) {
        let assignments = self.assignments();
        let mut known = assignments.active_known && assignments.eligible_known;
        let mut holders = Vec::new();
        let in_parts = |held: &&Assignment| held.scope.starts_with(UNIT_SCOPE) && held.is_one_of(roles);
        for held in assignments.all.iter().filter(in_parts) {
            match assignments.groups.get(&held.principal) {
                Some(Some(members)) => holders.extend(members.iter().cloned()),
                Some(None) => known = false,
                None => holders.push(held.principal.clone()),
            }
        }
        (holders, known)
    }

    /// Who holds one of these roles (template ids) everywhere: the ids of principals taken apart into people, and whether these
    /// are all.
    pub fn holders(&self, roles: &[&str], eligible: bool) -> (Vec<String>, bool) {
        let assignments = self.assignments();
        let mut holders = Vec::new();
        let mut known = if eligible { assignments.eligible_known } else { assignments.active_known };
        for assignment in &assignments.all {
            // Nobody is in such a group until they activate their membership, and who may is in no export.
            let is_activated_into = assignments.groups.get(&assignment.principal).is_some_and(
                |members| matches!((members, &assignment.role), (Some(members), RoleRef::BuiltIn(role)) if members.is_empty() && roles.contains(&role.as_str())),
            );
            known &= !(eligible && is_activated_into);
            if assignment.eligible != eligible || assignment.scope != "/" && assignment.scope != UNKNOWN_SCOPE {
                continue;
            }
            if assignment.scope == UNKNOWN_SCOPE {
                known = false;
                continue;
            }
            match &assignment.role {
                RoleRef::BuiltIn(template) if roles.contains(&template.as_str()) => {}
                RoleRef::Unknown(_) => {
                    known = false;
                    continue;
                }
                _ => continue,
            }
            match assignments.groups.get(&assignment.principal) {
                Some(Some(members)) => holders.extend(members.iter().cloned()),
                Some(None) => known = false,
                None => holders.push(assignment.principal.clone()),
            }
        }
        holders.sort();
        holders.dedup();
        (holders, known)
    }

    /// Whether somebody who holds a role is an application.
    pub fn is_application(&self, id: &str) -> bool {
        let mut found = self.tenant.candidates(Collection::ServicePrincipals, KeySpace::Id, id).into_iter();
        self.assignments().applications.contains(id) || found.any(|object| object.id().as_deref() == Some(id))
    }
}

impl Assignments {
    /// Whether a person holds an assignment, directly or as a direct member of a group.
    pub(super) fn holds(&self, assignment: &Assignment, id: &str) -> Has {
        let certain = if assignment.certain { Has::Yes } else { Has::Unknown };
        if assignment.principal == id {
            return certain;
        }
        match self.groups.get(&assignment.principal) {
            Some(Some(members)) if members.iter().any(|member| member == id) => certain,
            Some(None) => Has::Unknown,
            _ => Has::No,
        }
    }
}

fn is_no_group(principal: Raw<'_>) -> bool {
    is_application(principal) || has_type(principal, ".user")
}

fn is_application(principal: Raw<'_>) -> bool {
    has_type(principal, ".servicePrincipal")
}

fn has_type(principal: Raw<'_>, ending: &str) -> bool {
    let own = principal.get("@odata.type").or_else(|| principal.get("AdditionalProperties")?.get("@odata.type"));
    own.and_then(Raw::text).is_some_and(|kind| kind.ends_with(ending))
}

/// The texts in a list.
pub(super) fn texts_of(list: Raw<'_>) -> Vec<String> {
    list.items().filter_map(|item| Some(item.text()?.into_owned())).collect()
}
