//! Who may do what: directory roles, held or to be activated, and where they reach.
//!
//! Sources: Microsoft Graph's `directoryRole`, `unifiedRoleAssignment`, `unifiedRoleDefinition` and the schedule instances of
//! Privileged Identity Management; what each built-in role allows is in `rules/tables/roles.toml`. Roles are matched by template id:
//! the same role has had several names.

use std::collections::BTreeMap;

use super::known::{Known, Search, TargetOf};
use super::{Coverage, Object, as_of};
use crate::json::Raw;
use crate::tenant::schema::Collection;

/// Whether somebody may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Yes.
    Yes,
    /// After activating a role that they are eligible for.
    MustActivate,
    /// No.
    No,
}

impl May {
    /// The word in rules.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::MustActivate => "must-activate",
            Self::No => "no",
        }
    }
}

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
}

/// The scope of an assignment whose scope was not collected.
const UNKNOWN_SCOPE: &str = "?";

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
    all: Vec<Assignment>,
    /// Every active assignment is known.
    active_known: bool,
    /// Every eligible assignment is known.
    eligible_known: bool,
    /// The members of groups that hold roles, by group id; none where they were not collected.
    groups: BTreeMap<String, Option<Vec<String>>>,
}

/// Kleene's or over "has it": yes, no, cannot tell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Has {
    Yes,
    No,
    Unknown,
}

impl Has {
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::No,
        }
    }
}

impl Known<'_> {
    /// All role assignments.
    pub fn assignments(&self) -> &Assignments {
        self.roles.get_or_init(|| self.read_assignments())
    }

    fn read_assignments(&self) -> Assignments {
        use Collection as C;
        let tenant = self.tenant;
        let mut all = Vec::new();
        let mut roles_by_object = BTreeMap::new();
        for role in tenant.all(C::DirectoryRoles) {
            let Some(template) = role.text("roleTemplateId") else { continue };
            if let Some(id) = role.id() {
                roles_by_object.insert(id, template.to_lowercase());
            }
            for member in ids(role.get("members")) {
                all.push(Assignment { principal: member, role: self.role_ref(&template), scope: "/".to_owned(), eligible: false });
            }
        }
        for unit in tenant.all(C::AdministrativeUnits) {
            let Some(unit_id) = unit.id() else { continue };
            for member in unit.get("scopedRoleMembers").unwrap_or(Raw::NULL).items() {
                let role = member.get("roleId").and_then(Raw::text).map(|id| id.to_lowercase());
                let person = member.get("roleMemberInfo").and_then(|info| info.get("id")).and_then(Raw::text);
                if let (Some(role), Some(person)) = (role, person) {
                    let role = roles_by_object.get(&role).map_or(RoleRef::Unknown(role), |template| self.role_ref(template));
                    let scope = format!("/administrativeUnits/{unit_id}");
                    all.push(Assignment { principal: person.to_lowercase(), role, scope, eligible: false });
                }
            }
        }
        for (collection, eligible) in [
            (C::RoleAssignments, false),
            (C::RoleAssignmentScheduleInstances, false),
            (C::RoleEligibilityScheduleInstances, true),
        ] {
            for assignment in tenant.all(collection) {
                let (Some(principal), Some(role)) = (assignment.text("principalId"), assignment.text("roleDefinitionId")) else {
                    continue;
                };
                if !self.is_current(&assignment) {
                    continue;
                }
                let scope = match assignment.get("directoryScopeId") {
                    Some(scope) if scope.is_empty() => "/".to_owned(),
                    Some(scope) => scope.display().into_owned(),
                    None => UNKNOWN_SCOPE.to_owned(),
                };
                all.push(Assignment { principal: principal.to_lowercase(), role: self.role_ref(&role), scope, eligible });
            }
        }
        let complete = |collection, property: &str| tenant.is_complete(collection) && tenant.has_everywhere(collection, property);
        let active_known = complete(C::RoleAssignments, "principalId") && complete(C::RoleAssignments, "roleDefinitionId")
            || complete(C::DirectoryRoles, "members") && complete(C::DirectoryRoles, "roleTemplateId");
        let eligible_known = complete(C::RoleEligibilityScheduleInstances, "principalId")
            && complete(C::RoleEligibilityScheduleInstances, "roleDefinitionId");
        let groups = self.role_groups(&all);
        Assignments { all, active_known, eligible_known, groups }
    }

    /// Whether a schedule is in force at the export's date.
    fn is_current(&self, assignment: &Object) -> bool {
        let Some(now) = self.tenant.as_of() else { return true };
        let date = |name| assignment.text(name).and_then(|text| as_of::timestamp(&text));
        date("startDateTime").is_none_or(|start| start <= now.value) && date("endDateTime").is_none_or(|end| end > now.value)
    }

    fn role_ref(&self, id: &str) -> RoleRef {
        let id = id.to_lowercase();
        if self.tables.role(&id).is_some() {
            return RoleRef::BuiltIn(id);
        }
        for definition in self.tenant.all(Collection::RoleDefinitions) {
            if definition.id().as_deref() != Some(&id) {
                continue;
            }
            if let Some(template) = definition.text("templateId").filter(|template| self.tables.role(template).is_some()) {
                return RoleRef::BuiltIn(template.to_lowercase());
            }
            if definition.get("isEnabled").and_then(Raw::flag) == Some(false) {
                return RoleRef::Custom(Vec::new());
            }
            if let Some(permissions) = definition.get("rolePermissions") {
                let actions = permissions.items().filter_map(|permission| permission.get("allowedResourceActions"));
                return RoleRef::Custom(actions.flat_map(Raw::items).filter_map(|action| Some(action.text()?.into_owned())).collect());
            }
        }
        RoleRef::Unknown(id)
    }

    /// The members of the groups among the principals.
    fn role_groups(&self, all: &[Assignment]) -> BTreeMap<String, Option<Vec<String>>> {
        let mut groups = BTreeMap::new();
        for principal in all.iter().map(|assignment| &assignment.principal) {
            if groups.contains_key(principal) {
                continue;
            }
            let find = |collection| {
                let found = self.tenant.candidates(collection, super::keys::KeySpace::Id, principal);
                found.into_iter().find(|object| object.id().as_ref() == Some(principal))
            };
            if find(Collection::Users).is_some() || find(Collection::ServicePrincipals).is_some() {
                continue;
            }
            match find(Collection::Groups) {
                Some(group) => {
                    groups.insert(principal.clone(), group.get("members").map(|members| ids(Some(members))));
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

    /// Whether somebody may do something to the target of a request; nothing if it cannot be told.
    pub fn may(&self, actor: &Object, operation: &str, target: &TargetOf<'_>) -> Option<May> {
        let id = actor.id()?;
        let assignments = self.assignments();
        let has = |eligible: bool, known: bool| {
            let relevant = assignments.all.iter().filter(|assignment| assignment.eligible == eligible);
            let found = relevant.fold(Has::No, |has, assignment| {
                has.or(assignments.holds(assignment, &id).and(|| self.allows(assignment, operation, target)))
            });
            if found == Has::No && !known { Has::Unknown } else { found }
        };
        let by_role = match has(false, assignments.active_known) {
            Has::Yes => Some(May::Yes),
            Has::Unknown => None,
            Has::No => match has(true, assignments.eligible_known) {
                Has::Yes => Some(May::MustActivate),
                Has::Unknown => None,
                Has::No => Some(May::No),
            },
        };
        match (by_role, actor.get("accountEnabled").and_then(Raw::flag)) {
            (Some(May::No), _) | (_, Some(false)) => Some(May::No),
            (may, Some(true)) => may,
            (_, None) => None,
        }
    }

    /// Whether an assignment allows an operation on the target.
    fn allows(&self, assignment: &Assignment, operation: &str, target: &TargetOf<'_>) -> Has {
        let (user, group, role_group) =
            ("assign-license", "assign-license-to-group", "assign-license-to-role-assignable-group");
        let possible: &[&str] = match operation {
            "assign-license" | "remove-license" => match target() {
                Search::Object(object) if object.collection == Collection::Groups => {
                    match object.get("isAssignableToRole").map(|flag| flag.flag()) {
                        Some(Some(true)) => &[role_group],
                        Some(_) => &[group],
                        None => &[group, role_group],
                    }
                }
                Search::Object(_) | Search::Nothing => &[user],
                Search::Unknown => &[user, group, role_group],
            },
            other => &[other],
        };
        let mut grants = possible.iter().map(|operation| self.grants(&assignment.role, operation));
        let first = grants.next().unwrap_or(Has::No);
        match if grants.all(|other| other == first) { first } else { Has::Unknown } {
            // What is created is in no administrative unit yet.
            Has::Yes if operation == "create-user" => self.reaches(&assignment.scope, &|| Search::Nothing),
            Has::Unknown if assignment.scope != "/" => match self.reaches(&assignment.scope, target) {
                Has::No => Has::No,
                _ => Has::Unknown,
            },
            Has::Yes => self.reaches(&assignment.scope, target),
            other => other,
        }
    }

    /// Whether a role allows an operation.
    fn grants(&self, role: &RoleRef, operation: &str) -> Has {
        let granted = match role {
            RoleRef::BuiltIn(template) => self.tables.may(template).iter().any(|may| **may == *operation),
            RoleRef::Custom(actions) => {
                let granting = self.tables.actions(operation);
                actions.iter().any(|action| granting.iter().any(|granting| granting.eq_ignore_ascii_case(action)))
            }
            RoleRef::Unknown(_) => return Has::Unknown,
        };
        if granted { Has::Yes } else { Has::No }
    }

    /// Whether a scope reaches the target. What has no target, such as a new user, needs the whole tenant.
    fn reaches(&self, scope: &str, target: &TargetOf<'_>) -> Has {
        match scope {
            "/" => return Has::Yes,
            UNKNOWN_SCOPE => return Has::Unknown,
            _ => {}
        }
        let Some(unit) = scope.strip_prefix("/administrativeUnits/") else { return Has::No };
        let target = match target() {
            Search::Object(target) => target,
            Search::Nothing => return Has::No,
            Search::Unknown => return Has::Unknown,
        };
        let known = self.tenant.all(Collection::AdministrativeUnits).find(|known| known.id().is_some_and(|id| id.eq_ignore_ascii_case(unit)));
        match known.and_then(|unit| unit.get("members").map(|members| ids(Some(members)))) {
            Some(members) => target.id().map_or(Has::Unknown, |id| if members.contains(&id) { Has::Yes } else { Has::No }),
            None => Has::Unknown,
        }
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
                (Has::Unknown, _) => return None,
                (Has::Yes, RoleRef::BuiltIn(template)) => roles.push(template.clone()),
                (Has::Yes, _) => {}
            }
        }
        roles.sort();
        roles.dedup();
        Some(roles)
    }

    /// Who holds one of these roles (template ids) everywhere: the ids of principals taken apart into people, and whether these
    /// are all.
    pub fn holders(&self, roles: &[&str], eligible: bool) -> (Vec<String>, bool) {
        let assignments = self.assignments();
        let mut holders = Vec::new();
        let mut known = if eligible { assignments.eligible_known } else { assignments.active_known };
        for assignment in &assignments.all {
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
}

impl Assignments {
    /// Whether a person holds an assignment, directly or as a direct member of a group.
    fn holds(&self, assignment: &Assignment, id: &str) -> Has {
        if assignment.principal == id {
            return Has::Yes;
        }
        match self.groups.get(&assignment.principal) {
            Some(Some(members)) if members.iter().any(|member| member == id) => Has::Yes,
            Some(None) => Has::Unknown,
            _ => Has::No,
        }
    }
}

impl Has {
    fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::Unknown => if other() == Self::No { Self::No } else { Self::Unknown },
        }
    }
}

/// The ids in a list of objects or of ids, in lower case.
fn ids(list: Option<Raw<'_>>) -> Vec<String> {
    let items = list.into_iter().flat_map(Raw::items);
    let id = |item: Raw<'_>| if item.is_text() { item.text() } else { item.get("id")?.text() }.map(|id| id.to_lowercase());
    items.filter_map(id).collect()
}
