//! Fixes for a finding: which are offered, their commands, who may run them, and what they would do.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::draft::{Draft, with_item};
use super::each::each;
use super::offer::{Made, Offer};
use super::phrases::{Phrases, fill as fill_phrase, phrases};
use super::simulate::{Tried, affected, attempt};
use super::who::{Holders, MAX_PEOPLE};
use super::words::{Kind, fill, shown, value_kind};
use crate::check::compile::{CompiledCheck, CompiledRule, FixConditions, base};
use crate::check::duplicate::is_owner;
use crate::check::scope::{Found, Scope};
use crate::check::truth::{Truth, truth};
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::model::{self as pack, Alias, Filter, Fix, Path, Safety, Template, TemplatePart, Where};
use crate::report::model;
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

/// Makes fixes.
pub struct Fixing<'a> {
    rules: &'a [CompiledRule<'a>],
    world: &'a World<'a>,
    holders: Holders<'a>,
    /// The rules that each fix affects, by rule, fix and collection.
    affected: Memo<Changed, Arc<[usize]>>,
}

impl<'a> Fixing<'a> {
    /// For all rules.
    pub fn new(rules: &'a [CompiledRule<'a>], world: &'a World<'a>) -> Self {
        Self { rules, world, holders: Holders::new(world), affected: Memo::default() }
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
        // Where the fix has no commands the others add nothing.
        let rest = if fix.powershell.is_some() || fix.native.is_some() { rest } else { &[] };
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
        let people: Vec<_> = offer.people.iter().map(|number| self.world.tenant.object(*number)).collect();
        let who = if people.is_empty() {
            self.holders.of(&fix.roles)
        } else {
            self.name_roles(&mut model, &fix.roles, &people);
            self.holders.over(&fix.roles, &people, draft.objects.len() <= MAX_PEOPLE)
        };
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
            let condition = |conditions: &FixConditions| {
                conditions.get(&(index, object.collection)).map(|condition| truth(condition, scope))
            };
            if condition(&compiled.fix_conditions).is_some_and(|when| when != Truth::True)
                || condition(&compiled.fix_exceptions) == Some(Truth::True)
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
                person: self.whose(fix, scope, &object),
                fix: offer.fix.is_none().then(|| Box::new(self.base(fix, scope, draft))),
                command: self.command(fix, scope, draft, attempt.as_ref()),
                attempt,
            };
        });
        made
    }

    /// Whose account a fix changes, if only some of those with its roles may do it: it says whose, or changes a property of
    /// somebody whom a role for the whole directory does not reach.
    fn whose(&self, fix: &Fix, scope: &Scope<'_>, object: &Arc<Object>) -> Option<ObjectId> {
        let person = match &fix.account {
            Some(account) => match scope.found(base(account)) {
                Found::Object(person) => person,
                _ => return None,
            },
            None if !fix.set.is_empty() && self.world.is_kept_apart(object) => Arc::clone(object),
            None => return None,
        };
        (person.collection == Collection::Users).then_some(person.number)
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

    fn role(&self, name: &str) -> model::Role {
        model::Role {
            template_id: self.world.tables.role_by_name(name).map(|role| role.id.to_owned()),
            text: phrases(self.world.language).role(name).to_owned(),
        }
    }

    /// Names the roles that may change the accounts of these people, and says so of those whom only a part of the tenant's
    /// administrators reach.
    fn name_roles(&self, fix: &mut model::Fix, roles: &[String], people: &[Arc<Object>]) {
        let able = self.holders.roles_over(roles, people);
        fix.roles = able.iter().map(|name| self.role(name)).collect();
        if people.iter().any(|person| self.world.is_kept_apart(person)) {
            let note = phrases(self.world.language).kept_apart;
            fix.note = Some(fix.note.take().map_or_else(|| note.to_owned(), |own| format!("{own} {note}")));
        }
    }

    fn base(&self, fix: &Fix, scope: &Scope<'_>, draft: &Draft) -> model::Fix {
        let prose = |template: &Template| fill(template, scope, &draft.provided, Kind::Prose).text;
        let optional = |template: &Option<Template>| template.as_ref().map(prose);
        let command = |template: &Option<Template>| self.filled(template, scope, draft);
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
            roles: fix.roles.iter().map(|name| self.role(name)).collect(),
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
        tried: Option<&Tried>,
    ) -> Result<Option<model::Command>, Vec<String>> {
        let Some(powershell) = &fix.powershell else {
            return Ok(fix.native.as_ref().and_then(|name| super::native_fix::command(name, scope, &draft.provided)));
        };
        let run = fill(powershell, scope, &draft.provided, Kind::Command);
        if !run.missing.is_empty() {
            return Err(run.missing);
        }
        let changes = tried.map(|tried| self.changes(tried)).unwrap_or_default();
        Ok(Some(model::Command {
            objects: Vec::new(),
            run: run.text,
            verify: self.filled(&fix.verify, scope, draft),
            undo: self.filled(&fix.undo, scope, draft),
            changes,
        }))
    }

    fn changes(&self, tried: &Tried) -> Vec<model::Change> {
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
}

/// Whether a fix is for this one of the holders of a key.
fn is_holder(fix: &Fix, compiled: &CompiledRule<'_>, draft: &Draft, object: &Object) -> bool {
    let Some(holders) = fix.holders else { return true };
    let duplicate = compiled.duplicates.iter().find(|duplicate| duplicate.index == draft.check);
    let Some(duplicate) = duplicate.filter(|duplicate| !duplicate.held_as.is_empty()) else {
        return holders == pack::Holders::Owner;
    };
    is_owner(duplicate, object, &draft.key) == (holders == pack::Holders::Owner)
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
