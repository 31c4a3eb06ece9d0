//! Requests: whether what somebody wants to do would work, and why not.

mod guide;
mod licenses;
mod steps;

use std::collections::BTreeMap;

use self::guide::{Guide, guides};
pub(super) use self::licenses::products;
use self::licenses::{groups, is_already, skus};
use self::steps::{DraftsOf, Steps};
use super::asked::{LICENSES, read_as, unclear};
use super::draft::Draft;
use super::people::person_named;
use super::phrases::{fill, phrases};
use super::verdict::Verdict;
use crate::check::compile::CompiledRule;
use crate::check::world::World;
use crate::pack::load::Packs;
use crate::report::model;
use crate::tenant::queue::Settled;
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

/// A request, and whom it names.
struct Asked<'r> {
    request: &'r Object,
    operation: String,
    /// The property that names the target.
    named: &'static str,
    actor: Option<ObjectId>,
    target: Option<ObjectId>,
}

impl Requests<'_> {
    /// All requests, in their order.
    pub fn all(&self) -> Vec<RequestDraft> {
        let mut requests: Vec<_> = self.world.tenant.all(Collection::Requests).collect();
        // What was asked on the command line goes before what stands in files.
        requests.sort_by_cached_key(|request| self.world.tenant.request_place(request));
        let guides = guides(self.packs);
        let asked: Vec<_> = requests.iter().map(|request| self.asked(request)).collect();
        let wanted = asked.iter().flat_map(|asked| std::iter::once(asked.request.number).chain(asked.target)).collect();
        let drafts = self.drafts_of(&wanted);
        asked.iter().enumerate().map(|(index, asked)| self.one(index, asked, &guides, &drafts)).collect()
    }

    /// A request, with whom it names.
    fn asked<'r>(&self, request: &'r Object) -> Asked<'r> {
        let operation = request.text("operation").unwrap_or_default();
        let named = if operation == "sign-in" && request.text("target").is_none() { "address" } else { "target" };
        let actor = person_named(request, "actor", false, self.world);
        let target = person_named(request, named, true, self.world);
        Asked { request, operation, named, actor, target }
    }

    /// What is known of requests for those behind them.
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

    /// What is to be said of one request.
    fn one(
        &self,
        index: usize,
        asked: &Asked<'_>,
        guides: &BTreeMap<&str, Guide<'_>>,
        drafts: &DraftsOf,
    ) -> RequestDraft {
        let Asked { request, ref operation, actor, target, .. } = *asked;
        let Steps { answers, findings, mut tally, never_shown } =
            self.steps(asked, guides.get(operation.as_str()), drafts);
        let unclear = unclear(request, self.world);
        tally.open |= !unclear.is_empty();
        let mut not_shown = self.not_shown(asked);
        let is_granted = tally.verdict(not_shown.is_empty()) == "succeeds";
        not_shown.splice(..0, never_shown);
        // The group has the license then; what its members make of it shows only at each of them.
        let is_group = target.is_some_and(|target| self.world.tenant.kind(target) == Collection::Groups);
        if is_group && matches!(operation.as_str(), "assign-license" | "remove-license") {
            not_shown.push("group-members".to_owned());
        }
        let is_already = |target| is_already(operation, request, &self.world.tenant.object(target), self.world);
        let verdict = match tally.verdict(not_shown.is_empty()) {
            "fails" => "fails",
            _ if target.is_some_and(is_already) => "no-change",
            verdict => verdict,
        };
        let through = target.filter(|_| verdict == "no-change" && operation == "assign-license");
        let through = through.map(|target| groups(request, &self.world.tenant.object(target), self.world));
        let through = through.unwrap_or_default();
        let report = model::RequestReport {
            index,
            id: request.text("id"),
            name: self.world.request_name(request),
            operation: operation.clone(),
            origin: model::RequestOrigin {
                kind: if self.is_typed(request) { "command-line" } else { "requests" }.to_owned(),
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
        RequestDraft { number: request.number, actor, target, is_granted, through, report, findings }
    }

    /// What no export shows of this request, and may stand in its way.
    fn not_shown(&self, asked: &Asked<'_>) -> Vec<String> {
        let Asked { request, ref operation, named, actor, target } = *asked;
        let mut not_shown = Vec::new();
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
        not_shown
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
