//! Requests: whether what somebody wants to do would work, and why not.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::{HashMap, HashSet};

use super::draft::Draft;
use super::phrases::{fill, phrases};
use super::verdict::Verdict;
use crate::check::compile::CompiledRule;
use crate::check::judge::Judgment;
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::load::Packs;
use crate::pack::model::{CheckKind, Confidence, Severity};
use crate::report::model;
use crate::tenant::entitlements::licenses;
use crate::tenant::keys::KeySpace;
use crate::tenant::known::Search;
use crate::tenant::queue::Settled;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

use super::asked::{LICENSES, read_as, unclear};

/// A request in the making: people are still numbers.
#[derive(Clone, Debug)]
pub struct RequestDraft {
    /// The request itself.
    pub number: ObjectId,
    /// Who asks.
    pub actor: Option<ObjectId>,
    /// For whom.
    pub target: Option<ObjectId>,
    /// Nothing that any export shows stands in its way.
    pub is_granted: bool,
    /// The groups that what is asked for comes from already.
    pub through: Vec<ObjectId>,
    /// The report's part, without people.
    pub report: model::RequestReport,
    /// For each step that found something: the draft's index.
    pub findings: Vec<(usize, usize)>,
}

impl RequestDraft {
    /// Whether it was asked on the command line.
    pub fn is_typed(&self) -> bool {
        self.report.origin.kind == "command-line"
    }
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
    /// The source that is the command line and no file, if something was asked there.
    pub command_line: Option<u32>,
}

/// The rules to go through for an operation, and what no export shows: each pack's, one after the other.
#[derive(Default)]
struct Guide<'a> {
    steps: Vec<&'a str>,
    not_shown: Vec<&'a str>,
    unless: BTreeMap<&'a str, &'a str>,
}

/// A request, and whom it names.
struct Asked<'r> {
    request: &'r Object,
    operation: String,
    /// The property that names the target.
    named: &'static str,
    actor: Option<ObjectId>,
    target: Option<ObjectId>,
}

/// The indices of the findings of a rule about an object, in their order.
type DraftsOf = HashMap<(usize, ObjectId), Vec<usize>>;

/// What the steps say together.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// Something that makes it fail was found.
    fails: bool,
    /// Something was found that may make it fail, or could not be decided, or was not looked at.
    open: bool,
    /// A step was clear.
    clear: bool,
}

impl Tally {
    /// It works only if all that was to be looked at was, and a promise only if that is all that can stand in the way.
    fn verdict(self, is_all: bool) -> &'static str {
        match self {
            Self { fails: true, .. } => "fails",
            Self { open: true, .. } | Self { clear: false, .. } => "cannot-tell",
            _ if is_all => "succeeds",
            _ => "no-obstacle",
        }
    }
}

impl Requests<'_> {
    /// All requests, in their order.
    pub fn all(&self) -> Vec<RequestDraft> {
        let mut requests: Vec<_> = self.world.tenant.all(Collection::Requests).collect();
        // What was asked on the command line goes before what stands in files.
        requests.sort_by_cached_key(|request| self.world.tenant.request_place(request));
        let guides = self.guides();
        let asked: Vec<_> = requests.iter().map(|request| self.asked(request)).collect();
        let wanted = asked.iter().flat_map(|asked| std::iter::once(asked.request.number).chain(asked.target)).collect();
        let drafts = self.drafts_of(&wanted);
        asked.iter().enumerate().map(|(index, asked)| self.one(index, asked, &guides, &drafts)).collect()
    }

    fn asked<'r>(&self, request: &'r Object) -> Asked<'r> {
        let operation = request.text("operation").unwrap_or_default();
        let person = |name: &str, or_group| match self.world.person(&request.text(name)?, or_group) {
            Search::Object(object) => Some(object.number),
            _ => None,
        };
        let named = if operation == "sign-in" && request.text("target").is_none() { "address" } else { "target" };
        let (actor, target) = (person("actor", false), person(named, true));
        Asked { request, operation, named, actor, target }
    }

    /// The findings about some objects, by rule and object: thousands of requests may each ask for theirs among thousands.
    fn drafts_of(&self, wanted: &HashSet<ObjectId>) -> DraftsOf {
        let mut of = DraftsOf::new();
        for (index, draft) in self.drafts.iter().enumerate().filter(|_| !wanted.is_empty()) {
            for number in draft.numbers().filter(|number| wanted.contains(number)) {
                of.entry((draft.rule, number)).or_default().push(index);
            }
        }
        of
    }

    /// What is known of them for those behind them.
    pub fn settled(&self) -> Settled {
        let mut known = Settled::default();
        for request in self.all() {
            if request.is_granted {
                known.granted.insert(request.number);
            } else if request.report.verdict == "fails" {
                known.refused.insert(request.number);
            }
        }
        known
    }

    /// Whether a request was made on the command line.
    fn is_typed(&self, request: &Object) -> bool {
        self.command_line.is_some() && request.parts.last().map(|part| part.source) == self.command_line
    }

    fn guides(&self) -> BTreeMap<&str, Guide<'_>> {
        fn add<'a>(all: &mut Vec<&'a str>, more: &'a [String]) {
            for one in more {
                if !all.contains(&one.as_str()) {
                    all.push(one);
                }
            }
        }
        let mut guides: BTreeMap<&str, Guide<'_>> = BTreeMap::new();
        for (operation, known) in self.packs.packs.iter().flat_map(|pack| &pack.operations) {
            let guide = guides.entry(operation).or_default();
            add(&mut guide.steps, &known.steps);
            add(&mut guide.not_shown, &known.not_shown);
            guide.unless.extend(known.unless.iter().map(|(rule, word)| (rule.as_str(), word.as_str())));
        }
        guides
    }

    fn one(
        &self,
        index: usize,
        asked: &Asked<'_>,
        guides: &BTreeMap<&str, Guide<'_>>,
        drafts: &DraftsOf,
    ) -> RequestDraft {
        let Asked { request, ref operation, named, actor, target } = *asked;
        let mut answers = Vec::new();
        let mut findings = Vec::new();
        let unclear = unclear(request, self.world);
        let mut tally = Tally { open: !unclear.is_empty(), ..Tally::default() };
        let guide = guides.get(operation.as_str());
        let mut not_shown: Vec<String> = Vec::new();
        // What no export shows, or hardly any, makes the verdict less of a promise, and no less of what others have to reckon with.
        let mut never_shown: Vec<String> =
            guide.into_iter().flat_map(|guide| &guide.not_shown).map(|text| (*text).to_owned()).collect();
        let steps = guide.into_iter().flat_map(|guide| guide.steps.iter().map(|id| (*id, None)));
        let unless = guide.into_iter().flat_map(|guide| guide.unless.iter().map(|(id, word)| (*id, Some(*word))));
        for (id, word) in steps.chain(unless) {
            let Some(rule) = self.rules.iter().position(|compiled| compiled.rule.id == id) else {
                if let Some(word) = word {
                    never_shown.push(word.to_owned());
                    continue;
                }
                tally.open = true;
                let outcome = if self.packs.rule(id).is_some() { "off" } else { "no-rule" };
                answers.push(step(id, None, outcome));
                continue;
            };
            let draft = self.draft_of(rule, request, target, drafts);
            let outcome = match draft {
                Some(draft) => {
                    findings.push((answers.len(), draft));
                    let draft = &self.drafts[draft];
                    let fails = draft.severity >= Severity::High && draft.confidence >= Confidence::Likely;
                    tally.fails |= fails;
                    // What is only worth knowing does not stand in the way.
                    tally.open |= !fails && draft.severity >= Severity::Medium;
                    "found"
                }
                None => self.answer(rule, request.number),
            };
            if let Some(word) = word.filter(|_| outcome == "unknown") {
                never_shown.push(word.to_owned());
                continue;
            }
            tally.open |= outcome == "unknown" && self.could_fail(rule, request.number);
            tally.clear |= outcome == "clear";
            let check = draft.map(|draft| self.rules[rule].rule.checks[self.drafts[draft].check].name.clone());
            answers.push(step(id, check, outcome));
        }
        let target_name = request.text(named).filter(|_| target.is_none());
        if let Some(maker) = target_name.and_then(|name| self.world.made_before(request, &name)) {
            not_shown.push(fill(phrases(self.world.language).new_account, &[&maker]));
        }
        if operation == "create-user"
            && !skus(request, LICENSES[0]).is_empty()
            && request.text("usageLocation").is_none()
        {
            not_shown.push("new-user-location".to_owned());
        }
        if products(request).iter().any(|sku| self.world.tables.product(sku).is_none()) {
            not_shown.push("unknown-product".to_owned());
        }
        if operation == "reset-password" && actor.is_some() && actor == target {
            match self.world.settings.password_reset() {
                None => not_shown.push("own-reset".to_owned()),
                Some("selected") => not_shown.push("own-reset-group".to_owned()),
                Some(_) => {}
            }
        }
        let is_granted = tally.verdict(not_shown.is_empty()) == "succeeds";
        not_shown.splice(..0, never_shown);
        let is_already = || target.is_some_and(|target| self.is_already(operation, request, target));
        let verdict = match tally.verdict(not_shown.is_empty()) {
            "fails" => "fails",
            _ if is_already() => "no-change",
            verdict => verdict,
        };
        let is_typed = self.is_typed(request);
        let through = target.filter(|_| verdict == "no-change" && operation == "assign-license");
        let through = through.map(|target| groups(request, &self.world.tenant.object(target), self.world));
        let report = model::RequestReport {
            index,
            id: request.text("id"),
            name: self.world.request_name(request),
            operation: operation.clone(),
            origin: model::RequestOrigin {
                kind: if is_typed { "command-line" } else { "requests" }.to_owned(),
                source: request.parts.first().map(|part| part.source as usize),
                row: None,
            },
            actor: None,
            target: None,
            values: self.values(request, actor.is_some(), target),
            read_as: read_as(request, self.world),
            through: Vec::new(),
            verdict: verdict.to_owned(),
            steps: answers,
            unclear,
            not_shown,
            error: None,
            way_out: Vec::new(),
        };
        let through = through.unwrap_or_default();
        RequestDraft { number: request.number, actor, target, is_granted, through, report, findings }
    }

    /// Whether a check of a rule that could not decide about a request could stand in its way: what it finds would.
    fn could_fail(&self, rule: usize, request: ObjectId) -> bool {
        let mask = match self.verdicts[rule].requests.get(&request) {
            Some(Judgment::Unknown { checks, .. }) => *checks,
            _ => u64::MAX,
        };
        let checks = self.rules[rule].rule.checks.iter().enumerate();
        checks.filter(|(index, _)| mask & (1 << index.min(&63)) != 0).any(|(_, check)| {
            let grades = match &check.kind {
                CheckKind::Conflict(set) | CheckKind::Requires(set) => {
                    set.grades.values.values().flatten().map(|(severity, _)| *severity).collect()
                }
                _ => vec![check.severity.unwrap_or(Severity::Medium)],
            };
            grades.into_iter().any(|severity| severity >= Severity::Medium)
        })
    }

    /// The finding of a rule about a request or its target.
    fn draft_of(&self, rule: usize, request: &Object, target: Option<ObjectId>, drafts: &DraftsOf) -> Option<usize> {
        let about = |number| drafts.get(&(rule, number)).map(Vec::as_slice).unwrap_or_default();
        if let Some(own) = about(request.number).first() {
            return Some(*own);
        }
        let of_target = about(target?);
        let asked = products(request);
        // What the directory recorded of another product says nothing of this one.
        let is_same = |draft: &Draft| {
            let mut skus =
                draft.group.iter().filter(|(path, _)| path.segments.last().is_some_and(|name| name == "skuId"));
            asked.is_empty() || skus.all(|(_, skus)| skus.iter().any(|sku| asked.contains(&sku.to_lowercase())))
        };
        of_target.iter().copied().find(|index| is_same(&self.drafts[*index]))
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

    /// Whether what is asked for is so already: the licenses to assign are there, with the same services, or none of those to remove.
    fn is_already(&self, operation: &str, request: &Object, target: ObjectId) -> bool {
        let object = self.world.tenant.object(target);
        let Some(held) = self.world.held_before(request, Some(&object)) else { return false };
        match operation {
            "assign-license" => {
                let added = request.get(LICENSES[0]).and_then(licenses).unwrap_or_default();
                let removed = skus(request, LICENSES[1]);
                let is_there = added.iter().all(|(sku, without)| held.get(sku) == Some(without));
                !added.is_empty() && is_there && !removed.iter().any(|sku| held.contains_key(sku))
            }
            "remove-license" => {
                let removed = skus(request, LICENSES[1]);
                !removed.is_empty() && !removed.iter().any(|sku| held.contains_key(sku))
            }
            _ => false,
        }
    }

    /// What is asked for. People who are there are named as objects instead.
    fn values(&self, request: &Object, actor: bool, target: Option<ObjectId>) -> BTreeMap<String, Vec<model::Value>> {
        let mut values = BTreeMap::new();
        let text = |kind: &str, text: String| model::Value { kind: kind.to_owned(), text, id: None };
        let own = |number: ObjectId| self.world.tenant.object(number).text("userPrincipalName");
        let typed = request.text("address").filter(|_| request.text("target").is_none());
        let signs_in_as_is =
            typed.zip(target.and_then(own)).is_some_and(|(typed, own)| typed.eq_ignore_ascii_case(&own));
        let named = [
            ("userPrincipalName", "user", false),
            ("address", "address", false),
            ("actor", "user", actor),
            ("target", "user", target.is_some()),
        ];
        for (name, kind, is_object) in named {
            // Who signs in with their own name is named already.
            let is_object = is_object || name == "address" && signs_in_as_is;
            if let Some(value) = request.text(name).filter(|_| !is_object) {
                values.insert(name.to_owned(), vec![text(kind, value)]);
            }
        }
        for name in LICENSES {
            let skus = skus(request, name);
            let sku = |sku: String| model::Value {
                kind: "sku".to_owned(),
                text: self.world.product_name(&sku),
                id: Some(sku),
            };
            if !skus.is_empty() {
                values.insert(name.to_owned(), skus.into_iter().map(sku).collect());
            }
        }
        values
    }
}

/// The groups, by id, that the target has the licenses from that are to be assigned; only those that the export holds.
fn groups(request: &Object, target: &Object, world: &World<'_>) -> Vec<ObjectId> {
    let asked = skus(request, LICENSES[0]);
    let states = target.get("licenseAssignmentStates").unwrap_or(Raw::NULL).items();
    let inherited = states.filter_map(|state| {
        let sku = state.get("skuId")?.text()?.to_lowercase();
        let group = state.get("assignedByGroup")?.text()?.to_lowercase();
        asked.contains(&sku).then_some(group)
    });
    let ids: BTreeSet<String> = inherited.collect();
    let group = |id: &String| {
        let known = world.tenant.candidates(Collection::Groups, KeySpace::Id, id);
        known.into_iter().find(|group| group.id().as_ref() == Some(id)).map(|group| group.number)
    };
    ids.iter().filter_map(group).collect()
}

/// The SKUs in a list of a request, in lower case.
fn skus(request: &Object, list: &str) -> BTreeSet<String> {
    let items = request.get(list).unwrap_or(Raw::NULL).items();
    let ids = items.filter_map(|item| if item.is_text() { item.text() } else { item.get("skuId")?.text() });
    ids.map(|sku| sku.to_lowercase()).collect()
}

/// The SKUs that a request is about, in lower case.
fn products(request: &Object) -> BTreeSet<String> {
    LICENSES.iter().flat_map(|list| skus(request, list)).collect()
}

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
