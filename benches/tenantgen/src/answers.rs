//! What a check of the export must find, and what it must not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::json::Json;
use crate::world::World;
use crate::{decoys, faults, requests};

/// The rules that the list is complete for.
const RULES: &[&str] = &[
    "creator-lacks-role",
    "deleted-user-holds-name",
    "dependent-service-blocks-removal",
    "duplicate-proxy-address",
    "duplicate-user-name",
    "invite-to-proxy-address",
    "license-admin-lacks-role",
    "license-assignment-failed",
    "license-inherited-from-group",
    "licenses-exhausted",
    "licenses-over-assigned",
    "no-active-administrator",
    "request-target-not-found",
    "service-plan-dependency-missing",
    "service-plans-conflict",
    "sync-provisioning-error",
    "usage-location-missing",
    "user-name-domain-federated",
    "user-name-domain-not-verified",
    "user-name-taken",
];

/// A finding that must be made.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Planted {
    rule: &'static str,
    objects: Vec<String>,
    what: String,
}

/// Something that looks faulty and is not.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Decoy {
    what: String,
    objects: Vec<String>,
    rules: Vec<&'static str>,
}

/// The list.
#[derive(Default)]
pub(crate) struct Answers {
    planted: Vec<Planted>,
    decoys: Vec<Decoy>,
}

impl Answers {
    /// The complete list of a tenant.
    pub(crate) fn of(world: &World) -> Self {
        let mut answers = Self::default();
        faults::expect(world, &mut answers);
        requests::expect(world, &mut answers);
        decoys::expect(world, &mut answers);
        answers.planted.sort_unstable();
        answers.decoys.sort_unstable();
        answers
    }

    /// Adds a finding that must be made.
    pub(crate) fn plant(&mut self, rule: &'static str, mut objects: Vec<String>, what: impl Into<String>) {
        objects.sort_unstable();
        self.planted.push(Planted { rule, objects, what: what.into() });
    }

    /// Adds objects that tempt rules without reason.
    pub(crate) fn tempt(&mut self, rules: &[&'static str], mut objects: Vec<String>, what: impl Into<String>) {
        objects.sort_unstable();
        self.decoys.push(Decoy { what: what.into(), objects, rules: rules.to_vec() });
    }

    /// How many faults and decoys there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.planted.len(), self.decoys.len())
    }

    /// Writes the list. The objects of a rule are counted once, also where two faults share one.
    pub(crate) fn write(&self, world: &World, out: impl Write) -> io::Result<()> {
        let mut per_rule: BTreeMap<&str, (u64, BTreeSet<&str>)> =
            RULES.iter().map(|rule| (*rule, (0, BTreeSet::new()))).collect();
        for planted in &self.planted {
            let (count, objects) = per_rule.entry(planted.rule).or_default();
            *count += 1;
            objects.extend(planted.objects.iter().map(String::as_str));
        }
        let mut json = Json::new(out, true);
        json.try_object(|json| {
            json.key("seed").number(world.seed);
            json.key("users").number(world.users);
            json.key("counts").object(|json| {
                json.key("planted").number(self.planted.len() as u64);
                json.key("decoys").number(self.decoys.len() as u64);
                json.key("rules").object(|json| {
                    for (rule, (count, objects)) in &per_rule {
                        json.key(rule).object(|json| {
                            json.key("planted").number(*count);
                            json.key("objects").number(objects.len() as u64);
                        });
                    }
                });
            });
            json.key("planted").try_list(|json| {
                for planted in &self.planted {
                    json.object(|json| {
                        json.key("rule").text(planted.rule);
                        json.key("objects").texts(&planted.objects);
                        json.key("what").text(&planted.what);
                    });
                    json.checkpoint()?;
                }
                Ok(())
            })?;
            json.key("decoys").try_list(|json| {
                for decoy in &self.decoys {
                    json.object(|json| {
                        json.key("what").text(&decoy.what);
                        json.key("objects").texts(&decoy.objects);
                        json.key("rules").texts(&decoy.rules);
                    });
                    json.checkpoint()?;
                }
                Ok(())
            })
        })?;
        json.finish()
    }
}
