//! Who may do what: directory roles, held or to be activated, and where they reach.
//!
//! Sources: Microsoft Graph's `directoryRole`, `unifiedRoleAssignment`, `unifiedRoleDefinition` and the schedule instances of
//! Privileged Identity Management; what each built-in role allows is in `rules/tables/roles.toml`. Roles are matched by template id:
//! the same role has had several names.

use std::collections::{BTreeMap, BTreeSet};

use super::known::{Known, Search, TargetOf};
use super::{Coverage, Object, as_of};
use crate::dump::is_lost;
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
    /// It is in force at the export's date for certain.
    pub certain: bool,
}

/// What members may do without a role, as a template id.
const MEMBER: &str = "a0b1b346-4d3e-4e8b-98f8-753987be4970";

/// What guests may do without a role, as a template id.
const GUEST: &str = "10dae51f-b6af-4016-8d66-8c2a99b929b3";

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
    /// They are known from the list of assignments, which holds those of the tenant's own roles too.
    is_listed: bool,
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
        let mut no_groups = BTreeSet::new();
        let mut roles_by_object = BTreeMap::new();
        for role in tenant.all(C::DirectoryRoles) {
            let Some(template) = role.text("roleTemplateId") else { continue };
            if let Some(id) = role.id() {
                roles_by_object.insert(id, template.to_lowercase());
            }
            let role_ref = self.role_ref(&template);
            for member in role.get("members").unwrap_or(Raw::NULL).items() {
                let Some(principal) = id_of(member) else { continue };
                no_groups.extend(is_no_group(member).then(|| principal.clone()));
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
                    let role =
                        roles_by_object.get(&role).map_or(RoleRef::Unknown(role), |template| self.role_ref(template));
                    let scope = format!("/administrativeUnits/{unit_id}");
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
                if assignment.get("principal").is_some_and(is_no_group) {
                    no_groups.insert(principal.clone());
                }
                let scope = match assignment.get("directoryScopeId") {
                    Some(scope) if scope.is_empty() => "/".to_owned(),
                    Some(scope) => scope.display().into_owned(),
                    None => UNKNOWN_SCOPE.to_owned(),
                };
                all.push(Assignment {
                    principal,
                    role: self.role_ref(&role),
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
        Assignments { all, active_known, is_listed, eligible_known, groups }
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

    fn role_ref(&self, id: &str) -> RoleRef {
        let id = id.to_lowercase();
        if self.tables.role(&id).is_some() {
            return RoleRef::BuiltIn(id);
        }
        for definition in self.tenant.all(Collection::RoleDefinitions) {
            if definition.id().as_deref() != Some(&id) {
                continue;
            }
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
                let found = self.tenant.candidates(collection, super::keys::KeySpace::Id, principal);
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

    /// Whether somebody may do something to the target of a request; nothing if it cannot be told.
    pub fn may(&self, actor: &Object, operation: &str, target: &TargetOf<'_>) -> Option<May> {
        let id = actor.id()?;
        let is_license = matches!(operation, "assign-license" | "remove-license");
        if !is_license && !self.tables.operations().any(|known| known == operation) {
            return None; // the tables do not say who may
        }
        let assignments = self.assignments();
        let has = |eligible: bool, known: bool| {
            let relevant = assignments.all.iter().filter(|assignment| assignment.eligible == eligible);
            let found = relevant.fold(Has::No, |has, assignment| {
                has.or(assignments.holds(assignment, &id).and(|| self.allows(assignment, operation, target)))
            });
            if found == Has::No && !known { Has::Unknown } else { found }
        };
        let own_roles_known = assignments.is_listed || !self.has_own_role_for(operation);
        let by_role = match has(false, assignments.active_known && own_roles_known) {
            Has::Yes => Some(May::Yes),
            Has::Unknown => None,
            Has::No => match has(true, assignments.eligible_known) {
                Has::Yes => Some(May::MustActivate),
                Has::Unknown => None,
                Has::No => Some(May::No),
            },
        };
        let by_role = match self.everyone_may(actor, operation) {
            Has::Yes => Some(May::Yes),
            Has::Unknown if by_role != Some(May::Yes) => None,
            _ => by_role,
        };
        let by_role = match (operation, by_role) {
            ("invite-guest", Some(May::Yes | May::MustActivate)) => match self.nobody_may_invite() {
                Some(true) => Some(May::No),
                Some(false) => by_role,
                None => None,
            },
            _ => by_role,
        };
        match (by_role, actor.get("accountEnabled").and_then(Raw::flag)) {
            (Some(May::No), _) | (_, Some(false)) => Some(May::No),
            (may, Some(true)) => may,
            (_, None) => None,
        }
    }

    /// Whether the tenant has a role of its own that allows something: who holds it is not among the members of directory roles.
    fn has_own_role_for(&self, operation: &str) -> bool {
        let definitions = self.tenant.all(Collection::RoleDefinitions);
        let own = definitions.filter(|definition| definition.get("isBuiltIn").and_then(Raw::flag) == Some(false));
        own.filter_map(|definition| definition.id()).any(|id| self.grants(&self.role_ref(&id), operation) != Has::No)
    }

    /// Whether somebody may do something without any role.
    fn everyone_may(&self, actor: &Object, operation: &str) -> Has {
        let listed = |id| self.tables.everyone_may(id).iter().any(|may| **may == *operation);
        if !listed(MEMBER) && !listed(GUEST) {
            return Has::No;
        }
        if operation != "invite-guest" {
            return Has::Unknown; // other settings decide, which no export holds
        }
        let policy =
            self.tenant.all(Collection::AuthorizationPolicy).find_map(|policy| policy.text("allowInvitesFrom"));
        match policy.as_deref() {
            Some("everyone") => match actor.text("userType").as_deref() {
                Some("Member") => Has::Yes,
                _ => self.guests_may_invite(),
            },
            Some("adminsGuestInvitersAndAllMembers") => match actor.text("userType").as_deref() {
                Some("Member") => Has::Yes,
                Some("Guest") => Has::No,
                _ => Has::Unknown,
            },
            Some("adminsAndGuestInviters" | "none") => Has::No,
            _ => Has::Unknown,
        }
    }

    /// Whether guests may invite where everybody may: not those whose access is restricted to their own objects.
    fn guests_may_invite(&self) -> Has {
        let role = self.tenant.all(Collection::AuthorizationPolicy).find_map(|policy| policy.text("guestUserRoleId"));
        match role {
            Some(role) if self.tables.everyone_may(&role.to_lowercase()).iter().any(|may| &**may == "invite-guest") => {
                Has::Yes
            }
            Some(_) => Has::Unknown,
            None => Has::Yes,
        }
    }

    /// Whether inviting is switched off for everybody, administrators too; nothing if the policy was not collected.
    fn nobody_may_invite(&self) -> Option<bool> {
        let mut policies = self.tenant.all(Collection::AuthorizationPolicy);
        policies.find_map(|policy| policy.text("allowInvitesFrom")).map(|from| from == "none")
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
            // What is created or invited is in no administrative unit yet.
            Has::Yes if matches!(operation, "create-user" | "invite-guest") => {
                self.reaches(&assignment.scope, &|| Search::Nothing)
            }
            Has::Unknown if assignment.scope != "/" => match self.reaches(&assignment.scope, target) {
                Has::No => Has::No,
                _ => Has::Unknown,
            },
            Has::Yes => {
                let reaches = self.reaches(&assignment.scope, target);
                if operation == "reset-password" {
                    reaches.and(|| self.outranks(&assignment.role, target))
                } else {
                    reaches
                }
            }
            other => other,
        }
    }

    /// Whether a role may reset the target's password: every role of the target must be one that it may reset.
    fn outranks(&self, role: &RoleRef, target: &TargetOf<'_>) -> Has {
        let row = match role {
            RoleRef::BuiltIn(template) => {
                let name = self.tables.role(template).map_or("", |role| role.name);
                self.tables.password_resets().find(|row| row.resetter == name)
            }
            _ => None,
        };
        // Whom another role may reset is not documented.
        let Some(row) = row else { return Has::Unknown };
        let may_reset = |name: &str| row.may_reset.iter().any(|role| **role == *name);
        let any_role = may_reset("(other)");
        let any_person = any_role && may_reset("(role-assignable group)");
        let target = match target() {
            Search::Object(target) if target.collection == Collection::Users => target,
            Search::Object(_) | Search::Nothing => return Has::Yes, // nobody outranks
            Search::Unknown => return if any_person { Has::Yes } else { Has::Unknown },
        };
        if any_person {
            return Has::Yes;
        }
        let Some(id) = target.id() else { return Has::Unknown };
        let assignments = self.assignments();
        let mut answer = if assignments.active_known { Has::Yes } else { Has::Unknown };
        for assignment in assignments.all.iter().filter(|assignment| !assignment.eligible) {
            let allowed = match &assignment.role {
                RoleRef::BuiltIn(template) => {
                    self.tables.role(template).is_some_and(|role| may_reset(role.name)) || any_role
                }
                RoleRef::Custom(_) | RoleRef::Unknown(_) => any_role,
            };
            if !allowed {
                match assignments
                    .holds(assignment, &id)
                    .and(|| if matches!(assignment.role, RoleRef::BuiltIn(_)) { Has::Yes } else { Has::Unknown })
                {
                    Has::Yes => return Has::No,
                    Has::Unknown => answer = Has::Unknown,
                    Has::No => {}
                }
            }
        }
        answer.and(|| self.is_in_role_group(&id).not())
    }

    /// Whether somebody is a member of a group that may hold roles.
    fn is_in_role_group(&self, id: &str) -> Has {
        let groups = || self.tenant.all(Collection::Groups);
        let is_complete = self.tenant.is_complete(Collection::Groups);
        let start = if is_complete { Has::No } else { Has::Unknown };
        groups().fold(start, |has, group| {
            has.or(match group.get("isAssignableToRole").map(Raw::flag) {
                Some(Some(true)) => match members_of(&group) {
                    Some(members) if members.iter().any(|member| member == id) => Has::Yes,
                    Some(_) => Has::No,
                    None => Has::Unknown,
                },
                Some(_) => Has::No,
                None => Has::Unknown,
            })
        })
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
        let known = self
            .tenant
            .all(Collection::AdministrativeUnits)
            .find(|known| known.id().is_some_and(|id| id.eq_ignore_ascii_case(unit)));
        match known.and_then(|unit| members_of(&unit)) {
            Some(members) => {
                target.id().map_or(Has::Unknown, |id| if members.contains(&id) { Has::Yes } else { Has::No })
            }
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
                (Has::Unknown, _) | (Has::Yes, RoleRef::Unknown(_)) => return None,
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

impl Has {
    fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::Unknown => {
                if other() == Self::No {
                    Self::No
                } else {
                    Self::Unknown
                }
            }
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// The ids of an object's members, in lower case; nothing if not all of them were collected. PowerShell shows them as null then.
pub(super) fn members_of(object: &Object) -> Option<Vec<String>> {
    if object.is_cut("members") {
        return None;
    }
    let members = object.get("members").filter(|members| !members.is_null())?;
    members.items().map(id_of).collect()
}

/// The id of an object, or an id itself, in lower case.
pub(super) fn id_of(item: Raw<'_>) -> Option<String> {
    let id = if item.is_text() { item.text().filter(|id| !is_lost(id)) } else { item.get("id")?.text() };
    id.map(|id| id.to_lowercase())
}

/// Whether what is known of a principal shows that it is no group.
fn is_no_group(principal: Raw<'_>) -> bool {
    let own = principal.get("@odata.type").or_else(|| principal.get("AdditionalProperties")?.get("@odata.type"));
    own.and_then(Raw::text).is_some_and(|kind| kind.ends_with(".user") || kind.ends_with(".servicePrincipal"))
}

fn texts_of(list: Raw<'_>) -> Vec<String> {
    list.items().filter_map(|item| Some(item.text()?.into_owned())).collect()
}

#[cfg(test)]
mod tests;
