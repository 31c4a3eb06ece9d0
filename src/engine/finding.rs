//! What is said of a finding, apart from the keys of its objects in the report: those follow the order of all findings.

use std::collections::BTreeSet;

use super::audit::{Record, records};
use super::draft::Draft;
use super::fixes::{FixDraft, Fixing, check_of, typed};
use super::naming::{Naming, confidence_name, severity_name};
use super::people::people;
use super::rank::Ranking;
use super::short::shortened;
use super::words::message;
use crate::check::compile::{Base, CompiledRule};
use crate::check::scope::Found;
use crate::json::Raw;
use crate::pack::model::{Alias, Path};
use crate::report::model;
use crate::tenant::ObjectId;
use crate::tenant::schema::Collection;

/// Properties that list people.
const PEOPLE: [&str; 2] = ["members", "scopedRoleMembers"];

/// For how many objects a finding carries evidence.
const MAX_EVIDENCE: usize = 50;

/// How many audit records a finding shows.
const MAX_RECORDS: usize = 5;

/// What is known when all rules have spoken.
#[derive(Clone, Copy)]
pub(super) struct Findings<'a> {
    /// The names of findings, and of what they have in common.
    pub(super) naming: Naming<'a>,
    /// The findings in the making.
    pub(super) drafts: &'a [Draft],
    /// Their order and their causes.
    pub(super) ranking: &'a Ranking,
    /// Those that are shown, by index.
    pub(super) kept: &'a BTreeSet<usize>,
    /// How each rule went.
    pub(super) outcomes: &'a [model::RuleOutcome],
    /// The place of each source in the report, by its index in reading order.
    pub(super) sources: &'a [usize],
}

/// A finding whose objects are still numbers.
pub(super) struct FindingDraft {
    /// The finding, without objects, audit records and fixes.
    pub(super) finding: model::Finding,
    /// Its objects.
    pub(super) objects: Vec<ObjectId>,
    /// The object of each piece of its evidence.
    pub(super) evidence: Vec<ObjectId>,
    /// Who changed it, and when.
    pub(super) audit: Vec<Record>,
    /// Its fixes.
    pub(super) fixes: Vec<FixDraft>,
}

impl Findings<'_> {
    /// One of them, by the index of its draft, with its rank.
    pub(super) fn finding(&self, index: usize, rank: usize, fixing: &Fixing<'_>) -> FindingDraft {
        let Self { naming, drafts, ranking, kept, outcomes, .. } = *self;
        let draft = &drafts[index];
        let compiled = &naming.rules[draft.rule];
        let rule = compiled.rule;
        let check = &rule.checks[draft.check];
        let outcome = &outcomes[draft.rule];
        let mut filled = super::words::Filled::default();
        if let Some((first, item)) = draft.first() {
            let object = naming.world.tenant.object(first);
            fixing.scoped(compiled, draft, &object, item, |scope| {
                // A shared key is one finding with several holders: the form for one.
                let count = if draft.collection == "*" { 1 } else { draft.objects.len() };
                filled = message(&check.message, count, scope, &draft.provided);
            });
        }
        let objects: Vec<ObjectId> = draft.numbers().collect();
        let explained = |edges: &[(usize, usize)]| {
            let shown = edges.iter().filter(|(other, _)| kept.contains(other));
            shown
                .map(|(other, objects)| model::Explained {
                    fingerprint: naming.fingerprint(&drafts[*other]),
                    check: naming.check(&drafts[*other]),
                    objects: *objects,
                })
                .collect()
        };
        let caused_by: Vec<model::Explained> = explained(&ranking.causes[index]);
        let explains: Vec<model::Explained> = explained(&ranking.effects[index]);
        let standing = &ranking.standing[index];
        let ranked_by = model::RankedBy {
            cluster: naming.fingerprint(&drafts[standing.first]),
            cluster_check: naming.check(&drafts[standing.first]),
            answers_question: standing.answers_question,
            failing_now: standing.failing_now,
            severity: severity_name(standing.severity).to_owned(),
            people: standing.people,
            confidence: confidence_name(standing.confidence).to_owned(),
        };
        let may_be_caused_by = if caused_by.is_empty() { self.possible_causes(&rule.id) } else { Vec::new() };
        let group = draft.group.iter().map(|(path, values)| naming.group_value(path, values)).collect();
        let (evidence, shown) = self.evidence(draft, compiled);
        let audit = self.audit(&self.about(draft, compiled, fixing), &rule.report.audit);
        let finding = model::Finding {
            fingerprint: naming.fingerprint(draft),
            rule: rule.id.clone(),
            check: check.name.clone(),
            pack: rule.pack.clone(),
            symptoms: rule.symptoms.clone(),
            rank,
            ranked_by,
            severity: severity_name(draft.severity).to_owned(),
            confidence: confidence_name(draft.confidence).to_owned(),
            at_least: outcome.unknown > 0 || outcome.missing.iter().any(|missing| missing.property.is_none()),
            status: "new".to_owned(),
            title: rule.title.clone(),
            message: filled.text,
            message_id: format!("check.{}", check.name),
            values: filled.values,
            group,
            affected: model::Affected {
                count: objects.len(),
                people: people(draft, naming.world).len(),
                objects: Vec::new(),
                accepted: Vec::new(),
            },
            evidence,
            could_be: draft.could_be.iter().cloned().collect(),
            audit: Vec::new(),
            requests: Vec::new(),
            caused_by,
            explains,
            may_be_caused_by,
            fixes: Vec::new(),
            acceptance: None,
            references: rule.references.clone(),
        };
        FindingDraft { finding, objects, evidence: shown, audit, fixes: fixing.fixes(draft) }
    }

    /// Rules that could explain a finding but could not be assessed.
    fn possible_causes(&self, id: &str) -> Vec<String> {
        let pairs = self.naming.rules.iter().zip(self.outcomes);
        let open = pairs.filter(|(compiled, outcome)| {
            let effect = self.naming.rules.iter().find(|other| other.rule.id == id);
            let is_named = effect.is_some_and(|effect| effect.rule.caused_by.contains(&compiled.rule.id));
            (is_named || compiled.rule.explains.iter().any(|explained| explained == id))
                && matches!(outcome.outcome.as_str(), "notAssessed" | "partial")
        });
        open.map(|(compiled, _)| compiled.rule.id.clone()).collect()
    }

    /// The properties that the check reads, and those that the rule shows besides; with the objects that have them.
    fn evidence(&self, draft: &Draft, compiled: &CompiledRule<'_>) -> (Vec<model::Evidence>, Vec<ObjectId>) {
        let (mut evidence, mut shown) = (Vec::new(), Vec::new());
        for number in draft.numbers().take(MAX_EVIDENCE) {
            let object = self.naming.world.tenant.object(number);
            let mut names: Vec<String> = Vec::new();
            if let Some(check) = check_of(compiled, draft, object.collection) {
                names.extend(check.reads.iter().cloned());
            }
            for duplicate in compiled.duplicates.iter().filter(|duplicate| duplicate.index == draft.check) {
                let own = duplicate.over.iter().filter(|(collection, _)| *collection == object.collection);
                names.extend(own.flat_map(|(_, paths)| paths.iter().map(|path| path.name.clone())));
            }
            names.extend(compiled.rule.report.show.iter().cloned());
            let mut seen = BTreeSet::new();
            names.retain(|name| {
                seen.insert(name.clone()) && object.collection.property(name).is_none_or(|property| !property.computed)
            });
            for name in names {
                let found = object.get_with_source(&name);
                // A property that the rule shows besides, and that this kind of object does not have, is no evidence.
                if found.is_none() && object.collection.property(&name).is_none() {
                    continue;
                }
                let path = Path { alias: Alias::Object, segments: vec![name.clone()], filters: Vec::new() };
                let (state, value, source) = match found {
                    None => ("not-collected", None, None),
                    Some((raw, source)) if raw.is_empty() => ("empty", None, Some(source)),
                    // Who else is in it concerns nobody: a report about one person names no others.
                    Some((raw, source)) if PEOPLE.contains(&name.as_str()) => {
                        ("present", Some(count_of(raw)), Some(source))
                    }
                    Some((raw, source)) => {
                        let short = shortened(raw);
                        let raw = short.as_deref().map_or(raw, Raw::new);
                        ("present", Some(typed(&path, raw, self.naming.world)), Some(source))
                    }
                };
                shown.push(number);
                evidence.push(model::Evidence {
                    object: String::new(),
                    field: name,
                    state: state.to_owned(),
                    value,
                    source: source.map(|source| self.sources[source as usize]),
                    position: None,
                });
            }
        }
        (evidence, shown)
    }

    /// The objects that a finding is about: its own, whom its requests are for, and what their checks found by looking it up.
    fn about(&self, draft: &Draft, compiled: &CompiledRule<'_>, fixing: &Fixing<'_>) -> Vec<ObjectId> {
        let mut about: Vec<ObjectId> = draft.numbers().collect();
        for ((_, number), items) in draft.objects.iter().take(MAX_EVIDENCE) {
            let object = self.naming.world.tenant.object(*number);
            if object.collection != Collection::Requests {
                continue;
            }
            let Some(check) = check_of(compiled, draft, object.collection) else { continue };
            let is_here = |base: &Base| match base {
                Base::LookUp(index) => !compiled.look_ups[&object.collection][*index].home,
                base => *base == Base::Target,
            };
            let bases = || check.bases.iter().copied().chain([Base::Target]).filter(is_here);
            fixing.scoped(compiled, draft, &object, items.first().copied(), |scope| {
                for base in bases() {
                    if let Found::Object(found) = scope.found(base)
                        && !about.contains(&found.number)
                    {
                        about.push(found.number);
                    }
                }
            });
        }
        about
    }

    /// The newest records of some activities about objects.
    fn audit(&self, numbers: &[ObjectId], activities: &[String]) -> Vec<Record> {
        if activities.is_empty() {
            return Vec::new();
        }
        let mut all: BTreeSet<Record> = BTreeSet::new();
        for number in numbers.iter().take(MAX_EVIDENCE) {
            all.extend(records(&self.naming.world.tenant.object(*number), activities, self.naming.world));
        }
        all.into_iter().rev().take(MAX_RECORDS).collect()
    }
}

/// How many elements a list has.
fn count_of(list: Raw<'_>) -> model::Value {
    model::Value { kind: "number".to_owned(), text: list.items().count().to_string(), id: None }
}
