//! The one pass over the dump: every object is judged as it goes by, and what is kept of it is its place, its keys and the number
//! of its row of judgments.
//!
//! A row is what all rules say of an object. Nearly all objects of a tenant share a handful of rows, so a row is written as a text
//! and interned. A judgment that depends on what has not been read yet is written as the number of the object's signature for that
//! rule; see [`crate::check::signature`].

use super::alike::Alike;
use super::intern::{Cache, Interner, MarkCache, Marks};
use crate::check::compile::{CompiledPath, CompiledRule, Program, Signature, Slots, is_streamed};
use crate::check::inputs::reads;
use crate::check::judge::{Judgment, answer, judge};
use crate::check::list::List;
use crate::check::scope::{Passing, Scope, Value, inside, texts};
use crate::check::truth::{Truth, truth};
use crate::check::world::key_space;
use crate::dump::{Place, Record, Row, Visitor};
use crate::json::Raw;
use crate::pack::model::Filter;
use crate::pack::tables::Tables;
use crate::tenant::keys::KeySpace;
use crate::tenant::schema::Collection;
use crate::tenant::tallies::{GUEST, Guest, Tallies, mark};
use crate::tenant::{address, as_of};

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

/// A property that is indexed.
struct KeyStep {
    slot: usize,
    space: KeySpace,
    filters: Vec<Filter>,
    rest: Vec<String>,
    /// Where the pass has taken it apart: the place of the list, and of the name inside.
    inside: Option<(usize, usize)>,
    /// The slot of the id that is taken off the front of a deleted user's sign-in name.
    without_id: Option<usize>,
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
        let mut keys: Vec<Vec<KeyStep>> = Collection::all().map(|_| Vec::new()).collect();
        for collection in Collection::all().filter(|collection| *collection != Collection::Requests) {
            let steps = &mut keys[collection as usize];
            let mut add = |name: &str, space, without_id| {
                if let Some(slot) = find(collection, name) {
                    let inside = slots.inside(collection, slot, "issuerAssignedId");
                    steps.push(KeyStep { slot, space, filters: Vec::new(), rest: Vec::new(), inside, without_id });
                }
            };
            add("id", KeySpace::Id, None);
            if matches!(
                collection,
                Collection::Users | Collection::Groups | Collection::Contacts | Collection::DeletedUsers
            ) {
                for name in ["userPrincipalName", "mail", "proxyAddresses", "otherMails", "identities"] {
                    add(name, KeySpace::Address, None);
                }
            }
            if collection == Collection::DeletedUsers {
                add("userPrincipalName", KeySpace::Address, find(collection, "id"));
            }
        }
        for (collection, path) in &slots.keyed {
            if let Some(space @ KeySpace::Other(_)) = key_space(*collection, path)
                && let Some(slot) = find(*collection, &path.name)
            {
                let step = KeyStep {
                    slot,
                    space,
                    filters: path.filters.clone(),
                    rest: path.rest.clone(),
                    inside: None,
                    without_id: None,
                };
                keys[*collection as usize].push(step);
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
        let licenses = find(Collection::SubscribedSkus, "membersWaiting").and_then(|_| {
            let list = find(Collection::Users, "assignedLicenses")?;
            let (_, sku) = slots.inside(Collection::Users, list, "skuId")?;
            Some((find(Collection::Users, "id")?, list, sku))
        });
        let interner = Interner::default;
        // The first row is that of objects about which no rule has anything to say.
        let rows = interner();
        rows.number(b"", &mut Cache::default());
        Self {
            rules,
            slots,
            programs,
            keys,
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
            .map(|collection| Alike::new(collection, self.programs[collection as usize].len()))
            .collect();
        Pass {
            plan: self,
            batch: Batch::default(),
            rows: Cache::default(),
            signatures: MarkCache::default(),
            lists,
            alike,
            row: Vec::new(),
            signature: Vec::new(),
            marks: Vec::new(),
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
    /// The newest date on which something was observed, as text.
    pub newest: String,
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
    rows: Cache,
    signatures: MarkCache,
    lists: Vec<Vec<List>>,
    alike: Vec<Alike>,
    row: Vec<u8>,
    signature: Vec<u8>,
    marks: Vec<u64>,
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
        self.add_keys(collection, &record, number);
        for slot in &self.plan.dates[collection as usize] {
            if let Some(date) = record.get(*slot) {
                observe(date, &mut self.batch.newest);
            }
        }
        let row = if is_streamed(collection) { self.judge(collection, record) } else { 0 };
        self.batch.rows.push(row);
    }

    fn finish(&mut self) -> Batch {
        std::mem::take(&mut self.batch)
    }
}

/// The elements of a list that the pass takes apart, each with the text of the list.
fn elements<'a>(passing: &'a Passing<'_>, slot: usize) -> impl Iterator<Item = (&'a [u8], &'a Row)> {
    let list = passing.record.get(slot).zip(passing.rows(slot));
    list.into_iter().flat_map(|(list, rows)| rows.iter().map(move |row| (list.bytes(), row)))
}

impl Pass<'_> {
    fn judge(&mut self, collection: Collection, record: Record<'_>) -> u32 {
        let plan = self.plan;
        let lists = std::mem::take(&mut self.lists[collection as usize]);
        let passing = Passing { collection, record, lists: &lists };
        if collection == Collection::Users {
            self.tally(&passing);
        }
        let scope = Scope::passing(&passing, plan.tables);
        let steps = &plan.programs[collection as usize];
        let Self { alike, row, rows, signature, signatures, marks, batch, .. } = self;
        let object = batch.rows.len() as u32;
        let alike = &mut alike[collection as usize];
        let mut judged = Judged {
            plan,
            scope: &scope,
            passing: &passing,
            signature,
            signatures,
            marks,
            object,
            asked: &mut batch.asked,
        };
        alike.count(|| {
            let taken_apart = &plan.slots.lists[collection as usize];
            let is_taken_apart = |slot| taken_apart.iter().any(|(list, _)| *list == slot);
            steps.iter().map(|step| reads(step.program, &is_taken_apart)).collect()
        });
        alike.write(&passing, &scope, row, &mut |step, out| judged.write(&steps[step], out));
        let number = plan.rows.number_by(row, rows, || alike.row(row));
        self.lists[collection as usize] = lists;
        number
    }

    fn tally(&mut self, user: &Passing<'_>) {
        let plan = self.plan;
        let slot = |name: &str| plan.guests[GUEST.iter().position(|known| *known == name)?];
        if let Some(guest) = Guest::of(|name| user.record.get(slot(name)?)) {
            self.batch.tallies.guest(guest);
        }
        if let Some(states) = &plan.states {
            for (state, row) in elements(user, states.list) {
                if row.get(state, states.error).is_some_and(|error| error.bytes() == b"\"CountViolation\"")
                    && let Some(sku) = row.get(state, states.sku).and_then(Raw::text)
                {
                    self.batch.tallies.violation(&sku);
                }
            }
        }
        if let Some((id, list, sku)) = plan.licenses
            && let Some(id) = user.record.get(id).and_then(Raw::text)
        {
            let skus = elements(user, list).filter_map(|(license, row)| row.get(license, sku)?.text());
            self.batch.tallies.licensed.extend(skus.map(|sku| mark(&id, &sku)));
        }
    }

    fn add_keys(&mut self, collection: Collection, record: &Record<'_>, number: u64) {
        let from = self.batch.keys.len();
        for step in &self.plan.keys[collection as usize] {
            let Some(raw) = record.get(step.slot) else { continue };
            if let Some((list, name)) = step.inside
                && let Some(rows) = self.lists[collection as usize][list].rows()
            {
                for item in rows.iter().filter_map(|row| row.get(raw.bytes(), name)) {
                    if normal_key(step.space, item, &mut self.key) {
                        add(step.space.entry(&self.key) | number, from, &mut self.batch.keys);
                    }
                }
                continue;
            }
            if step.without_id.is_none() && !matches!(step.space, KeySpace::Other(_)) {
                for item in raw.items() {
                    let item = if item.is_object() { item.get("issuerAssignedId").unwrap_or(Raw::NULL) } else { item };
                    if normal_key(step.space, item, &mut self.key) {
                        add(step.space.entry(&self.key) | number, from, &mut self.batch.keys);
                    }
                }
                continue;
            }
            for text in other_keys(step, raw, record) {
                add(step.space.entry(text.as_bytes()) | number, from, &mut self.batch.keys);
            }
        }
    }
}

/// Keeps the newest date. One that cannot be read, or that no export can hold, says nothing.
#[inline]
fn observe(date: Raw<'_>, newest: &mut String) {
    if let [b'"', date @ .., b'"'] = date.bytes()
        && let [b'2', b'0', _, _, b'-', _, _, b'-', _, _, b'T', ..] = date
    {
        if date > newest.as_bytes() {
            *newest = String::from_utf8_lossy(date).into_owned();
        }
    } else if let Some(text) = date.text()
        && let Some(date) = as_of::timestamp(&text).map(|date| date.to_string())
        && date.starts_with("20")
        && date > *newest
    {
        *newest = date;
    }
}

/// Writes what steps say of one object.
struct Judged<'a, 's> {
    plan: &'a Plan<'a>,
    scope: &'a Scope<'s>,
    passing: &'a Passing<'s>,
    signature: &'a mut Vec<u8>,
    signatures: &'a mut MarkCache,
    marks: &'a mut Vec<u64>,
    object: u32,
    asked: &'a mut Vec<Asked>,
}

impl Judged<'_, '_> {
    #[inline]
    fn write(&mut self, step: &Step<'_>, row: &mut Vec<u8>) {
        let judgment = judge(step.compiled, step.program, self.scope);
        if judgment == Judgment::Clear {
            return;
        }
        row.extend_from_slice(&(step.rule as u16).to_le_bytes());
        match judgment {
            Judgment::Clear => {}
            Judgment::NotAsked => row.push(0),
            Judgment::Found { check, could_be, needs } => {
                row.extend_from_slice(&[1, check as u8]);
                row.extend_from_slice(&could_be.to_le_bytes());
                row.extend_from_slice(&needs.to_le_bytes());
            }
            Judgment::Unknown { checks, needs } => {
                row.push(2);
                row.extend_from_slice(&checks.to_le_bytes());
                row.extend_from_slice(&needs.to_le_bytes());
            }
            Judgment::Pending => {
                self.signature.clear();
                self.signature.extend_from_slice(&(step.rule as u16).to_le_bytes());
                self.signature.push(self.passing.collection as u8);
                self.marks.clear();
                sign(step, self.scope, self.passing, self.marks, self.signature);
                let signature = self.plan.signatures.number(self.signature, self.signatures);
                if self.marks.is_empty() {
                    row.push(3);
                    row.extend_from_slice(&signature.to_le_bytes());
                } else {
                    row.push(4);
                    let (object, rule) = (self.object, step.rule as u16);
                    self.asked.extend(self.marks.iter().map(|mark| Asked { object, signature, mark: *mark, rule }));
                }
            }
        }
    }
}

/// Adds an entry, unless the object has it already.
#[inline]
fn add(entry: u64, from: usize, keys: &mut Vec<u64>) {
    if !keys[from..].contains(&entry) {
        keys.push(entry);
    }
}

/// The keys of a property that is not simply an id or an address.
fn other_keys(step: &KeyStep, raw: Raw<'_>, record: &Record<'_>) -> Vec<String> {
    if let Some(id_slot) = step.without_id {
        let name = raw.text().unwrap_or_default();
        let id = record.get(id_slot).and_then(Raw::text).unwrap_or_default();
        return address::address(&address::original_user_name(&name, &id)).into_iter().collect();
    }
    let Some(value) = inside(std::borrow::Cow::Borrowed(raw.bytes()), &step.rest) else { return Vec::new() };
    texts(&value, &step.filters).into_iter().map(|text| text.trim().to_lowercase()).collect()
}

/// The key in a string: in lower case and, of an address, without prefix. Plain ASCII takes the short way.
#[inline]
fn normal_key(space: KeySpace, raw: Raw<'_>, key: &mut Vec<u8>) -> bool {
    if !raw.is_text() {
        return false;
    }
    let Some(inner) = raw.plain().filter(|inner| inner.first() != Some(&b'\'')) else {
        let Some(text) = raw.text() else { return false };
        let normal =
            if space == KeySpace::Address { address::address(&text) } else { Some(text.trim().to_lowercase()) };
        return normal.is_some_and(|normal| {
            key.clear();
            key.extend_from_slice(normal.as_bytes());
            !key.is_empty()
        });
    };
    let mut bare = inner;
    if space == KeySpace::Address {
        match memchr::memchr2(b':', b'@', inner) {
            Some(4) if inner[4] == b':' && inner[..4].eq_ignore_ascii_case(b"smtp") => bare = &inner[5..],
            Some(at) if inner[at] == b'@' => {}
            _ => return false,
        }
        if bare.len() < inner.len() && !bare.contains(&b'@') {
            return false;
        }
    }
    key.clear();
    key.extend_from_slice(bare);
    key.make_ascii_lowercase();
    !key.is_empty()
}

/// Writes an object's signature, and the marks of the links that it asks for.
fn sign(step: &Step<'_>, scope: &Scope<'_>, passing: &Passing<'_>, marks: &mut Vec<u64>, out: &mut Vec<u8>) {
    for part in &step.program.signature {
        match part {
            Signature::Truth(expr) => sign_truth(truth(expr, scope), out),
            Signature::Check(index) => sign_truth(answer(step.compiled, &step.program.checks[*index], scope), out),
            Signature::Texts(path) => sign_texts(path, scope, out),
            Signature::Items(slot, names) => sign_items(*slot, names, passing, out),
            Signature::Linked(link) => link.ask(scope, marks, out),
            Signature::Whole(slot) => sign_value(passing.record.get(*slot), out),
        }
        out.push(0);
    }
}

#[inline]
pub(super) fn sign_value(value: Option<Raw<'_>>, out: &mut Vec<u8>) {
    match value {
        Some(raw) => {
            out.push(5);
            out.extend_from_slice(&(raw.bytes().len() as u32).to_le_bytes());
            out.extend_from_slice(raw.bytes());
        }
        None => out.push(6),
    }
}

fn sign_items(slot: usize, names: &[usize], passing: &Passing<'_>, out: &mut Vec<u8>) {
    let list = passing.record.get(slot);
    let (Some(list), Some(rows)) = (list, passing.rows(slot)) else { return sign_value(list, out) };
    out.push(11);
    for row in rows {
        out.push(12);
        names.iter().for_each(|name| sign_value(row.get(list.bytes(), *name), out));
    }
}

pub(super) fn sign_truth(truth: Truth, out: &mut Vec<u8>) {
    match truth {
        Truth::True => out.push(1),
        Truth::False => out.push(2),
        Truth::Pending => out.push(3),
        Truth::Unknown(needs) => {
            out.push(4);
            out.extend_from_slice(&needs.to_le_bytes());
        }
    }
}

pub(super) fn sign_texts(path: &CompiledPath, scope: &Scope<'_>, out: &mut Vec<u8>) {
    match scope.value(path, None) {
        Value::Json(json) => {
            if let ([Filter::Domain], Some(name)) = (path.filters.as_slice(), Raw::new(&json).plain()) {
                if let Some(at) = memchr::memrchr(b'@', name)
                    && at + 1 < name.len()
                {
                    write_text(&name[at + 1..], out);
                    let start = out.len() - (name.len() - at - 1);
                    out[start..].make_ascii_lowercase();
                }
                return;
            }
            for text in texts(&json, &path.filters) {
                write_text(text.as_bytes(), out);
            }
        }
        Value::Unknown(_) => out.push(8),
        Value::Absent => out.push(9),
        Value::Pending => out.push(10),
    }
}

fn write_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(7);
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text);
}
