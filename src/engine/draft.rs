//! From objects that were caught to findings: what belongs together becomes one.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::each::each;
use super::phrases::phrases;
use super::verdict::{Caught, Verdict};
use super::words::Provided;
use crate::check::compile::{CompiledCheck, CompiledRule};
use crate::check::duplicate::Shared;
use crate::check::judge::{Hit, hits};
use crate::check::native::NativeHit;
use crate::check::scope::{Element, Scope};
use crate::check::value::Value;
use crate::check::world::World;
use crate::json::Raw;
use crate::language::Language;
use crate::pack::model::{Confidence, Path, Severity};
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId};

/// A finding in the making.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The rule, by its number.
    pub rule: usize,
    /// The check, by its index.
    pub check: usize,
    /// The collection, or `*` for keys of several.
    pub collection: &'static str,
    /// What the objects have in common: paths and values. Empty without grouping.
    pub group: Vec<(Path, Vec<String>)>,
    /// What tells it apart from the rule's other findings: the group's values, or the object's identity.
    pub key: String,
    /// The objects, by identity, and the elements of their lists that were caught.
    pub objects: BTreeMap<(String, ObjectId), Vec<usize>>,
    /// What the check provides for texts.
    pub provided: Provided,
    /// Severity.
    pub severity: Severity,
    /// Confidence.
    pub confidence: Confidence,
    /// Names of earlier checks that could not decide.
    pub could_be: BTreeSet<String>,
}

impl Draft {
    /// The objects' numbers, by identity.
    pub fn numbers(&self) -> impl Iterator<Item = ObjectId> + '_ {
        self.objects.keys().map(|(_, number)| *number)
    }

    /// The values by which its objects are grouped under properties of this name.
    pub(super) fn grouped_by<'d>(&'d self, name: &'d str) -> impl Iterator<Item = &'d [String]> {
        let is_it = move |path: &Path| path.segments.last().is_some_and(|last| last == name);
        self.group.iter().filter(move |(path, _)| is_it(path)).map(|(_, values)| values.as_slice())
    }

    /// The first object by identity, and its first element.
    pub fn first(&self) -> Option<(ObjectId, Option<usize>)> {
        self.objects.iter().next().map(|((_, number), items)| (*number, items.first().copied()))
    }
}

impl Draft {
    /// The same finding about some of its objects only. A key that several objects share is about all of its holders.
    pub fn narrow(&mut self, objects: &BTreeSet<ObjectId>, world: &World<'_>) {
        if self.collection == "*" || !self.numbers().any(|number| objects.contains(&number)) {
            return;
        }
        self.objects.retain(|(_, number), _| objects.contains(number));
        self.provide(world);
    }

    /// Provides how many objects there are, and the first of them.
    fn provide(&mut self, world: &World<'_>) {
        self.provided.insert("count".to_owned(), vec![self.objects.len().to_string()]);
        if let Some((first, _)) = self.first() {
            let name = describe(&world.tenant.object(first), world.language);
            self.provided.insert("first".to_owned(), vec![name]);
        }
    }
}

/// What one object adds to a draft.
struct Read {
    /// The draft, as if there were no other object; without objects.
    draft: Draft,
    /// The object, by identity.
    object: (String, ObjectId),
    /// The element of its list that was caught.
    item: Option<usize>,
}

/// So many objects are read before what they say is taken.
const AT_ONCE: usize = 4096;

/// So many objects are read by one thread at a time.
const PIECE: usize = 64;

/// Makes drafts of what one rule caught.
pub struct Drafting<'a> {
    rule: usize,
    compiled: &'a CompiledRule<'a>,
    world: &'a World<'a>,
    drafts: BTreeMap<(usize, &'static str, String), Draft>,
}

impl<'a> Drafting<'a> {
    /// For the rule of this number.
    pub fn new(rule: usize, compiled: &'a CompiledRule<'a>, world: &'a World<'a>) -> Self {
        Self { rule, compiled, world, drafts: BTreeMap::new() }
    }

    /// Takes the objects that checks on single objects caught.
    pub fn caught(&mut self, verdict: &Verdict) {
        for some in verdict.caught.chunks(AT_ONCE) {
            let pieces: Vec<&[Caught]> = some.chunks(PIECE).collect();
            let this = &*self;
            let read = |piece: &&[Caught]| piece.iter().flat_map(|caught| this.read(caught)).collect::<Vec<_>>();
            each(this.world.threads, &pieces, read).into_iter().flatten().for_each(|hit| self.take(hit));
        }
    }

    /// What there is to say of an object that was caught.
    fn read(&self, caught: &Caught) -> Vec<Read> {
        let mut all = Vec::new();
        let collection = self.world.tenant.kind(caught.object);
        let program = self.compiled.programs.iter().find(|program| program.collection == collection);
        let Some(check) = program.and_then(|program| program.checks.iter().find(|check| check.index == caught.check))
        else {
            return all;
        };
        let object = self.world.tenant.object(caught.object);
        let scope = Scope::known(&object, self.world, &self.compiled.look_ups[&collection]);
        let could_be = self.names(caught.could_be);
        for hit in hits(self.compiled, check, &scope) {
            with_item(&scope, check, hit.item, |scope| all.push(self.hit(check, &object, scope, &hit, &could_be)));
        }
        all
    }

    fn names(&self, checks: u64) -> BTreeSet<String> {
        let all = self.compiled.rule.checks.iter().enumerate();
        all.filter(|(index, _)| checks & (1 << index.min(&63)) != 0).map(|(_, check)| check.name.clone()).collect()
    }

    fn hit(
        &self,
        check: &CompiledCheck,
        object: &Object,
        scope: &Scope<'_>,
        hit: &Hit,
        could_be: &BTreeSet<String>,
    ) -> Read {
        let model = &self.compiled.rule.checks[check.index];
        let provided: Provided = hit.values.iter().map(|(name, values)| ((*name).to_owned(), values.clone())).collect();
        let mut group = Vec::new();
        for (path, compiled) in model.group_by.iter().zip(&check.group_by) {
            let values = match path.segments.as_slice() {
                [name] if provided.contains_key(name) => provided[name].clone(),
                _ => scope.texts(compiled),
            };
            group.push((path.clone(), values));
        }
        let identity = object.identity().0;
        let key = if group.is_empty() {
            identity.clone()
        } else {
            group.iter().map(|(_, values)| values.join(",")).collect::<Vec<_>>().join(" ").to_lowercase()
        };
        let (severity, confidence) = hit
            .grade
            .unwrap_or((model.severity.unwrap_or(Severity::Medium), model.confidence.unwrap_or(Confidence::Likely)));
        let draft = Draft {
            rule: self.rule,
            check: check.index,
            collection: object.collection.name(),
            group,
            key,
            objects: BTreeMap::new(),
            provided,
            severity,
            confidence,
            could_be: could_be.clone(),
        };
        Read { draft, object: (identity, object.number), item: hit.item }
    }

    fn take(&mut self, Read { draft: own, object, item }: Read) {
        let entry = (own.check, own.collection, own.key.clone());
        let draft = match self.drafts.entry(entry) {
            Entry::Vacant(entry) => entry.insert(own),
            Entry::Occupied(entry) => {
                let draft = entry.into_mut();
                // A group's values are printed as the first object by id has them.
                if draft.objects.keys().next().is_some_and(|first| object < *first) {
                    draft.group = own.group;
                }
                draft.severity = draft.severity.max(own.severity);
                draft.confidence = draft.confidence.max(own.confidence);
                draft.could_be.extend(own.could_be);
                draft
            }
        };
        draft.objects.entry(object).or_default().extend(item);
    }

    /// Takes the keys that several objects hold.
    pub fn shared(&mut self, shared: &[Shared]) {
        for shared in shared {
            let model = &self.compiled.rule.checks[shared.check];
            let holders: Vec<_> = shared.holders.iter().map(|number| self.world.tenant.object(*number)).collect();
            let mut names: Vec<String> = holders.iter().map(|holder| describe(holder, self.world.language)).collect();
            names.sort();
            let provided =
                Provided::from([("key".to_owned(), vec![shared.key.clone()]), ("holders".to_owned(), names)]);
            let objects = holders.iter().map(|holder| ((holder.identity().0, holder.number), Vec::new())).collect();
            let path = Path {
                alias: crate::pack::model::Alias::Object,
                segments: vec!["key".to_owned()],
                filters: Vec::new(),
            };
            let mut confidence = model.confidence.unwrap_or(Confidence::Likely);
            if self.compiled.rule.report.same_as_of && self.of_different_days(&holders) {
                confidence = confidence.min(Confidence::Likely);
            }
            // A recipient of whom Exchange shows no directory id may be another of them, of the same kind.
            let with_id =
                |kind: Collection| holders.iter().any(|other| other.collection == kind && other.id().is_some());
            let certain = holders.iter().filter(|holder| holder.id().is_some() || !with_id(holder.collection));
            if certain.count() < 2 {
                confidence = Confidence::Hint;
            }
            self.drafts.insert(
                (shared.check, "*", shared.key.clone()),
                Draft {
                    rule: self.rule,
                    check: shared.check,
                    collection: "*",
                    group: vec![(path, vec![shared.key.clone()])],
                    key: shared.key.clone(),
                    objects,
                    provided,
                    severity: model.severity.unwrap_or(Severity::Medium),
                    confidence,
                    could_be: BTreeSet::new(),
                },
            );
        }
    }

    /// Whether the objects come from exports of different days: a user who was created again looks like a duplicate.
    fn of_different_days(&self, holders: &[Arc<Object>]) -> bool {
        let day = |holder: &Arc<Object>| {
            let part = holder.parts.first()?;
            let date = crate::tenant::as_of::of_source(&self.world.tenant.sources[part.source as usize])?;
            Some(date.as_second() / 86_400)
        };
        let days: BTreeSet<_> = holders.iter().filter_map(day).collect();
        days.len() > 1
    }

    /// Takes what a native check caught.
    pub fn native(&mut self, check: usize, hits: &[NativeHit]) {
        let model = &self.compiled.rule.checks[check];
        for hit in hits {
            let object = self.world.tenant.object(hit.object);
            let key = object.identity().0;
            let provided: Provided =
                hit.values.iter().map(|(name, values)| ((*name).to_owned(), values.clone())).collect();
            // Two requests may be written the same.
            let same = |draft: &mut Draft| drop(draft.objects.insert((key.clone(), object.number), Vec::new()));
            let draft = self.drafts.entry((check, object.collection.name(), key.clone())).and_modify(same);
            draft.or_insert_with(|| Draft {
                rule: self.rule,
                check,
                collection: object.collection.name(),
                group: Vec::new(),
                key: key.clone(),
                objects: BTreeMap::from([((key, object.number), Vec::new())]),
                provided,
                severity: model.severity.unwrap_or(Severity::Medium),
                confidence: model.confidence.unwrap_or(Confidence::Likely),
                could_be: BTreeSet::new(),
            });
        }
    }

    /// The drafts, in the order of checks and keys.
    pub fn finish(self) -> Vec<Draft> {
        let mut drafts: Vec<_> = self.drafts.into_values().collect();
        drafts.iter_mut().for_each(|draft| draft.provide(self.world));
        drafts
    }
}

/// Calls with the scope of an element of the object's list, or of the object itself.
pub fn with_item(scope: &Scope<'_>, check: &CompiledCheck, item: Option<usize>, mut call: impl FnMut(&Scope<'_>)) {
    let (Some(each), Some(item)) = (&check.each, item) else { return call(scope) };
    if let Value::Json(json) = scope.value(each, None) {
        let json = json.into_owned();
        if let Some(raw) = Raw::new(&json).items().nth(item) {
            call(&scope.with_item(Element::Raw(raw)));
        }
    }
}

/// An object as people call it: its name, its sign-in name, and what it is unless it is a user.
pub fn describe(object: &Object, language: Language) -> String {
    let name = object.display_name();
    match object.collection {
        Collection::Users => match object.text("userPrincipalName") {
            Some(user_name) if user_name != name => format!("{name} ({user_name})"),
            _ => name,
        },
        Collection::SubscribedSkus | Collection::Domains => name,
        Collection::DeletedUsers => {
            let noun = phrases(language).noun(Collection::DeletedUsers);
            match object.sign_in_name() {
                Some(user_name) if user_name != name => format!("{noun} {name} ({user_name})"),
                _ => format!("{noun} {name}"),
            }
        }
        other => format!("{} {name}", phrases(language).noun(other)),
    }
}
