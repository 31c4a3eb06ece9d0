//! Who may run a fix.

use std::sync::Arc;

use crate::check::world::World;
use crate::json::Raw;
use crate::tenant::memo::Memo;
use crate::tenant::roles::{May, is_pending};
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

/// The roles that may change the account of anybody, administrators too.
///
/// Source: Microsoft Entra's page on privileged roles, "who can perform sensitive actions".
pub(super) const HIGHEST: [&str; 2] = ["Privileged Authentication Administrator", "Global Administrator"];

/// Of so many people it is asked who may change their accounts.
pub(super) const MAX_PEOPLE: usize = 50;

/// The people who may do something.
#[derive(Clone, Debug, Default)]
pub(super) struct Who {
    /// At once.
    pub(super) can: Vec<ObjectId>,
    /// After activating a role.
    pub(super) must_activate: Vec<ObjectId>,
    /// There are no others.
    pub(super) is_known: bool,
}

/// Works out once who holds which roles.
pub(super) struct Holders<'a> {
    world: &'a World<'a>,
    known: Memo<Vec<String>, Who>,
}

impl<'a> Holders<'a> {
    /// In a tenant.
    pub(super) fn new(world: &'a World<'a>) -> Self {
        Self { world, known: Memo::default() }
    }

    /// Who holds one of these roles everywhere, with an enabled account.
    pub(super) fn of(&self, roles: &[String]) -> Who {
        if let Some(who) = self.known.get(roles) {
            return who;
        }
        let ids = self.ids(roles);
        let mut who = Who::default();
        if !ids.is_empty() {
            let mut is_known = true;
            let mut people = |eligible| {
                let (ids, all_known) = self.world.holders(&ids, eligible);
                is_known &= all_known;
                self.enabled(&ids, &mut is_known)
            };
            who.can = people(false);
            who.must_activate = people(true);
            who.must_activate.retain(|number| !who.can.contains(number));
            // Who has a role outside the directory is in no export.
            who.is_known = is_known && ids.len() == roles.len();
        }
        self.known.keep(roles.to_vec(), who)
    }

    /// Who of those with one of these roles, for the whole tenant or a part of it, may change the accounts of these people; if some may
    /// not and nobody else may, who has one of the highest roles. `are_all` says whether there are no other people.
    pub(super) fn over(&self, roles: &[String], people: &[Arc<Object>], are_all: bool) -> Who {
        let own = self.of(roles);
        let ids = self.ids(roles);
        let (in_parts, mut is_known) = self.world.holders_in_parts(&ids);
        let in_parts = self.enabled(&in_parts, &mut is_known);
        let some = || [&own.can, &own.must_activate, &in_parts].into_iter().flatten().copied();
        let who = self.able(some(), &ids, people, own.is_known && is_known && are_all);
        if !(who.can.is_empty() && who.must_activate.is_empty()) || some().next().is_none() {
            return who;
        }
        let roles = HIGHEST.map(str::to_owned);
        let highest = self.of(&roles);
        let all = highest.can.iter().chain(&highest.must_activate).copied();
        self.able(all, &self.ids(&roles), people, highest.is_known && who.is_known)
    }

    /// Who of some people may by these roles change the accounts of others, which is never asked of their own.
    fn able(
        &self,
        some: impl Iterator<Item = ObjectId>,
        roles: &[&str],
        people: &[Arc<Object>],
        is_known: bool,
    ) -> Who {
        let mut who = Who { is_known, ..Who::default() };
        for number in some {
            if who.can.contains(&number) || who.must_activate.contains(&number) {
                continue;
            }
            let Some(id) = self.world.tenant.object(number).id() else { continue };
            let may = people.iter().map(|person| match person.number == number {
                true => Some(May::No),
                false => self.world.may_change_account(&id, roles, person),
            });
            match may.reduce(least) {
                Some(Some(May::Yes)) => who.can.push(number),
                Some(Some(May::MustActivate)) => who.must_activate.push(number),
                Some(Some(May::No)) => {}
                Some(None) | None => who.is_known = false,
            }
        }
        who
    }

    /// The roles that may change the accounts of these people, the least powerful first: of these, or the highest.
    pub(super) fn roles_over(&self, roles: &[String], people: &[Arc<Object>]) -> Vec<String> {
        let may = |role: &str| {
            let Some(role) = self.world.tables.role_by_name(role) else { return true };
            people.iter().all(|person| self.world.is_outranked_by(role.id, person) != Some(false))
        };
        let able: Vec<String> = roles.iter().filter(|role| may(role)).cloned().collect();
        if able.is_empty() { HIGHEST.map(str::to_owned).to_vec() } else { able }
    }

    fn ids(&self, roles: &[String]) -> Vec<&'a str> {
        roles.iter().filter_map(|name| self.world.tables.role_by_name(name)).map(|role| role.id).collect()
    }

    /// The users with these ids who can sign in.
    fn enabled(&self, ids: &[String], is_known: &mut bool) -> Vec<ObjectId> {
        let mut people = Vec::new();
        for id in ids {
            if let Some(user) = self.world.tenant.by_id(Collection::Users, id) {
                match (user.get("accountEnabled").and_then(Raw::flag), is_pending(&user)) {
                    (Some(false), _) | (_, Some(true)) => {}
                    (Some(true), Some(false)) => people.push(user.number),
                    _ => *is_known = false,
                }
            }
        }
        people
    }
}

/// What somebody may do of two things that both are to be done.
fn least(one: Option<May>, other: Option<May>) -> Option<May> {
    match (one, other) {
        (Some(May::No), _) | (_, Some(May::No)) => Some(May::No),
        (None, _) | (_, None) => None,
        (Some(May::MustActivate), _) | (_, Some(May::MustActivate)) => Some(May::MustActivate),
        _ => Some(May::Yes),
    }
}
