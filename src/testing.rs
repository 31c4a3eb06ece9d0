//! What unit tests share: tenants read from JSON, and rules judged on them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde_json::Value;

use crate::check::compile::{CompiledRule, Slots, compile};
use crate::check::judge::Judgment;
use crate::check::world::World;
use crate::dump::{Input, Reading};
use crate::engine;
use crate::engine::pass::{Plan, basic_slots};
use crate::engine::read::Loaded;
use crate::engine::verdict::{Verdict, judge_object, verdicts, whole};
use crate::pack::decode::{Context, decode_rule};
use crate::pack::embedded;
use crate::pack::model::Rule;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, Tenant};

/// A dump under a name.
pub(crate) fn dump(name: &str, json: &Value) -> Input {
    text(name, &json.to_string())
}

/// The same, as it stands.
pub(crate) fn text(name: &str, text: &str) -> Input {
    Input::Bytes(name.to_owned(), text.as_bytes().to_vec())
}

/// The slots of every property that is known, so that all of them are surveyed and indexed.
pub(crate) fn all_slots() -> Slots {
    let mut slots = Slots::new();
    basic_slots(&mut slots);
    for collection in Collection::all() {
        for property in collection.schema().properties.iter().filter(|property| !property.computed) {
            slots.slot(collection, property.name);
        }
    }
    slots
}

/// Reads the inputs as the plan of some rules asks for it.
pub(crate) fn read(inputs: &[Input], plan: &mut Plan<'_>, now: Option<&str>) -> Loaded {
    let reading = Reading {
        wanted: &plan.slots.wanted,
        threads: 1,
        seen: Arc::new(AtomicU64::new(0)),
        products: &|_| None,
        format_in: None,
        spool: None,
    };
    engine::read::read(inputs, plan, &reading, now.map(|now| now.parse().unwrap()))
}

/// The tenant in some inputs.
pub(crate) fn tenant_of(inputs: &[Input]) -> Tenant {
    let slots = all_slots();
    read(inputs, &mut Plan::new(&[], &slots, embedded::tables()), None).tenant
}

/// The tenant in one dump.
pub(crate) fn tenant(json: &Value) -> Tenant {
    tenant_of(&[dump("tenant.json", json)])
}

/// The object of a collection with this id.
pub(crate) fn object(tenant: &Tenant, collection: Collection, id: &str) -> std::sync::Arc<Object> {
    tenant.all(collection).find(|object| object.id().as_deref() == Some(id)).unwrap_or_else(|| panic!("no {id}"))
}

/// A rule of one check, made of what follows its severity and message: `over`, `condition`, selections, look-ups.
pub(crate) fn rule(check: &str) -> Rule {
    let text = format!(
        "title = \"T\"\nsince = \"0.1.0\"\nsymptoms = [\"sign-in\"]\nreferences = [\"https://learn.microsoft.com/x\"]\nwhy = '''\nW.\n'''\n\
         [[check]]\nname = \"it\"\nkind = \"match\"\nseverity = \"high\"\nmessage = \"M\"\n{check}\n\
         [[fix]]\nid = \"mend\"\ntitle = \"Mend\"\nroles = [\"Global Administrator\"]\nsafety = \"safe\"\n\
         [[test]]\nname = \"a\"\ngiven = {{ users = [{{ id = \"1\" }}] }}\nexpect = [{{ check = \"it\", objects = [\"1\"] }}]\n\
         [[test]]\nname = \"b\"\ngiven = {{ users = [{{ id = \"1\" }}] }}\nexpect = \"clear\"\n\
         [[test]]\nname = \"c\"\ngiven = {{ users = [{{ id = \"1\" }}] }}\nexpect = \"not-assessed\"\n\
         [[test]]\nname = \"d\"\ngiven = {{ users = [{{ id = \"1\" }}] }}\nexpect = \"partial\"\n\
         [[test]]\nname = \"e\"\ngiven = {{ users = [{{ id = \"1\" }}] }}\nexpect = \"not-asked\"\n"
    );
    let context = Context { tables: Some(embedded::tables()), builtin: false };
    let decoded = decode_rule(std::path::Path::new("it.toml"), "p", &text, &context);
    decoded.rule.unwrap_or_else(|| panic!("{:#?}", decoded.faults))
}

/// What a rule says of each object, by id, with everything known. What the engine says, which judges most objects in the pass or
/// by the first object of their signature, must be the same.
pub(crate) fn judged(rule: &Rule, inputs: &[Input], now: Option<&str>) -> Vec<(String, Judgment)> {
    let mut slots = all_slots();
    let compiled: Vec<CompiledRule<'_>> = compile(std::iter::once(rule), &mut slots);
    let mut plan = Plan::new(&compiled, &slots, embedded::tables());
    let read = read(inputs, &mut plan, now);
    let world = World::new(&read.tenant, None, embedded::tables());
    let mut all = Vec::new();
    let mut in_full = Verdict::default();
    for program in &compiled[0].programs {
        for number in &read.tenant.objects[program.collection as usize] {
            let judgment = judge_object(&compiled[0], program, &world, *number);
            in_full.take(*number, &judgment);
            all.push((*number, judgment));
        }
    }
    in_full.caught.sort();
    let merged = read.tenant.merged().collect();
    let mut verdict = verdicts(&plan, &world, &read.passed, &merged).remove(0);
    whole(&compiled[0], &world, &merged, &mut verdict);
    let counts = |verdict: &Verdict| (verdict.asked, verdict.clear, verdict.caught.clone(), verdict.unknown.clone());
    assert_eq!(counts(&verdict), counts(&in_full), "the engine's verdict, and that of the objects in full");
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(number, judgment)| (read.tenant.object(number).identity().0, judgment)).collect()
}
