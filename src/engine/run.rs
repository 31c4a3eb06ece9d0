//! The whole run: from inputs to a report.

mod said;
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use self::said::{Said, said};
use self::shown::{kept, limits};
use super::about::Unclear;
use super::apart::{Mixed, apart};
use super::asked::{self, Asked};
use super::build::Builder;
use super::finding::Findings;
use super::naming::Naming;
use super::outcome::remedies;
use super::pass::{Plan, basic_slots};
use super::people::people;
use super::rank::rank;
use super::read::{Loaded, Passed, read};
use super::requests::Requests;
use super::summary::Told;
use crate::check::compile::{Slots, compile};
use crate::check::settings::Settings;
use crate::check::world::World;
use crate::dump::{Failure, FormatIn, Input, Products, Reading};
use crate::language::Language;
use crate::pack::load::Packs;
use crate::pack::model::Rule;
use crate::pack::tables::Tables;
use crate::report::model::Report;
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

/// How the inputs are read.
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

/// The report on a tenant that was read, and which names of the options are nobody's, or of several.
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
    let limits = limits(&drafts, &mut requests, naming, options);
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
