//! The ablation law: with less data a rule may find less, but nothing else, and must not say that all is clear.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::tenants::{Said, check_tenant, family, fixture, generated};

#[test]
fn healthy_keeps_the_law() {
    keeps_the_law("healthy", &fixture("healthy.json"));
}

#[test]
fn contoso_keeps_the_law() {
    keeps_the_law("contoso", &fixture("contoso.json"));
}

#[test]
fn a_generated_tenant_keeps_the_law() {
    keeps_the_law("generated", &generated(100, 3).0);
}

/// Drops every collection, and every property of every collection at any depth: of all objects, and of every second one.
fn keeps_the_law(name: &str, tenant: &Value) {
    let whole = Said::of(&check_tenant(tenant));
    let mut breaks = Vec::new();
    let mut count = 0;
    let mut without = |what: &str, left: &Value| {
        count += 1;
        breaks.extend(
            breaks_of(&whole, &Said::of(&check_tenant(left))).into_iter().map(|fault| format!("{what}: {fault}")),
        );
    };
    let collections = tenant.as_object().unwrap();
    for (collection, objects) in collections.iter().filter(|(name, _)| *name != "requests") {
        let mut left = tenant.clone();
        left.as_object_mut().unwrap().remove(collection);
        without(&format!("{name} without {collection}"), &left);
        let mut paths = BTreeSet::new();
        paths_in(objects, "", &mut paths);
        paths.remove("id"); // without it, it is another object
        for path in &paths {
            let names: Vec<&str> = path.split('.').collect();
            for (step, which) in [(1, ""), (2, " of every second object")] {
                let mut left = tenant.clone();
                let mut dropped = 0;
                for object in objects_of(&mut left[collection]).step_by(step) {
                    dropped += usize::from(remove(object, &names));
                }
                if dropped > 0 {
                    without(&format!("{name} without {collection}.{path}{which}"), &left);
                }
            }
        }
    }
    let found: usize = whole.found.values().map(BTreeSet::len).sum();
    println!(
        "{name}: {found} found by {} rules; {count} ablations, {} breaks of the law",
        whole.found.len(),
        breaks.len()
    );
    assert!(breaks.is_empty(), "{}", breaks.join("\n"));
}

/// What is said with less data that was not said with all of it.
fn breaks_of(whole: &Said, part: &Said) -> Vec<String> {
    let mut breaks = Vec::new();
    for (rule, objects) in &part.found {
        let more: Vec<_> = objects
            .iter()
            .filter(|object| !whole.found.get(rule).is_some_and(|before| before.contains(*object)))
            .collect();
        if !more.is_empty() {
            breaks.push(format!("{rule} finds {more:?}"));
        }
    }
    for (rule, before) in &whole.outcomes {
        let after = &part.outcomes[rule];
        let is_calmed = match after.as_str() {
            "clear" => before != "clear",
            "notAsked" => before == "found",
            _ => false,
        };
        // Another rule of the family speaks then.
        if is_calmed && family(rule) == rule {
            breaks.push(format!("{rule}, {before} before, is {after}"));
        }
    }
    breaks
}

/// The objects of a collection, also of one that is a single object.
fn objects_of(collection: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    match collection {
        Value::Array(objects) => Box::new(objects.iter_mut()),
        other => Box::new(std::iter::once(other)),
    }
}

/// All paths to a property, through objects and lists.
fn paths_in(value: &Value, prefix: &str, paths: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| paths_in(item, prefix, paths)),
        Value::Object(object) => {
            for (name, inner) in object {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                paths_in(inner, &path, paths);
                paths.insert(path);
            }
        }
        _ => {}
    }
}

fn remove(value: &mut Value, path: &[&str]) -> bool {
    match (value, path) {
        (Value::Array(items), _) => items.iter_mut().fold(false, |any, item| remove(item, path) | any),
        (Value::Object(object), [name]) => object.remove(*name).is_some(),
        (Value::Object(object), [name, rest @ ..]) => object.get_mut(*name).is_some_and(|inner| remove(inner, rest)),
        _ => false,
    }
}

/// The test is worth what it can notice.
#[test]
fn breaks_are_noticed() {
    let said = |outcome: &str, objects: &[&str]| Said {
        outcomes: BTreeMap::from([("a-rule".to_owned(), outcome.to_owned())]),
        found: BTreeMap::from([("a-rule".to_owned(), objects.iter().map(|&object| object.to_owned()).collect())]),
    };
    let whole = said("found", &["user 1", "user 2"]);
    assert!(breaks_of(&whole, &said("found", &["user 2"])).is_empty());
    assert!(breaks_of(&whole, &said("partial", &[])).is_empty());
    assert_eq!(breaks_of(&whole, &said("found", &["user 3"])), ["a-rule finds [\"user 3\"]"]);
    assert_eq!(breaks_of(&whole, &said("clear", &[])), ["a-rule, found before, is clear"]);
    assert_eq!(breaks_of(&said("partial", &[]), &said("clear", &[])), ["a-rule, partial before, is clear"]);
    let mut object = serde_json::json!({ "a": [{ "b": 1 }, { "c": 2 }] });
    assert!(remove(&mut object, &["a", "b"]));
    assert_eq!(object["a"][0], Value::Object(Map::new()));
}
