//! A rule's outcome over the whole tenant: one of six, with what was missing.

use std::collections::{BTreeMap, BTreeSet};

use super::verdict::Verdict;
use crate::check::compile::{CompiledRule, Need, Needs, computed_from, over};
use crate::check::world::World;
use crate::pack::model::CheckKind;
use crate::report::model::{Missing, RuleOutcome};
use crate::tenant::Coverage;
use crate::tenant::collect::{is_elsewhere, remedy, remedy_elsewhere};
use crate::tenant::schema::Collection;

/// The outcome of a rule, given what it says of the objects and how many objects it found.
pub fn outcome(compiled: &CompiledRule<'_>, verdict: &Verdict, found: usize, world: &World<'_>) -> RuleOutcome {
    // Each request is judged by itself: one that could not be read leaves nothing open about the others, or the tenant.
    let is_open = |collection: &Collection| {
        *collection != Collection::Requests && world.tenant.coverage(*collection) != Coverage::Complete
    };
    let incomplete: Vec<Collection> = collections(compiled).into_iter().filter(is_open).collect();
    let unknown: usize = verdict.unknown.values().sum();
    let word = if found > 0 {
        "found"
    } else if verdict.is_off || is_only_about_requests(compiled) && verdict.asked == 0 {
        "notAsked"
    } else if unknown == 0 && incomplete.is_empty() {
        "clear"
    } else if verdict.clear > 0 {
        "partial"
    } else {
        "notAssessed"
    };
    let missing =
        if matches!(word, "clear" | "notAsked") { Vec::new() } else { missing(compiled, verdict, &incomplete, world) };
    RuleOutcome {
        rule: compiled.rule.id.clone(),
        pack: compiled.rule.pack.clone(),
        title: compiled.rule.title.clone(),
        outcome: word.to_owned(),
        checked: verdict.clear + found,
        found,
        unknown,
        missing,
    }
}

/// The collections whose objects a rule looks at.
fn collections(compiled: &CompiledRule<'_>) -> BTreeSet<Collection> {
    let programs = compiled.programs.iter().map(|program| program.collection);
    let duplicates =
        compiled.duplicates.iter().flat_map(|duplicate| duplicate.over.iter().map(|(collection, _)| *collection));
    programs.chain(duplicates).collect()
}

/// Whether nobody can be asked about anything but requests.
fn is_only_about_requests(compiled: &CompiledRule<'_>) -> bool {
    compiled.rule.checks.iter().all(|check| match &check.kind {
        CheckKind::Native(native) => native.reads.iter().any(|read| read.collection == Collection::Requests),
        CheckKind::Duplicate(_) => false,
        _ => over(check).is_some_and(|over| over.collection == Collection::Requests),
    })
}

/// What the rule would have needed: the fields that undecided objects lack, and the collections that are not all there.
fn missing(
    compiled: &CompiledRule<'_>,
    verdict: &Verdict,
    incomplete: &[Collection],
    world: &World<'_>,
) -> Vec<Missing> {
    let whole = |collection: &Collection| Need { collection: *collection, property: None };
    let mut needed: BTreeSet<Need> = incomplete.iter().map(whole).collect();
    for needs in verdict.unknown.keys().chain(verdict.lacking.keys()) {
        needed.extend(of_mask(*needs, compiled).flat_map(exported));
    }
    let mut missing = Vec::new();
    for need in needed {
        if let Some(reason) = reason(&need, world) {
            let whole = need.property.is_none();
            let (with, all) = need
                .property
                .as_deref()
                .map_or((0, 0), |property| world.tenant.collected(need.collection, root(property)));
            // A property of a collection that is not there at all: the collection is what is missing.
            let property = need
                .property
                .clone()
                .filter(|_| !matches!(world.tenant.coverage(need.collection), Coverage::NotCollected(_)));
            let objects = (!whole && property.is_some() && with > 0).then(|| all - with).filter(|objects| *objects > 0);
            let entry = Missing {
                collection: need.collection.name().to_owned(),
                property,
                reason,
                objects,
                source: None,
                remedy: None,
            };
            let same = |known: &Missing| known.collection == entry.collection && known.property == entry.property;
            if !missing.iter().any(same) {
                missing.push(entry);
            }
        }
    }
    missing
}

/// Says how to get what is missing: one command for each collection, with all that the rules read of it that lack anything there.
/// Whoever runs it replaces the export that there is.
pub fn remedies(outcomes: &mut [RuleOutcome], rules: &[CompiledRule<'_>]) {
    let mut properties: BTreeMap<Collection, BTreeSet<&str>> = BTreeMap::new();
    for (compiled, outcome) in rules.iter().zip(&*outcomes) {
        let lacks = |need: &&Need| outcome.missing.iter().any(|missing| missing.collection == need.collection.name());
        for need in compiled.needs.iter().filter(lacks) {
            let names = properties.entry(need.collection).or_default();
            names.extend(need.property.as_deref().map(root).filter(|name| is_of(need.collection, name)));
        }
    }
    for missing in outcomes.iter_mut().flat_map(|outcome| &mut outcome.missing) {
        let Some(collection) = Collection::from_name(&missing.collection) else { continue };
        let names: Vec<&str> = properties.get(&collection).into_iter().flatten().copied().collect();
        let property = missing.property.as_deref();
        missing.remedy = if is_elsewhere(collection, property) {
            remedy_elsewhere(collection, property)
        } else {
            Some(remedy(collection, &names))
        };
    }
}

/// Whether a name may be a property of a collection: one that only others have, a rule reads of those.
fn is_of(collection: Collection, name: &str) -> bool {
    collection.property(name).is_some() || !Collection::all().any(|other| other.property(name).is_some())
}

fn of_mask<'c>(needs: Needs, compiled: &'c CompiledRule<'_>) -> impl Iterator<Item = &'c Need> {
    let all = compiled.needs.iter().enumerate();
    all.filter(move |(index, _)| needs & (1 << index.min(&63)) != 0).map(|(_, need)| need)
}

/// What an export has to hold for a need: of a field that is worked out, what that is worked out of.
fn exported(need: &Need) -> Vec<Need> {
    let parts = computed_from(need.collection, need.property.as_deref().map_or("", root));
    if parts.is_empty() {
        return vec![need.clone()];
    }
    let part = |(collection, property): &(Collection, Option<&str>)| Need {
        collection: *collection,
        property: property.map(str::to_owned),
    };
    parts.iter().map(part).collect()
}

fn root(property: &str) -> &str {
    property.split('.').next().unwrap_or(property)
}

/// Why a need is not met; nothing if it is. Either list of active roles is enough; where neither is there, the newer one is asked for.
fn reason(need: &Need, world: &World<'_>) -> Option<String> {
    let has = |collection| !matches!(world.tenant.coverage(collection), Coverage::NotCollected(_));
    let members = world.tenant.is_complete(Collection::DirectoryRoles)
        && world.tenant.has_everywhere(Collection::DirectoryRoles, "members");
    match need.collection {
        Collection::DirectoryRoles
            if world.tenant.is_complete(Collection::RoleAssignments) || !has(Collection::DirectoryRoles) =>
        {
            return None;
        }
        Collection::RoleAssignments if members => return None,
        _ => {}
    }
    match world.tenant.coverage(need.collection) {
        Coverage::NotCollected(Some(code)) => return Some(format!("refused: {code}")),
        Coverage::NotCollected(None) if need.collection != Collection::Requests => {
            return Some("not-collected".to_owned());
        }
        Coverage::Incomplete(reason) if need.property.is_none() => return Some(reason.code().to_owned()),
        _ => {}
    }
    let property = need.property.as_deref()?;
    if world.tenant.has_everywhere(need.collection, root(property)) {
        // Inside an object or a list something may still be missing.
        return property
            .contains('.')
            .then(|| is_inside_everywhere(need.collection, property, world))
            .filter(|all| !all)
            .map(|_| "not-collected".to_owned());
    }
    Some("not-collected".to_owned())
}

fn is_inside_everywhere(collection: Collection, property: &str, world: &World<'_>) -> bool {
    let Some((root, name)) = property.split_once('.') else { return true };
    let first = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    world.tenant.all(collection).all(|object| {
        let Some(value) = object.get(root) else { return false };
        value.items().all(|item| !item.is_object() || item.get(&first(name)).is_some())
    })
}
