//! Whose password somebody may reset: not that of everybody whom their role reaches.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::has::Has;
use super::{May, RoleRef, members_of};
use crate::json::Raw;
use crate::tenant::known::{Known, Search, TargetOf};
use crate::tenant::schema::Collection;
use crate::tenant::{Object, Tenant};

impl Known<'_> {
    /// Whether the target is in an administrative unit whose members only its own administrators manage, and the scope is not that unit.
    ///
    /// Source: Microsoft Entra's page on restricted management administrative units: nobody with a role for the whole tenant may reset
    /// the passwords of their members, a Global Administrator included.
    pub(super) fn is_kept_from(&self, scope: &str, target: &TargetOf<'_>) -> Has {
        let id = match target() {
            Search::Object(target) if matches!(target.collection, Collection::Users | Collection::Groups) => {
                target.id()
            }
            Search::Object(_) | Search::Nothing => return Has::No,
            Search::Unknown => None,
        };
        self.units().keep(id.as_deref(), scope)
    }

    /// Whether a principal, by id, may change somebody's account by one of these roles (template ids); nothing if that cannot be told.
    pub fn may_change_account(&self, id: &str, roles: &[&str], person: &Arc<Object>) -> Option<May> {
        let target: &TargetOf<'_> = &|| Search::Object(Arc::clone(person));
        let assignments = self.assignments();
        let has = |eligible: bool, known: bool| {
            let own = assignments.all.iter().filter(|held| held.eligible == eligible && held.is_one_of(roles));
            let found = own.fold(Has::No, |has, held| {
                let reaches = || self.reaches(&held.scope, target).and(|| self.is_kept_from(&held.scope, target).not());
                has.or(assignments.holds(held, id).and(reaches).and(|| self.outranks(&held.role, target)))
            });
            if found == Has::No && !known { Has::Unknown } else { found }
        };
        match (has(false, assignments.active_known), has(true, assignments.eligible_known)) {
            (Has::Yes, _) => Some(May::Yes),
            (Has::Unknown, _) | (_, Has::Unknown) => None,
            (Has::No, Has::Yes) => Some(May::MustActivate),
            (Has::No, Has::No) => Some(May::No),
        }
    }

    /// Whether nobody but those whose role is given over their administrative unit may change somebody's account.
    pub fn is_kept_apart(&self, person: &Arc<Object>) -> bool {
        self.is_kept_from("/", &|| Search::Object(Arc::clone(person))) == Has::Yes
    }

    /// Whether a role, by template id, may reset somebody's password and change their account; nothing if that cannot be told.
    pub fn is_outranked_by(&self, role: &str, person: &Arc<Object>) -> Option<bool> {
        match self.outranks(&RoleRef::BuiltIn(role.to_owned()), &|| Search::Object(Arc::clone(person))) {
            Has::Yes => Some(true),
            Has::No => Some(false),
            Has::Unknown => None,
        }
    }

    /// Whether a role may reset the target's password: every role of the target must be one that it may reset.
    pub(super) fn outranks(&self, role: &RoleRef, target: &TargetOf<'_>) -> Has {
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
            let holds = assignments.holds(assignment, &id);
            if holds == Has::No {
                continue;
            }
            let allowed = match &assignment.role {
                RoleRef::BuiltIn(template) => {
                    self.tables.role(template).is_some_and(|role| may_reset(role.name)) || any_role
                }
                RoleRef::Custom(_) | RoleRef::Unknown(_) => any_role,
            };
            let is_known = !matches!(assignment.role, RoleRef::Unknown(_));
            // Nobody but the highest resets the password of who administers a restricted unit.
            let restricted = if may_reset("(restricted administrative unit)") {
                Has::No
            } else {
                self.units().is_restricted(&assignment.scope)
            };
            let is_above = match (allowed, restricted) {
                (true, Has::No) => Has::No,
                (true, Has::Unknown) => Has::Unknown,
                _ if is_known => Has::Yes,
                _ => Has::Unknown,
            };
            match holds.and(|| is_above) {
                Has::Yes => return Has::No,
                Has::Unknown => answer = Has::Unknown,
                Has::No => {}
            }
        }
        answer.and(|| self.is_in_role_group(&id).not())
    }

    /// Whether somebody is a member of a group that may hold roles.
    fn is_in_role_group(&self, id: &str) -> Has {
        let groups = self.role_groups.get_or_init(|| RoleGroups::of(self.tenant));
        match groups.members.contains(id) {
            true => Has::Yes,
            false if groups.all_known => Has::No,
            false => Has::Unknown,
        }
    }
}

/// The members of all groups that may hold roles.
#[derive(Debug)]
pub struct RoleGroups {
    /// Their ids, in lower case.
    members: BTreeSet<String>,
    /// There are no others.
    all_known: bool,
}

impl RoleGroups {
    fn of(tenant: &Tenant) -> Self {
        let groups = Collection::Groups;
        let mut all = Self { members: BTreeSet::new(), all_known: tenant.is_complete(groups) };
        for group in tenant.all(groups) {
            match group.get("isAssignableToRole").map(Raw::flag) {
                Some(Some(true)) => match members_of(&group) {
                    Some(members) => all.members.extend(members),
                    None => all.all_known = false,
                },
                Some(_) => {}
                None => all.all_known = false,
            }
        }
        all
    }
}
