//! Generated tenants: exactly the planted faults are found, and no decoy is.

use std::collections::{BTreeMap, BTreeSet};

use aaddoctor::report::model::Report;
use serde_json::Value;

use crate::tenants::{check_tenant, generated};

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    for seed in [1, 20] {
        let (tenant, list) = generated(2_000, seed);
        let report = check_tenant(&tenant);
        let found = found(&report);
        let planted = planted(&list);
        // What else is true of a generated tenant (a blocked user has a license, an invitation is old) is not what is tried here.
        let found: Objects = found.into_iter().filter(|(rule, _)| planted.contains_key(rule)).collect();
        for rule in planted.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
            assert_eq!(found.get(rule), planted.get(rule), "{rule}, seed {seed}");
        }
        let decoys = list["decoys"].as_array().unwrap();
        let tempted: Vec<_> = decoys.iter().filter(|decoy| is_found(decoy, &found)).collect();
        let objects: usize = found.values().map(BTreeSet::len).sum();
        println!(
            "seed {seed}: {} faults planted and found, on {objects} objects in {} findings of {} rules; {} decoys, {} found",
            list["planted"].as_array().unwrap().len(),
            report.tenants[0].findings.len(),
            found.len(),
            decoys.len(),
            tempted.len()
        );
        assert!(tempted.is_empty(), "seed {seed}: {tempted:?}");
    }
}

type Objects = BTreeMap<String, BTreeSet<String>>;

/// The ids of the objects that each rule found.
fn found(report: &Report) -> Objects {
    let tenant = &report.tenants[0];
    let mut found = Objects::new();
    for finding in &tenant.findings {
        let ids = finding.affected.objects.iter().map(|key| tenant.objects[key].id.clone().unwrap());
        found.entry(finding.rule.clone()).or_default().extend(ids);
    }
    found
}

/// The ids of the objects that each rule must find.
fn planted(list: &Value) -> Objects {
    let mut planted = Objects::new();
    for fault in list["planted"].as_array().unwrap() {
        planted.entry(fault["rule"].as_str().unwrap().to_owned()).or_default().extend(ids(fault));
    }
    planted
}

fn ids(entry: &Value) -> impl Iterator<Item = String> {
    entry["objects"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned())
}

/// Whether a rule fell for a decoy: found all of its objects.
fn is_found(decoy: &Value, found: &Objects) -> bool {
    let rules = decoy["rules"].as_array().unwrap().iter().filter_map(|rule| found.get(rule.as_str().unwrap()));
    rules.into_iter().any(|objects| ids(decoy).all(|id| objects.contains(&id)))
}
