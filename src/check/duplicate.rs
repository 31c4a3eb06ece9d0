//! Keys that several objects hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::compile::{CompiledDuplicate, CompiledPath, CompiledRule, Needs, is_streamed};
use super::value::texts;
use super::world::{World, key_space};
use crate::pack::model::CheckKind;
use crate::tenant::known::addresses;
use crate::tenant::schema::Collection;
use crate::tenant::{Coverage, Object, ObjectId};

/// A key and those who hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The check's index in the rule.
    pub check: usize,
    /// The key, as compared.
    pub key: String,
    /// The objects that hold it.
    pub holders: Vec<ObjectId>,
}

/// What the duplicate checks of a rule say of the tenant.
#[derive(Clone, Debug, Default)]
pub struct Duplicates {
    /// The shared keys, each caught by the first check that fits.
    pub shared: Vec<Shared>,
    /// Objects that could be looked at.
    pub decided: usize,
    /// Objects that could not, by what was missing.
    pub unknown: BTreeMap<Needs, usize>,
}

/// Runs the duplicate checks of a rule.
pub fn duplicates(rule: &CompiledRule<'_>, world: &World<'_>) -> Duplicates {
    let mut result = Duplicates::default();
    count(rule, world, &mut result);
    let mut claimed = BTreeSet::new();
    for duplicate in &rule.duplicates {
        let CheckKind::Duplicate(model) = &rule.rule.checks[duplicate.index].kind else { continue };
        for (key, holders) in holders(duplicate, world) {
            if holders.len() < 2 || claimed.contains(&key) {
                continue;
            }
            let of = |collection| holders.iter().filter(|holder| holder.collection == collection).count();
            let enough = model.at_least.iter().all(|(collection, least)| of(*collection) >= *least as usize);
            let held_as = |paths: &[(Collection, Vec<CompiledPath>)]| {
                holders.iter().any(|holder| held_under(holder, paths, &key))
            };
            let fits = enough
                && (duplicate.held_as.is_empty() || held_as(&duplicate.held_as))
                && !held_as(&duplicate.not_held_as);
            if fits {
                claimed.insert(key.clone());
                let holders = holders.iter().map(|holder| holder.number).collect();
                result.shared.push(Shared { check: duplicate.index, key, holders });
            }
        }
    }
    result
}

/// Whether an object holds a key as the check's `held-as` says.
pub fn is_owner(duplicate: &CompiledDuplicate, object: &Object, key: &str) -> bool {
    held_under(object, &duplicate.held_as, key)
}

/// Counts the objects that the checks could look at: those for which every path was collected.
fn count(rule: &CompiledRule<'_>, world: &World<'_>, result: &mut Duplicates) {
    let mut paths: BTreeMap<Collection, Vec<&CompiledPath>> = BTreeMap::new();
    for (collection, own) in rule.duplicates.iter().flat_map(|duplicate| &duplicate.over) {
        paths.entry(*collection).or_default().extend(own);
    }
    for (collection, paths) in paths {
        if matches!(world.tenant.coverage(collection), Coverage::NotCollected(_)) {
            continue;
        }
        let all = world.tenant.objects[collection as usize].len();
        let lacking = |path: &&CompiledPath| world.tenant.lacking(collection, &path.name).min(all);
        let unknown = paths.iter().map(lacking).max().unwrap_or(0);
        let needs = paths.iter().filter(|path| lacking(path) > 0).fold(0, |needs, path| needs | path.need);
        result.decided += all - unknown;
        if unknown > 0 {
            *result.unknown.entry(needs).or_default() += unknown;
        }
    }
}

/// The keys that at least two objects may hold, and who holds them.
fn holders(duplicate: &CompiledDuplicate, world: &World<'_>) -> BTreeMap<String, Vec<Arc<Object>>> {
    let mut found: BTreeMap<String, BTreeMap<ObjectId, Arc<Object>>> = BTreeMap::new();
    let mut add = |object: &Arc<Object>| {
        for key in keys(object, &duplicate.over) {
            found.entry(key).or_default().insert(object.number, Arc::clone(object));
        }
    };
    if duplicate.over.iter().any(|(collection, _)| is_streamed(*collection)) {
        let paths = duplicate.over.iter().flat_map(|(collection, paths)| paths.iter().map(|path| (*collection, path)));
        let spaces: BTreeSet<bool> =
            paths.filter_map(|(collection, path)| Some(key_space(collection, path)?.is_other())).collect();
        for candidates in spaces.into_iter().flat_map(|other| world.tenant.keys.shared(other)) {
            let mut numbers: Vec<_> = candidates.into_iter().map(|number| world.tenant.canonical(number)).collect();
            numbers.retain(|number| {
                world.tenant.is_live(*number)
                    && duplicate.over.iter().any(|(collection, _)| *collection == world.tenant.kind(*number))
            });
            numbers.sort_unstable();
            numbers.dedup();
            if numbers.len() > 1 {
                numbers.iter().for_each(|number| add(&world.tenant.object(*number)));
            }
        }
    }
    for (collection, _) in duplicate.over.iter().filter(|(collection, _)| !is_streamed(*collection)) {
        world.tenant.all(*collection).for_each(|object| add(&object));
    }
    found.retain(|_, holders| holders.len() > 1);
    found.into_iter().map(|(key, holders)| (key, holders.into_values().collect())).collect()
}

/// The keys under which an object is a holder.
fn keys(object: &Object, over: &[(Collection, Vec<CompiledPath>)]) -> BTreeSet<String> {
    let paths = over.iter().filter(|(collection, _)| *collection == object.collection).flat_map(|(_, paths)| paths);
    paths.flat_map(|path| values(object, path)).collect()
}

fn held_under(object: &Object, paths: &[(Collection, Vec<CompiledPath>)], key: &str) -> bool {
    keys(object, paths).contains(key)
}

fn values(object: &Object, path: &CompiledPath) -> Vec<String> {
    if path.computed && path.name == "addresses" {
        return addresses(object);
    }
    let Some(raw) = object.get(&path.name) else { return Vec::new() };
    texts(raw.bytes(), &path.filters).into_iter().map(|text| text.to_lowercase()).collect()
}
