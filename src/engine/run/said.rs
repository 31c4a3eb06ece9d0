//! What all rules say of a tenant: each by itself, then again those that depend on what the others say of requests.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::compile::{CompiledPath, CompiledRule, computed_from};
use crate::check::duplicate::duplicates;
use crate::check::judge::Judgment;
use crate::check::native;
use crate::check::world::World;
use crate::dump::Certainty;
use crate::engine::draft::{Draft, Drafting};
use crate::engine::each::each;
use crate::engine::outcome::outcome;
use crate::engine::pass::Plan;
use crate::engine::read::Passed;
use crate::engine::requests::Requests;
use crate::engine::verdict::{self, Verdict, verdicts};
use crate::pack::load::Packs;
use crate::pack::model::{CheckKind, Confidence};
use crate::report::model::RuleOutcome;
use crate::tenant::queue::AFTER_GRANTED;
use crate::tenant::schema::Collection;

/// What the rules say, each by its index; the findings of all of them in that order.
#[derive(Default)]
pub(super) struct Said {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) outcomes: Vec<RuleOutcome>,
    pub(super) drafts: Vec<Draft>,
}

/// Asks all rules.
pub(super) fn said(
    plan: &Plan<'_>,
    world: &World<'_>,
    passed: &Passed,
    packs: &Packs,
    command_line: Option<u32>,
) -> Said {
    let rules = plan.rules;
    let remembered = remembered(world);
    let merged = world.tenant.merged().collect();
    let say = |index: usize, mut verdict: Verdict| {
        let compiled: &CompiledRule<'_> = &rules[index];
        verdict::whole(compiled, world, &merged, &mut verdict);
        let mut drafts = drafts_of(index, compiled, &mut verdict, world);
        if !remembered.is_empty() && reads(compiled).any(|collection| remembered.contains(&collection)) {
            drafts.iter_mut().for_each(|draft| draft.confidence = draft.confidence.min(Confidence::Likely));
        }
        let found: BTreeSet<_> = drafts.iter().flat_map(Draft::numbers).collect();
        let outcome = outcome(compiled, &verdict, found.len(), world);
        (verdict, outcome, drafts)
    };
    let requests = world.tenant.objects[Collection::Requests as usize].len();
    let judged: Vec<(usize, Verdict)> = verdicts(plan, world, passed, &merged).into_iter().enumerate().collect();
    let mut said = Said::default();
    for (verdict, outcome, drafts) in each(world.threads, &judged, |(index, verdict)| say(*index, verdict.clone())) {
        said.verdicts.push(verdict);
        said.outcomes.push(outcome);
        said.drafts.extend(drafts);
    }
    // Which requests work or fail is known when all rules have spoken; a few of them say more of the requests behind those then.
    let waits = |(index, _): &(usize, Verdict)| requests > 1 && waits_for_others(&rules[*index]);
    let waiting: Vec<(usize, Verdict)> = judged.into_iter().filter(waits).collect();
    let known = |said: &Said| {
        let Said { verdicts, outcomes, drafts } = said;
        Requests { packs, rules, verdicts, outcomes, drafts, world, command_line }.settled()
    };
    // What is known of one request may settle the next.
    for _ in 0..requests {
        if waiting.is_empty() || !world.settle(known(&said)) {
            break;
        }
        let again = each(world.threads, &waiting, |(index, verdict)| say(*index, verdict.clone()));
        for ((index, _), (verdict, outcome, drafts)) in waiting.iter().zip(again) {
            said.verdicts[*index] = verdict;
            said.outcomes[*index] = outcome;
            said.drafts.retain(|draft| draft.rule != *index);
            said.drafts.extend(drafts);
        }
        said.drafts.sort_by_key(|draft| draft.rule);
    }
    said
}

/// Whether a rule says more of a request when it is known which of those before it work.
fn waits_for_others(compiled: &CompiledRule<'_>) -> bool {
    let is_native = |name: &str| {
        let kinds = compiled.rule.checks.iter().map(|check| &check.kind);
        kinds.into_iter().any(|kind| matches!(kind, CheckKind::Native(native) if native.name == name))
    };
    // Whoever a request before it would have made is not there.
    if is_native("request-references") {
        return true;
    }
    let programs = compiled.programs.iter().filter(|program| program.collection == Collection::Requests);
    let mut waits = false;
    let mut visit = |path: &CompiledPath| waits |= AFTER_GRANTED.contains(&path.name.as_str());
    programs.flat_map(|program| &program.checks).for_each(|check| check.kind.paths(&mut visit));
    waits
}

/// The collections that a rule reads, also for what is worked out of them.
fn reads(compiled: &CompiledRule<'_>) -> impl Iterator<Item = Collection> {
    compiled.needs.iter().flat_map(|need| {
        let root = need.property.as_deref().and_then(|path| path.split('.').next()).unwrap_or_default();
        let from = computed_from(need.collection, root).iter().map(|(collection, _)| *collection);
        std::iter::once(need.collection).chain(from)
    })
}

/// The collections of which something comes from a source in a format that is only remembered.
fn remembered(world: &World<'_>) -> BTreeSet<Collection> {
    let sources = world.tenant.sources.iter();
    let sources = sources.filter(|source| source.format.certainty() == Some(Certainty::Remembered));
    let sections = sources.flat_map(|source| &source.sections);
    sections.filter(|(_, section)| section.is_collected()).map(|(collection, _)| *collection).collect()
}

/// What one rule found: by its checks on single objects, on shared keys, and its native ones.
fn drafts_of(index: usize, compiled: &CompiledRule<'_>, verdict: &mut Verdict, world: &World<'_>) -> Vec<Draft> {
    let mut drafting = Drafting::new(index, compiled, world);
    drafting.caught(verdict);
    if !compiled.duplicates.is_empty() {
        let found = duplicates(compiled, world);
        let holders: BTreeSet<_> = found.shared.iter().flat_map(|shared| &shared.holders).collect();
        verdict.asked += found.decided;
        verdict.clear += found.decided.saturating_sub(holders.len());
        merge(&mut verdict.unknown, found.unknown);
        drafting.shared(&found.shared);
    }
    let mut native_caught = BTreeSet::new();
    let mut first: Option<usize> = None;
    let mut all_off = compiled.programs.is_empty() && compiled.duplicates.is_empty() && !compiled.natives.is_empty();
    for (check, needs) in &compiled.natives {
        let CheckKind::Native(native) = &compiled.rule.checks[*check].kind else { continue };
        let result = native::run(native, compiled, *needs, world);
        all_off &= result.is_off;
        let more: usize = result.unknown.values().sum();
        // The native checks of a rule look at the same objects: they count once, by the first that was asked.
        if first.is_none() {
            first = (result.asked > 0).then_some(more);
            verdict.asked += result.asked;
            verdict.clear += result.decided.saturating_sub(result.hits.len());
            merge(&mut verdict.unknown, result.unknown);
            for number in result.clear {
                verdict.requests.insert(number, Judgment::Clear);
            }
            for number in result.undecided {
                verdict.requests.insert(number, Judgment::Unknown { checks: 1, needs: *needs });
            }
        } else {
            verdict.clear = verdict.clear.saturating_sub(result.hits.len());
            // What the first could decide is only clear if the others could decide it, too.
            if first == Some(0) && more > 0 {
                verdict.clear = verdict.clear.saturating_sub(more);
                merge(&mut verdict.unknown, result.unknown);
                first = Some(more);
            }
        }
        let hits: Vec<_> = result.hits.into_iter().filter(|hit| native_caught.insert(hit.object)).collect();
        drafting.native(*check, &hits);
    }
    verdict.is_off = all_off;
    drafting.finish()
}

/// Adds counts by what is missing.
fn merge(into: &mut BTreeMap<u64, usize>, from: BTreeMap<u64, usize>) {
    for (needs, count) in from {
        *into.entry(needs).or_default() += count;
    }
}
