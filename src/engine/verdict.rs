//! What each rule says of the tenant, object by object.

use std::collections::{BTreeMap, BTreeSet};

use super::pass::Plan;
use crate::check::compile::{CompiledRule, Needs, Program, is_streamed};
use crate::check::judge::{Judgment, judge};
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

/// The judgments of all programs. `rows` are the numbers of the objects' rows, `texts` the interned ones.
pub fn verdicts(plan: &Plan<'_>, world: &World<'_>, rows: &[u32], texts: &[Box<[u8]>]) -> Vec<Verdict> {
    let tenant = world.tenant;
    let mut verdicts = vec![Verdict::default(); plan.rules.len()];
    let merged: BTreeSet<ObjectId> = tenant.merged().collect();
    streamed(plan, world, rows, texts, &merged, &mut verdicts);
    for (compiled, verdict) in plan.rules.iter().zip(&mut verdicts) {
        for program in &compiled.programs {
            let objects = &tenant.objects[program.collection as usize];
            let whole = !is_streamed(program.collection);
            for number in objects.iter().filter(|number| whole || merged.contains(number)) {
                let judgment = judge_object(compiled, program, world, *number);
                verdict.take(*number, &judgment);
                if program.collection == Collection::Requests {
                    verdict.requests.insert(*number, judgment);
                }
            }
        }
        verdict.caught.sort();
    }
    verdicts
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
    rows: &[u32],
    texts: &[Box<[u8]>],
    merged: &BTreeSet<ObjectId>,
    verdicts: &mut [Verdict],
) {
    let tenant: &Tenant = world.tenant;
    for collection in Collection::all().filter(|collection| is_streamed(*collection)) {
        let objects = || tenant.objects[collection as usize].iter().filter(|number| !merged.contains(number));
        // How many objects have each row, and the first of them.
        let mut counts: Vec<Option<(usize, ObjectId)>> = vec![None; texts.len()];
        for number in objects() {
            counts[rows[number.0 as usize] as usize].get_or_insert((0, *number)).0 += 1;
        }
        let found = rows_found(plan, world, collection, &counts, texts, verdicts);
        for number in objects() {
            for (rule, check, could_be) in &found[rows[number.0 as usize] as usize] {
                verdicts[*rule].caught.push(Caught { object: *number, check: *check, could_be: *could_be });
            }
        }
    }
}

/// What the rows of a collection say: a rule, a check and the checks before it that could not decide, for each row.
fn rows_found(
    plan: &Plan<'_>,
    world: &World<'_>,
    collection: Collection,
    counts: &[Option<(usize, ObjectId)>],
    texts: &[Box<[u8]>],
    verdicts: &mut [Verdict],
) -> Vec<Vec<CaughtBy>> {
    let mut decided: BTreeMap<u32, Judgment> = BTreeMap::new();
    let mut found = vec![Vec::new(); texts.len()];
    for (row, counted) in counts.iter().enumerate() {
        let Some((count, first)) = *counted else { continue };
        let mut cells = read_row(&texts[row]);
        for (rule, compiled) in plan.rules.iter().enumerate() {
            let Some(program) = compiled.programs.iter().find(|program| program.collection == collection) else {
                continue;
            };
            let judgment = match cells.remove(&rule) {
                None => Judgment::Clear,
                Some(Cell::Judged(judgment)) => judgment,
                Some(Cell::Signed(signature)) => {
                    decided.entry(signature).or_insert_with(|| judge_object(compiled, program, world, first)).clone()
                }
            };
            if let Judgment::Found { check, could_be, .. } = judgment {
                found[row].push((rule, check, could_be));
            }
            verdicts[rule].count(&judgment, count);
        }
    }
    found
}

/// A rule, its check, and a bit for each earlier check that could not decide.
type CaughtBy = (usize, usize, u64);

enum Cell {
    Judged(Judgment),
    Signed(u32),
}

/// The judgments in a row, by rule; rules that are not in it are clear.
fn read_row(mut row: &[u8]) -> BTreeMap<usize, Cell> {
    let mut cells = BTreeMap::new();
    while let Some((rule, rest)) = row.split_first_chunk::<2>() {
        let Some((tag, rest)) = rest.split_first() else { break };
        let rule = usize::from(u16::from_le_bytes(*rule));
        let (cell, rest) = match tag {
            0 => (Cell::Judged(Judgment::NotAsked), rest),
            1 => {
                let Some((check, rest)) = rest.split_first() else { break };
                let Some((could_be, rest)) = rest.split_first_chunk::<8>() else { break };
                let Some((needs, rest)) = rest.split_first_chunk::<8>() else { break };
                let (could_be, needs) = (u64::from_le_bytes(*could_be), u64::from_le_bytes(*needs));
                (Cell::Judged(Judgment::Found { check: usize::from(*check), could_be, needs }), rest)
            }
            2 => {
                let Some((checks, rest)) = rest.split_first_chunk::<8>() else { break };
                let Some((needs, rest)) = rest.split_first_chunk::<8>() else { break };
                let (checks, needs) = (u64::from_le_bytes(*checks), u64::from_le_bytes(*needs));
                (Cell::Judged(Judgment::Unknown { checks, needs }), rest)
            }
            _ => {
                let Some((number, rest)) = rest.split_first_chunk::<4>() else { break };
                (Cell::Signed(u32::from_le_bytes(*number)), rest)
            }
        };
        cells.insert(rule, cell);
        row = rest;
    }
    cells
}
