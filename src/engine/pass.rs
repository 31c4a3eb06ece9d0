//! The one pass over the dump: every object is judged as it goes by, and what is kept of it is its place, its keys and the number
//! of its row of judgments.
//!
//! A row is what all rules say of an object. Nearly all objects of a tenant share a handful of rows, so a row is written as a text
//! and interned. A judgment that depends on what has not been read yet is written as the number of the object's signature for that
//! rule; see [`crate::check::signature`].

mod judged;
mod keys;
mod newest;
mod sign;

use self::judged::Judged;
use self::keys::KeyStep;
pub use self::newest::Newest;
pub(super) use self::sign::{sign_elements, sign_texts, sign_value};
use super::alike::{Alike, Ask};
use super::intern::{Interner, MarkCache, Marks};
use crate::check::compile::{CompiledRule, Program, Slots, computed_from, is_streamed};
use crate::check::list::List;
use crate::check::passing::{Passing, Seen};
use crate::check::scope::Scope;
use crate::dump::{Place, Record, Row, Visitor};
use crate::json::Raw;
use crate::pack::tables::Tables;
use crate::tenant::as_of;
use crate::tenant::schema::Collection;
use crate::tenant::tallies::{GUEST, Guest, Tallies, mark, pair_mark, text_mark};

/// What the pass needs to know beforehand.
pub struct Plan<'p> {
    /// The rules.
    pub rules: &'p [CompiledRule<'p>],
    /// The slots they read.
    pub slots: &'p Slots,
    programs: Vec<Vec<Step<'p>>>,
    keys: Vec<Vec<KeyStep>>,
    dates: Vec<Vec<usize>>,
    /// The rows, by number.
    pub rows: Interner,
    /// The signatures, by number; each begins with the number of its rule and its collection.
    pub signatures: Marks,
    states: Option<StateSlots>,
    /// The slots of [`GUEST`].
    guests: [Option<usize>; GUEST.len()],
    /// The slots of a user's id and licenses, and the place of the SKU in a license, if somebody asks who has which.
    licenses: Option<(usize, usize, usize)>,
    tables: &'p Tables,
}

/// A program and the number of its rule.
struct Step<'p> {
    rule: usize,
    compiled: &'p CompiledRule<'p>,
    program: &'p Program,
}

/// Where a user's recorded license errors are.
struct StateSlots {
    list: usize,
    sku: usize,
    error: usize,
}

/// The properties that every pass reads, whatever the rules are.
pub fn basic_slots(slots: &mut Slots) {
    for collection in Collection::all() {
        slots.slot(collection, "id");
        for name in as_of::observed(collection) {
            slots.slot(collection, name);
        }
    }
    for collection in [Collection::Users, Collection::DeletedUsers] {
        slots.slot(collection, "userPrincipalName");
    }
    for name in GUEST {
        slots.slot(Collection::Users, name);
    }
    slots.slot(Collection::Users, "otherMails");
    slots.slot(Collection::Users, "identities");
    for collection in [Collection::Users, Collection::DeletedUsers, Collection::Groups, Collection::Contacts] {
        slots.slot(collection, "mail");
        slots.slot(collection, "proxyAddresses");
    }
    slots.inner(Collection::Users, "licenseAssignmentStates", "skuId");
    slots.inner(Collection::Users, "licenseAssignmentStates", "error");
    slots.inner(Collection::Users, "identities", "issuerAssignedId");
    slots.inner(Collection::Users, "assignedLicenses", "skuId");
}

impl<'p> Plan<'p> {
    /// Plans the pass for some rules.
    pub fn new(rules: &'p [CompiledRule<'p>], slots: &'p Slots, tables: &'p Tables) -> Self {
        let find = |collection: Collection, name: &str| {
            slots.wanted[collection as usize].iter().position(|known| known == name)
        };
        let mut programs: Vec<Vec<Step<'_>>> = Collection::all().map(|_| Vec::new()).collect();
        for (rule, compiled) in rules.iter().enumerate() {
            for program in compiled.programs.iter().filter(|program| is_streamed(program.collection)) {
                programs[program.collection as usize].push(Step { rule, compiled, program });
            }
        }
        let dates = Collection::all()
            .map(|collection| as_of::observed(collection).iter().filter_map(|name| find(collection, name)).collect())
            .collect();
        let states = find(Collection::Users, "licenseAssignmentStates").and_then(|list| {
            let (_, names) = slots.lists[Collection::Users as usize].iter().find(|(slot, _)| *slot == list)?;
            let name = |wanted: &str| names.iter().position(|name| name == wanted);
            Some(StateSlots { list, sku: name("skuId")?, error: name("error")? })
        });
        let guests = GUEST.map(|name| find(Collection::Users, name));
        // What a product lacks for the members of groups is worked out of who has it.
        let counts_members = slots.wanted[Collection::SubscribedSkus as usize].iter().any(|name| {
            computed_from(Collection::SubscribedSkus, name).contains(&(Collection::Groups, Some("members")))
        });
        let licenses = counts_members.then_some(()).and_then(|()| {
            let list = find(Collection::Users, "assignedLicenses")?;
            let (_, sku) = slots.inside(Collection::Users, list, "skuId")?;
            Some((find(Collection::Users, "id")?, list, sku))
        });
        // The first row is that of objects about which no rule has anything to say.
        let rows = Interner::default();
        rows.number(b"");
        Self {
            rules,
            slots,
            programs,
            keys: KeyStep::all(slots),
            dates,
            rows,
            signatures: Marks::default(),
            states,
            guests,
            licenses,
            tables,
        }
    }

    /// A visitor for one thread.
    pub fn visitor(&self) -> Pass<'_> {
        let lists = self
            .slots
            .lists
            .iter()
            .map(|lists| lists.iter().map(|(slot, names)| List::new(*slot, names)).collect())
            .collect();
        let alike = Collection::all()
            .map(|collection| Alike::new(collection, self.slots, self.programs[collection as usize].len()))
            .collect();
        let seen = self.slots.questions.iter().map(|questions| Seen::new(questions.len())).collect();
        Pass {
            plan: self,
            batch: Batch::default(),
            signatures: MarkCache::default(),
            lists,
            seen,
            alike,
            key: Vec::new(),
        }
    }
}

/// What the pass makes of some objects.
#[derive(Debug, Default)]
pub struct Batch {
    /// Their places.
    pub places: Vec<Place>,
    /// Their collections.
    pub kinds: Vec<Collection>,
    /// The numbers of their rows.
    pub rows: Vec<u32>,
    /// The entries of their keys; objects are numbered from 0.
    pub keys: Vec<u64>,
    /// The newest date on which something was observed.
    pub newest: Newest,
    /// The counts over users.
    pub tallies: Tallies,
    /// What objects ask of their links; objects are numbered from 0.
    pub asked: Vec<Asked>,
}

/// An object's question whether it belongs to another. The questions of an object for a rule follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The object.
    pub object: u32,
    /// The number of its signature, which says everything else that counts.
    pub signature: u32,
    /// The two of them: see [`crate::check::link`].
    pub mark: u64,
    /// The rule.
    pub rule: u16,
}

/// The pass of one thread.
pub struct Pass<'p> {
    plan: &'p Plan<'p>,
    batch: Batch,
    signatures: MarkCache,
    lists: Vec<Vec<List>>,
    seen: Vec<Seen>,
    alike: Vec<Alike>,
    key: Vec<u8>,
}

impl Visitor for Pass<'_> {
    type Batch = Batch;

    fn object(&mut self, collection: Collection, record: Record<'_>, place: Place) {
        let number = self.batch.places.len() as u64;
        self.batch.places.push(place);
        self.batch.kinds.push(collection);
        if is_streamed(collection) {
            for list in &mut self.lists[collection as usize] {
                list.take(record.get(list.slot));
            }
        }
        let from = self.batch.keys.len();
        for step in &self.plan.keys[collection as usize] {
            let lists = &self.lists[collection as usize];
            step.add(&record, lists, number, (&mut self.batch.keys, from), &mut self.key);
        }
        for slot in &self.plan.dates[collection as usize] {
            if let Some(date) = record.get(*slot) {
                self.batch.newest.observe(date);
            }
        }
        if collection == Collection::Users {
            self.tally(&record);
        }
        let row = if is_streamed(collection) { self.judge(collection, record) } else { 0 };
        self.batch.rows.push(row);
    }

    fn finish(&mut self) -> Batch {
        std::mem::take(&mut self.batch)
    }
}

/// The elements of a list that the pass takes apart, each with the text of the list.
fn elements<'a>(lists: &'a [List], record: &Record<'a>, slot: usize) -> impl Iterator<Item = (&'a [u8], &'a Row)> {
    let rows = lists.iter().find(|list| list.slot == slot).and_then(List::rows);
    let list = record.get(slot).zip(rows);
    list.into_iter().flat_map(|(list, rows)| rows.iter().map(move |row| (list.bytes(), row)))
}

impl Pass<'_> {
    fn judge(&mut self, collection: Collection, record: Record<'_>) -> u32 {
        let plan = self.plan;
        let kind = collection as usize;
        let Self { alike, signatures, seen, lists, batch, .. } = self;
        seen[kind].next();
        let passing = Passing::new(collection, record, &lists[kind], &seen[kind]);
        let scope = Scope::passing(&passing, plan.tables);
        let steps = &plan.programs[kind];
        let (questions, object) = (plan.slots.questions[kind].as_slice(), batch.rows.len() as u32);
        let mut judged =
            Judged { scope: &scope, passing: &passing, slots: plan.slots, signatures: (&plan.signatures, signatures) };
        let alike = &mut alike[kind];
        let asked =
            super::alike::Object { passing: &passing, scope: &scope, questions, rules: plan.rules, slots: plan.slots };
        let row = alike.row(&asked, &plan.rows, &mut |step| judged.part(&steps[step]));
        for Ask { rule, signature, to, own } in alike.said().flat_map(|part| &part.asks) {
            if let Some(own) = record.get(*own).and_then(Raw::text) {
                let mark = pair_mark(*to, text_mark(&own));
                batch.asked.push(Asked { object, signature: *signature, mark, rule: *rule });
            }
        }
        row
    }

    fn tally(&mut self, user: &Record<'_>) {
        let plan = self.plan;
        let lists = &self.lists[Collection::Users as usize];
        let slot = |name: &str| plan.guests[GUEST.iter().position(|known| *known == name)?];
        if let Some(guest) = Guest::of(|name| user.get(slot(name)?)) {
            self.batch.tallies.guest(guest);
        }
        if let Some(states) = &plan.states {
            for (state, row) in elements(lists, user, states.list) {
                if row.get(state, states.error).is_some_and(|error| error.bytes() == b"\"CountViolation\"")
                    && let Some(sku) = row.get(state, states.sku).and_then(Raw::text)
                {
                    self.batch.tallies.violation(&sku);
                }
            }
        }
        if let Some((id, list, sku)) = plan.licenses
            && let Some(id) = user.get(id).and_then(Raw::text)
        {
            let skus = elements(lists, user, list).filter_map(|(license, row)| row.get(license, sku)?.text());
            self.batch.tallies.licensed.extend(skus.map(|sku| mark(&id, &sku)));
        }
    }
}
