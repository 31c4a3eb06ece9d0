//! What a finding shares with those that it may explain: objects, also through requests and audit records, and values.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::compile::{Base, CompiledRule};
use crate::check::world::World;
use crate::engine::draft::Draft;
use crate::engine::people::{actor, target};
use crate::json::Raw;
use crate::pack::tables::ErrorText;
use crate::tenant::ObjectId;
use crate::tenant::keys::KeySpace;
use crate::tenant::schema::Collection;

/// The findings that others may explain, by what those may share with them.
pub(super) struct Effects<'a> {
    drafts: &'a [Draft],
    world: &'a World<'a>,
    /// By each object that one is about, itself or through a record of it: the finding, and its own object.
    by_object: BTreeMap<ObjectId, Vec<(usize, ObjectId)>>,
    /// By who did what a record says: the finding, and the record.
    by_initiator: BTreeMap<ObjectId, Vec<(usize, ObjectId)>>,
    /// By the values that its objects have in common, and those that its reason names.
    by_value: BTreeMap<String, Vec<usize>>,
}

impl<'a> Effects<'a> {
    /// Of these findings; some of them are recorded failures with a known reason.
    pub(super) fn new(
        all: &BTreeSet<usize>,
        reasons: &BTreeMap<usize, ErrorText<'_>>,
        drafts: &'a [Draft],
        world: &'a World<'a>,
    ) -> Self {
        let mut by_object: BTreeMap<ObjectId, Vec<(usize, ObjectId)>> = BTreeMap::new();
        let mut by_initiator: BTreeMap<ObjectId, Vec<(usize, ObjectId)>> = BTreeMap::new();
        let mut by_value: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for index in all {
            for number in drafts[*index].numbers() {
                let asked_for = asked_for(number, world);
                for held in std::iter::once(number).chain(targets(number, world)).chain(asked_for) {
                    by_object.entry(held).or_default().push((*index, number));
                }
                if let Some(by) = initiator(number, world) {
                    by_initiator.entry(by).or_default().push((*index, number));
                }
            }
            let captures = reasons.get(index).into_iter().flat_map(|reason| reason.captures.iter().cloned());
            for value in captures.chain(values(&drafts[*index])) {
                by_value.entry(value).or_default().push(*index);
            }
        }
        Self { drafts, world, by_object, by_initiator, by_value }
    }

    /// Those that share something with a finding, and which of their objects do.
    pub(super) fn sharing(&self, cause: &Draft, rule: &CompiledRule<'_>) -> BTreeMap<usize, BTreeSet<ObjectId>> {
        let mut shared: BTreeMap<usize, BTreeSet<ObjectId>> = BTreeMap::new();
        for number in linked(cause, self.world) {
            for (effect, own) in self.by_object.get(&number).into_iter().flatten() {
                shared.entry(*effect).or_default().insert(*own);
            }
        }
        // Who was refused is who asks for the same in a request that is bound to fail.
        if is_about_actor(rule, cause.check) {
            for number in cause.numbers() {
                let Some(asks) = actor(number, self.world) else { continue };
                for (effect, own) in self.by_initiator.get(&asks).into_iter().flatten() {
                    if is_same_attempt(number, *own, self.world) {
                        shared.entry(*effect).or_default().insert(*own);
                    }
                }
            }
        }
        for (value, of) in connecting(cause) {
            let effects = self.by_value.get(&value).into_iter().flatten();
            for effect in effects.filter(|effect| of.is_none_or(|of| self.drafts[**effect].collection == of.name())) {
                shared.entry(*effect).or_default().extend(self.drafts[*effect].numbers());
            }
        }
        shared
    }
}

/// The users and groups that an audit record is about.
fn targets(number: ObjectId, world: &World<'_>) -> Vec<ObjectId> {
    if world.tenant.kind(number) != Collection::DirectoryAudits {
        return Vec::new();
    }
    let record = world.tenant.object(number);
    let targets = record.get("targetResources").unwrap_or(Raw::NULL);
    let ids = targets.items().filter_map(|target| Some(target.get("id")?.text()?.to_lowercase()));
    let objects = ids.flat_map(|id| {
        let of = |collection| world.tenant.candidates(collection, KeySpace::Id, &id);
        let both = of(Collection::Users).into_iter().chain(of(Collection::Groups));
        both.filter(|object| object.id().as_ref() == Some(&id)).map(|object| object.number).collect::<Vec<_>>()
    });
    objects.collect()
}

/// The user who did what an audit record says.
fn initiator(number: ObjectId, world: &World<'_>) -> Option<ObjectId> {
    if world.tenant.kind(number) != Collection::DirectoryAudits {
        return None;
    }
    let record = world.tenant.object(number);
    let id = record.get("initiatedBy")?.get("user")?.get("id")?.text()?.to_lowercase();
    world.tenant.by_id(Collection::Users, &id).map(|user| user.number)
}

/// Whether a check looks at who asks in a request.
fn is_about_actor(rule: &CompiledRule<'_>, check: usize) -> bool {
    let checks = rule.programs.iter().flat_map(|program| &program.checks);
    checks.filter(|known| known.index == check).any(|check| check.bases.contains(&Base::Actor))
}

/// Whether an audit record is of what a request asks for.
fn is_same_attempt(request: ObjectId, record: ObjectId, world: &World<'_>) -> bool {
    let operation = world.tenant.object(request).text("operation").unwrap_or_default();
    let activity = world.tenant.object(record).text("activityDisplayName").unwrap_or_default().to_lowercase();
    let activities: &[&str] = match operation.as_str() {
        "create-user" => &["add user"],
        "assign-license" | "remove-license" => &["change user license", "set group license"],
        "invite-guest" => &["invite external user"],
        "reset-password" => &["reset password", "reset user password"],
        _ => &[],
    };
    activities.iter().any(|known| activity.starts_with(known))
}

/// The objects of a finding, and those whom its requests are about.
fn linked(draft: &Draft, world: &World<'_>) -> BTreeSet<ObjectId> {
    draft.numbers().flat_map(|number| std::iter::once(number).chain(asked_for(number, world))).collect()
}

/// For whom a request asks; nobody of any other object.
fn asked_for(number: ObjectId, world: &World<'_>) -> Option<ObjectId> {
    (world.tenant.kind(number) == Collection::Requests).then(|| target(number, world)).flatten()
}

/// What many people have in common without having anything to do with each other, and where it stands.
const SHARED: [(&str, Collection); 2] =
    [("skuId", Collection::SubscribedSkus), ("assignedByGroup", Collection::Groups)];

/// The values by which a finding connects others with it, in lower case; of a product or a group that the finding is not about, with
/// what the other must be about: what is wrong with one person's license is nothing to the others who have the same.
pub(super) fn connecting(draft: &Draft) -> impl Iterator<Item = (String, Option<Collection>)> {
    draft.group.iter().flat_map(|(path, values)| {
        let last = path.segments.last();
        let shared = SHARED.iter().find(|(name, _)| last.is_some_and(|last| last == name));
        let of = shared.map(|(_, of)| *of).filter(|of| draft.collection != of.name());
        values.iter().map(move |value| (value.to_lowercase(), of))
    })
}

/// The values by which a finding is grouped, in lower case.
fn values(draft: &Draft) -> Vec<String> {
    draft.group.iter().flat_map(|(_, values)| values).map(|value| value.to_lowercase()).collect()
}
