//! Requests: whether what somebody wants to do would work, and why not.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::verdict::Verdict;
use super::words::product_name;
use crate::check::compile::CompiledRule;
use crate::check::judge::Judgment;
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::load::Packs;
use crate::pack::model::{CheckKind, Confidence, Severity};
use crate::report::model;
use crate::tenant::known::Search;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

/// A request in the making: people are still numbers.
#[derive(Clone, Debug)]
pub struct RequestDraft {
    /// The request itself.
    pub number: ObjectId,
    /// Who asks.
    pub actor: Option<ObjectId>,
    /// For whom.
    pub target: Option<ObjectId>,
    /// The report's part, without people.
    pub report: model::RequestReport,
    /// For each step that found something: the draft's index.
    pub findings: Vec<(usize, usize)>,
}

/// Everything that is needed to judge requests.
pub struct Requests<'a> {
    /// The packs: their steps.
    pub packs: &'a Packs,
    /// The rules.
    pub rules: &'a [CompiledRule<'a>],
    /// What they say.
    pub verdicts: &'a [Verdict],
    /// Their outcomes.
    pub outcomes: &'a [model::RuleOutcome],
    /// The findings.
    pub drafts: &'a [Draft],
    /// The tenant.
    pub world: &'a World<'a>,
}

impl Requests<'_> {
    /// All requests, in the order of their ids and texts.
    pub fn all(&self) -> Vec<RequestDraft> {
        let mut requests: Vec<_> = self.world.tenant.all(Collection::Requests).collect();
        requests.sort_by_key(|request| request.identity().0);
        let steps = self.steps();
        requests.iter().enumerate().map(|(index, request)| self.one(index, request, &steps)).collect()
    }

    /// The rules to go through for each operation: each pack's, one after the other.
    fn steps(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut steps: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (operation, rules) in self.packs.packs.iter().flat_map(|pack| &pack.operations) {
            let all = steps.entry(operation).or_default();
            for rule in rules.iter().map(String::as_str) {
                if !all.contains(&rule) {
                    all.push(rule);
                }
            }
        }
        steps
    }

    fn one(&self, index: usize, request: &Object, steps: &BTreeMap<&str, Vec<&str>>) -> RequestDraft {
        let operation = request.text("operation").unwrap_or_default();
        let person = |name: &str, or_group| match self.world.person(&request.text(name)?, or_group) {
            Search::Object(object) => Some(object.number),
            _ => None,
        };
        let (actor, target) = (person("actor", false), person("target", true));
        let mut answers = Vec::new();
        let mut findings = Vec::new();
        let mut fails = false;
        let mut undecided = false;
        for id in steps.get(operation.as_str()).into_iter().flatten() {
            let Some(rule) = self.rules.iter().position(|compiled| compiled.rule.id == **id) else { continue };
            let draft = self.draft_of(rule, request.number, target);
            let outcome = match draft {
                Some(draft) => {
                    findings.push((answers.len(), draft));
                    let draft = &self.drafts[draft];
                    fails |= draft.severity >= Severity::High && draft.confidence >= Confidence::Likely;
                    "found"
                }
                None => self.answer(rule, request.number),
            };
            undecided |= outcome == "unknown" && self.could_fail(rule, request.number);
            let check = draft.map(|draft| self.rules[rule].rule.checks[self.drafts[draft].check].name.clone());
            answers.push(model::RequestStep {
                rule: (*id).to_owned(),
                check,
                outcome: outcome.to_owned(),
                finding: None,
            });
        }
        let verdict = match (fails, undecided || answers.is_empty()) {
            (true, _) => "fails",
            (false, true) => "cannot-tell",
            (false, false) => "succeeds",
        };
        let report = model::RequestReport {
            index,
            id: request.text("id"),
            operation,
            origin: model::RequestOrigin {
                kind: "requests".to_owned(),
                source: request.parts.first().map(|part| part.source as usize),
                row: None,
            },
            actor: None,
            target: None,
            values: self.values(request, actor.is_some(), target.is_some()),
            verdict: verdict.to_owned(),
            steps: answers,
            error: None,
            way_out: Vec::new(),
        };
        RequestDraft { number: request.number, actor, target, report, findings }
    }

    /// Whether a check of a rule that could not decide about a request could make it fail. What is only worth knowing could not.
    fn could_fail(&self, rule: usize, request: ObjectId) -> bool {
        let mask = match self.verdicts[rule].requests.get(&request) {
            Some(Judgment::Unknown { checks, .. }) => *checks,
            _ => u64::MAX,
        };
        let checks = self.rules[rule].rule.checks.iter().enumerate();
        checks.filter(|(index, _)| mask & (1 << index.min(&63)) != 0).any(|(_, check)| {
            let grades = match &check.kind {
                CheckKind::Conflict(set) | CheckKind::Requires(set) => set.grades.values.values().flatten().copied().collect(),
                _ => vec![(check.severity.unwrap_or(Severity::Medium), check.confidence.unwrap_or(Confidence::Likely))],
            };
            grades.into_iter().any(|(severity, confidence)| severity >= Severity::High && confidence >= Confidence::Likely)
        })
    }

    /// The finding of a rule about a request or its target.
    fn draft_of(&self, rule: usize, request: ObjectId, target: Option<ObjectId>) -> Option<usize> {
        let about = |draft: &Draft, number| draft.numbers().any(|known| known == number);
        let mut of_rule = self.drafts.iter().enumerate().filter(|(_, draft)| draft.rule == rule);
        let own = of_rule.clone().find(|(_, draft)| about(draft, request));
        let (index, _) =
            own.or_else(|| of_rule.find(|(_, draft)| target.is_some_and(|target| about(draft, target))))?;
        Some(index)
    }

    /// A rule's answer where it found nothing about the request.
    fn answer(&self, rule: usize, request: ObjectId) -> &'static str {
        match self.verdicts[rule].requests.get(&request) {
            Some(Judgment::Clear | Judgment::Found { .. } | Judgment::Pending) => "clear",
            Some(Judgment::Unknown { .. }) => "unknown",
            Some(Judgment::NotAsked) => "not-asked",
            None => match self.outcomes[rule].outcome.as_str() {
                "clear" => "clear",
                "found" if self.outcomes[rule].unknown == 0 && self.outcomes[rule].missing.is_empty() => "clear",
                "notAsked" | "off" => "not-asked",
                _ => "unknown",
            },
        }
    }

    /// What is asked for. People who are there are named as objects instead.
    fn values(&self, request: &Object, actor: bool, target: bool) -> BTreeMap<String, Vec<model::Value>> {
        let mut values = BTreeMap::new();
        let text = |kind: &str, text: String| model::Value { kind: kind.to_owned(), text, id: None };
        let named = [
            ("userPrincipalName", "user", false),
            ("address", "address", false),
            ("actor", "user", actor),
            ("target", "user", target),
        ];
        for (name, kind, is_object) in named {
            if let Some(value) = request.text(name).filter(|_| !is_object) {
                values.insert(name.to_owned(), vec![text(kind, value)]);
            }
        }
        for name in ["addLicenses", "removeLicenses"] {
            let list = request.get(name).unwrap_or(Raw::NULL);
            let skus: BTreeSet<String> = list
                .items()
                .filter_map(|item| if item.is_text() { item.text() } else { item.get("skuId")?.text() })
                .map(|sku| sku.to_lowercase())
                .collect();
            let sku = |sku: String| model::Value {
                kind: "sku".to_owned(),
                text: product_name(&sku, self.world),
                id: Some(sku),
            };
            if !skus.is_empty() {
                values.insert(name.to_owned(), skus.into_iter().map(sku).collect());
            }
        }
        values
    }
}
