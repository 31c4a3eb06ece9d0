//! What people have to do with products and groups: a subscription that has ended is about everybody who has a license of it.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::fixes::check_of;
use crate::check::compile::{CompiledCheck, CompiledKind, CompiledRule};
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::model::Severity;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

/// The products and groups of some people.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// The products they have.
    held: BTreeSet<ObjectId>,
    /// The products that they are to have and do not, and the groups that should give them those.
    awaited: BTreeSet<ObjectId>,
}

impl Around {
    /// Of the users among some objects.
    pub(super) fn new(objects: &BTreeSet<ObjectId>, world: &World<'_>) -> Self {
        let tenant = world.tenant;
        let users = objects.iter().filter(|number| tenant.kind(**number) == Collection::Users);
        let people: Vec<_> = users.map(|number| tenant.object(*number)).collect();
        if people.is_empty() {
            return Self::default();
        }
        let mut around = Self::default();
        let held: BTreeSet<String> =
            people.iter().flat_map(|person| texts(person, "assignedLicenses", "skuId")).collect();
        let mut awaited: BTreeSet<String> = people.iter().flat_map(|person| refused(person)).collect();
        let ids: BTreeSet<String> = people.iter().filter_map(|person| person.id()).collect();
        let within = |ids: &BTreeSet<String>| {
            let groups = tenant.all(Collection::Groups);
            groups.filter(|group| !texts(group, "members", "id").is_disjoint(ids)).collect::<Vec<_>>()
        };
        // A group inside another gives its members nothing of what the other has, and people expect that it does.
        let own = within(&ids);
        let outer = within(&own.iter().filter_map(|group| group.id()).collect());
        for group in own.iter().chain(&outer) {
            let lacking: Vec<String> = texts(group, "assignedLicenses", "skuId").difference(&held).cloned().collect();
            if !lacking.is_empty() {
                around.awaited.insert(group.number);
                awaited.extend(lacking);
            }
        }
        for product in tenant.all(Collection::SubscribedSkus) {
            let Some(sku) = product.text("skuId").map(|sku| sku.to_lowercase()) else { continue };
            if awaited.contains(&sku) {
                around.awaited.insert(product.number);
            } else if held.contains(&sku) {
                around.held.insert(product.number);
            }
        }
        around
    }

    /// Whether a finding about a product or a group is about them, too. How many licenses are left is nothing to those who have one.
    pub(super) fn concerns(&self, draft: &Draft, rule: &CompiledRule<'_>) -> bool {
        let check = check_of(rule, draft, Collection::SubscribedSkus);
        let is_count = |check: &CompiledCheck| {
            matches!(check.kind, CompiledKind::Threshold { .. })
                && check.reads.iter().any(|name| name == "consumedUnits")
        };
        let counts = || check.is_some_and(is_count);
        draft.severity >= Severity::Medium
            && draft.numbers().any(|number| self.awaited.contains(&number) || self.held.contains(&number) && !counts())
    }
}

/// The texts of one property in a list of objects, in lower case.
fn texts(object: &Object, list: &str, name: &str) -> BTreeSet<String> {
    let items = object.get(list).unwrap_or(Raw::NULL).items();
    items.filter_map(|item| item.get(name)?.text()).map(|text| text.to_lowercase()).collect()
}

/// The products that somebody was refused.
fn refused(person: &Object) -> BTreeSet<String> {
    let states = person.get("licenseAssignmentStates").unwrap_or(Raw::NULL).items();
    let failed = states.filter(|state| {
        let error = state.get("error").and_then(Raw::text);
        error.is_some_and(|error| !error.is_empty() && !error.eq_ignore_ascii_case("None"))
    });
    failed.filter_map(|state| state.get("skuId")?.text()).map(|sku| sku.to_lowercase()).collect()
}
