//! The steps of an operation, gone through for one request: what each rule says of it, and what they say together.

use hashbrown::{HashMap, HashSet};

use super::guide::Guide;
use super::licenses::products;
use super::{Asked, Requests};
use crate::check::judge::Judgment;
use crate::engine::draft::Draft;
use crate::pack::model::{Confidence, Severity};
use crate::report::model;
use crate::tenant::{Object, ObjectId};

/// What going through the steps of an operation comes to.
#[derive(Default)]
pub(super) struct Steps {
    /// The rules' answers, in the order of the guides.
    pub(super) answers: Vec<model::RequestStep>,
    /// For each answer that found something: its index, and the draft's.
    pub(super) findings: Vec<(usize, usize)>,
    /// What they say together.
    pub(super) tally: Tally,
    /// What no export shows, or hardly any: it makes the verdict less of a promise, and no less of what others have to reckon with.
    pub(super) never_shown: Vec<String>,
}

/// What the steps say together.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    /// Something that makes it fail was found.
    fails: bool,
    /// Something was found that may make it fail, or could not be decided, or was not looked at.
    pub(super) open: bool,
    /// A step was clear.
    clear: bool,
}

impl Tally {
    /// It works only if all that was to be looked at was, and a promise only if that is all that can stand in the way.
    pub(super) fn verdict(self, is_all: bool) -> &'static str {
        match self {
            Self { fails: true, .. } => "fails",
            Self { open: true, .. } | Self { clear: false, .. } => "cannot-tell",
            _ if is_all => "succeeds",
            _ => "no-obstacle",
        }
    }
}

/// The indices of the findings of a rule about an object, in their order.
pub(super) type DraftsOf = HashMap<(usize, ObjectId), Vec<usize>>;

impl Requests<'_> {
    /// The findings about some objects, by rule and object: thousands of requests may each ask for theirs among thousands.
    pub(super) fn drafts_of(&self, wanted: &HashSet<ObjectId>) -> DraftsOf {
        let mut of = DraftsOf::new();
        for (index, draft) in self.drafts.iter().enumerate().filter(|_| !wanted.is_empty()) {
            for number in draft.numbers().filter(|number| wanted.contains(number)) {
                of.entry((draft.rule, number)).or_default().push(index);
            }
        }
        of
    }

    /// Goes through the steps of an operation.
    pub(super) fn steps(&self, asked: &Asked<'_>, guide: Option<&Guide<'_>>, drafts: &DraftsOf) -> Steps {
        let Asked { request, target, .. } = *asked;
        let mut done = Steps {
            never_shown: guide.into_iter().flat_map(|guide| &guide.not_shown).map(|text| (*text).to_owned()).collect(),
            ..Steps::default()
        };
        let steps = guide.into_iter().flat_map(|guide| guide.steps.iter().map(|id| (*id, None)));
        let unless = guide.into_iter().flat_map(|guide| guide.unless.iter().map(|(id, word)| (*id, Some(*word))));
        for (id, word) in steps.chain(unless) {
            let Some(rule) = self.rules.iter().position(|compiled| compiled.rule.id == id) else {
                if let Some(word) = word {
                    done.never_shown.push(word.to_owned());
                    continue;
                }
                done.tally.open = true;
                let outcome = if self.packs.rule(id).is_some() { "off" } else { "no-rule" };
                done.answers.push(step(id, None, outcome));
                continue;
            };
            let found = self.drafts_on(rule, request, target, drafts);
            for index in &found {
                done.findings.push((done.answers.len(), *index));
                let draft = &self.drafts[*index];
                let fails = draft.severity >= Severity::High && draft.confidence >= Confidence::Likely;
                done.tally.fails |= fails;
                // What is only worth knowing does not stand in the way.
                done.tally.open |= !fails && draft.severity >= Severity::Medium;
            }
            let outcome = if found.is_empty() { self.answer(rule, request.number) } else { "found" };
            if let Some(word) = word.filter(|_| outcome == "unknown") {
                done.never_shown.push(word.to_owned());
                continue;
            }
            done.tally.open |= outcome == "unknown" && self.could_fail(rule, request.number);
            done.tally.clear |= outcome == "clear";
            let check = found.last().map(|worst| self.rules[rule].rule.checks[self.drafts[*worst].check].name.clone());
            done.answers.push(step(id, check, outcome));
        }
        done
    }

    /// The findings of a rule about a request, or else the worst about its target; the worst is the last.
    fn drafts_on(&self, rule: usize, request: &Object, target: Option<ObjectId>, drafts: &DraftsOf) -> Vec<usize> {
        let about = |number| drafts.get(&(rule, number)).map(Vec::as_slice).unwrap_or_default();
        let badness = |index: &usize| {
            let Draft { severity, confidence, .. } = self.drafts[*index];
            (severity, confidence, std::cmp::Reverse(*index))
        };
        let mut own = about(request.number).to_vec();
        own.sort_by_key(badness);
        if !own.is_empty() {
            return own;
        }
        let asked = products(request);
        // What the directory recorded of another product says nothing of this one.
        let is_same = |draft: &Draft| {
            let mut skus = draft.grouped_by("skuId");
            asked.is_empty() || skus.all(|skus| skus.iter().any(|sku| asked.contains(&sku.to_lowercase())))
        };
        let of_target = target.map(about).unwrap_or_default();
        of_target
            .iter()
            .copied()
            .filter(|index| is_same(&self.drafts[*index]))
            .max_by_key(badness)
            .into_iter()
            .collect()
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

    /// Whether a check of a rule that could not decide about a request could stand in its way: what it finds would.
    fn could_fail(&self, rule: usize, request: ObjectId) -> bool {
        let mask = match self.verdicts[rule].requests.get(&request) {
            Some(Judgment::Unknown { checks, .. }) => *checks,
            _ => u64::MAX,
        };
        let checks = self.rules[rule].rule.checks.iter().enumerate();
        checks
            .filter(|(index, _)| mask & (1 << index.min(&63)) != 0)
            .any(|(_, check)| check.grades().into_iter().any(|(severity, _)| severity >= Severity::Medium))
    }
}

/// What one rule said.
fn step(rule: &str, check: Option<String>, outcome: &str) -> model::RequestStep {
    model::RequestStep { rule: rule.to_owned(), check, outcome: outcome.to_owned(), finding: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_looked_at_in_full_is_promised() {
        let clear = Tally { clear: true, ..Tally::default() };
        assert_eq!(clear.verdict(true), "succeeds");
        assert_eq!(clear.verdict(false), "no-obstacle");
        assert_eq!(Tally { open: true, ..clear }.verdict(true), "cannot-tell");
        assert_eq!(Tally { fails: true, open: true, ..clear }.verdict(true), "fails");
        assert_eq!(Tally::default().verdict(true), "cannot-tell", "nothing was looked at");
    }
}
