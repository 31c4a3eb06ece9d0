//! Which finding explains which, whatever their order is.

use std::collections::{BTreeMap, BTreeSet};

use super::effects::{Effects, connecting};
use crate::check::compile::CompiledRule;
use crate::check::world::World;
use crate::engine::draft::Draft;
use crate::engine::people::{actor, target};
use crate::engine::requests::products;
use crate::pack::tables::ErrorText;
use crate::tenant::schema::Collection;

/// For each finding some others, and how many objects each of them explains, or has explained.
type Edges = Vec<Vec<(usize, usize)>>;

/// Which findings hang together, seen from both ends.
pub(super) struct Explanations {
    /// For each finding: those that cause it, and how many of its objects each explains.
    pub(super) causes: Edges,
    /// For each finding: those that it causes, and how many of their objects.
    pub(super) effects: Edges,
}

impl Explanations {
    fn none(drafts: usize) -> Self {
        Self { causes: vec![Vec::new(); drafts], effects: vec![Vec::new(); drafts] }
    }

    fn add(&mut self, cause: usize, effect: usize, objects: usize) {
        self.causes[effect].push((cause, objects));
        self.effects[cause].push((effect, objects));
    }
}

/// Which finding explains which: its rule says that it may, and they share objects or what their objects have in common.
pub(super) fn explanations(drafts: &[Draft], rules: &[CompiledRule<'_>], world: &World<'_>) -> Explanations {
    let mut explanations = Explanations::none(drafts.len());
    let mut by_rule: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        by_rule.entry(&rules[draft.rule].rule.id).or_default().push(index);
    }
    // What the reason of a recorded failure means names the rules that explain it.
    let reasons: BTreeMap<usize, ErrorText<'_>> = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| draft.collection == Collection::DirectoryAudits.name())
        .filter_map(|(index, draft)| Some((index, meaning_of(draft, world)?)))
        .collect();
    // Who is in a finding, where a finding may be explained at all.
    let explained: BTreeSet<&str> = rules
        .iter()
        .flat_map(|rule| &rule.rule.explains)
        .chain(rules.iter().filter(|rule| !rule.rule.caused_by.is_empty()).map(|rule| &rule.rule.id))
        .map(String::as_str)
        .filter(|id| by_rule.contains_key(id))
        .collect();
    // Either of two rules may name the other.
    let causing: BTreeSet<&str> = rules.iter().flat_map(|rule| &rule.rule.caused_by).map(String::as_str).collect();
    let all: BTreeSet<usize> = explained.iter().flat_map(|id| &by_rule[id]).chain(reasons.keys()).copied().collect();
    let effects = Effects::new(&all, &reasons, drafts, world);
    for (cause, draft) in drafts.iter().enumerate() {
        let rule = rules[draft.rule].rule;
        let is_cause = !rule.explains.is_empty() || causing.contains(rule.id.as_str());
        if !is_cause && !reasons.values().any(|reason| reason.rules.contains(&rule.id.as_str())) {
            continue;
        }
        for (effect, objects) in effects.sharing(draft, &rules[draft.rule]) {
            let consequence = rules[drafts[effect].rule].rule;
            if rule.id == consequence.id {
                continue; // see below
            }
            let named = reasons.get(&effect).is_some_and(|reason| reason.rules.contains(&rule.id.as_str()));
            let told = rule.explains.contains(&consequence.id) || consequence.caused_by.contains(&rule.id);
            if (named || told) && fits_code(&rule.id, &drafts[effect], world) {
                explanations.add(cause, effect, objects.len());
            }
        }
    }
    for same in by_rule.values().filter(|same| same.len() > 1) {
        of_one_rule(same, drafts, world, &mut explanations);
    }
    explanations
}

/// What is wrong with the tenant is what a request runs into: the same rule found both.
fn of_one_rule(same: &[usize], drafts: &[Draft], world: &World<'_>, explanations: &mut Explanations) {
    let is_request = |index: &usize| drafts[*index].collection == Collection::Requests.name();
    let (requests, others): (Vec<usize>, Vec<usize>) = same.iter().partition(|index| is_request(index));
    if requests.is_empty() {
        return;
    }
    let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for cause in others {
        for key in common(&drafts[cause], world) {
            known.entry(key).or_default().push(cause);
        }
    }
    for effect in requests {
        let keys = common(&drafts[effect], world);
        let found: BTreeSet<usize> = keys.iter().filter_map(|key| known.get(key)).flatten().copied().collect();
        for cause in found {
            explanations.add(cause, effect, drafts[effect].objects.len());
        }
    }
}

/// What the reason of a recorded failure means.
fn meaning_of<'w>(draft: &Draft, world: &'w World<'_>) -> Option<ErrorText<'w>> {
    world.tables.error_text(draft.grouped_by("resultReason").next()?.first()?)
}

/// Whether a rule can explain a recorded error of this code: the table says which causes a code has.
fn fits_code(rule: &str, effect: &Draft, world: &World<'_>) -> bool {
    let Some(table) = world.tables.table("licensing-errors") else { return true };
    let Some(code) = effect.grouped_by("error").next().and_then(<[String]>::first) else { return true };
    for row in 0..table.rows().len() {
        if table.cell(row, "code").text().eq_ignore_ascii_case(code) {
            let causes = table.cell(row, "causes").texts();
            return causes.is_empty() || causes.iter().any(|cause| **cause == *rule);
        }
    }
    true
}

/// What connects a finding about the tenant with one of the same rule about a request that runs into it: the values by which
/// both are grouped, the people of the request, its products.
fn common(draft: &Draft, world: &World<'_>) -> BTreeSet<String> {
    let mut common: BTreeSet<String> =
        connecting(draft).filter(|(_, of)| of.is_none()).map(|(value, _)| value).collect();
    for number in draft.numbers() {
        if world.tenant.kind(number) == Collection::Requests {
            let people = [target(number, world), actor(number, world)];
            common.extend(people.into_iter().flatten().map(|person| format!("object {}", person.0)));
            common.extend(products(&world.tenant.object(number)).into_iter().map(|sku| format!("product {sku}")));
        } else {
            common.insert(format!("object {}", number.0));
            if world.tenant.kind(number) == Collection::SubscribedSkus {
                common.extend(
                    world.tenant.object(number).text("skuId").map(|sku| format!("product {}", sku.to_lowercase())),
                );
            }
        }
    }
    common
}
