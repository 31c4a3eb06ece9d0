//! Whom findings are about: people, also those whom requests name. Ranks count them, and limits go by them.

use std::collections::BTreeSet;

use super::draft::Draft;
use crate::check::world::World;
use crate::tenant::known::Search;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

/// The people among the objects of a finding: users, and those for whom somebody asks for something.
pub(super) fn people(draft: &Draft, world: &World<'_>) -> BTreeSet<ObjectId> {
    let concerned = draft.numbers().filter_map(|number| match world.tenant.kind(number) {
        Collection::Users => Some(number),
        Collection::Requests => Some(target(number, world).unwrap_or(number)),
        _ => None,
    });
    concerned.collect()
}

/// For whom a request asks.
pub(super) fn target(request: ObjectId, world: &World<'_>) -> Option<ObjectId> {
    person_named(&world.tenant.object(request), "target", true, world)
}

/// Who asks in a request; nobody in any other object.
pub(super) fn actor(number: ObjectId, world: &World<'_>) -> Option<ObjectId> {
    if world.tenant.kind(number) != Collection::Requests {
        return None;
    }
    person_named(&world.tenant.object(number), "actor", false, world)
}

/// The person (or group) that a property of a request names.
pub(super) fn person_named(request: &Object, property: &str, or_group: bool, world: &World<'_>) -> Option<ObjectId> {
    match world.person(&request.text(property)?, or_group) {
        Search::Object(object) => Some(object.number),
        _ => None,
    }
}
