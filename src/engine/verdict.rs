//! What each rule says of the tenant, object by object.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::each::each;
use super::intern::Texts;
use super::pass::{Asked, Plan};
use super::read::Passed;
use crate::check::compile::{CompiledRule, Needs, OfElements, Program, Signature, is_streamed};
use crate::check::judge::{Judgment, judge};
use crate::check::link::Links;
use crate::check::scope::Scope;
use crate::check::world::World;
use crate::tenant::schema::Collection;
use crate::tenant::{ObjectId, Tenant};

/// An object that a check caught.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caught {
    /// The object.
    pub object: ObjectId,
    /// The check's index in the rule.
    pub check: usize,
    /// A bit for each earlier check that could not decide.
    pub could_be: u64,
}

/// What a rule says of the objects of the tenant.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Objects about which there was something to ask.
    pub asked: usize,
    /// Objects with which nothing is wrong.
    pub clear: usize,
    /// Objects that were caught.
    pub caught: Vec<Caught>,
    /// Objects that could not be decided, by what was missing.
    pub unknown: BTreeMap<Needs, usize>,
    /// Objects that were caught although earlier checks could not decide, by what those lacked.
    pub lacking: BTreeMap<Needs, usize>,
    /// Requests that were clear, could not be decided, or were not asked about, for their verdicts.
    pub requests: BTreeMap<ObjectId, Judgment>,
    /// Nobody asks: what the user says of the tenant makes the rule pointless.
    pub is_off: bool,
}

impl Verdict {
    /// Counts a judgment of some objects that agree in it.
    fn count(&mut self, judgment: &Judgment, objects: usize) {
        if *judgment != Judgment::NotAsked {
            self.asked += objects;
        }
        match judgment {
            Judgment::Clear => self.clear += objects,
            Judgment::Unknown { needs, .. } => *self.unknown.entry(*needs).or_default() += objects,
            Judgment::Found { needs, .. } if *needs != 0 => *self.lacking.entry(*needs).or_default() += objects,
            Judgment::NotAsked | Judgment::Found { .. } | Judgment::Pending => {}
        }
    }

    /// Takes the judgment of one object.
    pub fn take(&mut self, object: ObjectId, judgment: &Judgment) {
        self.count(judgment, 1);
        if let Judgment::Found { check, could_be, .. } = judgment {
            self.caught.push(Caught { object, check: *check, could_be: *could_be });
        }
    }
}

/// The judgments of the pass. `merged` are the objects that several sources hold: what the pass says of their parts does not count.
pub fn verdicts(plan: &Plan<'_>, world: &World<'_>, passed: &Passed, merged: &BTreeSet<ObjectId>) -> Vec<Verdict> {
    let mut verdicts = vec![Verdict::default(); plan.rules.len()];
    streamed(plan, world, passed, merged, &mut verdicts);
    linked(plan, world, &passed.asked, merged, &mut verdicts);
    verdicts
}

/// The judgments of a rule on objects that the pass does not judge, or not as a whole.
pub fn whole(compiled: &CompiledRule<'_>, world: &World<'_>, merged: &BTreeSet<ObjectId>, verdict: &mut Verdict) {
    for program in &compiled.programs {
        let collection = program.collection;
        let objects = &world.tenant.objects[collection as usize];
        for number in objects.iter().filter(|number| !is_streamed(collection) || merged.contains(number)) {
            let judgment = judge_object(compiled, program, world, *number);
            verdict.take(*number, &judgment);
            if collection == Collection::Requests {
                verdict.requests.insert(*number, judgment);
            }
        }
    }
    verdict.caught.sort();
}

/// The judgment of one object with everything known.
pub fn judge_object(compiled: &CompiledRule<'_>, program: &Program, world: &World<'_>, number: ObjectId) -> Judgment {
    let object = world.tenant.object(number);
    let scope = Scope::known(&object, world, &compiled.look_ups[&program.collection]);
    judge(compiled, program, &scope)
}

/// The objects that the pass judged: what it left pending is decided once for each signature.
fn streamed(
    plan: &Plan<'_>,
    world: &World<'_>,
    passed: &Passed,
    merged: &BTreeSet<ObjectId>,
    verdicts: &mut [Verdict],
) {
    let tenant: &Tenant = world.tenant;
    let Passed { rows, texts, .. } = passed;
    for collection in Collection::all().filter(|collection| is_streamed(*collection)) {
        let objects = || tenant.objects[collection as usize].iter().filter(|number| !merged.contains(number));
        // How many objects have each row, and the first of them.
        let mut counts: Vec<(u32, ObjectId)> = vec![(0, ObjectId(0)); texts.len()];
        for number in objects() {
            let (count, first) = &mut counts[rows[number.0 as usize] as usize];
            if *count == 0 {
                *first = *number;
            }
            *count += 1;
        }
        let found = rows_found(plan, world, collection, &counts, texts, verdicts);
        for number in objects() {
            for (rule, check, could_be) in found.get(&rows[number.0 as usize]).into_iter().flatten() {
                verdicts[*rule].caught.push(Caught { object: *number, check: *check, could_be: *could_be });
            }
        }
    }
}

/// The objects whose judgments depend on their links: decided once for each signature and each answer.
fn linked(plan: &Plan<'_>, world: &World<'_>, asked: &[Asked], merged: &BTreeSet<ObjectId>, verdicts: &mut [Verdict]) {
    let tenant = world.tenant;
    let mut places: HashMap<(u32, Vec<bool>), usize> = HashMap::new();
    let mut pending = Vec::new();
    let mut open = Vec::new();
    let mut links: BTreeMap<(u16, Collection), Vec<Arc<Links>>> = BTreeMap::new();
    for of_one in asked.chunk_by(|one, next| (one.object, one.rule) == (next.object, next.rule)) {
        let Asked { object, signature, rule, .. } = of_one[0];
        let number = ObjectId(object);
        if merged.contains(&number) || !tenant.is_live(number) {
            continue;
        }
        let collection = tenant.kind(number);
        let compiled = &plan.rules[usize::from(rule)];
        let Some(program) = compiled.programs.iter().find(|program| program.collection == collection) else { continue };
        let links = links.entry((rule, collection)).or_insert_with(|| {
            let links = program.signature.iter().filter_map(|part| match part {
                Signature::Elements(place) => match &plan.slots.elements[collection as usize][*place].what {
                    OfElements::Linked(link) => Some(world.links(link)),
                    OfElements::Values(..) => None,
                },
                _ => None,
            });
            links.collect()
        });
        let answers = of_one.iter().flat_map(|asked| links.iter().map(|links| links.contains(&asked.mark)));
        let place = *places.entry((signature, answers.collect())).or_insert_with(|| {
            pending.push((compiled, program, number));
            pending.len() - 1
        });
        open.push((usize::from(rule), number, place));
    }
    let judge = |(compiled, program, number): &(&CompiledRule<'_>, &Program, ObjectId)| {
        judge_object(compiled, program, world, *number)
    };
    let judgments = each(world.threads, &pending, judge);
    for (rule, number, place) in open {
        verdicts[rule].take(number, &judgments[place]);
    }
}

/// What the rows of a collection say: a rule, a check and the checks before it that could not decide, for each row.
fn rows_found(
    plan: &Plan<'_>,
    world: &World<'_>,
    collection: Collection,
    counts: &[(u32, ObjectId)],
    texts: &Texts,
    verdicts: &mut [Verdict],
) -> HashMap<u32, Vec<CaughtBy>> {
    let programs: Vec<Option<&Program>> = plan
        .rules
        .iter()
        .map(|compiled| compiled.programs.iter().find(|program| program.collection == collection))
        .collect();
    let decided = decided(plan, world, &programs, counts, texts);
    let mut found: HashMap<u32, Vec<CaughtBy>> = HashMap::new();
    let all: usize = counts.iter().map(|(count, _)| *count as usize).sum();
    // Rules that a row does not name are clear: so they are of all objects but those whose rows name them.
    let mut clear = vec![all; programs.len()];
    for ((count, _), row) in counts.iter().zip(0..).filter(|((count, _), _)| *count > 0) {
        let count = *count as usize;
        for (rule, cell) in Cells(texts.get(row)) {
            if programs[rule].is_none() {
                continue;
            }
            clear[rule] -= count;
            let judgment = match cell {
                Cell::Linked => continue,
                Cell::Judged(judgment) => judgment,
                Cell::Signed(signature) => match decided.get(&signature) {
                    Some(judgment) => judgment.clone(),
                    None => continue,
                },
            };
            if let Judgment::Found { check, could_be, .. } = judgment {
                found.entry(row).or_default().push((rule, check, could_be));
            }
            verdicts[rule].count(&judgment, count);
        }
    }
    for (rule, _) in programs.iter().enumerate().filter(|(_, program)| program.is_some()) {
        verdicts[rule].count(&Judgment::Clear, clear[rule]);
    }
    found
}

/// What the pass left pending, decided once for each signature.
fn decided(
    plan: &Plan<'_>,
    world: &World<'_>,
    programs: &[Option<&Program>],
    counts: &[(u32, ObjectId)],
    texts: &Texts,
) -> HashMap<u32, Judgment> {
    let mut known = HashSet::new();
    let mut pending = Vec::new();
    for ((_, first), row) in counts.iter().zip(0..).filter(|((count, _), _)| *count > 0) {
        for (rule, cell) in Cells(texts.get(row)) {
            if let (Cell::Signed(signature), Some(program)) = (cell, programs[rule])
                && known.insert(signature)
            {
                pending.push((signature, &plan.rules[rule], program, *first));
            }
        }
    }
    let judge = |(signature, compiled, program, first): &(u32, &CompiledRule<'_>, &Program, ObjectId)| {
        (*signature, judge_object(compiled, program, world, *first))
    };
    each(world.threads, &pending, judge).into_iter().collect()
}

/// A rule, its check, and a bit for each earlier check that could not decide.
type CaughtBy = (usize, usize, u64);

enum Cell {
    Judged(Judgment),
    Signed(u32),
    /// It depends on the object's links as well.
    Linked,
}

/// The judgments in a row, with their rules; rules that are not in it are clear.
struct Cells<'r>(&'r [u8]);

impl Iterator for Cells<'_> {
    type Item = (usize, Cell);

    fn next(&mut self) -> Option<Self::Item> {
        let rule = usize::from(u16::from_le_bytes(self.take()?));
        let [tag] = self.take()?;
        let cell = match tag {
            0 => Cell::Judged(Judgment::NotAsked),
            1 => {
                let [check] = self.take()?;
                let (could_be, needs) = (u64::from_le_bytes(self.take()?), u64::from_le_bytes(self.take()?));
                Cell::Judged(Judgment::Found { check: usize::from(check), could_be, needs })
            }
            2 => {
                let (checks, needs) = (u64::from_le_bytes(self.take()?), u64::from_le_bytes(self.take()?));
                Cell::Judged(Judgment::Unknown { checks, needs })
            }
            4 => Cell::Linked,
            _ => Cell::Signed(u32::from_le_bytes(self.take()?)),
        };
        Some((rule, cell))
    }
}

impl Cells<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }
}
