//! Who may do what: directory roles, held or to be activated, and where they reach.
//!
//! Sources: Microsoft Graph's `directoryRole`, `unifiedRoleAssignment`, `unifiedRoleDefinition` and the schedule instances of
//! Privileged Identity Management; what each built-in role allows is in `rules/tables/roles.toml`. Roles are matched by template id:
//! the same role has had several names.

mod assignments;
mod has;
mod reset;
mod units;

use self::assignments::UNKNOWN_SCOPE;
pub use self::assignments::{Assignment, Assignments, RoleRef};
use self::has::Has;
pub use self::reset::RoleGroups;
use self::units::UNIT_SCOPE;
pub use self::units::Units;
use super::Object;
use super::known::{Known, Search, TargetOf};
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

/// What members may do without a role, as a template id.
const MEMBER: &str = "a0b1b346-4d3e-4e8b-98f8-753987be4970";

/// What guests may do without a role, as a template id.
const GUEST: &str = "10dae51f-b6af-4016-8d66-8c2a99b929b3";

impl Known<'_> {
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
        match (by_role, actor.get("accountEnabled").and_then(Raw::flag), is_pending(actor)) {
            (Some(May::No), ..) | (_, Some(false), _) | (.., Some(true)) => Some(May::No),
            (may, Some(true), Some(false)) => may,
            _ => None,
        }
    }

    /// Whether the tenant has a role of its own that allows something: who holds it is not among the members of directory roles.
    fn has_own_role_for(&self, operation: &str) -> bool {
        let definitions = self.role_definitions();
        let is_own =
            |definition: &std::sync::Arc<Object>| definition.get("isBuiltIn").and_then(Raw::flag) == Some(false);
        let own = definitions.iter().filter(|(_, same)| same.iter().any(is_own));
        own.into_iter().any(|(id, _)| self.grants(&self.role_ref(id, &definitions), operation) != Has::No)
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
                let is_kept = || self.is_kept_from(&assignment.scope, target);
                match operation {
                    "reset-password" => reaches.and(|| is_kept().not()).and(|| self.outranks(&assignment.role, target)),
                    // Microsoft lists what a role for the whole directory may not do to members of a restricted unit: licenses are
                    // not in that list, nor in the one of what it may.
                    "assign-license" | "remove-license" => {
                        reaches.and(|| if is_kept() == Has::No { Has::Yes } else { Has::Unknown })
                    }
                    _ => reaches,
                }
            }
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
        if !scope.starts_with(UNIT_SCOPE) {
            return Has::No;
        }
        match target() {
            Search::Object(target) => self.units().holds(scope, target.id().as_deref()),
            Search::Nothing => Has::No,
            Search::Unknown => Has::Unknown,
        }
    }

    /// The administrative units.
    fn units(&self) -> &Units {
        self.units.get_or_init(|| Units::of(self.tenant))
    }
}

/// Whether somebody was invited and has not accepted yet, and so cannot sign in; nothing if the export does not tell.
///
/// Source: Microsoft Graph's `user`, property `externalUserState`; whoever was invited is a guest, or has `#EXT#` in the sign-in name.
pub fn is_pending(user: &Object) -> Option<bool> {
    let is_guest = || user.text("userType").is_some_and(|kind| kind.eq_ignore_ascii_case("Guest"));
    let has_mark = || user.text("userPrincipalName").is_some_and(|name| name.to_lowercase().contains("#ext#"));
    match user.get("externalUserState") {
        Some(state) => Some(state.text().is_some_and(|state| state.eq_ignore_ascii_case("PendingAcceptance"))),
        None => (!is_guest() && !has_mark()).then_some(false),
    }
}

/// The ids of an object's members, in lower case; nothing if not all of them were collected. PowerShell shows them as null then.
pub(in crate::tenant) fn members_of(object: &Object) -> Option<Vec<String>> {
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

#[cfg(test)]
mod tests;
