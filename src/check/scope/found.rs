//! Which objects the aliases of a scope stand for: the people of a request, the organization, what look-ups find. Each is searched
//! when somebody asks for it, and once.

use std::cell::OnceCell;
use std::sync::Arc;

use super::{Scope, Subject};
use crate::check::compile::{Base, CompiledLookUp, Needs};
use crate::check::value::{Value, texts};
use crate::check::world::World;
use crate::tenant::Object;
use crate::tenant::known::Search;
use crate::tenant::schema::Collection;

/// What a look-up found.
#[derive(Clone, Debug)]
pub enum Found {
    /// The pass cannot know it yet.
    Pending,
    /// It cannot be told: this is missing.
    Unknown(Needs),
    /// Nothing, and what was searched is complete.
    Nothing,
    /// Nobody gave the home tenant's dump, so nobody asks.
    NotAsked,
    /// An object.
    Object(Arc<Object>),
}

/// What the aliases of a scope stand for, as far as somebody asked.
pub(super) struct Searched {
    look_ups: Vec<OnceCell<Found>>,
    actor: OnceCell<Found>,
    target: OnceCell<Found>,
    organization: OnceCell<Found>,
}

impl Searched {
    /// Nothing yet.
    pub(super) fn new(look_ups: usize) -> Self {
        Self {
            look_ups: vec![OnceCell::new(); look_ups],
            actor: OnceCell::new(),
            target: OnceCell::new(),
            organization: OnceCell::new(),
        }
    }

    /// The same people, and nothing looked up.
    pub(super) fn people(&self) -> Self {
        Self {
            look_ups: vec![OnceCell::new(); self.look_ups.len()],
            actor: self.actor.clone(),
            target: self.target.clone(),
            organization: self.organization.clone(),
        }
    }
}

impl Scope<'_> {
    /// What an alias stands for.
    pub fn found(&self, base: Base) -> Found {
        let (Some(world), Some(searched)) = (self.world, &self.searched) else { return Found::Pending };
        match base {
            Base::Object | Base::Item | Base::Element => match self.subject {
                Subject::Object(object) => Found::Object(Arc::clone(object)),
                Subject::Passing(_) => Found::Pending,
            },
            Base::Actor => searched.actor.get_or_init(|| self.person(world, "actor", false)).clone(),
            Base::Target | Base::Licensee => searched.target.get_or_init(|| self.person(world, "target", true)).clone(),
            Base::Organization => searched
                .organization
                .get_or_init(|| match world.organization() {
                    Some(organization) => Found::Object(organization),
                    None if world.tenant.is_complete(Collection::Organization) => Found::Nothing,
                    None => Found::Unknown(0),
                })
                .clone(),
            Base::Settings => Found::Nothing,
            Base::LookUp(index) => match searched.look_ups.get(index) {
                Some(cell) => cell.get_or_init(|| self.look_up(world, &self.look_ups[index])).clone(),
                None => Found::Nothing,
            },
        }
    }

    /// Whether a look-up is one into the home tenant, whose dump nobody gave.
    pub(in crate::check) fn is_not_asked(&self, base: Base) -> bool {
        self.is_home(base) && self.world.is_some_and(|world| world.home.is_none())
    }

    /// Whether a request asks licenses for a user who is not there yet.
    pub(in crate::check) fn is_for_newcomer(&self) -> bool {
        match (self.subject, self.world) {
            (Subject::Object(request), Some(world)) => world.newcomer(request).is_some(),
            _ => false,
        }
    }

    /// The person (or group) that the request names; a request that names nobody is about nobody.
    fn person(&self, world: &World<'_>, property: &str, or_group: bool) -> Found {
        let Subject::Object(request) = self.subject else { return Found::Pending };
        match request.text(property) {
            Some(name) => match world.person(&name, or_group) {
                Search::Object(object) => Found::Object(object),
                Search::Nothing => Found::Nothing,
                Search::Unknown => Found::Unknown(0),
            },
            None => Found::Unknown(0),
        }
    }

    /// What a look-up finds, by the values that this object has.
    fn look_up(&self, world: &World<'_>, look_up: &CompiledLookUp) -> Found {
        let mut wanted = Vec::new();
        for (there, here) in &look_up.matches {
            let texts = match self.value(here, None) {
                Value::Pending => return Found::Pending,
                Value::Unknown(needs) => return Found::Unknown(needs),
                Value::Absent => return Found::Nothing,
                Value::Json(json) => texts(&json, &here.filters),
            };
            if texts.is_empty() {
                return Found::Nothing;
            }
            wanted.push((there, texts));
        }
        let except: Vec<_> = look_up
            .except
            .iter()
            .map(|(there, here)| match self.value(here, None) {
                Value::Json(json) => (there, Some(texts(&json, &here.filters))),
                _ => (there, None),
            })
            .collect();
        let own = match self.subject {
            Subject::Object(object) => Some(object.number),
            Subject::Passing(_) => None,
        };
        world.find(look_up, &wanted, &except, own)
    }

    /// Whether an alias stands for an object of the home tenant.
    pub(super) fn is_home(&self, base: Base) -> bool {
        matches!(base, Base::LookUp(index) if self.look_ups.get(index).is_some_and(|look_up| look_up.home))
    }
}
