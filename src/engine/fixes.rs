//! Fixes for a finding: which are offered, their commands, who may run them, and what they would do.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::draft::{Draft, with_item};
use super::each::each;
use super::offer::{Made, Offer};
use super::phrases::{Phrases, fill as fill_phrase, phrases};
use super::simulate::{Tried, affected, attempt};
use super::words::{Kind, fill, shown, value_kind};
use crate::check::compile::{CompiledCheck, CompiledRule};
use crate::check::duplicate::is_owner;
use crate::check::scope::Scope;
use crate::check::truth::{Truth, truth};
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::model::{Alias, Filter, Fix, Holders, Path, Safety, Template, TemplatePart, Where};
use crate::report::model;
use crate::tenant::keys::KeySpace;
use crate::tenant::memo::Memo;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

/// So many objects are looked at before their commands are taken.
const AT_ONCE: usize = 1024;

/// A fix in the making: people and objects are still numbers.
#[derive(Clone, Debug)]
pub struct FixDraft {
    /// The fix, without people and objects.
    pub fix: model::Fix,
    /// Who may do it.
    pub who_can: Vec<ObjectId>,
    /// Who must activate a role first.
    pub who_must_activate: Vec<ObjectId>,
    /// The objects of each command, and of its changes.
    pub objects: Vec<ObjectId>,
}

/// A rule, its fix, and the collection of the object that the fix changes.
type Changed = (usize, usize, Collection);

/// Makes fixes; who holds which roles is worked out once.
pub struct Fixing<'a> {
    rules: &'a [CompiledRule<'a>],
    world: &'a World<'a>,
    who: Memo<Vec<String>, Who>,
    /// The rules that each fix affects, by rule, fix and collection.
    affected: Memo<Changed, Arc<[usize]>>,
}

#[derive(Clone, Debug, Default)]
struct Who {
    can: Vec<ObjectId>,
    must_activate: Vec<ObjectId>,
    is_known: bool,
}

impl<'a> Fixing<'a> {
    /// For all rules.
    pub fn new(rules: &'a [CompiledRule<'a>], world: &'a World<'a>) -> Self {
        Self { rules, world, who: Memo::default(), affected: Memo::default() }
    }

    /// The fixes that are offered for a finding, in the rule's order.
    pub fn fixes(&self, draft: &Draft) -> Vec<FixDraft> {
        let compiled = &self.rules[draft.rule];
        compiled
            .rule
            .fixes
            .iter()
            .enumerate()
            .filter_map(|(index, fix)| self.fix(draft, compiled, index, fix))
            .collect()
    }

    fn fix(&self, draft: &Draft, compiled: &CompiledRule<'_>, index: usize, fix: &Fix) -> Option<FixDraft> {
        let one = |(number, item): &(ObjectId, Option<usize>), offer: &Offer| {
            self.one(draft, compiled, (index, fix), (*number, *item), offer)
        };
        let objects: Vec<_> =
            draft.objects.iter().map(|((_, number), items)| (*number, items.first().copied())).collect();
        let mut rest = objects.as_slice();
        let mut offer = Offer::default();
        // How the fix reads, and what it would do, is said of the first of them; the others only add commands.
        while let Some((object, others)) = rest.split_first()
            && (offer.fix.is_none() || offer.is_to_be_tried(fix))
        {
            let made = one(object, &offer);
            offer.take(made, object.0);
            rest = others;
        }
        for some in rest.chunks(AT_ONCE) {
            for (made, (number, _)) in
                each(self.world.threads, some, |object| one(object, &offer)).into_iter().zip(some)
            {
                offer.take(made, *number);
            }
        }
        let mut model = offer.fix?;
        model.commands_shown = model.commands.len();
        model.commands_total = offer.total;
        if offer.total > 0 {
            model.missing.clear();
        }
        let phrases = phrases(self.world.language);
        model.simulation = simulation(fix, &offer.tried, draft.objects.len(), &offer.refused, phrases);
        let who = self.who(&fix.roles);
        model.who_is_known = who.is_known;
        Some(FixDraft { fix: model, who_can: who.can, who_must_activate: who.must_activate, objects: offer.objects })
    }

    /// What a fix is for one object of a finding.
    fn one(
        &self,
        draft: &Draft,
        compiled: &CompiledRule<'_>,
        (index, fix): (usize, &Fix),
        (number, item): (ObjectId, Option<usize>),
        offer: &Offer,
    ) -> Made {
        let object = self.world.tenant.object(number);
        let mut made = Made::NotOffered;
        if !is_holder(fix, compiled, draft, &object) {
            return made;
        }
        self.scoped(compiled, draft, &object, item, |scope| {
            if let Some(when) = compiled.fix_conditions.get(&(index, object.collection))
                && truth(when, scope) != Truth::True
            {
                return;
            }
            let attempt = offer.is_to_be_tried(fix).then(|| {
                let affected = self.affected(draft.rule, index, fix, object.collection);
                attempt(&fix.set, draft.rule, &affected, &object, scope, &draft.provided, self.rules, self.world)
            });
            let attempt = attempt.flatten();
            if let Some(attempt) = &attempt
                && !attempt.creates.is_empty()
            {
                // A fix that would cause the next finding is not offered.
                made = Made::Refused(attempt.creates.clone());
                return;
            }
            made = Made::Offered {
                fix: offer.fix.is_none().then(|| Box::new(self.base(fix, scope, draft))),
                command: self.command(fix, scope, draft, number, attempt.as_ref()),
                attempt,
            };
        });
        made
    }

    fn affected(&self, rule: usize, index: usize, fix: &Fix, collection: Collection) -> Arc<[usize]> {
        let changed = (rule, index, collection);
        let known = self.affected.get(&changed);
        known.unwrap_or_else(|| self.affected.keep(changed, affected(&fix.set, collection, self.rules).into()))
    }

    /// Calls with the scope in which an object's texts are filled in.
    pub fn scoped(
        &self,
        compiled: &CompiledRule<'_>,
        draft: &Draft,
        object: &Arc<Object>,
        item: Option<usize>,
        call: impl FnMut(&Scope<'_>),
    ) {
        let none = Vec::new();
        let look_ups = compiled.look_ups.get(&object.collection).unwrap_or(&none);
        let scope = Scope::known(object, self.world, look_ups);
        let mut call = call;
        match check_of(compiled, draft, object.collection) {
            Some(check) => with_item(&scope, check, item, call),
            None => call(&scope),
        }
    }

    fn base(&self, fix: &Fix, scope: &Scope<'_>, draft: &Draft) -> model::Fix {
        let prose = |template: &Template| fill(template, scope, &draft.provided, Kind::Prose).text;
        let optional = |template: &Option<Template>| template.as_ref().map(prose);
        let command = |template: &Option<Template>| self.filled(template, scope, draft);
        let role = |name: &String| model::Role {
            template_id: self.world.tables.role_by_name(name).map(|role| role.id.to_owned()),
            text: phrases(self.world.language).role(name).to_owned(),
        };
        model::Fix {
            id: fix.id.clone(),
            title: prose(&fix.title),
            next: fix.next,
            note: optional(&fix.note),
            safety: match fix.safety {
                Safety::Safe => "safe",
                Safety::Review => "review",
                Safety::Destructive => "destructive",
            }
            .to_owned(),
            roles: fix.roles.iter().map(role).collect(),
            who_can: Vec::new(),
            who_must_activate: Vec::new(),
            who_is_known: false,
            place: match fix.place {
                Where::Cloud => "cloud",
                Where::OnPremises => "on-premises",
                Where::Exchange => "exchange",
            }
            .to_owned(),
            portal: optional(&fix.portal),
            verify: if fix.powershell.is_none() && fix.native.is_none() { command(&fix.verify) } else { None },
            worked_when: optional(&fix.worked_when),
            takes_effect: optional(&fix.takes_effect),
            missing: Vec::new(),
            commands: Vec::new(),
            commands_shown: 0,
            commands_total: 0,
            template: fix.powershell.as_ref().map(template_text),
            simulation: not_simulated(""),
        }
    }

    /// A command with all its values; nothing if one is missing.
    fn filled(&self, template: &Option<Template>, scope: &Scope<'_>, draft: &Draft) -> Option<String> {
        let filled = fill(template.as_ref()?, scope, &draft.provided, Kind::Command);
        filled.missing.is_empty().then_some(filled.text)
    }

    /// The command for one object; nothing if the fix has none, and the names of missing values if it cannot be made.
    fn command(
        &self,
        fix: &Fix,
        scope: &Scope<'_>,
        draft: &Draft,
        number: ObjectId,
        tried: Option<&Tried>,
    ) -> Result<Option<model::Command>, Vec<String>> {
        let Some(powershell) = &fix.powershell else {
            return Ok(fix.native.as_ref().and_then(|name| super::native_fix::command(name, scope, &draft.provided)));
        };
        let run = fill(powershell, scope, &draft.provided, Kind::Command);
        if !run.missing.is_empty() {
            return Err(run.missing);
        }
        let changes = tried.map(|tried| self.changes(tried, number)).unwrap_or_default();
        Ok(Some(model::Command {
            objects: Vec::new(),
            run: run.text,
            verify: self.filled(&fix.verify, scope, draft),
            undo: self.filled(&fix.undo, scope, draft),
            changes,
        }))
    }

    fn changes(&self, tried: &Tried, _: ObjectId) -> Vec<model::Change> {
        let value = |name: &str, json: &[u8]| {
            let path = Path { alias: Alias::Object, segments: vec![name.to_owned()], filters: Vec::new() };
            (!Raw::new(json).is_empty()).then(|| typed(&path, Raw::new(json), self.world))
        };
        tried
            .changes
            .iter()
            .map(|(name, before, after)| model::Change {
                object: String::new(),
                field: name.clone(),
                before: before.as_deref().and_then(|before| value(name, before)),
                after: value(name, after),
            })
            .collect()
    }

    /// Who holds one of these roles everywhere, with an enabled account.
    fn who(&self, roles: &[String]) -> Who {
        if let Some(who) = self.who.get(roles) {
            return who;
        }
        let found: Vec<_> = roles.iter().filter_map(|name| self.world.tables.role_by_name(name)).collect();
        let ids: Vec<&str> = found.iter().map(|role| role.id).collect();
        let mut who = Who::default();
        if !ids.is_empty() {
            let (can, can_known) = self.people(&ids, false);
            let (mut must, must_known) = self.people(&ids, true);
            must.retain(|number| !can.contains(number));
            who = Who { can, must_activate: must, is_known: can_known && must_known };
        }
        self.who.keep(roles.to_vec(), who)
    }

    fn people(&self, roles: &[&str], eligible: bool) -> (Vec<ObjectId>, bool) {
        let (ids, mut known) = self.world.holders(roles, eligible);
        let mut people = Vec::new();
        for id in ids {
            let users = self.world.tenant.candidates(Collection::Users, KeySpace::Id, &id);
            if let Some(user) = users.iter().find(|user| user.id().as_ref() == Some(&id)) {
                match user.get("accountEnabled").and_then(Raw::flag) {
                    Some(true) => people.push(user.number),
                    Some(false) => {}
                    None => known = false,
                }
            }
        }
        (people, known)
    }
}

/// Whether a fix is for this one of the holders of a key.
fn is_holder(fix: &Fix, compiled: &CompiledRule<'_>, draft: &Draft, object: &Object) -> bool {
    let Some(holders) = fix.holders else { return true };
    let duplicate = compiled.duplicates.iter().find(|duplicate| duplicate.index == draft.check);
    let Some(duplicate) = duplicate.filter(|duplicate| !duplicate.held_as.is_empty()) else {
        return holders == Holders::Owner;
    };
    is_owner(duplicate, object, &draft.key) == (holders == Holders::Owner)
}

/// The check that caught the draft's objects of a collection.
pub fn check_of<'c>(
    compiled: &'c CompiledRule<'_>,
    draft: &Draft,
    collection: Collection,
) -> Option<&'c CompiledCheck> {
    let program = compiled.programs.iter().find(|program| program.collection == collection)?;
    program.checks.iter().find(|check| check.index == draft.check)
}

/// A value of an object, as reports show it.
pub fn typed(path: &Path, raw: Raw<'_>, world: &World<'_>) -> model::Value {
    let kind = value_kind(path);
    let filters: &[Filter] = match kind {
        "sku" => &[Filter::Product],
        "plan" => &[Filter::Plan],
        _ => &[],
    };
    let texts: Vec<String> = if raw.is_list() || raw.is_object() {
        let names = |item: Raw<'_>| match item.get("skuId").and_then(Raw::text) {
            Some(sku) => shown(&sku, &[Filter::Product], Some(world)),
            None => item.display().into_owned(),
        };
        raw.items().map(names).collect()
    } else {
        vec![shown(&raw.display(), filters, Some(world))]
    };
    let text = texts.join(", ");
    let id = (!raw.is_list() && !raw.is_object()).then(|| raw.display().into_owned()).filter(|id| *id != text);
    model::Value { kind: kind.to_owned(), text, id }
}

fn template_text(template: &Template) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.clone(),
        TemplatePart::Placeholder { path, .. } => format!("{{{}}}", super::words::path_name(path)),
    };
    template.parts.iter().map(part).collect()
}

fn not_simulated(reason: &str) -> model::Simulation {
    model::Simulation {
        outcome: "notSimulated".to_owned(),
        frees: 0,
        creates: Vec::new(),
        reason: Some(reason.to_owned()),
    }
}

/// What the attempts show together.
fn simulation(
    fix: &Fix,
    tried: &[Tried],
    objects: usize,
    refused: &BTreeSet<String>,
    phrases: &Phrases,
) -> model::Simulation {
    if fix.set.is_empty() {
        return not_simulated(phrases.no_effect);
    }
    if tried.is_empty() {
        return not_simulated(phrases.value_missing);
    }
    let resolved = tried.iter().filter(|tried| tried.resolves).count();
    let mut reason = None;
    if !refused.is_empty() {
        let rules: Vec<&str> = refused.iter().map(String::as_str).collect();
        reason = Some(fill_phrase(phrases.would_cause, &[&rules.join(", ")]));
    } else if resolved < objects {
        let numbers = [resolved, objects, tried.len()].map(|number| number.to_string());
        reason = Some(fill_phrase(phrases.resolves_some, &numbers.each_ref().map(String::as_str)));
    }
    model::Simulation {
        outcome: if resolved == tried.len() && refused.is_empty() { "resolves" } else { "partly" }.to_owned(),
        frees: tried.iter().map(|tried| tried.frees).sum(),
        creates: Vec::new(),
        reason,
    }
}
