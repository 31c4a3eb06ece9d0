//! Administrative units: whom roles given over them reach, and whom they keep from all other roles.

use std::collections::BTreeSet;

use super::has::Has;
use super::members_of;
use crate::json::Raw;
use crate::tenant::Tenant;
use crate::tenant::schema::Collection;

/// What the scope of a role that is given over an administrative unit begins with; the unit's id follows.
pub(super) const UNIT_SCOPE: &str = "/administrativeUnits/";

/// The administrative units of a tenant.
#[derive(Debug)]
pub struct Units {
    all: Vec<Unit>,
    /// Whether there are others.
    others: Has,
}

#[derive(Debug)]
struct Unit {
    /// In lower case.
    id: Option<String>,
    /// The ids of its members, in lower case; nothing if not all of them were collected.
    members: Option<BTreeSet<String>>,
    /// Whether nobody but its own administrators manages its members.
    is_restricted: Has,
}

impl Units {
    pub(super) fn of(tenant: &Tenant) -> Self {
        let units = Collection::AdministrativeUnits;
        let others = if tenant.is_complete(units) { Has::No } else { Has::Unknown };
        let all = tenant.all(units).map(|unit| Unit {
            id: unit.id(),
            members: members_of(&unit).map(BTreeSet::from_iter),
            is_restricted: match unit.get("isMemberManagementRestricted").map(Raw::flag) {
                Some(Some(true)) => Has::Yes,
                Some(_) => Has::No,
                None => Has::Unknown,
            },
        });
        Self { all: all.collect(), others }
    }

    /// The unit that a scope is.
    fn at(&self, scope: &str) -> Option<&Unit> {
        self.all.iter().find(|unit| unit.is_at(scope))
    }

    /// Whether somebody (by id, if that is known) is in the unit that a scope is.
    pub(super) fn holds(&self, scope: &str, id: Option<&str>) -> Has {
        match (self.at(scope).and_then(|unit| unit.members.as_ref()), id) {
            (Some(members), Some(id)) if members.contains(id) => Has::Yes,
            (Some(_), Some(_)) => Has::No,
            _ => Has::Unknown,
        }
    }

    /// Whether a scope is a unit whose members only its own administrators manage.
    pub(super) fn is_restricted(&self, scope: &str) -> Has {
        match self.at(scope) {
            Some(unit) => unit.is_restricted,
            None if scope.starts_with(UNIT_SCOPE) => Has::Unknown,
            None => Has::No,
        }
    }

    /// Whether somebody (by id, if that is known) is in a unit whose members only its own administrators manage, and the scope is
    /// another.
    pub(super) fn keep(&self, id: Option<&str>, scope: &str) -> Has {
        let others = self.all.iter().filter(|unit| !unit.is_at(scope));
        others.fold(self.others, |has, unit| has.or(unit.is_restricted.and(|| unit.holds(id))))
    }
}

impl Unit {
    fn is_at(&self, scope: &str) -> bool {
        scope.strip_prefix(UNIT_SCOPE).zip(self.id.as_deref()).is_some_and(|(at, id)| at.eq_ignore_ascii_case(id))
    }

    fn holds(&self, id: Option<&str>) -> Has {
        match (&self.members, id) {
            (Some(members), Some(id)) if members.contains(id) => Has::Yes,
            (Some(members), id) if members.is_empty() || id.is_some() => Has::No,
            _ => Has::Unknown,
        }
    }
}
