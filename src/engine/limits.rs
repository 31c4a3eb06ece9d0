//! What a report is limited to: what concerns those whom `--about` names, or the question on the command line.

use std::collections::BTreeSet;

use super::about::{Meant, Unclear, meant, named};
use super::around::Around;
use super::draft::Draft;
use super::people::people;
use super::requests::RequestDraft;
use crate::check::audit;
use crate::check::compile::CompiledRule;
use crate::check::world::World;
use crate::tenant::known::addresses;
use crate::tenant::schema::Collection;
use crate::tenant::{ObjectId, address};

/// What a report is limited to.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    /// What the names mean.
    pub(super) meant: Vec<Meant>,
    /// The objects meant, the requests that touch them, whom those are for, and the audit records about all of them.
    pub(super) objects: BTreeSet<ObjectId>,
    /// The requests that are shown.
    pub(super) requests: BTreeSet<ObjectId>,
    /// The ids of what is meant, in lower case: a finding may be about a group or a product without listing it.
    ids: BTreeSet<String>,
    /// The names, in lower case, for what has a name only: a domain that is not there, a user to be created.
    texts: BTreeSet<String>,
    /// What the people meant have of products and groups: what is wrong with those is wrong for them.
    around: Around,
    /// Names that are nobody's and nothing's.
    pub(super) unclear: Vec<Unclear>,
}

impl Limits {
    /// Limits by names, and by a request of the command line.
    pub(super) fn new(names: &[String], typed: Option<ObjectId>, requests: &[RequestDraft], world: &World<'_>) -> Self {
        let mut limits = Self::default();
        for name in names {
            match meant(name, "--about", &[], world) {
                Ok(meant) => limits.meant.push(meant),
                Err(unclear) => limits.unclear.push(unclear),
            }
            limits.texts.insert(name.trim().to_lowercase());
        }
        limits.objects = limits.meant.iter().flat_map(|meant| meant.objects.iter().copied()).collect();
        // What is asked or found by an address of theirs is about them too.
        let own = limits.objects.iter().flat_map(|number| addresses(&world.tenant.object(*number)));
        limits.texts.extend(own.collect::<Vec<_>>());
        limits.around = Around::new(&limits.objects, world);
        let skus: BTreeSet<String> = limits.objects.iter().filter_map(|number| sku_id(*number, world)).collect();
        let ids = limits.objects.iter().filter_map(|number| world.tenant.object(*number).id());
        limits.ids = ids.map(|id| id.to_lowercase()).chain(skus.iter().cloned()).collect();
        let touched = requests.iter().filter(|request| limits.touch(request, &skus, world));
        let touched: Vec<&RequestDraft> = match typed {
            Some(typed) => requests.iter().filter(|request| request.number == typed).collect(),
            None => touched.collect(),
        };
        for request in touched {
            limits.requests.insert(request.number);
            limits.objects.insert(request.number);
            limits.objects.extend(request.target);
            if typed.is_some() {
                limits.meant.extend(request.target.map(|target| named(target, world)));
            }
        }
        let recorded = limits.objects.iter().flat_map(|number| records(*number, world));
        limits.objects.extend(recorded.collect::<Vec<_>>());
        limits
    }

    /// Whether a request names something that is meant.
    fn touch(&self, request: &RequestDraft, skus: &BTreeSet<String>, world: &World<'_>) -> bool {
        let people = [request.actor, request.target];
        if people.into_iter().flatten().any(|person| self.objects.contains(&person)) {
            return true;
        }
        let object = world.tenant.object(request.number);
        let texts = ["id", "actor", "target", "address", "userPrincipalName", "displayName"];
        let texts: Vec<String> =
            texts.iter().filter_map(|name| object.text(name)).map(|text| text.to_lowercase()).collect();
        let domains = texts.iter().filter_map(|text| address::domain(text));
        let ids = request.report.values.values().flatten().filter_map(|value| value.id.clone());
        texts.iter().any(|text| self.texts.contains(text))
            || domains.into_iter().any(|domain| self.texts.contains(&domain))
            || ids.into_iter().any(|id| skus.contains(&id))
    }

    /// Whether a finding is about something that is meant; `texts` is what its objects have in common, in lower case.
    pub(super) fn concern(&self, draft: &Draft, rule: &CompiledRule<'_>, texts: &BTreeSet<String>) -> bool {
        let mut values = draft.group.iter().flat_map(|(_, values)| values);
        draft.numbers().any(|number| self.objects.contains(&number))
            || self.around.concerns(draft, rule)
            || values.any(|value| self.ids.contains(&value.to_lowercase()))
            || !self.texts.is_disjoint(texts)
    }

    /// Whether a finding still explains another that is narrowed to what is meant: not if it is about those only who are left out.
    pub(super) fn still_explains(&self, cause: &Draft, effect: &Draft, world: &World<'_>) -> bool {
        // What several share is told of all of them; what is about a group or a product that is meant, of everybody in it.
        if effect.collection == "*" || !effect.numbers().any(|number| self.objects.contains(&number)) {
            return true;
        }
        let left_out: BTreeSet<ObjectId> = people(effect, world).difference(&self.objects).copied().collect();
        let concerned = people(cause, world);
        concerned.is_empty() || !concerned.is_subset(&left_out)
    }

    /// Forgets that a name is unclear if something without a place in the directory has it. `texts` are all such names.
    pub(super) fn settle(&mut self, texts: &BTreeSet<String>, requests: &[RequestDraft], world: &World<'_>) {
        let is_asked = |name: &String| {
            requests.iter().filter(|request| self.requests.contains(&request.number)).any(|request| {
                let object = world.tenant.object(request.number);
                let texts = ["id", "address", "userPrincipalName", "displayName", "target", "actor"];
                let mut texts = texts.iter().filter_map(|property| object.text(property));
                texts.any(|text| text.to_lowercase() == *name || address::domain(&text).as_ref() == Some(name))
            })
        };
        let known = |unclear: &Unclear| {
            let name = unclear.name.to_lowercase();
            unclear.fits.is_empty() && (texts.contains(&name) || is_asked(&name))
        };
        let (settled, unclear) = self.unclear.iter().cloned().partition(known);
        let settled: Vec<Unclear> = settled;
        self.meant.extend(settled.into_iter().map(|one| Meant { name: one.name, ..Meant::default() }));
        self.unclear = unclear;
    }
}

/// The audit records about an object.
fn records(number: ObjectId, world: &World<'_>) -> Vec<ObjectId> {
    let id = world.tenant.object(number).id();
    id.map(|id| audit::about(&id, world)).into_iter().flatten().map(|record| record.number).collect()
}

fn sku_id(number: ObjectId, world: &World<'_>) -> Option<String> {
    let is_sku = world.tenant.kind(number) == Collection::SubscribedSkus;
    is_sku.then(|| world.tenant.object(number).text("skuId")).flatten().map(|id| id.to_lowercase())
}
