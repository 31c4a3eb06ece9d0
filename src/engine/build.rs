//! From findings to the report: objects become keys, numbers become texts.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_128;

use super::about::Meant;
use super::audit::{Record, records};
use super::draft::Draft;
use super::fixes::{FixDraft, Fixing, check_of, typed};
use super::phrases::phrases;
use super::rank::{Ranking, people};
use super::requests::RequestDraft;
use super::words::{message, shown, value_kind};
use crate::check::compile::{Base, CompiledRule};
use crate::check::scope::Found;
use crate::check::world::World;
use crate::pack::model::{Alias, Filter, Path, Severity};
use crate::report::model;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId, TENANT};

/// For how many objects a finding carries evidence.
const MAX_EVIDENCE: usize = 50;

/// How many people a fix names.
const MAX_WHO: usize = 20;

/// Builds the parts of the report that name objects.
pub(super) struct Builder<'a> {
    world: &'a World<'a>,
    rules: &'a [CompiledRule<'a>],
    /// The place of each source in the report, by its index in reading order.
    sources: &'a [usize],
    keys: BTreeMap<ObjectId, String>,
    /// The objects named so far.
    pub(super) objects: BTreeMap<String, model::ObjectInfo>,
}

impl<'a> Builder<'a> {
    /// For a tenant.
    pub(super) fn new(world: &'a World<'a>, rules: &'a [CompiledRule<'a>], sources: &'a [usize]) -> Self {
        Self { world, rules, sources, keys: BTreeMap::new(), objects: BTreeMap::new() }
    }

    /// The key of an object in the report.
    fn key(&mut self, number: ObjectId) -> String {
        if let Some(key) = self.keys.get(&number) {
            return key.clone();
        }
        let key = format!("o{}", self.keys.len() + 1);
        let object = self.world.tenant.object(number);
        let info = self.info(&object);
        self.keys.insert(number, key.clone());
        self.objects.insert(key.clone(), info);
        key
    }

    fn info(&self, object: &Object) -> model::ObjectInfo {
        let singular = match object.collection {
            _ if object.number == TENANT => "tenant",
            Collection::Users => "user",
            Collection::Groups => "group",
            Collection::Contacts => "contact",
            Collection::DeletedUsers => "deletedUser",
            Collection::Domains => "domain",
            Collection::SubscribedSkus => "subscribedSku",
            Collection::Requests => "request",
            other => other.name(),
        };
        let (identity, by) = object.identity();
        let display_name = match object.collection {
            _ if object.number == TENANT && object.parts.is_empty() => {
                phrases(self.world.language).this_tenant.to_owned()
            }
            Collection::SubscribedSkus => {
                let sku = object.text("skuId").unwrap_or_default();
                self.world.product_name(&sku)
            }
            Collection::Requests => request_name(object, self.world),
            _ => object.display_name(),
        };
        let sources: BTreeSet<usize> = object.parts.iter().map(|part| self.sources[part.source as usize]).collect();
        model::ObjectInfo {
            kind: singular.to_owned(),
            id: object.text("id").or((object.number == TENANT).then_some(identity)),
            // An object without any name is told apart by where it stands.
            identity: if by == "text" { "position" } else { by }.to_owned(),
            display_name,
            user_principal_name: object.text("userPrincipalName"),
            url: None,
            synced: object
                .get("onPremisesSyncEnabled")
                .filter(|_| object.number != TENANT)
                .map(|flag| flag.flag() == Some(true)),
            sources: sources.into_iter().collect(),
        }
    }

    /// The findings, in the order of the ranking; `kept` says which are shown.
    pub(super) fn findings(
        &mut self,
        drafts: &[Draft],
        ranking: &Ranking,
        kept: &BTreeSet<usize>,
        outcomes: &[model::RuleOutcome],
    ) -> Vec<model::Finding> {
        let fixing = Fixing::new(self.rules, self.world);
        let mut findings = Vec::new();
        for index in ranking.order.iter().filter(|index| kept.contains(index)) {
            let rank = findings.len() + 1;
            findings.push(self.finding(*index, rank, drafts, ranking, kept, outcomes, &fixing));
        }
        findings
    }

    #[allow(clippy::too_many_arguments)]
    fn finding(
        &mut self,
        index: usize,
        rank: usize,
        drafts: &[Draft],
        ranking: &Ranking,
        kept: &BTreeSet<usize>,
        outcomes: &[model::RuleOutcome],
        fixing: &Fixing<'_>,
    ) -> model::Finding {
        let draft = &drafts[index];
        let compiled = &self.rules[draft.rule];
        let rule = compiled.rule;
        let check = &rule.checks[draft.check];
        let outcome = &outcomes[draft.rule];
        let mut filled = super::words::Filled::default();
        if let Some((first, item)) = draft.first() {
            let object = self.world.tenant.object(first);
            fixing.scoped(compiled, draft, &object, item, |scope| {
                // A shared key is one finding with several holders: the form for one.
                let count = if draft.collection == "*" { 1 } else { draft.objects.len() };
                filled = message(&check.message, count, scope, &draft.provided);
            });
        }
        let numbers: Vec<ObjectId> = draft.numbers().collect();
        let objects: Vec<String> = numbers.iter().map(|number| self.key(*number)).collect();
        let explained = |edges: &[(usize, usize)]| {
            let shown = edges.iter().filter(|(other, _)| kept.contains(other));
            shown
                .map(|(other, objects)| model::Explained {
                    fingerprint: self.fingerprint(&drafts[*other]),
                    check: self.check(&drafts[*other]),
                    objects: *objects,
                })
                .collect()
        };
        let caused_by: Vec<model::Explained> = explained(&ranking.causes[index]);
        let explains: Vec<model::Explained> = explained(&ranking.effects[index]);
        let standing = &ranking.standing[index];
        let ranked_by = model::RankedBy {
            cluster: self.fingerprint(&drafts[standing.first]),
            cluster_check: self.check(&drafts[standing.first]),
            failing_now: standing.failing_now,
            severity: severity_name(standing.severity).to_owned(),
            people: standing.people,
            confidence: confidence_name(standing.confidence).to_owned(),
        };
        let may_be_caused_by = if caused_by.is_empty() { self.possible_causes(&rule.id, outcomes) } else { Vec::new() };
        let group = draft.group.iter().map(|(path, values)| self.group_value(path, values)).collect();
        let evidence = self.evidence(draft, compiled);
        let audit = self.audit(&self.about(draft, compiled, fixing), &rule.report.audit);
        let fixes = fixing.fixes(draft).into_iter().map(|fix| self.fix(fix)).collect();
        model::Finding {
            fingerprint: self.fingerprint(draft),
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
                people: people(draft, self.world).len(),
                objects,
                accepted: Vec::new(),
            },
            evidence,
            could_be: draft.could_be.iter().cloned().collect(),
            audit,
            requests: Vec::new(),
            caused_by,
            explains,
            may_be_caused_by,
            fixes,
            acceptance: None,
            references: rule.references.clone(),
        }
    }

    /// The fingerprint of a finding: what stays the same while its texts and severity change.
    pub(super) fn fingerprint(&self, draft: &Draft) -> String {
        let text = format!("1\n{}\n{}\n{}", self.rules[draft.rule].rule.id, draft.collection, draft.key);
        format!("f1:{:016x}", (xxh3_128(text.as_bytes()) >> 64) as u64)
    }

    fn check(&self, draft: &Draft) -> String {
        self.rules[draft.rule].rule.checks[draft.check].name.clone()
    }

    /// Rules that could explain a finding but could not be assessed.
    fn possible_causes(&self, id: &str, outcomes: &[model::RuleOutcome]) -> Vec<String> {
        let pairs = self.rules.iter().zip(outcomes);
        let open = pairs.filter(|(compiled, outcome)| {
            let effect = self.rules.iter().find(|other| other.rule.id == id);
            let is_named = effect.is_some_and(|effect| effect.rule.caused_by.contains(&compiled.rule.id));
            (is_named || compiled.rule.explains.iter().any(|explained| explained == id))
                && matches!(outcome.outcome.as_str(), "notAssessed" | "partial")
        });
        open.map(|(compiled, _)| compiled.rule.id.clone()).collect()
    }

    fn group_value(&self, path: &Path, values: &[String]) -> model::GroupValue {
        let kind = value_kind(path);
        let filter = match kind {
            "sku" => Some(Filter::Product),
            "plan" => Some(Filter::Plan),
            _ => None,
        };
        let texts: Vec<_> = values.iter().map(|value| shown(value, filter.as_slice(), Some(self.world))).collect();
        let text = texts.join(", ");
        let id = Some(values.join(",")).filter(|id| *id != text);
        model::GroupValue { path: super::words::path_name(path), kind: kind.to_owned(), text, id }
    }

    /// The properties that the check reads, and those that the rule shows besides.
    fn evidence(&mut self, draft: &Draft, compiled: &CompiledRule<'_>) -> Vec<model::Evidence> {
        let mut evidence = Vec::new();
        for number in draft.numbers().take(MAX_EVIDENCE).collect::<Vec<_>>() {
            let object = self.world.tenant.object(number);
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
                    Some((raw, source)) => ("present", Some(typed(&path, raw, self.world)), Some(source)),
                };
                evidence.push(model::Evidence {
                    object: self.key(number),
                    field: name,
                    state: state.to_owned(),
                    value,
                    source: source.map(|source| self.sources[source as usize]),
                    position: None,
                });
            }
        }
        evidence
    }

    /// The objects that a finding is about: its own, whom its requests are for, and what their checks found by looking it up.
    fn about(&self, draft: &Draft, compiled: &CompiledRule<'_>, fixing: &Fixing<'_>) -> Vec<ObjectId> {
        let mut about: Vec<ObjectId> = draft.numbers().collect();
        for ((_, number), items) in draft.objects.iter().take(MAX_EVIDENCE) {
            let object = self.world.tenant.object(*number);
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

    fn audit(&mut self, numbers: &[ObjectId], activities: &[String]) -> Vec<model::AuditInfo> {
        if activities.is_empty() {
            return Vec::new();
        }
        let mut all: BTreeSet<Record> = BTreeSet::new();
        for number in numbers.iter().take(MAX_EVIDENCE) {
            all.extend(records(&self.world.tenant.object(*number), activities, self.world));
        }
        let newest: Vec<_> = all.into_iter().rev().take(5).collect();
        newest.into_iter().map(|record| self.audit_info(record)).collect()
    }

    fn audit_info(&mut self, record: Record) -> model::AuditInfo {
        let by = record.by.as_ref().and_then(|id| {
            let users = self.world.tenant.candidates(Collection::Users, crate::tenant::keys::KeySpace::Id, id);
            users.into_iter().find(|user| user.id().as_ref() == Some(id)).map(|user| user.number)
        });
        model::AuditInfo {
            activity: record.activity,
            at: record.at,
            by: by.map(|number| self.key(number)),
            by_text: record.by_text,
            result: record.result,
            source: Some(self.sources[record.source as usize]),
        }
    }

    fn fix(&mut self, draft: FixDraft) -> model::Fix {
        let mut fix = draft.fix;
        fix.who_can = draft.who_can.iter().take(MAX_WHO).map(|number| self.key(*number)).collect();
        fix.who_must_activate = draft.who_must_activate.iter().take(MAX_WHO).map(|number| self.key(*number)).collect();
        for (command, number) in fix.commands.iter_mut().zip(draft.objects) {
            let key = self.key(number);
            for change in &mut command.changes {
                change.object.clone_from(&key);
            }
            command.objects = vec![key];
        }
        fix
    }

    /// The requests, with the findings that stand against them.
    pub(super) fn requests(
        &mut self,
        drafts: Vec<RequestDraft>,
        all: &[Draft],
        findings: &mut [model::Finding],
    ) -> Vec<model::RequestReport> {
        let mut requests = Vec::new();
        for draft in drafts {
            let mut report = draft.report;
            report.actor = draft.actor.map(|number| self.key(number));
            report.target = draft.target.map(|number| self.key(number));
            report.through = draft.through.iter().map(|number| self.key(*number)).collect();
            report.origin.source = report.origin.source.map(|source| self.sources[source]);
            for (step, finding) in draft.findings {
                let (fingerprint, check) = (self.fingerprint(&all[finding]), self.check(&all[finding]));
                if let Some(finding) = findings.iter_mut().find(|finding| finding.name() == (&fingerprint, &check)) {
                    finding.requests.push(report.index);
                }
                report.steps[step].finding = Some(fingerprint);
            }
            requests.push(report);
        }
        requests
    }

    /// What the objects of a finding have in common, in lower case.
    pub(super) fn group_texts(&self, draft: &Draft) -> BTreeSet<String> {
        let mut texts = BTreeSet::new();
        for (path, values) in &draft.group {
            texts.extend(values.iter().map(|value| value.to_lowercase()));
            texts.insert(self.group_value(path, values).text.to_lowercase());
        }
        texts
    }

    /// What the names mean that the report is limited to.
    pub(super) fn limited_to(&mut self, meant: &[Meant]) -> Vec<model::About> {
        let one = |meant: &Meant| model::About {
            name: meant.name.clone(),
            objects: meant.objects.iter().map(|number| self.key(*number)).collect(),
            also_fits: meant.others.iter().map(|number| self.key(*number)).collect(),
        };
        meant.iter().map(one).collect()
    }
}

/// A request in words.
fn request_name(request: &Object, world: &World<'_>) -> String {
    let operation = request.text("operation").unwrap_or_else(|| "request".to_owned());
    let operation = phrases(world.language).value(&operation).to_owned();
    let about = ["userPrincipalName", "target", "address"].iter().find_map(|name| request.text(name));
    let name = about.map_or(operation.clone(), |about| format!("{operation} {about}"));
    world.request_name(request).map_or(name.clone(), |own| format!("{own}: {name}"))
}

/// The word for a severity.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The word for a confidence.
pub(super) fn confidence_name(confidence: crate::pack::model::Confidence) -> &'static str {
    match confidence {
        crate::pack::model::Confidence::Hint => "hint",
        crate::pack::model::Confidence::Likely => "likely",
        crate::pack::model::Confidence::Certain => "certain",
    }
}
