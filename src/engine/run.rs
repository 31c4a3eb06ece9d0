//! The whole run: from inputs to a report.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::about::{Limits, Unclear};
use super::apart::{Mixed, apart};
use super::asked::{self, Asked};
use super::build::Builder;
use super::draft::{Draft, Drafting};
use super::each::each;
use super::finding::Findings;
use super::naming::Naming;
use super::outcome::{outcome, remedies};
use super::pass::{Plan, basic_slots};
use super::people::people;
use super::rank::rank;
use super::read::{Loaded, Passed, read};
use super::requests::{RequestDraft, Requests};
use super::summary::Told;
use super::verdict::{self, Verdict, verdicts};
use crate::check::compile::{CompiledPath, CompiledRule, Slots, compile, computed_from};
use crate::check::duplicate::duplicates;
use crate::check::judge::Judgment;
use crate::check::native;
use crate::check::settings::Settings;
use crate::check::world::World;
use crate::dump::{Certainty, Failure, FormatIn, Input, Products, Reading};
use crate::language::Language;
use crate::pack::load::Packs;
use crate::pack::model::{CheckKind, Confidence, Rule};
use crate::pack::tables::Tables;
use crate::report::model::{Report, RuleOutcome};
use crate::tenant::queue::AFTER_GRANTED;
use crate::tenant::schema::Collection;

/// What to run and how.
#[derive(Clone)]
pub struct Options {
    /// How many threads may work.
    pub threads: usize,
    /// The time that the user gives as now.
    pub now: Option<jiff::Timestamp>,
    /// Only these rules, packs or symptoms; empty for all.
    pub only: Vec<String>,
    /// Not these rules, packs or symptoms.
    pub skip: Vec<String>,
    /// Only findings that touch one of these, and those that explain them; empty for all.
    pub about: Vec<String>,
    /// What is asked for on the command line; the report is about nothing else then.
    pub asked: Option<Asked>,
    /// Who asks, in all requests.
    pub actor: Option<String>,
    /// The bytes read so far.
    pub seen: Arc<AtomicU64>,
    /// The format that the files have, if the user says so.
    pub format_in: Option<FormatIn>,
    /// Where a temporary file may stand: see [`Reading::spool`].
    pub spool: Option<PathBuf>,
    /// What the user says of the tenant.
    pub settings: Settings,
    /// The language of the texts; those of rules must be in it already: see [`Packs::speak`].
    pub language: Language,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: 1,
            now: None,
            only: Vec::new(),
            skip: Vec::new(),
            about: Vec::new(),
            asked: None,
            actor: None,
            seen: Arc::default(),
            format_in: None,
            spool: None,
            settings: Settings::default(),
            language: Language::English,
        }
    }
}

/// What came out.
pub struct Outcome {
    /// The report.
    pub report: Report,
    /// What could not be read, wholly or in part.
    pub failures: Vec<Failure>,
    /// A file changed or vanished while it was read: the report is not to be trusted.
    pub broken: Option<String>,
    /// Names of the options that are nobody's, or of several.
    pub unclear: Vec<Unclear>,
}

/// Runs some rules over a tenant. `incomplete` says of collections that they are, and why.
///
/// # Errors
///
/// The inputs are of several tenants: what would be said of them together is not to be trusted.
pub fn run(
    inputs: &[Input],
    home: &[Input],
    rules: &[&Rule],
    packs: &Packs,
    tables: &Tables,
    options: &Options,
    incomplete: &BTreeMap<Collection, String>,
) -> Result<Outcome, Mixed> {
    let mut slots = Slots::new();
    basic_slots(&mut slots);
    slots.slot(Collection::DirectoryAudits, "targetResources");
    slots.keyed.push((Collection::DirectoryAudits, crate::check::audit::target_path()));
    let rules = compile(rules.iter().copied(), &mut slots);
    let products: Products<'_> = &|name| tables.sku_called(name);
    let home = (!home.is_empty()).then(|| {
        let mut plan = Plan::new(&[], &slots, tables);
        // The partner's export may well have another format.
        let reading = Reading { format_in: None, ..reading(&slots, options, products) };
        read(home, &mut plan, &reading, None)
    });
    let mut plan = Plan::new(&rules, &slots, tables);
    let typed = options.asked.as_ref().map(Asked::input);
    let all: Vec<Input> = inputs.iter().cloned().chain(typed).collect();
    let Loaded { mut tenant, passed, mut failures, input_of } =
        read(&all, &mut plan, &reading(&slots, options, products), options.now);
    if let Some(apart) = apart(&tenant) {
        return Err(Mixed::new(apart, &input_of, inputs));
    }
    tenant.told_incomplete.clone_from(incomplete);
    let asked = asked::read(&World::new(&tenant, None, tables), options);
    failures.extend(asked.failures);
    for (request, properties) in asked.over {
        tenant.lay_over(request, properties);
    }
    let mut unclear = asked.unclear;
    if let Some(home) = &home {
        failures.extend(home.failures.iter().cloned());
    }
    let mut world = World::new(&tenant, home.as_ref().map(|home| &home.tenant), tables);
    world.settings = options.settings.clone();
    world.language = options.language;
    world.threads = options.threads;
    let (report, more) = judge(&plan, &world, passed, packs, options);
    unclear.extend(more);
    let broken = tenant.broken();
    Ok(Outcome { report, failures, broken, unclear })
}

pub(super) fn reading<'a>(slots: &'a Slots, options: &'a Options, products: Products<'a>) -> Reading<'a> {
    Reading {
        wanted: &slots.wanted,
        threads: options.threads,
        seen: Arc::clone(&options.seen),
        products,
        format_in: options.format_in,
        spool: options.spool.as_deref(),
    }
}

fn judge(
    plan: &Plan<'_>,
    world: &World<'_>,
    passed: Passed,
    packs: &Packs,
    options: &Options,
) -> (Report, Vec<Unclear>) {
    let rules = plan.rules;
    let command_line = asked::command_line(world, options);
    let Said { verdicts, mut drafts, mut outcomes } = said(plan, world, &passed, packs, command_line);
    drop(passed);
    remedies(&mut outcomes, rules);
    let order = source_order(world);
    let naming = Naming { rules, world };
    let mut builder = Builder::new(world, &order);
    let requests =
        Requests { packs, rules, verdicts: &verdicts, outcomes: &outcomes, drafts: &drafts, world, command_line };
    let mut requests = requests.all();
    let answering = requests.iter().filter(|request| request.is_typed()).flat_map(|request| &request.findings);
    let ranking = rank(&drafts, rules, world, &answering.map(|(_, finding)| *finding).collect());
    let limits = limits(&drafts, &mut requests, naming, options, command_line);
    let kept = kept(&drafts, &ranking.causes, naming, limits.as_ref(), &requests);
    if let Some(limits) = &limits {
        drafts.iter_mut().for_each(|draft| draft.narrow(&limits.objects, world));
    }
    let of = Findings { naming, drafts: &drafts, ranking: &ranking, kept: &kept, outcomes: &outcomes, sources: &order };
    let mut findings = builder.findings(&of);
    let requests = builder.requests(requests, (&drafts, naming), &mut findings);
    let limits = limits.unwrap_or_default();
    let about = builder.limited_to(&limits.meant);
    let people = kept.iter().flat_map(|index| people(&drafts[*index], world)).collect::<BTreeSet<_>>().len();
    // Of a large tenant there are many of them: they make room before the objects are described.
    drop((drafts, ranking));
    let told = Told { findings, requests, outcomes, objects: builder.objects(), about, people };
    (super::summary::report(world, packs, options, &order, told), limits.unclear)
}

/// What the rules say, each by its index; the findings of all of them in that order.
#[derive(Default)]
struct Said {
    verdicts: Vec<Verdict>,
    outcomes: Vec<RuleOutcome>,
    drafts: Vec<Draft>,
}

fn said(plan: &Plan<'_>, world: &World<'_>, passed: &Passed, packs: &Packs, command_line: Option<u32>) -> Said {
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

fn merge(into: &mut BTreeMap<u64, usize>, from: BTreeMap<u64, usize>) {
    for (needs, count) in from {
        *into.entry(needs).or_default() += count;
    }
}

/// The place of each source in the report: by content, so that the order of files does not matter.
fn source_order(world: &World<'_>) -> Vec<usize> {
    let by_content = |index: usize| world.tenant.sources[index].by_content();
    let mut by_digest: Vec<usize> = (0..world.tenant.sources.len()).collect();
    by_digest.sort_by(|one, other| by_content(*one).cmp(&by_content(*other)));
    let mut order = vec![0; by_digest.len()];
    for (place, index) in by_digest.into_iter().enumerate() {
        order[index] = place;
    }
    order
}

/// What the report is limited to, if to anything; requests that it is not about are left out.
fn limits(
    drafts: &[Draft],
    requests: &mut Vec<RequestDraft>,
    naming: Naming<'_>,
    options: &Options,
    command_line: Option<u32>,
) -> Option<Limits> {
    let world = naming.world;
    if options.about.is_empty() && options.asked.is_none() {
        return None;
    }
    let typed = requests.iter().find(|request| {
        let object = world.tenant.object(request.number);
        command_line.is_some() && object.parts.first().map(|part| part.source) == command_line
    });
    let mut limits = Limits::new(&options.about, typed.map(|typed| typed.number), requests, world);
    let texts = drafts.iter().flat_map(|draft| naming.group_texts(draft)).collect();
    limits.settle(&texts, requests, world);
    requests.retain(|request| limits.requests.contains(&request.number));
    for (index, request) in requests.iter_mut().enumerate() {
        request.report.index = index;
    }
    Some(limits)
}

/// The findings that are shown: all, or those that the limits are about, those that stand against their requests, and whatever
/// explains them.
fn kept(
    drafts: &[Draft],
    causes: &[Vec<(usize, usize)>],
    naming: Naming<'_>,
    limits: Option<&Limits>,
    requests: &[RequestDraft],
) -> BTreeSet<usize> {
    let Some(limits) = limits else { return (0..drafts.len()).collect() };
    let concerned = |index: &usize| {
        let draft = &drafts[*index];
        limits.concern(draft, &naming.rules[draft.rule], &naming.group_texts(draft))
    };
    let mut kept: BTreeSet<usize> = (0..drafts.len()).filter(concerned).collect();
    kept.extend(requests.iter().flat_map(|request| &request.findings).map(|(_, finding)| *finding));
    let explains = |cause: usize, effect: usize| limits.still_explains(&drafts[cause], &drafts[effect], naming.world);
    loop {
        let of = |index: &usize| {
            let index = *index;
            causes[index].iter().map(|(cause, _)| *cause).filter(move |cause| explains(*cause, index))
        };
        let more: BTreeSet<usize> = kept.iter().flat_map(of).collect();
        let before = kept.len();
        kept.extend(more);
        if kept.len() == before {
            return kept;
        }
    }
}
